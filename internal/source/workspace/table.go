package workspace

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"example.org/busbar/internal/attribute"
)

// Limits on one table.
const (
	maxParts = 8         // of a column's name, as build.cost.value
	maxCells = 2_000_000 // filled
)

// column is one of a table's header.
type column struct {
	name string
	path []string // nil: no name; its cells must be empty
	unit string
	pos  attribute.Pos
}

var (
	// number is a cell that takes the unit of its header.
	number = regexp.MustCompile(`^[+-]?[0-9.][0-9_.,]*([eE][+-]?[0-9]+)?$`)
	header = regexp.MustCompile(`^([^\[\]]*?)\s*(?:\[([^\[\]]*)\])?$`)
)

// readTable reads assets, one a row: the header names an attribute per column
// (build.max [GW]: dots nest, the unit goes with every bare number below), id
// is required, and the kind is the file's name unless a column kind says
// otherwise. An empty cell says nothing.
func readTable(file string, data []byte) ([]attribute.Key, []attribute.Problem) {
	t := tableReader{file: file, kind: strings.TrimSuffix(path.Base(file), path.Ext(file)), id: -1, ids: map[string]attribute.Pos{}}
	data, bad := cleanText(file, data)
	if bad != nil {
		return nil, []attribute.Problem{*bad}
	}
	t.lines = bytes.Split(data, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	r.TrimLeadingSpace = true
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		var e *csv.ParseError
		if errors.As(err, &e) {
			t.syntax(e)
			break
		}
		if t.columns == nil {
			if !t.header(r, record) {
				return nil, t.problems
			}
			continue
		}
		if !t.row(r, record) {
			break
		}
	}
	if t.columns == nil && len(t.problems) == 0 {
		t.problem(attribute.Pos{File: file, Line: 1, Col: 1}, "empty-file", "%s says nothing; its first line should name the columns, e.g. id,at,capacity [MW]", file)
	}
	return t.rows, t.problems
}

type tableReader struct {
	file, kind string
	lines      [][]byte
	columns    []column
	id         int // its column
	cells      int
	ids        map[string]attribute.Pos
	rows       []attribute.Key
	problems   []attribute.Problem
}

func (t *tableReader) problem(pos attribute.Pos, code, format string, a ...any) {
	t.problems = append(t.problems, newProblem(pos, code, format, a...))
}

// pos turns the reader's byte column into characters.
func (t *tableReader) pos(line, col int) attribute.Pos {
	if line >= 1 && line <= len(t.lines) {
		if text := t.lines[line-1]; col-1 <= len(text) {
			col = utf8.RuneCount(text[:max(0, col-1)]) + 1
		}
	}
	return attribute.Pos{File: t.file, Line: line, Col: col}
}

func (t *tableReader) field(r *csv.Reader, i int) attribute.Pos {
	line, col := r.FieldPos(i)
	return t.pos(line, col)
}

func (t *tableReader) syntax(e *csv.ParseError) {
	pos := t.pos(e.Line, e.Column)
	switch {
	case errors.Is(e.Err, csv.ErrBareQuote):
		t.problem(pos, "table-syntax", "a quote inside a cell that has none at its start; put the whole cell in quotes and double the quote inside")
	case errors.Is(e.Err, csv.ErrQuote):
		t.problem(t.pos(e.StartLine, 1), "table-syntax", "a cell of this row begins with a quote and does not end with one before a comma or the line's end")
	default:
		t.problem(pos, "table-syntax", "%v", e.Err)
	}
}

func (t *tableReader) header(r *csv.Reader, record []string) bool {
	if len(record) == 1 {
		for _, sep := range []struct{ char, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
			if strings.Contains(record[0], sep.char) {
				t.problem(t.field(r, 0), "table-separator", "columns are separated by %s; save the table with commas (and points in decimals)", sep.name)
				return false
			}
		}
	}
	first := map[string]attribute.Pos{}
	good := true
	for i, cell := range record {
		cell = strings.TrimSpace(cell)
		c := column{pos: t.field(r, i)}
		m := header.FindStringSubmatch(cell)
		switch {
		case cell == "":
			t.columns = append(t.columns, c)
			continue
		case m == nil || m[1] == "":
			t.problem(c.pos, "table-header", "column %q should be a name and, in brackets, a unit, e.g. capacity [MW]", short(cell))
			good = false
		case strings.HasSuffix(cell, "]") && strings.TrimSpace(m[2]) == "":
			t.problem(c.pos, "table-header", "column %q has empty brackets; write its unit, or leave them out", short(cell))
			good = false
		default:
			c.name, c.unit = m[1], strings.TrimSpace(m[2])
			c.path = strings.Split(c.name, ".")
			if c.unit == "1" || c.unit == "-" {
				c.unit = ""
			}
		}
		for _, part := range c.path {
			if part == "" || len(c.path) > maxParts {
				t.problem(c.pos, "table-header", "column %q should have 1 to %d names with dots between, e.g. build.max", short(c.name), maxParts)
				c.path, good = nil, false
				break
			}
		}
		if was, twice := first[c.name]; twice && c.path != nil {
			t.problem(c.pos, "duplicate-column", "column %s stands twice, first at %s; keep one", c.name, place(was, t.file))
			good = false
		}
		first[c.name] = c.pos
		if c.name == "id" {
			t.id = i
		}
		t.columns = append(t.columns, c)
	}
	if t.id < 0 && good {
		names := make([]string, 0, len(t.columns))
		for _, c := range t.columns {
			if c.name != "" {
				names = append(names, c.name)
			}
		}
		hint := ""
		if near := attribute.Near("id", names); near != "" {
			hint = "; is it " + near + "?"
		}
		t.problem(t.columns[0].pos, "table-header", "no column id; every asset needs one%s", hint)
		good = false
	}
	return good
}

func (t *tableReader) row(r *csv.Reader, record []string) bool {
	filled := 0
	for _, cell := range record {
		if strings.TrimSpace(cell) != "" {
			filled++
		}
	}
	if filled == 0 {
		return true // a spreadsheet leaves lines of commas
	}
	at := t.field(r, 0)
	if len(record) != len(t.columns) {
		t.problem(at, "table-ragged", "this row has %d cells, the header %d; is a comma missing, or a cell with a comma not quoted?", len(record), len(t.columns))
		if len(record) > len(t.columns) {
			record = record[:len(t.columns)]
		}
	}
	if t.cells += filled; t.cells > maxCells {
		t.problem(at, "too-large", "more than %d cells in one table; split it", maxCells)
		return false
	}
	id := ""
	if t.id < len(record) {
		id = strings.TrimSpace(record[t.id])
		at = t.field(r, t.id)
	}
	if id == "" {
		t.problem(at, "missing-id", "this row has no id; every asset needs one")
		return true
	}
	if was, twice := t.ids[id]; twice {
		t.problem(at, "duplicate-id", "assets.%s stands here and at %s; give one another name, or keep one", id, place(was, t.file))
		return true
	}
	t.ids[id] = at
	asset := &attribute.Node{Kind: attribute.Map, Pos: at, Keys: make([]attribute.Key, 0, filled)}
	kind := attribute.Key{Name: "kind", Pos: at, Value: &attribute.Node{Kind: attribute.Scalar, Pos: at, Text: t.kind}}
	asset.Keys = append(asset.Keys, kind)
	for i, cell := range record {
		cell = strings.TrimSpace(cell)
		if cell == "" || i == t.id {
			continue
		}
		c := t.columns[i]
		pos := t.field(r, i)
		if c.path == nil {
			t.problem(pos, "table-header", "%q stands in a column without a name (column %d)", short(cell), i+1)
			continue
		}
		if c.unit != "" && number.MatchString(cell) {
			cell += " " + c.unit
		}
		value := &attribute.Node{Kind: attribute.Scalar, Pos: pos, Text: cell}
		if c.name == "kind" {
			asset.Keys[0] = attribute.Key{Name: "kind", Pos: pos, Value: value}
			continue
		}
		if !grow(asset, c.path, c.pos, value) {
			t.problem(pos, "table-header", "column %s stands beside another that says something else of the same attribute", c.name)
		}
	}
	t.rows = append(t.rows, attribute.Key{Name: id, Pos: at, Value: asset})
	return true
}

// grow puts a cell at its path in an asset being made. A plain value beside
// columns such as capacity.source becomes {value: ..., source: ...}.
func grow(n *attribute.Node, path []string, at attribute.Pos, value *attribute.Node) bool {
	k := find(n, path[0])
	if k == nil {
		for i := len(path) - 1; i > 0; i-- {
			value = &attribute.Node{Kind: attribute.Map, Pos: value.Pos, Keys: []attribute.Key{{Name: path[i], Pos: at, Value: value}}}
		}
		n.Keys = append(n.Keys, attribute.Key{Name: path[0], Pos: at, Value: value})
		return true
	}
	if len(path) == 1 {
		if k.Value.Kind != attribute.Map || isValue(k.Value) || !allQualify(k.Value) {
			return false
		}
		k.Value.Keys = append(k.Value.Keys, attribute.Key{Name: valueKey(value), Pos: at, Value: value})
		return true
	}
	if k.Value.Kind == attribute.Scalar {
		if !qualifiers[path[1]] {
			return false
		}
		k.Value = promote(k.Value)
	}
	return grow(k.Value, path[1:], at, value)
}

func allQualify(n *attribute.Node) bool {
	for _, k := range n.Keys {
		if !qualifiers[k.Name] {
			return false
		}
	}
	return true
}
