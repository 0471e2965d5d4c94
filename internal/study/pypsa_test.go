package study

import (
	"math"
	"path/filepath"
	"testing"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/source/pypsa/export"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// Workspaces keep their objective as networks of PyPSA: a town with what it may
// build, and a week of the park with potlines that give way within rolling
// windows, metal by the day and rivers.
func TestExportedToPyPSA(t *testing.T) {
	for name, dir := range map[string]string{"town": townWeek(t), "park": parkWeek(t)} {
		t.Run(name, func(t *testing.T) {
			m, _, err := Model(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			out, problems := export.Make(m, name)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			folder := filepath.Join(t.TempDir(), "out")
			if _, err := out.Write(folder); err != nil {
				t.Fatal(err)
			}
			n, bad := pypsa.ReadFolder(folder)
			if len(bad) > 0 {
				t.Fatal(bad)
			}
			b, bad := pypsa.Build(n, pypsa.Options{})
			if len(bad) > 0 {
				t.Fatal(bad)
			}
			was, got := answerOf(t, m), answerOf(t, b.Model)
			if math.Abs(was-got) > 1e-6*(1+math.Abs(was)) {
				t.Errorf("objective %.10g, exported %.10g", was, got)
			}
		})
	}
}

func answerOf(t *testing.T, m *primitive.Model) float64 {
	t.Helper()
	p, _, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	sol, cert, err := solve.Run(t.Context(), p, "auto", lp.Options{})
	if err != nil || sol.Status != lp.Optimal {
		t.Fatal(sol.Status, err, cert)
	}
	return sol.Objective
}
