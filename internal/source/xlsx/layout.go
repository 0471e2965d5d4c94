package xlsx

import (
	"regexp"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/system"
)

// layout is a sheet of entries: one row an entry, one column an attribute.
type layout struct {
	sheet   string
	section string                // key of system.yaml, such as assets; "" for studies
	kind    string                // of assets
	list    string                // of a sheet of items: the attribute that they are a list or map of, such as ports
	keyed   bool                  // the items are a map's, each with a key
	table   []attribute.Attribute // of an entry, or of an item
	doc     string
}

// workspaceTable is looked up often.
var workspaceTable = system.WorkspaceTable()

// sections are the keys of system.yaml that hold entries by id, in the order
// of their sheets.
var sections = func() []string {
	out := []string{"commodities", "places", "parties", "money", "assets", "limits"}
	for _, a := range workspaceTable {
		if cells[a.Key] {
			continue
		}
		if a.Type == attribute.MapOf && a.Elem.Type == attribute.Group && a.Key != "sources" && !slices.Contains(out, a.Key) {
			out = append(out, a.Key)
		}
	}
	return append(out, "sources")
}()

// cells are maps of few entries that stand in one cell of a study.
var cells = map[string]bool{"periods": true, "scenarios": true}

// shortForm is the attribute that an entry written as one value gives:
// money: {EUR: 1.15 USD}.
var shortForm = map[string]string{"commodities": "unit", "money": "rate"}

// layouts lists the sheets of entries and of their lists, in their order.
func layouts() []layout {
	var out []layout
	add := func(l layout) {
		out = append(out, l)
		for _, path := range lists(l.table, "") {
			items, _ := known(l.table, path)
			out = append(out, itemLayout(l, path, items))
		}
	}
	for _, s := range sections {
		if s == "assets" {
			for _, k := range kind.All() {
				add(assetLayout(k.Name))
			}
			continue
		}
		a := lookup(workspaceTable, s)
		add(layout{sheet: s, section: s, table: entryTable(s, a.Elem.Of), doc: a.Doc})
	}
	return out
}

// itemLayout is the sheet of the items of a list or map.
func itemLayout(l layout, path string, a *attribute.Attribute) layout {
	return layout{
		sheet: l.sheet + "." + path, section: l.section, kind: l.kind, list: path, keyed: a.Type == attribute.MapOf, table: a.Elem.Of,
		doc: "the one that has this item: a row each, in their order",
	}
}

// assetLayout is the sheet of a kind, whether there is such a kind or not.
func assetLayout(name string) layout {
	l := layout{sheet: kindPrefix + name, section: "assets", kind: name}
	for _, a := range system.CommonTable() {
		if a.Key != "kind" { // the sheet's name says it
			l.table = append(l.table, a)
		}
	}
	if k, ok := kind.Find(name); ok {
		l.table = append(l.table, attribute.Table(k.New())...)
		l.doc = k.Doc
	}
	return l
}

// entryTable puts a latitude and a longitude in the place of a place's pair.
func entryTable(section string, table []attribute.Attribute) []attribute.Attribute {
	if section != "places" {
		return table
	}
	var out []attribute.Attribute
	for _, a := range table {
		if a.Key != "at" {
			out = append(out, a)
			continue
		}
		out = append(out,
			attribute.Attribute{Key: latitude, Type: attribute.Number, Optional: true, Min: "-90", Max: "90", Doc: "degrees, north positive"},
			attribute.Attribute{Key: longitude, Type: attribute.Number, Optional: true, Min: "-180", Max: "180", Doc: "degrees, east positive"})
	}
	return out
}

const latitude, longitude = "latitude", "longitude"

// systemTable is what sheet system may say; studyTable what a row of studies
// may.
func systemTable() []attribute.Attribute {
	var out []attribute.Attribute
	for _, a := range workspaceTable {
		if !slices.Contains(sections, a.Key) && a.Key != "study" {
			out = append(out, a)
		}
	}
	return out
}

func studyTable() []attribute.Attribute {
	var first, rest []attribute.Attribute
	for _, a := range systemTable() {
		switch a.Key {
		case "title":
			first = append(first, a, attribute.Attribute{Key: "from", Type: attribute.Text, Optional: true, Doc: "study that this one inherits from"})
		case "builds", "years", "weather", "offset", "first_day", "last_day", "perspective", "representative":
			first = append(first, a)
		case "system":
		default:
			rest = append(rest, a)
		}
	}
	return append(first, rest...)
}

// lookup finds an attribute by its key.
func lookup(table []attribute.Attribute, key string) *attribute.Attribute {
	for i := range table {
		if table[i].Key == key {
			return &table[i]
		}
	}
	return nil
}

// lists are the attributes of a table that are lists or maps of groups: each
// has a sheet of its own.
func lists(table []attribute.Attribute, prefix string) []string {
	var out []string
	for i := range table {
		switch a := &table[i]; {
		case isItems(a):
			out = append(out, prefix+a.Key)
		case a.Type == attribute.Group:
			out = append(out, lists(a.Of, prefix+a.Key+".")...)
		}
	}
	return out
}

func isItems(a *attribute.Attribute) bool {
	return a != nil && (a.Type == attribute.ListOf || a.Type == attribute.MapOf) && a.Elem.Type == attribute.Group
}

// qualifiers are the keys of a value written as a map, each with the attribute
// that says how its cell is read; the first three are its forms.
var qualifiers = map[string]*attribute.Attribute{
	"value":   {Type: attribute.Curve},
	"series":  {Type: attribute.Text},
	"monthly": {Type: attribute.Curve},
	"scale":   {Type: attribute.Number},
	"unit":    {Type: attribute.Text},
	"offset":  {Type: attribute.Text},
	"source":  {Type: attribute.Text, Ref: "source"},
	"note":    {Type: attribute.Text},
}

func isForm(key string) bool { return key == "value" || key == "series" || key == "monthly" }

// known finds what a column's path names: an attribute, a qualifier of one
// (price.source), or something in a map (owner.edl).
func known(table []attribute.Attribute, path string) (*attribute.Attribute, bool) {
	key, rest, more := strings.Cut(path, ".")
	a := lookup(table, key)
	switch {
	case a == nil:
		return nil, false
	case !more:
		return a, true
	case a.Type == attribute.Group:
		return known(a.Of, rest)
	case a.Type == attribute.MapOf || isItems(a):
		return nil, false
	}
	if q := qualifiers[rest]; q != nil {
		return q, true
	}
	return nil, false
}

// column is one of a sheet's.
type column struct {
	path string
	unit string // in the header, "" for none
	attr *attribute.Attribute
}

func (c column) header() string {
	if c.unit == "" {
		return c.path
	}
	return c.path + " [" + c.unit + "]"
}

// columns are those of every attribute that fits in a cell, with the unit that
// the engine counts in; money is in the system's currency.
func columns(table []attribute.Attribute, currency string) []column {
	var out []column
	var walk func(table []attribute.Attribute, prefix, per string)
	walk = func(table []attribute.Attribute, prefix, per string) {
		for i := range table {
			a := &table[i]
			switch {
			case isItems(a):
			case a.Type == attribute.Group:
				inner := per
				if a.Per != "" {
					inner = a.Per
				}
				walk(a.Of, prefix+a.Key+".", inner)
			default:
				out = append(out, column{path: prefix + a.Key, unit: headerUnit(a, per, currency), attr: a})
			}
		}
	}
	walk(table, "", "")
	return out
}

// headerUnit is the unit of a column as far as it does not depend on the row:
// the one that its default is written in, as the comment shows that, else the
// engine's.
func headerUnit(a *attribute.Attribute, per, currency string) string {
	if !isQuantity(a) {
		return ""
	}
	u := a.Unit
	if per != "" {
		compound := "(" + per + ")"
		if !strings.ContainsAny(per, "/*") {
			compound = per
		}
		u = strings.NewReplacer("({per})", compound, "/{per}", "/"+compound, "{per}", per).Replace(u)
	}
	if u == "1" || strings.Contains(u, "{") {
		return ""
	}
	if _, own, ok := splitQuantity(a.Default); ok && own != "" && own != "%" {
		u = own
	}
	if rest, share := strings.CutPrefix(u, "1/"); share {
		u = "%/" + rest
	}
	if plainMoney.MatchString(currency) {
		u = dollars.ReplaceAllString(u, "${1}"+currency)
	}
	return u
}

var (
	plainMoney = regexp.MustCompile(`^[A-Z]{3}$`)
	dollars    = regexp.MustCompile(`\b([kM]?)USD\b`)
)

// isFree tells text whose brackets are brackets: names, notes, titles.
func isFree(a *attribute.Attribute) bool {
	return a != nil && a.Type == attribute.Text && len(a.Enum) == 0 && a.Ref == ""
}

// isQuantity tells what is written as a number with a unit: also what reads
// itself, if the table gives it one.
func isQuantity(a *attribute.Attribute) bool {
	return a != nil && (a.Type == attribute.Number || a.Type == attribute.Curve || a.Type == attribute.Count || a.Type == attribute.Special && a.Unit != "")
}

// isSeries tells a citation of a series, file.csv#name, from other text.
func isSeries(text string) bool {
	file, _, _ := strings.Cut(text, "#")
	return strings.HasSuffix(strings.ToLower(file), ".csv")
}

// formOf is the key under which a plain value stands once it is a map.
func formOf(text string) string {
	if isSeries(text) {
		return "series"
	}
	return "value"
}

// isValue tells a map that stands for one value.
func isValue(n *attribute.Node) bool {
	form := false
	for _, k := range n.Keys {
		if qualifiers[k.Name] == nil {
			return false
		}
		form = form || isForm(k.Name)
	}
	return form
}
