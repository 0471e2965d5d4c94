package kind_test

import "testing"

const heat = "steam: {unit: MWh}\nlow_steam: {unit: MWh}\nwaste: {unit: MWh}\ncoal: {unit: t}\nco2: {unit: t, balance: account}"

// Coal of 22 GJ net a tonne is 6.1111 MWh. A MWh of steam at 85 % takes 1/0.85 =
// 1.17647 MWh of it, 0.192513 t, and makes 94.6 kg/GJ x 3.6 x 1.17647 = 0.400659 t
// of CO2: on net calorific value, as the factor (facts-K17).
func TestBoiler(t *testing.T) {
	p := plan{commodities: heat, assets: `
boiler: {kind: boiler, at: park, capacity: 100 MW, fuel: coal, calorific: 22 GJ net/t, efficiency: 85 %, co2: 94.6 kg/GJ net, electricity: 10 kWh/MWh, must_run: 30 %}
coal: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}
grid: {kind: purchase, at: park, commodity: electricity, price: 60 USD/MWh}
works: {kind: demand, at: park, commodity: steam, amount: 80 MW}
`}
	m := p.model(t)
	u := unitOf(t, m, "boiler", "")
	near(t, "coal", port(m, u, "coal@park"), -0.19251337)
	near(t, "CO2", port(m, u, "co2@park"), 0.40065882)
	near(t, "least load", m.Units[u].Bound.Min.Value, 0.3)
	s := p.solve(t)
	near(t, "cost", s.Objective, 24*80*(0.1925133690*70+0.01*60))

	p.assets = replace(p.assets, "85 %", "104 %")
	p.refused(t, "range", "assets.boiler.efficiency")
	p.assets = replace(p.assets, "104 %", "85 %")
	p.assets = replace(p.assets, "22 GJ net/t", "5500 kcal/kg gross")
	p.refused(t, "unit-basis", "assets.boiler.calorific")
	p.assets = replace(p.assets, "calorific: 5500 kcal/kg gross, ", "")
	p.refused(t, "missing", "assets.boiler.calorific")
}

// An electric boiler of 99 % beside the fired one takes the hours in which power
// costs less than 0.99 of the coal's 13.48 USD/MWh.
func TestElectricBoilerTakesCheapHours(t *testing.T) {
	s := plan{commodities: heat, series: map[string][]float64{"price": {5, 60}}, assets: `
fired: {kind: boiler, at: park, capacity: 100 MW, fuel: coal, calorific: 22 GJ net/t, efficiency: 85 %, co2: 0}
electrode: {kind: electric_boiler, at: park, capacity: 30 MW}
coal: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}
grid: {kind: purchase, at: park, commodity: electricity, price: s.csv#price}
works: {kind: demand, at: park, commodity: steam, amount: 80 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 12*(80*0.1925133690*70)+12*(50*0.1925133690*70+30/0.99*5))
}

// 3.05 MWh of heat from 1 of power and 2.05 of waste heat.
func TestHeatPump(t *testing.T) {
	m := plan{commodities: heat, assets: `
pump: {kind: heat_pump, at: park, heat: low_steam, from: waste, capacity: 10 MW}
sell: {kind: sale, at: park, commodity: low_steam, price: 20 USD/MWh}
source: {kind: purchase, at: park, commodity: waste, price: 0 USD/MWh}
sun: {kind: solar, at: park, capacity: 10 MW, availability: 100 %}
`}.model(t)
	u := unitOf(t, m, "pump", "")
	near(t, "power", port(m, u, "electricity@park"), -1/3.05)
	near(t, "waste heat", port(m, u, "waste@park"), -2.05/3.05)
}

// 0.2 MWh of power comes with each MWh of steam; both together at 84 % take
// 1.2/0.84 = 1.428571 MWh of coal, 0.233766 t, and make 0.486514 t of CO2.
func TestCHP(t *testing.T) {
	m := plan{commodities: heat, assets: `
works: {kind: chp, at: park, capacity: 100 MW, power_to_heat: 0.2, fuel: coal, calorific: 22 GJ net/t, efficiency: 84 %, co2: 94.6 kg/GJ net}
coal: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}
sell: {kind: sale, at: park, commodity: steam, price: 20 USD/MWh}
feed: {kind: sale, at: park, commodity: electricity, price: 50 USD/MWh}
`}.model(t)
	u := unitOf(t, m, "works", "")
	near(t, "power", port(m, u, "electricity@park"), 0.2)
	near(t, "coal", port(m, u, "coal@park"), -0.23376623)
	near(t, "CO2", port(m, u, "co2@park"), 0.48651429)
}
