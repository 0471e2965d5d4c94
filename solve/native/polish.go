package native

import (
	"math"

	"example.org/busbar/lp"
)

// project returns the vector nearest to v (in relative terms, entry by entry)
// for which the given rows of the matrix are zero. start, index and value hold
// the matrix by columns, v has one entry a column; entries that are zero stay
// so. An interior point leaves noise in what should cancel exactly, and a ray
// proves nothing with it.
func project(rows int, start []int64, index []int32, value, v []float64, zero []bool) []float64 {
	number := make([]int32, rows)
	largest := make([]float64, rows)
	for i := range number {
		number[i] = -1
	}
	for j, t := range v {
		if t == 0 {
			continue
		}
		for k := start[j]; k < start[j+1]; k++ {
			if i := index[k]; zero[i] {
				largest[i] = math.Max(largest[i], math.Abs(value[k]*t))
			}
		}
	}
	q := &lp.Problem{Start: []int64{0}}
	for i, l := range largest {
		if l > 0 {
			number[i] = int32(len(q.RowLower))
			q.RowLower = append(q.RowLower, 0)
			q.RowUpper = append(q.RowUpper, 0)
		}
	}
	var cols []int
	for j, t := range v {
		if t == 0 {
			continue
		}
		cols = append(cols, j)
		q.Cost = append(q.Cost, 0)
		q.ColLower = append(q.ColLower, math.Inf(-1))
		q.ColUpper = append(q.ColUpper, math.Inf(1))
		for k := start[j]; k < start[j+1]; k++ {
			if i := index[k]; number[i] >= 0 && value[k] != 0 {
				q.Index = append(q.Index, number[i])
				q.Value = append(q.Value, value[k]*math.Abs(t)/largest[i])
			}
		}
		q.Start = append(q.Start, int64(len(q.Index)))
	}
	out := append([]float64(nil), v...)
	if len(q.RowLower) == 0 {
		return out
	}
	f := newForm(q)
	g := f.pattern()
	limit := denseLimit(g)
	k := newKKT(f, analyse(g, withPartners(g, orderDenseLast(g, limit), f.hollow(), limit)), team{})
	for j := 0; j < f.n; j++ {
		k.barrier[j] = 1
	}
	k.delta = 1e-10
	k.factorise()
	none, h := make([]float64, f.n), make([]float64, f.m)
	d, y := make([]float64, f.n), make([]float64, f.m)
	unit := make([]float64, f.n)
	for c, j := range cols {
		unit[c] = math.Copysign(1, v[j])
	}
	f.byRow.times(unit, h, team{})
	scaleBy(h, -1)
	k.solve(none, h, d, y, 1e-14, 1e-16)
	for c, j := range cols {
		out[j] += d[c] * math.Abs(v[j])
	}
	return out
}

// settle projects v so that every product of a row with it that is as good as
// zero, or has a sign it must not have, is zero: noFall and noRise say of each
// row which signs are wrong. What the projection pushes over to the wrong side
// joins, so it is repeated.
func settle(start []int64, index []int32, value, v []float64, noFall, noRise []bool, threshold float64) []float64 {
	rows := len(noFall)
	zero := make([]bool, rows)
	room := math.Max(threshold, 1e-9)
	for range 5 {
		at, size := make([]float64, rows), make([]float64, rows)
		for j, t := range v {
			for k := start[j]; k < start[j+1]; k++ {
				at[index[k]] += value[k] * t
				size[index[k]] += math.Abs(value[k] * t)
			}
		}
		more := false
		for i := range zero {
			near := room * size[i]
			if !zero[i] && size[i] > 0 && (noFall[i] && at[i] < near || noRise[i] && at[i] > -near) {
				zero[i], more = true, true
			}
		}
		if !more {
			break
		}
		v = project(rows, start, index, value, v, zero)
		room = 0
	}
	return v
}

// polishRay cleans a direction of descent: small entries go, and rows that
// should not move don't.
func polishRay(p *lp.Problem, d []float64, threshold float64) []float64 {
	noFall, noRise := make([]bool, p.Rows()), make([]bool, p.Rows())
	for i := range noFall {
		noFall[i], noRise[i] = !math.IsInf(p.RowLower[i], -1), !math.IsInf(p.RowUpper[i], 1)
	}
	return settle(p.Start, p.Index, p.Value, cleaned(d, threshold), noFall, noRise, threshold)
}

// polishFarkas cleans a proof of infeasibility in the same way: columns
// without bounds on the side that y'A pushes to must not be pushed.
func polishFarkas(p *lp.Problem, y []float64, threshold float64) []float64 {
	m, n := p.Rows(), p.Cols()
	noFall, noRise := make([]bool, n), make([]bool, n) // of A'y = -z
	start := make([]int64, m+1)
	for j := range noFall {
		noFall[j], noRise[j] = math.IsInf(p.ColLower[j], -1), math.IsInf(p.ColUpper[j], 1)
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			start[p.Index[k]+1]++
		}
	}
	for i := 0; i < m; i++ {
		start[i+1] += start[i]
	}
	index, value := make([]int32, len(p.Index)), make([]float64, len(p.Index))
	at := append([]int64(nil), start[:m]...)
	for j := 0; j < n; j++ {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			i := p.Index[k]
			index[at[i]], value[at[i]] = int32(j), p.Value[k]
			at[i]++
		}
	}
	return settle(start, index, value, cleaned(y, threshold), noFall, noRise, threshold)
}
