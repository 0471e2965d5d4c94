package native

import (
	"math"
	"sync/atomic"
)

// factor holds P K P' = L D L' for the pattern in sym. K is quasi-definite: the
// sign of every pivot is known beforehand, so any order is stable enough once
// the diagonal is regularised (Vanderbei 1995; Altman and Gondzio 1999), and
// nothing is exchanged while factoring.
type factor struct {
	sym  *symbolic
	sign []int8 // of each pivot, by place

	// Entries of K below the diagonal: front f has value[entryAt[f]:entryAt[f+1]].
	// They go to the places pos in its panel.
	pos     []int32 // in the panel of the front
	value   []float64
	entryAt []int
	diag    []float64 // by place

	panel []float64
	dinv  []float64 // 1/D by place
	bad   [2]int    // pivots that should be negative, positive and were not; replaced

	kept []float64            // updates that parts leave to the top
	work [parts + 1]workspace // one a part, and the top's
	team team
	halt atomic.Bool // set from outside: factorise returns soon, with nothing of use
}

// workspace is what the work on one part needs.
type workspace struct {
	stack [2][]float64
	bad   [2]int
	tmp   []float64
	times []float64 // of denseMany
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
	f.pos = make([]int32, len(value))
	f.value = make([]float64, len(value))
	local := make([]int32, sym.n) // row -> place in the current front
	for s := 0; s < nf; s++ {
		rows := sym.rows[sym.rowAt[s]:sym.rowAt[s+1]]
		for a, r := range rows {
			local[r] = int32(a)
		}
		for p := f.entryAt[s]; p < f.entryAt[s+1]; p++ {
			_, j, i := home(int(byFront[p]))
			f.pos[p] = int32(int(j-sym.first[s])*len(rows) + int(local[i]))
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
func (f *factor) factorise() [2]int {
	f.bad = [2]int{}
	part := func(q int) {
		w := &f.work[q]
		w.bad = [2]int{}
		for s := int(f.sym.partAt[q]); s < int(f.sym.partAt[q+1]) && !f.halt.Load(); s++ {
			f.eliminate(s, w)
		}
	}
	f.team.run(parts, part)
	part(parts)
	for q := range f.work {
		f.bad[0] += f.work[q].bad[0]
		f.bad[1] += f.work[q].bad[1]
	}
	return f.bad
}

// spare is what lies idle while f solves: the updates.
func (f *factor) spare() [][]float64 {
	all := [][]float64{f.kept}
	for q := range f.work {
		all = append(all, f.work[q].stack[:]...)
	}
	return all
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
	clear(panel)
	from, to := f.entryAt[s], f.entryAt[s+1]
	pos, value := f.pos[from:to], f.value[from:to]
	value = value[:len(pos)]
	for p, at := range pos {
		panel[at] = value[p]
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
		if u <= 12 {
			clear(update)
		} else { // what lies above the diagonal is never read
			for b := 0; b < u; b++ {
				clear(update[b*u+b : b*u+u])
			}
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
	if t := d * float64(f.sign[j]); t > tiny && t < math.MaxFloat64 {
		return d
	}
	return f.lost(d, j, w)
}

// lost counts a pivot of the wrong sign or none and returns what to use in its
// place.
func (f *factor) lost(d float64, j int, w *workspace) float64 {
	w.bad[(f.sign[j]+1)/2]++
	return replaced(d, float64(f.sign[j]))
}

// replaced is what to use in place of a pivot d that should have a sign. What has the wrong sign is rounding, and its size tells how much: a
// pivot well above it keeps the unknown in play, and refinement mends the rest.
func replaced(d, sign float64) float64 {
	if d = math.Abs(d); d > tiny && d < math.MaxFloat64 {
		return sign * 1e3 * d
	}
	return sign * 1e20 // nothing is known: freeze it; the caller will factor again
}
