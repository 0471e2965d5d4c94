package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Store is an inventory of a commodity at a place.
type Store struct {
	Commodity string          `yaml:"commodity" ref:"commodity" doc:"what it holds"`
	Capacity  float64         `yaml:"capacity" unit:"{commodity}" default:"0" min:"0" doc:"most it holds, that stands already"`
	Min       attribute.Value `yaml:"min" unit:"1" default:"0 %" min:"0" max:"100 %" doc:"least level, as a share of capacity"`
	Max       attribute.Value `yaml:"max" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"most level, as a share of capacity"`
	Loss      float64         `yaml:"loss" unit:"1/h" default:"0 %/h" min:"0" max:"100 %/h" doc:"standing loss, as a share of what is stored"`
	Inflow    attribute.Value `yaml:"inflow" unit:"{commodity}/h" default:"0" doc:"rate into the store from outside the system"`
	Spill     bool            `yaml:"spill" default:"false" doc:"whether it may spill"`
	SpillCost float64         `yaml:"spill_cost" unit:"USD/{commodity}" default:"0" min:"0" doc:"cost a unit spilled"`
	Initial   float64         `yaml:"initial" unit:"{commodity}" optional:"true" min:"0" doc:"level at the start; default: as at the end"`
	Final     float64         `yaml:"final" unit:"{commodity}" optional:"true" min:"0" doc:"least level at the end, where initial is given; default: initial"`
	Value     float64         `yaml:"value" unit:"USD/{commodity}" optional:"true" doc:"worth of a unit left at the end; needs initial, replaces final"`
	Cost      attribute.Value `yaml:"cost" unit:"USD/{commodity}/h" default:"0" doc:"cost of holding a unit for an hour (write 2 USD/t/a for a year)"`
	Build     *Build          `yaml:"build" per:"{commodity}" optional:"true" doc:"what may be built"`
	Capital   *Capital        `yaml:"capital" per:"{commodity}" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "store",
	Doc: `An inventory on the bus of a commodity at a place: what flows in and not out stays, less standing loss. It ends the
horizon at the level it began, unless initial, final or value say otherwise. Charging and discharging are free and
without limit here; a battery has its own kind, and so has a stockpile.`,
	Example: `
kind: store
at: park
commodity: alumina
capacity: 40 kt
loss: 0.01 %/d
`,
	New: func() Kind { return &Store{} },
})

// Expand adds a capacity and a store.
func (k *Store) Expand(x *Expansion) {
	bus := x.Bus("commodity", k.Commodity)
	if bus == primitive.None {
		return
	}
	c := x.Capacity("", x.unitOf(bus), k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	s := x.ends(k.Initial, k.Final, k.Value, "value")
	s.Tag, s.Bus = x.Tag(""), bus
	s.Bound = primitive.Bound{Capacity: c, Coef: 1, Min: k.Min.Series, Max: k.Max.Series}
	s.Loss, s.Inflow, s.Spill, s.SpillMax, s.SpillCost = k.Loss, k.Inflow.Series, k.Spill, unlimited(), k.SpillCost
	s.Costs = []primitive.Cost{variable(k.Cost.Series)}
	x.Store(s)
}
