package workspace

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
)

// baseStudy is the study that is there without a file: the system as it is.
const baseStudy = "base"

// maxPoints bounds a sweep.
const maxPoints = 10_000

// StudyInfo is a study in a list.
type StudyInfo struct {
	Name, Title string
	From        string // the study it inherits from, "" for none
	File        string // "" for the implicit base
	Points      int    // of its sweep, 1 without one
}

// Point is one of a sweep's combinations.
type Point struct {
	Name   string // the study's, a dot, and a number from 1
	Values []PointValue
	Tree   *attribute.Node
}

// PointValue is what a sweep sets at a path; Text is the value as written.
type PointValue struct{ Path, Text string }

// study is one file of studies/, its own words only.
type study struct {
	name, file string
	pos        attribute.Pos
	body       *attribute.Node // a map
}

var studyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func (w *Workspace) loadStudies() {
	for _, e := range w.entries(studyDir) {
		file := path.Join(studyDir, e.Name())
		at := attribute.Pos{File: file, Line: 1, Col: 1}
		switch ext := path.Ext(file); {
		case strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~"):
		case e.IsDir():
			w.problem(at, "stray-file", "%s is a folder; %s/ is read without its folders", file, studyDir)
		case ext == ".yaml":
			w.loadStudy(file)
		case ext == ".yml" || ext == ".YAML" || ext == ".YML" || ext == ".json" || ext == ".csv":
			w.problem(at, "stray-file", "%s is not read; studies are files *.yaml", file)
		}
	}
}

func (w *Workspace) loadStudy(file string) {
	at := attribute.Pos{File: file, Line: 1, Col: 1}
	s := study{name: strings.TrimSuffix(path.Base(file), path.Ext(file)), file: file, pos: at, body: &attribute.Node{Kind: attribute.Map, Pos: at}}
	node := w.readYAML(".", file, at)
	switch {
	case node == nil:
	case node.Kind == attribute.Null:
		w.problem(node.Pos, "empty-file", "%s says nothing; it should begin with study: %s", file, s.name)
	case node.Kind != attribute.Map:
		w.problem(node.Pos, "not-a-map", "%s is %s; it should be a map with keys such as study, from, set", file, describe(node))
	default:
		s.body = node
	}
	if k := find(s.body, "study"); k != nil {
		s.pos = k.Value.Pos
		if k.Value.Kind != attribute.Scalar {
			w.problem(k.Pos, "study-name", "study is %s; it should be this study's name", describe(k.Value))
		} else {
			s.name = k.Value.Text
		}
	}
	if !studyName.MatchString(s.name) {
		w.problem(s.pos, "study-name", "a study is named %q; a name has letters, digits, - and _, and begins with a letter or digit (runs are named after it)", short(s.name))
	}
	for _, other := range w.studies {
		if other.name == s.name {
			w.problem(s.pos, "duplicate-study", "study %s stands here and at %s; give one another name", s.name, place(other.pos, file))
			return
		}
	}
	w.studies = append(w.studies, s)
	w.shape(s)
}

// shape checks the keys that this package itself understands.
func (w *Workspace) shape(s study) {
	for _, k := range s.body.Keys {
		bad := ""
		switch kind := k.Value.Kind; {
		case kind == attribute.Null:
		case k.Name == "from" && kind != attribute.Scalar:
			bad = "the name of one study"
		case k.Name == "title" && kind != attribute.Scalar:
			bad = "a text"
		case k.Name == "set" && kind != attribute.Map:
			bad = "a map of paths, e.g. {assets.wind.capacity: 2 GW}"
		case k.Name == "sweep" && kind != attribute.Map:
			bad = "a map of paths and lists, e.g. {assets.wind.capacity: [1 GW, 2 GW]}"
		case sections[k.Name] && kind != attribute.Map:
			bad = "a map of entries to add"
		}
		if bad != "" {
			w.problem(k.Pos, "study-shape", "%s is %s; it should be %s", k.Name, describe(k.Value), bad)
		}
		if k.Name == "sweep" && k.Value.Kind == attribute.Map {
			for _, p := range k.Value.Keys {
				if p.Value.Kind != attribute.Null && (p.Value.Kind != attribute.List || len(p.Value.Items) == 0) {
					w.problem(p.Pos, "study-shape", "sweep of %s is %s; it should be a list of values", p.Name, describe(p.Value))
				}
			}
		}
	}
}

// Studies lists the studies by file name; a workspace without any has base.
func (w *Workspace) Studies() []StudyInfo {
	if len(w.studies) == 0 {
		return []StudyInfo{{Name: baseStudy, Points: 1}}
	}
	out := make([]StudyInfo, 0, len(w.studies))
	for _, s := range w.studies {
		info := StudyInfo{Name: s.name, Title: text(s.body.Get("title")), From: text(s.body.Get("from")), File: s.file, Points: 1}
		if r, _ := w.inherit(s.name); r != nil {
			info.Points = points(r.sweep)
		}
		out = append(out, info)
	}
	return out
}

// Default returns the study to run: the one asked for, else the only one, else
// base. The error lists the studies.
func (w *Workspace) Default(flag string) (string, error) {
	names := w.names()
	if flag != "" {
		if w.study(flag) == nil {
			return "", fmt.Errorf("no study %s in %s; %s", flag, w.dir, attribute.Fit(flag, names))
		}
		return flag, nil
	}
	if len(names) == 1 {
		return names[0], nil
	}
	for _, n := range names {
		if n == baseStudy {
			return n, nil
		}
	}
	return "", fmt.Errorf("several studies and none of them base; say which with --study: %s", strings.Join(names, ", "))
}

func (w *Workspace) names() []string {
	if len(w.studies) == 0 {
		return []string{baseStudy}
	}
	var names []string
	for _, s := range w.studies {
		names = append(names, s.name)
	}
	return names
}

func text(n *attribute.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// study finds one by name; base is there even without a file.
func (w *Workspace) study(name string) *study {
	for i := range w.studies {
		if w.studies[i].name == name {
			return &w.studies[i]
		}
	}
	if name == baseStudy {
		at := attribute.Pos{File: systemFile, Line: 1, Col: 1}
		return &study{name: baseStudy, pos: at, body: &attribute.Node{Kind: attribute.Map, Pos: at}}
	}
	return nil
}

// inherited is a study with what it takes over.
type inherited struct {
	chain []study         // from the oldest to the study itself
	tree  *attribute.Node // the system with its words laid over
	sweep []attribute.Key // path and list
}

// inherit follows from. What a study says is laid over the system and over
// what it inherits: maps merge, lists and values are replaced, null takes
// away. Names and titles are not inherited.
func (w *Workspace) inherit(name string) (*inherited, []attribute.Problem) {
	s := w.study(name)
	if s == nil {
		bad := newProblem(attribute.Pos{File: studyDir, Line: 1, Col: 1}, "unknown-study", "no study %s; %s", name, attribute.Fit(name, w.names()))
		return nil, []attribute.Problem{bad}
	}
	var problems []attribute.Problem
	chain, trail := []study{*s}, []string{s.name}
	for {
		from := chain[0].body.Get("from")
		if from == nil || from.Kind != attribute.Scalar {
			break
		}
		if i := slices.Index(trail, from.Text); i >= 0 {
			circle := append([]string{trail[len(trail)-1]}, trail[i:]...)
			problems = append(problems, newProblem(from.Pos, "study-cycle", "studies inherit from each other: %s", strings.Join(circle, " > ")))
			break
		}
		parent := w.study(from.Text)
		if parent == nil {
			problems = append(problems, newProblem(from.Pos, "unknown-study", "no study %s to inherit from; %s", from.Text, attribute.Fit(from.Text, w.names())))
			break
		}
		chain = append([]study{*parent}, chain...)
		trail = append(trail, parent.name)
	}
	out := &inherited{chain: chain, tree: &attribute.Node{Kind: attribute.Map, Pos: w.tree.Pos, Keys: slices.Clone(w.tree.Keys)}}
	for _, c := range chain {
		said := &attribute.Node{Kind: attribute.Map, Pos: c.pos}
		for _, k := range c.body.Keys {
			switch {
			case k.Name == "sweep":
				out.sweep = sweepOver(out.sweep, k.Value)
			case k.Name == "study" || k.Name == "from" || k.Name == "set" || sections[k.Name]:
			case k.Name == "title" && c.name != s.name:
			default:
				said.Keys = append(said.Keys, k)
			}
		}
		out.tree = overlay(out.tree, said)
	}
	label := &attribute.Node{Kind: attribute.Scalar, Pos: s.pos, Text: s.name}
	out.tree = overlay(out.tree, &attribute.Node{Kind: attribute.Map, Pos: w.tree.Pos, Keys: []attribute.Key{{Name: "study", Pos: s.pos, Value: label}}})
	return out, problems
}

// sweepOver lays a study's sweep over the one taken over, path by path.
func sweepOver(old []attribute.Key, n *attribute.Node) []attribute.Key {
	if n.Kind == attribute.Null {
		return nil
	}
	out := append([]attribute.Key(nil), old...)
	for _, k := range n.Keys {
		at := -1
		for i := range out {
			if out[i].Name == k.Name {
				at = i
			}
		}
		switch {
		case k.Value.Kind != attribute.List || len(k.Value.Items) == 0:
			if at >= 0 {
				out = append(out[:at], out[at+1:]...)
			}
		case at >= 0:
			out[at] = k
		default:
			out = append(out, k)
		}
	}
	return out
}

// overlay returns what b says over a.
func overlay(a, b *attribute.Node) *attribute.Node {
	if a.Kind != attribute.Map || b.Kind != attribute.Map || isValue(b) {
		return b
	}
	out := &attribute.Node{Kind: attribute.Map, Pos: b.Pos, Keys: append([]attribute.Key(nil), a.Keys...)}
	for _, k := range b.Keys {
		old := find(out, k.Name)
		switch {
		case old == nil && k.Value.Kind != attribute.Null:
			out.Keys = append(out.Keys, k)
		case old == nil:
		case k.Value.Kind == attribute.Null:
			i := 0
			for out.Keys[i].Name != k.Name {
				i++
			}
			out.Keys = append(out.Keys[:i], out.Keys[i+1:]...)
		default:
			k.Value = overlay(old.Value, k.Value)
			*old = k
		}
	}
	return out
}

// Tree returns the tree of one study, without its sweep, and what is wrong
// with its inheritance and paths. Nil: there is no such study.
func (w *Workspace) Tree(name string) (*attribute.Node, []attribute.Problem) {
	in, problems := w.inherit(name)
	if in == nil {
		return nil, problems
	}
	tree, more := w.build(in)
	return tree, Sorted(append(problems, more...))
}

// build applies, from the oldest study to the newest, the entries each adds
// and the paths it sets.
func (w *Workspace) build(in *inherited) (*attribute.Node, []attribute.Problem) {
	var problems []attribute.Problem
	tree := in.tree
	for _, s := range in.chain {
		for _, k := range s.body.Keys {
			if sections[k.Name] && k.Value.Kind == attribute.Map {
				problems = append(problems, addSection(tree, k)...)
			}
		}
		set := s.body.Get("set")
		if set == nil || set.Kind != attribute.Map {
			continue
		}
		for _, k := range set.Keys {
			var more []attribute.Problem
			tree, more = apply(tree, setting{path: k.Name, pos: k.Pos, value: k.Value})
			problems = append(problems, more...)
		}
	}
	return tree, problems
}

// addSection adds a study's entries to a tree that is its own, whose sections
// it shares with the others.
func addSection(tree *attribute.Node, k attribute.Key) []attribute.Problem {
	old := find(tree, k.Name)
	if old == nil || old.Value.Kind == attribute.Null {
		if old != nil {
			*old = k
		} else {
			tree.Keys = append(tree.Keys, k)
		}
		return nil
	}
	if old.Value.Kind != attribute.Map {
		return nil // decoding says so
	}
	old.Value = &attribute.Node{Kind: attribute.Map, Pos: old.Value.Pos, Keys: append([]attribute.Key(nil), old.Value.Keys...)}
	return addEntries(old.Value, k, "a study changes an entry with set, and adds only new ones")
}

// Sweep returns the points of a study's sweep in a fixed order, the first path
// slowest, and every problem of its paths. A study without a sweep has none.
func (w *Workspace) Sweep(name string) ([]Point, []attribute.Problem) {
	in, problems := w.inherit(name)
	if in == nil {
		return nil, problems
	}
	tree, more := w.build(in)
	problems = append(problems, more...)
	n := points(in.sweep)
	if len(in.sweep) == 0 || n > maxPoints {
		if n > maxPoints {
			problems = append(problems, newProblem(in.sweep[0].Pos, "sweep-too-large", "the sweep has more than %d points; give fewer values", maxPoints))
		}
		return nil, Sorted(problems)
	}
	width := len(fmt.Sprint(n))
	out := make([]Point, 0, n)
	for i := 0; i < n; i++ {
		p := Point{Name: fmt.Sprintf("%s.%0*d", name, width, i+1), Tree: tree}
		stride := n
		for _, k := range in.sweep {
			stride /= len(k.Value.Items)
			v := k.Value.Items[i/stride%len(k.Value.Items)]
			p.Values = append(p.Values, PointValue{Path: k.Name, Text: inline(v)})
			p.Tree, more = apply(p.Tree, setting{path: k.Name, pos: k.Pos, value: v})
			problems = append(problems, more...)
		}
		// The same fault comes back with every point.
		problems = Sorted(problems)
		out = append(out, p)
	}
	return out, problems
}

// points counts a sweep's combinations, at most maxPoints+1.
func points(sweep []attribute.Key) int {
	n := 1
	for _, k := range sweep {
		if n *= len(k.Value.Items); n > maxPoints {
			return maxPoints + 1
		}
	}
	return n
}

// inline writes a value on one line.
func inline(n *attribute.Node) string {
	switch n.Kind {
	case attribute.Scalar:
		return n.Text
	case attribute.List:
		parts := make([]string, len(n.Items))
		for i, v := range n.Items {
			parts[i] = inline(v)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case attribute.Map:
		parts := make([]string, len(n.Keys))
		for i, k := range n.Keys {
			parts[i] = k.Name + ": " + inline(k.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "null"
}
