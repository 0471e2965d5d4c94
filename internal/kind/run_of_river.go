package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// RunOfRiver is a hydro plant without storage.
type RunOfRiver struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it feeds"`
	Capacity     float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"capacity that stands already"`
	Availability attribute.Value `yaml:"availability" unit:"1" optional:"true" min:"0" max:"100 %" doc:"power available per unit of capacity; or say inflow and head"`
	Inflow       attribute.Value `yaml:"inflow" unit:"m3/s" optional:"true" min:"0" doc:"water that reaches the turbines, minimum flow past the plant taken off"`
	Head         float64         `yaml:"head" unit:"m" optional:"true" min:"0" doc:"net head"`
	Efficiency   float64         `yaml:"efficiency" unit:"1" default:"90 %" min:"1 %" max:"100 %" doc:"turbine, generator and transformer" source:"facts-K16"`
	Variable     attribute.Value `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost"`
	Build        *Build          `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital      *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "run_of_river", Green: true,
	Doc: `A hydro plant that uses water as it comes. Power is at most availability x capacity, or at most what the inflow
gives: MW = 9.81e-3 x head (m) x efficiency x inflow (m3/s), and never above the capacity; the rest is spilled. Left
out: head and efficiency that change with the flow, and plants below it (a reservoir with a small volume has those).`,
	Example: `
kind: run_of_river
at: park
capacity: 60 MW
inflow: series/hydro.csv#nam_phak
head: 50 m
`,
	New: func() Kind { return &RunOfRiver{} },
})

// hydropower is the power of 1 m3/s falling through a head of so many metres:
// 9.81 m/s2 x 1000 kg/m3 x head x efficiency, in MW (facts-K16).
func hydropower(head, efficiency float64) float64 { return 9.81e-3 * head * efficiency }

// Expand adds a capacity and a unit. Where the capacity may grow, water and
// capacity bound the power apart: a second unit brings the water's power.
func (k *RunOfRiver) Expand(x *Expansion) {
	if k.Availability.Given == k.Inflow.Given {
		x.Problem("", "conflict", "want either availability, or inflow and head")
		return
	}
	if k.Availability.Given {
		x.source(k.Commodity, k.Capacity, k.Availability.Series, k.Variable.Series, k.Build, k.Capital)
		return
	}
	if !given(k.Head) {
		x.Problem("head", "missing", "inflow needs the head it falls through, such as 50 m")
		return
	}
	power := mapped(k.Inflow.Series, func(v float64) float64 { return hydropower(k.Head, k.Efficiency) * v })
	if k.Build == nil || k.Build.Max <= k.Build.Min {
		size := k.Capacity
		if k.Build != nil {
			size += k.Build.Min
		}
		share := mapped(power, func(v float64) float64 {
			if size == 0 {
				return 0
			}
			return math.Min(1, v/size)
		})
		x.source(k.Commodity, k.Capacity, share, k.Variable.Series, k.Build, k.Capital)
		return
	}
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	river := x.Inside("river", "MWh")
	x.Unit(primitive.Unit{
		Tag:   x.Tag("river"),
		Bound: primitive.Bound{Capacity: primitive.None, Coef: 1, Max: power},
		Ports: []primitive.Port{at(river, 1)},
	})
	bus := x.Bus("commodity", k.Commodity)
	x.Measured("commodity", bus, "MWh")
	x.Unit(primitive.Unit{
		Tag:   x.Tag(""),
		Bound: up(c, 1, primitive.Const(1)),
		Ports: []primitive.Port{at(river, -1), at(bus, 1)},
		Costs: []primitive.Cost{variable(k.Variable.Series)},
	})
}
