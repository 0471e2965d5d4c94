package solvetest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"example.org/busbar/lp"
)

type entry struct {
	row   int32
	value float64
}

// Feasible makes a random LP or convex QP of n columns and m rows around a
// feasible point and a dual feasible one, so that it has an optimum. Half of the
// rows and columns at a bound have no price: it is degenerate.
func Feasible(rng *rand.Rand, n, m int, quadratic bool) *lp.Problem {
	p := &lp.Problem{Start: []int64{0}}
	x := make([]float64, n)
	y := make([]float64, m)
	wide := math.Exp(3 * rng.Float64() * rng.Float64())
	for j := range x {
		x[j] = math.Round(4*rng.NormFloat64()) / 2
	}
	act := make([]float64, m)
	rows := make([][]entry, n)
	for j := range rows {
		for i := 0; i < m; i++ {
			if rng.Float64() < 3/float64(m)+0.05 {
				v := math.Round(8*rng.NormFloat64())/4 + 0.125
				if rng.IntN(8) == 0 {
					v *= wide
				}
				rows[j] = append(rows[j], entry{int32(i), v})
				act[i] += v * x[j]
			}
		}
	}
	for i := range y {
		lo, hi := -lp.Inf, lp.Inf
		switch rng.IntN(6) {
		case 0, 1:
			lo, hi = act[i], act[i]
			y[i] = rng.NormFloat64()
		case 2:
			lo = act[i]
			y[i] = rng.ExpFloat64() * float64(rng.IntN(2))
		case 3:
			hi = act[i]
			y[i] = -rng.ExpFloat64() * float64(rng.IntN(2))
		case 4:
			lo, hi = act[i]-rng.ExpFloat64(), act[i]+rng.ExpFloat64()
		}
		p.RowLower, p.RowUpper = append(p.RowLower, lo), append(p.RowUpper, hi)
	}
	q := make([][]entry, n)
	qx := make([]float64, n)
	if quadratic { // Q = D + sum of vv' on pairs
		add := func(i, j int, v float64) {
			if i < j {
				i, j = j, i
			}
			q[j] = append(q[j], entry{int32(i), v})
			qx[i] += v * x[j]
			if i != j {
				qx[j] += v * x[i]
			}
		}
		for j := 0; j < n; j++ {
			if rng.IntN(2) == 0 {
				add(j, j, rng.ExpFloat64())
			}
			if k := rng.IntN(n); k != j && rng.IntN(3) == 0 {
				u, v := rng.NormFloat64(), rng.NormFloat64()
				add(j, j, u*u)
				add(k, k, v*v)
				add(j, k, u*v)
			}
		}
	}
	for j := range x {
		c := -qx[j]
		for _, e := range rows[j] {
			c += e.value * y[e.row]
		}
		lo, hi := -lp.Inf, lp.Inf
		switch rng.IntN(7) {
		case 0, 1:
			lo = x[j]
			c += rng.ExpFloat64() * float64(rng.IntN(2))
		case 2:
			hi = x[j]
			c -= rng.ExpFloat64() * float64(rng.IntN(2))
		case 3:
			lo, hi = x[j]-rng.ExpFloat64(), x[j]+rng.ExpFloat64()
		case 4:
			lo, hi = x[j], x[j]+rng.ExpFloat64()
			c += rng.ExpFloat64()
		case 5:
			lo = x[j] - rng.ExpFloat64()
		}
		p.Cost, p.ColLower, p.ColUpper = append(p.Cost, c), append(p.ColLower, lo), append(p.ColUpper, hi)
		for _, e := range rows[j] {
			p.Index, p.Value = append(p.Index, e.row), append(p.Value, e.value)
		}
		p.Start = append(p.Start, int64(len(p.Index)))
	}
	if quadratic {
		p.QStart = []int64{0}
		for j := range q {
			slices.SortStableFunc(q[j], func(a, b entry) int { return cmp.Compare(a.row, b.row) })
			last := int32(-1)
			for _, e := range q[j] {
				if e.row == last {
					p.QValue[len(p.QValue)-1] += e.value
					continue
				}
				last = e.row
				p.QIndex = append(p.QIndex, e.row)
				p.QValue = append(p.QValue, e.value)
			}
			p.QStart = append(p.QStart, int64(len(p.QIndex)))
		}
	}
	return p
}

// Random makes the random problem of that seed: up to 30 columns and 20 rows, one
// in four quadratic, many degenerate. Shifted rows and costs make some
// infeasible, some unbounded, some both; a sixth has its columns in units spread
// over six decades.
func Random(seed uint64) *lp.Problem {
	rng := rand.New(rand.NewPCG(seed, 7))
	n, m := 1+rng.IntN(30), rng.IntN(20)
	p := Feasible(rng, n, m, seed%4 == 3)
	for range rng.IntN(3) {
		if m > 0 && rng.IntN(2) == 0 {
			i := rng.IntN(m)
			d := math.Round(4 * rng.NormFloat64())
			p.RowLower[i] += d
			p.RowUpper[i] += d
		}
		if rng.IntN(2) == 0 {
			p.Cost[rng.IntN(n)] -= math.Round(4 * rng.NormFloat64())
		}
	}
	if rng.IntN(6) == 0 { // bad units
		for j := range p.Cost {
			f := math.Pow(10, float64(rng.IntN(7)-3))
			p.Cost[j] *= f
			p.ColLower[j] /= f
			p.ColUpper[j] /= f
			for k := p.Start[j]; k < p.Start[j+1]; k++ {
				p.Value[k] *= f
			}
			if p.IsQP() {
				for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
					p.QValue[k] = 0
				}
			}
		}
	}
	return p
}
