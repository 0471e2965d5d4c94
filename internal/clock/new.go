package clock

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Spec is what a study asks of its clock.
type Spec struct {
	// Year is a calendar year, from 1 January to 31 December; or 0, and From
	// and To are the first and last day (both included; only the date is read).
	Year     int
	From, To time.Time

	// Offset from UTC, fixed all year: "+07:00", "-03:30", "Z" or "" for UTC.
	// Days begin at its midnight.
	Offset string

	// Steps in use, in any order; doubles do not matter. Grid 0 is hours,
	// asked for or not.
	Steps []Step

	// Representative periods, or nil for every hour of the horizon.
	Representative *Representative

	// Periods are investment periods, each modelled by the calendar year that it is
	// named by, instead of Year or From and To: Name, Cost and Years are read.
	Periods []Period
}

// Representative says which periods of a horizon stand for all of it. Choose
// makes one from series.
type Representative struct {
	PeriodHours int // length of a period: whole days
	// Chosen are the numbers (from 0) of the periods that are modelled, in
	// rising order: period i covers the ticks [i, i+1) x PeriodHours of the
	// full horizon.
	Chosen []int32
	// Sequence gives for each period of the horizon the position in Chosen of
	// the one that stands for it. Its length is the number of whole periods:
	// what is left at the end of the horizon (1 day of 365 in weeks) is in no
	// period, and every frequency is scaled up for it instead.
	Sequence []int32
}

// Frequencies returns how many periods of a horizon of so many ticks each
// chosen period stands for: its count in Sequence x ticks / (len(Sequence) x
// PeriodHours). They sum to ticks / PeriodHours, 365/7 for the weeks of a year.
//
// The scale is the same for all, so what is stored over the Sequence and what
// is counted over the year differ by that factor only and balances stay exact.
func (r *Representative) Frequencies(ticks int) []float64 {
	f := make([]float64, len(r.Chosen))
	for _, k := range r.Sequence {
		f[k]++
	}
	whole := len(r.Sequence) * r.PeriodHours
	for k := range f {
		f[k] = f[k] * float64(ticks) / float64(whole)
	}
	return f
}

var offsetForm = regexp.MustCompile(`^([+-])(\d\d):(\d\d)$`)

// ParseOffset reads a fixed offset from UTC: "+07:00", "Z", or "" for UTC.
func ParseOffset(text string) (*time.Location, error) {
	if text == "" || text == "Z" {
		return time.FixedZone("+00:00", 0), nil
	}
	m := offsetForm.FindStringSubmatch(text)
	if m == nil {
		return nil, fault("offset", "offset %q is not read; a fixed offset from UTC fits, such as +07:00 (a zone with summer time does not)", text)
	}
	var hours, minutes int
	fmt.Sscanf(m[2], "%d", &hours)
	fmt.Sscanf(m[3], "%d", &minutes)
	if hours > 14 || minutes > 59 || hours == 14 && minutes > 0 {
		return nil, fault("offset", "offset %q lies outside -14:00 to +14:00", text)
	}
	seconds := hours*3600 + minutes*60
	if m[1] == "-" {
		seconds = -seconds
	}
	return time.FixedZone(text, seconds), nil
}

// The longest horizon: 100 years of hours stay far inside int32.
const maxDays = 100 * 366

// New makes the clock of a study: one period with weight D = 1, one chain (or
// one for each representative period), one grid for each distinct step. All
// errors are *Error.
func New(spec Spec) (*Clock, error) {
	zone, err := ParseOffset(spec.Offset)
	if err != nil {
		return nil, err
	}
	if len(spec.Periods) > 0 {
		return several(spec, zone)
	}
	start, end, err := horizon(spec, zone)
	if err != nil {
		return nil, err
	}
	steps, err := gridSteps(spec.Steps)
	if err != nil {
		return nil, err
	}
	ticks := int(end.Sub(start) / time.Hour)
	c := &Clock{}
	if spec.Representative == nil {
		c.Chains = []Chain{{FirstTick: 0, LastTick: int32(ticks), Frequency: 1}}
		c.Stamps = make([]time.Time, ticks)
		for t := range c.Stamps {
			c.Stamps[t] = start.Add(time.Duration(t) * time.Hour)
		}
	} else if err := c.represent(spec.Representative, start, ticks, steps); err != nil {
		return nil, err
	}
	c.Start = c.Stamps[0]
	c.Hours = make([]float64, len(c.Stamps))
	for t := range c.Hours {
		c.Hours[t] = 1
	}
	share := yearShare(start, end)
	c.Periods = []Period{{
		Name: periodName(start, end), Cost: 1, Years: share, Share: share,
		LastTick: int32(len(c.Stamps)),
	}}
	c.Grids = make([]Grid, len(steps))
	for i, s := range steps {
		c.Grids[i] = c.grid(s)
	}
	c.note(start, end, steps)
	return c, nil
}

// horizon returns the first moment and the one after the last.
func horizon(spec Spec, zone *time.Location) (start, end time.Time, err error) {
	midnight := func(d time.Time) time.Time {
		return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
	}
	switch {
	case spec.Year != 0 && (!spec.From.IsZero() || !spec.To.IsZero()):
		return start, end, fault("horizon", "both a year (%d) and first and last days are given; one of them fits", spec.Year)
	case spec.Year != 0:
		start = time.Date(spec.Year, 1, 1, 0, 0, 0, 0, zone)
		end = time.Date(spec.Year+1, 1, 1, 0, 0, 0, 0, zone)
	case spec.From.IsZero() || spec.To.IsZero():
		return start, end, fault("horizon", "no year is given; a year, or a first and a last day, fits")
	default:
		start, end = midnight(spec.From), midnight(spec.To).AddDate(0, 0, 1)
	}
	if start.Year() < 1 || start.Year() > 9998 {
		return start, end, fault("horizon", "year %d lies outside 1 to 9998", start.Year())
	}
	if !end.After(start) {
		return start, end, fault("horizon", "the last day, %s, comes before the first, %s",
			spec.To.Format(time.DateOnly), spec.From.Format(time.DateOnly))
	}
	if days := end.Sub(start) / (24 * time.Hour); days > maxDays {
		return start, end, fault("horizon", "%d days from %s are too many; up to 100 years fit", days, start.Format(time.DateOnly))
	}
	return start, end, nil
}

// gridSteps checks steps and returns hours first, then the others from fine to
// coarse, each once.
func gridSteps(asked []Step) ([]Step, error) {
	steps := make([]Step, 0, len(asked)+1)
	steps = append(steps, Hourly)
	for _, s := range asked {
		if s == (Step{24, Hour}) {
			s = Daily
		}
		if err := s.check(); err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	slices.SortFunc(steps, Step.finer)
	return slices.Compact(steps), nil
}

// represent fills the chains, stamps and sequence of representative periods.
func (c *Clock) represent(r *Representative, start time.Time, ticks int, steps []Step) error {
	if err := r.check(ticks); err != nil {
		return err
	}
	for _, s := range steps {
		if s.Unit >= Month || s.Unit == Week && r.PeriodHours%168 != 0 {
			return fault("representative", "step %s does not fit in representative periods of %d h; a finer step, longer periods or the full year would", s, r.PeriodHours)
		}
	}
	frequency := r.Frequencies(ticks)
	for k, period := range r.Chosen {
		first := int32(len(c.Original))
		for h := range int32(r.PeriodHours) {
			t := period*int32(r.PeriodHours) + h
			c.Original = append(c.Original, t)
			c.Stamps = append(c.Stamps, start.Add(time.Duration(t)*time.Hour))
		}
		c.Chains = append(c.Chains, Chain{
			FirstTick: first, LastTick: int32(len(c.Original)), Frequency: frequency[k],
		})
	}
	c.Sequence = slices.Clone(r.Sequence)
	c.OriginalHours = float64(r.PeriodHours)
	if left := ticks - len(r.Sequence)*r.PeriodHours; left > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf(
			"The last %d h of the horizon fill no period of %d h: all frequencies are scaled by %d/%d instead.",
			left, r.PeriodHours, ticks, ticks-left))
	}
	return nil
}

func (r *Representative) check(ticks int) error {
	if r.PeriodHours < 24 || r.PeriodHours%24 != 0 {
		return fault("representative", "a representative period of %d h is not whole days; 24 (days) or 168 (weeks) fit", r.PeriodHours)
	}
	whole := ticks / r.PeriodHours
	if whole == 0 {
		return fault("representative", "a representative period of %d h is longer than the horizon of %d h", r.PeriodHours, ticks)
	}
	if len(r.Chosen) == 0 || len(r.Sequence) != whole {
		return fault("representative", "%d periods chosen and %d in sequence; at least 1 and exactly %d fit", len(r.Chosen), len(r.Sequence), whole)
	}
	for i, p := range r.Chosen {
		if p < 0 || int(p) >= whole || i > 0 && p <= r.Chosen[i-1] {
			return fault("representative", "chosen period %d at position %d: numbers from 0 to %d in rising order fit", p, i, whole-1)
		}
	}
	used := make([]bool, len(r.Chosen))
	for i, k := range r.Sequence {
		if k < 0 || int(k) >= len(r.Chosen) {
			return fault("representative", "period %d is to stand as chosen period %d; 0 to %d fit", i, k, len(r.Chosen)-1)
		}
		used[k] = true
	}
	if i := slices.Index(used, false); i >= 0 {
		return fault("representative", "chosen period %d stands for nothing", r.Chosen[i])
	}
	return nil
}

// yearShare is the length of a horizon in years: a whole number for whole
// calendar years (also from 1 April to 31 March), else hours/8,760.
func yearShare(start, end time.Time) float64 {
	years := end.Year() - start.Year()
	// AddDate would carry 29 February into March.
	if years > 0 && end.Month() == start.Month() && end.Day() == start.Day() {
		return float64(years)
	}
	return end.Sub(start).Hours() / 8760
}

func periodName(start, end time.Time) string {
	if start.YearDay() == 1 && end.Equal(start.AddDate(1, 0, 0)) {
		return fmt.Sprint(start.Year())
	}
	return start.Format(time.DateOnly) + " to " + end.AddDate(0, 0, -1).Format(time.DateOnly)
}

// grid cuts the chains into steps.
func (c *Clock) grid(s Step) Grid {
	g := Grid{Step: s}
	for _, chain := range c.Chains {
		first := int32(len(g.First))
		for t := chain.FirstTick; t < chain.LastTick; {
			g.First = append(g.First, t)
			t = min(c.stepEnd(s, chain, t), chain.LastTick)
		}
		last := int32(len(g.First)) - 1
		for i := first; i <= last; i++ {
			if i == first {
				g.Prev, g.Last = append(g.Prev, None), append(g.Last, last)
			} else {
				g.Prev, g.Last = append(g.Prev, i-1), append(g.Last, None)
			}
		}
	}
	g.First = append(g.First, int32(c.Ticks()))
	n := len(g.Prev)
	weights := make([]float64, 4*n)
	g.Hours, g.Cost, g.Amount, g.Event = weights[:n:n], weights[n:2*n:2*n], weights[2*n:3*n:3*n], weights[3*n:]
	chain, period := 0, 0
	for i := range n {
		t := g.First[i]
		for t >= c.Chains[chain].LastTick {
			chain++
		}
		for t >= c.Periods[period].LastTick {
			period++
		}
		frequency, d := c.Chains[chain].Frequency, c.Periods[period].Cost
		for ; t < g.First[i+1]; t++ {
			g.Hours[i] += c.Hours[t]
		}
		g.Amount[i] = g.Hours[i] * frequency
		g.Cost[i] = g.Amount[i] * d
		g.Event[i] = frequency * d
		if mean := c.Periods[period].Mean; mean > 0 {
			g.Amount[i] *= mean
		}
	}
	return g
}

// stepEnd is the tick after the step of s that begins at tick t. Chains begin
// at midnight, and a representative chain on a day of its week's start, so
// hours, days and weeks count from the chain's beginning.
func (c *Clock) stepEnd(s Step, chain Chain, t int32) int32 {
	switch s.Unit {
	case Hour:
		return t + int32(s.N)
	case Day:
		return t + 24
	case Week:
		return t + 168
	}
	now := c.Stamps[t]
	next := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, now.Location())
	if s.Unit == Year {
		next = time.Date(now.Year()+1, 1, 1, 0, 0, 0, 0, now.Location())
	}
	return t + int32(next.Sub(now)/time.Hour)
}

// note says what a reader of the results should know about the calendar.
func (c *Clock) note(start, end time.Time, steps []Step) {
	for y := start.Year(); y <= end.Year(); y++ {
		leap := time.Date(y, 2, 29, 0, 0, 0, 0, start.Location())
		if leap.Day() == 29 && !leap.Before(start) && leap.Before(end) {
			c.Notes = append(c.Notes, fmt.Sprintf("%d is a leap year: 29 February is modelled; 1 a = 8,760 h in conversions all the same.", y))
		}
	}
	days := int(end.Sub(start).Hours()) / 24
	if slices.Contains(steps, Weekly) && c.Sequence == nil && days%7 != 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("Weeks are 7 days from %s; the last one has %d.", start.Format(time.DateOnly), days%7))
	}
	if share := c.Periods[0].Share; share != float64(int(share)) {
		c.Notes = append(c.Notes, fmt.Sprintf("The horizon is %d h: money and amounts are for it, and %.4g of a year's capital and fixed cost counts.", days*24, share))
	}
}

// Grid returns the index of the grid of a step, or None.
func (c *Clock) Grid(s Step) int32 {
	if s == (Step{24, Hour}) {
		s = Daily
	}
	for i := range c.Grids {
		if c.Grids[i].Step == s {
			return int32(i)
		}
	}
	return None
}

// Nests says whether every step of grid coarse is a whole number of steps of
// grid fine: 3h in 1d and 1d in 1w do, 2h in 3h does not, 1w in 1mo never (not
// even in a February of four weeks). A grid nests in itself.
func (c *Clock) Nests(fine, coarse int32) bool {
	if fine == coarse {
		return true
	}
	f, g := &c.Grids[fine], &c.Grids[coarse]
	if f.Step.Unit == Week && g.Step.Unit == Month || f.Step.finer(g.Step) >= 0 {
		return false
	}
	i := 0
	for _, t := range g.First {
		for i < len(f.First) && f.First[i] < t {
			i++
		}
		if i == len(f.First) || f.First[i] != t {
			return false
		}
	}
	return true
}

// Map returns for each step of grid fine the step of grid coarse that it lies
// in, or nil if the grids do not nest.
func (c *Clock) Map(fine, coarse int32) []int32 {
	if !c.Nests(fine, coarse) {
		return nil
	}
	f, g := &c.Grids[fine], &c.Grids[coarse]
	m := make([]int32, f.Len())
	j := int32(0)
	for i := range m {
		for f.First[i] >= g.First[j+1] {
			j++
		}
		m[i] = j
	}
	return m
}

// Pick takes from a series of the full horizon the values of the clock's ticks:
// with representative periods those of the original hours, else the series
// itself.
func (c *Clock) Pick(full []float64) []float64 {
	if c.Original == nil {
		return full
	}
	picked := make([]float64, len(c.Original))
	for t, o := range c.Original {
		picked[t] = full[o]
	}
	return picked
}
