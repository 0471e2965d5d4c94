package native

import "math"

// removeDominatedColumns fixes columns that no row keeps from going where the
// cost wants them.
//
// Undone: nothing but the value; the prices of the rows have the signs that
// give the right reduced cost.
func removeDominatedColumns(s *presolve) {
	for j := range s.colLive {
		if !s.colLive[j] || s.quadratic(int32(j)) {
			continue
		}
		down, up := false, false // some row stops it on the way down, up
		s.column(int32(j), func(i int32, a float64) {
			lower, upper := !math.IsInf(s.rl[i], -1), !math.IsInf(s.ru[i], 1)
			if a < 0 {
				lower, upper = upper, lower
			}
			down = down || lower
			up = up || upper
		})
		c := s.cost[j]
		switch {
		case !down && c >= 0 && !math.IsInf(s.cl[j], -1):
			s.fix(int32(j), s.cl[j])
		case !up && c <= 0 && !math.IsInf(s.cu[j], 1):
			s.fix(int32(j), s.cu[j])
		case (!down && c > 0) || (!up && c < 0):
			s.verdict = unbounded
			return
		}
	}
}

// removeSingletonColumns takes out columns that are in one row only. Where the
// column is free, or the row itself keeps it within its bounds, row and column
// go. Where it costs nothing, it is a slack and turns into a range of the row.
//
// One that costs something could go from an equation too, its cost moved to the
// rest of the row. But the price of unserved load would then stand on every plant
// and line and cancel only in the optimum: the interior point took ten times as
// long or did not arrive.
func removeSingletonColumns(s *presolve) {
	for j := range s.colLive {
		if !s.colLive[j] || s.colCount[j] != 1 || s.quadratic(int32(j)) {
			continue
		}
		var i int32
		var a float64
		s.column(int32(j), func(r int32, v float64) { i, a = r, v })
		if s.rowCount[i] < 2 {
			continue
		}
		t := s.activity(i)
		// A small pivot would blow up rounding in x_j and y_i.
		if math.Abs(a) < 1e-3*t.largest {
			continue
		}
		if s.impliedFree(int32(j), i, a, t) {
			removeFreeSingleton(s, int32(j), i, a)
		} else if s.cost[j] == 0 {
			removeSlack(s, int32(j), i, a)
		}
		if s.verdict != undecided {
			return
		}
	}
}

// impliedFree reports whether row i alone keeps x_j within its bounds.
func (s *presolve) impliedFree(j, i int32, a float64, t activity) bool {
	l, u := s.cl[j], s.cu[j]
	if math.IsInf(l, -1) && math.IsInf(u, 1) {
		return true
	}
	// The rest of the row without a x_j.
	lo, hi := l, u
	if a < 0 {
		lo, hi = hi, lo
	}
	restLow, restHigh := t.low, t.high
	lowInf, highInf := t.lowInf, t.highInf
	if math.IsInf(lo, 0) {
		lowInf--
	} else {
		restLow -= a * lo
	}
	if math.IsInf(hi, 0) {
		highInf--
	} else {
		restHigh -= a * hi
	}
	eps := 1e-13 * t.absolute
	// a x_j lies in [rl - restHigh, ru - restLow].
	low, high := math.Inf(-1), math.Inf(1)
	if highInf == 0 {
		low = s.rl[i] - restHigh - eps
	}
	if lowInf == 0 {
		high = s.ru[i] - restLow + eps
	}
	low, high = low/a, high/a
	if a < 0 {
		low, high = high, low
	}
	return low >= l && high <= u
}

// shiftCost moves cost p per unit of row i from the row to its columns:
// c_k -= p a_ik. Column j is left without cost if p = c_j / a_ij.
func (s *presolve) shiftCost(i int32, p float64) {
	if p == 0 {
		return
	}
	s.row(i, func(k int32, v float64) {
		c := s.cost[k] - p*v
		// What cancels to rounding is zero: its sign would be read as a wish.
		s.costSize[k] = math.Max(s.costSize[k], math.Abs(p*v))
		if math.Abs(c) <= 1e-13*s.costSize[k] {
			c = 0
		}
		s.cost[k] = c
	})
}

// removeFreeSingleton: y_i = c_j / a whatever happens elsewhere, so the row is
// held at the side of that sign and gives x_j; with c_j = 0 any x_j that
// satisfies the row will do.
func removeFreeSingleton(s *presolve, j, i int32, a float64) {
	p := s.cost[j] / a
	side := s.rl[i]
	if p < 0 {
		side = s.ru[i]
	}
	if p != 0 {
		if math.IsInf(side, 0) {
			s.verdict = unbounded
			return
		}
		s.shiftCost(i, p)
		s.offset += p * side
		s.note(undoFreeSingleton, i, j, a, p, side, side, 0)
	} else {
		start := math.Min(math.Max(0, s.cl[j]), s.cu[j])
		s.note(undoFreeSingleton, i, j, a, 0, s.rl[i], s.ru[i], a*start)
	}
	s.rowAsked[i] = true
	s.dropColumn(j)
	s.dropRow(i)
}

func undoFreeSingleton(s *presolve, r record, x, y []float64) {
	v := s.numbers[r.at:]
	a, p, low, high, start := v[0], v[1], v[2], v[3], v[4]
	rest := s.rowActivity(r.row, x)
	x[r.col] = math.Min(math.Max(start, low-rest), high-rest) / a
	y[r.row] = p
}

// rowActivity is row i of Ax over the columns that have a value.
func (s *presolve) rowActivity(i int32, x []float64) float64 {
	t := 0.0
	for k := s.rstart[i]; k < s.rstart[i+1]; k++ {
		t += s.rvalue[k] * x[s.rindex[k]]
	}
	return t
}

// removeSlack: rl <= rest + a x_j <= ru with l <= x_j <= u becomes
// rl - max(a x_j) <= rest <= ru - min(a x_j).
//
// Undone: x_j closes an equation. In an inequality it goes as far as the price of
// the row pushes it, which keeps products of prices and slacks what they were.
func removeSlack(s *presolve, j, i int32, a float64) {
	low, high := a*s.cl[j], a*s.cu[j]
	if a < 0 {
		low, high = high, low
	}
	s.note(undoSlack, i, j, a, s.rl[i], s.ru[i], low, high)
	s.rl[i] -= high
	s.ru[i] -= low
	s.rowAsked[i] = true
	s.dropColumn(j)
}

func undoSlack(s *presolve, r record, x, y []float64) {
	v := s.numbers[r.at:]
	a, rl, ru, low, high := v[0], v[1], v[2], v[3], v[4]
	rest := s.rowActivity(r.row, x)
	t := 0.0 // a x_j
	switch least, most := math.Max(low, rl-rest), math.Min(high, ru-rest); {
	case rl == ru:
		t = rl - rest
	case y[r.row] > 0 && !math.IsInf(most, 0):
		t = most
	case y[r.row] < 0 && !math.IsInf(least, 0):
		t = least
	default:
		t = math.Min(math.Max(0, least), most)
	}
	x[r.col] = math.Min(math.Max(t, low), high) / a
}
