package kind_test

import "testing"

// A tonne cast takes 1 / (1 - 0.006) = 1.0060362 t of liquid metal, 0.07 MWh and
// 1 GJ = 0.277778 MWh of fuel: of gas at 0.202 t/MWh 0.0561111 t of CO2, of oil
// counted in tonnes of 11.9 MWh net 0.0233427 t.
func TestCasthouse(t *testing.T) {
	const commodities = "liquid_aluminium: {unit: t}\naluminium: {unit: t}\noil: {unit: t}\nco2: {unit: t, balance: account}"
	p := plan{commodities: commodities, assets: `
cast: {kind: casthouse, at: park, capacity: 500 kt/a, fuel: oil, calorific: 11.9 MWh net/t, co2: 0.202 t/MWh net}
pots: {kind: purchase, at: park, commodity: liquid_aluminium, price: 2000 USD/t}
oil: {kind: purchase, at: park, commodity: oil, price: 700 USD/t}
sun: {kind: solar, at: park, capacity: 10 MW, availability: 100 %}
sell: {kind: sale, at: park, commodity: aluminium, price: 2500 USD/t}
`}
	m := p.model(t)
	u := unitOf(t, m, "cast", "")
	near(t, "ingot", port(m, u, "aluminium@park"), 1)
	near(t, "liquid metal", port(m, u, "liquid_aluminium@park"), -1.0060362)
	near(t, "power", port(m, u, "electricity@park"), -0.07)
	near(t, "oil", port(m, u, "oil@park"), -0.02334267)
	near(t, "CO2", port(m, u, "co2@park"), 0.05611111)

	// At full load for a day: 24 x 57.0776 = 1,369.863 t.
	s := p.solve(t)
	near(t, "cost", s.Objective, 500e3/365*(1.0060362173*2000+0.0233426704*700-2500))

	p.assets = replace(p.assets, "calorific: 11.9 MWh net/t, ", "")
	p.refused(t, "missing", "assets.cast.calorific")
}
