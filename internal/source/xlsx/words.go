package xlsx

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/workspace"
)

// words are what a workspace says, before any study is laid over it.
type words struct {
	system  *attribute.Node
	studies []said
	series  map[string][]byte // cited files, by path; those that are not there are left out
}

// said is one study's own words.
type said struct {
	name string
	body *attribute.Node // with from, set and sweep
}

// readWords reads a workspace; with a study, that one and those it needs.
func readWords(dir, study string) (*words, []attribute.Problem, error) {
	w, problems := workspace.Open(dir)
	defer w.Close()
	for _, s := range w.Studies() {
		_, more := w.Sweep(s.Name)
		problems = append(problems, more...)
	}
	if len(problems) > 0 {
		return nil, workspace.Sorted(problems), nil
	}
	if study != "" {
		if _, err := w.Default(study); err != nil {
			return nil, nil, err
		}
	}
	out := &words{series: map[string][]byte{}}
	files := map[string][]byte{}
	bodies := map[string][]byte{}
	for _, f := range w.Files() {
		if path.Dir(f.Path) == "studies" {
			bodies[f.Path] = f.Data
		} else {
			files[f.Path] = f.Data
		}
	}
	var err error
	if out.system, err = base(files); err != nil {
		return nil, nil, err
	}
	for _, s := range w.Studies() {
		if s.File == "" {
			continue
		}
		body, err := base(map[string][]byte{"system.yaml": bodies[s.File]})
		if err != nil {
			return nil, nil, err
		}
		out.studies = append(out.studies, said{s.Name, body})
	}
	if study != "" {
		out.keep(study)
	}
	cite := func(text string) {
		file, _, ok := strings.Cut(text, "#")
		ok = ok || isSeries(text) // a file of snapshots is cited whole
		if !ok || out.series[file] != nil {
			return
		}
		if data, err := w.ReadFile(file); err == nil {
			out.series[file] = data
		}
	}
	eachText(out.system, cite)
	for _, s := range out.studies {
		eachText(s.body, cite)
	}
	return out, nil, nil
}

// base reads files as a workspace without studies and gives its tree. Package
// workspace gives trees of studies alone; base, which is there without a file,
// says nothing of its own, so its tree is what the files say. A study's file
// is read so too: what it says then stands in the tree as it is written.
func base(files map[string][]byte) (*attribute.Node, error) {
	dir, err := os.MkdirTemp("", "busbar-xlsx-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for name, data := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(full, data, 0o600); err != nil {
			return nil, err
		}
	}
	// The files were read before without a problem; a study's own name is
	// one where a system's stands.
	w, _ := workspace.Open(dir)
	defer w.Close()
	tree, _ := w.Tree("base")
	out := &attribute.Node{Kind: attribute.Map, Pos: tree.Pos}
	for _, k := range tree.Keys {
		if k.Name != "study" {
			out.Keys = append(out.Keys, k)
		}
	}
	return out, nil
}

// keep leaves the study of a name, and those that it inherits or takes
// capacities from.
func (w *words) keep(name string) {
	need := []string{name}
	if n := w.system.Get("builds"); n != nil && n.Kind == attribute.Scalar {
		need = append(need, n.Text)
	}
	for i := 0; i < len(need); i++ {
		for _, s := range w.studies {
			if s.name != need[i] {
				continue
			}
			for _, key := range []string{"from", "builds"} {
				if n := s.body.Get(key); n != nil && n.Kind == attribute.Scalar && !slices.Contains(need, n.Text) {
					need = append(need, n.Text)
				}
			}
		}
	}
	w.studies = slices.DeleteFunc(w.studies, func(s said) bool { return !slices.Contains(need, s.name) })
}

// eachText visits the scalars of a tree.
func eachText(n *attribute.Node, visit func(string)) {
	switch n.Kind {
	case attribute.Scalar:
		visit(n.Text)
	case attribute.List:
		for _, v := range n.Items {
			eachText(v, visit)
		}
	case attribute.Map:
		for _, k := range n.Keys {
			eachText(k.Value, visit)
		}
	}
}
