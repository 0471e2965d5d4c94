package weather

import (
	"fmt"
	"math"
)

// River is a flow, by day: inflow in m3/s or as a multiple of its mean, or,
// with a Cap, the power of a plant that cannot use more.
//
// The log of the flow about its season is an AR(1) with correlation Memory
// from day to day and exponentially distributed pushes: it rises fast with rain
// and falls slowly, by the same share of its logarithm each day (recession).
// Pushes are weaker in months below the mean share, down in proportion to it,
// so dry seasons are smooth. The season runs through the middles of the months
// without jumps, and is adjusted until the months have their targets.
//
// Measured on deseasonalised daily series of Lao plants 1976-2005 (PowNet-
// Thailand, simulated): day-to-day correlation 0.88 to 0.98, spread of the logs
// 0.33 to 0.54 for the four plants that run with the river.
type River struct {
	Name   string
	Unit   string      // "m3/s", "1"
	Mean   float64     // of the year, in Unit
	Shape  [12]float64 // the months' means, in any scale
	Cap    float64     // highest value; 0: none
	Memory float64     // correlation from day to day; 0.93 is usual
	Spread float64     // standard deviation of the log in the wet season; 0.45 is usual
	With   float64     // loading of the region's factor; -0.5 is usual
}

func (r River) name() string { return r.Name }

func (r River) head() Series {
	digits := 6
	if r.Unit != "1" {
		digits = 3
	}
	return Series{Name: r.Name, Unit: r.Unit, Digits: digits, Doc: fmt.Sprintf(
		"River by day, synthetic: mean %.4g in a usual year.", r.Mean)}
}

func (r River) series(c *calendar, noise func(string) *stream) ([]float64, error) {
	if !(r.Memory >= 0 && r.Memory < 1) || !(r.Spread >= 0) || r.Spread > 2 {
		return nil, fmt.Errorf("a memory of %g and a spread of %g; 0 to 1 and 0 to 2 fit", r.Memory, r.Spread)
	}
	top := r.Cap
	if top == 0 {
		top = math.Inf(1)
	}
	target, err := c.targets(r.Shape, r.Mean*c.Water, top, 1, noise("months"))
	if err != nil {
		return nil, err
	}
	flow := r.push(c, target, noise("days"))
	r.season(c, target, top, flow)
	return c.meet(target, func(s float64, h int) float64 { return math.Min(top, s*flow[h/24]) })
}

// push is exp of the AR(1) for each day of the year, after a hundred days to
// forget its beginning.
func (r River) push(c *calendar, target [12]float64, noise *stream) []float64 {
	mean := 0.0
	for m := range target {
		mean += target[m] / 12
	}
	x, fresh := 0.0, r.Spread*math.Sqrt(1-r.Memory*r.Memory)
	flow := make([]float64, c.days())
	for d := -100; d < len(flow); d++ {
		day := max(d, 0)
		rain := -math.Log(above(mix(noise.normal(), c.region[day], r.With)))
		x = r.Memory*x + fresh*math.Min(1, target[c.month[24*day]]/mean)*(rain-1)
		if d >= 0 {
			flow[d] = math.Exp(x)
		}
	}
	return flow
}

// season multiplies the days by a curve through the months, adjusted until the
// months nearly have their targets; what is left is for a factor a month.
func (r River) season(c *calendar, target [12]float64, top float64, flow []float64) {
	nodes := target
	for range 60 {
		var have [12]float64
		for d, f := range flow {
			m := c.month[24*d]
			have[m] += 24 * math.Min(top, f*c.between(&nodes, d)) / float64(c.hours[m])
		}
		for m := range nodes {
			// Half steps (square roots) do not swing.
			nodes[m] *= math.Sqrt(target[m] / have[m])
		}
	}
	for d := range flow {
		flow[d] *= c.between(&nodes, d)
	}
}
