package report

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"example.org/busbar/internal/run"
)

// data is a run folder in memory, arranged for reading.
type data struct {
	m        run.Manifest
	sys      *run.System // nil of a bare problem
	conflict []string    // of an infeasible run, in words

	offset time.Duration // of the study's clock from UTC
	grids  map[string]*grid

	figures    []run.Figure
	capacities []run.Capacity
	money      []run.Money
	balances   []run.Balance
	limits     []run.Limit
	uses       []run.Use

	flows  []*series // of every asset and part into every bus, in the tables' order
	prices []*series
	levels []*series

	available []*series // what parts whose bound changes could have done

	asset     map[string]*run.Asset
	commodity map[string]*run.Commodity
	place     map[string]*run.Place
	placeOf   map[string]string // of a bus
	palette   palette

	broken int // numbers of the tables that are none, taken as 0 or left out
}

// grid is the steps of one length, in the study's own time.
type grid struct {
	name   string
	start  []int64 // ms, as if the study's clock were UTC
	hours  []float64
	weight []float64 // hours a year that the step stands for
}

func (g *grid) end(i int) int64 {
	return g.start[i] + int64(math.Round(g.hours[i]*float64(time.Hour/time.Millisecond)))
}

// whole tells whether every step stands for itself and no other.
func (g *grid) whole() bool {
	for i := range g.start {
		if math.Abs(g.weight[i]-g.hours[i]) > 1e-9*g.hours[i] {
			return false
		}
		if i > 0 && g.start[i] != g.end(i-1) {
			return false
		}
	}
	return true
}

// series is a number for every step of a grid.
type series struct {
	asset, part, role, bus, commodity, unit string

	grid *grid
	v    []float64
}

// load reads the run folder. Tables that are not there stay empty: a run
// without an answer has none.
func load(dir string) (*data, error) {
	f, err := run.Open(dir)
	if err != nil {
		return nil, err
	}
	d := &data{
		m: f.Manifest, grids: map[string]*grid{},
		asset: map[string]*run.Asset{}, commodity: map[string]*run.Commodity{},
		place: map[string]*run.Place{}, placeOf: map[string]string{},
	}
	if d.sys, err = f.System(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if d.conflict, err = readConflict(dir); err != nil {
		return nil, err
	}
	if d.sys != nil {
		for i := range d.sys.Assets {
			d.asset[d.sys.Assets[i].ID] = &d.sys.Assets[i]
		}
		for i := range d.sys.Commodities {
			d.commodity[d.sys.Commodities[i].ID] = &d.sys.Commodities[i]
		}
		for i := range d.sys.Places {
			d.place[d.sys.Places[i].ID] = &d.sys.Places[i]
		}
	}
	steps, err := read[run.Step](f, "steps")
	if err != nil {
		return nil, err
	}
	d.clock(steps)
	if d.figures, err = read[run.Figure](f, "figures"); err != nil {
		return nil, err
	}
	if d.capacities, err = read[run.Capacity](f, "capacities"); err != nil {
		return nil, err
	}
	if d.money, err = read[run.Money](f, "money"); err != nil {
		return nil, err
	}
	if d.balances, err = read[run.Balance](f, "balances"); err != nil {
		return nil, err
	}
	if d.limits, err = read[run.Limit](f, "limits"); err != nil {
		return nil, err
	}
	if d.uses, err = read[run.Use](f, "use"); err != nil {
		return nil, err
	}
	d.mend()
	for _, b := range d.balances {
		d.placeOf[b.Bus] = b.Place
	}
	if err := d.courses(f); err != nil {
		return nil, err
	}
	d.palette = d.colours()
	return d, nil
}

// mend takes numbers that are none (NaN, infinity where it has no meaning) out
// of the tables and counts them: the report of a broken run must still be
// written, and say so.
func (d *data) mend() {
	zero := func(values ...*float64) {
		for _, v := range values {
			if math.IsNaN(*v) || math.IsInf(*v, 0) {
				*v = 0
				d.broken++
			}
		}
	}
	kept := d.figures[:0]
	for _, f := range d.figures {
		if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
			d.broken++
			continue
		}
		kept = append(kept, f)
	}
	d.figures = kept
	for i := range d.capacities {
		c := &d.capacities[i]
		zero(&c.Existing, &c.Built, &c.Capital, &c.Fixed, &c.Worth)
		if math.IsNaN(c.MaxBuild) {
			c.MaxBuild = math.Inf(1)
		}
	}
	for i := range d.money {
		zero(&d.money[i].Amount)
	}
	for i := range d.balances {
		zero(&d.balances[i].In, &d.balances[i].Out)
	}
	for i := range d.uses {
		u := &d.uses[i]
		zero(&u.Amount, &u.Peak, &u.Full)
		if math.IsNaN(u.Could) {
			u.Could = math.Inf(1)
		}
		if math.IsNaN(u.Most) {
			u.Most = math.Inf(1)
		}
	}
	for i := range d.limits {
		l := &d.limits[i]
		zero(&l.Value, &l.Price)
		if math.IsNaN(l.Min) {
			l.Min = math.Inf(-1)
		}
		if math.IsNaN(l.Max) {
			l.Max = math.Inf(1)
		}
	}
}

// put stores a number of a series; one that is none leaves a gap.
func (d *data) put(s *series, step int32, v float64) {
	if step < 0 || int(step) >= len(s.v) {
		return
	}
	if math.IsInf(v, 0) || math.IsNaN(v) {
		d.broken++
		v = math.NaN()
	}
	s.v[step] += v
}

func read[T any](f *run.Folder, table string) ([]T, error) {
	rows, err := run.Read[T](f, table)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return rows, err
}

// readConflict reads the words of conflict.json, if there is one.
func readConflict(dir string) ([]string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "conflict.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c struct {
		Lines []string `json:"lines"`
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, errors.New(dir + ": conflict.json cannot be read: " + err.Error())
	}
	return c.Lines, nil
}

// clock lays out the grids. The study's offset from UTC is not in the folder
// by name, but its first step begins at a midnight of the study's clock.
func (d *data) clock(steps []run.Step) {
	if len(steps) == 0 {
		return
	}
	first := steps[0].Start
	for _, s := range steps {
		first = min(first, s.Start)
	}
	const dayMs = int64(24 * time.Hour / time.Millisecond)
	d.offset = time.Duration((dayMs-((first%dayMs)+dayMs)%dayMs)%dayMs) * time.Millisecond
	if d.offset > 14*time.Hour {
		d.offset -= 24 * time.Hour
	}
	for _, s := range steps {
		g := d.grids[s.Grid]
		if g == nil {
			g = &grid{name: s.Grid}
			d.grids[s.Grid] = g
		}
		for len(g.start) <= int(s.Step) {
			g.start, g.hours, g.weight = append(g.start, 0), append(g.hours, 0), append(g.weight, 0)
		}
		g.start[s.Step], g.hours[s.Step], g.weight[s.Step] = s.Start+d.offset.Milliseconds(), s.Hours, s.Amount
	}
}

// courses gathers the rows of flows, prices and levels into series.
func (d *data) courses(f *run.Folder) error {
	type key struct{ bus, asset, part, role, grid string }
	flows, err := read[run.Flow](f, "flows")
	if err != nil {
		return err
	}
	found := map[key]*series{}
	get := func(list *[]*series, k key, commodity, unit string) *series {
		s := found[k]
		if s == nil {
			g := d.grids[k.grid]
			if g == nil {
				g = &grid{name: k.grid}
				d.grids[k.grid] = g
			}
			s = &series{asset: k.asset, part: k.part, role: k.role, bus: k.bus, commodity: commodity, unit: unit, grid: g, v: make([]float64, len(g.start))}
			found[k] = s
			*list = append(*list, s)
		}
		return s
	}
	var last *series
	var lastKey key
	for i := range flows {
		r := &flows[i]
		k := key{r.Bus, r.Asset, r.Part, r.Role, r.Grid}
		if last == nil || k != lastKey {
			last, lastKey = get(&d.flows, k, r.Commodity, d.rateUnit(r.Commodity)), k
		}
		d.put(last, r.Step, r.Rate)
	}
	prices, err := read[run.Price](f, "prices")
	if err != nil {
		return err
	}
	clear(found)
	for _, r := range prices {
		s := get(&d.prices, key{bus: r.Bus, grid: r.Grid}, r.Commodity, d.m.Currency+"/"+d.unit(r.Commodity))
		d.put(s, r.Step, r.Price)
	}
	levels, err := read[run.Level](f, "levels")
	if err != nil {
		return err
	}
	clear(found)
	for _, r := range levels {
		s := get(&d.levels, key{bus: r.Bus, asset: r.Asset, part: r.Part, grid: r.Grid}, "", r.Unit)
		d.put(s, r.Step, r.Level)
	}
	available, err := read[run.Available](f, "available")
	if err != nil {
		return err
	}
	clear(found)
	for _, r := range available {
		d.put(get(&d.available, key{asset: r.Asset, part: r.Part, grid: r.Grid}, "", ""), r.Step, r.Rate)
	}
	return nil
}

// unit of a commodity; of one not declared (the inside of an asset), that of
// its balances.
func (d *data) unit(commodity string) string {
	if c := d.commodity[commodity]; c != nil {
		return c.Unit
	}
	for i := range d.balances {
		if d.balances[i].Commodity == commodity {
			return d.balances[i].Unit
		}
	}
	return ""
}

// rateUnit is the unit of a commodity's rate: MW of what is counted in MWh.
func (d *data) rateUnit(commodity string) string {
	u := d.unit(commodity)
	if u == "MWh" || strings.HasPrefix(u, "MWh ") {
		return "MW" + strings.TrimPrefix(u, "MWh")
	}
	if u == "" {
		return ""
	}
	return u + "/h"
}

func (d *data) currency() string {
	if d.m.Currency == "" {
		return "money"
	}
	return d.m.Currency
}

// onto gives a series a value for every step of a finer grid.
func (s *series) onto(g *grid) []float64 {
	if s.grid == g {
		return s.v
	}
	out := make([]float64, len(g.start))
	for i, t := range g.start {
		k := sort.Search(len(s.grid.start), func(k int) bool { return s.grid.start[k] > t }) - 1
		if k >= 0 && t < s.grid.end(k) {
			out[i] = s.v[k]
		} else {
			out[i] = math.NaN()
		}
	}
	return out
}

// figure looks a number of the whole system up.
func (d *data) figure(group, name string) (run.Figure, bool) { return d.figureOf(group, name, "") }

func (d *data) figureOf(group, name, asset string) (run.Figure, bool) {
	for _, f := range d.figures {
		if f.Group == group && f.Name == name && f.Asset == asset {
			return f, true
		}
	}
	return run.Figure{}, false
}

// window is a stretch of steps without a gap: a week, or a representative
// period.
type window struct {
	first, last int // [first, last)
}

// windows cuts a grid into weeks from its first day on. The last week of a
// whole year overlaps the one before rather than being a day long.
func (g *grid) windows() []window {
	const week = int64(7 * 24 * time.Hour / time.Millisecond)
	var out []window
	for i := 0; i < len(g.start); {
		j := i + 1
		for j < len(g.start) && g.start[j] == g.end(j-1) && g.start[j] < g.start[i]+week {
			j++
		}
		w := window{i, j}
		if k := len(out) - 1; k >= 0 && out[k].last == i && g.start[i] == g.end(i-1) && g.end(j-1)-g.start[i] < week {
			for w.first > 0 && g.end(j-1)-g.start[w.first-1] <= week && g.start[w.first] == g.end(w.first-1) {
				w.first--
			}
		}
		out = append(out, w)
		i = j
	}
	return out
}

// days names a stretch: "15 to 21 April 2030".
func (g *grid) days(w window) string {
	a := time.UnixMilli(g.start[w.first]).UTC()
	b := time.UnixMilli(g.end(w.last-1) - 1).UTC()
	switch {
	case a.Year() != b.Year():
		return a.Format("2 January 2006") + " to " + b.Format("2 January 2006")
	case a.Month() != b.Month():
		return a.Format("2 January") + " to " + b.Format("2 January 2006")
	case a.Day() != b.Day():
		return a.Format("2") + " to " + b.Format("2 January 2006")
	}
	return a.Format("2 January 2006")
}
