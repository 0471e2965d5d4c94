package native

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
)

func tracedSolve(t testing.TB, p *lp.Problem, verbose bool) (*lp.Solution, *solver) {
	t.Helper()
	r := &solver{p: p, start: time.Now(), tol: 1e-8}
	if verbose {
		r.trace = func(f string, a ...any) { fmt.Printf(f+"\n", a...) }
	}
	return r.solve(context.Background()), r
}

func TestNetlib(t *testing.T) {
	dir := filepath.Dir(shared.Path(t, "data/reference/netlib/adlittle.mps.gz"))
	files, _ := filepath.Glob(filepath.Join(dir, "*.mps.gz"))
	only := os.Getenv("NETLIB")
	good := 0
	var total time.Duration
	iters := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".mps.gz")
		if only != "" && name != only {
			continue
		}
		p, err := lp.OpenMPS(file)
		if err != nil {
			t.Fatal(err)
		}
		t0 := time.Now()
		sol, r := tracedSolve(t, p, only != "")
		d := time.Since(t0)
		total += d
		c := lp.Certify(p, sol)
		mark := " "
		if c.OK {
			good++
		} else {
			mark = "x"
			t.Errorf("%s: %v: %s", name, c, sol.Note)
		}
		iters += r.iterations
		t.Logf("%s %-10s %5d x %5d its %3d %6.3fs %.10e %.0e %.0e %.0e %v", mark, name, p.Rows(), p.Cols(), r.iterations, d.Seconds(), sol.Objective, c.Primal, c.Dual, c.Gap, sol.Status)
	}
	t.Logf("%d of %d certified, %d iterations, %.2fs", good, len(files), iters, total.Seconds())
}
