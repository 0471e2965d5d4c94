package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Route carries a commodity between two places.
type Route struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" doc:"what it carries"`
	From         string          `yaml:"from" ref:"place" optional:"true" doc:"one end; default: the asset's place"`
	To           string          `yaml:"to" ref:"place" doc:"the other end"`
	Shares       *Share          `yaml:"shares" optional:"true" doc:"a capacity of its own that bounds it, instead of capacity and build"`
	Capacity     float64         `yaml:"capacity" unit:"{commodity}/h" word:"unlimited=+Inf" default:"0" min:"0" doc:"rate that stands already, both ways together, measured where it is sent"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that can be used"`
	Back         attribute.Value `yaml:"back" unit:"1" default:"0 %" min:"0" max:"100 %" doc:"share of the capacity that can be used from to to from; 0: one way"`
	Loss         float64         `yaml:"loss" unit:"1" default:"0 %" min:"0" max:"99 %" doc:"share lost on the way"`
	Delay        float64         `yaml:"delay" unit:"h" default:"0 h" min:"0" doc:"time on the way, a whole number of the commodity's steps"`
	Cyclic       bool            `yaml:"cyclic" default:"true" doc:"what is under way at the end arrives at the start; false: it is lost, and nothing arrives at first"`
	Uses         []PortSpec      `yaml:"uses" per:"{commodity}" optional:"true" doc:"accounts that what is sent, either way, flows into"`
	Cost         attribute.Value `yaml:"cost" unit:"USD/{commodity}" default:"0" doc:"cost a unit sent, either way"`
	CO2          float64         `yaml:"co2" unit:"t/{commodity}" default:"0" min:"0" doc:"CO2 a unit sent (fuel of trucks), into the account co2"`
	Build        *Build          `yaml:"build" per:"{commodity}/h" optional:"true" doc:"what may be built"`
	Capital      *Capital        `yaml:"capital" per:"{commodity}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "route",
	Doc: `Transport of a commodity between two places: road, rail, belt, pipe, barge. What is sent stays within the
capacity, both ways together; a share is lost, the rest arrives after a delay. Left out: vehicles as such, traffic
that slows down, and the physics of a power grid (electricity on a route goes where it is sent).`,
	Example: `
kind: route
commodity: alumina
from: border
to: park
capacity: 1.2 Mt/a
delay: 2 d
cost: 38 USD/t
`,
	New: func() Kind { return &Route{} },
})

// Expand adds a capacity and a route.
func (k *Route) Expand(x *Expansion) {
	from, to := x.far(k.From, k.To)
	a, b := x.BusAt("commodity", k.Commodity, from), x.BusAt("commodity", k.Commodity, to)
	if a == primitive.None || b == primitive.None {
		return
	}
	r := primitive.Route{
		Tag: x.Tag(""), From: a, To: b, Back: k.Back.Series, Loss: k.Loss, Delay: k.Delay, Cyclic: k.Cyclic,
		Bound: x.bound(x.unitOf(a)+"/h", k.Capacity, k.Build, k.Capital, k.Shares, primitive.Const(0), k.Availability.Series),
		Costs: []primitive.Cost{variable(k.Cost.Series)},
	}
	if account := x.emissions(); account != primitive.None && k.CO2 > 0 {
		r.Uses = []primitive.Port{at(account, k.CO2)}
	}
	for _, p := range k.Uses {
		r.Uses = append(r.Uses, x.use("uses", &p))
	}
	x.Route(r)
}

// far returns the two ends of a route, the first by default the asset's place.
func (x *Expansion) far(from, to string) (string, string) {
	if from == "" {
		from = x.Place
	}
	switch {
	case from == "":
		x.Problem("from", "missing", "want the place where it begins: from, or at")
	case from == to:
		x.Problem("to", "reference", "it begins and ends at %s; want two places", to)
	}
	return from, to
}
