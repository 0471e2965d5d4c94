package native

import "math"

// removeFreeRows drops rows without a finite side: y = 0.
func removeFreeRows(s *presolve) {
	for i, live := range s.rowLive {
		if live && math.IsInf(s.rl[i], -1) && math.IsInf(s.ru[i], 1) {
			s.dropRow(int32(i))
		}
	}
}

// removeEmptyRows drops rows without entries: y = 0.
func removeEmptyRows(s *presolve) {
	for i, live := range s.rowLive {
		if !live || s.rowCount[i] > 0 {
			continue
		}
		if s.rl[i] > s.slack(s.rl[i]) || s.ru[i] < -s.slack(s.ru[i]) {
			s.verdict = infeasible
			return
		}
		s.dropRow(int32(i))
	}
}

// fix takes column j out at value v.
func (s *presolve) fix(j int32, v float64) {
	if v != 0 {
		s.column(j, func(i int32, a float64) {
			s.rl[i] -= a * v
			s.ru[i] -= a * v
		})
		s.offset += s.cost[j] * v
		if s.quadratic(j) {
			for _, q := range s.qfull[j] {
				if q.col == j {
					s.offset += q.value * v * v / 2
				} else if s.colLive[q.col] {
					s.cost[q.col] += q.value * v
				}
			}
		}
	}
	s.note(undoFix, -1, j, v)
	s.dropColumn(j)
}

func undoFix(s *presolve, r record, x, _ []float64) { x[r.col] = s.numbers[r.at] }

// removeFixedColumns takes out columns whose bounds meet.
func removeFixedColumns(s *presolve) {
	for j, live := range s.colLive {
		if !live {
			continue
		}
		l, u := s.cl[j], s.cu[j]
		if l > u {
			if l > u+s.slack(u) {
				s.verdict = infeasible
				return
			}
			l = u
		}
		if l == u || u-l <= 1e-13*math.Max(1, math.Abs(l)) && !math.IsInf(u-l, 0) {
			s.fix(int32(j), l)
		}
	}
}

// removeEmptyColumns puts columns in no row at their best value.
func removeEmptyColumns(s *presolve) {
	for j, live := range s.colLive {
		if !live || s.colCount[j] > 0 || s.quadratic(int32(j)) {
			continue
		}
		v := 0.0
		switch c := s.cost[j]; {
		case c > 0:
			v = s.cl[j]
		case c < 0:
			v = s.cu[j]
		default:
			v = math.Min(math.Max(0, s.cl[j]), s.cu[j])
		}
		if math.IsInf(v, 0) {
			s.verdict = unbounded
			return
		}
		s.fix(int32(j), v)
	}
}
