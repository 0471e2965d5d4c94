package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Passage is what every way of carrying a commodity between two places says.
type Passage struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" doc:"what it carries"`
	From         string          `yaml:"from" ref:"place" optional:"true" doc:"where it begins; default: the asset's place"`
	To           string          `yaml:"to" ref:"place" doc:"where it ends"`
	Capacity     attribute.Value `yaml:"capacity" unit:"{commodity}/h" default:"0" min:"0" doc:"rate that stands already, measured where it is sent; twelve months give a wet season's limits"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that can be used"`
	Loss         float64         `yaml:"loss" unit:"1" default:"0 %" min:"0" max:"99 %" doc:"share lost on the way"`
	Delay        float64         `yaml:"delay" unit:"h" default:"0 h" min:"0" doc:"time on the way, a whole number of the commodity's steps; what is under way at the end arrives at the start"`
	Cost         attribute.Value `yaml:"cost" unit:"USD/{commodity}" default:"0" doc:"cost a unit sent: loading, tolls, fees"`
	Build        *Build          `yaml:"build" per:"{commodity}/h" optional:"true" doc:"what may be built"`
	Capital      *Capital        `yaml:"capital" per:"{commodity}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// Way is a passage over a distance.
type Way struct {
	Passage
	Distance float64         `yaml:"distance" unit:"km" min:"0" doc:"length of the way"`
	Rate     attribute.Value `yaml:"rate" unit:"USD/{commodity}/km" default:"0" doc:"cost a unit and km"`
	CO2      float64         `yaml:"co2" unit:"t/{commodity}/km" default:"0" min:"0" doc:"CO2 a unit and km, beside that of fuel it takes from the system, into the account co2"`
}

// sized splits a rate that may change over time into a size, its peak, and the
// share of it that holds at each time.
func sized(rate primitive.Series) (size float64, share primitive.Series) {
	if rate.Data == nil {
		return rate.Value, primitive.Const(1)
	}
	for _, v := range rate.Data {
		size = math.Max(size, v)
	}
	if size == 0 {
		return 0, primitive.Const(0)
	}
	return size, mapped(rate, func(v float64) float64 { return v / size })
}

// load is what a capacity is counted in, if not in the rate itself, and the
// rate that one of it carries.
type load struct {
	unit string
	per  float64
}

var byRate = load{"", 1}

// carry adds a capacity and a route. Uses are what a unit sent takes beside.
func (p *Passage) carry(x *Expansion, part string, l load, uses ...primitive.Port) {
	from, to := x.far(p.From, p.To)
	a, b := x.BusAt("commodity", p.Commodity, from), x.BusAt("commodity", p.Commodity, to)
	if a == primitive.None || b == primitive.None {
		return
	}
	if l.unit == "" {
		l.unit = x.unitOf(a) + "/h"
	}
	size, share := sized(p.Capacity.Series)
	c := x.Capacity(part, l.unit, size, p.Build)
	x.Standing(c, p.Capital)
	x.Route(primitive.Route{
		Tag: x.Tag(part), From: a, To: b, Grid: x.paced(a, b, uses), Bound: up(c, l.per, product(share, p.Availability.Series)),
		Loss: p.Loss, Delay: p.Delay, Cyclic: true, Uses: uses,
		Costs: []primitive.Cost{variable(p.Cost.Series)},
	})
}

// paced is the grid of a way: the finest of its ends and of the gate it passes,
// so that what is counted by the week goes on the days that the gate is open.
func (x *Expansion) paced(from, to int32, uses []primitive.Port) int32 {
	ports := []primitive.Port{{Bus: from}, {Bus: to}}
	for _, p := range uses {
		if x.Model.Commodities[x.Model.Buses[p.Bus].Commodity].Name == crossings {
			ports = append(ports, p)
		}
	}
	return x.finest(ports)
}

// carry adds the passage with what its distance costs and emits.
func (w *Way) carry(x *Expansion, l load, uses ...primitive.Port) {
	p := w.Passage
	p.Cost.Series = sum(w.Cost.Series, w.Rate.Series, w.Distance)
	p.carry(x, "", l, append(uses, w.emits(x, w.CO2*w.Distance)...)...)
}

// begins returns the bus of a commodity where the way begins, None where the
// system does not declare it.
func (p *Passage) begins(x *Expansion, commodity string) int32 {
	place := p.From
	if place == "" {
		place = x.Place
	}
	b, ok := x.FindBus(commodity, place)
	if !ok {
		return primitive.None
	}
	return b
}

// drawn is what a unit sent takes of a commodity where the way begins: out of
// its bus, or into its account; none where it is not declared.
func (p *Passage) drawn(x *Expansion, commodity, base string, ratio float64) []primitive.Port {
	if ratio == 0 { // nor is its bus made
		return nil
	}
	bus := p.begins(x, commodity)
	if bus == primitive.None {
		return nil
	}
	x.Measured("", bus, base)
	if !x.isAccount(bus) {
		ratio = -ratio
	}
	return []primitive.Port{at(bus, ratio)}
}

// emits returns the port into the account co2 where the way begins.
func (p *Passage) emits(x *Expansion, ratio float64) []primitive.Port {
	if ratio == 0 {
		return nil
	}
	account := p.begins(x, co2)
	if account == primitive.None {
		return nil
	}
	return []primitive.Port{at(account, ratio)}
}

// driven is the power a unit sent takes where the way begins, by distance; the
// system must have it there.
func (w *Way) driven(x *Expansion, ratio float64) []primitive.Port {
	if ratio == 0 {
		return nil
	}
	if w.begins(x, electricity) == primitive.None {
		x.Problem("electricity", "unknown-commodity", "needs commodity %q, which the system does not declare", electricity)
	}
	return w.drawn(x, electricity, "MWh", ratio*w.Distance)
}
