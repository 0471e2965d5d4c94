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

	kept []float64            // updates that parts leave to the top
	work [parts + 1]workspace // one a part, and the top's
	team team
}

// workspace is what the work on one part needs.
type workspace struct {
	stack [2][]float64
	bad   [2]int
	tmp   []float64
	above []float64 // what a part's forward solve subtracts from the top's unknowns
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
		kept:  make([]float64, sym.keptSize),
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
	for q := range f.work {
		w := &f.work[q]
		for side := range w.stack {
			w.stack[side] = make([]float64, sym.stackSize[q][side])
		}
		w.tmp = make([]float64, sym.largest)
		if q < parts {
			w.above = make([]float64, sym.n-sym.topColumn())
		}
	}
	return f
}

// factorise computes L and D for the diagonal in f.diag and counts in f.bad the
// pivots that came out with the wrong sign or none; they are replaced, so the
// factor may be used but is not exact.
func (f *factor) factorise() {
	f.bad = [2]int{}
	part := func(q int) {
		w := &f.work[q]
		w.bad = [2]int{}
		a, b := int(f.sym.partAt[q]), int(f.sym.partAt[q+1])
		clear(f.panel[f.sym.panel[a]:f.sym.panel[b]])
		for s := a; s < b; s++ {
			f.eliminate(s, w)
		}
	}
	f.team.run(parts, part)
	part(parts)
	for q := range f.work {
		f.bad[0] += f.work[q].bad[0]
		f.bad[1] += f.work[q].bad[1]
	}
}

// topColumn is the first column of the top.
func (s *symbolic) topColumn() int { return int(s.first[s.partAt[parts]]) }

// updateOf is the place of front c's update.
func (f *factor) updateOf(c, u int, w *workspace) []float64 {
	at := f.sym.update[c]
	if side := f.sym.stack[c]; side != keptStack {
		return w.stack[side][at : at+u*u]
	}
	return f.kept[at : at+u*u]
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
	var update []float64
	if u > 0 && sym.parent[s] >= 0 {
		update = f.updateOf(s, u, w)
		for b := 0; b < u; b++ {
			clear(update[b*u+b : b*u+u])
		}
	}
	for _, c := range sym.child[sym.childAt[s]:sym.childAt[s+1]] {
		f.assemble(int(c), panel, rows, cols, update, u, w)
	}
	f.dense(panel, rows, cols, j0, update, u, w)
}

// assemble adds the update of child c into its parent's panel and update.
func (f *factor) assemble(c int, panel []float64, rows, cols int, update []float64, u int, w *workspace) {
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
	src := f.updateOf(c, n, w)
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
	// What has the wrong sign is rounding, and its size tells how much: a pivot
	// well above it keeps the unknown in play, and refinement mends the rest.
	if d = math.Abs(d); d > tiny && !math.IsInf(d, 0) {
		return s * 1e3 * d
	}
	return s * 1e20 // nothing is known: freeze it; the caller will factor again
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
	f.team.run(parts, func(q int) {
		w := &f.work[q]
		clear(w.above)
		for s := sym.partAt[q]; s < sym.partAt[q+1]; s++ {
			f.forward(int(s), x, w)
		}
	})
	top := x[sym.topColumn():]
	for q := range parts {
		axpy(top, f.work[q].above, 1)
	}
	w := &f.work[parts]
	for s := sym.partAt[parts]; s < sym.partAt[parts+1]; s++ {
		f.forward(int(s), x, w)
	}
	for s := sym.partAt[parts+1] - 1; s >= sym.partAt[parts]; s-- {
		f.backward(int(s), x, w)
	}
	f.team.run(parts, func(q int) {
		w := &f.work[q]
		for s := sym.partAt[q+1] - 1; s >= sym.partAt[q]; s-- {
			f.backward(int(s), x, w)
		}
	})
}

func (f *factor) forward(s int, x []float64, w *workspace) {
	sym := f.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	below := sym.rows[sym.rowAt[s]+cols : sym.rowAt[s+1]]
	panel := f.panel[sym.panel[s]:sym.panel[s+1]]
	rows := cols + len(below)
	v := x[j0 : j0+cols]
	for k := 0; k < cols-1; k++ {
		t := v[k]
		a := panel[k*rows : k*rows+cols]
		for i := k + 1; i < cols; i++ {
			v[i] -= a[i] * t
		}
	}
	// Rows of the top belong to every part: a part collects its share.
	mine := len(below)
	if len(w.above) > 0 {
		top := int32(sym.topColumn())
		for mine > 0 && below[mine-1] >= top {
			mine--
		}
		f.forwardRows(cols, rows, panel, v, below[mine:], cols+mine, w.above, top, w)
	}
	f.forwardRows(cols, rows, panel, v, below[:mine], cols, x, 0, w)
}

// forwardRows subtracts from out[r-shift] what the solved unknowns v of a front
// contribute to its rows below, from panel row at on.
func (f *factor) forwardRows(cols, rows int, panel, v []float64, below []int32, at int, out []float64, shift int32, w *workspace) {
	n := len(below)
	if n == 0 {
		return
	}
	column := func(k int) []float64 { return panel[k*rows+at : k*rows+at+n] }
	switch cols {
	case 1:
		x0 := v[0]
		a := column(0)
		for i, r := range below {
			out[r-shift] -= a[i] * x0
		}
	case 2:
		x0, x1 := v[0], v[1]
		a0, a1 := column(0), column(1)
		a0, a1 = a0[:n], a1[:n]
		for i, r := range below {
			out[r-shift] -= a0[i]*x0 + a1[i]*x1
		}
	case 3:
		x0, x1, x2 := v[0], v[1], v[2]
		a0, a1, a2 := column(0), column(1), column(2)
		a0, a1, a2 = a0[:n], a1[:n], a2[:n]
		for i, r := range below {
			out[r-shift] -= (a0[i]*x0 + a1[i]*x1) + a2[i]*x2
		}
	case 4:
		x0, x1, x2, x3 := v[0], v[1], v[2], v[3]
		a0, a1, a2, a3 := column(0), column(1), column(2), column(3)
		a0, a1, a2, a3 = a0[:n], a1[:n], a2[:n], a3[:n]
		for i, r := range below {
			out[r-shift] -= (a0[i]*x0 + a1[i]*x1) + (a2[i]*x2 + a3[i]*x3)
		}
	default:
		t := w.tmp[:n]
		clear(t)
		k := 0
		for ; k+4 <= cols; k += 4 {
			sub4(t, column(k), column(k+1), column(k+2), column(k+3), v[k], v[k+1], v[k+2], v[k+3])
		}
		for ; k < cols; k++ {
			sub1(t, column(k), v[k])
		}
		for i, r := range below {
			out[r-shift] += t[i]
		}
	}
}

func (f *factor) backward(s int, x []float64, work *workspace) {
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
		w := work.tmp[:len(below)]
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
