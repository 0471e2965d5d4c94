package attribute

import (
	"fmt"
	"strings"
)

// Line is an attribute with its full key, "build.max".
type Line struct {
	Path string
	*Attribute
}

// Lines lays a table flat: a group's attributes follow it. The entries of a
// map are written <name>, those of a list [].
func Lines(table []Attribute) []Line {
	var all []Line
	var walk func(prefix string, table []Attribute)
	walk = func(prefix string, table []Attribute) {
		for i := range table {
			a := &table[i]
			all = append(all, Line{prefix + a.Key, a})
			below := prefix + a.Key + "."
			e := a
			for e.Type == ListOf || e.Type == MapOf {
				if e.Type == ListOf {
					below = strings.TrimSuffix(below, ".") + "[]."
				} else {
					below += "<name>."
				}
				e = e.Elem
			}
			walk(below, e.Of)
		}
	}
	walk("", table)
	return all
}

// Markdown is a table of attributes for the reference.
func Markdown(table []Attribute) string {
	var b strings.Builder
	b.WriteString("| attribute | takes | unit | default | range | meaning | source |\n|---|---|---|---|---|---|---|\n")
	for _, l := range Lines(table) {
		def := l.Default
		switch {
		case def != "":
		case l.Required():
			def = "**required**"
		default:
			def = "-"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n",
			l.Path, cell(l.takes()), cell(l.UnitText()), cell(def), cell(l.RangeText()), cell(l.Doc), cell(l.Source))
	}
	return b.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// takes says what may be written.
func (a *Attribute) takes() string {
	switch {
	case len(a.Enum) > 0:
		return strings.Join(a.Enum, ", ")
	case a.Word != "":
		return a.Type.String() + ", or " + a.Word
	case a.Ref == "unit":
		return "unit"
	case a.Ref != "" && a.Type == ListOf:
		return "list of " + a.Ref + " ids"
	case a.Ref != "":
		return a.Ref + " id"
	case a.Type == Special:
		if d, ok := a.form()["description"].(string); ok {
			return d
		}
	case a.Type == ListOf || a.Type == MapOf:
		return a.Type.String() + " of " + a.Elem.takes()
	}
	return a.Type.String()
}

// Header is the header of a table with one row an asset: "id", then every
// attribute that fits in a cell, with its unit: "build.max [MW]". Units that
// depend on the row stand in the cells instead.
func Header(table []Attribute) []string {
	out := []string{"id"}
	for _, l := range Lines(table) {
		switch {
		case strings.ContainsAny(l.Path, "<["):
			continue
		case l.Type == Group, l.Type == ListOf, l.Type == MapOf:
			continue
		case l.Unit == "" || l.Unit == "1" || strings.Contains(l.Unit, "{"):
			out = append(out, l.Path)
		default:
			out = append(out, l.Path+" ["+l.Unit+"]")
		}
	}
	return out
}
