package example_test

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/run"
	"example.org/busbar/internal/study"
	"example.org/busbar/lp"
)

// answer is a run's amounts.
type answer struct {
	objective float64
	balances  []run.Balance
	money     []run.Money
	figures   map[string]float64 // group/name, and group/name OF for what is of something
	uses      []run.Use
	folder    *run.Folder
}

// points runs a study, every point of its sweep, with the solver in Go.
func points(t *testing.T, dir, name string) []*study.Result {
	t.Helper()
	results, err := study.Run(context.Background(), study.Request{
		Dir: dir, Study: name, Out: filepath.Join(t.TempDir(), "run"), Solver: "native",
		Version: "test", Now: time.Now, Peak: func() float64 { return 0 }, Say: func(string, ...any) {},
		LP: lp.Options{},
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return results
}

// solve runs a study without a sweep; it must be proved optimal, and every bus
// with a balance must close.
func solve(t *testing.T, dir, name string) answer {
	t.Helper()
	return read(t, name, points(t, dir, name)[0])
}

// read reads a run's tables and holds it to what every run owes.
func read(t *testing.T, name string, r *study.Result) answer {
	t.Helper()
	if r.Status != "optimal" || !r.Certificate.OK {
		t.Fatalf("%s ended %s, certificate %v", name, r.Status, r.Certificate)
	}
	f, err := run.Open(*r.Run)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{objective: *r.Objective, figures: map[string]float64{}, folder: f}
	if a.balances, err = run.Read[run.Balance](f, "balances"); err != nil {
		t.Fatal(err)
	}
	if a.money, err = run.Read[run.Money](f, "money"); err != nil {
		t.Fatal(err)
	}
	figures, err := run.Read[run.Figure](f, "figures")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range figures {
		if v.Asset == "" || v.Group == "asset" || v.Group == "metal" {
			a.figures[v.Group+"/"+v.Name] = v.Value
		}
		a.figures[v.Group+"/"+v.Name+" "+v.Asset] = v.Value
	}
	if a.uses, err = run.Read[run.Use](f, "use"); err != nil {
		t.Fatal(err)
	}
	system, err := f.System()
	if err != nil {
		t.Fatal(err)
	}
	a.closes(t, name, system)
	a.weighs(t, name, system)
	return a
}

// closes checks that what enters every bus with a balance leaves it, to 1e-6.
func (a answer) closes(t *testing.T, name string, system *run.System) {
	t.Helper()
	account := map[string]bool{}
	for _, c := range system.Commodities {
		account[c.ID] = c.Balance == "account"
	}
	net, turnover := map[string]float64{}, map[string]float64{}
	for _, b := range a.balances {
		if !account[b.Commodity] {
			net[b.Bus] += b.In - b.Out
			turnover[b.Bus] += b.In + b.Out
		}
	}
	if len(net) == 0 {
		t.Fatalf("%s has no balance", name)
	}
	for bus, v := range net {
		if math.Abs(v) > 1e-6*(1+turnover[bus]) {
			t.Errorf("%s: %s does not close: %g of %g", name, bus, v, turnover[bus])
		}
	}
}

// weighs checks that every process makes what it takes by mass, to 1e-6, with the
// one stream that closes its recipe. CO2 weighs nothing there: its oxygen is the
// air's.
func (a answer) weighs(t *testing.T, name string, system *run.System) {
	t.Helper()
	process, mass := map[string]bool{}, map[string]bool{}
	for _, v := range system.Assets {
		process[v.ID] = v.Kind == "process"
	}
	for _, c := range system.Commodities {
		u, _, _ := strings.Cut(c.Unit, " ")
		mass[c.ID] = u == "t" && c.ID != "co2" && c.ID != "co2_indirect" && c.ID != "pfc"
	}
	made, taken := map[string]float64{}, map[string]float64{}
	for _, b := range a.balances {
		if process[b.Asset] && mass[b.Commodity] {
			made[b.Asset] += b.In
			taken[b.Asset] += b.Out
		}
	}
	for asset, m := range made {
		if math.Abs(m-taken[asset]) > 1e-6*math.Max(m, taken[asset]) {
			t.Errorf("%s: %s takes %g t and makes %g t", name, asset, taken[asset], m)
		}
	}
}

// of is a year's net flow into the buses of a commodity, of one asset, or of
// all where asset is "".
func (a answer) of(asset, commodity string) float64 {
	sum := 0.0
	for _, b := range a.balances {
		if (asset == "" || b.Asset == asset) && b.Commodity == commodity {
			sum += b.In - b.Out
		}
	}
	return sum
}

func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if !(math.Abs(got-want) <= share*math.Abs(want)) {
		t.Errorf("%s is %.7g, want %.7g", what, got, want)
	}
}

func within(t *testing.T, what string, got, least, most float64) {
	t.Helper()
	if !(got >= least && got <= most) {
		t.Errorf("%s is %.5g, want %g to %g", what, got, least, most)
	}
}

// earns is what an asset is paid a year, and pays if negative.
func (a answer) earns(asset string) float64 {
	sum := 0.0
	for _, m := range a.money {
		if m.Asset == asset {
			sum -= m.Amount
		}
	}
	return sum
}

// unserved is what goes unserved of demands on each day, in base units.
func (a answer) unserved(t *testing.T, assets ...string) map[time.Time]float64 {
	t.Helper()
	flows, err := run.Read[run.Flow](a.folder, "flows")
	if err != nil {
		t.Fatal(err)
	}
	day := map[time.Time]float64{}
	for _, f := range flows {
		for _, asset := range assets {
			if f.Asset == asset && f.Role == "shed" {
				day[time.UnixMilli(f.Start).UTC().Add(7*time.Hour).Truncate(24*time.Hour)] += f.Amount
			}
		}
	}
	return day
}
