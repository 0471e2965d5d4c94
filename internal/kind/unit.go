package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// Unit turns commodities into others, in ratios to an activity.
type Unit struct {
	Activity string          `yaml:"activity" ref:"commodity" default:"electricity" doc:"commodity in whose unit an hour's activity is counted: electricity means MW"`
	Capacity float64         `yaml:"capacity" unit:"{activity}/h" default:"0" min:"0" doc:"capacity that stands already"`
	Min      attribute.Value `yaml:"min" unit:"1" default:"0 %" min:"-100 %" max:"100 %" doc:"least activity as a share of capacity; below 0: it runs both ways"`
	Max      attribute.Value `yaml:"max" unit:"1" default:"100 %" min:"-100 %" max:"105 %" doc:"most activity as a share of capacity"`
	Ports    []PortSpec      `yaml:"ports" per:"{activity}" doc:"what it takes and makes"`
	RampUp   float64         `yaml:"ramp_up" unit:"1/h" optional:"true" min:"0" doc:"most rise an hour, as a share of capacity; default: none"`
	RampDown float64         `yaml:"ramp_down" unit:"1/h" optional:"true" min:"0" doc:"most fall an hour, as a share of capacity; default: none"`
	Cost     attribute.Value `yaml:"cost" unit:"USD/{activity}" default:"0" doc:"variable cost a unit of activity"`
	Windows  []WindowSpec    `yaml:"windows" optional:"true" doc:"least and most activity over any hours in a row, the end of the horizon followed by its start"`
	Fixed    attribute.Value `yaml:"fixed" unit:"{activity}/h" optional:"true" doc:"given activity"`
	Step     string          `yaml:"step" optional:"true" doc:"step of the activity (1d: flat in the day); default: the finest of its ports"`
	Build    *Build          `yaml:"build" per:"{activity}/h" optional:"true" doc:"what may be built"`
	Capital  *Capital        `yaml:"capital" per:"{activity}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// PortSpec is a flow tied to the activity.
type PortSpec struct {
	Commodity string          `yaml:"commodity" ref:"commodity" doc:"what flows"`
	At        string          `yaml:"at" ref:"place" optional:"true" doc:"where; default: the asset's place"`
	Ratio     attribute.Value `yaml:"ratio" unit:"{commodity}/({per})" doc:"amount a unit of activity: made above 0, taken below"`
	Delay     float64         `yaml:"delay" unit:"h" default:"0 h" min:"0" doc:"how much later it flows; what is under way at the end arrives at the start"`
}

// WindowSpec bounds the activity over hours in a row.
type WindowSpec struct {
	Hours float64 `yaml:"hours" unit:"h" min:"1 h" doc:"length of the window"`
	Min   float64 `yaml:"min" unit:"h" optional:"true" doc:"least full-load hours in it"`
	Max   float64 `yaml:"max" unit:"h" optional:"true" doc:"most full-load hours in it"`
}

var _ = register(Spec{
	Name: "unit",
	Doc: `Anything that turns commodities into others: an activity between its least and most share of a capacity, and ports
that flow in fixed ratios to it, each at once or with a delay. Use it where no other kind fits; an account such as co2
is a port like any other. Left out until unit commitment comes: starts, stops, and ratios that change with the load.`,
	Example: `
kind: unit
at: park
activity: electricity
capacity: 50 MW
ports:
  - {commodity: electricity, ratio: 1}
  - {commodity: gas, ratio: -2 MWh net/MWh}
  - {commodity: co2, ratio: 0.404 t/MWh}
windows: [{hours: 24 h, max: 12 h}]
`,
	New: func() Kind { return &Unit{} },
})

// Expand adds a capacity and a unit.
func (k *Unit) Expand(x *Expansion) {
	u := primitive.Unit{Tag: x.Tag(""), Costs: []primitive.Cost{variable(k.Cost.Series)}}
	for _, p := range k.Ports {
		place := p.At
		if place == "" {
			place = x.Place
		}
		u.Ports = append(u.Ports, primitive.Port{
			Bus: x.BusAt("ports", p.Commodity, place), Ratio: p.Ratio.Series, Delay: p.Delay, Cyclic: true,
		})
	}
	for i, w := range k.Windows {
		if w.Min > w.Max {
			x.Problem("windows", "range", "window %d: least %g h is above the most, %g h", i, w.Min, w.Max)
		}
		u.Windows = append(u.Windows, primitive.Window{Hours: w.Hours, Min: floor(w.Min), Max: ceiling(w.Max), Cyclic: true})
	}
	if given(k.RampUp) || given(k.RampDown) {
		u.Ramp = &primitive.Ramp{Up: k.RampUp, Down: k.RampDown, Initial: notGiven}
	}
	if k.Fixed.Given {
		u.Fixed = &k.Fixed.Series
	}
	c := x.Capacity("", x.rate(k.Activity), k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	u.Bound = primitive.Bound{Capacity: c, Coef: 1, Min: k.Min.Series, Max: k.Max.Series}
	i := x.Unit(u)
	if k.Step != "" {
		x.Model.Units[i].Grid = x.grid("step", k.Step)
	}
}

// rate is the unit of a commodity an hour, found without making a bus.
func (x *Expansion) rate(commodity string) string {
	for _, c := range x.Model.Commodities {
		if c.Name == commodity {
			if c.Unit == "MWh" {
				return "MW"
			}
			return c.Unit + "/h"
		}
	}
	x.Problem("activity", "unknown-commodity", "needs commodity %q, which the system does not declare", commodity)
	return ""
}

// grid finds the grid of a step.
func (x *Expansion) grid(field, text string) int32 {
	step, err := clock.ParseStep(text)
	if err != nil {
		x.Problem(field, "step", "%v", err)
		return 0
	}
	for i, g := range x.Clock.Grids {
		if g.Step == step {
			return int32(i)
		}
	}
	x.Problem(field, "step", "no commodity has the step %s; want one that some commodity has", text)
	return 0
}
