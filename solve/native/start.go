package native

import (
	"math"

	"example.org/busbar/lp"
)

// guess is a point that is thought to lie near the optimum.
type guess struct {
	x, y     []float64
	products float64 // what the complementarity products are to sum up to, in the objective's unit
}

// What the products of a start at a nearby solution sum up to, beside the size of
// its objective; no less than what the start lacks.
const (
	warmProducts  = 0.3
	roughProducts = 30 // where the start is a guess in part: that shows in no residual where the guess has no prices
	tooShort      = 3  // times its worth a start may be short of an optimum; rolling windows lack up to 1
)

// turnover is the size of what the objective sums up: it stays away from zero
// where costs and revenues cancel.
func turnover(p *lp.Problem, x []float64) float64 {
	t := 0.0
	for j, v := range x {
		t += math.Abs(p.Cost[j] * v)
	}
	return max(t, math.Abs(p.Objective(x)), math.SmallestNonzeroFloat64)
}

// lacks is how far a point is from an optimum, in the objective's unit: of every
// row and column the distance from the side that its dual names, times that dual.
// It is zero at an optimum, and at a feasible pair the duality gap. worth is what
// the sides come to at these duals, and the turnover.
func lacks(p *lp.Problem, x, y []float64) (short, worth float64) {
	row, z := make([]float64, p.Rows()), append([]float64(nil), p.Cost...)
	for j, v := range x {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			row[p.Index[k]] += p.Value[k] * v
			z[j] -= p.Value[k] * y[p.Index[k]]
		}
		if !p.IsQP() {
			continue
		}
		for k := p.QStart[j]; k < p.QStart[j+1]; k++ { // a triangle of Q
			i := p.QIndex[k]
			z[i] += p.QValue[k] * v
			if int(i) != j {
				z[j] += p.QValue[k] * x[i]
			}
		}
	}
	short, worth = 0.0, turnover(p, x)
	add := func(v, lower, upper, dual []float64) {
		for k, d := range dual {
			side := lower[k]
			if d < 0 {
				side = upper[k]
			}
			if math.IsInf(side, 0) { // a dual of the wrong sign
				side = 0
			}
			short += math.Abs((v[k] - side) * d)
			worth += math.Abs(side * d)
		}
	}
	add(x, p.ColLower, p.ColUpper, z)
	add(row, p.RowLower, p.RowUpper, y)
	return short, worth
}

// finite tells whether the guess holds numbers alone.
func (g *guess) finite() bool {
	t := g.products * 0
	for _, v := range g.x {
		t += v * 0
	}
	for _, v := range g.y {
		t += v * 0
	}
	return t == 0
}

// of returns the guess for the columns and rows that presolve left.
func (g *guess) of(rows, cols []int32) *guess {
	return &guess{picked(g.x, cols), picked(g.y, rows), g.products}
}

func picked[T any](v []T, names []int32) []T {
	out := make([]T, len(names))
	for k, j := range names {
		out[k] = v[j]
	}
	return out
}

// guess scales a guess for f.
func (s *scaling) guess(g *guess, f *form) *guess {
	out := &guess{make([]float64, f.n), make([]float64, f.m), g.products / f.unit(s)}
	for j, c := range s.col {
		out.x[j] = g.x[j] / c
	}
	for i, w := range s.row {
		out.y[i] = g.y[i] * s.cost / (w * s.size)
	}
	return out
}

// beginAt starts at a guess. Neither the guess nor what Mehrotra makes of it will
// do: a guess near the boundary can hardly be left in a direction that it does
// not know (Gondzio 1998; John and Yildirim 2008). So every variable is put on
// the central path of one mu, as near to the guess as may be: with d the distance
// to its bound and z the reduced cost that the guess gives it, the distance D and
// the dual Z solve
//
//	D - Z = d - z,   D Z = mu,
//
// which moves D where d is the larger of the two, and Z where z is. What this
// costs in residuals the first steps take out, all products being equal.
func (r *ipm) beginAt(g *guess) {
	f, p := r.f, r.p
	n := f.n
	for k, j := range r.cols {
		p.x[k] = g.x[j]
	}
	for k, i := range r.rows {
		p.y[k] = g.y[i]
	}
	z := r.c.x
	clear(z)
	if f.qDiag != nil {
		f.timesQ(p.x, z[:n])
	}
	f.byCol.times(p.y, r.g, r.k.team)
	f.byRow.times(p.x, r.h, r.k.team)
	for j := range n {
		z[j] += f.cost[j] - r.g[j]
	}
	for i, y := range p.y {
		z[n+i] = y
		if f.kind[n+i] != isFixed {
			p.x[n+i] = r.h[i]
		}
	}
	mu := g.products / float64(max(1, r.count))
	for _, list := range r.runs {
		for _, u := range list {
			for v := u.from; v < u.to && u.slots > 0; v++ {
				k := u.slot + v - u.from
				want := u.side*(p.x[v]-z[v]) - r.limit[k]
				if u.slots == 1 {
					p.gap[k] = onPath(want, mu)
				} else {
					o := k + u.to - u.from
					width := -r.limit[o] - r.limit[k]
					p.gap[k] = between(want, width, mu)
					p.gap[o] = width - p.gap[k]
					p.dual[o] = mu / p.gap[o]
				}
				p.dual[k] = mu / p.gap[k]
				p.x[v] = u.side * (r.limit[k] + p.gap[k])
			}
		}
	}
}

// onPath solves d - mu/d = want for d > 0.
func onPath(want, mu float64) float64 {
	root := math.Sqrt(want*want + 4*mu)
	if want >= 0 {
		return (want + root) / 2
	}
	return 2 * mu / (root - want)
}

// between solves d - mu/d + mu/(width-d) = want for 0 < d < width. The left side
// rises from minus to plus infinity.
func between(want, width, mu float64) float64 {
	low, high := 0.0, width
	for range 50 {
		d := (low + high) / 2
		if d-mu/d+mu/(width-d) < want {
			low = d
		} else {
			high = d
		}
	}
	return min(max((low+high)/2, 1e-9*width), (1-1e-9)*width)
}
