// Package weather makes synthetic hourly series of sun, wind, rivers, load and
// a neighbour's seasons, for places without open measurements such as Laos.
//
// What enters: a Spec with a seed, years and, for each series, what it must
// meet: its mean over the year and its shape by month. What leaves: series
// that meet them exactly (to the rounding of the printed digits), vary from
// hour to hour and day to day as the docs of Sun, Wind, River, Load and Season
// say, and are the same on every machine for the same Spec and Version.
//
// # It is synthetic
//
// Annual means come from published figures; most monthly shapes and all
// variability are assumptions (Laos-wide hourly measurements are not open).
// Whatever is made from these series must be called synthetic weather.
//
// # What hangs together
//
// A region has one hidden daily factor g, standard normal with day-to-day
// correlation 0.6: high is clear and windy, low is wet. Each series mixes it
// into its own noise with a loading (With): the correlation of two series'
// daily noise is the product of their loadings, and their values' is a good half
// of it, after hourly noise and power curves. Loadings of 0.75 for sun and 0.7
// for wind give days that are correlated with about 0.3; 0.32 was measured
// between the deseasonalised days of Yunnan's sun and wind in 2020. Rivers have
// -0.5 and loads 0.3 (assumptions: clear days are dry, and hot). Seasons are
// correlated through their monthly shapes on top of that.
//
// # Years
//
// A Year has factors on the annual means and on the months' shares. TypicalYear
// has none. DrawYear and DryYear draw them from: water lognormal with mean 1 and
// sigma 0.13; sun lognormal with sigma 0.03 and correlation -0.4 to water; wind
// lognormal with sigma 0.06. The 0.13 is measured, on simulated series: the
// yearly sum of eight Lao plants 1976-2005 in the PowNet-Thailand data (Theun
// Hinboun left out, near flat) has a coefficient of variation of 0.121 and a
// standard deviation of logs of 0.131, single plants 0.07 to 0.21; its driest
// years are 0.68 (1983), 0.76 (1982) and 0.80 (1977) of the mean. The Mekong
// at Luang Prabang 1996-2022 in VIC-Res-Mekong has 0.133. The others are
// assumptions. In drawn years months vary, too (Year.Irregular).
package weather

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// Version changes when the same Spec gives other series.
const Version = 1

// Spec says what to make.
type Spec struct {
	Seed   uint64
	Offset time.Duration // of the stamps from UTC: 7 h for Laos
	Years  []Year        // in rising order
	Series []Maker       // each with a name of its own
}

// Year is a calendar year with its weather.
type Year struct {
	Number int
	// Factors on the annual means of sun, wind and rivers; 0 is read as 1.
	Sun, Wind, Water float64
	// Irregular is the standard deviation of the logs of rivers' months about
	// their usual shares; half of it for wind, a quarter for sun and load.
	Irregular float64
}

// filled reads factors of 0 as 1.
func (y Year) filled() Year {
	for _, f := range []*float64{&y.Sun, &y.Wind, &y.Water} {
		if *f == 0 {
			*f = 1
		}
	}
	return y
}

// Standard deviations of the logs of annual means, and the correlation of sun
// and water.
const (
	waterSigma = 0.13
	sunSigma   = 0.03
	windSigma  = 0.06
	sunWater   = -0.4

	// At Luang Prabang (see the package comment) the logs of monthly shares
	// vary with 0.12 to 0.27 in July to December.
	irregular = 0.2
)

// TypicalYear has the annual means and monthly shapes that the series ask for.
func TypicalYear(number int) Year { return Year{Number: number, Sun: 1, Wind: 1, Water: 1} }

// DrawYear draws a year's factors. The same seed and number give the same year.
func DrawYear(seed uint64, number int) Year {
	noise := newStream(seed, number, "year")
	water, sun, wind := noise.normal(), noise.normal(), noise.normal()
	sun = sunWater*water + math.Sqrt(1-sunWater*sunWater)*sun
	return Year{
		Number:    number,
		Water:     lognormal(waterSigma, water),
		Sun:       lognormal(sunSigma, sun),
		Wind:      lognormal(windSigma, wind),
		Irregular: irregular,
	}
}

// DryYear is the year whose water is not reached in a share p of all years: p =
// 0.1 is the one-in-ten dry year, 0.84 of the mean. Its sun is what such years
// have on average, its wind and its months are the usual ones.
func DryYear(number int, p float64) Year {
	z := math.Sqrt2 * math.Erfinv(2*p-1)
	return Year{Number: number, Water: lognormal(waterSigma, z), Sun: math.Exp(sunSigma * sunWater * z), Wind: 1}
}

// lognormal is the value of a variable of mean 1 at a standard normal z.
func lognormal(sigma, z float64) float64 { return math.Exp(sigma*z - sigma*sigma/2) }

// Series is one made series. Its values are rounded to Digits decimals, as they
// are printed.
type Series struct {
	Name, Unit string
	Digits     int
	Values     []float64 // one an hour of all years
	Doc        string    // what it is and what it meets, in a sentence
}

// Weather is what Generate makes.
type Weather struct {
	Stamps []time.Time // of each hour's start, 29 February included
	Series []Series
}

// Maker is a kind of series: Sun, Wind, River, Load or Season.
type Maker interface {
	name() string
	// series makes one year; doc says what was asked for.
	series(y *calendar, noise func(part string) *stream) (values []float64, err error)
	head() Series // without values
}

// Generate makes the series of a spec. Errors say which series asks for what
// cannot be.
func Generate(spec Spec) (*Weather, error) {
	if len(spec.Years) == 0 || len(spec.Series) == 0 {
		return nil, fmt.Errorf("weather: %d years of %d series asked for; at least one of each fits", len(spec.Years), len(spec.Series))
	}
	w := &Weather{}
	seen := map[string]bool{}
	for _, m := range spec.Series {
		if m.name() == "" || strings.ContainsAny(m.name(), ",;\t\"#[]\r\n") || seen[m.name()] {
			return nil, fmt.Errorf("weather: the name %q of a series is empty, comes twice or has a sign that CSV or citations use", m.name())
		}
		seen[m.name()] = true
		w.Series = append(w.Series, m.head())
	}
	zone := time.FixedZone("", int(spec.Offset/time.Second))
	for i, year := range spec.Years {
		if year.Number < 1 || year.Number > 9999 || i > 0 && year.Number <= spec.Years[i-1].Number {
			return nil, fmt.Errorf("weather: year %d: years from 1 to 9999 in rising order fit", year.Number)
		}
		c := newCalendar(year, zone, newStream(spec.Seed, year.Number, "region"))
		w.Stamps = append(w.Stamps, c.stamps...)
		for k, m := range spec.Series {
			values, err := m.series(c, func(part string) *stream {
				return newStream(spec.Seed, year.Number, m.name()+"/"+part)
			})
			if err != nil {
				return nil, fmt.Errorf("weather: series %s in %d: %w", m.name(), year.Number, err)
			}
			s := &w.Series[k]
			round(values, s.Digits)
			s.Values = append(s.Values, values...)
		}
	}
	return w, nil
}

func round(values []float64, digits int) {
	p := math.Pow10(digits)
	for i, v := range values {
		values[i] = math.Round(v*p) / p
	}
}

// stream is a source of noise of its own for each seed, year and name, so that
// a series is the same whatever stands beside it.
type stream struct{ pcg *rand.PCG }

func newStream(seed uint64, year int, name string) *stream {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s", year, name)
	return &stream{rand.NewPCG(seed, h.Sum64())}
}

// uniform is in the open interval (0, 1).
func (s *stream) uniform() float64 { return (float64(s.pcg.Uint64()>>11) + 0.5) / (1 << 53) }

// normal is a standard normal by inversion: one number of the stream each, and
// independent of how the standard library makes normals.
func (s *stream) normal() float64 { return math.Sqrt2 * math.Erfinv(2*s.uniform()-1) }

// memory fills n numbers of a standard normal AR(1) with correlation phi.
func (s *stream) memory(n int, phi float64) []float64 {
	x := make([]float64, n)
	last, fresh := s.normal(), math.Sqrt(1-phi*phi)
	for i := range x {
		x[i] = last
		last = phi*last + fresh*s.normal()
	}
	return x
}

// above is the probability of a standard normal above z.
func above(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// mix adds a share of the region's factor to noise of its own.
func mix(own, region, loading float64) float64 {
	return loading*region + math.Sqrt(1-loading*loading)*own
}
