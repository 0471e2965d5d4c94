package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// throughColumns: what flows through a line, positive from From to To:
//
//	Min Coef size <= s <= Max Coef size
func throughColumns(b *builder) {
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		lower, upper := b.column(i, 0, l.Grid, b.times[l.Grid].Len())
		b.boundColumns(&l.Bound, l.Grid, lower, upper)
		b.still(l.Alive, l.Grid, lower, upper)
	}
}

// chosen reports whether a line's shift is a column.
func chosen(l *primitive.Line) bool { return l.ShiftMin < l.ShiftMax }

// shiftColumns: the phase shift of a line that chooses it, in rad:
//
//	ShiftMin <= shift <= ShiftMax
func shiftColumns(b *builder) {
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		if !chosen(l) {
			continue
		}
		lower, upper := b.column(i, 0, l.Grid, b.times[l.Grid].Len())
		for t := range lower {
			lower[t], upper[t] = l.ShiftMin, l.ShiftMax
		}
		b.still(l.Alive, l.Grid, lower, upper)
	}
}

// lineFlows visits what lines take at From (port 0) and bring to To (port 1),
// and half of their loss at either end.
func (b *builder) lineFlows(visit func(*flow)) {
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		f := flow{what: Through, index: int32(i), col: b.ix.first[Through][i], grid: l.Grid, bus: l.From, ratio: one, scale: -1}
		visit(&f)
		f.port, f.bus, f.scale = 1, l.To, 1
		visit(&f)
		if l.Loss == nil {
			continue
		}
		f = flow{what: Lost, index: int32(i), col: b.ix.first[Lost][i], grid: l.Grid, bus: l.From, ratio: one, scale: -0.5}
		visit(&f)
		f.port, f.bus = 1, l.To
		visit(&f)
	}
}

// part is a block of columns in a sum, with its coefficient.
type part struct {
	first int32
	coef  float64
}

// lineParts is a line's flow with its loss, which takes room on either side.
func (b *builder) lineParts(i int, side float64) []part {
	parts := []part{{b.ix.first[Through][i], 1}}
	if b.m.Lines[i].Loss != nil {
		parts = append(parts, part{b.ix.first[Lost][i], side})
	}
	return parts
}

// sumAbove writes rows sum of parts - Max Coef built <= Max Coef Existing.
func (b *builder) sumAbove(bd *primitive.Bound, g int32, alive life, parts []part) {
	size, col, coef := b.size(bd)
	most := b.on(bd.Max, g)
	for t := int32(0); t < int32(b.times[g].Len()); t++ {
		limit := times(most.at(t), size)
		if math.IsInf(limit, 1) || !alive.at(t) {
			continue
		}
		r := b.row(t, math.Inf(-1), limit)
		for _, p := range parts {
			b.add(r, p.first+t, p.coef)
		}
		if col != primitive.None {
			b.add(r, col, -most.at(t)*coef)
		}
	}
}

// sumBelow writes rows sum of parts - Min Coef built >= Min Coef Existing.
func (b *builder) sumBelow(bd *primitive.Bound, g int32, alive life, parts []part) {
	size, col, coef := b.size(bd)
	least := b.on(bd.Min, g)
	for t := int32(0); t < int32(b.times[g].Len()); t++ {
		limit := times(least.at(t), size)
		if math.IsInf(limit, -1) || !alive.at(t) {
			continue
		}
		r := b.row(t, limit, math.Inf(1))
		for _, p := range parts {
			b.add(r, p.first+t, p.coef)
		}
		if col != primitive.None {
			b.add(r, col, -least.at(t)*coef)
		}
	}
}

// bounded reports whether a line's columns have its bounds already.
func (b *builder) bounded(l *primitive.Line) bool {
	_, col, _ := b.size(&l.Bound)
	return col == primitive.None && l.Loss == nil
}

// lineMax: a flow with its loss stays within a line's capacity:
//
//	s + loss - Max Coef built <= Max Coef Existing
func lineMax(b *builder) {
	for i := range b.m.Lines {
		if l := &b.m.Lines[i]; !b.bounded(l) {
			b.begin(i, 0, l.Grid)
			b.sumAbove(&l.Bound, l.Grid, b.lives(l.Alive, l.Grid), b.lineParts(i, 1))
		}
	}
}

// lineMin: so it does the other way:
//
//	s - loss - Min Coef built >= Min Coef Existing
func lineMin(b *builder) {
	for i := range b.m.Lines {
		if l := &b.m.Lines[i]; !b.bounded(l) {
			b.begin(i, 0, l.Grid)
			b.sumBelow(&l.Bound, l.Grid, b.lives(l.Alive, l.Grid), b.lineParts(i, -1))
		}
	}
}

// lineAngle: the angle between a line's ends stays within limits (the row is
// divided by |X|):
//
//	AngleMin <= X s + shift <= AngleMax
func lineAngle(b *builder) {
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		if l.AngleMin == 0 && l.AngleMax == 0 || math.IsInf(l.AngleMin, -1) && math.IsInf(l.AngleMax, 1) || math.IsInf(l.X, 0) {
			continue
		}
		b.begin(i, 0, l.Grid)
		alive, shift := b.lives(l.Alive, l.Grid), b.on(l.Shift, l.Grid)
		for t := int32(0); t < int32(b.times[l.Grid].Len()); t++ {
			if !alive.at(t) {
				continue
			}
			known := 0.0
			if !chosen(l) {
				known = shift.at(t)
			}
			scale := 1 / math.Abs(l.X)
			r := b.row(t, (l.AngleMin-known)*scale, (l.AngleMax-known)*scale)
			b.add(r, b.ix.first[Through][i]+t, math.Copysign(1, l.X))
			if chosen(l) {
				b.add(r, b.ix.first[Shifted][i]+t, scale)
			}
		}
	}
}
