package export

import (
	"math"

	"example.org/busbar/internal/primitive"
)

func mapped(s primitive.Series, f func(float64) float64) primitive.Series {
	if s.Data == nil {
		return primitive.Const(f(s.Value))
	}
	out := make([]float64, len(s.Data))
	for t, v := range s.Data {
		out[t] = f(v)
	}
	return primitive.Series{Data: out}
}

func scaled(s primitive.Series, f float64) primitive.Series {
	if f == 1 {
		return s
	}
	return mapped(s, func(v float64) float64 {
		if v == 0 {
			return 0 // also of an unbounded factor
		}
		return v * f
	})
}

// paired is f of two series; a number where both are.
func paired(a, b primitive.Series, f func(x, y float64) float64) primitive.Series {
	if a.Data == nil && b.Data == nil {
		return primitive.Const(f(a.Value, b.Value))
	}
	n := max(len(a.Data), len(b.Data))
	out := make([]float64, n)
	for t := range out {
		out[t] = f(a.At(t), b.At(t))
	}
	return primitive.Series{Data: out}
}

func sum(a, b primitive.Series) primitive.Series {
	return paired(a, b, func(x, y float64) float64 { return x + y })
}

func product(a, b primitive.Series) primitive.Series {
	return paired(a, b, func(x, y float64) float64 { return x * y })
}

func every(s primitive.Series, f func(float64) bool) bool {
	if s.Data == nil {
		return f(s.Value)
	}
	for _, v := range s.Data {
		if !f(v) {
			return false
		}
	}
	return true
}

func zero(s primitive.Series) bool { return every(s, func(v float64) bool { return v == 0 }) }

// steady is a series' value where it is one number.
func steady(s primitive.Series) (v float64, ok bool) {
	v = s.At(0)
	return v, every(s, func(x float64) bool { return x == v })
}

// most is the largest value of a series.
func most(s primitive.Series) float64 {
	if s.Data == nil {
		return s.Value
	}
	v := math.Inf(-1)
	for _, x := range s.Data {
		v = math.Max(v, x)
	}
	return v
}

// onGrid is a series as a grid reads it: its mean by hours over every step.
func (k *maker) onGrid(s primitive.Series, grid int32) primitive.Series {
	if s.Data == nil || grid == 0 {
		return s
	}
	g := &k.m.Clock.Grids[grid]
	out := make([]float64, len(s.Data))
	for i := range g.Len() {
		total, hours := 0.0, 0.0
		low, high := math.Inf(1), math.Inf(-1)
		for t := g.First[i]; t < g.First[i+1]; t++ {
			total += k.m.Clock.Hours[t] * s.Data[t]
			hours += k.m.Clock.Hours[t]
			low, high = math.Min(low, s.Data[t]), math.Max(high, s.Data[t])
		}
		mean := math.Max(low, math.Min(high, total/hours)) // exact where all are equal
		for t := g.First[i]; t < g.First[i+1]; t++ {
			out[t] = mean
		}
	}
	return primitive.Series{Data: out}
}

// build makes a series of a function of the tick.
func (k *maker) build(f func(t int) float64) primitive.Series {
	out := make([]float64, k.ticks)
	for t := range out {
		out[t] = f(t)
	}
	return primitive.Series{Data: out}
}

// coarse reports whether a grid's steps are longer than ticks.
func (k *maker) coarse(grid int32) bool { return k.m.Clock.Grids[grid].Len() < k.ticks }

// ends reports of each tick whether it is the last of its step.
func (k *maker) ends(grid int32) []bool {
	g := &k.m.Clock.Grids[grid]
	last := make([]bool, k.ticks)
	for i := range g.Len() {
		last[g.First[i+1]-1] = true
	}
	return last
}

func (k *maker) busGrid(bus int32) int32 { return k.m.Commodities[k.m.Buses[bus].Commodity].Grid }

func (k *maker) account(bus int32) bool {
	return k.m.Commodities[k.m.Buses[bus].Commodity].Balance == primitive.Account
}
