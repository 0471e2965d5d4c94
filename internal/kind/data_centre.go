package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// DataCentre is a flat load of computers, part of which may wait.
type DataCentre struct {
	Capacity  float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"load of the computers, that stands already"`
	PUE       float64         `yaml:"pue" unit:"MW/MW" default:"1.3" min:"1" max:"3" doc:"power drawn per load of the computers: cooling and losses (1.1-1.6)" source:"GK"`
	Shiftable float64         `yaml:"shiftable" unit:"1" default:"0 %" min:"0" max:"100 %" doc:"share of the load that may move within its day"`
	Water     float64         `yaml:"water" unit:"m3/MWh" default:"0 m3/MWh" min:"0" doc:"cooling water a unit of load"`
	Worth     attribute.Value `yaml:"worth" unit:"USD/MWh" default:"0 USD/MWh" min:"0" doc:"what a unit of load earns"`
	Build     *Build          `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital   *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "data_centre",
	Doc: `A data centre: its computers run flat, and draw PUE times their load. A shiftable share may move within its day, up or
down, and each day's work gets done. Water is an account, or taken, if the system declares it. Left out: cooling by the
weather, work that moves to another site, waste heat, back-up engines.`,
	Example: `
kind: data_centre
at: park
capacity: 50 MW
shiftable: 20 %
`,
	New: func() Kind { return &DataCentre{} },
})

// Expand adds a capacity, a unit whose activity is the load of the computers,
// and the day's work:
//
//	sum over a day of load = 24 h x size
func (k *DataCentre) Expand(x *Expansion) {
	power := x.Bus("electricity", electricity)
	x.Measured("electricity", power, "MWh")
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	u := x.Unit(primitive.Unit{
		Tag:   x.Tag(""),
		Bound: primitive.Bound{Capacity: c, Coef: 1, Min: primitive.Const(1 - k.Shiftable), Max: primitive.Const(1 + k.Shiftable)},
		Ports: append(x.uses(water, k.Water), at(power, -k.PUE)),
		Costs: []primitive.Cost{{Class: primitive.Sale, Per: k.Worth.Series, Party: primitive.None}},
	})
	if k.Shiftable == 0 {
		return
	}
	x.Limit(primitive.Limit{
		Name: x.Name + ".day", Span: primitive.EachDay, Soft: math.NaN(),
		Terms: []primitive.Term{
			{Of: primitive.UnitActivity, Index: u, Coef: primitive.Const(1)},
			{Of: primitive.CapacitySize, Index: c, Coef: primitive.Const(-24)},
		},
		Min: []float64{0}, Max: []float64{0},
	})
}
