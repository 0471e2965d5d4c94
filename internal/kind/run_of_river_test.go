package kind_test

import "testing"

// 9.81e-3 x 50 m x 0.9 x 100 m3/s = 44.145 MW (facts-K16: 44.1). A plant of
// 40 MW spills the rest, one of 60 MW has 44.145.
func TestRunOfRiverPower(t *testing.T) {
	for _, c := range []struct {
		capacity string
		power    float64
	}{{"40 MW", 40}, {"60 MW", 44.145}} {
		m := plan{assets: "river: {kind: run_of_river, at: park, capacity: " + c.capacity + ", inflow: 100 m3/s, head: 50 m}"}.model(t)
		u := m.Units[0]
		near(t, "power of "+c.capacity, u.Bound.Coef*m.Capacities[0].Existing*u.Bound.Max.At(0), c.power)
	}
}

// Where the plant may be built, water bounds the power all the same: of a load
// of 60 MW 44.145 MW are served, 15.855 go short.
func TestRunOfRiverBuilt(t *testing.T) {
	s := plan{assets: `
river:
  kind: run_of_river
  at: park
  inflow: 100 m3/s
  head: 50 m
  build: {max: 100 MW, cost: 1 USD/kW, life: 30 a}
load: {kind: demand, at: park, amount: 60 MW, shed: 1e5 USD/MWh}
`}.solve(t)
	near(t, "short", s.DemandShed(s.X, 0)[0], 15.855)
	near(t, "built", s.CapacityBuilt(s.X, 0), 44.145)
}

func TestRunOfRiverSaysItsWaterOnce(t *testing.T) {
	plan{assets: "r: {kind: run_of_river, at: park, capacity: 1 MW}"}.refused(t, "conflict", "assets.r")
	plan{assets: "r: {kind: run_of_river, at: park, capacity: 1 MW, inflow: 3 m3/s}"}.refused(t, "missing", "assets.r.head")
}
