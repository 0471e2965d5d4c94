package kind_test

import (
	"testing"

	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

// Facts-K8: flat nominal 6.95 c over 25 years, 8 % real. At 2.5 % inflation the
// nominal rate is 10.7 %; the sums of (1+R)^-y and (1+r)^-y are 8.6098 and
// 10.6748, so 6.95 x 0.80655 = 5.61 c. At 2 % it is 5.84 c.
func TestLevelReal(t *testing.T) {
	within(t, "at 2.5 %", kind.LevelReal(6.95, 0.025, 0.08, 25), 5.61, 0.005)
	within(t, "at 2 %", kind.LevelReal(6.95, 0.02, 0.08, 25), 5.84, 0.005)
	near(t, "without inflation", kind.LevelReal(6.95, 0, 0.08, 25), 6.95)
	// One year: the price is paid at its end, when money has lost 1/1.025.
	near(t, "over a year", kind.LevelReal(1, 0.025, 0.08, 1), 1/1.025)
}

// The study discounts at 8 % by default.
func TestNominalPrice(t *testing.T) {
	text := "ppa: {kind: contract, at: park, capacity: 100 MW, availability: 50 %, price: 6.95 USc/kWh, seller: cgn, "
	m := plan{assets: text + "price_basis: nominal, inflation: 2.5 %, years: 25 a}"}.model(t)
	within(t, "price", m.Trades[0].Price.Value, 56.1, 0.05)
	near(t, "offer", m.Trades[0].Max.Value, 50)
	if m.Parties[m.Trades[0].Party] != "cgn" {
		t.Errorf("the party is %d, want the seller", m.Trades[0].Party)
	}
	m = plan{assets: text + "price_basis: real}"}.model(t)
	near(t, "real price", m.Trades[0].Price.Value, 69.5)
	plan{assets: text + "price_basis: nominal, years: 25 a}"}.refused(t, "missing", "assets.ppa.inflation")
	plan{assets: text + "price_basis: nominal, inflation: 2 %}"}.refused(t, "missing", "assets.ppa.years")
	plan{assets: text + "price_basis: real, years: 25 a}"}.refused(t, "conflict", "assets.ppa.price_basis")
	plan{assets: text[:len(text)-2] + "}"}.refused(t, "missing", "assets.ppa.price_basis")
}

// 10 MW on offer all day, half of it owed: 120 MWh at 65 = 7,800 are paid,
// though a load of 2 MW takes only 48. Its carbon is that of the 48.
func TestTakeOrPay(t *testing.T) {
	s := plan{commodities: "co2: {unit: t, balance: account, price: 10 USD/t}", assets: `
ppa:
  kind: contract
  at: park
  capacity: 10 MW
  price: 65 USD/MWh
  price_basis: real
  take_or_pay: 50 %
  co2: 0.5 t/MWh
load: {kind: demand, at: park, amount: 2 MW}
`}.solve(t)
	near(t, "cost", s.Objective, 7800+48*0.5*10)
}

// By the month and by the step the same share is owed of what each has on offer:
// 1 MW and 3 MW in turn, 80 %.
func TestTakeOrPayPeriods(t *testing.T) {
	offer := map[string][]float64{"offer": {0.1, 0.3}}
	text := `
ppa: {kind: contract, at: park, capacity: 10 MW, availability: s.csv#offer, price: 65 USD/MWh, price_basis: real, take_or_pay: {share: 80 %, per: PER}}
load: {kind: demand, at: park, amount: 2 MW, shed: 100 USD/MWh}
`
	m := plan{days: 32, series: offer, assets: replace(text, "PER", "month")}.model(t)
	got := m.Trades[0].Scopes[0]
	if got.Span != primitive.EachMonth || len(got.Min) != 2 {
		t.Fatalf("owed %+v, want two months", got)
	}
	near(t, "January", got.Min[0], 31*24*2*0.8)
	near(t, "1 February", got.Min[1], 24*2*0.8)
	m = plan{series: offer, assets: replace(text, "PER", "step")}.model(t)
	near(t, "first hour", m.Trades[0].Min.At(0), 0.8)
	near(t, "second hour", m.Trades[0].Min.At(1), 2.4)
}
