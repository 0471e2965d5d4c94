package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Store is an inventory of a commodity at a place.
type Store struct {
	Commodity string          `yaml:"commodity" ref:"commodity" doc:"what it holds"`
	Inside    bool            `yaml:"inside" default:"false" doc:"true: it stands on a bus of its own, which only ports that name it lead to (a battery, a lake)"`
	Capacity  float64         `yaml:"capacity" unit:"{commodity}" word:"unlimited=+Inf" default:"0" min:"0" doc:"most it holds, that stands already"`
	Shares    *Share          `yaml:"shares" optional:"true" doc:"a capacity of its own that bounds it, instead of capacity and build: hours: 6 h of a battery's power"`
	Min       attribute.Value `yaml:"min" unit:"1" default:"0 %" min:"-1e9" max:"1e9" doc:"least level, as a share of capacity"`
	Max       attribute.Value `yaml:"max" unit:"1" default:"100 %" min:"-1e9" max:"1e9" doc:"most level, as a share of capacity"`
	Loss      float64         `yaml:"loss" unit:"1/h" default:"0 %/h" min:"0" max:"100 %/h" doc:"standing loss, as a share of what is stored"`
	Inflow    attribute.Value `yaml:"inflow" unit:"{commodity}/h" default:"0" doc:"rate into the store from outside the system"`
	Spill     bool            `yaml:"spill" default:"false" doc:"whether it may spill"`
	SpillMax  attribute.Value `yaml:"spill_max" unit:"{commodity}/h" optional:"true" min:"0" doc:"most it may spill; default: no limit"`
	SpillTo   []PortSpec      `yaml:"spill_to" per:"{commodity}" optional:"true" doc:"where what it spills goes, by unit spilled; default: out of the system"`
	SpillCost float64         `yaml:"spill_cost" unit:"USD/{commodity}" default:"0" min:"0" doc:"cost a unit spilled"`
	Initial   float64         `yaml:"initial" unit:"{commodity}" optional:"true" doc:"level at the start; default: as at the end"`
	Final     float64         `yaml:"final" unit:"{commodity}" word:"free=-Inf" optional:"true" doc:"least level at the end, where initial is given; default: initial"`
	Value     float64         `yaml:"value" unit:"USD/{commodity}" optional:"true" doc:"worth of a unit left at the end; needs initial, replaces final"`
	Carry     bool            `yaml:"carry" default:"false" doc:"with investment periods: each begins with the level that the one before ended with; else each begins and ends for itself"`
	Fixed     attribute.Value `yaml:"fixed" unit:"{commodity}" gaps:"true" optional:"true" doc:"given level at the end of each step; free where a series is empty"`
	Cost      attribute.Value `yaml:"cost" unit:"USD/{commodity}/h" default:"0" doc:"cost of holding a unit for an hour (write 2 USD/t/a for a year)"`
	Build     *Build          `yaml:"build" per:"{commodity}" optional:"true" doc:"what may be built"`
	Capital   *Capital        `yaml:"capital" per:"{commodity}" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "store",
	Doc: `An inventory on the bus of a commodity at a place: what flows in and not out stays, less standing loss. It ends the
horizon at the level it began, unless initial, final or value say otherwise. Charging and discharging are free and
without limit here: units with a port inside it (inside: true) limit them. A battery has its own kind, and so has a
stockpile.`,
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
	self := ""
	if k.Inside {
		self = x.Name
	}
	bus := x.where("commodity", k.Commodity, x.Place, self)
	if bus == primitive.None {
		return
	}
	s := x.ends(k.Initial, k.Final, k.Value, "value")
	s.Tag, s.Bus = x.Tag(""), bus
	s.Bound = x.bound(x.unitOf(bus), k.Capacity, k.Build, k.Capital, k.Shares, k.Min.Series, k.Max.Series)
	if math.IsInf(s.Final, -1) {
		s.Final = notGiven
	}
	s.Loss, s.Inflow, s.Spill, s.SpillMax, s.SpillCost = k.Loss, k.Inflow.Series, k.Spill, unlimited(), k.SpillCost
	if k.SpillMax.Given {
		s.SpillMax = k.SpillMax.Series
	}
	for _, p := range k.SpillTo {
		s.SpillTo = append(s.SpillTo, x.use("spill_to", &p))
	}
	if !k.Spill && (k.SpillMax.Given || k.SpillTo != nil) {
		x.Problem("spill", "conflict", "it says how much or where it spills, and spill is false")
	}
	s.Carry = k.Carry
	if k.Fixed.Given {
		s.Fixed = &k.Fixed.Series
	}
	s.Costs = []primitive.Cost{variable(k.Cost.Series)}
	x.Store(s)
}
