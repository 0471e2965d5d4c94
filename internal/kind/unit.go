package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// Unit turns commodities into others, in ratios to an activity.
type Unit struct {
	Activity  string          `yaml:"activity" ref:"commodity" default:"electricity" doc:"commodity in whose unit an hour's activity is counted: electricity means MW"`
	Capacity  float64         `yaml:"capacity" unit:"{activity}/h" word:"unlimited=+Inf" default:"0" min:"0" doc:"capacity that stands already"`
	Shares    *Share          `yaml:"shares" optional:"true" doc:"a capacity of its own that bounds it, instead of capacity and build"`
	Min       attribute.Value `yaml:"min" unit:"1" default:"0 %" min:"-1e9" max:"1e9" doc:"least activity as a share of capacity; below 0: it runs both ways"`
	Max       attribute.Value `yaml:"max" unit:"1" default:"100 %" min:"-1e9" max:"1e9" doc:"most activity as a share of capacity"`
	Most      attribute.Value `yaml:"most" unit:"{activity}/h" optional:"true" doc:"most activity as a rate, instead of capacity and max"`
	Ports     []PortSpec      `yaml:"ports" per:"{activity}" optional:"true" doc:"what it takes and makes; default: it makes its activity"`
	RampUp    attribute.Value `yaml:"ramp_up" unit:"1/h" gaps:"true" optional:"true" min:"0" doc:"most rise an hour, as a share of capacity; default: none"`
	RampDown  attribute.Value `yaml:"ramp_down" unit:"1/h" gaps:"true" optional:"true" min:"0" doc:"most fall an hour, as a share of capacity; default: none"`
	StepUp    attribute.Value `yaml:"step_up" unit:"1" gaps:"true" optional:"true" min:"0" max:"1e9" doc:"most rise from step to step, whatever its hours, instead of ramp_up"`
	StepDown  attribute.Value `yaml:"step_down" unit:"1" gaps:"true" optional:"true" min:"0" max:"1e9" doc:"most fall from step to step, instead of ramp_down"`
	Initial   float64         `yaml:"initial" unit:"{activity}/h" optional:"true" doc:"activity before the first step, from which its ramp begins; default: any"`
	RampWraps bool            `yaml:"ramp_wraps" default:"false" doc:"whether the last step comes before the first, for ramps"`
	Cost      attribute.Value `yaml:"cost" unit:"USD/{activity}" default:"0" doc:"variable cost a unit of activity"`
	Quadratic attribute.Value `yaml:"quadratic" unit:"USD*h/{activity}/{activity}" default:"0" min:"0" doc:"further variable cost an hour, a unit of the square of the activity's rate"`
	CostCurve *CostCurve      `yaml:"cost_curve" per:"{activity}/h" optional:"true" doc:"further variable cost that changes with the load, such as fuel"`
	Windows   []WindowSpec    `yaml:"windows" optional:"true" doc:"least and most activity over any hours in a row"`
	Fixed     attribute.Value `yaml:"fixed" unit:"{activity}/h" gaps:"true" optional:"true" doc:"given activity; free where a series is empty"`
	Step      string          `yaml:"step" optional:"true" doc:"step of the activity (1d: flat in the day); default: the finest of its ports"`

	Commitment  *Commitment  `yaml:"commitment" per:"{activity}/h" optional:"true" doc:"it runs between min and max or stands still; default: it may run at any rate between them and never stands"`
	Maintenance *Maintenance `yaml:"maintenance" optional:"true" doc:"times out of use, which the plan chooses"`

	Build   *Build   `yaml:"build" per:"{activity}/h" optional:"true" doc:"what may be built"`
	Capital *Capital `yaml:"capital" per:"{activity}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// PortSpec is a flow tied to the activity.
type PortSpec struct {
	Commodity string          `yaml:"commodity" ref:"commodity" doc:"what flows"`
	At        string          `yaml:"at" ref:"place" optional:"true" doc:"where; default: the asset's place"`
	Inside    string          `yaml:"inside" ref:"asset" optional:"true" doc:"the bus inside an asset, such as a store's, instead of a place"`
	Ratio     attribute.Value `yaml:"ratio" unit:"{commodity}/({per})" optional:"true" doc:"amount a unit of activity: made above 0, taken below; or say curve"`
	Curve     *FlowCurve      `yaml:"curve" optional:"true" doc:"flow that changes with the load otherwise than in a ratio"`
	Delay     float64         `yaml:"delay" unit:"h" default:"0 h" min:"0" doc:"how much later it flows"`
	Cyclic    bool            `yaml:"cyclic" default:"true" doc:"what is under way at the end arrives at the start; false: it is lost, and nothing arrives at first"`
	Sampled   bool            `yaml:"sampled" default:"false" doc:"where steps differ in length: what arrives is the rate of the last step that began so long ago"`
}

// FlowCurve is a flow as a function of the activity.
type FlowCurve struct {
	Activity []float64 `yaml:"activity" unit:"{per}/h" doc:"activities, rising; it stays between the first and the last"`
	Flow     []float64 `yaml:"flow" unit:"{commodity}/h" doc:"flow at each: made above 0, taken below"`
}

// CostCurve is money an hour as a function of the activity.
type CostCurve struct {
	Activity []float64 `yaml:"activity" unit:"{per}" doc:"activities, rising; it stays between the first and the last"`
	Cost     []float64 `yaml:"cost" unit:"USD/h" doc:"cost an hour at each"`
}

// WindowSpec bounds the activity over hours in a row.
type WindowSpec struct {
	Hours  float64 `yaml:"hours" unit:"h" min:"1 h" doc:"length of the window"`
	Min    float64 `yaml:"min" unit:"h" optional:"true" doc:"least full-load hours in it"`
	Max    float64 `yaml:"max" unit:"h" optional:"true" doc:"most full-load hours in it"`
	Cyclic bool    `yaml:"cyclic" default:"true" doc:"whether the end of the horizon is followed by its start"`
}

// Commitment is what starting, stopping and standing still ask for. Times are
// counted in steps of the activity.
type Commitment struct {
	Module    float64         `yaml:"module" unit:"{per}" default:"0" min:"0" doc:"size of one of several equal machines; 0: one machine of the whole capacity"`
	Relaxed   bool            `yaml:"relaxed" default:"false" doc:"machines may run in part: a linear problem, and a bound on the true one"`
	Tight     bool            `yaml:"tight" default:"false" doc:"relaxed: with rows that cut fractions off (one machine that starts as dear as it stops)"`
	StandBy   attribute.Value `yaml:"stand_by" unit:"USD/h" default:"0 USD/h" doc:"cost an hour of each machine that runs"`
	Start     attribute.Value `yaml:"start" unit:"USD" default:"0 USD" doc:"cost of a start"`
	Stop      attribute.Value `yaml:"stop" unit:"USD" default:"0 USD" doc:"cost of a stop"`
	MinUp     int             `yaml:"min_up" default:"0" min:"0" doc:"steps that it runs at least once started"`
	MinDown   int             `yaml:"min_down" default:"0" min:"0" doc:"steps that it stands still at least once stopped"`
	DownOf    float64         `yaml:"down_of" unit:"1" default:"0" min:"0" max:"1e9" doc:"machines of which min_down speaks; 0: all"`
	Before    int             `yaml:"before" default:"0" doc:"steps before the first that it ran (above 0) or stood still (below 0), and not before them; 0: it never ran"`
	History   []float64       `yaml:"history" unit:"1" optional:"true" min:"0" max:"1e9" doc:"machines that ran in the steps before the first, the nearest first, instead of before"`
	Wraps     bool            `yaml:"wraps" default:"false" doc:"the last step comes before the first, instead of before"`
	RampStart float64         `yaml:"ramp_start" unit:"1" optional:"true" min:"0" max:"1e9" doc:"most activity in the step of a start, as a share of capacity; default: all"`
	RampStop  float64         `yaml:"ramp_stop" unit:"1" optional:"true" min:"0" max:"1e9" doc:"most activity before a stop, likewise"`
	Big       float64         `yaml:"big" unit:"{per}" default:"0" min:"0" doc:"more than any activity, where the size of the machine may be built; 0: derived from the largest size"`
}

// Maintenance takes a part of the capacity out of use for a time.
type Maintenance struct {
	Events int     `yaml:"events" default:"1" min:"0" doc:"how many times; they don't overlap"`
	Hours  float64 `yaml:"hours" unit:"h" min:"0" doc:"how long each lasts"`
	Share  float64 `yaml:"share" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that is out of use"`
}

var _ = register(Spec{
	Name: "unit",
	Doc: `Anything that turns commodities into others: an activity between its least and most share of a capacity, and ports
that flow in fixed ratios or by curves to it, each at once or with a delay. It may be committed (starts, stops, several
machines), maintained, and cost by rate, square or curve. Use it where no other kind fits; an account such as co2 is a
port like any other. Left out: ratios that depend on anything but its own load.`,
	Example: `
kind: unit
at: park
activity: electricity
capacity: 50 MW
min: 40 %
ports:
  - {commodity: electricity, ratio: 1}
  - {commodity: gas, ratio: -2 MWh net/MWh}
  - {commodity: co2, ratio: 0.404 t/MWh}
windows: [{hours: 24 h, max: 12 h}]
commitment: {start: 5000 USD, min_up: 4, min_down: 2}
`,
	New: func() Kind { return &Unit{} },
})

// Expand adds a capacity and a unit.
func (k *Unit) Expand(x *Expansion) {
	u := primitive.Unit{Tag: x.Tag(""), Costs: []primitive.Cost{variable(k.Cost.Series)}}
	if k.Ports == nil {
		u.Ports = []primitive.Port{at(x.Bus("activity", k.Activity), 1)}
	}
	for _, p := range k.Ports {
		k.port(x, &u, &p)
	}
	for i, w := range k.Windows {
		if w.Min > w.Max {
			x.Problem("windows", "range", "window %d: least %g h is above the most, %g h", i, w.Min, w.Max)
		}
		u.Windows = append(u.Windows, primitive.Window{Hours: w.Hours, Min: floor(w.Min), Max: ceiling(w.Max), Cyclic: w.Cyclic})
	}
	u.Ramp = k.ramp(x)
	if k.Fixed.Given {
		u.Fixed = &k.Fixed.Series
	}
	if !zero(k.Quadratic.Series) {
		u.Quadratic = []primitive.Cost{variable(k.Quadratic.Series)}
	}
	if c := k.CostCurve; c != nil {
		u.Curves = []primitive.PriceCurve{{
			Curve: *x.curve("cost_curve", "activity", c.Activity, "cost", c.Cost), Class: primitive.Variable, Party: primitive.None,
		}}
	}
	k.commit(&u)
	if m := k.Maintenance; m != nil {
		u.Maintenance = &primitive.Maintenance{Events: m.Events, Hours: m.Hours, Share: m.Share}
	}
	if k.Most.Given {
		if k.Capacity != 0 || k.Build != nil || k.Shares != nil {
			x.Problem("most", "conflict", "most says how fast it runs; leave capacity, build and shares out")
		}
		u.Bound = primitive.Bound{Capacity: primitive.None, Coef: 1, Min: k.Min.Series, Max: k.Most.Series}
	} else {
		u.Bound = x.bound(x.rate(k.Activity), k.Capacity, k.Build, k.Capital, k.Shares, k.Min.Series, k.Max.Series)
	}
	i := x.Unit(u)
	if k.Step != "" {
		x.Model.Units[i].Grid = x.grid("step", k.Step)
	}
}

// port adds a port, or a curve of one.
func (k *Unit) port(x *Expansion, u *primitive.Unit, p *PortSpec) {
	bus := x.where("ports", p.Commodity, p.At, p.Inside)
	switch {
	case p.Ratio.Given == (p.Curve != nil):
		x.Problem("ports", "missing", "the port of %s wants a ratio or a curve, and one of them only", p.Commodity)
	case p.Curve != nil && p.Delay > 0:
		x.Problem("ports", "conflict", "the port of %s has a curve and a delay; what is late needs a ratio", p.Commodity)
	case p.Curve != nil && k.Commitment == nil && len(p.Curve.Flow) > 0 && p.Curve.Flow[0] != 0:
		x.Problem("ports", "range", "the curve of %s begins with a flow of %g; without commitment it never stands still, and must begin with none", p.Commodity, p.Curve.Flow[0])
	case p.Curve != nil:
		u.PortCurves = append(u.PortCurves, primitive.PortCurve{
			Curve: *x.curve("ports", "activity", p.Curve.Activity, "flow", p.Curve.Flow), Bus: bus,
		})
	default:
		u.Ports = append(u.Ports, primitive.Port{
			Bus: bus, Ratio: p.Ratio.Series, Delay: p.Delay, Cyclic: p.Cyclic, Sampled: p.Sampled,
		})
	}
}

// use is a flow that goes with another in a ratio: an account, a further bus.
func (x *Expansion) use(field string, p *PortSpec) primitive.Port {
	if !p.Ratio.Given || p.Curve != nil {
		x.Problem(field, "missing", "%s wants a ratio", p.Commodity)
	}
	return primitive.Port{Bus: x.where(field, p.Commodity, p.At, p.Inside), Ratio: p.Ratio.Series, Delay: p.Delay, Cyclic: p.Cyclic, Sampled: p.Sampled}
}

// where is the bus of a commodity at a place, by default the asset's, or inside
// an asset.
func (x *Expansion) where(field, commodity, place, inside string) int32 {
	if inside == "" {
		if place == "" {
			place = x.Place
		}
		return x.BusAt(field, commodity, place)
	}
	unit := ""
	for _, c := range x.Model.Commodities {
		if c.Name == commodity {
			unit = c.Unit
		}
	}
	bus, ok := x.Private(inside, stored, unit)
	if !ok {
		x.Problem(field, "reference", "no active asset is named %q", inside)
		return primitive.None
	}
	return bus
}

// stored is the name of the bus inside an asset that ports and stores lead to.
const stored = "stored"

// ramp is by the hour or by the step; nil without one.
func (k *Unit) ramp(x *Expansion) *primitive.Ramp {
	hour, step := k.RampUp.Given || k.RampDown.Given, k.StepUp.Given || k.StepDown.Given
	up, down := k.RampUp, k.RampDown
	switch {
	case hour && step:
		x.Problem("step_up", "conflict", "ramps are either by the hour (ramp_up, ramp_down) or by the step (step_up, step_down)")
		return nil
	case step:
		up, down = k.StepUp, k.StepDown
	case !hour:
		return nil
	}
	r := &primitive.Ramp{Up: notGiven, Down: notGiven, Ups: up.Data, Downs: down.Data, PerStep: step, Initial: k.Initial, Cyclic: k.RampWraps}
	if up.Data == nil {
		r.Up = up.Value
	}
	if down.Data == nil {
		r.Down = down.Value
	}
	return r
}

func (k *Unit) commit(u *primitive.Unit) {
	c := k.Commitment
	if c == nil {
		return
	}
	u.Commitment = &primitive.Commitment{
		Module: c.Module, Relaxed: c.Relaxed, Tight: c.Tight,
		StandBy: c.StandBy.Series, Start: c.Start.Series, Stop: c.Stop.Series,
		MinUp: c.MinUp, MinDown: c.MinDown, DownOf: c.DownOf,
		Before: c.Before, History: c.History, Cyclic: c.Wraps,
		RampStart: c.RampStart, RampStop: c.RampStop, Big: c.Big,
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
