package kind_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// Facts-A1: 3.95 V at 94 % -> 12,520 DC kWh/t; 4.10 V -> 13,000; 4.20 V at 93.5 %
// -> 13,390.
func TestPotEnergy(t *testing.T) {
	for _, c := range []struct{ volts, efficiency, dc float64 }{{3.95, 0.94, 12.52}, {4.10, 0.94, 13.0}, {4.20, 0.935, 13.39}} {
		within(t, "DC energy", kind.PotEnergy(c.volts, c.efficiency, 1, 0), c.dc, 0.005)
	}
	// 12.5223 / 0.983 + 0.45 = 13.1889 MWh/t AC.
	within(t, "AC energy", kind.PotEnergy(3.95, 0.94, 0.983, 0.45), 13.1889, 0.0001)
}

// Facts-A1: a pot of 500 kA at 94 % makes 3.79 t a day, 1,382 t a year; 500 kt
// take 362 of them.
func TestPotOutput(t *testing.T) {
	pot := kind.PotOutput(500, 0.94)
	within(t, "a day", 24*pot, 3.79, 0.005)
	within(t, "a year", 8760*pot, 1382, 1)
	within(t, "pots", 500e3/8760/pot, 362, 0.5)
}

// Facts-K4: 90 % of current is 85 % of power and 78 % of heat; 80 % is 71 % and
// 58 %. In volts: 1.70 + 2.25 x 0.9 = 3.725; 0.9 x 3.725 / 3.95 = 0.8487.
func TestPotState(t *testing.T) {
	for _, c := range []struct{ current, power, heat float64 }{{1, 1, 1}, {0.9, 0.85, 0.78}, {0.8, 0.71, 0.58}} {
		_, power, heat := kind.PotState(c.current)
		within(t, "power", power, c.power, 0.005)
		within(t, "heat", heat, c.heat, 0.005)
		near(t, "current back", kind.PotCurrent(power), c.current)
	}
	volts, _, _ := kind.PotState(0.9)
	near(t, "volts", volts, 3.725)
}

// What "metal proportional to power" costs: i (1.70 + 2.25 i) = 3.95 p gives
// 96.8 % of the metal at 95 % of power, and 83.0 % at 75 %.
func TestMetalIsMoreThanProportional(t *testing.T) {
	within(t, "at 95 %", kind.PotCurrent(0.95), 0.968, 0.0005)
	within(t, "at 75 %", kind.PotCurrent(0.75), 0.830, 0.0005)
}

const metal = "alumina: {unit: t, step: 1d}\naluminium: {unit: t, step: 1d}\n"

// potMarket buys what the potlines of these tests take, and sells what they make.
const potMarket = `
ore: {kind: purchase, at: park, commodity: alumina, price: 350 USD/t}
sell: {kind: sale, at: park, commodity: aluminium, price: 2500 USD/t}
`

// 500 kt/a are 57.0776 t/h; at 13.5 MWh/t 770.5 MW. A MWh makes 1/13.5 t, takes
// 1.92/13.5 t of alumina: 960 kt a year. CO2 is 3.664 x 0.415 = 1.5206 t/t, 760
// kt a year, PFC 0.15 t/t, 75 kt. With anodes at 690 and AlF3 at 1,350
// 0.51 x 690 + 0.017 x 1,350 = 374.85 USD/t and 90 of
// sustaining.
func TestPotlineOf500kt(t *testing.T) {
	m := plan{commodities: metal + "co2: {unit: t, balance: account}\npfc: {unit: t, balance: account}", assets: potMarket + `
pots: {kind: potline, at: park, capacity: 500 kt/a, energy: 13.5 MWh/t, prices: {anode: 690 USD/t, alf3: 1350 USD/t}, sustaining: 90 USD/t}
sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}
`}.model(t)
	u := unitOf(t, m, "pots", "")
	full := m.Units[u].Bound.Coef * m.Capacities[m.Units[u].Bound.Capacity].Existing
	within(t, "full load", full, 770.5, 0.05)
	near(t, "least load", m.Units[u].Bound.Min.Value, 1)
	near(t, "most load", m.Units[u].Bound.Max.Value, 1)
	year := func(bus string) float64 { return 8760 * full * port(m, u, bus) }
	near(t, "metal", year("aluminium@park"), 500e3)
	near(t, "alumina", year("alumina@park"), -960e3)
	within(t, "CO2", year("co2@park"), 760e3, 500)
	near(t, "PFC", year("pfc@park"), 75e3)
	near(t, "power", year("electricity@park"), -8760*full)
	near(t, "inputs a tonne", m.Units[u].Costs[0].Per.Value*13.5, 374.85)
	near(t, "sustaining a tonne", m.Units[u].Costs[1].Per.Value*13.5, 90)
}

// Where the system declares anodes and butts they are ports: 510 kg in, 95 kg
// back; and PFC joins co2 where it has no account.
func TestPotlinePorts(t *testing.T) {
	p := plan{commodities: metal + "anode: {unit: t}\nbutts: {unit: t, balance: free}\nco2: {unit: t, balance: account}", assets: potMarket + `
pots: {kind: potline, at: park, capacity: 500 kt/a, cell_voltage: 3.95 V}
sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}
anodes: {kind: purchase, at: park, commodity: anode, price: 690 USD/t}
`}
	m := p.model(t)
	u := unitOf(t, m, "pots", "")
	energy := m.Units[u].Bound.Coef
	within(t, "energy", energy, 13.1889, 0.0001)
	near(t, "anodes", port(m, u, "anode@park")*energy, -0.51)
	near(t, "butts", port(m, u, "butts@park")*energy, 0.095)
	co2 := 0.0
	for _, q := range m.Units[u].Ports {
		if m.Buses[q.Bus].Name == "co2@park" {
			co2 += q.Ratio.Value * energy
		}
	}
	near(t, "CO2 with PFC", co2, 3.664*0.415+0.15)
	p.assets = replace(p.assets, "3.95 V}", "3.95 V, prices: {anode: 690 USD/t}}")
	p.refused(t, "conflict", "assets.pots.prices.anode")
}

const modulated = `
pots:
  kind: potline
  at: park
  capacity: 100 t/h
  energy: 10 MWh/t
  modulation: {min: 95 %, max: 103 %, heat_store: 1.5 h, catch_up: 2 d}
buy: {kind: purchase, at: park, commodity: electricity, price: s.csv#price, max: 2 GW}
`

// Two days, one at 20 USD/MWh, one at 100. Full load is 1,000 MW. Metal is worth
// far more than power, so the two days make all that the capacity allows: 48
// full-load hours. The cheap day runs at 103 %: 24.72; the dear one makes up with
// 23.28. Money: 24,720 x 20 + 23,280 x 100 = 2,822,400, against 2,880,000 flat.
func TestModulationShiftsLoad(t *testing.T) {
	price := make([]float64, 48)
	for h := range price {
		price[h] = 20
		if h >= 24 {
			price[h] = 100
		}
	}
	s := plan{days: 2, commodities: metal, assets: potMarket + modulated, series: map[string][]float64{"price": price}}.solve(t)
	load := s.UnitActivity(s.X, unitOf(t, s.m, "pots", ""))
	near(t, "cheap day", sum(load[:24]), 24720)
	near(t, "dear day", sum(load[24:]), 23280)
	tonnes := 4800.0
	near(t, "cost", s.Objective, 2822400+tonnes*(1.92*350-2500))
}

// Eight days, dear ones first: four at 1,000 USD/MWh, which the metal does not
// pay, and four cheap. 95 % for four days would be 4.8 h short; no 48 hours may
// be short by more than 1.5 h, so the four days together by 3.
func TestHeatStoreBoundsTheShift(t *testing.T) {
	price := make([]float64, 192)
	for h := range price {
		price[h] = 1000
		if h >= 96 {
			price[h] = 10
		}
	}
	s := plan{days: 8, commodities: metal, assets: potMarket + modulated, series: map[string][]float64{"price": price}}.solve(t)
	load := s.UnitActivity(s.X, unitOf(t, s.m, "pots", ""))
	near(t, "four dear days", sum(load[:96]), 93000)
	for h := range load {
		if load[h] < 950-1e-6 || load[h] > 1030+1e-6 {
			t.Fatalf("hour %d runs at %g MW of 1,000, outside 95-103 %%", h, load[h])
		}
		window := 0.0
		for k := range 48 {
			window += load[(h+k)%192] / 1000
		}
		if math.Abs(window-48) > 1.5+1e-9 {
			t.Fatalf("48 hours from hour %d are %g full-load hours, outside 48 +- 1.5", h, window)
		}
	}
}

// Shares of current: 90 % of it is 84.87 % of power, 105 % is 108.0 %; a ramp of
// 5 %/h is 5 x (1.70 + 4.50) / 3.95 = 7.85 %/h of power.
func TestModulationOfCurrent(t *testing.T) {
	m := plan{commodities: metal, assets: potMarket + `
pots: {kind: potline, at: park, capacity: 500 kt/a, energy: 13.5 MWh/t, modulation: {of: current, min: 90 %, max: 105 %, ramp: 5 %/h}}
sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}
`}.model(t)
	u := m.Units[unitOf(t, m, "pots", "")]
	near(t, "least", u.Bound.Min.Value, 0.9*3.725/3.95)
	near(t, "most", u.Bound.Max.Value, 1.05*(1.70+2.25*1.05)/3.95)
	near(t, "ramp", u.Ramp.Up, 0.05*6.2/3.95)
}

// A retrofit at 0.30 MUSD a pot: 500 kt take 361.9 pots, 108.6 MUSD (facts-K4:
// about 109), over 20 years at 8 % 11.06 MUSD a year. Energy rises by 1.5 %, the
// band is the retrofit's, any week within 12 full-load hours.
func TestRetrofit(t *testing.T) {
	m := plan{commodities: metal, assets: potMarket + `
pots:
  kind: potline
  at: park
  capacity: 500 kt/a
  energy: 13.5 MWh/t
  modulation: {retrofit: {cost: 0.30 MUSD/pot}}
sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}
`}.model(t)
	c := m.Capacities[capacityOf(t, m, "pots", "retrofit")]
	within(t, "pots", c.Existing, 362, 0.5)
	near(t, "a year", c.Sunk, c.Existing*0.3e6*kind.Annuity(0.08, 20))
	within(t, "a year in MUSD", c.Sunk/1e6, 11.06, 0.01)
	u := m.Units[unitOf(t, m, "pots", "")]
	near(t, "energy", u.Bound.Coef, 13.5*1.015)
	near(t, "least", u.Bound.Min.Value, 0.75)
	near(t, "most", u.Bound.Max.Value, 1.25)
	w := u.Windows[0]
	if w.Hours != 168 || w.Min != 156 || w.Max != 180 {
		t.Errorf("the window is %+v, want 168 +- 12 h", w)
	}
}

// A potline that may be built pays its retrofit by the tonne: 1 t/h takes 1 /
// 0.15771 = 6.3406 pots.
func TestRetrofitOfABuiltPotline(t *testing.T) {
	m := plan{commodities: metal, assets: potMarket + `
pots:
  kind: potline
  at: park
  energy: 13.5 MWh/t
  build: {max: 500 kt/a, cost: 1800 USD/(t/a), life: 25 a}
  modulation: {retrofit: {cost: 0.30 MUSD/pot}}
sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}
`}.model(t)
	c := m.Capacities[capacityOf(t, m, "pots", "")]
	near(t, "capital", c.Capital, 1800*8760*kind.Annuity(0.08, 25)+0.3e6*kind.Annuity(0.08, 20)/kind.PotOutput(500, 0.94))
}

// A potline that pays is built to its most, 10 t/h, and makes in the year of the
// study (here two days) what its capacity says, though it may run at 103 %.
func TestPotlineBuilt(t *testing.T) {
	s := plan{days: 2, commodities: metal, assets: potMarket + `
pots:
  kind: potline
  at: park
  energy: 10 MWh/t
  build: {max: 10 t/h, cost: 10 USD/(t/a), life: 25 a}
  modulation: {}
  emergency: {}
buy: {kind: purchase, at: park, commodity: electricity, price: 20 USD/MWh, max: 2 GW}
`}.solve(t)
	near(t, "built", s.CapacityBuilt(s.X, capacityOf(t, s.m, "pots", "")), 10)
	near(t, "energy", sum(s.UnitActivity(s.X, unitOf(t, s.m, "pots", ""))), 48*100)
	near(t, "shed", sum(s.UnitActivity(s.X, unitOf(t, s.m, "pots", "emergency"))), 0)
}

// A restart of 35 MUSD for 250 kt/a, 28.539 t/h x 13.5 MWh/t x 3 h = 1,155.8
// MWh: 30,281 USD/MWh.
func TestFreezeCost(t *testing.T) {
	within(t, "freeze cost", kind.FreezeCost(35e6, 250e3/8760, 13.5, 3), 30281, 1)
}

// Wind fails for two hours of two days under a flat potline of 100 MW with a
// freeze cost of 30,000. Two hours are shed: 200 MWh; the metal and alumina of
// those hours are neither made nor bought. Nothing is shed for a price: the
// market asks 5,000 USD/MWh in other hours and gets nothing.
func TestEmergency(t *testing.T) {
	dark := func(hours int) map[string][]float64 {
		wind := make([]float64, 48)
		for h := range wind {
			wind[h] = 1
			if h >= 30 && h < 30+hours {
				wind[h] = 0
			}
		}
		return map[string][]float64{"wind": wind}
	}
	p := plan{days: 2, commodities: metal, series: dark(2), assets: potMarket + `
pots: {kind: potline, at: park, capacity: 10 t/h, energy: 10 MWh/t, emergency: {freeze_cost: 30000 USD/MWh}}
wind: {kind: wind, at: park, capacity: 100 MW, availability: s.csv#wind}
spot: {kind: sale, at: park, commodity: electricity, price: 5000 USD/MWh}
`}
	s := p.solve(t)
	tonnes := 460.0
	near(t, "cost", s.Objective, 200*30000+tonnes*(1.92*350-2500))
	shed := s.UnitActivity(s.X, unitOf(t, s.m, "pots", "emergency"))
	near(t, "shed", sum(shed), 200)

	// Four hours are more than the three that the pots stand.
	p.series = dark(4)
	problem, _, err := formulate.Build(p.model(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := highs.Solver{}.Solve(context.Background(), problem, lp.Options{Algorithm: "simplex"})
	if errors.Is(err, highs.ErrNoLibrary) {
		t.Skip("no HiGHS library: run make deps")
	}
	if err != nil || got.Status != lp.Infeasible {
		t.Errorf("four dark hours are %v (%v), want infeasible", got.Status, err)
	}
}

// What is shed never exceeds what runs: it is bounded by the least load.
func TestEmergencyBound(t *testing.T) {
	m := plan{commodities: metal, assets: potMarket + `
pots: {kind: potline, at: park, capacity: 10 t/h, energy: 10 MWh/t, modulation: {min: 90 %, max: 105 %}, emergency: {}, labour: 50 USD/t, prices: {anode: 690 USD/t}}
sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}
`}.model(t)
	line, e := m.Units[unitOf(t, m, "pots", "")], m.Units[unitOf(t, m, "pots", "emergency")]
	if e.Bound.Capacity != line.Bound.Capacity || e.Bound.Coef*e.Bound.Max.Value != line.Bound.Coef*line.Bound.Min.Value {
		t.Errorf("shed is bounded by %+v, load by %+v", e.Bound, line.Bound)
	}
	if w := e.Windows[0]; w.Hours != 48 || w.Max != 3 {
		t.Errorf("the window is %+v, want 3 h in 48", w)
	}
	near(t, "power back", port(m, unitOf(t, m, "pots", "emergency"), "electricity@park"), 1)
	near(t, "metal not made", port(m, unitOf(t, m, "pots", "emergency"), "aluminium@park"), -0.1)
	near(t, "freeze cost", e.Costs[0].Per.Value, kind.FreezeCost(35e6, 250e3/8760, 10, 3))
	near(t, "inputs not used, labour paid", e.Costs[1].Per.Value, -0.51*690/10)
	if e.Costs[0].Class != primitive.Event {
		t.Errorf("the freeze cost is of class %v, want event", e.Costs[0].Class)
	}
}

// A wider band at no cost never costs more, on prices that rise and fall with
// day and weekday.
func TestWiderBandNeverCostsMore(t *testing.T) {
	price := make([]float64, 96)
	for h := range price {
		price[h] = 40 + 30*math.Sin(2*math.Pi*float64(h)/24) + 10*math.Cos(2*math.Pi*float64(h)/96)
	}
	last := math.Inf(1)
	for i, band := range []string{"", "min: 98 %, max: 101 %", "min: 95 %, max: 103 %", "min: 90 %, max: 105 %"} {
		words := ""
		if band != "" {
			words = ", modulation: {" + band + ", heat_store: 1.5 h, catch_up: 2 d}"
		}
		s := plan{days: 4, commodities: metal, series: map[string][]float64{"price": price}, assets: potMarket + `
pots: {kind: potline, at: park, capacity: 100 t/h, energy: 10 MWh/t` + words + `}
buy: {kind: purchase, at: park, commodity: electricity, price: s.csv#price, max: 2 GW}
`}.solve(t)
		if s.Objective > last+1e-6*math.Abs(last) || i > 0 && s.Objective > last-1 {
			t.Errorf("the band %q costs %.9g, the narrower one before %.9g: want less", band, s.Objective, last)
		}
		last = s.Objective
	}
}

func TestPotlineConflicts(t *testing.T) {
	rest := potMarket + "sun: {kind: solar, at: park, capacity: 1 GW, availability: 100 %}\n"
	base := rest + "pots: {kind: potline, at: park, capacity: 10 t/h, "
	refuse := func(code, field, words string) {
		t.Helper()
		plan{commodities: metal, assets: base + words + "}"}.refused(t, code, field)
	}
	refuse("missing", "assets.pots.energy", "labour: 1 USD/t")
	refuse("conflict", "assets.pots.cell_voltage", "energy: 13.5 MWh/t, cell_voltage: 4 V")
	refuse("range", "assets.pots.modulation.max", "energy: 13.5 MWh/t, modulation: {min: 95 %, max: 100 %}")
	refuse("range", "assets.pots.modulation.min", "energy: 13.5 MWh/t, modulation: {min: 105 %, max: 106 %}")
	refuse("range", "assets.pots.modulation.catch_up", "energy: 13.5 MWh/t, modulation: {heat_store: 4 h, catch_up: 3 h}")
	refuse("range", "assets.pots.anode_net", "energy: 13.5 MWh/t, anode: 400 kg/t")
	refuse("range", "assets.pots.emergency.recovery", "energy: 13.5 MWh/t, emergency: {recovery: 2 h}")
	// An efficiency entered upside down: 1/13.5 t/MWh.
	refuse("unit-dimension", "assets.pots.energy", "energy: 0.074 t/MWh")
	refuse("range", "assets.pots.energy", "energy: 13.5 kWh/t")
}

// Facts-K15: whether its power comes from a grid of 0.659 t/MWh or from wind, a
// potline's direct CO2 is the same, and CBAM counts no other.
func TestGreenPowerLeavesDirectCO2(t *testing.T) {
	direct := func(power string) (own, indirect float64) {
		s := plan{commodities: metal + "co2: {unit: t, balance: account}\nco2_indirect: {unit: t, balance: account}", assets: potMarket + `
pots: {kind: potline, at: park, capacity: 500 kt/a, energy: 13.5 MWh/t}
` + power}.solve(t)
		return s.amount(t, "co2@park", ""), s.amount(t, "co2_indirect@park", "")
	}
	dirty, bought := direct("grid: {kind: grid_import, at: park, price: 60 USD/MWh, max: 1 GW, co2: 0.659 t/MWh}")
	green, none := direct("wind: {kind: wind, at: park, capacity: 1 GW, availability: 100 %}\ngrid: {kind: grid_import, at: park, price: 600 USD/MWh, max: 1 MW, co2: 0.659 t/MWh}")
	near(t, "direct CO2", green, dirty)
	near(t, "direct CO2 of a tonne", dirty/(500e3/365), 3.664*0.415+0.15)
	near(t, "indirect CO2 of the grid", bought/(500e3/365), 13.5*0.659)
	near(t, "indirect CO2 of wind", none, 0)
}
