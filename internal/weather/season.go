package weather

import (
	"fmt"
	"math"
)

// Season is a value by month and hour of the day, without noise: what a
// neighbour sells, or asks. It follows the year's water with a power, because
// the neighbour's rivers are dry when these are: availability rises with water
// (1), prices fall (-0.5).
type Season struct {
	Name  string
	Unit  string
	Month [12]float64
	Day   [24]float64 // factor by hour; all 0 is read as 1
	Water float64     // power of the year's water factor
	Max   float64     // highest value; 0: none
}

func (s Season) name() string { return s.Name }

func (s Season) head() Series {
	return Series{Name: s.Name, Unit: s.Unit, Digits: 6, Doc: "By month and hour of the day, an assumption."}
}

func (s Season) series(c *calendar, _ func(string) *stream) ([]float64, error) {
	x := make([]float64, len(c.stamps))
	year := math.Pow(c.Water, s.Water)
	for h := range x {
		x[h] = s.Month[c.month[h]] * year
		if s.Day != ([24]float64{}) {
			x[h] *= s.Day[h%24]
		}
		if s.Max > 0 {
			x[h] = math.Min(x[h], s.Max)
		}
		if math.IsNaN(x[h]) || math.IsInf(x[h], 0) {
			return nil, fmt.Errorf("month %d, hour %d has %g", c.month[h]+1, h%24, x[h])
		}
	}
	return x, nil
}
