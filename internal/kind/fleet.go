package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
)

// Fleet carries a commodity by trucks that it has or may buy.
type Fleet struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" doc:"what it carries"`
	From         string          `yaml:"from" ref:"place" optional:"true" doc:"where it loads; default: the asset's place"`
	To           string          `yaml:"to" ref:"place" doc:"where it unloads"`
	Distance     float64         `yaml:"distance" unit:"km" min:"0" doc:"length of the way, one way"`
	Number       attribute.Value `yaml:"number" unit:"truck" default:"0" min:"0" doc:"trucks that stand already"`
	Cycle        float64         `yaml:"cycle" unit:"h" optional:"true" min:"0.1 h" doc:"time from loading to the next loading; or say speed and turn"`
	Speed        float64         `yaml:"speed" unit:"km/h" optional:"true" min:"1 km/h" max:"120 km/h" doc:"mean speed on the way, both ways"`
	Turn         float64         `yaml:"turn" unit:"h" default:"2 h" min:"0" doc:"loading, unloading and waiting of a trip, with speed" source:"GK"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"85 %" min:"0" max:"100 %" doc:"share of the trucks that run: repair, drivers, holidays" source:"GK"`
	Loss         float64         `yaml:"loss" unit:"1" default:"0 %" min:"0" max:"99 %" doc:"share lost on the way"`
	Delay        float64         `yaml:"delay" unit:"h" default:"0 h" min:"0" doc:"time on the way, a whole number of the commodity's steps"`
	Rate         attribute.Value `yaml:"rate" unit:"USD/{commodity}/km" default:"0" doc:"cost a unit and km, beside the trucks' capital and diesel of the system"`
	Cost         attribute.Value `yaml:"cost" unit:"USD/{commodity}" default:"0" doc:"cost a unit sent: loading, tolls, fees"`
	CO2          float64         `yaml:"co2" unit:"t/{commodity}/km" default:"0" min:"0" doc:"CO2 a unit and km, beside that of fuel it takes from the system, into the account co2"`
	Trucks
	Build   *Build   `yaml:"build" per:"truck" optional:"true" doc:"trucks that may be bought"`
	Capital *Capital `yaml:"capital" per:"truck" optional:"true" doc:"what the standing trucks cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "fleet",
	Doc: `Trucks of a fleet on one way: each carries its payload once a cycle, so trucks x availability x payload / cycle is what
they carry. The cycle is given, or follows from distance, speed and the time to turn round. Trucks that may be bought are
a capacity. At a gate they share its vehicles a day with all others. Left out: the road's own limit (set one with limits),
fleets that serve several ways, whole trucks.`,
	Example: `
kind: fleet
commodity: alumina
from: park
to: border
distance: 120 km
number: 200 truck
speed: 35 km/h
payload: 28 t/truck
rate: 0.05 USD/t/km
build: {max: 500 truck, cost: 120000 USD/truck, life: 8 a}
`,
	New: func() Kind { return &Fleet{} },
})

// FleetCapacity is what so many trucks carry an hour: trucks x share that runs x
// payload / cycle in h.
func FleetCapacity(trucks, share, payload, cycle float64) float64 {
	return trucks * share * payload / cycle
}

// Expand adds a capacity of trucks and a route.
func (k *Fleet) Expand(x *Expansion) {
	cycle := k.Cycle
	switch {
	case given(k.Cycle) && given(k.Speed):
		x.Problem("speed", "conflict", "cycle and speed both say how long a trip takes; want one of them")
	case !given(k.Cycle) && !given(k.Speed):
		x.Problem("cycle", "missing", "neither cycle nor speed says how long a trip takes")
		return
	case given(k.Speed):
		cycle = 2*k.Distance/k.Speed + k.Turn
	}
	if !given(k.Payload) || k.Payload == 0 {
		x.Problem("payload", "missing", "trucks carry what their payload says; want it, such as 28 t/truck")
		return
	}
	if math.IsInf(1/cycle, 0) {
		x.Problem("turn", "range", "a trip of no time carries any amount; want a distance or a time to turn")
		return
	}
	w := Way{
		Passage: Passage{
			Commodity: k.Commodity, From: k.From, To: k.To, Capacity: k.Number, Availability: k.Availability,
			Loss: k.Loss, Delay: k.Delay, Cost: k.Cost, Build: k.Build, Capital: k.Capital,
		},
		Distance: k.Distance, Rate: k.Rate, CO2: k.CO2,
	}
	w.carry(x, load{"truck", FleetCapacity(1, 1, k.Payload, cycle)}, k.Trucks.uses(x, &w)...)
}
