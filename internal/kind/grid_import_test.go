package kind_test

import "testing"

// January's ceiling is 300 MW and its price 62 + 15: a load of 400 MW gets 300.
// Each MWh carries 0.107 t: 24 x 300 x 0.107 = 770.4 t of indirect CO2 at 20
// USD/t.
func TestGridImportByMonth(t *testing.T) {
	s := plan{commodities: "co2: {unit: t, balance: account}\nco2_indirect: {unit: t, balance: account, price: 20 USD/t}", assets: `
buy:
  kind: grid_import
  at: park
  price: 62 USD/MWh
  wheeling: 15 USD/MWh
  max: {monthly: [300 MW, 0 MW, 0 MW, 0 MW, 0 MW, 1 GW, 1 GW, 1 GW, 1 GW, 1 GW, 0 MW, 0 MW]}
  co2: 0.107 t/MWh
load: {kind: demand, at: park, amount: 400 MW, shed: 1000 USD/MWh}
`}.solve(t)
	near(t, "cost", s.Objective, 24*(300*77+100*1000)+770.4*20)
}

// Without the finer account the carbon is in co2.
func TestGridImportCarbonFallsBack(t *testing.T) {
	m := plan{commodities: "co2: {unit: t, balance: account}", assets: `
buy: {kind: grid_import, at: park, price: 62 USD/MWh, max: 1 MW, co2: 0.107 t/MWh, party: cgn}
`}.model(t)
	tr := m.Trades[0]
	if len(tr.Also) != 1 || m.Buses[tr.Also[0].Bus].Name != "co2@park" || tr.Also[0].Ratio.Value != 0.107 {
		t.Errorf("carbon goes to %v, want 0.107 into co2@park", tr.Also)
	}
	if m.Parties[tr.Party] != "cgn" {
		t.Errorf("the party is %d, want cgn", tr.Party)
	}
	plan{commodities: "co2: {unit: t, balance: account}", assets: "buy: {kind: grid_import, at: park, price: 1 USD/MWh, max: 1 MW}"}.refused(t, "missing", "assets.buy.co2")
}
