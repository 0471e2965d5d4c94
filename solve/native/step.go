package native

import (
	"math"
	"time"
)

// The loops of an iteration. On planning problems they move as much memory as
// the solves with the factor, so each passes over the arrays once and does all
// that can be done there.

// sideOf is 1 where the first slot of a variable is that of its lower bound, -1
// where it has an upper bound alone. A second slot is always the upper bound's.
func sideOf(k kind) float64 {
	if k&hasLower != 0 {
		return 1
	}
	return -1
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
	barrier := r.k.barrier
	var pobj, dobj, mu, pinf, dinf [pieces]float64
	var s [5][pieces]float64 // of the rows
	r.k.team.each(n, func(q, from, to int) {
		var po, do, mq, di float64
		for j := from; j < to; j++ {
			t := f.column(j, y) - f.cost[j]
			po += f.cost[j] * x[j]
			if quadratic {
				qx := r.g[j]
				t -= qx
				po += x[j] * qx / 2
				do -= x[j] * qx / 2
			}
			r.g[j] = t
			side, bar := sideOf(f.kind[j]), 0.0
			for k := r.slot[j]; k < r.slot[j+1]; k++ {
				gap, z := p.gap[k], p.dual[k]
				t += side * z
				bar += z / gap
				mq += gap * z
				do += r.limit[k] * z
				side = -1
			}
			barrier[j] = bar
			di = max(di, math.Abs(t))
		}
		pobj[q], dobj[q], mu[q], dinf[q] = po, do, mq, di
	})
	r.k.team.each(f.m, func(q, from, to int) {
		var do, mq, pi, di float64
		for i := from; i < to; i++ {
			v := n + i
			e := x[v] - f.row(i, x)
			pi = max(pi, math.Abs(e))
			if f.kind[v] == isFixed {
				do += x[v] * y[i]
				r.h[i], barrier[v] = e, 0
				continue
			}
			t := -y[i]
			side, bar := sideOf(f.kind[v]), 0.0
			for k := r.slot[v]; k < r.slot[v+1]; k++ {
				gap, z := p.gap[k], p.dual[k]
				t += side * z
				bar += z / gap
				mq += gap * z
				do += r.limit[k] * z
				side = -1
			}
			bar = 1 / bar
			barrier[v] = bar
			r.h[i] = e - bar*y[i]
			di = max(di, math.Abs(t))
		}
		s[0][q], s[1][q], s[2][q], pinf[q] = mq, do, di, pi
	})
	r.mu = (total(mu) + total(s[0])) / float64(max(1, r.count))
	r.pobj, r.dobj = total(pobj), total(dobj)+total(s[1])
	r.pinf, r.dinf = largest(pinf), max(largest(dinf), largest(s[2]))
}

// keep is the part of the way to the boundary that a step takes. Where the
// boundary lies just beyond a full step the step is shortened too: a slack or
// dual that lands on nothing spoils every later factorisation.
const keep = 0.995

// reach is the longest step looked at.
const reach = 1 / keep

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
	var sp, sd, check [pieces]float64
	var sums [3][pieces]float64 // of gap*change of dual, change of gap*dual, both changes
	for q := range sp {
		sp[q], sd[q] = reach, reach
	}
	k.team.each(n+f.m, func(q, from, to int) {
		ap, ad := reach, reach
		var a, b, c, bad float64
		for v := from; v < to; v++ {
			kd := f.kind[v]
			if v >= n {
				dy := d.y[v-n]
				bad += dy * 0
				if kd == isFixed {
					continue
				}
				d.x[v] = -k.barrier[v] * (p.y[v-n] + dy)
			}
			dx := sideOf(kd) * d.x[v]
			bad += dx * 0
			for s := r.slot[v]; s < r.slot[v+1]; s++ {
				gap, z := p.gap[s], p.dual[s]
				dz := -z - z*dx/gap
				d.dual[s] = dz
				if gap+ap*dx < 0 {
					ap = -gap / dx
				}
				if z+ad*dz < 0 {
					ad = -z / dz
				}
				a += gap * dz
				b += dx * z
				c += dx * dz
				dx = -d.x[v]
			}
		}
		sp[q], sd[q], check[q] = ap, ad, bad
		sums[0][q], sums[1][q], sums[2][q] = a, b, c
	})
	out := affine{ap: smallest(sp), ad: smallest(sd), quality: max(e1/tol1, e2/tol2)}
	for q := range sums {
		out.mu[q] = total(sums[q]) / float64(max(1, r.count))
	}
	if total(check) != 0 || math.IsNaN(out.quality) {
		out.quality = math.Inf(1)
	}
	return out
}

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

// wish is what a corrector asks of the complementarity products.
type wish struct {
	target float64
	// Second order: the products of a full step are to come out at target. Else
	// those that would lie outside [betaMin, betaMax] of it after steps tp, td are
	// to be brought back (Gondzio 1996).
	second bool
	tp, td float64
}

// of returns the change of the product gap*dual that is asked for beyond what
// the direction so far, dg and dz, brings.
func (w *wish) of(gap, dg, dual, dz float64) float64 {
	if w.second {
		return w.target - dg*dz
	}
	v := (gap + w.tp*dg) * (dual + w.td*dz)
	switch {
	case v < betaMin*w.target:
		return betaMin*w.target - v
	case v > betaMax*w.target:
		return max(betaMax*w.target-v, -betaMax*w.target)
	}
	return 0
}

// correct adds to d what is still to be added of the last corrector, solves for
// the corrector c that brings what is wished, and finds the weights in [low, 1]
// of c, primal and dual apart, that allow the longest steps of d + c, and those
// steps. ok is false where c is not finite.
func (r *ipm) correct(w wish, low float64) (wp, wd, ap, ad float64, ok bool) {
	f, p, d, c, k := r.f, r.p, r.d, r.c, r.k
	n := f.n
	place := k.fac.sym.place
	addP, addD := r.wp, r.wd
	pending := addP != 0 || addD != 0
	k.team.each(n+f.m, func(_, from, to int) {
		for v := from; v < to; v++ {
			kd := f.kind[v]
			if kd == isFixed {
				k.placed[place[v]] = 0
				if pending {
					d.y[v-n] += addD * c.y[v-n]
				}
				continue
			}
			dv := d.x[v]
			if pending {
				dv += addP * c.x[v]
				d.x[v] = dv
				if v >= n {
					d.y[v-n] += addD * c.y[v-n]
				}
			}
			t, side := 0.0, sideOf(kd)
			for s := r.slot[v]; s < r.slot[v+1]; s++ {
				gap, dz := p.gap[s], d.dual[s]
				if pending {
					dz += addD * c.dual[s]
					d.dual[s] = dz
				}
				t += side * (w.of(gap, side*dv, p.dual[s], dz) / gap)
				side = -1
			}
			if v < n {
				k.placed[place[v]] = -t
			} else {
				k.placed[place[v]] = k.barrier[v] * t
			}
		}
	})
	r.wp, r.wd = 0, 0
	// The next predictor takes out what a corrector leaves, and where the factor
	// has just shown that it is exact its residual is not even looked at.
	t0 := time.Now()
	if r.exact {
		k.fac.solve(k.placed)
		k.solves++
	} else {
		tol1, tol2 := r.goals()
		tol1, tol2 = max(tol1, 30*r.floor*(1+r.normC)), max(tol2, 30*r.floor*(1+r.normB))
		k.unplace(r.g, r.h, -1)
		k.solve(r.g, r.h, c.x[:n], c.y, tol1, tol2)
		k.place(c.x[:n], c.y, 1)
	}
	r.stats.timeSolve += time.Since(t0)

	var weight [weights]float64
	for q := range weight { // closer together where they are small: steps are shorter than one
		t := float64(q) / (weights - 1)
		weight[q] = low + (1-low)*t*t
	}
	ratio := func(x, a, b float64, s *[weights]float64) {
		for q := range weight {
			if t := a + weight[q]*b; x+s[q]*t < 0 {
				s[q] = -x / t
			}
		}
	}
	var all [pieces][2][weights]float64
	for q := range all {
		for k := range weight {
			all[q][0][k], all[q][1][k] = reach, reach
		}
	}
	var check [pieces]float64
	k.team.each(n+f.m, func(q, from, to int) {
		steps := all[q]
		bad := 0.0
		for v := from; v < to; v++ {
			kd := f.kind[v]
			cx := k.placed[place[v]]
			bad += cx * 0
			first := r.slot[v]
			end := r.slot[v+1]
			var rc [2]float64
			if kd != isFixed {
				t, side, dv := 0.0, sideOf(kd), d.x[v]
				for s := first; s < end; s++ {
					gap := p.gap[s]
					x := w.of(gap, side*dv, p.dual[s], d.dual[s])
					rc[s-first] = x
					t += side * (x / gap)
					side = -1
				}
				if v >= n {
					c.y[v-n] = cx
					cx = k.barrier[v] * (t - cx)
				}
				c.x[v] = cx
			} else {
				c.y[v-n] = cx
				continue
			}
			side := sideOf(kd)
			for s := first; s < end; s++ {
				gap, z, dg, cg := p.gap[s], p.dual[s], side*d.x[v], side*cx
				cz := (rc[s-first] - z*cg) / gap
				c.dual[s] = cz
				// Most variables block at no weight: a look at both ends tells.
				if gap+(dg+low*cg)*reach < 0 || gap+(dg+cg)*reach < 0 {
					ratio(gap, dg, cg, &steps[0])
				}
				if dz := d.dual[s]; z+(dz+low*cz)*reach < 0 || z+(dz+cz)*reach < 0 {
					ratio(z, dz, cz, &steps[1])
				}
				side = -1
			}
		}
		all[q], check[q] = steps, bad
	})
	if total(check) != 0 {
		return 0, 0, 0, 0, false
	}
	sp, sd := all[0][0], all[0][1]
	for q := range all {
		for k := range weight {
			sp[k] = min(sp[k], all[q][0][k])
			sd[k] = min(sd[k], all[q][1][k])
		}
	}
	bp, bd := 0, 0
	if f.qDiag != nil { // one step, so one weight
		for q := range weight {
			if min(sp[q], sd[q]) >= min(sp[bp], sd[bp]) {
				bp = q
			}
		}
		s := min(sp[bp], sd[bp])
		return weight[bp], weight[bp], s, s, true
	}
	for q := range weight {
		if sp[q] >= sp[bp] {
			bp = q
		}
		if sd[q] >= sd[bd] {
			bd = q
		}
	}
	return weight[bp], weight[bd], sp[bp], sd[bd], true
}

// weights are tried for a corrector: the direction d + w*c is better with a
// part of the corrector than with all of it when the corrector overshoots
// (Colombo and Gondzio 2008).
const weights = 9

// move takes the step, with what is still to be added of the last corrector.
func (r *ipm) move(ap, ad float64) {
	f, p, d, c := r.f, r.p, r.d, r.c
	n := f.n
	wp, wd := r.wp, r.wd
	r.k.team.each(n+f.m, func(_, from, to int) {
		for v := from; v < to; v++ {
			if v >= n {
				p.y[v-n] += ad * (d.y[v-n] + wd*c.y[v-n])
			}
			kd := f.kind[v]
			if kd == isFixed {
				continue
			}
			dx := ap * (d.x[v] + wp*c.x[v])
			p.x[v] += dx
			dx *= sideOf(kd)
			for s := r.slot[v]; s < r.slot[v+1]; s++ {
				p.gap[s] += dx
				p.dual[s] += ad * (d.dual[s] + wd*c.dual[s])
				dx = -dx
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
	if !ok {
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
	for q := 0; ok && q < r.opt.correctors && (ap <= 0.95 || ad <= 0.95); q++ {
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
	ap, ad = min(1, keep*ap), min(1, keep*ad)
	r.move(ap, ad)
	return ap, ad, true
}
