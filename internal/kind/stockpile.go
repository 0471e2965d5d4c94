package kind

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// Stockpile keeps a commodity in reserve.
type Stockpile struct {
	Commodity string   `yaml:"commodity" ref:"commodity" doc:"what it holds"`
	Capacity  float64  `yaml:"capacity" unit:"{commodity}" default:"0" min:"0" doc:"most it holds, that stands already"`
	Min       float64  `yaml:"min" unit:"{commodity}" default:"0" min:"0" doc:"least it must hold at all times; or say cover and use"`
	Cover     float64  `yaml:"cover" unit:"h" optional:"true" min:"0" doc:"least it must hold, as time (15 d) of use"`
	Use       float64  `yaml:"use" unit:"{commodity}/h" optional:"true" min:"0" doc:"rate that cover counts by"`
	Initial   float64  `yaml:"initial" unit:"{commodity}" optional:"true" min:"0" doc:"level at the start; default: as at the end"`
	Final     float64  `yaml:"final" unit:"{commodity}" optional:"true" min:"0" doc:"least level at the end, where initial is given; default: initial"`
	Value     float64  `yaml:"value" unit:"USD/{commodity}" optional:"true" doc:"worth of a unit left at the end; needs initial, replaces final"`
	Holding   float64  `yaml:"holding" unit:"USD/{commodity}/h" default:"0" min:"0" doc:"cost of holding a unit, such as 12 USD/t/a"`
	Build     *Build   `yaml:"build" per:"{commodity}" optional:"true" doc:"what may be built"`
	Capital   *Capital `yaml:"capital" per:"{commodity}" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "stockpile",
	Doc: `A stockpile, tank or silo of a commodity at a place. It holds at least min, or cover times use (15 days of the
plant's use), and at most its capacity; holding costs by amount and time. It ends the horizon at the level it began,
unless initial, final or value say otherwise. Left out: losses, ageing, blending, money tied up (put it in holding).`,
	Example: `
kind: stockpile
at: park
commodity: alumina
capacity: 60 kt
cover: 15 d
use: 960 kt/a
holding: 12 USD/t/a
`,
	New: func() Kind { return &Stockpile{} },
})

// Expand adds a capacity and a store, and the least level where the capacity
// may be built, as a limit.
func (k *Stockpile) Expand(x *Expansion) {
	bus := x.Bus("commodity", k.Commodity)
	if bus == primitive.None {
		return
	}
	least := k.Min
	switch {
	case given(k.Cover) != given(k.Use):
		x.Problem("cover", "missing", "cover is time of use: want both, such as cover: 15 d and use: 960 kt/a")
	case given(k.Cover):
		if k.Min > 0 {
			x.Problem("min", "conflict", "min and cover both say the least it holds; want one of them")
		}
		least = k.Cover * k.Use
	}
	built := 0.0
	if k.Build != nil {
		built = k.Build.Max
	}
	if least > k.Capacity+built {
		x.Problem("min", "range", "must hold at least %g %s, and at most %g fit", least, x.unitOf(bus), k.Capacity+built)
	}
	c := x.Capacity("", x.unitOf(bus), k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	s := x.ends(k.Initial, k.Final, k.Value, "value")
	s.Tag, s.Bus, s.Bound = x.Tag(""), bus, up(c, 1, primitive.Const(1))
	s.Costs = []primitive.Cost{variable(primitive.Const(k.Holding))}
	if least > 0 && k.Build == nil && k.Capacity > 0 {
		s.Bound.Min = primitive.Const(least / k.Capacity)
	}
	i := x.Store(s)
	if least > 0 && k.Build != nil {
		x.Limit(primitive.Limit{
			Name: x.Name + ".min", Span: primitive.EachStep, Soft: math.NaN(),
			Terms: []primitive.Term{{Of: primitive.StoreLevel, Index: i, Coef: primitive.Const(1)}},
			Min:   []float64{least}, Max: []float64{math.Inf(1)},
		})
	}
}
