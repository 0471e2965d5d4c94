package native

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestKernelsAgreeWithPlainSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	for n := 0; n < 70; n++ {
		v := func() []float64 {
			s := make([]float64, n)
			for i := range s {
				s[i] = rng.NormFloat64()
			}
			return s
		}
		c, e, a := v(), v(), [4][]float64{v(), v(), v(), v()}
		x, y := [4]float64{1, -2, 0.5, 3}, [4]float64{-1, 0.25, 2, -3}
		want := func(c []float64, x [4]float64) []float64 {
			w := append([]float64(nil), c...)
			for k := range a {
				for i := range w {
					w[i] -= a[k][i] * x[k]
				}
			}
			return w
		}
		check := func(name string, got, want []float64) {
			for i := range got {
				if math.Abs(got[i]-want[i]) > 1e-12 {
					t.Fatalf("%s, length %d: entry %d is %v, want %v", name, n, i, got[i], want[i])
				}
			}
		}
		wc, we, w4 := want(c, x), want(e, y), want(c, y)
		c4 := append([]float64(nil), c...)
		sub4x2(c, e, a[0], a[1], a[2], a[3], &x, &y)
		check("sub4x2", c, wc)
		check("sub4x2", e, we)
		sub4(c4, a[0], a[1], a[2], a[3], y[0], y[1], y[2], y[3])
		check("sub4", c4, w4)
		c3 := append([]float64(nil), c4...)
		sub3(c3, a[0], a[1], a[2], x[0], x[1], x[2])
		check("sub3", c3, want(c4, [4]float64{x[0], x[1], x[2], 0}))
		t0, t1, t2, t3 := dot4(a[0], a[1], a[2], a[3], c)
		dot := make([]float64, 4)
		for k := range dot {
			for i, v := range c {
				dot[k] += a[k][i] * v
			}
		}
		check("dot4", []float64{t0, t1, t2, t3}, dot)
	}
}
