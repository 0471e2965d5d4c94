package kind_test

import (
	"math"
	"testing"

	"example.org/busbar/internal/primitive"
)

// 10 MW at 20, then 5 MW at 30, then 85 MW at 50: a load of 20 MW costs 200 +
// 150 + 250 = 600 an hour.
func TestPurchaseInBlocks(t *testing.T) {
	s := plan{assets: `
buy:
  kind: purchase
  at: park
  commodity: electricity
  price: 20 USD/MWh
  max: 10 MW
  blocks: [{size: 5 MW, price: 30 USD/MWh}, {size: 85 MW, price: 50 USD/MWh}]
load: {kind: demand, at: park, amount: 20 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 24*600)
}

// kind: trade is both; what must be bought (240 MWh a day of 10) is sold at a
// loss of 4.
func TestTradeLimits(t *testing.T) {
	s := plan{assets: `
buy: {kind: trade, direction: buy, at: park, commodity: electricity, price: 10 USD/MWh, limits: {day_min: 240 MWh, week_max: 1 GWh}}
sell: {kind: trade, direction: sell, at: park, commodity: electricity, price: 6 USD/MWh}
`}.solve(t)
	near(t, "cost", s.Objective, 240*4)
}

// Twelve months of limits give one a month of the horizon: January and February.
func TestMonthsOfTheHorizon(t *testing.T) {
	m := plan{days: 40, commodities: "alumina: {unit: t, step: 1d}", assets: `
buy:
  kind: purchase
  at: park
  commodity: alumina
  price: 350 USD/t
  limits: {month_min: 1 kt, month_max: [80 kt, 70 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt]}
sell: {kind: sale, at: park, commodity: alumina, price: 1 USD/t}
`}.model(t)
	got := m.Trades[0].Scopes[0]
	if got.Span != primitive.EachMonth || len(got.Max) != 2 || got.Max[0] != 80e3 || got.Max[1] != 70e3 || got.Min[1] != 1e3 {
		t.Errorf("limits are %+v, want 80 kt and 70 kt, at least 1 kt", got)
	}
	if !math.IsInf(m.Trades[1].Max.Value, 1) {
		t.Errorf("a sale without a ceiling has %g", m.Trades[1].Max.Value)
	}
}

func TestTradeConflicts(t *testing.T) {
	base := "t: {kind: purchase, at: park, commodity: electricity, "
	rest := "\nload: {kind: demand, at: park, amount: 1 MW, shed: 1 USD/MWh}\n"
	plan{assets: base + "max: 1 MW}" + rest}.refused(t, "missing", "assets.t.price")
	plan{assets: base + "price: 5 USD/MWh, blocks: [{size: 1 MW, price: 6 USD/MWh}]}" + rest}.refused(t, "missing", "assets.t.max")
	plan{assets: base + "price: 5 USD/MWh, max: 1 MW, blocks: [{size: 1 MW, price: 4 USD/MWh}]}" + rest}.refused(t, "range", "assets.t.blocks")
	plan{assets: base + "price: 5 USD/MWh, limits: {year_min: 2 MWh, year_max: 1 MWh}}" + rest}.refused(t, "range", "assets.t.limits.year_min")
	plan{assets: base + "price: 5 USD/MWh, limits: {month_max: [1 MWh, 2 MWh]}}" + rest}.refused(t, "monthly", "assets.t.limits.month_max")
}
