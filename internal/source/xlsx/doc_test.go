package xlsx_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.org/busbar/internal/source/xlsx"
	"example.org/busbar/internal/study"
)

const page = "../../../docs/workspace.md"

// The example of docs/workspace.md is a workspace without a problem, and comes
// back from a workbook.
func TestDocOfTheWorkspace(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := regexp.MustCompile("(?m)^`([a-z/]+\\.(?:yaml|csv))`:\n\n```[a-z]+\n((?s).*?)```").FindAllStringSubmatch(string(text), -1)
	if len(files) != 6 {
		t.Fatalf("%d files, want 6", len(files))
	}
	for _, f := range files {
		full := filepath.Join(dir, filepath.FromSlash(f[1]))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(f[2]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	problems, err := study.Check(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if t.Failed() {
		return
	}
	want := hashes(t, dir)
	if got := hashes(t, round(t, t.TempDir(), dir)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error("another problem came back from the workbook")
	}
}

// The codes that only a workbook has stand on the page.
func TestDocOfCodes(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range xlsx.Codes {
		if line := fmt.Sprintf("| `%s` | %s | %s |\n", c.Code, c.Meaning, c.Help); !strings.Contains(string(text), line) {
			t.Errorf("docs/workspace.md lacks %s", line)
		}
	}
}
