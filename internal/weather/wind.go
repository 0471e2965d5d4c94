package weather

import (
	"fmt"
	"math"
)

// Wind is a wind farm: the share of its capacity that it can give.
//
// Wind speed has a Weibull distribution, by a Gaussian copula: half of the
// variance of z is a daily factor (correlation 0.6 from day to day, drawn
// between the days), half an hourly AR(1) with correlation 0.9; u = Phi(z) and
// v = (-ln(1-u))^(1/K). Speed follows the hour of the day, 1 + Swing cos(2 pi
// (hour - Peak)/24), and the month's factor, which gives the month's mean power
// its target. Power is 0 below 3 m/s, 1 above 12 m/s and in between grows as
// v^3; there is no cut-out.
//
// The spread of a month's speeds round its mean is K's; the shape by month
// comes from Shape. Typical: K 2.0 to 2.4.
type Wind struct {
	Name  string
	CF    float64 // mean of the year
	Shape [12]float64
	K     float64 // Weibull shape
	Swing float64 // of the speed in the day, 0 to 0.5
	Peak  float64 // hour of the day of the highest mean speed
	With  float64 // loading of the region's factor; 0.7 is usual
}

// Speeds in m/s at which a turbine starts and is at full power.
const (
	cutIn = 3.0
	rated = 12.0
)

func (w Wind) name() string { return w.Name }

func (w Wind) head() Series {
	return Series{Name: w.Name, Unit: "1", Digits: 6, Doc: fmt.Sprintf(
		"Wind, synthetic: share of capacity, mean %.4g.", w.CF)}
}

func (w Wind) series(c *calendar, noise func(string) *stream) ([]float64, error) {
	if !(w.K >= 1) || !(w.Swing >= 0) || w.Swing > 0.5 {
		return nil, fmt.Errorf("a Weibull shape of %g and a swing of %g; 1 or more and 0 to 0.5 fit", w.K, w.Swing)
	}
	target, err := c.targets(w.Shape, w.CF*c.Wind, 1, 0.5, noise("months"))
	if err != nil {
		return nil, err
	}
	days := noise("days").memory(c.days(), 0.6)
	for d := range days {
		days[d] = mix(days[d], c.region[d], w.With)
	}
	speed := noise("hours").memory(len(c.stamps), 0.9)
	for h := range speed {
		z := math.Sqrt(0.5)*slow(days, h) + math.Sqrt(0.5)*speed[h]
		swing := 1 + w.Swing*math.Cos(2*math.Pi*(float64(h%24)+0.5-w.Peak)/24)
		speed[h] = swing * math.Pow(-math.Log(above(z)), 1/w.K)
	}
	return c.meet(target, func(scale float64, h int) float64 { return turbine(scale * speed[h]) })
}

// slow is a daily factor between the middles of the days, with the variance
// kept: neighbours have correlation 0.6.
func slow(days []float64, hour int) float64 {
	at := (float64(hour) + 0.5 - 12) / 24
	d := int(math.Floor(at))
	w := at - float64(d)
	a, b := days[max(d, 0)], days[min(d+1, len(days)-1)]
	if d < 0 || d+1 == len(days) {
		return a
	}
	return ((1-w)*a + w*b) / math.Sqrt((1-w)*(1-w)+w*w+2*w*(1-w)*0.6)
}

// turbine is the share of full power at a speed.
func turbine(v float64) float64 {
	switch {
	case v <= cutIn:
		return 0
	case v >= rated:
		return 1
	}
	return (v*v*v - cutIn*cutIn*cutIn) / (rated*rated*rated - cutIn*cutIn*cutIn)
}
