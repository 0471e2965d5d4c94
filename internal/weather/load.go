package weather

import (
	"fmt"
	"math"
	"time"
)

// Load is a demand: month by weekday by hour of the day, times daily noise
// (heat, mostly) with correlation 0.7 from day to day. Months have their
// targets exactly; hours and weekdays come as they are given.
type Load struct {
	Name   string
	Unit   string // "MW", or "1" for multiples of the annual mean
	Mean   float64
	Shape  [12]float64
	Day    [24]float64 // by hour, in any scale
	Rest   float64     // Saturday and Sunday against the other days
	Spread float64     // standard deviation of the log of a day
	With   float64     // loading of the region's factor; 0.3 is usual
}

func (l Load) name() string { return l.Name }

func (l Load) head() Series {
	digits := 6
	if l.Unit != "1" {
		digits = 3
	}
	return Series{Name: l.Name, Unit: l.Unit, Digits: digits, Doc: fmt.Sprintf("Load, synthetic: mean %.4g.", l.Mean)}
}

func (l Load) series(c *calendar, noise func(string) *stream) ([]float64, error) {
	target, err := c.targets(l.Shape, l.Mean, math.Inf(1), 0.25, noise("months"))
	if err != nil {
		return nil, err
	}
	for h, v := range l.Day {
		if !(v >= 0) || !(l.Rest > 0) || !(l.Spread >= 0) {
			return nil, fmt.Errorf("hour %d has %g, rest days %g, the spread is %g; 0 or more fits", h, v, l.Rest, l.Spread)
		}
	}
	x := make([]float64, len(c.stamps))
	for d, own := range noise("days").memory(c.days(), 0.7) {
		day := math.Exp(l.Spread * mix(own, c.region[d], l.With))
		if w := c.stamps[24*d].Weekday(); w == time.Saturday || w == time.Sunday {
			day *= l.Rest
		}
		for h := range 24 {
			x[24*d+h] = day * l.Day[h]
		}
	}
	return c.meet(target, func(s float64, h int) float64 { return s * x[h] })
}
