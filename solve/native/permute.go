package native

// permuted returns f with its columns and rows in the order in which they are
// eliminated, and sym renumbered to match. What is near in the factor is then
// near in every vector, and moving a vector between the two is a merge of two
// streams. cols[k] and rows[k] are the old numbers of column and row k.
func (f *form) permuted(sym *symbolic) (g *form, cols, rows []int32) {
	n, m := f.n, f.m
	cols, rows = make([]int32, 0, n), make([]int32, 0, m)
	place := make([]int32, 0, n+m)
	rowAt := make([]int32, m) // new number of an old row
	places := make([]int32, m)
	for at, v := range sym.node {
		if int(v) < n {
			cols = append(cols, v)
			place = append(place, int32(at))
		} else {
			places[len(rows)] = int32(at)
			rowAt[int(v)-n] = int32(len(rows))
			rows = append(rows, v-int32(n))
		}
	}
	sym.place = append(place, places...)
	sym.node = invert(sym.place)

	g = &form{n: n, m: m, start: make([]int, n+1), index: make([]int32, len(f.index)), value: make([]float64, len(f.value)), cost: make([]float64, n)}
	g.lower, g.upper = make([]float64, n+m), make([]float64, n+m)
	g.kind = make([]kind, n+m)
	move := func(to, from int) {
		g.lower[to], g.upper[to], g.kind[to] = f.lower[from], f.upper[from], f.kind[from]
	}
	for i, old := range rows {
		move(n+i, n+int(old))
	}
	at := 0
	for j, old := range cols {
		move(j, int(old))
		g.cost[j] = f.cost[old]
		for k := f.start[old]; k < f.start[old+1]; k++ {
			g.index[at], g.value[at] = rowAt[f.index[k]], f.value[k]
			at++
		}
		g.start[j+1] = at
	}
	if f.qDiag == nil {
		return g, cols, rows
	}
	g.qDiag = make([]float64, n)
	for j, old := range cols {
		g.qDiag[j] = f.qDiag[old]
	}
	if f.qStart == nil {
		return g, cols, rows
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
	return g, cols, rows
}
