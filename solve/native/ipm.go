package native

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// point is a primal-dual iterate of a form. Vectors over (x, s) have length
// n+m; gaps and bound duals are kept where the variable has that bound.
type point struct {
	x      []float64 // columns, then row variables
	xl, xu []float64 // distance to the bounds, kept apart from x: it must not cancel
	zl, zu []float64
	y      []float64
}

func newPoint(n, m int) *point {
	v := func() []float64 { return make([]float64, n+m) }
	return &point{v(), v(), v(), v(), v(), make([]float64, m)}
}

func (p *point) copyFrom(q *point) {
	copy(p.x, q.x)
	copy(p.xl, q.xl)
	copy(p.xu, q.xu)
	copy(p.zl, q.zl)
	copy(p.zu, q.zu)
	copy(p.y, q.y)
}

// direction is a change of a point; the distances change by +-dx.
type direction struct {
	x, zl, zu, y []float64
}

func newDirection(n, m int) *direction {
	v := func() []float64 { return make([]float64, n+m) }
	return &direction{v(), v(), v(), make([]float64, m)}
}

// ipm is one run of the interior point.
type ipm struct {
	f   *form
	k   *kkt
	opt ipmOptions

	cols, rows []int32 // what columns and rows were called before they were put in order

	p    *point
	d, c *direction // the step being built; the corrector tried

	rp []float64 // s - Ax, per row
	rd []float64 // -(c + Qx - A'y - zl + zu), then the same of the row variables

	rcl, rcu []float64 // targets of the complementarity products, minus the products
	g, h, gs []float64

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
}

// ipmStats is what a run cost.
type ipmStats struct {
	factorisations, solves, refinements int
	timeFactor, timeSolve               time.Duration
	entries                             int
	flops                               float64
	timeOrder, timeAnalyse, timeTotal   time.Duration
	fronts, retries, correctorsTaken    int
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

func newIPM(f *form, o ipmOptions) *ipm {
	t0 := time.Now()
	g := f.pattern()
	order := chooseOrder(g, o.times, f.hollow(), team{o.threads})
	t1 := time.Now()
	sym := analyse(g, order)
	f, cols, rows := f.permuted(sym)
	k := newKKT(f, sym, team{o.threads})
	n, m := f.n, f.m
	r := &ipm{f: f, k: k, cols: cols, rows: rows, opt: o, p: newPoint(n, m), d: newDirection(n, m), c: newDirection(n, m),
		rp: make([]float64, m), rd: make([]float64, n+m),
		rcl: make([]float64, n+m), rcu: make([]float64, n+m),
		g: make([]float64, n), h: make([]float64, m), gs: make([]float64, m)}
	for v, kd := range f.kind {
		if kd&hasLower != 0 {
			r.count++
			r.normB = max(r.normB, math.Abs(f.lower[v]))
		}
		if kd&hasUpper != 0 {
			r.count++
			r.normB = max(r.normB, math.Abs(f.upper[v]))
		}
		if kd == isFixed {
			r.normB = max(r.normB, math.Abs(f.lower[v]))
		}
	}
	for _, c := range f.cost {
		r.normC = max(r.normC, math.Abs(c))
	}
	if r.opt.correctors == 0 {
		r.opt.correctors, r.opt.gain = 3, 1.05
		if sym.flops > 200*float64(sym.entries()) {
			r.opt.correctors, r.opt.gain = 5, 1.02
		}
	}
	r.stats.timeOrder = t1.Sub(t0)
	r.stats.timeAnalyse = time.Since(t1)
	r.stats.entries = sym.entries()
	r.stats.flops = sym.flops
	r.stats.fronts = sym.fronts()
	return r
}

// point returns the columns and row duals of the point as the caller numbers them.
func (r *ipm) point() (x, y []float64) {
	x, y = make([]float64, r.f.n), make([]float64, r.f.m)
	for k, j := range r.cols {
		x[j] = r.p.x[k]
	}
	for k, i := range r.rows {
		y[i] = r.p.y[k]
	}
	return x, y
}

// residuals computes rp, rd, mu, the objectives and the norms at the point.
func (r *ipm) residuals() {
	f, p := r.f, r.p
	n := f.n
	x, y := p.x, p.y
	quadratic := f.qDiag != nil
	if quadratic {
		clear(r.rd[:n])
		f.timesQ(x, r.rd[:n])
	}
	var pobj, dobj, mu, pinf, dinf [pieces]float64
	var s [5][pieces]float64 // of the rows
	r.k.team.each(n, func(q, from, to int) {
		var po, do, mq, di float64
		for j := from; j < to; j++ {
			t := f.column(j, y) - f.cost[j]
			po += f.cost[j] * x[j]
			if quadratic {
				qx := r.rd[j]
				t -= qx
				po += x[j] * qx / 2
				do -= x[j] * qx / 2
			}
			k := f.kind[j]
			if k&hasLower != 0 {
				z := p.zl[j]
				t += z
				mq += p.xl[j] * z
				do += f.lower[j] * z
			}
			if k&hasUpper != 0 {
				z := p.zu[j]
				t -= z
				mq += p.xu[j] * z
				do -= f.upper[j] * z
			}
			r.rd[j] = t
			di = max(di, math.Abs(t))
		}
		pobj[q], dobj[q], mu[q], dinf[q] = po, do, mq, di
	})
	r.k.team.each(f.m, func(q, from, to int) {
		var do, mq, pi, di float64
		for i := from; i < to; i++ {
			v := n + i
			e := x[v] - f.row(i, x)
			r.rp[i] = e
			pi = max(pi, math.Abs(e))
			k := f.kind[v]
			if k == isFixed {
				do += x[v] * y[i]
				continue
			}
			t := -y[i]
			if k&hasLower != 0 {
				z := p.zl[v]
				t += z
				mq += p.xl[v] * z
				do += f.lower[v] * z
			}
			if k&hasUpper != 0 {
				z := p.zu[v]
				t -= z
				mq += p.xu[v] * z
				do -= f.upper[v] * z
			}
			r.rd[v] = t
			di = max(di, math.Abs(t))
		}
		s[0][q], s[1][q], s[2][q], pinf[q] = mq, do, di, pi
	})
	r.mu = (total(mu) + total(s[0])) / float64(max(1, r.count))
	r.pobj, r.dobj = total(pobj), total(dobj)+total(s[1])
	r.pinf, r.dinf = largest(pinf), max(largest(dinf), largest(s[2]))
}

// setBarrier puts T and S of the current point into the Newton system.
func (r *ipm) setBarrier() {
	f, p := r.f, r.p
	r.k.team.each(f.n+f.m, func(_, from, to int) {
		for v := from; v < to; v++ {
			k := f.kind[v]
			t := 0.0
			if k&hasLower != 0 {
				t += p.zl[v] / p.xl[v]
			}
			if k&hasUpper != 0 {
				t += p.zu[v] / p.xu[v]
			}
			if v >= f.n && k != isFixed {
				t = 1 / t
			}
			r.k.barrier[v] = t
		}
	})
}

// newton solves for the direction whose linear residuals are rp, rd (or none)
// and whose products change by rcl, rcu.
func (r *ipm) newton(d *direction, linear bool) (float64, float64) {
	f, p := r.f, r.p
	n := f.n
	r.k.team.each(n+f.m, func(_, from, to int) {
		for v := from; v < to; v++ {
			k := f.kind[v]
			if k == isFixed {
				h := 0.0
				if linear {
					h = r.rp[v-n]
				}
				r.h[v-n] = h
				continue
			}
			t := 0.0
			if linear {
				t = r.rd[v]
			}
			if k&hasLower != 0 {
				t += r.rcl[v] / p.xl[v]
			}
			if k&hasUpper != 0 {
				t -= r.rcu[v] / p.xu[v]
			}
			if v < n {
				r.g[v] = t
				continue
			}
			r.gs[v-n] = t
			h := r.k.barrier[v] * t
			if linear {
				h += r.rp[v-n]
			}
			r.h[v-n] = h
		}
	})
	// A tenth of the infeasibility that is still there, no less than the floor.
	tol1 := max(0.1*r.dinf, r.floor*(1+r.normC))
	tol2 := max(0.1*r.pinf, r.floor*(1+r.normB))
	if !linear { // the next predictor takes out what a corrector leaves
		tol1 = max(tol1, 30*r.floor*(1+r.normC))
		tol2 = max(tol2, 30*r.floor*(1+r.normB))
	}
	e1, e2 := r.k.solve(r.g, r.h, d.x[:n], d.y, tol1, tol2, !linear && r.exact)
	r.k.team.each(n+f.m, func(_, from, to int) {
		for v := from; v < to; v++ {
			k := f.kind[v]
			if k == isFixed {
				continue
			}
			if v >= n {
				d.x[v] = r.k.barrier[v] * (r.gs[v-n] - d.y[v-n])
			}
			dx := d.x[v]
			if k&hasLower != 0 {
				d.zl[v] = (r.rcl[v] - p.zl[v]*dx) / p.xl[v]
			}
			if k&hasUpper != 0 {
				d.zu[v] = (r.rcu[v] + p.zu[v]*dx) / p.xu[v]
			}
		}
	})
	return e1 / tol1, e2 / tol2
}

// keep is the part of the way to the boundary that a step takes. Where the
// boundary lies just beyond a full step the step is shortened too: a slack or
// dual that lands on nothing spoils every later factorisation.
const keep = 0.995

// reach is the longest step looked at.
const reach = 1 / keep

// steps returns the largest primal and dual steps up to 1/keep along d that
// keep the point within its bounds.
func (r *ipm) steps(d *direction) (ap, ad float64) {
	p := r.p
	var sp, sd [pieces]float64
	for q := range sp {
		sp[q], sd[q] = 1/keep, 1/keep
	}
	r.k.team.each(len(r.f.kind), func(q, from, to int) {
		ap, ad := 1/keep, 1/keep
		for v := from; v < to; v++ {
			k := r.f.kind[v]
			if k&hasLower != 0 {
				if dx := d.x[v]; p.xl[v]+ap*dx < 0 {
					ap = -p.xl[v] / dx
				}
				if dz := d.zl[v]; p.zl[v]+ad*dz < 0 {
					ad = -p.zl[v] / dz
				}
			}
			if k&hasUpper != 0 {
				if dx := d.x[v]; p.xu[v]-ap*dx < 0 {
					ap = p.xu[v] / dx
				}
				if dz := d.zu[v]; p.zu[v]+ad*dz < 0 {
					ad = -p.zu[v] / dz
				}
			}
		}
		sp[q], sd[q] = ap, ad
	})
	return slices.Min(sp[:]), slices.Min(sd[:])
}

// muAfter is the mean product after steps ap, ad along d.
func (r *ipm) muAfter(d *direction, ap, ad float64) float64 {
	p := r.p
	var sum [pieces]float64
	r.k.team.each(len(r.f.kind), func(q, from, to int) {
		mu := 0.0
		for v := from; v < to; v++ {
			k := r.f.kind[v]
			if k&hasLower != 0 {
				mu += (p.xl[v] + ap*d.x[v]) * (p.zl[v] + ad*d.zl[v])
			}
			if k&hasUpper != 0 {
				mu += (p.xu[v] - ap*d.x[v]) * (p.zu[v] + ad*d.zu[v])
			}
		}
		sum[q] = mu
	})
	return total(sum) / float64(max(1, r.count))
}

// weights are tried for a corrector: the direction d + w*c is better with a
// part of the corrector than with all of it when the corrector overshoots
// (Colombo and Gondzio 2008).
const weights = 9

// weigh finds the weights in [low, 1] of corrector c, primal and dual apart,
// that allow the longest steps, and those steps.
func (r *ipm) weigh(d, c *direction, low float64) (wp, wd, ap, ad float64) {
	p := r.p
	var w [weights]float64
	for q := range w { // closer together where they are small: steps are shorter than one
		t := float64(q) / (weights - 1)
		w[q] = low + (1-low)*t*t
	}
	ratio := func(x, a, b float64, s *[weights]float64) {
		for q := range w {
			if t := a + w[q]*b; x+s[q]*t < 0 {
				s[q] = -x / t
			}
		}
	}
	var all [pieces][2][weights]float64
	for q := range all {
		for k := range w {
			all[q][0][k], all[q][1][k] = 1/keep, 1/keep
		}
	}
	r.k.team.each(len(r.f.kind), func(q, from, to int) {
		s := all[q]
		for v := from; v < to; v++ {
			k := r.f.kind[v]
			// Most variables block at no weight: a look at both ends tells.
			if k&hasLower != 0 {
				if x, a, b := p.xl[v], d.x[v], c.x[v]; x+(a+low*b)*reach < 0 || x+(a+b)*reach < 0 {
					ratio(x, a, b, &s[0])
				}
				if x, a, b := p.zl[v], d.zl[v], c.zl[v]; x+(a+low*b)*reach < 0 || x+(a+b)*reach < 0 {
					ratio(x, a, b, &s[1])
				}
			}
			if k&hasUpper != 0 {
				if x, a, b := p.xu[v], -d.x[v], -c.x[v]; x+(a+low*b)*reach < 0 || x+(a+b)*reach < 0 {
					ratio(x, a, b, &s[0])
				}
				if x, a, b := p.zu[v], d.zu[v], c.zu[v]; x+(a+low*b)*reach < 0 || x+(a+b)*reach < 0 {
					ratio(x, a, b, &s[1])
				}
			}
		}
		all[q] = s
	})
	sp, sd := all[0][0], all[0][1]
	for q := range all {
		for k := range w {
			sp[k] = min(sp[k], all[q][0][k])
			sd[k] = min(sd[k], all[q][1][k])
		}
	}
	bp, bd := 0, 0
	if r.f.qDiag != nil { // one step, so one weight
		for q := range w {
			if min(sp[q], sd[q]) >= min(sp[bp], sd[bp]) {
				bp = q
			}
		}
		bd = bp
	} else {
		for q := range w {
			if sp[q] >= sp[bp] {
				bp = q
			}
			if sd[q] >= sd[bd] {
				bd = q
			}
		}
	}
	return w[bp], w[bd], sp[bp], sd[bd]
}

func (d *direction) add(c *direction, wp, wd float64, t team) {
	t.each(len(d.x), func(_, from, to int) {
		axpy(d.x[from:to], c.x[from:to], wp)
		axpy(d.zl[from:to], c.zl[from:to], wd)
		axpy(d.zu[from:to], c.zu[from:to], wd)
	})
	t.each(len(d.y), func(_, from, to int) { axpy(d.y[from:to], c.y[from:to], wd) })
}

func (d *direction) finite() bool {
	t := 0.0
	for _, v := range d.x {
		t += v * 0
	}
	for _, v := range d.y {
		t += v * 0
	}
	return t == 0
}

// move takes the step.
func (r *ipm) move(d *direction, ap, ad float64) {
	p := r.p
	r.k.team.each(len(r.f.kind), func(_, from, to int) {
		for v := from; v < to; v++ {
			k := r.f.kind[v]
			if k == isFixed {
				continue
			}
			dx := ap * d.x[v]
			p.x[v] += dx
			if k&hasLower != 0 {
				p.xl[v] += dx
				p.zl[v] += ad * d.zl[v]
			}
			if k&hasUpper != 0 {
				p.xu[v] -= dx
				p.zu[v] += ad * d.zu[v]
			}
		}
	})
	r.k.team.each(len(p.y), func(_, from, to int) { axpy(p.y[from:to], d.y[from:to], ad) })
}

// gap is the duality gap relative to the size of the original objective.
func (r *ipm) gap() float64 {
	return math.Abs(r.pobj-r.dobj) / (r.opt.one + math.Abs(r.pobj+r.opt.offset))
}

// run iterates until the scaled residuals and the exact check agree that the
// point is optimal, or until nothing is gained any more.
func (r *ipm) run(ctx context.Context) outcome {
	start := time.Now()
	defer func() {
		r.stats.timeTotal = time.Since(start)
		r.stats.solves, r.stats.refinements = r.k.solves, r.k.refined
	}()
	k := r.k
	k.rho, k.delta = minRho, minDelta
	r.floor = 1e-11
	if !r.begin() {
		return stalled
	}
	best := newPoint(r.f.n, r.f.m)
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
			r.p.copyFrom(best)
			r.residuals()
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
		merit := max(rp, rd, gap)
		if merit < bestMerit {
			if merit < 1e-4 && judged == 0 {
				best.copyFrom(r.p)
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
			if worst < bestWorst {
				bestWorst = worst
				best.copyFrom(r.p)
			}
			if judged >= 6 && bestWorst <= 30 { // a last digit that does not come
				r.p.copyFrom(best)
				return converged
			}
		}
		if ctx.Err() != nil {
			return cancelled
		}
		if !r.opt.deadline.IsZero() && time.Now().After(r.opt.deadline) {
			return outOfTime
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
	for v, kd := range f.kind {
		x := 0.0
		if kd&hasLower != 0 {
			x = max(x, f.lower[v])
		}
		if kd&hasUpper != 0 {
			x = min(x, f.upper[v])
		}
		if kd == isFixed {
			x = f.lower[v]
		}
		p.x[v] = x
	}
	r.residuals()
	g, h := r.g, r.h
	clear(g)
	copy(h, r.rp)
	k.solve(g, h, r.d.x[:n], r.d.y, 1e-8, 1e-8, false)
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
	k.solve(g, h, r.d.x[:n], p.y, 1e-8, 1e-8, false)
	z := r.rd
	for j := 0; j < n; j++ {
		z[j] = -r.d.x[j] // c + Qx - A'y: from the first block with T = 1
	}
	for i := range p.y {
		z[n+i] = p.y[i]
	}

	// Move inside.
	dp, dd := 0.0, 0.0
	for v, kd := range f.kind {
		if kd&hasLower != 0 {
			if kd&hasUpper == 0 {
				dp = max(dp, -1.5*(p.x[v]-f.lower[v]))
				dd = max(dd, -1.5*z[v])
			}
		} else if kd&hasUpper != 0 {
			dp = max(dp, -1.5*(f.upper[v]-p.x[v]))
			dd = max(dd, 1.5*z[v])
		}
	}
	dp, dd = max(dp, 1e-2), max(dd, 1e-2)
	set := func(dp, dd float64) {
		for v, kd := range f.kind {
			switch kd & (hasLower | hasUpper) {
			case hasLower:
				p.xl[v] = max(p.x[v]-f.lower[v], 0) + dp
				p.zl[v] = max(z[v], 0) + dd
			case hasUpper:
				p.xu[v] = max(f.upper[v]-p.x[v], 0) + dp
				p.zu[v] = max(-z[v], 0) + dd
			case hasLower | hasUpper:
				w := f.upper[v] - f.lower[v]
				in := min(0.25*w, dp)
				x := min(max(p.x[v], f.lower[v]+in), f.upper[v]-in)
				p.xl[v], p.xu[v] = x-f.lower[v], f.upper[v]-x
				p.zl[v], p.zu[v] = max(z[v], 0)+dd, max(-z[v], 0)+dd
			}
		}
	}
	set(dp, dd)
	xz, xs, zs := 0.0, 0.0, 0.0
	for v, kd := range f.kind {
		if kd&hasLower != 0 {
			xz += p.xl[v] * p.zl[v]
			xs += p.xl[v]
			zs += p.zl[v]
		}
		if kd&hasUpper != 0 {
			xz += p.xu[v] * p.zu[v]
			xs += p.xu[v]
			zs += p.zu[v]
		}
	}
	if r.count > 0 {
		set(dp+0.05*xz/zs, dd+0.05*xz/xs) // a tenth of Mehrotra's: large starts cost iterations
	}
	for v, kd := range f.kind {
		switch kd & (hasLower | hasUpper) {
		case hasLower:
			p.x[v] = f.lower[v] + p.xl[v]
		case hasUpper:
			p.x[v] = f.upper[v] - p.xu[v]
		case hasLower | hasUpper:
			p.x[v] = f.lower[v] + p.xl[v]
		}
	}
	return true
}

// Step control.
const (
	betaMin = 0.1 // products outside [betaMin, betaMax] of the target are corrected
	betaMax = 10
	farther = 0.5 // how much longer than now a step should become
)

// Regularisation: the smallest, the largest, and how often it may be raised in
// one iteration.
const (
	minRho, minDelta = 1e-11, 1e-10
	maxReg           = 1e-5
	maxRaise         = 5
)

// predict factors and finds the affine direction. Where pivots have the wrong
// sign, or the direction is poor, the regularisation is raised and the matrix
// factored again; where all is well it goes down again for the next time.
func (r *ipm) predict() bool {
	k, p := r.k, r.p
	k.team.each(len(r.f.kind), func(_, from, to int) {
		for v := from; v < to; v++ {
			r.rcl[v] = -p.xl[v] * p.zl[v]
			r.rcu[v] = -p.xu[v] * p.zu[v]
		}
	})
	bestQ, bestRho, bestDelta := math.Inf(1), k.rho, k.delta
	attempt := func() float64 {
		t0 := time.Now()
		bad1, bad2 := k.factorise()
		r.stats.factorisations++
		t1 := time.Now()
		r.stats.timeFactor += t1.Sub(t0)
		before := k.refined
		q1, q2 := r.newton(r.d, true)
		r.stats.timeSolve += time.Since(t1)
		q := max(q1, q2)
		if !r.d.finite() || math.IsNaN(q) {
			q = math.Inf(1)
		}
		r.exact = k.refined == before && q < 0.5
		if q < bestQ {
			bestQ, bestRho, bestDelta = q, k.rho, k.delta
		}
		if q <= 10 {
			return q
		}
		if r.trace != nil {
			r.trace("     poor direction: %d and %d pivots of the wrong sign, residual %.1e and %.1e of the goal, rho %.0e, delta %.0e", bad1, bad2, q1, q2, k.rho, k.delta)
		}
		k.rho, k.delta = min(10*k.rho, maxReg), min(10*k.delta, maxReg)
		return q
	}
	for try := 0; ; try++ {
		q := attempt()
		if q <= 10 {
			if try == 0 {
				k.rho, k.delta = max(k.rho/3, minRho), max(k.delta/3, minDelta)
			}
			return true
		}
		if try == maxRaise {
			break
		}
		r.stats.retries++
	}
	if math.IsInf(bestQ, 1) {
		return false
	}
	k.rho, k.delta = bestRho, bestDelta
	attempt()
	k.rho, k.delta = bestRho, bestDelta
	return true
}

// step makes one iteration: predictor, weighted second-order corrector,
// weighted centrality correctors, move. It reports the steps taken.
func (r *ipm) step() (float64, float64, bool) {
	f, p := r.f, r.p
	r.setBarrier()
	if !r.predict() {
		return 0, 0, false
	}
	ap, ad := r.steps(r.d)
	if f.qDiag != nil {
		ap = min(ap, ad)
		ad = ap
	}
	ap, ad = min(ap, 1), min(ad, 1)
	r.affP, r.affD = ap, ad
	r.taken = 0
	muAff := r.muAfter(r.d, ap, ad)
	ratio := muAff / r.mu
	sigma := ratio * ratio * ratio
	sigma = min(max(sigma, 1e-6), 0.8)
	target := sigma * r.mu
	r.sigma = sigma

	// Second-order corrector.
	r.k.team.each(len(f.kind), func(_, from, to int) {
		for v := from; v < to; v++ {
			kd := f.kind[v]
			if kd&hasLower != 0 {
				r.rcl[v] = target - r.d.x[v]*r.d.zl[v]
			}
			if kd&hasUpper != 0 {
				r.rcu[v] = target + r.d.x[v]*r.d.zu[v]
			}
		}
	})
	t0 := time.Now()
	r.newton(r.c, false)
	r.stats.timeSolve += time.Since(t0)
	if r.c.finite() {
		wp, wd, sp, sd := r.weigh(r.d, r.c, min(ap*ad, 0.99))
		r.d.add(r.c, wp, wd, r.k.team)
		ap, ad = sp, sd
		if f.qDiag != nil {
			ap = min(ap, ad)
			ad = ap
		}
	}

	// Centrality correctors (Gondzio 1996).
	for q := 0; q < r.opt.correctors; q++ {
		if ap > 0.95 && ad > 0.95 {
			break
		}
		tp, td := min(1, ap*1.08+farther), min(1, ad*1.08+farther)
		correct := func(x, dx, z, dz float64) float64 {
			v := (x + tp*dx) * (z + td*dz)
			switch {
			case v < betaMin*target:
				return betaMin*target - v
			case v > betaMax*target:
				return max(betaMax*target-v, -betaMax*target)
			}
			return 0
		}
		r.k.team.each(len(f.kind), func(_, from, to int) {
			for v := from; v < to; v++ {
				kd := f.kind[v]
				if kd&hasLower != 0 {
					r.rcl[v] = correct(p.xl[v], r.d.x[v], p.zl[v], r.d.zl[v])
				}
				if kd&hasUpper != 0 {
					r.rcu[v] = correct(p.xu[v], -r.d.x[v], p.zu[v], r.d.zu[v])
				}
			}
		})
		t0 = time.Now()
		r.newton(r.c, false)
		r.stats.timeSolve += time.Since(t0)
		if !r.c.finite() {
			break
		}
		wp, wd, sp, sd := r.weigh(r.d, r.c, min(ap*ad, 0.99))
		if f.qDiag != nil {
			sp = min(sp, sd)
			sd = sp
		}
		if sp < ap+0.01 && sd < ad+0.01 {
			if sp < ap || sd < ad {
				break
			}
		}
		if sp < ap {
			wp = 0
			sp = ap
		}
		if sd < ad {
			wd = 0
			sd = ad
		}
		r.d.add(r.c, wp, wd, r.k.team)
		r.stats.correctorsTaken++
		r.taken++
		gain := sp >= r.opt.gain*ap || sd >= r.opt.gain*ad
		ap, ad = r.steps(r.d)
		if f.qDiag != nil {
			ap = min(ap, ad)
			ad = ap
		}
		if !gain {
			break
		}
	}
	ap, ad = min(1, keep*ap), min(1, keep*ad)
	r.move(r.d, ap, ad)
	return ap, ad, true
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
	p := r.p
	count := func(v float64) {
		d := int(math.Floor(math.Log10(v/r.mu) + 0.5))
		h[min(max(d+4, 0), 8)]++
	}
	for v, k := range r.f.kind {
		if k&hasLower != 0 {
			count(p.xl[v] * p.zl[v])
		}
		if k&hasUpper != 0 {
			count(p.xu[v] * p.zu[v])
		}
	}
	return h
}
