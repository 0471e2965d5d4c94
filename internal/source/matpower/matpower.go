// Package matpower reads a MATPOWER case, version 1 or 2, and turns it into
// primitives: the DC optimal power flow of one hour.
//
// What enters: the text of a case file (.m), a function that assigns numbers,
// and which DC approximation is meant. What leaves: a Case, its matrices with
// the position of every number; of it a primitive.Model, whose optimum is that
// of MATPOWER's or PowerModels' DC optimal power flow; and every problem found
// on the way, at its line and column.
//
// A case file is a program in MATLAB's language. Only plain assignments are
// read: what would have to be run is refused, with its place. What a column
// becomes is said once, in Shapes, from which docs/matpower.md is written.
package matpower

import (
	"fmt"
	"math"
	"os"
	"strings"

	"example.org/busbar/internal/attribute"
)

// Case is what a file assigns.
type Case struct {
	Name  string // of the function
	File  string
	Base  float64  // MVA
	Names []string // of buses, where bus_name has one for each
	Notes []string // what was read and has no meaning

	matrices map[string]*Matrix
	problems []attribute.Problem
}

// Matrix is one matrix of a case.
type Matrix struct {
	*Shape
	Rows      [][]Cell
	Line, Col int // where it begins
}

// Cell is a number with its place, both from 1.
type Cell struct {
	Value     float64
	Line, Col int32
}

// ReadFile reads a case file.
func ReadFile(path string) (*Case, []attribute.Problem) {
	text, err := os.ReadFile(path)
	if err != nil {
		code, what := "unreadable-file", err.Error()
		if os.IsNotExist(err) {
			code, what = "missing-file", "there is no such file"
		}
		return nil, []attribute.Problem{{File: path, Line: 1, Col: 1, Code: code, Text: what}}
	}
	return Read(path, string(text))
}

// Read reads the text of a case file; path is what problems say.
func Read(path, text string) (*Case, []attribute.Problem) {
	c := &Case{File: path, matrices: map[string]*Matrix{}}
	p := &parser{c: c, text: strings.TrimPrefix(text, "\ufeff"), line: 1}
	p.file()
	if len(c.problems) == 0 {
		c.complete()
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c, nil
}

// most is how many problems are told; a file of another kind has no end of them.
const most = 50

func (c *Case) problem(line, col int, code, format string, args ...any) {
	if len(c.problems) < most {
		c.problems = append(c.problems, attribute.Problem{File: c.File, Line: max(line, 1), Col: max(col, 1), Code: code, Text: fmt.Sprintf(format, args...)})
	}
}

func (c *Case) note(format string, args ...any) {
	c.Notes = append(c.Notes, fmt.Sprintf(format, args...))
}

// matrix returns a matrix, empty where the file has none.
func (c *Case) matrix(name string) *Matrix {
	if m := c.matrices[name]; m != nil {
		return m
	}
	return &Matrix{Shape: shape(name)}
}

// at is the number in a column of a row, or its default.
func (m *Matrix) at(row, column int) float64 {
	if column < len(m.Rows[row]) {
		return m.Rows[row][column].Value
	}
	return m.Columns[column].Default
}

// place is where a number stands, or its row.
func (m *Matrix) place(row, column int) (line, col int) {
	r := m.Rows[row]
	if column < len(r) {
		return int(r[column].Line), int(r[column].Col)
	}
	return int(r[0].Line), int(r[0].Col)
}

// wrong reports a number of a matrix.
func (c *Case) wrong(m *Matrix, row, column int, code, format string, args ...any) {
	line, col := m.place(row, column)
	c.problem(line, col, code, "%s row %d, %s: %s", m.Name, row+1, m.Columns[column].Name, fmt.Sprintf(format, args...))
}

// complete checks that everything is there and has the form that its table says.
func (c *Case) complete() {
	for _, name := range []string{"bus", "gen", "branch"} {
		if c.matrices[name] == nil {
			c.problem(1, 1, "matpower-missing", "there is no matrix %s, and a case needs one", name)
		}
	}
	if c.Base == 0 {
		c.problem(1, 1, "matpower-missing", "there is no baseMVA, and a case needs one, such as 100")
	}
	if b := c.matrices["bus"]; b != nil && len(b.Rows) == 0 {
		c.problem(b.Line, b.Col, "matpower-missing", "the matrix bus has no row; at least one bus fits")
	}
	for i := range Shapes {
		m := c.matrices[Shapes[i].Name]
		if m == nil {
			continue
		}
		needed := 0
		for k := range m.Columns {
			if m.Columns[k].Needed {
				needed = k + 1
			}
		}
		for row, cells := range m.Rows {
			line, col := int(cells[0].Line), int(cells[0].Col)
			switch {
			case len(cells) != len(m.Rows[0]):
				c.problem(line, col, "matpower-value", "%s row %d has %d numbers, and the first row %d", m.Name, row+1, len(cells), len(m.Rows[0]))
			case len(cells) < needed:
				c.problem(line, col, "matpower-value", "%s row %d has %d numbers, and %d are needed, up to %s", m.Name, row+1, len(cells), needed, m.Columns[needed-1].Name)
			case !m.Open && len(cells) > len(m.Columns) && row == 0:
				c.note("%s has %d columns; those after the first %d mean nothing", m.Name, len(cells), len(m.Columns))
			}
			for k := range m.Columns {
				if k >= len(cells) || !m.Columns[k].used() {
					continue
				}
				if v := cells[k].Value; math.IsNaN(v) || math.IsInf(v, 0) && !m.Columns[k].Any {
					c.wrong(m, row, k, "matpower-value", "read %g, want a number", v)
				}
			}
		}
	}
	if n := len(c.Names); n > 0 && n != len(c.matrix("bus").Rows) {
		c.note("bus_name has %d names for %d buses; they are not used", n, len(c.matrix("bus").Rows))
		c.Names = nil
	}
}
