package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Wind is a wind farm: power up to availability x capacity, less is curtailed.
type Wind struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it feeds"`
	Capacity     float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"capacity that stands already"`
	Availability attribute.Value `yaml:"availability" unit:"1" min:"0" max:"1.05" doc:"power available per unit of capacity"`
	Variable     attribute.Value `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost"`
	Build        *Build          `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
}

var _ = register(Spec{
	Name: "wind", Green: true,
	Doc: "A wind farm. Power is at most availability x capacity in every hour; what is not used is curtailed at no cost.",
	New: func() Kind { return &Wind{} },
})

// Expand adds one capacity and one unit.
func (k *Wind) Expand(x *Expansion) {
	x.source(k.Commodity, k.Capacity, k.Availability.Series, k.Variable.Series, k.Build)
}

// source adds a plant that turns nothing the model counts into a commodity.
func (x *Expansion) source(commodity string, existing float64, max, variable primitive.Series, b *Build) {
	c := x.Capacity("", "MW", existing, b)
	x.Unit(primitive.Unit{
		Tag:   x.Tag(""),
		Bound: up(c, 1, max),
		Ports: []primitive.Port{{Bus: x.Bus("commodity", commodity), Ratio: primitive.Const(1)}},
		Costs: []primitive.Cost{{Class: primitive.Variable, Per: variable, Party: primitive.None}},
	})
}
