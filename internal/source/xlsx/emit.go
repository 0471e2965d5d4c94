package xlsx

import (
	"bytes"
	"encoding/csv"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/system"
)

// output is a file of the workspace while it is written, with the cell that
// each of its words came from.
type output struct {
	bytes.Buffer
	line, col int
	places    []placed

	grid *grid // of a series: its cells are found by counting
}

// placed says that what begins at a line and column came from a cell.
type placed struct {
	line, col int
	pos       attribute.Pos
}

func newOutput() *output { return &output{line: 1, col: 1} }

func (o *output) write(s string) {
	o.WriteString(s)
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		o.line += strings.Count(s, "\n")
		o.col = 1
		s = s[i+1:]
	}
	o.col += utf8.RuneCountInString(s)
}

func (o *output) mark(pos attribute.Pos) {
	if pos.File != "" {
		o.places = append(o.places, placed{o.line, o.col, pos})
	}
}

// origin is the cell that what stands at a line and column came from, or the
// nearest before it.
func (o *output) origin(line, col int) (attribute.Pos, bool) {
	i := sort.Search(len(o.places), func(i int) bool {
		p := o.places[i]
		return p.line > line || p.line == line && p.col > col
	})
	if i == 0 {
		return attribute.Pos{}, false
	}
	return o.places[i-1].pos, true
}

// width is how long a line may get before a map is written over several.
const width = 110

// yaml writes a map of the top of a file.
func (o *output) yaml(n *attribute.Node) { o.block(n, 0, 0) }

// block writes the keys of a map, one a line; deep tells how far it lies in
// the file's own map: sections always get lines of their own.
func (o *output) block(n *attribute.Node, indent, deep int) {
	for i, k := range n.Keys {
		if i > 0 || indent == 0 {
			o.write(strings.Repeat(" ", indent))
		}
		o.mark(k.Pos)
		o.write(keyText(k.Name) + ":")
		sections := deep == 0 && slices.Contains(sections, k.Name)
		o.under(k.Value, indent, deep, !sections)
	}
}

// under writes a value behind its key or dash, on the same line if it fits.
func (o *output) under(n *attribute.Node, indent, deep int, sameLine bool) {
	nested := n.Kind == attribute.Map && len(n.Keys) > 0 || n.Kind == attribute.List && len(n.Items) > 0
	if !nested || sameLine && o.col+utf8.RuneCountInString(flow(n)) < width {
		o.write(" ")
		o.flow(n)
		o.write("\n")
		return
	}
	o.write("\n")
	pad := strings.Repeat(" ", indent+2)
	if n.Kind == attribute.Map {
		o.write(pad)
		o.block(n, indent+2, deep+1)
		return
	}
	for _, v := range n.Items {
		o.write(pad + "-")
		if v.Kind == attribute.Map && len(v.Keys) > 0 && o.col+utf8.RuneCountInString(flow(v)) >= width {
			o.write(" ")
			o.block(v, indent+4, deep+2)
			continue
		}
		o.write(" ")
		o.flow(v)
		o.write("\n")
	}
}

// flow writes a node on the line, as func flow does.
func (o *output) flow(n *attribute.Node) {
	o.mark(n.Pos)
	switch n.Kind {
	case attribute.List:
		o.write("[")
		for i, v := range n.Items {
			if i > 0 {
				o.write(", ")
			}
			o.flow(v)
		}
		o.write("]")
	case attribute.Map:
		o.write("{")
		for i, k := range n.Keys {
			if i > 0 {
				o.write(", ")
			}
			o.mark(k.Pos)
			o.write(keyText(k.Name) + ": ")
			o.flow(k.Value)
		}
		o.write("}")
	default:
		o.write(flow(n))
	}
}

// files are those of the workspace, by path.
func (b *builder) files(book string) map[string]*output {
	out := map[string]*output{}
	tabled := b.tabled()
	sys := newOutput()
	sys.mark(b.system.Pos)
	sys.write("# yaml-language-server: $schema=./.busbar/system.json\n# Made from " + strings.Map(printable, book) + ".\n")
	tree := &attribute.Node{Kind: attribute.Map, Keys: slices.Clone(b.system.Keys)}
	tree.Keys = append(tree.Keys, b.sectionKeys("", func(e *entry) bool { return e.section == "sources" || slices.Contains(tabled[e.kind], e) })...)
	if len(tree.Keys) == 0 { // so that what is missing is told, not that the file is empty
		tree.Keys = []attribute.Key{{Name: "assets", Pos: b.system.Pos, Value: &attribute.Node{Kind: attribute.Map, Pos: b.system.Pos}}}
	}
	sys.yaml(tree)
	out["system.yaml"] = sys
	for _, k := range b.sectionKeys("", nil) {
		if k.Name == "sources" {
			o := newOutput()
			o.yaml(k.Value)
			out["sources.yaml"] = o
		}
	}
	for kind, entries := range tabled {
		out["assets/"+kind+".csv"] = b.csv(kind, entries)
	}
	for _, s := range b.studies {
		o := newOutput()
		o.mark(s.pos)
		o.write("# yaml-language-server: $schema=../.busbar/study.json\n")
		tree := &attribute.Node{Kind: attribute.Map, Keys: []attribute.Key{{Name: "study", Pos: s.pos, Value: &attribute.Node{Kind: attribute.Scalar, Pos: s.pos, Text: s.name}}}}
		tree.Keys = append(tree.Keys, s.body.Keys...)
		tree.Keys = append(tree.Keys, b.sectionKeys(s.name, nil)...)
		if s.set != nil {
			tree.Keys = append(tree.Keys, attribute.Key{Name: "set", Pos: s.set.Pos, Value: s.set})
		}
		if s.sweep != nil {
			tree.Keys = append(tree.Keys, attribute.Key{Name: "sweep", Pos: s.sweep.Pos, Value: s.sweep})
		}
		o.yaml(tree)
		out["studies/"+s.name+".yaml"] = o
	}
	for name, g := range b.series {
		o := newOutput()
		o.grid = g
		o.series()
		out["series/"+name+".csv"] = o
	}
	for name, schema := range system.Schemas() {
		o := newOutput()
		o.Write(schema)
		out[".busbar/"+name] = o
	}
	ignore := newOutput()
	ignore.write("/runs/\n")
	out[".gitignore"] = ignore
	return out
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7F || r == utf8.RuneError {
		return '?'
	}
	return r
}

// tableFrom is how many assets of a kind go into a table of their own, and
// mostListed how many assets system.yaml may hold before tables are worth
// another order.
const (
	tableFrom  = 20
	mostListed = 2000
)

// tabled are the assets that stand in tables assets/KIND.csv: many of a kind,
// all of whose values fit in cells. Tables are read behind system.yaml, by
// name, so they hold the last of the assets.
func (b *builder) tabled() map[string][]*entry {
	all := b.sorted("assets", "")
	out := map[string][]*entry{}
	end := len(all)
	for end > 0 {
		kind, begin := all[end-1].kind, end
		for begin > 0 && all[begin-1].kind == kind && all[begin-1].flat {
			begin--
		}
		if end-begin <= tableFrom || end < len(all) && kind >= all[end].kind {
			break
		}
		out[kind] = all[begin:end]
		end = begin
	}
	if end <= mostListed {
		return out
	}
	for _, e := range all[:end] {
		if e.flat {
			out[e.kind] = append(slices.Clip(out[e.kind]), e)
		}
	}
	return out
}

// csv writes the table of a kind: its sheet's columns that are filled, the
// unit in the header where every number has it.
func (b *builder) csv(kind string, entries []*entry) *output {
	o := newOutput()
	var cols []column
	for _, c := range b.headers[kindPrefix+kind] {
		if slices.ContainsFunc(entries, func(e *entry) bool { return cellAt(e.node, c.path) != nil }) {
			cols = append(cols, c)
		}
	}
	o.write(columnID)
	for _, c := range cols {
		o.write(",")
		o.write(csvText(c.header()))
	}
	o.write("\n")
	for _, e := range entries {
		o.mark(e.pos)
		o.write(csvText(e.id))
		for _, c := range cols {
			o.write(",")
			n := cellAt(e.node, c.path)
			if n == nil {
				continue
			}
			o.mark(n.Pos)
			text := n.Text
			if number, u, ok := splitQuantity(text); ok && c.unit != "" && u == c.unit {
				text = number
			}
			o.write(csvText(text))
		}
		o.write("\n")
	}
	return o
}

// cellAt is the scalar that a column's cell said: a value beside its source
// stands in a map.
func cellAt(n *attribute.Node, path string) *attribute.Node {
	v := nodeAt(n, path)
	if v == nil || v.Kind == attribute.Scalar {
		return v
	}
	for _, k := range v.Keys {
		if isForm(k.Name) && k.Value.Kind == attribute.Scalar && k.Name == formOf(k.Value.Text) {
			return k.Value
		}
	}
	return nil
}

func csvText(s string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write([]string{s}); err != nil {
		return s // a strings.Builder takes everything
	}
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// series writes a series sheet row by row.
func (o *output) series() {
	row := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				o.WriteByte(',')
			}
			if strings.ContainsAny(c, ",\"\n\r") {
				c = csvText(c)
			}
			o.WriteString(c)
		}
		o.WriteByte('\n')
	}
	row(o.grid.header)
	for _, r := range o.grid.rows {
		row(r)
	}
}

// cellOf finds the cell of a series that a place of its file came from.
func (g *grid) cellOf(data []byte, line, col int) (row, column int) {
	row = 1
	if line > 1 && line-2 < len(g.lines) {
		row = g.lines[line-2]
	}
	for range line - 1 {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	text, _, _ := bytes.Cut(data, []byte("\n"))
	column = 1
	quoted := false
	for i, r := range []rune(string(text)) {
		if i >= col-1 {
			break
		}
		switch {
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			column++
		}
	}
	return row, column
}
