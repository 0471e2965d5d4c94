package native

import (
	"math"
	"math/rand/v2"
	"testing"
)

// quasiDefinite makes random entries on a graph with strongly signed diagonal.
func quasiDefinite(rng *rand.Rand, g *graph) (sign []int8, row, col []int32, value, diag []float64) {
	n := g.nodes()
	sign = make([]int8, n)
	diag = make([]float64, n)
	for i := range sign {
		sign[i] = int8(2*rng.IntN(2) - 1)
		diag[i] = float64(sign[i]) * math.Exp(4*rng.NormFloat64())
	}
	for i := 0; i < n; i++ {
		for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			// Within one sign a matrix must be definite: couple opposite signs only.
			if int(j) < i && sign[i] != sign[j] {
				row = append(row, int32(i))
				col = append(col, j)
				value = append(value, rng.NormFloat64())
			}
		}
	}
	return
}

func TestFactorSolvesQuasiDefiniteSystems(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for trial := 0; trial < 300; trial++ {
		n := 1 + rng.IntN(80)
		g := randomGraph(rng, n, rng.Float64()*0.3)
		sign, row, col, value, diag := quasiDefinite(rng, g)
		sym := analyse(g, minimumDegree(g, nil))
		f := newFactor(sym, sign, row, col, value)
		for k, i := range sym.node {
			f.diag[k] = diag[i]
		}
		if f.factorise(); f.bad != [2]int{} {
			bad := f.bad
			t.Fatalf("trial %d: %v pivots of the wrong sign in a quasi-definite matrix", trial, bad)
		}
		b := make([]float64, n)
		x := make([]float64, n)
		for i := range b {
			b[i] = rng.NormFloat64()
			x[sym.place[i]] = b[i]
		}
		f.solve(x)
		res := make([]float64, n)
		size := 1.0
		for i := range res {
			xi := x[sym.place[i]]
			res[i] = b[i] - diag[i]*xi
			size = max(size, math.Abs(diag[i]*xi))
		}
		for k := range value {
			i, j := row[k], col[k]
			res[i] -= value[k] * x[sym.place[j]]
			res[j] -= value[k] * x[sym.place[i]]
		}
		for i, r := range res {
			if math.Abs(r) > 1e-6*size {
				t.Fatalf("trial %d, n %d: residual %g in row %d", trial, n, r, i)
			}
		}
	}
}

func TestWrongSignIsCounted(t *testing.T) {
	g := gridGraph(2)
	sym := analyse(g, minimumDegree(g, nil))
	f := newFactor(sym, []int8{1, 1, 1, 1}, nil, nil, nil)
	copy(f.diag, []float64{1, 1, 1, 1})
	f.diag[sym.place[2]] = -1
	if f.factorise(); f.bad != [2]int{0, 1} {
		t.Errorf("bad pivots %v, want one that should be positive", f.bad)
	}
}

func BenchmarkFactorGrid(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 8))
	g := gridGraph(120)
	sign, row, col, value, diag := quasiDefinite(rng, g)
	sym := analyse(g, minimumDegree(g, nil))
	f := newFactor(sym, sign, row, col, value)
	for k, i := range sym.node {
		f.diag[k] = diag[i]
	}
	b.ResetTimer()
	for b.Loop() {
		f.factorise()
	}
	b.ReportMetric(sym.flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFlop/s")
}
