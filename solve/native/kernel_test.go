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

func TestTileAgreesWithPlainSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	random := func(n int) []float64 {
		s := make([]float64, n)
		for i := range s {
			s[i] = rng.NormFloat64()
		}
		return s
	}
	for n := 1; n < 45; n++ {
		for k := 0; k < 11; k++ {
			cs, as := n+rng.IntN(3), n+rng.IntN(3)
			c, a, x := random(4*cs), random(max(1, k)*as), random(4*k)
			want := append([]float64(nil), c...)
			for col := range 4 {
				for i := range n {
					for q := range k {
						want[i+col*cs] -= a[i+q*as] * x[4*q+col]
					}
				}
			}
			tile(c, cs, a, as, x, k, n)
			for i := range c {
				if math.Abs(c[i]-want[i]) > 1e-12 {
					t.Fatalf("%d rows, %d columns: entry %d is %v, want %v", n, k, i, c[i], want[i])
				}
			}
		}
	}
}
