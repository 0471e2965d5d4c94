package explain_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/example"
	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// Two days, one place; each test adds its assets and limits.
const head = `
system: Test
currency: USD
base_year: 2030
first_day: 2030-03-31
last_day: 2030-04-01
commodities:
  electricity: {unit: MWh, step: 1h}
  metal:       {unit: t, step: 1d}
  co2:         {unit: t, balance: account}
places:
  town: {name: Old town}
  dam: {}
`

// load makes a model of a system's text.
func load(t *testing.T, text string) (*system.System, *primitive.Model) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "system.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return open(t, dir, "base")
}

func open(t *testing.T, dir, study string) (*system.System, *primitive.Model) {
	t.Helper()
	w, problems := workspace.Open(dir)
	defer w.Close()
	tree, more := w.Tree(study)
	s, bad := system.Load(tree, system.Options{Open: func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(dir, name))
	}})
	problems = append(append(problems, more...), bad...)
	m, bad := system.Expand(s)
	if problems = append(problems, bad...); len(problems) > 0 {
		t.Fatal(problems)
	}
	return s, m
}

// park writes the example and adds a line to one of its studies.
func park(t *testing.T, study, more string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "park")
	if err := example.Write(dir, "oudomxay"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "studies", study+".yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = append(bytes.Replace(data, []byte("representative: {weeks: 6}"), nil, 1), more...)
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// solvers that must all come to the same words.
func solvers(t *testing.T) []string {
	t.Helper()
	all := []string{"native"}
	if _, err := highs.Probe(); err == nil {
		all = append(all, "highs:simplex", "highs:ipx")
	} else {
		t.Logf("without HiGHS: %v", err)
	}
	return all
}

// conflict is what is said of an infeasible system, by every solver the same.
func conflict(t *testing.T, text string, want ...string) {
	t.Helper()
	s, m := load(t, text)
	same(t, s, m, want...)
}

func same(t *testing.T, s *system.System, m *primitive.Model, want ...string) {
	t.Helper()
	for _, solver := range solvers(t) {
		c, err := explain.Infeasible(context.Background(), s, m, solver, lp.Options{Threads: 1, TimeLimit: time.Minute})
		if err != nil {
			t.Errorf("%s: %v", solver, err)
			continue
		}
		if got := strings.Join(c.Lines, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("%s says\n%s\nwant\n%s", solver, got, strings.Join(want, "\n"))
		}
	}
}
