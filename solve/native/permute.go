package native

// permuted returns f with its columns and rows nearly in the order of their places
// in the factor, of which there are size, and these places. What is near in the
// factor is then near in every vector. Within a neighbourhood, variables with the
// same bounds stand together (see run). cols[k] and rows[k] are the old numbers of
// column and row k.
func (f *form) permuted(place []int32, size int) (g *form, cols, rows, placed []int32) {
	n, m := f.n, f.m
	cols, rows = make([]int32, 0, n), make([]int32, 0, m)
	at := make([]int32, size) // who stands there, + 1
	for v, p := range place {
		at[p] = int32(v + 1)
	}
	for _, v := range at {
		v--
		if v < 0 {
			continue
		}
		if int(v) < n {
			cols = append(cols, v)
		} else {
			rows = append(rows, v)
		}
	}
	f.together(cols)
	f.together(rows)
	placed = make([]int32, 0, n+m)
	for _, v := range cols {
		placed = append(placed, place[v])
	}
	rowAt := make([]int32, m) // new number of an old row
	for i, v := range rows {
		placed = append(placed, place[v])
		rows[i] = v - int32(n)
		rowAt[rows[i]] = int32(i)
	}

	g = &form{n: n, m: m, nonzeros: f.nonzeros, start: make([]int, n+1), index: make([]int32, len(f.index)), value: make([]float64, len(f.value)), cost: make([]float64, n)}
	g.lower, g.upper = make([]float64, n+m), make([]float64, n+m)
	g.kind = make([]kind, n+m)
	move := func(to, from int) {
		g.lower[to], g.upper[to], g.kind[to] = f.lower[from], f.upper[from], f.kind[from]
	}
	for i, old := range rows {
		move(n+i, n+int(old))
	}
	next := 0
	for j, old := range cols {
		move(j, int(old))
		g.cost[j] = f.cost[old]
		for k := f.start[old]; k < f.start[old+1]; k++ {
			g.index[next], g.value[next] = rowAt[f.index[k]], f.value[k]
			next++
		}
		g.start[j+1] = next
	}
	if f.qDiag == nil {
		return g, cols, rows, placed
	}
	g.qDiag = make([]float64, n)
	for j, old := range cols {
		g.qDiag[j] = f.qDiag[old]
	}
	if f.qStart == nil {
		return g, cols, rows, placed
	}
	colAt := invert(cols)
	g.qStart = make([]int, n+1)
	for j, old := range cols {
		for k := f.qStart[old]; k < f.qStart[old+1]; k++ {
			g.qIndex = append(g.qIndex, colAt[f.qIndex[k]])
			g.qValue = append(g.qValue, f.qValue[k])
		}
		g.qStart[j+1] = len(g.qIndex)
	}
	return g, cols, rows, placed
}

// neighbourhood is how many variables may change places to stand beside their
// like: what they touch of a vector in elimination order stays in the cache.
const neighbourhood = 4096

// together sorts each neighbourhood of a list of variables by their bounds.
func (f *form) together(list []int32) {
	for at := 0; at < len(list); at += neighbourhood {
		sortBy(list[at:min(at+neighbourhood, len(list))], func(v int32) int { return int(f.kind[v]) })
	}
}

// run is a stretch of variables, all columns or all row variables, with the same
// kind of bounds: loops over it have no branches to guess.
type run struct {
	from, to int
	slot     int     // of its first bound
	slots    int     // of each variable: those of all first bounds, then those of all second ones
	side     float64 // of the first slot: 1 for a lower bound, -1 for an upper; the second is an upper bound
	fixed    bool    // right-hand sides of equations
}

// block is where the slots of all first (0) or second (1) bounds of the run
// begin, and their side.
func (u *run) block(c int) (slot int, side float64) {
	if c == 0 {
		return u.slot, u.side
	}
	return u.slot + u.to - u.from, -1
}

// runs cuts the variables into runs, shared out in pieces that depend on the
// problem alone, as team.each does.
func (f *form) runs() (work [pieces][]run) {
	total := f.n + f.m
	slot := 0
	for v := 0; v < total; v++ {
		q := 0
		if total >= small {
			q = v * pieces / total
		}
		k := f.kind[v]
		list := work[q]
		if l := len(list); l == 0 || f.kind[list[l-1].from] != k || v == f.n {
			r := run{from: v, slot: slot, side: 1, fixed: k == isFixed}
			if !r.fixed && k&hasLower == 0 {
				r.side = -1
			}
			if k&hasLower != 0 {
				r.slots++
			}
			if k&hasUpper != 0 {
				r.slots++
			}
			list = append(list, r)
		}
		last := &list[len(list)-1]
		last.to = v + 1
		slot += last.slots
		work[q] = list
	}
	return work
}
