package formulate

import (
	"strings"
	"testing"

	"example.org/busbar/internal/primitive"
)

func points(xy ...float64) (c primitive.Curve) {
	for k := 0; k < len(xy); k += 2 {
		c.X, c.Y = append(c.X, xy[k]), append(c.Y, xy[k+1])
	}
	return c
}

func priced(c primitive.Curve) []primitive.PriceCurve {
	return []primitive.PriceCurve{{Curve: c, Class: primitive.Variable, Party: none}}
}

func init() {
	golden[UnitCurve] = func(t *testing.T) *draft {
		d := on(hours(2))
		el := d.bus("electricity", 0, primitive.Exact)
		d.unit("plant", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Curves: priced(points(0, 0, 60, 600, 100, 1400))})
		u := d.plant("committed", el, whole(primitive.Commitment{}))
		u.Curves = priced(points(40, 500, 100, 1100))
		return d
	}
	golden[UnitOrder] = func(t *testing.T) *draft {
		d := on(hours(1))
		el := d.bus("electricity", 0, primitive.Exact)
		d.unit("turbine", primitive.Unit{Bound: upTo(100), Costs: per(1), Curves: priced(points(0, 5, 100, 25)),
			PortCurves: []primitive.PortCurve{{Curve: points(0, 0, 50, 20, 100, 50), Bus: el}}})
		return d
	}
	golden[CapacityCurve] = func(t *testing.T) *draft {
		d := on(hours(1))
		c := points(10, 100, 60, 600, 100, 1000.5)
		d.capacity(primitive.Capacity{Existing: 5, Max: 200, Capital: 1, Curve: &c})
		return d
	}
	golden[CapacityOrder] = func(t *testing.T) *draft {
		d := on(hours(1))
		c := points(0, 0, 60, 600, 100, 800)
		d.capacity(primitive.Capacity{Max: 100, Curve: &c})
		return d
	}
}

// 10 for the first 50, 30 for the next, against 20: 80 are 50 and 30.
func TestRisingPrice(t *testing.T) {
	d := on(hours(1))
	el := d.bus("electricity", 0, primitive.Exact)
	d.unit("plant", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Curves: priced(points(0, 0, 50, 500, 100, 2000))})
	d.source("other", el, 100, 20)
	d.demand(el, 80)
	s := solve(t, d)
	nears(t, "plant", s.UnitActivity(s.X, 0), 50)
	near(t, "cost", s.Objective, 1100)
}

// 30 for the first 50 and 10 for the next, against 25: for 40 the other is
// cheaper (1000), for 100 the plant (2000).
func TestFallingPrice(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	d.unit("plant", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Curves: priced(points(0, 0, 50, 1500, 100, 2000))})
	d.source("other", el, 100, 25)
	d.demand(el, 40, 100)
	s := integer(t, d)
	nears(t, "plant", s.UnitActivity(s.X, 0), 0, 100)
	near(t, "cost", s.Objective, 3000)
}

// Fuel at 1 gives 0.4 up to 50 and 0.6 beyond: 35 take 50 + 25.
func TestEfficiencyCurve(t *testing.T) {
	d := on(hours(1))
	el := d.bus("electricity", 0, primitive.Exact)
	d.unit("turbine", primitive.Unit{Bound: upTo(100), Costs: per(1), PortCurves: []primitive.PortCurve{{Curve: points(0, 0, 50, 20, 100, 50), Bus: el}}})
	d.source("other", el, 100, 25)
	d.demand(el, 35)
	s := integer(t, d)
	nears(t, "fuel", s.UnitActivity(s.X, 0), 75)
	near(t, "cost", s.Objective, 75)
}

// Online it costs 500 at its least, 40, and 10 for each further: 100 cost 1100,
// 20 can't be made.
func TestCommittedCurve(t *testing.T) {
	d, el := against(100, 20)
	u := d.plant("plant", el, whole(primitive.Commitment{}))
	u.Costs, u.Curves = nil, priced(points(40, 500, 100, 1100))
	near(t, "cost", integer(t, d).Objective, 1100+1000)
}

// Built at 30 up to 50 and 10 beyond, against 25: as in TestFallingPrice.
func TestCapitalCurve(t *testing.T) {
	for _, c := range []struct{ demand, cost float64 }{{40, 1000}, {100, 2000}} {
		d := on(hours(1))
		el := d.bus("electricity", 0, primitive.Exact)
		k := points(0, 0, 50, 1500, 100, 2000)
		u := d.source("plant", el, 1, 0)
		u.Bound = share(d.capacity(primitive.Capacity{Max: 500, Curve: &k}), 1)
		d.source("other", el, 100, 25)
		d.demand(el, c.demand)
		near(t, "cost", integer(t, d).Objective, c.cost)
	}
}

// 0.1 a^2 meets 10 where 0.2 a = 10: 50, and 30 from the other: 250 + 300.
func TestQuadratic(t *testing.T) {
	d := on(hours(1))
	el := d.bus("electricity", 0, primitive.Exact)
	d.source("other", el, 100, 10)
	u := d.source("plant", el, 100, 0)
	u.Costs, u.Quadratic = nil, per(0.1)
	d.demand(el, 80)
	s := integer(t, d)
	nears(t, "plant", s.UnitActivity(s.X, 1), 50)
	near(t, "cost", s.Objective, 550)

	w := whole(primitive.Commitment{})
	u.Commitment = &w
	if _, _, err := Build(&d.Model); err == nil || !strings.Contains(err.Error(), "whole numbers") {
		t.Errorf("error is %v", err)
	}
}

func TestCurveFaults(t *testing.T) {
	for _, c := range []struct {
		want  string
		wrong func(u *primitive.Unit)
	}{
		{"two or more fit", func(u *primitive.Unit) { u.Curves = priced(points(0, 0)) }},
		{"point 5 comes after 5", func(u *primitive.Unit) { u.Curves = priced(points(0, 0, 5, 1, 5, 2)) }},
		{"value is NaN", func(u *primitive.Unit) { u.Curves = priced(points(0, nan, 5, 1)) }},
		{"must begin with 0", func(u *primitive.Unit) { u.PortCurves = []primitive.PortCurve{{Curve: points(5, 1, 6, 2)}} }},
		{"may not be negative", func(u *primitive.Unit) { u.Quadratic = per(-1) }},
		{"bus is number 9", func(u *primitive.Unit) { u.PortCurves = []primitive.PortCurve{{Bus: 9}} }},
	} {
		d, _ := against(1)
		c.wrong(&d.Units[0])
		if _, _, err := Build(&d.Model); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %q", err, c.want)
		}
	}
}
