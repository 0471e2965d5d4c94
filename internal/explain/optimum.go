package explain

import (
	"errors"
	"math"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// ErrDuals says that an answer has no duals, and so no prices: it has
// integers, or was stopped before its end.
var ErrDuals = errors.New("the run has no prices: it has whole numbers in it, or was stopped before its end")

// Optimum reads an optimum. It is made once and asked often.
type Optimum struct {
	*answer
	money string // currency

	rowOf                []int32 // first balance row of each bus
	row                  []place // of each row
	col                  []place // of each column
	rowBlocks, colBlocks []formulate.Block
	weight               []float64 // of each balance row: what money in its step counts; 0 elsewhere
	starts               []int64   // A by rows
	cols                 []int32
	values               []float64
	unit                 float64 // the size of prices here, for tolerances
	own                  []bool  // of each limit: the planner's, not one that a kind wrote

	via  []int32 // of each balance row: column that leads to what sets its price, None
	next []int32 // row it leads to; the row itself where the column sets the price
	root []int32 // of each balance row: one row of all that free columns between two buses link
	ends []edge  // of each column that is free between two buses: their rows; None for others
}

// edge is the two balance rows of a column.
type edge struct{ a, b int32 }

// other is the row on the other side.
func (e edge) other(i int32) int32 {
	if e.a == i {
		return e.b
	}
	return e.a
}

// place is what a row or column stands for.
type place struct {
	block int32 // in the index's order
	step  int32
}

// NewOptimum prepares an optimum; ErrDuals where there are no prices.
func NewOptimum(s *Solved) (*Optimum, error) {
	p := s.Problem
	if len(s.Y) != p.Rows() || len(s.X) != p.Cols() {
		return nil, ErrDuals
	}
	o := &Optimum{answer: newAnswer(newNames(s.System, s.Model), p, s.Index, gradient(p, s.X), s.X, s.Y), money: "money"}
	if s.System != nil {
		o.money = s.System.Currency
	}
	o.rowOf = o.balances()
	o.own = o.planners()
	o.weight = make([]float64, p.Rows())
	n := int32(0)
	s.Index.Rows(func(k formulate.Block) {
		o.rowBlocks = append(o.rowBlocks, k)
		for i := range k.Count {
			o.row = append(o.row, place{n, k.Step + i})
			if k.What == formulate.Balance {
				o.weight[k.First+i] = s.Model.Clock.Grids[k.Grid].Cost[k.Step+i]
				o.unit = math.Max(o.unit, math.Abs(o.price(k.First+i)))
			}
		}
		n++
	})
	n = 0
	s.Index.Cols(func(k formulate.Block) {
		o.colBlocks = append(o.colBlocks, k)
		for i := range k.Count {
			o.col = append(o.col, place{n, k.Step + i})
		}
		n++
	})
	o.starts, o.cols, o.values = o.p.ByRows()
	o.trace()
	return o, nil
}

// price is a balance row's dual as money per unit, NaN in a step without weight.
func (o *Optimum) price(row int32) float64 {
	if w := o.weight[row]; w != 0 {
		return o.y[row] / w
	}
	return math.NaN()
}

// terms of a column: c = z + sum of what its rows come to, sorted by what they
// are.
type terms struct {
	own    float64 // c
	buses  []entry // balance rows
	limits []entry // the planner's limits, and totals
	held   []entry // what holds it: capacities, ramps, windows, links of periods, a kind's own limits
	z      float64
}

type entry struct {
	row   int32
	value float64 // a_ij
	dual  float64 // a_ij y_i
}

func (o *Optimum) terms(j int32) terms {
	p := o.p
	t := terms{own: o.cost[j], z: o.z[j]}
	for k := p.Start[j]; k < p.Start[j+1]; k++ {
		i := p.Index[k]
		e := entry{i, p.Value[k], p.Value[k] * o.y[i]}
		switch k := o.rowBlocks[o.row[i].block]; {
		case k.What == formulate.Balance:
			t.buses = append(t.buses, e)
		case k.What == formulate.TradeTotal, k.What == formulate.LimitSum && o.own[k.Index]:
			t.limits = append(t.limits, e)
		default:
			t.held = append(t.held, e)
		}
	}
	return t
}

// holding is what bounds, capacities, ramps and windows pay for the column to
// stay where it is: 0 for one that is free to move.
func (t *terms) holding() float64 {
	sum := t.z
	for _, e := range t.held {
		sum += e.dual
	}
	return sum
}

// free reports whether a column may move either way without anything paying
// for it to stay: it is strictly between its bounds and nothing holds it. Its
// costs and the prices it meets are then one equation.
func (o *Optimum) free(j int32, t *terms) bool {
	w := 0.0 // the largest weight of its rows, to read the holding as a price
	for _, e := range t.buses {
		w = math.Max(w, math.Abs(e.value)*o.weight[e.row])
	}
	if w == 0 || math.Abs(t.holding()) > 1e-6*o.unit*w {
		return false
	}
	for _, e := range t.held {
		if math.Abs(e.dual) > 1e-6*o.unit*w {
			return false
		}
	}
	l, u, x := o.p.ColLower[j], o.p.ColUpper[j], o.x[j]
	near := 1e-7 * (1 + math.Abs(x))
	return x > l+near && x < u-near
}

// trace leads every balance row to what sets its price: from each column that
// is free and meets no other bus outwards, over free columns between two.
func (o *Optimum) trace() {
	n := o.p.Rows()
	o.via, o.next = make([]int32, n), make([]int32, n)
	for i := range o.via {
		o.via[i] = primitive.None
	}
	o.root = make([]int32, n)
	for i := range o.root {
		o.root[i] = int32(i)
	}
	o.ends = make([]edge, o.p.Cols())
	var queue []int32
	for j := range o.ends {
		o.ends[j] = edge{primitive.None, primitive.None}
		t := o.terms(int32(j))
		if len(t.buses) == 0 || len(t.buses) > 2 || !o.free(int32(j), &t) {
			continue
		}
		a := t.buses[0].row
		if len(t.buses) == 2 {
			o.ends[j] = edge{a, t.buses[1].row}
			o.root[o.find(a)] = o.find(t.buses[1].row)
			continue
		}
		if o.via[a] == primitive.None {
			o.via[a], o.next[a] = int32(j), a
			queue = append(queue, a)
		}
	}
	// First by what carries or keeps one commodity, then by what turns one into
	// another: a price is sooner believed from the battery than from the anodes
	// that hold the same power.
	for _, any := range []bool{false, true} {
		for n := 0; n < len(queue); n++ {
			i := queue[n]
			for k := o.starts[i]; k < o.starts[i+1]; k++ {
				j := o.cols[k]
				e := o.ends[j]
				if e.a == primitive.None || !any && !o.carries(e) {
					continue
				}
				if to := e.other(i); o.via[to] == primitive.None {
					o.via[to], o.next[to] = j, i
					queue = append(queue, to)
				}
			}
		}
	}
}

// carries reports whether an edge stays with one commodity: its buses are of
// one, or inside assets.
func (o *Optimum) carries(e edge) bool {
	a := &o.m.Buses[o.rowBlocks[o.row[e.a].block].Index]
	b := &o.m.Buses[o.rowBlocks[o.row[e.b].block].Index]
	return a.Commodity == b.Commodity || a.Asset != primitive.None || b.Asset != primitive.None
}

// find is the row that stands for all that are linked to a row.
func (o *Optimum) find(i int32) int32 {
	for o.root[i] != i {
		o.root[i] = o.root[o.root[i]]
		i = o.root[i]
	}
	return i
}
