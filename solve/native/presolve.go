package native

import (
	"math"
	"slices"

	"example.org/busbar/lp"
)

// presolve makes a problem smaller and remembers how, so that a point of the
// small problem becomes one of the original, primal and dual.
//
// Every reduction is a file of its own (presolve_*.go) and leaves a record.
// Records are undone last first; when one is undone, x and y are those of the
// problem as it was just after the reduction, with zeros for every row and
// column that had gone before. The reduced cost of column j at that stage is
// therefore cost + (Qx)_j - sum_i a_ij y_i over all rows, with the cost of the
// stage, which the record keeps where it is needed.
//
// Only an aggregation (presolve_aggregate.go) changes entries of A. It writes a
// changed column anew behind the others, so that undoing it is to point back to
// the old one.
type presolve struct {
	p *lp.Problem

	// A by columns: column j is from[j]..to[j] of the rest. slot is where an entry
	// is kept by rows.
	from, to []int32
	cindex   []int32
	cvalue   []float64
	slot     []int32

	// A by rows.
	rstart []int
	rindex []int32
	rvalue []float64

	cost     []float64
	costSize []float64 // largest number that went into each cost
	cl, cu   []float64
	rl, ru   []float64
	offset   float64

	rowLive, colLive   []bool
	rowAsked           []bool  // a record reads the entries of the row
	rowCount, colCount []int32 // living entries
	quad               []bool  // column has an entry in Q; nil for an LP
	qfull              [][]quadEntry

	records []record
	numbers []float64
	merges  []merge
	verdict verdict
	changed int // reductions in this round

	tol float64 // feasibility tolerance, relative
}

type quadEntry struct {
	col   int32
	value float64
}

// verdict is what presolve found out about the problem as a whole.
type verdict uint8

const (
	undecided  verdict = iota
	infeasible         // no point satisfies rows and bounds
	unbounded          // a ray improves for ever; the problem may be infeasible too
)

// record is one reduction; its numbers are s.numbers[at:], in an order that the
// function that undoes it knows.
type record struct {
	undo     func(s *presolve, r record, x, y []float64)
	row, col int32
	at       int
}

// note leaves a record.
func (s *presolve) note(undo func(*presolve, record, []float64, []float64), row, col int32, numbers ...float64) {
	s.records = append(s.records, record{undo, row, col, len(s.numbers)})
	s.numbers = append(s.numbers, numbers...)
}

func newPresolve(p *lp.Problem) *presolve {
	n, m := p.Cols(), p.Rows()
	s := &presolve{
		p: p, offset: p.Offset, tol: 1e-9,
		cost: append([]float64(nil), p.Cost...), costSize: append([]float64(nil), p.Cost...),
		cl: append([]float64(nil), p.ColLower...), cu: append([]float64(nil), p.ColUpper...),
		rl: append([]float64(nil), p.RowLower...), ru: append([]float64(nil), p.RowUpper...),
		rowLive: make([]bool, m), colLive: make([]bool, n), rowAsked: make([]bool, m),
		rowCount: make([]int32, m), colCount: make([]int32, n),
		from: make([]int32, n), to: make([]int32, n), slot: make([]int32, len(p.Index)),
		// Without room to grow: p's own arrays are not written to.
		cindex: slices.Clip(p.Index), cvalue: slices.Clip(p.Value),
		rstart: make([]int, m+1), rindex: make([]int32, len(p.Index)), rvalue: make([]float64, len(p.Index)),
	}
	for i := range s.rowLive {
		s.rowLive[i] = true
	}
	for j := range s.colLive {
		s.colLive[j] = true
		s.from[j], s.to[j] = int32(p.Start[j]), int32(p.Start[j+1])
		s.costSize[j] = math.Abs(s.costSize[j])
	}
	for j := 0; j < n; j++ {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			if p.Value[k] != 0 {
				s.rowCount[p.Index[k]]++
				s.colCount[j]++
			}
		}
	}
	for i, c := range s.rowCount {
		s.rstart[i+1] = s.rstart[i] + int(c)
	}
	at := append([]int(nil), s.rstart[:m]...)
	for j := 0; j < n; j++ {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			if v := p.Value[k]; v != 0 {
				i := p.Index[k]
				s.rindex[at[i]], s.rvalue[at[i]] = int32(j), v
				s.slot[k] = int32(at[i])
				at[i]++
			}
		}
	}
	if p.IsQP() {
		s.quad = make([]bool, n)
		s.qfull = make([][]quadEntry, n)
		for j := 0; j < n; j++ {
			for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
				i, v := p.QIndex[k], p.QValue[k]
				if v == 0 {
					continue
				}
				s.quad[i], s.quad[j] = true, true
				s.qfull[j] = append(s.qfull[j], quadEntry{i, v})
				if int(i) != j {
					s.qfull[i] = append(s.qfull[i], quadEntry{int32(j), v})
				}
			}
		}
	}
	return s
}

// row calls do with each living entry of row i.
func (s *presolve) row(i int32, do func(j int32, a float64)) {
	for k := s.rstart[i]; k < s.rstart[i+1]; k++ {
		if j := s.rindex[k]; s.colLive[j] && s.rvalue[k] != 0 {
			do(j, s.rvalue[k])
		}
	}
}

// column calls do with each living entry of column j.
func (s *presolve) column(j int32, do func(i int32, a float64)) {
	for k := s.from[j]; k < s.to[j]; k++ {
		if i := s.cindex[k]; s.rowLive[i] && s.cvalue[k] != 0 {
			do(i, s.cvalue[k])
		}
	}
}

func (s *presolve) quadratic(j int32) bool { return s.quad != nil && s.quad[j] }

// dropRow takes row i out.
func (s *presolve) dropRow(i int32) {
	s.rowLive[i] = false
	s.row(i, func(j int32, _ float64) { s.colCount[j]-- })
	s.changed++
}

// dropColumn takes column j out; its rows must have been adjusted.
func (s *presolve) dropColumn(j int32) {
	s.colLive[j] = false
	s.column(j, func(i int32, _ float64) { s.rowCount[i]-- })
	s.changed++
}

// reducedCost is the reduced cost of column j at the stage where its cost was
// cost and the rest as in x and y.
func (s *presolve) reducedCost(j int32, cost float64, x, y []float64) float64 {
	z := cost
	if s.quad != nil {
		for _, q := range s.qfull[j] {
			z += q.value * x[q.col]
		}
	}
	for k := s.from[j]; k < s.to[j]; k++ {
		z -= s.cvalue[k] * y[s.cindex[k]]
	}
	return z
}

// run reduces until little happens any more.
func (s *presolve) run(list []pass) verdict {
	for j := range s.cl {
		if s.cl[j] > s.cu[j] {
			return infeasible
		}
	}
	for i := range s.rl {
		if s.rl[i] > s.ru[i] {
			return infeasible
		}
	}
	size := len(s.rowLive) + len(s.colLive)
	for round := 0; round < 20 && s.verdict == undecided; round++ {
		s.changed = 0
		for _, p := range list {
			if (p.once == 0 || round < p.once) && s.verdict == undecided {
				p.do(s)
			}
		}
		if s.changed <= size/1000 && (round > 0 || s.changed == 0) {
			break
		}
	}
	for _, p := range needed {
		if s.verdict == undecided {
			p.do(s)
		}
	}
	return s.verdict
}

// pass is one kind of reduction, tried on the whole problem.
type pass struct {
	do   func(*presolve)
	once int // rounds in which it is tried; 0: all
}

// needed are the reductions the interior point can't do without.
var needed = []pass{
	{removeFreeRows, 0},
	{removeFixedColumns, 0},
	{removeEmptyRows, 0},
	{removeEmptyColumns, 0},
}

// passes lists the reductions in the order they are tried in a round.
var passes = []pass{
	{removeSingletonRows, 0},
	{checkActivities, 0},
	{removeFreeRows, 0},
	{removeFixedColumns, 0},
	{removeEmptyRows, 0},
	{removeDominatedColumns, 0},
	{removeSingletonColumns, 0},
	{removeEmptyColumns, 0},
	{aggregateDoubletons, 0},
	{mergeDuplicateRows, 2},
	{mergeDuplicateColumns, 2},
}

// reduced returns the small problem with the numbers its rows and columns had. It
// is the end of presolve.
func (s *presolve) reduced() (q *lp.Problem, rows, cols []int32) {
	rowNew := make([]int32, len(s.rowLive))
	for i, live := range s.rowLive {
		if live {
			rowNew[i] = int32(len(rows))
			rows = append(rows, int32(i))
		}
	}
	colNew := make([]int32, len(s.colLive))
	nz := 0
	for j, live := range s.colLive {
		colNew[j] = -1
		if live {
			colNew[j] = int32(len(cols))
			cols = append(cols, int32(j))
			nz += int(s.colCount[j])
		}
	}
	n, m := len(cols), len(rows)
	q = &lp.Problem{
		Offset: s.offset, Start: make([]int64, n+1), Index: make([]int32, 0, nz), Value: make([]float64, 0, nz),
		Cost: make([]float64, n), ColLower: make([]float64, n), ColUpper: make([]float64, n),
		RowLower: make([]float64, m), RowUpper: make([]float64, m),
	}
	for k, j := range cols {
		q.Cost[k], q.ColLower[k], q.ColUpper[k] = s.cost[j], s.cl[j], s.cu[j]
		s.column(j, func(i int32, a float64) {
			q.Index = append(q.Index, rowNew[i])
			q.Value = append(q.Value, a)
		})
		q.Start[k+1] = int64(len(q.Index))
	}
	for k, i := range rows {
		q.RowLower[k], q.RowUpper[k] = s.rl[i], s.ru[i]
	}
	if s.quad != nil {
		q.QStart = make([]int64, len(cols)+1)
		for k, j := range cols {
			for p := s.p.QStart[j]; p < s.p.QStart[j+1]; p++ {
				if i := colNew[s.p.QIndex[p]]; i >= 0 && s.p.QValue[p] != 0 {
					q.QIndex = append(q.QIndex, i)
					q.QValue = append(q.QValue, s.p.QValue[p])
				}
			}
			q.QStart[k+1] = int64(len(q.QIndex))
		}
	}
	s.settle()
	return q, rows, cols
}

// settle lets go of what only reductions need, and of the rows that no record asks
// for: the rest is held as long as the small problem is solved.
func (s *presolve) settle() {
	s.cost, s.costSize, s.cl, s.cu, s.rl, s.ru = nil, nil, nil, nil, nil, nil
	s.rowCount, s.colCount = nil, nil
	s.records, s.numbers = slices.Clone(s.records), slices.Clone(s.numbers)
	if len(s.merges) > 0 { // which are undone in the rows too
		return
	}
	s.slot = nil
	from, to := 0, 0
	for i, asked := range s.rowAsked {
		until := s.rstart[i+1]
		if asked {
			copy(s.rindex[to:], s.rindex[from:until])
			copy(s.rvalue[to:], s.rvalue[from:until])
			to += until - from
		}
		from = until
		s.rstart[i+1] = to
	}
	s.rindex, s.rvalue = slices.Clone(s.rindex[:to]), slices.Clone(s.rvalue[:to])
}

// restore turns a point of the small problem into one of the original.
func (s *presolve) restore(rows, cols []int32, sx, sy []float64) (x, y []float64) {
	x = make([]float64, len(s.colLive))
	y = make([]float64, len(s.rowLive))
	for k, j := range cols {
		x[j] = sx[k]
	}
	for k, i := range rows {
		y[i] = sy[k]
	}
	for k := len(s.records) - 1; k >= 0; k-- {
		r := s.records[k]
		r.undo(s, r, x, y)
	}
	// A stands as given now; the next point needs it as it was left.
	for _, m := range s.merges {
		s.place(m)
	}
	return x, y
}

// slack is what rounding may leave of a bound b.
func (s *presolve) slack(b float64) float64 { return s.tol * (1 + math.Abs(b)) }
