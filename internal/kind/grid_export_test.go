package kind_test

import "testing"

// 100 MW for a day are 2,400 MWh; a month may take 1 GWh (and a year 3 TWh) at
// 35 less 5 of wheeling: 30,000.
func TestGridExportLimits(t *testing.T) {
	s := plan{assets: `
wind: {kind: wind, at: park, capacity: 100 MW, availability: 100 %}
sell:
  kind: grid_export
  at: park
  price: 35 USD/MWh
  wheeling: 5 USD/MWh
  max: 1 GW
  limits: {month_max: [1 GWh, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], year_max: 3 TWh}
`}.solve(t)
	near(t, "cost", s.Objective, -30000)
}
