package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// CapacityReduced returns the reduced cost of what is built of capacity i,
// c - A'y, and whether it stands at its upper bound; 0 for a constant or
// without duals.
func (ix *Index) CapacityReduced(x, y []float64, i int) (z float64, atUpper bool) {
	col := ix.first[Built][i]
	if col == primitive.None || y == nil {
		return 0, false
	}
	p := ix.p
	z = p.Cost[col]
	for k := p.Start[col]; k < p.Start[col+1]; k++ {
		z -= p.Value[k] * y[p.Index[k]]
	}
	upper := p.ColUpper[col]
	return z, x[col] >= upper-1e-6*(1+upper)
}

// LinkedMoney is what the levels of store i cost, and what is left is worth,
// over all original periods of a horizon of representative ones.
func (ix *Index) LinkedMoney(x []float64, i int) float64 {
	b := &builder{axes: ix.axes, m: ix.m, ix: ix, p: ix.p, money: make([]float64, len(x)), mask: everyClass, share: 1}
	s := &ix.m.Stores[i]
	b.chargeCosts(s.Costs, ix.first[Level][i], b.busGrid(s.Bus))
	b.linkedMoney(i)
	sum := 0.0
	for col, v := range b.money {
		if v != 0 {
			sum += v * x[col]
		}
	}
	return sum
}

// LimitWeights is what one unit of violation of soft limit i weighs in money,
// in each span; nil for a hard one.
func (ix *Index) LimitWeights(i int) []float64 {
	l := &ix.m.Limits[i]
	if !soft(l) {
		return nil
	}
	b := &builder{axes: ix.axes, m: ix.m, ix: ix, p: ix.p}
	sp, _ := b.limitSpans(l)
	return sp.cost[:sp.n]
}

// Snap puts what is built on its bound where a solver left it so small a share
// of the range beside it, so that nothing is built means 0. It returns a copy.
func (ix *Index) Snap(x []float64, share float64) []float64 {
	out := append([]float64(nil), x...)
	for i := range ix.m.Capacities {
		col := ix.first[Built][i]
		if col == primitive.None {
			continue
		}
		lower, upper := ix.p.ColLower[col], ix.p.ColUpper[col]
		near := share * (upper - lower)
		if math.IsInf(near, 0) {
			near = share
		}
		switch {
		case out[col]-lower <= near:
			out[col] = lower
		case upper-out[col] <= near:
			out[col] = upper
		}
	}
	return out
}

// UnitCurveCost returns what each price curve of unit i costs, money an hour in
// each step; nil without curves.
func (ix *Index) UnitCurveCost(x []float64, i int) [][]float64 {
	u := &ix.m.Units[i]
	if len(u.Curves) == 0 {
		return nil
	}
	b := &builder{axes: ix.axes, m: ix.m, ix: ix}
	n := ix.count(u.Grid)
	online, alive := ix.UnitOnline(x, i), b.lives(u.Alive, u.Grid)
	var all [][]float64
	b.curves(i, func(c *curve) {
		if c.price == nil {
			return
		}
		cost := make([]float64, n)
		for t := range cost {
			switch {
			case online != nil:
				cost[t] = c.Y[0] * online[t]
			case alive.at(int32(t)):
				cost[t] = c.Y[0]
			}
			for k, s := range slopes(c.Curve) {
				cost[t] += s * x[int(c.col)+k*n+t]
			}
		}
		all = append(all, cost)
	})
	return all
}

// CapacityCurveCost returns what the curve of capacity i costs a year; 0
// without one.
func (ix *Index) CapacityCurveCost(x []float64, i int) float64 {
	c := &ix.m.Capacities[i]
	if c.Curve == nil {
		return 0
	}
	pieces, _ := curved(c)
	if !pieces {
		return along(c.Curve, c.Min)
	}
	cost := c.Curve.Y[0]
	for k, s := range slopes(c.Curve) {
		cost += s * x[int(ix.first[BuiltPiece][i])+k]
	}
	return cost
}

// StoreLasts returns the steps after which store i ends, as its End says: the
// last of each chain, or with Carry of the horizon.
func (ix *Index) StoreLasts(i int) []int32 {
	s := &ix.m.Stores[i]
	return ix.lastsOf(s, ix.busGrid(s.Bus))
}

// LimitTicks returns the first tick of each span of limit i.
func (ix *Index) LimitTicks(i int) []int32 {
	b := &builder{axes: ix.axes, m: ix.m, ix: ix, p: ix.p}
	sp, _ := b.limitSpans(&ix.m.Limits[i])
	return sp.first
}
