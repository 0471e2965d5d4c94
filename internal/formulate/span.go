package formulate

import (
	"fmt"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// spans says how much of each tick's rate belongs to each span of a kind: the
// entries of tick t are of/weight[start[t]:start[t+1]]. In a full horizon a
// tick belongs to one span, with its amount weight. With representative
// periods a month has its own mixture of them (clock.Spans), so that a tick
// may belong to many.
type spans struct {
	n      int
	start  []int32
	of     []int32
	weight []float64
	hours  []float64 // EachStep: a rate is the sum divided by the step's hours
	first  []int32   // first tick of each span
	cost   []float64 // what one unit of money paid in the span counts
	labels []string  // nil for EachStep
}

// set returns the spans of a kind longer than a step, and keeps them.
func (a *axes) set(s primitive.Span) (*spans, error) {
	if s > primitive.Horizon || s == primitive.EachStep {
		return nil, fmt.Errorf("span %d is none of day, week, month, year and horizon", s)
	}
	if a.sets[s] == nil {
		a.sets[s] = a.newSpans(s)
	}
	return a.sets[s], nil
}

func (a *axes) newSpans(s primitive.Span) *spans {
	var of clock.Spans
	switch s {
	case primitive.EachDay:
		of = a.c.Spans(clock.Day)
	case primitive.EachWeek:
		of = a.c.Spans(clock.Week)
	case primitive.EachMonth:
		of = a.c.Spans(clock.Month)
	case primitive.EachYear:
		of = a.years()
	case primitive.Horizon:
		of = a.ranges([]clock.Period{{LastTick: int32(a.c.Ticks())}})
	}
	a.repeat(&of, s)
	n := a.c.Ticks()
	sp := &spans{n: of.Len(), start: make([]int32, n+1), of: make([]int32, len(of.Tick)), weight: make([]float64, len(of.Tick)), labels: of.Labels}
	for _, t := range of.Tick {
		sp.start[t+1]++
	}
	for t := range n {
		sp.start[t+1] += sp.start[t]
	}
	next := append([]int32(nil), sp.start[:n]...)
	for k := range sp.n {
		first := of.Tick[of.First[k]]
		sp.first = append(sp.first, first)
		sp.cost = append(sp.cost, a.c.Periods[a.periodOf(first)].Cost)
		if within := s == primitive.EachDay || s == primitive.EachWeek && int(a.c.OriginalHours)%168 == 0; a.c.Sequence != nil && within {
			// A day of a chosen period stands for as many as its period does.
			sp.cost[k] = a.c.Grids[0].Event[first]
		}
		for i := of.First[k]; i < of.First[k+1]; i++ {
			t := of.Tick[i]
			sp.of[next[t]], sp.weight[next[t]] = int32(k), of.Weight[i]
			next[t]++
		}
	}
	return sp
}

// repeat counts amounts of calendar years that stand for several: in a span of a
// year or less as in that year itself, over the horizon in all years.
func (a *axes) repeat(of *clock.Spans, s primitive.Span) {
	own, years := a.c.Amounts()
	if years == 0 {
		return
	}
	weight := make([]float64, len(of.Tick))
	for i, t := range of.Tick {
		weight[i] = own[t]
		if s == primitive.Horizon {
			weight[i] = a.c.Grids[0].Amount[t] * years
		}
	}
	of.Weight = weight
}

// years is one span for each investment period, or for each calendar year of a
// horizon of several years.
func (a *axes) years() clock.Spans {
	for _, p := range a.c.Periods {
		if p.Share > 1.5 {
			return a.c.Spans(clock.Year)
		}
	}
	return a.ranges(a.c.Periods)
}

// ranges is one span for each of some periods.
func (a *axes) ranges(periods []clock.Period) clock.Spans {
	s := clock.Spans{Weight: a.c.Grids[0].Amount, First: []int32{0}}
	for _, p := range periods {
		s.Labels = append(s.Labels, p.Name)
		for t := p.FirstTick; t < p.LastTick; t++ {
			s.Tick = append(s.Tick, t)
		}
		s.First = append(s.First, int32(len(s.Tick)))
	}
	return s
}

// periodOf is the investment period a tick lies in.
func (a *axes) periodOf(tick int32) int {
	for i := range a.c.Periods {
		if tick < a.c.Periods[i].LastTick {
			return i
		}
	}
	return len(a.c.Periods) - 1
}

// eachStep returns the steps of a grid as spans of rates.
func (a *axes) eachStep(g int32) *spans {
	if a.steps[g] != nil {
		return a.steps[g]
	}
	tl := &a.times[g]
	n := a.c.Ticks()
	sp := &spans{n: tl.Len(), start: make([]int32, n+1), of: make([]int32, n), weight: a.c.Hours, hours: make([]float64, tl.Len()), first: tl.First[:tl.Len()], cost: tl.Cost}
	for s := range sp.n {
		for t := tl.First[s]; t < tl.First[s+1]; t++ {
			sp.of[t], sp.start[t+1] = int32(s), t+1
			sp.hours[s] += a.c.Hours[t]
		}
	}
	a.steps[g] = sp
	return sp
}

// occurrences counts how many original periods each representative one stands
// for.
func (a *axes) occurrences() ([]int32, error) {
	often := make([]int32, len(a.c.Chains))
	for p, k := range a.c.Sequence {
		if k < 0 || int(k) >= len(often) {
			return nil, fmt.Errorf("original period %d is represented by period %d of %d", p, k, len(often))
		}
		often[k]++
	}
	for k, n := range often {
		if n == 0 {
			return nil, fmt.Errorf("representative period %d stands for no original period", k)
		}
	}
	return often, nil
}

// sum enters coef x flow, summed over each span, in the rows first ...
// first + n - 1 of the spans.
func (b *builder) sum(sp *spans, first int32, f *flow, coef primitive.Series) {
	to := b.arrive(f)
	tl := &b.times[f.grid]
	plain := coef.Data == nil && f.ratio.Data == nil
	constant := coef.Value * f.ratio.Value * f.scale
	mean := b.on(f.ratio, f.grid)
	for t := int32(0); t < int32(tl.Len()); t++ {
		at := t
		if to != nil {
			if at = to[t]; at == clock.None {
				continue
			}
		}
		span, acc := int32(-1), 0.0
		flush := func() {
			if span < 0 {
				return
			}
			if sp.hours != nil {
				acc /= sp.hours[span]
			}
			if plain {
				acc *= constant
			}
			b.add(first+span, f.col+t, acc)
		}
		for tick := tl.First[at]; tick < tl.First[at+1]; tick++ {
			v := 1.0
			if !plain {
				ratio := 0.0
				if to == nil {
					ratio = f.ratio.At(int(tick))
				} else {
					ratio = mean.at(t)
				}
				v = coef.At(int(tick)) * ratio * f.scale
			}
			for k := sp.start[tick]; k < sp.start[tick+1]; k++ {
				if sp.of[k] != span {
					flush()
					span, acc = sp.of[k], 0
				}
				acc += sp.weight[k] * v
			}
		}
		flush()
	}
}

// sumConstant returns coef x s, summed over each span.
func (sp *spans) sumConstant(coef, s primitive.Series) []float64 {
	total := make([]float64, sp.n)
	for tick := 0; tick+1 < len(sp.start); tick++ {
		v := coef.At(tick) * s.At(tick)
		for k := sp.start[tick]; k < sp.start[tick+1]; k++ {
			total[sp.of[k]] += sp.weight[k] * v
		}
	}
	if sp.hours != nil {
		for s := range total {
			total[s] /= sp.hours[s]
		}
	}
	return total
}
