package xlsx

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
)

// content of a workbook, on its way to files.
type contents struct {
	system  *attribute.Node // without sections
	studies []*studyWords
	entries []*entry
	series  map[string]*grid // by file name below series/
	headers map[string][]column
}

// studyWords are a row of sheet studies with what other sheets add to it.
type studyWords struct {
	name  string
	pos   attribute.Pos
	body  *attribute.Node
	set   *attribute.Node
	sweep *attribute.Node
}

// entry is one of a section, of the system or of a study.
type entry struct {
	section, kind, study, id string
	pos                      attribute.Pos
	order                    float64 // +Inf: none
	node                     *attribute.Node
	flat                     bool // every cell is plain, so the entry fits in a CSV table
}

// builder makes the content of a workbook out of its sheets.
type builder struct {
	*reader
	contents
	index map[[3]string]*entry // section, study, id
}

func newBuilder(r *reader) *builder {
	b := &builder{reader: r, index: map[[3]string]*entry{}}
	b.system = &attribute.Node{Kind: attribute.Map, Pos: at(r.book, sheetSystem, 1, 1)}
	b.series = map[string]*grid{}
	b.headers = map[string][]column{}
	return b
}

// build reads every sheet: studies first, as others name them, and lists after
// the entries that they belong to.
func (b *builder) build() {
	var names, series []string
	b.guard("", func() { names, series = b.sheets() })
	tables := map[string]*table{}
	for _, name := range names {
		b.guard(name, func() {
			if t := b.table(name); t != nil {
				tables[strings.ToLower(strings.TrimSpace(name))] = t
			}
		})
	}
	if t := tables[sheetStudies]; t != nil {
		b.readStudies(t)
	}
	if t := tables[sheetSystem]; t != nil {
		b.readSystem(t)
	} else {
		b.problem(at(b.book, sheetSystem, 1, 1), "unknown-sheet", "no sheet system; it says the system's name, currency and years, one key a row")
	}
	for _, lists := range []bool{false, true} {
		for _, l := range layouts() {
			if t := tables[l.sheet]; t != nil && (l.list != "") == lists {
				b.readEntries(l, t)
			}
		}
	}
	if t := tables[sheetMonthly]; t != nil {
		b.readMonthly(t)
	}
	if t := tables[sheetChanges]; t != nil {
		b.readChanges(t)
	}
	for _, name := range series {
		file := strings.TrimSpace(name)[len(seriesPrefix):]
		b.guard(name, func() {
			if g := b.grid(name); g != nil {
				b.series[file] = g
			}
		})
	}
}

var header = regexp.MustCompile(`^([^\[\]]*?)\s*(?:\[([^\[\]]*)\])?$`)

// columnOf is a header's name, unit and place; a nil path is a column that is
// not read.
type columnOf struct {
	column
	ok  bool
	pos attribute.Pos
}

// readHeader reads the first row. own are the columns that the sheet has
// beside its table's.
func (b *builder) readHeader(t *table, entries []attribute.Attribute, own map[string]*attribute.Attribute) map[int]columnOf {
	out := map[int]columnOf{}
	if len(t.rows) == 0 {
		return out
	}
	if t.rows[0][0].row != 1 {
		b.problem(at(b.book, t.sheet, 1, 1), "table-header", "the first row is empty; it should name the columns")
		return out
	}
	first := map[string]int{}
	for _, c := range t.rows[0] {
		pos := at(b.book, t.sheet, c.row, c.col)
		if c.kind == badCell {
			continue
		}
		m := header.FindStringSubmatch(c.text)
		col := columnOf{pos: pos}
		switch {
		case c.kind != textCell || m == nil || m[1] == "" || strings.HasSuffix(c.text, "]") && strings.TrimSpace(m[2]) == "":
			b.problem(pos, "table-header", "column %s should be a name and, in brackets, a unit, such as capacity [MW]", brief(c.text))
			out[c.col] = col
			continue
		}
		col.path, col.unit = m[1], strings.TrimSpace(m[2])
		if col.unit == "1" || col.unit == "-" {
			col.unit = ""
		}
		if was, twice := first[col.path]; twice {
			b.problem(pos, "duplicate-column", "column %s stands twice, first at %s; keep one", brief(col.path), cellName(was, 1))
			out[c.col] = col
			continue
		}
		first[col.path] = c.col
		if a, mine := own[col.path]; mine {
			col.attr, col.ok = a, true
		} else {
			col.attr, col.ok = known(entries, col.path)
		}
		if !col.ok {
			var names []string
			for _, k := range columns(entries, "") {
				names = append(names, k.path)
			}
			names = slices.AppendSeq(names, maps.Keys(own))
			slices.Sort(names[len(names)-len(own):])
			b.problem(pos, "unknown-key", "unknown column %s; %s", brief(col.path), attribute.Fit(col.path, names))
		}
		out[c.col] = col
	}
	return out
}

// node reads a cell of a column.
func (b *builder) node(sheet string, c cell, col columnOf) *attribute.Node {
	return b.value(at(b.book, sheet, c.row, c.col), c, col.column)
}

func (b *builder) value(pos attribute.Pos, c cell, col column) *attribute.Node {
	n := &attribute.Node{Kind: attribute.Scalar, Pos: pos, Text: c.text}
	a := col.attr
	list := a != nil && a.Type == attribute.ListOf
	if list && c.kind != textCell {
		return &attribute.Node{Kind: attribute.List, Pos: pos, Items: []*attribute.Node{b.value(pos, c, column{path: col.path, unit: col.unit, attr: a.Elem})}}
	}
	switch c.kind {
	case numberCellKind:
		n.Text = withUnit(c.text, col.unit)
		if a != nil && a.Type == attribute.Date {
			b.problem(pos, "cell-date", "read the number %s, want a date; format the cell as a date or write 2030-12-31 as text", c.text)
			n.Text = c.text
		}
	case percentCell:
		text, ok := percentOf(c.text, col.unit)
		if !ok {
			b.problem(pos, "unit-dimension", "read %s %% in a column of %s; format the cell as a number", c.text, col.unit)
		}
		n.Text = text
	case dateCell:
		if a == nil || a.Type != attribute.Date && a != anyAttribute {
			b.problem(pos, "cell-date", "this cell holds the date or time %s, where none fits; format it as text or number and type it again", c.text)
		}
	case textCell:
		return b.textNode(n, col, list)
	}
	return n
}

// withUnit adds a header's unit to a plain number.
func withUnit(text, unit string) string {
	if unit == "" {
		return text
	}
	return text + " " + unit
}

func (b *builder) textNode(n *attribute.Node, col column, list bool) *attribute.Node {
	text, a := n.Text, col.attr
	if text == "null" {
		return &attribute.Node{Kind: attribute.Null, Pos: n.Pos}
	}
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		if s, took, err := unquote(text); err == nil && took == len(text) {
			n.Text = s
			if list {
				return &attribute.Node{Kind: attribute.List, Pos: n.Pos, Items: []*attribute.Node{n}}
			}
			return n
		}
	}
	if isFree(a) {
		return n
	}
	if text[0] == '[' || text[0] == '{' {
		v, err := parseFlow(text, n.Pos)
		if err != nil {
			b.problem(n.Pos, "cell-syntax", "%v; want [a, b] or {key: value}, text with other signs in double quotes", err)
			return n
		}
		return v
	}
	if list {
		out := &attribute.Node{Kind: attribute.List, Pos: n.Pos}
		for _, part := range strings.Split(text, ",") {
			out.Items = append(out.Items, &attribute.Node{Kind: attribute.Scalar, Pos: n.Pos, Text: strings.TrimSpace(part)})
		}
		return out
	}
	if strings.ContainsAny(text, "\u00a0\u202f\u2009") { // blanks that a web page put into a quantity
		if spaced := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ").Replace(text); quantity.MatchString(spaced) {
			n.Text = spaced
		}
	}
	if col.unit != "" && bare.MatchString(n.Text) {
		n.Text = withUnit(n.Text, col.unit)
	}
	if a != nil && a.Type == attribute.Flag && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false")) {
		n.Text = strings.ToLower(text)
	}
	return n
}

// grow puts a value at its path in a map that is being made. A plain value
// beside price.source becomes {value: ..., source: ...}, as in a CSV table.
func (b *builder) grow(into *attribute.Node, path string, key attribute.Pos, v *attribute.Node) {
	parts := strings.Split(path, ".")
	n := into
	for i, part := range parts {
		k := find(n, part)
		last := i == len(parts)-1
		switch {
		case k == nil && last:
			n.Keys = append(n.Keys, attribute.Key{Name: part, Pos: key, Value: v})
			return
		case k == nil:
			next := &attribute.Node{Kind: attribute.Map, Pos: v.Pos}
			n.Keys = append(n.Keys, attribute.Key{Name: part, Pos: key, Value: next})
			n = next
			continue
		case last && k.Value.Kind == attribute.Map && v.Kind == attribute.Scalar && allQualify(k.Value):
			k.Value.Keys = append(k.Value.Keys, attribute.Key{Name: formOf(v.Text), Pos: key, Value: v})
			return
		case !last && k.Value.Kind == attribute.Scalar && qualifiers[parts[i+1]] != nil:
			k.Value = &attribute.Node{Kind: attribute.Map, Pos: k.Value.Pos, Keys: []attribute.Key{{Name: formOf(k.Value.Text), Pos: k.Value.Pos, Value: k.Value}}}
		case last || k.Value.Kind != attribute.Map:
			b.problem(v.Pos, "table-header", "%s stands beside another cell that says something else of %s", path, strings.Join(parts[:i+1], "."))
			return
		}
		n = k.Value
	}
}

func find(n *attribute.Node, name string) *attribute.Key {
	for i := range n.Keys {
		if n.Keys[i].Name == name {
			return &n.Keys[i]
		}
	}
	return nil
}

// allQualify tells a map of qualifiers that lacks its value.
func allQualify(n *attribute.Node) bool {
	return !slices.ContainsFunc(n.Keys, func(k attribute.Key) bool { return qualifiers[k.Name] == nil || isForm(k.Name) })
}

// readSystem reads key and value, one a row.
func (b *builder) readSystem(t *table) {
	own := map[string]*attribute.Attribute{"key": {Type: attribute.Text}, "value": {Type: attribute.Text}, "meaning": {Type: attribute.Text}}
	cols := b.readHeader(t, nil, own)
	all := systemTable()
	seen := map[string]int{}
	for _, row := range t.rows[min(1, len(t.rows)):] {
		var key, value *cell
		for i := range row {
			switch c := cols[row[i].col]; c.path {
			case "key":
				key = &row[i]
			case "value":
				value = &row[i]
			}
		}
		if key == nil {
			if value != nil {
				b.problem(at(b.book, t.sheet, value.row, value.col), "missing-id", "this row has a value and no key")
			}
			continue
		}
		kpos := at(b.book, t.sheet, key.row, key.col)
		path := key.text
		a, ok := known(all, path)
		if !ok {
			var names []string
			for _, k := range columns(all, "") {
				names = append(names, k.path)
			}
			b.problem(kpos, "unknown-key", "unknown key %s; %s", brief(path), attribute.Fit(path, names))
			continue
		}
		if was, twice := seen[path]; twice {
			b.problem(kpos, "duplicate-key", "%s stands here and in row %d; keep one", path, was)
			continue
		}
		seen[path] = key.row
		if value != nil && value.kind != badCell {
			b.grow(b.system, path, kpos, b.value(at(b.book, t.sheet, value.row, value.col), *value, column{attr: a}))
		}
	}
}

// rowOf sorts the cells of a row by their columns.
type rowOf struct {
	own   map[string]*cell
	cells []cell // of the table, in the order of the sheet
}

func sortRow(row []cell, cols map[int]columnOf, own map[string]*attribute.Attribute) rowOf {
	out := rowOf{own: map[string]*cell{}}
	for i := range row {
		col, named := cols[row[i].col]
		if _, mine := own[col.path]; mine && named && col.ok {
			out.own[col.path] = &row[i]
		} else {
			out.cells = append(out.cells, row[i])
		}
	}
	return out
}

func (b *builder) readEntries(l layout, t *table) {
	own := map[string]*attribute.Attribute{columnID: {Type: attribute.Text}, columnStudy: {Type: attribute.Text}}
	if l.section == "assets" && l.list == "" {
		own[columnOrder] = &attribute.Attribute{Type: attribute.Count}
	}
	if l.keyed {
		own[columnKey], own[columnValue] = &attribute.Attribute{Type: attribute.Text}, valueColumn.attr
	}
	cols := b.readHeader(t, l.table, own)
	if len(cols) == 0 {
		return
	}
	if !slices.ContainsFunc(keysOf(cols), func(i int) bool { return cols[i].path == columnID }) {
		b.problem(at(b.book, t.sheet, 1, 1), "table-header", "no column id; every row needs one")
		return
	}
	b.headers[l.sheet] = nil
	for _, i := range keysOf(cols) {
		if cols[i].ok && own[cols[i].path] == nil {
			b.headers[l.sheet] = append(b.headers[l.sheet], cols[i].column)
		}
	}
	for _, raw := range t.rows[1:] {
		row := sortRow(raw, cols, own)
		id := row.own[columnID]
		if id == nil {
			b.problem(at(b.book, t.sheet, raw[0].row, raw[0].col), "missing-id", "this row has no id")
			continue
		}
		s, ok := b.named(t.sheet, row.own[columnStudy])
		if id.kind == badCell || !ok {
			continue
		}
		name := ""
		if s != nil {
			name = s.name
		}
		if l.list == "" {
			b.entry(l, t, row, cols, name)
		} else {
			b.item(l, t, row, cols, name)
		}
	}
}

func keysOf(cols map[int]columnOf) []int {
	var out []int
	for i := range cols {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

func (b *builder) entry(l layout, t *table, row rowOf, cols map[int]columnOf, study string) {
	id := row.own[columnID]
	pos := at(b.book, t.sheet, id.row, id.col)
	if !attribute.ValidID(id.text) {
		b.problem(pos, "id", "read the name %s, want letters, digits, _ and - only", brief(id.text))
		return
	}
	if was := b.index[[3]string{l.section, study, id.text}]; was != nil {
		b.problem(pos, "duplicate-id", "%s.%s stands here and at %s; give one another name, or keep one",
			l.section, id.text, Place(attribute.Problem{File: was.pos.File, Line: was.pos.Line, Col: was.pos.Col}))
		return
	}
	e := &entry{section: l.section, kind: l.kind, study: study, id: id.text, pos: pos, order: math.Inf(1), flat: true}
	e.node = &attribute.Node{Kind: attribute.Map, Pos: pos}
	if l.kind != "" {
		e.node.Keys = append(e.node.Keys, attribute.Key{Name: "kind", Pos: pos, Value: &attribute.Node{Kind: attribute.Scalar, Pos: pos, Text: l.kind}})
	}
	if o := row.own[columnOrder]; o != nil && o.kind != badCell {
		v, err := strconv.ParseFloat(o.text, 64)
		if err != nil || math.IsNaN(v) || o.kind == percentCell || o.kind == dateCell {
			b.problem(at(b.book, t.sheet, o.row, o.col), "number", "read %s, want a number: the asset's place among all", brief(o.text))
		} else {
			e.order = v
		}
	}
	b.fill(e.node, t, row, cols, e)
	if l.section == "places" {
		e.node = b.coordinates(e.node)
	}
	b.index[[3]string{l.section, study, e.id}] = e
	b.entries = append(b.entries, e)
}

// fill puts a row's cells into a map.
func (b *builder) fill(into *attribute.Node, t *table, row rowOf, cols map[int]columnOf, e *entry) {
	for _, c := range row.cells {
		col, named := cols[c.col]
		pos := at(b.book, t.sheet, c.row, c.col)
		switch {
		case c.kind == badCell:
		case !named:
			b.problem(pos, "table-header", "%s stands in a column without a name", brief(c.text))
		case !col.ok: // told at its header
		default:
			v := b.node(t.sheet, c, col)
			if e != nil && (v.Kind != attribute.Scalar || v.Text == "" || strings.ContainsAny(v.Text, "\n") || v.Text != strings.TrimSpace(v.Text) || strings.Count(col.path, ".") > 6) {
				e.flat = false
			}
			b.grow(into, col.path, pos, v)
		}
	}
}

// coordinates puts latitude and longitude together: at: [20.69, 101.98].
func (b *builder) coordinates(n *attribute.Node) *attribute.Node {
	lat, lon := n.Get(latitude), n.Get(longitude)
	out := &attribute.Node{Kind: attribute.Map, Pos: n.Pos}
	for _, k := range n.Keys {
		if k.Name != latitude && k.Name != longitude {
			out.Keys = append(out.Keys, k)
		}
	}
	switch {
	case lat != nil && lon != nil:
		out.Keys = append(out.Keys, attribute.Key{Name: "at", Pos: lat.Pos, Value: &attribute.Node{Kind: attribute.List, Pos: lat.Pos, Items: []*attribute.Node{lat, lon}}})
	case lat != nil:
		b.problem(lat.Pos, "coordinates", "a latitude stands here without a longitude; want both, or none")
	case lon != nil:
		b.problem(lon.Pos, "coordinates", "a longitude stands here without a latitude; want both, or none")
	}
	return out
}

// item adds a row of a list's sheet to the entry that it belongs to.
func (b *builder) item(l layout, t *table, row rowOf, cols map[int]columnOf, study string) {
	id := row.own[columnID]
	pos := at(b.book, t.sheet, id.row, id.col)
	e := b.index[[3]string{l.section, study, id.text}]
	if e == nil || e.kind != l.kind {
		var names []string
		for _, o := range b.entries {
			if o.section == l.section && o.kind == l.kind && o.study == study {
				names = append(names, o.id)
			}
		}
		code := "reference"
		if l.section == "assets" {
			code = "unknown-asset"
		}
		b.problem(pos, code, "sheet %s has no row %s%s; %s", strings.TrimSuffix(l.sheet, "."+l.list), brief(id.text), inStudy(study), attribute.Fit(id.text, names))
		return
	}
	node := &attribute.Node{Kind: attribute.Map, Pos: pos}
	b.fill(node, t, row, cols, nil)
	if c := row.own[columnValue]; c != nil && c.kind != badCell {
		v := b.node(t.sheet, *c, cols[c.col])
		if len(node.Keys) > 0 {
			b.problem(v.Pos, "table-header", "a value stands beside %s; want one or the other", node.Keys[0].Name)
		}
		node = v
	}
	e.flat = false
	if !l.keyed {
		b.addItem(l, e, pos, "", node)
		return
	}
	key := row.own[columnKey]
	if key == nil {
		b.problem(pos, "missing-id", "this row has no key: the item's own name")
	} else if key.kind != badCell {
		b.addItem(l, e, at(b.book, t.sheet, key.row, key.col), key.text, node)
	}
}

// addItem puts an item into its list, or, with a key, into its map.
func (b *builder) addItem(l layout, e *entry, pos attribute.Pos, key string, item *attribute.Node) {
	all := nodeAt(e.node, l.list)
	if all == nil {
		all = &attribute.Node{Kind: attribute.List, Pos: pos}
		if l.keyed {
			all.Kind = attribute.Map
		}
		b.grow(e.node, l.list, pos, all)
	}
	switch {
	case !l.keyed && all.Kind == attribute.List:
		all.Items = append(all.Items, item)
	case !l.keyed || all.Kind != attribute.Map:
		b.problem(pos, "table-header", "%s of %s stands in sheet %s too; say it once", l.list, e.id, strings.TrimSuffix(l.sheet, "."+l.list))
	case find(all, key) != nil:
		b.problem(pos, "duplicate-key", "%s of %s has %s twice; keep one", l.list, e.id, brief(key))
	default:
		all.Keys = append(all.Keys, attribute.Key{Name: key, Pos: pos, Value: item})
	}
}

func inStudy(name string) string {
	if name == "" {
		return ""
	}
	return " of study " + name
}

// nodeAt is what stands at a dotted path, nil if nothing.
func nodeAt(n *attribute.Node, path string) *attribute.Node {
	for _, part := range strings.Split(path, ".") {
		if n = n.Get(part); n == nil {
			return nil
		}
	}
	return n
}

// tree is the content of a file with entries of the system or of a study.
func (c *contents) sectionKeys(study string, skip func(*entry) bool) []attribute.Key {
	var out []attribute.Key
	for _, s := range sections {
		section := &attribute.Node{Kind: attribute.Map}
		for _, e := range c.sorted(s, study) {
			if skip != nil && skip(e) {
				continue
			}
			if len(section.Keys) == 0 {
				section.Pos = e.pos
			}
			section.Keys = append(section.Keys, attribute.Key{Name: e.id, Pos: e.pos, Value: e.node})
		}
		if len(section.Keys) > 0 {
			out = append(out, attribute.Key{Name: s, Pos: section.Pos, Value: section})
		}
	}
	return out
}

// sorted lists the entries of a section in their order: those with a number by
// it, then the others as they were found, kinds of many assets last.
func (c *contents) sorted(section, study string) []*entry {
	var out []*entry
	free := map[string]int{}
	for _, e := range c.entries {
		if e.section == section && e.study == study {
			out = append(out, e)
			if math.IsInf(e.order, 1) && e.flat {
				free[e.kind]++
			}
		}
	}
	many := func(e *entry) int {
		if math.IsInf(e.order, 1) && e.flat && free[e.kind] > tableFrom {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b *entry) int { return cmp.Or(cmp.Compare(a.order, b.order), many(a)-many(b)) })
	return out
}
