package clock

import (
	"strconv"
	"time"
)

// Spans groups the ticks by day, week, month or year, for totals and limits:
// span i holds the ticks Tick[First[i]:First[i+1]], each with its weight in
// hours. A rate's amount in the span is the sum of Weight x rate.
type Spans struct {
	Labels []string // "2030-03-15", "week of 2030-03-12", "2030-03", "2030"
	First  []int32  // len(Labels)+1
	Tick   []int32
	Weight []float64
}

// Len returns the number of spans.
func (s *Spans) Len() int { return len(s.Labels) }

// Spans returns the spans of a unit (Hour: the ticks themselves).
//
// With representative periods, a unit that fits in them gives the spans of the
// chosen periods, in plain hours: what holds in a chosen day holds in every day
// it stands for. A longer unit is put together through the Sequence: March is
// the hours of the periods that stand for March, and a tick of a week that
// stands for many lies in many months. The weights of a tick over all months
// sum to its amount weight, so months add up to the year exactly; what the
// hours left over at the end of the horizon weigh is spread over all months.
func (c *Clock) Spans(u Unit) Spans {
	b := spanBuilder{clock: c, unit: u, at: map[int32]int{}}
	if c.Sequence != nil && (u >= Month || u == Week && int(c.OriginalHours)%168 != 0) {
		b.throughSequence()
	} else {
		b.throughChains()
	}
	b.spans.First = append(b.spans.First, int32(len(b.spans.Tick)))
	return b.spans
}

type spanBuilder struct {
	clock *Clock
	unit  Unit
	spans Spans
	at    map[int32]int // tick -> position in spans.Tick, in the last span
}

func (b *spanBuilder) throughChains() {
	c := b.clock
	for _, chain := range c.Chains {
		zero, last := c.Stamps[chain.FirstTick], -1
		for t := chain.FirstTick; t < chain.LastTick; t++ {
			if number := b.number(zero, c.Stamps[t]); number != last {
				b.open(zero, c.Stamps[t])
				last = number
			}
			weight := c.Hours[t]
			if c.Sequence == nil {
				weight = c.Grids[0].Amount[t]
			}
			b.add(t, weight)
		}
	}
}

func (b *spanBuilder) throughSequence() {
	c := b.clock
	// All frequencies have the same scale over their counts (see
	// Representative.Frequencies).
	total := 0.0
	for _, chain := range c.Chains {
		total += chain.Frequency
	}
	scale := total / float64(len(c.Sequence))
	length := int32(c.OriginalHours)
	zero := c.Stamps[0].Add(-time.Duration(c.Original[0]) * time.Hour)
	last := -1
	for i, k := range c.Sequence {
		for h := range length {
			stamp := zero.Add(time.Duration(int32(i)*length+h) * time.Hour)
			if number := b.number(zero, stamp); number != last {
				b.open(zero, stamp)
				last = number
			}
			b.add(c.Chains[k].FirstTick+h, scale)
		}
	}
}

// number tells neighbouring spans apart; weeks count from zero.
func (b *spanBuilder) number(zero, stamp time.Time) int {
	switch b.unit {
	case Hour:
		return int(stamp.Sub(zero) / time.Minute)
	case Day:
		return 366*stamp.Year() + stamp.YearDay()
	case Week:
		return int(stamp.Sub(zero) / (168 * time.Hour))
	case Month:
		return 12*stamp.Year() + int(stamp.Month())
	}
	return stamp.Year()
}

// open begins the span that a stamp lies in.
func (b *spanBuilder) open(zero, stamp time.Time) {
	var label string
	switch b.unit {
	case Hour:
		label = stamp.Format("2006-01-02 15:04")
	case Day:
		label = stamp.Format(time.DateOnly)
	case Week:
		label = "week of " + zero.AddDate(0, 0, 7*b.number(zero, stamp)).Format(time.DateOnly)
	case Month:
		label = stamp.Format("2006-01")
	default:
		label = strconv.Itoa(stamp.Year())
	}
	b.spans.Labels = append(b.spans.Labels, label)
	b.spans.First = append(b.spans.First, int32(len(b.spans.Tick)))
	clear(b.at)
}

// add puts a tick into the open span; one that comes again adds to its weight.
func (b *spanBuilder) add(tick int32, weight float64) {
	if i, seen := b.at[tick]; seen {
		b.spans.Weight[i] += weight
		return
	}
	b.at[tick] = len(b.spans.Tick)
	b.spans.Tick = append(b.spans.Tick, tick)
	b.spans.Weight = append(b.spans.Weight, weight)
}
