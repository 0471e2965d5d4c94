package native

import (
	"context"
	"testing"

	"example.org/busbar/lp"
)

// The named phases make up the whole, and the counts are those of a run that
// factors at least once an iteration and solves at least twice.
func TestStats(t *testing.T) {
	p := energySystem(2, 200, 3)
	sol, s, err := Measure(context.Background(), p, lp.Options{})
	if err != nil || sol.Status != lp.Optimal {
		t.Fatal(sol, err)
	}
	if s.Rows == 0 || s.Rows > p.Rows() || s.Cols > p.Cols() || s.Nonzeros > p.Nonzeros() || s.Entries < s.Rows+s.Cols {
		t.Errorf("sizes %+v of %d x %d", s, p.Rows(), p.Cols())
	}
	if s.Iterations != sol.Iterations || s.Factorisations < s.Iterations || s.Solves-s.Refinements < 2*s.Iterations {
		t.Errorf("counts %+v", s)
	}
	// A solve reads the factor twice, 8 bytes a value.
	if least := 16 * float64(s.Entries) * float64(s.Solves); s.Bytes < least || s.Flops < 2*float64(s.Entries-s.Rows-s.Cols) {
		t.Errorf("%g bytes, at least %g; %g flops", s.Bytes, least, s.Flops)
	}
	if s.Total <= 0 || s.Rest() < 0 || s.Rest() >= s.Total {
		t.Errorf("times %+v, rest %v", s, s.Rest())
	}
}
