package pypsa

import (
	"context"
	"maps"
	"math"
	"testing"
	"testing/fstest"

	"example.org/busbar/lp"
)

// Small networks by hand.
func TestByHand(t *testing.T) {
	common := map[string]string{
		"snapshots.csv": ",snapshot\n0,now\n",
		"buses.csv":     "name\nb\n",
		"loads.csv":     "name,bus,p_set\nl,b,30\n",
		"carriers.csv":  "name,co2_emissions\ngas,0.2\n",
	}
	for name, c := range map[string]struct {
		files   map[string]string
		options string
		want    float64
	}{
		// Fuel is 75 at 30 MW, so that 10 t of CO2, 50 MWh of fuel, make 20 MWh at 10;
		// 10 come at 100.
		"primary energy along a curve": {map[string]string{
			"generators.csv":               "name,bus,carrier,p_nom,marginal_cost\ng,b,gas,50,10\nspare,b,,99,100\n",
			"generators-efficiency-pw.csv": "name,g,g\nattribute,p_pu,efficiency\nbreakpoint,,\n0,0,0.3\n1,0.6,0.4\n2,1,0.5\n",
			"global_constraints.csv":       "name,carrier_attribute,sense,constant\nco2,co2_emissions,<=,10\nagain,co2_emissions,<=,11\n",
		}, `{}`, 1200},
		// 15 MW at 20, the rest at 40.
		"discharging along a curve": {map[string]string{
			"storage_units.csv":                  "name,bus,p_nom,state_of_charge_initial,max_hours\ns,b,30,60,4\n",
			"storage_units-marginal_cost-pw.csv": "name,s,s\nattribute,p_dispatch_pu,marginal_cost\nbreakpoint,,\n0,0,0\n1,0.5,20\n2,1,40\n",
		}, `{}`, 900},
		// Of a store the breakpoints are shares of e_nom, and what it costs begins at
		// the first: 60 MW in cost nothing, 60 more 1 each, then 30 at 20.
		"a store along a curve": {map[string]string{
			"stores.csv":                  "name,bus,e_nom,e_initial\ns,b,60,60\n",
			"stores-marginal_cost-pw.csv": "name,s,s\nattribute,p_pu,marginal_cost\nbreakpoint,,\n0,-1,0\n1,0,1\n2,1,20\n",
		}, `{}`, 60 + 600},
		// A curve is all that a size costs.
		"no fixed cost beside a curve": {map[string]string{
			"generators.csv":                 "name,bus,p_nom_extendable,fom_cost\ng,b,True,7\n",
			"generators-capital_cost-pw.csv": "name,g,g\nattribute,p_nom,capital_cost\nbreakpoint,,\n0,0,0\n1,20,10\n2,40,30\n",
		}, `{}`, 200 + 300},
		// Two windows of half a year: an overnight cost of 100 over 10 years without
		// interest is 10 a year, and in each window it is that of the whole year.
		"years of a rolling horizon": {map[string]string{
			"snapshots.csv":  ",snapshot,objective\n0,now,4380\n1,then,4380\n",
			"generators.csv": "name,bus,p_nom_extendable,overnight_cost,discount_rate,lifetime\ng,b,True,100,0,10\n",
		}, `{"entry_point": "rolling_horizon", "entry_args": {"horizon": 1, "overlap": 0}}`, 300},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			all := maps.Clone(common)
			maps.Copy(all, c.files)
			for name, text := range all {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			o, errs := ParseOptions([]byte(c.options), nil)
			n := Read(files)
			if p := n.take(); len(p) > 0 || len(errs) > 0 {
				t.Fatal(p, errs)
			}
			a, problems, err := Solve(context.Background(), n, o, With("auto", lp.Options{Gap: 1e-9}))
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			if math.Abs(a.Solution.Objective-c.want) > 1e-5 {
				t.Errorf("objective %g, want %g", a.Solution.Objective, c.want)
			}
		})
	}
}
