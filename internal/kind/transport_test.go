package kind_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/kind"
)

const cargo = `coal: {unit: t, step: 1d}
diesel: {unit: m3, step: 1d}
trucks: {unit: truck, balance: account}
co2: {unit: t, balance: account}
`

// A tonne over 120 km at 0.10 USD/t km and 2 USD of toll costs 14 USD, is 1/28 of
// a truck, and takes 120 x 0.025 L = 3 L of diesel, 7.95 kg of CO2.
func TestRoad(t *testing.T) {
	s := plan{days: 2, commodities: cargo, assets: `
mine: {kind: purchase, at: park, commodity: coal, price: 30 USD/t}
pump: {kind: purchase, at: park, commodity: diesel, price: 900 USD/m3}
road: {kind: road, commodity: coal, from: park, to: border, at: park, distance: 120 km, capacity: 6 kt/d, rate: 0.10 USD/t/km, cost: 2 USD/t, diesel: 0.025 L/t/km, payload: 28 t/truck}
use: {kind: demand, at: border, commodity: coal, amount: 2.8 kt/d}
`}.solve(t)
	near(t, "cost", s.Objective, 5600*(30+14+0.003*900))
	near(t, "trucks", s.amount(t, "trucks@park", ""), 200)
	near(t, "diesel", s.amount(t, "diesel@park", "road"), -16.8)
	near(t, "CO2", s.amount(t, "co2@park", ""), 16.8*2.65)
}

// A wet season by month holds the road at 60 %; an event halves it on top.
func TestRoadInTheWetSeason(t *testing.T) {
	m := plan{days: 59, commodities: cargo, assets: `
road: {kind: road, commodity: coal, from: park, to: border, at: park, distance: 120 km, payload: 28 t/truck, capacity: {monthly: [6 kt/d, 3.6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d, 6 kt/d]}}
`, events: "slide: {set: {assets.road.capacity.scale: 50 %}, from: 2030-02-10, for: 5 d}"}.model(t)
	most := func(day int) float64 {
		return 24 * m.Routes[0].Bound.Max.At(24*day) * m.Capacities[0].Existing
	}
	near(t, "January", most(3), 6000)
	near(t, "February", most(33), 3600)
	near(t, "the slide", most(41), 1800)
}

// Two roads share a gate of 425 vehicles a day. A loaded truck passes it twice,
// so 212.5 go a day with 28 t: 5,950 t, 2.17 Mt a year (facts-K5).
const laLay = cargo + "crossings: {unit: vehicle, step: 1d}\nbauxite: {unit: t dry, step: 1d}\n"

const gateRoads = `
mine: {kind: purchase, at: park, commodity: coal, price: 30 USD/t}
gate: {kind: gate, at: border, WORDS}
road: {kind: road, commodity: coal, from: park, to: town, at: park, distance: 120 km, capacity: 20 Mt/a, rate: 0.10 USD/t/km, payload: 28 t/truck, gate: gate}
sell: {kind: export, at: town, commodity: coal, price: 72 USD/t}
`

func TestGate(t *testing.T) {
	within(t, "20 Mt on 365 days", kind.LoadedTrucks(20e6, 28, 365), 1957, 0.5)
	within(t, "20 Mt on 300 days", kind.LoadedTrucks(20e6, 28, 300), 2381, 0.5)
	within(t, "crossings", 2*kind.LoadedTrucks(20e6, 28, 365), 3914, 0.5)
	near(t, "vehicles a day", kind.GateCapacity(2, 18, 5), 432)

	p := plan{days: 2, commodities: laLay, assets: replace(gateRoads, "WORDS", "capacity: 425 vehicle/d")}
	s := p.solve(t)
	year := -s.amount(t, "coal@town", "sell") * 365 / 2
	near(t, "coal a year", year, 425./2*28*365)
	within(t, "coal a year", year, 2.2e6, 0.05e6)
	near(t, "cost", s.Objective, 2*5950*(30+12-72.))
	near(t, "crossings", s.amount(t, "crossings@border", "gate"), 850)
	if c := s.m.Capacities[capacityOf(t, s.m, "gate", "")]; c.Unit != "vehicle/h" {
		t.Errorf("the gate's capacity is in %s", c.Unit)
	}

	// 2 lanes of 5 minutes on 18 hours pass 432; a holiday passes none.
	p.assets = replace(gateRoads, "WORDS", "lanes: 2, minutes: 5 min, hours: 18 h/d, fee: 3 USD/vehicle, holidays: [1999-01-02]")
	s = p.solve(t)
	near(t, "crossings", s.amount(t, "crossings@border", "gate"), 432)
	near(t, "cost", s.Objective, 432*3+216*28*(30+12-72.))

	p.assets = replace(gateRoads, "WORDS", "capacity: 425 vehicle/d")
	p.events = "closed: {set: {assets.gate.capacity: 0}, from: 2030-01-01, for: 36 h}"
	near(t, "crossings", p.solve(t).amount(t, "crossings@border", "gate"), 425./2)
	p.events = "closed: {set: {assets.gate.open: 0 %}, from: 2030-01-01, for: 1 d}"
	near(t, "crossings", p.solve(t).amount(t, "crossings@border", "gate"), 425)
}

// Coal counted by the week passes on the days of it that the gate is open: a
// holiday takes one day of seven, not the week.
func TestGateByTheDay(t *testing.T) {
	s := plan{days: 14, commodities: replace(laLay, "coal: {unit: t, step: 1d}", "coal: {unit: t, step: 1w}"),
		assets: replace(gateRoads, "WORDS", "capacity: 425 vehicle/d, holidays: [2030-01-03]")}.solve(t)
	near(t, "crossings", s.amount(t, "crossings@border", "gate"), 13*425)
	near(t, "coal", -s.amount(t, "coal@town", "sell"), 13*5950)
}

func TestGateRefusals(t *testing.T) {
	refuse := func(words, code, field string) {
		t.Helper()
		plan{commodities: laLay, assets: replace(gateRoads, "WORDS", words)}.refused(t, code, field)
	}
	refuse("lanes: 2, minutes: 5 min", "missing", "assets.gate.hours")
	refuse("lanes: 2, hours: 12 h/d", "missing", "assets.gate.minutes")
	refuse("hours: 12 h/d, minutes: 5 min", "missing", "assets.gate.lanes")
	refuse("lanes: 2, minutes: 5 min, hours: 25 h/d", "range", "assets.gate.hours")
	refuse("lanes: 2, minutes: 5 min, hours: 12 h/d, capacity: 400 vehicle/d", "conflict", "assets.gate.capacity")
	refuse("name: La Lay", "missing", "assets.gate")
	p := plan{commodities: laLay, assets: replace(gateRoads, "WORDS", "capacity: 425 vehicle/d")}
	p.assets = replace(p.assets, ", payload: 28 t/truck", "")
	p.refused(t, "missing", "assets.road.payload")
	p.commodities = replace(laLay, "crossings: {unit: vehicle, step: 1d}", "crossings: {unit: vehicle, balance: account}")
	p.assets = replace(gateRoads, "WORDS", "capacity: 425 vehicle/d")
	p.refused(t, "conflict", "assets.gate")
	p.commodities = laLay
	p.assets = replace(replace(gateRoads, "WORDS", "capacity: 425 vehicle/d"), "gate: gate}", "gate: mine}")
	p.refused(t, "reference", "assets.road.gate")
	p.assets = replace(replace(gateRoads, "WORDS", "capacity: 425 vehicle/d"), "gate: gate}", "gate: gates}")
	p.refused(t, "unknown-asset", "assets.road.gate")
}

// 120 km at 35 km/h and 2 h to turn: 8.857 h a cycle; 200 trucks of 28 t, 85 % of
// which run, carry 537.4 t an hour.
func TestFleet(t *testing.T) {
	near(t, "fleet", kind.FleetCapacity(200, 0.85, 28, 2*120./35+2), 537.419355)
	text := `
mine: {kind: purchase, at: park, commodity: coal, price: 30 USD/t}
fleet: {kind: fleet, commodity: coal, from: park, to: border, at: park, distance: 120 km, WORDS, payload: 28 t/truck, rate: 0.05 USD/t/km}
sell: {kind: export, at: border, commodity: coal, price: 72 USD/t}
`
	p := plan{commodities: cargo, assets: replace(text, "WORDS", "number: 200 truck, speed: 35 km/h")}
	s := p.solve(t)
	near(t, "cost", s.Objective, 24*537.419355*(30+6-72.))
	near(t, "trucks", s.amount(t, "trucks@park", ""), 24*537.419355/28)
	// 28 t in 8 h is 3.5 t/h, 85 % of it 2.975: 100 t/h take 33.6 trucks.
	p.assets = replace(replace(text, "WORDS", "cycle: 8 h, build: {max: 500 truck, cost: 120000 USD/truck, life: 8 a}"),
		"kind: export, at: border, commodity: coal, price: 72 USD/t", "kind: demand, at: border, commodity: coal, amount: 100 t/h")
	s = p.solve(t)
	near(t, "cost", s.Objective, 2400*36+100/2.975*120e3*kind.Annuity(0.08, 8)/365)
	if u := s.m.Capacities[capacityOf(t, s.m, "fleet", "")].Unit; u != "truck" {
		t.Errorf("a fleet is counted in %s", u)
	}
	p.assets = replace(text, "WORDS", "number: 200 truck, speed: 35 km/h, cycle: 8 h")
	p.refused(t, "conflict", "assets.fleet.speed")
	p.assets = replace(text, "WORDS", "number: 200 truck")
	p.refused(t, "missing", "assets.fleet.cycle")
}

// Facts-K6, 160 km, 20 Mt/a at most. Capital: 460 MUSD for 75 km is 6.133 MUSD/km,
// 981.3 MUSD for 160 km, 115.3 MUSD a year at 10 % over 20 years (5.7 USD/t at 20
// Mt); or 460 MUSD for all 160 km, 54.03 MUSD a year. Running 0.02-0.04 USD/t km.
func TestBeltBreakEven(t *testing.T) {
	annuity := kind.Annuity(0.10, 20)
	within(t, "annuity", annuity, 0.11746, 0.00001)
	long, short := 460e6/75*160*annuity, 460e6*annuity
	within(t, "capital a tonne at 20 Mt", long/20e6, 5.7, 0.1)
	for _, c := range []struct {
		what                 string
		capital, belt, truck float64
		want                 float64 // Mt
		ever                 bool
	}{
		{"75 km, truck at 0.07", long, 0.02, 0.07, 14.41, true},
		{"75 km, truck at 0.12", long, 0.02, 0.12, 7.204, true},
		{"75 km, dear belt, truck at 0.07", long, 0.04, 0.07, 24.01, false}, // more than it carries
		{"160 km, truck at 0.07", short, 0.02, 0.07, 6.754, true},
		{"160 km, truck at 0.12", short, 0.02, 0.12, 3.377, true},
		{"160 km, dear belt, truck at 0.07", short, 0.04, 0.07, 11.26, true},
		{"truck as cheap to run", short, 0.04, 0.04, math.Inf(1), false},
	} {
		got, ever := kind.BeltBreakEven(c.capital, 160*c.belt, 160*c.truck, 20e6)
		if ever != c.ever || !(math.Abs(got/1e6-c.want) <= 0.005*c.want || got > 1e300 && math.IsInf(c.want, 1)) {
			t.Errorf("%s: %g Mt (%v), by hand %g (%v)", c.what, got/1e6, ever, c.want, c.ever)
		}
	}
}

// Built belt or trucks: at 20 Mt/a trucks at 0.10 cost 320 MUSD a year; the belt
// 115.27 + 20 x 160 x 0.03 = 211.27. At 5 Mt/a the belt would cost 115.27 for its
// whole size; as it may be built in part here it pays in proportion, 5.76 + 4.8
// a tonne against 16.
func TestBeltAgainstTrucks(t *testing.T) {
	s := plan{commodities: cargo, assets: `
mine: {kind: purchase, at: park, commodity: coal, price: 30 USD/t}
trucks: {kind: road, commodity: coal, from: park, to: border, at: park, distance: 160 km, capacity: 30 Mt/a, rate: 0.10 USD/t/km, payload: 28 t/truck}
belt: {kind: belt, commodity: coal, from: park, to: border, at: park, distance: 160 km, rate: 0.03 USD/t/km, build: {max: 20 Mt/a, cost: 49.0667 USD/(t/a), life: 20 a, wacc: 10 %}}
use: {kind: demand, at: border, commodity: coal, amount: 25 Mt/a}
`}.solve(t)
	capital := 49.0667 * kind.Annuity(0.10, 20)
	near(t, "cost", s.Objective, (25e6*30+20e6*(capital+4.8)+5e6*16)/365)
}

// What leaves a way never exceeds what enters it, and the price at its end is
// the cost of the way: whatever distance, loss and rate.
func TestWaysAddTheirCost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		km := float64(rapid.IntRange(0, 900).Draw(r, "km"))
		loss := float64(rapid.IntRange(0, 50).Draw(r, "loss")) / 100
		kindOf := rapid.SampledFrom([]string{"road", "rail", "belt", "pipeline"}).Draw(r, "kind")
		m := plan{commodities: "coal: {unit: t}", assets: replace(replace(replace(`
way: {kind: KIND, commodity: coal, from: park, to: border, at: park, distance: KM km, capacity: 1 Mt/a, rate: 0.05 USD/t/km, cost: 3 USD/t, loss: LOSS}
`, "KIND", kindOf), "KM", format(km)), "LOSS", format(loss))}.model(t)
		route := m.Routes[0]
		if got := route.Costs[0].Per.Value; math.Abs(got-(3+0.05*km)) > 1e-9 {
			r.Fatalf("%g km cost %g", km, got)
		}
		if route.Loss != loss || route.From == route.To {
			r.Fatalf("the route is %+v", route)
		}
	})
}

// A train takes 5 Wh/t km from the wire where it starts: 420 km are 2.1 kWh/t. A
// pipe has no wire there.
func TestTractionIsDrawnWhereTheWayBegins(t *testing.T) {
	const text = `
grid: {kind: purchase, at: border, commodity: electricity, price: 60 USD/MWh}
buy: {kind: purchase, at: border, commodity: coal, price: 30 USD/t}
rail: {kind: rail, commodity: coal, from: border, to: park, distance: 420 km, capacity: 1 Mt/a, electricity: 0.005 kWh/t/km, train: 2000 t/train}
use: {kind: demand, at: park, commodity: coal, amount: 10 t/h}
`
	s := plan{commodities: "coal: {unit: t}\ntrains: {unit: train, balance: account}", assets: text}.solve(t)
	near(t, "cost", s.Objective, 240*(30+0.0021*60))
	near(t, "trains", s.amount(t, "trains@border", ""), 0.12)
}

// A port: 1 % is lost, 6 USD/t, a ship of 30 kt.
func TestPort(t *testing.T) {
	m := plan{commodities: "coal: {unit: t}\nships: {unit: trip, balance: account}", assets: `
port: {kind: port, commodity: coal, at: border, to: town, capacity: 2 Mt/a, cost: 6 USD/t, loss: 1 %, ship: 30 kt/trip}
`}.model(t)
	r := m.Routes[routeOf(t, m, "port", "")]
	near(t, "cost", r.Costs[0].Per.Value, 6)
	near(t, "loss", r.Loss, 0.01)
	near(t, "ships", r.Uses[0].Ratio.Value, 1/30e3)
	if m.Buses[r.From].Name != "coal@border" || m.Buses[r.To].Name != "coal@town" {
		t.Errorf("it runs from %s to %s", m.Buses[r.From].Name, m.Buses[r.To].Name)
	}
}

// Coal at 70 USD/t, a duty of 10 % and 5 of freight is worth 58 at the mine;
// diesel at 750 USD/m3, 5 % and 20 costs 807.5.
func TestImportAndExport(t *testing.T) {
	m := plan{commodities: cargo, assets: `
out: {kind: export, at: park, commodity: coal, price: 70 USD/t, duty: 10 %, freight: 5 USD/t, max: 20 Mt/a}
in: {kind: import, at: park, commodity: diesel, price: 750 USD/m3, duty: 5 %, freight: 20 USD/m3, max: 1 ML/d, blocks: [{size: 1 ML/d, price: 800 USD/m3}]}
`}.model(t)
	near(t, "worth of coal", m.Trades[0].Price.Value, 58)
	near(t, "cost of diesel", m.Trades[1].Price.Value, 807.5)
	near(t, "its next block", m.Trades[1].Blocks[0].Price.Value, 860)
	if !m.Trades[0].Sell || m.Trades[1].Sell {
		t.Error("an export sells, an import buys")
	}
	plan{commodities: cargo, assets: "out: {kind: export, at: park, commodity: coal, price: 70 USD/t, duty: 110 %}"}.refused(t, "range", "assets.out.duty")
}
