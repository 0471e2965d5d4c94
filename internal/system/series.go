package system

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/series"
	"example.org/busbar/internal/unit"
)

// files reads the series of a workspace, each file once.
type files struct {
	open    func(string) ([]byte, error)
	clock   *clock.Clock
	money   *unit.Money
	weather int
	columns map[string][]string // cited, by file
	tables  map[fileKey]*file
	values  map[valueKey][]float64
	notes   []string

	rows   *series.Rows // of a study whose steps are listed: every series has its rows
	listed map[string]*rowed
}

type fileKey struct{ name, offset string }

type valueKey struct {
	fileKey
	column, unit, want string
}

type file struct {
	table    *series.Table
	align    *series.Alignment
	problems []attribute.Problem
}

// cited lists the columns of every file that a tree cites, so that a file is
// read once and no column that nobody uses.
func cited(n *attribute.Node, into map[string][]string) {
	if n == nil {
		return
	}
	switch n.Kind {
	case attribute.Scalar:
		if name, column, ok := strings.Cut(n.Text, "#"); ok && !slices.Contains(into[name], column) {
			into[name] = append(into[name], column)
		}
	case attribute.List:
		for _, i := range n.Items {
			cited(i, into)
		}
	case attribute.Map:
		for i := range n.Keys {
			cited(n.Keys[i].Value, into)
		}
	}
}

// read gives a series on the ticks of the clock, in the unit that is wanted.
func (f *files) read(ref attribute.SeriesRef) ([]float64, []attribute.Problem) {
	if f.rows != nil {
		c, problems := f.rowed(ref)
		if len(problems) > 0 {
			return nil, problems
		}
		if c, problem := f.convert(c, ref); problem == nil {
			return c.Values, nil
		} else {
			return nil, []attribute.Problem{*problem}
		}
	}
	t := f.file(fileKey{ref.File, ref.Offset})
	if len(t.problems) > 0 {
		return nil, t.problems
	}
	key := valueKey{fileKey{ref.File, ref.Offset}, ref.Column, ref.Unit, ref.Want}
	if v, ok := f.values[key]; ok {
		return v, nil
	}
	c, err := t.table.Find(ref.Column)
	if err != nil {
		// The planner's slip is where the column is cited.
		var e series.Errors
		if errors.As(err, &e) {
			return nil, []attribute.Problem{{Code: e[0].Code, Text: ref.File + ": " + e[0].Text}}
		}
		return nil, []attribute.Problem{{Code: "series-file", Text: err.Error()}}
	}
	converted, problem := f.convert(c, ref)
	if problem != nil {
		return nil, []attribute.Problem{*problem}
	}
	v := t.align.Values(converted)
	f.values[key] = v
	return v, nil
}

// file reads a file and lays it on the clock, at the first citation.
func (f *files) file(key fileKey) *file {
	if t, ok := f.tables[key]; ok {
		return t
	}
	t := &file{}
	f.tables[key] = t
	data, err := f.open(key.name)
	if err != nil {
		p := attribute.Problem{Code: "missing-file", Text: "can't read " + key.name + ": " + err.Error()}
		var known interface{ Problem() attribute.Problem }
		if errors.As(err, &known) {
			p = known.Problem()
		}
		t.problems = []attribute.Problem{p}
		return t
	}
	zone := f.clock.Start.Location()
	if key.offset != "" {
		if zone, err = clock.ParseOffset(key.offset); err != nil {
			t.problems = []attribute.Problem{{Code: "offset", Text: err.Error()}}
			return t
		}
	}
	t.table, err = series.Read(key.name, data, series.Options{Zone: zone, Columns: f.columns[key.name]})
	if err == nil {
		t.align, err = series.Align(t.table, f.clock, f.weather)
	}
	if err != nil {
		t.problems = told(err)
		return t
	}
	f.notes = append(f.notes, t.table.Notes...)
	f.notes = append(f.notes, t.align.Notes...)
	return t
}

// told are the problems in an error of package series.
func told(err error) []attribute.Problem {
	var all series.Errors
	if !errors.As(err, &all) {
		return []attribute.Problem{{Code: "series-file", Text: err.Error()}}
	}
	var out []attribute.Problem
	for _, e := range all {
		out = append(out, attribute.Problem{File: e.File, Line: e.Line, Col: e.Col, Code: e.Code, Text: e.Text})
	}
	return out
}

// convert brings a column into the wanted unit. A number goes through its
// shortest decimal, so that 2.01 [GW] and 2010 [MW] give the same float64.
func (f *files) convert(c *series.Column, ref attribute.SeriesRef) (*series.Column, *attribute.Problem) {
	name := c.Unit
	switch {
	case name == "":
		name = ref.Unit
	case ref.Unit != "" && ref.Unit != name:
		return nil, &attribute.Problem{Code: "series-unit", Text: "the header of " + ref.File + " says " + c.Name + " [" + c.Unit + "] and unit: says " + ref.Unit + ", want one of them"}
	}
	want, err := unit.Parse(ref.Want)
	if err != nil {
		return nil, &attribute.Problem{Code: "series-unit", Text: err.Error()}
	}
	if name == "" {
		if want.Text == "1" {
			return c, nil
		}
		return nil, &attribute.Problem{Code: "series-unit", Text: "column " + c.Name + " of " + ref.File + " has no unit, want it in the header, " + c.Name + " [" + want.Text + "], or as unit: " + want.Text}
	}
	from, err := unit.Parse(name)
	var by unit.Converter
	if err == nil {
		by, err = unit.Between(from, want, f.money)
	}
	if err != nil {
		var e *unit.Error
		code := "series-unit"
		if errors.As(err, &e) {
			code = string(e.Code)
		}
		return nil, &attribute.Problem{Code: code, Text: "column " + c.Name + " [" + name + "] of " + ref.File + ": " + err.Error()}
	}
	if by.Factor() == 1 {
		return c, nil
	}
	out := *c
	out.Values = make([]float64, len(c.Values))
	var last, result float64
	for i, v := range c.Values {
		if i == 0 || v != last {
			last = v
			if result, err = by.Number(strconv.FormatFloat(v, 'g', -1, 64)); err != nil {
				return nil, &attribute.Problem{Code: "number", Text: "column " + c.Name + " of " + ref.File + ", row " + strconv.Itoa(i+1) + ": " + err.Error()}
			}
		}
		out.Values[i] = result
	}
	return &out, nil
}
