package kind

import (
	"slices"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Import brings a commodity in from a market abroad.
type Import struct {
	Market
	Duty    float64         `yaml:"duty" unit:"1" default:"0 %" min:"0" max:"200 %" doc:"tax on the price, on top of it"`
	Freight attribute.Value `yaml:"freight" unit:"USD/{commodity}" default:"0" doc:"cost from where the price holds to the place: freight, insurance"`
}

// Export takes a commodity out to a market abroad.
type Export struct {
	Market
	Duty    float64         `yaml:"duty" unit:"1" default:"0 %" min:"0" max:"100 %" doc:"tax on the price, taken off it; coal from Laos 10 % (facts-E S132)"`
	Freight attribute.Value `yaml:"freight" unit:"USD/{commodity}" default:"0" doc:"cost from the place to where the price holds: freight, fees"`
}

var _ = register(Spec{
	Name: "import",
	Doc: `Buys a commodity abroad ` + market + ` Duty and freight come on top. Its price is real money of the base year, as
every price that is not a contract's. Left out: stock, ships and delay on the way (terminal, port and road do those).`,
	Example: `
kind: import
at: border
commodity: diesel
price: 750 USD/m3
duty: 5 %
max: 1.2 GL/a
`,
	New: func() Kind { return &Import{} },
})

var _ = register(Spec{
	Name: "export",
	Doc: `Sells a commodity abroad ` + market + ` Duty and freight are taken off. Its price is real money of the base year, as
every price that is not a contract's. Left out: quality, terms of payment, what the buyer does with it.`,
	Example: `
kind: export
at: border
commodity: coal
price: 70 USD/t
duty: 10 %
max: 20 Mt/a
`,
	New: func() Kind { return &Export{} },
})

// Expand adds one trade.
func (k *Import) Expand(x *Expansion) {
	m := k.Market.here(1+k.Duty, k.Freight.Series, 1)
	m.expand(x, false)
}

// Expand adds one trade.
func (k *Export) Expand(x *Expansion) {
	m := k.Market.here(1-k.Duty, k.Freight.Series, -1)
	m.expand(x, true)
}

// here is the market with its prices brought to the place: price x factor +
// sign x freight.
func (k Market) here(factor float64, freight primitive.Series, sign float64) Market {
	local := func(s primitive.Series) primitive.Series {
		return sum(mapped(s, func(v float64) float64 { return v * factor }), freight, sign)
	}
	k.Price.Series = local(k.Price.Series)
	k.Blocks = slices.Clone(k.Blocks)
	for i := range k.Blocks {
		k.Blocks[i].Price.Series = local(k.Blocks[i].Price.Series)
	}
	return k
}
