package kind_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
)

// need is what an example wants beside its own words.
var need = map[string]plan{
	"anode_plant":     {commodities: "anode: {unit: t, step: 1d}\nco2: {unit: t, balance: account}"},
	"belt":            {commodities: "coal: {unit: t}"},
	"boiler":          {commodities: steamAndCoal, assets: "mine: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}\nworks: {kind: demand, at: park, commodity: steam, amount: 100 MW}"},
	"casthouse":       {commodities: "liquid_aluminium: {unit: t}\naluminium: {unit: t, step: 1d}\nco2: {unit: t, balance: account}"},
	"chp":             {commodities: steamAndCoal},
	"contract":        {commodities: "co2: {unit: t, balance: account}"},
	"data_centre":     {assets: "sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}"},
	"electric_boiler": {commodities: "steam: {unit: MWh}"},
	"export":          {commodities: "coal: {unit: t}"},
	"fleet":           {commodities: "alumina: {unit: t, step: 1d}\ntrucks: {unit: truck, balance: account}"},
	"gate":            {commodities: "crossings: {unit: vehicle, step: 1d}"},
	"heat_pump":       {commodities: "low_steam: {unit: MWh}"},
	"import":          {commodities: "diesel: {unit: m3, step: 1d}"},
	"mine":            {commodities: "bauxite: {unit: t dry, step: 1d}\nland: {unit: ha, balance: account}\ntailings: {unit: t dry, balance: account}"},
	"pipeline":        {commodities: "diesel: {unit: m3, step: 1d}"},
	"port":            {commodities: "alumina: {unit: t, step: 1d}\nships: {unit: trip, balance: account}"},
	"process":         {commodities: "lime: {unit: t, step: 1d}\nlimestone: {unit: t, step: 1d}\ncoal: {unit: t}\nkiln_gas: {unit: t, balance: account}\nco2: {unit: t, balance: account}"},
	"rail":            {commodities: "alumina: {unit: t, step: 1d}"},
	"refinery":        {commodities: "bauxite: {unit: t dry, step: 1d}\nalumina: {unit: t, step: 1d}\nsteam: {unit: MWh}\ngas: {unit: MWh net}\nco2: {unit: t, balance: account}\nred_mud: {unit: t dry, balance: account}"},
	"road":            {commodities: "alumina: {unit: t, step: 1d}\ntrucks: {unit: truck, balance: account}"},
	"tank":            {commodities: "diesel: {unit: m3, step: 1d}"},
	"terminal":        {commodities: "diesel: {unit: m3, step: 1d}"},
	"grid_import":     {commodities: "co2: {unit: t, balance: account}", assets: "yunnan_line: {kind: interconnector, at: park, capacity: 1 GW}"},
	"grid_export":     {assets: "yunnan_line: {kind: interconnector, at: park, capacity: 1 GW}"},
	"potline":         {commodities: "alumina: {unit: t, step: 1d}\naluminium: {unit: t, step: 1d}\nco2: {unit: t, balance: account}\npfc: {unit: t, balance: account}"},
	"purchase":        {commodities: "alumina: {unit: t, step: 1d}"},
	"route":           {commodities: "alumina: {unit: t, step: 1d}"},
	"sale":            {commodities: "aluminium: {unit: t, step: 1d}"},
	"stockpile":       {commodities: "alumina: {unit: t, step: 1d}"},
	"store":           {commodities: "alumina: {unit: t, step: 1d}"},
	"thermal":         {commodities: "coal: {unit: t}\nco2: {unit: t, balance: account}", assets: "mine: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}\nload: {kind: demand, at: park, amount: 200 MW}"},
	"trade":           {commodities: "coal: {unit: t}"},
	"unit":            {commodities: "gas: {unit: MWh net}\nco2: {unit: t, balance: account}"},
}

const steamAndCoal = "steam: {unit: MWh}\ncoal: {unit: t, step: 1d}\nco2: {unit: t, balance: account}"

// Every kind's tags make sense, it explains itself, and its example expands.
func TestEveryKind(t *testing.T) {
	const fewest = 41
	if n := len(kind.All()); n < fewest {
		t.Errorf("%d kinds, want at least %d", n, fewest)
	}
	for _, s := range kind.All() {
		t.Run(s.Name, func(t *testing.T) {
			if err := attribute.Verify(attribute.Table(s.New())); err != nil {
				t.Error(err)
			}
			if len(s.Doc) < 150 || !strings.HasSuffix(s.Doc, ".") {
				t.Errorf("its doc is too short to say what it is, how it is modelled and what it leaves out: %q", s.Doc)
			}
			for _, a := range attribute.Lines(attribute.Table(s.New())) {
				if a.Default != "" && a.Source == "" && sourced(a.Attribute) {
					t.Errorf("%s has the default %s without a source", a.Path, a.Default)
				}
			}
			for _, a := range attribute.Lines(attribute.Table(s.New())) {
				if a.Unit == "1" && a.Max == "" && a.Path != "shape" {
					t.Errorf("%s is a share without a max", a.Path)
				}
			}
			p := need[s.Name]
			p.series = map[string][]float64{"wind": {0.3}, "solar": {0.2}, "town": {1, 2}, "share": {0.5}, "flow_a": {100}, "flow_b": {100}}
			example := strings.NewReplacer("series/weather.csv", "s.csv", "series/load.csv", "s.csv", "series/hydro.csv#share", "s.csv#share",
				"series/hydro.csv#nam_phak", "s.csv#flow_a", "series/hydro.csv#nam_ou", "s.csv#flow_b").Replace(s.Example)
			if !strings.Contains(example, "kind: "+s.Name+"\n") {
				t.Fatalf("its example is of another kind:\n%s", example)
			}
			p.assets += "\nit:\n" + indent(example, "  ")
			m := p.model(t)
			if len(m.Units)+len(m.Stores)+len(m.Routes)+len(m.Demands)+len(m.Trades)+len(m.Lines)+len(m.Capacities) == 0 {
				t.Error("its example expands into nothing")
			}
		})
	}
}

// sourced tells whether a default is a figure of the world, which needs a
// source, and not a plain nothing or everything.
func sourced(a *attribute.Attribute) bool {
	if a.Type != attribute.Number && a.Type != attribute.Curve {
		return false
	}
	number, _, _ := strings.Cut(a.Default, " ")
	return number != "0" && strings.TrimPrefix(a.Default, "-") != "100 %" && a.Default != "1"
}

// No kind touches the formulation, or anything above this room.
func TestNoKindImportsTheFormulation(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fit := map[string]bool{"attribute": true, "clock": true, "primitive": true, "unit": true}
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		seen++
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			if room, ours := strings.CutPrefix(path, "example.org/busbar/"); ours && !fit[strings.TrimPrefix(room, "internal/")] {
				t.Errorf("%s imports %s", file, room)
			}
		}
	}
	if seen < 20 {
		t.Errorf("saw %d files only", seen)
	}
}

// 25 years at 8 %: 0.08 / (1 - 1.08^-25) = 0.08 / (1 - 0.1460179) = 0.0936788.
func TestAnnuity(t *testing.T) {
	near(t, "annuity", kind.Annuity(0.08, 25), 0.0936787791)
	near(t, "annuity without interest", kind.Annuity(0, 20), 0.05)
}

// 1 GW of wind at 1,570 USD/kW, 25 a, 8 %, 1.2 %/a: capital 1.57e6 x 0.0936788 =
// 147,075.7 USD/MW and year, fixed 18,840. What stands, 100 MW at 1,500 USD/kW,
// costs 1.5e6 x 0.0936788 x 100 = 14.0518 MUSD a year.
func TestCapitalOfBuiltAndStanding(t *testing.T) {
	m := plan{commodities: "land: {unit: ha, balance: account}", assets: `
wind:
  kind: wind
  at: park
  availability: 30 %
  capacity: 100 MW
  build: {max: 1 GW, cost: 1570 USD/kW, life: 25 a, wacc: 8 %, fixed: 1.2 %/a, land: 0.5 ha/MW}
  capital: {cost: 1500 USD/kW, life: 25 a, wacc: 8 %}
`}.model(t)
	c := m.Capacities[0]
	near(t, "existing", c.Existing, 100)
	near(t, "most", c.Max, 1000)
	near(t, "capital", c.Capital, 1.57e6*0.0936787791)
	near(t, "fixed", c.Fixed, 18840)
	near(t, "sunk", c.Sunk, 1.5e6*0.0936787791*100)
	if len(c.Uses) != 1 || c.Uses[0].Ratio.Value != 0.5 {
		t.Errorf("land is %v, want 0.5 ha/MW", c.Uses)
	}
	u := m.Units[0]
	near(t, "most power a unit of capacity", u.Bound.Coef*u.Bound.Max.Value, 0.3)
}

func TestFixedCostIsSaidOnce(t *testing.T) {
	text := `
wind:
  kind: wind
  at: park
  availability: 30 %
  build: {max: 1 GW, cost: 1000 USD/kW, life: 25 a, fixed: 1 %/a}
  capital: {cost: 1000 USD/kW, life: 25 a, fixed: FIXED}
`
	plan{assets: strings.Replace(text, "FIXED", "2 %/a", 1)}.refused(t, "conflict", "assets.wind.capital.fixed")
	m := plan{assets: strings.Replace(text, "FIXED", "1 %/a", 1)}.model(t)
	near(t, "fixed", m.Capacities[0].Fixed, 1e4)
}

// A commodity counted in tonnes where power is meant would give an answer.
func TestWrongUnitIsRefused(t *testing.T) {
	plan{commodities: "coal: {unit: t}", assets: `
wind: {kind: wind, at: park, commodity: coal, capacity: 1 MW, availability: 30 %}
`}.refused(t, "unit-dimension", "assets.wind.commodity")
}

// A share above 100 % where that means nothing is refused by its range.
func TestSharesAboveOneAreRefused(t *testing.T) {
	refuse := func(field, line string) {
		t.Helper()
		plan{commodities: "coal: {unit: MWh net}", assets: line}.refused(t, "range", field)
	}
	refuse("assets.a.efficiency", "a: {kind: thermal, at: park, capacity: 1 MW, fuel: coal, efficiency: 138 %}")
	refuse("assets.a.must_run", "a: {kind: thermal, at: park, capacity: 1 MW, must_run: 140 %}")
	refuse("assets.a.round_trip", "a: {kind: battery, at: park, capacity: 1 MW, hours: 4 h, round_trip: 110 %}")
	refuse("assets.a.loss", "a: {kind: interconnector, at: park, to: town, capacity: 1 MW, loss: 103 %}")
	refuse("assets.a.availability", "a: {kind: wind, at: park, capacity: 1 MW, availability: 140 %}")
}

func TestBuildRange(t *testing.T) {
	plan{assets: `
a: {kind: solar, at: park, availability: 20 %, build: {min: 2 GW, max: 1 GW, cost: 700 USD/kW, life: 25 a}}
`}.refused(t, "range", "assets.a.build.min")
}

// The design page's own lines expand as they stand.
func TestDesignExample(t *testing.T) {
	m := plan{commodities: "alumina: {unit: t, step: 1d}\naluminium: {unit: t, step: 1d}\nco2: {unit: t, balance: account}",
		series: map[string][]float64{"wind": {0.3}}, assets: `
potlines:
  kind: potline
  at: park
  owner: park_co
  capacity: 500 kt/a
  energy: 13.5 MWh/t             # AC, rectifier to tapped metal
  modulation: {of: power, min: 95 %, max: 103 %, ramp: 5 %/h, heat_store: 1.5 h, catch_up: 2 d}
  source: facts-A2
wind:
  kind: wind
  at: park
  availability: s.csv#wind
  build: {max: 1 GW, cost: {value: 1570 USD/kW, source: facts-D1}, life: 25 a, wacc: 8 %, fixed: 1.2 %/a}
alumina: {kind: purchase, at: park, commodity: alumina, price: 350 USD/t}
sale: {kind: sale, at: park, commodity: aluminium, price: 2500 USD/t}
`}.model(t)
	u := m.Units[unitOf(t, m, "potlines", "")]
	near(t, "least load", u.Bound.Min.Value, 0.95)
	near(t, "ramp", u.Ramp.Up, 0.05)
	if w := u.Windows[0]; w.Hours != 48 || w.Min != 46.5 || w.Max != 49.5 {
		t.Errorf("the window is %+v, want 48 +- 1.5 h", w)
	}
}
