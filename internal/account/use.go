package account

import (
	"math"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
)

// use tells how far each bound is used: what was done against what could have
// been, a rate a step of the part's grid. What nobody could do (a size of 0)
// has no row.
func (b *books) use() {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.used(run.Use{Asset: b.asset(u.Asset), Part: u.Part, What: roleUnit}, u.Grid, b.ix.UnitActivity(b.x, i), b.most(u.Bound, u.Grid))
	}
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		// What goes both ways at once (to lose a surplus on the way) is carried
		// nowhere: the net counts.
		sent := apart(b.ix.RouteForward(b.x, i), b.ix.RouteBack(b.x, i))
		b.used(run.Use{Asset: b.asset(r.Asset), Part: r.Part, What: roleRoute, From: b.m.Buses[r.From].Name, To: b.m.Buses[r.To].Name}, r.Grid, sent, b.most(r.Bound, r.Grid))
	}
	for i := range b.m.Lines {
		l := &b.m.Lines[i]
		b.used(run.Use{Asset: b.asset(l.Asset), Part: l.Part, What: roleLine, From: b.m.Buses[l.From].Name, To: b.m.Buses[l.To].Name},
			l.Grid, apart(b.ix.LineFlow(b.x, i), nil), b.most(l.Bound, l.Grid))
	}
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		rate, blocks := b.ix.TradeRate(b.x, i)
		most := b.ix.Mean(tr.Max, tr.Grid)
		if tr.Bound != nil {
			most = b.most(*tr.Bound, tr.Grid)
		}
		for k := range blocks {
			rate, most = added(rate, blocks[k]), added(most, b.ix.Mean(tr.Blocks[k].Size, tr.Grid))
		}
		b.used(run.Use{Asset: b.asset(tr.Asset), Part: tr.Part, What: "trade"}, tr.Grid, rate, most)
	}
}

// most is the largest value that a bound allows in each step.
func (b *books) most(k primitive.Bound, grid int32) []float64 {
	size := k.Coef
	if k.Capacity != primitive.None {
		size *= b.ix.CapacitySize(b.x, int(k.Capacity))
	}
	if math.IsInf(size, 0) { // of a series' zeros, infinity makes none
		return b.ix.Mean(primitive.Const(size), grid)
	}
	return scaled(size, b.ix.Mean(k.Max, grid))
}

// used fills a row and adds it. A step counts as full within a thousandth of
// its bound, which is what an interior point leaves open.
func (b *books) used(u run.Use, grid int32, rate, most []float64) {
	weight := b.c.Grids[grid].Amount
	full, open := 0.0, 0.0
	for t, can := range most {
		if !(can > 0) {
			continue
		}
		v := 0.0
		if t < len(rate) {
			v = rate[t]
		}
		u.Amount += v * weight[t]
		u.Could += can * weight[t]
		u.Peak, u.Most = math.Max(u.Peak, v), math.Max(u.Most, can)
		open += weight[t]
		if v >= can*(1-1e-3) {
			full += weight[t]
		}
	}
	if open == 0 {
		return
	}
	u.Full = full / open
	b.t.Uses = append(b.t.Uses, u)
}

// apart is how far two courses are apart; a nil one is 0.
func apart(v, w []float64) []float64 {
	out := make([]float64, len(v))
	for t := range v {
		out[t] = math.Abs(v[t])
		if w != nil {
			out[t] = math.Abs(v[t] - w[t])
		}
	}
	return out
}

// added is the sum of two courses; a nil one is none.
func added(v, w []float64) []float64 {
	if v == nil {
		return w
	}
	out := append([]float64(nil), v...)
	for t := range w {
		out[t] += w[t]
	}
	return out
}
