package native

import (
	"math"
	"slices"
	"sync/atomic"
)

// laneFactor holds the factor of a system that is cut into lanes: what factor does
// with numbers it does with eight at a time, and the top is a factor of its own.
//
// A vector of unknowns holds, part by part, eight numbers for every inner node and
// for every node of the border, then the top. In a part the border stands for the
// top: a forward solve collects there what the part takes from the top's unknowns,
// a backward solve reads these there.
type laneFactor struct {
	part  [parts]laneWork
	top   *factor
	at    int       // where the top begins
	diag  []float64 // by place; ones where a lane has no node
	fixed []float64 // what the matrix itself has of the top's entries
	team  team
	halt  *atomic.Bool
}

// smallTop is the size below which a top is not worth a second thread.
const smallTop = 1000

// laneWork is a part of it, and the room to work on it.
type laneWork struct {
	lanePart
	at   int       // where its unknowns begin
	sign []float64 // of the pivots

	pos     []int32 // as in factor
	entryAt []int
	value   []float64 // lanes for each of pos

	panel, dinv []float64
	stack       [2][]float64
	left        []float64 // what it leaves to the border: a square, by columns
	bad         [2]int
	to          []int32 // for each of pairs and each lane: entry of the top, or ^place of its diagonal
}

// size is the length of a vector of unknowns.
func (c *laneCut) size() int { return c.topAt() + len(c.top) }

func (c *laneCut) topAt() (at int) {
	for q := range c.parts {
		at += lanes * (c.parts[q].inner + len(c.parts[q].border))
	}
	return at
}

// places returns the place of each of n nodes.
func (c *laneCut) places(n int) []int32 {
	place := make([]int32, n)
	at := int32(0)
	for q := range c.parts {
		p := &c.parts[q]
		for k, node := range p.node {
			for l, i := range node {
				if i >= 0 {
					place[i] = at + int32(lanes*k+l)
				}
			}
		}
		at += int32(lanes * (p.inner + len(p.border)))
	}
	for k, i := range c.top {
		place[i] = at + c.sym.place[k]
	}
	return place
}

// newLaneFactor prepares a factorisation; sign and the entries are as for
// newFactor, place is where each node stands.
func newLaneFactor(c *laneCut, place []int32, sign []int8, row, col []int32, value []float64, t team) *laneFactor {
	f := &laneFactor{at: c.topAt(), diag: make([]float64, c.size()), team: t}
	signs := make([]int8, c.size())
	for i, p := range place {
		signs[p] = sign[i]
	}
	at := 0
	for q := range f.part {
		w := &f.part[q]
		w.lanePart, w.at = c.parts[q], at
		w.sign = make([]float64, w.inner)
		for k := range w.sign {
			for _, s := range signs[at+lanes*k : at+lanes*(k+1)] {
				if s != 0 {
					w.sign[k] = float64(s)
				}
			}
			for l := range lanes {
				f.diag[at+lanes*k+l] = w.sign[k]
			}
		}
		at += lanes * (w.inner + len(w.border))
	}
	topSign := make([]int8, len(c.top)) // by the numbers of its graph
	for k := range topSign {
		topSign[k] = signs[f.at+int(c.sym.place[k])]
	}
	f.top = newFactor(c.sym, topSign, nil, nil, nil)
	f.halt = &f.top.halt
	if len(c.top) >= smallTop {
		f.top.team = t
	}

	// Entries, sorted out by part; those of the top last.
	partOf := func(p int32) int {
		q := parts
		for q > 0 && (q == parts && int(p) < f.at || q < parts && int(p) < f.part[q].at) {
			q--
		}
		return q
	}
	ends := func(k int32) (low, high int32) {
		i, j := place[row[k]], place[col[k]]
		return min(i, j), max(i, j)
	}
	var count [parts + 1]int
	for k := range value {
		low, _ := ends(int32(k))
		count[partOf(low)]++
	}
	var from [parts + 1][]int32
	for q, n := range count {
		from[q] = make([]int32, 0, n)
	}
	for k := range value {
		low, _ := ends(int32(k))
		q := partOf(low)
		from[q] = append(from[q], int32(k))
	}
	t.run(parts, func(q int) {
		f.part[q].fill(f.at, c.sym.place, from[q], ends, value)
		f.part[q].node = nil // they have their places
	})
	f.fillTop(c, from[parts], ends, value)
	return f
}

// fill gives a part its entries, those numbered from; ends tells between which
// places an entry stands. The top begins at topAt; topPlace is where its nodes
// stand there.
func (w *laneWork) fill(topAt int, topPlace, from []int32, ends func(k int32) (low, high int32), value []float64) {
	sym := w.sym
	inBorder := make([]int32, lanes*len(topPlace)) // of each lane's nodes of the top
	for k, nodes := range w.border {
		for l, i := range nodes {
			if i >= 0 {
				inBorder[l*len(topPlace)+int(topPlace[i])] = int32(w.inner + k)
			}
		}
	}
	low, high := make([]int32, len(from)), make([]int32, len(from))
	lane := make([]uint8, len(from))
	for k, e := range from {
		i, j := ends(e)
		p := int(i) - w.at
		lane[k] = uint8(p % lanes)
		low[k] = int32(p / lanes)
		if r := int(j) - topAt; r >= 0 {
			high[k] = inBorder[int(lane[k])*len(topPlace)+r]
		} else {
			high[k] = int32((int(j) - w.at) / lanes)
		}
	}
	var entry []int32
	w.entryAt, w.pos, entry = sym.spread(low, high)
	w.value = make([]float64, lanes*len(w.pos))
	for k, e := range entry {
		w.value[lanes*int(e)+int(lane[k])] = value[from[k]]
	}
	w.panel = make([]float64, lanes*sym.entries())
	w.dinv = make([]float64, lanes*w.inner)
	for side := range w.stack {
		w.stack[side] = make([]float64, lanes*sym.stackSize[0][side])
	}
	w.left = make([]float64, lanes*len(w.border)*len(w.border))
}

// spread finds room for entries at the places low[k] < high[k] in the panels: front
// f has the positions pos[entryAt[f]:entryAt[f+1]] of its panel, and entry k is
// number entry[k] of pos. What falls on one position is one entry.
func (s *symbolic) spread(low, high []int32) (entryAt []int, pos, entry []int32) {
	nf := s.fronts()
	of := make([]int32, s.first[nf])
	for f := range nf {
		for j := s.first[f]; j < s.first[f+1]; j++ {
			of[j] = int32(f)
		}
	}
	number := make([]int32, s.entries())
	entry = make([]int32, len(low))
	for k, j := range low {
		f := of[j]
		rows := s.rows[s.rowAt[f]:s.rowAt[f+1]]
		r, _ := slices.BinarySearch(rows, high[k])
		at := s.panel[f] + int(j-s.first[f])*len(rows) + r
		entry[k], number[at] = int32(at), 1
	}
	count := 0
	for _, is := range number {
		count += int(is)
	}
	entryAt, pos = make([]int, nf+1), make([]int32, 0, count)
	for f := range nf {
		for at := s.panel[f]; at < s.panel[f+1]; at++ {
			if number[at] > 0 {
				number[at] = int32(len(pos))
				pos = append(pos, int32(at-s.panel[f]))
			}
		}
		entryAt[f+1] = len(pos)
	}
	for k, at := range entry {
		entry[k] = number[at]
	}
	return entryAt, pos, entry
}

// fillTop gives the top its entries and tells the parts where they add to them.
func (f *laneFactor) fillTop(c *laneCut, from []int32, ends func(k int32) (low, high int32), value []float64) {
	top := f.top
	count := len(from)
	for q := range f.part {
		count += lanes * len(f.part[q].pairs)
	}
	low, high := make([]int32, 0, count), make([]int32, 0, count)
	for _, e := range from {
		i, j := ends(e)
		low, high = append(low, i-int32(f.at)), append(high, j-int32(f.at))
	}
	for q := range f.part {
		w := &f.part[q]
		w.to = make([]int32, 0, lanes*len(w.pairs))
		for _, pair := range w.pairs {
			for l := range lanes {
				r, s := w.border[pair[0]][l], w.border[pair[1]][l]
				if r < 0 || s < 0 {
					w.to = append(w.to, -1)
					continue
				}
				r, s = c.sym.place[r], c.sym.place[s]
				if r == s {
					w.to = append(w.to, ^r)
					continue
				}
				w.to = append(w.to, int32(len(low)))
				low, high = append(low, min(r, s)), append(high, max(r, s))
			}
		}
	}
	var entry []int32
	top.entryAt, top.pos, entry = c.sym.spread(low, high)
	top.value = make([]float64, len(top.pos)+1) // the last takes what no lane has
	f.fixed = make([]float64, len(top.value))
	for k := range from {
		f.fixed[entry[k]] = value[from[k]]
	}
	for q := range f.part {
		w := &f.part[q]
		for k, pair := range w.pairs {
			for l := range lanes {
				to := &w.to[lanes*k+l]
				if r, s := w.border[pair[0]][l], w.border[pair[1]][l]; r < 0 || s < 0 {
					*to = int32(len(top.pos))
				} else if *to >= 0 {
					*to = entry[*to]
				}
			}
		}
	}
}

// factorise computes the factor for the diagonal in f.diag and returns how many
// pivots of each sign were lost; see factor.
func (f *laneFactor) factorise() (bad [2]int) {
	f.team.run(parts, func(q int) {
		w := &f.part[q]
		w.bad = [2]int{}
		clear(w.left)
		diag := f.diag[w.at:]
		for s := 0; s < w.sym.fronts() && !f.halt.Load(); s++ {
			w.eliminate(s, diag)
		}
	})
	top := f.top
	copy(top.value, f.fixed)
	copy(top.diag, f.diag[f.at:])
	for q := range f.part {
		w := &f.part[q]
		size := len(w.border)
		for k, pair := range w.pairs {
			at := lanes * (int(pair[1])*size + int(pair[0]))
			for l, to := range w.to[lanes*k : lanes*(k+1)] {
				if to >= 0 {
					top.value[to] += w.left[at+l]
				} else {
					top.diag[^to] += w.left[at+l]
				}
			}
		}
	}
	bad = top.factorise()
	for q := range f.part {
		bad[0] += f.part[q].bad[0]
		bad[1] += f.part[q].bad[1]
	}
	return bad
}

func (f *laneFactor) spare() [][]float64 {
	all := f.top.spare()
	for q := range f.part {
		w := &f.part[q]
		all = append(all, w.left, w.stack[0], w.stack[1])
	}
	return all
}

// eliminate assembles front s, eliminates its columns and leaves its update, as
// factor.eliminate does.
func (w *laneWork) eliminate(s int, diag []float64) {
	sym := w.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	rows := sym.rowAt[s+1] - sym.rowAt[s]
	panel := w.panel[lanes*sym.panel[s] : lanes*sym.panel[s+1]]
	clear(panel)
	if from, to := w.entryAt[s], w.entryAt[s+1]; from < to {
		laneAdd(panel, w.pos[from:to], w.value[lanes*from:], 0)
	}
	laneDiagonal(panel, diag[lanes*j0:lanes*(j0+cols)], rows)
	if sym.leaf[s] {
		w.pivot(panel, j0)
		return
	}
	u := rows - cols
	var update []float64
	if u > 0 {
		at := lanes * sym.update[s]
		update = w.stack[sym.stack[s]][at : at+lanes*u*u]
		for b := range u { // what lies above the diagonal is never read
			clear(update[lanes*(b*u+b) : lanes*(b*u+u)])
		}
	}
	for _, c := range sym.child[sym.childAt[s]:sym.childAt[s+1]] {
		w.assemble(int(c), panel, rows, cols, update, u)
	}
	step := lanes * rows
	for t := range cols {
		c := panel[t*step+lanes*t : (t+1)*step]
		if t > 0 {
			laneSub(c, panel[lanes*t:], step, panel, step+lanes, t)
		}
		w.pivot(c, j0+t)
	}
	if u == 0 {
		return
	}
	for b := range u {
		laneSub(update[lanes*(b*u+b):lanes*(b+1)*u], panel[lanes*(cols+b):], step, panel, step+lanes, cols)
	}
	if sym.parent[s] < 0 {
		rel := sym.rel[sym.rowAt[s]+cols : sym.rowAt[s+1]]
		size := len(w.border)
		for b, r := range rel {
			laneAdd(w.left[lanes*int(r)*size:], rel[b:], update[lanes*(b*u+b):], 0)
		}
	}
}

// pivot divides a column by its first entry, mending what of it is lost.
func (w *laneWork) pivot(c []float64, j int) {
	dinv := (*[lanes]float64)(w.dinv[lanes*j:])
	if lanePivot(c, dinv, w.sign[j]) {
		return
	}
	for l, d := range c[:lanes] {
		if t := d * w.sign[j]; !(t > tiny && t < math.MaxFloat64) {
			c[l] = replaced(d, w.sign[j])
			w.bad[(int(w.sign[j])+1)/2]++
		}
	}
	lanePivot(c, dinv, w.sign[j])
}

// assemble adds the update of child c into its parent's panel and update.
func (w *laneWork) assemble(c int, panel []float64, rows, cols int, update []float64, u int) {
	sym := w.sym
	ccols := int(sym.first[c+1] - sym.first[c])
	rel := sym.rel[sym.rowAt[c]+ccols : sym.rowAt[c+1]]
	n := len(rel)
	var src []float64
	var pivot *[lanes]float64
	leaf := sym.leaf[c]
	if leaf {
		src = w.panel[lanes*(sym.panel[c]+1) : lanes*sym.panel[c+1]]
		pivot = (*[lanes]float64)(w.panel[lanes*sym.panel[c]:])
	} else {
		at := lanes * sym.update[c]
		src = w.stack[sym.stack[c]][at : at+lanes*n*n]
	}
	for b, rb := range rel {
		dst, shift := panel, 0
		if int(rb) < cols {
			dst = panel[lanes*int(rb)*rows:]
		} else {
			dst, shift = update[lanes*(int(rb)-cols)*u:], cols
		}
		if leaf {
			laneSubAt(dst, rel[b:], src[lanes*b:], pivot, shift)
		} else {
			laneAdd(dst, rel[b:], src[lanes*(b*n+b):], shift)
		}
	}
}

// solve overwrites x by the solution of L D L' x = x.
func (f *laneFactor) solve(x []float64) {
	f.team.run(parts, func(q int) {
		w := &f.part[q]
		mine := x[w.at:][:lanes*(w.inner+len(w.border))]
		clear(mine[lanes*w.inner:])
		w.forward(mine)
	})
	top := x[f.at:]
	for q := range f.part {
		w := &f.part[q]
		border := x[w.at+lanes*w.inner:]
		for k, nodes := range w.border {
			for l, i := range nodes {
				if i >= 0 {
					top[f.top.sym.place[i]] += border[lanes*k+l]
				}
			}
		}
	}
	f.top.solve(top)
	f.team.run(parts, func(q int) {
		w := &f.part[q]
		mine := x[w.at:][:lanes*(w.inner+len(w.border))]
		border := mine[lanes*w.inner:]
		for k, nodes := range w.border {
			for l, i := range nodes {
				border[lanes*k+l] = 0
				if i >= 0 {
					border[lanes*k+l] = top[f.top.sym.place[i]]
				}
			}
		}
		w.backward(mine)
	})
}

func (w *laneWork) forward(x []float64) {
	sym := w.sym
	for s := range sym.fronts() {
		rows := sym.rows[sym.rowAt[s]:sym.rowAt[s+1]]
		laneForward(x, w.panel[lanes*sym.panel[s]:lanes*sym.panel[s+1]], rows, int(sym.first[s+1]-sym.first[s]))
	}
}

func (w *laneWork) backward(x []float64) {
	sym := w.sym
	for s := sym.fronts() - 1; s >= 0; s-- {
		rows := sym.rows[sym.rowAt[s]:sym.rowAt[s+1]]
		j := int(sym.first[s])
		laneBackward(x, w.panel[lanes*sym.panel[s]:lanes*sym.panel[s+1]], rows, w.dinv[lanes*j:], int(sym.first[s+1])-j)
	}
}
