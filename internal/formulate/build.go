// Package formulate turns primitives and a clock into one lp.Problem, and
// keeps the index that leads from each row and column back to what it stands
// for.
//
// What enters: a checked primitive.Model in base units. What leaves: the
// problem as plain arrays, and an Index that names rows and columns when
// asked and reads the values of each primitive out of a solution.
//
// Every variable and every constraint is one entry of a table (table.go) and
// one small function in the file of its primitive, with its formula in the
// doc comment. docs/formulation.md is written from the same tables
// (go test ./internal/formulate -run TestDocument -update).
//
// The functions run twice: first they count columns, rows and entries, then
// they write them, straight into arrays of the right size. There is no map
// and no string on the way. The same model gives the same bytes.
//
// Money is emitted apart from the constraints (money.go), so that a limit on
// money and the objective are the same sum.
//
// A new primitive or a new constraint is a file beside the others and its
// entries in table.go: passive lines in line.go, cycle.go, loss.go and
// outage.go, commitment in commitment.go, maintenance in maintenance.go,
// capacity in modules in module.go, curves in curve.go. What exists in some
// investment periods only goes through alive.go, money by the year through
// money.go.
package formulate

import (
	"errors"
	"math"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// builder holds what the table's functions share while they count and write.
type builder struct {
	axes
	m       *primitive.Model
	ix      *Index
	p       *lp.Problem
	filling bool      // second pass: arrays have their size
	head    Block     // of the rows or columns being written
	cols    int32     // columns so far in this pass
	rows    int32     // rows so far in this pass
	busRow  []int32   // first balance row of each bus, None for an account
	money   []float64 // where prices are added, one a column
	mask    uint16    // classes of money that count
	offset  float64   // constant money met
	share   float64   // of the money of the primitive at hand that counts
	only    int32     // the one scenario whose money counts; 0: all
	averse  bool      // money counts as the objective weighs risk

	cycles   []cycle   // of lines; nil before the first are asked for
	failures []failure // of outages
}

// Build writes the problem of a model. The error lists every fault found, each
// with the primitive it lies in: an index out of range, a series of the wrong
// length, a NaN or an infinity where a number is needed, bounds that cross,
// steps that don't nest, a delay that isn't a whole number of steps.
func Build(m *primitive.Model) (*lp.Problem, *Index, error) {
	b := &builder{m: m, axes: axes{c: m.Clock}, ix: newIndex(m), busRow: make([]int32, len(m.Buses))}
	if faults := b.check(); len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	b.p = &lp.Problem{}

	// Columns: count, then write bounds.
	b.emitColumns()
	n := int(b.cols)
	b.p.Cost = make([]float64, n)
	b.p.ColLower = make([]float64, n)
	b.p.ColUpper = make([]float64, n)
	b.p.Start = make([]int64, n+2)
	b.filling = true
	b.emitColumns()

	// Rows: count entries per column, then write them.
	b.filling = false
	b.emitRows()
	b.p.RowLower = make([]float64, b.rows)
	b.p.RowUpper = make([]float64, b.rows)
	b.allocate()
	b.filling = true
	b.emitRows()
	b.settle()

	b.averse = true
	b.p.Offset = b.price(b.p.Cost, everyClass)
	b.riskMoney()
	b.square()
	if b.p.IsQP() && b.p.IsMIP() {
		return nil, nil, errors.New("quadratic costs and whole numbers (commitment, modules, maintenance, curves that bend down) don't go together: a piecewise cost, or a relaxed commitment, would fit")
	}
	b.ix.p, b.ix.axes = b.p, b.axes
	b.p.Names = b.ix
	return b.p, b.ix, nil
}

// Check is the error that Build would find before it writes; nil for none.
func Check(m *primitive.Model) error {
	b := &builder{m: m, axes: axes{c: m.Clock}, ix: newIndex(m), busRow: make([]int32, len(m.Buses))}
	return errors.Join(b.check()...)
}

func (b *builder) emitColumns() {
	b.cols = 0
	for i := range variables {
		b.head = Block{What: variables[i].what}
		variables[i].emit(b)
	}
}

func (b *builder) emitRows() {
	b.rows = 0
	for i := range constraints {
		b.head = Block{What: constraints[i].what}
		constraints[i].emit(b)
	}
}

// column adds a block of n columns of primitive i and returns its bounds to
// be written: nil while counting, so that loops over them do nothing.
func (b *builder) column(i int, sub, grid int32, n int) (lower, upper []float64) {
	return b.columnFrom(i, sub, grid, 0, n)
}

// columnFrom is column for a block that doesn't begin at step 0.
func (b *builder) columnFrom(i int, sub, grid, step int32, n int) (lower, upper []float64) {
	first := b.cols
	b.cols += int32(n)
	if b.filling {
		return b.p.ColLower[first:b.cols], b.p.ColUpper[first:b.cols]
	}
	b.ix.addColumns(Block{What: b.head.What, Index: int32(i), Sub: sub, Grid: grid, Step: step, First: first, Count: int32(n)})
	return nil, nil
}

// integers marks the n columns added last as whole numbers.
func (b *builder) integers(n int) {
	if n == 0 || !b.filling {
		return
	}
	if b.p.Integer == nil {
		b.p.Integer = make([]bool, len(b.p.Cost))
	}
	for j := int(b.cols) - n; j < int(b.cols); j++ {
		b.p.Integer[j] = true
	}
}

// begin says whose rows come next.
func (b *builder) begin(i int, sub, grid int32) {
	b.head.Index, b.head.Sub, b.head.Grid = int32(i), sub, grid
}

// row adds the row of one step. Rows of neighbouring steps share a block.
func (b *builder) row(step int32, lower, upper float64) int32 {
	r := b.rows
	b.rows++
	if b.filling {
		b.p.RowLower[r], b.p.RowUpper[r] = lower+0, upper+0 // -0 becomes 0
	} else {
		b.ix.addRow(b.head, step, r)
	}
	return r
}

// add writes one entry. Exact zeros leave no trace; entries at the same place
// are summed in settle.
func (b *builder) add(row, col int32, v float64) {
	if v == 0 {
		return
	}
	if !b.filling {
		b.p.Start[col+2]++
		return
	}
	k := b.p.Start[col+1]
	b.p.Index[k], b.p.Value[k] = row, v
	b.p.Start[col+1] = k + 1
}

// allocate turns the counts into starts. While entries are written Start[j+1]
// is the place of column j's next one, so that it ends where j+1 begins.
func (b *builder) allocate() {
	start := b.p.Start
	for j := 2; j < len(start); j++ {
		start[j] += start[j-1]
	}
	n := start[len(start)-1]
	b.p.Index = make([]int32, n)
	b.p.Value = make([]float64, n)
}

// settle orders the entries of each column by row and sums those at the same
// place, in the order they were written.
func (b *builder) settle() {
	p := b.p
	p.Start = p.Start[:len(p.Start)-1]
	var order sorter
	var to int64
	var from int64
	for j := 0; j+1 < len(p.Start); j++ {
		end := p.Start[j+1]
		order.sort(p.Index[from:end], p.Value[from:end])
		p.Start[j] = to
		for k := from; k < end; {
			row, v := p.Index[k], p.Value[k]
			for k++; k < end && p.Index[k] == row; k++ {
				v += p.Value[k]
			}
			if v != 0 {
				p.Index[to], p.Value[to] = row, v
				to++
			}
		}
		from = end
	}
	p.Start[len(p.Start)-1] = to
	p.Index, p.Value = p.Index[:to], p.Value[:to]
}

// finite reports whether v is a number that can be computed with.
func finite(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }
