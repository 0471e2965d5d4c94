package kind_test

import "testing"

// 65 % coke at 430 and 14 % pitch at 600 are 363.5 USD a tonne. Butts are a
// commodity here, and gas of 2.4 GJ = 0.666667 MWh net. Baking gives 0.196 t of
// CO2: at 0.51 t of anode 0.1 t per t of metal (facts-A3).
func TestAnodePlant(t *testing.T) {
	m := plan{commodities: "anode: {unit: t}\nbutts: {unit: t}\ngas: {unit: MWh net}\nco2: {unit: t, balance: account}", assets: `
bake: {kind: anode_plant, at: park, capacity: 255 kt/a, fuel: gas, prices: {coke: 430 USD/t, pitch: 600 USD/t}}
gas: {kind: purchase, at: park, commodity: gas, price: 30 USD/MWh net}
butts: {kind: purchase, at: park, commodity: butts, price: 0 USD/t}
sun: {kind: solar, at: park, capacity: 10 MW, availability: 100 %}
sell: {kind: sale, at: park, commodity: anode, price: 690 USD/t}
`}.model(t)
	u := unitOf(t, m, "bake", "")
	near(t, "cost", m.Units[u].Costs[0].Per.Value, 363.5)
	near(t, "butts", port(m, u, "butts@park"), -0.21)
	near(t, "gas", port(m, u, "gas@park"), -2.4/3.6)
	near(t, "power", port(m, u, "electricity@park"), -0.14)
	within(t, "CO2 of a tonne of metal", 0.51*port(m, u, "co2@park"), 0.1, 0.0005)
}
