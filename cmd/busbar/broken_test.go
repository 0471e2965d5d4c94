package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"example.org/busbar/internal/attribute"
)

// TestBroken checks each workspace of testdata/broken and expects exactly the
// lines that the archive's head lists (one that begins with # is a note), exit
// code 2 and nothing else, as text and as JSON.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d broken workspaces, want 30 or more (%v)", len(files), err)
	}
	codes := map[string]bool{}
	for _, c := range attribute.Codes {
		codes[c.Code] = true
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want strings.Builder
			for _, line := range strings.SplitAfter(string(a.Comment), "\n") {
				if line != "\n" && !strings.HasPrefix(line, "#") {
					want.WriteString(line)
				}
			}
			if want.Len() == 0 {
				t.Fatal("the archive expects no problem")
			}
			dir := t.TempDir()
			if err := txtar.Write(a, dir); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			if code := Main([]string{"check", dir}, strings.NewReader(""), &out, &errs); code != exitBadInput {
				t.Errorf("exit code %d, want 2", code)
			}
			if out.Len() > 0 {
				t.Errorf("on stdout: %s", &out)
			}
			if errs.String() != want.String() {
				t.Errorf("got\n%swant\n%s", &errs, &want)
			}
			out.Reset()
			errs.Reset()
			if code := Main([]string{"check", dir, "--json"}, strings.NewReader(""), &out, &errs); code != exitBadInput {
				t.Errorf("exit code %d with --json, want 2", code)
			}
			var got struct {
				Status   string
				Problems []attribute.Problem
			}
			if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Status != "bad-input" {
				t.Fatalf("--json gives status %q, %v: %s", got.Status, err, &out)
			}
			lines := ""
			for _, p := range got.Problems {
				lines += p.String() + "\n"
				if !codes[p.Code] {
					t.Errorf("code %s has no line in the table of errors", p.Code)
				}
			}
			if lines != want.String() {
				t.Errorf("--json gives\n%swant\n%s", lines, &want)
			}
			// run refuses it too, in the same words, and leaves nothing.
			errs.Reset()
			study := []string{"run", dir}
			if name, of := strings.CutPrefix(got.Problems[0].File, "studies/"); of {
				study = append(study, "--study", strings.TrimSuffix(name, filepath.Ext(name)))
			}
			if code := Main(study, strings.NewReader(""), &out, &errs); code != exitBadInput {
				t.Errorf("run: exit code %d, want 2", code)
			}
			if _, err := os.Stat(filepath.Join(dir, "runs")); err == nil {
				t.Error("run left a folder")
			}
		})
	}
}
