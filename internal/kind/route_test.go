package kind_test

import "testing"

// 240 t a day are used at the park; a road of 300 t a day loses 1 % and costs 38
// USD/t: 242.42 t are bought at 350 and sent. Each tonne sent makes 0.06 t of CO2.
func TestRoute(t *testing.T) {
	s := plan{days: 4, commodities: "alumina: {unit: t, step: 1d}\nco2: {unit: t, balance: account, price: 10 USD/t}", assets: `
buy: {kind: purchase, at: border, commodity: alumina, price: 350 USD/t}
road: {kind: route, commodity: alumina, from: border, to: park, at: border, capacity: 300 t/d, loss: 1 %, delay: 1 d, cost: 38 USD/t, co2: 60 kg/t}
use: {kind: demand, at: park, commodity: alumina, amount: 240 t/d}
`}.solve(t)
	near(t, "cost", s.Objective, 4*240/0.99*(350+38+0.6))
}

// One way unless back says otherwise.
func TestRouteBack(t *testing.T) {
	m := plan{commodities: "alumina: {unit: t, step: 1d}", assets: `
a: {kind: route, at: border, commodity: alumina, to: park, capacity: 1 Mt/a}
b: {kind: route, at: border, commodity: alumina, to: park, capacity: 1 Mt/a, back: 50 %}
`}.model(t)
	near(t, "back of a", m.Routes[0].Back.Value, 0)
	near(t, "back of b", m.Routes[1].Back.Value, 0.5)
	if m.Capacities[0].Unit != "t/h" {
		t.Errorf("the capacity is in %s, want t/h", m.Capacities[0].Unit)
	}
}
