package kind

import (
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// crossings is the commodity that gates give and roads take, in vehicles.
const crossings = "crossings"

// Gate is a border crossing or a weighbridge that all vehicles must pass.
type Gate struct {
	Lanes    float64         `yaml:"lanes" unit:"1" optional:"true" min:"0" max:"100" doc:"lanes, both directions together; with minutes and hours, or say capacity"`
	Minutes  float64         `yaml:"minutes" unit:"h" optional:"true" min:"0.001 h" doc:"time that a vehicle takes in a lane (5-15 min, facts-E GK)"`
	Hours    float64         `yaml:"hours" unit:"h/d" optional:"true" min:"0" max:"24 h/d" doc:"time it is open a day, such as 12 h/d"`
	Capacity attribute.Value `yaml:"capacity" unit:"vehicle/h" optional:"true" min:"0" doc:"vehicles it lets pass, both directions together, such as 425 vehicle/d, instead of lanes"`
	Open     attribute.Value `yaml:"open" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of its vehicles that it lets pass; an event closes it"`
	Holidays []time.Time     `yaml:"holidays" optional:"true" doc:"days it is closed, by day and month, whatever the year: [2030-04-14, 2030-04-15]"`
	Fee      float64         `yaml:"fee" unit:"USD/vehicle" default:"0 USD/vehicle" min:"0" doc:"charge a passing"`
	Build    *Build          `yaml:"build" per:"vehicle/h" optional:"true" doc:"what may be built, in vehicles: cost in USD/(vehicle/d)"`
	Capital  *Capital        `yaml:"capital" per:"vehicle/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "gate",
	Doc: `A gate lets so many vehicles pass a day, in both directions together: lanes x hours / minutes, or a capacity. Roads and
fleets that name it take passings of the commodity crossings (declare it: {unit: vehicle, step: 1d}) at the gate's place,
two for a loaded truck that comes back empty; all who pass share them, and the price of crossings there is what one
vehicle more would be worth. What is counted by a coarser step than crossings passes by their step: coal of a week on the
days of it that the gate is open. It is closed on holidays, and as events say. Left out: queues, hours of the day
(vehicles wait, within the step of crossings), the split by direction.`,
	Example: `
kind: gate
at: border
lanes: 2
minutes: 5 min
hours: 18 h/d
holidays: [2030-04-14, 2030-04-15, 2030-04-16]
`,
	New: func() Kind { return &Gate{} },
})

// GateCapacity is how many vehicles pass a day: lanes x hours open x 60 /
// minutes each.
func GateCapacity(lanes, hours, minutes float64) float64 { return lanes * hours * 60 / minutes }

// Expand adds a capacity of vehicles and a unit that gives passings.
func (k *Gate) Expand(x *Expansion) {
	bus := x.Bus("", crossings)
	if bus == primitive.None {
		return
	}
	x.Measured("", bus, "vehicle")
	if x.isAccount(bus) {
		x.Problem("", "conflict", "crossings is an account, which nothing limits; declare it without balance: account")
	}
	rate := k.rate(x)
	size, share := sized(rate)
	c := x.Capacity("", "vehicle/h", size, k.Build)
	x.Standing(c, k.Capital)
	x.Unit(primitive.Unit{
		Tag: x.Tag(""), Bound: up(c, 1, product(product(share, k.Open.Series), k.workdays(x))),
		Ports: []primitive.Port{at(bus, 1)},
		Costs: []primitive.Cost{variable(primitive.Const(k.Fee))},
	})
}

// rate is the vehicles an hour, as a mean over the day.
func (k *Gate) rate(x *Expansion) primitive.Series {
	lanes := given(k.Lanes) || given(k.Minutes) || given(k.Hours)
	switch {
	case k.Capacity.Given && lanes:
		x.Problem("capacity", "conflict", "capacity and lanes, minutes and hours both say how many vehicles pass; want one of them")
	case k.Capacity.Given:
		return k.Capacity.Series
	case !lanes && k.Build == nil:
		x.Problem("", "missing", "want capacity, such as 425 vehicle/d, or lanes, minutes and hours")
	case !lanes:
	case !given(k.Hours):
		x.Problem("hours", "missing", "a gate without hours lets nobody pass; want how long it is open, such as 12 h/d")
	case !given(k.Lanes):
		x.Problem("lanes", "missing", "want how many lanes it has")
	case !given(k.Minutes):
		x.Problem("minutes", "missing", "want how long a vehicle takes, such as 10 min")
	default:
		return primitive.Const(GateCapacity(k.Lanes, k.Hours, k.Minutes*60) / hoursADay)
	}
	return primitive.Const(0)
}

const hoursADay = 24

// workdays is 1, and 0 on holidays.
func (k *Gate) workdays(x *Expansion) primitive.Series {
	if len(k.Holidays) == 0 {
		return primitive.Const(1)
	}
	data := make([]float64, x.Clock.Ticks())
	for t, at := range x.Clock.Stamps {
		data[t] = 1
		for _, h := range k.Holidays {
			if h.Month() == at.Month() && h.Day() == at.Day() {
				data[t] = 0
			}
		}
	}
	return primitive.Series{Data: data}
}

// pass returns the port that takes passings of a gate, a unit sent on the grid
// of the bus where it begins; none without a gate.
func (x *Expansion) pass(gate string, vehicles float64, begins int32) []primitive.Port {
	if gate == "" || vehicles == 0 {
		return nil
	}
	for _, a := range x.Model.Assets {
		switch {
		case a.Name != gate:
		case a.Kind != "gate":
			x.Problem("gate", "reference", "%s is a %s; want a gate", gate, a.Kind)
			return nil
		default:
			b := x.BusAt("gate", crossings, a.Place)
			if b == primitive.None || begins == primitive.None {
				return nil
			}
			return []primitive.Port{at(b, -vehicles)}
		}
	}
	x.Problem("gate", "reference", "no active asset of the study is named %q", gate)
	return nil
}
