package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"example.org/busbar/internal/attribute"
)

// slow is far above what an input of the fuzzer's size may take, and far below
// what the library would take on the inputs that measureText refuses.
const slow = 5 * time.Second

// FuzzYAML: whatever the bytes, the reader returns in time with a tree or a
// problem, every place lies in the file, and what stands at the place of an
// unquoted value or key is how its text begins. (The library has dropped
// tabs and misplaced tokens.)
func FuzzYAML(f *testing.F) {
	seed(f, ".yaml")
	// Places that the library gives wrongly: after blanks at a line's end, a tab
	// before a block of text, lines of a text that begin with a dash.
	for _, text := range []string{"00 00 \n", "\t >\n0", "a: -x\n -y\n -z\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		began := time.Now()
		node, problems := parseYAML(systemFile, data)
		if d := time.Since(began); d > slow {
			t.Fatalf("took %v", d)
		}
		text := checkPlaces(t, data, problems)
		if node == nil {
			if len(problems) == 0 {
				t.Fatal("neither a tree nor a problem")
			}
			return
		}
		if len(problems) > 0 {
			return
		}
		if n := count(node); n > maxExpanded+len(data)+1 {
			t.Fatalf("%d values from %d bytes", n, len(data))
		}
		text.check(t, node)
	})
}

// FuzzTable: whatever the bytes, the reader returns with rows or problems, ids
// are there and differ, and every value stands where its place says.
func FuzzTable(f *testing.F) {
	seed(f, ".csv")
	f.Fuzz(func(t *testing.T, data []byte) {
		began := time.Now()
		rows, problems := readTable("assets/wind.csv", data)
		if d := time.Since(began); d > slow {
			t.Fatalf("took %v", d)
		}
		text := checkPlaces(t, data, problems)
		ids := map[string]bool{}
		for _, r := range rows {
			if r.Name == "" || ids[r.Name] {
				t.Fatalf("id %q is empty or stands twice", r.Name)
			}
			ids[r.Name] = true
			if kind := r.Value.Keys[0]; kind.Name != "kind" || kind.Value.Text == "" {
				t.Fatalf("%s begins with %s %q, want its kind", r.Name, kind.Name, kind.Value.Text)
			}
			for _, k := range r.Value.Keys[1:] {
				text.check(t, k.Value)
			}
		}
	})
}

// seed adds the files of the archives whose names end so.
func seed(f *testing.F, ending string) {
	for _, dir := range []string{"testdata/good", "testdata/broken"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil || len(files) == 0 {
			f.Fatalf("no archives in %s", dir)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for _, part := range strings.Split(string(data), "\n-- ")[1:] {
				if name, text, _ := strings.Cut(part, " --\n"); strings.HasSuffix(name, ending) {
					f.Add([]byte(text))
				}
			}
		}
	}
}

func count(n *attribute.Node) int {
	total := 1
	for _, v := range n.Items {
		total += count(v)
	}
	for _, k := range n.Keys {
		total += count(k.Value)
	}
	return total
}

// source is a file by lines and characters.
type source [][]rune

func checkPlaces(t *testing.T, data []byte, problems []attribute.Problem) source {
	t.Helper()
	clean, bad := cleanText("x", data)
	if bad != nil {
		return nil
	}
	var s source
	for _, line := range strings.Split(string(clean), "\n") {
		s = append(s, []rune(line))
	}
	for _, p := range problems {
		if p.Text == "" || p.Code == "" || !utf8.ValidString(p.Text) {
			t.Fatalf("empty or broken problem %v", p)
		}
		if p.Line < 1 || p.Line > len(s) || p.Col < 1 || p.Col > len(s[p.Line-1])+1 {
			t.Fatalf("%v: no such place", p)
		}
	}
	return s
}

func (s source) check(t *testing.T, n *attribute.Node) {
	t.Helper()
	if n.Kind == attribute.Scalar {
		s.begins(t, n.Pos, n.Text)
	}
	for _, v := range n.Items {
		s.check(t, v)
	}
	for _, k := range n.Keys {
		if k.Pos != k.Value.Pos { // else the reader made the key: {value: 12 MW}
			s.begins(t, k.Pos, k.Name)
		}
		s.check(t, k.Value)
	}
}

// begins expects the first word of text at its place, unless a quote or the
// mark of a block of text begins there. A key of a table stands in its header,
// maybe after other parts of its name.
func (s source) begins(t *testing.T, p attribute.Pos, text string) {
	t.Helper()
	if p.Line < 1 || p.Line > len(s) || p.Col < 1 || p.Col > len(s[p.Line-1])+1 {
		t.Fatalf("%q at %v: no such place", text, p)
	}
	there := string(s[p.Line-1][p.Col-1:])
	if there != "" && strings.ContainsRune(`"'|>`, rune(there[0])) {
		return
	}
	words := strings.Fields(text)
	switch {
	case len(words) == 0:
	case strings.HasPrefix(there, words[0]):
	case strings.HasSuffix(p.File, ".csv") && p.Line <= headerEnd(s) && strings.Contains(there, words[0]):
	default:
		t.Fatalf("%q at %v, where %q stands", text, p, there)
	}
}

// headerEnd is the line of a table's first row that is not empty.
func headerEnd(s source) int {
	for i, line := range s {
		if len(line) > 0 {
			return i + 1
		}
	}
	return len(s)
}
