package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
)

// Limits on a workbook: it is a zip archive, and a small one can hold
// gigabytes.
var (
	maxFile  int64 = 64 << 20  // as it lies on disk
	maxUnzip int64 = 512 << 20 // unpacked
)

const (
	maxColumns    = 1000
	maxTableCells = 2_000_000 // rows times columns of a sheet of entries
	maxSeries     = 20_000_000
)

// cell is one of a sheet of entries.
type cell struct {
	row, col int
	text     string // trimmed; of a number the decimal that was typed
	kind     cellKind
}

type cellKind uint8

const (
	textCell cellKind = iota
	numberCellKind
	percentCell // text is the number before the %
	dateCell    // text is ISO 8601
	flagCell
	badCell // a problem was told
)

// table is the content of a sheet, without empty rows and cells.
type table struct {
	sheet string
	rows  [][]cell
}

// grid is the content of a series sheet.
type grid struct {
	sheet   string
	header  []string
	percent []bool // of a column in %, that its cells show so
	rows    [][]string
	lines   []int // of each row, its number in the sheet
}

type reader struct {
	file     *excelize.File
	book     string
	use1904  bool
	styles   map[int]cellKind
	problems []attribute.Problem
}

func (r *reader) problem(p attribute.Pos, code, format string, a ...any) {
	r.problems = append(r.problems, attribute.Problem{File: p.File, Line: p.Line, Col: p.Col, Code: code, Text: fmt.Sprintf(format, a...)})
}

// guard runs what calls the library: it has panicked on broken workbooks
// before, and a planner sees a problem of the sheet instead.
func (r *reader) guard(sheet string, read func()) {
	pos := attribute.Pos{File: r.book, Line: 1, Col: 1}
	if sheet != "" {
		pos = at(r.book, sheet, 1, 1)
	}
	defer func() {
		if fault := recover(); fault != nil {
			r.problem(pos, "workbook", "this can't be read as .xlsx: %v", fault)
		}
	}()
	read()
}

// open reads the file's frame; after a problem the file stays nil.
func (r *reader) open(file string) {
	whole := attribute.Pos{File: bookName(file), Line: 1, Col: 1}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		r.problem(whole, "missing-file", "no file %s", file)
		return
	case !info.Mode().IsRegular():
		r.problem(whole, "unreadable-file", "%s is not a file that can be read (a folder or device)", file)
		return
	case info.Size() > maxFile:
		r.problem(whole, "too-large", "%s is larger than %d MiB; leave series of many years in CSV files of the workspace", file, maxFile>>20)
		return
	}
	data, err := os.ReadFile(file)
	if err != nil {
		r.problem(whole, "unreadable-file", "%s can't be read: %v", file, err)
		return
	}
	ext := strings.ToLower(filepath.Ext(file))
	switch {
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) && ext == ".xls":
		r.problem(whole, "workbook", "%s is a workbook of Excel 97; save it as .xlsx", file)
		return
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		r.problem(whole, "workbook", "%s is encrypted, or an old .xls under another name; save it as .xlsx without a password", file)
		return
	case !bytes.HasPrefix(data, []byte("PK")):
		r.problem(whole, "workbook", "%s is no .xlsx workbook; a folder of YAML and CSV needs no import, other tables are saved as .xlsx first", file)
		return
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: min(maxUnzip, 64<<20)})
	if err != nil {
		if f != nil {
			f.Close()
		}
		if strings.Contains(err.Error(), "unzip size exceeds") {
			r.problem(whole, "too-large", "%s unpacks to more than %d MiB", file, maxUnzip>>20)
		} else {
			r.problem(whole, "workbook", "%s can't be read as .xlsx: %v", file, err)
		}
		return
	}
	if len(f.GetSheetList()) == 0 {
		f.Close()
		r.problem(whole, "workbook", "%s has no sheet; is it a workbook?", file)
		return
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		r.use1904 = *p.Date1904
	}
	r.file, r.styles = f, map[int]cellKind{}
}

// sheets sorts the workbook's sheets: tables by the name of their layout, and
// series.
func (r *reader) sheets() (tables []string, series []string) {
	names := []string{sheetSystem, sheetStudies, sheetChanges, sheetMonthly}
	for _, l := range layouts() {
		names = append(names, l.sheet)
	}
	for _, name := range r.file.GetSheetList() {
		if strings.HasPrefix(name, ownPrefix) {
			continue
		}
		pos := at(r.book, name, 1, 1)
		if visible, err := r.file.GetSheetVisible(name); err != nil || !visible {
			r.problem(pos, "hidden-sheet", "sheet %q is hidden; unhide it, delete it, or begin its name with _ if it is not to be read", name)
			continue
		}
		low := strings.ToLower(strings.TrimSpace(name))
		switch rest, isSeries := strings.CutPrefix(low, seriesPrefix); {
		case isSeries:
			if !sheetName.MatchString(rest) {
				r.problem(pos, "unknown-sheet", "a series sheet is named %q; want series and a name of letters, digits, _ - and ., such as series weather", name)
				continue
			}
			series = append(series, name)
		case slices.Contains(names, low):
			tables = append(tables, name)
		default:
			if k, isKind := strings.CutPrefix(low, kindPrefix); isKind && !strings.Contains(k, ".") {
				r.problem(pos, "unknown-kind", "no kind is named %q; %s", k, attribute.Fit(k, kinds()))
				continue
			}
			near := attribute.Near(low, append(slices.Clone(names), kinds()...))
			switch {
			case slices.Contains(kinds(), near):
				near = "; did you mean " + kindPrefix + near + "?"
			case near != "":
				near = "; did you mean " + near + "?"
			default:
				near = "; want system, commodities, places, parties, money, kind NAME, limits, sources, studies, changes, monthly or series NAME"
			}
			r.problem(pos, "unknown-sheet", "sheet %q is not read%s (a sheet of your own begins with _)", name, near)
		}
	}
	return tables, series
}

func kinds() []string {
	var out []string
	for _, k := range kind.All() {
		out = append(out, k.Name)
	}
	return out
}

// errorWords are what Excel shows in cells whose formula fails.
var errorWords = []string{"#DIV/0!", "#REF!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!"}

var errTooLarge = errors.New("too large")

// raw reads the values of a sheet as they are stored, without the empty rows
// at its end.
func (r *reader) raw(name string, most int) (rows [][]string, err error) {
	it, err := r.file.Rows(name)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	cells := 0
	for n := 1; it.Next(); n++ {
		row, err := it.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		if len(row) == 0 {
			continue
		}
		for len(rows) < n-1 {
			rows = append(rows, nil)
		}
		rows = append(rows, row)
		cells = max(cells, len(row))
		if len(row) > maxColumns || len(rows)*cells > most {
			return nil, errTooLarge
		}
	}
	return rows, it.Error()
}

// table reads a sheet of entries.
func (r *reader) table(name string) *table {
	pos := at(r.book, name, 1, 1)
	t := &table{sheet: name}
	rows, err := r.raw(name, maxTableCells)
	if errors.Is(err, errTooLarge) {
		r.problem(pos, "too-large", "sheet %q reaches over more than %d columns or %d cells; is something written far off?", name, maxColumns, maxTableCells)
		return nil
	} else if err != nil {
		r.problem(pos, "workbook", "sheet %q can't be read: %v", name, err)
		return nil
	}
	merged, err := r.file.GetMergeCells(name, true)
	if err != nil {
		r.problem(pos, "workbook", "sheet %q can't be read: %v", name, err)
		return nil
	}
	for _, m := range merged {
		col, row, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			col, row = 1, 1
		}
		r.problem(at(r.book, name, row, col), "merged-cells", "cells %s:%s are merged; unmerge them and fill each", m.GetStartAxis(), m.GetEndAxis())
	}
	for i, values := range rows {
		var row []cell
		for j, raw := range values {
			if c, ok := r.cell(name, i+1, j+1, raw); ok {
				row = append(row, c)
			}
		}
		if len(row) > 0 {
			t.rows = append(t.rows, row)
		}
	}
	return t
}

// cell reads one cell; ok is false where it is empty.
func (r *reader) cell(sheet string, row, col int, raw string) (cell, bool) {
	c := cell{row: row, col: col}
	pos := at(r.book, sheet, row, col)
	bad := func(code, format string, a ...any) (cell, bool) {
		r.problem(pos, code, format, a...)
		c.kind = badCell
		return c, true
	}
	name := cellName(col, row)
	typ, err := r.file.GetCellType(sheet, name)
	if err != nil {
		return bad("workbook", "this cell can't be read: %v", err)
	}
	if raw == "" {
		// Excel writes str where a formula gives an empty text.
		if formula, err := r.file.GetCellFormula(sheet, name); err == nil && formula != "" && typ != excelize.CellTypeFormula {
			return bad("cell-formula", "the formula =%s was saved without its value; let Excel or LibreOffice compute it and save", short(formula))
		}
		return c, false
	}
	switch typ {
	case excelize.CellTypeError:
		return bad("cell-error", "read %s; mend the formula", short(raw))
	case excelize.CellTypeBool:
		c.kind, c.text = flagCell, "false"
		if raw == "1" || strings.EqualFold(raw, "true") {
			c.text = "true"
		}
		return c, true
	case excelize.CellTypeSharedString, excelize.CellTypeInlineString, excelize.CellTypeFormula:
		return r.text(c, pos, raw)
	case excelize.CellTypeDate: // ISO 8601, as strict workbooks have it
		t, _, ok := parseStamp(strings.TrimSuffix(raw, "Z"))
		if !ok {
			return bad("date", "read %s, want a date such as 2030-12-31", short(raw))
		}
		c.kind, c.text = dateCell, stamp(t)
		return c, true
	}
	if slices.Contains(errorWords, raw) {
		return bad("cell-error", "read %s; mend the formula", raw)
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil {
		return r.text(c, pos, raw)
	}
	switch r.shown(sheet, name) {
	case percentCell:
		c.kind, c.text = percentCell, typedPercent(v)
	case dateCell:
		t, ok := fromSerial(v, r.use1904)
		if !ok {
			return bad("cell-date", "the number %s is shown as a date or time; format the cell as number or text", typed(v))
		}
		c.kind, c.text = dateCell, stamp(t)
	default:
		c.kind, c.text = numberCellKind, typed(v)
	}
	return c, true
}

// text reads a cell of text; blanks at its ends are slips.
func (r *reader) text(c cell, pos attribute.Pos, raw string) (cell, bool) {
	for _, x := range raw {
		if badRune(x) && x != '\r' {
			r.problem(pos, "control-character", "character %#02x can't stand in a text", x)
			c.kind = badCell
			return c, true
		}
	}
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\r", "\n")
	c.text = strings.TrimFunc(raw, func(x rune) bool { return unicode.IsSpace(x) || x == '\u200b' || x == '\ufeff' })
	return c, c.text != ""
}

// shown tells whether a number is shown as a percentage, a date, or neither.
func (r *reader) shown(sheet, name string) cellKind {
	i, err := r.file.GetCellStyle(sheet, name)
	if err != nil {
		return numberCellKind
	}
	if k, ok := r.styles[i]; ok {
		return k
	}
	k := numberCellKind
	if s, err := r.file.GetStyle(i); err == nil && s != nil {
		switch n := s.NumFmt; {
		case s.CustomNumFmt != nil:
			k = formatKind(*s.CustomNumFmt)
		case n == 9 || n == 10:
			k = percentCell
		case n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58 || n >= 71 && n <= 81:
			k = dateCell
		}
	}
	r.styles[i] = k
	return k
}

// formatKind looks through a number format's first section, without what
// stands in quotes, brackets and behind a backslash.
func formatKind(format string) cellKind {
	quoted := false
	if strings.EqualFold(format, "General") {
		return numberCellKind
	}
	for i := 0; i < len(format); i++ {
		c := format[i]
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			end := strings.IndexByte(format[i:], ']')
			if end < 0 {
				return numberCellKind
			}
			if in := strings.ToLower(format[i+1 : i+end]); in != "" && strings.Trim(in, "hms") == "" {
				return dateCell // [h]:mm
			}
			i += end
		case c == ';':
			return numberCellKind
		case c == '%':
			return percentCell
		case strings.IndexByte("yYmMdDhHsS", c) >= 0:
			return dateCell
		}
	}
	return numberCellKind
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

// grid reads a series sheet: many cells, so their types are not asked for.
func (r *reader) grid(name string) *grid {
	pos := at(r.book, name, 1, 1)
	rows, err := r.raw(name, maxSeries)
	if errors.Is(err, errTooLarge) {
		r.problem(pos, "too-large", "sheet %q reaches over more than %d columns or %d cells; is something written far off?", name, maxColumns, maxSeries)
		return nil
	} else if err != nil {
		r.problem(pos, "workbook", "sheet %q can't be read: %v", name, err)
		return nil
	}
	if len(rows) == 0 || len(rows[0]) == 0 {
		r.problem(pos, "series-header", "sheet %q has no header in its first row; want time and, for each series, a name with its unit, such as wind [1]", name)
		return nil
	}
	g := &grid{sheet: name, percent: make([]bool, len(rows[0]))}
	inPercent := false
	for i, h := range rows[0] {
		h = strings.TrimSpace(h)
		g.header = append(g.header, h)
		if strings.HasSuffix(strings.ReplaceAll(h, " ", ""), "[%]") {
			g.percent[i], inPercent = true, true
		}
	}
	shown := [][]string(nil)
	if inPercent { // a share shown as 31 % is stored as 0.31
		if shown, err = r.formatted(name, len(rows)); err != nil {
			r.problem(pos, "workbook", "sheet %q can't be read: %v", name, err)
			return nil
		}
	}
	times := r.timeColumn(g.header)
	faults := 0
	for i, row := range rows[1:] {
		if len(row) == 0 {
			continue
		}
		line := i + 2
		out := make([]string, max(len(row), len(g.header)))
		for j, raw := range row {
			text, code, fault := r.seriesCell(strings.TrimSpace(raw), j == times)
			if code == "" && j < len(g.percent) && g.percent[j] && line-1 < len(shown) && j < len(shown[line-1]) && strings.HasSuffix(shown[line-1][j], "%") {
				if v, err := strconv.ParseFloat(text, 64); err == nil {
					text = typedPercent(v)
				}
			}
			if code != "" {
				if faults++; faults <= 20 {
					r.problem(at(r.book, name, line, j+1), code, "%s", fault)
				}
				text = "0"
			}
			out[j] = text
		}
		g.rows = append(g.rows, out)
		g.lines = append(g.lines, line)
	}
	return g
}

// timeColumn is the column of stamps: the one named time, else the first;
// none where the header has a year.
func (r *reader) timeColumn(header []string) int {
	for i, h := range header {
		name, _, _ := strings.Cut(h, "[")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "time":
			return i
		case "year":
			return -1
		}
	}
	return 0
}

func (r *reader) seriesCell(raw string, isTime bool) (text, code, fault string) {
	if raw == "" {
		return "", "", ""
	}
	if raw[0] == '#' && slices.Contains(errorWords, raw) {
		return "", "cell-error", "read " + raw + "; mend the formula"
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		for _, x := range raw {
			if badRune(x) || x == '\n' || x == utf8.RuneError {
				return "", "control-character", fmt.Sprintf("character %#02x can't stand in a series", x)
			}
		}
		return raw, "", ""
	}
	if !isTime {
		return exact(v), "", ""
	}
	t, ok := fromSerial(v, r.use1904)
	if !ok {
		return "", "cell-date", "read " + typed(v) + ", want a date with its time of day, such as 2030-01-31 07:00"
	}
	if t.Second() != 0 {
		return t.Format("2006-01-02T15:04:05"), "", ""
	}
	return t.Format("2006-01-02T15:04"), "", ""
}

// formatted reads a sheet's cells as they are shown.
func (r *reader) formatted(name string, most int) ([][]string, error) {
	it, err := r.file.Rows(name)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	var out [][]string
	for len(out) < most && it.Next() {
		row, err := it.Columns()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}
