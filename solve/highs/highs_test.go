package highs_test

import (
	"context"
	"errors"
	"testing"

	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// need skips where the library is not there: `make deps` brings it.
func need(t testing.TB) highs.Info {
	t.Helper()
	info, err := highs.Probe()
	if errors.Is(err, highs.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestProbe(t *testing.T) {
	info := need(t)
	if info.Version == "" || info.Path == "" {
		t.Fatalf("%+v", info)
	}
	t.Logf("%+v", info)
}

// diet is min 2a + 3b, a + b >= 4, a <= 3, b <= 5: a = 3, b = 1, cost 9, y = 3.
func diet() *lp.Problem {
	return &lp.Problem{
		Cost:     []float64{2, 3},
		ColLower: []float64{0, 0}, ColUpper: []float64{3, 5},
		RowLower: []float64{4}, RowUpper: []float64{lp.Inf},
		Start: []int64{0, 1, 2}, Index: []int32{0, 0}, Value: []float64{1, 1},
	}
}

func TestSolveDiet(t *testing.T) {
	need(t)
	for _, a := range []string{"", highs.Simplex, highs.IPX, highs.HiPO} {
		sol, err := highs.Solver{}.Solve(context.Background(), diet(), lp.Options{Algorithm: a})
		if err != nil {
			t.Fatal(err)
		}
		if c := lp.Certify(diet(), sol); !c.OK || sol.Status != lp.Optimal {
			t.Errorf("%q: %+v %s", a, sol, c)
		}
	}
}
