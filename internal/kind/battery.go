package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Battery stores electricity in cells.
type Battery struct {
	Commodity string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it stores"`
	Capacity  float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"power that stands already, charging and discharging alike"`
	Energy    float64         `yaml:"energy" unit:"MWh" optional:"true" min:"0" doc:"energy that stands already; default: hours x capacity"`
	Hours     float64         `yaml:"hours" unit:"h" optional:"true" min:"0.1 h" doc:"ties energy to power, in what stands and what is built; default: they are chosen apart"`
	RoundTrip float64         `yaml:"round_trip" unit:"1" default:"90 %" min:"1 %" max:"100 %" doc:"AC energy out per AC energy in; half of the loss, by its root, falls on each way" source:"facts-D2 S104"`
	Charge    float64         `yaml:"charge" unit:"1" optional:"true" min:"1 %" max:"100 %" doc:"efficiency of charging; default: the root of round_trip"`
	Discharge float64         `yaml:"discharge" unit:"1" optional:"true" min:"1 %" max:"100 %" doc:"efficiency of discharging; default: the root of round_trip"`
	Loss      float64         `yaml:"loss" unit:"1/h" default:"0 %/d" min:"0" max:"100 %/h" doc:"standing loss, as a share of what is stored"`
	Usable    float64         `yaml:"usable" unit:"1" default:"100 %" min:"1 %" max:"100 %" doc:"share of the nameplate energy that can be used on average over the life: depth of discharge, and fade (2 %/a over 20 a leaves 81 % on average)"`
	Wear      attribute.Value `yaml:"wear" unit:"USD/MWh" default:"0 USD/MWh" min:"0" doc:"cost of degradation a unit discharged, if it is not in usable or build.fixed"`
	Build     *StorageBuild   `yaml:"build" optional:"true" doc:"what may be built"`
	Capital   *StorageCapital `yaml:"capital" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// StorageBuild is what may be built of power and of energy.
type StorageBuild struct {
	Power  *Build `yaml:"power" per:"MW" optional:"true" doc:"power that may be built; with hours and without this, at no cost beside energy's"`
	Energy *Build `yaml:"energy" per:"MWh" optional:"true" doc:"energy that may be built; with hours and without this, at no cost beside power's"`
}

// StorageCapital is what standing power and energy cost.
type StorageCapital struct {
	Power  *Capital `yaml:"power" per:"MW" optional:"true" doc:"of the power"`
	Energy *Capital `yaml:"energy" per:"MWh" optional:"true" doc:"of the energy"`
}

var _ = register(Spec{
	Name: "battery",
	Doc: `A battery at a place. Power (inverter) and energy (cells) are two capacities, tied by hours or chosen apart. It
charges and discharges at the same power, loses by its round trip and by standing, and ends the horizon as full as it
began. Degradation is a lower usable share of the energy, a cost of wear, or a fixed cost (build.fixed): say it once.
Left out: charging and discharging in the same hour is not forbidden (it only loses energy, so it pays at negative
prices alone), efficiency by load, heating and cooling of the cells, reserve.`,
	Example: `
kind: battery
at: park
hours: 4 h
build:
  energy: {max: 8 GWh, cost: 125 USD/kWh, life: 20 a, wacc: 8 %}
`,
	New: func() Kind { return &Battery{} },
})

// Expand adds two capacities, two units and a store.
func (k *Battery) Expand(x *Expansion) {
	s := storage{
		commodity: k.Commodity, power: k.Capacity, energy: k.Energy, hours: k.Hours,
		in: k.Charge, out: k.Discharge, inPart: "charge", outPart: "discharge",
		inPower: 1, loss: k.Loss, usable: k.Usable, cost: k.Wear.Series, build: k.Build, capital: k.Capital,
	}
	s.efficiencies(k.RoundTrip)
	s.expand(x)
}

// storage is what a battery and a pumped-storage plant have in common.
type storage struct {
	commodity       string
	power, energy   float64 // standing; energy NaN: hours x power
	hours           float64 // NaN: energy and power are chosen apart
	in, out         float64 // efficiencies
	inPart, outPart string
	inPower         float64 // most power in, per power out
	loss, usable    float64
	inflow          primitive.Series // MW of stored energy
	spill           bool
	cost            primitive.Series // a unit of energy out
	build           *StorageBuild
	capital         *StorageCapital
}

// efficiencies splits a round trip where an efficiency is not given.
func (s *storage) efficiencies(roundTrip float64) {
	switch {
	case !given(s.in) && !given(s.out):
		s.in, s.out = math.Sqrt(roundTrip), math.Sqrt(roundTrip)
	case !given(s.in):
		s.in = math.Min(1, roundTrip/s.out)
	case !given(s.out):
		s.out = math.Min(1, roundTrip/s.in)
	}
}

func (s *storage) expand(x *Expansion) {
	power, energy := s.built(x)
	if given(s.hours) {
		if given(s.energy) {
			x.Problem("energy", "conflict", "energy and hours both say how much is stored; want one of them")
		}
		s.energy = s.hours * s.power
	} else if !given(s.energy) {
		s.energy = 0
		if s.power > 0 || energy == nil {
			x.Problem("energy", "missing", "neither energy nor hours says how much is stored")
		}
	}
	p := x.Capacity("power", "MW", s.power, power)
	e := x.Capacity("energy", "MWh", s.energy, energy)
	if s.capital != nil {
		x.Standing(p, s.capital.Power)
		x.Standing(e, s.capital.Energy)
	}
	if given(s.hours) && (power != nil || energy != nil) {
		x.Limit(primitive.Limit{
			Name: x.Name + ".hours", Span: primitive.Horizon, Soft: math.NaN(),
			Terms: []primitive.Term{
				{Of: primitive.CapacitySize, Index: p, Coef: primitive.Const(s.hours)},
				{Of: primitive.CapacitySize, Index: e, Coef: primitive.Const(-1)},
			},
			Min: []float64{0}, Max: []float64{0},
		})
	}
	bus, inside := x.Bus("commodity", s.commodity), x.Inside("energy", "MWh")
	x.Measured("commodity", bus, "MWh")
	x.Unit(primitive.Unit{
		Tag: x.Tag(s.inPart), Bound: up(p, s.inPower, primitive.Const(1)),
		Ports: []primitive.Port{at(bus, -1), at(inside, s.in)},
	})
	x.Unit(primitive.Unit{
		Tag: x.Tag(s.outPart), Bound: up(p, 1, primitive.Const(1)),
		Ports: []primitive.Port{at(bus, 1), at(inside, -1/s.out)},
		Costs: []primitive.Cost{variable(s.cost)},
	})
	x.Store(primitive.Store{
		Tag: x.Tag("energy"), Bus: inside, Bound: up(e, s.usable, primitive.Const(1)),
		Loss: s.loss, Inflow: s.inflow, Spill: s.spill, SpillMax: unlimited(), End: primitive.Cyclic,
	})
}

// built returns what may be built of power and energy. Where hours tie them
// and only one is named, the other follows it at no cost of its own.
func (s *storage) built(x *Expansion) (power, energy *Build) {
	if s.build == nil {
		return nil, nil
	}
	power, energy = s.build.Power, s.build.Energy
	switch {
	case power == nil && energy == nil:
		x.Problem("build", "missing", "want power or energy to say what may be built")
	case !given(s.hours):
	case power == nil:
		power = &Build{Min: energy.Min / s.hours, Max: energy.Max / s.hours, Cost: notGiven, Life: notGiven, Annuity: new(float64)}
	case energy == nil:
		energy = &Build{Min: power.Min * s.hours, Max: power.Max * s.hours, Cost: notGiven, Life: notGiven, Annuity: new(float64)}
	}
	return power, energy
}
