package formulate

import (
	"fmt"
	"math"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// timeline is a grid with what the formulation derives from it.
type timeline struct {
	*clock.Grid
	ticks  bool      // one tick a step
	begin  []float64 // hours from the start of its chain to each step, len n
	period []int32   // investment period of each step
	chains []chain
}

// chain is a run of steps in which time flows without a jump.
type chain struct {
	first, last int32 // both included
	hours       float64
}

// axes is time as the formulation and the index see it. What it caches is
// filled while the model is checked and built, and only read afterwards.
type axes struct {
	c      *clock.Clock
	times  []timeline // one a grid
	nests  [][]int32  // [fine*len(times)+coarse]: coarse step of each fine one
	shifts []shift    // arrivals of each delay met
	sets   []*spans   // by primitive.Span; EachStep unused
	steps  []*spans   // EachStep, by grid
}

// shift holds where each step's activity arrives after a delay.
type shift struct {
	grid   int32
	delay  float64
	cyclic bool
	to     []int32
}

// view reads a series on a grid: the mean over each step, weighted by hours.
type view struct {
	value float64
	data  []float64
	first []int32   // nil if a step is a tick
	hours []float64 // of ticks
}

// on returns the view of a series on grid g.
func (a *axes) on(s primitive.Series, g int32) view {
	v := view{value: s.Value, data: s.Data}
	if !a.times[g].ticks {
		v.first, v.hours = a.times[g].First, a.c.Hours
	}
	return v
}

func (v *view) at(t int32) float64 {
	if v.data == nil {
		return v.value
	}
	if v.first == nil {
		return v.data[t]
	}
	return v.mean(t)
}

// mean is exact where the values are equal: it stays within their range.
func (v *view) mean(t int32) float64 {
	from, to := v.first[t], v.first[t+1]
	sum, hours := 0.0, 0.0
	low, high := math.Inf(1), math.Inf(-1)
	for k := from; k < to; k++ {
		x := v.data[k]
		sum += v.hours[k] * x
		hours += v.hours[k]
		low, high = math.Min(low, x), math.Max(high, x)
	}
	return math.Max(low, math.Min(high, sum/hours))
}

// layOut derives the timelines and checks the clock's own order.
func (a *axes) layOut() error {
	c := a.c
	if c == nil || len(c.Grids) == 0 || c.Ticks() == 0 {
		return fmt.Errorf("the model has no clock, or one without ticks")
	}
	a.times = make([]timeline, len(c.Grids))
	a.nests = make([][]int32, len(c.Grids)*len(c.Grids))
	a.sets = make([]*spans, primitive.Horizon+1)
	a.steps = make([]*spans, len(c.Grids))
	if len(c.Periods) == 0 || len(c.Chains) == 0 || len(c.Stamps) != c.Ticks() {
		return fmt.Errorf("the clock needs a period, a chain and a stamp for every tick")
	}
	for i := range c.Grids {
		g := &c.Grids[i]
		n := g.Len()
		if len(g.First) != n+1 || len(g.Cost) != n || len(g.Amount) != n || len(g.Event) != n ||
			len(g.Prev) != n || len(g.Last) != n || n == 0 || g.First[0] != 0 || int(g.First[n]) != c.Ticks() {
			return fmt.Errorf("grid %d of the clock: its arrays don't fit its %d steps or the %d ticks", i, n, c.Ticks())
		}
		tl := timeline{Grid: g, ticks: n == c.Ticks(), begin: make([]float64, n), period: make([]int32, n)}
		hours := 0.0
		for t := int32(0); t < int32(n); t++ {
			if g.First[t+1] <= g.First[t] || !(g.Hours[t] > 0) {
				return fmt.Errorf("grid %d of the clock: step %d has no ticks or no hours", i, t)
			}
			if g.Prev[t] == clock.None {
				if last := g.Last[t]; last < t || int(last) >= n {
					return fmt.Errorf("grid %d of the clock: step %d begins a chain that ends at step %d", i, t, last)
				}
				tl.chains = append(tl.chains, chain{first: t, last: g.Last[t]})
				hours = 0
			} else if g.Prev[t] != t-1 {
				return fmt.Errorf("grid %d of the clock: step %d follows step %d", i, t, g.Prev[t])
			}
			tl.begin[t], tl.period[t] = hours, int32(a.periodOf(g.First[t]))
			hours += g.Hours[t]
			tl.chains[len(tl.chains)-1].hours = hours
		}
		if c.Sequence != nil && len(tl.chains) != len(c.Chains) {
			return fmt.Errorf("grid %d of the clock has %d chains of steps, the clock has %d representative periods: a step may not reach over a period's end",
				i, len(tl.chains), len(c.Chains))
		}
		a.times[i] = tl
	}
	if !a.times[0].ticks {
		return fmt.Errorf("grid 0 of the clock must be its ticks")
	}
	return nil
}

// within returns the coarse step of each fine step, nil if the grids don't
// nest that way. The answer is kept.
func (a *axes) within(fine, coarse int32) []int32 {
	slot := &a.nests[int(fine)*len(a.times)+int(coarse)]
	if *slot != nil {
		return *slot
	}
	*slot = a.c.Map(fine, coarse)
	return *slot
}

// nest reports whether one of two grids is a refinement of the other.
func (a *axes) nest(g, h int32) bool {
	return g == h || a.within(g, h) != nil || a.within(h, g) != nil
}

// arrivals returns the step in which what leaves in each step arrives, None if
// it is lost at the end of its chain; nil stands for no delay.
func (a *axes) arrivals(g int32, delay float64, cyclic bool) ([]int32, error) {
	if delay == 0 {
		return nil, nil
	}
	for i := range a.shifts {
		if s := &a.shifts[i]; s.grid == g && s.delay == delay && s.cyclic == cyclic {
			return s.to, nil
		}
	}
	tl := &a.times[g]
	to := make([]int32, tl.Len())
	for _, ch := range tl.chains {
		k := ch.first
		for t := ch.first; t <= ch.last; t++ {
			at := tl.begin[t] + delay
			if cyclic {
				at = math.Mod(at, ch.hours)
			}
			slack := 1e-6 * tl.Hours[t]
			if at > ch.hours-slack {
				if !cyclic {
					to[t] = clock.None
					continue
				}
				at = 0
			}
			if tl.begin[k] > at+slack {
				k = ch.first
			}
			for k < ch.last && tl.begin[k+1] <= at+slack {
				k++
			}
			if math.Abs(tl.begin[k]-at) > slack || math.Abs(tl.Hours[k]-tl.Hours[t]) > slack {
				return nil, fmt.Errorf("a delay of %g h isn't a whole number of steps: what leaves in step %d (%g h long) doesn't arrive in one step of the same length",
					delay, t, tl.Hours[t])
			}
			to[t] = k
		}
	}
	a.shifts = append(a.shifts, shift{g, delay, cyclic, to})
	return to, nil
}

// sources returns the step whose rate arrives in each step of a sampled delay:
// the last that began so long before it or earlier, None before the first has
// arrived.
func (a *axes) sources(g int32, delay float64, cyclic bool) []int32 {
	tl := &a.times[g]
	from := make([]int32, tl.Len())
	begin := make([]float64, tl.Len())
	for _, ch := range tl.chains {
		hours := 0.0
		for t := ch.first; t <= ch.last; t++ {
			begin[t] = hours
			for k := tl.First[t]; k < tl.First[t+1]; k++ {
				hours += a.c.Hours[k]
			}
		}
		slack := 1e-9 * hours
		for t := ch.first; t <= ch.last; t++ {
			at := begin[t] - delay
			if cyclic {
				if at = math.Mod(at, hours); at < -slack {
					at += hours
				}
			}
			if from[t] = clock.None; at < -slack {
				continue
			}
			for s := ch.first; s <= ch.last && begin[s] <= at+slack; s++ {
				from[t] = s
			}
		}
	}
	return from
}

// decay is the share of a level that is left after some hours.
func decay(loss, hours float64) float64 {
	if loss == 0 {
		return 1
	}
	return math.Pow(1-loss, hours)
}
