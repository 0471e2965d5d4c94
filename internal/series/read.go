package series

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Options say how to read a file.
type Options struct {
	// Zone is the offset of stamps that have none: the study's. nil is UTC.
	Zone *time.Location
	// Columns are the series to read; the cells of the others are not looked
	// at. "" is the only one of a file of one. nil: all.
	Columns []string
	// Start and Step give the time of a file without any: row i begins at
	// Start + i x Step. No column is then taken for the time.
	Start time.Time
	Step  time.Duration
}

// maxErrors is how many faults of a file are listed; a column of text would
// bury the others.
const maxErrors = 20

// Read reads a file. name is for errors. The error is of type Errors and lists
// up to 20 faults.
func Read(name string, data []byte, opts Options) (*Table, error) {
	r := &reader{table: &Table{File: name}, opts: opts, zone: opts.Zone}
	if r.zone == nil {
		r.zone = time.UTC
	}
	r.read(data)
	if len(r.errors) > 0 {
		return nil, r.errors
	}
	return r.table, nil
}

type reader struct {
	table  *Table
	opts   Options
	zone   *time.Location
	errors Errors
	more   bool // there are faults that are not listed

	separator byte
	line      int
	header    []string
	target    []int // of each field: a column, or one of those below
	cells     [][]byte

	walls      []int64 // of each row: its wall clock, or UTC where stamps have an offset
	withOffset int     // rows whose stamp has its own offset
	offset     int64   // of the first of them
	timeCol    int     // position of the time's first field in a line, for errors
}

// Targets of fields that are not series.
const (
	skipped = -1 - iota
	timeField
	yearField
	monthField
	dayField
	hourField
)

func (r *reader) fault(col int, code, format string, args ...any) {
	if len(r.errors) >= maxErrors {
		r.more = true
		return
	}
	r.errors = append(r.errors, &Error{r.table.File, r.line, col, "series-" + code, fmt.Sprintf(format, args...)})
}

func (r *reader) read(data []byte) {
	data, ok := r.text(data)
	if !ok {
		return
	}
	rest := r.headerLine(data)
	if len(r.errors) > 0 {
		return
	}
	r.rows(rest)
	if r.more {
		r.errors[len(r.errors)-1].Text += " (and more faults in this file)"
	}
	if len(r.errors) == 0 {
		r.times()
	}
}

// text takes off the byte order mark and refuses what is not UTF-8 text.
func (r *reader) text(data []byte) ([]byte, bool) {
	r.line = 1
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		r.fault(1, "encoding", "the file is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)")
		return nil, false
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		r.fault(1, "encoding", "the file is an Excel workbook or a zip archive; save it as CSV UTF-8")
		return nil, false
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		r.line = 1 + bytes.Count(data[:i], []byte("\n"))
		r.fault(1, "encoding", "the file has a zero byte; text in UTF-8 fits")
		return nil, false
	}
	data = bytes.TrimRight(data, " \t\r\n")
	if len(data) == 0 {
		r.fault(1, "header", "the file is empty; a header such as time,wind [1] fits")
		return nil, false
	}
	for i := bytes.IndexByte(data, '\r'); i >= 0; {
		if data[i+1] != '\n' { // the last byte is not a space
			r.line = 1 + bytes.Count(data[:i], []byte("\n"))
			r.fault(1, "encoding", "a line ends with CR alone; lines end with LF or CRLF")
			return nil, false
		}
		next := bytes.IndexByte(data[i+1:], '\r')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return data, true
}

// cutLine returns the first line without its end, and the rest.
func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// headerLine reads the names and units and decides what each field is.
func (r *reader) headerLine(data []byte) (rest []byte) {
	line, rest := cutLine(data)
	switch {
	case !utf8.Valid(line):
		r.fault(1, "encoding", "the header is not UTF-8; save the file as UTF-8")
		return nil
	case len(bytes.TrimSpace(line)) == 0:
		r.fault(1, "header", "the first line is empty; a header such as time,wind [1] fits")
		return nil
	case line[0] == '#':
		r.fault(1, "header", "the first line is a comment; the header comes first, and a CSV has no comments (sources go into sources.yaml)")
		return nil
	}
	r.separator = separatorOf(line)
	fields, _, ok := r.split(line, nil)
	if !ok {
		r.fault(1, "quote", "a quote in the header is not closed")
		return nil
	}
	names, units := make([]string, len(fields)), make([]string, len(fields))
	for i, f := range fields {
		names[i], units[i] = nameAndUnit(string(f))
		if strings.ContainsFunc(names[i], func(c rune) bool { return c < ' ' || c == 0x7f || c == '#' }) {
			r.fault(r.column(line, i), "header", "the name %q has a control character or #, which separates file and name in a citation", names[i])
		}
	}
	r.target = make([]int, len(fields))
	r.timeTargets(names, units, line)
	r.header = names
	seen := map[string]bool{}
	for i, name := range names {
		if r.target[i] <= timeField {
			continue
		}
		switch {
		case name != "" && seen[name]:
			r.fault(r.column(line, i), "header", "the name %q comes twice; each series has its own", name)
		case name == "" && i > 0:
			r.fault(r.column(line, i), "header", "column %d has no name", i+1)
		}
		seen[name] = true
		r.target[i] = skipped
		if name != "" && (r.opts.Columns == nil || slices.Contains(r.opts.Columns, name)) {
			r.target[i] = len(r.table.Columns)
		}
		r.table.Columns = append(r.table.Columns, Column{Name: name, Unit: units[i], Line: 1, Col: r.column(line, i)})
	}
	if slices.Contains(r.opts.Columns, "") && len(r.table.Columns) == 1 {
		for i := range r.target {
			if r.target[i] == skipped {
				r.target[i] = 0
			}
		}
	}
	if len(r.table.Columns) == 0 {
		r.fault(1, "header", "the header %q has a time and no series; time,wind [1] fits", clip(line))
	}
	return rest
}

// separatorOf is the first of comma, semicolon and tab outside quotes.
func separatorOf(line []byte) byte {
	quoted := false
	for _, c := range line {
		switch c {
		case '"':
			quoted = !quoted
		case ',', ';', '\t':
			if !quoted {
				return c
			}
		}
	}
	return ','
}

// nameAndUnit splits "wind [MW]".
func nameAndUnit(field string) (name, unit string) {
	field = strings.TrimSpace(field)
	if open := strings.LastIndexByte(field, '['); open >= 0 && strings.HasSuffix(field, "]") {
		return strings.TrimSpace(field[:open]), strings.TrimSpace(field[open+1 : len(field)-1])
	}
	return field, ""
}

// timeTargets finds the time among the fields.
func (r *reader) timeTargets(names, units []string, line []byte) {
	for i := range r.target {
		r.target[i] = skipped
	}
	if !r.opts.Start.IsZero() {
		r.zone = r.opts.Start.Location()
		return
	}
	at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, "time") })
	if at < 0 && r.calendarTargets(names) {
		return
	}
	at = max(at, 0)
	r.target[at], r.timeCol = timeField, at
	if units[at] == "" {
		return
	}
	seconds, ok := readOffset([]byte(units[at]))
	if !ok {
		r.fault(r.column(line, at), "time", "the time has [%s]; an offset from UTC such as [+07:00] or [UTC] fits", units[at])
		return
	}
	r.zone = time.FixedZone(units[at], int(seconds))
}

// calendarTargets takes columns named year, month, day, hour for the time, if
// they are there without leaving one out.
func (r *reader) calendarTargets(names []string) bool {
	parts := []string{"year", "month", "day", "hour"}
	found := [4]int{-1, -1, -1, -1}
	count := 0
	for p, part := range parts {
		found[p] = slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, part) })
		if found[p] < 0 {
			break
		}
		count++
	}
	if count == 0 {
		return false
	}
	for p := range count {
		r.target[found[p]] = yearField - p
	}
	r.timeCol = found[0]
	return true
}

// split cuts a line into fields and takes quotes off. before, for errors, are
// the bytes of the line that precede each field. ok is false if a quote is not
// closed.
func (r *reader) split(line []byte, into [][]byte) (fields [][]byte, before []int, ok bool) {
	fields = into[:0]
	if bytes.IndexByte(line, '"') < 0 {
		for {
			i := bytes.IndexByte(line, r.separator)
			if i < 0 {
				return append(fields, line), nil, true
			}
			fields = append(fields, line[:i])
			line = line[i+1:]
		}
	}
	for at := 0; ; at++ {
		field, end := []byte{}, at
		if at < len(line) && line[at] == '"' {
			end = at + 1
			for {
				i := bytes.IndexByte(line[end:], '"')
				if i < 0 {
					return nil, nil, false
				}
				field = append(field, line[end:end+i]...)
				end += i + 1
				if end == len(line) || line[end] != '"' {
					break
				}
				field = append(field, '"')
				end++
			}
			if end < len(line) && line[end] != r.separator {
				return nil, nil, false
			}
		} else {
			for end < len(line) && line[end] != r.separator {
				end++
			}
			field = line[at:end]
		}
		fields, before = append(fields, field), append(before, at)
		if end == len(line) {
			return fields, before, true
		}
		at = end
	}
}

// column is where field i of a line begins, in characters from 1.
func (r *reader) column(line []byte, i int) int {
	_, before, _ := r.split(line, nil)
	at := 0
	if before != nil {
		at = before[i]
	} else {
		for range i {
			at += 1 + bytes.IndexByte(line[at:], r.separator)
		}
	}
	return 1 + utf8.RuneCount(line[:at])
}

// clip shortens what is quoted in an error.
func clip(b []byte) string {
	if len(b) <= 40 {
		return string(b)
	}
	return strings.ToValidUTF8(string(b[:40]), "") + "..."
}

// rows reads all lines after the header.
func (r *reader) rows(data []byte) {
	n := bytes.Count(data, []byte("\n")) + 1
	if len(data) == 0 {
		n = 0
	}
	r.walls = make([]int64, 0, n)
	for _, t := range r.target {
		if t >= 0 {
			r.table.Columns[t].Values = make([]float64, 0, n)
		}
	}
	for len(data) > 0 {
		var line []byte
		line, data = cutLine(data)
		r.line++
		if !r.row(line) && r.more {
			return // enough is known
		}
	}
}

// row reads one line; false if it has a fault.
func (r *reader) row(line []byte) bool {
	faults := len(r.errors)
	fields, _, ok := r.split(line, r.cells)
	r.cells = fields
	switch {
	case !ok:
		r.fault(1, "quote", "a quote is not closed, or text follows it")
		return false
	case len(bytes.TrimSpace(line)) == 0:
		r.fault(1, "fields", "an empty line between the rows")
		return false
	case len(fields) != len(r.target):
		hint := ""
		if r.separator != ',' && bytes.IndexByte(line, ',') >= 0 {
			hint = "; the header's separator counts"
		} else if len(fields) > len(r.target) {
			hint = "; is there a decimal comma, or a comma too many?"
		}
		r.fault(1, "fields", "%d fields, the header has %d%s", len(fields), len(r.target), hint)
		return false
	}
	wall := int64(0)
	calendar := [4]int{0, 1, 1, 0}
	calendarRow := false
	for i, cell := range fields {
		switch target := r.target[i]; {
		case target == skipped:
		case target >= 0:
			cell = trim(cell)
			value, ok := number(cell)
			if !ok {
				r.badNumber(r.column(line, i), r.header[i], cell)
			}
			column := &r.table.Columns[target]
			column.Values = append(column.Values, value)
		case target == timeField:
			s, ok := readStamp(trim(cell))
			if !ok {
				r.badStamp(r.column(line, i), trim(cell))
			}
			wall = s.wall
			if s.hasOffset {
				wall -= s.offset
				if r.withOffset == 0 {
					r.offset = s.offset
				}
				r.withOffset++
			}
		default:
			part := yearField - target
			value, ok := whole(trim(cell))
			if !ok {
				r.fault(r.column(line, i), "time", "%s is %q; a whole number fits", r.header[i], clip(trim(cell)))
			}
			calendar[part], calendarRow = value, true
		}
	}
	if calendarRow {
		if !isDate(calendar[0], calendar[1], calendar[2]) || calendar[3] > 23 {
			r.fault(r.column(line, r.timeCol), "time", "year %d, month %d, day %d, hour %d is no time; hours are 0 to 23", calendar[0], calendar[1], calendar[2], calendar[3])
		} else {
			wall = unixDay(calendar[0], calendar[1], calendar[2])*86400 + int64(calendar[3])*3600
		}
	}
	if r.withOffset > 0 && r.withOffset != len(r.walls)+1 {
		r.fault(r.column(line, r.timeCol), "time", "some stamps have an offset from UTC and some have none; write it on all or on none")
		r.withOffset = 0
	}
	r.walls = append(r.walls, wall)
	return len(r.errors) == faults && !r.more
}

func trim(b []byte) []byte {
	if len(b) > 0 && (b[0] <= ' ' || b[len(b)-1] <= ' ') {
		return bytes.TrimSpace(b)
	}
	return b
}

// badNumber says what is wrong with a cell.
func (r *reader) badNumber(col int, name string, cell []byte) {
	text := clip(cell)
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "":
		if text == "" {
			r.fault(col, "empty", "%s is empty; every row has a number (a gap is not filled)", name)
			return
		}
	case "nan", "na", "n/a", "#n/a", "null", "none", "nil", "missing", "inf", "infinity":
		r.fault(col, "nan", "%s is %q; every row has a finite number (a gap is not filled)", name, text)
		return
	}
	switch {
	case r.separator == ';' && bytes.Count(cell, []byte(",")) == 1:
		r.fault(col, "number", "%s is %q; a number has a decimal point, not a comma", name, text)
	case len(cell) > 0 && cell[0] >= '0' && cell[0] <= '9':
		r.fault(col, "number", "%s is %q; a plain number fits, its unit belongs in the header: %s [MW]", name, text, name)
	default:
		r.fault(col, "number", "%s is %q; a number fits", name, text)
	}
}

// badStamp says what is wrong with a stamp.
func (r *reader) badStamp(col int, cell []byte) {
	hint := "ISO 8601 fits, such as 2030-01-31T07:00 or 2030-01-31"
	switch {
	case len(cell) == 0:
		hint = "every row has a stamp, " + hint
	case bytes.IndexByte(cell, '/') > 0:
		hint += "; whether day or month comes first here is a guess"
	case bytes.Contains(cell, []byte("24:")):
		hint += "; hour 24 is hour 0 of the next day"
	}
	if _, ok := whole(cell); ok && len(cell) > 0 {
		hint += "; where a file counts its rows, give its start and step"
	}
	r.fault(col, "time", "the time is %q; %s", clip(cell), hint)
}
