package kind_test

import "testing"

// Flat nominal 6.95 c over 25 years at 2.5 % is 5.61 c at 8 % real (facts-K8): the
// ceiling holds where no price is given.
func TestPPA(t *testing.T) {
	const text = "ppa: {kind: ppa, at: park, capacity: 600 MW, availability: 32 %, buyer: cgn, ceiling: 6.95 USc/kWh, "
	m := plan{assets: text + "price_basis: nominal, inflation: 2.5 %, years: 25 a}"}.model(t)
	within(t, "price", m.Trades[0].Price.Value, 56.1, 0.05)
	near(t, "offer", m.Trades[0].Max.Value, 192)
	if !m.Trades[0].Sell || m.Parties[m.Trades[0].Party] != "cgn" {
		t.Errorf("it does not sell to the buyer: %+v", m.Trades[0])
	}
	m = plan{assets: text + "price: 6 USc/kWh, price_basis: real}"}.model(t)
	near(t, "price below the ceiling", m.Trades[0].Price.Value, 60)
	plan{assets: text + "price: 7.02 USc/kWh, price_basis: real}"}.refused(t, "range", "assets.ppa.price")
	plan{assets: text[:len(text)-2] + "}"}.refused(t, "missing", "assets.ppa.price_basis")
	plan{assets: text + "price_basis: nominal, years: 25 a}"}.refused(t, "missing", "assets.ppa.inflation")
	plan{assets: "ppa: {kind: ppa, at: park, capacity: 600 MW, price_basis: real}"}.refused(t, "missing", "assets.ppa.price")
}

// 1.7 TWh a year are 4,657.5 MWh a day; wind offers 4,608, then twice that. Over a
// line of 300 MW that loses 2 % the buyer gets 98 % of what is sent.
func TestPPAEnergy(t *testing.T) {
	s := plan{assets: `
ppa: {kind: ppa, at: park, line: line, capacity: 1000 MW, energy: 1.7 TWh/a, price: 60 USD/MWh, price_basis: real}
line: {kind: interconnector, at: park, capacity: 300 MW, loss: 2 %}
wind: {kind: wind, at: park, capacity: 1000 MW, availability: 50 %}
`}.solve(t)
	near(t, "worth", s.Objective, -1.7e6/365*60)
	s = plan{assets: `
ppa: {kind: ppa, at: park, line: line, capacity: 1000 MW, price: 60 USD/MWh, price_basis: real}
line: {kind: interconnector, at: park, capacity: 300 MW, loss: 2 %}
wind: {kind: wind, at: park, capacity: 1000 MW, availability: 50 %}
`}.solve(t)
	near(t, "worth over the line", s.Objective, -24*300*0.98*60)
	plan{assets: "ppa: {kind: ppa, at: park, capacity: 1 MW, energy: 1 GWh/a, limits: {year_max: 1 GWh}, price: 60 USD/MWh, price_basis: real}"}.refused(t, "conflict", "assets.ppa.limits.year_max")
}

// What it owes it must deliver: 90 % of 10 MW on offer, though it loses by it.
func TestPPADelivers(t *testing.T) {
	s := plan{assets: `
ppa: {kind: ppa, at: park, capacity: 10 MW, price: 60 USD/MWh, price_basis: real, take_or_pay: {share: 90 %, per: step}}
buy: {kind: purchase, at: park, commodity: electricity, price: 80 USD/MWh}
`}.solve(t)
	near(t, "loss", s.Objective, 24*9*20)
}
