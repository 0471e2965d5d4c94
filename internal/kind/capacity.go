package kind

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// Capacity is a size of its own that several assets share.
type Capacity struct {
	Unit     string   `yaml:"unit" ref:"unit" doc:"unit that it is counted in: MW, t/h; MWh or t of what stores hold"`
	Capacity float64  `yaml:"capacity" unit:"{unit}" default:"0" min:"0" doc:"size that stands already"`
	Build    *Build   `yaml:"build" per:"{unit}" optional:"true" doc:"what may be built"`
	Capital  *Capital `yaml:"capital" per:"{unit}" optional:"true" doc:"what the standing size cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "capacity",
	Doc: `A size that bounds several assets at once, each of which names it under shares: the charging, the discharging and,
by its hours, the store of a battery; a plant in several scenarios. Its cost counts once. It makes and takes nothing
itself.`,
	Example: `
kind: capacity
unit: MW
build: {max: 200 MW, annuity: 90 kUSD/MW/a}
`,
	New: func() Kind { return &Capacity{} },
})

// Expand adds the capacity.
func (k *Capacity) Expand(x *Expansion) {
	x.Standing(x.Capacity("", k.Unit, k.Capacity, k.Build), k.Capital)
}

// Share ties a bound to a capacity of its own.
type Share struct {
	Capacity string  `yaml:"capacity,short" ref:"asset" doc:"asset of kind capacity that bounds it"`
	Times    float64 `yaml:"times" unit:"1" default:"1" min:"0" max:"1e9" doc:"its size a unit of that capacity"`
	Hours    float64 `yaml:"hours" unit:"h" optional:"true" min:"0" doc:"of a store: it holds so many hours of that capacity, instead of times"`
}

// bound is the bound of a part of an asset: by its own capacity, one that it
// shares, or none.
func (x *Expansion) bound(unit string, own float64, b *Build, k *Capital, s *Share, min, max primitive.Series) primitive.Bound {
	out := primitive.Bound{Capacity: primitive.None, Coef: 1, Min: min, Max: max}
	switch {
	case s != nil:
		c, ok := x.Shared(s.Capacity)
		if !ok {
			x.Problem("shares", "reference", "%q is no active asset of kind capacity", s.Capacity)
			return out
		}
		if own != 0 || b != nil || k != nil {
			x.Problem("shares", "conflict", "its size is that of %s; leave capacity, build and capital out", s.Capacity)
		}
		out.Capacity, out.Coef = c, s.Times
		if given(s.Hours) {
			out.Coef = s.Hours
		}
	case math.IsInf(own, 1):
		if b != nil || k != nil {
			x.Problem("capacity", "conflict", "nothing can be built beside an unlimited capacity; leave build and capital out")
		}
		out.Coef = own
	default:
		out.Capacity = x.Capacity("", unit, own, b)
		x.Standing(out.Capacity, k)
	}
	return out
}
