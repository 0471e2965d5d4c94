package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// size returns Coef x (Existing + built) of a bound as a constant and, if what
// is built is a column, that column and its coefficient; else col is None.
func (b *builder) size(bd *primitive.Bound) (constant float64, col int32, coef float64) {
	if bd.Capacity == primitive.None {
		return bd.Coef, primitive.None, 0
	}
	c := &b.m.Capacities[bd.Capacity]
	col = b.ix.first[Built][bd.Capacity]
	if col == primitive.None {
		return bd.Coef * (c.Existing + c.Min), col, 0
	}
	return bd.Coef * c.Existing, col, bd.Coef
}

// times is share x size where nothing of an unbounded size is nothing, and an
// unbounded share of nothing is unbounded.
func times(share, size float64) float64 {
	if share == 0 || math.IsInf(share, 0) {
		return share
	}
	return share * size
}

// boundColumns writes the bounds of columns on grid g: the bound itself where
// its size is a constant, else the sign it implies.
func (b *builder) boundColumns(bd *primitive.Bound, g int32, lower, upper []float64) {
	least, most := b.on(bd.Min, g), b.on(bd.Max, g)
	size, col, _ := b.size(bd)
	for t := range lower {
		lo, hi := least.at(int32(t)), most.at(int32(t))
		if col == primitive.None {
			lower[t], upper[t] = times(lo, size)+0, times(hi, size)+0
			continue
		}
		lower[t], upper[t] = math.Inf(-1), math.Inf(1)
		if lo >= 0 {
			lower[t] = 0
		}
		if hi <= 0 {
			upper[t] = 0
		}
	}
}

// boundAbove writes rows sum of columns - Max x Coef x built <= Max x Coef x
// Existing in the living steps where that says more than the columns' own bounds.
// Where Min = Max the row is an equation and stands for both sides. always
// writes the row even if the size is a constant (for a sum of columns).
func (b *builder) boundAbove(i int, bd *primitive.Bound, g int32, alive life, always bool, columns ...int32) {
	size, col, coef := b.size(bd)
	if col == primitive.None && !always {
		return
	}
	b.begin(i, 0, g)
	least, most := b.on(bd.Min, g), b.on(bd.Max, g)
	for t := int32(0); t < int32(b.times[g].Len()); t++ {
		hi := most.at(t)
		limit := times(hi, size)
		if math.IsInf(limit, 1) || hi == 0 && !always || !alive.at(t) {
			continue
		}
		lower := math.Inf(-1)
		if least.at(t) == hi {
			lower = limit
		}
		r := b.row(t, lower, limit)
		for _, first := range columns {
			b.add(r, first+t, 1)
		}
		if col != primitive.None {
			b.add(r, col, -hi*coef)
		}
	}
}

// boundBelow writes rows sum of columns - Min x Coef x built >= Min x Coef x
// Existing where boundAbove and the columns' bounds don't say it.
func (b *builder) boundBelow(i int, bd *primitive.Bound, g int32, alive life, always bool, columns ...int32) {
	size, col, coef := b.size(bd)
	if col == primitive.None && !always {
		return
	}
	b.begin(i, 0, g)
	least, most := b.on(bd.Min, g), b.on(bd.Max, g)
	for t := int32(0); t < int32(b.times[g].Len()); t++ {
		lo := least.at(t)
		limit := times(lo, size)
		if math.IsInf(limit, -1) || lo == 0 || lo == most.at(t) || !alive.at(t) {
			continue
		}
		r := b.row(t, limit, math.Inf(1))
		for _, first := range columns {
			b.add(r, first+t, 1)
		}
		if col != primitive.None {
			b.add(r, col, -lo*coef)
		}
	}
}
