package formulate

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
	anyof "example.org/busbar/solve"
)

// integer solves a problem with whole numbers.
func integer(t *testing.T, d *draft) *solution {
	t.Helper()
	p, ix := build(t, d)
	s := answer(t, p, ix)
	laws(t, d, s)
	return s
}

// answer solves a problem and insists on the certificate, without the laws.
func answer(t *testing.T, p *lp.Problem, ix *Index) *solution {
	t.Helper()
	needSolver(t)
	sol, cert, err := anyof.Run(context.Background(), p, "highs", lp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !cert.OK {
		t.Fatalf("%v: %v", sol.Status, cert)
	}
	return &solution{ix, p, sol}
}

// plant is a unit of 100 MW with commitment, at least 40 % when online, at 10.
func (d *draft) plant(name string, bus int32, c primitive.Commitment) *primitive.Unit {
	return d.unit(name, primitive.Unit{
		Bound: primitive.Bound{Capacity: none, Coef: 100, Min: data(0.4), Max: data(1)},
		Ports: []primitive.Port{to(bus, 1)}, Costs: per(10), Commitment: &c,
	})
}

func whole(c primitive.Commitment) primitive.Commitment {
	c.RampStart, c.RampStop = nan, nan
	return c
}

func init() {
	committed := func(c primitive.Commitment) func(t *testing.T) *draft {
		return func(t *testing.T) *draft {
			d := on(hours(3))
			d.plant("plant", d.bus("electricity", 0, primitive.Exact), whole(c))
			return d
		}
	}
	golden[UnitStart] = committed(primitive.Commitment{StandBy: data(5), Start: data(70, 80, 90), Stop: data(20), Before: 1})
	golden[UnitStop] = committed(primitive.Commitment{Cyclic: true})
	// Started one step before the first: one step of three is over.
	golden[UnitUpTime] = committed(primitive.Commitment{MinUp: 3, Before: 1})
	golden[UnitDownTime] = committed(primitive.Commitment{MinDown: 2, Before: -1})
	// One machine of a given size; three of 20 beside those that are built; one
	// whose size is built.
	golden[UnitRoomMax] = func(t *testing.T) *draft {
		d := on(hours(2))
		el := d.bus("electricity", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 60, Max: 100})
		d.plant("one", el, whole(primitive.Commitment{}))
		d.plant("many", el, whole(primitive.Commitment{Module: 20})).Bound.Capacity = c
		d.plant("built", el, whole(primitive.Commitment{})).Bound.Capacity = c
		for i := 1; i < 3; i++ {
			d.Units[i].Bound.Coef = 1
		}
		return d
	}
	golden[UnitRoomMin] = golden[UnitRoomMax]
	golden[UnitMachines] = golden[UnitRoomMax]
	golden[UnitOnRamp] = func(t *testing.T) *draft {
		d := golden[UnitRoomMax](t)
		d.Units = d.Units[:3:3]
		for i := range d.Units {
			u := &d.Units[i]
			u.Ramp = &primitive.Ramp{Up: 0.3, Down: 0.5, Initial: 50, PerStep: true}
			u.Commitment.RampStart, u.Commitment.RampStop, u.Commitment.Before = 0.4, 0.6, 1
		}
		d.Units = append(d.Units[:1], d.Units[2])
		return d
	}
	golden[UnitTight] = func(t *testing.T) *draft {
		d := on(hours(2))
		u := d.plant("plant", d.bus("electricity", 0, primitive.Exact), primitive.Commitment{Relaxed: true, Tight: true, RampStart: 0.5, RampStop: 0.6, Before: 1})
		u.Ramp = &primitive.Ramp{Up: 0.2, Down: 0.3, Initial: 50}
		return d
	}
	golden[CapacityModules] = func(t *testing.T) *draft {
		d := on(hours(1))
		d.capacity(primitive.Capacity{Existing: 10, Max: 95, Capital: 3, Module: 20})
		return d
	}
	golden[UnitServices] = func(t *testing.T) *draft {
		d := on(hours(4))
		el := d.bus("electricity", 0, primitive.Exact)
		d.source("plant", el, 100, 10).Maintenance = &primitive.Maintenance{Events: 1, Hours: 2, Share: 0.75}
		return d
	}
	golden[UnitServiced] = golden[UnitServices]
	golden[UnitOut] = func(t *testing.T) *draft {
		d := on(hours(2))
		el := d.bus("electricity", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 10, Min: 20, Max: 90})
		s := &primitive.Maintenance{Events: 1, Hours: 1, Share: 0.5}
		u := d.source("built", el, 1, 10)
		u.Bound, u.Maintenance = share(c, 1), s
		d.plant("plant", el, whole(primitive.Commitment{})).Maintenance = s
		return d
	}
}

// against is demand hour by hour, with a source at 50 beside.
func against(demand ...float64) (d *draft, el int32) {
	d = on(hours(len(demand)))
	el = d.bus("electricity", 0, primitive.Exact)
	d.demand(el, demand...)
	d.source("dear", el, 1000, 50)
	return d, el
}

// 100, 20, 100 with 40 at least: it can't run in the second hour. Online before,
// it stops and starts: 2 x 1000 + 20 x 50 + 200 + 100.
func TestCommitment(t *testing.T) {
	d, el := against(100, 20, 100)
	d.plant("plant", el, whole(primitive.Commitment{Start: data(200), Stop: data(100), StandBy: data(7), Before: 1}))
	s := integer(t, d)
	near(t, "cost", s.Objective, 2000+1000+200+100+14)
	nears(t, "online", s.UnitOnline(s.X, 1), 1, 0, 1)
	start, stop := s.UnitStarts(s.X, 1)
	nears(t, "start", start, 0, 0, 1)
	nears(t, "stop", stop, 0, 1, 0)
	near(t, "events", money(d, s)[primitive.Event], 300)
}

// 20 MW are too few for the plant, so it is offline in the second hour. With
// two hours offline at least it stays so for the third (90 at 50), not the
// first (100); what it did before the first hour counts.
func TestMinimumTimes(t *testing.T) {
	for _, c := range []struct {
		c    primitive.Commitment
		want []float64
	}{
		{primitive.Commitment{Before: 1, MinDown: 2}, []float64{1, 0, 0, 1}},
		{primitive.Commitment{Before: -1, MinDown: 2}, []float64{0, 0, 1, 1}},
		{primitive.Commitment{Before: -1, MinUp: 2}, []float64{0, 0, 1, 1}},
		{primitive.Commitment{Before: 1, MinUp: 2}, []float64{1, 0, 1, 1}},
		{primitive.Commitment{History: []float64{0, 1}, MinDown: 3}, []float64{0, 0, 1, 1}},
	} {
		d, el := against(100, 20, 90, 100)
		d.plant("plant", el, whole(c.c))
		s := integer(t, d)
		nears(t, "online", s.UnitOnline(s.X, 1), c.want...)
	}
}

// A start reaches 50, then 20 an hour: 50, 70, 90 of 100. Before a stop no more
// than 45: the last hour of demand is let go by from 45.
func TestStartRamp(t *testing.T) {
	d, el := against(100, 100, 100, 100, 0)
	u := d.plant("plant", el, primitive.Commitment{RampStart: 0.5, RampStop: 0.45})
	u.Ramp = &primitive.Ramp{Up: 0.2, Down: 0.5, Initial: nan}
	s := integer(t, d)
	nears(t, "plant", s.UnitActivity(s.X, 1), 50, 70, 90, 45, 0)
}

// Three machines of 40, at least half of each: 30, 70 and 110 need 1, 2 and 3.
func TestMachines(t *testing.T) {
	d, el := against(30, 70, 110)
	u := d.plant("plant", el, whole(primitive.Commitment{Module: 40, Start: data(100)}))
	u.Bound.Coef, u.Bound.Min = 120, data(0.5)
	s := integer(t, d)
	nears(t, "online", s.UnitOnline(s.X, 1), 1, 2, 3)
	near(t, "cost", s.Objective, 2100+300)
}

// Machines of 40 at 600 each, for one hour of 110 MW: each saves 40 x 40 but
// the last 30 x 40: all pay. Without commitment 120 MW are built as well.
func TestModules(t *testing.T) {
	for _, c := range []*primitive.Commitment{nil, {Module: 40}} {
		d, el := against(110)
		k := d.capacity(primitive.Capacity{Max: 1000, Capital: 15, Module: 40})
		u := d.source("plant", el, 1, 10)
		u.Bound, u.Commitment = share(k, 1), c
		if c != nil {
			c.RampStart, c.RampStop = nan, nan
		}
		s := integer(t, d)
		near(t, "built", s.CapacityBuilt(s.X, 0), 120)
		near(t, "modules", s.CapacityModules(s.X, 0), 3)
		near(t, "cost", s.Objective, 1100+1800)
	}
}

// One machine whose size is built, at least half of it: 100 and 20 MW with the
// dear source at 50. Of 40 MW it could serve both hours: 40+20 at 10 and 60 at
// 50. Of 100 MW it stands still in the second: 100 at 10, 20 at 50: saves more.
func TestBuiltCommitment(t *testing.T) {
	d, el := against(100, 20)
	k := d.capacity(primitive.Capacity{Max: 500, Capital: 1})
	c := whole(primitive.Commitment{})
	u := d.source("plant", el, 1, 10)
	u.Bound = primitive.Bound{Capacity: k, Coef: 1, Min: data(0.5), Max: data(1)}
	u.Commitment = &c
	s := integer(t, d)
	near(t, "cost", s.Objective, 1000+1000+100)
	nears(t, "online", s.UnitOnline(s.X, 1), 1, 0)
}

// Relaxed, the status is a half where 20 of 40 are asked for; a start costs the
// half: 2000 + 200 + 50 (and no stop is charged).
func TestRelaxed(t *testing.T) {
	d, el := against(100, 20, 100)
	d.plant("plant", el, whole(primitive.Commitment{Relaxed: true, Start: data(100), Before: 1}))
	s := solve(t, d)
	nears(t, "online", s.UnitOnline(s.X, 1), 1, 0.5, 1)
	near(t, "cost", s.Objective, 2250)
}

// Two hours of maintenance take half of 100 MW: best where 40 and 60 are asked
// for, so that only 10 come from the dear source. Built for, 90 MW would do.
func TestMaintenance(t *testing.T) {
	d, el := against(90, 40, 60, 90)
	d.source("plant", el, 100, 10).Maintenance = &primitive.Maintenance{Events: 1, Hours: 2, Share: 0.5}
	s := integer(t, d)
	nears(t, "maintained", s.UnitServiced(s.X, 1), 0, 1, 1, 0)
	near(t, "cost", s.Objective, 2700+10*50)

	d.Units[1].Bound = share(d.capacity(primitive.Capacity{Max: 100, Capital: 0.001}), 1)
	s = integer(t, d)
	near(t, "built", s.CapacityBuilt(s.X, 0), 100)
	near(t, "cost if built", s.Objective, 2700+10*50+0.1)

	// With commitment at least 40 % of what is not maintained.
	d.Units = d.Units[:1]
	d.plant("plant", el, whole(primitive.Commitment{})).Maintenance = &primitive.Maintenance{Events: 1, Hours: 2, Share: 0.5}
	s = integer(t, d)
	near(t, "cost with commitment", s.Objective, 2700+10*50)
}

func TestCommitmentFaults(t *testing.T) {
	for _, c := range []struct {
		want  string
		wrong func(d *draft, u *primitive.Unit)
	}{
		{"Relaxed", func(d *draft, u *primitive.Unit) { u.Commitment.Tight = true }},
		{"MinUp is -1", func(d *draft, u *primitive.Unit) { u.Commitment.MinUp = -1 }},
		{"needs a largest size", func(d *draft, u *primitive.Unit) {
			u.Bound = share(d.capacity(primitive.Capacity{Max: inf}), 1)
		}},
		{"share of start ramp is -1", func(d *draft, u *primitive.Unit) { u.Commitment.RampStart = -1 }},
		{"takes 1.5 of the size", func(d *draft, u *primitive.Unit) {
			u.Maintenance = &primitive.Maintenance{Events: 1, Hours: 1, Share: 1.5}
		}},
		{"has 0 hours", func(d *draft, u *primitive.Unit) { u.Maintenance = &primitive.Maintenance{Events: 1, Share: 1} }},
		{"ramps up has 1 values", func(d *draft, u *primitive.Unit) { u.Ramp = &primitive.Ramp{Ups: []float64{1}} }},
		{"module", func(d *draft, u *primitive.Unit) { d.capacity(primitive.Capacity{Max: 3, Module: -2}) }},
	} {
		d, el := against(1, 2)
		c.wrong(d, d.plant("plant", el, whole(primitive.Commitment{})))
		if _, _, err := Build(&d.Model); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %q", err, c.want)
		}
	}
}

// The optimum is the best of all sequences of on and off that keep the minimum
// times, tried one by one.
func TestCommitmentIsTheBestSequence(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		const n = 6
		demand := make([]float64, n)
		for k := range demand {
			demand[k] = float64(rapid.IntRange(0, 12).Draw(r, "demand") * 10)
		}
		c := whole(primitive.Commitment{
			MinUp: rapid.IntRange(0, 4).Draw(r, "up"), MinDown: rapid.IntRange(0, 4).Draw(r, "down"), Before: rapid.IntRange(-4, 4).Draw(r, "before"),
			Start: data(float64(rapid.IntRange(0, 3000).Draw(r, "start"))), Stop: data(float64(rapid.IntRange(0, 500).Draw(r, "stop"))), StandBy: data(15),
		})
		d, el := against(demand...)
		d.plant("plant", el, c)
		p, _, err := Build(&d.Model)
		if err != nil {
			r.Fatal(err)
		}
		best := inf
		for mask := range 1 << n {
			on := func(t int) bool { // t < 0: before the first step
				if t >= 0 {
					return mask>>t&1 == 1
				}
				if c.Before < 0 {
					return -t > -c.Before
				}
				return -t <= c.Before
			}
			cost, kept := 0.0, true
			for t := range n {
				if on(t) {
					a := min(max(demand[t], 40), 100)
					kept = kept && demand[t] >= 40
					cost += 10*a + 50*(demand[t]-a) + 15
				} else {
					cost += 50 * demand[t]
				}
				switch {
				case on(t) && !on(t-1):
					cost += c.Start.Value
					for k := 1; k <= c.MinDown; k++ {
						kept = kept && !on(t-k)
					}
				case !on(t) && on(t-1):
					cost += c.Stop.Value
					for k := 1; k <= c.MinUp; k++ {
						kept = kept && on(t-k)
					}
				}
			}
			if kept {
				best = min(best, cost)
			}
		}
		sol, _, err := anyof.Run(context.Background(), p, "highs", lp.Options{})
		switch {
		case err != nil:
			r.Fatal(err)
		case math.IsInf(best, 1):
			if sol.Status != lp.Infeasible {
				r.Fatalf("status is %v, and no sequence fits", sol.Status)
			}
		case sol.Status != lp.Optimal || math.Abs(sol.Objective-best) > 1e-6*(1+best):
			r.Fatalf("%v at %g, the best sequence costs %g", sol.Status, sol.Objective, best)
		}
	})
}
