package formulate

import (
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// invest is a clock of two investment periods of n hours, of weights 1 and 3.
func invest(t *testing.T, n int) *clock.Clock {
	t.Helper()
	var s []clock.Snapshot
	for k := range 2 * n {
		w := float64(1 + 2*(k/n))
		s = append(s, clock.Snapshot{Stamp: time.Date(2030, 1, 1, k, 0, 0, 0, time.UTC), Length: 1, Hours: 1, Cost: w, Amount: w, Event: 1})
	}
	c, err := clock.Snapshots(s, []clock.Period{
		{Name: "2030", Cost: 1, Years: 1, Share: 1, LastTick: int32(n)},
		{Name: "2040", Cost: 3, Years: 3, Share: 1, FirstTick: int32(n), LastTick: int32(2 * n)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A plant of the second period only: 60 MW at 5 a MW and year for 3 years, run
// at 10; the first period and the rest pay 50.
func TestAlive(t *testing.T) {
	d := on(invest(t, 1))
	el := d.bus("electricity", 0, primitive.Exact)
	c := d.capacity(primitive.Capacity{Max: 60, Capital: 5, Alive: []bool{false, true}})
	u := d.source("plant", el, 1, 10)
	u.Bound, u.Alive = share(c, 1), []bool{false, true}
	d.source("dear", el, 500, 50)
	d.demand(el, 100)
	p, ix := build(t, d)
	s := answer(t, p, ix)
	nears(t, "plant", s.UnitActivity(s.X, 0), 0, 60)
	near(t, "cost", s.Objective, 100*50+3*(60*10+40*50)+3*5*60)
}

// Lines: a cycle in the second period, when its third side exists.
func TestAliveLine(t *testing.T) {
	d := on(invest(t, 1))
	n := d.nodes(3)
	d.source("plant", n[0], 200, 10)
	d.demand(n[1], 90)
	d.line("bc", primitive.Line{From: n[1], To: n[2], X: 1, Bound: both(100)})
	d.line("ac", primitive.Line{From: n[0], To: n[2], X: 1, Bound: both(100)})
	d.line("ab", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(100), Alive: []bool{false, true}})
	p, ix := build(t, d)
	s := answer(t, p, ix)
	nears(t, "bc", s.LineFlow(s.X, 0), -90, -30)
	nears(t, "ab", s.LineFlow(s.X, 2), 0, 60)
}

// A store of 30 with 4 in the beginning and no inflow sells at 1, 2 | 3, 4
// (weights 1 and 3). Each period for itself: 4 x 2 and 4 x 4 x 3. Carried on:
// all 4 in the last hour. In the second period only: the same 48. Cyclic, it
// has nothing to sell.
func TestStoreOverPeriods(t *testing.T) {
	for _, c := range []struct {
		end   primitive.End
		carry bool
		alive []bool
		want  float64
	}{
		{primitive.Given, false, nil, 8 + 48},
		{primitive.Given, true, nil, 48},
		{primitive.Given, true, []bool{false, true}, 48},
		{primitive.Given, true, []bool{true, false}, 8},
		{primitive.Given, false, []bool{true, false}, 8},
		{primitive.Cyclic, false, nil, 0},
		{primitive.Cyclic, true, []bool{true, false}, 0},
	} {
		d := on(invest(t, 2))
		el := d.bus("energy", 0, primitive.Exact)
		d.store("store", primitive.Store{Bus: el, Bound: upTo(30), End: c.end, Initial: 4, Final: nan, Carry: c.carry, Alive: c.alive})
		d.trade("market", primitive.Trade{Bus: el, Sell: true, Max: data(inf), Price: data(1, 2, 3, 4)})
		p, ix := build(t, d)
		s := answer(t, p, ix)
		near(t, "cost", s.Objective, -c.want)
	}
	// Bought at 1 in the first period, sold at 3 x 3 in the second, given back
	// by nobody: cyclic over all, 30 are carried.
	d := on(invest(t, 1))
	el := d.bus("energy", 0, primitive.Exact)
	d.store("store", primitive.Store{Bus: el, Bound: upTo(30), Carry: true})
	d.trade("buy", primitive.Trade{Bus: el, Max: data(inf), Price: data(1, 9)})
	d.trade("sell", primitive.Trade{Bus: el, Sell: true, Max: data(inf), Price: data(0.5, 3)})
	p, ix := build(t, d)
	s := answer(t, p, ix)
	near(t, "cost", s.Objective, 30-270)
	nears(t, "level before", s.StoreBefore(s.X, 0), 0, 30)
}

// The second period's first hour has no ramp, its second has: 10, 20 | 100, 95.
func TestRampOverPeriods(t *testing.T) {
	d := on(invest(t, 2))
	el := d.bus("electricity", 0, primitive.Exact)
	u := d.source("plant", el, 100, 10)
	u.Ramp = &primitive.Ramp{Ups: []float64{nan, 0.1, 0.1, 0.1}, Down: 0.1, Initial: 0, PerStep: true}
	u.Fixed = &primitive.Series{Data: []float64{10, nan, 100, nan}}
	d.source("dear", el, 500, 50)
	d.demand(el, 100, 100, 100, 95)
	p, ix := build(t, d)
	s := answer(t, p, ix)
	nears(t, "plant", s.UnitActivity(s.X, 0), 10, 20, 100, 95)
}

// Steps of 1, 2, 1 and 2 hours begin at 0, 1, 3 and 4. What arrives 2 hours
// later comes from the last step that began then or earlier: in the third
// (hour 1) the second, in the fourth (hour 2) the second again, with the ratio
// of arrival; around the clock of 6 hours the first (hour 4) has the fourth
// and the second (hour 5) too.
func TestSampledDelay(t *testing.T) {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	var snapshots []clock.Snapshot
	for _, h := range []float64{1, 2, 1, 2} {
		snapshots = append(snapshots, clock.Snapshot{Stamp: at, Length: h, Hours: h, Cost: 1, Amount: h, Event: 1})
	}
	for _, cyclic := range []bool{false, true} {
		c, err := clock.Snapshots(snapshots, nil)
		if err != nil {
			t.Fatal(err)
		}
		d := on(c)
		el := d.bus("arrival", 0, primitive.Exact)
		fixed := data(10, 20, 30, 40)
		d.unit("link", primitive.Unit{Bound: upTo(100), Fixed: &fixed, Ports: []primitive.Port{{Bus: el, Ratio: data(0.1, 0.2, 0.3, 0.4), Delay: 2, Cyclic: cyclic, Sampled: true}}})
		d.trade("market", primitive.Trade{Bus: el, Sell: true, Max: data(inf), Price: data(1)})
		p, ix := build(t, d)
		s := answer(t, p, ix)
		rate, _ := s.TradeRate(s.X, 0)
		want := []float64{0, 0, 6, 8}
		if cyclic {
			want = []float64{4, 8, 6, 8}
		}
		nears(t, "arrives", rate, want...)
		s.Flows(s.X, int(el), func(f Flow) {
			if f.What == Activity {
				nears(t, "flow", f.Rate, want...)
			}
		})
	}
}
