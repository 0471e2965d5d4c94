package system

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/series"
)

// periodTable is the table of an investment period.
type periodTable struct {
	ID     string  `yaml:",key"`
	Years  float64 `yaml:"years,short" unit:"a" min:"0" doc:"years that it stands for, in amounts"`
	Weight float64 `yaml:"weight" unit:"1" optional:"true" min:"0" max:"1e9" doc:"what a year's money in it counts in the objective; default: the sum over its years of (1 + discount)^-(year - base_year)"`
	Share  float64 `yaml:"share" unit:"1" default:"1" min:"0" max:"1e9" doc:"part of a year that its steps cover, for money by the year"`
}

// scenarioTable is the table of one of several futures.
type scenarioTable struct {
	ID          string  `yaml:",key"`
	Probability float64 `yaml:"probability,short" unit:"1" min:"0" max:"100 %" doc:"how likely it is; all sum to 1"`
}

// riskTable weighs the scenarios' money.
type riskTable struct {
	Alpha  float64 `yaml:"alpha" unit:"1" min:"0" max:"99.9999 %" doc:"level of the conditional value at risk: 90 % looks at the dearest tenth of all scenarios"`
	Weight float64 `yaml:"weight" unit:"1" min:"0" max:"100 %" doc:"weight of the mean cost of those; the expected cost has the rest"`
}

// alternative is the table of a near-optimal alternative.
type alternative struct {
	Slack  float64            `yaml:"slack" unit:"1" default:"5 %" min:"0" max:"1e6" doc:"by how much the least cost may be exceeded, as a share" source:"GK"`
	Sense  string             `yaml:"sense" default:"least" enum:"least,most" doc:"whether the sum of the sizes shall be the least or the most"`
	Sizes  map[string]float64 `yaml:"sizes" unit:"1" min:"-1e9" max:"1e9" doc:"assets and the weight of their capacity in the sum, such as {wind: 1, sun: 0.5}"`
	Beside float64            `yaml:"beside" unit:"USD" default:"0 USD" doc:"money outside the plan that counts in the least cost, of which slack is a share"`
}

// Alternative is a near-optimal alternative: the plan with the least (Most: the
// most) weighted sum of sizes that costs at most Slack x |the least cost + Beside| more
// than the least.
type Alternative struct {
	Slack, Beside float64
	Most          bool
	Weights       map[int32]float64 // by capacity of the model; set by Expand
}

// alternative finds the capacities that the study's alternative speaks of.
func (e *expander) alternative() {
	a := e.System.Alternative
	if a == nil {
		return
	}
	a.Weights = map[int32]float64{}
	n := e.tree.Get("alternative").Get("sizes")
	for name, w := range e.weights {
		found := false
		if asset, active := e.asset[name]; active {
			for i := range e.m.Capacities {
				if e.m.Capacities[i].Asset == asset {
					a.Weights[int32(i)] += w
					found = true
				}
			}
		}
		if !found {
			pos := n.Find(name)
			e.problems = append(e.problems, attribute.Problem{File: pos.File, Line: pos.Line, Col: pos.Col, Code: "reference",
				Text: "alternative.sizes: " + strconv.Quote(name) + " is no active asset with a capacity"})
		}
	}
}

// outageTable is the table of an outage.
type outageTable struct {
	Line      string   `yaml:"line,short" ref:"asset" doc:"line that may fail"`
	Monitored []string `yaml:"monitored" ref:"asset" optional:"true" doc:"lines whose flows after it stay within their capacity; default: all that it is joined to"`
}

// snapshots makes the clock of steps that a file lists: one row a step, whose
// weights are set one by one.
func (l *loader) snapshots(w *workspace) *clock.Clock {
	for _, key := range []string{"years", "first_day", "last_day", "representative", "weather"} {
		if n := l.tree.Get(key); n != nil && n.Kind != attribute.Null {
			l.fail(key, "conflict", "snapshots lists every step of the study; want either it or %s", key)
			return nil
		}
	}
	data, err := l.opts.Open(w.Snapshots)
	if err != nil {
		l.fail("snapshots", "missing-file", "can't read %s: %v", w.Snapshots, err)
		return nil
	}
	t, err := series.ReadRows(w.Snapshots, data)
	if err != nil {
		l.problems = append(l.problems, told(err)...)
		return nil
	}
	none := math.NaN()
	ticks := make([]clock.Snapshot, len(t.Keys))
	for i, k := range t.Keys {
		at, err := stamp(k[1])
		if err != nil {
			l.fail("snapshots", "horizon", "%s, row %d: %v", w.Snapshots, i+2, err)
			return nil
		}
		ticks[i] = clock.Snapshot{Stamp: at, Length: none, Hours: none, Cost: none, Amount: none, Event: none}
	}
	for _, c := range t.Columns {
		for i, v := range c.Values {
			s := &ticks[i]
			into := map[string]*float64{"length": &s.Length, "hours": &s.Hours, "cost": &s.Cost, "amount": &s.Amount, "event": &s.Event}[c.Name]
			if into == nil {
				l.fail("snapshots", "horizon", "%s has a column %q; length, hours, amount, cost and event fit", w.Snapshots, c.Name)
				return nil
			}
			*into = v
		}
	}
	for i := range ticks {
		s := &ticks[i]
		last := 1.0
		for _, v := range []*float64{&s.Length, &s.Hours, &s.Amount, &s.Cost} {
			if math.IsNaN(*v) {
				*v = last
			}
			last = *v
		}
		if math.IsNaN(s.Event) {
			s.Event = 1
		}
	}
	periods, ok := l.periods(w, t)
	if !ok {
		return nil
	}
	for _, p := range periods { // money counts with its period's weight, unless the file says what each row's does
		for i := p.FirstTick; i < p.LastTick; i++ {
			if t.Find("cost") == nil {
				ticks[i].Cost *= p.Cost
			}
			if t.Find("event") == nil {
				ticks[i].Event *= p.Cost
			}
		}
	}
	made, err := clock.Snapshots(ticks, periods)
	var e *clock.Error
	if errors.As(err, &e) {
		l.fail("snapshots", e.Code, "%s: %s", w.Snapshots, e.Text)
		return nil
	}
	l.rows = t
	return made
}

// stamp reads the time of a snapshot.
func stamp(text string) (time.Time, error) {
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("read the time %q, want one such as 2030-01-31T18:00", text)
}

// periods are the investment periods that the rows of a file belong to.
func (l *loader) periods(w *workspace, t *series.Rows) ([]clock.Period, bool) {
	if len(w.Periods) == 0 {
		if t.Keys[0][0] != "" {
			l.fail("snapshots", "missing", "%s has a column period, and the study no periods; want them, such as periods: {%s: 5 a}", t.File, t.Keys[0][0])
			return nil, false
		}
		return nil, true
	}
	out, ok := l.investments(w)
	if !ok {
		return nil, false
	}
	for n := range out {
		k := &out[n]
		for i, key := range t.Keys {
			if key[0] != k.Name {
				continue
			}
			if k.LastTick == 0 {
				k.FirstTick = int32(i)
			}
			k.LastTick = int32(i) + 1
		}
	}
	for _, key := range t.Keys {
		if !slices.ContainsFunc(out, func(p clock.Period) bool { return p.Name == key[0] }) {
			l.fail("snapshots", "horizon", "%s has the period %q, which periods: does not", t.File, key[0])
			return nil, false
		}
	}
	return out, true
}

// investments are the periods of a study, in rising years.
func (l *loader) investments(w *workspace) ([]clock.Period, bool) {
	var out []clock.Period
	for _, p := range w.Periods {
		year, err := strconv.Atoi(p.ID)
		if err != nil || year < 1 || year > 9998 {
			l.fail("periods."+p.ID, "horizon", "want a year, such as 2030")
			return nil, false
		}
		if n := len(out); n > 0 && out[n-1].Name >= p.ID {
			l.fail("periods."+p.ID, "horizon", "periods must rise, and it comes after %s", out[n-1].Name)
			return nil, false
		}
		k := clock.Period{Name: p.ID, Years: p.Years, Cost: p.Weight, Share: p.Share}
		if math.IsNaN(k.Cost) {
			k.Cost = worth(year, p.Years, w.Discount, baseYear(w, year))
		}
		out = append(out, k)
	}
	return out, true
}

// worth is what the years of a period count in money of the base year:
//
//	D = sum_{y = year}^{year + years - 1} (1 + r)^-(y - base)
//
// of a part of a year at the end that part.
func worth(year int, years, r float64, base int) float64 {
	sum := 0.0
	for k := 0; years > 0; k++ {
		sum += math.Min(1, years) * math.Pow(1+r, -float64(year+k-base))
		years--
	}
	return sum
}

// rowed reads a column of a file whose rows are the snapshots'.
func (f *files) rowed(ref attribute.SeriesRef) (*series.Column, []attribute.Problem) {
	t, ok := f.listed[ref.File]
	if !ok {
		t = &rowed{}
		f.listed[ref.File] = t
		data, err := f.open(ref.File)
		if err != nil {
			t.problems = []attribute.Problem{{Code: "missing-file", Text: "can't read " + ref.File + ": " + err.Error()}}
		} else if t.rows, err = series.ReadRows(ref.File, data); err != nil {
			t.problems = told(err)
		} else if !slices.Equal(t.rows.Keys, f.rows.Keys) {
			t.problems = []attribute.Problem{{File: ref.File, Line: 1, Col: 1, Code: "series-rows", Text: fmt.Sprintf("its rows are not those of %s; want the same periods and times in the same order (%d rows)", f.rows.File, len(f.rows.Keys))}}
		}
	}
	if len(t.problems) > 0 {
		return nil, t.problems
	}
	c := t.rows.Find(ref.Column)
	if c == nil {
		return nil, []attribute.Problem{{Code: "series-column", Text: fmt.Sprintf("%s has no column %q", ref.File, ref.Column)}}
	}
	return c, nil
}

type rowed struct {
	rows     *series.Rows
	problems []attribute.Problem
}
