package study

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// listed is a workspace whose steps are listed: files by path.
type listed map[string]string

func (f listed) with(path, text string) listed {
	out := listed{}
	for k, v := range f {
		out[k] = v
	}
	out[path] = text
	return out
}

// write puts the files into a folder.
func (f listed) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for path, text := range f {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (f listed) load(t *testing.T) (*primitive.Model, []attribute.Problem) {
	t.Helper()
	w, problems := workspace.Open(f.write(t))
	t.Cleanup(func() { w.Close() })
	tree, more := w.Tree("base")
	_, m, bad := load(w, tree)
	return m, append(append(problems, more...), bad...)
}

func (f listed) solve(t *testing.T) (*primitive.Model, *formulate.Index, *lp.Solution) {
	t.Helper()
	m, problems := f.load(t)
	for _, p := range problems {
		t.Fatal(p)
	}
	p, ix, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	sol, cert, err := solve.Run(context.Background(), p, "native", lp.Options{})
	if err != nil || !cert.OK {
		t.Fatal(err, cert)
	}
	return m, ix, sol
}

func close1(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
		t.Errorf("%s is %g, by hand %g", what, got, want)
	}
}

var listedSteps = listed{
	"system.yaml": `
system: test
commodities: {electricity: {unit: MWh}}
places: {b: {}}
assets:
  cheap: {kind: unit, at: b, capacity: 10 MW, cost: 5 USD/MWh}
  dear: {kind: unit, at: b, capacity: 99 MW, cost: 50 USD/MWh}
  load: {kind: demand, at: b, amount: series/l.csv#load}
  lake: {kind: store, at: b, commodity: electricity, capacity: 99 MWh, initial: 8 MWh, final: free}
limits:
  little: {span: horizon, unit: MWh, terms: [{asset: cheap, activity: ""}], max: 40 MWh}
`,
	"studies/base.yaml":    "study: base\nsnapshots: series/steps.csv\n",
	"series/steps.csv":     "time,hours,amount,cost\n2030-01-01T00:00,1,2,3\n2030-01-01T06:00,4,5,6\n",
	"series/l.csv":         "time,load [MW]\n2030-01-01T00:00,20\n2030-01-01T06:00,12\n",
	"sources.yaml":         "network: {title: by hand, grade: assumption}\n",
	".busbar/ignored.json": "{}",
}

// Two steps whose weights are their own. The lake gives 8 MWh: in the first
// step (1 h of stores) a MW takes 1 MWh and saves 45 x 3, in the second (4 h) a
// MW takes 4 and saves 45 x 6, so all of it goes to the first. The cheap plant
// may give 40 MWh, 2 x a + 5 x b: a MW in the first saves 135 for 2, in the
// second 270 for 5, so a = 10 and b = 4.
//
//	3 (10 x 5 + 2 x 50) + 6 (4 x 5 + 8 x 50) = 2970
func TestListedSteps(t *testing.T) {
	m, ix, sol := listedSteps.solve(t)
	close1(t, "cost", sol.Objective, 3*(10*5+2*50)+6*(4*5+8*50))
	close1(t, "cheap", ix.UnitActivity(sol.X, 0)[1], 4)
	if n := m.Clock.Ticks(); n != 2 || m.Clock.Stamps[1].Hour() != 6 {
		t.Errorf("%d steps, the second at %v", n, m.Clock.Stamps[1])
	}
}

// Two periods of which a year's money counts 2 and 1. The old plant gives 4 of
// 20 MW in the first for 2 x 4 and is gone in the second. An early MW stands in
// both for 3 x 10, a late one for 1 x 10: 16 early ones, and 4 late ones in the
// old plant's stead, 480 + 40 + 8.
func TestPeriodsOfAWorkspace(t *testing.T) {
	f := listedSteps.with("system.yaml", `
system: test
commodities: {electricity: {unit: MWh}}
places: {b: {}}
assets:
  early: {kind: unit, at: b, stands: 2030, build: {max: unlimited, annuity: 10 USD/MW/a}}
  late: {kind: unit, at: b, stands: {from: 2040}, build: {max: unlimited, annuity: 10 USD/MW/a}}
  old: {kind: unit, at: b, stands: {until: 2030}, capacity: 4 MW, cost: 1 USD/MWh}
  dear: {kind: unit, at: b, capacity: unlimited, cost: 40 USD/MWh}
  load: {kind: demand, at: b, amount: 20 MW}
`).with("series/steps.csv", "period,time,cost\n2030,2030-01-01,2\n2040,2040-01-01,1\n").
		with("studies/base.yaml", "study: base\nsnapshots: series/steps.csv\nperiods: {2030: {years: 10 a, weight: 2}, 2040: {years: 10 a, weight: 1}}\n")
	m, ix, sol := f.solve(t)
	close1(t, "early", ix.CapacityBuilt(sol.X, 0), 16)
	close1(t, "late", ix.CapacityBuilt(sol.X, 1), 4)
	close1(t, "cost", sol.Objective, 480+40+8)
	if a := m.Units[2].Alive; len(a) != 2 || !a[0] || a[1] {
		t.Errorf("the old plant stands in %v", a)
	}
	// Left out, a period's weight is the worth of its years at the study's
	// discount rate: 1 + 1/1.1 for two from the base year on.
	m, problems := f.with("studies/base.yaml", "study: base\nsnapshots: series/steps.csv\ndiscount: 10 %\nperiods: {2030: 2 a, 2040: 1 a}\n").load(t)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	close1(t, "worth", m.Clock.Periods[0].Cost, 1+1/1.1)
	// Without a column cost money by the hour counts with it too.
	m, problems = f.with("series/steps.csv", "period,time,amount\n2030,2030-01-01,8760\n2040,2040-01-01,8760\n").load(t)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	close1(t, "weight of an hour's money", m.Clock.Grids[0].Cost[0], 2*8760)
	close1(t, "weight of a start", m.Clock.Grids[0].Event[0], 2)
	m, problems = f.with("studies/base.yaml", "study: base\nsnapshots: series/steps.csv\ndiscount: 10 %\nperiods: {2030: 2 a, 2040: 1 a}\n").load(t)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	close1(t, "worth", m.Clock.Periods[1].Cost, math.Pow(1.1, -10))
}

// A plant at 15 a MW for 100 MW that are asked for in one of two futures, where
// another source costs 20: expected 10 are saved for 15, so nothing is built.
// With a weight of 0.6 on the dearer half a MW saves 16, and all is built. What
// an asset without a scenario builds is one size for both.
func TestScenariosOfAWorkspace(t *testing.T) {
	f := listedSteps.with("series/steps.csv", "time,hours\n2030-01-01T00:00,1\n").with("system.yaml", `
system: test
commodities: {electricity: {unit: MWh}}
places: {b: {}}
assets:
  plant: {kind: unit, at: b, build: {max: 500 MW, annuity: 15 USD/MW/a}}
  other: {kind: unit, at: b, capacity: 500 MW, cost: 20 USD/MWh}
  wet: {kind: demand, at: b, amount: 0 MW, scenario: wet}
  dry: {kind: demand, at: b, amount: 100 MW, scenario: dry}
limits:
  least: {span: step, terms: [{asset: other, activity: ""}], max: 200 MW}
`).with("studies/base.yaml", "study: base\nsnapshots: series/steps.csv\nscenarios: {wet: 50 %, dry: 50 %}\n")
	m, ix, sol := f.solve(t)
	close1(t, "cost", sol.Objective, 1000)
	if len(m.Capacities) != 2 || len(m.Units) != 4 || len(m.Limits) != 2 || len(m.Buses) != 2 {
		t.Errorf("%d capacities, %d units, %d limits, %d buses; want 2, 4, 2, 2", len(m.Capacities), len(m.Units), len(m.Limits), len(m.Buses))
	}
	close1(t, "built", ix.CapacityBuilt(sol.X, 0), 0)
	_, ix, sol = f.with("studies/base.yaml", f["studies/base.yaml"]+"risk: {alpha: 50 %, weight: 60 %}\n").solve(t)
	close1(t, "cost", sol.Objective, 1500)
	close1(t, "built", ix.CapacityBuilt(sol.X, 0), 100)
}

// 100 MW cost 10 each, or 11 of another sort: 1,000 at least. For 5 % more, 50
// of the first can be spared: 50 x 10 + 50 x 11 = 1,050.
func TestAlternative(t *testing.T) {
	f := listedSteps.with("series/steps.csv", "time\n2030-01-01\n").with("system.yaml", `
system: test
commodities: {electricity: {unit: MWh}}
places: {b: {}}
assets:
  first: {kind: unit, at: b, build: {max: unlimited, annuity: 10 USD/MW/a}}
  other: {kind: unit, at: b, build: {max: unlimited, annuity: 11 USD/MW/a}}
  load: {kind: demand, at: b, amount: 100 MW}
`)
	for _, c := range []struct {
		text string
		want float64
	}{
		{"{slack: 5 %, sizes: {first: 1}}", 50},
		{"{slack: 5 %, sizes: {other: 1}, sense: most}", -50},
		{"{slack: 5 %, sizes: {first: 1}, beside: 200 USD}", 40}, // 1.05 x 1200 - 200 = 1060
	} {
		dir := f.with("studies/base.yaml", "study: base\nsnapshots: series/steps.csv\nalternative: "+c.text+"\n").write(t)
		results, err := Run(context.Background(), Request{
			Dir: dir, Out: filepath.Join(dir, "out"), Solver: "native", Version: "test",
			Now: time.Now, Peak: func() float64 { return 0 }, Say: func(string, ...any) {},
		})
		if err != nil {
			t.Fatal(err)
		}
		close1(t, c.text, *results[0].Objective, c.want)
		if k := results[0].Certificate; !k.OK || k.Kind != "sequence" {
			t.Errorf("certificate %v", k)
		}
	}
}

// A plant at 60 must run at 29.7 MW and sells at 30: it loses 891, another earns
// 200. What is earned counts against what is spent, so 700 suffice for both; were
// it added, 1,782 + 100 + 1,191 would be spent. A limit on what flows out of a line
// at its end, 35 MW, leaves 5.3 to the other.
func TestLimitsOfCostAndLines(t *testing.T) {
	f := listedSteps.with("series/steps.csv", "time\n2030-01-01\n").with("system.yaml", `
system: test
commodities: {electricity: {unit: MWh}}
places: {b: {}, c: {}}
assets:
  cheap: {kind: unit, at: b, capacity: 10 MW, cost: 10 USD/MWh}
  dear: {kind: unit, at: b, capacity: 99 MW, min: 30 %, cost: 60 USD/MWh}
  way: {kind: line, from: b, to: c, capacity: 99 MW, reactance: none}
  market: {kind: sale, at: c, commodity: electricity, price: 30 USD/MWh}
limits:
  cost: {of: cost, span: horizon, max: 700 USD}
`)
	m, ix, sol := f.solve(t)
	close1(t, "cost", sol.Objective, 29.7*30-10*20)
	if p := m.Limits[0]; len(p.Terms) != 5 {
		t.Errorf("%d terms of cost", len(p.Terms))
	}
	close1(t, "cheap", ix.UnitActivity(sol.X, 0)[0], 10)
	text := strings.Replace(f["system.yaml"], "  cost: {of: cost, span: horizon, max: 700 USD}", "  there: {span: step, terms: [{asset: way, flow: electricity, at: c}], max: 35 MW}", 1)
	_, ix, sol = f.with("system.yaml", text).solve(t)
	close1(t, "cheap", ix.UnitActivity(sol.X, 0)[0], 35-29.7)
}

func TestListedFaults(t *testing.T) {
	base := "study: base\nsnapshots: series/steps.csv\n"
	for _, c := range []struct{ want, path, text string }{
		{"studies/base.yaml:3:8: conflict: years: snapshots lists every step", "studies/base.yaml", base + "years: [2030]\n"},
		{"studies/base.yaml:3:7: missing: risk: it weighs scenarios", "studies/base.yaml", base + "risk: {alpha: 50 %, weight: 60 %}\n"},
		{"missing-file: snapshots: can't read series/gone.csv", "studies/base.yaml", "study: base\nsnapshots: series/gone.csv\n"},
		{"conflict: periods: each period is modelled by its calendar year", "studies/base.yaml", "study: base\nyears: [2030]\nperiods: {2030: 1 a}\n"},
		{"horizon: snapshots: series/steps.csv has the period \"\", which periods: does not", "studies/base.yaml", base + "periods: {2030: 1 a}\n"},
		{"horizon: periods.soon: want a year", "studies/base.yaml", base + "periods: {soon: 1 a}\n"},
		{"reference: alternative.sizes: \"load\" is no active asset with a capacity", "studies/base.yaml", base + "alternative: {sizes: {load: 1}}\n"},
		{"reference: outages.0: \"cheap\" is no active line", "studies/base.yaml", base + "outages: [cheap]\n"},
		{"series/steps.csv:1:1: series-header: no column is named time", "series/steps.csv", "when,hours\n2030-01-01,1\n"},
		{"series/steps.csv:2:12: series-number: read \"many\"", "series/steps.csv", "time,hours\n2030-01-01,many\n"},
		{"horizon: snapshots: series/steps.csv has a column \"weight\"", "series/steps.csv", "time,weight\n2030-01-01,1\n"},
		{"horizon: snapshots: series/steps.csv, row 2: read the time \"now\"", "series/steps.csv", "time\nnow\n"},
		{"horizon: snapshots: series/steps.csv: snapshot 1: its weight for hours is 0", "series/steps.csv", "time,hours\n2030-01-01T00:00,0\n2030-01-01T06:00,1\n"},
		{"series/l.csv:1:1: series-rows: its rows are not those of series/steps.csv", "series/l.csv", "time,load [MW]\n2030-01-01T00:00,20\n"},
		{"not-finite: assets.load.amount: series/l.csv#load has no finite number at 2030-01-01 06:00", "series/l.csv", "time,load [MW]\n2030-01-01T00:00,20\n2030-01-01T06:00,\n"},
		{"series-column: assets.load.amount: series/l.csv has no column \"load\"", "series/l.csv", "time,lad [MW]\n2030-01-01T00:00,20\n2030-01-01T06:00,1\n"},
	} {
		_, problems := listedSteps.with(c.path, c.text).load(t)
		found := false
		for _, p := range problems {
			found = found || strings.Contains(p.String(), c.want)
		}
		if !found {
			t.Errorf("want %s, got %v", c.want, problems)
		}
	}
}
