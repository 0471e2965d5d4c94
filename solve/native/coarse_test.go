package native

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"example.org/busbar/lp"
)

// Wind of a capacity C against a store over four hours, in blocks of two, by hand:
//
//	g0 - 0.2 C <= 0, g1 - 0.4 C <= 0, ...          2 G0 - 0.6 C <= 0
//	l0 - g0 = -1, l1 - l0 - g1 = -2, ...           (2-1) L0 - 2 G0 = -3; 1 L1 - 1 L0 - 2 G1 = -7
//
// Costs 1, 2 of g0, g1 add up to 3; upper bounds 4, 8 have the mean 6; the
// quadratic costs 1 and 2 of l0 and l1 add up.
func TestCoarsen(t *testing.T) {
	b := &builder{}
	avail := []float64{0.2, 0.4, 0.5, 0.1}
	var up, chain []int32
	for k := range avail {
		up = append(up, b.row(-inf, 0))
		chain = append(chain, b.row(-float64(k+1), -float64(k+1)))
	}
	c := b.col(10, 0, inf)
	h := &lp.Hint{RowTime: []int32{0, 0, 1, 1, 2, 2, 3, 3}, RowSeries: []int32{0, 1, 0, 1, 0, 1, 0, 1}, ColTime: []int32{-1}, ColSeries: []int32{0}}
	for k, a := range avail {
		b.add(up[k], c, -a)
		g, l := b.col(float64(k+1), 0, 4*float64(k+1)), b.col(0, 0, inf)
		b.add(up[k], g, 1)
		b.add(chain[k], g, -1)
		b.add(chain[k], l, 1)
		if k+1 < len(avail) {
			b.add(chain[k+1], l, -1)
		}
		h.ColTime, h.ColSeries = append(h.ColTime, int32(k), int32(k)), append(h.ColSeries, 1, 2)
	}
	p := b.problem()
	p.QStart = []int64{0, 0, 0, 1, 1, 2, 2, 2, 2, 2}
	p.QIndex, p.QValue = []int32{2, 4}, []float64{1, 2}
	all := func(n int) []int32 {
		out := make([]int32, n)
		for k := range out {
			out[k] = int32(k)
		}
		return out
	}
	q := coarsen(p, groupsOf(h.RowTime, h.RowSeries, all(8), 2), groupsOf(h.ColTime, h.ColSeries, all(9), 2))
	if err := q.Validate(); err != nil {
		t.Fatal(err)
	}
	// Rows: wind 0, chain 0, wind 1, chain 1. Columns: C, G0, L0, G1, L1.
	want := [4][5]float64{{-0.6, 2, 0, 0, 0}, {0, -2, 1, 0, 0}, {-0.6, 0, 0, 2, 0}, {0, 0, -1, -2, 1}}
	var got [4][5]float64
	for j := range 5 {
		for k := q.Start[j]; k < q.Start[j+1]; k++ {
			got[q.Index[k]][j] = q.Value[k]
		}
	}
	for i := range want {
		for j := range want[i] {
			if math.Abs(got[i][j]-want[i][j]) > 1e-15 {
				t.Errorf("row %d, column %d: %g, want %g", i, j, got[i][j], want[i][j])
			}
		}
	}
	for what, v := range map[string][2][]float64{
		"costs": {q.Cost, {10, 3, 0, 7, 0}}, "upper bounds": {q.ColUpper, {inf, 6, inf, 14, inf}},
		"lower sides": {q.RowLower, {-inf, -3, -inf, -7}}, "upper sides": {q.RowUpper, {0, -3, 0, -7}}, "Q": {q.QValue, {3}},
	} {
		if !slices.Equal(v[0], v[1]) {
			t.Errorf("%s %v, want %v", what, v[0], v[1])
		}
	}
}

// daily is wind, sun and a battery against a load, and what a builder knows of it.
func daily(hours int, seed uint64) (*lp.Problem, *lp.Hint) {
	rng := rand.New(rand.NewPCG(seed, 3))
	b, h := &builder{}, &lp.Hint{}
	row := func(series, time int32, lower, upper float64) int32 {
		h.RowTime, h.RowSeries = append(h.RowTime, time), append(h.RowSeries, series)
		return b.row(lower, upper)
	}
	col := func(series, time int32, cost, upper float64) int {
		h.ColTime, h.ColSeries = append(h.ColTime, time), append(h.ColSeries, series)
		return b.col(cost, 0, upper)
	}
	wind, sun, battery := col(0, -1, 90*float64(hours), inf), col(1, -1, 45*float64(hours), inf), col(2, -1, 9*float64(hours), inf)
	chain := make([]int32, hours)
	for t := range chain {
		chain[t] = row(0, int32(t), 0, 0)
	}
	front := 0.4
	for t := range chain {
		at := int32(t)
		front = min(max(front+0.1*rng.NormFloat64()+0.05*(0.4-front), 0), 1)
		front = math.Round(1e4*front) / 1e4
		day := max(0, math.Round(1e4*math.Sin(float64(t%24-6)*math.Pi/12))/1e4)
		balance := row(1, at, 0, inf)
		load := 100 + 30*day + 5*rng.NormFloat64()
		b.p.RowLower[balance] = load
		for k, c := range []int{wind, sun} {
			g := col(3+int32(k), at, 0.1, inf)
			up := row(2+int32(k), at, -inf, 0)
			b.add(balance, g, 1)
			b.add(up, g, 1)
			b.add(up, c, -[]float64{front, day}[k])
		}
		charge, discharge, level, shed := col(5, at, 0.2, inf), col(6, at, 0.2, inf), col(7, at, 0, inf), col(8, at, 3000, inf)
		b.add(balance, charge, -1)
		b.add(balance, discharge, 1)
		b.add(balance, shed, 1)
		b.add(chain[t], charge, -0.95)
		b.add(chain[t], discharge, 1/0.95)
		b.add(chain[t], level, 1)
		b.add(chain[(t+1)%hours], level, -1)
		up := row(4, at, -inf, 0)
		b.add(up, level, 1)
		b.add(up, battery, -1)
	}
	return b.problem(), h
}

// A start from a coarser clock leaves the optimum where it is, whatever the
// number of hours (the last block may be short), and takes fewer iterations.
func TestCoarseStart(t *testing.T) {
	cold, warm := 0, 0
	for seed, hours := range []int{504, 700, 701, 839} {
		p, h := daily(hours, uint64(seed))
		var ends [2]*lp.Solution
		for k, hint := range []*lp.Hint{nil, h} {
			r := &solver{p: p, o: lp.Options{Hint: hint, Threads: 1}, start: time.Now(), tol: 1e-8}
			ends[k] = r.solve(context.Background())
			if c := lp.Certify(p, ends[k]); ends[k].Status != lp.Optimal || !c.OK {
				t.Errorf("%d hours: %v, %v", hours, ends[k].Status, c)
			}
			if (r.stats.Coarse > 0) != (hint != nil) {
				t.Errorf("%d hours: %d coarse iterations", hours, r.stats.Coarse)
			}
			if hint == nil {
				cold += r.iterations
			} else {
				warm += r.iterations
			}
		}
		if a, b := ends[0].Objective, ends[1].Objective; math.Abs(a-b) > 1e-7*math.Abs(a) {
			t.Errorf("%d hours: %.10g with the start, %.10g without", hours, b, a)
		}
	}
	t.Logf("%d iterations without, %d with a start from a coarser clock", cold, warm)
	if warm >= cold {
		t.Errorf("%d iterations with a start from a coarser clock, %d without", warm, cold)
	}
}

// The coarse problems are cut into pieces as any other: no bit of the answer
// depends on the threads.
func TestCoarseStartOnThreads(t *testing.T) {
	p, h := daily(1200, 7)
	var ends [2]*lp.Solution
	for k := range ends {
		r := &solver{p: p, o: lp.Options{Hint: h, Threads: 1 + 2*k}, start: time.Now(), tol: 1e-8}
		ends[k] = r.solve(context.Background())
	}
	if ends[0].Status != lp.Optimal || !slices.Equal(ends[0].X, ends[1].X) || !slices.Equal(ends[0].Y, ends[1].Y) {
		t.Errorf("%v on one thread, %v on three, or other digits", ends[0].Status, ends[1].Status)
	}
}
