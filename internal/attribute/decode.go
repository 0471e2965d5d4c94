package attribute

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"example.org/busbar/internal/unit"
)

// Reader is a type that reads its node itself: what no tag can say.
type Reader interface {
	// ReadNode fills the type from a node that is not nil; what is wrong goes
	// to f.Problem.
	ReadNode(n *Node, f Field)
	// Form describes the type in a JSON Schema and, under "description", in words.
	Form() map[string]any
}

// Field is what a Reader may know of where it stands.
type Field struct {
	*Context
	Path string // "assets.wind.owner"
	Attribute
	d *decoder
}

// Decode fills a tagged struct from a map, in base units. It goes on after
// every problem and adds all of them to c; what could not be read holds its
// absent value (NaN, "", nil).
func Decode(n *Node, into any, c *Context) { DecodeAll(n, c, into) }

// DecodeAll is Decode into several structs, whose keys may stand in the map
// side by side.
func DecodeAll(n *Node, c *Context, into ...any) {
	if n == nil {
		n = &Node{}
	}
	var g []target
	for _, v := range into {
		r := reflect.ValueOf(v).Elem()
		a := group(r.Type())
		g = append(g, target{r, &a})
	}
	d := &decoder{Context: c, path: c.Path}
	d.group(n, n.Pos, g, "")
}

type target struct {
	value reflect.Value
	table *Attribute
}

type decoder struct {
	*Context
	path   string // of the present attribute
	scopes []scope
	preset string // source of the default that is being read, or " " if it has none
}

// scope is a struct that is being filled: its siblings name commodities.
type scope struct {
	targets []target
	per     string // resolved
}

func (d *decoder) problem(p Pos, code, format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	if d.path != "" {
		text = d.path + ": " + text
	}
	if d.preset != "" {
		text += " (its default)"
	}
	d.Context.Problem(p, code, "%s", text)
}

// in runs f with the path of a part of the present attribute.
func (d *decoder) in(name string, f func()) {
	old := d.path
	d.path = join(old, name)
	f()
	d.path = old
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func cutPath(path string) (head, rest string) {
	head, rest, _ = strings.Cut(path, ".")
	return head, rest
}

func number(s string) (int, error) {
	i, err := strconv.Atoi(s)
	if i < 0 {
		err = strconv.ErrRange
	}
	return i, err
}

// group fills structs from one map. at is the place of its key.
func (d *decoder) group(n *Node, at Pos, targets []target, per string) {
	d.scopes = append(d.scopes, scope{targets, per})
	defer func() { d.scopes = d.scopes[:len(d.scopes)-1] }()
	keys := map[string]*Key{}
	switch n.Kind {
	case Map:
		for i := range n.Keys {
			k := &n.Keys[i]
			if first, twice := keys[k.Name]; twice {
				d.problem(k.Pos, "duplicate-key", "%s is written twice, first in line %d; want it once", k.Name, first.Pos.Line)
				continue
			}
			keys[k.Name] = k
		}
	case Null:
	default:
		d.wrongKind(n, "the keys "+strings.Join(names(targets), ", "))
		d.absent(targets)
		return
	}
	used := 0
	for _, words := range []bool{true, false} { // units may depend on words, wherever they stand
		for _, t := range targets {
			if t.table.pos != nil {
				t.value.FieldByIndex(t.table.pos).Set(reflect.ValueOf(at))
			}
			for i := range t.table.Of {
				a := &t.table.Of[i]
				if (a.Type == Text) != words {
					continue
				}
				k := keys[a.Key]
				if k != nil {
					used++
				}
				d.in(a.Key, func() { d.attribute(k, at, a, t.value.FieldByIndex(a.index)) })
			}
		}
	}
	if used == len(keys) {
		return
	}
	known := names(targets)
	for i := range n.Keys {
		if k := &n.Keys[i]; !slices.Contains(known, k.Name) && keys[k.Name] == k {
			d.problem(k.Pos, "unknown-key", "unknown key %s; %s", quoted(k.Name), Fit(k.Name, known))
		}
	}
}

func names(targets []target) []string {
	var all []string
	for _, t := range targets {
		for i := range t.table.Of {
			all = append(all, t.table.Of[i].Key)
		}
	}
	return all
}

func (d *decoder) absent(targets []target) {
	for _, t := range targets {
		for i := range t.table.Of {
			reset(t.value.FieldByIndex(t.table.Of[i].index))
		}
	}
}

// reset gives a field the value of what is not written.
func reset(v reflect.Value) {
	v.SetZero()
	switch {
	case v.Kind() == reflect.Float64:
		v.SetFloat(math.NaN())
	case v.Type() == valueType:
		v.Addr().Interface().(*Value).Series.Value = math.NaN()
	}
}

// attribute fills one field; k is nil where the key is not written.
func (d *decoder) attribute(k *Key, at Pos, a *Attribute, v reflect.Value) {
	reset(v)
	if len(d.Changes) > 0 {
		d.unchangeable(a, k != nil || a.Default != "")
	}
	switch {
	case k != nil:
		n := k.Value
		if n == nil {
			n = &Node{Pos: k.Pos}
		}
		d.any(n, k.Pos, a, v)
	case a.Default != "":
		d.preset = a.Source + " "
		n := &Node{Pos: at, Kind: Scalar, Text: a.Default}
		if a.Type == ListOf {
			n = &Node{Pos: at, Kind: List}
			for _, s := range defaults(a) {
				n.Items = append(n.Items, &Node{Pos: at, Kind: Scalar, Text: s})
			}
		}
		d.any(n, at, a, v)
		d.preset = ""
	case a.Optional:
		if v.Kind() == reflect.Struct && a.Type == Group {
			d.absent([]target{{v, a}})
		}
	case a.Type == Group && v.Kind() == reflect.Struct && !a.Required():
		d.any(&Node{Pos: at}, at, a, v)
	default:
		text := "missing"
		if a.Doc != "" {
			text += ": " + a.Doc
		}
		if what := d.such(a); what != "" {
			text += "; want " + what
		}
		d.problem(at, "missing", "%s", text)
	}
}

// defaults are the default of an attribute, one for each entry of a list.
func defaults(a *Attribute) []string {
	if a.Type != ListOf {
		return []string{a.Default}
	}
	all := strings.Split(a.Default, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// such says what an attribute takes: "a quantity in MW", "one of a, b".
func (d *decoder) such(a *Attribute) string {
	switch {
	case len(a.Enum) > 0:
		return "one of " + strings.Join(a.Enum, ", ")
	case a.Type == Number || a.Type == Curve:
		u, ok := d.unit(a.Unit)
		if !ok {
			return ""
		}
		if u.Text == "1" {
			return "a share or ratio such as 95 %"
		}
		return "a quantity in " + strings.ReplaceAll(u.Text, "currency", d.currency())
	}
	return ""
}

func (d *decoder) wrongKind(n *Node, want string) {
	is := map[NodeKind]string{Null: "nothing", Scalar: "text", List: "a list", Map: "keys"}[n.Kind]
	if n.Kind == Scalar {
		is = quoted(n.Text)
	}
	d.problem(n.Pos, "node-kind", "read %s, want %s", is, want)
}

// any fills a value from a node.
func (d *decoder) any(n *Node, at Pos, a *Attribute, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		reset(p.Elem())
		d.any(n, at, a, p.Elem())
		v.Set(p)
		return
	}
	switch a.Type {
	case Special:
		f := Field{Context: d.Context, Path: d.path, Attribute: *a, d: d}
		v.Addr().Interface().(Reader).ReadNode(n, f)
	case Curve:
		d.curve(n, a, v.Addr().Interface().(*Value))
	case Number:
		v.SetFloat(d.quantity(n, a))
	case Group:
		per, _ := d.text(a.Per)
		d.group(a.InFull(n), at, []target{{v, a}}, per)
	case ListOf:
		n = d.unwrap(n)
		if n.Kind != List {
			d.wrongKind(n, "a list such as ["+example(a.Elem)+"]")
			return
		}
		if len(n.Items) == 0 {
			d.problem(n.Pos, "empty", "the list is empty; want at least one %s", a.Elem.Type)
		}
		s := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
		for i, item := range n.Items {
			d.in(strconv.Itoa(i), func() { d.any(item, item.Pos, a.Elem, s.Index(i)) })
		}
		v.Set(s)
	case MapOf:
		d.mapOf(n, a, v)
	default:
		d.scalar(n, a, v)
	}
}

// InFull is a group that is written as its main value, shed: 2000 USD/MWh or
// shed: {value: 2000 USD/MWh, source: S1}, as the map of keys that it stands for;
// anything else as it is.
func (a *Attribute) InFull(n *Node) *Node {
	if n.Kind == Scalar || n.Kind == Map && a.lacksForm(n) {
		if short := a.short(); short != "" {
			return &Node{Pos: n.Pos, Kind: Map, Keys: []Key{{Name: short, Pos: n.Pos, Value: n}}}
		}
	}
	return n
}

// short is the key that a scalar stands for, "" for none.
func (a *Attribute) short() string {
	for i := range a.Of {
		t := a.goType
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if tag := t.FieldByIndex(a.Of[i].index).Tag.Get("yaml"); strings.HasSuffix(tag, ",short") {
			return a.Of[i].Key
		}
	}
	return ""
}

// lacksForm tells a map that is one value ({value: ..., source: ...}) where
// the group's own keys don't have its form: it stands for the short key.
func (a *Attribute) lacksForm(n *Node) bool {
	for _, form := range []string{"value", "series", "monthly"} {
		if n.Get(form) != nil {
			return !slices.ContainsFunc(a.Of, func(b Attribute) bool { return b.Key == form })
		}
	}
	return false
}

func example(a *Attribute) string {
	switch a.Type {
	case Count:
		return "2030"
	case Number, Curve:
		return "95 %, 100 %"
	case Group, MapOf:
		return "{...}, {...}"
	}
	return "a, b"
}

// mapOf fills a map, or a slice in the order of the file.
func (d *decoder) mapOf(n *Node, a *Attribute, v reflect.Value) {
	if n.Kind != Map && n.Kind != Null {
		d.wrongKind(n, "a map such as {name: "+strings.Split(example(a.Elem), ", ")[0]+"}")
		return
	}
	ordered := v.Kind() == reflect.Slice
	if ordered {
		v.Set(reflect.MakeSlice(v.Type(), 0, len(n.Keys)))
	} else {
		v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Keys)))
	}
	seen := map[string]int{}
	for i := range n.Keys {
		k := &n.Keys[i]
		d.in(k.Name, func() {
			if line, twice := seen[k.Name]; twice {
				d.problem(k.Pos, "duplicate-key", "%s is written twice, first in line %d; want it once", k.Name, line)
				return
			}
			seen[k.Name] = k.Pos.Line
			d.id(k)
			item := k.Value
			if item == nil {
				item = &Node{Pos: k.Pos}
			}
			e := reflect.New(v.Type().Elem()).Elem()
			reset(e)
			if ordered {
				e.FieldByIndex(a.key).SetString(k.Name)
			}
			d.any(item, k.Pos, a.Elem, e)
			if ordered {
				v.Set(reflect.Append(v, e))
			} else {
				v.SetMapIndex(reflect.ValueOf(k.Name).Convert(v.Type().Key()), e)
			}
		})
	}
}

// id refuses names that a path, a bus or a column could not carry.
func (d *decoder) id(k *Key) {
	if ok := ValidID(k.Name); !ok {
		d.problem(k.Pos, "id", "read the name %s, want letters, digits, _ and - only", quoted(k.Name))
	}
}

// ValidID tells whether a name may be an id: letters of any script, their
// marks, digits, _ and -, and no more than 100 of them.
func ValidID(s string) bool {
	if s == "" || len(s) > 400 {
		return false
	}
	for _, r := range s {
		if r != '_' && r != '-' && !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return false
		}
	}
	return true
}

// unwrap takes the value out of {value, source, note} and notes the citation.
func (d *decoder) unwrap(n *Node) *Node {
	if n.Kind != Map || n.Get("value") == nil {
		return n
	}
	d.wrapKeys(n, "value", "source", "note")
	d.cite(n, n.Get("value"))
	return n.Get("value")
}

// wrapKeys refuses keys beside those that the form has.
func (d *decoder) wrapKeys(n *Node, fit ...string) {
	seen := map[string]bool{}
	for i := range n.Keys {
		k := &n.Keys[i]
		if seen[k.Name] {
			d.problem(k.Pos, "duplicate-key", "%s is written twice; want it once", k.Name)
		}
		seen[k.Name] = true
		if !slices.Contains(fit, k.Name) {
			d.problem(k.Pos, "unknown-key", "unknown key %s; %s", quoted(k.Name), Fit(k.Name, fit))
		}
	}
}

// cite notes where a value of the form {value, source, note} comes from.
func (d *decoder) cite(n, value *Node) string {
	source, note := d.plain(n.Get("source"), "source"), d.plain(n.Get("note"), "note")
	if s := n.Get("source"); s != nil {
		d.in("source", func() { d.sources(s.Pos, source) })
	}
	if source != "" || note != "" {
		d.Cited = append(d.Cited, Citation{Path: d.path, Text: value.Brief(), Source: source, Note: note})
	}
	return source
}

// plain is the text of a scalar that needs no conversion.
func (d *decoder) plain(n *Node, key string) string {
	if n == nil || n.Kind == Null {
		return ""
	}
	if n.Kind != Scalar {
		d.in(key, func() { d.wrongKind(n, "text") })
		return ""
	}
	return n.Text
}

// sources checks the ids of a source: text, parted by spaces or commas.
func (d *decoder) sources(p Pos, text string) {
	known, check := d.IDs["source"]
	if !check {
		return
	}
	for _, id := range Sources(text) {
		if !slices.Contains(known, id) {
			d.problem(p, "unknown-source", "read %s, which sources: does not list; %s", quoted(id), Fit(id, known))
		}
	}
}

// Sources splits the text of a source: attribute into ids.
func Sources(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// Brief is a node as a planner wrote it, near enough to recognise it.
func (n *Node) Brief() string {
	const most = 200
	text := n.flow()
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	return text
}

func (n *Node) flow() string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case Scalar:
		return n.Text
	case List:
		var all []string
		for _, i := range n.Items {
			all = append(all, i.flow())
		}
		return "[" + strings.Join(all, ", ") + "]"
	case Map:
		var all []string
		for _, k := range n.Keys {
			all = append(all, k.Name+": "+k.Value.flow())
		}
		return "{" + strings.Join(all, ", ") + "}"
	}
	return ""
}

// scalar fills text, flags, counts and dates.
func (d *decoder) scalar(n *Node, a *Attribute, v reflect.Value) {
	n = d.unwrap(n)
	if n.Kind != Scalar {
		if a.Type == Text && n.Kind == Null && len(a.Enum) == 0 && a.Ref == "" {
			return // note: with nothing behind it
		}
		d.wrongKind(n, map[Type]string{Text: "text", Flag: "true or false", Count: "a whole number", Date: "a date such as 2030-12-31"}[a.Type])
		return
	}
	d.defaulted(n)
	switch a.Type {
	case Text:
		d.word(n, a)
		v.SetString(n.Text)
	case Flag:
		switch n.Text {
		case "true", "false":
			v.SetBool(n.Text == "true")
		default:
			d.problem(n.Pos, "flag", "read %s, want true or false", quoted(n.Text))
		}
	case Count:
		x := d.inRange(n, a, func(u unit.Unit) (float64, bool) { return d.convert(n, u) })
		switch {
		case math.IsNaN(x):
		case x != math.Trunc(x) || math.Abs(x) > 1<<53:
			d.problem(n.Pos, "whole", "read %s, want a whole number", n.Text)
		default:
			v.SetInt(int64(x))
		}
	case Date:
		t, err := time.Parse(time.DateOnly, n.Text)
		if err != nil {
			d.problem(n.Pos, "date", "read %s, want a date such as 2030-12-31", quoted(n.Text))
			return
		}
		v.Set(reflect.ValueOf(t))
	}
}

// word checks text against an enum or the ids of a reference.
func (d *decoder) word(n *Node, a *Attribute) bool {
	if len(a.Enum) > 0 && !slices.Contains(a.Enum, n.Text) {
		d.problem(n.Pos, "word", "read %s, %s", quoted(n.Text), Fit(n.Text, a.Enum))
		return false
	}
	switch a.Ref {
	case "source":
		d.sources(n.Pos, n.Text)
		return true
	case "unit":
		if _, err := unit.Parse(n.Text); err != nil {
			d.told(n.Pos, err)
			return false
		}
	}
	if known, check := d.IDs[a.Ref]; a.Ref != "" && check && !slices.Contains(known, n.Text) {
		d.problem(n.Pos, "unknown-"+a.Ref, "no %s is named %s; %s", a.Ref, quoted(n.Text), Fit(n.Text, known))
		return false
	}
	return true
}

// Refer checks that text names one of the ids of a reference.
func (f Field) Refer(n *Node, ref string) bool {
	return f.d.word(n, &Attribute{Ref: ref})
}

// Fail adds a problem of this attribute, with its path.
func (f Field) Fail(p Pos, code, format string, a ...any) {
	f.d.problem(p, code, format, a...)
}

// Quantity reads a number in a unit, NaN if it can't be.
func (f Field) Quantity(n *Node, unit string) float64 {
	return f.d.quantity(n, &Attribute{Unit: unit})
}

func quoted(s string) string {
	if s == "" {
		return `""`
	}
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}
