package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
)

// TestBroken opens each workspace of testdata/broken and expects exactly the
// problems that the archive's head lists (a line that begins with # is a note).
func TestBroken(t *testing.T) {
	for _, file := range archives(t, "testdata/broken") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			a, dir := extract(t, file)
			var want []string
			for _, line := range strings.Split(a.Comment, "\n") {
				if line != "" && !strings.HasPrefix(line, "#") {
					want = append(want, line)
				}
			}
			if len(want) == 0 {
				t.Fatal("the archive expects no problem")
			}
			_, problems := openAll(dir)
			var got []string
			for _, p := range problems {
				got = append(got, p.String())
			}
			if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
		})
	}
}

// TestGood opens each workspace of testdata/good and expects the trees that
// the archive's files want/STUDY hold.
func TestGood(t *testing.T) {
	for _, file := range archives(t, "testdata/good") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			a, dir := extract(t, file)
			w, problems := openAll(dir)
			for _, p := range problems {
				t.Error(p)
			}
			trees := 0
			for _, f := range a.Files {
				name, ok := strings.CutPrefix(f.Name, "want/")
				if !ok {
					continue
				}
				trees++
				var got strings.Builder
				if name == "points" {
					printPoints(&got, w)
				} else {
					tree, _ := w.Tree(name)
					print(&got, "", tree)
				}
				if got.String() != f.Data {
					t.Errorf("%s: got\n%swant\n%s", f.Name, got.String(), f.Data)
				}
			}
			if trees == 0 {
				t.Error("the archive expects no tree")
			}
		})
	}
}

// openAll finds every problem of a workspace and all its studies.
func openAll(dir string) (*Workspace, []attribute.Problem) {
	w, problems := Open(dir)
	for _, s := range w.Studies() {
		_, more := w.Tree(s.Name)
		problems = append(problems, more...)
		_, more = w.Sweep(s.Name)
		problems = append(problems, more...)
	}
	return w, Sorted(problems)
}

func archives(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives in %s (%v)", dir, err)
	}
	return files
}

// archive is a workspace in one text: a head, then files, each after a line
// "-- name --".
type archive struct {
	Comment string
	Files   []archiveFile
}

type archiveFile struct{ Name, Data string }

func extract(t *testing.T, file string) (archive, string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var a archive
	for _, line := range strings.SplitAfter(string(data), "\n") {
		if name, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(name, " --\n") {
			a.Files = append(a.Files, archiveFile{Name: strings.TrimSuffix(name, " --\n")})
		} else if n := len(a.Files); n > 0 {
			a.Files[n-1].Data += line
		} else {
			a.Comment += line
		}
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		if !strings.HasPrefix(f.Name, "want/") {
			write(t, dir, f.Name, f.Data)
		}
	}
	return a, dir
}

// fataler is a test, or one of rapid's.
type fataler interface {
	Helper()
	Fatal(...any)
}

func write(t fataler, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// print writes a tree, a line for every value: path, text, place.
func print(b *strings.Builder, path string, n *attribute.Node) {
	line := func(text string) { fmt.Fprintf(b, "%s %s (%s:%d:%d)\n", path, text, n.Pos.File, n.Pos.Line, n.Pos.Col) }
	switch {
	case n == nil:
		b.WriteString("no tree\n")
	case n.Kind == attribute.Scalar:
		line(fmt.Sprintf("%q", n.Text))
	case n.Kind == attribute.Null:
		line("null")
	case n.Kind == attribute.List:
		if len(n.Items) == 0 {
			line("[]")
		}
		for i, v := range n.Items {
			print(b, fmt.Sprintf("%s[%d]", path, i), v)
		}
	default:
		if len(n.Keys) == 0 && path != "" {
			line("{}")
		}
		for _, k := range n.Keys {
			print(b, strings.TrimPrefix(path+"."+k.Name, "."), k.Value)
		}
	}
}

func printPoints(b *strings.Builder, w *Workspace) {
	for _, s := range w.Studies() {
		points, _ := w.Sweep(s.Name)
		for _, p := range points {
			b.WriteString(p.Name)
			for _, v := range p.Values {
				fmt.Fprintf(b, " %s=%s", v.Path, v.Text)
			}
			b.WriteString("\n")
		}
	}
}
