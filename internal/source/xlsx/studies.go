package xlsx

import (
	"regexp"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
)

var studyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func (b *builder) readStudies(t *table) {
	all := studyTable()
	cols := b.readHeader(t, all, map[string]*attribute.Attribute{columnStudy: {Type: attribute.Text}})
	for _, row := range t.rows[min(1, len(t.rows)):] {
		name, pos := "", at(b.book, t.sheet, row[0].row, 1)
		for _, c := range row {
			if col := cols[c.col]; col.path == columnStudy && c.kind != badCell {
				name, pos = c.text, at(b.book, t.sheet, c.row, c.col)
			}
		}
		if name == "" {
			b.problem(pos, "missing-id", "this row has no study; every study needs a name")
			continue
		}
		if !studyName.MatchString(name) {
			b.problem(pos, "study-name", "a study is named %s; a name has letters, digits, - and _, and begins with a letter or digit", brief(name))
			continue
		}
		if was := b.study(name); was != nil {
			b.problem(pos, "duplicate-study", "study %s stands here and at %s; give one another name", name, cellName(was.pos.Col, was.pos.Line))
			continue
		}
		s := &studyWords{name: name, pos: pos, body: &attribute.Node{Kind: attribute.Map, Pos: pos}}
		for _, c := range row {
			if col := cols[c.col]; col.ok && col.path != columnStudy && c.kind != badCell {
				b.grow(s.body, col.path, at(b.book, t.sheet, c.row, c.col), b.node(t.sheet, c, col))
			}
		}
		b.studies = append(b.studies, s)
	}
}

// study finds one; names that differ in case alone would share a file on some
// machines.
func (b *builder) study(name string) *studyWords {
	for _, s := range b.studies {
		if strings.EqualFold(s.name, name) {
			return s
		}
	}
	return nil
}

// named is the study that a cell names, nil where none; ok is false where the
// name is wrong.
func (b *builder) named(sheet string, c *cell) (*studyWords, bool) {
	if c == nil {
		return nil, true
	}
	if s := b.study(c.text); s != nil && s.name == c.text {
		return s, true
	}
	var names []string
	for _, s := range b.studies {
		names = append(names, s.name)
	}
	b.problem(at(b.book, sheet, c.row, c.col), "unknown-study", "sheet studies has no study %s; %s", brief(c.text), attribute.Fit(c.text, names))
	return nil, false
}

// readMonthly reads values by month, one a row.
func (b *builder) readMonthly(t *table) {
	own := map[string]*attribute.Attribute{}
	cols := monthlyColumns()
	for _, c := range cols {
		own[c.path] = c.attr
	}
	heads := b.readHeader(t, nil, own)
	for _, raw := range t.rows[min(1, len(t.rows)):] {
		row := sortRow(raw, heads, own).own
		pos := at(b.book, t.sheet, raw[0].row, raw[0].col)
		s, ok := b.named(t.sheet, row[columnStudy])
		of := row["of"]
		if of == nil {
			b.problem(pos, "missing-id", "this row does not say of what; write a path such as assets.import.price")
			continue
		}
		if !ok || of.kind == badCell {
			continue
		}
		pos = at(b.book, t.sheet, of.row, of.col)
		n := b.year(t, row, heads, pos)
		if n != nil {
			b.place(s, of.text, pos, n)
		}
	}
}

// year is {monthly: [...], unit: ..., scale: ..., source: ..., note: ...}.
func (b *builder) year(t *table, row map[string]*cell, heads map[int]columnOf, pos attribute.Pos) *attribute.Node {
	months := &attribute.Node{Kind: attribute.List, Pos: pos}
	out := &attribute.Node{Kind: attribute.Map, Pos: pos, Keys: []attribute.Key{{Name: "monthly", Pos: pos, Value: months}}}
	good := true
	for _, m := range monthNames {
		c := row[m]
		if c == nil {
			b.problem(pos, "monthly", "no value for %s; want twelve, January to December", m)
			return nil
		}
		if c.kind == badCell {
			good = false
			continue
		}
		col := heads[c.col]
		if u := row["unit"]; c.kind == percentCell && u != nil && u.kind == textCell {
			col.unit = u.text // a percentage of that unit, such as 5 %/h
		}
		v := b.node(t.sheet, *c, col)
		months.Items = append(months.Items, v)
	}
	if len(months.Items) > 0 {
		months.Pos = months.Items[0].Pos
	}
	for _, name := range []string{"unit", "scale", "source", "note"} {
		if c := row[name]; c != nil && c.kind != badCell {
			v := b.node(t.sheet, *c, heads[c.col])
			out.Keys = append(out.Keys, attribute.Key{Name: name, Pos: v.Pos, Value: v})
		}
	}
	if !good {
		return nil
	}
	return out
}

// place puts a value at a path: in an entry, or among what a study sets.
func (b *builder) place(s *studyWords, path string, pos attribute.Pos, v *attribute.Node) {
	parts := strings.SplitN(path, ".", 3)
	if len(parts) < 3 || !slices.Contains(sections, parts[0]) {
		b.problem(pos, "unknown-path", "read %s, want a path such as assets.import.price", brief(path))
		return
	}
	name := ""
	if s != nil {
		name = s.name
	}
	if e := b.index[[3]string{parts[0], name, parts[1]}]; e != nil {
		e.flat = false
		b.grow(e.node, parts[2], pos, v)
		return
	}
	if s == nil {
		var names []string
		for _, e := range b.entries {
			if e.section == parts[0] && e.study == "" {
				names = append(names, e.id)
			}
		}
		b.problem(pos, "unknown-path", "%s has no %s; %s", parts[0], brief(parts[1]), attribute.Fit(parts[1], names))
		return
	}
	b.set(s, path, pos, v)
}

func (b *builder) set(s *studyWords, path string, pos attribute.Pos, v *attribute.Node) {
	if s.set == nil {
		s.set = &attribute.Node{Kind: attribute.Map, Pos: pos}
	}
	if was := find(s.set, path); was != nil {
		b.problem(pos, "duplicate-key", "study %s sets %s here and at %s; keep one", s.name, path,
			Place(attribute.Problem{File: was.Pos.File, Line: was.Pos.Line, Col: was.Pos.Col}))
		return
	}
	s.set.Keys = append(s.set.Keys, attribute.Key{Name: path, Pos: pos, Value: v})
}

// readChanges reads what studies set and sweep.
func (b *builder) readChanges(t *table) {
	own := map[string]*attribute.Attribute{}
	for _, c := range changeColumns {
		own[c.path] = c.attr
	}
	own["value"] = anyAttribute
	heads := b.readHeader(t, nil, own)
	months := map[*studyWords]int{} // what sheet monthly set comes behind
	for _, s := range b.studies {
		if s.set != nil {
			months[s] = len(s.set.Keys)
		}
	}
	for _, raw := range t.rows[min(1, len(t.rows)):] {
		row := sortRow(raw, heads, own).own
		pos := at(b.book, t.sheet, raw[0].row, raw[0].col)
		if row[columnStudy] == nil {
			b.problem(pos, "missing-id", "this row does not say which study's it is")
			continue
		}
		s, ok := b.named(t.sheet, row[columnStudy])
		if !ok || slices.ContainsFunc(raw, func(c cell) bool { return c.kind == badCell }) {
			continue
		}
		do, path := "set", ""
		if c := row["do"]; c != nil {
			do, pos = strings.ToLower(c.text), at(b.book, t.sheet, c.row, c.col)
		}
		if do != "set" && do != "sweep" {
			b.problem(pos, "word", "read %s, want set or sweep", brief(do))
			continue
		}
		if c := row["path"]; c != nil {
			path, pos = c.text, at(b.book, t.sheet, c.row, c.col)
		}
		v := b.changed(t, row, heads, pos)
		switch {
		case v == nil:
			b.problem(pos, "missing", "this row has no value; write null where the study takes something away")
		case path == "" && do == "sweep" && v.Kind == attribute.Null:
			s.sweep = v
		case path == "":
			b.problem(pos, "missing", "this row has no path, such as assets.wind.capacity")
		case do == "set":
			b.set(s, path, pos, v)
		default:
			b.sweepValue(s, path, pos, v)
		}
	}
	for s, n := range months {
		s.set.Keys = append(s.set.Keys[n:len(s.set.Keys):len(s.set.Keys)], s.set.Keys[:n]...)
	}
}

func (b *builder) changed(t *table, row map[string]*cell, heads map[int]columnOf, pos attribute.Pos) *attribute.Node {
	c := row["value"]
	if c == nil {
		return nil
	}
	col := heads[c.col]
	if u := row["unit"]; u != nil {
		col.unit = u.text
	}
	v := b.node(t.sheet, *c, col)
	if row["source"] == nil && row["note"] == nil {
		return v
	}
	out := &attribute.Node{Kind: attribute.Map, Pos: pos, Keys: []attribute.Key{{Name: "value", Pos: v.Pos, Value: v}}}
	if v.Kind == attribute.Scalar {
		out.Keys[0].Name = formOf(v.Text)
	}
	if v.Kind == attribute.Map && isValue(v) {
		out.Keys = v.Keys
	}
	for _, name := range []string{"source", "note"} {
		if c := row[name]; c != nil {
			q := b.node(t.sheet, *c, heads[c.col])
			out.Keys = append(out.Keys, attribute.Key{Name: name, Pos: q.Pos, Value: q})
		}
	}
	return out
}

// sweepValue adds one value to those that a study runs through.
func (b *builder) sweepValue(s *studyWords, path string, pos attribute.Pos, v *attribute.Node) {
	if s.sweep == nil {
		s.sweep = &attribute.Node{Kind: attribute.Map, Pos: pos}
	}
	if s.sweep.Kind != attribute.Map {
		b.problem(pos, "study-shape", "study %s takes its sweep away and gives one; want one of the two", s.name)
		return
	}
	k := find(s.sweep, path)
	switch {
	case k == nil && v.Kind == attribute.Null:
		s.sweep.Keys = append(s.sweep.Keys, attribute.Key{Name: path, Pos: pos, Value: v})
	case k == nil:
		s.sweep.Keys = append(s.sweep.Keys, attribute.Key{Name: path, Pos: pos, Value: &attribute.Node{Kind: attribute.List, Pos: v.Pos, Items: []*attribute.Node{v}}})
	case k.Value.Kind == attribute.List && v.Kind != attribute.Null:
		k.Value.Items = append(k.Value.Items, v)
	default:
		b.problem(pos, "study-shape", "the sweep of %s has values and null; want one of the two", path)
	}
}
