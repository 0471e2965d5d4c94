package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// levelColumns: the level of a store after each step of its bus's commodity:
//
//	Min Coef size <= e <= Max Coef size,   Final <= e_last
//
// With representative periods it is the level in the lowest of the periods a
// representative one stands for; link.go has the others.
func levelColumns(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		g := b.busGrid(s.Bus)
		lower, upper := b.column(i, 0, g, b.times[g].Len())
		b.boundColumns(&s.Bound, g, lower, upper)
		if lower == nil {
			continue
		}
		if b.c.Sequence != nil {
			for t := range upper {
				upper[t] = math.Inf(1) // store.max says it, for the highest too
			}
			continue
		}
		b.still(s.Alive, g, lower, upper)
		if s.End == primitive.Given && !math.IsNaN(s.Final) {
			for _, last := range b.lasts(s) {
				lower[last] = math.Max(lower[last], s.Final)
			}
		}
	}
}

// spillColumns: what a store spills:
//
//	0 <= spill <= SpillMax
func spillColumns(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		if !s.Spill {
			continue
		}
		g := b.busGrid(s.Bus)
		lower, upper := b.column(i, 0, g, b.times[g].Len())
		most := b.on(s.SpillMax, g)
		for t := range upper {
			upper[t] = most.at(int32(t))
		}
		b.still(s.Alive, g, lower, upper)
	}
}

// storeFlows visits what stores spill, and where it goes: port 0 leaves the
// store's bus, 1 ... are SpillTo.
func (b *builder) storeFlows(visit func(*flow)) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		if !s.Spill {
			continue
		}
		f := flow{what: Spill, index: int32(i), col: b.ix.first[Spill][i], grid: b.busGrid(s.Bus), bus: s.Bus, ratio: one, scale: -1}
		visit(&f)
		f.scale = 1
		for k := range s.SpillTo {
			b.portFlow(f, k+1, &s.SpillTo[k], visit)
		}
	}
}

// The level before a step is that of another step, or one of these.
const (
	atInitial int32 = -1 // Initial
	atLow     int32 = -2 // the lowest start of its representative period (link.go)
	absent    int32 = -3 // the store doesn't exist
)

// precede visits the steps of a store with the step whose level precedes each:
// the one before in its chain, or with Carry in the horizon; before the first
// the last (Cyclic), or Initial. Steps in which it doesn't exist are passed over.
func (a *axes) precede(s *primitive.Store, g int32, visit func(t, prev int32, k int)) {
	tl := &a.times[g]
	alive := life{s.Alive, tl.period}
	last := a.lastsOf(s, g)
	begun, prev := 0, absent // chains, or the one horizon, begun; the last living step in it
	for k, ch := range tl.chains {
		if k == 0 || !s.Carry {
			prev = absent
		}
		for t := ch.first; t <= ch.last; t++ {
			if !alive.at(t) {
				visit(t, absent, k)
				continue
			}
			switch {
			case prev >= 0:
			case a.c.Sequence != nil:
				prev = atLow
			case s.End == primitive.Cyclic:
				prev = last[begun]
				begun++
			default:
				prev = atInitial
			}
			visit(t, prev, k)
			prev = t
		}
	}
}

// lastsOf returns the last living step of each chain that has one, or with
// Carry of the horizon.
func (a *axes) lastsOf(s *primitive.Store, g int32) []int32 {
	tl := &a.times[g]
	alive := life{s.Alive, tl.period}
	var lasts []int32
	for _, ch := range tl.chains {
		t := ch.last
		for t >= ch.first && !alive.at(t) {
			t--
		}
		switch {
		case t < ch.first:
		case s.Carry && len(lasts) == 1:
			lasts[0] = t
		default:
			lasts = append(lasts, t)
		}
	}
	return lasts
}

func (b *builder) lasts(s *primitive.Store) []int32 { return b.lastsOf(s, b.busGrid(s.Bus)) }

// storeBalance enters levels and inflow in the balances of the stores' buses:
// a store gives (decay^H e_prev - e)/H + inflow. Initial doesn't decay in the
// first step.
func (b *builder) storeBalance() {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		g := b.busGrid(s.Bus)
		tl := &b.times[g]
		row, first := b.busRow[s.Bus], b.ix.first[Level][i]
		inflow := b.on(s.Inflow, g)
		b.precede(s, g, func(t, prev int32, k int) {
			if prev == absent {
				return
			}
			h := tl.Hours[t]
			b.add(row+t, first+t, -1/h)
			left := decay(s.Loss, h) / h
			rhs := -inflow.at(t)
			switch prev {
			case atInitial:
				rhs -= s.Initial / h
			case atLow:
				b.add(row+t, b.ix.first[Low][i]+int32(k), left)
			default:
				b.add(row+t, first+prev, left)
			}
			if b.filling {
				b.p.RowLower[row+t] += rhs
			}
		})
	}
}

// storeMax: a level stays within a capacity that may be built:
//
//	e - Max Coef built <= Max Coef Existing
//
// With representative periods, also where the size is a constant, in the
// highest of the periods that share the shape (H_t hours since its start):
//
//	e + decay^H_t spread - Max Coef built <= Max Coef Existing
func storeMax(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		g := b.busGrid(s.Bus)
		if b.c.Sequence == nil {
			b.boundAbove(i, &s.Bound, g, b.lives(s.Alive, g), false, b.ix.first[Level][i])
			continue
		}
		tl := &b.times[g]
		size, col, coef := b.size(&s.Bound)
		most := b.on(s.Bound.Max, g)
		b.begin(i, 0, g)
		for k, ch := range tl.chains {
			for t := ch.first; t <= ch.last; t++ {
				hi := most.at(t)
				limit := times(hi, size)
				if math.IsInf(limit, 1) {
					continue
				}
				r := b.row(t, math.Inf(-1), limit)
				b.add(r, b.ix.first[Level][i]+t, 1)
				b.add(r, b.ix.first[Spread][i]+int32(k), decay(s.Loss, tl.begin[t]+tl.Hours[t]))
				if col != primitive.None {
					b.add(r, col, -hi*coef)
				}
			}
		}
	}
}

// storeMin: a level keeps to its minimum of a capacity that may be built:
//
//	e - Min Coef built >= Min Coef Existing
func storeMin(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		g := b.busGrid(s.Bus)
		b.boundBelow(i, &s.Bound, g, b.lives(s.Alive, g), false, b.ix.first[Level][i])
	}
}

// storeFixed: a level that is given:
//
//	e = Fixed                                    where Fixed is a number
func storeFixed(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		if s.Fixed != nil {
			g := b.busGrid(s.Bus)
			b.fix(i, s.Fixed, g, b.lives(s.Alive, g), b.ix.first[Level][i])
		}
	}
}

// fix adds rows v = fixed where fixed is a number. Rows, not bounds: a value
// out of bounds makes the problem infeasible with a row to show for it.
func (b *builder) fix(i int, fixed *primitive.Series, g int32, alive life, first int32) {
	b.begin(i, 0, g)
	value := b.on(*fixed, g)
	for t := int32(0); t < int32(b.times[g].Len()); t++ {
		v := value.at(t)
		if math.IsNaN(v) || !alive.at(t) {
			continue
		}
		b.add(b.row(t, v, v), first+t, 1)
	}
}
