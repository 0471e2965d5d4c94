package workspace

import (
	"strings"

	"example.org/busbar/internal/attribute"
)

// qualifiers are the keys of a value written as a map; a path that goes on
// with one of them after a plain value turns it into such a map. The first
// three are its forms, of which it has one.
var qualifiers = map[string]bool{
	"value": true, "series": true, "monthly": true, "scale": true, "unit": true, "offset": true, "source": true, "note": true,
}

func isForm(key string) bool { return key == "value" || key == "series" || key == "monthly" }

// sections hold entries by id: a path can't make a new one by naming it.
var sections = map[string]bool{
	"commodities": true, "places": true, "parties": true, "assets": true, "limits": true, "contracts": true, "money": true, "sources": true,
}

// valueKey is the key under which a plain value stands once it is a map.
func valueKey(n *attribute.Node) string {
	if isSeries(n.Text) {
		return "series"
	}
	return "value"
}

// isSeries tells a citation of a series, file.csv#name, from other text.
func isSeries(text string) bool {
	file, _, _ := strings.Cut(text, "#")
	return strings.HasSuffix(strings.ToLower(file), ".csv")
}

// promote turns 12 MW into {value: 12 MW}, file.csv#name into {series: ...}.
func promote(n *attribute.Node) *attribute.Node {
	return &attribute.Node{Kind: attribute.Map, Pos: n.Pos, Keys: []attribute.Key{{Name: valueKey(n), Pos: n.Pos, Value: n}}}
}

// isValue tells a map that stands for one value, which is replaced as a whole:
// a new number must not keep the old one's source.
func isValue(n *attribute.Node) bool {
	for i := range n.Keys {
		if isForm(n.Keys[i].Name) {
			return true
		}
	}
	return false
}

// setting is one path of a study and what it becomes.
type setting struct {
	path  string
	pos   attribute.Pos // of the path
	value *attribute.Node
}

// apply returns the tree with a path set; the tree itself stays as it is. A
// map merges key by key, a map that stands for one value and anything else
// replaces, and null removes.
func apply(tree *attribute.Node, s setting) (*attribute.Node, []attribute.Problem) {
	p := put{setting: s, root: tree}
	out := p.into(tree, nil, split(s.path), s.pos, s.value)
	return out, p.problems
}

func split(path string) []string {
	parts := strings.Split(path, ".")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

type put struct {
	setting
	root     *attribute.Node
	problems []attribute.Problem
}

func (p *put) fail(pos attribute.Pos, format string, a ...any) {
	p.problems = append(p.problems, newProblem(pos, "unknown-path", format, a...))
}

func dotted(parts ...[]string) string {
	var all []string
	for _, p := range parts {
		all = append(all, p...)
	}
	return strings.Join(all, ".")
}

// into sets v at rest, below n, which stands at done. at is where the last
// part of the path is written.
func (p *put) into(n *attribute.Node, done, rest []string, at attribute.Pos, v *attribute.Node) *attribute.Node {
	if len(rest) == 0 {
		if v.Kind != attribute.Map || isValue(v) || n.Kind == attribute.List {
			return v
		}
		for _, k := range v.Keys {
			n = p.into(n, done, split(k.Name), k.Pos, k.Value)
		}
		return n
	}
	for _, part := range rest {
		if part == "" {
			p.fail(at, "path %q has an empty part; it should be names with dots between, e.g. assets.wind.capacity", dotted(done, rest))
			return n
		}
	}
	switch n.Kind {
	case attribute.Scalar:
		if !qualifiers[rest[0]] {
			p.fail(at, "%s is %s, so it has no %s; set %s itself", dotted(done), describe(n), rest[0], dotted(done))
			return n
		}
		n = promote(n)
	case attribute.List:
		p.fail(at, "%s is a list, so it has no %s; set %s as a whole", dotted(done), rest[0], dotted(done))
		return n
	case attribute.Null:
		n = &attribute.Node{Kind: attribute.Map, Pos: n.Pos}
	}
	i := index(n, rest[0])
	if i < 0 {
		return p.add(n, done, rest, at, v)
	}
	// A full slice expression, so that no two paths share what they append.
	done, rest = append(done[:len(done):len(done)], rest[0]), rest[1:]
	out := &attribute.Node{Kind: attribute.Map, Pos: n.Pos}
	if len(rest) == 0 && v.Kind == attribute.Null {
		out.Keys = append(append(make([]attribute.Key, 0, len(n.Keys)), n.Keys[:i]...), n.Keys[i+1:]...)
		return out
	}
	child := p.into(n.Keys[i].Value, done, rest, at, v)
	if child == n.Keys[i].Value {
		return n
	}
	out.Keys = append([]attribute.Key(nil), n.Keys...)
	out.Keys[i].Value = child
	return out
}

func index(n *attribute.Node, name string) int {
	for i := range n.Keys {
		if n.Keys[i].Name == name {
			return i
		}
	}
	return -1
}

// add makes what a path names and nobody wrote yet: an attribute that the
// kind may know. Whether it does is for decoding to say; that the section and
// the entry exist is judged here.
func (p *put) add(n *attribute.Node, done, rest []string, at attribute.Pos, v *attribute.Node) *attribute.Node {
	names := make([]string, len(n.Keys))
	for i, k := range n.Keys {
		names[i] = k.Name
	}
	where := "the system"
	if len(done) > 0 {
		where = dotted(done)
	}
	switch {
	case v.Kind == attribute.Null:
		p.fail(at, "%s has no %s to remove; %s", where, dotted(rest), attribute.Fit(dotted(rest), names))
		return n
	case len(done) == 0 && sections[rest[0]]:
		p.fail(at, "%s has no %s; write them out under %s: of the study or the system", where, rest[0], rest[0])
		return n
	case len(done) == 0 && p.misspelt(rest[0]):
		p.fail(at, "%s has no %s; %s", where, rest[0], p.meant(rest, names))
		return n
	case len(done) == 1 && sections[done[0]]:
		p.fail(at, "%s has no %s; %s", where, rest[0], attribute.Fit(rest[0], names))
		return n
	}
	for i := len(rest) - 1; i > 0; i-- {
		v = &attribute.Node{Kind: attribute.Map, Pos: v.Pos, Keys: []attribute.Key{{Name: rest[i], Pos: at, Value: v}}}
	}
	keys := append(make([]attribute.Key, 0, len(n.Keys)+1), n.Keys...)
	if isForm(rest[0]) {
		for i := range keys {
			if isForm(keys[i].Name) { // the new form takes the old one's place
				keys[i] = attribute.Key{Name: rest[0], Pos: at, Value: v}
				return &attribute.Node{Kind: attribute.Map, Pos: n.Pos, Keys: keys}
			}
		}
	}
	keys = append(keys, attribute.Key{Name: rest[0], Pos: at, Value: v})
	return &attribute.Node{Kind: attribute.Map, Pos: n.Pos, Keys: keys}
}

// misspelt tells whether a first part was meant to be one that is there: a
// section, another key of the system, or, without its section, an entry.
func (p *put) misspelt(name string) bool {
	var names []string
	for k := range sections {
		names = append(names, k)
	}
	for _, k := range p.root.Keys {
		names = append(names, k.Name)
		if sections[k.Name] && k.Value.Get(name) != nil {
			return true
		}
	}
	return attribute.Near(name, names) != ""
}

// meant suggests what to write instead of a first part that is not there.
func (p *put) meant(rest, names []string) string {
	for _, k := range p.root.Keys {
		if sections[k.Name] && k.Value.Get(rest[0]) != nil {
			return "did you mean " + k.Name + "." + dotted(rest) + "?"
		}
	}
	return attribute.Fit(rest[0], names)
}
