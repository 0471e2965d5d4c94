package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// rateColumns: the rate of a trade:
//
//	Min <= r <= Max, or a capacity's share (trade.max, trade.min)
func rateColumns(b *builder) {
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		lower, upper := b.column(i, 0, tr.Grid, b.times[tr.Grid].Len())
		if tr.Bound != nil {
			b.boundColumns(tr.Bound, tr.Grid, lower, upper)
			if len(tr.Blocks) > 0 {
				// The minimum holds for rate and blocks together.
				for t := range lower {
					lower[t] = math.Min(0, lower[t])
				}
			}
			continue
		}
		least, most := b.on(tr.Min, tr.Grid), b.on(tr.Max, tr.Grid)
		for t := range lower {
			lower[t], upper[t] = least.at(int32(t))+0, most.at(int32(t))+0
		}
	}
}

// furtherColumns: further amounts of a trade at other prices:
//
//	0 <= r_k <= Size_k
func furtherColumns(b *builder) {
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		b.blockColumns(i, tr.Blocks, tr.Grid)
	}
}

// tradeColumns returns the first columns of a trade: its rate, then its blocks.
func (b *builder) tradeColumns(i int) []int32 {
	tr := &b.m.Trades[i]
	first := []int32{b.ix.first[Rate][i]}
	for k := range tr.Blocks {
		first = append(first, b.blockColumn(Further, i, k, tr.Grid))
	}
	return first
}

// tradeFlows visits what trades bring into and take from their buses, and what
// comes with it.
func (b *builder) tradeFlows(visit func(*flow)) {
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		for k, col := range b.tradeColumns(i) {
			f := flow{what: Rate, index: int32(i), col: col, grid: tr.Grid, bus: tr.Bus, ratio: one, scale: 1}
			if k > 0 {
				f.what = Further
			}
			if tr.Sell {
				f.scale = -1
			}
			visit(&f)
			f.scale = 1
			for n := range tr.Also {
				b.portFlow(f, n+1, &tr.Also[n], visit)
			}
		}
	}
}

// tradeMax: a trade with its blocks stays within the capacity it shares:
//
//	r + sum_k r_k - Max Coef built <= Max Coef Existing
func tradeMax(b *builder) {
	for i := range b.m.Trades {
		if tr := &b.m.Trades[i]; tr.Bound != nil {
			b.boundAbove(i, tr.Bound, tr.Grid, always, len(tr.Blocks) > 0, b.tradeColumns(i)...)
		}
	}
}

// tradeMin: a trade with its blocks keeps to the minimum of a capacity:
//
//	r + sum_k r_k - Min Coef built >= Min Coef Existing
func tradeMin(b *builder) {
	for i := range b.m.Trades {
		if tr := &b.m.Trades[i]; tr.Bound != nil {
			b.boundBelow(i, tr.Bound, tr.Grid, always, len(tr.Blocks) > 0, b.tradeColumns(i)...)
		}
	}
}

// tradeTotal: what a trade amounts to in a span, blocks included (w the amount
// weight; EachStep: the rate itself):
//
//	Min_s <= sum_{t in s} w_t (r_t + sum_k r_kt) <= Max_s
func tradeTotal(b *builder) {
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		columns := b.tradeColumns(i)
		for n := range tr.Scopes {
			tot := &tr.Scopes[n]
			sp, first := b.spanRows(i, int32(n), tot.Span, tr.Grid, tot.Min, tot.Max)
			for _, col := range columns {
				f := flow{col: col, grid: tr.Grid, ratio: one, scale: 1}
				b.sum(sp, first, &f, one)
			}
		}
	}
}

// spanRows adds one row for each span with its bounds, and returns the spans
// and the first row.
func (b *builder) spanRows(i int, sub int32, s primitive.Span, g int32, least, most []float64) (*spans, int32) {
	sp := b.eachStep(g)
	if s != primitive.EachStep {
		sp, _ = b.set(s)
		g = spanned - int32(s)
	}
	b.begin(i, sub, g)
	first := b.rows
	for k := range sp.n {
		b.row(int32(k), of(least, k, math.Inf(-1)), of(most, k, math.Inf(1)))
	}
	return sp, first
}

// of is the k-th of one value, or one a span; none of no values.
func of(values []float64, k int, none float64) float64 {
	switch len(values) {
	case 0:
		return none
	case 1:
		return values[0]
	}
	return values[k]
}
