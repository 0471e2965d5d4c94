package kind_test

import "testing"

const coal = "coal: {unit: t}\nco2: {unit: t, balance: account}"

const mine = `
mine: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}
load: {kind: demand, at: park, amount: 100 MW}
`

// Coal of 6.4 MWh net/t at 38 %: 1 / (0.38 x 6.4) = 0.411184 t/MWh, and 0.336 /
// 0.38 = 0.884211 t of CO2 a MWh.
func TestThermalFuelAndCarbon(t *testing.T) {
	m := plan{commodities: coal, assets: mine + `
plant: {kind: thermal, at: park, capacity: 300 MW, fuel: coal, calorific: 6.4 MWh net/t, efficiency: 38 %, co2: 0.336 t/MWh net}
`}.model(t)
	u := unitOf(t, m, "plant", "")
	near(t, "coal", port(m, u, "coal@park"), -0.4111842105)
	near(t, "CO2", port(m, u, "co2@park"), 0.8842105263)
}

// The same by heat rate: 0.4111842105 t/MWh of 6.4 MWh net/t is 2.6316 MWh net.
func TestThermalHeatRate(t *testing.T) {
	m := plan{commodities: coal, assets: mine + `
plant: {kind: thermal, at: park, capacity: 300 MW, fuel: coal, calorific: 6.4 MWh net/t, heat_rate: 0.4111842105 t/MWh, co2: 0.336 t/MWh net}
`}.model(t)
	near(t, "CO2", port(m, unitOf(t, m, "plant", ""), "co2@park"), 0.8842105263)
}

// 100 MW of load for a day: 2,400 x 0.411184 t x 70 USD + 2,400 x 3 = 76,278.9.
func TestThermalCost(t *testing.T) {
	s := plan{commodities: coal, assets: mine + `
plant: {kind: thermal, at: park, capacity: 300 MW, fuel: coal, calorific: 6.4 MWh net/t, efficiency: 38 %, co2: 0, variable: 3 USD/MWh}
`}.solve(t)
	near(t, "cost", s.Objective, 2400*(70/(0.38*6.4)+3))
}

// A third out for repair and a must-run of 40 % leave 80 MW to 200 MW of 300; a
// ramp of 30 %/h is 90 MW an hour.
func TestThermalRange(t *testing.T) {
	m := plan{assets: `
plant: {kind: thermal, at: park, capacity: 300 MW, availability: 0.6666666666666666, must_run: 40 %, ramp: 30 %/h}
load: {kind: demand, at: park, amount: 100 MW}
`}.model(t)
	u := m.Units[0]
	near(t, "least", u.Bound.Min.Value*300, 80)
	near(t, "most", u.Bound.Max.Value*300, 200)
	near(t, "ramp", u.Ramp.Up*300, 90)
}

// A number that is missing is asked for, not read as 0.
func TestThermalMissingNumbers(t *testing.T) {
	base := mine + "plant: {kind: thermal, at: park, capacity: 300 MW, fuel: coal, "
	plan{commodities: coal, assets: base + "calorific: 6 MWh net/t, efficiency: 38 %}"}.refused(t, "missing", "assets.plant.co2")
	plan{commodities: coal, assets: base + "co2: 0.336 t/MWh net, efficiency: 38 %}"}.refused(t, "missing", "assets.plant.calorific")
	plan{commodities: coal, assets: base + "co2: 0, calorific: 6 MWh net/t}"}.refused(t, "missing", "assets.plant.efficiency")
	plan{commodities: coal, assets: base + "co2: 0.336 t/MWh net, heat_rate: 400 kg/MWh}"}.refused(t, "missing", "assets.plant.co2")
	plan{commodities: coal, assets: base + "co2: 0, calorific: 5500 kcal/kg gross, efficiency: 38 %}"}.refused(t, "unit-basis", "assets.plant.calorific")
}
