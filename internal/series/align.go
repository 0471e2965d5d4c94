package series

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"example.org/busbar/internal/clock"
)

// Alignment lays the rows of a table on the ticks of a clock. One serves all
// columns of the table.
type Alignment struct {
	// Notes are what the run has to say about it, a sentence each; the table
	// has its own.
	Notes []string

	table *Table
	at    []int64 // of each tick: when in the table's time it begins, Unix seconds
	first []int32 // of each tick: the row that covers its beginning
	hours []float64
}

// Align finds for each tick of a clock the rows that cover it. weather is the
// year of the series that stands for the study's first year, later years
// follow it; 0 takes the study's own year, or, where the file lacks it, the
// only year that the file holds.
//
// Leap days: where the study has a 29 February and the weather year has none,
// the 28th comes again; a 29 February of the weather year that the study lacks
// is not used. Notes say so, and how many hours were taken from the other end
// of the weather year because of different offsets.
//
// Errors ("series-year", "series-cover"): the file does not hold the year, or
// not all of the study's time in it.
func Align(t *Table, c *clock.Clock, weather int) (*Alignment, error) {
	a := &aligner{table: t, zone: c.Start.Location(), result: &Alignment{table: t, hours: c.Hours}}
	if err := a.chooseYear(c, weather); err != nil {
		return nil, err
	}
	ticks := len(c.Stamps)
	a.result.at = make([]int64, ticks)
	a.result.first = make([]int32, ticks)
	for i, stamp := range c.Stamps {
		at, row, ok := a.find(stamp)
		if !ok {
			return nil, a.uncovered(stamp, at)
		}
		// A tick must not run out of the file, unless offsets differ by part of an
		// hour: then the one over the file's end has the value of its first part.
		if last := at + int64(math.Round(c.Hours[i]*3600)); last > t.end[len(t.end)-1] && !a.partHour(c) {
			return nil, a.uncovered(stamp, last)
		}
		a.result.at[i], a.result.first[i] = at, row
	}
	a.notes(c)
	return a.result, nil
}

// Values returns a column's value for every tick: the mean over the tick of
// the rows that cover it.
func (a *Alignment) Values(c *Column) []float64 {
	t := a.table
	values := make([]float64, len(a.first))
	for i, row := range a.first {
		begin := a.at[i]
		until := begin + int64(math.Round(a.hours[i]*3600))
		if until <= t.end[row] {
			values[i] = c.Values[row]
			continue
		}
		sum, seconds := 0.0, int64(0)
		for ; int(row) < len(t.start) && t.start[row] < until; row++ {
			part := min(until, t.end[row]) - max(begin, t.start[row])
			sum += float64(part) * c.Values[row]
			seconds += part
		}
		values[i] = sum / float64(seconds)
	}
	return values
}

type aligner struct {
	table  *Table
	zone   *time.Location // the study's
	shift  int            // weather year - study year
	result *Alignment

	row      int32 // found last
	repeated int   // hours of 29 February that repeat the 28th
	wrapped  int   // hours from the other end of the weather year
	again    int   // hours of years that the file lacks, from the weather year
	held     map[int]bool
	weather  int
	first    int // the study's first year
}

func (a *aligner) fault(code, format string, args ...any) error {
	return Errors{{a.table.File, 1, 1, "series-" + code, fmt.Sprintf(format, args...)}}
}

// chooseYear finds which year of the file stands for the study's first.
func (a *aligner) chooseYear(c *clock.Clock, weather int) error {
	a.first = c.Start.Year()
	if c.Original != nil { // the first chosen period may lie in a later year
		a.first = c.Start.Add(-time.Duration(c.Original[0]) * time.Hour).Year()
	}
	a.held = map[int]bool{}
	for _, y := range a.table.years {
		a.held[y] = true
	}
	switch {
	case weather != 0 && !a.held[weather]:
		return a.fault("year", "the file has no weather year %d; it has %s", weather, yearRanges(a.table.years))
	case weather != 0:
		a.weather = weather
	case a.held[a.first]:
		a.weather = a.first
	case len(a.table.years) == 1:
		a.weather = a.table.years[0]
	default:
		return a.fault("year", "the file has not the study's year %d and more than one other; give the study a weather year of %s", a.first, yearRanges(a.table.years))
	}
	a.shift = a.weather - a.first
	return nil
}

// yearRanges writes 1976-2005, 2016.
func yearRanges(years []int) string {
	var parts []string
	for i := 0; i < len(years); {
		j := i
		for j+1 < len(years) && years[j+1] == years[j]+1 {
			j++
		}
		if j == i {
			parts = append(parts, fmt.Sprint(years[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", years[i], years[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// find returns the moment in the table's time that stands for a stamp of the
// study, and its row. at is where it was looked for first.
func (a *aligner) find(stamp time.Time) (at int64, row int32, ok bool) {
	year := stamp.Year() + a.shift
	if !a.held[year] && a.held[a.weather] && year > a.weather {
		a.again++
		year = a.weather
	}
	at, leap := a.moment(stamp, year, stamp.Day())
	if row, ok = a.covering(at); ok {
		a.repeated += leap
		return at, row, true
	}
	if stamp.Month() == 2 && stamp.Day() == 29 {
		second, _ := a.moment(stamp, year, 28)
		if row, ok = a.covering(second); ok {
			a.repeated++
			return second, row, true
		}
	}
	// The file's year is not the study's, and the hour lies beyond it: the same
	// month, day and hour of the file's clock, a year on or back.
	for _, other := range []int{1, -1} {
		local := time.Unix(at, 0).In(a.table.zone)
		wrapped := time.Date(local.Year()+other, local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, a.table.zone).Unix()
		if local.Year() == year-other || a.overTheEnd(at, wrapped) {
			if row, ok = a.covering(wrapped); ok {
				a.wrapped++
				return wrapped, row, true
			}
		}
	}
	return at, 0, false
}

// partHour says whether the file's offset and the study's differ by more than
// whole hours.
func (a *aligner) partHour(c *clock.Clock) bool {
	_, file := time.Unix(a.table.start[0], 0).In(a.table.zone).Zone()
	_, study := c.Start.Zone()
	return (file-study)%3600 != 0
}

// overTheEnd says whether a moment before the file's beginning or after its end
// goes over, a year on or back, into the day at its other end: a file of whole
// days that begins in the last hours of December.
func (a *aligner) overTheEnd(at, wrapped int64) bool {
	begin, end := a.table.start[0], a.table.end[len(a.table.end)-1]
	return at >= end && wrapped < begin+86400 || at < begin && wrapped >= end-86400
}

// moment is a stamp's month, hour and a day in a year; leap is 1 if it is 29
// February and the year has none, so that the 28th is taken.
func (a *aligner) moment(stamp time.Time, year, day int) (at int64, leap int) {
	month := stamp.Month()
	if month == 2 && day == 29 && !isLeap(year) {
		day, leap = 28, 1
	}
	return time.Date(year, month, day, stamp.Hour(), stamp.Minute(), 0, 0, a.zone).Unix(), leap
}

// covering returns the row that covers a moment.
func (a *aligner) covering(at int64) (row int32, ok bool) {
	t := a.table
	inside := func(i int32) bool { return int(i) < len(t.start) && t.start[i] <= at && at < t.end[i] }
	for _, i := range [...]int32{a.row, a.row + 1} { // ticks follow each other
		if inside(i) {
			a.row = i
			return i, true
		}
	}
	i := int32(sort.Search(len(t.start), func(i int) bool { return t.start[i] > at })) - 1
	if i < 0 || !inside(i) {
		return 0, false
	}
	a.row = i
	return i, true
}

func (a *aligner) uncovered(stamp time.Time, at int64) error {
	t := a.table
	say := func(s int64) string { return time.Unix(s, 0).In(t.zone).Format("2006-01-02T15:04-07:00") }
	lacks := "the study's " + stamp.Format("2006-01-02T15:04-07:00")
	if a.shift != 0 {
		lacks = say(at) + ", which stands for " + lacks
	}
	return a.fault("cover", "the file goes from %s to %s and does not cover %s", say(t.start[0]), say(t.end[len(t.end)-1]), lacks)
}

func (a *aligner) notes(c *clock.Clock) {
	t, note := a.table, func(format string, args ...any) {
		a.result.Notes = append(a.result.Notes, a.table.File+": "+fmt.Sprintf(format, args...))
	}
	if a.shift != 0 {
		note("weather year %d stands for %d.", a.weather, a.first)
	}
	if a.again > 0 {
		note("%d hours of years that follow, which the file lacks, have the weather of %d again.", a.again, a.weather)
	}
	if a.repeated > 0 {
		note("29 February repeats the 28th of the weather year (%d hours).", a.repeated)
	}
	if dropped := a.droppedLeapDay(c); dropped != 0 {
		note("29 February %d is dropped.", dropped)
	}
	if a.wrapped > 0 {
		note("its year begins at another hour than the study's (offset %s, the study's is %s): %d hours at the year's end come from its other end.",
			time.Unix(t.start[0], 0).In(t.zone).Format("-07:00"), c.Start.Format("-07:00"), a.wrapped)
	}
	switch seconds := t.end[0] - t.start[0]; {
	case seconds > 3600:
		note("rows of %s are repeated over their hours.", t.step)
	case seconds < 3600:
		note("rows of %s are averaged over the hour.", t.step)
	}
}

// droppedLeapDay is the weather year of a 29 February that the file has and
// the study goes past, or 0.
func (a *aligner) droppedLeapDay(c *clock.Clock) int {
	for i := 1; i < len(c.Stamps); i++ {
		before, now := c.Stamps[i-1], c.Stamps[i]
		year := now.Year() + a.shift
		if before.Month() != 2 || now.Month() != 3 || before.Day() != 28 || !isLeap(year) {
			continue
		}
		if _, has := a.covering(time.Date(year, 2, 29, 12, 0, 0, 0, a.zone).Unix()); has {
			return year
		}
	}
	return 0
}
