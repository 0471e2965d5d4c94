package kind_test

import (
	"math"
	"testing"
)

// Half a day at 20 USD/MWh, half at 100. A full charge of 40 MWh takes 40 /
// sqrt(0.9) = 42.1637 MWh and gives 40 sqrt(0.9) = 37.9473 MWh: it earns 3,794.73
// less 843.27 = 2,951.46 a day.
func TestBatteryArbitrage(t *testing.T) {
	price := make([]float64, 24)
	for h := range price {
		price[h] = 20
		if h >= 12 {
			price[h] = 100
		}
	}
	s := plan{assets: `
cells: {kind: battery, at: park, capacity: 10 MW, hours: 4 h}
buy: {kind: purchase, at: park, commodity: electricity, price: s.csv#price, max: 50 MW}
sell: {kind: sale, at: park, commodity: electricity, price: s.csv#price, max: 50 MW}
`, series: map[string][]float64{"price": price}}.solve(t)
	near(t, "cost", s.Objective, -40*math.Sqrt(0.9)*100+40/math.Sqrt(0.9)*20)
}

// Sun in the first half of the day only; 10 MW of load for 12 hours of night
// take 120 / sqrt(0.9) = 126.491 MWh of cells. Tied to 6 hours that makes 21.082
// MW; chosen apart, 10 MW of inverter to give and 120 / 0.9 / 12 = 11.111 MW to
// take: 11.111 MW.
func TestBatteryBuild(t *testing.T) {
	sun := make([]float64, 24)
	for h := range 12 {
		sun[h] = 1
	}
	for tie, power := range map[string]float64{"hours: 6 h\n  ": 126.4911064 / 6, "": 120 / 0.9 / 12} {
		s := plan{assets: `
sun: {kind: solar, at: park, capacity: 100 MW, availability: s.csv#sun}
load: {kind: demand, at: park, amount: 10 MW, shed: 1e6 USD/MWh}
cells:
  kind: battery
  at: park
  ` + tie + `build:
    power: {max: 100 MW, cost: 1 USD/kW, life: 20 a}
    energy: {max: 1 GWh, cost: 1 USD/kWh, life: 20 a}
`, series: map[string][]float64{"sun": sun}}.solve(t)
		near(t, "energy", s.CapacityBuilt(s.X, capacityOf(t, s.m, "cells", "energy")), 120/math.Sqrt(0.9))
		near(t, "power", s.CapacityBuilt(s.X, capacityOf(t, s.m, "cells", "power")), power)
	}
}

// With hours, a cost of energy alone builds both: 126.491 MWh and a sixth of it.
func TestBatteryBuildOfEnergyAlone(t *testing.T) {
	m := plan{assets: `
cells:
  kind: battery
  at: park
  capacity: 10 MW
  hours: 6 h
  build: {energy: {max: 600 MWh, cost: 125 USD/kWh, life: 20 a}}
`}.model(t)
	p, e := m.Capacities[capacityOf(t, m, "cells", "power")], m.Capacities[capacityOf(t, m, "cells", "energy")]
	near(t, "standing energy", e.Existing, 60)
	near(t, "most power", p.Max, 100)
	near(t, "cost of power", p.Capital, 0)
}

// 2 %/d of standing loss is 0.02/24 an hour; 81 % of the cells may be used.
func TestBatteryLossAndFade(t *testing.T) {
	m := plan{assets: "cells: {kind: battery, at: park, capacity: 10 MW, energy: 40 MWh, loss: 2 %/d, usable: 81 %, round_trip: 90 %, charge: 95 %}"}.model(t)
	near(t, "loss", m.Stores[0].Loss, 0.02/24)
	near(t, "usable energy", m.Stores[0].Bound.Coef*m.Capacities[capacityOf(t, m, "cells", "energy")].Existing, 32.4)
	near(t, "charging", port(m, unitOf(t, m, "cells", "charge"), "cells.energy"), 0.95)
	near(t, "discharging", port(m, unitOf(t, m, "cells", "discharge"), "cells.energy"), -0.95/0.9)
}

func TestBatterySaysItsEnergyOnce(t *testing.T) {
	plan{assets: "b: {kind: battery, at: park, capacity: 10 MW}"}.refused(t, "missing", "assets.b.energy")
	plan{assets: "b: {kind: battery, at: park, capacity: 10 MW, energy: 40 MWh, hours: 4 h}"}.refused(t, "conflict", "assets.b.energy")
}
