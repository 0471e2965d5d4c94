package native

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"example.org/busbar/lp"
	"example.org/busbar/solve/solvetest"
)

// Whatever the start, the products are all mu and the point is inside its bounds:
// D - Z = d - z and D Z = mu by hand. With d - z = 3 and mu = 4: D = 4, Z = 1.
// Between 0 and 2, at mu = 1, the middle holds itself: 1 - 1/1 + 1/1 = 1.
func TestOnPath(t *testing.T) {
	if d := onPath(3, 4); math.Abs(d-4) > 1e-12 {
		t.Errorf("D = %g, want 4", d)
	}
	if d := onPath(-3, 4); math.Abs(d-1) > 1e-12 { // 1 - 4/1 = -3
		t.Errorf("D = %g, want 1", d)
	}
	if d := between(1, 2, 1); math.Abs(d-1) > 1e-9 {
		t.Errorf("D = %g, want 1", d)
	}
	if d := onPath(-1e12, 1e-3); !(d > 0) {
		t.Errorf("D = %g, want a positive distance", d)
	}
}

// neighbourOf changes a problem as a sweep would: some costs by a tenth, all equations
// with something on the right by 2 %.
func neighbourOf(p *lp.Problem, rng *rand.Rand) *lp.Problem {
	q := *p
	q.Cost = append([]float64(nil), p.Cost...)
	q.RowLower, q.RowUpper = append([]float64(nil), p.RowLower...), append([]float64(nil), p.RowUpper...)
	for j := range q.Cost {
		if rng.IntN(50) == 0 {
			q.Cost[j] *= 1.1
		}
	}
	for i := range q.RowLower {
		if q.RowLower[i] == q.RowUpper[i] && q.RowLower[i] > 0 {
			q.RowLower[i] *= 1.02
			q.RowUpper[i] = q.RowLower[i]
		}
	}
	return &q
}

func solvedFrom(t *testing.T, p *lp.Problem, warm *lp.Solution) (*lp.Solution, *Stats) {
	t.Helper()
	sol, stats, err := Measure(context.Background(), p, lp.Options{Warm: warm, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return sol, stats
}

// A neighbour's solution shortens the path and leaves the optimum where it is.
func TestWarmStart(t *testing.T) {
	cold, warm := 0, 0
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 8))
		p := energySystem(1+int(seed), 168/(1+int(seed)), seed)
		first, _ := solvedFrom(t, p, nil)
		q := neighbourOf(p, rng)
		a, _ := solvedFrom(t, q, nil)
		b, stats := solvedFrom(t, q, first)
		cold, warm = cold+a.Iterations, warm+b.Iterations
		for _, sol := range []*lp.Solution{a, b} {
			if c := lp.Certify(q, sol); sol.Status != lp.Optimal || !c.OK {
				t.Errorf("seed %d: %v, %v %s", seed, sol.Status, c, sol.Note)
			}
		}
		if math.Abs(a.Objective-b.Objective) > 2e-8*math.Abs(a.Objective) {
			t.Errorf("seed %d: %.12g from the neighbour, %.12g without (%d restarts)", seed, b.Objective, a.Objective, stats.Restarts)
		}
	}
	t.Logf("%d iterations without, %d with the neighbour's solution", cold, warm)
	if 4*warm > 3*cold {
		t.Errorf("%d iterations from the neighbour's solution, %d without: a quarter should be saved", warm, cold)
	}
}

// Whatever a problem's neighbour was, feasible or not, the answer is proved and the same.
func TestWarmStartOfRandomProblems(t *testing.T) {
	for seed := range uint64(150) {
		p := solvetest.Random(seed)
		a, _ := solvedFrom(t, p, nil)
		rng := rand.New(rand.NewPCG(seed, 10))
		from := &lp.Solution{X: make([]float64, p.Cols()), Y: make([]float64, p.Rows())}
		for j := range from.X {
			if from.X[j] = rng.NormFloat64(); a.X != nil {
				from.X[j] = a.X[j] * (0.9 + 0.2*rng.Float64())
			}
		}
		for i := range from.Y {
			if from.Y[i] = rng.NormFloat64(); a.Y != nil {
				from.Y[i] = a.Y[i] * (0.9 + 0.2*rng.Float64())
			}
		}
		for _, rough := range []bool{false, true} {
			b, _, err := Measure(context.Background(), p, lp.Options{Warm: from, Rough: rough, Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			if c := lp.Certify(p, b); b.Status != a.Status || !c.OK {
				t.Errorf("seed %d: %v (%v), without the start %v (rough: %v)", seed, b.Status, c, a.Status, rough)
			}
			if a.Status == lp.Optimal && math.Abs(a.Objective-b.Objective) > 1e-6*(1+math.Abs(a.Objective)) {
				t.Errorf("seed %d: %.10g from the start, %.10g without (rough: %v)", seed, b.Objective, a.Objective, rough)
			}
		}
	}
}

// What a point lacks, by hand: least x + y, x + y >= 3, 0 <= x, y <= 2. At (2, 2)
// with a dual of 0.5 both reduced costs are 0.5: each is 2 x 0.5 from its side, 0,
// and the row (4 - 3) x 0.5 from its own. Together 2.5, which is the gap: 4 - 1.5.
// At (1, 2) and 1 nothing is missing. Worth: the turnover 4 (3), the side 3 x dual.
func TestLacks(t *testing.T) {
	p := &lp.Problem{
		Cost: []float64{1, 1}, ColLower: []float64{0, 0}, ColUpper: []float64{2, 2}, RowLower: []float64{3}, RowUpper: []float64{math.Inf(1)},
		Start: []int64{0, 1, 2}, Index: []int32{0, 0}, Value: []float64{1, 1},
	}
	for _, k := range []struct {
		x           []float64
		y           float64
		short, want float64
	}{{[]float64{2, 2}, 0.5, 2.5, 5.5}, {[]float64{1, 2}, 1, 0, 6}} {
		if short, worth := lacks(p, k.x, []float64{k.y}); short != k.short || worth != k.want {
			t.Errorf("%v: short of %g, worth %g; want %g, %g", k.x, short, worth, k.short, k.want)
		}
	}
	// x'x, that is Q = 2 on the diagonal, and x >= 1: at 1 the price is 2.
	q := &lp.Problem{
		Cost: []float64{0}, ColLower: []float64{math.Inf(-1)}, ColUpper: []float64{math.Inf(1)}, RowLower: []float64{1}, RowUpper: []float64{math.Inf(1)},
		Start: []int64{0, 1}, Index: []int32{0}, Value: []float64{1}, QStart: []int64{0, 1}, QIndex: []int32{0}, QValue: []float64{2},
	}
	if short, _ := lacks(q, []float64{1}, []float64{2}); short != 0 {
		t.Errorf("short of %g, want 0", short)
	}
}

// A start that has nothing to do with the problem is noticed, counted, and left.
func TestWarmStartAstray(t *testing.T) {
	restarts := 0
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 9))
		p := energySystem(1, 72, seed)
		a, _ := solvedFrom(t, p, nil)
		astray := &lp.Solution{X: make([]float64, p.Cols()), Y: make([]float64, p.Rows())}
		for j := range astray.X {
			astray.X[j] = math.Exp(8*rng.NormFloat64()) * rng.NormFloat64()
		}
		for i := range astray.Y {
			astray.Y[i] = math.Exp(8*rng.NormFloat64()) * rng.NormFloat64()
		}
		b, stats := solvedFrom(t, p, astray)
		restarts += stats.Restarts
		if b.Iterations > a.Iterations {
			t.Errorf("seed %d: %d iterations after a start far astray, %d without", seed, b.Iterations, a.Iterations)
		}
		if c := lp.Certify(p, b); b.Status != lp.Optimal || !c.OK || math.Abs(a.Objective-b.Objective) > 2e-8*math.Abs(a.Objective) {
			t.Errorf("seed %d: %v, %v, %.12g and %.12g without", seed, b.Status, c, b.Objective, a.Objective)
		}
		astray.X[3] = math.NaN()
		if c, stats := solvedFrom(t, p, astray); c.Objective != a.Objective || stats.Restarts != 0 {
			t.Errorf("seed %d: a start without a number is taken", seed)
		}
	}
	if restarts == 0 {
		t.Error("no start was given up")
	}
}
