package native

import "math"

// merge is an aggregation of column j into column k, whose old and new places
// by columns it keeps.
type merge struct {
	j, k           int32
	oldFrom, oldTo int32
	newFrom, newTo int32
}

// longestMerge is the most entries that an aggregated column may have. Chains
// of equations a x_j = x_k would otherwise end in one dense column.
const longestMerge = 40

// aggregateDoubletons removes equations of two columns: a x_j + b x_k = r gives
// x_j = r/a + f x_k with f = -b/a. Its bounds become bounds of x_k, its cost and
// entries go to x_k's. Entries never become more.
//
// Undone: where a bound that came from x_j holds x_k, the price of the row moves
// the reduced cost to x_j and leaves z_k = 0; else it leaves z_j = 0:
//
//	y_i = z_k / b  or  y_i = z_j / a,  z without y_i
func aggregateDoubletons(s *presolve) {
	for i := range s.rowLive {
		if !s.rowLive[i] || s.rowCount[i] != 2 || s.rl[i] != s.ru[i] {
			continue
		}
		var col [2]int32
		var a [2]float64
		q := 0
		s.row(int32(i), func(j int32, v float64) { col[q], a[q] = j, v; q++ })
		// The shorter column goes.
		if s.quadratic(col[0]) || !s.quadratic(col[1]) && s.colCount[col[1]] < s.colCount[col[0]] {
			col[0], col[1], a[0], a[1] = col[1], col[0], a[1], a[0]
		}
		j, k := col[0], col[1]
		f := -a[1] / a[0]
		// A ratio far from one would blow up rounding on one of both ways.
		if s.quadratic(j) || math.Abs(f) > 1e3 || math.Abs(f) < 1e-3 || s.colCount[j]+s.colCount[k] > longestMerge {
			continue
		}
		s.aggregate(int32(i), j, k, a[0], a[1])
		if s.verdict != undecided {
			return
		}
	}
}

func (s *presolve) aggregate(i, j, k int32, a, b float64) {
	f, at := -b/a, s.rl[i]/a
	// l_j <= at + f x_k <= u_j
	lo, hi := (s.cl[j]-at)/f, (s.cu[j]-at)/f
	if f < 0 {
		lo, hi = hi, lo
	}
	from := s.tighten(k, lo, hi)
	if s.verdict != undecided {
		return
	}
	m := merge{j: j, k: k, oldFrom: s.from[k], oldTo: s.to[k], newFrom: int32(len(s.cindex))}
	s.note(undoDoubleton, i, j, a, b, at, s.cost[j], s.cost[k], from, s.cl[j], s.cu[j], float64(len(s.merges)))

	s.rowLive[i], s.colLive[j] = false, false
	p, pEnd, q, qEnd := s.from[j], s.to[j], s.from[k], s.to[k]
	put := func(row int32, v float64, slot int32) {
		s.cindex, s.cvalue, s.slot = append(s.cindex, row), append(s.cvalue, v), append(s.slot, slot)
	}
	for p < pEnd || q < qEnd {
		switch {
		case p < pEnd && (!s.rowLive[s.cindex[p]] || s.cvalue[p] == 0):
			p++
		case q < qEnd && (!s.rowLive[s.cindex[q]] || s.cvalue[q] == 0):
			q++
		case q == qEnd || p < pEnd && s.cindex[p] < s.cindex[q]:
			row, v := s.cindex[p], s.cvalue[p]
			s.shift(row, v*at)
			put(row, f*v, s.slot[p])
			p++
		case p == pEnd || s.cindex[q] < s.cindex[p]:
			put(s.cindex[q], s.cvalue[q], s.slot[q])
			q++
		default:
			row, v, w := s.cindex[p], s.cvalue[p], s.cvalue[q]
			s.shift(row, v*at)
			s.rowCount[row]--
			if t := w + f*v; math.Abs(t) > 1e-13*math.Abs(w) {
				put(row, t, s.slot[q])
			} else {
				s.rowCount[row]--
				s.rvalue[s.slot[q]] = 0
			}
			p++
			q++
		}
	}
	m.newTo = int32(len(s.cindex))
	s.merges = append(s.merges, m)
	s.colCount[k] = m.newTo - m.newFrom
	s.place(m)

	c := s.cost[j]
	s.offset += c * at
	s.costSize[k] = math.Max(s.costSize[k], math.Abs(f*c))
	s.cost[k] += f * c
	if math.Abs(s.cost[k]) <= 1e-13*s.costSize[k] {
		s.cost[k] = 0
	}
	s.changed += 2
}

// shift takes v from the sides of a row.
func (s *presolve) shift(row int32, v float64) {
	s.rl[row] -= v
	s.ru[row] -= v
}

// place puts a merged column in its place, by columns and by rows.
func (s *presolve) place(m merge) {
	s.byRows(m.j, 0)
	s.byRows(m.k, 0)
	s.from[m.k], s.to[m.k] = m.newFrom, m.newTo
	s.byRows(m.k, 1)
}

// unplace puts both columns back.
func (s *presolve) unplace(m merge) {
	s.from[m.k], s.to[m.k] = m.oldFrom, m.oldTo
	s.byRows(m.k, 1)
	s.byRows(m.j, 1)
}

// byRows writes column j, times f, where it is kept by rows.
func (s *presolve) byRows(j int32, f float64) {
	for q := s.from[j]; q < s.to[j]; q++ {
		if v := s.cvalue[q]; v != 0 { // a zero of the given problem has no slot
			s.rindex[s.slot[q]], s.rvalue[s.slot[q]] = j, f*v
		}
	}
}

func undoDoubleton(s *presolve, r record, x, y []float64) {
	v := s.numbers[r.at:]
	a, b, at, cj, ck, from, l, u := v[0], v[1], v[2], v[3], v[4], int(v[5]), v[6], v[7]
	m := s.merges[int(v[8])]
	f := -b / a
	s.unplace(m)
	x[m.j] = math.Min(math.Max(at+f*x[m.k], l), u)
	zj, zk := s.reducedCost(m.j, cj, x, y), s.reducedCost(m.k, ck, x, y)
	if z := zk + f*zj; z > 0 && from&1 != 0 || z < 0 && from&2 != 0 {
		y[r.row] = zk / b
	} else {
		y[r.row] = zj / a
	}
}
