package native

import (
	"math"
	"math/rand/v2"
	"testing"

	"example.org/busbar/lp"
)

// kktOf prepares the Newton system of a problem with a barrier as it is near
// the end: half of the variables at a bound.
func kktOf(p *lp.Problem) *kkt {
	pre := newPresolve(p)
	pre.run(passes)
	small, _, _ := pre.reduced()
	f := newForm(small)
	scale(f)
	g := f.pattern()
	k := newKKT(f, analyse(g, withPartners(g, orderDenseLast(g, denseLimit(g)), f.hollow(), denseLimit(g))), team{1})
	rng := rand.New(rand.NewPCG(1, 1))
	for v, kd := range f.kind {
		k.barrier[v] = math.Exp(10 * rng.NormFloat64())
		if kd == isFixed {
			k.barrier[v] = 0
		}
	}
	k.rho, k.delta = 1e-8, 1e-8
	return k
}

func BenchmarkNewton(b *testing.B) {
	for _, size := range []struct {
		name         string
		buses, hours int
	}{{"6x1460", 6, 1460}, {"1x8760", 1, 8760}, {"20x180", 20, 180}} {
		k := kktOf(energySystem(size.buses, size.hours, 1))
		n, m := k.f.n, k.f.m
		k.factorise()
		g, h, x, y := make([]float64, n), make([]float64, m), make([]float64, n), make([]float64, m)
		for j := range g {
			g[j] = 1
		}
		b.Run(size.name+"/factor", func(b *testing.B) {
			for b.Loop() {
				k.factorise()
			}
			b.ReportMetric(k.size.flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFlop/s")
			b.ReportMetric(float64(k.size.entries), "entries")
			b.ReportMetric(float64(k.size.fronts), "fronts")
		})
		b.Run(size.name+"/solve", func(b *testing.B) {
			for b.Loop() {
				k.direct(g, h, x, y, 1)
			}
			b.ReportMetric(12*2*float64(k.size.entries)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
		})
		b.Run(size.name+"/residual", func(b *testing.B) {
			for b.Loop() {
				k.residual(g, h, x, y)
			}
		})
	}
}
