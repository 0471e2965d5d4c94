package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// Budget is a limit on all money of a model.
func Budget(most float64) primitive.Limit {
	l := primitive.Limit{Name: "budget", Span: primitive.Horizon, Min: []float64{math.Inf(-1)}, Max: []float64{most}, Soft: math.NaN()}
	for c := primitive.Capital; c <= primitive.Sale; c++ {
		sign := 1.0
		if c == primitive.Sale {
			sign = -1 // income
		}
		l.Terms = append(l.Terms, primitive.Term{Of: primitive.MoneyCost, Index: int32(c), Coef: primitive.Const(sign)})
	}
	return l
}

// Weigh gives a problem another objective: the sum of weights x sizes of
// capacities, what stands and what is built, instead of its money.
func (ix *Index) Weigh(p *lp.Problem, weights map[int32]float64) {
	clear(p.Cost)
	p.Offset = 0
	for c, w := range weights {
		k := &ix.m.Capacities[c]
		p.Offset += w * k.Existing
		if col := ix.first[Built][c]; col != primitive.None {
			p.Cost[col] += w
		} else {
			p.Offset += w * k.Min
		}
	}
}

// Beside is where the search for an alternative q may begin, once the plan of least
// cost is known: at that plan, with its duals times a price of money, and that price
// as the dual of the budget, q's last row. What money is worth where the budget ends
// is not known; it is no more than what it is worth on the way there on average, at
// the most that the weighted sizes can fall,
//
//	sum |w| size / room,   room = budget - least cost
//
// of which a third is taken. In part a guess (lp.Options.Rough); nil where q has
// other columns or rows than the first problem and a budget, or nothing is weighed.
func Beside(q *lp.Problem, least *lp.Solution, room float64) *lp.Solution {
	n := q.Rows() - 1
	if len(least.X) != q.Cols() || len(least.Y) != n || !(room > 0) {
		return nil
	}
	sizes := 0.0
	for j, w := range q.Cost {
		sizes += math.Abs(w * least.X[j])
	}
	price := sizes / room / 3
	if !(price > 0) {
		return nil
	}
	near := &lp.Solution{X: least.X, Y: make([]float64, n+1)}
	for i, y := range least.Y {
		near.Y[i] = y * price
	}
	near.Y[n] = -price
	return near
}
