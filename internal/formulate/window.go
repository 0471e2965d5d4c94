package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// slideFrom is the number of steps in a window from which a column that holds
// the sum, and slides along, takes the place of the activities themselves.
// Measured on half a year of one zone with HiPO (one thread): 12 steps 15.5 s
// with the column and 15.9 without, 24 steps 18.6 and 21.7, 48 steps 20.1 and
// 26.5, 168 steps 21.6 and 37.7.
var slideFrom = 16.0

// window is one rolling window of a unit on its grid.
//
// The sum over any Hours consecutive hours changes linearly between the
// moments at which the window's start or end passes a step's border, so it is
// largest and smallest at such moments. One row for each window that begins at
// a border, and one for each that ends at one without beginning at one,
// therefore say it of every window.
type window struct {
	b      *builder
	unit   int
	sub    int32 // 4 x its number in the unit
	tl     *timeline
	grid   int32
	hours  float64
	cyclic bool
	least  float64 // in full-load hours, -Inf where idle
	most   float64 // +Inf where idle
	first  int32   // activity columns
	slide  int32   // first sum column, None for direct rows
}

// piece is a step and the hours of it that lie in a window.
type piece struct {
	step  int32
	hours float64
}

// windows visits the windows that can bind, with their sum columns. The first
// sum column of a unit's next window follows the last of the one before.
func (b *builder) windows(visit func(*window)) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if len(u.Windows) == 0 {
			continue
		}
		high, low := math.Inf(-1), math.Inf(1)
		least, most := b.on(u.Bound.Min, u.Grid), b.on(u.Bound.Max, u.Grid)
		tl := &b.times[u.Grid]
		for t := int32(0); t < int32(tl.Len()); t++ {
			high, low = math.Max(high, most.at(t)), math.Min(low, least.at(t))
		}
		next := b.ix.first[Sliding][i]
		for k := range u.Windows {
			w := window{b: b, unit: i, sub: int32(4 * k), tl: tl, grid: u.Grid, hours: u.Windows[k].Hours, cyclic: u.Windows[k].Cyclic,
				least: u.Windows[k].Min, most: u.Windows[k].Max, first: b.ix.first[Activity][i], slide: primitive.None}
			if w.most >= w.hours*high {
				w.most = math.Inf(1)
			}
			if w.least <= w.hours*low {
				w.least = math.Inf(-1)
			}
			if math.IsInf(w.most, 1) && math.IsInf(w.least, -1) {
				continue
			}
			if w.hours >= slideFrom*tl.Hours[0] {
				w.slide = next
				for _, ch := range tl.chains {
					next += w.starts(ch)
				}
			}
			visit(&w)
		}
	}
}

// starts counts the windows that begin at a step of a chain.
func (w *window) starts(ch chain) int32 {
	if w.cyclic {
		return ch.last - ch.first + 1
	}
	n := int32(0)
	for t := ch.first; t <= ch.last && w.tl.begin[t]+w.hours <= ch.hours+w.slack(); t++ {
		n++
	}
	return n
}

func (w *window) slack() float64 { return 1e-6 * w.tl.Hours[0] }

// pieces visits the steps of a chain from hour at on, for some hours, around
// the chain's end if need be.
func (w *window) pieces(ch chain, at, hours float64, visit func(piece)) {
	slack := w.slack()
	t := w.stepAt(ch, at)
	at = w.wrap(ch, at)
	for hours > slack {
		end := w.tl.begin[t] + w.tl.Hours[t]
		take := math.Min(hours, end-at)
		if math.Abs(take-w.tl.Hours[t]) <= slack {
			take = w.tl.Hours[t]
		}
		if take > slack {
			visit(piece{t, take})
		}
		hours -= take
		at = end
		if t++; t > ch.last {
			t, at = ch.first, 0
		}
	}
}

// wrap brings an hour into [0, chain's hours).
func (w *window) wrap(ch chain, at float64) float64 {
	if at < 0 || at >= ch.hours {
		at = math.Mod(at, ch.hours)
	}
	if at < -w.slack() {
		at += ch.hours
	}
	if at >= ch.hours-w.slack() || at < 0 {
		at = 0
	}
	return at
}

// stepAt is the step in which an hour of a chain lies.
func (w *window) stepAt(ch chain, at float64) int32 {
	at = w.wrap(ch, at) + w.slack()
	// Steps of equal length: no search.
	if t := ch.first + int32(at/w.tl.Hours[ch.first]); t <= ch.last && w.tl.begin[t] <= at && (t == ch.last || at < w.tl.begin[t+1]) {
		return t
	}
	lo, hi := ch.first, ch.last
	for lo < hi {
		if mid := (lo + hi + 1) / 2; w.tl.begin[mid] <= at {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// slidingColumns: the sum of an activity over a long window that begins at a
// step, so that the window's row has not all its steps:
//
//	Min Coef size <= S <= Max Coef size          (no bounds here if the size may be built)
func slidingColumns(b *builder) {
	b.windows(func(w *window) {
		if w.slide == primitive.None && w.hours < slideFrom*w.tl.Hours[0] {
			return
		}
		u := &b.m.Units[w.unit]
		size, col, _ := b.size(&u.Bound)
		for _, ch := range w.tl.chains {
			lower, upper := b.columnFrom(w.unit, w.sub, w.grid, ch.first, int(w.starts(ch)))
			for t := range lower {
				if col == primitive.None {
					lower[t], upper[t] = times(w.least, size), times(w.most, size)
				} else {
					lower[t], upper[t] = math.Inf(-1), math.Inf(1)
				}
			}
		}
	})
}

// unitSlide: a sliding sum drops the step that leaves its window and takes up
// what enters (the first of a chain is the sum itself):
//
//	S - S_prev + h_prev a_prev - sum_{entering} h a = 0
func unitSlide(b *builder) {
	b.windows(func(w *window) {
		if w.slide == primitive.None {
			return
		}
		b.begin(w.unit, w.sub, w.grid)
		col := w.slide
		for _, ch := range w.tl.chains {
			n := w.starts(ch)
			for k := range n {
				t := ch.first + k
				r := b.row(t, 0, 0)
				b.add(r, col+k, 1)
				if k == 0 {
					w.pieces(ch, 0, w.hours, func(p piece) { b.add(r, w.first+p.step, -p.hours) })
					continue
				}
				b.add(r, col+k-1, -1)
				b.add(r, w.first+t-1, w.tl.Hours[t-1])
				w.pieces(ch, w.tl.begin[t-1]+w.hours, w.tl.Hours[t-1], func(p piece) { b.add(r, w.first+p.step, -p.hours) })
			}
			col += n
		}
	})
}

// unitWindow: the sum of an activity over any Hours consecutive hours stays
// within limits given in full-load hours (h the hours of a step inside the
// window; a long window takes its sliding sum S instead):
//
//	Min Coef size <= sum_{t in window} h_t a_t <= Max Coef size
//
// With a size that may be built each side is a row of its own.
func unitWindow(b *builder) {
	b.windows(func(w *window) {
		size, col, coef := b.size(&b.m.Units[w.unit].Bound)
		if col == primitive.None {
			w.rows(0, times(w.least, size), times(w.most, size), col, 0)
			return
		}
		if !math.IsInf(w.most, 1) {
			w.rows(0, math.Inf(-1), times(w.most, size), col, -w.most*coef)
		}
		if !math.IsInf(w.least, -1) {
			w.rows(1, times(w.least, size), math.Inf(1), col, -w.least*coef)
		}
	})
}

// rows writes the rows of one side, or of both.
func (w *window) rows(side int32, lower, upper float64, col int32, coef float64) {
	b := w.b
	direct := w.slide == primitive.None
	// Windows that begin with a step. A sum column whose size is a constant
	// has its limits as bounds.
	if direct || col != primitive.None {
		b.begin(w.unit, w.sub+side, w.grid)
		next := w.slide
		for _, ch := range w.tl.chains {
			for k := range w.starts(ch) {
				t := ch.first + k
				r := b.row(t, lower, upper)
				if direct {
					w.pieces(ch, w.tl.begin[t], w.hours, func(p piece) { b.add(r, w.first+p.step, p.hours) })
				} else {
					b.add(r, next, 1)
					next++
				}
				if col != primitive.None {
					b.add(r, col, coef)
				}
			}
		}
	}
	// Windows that end with a step but don't begin with one: the one that
	// begins with the step before, less what it begins with, plus its rest.
	b.begin(w.unit, w.sub+2+side, w.grid)
	next := w.slide
	for _, ch := range w.tl.chains {
		for t := ch.first; t <= ch.last; t++ {
			at := w.tl.begin[t] + w.tl.Hours[t] - w.hours
			if at < -w.slack() && !w.cyclic {
				continue
			}
			s := w.stepAt(ch, at)
			rest := w.wrap(ch, at) - w.tl.begin[s]
			if rest <= w.slack() {
				continue
			}
			r := b.row(t, lower, upper)
			if direct {
				w.pieces(ch, at, w.hours, func(p piece) { b.add(r, w.first+p.step, p.hours) })
			} else {
				b.add(r, next+s-ch.first, 1)
				b.add(r, w.first+s, -rest)
				w.pieces(ch, w.tl.begin[s]+w.hours, rest, func(p piece) { b.add(r, w.first+p.step, p.hours) })
			}
			if col != primitive.None {
				b.add(r, col, coef)
			}
		}
		if !direct {
			next += w.starts(ch)
		}
	}
}
