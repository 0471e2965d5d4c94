package clock_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"pgregory.net/rapid"
)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func build(t *testing.T, spec clock.Spec) *clock.Clock {
	t.Helper()
	c, err := clock.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

func TestParseStep(t *testing.T) {
	for text, want := range map[string]clock.Step{
		"1h": clock.Hourly, "3h": {N: 3, Unit: clock.Hour}, "12 h": {N: 12, Unit: clock.Hour},
		"24h": clock.Daily, "1d": clock.Daily, "1w": clock.Weekly, "1mo": clock.Monthly, "1a": clock.Yearly,
	} {
		got, err := clock.ParseStep(text)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for text, say := range map[string]string{
		"5h": "does not divide the day", "48h": "does not divide the day", "0h": "no length",
		"2d": "not one day", "1m": "not read", "": "not read", "h": "not read", "-1h": "not read",
		"1  h": "not read", "1h ": "not read", "15min": "not read", "99999999999999999999h": "not read",
	} {
		_, err := clock.ParseStep(text)
		var fault *clock.Error
		if !errors.As(err, &fault) || fault.Code != "step" || !strings.Contains(fault.Text, say) {
			t.Errorf("%q: %v; want a step fault saying %q", text, err, say)
		}
	}
}

// 2030 has 365 days = 52 weeks + 1 day; its months are 31, 28, 31 ... days.
func TestGridsOfAYear(t *testing.T) {
	c := build(t, clock.Spec{Year: 2030, Offset: "+07:00", Steps: []clock.Step{
		clock.Yearly, clock.Monthly, clock.Daily, {N: 3, Unit: clock.Hour}, clock.Weekly, clock.Daily}})
	if got := c.Stamps[8759].Format(time.RFC3339); c.Ticks() != 8760 || got != "2030-12-31T23:00:00+07:00" {
		t.Fatalf("%d ticks, the last at %s", c.Ticks(), got)
	}
	lengths := map[string]int{"1h": 8760, "3h": 2920, "1d": 365, "1w": 53, "1mo": 12, "1a": 1}
	if len(c.Grids) != len(lengths) || c.Grid(clock.Hourly) != 0 {
		t.Fatalf("%d grids, hours are grid %d", len(c.Grids), c.Grid(clock.Hourly))
	}
	for text, n := range lengths {
		s, _ := clock.ParseStep(text)
		i := c.Grid(s)
		if i == clock.None {
			t.Fatalf("no grid of %s", text)
		}
		g := &c.Grids[i]
		if g.Len() != n || len(g.First) != n+1 || sum(g.Hours) != 8760 || sum(g.Cost) != 8760 || sum(g.Amount) != 8760 || sum(g.Event) != float64(n) {
			t.Errorf("%s: %d steps of %g h, cost %g, amount %g, events %g", text, g.Len(), sum(g.Hours), sum(g.Cost), sum(g.Amount), sum(g.Event))
		}
		if g.Prev[0] != clock.None || g.Last[0] != int32(n-1) {
			t.Errorf("%s: first step follows %d, chain ends at %d", text, g.Prev[0], g.Last[0])
		}
		for k := 1; k < n; k++ {
			if g.Prev[k] != int32(k-1) || g.Last[k] != clock.None {
				t.Fatalf("%s: step %d follows %d", text, k, g.Prev[k])
			}
		}
	}
	week := c.Grids[c.Grid(clock.Weekly)]
	if week.Hours[51] != 168 || week.Hours[52] != 24 {
		t.Errorf("last weeks of %g and %g h; want 168 and 24", week.Hours[51], week.Hours[52])
	}
	month := c.Grids[c.Grid(clock.Monthly)]
	if month.Hours[0] != 744 || month.Hours[1] != 672 || c.Stamps[month.First[2]].Format(time.DateTime) != "2030-03-01 00:00:00" {
		t.Errorf("January %g h, February %g h, March from %v", month.Hours[0], month.Hours[1], c.Stamps[month.First[2]])
	}
	if p := c.Periods[0]; p.CapitalWeight() != 1 || p.Years != 1 || p.Name != "2030" {
		t.Errorf("period %+v", p)
	}
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "the last one has 1") {
		t.Errorf("notes %q; want the short last week", c.Notes)
	}
}

func TestNestsAndMap(t *testing.T) {
	steps := []clock.Step{{N: 2, Unit: clock.Hour}, {N: 3, Unit: clock.Hour}, {N: 6, Unit: clock.Hour}, clock.Daily, clock.Weekly, clock.Monthly, clock.Yearly}
	c := build(t, clock.Spec{Year: 2030, Steps: steps})
	grid := func(text string) int32 {
		s, err := clock.ParseStep(text)
		if err != nil {
			t.Fatal(err)
		}
		return c.Grid(s)
	}
	for _, pair := range []struct {
		fine, coarse string
		nests        bool
	}{
		{"1h", "3h", true}, {"2h", "6h", true}, {"3h", "6h", true}, {"3h", "1d", true}, {"1d", "1w", true}, {"1d", "1mo", true},
		{"1w", "1a", true}, {"1mo", "1a", true}, {"1d", "1d", true},
		{"2h", "3h", false}, {"1w", "1mo", false}, {"1mo", "1w", false}, {"1d", "3h", false},
	} {
		fine, coarse := grid(pair.fine), grid(pair.coarse)
		if c.Nests(fine, coarse) != pair.nests || (c.Map(fine, coarse) != nil) != pair.nests {
			t.Errorf("%s in %s: %v; want %v", pair.fine, pair.coarse, !pair.nests, pair.nests)
		}
	}
	// 1 February is day 31, counted from 0.
	m := c.Map(grid("1d"), grid("1mo"))
	if m[30] != 0 || m[31] != 1 || m[364] != 11 {
		t.Errorf("days 30, 31, 364 lie in months %d, %d, %d", m[30], m[31], m[364])
	}
	// February 2027 is exactly four weeks from Monday 1 February: still not.
	c = build(t, clock.Spec{From: date(2027, 2, 1), To: date(2027, 2, 28), Steps: steps})
	if c.Nests(grid("1w"), grid("1mo")) {
		t.Error("weeks nest in a month of four weeks")
	}
	// In two years the 53rd week runs over the new year.
	c = build(t, clock.Spec{From: date(2029, 1, 1), To: date(2030, 12, 31), Steps: steps})
	if c.Nests(grid("1w"), grid("1a")) {
		t.Error("weeks nest in the years of a horizon of two")
	}
	if w := c.Periods[0].CapitalWeight(); w != 2 {
		t.Errorf("two years have capital weight %g", w)
	}
}

func TestLeapYearIsModelled(t *testing.T) {
	c := build(t, clock.Spec{Year: 2028})
	// Day 59, counted from 0, is 29 February.
	if got := c.Stamps[59*24].Format(time.DateOnly); c.Ticks() != 8784 || got != "2028-02-29" {
		t.Errorf("%d ticks, day 59 is %s", c.Ticks(), got)
	}
	if c.Periods[0].CapitalWeight() != 1 {
		t.Errorf("a leap year has capital weight %g", c.Periods[0].CapitalWeight())
	}
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "29 February is modelled") {
		t.Errorf("notes %q", c.Notes)
	}
}

func TestMonthStandsForItself(t *testing.T) {
	c := build(t, clock.Spec{From: date(2030, 3, 1), To: date(2030, 3, 31), Offset: "+07:00", Steps: []clock.Step{clock.Weekly, clock.Monthly}})
	if c.Ticks() != 744 || sum(c.Grids[0].Amount) != 744 {
		t.Errorf("%d ticks, amounts of %g h", c.Ticks(), sum(c.Grids[0].Amount))
	}
	if w := c.Periods[0].CapitalWeight(); math.Abs(w-744.0/8760) > 1e-15 {
		t.Errorf("capital weight %g; want 744/8760", w)
	}
	if g := c.Grids[c.Grid(clock.Weekly)]; g.Len() != 5 || g.Hours[4] != 72 {
		t.Errorf("%d weeks, the last of %g h; want 5, 72", g.Len(), g.Hours[4])
	}
	// A month grid is cut at the ends of the study.
	c = build(t, clock.Spec{From: date(2030, 1, 20), To: date(2030, 2, 10), Steps: []clock.Step{clock.Monthly}})
	if g := c.Grids[1]; g.Len() != 2 || g.Hours[0] != 12*24 || g.Hours[1] != 240 {
		t.Errorf("months of %v h; want 288 and 240", g.Hours)
	}
}

func TestSpecsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		spec clock.Spec
		code string
	}{
		"nothing":         {clock.Spec{}, "horizon"},
		"year and dates":  {clock.Spec{Year: 2030, From: date(2030, 1, 1)}, "horizon"},
		"only a first":    {clock.Spec{From: date(2030, 1, 1)}, "horizon"},
		"backwards":       {clock.Spec{From: date(2030, 2, 1), To: date(2030, 1, 1)}, "horizon"},
		"too long":        {clock.Spec{From: date(1900, 2, 1), To: date(2030, 1, 1)}, "horizon"},
		"year 10000":      {clock.Spec{Year: 10000}, "horizon"},
		"summer time":     {clock.Spec{Year: 2030, Offset: "Europe/Berlin"}, "offset"},
		"offset too far":  {clock.Spec{Year: 2030, Offset: "+15:00"}, "offset"},
		"five hours":      {clock.Spec{Year: 2030, Steps: []clock.Step{{N: 5}}}, "step"},
		"month in weeks":  {clock.Spec{Year: 2030, Steps: []clock.Step{clock.Monthly}, Representative: first(168, 52)}, "representative"},
		"week in days":    {clock.Spec{Year: 2030, Steps: []clock.Step{clock.Weekly}, Representative: first(24, 365)}, "representative"},
		"sequence short":  {clock.Spec{Year: 2030, Representative: first(168, 51)}, "representative"},
		"period of 25 h":  {clock.Spec{Year: 2030, Representative: first(25, 350)}, "representative"},
		"period too long": {clock.Spec{From: date(2030, 1, 1), To: date(2030, 1, 3), Representative: first(168, 0)}, "representative"},
		"chosen twice":    {clock.Spec{Year: 2030, Representative: &clock.Representative{PeriodHours: 168, Chosen: []int32{3, 3}, Sequence: make([]int32, 52)}}, "representative"},
		"stands for none": {clock.Spec{Year: 2030, Representative: &clock.Representative{PeriodHours: 168, Chosen: []int32{3, 4}, Sequence: make([]int32, 52)}}, "representative"},
	} {
		_, err := clock.New(test.spec)
		var fault *clock.Error
		if !errors.As(err, &fault) || fault.Code != test.code || fault.Text == "" {
			t.Errorf("%s: %v; want a fault %q", name, err, test.code)
		}
	}
}

// first lets period 0 stand for all n.
func first(hours, n int) *clock.Representative {
	return &clock.Representative{PeriodHours: hours, Chosen: []int32{0}, Sequence: make([]int32, n)}
}

// Weeks 2 and 30 stand for 20 and 32 weeks. The 365th day scales both by
// 365/364, so that amounts sum to 8760 h.
func TestRepresentativeWeeks(t *testing.T) {
	r := &clock.Representative{PeriodHours: 168, Chosen: []int32{2, 30}, Sequence: make([]int32, 52)}
	for i := 20; i < 52; i++ {
		r.Sequence[i] = 1
	}
	c := build(t, clock.Spec{Year: 2030, Offset: "+07:00", Steps: []clock.Step{clock.Daily, clock.Weekly}, Representative: r})
	if c.Ticks() != 336 || len(c.Chains) != 2 || c.OriginalHours != 168 {
		t.Fatalf("%d ticks in %d chains", c.Ticks(), len(c.Chains))
	}
	// Week 2 begins on 15 January, week 30 on day 210 = 30 July.
	if a, b := c.Stamps[0].Format(time.DateTime), c.Stamps[168].Format(time.DateTime); a != "2030-01-15 00:00:00" || b != "2030-07-30 00:00:00" {
		t.Errorf("chains begin on %s and %s", a, b)
	}
	if f := c.Chains[0].Frequency; math.Abs(f-20*365.0/364) > 1e-12 {
		t.Errorf("frequency %g; want 20 x 365/364", f)
	}
	for i := range c.Grids {
		if g := &c.Grids[i]; math.Abs(sum(g.Amount)-8760) > 1e-9 || sum(g.Hours) != 336 {
			t.Errorf("%v: amounts of %g h, %g h long", g.Step, sum(g.Amount), sum(g.Hours))
		}
	}
	day := c.Grids[c.Grid(clock.Daily)]
	if day.Len() != 14 || day.Prev[7] != clock.None || day.Last[7] != 13 || day.Last[0] != 6 || day.Prev[8] != 7 {
		t.Errorf("days: prev %v, last %v", day.Prev, day.Last)
	}
	if math.Abs(day.Event[7]-32*365.0/364) > 1e-12 {
		t.Errorf("an event on a day of the second week weighs %g", day.Event[7])
	}
	full := make([]float64, 8760)
	for i := range full {
		full[i] = float64(i)
	}
	if x := c.Pick(full); x[0] != 336 || x[168] != 5040 || x[335] != 5207 {
		t.Errorf("picked hours %g, %g, %g; want 336, 5040, 5207", x[0], x[168], x[335])
	}
}

// Whatever the horizon and the steps: grids partition the ticks, weights agree,
// and Map agrees with the boundaries wherever Nests says so.
func TestClockLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := date(2027, 1, 1).AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "from"))
		days := rapid.IntRange(1, 500).Draw(t, "days")
		steps := rapid.SliceOf(rapid.SampledFrom([]clock.Step{
			clock.Hourly, {N: 2}, {N: 3}, {N: 4}, {N: 6}, {N: 8}, {N: 12}, clock.Daily, clock.Weekly, clock.Monthly, clock.Yearly})).Draw(t, "steps")
		c, err := clock.New(clock.Spec{From: from, To: from.AddDate(0, 0, days-1), Offset: "+07:00", Steps: steps})
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Grids {
			g := &c.Grids[i]
			if sum(g.Hours) != float64(24*days) {
				t.Fatalf("%v: %g h of %d days", g.Step, sum(g.Hours), days)
			}
			for k := range g.Len() {
				if float64(g.First[k+1]-g.First[k]) != g.Hours[k] || g.Hours[k] <= 0 {
					t.Fatalf("%v step %d: ticks %d to %d, %g h", g.Step, k, g.First[k], g.First[k+1], g.Hours[k])
				}
			}
			for j := range c.Grids {
				h := &c.Grids[j]
				if !c.Nests(int32(i), int32(j)) {
					continue
				}
				for _, tick := range h.First {
					if _, found := slices.BinarySearch(g.First, tick); !found {
						t.Fatalf("%v nests in %v, which has a boundary at tick %d of its own", g.Step, h.Step, tick)
					}
				}
				for k, m := range c.Map(int32(i), int32(j)) {
					if g.First[k] < h.First[m] || g.First[k+1] > h.First[m+1] {
						t.Fatalf("%v step %d is not inside %v step %d", g.Step, k, h.Step, m)
					}
				}
			}
		}
	})
}
