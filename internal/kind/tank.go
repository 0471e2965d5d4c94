package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Tank keeps a liquid, and a reserve in it.
type Tank struct {
	Commodity string          `yaml:"commodity" ref:"commodity" doc:"what it holds"`
	Capacity  float64         `yaml:"capacity" unit:"{commodity}" default:"0" min:"0" doc:"working volume that stands already, heel included"`
	Heel      float64         `yaml:"heel" unit:"1" default:"5 %" min:"0" max:"50 %" doc:"share of the capacity that can't be pumped out" source:"GK"`
	Cover     attribute.Value `yaml:"cover" unit:"h" default:"0 d" min:"0" doc:"reserve above the heel, as time (30 d) of use; an event may release it"`
	Use       float64         `yaml:"use" unit:"{commodity}/h" optional:"true" min:"0" doc:"rate that cover counts by"`
	Shortfall float64         `yaml:"shortfall" unit:"USD/{commodity}/h" optional:"true" min:"0" doc:"price of a unit that the reserve lacks, by time (20 USD/m3/d); default: the reserve may not be touched"`
	Loss      float64         `yaml:"loss" unit:"1/h" default:"0 %/h" min:"0" max:"100 %/h" doc:"evaporation, as a share of what is stored"`
	Initial   float64         `yaml:"initial" unit:"{commodity}" optional:"true" min:"0" doc:"level at the start; default: as at the end"`
	Final     float64         `yaml:"final" unit:"{commodity}" optional:"true" min:"0" doc:"least level at the end, where initial is given; default: initial"`
	Value     float64         `yaml:"value" unit:"USD/{commodity}" optional:"true" doc:"worth of a unit left at the end; needs initial, replaces final"`
	Holding   float64         `yaml:"holding" unit:"USD/{commodity}/h" default:"0" min:"0" doc:"cost of holding a unit, such as 60 USD/m3/a: money tied up, fees"`
	Build     *Build          `yaml:"build" per:"{commodity}" optional:"true" doc:"what may be built: 100-300 USD/m3 (facts-F S156)"`
	Capital   *Capital        `yaml:"capital" per:"{commodity}" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "tank",
	Doc: `A tank, or all tanks of a place taken as one. Its level stays between the heel, which no pump reaches, and the
capacity; above the heel it keeps a reserve of cover times use. The reserve is a rule (hard), or has a price per unit
lacking and time, or is released by an event that changes cover. It ends the horizon at the level it began, unless
initial, final or value say otherwise. Left out: how fast it fills and empties (a terminal has that), grades and mixing,
the level of each tank.`,
	Example: `
kind: tank
at: town
commodity: diesel
capacity: 60 ML
heel: 0 %
cover: 15 d
use: 3.3 ML/d
shortfall: 20 USD/m3/d
holding: 60 USD/m3/a
`,
	New: func() Kind { return &Tank{} },
})

// RunsDry tells on which day a stock ends that covers so many days of use, if a
// share of all supply is cut off for a number of days, and whether it ends at
// all: cover / share.
func RunsDry(cover, share, days float64) (day float64, dry bool) {
	day = cover / share
	return day, day < days
}

// Expand adds a capacity and a store, and the reserve: in the store's bounds,
// or as a limit where it has a price or the capacity may be built.
func (k *Tank) Expand(x *Expansion) {
	bus := x.Bus("commodity", k.Commodity)
	if bus == primitive.None {
		return
	}
	reserve := primitive.Const(0)
	switch {
	case zero(k.Cover.Series):
	case !given(k.Use):
		x.Problem("use", "missing", "cover is time of use: want both, such as cover: 15 d and use: 3.3 ML/d")
	default:
		reserve = mapped(k.Cover.Series, func(v float64) float64 { return v * k.Use })
	}
	if given(k.Shortfall) && zero(reserve) {
		x.Problem("shortfall", "conflict", "it prices a reserve, and cover keeps none")
	}
	k.fits(x, bus, reserve)

	c := x.Capacity("", x.unitOf(bus), k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	s := x.ends(k.Initial, k.Final, k.Value, "value")
	s.Tag, s.Bus, s.Loss = x.Tag(""), bus, k.Loss
	s.Bound = primitive.Bound{Capacity: c, Coef: 1, Min: primitive.Const(k.Heel), Max: primitive.Const(1)}
	s.Costs = []primitive.Cost{variable(primitive.Const(k.Holding))}
	hard := !given(k.Shortfall) && k.Build == nil && k.Capacity > 0
	if hard {
		s.Bound.Min = mapped(reserve, func(v float64) float64 { return k.Heel + v/k.Capacity })
	}
	i := x.Store(s)
	if hard || zero(reserve) {
		return
	}
	soft := k.Shortfall
	switch {
	case soft == 0:
		return // nothing is charged for what it lacks
	case x.Clock.Sequence != nil:
		x.Problem("cover", "representative", "a reserve that has a price, or whose tank may be built, can't be kept with representative periods, where one level stands for many; study every hour")
		return
	}
	x.Limit(primitive.Limit{
		Name: x.Name + ".reserve", Span: primitive.EachStep, Soft: soft,
		Terms: []primitive.Term{
			{Of: primitive.StoreLevel, Index: i, Coef: primitive.Const(1)},
			{Of: primitive.CapacitySize, Index: c, Coef: primitive.Const(-k.Heel)},
		},
		Min: x.eachStep(reserve, x.Model.Commodities[x.Model.Buses[bus].Commodity].Grid), Max: []float64{math.Inf(1)},
	})
}

// fits refuses stock and reserve that the tank can't hold.
func (k *Tank) fits(x *Expansion, bus int32, reserve primitive.Series) {
	most := k.Capacity
	if k.Build != nil {
		most += k.Build.Max
	}
	unit := x.unitOf(bus)
	above := func(field, what string, v float64) {
		if v > most*(1+1e-9) {
			x.Problem(field, "range", "%s of %g %s, and at most %g fit", what, v, unit, most)
		}
	}
	if given(k.Initial) {
		above("initial", "stock at the start", k.Initial)
		if k.Build == nil && k.Initial < k.Heel*k.Capacity {
			x.Problem("initial", "range", "stock at the start of %g %s is below the heel, %g", k.Initial, unit, k.Heel*k.Capacity)
		}
	}
	if given(k.Final) {
		above("final", "stock at the end", k.Final)
	}
	top := 0.0
	for t := range x.Clock.Ticks() {
		top = math.Max(top, reserve.At(t))
		if reserve.Data == nil {
			break
		}
	}
	if top > 0 {
		above("cover", "the heel and a reserve", k.Heel*most+top)
	}
}
