// Package emit writes a model of primitives as a workspace: each primitive an
// asset of the kind of its name, many of one shape in tables, series in files.
//
// What enters: a system (names, places, currency) and its primitives, as an
// importer made them. What leaves: the files of a workspace that builds the
// same problem, numbers as the shortest decimals that read back the same, and
// notes on what had to be named otherwise. What only kinds of a workspace make and
// no network does (routes, trades, accounts, parties, shedding, spill of a store,
// sums over hours in a row) is refused.
package emit

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
)

// Result is a workspace not yet written.
type Result struct {
	Files map[string][]byte // by path
	Notes []string
}

// Options are what a model can't say.
type Options struct {
	Made   string // first line of system.yaml, "Made from ... by ..."
	Source string // title of where it comes from

	Alternative *system.Alternative // that the study asks for; nil: the least cost
	Rolling     *system.Rolling     // windows of the study; nil: the whole horizon at once
}

// Workspace writes a model on snapshots as a workspace of one study, base.
func Workspace(s *system.System, m *primitive.Model, o Options) (*Result, error) {
	e := &emitter{s: s, m: m, taken: map[string]bool{}, place: map[string]string{}, series: map[string]*table{}, parts: make([]string, len(m.Assets))}
	if len(m.Trades)+len(m.Routes) > 0 {
		return nil, fmt.Errorf("a model with trades or routes is none that an import makes, and can't be written as a workspace")
	}
	for _, s := range m.Scenarios {
		e.futures = append(e.futures, e.id("scenario", s.Name))
	}
	e.commodities()
	e.places()
	e.assets()
	e.limits()
	study := e.study(o.Alternative, o.Rolling)
	if e.err != nil {
		return nil, e.err
	}
	return e.files(o, study), nil
}

type emitter struct {
	s *system.System
	m *primitive.Model

	root    []attribute.Key
	all     []asset
	commons []string          // id of each commodity
	place   map[string]string // id of each place
	futures []string          // id of each scenario
	taken   map[string]bool
	parts   []string // of each asset of the model: id of its first part
	units   []string // asset of each unit, store, line
	stores  []string //
	lines   []string //
	sizes   []string // asset of each capacity
	inside  []string // of each private bus: the asset that it is inside
	series  map[string]*table
	order   []string // files of series, in the order they are met
	renamed []string
	err     error
}

// asset is one asset to be written.
type asset struct {
	id, kind string
	keys     []attribute.Key
}

// table is a file of series with the snapshots' rows.
type table struct {
	header []string
	data   [][]float64
}

func (e *emitter) refuse(format string, a ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, a...)
	}
}

func scalar(text string) *attribute.Node { return &attribute.Node{Kind: attribute.Scalar, Text: text} }

func list(items ...*attribute.Node) *attribute.Node {
	return &attribute.Node{Kind: attribute.List, Items: items}
}

func mapOf(keys ...attribute.Key) *attribute.Node {
	return &attribute.Node{Kind: attribute.Map, Keys: keys}
}

func key(name string, v *attribute.Node) attribute.Key { return attribute.Key{Name: name, Value: v} }

func said(name, text string) attribute.Key { return key(name, scalar(text)) }

// number is the shortest decimal that reads back as v.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// quantity is a number with its unit, bare where it is a ratio.
func quantity(v float64, unit string) string {
	if unit == "1" || unit == "" {
		return number(v)
	}
	return number(v) + " " + unit
}

func quantities(v []float64, unit string) *attribute.Node {
	n := list()
	for _, x := range v {
		n.Items = append(n.Items, scalar(quantity(x, unit)))
	}
	return n
}

// id makes a name fit, and a name of its own; a name that had to change is kept
// as the asset's.
func (e *emitter) id(space, name string) string {
	var b strings.Builder
	for _, r := range name {
		if attribute.ValidID(string(r)) {
			b.WriteRune(r)
		} else if !strings.HasSuffix(b.String(), "_") {
			b.WriteByte('_')
		}
	}
	base := strings.Trim(b.String(), "_")
	if base == "" {
		base = space
	}
	if r := []rune(base); len(r) > 90 {
		base = string(r[:90])
	}
	id := base
	for n := 2; e.taken[space+" "+id]; n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	e.taken[space+" "+id] = true
	if id != name {
		e.renamed = append(e.renamed, fmt.Sprintf("%s %q is %s", space, name, id))
	}
	return id
}

func (e *emitter) commodities() {
	n := mapOf()
	for _, c := range e.m.Commodities {
		id := e.id("commodity", c.Name)
		if id == "cost" {
			id = "cost_"
		}
		e.commons = append(e.commons, id)
		keys := []attribute.Key{said("unit", c.Unit)}
		if c.Balance != primitive.Exact {
			e.refuse("commodity %s: only exact balances can be written", c.Name)
		}
		n.Keys = append(n.Keys, key(id, mapOf(keys...)))
	}
	e.root = append(e.root, key("commodities", n))
}

func (e *emitter) places() {
	n := mapOf()
	for _, p := range e.s.Places {
		id := e.id("place", p.ID)
		e.place[p.ID] = id
		var keys []attribute.Key
		if id != p.ID {
			keys = append(keys, said("name", p.ID))
		}
		if p.Country != "" {
			keys = append(keys, said("country", p.Country))
		}
		if !math.IsNaN(p.Lat) {
			keys = append(keys, key("at", list(scalar(number(p.Lat)), scalar(number(p.Lon)))))
		}
		n.Keys = append(n.Keys, key(id, mapOf(keys...)))
	}
	if len(n.Keys) > 0 {
		e.root = append(e.root, key("places", n))
	}
}

// value is a number, or a citation of a series that it writes down.
func (e *emitter) value(file, column string, s primitive.Series, unit string) *attribute.Node {
	same := s.Data == nil
	if !same {
		same = !slices.ContainsFunc(s.Data, func(v float64) bool { return v != s.Data[0] })
		if same {
			s = primitive.Const(s.Data[0])
		}
	}
	if same {
		if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
			e.refuse("%s of %s is %g, which no workspace can say", file, column, s.Value)
		}
		return scalar(quantity(s.Value, unit))
	}
	path := "series/" + file + ".csv"
	t := e.series[path]
	if t == nil {
		t = &table{}
		e.series[path] = t
		e.order = append(e.order, path)
	}
	t.header = append(t.header, column+" ["+unit+"]")
	t.data = append(t.data, s.Data)
	return scalar(path + "#" + column)
}

// constant reports a series of one number.
func constant(s primitive.Series, v float64) bool {
	if s.Data == nil {
		return s.Value == v
	}
	return !slices.ContainsFunc(s.Data, func(x float64) bool { return x != v })
}

// periods reports a clock of several investment periods.
func (e *emitter) periods() bool {
	p := e.m.Clock.Periods
	_, err := strconv.Atoi(p[0].Name)
	return err == nil
}

func (e *emitter) study(a *system.Alternative, windows *system.Rolling) []attribute.Key {
	keys := []attribute.Key{said("study", "base"), said("snapshots", "series/snapshots.csv")}
	if e.periods() {
		n := mapOf()
		for _, p := range e.m.Clock.Periods {
			body := []attribute.Key{said("years", quantity(p.Years, "a")), said("weight", number(p.Cost))}
			if p.Share != 1 {
				body = append(body, said("share", number(p.Share)))
			}
			n.Keys = append(n.Keys, key(p.Name, mapOf(body...)))
		}
		keys = append(keys, key("periods", n))
	}
	if len(e.m.Scenarios) > 0 {
		n := mapOf()
		for i, s := range e.m.Scenarios {
			n.Keys = append(n.Keys, said(e.futures[i], number(s.Probability)))
		}
		keys = append(keys, key("scenarios", n))
	}
	if r := e.m.Risk; r != nil {
		keys = append(keys, key("risk", mapOf(said("alpha", number(r.Alpha)), said("weight", number(r.Omega)))))
	}
	if len(e.m.Outages) > 0 {
		n := list()
		for _, o := range e.m.Outages {
			if o.Monitored == nil {
				n.Items = append(n.Items, mapOf(said("line", e.lines[o.Line])))
				continue
			}
			w := list()
			for _, l := range o.Monitored {
				w.Items = append(w.Items, scalar(e.lines[l]))
			}
			n.Items = append(n.Items, mapOf(said("line", e.lines[o.Line]), key("monitored", w)))
		}
		keys = append(keys, key("outages", n))
	}
	if a != nil {
		keys = append(keys, e.alternative(a))
	}
	if windows != nil {
		body := []attribute.Key{said("horizon", quantity(windows.Horizon, "h")), said("overlap", quantity(windows.Overlap, "h"))}
		if windows.Afresh {
			body = append(body, said("afresh", "true"))
		}
		keys = append(keys, key("rolling", mapOf(body...)))
	}
	return keys
}

func (e *emitter) alternative(a *system.Alternative) attribute.Key {
	sizes := mapOf()
	for c := range e.m.Capacities {
		w, ok := a.Weights[int32(c)]
		if !ok {
			continue
		}
		asset := e.sizes[c]
		if asset == "" {
			asset = e.owner(int32(c))
		}
		sizes.Keys = append(sizes.Keys, said(asset, number(w)))
	}
	body := []attribute.Key{said("slack", number(a.Slack)), key("sizes", sizes)}
	if a.Most {
		body = append(body, said("sense", "most"))
	}
	if a.Beside != 0 {
		body = append(body, said("beside", quantity(a.Beside, e.s.Currency)))
	}
	return key("alternative", mapOf(body...))
}

// snapshots is the file of the steps and what each weighs.
func (e *emitter) snapshots() []byte {
	c := e.m.Clock
	g := &c.Grids[0]
	var b strings.Builder
	if e.periods() {
		b.WriteString("period,")
	}
	b.WriteString("time,length [h],hours [h],amount [h],cost [h],event\n")
	for t := range c.Ticks() {
		e.stamp(&b, t)
		for _, v := range []float64{c.Hours[t], g.Hours[t], g.Amount[t], g.Cost[t], g.Event[t]} {
			b.WriteByte(',')
			b.WriteString(number(v))
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

func (e *emitter) stamp(b *strings.Builder, t int) {
	c := e.m.Clock
	if e.periods() {
		i := slices.IndexFunc(c.Periods, func(p clock.Period) bool { return int32(t) < p.LastTick })
		b.WriteString(c.Periods[i].Name)
		b.WriteByte(',')
	}
	b.WriteString(c.Stamps[t].Format("2006-01-02T15:04:05"))
}
