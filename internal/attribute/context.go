package attribute

import (
	"cmp"
	"fmt"
	"slices"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/unit"
)

// Context is what decoding may know of the study, and where it puts what it
// finds. Its zero value decodes without references, series and money other
// than the study's own.
type Context struct {
	// Path is where the node lies in the workspace ("assets.wind"), for texts.
	Path string

	// Units gives the unit of a commodity, for {commodity} in unit tags.
	Units map[string]string
	// IDs lists what a ref tag may name, by its word: place, party, commodity,
	// asset, source. A word without an entry is not checked.
	IDs map[string][]string
	// Money converts other currencies than the study's; nil where there are none.
	Money *unit.Money
	// Clock gives the ticks of series and months; nil while there is none yet:
	// then series and months are read but hold NaN.
	Clock *clock.Clock
	// Series reads one, a value for every tick of Clock; nil: see Clock. A
	// problem without a file is put where the series is cited; one with a file
	// is kept as it is, once, however many cite the series.
	Series func(SeriesRef) ([]float64, []Problem)

	// Changes are what attributes become for a part of the time; decoding marks
	// those it meets as used.
	Changes []*Change

	// Problems is everything found wrong.
	Problems []Problem
	// Cited is every value that names a source, and every default used that has one.
	Cited []Citation
}

// SeriesRef is a planner's word for a series, series/weather.csv#wind.
type SeriesRef struct {
	File   string // relative to the workspace, as written
	Column string
	Want   string // unit that the values shall have, as package unit reads it
	Unit   string // of a column whose header names none; "" if not said
	Offset string // of stamps that carry none, "+08:00"; "" if not said
	Pos    Pos    // where it is cited
	Path   string // the attribute, "assets.wind.availability"
}

// Citation is a value as written, and where it comes from.
type Citation struct {
	Path    string // "assets.wind.build.cost"
	Text    string
	Source  string
	Note    string
	Default bool // the planner wrote nothing; the kind's default holds
}

// Problem adds one, at a place.
func (c *Context) Problem(p Pos, code, format string, a ...any) {
	c.Problems = append(c.Problems, Problem{
		File: p.File, Line: p.Line, Col: p.Col, Code: code, Text: fmt.Sprintf(format, a...),
	})
}

// Sort puts problems in the order of their places; those at the same place
// stay as they were found.
func Sort(p []Problem) {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col)
	})
}

// String is the problem as the command line prints it.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Col, p.Code, p.Text)
}

// Find returns the place of what a dotted path names below n ("build.max",
// "blocks.2.price"), or of the closest thing above it that is written.
func (n *Node) Find(path string) Pos {
	pos := Pos{}
	if n != nil {
		pos = n.Pos
	}
	for path != "" && n != nil {
		var name string
		name, path = cutPath(path)
		var next *Node
		switch n.Kind {
		case Map:
			next = n.Get(name)
		case List:
			if i, err := number(name); err == nil && i < len(n.Items) {
				next = n.Items[i]
			}
		}
		if next == nil {
			return pos
		}
		n, pos = next, next.Pos
	}
	return pos
}
