package native

import (
	"context"
	"fmt"
	"math"
	"time"

	"example.org/busbar/lp"
)

// elastic returns the problem that asks how far p is from being feasible:
// every row may be missed on its finite sides at a price, nothing else costs
// anything. It is feasible and bounded whatever p is. Where its optimum is
// above zero, its row duals y are a Farkas ray of p: y'Ax <= max over the
// bounds of x < min over the rows of y'r.
//
// The price of a row is the inverse of its largest entry, so that misses are
// weighed by what they are worth in the columns.
func elastic(p *lp.Problem) *lp.Problem {
	n, m := p.Cols(), p.Rows()
	e := &lp.Problem{
		Cost:     make([]float64, n, n+2*m),
		ColLower: append(make([]float64, 0, n+2*m), p.ColLower...), ColUpper: append(make([]float64, 0, n+2*m), p.ColUpper...),
		RowLower: p.RowLower, RowUpper: p.RowUpper,
		Start: append(make([]int64, 0, n+2*m+1), p.Start...), Index: append([]int32(nil), p.Index...), Value: append([]float64(nil), p.Value...),
	}
	largest := make([]float64, m)
	for k, v := range p.Value {
		largest[p.Index[k]] = math.Max(largest[p.Index[k]], math.Abs(v))
	}
	miss := func(i int, v float64) {
		price := 1.0
		if largest[i] > 0 {
			price = 1 / largest[i]
		}
		e.Cost = append(e.Cost, price)
		e.ColLower = append(e.ColLower, 0)
		e.ColUpper = append(e.ColUpper, math.Inf(1))
		e.Index = append(e.Index, int32(i))
		e.Value = append(e.Value, v)
		e.Start = append(e.Start, int64(len(e.Index)))
	}
	for i := 0; i < m; i++ {
		if !math.IsInf(p.RowLower[i], 0) {
			miss(i, 1)
		}
		if !math.IsInf(p.RowUpper[i], 0) {
			miss(i, -1)
		}
	}
	return e
}

// recession returns the problem of the steepest direction in which p goes on
// for ever: min c'd with d in the recession cone, Qd = 0, -1 <= d_j/size_j <= 1.
// It is feasible (d = 0) and bounded. Where its optimum is below zero, d is a
// ray along which a feasible p is unbounded.
func recession(p *lp.Problem) *lp.Problem {
	n, m := p.Cols(), p.Rows()
	e := &lp.Problem{
		Cost:     append([]float64(nil), p.Cost...),
		ColLower: make([]float64, n), ColUpper: make([]float64, n),
		RowLower: make([]float64, m), RowUpper: make([]float64, m),
		Start: p.Start, Index: p.Index, Value: p.Value,
	}
	side := func(lower, upper, size float64) (float64, float64) {
		l, u := 0.0, 0.0
		if math.IsInf(lower, -1) {
			l = -size
		}
		if math.IsInf(upper, 1) {
			u = size
		}
		return l, u
	}
	for j := 0; j < n; j++ {
		e.ColLower[j], e.ColUpper[j] = side(p.ColLower[j], p.ColUpper[j], 1)
	}
	for i := 0; i < m; i++ {
		e.RowLower[i], e.RowUpper[i] = side(p.RowLower[i], p.RowUpper[i], math.Inf(1))
	}
	if !p.IsQP() {
		return e
	}
	// Rows m .. m+n-1: Qd = 0.
	full := make([][]lpTerm, n)
	for j := 0; j < n; j++ {
		for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
			i, v := p.QIndex[k], p.QValue[k]
			full[j] = append(full[j], lpTerm{int32(m) + i, v})
			if int(i) != j {
				full[i] = append(full[i], lpTerm{int32(m + j), v})
			}
		}
	}
	e.Start, e.Index, e.Value = []int64{0}, nil, nil
	for j := 0; j < n; j++ {
		sortBy(full[j], func(t lpTerm) int { return int(t.row) })
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			e.Index = append(e.Index, p.Index[k])
			e.Value = append(e.Value, p.Value[k])
		}
		for _, t := range full[j] {
			e.Index = append(e.Index, t.row)
			e.Value = append(e.Value, t.value)
		}
		e.Start = append(e.Start, int64(len(e.Index)))
	}
	e.RowLower = append(e.RowLower, make([]float64, n)...)
	e.RowUpper = append(e.RowUpper, make([]float64, n)...)
	return e
}

type lpTerm struct {
	row   int32
	value float64
}

// prove looks for a proof that p is infeasible or unbounded. It returns nil
// where there is none.
func (r *solver) prove(ctx context.Context) *lp.Solution {
	p := r.p
	r.tracef("looking for a proof of infeasibility")
	e := elastic(p)
	x, y, end := r.optimise(ctx, e, "phase 1")
	if s := r.interrupted(end); s != nil {
		return s
	}
	if x == nil {
		return nil
	}
	point := x[:p.Cols()]
	sol := &lp.Solution{Status: lp.Infeasible, FarkasRay: y, Objective: math.NaN()}
	for _, threshold := range []float64{0, 1e-10, 1e-8, 1e-6, 1e-4} {
		if threshold > 0 && r.feasible(point) {
			break // no cleaning makes a proof of what is not so
		}
		sol.FarkasRay = y
		if threshold > 0 {
			sol.FarkasRay = polishFarkas(p, y, threshold)
		}
		c := lp.Certify(p, sol)
		r.tracef("infeasible? %v", c)
		if c.OK {
			return sol
		}
	}
	r.tracef("looking for a ray")
	q := recession(p)
	d, _, end := r.optimise(ctx, q, "ray")
	if s := r.interrupted(end); s != nil {
		return s
	}
	if d == nil {
		return nil
	}
	if within(d, 1e-3) { // a ray would reach the box: this is noise about d = 0
		return nil
	}
	sol = &lp.Solution{Status: lp.Unbounded, X: point, Objective: math.Inf(-1)}
	for _, threshold := range []float64{0, 1e-10, 1e-8, 1e-6, 1e-4} {
		sol.PrimalRay = d
		if threshold > 0 {
			sol.PrimalRay = polishRay(p, d, threshold)
		}
		c := lp.Certify(p, sol)
		r.tracef("unbounded? %v", c)
		if c.OK {
			return sol
		}
	}
	return nil
}

// feasible reports whether x satisfies rows and bounds to the last digits.
func (r *solver) feasible(x []float64) bool {
	return lp.Certify(r.p, &lp.Solution{Status: lp.Optimal, X: x, Y: make([]float64, r.p.Rows())}).Primal <= 1e-10
}

// within reports whether no entry of v is larger than room.
func within(v []float64, room float64) bool {
	for _, t := range v {
		if math.Abs(t) > room {
			return false
		}
	}
	return true
}

// cleaned returns v with what is small beside its largest entry set to zero.
func cleaned(v []float64, threshold float64) []float64 {
	largest := 0.0
	for _, t := range v {
		largest = math.Max(largest, math.Abs(t))
	}
	w := append([]float64(nil), v...)
	for k, t := range w {
		if math.Abs(t) <= threshold*largest {
			w[k] = 0
		}
	}
	return w
}

func (r *solver) interrupted(end outcome) *lp.Solution {
	switch end {
	case cancelled:
		return &lp.Solution{Status: lp.Cancelled, Objective: math.NaN(), Note: "cancelled"}
	case outOfTime:
		return &lp.Solution{Status: lp.Limit, Objective: math.NaN(), Note: fmt.Sprintf("time limit of %v", r.o.TimeLimit.Round(time.Millisecond))}
	}
	return nil
}
