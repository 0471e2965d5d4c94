package native

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"example.org/busbar/lp"
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
	x, y, _ := r.interior(context.Background(), p, q, restore, "")
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
			// 0 <= s <= 2 with cost 1 is a slack of x + y + s = 5: 3 <= x + y <= 5.
			// x costs 3, y 2, y <= 1: s = 2, y = 1, x = 2; price 3.
			name: "slack column",
			p: dense([]float64{3, 2, 1}, [][]float64{{1, 1, 1}, {1, 2, 0}}, []float64{5, -inf}, []float64{5, 100},
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
		"fixed columns": removeFixedColumns, "empty columns": removeEmptyColumns,
	} {
		for seed := uint64(0); seed < 60; seed++ {
			rng := rand.New(rand.NewPCG(seed, 41))
			p := doubled(rng, feasibleLP(rng, 1+rng.IntN(15), rng.IntN(12), seed%4 == 0))
			_, _, sol := reduceAndSolve(t, p, do)
			if c := lp.Certify(p, sol); !c.OK {
				t.Errorf("%s, seed %d: %v", name, seed, c)
			}
		}
	}
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
