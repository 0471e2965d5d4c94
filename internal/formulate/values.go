package formulate

import (
	"math"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// values returns a block's part of x, which it shares; nil without columns.
func (ix *Index) values(x []float64, w What, i int, n int) []float64 {
	first := ix.first[w][i]
	if first == primitive.None {
		return nil
	}
	return x[first : int(first)+n]
}

func (ix *Index) busGrid(bus int32) int32 { return ix.m.Commodities[ix.m.Buses[bus].Commodity].Grid }

func (ix *Index) count(g int32) int { return ix.times[g].Len() }

// The slices below are parts of x or y where they can be: don't write to them.
// They have one value a step of the primitive's grid (stores and demands: of
// their bus's commodity), and are nil where the problem has no such column.

// CapacityBuilt returns what is built of capacity i, beside Existing.
func (ix *Index) CapacityBuilt(x []float64, i int) float64 {
	if col := ix.first[Built][i]; col != primitive.None {
		return x[col]
	}
	return ix.m.Capacities[i].Min
}

// CapacitySize returns Existing and built of capacity i.
func (ix *Index) CapacitySize(x []float64, i int) float64 {
	return ix.m.Capacities[i].Existing + ix.CapacityBuilt(x, i)
}

// UnitActivity returns the activity of unit i, a rate.
func (ix *Index) UnitActivity(x []float64, i int) []float64 {
	return ix.values(x, Activity, i, ix.count(ix.m.Units[i].Grid))
}

// UnitOnline returns the machines of unit i that are online; nil without
// commitment.
func (ix *Index) UnitOnline(x []float64, i int) []float64 {
	return ix.values(x, Online, i, ix.count(ix.m.Units[i].Grid))
}

// UnitStarts returns the machines of unit i that start and that stop; nil
// without commitment.
func (ix *Index) UnitStarts(x []float64, i int) (start, stop []float64) {
	n := ix.count(ix.m.Units[i].Grid)
	return ix.values(x, Started, i, n), ix.values(x, Stopped, i, n)
}

// UnitServiced returns 1 where unit i is maintained; nil without maintenance.
func (ix *Index) UnitServiced(x []float64, i int) []float64 {
	return ix.values(x, Serviced, i, ix.count(ix.m.Units[i].Grid))
}

// UnitServiceStarts returns 1 where a maintenance of unit i begins; nil without
// maintenance.
func (ix *Index) UnitServiceStarts(x []float64, i int) []float64 {
	return ix.values(x, Service, i, ix.count(ix.m.Units[i].Grid))
}

// CapacityModules returns how many modules of capacity i are built, 0 where it
// has none.
func (ix *Index) CapacityModules(x []float64, i int) float64 {
	if col := ix.first[Modules][i]; col != primitive.None {
		return x[col]
	}
	return 0
}

// StoreLevel returns the level of store i at the end of each step. With
// representative periods it is the level in a period that starts at the
// store's low of its representative; StoreTrajectory has the original periods.
func (ix *Index) StoreLevel(x []float64, i int) []float64 {
	return ix.values(x, Level, i, ix.count(ix.busGrid(ix.m.Stores[i].Bus)))
}

// StoreSpill returns the spilled rate of store i, nil if it may not spill.
func (ix *Index) StoreSpill(x []float64, i int) []float64 {
	return ix.values(x, Spill, i, ix.count(ix.busGrid(ix.m.Stores[i].Bus)))
}

// StoreBefore returns the level of store i that each step begins with, after
// the step's standing loss: what the step's balance starts from.
func (ix *Index) StoreBefore(x []float64, i int) []float64 {
	s := &ix.m.Stores[i]
	tl := &ix.times[ix.busGrid(s.Bus)]
	level := ix.StoreLevel(x, i)
	before := make([]float64, len(level))
	ix.precede(s, ix.busGrid(s.Bus), func(t, prev int32, k int) {
		left := decay(s.Loss, tl.Hours[t])
		switch prev {
		case absent:
		case atInitial:
			before[t] = s.Initial
		case atLow:
			before[t] = left * x[ix.first[Low][i]+int32(k)]
		default:
			before[t] = left * level[prev]
		}
	})
	return before
}

// StoreFlow returns the mean rate store i gives to its bus in each step: what
// its level falls by, after standing loss, without inflow and spill.
func (ix *Index) StoreFlow(x []float64, i int) []float64 {
	level, flow := ix.StoreLevel(x, i), ix.StoreBefore(x, i)
	hours := ix.times[ix.busGrid(ix.m.Stores[i].Bus)].Hours
	for t := range flow {
		flow[t] = (flow[t] - level[t]) / hours[t]
	}
	return flow
}

// StoreStart returns the level of store i at the start of each original
// period, and after the last one; nil without representative periods.
func (ix *Index) StoreStart(x []float64, i int) []float64 {
	n := len(ix.c.Sequence)
	if n == 0 {
		return nil
	}
	if ix.m.Stores[i].End == primitive.Cyclic {
		start := ix.values(x, Start, i, n)
		return append(append(make([]float64, 0, n+1), start...), start[0])
	}
	return ix.values(x, Start, i, n+1)
}

// StoreTrajectory returns the level of store i at the end of every step of the
// original horizon; with a full horizon it is StoreLevel.
func (ix *Index) StoreTrajectory(x []float64, i int) []float64 {
	level := ix.StoreLevel(x, i)
	if ix.c.Sequence == nil {
		return level
	}
	s := &ix.m.Stores[i]
	tl := &ix.times[ix.busGrid(s.Bus)]
	start := ix.StoreStart(x, i)
	low := ix.values(x, Low, i, len(ix.c.Chains))
	var all []float64
	for p, k := range ix.c.Sequence {
		for t := tl.chains[k].first; t <= tl.chains[k].last; t++ {
			all = append(all, level[t]+decay(s.Loss, tl.begin[t]+tl.Hours[t])*(start[p]-low[k]))
		}
	}
	return all
}

// RouteForward returns what route i sends from From to To.
func (ix *Index) RouteForward(x []float64, i int) []float64 {
	return ix.values(x, Forward, i, ix.count(ix.m.Routes[i].Grid))
}

// RouteBack returns what route i sends from To to From, nil if it is one-way.
func (ix *Index) RouteBack(x []float64, i int) []float64 {
	return ix.values(x, Back, i, ix.count(ix.m.Routes[i].Grid))
}

// LineFlow returns the flow of line i, positive from From to To.
func (ix *Index) LineFlow(x []float64, i int) []float64 {
	return ix.values(x, Through, i, ix.count(ix.m.Lines[i].Grid))
}

// LineLoss returns what line i loses, nil if it has no losses.
func (ix *Index) LineLoss(x []float64, i int) []float64 {
	return ix.values(x, Lost, i, ix.count(ix.m.Lines[i].Grid))
}

// LineShift returns the phase shift that line i chooses in rad, nil if it is
// given.
func (ix *Index) LineShift(x []float64, i int) []float64 {
	return ix.values(x, Shifted, i, ix.count(ix.m.Lines[i].Grid))
}

// DemandShed returns what of demand i is not served, nil if none may be shed.
func (ix *Index) DemandShed(x []float64, i int) []float64 {
	return ix.values(x, Shed, i, ix.count(ix.busGrid(ix.m.Demands[i].Bus)))
}

// DemandElastic returns what demand i takes of each of its elastic blocks.
func (ix *Index) DemandElastic(x []float64, i int) [][]float64 {
	d := &ix.m.Demands[i]
	return ix.blocks(x, Elastic, i, len(d.Elastic), ix.busGrid(d.Bus))
}

// TradeRate returns the rate of trade i at its own price, and of each of its
// further blocks.
func (ix *Index) TradeRate(x []float64, i int) (rate []float64, blocks [][]float64) {
	t := &ix.m.Trades[i]
	return ix.values(x, Rate, i, ix.count(t.Grid)), ix.blocks(x, Further, i, len(t.Blocks), t.Grid)
}

func (ix *Index) blocks(x []float64, w What, i, count int, g int32) [][]float64 {
	if count == 0 {
		return nil
	}
	n := ix.count(g)
	all := ix.values(x, w, i, n*count)
	blocks := make([][]float64, count)
	for k := range blocks {
		blocks[k] = all[k*n : (k+1)*n]
	}
	return blocks
}

// LimitViolation returns by how much soft limit i is exceeded and missed in
// each span; nil for a side that is hard or absent.
func (ix *Index) LimitViolation(x []float64, i int) (over, under []float64) {
	n := 0
	for _, k := range ix.rows {
		if k.What == LimitSum && int(k.Index) == i {
			n = int(k.Count)
		}
	}
	return ix.values(x, Over, i, n), ix.values(x, Under, i, n)
}

// BusPrice returns what one more unit of a bus's commodity would cost in each
// step of its grid: money per unit, undiscounted. It is the dual of the
// balance by the step's cost weight; NaN in a step without weight. nil for an
// account, which has no balance.
func (ix *Index) BusPrice(y []float64, bus int) []float64 {
	row := ix.balanceRow(bus)
	if row == primitive.None {
		return nil
	}
	cost := ix.times[ix.busGrid(int32(bus))].Cost
	price := make([]float64, len(cost))
	for t := range price {
		price[t] = perWeight(y[int(row)+t], cost[t])
	}
	return price
}

func perWeight(dual, weight float64) float64 {
	if weight == 0 {
		return math.NaN()
	}
	return dual / weight
}

// balanceRow is the first balance row of a bus: balances come first, by bus.
func (ix *Index) balanceRow(bus int) int32 {
	for _, k := range ix.rows {
		if k.What != Balance {
			break
		}
		if int(k.Index) == bus {
			return k.First
		}
	}
	return primitive.None
}

// BusSurplus returns the mean rate discarded at a bus whose balance is free,
// in each step; nil for other buses. rows are the rows' values A x (RowValues).
func (ix *Index) BusSurplus(rows []float64, bus int) []float64 {
	c := &ix.m.Commodities[ix.m.Buses[bus].Commodity]
	if c.Balance != primitive.Free {
		return nil
	}
	row := ix.balanceRow(bus)
	surplus := make([]float64, ix.count(c.Grid))
	for t := range surplus {
		surplus[t] = rows[int(row)+t] - ix.p.RowLower[int(row)+t]
	}
	return surplus
}

// RowValues returns A x.
func (ix *Index) RowValues(x []float64) []float64 {
	p := ix.p
	rows := make([]float64, p.Rows())
	for j, v := range x {
		if v == 0 {
			continue
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			rows[p.Index[k]] += p.Value[k] * v
		}
	}
	return rows
}

// LimitValue returns what the terms of limit i sum to in each span, constants
// included: what is compared with Min and Max, but for the violation of a soft
// limit. rows are the rows' values A x (RowValues).
func (ix *Index) LimitValue(rows, x []float64, i int) []float64 {
	for _, k := range ix.rows {
		if k.What != LimitSum || int(k.Index) != i {
			continue
		}
		over, under := ix.LimitViolation(x, i)
		sum := make([]float64, k.Count)
		for s := range sum {
			sum[s] = rows[int(k.First)+s] + ix.known[int(k.First-ix.limits)+s]
			if over != nil {
				sum[s] += over[s]
			}
			if under != nil {
				sum[s] -= under[s]
			}
		}
		return sum
	}
	return nil
}

// LimitDual returns, for each span of limit i, what one more unit of its
// right-hand side would change the cost by, undiscounted.
func (ix *Index) LimitDual(y []float64, i int) []float64 {
	for _, k := range ix.rows {
		if k.What != LimitSum || int(k.Index) != i {
			continue
		}
		sp := ix.sets[ix.m.Limits[i].Span]
		if k.Grid >= 0 {
			sp = ix.steps[k.Grid]
		}
		duals := make([]float64, k.Count)
		for s := range duals {
			duals[s] = perWeight(y[int(k.First)+s], sp.cost[s])
		}
		return duals
	}
	return nil
}

// SpanLabels names the spans of a limit or total: days, months, periods.
// EachStep has none: its rows are on a grid.
func (ix *Index) SpanLabels(s primitive.Span) []string {
	if s == primitive.EachStep || ix.sets[s] == nil {
		return nil
	}
	return ix.sets[s].labels
}

// Flow is a rate that reaches a bus.
type Flow struct {
	What  What    // whose columns: Activity, Spill, Forward, Back, Shed, Elastic, Rate, Further, Through, Lost, Piece (of a port curve), Online (its first point), or Level: what a store gives
	Index int32   // of the primitive
	Port  int32   // units: the port, port curves after the ports; stores: 0 what it spills, 1 ... SpillTo; routes: 0 leaves, 1 arrives, 2 ... Uses; trades: 0 the trade, 1 ... Also; lines: 0 at From, 1 at To; elastic demand: the block
	Scale float64 // -1: taken from the bus
	Rate  []float64
}

// Flows visits every flow that columns bring into a bus, positive into it, as
// the mean rate in each step of the bus's grid, when it arrives. Beside them a
// bus has only what is constant: demands' amounts, stores' inflow, and what
// capacities use of an account by the year. Rate is overwritten by the next.
func (ix *Index) Flows(x []float64, bus int, visit func(Flow)) {
	b := &builder{axes: ix.axes, m: ix.m, ix: ix}
	g := ix.busGrid(int32(bus))
	into := &ix.times[g]
	rate := make([]float64, into.Len())
	tick := make([]float64, ix.c.Ticks())
	b.flows(func(f *flow) {
		if int(f.bus) != bus {
			return
		}
		clear(tick)
		if f.sampled { // on the bus's grid
			ratio := b.on(f.ratio, g)
			for t, from := range b.sources(g, f.delay, f.cyclic) {
				rate[t] = 0
				if from != clock.None {
					rate[t] = f.scale * ratio.at(int32(t)) * x[f.col+from]
				}
			}
			visit(Flow{f.what, f.index, f.port, f.scale, rate})
			return
		}
		to := b.arrive(f)
		tl := &ix.times[f.grid]
		mean := b.on(f.ratio, f.grid)
		for t := int32(0); t < int32(tl.Len()); t++ {
			at := t
			if to != nil {
				if at = to[t]; at == clock.None {
					continue
				}
			}
			for k := tl.First[at]; k < tl.First[at+1]; k++ {
				ratio := 0.0
				if to == nil {
					ratio = f.ratio.At(int(k))
				} else {
					ratio = mean.at(t)
				}
				tick[k] = f.scale * ratio * x[f.col+t]
			}
		}
		v := b.on(primitive.Series{Data: tick}, g)
		for t := range rate {
			rate[t] = v.at(int32(t))
		}
		visit(Flow{f.what, f.index, f.port, f.scale, rate})
	})
	for i := range ix.m.Stores {
		if int(ix.m.Stores[i].Bus) == bus {
			visit(Flow{What: Level, Index: int32(i), Scale: 1, Rate: ix.StoreFlow(x, i)})
		}
	}
}

// Mean returns a series on a grid of the clock: its mean over each step by
// hours, as the formulation reads it.
func (ix *Index) Mean(s primitive.Series, grid int32) []float64 {
	b := &builder{axes: ix.axes}
	v := b.on(s, grid)
	all := make([]float64, ix.count(grid))
	for t := range all {
		all[t] = v.at(int32(t))
	}
	return all
}
