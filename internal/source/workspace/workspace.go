// Package workspace turns a folder that a planner edits into the positioned
// tree of one study: system.yaml with its includes, the tables assets/*.csv,
// sources.yaml, and what a study of studies/*.yaml sets, adds and sweeps.
//
// What enters: a folder. What leaves: for every study an attribute.Node in
// which each number is still the text its author wrote, with file, line and
// column (counted in characters, from 1); the list of every file read, with
// its hash; and every problem found. Nothing here knows a unit or a kind.
//
// The tree has the keys of system.yaml at its top (system, currency,
// commodities, places, assets ...), the sources of sources.yaml under
// "sources", and over them what the study and those it inherits from say: its
// name as "study", its title, years, weather and so on, but not from, set,
// sweep and added entries, which are applied instead. A series cited in an
// included folder has that folder before its path. Trees share nodes: don't
// change them.
package workspace

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"example.org/busbar/internal/attribute"
)

// Workspace is a folder that was read.
type Workspace struct {
	dir  string
	root *os.Root // nil where the folder can't be opened

	tree    *attribute.Node // system, includes, tables and sources; no study
	unasked []string        // questions of included files that the including one strikes out
	studies []study         // by name
	loaded  map[string]bool
	found   []attribute.Problem

	mu    sync.Mutex
	files map[string]File
}

// Open reads the folder and returns every problem of its files, sorted by
// place; those of a study's inheritance and paths come from Tree and Sweep.
// The workspace is never nil: what could be read can be asked for.
func Open(dir string) (*Workspace, []attribute.Problem) {
	w := &Workspace{
		dir:    dir,
		tree:   &attribute.Node{Kind: attribute.Map, Pos: attribute.Pos{File: systemFile, Line: 1, Col: 1}},
		loaded: map[string]bool{},
		files:  map[string]File{},
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		w.problem(attribute.Pos{File: systemFile, Line: 1, Col: 1}, "missing-file",
			"%s can't be opened as a folder; a workspace is a folder with a %s", dir, systemFile)
		return w, w.found
	}
	w.root = root
	w.loadFolder(".", attribute.Pos{File: systemFile, Line: 1, Col: 1}, nil)
	w.tree.Keys = slices.DeleteFunc(w.tree.Keys, func(k attribute.Key) bool { return slices.Contains(w.unasked, k.Name) })
	w.loadStudies()
	return w, Sorted(w.found)
}

// Close releases the folder; files can't be opened after it.
func (w *Workspace) Close() error {
	if w.root == nil {
		return nil
	}
	return w.root.Close()
}

// Dir is the folder as it was given to Open.
func (w *Workspace) Dir() string { return w.dir }

const (
	systemFile  = "system.yaml"
	sourcesFile = "sources.yaml"
	assetDir    = "assets"
	studyDir    = "studies"
)

// problem notes what is wrong with a file.
func (w *Workspace) problem(pos attribute.Pos, code, format string, a ...any) {
	w.found = append(w.found, newProblem(pos, code, format, a...))
}

func newProblem(pos attribute.Pos, code, format string, a ...any) attribute.Problem {
	return attribute.Problem{File: pos.File, Line: pos.Line, Col: pos.Col, Code: code, Text: fmt.Sprintf(format, a...)}
}

// Sorted puts problems in the order of their places and drops repetitions.
func Sorted(problems []attribute.Problem) []attribute.Problem {
	attribute.Sort(problems)
	seen := make(map[attribute.Problem]bool, len(problems))
	out := problems[:0]
	for _, p := range problems {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// loadFolder reads one workspace folder: its system.yaml, tables and sources.
// chain holds the files whose includes led here.
func (w *Workspace) loadFolder(dir string, from attribute.Pos, chain []string) {
	if !w.loadFile(dir, path.Join(dir, systemFile), from, chain) {
		return
	}
	w.loadTables(dir)
	name := path.Join(dir, sourcesFile)
	if !w.exists(name) || w.loaded[name] {
		return
	}
	w.loaded[name] = true
	node := w.readYAML(dir, name, attribute.Pos{File: name, Line: 1, Col: 1})
	if node == nil || node.Kind == attribute.Null {
		return
	}
	if node.Kind != attribute.Map {
		w.problem(node.Pos, "not-a-map", "%s is %s; it should be a map of sources, each `id: {title: ..., url: ..., grade: read}`", name, describe(node))
		return
	}
	w.merge(&attribute.Node{Kind: attribute.Map, Pos: node.Pos, Keys: []attribute.Key{{Name: "sources", Pos: node.Pos, Value: node}}}, nil)
}

// loadFile reads one YAML file of the system and what it includes; false: it
// is being read already, by one of the chain.
func (w *Workspace) loadFile(dir, name string, from attribute.Pos, chain []string) bool {
	for i, c := range chain {
		if c == name {
			w.problem(from, "include-cycle", "%s includes itself: %s", name, strings.Join(append(chain[i:len(chain):len(chain)], name), " > "))
			return false
		}
	}
	if w.loaded[name] {
		return true
	}
	w.loaded[name] = true
	node := w.readYAML(dir, name, from)
	if node == nil {
		return true
	}
	switch node.Kind {
	case attribute.Map:
	case attribute.Null:
		w.problem(node.Pos, "empty-file", "%s says nothing; it should be a map with keys such as system, commodities, places, assets", name)
		return true
	default:
		w.problem(node.Pos, "not-a-map", "%s is %s; it should be a map with keys such as system, commodities, places, assets", name, describe(node))
		return true
	}
	body := &attribute.Node{Kind: attribute.Map, Pos: node.Pos}
	for _, k := range node.Keys {
		// An included workspace keeps its own title to itself.
		if k.Name == "include" || k.Name == "system" && len(chain) > 0 {
			continue
		}
		if k.Name == "study" {
			w.problem(k.Pos, "study-shape", "study %s stands in %s; a study is a file %s/NAME.yaml of its own", describe(k.Value), name, studyDir)
			continue
		}
		body.Keys = append(body.Keys, k)
	}
	w.merge(body, chain)
	w.loadIncludes(dir, node.Get("include"), append(chain[:len(chain):len(chain)], name))
	return true
}

func (w *Workspace) loadIncludes(dir string, list *attribute.Node, chain []string) {
	if list == nil || list.Kind == attribute.Null {
		return
	}
	items := list.Items
	if list.Kind == attribute.Scalar {
		items = []*attribute.Node{list}
	}
	if list.Kind == attribute.Map {
		w.problem(list.Pos, "include-shape", "include is a map; it should be a list of files or folders, e.g. [power.yaml, north]")
	}
	for _, item := range items {
		if item.Kind != attribute.Scalar {
			w.problem(item.Pos, "include-shape", "an include is %s; it should be the path of a file or folder, e.g. power.yaml", describe(item))
			continue
		}
		name, bad := resolve(dir, item.Text, item.Pos)
		if bad != nil {
			w.found = append(w.found, *bad)
			continue
		}
		switch {
		case w.isDir(name):
			w.loadFolder(name, item.Pos, chain)
		case strings.EqualFold(path.Ext(name), ".csv"):
			w.loadTable(dir, name, item.Pos)
		default:
			w.loadFile(dir, name, item.Pos, chain)
		}
	}
}

// loadTables reads assets/*.csv of a folder, by name.
func (w *Workspace) loadTables(dir string) {
	in := path.Join(dir, assetDir)
	for _, e := range w.entries(in) {
		name := path.Join(in, e.Name())
		at := attribute.Pos{File: name, Line: 1, Col: 1}
		switch ext := strings.ToLower(path.Ext(name)); {
		case strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~"):
		case e.IsDir():
			w.problem(at, "stray-file", "%s is a folder; %s/ is read without its folders: move its tables up or include them", name, assetDir)
		case ext == ".csv":
			w.loadTable(dir, name, at)
		case ext == ".yaml" || ext == ".yml":
			if !w.loaded[name] {
				w.problem(at, "stray-file", "%s is not read: %s/ holds tables (.csv); name it under include: in %s", name, assetDir, systemFile)
			}
		case ext == ".tsv" || ext == ".xlsx" || ext == ".xls" || ext == ".ods":
			w.problem(at, "stray-file", "%s is not read: save it as CSV (UTF-8, commas)", name)
		}
	}
}

func (w *Workspace) loadTable(dir, name string, from attribute.Pos) {
	if w.loaded[name] {
		return
	}
	w.loaded[name] = true
	data, bad := w.read(name, from, maxTable)
	if bad != nil {
		w.found = append(w.found, *bad)
		return
	}
	rows, problems := readTable(name, data)
	w.found = append(w.found, problems...)
	for _, row := range rows {
		rebase(dir, row.Value, nil)
	}
	at := attribute.Pos{File: name, Line: 1, Col: 1}
	assets := &attribute.Node{Kind: attribute.Map, Pos: at, Keys: rows}
	w.merge(&attribute.Node{Kind: attribute.Map, Pos: at, Keys: []attribute.Key{{Name: "assets", Pos: at, Value: assets}}}, nil)
}

// questions are the keys that say what is asked of a system rather than what it
// is. A file that includes others asks its own: what they say gives way.
var questions = map[string]bool{
	"product": true, "years": true, "first_day": true, "last_day": true,
	"weather": true, "offset": true, "representative": true,
}

// merge adds the keys of one file to the tree: maps key by key, anything else
// only if it was not said before or is the same, or is a question that a file
// of the chain, which led to this one, has put already.
func (w *Workspace) merge(add *attribute.Node, chain []string) {
	for _, k := range add.Keys {
		old := find(w.tree, k.Name)
		switch {
		case old == nil:
			if k.Value.Kind == attribute.Map {
				// A copy, because later files append to it.
				k.Value = &attribute.Node{Kind: attribute.Map, Pos: k.Value.Pos, Keys: append([]attribute.Key(nil), k.Value.Keys...)}
			}
			w.tree.Keys = append(w.tree.Keys, k)
		case k.Value.Kind == attribute.Null:
		case questions[k.Name] && slices.Contains(chain, old.Pos.File):
			if old.Value.Kind == attribute.Null { // it asks nothing, whatever the others ask
				w.unasked = append(w.unasked, k.Name)
			}
		case old.Value.Kind == attribute.Null:
			*old = k
		case old.Value.Kind == attribute.Map && k.Value.Kind == attribute.Map:
			w.found = append(w.found, addEntries(old.Value, k, "give one another name, or keep one")...)
		case k.Name == assetDir && (old.Value.Kind == attribute.Map) != (k.Value.Kind == attribute.Map):
			// Decoding says that assets must be a map; a second complaint
			// about the same word helps nobody.
			if old.Value.Kind != attribute.Map {
				continue
			}
			fallthrough
		default:
			if !equal(old.Value, k.Value) {
				w.problem(k.Pos, "include-conflict", "%s is %s here and %s at %s; say it once", k.Name, describe(k.Value), describe(old.Value), place(old.Pos, k.Pos.File))
			}
		}
	}
}

// addEntries appends the entries of a section to into. An entry said before
// is a problem, except a declaration (anything but an asset) that says the
// same: two workspaces that both declare electricity can be included together.
func addEntries(into *attribute.Node, section attribute.Key, advice string) []attribute.Problem {
	var problems []attribute.Problem
	index := make(map[string]int, len(into.Keys)+len(section.Value.Keys))
	for i := range into.Keys {
		index[into.Keys[i].Name] = i
	}
	for _, e := range section.Value.Keys {
		i, twice := index[e.Name]
		if !twice {
			index[e.Name] = len(into.Keys)
			into.Keys = append(into.Keys, e)
			continue
		}
		old := into.Keys[i]
		if section.Name != assetDir && equal(old.Value, e.Value) {
			continue
		}
		problems = append(problems, newProblem(e.Pos, "duplicate-id", "%s.%s stands here and at %s; %s", section.Name, e.Name, place(old.Pos, e.Pos.File), advice))
	}
	return problems
}

// readYAML reads a YAML file of the workspace; nil: it could not be read, and
// the problem is noted.
func (w *Workspace) readYAML(dir, name string, from attribute.Pos) *attribute.Node {
	data, bad := w.read(name, from, maxYAML)
	if bad != nil {
		w.found = append(w.found, *bad)
		return nil
	}
	node, problems := parseYAML(name, data)
	w.found = append(w.found, problems...)
	if node != nil {
		rebase(dir, node, map[*attribute.Node]bool{})
	}
	return node
}

// rebase puts an included folder's name before the paths of the series it
// cites. Only here are nodes changed, before anybody else sees them; done
// holds those that were, for aliases share nodes (nil: there are none).
func rebase(dir string, n *attribute.Node, done map[*attribute.Node]bool) {
	if dir == "." || done[n] {
		return
	}
	if done != nil {
		done[n] = true
	}
	switch n.Kind {
	case attribute.Scalar:
		if file, column, cited := strings.Cut(n.Text, "#"); cited && isSeries(n.Text) {
			if name, bad := resolve(dir, file, n.Pos); bad == nil {
				n.Text = name + "#" + column
			}
		}
	case attribute.List:
		for _, v := range n.Items {
			rebase(dir, v, done)
		}
	case attribute.Map:
		for i := range n.Keys {
			rebase(dir, n.Keys[i].Value, done)
		}
	}
}

// place says where something stands, with the file only if it is another one.
func place(p attribute.Pos, here string) string {
	if p.File == here {
		return fmt.Sprintf("line %d:%d", p.Line, p.Col)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// describe says what a node is, for a problem.
func describe(n *attribute.Node) string {
	switch n.Kind {
	case attribute.Scalar:
		return fmt.Sprintf("%q", short(n.Text))
	case attribute.List:
		return "a list"
	case attribute.Map:
		return "a map"
	}
	return "nothing"
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

func find(n *attribute.Node, name string) *attribute.Key {
	for i := range n.Keys {
		if n.Keys[i].Name == name {
			return &n.Keys[i]
		}
	}
	return nil
}

// equal compares what two nodes say, not where they stand; maps in any order.
func equal(a, b *attribute.Node) bool {
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Items) != len(b.Items) || len(a.Keys) != len(b.Keys) {
		return false
	}
	for i := range a.Items {
		if !equal(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for _, k := range a.Keys {
		if v := b.Get(k.Name); v == nil || !equal(k.Value, v) {
			return false
		}
	}
	return true
}

// absolute is the folder in full, for messages about links that lead out.
func absolute(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			return real
		}
		return abs
	}
	return dir
}
