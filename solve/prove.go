package solve

import (
	"context"
	"math"

	"example.org/busbar/lp"
)

// prove certifies a claim that p is infeasible or unbounded. Where the
// solver's own proof is missing or fails, two LPs make one: the first asks how
// little the rows must give for the problem to have a point, and its duals are
// a Farkas ray where that is more than nothing; the second looks from such a
// point for a direction of descent without end.
func (r *runner) prove(ctx context.Context, sol *lp.Solution) (*lp.Solution, lp.Certificate, error) {
	cert := lp.Certify(r.p, sol)
	if cert.OK || r.clock.stopped() {
		return sol, cert, nil
	}
	claimed := *sol
	relaxed, _, err := r.side(ctx, elastic(r.p))
	if err != nil || relaxed.X == nil {
		return sol, cert, nil
	}
	if ray := relaxed.Y; ray != nil {
		out := *sol
		out.Status, out.X, out.Y, out.PrimalRay = lp.Infeasible, nil, nil, nil
		out.FarkasRay = ray
		out.Objective = math.NaN()
		if c := lp.Certify(r.p, &out); c.OK {
			return &out, c, nil
		}
	}
	if claimed.Status == lp.Infeasible {
		// Not by its rows alone: by its integers perhaps, or not at all.
		if !r.p.IsMIP() && relaxed.Objective <= lp.CertTolerance {
			sol.Status = lp.Unknown
			sol.Note = join(sol.Note, sol.Solver+" called it infeasible, but the rows have a common point")
		}
		return sol, cert, nil
	}
	return r.proveUnbounded(ctx, sol, relaxed.X[:r.p.Cols()], cert)
}

func (r *runner) proveUnbounded(ctx context.Context, sol *lp.Solution, point []float64, cert lp.Certificate) (*lp.Solution, lp.Certificate, error) {
	if r.p.IsMIP() {
		// A point with whole integers: any will do.
		q := *r.p
		q.Cost = make([]float64, q.Cols())
		q.Offset = 0
		whole, _, err := r.side(ctx, &q)
		if err != nil || whole.X == nil {
			return sol, cert, nil
		}
		if whole.Status == lp.Infeasible {
			sol.Status = lp.Infeasible
			return sol, lp.Certify(r.p, sol), nil
		}
		point = whole.X
	}
	direction, _, err := r.side(ctx, recession(r.p))
	if err != nil || direction.X == nil {
		return sol, cert, nil
	}
	out := *sol
	out.X, out.Y = point, nil
	out.PrimalRay = direction.X
	out.Objective = math.Inf(-1)
	if c := lp.Certify(r.p, &out); c.OK || c.Kind == lp.KindRay {
		return &out, c, nil
	}
	return sol, cert, nil
}

// elastic is the LP of p's rows with a surplus and a shortfall for each finite
// side, at a cost of 1 a unit and none else:
//
//	min sum(s) + sum(t),  rl <= Ax + s - t <= ru,  l <= x <= u,  s, t >= 0.
//
// Its optimum is D(y) for its duals y, so y is a Farkas ray of p if it is
// positive.
func elastic(p *lp.Problem) *lp.Problem {
	n := p.Cols()
	q := &lp.Problem{
		Cost:     make([]float64, n, n+p.Rows()),
		ColLower: append([]float64(nil), p.ColLower...),
		ColUpper: append([]float64(nil), p.ColUpper...),
		RowLower: p.RowLower, RowUpper: p.RowUpper,
		Start: append([]int64(nil), p.Start...),
		Index: append([]int32(nil), p.Index...),
		Value: append([]float64(nil), p.Value...),
	}
	give := func(row int, sign float64) {
		q.Cost = append(q.Cost, 1)
		q.ColLower, q.ColUpper = append(q.ColLower, 0), append(q.ColUpper, lp.Inf)
		q.Index, q.Value = append(q.Index, int32(row)), append(q.Value, sign)
		q.Start = append(q.Start, int64(len(q.Index)))
	}
	for i := range p.RowLower {
		if !math.IsInf(p.RowLower[i], -1) {
			give(i, 1)
		}
		if !math.IsInf(p.RowUpper[i], 1) {
			give(i, -1)
		}
	}
	return q
}

// recession is the LP of the directions d that stay feasible for ever, within
// a box: min c'd, A d and d at least 0 where a side or bound is finite below,
// at most 0 where it is finite above, -1 <= d <= 1, and Qd = 0.
func recession(p *lp.Problem) *lp.Problem {
	q := &lp.Problem{Cost: p.Cost, Start: p.Start, Index: p.Index, Value: p.Value}
	cone := func(lower, upper []float64, far float64) (l, u []float64) {
		l, u = make([]float64, len(lower)), make([]float64, len(lower))
		for i := range lower {
			if math.IsInf(lower[i], -1) {
				l[i] = -far
			}
			if math.IsInf(upper[i], 1) {
				u[i] = far
			}
		}
		return l, u
	}
	q.RowLower, q.RowUpper = cone(p.RowLower, p.RowUpper, lp.Inf)
	q.ColLower, q.ColUpper = cone(p.ColLower, p.ColUpper, 1)
	if p.IsQP() {
		appendHessianRows(q, p)
	}
	return q
}

// appendHessianRows adds the rows Qd = 0 to q.
func appendHessianRows(q, p *lp.Problem) {
	n, rows := p.Cols(), int32(p.Rows())
	full := make([][]int32, n) // by columns, both triangles
	values := make([][]float64, n)
	for j := 0; j < n; j++ {
		for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
			i, v := p.QIndex[k], p.QValue[k]
			full[j], values[j] = append(full[j], i), append(values[j], v)
			if int(i) != j {
				// i > j, and j rises, so column i stays sorted until its own turn.
				full[i], values[i] = append(full[i], int32(j)), append(values[i], v)
			}
		}
	}
	start := make([]int64, 1, n+1)
	var index []int32
	var value []float64
	for j := 0; j < n; j++ {
		index = append(index, p.Index[p.Start[j]:p.Start[j+1]]...)
		value = append(value, p.Value[p.Start[j]:p.Start[j+1]]...)
		for k, i := range full[j] {
			index, value = append(index, rows+i), append(value, values[j][k])
		}
		start = append(start, int64(len(index)))
	}
	q.Start, q.Index, q.Value = start, index, value
	q.RowLower = append(q.RowLower, make([]float64, n)...)
	q.RowUpper = append(q.RowUpper, make([]float64, n)...)
}
