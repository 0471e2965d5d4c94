package xlsx

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/attribute"
)

// content is what goes into a cell: a string, a float64, a bool, or nil.
type content struct {
	value  any
	format string // of formats, "" for a plain one
}

// The formats of cells.
const (
	formatHead    = "head"
	formatNeeded  = "needed" // the header of an attribute that must be written
	formatText    = "text"   // what is typed stays text: 1-2 is no date
	formatPercent = "percent"
	formatPart    = "part" // of a percent
	formatDate    = "date"
	formatStamp   = "stamp"
	formatWrap    = "wrap"
	formatTitle   = "title"
)

var border = []excelize.Border{{Type: "bottom", Style: 1, Color: "808080"}}

var formats = map[string]*excelize.Style{
	formatHead: {Font: &excelize.Font{Bold: true}, Border: border, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF2"}}, NumFmt: 49},
	formatNeeded: {Font: &excelize.Font{Bold: true}, Border: border, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"CFE3D4"}}, NumFmt: 49},
	formatText:    {NumFmt: 49},
	formatPercent: {NumFmt: 9},
	formatPart:    {CustomNumFmt: new("0.0##########%")},
	formatDate:    {CustomNumFmt: new("yyyy-mm-dd")},
	formatStamp:   {CustomNumFmt: new("yyyy-mm-dd hh:mm")},
	formatWrap:    {Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}},
	formatTitle:   {Font: &excelize.Font{Bold: true, Size: 14}},
}

// book writes a workbook.
type book struct {
	*excelize.File
	style map[string]int
}

// save writes the workbook beside its place and renames it when whole.
func (e *exporter) save(file string) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s exists already; give another name", file)
	}
	b := &book{File: excelize.NewFile(), style: map[string]int{}}
	defer b.Close()
	for name, s := range formats {
		if b.style[name], err = b.NewStyle(s); err != nil {
			return err
		}
	}
	if err := b.SetSheetName("Sheet1", sheetHelp); err != nil {
		return err
	}
	steps := []func(*book) error{e.writeHelp, e.writeSystem, e.writeEntries, e.writeStudies, e.writeChanges, e.writeMonthly, e.writeSeries}
	for _, step := range steps {
		if err := step(b); err != nil {
			return err
		}
	}
	b.SetActiveSheet(1)
	f, err := os.Create(file + ".partial")
	if err != nil {
		return err
	}
	err = b.Write(f)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// cell is what a node becomes in a column.
func (e *exporter) cell(c column, n *attribute.Node) content {
	switch {
	case n == nil:
		return content{}
	case n.Kind == attribute.Null:
		return content{"null", formatText}
	case n.Kind == attribute.List && c.attr != nil && c.attr.Type == attribute.ListOf && simple(n):
		if len(n.Items) == 1 {
			return e.scalar(column{attr: c.attr.Elem}, n.Items[0].Text)
		}
		parts := make([]string, len(n.Items))
		for i, v := range n.Items {
			parts[i] = v.Text
		}
		return content{strings.Join(parts, ", "), formatText}
	case n.Kind != attribute.Scalar:
		return content{flow(e.recited(n)), formatText}
	}
	return e.scalar(c, e.cite(n.Text))
}

// simple tells a list that can be written without brackets.
func simple(n *attribute.Node) bool {
	return len(n.Items) > 0 && !slices.ContainsFunc(n.Items, func(i *attribute.Node) bool {
		return i.Kind != attribute.Scalar || scalarText(i.Text) != i.Text
	})
}

// recited is a node with its series cited as after an import.
func (e *exporter) recited(n *attribute.Node) *attribute.Node {
	out := *n
	switch n.Kind {
	case attribute.Scalar:
		out.Text = e.cite(n.Text)
	case attribute.List:
		out.Items = make([]*attribute.Node, len(n.Items))
		for i, v := range n.Items {
			out.Items[i] = e.recited(v)
		}
	case attribute.Map:
		out.Keys = slices.Clone(n.Keys)
		for i, k := range n.Keys {
			out.Keys[i].Value = e.recited(k.Value)
		}
	}
	return &out
}

func (e *exporter) scalar(c column, text string) content {
	if c.attr != nil {
		switch {
		case c.attr.Type == attribute.Flag && (text == "true" || text == "false"):
			return content{text == "true", ""}
		case c.attr.Type == attribute.Date:
			if t, err := time.Parse(time.DateOnly, text); err == nil {
				if v, ok := toSerial(t); ok {
					return content{v, formatDate}
				}
			}
		case isQuantity(c.attr) || c.attr.Type == attribute.Special:
			if number, u, ok := splitQuantity(text); ok && !strings.Contains(text, "#") {
				if v, ok := numberCell(number, u, c.unit); ok {
					return v
				}
			}
		}
	}
	return content{guarded(c.attr, text), formatText}
}

// numberCell writes a quantity as a number where the header says its unit.
func numberCell(number, u, header string) (content, bool) {
	if u == "%" && header != "%" {
		v, ok := cellNumber(number, true)
		if text, fits := percentOf(number, header); !ok || !fits || text != number+" %" {
			return content{}, false
		}
		if _, whole := cellNumber(exact(v*100), false); whole && v*100 == float64(int(v*100)) {
			return content{v, formatPercent}, true
		}
		return content{v, formatPart}, true
	}
	v, ok := cellNumber(number, false)
	return content{v, ""}, ok && (u == header || u == "" && v == 0)
}

// guarded is text that an import reads back as it is.
func guarded(a *attribute.Attribute, text string) string {
	special := isNull(text) && text != "~" || text != strings.TrimSpace(text) || len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"'
	special = special || escaped.MatchString(text)
	if !isFree(a) && text != "" && (text[0] == '[' || text[0] == '{' || text[0] == '"') {
		special = true
	}
	if a != nil && a.Type == attribute.ListOf {
		special = special || strings.Contains(text, ",")
	}
	if special {
		return quote(text)
	}
	return text
}

// sheetWriter fills one sheet.
type sheetWriter struct {
	*book
	name string
	err  error
}

func (b *book) add(name string) *sheetWriter {
	s := &sheetWriter{book: b, name: name}
	if i, _ := b.GetSheetIndex(name); i < 0 {
		_, s.err = b.NewSheet(name)
	}
	return s
}

func (s *sheetWriter) try(err error) {
	if s.err == nil && err != nil {
		s.err = fmt.Errorf("sheet %s: %w", s.name, err)
	}
}

func cellName(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return "A1" // columns are counted by this package and are few
	}
	return name
}

// maxCellText is what a cell of Excel holds.
const maxCellText = 32767

func (s *sheetWriter) put(col, row int, c content) {
	at := cellName(col, row)
	switch v := c.value.(type) {
	case nil:
		return
	case string:
		if utf8.RuneCountInString(v) > maxCellText {
			s.try(fmt.Errorf("%s: a text of more than %d characters does not fit in a cell", at, maxCellText))
			return
		}
		if escaped.MatchString(v) {
			s.try(fmt.Errorf("%s: %s would be read as another text by Excel; rename it", at, brief(v)))
		}
		s.try(s.SetCellStr(s.name, at, v))
	case float64:
		s.try(s.SetCellFloat(s.name, at, v, -1, 64))
	case bool:
		s.try(s.SetCellBool(s.name, at, v))
	}
	if c.format != "" {
		s.try(s.SetCellStyle(s.name, at, at, s.style[c.format]))
	}
}

// lastRow is how far lists of words reach down a sheet.
const lastRow = 1000

// head writes a header: names, a comment on each, formats and lists of words
// for the cells below.
func (s *sheetWriter) head(cols []column, notes map[string]string) {
	for i, c := range cols {
		col := i + 1
		format := formatHead
		if c.attr != nil && c.attr.Required() && !strings.Contains(c.path, ".") {
			format = formatNeeded
		}
		letter, err := excelize.ColumnNumberToName(col)
		s.try(err)
		if isWord(c.attr) {
			s.try(s.SetColStyle(s.name, letter, s.style[formatText]))
		}
		s.put(col, 1, content{c.header(), format})
		s.try(s.SetColWidth(s.name, letter, letter, float64(min(36, max(9, utf8.RuneCountInString(c.header())+2)))))
		note := notes[c.path]
		if note == "" {
			note = comment(c.attr)
		}
		if note != "" {
			s.try(s.AddComment(s.name, excelize.Comment{
				Cell: cellName(col, 1), Author: "Busbar", Paragraph: []excelize.RichTextRun{{Text: note}},
				Width: 260, Height: uint(30 + 18*(len(note)/38+strings.Count(note, "\n"))),
			}))
		}
		s.choice(c, cellName(col, 2)+":"+cellName(col, lastRow))
	}
	s.try(s.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}))
}

// isWord tells a column that Excel shall not make numbers or dates of.
func isWord(a *attribute.Attribute) bool { return a != nil && a.Type == attribute.Text }

// comment is what a header tells: meaning, unit, default, range, source.
func comment(a *attribute.Attribute) string {
	if a == nil {
		return ""
	}
	lines := []string{a.Doc}
	add := func(word, text string) {
		if text != "" {
			lines = append(lines, word+": "+text)
		}
	}
	if a.Required() {
		lines = append(lines, "must be written")
	}
	add("unit", strings.TrimPrefix(a.UnitText(), "1"))
	add("default", a.Default)
	add("range", a.RangeText())
	add("one of", strings.Join(a.Enum, ", "))
	if a.Ref != "" {
		add("names", "a "+a.Ref)
	}
	add("source", a.Source)
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// refSheets holds the ids that a reference may name, in column A.
var refSheets = map[string]string{"commodity": "commodities", "place": "places", "party": "parties", "study": sheetStudies}

// choice offers the words that fit a column's cells.
func (s *sheetWriter) choice(c column, cells string) {
	a := c.attr
	switch {
	case a == nil:
		return
	case len(choices(a)) > 0:
		v := excelize.NewDataValidation(true)
		v.Sqref = cells
		if v.SetDropList(choices(a)) != nil {
			return // too long for Excel; the comment lists them
		}
		v.SetError(excelize.DataValidationErrorStyleStop, c.path, "One of "+brief(strings.Join(choices(a), ", ")))
		s.try(s.AddDataValidation(s.name, v))
	case refSheets[a.Ref] != "" && a.Type == attribute.Text:
		v := excelize.NewDataValidation(true)
		v.Sqref = cells
		v.SetSqrefDropList(fmt.Sprintf("%s!$A$2:$A$%d", refSheets[a.Ref], lastRow))
		// The entry may be added later: Excel asks, and lets it stand.
		v.SetError(excelize.DataValidationErrorStyleWarning, c.path, "Not (yet) in sheet "+refSheets[a.Ref])
		s.try(s.AddDataValidation(s.name, v))
	}
}

// choices are those of an enumeration; a type that reads itself tells them in
// its schema.
func choices(a *attribute.Attribute) []string {
	switch {
	case len(a.Enum) > 0:
		return a.Enum
	case a.Type == attribute.Flag:
		return []string{"TRUE", "FALSE"}
	case a.Type != attribute.Special:
		return nil
	}
	properties, _ := attribute.Schema([]attribute.Attribute{*a})["properties"].(map[string]any)
	schema, _ := properties[a.Key].(map[string]any)
	all, _ := schema["enum"].([]any)
	var out []string
	for _, w := range all {
		out = append(out, fmt.Sprint(w))
	}
	return out
}

var (
	idColumn    = column{path: columnID, attr: &attribute.Attribute{Type: attribute.Text, Doc: "name by which others refer to it: letters, digits, _ and -"}}
	orderColumn = column{path: columnOrder, attr: &attribute.Attribute{Type: attribute.Count, Optional: true, Doc: "place among all assets, in tables and pictures; default: behind those that have one"}}
	keyColumn   = column{path: columnKey, attr: &attribute.Attribute{Type: attribute.Text, Doc: "the item's own name, such as a commodity or a year"}}
	valueColumn = column{path: columnValue, attr: &attribute.Attribute{Type: attribute.Curve, Optional: true, Doc: "the item as one value, with its unit as text, instead of the columns behind"}}
	studyColumn = column{path: columnStudy, attr: &attribute.Attribute{Type: attribute.Text, Ref: "study", Optional: true, Doc: "only in this study; default: in all"}}
)

func (e *exporter) writeEntries(b *book) error {
	var order []string
	for _, l := range layouts() {
		order = append(order, l.sheet)
	}
	var all []*sheet
	for _, s := range e.sheets {
		all = append(all, s)
	}
	rank := func(s *sheet) int { // a kind that there is not comes last
		if i := slices.Index(order, s.sheet); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(all, func(a, b *sheet) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a.sheet, b.sheet)
	})
	for _, s := range all {
		s.layOut(e.currency)
		cols := []column{idColumn}
		if s.keyed {
			cols = append(cols, keyColumn)
		}
		if slices.ContainsFunc(s.rows, func(r row) bool {
			return s.list != "" && len(r.leaves) == 1 && r.leaves[0].path == columnValue
		}) || s.keyed && len(s.rows) == 0 {
			cols = append(cols, valueColumn)
			s.columns = slices.DeleteFunc(s.columns, func(c column) bool { return c.path == columnValue })
		}
		cols = append(cols, s.columns...)
		if s.section == "assets" && s.list == "" {
			cols = append(cols, orderColumn)
		}
		cols = append(cols, studyColumn)
		notes := map[string]string{}
		if s.doc != "" {
			notes[columnID] = s.doc
		}
		w := b.add(s.sheet)
		w.head(cols, notes)
		for i, r := range s.rows {
			for j, c := range cols {
				w.put(j+1, i+2, e.rowCell(c, r))
			}
		}
		if w.err != nil {
			return w.err
		}
	}
	return nil
}

func (e *exporter) rowCell(c column, r row) content {
	switch c.path {
	case columnID:
		return content{r.id, formatText}
	case columnStudy:
		if r.study == "" {
			return content{}
		}
		return content{r.study, formatText}
	case columnKey:
		if r.key != "" {
			return content{r.key, formatText}
		}
	case columnOrder:
		if r.order == 0 {
			return content{}
		}
		return content{float64(r.order), ""}
	}
	for _, l := range r.leaves {
		if l.path == c.path {
			return e.cell(c, l.node)
		}
	}
	return content{}
}

// writeSystem writes one key a row, those without a value too, with their
// meaning beside them.
func (e *exporter) writeSystem(b *book) error {
	r := row{}
	table := systemTable()
	f := flattener{exporter: e, row: &r, layout: layout{table: table}}
	for _, k := range e.system.Keys {
		f.key(table, "", k)
	}
	cols := columns(table, "")
	for _, l := range r.leaves {
		cols = withColumn(cols, table, l.path)
	}
	w := b.add(sheetSystem)
	w.head([]column{{path: "key"}, {path: "value"}, {path: "meaning"}}, nil)
	for i, c := range cols {
		c.unit = ""
		at := i + 2
		w.put(1, at, content{c.path, formatText})
		if isFree(c.attr) { // so that +07:00 stays text
			w.try(b.SetCellStyle(sheetSystem, cellName(2, at), cellName(2, at), b.style[formatText]))
		}
		for _, l := range r.leaves {
			if l.path == c.path {
				w.put(2, at, e.cell(c, l.node))
			}
		}
		w.put(3, at, content{strings.ReplaceAll(comment(c.attr), "\n", "; "), formatWrap})
		w.choice(c, cellName(2, at))
	}
	w.try(b.SetColWidth(sheetSystem, "A", "B", 24))
	w.try(b.SetColWidth(sheetSystem, "C", "C", 90))
	return w.err
}

func (e *exporter) writeStudies(b *book) error {
	s := sheet{layout: layout{sheet: sheetStudies, table: studyTable()}, rows: e.studies}
	s.layOut("")
	for i := range s.columns { // each study may write another unit
		s.columns[i].unit = ""
	}
	cols := append([]column{{path: columnStudy, attr: &attribute.Attribute{Type: attribute.Text, Doc: "name of the study: letters, digits, - and _"}}}, s.columns...)
	w := b.add(sheetStudies)
	w.head(cols, nil)
	for i, r := range s.rows {
		w.put(1, i+2, content{r.id, formatText})
		for j, c := range cols[1:] {
			w.put(j+2, i+2, e.rowCell(c, r))
		}
	}
	return w.err
}
