package kind_test

import (
	"testing"

	"example.org/busbar/internal/primitive"
)

// 15 days of 960 kt a year are 39,452 t. Two days without supply (10 t/h used)
// draw the pile down by 480 t; holding costs 12 USD a tonne and year.
const pile = `
pile: {kind: stockpile, at: park, commodity: alumina, cover: 15 d, use: 960 kt/a, holding: 12 USD/t/a, `

func TestStockpileCover(t *testing.T) {
	const rest = "\nsell: {kind: sale, at: park, commodity: alumina, price: 1 USD/t}"
	alumina := plan{commodities: "alumina: {unit: t, step: 1d}"}
	fixed, built := alumina, alumina
	fixed.assets = pile + "capacity: 60 kt}" + rest
	m := fixed.model(t)
	s := m.Stores[0]
	near(t, "least", s.Bound.Min.Value*60e3, 15*960e3/365)
	near(t, "holding cost", s.Costs[0].Per.Value*8760, 12)
	if s.End != primitive.Cyclic {
		t.Errorf("the end is %v, want cyclic", s.End)
	}
	built.assets = pile + "build: {max: 60 kt, cost: 100 USD/t, life: 30 a}}" + rest
	m = built.model(t)
	near(t, "least as a limit", m.Limits[0].Min[0], 15*960e3/365)
	fixed.assets = pile + "capacity: 30 kt}" + rest
	fixed.refused(t, "range", "assets.pile.min")
	fixed.assets = pile + "capacity: 60 kt, min: 1 t}" + rest
	fixed.refused(t, "conflict", "assets.pile.min")
	fixed.assets = "pile: {kind: stockpile, at: park, commodity: alumina, capacity: 1 kt, cover: 3 d}" + rest
	fixed.refused(t, "missing", "assets.pile.cover")
}

// Alumina costs 300 the first day and 400 the second; 240 t a day are used. A
// pile of 100 t buys 340 t and then 140 t: 158,000 against 168,000.
func TestStockpileBuysAhead(t *testing.T) {
	price := make([]float64, 48)
	for h := range price {
		price[h] = 300
		if h >= 24 {
			price[h] = 400
		}
	}
	s := plan{days: 2, commodities: "alumina: {unit: MWh, step: 1d}", series: map[string][]float64{"price": price}, assets: `
pile: {kind: stockpile, at: park, commodity: alumina, capacity: 100 MWh}
buy: {kind: purchase, at: park, commodity: alumina, price: s.csv#price}
use: {kind: demand, at: park, commodity: alumina, amount: 240 MWh/d}
`}.solve(t)
	near(t, "cost", s.Objective, 340*300+140*400)
}
