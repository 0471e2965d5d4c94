package kind_test

import "testing"

// 50 MW of gas engine at 2 MWh net a MWh, at most 12 full-load hours in any 24:
// 600 MWh are served of 1,200, at 2 x 30 a MWh; the rest is shed at 500.
func TestUnit(t *testing.T) {
	s := plan{commodities: "gas: {unit: MWh net}", assets: `
engine:
  kind: unit
  at: park
  capacity: 50 MW
  ports:
    - {commodity: electricity, ratio: 1}
    - {commodity: gas, ratio: -2 MWh net/MWh}
  windows: [{hours: 24 h, max: 12 h}]
gas: {kind: purchase, at: park, commodity: gas, price: 30 USD/MWh net}
load: {kind: demand, at: park, amount: 50 MW, shed: 500 USD/MWh}
`}.solve(t)
	near(t, "cost", s.Objective, 600*60+600*500)
}

// An activity counted in tonnes a day, flat in the day, signed, with a port at
// another place two days later.
func TestUnitWords(t *testing.T) {
	m := plan{days: 4, commodities: "alumina: {unit: t, step: 1d}", assets: `
mill:
  kind: unit
  at: park
  activity: alumina
  capacity: 960 kt/a
  min: -100 %
  step: 1d
  ramp_up: 10 %/h
  cost: 3 USD/t
  ports:
    - {commodity: alumina, ratio: -1}
    - {commodity: alumina, at: town, ratio: 0.99, delay: 2 d}
    - {commodity: electricity, ratio: -20 kWh/t}
`}.model(t)
	u := m.Units[0]
	near(t, "capacity", m.Capacities[0].Existing, 960e3/8760)
	near(t, "least", u.Bound.Min.Value, -1)
	near(t, "power", port(m, 0, "electricity@park"), -0.02)
	near(t, "delay", u.Ports[1].Delay, 48)
	near(t, "at town", port(m, 0, "alumina@town"), 0.99)
	if got := m.Clock.Grids[u.Grid].Len(); got != 4 {
		t.Errorf("it has %d steps, want 4 days", got)
	}
	if m.Capacities[0].Unit != "t/h" {
		t.Errorf("the capacity is in %s, want t/h", m.Capacities[0].Unit)
	}
}

func TestUnitStep(t *testing.T) {
	base := "mill: {kind: unit, at: park, capacity: 1 MW, ports: [{commodity: electricity, ratio: 1}], "
	sell := "\nsell: {kind: sale, at: park, commodity: electricity, price: 1 USD/MWh}"
	plan{assets: base + "step: fortnight}" + sell}.refused(t, "step", "assets.mill.step")
	plan{assets: base + "windows: [{hours: 5 h, min: 3 h, max: 2 h}]}" + sell}.refused(t, "range", "assets.mill.windows")
}
