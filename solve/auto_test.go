package solve

import (
	"context"
	"fmt"
	"testing"

	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
	"example.org/busbar/solve/solvetest"
)

// first names HiGHS's first attempt.
func first(p *lp.Problem, o lp.Options) string { return highsAttempts(p, o)[0].String() }

func TestAutoTakesNativeFirst(t *testing.T) {
	mip := diet()
	mip.Integer = []bool{true, false}
	large := solvetest.Energy(1, 18000, 1)
	if large.Nonzeros() <= sliceNonzeros {
		t.Fatalf("%d nonzeros are not large", large.Nonzeros())
	}
	medium := solvetest.Energy(1, 2400, 1)
	few := &lp.Hint{ColTime: make([]int32, large.Cols())}
	for _, c := range []struct {
		name string
		p    *lp.Problem
		o    lp.Options
		want string
	}{
		{"small", diet(), lp.Options{}, "native"},
		{"year of hours", large, lp.Options{}, "native"},
		{"medium, one time", medium, lp.Options{Hint: &lp.Hint{ColTime: make([]int32, medium.Cols())}}, "native"},
		{"large, one time", large, lp.Options{Hint: few}, "highs:simplex"},
		{"a vertex wanted", diet(), lp.Options{Crossover: true}, "highs:simplex"},
		{"integers", mip, lp.Options{}, "highs"},
	} {
		if got := autoAttempts(c.p, c.o)[0].String(); got != c.want {
			t.Errorf("%s: %s first, want %s", c.name, got, c.want)
		}
	}
}

func TestHiGHSPicksByKindAndSize(t *testing.T) {
	small := solvetest.Energy(1, 168, 1)
	large := solvetest.Energy(1, 2400, 1)
	times := func(n int) *lp.Hint {
		h := &lp.Hint{ColTime: make([]int32, large.Cols())}
		for j := range h.ColTime {
			h.ColTime[j] = int32(j%(n+1)) - 1
		}
		return h
	}
	qp := diet()
	qp.QStart, qp.QIndex, qp.QValue = []int64{0, 1, 1}, []int32{0}, []float64{1}
	mip := diet()
	mip.Integer = []bool{true, false}
	// A dense problem of 300 x 300 has as many nonzeros and no chain.
	dense := &lp.Problem{Start: []int64{0}}
	for j := 0; j < 300; j++ {
		for i := 0; i < 300; i++ {
			dense.Index, dense.Value = append(dense.Index, int32(i)), append(dense.Value, 1)
		}
		dense.Start = append(dense.Start, int64(len(dense.Index)))
	}
	dense.Cost = make([]float64, 300)
	dense.ColLower, dense.ColUpper, dense.RowLower, dense.RowUpper = dense.Cost, dense.Cost, dense.Cost, dense.Cost
	for _, c := range []struct {
		name string
		got  string
		want string
	}{
		{"small", first(small, lp.Options{}), "highs:simplex"},
		{"year of hours", first(large, lp.Options{}), "highs:hipo"},
		{"year of hours, a vertex wanted", first(large, lp.Options{Crossover: true}), "highs:hipo with crossover"},
		{"large, few slices as the builder says", first(large, lp.Options{Hint: times(48)}), "highs:simplex"},
		{"large, many hours as the builder says", first(large, lp.Options{Hint: times(2400)}), "highs:hipo"},
		{"dense", first(dense, lp.Options{}), "highs:simplex"},
		{"qp", first(qp, lp.Options{}), "highs:hipo"},
		{"mip", first(mip, lp.Options{}), "highs"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

// Where HiGHS is missing, auto still answers.
func TestAutoWithoutHiGHS(t *testing.T) {
	if nativeSolve == nil {
		t.Skip("no native solver built in")
	}
	t.Setenv("BUSBAR_HIGHS", t.TempDir())
	sol, cert, err := Run(context.Background(), diet(), "auto", lp.Options{})
	if err != nil || !cert.OK || sol.Solver != "native" {
		t.Fatalf("%+v %s %v", sol, cert, err)
	}
}

// BenchmarkAlgorithms is the measurement behind autoAttempts:
// go test -bench Algorithms -benchtime 1x ./solve
func BenchmarkAlgorithms(b *testing.B) {
	needHiGHS(b)
	for _, size := range [][2]int{{1, 1460}, {3, 365}, {3, 730}, {3, 1460}, {1, 8760}} {
		p := solvetest.Energy(size[0], size[1], 1)
		for _, a := range []string{highs.Simplex, highs.IPX, highs.HiPO} {
			if a == highs.Simplex && p.Nonzeros() > 100_000 {
				continue // minutes
			}
			b.Run(fmt.Sprintf("%dx%d/%s", size[0], size[1], a), func(b *testing.B) {
				for b.Loop() {
					sol, err := highs.Solver{}.Solve(context.Background(), p, lp.Options{Algorithm: a, Threads: 1})
					if err != nil {
						b.Fatal(err)
					}
					if cert := lp.Certify(p, sol); !cert.OK {
						b.Errorf("%s: %s", sol.Status, cert)
					}
				}
			})
		}
	}
}
