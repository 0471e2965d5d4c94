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
