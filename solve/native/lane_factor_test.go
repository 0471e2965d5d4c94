package native

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"example.org/busbar/lp"
)

// planningGraph is a system of the shape of a planning problem: at every time a few
// rows and columns tied to each other, to the time before and, now and then, to
// capacities; a share of them is missing here and there.
func planningGraph(rng *rand.Rand, times, kinds, capacities int, ring bool) (cols int, row, col []int32, value []float64, time, series []int32) {
	at := func(k, t int) int32 { return int32(t*kinds + k) }
	present := make([]bool, times*kinds)
	for i := range present {
		present[i] = rng.Float64() < 0.95
	}
	// Columns are the even kinds and the capacities, rows the odd ones.
	number := make([]int32, times*kinds)
	n := 0
	for pass := range 2 {
		for i := range present {
			if present[i] && i%kinds%2 == pass {
				number[i] = int32(n)
				time, series = append(time, int32(i/kinds)), append(series, int32(i%kinds/2))
				n++
			}
		}
		if pass == 0 {
			for c := range capacities {
				time, series = append(time, -1), append(series, int32(kinds+c))
				n++
			}
			cols = n
		}
	}
	first := cols - capacities
	edge := func(r, c int32) {
		row, col, value = append(row, r), append(col, c), append(value, rng.NormFloat64())
	}
	for t := range times {
		for k := 1; k < kinds; k += 2 {
			if !present[at(k, t)] {
				continue
			}
			r := number[at(k, t)]
			for o := 0; o < kinds; o += 2 {
				if present[at(o, t)] && (o == k-1 || rng.Float64() < 0.3) {
					edge(r, number[at(o, t)])
				}
			}
			if before := t - 1; k%4 == 1 && (before >= 0 || ring) {
				if b := at(k-1, (before+times)%times); present[b] {
					edge(r, number[b])
				}
			}
			if k%4 == 3 {
				edge(r, int32(first+k%capacities))
			}
		}
	}
	return cols, row, col, value, time, series
}

func graphOfEntries(n int, row, col []int32) *graph {
	g := graphOf(n, row, col)
	return &g
}

// The factor in lanes solves what the plain factor solves, with holes in the
// pattern, with and without a ring.
func TestLanesSolve(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 1))
		times := stretches*minStretch + rng.IntN(200)
		cols, row, col, value, time, series := planningGraph(rng, times, 4+2*rng.IntN(3), 3, seed%2 == 0)
		n := len(time)
		if seed%3 == 2 { // a hint that errs costs room at the top, and nothing else
			for range 8 {
				time[rng.IntN(n)], series[rng.IntN(n)] = int32(rng.IntN(times)), int32(rng.IntN(4))
			}
		}
		g := graphOfEntries(n, row, col)
		cut := cutIntoLanes(g, cols, time, series, make([]bool, n), team{2})
		if cut == nil {
			t.Fatalf("seed %d: %d times were not cut", seed, times)
		}
		sign := make([]int8, n)
		diag := make([]float64, n)
		for i := range sign {
			sign[i] = -1
			if i >= cols {
				sign[i] = 1
			}
			diag[i] = float64(sign[i]) * math.Exp(rng.NormFloat64())
		}
		place := cut.places(n)
		rhs := make([]float64, n)
		for i := range rhs {
			rhs[i] = rng.NormFloat64()
		}
		var answers [3][]float64 // on one thread, on two, by loops
		for threads := 1; threads <= 3; threads++ {
			f := newLaneFactor(cut, place, sign, row, col, value, team{threads})
			x := make([]float64, cut.size())
			for i, p := range place {
				f.diag[p], x[p] = diag[i], rhs[i]
			}
			work := func() {
				if bad := f.factorise(); bad != [2]int{} {
					t.Errorf("seed %d: %v pivots of the wrong sign in a quasi-definite matrix", seed, bad)
				}
				f.solve(x)
			}
			if threads == 3 {
				withLoops(work)
			} else {
				work()
			}
			got := make([]float64, n)
			for i, p := range place {
				got[i] = x[p]
			}
			answers[threads-1] = got
		}
		left := make([]float64, n)
		copy(left, rhs)
		for i, x := range answers[0] {
			if x != answers[1][i] {
				t.Fatalf("seed %d: unknown %d is %v on one thread, %v on two", seed, i, x, answers[1][i])
			}
			if y := answers[2][i]; !(math.Abs(x-y) <= 1e-9*(1+math.Abs(y))) {
				t.Fatalf("seed %d: unknown %d is %v, by loops %v", seed, i, x, y)
			}
			left[i] -= diag[i] * x
		}
		for k, v := range value {
			left[row[k]] -= v * answers[0][col[k]]
			left[col[k]] -= v * answers[0][row[k]]
		}
		for i, e := range left {
			if !(math.Abs(e) < 1e-9) {
				t.Fatalf("seed %d: equation %d of %d is missed by %g", seed, i, n, e)
			}
		}
	}
}

// The kernels do in a register what the loops beside them do lane by lane.
func TestLaneKernels(t *testing.T) {
	if !vector {
		t.Skip("no vector registers are known here: the loops are all there is")
	}
	rng := rand.New(rand.NewPCG(3, 4))
	random := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		return x
	}
	// each runs a kernel on copies of x with the registers there are, with halves and without.
	each := func(name string, x []float64, run func(x []float64)) {
		t.Helper()
		a, h, b := slices.Clone(x), slices.Clone(x), slices.Clone(x)
		run(a)
		withHalves(func() { run(h) })
		withLoops(func() { run(b) })
		for i := range a {
			if !(math.Abs(a[i]-b[i]) <= 1e-13*(1+math.Abs(b[i]))) || !(math.Abs(h[i]-b[i]) <= 1e-13*(1+math.Abs(b[i]))) {
				t.Fatalf("%s: entry %d is %v, with registers of 256 bits %v, by loops %v", name, i, a[i], h[i], b[i])
			}
		}
	}
	for range 200 {
		cols, below := 1+rng.IntN(9), rng.IntN(12)
		rows := cols + below
		step := lanes * rows
		panel := random(step * cols)
		if below > 0 {
			each("laneSub", random(lanes*below), func(c []float64) {
				laneSub(c, panel[lanes*cols:], step, panel, step+lanes, cols)
			})
		}
		sign := 1.0
		column := random(lanes * rows)
		for l := range lanes {
			column[l] = math.Abs(column[l]) + 0.1
		}
		if rng.IntN(2) == 0 {
			column[rng.IntN(lanes)] = []float64{0, -1, math.NaN(), math.Inf(1)}[rng.IntN(4)]
			var kept [lanes]float64
			good := lanePivot(column, &kept, sign)
			for _, with := range []func(func()){withHalves, withLoops} {
				with(func() {
					if lanePivot(column, &kept, sign) || good {
						t.Fatal("a lost pivot is not seen")
					}
				})
			}
		} else {
			var dinv [lanes]float64
			each("lanePivot", column, func(c []float64) {
				if !lanePivot(c, &dinv, sign) {
					t.Fatal("a good pivot is called lost")
				}
			})
		}
		places := rng.Perm(rows + 5)[:rows]
		slices.Sort(places)
		rel := make([]int32, rows)
		for i, p := range places {
			rel[i] = int32(p)
		}
		shift := rng.IntN(places[0] + 1)
		src := random(lanes * rows)
		each("laneAdd", random(lanes*(rows+5)), func(dst []float64) { laneAdd(dst, rel, src, shift) })
		each("laneDiagonal", random(step*cols), func(panel []float64) { laneDiagonal(panel, src[:lanes*cols], rows) })
		d := (*[lanes]float64)(random(lanes))
		each("laneSubAt", random(lanes*(rows+5)), func(dst []float64) { laneSubAt(dst, rel, src, d, shift) })
		dinv := random(lanes * cols)
		each("laneForward", random(lanes*(rows+5)), func(x []float64) { laneForward(x, panel, rel, cols) })
		each("laneBackward", random(lanes*(rows+5)), func(x []float64) { laneBackward(x, panel, rel, dinv, cols) })
	}
}

// With lanes a problem has the optimum that it has without, to the last bit the same
// on any number of threads, whatever the length of the horizon.
func TestLanesOptimum(t *testing.T) {
	for seed, hours := range []int{24 * 32, 24*35 + 5, 24*41 + 23} {
		p, h := daily(hours, uint64(seed))
		var with [2]*lp.Solution
		for k := range with {
			sol, stats, err := Measure(context.Background(), p, lp.Options{Hint: h, Threads: k + 1})
			if err != nil || sol.Status != lp.Optimal {
				t.Fatalf("%d h, %d threads: %v, %v", hours, k+1, sol, err)
			}
			if !stats.Lanes {
				t.Fatalf("%d h: not cut into lanes", hours)
			}
			with[k] = sol
		}
		if !slices.Equal(with[0].X, with[1].X) || !slices.Equal(with[0].Y, with[1].Y) {
			t.Errorf("%d h: not the same on one thread and on two", hours)
		}
		without, stats, err := Measure(context.Background(), p, lp.Options{})
		if err != nil || stats.Lanes {
			t.Fatalf("%d h, without a hint: lanes %v, %v", hours, stats.Lanes, err)
		}
		if a, b := with[0].Objective, without.Objective; !(math.Abs(a-b) < 1e-8*math.Abs(b)) {
			t.Errorf("%d h: %v with lanes, %v without", hours, a, b)
		}
	}
}

// A horizon is not cut where the hint would have it cost more than it gives.
func TestLanesRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	times := 2 * stretches * minStretch
	cols, row, col, _, time, series := planningGraph(rng, times, 6, 3, true)
	n := len(time)
	g := graphOfEntries(n, row, col)
	cut := func(time, series []int32) bool {
		return cutIntoLanes(g, cols, time, series, make([]bool, n), team{1}) != nil
	}
	if !cut(time, series) {
		t.Fatal("not cut as it is")
	}
	short := slices.Clone(time)
	for i := range short {
		short[i] = min(short[i], stretches*minStretch-2)
	}
	if cut(short, series) {
		t.Error("cut into stretches that are too short")
	}
	mixed, alone := slices.Clone(time), slices.Clone(series)
	for i := range mixed {
		mixed[i] = int32(rng.IntN(times))
		alone[i] = int32(i)
	}
	if cut(mixed, series) {
		t.Error("cut where every stretch hangs together with every other")
	}
	if cut(time, alone) {
		t.Error("cut where no stretch is like another")
	}
	late := slices.Clone(time)
	late[slices.Index(late, int32(times-1))] = math.MaxInt32
	if cut(late, series) {
		t.Error("cut where the times are no hours from the start")
	}
	if cut(nil, nil) || cut(time, nil) {
		t.Error("cut without a hint")
	}
}
