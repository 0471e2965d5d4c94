package kind_test

import (
	"testing"

	"example.org/busbar/internal/kind"
)

// ground is what a mine and a refinery of these tests feed and take.
const ground = `bauxite: {unit: t dry, step: 1d}
tailings: {unit: t dry, balance: account}
water: {unit: m3, balance: account}
land: {unit: ha, balance: account}
land_opened: {unit: ha, balance: account}
land_returned: {unit: ha, balance: account}
land_residues: {unit: ha, balance: account}
overburden: {unit: m3, balance: account}
co2: {unit: t, balance: account}
`

// Nhan Co's yield, 45.8 %: a tonne of washed ore takes 1/0.458 = 2.183406 t of
// raw ore and leaves 1.183406 t of tailings. 15.3 kt lie under a hectare: 1.427063
// m2 a tonne, open for 2 years; tailings at 0.9 t/m3 and 10 m take 0.131490 m2.
// Waste is 0.2 of 2.183406/1.7 m3. Diesel 0.6 L a tonne raw, 1.310044 L, 2.65 kg of
// CO2 each. Water 1.75 m3 a tonne washed.
func TestMine(t *testing.T) {
	p := plan{commodities: ground, assets: `
mine: {kind: mine, at: park, capacity: 2.7 Mt dry/a, washing: {yield: 45.8 %}, haul: 6 km, prices: {diesel: 900 USD/m3}}
sell: {kind: sale, at: park, commodity: bauxite, price: 30 USD/t dry}
sun: {kind: solar, at: park, capacity: 10 MW, availability: 100 %}
`}
	m := p.model(t)
	u := unitOf(t, m, "mine", "")
	near(t, "product", port(m, u, "bauxite@park"), 1)
	near(t, "tailings", port(m, u, "tailings@park"), 1.18340611)
	near(t, "land opened", port(m, u, "land_opened@park")*1e4, 1.42706276)
	near(t, "land held", port(m, u, "land@park")*1e4, 2*1.42706276)
	near(t, "land returned", port(m, u, "land_returned@park")*1e4, 1.42706276)
	near(t, "land of tailings", port(m, u, "land_residues@park")*1e4, 0.13148957)
	near(t, "overburden", port(m, u, "overburden@park"), 0.2*2.18340611/1.7)
	near(t, "water", port(m, u, "water@park"), 1.75)
	near(t, "CO2", port(m, u, "co2@park"), 1.31004367e-3*2.65)
	near(t, "power", port(m, u, "electricity@park"), -0.003)
	// Raw: 2 to dig, 6 km at 0.12; washed: 2.5; diesel 900 USD/m3; 12,000 USD/ha.
	near(t, "cost", m.Units[u].Costs[0].Per.Value, 2.18340611*(2+0.72)+2.5+1.31004367e-3*900+1.42706276e-4*12e3)
}

// Counted wet at 12 % of water, a tonne holds 0.88 t dry. A tonne of unknown
// basis is refused, also of tailings.
func TestMineOfWetOre(t *testing.T) {
	const text = `
mine: {kind: mine, at: park, capacity: 3 Mt wet/a, moisture: 12 %, washing: {yield: 44 %}}
sell: {kind: sale, at: park, commodity: bauxite, price: 30 USD/t wet}
`
	wet := replace(ground, "bauxite: {unit: t dry", "bauxite: {unit: t wet")
	p := plan{commodities: wet, assets: text}
	m := p.model(t)
	near(t, "tailings", port(m, unitOf(t, m, "mine", ""), "tailings@park"), 0.88*(1/0.44-1))
	p.assets = replace(text, "moisture: 12 %, ", "")
	p.refused(t, "missing", "assets.mine.moisture")
	p = plan{commodities: replace(ground, "bauxite: {unit: t dry", "bauxite: {unit: t"), assets: replace(replace(text, "t wet", "t"), "Mt wet", "Mt")}
	p.refused(t, "unit-basis", "assets.mine.product")
	p = plan{commodities: replace(ground, "tailings: {unit: t dry", "tailings: {unit: t"), assets: replace(replace(text, "Mt wet", "Mt dry"), "t wet", "t dry")}
	p.refused(t, "unit-basis", "assets.mine.washing")
	p = plan{commodities: ground, assets: replace(text, "USD/t wet", "USD/t dry")}
	p.refused(t, "unit-basis", "assets.mine.capacity")
}

// The plan holds the study's year to its raw ore: a day of 2 Mt dry a year at a
// yield of 40 % is 2e6/365 x 0.4 = 2,191.78 t.
func TestMinePlan(t *testing.T) {
	p := plan{commodities: ground, assets: `
mine:
  kind: mine
  at: park
  capacity: 3 Mt dry/a
  plan: {2029: 1 Mt dry/a, 2030: {raw: 2 Mt dry/a, yield: 40 %}}
  washing: {yield: 45.8 %}
  rehabilitation: 0
sell: {kind: sale, at: park, commodity: bauxite, price: 30 USD/t dry}
sun: {kind: solar, at: park, capacity: 10 MW, availability: 100 %}
`}
	s := p.solve(t)
	near(t, "ore", -s.amount(t, "bauxite@park", "sell"), 2e6/365*0.4)
	p.assets = replace(p.assets, "2030:", "2031:")
	p.refused(t, "missing", "assets.mine.plan")
}

// 365 ha a year of 8,671 last 23.7 years, at most.
func TestMineFigures(t *testing.T) {
	near(t, "life", kind.MineLife(8671, 365), 23.7561644)
	k := figured(t, ground, `mine: {kind: mine, at: park, capacity: 2.7 Mt dry/a, washing: {yield: 45.8 %}, area: 8671 ha, reserve: 120 Mt dry}`, "mine")
	f := byName(k.Figures(kind.Year{Flow: func(string) float64 { return 2.56e6 }}))
	near(t, "raw ore", f["raw_ore"], 2.56e6/0.458)
	near(t, "life of the area", f["area_life"], 8671/(2.56e6/0.458/15.3e3))
	near(t, "life of the ore", f["ore_life"], 120e6/(2.56e6/0.458))
	if none := k.Figures(kind.Year{Flow: func(string) float64 { return 0 }}); len(none) > 0 {
		t.Errorf("a mine that stood still lasts %v", none)
	}
}
