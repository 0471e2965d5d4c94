package native

import "math"

// factor holds P K P' = L D L' for the pattern in sym. K is quasi-definite: the
// sign of every pivot is known beforehand, so any order is stable enough once
// the diagonal is regularised (Vanderbei 1995; Altman and Gondzio 1999), and
// nothing is exchanged while factoring.
type factor struct {
	sym  *symbolic
	sign []int8 // of each pivot, by place

	// Entries of K below the diagonal: value[k] goes to panel[pos[k]]. They are
	// sorted by pos; front f has entryAt[f]..entryAt[f+1].
	pos     []int
	value   []float64
	entryAt []int
	diag    []float64 // by place

	panel []float64
	dinv  []float64 // 1/D by place
	bad   [2]int    // pivots that should be negative, positive and were not; replaced

	work [2]workspace
	tmp  []float64
}

// workspace is what one thread needs to factor a subtree.
type workspace struct {
	stack [2][]float64
	bad   [2]int
}

// newFactor prepares a factorisation. row, col and value are the entries of K
// off the diagonal in graph numbers, each pair once.
func newFactor(sym *symbolic, sign []int8, row, col []int32, value []float64) *factor {
	f := &factor{
		sym:   sym,
		sign:  make([]int8, sym.n),
		diag:  make([]float64, sym.n),
		dinv:  make([]float64, sym.n),
		panel: make([]float64, sym.entries()),
		tmp:   make([]float64, sym.largest),
	}
	for k, i := range sym.node {
		f.sign[k] = sign[i]
	}
	nf := sym.fronts()
	of := make([]int32, sym.n)
	for s := 0; s < nf; s++ {
		for j := sym.first[s]; j < sym.first[s+1]; j++ {
			of[j] = int32(s)
		}
	}
	// Counting sort of the entries by front, then place them by their rows.
	f.entryAt = make([]int, nf+1)
	home := func(k int) (front, j, i int32) {
		i, j = sym.place[row[k]], sym.place[col[k]]
		if i < j {
			i, j = j, i
		}
		return of[j], j, i
	}
	for k := range value {
		s, _, _ := home(k)
		f.entryAt[s+1]++
	}
	for s := 0; s < nf; s++ {
		f.entryAt[s+1] += f.entryAt[s]
	}
	at := append([]int(nil), f.entryAt[:nf]...)
	byFront := make([]int32, len(value))
	for k := range value {
		s, _, _ := home(k)
		byFront[at[s]] = int32(k)
		at[s]++
	}
	f.pos = make([]int, len(value))
	f.value = make([]float64, len(value))
	local := make([]int32, sym.n) // row -> place in the current front
	for s := 0; s < nf; s++ {
		rows := sym.rows[sym.rowAt[s]:sym.rowAt[s+1]]
		for a, r := range rows {
			local[r] = int32(a)
		}
		for p := f.entryAt[s]; p < f.entryAt[s+1]; p++ {
			_, j, i := home(int(byFront[p]))
			f.pos[p] = sym.panel[s] + int(j-sym.first[s])*len(rows) + int(local[i])
			f.value[p] = value[byFront[p]]
		}
	}
	for side := range sym.stackSize {
		f.work[0].stack[side] = make([]float64, sym.stackSize[side])
	}
	return f
}

// factorise computes L and D for the diagonal in f.diag and counts in f.bad the
// pivots that came out with the wrong sign or none; they are replaced, so the
// factor may be used but is not exact.
func (f *factor) factorise() {
	clear(f.panel)
	w := &f.work[0]
	w.bad = [2]int{}
	for s := 0; s < f.sym.fronts(); s++ {
		f.eliminate(s, w)
	}
	f.bad = w.bad
}

// eliminate assembles front s, eliminates its columns and leaves its update.
func (f *factor) eliminate(s int, w *workspace) {
	sym := f.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	rows := sym.rowAt[s+1] - sym.rowAt[s]
	panel := f.panel[sym.panel[s]:sym.panel[s+1]]
	for p := f.entryAt[s]; p < f.entryAt[s+1]; p++ {
		f.panel[f.pos[p]] = f.value[p]
	}
	for k := 0; k < cols; k++ {
		panel[k*rows+k] = f.diag[j0+k]
	}
	if sym.leaf[s] {
		d := f.pivot(panel[0], j0, w)
		panel[0] = d
		inv := 1 / d
		f.dinv[j0] = inv
		for i := 1; i < len(panel); i++ {
			panel[i] *= inv
		}
		return
	}
	u := rows - cols
	side := 0
	if sym.oddStack[s] {
		side = 1
	}
	var update []float64
	if u > 0 && sym.parent[s] >= 0 {
		update = w.stack[side][sym.update[s] : sym.update[s]+u*u]
		for b := 0; b < u; b++ {
			clear(update[b*u+b : b*u+u])
		}
	}
	for _, c := range sym.child[sym.childAt[s]:sym.childAt[s+1]] {
		f.assemble(int(c), panel, rows, cols, update, u, w.stack[1-side])
	}
	f.dense(panel, rows, cols, j0, update, u, w)
}

// assemble adds the update of child c into its parent's panel and update.
func (f *factor) assemble(c int, panel []float64, rows, cols int, update []float64, u int, stack []float64) {
	sym := f.sym
	ccols := int(sym.first[c+1] - sym.first[c])
	rel := sym.rel[sym.rowAt[c]+ccols : sym.rowAt[c+1]]
	n := len(rel)
	if sym.leaf[c] {
		l := f.panel[sym.panel[c]+1 : sym.panel[c+1]]
		l = l[:n]
		d := f.panel[sym.panel[c]]
		for b, rb := range rel {
			x := l[b] * d
			var dst []float64
			if int(rb) < cols {
				dst = panel[int(rb)*rows:]
			} else {
				base := (int(rb) - cols) * u
				dst = update[base:]
				for a := b; a < n; a++ {
					dst[int(rel[a])-cols] -= l[a] * x
				}
				continue
			}
			for a := b; a < n; a++ {
				dst[rel[a]] -= l[a] * x
			}
		}
		return
	}
	src := stack[sym.update[c] : sym.update[c]+n*n]
	// From place tail on the child's rows are consecutive rows of the parent.
	tail := n - 1
	for tail > 0 && rel[tail-1] == rel[tail]-1 {
		tail--
	}
	for b, rb := range rel {
		col := src[b*n : b*n+n]
		var dst []float64
		shift := 0
		if int(rb) < cols {
			dst = panel[int(rb)*rows : int(rb)*rows+rows]
		} else {
			dst = update[(int(rb)-cols)*u : (int(rb)-cols)*u+u]
			shift = cols
		}
		a := b
		for ; a < tail; a++ {
			dst[int(rel[a])-shift] += col[a]
		}
		if a < n {
			to := dst[int(rel[a])-shift:]
			from := col[a:]
			to = to[:len(from)]
			for k, v := range from {
				to[k] += v
			}
		}
	}
}

// tiny is the size below which a pivot counts as lost. The diagonal carries at
// least the regularisation, which is far above it.
const tiny = 1e-40

// pivot returns the pivot to use in place of d.
func (f *factor) pivot(d float64, j int, w *workspace) float64 {
	s := float64(f.sign[j])
	if d*s > tiny && !math.IsInf(d, 0) {
		return d
	}
	w.bad[(f.sign[j]+1)/2]++
	return s * 1e20 // the unknown is frozen; the caller will factor again
}

// dense eliminates the columns of a panel and subtracts L D L' from the update.
func (f *factor) dense(panel []float64, rows, cols, j0 int, update []float64, u int, w *workspace) {
	var x, y [4]float64
	for j := 0; j < cols; j++ {
		c := panel[j*rows+j : (j+1)*rows]
		k := 0
		for ; k+4 <= j; k += 4 {
			a0, a1, a2, a3 := panel[k*rows+j:(k+1)*rows], panel[(k+1)*rows+j:(k+2)*rows], panel[(k+2)*rows+j:(k+3)*rows], panel[(k+3)*rows+j:(k+4)*rows]
			sub4(c, a0, a1, a2, a3,
				a0[0]*panel[k*rows+k], a1[0]*panel[(k+1)*rows+k+1], a2[0]*panel[(k+2)*rows+k+2], a3[0]*panel[(k+3)*rows+k+3])
		}
		for ; k < j; k++ {
			a := panel[k*rows+j : (k+1)*rows]
			sub1(c, a, a[0]*panel[k*rows+k])
		}
		d := f.pivot(c[0], j0+j, w)
		c[0] = d
		inv := 1 / d
		f.dinv[j0+j] = inv
		for i := 1; i < len(c); i++ {
			c[i] *= inv
		}
	}
	if len(update) == 0 {
		return
	}
	k := 0
	for ; k+4 <= cols; k += 4 {
		d0, d1, d2, d3 := panel[k*rows+k], panel[(k+1)*rows+k+1], panel[(k+2)*rows+k+2], panel[(k+3)*rows+k+3]
		a0 := panel[k*rows+cols : (k+1)*rows]
		a1 := panel[(k+1)*rows+cols : (k+2)*rows]
		a2 := panel[(k+2)*rows+cols : (k+3)*rows]
		a3 := panel[(k+3)*rows+cols : (k+4)*rows]
		b := 0
		for ; b+2 <= u; b += 2 {
			x[0], x[1], x[2], x[3] = a0[b]*d0, a1[b]*d1, a2[b]*d2, a3[b]*d3
			y[0], y[1], y[2], y[3] = a0[b+1]*d0, a1[b+1]*d1, a2[b+1]*d2, a3[b+1]*d3
			update[b*u+b] -= (a0[b]*x[0] + a1[b]*x[1]) + (a2[b]*x[2] + a3[b]*x[3])
			sub4x2(update[b*u+b+1:(b+1)*u], update[(b+1)*u+b+1:(b+2)*u], a0[b+1:], a1[b+1:], a2[b+1:], a3[b+1:], &x, &y)
		}
		if b < u {
			update[b*u+b] -= (a0[b]*a0[b]*d0 + a1[b]*a1[b]*d1) + (a2[b]*a2[b]*d2 + a3[b]*a3[b]*d3)
		}
	}
	if k+2 <= cols {
		d0, d1 := panel[k*rows+k], panel[(k+1)*rows+k+1]
		a0 := panel[k*rows+cols : (k+1)*rows]
		a1 := panel[(k+1)*rows+cols : (k+2)*rows]
		for b := 0; b < u; b++ {
			sub2(update[b*u+b:(b+1)*u], a0[b:], a1[b:], a0[b]*d0, a1[b]*d1)
		}
		k += 2
	}
	if k < cols {
		d0 := panel[k*rows+k]
		a0 := panel[k*rows+cols : (k+1)*rows]
		for b := 0; b < u; b++ {
			sub1(update[b*u+b:(b+1)*u], a0[b:], a0[b]*d0)
		}
	}
}

// solve overwrites x, in elimination order, by the solution of L D L' x = x.
func (f *factor) solve(x []float64) {
	sym := f.sym
	nf := sym.fronts()
	for s := 0; s < nf; s++ {
		f.forward(s, x)
	}
	for s := nf - 1; s >= 0; s-- {
		f.backward(s, x)
	}
}

func (f *factor) forward(s int, x []float64) {
	sym := f.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	below := sym.rows[sym.rowAt[s]+cols : sym.rowAt[s+1]]
	panel := f.panel[sym.panel[s]:sym.panel[s+1]]
	if cols == 1 {
		x0 := x[j0]
		a := panel[1:]
		a = a[:len(below)]
		for i, r := range below {
			x[r] -= a[i] * x0
		}
		return
	}
	rows := cols + len(below)
	v := x[j0 : j0+cols]
	for k := 0; k < cols; k++ {
		t := v[k]
		a := panel[k*rows : k*rows+cols]
		for i := k + 1; i < cols; i++ {
			v[i] -= a[i] * t
		}
	}
	if len(below) == 0 {
		return
	}
	k := 0
	switch {
	case cols == 2:
		x0, x1 := v[0], v[1]
		a0, a1 := panel[cols:rows], panel[rows+cols:2*rows]
		a0, a1 = a0[:len(below)], a1[:len(below)]
		for i, r := range below {
			x[r] -= a0[i]*x0 + a1[i]*x1
		}
		return
	case cols == 3:
		x0, x1, x2 := v[0], v[1], v[2]
		a0, a1, a2 := panel[cols:rows], panel[rows+cols:2*rows], panel[2*rows+cols:3*rows]
		a0, a1, a2 = a0[:len(below)], a1[:len(below)], a2[:len(below)]
		for i, r := range below {
			x[r] -= (a0[i]*x0 + a1[i]*x1) + a2[i]*x2
		}
		return
	case cols == 4:
		x0, x1, x2, x3 := v[0], v[1], v[2], v[3]
		a0, a1, a2, a3 := panel[cols:rows], panel[rows+cols:2*rows], panel[2*rows+cols:3*rows], panel[3*rows+cols:4*rows]
		a0, a1, a2, a3 = a0[:len(below)], a1[:len(below)], a2[:len(below)], a3[:len(below)]
		for i, r := range below {
			x[r] -= (a0[i]*x0 + a1[i]*x1) + (a2[i]*x2 + a3[i]*x3)
		}
		return
	}
	w := f.tmp[:len(below)]
	clear(w)
	for ; k+4 <= cols; k += 4 {
		sub4(w, panel[k*rows+cols:(k+1)*rows], panel[(k+1)*rows+cols:(k+2)*rows], panel[(k+2)*rows+cols:(k+3)*rows], panel[(k+3)*rows+cols:(k+4)*rows],
			v[k], v[k+1], v[k+2], v[k+3])
	}
	for ; k < cols; k++ {
		sub1(w, panel[k*rows+cols:(k+1)*rows], v[k])
	}
	for i, r := range below {
		x[r] += w[i]
	}
}

func (f *factor) backward(s int, x []float64) {
	sym := f.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	below := sym.rows[sym.rowAt[s]+cols : sym.rowAt[s+1]]
	panel := f.panel[sym.panel[s]:sym.panel[s+1]]
	if cols == 1 {
		t, u := x[j0]*f.dinv[j0], 0.0 // two sums: one would wait for its own last addition
		a := panel[1:]
		i := 0
		for ; i+1 < len(below) && i+1 < len(a); i += 2 {
			t -= a[i] * x[below[i]]
			u -= a[i+1] * x[below[i+1]]
		}
		if i < len(below) {
			t -= a[i] * x[below[i]]
		}
		x[j0] = t + u
		return
	}
	rows := cols + len(below)
	v := x[j0 : j0+cols]
	for k := range v {
		v[k] *= f.dinv[j0+k]
	}
	k := 0
	if cols <= 4 {
		switch cols {
		case 2:
			a0, a1 := panel[cols:rows], panel[rows+cols:2*rows]
			a0, a1 = a0[:len(below)], a1[:len(below)]
			t0, t1 := v[0], v[1]
			u0, u1 := 0.0, 0.0
			i := 0
			for ; i+1 < len(below); i += 2 {
				t, u := x[below[i]], x[below[i+1]]
				t0 -= a0[i] * t
				t1 -= a1[i] * t
				u0 -= a0[i+1] * u
				u1 -= a1[i+1] * u
			}
			if i < len(below) {
				t := x[below[i]]
				t0 -= a0[i] * t
				t1 -= a1[i] * t
			}
			v[0], v[1] = t0+u0, t1+u1
		case 3:
			a0, a1, a2 := panel[cols:rows], panel[rows+cols:2*rows], panel[2*rows+cols:3*rows]
			a0, a1, a2 = a0[:len(below)], a1[:len(below)], a2[:len(below)]
			t0, t1, t2 := v[0], v[1], v[2]
			for i, r := range below {
				t := x[r]
				t0 -= a0[i] * t
				t1 -= a1[i] * t
				t2 -= a2[i] * t
			}
			v[0], v[1], v[2] = t0, t1, t2
		case 4:
			a0, a1, a2, a3 := panel[cols:rows], panel[rows+cols:2*rows], panel[2*rows+cols:3*rows], panel[3*rows+cols:4*rows]
			a0, a1, a2, a3 = a0[:len(below)], a1[:len(below)], a2[:len(below)], a3[:len(below)]
			t0, t1, t2, t3 := v[0], v[1], v[2], v[3]
			for i, r := range below {
				t := x[r]
				t0 -= a0[i] * t
				t1 -= a1[i] * t
				t2 -= a2[i] * t
				t3 -= a3[i] * t
			}
			v[0], v[1], v[2], v[3] = t0, t1, t2, t3
		}
	} else {
		w := f.tmp[:len(below)]
		for i, r := range below {
			w[i] = x[r]
		}
		for ; k+4 <= cols; k += 4 {
			a0, a1, a2, a3 := panel[k*rows+cols:(k+1)*rows], panel[(k+1)*rows+cols:(k+2)*rows], panel[(k+2)*rows+cols:(k+3)*rows], panel[(k+3)*rows+cols:(k+4)*rows]
			a0, a1, a2, a3 = a0[:len(w)], a1[:len(w)], a2[:len(w)], a3[:len(w)]
			var t0, t1, t2, t3 float64
			for i, t := range w {
				t0 += a0[i] * t
				t1 += a1[i] * t
				t2 += a2[i] * t
				t3 += a3[i] * t
			}
			v[k] -= t0
			v[k+1] -= t1
			v[k+2] -= t2
			v[k+3] -= t3
		}
		for ; k < cols; k++ {
			a := panel[k*rows+cols : (k+1)*rows]
			a = a[:len(w)]
			t := 0.0
			for i, y := range w {
				t += a[i] * y
			}
			v[k] -= t
		}
	}
	for k := cols - 1; k >= 0; k-- {
		a := panel[k*rows : k*rows+cols]
		t := v[k]
		for i := k + 1; i < cols; i++ {
			t -= a[i] * v[i]
		}
		v[k] = t
	}
}
