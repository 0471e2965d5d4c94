package pypsa

import (
	"context"
	"maps"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"example.org/busbar/lp"
)

// Load 100 MW, of which a at 10 a MW and 2 fixed serves all for 1,200; b costs
// 13 and nothing fixed.
var two = map[string]string{
	"snapshots.csv":  ",snapshot,objective\n0,now,2\n",
	"buses.csv":      "name\nhub\n",
	"loads.csv":      "name,bus,p_set\nload,hub,100\n",
	"generators.csv": "name,bus,p_nom,p_nom_extendable,capital_cost,fom_cost,p_max_pu,marginal_cost\na,hub,0,True,10,2,1,0\nb,hub,0,True,13,0,1,0\n",
}

// PyPSA's budget of an alternative, by hand. The least of a is where 12 a + 13 b
// (and what else runs) is as much as the budget, with a + b = 100.
func TestBudget(t *testing.T) {
	a := func(more string) map[string]string {
		return map[string]string{"generators.csv": two["generators.csv"] + more}
	}
	const ofA = `"weights": {"Generator": {"p_nom": {"a": 1}}}`
	for _, c := range []struct {
		name, options string
		change        map[string]string
		want          float64 // NaN: nothing fits
	}{
		// The statistics know nothing of the 2 fixed: 1.25 x 1,000 = 1,250.
		{"fixed cost", `"slack": 0.25, ` + ofA, nil, 50},
		{"fixed cost leaves nothing", `"slack": 0.1, ` + ofA, nil, math.NaN()},
		{"every size", `"slack": 0.25, "weights": {"Generator": {"p_nom": 1}}`, nil, 100},
		{"no weights", `"slack": 0.25`, nil, 100},
		// 20 MW that stand at 5 count in the least: 1.25 (1,000 + 100) - 100 = 1,275.
		{"what stands", `"slack": 0.25, ` + ofA, a("c,hub,20,False,5,0,0,0\n"), 25},
		// Half stands already, at 10 + 2 each in the constant and at 10 in
		// installed_capex: 1.25 x 1,000 - 500 + 600 = 1,350, and 13 b is no more.
		{"what stood", `"slack": 0.19, ` + ofA, map[string]string{"generators.csv": strings.Replace(two["generators.csv"], "a,hub,0,", "a,hub,50,", 1)}, 10},
		// Weighted 2, 3 a MWh are 600: 1.15 x 1,600 = 1,840 = 12 a + 13 b + 600.
		{"weights", `"slack": 0.15, ` + ofA, map[string]string{"generators.csv": strings.ReplaceAll(two["generators.csv"], ",1,0\n", ",1,3\n")}, 60},
		// A Process that draws 4 for each unit of activity is reckoned by what it
		// draws: 25 at 6 cost 2 x 150 = 300, and in the statistics 2 x 600 = 1,200.
		// 1.05 (1,000 + 1,200) = 2,310 is more than 13 x 100 + 300; of the true
		// 1,500 it would be 1,575, which leaves 25 of a.
		{"process", `"slack": 0.05, ` + ofA, map[string]string{
			"buses.csv": "name\nhub\nfar\n", "loads.csv": "name,bus,p_set\nload,far,25\n",
			"processes.csv": "name,bus0,bus1,rate0,rate1,p_nom,marginal_cost\np,hub,far,-4,1,99,6\n",
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			all := maps.Clone(two)
			maps.Copy(all, c.change)
			for name, text := range all {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			o, errs := ParseOptions([]byte(`{"entry_point": "mga", "entry_args": {`+c.options+`}}`), nil)
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			n := Read(files)
			if p := n.take(); len(p) > 0 {
				t.Fatal(p)
			}
			solves := func(what string, n *Network, o Options) {
				got, problems, err := Solve(context.Background(), n, o, With("auto", lp.Options{}))
				switch {
				case err != nil || len(problems) > 0:
					t.Fatal(what, err, problems)
				case math.IsNaN(c.want):
					if got.Solution.Status != lp.Infeasible {
						t.Errorf("%s: %v, want infeasible", what, got.Solution.Status)
					}
				case math.Abs(got.Solution.Objective-c.want) > 1e-5:
					t.Errorf("%s: objective %g, want %g", what, got.Solution.Objective, c.want)
				}
			}
			solves("read", n, o)
			// The exported network has other words for it, and the same budget.
			out, problems := Convert(n, o)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			folder := filepath.Join(t.TempDir(), "out")
			if _, err := out.Write(folder); err != nil {
				t.Fatal(err)
			}
			other, o := again(t, folder)
			solves("exported", other, o)
		})
	}
}
