package native

import "math"

// removeSingletonRows turns a row with one entry, rl <= a x_j <= ru, into
// bounds of x_j.
//
// Undone: where the reduced cost of x_j is held by a bound that came from the
// row, it is the row's price: y_i = z_j / a, which leaves z_j = 0.
func removeSingletonRows(s *presolve) {
	for i := range s.rowLive {
		if s.rowLive[i] && s.rowCount[i] == 1 {
			removeSingletonRow(s, int32(i))
			if s.verdict != undecided {
				return
			}
		}
	}
}

func removeSingletonRow(s *presolve, i int32) {
	var j int32
	var a float64
	s.row(i, func(c int32, v float64) { j, a = c, v })
	lo, hi := s.rl[i]/a, s.ru[i]/a
	if a < 0 {
		lo, hi = hi, lo
	}
	from := s.tighten(j, lo, hi)
	if s.verdict != undecided {
		return
	}
	s.note(undoSingletonRow, i, j, a, s.cost[j], from)
	s.dropRow(i)
}

// tighten lets the bounds lo, hi hold for column j too and returns which of
// them count: 1 for the lower, 2 for the upper, 3 for both.
func (s *presolve) tighten(j int32, lo, hi float64) (from float64) {
	if lo > s.cl[j] {
		s.cl[j] = lo
		from++
	}
	if hi < s.cu[j] {
		s.cu[j] = hi
		from += 2
	}
	if s.cl[j] > s.cu[j] {
		if s.cl[j] > s.cu[j]+s.slack(s.cu[j]) {
			s.verdict = infeasible
			return from
		}
		// Rounding: let the bounds meet at the one that is not new.
		if from == 1 {
			s.cl[j] = s.cu[j]
		} else {
			s.cu[j] = s.cl[j]
		}
	}
	return from
}

func undoSingletonRow(s *presolve, r record, x, y []float64) {
	v := s.numbers[r.at:]
	a, cost, from := v[0], v[1], int(v[2])
	z := s.reducedCost(r.col, cost, x, y)
	if (z > 0 && from&1 != 0) || (z < 0 && from&2 != 0) {
		y[r.row] = z / a
	}
}

// activity bounds what a row can be for columns within their bounds.
type activity struct {
	low, high         float64 // finite parts
	lowInf, highInf   int     // infinite parts
	largest, absolute float64 // largest |a|, sum of the finite |a x|
}

func (s *presolve) activity(i int32) (t activity) {
	for k := s.rstart[i]; k < s.rstart[i+1]; k++ {
		j := s.rindex[k]
		a := s.rvalue[k]
		if !s.colLive[j] || a == 0 {
			continue
		}
		t.add(a, s.cl[j], s.cu[j])
	}
	return t
}

// add takes in a term a x with lo <= x <= hi.
func (t *activity) add(a, lo, hi float64) {
	if a < 0 {
		lo, hi = hi, lo
	}
	if math.IsInf(lo, 0) {
		t.lowInf++
	} else {
		t.low += a * lo
		t.absolute += math.Abs(a * lo)
	}
	if math.IsInf(hi, 0) {
		t.highInf++
	} else {
		t.high += a * hi
		t.absolute += math.Abs(a * hi)
	}
	t.largest = math.Max(t.largest, math.Abs(a))
}

// checkActivities drops the sides of rows that the column bounds imply, and
// rows that hold every column at a bound (forcing rows).
//
// A side dropped needs no record: its price is zero. A forcing row at its
// upper side, with every column where a_ij x_j is least, is undone by the
// price that gives all these columns a reduced cost of the right sign:
// y_i = min(0, min_j z_j / a_ij), z without y_i. The lower side likewise.
func checkActivities(s *presolve) {
	for i := range s.rowLive {
		if !s.rowLive[i] || s.rowCount[i] < 2 {
			continue
		}
		row := int32(i)
		t := s.activity(row)
		// Room for rounding in the sums.
		eps := 1e-14 * t.absolute * float64(s.rowCount[i])
		tolL, tolU := s.slack(s.rl[i])+eps, s.slack(s.ru[i])+eps
		if (t.lowInf == 0 && t.low > s.ru[i]+tolU) || (t.highInf == 0 && t.high < s.rl[i]-tolL) {
			s.verdict = infeasible
			return
		}
		if t.lowInf == 0 && !math.IsInf(s.ru[i], 1) && t.low >= s.ru[i]-eps-1e-15*math.Abs(s.ru[i]) && s.force(row, -1) {
			continue
		}
		if t.highInf == 0 && !math.IsInf(s.rl[i], -1) && t.high <= s.rl[i]+eps+1e-15*math.Abs(s.rl[i]) && s.force(row, 1) {
			continue
		}
		if t.lowInf == 0 && t.low >= s.rl[i]+eps && !math.IsInf(s.rl[i], -1) {
			s.rl[i] = math.Inf(-1)
			s.changed++
		}
		if t.highInf == 0 && t.high <= s.ru[i]-eps && !math.IsInf(s.ru[i], 1) {
			s.ru[i] = math.Inf(1)
			s.changed++
		}
	}
}

// force fixes the columns of row i where a_ij x_j is least (side -1, the row
// is at its upper side) or greatest (side 1).
func (s *presolve) force(i int32, side int) bool {
	quadratic := false
	s.row(i, func(j int32, _ float64) { quadratic = quadratic || s.quadratic(j) })
	if quadratic { // its reduced cost would change with columns fixed later
		return false
	}
	numbers := []float64{float64(side), 0}
	type fixing struct {
		j int32
		v float64
	}
	var fix []fixing
	s.row(i, func(j int32, a float64) {
		v := s.cl[j]
		if (a < 0) == (side < 0) {
			v = s.cu[j]
		}
		fix = append(fix, fixing{j, v})
		numbers = append(numbers, float64(j), a, s.cost[j])
	})
	numbers[1] = float64(len(fix))
	// The record comes first: it is undone after its columns have their values.
	s.note(undoForce, i, -1, numbers...)
	for _, f := range fix {
		s.fix(f.j, f.v)
	}
	s.dropRow(i)
	return true
}

func undoForce(s *presolve, r record, x, y []float64) {
	v := s.numbers[r.at:]
	side, count := v[0], int(v[1])
	best := 0.0
	for k := 0; k < count; k++ {
		e := v[2+3*k:]
		t := s.reducedCost(int32(e[0]), e[2], x, y) / e[1]
		if (side < 0) == (t < best) && t != best {
			best = t
		}
	}
	y[r.row] = best
}
