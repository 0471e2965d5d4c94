package kind_test

import "testing"

const limeWorks = "lime: {unit: t}\nlimestone: {unit: t}\ncoal: {unit: t}\nkiln_gas: {unit: t, balance: account}\nco2: {unit: t, balance: account}\nwater: {unit: m3, balance: account}"

// A tonne of lime from 1.8 t of limestone and 0.13 t of coal leaves 0.93 t of
// kiln gas; the CO2 in it is counted and not weighed.
func TestProcessCloses(t *testing.T) {
	p := plan{commodities: limeWorks, assets: `
kiln:
  kind: process
  at: park
  product: lime
  capacity: 240 t/d
  inputs: {limestone: {value: 1.8 t/t, note: a quote}, coal: 130 kg/t, electricity: 40 kWh/t}
  outputs: {co2: 1.1 t/t}
  closing: kiln_gas
  variable: 5 USD/t
stone: {kind: purchase, at: park, commodity: limestone, price: 10 USD/t}
coal: {kind: purchase, at: park, commodity: coal, price: 70 USD/t}
grid: {kind: purchase, at: park, commodity: electricity, price: 60 USD/MWh}
use: {kind: demand, at: park, commodity: lime, amount: 10 t/h}
`}
	m := p.model(t)
	u := unitOf(t, m, "kiln", "")
	near(t, "limestone", port(m, u, "limestone@park"), -1.8)
	near(t, "coal", port(m, u, "coal@park"), -0.13)
	near(t, "power", port(m, u, "electricity@park"), -0.04)
	near(t, "kiln gas", port(m, u, "kiln_gas@park"), 0.93)
	near(t, "CO2", port(m, u, "co2@park"), 1.1)
	s := p.solve(t)
	near(t, "cost", s.Objective, 240*(1.8*10+0.13*70+0.04*60+5))
	near(t, "kiln gas of a day", s.amount(t, "kiln_gas@park", ""), 240*0.93)

	open := p
	open.assets = replace(p.assets, "  closing: kiln_gas\n", "")
	open.refused(t, "mass-balance", "assets.kiln")
	open.assets = replace(p.assets, "closing: kiln_gas", "balance: none")
	open.model(t)
	open.assets = replace(p.assets, "closing: kiln_gas", "closing: kiln_gas\n  balance: none")
	open.refused(t, "conflict", "assets.kiln.closing")
	open.assets = replace(p.assets, "closing: kiln_gas", "closing: electricity")
	open.refused(t, "missing", "assets.kiln.closing.mass")
}

// Slaking takes water: 1 t of lime and what is missing to 1.321 t of hydrate.
// As an account, water counts what is used; in m3 it needs a mass.
func TestProcessClosesWithWhatItTakes(t *testing.T) {
	m := plan{commodities: limeWorks + "\nhydrate: {unit: t}", assets: `
slaker: {kind: process, at: park, product: hydrate, capacity: 1 t/h, inputs: {lime: 0.757 t/t}, closing: {commodity: water, mass: 1 t/m3}}
buy: {kind: purchase, at: park, commodity: lime, price: 100 USD/t}
sell: {kind: sale, at: park, commodity: hydrate, price: 1 USD/t}
`}.model(t)
	near(t, "water", port(m, unitOf(t, m, "slaker", ""), "water@park"), 0.243)
}

// A recipe that weighs the same to 1e-6 needs nothing to close it.
func TestProcessBalances(t *testing.T) {
	text := `
mill: {kind: process, at: park, product: lime, capacity: 1 t/h, inputs: {limestone: RATIO}}
buy: {kind: purchase, at: park, commodity: limestone, price: 100 USD/t}
sell: {kind: sale, at: park, commodity: lime, price: 1 USD/t}
`
	p := plan{commodities: limeWorks, assets: replace(text, "RATIO", "1.0000005 t/t")}
	p.model(t)
	p.assets = replace(text, "RATIO", "1.000002 t/t")
	p.refused(t, "mass-balance", "assets.mill")
}

// 1 MWh of power lifts 3.05 MWh of heat, and 40 % of that is 1.22 MWh of power:
// out of nothing, also by way of another place. At a third as good it is not.
func TestLoopThatGains(t *testing.T) {
	const text = `
pump: {kind: heat_pump, at: park, heat: steam, cop: COP, capacity: 10 MW}
main: {kind: pipeline, commodity: steam, from: park, to: town, distance: 2 km, capacity: 10 MW, loss: 2 %}
turbine: {kind: thermal, at: town, fuel: steam, capacity: 10 MW, efficiency: 40 %}
line: {kind: interconnector, from: town, to: park, capacity: 10 MW}
works: {kind: demand, at: park, commodity: steam, amount: 1 MW}
sun: {kind: solar, at: park, capacity: 10 MW, availability: 100 %}
`
	p := plan{commodities: "steam: {unit: MWh}", assets: replace(text, "COP", "3.05")}
	p.refused(t, "loop-gain", "assets.turbine")
	p.assets = replace(text, "COP", "2.5") // 2.5 x 0.98 x 0.4 = 0.98
	p.model(t)
}

// A process that takes from outside its recipe may gain round a loop, and so
// may one that burns coal on the way.
func TestLoopsThatAreNone(t *testing.T) {
	const text = `
pump: {kind: process, at: park, product: steam, capacity: 10 MW, inputs: {electricity: 0.3 MWh/MWhMORE}BALANCE}
turbine: {kind: process, at: park, product: electricity, capacity: 10 MW, inputs: {steam: 2.5 MWh/MWh}}
coal: {kind: purchase, at: park, commodity: coal, price: 10 USD/MWh net}
works: {kind: demand, at: park, commodity: steam, amount: 1 MW}
`
	p := plan{commodities: "steam: {unit: MWh}\ncoal: {unit: MWh net}"}
	p.assets = replace(replace(text, "MORE", ""), "BALANCE", "")
	p.refused(t, "loop-gain", "assets.turbine")
	p.assets = replace(replace(text, "MORE", ""), "BALANCE", ", balance: none")
	p.model(t)
	p.assets = replace(replace(text, "MORE", ", coal: 1 MWh net/MWh"), "BALANCE", "")
	p.model(t)
}
