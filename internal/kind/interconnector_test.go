package kind_test

import "testing"

// Cheap power in the park, a load of 90 MW in the town behind a line of 100 MW
// that loses 5 %: 90 / 0.95 = 94.74 MW are sent, at 20 + 4 a MWh. A load of 100
// MW is served to 95.
func TestInterconnectorLossAndCapacity(t *testing.T) {
	for load, short := range map[string]float64{"90 MW": 0, "100 MW": 5} {
		s := plan{assets: `
plant: {kind: purchase, at: park, commodity: electricity, price: 20 USD/MWh}
line: {kind: interconnector, from: park, to: town, capacity: 100 MW, loss: 5 %, wheeling: 4 USD/MWh}
load: {kind: demand, at: town, amount: ` + load + `, shed: 1000 USD/MWh}
`}.solve(t)
		sent := 90 / 0.95
		if short > 0 {
			sent = 100
		}
		near(t, "cost of "+load, s.Objective, 24*(sent*24+short*1000))
	}
}

// Import and export share 100 MW: buying at 10 and selling at 50 through the
// line fills it with 50 MW each way and no more.
func TestTradesShareALine(t *testing.T) {
	s := plan{assets: `
line: {kind: interconnector, at: park, capacity: 100 MW}
buy: {kind: grid_import, at: park, line: line, price: 10 USD/MWh}
sell: {kind: grid_export, at: park, line: line, price: 50 USD/MWh}
`}.solve(t)
	near(t, "cost", s.Objective, -24*50*40)
}

// Half the capacity can be used for import: 50 of 80 MW come.
func TestOneWayShare(t *testing.T) {
	s := plan{assets: `
line: {kind: interconnector, at: park, capacity: 100 MW, back: 50 %}
buy: {kind: grid_import, at: park, line: line, price: 10 USD/MWh}
load: {kind: demand, at: park, amount: 80 MW, shed: 1000 USD/MWh}
`}.solve(t)
	near(t, "short", s.DemandShed(s.X, 0)[0], 30)
}

func TestLineReferences(t *testing.T) {
	buy := "buy: {kind: grid_import, at: park, line: line, price: 10 USD/MWh}\n"
	load := "\nload: {kind: demand, at: park, amount: 1 MW, shed: 1 USD/MWh}\nsun: {kind: solar, at: park, capacity: 1 MW, availability: 20 %}\n"
	line := "line: {kind: interconnector, at: park, to: town, capacity: 100 MW}\n"
	plan{assets: buy + line + load}.refused(t, "reference", "assets.line.to")
	plan{assets: line + buy + load}.refused(t, "reference", "assets.buy.line")
	plan{assets: "line: {kind: wind, at: park, capacity: 1 MW, availability: 20 %}\n" + buy + load}.refused(t, "reference", "assets.buy.line")
	plan{assets: "line: {kind: interconnector, at: park, to: park, capacity: 1 MW}" + load}.refused(t, "reference", "assets.line.to")
	plan{assets: "buy: {kind: grid_import, at: park, price: 10 USD/MWh}" + load}.refused(t, "missing", "assets.buy.max")
}
