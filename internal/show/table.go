// Package show reads the tables of a run folder and lays tables out for
// people, spreadsheets and programs.
//
// What enters: a run folder and what is asked of it, or rows made elsewhere.
// What leaves: aligned text, CSV, or JSON.
package show

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Column is one column of a table.
type Column struct {
	Name string
	Unit string // of all its numbers, "" where there is none or it differs by row
	Own  bool   // each number is printed by its own size, not with the column's decimals
}

// Table is rows of cells: string, bool, int64, float64, or nil for nothing.
type Table struct {
	Columns []Column
	Rows    [][]any
}

// Text writes the table aligned, numbers to the right, with a line of units
// where there are any. bold marks the header for a terminal.
func (t *Table) Text(w io.Writer, bold bool) error {
	cells := make([][]string, len(t.Rows))
	right := make([]bool, len(t.Columns))
	width := make([]int, len(t.Columns))
	units := false
	for c := range t.Columns {
		width[c] = max(utf8.RuneCountInString(t.Columns[c].Name), utf8.RuneCountInString(t.Columns[c].Unit))
		units = units || t.Columns[c].Unit != ""
		right[c] = t.numeric(c)
		decimals := t.decimals(c)
		for r := range t.Rows {
			if cells[r] == nil {
				cells[r] = make([]string, len(t.Columns))
			}
			cells[r][c] = cell(t.Rows[r][c], decimals)
			width[c] = max(width[c], utf8.RuneCountInString(cells[r][c]))
		}
	}
	var s strings.Builder
	line := func(text func(c int) string) {
		var one strings.Builder
		for c := range t.Columns {
			if c > 0 {
				one.WriteString("  ")
			}
			v := text(c)
			pad := strings.Repeat(" ", width[c]-utf8.RuneCountInString(v))
			if right[c] {
				one.WriteString(pad + v)
			} else {
				one.WriteString(v + pad)
			}
		}
		s.WriteString(strings.TrimRight(one.String(), " "))
	}
	if bold {
		s.WriteString("\x1b[1m")
	}
	line(func(c int) string { return t.Columns[c].Name })
	if bold {
		s.WriteString("\x1b[0m")
	}
	s.WriteString("\n")
	if units {
		line(func(c int) string { return t.Columns[c].Unit })
		s.WriteString("\n")
	}
	for r := range cells {
		line(func(c int) string { return cells[r][c] })
		s.WriteString("\n")
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// numeric reports whether a column has numbers and no words.
func (t *Table) numeric(c int) bool {
	some := false
	for _, row := range t.Rows {
		switch row[c].(type) {
		case float64, int64:
			some = true
		case nil:
		default:
			return false
		}
	}
	return some
}

// decimals that show six digits of a column's largest number, as few as tell
// its numbers apart; -1: each by its own size.
func (t *Table) decimals(c int) int {
	if t.Columns[c].Own {
		return -1
	}
	most, need := 0.0, 0
	for _, row := range t.Rows {
		if v, ok := row[c].(float64); ok && !math.IsInf(v, 0) {
			most = math.Max(most, math.Abs(v))
		}
	}
	have := 6
	if most >= 1 {
		have = max(0, 5-int(math.Log10(most)))
	}
	for _, row := range t.Rows {
		v, ok := row[c].(float64)
		if !ok || math.IsInf(v, 0) || math.IsNaN(v) {
			continue
		}
		text := strings.TrimRight(strconv.FormatFloat(v, 'f', have, 64), "0")
		if dot := strings.IndexByte(text, '.'); dot >= 0 {
			need = max(need, len(text)-dot-1)
		}
	}
	return need
}

// cell writes one value.
func cell(v any, decimals int) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		switch {
		case math.IsNaN(v):
			return ""
		case math.IsInf(v, 1):
			return "inf"
		case math.IsInf(v, -1):
			return "-inf"
		case decimals < 0:
			return Number(v)
		}
		text := strconv.FormatFloat(v, 'f', decimals, 64)
		if strings.Trim(text, "-0.") == "" {
			if v != 0 { // too small for the column
				return Number(v)
			}
			return strings.TrimPrefix(text, "-")
		}
		return Grouped(text)
	}
	return ""
}

// Number writes a number by its own size: five digits, whole from 10,000 on.
func Number(v float64) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case a >= 1e15 || a < 1e-4:
		return strconv.FormatFloat(v, 'g', 3, 64)
	case a >= 1e4:
		return Grouped(strconv.FormatFloat(v, 'f', 0, 64))
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 4, 64), 64)
	return Grouped(strconv.FormatFloat(r, 'f', -1, 64))
}

// Grouped puts commas between the thousands of a number's text.
func Grouped(text string) string {
	sign, whole := "", text
	if strings.HasPrefix(text, "-") {
		sign, whole = "-", text[1:]
	}
	rest := ""
	if dot := strings.IndexByte(whole, '.'); dot >= 0 {
		whole, rest = whole[:dot], whole[dot:]
	}
	for n := len(whole) - 3; n > 0; n -= 3 {
		whole = whole[:n] + "," + whole[n:]
	}
	return sign + whole + rest
}

// CSV writes the table as comma-separated values: a header with units, numbers
// in full, nothing for what is absent.
func (t *Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	row := make([]string, len(t.Columns))
	for c := range t.Columns {
		row[c] = t.Columns[c].Name
		if u := t.Columns[c].Unit; u != "" {
			row[c] += " [" + u + "]"
		}
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for _, cells := range t.Rows {
		for c, v := range cells {
			row[c] = full(v)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func full(v any) string {
	if f, ok := v.(float64); ok {
		if math.IsNaN(f) {
			return ""
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return cell(v, 0)
}

// Objects are the rows as JSON objects, in the order of columns; numbers that
// are none are null.
func (t *Table) Objects() []json.RawMessage {
	out := make([]json.RawMessage, len(t.Rows))
	for r, row := range t.Rows {
		var s strings.Builder
		s.WriteByte('{')
		for c, v := range row {
			if c > 0 {
				s.WriteString(", ")
			}
			name, _ := json.Marshal(t.Columns[c].Name)
			s.Write(name)
			s.WriteString(": ")
			if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
				v = nil
			}
			value, _ := json.Marshal(v)
			s.Write(value)
		}
		s.WriteByte('}')
		out[r] = json.RawMessage(s.String())
	}
	return out
}
