package native

import (
	"context"

	"example.org/busbar/lp"
)

// groups says which rows, or columns, of a fine problem become one of a coarse
// one.
type groups struct {
	of    []int32 // group of each
	count int
}

// groupsOf puts together what has one series and one block of so many hours.
// What has no time stays alone. names are the numbers that the hint knows the
// rows or columns by.
func groupsOf(time, series, names []int32, hours int32) groups {
	type key struct{ series, block int32 }
	g := groups{of: make([]int32, len(names))}
	known := map[key]int32{}
	for k, name := range names {
		t := time[name]
		if t < 0 {
			g.of[k] = int32(g.count)
			g.count++
			continue
		}
		at := key{series[name], t / hours}
		n, ok := known[at]
		if !ok {
			n = int32(g.count)
			known[at] = n
			g.count++
		}
		g.of[k] = n
	}
	return g
}

// coarsen returns the Galerkin coarsening of q: the columns of a group take one
// value, the rows of a group are summed.
//
//	A_c = R A P,  c_c = P'c,  Q_c = P'QP,  bounds of columns averaged, of rows summed
func coarsen(q *lp.Problem, rows, cols groups) *lp.Problem {
	n, m := cols.count, rows.count
	c := &lp.Problem{Offset: q.Offset, Cost: make([]float64, n), Start: make([]int64, 1, n+1),
		ColLower: make([]float64, n), ColUpper: make([]float64, n), RowLower: make([]float64, m), RowUpper: make([]float64, m)}
	members, start := byGroup(cols.of)
	at := make([]int32, m) // where the column being built has its entry of a row
	for i := range at {
		at[i] = -1
	}
	for g := range n {
		from := len(c.Index)
		for _, j := range members[start[g]:start[g+1]] {
			c.Cost[g] += q.Cost[j]
			c.ColLower[g] += q.ColLower[j]
			c.ColUpper[g] += q.ColUpper[j]
			for k := q.Start[j]; k < q.Start[j+1]; k++ {
				i := rows.of[q.Index[k]]
				if at[i] < int32(from) {
					at[i] = int32(len(c.Index))
					c.Index = append(c.Index, i)
					c.Value = append(c.Value, 0)
				}
				c.Value[at[i]] += q.Value[k]
			}
		}
		size := float64(start[g+1] - start[g])
		c.ColLower[g] /= size
		c.ColUpper[g] /= size
		lp.SortEntries(c.Index[from:], c.Value[from:])
		for k := from; k < len(c.Index); k++ {
			at[c.Index[k]] = -1
		}
		c.Start = append(c.Start, int64(len(c.Index)))
	}
	for i, g := range rows.of {
		c.RowLower[g] += q.RowLower[i]
		c.RowUpper[g] += q.RowUpper[i]
	}
	if q.IsQP() {
		coarsenHessian(q, c, cols)
	}
	return c
}

// coarsenHessian puts P'QP into c. An entry that falls on the diagonal from
// below it counts twice.
func coarsenHessian(q, c *lp.Problem, cols groups) {
	byColumn := make([]map[int32]float64, cols.count)
	for j := range cols.of {
		for k := q.QStart[j]; k < q.QStart[j+1]; k++ {
			a, b, v := cols.of[j], cols.of[q.QIndex[k]], q.QValue[k]
			if a == b && int(q.QIndex[k]) != j {
				v *= 2
			}
			a, b = min(a, b), max(a, b)
			if byColumn[a] == nil {
				byColumn[a] = map[int32]float64{}
			}
			byColumn[a][b] += v
		}
	}
	c.QStart = make([]int64, 1, cols.count+1)
	for _, entries := range byColumn {
		from := len(c.QIndex)
		for i, v := range entries {
			c.QIndex = append(c.QIndex, i)
			c.QValue = append(c.QValue, v)
		}
		lp.SortEntries(c.QIndex[from:], c.QValue[from:])
		c.QStart = append(c.QStart, int64(len(c.QIndex)))
	}
}

// A start on a coarser clock. Coarsest first: each clock starts the next.
const (
	coarseNonzeros = 100_000   // below this a solve takes no more than a second
	coarseAccuracy = 1e-2      // relative gap and residuals to which it is solved
	coarseProducts = 3         // of the start, beside what the objective turns over
	coarseTwice    = 1_000_000 // from here on two clocks, one after the other
)

// coarseClocks are the hours of a block, coarsest first. Where an iteration is dear, a
// finer clock pays for what it takes, and a coarser one before it makes that less.
func coarseClocks(nonzeros int) []int32 {
	if nonzeros < coarseTwice {
		return []int32{8}
	}
	return []int32{16, 4}
}

// coarseStart solves q, which presolve left, on coarser clocks and carries the
// point over: every column takes the value of its group, every row the dual of
// its own (Colombo, Gondzio and Grothey 2011 do so on the scenario trees of
// stochastic programs). nil where the hint does not tell what belongs together,
// where q is small, and where a coarse problem is not solved.
func (r *solver) coarseStart(ctx context.Context, q *lp.Problem, rows, cols []int32) *guess {
	h := r.o.Hint
	if h == nil || len(h.RowTime) != r.p.Rows() || len(h.ColTime) != r.p.Cols() || len(h.RowSeries) != r.p.Rows() || len(h.ColSeries) != r.p.Cols() || q.Nonzeros() < r.coarseFrom {
		return nil
	}
	var fine *guess
	for k, hours := range coarseClocks(q.Nonzeros()) {
		rg, cg := groupsOf(h.RowTime, h.RowSeries, rows, hours), groupsOf(h.ColTime, h.ColSeries, cols, hours)
		if 2*(rg.count+cg.count) > len(rows)+len(cols) {
			return fine
		}
		var from *guess
		if k > 0 {
			from = &guess{firsts(cg, fine.x), firsts(rg, fine.y), fine.products}
		}
		var hint known
		hint.times = append(firsts(cg, picked(h.ColTime, cols)), firsts(rg, picked(h.RowTime, rows))...)
		for i, t := range hint.times {
			if t >= 0 { // of the block, whichever of its hours are there
				hint.times[i] = t / hours
			}
		}
		hint.series = append(firsts(cg, picked(h.ColSeries, cols)), firsts(rg, picked(h.RowSeries, rows))...)
		g := r.roughly(ctx, coarsen(q, rg, cg), hint, from, hours)
		if g == nil {
			return nil
		}
		fine = &guess{picked(g.x, cg.of), picked(g.y, rg.of), g.products}
	}
	return fine
}

// firsts is what each group's first member has of v.
func firsts[T any](g groups, v []T) []T {
	out := make([]T, g.count)
	for k := len(v) - 1; k >= 0; k-- {
		out[g.of[k]] = v[k]
	}
	return out
}

// roughly solves a coarse problem to coarseAccuracy.
func (r *solver) roughly(ctx context.Context, c *lp.Problem, hint known, from *guess, hours int32) *guess {
	pre := newPresolve(c)
	if pre.run(passes) != undecided {
		return nil
	}
	small, rows, cols := pre.reduced()
	if small.Cols() == 0 {
		return nil
	}
	r.say("coarse", "first in blocks of %d hours: %d rows, %d columns", hours, small.Rows(), small.Cols())
	f := newForm(small)
	sc := scale(f)
	o := ipmOptions{maxIter: 60, tol: coarseAccuracy, threads: r.threads(), deadline: r.deadline, one: 1 / f.unit(sc), offset: small.Offset / f.unit(sc),
		times:    append(picked(hint.times[:c.Cols()], cols), picked(hint.times[c.Cols():], rows)...),
		series:   append(picked(hint.series[:c.Cols()], cols), picked(hint.series[c.Cols():], rows)...),
		judge:    func(x, y []float64) float64 { return 0 },
		progress: r.report("coarse", f.unit(sc), small.Offset, coarseAccuracy)}
	if from != nil {
		o.start = sc.guess(from.of(rows, cols), f)
	}
	run := newIPM(f, o)
	run.trace = r.trace
	end := run.run(ctx)
	r.stats.coarse(run)
	r.tracef("coarse %v: %v", end, run)
	if end != converged {
		return nil
	}
	x, y := run.point()
	sc.restore(x, y)
	x, y = pre.restore(rows, cols, x, y)
	g := &guess{x, y, coarseProducts * turnover(c, x)}
	if !g.finite() {
		return nil
	}
	return g
}
