package native

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"example.org/busbar/lp"
)

// Solve solves a linear or convex quadratic problem. Options used: TimeLimit,
// Threads, Tolerance, Progress, Hint (the times of rows and columns, for the order
// of elimination; with their series, for a start from a coarser clock), Warm (a solution with X and Y of a problem of as many rows and
// columns; it shortens the path where it is near, and changes the answer by no
// more than the tolerance), Rough (it is in part a guess). It stops within an iteration when ctx ends. Of a
// large problem it has the garbage collected where a phase ends, a few times a
// solve; it changes no setting of the process.
//
// The solution's Status is lp.Optimal, lp.Infeasible or lp.Unbounded only if
// lp.Certify confirms it on p; lp.Unknown, with a Note, where no proof was
// reached. An error means that p is not a problem this solver takes.
func Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	sol, _, err := Measure(ctx, p, o)
	return sol, err
}

// Measure is Solve that also tells what it took.
func Measure(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, *Stats, error) {
	if err := p.Validate(); err != nil {
		return nil, nil, err
	}
	if p.IsMIP() {
		return nil, nil, errors.New("native: the problem has integer columns; only continuous ones fit")
	}
	r := &solver{p: p, o: o, start: time.Now(), memory: freeMemory(), coarseFrom: coarseNonzeros}
	if o.TimeLimit > 0 {
		r.deadline = r.start.Add(o.TimeLimit)
	}
	r.tol = o.Tolerance
	if r.tol <= 0 {
		r.tol = aim(p)
	}
	r.sayRanges()
	sol := r.solve(ctx)
	sol.Solver = "native"
	sol.Bound = math.NaN()
	sol.Iterations = r.iterations
	r.stats.Total = time.Since(r.start)
	sol.Seconds = r.stats.Total.Seconds()
	return sol, &r.stats, nil
}

// aim is the tolerance where the caller names none: 1e-8. Where an iteration
// costs next to nothing it is 1e-10: the last steps are few (the end converges
// fast) and bring objectives that agree to 1e-9 whatever the order of the
// columns. A path that stalls above it is judged by its certificate.
func aim(p *lp.Problem) float64 {
	if p.Nonzeros() < 50000 {
		return 1e-10
	}
	return 1e-8
}

// solver is one call of Solve.
type solver struct {
	p          *lp.Problem
	o          lp.Options
	start      time.Time
	deadline   time.Time
	tol        float64
	level      int // of presolve
	rounds     int
	iterations int
	near       bool    // the path began at the solution that was given
	memory     float64 // bytes there are to be had, 0 where unknown
	coarseFrom int     // nonzeros from which a start is sought on a coarser clock
	tooLarge   string  // what of the factor does not fit
	stats      Stats
	trace      func(format string, args ...any) // tests listen here
}

func (r *solver) tracef(format string, args ...any) {
	if r.trace != nil {
		r.trace(format, args...)
	}
}

func (r *solver) solve(ctx context.Context) *lp.Solution {
	if row, col := r.p.Crossed(); row >= 0 || col >= 0 {
		return &lp.Solution{Status: lp.Infeasible, Objective: math.NaN(), Note: "a lower bound lies above its upper bound"}
	}
	var best *lp.Solution
	// The second round leaves presolve out: where rounding led it astray, the
	// problem itself may still be solved.
	r.rounds = 0
	for r.level = 1; r.level >= 0; r.level-- {
		r.rounds++
		sol := r.attempt(ctx)
		if sol.Status != lp.Unknown || r.tooLarge != "" {
			return sol
		}
		if s := r.prove(ctx); s != nil {
			return s
		}
		if best == nil || best.X == nil {
			best = sol
		}
		if s := r.interrupted(r.stopped(ctx)); s != nil {
			return s
		}
	}
	return best
}

// attempt looks for a certified optimum at the present level of presolve.
func (r *solver) attempt(ctx context.Context) *lp.Solution {
	x, y, end := r.optimise(ctx, r.p, "ipm")
	if s := r.interrupted(end); s != nil {
		if x != nil {
			s.X, s.Y = x, y
			s.Objective = lp.Certify(r.p, &lp.Solution{Status: lp.Optimal, X: x, Y: y}).Objective
		}
		return s
	}
	sol := &lp.Solution{Status: lp.Unknown, Objective: math.NaN(), Note: "presolve found that there is no optimum, and no proof was found of it"}
	if r.tooLarge != "" {
		sol.Note = r.tooLarge
	}
	if x != nil {
		t0 := time.Now()
		c := lp.Certify(r.p, &lp.Solution{Status: lp.Optimal, X: x, Y: y})
		r.stats.Certify += time.Since(t0)
		r.tracef("certificate: %v in %.3fs", c, time.Since(t0).Seconds())
		sol.X, sol.Y, sol.Objective = x, y, c.Objective
		if c.OK {
			sol.Status, sol.Note = lp.Optimal, ""
			return r.sharpened(ctx, sol, c)
		}
		sol.Note = fmt.Sprintf("the interior point %s after %d iterations: %v", end, r.iterations, c)
	}
	return sol
}

// sharpWarm is what the certificate of a path from a nearby solution is to hold to;
// beyond it the start is to blame, more often than the problem.
const sharpWarm = 1e-8

// sharpened solves once more from nothing where a start that was given led to a
// point whose certificate holds less closely than asked, and returns the better.
func (r *solver) sharpened(ctx context.Context, sol *lp.Solution, c lp.Certificate) *lp.Solution {
	worst := func(c lp.Certificate) float64 { return max(c.Primal, c.Dual, c.Gap) }
	if !r.near || worst(c) <= max(sharpWarm, r.tol) {
		return sol
	}
	r.say("start", "the start led to a certificate of %.1e; once more without it", worst(c))
	r.stats.Restarts++
	r.near, r.o.Warm = false, nil
	again := r.attempt(ctx)
	if again.Status == lp.Optimal && worst(lp.Certify(r.p, again)) < worst(c) {
		return again
	}
	return sol
}

func (r *solver) stopped(ctx context.Context) outcome {
	if ctx.Err() != nil {
		return cancelled
	}
	if !r.deadline.IsZero() && time.Now().After(r.deadline) {
		return outOfTime
	}
	return running
}

// optimise presolves p and solves what remains. x is nil where presolve found
// that there is no optimum.
func (r *solver) optimise(ctx context.Context, p *lp.Problem, phase string) (x, y []float64, end outcome) {
	t0 := time.Now()
	pre := newPresolve(p)
	list := passes
	if r.level == 0 {
		list = needed
	}
	if v := pre.run(list); v != undecided {
		r.tracef("presolve: no optimum (%d)", v)
		return nil, nil, stalled
	}
	small, rows, cols := pre.reduced()
	r.stats.presolved(small, time.Since(t0))
	r.tracef("presolve: %d x %d, %d -> %d x %d, %d in %.3fs", p.Rows(), p.Cols(), p.Nonzeros(), small.Rows(), small.Cols(), small.Nonzeros(), time.Since(t0).Seconds())
	restore := func(x, y []float64) ([]float64, []float64) { return pre.restore(rows, cols, x, y) }
	x, y, end = r.interior(ctx, p, small, r.hint(p, rows, cols), r.startOf(ctx, p, small, rows, cols), restore, phase)
	if r.tooLarge != "" {
		return nil, nil, end
	}
	x, y = restore(x, y)
	return x, y, end
}

// known is what the hint says of the columns, then the rows, of a problem; nil where
// it says nothing.
type known struct{ times, series []int32 }

// hint is what is known of the columns and rows that presolve left of p.
func (r *solver) hint(p *lp.Problem, rows, cols []int32) (k known) {
	h := r.o.Hint
	if h == nil || p != r.p || len(h.RowTime) != p.Rows() || len(h.ColTime) != p.Cols() {
		return k
	}
	k.times = append(picked(h.ColTime, cols), picked(h.RowTime, rows)...)
	if len(h.RowSeries) == p.Rows() && len(h.ColSeries) == p.Cols() {
		k.series = append(picked(h.ColSeries, cols), picked(h.RowSeries, rows)...)
	}
	return k
}

// report returns what tells of each iteration: unit is what one of the scaled
// objective is worth, tol the relative gap at which the path ends.
func (r *solver) report(phase string, unit, offset, tol float64) func(iter int, pobj, dobj, pinf, dinf, gap float64) {
	object := func(v float64) float64 { return v*unit + offset }
	gap5, time5 := 0.0, time.Time{}
	return func(iter int, pobj, dobj, pinf, dinf, gap float64) {
		r.tracef("%4d %18.10e %18.10e  %.1e %.1e %.1e  ", iter, object(pobj), object(dobj), pinf, dinf, gap)
		if r.o.Progress != nil {
			if iter == 5 {
				gap5, time5 = gap, time.Now()
			}
			// The gap falls about as fast, in digits, as it has fallen so far.
			var left time.Duration
			if digits := math.Log(gap5 / gap); iter > 8 && digits > 0 && gap > tol {
				left = time.Duration(float64(time.Since(time5)) * math.Log(gap/tol) / digits)
			}
			r.o.Progress(lp.Progress{Left: left, Solver: "native", Phase: phase, Iteration: iter, Primal: object(pobj), Dual: object(dobj), PInf: pinf, DInf: dinf, Gap: gap, Elapsed: time.Since(r.start)})
		}
	}
}

// startOf is where to begin on q, which presolve left of p: at the nearby solution
// that was given, or at that of a coarser clock, which does better than a guess;
// nil for Mehrotra's point.
func (r *solver) startOf(ctx context.Context, p, q *lp.Problem, rows, cols []int32) *guess {
	w := r.o.Warm
	r.near = false
	if p != r.p || r.level == 0 {
		return nil
	}
	unfit := w == nil || len(w.X) != p.Cols() || len(w.Y) != p.Rows()
	if unfit || r.o.Rough {
		if g := r.coarseStart(ctx, q, rows, cols); unfit || g != nil {
			return g
		}
	}
	products := warmProducts
	if r.o.Rough {
		products = roughProducts
	}
	short, worth := lacks(p, w.X, w.Y)
	g := &guess{w.X, w.Y, max(products*turnover(p, w.X), short)}
	if !g.finite() {
		return nil
	}
	if short > tooShort*worth {
		r.say("start", "the start has nothing to do with the problem and was left")
		r.stats.Restarts++
		return nil
	}
	r.near = true
	return g.of(rows, cols)
}

// interior solves q, the presolved p. It returns the best point of q it has;
// restore turns it into one of p.
func (r *solver) interior(ctx context.Context, p, q *lp.Problem, hint known, start *guess, restore func(x, y []float64) ([]float64, []float64), phase string) (x, y []float64, end outcome) {
	if q.Cols() == 0 {
		return nil, make([]float64, q.Rows()), converged
	}
	// Neither q nor f is held by what outlives this function's calls: the run has a
	// copy in its own order.
	collect(q.Nonzeros())
	f, offset := newForm(q), q.Offset
	t0 := time.Now()
	sc := scale(f)
	r.stats.Scale += time.Since(t0)
	if r.o.Progress != nil {
		scaled := lp.RangesOf(&lp.Problem{Cost: f.cost, Value: f.value, QValue: f.qValue, ColLower: f.lower[:f.n], ColUpper: f.upper[:f.n], RowLower: f.lower[f.n:], RowUpper: f.upper[f.n:]})
		r.say(phase, "%d rows, %d columns, %d nonzeros after presolve; scaled: %v", f.m, f.n, len(f.value), scaled)
	}
	var run *ipm
	unscaled := func(x, y []float64) ([]float64, []float64) {
		sc.restore(x, y)
		return x, y
	}
	o := ipmOptions{maxIter: 300, tol: r.tol, threads: r.threads(), times: hint.times, series: hint.series, patient: r.level == 0, deadline: r.deadline, one: 1 / f.unit(sc), offset: offset / f.unit(sc)}
	o.judge = func(x, y []float64) float64 {
		x, y = restore(unscaled(x, y))
		t0 := time.Now()
		c := lp.Certify(p, &lp.Solution{Status: lp.Optimal, X: x, Y: y})
		r.stats.Certify += time.Since(t0)
		r.tracef("check: %v", c)
		return math.Max(c.Primal, math.Max(c.Dual, c.Gap)) / r.tol
	}
	o.progress = r.report(phase, f.unit(sc), offset, r.tol)
	o.fits = func(e extent, bytes float64) bool {
		r.say(phase, "factor of %.3g entries, %.2g multiplications and additions; %.0f MiB", float64(e.entries), e.flops, bytes/mib)
		r.stats.Memory = math.Max(r.stats.Memory, bytes)
		if r.memory > 0 && bytes > r.memory {
			r.tooLarge = fmt.Sprintf("the factor and its vectors need %.0f MiB, and %.0f MiB are free", bytes/mib, r.memory/mib)
			return false
		}
		return true
	}
	if start != nil {
		o.start = sc.guess(start, f)
	}
	if run = newIPM(f, o); run == nil {
		return nil, nil, stalled
	}
	run.trace = r.trace
	end = run.run(ctx)
	r.iterations += run.iter
	if run.stats.restarts > 0 {
		r.say(phase, "the start did not lead on and was left after %d iterations", trial)
	}
	r.stats.add(run)
	r.tracef("%v: %v", end, run)
	x, y = unscaled(run.point())
	collect(r.stats.Nonzeros)
	return x, y, end
}

func (r *solver) threads() int {
	if r.o.Threads > 0 {
		return r.o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// unit is what one of the scaled objective is worth in the original.
func (f *form) unit(sc *scaling) float64 { return sc.size / sc.cost }
