// Package series reads time series from CSV files and lays them on the ticks
// of a clock.
//
// What enters: the bytes of a CSV file and the study's clock. What leaves: one
// value a tick, notes on what was done to get it (a leap day dropped, hours
// wrapped round the year's end), or errors with file, line and column.
//
// # The file
//
// The first line is the header: the time column, then a name for each series,
// with its unit in brackets.
//
//	time,wind [1],sun [1],load [MW]
//	2030-01-01T00:00+07:00,0.31,0,412.5
//
// Fields are separated by commas (or semicolons or tabs, whichever the header
// has first outside quotes); numbers have a decimal point. A byte order mark
// and CRLF are read over. A row stands for the time from its stamp to the next
// row's. Stamps are ISO 8601, with an offset or without; without one they are
// in the offset of the header, "time [+08:00]" or "time [UTC]", else in the
// study's. The time is the column named time, else columns named year, month,
// day and hour (hour 0 to 23; the finer ones may be absent), else the first
// column. Files without any time have it from Options.Start and Options.Step.
//
// Rows are at equal steps, or at calendar months or years. Gaps, doubles, rows
// out of order, empty cells, NaN and text are errors. Two jumps are allowed: 29
// February may be absent (sources with years of 365 days), and a file may hold
// whole years that do not follow each other.
//
// # The weather year
//
// A series of one year serves a study of another: month, day and hour of the
// study are looked up in the weather year, on the study's clock. So a stamp
// in UTC or +08:00 is moved, not relabelled; the few hours that the move
// takes out of the file at a year's end come from its other end. Rows finer
// than a tick are averaged over it, coarser ones repeated; what a tick gets is
// always the mean over the tick of the rows that cover it, so energy is kept.
package series

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Error is one fault in a file. Line and Col count from 1; 0 means the file as
// a whole.
type Error struct {
	File      string
	Line, Col int
	Code      string // begins with "series-"
	Text      string // what was read, what would fit
}

// Error gives file:line:col: code: text.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", e.File, e.Line, e.Col, e.Code, e.Text)
}

// Errors are all faults found in a file, in its order. The functions of this
// package return no other kind.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Column is one series of a file.
type Column struct {
	Name   string
	Unit   string    // as the header has it, "" without brackets
	Line   int       // of the header
	Col    int       // of its name in the header
	Values []float64 // one a row; nil if the column was not asked for
}

// Table is the content of a file.
type Table struct {
	File    string
	Columns []Column // in the order of the file, without the time
	Notes   []string // what reading it has to say

	zone       *time.Location
	start, end []int64 // of each row, Unix seconds
	step       rowStep
	years      []int // held, in rising order, in zone
}

// Rows returns the number of rows.
func (t *Table) Rows() int { return len(t.start) }

// Stamp returns when row i begins, in the file's offset.
func (t *Table) Stamp(i int) time.Time { return time.Unix(t.start[i], 0).In(t.zone) }

// Years returns the years that the file holds, in its offset: those with more
// than a day of rows.
func (t *Table) Years() []int { return slices.Clone(t.years) }

// Find returns the column of a name; "" finds the only one of a file of one.
func (t *Table) Find(name string) (*Column, error) {
	var names []string
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Name == name && name != "" || name == "" && len(t.Columns) == 1 {
			return c, nil
		}
		if c.Name != "" {
			names = append(names, c.Name)
		}
	}
	have := strings.Join(names[:min(len(names), 12)], ", ")
	if len(names) > 12 {
		have += fmt.Sprintf(" and %d more", len(names)-12)
	}
	if near := Nearest(name, names); near != "" {
		have = near + "? It has " + have
	}
	if name == "" {
		return nil, Errors{{t.File, 1, 1, "series-column", fmt.Sprintf("no series is named after #; the file has %s", have)}}
	}
	return nil, Errors{{t.File, 1, 1, "series-column", fmt.Sprintf("no series %q; did you mean %s", name, have)}}
}

// Cite splits a citation file.csv#name. The name is empty without #.
func Cite(citation string) (file, name string) {
	file, name, _ = strings.Cut(citation, "#")
	return file, name
}

// Nearest returns the name that differs from a wanted one in case or by up to
// two letters, "" for none.
func Nearest(want string, names []string) string {
	best, at := 3, ""
	for _, n := range names {
		if d := distance(strings.ToLower(want), strings.ToLower(n)); d < best && d < len(n) {
			best, at = d, n
		}
	}
	return at
}

// distance is Levenshtein's, in bytes; long names are far from everything.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
