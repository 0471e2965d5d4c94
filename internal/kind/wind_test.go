package kind_test

import "testing"

// 100 MW at 50 % give 50 MW, of which 30 are used and 20 curtailed; each MWh
// costs 2: 24 x 30 x 2 = 1,440.
func TestWindIsCurtailed(t *testing.T) {
	s := plan{assets: `
wind: {kind: wind, at: park, capacity: 100 MW, availability: 50 %, variable: 2 USD/MWh}
load: {kind: demand, at: park, amount: 30 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 1440)
	near(t, "energy", sum(s.UnitActivity(s.X, 0)), 720)
}
