package weather

import (
	"fmt"
	"math"
	"time"
)

// calendar is one year with what all its series share.
type calendar struct {
	Year
	stamps []time.Time
	month  []int // of each hour, from 0
	hours  [12]int
	region []float64 // the hidden factor of each day
}

func newCalendar(year Year, zone *time.Location, noise *stream) *calendar {
	c := &calendar{Year: year.filled()}
	for t := time.Date(year.Number, 1, 1, 0, 0, 0, 0, zone); t.Year() == year.Number; t = t.Add(time.Hour) {
		m := int(t.Month()) - 1
		c.stamps, c.month = append(c.stamps, t), append(c.month, m)
		c.hours[m]++
	}
	c.region = noise.memory(c.days(), 0.6)
	return c
}

func (c *calendar) days() int { return len(c.stamps) / 24 }

// targets are the monthly means that a shape gives for an annual mean: in
// proportion to the shape, with months varied by a share of Irregular, and none
// above 97 % of a cap (what is cut there goes to the other months).
func (c *calendar) targets(shape [12]float64, mean, cap, irregularity float64, noise *stream) (target [12]float64, err error) {
	if !(mean >= 0) || math.IsInf(mean, 0) {
		return target, fmt.Errorf("the annual mean is %g", mean)
	}
	highest := 0.97 * cap
	if mean > highest {
		return target, fmt.Errorf("the annual mean is %.4g; %.4g at most fits below %g", mean, highest, cap)
	}
	weight := shape
	for m := range weight {
		if !(shape[m] > 0) || math.IsInf(shape[m], 0) {
			return target, fmt.Errorf("the shape has %g for month %d; a number above 0 fits", shape[m], m+1)
		}
		weight[m] *= math.Exp(c.Irregular * irregularity * noise.normal())
	}
	var full [12]bool
	for range 13 { // each round fills one more month, or ends
		need, have := mean*float64(len(c.stamps)), 0.0
		for m, w := range weight {
			if full[m] {
				need -= highest * float64(c.hours[m])
			} else {
				have += w * float64(c.hours[m])
			}
		}
		more := false
		for m, w := range weight {
			target[m] = highest
			if !full[m] {
				target[m] = w * need / have
			}
			if target[m] > highest {
				full[m], more = true, true
			}
		}
		if !more {
			break
		}
	}
	return target, nil
}

// meet finds for each month the factor s that gives the month's mean of
// value(s, hour) its target, and fills the values. value must not fall as s
// rises, and be 0 at s = 0. It halves intervals until they are empty, so that
// the result is exact to rounding.
func (c *calendar) meet(target [12]float64, value func(s float64, hour int) float64) ([]float64, error) {
	x := make([]float64, len(c.stamps))
	from := 0
	for m := range target {
		to := from + c.hours[m]
		mean := func(s float64) float64 {
			sum := 0.0
			for h := from; h < to; h++ {
				x[h] = value(s, h)
				sum += x[h]
			}
			return sum / float64(to-from)
		}
		low, high := 0.0, 1.0
		for mean(high) < target[m] {
			if high *= 2; high > 1e12 {
				return nil, fmt.Errorf("a mean of %.4g in month %d is out of reach: it would need more than every hour has", target[m], m+1)
			}
		}
		for {
			s := (low + high) / 2
			if s <= low || s >= high {
				break
			}
			if mean(s) < target[m] {
				low = s
			} else {
				high = s
			}
		}
		mean(high)
		from = to
	}
	return x, nil
}

// between is the value of a curve through the middles of the months at a day,
// round the year.
func (c *calendar) between(nodes *[12]float64, day int) float64 {
	hour, start := 24*day+12, 0
	for m, n := range c.hours {
		middle := start + n/2
		if hour < start+n {
			other := (m + 1) % 12
			if hour < middle {
				other = (m + 11) % 12
			}
			distance := float64(c.hours[m]+c.hours[other]) / 2
			w := math.Abs(float64(hour-middle)) / distance
			return nodes[m]*(1-w) + nodes[other]*w
		}
		start += n
	}
	return nodes[11]
}
