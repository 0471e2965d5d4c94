package xlsx

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/unit"
)

// Export writes a workbook of a workspace. With a study it holds only that one
// and those it inherits from or takes capacities from. Problems are those of
// the workspace, or what no workbook can hold; there is no file then. The
// workbook must not exist.
func Export(dir, file, study string) ([]attribute.Problem, error) {
	w, problems, err := readWords(dir, study)
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	e := newExporter()
	e.words(w)
	if len(e.problems) > 0 {
		return e.problems, nil
	}
	return nil, e.save(file)
}

// Template writes a workbook with every sheet and column and no entry.
func Template(file string) error {
	e := newExporter()
	for _, l := range layouts() {
		e.sheet(l)
	}
	e.system = &attribute.Node{Kind: attribute.Map}
	return e.save(file)
}

// sheet is one of entries while it is filled.
type sheet struct {
	layout
	columns []column
	rows    []row
}

// row is one entry: what stands in its columns, by path.
type row struct {
	id, study string
	key       string // of a map's item
	order     int    // 0: none
	leaves    []leaf
}

type leaf struct {
	path string
	node *attribute.Node
}

// change is a row of sheet changes.
type change struct {
	study, do, path string
	value           *attribute.Node
	source, note    *attribute.Node
}

// year is a row of sheet monthly.
type year struct {
	study, of string
	value     *attribute.Node
}

type exporter struct {
	currency string
	system   *attribute.Node
	sheets   map[string]*sheet
	studies  []row
	changes  []change
	months   []year
	series   []seriesSheet
	cited    map[string]string // a file's path, and its path after an import
	problems []attribute.Problem
}

type seriesSheet struct {
	name string
	data []byte
}

func newExporter() *exporter {
	return &exporter{sheets: map[string]*sheet{}, cited: map[string]string{}}
}

func (e *exporter) sheet(l layout) *sheet {
	s := e.sheets[l.sheet]
	if s == nil {
		s = &sheet{layout: l}
		e.sheets[l.sheet] = s
	}
	return s
}

func (e *exporter) problem(pos attribute.Pos, code, format string, a ...any) {
	e.problems = append(e.problems, attribute.Problem{File: pos.File, Line: pos.Line, Col: pos.Col, Code: code, Text: fmt.Sprintf(format, a...)})
}

func (e *exporter) words(w *words) {
	e.nameSeries(w.series)
	e.system = &attribute.Node{Kind: attribute.Map, Pos: w.system.Pos}
	if n := w.system.Get("currency"); n != nil && n.Kind == attribute.Scalar {
		e.currency = n.Text
	}
	for _, l := range layouts() {
		if l.section != "assets" && (l.list == "" || l.section == "limits") {
			e.sheet(l)
		}
	}
	for _, k := range w.system.Keys {
		if slices.Contains(sections, k.Name) {
			e.entries("", k)
		} else {
			e.system.Keys = append(e.system.Keys, k)
		}
	}
	for _, s := range w.studies {
		e.study(s)
	}
}

var sheetName = regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ .-]*$`)

const maxSheetName = 31 // characters

// nameSeries gives every cited file a sheet: series weather for
// series/weather.csv. Files elsewhere come back in series/, under another name
// if theirs is taken or unfit.
func (e *exporter) nameSeries(files map[string][]byte) {
	names := make([]string, 0, len(files))
	for f := range files {
		names = append(names, f)
	}
	home := func(f string) bool { return path.Dir(f) == "series" }
	slices.SortFunc(names, func(a, b string) int {
		if home(a) != home(b) {
			if home(a) {
				return -1
			}
			return 1
		}
		return cmp.Compare(a, b)
	})
	taken := map[string]bool{}
	for _, f := range names {
		name := strings.TrimSuffix(path.Base(f), path.Ext(f))
		most := maxSheetName - len(seriesPrefix)
		if !sheetName.MatchString(name) || strings.HasSuffix(name, " ") {
			name = "file"
		}
		if r := []rune(name); len(r) > most {
			name = string(r[:most])
		}
		for i := 2; taken[strings.ToLower(name)]; i++ {
			number := strconv.Itoa(i)
			r := []rune(name)
			name = string(r[:min(len(r), most-len(number)-1)]) + "_" + number
		}
		taken[strings.ToLower(name)] = true
		e.cited[f] = "series/" + name + ".csv"
		e.series = append(e.series, seriesSheet{seriesPrefix + name, files[f]})
	}
}

// cite is text as it is cited after an import.
func (e *exporter) cite(text string) string {
	file, name, ok := strings.Cut(text, "#")
	if to := e.cited[file]; ok && to != "" {
		return to + "#" + name
	}
	if to := e.cited[text]; to != "" {
		return to
	}
	return text
}

// entries adds the rows of one section, of the system or of a study.
func (e *exporter) entries(study string, section attribute.Key) {
	if section.Value.Kind == attribute.Null {
		return
	}
	if section.Value.Kind != attribute.Map {
		e.problem(section.Pos, "node-kind", "%s is %s, want a map of entries", section.Name, section.Value.Brief())
		return
	}
	for i, k := range section.Value.Keys {
		if study != "" && k.Value.Kind == attribute.Null && needsWords(section.Name) {
			// It takes away what the study inherits: there is no row for that.
			e.changes = append(e.changes, changed(study, "set", section.Name+"."+k.Name, k.Value))
			continue
		}
		e.entry(study, section.Name, i+1, k)
	}
}

// needsWords tells a section whose entries can't be left empty.
func needsWords(section string) bool {
	a := lookup(workspaceTable, section)
	return a.Elem != nil && slices.ContainsFunc(a.Elem.Of, func(a attribute.Attribute) bool { return a.Required() })
}

func (e *exporter) entry(study, section string, number int, k attribute.Key) {
	n := k.Value
	path := section + "." + k.Name
	if short := shortForm[section]; n.Kind == attribute.Scalar && short != "" {
		n = &attribute.Node{Kind: attribute.Map, Pos: n.Pos, Keys: []attribute.Key{{Name: short, Pos: n.Pos, Value: n}}}
	}
	if n.Kind != attribute.Map && n.Kind != attribute.Null {
		e.problem(k.Pos, "node-kind", "%s is %s, want a map of attributes", path, n.Brief())
		return
	}
	r := row{id: k.Name, study: study}
	l := layout{}
	if section == "assets" {
		kind := n.Get("kind")
		if kind == nil || kind.Kind != attribute.Scalar || !attribute.ValidID(kind.Text) {
			e.problem(k.Pos, "missing", "%s says no kind; a workbook has a sheet for each", path)
			return
		}
		l, r.order = assetLayout(kind.Text), number
	} else {
		a := lookup(workspaceTable, section)
		l = layout{sheet: section, section: section, table: entryTable(section, a.Elem.Of), doc: a.Doc}
	}
	f := flattener{exporter: e, study: study, path: path, row: &r, layout: l, lists: true}
	for _, key := range n.Keys {
		switch at := key.Value; {
		case section == "assets" && key.Name == "kind":
		case section == "places" && key.Name == "at" && at.Kind == attribute.List && len(at.Items) == 2:
			f.put(latitude, at.Items[0])
			f.put(longitude, at.Items[1])
		default:
			f.key(l.table, "", key)
		}
	}
	s := e.sheet(l)
	s.rows = append(s.rows, r)
}

// flattener lays a map out over the columns of a row.
type flattener struct {
	*exporter
	study, path string // of the entry
	row         *row
	layout      layout
	lists       bool // lists of groups and months have sheets of their own
}

func (f *flattener) put(path string, n *attribute.Node) {
	f.row.leaves = append(f.row.leaves, leaf{path, n})
}

func (f *flattener) key(table []attribute.Attribute, prefix string, k attribute.Key) {
	a, n, path := lookup(table, k.Name), k.Value, prefix+k.Name
	switch {
	case a == nil:
		f.put(path, n)
	case a.Type == attribute.Group && n.Kind == attribute.Map && len(n.Keys) > 0:
		for _, in := range a.InFull(n).Keys {
			f.key(a.Of, path+".", in)
		}
	case f.lists && isItems(a) && fitsRows(a, n):
		f.items(a, path, n)
	case n.Kind == attribute.Map && isValue(n) && a.Type != attribute.MapOf:
		if f.lists && isYear(n) {
			f.months = append(f.months, year{f.study, f.path + "." + path, n})
			return
		}
		for _, q := range n.Keys {
			if isForm(q.Name) && q.Value.Kind == attribute.Scalar && formOf(q.Value.Text) == q.Name {
				f.put(path, q.Value)
			} else {
				f.put(path+"."+q.Name, q.Value)
			}
		}
	default:
		f.put(path, n)
	}
}

func (f *flattener) items(a *attribute.Attribute, path string, n *attribute.Node) {
	l := itemLayout(f.layout, path, a)
	s := f.sheet(l)
	add := func(key string, item *attribute.Node) {
		r := row{id: f.row.id, study: f.study, key: key}
		in := flattener{exporter: f.exporter, study: f.study, row: &r, layout: l}
		if item.Kind == attribute.Scalar {
			in.put(columnValue, item)
		}
		for _, k := range item.Keys {
			in.key(l.table, "", k)
		}
		s.rows = append(s.rows, r)
	}
	for _, item := range n.Items {
		add("", item)
	}
	for _, k := range n.Keys {
		add(k.Name, k.Value)
	}
}

// fitsRows tells a list of maps, or a map of maps and plain values, whose
// items can have a row each.
func fitsRows(a *attribute.Attribute, n *attribute.Node) bool {
	for _, i := range n.Items {
		if i.Kind != attribute.Map {
			return false
		}
	}
	for _, k := range n.Keys {
		if k.Value.Kind != attribute.Map && k.Value.Kind != attribute.Scalar || k.Name != guarded(nil, k.Name) {
			return false
		}
	}
	return a.Type == attribute.ListOf && len(n.Items) > 0 || a.Type == attribute.MapOf && len(n.Keys) > 0
}

// isYear tells a value by month that fits in a row of sheet monthly.
func isYear(n *attribute.Node) bool {
	months := n.Get("monthly")
	if months == nil || months.Kind != attribute.List || len(months.Items) != 12 ||
		slices.ContainsFunc(months.Items, func(i *attribute.Node) bool { return i.Kind != attribute.Scalar }) {
		return false
	}
	return !slices.ContainsFunc(n.Keys, func(k attribute.Key) bool {
		switch k.Name {
		case "monthly":
			return false
		case "unit", "scale", "source", "note":
			return k.Value.Kind != attribute.Scalar
		}
		return true
	})
}

// study adds a study's rows: its own keys in sheet studies, its entries in
// their sections' sheets, and what it sets and sweeps in sheet changes.
func (e *exporter) study(s said) {
	r := row{id: s.name}
	f := flattener{exporter: e, row: &r, layout: layout{table: studyTable()}}
	var set []attribute.Key
	for _, k := range s.body.Keys {
		switch {
		case slices.Contains(sections, k.Name):
			e.entries(s.name, k)
		case k.Name == "set" && k.Value.Kind == attribute.Map:
			set = k.Value.Keys
		case k.Name == "sweep" && k.Value.Kind == attribute.Map:
			for _, p := range k.Value.Keys {
				items := p.Value.Items
				if p.Value.Kind == attribute.Null {
					items = []*attribute.Node{p.Value}
				}
				for _, v := range items {
					e.changes = append(e.changes, changed(s.name, "sweep", p.Name, v))
				}
			}
		case k.Name == "sweep":
			e.changes = append(e.changes, change{study: s.name, do: "sweep", value: k.Value})
		case k.Name == "set":
		default:
			f.key(f.layout.table, "", k)
		}
	}
	for i, k := range set {
		// Rows of sheet monthly are set last, so nothing may follow that
		// builds upon them.
		later := slices.ContainsFunc(set[i+1:], func(o attribute.Key) bool {
			return strings.HasPrefix(o.Name+".", k.Name+".") || strings.HasPrefix(k.Name+".", o.Name+".")
		})
		if !later && k.Value.Kind == attribute.Map && isYear(k.Value) && strings.Count(k.Name, ".") >= 2 {
			e.months = append(e.months, year{s.name, k.Name, k.Value})
			continue
		}
		e.changes = append(e.changes, changed(s.name, "set", k.Name, k.Value))
	}
	e.studies = append(e.studies, r)
}

// changed takes the source and note out of {value, source, note}.
func changed(study, do, path string, v *attribute.Node) change {
	c := change{study: study, do: do, path: path, value: v}
	if v.Kind != attribute.Map || v.Get("value") == nil || v.Get("value").Kind != attribute.Scalar {
		return c
	}
	for _, k := range v.Keys {
		switch k.Name {
		case "value":
		case "source", "note":
			if k.Value.Kind != attribute.Scalar {
				return c
			}
		default:
			return c
		}
	}
	return change{study, do, path, v.Get("value"), v.Get("source"), v.Get("note")}
}

// layOut decides the columns of a sheet: those of the table, and after each
// what rows say beside it; and the unit of each, the one that most of its
// values are written in.
func (s *sheet) layOut(currency string) {
	s.columns = columns(s.table, currency)
	for _, r := range s.rows {
		for _, l := range r.leaves {
			s.columns = withColumn(s.columns, s.table, l.path)
		}
	}
	for i := range s.columns {
		if isQuantity(s.columns[i].attr) {
			s.columns[i].unit = s.usual(s.columns[i])
		}
	}
}

// qualifierOrder is how qualifiers follow their attribute.
var qualifierOrder = []string{"value", "series", "monthly", "scale", "unit", "offset", "source", "note"}

func withColumn(cols []column, table []attribute.Attribute, path string) []column {
	if slices.ContainsFunc(cols, func(c column) bool { return c.path == path }) {
		return cols
	}
	a, _ := known(table, path)
	c := column{path: path, attr: a}
	// A group written as one value stands before its attributes.
	if i := slices.IndexFunc(cols, func(c column) bool { return strings.HasPrefix(c.path, path+".") }); i >= 0 {
		return slices.Insert(cols, i, c)
	}
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		i := slices.IndexFunc(cols, func(c column) bool { return c.path == path[:dot] })
		mine := slices.Index(qualifierOrder, path[dot+1:])
		if i >= 0 {
			for i++; i < len(cols); i++ {
				q, ok := strings.CutPrefix(cols[i].path, path[:dot+1])
				if !ok || slices.Index(qualifierOrder, q) > mine {
					break
				}
			}
			return slices.Insert(cols, i, c)
		}
	}
	return append(cols, c)
}

// usual is the unit to put into a column's header. A plain number in it would
// take that unit, so one that has none keeps the header free.
func (s *sheet) usual(c column) string {
	count := map[string]int{}
	best, values := "", 0
	for _, r := range s.rows {
		for _, l := range r.leaves {
			if l.path != c.path || l.node.Kind != attribute.Scalar || strings.Contains(l.node.Text, "#") {
				continue
			}
			number, u, ok := splitQuantity(l.node.Text)
			if !ok {
				continue
			}
			d, err := unit.ParseDecimal(number)
			switch _, bad := unit.Parse(u); {
			case err != nil || u == "%":
			case u == "" && d.IsZero():
			case u == "":
				return ""
			case bad == nil && !strings.ContainsAny(u, "[]"):
				values++
				if count[u]++; best == "" || count[u] > count[best] {
					best = u
				}
			}
		}
	}
	if values == 0 {
		return c.unit
	}
	return best
}
