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
	asks := w.band()
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
			clear(t)
			for k := range u.slots {
				b := r.boundsOf(u, k)
				b.asked(&asks, t)
			}
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
	var sizes [pieces]float64
	r.each(func(q int, runs []run) {
		size := 0.0 // of the largest entry
		steps := &all[q]
		for _, u := range runs {
			at := place[u.from:u.to]
			if u.from < n {
				x := c.x[u.from:u.to]
				x = x[:len(at)]
				for i, from := range at {
					x[i] = placed[from]
				}
				size = max(size, largestOf(x))
			} else {
				y := c.y[u.from-n : u.to-n]
				y = y[:len(at)]
				for i, from := range at {
					y[i] = placed[from]
				}
				size = max(size, largestOf(y))
				if u.fixed {
					continue
				}
				x, s := c.x[u.from:u.to], k.barrier[u.from:u.to]
				x, s = x[:len(y)], s[:len(y)]
				for i, t := range y {
					x[i] -= s[i] * t
				}
			}
			for k := range u.slots {
				b := r.boundsOf(u, k)
				b.follow(&asks, steps)
			}
		}
		sizes[q] = size
	})
	if !finite(largest(sizes)) {
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
