package example_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/busbar/internal/example"
)

func sekong(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sekong")
	if err := example.Write(dir, "sekong"); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A million tonnes of alumina by hand, and within the facts' ranges (I2 as K9
// corrects it).
func TestSekongAlumina(t *testing.T) {
	dir := sekong(t)
	a := solve(t, dir, "alumina-1mt")
	if m := a.folder.Manifest; m.Common == nil || m.Common.Steps[0] != "1h" || m.Common.Rows <= m.Rows || m.Common.Cols <= m.Cols {
		t.Errorf("on one step it would have been %+v, and it has %d rows", m.Common, m.Rows)
	}
	near(t, "alumina sold", -a.of("alumina_sale", "alumina"), 1e6, 1e-6)

	// 42 % available, 93 % recovered: 1 / (0.42 x 0.93) = 2.560 t of washed ore
	// a tonne; at a yield of 45.8 % that is 5.590 t raw, and 3.030 t tailings.
	ore := 1e6 / (0.42 * 0.93)
	raw := ore / 0.458
	near(t, "washed ore", a.of("mine", "bauxite"), ore, 1e-6)
	near(t, "raw ore", a.figures["asset/raw_ore"], raw, 1e-6)
	near(t, "tailings", a.of("mine", "tailings"), raw-ore, 1e-6)
	within(t, "washed ore, Mt", ore/1e6, 2.45, 2.72)
	within(t, "raw ore, Mt", raw/1e6, 5.0, 6.3)
	within(t, "tailings, Mt", (raw-ore)/1e6, 2.8, 3.5)

	// 0.89 t NaOH a tonne of reactive silica and 25 kg a tonne of alumina:
	// 82.0 kt dry, 163.9 kt at 50 %.
	naoh := 0.89*0.025*ore + 25e3
	near(t, "caustic at 50 %", -a.of("refinery", "caustic"), naoh/0.5, 1e-6)
	within(t, "NaOH, kt dry", naoh/1e3, 60, 100)

	// Mud: ore less 1.53 t of hydrate, plus soda and lime: 1.137 Mt dry.
	near(t, "mud", a.of("refinery", "red_mud"), ore-1.53e6+naoh+25e3, 1e-4)
	within(t, "mud, Mt", a.of("refinery", "red_mud")/1e6, 1.0, 1.4)

	// 15.3 kt of raw ore a hectare: 365 ha a year, and 8,671 ha last 23.7 years
	// at most. Mud lies on 1.137e6 / 1.5 / 20 / 1e4 = 3.8 ha a year, tailings on
	// 3.030e6 / 0.9 / 10 / 1e4 = 33.7 ha.
	near(t, "land opened", a.of("mine", "land_opened"), raw/15.3e3, 1e-6)
	within(t, "land opened, ha", a.of("mine", "land_opened"), 350, 390)
	within(t, "life at most, a", a.figures["asset/area_life"], 22, 26)
	near(t, "life", a.figures["asset/area_life"], 8671/(raw/15.3e3), 1e-6)
	near(t, "land under mud", a.of("refinery", "land_residues"), 3.79, 0.01)
	near(t, "land under tailings", a.of("mine", "land_residues"), 33.7, 0.01)

	// Coal of 22 GJ/t net: 5.0 GJ/t of steam at 85 % and 3.0 GJ/t in producer
	// gas at 77.5 %: 267 + 176 = 443 kt.
	coal := 5.0e6/0.85/22 + 3.0e6/0.775/22
	near(t, "coal", a.of("coal_purchase", "coal"), coal, 1e-4)
	within(t, "coal, Mt", coal/1e6, 0.35, 0.5)
	near(t, "what the producers leave", a.of("gas_producer", "gas_and_ash"), -a.of("gas_producer", "coal"), 1e-6)
	// All its carbon, and that of 0.6 L of diesel a tonne of raw ore.
	near(t, "direct CO2", a.of("", "co2"), coal*22*0.0946+raw*0.6e-3*2.65, 1e-3)
	within(t, "direct CO2, Mt", a.of("", "co2")/1e6, 0.8, 1.1)

	// Water: 4 m3 a tonne of alumina and 1.75 m3 a tonne of washed ore.
	near(t, "water", a.of("", "water"), 4e6+1.75*ore, 1e-6)
	// Power: 220 kWh a tonne of alumina and 3 kWh a tonne of washed ore.
	near(t, "power", -a.of("refinery", "electricity")-a.of("mine", "electricity"), 220e3+0.003*ore, 1e-6)

	// Loaded trucks of 28 t a day: alumina 98, coal 43, caustic 16, lime 2.
	trucks := (1e6 + coal + naoh/0.5 + 25e3) / 28
	near(t, "trucks", a.of("", "trucks"), trucks, 1e-4)
	within(t, "trucks a day", trucks/365, 155, 165)
	// The gate sees alumina and caustic, out and back: 228 of 425 vehicles.
	near(t, "crossings a day", a.of("gate", "crossings")/365, 2*(1e6+naoh/0.5)/28/365, 1e-4)

	// Cost as facts-K10 has it: 400-465 USD a tonne, against 330 at the port.
	cost := a.figures["cost/per_t"]
	within(t, "cost, USD/t", cost, 400, 465)
	if cost <= 330 {
		t.Errorf("alumina costs %g USD/t: it would repay", cost)
	}

	// What is sold at 330 lacks the rest of the cost; the stages' parts are all of
	// cost and carbon: heat for steam, ore, caustic and their roads.
	near(t, "price", a.figures["cost/sale_price"], 330, 1e-6)
	near(t, "margin", a.figures["cost/margin_per_t"], 330-cost, 1e-6)
	parts, carbon := 0.0, 0.0
	for name, v := range a.figures {
		if strings.HasPrefix(name, "stage/cost_per_t ") {
			parts += v
		}
		if strings.HasPrefix(name, "stage/co2_per_t ") {
			carbon += v
		}
	}
	near(t, "cost of the stages", parts, cost, 1e-6)
	near(t, "carbon of the stages", carbon*1e6, a.of("", "co2")+a.of("", "co2_indirect"), 1e-6)
	near(t, "ore's stage", a.figures["stage/cost_per_t bauxite"], a.figures["cost/per_t_by_asset mine"], 1e-6)
	near(t, "caustic's stage", a.figures["stage/cost_per_t caustic"], (200+25+21)*naoh/0.5/1e6, 1e-6)
	near(t, "steam's carbon", a.figures["stage/co2_per_t steam"], 5.0/0.85*0.0946, 1e-6)

	// The accounts a tonne, and vehicles a day of 28 t each.
	near(t, "mud a tonne", a.figures["account/per_product red_mud"]*1e6, a.of("refinery", "red_mud"), 1e-6)
	near(t, "land a tonne, m2", a.figures["account/per_product land_opened"], 1e4*a.of("mine", "land_opened")/1e6, 1e-6)
	near(t, "land held open for two years", a.figures["account/held land"], 2*raw/15.3e3, 1e-6)
	near(t, "trucks of alumina", a.figures["traffic/trucks alumina_road"], 1e6/28/365, 1e-6)
	near(t, "its passings of the gate", a.figures["traffic/crossings alumina_road"], 2*1e6/28/365, 1e-6)

	// The gate lets 425 vehicles pass on 361 days; the road of 1.3 Mt a year is
	// full on some days of its wet months and never in the dry ones before.
	for _, u := range a.uses {
		switch u.Asset {
		case "gate":
			near(t, "room at the gate", u.Could, 425*361, 1e-6)
			near(t, "vehicles at the gate", u.Amount, 2*(1e6+naoh/0.5)/28, 1e-4)
		case "alumina_road":
			near(t, "alumina on the road", u.Amount, 1e6, 1e-6)
			near(t, "most of the road, t/h", u.Most, 1.3e6/8760, 1e-6)
			if u.From != "alumina@dak_cheung" || u.To != "alumina@port" || !(u.Full > 0 && u.Full < 1) {
				t.Errorf("the road is used %+v", u)
			}
		case "refinery":
			near(t, "time at full load", u.Full, 1, 1e-6)
		}
	}

	// More silica takes more soda and leaves more mud, less alumina takes more
	// ore: 1 / (0.38 x 0.93) / 0.41 = 6.90 t raw a tonne.
	p := solve(t, dir, "poor-ore")
	poor := 1e6 / (0.38 * 0.93)
	near(t, "raw ore, poor", p.figures["asset/raw_ore"], poor/0.41, 1e-6)
	near(t, "caustic, poor", -p.of("refinery", "caustic"), (0.89*0.035*poor+25e3)/0.5, 1e-6)
	if p.of("refinery", "red_mud") <= a.of("refinery", "red_mud") || p.figures["cost/per_t"] <= cost {
		t.Error("poorer ore leaves less mud or costs less")
	}

	// Without coal for steam the calciner's carbon stays, and the mine's.
	c := solve(t, dir, "clean-steam")
	near(t, "direct CO2, clean steam", c.of("", "co2"), 3.0e6/0.775*0.0946+raw*0.6e-3*2.65, 1e-3)
	near(t, "power for steam", -c.of("electrode_boiler", "electricity"), 5.0e6/3.6/0.99, 1e-6)
}

// More reactive silica takes more caustic and leaves more mud, at every step.
func TestSekongSilica(t *testing.T) {
	dir := sekong(t)
	caustic, mud := 0.0, 0.0
	for _, silica := range []string{"1", "2", "3"} {
		body := "study: silica\nfrom: alumina-1mt\nset: {assets.refinery.reactive_silica: " + silica + " %}\n"
		if err := os.WriteFile(filepath.Join(dir, "studies", "silica.yaml"), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		a := solve(t, dir, "silica")
		c, m := -a.of("refinery", "caustic"), a.of("refinery", "red_mud")
		if c <= caustic || m <= mud {
			t.Errorf("at %s %% of silica caustic is %g after %g, mud %g after %g", silica, c, caustic, m, mud)
		}
		caustic, mud = c, m
	}
}

// Metal: 520 kt beside the refinery, and a million tonnes (facts-I3, K9).
func TestSekongMetal(t *testing.T) {
	dir := sekong(t)
	a := solve(t, dir, "integrated-520kt")
	near(t, "metal", -a.of("metal_sale_sekong", "aluminium"), 520e3, 1e-6)
	near(t, "alumina", a.of("refinery", "alumina"), 520e3*1.92, 1e-6)
	near(t, "power of the potlines", -a.of("potlines_sekong", "electricity"), 520e3*13.8, 1e-6) // 7.18 TWh

	a = solve(t, dir, "aluminium-1mt")
	near(t, "metal", -a.of("metal_sale_sekong", "aluminium"), 1e6, 1e-6)
	near(t, "power of the potlines", -a.of("potlines_sekong", "electricity"), 13.8e6, 1e-6)
	// 1.92 times the land of a million tonnes of alumina: 23.73 / 1.92 = 12.4 a.
	near(t, "life at most", a.figures["asset/area_life"], 8671*15.3e3*0.458*0.42*0.93/1.92e6, 1e-6)
	within(t, "life at most, a", a.figures["asset/area_life"], 12, 14)
	// No more vehicles than the gate lets pass.
	if got := a.of("gate", "crossings"); got > 425*361 {
		t.Errorf("%g vehicles a year pass the gate", got)
	}
}
