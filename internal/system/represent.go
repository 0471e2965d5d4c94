package system

import (
	"math"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
)

// represent chooses the periods that stand for the horizon from the series
// that were read on its full clock, and reads everything again on the shorter
// one.
func (l *loader) represent(r *representative, c *attribute.Context) {
	hours, count := 168, r.Weeks
	if r.Days > 0 {
		hours, count = 24, r.Days
	}
	features := l.files.features(count)
	if len(features) == 0 {
		l.fail("representative", "representative", "no asset has a series to choose periods by; leave it out, or give a series")
		return
	}
	selection, err := clock.Choose(features, hours, count)
	if err != nil {
		l.fail("representative", "representative", "%v", err)
		return
	}
	l.spec.Representative = &selection.Representative
	short, err := clock.New(l.spec)
	if err != nil {
		l.fail("representative", "representative", "%v", err)
		return
	}
	l.s.Selection = &selection
	c.Clock = short
	c.Series = func(ref attribute.SeriesRef) ([]float64, []attribute.Problem) {
		full, problems := l.files.read(ref)
		if len(problems) > 0 {
			return nil, problems
		}
		return short.Pick(full), nil
	}
	l.all(c)
}

// features are the series read, in the order of their names, and two more that
// only keep extremes, where three periods or more are asked for: the period
// with the least wind, sun and other availability, and the one with the most
// of everything else (loads, prices, inflows).
func (f *files) features(count int) []clock.Feature {
	keys := make([]valueKey, 0, len(f.values))
	for k := range f.values {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b valueKey) int {
		return strings.Compare(a.name+"#"+a.column+" "+a.want+a.offset+a.unit, b.name+"#"+b.column+" "+b.want+b.offset+b.unit)
	})
	var all []clock.Feature
	var share, rest []float64
	for _, k := range keys {
		v := f.values[k]
		mean, sd := moments(v)
		if sd == 0 {
			continue
		}
		all = append(all, clock.Feature{Name: k.name + "#" + k.column, Values: v, Weight: 1})
		sum := &rest
		if k.want == "1" {
			sum = &share
		}
		if *sum == nil {
			*sum = make([]float64, len(v))
		}
		for t := range v {
			(*sum)[t] += (v[t] - mean) / sd
		}
	}
	if count >= 3 && share != nil {
		all = append(all, clock.Feature{Name: "all availability", Values: share, Keep: clock.KeepLowestMean})
	}
	if count >= 3 && rest != nil {
		all = append(all, clock.Feature{Name: "all loads, prices and inflows", Values: rest, Keep: clock.KeepHighestMean})
	}
	return all
}

func moments(v []float64) (mean, sd float64) {
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for _, x := range v {
		sd += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(sd / float64(len(v)))
}
