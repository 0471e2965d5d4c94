package system_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute/attributetest"
	"example.org/busbar/internal/system"
)

// chain is a month of ore, alumina, coal through a gate and diesel in tanks:
// every kind that carries, stores or transforms mass.
const chain = `system: Chain
base_year: 2026
first_day: 2030-03-01
last_day: 2030-03-28
commodities:
  electricity: MWh
  bauxite: {unit: t dry, step: 1d}
  alumina: {unit: t, step: 1d}
  caustic: {unit: t wet, step: 1d}
  steam: {unit: MWh, step: 1d}
  coal: {unit: t, step: 1w}
  producer_gas: {unit: MWh net, step: 1d}
  diesel: {unit: m3, step: 1d}
  crossings: {unit: vehicle, step: 1w}
  co2: {unit: t, balance: account}
  off_gas: {unit: t, balance: account}
  tailings: {unit: t dry, balance: account}
  red_mud: {unit: t dry, balance: account}
  land: {unit: ha, balance: account}
  trucks: {unit: truck, balance: account}
places: {hill: , pit: , gate: , port: , sea: }
assets:
  mine: {kind: mine, at: hill, capacity: 3 Mt dry/a, plan: {2030: 6 Mt dry/a}, washing: {yield: 45.8 %}, area: 8671 ha}
  refinery: {kind: refinery, at: hill, capacity: 1 Mt/a, available_alumina: 42 %, reactive_silica: 2.5 %, calciner: producer_gas, calciner_co2: 0, step: 1d}
  chp: {kind: chp, at: hill, capacity: 250 MW, power_to_heat: 0.1, fuel: coal, calorific: 22 GJ net/t, efficiency: 85 %, co2: 94.6 kg/GJ net}
  electrode: {kind: electric_boiler, at: hill, capacity: 20 MW}
  gasifier: {kind: process, at: hill, product: producer_gas, capacity: 150 MWh net/h, inputs: {coal: 0.2112 t/MWh net}, outputs: {co2: 0.4395 t/MWh net}, closing: off_gas}
  pit: {kind: purchase, at: pit, commodity: coal, price: 45 USD/t}
  belt: {kind: belt, commodity: coal, from: pit, to: hill, distance: 80 km, capacity: 1 Mt/a, rate: 0.03 USD/t/km}
  coal_out: {kind: fleet, commodity: coal, from: pit, to: gate, distance: 120 km, number: 300 truck, speed: 30 km/h, payload: 28 t/truck, gate: la_lay, diesel: 0.02 L/t/km}
  la_lay: {kind: gate, at: gate, lanes: 2, minutes: 6 min, hours: 18 h/d, holidays: [2030-03-08]}
  coal_sale: {kind: export, at: gate, commodity: coal, price: 72 USD/t, duty: 10 %}
  tank: {kind: terminal, at: pit, from: port, commodity: diesel, capacity: 1500 m3, cover: 5 d, use: 50 m3/d, shortfall: 1 USD/m3/d, intake: 200 m3/d}
  diesel: {kind: import, at: port, commodity: diesel, price: 750 USD/m3}
  lake: {kind: pipeline, commodity: diesel, from: pit, to: hill, distance: 80 km, capacity: 20 m3/d}
  caustic: {kind: import, at: port, commodity: caustic, price: 200 USD/t wet}
  caustic_road: {kind: road, commodity: caustic, from: port, to: hill, distance: 300 km, capacity: 500 kt wet/a, payload: 28 t wet/truck}
  rail: {kind: rail, commodity: alumina, from: hill, to: port, distance: 300 km, capacity: 1.5 Mt/a}
  quay: {kind: port, commodity: alumina, from: port, to: sea, capacity: 2 Mt/a, cost: 6 USD/t}
  alumina: {kind: export, at: sea, commodity: alumina, price: 500 USD/t}
  grid: {kind: grid_import, at: hill, price: 60 USD/MWh, max: 60 MW, co2: 0.25 t/MWh}
  ppa: {kind: ppa, at: hill, capacity: 10 MW, energy: 50 GWh/a, ceiling: 6.95 USc/kWh, price_basis: nominal, inflation: 2.5 %, years: 25 a}
  servers: {kind: data_centre, at: hill, capacity: 5 MW, shiftable: 20 %}
  pump: {kind: heat_pump, at: hill, heat: steam, capacity: 5 MW}
events:
  storm: {set: {assets.tank.intake: 0, assets.rail.capacity.scale: 50 %}, from: 2030-03-10, for: 5 d}
  crisis: {set: {assets.diesel.price.scale: 180 %, assets.tank.cover: 0 d}, from: 2030-03-12, to: 2030-03-20}
`

func TestChainExpands(t *testing.T) {
	s, m := model(t, chain)
	if len(m.Routes) != 7 || len(s.Events) != 2 {
		t.Errorf("%d routes and %d events, want 7 and 2", len(m.Routes), len(s.Events))
	}
	// What is read once may be expanded twice.
	again, problems := system.Expand(s)
	if len(problems) > 0 || text(again) != text(m) {
		t.Errorf("expanded again it is another model: %v", problems)
	}
}

// Whatever a planner makes of it, there is an answer or a problem, never a
// panic.
func TestSpoiledChainsGiveProblems(t *testing.T) {
	tree := attributetest.Parse("f", chain)
	rapid.Check(t, func(r *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 3, 60).Draw(r, "data")
		s, problems := system.Load(spoil(tree, data), system.Options{Open: func(string) ([]byte, error) { return nil, errors.New("there is no such file") }})
		if len(problems) == 0 {
			_, problems = system.Expand(s)
		}
		for _, p := range problems {
			if p.Code == "" || p.Text == "" {
				r.Fatalf("a problem says nothing: %+v", p)
			}
		}
	})
}
