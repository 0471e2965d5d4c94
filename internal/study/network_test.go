package study

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/shared/networks"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// A network imported as a workspace is the same problem as the network solved
// as it is, and has PyPSA's optimum.
func TestImportedNetworks(t *testing.T) {
	networks.Walk(t, imported)
}

func imported(t *testing.T, c *networks.Case) {
	n, o := c.Network, c.Options
	r, problems, err := ImportNetwork(n, o)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	dir := filepath.Join(t.TempDir(), "made")
	if err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	switch o.Entry {
	case "mga":
		neighbourhood(t, dir, c.Objective)
	case "rolling_horizon":
		rolled := solves(t, dir, c.Objective)
		if !agree(rolled.Windows, c.Windows) {
			t.Errorf("windows %.10g, PyPSA's %.10g", rolled.Windows, c.Windows)
		}
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
	order, want := "", c.Objective
	if p.Hash() != q.Hash() {
		order = " but for the order of its buses"
	}
	t.Logf("%-28s %6d rows %6d columns; the same problem to the bit%s: %v", c.Name, p.Rows(), p.Cols(), order, same)
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

// solves checks that a run of a workspace has PyPSA's objective, proved as a
// sequence; want is NaN where PyPSA has no plan.
func solves(t *testing.T, dir string, want float64) *Result {
	t.Helper()
	results, err := Run(context.Background(), Request{
		Dir: dir, Out: filepath.Join(t.TempDir(), "run"), Solver: "auto", LP: lp.Options{Gap: 1e-8}, Version: "test",
		Now: time.Now, Peak: func() float64 { return 0 }, Say: func(string, ...any) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := results[0]
	if math.IsNaN(want) { // there is no plan
		return got
	}
	if got.Objective == nil || !agree([]float64{*got.Objective}, []float64{want}) {
		t.Errorf("objective %v, PyPSA's %.10g", got.Objective, want)
	}
	if c := got.Certificate; !c.OK || c.Kind != lp.KindSequence {
		t.Errorf("certificate %v", c)
	}
	return got
}

// agree compares objectives to 1e-6.
func agree(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(b)) })
}

// neighbourhood checks a run of a near-optimal alternative.
func neighbourhood(t *testing.T, dir string, want float64) {
	t.Helper()
	f, err := run.Open(*solves(t, dir, want).Run)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Rebuild(f)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.Note, "it is the cheapest plan too where sizes cost more") {
		t.Errorf("explained as %q", s.Note)
	}
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
