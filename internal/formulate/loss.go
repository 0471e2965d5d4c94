package formulate

import (
	"fmt"
	"math"

	"example.org/busbar/internal/primitive"
)

// reach is the largest flow through a line that its bound allows in a step.
func (b *builder) reach(l *primitive.Line, t int32) float64 {
	size := l.Bound.Coef
	if l.Bound.Capacity != primitive.None {
		c := &b.m.Capacities[l.Bound.Capacity]
		size *= c.Existing + c.Max
	}
	least, most := b.on(l.Bound.Min, l.Grid), b.on(l.Bound.Max, l.Grid)
	return math.Max(math.Abs(times(least.at(t), size)), math.Abs(times(most.at(t), size)))
}

// lostColumns: what a line loses (S the largest flow of the step):
//
//	0 <= loss <= R S^2
func lostColumns(b *builder) {
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		if l.Loss == nil {
			continue
		}
		lower, upper := b.column(i, 0, l.Grid, b.times[l.Grid].Len())
		for t := range upper {
			s := b.reach(l, int32(t))
			upper[t] = l.Loss.R * s * s
		}
		b.still(l.Alive, l.Grid, lower, upper)
	}
}

// lineLoss: a loss lies above tangents of the parabola R s^2 at p = k/Tangents
// of the largest flow, or above its secants between neighbours p and q in
// Secants, on both sides:
//
//	loss -/+ 2 R p s >= -R p^2                   (tangents)
//	loss -/+ R (p + q) s >= -R p q               (secants)
func lineLoss(b *builder) {
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		if l.Loss == nil {
			continue
		}
		alive := b.lives(l.Alive, l.Grid)
		cuts := l.Loss.Tangents
		if cuts == 0 {
			cuts = len(l.Loss.Secants) - 1
		}
		for k := range cuts {
			for side, sign := range [...]float64{-1, 1} {
				b.begin(i, int32(2*k+side), l.Grid)
				for t := int32(0); t < int32(b.times[l.Grid].Len()); t++ {
					var p, q float64
					if l.Loss.Tangents > 0 {
						p = float64(k+1) / float64(cuts) * b.reach(l, t)
						q = p
					} else {
						p, q = l.Loss.Secants[k], l.Loss.Secants[k+1]
					}
					if p+q == 0 || l.Loss.R == 0 || !alive.at(t) {
						continue
					}
					r := b.row(t, -l.Loss.R*p*q, math.Inf(1))
					b.add(r, b.ix.first[Lost][i]+t, 1)
					b.add(r, b.ix.first[Through][i]+t, sign*l.Loss.R*(p+q))
				}
			}
		}
	}
}

// Secants returns the flows between which the loss R s^2 of each of some lines
// is drawn straight, so that what is drawn is off by no more than the absolute
// error atol or the share rtol: 0, 1, then each max(k/(k-1), 1 + 2 (rtol +
// sqrt(rtol + rtol^2))) times the one before, in units of 2 sqrt(atol/R). There
// are as many as the neediest line asks for to cover its reach, fewer than most.
func Secants(r, reach []float64, atol, rtol float64, most int) ([][]float64, error) {
	need := 0.0
	for i := range r {
		if r[i] > 0 {
			need = math.Max(need, reach[i]/(2*math.Sqrt(atol/r[i])))
		}
	}
	f := []float64{0, 1}
	grow := 1 + 2*(rtol+math.Sqrt(rtol+rtol*rtol))
	for k := 2; f[k-1] < need; k++ {
		f = append(f, f[k-1]*math.Max(float64(k)/float64(k-1), grow))
		if k >= most {
			return nil, fmt.Errorf("losses need %d secants or more for an absolute error of %g and a relative one of %g: larger errors, or more segments, would fit", most, atol, rtol)
		}
	}
	all := make([][]float64, len(r))
	for i := range r {
		if r[i] <= 0 {
			all[i] = []float64{0, 0}
			continue
		}
		for _, v := range f {
			all[i] = append(all[i], v*2*math.Sqrt(atol/r[i]))
		}
	}
	return all, nil
}
