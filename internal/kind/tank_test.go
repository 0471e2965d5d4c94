package kind_test

import (
	"math"
	"testing"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

const fuel = "diesel: {unit: m3, step: 1d}"

// Facts-K7: 18 days of stock, 70 % of supply cut off: 18/0.7 = 25.7, dry on the
// 26th of 42 days. With 30 % cut off 18/0.3 = 60 days, which 42 do not reach.
func TestRunsDry(t *testing.T) {
	day, dry := kind.RunsDry(18, 0.7, 42)
	within(t, "Thai crossings", day, 25.714, 0.001)
	if !dry {
		t.Error("the Thai crossings' closure runs dry")
	}
	day, dry = kind.RunsDry(18, 0.3, 42)
	near(t, "Vietnamese port", day, 60)
	if dry {
		t.Error("the Vietnamese port's closure does not run dry")
	}
}

// nation is Laos in brief: 3.3 ML a day, 70 % by the Thai crossings and 30 % by
// the Vietnamese port, and tanks of 60 ML, full at the start. Holding costs, so
// stock is used before anything is shed.
const nation = `
thai: {kind: import, at: border, commodity: diesel, price: 750 USD/m3}
viet: {kind: import, at: park, commodity: diesel, price: 750 USD/m3}
thai_road: {kind: road, at: border, commodity: diesel, to: town, distance: 300 km, capacity: 2.31 ML/d}
viet_road: {kind: road, at: park, commodity: diesel, to: town, distance: 300 km, capacity: 0.99 ML/d}
tank: {kind: tank, at: town, commodity: diesel, capacity: 60 ML, heel: 0 %, initial: 59.4 ML, value: 0 USD/m3, holding: 60 USD/m3/a}
use: {kind: demand, at: town, commodity: diesel, amount: 3.3 ML/d, shed: 5000 USD/m3}
`

// shed is how much goes unserved on each day, in ML.
func (s *solved) shed(asset string) []float64 {
	var out []float64
	for b := range s.m.Buses {
		s.Flows(s.X, b, func(f formulate.Flow) {
			if f.What == formulate.Shed && s.m.Assets[s.m.Demands[f.Index].Asset].Name == asset {
				for _, r := range f.Rate {
					out = append(out, r*24/1000)
				}
			}
		})
	}
	return out
}

// From 6 January (day 6) the Thai crossings are closed for 42 days. 18 days of
// stock last 25.7 days: on day 6 + 25 the first goes unserved, 0.286 of a day's
// 2.31 ML; then 2.31 ML a day until 17 February.
func TestThaiCrossingsClosed(t *testing.T) {
	s := plan{days: 60, commodities: fuel, assets: nation, events: `
closed: {set: {assets.thai_road.capacity: 0}, from: 2030-01-06, for: 42 d}`}.solve(t)
	shed := s.shed("use")
	for day, v := range shed {
		want := 0.0
		switch since := day - 5; {
		case since == 25:
			want = 2.31 * (26 - 18/0.7)
		case since > 25 && since < 42:
			want = 2.31
		}
		within(t, "shed", v, want, 1e-3)
	}
	near(t, "shed in all", sum(shed), (42*0.7-18)*3.3)
}

func TestVietnamesePortClosed(t *testing.T) {
	s := plan{days: 60, commodities: fuel, assets: nation, events: `
closed: {set: {assets.viet_road.availability: 0 %}, from: 2030-01-06, for: 42 d}`}.solve(t)
	near(t, "shed", sum(s.shed("use")), 0)
}

// 15 days of 3.3 ML and a heel of 5 % of 60 ML: 52.5 of 60 ML. Released by an
// event it is the heel alone; with a price it is a limit, in each of its days.
func TestReserve(t *testing.T) {
	const text = `
tank: {kind: tank, at: town, commodity: diesel, capacity: 60 ML, cover: 15 d, use: 3.3 ML/d MORE}
buy: {kind: import, at: town, commodity: diesel, price: 750 USD/m3}
use: {kind: demand, at: town, commodity: diesel, amount: 3.3 ML/d}
`
	p := plan{days: 10, commodities: fuel, assets: replace(text, "MORE", "")}
	m := p.model(t)
	near(t, "least", m.Stores[0].Bound.Min.At(0), 0.05+49.5/60)
	p.events = "crisis: {set: {assets.tank.cover: 0 d}, from: 2030-01-04, for: 3 d}"
	m = p.model(t)
	near(t, "least before", m.Stores[0].Bound.Min.At(71), 0.05+49.5/60)
	near(t, "least in the crisis", m.Stores[0].Bound.Min.At(72), 0.05)
	near(t, "least after", m.Stores[0].Bound.Min.At(144), 0.05+49.5/60)

	p.assets = replace(text, "MORE", ", shortfall: 20 USD/m3/d")
	m = p.model(t)
	near(t, "hard least", m.Stores[0].Bound.Min.At(0), 0.05)
	l := m.Limits[0]
	if l.Span != primitive.EachStep || len(l.Min) != 10 || l.Min[2] != 49.5e3 || l.Min[3] != 0 || l.Min[6] != 49.5e3 {
		t.Errorf("the reserve is %+v", l)
	}
	near(t, "price of a day's shortfall", l.Soft*24, 20)
	p.assets = replace(text, "MORE", ", build: {max: 10 ML, cost: 200 USD/m3, life: 30 a}")
	p.events = ""
	m = p.model(t)
	if l := m.Limits[0]; l.Min[0] != 49.5e3 || !math.IsNaN(l.Soft) {
		t.Errorf("the reserve is %+v", l)
	}
}

// 10 days at 20 USD/m3 and day for what the reserve of 33 ML lacks: the tank
// holds 13.2 ML from start to end, and 19.8 ML lack all the time.
func TestShortfallIsCharged(t *testing.T) {
	s := plan{days: 10, commodities: fuel, assets: `
tank: {kind: tank, at: town, commodity: diesel, capacity: 60 ML, heel: 0 %, cover: 10 d, use: 3.3 ML/d, shortfall: 20 USD/m3/d, initial: 13.2 ML}
buy: {kind: import, at: town, commodity: diesel, price: 750 USD/m3, max: 3.3 ML/d}
use: {kind: demand, at: town, commodity: diesel, amount: 3.3 ML/d}
`}.solve(t)
	near(t, "cost", s.Objective, 10*(3300*750+19800*20))
}

func TestStockAboveTheTank(t *testing.T) {
	const rest = "}\nbuy: {kind: import, at: town, commodity: diesel, price: 750 USD/m3}\nuse: {kind: demand, at: town, commodity: diesel, amount: 3.3 ML/d}"
	refuse := func(words, code, field string) {
		t.Helper()
		plan{commodities: fuel, assets: "tank: {kind: tank, at: town, commodity: diesel, capacity: 60 ML, " + words + rest}.refused(t, code, "assets.tank."+field)
	}
	refuse("initial: 66 ML", "range", "initial")
	refuse("initial: 2 ML", "range", "initial") // the heel is 3 ML
	refuse("initial: 50 ML, final: 70 ML", "range", "final")
	refuse("cover: 30 d, use: 3.3 ML/d", "range", "cover")
	refuse("cover: 10 d", "missing", "use")
	refuse("shortfall: 1 USD/m3/d", "conflict", "shortfall")
	refuse("heel: 110 %", "range", "heel")
}

// A terminal takes in 3 ML a day at most, at 4 USD/m3: of 4 days with 2 ML of
// use each and the last without a ship 8 ML come in on three days.
func TestTerminal(t *testing.T) {
	s := plan{days: 4, commodities: fuel, assets: `
ships: {kind: import, at: border, commodity: diesel, price: 700 USD/m3}
terminal: {kind: terminal, at: town, from: border, commodity: diesel, capacity: 10 ML, heel: 0 %, intake: 3 ML/d, handling: 4 USD/m3}
use: {kind: demand, at: town, commodity: diesel, amount: 2 ML/d}
`, events: "storm: {set: {assets.terminal.intake: 0}, from: 2030-01-04, for: 1 d}"}.solve(t)
	near(t, "cost", s.Objective, 8000*704)
	m := s.m
	near(t, "most in", m.Routes[0].Bound.Max.At(0)*m.Capacities[m.Routes[0].Bound.Capacity].Existing*24, 3000)
	near(t, "in the storm", m.Routes[0].Bound.Max.At(80), 0)
}
