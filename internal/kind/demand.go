package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Demand takes a commodity: a rate, or a year's amount with a shape.
type Demand struct {
	Commodity string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it takes"`
	Amount    attribute.Value `yaml:"amount" unit:"{commodity}/h" optional:"true" min:"0" doc:"rate that must be met: a number, a series or twelve months"`
	Annual    float64         `yaml:"annual" unit:"{commodity}/h" optional:"true" min:"0" doc:"amount of a year (900 GWh/a), instead of amount"`
	Shape     attribute.Value `yaml:"shape" unit:"1" optional:"true" min:"0" doc:"shape of annual, in any scale; it is divided by its mean over the year; default: flat"`
	Shed      *Shed           `yaml:"shed" per:"{commodity}" optional:"true" doc:"what may go unserved, and its cost; default: nothing may"`
	Elastic   []Block         `yaml:"elastic" per:"{commodity}" optional:"true" doc:"further amounts, each taken while the price is below what it is worth"`
	Net       attribute.Value `yaml:"net" unit:"{commodity}/h" optional:"true" doc:"net rate, instead of amount: below 0 it feeds in"`
	Inside    string          `yaml:"inside" ref:"asset" optional:"true" doc:"it takes from the bus inside an asset, instead of a place"`
}

// Shed is demand left unserved.
type Shed struct {
	Cost float64 `yaml:"cost,short" unit:"USD/{per}" min:"0" doc:"cost a unit not served"`
	Max  float64 `yaml:"max" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"largest share of the demand that may go unserved at a time"`
}

// Block is one step of a price curve.
type Block struct {
	Size  attribute.Value `yaml:"size" unit:"{per}/h" min:"0" doc:"rate of this block"`
	Price attribute.Value `yaml:"price" unit:"USD/{per}" doc:"price in this block"`
}

var _ = register(Spec{
	Name: "demand",
	Doc: `A demand at a place: a rate (constant, series or by month), or a year's amount spread by a shape. It must be met
unless shed says at what cost it may go unserved; elastic blocks are taken on top of it while they are worth their
price. Left out: demand that moves in time (a battery or a stockpile beside it does that).`,
	Example: `
kind: demand
at: town
annual: 900 GWh/a
shape: series/load.csv#town
shed: 3000 USD/MWh
`,
	New: func() Kind { return &Demand{} },
})

// Expand adds one demand.
func (k *Demand) Expand(x *Expansion) {
	d := primitive.Demand{Tag: x.Tag(""), Bus: x.where("commodity", k.Commodity, "", k.Inside), Amount: k.Amount.Series}
	if k.Net.Given {
		if k.Amount.Given {
			x.Problem("net", "conflict", "amount and net both say how much; want one of them")
		}
		k.Amount, d.Amount = k.Net, k.Net.Series
	}
	switch {
	case k.Amount.Given && given(k.Annual):
		x.Problem("annual", "conflict", "amount and annual both say how much; want one of them")
	case !k.Amount.Given && !given(k.Annual) && len(k.Elastic) == 0:
		x.Problem("", "missing", "neither amount nor annual says how much is taken")
	case k.Amount.Given && k.Shape.Given:
		x.Problem("shape", "conflict", "shape spreads an annual amount; amount is a rate already")
	case given(k.Annual):
		d.Amount = x.shaped("shape", k.Annual, k.Shape)
	case !k.Amount.Given:
		d.Amount = primitive.Const(0)
	}
	if k.Shed != nil {
		d.ShedCost, d.ShedMax = k.Shed.Cost, k.Shed.Max
	}
	d.Elastic = blocks(k.Elastic)
	x.Demand(d)
}

// shaped spreads a mean rate: rate x shape / mean of shape, the mean weighted
// by the hours that each tick stands for, in each period of its own.
func (x *Expansion) shaped(field string, rate float64, shape attribute.Value) primitive.Series {
	if !shape.Given || shape.Data == nil {
		return primitive.Const(rate)
	}
	out := make([]float64, len(shape.Data))
	weight := x.Clock.Grids[0].Amount
	for _, p := range x.Clock.Periods {
		sum, hours := 0.0, 0.0
		for t := p.FirstTick; t < p.LastTick; t++ {
			sum += weight[t] * shape.Data[t]
			hours += weight[t]
		}
		if !(sum > 0) {
			x.Problem(field, "range", "the shape is 0 throughout %s; want one with a positive mean", p.Name)
			return primitive.Const(rate)
		}
		for t := p.FirstTick; t < p.LastTick; t++ {
			out[t] = rate * shape.Data[t] * hours / sum
		}
	}
	return primitive.Series{Data: out}
}

// blocks turns a planner's blocks into a primitive's.
func blocks(list []Block) []primitive.Block {
	var out []primitive.Block
	for _, b := range list {
		out = append(out, primitive.Block{Size: b.Size.Series, Price: b.Price.Series})
	}
	return out
}

// unlimited is a rate without a ceiling.
func unlimited() primitive.Series { return primitive.Const(math.Inf(1)) }
