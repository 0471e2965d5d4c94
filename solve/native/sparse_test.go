package native

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Lines in blocks and lines alone give the products of the matrix as it was, with
// kernels, without them and on any number of threads.
func TestLines(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	blocks, alone := 0, 0
	for round := range 200 {
		var start = []int{0}
		var index []int32
		var value []float64
		others := 40 + rng.IntN(40) // length of the vector
		for len(start) < 2+rng.IntN(120) {
			size := rng.IntN(5)
			if rng.IntN(3) > 0 { // eight alike
				base := make([]int32, size)
				apart := make([]int32, size)
				for k := range base {
					base[k], apart[k] = int32(rng.IntN(others-8)), int32(rng.IntN(2))
				}
				for q := range int32(lanes) {
					for k := range base {
						index, value = append(index, base[k]+q*apart[k]), append(value, rng.NormFloat64())
					}
					start = append(start, len(index))
				}
			}
			for range size {
				index, value = append(index, int32(rng.IntN(others))), append(value, rng.NormFloat64())
			}
			start = append(start, len(index))
		}
		x := make([]float64, others)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		l := linesOf(start, index, value)
		blocks, alone = blocks+len(l.block), alone+len(l.single)
		out := make([]float64, l.count)
		check := func(how string) {
			t.Helper()
			for i := range out {
				want := 0.0
				for k := start[i]; k < start[i+1]; k++ {
					want += value[k] * x[index[k]]
				}
				if !(math.Abs(out[i]-want) < 1e-13*(1+math.Abs(want))) {
					t.Fatalf("round %d, line %d of %d %s: %v, want %v", round, i, l.count, how, out[i], want)
				}
				out[i] = math.NaN()
			}
		}
		l.times(x, out, team{1})
		check("by the kernel")
		withLoops(func() { l.times(x, out, team{1}) })
		check("by loops")
		for q := pieces - 1; q >= 0; q-- {
			l.piece(x, out, q, q+1)
		}
		check("in pieces")
	}
	if blocks < 500 || alone < 500 {
		t.Errorf("%d blocks and %d lines alone test little", blocks, alone)
	}
}
