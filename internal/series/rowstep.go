package series

import (
	"fmt"
	"slices"
	"time"
)

// rowStep is the step of a file: seconds, or calendar months.
type rowStep struct {
	seconds int64
	months  int
}

func (s rowStep) String() string {
	switch {
	case s.months == 12:
		return "1 year"
	case s.months > 0:
		return fmt.Sprintf("%d month", s.months)
	case s.seconds%86400 == 0:
		return fmt.Sprintf("%d d", s.seconds/86400)
	case s.seconds%3600 == 0:
		return fmt.Sprintf("%d h", s.seconds/3600)
	case s.seconds%60 == 0:
		return fmt.Sprintf("%d min", s.seconds/60)
	}
	return fmt.Sprintf("%d s", s.seconds)
}

// after is the wall clock a step after another.
func (s rowStep) after(wall int64) int64 {
	if s.months == 0 {
		return wall + s.seconds
	}
	y, m, _ := wallDate(wall)
	m += s.months - 1
	return unixDay(y+m/12, m%12+1, 1) * 86400
}

// times turns the stamps as read into the rows' starts and ends, and refuses
// gaps, doubles and disorder.
func (r *reader) times() {
	t := r.table
	n := len(r.walls)
	r.line = 1
	if !r.opts.Start.IsZero() {
		r.countedTimes()
		n = len(r.walls)
	}
	if n < 2 {
		r.fault(1, "short", "%d rows; a series has at least 2, which show its step", n)
		return
	}
	// Whole steps and leap days are matters of the wall clock.
	_, seconds := time.Unix(r.walls[0], 0).In(r.zone).Zone()
	shift := int64(seconds)
	t.zone = r.zone
	if r.withOffset > 0 {
		t.zone = time.FixedZone(offsetName(r.offset), int(r.offset))
		shift = r.offset
		for i := range r.walls {
			r.walls[i] += shift
		}
	}
	if t.step = stepOf(r.walls); t.step == (rowStep{}) { // no row comes after the one before
		r.line = 3
		r.badStep(r.walls[0], r.walls[1])
		return
	}
	t.start, t.end = make([]int64, n), make([]int64, n)
	leapDays := 0
	for i, wall := range r.walls {
		t.start[i], t.end[i] = wall-shift, t.step.after(wall)-shift
		if i == 0 || wall == t.step.after(r.walls[i-1]) {
			continue
		}
		r.line = i + 2
		if r.missingLeapDay(r.walls[i-1], wall) {
			leapDays++
		} else if !r.yearJump(r.walls[i-1], wall) {
			r.badStep(r.walls[i-1], wall)
		}
	}
	if r.more {
		r.errors[len(r.errors)-1].Text += " (and more of this kind)"
	}
	if leapDays > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s has no 29 February in %d leap years: its years have 365 days.", t.File, leapDays))
	}
	r.years()
}

// countedTimes gives rows the times of Options.
func (r *reader) countedTimes() {
	seconds := int64(r.opts.Step / time.Second)
	if seconds <= 0 {
		r.fault(1, "time", "a file without time needs its start and its step; the step is %v", r.opts.Step)
		return
	}
	_, zone := r.opts.Start.Zone()
	for i := range r.walls {
		r.walls[i] = r.opts.Start.Unix() + int64(zone) + int64(i)*seconds
	}
}

func offsetName(seconds int64) string {
	return time.Unix(0, 0).In(time.FixedZone("", int(seconds))).Format("-07:00")
}

// stepOf is the most frequent distance of neighbours, or months or years where
// all distances are of that length and begin on a first. Zero if no row comes
// after the one before.
func stepOf(walls []int64) rowStep {
	count := map[int64]int{}
	months, years := true, true
	for i := 1; i < len(walls); i++ {
		d := walls[i] - walls[i-1]
		if d <= 0 {
			continue
		}
		count[d]++
		months = months && d >= 28*86400
		years = years && d >= 365*86400
	}
	if len(count) == 0 {
		return rowStep{}
	}
	if months || years {
		for _, wall := range walls {
			_, m, d := wallDate(wall)
			first := wall%86400 == 0 && d == 1
			months, years = months && first, years && first && m == 1
		}
	}
	switch {
	case years:
		return rowStep{months: 12}
	case months:
		return rowStep{months: 1}
	}
	best := int64(0)
	for d, n := range count {
		if n > count[best] || n == count[best] && d < best {
			best = d
		}
	}
	return rowStep{seconds: best}
}

// missingLeapDay says whether only 29 February lies between two rows.
func (r *reader) missingLeapDay(before, wall int64) bool {
	y, m, d := wallDate(wall)
	return m == 3 && d == 1 && isLeap(y) && r.table.step.after(before)+86400 == wall &&
		r.table.step.after(before) == unixDay(y, 2, 29)*86400
}

// yearJump says whether a row ends its year and the next begins a later one.
func (r *reader) yearJump(before, wall int64) bool {
	next := r.table.step.after(before)
	isNewYear := func(w int64) bool {
		_, m, d := wallDate(w)
		return m == 1 && d == 1 && w%86400 == 0
	}
	return next < wall && isNewYear(next) && isNewYear(wall)
}

// badStep says what is wrong between two neighbours.
func (r *reader) badStep(before, wall int64) {
	say := func(w int64) string { return time.Unix(w, 0).UTC().Format("2006-01-02T15:04") }
	step, next := r.table.step, r.table.step.after(before)
	switch {
	case wall == before:
		r.fault(1, "duplicate", "the stamp %s comes twice", say(wall))
	case wall < before:
		r.fault(1, "order", "%s comes after %s; rows are in order of time", say(wall), say(before))
	case wall > next:
		missing := int64(0)
		if step.months == 0 {
			missing = (wall - next + step.seconds - 1) / step.seconds
		}
		for w := next; step.months > 0 && w < wall; w = step.after(w) {
			missing++
		}
		rows := fmt.Sprintf("%d rows of %s are", missing, step)
		if missing == 1 {
			rows = fmt.Sprintf("1 row of %s is", step)
		}
		r.fault(1, "gap", "%s missing from %s to %s; gaps are not filled", rows, say(next), say(wall))
	default:
		r.fault(1, "step", "%s follows %s; the file's step is %s", say(wall), say(before), step)
	}
}

// years finds which years a table holds: those with more than a day of rows,
// so that the last hours of December in a file of another offset are none.
func (r *reader) years() {
	t := r.table
	_, seconds := time.Unix(t.start[0], 0).In(t.zone).Zone()
	held := map[int]int64{}
	year, from, until := 0, int64(0), int64(0) // of the row before
	for i := range t.start {
		wall := t.start[i] + int64(seconds)
		if wall < from || wall >= until {
			year, _, _ = wallDate(wall)
			from, until = unixDay(year, 1, 1)*86400, unixDay(year+1, 1, 1)*86400
		}
		held[year] += t.end[i] - t.start[i]
	}
	for y, s := range held {
		if s > 86400 || len(held) == 1 {
			t.years = append(t.years, y)
		}
	}
	slices.Sort(t.years)
}
