package kind_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/kind"
)

// Whatever the shape, a year's amount keeps its mean and its proportions.
func TestShapeKeepsTheYear(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		shape := rapid.SliceOfN(rapid.Float64Range(0.001, 1000), 1, 24).Draw(r, "shape")
		for 24%len(shape) != 0 {
			shape = shape[1:]
		}
		m := plan{assets: "town: {kind: demand, at: town, annual: 8.76 GWh/a, shape: s.csv#load, shed: 1 USD/MWh}",
			series: map[string][]float64{"load": shape}}.model(t)
		d := m.Demands[0].Amount
		if mean := sum(d.Data) / 24; math.Abs(mean-1) > 1e-9 {
			r.Fatalf("the mean is %.12g MW, want 1", mean)
		}
		for h := range d.Data {
			if got, want := d.Data[h]*shape[0], d.Data[0]*shape[h%len(shape)]; math.Abs(got-want) > 1e-9*(got+want) {
				r.Fatalf("hour %d is not in proportion", h)
			}
		}
	})
}

// However the loss is split, a battery gives back its round trip.
func TestRoundTripHoweverSplit(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		trip := rapid.IntRange(50, 100).Draw(r, "round trip")
		words := ""
		if charge := rapid.IntRange(trip, 101).Draw(r, "charge"); charge <= 100 {
			words = fmt.Sprintf(", charge: %d %%", charge)
		}
		m := plan{assets: fmt.Sprintf("b: {kind: battery, at: park, capacity: 1 MW, hours: 2 h, round_trip: %d %%%s}", trip, words)}.model(t)
		in, out := port(m, unitOf(t, m, "b", "charge"), "b.energy"), port(m, unitOf(t, m, "b", "discharge"), "b.energy")
		if got := -in / out; math.Abs(got-float64(trip)/100) > 1e-12 {
			r.Fatalf("the round trip is %g, want %d %%", got, trip)
		}
	})
}

// Inflation can only take from a nominal price, the more the longer it lasts.
func TestLevelRealFalls(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		i := rapid.Float64Range(0.001, 0.2).Draw(r, "inflation")
		rate := rapid.Float64Range(0, 0.2).Draw(r, "real rate")
		years := float64(rapid.IntRange(1, 50).Draw(r, "years"))
		p := kind.LevelReal(1, i, rate, years)
		if !(p < 1/(1+i)+1e-12 && p > math.Pow(1+i, -years)-1e-12) {
			r.Fatalf("1 flat is %g in real money, outside the first and last year's worth", p)
		}
		if kind.LevelReal(1, i, rate, years+1) > p {
			r.Fatalf("a year more is worth more")
		}
	})
}

// Power gives back the current it came from.
func TestPotCurrentInvertsPotState(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		i := rapid.Float64Range(0, 1.5).Draw(r, "current")
		_, power, _ := kind.PotState(i)
		if got := kind.PotCurrent(power); math.Abs(got-i) > 1e-12 {
			r.Fatalf("the current is %g, want %g", got, i)
		}
	})
}
