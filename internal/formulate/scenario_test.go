package formulate

import (
	"strings"
	"testing"

	"example.org/busbar/internal/primitive"
)

// futures is a capacity at 15 a MW for 100 MW that are asked for in one of two
// scenarios only, where another source costs 20.
func futures(risk *primitive.Risk) *draft {
	d := on(hours(1))
	d.Scenarios = []primitive.Scenario{{Name: "wet", Probability: 0.5}, {Name: "dry", Probability: 0.5}}
	d.Risk = risk
	c := d.capacity(primitive.Capacity{Max: 500, Capital: 15})
	first := d.bus("electricity/wet", 0, primitive.Exact)
	for k, demand := range []float64{0, 100} {
		el := first
		if k > 0 {
			el = d.place("electricity/dry", first)
		}
		d.source("built/"+d.Scenarios[k].Name, el, 1, 0).Bound = share(c, 1)
		d.source("other/"+d.Scenarios[k].Name, el, 500, 20)
		d.demand(el, demand)
		for i := range d.Units[2*k:] {
			d.Units[2*k+i].Scenario = int32(k + 1)
		}
	}
	return d
}

func init() {
	golden[RiskExcess] = func(t *testing.T) *draft { return futures(&primitive.Risk{Alpha: 0.75, Omega: 0.2}) }
}

// A MW saves 20 in half of the futures: 10 expected, less than 15. Of the
// dearer half it saves 20. With a share of 0.2 of that it saves 12, with 0.6 it
// saves 16 and all 100 are built.
func TestScenarios(t *testing.T) {
	for _, c := range []struct {
		risk        *primitive.Risk
		built, cost float64
	}{
		{nil, 0, 1000},
		{&primitive.Risk{Alpha: 0.5, Omega: 0}, 0, 1000},
		{&primitive.Risk{Alpha: 0.5, Omega: 0.2}, 0, 0.8*1000 + 0.2*2000},
		{&primitive.Risk{Alpha: 0.5, Omega: 0.6}, 100, 1500},
		{&primitive.Risk{Alpha: 0, Omega: 1}, 0, 1000},
	} {
		d := futures(c.risk)
		p, ix := build(t, d)
		s := answer(t, p, ix)
		near(t, "built", s.CapacityBuilt(s.X, 0), c.built)
		near(t, "cost", s.Objective, c.cost)
	}
}

// A limit on money takes what is expected: 500 of it leave 50 MW to buy.
func TestExpectedMoney(t *testing.T) {
	d := futures(&primitive.Risk{Alpha: 0.5, Omega: 0.1})
	d.Limits = []primitive.Limit{{Name: "fuel", Span: primitive.Horizon, Max: []float64{500}, Soft: nan,
		Terms: []primitive.Term{{Of: primitive.MoneyCost, Index: int32(primitive.Variable), Coef: one}}}}
	p, ix := build(t, d)
	s := answer(t, p, ix)
	near(t, "built", s.CapacityBuilt(s.X, 0), 50)
}

func TestScenarioFaults(t *testing.T) {
	for _, c := range []struct {
		want  string
		wrong func(d *draft)
	}{
		{"sum to 0.75", func(d *draft) { d.Scenarios[0].Probability = 0.25 }},
		{"its scenario is number 3 of 2", func(d *draft) { d.Units[1].Scenario = 3 }},
		{"there are no scenarios", func(d *draft) {
			d.Scenarios = nil
			for i := range d.Units {
				d.Units[i].Scenario = 0
			}
		}},
		{"Alpha is 1", func(d *draft) { d.Risk.Alpha = 1 }},
		{"Omega is 2", func(d *draft) { d.Risk.Omega = 2 }},
	} {
		d := futures(&primitive.Risk{Alpha: 0.5, Omega: 0.5})
		c.wrong(d)
		if _, _, err := Build(&d.Model); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %q", err, c.want)
		}
	}
}
