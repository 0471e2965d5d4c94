package system

import (
	"math"
	"strings"

	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

// way is one way from a bus to another: what arrives there for a unit taken.
type way struct {
	from, to int32
	gain     float64 // logarithm
	asset    int32
}

// loops refuses assets that together make something out of nothing: a loop of
// conversions and routes round which a unit comes back as more than one. Only
// kinds that say they take nothing from elsewhere (kind.Closed), and only
// conversions with a single input, can prove it; a loop through a mine or
// through a plant that also takes coal is no such thing.
//
// The best gain between two buses is found step by step (Bellman and Ford on
// logarithms); a gain that still grows after as many steps as there are buses
// goes round a loop.
func (e *expander) loops() {
	m := e.m
	balanced := func(b int32) bool { return m.Commodities[m.Buses[b].Commodity].Balance != primitive.Account }
	var ways []way
	add := func(from, to int32, gain float64, asset int32) {
		if gain > 0 && balanced(from) && balanced(to) {
			ways = append(ways, way{from, to, math.Log(gain), asset})
		}
	}
	for i := range m.Units {
		u := &m.Units[i]
		c, ok := e.of[u.Asset].Spec.(kind.Closed)
		if !ok || !c.Closed() {
			continue
		}
		in, single := primitive.None, true
		for _, p := range u.Ports {
			if low, _ := span(p.Ratio); low < 0 && balanced(p.Bus) {
				single = single && (in == primitive.None || in == p.Bus)
				in = p.Bus
			}
		}
		if in == primitive.None || !single {
			continue
		}
		for _, p := range u.Ports {
			add(in, p.Bus, e.gain(u, in, p.Ratio), u.Asset)
		}
	}
	for i := range m.Routes {
		r := &m.Routes[i]
		add(r.From, r.To, 1-r.Loss, r.Asset)
		if _, back := span(r.Back); back > 0 {
			add(r.To, r.From, 1-r.Loss, r.Asset)
		}
	}
	if loop, gain := growing(ways, len(m.Buses)); loop != nil {
		var trail []string
		for _, w := range loop {
			trail = append(trail, m.Buses[w.from].Name+" to "+m.Buses[w.to].Name+" in "+e.of[w.asset].ID)
		}
		e.fail(e.of[loop[0].asset], "", "loop-gain", "one unit of %s comes back as %.4g: %s; correct a ratio or an efficiency, or give each level of heat its own commodity",
			m.Buses[loop[0].from].Name, gain, strings.Join(trail, ", "))
	}
}

// gain is the most that a unit gives through an output for one of its input,
// over time.
func (e *expander) gain(u *primitive.Unit, in int32, out primitive.Series) float64 {
	best := 0.0
	for t := range e.Clock.Ticks() {
		taken, constant := 0.0, out.Data == nil
		for _, p := range u.Ports {
			if p.Bus == in && p.Ratio.At(t) < 0 {
				taken -= p.Ratio.At(t)
			}
			constant = constant && p.Ratio.Data == nil
		}
		if taken > 0 {
			best = math.Max(best, out.At(t)/taken)
		}
		if constant {
			break
		}
	}
	return best
}

// growing finds a loop that gains, and its gain; nil if there is none.
func growing(ways []way, buses int) ([]way, float64) {
	const least = 1e-9 // what rounding may add
	best := make([]float64, buses)
	came := make([]int, buses)
	for i := range came {
		came[i] = -1
	}
	last := int32(-1)
	for range buses + 1 {
		last = -1
		for i, w := range ways {
			if g := best[w.from] + w.gain; g > best[w.to]+least {
				best[w.to], came[w.to], last = g, i, w.to
			}
		}
		if last < 0 {
			return nil, 0
		}
	}
	for range buses { // back into the loop itself
		if came[last] < 0 {
			return nil, 0
		}
		last = ways[came[last]].from
	}
	var loop []way
	gain := 0.0
	for b := last; len(loop) == 0 || b != last; {
		if came[b] < 0 || len(loop) > buses {
			return nil, 0
		}
		w := ways[came[b]]
		loop = append([]way{w}, loop...)
		gain += w.gain
		b = w.from
	}
	return loop, math.Exp(gain)
}
