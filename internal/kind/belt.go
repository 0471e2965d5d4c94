package kind

import "math"

// Belt carries a commodity by conveyor.
type Belt struct {
	Way
	Electricity float64 `yaml:"electricity" unit:"MWh/{commodity}/km" default:"0" min:"0" doc:"power a unit and km, from electricity where the belt begins; where rate holds all running cost, 0"`
}

var _ = register(Spec{
	Name: "belt",
	Doc: `A conveyor between two places: large, one way, dear to build and cheap to run. Whether it beats trucks hangs on what it
carries; the published cost of the La Lay belt may be that of 75 or of 160 km (facts-K6), so plan both. Left out: that it
comes whole or not at all (its capacity may be built in part here), start and stop, dust.`,
	Example: `
kind: belt
commodity: coal
from: park
to: border
distance: 160 km
rate: 0.03 USD/t/km
build: {max: 20 Mt/a, cost: 49 USD/(t/a), life: 20 a, wacc: 10 %}
`,
	New: func() Kind { return &Belt{} },
})

// Expand adds a capacity and a route.
func (k *Belt) Expand(x *Expansion) { k.carry(x, byRate, k.driven(x, k.Electricity)...) }

// BeltBreakEven is the yearly amount from which a belt is cheaper than trucks:
// its capital a year over what a unit saves in running cost. It is false where
// trucks cost no more to run, or where the amount is more than the belt
// carries: then it never is.
func BeltBreakEven(capital, belt, truck, most float64) (amount float64, ever bool) {
	if !(truck > belt) {
		return math.Inf(1), false
	}
	amount = capital / (truck - belt)
	return amount, amount <= most
}
