package native

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// bench is one block of bounds with everything the loops touch.
type bench struct {
	bounds
	t, bar, limit []float64
}

func randomBench(rng *rand.Rand, n int) *bench {
	positive := func() []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Exp(2 * rng.NormFloat64())
		}
		return x
	}
	any := func() []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		return x
	}
	b := &bench{bounds{positive(), positive(), any(), any(), any(), any(), 1}, any(), positive(), any()}
	if rng.IntN(2) == 0 {
		b.side = -1
	}
	return b
}

func (b *bench) clone() *bench {
	c := *b
	for _, x := range []*[]float64{&c.gap, &c.dual, &c.dz, &c.cz, &c.dx, &c.cx, &c.t, &c.bar, &c.limit} {
		*x = slices.Clone(*x)
	}
	return &c
}

// The kernels do what the plain loops do, whatever the length.
func TestLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	near := func(a, b float64) bool {
		return math.Abs(a-b) <= 1e-11*(1+math.Abs(a)+math.Abs(b)) || math.IsNaN(a) && math.IsNaN(b)
	}
	for round := range 600 {
		n := round % 41
		b := randomBench(rng, n)
		w := wish{target: math.Exp(rng.NormFloat64()), tp: rng.Float64(), td: rng.Float64(), second: rng.IntN(2) == 0}.band()
		low := rng.Float64()
		if n > 0 && rng.IntN(5) == 0 {
			b.cx[rng.IntN(n)] = math.NaN()
		}
		type result struct {
			b      *bench
			s      reaches
			ap, ad float64
			sums   [3]float64
			of     [2]float64
		}
		run := func() (out result) {
			c := b.clone()
			out.b = c
			c.asked(&w, c.t)
			out.s = newReaches(low)
			c.follow(&w, &out.s)
			var sums [3][4]float64
			out.ap, out.ad = c.affine(reach, reach, &sums)
			var of [2][4]float64
			products(c.gap, c.dual, c.limit, c.side, c.t, c.bar, &of)
			for q := range sums {
				out.sums[q] = sum(sums[q])
			}
			out.of = [2]float64{sum(of[0]), sum(of[1])}
			advance(c.limit, c.dx, c.dz, 0.3, 0.7)
			axpy(c.gap, c.dx, 0.4)
			return out
		}
		got := run()
		var want result
		withLoops(func() { want = run() })
		for name, x := range map[string][2][]float64{
			"t": {got.b.t, want.b.t}, "cz": {got.b.cz, want.b.cz}, "dz": {got.b.dz, want.b.dz}, "bar": {got.b.bar, want.b.bar}, "gap": {got.b.gap, want.b.gap}, "limit": {got.b.limit, want.b.limit},
			"primal steps": {got.s.primal[:], want.s.primal[:]}, "dual steps": {got.s.dual[:], want.s.dual[:]},
			"affine steps": {{got.ap, got.ad}, {want.ap, want.ad}}, "sums": {got.sums[:], want.sums[:]}, "products": {got.of[:], want.of[:]},
		} {
			for i := range x[0] {
				if !near(x[0][i], x[1][i]) {
					t.Fatalf("%d bounds: %s[%d] is %v, by plain loops %v", n, name, i, x[0][i], x[1][i])
				}
			}
		}
	}
}

func TestLargestOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for n := range 41 {
		x := make([]float64, n)
		want := 0.0
		for i := range x {
			x[i] = rng.NormFloat64()
			want = math.Max(want, math.Abs(x[i]))
		}
		if got := largestOf(x); got != want {
			t.Fatalf("%v of %v, want %v", got, x, want)
		}
		// What is not a number is not forgotten, wherever it stands.
		for i := range x {
			was := x[i]
			for _, v := range []float64{math.NaN(), math.Copysign(math.NaN(), -1), math.Inf(1), math.Inf(-1)} {
				x[i] = v
				if got := largestOf(x); got != math.Abs(v) && !(math.IsNaN(got) && math.IsNaN(v)) {
					t.Fatalf("%v of %v", got, x)
				}
			}
			x[i] = was
		}
	}
}

// The steps that follow and affine leave are the longest that keep all gaps and
// duals above zero.
func TestLoopsReach(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for range 300 {
		b := randomBench(rng, 1+rng.IntN(40))
		w := wish{target: 1, second: true}.band()
		s := newReaches(0.3)
		b.follow(&w, &s)
		check := func(name string, step float64, x []float64, change func(i int) float64) {
			t.Helper()
			longest := reach
			for i := range x {
				if c := change(i); c < 0 {
					longest = min(longest, -x[i]/c)
				}
			}
			if !(math.Abs(step-longest) <= 1e-12) {
				t.Fatalf("%s: step %v, the longest is %v", name, step, longest)
			}
		}
		for q, weight := range s.weight {
			check("gaps", s.primal[q], b.gap, func(i int) float64 { return b.side*b.dx[i] + weight*b.side*b.cx[i] })
			check("duals", s.dual[q], b.dual, func(i int) float64 { return b.dz[i] + weight*b.cz[i] })
		}
		var sums [3][4]float64
		ap, ad := b.affine(reach, reach, &sums)
		check("affine gaps", ap, b.gap, func(i int) float64 { return b.side * b.dx[i] })
		check("affine duals", ad, b.dual, func(i int) float64 { return b.dz[i] })
	}
}
