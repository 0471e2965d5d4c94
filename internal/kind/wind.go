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
	Capital      *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "wind", Green: true,
	Doc: `A wind farm. Power is at most availability x capacity in every hour; what is not used is curtailed at no cost.
Availability is net of wakes, outages and losses up to the meter. Left out: forecast error, reserve, ramps of gusts.
In the north of Laos models suggest a mean of 0.18 (0.12-0.24), in the south 0.25-0.32 (facts-K2).`,
	Example: `
kind: wind
at: park
availability: series/weather.csv#wind
build: {max: 1 GW, cost: 1570 USD/kW, life: 25 a, wacc: 8 %, fixed: 1.2 %/a}
`,
	New: func() Kind { return &Wind{} },
})

// Expand adds one capacity and one unit.
func (k *Wind) Expand(x *Expansion) {
	x.source(k.Commodity, k.Capacity, k.Availability.Series, k.Variable.Series, k.Build, k.Capital)
}

// source adds a plant that turns nothing the model counts into a commodity.
func (x *Expansion) source(commodity string, existing float64, max, cost primitive.Series, b *Build, k *Capital) {
	c := x.Capacity("", "MW", existing, b)
	x.Standing(c, k)
	bus := x.Bus("commodity", commodity)
	x.Measured("commodity", bus, "MWh")
	x.Unit(primitive.Unit{
		Tag:   x.Tag(""),
		Bound: up(c, 1, max),
		Ports: []primitive.Port{at(bus, 1)},
		Costs: []primitive.Cost{variable(cost)},
	})
}
