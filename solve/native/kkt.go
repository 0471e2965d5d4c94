package native

import (
	"math"
	"sync/atomic"
)

// kkt is the Newton system of the interior point after slacks and bound duals
// are eliminated:
//
//	[ -(Q + T)  A' ] [dx]   [-g]
//	[  A        S  ] [dy] = [ h]
//
// T and S are diagonal: the barrier of the columns, and the inverse barrier of
// the row variables (0 for equations). Factored is the system with T + rho and
// S + delta; refinement takes the difference out again.
type kkt struct {
	f     *form
	fac   elimination
	diag  []float64    // of the factored matrix, by place
	place []int32      // where each variable stands among the unknowns of fac
	halt  *atomic.Bool // set from outside: factorise returns soon, with nothing of use
	team  team
	size  extent

	barrier    []float64 // T then S
	rho, delta float64

	placed []float64 // right-hand side by place; nothing where no variable stands
	r1, r2 []float64 // residual of the two blocks

	solves  int
	refined int // rounds of refinement

	basis, image [][]float64 // of gmres, as many as were ever needed; see room
	spare        [][]float64 // room for more of them
}

// freeRho is added for columns without bounds: they have no barrier, and where
// the objective is flat in them rounding would carry them far away.
const freeRho = 1e-9

// extent is what a factor takes.
type extent struct {
	entries int // of L
	rows    int // row numbers that a solve reads
	fronts  int
	stacks  int     // numbers of updates that wait
	flops   float64 // multiplications of a factorisation
	nodes   int     // unknowns with what fills lanes
}

func (s *symbolic) extent() extent {
	e := extent{s.entries(), len(s.rows), s.fronts(), s.keptSize, s.flops, s.n}
	for _, q := range s.stackSize {
		e.stacks += q[0] + q[1]
	}
	return e
}

func (c *laneCut) extent() extent {
	e := c.sym.extent()
	for q := range c.parts {
		p := &c.parts[q]
		o := p.sym.extent()
		e.entries += lanes * o.entries
		e.stacks += lanes * (o.stacks + len(p.border)*len(p.border))
		e.flops += lanes * o.flops
		e.rows += o.rows
		e.fronts += o.fronts
		e.nodes += lanes * o.nodes
	}
	return e
}

// elimination is a factorisation P K P' = L D L' of the system.
type elimination interface {
	// factorise computes L and D and returns how many pivots of each block had the
	// wrong sign.
	factorise() (bad [2]int)
	// solve overwrites a right-hand side, by place, by the solution.
	solve(x []float64)
	// spare is the room that nothing but factorise uses.
	spare() [][]float64
}

func newKKT(f *form, sym *symbolic, t team) *kkt {
	k := emptyKKT(f, sym.place, sym.n, t)
	sign, row, col, val := f.entries()
	fac := newFactor(sym, sign, row, col, val)
	fac.team = t
	return k.by(fac, fac.diag, &fac.halt, sym.extent())
}

// newLaneKKT is newKKT with the horizon cut into lanes; place is where the
// variables of f stand.
func newLaneKKT(f *form, cut *laneCut, place []int32, t team) *kkt {
	k := emptyKKT(f, place, cut.size(), t)
	sign, row, col, val := f.entries()
	fac := newLaneFactor(cut, place, sign, row, col, val, t)
	return k.by(fac, fac.diag, fac.halt, cut.extent())
}

func emptyKKT(f *form, place []int32, size int, t team) *kkt {
	n, m := f.n, f.m
	f.lay()
	return &kkt{
		f: f, team: t, place: place,
		barrier: make([]float64, n+m),
		placed:  make([]float64, size),
		r1:      make([]float64, n), r2: make([]float64, m),
	}
}

// by takes the factorisation that solves the system.
func (k *kkt) by(fac elimination, diag []float64, halt *atomic.Bool, size extent) *kkt {
	k.fac, k.diag, k.halt, k.size, k.spare = fac, diag, halt, size, fac.spare()
	return k
}

// entries returns the signs of the diagonal of the system and its entries off it,
// each pair once: those of A, then those of Q. They are to be read only: val may be
// f's own.
func (f *form) entries() (sign []int8, row, col []int32, val []float64) {
	n, m := f.n, f.m
	sign = make([]int8, n+m)
	for v := range sign {
		if v < n {
			sign[v] = -1
		} else {
			sign[v] = 1
		}
	}
	row = make([]int32, 0, len(f.value)+len(f.qValue))
	col = make([]int32, 0, cap(row))
	for j := 0; j < n; j++ {
		for k := f.start[j]; k < f.start[j+1]; k++ {
			row = append(row, int32(n)+f.index[k])
			col = append(col, int32(j))
		}
	}
	if f.qStart == nil {
		return sign, row, col, f.value
	}
	val = append(make([]float64, 0, cap(row)), f.value...)
	for j := 0; j < n; j++ {
		for k := f.qStart[j]; k < f.qStart[j+1]; k++ {
			row = append(row, f.qIndex[k])
			col = append(col, int32(j))
			val = append(val, -f.qValue[k])
		}
	}
	return sign, row, col, val
}

// factorise factors for the barrier now in place; it returns how many pivots
// of each block had the wrong sign.
func (k *kkt) factorise() (bad1, bad2 int) {
	n := k.f.n
	place := k.place
	k.team.each(len(place), func(_, from, to int) {
		for j := from; j < min(to, n); j++ {
			d := k.barrier[j] + k.rho
			if k.f.kind[j] == 0 {
				d += freeRho
			}
			if k.f.qDiag != nil {
				d += k.f.qDiag[j]
			}
			k.diag[place[j]] = -d
		}
		for v := max(from, n); v < to; v++ {
			k.diag[place[v]] = k.barrier[v] + k.delta
		}
	})
	bad := k.fac.factorise()
	return bad[0], bad[1]
}

// put puts (sign*a, b) into the right-hand side, take takes it out again.
func (k *kkt) put(a, b []float64, sign float64) {
	n := k.f.n
	place := k.place
	k.team.each(len(place), func(_, from, to int) {
		for v := from; v < min(to, n); v++ {
			k.placed[place[v]] = sign * a[v]
		}
		for v := max(from, n); v < to; v++ {
			k.placed[place[v]] = b[v-n]
		}
	})
}

func (k *kkt) take(a, b []float64, sign float64) {
	n := k.f.n
	place := k.place
	k.team.each(len(place), func(_, from, to int) {
		for v := from; v < min(to, n); v++ {
			a[v] = sign * k.placed[place[v]]
		}
		for v := max(from, n); v < to; v++ {
			b[v-n] = k.placed[place[v]]
		}
	})
}

// direct solves the factored system for (sign*a, b) into (dx, dy).
func (k *kkt) direct(a, b, dx, dy []float64, sign float64) {
	k.put(a, b, sign)
	k.fac.solve(k.placed)
	k.take(dx, dy, 1)
	k.solves++
}

// residual fills r1, r2 with what (dx, dy) leaves of the system and returns
// their largest entries.
func (k *kkt) residual(g, h, dx, dy []float64) (float64, float64) {
	f := k.f
	n := f.n
	var e1, e2 [pieces]float64
	f.byCol.times(dy, k.r1, k.team)
	f.byRow.times(dx, k.r2, k.team)
	if f.qDiag != nil {
		scaleBy(k.r1, -1)
		f.timesQ(dx, k.r1)
		scaleBy(k.r1, -1)
	}
	k.team.each(n, func(q, from, to int) {
		for j := from; j < to; j++ {
			k.r1[j] = k.barrier[j]*dx[j] - g[j] - k.r1[j]
		}
		e1[q] = largestOf(k.r1[from:to])
	})
	s := k.barrier[n:]
	k.team.each(f.m, func(q, from, to int) {
		for i := from; i < to; i++ {
			k.r2[i] = h[i] - s[i]*dy[i] - k.r2[i]
		}
		e2[q] = largestOf(k.r2[from:to])
	})
	return largest(e1), largest(e2)
}

func largest(e [pieces]float64) float64 {
	t := 0.0
	for _, v := range e {
		t = max(t, v)
	}
	return t
}

func total(e [pieces]float64) float64 {
	t := 0.0
	for _, v := range e {
		t += v
	}
	return t
}

// maxRefine is how many plain corrections one solve may take.
const maxRefine = 5

// krylov is how many directions the second stage of refinement combines.
const krylov = 8

// solve finds (dx, dy) so that the largest residual of the dual block is at
// most tol1 and of the primal block at most tol2. It returns the residuals
// reached, which may be larger: refinement stops where it gains nothing.
//
// The two blocks are judged apart: one norm over both hides an error in the
// dual block behind a large right-hand side in the primal one.
func (k *kkt) solve(g, h, dx, dy []float64, tol1, tol2 float64) (float64, float64) {
	k.direct(g, h, dx, dy, -1)
	e1, e2 := k.residual(g, h, dx, dy)
	for round := 0; round < maxRefine && (e1 > tol1 || e2 > tol2); round++ {
		c := k.room(&k.image, 0)
		c1, c2 := c[:len(dx)], c[len(dx):]
		k.direct(k.r1, k.r2, c1, c2, 1)
		k.refined++
		axpy(dx, c1, 1)
		axpy(dy, c2, 1)
		n1, n2 := k.residual(g, h, dx, dy)
		was := max(e1/tol1, e2/tol2)
		is := max(n1/tol1, n2/tol2)
		if !(is < was) { // no gain: take it back
			axpy(dx, c1, -1)
			axpy(dy, c2, -1)
			e1, e2 = k.residual(g, h, dx, dy)
			return k.gmres(g, h, dx, dy, e1, e2, tol1, tol2)
		}
		e1, e2 = n1, n2
		if is > 0.3*was && is > 1 {
			return k.gmres(g, h, dx, dy, e1, e2, tol1, tol2)
		}
	}
	return e1, e2
}

// gmres reduces the residual now in r1, r2 by the best combination of up to
// krylov corrections (Saad 1993, flexible GMRES). It is called where plain
// refinement creeps: then a few directions that the regularisation damps are
// to blame, and a small space finds them. The norm weighs the blocks by their
// tolerances.
func (k *kkt) gmres(g, h, dx, dy []float64, e1, e2, tol1, tol2 float64) (float64, float64) {
	n := len(dx)
	w1, w2 := 1/(tol1*tol1), 1/(tol2*tol2)
	dot := func(a, b []float64) float64 {
		t := 0.0
		for i, v := range a[:n] {
			t += v * b[i]
		}
		u := 0.0
		for i, v := range a[n:] {
			u += v * b[n+i]
		}
		return t*w1 + u*w2
	}
	v := k.room(&k.basis, 0)
	copy(v, k.r1)
	copy(v[n:], k.r2)
	beta := math.Sqrt(dot(v, v))
	if beta == 0 || math.IsInf(beta, 0) || math.IsNaN(beta) {
		return e1, e2
	}
	scaleBy(v, 1/beta)
	var hess [krylov + 1][krylov]float64
	var cs, sn [krylov]float64
	var rhs [krylov + 1]float64
	rhs[0] = beta
	used := 0
	for q := 0; q < krylov; q++ {
		z := k.room(&k.image, q)
		k.direct(k.basis[q][:n], k.basis[q][n:], z[:n], z[n:], 1)
		k.refined++
		zero := k.placed[:max(n, len(dy))] // free until the next solve
		clear(zero)
		k.residual(zero[:n], zero[:len(dy)], z[:n], z[n:]) // r = -K z
		w := k.room(&k.basis, q+1)
		for j, t := range k.r1 {
			w[j] = -t
		}
		for i, t := range k.r2 {
			w[n+i] = -t
		}
		for p := 0; p <= q; p++ {
			t := dot(w, k.basis[p])
			hess[p][q] = t
			axpy(w, k.basis[p], -t)
		}
		norm := math.Sqrt(dot(w, w))
		hess[q+1][q] = norm
		for p := 0; p < q; p++ {
			a, b := hess[p][q], hess[p+1][q]
			hess[p][q], hess[p+1][q] = cs[p]*a+sn[p]*b, -sn[p]*a+cs[p]*b
		}
		a, b := hess[q][q], hess[q+1][q]
		r := math.Hypot(a, b)
		if r == 0 || math.IsNaN(r) {
			break
		}
		cs[q], sn[q] = a/r, b/r
		hess[q][q], hess[q+1][q] = r, 0
		rhs[q+1] = -sn[q] * rhs[q]
		rhs[q] *= cs[q]
		used = q + 1
		if norm < 1e-14*beta {
			break
		}
		scaleBy(w, 1/norm)
		// The norm is Euclidean, the goal is by entry: stop at 1 to be safe.
		if math.Abs(rhs[q+1]) < 1 {
			break
		}
		// No use going on where the last direction brought nothing.
		if q >= 2 && math.Abs(rhs[q+1]) > 0.95*math.Abs(rhs[q-1]) {
			break
		}
	}
	var y [krylov]float64
	for q := used - 1; q >= 0; q-- {
		t := rhs[q]
		for p := q + 1; p < used; p++ {
			t -= hess[q][p] * y[p]
		}
		y[q] = t / hess[q][q]
	}
	for q := 0; q < used; q++ {
		axpy(dx, k.image[q][:n], y[q])
		axpy(dy, k.image[q][n:], y[q])
	}
	n1, n2 := k.residual(g, h, dx, dy)
	if !(max(n1/tol1, n2/tol2) < max(e1/tol1, e2/tol2)) {
		for q := 0; q < used; q++ {
			axpy(dx, k.image[q][:n], -y[q])
			axpy(dy, k.image[q][n:], -y[q])
		}
		return e1, e2
	}
	return n1, n2
}

func scaleBy(x []float64, a float64) {
	for i := range x {
		x[i] *= a
	}
}

// room returns vector q of a list. It is found when it is first asked for: most runs
// are refined little, and all vectors would take as much as the rest of a run. What a
// factorisation works in serves too, for no vector is needed after the next one.
func (k *kkt) room(list *[][]float64, q int) []float64 {
	if q < len(*list) {
		return (*list)[q]
	}
	size := len(k.barrier)
	for len(k.spare) > 0 && len(k.spare[0]) < size {
		k.spare = k.spare[1:]
	}
	if len(k.spare) == 0 {
		k.spare = [][]float64{make([]float64, size)}
	}
	v := k.spare[0]
	k.spare[0] = v[size:]
	*list = append(*list, v[:size:size])
	return v[:size:size]
}
