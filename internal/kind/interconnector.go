package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Interconnector is a power line whose flow its operator sets.
type Interconnector struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it carries"`
	From         string          `yaml:"from" ref:"place" optional:"true" doc:"the near end; default: the asset's place"`
	To           string          `yaml:"to" ref:"place" optional:"true" doc:"the far end; default: a grid outside the system, where grid_import and grid_export trade that name this asset as their line"`
	Capacity     float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"capacity that stands already, both ways together, measured where power is sent"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that can be used"`
	Back         attribute.Value `yaml:"back" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that can be used from the far end to the near one; 0: one way"`
	Loss         float64         `yaml:"loss" unit:"1" default:"0 %" min:"0" max:"99 %" doc:"share lost on the way, at all loads; 500 kV 1.5 %, 230 kV 3 %, 115 kV 5 % per 100 km at rated load (facts-D3 GK)"`
	Wheeling     attribute.Value `yaml:"wheeling" unit:"USD/MWh" default:"0 USD/MWh" doc:"charge a unit sent, either way"`
	Build        *Build          `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital      *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "interconnector",
	Doc: `A power line between two places, or from a place to a grid outside the system. Power goes where it is sent, either
way, within one capacity; a share is lost and a wheeling charge paid. Without a far end it is the line of grid_import
and grid_export, which then share its capacity. Left out: Kirchhoff's voltage law (loop flows), reactive power,
stability, and losses that grow with the load: give the loss at the usual load.`,
	Example: `
kind: interconnector
at: park
capacity: 1500 MW
loss: 2.7 %
wheeling: 5 USD/MWh
`,
	New: func() Kind { return &Interconnector{} },
})

// The private buses at the far end of a line that has no place there. There are
// two, so that what is bought outside can be sold outside only through the
// line and its capacity.
const (
	imports = "import"
	exports = "export"
)

// Expand adds a capacity and a route; to a grid outside, a unit each way, which
// share the capacity:
//
//	in + out <= availability x size
func (k *Interconnector) Expand(x *Expansion) {
	from, to := x.far(k.From, k.To)
	near := x.BusAt("commodity", k.Commodity, from)
	x.Measured("commodity", near, "MWh")
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	charge := []primitive.Cost{variable(k.Wheeling.Series)}
	if k.To != "" {
		if x.hasInside(imports) || x.hasInside(exports) {
			x.Problem("to", "reference", "trades name this as their line, so its far end is outside the system; take out its to, or let them trade at %s", to)
		}
		if far := x.BusAt("commodity", k.Commodity, to); near != primitive.None && far != primitive.None {
			x.Route(primitive.Route{
				Tag: x.Tag(""), From: near, To: far, Bound: up(c, 1, k.Availability.Series),
				Back: k.Back.Series, Loss: k.Loss, Costs: charge,
			})
		}
		return
	}
	out := x.Unit(primitive.Unit{
		Tag: x.Tag("out"), Bound: up(c, 1, k.Availability.Series), Costs: charge,
		Ports: []primitive.Port{at(near, -1), at(x.Inside(exports, "MWh"), 1-k.Loss)},
	})
	in := x.Unit(primitive.Unit{
		Tag: x.Tag("in"), Bound: up(c, 1, product(k.Availability.Series, k.Back.Series)), Costs: charge,
		Ports: []primitive.Port{at(x.Inside(imports, "MWh"), -1), at(near, 1-k.Loss)},
	})
	x.Limit(primitive.Limit{
		Name: x.Name + ".capacity", Span: primitive.EachStep, Soft: math.NaN(),
		Terms: []primitive.Term{
			{Of: primitive.UnitActivity, Index: out, Coef: primitive.Const(1)},
			{Of: primitive.UnitActivity, Index: in, Coef: primitive.Const(1)},
			{Of: primitive.CapacitySize, Index: c, Coef: mapped(k.Availability.Series, func(v float64) float64 { return -v })},
		},
		Min: []float64{math.Inf(-1)}, Max: []float64{0},
	})
}

// hasInside tells whether the asset has a private bus of some name by now.
func (x *Expansion) hasInside(name string) bool {
	for _, b := range x.Model.Buses {
		if b.Place == "" && b.Asset == x.Asset && b.Name == x.Name+"."+name {
			return true
		}
	}
	return false
}

// gate returns the bus where a grid trade happens: at its place, or at the far
// end (imports, exports) of its line.
func (x *Expansion) gate(commodity, line, end string) int32 {
	if line == "" {
		b := x.Bus("commodity", commodity)
		x.Measured("commodity", b, "MWh")
		return b
	}
	for i, a := range x.Model.Assets {
		if a.Name != line {
			continue
		}
		if a.Kind != "interconnector" {
			x.Problem("line", "reference", "%s is a %s; want an interconnector", line, a.Kind)
			return primitive.None
		}
		for _, r := range x.Model.Routes {
			if to := x.Model.Buses[r.To].Place; r.Asset == int32(i) {
				x.Problem("line", "reference", "%s ends at %s; trade there (at: %[2]s), or take out its to", line, to)
				return primitive.None
			}
		}
	}
	b, ok := x.Private(line, end, "MWh")
	if !ok {
		x.Problem("line", "reference", "no asset of the study is named %q", line)
		return primitive.None
	}
	return b
}
