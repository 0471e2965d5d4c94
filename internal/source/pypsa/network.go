// Package pypsa reads a network of PyPSA and turns it into primitives.
//
// What enters: a CSV folder or a netCDF file as PyPSA 0.2x to 1.4 writes it, and
// the options of an optimisation. What leaves: a Network, typed tables with positions; of it a
// primitive.Model, with the same optimum as PyPSA's; its answer as a network
// again, in either format; and every problem found on the way, at its file, line
// and column.
//
// PyPSA's quirks live here and nowhere else: defaults and NaN as "none", types
// that override, the constant of the objective, levels that begin undecayed,
// units that are online before the first snapshot. What an attribute becomes is
// said once, in Components, from which docs/pypsa.md is written. What would
// change the answer and can't be represented is a Problem that names component
// and attribute.
package pypsa

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/primitive"
)

// Network is what a folder holds.
type Network struct {
	Name      string
	Snapshots []Snapshot
	Periods   []InvestmentPeriod // none: a network without investment periods
	Scenarios []Scenario         // none: one future
	Notes     []string           // what was read and has no meaning

	// where is the file, in netCDF with the variable's name, of an attribute of
	// a list: ("generators", "p_nom"); "" for the names.
	where func(list, attr string) string

	ofWhole []Snapshot // of a window: those of the network that it is cut from

	files  fs.FS             // of a CSV folder; nil for others
	header netcdf.Attributes // of a netCDF file
	tables map[string]*Table // by name of the component; of scenarios those of the first
	parts  []*Network        // one a scenario
	*findings
	broken bool // snapshots or periods have problems: lengths say nothing
}

// findings are the problems of a network and of its parts.
type findings struct{ problems []attribute.Problem }

// Snapshot is a row of snapshots.csv.
type Snapshot struct {
	Label                         string
	Period                        int
	Objective, Stores, Generators float64 // weights
}

// InvestmentPeriod is a row of investment_periods.csv.
type InvestmentPeriod struct {
	Year             int
	Objective, Years float64 // weights
}

// Table is all assets of a component.
type Table struct {
	*Component
	Names []string

	where   func(attr string) string // Network.where of its list
	index   map[string]int
	columns map[string]*column
	series  map[string]map[int][]float64
	pieces  map[string]map[int]points
	lines   []int
	start   []int // of each row's name
	broken  bool  // the static file has problems: a name may be missing
}

// column is a static column as read; numbers of texts are NaN.
type column struct {
	attribute *Attribute // nil: PyPSA knows no such attribute
	text      []string
	number    []float64
	line, col []int
}

// points is a piecewise attribute: breakpoints and values as written.
type points struct{ x, y []float64 }

func (n *Network) table(component string) *Table { return n.tables[component] }

func (n *Network) problem(file string, line, col int, code, format string, args ...any) {
	n.problems = append(n.problems, attribute.Problem{File: file, Line: max(line, 1), Col: max(col, 1), Code: code, Text: fmt.Sprintf(format, args...)})
}

func (n *Network) note(text string) {
	if !slices.Contains(n.Notes, text) {
		n.Notes = append(n.Notes, text)
	}
}

// wrong reports an attribute of an asset, at its cell if it has one.
func (n *Network) wrong(t *Table, i int, name, code, format string, args ...any) {
	line, col, attr := t.lines[i], t.start[i], ""
	if c := t.columns[name]; c != nil {
		line, col, attr = c.line[i], c.col[i], name
	}
	n.problem(t.where(attr), line, col, code, "%s %q, %s: %s", t.Name, t.Names[i], name, fmt.Sprintf(format, args...))
}

// unsupported reports what can't be represented yet.
func (n *Network) unsupported(t *Table, i int, name, format string, args ...any) {
	n.wrong(t, i, name, "pypsa-unsupported", format, args...)
}

// number is a static attribute.
func (t *Table) number(i int, name string) float64 {
	if c := t.columns[name]; c != nil {
		return c.number[i]
	}
	if a := t.attribute(name); a != nil {
		return a.Default
	}
	return 0
}

func (t *Table) flag(i int, name string) bool { return t.number(i, name) != 0 }

func (t *Table) text(i int, name string) string {
	if c := t.columns[name]; c != nil {
		return c.text[i]
	}
	if a := t.attribute(name); a != nil {
		return a.Text
	}
	return ""
}

// at is an attribute that may be a series; a series wins.
func (t *Table) at(i int, name string) primitive.Series {
	if s, ok := t.series[name][i]; ok {
		return primitive.Series{Data: s}
	}
	return primitive.Const(t.number(i, name))
}

func (t *Table) curve(i int, name string) (points, bool) {
	p, ok := t.pieces[name][i]
	return p, ok
}

// ports lists the numbers of an asset's ports from 2 on that lead to a bus.
func (t *Table) ports(i int) []int {
	var all []int
	for name, c := range t.columns {
		if k, err := strconv.Atoi(strings.TrimPrefix(name, "bus")); err == nil && strings.HasPrefix(name, "bus") && k >= 2 && c.text[i] != "" {
			all = append(all, k)
		}
	}
	sortInts(all)
	return all
}

func sortInts(v []int) {
	for i := range v {
		for k := i; k > 0 && v[k] < v[k-1]; k-- {
			v[k], v[k-1] = v[k-1], v[k]
		}
	}
}
