package native

import "time"

// wish is what a corrector asks of the complementarity products.
type wish struct {
	target float64
	// Second order: the products of a full step are to come out at target. Else
	// those that would lie outside [betaMin, betaMax] of it after steps tp, td are
	// to be brought back (Gondzio 1996): the large ones by a few targets at a time,
	// the small ones, which block, to betaLift: they belong to hours whose price is
	// about to change, and a corrector that goes half way there blocks again.
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
	if v < betaMin*w.target {
		return betaLift*w.target - v
	}
	if v > betaMax*w.target {
		return max(betaMax*w.target-v, -betaDrop*w.target)
	}
	return 0
}

// weights are tried for a corrector: the direction d + w*c is better with a
// part of the corrector than with all of it when the corrector overshoots
// (Colombo and Gondzio 2008).
const weights = 9

// reaches holds the longest steps of d + w*c for every weight w between low and
// 1: of the gaps, and of the bound duals.
type reaches struct {
	low    float64
	weight [weights]float64
	primal [weights]float64
	dual   [weights]float64

	maxPrimal, maxDual float64 // the longest over all weights: what allows these blocks at no weight
}

func newReaches(low float64) reaches {
	s := reaches{low: low, maxPrimal: reach, maxDual: reach}
	for q := range weights { // closer together where they are small: steps are shorter than one
		t := float64(q) / (weights - 1)
		s.weight[q] = low + (1-low)*t*t
		s.primal[q], s.dual[q] = reach, reach
	}
	return s
}

// shorten keeps x + step*(a + w*b) above zero and returns the longest step left.
func (s *reaches) shorten(steps *[weights]float64, x, a, b float64) float64 {
	longest := 0.0
	for q, w := range s.weight {
		if t := a + w*b; x+steps[q]*t < 0 {
			steps[q] = -x / t
		}
		longest = max(longest, steps[q])
	}
	return longest
}

// askedOf fills t with what the wish asks of the dual equation of each variable
// of a run: the sum of asked change / gap, lower bounds less upper bounds.
func (r *ipm) askedOf(w wish, u run, t []float64) {
	clear(t)
	n := len(t)
	dx := r.d.x[u.from:u.to]
	for c := range u.slots {
		at, side := u.block(c)
		gap, dual, dz := r.p.gap[at:at+n], r.p.dual[at:at+n], r.d.dual[at:at+n]
		gap, dual, dz, dx := gap[:n], dual[:n], dz[:n], dx[:n]
		for i, g := range gap {
			t[i] += side * (w.of(g, side*dx[i], dual[i], dz[i]) / g)
		}
	}
}

// follow finds the changes of the bound duals that go with the corrector's
// change c.x of the variables of a run, and shortens the steps.
func (r *ipm) follow(w wish, u run, steps *reaches) {
	n := u.to - u.from
	dx, cx := r.d.x[u.from:u.to], r.c.x[u.from:u.to]
	low := steps.low
	for c := range u.slots {
		at, side := u.block(c)
		gap, dual, dz, cz := r.p.gap[at:at+n], r.p.dual[at:at+n], r.d.dual[at:at+n], r.c.dual[at:at+n]
		gap, dual, dz, cz, dx, cx := gap[:n], dual[:n], dz[:n], cz[:n], dx[:n], cx[:n]
		for i, g := range gap {
			dg, cg, z, d := side*dx[i], side*cx[i], dual[i], dz[i]
			c := (w.of(g, dg, z, d) - z*cg) / g
			cz[i] = c
			// Most variables block at no weight: a look at both ends tells.
			if g+(dg+low*cg)*steps.maxPrimal < 0 || g+(dg+cg)*steps.maxPrimal < 0 {
				steps.maxPrimal = steps.shorten(&steps.primal, g, dg, cg)
			}
			if z+(d+low*c)*steps.maxDual < 0 || z+(d+c)*steps.maxDual < 0 {
				steps.maxDual = steps.shorten(&steps.dual, z, d, c)
			}
		}
	}
}

// correct adds to d what is still to be added of the last corrector, solves for
// the corrector c that brings what is wished, and finds the weights in [low, 1]
// of c, primal and dual apart, that allow the longest steps of d + c, and those
// steps. ok is false where c is not finite.
func (r *ipm) correct(w wish, low float64) (wp, wd, ap, ad float64, ok bool) {
	f, d, c, k := r.f, r.d, r.c, r.k
	n := f.n
	place, placed := k.place, k.placed
	addP, addD := r.wp, r.wd
	pending := addP != 0 || addD != 0
	r.each(func(_ int, runs []run) {
		for _, u := range runs {
			end := u.slot + u.slots*(u.to-u.from)
			if pending {
				if u.from >= n {
					axpy(d.y[u.from-n:u.to-n], c.y[u.from-n:u.to-n], addD)
				}
				if !u.fixed {
					axpy(d.x[u.from:u.to], c.x[u.from:u.to], addP)
					axpy(d.dual[u.slot:end], c.dual[u.slot:end], addD)
				}
			}
			at := place[u.from:u.to]
			if u.fixed {
				for _, to := range at {
					placed[to] = 0
				}
				continue
			}
			t := c.x[u.from:u.to] // free until the solution is there
			r.askedOf(w, u, t)
			t = t[:len(at)]
			if u.from < n {
				for i, to := range at {
					placed[to] = -t[i]
				}
				continue
			}
			s := k.barrier[u.from:u.to]
			s = s[:len(at)]
			for i, to := range at {
				v := s[i] * t[i]
				t[i] = v
				placed[to] = v
			}
		}
	})
	r.wp, r.wd = 0, 0
	// The next predictor takes out what a corrector leaves, and where the factor
	// has just shown that it is exact its residual is not even looked at.
	t0 := time.Now()
	if r.exact {
		k.fac.solve(placed)
		k.solves++
	} else {
		tol1, tol2 := r.goals()
		tol1, tol2 = max(tol1, 30*r.floor*(1+r.normC)), max(tol2, 30*r.floor*(1+r.normB))
		k.take(r.g, r.h, -1)
		k.solve(r.g, r.h, c.x[:n], c.y, tol1, tol2)
		k.put(c.x[:n], c.y, 1)
	}
	r.stats.timeSolve += time.Since(t0)

	var all [pieces]reaches
	for q := range all {
		all[q] = newReaches(low)
	}
	var check [pieces]float64
	r.each(func(q int, runs []run) {
		bad := 0.0
		steps := &all[q]
		for _, u := range runs {
			at := place[u.from:u.to]
			if u.from < n {
				x := c.x[u.from:u.to]
				x = x[:len(at)]
				for i, from := range at {
					t := placed[from]
					x[i] = t
					bad += t * 0
				}
			} else {
				y := c.y[u.from-n : u.to-n]
				y = y[:len(at)]
				for i, from := range at {
					t := placed[from]
					y[i] = t
					bad += t * 0
				}
				if u.fixed {
					continue
				}
				x, s := c.x[u.from:u.to], k.barrier[u.from:u.to]
				x, s = x[:len(y)], s[:len(y)]
				for i, t := range y {
					x[i] -= s[i] * t
				}
			}
			r.follow(w, u, steps)
		}
		check[q] = bad
	})
	if total(check) != 0 {
		return 0, 0, 0, 0, false
	}
	s := all[0]
	for q := range all {
		for k := range weights {
			s.primal[k] = min(s.primal[k], all[q].primal[k])
			s.dual[k] = min(s.dual[k], all[q].dual[k])
		}
	}
	bp, bd := 0, 0
	if f.qDiag != nil { // one step, so one weight
		for q := range weights {
			if min(s.primal[q], s.dual[q]) >= min(s.primal[bp], s.dual[bp]) {
				bp = q
			}
		}
		a := min(s.primal[bp], s.dual[bp])
		return s.weight[bp], s.weight[bp], a, a, true
	}
	for q := range weights {
		if s.primal[q] >= s.primal[bp] {
			bp = q
		}
		if s.dual[q] >= s.dual[bd] {
			bd = q
		}
	}
	return s.weight[bp], s.weight[bd], s.primal[bp], s.dual[bd], true
}
