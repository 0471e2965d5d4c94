package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.org/busbar/internal/attribute"
)

// TestBytes reads files whose bytes an archive can't hold.
func TestBytes(t *testing.T) {
	const table = "assets/a.csv"
	for _, c := range []struct{ name, file, text, want string }{
		{"nul", systemFile, "system: s\nassets: {\x00}\n", "system.yaml:2:10: control-character: character 0x00 can't stand in a text file; is this a file of another kind?"},
		{"delete", table, "id,at\na,\u00e9\x7f\n", "assets/a.csv:2:4: control-character: character 0x7f can't stand in a text file; is this a file of another kind?"},
		{"latin 1", systemFile, "system: Xa\u00ef Laos\nnote: Xa\xef\n", "system.yaml:2:9: not-utf8: byte 0xef is not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)"},
		{"latin 1 table", table, "id\n\xe9\n", "assets/a.csv:2:1: not-utf8: byte 0xe9 is not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)"},
		{"utf 16", systemFile, "\xff\xfes\x00y\x00", "system.yaml:1:1: not-utf8: system.yaml is UTF-16; save it as UTF-8"},
		{"deep", systemFile, "a: " + strings.Repeat("[", 100) + strings.Repeat("]", 100), "system.yaml:1:67: too-deep: more than 64 lists and maps within each other"},
		{"deep block", systemFile, "a:\n" + deepBlock(100), "system.yaml:65:65: too-deep: more than 64 lists and maps within each other"},
		{"deep dashes", systemFile, "a:\n " + strings.Repeat("- ", 100) + "x\n", "system.yaml:2:128: too-deep: more than 64 lists and maps within each other"},
		{"siblings", systemFile, strings.Repeat("a:\n", 10_001), "system.yaml:10001:1: too-large: more than 10000 entries in one map or list; put the assets into tables (assets/*.csv) or split it with include"},
		{"braces", systemFile, "a: {" + strings.Repeat("\"b\":\n ", 40_000), "system.yaml:10002:2: too-large: more than 10000 entries in one map or list; put the assets into tables (assets/*.csv) or split it with include"},
		// 4 maps of 5000 make 4 x 5000 x 5001 / 2 = 50.01 M pairs; the 4470th entry of the fifth exceeds 60 M.
		{"many maps", systemFile, strings.Repeat("a:\n"+strings.Repeat(" b:\n", 5000), 10), "system.yaml:24475:2: too-large: more entries than a YAML file should hold; put the assets into tables (assets/*.csv) or split it with include"},
		{"long line", systemFile, "a: " + strings.Repeat("x", 20_000), "system.yaml:1:1: too-large: a line of more than 20000 bytes; is this a YAML file?"},
		{"blank lines", systemFile, "a: |\n x\n" + strings.Repeat("\n", 300), "system.yaml:203:1: too-large: more than 200 empty lines in a row; is this a YAML file?"},
		{"angles", systemFile, "a: " + strings.Repeat("<", 200), "system.yaml:1:1: too-large: more than 99 characters < in a row; is this a YAML file?"},
		{"tabs", systemFile, "a: \"\n" + strings.Repeat("x\t\n", 10_001) + "\"", "system.yaml:10002:1: too-large: more than 10000 tabs; is this a YAML file?"},
		{"large", systemFile, "a: x\n" + strings.Repeat("# comment\n", maxYAML/10), "system.yaml:1:1: too-large: system.yaml is larger than 2 MiB; put the assets into tables (assets/*.csv) or split it with include"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, systemFile, "system: s\nassets: {}\n")
			write(t, dir, c.file, c.text)
			_, problems := openAll(dir)
			if len(problems) != 1 || problems[0].String() != c.want {
				t.Errorf("got %v\nwant %s", problems, c.want)
			}
		})
	}
}

func deepBlock(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// TestLineEnds reads the same workspace with every line end and with a byte
// order mark: same trees, same places.
func TestLineEnds(t *testing.T) {
	read := func(convert func(string) string) string {
		dir := t.TempDir()
		write(t, dir, systemFile, convert("system: s\nnote: |\n  a\n  b\nassets:\n  w: {kind: wind}\n"))
		write(t, dir, "assets/a.csv", convert("id,at,note\na,p,\"two\nlines\"\n\nb,q,\n"))
		w, problems := openAll(dir)
		for _, p := range problems {
			t.Error(p)
		}
		tree, _ := w.Tree(baseStudy)
		var b strings.Builder
		print(&b, "", tree)
		return b.String()
	}
	plain := read(func(s string) string { return s })
	if want := `assets.a.note "two\nlines" (assets/a.csv:2:5)`; !strings.Contains(plain, want) {
		t.Fatalf("no %s in\n%s", want, plain)
	}
	for name, convert := range map[string]func(string) string{
		"crlf":       func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"cr":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"mark":       func(s string) string { return "\ufeff" + s },
		"mark, crlf": func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") },
	} {
		if got := read(convert); got != plain {
			t.Errorf("%s: got\n%swant\n%s", name, got, plain)
		}
	}
}

// TestLinks follows links inside the workspace and none that lead out.
func TestLinks(t *testing.T) {
	outside := t.TempDir()
	write(t, outside, "secret.yaml", "system: stolen\n")
	write(t, outside, "a.yaml", "study: a\n")
	dir := t.TempDir()
	write(t, dir, systemFile, "system: s\ninclude: [out.yaml, in.yaml, broken.yaml, folder/secret.yaml]\nassets: {}\n")
	write(t, dir, "real.yaml", "title: in\n")
	for link, to := range map[string]string{
		"out.yaml": filepath.Join(outside, "secret.yaml"), "in.yaml": "real.yaml", "broken.yaml": "gone.yaml",
		"folder": outside, "studies": outside, "sources.yaml": filepath.Join(outside, "secret.yaml"),
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	w, problems := openAll(dir)
	want := []string{
		"sources.yaml:1:1: path-outside: sources.yaml is a link that leads out of the workspace; copy the file into it",
		"studies:1:1: path-outside: studies is a link that leads out of the workspace; copy the file into it",
		"system.yaml:2:11: path-outside: out.yaml is a link that leads out of the workspace; copy the file into it",
		"system.yaml:2:30: missing-file: no file broken.yaml in the workspace",
		"system.yaml:2:43: path-outside: folder/secret.yaml is a link that leads out of the workspace; copy the file into it",
	}
	expect(t, problems, want)
	tree, _ := w.Tree(baseStudy)
	if got := text(tree.Get("title")); got != "in" {
		t.Errorf("title %q from the link that stays inside, want in", got)
	}
	if _, bad := w.OpenFile("folder/secret.yaml", attribute.Pos{}); bad == nil || bad.Code != "path-outside" {
		t.Errorf("OpenFile through a folder's link: %v, want path-outside", bad)
	}
}

// TestQuestions: a file that includes a workspace asks its own question; what it
// says of the system itself must agree.
func TestQuestions(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, systemFile, "system: s\ninclude: [north, south]\nproduct:\nyears: [2030]\n")
	write(t, dir, "north/system.yaml", "system: n\nproduct: aluminium\nyears: [2040]\nweather: 1992\n")
	write(t, dir, "south/system.yaml", "system: t\nyears: [2050]\nweather: 2019\n")
	w, problems := openAll(dir)
	expect(t, problems, []string{"south/system.yaml:3:1: include-conflict: weather is \"2019\" here and \"1992\" at north/system.yaml:4:1; say it once"})
	tree, _ := w.Tree(baseStudy)
	if got := text(tree.Get("system")); got != "s" {
		t.Errorf("system is %q, want s", got)
	}
	if tree.Get("product") != nil {
		t.Error("the including file strikes the product out, and it is there")
	}
	if got := tree.Get("years").Items[0].Text; got != "2030" {
		t.Errorf("years begin with %s, want 2030", got)
	}
}

func expect(t *testing.T, problems []attribute.Problem, want []string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

// TestOpenFile finds series by the path a tree cites, notes each once, and
// says what is wrong with the others.
func TestOpenFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, systemFile, "system: s\ninclude: north\nassets:\n  a: {x: series/a.csv#x}\n")
	write(t, dir, "series/a.csv", "root")
	write(t, dir, "north/system.yaml", "system: n\nnote: see \"#3\" in a.csv\nassets:\n  b: &b {x: series/a.csv#x, y: ../series/a.csv#x, z: ../../a.csv#x, note: 'see #3'}\n  c: *b\n")
	write(t, dir, "north/assets/t.csv", "id,x\nd,series/a.csv#x\n")
	write(t, dir, "north/series/a.csv", "north")
	w, problems := openAll(dir)
	expect(t, problems, nil)
	tree, _ := w.Tree(baseStudy)
	from := attribute.Pos{File: systemFile, Line: 9, Col: 9}
	for path, want := range map[string]string{"a.x": "root", "b.x": "north", "c.x": "north", "b.y": "root", "d.x": "north"} {
		id, key, _ := strings.Cut(path, ".")
		name, _, _ := strings.Cut(text(tree.Get("assets").Get(id).Get(key)), "#")
		data, bad := w.OpenFile(name, from)
		if bad != nil || string(data) != want {
			t.Errorf("%s: %s holds %q (%v), want %q", path, name, data, bad, want)
		}
	}
	if got := text(tree.Get("assets").Get("b").Get("note")); got != "see #3" {
		t.Errorf("a note became %q", got)
	}
	for name, want := range map[string]string{
		"../../a.csv":   "path-outside",
		"/etc/passwd":   "path-outside",
		"series/b.csv":  "missing-file",
		"series":        "unreadable-file",
		"":              "missing-file",
		"series/a.csv/": "", // cleaned
	} {
		_, bad := w.OpenFile(name, from)
		switch {
		case bad == nil && want != "":
			t.Errorf("OpenFile(%q) succeeds, want %s", name, want)
		case bad != nil && (bad.Code != want || bad.File != systemFile || bad.Line != 9 || bad.Col != 9):
			t.Errorf("OpenFile(%q): %v, want %s at 9:9", name, bad, want)
		}
	}
	var e *FileError
	if _, err := w.ReadFile("series/b.csv"); !errors.As(err, &e) || e.Problem().Code != "missing-file" || e.Error() != "no file series/b.csv in the workspace; did you mean series/a.csv?" {
		t.Errorf("ReadFile: %v", err)
	}

	var names []string
	for _, f := range w.Files() {
		names = append(names, f.Path)
		onDisk, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(onDisk); f.SHA256 != hex.EncodeToString(sum[:]) || string(f.Data) != string(onDisk) {
			t.Errorf("%s: hash or data differ from the file", f.Path)
		}
	}
	want := "north/assets/t.csv north/series/a.csv north/system.yaml series/a.csv system.yaml"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files %s, want %s", got, want)
	}
}

// TestOpenFileTogether is for the race detector.
func TestOpenFileTogether(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, systemFile, "system: s\n")
	write(t, dir, "a.csv", "a")
	w, _ := Open(dir)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if data, bad := w.OpenFile("a.csv", attribute.Pos{}); bad != nil || string(data) != "a" {
				t.Errorf("%q, %v", data, bad)
			}
			w.Files()
		})
	}
	wait.Wait()
}

func TestNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	w, problems := Open(dir)
	if len(problems) != 1 || problems[0].Code != "missing-file" || !strings.Contains(problems[0].Text, dir) {
		t.Errorf("got %v", problems)
	}
	if name, err := w.Default(""); name != baseStudy || err != nil {
		t.Errorf("Default: %s, %v", name, err)
	}
	if tree, _ := w.Tree(baseStudy); text(tree.Get("study")) != baseStudy {
		t.Error("no tree of base")
	}
	if _, bad := w.OpenFile("a.csv", attribute.Pos{}); bad == nil {
		t.Error("a file of no folder")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}
