package workspace

import (
	"strings"

	"example.org/busbar/internal/attribute"
)

// qualifiers are the keys that may stand beside a value or series; a path that
// goes on with one of them after a plain value turns it into a map.
var qualifiers = map[string]bool{
	"value": true, "series": true, "source": true, "note": true, "unit": true, "scale": true,
	"offset": true, "column": true, "zone": true, "shift": true, "year": true, "weather": true, "step": true,
}

// sections hold entries by id: a path can't make a new one by naming it.
var sections = map[string]bool{
	"assets": true, "commodities": true, "places": true, "parties": true, "limits": true, "contracts": true, "sources": true, "money": true,
}

// valueKey is the key under which a plain value stands once it is a map.
func valueKey(n *attribute.Node) string {
	if file, _, cited := strings.Cut(n.Text, "#"); cited || strings.HasSuffix(strings.ToLower(file), ".csv") {
		return "series"
	}
	return "value"
}

// promote turns 12 MW into {value: 12 MW}, file.csv#name into {series: ...}.
func promote(n *attribute.Node) *attribute.Node {
	return &attribute.Node{Kind: attribute.Map, Pos: n.Pos, Keys: []attribute.Key{{Name: valueKey(n), Pos: n.Pos, Value: n}}}
}

// isValue tells a map that stands for one value, which is replaced as a whole:
// a new number must not keep the old one's source.
func isValue(n *attribute.Node) bool { return n.Get("value") != nil || n.Get("series") != nil }

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
	i, used := entry(n, rest)
	if i < 0 {
		return p.add(n, done, rest, at, v)
	}
	done, rest = dottedCopy(done, n.Keys[i].Name), rest[used:]
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

func dottedCopy(done []string, name string) []string {
	return append(done[:len(done):len(done)], name)
}

// entry finds the key that the path's next parts name: names may hold dots
// themselves, so the longest that fits is taken.
func entry(n *attribute.Node, rest []string) (index, used int) {
	for used = len(rest); used > 0; used-- {
		name := strings.Join(rest[:used], ".")
		for i := range n.Keys {
			if n.Keys[i].Name == name {
				return i, used
			}
		}
	}
	return -1, 0
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
		p.fail(at, "%s has no %s to remove%s", where, dotted(rest), among(dotted(rest), names))
		return n
	case len(done) == 0 && (len(rest) > 1 || v.Kind == attribute.Map || find(p.study(), rest[0]) != nil || nearest(rest[0], names) != ""):
		p.fail(at, "%s has no %s%s", where, rest[0], p.meant(rest, names))
		return n
	case len(done) == 1 && sections[done[0]]:
		p.fail(at, "%s has no %s%s", where, rest[0], among(rest[0], names))
		return n
	}
	for i := len(rest) - 1; i > 0; i-- {
		v = &attribute.Node{Kind: attribute.Map, Pos: v.Pos, Keys: []attribute.Key{{Name: rest[i], Pos: at, Value: v}}}
	}
	keys := append(append(make([]attribute.Key, 0, len(n.Keys)+1), n.Keys...), attribute.Key{Name: rest[0], Pos: at, Value: v})
	return &attribute.Node{Kind: attribute.Map, Pos: n.Pos, Keys: keys}
}

func (p *put) study() *attribute.Node {
	if s := p.root.Get("study"); s != nil {
		return s
	}
	return &attribute.Node{Kind: attribute.Map}
}

// meant suggests for a first part that the system does not have: a key of the
// study, an asset's own name, or a key like it.
func (p *put) meant(rest, names []string) string {
	if find(p.study(), rest[0]) != nil {
		return "; did you mean study." + dotted(rest) + "?"
	}
	for _, k := range p.root.Keys {
		if sections[k.Name] && k.Value.Get(rest[0]) != nil {
			return "; did you mean " + k.Name + "." + dotted(rest) + "?"
		}
	}
	return among(rest[0], names)
}
