package formulate

import (
	"context"
	"errors"
	"flag"
	"math"
	"os"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

const none = primitive.None

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

// TestMain draws 12 models a law, not 100, unless asked: each is solved.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", "12"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// hours makes a clock of n ticks of an hour in chains (0: one), with a grid for
// each further step of so many hours.
func hours(n int, steps ...int) *clock.Clock { return periods(n, []float64{1}, steps...) }

// periods makes a clock of representative periods of n hours with these
// frequencies.
func periods(n int, frequency []float64, steps ...int) *clock.Clock {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	c := &clock.Clock{Start: start}
	total := n * len(frequency)
	for t := range total {
		c.Stamps = append(c.Stamps, start.Add(time.Duration(t)*time.Hour))
		c.Hours = append(c.Hours, 1)
	}
	c.Periods = []clock.Period{{Name: "2030", Cost: 1, Years: 1, Share: 1, LastTick: int32(total)}}
	for k, f := range frequency {
		c.Chains = append(c.Chains, clock.Chain{FirstTick: int32(k * n), LastTick: int32((k + 1) * n), Frequency: f})
	}
	for _, s := range append([]int{1}, steps...) {
		g := clock.Grid{Step: clock.Step{N: s, Unit: clock.Hour}}
		for k, f := range frequency {
			first := int32(len(g.First))
			for t := 0; t < n; t += s {
				h := float64(min(s, n-t))
				g.First = append(g.First, int32(k*n+t))
				g.Hours, g.Cost, g.Amount, g.Event = append(g.Hours, h), append(g.Cost, h*f), append(g.Amount, h*f), append(g.Event, f)
				g.Prev, g.Last = append(g.Prev, int32(len(g.First)-2)), append(g.Last, clock.None)
			}
			g.Prev[first], g.Last[first] = clock.None, int32(len(g.First)-1)
		}
		g.First = append(g.First, int32(total))
		c.Grids = append(c.Grids, g)
	}
	return c
}

// represent adds the sequence of original periods that the chains stand for.
func represent(c *clock.Clock, sequence ...int32) *clock.Clock {
	c.Sequence = sequence
	c.OriginalHours = float64(c.Chains[0].LastTick)
	for t := range c.Stamps {
		c.Original = append(c.Original, int32(t))
	}
	return c
}

// days makes a clock of whole days in January 2030 with hours, days and months.
func days(t testing.TB, n int, steps ...clock.Step) *clock.Clock {
	t.Helper()
	from := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	c, err := clock.New(clock.Spec{From: from, To: from.AddDate(0, 0, n-1), Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Periods {
		c.Periods[i].Share = 1
	}
	return c
}

// draft is a model under construction.
type draft struct{ primitive.Model }

func on(c *clock.Clock) *draft { return &draft{primitive.Model{Clock: c}} }

func (d *draft) asset(name string) primitive.Tag {
	d.Assets = append(d.Assets, primitive.Asset{Name: name})
	return primitive.Tag{Asset: int32(len(d.Assets) - 1)}
}

func (d *draft) bus(name string, grid int32, balance primitive.Balance) int32 {
	d.Commodities = append(d.Commodities, primitive.Commodity{Name: name, Unit: "MWh", Grid: grid, Balance: balance})
	d.Buses = append(d.Buses, primitive.Bus{Name: name, Commodity: int32(len(d.Commodities) - 1), Asset: none})
	return int32(len(d.Buses) - 1)
}

// place adds another bus of a bus's commodity.
func (d *draft) place(name string, like int32) int32 {
	d.Buses = append(d.Buses, primitive.Bus{Name: name, Commodity: d.Buses[like].Commodity, Asset: none})
	return int32(len(d.Buses) - 1)
}

func (d *draft) capacity(c primitive.Capacity) int32 {
	c.Tag = primitive.Tag{Asset: none, Part: "shared"}
	d.Capacities = append(d.Capacities, c)
	return int32(len(d.Capacities) - 1)
}

func (d *draft) unit(name string, u primitive.Unit) *primitive.Unit {
	u.Tag = d.asset(name)
	d.Units = append(d.Units, u)
	return &d.Units[len(d.Units)-1]
}

func (d *draft) store(name string, s primitive.Store) *primitive.Store {
	s.Tag = d.asset(name)
	d.Stores = append(d.Stores, s)
	return &d.Stores[len(d.Stores)-1]
}

func (d *draft) route(name string, r primitive.Route) *primitive.Route {
	r.Tag = d.asset(name)
	d.Routes = append(d.Routes, r)
	return &d.Routes[len(d.Routes)-1]
}

func (d *draft) demand(bus int32, amount ...float64) *primitive.Demand {
	d.Demands = append(d.Demands, primitive.Demand{Tag: d.asset("load"), Bus: bus, Amount: data(amount...)})
	return &d.Demands[len(d.Demands)-1]
}

func (d *draft) trade(name string, t primitive.Trade) *primitive.Trade {
	t.Tag = d.asset(name)
	t.Party = none
	d.Trades = append(d.Trades, t)
	return &d.Trades[len(d.Trades)-1]
}

// data is one number for all ticks, or one for each.
func data(v ...float64) primitive.Series {
	if len(v) == 1 {
		return primitive.Const(v[0])
	}
	return primitive.Series{Data: v}
}

// upTo is the bound 0 <= v <= x.
func upTo(x float64) primitive.Bound {
	return primitive.Bound{Capacity: none, Coef: x, Max: one}
}

// share is the bound 0 <= v <= most x size of a capacity.
func share(capacity int32, most ...float64) primitive.Bound {
	return primitive.Bound{Capacity: capacity, Coef: 1, Max: data(most...)}
}

func to(bus int32, ratio ...float64) primitive.Port {
	return primitive.Port{Bus: bus, Ratio: data(ratio...)}
}

func per(money ...float64) []primitive.Cost {
	return []primitive.Cost{{Class: primitive.Variable, Per: data(money...), Party: none}}
}

// source is a unit that makes a commodity at a price.
func (d *draft) source(name string, bus int32, most, price float64) *primitive.Unit {
	return d.unit(name, primitive.Unit{Bound: upTo(most), Ports: []primitive.Port{to(bus, 1)}, Costs: per(price)})
}

// tester is testing.TB or *rapid.T.
type tester interface {
	Helper()
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// needSolver skips a test where there is no library to solve with.
func needSolver(t testing.TB) {
	t.Helper()
	if _, err := highs.Probe(); errors.Is(err, highs.ErrNoLibrary) {
		t.Skip("no HiGHS library: run make deps")
	}
}

func build(t tester, d *draft) (*lp.Problem, *Index) {
	t.Helper()
	p, ix, err := Build(&d.Model)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return p, ix
}

// solution is a certified answer.
type solution struct {
	*Index
	p *lp.Problem
	*lp.Solution
}

// solve builds and solves a model and insists on the certificate and
// the laws.
func solve(t tester, d *draft) *solution {
	t.Helper()
	if t, ok := t.(testing.TB); ok {
		needSolver(t)
	}
	p, ix := build(t, d)
	sol, err := highs.Solver{}.Solve(context.Background(), p, lp.Options{Algorithm: "simplex"})
	if err != nil {
		t.Fatal(err)
	}
	if c := lp.Certify(p, sol); !c.OK {
		t.Fatalf("%v: %v", sol.Status, c)
	}
	s := &solution{ix, p, sol}
	laws(t, d, s)
	return s
}

// near fails unless got is want to a millionth.
func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-6*(1+math.Abs(want))) {
		t.Errorf("%s is %.9g, by hand %.9g", what, got, want)
	}
}

// nears compares step by step.
func nears(t testing.TB, what string, got []float64, want ...float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d values %v, want %v", what, len(got), got, want)
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-6*(1+math.Abs(want[i]))) {
			t.Errorf("%s is %v, by hand %v", what, got, want)
			return
		}
	}
}
