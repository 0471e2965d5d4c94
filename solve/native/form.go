package native

import (
	"math"

	"example.org/busbar/lp"
)

// form is the problem as the interior point sees it:
//
//	min  c'x + x'Qx/2
//	s.t. Ax - s = 0,  lower <= (x, s) <= upper
//
// with one row variable s a row. A vector over (x, s) has length n+m, columns
// first. Rows with lower == upper keep s fixed; it is then no variable but the
// right-hand side. Every other row has at least one finite side, every column
// lower < upper.
type form struct {
	n, m int

	nonzeros int

	// A by columns; gone when the factor is made.
	start []int
	index []int32
	value []float64

	byCol, byRow *lines // for products with A' and A, made by lay after scaling

	cost         []float64
	lower, upper []float64 // nil once an ipm has them

	// Q: diagonal, and the entries below it by columns.
	qDiag  []float64 // nil for an LP
	qStart []int     // nil where Q is diagonal
	qIndex []int32
	qValue []float64

	kind []kind // of each of the n+m variables
}

// kind says which bounds a variable has.
type kind uint8

const (
	hasLower kind = 1 << iota
	hasUpper
	isFixed // the row variable of an equation
)

// newForm makes a form of p, which must have no fixed columns and no free rows, and
// takes over its entries and costs: scaling changes them in place.
func newForm(p *lp.Problem) *form {
	n, m := p.Cols(), p.Rows()
	f := &form{n: n, m: m, nonzeros: len(p.Index), start: make([]int, n+1), index: p.Index, value: p.Value, cost: p.Cost}
	for j, s := range p.Start {
		f.start[j] = int(s)
	}
	f.lower = append(append(make([]float64, 0, n+m), p.ColLower...), p.RowLower...)
	f.upper = append(append(make([]float64, 0, n+m), p.ColUpper...), p.RowUpper...)
	if p.IsQP() {
		f.qDiag = make([]float64, n)
		f.qStart = make([]int, n+1)
		for j := 0; j < n; j++ {
			for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
				if i := p.QIndex[k]; int(i) == j {
					f.qDiag[j] += p.QValue[k]
				} else {
					f.qIndex = append(f.qIndex, i)
					f.qValue = append(f.qValue, p.QValue[k])
				}
			}
			f.qStart[j+1] = len(f.qIndex)
		}
		if len(f.qIndex) == 0 {
			f.qStart = nil
		}
	}
	f.classify()
	return f
}

func (f *form) classify() {
	f.kind = make([]kind, f.n+f.m)
	for v := range f.kind {
		var k kind
		if !math.IsInf(f.lower[v], 0) {
			k |= hasLower
		}
		if !math.IsInf(f.upper[v], 0) {
			k |= hasUpper
		}
		if v >= f.n && f.lower[v] == f.upper[v] {
			k = isFixed
		}
		f.kind[v] = k
	}
}

// pattern returns the graph of the augmented system: node j for column j, node
// n+i for row i.
func (f *form) pattern() *graph {
	n, m := f.n, f.m
	g := &graph{ptr: make([]int, n+m+1)}
	for j := 0; j < n; j++ {
		for k := f.start[j]; k < f.start[j+1]; k++ {
			g.ptr[j+1]++
			g.ptr[n+int(f.index[k])+1]++
		}
		if f.qStart != nil {
			for k := f.qStart[j]; k < f.qStart[j+1]; k++ {
				g.ptr[j+1]++
				g.ptr[f.qIndex[k]+1]++
			}
		}
	}
	for i := 0; i < n+m; i++ {
		g.ptr[i+1] += g.ptr[i]
	}
	g.adj = make([]int32, g.ptr[n+m])
	at := append([]int(nil), g.ptr[:n+m]...)
	edge := func(a, b int) {
		g.adj[at[a]], g.adj[at[b]] = int32(b), int32(a)
		at[a]++
		at[b]++
	}
	for j := 0; j < n; j++ {
		for k := f.start[j]; k < f.start[j+1]; k++ {
			edge(j, n+int(f.index[k]))
		}
		if f.qStart != nil {
			for k := f.qStart[j]; k < f.qStart[j+1]; k++ {
				edge(j, int(f.qIndex[k]))
			}
		}
	}
	return g
}

// lay lays A out for products: by columns and by rows, so that both run over separate
// outputs and can be shared among threads.
func (f *form) lay() {
	f.byCol = linesOf(f.start, f.index, f.value)
	start := make([]int, f.m+1)
	for _, i := range f.index {
		start[i+1]++
	}
	for i := 0; i < f.m; i++ {
		start[i+1] += start[i]
	}
	index, value := make([]int32, len(f.index)), make([]float64, len(f.index))
	at := append([]int(nil), start[:f.m]...)
	for j := 0; j < f.n; j++ {
		for k := f.start[j]; k < f.start[j+1]; k++ {
			i := f.index[k]
			index[at[i]], value[at[i]] = int32(j), f.value[k]
			at[i]++
		}
	}
	f.byRow = linesOf(start, index, value)
}

// timesQ adds Qx to out.
func (f *form) timesQ(x, out []float64) {
	for j, d := range f.qDiag {
		out[j] += d * x[j]
	}
	if f.qStart == nil {
		return
	}
	for j := 0; j < f.n; j++ {
		t := 0.0
		for k := f.qStart[j]; k < f.qStart[j+1]; k++ {
			i, q := f.qIndex[k], f.qValue[k]
			t += q * x[i]
			out[i] += q * x[j]
		}
		out[j] += t
	}
}

// hollow tells for each node of pattern whether its diagonal in the augmented
// system is zero whatever the point: equations, and columns without bounds and
// without curvature.
func (f *form) hollow() []bool {
	h := make([]bool, f.n+f.m)
	for v, k := range f.kind {
		h[v] = k == isFixed || v < f.n && k == 0 && (f.qDiag == nil || f.qDiag[v] == 0)
	}
	return h
}
