package native

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"example.org/busbar/lp"
	"example.org/busbar/solve/solvetest"
)

// reduceAndSolve solves p with the given reductions only and returns the
// presolved size and the point of p.
func reduceAndSolve(t *testing.T, p *lp.Problem, list ...func(*presolve)) (rows, cols int, sol *lp.Solution) {
	t.Helper()
	s := newPresolve(p)
	var ps []pass
	for _, do := range list {
		ps = append(ps, pass{do, 0})
	}
	if v := s.run(ps); v != undecided {
		t.Fatalf("verdict %d of a problem with an optimum", v)
	}
	q, ri, ci := s.reduced()
	r := &solver{p: p, tol: 1e-8}
	restore := func(x, y []float64) ([]float64, []float64) { return s.restore(ri, ci, x, y) }
	x, y, _ := r.interior(context.Background(), p, q, known{}, nil, restore, "")
	x, y = restore(x, y)
	return q.Rows(), q.Cols(), &lp.Solution{Status: lp.Optimal, X: x, Y: y}
}

func TestReductionsByHand(t *testing.T) {
	for _, c := range []struct {
		name       string
		p          *lp.Problem
		do         func(*presolve)
		rows, cols int
		x, y       []float64 // nil where not unique
	}{
		{
			// min x + y, x + 2y >= 3, 2y >= 2 (a bound y >= 1), x >= 0: y = 1.5 is
			// cheapest, the singleton row is slack.
			name: "singleton row, slack",
			p:    dense([]float64{1, 1}, [][]float64{{1, 2}, {0, 2}}, []float64{3, 2}, []float64{inf, inf}, []float64{0, 0}, []float64{inf, inf}),
			do:   removeSingletonRows, rows: 1, cols: 2, x: []float64{0, 1.5}, y: []float64{0.5, 0},
		},
		{
			// The same with 2y >= 4: y = 2 by the singleton row, priced 1/2.
			name: "singleton row, binding",
			p:    dense([]float64{1, 1}, [][]float64{{1, 2}, {0, 2}}, []float64{3, 4}, []float64{inf, inf}, []float64{0, 0}, []float64{inf, inf}),
			do:   removeSingletonRows, rows: 1, cols: 2, x: []float64{0, 2}, y: []float64{0, 0.5},
		},
		{
			// x + y >= 0 says nothing of x, y >= 0.
			name: "implied row",
			p:    dense([]float64{1, 1}, [][]float64{{1, 1}, {1, -1}}, []float64{0, 1}, []float64{inf, inf}, []float64{0, 0}, []float64{inf, inf}),
			do:   checkActivities, rows: 1, cols: 2, x: []float64{1, 0}, y: []float64{0, 1},
		},
		{
			// x + y <= 2 with x, y >= 1 forces both; max x + 2y asks the price -2
			// from the row, so that both reduced costs push down.
			name: "forcing row",
			p:    dense([]float64{-1, -2}, [][]float64{{1, 1}}, []float64{-inf}, []float64{2}, []float64{1, 1}, []float64{inf, inf}),
			do:   checkActivities, rows: 0, cols: 0, x: []float64{1, 1}, y: []float64{-2},
		},
		{
			// y costs 1 and only hurts the row x - y >= 1: it stays at its bound 0.
			name: "dominated column",
			p:    dense([]float64{1, 1}, [][]float64{{1, -1}}, []float64{1}, []float64{inf}, []float64{0, 0}, []float64{inf, inf}),
			do:   removeDominatedColumns, rows: 1, cols: 1, x: []float64{1, 0}, y: []float64{1},
		},
		{
			// x free and in the first row only: x = 4 - 2y, price 3; then min 12 - 5y
			// with y <= 1.
			name: "free column",
			p:    dense([]float64{3, 1}, [][]float64{{1, 2}, {0, 1}}, []float64{4, -inf}, []float64{4, 5}, []float64{-inf, 0}, []float64{inf, 1}),
			do:   removeSingletonColumns, rows: 1, cols: 1, x: []float64{2, 1}, y: []float64{3, 0},
		},
		{
			// x >= 0 is kept by its own row: x = 4 + y, y >= 0.
			name: "implied free column",
			p:    dense([]float64{3, 1}, [][]float64{{1, -1}}, []float64{4}, []float64{4}, []float64{0, 0}, []float64{inf, inf}),
			do:   removeSingletonColumns, rows: 0, cols: 0, x: []float64{4, 0}, y: []float64{3},
		},
		{
			// 0 <= s <= 2 without cost is a slack of x + y + s = 5: 3 <= x + y <= 5.
			// x costs 3, y 2, y <= 1: s = 2, y = 1, x = 2; price 3.
			name: "slack column",
			p: dense([]float64{3, 2, 0}, [][]float64{{1, 1, 1}, {1, 2, 0}}, []float64{5, -inf}, []float64{5, 100},
				[]float64{0, 0, 0}, []float64{inf, 1, 2}),
			do: removeSingletonColumns, rows: 2, cols: 2, x: []float64{2, 1, 2}, y: []float64{3, 0},
		},
		{
			// The second row is twice the first and tighter: it bears the price 1/2.
			name: "duplicate rows",
			p:    dense([]float64{1, 2}, [][]float64{{1, 1}, {2, 2}}, []float64{2, 6}, []float64{inf, inf}, []float64{0, 0}, []float64{inf, inf}),
			do:   mergeDuplicateRows, rows: 1, cols: 2, x: []float64{3, 0}, y: []float64{0, 0.5},
		},
		{
			// The second column is minus twice the first: x0 - 2 x1 = 7 with x0 <= 3
			// and x1 >= -5, any split.
			name: "duplicate columns",
			p: dense([]float64{1, -2, 2}, [][]float64{{1, -2, 1}}, []float64{7}, []float64{7},
				[]float64{0, -5, 0}, []float64{3, 0, inf}),
			do: mergeDuplicateColumns, rows: 1, cols: 2, y: []float64{1},
		},
		{
			// 2x - y = 1: x = (1 + y)/2, so min 0.5 + 3.5 y with 1.5 y >= 2; the price of
			// the second row is 3.5/1.5, and 1 - 2 p - 7/3 = 0 gives the first.
			name: "doubleton equation",
			p:    dense([]float64{1, 3}, [][]float64{{2, -1}, {1, 1}}, []float64{1, 2.5}, []float64{1, inf}, []float64{0, 0}, []float64{inf, inf}),
			do:   aggregateDoubletons, rows: 1, cols: 1, x: []float64{7. / 6, 4. / 3}, y: []float64{-2. / 3, 7. / 3},
		},
		{
			// min y with x >= 2: y = 3 by the bound of x, whose reduced cost is then 2.
			name: "doubleton equation, bound handed on",
			p:    dense([]float64{0, 1}, [][]float64{{2, -1}, {1, 1}}, []float64{1, 1}, []float64{1, inf}, []float64{2, 0}, []float64{inf, inf}),
			do:   aggregateDoubletons, rows: 1, cols: 1, x: []float64{2, 3}, y: []float64{-1, 0},
		},
		{
			// x = y = z >= -1, so x + y - 2z + w >= 1 says w >= 1, and z is in no row.
			name: "two doubleton equations that cancel in a row",
			p: dense([]float64{1, 1, 1, 1}, [][]float64{{1, -1, 0, 0}, {0, 1, -1, 0}, {1, 1, -2, 1}}, []float64{0, 0, 1}, []float64{0, 0, inf},
				[]float64{-1, -1, -1, 0}, []float64{inf, inf, inf, inf}),
			do: aggregateDoubletons, rows: 1, cols: 1, x: []float64{-1, -1, -1, 1}, y: []float64{0, 0, 1},
		},
		{
			name: "fixed column",
			p:    dense([]float64{1, 5}, [][]float64{{1, 1}}, []float64{3}, []float64{3}, []float64{0, 2}, []float64{inf, 2}),
			do:   removeFixedColumns, rows: 1, cols: 1, x: []float64{1, 2}, y: []float64{1},
		},
	} {
		rows, cols, sol := reduceAndSolve(t, c.p, c.do)
		if rows != c.rows || cols != c.cols {
			t.Errorf("%s: %d x %d is left, want %d x %d", c.name, rows, cols, c.rows, c.cols)
		}
		if cert := lp.Certify(c.p, sol); !cert.OK {
			t.Errorf("%s: %v", c.name, cert)
		}
		for j := range c.x {
			if math.Abs(sol.X[j]-c.x[j]) > 1e-5 {
				t.Errorf("%s: x = %v, want %v", c.name, sol.X, c.x)
				break
			}
		}
		for i := range c.y {
			if math.Abs(sol.Y[i]-c.y[i]) > 1e-5 {
				t.Errorf("%s: y = %v, want %v", c.name, sol.Y, c.y)
				break
			}
		}
	}
}

// Each reduction alone keeps random problems solvable, primal and dual.
func TestEachReductionIsUndone(t *testing.T) {
	for name, do := range map[string]func(*presolve){
		"singleton rows": removeSingletonRows, "activities": checkActivities, "dominated columns": removeDominatedColumns,
		"singleton columns": removeSingletonColumns, "duplicate rows": mergeDuplicateRows, "duplicate columns": mergeDuplicateColumns,
		"doubleton equations": aggregateDoubletons, "fixed columns": removeFixedColumns, "empty columns": removeEmptyColumns,
	} {
		for seed := uint64(0); seed < 60; seed++ {
			rng := rand.New(rand.NewPCG(seed, 41))
			p := doubled(rng, tied(rng, solvetest.Feasible(rng, 1+rng.IntN(15), rng.IntN(12), seed%4 == 0)))
			_, _, sol := reduceAndSolve(t, p, do)
			if c := lp.Certify(p, sol); !c.OK {
				t.Errorf("%s, seed %d: %v", name, seed, c)
			}
		}
	}
}

// Columns split by equations of two come together again: few rows are left, and
// the optimum is that of the problem before the split.
func TestAggregationsUndoSplits(t *testing.T) {
	for seed := uint64(0); seed < 200; seed++ {
		rng := rand.New(rand.NewPCG(seed, 43))
		whole := solvetest.Feasible(rng, 1+rng.IntN(15), rng.IntN(12), seed%4 == 0)
		p := tied(rng, whole)
		s := newPresolve(p)
		s.run([]pass{{aggregateDoubletons, 0}})
		if q, _, _ := s.reduced(); q.Rows() > whole.Rows() || q.Cols() > whole.Cols() {
			t.Errorf("seed %d: %d x %d left of %d x %d, %d x %d before the split", seed, q.Rows(), q.Cols(), p.Rows(), p.Cols(), whole.Rows(), whole.Cols())
		}
		a, b := solveOK(t, whole), solveOK(t, p)
		if !near(a.Objective, b.Objective) {
			t.Errorf("seed %d: %v, before the split %v", seed, b.Objective, a.Objective)
		}
	}
}

// tied splits some columns x into x = at + f t with a new column t, which takes
// over some of the entries and bounds.
func tied(rng *rand.Rand, p *lp.Problem) *lp.Problem {
	b := &builder{}
	for i := range p.RowLower {
		b.row(p.RowLower[i], p.RowUpper[i])
	}
	for j := 0; j < p.Cols(); j++ {
		k := b.col(p.Cost[j], p.ColLower[j], p.ColUpper[j])
		for q := p.Start[j]; q < p.Start[j+1]; q++ {
			b.add(p.Index[q], k, p.Value[q])
		}
	}
	for range 1 + rng.IntN(4) {
		j := rng.IntN(len(b.cols)) // split once more, perhaps
		at, f := float64(rng.IntN(5)-2), float64(1+rng.IntN(3))/2
		if rng.IntN(2) == 0 {
			f = -f
		}
		lo, hi := (b.p.ColLower[j]-at)/f, (b.p.ColUpper[j]-at)/f
		if f < 0 {
			lo, hi = hi, lo
		}
		switch rng.IntN(3) {
		case 0: // bounds stay
			lo, hi = -inf, inf
		case 1: // bounds go
			b.p.ColLower[j], b.p.ColUpper[j] = -inf, inf
		}
		cost := 0.0
		if rng.IntN(2) == 0 {
			cost = b.p.Cost[j] * f
			b.p.Offset += b.p.Cost[j] * at
			b.p.Cost[j] = 0
		}
		t := b.col(cost, lo, hi)
		var stay []lpEntry
		for _, e := range b.cols[j] {
			if rng.IntN(2) == 0 {
				stay = append(stay, e)
				continue
			}
			b.add(e.row, t, e.value*f)
			b.p.RowLower[e.row] -= e.value * at
			b.p.RowUpper[e.row] -= e.value * at
		}
		b.cols[j] = stay
		r := b.row(at, at)
		b.add(r, j, 1)
		b.add(r, t, -f)
	}
	q := b.problem()
	q.Offset += p.Offset
	if p.IsQP() {
		q.QStart, q.QIndex, q.QValue = append([]int64(nil), p.QStart...), p.QIndex, p.QValue
		for len(q.QStart) <= q.Cols() {
			q.QStart = append(q.QStart, int64(len(q.QIndex)))
		}
	}
	return q
}

// doubled adds a multiple of some row and of some column, and a row with one
// entry, without changing what is feasible much.
func doubled(rng *rand.Rand, p *lp.Problem) *lp.Problem {
	b := &builder{}
	m, n := p.Rows(), p.Cols()
	for i := 0; i < m; i++ {
		b.row(p.RowLower[i], p.RowUpper[i])
	}
	again, f := -1, 0.0
	if m > 0 {
		again, f = rng.IntN(m), float64(rng.IntN(4)-2)-0.5
		lo, hi := f*p.RowLower[again], f*p.RowUpper[again]
		if f < 0 {
			lo, hi = hi, lo
		}
		b.row(lo, hi)
	}
	single := b.row(-1000, 1000)
	twice := rng.IntN(n)
	if p.QStart != nil {
		twice = -1
	}
	for j := 0; j < n; j++ {
		for copies := 0; copies < 1 || copies < 2 && j == twice; copies++ {
			g := 1.0
			lo, hi := p.ColLower[j], p.ColUpper[j]
			if copies == 1 {
				g, lo, hi = 2, 0, 1
			}
			k := b.col(g*p.Cost[j], lo, hi)
			for q := p.Start[j]; q < p.Start[j+1]; q++ {
				b.add(p.Index[q], k, g*p.Value[q])
				if int(p.Index[q]) == again {
					b.add(int32(m), k, g*f*p.Value[q])
				}
			}
			if j == 0 && copies == 0 {
				b.add(single, k, 0.5)
			}
		}
	}
	q := b.problem()
	q.QStart, q.QIndex, q.QValue = p.QStart, p.QIndex, p.QValue
	return q
}
