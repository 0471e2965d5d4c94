package kind_test

import "testing"

// 10 MW of computers draw 13 MW. A fifth may move: at 100 and 50 USD/MWh in turn
// 8 run in the dear hours and 12 in the cheap ones.
func TestDataCentre(t *testing.T) {
	p := plan{commodities: "water: {unit: m3, balance: account}", series: map[string][]float64{"price": {100, 50}}, assets: `
servers: {kind: data_centre, at: park, capacity: 10 MW, shiftable: 20 %, water: 1.8 L/kWh, worth: 200 USD/MWh}
grid: {kind: purchase, at: park, commodity: electricity, price: s.csv#price}
`}
	s := p.solve(t)
	near(t, "cost", s.Objective, 1.3*12*(8*100+12*50.)-240*200)
	near(t, "water", s.amount(t, "water@park", ""), 240*1.8)
	p.assets = replace(p.assets, "shiftable: 20 %, ", "")
	near(t, "cost of a flat load", p.solve(t).Objective, 1.3*12*10*150-240*200)
}

// A PUE below 1 would cool with nothing.
func TestDataCentreRefusals(t *testing.T) {
	plan{assets: "servers: {kind: data_centre, at: park, capacity: 10 MW, pue: 0.9}"}.refused(t, "range", "assets.servers.pue")
	plan{assets: "servers: {kind: data_centre, at: park, capacity: 10 MW, shiftable: 120 %}"}.refused(t, "range", "assets.servers.shiftable")
}
