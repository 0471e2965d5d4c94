package series_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/series"
	"pgregory.net/rapid"
)

// rows writes a file of rows from one moment to another, each with its number.
func rows(from, to time.Time, step time.Duration, layout string) string {
	var b strings.Builder
	b.WriteString("time,n")
	n := 0
	for at := from; at.Before(to); at = at.Add(step) {
		fmt.Fprintf(&b, "\n%s,%d", at.Format(layout), n)
		n++
	}
	return b.String()
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// align reads a file and lays its column n on a clock.
func align(t *testing.T, text string, spec clock.Spec, weather int) (x []float64, notes []string) {
	t.Helper()
	c, err := clock.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	table := read(t, text, series.Options{Zone: c.Start.Location()})
	a, err := series.Align(table, c, weather)
	if err != nil {
		t.Fatal(err)
	}
	column, err := table.Find("n")
	if err != nil {
		t.Fatal(err)
	}
	return a.Values(column), a.Notes
}

func hasNote(notes []string, part string) bool {
	return slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, part) })
}

const bare = "2006-01-02T15:04"

func TestAlignSameYear(t *testing.T) {
	x, notes := align(t, rows(day(2030, 1, 1), day(2031, 1, 1), time.Hour, bare), clock.Spec{Year: 2030, Offset: "+07:00"}, 0)
	for h, v := range x {
		if v != float64(h) {
			t.Fatalf("hour %d has row %g", h, v)
		}
	}
	if len(x) != 8760 || len(notes) != 0 {
		t.Errorf("%d hours, notes %q", len(x), notes)
	}
}

// 1992 is a leap year: 1 March 2030 is hour 59 x 24 of the study and day 60 of
// the weather. 1993 is none: 29 February 2028 is the 28th again.
func TestAlignLeapDays(t *testing.T) {
	text := rows(day(1992, 1, 1), day(1994, 1, 1), time.Hour, bare)
	x, notes := align(t, text, clock.Spec{Year: 2030}, 1992)
	if x[58*24] != 58*24 || x[59*24] != 60*24 || x[8759] != 8783 {
		t.Errorf("28 Feb %g, 1 Mar %g, last %g; want 1392, 1440, 8783", x[58*24], x[59*24], x[8759])
	}
	if !hasNote(notes, "29 February 1992 is dropped") || !hasNote(notes, "weather year 1992 stands for 2030") {
		t.Errorf("notes %q", notes)
	}
	x, notes = align(t, text, clock.Spec{Year: 2028}, 1993)
	const first = 8784 // row of 1 January 1993
	if x[58*24+5] != first+58*24+5 || x[59*24+5] != first+58*24+5 || x[60*24+5] != first+59*24+5 || len(x) != 8784 {
		t.Errorf("28 Feb %g, 29 Feb %g, 1 Mar %g", x[58*24+5]-first, x[59*24+5]-first, x[60*24+5]-first)
	}
	if !hasNote(notes, "29 February repeats the 28th of the weather year (24 hours)") {
		t.Errorf("notes %q", notes)
	}
	// A file of years of 365 days in a leap year of both.
	noLeap := rows(day(1992, 1, 1), day(1992, 2, 29), 24*time.Hour, bare) +
		strings.TrimPrefix(rows(day(1992, 3, 1), day(1993, 1, 1), 24*time.Hour, bare), "time,n")
	x, notes = align(t, noLeap, clock.Spec{Year: 2028}, 0)
	if x[58*24] != 58 || x[59*24] != 58 || x[60*24] != 0 {
		t.Errorf("days %g, %g, %g; want 58, 58 and 0, the first of March", x[58*24], x[59*24], x[60*24])
	}
	if !hasNote(notes, "repeats the 28th") || !hasNote(notes, "rows of 1 d are repeated") {
		t.Errorf("notes %q", notes)
	}
}

// Stamps in UTC, study at +07:00: the study's midnight is 17:00 UTC of the day
// before, so its first 7 hours come from the file's last 7.
func TestAlignOffsets(t *testing.T) {
	east := func(minutes int) time.Time {
		return time.Date(2021, 1, 1, 0, 0, 0, 0, time.FixedZone("", minutes*60))
	}
	x, notes := align(t, rows(day(2021, 1, 1), day(2022, 1, 1), time.Hour, bare+"Z"), clock.Spec{Year: 2021, Offset: "+07:00"}, 0)
	if x[0] != 8753 || x[6] != 8759 || x[7] != 0 || x[8759] != 8752 {
		t.Errorf("hours 0, 6, 7, last: rows %g, %g, %g, %g; want 8753, 8759, 0, 8752", x[0], x[6], x[7], x[8759])
	}
	if !hasNote(notes, "offset +00:00, the study's is +07:00): 7 hours") {
		t.Errorf("notes %q", notes)
	}
	// Stamps at +08:00: the study's midnight is 01:00 there, its last hour wraps.
	x, notes = align(t, rows(east(8*60), east(8*60).AddDate(1, 0, 0), time.Hour, time.RFC3339), clock.Spec{Year: 2021, Offset: "+07:00"}, 0)
	if x[0] != 1 || x[8758] != 8759 || x[8759] != 0 || !hasNote(notes, "1 hours") {
		t.Errorf("hours 0, 8758, 8759: rows %g, %g, %g, notes %q", x[0], x[8758], x[8759], notes)
	}
	// A file that goes on into the years beside needs no wrap.
	x, notes = align(t, rows(day(2020, 12, 31), day(2022, 1, 2), time.Hour, bare+"Z"), clock.Spec{Year: 2021, Offset: "+07:00"}, 0)
	if x[0] != 17 || x[8759] != 17+8759 || len(notes) != 0 {
		t.Errorf("hours 0 and last: rows %g, %g, notes %q", x[0], x[8759], notes)
	}
	// Hours labelled by their end: the file's year begins at 23:00 of 31 December.
	// Its clock is the study's, so one hour at the end is the file's first.
	lao := time.FixedZone("", 7*3600)
	x, notes = align(t, rows(time.Date(2020, 12, 31, 23, 0, 0, 0, lao), time.Date(2021, 12, 31, 23, 0, 0, 0, lao), time.Hour, time.RFC3339), clock.Spec{Year: 2021, Offset: "+07:00"}, 0)
	if x[0] != 1 || x[8758] != 8759 || x[8759] != 0 || !hasNote(notes, "1 hours") {
		t.Errorf("hours 0, 8758, 8759: rows %g, %g, %g, notes %q", x[0], x[8758], x[8759], notes)
	}
	// Half an hour apart: an hour of the study is half of each of two rows, and
	// the half hour beyond the year's end is not there.
	x, _ = align(t, rows(east(6*60+30), east(6*60+30).AddDate(1, 0, 0), time.Hour, time.RFC3339), clock.Spec{Year: 2021, Offset: "+07:00"}, 0)
	if x[0] != 8759 || x[1] != 0.5 || x[2] != 1.5 || x[8759] != 8758.5 {
		t.Errorf("hours 0, 1, 2, last: %g, %g, %g, %g; want 8759, 0.5, 1.5, 8758.5", x[0], x[1], x[2], x[8759])
	}
}

func TestAlignResamples(t *testing.T) {
	// Quarters of hour h are rows 4h to 4h+3, on average 4h + 1.5.
	x, notes := align(t, rows(day(2030, 3, 1), day(2030, 3, 8), 15*time.Minute, bare), clock.Spec{From: day(2030, 3, 1), To: day(2030, 3, 7)}, 0)
	if x[0] != 1.5 || x[167] != 4*167+1.5 || !hasNote(notes, "rows of 15 min are averaged") {
		t.Errorf("hours 0, 167: %g, %g, notes %q", x[0], x[167], notes)
	}
	x, _ = align(t, rows(day(2030, 3, 1), day(2030, 3, 8), 3*time.Hour, bare), clock.Spec{From: day(2030, 3, 1), To: day(2030, 3, 7)}, 0)
	if x[2] != 0 || x[3] != 1 || x[167] != 55 {
		t.Errorf("hours 2, 3, 167: %g, %g, %g; want 0, 1, 55", x[2], x[3], x[167])
	}
	// A step of 90 minutes: hour 1 is half of row 0 and half of row 1.
	x, _ = align(t, rows(day(2030, 3, 1), day(2030, 3, 8), 90*time.Minute, bare), clock.Spec{From: day(2030, 3, 1), To: day(2030, 3, 7)}, 0)
	if x[0] != 0 || x[1] != 0.5 || x[2] != 1 {
		t.Errorf("hours 0, 1, 2: %g, %g, %g; want 0, 0.5, 1", x[0], x[1], x[2])
	}
	months := "time,n\n2030-01,1\n2030-02,2\n2030-03,3\n2030-04,4\n2030-05,5\n2030-06,6\n2030-07,7\n2030-08,8\n2030-09,9\n2030-10,10\n2030-11,11\n2030-12,12\n"
	x, _ = align(t, months, clock.Spec{Year: 2030}, 0)
	if x[743] != 1 || x[744] != 2 || x[8759] != 12 {
		t.Errorf("end of January %g, February %g, December %g", x[743], x[744], x[8759])
	}
	// Years: one value for every hour, for whichever study year is asked.
	x, _ = align(t, "time,n\n2029-01-01,5\n2030-01-01,7\n", clock.Spec{Year: 2035}, 2030)
	if x[0] != 7 || x[8759] != 7 {
		t.Errorf("a year's value %g to %g", x[0], x[8759])
	}
}

// A dry season from October to March in a weather of one year goes on at its
// beginning; in a weather of two it goes on in the second.
func TestAlignOverNewYear(t *testing.T) {
	spec := clock.Spec{From: day(2029, 10, 1), To: day(2030, 3, 31)}
	x, notes := align(t, rows(day(1992, 1, 1), day(1993, 1, 1), 24*time.Hour, time.DateOnly), spec, 1992)
	// 1 October 1992 is day 274; 92 days later is 1 January, day 0 of the same file.
	if x[0] != 274 || x[91*24] != 365 || x[92*24] != 0 || !hasNote(notes, "weather of 1992 again") {
		t.Errorf("days %g, %g, %g; notes %q", x[0], x[91*24], x[92*24], notes)
	}
	x, notes = align(t, rows(day(1992, 1, 1), day(1994, 1, 1), 24*time.Hour, time.DateOnly), spec, 1992)
	if x[0] != 274 || x[92*24] != 366 || hasNote(notes, "again") {
		t.Errorf("days %g, %g; notes %q", x[0], x[92*24], notes)
	}
}

func TestAlignRefuses(t *testing.T) {
	years := rows(day(1976, 1, 1), day(1980, 1, 1), 24*time.Hour, time.DateOnly) +
		strings.TrimPrefix(rows(day(2016, 1, 1), day(2017, 1, 1), 24*time.Hour, time.DateOnly), "time,n")
	month := rows(day(2030, 1, 1), day(2030, 2, 1), time.Hour, bare)
	short := rows(day(2030, 1, 1), day(2030, 12, 31).Add(23*time.Hour+45*time.Minute), 15*time.Minute, bare)
	for name, test := range map[string]struct {
		text    string
		spec    clock.Spec
		weather int
		code    string
		say     string
	}{
		"no such year":     {years, clock.Spec{Year: 2030}, 1992, "series-year", "no weather year 1992; it has 1976-1979, 2016"},
		"which year":       {years, clock.Spec{Year: 2030}, 0, "series-year", "weather year of 1976-1979, 2016"},
		"a month only":     {month, clock.Spec{Year: 2030}, 0, "series-cover", "does not cover the study's 2030-02-01T00:00+00:00"},
		"begins too early": {month, clock.Spec{From: day(2030, 1, 31), To: day(2030, 2, 3)}, 0, "series-cover", "does not cover the study's 2030-02-01"},
		"a quarter short":  {short, clock.Spec{Year: 2030}, 0, "series-cover", "2030-12-31T23:00"},
	} {
		c, err := clock.New(test.spec)
		if err != nil {
			t.Fatal(err)
		}
		_, err = series.Align(read(t, test.text, series.Options{}), c, test.weather)
		var list series.Errors
		if !errors.As(err, &list) || list[0].Code != test.code || !strings.Contains(list[0].Text, test.say) {
			t.Errorf("%s: %v; want %s saying %q", name, err, test.code, test.say)
		}
	}
}

// Representative weeks take the hours that the full year has there.
func TestAlignRepresentative(t *testing.T) {
	text := rows(day(2020, 1, 1), day(2021, 1, 1), time.Hour, bare+"Z")
	full, _ := align(t, text, clock.Spec{Year: 2030, Offset: "+07:00"}, 2020)
	r := &clock.Representative{PeriodHours: 168, Chosen: []int32{8, 30}, Sequence: make([]int32, 52)}
	r.Sequence[51] = 1
	spec := clock.Spec{Year: 2030, Offset: "+07:00", Representative: r}
	c, err := clock.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	some, _ := align(t, text, spec, 2020)
	if !slices.Equal(some, c.Pick(full)) {
		t.Error("the chosen weeks differ from the year's")
	}
}

// Whatever the offset and the step of a whole year: the mean of the study's
// year is the mean of the file's. (With offsets that differ by half an hour the
// last half hour counts twice, hence the tolerance of its weight.)
func TestAlignKeepsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{30 * time.Minute, time.Hour, 3 * time.Hour, 24 * time.Hour}).Draw(t, "step")
		offset := rapid.IntRange(-24, 28).Draw(t, "half hours of offset")
		zone := time.FixedZone("", offset*1800)
		text := rows(time.Date(2021, 1, 1, 0, 0, 0, 0, zone), time.Date(2022, 1, 1, 0, 0, 0, 0, zone), step, time.RFC3339)
		table, err := series.Read("x.csv", []byte(text), series.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := clock.New(clock.Spec{Year: 2030, Offset: "+07:00"})
		if err != nil {
			t.Fatal(err)
		}
		a, err := series.Align(table, c, 0)
		if err != nil {
			t.Fatal(err)
		}
		column, _ := table.Find("n")
		want, got := 0.0, 0.0
		for _, v := range column.Values {
			want += v / float64(table.Rows())
		}
		for _, v := range a.Values(column) {
			got += v / 8760
		}
		tolerance := 1e-9 * want
		if offset%2 != 0 {
			tolerance = 2 * want / 8760
		}
		if math.Abs(got-want) > tolerance {
			t.Fatalf("mean %g; the file's is %g", got, want)
		}
	})
}

func BenchmarkAlign(b *testing.B) {
	table, err := series.Read("x.csv", yearFile(1), series.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c, err := clock.New(clock.Spec{Year: 2030, Offset: "+07:00"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a, err := series.Align(table, c, 0)
		if err != nil {
			b.Fatal(err)
		}
		a.Values(&table.Columns[0])
	}
}
