package formulate

import (
	"math"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// unitRamp: an activity changes by no more than a share of its size an hour (h
// the hours of the later step; before the first step stands Initial, or the
// last step where the ramp is cyclic):
//
//	-Down h Coef size <= a - a_prev <= Up h Coef size
//
// A row that the bounds Min and Max make idle is left out. With a size that may
// be built each side is a row of its own: ramp (up) and ramp.2 (down).
func unitRamp(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Ramp == nil {
			continue
		}
		size, col, coef := b.size(&u.Bound)
		if col == primitive.None {
			b.ramp(i, 0, u.Ramp.Up, u.Ramp.Down, size, col, 0)
			continue
		}
		b.ramp(i, 0, u.Ramp.Up, math.NaN(), size, col, coef)
		b.ramp(i, 1, math.NaN(), u.Ramp.Down, size, col, coef)
	}
}

// ramp writes the rows of one or both sides; NaN leaves a side out.
func (b *builder) ramp(i int, sub int32, up, down, size float64, col int32, coef float64) {
	u := &b.m.Units[i]
	tl := &b.times[u.Grid]
	first := b.ix.first[Activity][i]
	least, most := b.on(u.Bound.Min, u.Grid), b.on(u.Bound.Max, u.Grid)
	b.begin(i, sub, u.Grid)
	for t := int32(0); t < int32(tl.Len()); t++ {
		prev := tl.Prev[t]
		if prev == clock.None && u.Ramp.Cyclic {
			prev = tl.Last[t]
		}
		if prev == t || prev == clock.None && math.IsNaN(u.Ramp.Initial) {
			continue
		}
		h := tl.Hours[t]
		lower, upper := math.Inf(-1), math.Inf(1)
		if prev == clock.None {
			// The bounds say nothing of Initial: both sides stay.
			if !math.IsNaN(up) {
				upper = up*h*size + u.Ramp.Initial
			}
			if !math.IsNaN(down) {
				lower = -down*h*size + u.Ramp.Initial
			}
		} else {
			if up*h < most.at(t)-least.at(prev) {
				upper = up * h * size
			}
			if down*h < most.at(prev)-least.at(t) {
				lower = -down * h * size
			}
		}
		if math.IsInf(lower, -1) && math.IsInf(upper, 1) {
			continue
		}
		r := b.row(t, lower, upper)
		b.add(r, first+t, 1)
		if prev != clock.None {
			b.add(r, first+prev, -1)
		}
		if col != primitive.None {
			if sub == 0 {
				b.add(r, col, -up*h*coef)
			} else {
				b.add(r, col, down*h*coef)
			}
		}
	}
}
