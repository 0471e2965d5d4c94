package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Line is a passive branch of a grid.
type Line struct {
	Commodity string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it carries"`
	From      string          `yaml:"from" ref:"place" optional:"true" doc:"one end; default: the asset's place"`
	To        string          `yaml:"to" ref:"place" doc:"the other end; its flow is positive this way"`
	Capacity  float64         `yaml:"capacity" unit:"{commodity}/h" word:"unlimited=+Inf" default:"0" min:"0" doc:"flow that it may carry, either way, that stands already"`
	Shares    *Share          `yaml:"shares" optional:"true" doc:"a capacity of its own that bounds it, instead of capacity and build"`
	Min       attribute.Value `yaml:"min" unit:"1" default:"-100 %" min:"-1e9" max:"1e9" doc:"least flow as a share of capacity: below 0, the other way"`
	Max       attribute.Value `yaml:"max" unit:"1" default:"100 %" min:"-1e9" max:"1e9" doc:"most flow as a share of capacity"`
	Reactance float64         `yaml:"reactance" unit:"h/({commodity})" word:"none=+Inf" doc:"angle between its ends a unit of flow, in radians: the reactance per unit of 1 MVA (the resistance in a direct current grid); none: it is in no cycle, and its flow follows from the balances"`
	Shift     attribute.Value `yaml:"shift" unit:"1" default:"0" min:"-1e9" max:"1e9" doc:"phase shift of a transformer, radians"`
	ShiftMin  float64         `yaml:"shift_min" unit:"1" optional:"true" min:"-1e9" max:"1e9" doc:"least shift, where the plan chooses it in every step, radians"`
	ShiftMax  float64         `yaml:"shift_max" unit:"1" optional:"true" min:"-1e9" max:"1e9" doc:"most shift, likewise"`
	AngleMin  float64         `yaml:"angle_min" unit:"1" optional:"true" min:"-1e9" max:"1e9" doc:"least angle between its ends, radians; default: no limit"`
	AngleMax  float64         `yaml:"angle_max" unit:"1" optional:"true" min:"-1e9" max:"1e9" doc:"most angle, likewise"`
	Loss      *Loss           `yaml:"loss" per:"{commodity}" optional:"true" doc:"what it loses; default: nothing"`
	Build     *Build          `yaml:"build" per:"{commodity}/h" optional:"true" doc:"what may be built; the reactance does not change with it"`
	Capital   *Capital        `yaml:"capital" per:"{commodity}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// Loss is the square of the flow times a resistance, drawn by straight lines.
type Loss struct {
	Resistance float64   `yaml:"resistance" unit:"h/({per})" min:"0" doc:"loss a square of the flow: the resistance per unit of 1 MVA"`
	Tangents   int       `yaml:"tangents" default:"0" min:"0" doc:"the loss lies above so many tangents of the parabola, at equal steps up to the largest flow"`
	Secants    []float64 `yaml:"secants" unit:"{per}/h" optional:"true" min:"0" doc:"instead: it lies above the chords between these flows, from 0"`
}

var _ = register(Spec{
	Name: "line",
	Doc: `A passive branch of a power grid, line or transformer: what flows through it follows from the angles at its ends, by
Kirchhoff's voltage law around every cycle of such lines (the linearised power flow). It may lose, shift the phase, keep
to an angle, and be built. Power that goes where it is sent (HVDC) takes a route or an interconnector. Left out: reactive
power and voltages.`,
	Example: `
kind: line
from: park
to: border
capacity: 400 MW
reactance: 0.0004 h/MWh
loss: {resistance: 0.00004 h/MWh, tangents: 3}
`,
	New: func() Kind { return &Line{} },
})

// Expand adds a capacity and a line.
func (k *Line) Expand(x *Expansion) {
	from, to := x.far(k.From, k.To)
	a, b := x.BusAt("commodity", k.Commodity, from), x.BusAt("commodity", k.Commodity, to)
	if a == primitive.None || b == primitive.None {
		return
	}
	if k.Reactance == 0 {
		x.Problem("reactance", "range", "read 0: no angle would drive its flow; want a small one, or none")
	}
	l := primitive.Line{
		Tag: x.Tag(""), Grid: x.finest([]primitive.Port{{Bus: a}, {Bus: b}}), From: a, To: b,
		Bound: x.bound(x.rate(k.Commodity), k.Capacity, k.Build, k.Capital, k.Shares, k.Min.Series, k.Max.Series),
		X:     k.Reactance, Shift: k.Shift.Series,
	}
	switch {
	case given(k.ShiftMin) != given(k.ShiftMax):
		x.Problem("shift_max", "missing", "a shift that is chosen wants shift_min and shift_max")
	case given(k.ShiftMin) && k.ShiftMin >= k.ShiftMax:
		x.Problem("shift_max", "range", "it is not above shift_min, %g; a given shift is shift", k.ShiftMin)
	case given(k.ShiftMin):
		l.ShiftMin, l.ShiftMax = k.ShiftMin, k.ShiftMax
	}
	if given(k.AngleMin) || given(k.AngleMax) {
		l.AngleMin, l.AngleMax = floor(k.AngleMin), ceiling(k.AngleMax)
	}
	if k.Loss != nil {
		if k.Loss.Tangents > 0 == (k.Loss.Secants != nil) {
			x.Problem("loss", "missing", "want a number of tangents, or secants, and one of them only")
			return
		}
		l.Loss = &primitive.LineLoss{R: k.Loss.Resistance, Tangents: k.Loss.Tangents, Secants: k.Loss.Secants}
	}
	if math.IsInf(l.X, 1) && (l.AngleMin != 0 || l.AngleMax != 0 || l.ShiftMin < l.ShiftMax) {
		x.Problem("reactance", "conflict", "a line without reactance has no angle to limit or shift")
	}
	x.Model.Lines = append(x.Model.Lines, l)
}
