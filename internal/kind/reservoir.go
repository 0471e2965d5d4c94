package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Reservoir is a hydro plant with a lake; its water is counted in Mm3.
type Reservoir struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it feeds"`
	Capacity     float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"turbine capacity that stands already; or say turbine"`
	Turbine      float64         `yaml:"turbine" unit:"m3/s" optional:"true" min:"0" doc:"most water through the turbines that stand, instead of capacity"`
	Inflow       attribute.Value `yaml:"inflow" unit:"m3/s" default:"0 m3/s" min:"0" doc:"natural inflow, without what plants upstream let down"`
	Volume       Volume          `yaml:"volume" doc:"usable range of the lake"`
	Head         float64         `yaml:"head" unit:"m" optional:"true" min:"0" doc:"net head, at the mean level; or say productivity"`
	Efficiency   float64         `yaml:"efficiency" unit:"1" default:"90 %" min:"1 %" max:"100 %" doc:"turbine, generator and transformer" source:"facts-K16"`
	Productivity float64         `yaml:"productivity" unit:"MWh/Mm3" optional:"true" min:"0" doc:"energy a volume of water gives (1 kWh/m3 = 1,000 MWh/Mm3), instead of head"`
	ReleaseMin   attribute.Value `yaml:"release_min" unit:"m3/s" default:"0 m3/s" min:"0" doc:"least flow below the dam, by season: turbined, released or spilled"`
	Spill        bool            `yaml:"spill" default:"true" doc:"whether water may pass the spillway"`
	Downstream   string          `yaml:"downstream" ref:"asset" optional:"true" doc:"reservoir that the water reaches next; default: it leaves the system"`
	Travel       float64         `yaml:"travel" unit:"h" default:"0 h" min:"0" doc:"time the water takes to get there"`
	Initial      float64         `yaml:"initial" unit:"Mm3" optional:"true" min:"0" doc:"water at the start; default: as much as at the end"`
	Final        float64         `yaml:"final" unit:"Mm3" optional:"true" min:"0" doc:"least water at the end, where initial is given; default: initial"`
	WaterValue   float64         `yaml:"water_value" unit:"USD/MWh" optional:"true" min:"0" doc:"worth of the water left at the end, by the energy it gives in this plant; needs initial, replaces final"`
	Variable     attribute.Value `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost"`
	Build        *Build          `yaml:"build" per:"MW" optional:"true" doc:"turbine capacity that may be built"`
	Capital      *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// Volume is the range of a lake.
type Volume struct {
	Min float64 `yaml:"min" unit:"Mm3" default:"0 Mm3" min:"0" doc:"least volume in operation"`
	Max float64 `yaml:"max" unit:"Mm3" min:"0" doc:"most volume"`
}

var _ = register(Spec{
	Name: "reservoir", Green: true,
	Doc: `A hydro plant with a lake. The lake is a store of water in Mm3, fed by its inflow and by what a plant upstream
lets down; the turbine turns water into power by 9.81e-3 x head x efficiency MW per m3/s. Water below the dam (turbined,
released through the bottom outlet, spilled) keeps to release_min and reaches the next reservoir after its travel time.
The lake ends as full as it began, unless initial, final or water_value say otherwise. Left out: head and efficiency
that change with level and flow, evaporation and seepage (take them off the inflow), daily limits on the level.`,
	Example: `
kind: reservoir
at: park
capacity: 180 MW
inflow: series/hydro.csv#nam_ou
volume: {min: 50 Mm3, max: 350 Mm3}
head: 60 m
release_min: 20 m3/s
`,
	New: func() Kind { return &Reservoir{} },
})

// cubicMetres is what 1 m3/s brings in an hour: 3,600 m3, in Mm3 (facts-K16).
const cubicMetres = 0.0036

// lake is the name of a reservoir's private bus, which plants upstream feed.
const lake = "water"

// Expand adds a store of water, a turbine and, where a least release asks for
// one, a bottom outlet.
func (k *Reservoir) Expand(x *Expansion) {
	perWater := k.Productivity // MWh/Mm3
	switch {
	case given(k.Head) && given(perWater):
		x.Problem("productivity", "conflict", "head and productivity both say what water gives; want one of them")
		return
	case given(k.Head):
		perWater = hydropower(k.Head, k.Efficiency) / cubicMetres
	}
	if !(perWater > 0) {
		x.Problem("head", "missing", "neither head nor productivity says what water gives; want one above 0")
		return
	}
	capacity := k.Capacity
	if given(k.Turbine) {
		if capacity != 0 {
			x.Problem("turbine", "conflict", "capacity and turbine both say how large the turbines are; want one of them")
		}
		capacity = k.Turbine * cubicMetres * perWater
	}
	if k.Volume.Min > k.Volume.Max {
		x.Problem("volume.min", "range", "least volume %g Mm3 is above the most, %g Mm3", k.Volume.Min, k.Volume.Max)
	}
	if k.Volume.Max == 0 {
		x.Problem("volume.max", "range", "a lake of 0 Mm3 holds nothing; a plant without one is a run_of_river")
		return
	}

	water := x.Inside(lake, "Mm3")
	end := k.ends(x, perWater)
	below := k.below(x, end.End == primitive.Cyclic)
	turbined := []primitive.Port{at(water, -1/perWater), at(x.Bus("commodity", k.Commodity), 1)}
	x.Measured("commodity", turbined[1].Bus, "MWh")
	var spilled, released []primitive.Port
	for _, p := range below {
		spilled, released = append(spilled, p), append(released, p)
		p.Ratio = primitive.Const(1 / perWater)
		turbined = append(turbined, p)
	}

	c := x.Capacity("", "MW", capacity, k.Build)
	x.Standing(c, k.Capital)
	turbine := x.Unit(primitive.Unit{
		Tag:   x.Tag("turbine"),
		Bound: up(c, 1, primitive.Const(1)),
		Ports: turbined,
		Costs: []primitive.Cost{variable(k.Variable.Series)},
	})
	store := x.Store(primitive.Store{
		Tag: x.Tag(lake), Bus: water,
		Bound: primitive.Bound{
			Capacity: primitive.None, Coef: k.Volume.Max,
			Min: primitive.Const(k.Volume.Min / k.Volume.Max), Max: primitive.Const(1),
		},
		Inflow: mapped(k.Inflow.Series, func(v float64) float64 { return v * cubicMetres }),
		Spill:  k.Spill, SpillMax: unlimited(), SpillTo: spilled,
		End: end.End, Initial: end.Initial, Final: end.Final, Value: end.Value,
	})
	if zero(k.ReleaseMin.Series) {
		return
	}
	outlet := x.Unit(primitive.Unit{
		Tag: x.Tag("release"), Bound: free(), Ports: append(released, at(water, -1)),
	})
	terms := []primitive.Term{
		{Of: primitive.UnitActivity, Index: turbine, Coef: primitive.Const(1 / perWater)},
		{Of: primitive.UnitActivity, Index: outlet, Coef: primitive.Const(1)},
	}
	if k.Spill {
		terms = append(terms, primitive.Term{Of: primitive.StoreSpill, Index: store, Coef: primitive.Const(1)})
	}
	least := mapped(k.ReleaseMin.Series, func(v float64) float64 { return v * cubicMetres })
	limit := primitive.Limit{
		Name: x.Name + ".release_min", Span: primitive.EachStep, Terms: terms,
		Max: []float64{math.Inf(1)}, Soft: math.NaN(),
	}
	limit.Min = x.eachStep(least, x.finest([]primitive.Port{{Bus: water}, {Bus: turbined[1].Bus}}))
	x.Limit(limit)
}

// eachStep is a series as one value, or one a step of a grid: the mean of its
// ticks.
func (x *Expansion) eachStep(s primitive.Series, grid int32) []float64 {
	if s.Data == nil {
		return []float64{s.Value}
	}
	g := x.Clock.Grids[grid]
	out := make([]float64, g.Len())
	for i := range out {
		sum, hours := 0.0, 0.0
		for t := g.First[i]; t < g.First[i+1]; t++ {
			sum += x.Clock.Hours[t] * s.Data[t]
			hours += x.Clock.Hours[t]
		}
		out[i] = sum / hours
	}
	return out
}

// below returns where a rate of water let down arrives, none if it leaves the
// system.
func (k *Reservoir) below(x *Expansion, cyclic bool) []primitive.Port {
	if k.Downstream == "" {
		if k.Travel > 0 {
			x.Problem("travel", "conflict", "travel is the time to the reservoir downstream, and none is named")
		}
		return nil
	}
	if k.Downstream == x.Name {
		x.Problem("downstream", "reference", "a reservoir can't lie below itself")
		return nil
	}
	for _, a := range x.Model.Assets {
		if a.Name == k.Downstream && a.Kind != "reservoir" {
			x.Problem("downstream", "reference", "%s is a %s; want a reservoir", a.Name, a.Kind)
			return nil
		}
	}
	next, ok := x.Private(k.Downstream, lake, "Mm3")
	if !ok {
		x.Problem("downstream", "reference", "no asset of the study is named %q", k.Downstream)
		return nil
	}
	return []primitive.Port{{Bus: next, Ratio: primitive.Const(1), Delay: k.Travel, Cyclic: cyclic}}
}

// ends reads how the lake begins and ends.
func (k *Reservoir) ends(x *Expansion, perWater float64) primitive.Store {
	inside := func(field string, v float64) {
		if v < k.Volume.Min || v > k.Volume.Max {
			x.Problem(field, "range", "read %g Mm3, want %g to %g Mm3, the range of volume", v, k.Volume.Min, k.Volume.Max)
		}
	}
	inside("initial", k.Initial)
	inside("final", k.Final)
	return x.ends(k.Initial, k.Final, k.WaterValue*perWater, "water_value")
}

// ends makes the end of a store: cyclic unless initial is given, then final
// (default: initial), or the value of what is left.
func (x *Expansion) ends(initial, final, value float64, valueField string) primitive.Store {
	s := primitive.Store{End: primitive.Cyclic}
	switch {
	case !given(initial) && (given(final) || given(value)):
		x.Problem("initial", "missing", "final and %s need the level at the start; without all three the end equals the start", valueField)
	case !given(initial):
	case given(final) && given(value):
		x.Problem(valueField, "conflict", "final and %s both say how the store ends; want one of them", valueField)
	case given(value):
		s = primitive.Store{End: primitive.Valued, Initial: initial, Final: math.NaN(), Value: value}
	default:
		if !given(final) {
			final = initial
		}
		s = primitive.Store{End: primitive.Given, Initial: initial, Final: final}
	}
	return s
}
