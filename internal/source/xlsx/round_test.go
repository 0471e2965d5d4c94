package xlsx_test

import (
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/example"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/source/xlsx"
	"example.org/busbar/internal/study"
)

// hashes are the LP hashes of every study of a workspace.
func hashes(t rapid.TB, dir string) map[string]string {
	t.Helper()
	w, problems := workspace.Open(dir)
	defer w.Close()
	for _, p := range problems {
		t.Fatal(p)
	}
	out := map[string]string{}
	for _, s := range w.Studies() {
		p, err := study.Problem(dir, s.Name)
		if err != nil {
			found, _ := study.Check(dir, s.Name)
			for _, p := range found {
				t.Error(p)
			}
			t.Fatalf("study %s: %v", s.Name, err)
		}
		out[s.Name] = p.Hash()
	}
	return out
}

// round exports a workspace, imports the workbook, and gives the new folder.
func round(t rapid.TB, at, dir string) string {
	t.Helper()
	book, back := filepath.Join(at, "book.xlsx"), filepath.Join(at, "back")
	problems, err := xlsx.Export(dir, book, "")
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	problems, err = xlsx.Import(book, back)
	for _, p := range problems {
		t.Error(xlsx.Line(p))
	}
	if err != nil || len(problems) > 0 {
		t.Fatal("the workbook that export wrote does not import", err)
	}
	return back
}

// What a planner wrote comes back with the same meaning, to the last bit of
// the problem that every study makes of it.
func TestExamplesComeBackTheSame(t *testing.T) {
	for _, n := range example.Names() {
		name := n[0]
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), name)
			if err := example.Write(dir, name); err != nil {
				t.Fatal(err)
			}
			want := hashes(t, dir)
			back := round(t, t.TempDir(), dir)
			got := hashes(t, back)
			if len(got) != len(want) {
				t.Errorf("%d studies came back of %d", len(got), len(want))
			}
			for s, h := range want {
				if got[s] != h {
					t.Errorf("study %s: the problem is another one", s)
				}
			}
			if want, got := said(t, dir), said(t, back); want != got {
				t.Errorf("other words came back:\n%s\n%s", want, got)
			}
		})
	}
}

// Lists whose entries may be one word (outages: [L0]) come back, in a study as
// elsewhere, and so do a study's windows and alternative.
func TestShortListsComeBack(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"system.yaml": `system: Town
first_day: 2030-01-01
last_day: 2030-01-01
commodities: {electricity: MWh}
places: {town: , port: }
assets:
  load: {kind: demand, at: town, amount: 5 MW}
  gas: {kind: unit, at: port, capacity: 9 MW}
  L0: {kind: line, from: town, to: port, reactance: 0.1 1/MW, capacity: 10 MW}
  L1: {kind: line, from: town, to: port, reactance: 0.1 1/MW, capacity: 10 MW}
`,
		"studies/one.yaml":  "study: one\noutages: [L0]\n",
		"studies/two.yaml":  "study: two\noutages: [L0, {line: L1, monitored: [L0]}]\nrolling: {horizon: 6 h, overlap: 2 h}\n",
		"studies/near.yaml": "study: near\nset: {assets.gas.build: {max: 5 MW, annuity: 3 USD/MW/a}}\nalternative: {slack: 5 %, sizes: {gas: 1}}\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := hashes(t, dir)
	back := round(t, t.TempDir(), dir)
	got := hashes(t, back)
	for s, h := range want {
		if got[s] != h {
			t.Errorf("study %s: the problem is another one", s)
		}
	}
	if want, got := said(t, dir), said(t, back); want != got {
		t.Errorf("other words came back:\n%s\n%s", want, got)
	}
}
