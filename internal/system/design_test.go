package system_test

import (
	"math"
	"testing"
)

// The workspace of the design page, with what its example leaves to others.
func TestTheDesignsExample(t *testing.T) {
	s, m := model(t, `
system: Oudomxay park
currency: USD                      # real money of the base year
base_year: 2026
study: dry-year
years: [2030]
weather: 2030
offset: +07:00
commodities:
  electricity: {unit: MWh, step: 1h}
  alumina:     {unit: t,   step: 1d}
  aluminium:   {unit: t,   step: 1d}
  co2:         {unit: t,   balance: account}
places:
  park: {name: Oudomxay park, country: LA, at: [20.69, 101.98]}
parties:
  park_co: {name: Park company, role: owner, note: shares not published}
assets:
  potlines:
    kind: potline
    at: park
    owner: park_co
    capacity: 500 kt/a
    energy: 13.5 MWh/t             # AC, rectifier to tapped metal
    modulation: {of: power, min: 95 %, max: 103 %, ramp: 5 %/h, heat_store: 1.5 h, catch_up: 2 d}
    source: facts-A2
  wind:
    kind: wind
    at: park
    availability: s/weather.csv#wind
    build: {max: 1 GW, cost: {value: 1570 USD/kW, source: facts-D1}, life: 25 a, wacc: 8 %, fixed: 1.2 %/a}
  grid: {kind: grid_import, at: park, price: 70 USD/MWh, max: 1 GW, co2: 0.107 t/MWh}
  alumina: {kind: purchase, at: park, commodity: alumina, price: 400 USD/t}
  metal: {kind: sale, at: park, commodity: aluminium, price: 2500 USD/t}
`)
	if s.BaseYear != 2026 || s.Study.Year != 2030 || s.Study.Name != "dry-year" {
		t.Errorf("%+v", s.Study)
	}
	for _, c := range m.Capacities {
		if m.Assets[c.Asset].Name == "wind" {
			// 1.57e6 USD/MW at 8 % over 25 a: annuity 0.0936788; 1.2 %/a of it fixed.
			if math.Abs(c.Capital/1.57e6-0.0936788) > 1e-7 || math.Abs(c.Fixed-0.012*1.57e6) > 1e-6 {
				t.Errorf("wind %+v", c)
			}
		}
	}
}
