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
// With PerStep there is no h. The first step of a later investment period has
// no row, a unit with commitment has unit.on_ramp instead.
// A row that the bounds Min and Max make idle is left out. With a size that may
// be built each side is a row of its own: ramp (up) and ramp.2 (down).
func unitRamp(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Ramp == nil || u.Commitment != nil {
			continue
		}
		size, col, coef := b.size(&u.Bound)
		if col == primitive.None {
			b.ramp(i, 0, true, true, size, col, 0)
			continue
		}
		b.ramp(i, 0, true, false, size, col, coef)
		b.ramp(i, 1, false, true, size, col, coef)
	}
}

// ramps returns the shares of its size by which a unit may change in step t;
// NaN: any.
func (b *builder) ramps(u *primitive.Unit, t int32) (up, down float64) {
	up, down = u.Ramp.Up, u.Ramp.Down
	if u.Ramp.Ups != nil {
		v := b.on(primitive.Series{Data: u.Ramp.Ups}, u.Grid)
		up = v.at(t)
	}
	if u.Ramp.Downs != nil {
		v := b.on(primitive.Series{Data: u.Ramp.Downs}, u.Grid)
		down = v.at(t)
	}
	if !u.Ramp.PerStep {
		h := b.times[u.Grid].Hours[t]
		up, down = up*h, down*h
	}
	return up, down
}

// ramp writes the rows of one or both sides.
func (b *builder) ramp(i int, sub int32, rising, falling bool, size float64, col int32, coef float64) {
	u := &b.m.Units[i]
	tl := &b.times[u.Grid]
	first := b.ix.first[Activity][i]
	alive := b.lives(u.Alive, u.Grid)
	least, most := b.on(u.Bound.Min, u.Grid), b.on(u.Bound.Max, u.Grid)
	b.begin(i, sub, u.Grid)
	for t := int32(0); t < int32(tl.Len()); t++ {
		prev := tl.Prev[t]
		if prev == clock.None && u.Ramp.Cyclic {
			prev = tl.Last[t]
		}
		// Before a later investment period nothing is known.
		unknown := math.IsNaN(u.Ramp.Initial) || t > 0 && len(b.c.Periods) > 1
		if prev == t || prev == clock.None && unknown || !alive.at(t) {
			continue
		}
		up, down := b.ramps(u, t)
		lower, upper := math.Inf(-1), math.Inf(1)
		if prev == clock.None {
			// The bounds say nothing of Initial: both sides stay.
			if rising && !math.IsNaN(up) {
				upper = times(up, size) + u.Ramp.Initial
			}
			if falling && !math.IsNaN(down) {
				lower = -times(down, size) + u.Ramp.Initial
			}
		} else {
			low, high := [2]float64{least.at(prev), least.at(t)}, [2]float64{most.at(prev), most.at(t)}
			if switched(u) {
				low, high = [2]float64{math.Min(low[0], 0), math.Min(low[1], 0)}, [2]float64{math.Max(high[0], 0), math.Max(high[1], 0)}
			}
			if rising && up < high[1]-low[0] {
				upper = up * size
			}
			if falling && down < high[0]-low[1] {
				lower = -down * size
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
			if rising {
				b.add(r, col, -up*coef)
			} else {
				b.add(r, col, down*coef)
			}
		}
	}
}
