package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// Storage between representative periods.
//
// Original period p, represented by k(p), starts at the level S_p. Its level
// after the hours H_t of a step is the superposition of what is left of S_p
// and of what the representative's flows add (Kotzur et al. 2018, Applied
// Energy 213, "Time series aggregation for energy system design: modeling
// seasonal storage"). All periods that share a representative have the same
// flows, so their levels differ by decay^H_t times the difference of their
// starts. It is then enough to bound the lowest and the highest of them:
//
//	low_k <= S_p <= low_k + spread_k               for every p with k(p) = k
//	e_t: level in a period that starts at low_k    (its bounds are the lower side)
//	e_t + decay^H_t spread_k <= upper bound        (store.max)
//	S_p+1 = decay^N S_p + (e_last - decay^N low_k) (store.link, N hours a period)
//
// This bounds every hour of every original period exactly, also with standing
// loss and bounds that vary within a period. What is approximate is only that
// periods with one representative are run alike. The one difference to a full
// horizon is that Initial decays from the first hour.

// startColumns: the level at the start of each original period, and after the
// last unless the store is cyclic; Initial and Final bound the first and last:
//
//	0 <= S_p                                     (free if Min is negative somewhere)
func startColumns(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		n := len(b.c.Sequence)
		if n == 0 {
			return
		}
		if s.End != primitive.Cyclic {
			n++
		}
		lower, upper := b.column(i, 0, series, n)
		b.startBounds(s, lower, upper)
		if lower == nil || s.End == primitive.Cyclic {
			continue
		}
		lower[0], upper[0] = s.Initial, s.Initial
		if s.End == primitive.Given && !math.IsNaN(s.Final) {
			lower[n-1] = math.Max(lower[n-1], s.Final)
		}
	}
}

// startBounds bounds starts by the sign that Min gives every level.
func (b *builder) startBounds(s *primitive.Store, lower, upper []float64) {
	least := 0.0
	for t := range b.c.Ticks() {
		if s.Bound.Min.At(t) < 0 {
			least = math.Inf(-1)
		}
	}
	for k := range lower {
		lower[k], upper[k] = least, math.Inf(1)
	}
}

// lowColumns: no more than the lowest start of the periods of a representative:
//
//	0 <= low                                     (free if Min is negative somewhere)
func lowColumns(b *builder) {
	for i := range b.m.Stores {
		if b.c.Sequence == nil {
			return
		}
		lower, upper := b.column(i, 0, chains, len(b.c.Chains))
		b.startBounds(&b.m.Stores[i], lower, upper)
	}
}

// spreadColumns: no less than the highest start of the periods of a
// representative, less low:
//
//	0 <= spread
func spreadColumns(b *builder) {
	for i := range b.m.Stores {
		if b.c.Sequence == nil {
			return
		}
		_, upper := b.column(i, 0, chains, len(b.c.Chains))
		for k := range upper {
			upper[k] = math.Inf(1)
		}
	}
}

// storeLink: a period starts where the one before it ends (cyclic: the first
// after the last):
//
//	S_p+1 - decay^N S_p - e_last + decay^N low = 0
func storeLink(b *builder) {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		n := int32(len(b.c.Sequence))
		if n == 0 {
			return
		}
		tl := &b.times[b.busGrid(s.Bus)]
		b.begin(i, 0, series)
		start := b.ix.first[Start][i]
		for p, k := range b.c.Sequence {
			ch := &tl.chains[k]
			left := decay(s.Loss, ch.hours)
			next := int32(p) + 1
			if s.End == primitive.Cyclic {
				next %= n
			}
			r := b.row(int32(p), 0, 0)
			b.add(r, start+next, 1)
			b.add(r, start+int32(p), -left)
			b.add(r, b.ix.first[Level][i]+ch.last, -1)
			b.add(r, b.ix.first[Low][i]+k, left)
		}
	}
}

// storeAbove: no period starts below the lowest of its representative:
//
//	S_p - low >= 0
func storeAbove(b *builder) {
	for i := range b.m.Stores {
		b.begin(i, 0, series)
		for p, k := range b.c.Sequence {
			r := b.row(int32(p), 0, math.Inf(1))
			b.add(r, b.ix.first[Start][i]+int32(p), 1)
			b.add(r, b.ix.first[Low][i]+k, -1)
		}
	}
}

// storeWithin: no period starts above the highest of its representative:
//
//	S_p - low - spread <= 0
func storeWithin(b *builder) {
	for i := range b.m.Stores {
		b.begin(i, 0, series)
		for p, k := range b.c.Sequence {
			r := b.row(int32(p), math.Inf(-1), 0)
			b.add(r, b.ix.first[Start][i]+int32(p), 1)
			b.add(r, b.ix.first[Low][i]+k, -1)
			b.add(r, b.ix.first[Spread][i]+k, -1)
		}
	}
}
