package clock_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/weather"
	"pgregory.net/rapid"
)

// daily makes a series of 24-hour days, each flat.
func daily(levels ...float64) []float64 {
	var x []float64
	for _, v := range levels {
		x = append(x, slices.Repeat([]float64{v}, 24)...)
	}
	return x
}

func choose(t *testing.T, features []clock.Feature, hours, count int) clock.Selection {
	t.Helper()
	s, err := clock.Choose(features, hours, count)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A year of two kinds of days is stood for by two days without any error.
func TestRepetitiveYearHasNoError(t *testing.T) {
	var levels []float64
	for d := range 365 {
		levels = append(levels, float64(1+d%2))
	}
	sun := daily(levels...)
	for i := range sun {
		sun[i] *= float64(i % 24)
	}
	s := choose(t, []clock.Feature{{Name: "sun", Values: sun, Weight: 1}}, 24, 2)
	if !slices.Equal(s.Chosen, []int32{0, 1}) {
		t.Errorf("chosen %v; want days 0 and 1", s.Chosen)
	}
	for d, k := range s.Sequence {
		if int(k) != d%2 {
			t.Fatalf("day %d is stood for by %d", d, k)
		}
	}
	if f := s.Frequencies(8760); f[0] != 183 || f[1] != 182 {
		t.Errorf("frequencies %v; want 183 and 182", f)
	}
	e := s.Errors[0]
	if math.Abs(e.ChosenMean-e.Mean) > 1e-12*e.Mean || e.DurationCurveRMSE != 0 || e.Max != e.ChosenMax || e.Min != e.ChosenMin {
		t.Errorf("errors %v; want none", e)
	}
}

// Seven flat days 0 0 0 5 5 5 9 in two periods: 0 for the first three; of the
// four others a 5 is in the middle (squares 16 against 48 for the 9), and its
// error of the mean is smaller too (4/7 against 12/7). The mean of all is 24/7, of the chosen (3 x 0 + 4 x 5)/7 = 20/7.
func TestChoiceByHand(t *testing.T) {
	x := daily(0, 0, 0, 5, 5, 5, 9)
	s := choose(t, []clock.Feature{{Name: "x", Values: x, Weight: 1}}, 24, 2)
	if !slices.Equal(s.Chosen, []int32{0, 3}) || !slices.Equal(s.Sequence, []int32{0, 0, 0, 1, 1, 1, 1}) {
		t.Fatalf("chosen %v, sequence %v", s.Chosen, s.Sequence)
	}
	e := s.Errors[0]
	if math.Abs(e.Mean-24.0/7) > 1e-12 || math.Abs(e.ChosenMean-20.0/7) > 1e-12 || e.Max != 9 || e.ChosenMax != 5 {
		t.Errorf("%+v", e)
	}
	// The curves differ in the highest day only, by 4 in 24 of 168 hours.
	if want := 4 / math.Sqrt(7); math.Abs(e.DurationCurveRMSE-want) > 1e-12 {
		t.Errorf("duration curves differ by %g; want %g", e.DurationCurveRMSE, want)
	}
	// Asked to keep the highest, the third period is the 9.
	s = choose(t, []clock.Feature{{Name: "x", Values: x, Weight: 1, Keep: clock.KeepHighestHour}}, 24, 3)
	if !slices.Equal(s.Chosen, []int32{0, 3, 6}) {
		t.Errorf("chosen %v; want the day of 9 among them", s.Chosen)
	}
}

func TestExtremesAreKept(t *testing.T) {
	var x []float64
	for d := range 52 * 7 {
		x = append(x, daily(10+math.Sin(float64(d)))...)
	}
	x = append(x, daily(99)...) // the 365th day is in no week
	x[40*168+3] = 50            // highest hour, in week 40
	x[17*168+5] = -20           // lowest hour, in week 17
	for h := range 168 {
		x[33*168+h] = 12 // highest mean: week 33
		x[8*168+h] = 7   // lowest mean: week 8
	}
	s := choose(t, []clock.Feature{{
		Name: "x", Values: x,
		Keep: clock.KeepHighestHour | clock.KeepLowestHour | clock.KeepHighestMean | clock.KeepLowestMean,
	}}, 168, 4)
	if !slices.Equal(s.Chosen, []int32{8, 17, 33, 40}) || len(s.Sequence) != 52 {
		t.Errorf("chosen %v of %d; want 8, 17, 33, 40 of 52", s.Chosen, len(s.Sequence))
	}
	if _, err := clock.Choose([]clock.Feature{{Values: x, Keep: clock.KeepHighestHour | clock.KeepLowestHour}}, 168, 1); err == nil {
		t.Error("two extremes in one period went through")
	}
}

// Eight weeks of a synthetic year of seven series keep each mean within 2 %, the
// highest load exactly, and the worst week of sun and wind.
func TestWeeksOfASyntheticYear(t *testing.T) {
	w, err := weather.Generate(weather.Spec{Seed: 1, Offset: weather.Laos, Years: []weather.Year{weather.TypicalYear(2030)}, Series: weather.Oudomxay()})
	if err != nil {
		t.Fatal(err)
	}
	var features []clock.Feature
	both := make([]float64, 8760)
	for _, s := range w.Series {
		f := clock.Feature{Name: s.Name, Values: s.Values, Weight: 1}
		switch s.Name {
		case "load":
			f.Keep = clock.KeepHighestHour
		case "sun", "wind":
			for h, v := range s.Values {
				both[h] += v
			}
		}
		features = append(features, f)
	}
	features = append(features, clock.Feature{Name: "sun and wind", Values: both, Keep: clock.KeepLowestMean})
	s := choose(t, features, 168, 8)
	for _, e := range s.Errors {
		if math.Abs(e.ChosenMean/e.Mean-1) > 0.02 {
			t.Errorf("%v", e)
		}
		if e.Name == "load" && e.ChosenMax != e.Max {
			t.Errorf("the highest load is lost: %v", e)
		}
	}
	worst, low := 0, math.Inf(1)
	for k := range 52 {
		if m := sum(both[168*k : 168*k+168]); m < low {
			worst, low = k, m
		}
	}
	if !slices.Contains(s.Chosen, int32(worst)) {
		t.Errorf("week %d, the darkest calm, is not among %v", worst, s.Chosen)
	}
}

func TestChooseRefuses(t *testing.T) {
	x := daily(1, 2, 3)
	for name, test := range map[string]struct {
		features     []clock.Feature
		hours, count int
	}{
		"nothing":      {nil, 24, 1},
		"NaN":          {[]clock.Feature{{Values: append(slices.Clone(x[1:]), math.NaN())}}, 24, 1},
		"lengths":      {[]clock.Feature{{Values: x}, {Values: x[1:]}}, 24, 1},
		"weight":       {[]clock.Feature{{Values: x, Weight: -1}}, 24, 1},
		"none":         {[]clock.Feature{{Values: x}}, 24, 0},
		"too many":     {[]clock.Feature{{Values: x}}, 24, 4},
		"half a day":   {[]clock.Feature{{Values: x}}, 12, 1},
		"longer weeks": {[]clock.Feature{{Values: x}}, 168, 1},
	} {
		_, err := clock.Choose(test.features, test.hours, test.count)
		var fault *clock.Error
		if !errors.As(err, &fault) || fault.Text == "" {
			t.Errorf("%s: %v; want a fault", name, err)
		}
	}
}

// Whatever the series: the selection makes a clock, its amounts sum to the
// horizon, the same series give the same selection, and months add up to the
// year for every tick.
func TestSelectionLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(14, 60).Draw(t, "days")
		levels := rapid.SliceOfN(rapid.Float64Range(0, 3), days, days).Draw(t, "levels")
		hours := rapid.SampledFrom([]int{24, 168}).Draw(t, "hours")
		features := []clock.Feature{{Name: "a", Values: daily(levels...), Weight: 1, Keep: clock.KeepHighestHour}}
		count := rapid.IntRange(1, days*24/hours).Draw(t, "count")
		s, err := clock.Choose(features, hours, count)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := clock.Choose(features, hours, count)
		if !slices.Equal(s.Chosen, again.Chosen) || !slices.Equal(s.Sequence, again.Sequence) {
			t.Fatal("two choices differ")
		}
		if s.Errors[0].ChosenMax != slices.Max(features[0].Values[:days*24/hours*hours]) {
			t.Fatalf("the highest hour is lost: %v", s.Errors[0])
		}
		from := date(2030, 1, 20)
		c, err := clock.New(clock.Spec{From: from, To: from.AddDate(0, 0, days-1), Steps: []clock.Step{clock.Daily}, Representative: &s.Representative})
		if err != nil {
			t.Fatal(err)
		}
		if got := sum(c.Grids[0].Amount); math.Abs(got-float64(24*days)) > 1e-9*float64(24*days) {
			t.Fatalf("amounts of %g h for %d days", got, days)
		}
		months := c.Spans(clock.Month)
		weight := make([]float64, c.Ticks())
		for i, tick := range months.Tick {
			weight[tick] += months.Weight[i]
		}
		for tick, w := range weight {
			if math.Abs(w-c.Grids[0].Amount[tick]) > 1e-9*w {
				t.Fatalf("tick %d weighs %g in all months, %g in the year", tick, w, c.Grids[0].Amount[tick])
			}
		}
	})
}

func TestSpansOfAYear(t *testing.T) {
	c := build(t, clock.Spec{Year: 2030, Offset: "+07:00"})
	for u, n := range map[clock.Unit]int{clock.Hour: 8760, clock.Day: 365, clock.Week: 53, clock.Month: 12, clock.Year: 1} {
		s := c.Spans(u)
		if s.Len() != n || len(s.First) != n+1 || len(s.Tick) != 8760 || sum(s.Weight) != 8760 {
			t.Errorf("%v: %d spans of %d ticks, %g h", u, s.Len(), len(s.Tick), sum(s.Weight))
		}
	}
	m := c.Spans(clock.Month)
	if m.Labels[1] != "2030-02" || m.First[2]-m.First[1] != 672 {
		t.Errorf("second month %s of %d h", m.Labels[1], m.First[2]-m.First[1])
	}
	if w := c.Spans(clock.Week); w.Labels[52] != "week of 2030-12-31" {
		t.Errorf("last week is the %s", w.Labels[52])
	}
}

// January to March 2030 are 90 days = 12 weeks + 6 days. Weeks 0 to 5 are
// stood for by week 0, the others by week 9. February (days 31 to 58) holds
// days 3 to 6 of week 4, weeks 5 to 7 and days 0 to 2 of week 8: of week 0 the
// days 0 to 2 once and 3 to 6 twice, of week 9 the days 0 to 2 three times and
// 3 to 6 twice; 28 days in all, times 90/84 for the six days left over.
func TestMonthThroughSequence(t *testing.T) {
	r := &clock.Representative{PeriodHours: 168, Chosen: []int32{0, 9}, Sequence: []int32{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}}
	c := build(t, clock.Spec{From: date(2030, 1, 1), To: date(2030, 3, 31), Representative: r})
	m := c.Spans(clock.Month)
	if m.Len() != 3 || m.Labels[1] != "2030-02" {
		t.Fatalf("months %v", m.Labels)
	}
	scale := 90.0 / 84
	want := map[int32]float64{0: 1, 3*24 - 1: 1, 3 * 24: 2, 167: 2, 168: 3, 168 + 72: 2}
	for i := m.First[1]; i < m.First[2]; i++ {
		if w, ok := want[m.Tick[i]]; ok && math.Abs(m.Weight[i]-w*scale) > 1e-12 {
			t.Errorf("tick %d weighs %g in February; want %g", m.Tick[i], m.Weight[i], w*scale)
		}
		delete(want, m.Tick[i])
	}
	if len(want) != 0 {
		t.Errorf("ticks missing from February: %v", want)
	}
	if got := sum(m.Weight[m.First[1]:m.First[2]]); math.Abs(got-672*scale) > 1e-9 {
		t.Errorf("February is %g h; want %g", got, 672*scale)
	}
	// A day of a chosen week stands for each day it is copied to: plain hours.
	d := c.Spans(clock.Day)
	if d.Len() != 14 || d.Weight[0] != 1 || d.Labels[7] != "2030-03-05" {
		t.Errorf("%d days, first hour weighs %g, eighth is %s", d.Len(), d.Weight[0], d.Labels[7])
	}
}
