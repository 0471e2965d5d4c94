package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Market is what every trade says of its commodity, price and amounts.
type Market struct {
	Commodity string          `yaml:"commodity" ref:"commodity" doc:"what is traded"`
	Price     attribute.Value `yaml:"price" unit:"USD/{commodity}" optional:"true" doc:"price: a number, a series or twelve months; or say blocks"`
	Max       attribute.Value `yaml:"max" unit:"{commodity}/h" optional:"true" min:"0" doc:"most at a time, at this price; default: no ceiling"`
	Min       attribute.Value `yaml:"min" unit:"{commodity}/h" default:"0" min:"0" doc:"least at a time"`
	Shares    *Share          `yaml:"shares" optional:"true" doc:"a capacity of its own that bounds the rate, instead of max and min"`
	Uses      []PortSpec      `yaml:"uses" per:"{commodity}" optional:"true" doc:"accounts or other buses that a unit traded flows into"`
	Limits    *Limits         `yaml:"limits" per:"{commodity}" optional:"true" doc:"least and most a day, week, month and year, blocks included"`
	Blocks    []Block         `yaml:"blocks" per:"{commodity}" optional:"true" doc:"further amounts at other prices, on top of max: rising where bought, falling where sold"`
	Party     string          `yaml:"party" ref:"party" optional:"true" doc:"with whom"`
	CO2       float64         `yaml:"co2" unit:"t/{commodity}" optional:"true" min:"0" doc:"CO2 of making what is bought, into the account co2_indirect, or co2 where that is not kept; default: not counted"`
}

// Trade buys or sells a commodity.
type Trade struct {
	Direction string `yaml:"direction" enum:"buy,sell" doc:"buy brings the commodity to the place, sell takes it away"`
	Market
}

// Purchase buys a commodity.
type Purchase struct{ Market }

// Sale sells a commodity.
type Sale struct{ Market }

const market = `at a price (number, series, months or blocks), with least and most amounts at a time and a day, week, month and
year. Nothing the system does moves the price, unless blocks say so.`

var _ = register(Spec{
	Name: "trade",
	Doc:  `Buys or sells a commodity at a place ` + market + ` purchase and sale are the same with the direction fixed.`,
	Example: `
kind: trade
at: park
direction: buy
commodity: coal
price: 70 USD/t
max: 100 t/h
`,
	New: func() Kind { return &Trade{} },
})

var _ = register(Spec{
	Name: "purchase",
	Doc: `Buys a commodity at a place ` + market + ` Left out: stock, transport and delay on the way (stockpile and route do
those).`,
	Example: `
kind: purchase
at: park
commodity: alumina
price: 350 USD/t
max: 1.2 Mt/a
limits: {year_min: 500 kt}
`,
	New: func() Kind { return &Purchase{} },
})

var _ = register(Spec{
	Name: "sale",
	Doc:  `Sells a commodity at a place ` + market + ` Left out: quality, premiums beside the price, terms of payment.`,
	Example: `
kind: sale
at: park
commodity: aluminium
price: 2500 USD/t
`,
	New: func() Kind { return &Sale{} },
})

// Expand adds one trade.
func (k *Trade) Expand(x *Expansion) { k.expand(x, k.Direction == "sell") }

// Expand adds one trade.
func (k *Purchase) Expand(x *Expansion) { k.expand(x, false) }

// Expand adds one trade.
func (k *Sale) Expand(x *Expansion) { k.expand(x, true) }

func (k *Market) expand(x *Expansion, sell bool) {
	t := primitive.Trade{
		Tag: x.Tag(""), Bus: x.Bus("commodity", k.Commodity), Sell: sell,
		Min: k.Min.Series, Max: unlimited(), Price: k.Price.Series,
		Blocks: blocks(k.Blocks), Party: x.party(k.Party),
		Scopes: x.totals("limits", k.Limits),
	}
	switch {
	case !k.Price.Given && len(k.Blocks) == 0:
		x.Problem("price", "missing", "neither price nor blocks says what it costs")
	case !k.Price.Given && k.Max.Given:
		x.Problem("price", "missing", "max is the ceiling of price, and none is given")
	case !k.Price.Given:
		t.Price, t.Max = primitive.Const(0), primitive.Const(0)
	case k.Max.Given:
		t.Max = k.Max.Series
	case len(k.Blocks) > 0:
		x.Problem("max", "missing", "blocks come on top of max; without it they are never reached")
	}
	x.ordered(t, k.Price.Given)
	if s := k.Shares; s != nil {
		if k.Max.Given || !zero(k.Min.Series) {
			x.Problem("shares", "conflict", "its rate is bounded by the capacity of %s; leave max and min out", s.Capacity)
		}
		b := x.bound("", 0, nil, nil, s, primitive.Const(0), primitive.Const(1))
		t.Bound = &b
	}
	for _, p := range k.Uses {
		t.Also = append(t.Also, x.use("uses", &p))
	}
	if !sell && given(k.CO2) {
		if account := x.emissionsOr(co2Indirect); account != primitive.None {
			t.Also = append(t.Also, at(account, k.CO2))
		}
	}
	if sell && given(k.CO2) {
		x.Problem("co2", "conflict", "a sale takes no CO2 off the system's account; want it at the buyer's")
	}
	x.Trade(t)
}

// ordered refuses blocks that would be used in another order than written: the
// cheapest is bought first, the dearest sold first.
func (x *Expansion) ordered(t primitive.Trade, priced bool) {
	last := t.Price
	for i, b := range t.Blocks {
		if i > 0 || priced {
			for tick := range x.Clock.Ticks() {
				step := b.Price.At(tick) - last.At(tick)
				if t.Sell {
					step = -step
				}
				if step < 0 {
					word := "rise"
					if t.Sell {
						word = "fall"
					}
					x.Problem("blocks", "range", "prices must %s from block to block; block %d costs %g after %g", word, i, b.Price.At(tick), last.At(tick))
					return
				}
			}
		}
		last = b.Price
	}
}

// party returns the index of a party, None for "".
func (x *Expansion) party(name string) int32 {
	if name == "" {
		return primitive.None
	}
	return x.Party(name)
}
