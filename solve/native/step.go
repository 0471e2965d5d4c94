package native

import (
	"math"
	"time"
)

// The loops of an iteration. On planning problems they move as much memory as
// the solves with the factor, so each passes over the arrays once and does all
// that can be done there.

// each calls do for the runs of every piece, at the same time.
func (r *ipm) each(do func(piece int, runs []run)) {
	if r.f.n+r.f.m < small {
		do(0, r.runs[0])
		return
	}
	r.k.team.run(pieces, func(q int) { do(q, r.runs[q]) })
}

// residuals computes at the point: mu, the objectives, the norms of the primal
// residual s - Ax and of the dual one, A'y - c - Qx + zl - zu; the diagonal of
// the Newton system; and the right-hand side of the affine direction, whose
// products are to become zero: there the bound duals cancel, and
//
//	g = A'y - c - Qx,   h = (s - Ax) + S(-y).
func (r *ipm) residuals() {
	f, p := r.f, r.p
	n := f.n
	x, y := p.x, p.y
	quadratic := f.qDiag != nil
	if quadratic {
		clear(r.g)
		f.timesQ(x, r.g)
	}
	f.byCol.times(y, r.d.x[:n], r.k.team)
	f.byRow.times(x, r.h, r.k.team)
	barrier := r.k.barrier
	var pobj, dobj, mu, pinf, dinf [pieces]float64
	r.each(func(q int, runs []run) {
		var po, do, pi, di float64
		var sums [2][4]float64
		for _, u := range runs {
			// What the bound duals leave of the dual residual; of a column it begins
			// with g, of a row with -y.
			t, bar := r.d.x[u.from:u.to], barrier[u.from:u.to]
			if u.from < n {
				for v := u.from; v < u.to; v++ {
					e := t[v-u.from] - f.cost[v]
					po += f.cost[v] * x[v]
					if quadratic {
						qx := r.g[v]
						e -= qx
						po += x[v] * qx / 2
						do -= x[v] * qx / 2
					}
					r.g[v], t[v-u.from] = e, e
				}
			} else {
				h, s := r.h[u.from-n:u.to-n], x[u.from:u.to]
				h = h[:len(s)]
				for i, v := range s {
					h[i] = v - h[i]
				}
				pi = max(pi, largestOf(h))
				if u.fixed {
					for v := u.from; v < u.to; v++ {
						do += x[v] * y[v-n]
					}
					clear(bar)
					continue
				}
				for i, yi := range y[u.from-n : u.to-n] {
					t[i] = -yi
				}
			}
			clear(bar)
			for c := range u.slots {
				at, side := u.block(c)
				end := at + len(t)
				products(p.gap[at:end], p.dual[at:end], r.limit[at:end], side, t, bar, &sums)
			}
			di = max(di, largestOf(t))
			if u.from >= n {
				h, y := r.h[u.from-n:u.to-n], y[u.from-n:u.to-n]
				h, y = h[:len(bar)], y[:len(bar)]
				for i, b := range bar {
					b = 1 / b
					bar[i] = b
					h[i] -= b * y[i]
				}
			}
		}
		pobj[q], dobj[q], mu[q], pinf[q], dinf[q] = po, do+sum(sums[1]), sum(sums[0]), pi, di
	})
	r.mu = total(mu) / float64(max(1, r.count))
	r.pobj, r.dobj = total(pobj), total(dobj)
	r.pinf, r.dinf = largest(pinf), largest(dinf)
}

// keep is the part of the way to the boundary that a step takes. Where the
// boundary lies just beyond a full step the step is shortened too: a slack or
// dual that lands on nothing spoils every later factorisation.
const keep = 0.995

// reach is the longest step looked at.
const reach = 1 / keep

// Step control.
const (
	betaMin  = 0.1 // products outside [betaMin, betaMax] of the target are corrected
	betaMax  = 10
	betaLift = 2.5 // where those below are to come out, in targets
	betaDrop = 3   // by how many targets those above come down at once
	farther  = 0.5 // how much longer than now a step should become
)

// Regularisation: the smallest, the largest, and how often it may be raised in
// one iteration.
const (
	minRho, minDelta = 1e-11, 1e-10
	maxReg           = 1e-5
	maxRaise         = 5
)

// goals are the residuals asked for in the two blocks: a tenth of the
// infeasibility that is still there, no less than the floor.
func (r *ipm) goals() (tol1, tol2 float64) {
	return max(0.1*r.dinf, r.floor*(1+r.normC)), max(0.1*r.pinf, r.floor*(1+r.normB))
}

// affine is what there is to know of the affine direction.
type affine struct {
	ap, ad  float64 // largest steps, up to reach
	mu      [3]float64
	quality float64 // largest residual over its goal
}

// affine solves for the direction that would make all residuals and products
// zero.
func (r *ipm) affine() affine {
	f, p, d, k := r.f, r.p, r.d, r.k
	n := f.n
	tol1, tol2 := r.goals()
	e1, e2 := k.solve(r.g, r.h, d.x[:n], d.y, tol1, tol2)
	var sp, sd, sizes [pieces]float64
	var sums [3][pieces]float64 // of gap*change of dual, change of gap*dual, both changes
	for q := range sp {
		sp[q], sd[q] = reach, reach
	}
	r.each(func(q int, runs []run) {
		ap, ad := reach, reach
		var of [3][4]float64
		size := 0.0 // of the largest entry
		for _, u := range runs {
			if u.fixed {
				size = max(size, largestOf(d.y[u.from-n:u.to-n]))
				continue
			}
			x := d.x[u.from:u.to]
			if u.from >= n {
				for i := range x {
					v := u.from + i
					x[i] = -k.barrier[v] * (p.y[v-n] + d.y[v-n])
				}
			}
			size = max(size, largestOf(x))
			for c := range u.slots {
				b := r.boundsOf(u, c)
				ap, ad = b.affine(ap, ad, &of)
			}
		}
		sp[q], sd[q], sizes[q] = ap, ad, size
		sums[0][q], sums[1][q], sums[2][q] = sum(of[0]), sum(of[1]), sum(of[2])
	})
	out := affine{ap: smallest(sp), ad: smallest(sd), quality: max(e1/tol1, e2/tol2)}
	for q := range sums {
		out.mu[q] = total(sums[q]) / float64(max(1, r.count))
	}
	if !finite(largest(sizes)) || math.IsNaN(out.quality) {
		out.quality = math.Inf(1)
	}
	return out
}

func finite(x float64) bool { return x-x == 0 }

func smallest(e [pieces]float64) float64 {
	t := e[0]
	for _, v := range e[1:] {
		t = min(t, v)
	}
	return t
}

// predict factors and finds the affine direction. Where pivots have the wrong
// sign, or the direction is poor, the regularisation is raised and the matrix
// factored again; where all is well it goes down again for the next time.
func (r *ipm) predict() (affine, bool) {
	k := r.k
	bestQ, bestRho, bestDelta := math.Inf(1), k.rho, k.delta
	attempt := func() affine {
		t0 := time.Now()
		bad1, bad2 := k.factorise()
		r.stats.factorisations++
		t1 := time.Now()
		r.stats.timeFactor += t1.Sub(t0)
		before := k.refined
		a := r.affine()
		r.exact = k.refined == before && a.quality < 0.5
		if a.quality < bestQ {
			bestQ, bestRho, bestDelta = a.quality, k.rho, k.delta
		}
		if a.quality <= 10 {
			return a
		}
		if r.trace != nil {
			r.trace("     poor direction: %d and %d pivots of the wrong sign, residual %.1e of the goal, rho %.0e, delta %.0e", bad1, bad2, a.quality, k.rho, k.delta)
		}
		k.rho, k.delta = min(10*k.rho, maxReg), min(10*k.delta, maxReg)
		return a
	}
	for try := 0; ; try++ {
		a := attempt()
		if k.halt.Load() {
			return affine{}, false
		}
		if a.quality <= 10 {
			if try == 0 {
				k.rho, k.delta = max(k.rho/3, minRho), max(k.delta/3, minDelta)
			}
			return a, true
		}
		if try == maxRaise {
			break
		}
		r.stats.retries++
	}
	if math.IsInf(bestQ, 1) {
		return affine{}, false
	}
	k.rho, k.delta = bestRho, bestDelta
	a := attempt()
	k.rho, k.delta = bestRho, bestDelta
	return a, true
}

// move takes the step, with what is still to be added of the last corrector.
func (r *ipm) move(ap, ad float64) {
	f, p, d, c := r.f, r.p, r.d, r.c
	n := f.n
	wp, wd := r.wp, r.wd
	r.each(func(_ int, runs []run) {
		for _, u := range runs {
			if u.from >= n {
				advance(p.y[u.from-n:u.to-n], d.y[u.from-n:u.to-n], c.y[u.from-n:u.to-n], ad, wd)
			}
			if u.fixed {
				continue
			}
			advance(p.x[u.from:u.to], d.x[u.from:u.to], c.x[u.from:u.to], ap, wp)
			for k := range u.slots {
				b := r.boundsOf(u, k)
				advance(b.gap, b.dx, b.cx, b.side*ap, wp)
				advance(b.dual, b.dz, b.cz, ad, wd)
			}
		}
	})
	r.wp, r.wd = 0, 0
}

// step makes one iteration: predictor, weighted second-order corrector,
// weighted centrality correctors, move. It reports the steps taken. The residuals
// are those of the point.
func (r *ipm) step() (float64, float64, bool) {
	quadratic := r.f.qDiag != nil
	aff, ok := r.predict()
	if !ok || r.k.halt.Load() {
		return 0, 0, false
	}
	ap, ad := min(aff.ap, 1), min(aff.ad, 1)
	if quadratic {
		ap = min(ap, ad)
		ad = ap
	}
	r.affP, r.affD = ap, ad
	r.taken = 0
	ratio := max(0, r.mu+ad*aff.mu[0]+ap*aff.mu[1]+ap*ad*aff.mu[2]) / r.mu
	r.sigma = min(max(ratio*ratio*ratio, 1e-6), 0.8)
	target := r.sigma * r.mu

	wp, wd, sp, sd, ok := r.correct(wish{target: target, second: true}, min(ap*ad, 0.99))
	if ok {
		r.wp, r.wd = wp, wd
		ap, ad = sp, sd
	} else {
		ap, ad = aff.ap, aff.ad
		if quadratic {
			ap = min(ap, ad)
			ad = ap
		}
	}
	for q := 0; ok && !r.k.halt.Load() && q < r.opt.correctors && (ap <= 0.95 || ad <= 0.95); q++ {
		wp, wd, sp, sd, ok = r.correct(wish{target: target, tp: min(1, ap*1.08+farther), td: min(1, ad*1.08+farther)}, min(ap*ad, 0.99))
		if !ok || sp < ap+0.01 && sd < ad+0.01 && (sp < ap || sd < ad) {
			break
		}
		if sp < ap {
			wp, sp = 0, ap
		}
		if sd < ad {
			wd, sd = 0, ad
		}
		r.wp, r.wd = wp, wd
		r.stats.correctorsTaken++
		r.taken++
		gain := sp >= r.opt.gain*ap || sd >= r.opt.gain*ad
		ap, ad = sp, sd
		if !gain {
			break
		}
	}
	if r.k.halt.Load() {
		return 0, 0, false
	}
	ap, ad = min(1, keep*ap), min(1, keep*ad)
	r.move(ap, ad)
	return ap, ad, true
}
