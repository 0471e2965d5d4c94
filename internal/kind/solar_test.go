package kind_test

import "testing"

// 2 GW at a mean availability of 18.8 % give 2,000 x 0.188 x 24 = 9,024 MWh a
// day; a flat 788 MW takes 18,912: an energy ratio of 47.7 % (facts-K1).
func TestSolarEnergyRatio(t *testing.T) {
	shape := make([]float64, 24)
	for h := 6; h < 18; h++ {
		shape[h] = 0.376
	}
	m := plan{assets: `
sun: {kind: solar, at: park, capacity: 2 GW, availability: s.csv#sun}
`, series: map[string][]float64{"sun": shape}}.model(t)
	u := m.Units[0]
	day := u.Bound.Coef * m.Capacities[u.Bound.Capacity].Existing * sum(u.Bound.Max.Data)
	near(t, "energy of a day", day, 9024)
	within(t, "energy ratio", day/(788*24), 0.477, 0.0005)
}
