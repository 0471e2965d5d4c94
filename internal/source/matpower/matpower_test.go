package matpower

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// solved is a case with its optimum.
type solved struct {
	*Built
	p    *lp.Problem
	ix   *formulate.Index
	sol  *lp.Solution
	cert lp.Certificate
}

func solveText(t *testing.T, path, text string, dc DC, solver string) *solved {
	t.Helper()
	c, problems := Read(path, text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b, problems := Build(c, dc)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := &solved{Built: b}
	var err error
	if s.p, s.ix, err = formulate.Build(b.Model); err != nil {
		t.Fatal(err)
	}
	if s.sol, s.cert, err = solve.Run(context.Background(), s.p, solver, lp.Options{}); err != nil {
		t.Fatal(err)
	}
	if s.sol.Status != lp.Optimal || !s.cert.OK {
		t.Fatalf("%s: %v, %v", path, s.sol.Status, s.cert)
	}
	return s
}

// All copied cases of PGLib-OPF v23.07 give its DC column (PowerModels with
// Ipopt) to the five digits that it prints.
func TestPGLib(t *testing.T) {
	dir := shared.Path(t, "data/reference/pglib-opf")
	f, err := os.Open(filepath.Join(dir, "baseline.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 15 {
		t.Fatalf("%d rows in baseline.csv, want 14 and a head", len(rows))
	}
	t.Logf("%-26s %6s %6s %12s %12s %14s  %s", "case", "nodes", "edges", "PGLib", "here", "in full", "solver")
	for _, row := range rows[1:] {
		name, want := row[1], row[4]
		text, err := os.ReadFile(filepath.Join(dir, name+".m"))
		if err != nil {
			t.Fatal(err)
		}
		s := solveText(t, name, string(text), PowerModels, "auto")
		got := strconv.FormatFloat(s.sol.Objective, 'e', 4, 64)
		t.Logf("%-26s %6s %6s %12s %12s %14.6f  %s", name, row[2], row[3], want, got, s.sol.Objective, s.sol.Solver)
		if got != want {
			t.Errorf("%s: %s, PGLib has %s", name, got, want)
		}
		if n, _ := strconv.Atoi(row[2]); n != len(s.Model.Buses) {
			t.Errorf("%s: %d buses, PGLib has %d", name, len(s.Model.Buses), n)
		}
		if n, _ := strconv.Atoi(row[3]); n != len(s.Lines) {
			t.Errorf("%s: %d branches, PGLib has %d", name, len(s.Lines), n)
		}
	}
}
