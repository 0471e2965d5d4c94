package native

import (
	"context"
	"fmt"
	"math"
	"time"
)

// point is a primal-dual iterate of a form. Every finite bound has a slot, the
// lower before the upper; see run for which variable has which. So a variable
// without bounds costs nothing in the loops over them.
type point struct {
	x    []float64 // columns, then row variables
	y    []float64 // of the rows
	gap  []float64 // by slot: distance to the bound, kept apart from x: it must not cancel
	dual []float64 // by slot
}

func newPoint(n, m, slots int) *point {
	return &point{make([]float64, n+m), make([]float64, m), make([]float64, slots), make([]float64, slots)}
}

// direction is a change of a point; a gap changes by dx at a lower bound and by
// -dx at an upper one.
type direction struct {
	x, y, dual []float64
}

func newDirection(n, m, slots int) *direction {
	return &direction{make([]float64, n+m), make([]float64, m), make([]float64, slots)}
}

// ipm is one run of the interior point.
type ipm struct {
	f   *form
	k   *kkt
	opt ipmOptions

	cols, rows []int32 // what columns and rows were called before they were put in order

	p      *point
	runs   [pieces][]run
	limit  []float64  // by slot: the lower bound, or minus the upper
	d, c   *direction // the step being built; the corrector tried
	wp, wd float64    // what of c is still to be added to d

	g, h []float64 // right-hand side of the affine direction

	floor        float64 // of the residuals asked for, relative
	exact        bool    // the factor solves well without refinement
	mu           float64
	count        int // complementarity products
	pinf, dinf   float64
	pobj, dobj   float64
	normB, normC float64

	// Of the last step, for the trace.
	affP, affD, sigma float64
	taken             int

	iter  int
	stats ipmStats
	trace func(format string, args ...any)
}

// ipmOptions steers a run.
type ipmOptions struct {
	maxIter    int
	threads    int
	times      []int32 // of the columns, then the rows; nil where unknown
	series     []int32 // likewise; the columns' and the rows' are numbered apart
	tol        float64
	one        float64 // the scaled objective of an original objective of one
	offset     float64 // the scaled objective of the original's constant
	patient    bool    // go on where the iterates look like a ray
	correctors int     // 0: by what a factorisation costs beside a solve
	gain       float64 // how much longer a corrector must make a step for another to be tried
	progress   func(iter int, pobj, dobj, pinf, dinf, gap float64)
	// judge measures the point on the original problem, relative to the
	// tolerance: at most 1 is good. It is asked when the scaled residuals are good.
	judge    func(x, y []float64) float64
	deadline time.Time
	start    *guess // where to begin; nil: Mehrotra's point
	// fits is told what the run will hold before it is allocated; where it says no
	// there is no run.
	fits func(e extent, bytes float64) bool
}

// ipmStats is what a run cost.
type ipmStats struct {
	factorisations, solves, refinements int
	timeFactor, timeSolve               time.Duration
	entries                             int
	flops                               float64
	timeOrder, timeAnalyse, timeTotal   time.Duration
	fronts, retries, correctorsTaken    int
	lanes                               bool
	restarts                            int // from a start that was given and did not lead on
}

// outcome is how a run ended.
type outcome uint8

const (
	running outcome = iota
	converged
	stalled
	diverged // the iterates grow like a ray
	outOfTime
	cancelled
)

// newIPM orders, analyses and allocates; nil where o.fits says no.
func newIPM(f *form, o ipmOptions) *ipm {
	t0 := time.Now()
	g := f.pattern()
	hollow := f.hollow()
	var order []int32
	cut := cutIntoLanes(g, f.n, o.times, o.series, hollow, team{o.threads})
	if cut == nil {
		order = chooseOrder(g, o.times, hollow, team{o.threads})
	}
	o.times, o.series = nil, nil
	t1 := time.Now()
	var cols, rows, place []int32
	var sym *symbolic
	var takes extent
	if cut != nil {
		takes = cut.extent()
		f, cols, rows, place = f.permuted(cut.places(f.n+f.m), cut.size())
	} else {
		sym = analyse(g, order)
		takes = sym.extent()
		f, cols, rows, place = f.permuted(sym.place, sym.n)
	}
	if o.fits != nil && !o.fits(takes, memoryOf(f, takes)) {
		return nil
	}
	n, m := f.n, f.m
	r := &ipm{f: f, cols: cols, rows: rows, opt: o}
	r.stats.lanes = cut != nil // from here on nothing must hold what only the factor needs
	r.takeBounds()
	giveBack(f.nonzeros)
	if cut != nil {
		r.k = newLaneKKT(f, cut, place, team{o.threads})
	} else {
		sym.place, sym.node = place, invert(place)
		r.k = newKKT(f, sym, team{o.threads})
	}
	f.start, f.index, f.value = nil, nil, nil // in lines and in the factor from here on
	giveBack(f.nonzeros)
	r.g, r.h = make([]float64, n), make([]float64, m)
	r.d, r.c = newDirection(n, m, r.count), newDirection(n, m, r.count)
	for _, c := range f.cost {
		r.normC = max(r.normC, math.Abs(c))
	}
	if r.opt.correctors == 0 {
		r.opt.correctors, r.opt.gain = 3, 1.05
		if takes.flops > 60*float64(takes.entries) {
			r.opt.correctors, r.opt.gain = 5, 1.02
		}
	}
	r.stats.timeOrder = t1.Sub(t0)
	r.stats.timeAnalyse = time.Since(t1)
	r.stats.entries = takes.entries
	r.stats.flops = takes.flops
	r.stats.fronts = takes.fronts
	return r
}

// takeBounds makes the runs and an empty point of r.f, and moves the bounds to where
// the loops read them: by slot to limit, right-hand sides of equations to the point.
func (r *ipm) takeBounds() {
	f := r.f
	r.runs = f.runs()
	for _, list := range r.runs {
		for _, u := range list {
			r.count += u.slots * (u.to - u.from)
		}
	}
	r.p = newPoint(f.n, f.m, r.count)
	r.limit = make([]float64, 0, r.count)
	for _, list := range r.runs {
		for _, u := range list {
			if u.fixed {
				copy(r.p.x[u.from:u.to], f.lower[u.from:u.to])
				r.normB = max(r.normB, largestOf(f.lower[u.from:u.to]))
			}
			for c := range u.slots {
				if _, side := u.block(c); side > 0 {
					r.limit = append(r.limit, f.lower[u.from:u.to]...)
				} else {
					for _, b := range f.upper[u.from:u.to] {
						r.limit = append(r.limit, -b)
					}
				}
			}
		}
	}
	r.normB = max(r.normB, largestOf(r.limit))
	f.lower, f.upper = nil, nil
}

// bounds returns the bounds of variable v of a run.
func (r *ipm) bounds(u run, v int) (lower, upper float64) {
	lower, upper = math.Inf(-1), math.Inf(1)
	if u.fixed {
		return r.p.x[v], r.p.x[v]
	}
	for c := range u.slots {
		if at, side := u.block(c); side > 0 {
			lower = r.limit[at+v-u.from]
		} else {
			upper = -r.limit[at+v-u.from]
		}
	}
	return lower, upper
}

// point returns the columns, within their bounds, and row duals of the point as the
// caller numbers them. They stand where the next step will write.
func (r *ipm) point() (x, y []float64) {
	x, y = r.c.x[:r.f.n], r.c.y
	for _, list := range r.runs {
		for _, u := range list {
			for v := u.from; v < min(u.to, r.f.n); v++ {
				lower, upper := r.bounds(u, v)
				x[r.cols[v]] = min(max(r.p.x[v], lower), upper)
			}
		}
	}
	for k, i := range r.rows {
		y[i] = r.p.y[k]
	}
	return x, y
}

// gap is the duality gap relative to the size of the original objective.
func (r *ipm) gap() float64 {
	return math.Abs(r.pobj-r.dobj) / (r.opt.one + math.Abs(r.pobj+r.opt.offset))
}

// trial is how many iterations a start that was given has to bring its residuals
// down to a tenth.
const trial = 10

// run iterates until the scaled residuals and the exact check agree that the
// point is optimal, or until nothing is gained any more.
func (r *ipm) run(ctx context.Context) outcome {
	start := time.Now()
	defer func() {
		r.stats.timeTotal = time.Since(start)
		r.stats.solves, r.stats.refinements = r.k.solves, r.k.refined
	}()
	k := r.k
	// An iteration may be long: work with the factor stops in the middle when it is
	// time, and the step is not taken.
	stopped := func() outcome {
		if ctx.Err() != nil {
			return cancelled
		}
		if !r.opt.deadline.IsZero() && !time.Now().Before(r.opt.deadline) {
			return outOfTime
		}
		return running
	}
	halt := func() { k.halt.Store(true) }
	defer context.AfterFunc(ctx, halt)()
	if !r.opt.deadline.IsZero() {
		defer time.AfterFunc(time.Until(r.opt.deadline), halt).Stop()
	}
	k.rho, k.delta = minRho, minDelta
	r.floor = 1e-11
	given := r.opt.start != nil
	if given {
		r.beginAt(r.opt.start)
		r.opt.start = nil
	} else if !r.begin() {
		return stalled
	}
	given0 := 0.0 // residual of the point that was given
	// Of the best point what point returns is kept: no step is taken from there.
	var bestX, bestY []float64
	keep := func() { bestX, bestY = append(bestX[:0], r.p.x[:r.f.n]...), append(bestY[:0], r.p.y...) }
	back := func() { copy(r.p.x, bestX); copy(r.p.y, bestY) }
	bestMerit := math.Inf(1)
	bestIter, judged, bestWorst := 0, 0, math.Inf(1)
	bestResidual := math.Inf(1)
	patience := 20 // iterations without gain
	if r.opt.patient {
		patience = 40
	}
	short := 0
	giveUp := func() outcome {
		if bestMerit < 1e-4 {
			back()
		}
		return stalled
	}
	for r.iter = 0; ; r.iter++ {
		r.residuals()
		rp, rd := r.pinf/(1+r.normB), r.dinf/(1+r.normC)
		gap := r.gap()
		if r.opt.progress != nil {
			r.opt.progress(r.iter, r.pobj, r.dobj, rp, rd, gap)
		}
		// The objectives differ by the products and by residuals times the point
		// or the duals. Where the second part rules, residuals must come down.
		if rp < 1e-6 && rd < 1e-6 && math.Abs(r.pobj-r.dobj) > 2*r.mu*float64(r.count) && gap > r.opt.tol {
			r.floor = max(r.floor/100, 1e-15)
		}
		if given && r.iter == 0 {
			given0 = max(rp, rd)
		} else if given && r.iter == trial && max(rp, rd) > max(0.1*given0, 1e-6) {
			given = false
			r.stats.restarts++
			if r.trace != nil {
				r.trace("the start that was given does not lead on: begun anew")
			}
			k.rho, k.delta = minRho, minDelta
			r.floor = 1e-11
			bestMerit, bestResidual, bestIter, short = math.Inf(1), math.Inf(1), r.iter, 0
			if !r.begin() {
				return stalled
			}
			r.residuals()
			rp, rd, gap = r.pinf/(1+r.normB), r.dinf/(1+r.normC), r.gap()
		}
		merit := max(rp, rd, gap)
		if merit < bestMerit {
			if merit < 1e-4 && judged == 0 {
				keep()
			}
			if merit < 0.9*bestMerit {
				bestIter = r.iter
			}
			bestMerit = merit
		}
		// Objectives may cross long before the end and make one gap small by chance:
		// residuals that still come down are progress too.
		if v := max(rp, rd); v > r.opt.tol && v < 0.9*bestResidual {
			bestResidual, bestIter = v, r.iter
		}
		if rp <= r.opt.tol && rd <= r.opt.tol && gap <= r.opt.tol {
			worst := r.opt.judge(r.point())
			if worst <= 1 {
				return converged
			}
			judged++
			collect(r.f.nonzeros)
			if worst < bestWorst {
				bestWorst = worst
				keep()
			}
			if judged >= 6 && bestWorst <= 30 { // a last digit that does not come
				back()
				return converged
			}
		}
		if end := stopped(); end != running {
			return end
		}
		if !r.opt.patient && r.diverges() {
			return diverged
		}
		if r.iter >= r.opt.maxIter || r.iter-bestIter > patience || math.IsNaN(merit) || short > 12 {
			return giveUp()
		}
		ap, ad, ok := r.step()
		if r.trace != nil {
			r.trace("     floor %.1e steps %.3f %.3f (predictor %.3f %.3f) sigma %.1e mu %.1e correctors %d solves %d refined %d spread %v", r.floor, ap, ad, r.affP, r.affD, r.sigma, r.mu, r.taken, r.k.solves, r.k.refined, r.spread())
		}
		if end := stopped(); end != running {
			return end
		}
		if !ok {
			return giveUp()
		}
		if ap < 1e-3 && ad < 1e-3 {
			short++
		} else {
			short = 0
		}
	}
}

// diverges reports whether the duals, divided by the dual objective, are nearly
// a Farkas ray, or the point, divided by the primal objective, nearly a ray of
// descent. The proof is made elsewhere; this only says that going on is vain.
func (r *ipm) diverges() bool {
	const far = 1e-9
	return r.iter > 5 && (r.normC+r.dinf < far*r.dobj && r.pinf > 1e-8*(1+r.normB) || r.normB+r.pinf < -far*r.pobj && r.dinf > 1e-8*(1+r.normC))
}

// begin factors and computes a starting point after Mehrotra (1992): the
// least-norm solutions of Ax = s and of the dual equations, moved inside the
// bounds.
func (r *ipm) begin() bool {
	f, p, k := r.f, r.p, r.k
	n := f.n
	for v, kd := range f.kind {
		k.barrier[v] = 1
		if kd == isFixed {
			k.barrier[v] = 0
		}
	}
	rho, delta := k.rho, k.delta
	k.rho, k.delta = 1e-8, 1e-8
	defer func() { k.rho, k.delta = rho, delta }()
	k.factorise()
	r.stats.factorisations++

	// Nearest point to x0 (zero within the bounds) on Ax = s.
	for _, list := range r.runs {
		for _, u := range list {
			for v := u.from; v < u.to; v++ {
				lower, upper := r.bounds(u, v)
				p.x[v] = min(max(0, lower), upper)
			}
		}
	}
	g, h := r.g, r.h
	clear(g)
	f.byRow.times(p.x, h, k.team)
	for i := range h {
		h[i] = p.x[n+i] - h[i]
	}
	k.solve(g, h, r.d.x[:n], r.d.y, 1e-8, 1e-8)
	for v, kd := range f.kind {
		switch {
		case v < n:
			p.x[v] += r.d.x[v]
		case kd != isFixed:
			p.x[v] -= r.d.y[v-n]
		}
	}
	// Least squares duals: c + Qx - A'y as small as can be, and y of inequalities.
	clear(r.d.x)
	if f.qDiag != nil {
		f.timesQ(p.x, r.d.x[:n])
	}
	for j := range g {
		g[j] = -(f.cost[j] + r.d.x[j])
	}
	clear(h)
	k.solve(g, h, r.d.x[:n], p.y, 1e-8, 1e-8)
	z := r.c.x
	for j := 0; j < n; j++ {
		z[j] = -r.d.x[j] // c + Qx - A'y: from the first block with T = 1
	}
	for i := range p.y {
		z[n+i] = p.y[i]
	}

	// Move inside.
	dp, dd := 0.0, 0.0
	for _, list := range r.runs {
		for _, u := range list {
			for v := u.from; v < u.to && u.slots == 1; v++ {
				dp = max(dp, -1.5*(u.side*p.x[v]-r.limit[u.slot+v-u.from]))
				dd = max(dd, -1.5*u.side*z[v])
			}
		}
	}
	dp, dd = max(dp, 1e-2), max(dd, 1e-2)
	set := func(dp, dd float64) {
		for _, list := range r.runs {
			for _, u := range list {
				for v := u.from; v < u.to; v++ {
					k := u.slot + v - u.from
					switch {
					case u.slots == 2:
						lower, upper := r.bounds(u, v)
						in := min(0.25*(upper-lower), dp)
						x := min(max(p.x[v], lower+in), upper-in)
						o := k + u.to - u.from
						p.gap[k], p.gap[o] = x-lower, upper-x
						p.dual[k], p.dual[o] = max(z[v], 0)+dd, max(-z[v], 0)+dd
					case u.slots == 1:
						p.gap[k] = max(u.side*p.x[v]-r.limit[k], 0) + dp
						p.dual[k] = max(u.side*z[v], 0) + dd
					}
				}
			}
		}
	}
	set(dp, dd)
	xz, xs, zs := 0.0, 0.0, 0.0
	for k, x := range p.gap {
		xz += x * p.dual[k]
		xs += x
		zs += p.dual[k]
	}
	if r.count > 0 {
		set(dp+0.05*xz/zs, dd+0.05*xz/xs) // a tenth of Mehrotra's: large starts cost iterations
	}
	for _, list := range r.runs {
		for _, u := range list {
			if u.slots > 0 {
				for v := u.from; v < u.to; v++ {
					k := u.slot + v - u.from
					p.x[v] = u.side * (r.limit[k] + p.gap[k])
				}
			}
		}
	}
	return true
}

func (o outcome) String() string {
	return [...]string{"running", "converged", "stalled", "diverged", "out of time", "cancelled"}[o]
}

func (r *ipm) String() string {
	s := &r.stats
	return fmt.Sprintf("%d iterations, %d factorisations (%.2g entries, %.2g flops, %d fronts) %.3fs, %d solves %.3fs (refined %d, retried %d, correctors %d), order %.3fs, analyse %.3fs, run %.3fs",
		r.iter, s.factorisations, float64(s.entries), s.flops, s.fronts, s.timeFactor.Seconds(), r.k.solves, s.timeSolve.Seconds(), r.k.refined, s.retries, s.correctorsTaken, s.timeOrder.Seconds(), s.timeAnalyse.Seconds(), s.timeTotal.Seconds())
}

// spread describes the complementarity products by how many lie in each decade
// around mu, for the trace.
func (r *ipm) spread() [9]int {
	var h [9]int
	for k, x := range r.p.gap {
		d := int(math.Floor(math.Log10(x*r.p.dual[k]/r.mu) + 0.5))
		h[min(max(d+4, 0), 8)]++
	}
	return h
}
