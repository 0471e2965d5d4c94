package weather

import (
	"fmt"
	"math"
	"time"
)

// Sun is a photovoltaic plant: the share of its AC capacity that it can give.
//
// The height of the sun comes from the date, time and place (declination and
// equation of time after Spencer 1971), the clear-sky irradiance from
// Haurwitz 1945: 1098 cos z exp(-0.057 / cos z) W/m2, as the mean of six
// instants an hour. It is multiplied by a clearness: each day has
//
//	K = 1 - A (1-u)^p,  u = Phi(z), z with day-to-day correlation 0.6
//
// with A = 0.45 and p = 3 in the sunniest month (most days clear) to A = 0.85
// and p = 0.8 in the dullest (anything may happen); within the day it
// fluctuates, the more the more broken the sky is (K near 1/2). On foggy
// mornings 0.25 of the light comes through until 9 h of solar time, all from
// 10:30. The result times the month's factor, cut at 1 by the inverter, has the
// month's target as its mean. The panels' tilt has no model of its own: it is
// in the monthly shape.
type Sun struct {
	Name     string
	Lat, Lon float64     // degrees north and east
	CF       float64     // mean of the year, AC
	Shape    [12]float64 // the months' means, in any scale
	Fog      [12]float64 // share of mornings with fog
	With     float64     // loading of the region's factor; 0.75 is usual
}

func (s Sun) name() string { return s.Name }

func (s Sun) head() Series {
	return Series{Name: s.Name, Unit: "1", Digits: 6, Doc: fmt.Sprintf(
		"Sun at %.2f N %.2f E, synthetic: share of AC capacity, mean %.4g.", s.Lat, s.Lon, s.CF)}
}

func (s Sun) series(c *calendar, noise func(string) *stream) ([]float64, error) {
	target, err := c.targets(s.Shape, s.CF*c.Sun, 1, 0.25, noise("months"))
	if err != nil {
		return nil, err
	}
	light := make([]float64, len(c.stamps))
	for h, stamp := range c.stamps {
		light[h] = s.clearSky(stamp)
	}
	s.cloud(c, light, noise)
	return c.meet(target, func(factor float64, h int) float64 { return math.Min(1, factor*light[h]) })
}

// cloud takes clouds and fog off the clear sky.
func (s Sun) cloud(c *calendar, light []float64, noise func(string) *stream) {
	days := noise("days").memory(c.days(), 0.6)
	hours := noise("hours").memory(len(light), 0.6)
	fog := noise("fog")
	low, high := s.Shape[0], s.Shape[0]
	for _, v := range s.Shape {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	for d, own := range days {
		month := c.month[24*d]
		dull := 0.0
		if high > low {
			dull = (high - s.Shape[month]) / (high - low)
		}
		cover := above(mix(own, c.region[d], s.With)) // 1-u
		k := 1 - (0.45+0.4*dull)*math.Pow(cover, 3-2.2*dull)
		foggy := fog.uniform() < s.Fog[month]
		for h := 24 * d; h < 24*d+24; h++ {
			light[h] *= math.Min(1.05, math.Max(0.05, k+0.5*k*(1-k)*hours[h]))
			if foggy {
				light[h] *= fogLight(s.solarHour(c.stamps[h].Add(30 * time.Minute)))
			}
		}
	}
}

// fogLight is what fog lets through at an hour of solar time.
func fogLight(hour float64) float64 {
	switch {
	case hour < 9:
		return 0.25
	case hour < 10.5:
		return 0.25 + 0.5*(hour-9)
	}
	return 1
}

// clearSky is the mean irradiance of an hour in kW/m2.
func (s Sun) clearSky(start time.Time) float64 {
	sum := 0.0
	for i := range 6 {
		height := s.sinHeight(start.Add(time.Duration(10*i+5) * time.Minute))
		if height > 0 {
			sum += 1.098 * height * math.Exp(-0.057/height)
		}
	}
	return sum / 6
}

// yearAngle is Spencer's day angle.
func yearAngle(t time.Time) float64 {
	return 2 * math.Pi * (float64(t.YearDay()-1) + (float64(t.Hour())-12)/24) / 365
}

// solarHour is the true solar time of a moment, 12 at noon.
func (s Sun) solarHour(t time.Time) float64 {
	a := yearAngle(t)
	equation := 229.18 * (0.000075 + 0.001868*math.Cos(a) - 0.032077*math.Sin(a) - 0.014615*math.Cos(2*a) - 0.04089*math.Sin(2*a))
	utc := t.UTC()
	minutes := float64(60*utc.Hour()+utc.Minute()) + 4*s.Lon + equation
	return math.Mod(minutes/60+48, 24)
}

// sinHeight is the sine of the sun's height, the cosine of its zenith angle.
func (s Sun) sinHeight(t time.Time) float64 {
	a := yearAngle(t)
	declination := 0.006918 - 0.399912*math.Cos(a) + 0.070257*math.Sin(a) - 0.006758*math.Cos(2*a) +
		0.000907*math.Sin(2*a) - 0.002697*math.Cos(3*a) + 0.00148*math.Sin(3*a)
	lat := s.Lat * math.Pi / 180
	hourAngle := (s.solarHour(t) - 12) * math.Pi / 12
	return math.Sin(lat)*math.Sin(declination) + math.Cos(lat)*math.Cos(declination)*math.Cos(hourAngle)
}
