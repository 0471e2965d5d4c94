package kind_test

import (
	"math"
	"testing"

	"example.org/busbar/internal/primitive"
)

// A plant of 100 MW that runs at half or more: it starts once for 1,000 and
// serves 60 MW for a day at 10, cheaper than 40 from elsewhere.
func TestUnitCommitment(t *testing.T) {
	s := plan{assets: `
plant: {kind: unit, at: park, capacity: 100 MW, min: 50 %, cost: 10 USD/MWh, commitment: {start: 1 kUSD, min_up: 3}}
other: {kind: unit, at: park, capacity: unlimited, cost: 40 USD/MWh}
load: {kind: demand, at: park, amount: 60 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 1000+24*60*10)
}

// The first 50 MW cost 10 a MWh, the next 30: 80 MW cost 500 + 30 x 30 an hour.
func TestUnitCostCurve(t *testing.T) {
	s := plan{assets: `
plant: {kind: unit, at: park, capacity: 100 MW, cost_curve: {activity: [0 MW, 50 MW, 100 MW], cost: [0 USD/h, 500 USD/h, 2000 USD/h]}}
load: {kind: demand, at: park, amount: 80 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 24*1400)
}

// A boiler burns 20 MW net at 10 MW, 30 at 20: at 15 MW it is 25.
func TestUnitFlowCurve(t *testing.T) {
	s := plan{commodities: "gas: {unit: MWh net}", assets: `
engine:
  kind: unit
  at: park
  capacity: 20 MW
  ports:
    - {commodity: electricity, ratio: 1}
    - {commodity: gas, curve: {activity: [0 MW, 10 MW, 20 MW], flow: [0 MWh net/h, -20 MWh net/h, -30 MWh net/h]}}
gas: {kind: purchase, at: park, commodity: gas, price: 30 USD/MWh net}
load: {kind: demand, at: park, amount: 15 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 24*25*30)
}

// One size of 10 MW bounds charging, discharging and, by 2 h, the store: bought
// at 10 every other hour for both, 12 x 20 x 10.
func TestSharedCapacity(t *testing.T) {
	p := plan{series: map[string][]float64{"price": {10, 100}}, assets: `
grid: {kind: purchase, at: park, commodity: electricity, price: s.csv#price}
load: {kind: demand, at: park, amount: 10 MW}
charge: {kind: unit, at: park, shares: size, ports: [{commodity: electricity, ratio: -1}, {commodity: electricity, inside: level, ratio: 1}]}
give: {kind: unit, at: park, shares: size, ports: [{commodity: electricity, ratio: 1}, {commodity: electricity, inside: level, ratio: -1}]}
level: {kind: store, commodity: electricity, inside: true, shares: {capacity: size, hours: 2 h}}
size: {kind: capacity, unit: MW, capacity: 10 MW}
`}
	s := p.solve(t)
	near(t, "cost", s.Objective, 12*20*10)
	if n := len(s.m.Capacities); n != 1 {
		t.Errorf("%d capacities, want the shared one", n)
	}
	near(t, "hours", s.m.Stores[0].Bound.Coef, 2)
}

// Three equal lines: of what the park sends to the border two thirds take the
// way of 50 MW, so 75 MW come at 10 and 15 are made there at 50.
func TestLine(t *testing.T) {
	s := plan{assets: `
cheap: {kind: unit, at: park, capacity: 200 MW, cost: 10 USD/MWh}
dear: {kind: unit, at: border, capacity: 200 MW, cost: 50 USD/MWh}
load: {kind: demand, at: border, amount: 90 MW}
short: {kind: line, from: park, to: border, capacity: 50 MW, reactance: 0.001 1/MW}
way: {kind: line, from: park, to: town, capacity: unlimited, reactance: 0.001 1/MW}
on: {kind: line, from: town, to: border, capacity: 200 MW, reactance: 0.001 1/MW}
`}.solve(t)
	near(t, "cost", s.Objective, 24*(75*10+15*50))
}

// 60 MW take two modules of 40 MW at 365 a MW and year, a day's share of it;
// by a curve of 36,500 a year for 100 MW they take what 60 cost.
func TestBuildByModulesAndCurve(t *testing.T) {
	s := plan{assets: `
plant: {kind: unit, at: park, build: {max: unlimited, annuity: 365 USD/MW/a, module: 40 MW}}
load: {kind: demand, at: park, amount: 60 MW}
`}.solve(t)
	near(t, "modules", s.Objective, 80)
	s = plan{assets: `
plant: {kind: unit, at: park, build: {max: 100 MW, curve: {size: [0 MW, 100 MW], cost: [0 USD/a, 36500 USD/a]}, fixed_cost: 730 USD/MW/a}}
load: {kind: demand, at: park, amount: 60 MW}
`}.solve(t)
	near(t, "curve", s.Objective, 60+60*2)
}

// What a unit, a store and a line may say arrives as it is written.
func TestGenericWords(t *testing.T) {
	m := plan{series: map[string][]float64{"share": {0.25, 0.5}}, assets: `
plant:
  kind: unit
  at: park
  capacity: 80 MW
  step_up: s.csv#share
  step_down: 40 %
  initial: 20 MW
  quadratic: 0.1 USD*h/MWh/MWh
  maintenance: {events: 2, hours: 6 h, share: 50 %}
  commitment: {module: 40 MW, relaxed: true, stand_by: 3 USD/h, min_down: 2, before: -4, ramp_start: 30 %}
lake: {kind: store, at: park, commodity: electricity, capacity: unlimited, initial: 5 MWh, final: free, spill: true, spill_max: 2 MW}
net: {kind: demand, at: park, net: -3 MW}
shifter: {kind: line, from: park, to: town, capacity: 10 MW, reactance: 0.01 1/MW, shift_min: -0.1, shift_max: 0.2, angle_max: 0.5, loss: {resistance: 0.002 1/MW, tangents: 3}}
`}.model(t)
	u := m.Units[0]
	if r := u.Ramp; !r.PerStep || r.Ups[0] != 0.25 || r.Down != 0.4 || r.Initial != 20 {
		t.Errorf("the ramp is %+v", r)
	}
	near(t, "square", u.Quadratic[0].Per.Value, 0.1)
	if w := (primitive.Maintenance{Events: 2, Hours: 6, Share: 0.5}); *u.Maintenance != w {
		t.Errorf("maintenance is %+v", u.Maintenance)
	}
	if c := u.Commitment; c.Module != 40 || !c.Relaxed || c.StandBy.Value != 3 || c.MinDown != 2 || c.Before != -4 || c.RampStart != 0.3 || !math.IsNaN(c.RampStop) {
		t.Errorf("commitment is %+v", c)
	}
	if s := m.Stores[0]; s.End != primitive.Given || s.Initial != 5 || !math.IsNaN(s.Final) || s.SpillMax.Value != 2 || !math.IsInf(s.Bound.Coef, 1) {
		t.Errorf("the store is %+v", s)
	}
	near(t, "net", m.Demands[0].Amount.Value, -3)
	l := m.Lines[0]
	if l.ShiftMin != -0.1 || l.ShiftMax != 0.2 || l.AngleMax != 0.5 || !math.IsInf(l.AngleMin, -1) || l.Loss.R != 0.002 || l.Loss.Tangents != 3 || l.Bound.Min.Value != -1 {
		t.Errorf("the line is %+v", l)
	}
}

func TestGenericFaults(t *testing.T) {
	for _, c := range []struct{ code, field, asset string }{
		{"conflict", "build.annuity", "{kind: unit, at: park, build: {max: 1 MW, annuity: 1 USD/MW/a, cost: 1 USD/MW, life: 9 a}}"},
		{"missing", "build.cost", "{kind: unit, at: park, build: {max: 1 MW}}"},
		{"missing", "build.life", "{kind: unit, at: park, build: {max: 1 MW, cost: 1 USD/MW}}"},
		{"range", "build.curve.size", "{kind: unit, at: park, build: {max: 1 MW, curve: {size: [0 MW, 0 MW], cost: [0 USD/a, 1 USD/a]}}}"},
		{"reference", "shares", "{kind: unit, at: park, shares: load}"},
		{"conflict", "most", "{kind: unit, at: park, capacity: 1 MW, most: 2 MW}"},
		{"conflict", "step_up", "{kind: unit, at: park, capacity: 1 MW, ramp_up: 10 %/h, step_up: 10 %}"},
		{"missing", "ports", "{kind: unit, at: park, capacity: 1 MW, ports: [{commodity: electricity}]}"},
		{"range", "ports", "{kind: unit, at: park, capacity: 2 MW, ports: [{commodity: electricity, curve: {activity: [1 MW, 2 MW], flow: [1 MW, 2 MW]}}]}"},
		{"range", "reactance", "{kind: line, from: park, to: town, capacity: 1 MW, reactance: 0 1/MW}"},
		{"missing", "loss", "{kind: line, from: park, to: town, capacity: 1 MW, reactance: none, loss: {resistance: 1 1/MW}}"},
		{"missing", "shift_max", "{kind: line, from: park, to: town, capacity: 1 MW, reactance: 1 1/MW, shift_min: 0}"},
		{"conflict", "spill", "{kind: store, at: park, commodity: electricity, capacity: 1 MWh, spill_max: 1 MW}"},
		{"missing", "stands", "{kind: unit, at: park, capacity: 1 MW, stands: 2030}"},
		{"unknown-scenario", "scenario", "{kind: unit, at: park, capacity: 1 MW, scenario: dry}"},
	} {
		plan{assets: "load: {kind: demand, at: park, amount: 1 MW}\nsource: {kind: unit, at: park, capacity: 2 MW}\nit: " + c.asset}.refused(t, c.code, "assets.it."+c.field)
	}
}
