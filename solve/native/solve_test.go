package native

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/solvetest"
)

var inf = math.Inf(1)

// dense makes a problem from a full matrix.
func dense(cost []float64, a [][]float64, rl, ru, cl, cu []float64) *lp.Problem {
	b := &builder{}
	for i := range rl {
		b.row(rl[i], ru[i])
	}
	for j, c := range cost {
		k := b.col(c, cl[j], cu[j])
		for i := range rl {
			b.add(int32(i), k, a[i][j])
		}
	}
	return b.problem()
}

func solveOK(t *testing.T, p *lp.Problem) *lp.Solution {
	t.Helper()
	sol, err := Solve(context.Background(), p, lp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := lp.Certify(p, sol); sol.Status != lp.Optimal || !c.OK {
		t.Fatalf("%v, %v: %s", sol.Status, c, sol.Note)
	}
	return sol
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(b)) }

func TestTwoColumnsByHand(t *testing.T) {
	// max 3x + 2y, x + y <= 4, x + 3y <= 7, x <= 3: vertex (3, 1), value 11.
	p := dense([]float64{-3, -2}, [][]float64{{1, 1}, {1, 3}}, []float64{-inf, -inf}, []float64{4, 7}, []float64{0, 0}, []float64{3, inf})
	sol := solveOK(t, p)
	if !near(sol.Objective, -11) || !near(sol.X[0], 3) || !near(sol.X[1], 1) {
		t.Errorf("got %v at %v, want -11 at (3, 1)", sol.Objective, sol.X)
	}
	// The first row's price: one more unit lets y rise by one, worth 2.
	if !near(sol.Y[0], -2) || !near(sol.Y[1], 0) {
		t.Errorf("prices %v, want (-2, 0)", sol.Y)
	}
}

func TestQuadraticByHand(t *testing.T) {
	// min (x-1)^2 + (y-2)^2 on x + y = 1: (0, 1), value 2; y_row = -2.
	p := dense([]float64{-2, -4}, [][]float64{{1, 1}}, []float64{1}, []float64{1}, []float64{-inf, -inf}, []float64{inf, inf})
	p.Offset = 5
	p.QStart, p.QIndex, p.QValue = []int64{0, 1, 2}, []int32{0, 1}, []float64{2, 2}
	sol := solveOK(t, p)
	if !near(sol.Objective, 2) || !near(sol.X[0], 0) || !near(sol.Y[0], -2) {
		t.Errorf("got %v at %v prices %v", sol.Objective, sol.X, sol.Y)
	}
}

func TestEmptyShapes(t *testing.T) {
	solveOK(t, &lp.Problem{Start: []int64{0}})
	// No rows: each column goes where its cost wants it.
	p := dense([]float64{1, -1, 0}, nil, nil, nil, []float64{2, 0, -inf}, []float64{5, 7, inf})
	if sol := solveOK(t, p); !near(sol.Objective, 2-7) {
		t.Errorf("got %v, want -5", sol.Objective)
	}
}

func TestInfeasibleIsProved(t *testing.T) {
	for name, p := range map[string]*lp.Problem{
		"two rows":      dense([]float64{1, 1}, [][]float64{{1, 1}, {1, 1}}, []float64{3, -inf}, []float64{inf, 2}, []float64{0, 0}, []float64{inf, inf}),
		"row and bound": dense([]float64{0, 0}, [][]float64{{1, 2}}, []float64{10}, []float64{10}, []float64{0, 0}, []float64{3, 3}),
		"no point at all in three": dense([]float64{1, 0, 0}, [][]float64{{1, -1, 0}, {0, 1, -1}, {-1, 0, 1}},
			[]float64{1, 1, 1}, []float64{inf, inf, inf}, []float64{-inf, -inf, -inf}, []float64{inf, inf, inf}),
		"empty row":          dense([]float64{1}, [][]float64{{0}}, []float64{1}, []float64{2}, []float64{0}, []float64{1}),
		"crossed":            dense([]float64{1}, [][]float64{{1}}, []float64{0}, []float64{2}, []float64{3}, []float64{1}),
		"unbounded dual too": dense([]float64{-1, -1}, [][]float64{{1, -1}, {-1, 1}}, []float64{1, 1}, []float64{inf, inf}, []float64{0, 0}, []float64{inf, inf}),
	} {
		sol, err := Solve(context.Background(), p, lp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := lp.Certify(p, sol); sol.Status != lp.Infeasible || !c.OK {
			t.Errorf("%s: %v, %v %s", name, sol.Status, c, sol.Note)
		}
	}
}

func TestUnboundedIsProved(t *testing.T) {
	quad := dense([]float64{-1, 0}, [][]float64{{1, -1}}, []float64{-inf}, []float64{1}, []float64{0, 0}, []float64{inf, inf})
	quad.QStart, quad.QIndex, quad.QValue = []int64{0, 2, 3}, []int32{0, 1, 1}, []float64{1, -1, 1} // (x-y)^2/2
	for name, p := range map[string]*lp.Problem{
		"one column": dense([]float64{-1}, nil, nil, nil, []float64{0}, []float64{inf}),
		"cone":       dense([]float64{-1, 1}, [][]float64{{1, -1}, {1, -2}}, []float64{-inf, -inf}, []float64{2, 3}, []float64{0, 0}, []float64{inf, inf}),
		"chain": dense([]float64{0, 0, -1}, [][]float64{{1, -1, 0}, {0, 1, -1}}, []float64{0, 0}, []float64{0, 0},
			[]float64{0, 0, 0}, []float64{inf, inf, inf}),
		"free":      dense([]float64{1, 1}, [][]float64{{1, 2}}, []float64{4}, []float64{4}, []float64{-inf, -inf}, []float64{inf, inf}),
		"quadratic": quad,
	} {
		sol, err := Solve(context.Background(), p, lp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := lp.Unbounded
		if name == "cone" { // x - y <= 2 keeps -x + y above -2
			want = lp.Optimal
		}
		if c := lp.Certify(p, sol); sol.Status != want || !c.OK {
			t.Errorf("%s: %v, %v %s", name, sol.Status, c, sol.Note)
		}
	}
}

func TestIntegersAreRefused(t *testing.T) {
	p := dense([]float64{1}, [][]float64{{1}}, []float64{1}, []float64{2}, []float64{0}, []float64{3})
	p.Integer = []bool{true}
	if _, err := Solve(context.Background(), p, lp.Options{}); err == nil {
		t.Error("integers were accepted")
	}
}

func TestCancelStopsAtOnce(t *testing.T) {
	p := energySystem(2, 200, 3)
	ctx, cancel := context.WithCancel(context.Background())
	lines := 0
	sol, err := Solve(ctx, p, lp.Options{Progress: func(g lp.Progress) {
		if g.Text != "" {
			return
		}
		lines++
		if g.Iteration == 3 {
			cancel()
		}
	}})
	if err != nil || sol.Status != lp.Cancelled || lines != 4 {
		t.Errorf("%v after %d lines, %v; want cancelled after 4", sol.Status, lines, err)
	}
}

// What is said before the first iteration: the ranges, the row that is badly
// scaled, and what the factor will take.
func TestReportBeforeTheStart(t *testing.T) {
	p := energySystem(2, 200, 3)
	p.Value[p.Start[1]] = 1e-12
	var said []string
	_, stats, err := Measure(context.Background(), p, lp.Options{Progress: func(g lp.Progress) {
		if g.Text != "" {
			said = append(said, g.Text)
		} else if len(said) < 4 {
			t.Errorf("iteration %d after %q", g.Iteration, said)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []string{"ranges: matrix [1e-12, ", "badly scaled: row r", "scaled: matrix", "factor of "} {
		if k >= len(said) || !strings.Contains(said[k], want) {
			t.Errorf("line %d of %q lacks %q", k, said, want)
		}
	}
	if stats.Ranges != lp.RangesOf(p) {
		t.Errorf("ranges %v, want %v", stats.Ranges, lp.RangesOf(p))
	}
	if least := 8 * float64(stats.Entries); stats.Memory < least || stats.Memory > 1000*least {
		t.Errorf("%v bytes for a factor of %d entries", stats.Memory, stats.Entries)
	}
}

func TestTooLargeForTheMachineIsNotBegun(t *testing.T) {
	r := &solver{p: energySystem(2, 200, 3), start: time.Now(), tol: 1e-8, memory: 1 << 20}
	sol := r.solve(context.Background())
	if sol.Status != lp.Unknown || !strings.Contains(sol.Note, "1 MiB are free") || r.iterations > 0 {
		t.Errorf("%v, %q after %d iterations", sol.Status, sol.Note, r.iterations)
	}
}

// A factorisation that is told to stop leaves at once, and the step is not taken.
func TestHaltLeavesThePointAlone(t *testing.T) {
	f := newForm(energySystem(2, 200, 3))
	scale(f)
	r := newIPM(f, ipmOptions{maxIter: 300, tol: 1e-8, threads: 2})
	r.k.rho, r.k.delta, r.floor = minRho, minDelta, 1e-11
	if !r.begin() {
		t.Fatal("no start")
	}
	r.residuals()
	before := point{x: slices.Clone(r.p.x), y: slices.Clone(r.p.y), dual: slices.Clone(r.p.dual)}
	r.k.halt.Store(true)
	if _, _, ok := r.step(); ok {
		t.Error("a step was taken with half a factor")
	}
	if !slices.Equal(before.x, r.p.x) || !slices.Equal(before.dual, r.p.dual) || !slices.Equal(before.y, r.p.y) {
		t.Error("the point has moved")
	}
}

func TestTimeLimit(t *testing.T) {
	p := energySystem(2, 200, 3)
	sol, err := Solve(context.Background(), p, lp.Options{TimeLimit: time.Nanosecond})
	if err != nil || sol.Status != lp.Limit {
		t.Errorf("%v, %v; want limit", sol.Status, err)
	}
}

func TestRandomFeasibleAreSolved(t *testing.T) {
	trials := 400
	if testing.Short() {
		trials = 50
	}
	failed := 0
	for seed := 0; seed < trials; seed++ {
		rng := rand.New(rand.NewPCG(uint64(seed), 99))
		n, m := 1+rng.IntN(40), rng.IntN(30)
		p := solvetest.Feasible(rng, n, m, seed%3 == 2)
		sol, err := Solve(context.Background(), p, lp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := lp.Certify(p, sol); sol.Status != lp.Optimal || !c.OK {
			failed++
			t.Errorf("seed %d (%d x %d, quadratic %v): %v %v %s", seed, m, n, p.IsQP(), sol.Status, c, sol.Note)
		}
	}
	t.Logf("%d of %d failed", failed, trials)
}

func TestThreadsDoNotChangeABit(t *testing.T) {
	p := energySystem(4, 400, 5)
	var first *lp.Solution
	for _, threads := range []int{1, 2, 3} {
		sol, err := Solve(context.Background(), p, lp.Options{Threads: threads})
		if err != nil || sol.Status != lp.Optimal {
			t.Fatal(sol.Status, sol.Note, err)
		}
		if first == nil {
			first = sol
			continue
		}
		if !slices.Equal(sol.X, first.X) || !slices.Equal(sol.Y, first.Y) || sol.Iterations != first.Iterations {
			t.Errorf("%d threads give another result than one", threads)
		}
	}
}

// Every problem has one of three answers, and each has a proof.
func TestRandomProblemsEndWithAProof(t *testing.T) {
	trials := uint64(1000)
	if s := os.Getenv("TRIALS"); s != "" {
		fmt.Sscan(s, &trials)
	}
	if testing.Short() {
		trials = 100
	}
	count, again := map[lp.Status]int{}, 0
	for seed := uint64(0); seed < trials; seed++ {
		p := solvetest.Random(seed)
		sol, r := tracedSolve(t, p, false)
		if r.rounds > 1 {
			again++
		}
		count[sol.Status]++
		if c := lp.Certify(p, sol); !c.OK {
			t.Errorf("seed %d (%d x %d, quadratic %v): %v %v %s", seed, p.Rows(), p.Cols(), p.IsQP(), sol.Status, c, sol.Note)
		}
	}
	t.Log(count, "second rounds:", again)
}

// The planning problem with a quadratic cost on generation and trade.
func TestQuadraticPlanning(t *testing.T) {
	p := energySystem(3, 96, 7)
	rng := rand.New(rand.NewPCG(5, 5))
	p.QStart = make([]int64, p.Cols()+1)
	for j := 0; j < p.Cols(); j++ {
		if rng.IntN(3) == 0 {
			p.QIndex = append(p.QIndex, int32(j))
			p.QValue = append(p.QValue, 0.01*rng.Float64())
			if j+1 < p.Cols() && rng.IntN(4) == 0 { // an entry of nothing does no harm
				p.QIndex = append(p.QIndex, int32(j+1))
				p.QValue = append(p.QValue, 0)
			}
		}
		p.QStart[j+1] = int64(len(p.QIndex))
	}
	sol := solveOK(t, p)
	if sol.Iterations > 60 {
		t.Errorf("%d iterations", sol.Iterations)
	}
}
