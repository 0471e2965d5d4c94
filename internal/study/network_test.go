package study

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/shared"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// A network imported as a workspace is the same problem as the network solved
// as it is, and has PyPSA's optimum.
func TestImportedNetworks(t *testing.T) {
	root := shared.Path(t, "cases/pypsa")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		folder := filepath.Join(root, e.Name(), "network")
		if !e.IsDir() {
			continue
		}
		if !pypsa.IsFolder(folder) { // PyPSA can't write scenarios as CSV
			folder += ".nc"
		}
		t.Run(e.Name(), func(t *testing.T) { imported(t, folder, filepath.Join(root, e.Name(), "expected.json")) })
	}
}

func imported(t *testing.T, folder, options string) {
	o, problems := pypsa.ReadOptions(options, nil)
	n, more, err := pypsa.Open(folder)
	if errors.Is(err, netcdf.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(problems)+len(more) > 0 {
		t.Fatal(problems, more)
	}
	r, problems, err := ImportNetwork(n, o)
	if o.Entry == "rolling_horizon" {
		if err == nil {
			t.Error("it can't be one study, and is imported")
		}
		return
	}
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	dir := t.TempDir()
	for path, text := range r.Files {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if o.Entry == "mga" {
		neighbourhood(t, dir, options)
	}
	w, problems := workspace.Open(dir)
	defer w.Close()
	tree, more := w.Tree("base")
	s, m, bad := load(w, tree)
	for _, p := range append(append(problems, more...), bad...) {
		t.Error(p)
	}
	if t.Failed() {
		t.Logf("%s", r.Files["system.yaml"])
		t.FailNow()
	}
	p, ix, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	direct, problems := pypsa.Build(n, o)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	q, jx, err := formulate.Build(direct.Model)
	if err != nil {
		t.Fatal(err)
	}
	if p.Rows() != q.Rows() || p.Cols() != q.Cols() || p.Nonzeros() != q.Nonzeros() {
		t.Fatalf("%d rows, %d columns, %d nonzeros; solved as it is %d, %d, %d", p.Rows(), p.Cols(), p.Nonzeros(), q.Rows(), q.Cols(), q.Nonzeros())
	}
	same := p.Hash() == q.Hash() || alike(p, q, rowsOf(s, m, ix, direct.Model, jx))
	order, want := "", objective(t, options)
	if p.Hash() != q.Hash() {
		order = " but for the order of its buses"
	}
	t.Logf("%-28s %6d rows %6d columns; the same problem to the bit%s: %v", filepath.Base(filepath.Dir(folder)), p.Rows(), p.Cols(), order, same)
	if same {
		return // its optimum is tested where it is solved as it is
	}
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	sol, _, err := solve.Run(ctx, p, "auto", lp.Options{Gap: 1e-7, Hint: ix.Hint()})
	if err != nil {
		t.Fatal(err)
	}
	if off := math.Abs(sol.Objective - want); off > 1e-6*(1+math.Abs(want)) {
		t.Errorf("objective %.10g, PyPSA's %.10g", sol.Objective, want)
	}
}

// neighbourhood checks that a run of a workspace has PyPSA's objective.
func neighbourhood(t *testing.T, dir, options string) {
	t.Helper()
	results, err := Run(context.Background(), Request{
		Dir: dir, Out: filepath.Join(t.TempDir(), "run"), Solver: "auto", Version: "test",
		Now: time.Now, Peak: func() float64 { return 0 }, Say: func(string, ...any) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	want, got := objective(t, options), results[0].Objective
	if got == nil || math.Abs(*got-want) > 1e-6*(1+math.Abs(want)) {
		t.Errorf("objective %v, PyPSA's %.10g", got, want)
	}
	if c := results[0].Certificate; !c.OK || c.Kind != "sequence" {
		t.Errorf("certificate %v", c)
	}
	f, err := run.Open(*results[0].Run)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Rebuild(f); err == nil || !strings.Contains(err.Error(), "two problems") {
		t.Errorf("explaining it gives %v", err)
	}
}

// objective is what PyPSA answered.
func objective(t *testing.T, options string) float64 {
	t.Helper()
	text, err := os.ReadFile(options)
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Objective float64 `json:"objective_plus_constant"`
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	return want.Objective
}

// rowsOf says for each row of an imported problem which row it is of the
// network's own: buses come in another order, and all other rows in the same.
func rowsOf(s *system.System, m *primitive.Model, ix *formulate.Index, direct *primitive.Model, jx *formulate.Index) []int32 {
	names := map[string]string{} // places by the names that the network has
	for _, p := range s.Places {
		names[p.ID] = p.ID
		if p.Name != "" {
			names[p.ID] = p.Name
		}
	}
	public, private := map[string]int32{}, []int32(nil)
	for i, b := range direct.Buses {
		if b.Asset == primitive.None {
			public[b.Place] = int32(i)
		} else {
			private = append(private, int32(i))
		}
	}
	first := map[int32]int32{}
	jx.Rows(func(k formulate.Block) {
		if _, ok := first[k.Index]; k.What == formulate.Balance && !ok {
			first[k.Index] = k.First
		}
	})
	var to []int32
	inside := map[int32]int{}
	ix.Rows(func(k formulate.Block) {
		for n := range k.Count {
			row := k.First + n
			if k.What == formulate.Balance {
				b := m.Buses[k.Index]
				bus := public[names[b.Place]]
				if b.Asset != primitive.None {
					if _, ok := inside[k.Index]; !ok {
						inside[k.Index] = len(inside)
					}
					bus = private[inside[k.Index]]
				}
				row = first[bus] + k.Step + n
			}
			to = append(to, row)
		}
	})
	return to
}

// alike reports whether p is q with its rows in the order of to.
func alike(p, q *lp.Problem, to []int32) bool {
	for i, j := range to {
		if p.RowLower[i] != q.RowLower[j] || p.RowUpper[i] != q.RowUpper[j] {
			return false
		}
	}
	if !slices.Equal(p.Cost, q.Cost) || !slices.Equal(p.ColLower, q.ColLower) || !slices.Equal(p.ColUpper, q.ColUpper) ||
		!slices.Equal(p.Start, q.Start) || !slices.Equal(p.Integer, q.Integer) || !slices.Equal(p.QValue, q.QValue) || p.Offset != q.Offset {
		return false
	}
	for c := range p.Cost {
		column := map[int32]float64{}
		for k := q.Start[c]; k < q.Start[c+1]; k++ {
			column[q.Index[k]] = q.Value[k]
		}
		for k := p.Start[c]; k < p.Start[c+1]; k++ {
			if v, ok := column[to[p.Index[k]]]; !ok || v != p.Value[k] {
				return false
			}
		}
	}
	return true
}
