package kind_test

import (
	"testing"

	"example.org/busbar/internal/primitive"
)

// A head of 50 m at 0.9 gives 0.44145 MW per m3/s, so 0.44145 / 0.0036 = 122.625
// MWh per Mm3. 100 m3/s bring 0.36 Mm3 an hour.
const perMm3 = 122.625

func TestReservoirPrimitives(t *testing.T) {
	m := plan{assets: `
lake:
  kind: reservoir
  at: park
  turbine: 100 m3/s
  inflow: 100 m3/s
  volume: {min: 50 Mm3, max: 350 Mm3}
  head: 50 m
`}.model(t)
	u := unitOf(t, m, "lake", "turbine")
	near(t, "turbine in MW", m.Capacities[0].Existing, 44.145)
	near(t, "water a MWh", port(m, u, "lake.water"), -1/perMm3)
	s := m.Stores[storeOf(t, m, "lake", "water")]
	near(t, "inflow", s.Inflow.At(0), 0.36)
	near(t, "least level", s.Bound.Coef*s.Bound.Min.Value, 50)
	near(t, "most level", s.Bound.Coef*s.Bound.Max.Value, 350)
	if s.End != primitive.Cyclic {
		t.Errorf("the end is %v, want cyclic", s.End)
	}
}

// The load of 88.29 MW comes in the second half of the day only. A large lake
// keeps the water of the first half (12 x 0.36 = 4.32 Mm3) and serves it all;
// a lake of 2 Mm3 has 2 + 4.32 = 6.32 Mm3, 775.0 of 1,059.5 MWh.
func TestReservoirMovesWater(t *testing.T) {
	load := make([]float64, 24)
	for h := 12; h < 24; h++ {
		load[h] = 88.29
	}
	for volume, short := range map[string]float64{"20 Mm3": 0, "2 Mm3": 88.29*12 - 6.32*perMm3} {
		s := plan{assets: `
lake: {kind: reservoir, at: park, capacity: 200 MW, inflow: 100 m3/s, volume: {max: ` + volume + `}, head: 50 m}
load: {kind: demand, at: park, amount: s.csv#power, shed: 1000 USD/MWh}
`, series: map[string][]float64{"power": load}}.solve(t)
		near(t, "short with "+volume, sum(s.DemandShed(s.X, 0)), short)
	}
}

// Two plants in one river: all of the upper one's water, turbined, released or
// spilled, passes the lower one two hours later, so the lower one makes 30/50
// of its energy from the same water. The upper turbine takes 50 of 100 m3/s.
func TestCascade(t *testing.T) {
	s := plan{assets: `
upper:
  kind: reservoir
  at: park
  turbine: 50 m3/s
  inflow: 100 m3/s
  volume: {max: 1 Mm3}
  head: 50 m
  downstream: lower
  travel: 2 h
lower: {kind: reservoir, at: park, turbine: 500 m3/s, volume: {max: 1 Mm3}, head: 30 m}
sale: {kind: sale, at: park, commodity: electricity, price: 10 USD/MWh}
`}.solve(t)
	near(t, "upper energy", sum(s.UnitActivity(s.X, unitOf(t, s.m, "upper", "turbine"))), 24*44.145/2)
	near(t, "lower energy", sum(s.UnitActivity(s.X, unitOf(t, s.m, "lower", "turbine"))), 24*44.145*30/50)
}

// Without inflow, 20 m3/s of least release take 24 x 0.072 = 1.728 Mm3 out of
// 10, through the turbine for what they are worth: 8.272 Mm3 remain, at 40
// USD/MWh against a price of 30. The turbine earns 1.728 x 122.625 x 30 = 6,356.9.
func TestReleaseAndWaterValue(t *testing.T) {
	s := plan{assets: `
lake:
  kind: reservoir
  at: park
  capacity: 100 MW
  volume: {max: 20 Mm3}
  head: 50 m
  release_min: 20 m3/s
  initial: 10 Mm3
  water_value: 40 USD/MWh
sale: {kind: sale, at: park, commodity: electricity, price: 30 USD/MWh}
`}.solve(t)
	level := s.StoreLevel(s.X, 0)
	near(t, "water left", level[23], 8.272)
	near(t, "cost", s.Objective, -1.728*perMm3*30-8.272*perMm3*40)
}

// Water let through the bottom outlet reaches the plant below as well, three
// hours later.
func TestReleaseReachesThePlantBelow(t *testing.T) {
	m := plan{assets: `
upper: {kind: reservoir, at: park, capacity: 1 MW, volume: {max: 1 Mm3}, head: 50 m, release_min: 1 m3/s, downstream: lower, travel: 3 h}
lower: {kind: reservoir, at: park, capacity: 1 MW, volume: {max: 1 Mm3}, head: 50 m}
sell: {kind: sale, at: park, commodity: electricity, price: 1 USD/MWh}
`}.model(t)
	near(t, "released", port(m, unitOf(t, m, "upper", "release"), "lower.water"), 1)
	near(t, "turbined", port(m, unitOf(t, m, "upper", "turbine"), "lower.water"), 1/perMm3)
	spill := m.Stores[storeOf(t, m, "upper", "water")].SpillTo
	if len(spill) != 1 || spill[0].Delay != 3 || !spill[0].Cyclic {
		t.Errorf("what is spilled goes %+v, want 3 hours down", spill)
	}
}

// The release may pass the dam without making power: with the turbine at rest
// the bottom outlet lets it down, even where nothing may be spilled. In January
// 20 m3/s are asked for: 10 - 1.728 = 8.272 Mm3 remain.
func TestReleaseBesideTheTurbine(t *testing.T) {
	s := plan{assets: `
lake:
  kind: reservoir
  at: park
  capacity: 0 MW
  volume: {max: 20 Mm3}
  head: 50 m
  spill: false
  release_min: {monthly: [20 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s, 1 m3/s]}
  initial: 10 Mm3
  water_value: 1 USD/MWh
load: {kind: demand, at: park, amount: 1 MW, shed: 1 USD/MWh}
`}.solve(t)
	near(t, "water left", s.StoreLevel(s.X, 0)[23], 8.272)
}

func TestReservoirConflicts(t *testing.T) {
	base := "lake: {kind: reservoir, at: park, capacity: 1 MW, volume: {min: 1 Mm3, max: 2 Mm3}, "
	plan{assets: base + "head: 50 m, productivity: 100 MWh/Mm3}"}.refused(t, "conflict", "assets.lake.productivity")
	plan{assets: base + "inflow: 1 m3/s}"}.refused(t, "missing", "assets.lake.head")
	plan{assets: base + "head: 50 m, turbine: 3 m3/s}"}.refused(t, "conflict", "assets.lake.turbine")
	plan{assets: base + "head: 50 m, travel: 3 h}"}.refused(t, "conflict", "assets.lake.travel")
	plan{assets: base + "head: 50 m, downstream: lake}"}.refused(t, "reference", "assets.lake.downstream")
	plan{assets: base + "head: 50 m, downstream: wind}\nwind: {kind: wind, at: park, capacity: 1 MW, availability: 20 %}"}.refused(t, "reference", "assets.lake.downstream")
	plan{assets: base + "head: 50 m, initial: 3 Mm3}"}.refused(t, "range", "assets.lake.initial")
	plan{assets: base + "head: 50 m, final: 2 Mm3}"}.refused(t, "missing", "assets.lake.initial")
}
