package kind_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

const bayer = ground + `alumina: {unit: t, step: 1d}
caustic: {unit: t dry, step: 1d}
lime: {unit: t, step: 1d}
steam: {unit: MWh}
coal: {unit: t, step: 1w}
producer_gas: {unit: MWh net}
off_gas: {unit: t, balance: account}
red_mud: {unit: t dry, balance: account}
trucks: {unit: truck, balance: account}
`

// Facts-B2: available alumina of 42 % and a recovery of 93 % ask for 2.5602 t of
// dry ore; 2.5 % of reactive silica binds 0.89 x 0.025 x 2.5602 = 57.0 kg of NaOH,
// 25 kg go otherwise; mud is 2.5602 - 1.530 + 0.0820 + 0.025 = 1.1371 t.
func TestRefineryRecipe(t *testing.T) {
	ore := kind.BauxitePerAlumina(0.42, 0.93)
	within(t, "ore", ore, 2.5602, 0.0001)
	soda := kind.SodaPerAlumina(ore, 0.025, 0.89, 0.025)
	within(t, "NaOH", soda, 0.08196, 0.00001)
	within(t, "mud", kind.MudPerAlumina(ore, soda, 0.025), 1.13713, 0.00001)
	// Facts-K9: 40-43 % available and 0.92-0.95 recovered: 2.45-2.72 t.
	within(t, "least ore", kind.BauxitePerAlumina(0.43, 0.95), 2.45, 0.005)
	within(t, "most ore", kind.BauxitePerAlumina(0.40, 0.92), 2.72, 0.005)
	// At 2.6 t and 2.5 % 83 kg, 166 kg at 50 % (facts-K9).
	within(t, "NaOH of 2.6 t", kind.SodaPerAlumina(2.6, 0.025, 0.89, 0.025), 0.083, 0.0005)
	// 1.2 Mt of mud at 1.5 t/m3 and 20 m are 4 ha (facts-B2); 3.1 Mt of tailings
	// at 0.9 and 10 m are 34 ha (facts-K9).
	near(t, "land of mud", kind.ResidueArea(1.2e6, 1.5, 20), 4)
	within(t, "land of tailings", kind.ResidueArea(3.1e6, 0.9, 10), 34, 0.5)
}

// refineryPlan is Dak Cheung's chain in brief: ore, washing, refinery, steam
// and calciner's gas of coal, caustic and lime in, alumina out by road.
const refineryPlan = `
mine: {kind: mine, at: park, capacity: 3 Mt dry/a, washing: {yield: 45.8 %}, area: 8671 ha}
refinery:
  kind: refinery
  at: park
  capacity: 1 Mt/a
  available_alumina: 42 %
  reactive_silica: 2.5 %
  calciner: producer_gas
  calciner_co2: 0
  step: 1d
boiler: {kind: boiler, at: park, capacity: 300 MW, fuel: coal, calorific: 22 GJ net/t, efficiency: 85 %, co2: 94.6 kg/GJ net}
gasifier:
  kind: process
  at: park
  product: producer_gas
  capacity: 200 MWh net/h
  inputs: {coal: 0.2112 t/MWh net}
  outputs: {co2: 0.4395 t/MWh net}
  closing: off_gas
coal_road: {kind: road, at: border, commodity: coal, to: park, distance: 50 km, capacity: 3 Mt/a, rate: 0.07 USD/t/km, payload: 28 t/truck}
caustic_road: {kind: road, at: border, commodity: caustic, to: park, distance: 300 km, capacity: 3 Mt dry/a, payload: 14 t dry/truck}
lime_road: {kind: road, at: border, commodity: lime, to: park, distance: 300 km, capacity: 3 Mt/a, payload: 28 t/truck}
alumina_road: {kind: road, at: park, commodity: alumina, to: border, distance: 300 km, capacity: 3 Mt/a, payload: 28 t/truck}
coal: {kind: purchase, at: border, commodity: coal, price: 60 USD/t}
caustic: {kind: import, at: border, commodity: caustic, price: 400 USD/t dry}
lime: {kind: import, at: border, commodity: lime, price: 120 USD/t}
grid: {kind: purchase, at: park, commodity: electricity, price: 60 USD/MWh}
sell: {kind: export, at: border, commodity: alumina, price: 800 USD/t}
`

// The hand's figures of 1 Mt of alumina (facts-I2 as K9 corrects it), of a week
// times 365/7. The gasifier turns 77.5 % of the coal's 6.1111 MWh into gas.
func TestAluminaOfAMegatonne(t *testing.T) {
	s := plan{days: 7, commodities: bayer, assets: refineryPlan}.solve(t)
	year := func(bus, asset string) float64 { return s.amount(t, bus, asset) * 365 / 7 }
	near(t, "alumina", year("alumina@park", "refinery"), 1e6)
	ore := 1e6 / (0.42 * 0.93)
	near(t, "washed ore", year("bauxite@park", "mine"), ore)
	raw := ore + year("tailings@park", "")
	near(t, "raw ore", raw, ore/0.458)
	between(t, "raw ore", raw, 5.0e6, 6.3e6)
	between(t, "tailings", year("tailings@park", ""), 2.8e6, 3.5e6)
	between(t, "NaOH", -year("caustic@park", "refinery"), 81e3, 85e3)
	between(t, "mud", year("red_mud@park", ""), 1.0e6, 1.4e6)
	between(t, "land opened", year("land_opened@park", ""), 350, 390)
	between(t, "life of the area", kind.MineLife(8671, year("land_opened@park", "")), 22, 26)
	between(t, "life for aluminium", kind.MineLife(8671, 1.92*year("land_opened@park", "")), 12, 14)
	near(t, "land of residues", year("land_residues@park", ""),
		kind.ResidueArea(ore*(1/0.458-1), 0.9, 10)+kind.ResidueArea(year("red_mud@park", ""), 1.5, 20))
	// Steam 5.0 GJ / 0.85 / 22 GJ/t = 0.26738 Mt; gas 3.0 GJ x 0.2112/3.6 = 0.176 Mt.
	coal := -year("coal@park", "boiler") - year("coal@park", "gasifier")
	within(t, "coal", coal, 443.4e3, 0.1e3)
	between(t, "coal", coal, 350e3, 500e3)
	// 0.0946 x 22 x 0.26738 + 0.4395 x 3/3.6, and 0.6 L of diesel a tonne raw.
	within(t, "CO2", year("co2@park", ""), 556.5e3+366.25e3+raw*0.6e-3*2.65, 0.1e3)
	between(t, "CO2", year("co2@park", ""), 0.8e6, 1.1e6)
	between(t, "water", year("water@park", ""), 2e6+1.0*ore, 8e6+2.5*ore)
	// Alumina 97.8, coal 43.4, caustic 16.0 (at 50 %: 14 t dry a truck), lime 2.4.
	trucks := year("trucks@park", "") + year("trucks@border", "")
	within(t, "trucks a day", trucks/365, 160, 2)
}

// Loaded trucks a day, one way: alumina 98 + coal 44 + caustic 16 + lime 2 = 160
// (facts-K9).
func TestTrucksOfAMegatonne(t *testing.T) {
	sum := 0.0
	for _, c := range []struct{ amount, want float64 }{{1e6, 98}, {450e3, 44}, {166e3, 16}, {25e3, 2}} {
		n := kind.LoadedTrucks(c.amount, 28, 365)
		within(t, "trucks", n, c.want, 0.5)
		sum += n
	}
	within(t, "in all", sum, 160, 2)
}

// More reactive silica takes more caustic and leaves more mud, whatever else.
func TestReactiveSilicaCosts(t *testing.T) {
	refinery := func(silica float64, rest string) (soda, mud float64) {
		m := plan{commodities: bayer, assets: fmt.Sprintf(`
r: {kind: refinery, at: park, capacity: 1 Mt/a, reactive_silica: %.6f, calciner_co2: 0, %s}
sell: {kind: sale, at: park, commodity: alumina, price: 1 USD/t}
`, silica, rest)}.model(t)
		u := unitOf(t, m, "r", "")
		return -port(m, u, "caustic@park"), port(m, u, "red_mud@park")
	}
	rapid.Check(t, func(r *rapid.T) {
		rest := fmt.Sprintf("available_alumina: %.4f, recovery: %.4f, lime: %d kg/t", rapid.Float64Range(0.25, 0.5).Draw(r, "available"),
			rapid.Float64Range(0.85, 0.98).Draw(r, "recovery"), rapid.IntRange(0, 100).Draw(r, "lime"))
		silica := rapid.Float64Range(0, 0.1).Draw(r, "silica")
		more := silica + rapid.Float64Range(1e-4, 0.05).Draw(r, "more")
		soda, mud := refinery(silica, rest)
		soda2, mud2 := refinery(more, rest)
		if !(soda2 > soda && mud2 > mud) {
			r.Fatalf("from %g to %g of silica: soda %g to %g, mud %g to %g", silica, more, soda, soda2, mud, mud2)
		}
	})
}

// What goes in comes out: ore, soda and lime are alumina, mud and 0.530 t of
// the hydrate's water.
func TestRefineryWeighsTheSame(t *testing.T) {
	m := plan{commodities: bayer, assets: `
r: {kind: refinery, at: park, capacity: 1 Mt/a, available_alumina: 40 %, reactive_silica: 3 %, calciner_co2: 0}
sell: {kind: sale, at: park, commodity: alumina, price: 1 USD/t}
`}.model(t)
	u := unitOf(t, m, "r", "")
	in := -port(m, u, "bauxite@park") - port(m, u, "caustic@park") - port(m, u, "lime@park")
	near(t, "mass", in, port(m, u, "alumina@park")+port(m, u, "red_mud@park")+0.530)
}

func TestRefineryPorts(t *testing.T) {
	p := plan{commodities: replace(bayer, "caustic: {unit: t dry", "caustic: {unit: t wet"), assets: `
r:
  kind: refinery
  at: park
  capacity: 1 Mt/a
  available_alumina: 42 %
  reactive_silica: 2.5 %
  calciner_co2: 56.1 kg/GJ net
  lime_co2: 0.785 t/t
  variable: 60 USD/t
  sustaining: 10 USD/t
sell: {kind: sale, at: park, commodity: alumina, price: 1 USD/t}
`}
	m := p.model(t)
	u := unitOf(t, m, "r", "")
	near(t, "caustic at 50 %", port(m, u, "caustic@park"), -2*(0.89*0.025/(0.42*0.93)+0.025))
	near(t, "steam", port(m, u, "steam@park"), -5/3.6)
	near(t, "power", port(m, u, "electricity@park"), -0.22)
	near(t, "water", port(m, u, "water@park"), 4)
	co2 := 0.0
	for _, q := range m.Units[u].Ports {
		if m.Buses[q.Bus].Name == "co2@park" {
			co2 += q.Ratio.Value
		}
	}
	near(t, "CO2", co2, 0.0561*3+0.025*0.785)
	if c := m.Units[u].Costs; c[0].Per.Value != 60 || c[1].Class != primitive.Fixed || c[1].Per.Value != 10 {
		t.Errorf("costs %+v", c)
	}
	p.assets = replace(p.assets, "  variable: 60", "  prices: {caustic: 400 USD/t dry}\n  variable: 60")
	p.refused(t, "conflict", "assets.r.prices.caustic")
	p.commodities = replace(p.commodities, "caustic: {unit: t wet", "soda: {unit: t wet")
	m = p.model(t)
	near(t, "cost", m.Units[0].Costs[0].Per.Value, 60+400*(0.89*0.025/(0.42*0.93)+0.025))
	p.assets = replace(p.assets, "available_alumina: 42 %", "available_alumina: 420 %")
	p.refused(t, "range", "assets.r.available_alumina")
	p.assets = replace(p.assets, "available_alumina: 420 %", "available_alumina: 42 %")
	p.commodities = replace(p.commodities, "bauxite: {unit: t dry", "bauxite: {unit: t")
	p.refused(t, "unit-basis", "assets.r.ore")
}
