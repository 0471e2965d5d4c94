package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// Contract is an agreement to deliver a commodity at a price.
type Contract struct {
	Direction    string          `yaml:"direction" enum:"buy,sell" default:"buy" doc:"buy: delivered to the place; sell: taken from it"`
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what is delivered"`
	Seller       string          `yaml:"seller" ref:"party" optional:"true" doc:"who sells"`
	Buyer        string          `yaml:"buyer" ref:"party" optional:"true" doc:"who buys"`
	Capacity     float64         `yaml:"capacity" unit:"{commodity}/h" min:"0" doc:"contracted rate"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"1.05" doc:"rate on offer as a share of capacity: a plant's series, or flat"`
	Price        attribute.Value `yaml:"price" unit:"USD/{commodity}" doc:"price of what is delivered"`
	PriceBasis   string          `yaml:"price_basis" enum:"real,nominal" doc:"real: in money of the base year, indexed; nominal: the figure stays as written for all years"`
	Inflation    float64         `yaml:"inflation" unit:"1" optional:"true" min:"-10 %" max:"100 %" doc:"yearly inflation over the term, of a nominal price"`
	Years        float64         `yaml:"years" unit:"a" optional:"true" min:"1 a" max:"100 a" doc:"term, of a nominal price"`
	TakeOrPay    *TakeOrPay      `yaml:"take_or_pay" optional:"true" doc:"share that is paid for, taken or not; default: only what is taken"`
	Limits       *Limits         `yaml:"limits" per:"{commodity}" optional:"true" doc:"least and most a day, week, month and year"`
	CO2          attribute.Value `yaml:"co2" unit:"t/{commodity}" optional:"true" min:"0" doc:"CO2 of making what is bought, into the account co2_indirect, or co2 where that is not kept; default: not counted"`
}

// TakeOrPay is the part of a contract that is paid for in any case.
type TakeOrPay struct {
	Share float64 `yaml:"share,short" unit:"1" min:"0" max:"100 %" doc:"share of what is on offer in a period"`
	Per   string  `yaml:"per" enum:"step,month,year" default:"year" doc:"period over which the share is counted"`
}

var _ = register(Spec{
	Name: "contract",
	Doc: `A power-purchase agreement, an offtake or a supply contract with a party outside: up to availability x capacity at a
price that must be called real or nominal. A flat nominal price enters the plan as the real price of the same present
value over its term: flat 6.95 c over 25 years is 5.61 c at 2.5 % inflation and 8 % real (facts-K8). What take_or_pay covers
is paid for, taken or not; where the place sells, it must be delivered. With green: true the green claim comes along. Left out: indexation by a formula,
exchange rates, deemed generation, penalties, the years beyond the study.`,
	Example: `
kind: contract
at: park
capacity: 400 MW
availability: series/hydro.csv#share
price: 65 USD/MWh
price_basis: nominal
inflation: 2.5 %
years: 25 a
take_or_pay: {share: 90 %, per: year}
limits: {month_max: 200 GWh}
green: true
`,
	New: func() Kind { return &Contract{} },
})

// LevelReal is the constant real price, in money at the start, that is worth as
// much over a term as a flat nominal one. With real rate r and inflation i the
// nominal rate is R = (1+r)(1+i) - 1, and
//
//	real = nominal x sum_y (1+R)^-y / sum_y (1+r)^-y,   y = 1 ... years
func LevelReal(nominal, inflation, real, years float64) float64 {
	return nominal * Annuity(real, years) / Annuity((1+real)*(1+inflation)-1, years)
}

// Expand adds one trade and, for what is paid but not taken, a sink.
func (k *Contract) Expand(x *Expansion) { k.expand(x, x.Bus("commodity", k.Commodity)) }

// expand adds them on a bus.
func (k *Contract) expand(x *Expansion, bus int32) {
	price := k.Price.Series
	switch nominal := k.PriceBasis == "nominal"; {
	case nominal && !given(k.Inflation):
		x.Problem("inflation", "missing", "a nominal price loses its worth with inflation; want its yearly rate, such as 2.5 %%")
	case nominal && !given(k.Years):
		x.Problem("years", "missing", "a nominal price holds for a term; want its years, such as 25 a")
	case nominal:
		price = mapped(price, func(v float64) float64 { return LevelReal(v, k.Inflation, x.Discount, k.Years) })
	case given(k.Inflation) || given(k.Years):
		x.Problem("price_basis", "conflict", "inflation and years are those of a nominal price, and this one is real")
	}
	sell := k.Direction == "sell"
	other := k.Seller
	if sell {
		other = k.Buyer
	}
	offer := mapped(k.Availability.Series, func(v float64) float64 { return v * k.Capacity })
	t := primitive.Trade{
		Tag: x.Tag(""), Bus: bus, Sell: sell,
		Max: offer, Price: price, Party: x.party(other), Scopes: x.totals("limits", k.Limits),
	}
	if k.CO2.Given {
		if sell {
			x.Problem("co2", "conflict", "a sale takes no CO2 off the system's account; want it at the buyer's")
		} else if account := x.emissionsOr(co2Indirect); account != primitive.None {
			t.Also = []primitive.Port{{Bus: account, Ratio: k.CO2.Series}}
		}
	}
	if k.TakeOrPay != nil {
		k.owe(x, &t, offer)
	}
	index := x.Trade(t)
	if k.TakeOrPay != nil && !sell && t.Bus != primitive.None {
		x.untaken(index, t)
	}
}

// owe adds the least amounts that take-or-pay asks for.
func (k *Contract) owe(x *Expansion, t *primitive.Trade, offer primitive.Series) {
	share := k.TakeOrPay.Share
	total := primitive.Total{Max: []float64{math.Inf(1)}}
	switch k.TakeOrPay.Per {
	case "step":
		t.Min = mapped(offer, func(v float64) float64 { return v * share })
		return
	case "month":
		total.Span = primitive.EachMonth
		spans := x.Clock.Spans(clock.Month)
		for i := range spans.Len() {
			sum := 0.0
			for j := spans.First[i]; j < spans.First[i+1]; j++ {
				sum += spans.Weight[j] * offer.At(int(spans.Tick[j]))
			}
			total.Min = append(total.Min, share*sum)
		}
	default:
		total.Span = primitive.EachYear
		for _, p := range x.Clock.Periods {
			sum := 0.0
			for tick := p.FirstTick; tick < p.LastTick; tick++ {
				sum += x.Clock.Grids[0].Amount[tick] * offer.At(int(tick))
			}
			total.Min = append(total.Min, share*sum)
		}
	}
	t.Scopes = append(t.Scopes, total)
}

// untaken adds a sink for what is bought and not taken, at most the rate of the
// trade, so that paying for it never forces its use. What is not taken is not
// made: its CO2 is taken back.
//
//	untaken <= rate
func (x *Expansion) untaken(trade int32, t primitive.Trade) {
	ports := []primitive.Port{at(t.Bus, -1)}
	for _, p := range t.Also {
		p.Ratio = mapped(p.Ratio, func(v float64) float64 { return -v })
		ports = append(ports, p)
	}
	sink := x.Unit(primitive.Unit{Tag: x.Tag("untaken"), Bound: free(), Ports: ports})
	x.Limit(primitive.Limit{
		Name: x.Name + ".untaken", Span: primitive.EachStep, Soft: math.NaN(),
		Terms: []primitive.Term{
			{Of: primitive.UnitActivity, Index: sink, Coef: primitive.Const(1)},
			{Of: primitive.TradeRate, Index: trade, Coef: primitive.Const(-1)},
		},
		Min: []float64{math.Inf(-1)}, Max: []float64{0},
	})
}
