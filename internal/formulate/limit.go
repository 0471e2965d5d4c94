package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// soft reports whether a limit may be violated at a price.
func soft(l *primitive.Limit) bool { return !math.IsNaN(l.Soft) }

// overColumns: by how much a soft limit is exceeded:
//
//	0 <= over
func overColumns(b *builder) {
	for i := range b.m.Limits {
		l := &b.m.Limits[i]
		b.slackColumns(i, soft(l) && anyFinite(l.Max))
	}
}

// underColumns: by how much a soft limit is missed from below:
//
//	0 <= under
func underColumns(b *builder) {
	for i := range b.m.Limits {
		l := &b.m.Limits[i]
		b.slackColumns(i, soft(l) && anyFinite(l.Min))
	}
}

func (b *builder) slackColumns(i int, wanted bool) {
	if !wanted {
		return
	}
	sp, g := b.limitSpans(&b.m.Limits[i])
	_, upper := b.column(i, 0, g, sp.n)
	for t := range upper {
		upper[t] = math.Inf(1)
	}
}

func anyFinite(values []float64) bool {
	for _, v := range values {
		if finite(v) {
			return true
		}
	}
	return false
}

// limitSpans returns a limit's spans and the grid of its block.
func (b *builder) limitSpans(l *primitive.Limit) (*spans, int32) {
	if l.Span == primitive.EachStep {
		g := b.limitGrid(l)
		return b.eachStep(g), g
	}
	sp, _ := b.set(l.Span)
	return sp, spanned - int32(l.Span)
}

// limitGrid is the finest grid among a limit's terms.
func (b *builder) limitGrid(l *primitive.Limit) int32 {
	finest := primitive.None
	take := func(g int32) {
		if finest == primitive.None || b.times[g].Len() > b.times[finest].Len() {
			finest = g
		}
	}
	for k := range l.Terms {
		i := l.Terms[k].Index
		switch l.Terms[k].Of {
		case primitive.UnitActivity:
			take(b.m.Units[i].Grid)
		case primitive.StoreLevel, primitive.StoreSpill:
			take(b.busGrid(b.m.Stores[i].Bus))
		case primitive.RouteFlow:
			take(b.m.Routes[i].Grid)
		case primitive.DemandShed, primitive.DemandServed:
			take(b.busGrid(b.m.Demands[i].Bus))
		case primitive.TradeRate:
			take(b.m.Trades[i].Grid)
		case primitive.LineFlow:
			take(b.m.Lines[i].Grid)
		case primitive.BusAccount:
			b.flows(func(f *flow) {
				if f.bus == i {
					take(f.grid)
				}
			})
		}
	}
	return max(finest, 0)
}

// limitSum: a sum over anything stays within limits, in every span s (w the
// amount weight; EachStep: rates and levels as they are; a capacity counts
// once, its coefficient's mean; what is constant is moved to the right):
//
//	Min_s <= sum_terms sum_{t in s} w_t coef_t v_t - over_s + under_s <= Max_s
func limitSum(b *builder) {
	if b.filling {
		b.ix.limits, b.ix.known = b.rows, make([]float64, len(b.p.RowLower)-int(b.rows))
	}
	for i := range b.m.Limits {
		l := &b.m.Limits[i]
		sp, g := b.limitSpans(l)
		b.begin(i, 0, g)
		first := b.rows
		for k := range sp.n {
			b.row(int32(k), of(l.Min, k, math.Inf(-1)), of(l.Max, k, math.Inf(1)))
		}
		for k := range l.Terms {
			b.limitTerm(sp, first, &l.Terms[k])
		}
		for k := range int32(sp.n) {
			if col := b.ix.first[Over][i]; col != primitive.None {
				b.add(first+k, col+k, -1)
			}
			if col := b.ix.first[Under][i]; col != primitive.None {
				b.add(first+k, col+k, 1)
			}
		}
	}
}

// limitTerm enters one term in the rows from first on.
func (b *builder) limitTerm(sp *spans, first int32, t *primitive.Term) {
	i := t.Index
	plain := func(w What, g int32) {
		if col := b.ix.first[w][i]; col != primitive.None {
			b.sum(sp, first, &flow{col: col, grid: g, ratio: one, scale: 1}, t.Coef)
		}
	}
	switch t.Of {
	case primitive.UnitActivity:
		plain(Activity, b.m.Units[i].Grid)
	case primitive.StoreLevel:
		plain(Level, b.busGrid(b.m.Stores[i].Bus))
	case primitive.StoreSpill:
		plain(Spill, b.busGrid(b.m.Stores[i].Bus))
	case primitive.RouteFlow:
		plain(Forward, b.m.Routes[i].Grid)
		plain(Back, b.m.Routes[i].Grid)
	case primitive.LineFlow:
		plain(Through, b.m.Lines[i].Grid)
	case primitive.DemandShed:
		plain(Shed, b.busGrid(b.m.Demands[i].Bus))
	case primitive.DemandServed:
		d := &b.m.Demands[i]
		g := b.busGrid(d.Bus)
		b.known(sp, first, t.Coef, d.Amount, 1)
		if col := b.ix.first[Shed][i]; col != primitive.None {
			b.sum(sp, first, &flow{col: col, grid: g, ratio: one, scale: -1}, t.Coef)
		}
		for k := range d.Elastic {
			b.sum(sp, first, &flow{col: b.blockColumn(Elastic, int(i), k, g), grid: g, ratio: one, scale: 1}, t.Coef)
		}
	case primitive.TradeRate:
		for _, col := range b.tradeColumns(int(i)) {
			b.sum(sp, first, &flow{col: col, grid: b.m.Trades[i].Grid, ratio: one, scale: 1}, t.Coef)
		}
	case primitive.CapacitySize:
		b.sizeTerm(sp, first, i, b.meanOver(sp, t.Coef))
	case primitive.BusAccount:
		b.accountTerm(sp, first, i, t.Coef)
	case primitive.MoneyCost:
		b.moneyTerm(first, primitive.Class(i), t.Coef.Value)
	}
}

// known moves scale x coef x s, summed over each span, to the right-hand side.
func (b *builder) known(sp *spans, first int32, coef, s primitive.Series, scale float64) {
	if !b.filling {
		return
	}
	for k, v := range sp.sumConstant(coef, s) {
		b.shift(first+int32(k), scale*v)
	}
}

// shift moves a constant of a row to its right-hand side.
func (b *builder) shift(row int32, v float64) {
	b.p.RowLower[row] -= v
	b.p.RowUpper[row] -= v
	b.ix.known[row-b.ix.limits] += v
}

// meanOver is the mean of a series over each span, by amount weight.
func (b *builder) meanOver(sp *spans, s primitive.Series) []float64 {
	total := make([]float64, sp.n)
	if s.Data == nil {
		for k := range total {
			total[k] = s.Value
		}
		return total
	}
	total = sp.sumConstant(one, s)
	for k, w := range sp.sumConstant(one, one) {
		total[k] /= w
	}
	return total
}

// sizeTerm enters coef x (Existing + built) of a capacity.
func (b *builder) sizeTerm(sp *spans, first, capacity int32, coef []float64) {
	c := &b.m.Capacities[capacity]
	col := b.ix.first[Built][capacity]
	known := c.Existing
	if col == primitive.None {
		known += c.Min
	}
	for k := range sp.n {
		if b.filling {
			b.shift(first+int32(k), coef[k]*known)
		}
		if col != primitive.None {
			b.add(first+int32(k), col, coef[k])
		}
	}
}

// accountTerm enters what flows into an account bus: every flow, what demands
// take, and the uses of capacities, given per year and spread over a span by
// its share of the year's amount weights.
func (b *builder) accountTerm(sp *spans, first, bus int32, coef primitive.Series) {
	b.flows(func(f *flow) {
		if f.bus == bus {
			b.sum(sp, first, f, coef)
		}
	})
	for i := range b.m.Demands {
		if d := &b.m.Demands[i]; d.Bus == bus {
			b.known(sp, first, coef, d.Amount, -1)
		}
	}
	var share []float64
	for i := range b.m.Capacities {
		for _, u := range b.m.Capacities[i].Uses {
			if u.Bus != bus {
				continue
			}
			if share == nil {
				share = b.yearShare(sp, coef)
			}
			per := make([]float64, sp.n)
			for k := range per {
				per[k] = share[k] * u.Ratio.Value
			}
			b.sizeTerm(sp, first, int32(i), per)
		}
	}
}

// yearShare is the share of a yearly amount in each span, times coef.
func (b *builder) yearShare(sp *spans, coef primitive.Series) []float64 {
	year, years := 0.0, 0.0
	own, _ := b.c.Amounts()
	for _, w := range own {
		year += w
	}
	for _, p := range b.c.Periods {
		if p.Share == 0 {
			p.Share = 1
		}
		years += p.Share
	}
	year /= years
	if coef.Data == nil {
		share := sp.sumConstant(one, one)
		for k := range share {
			share[k] = share[k] / year * coef.Value // exactly coef for a whole year
		}
		return share
	}
	share := sp.sumConstant(coef, one)
	for k := range share {
		share[k] /= year
	}
	return share
}
