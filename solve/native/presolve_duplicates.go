package native

import (
	"math"
	"math/bits"
)

// sameTolerance is how far two ratios of entries may lie apart, relative, for
// rows or columns to count as multiples of one another.
const sameTolerance = 1e-13

type hashed struct {
	hash  uint64
	index int32
}

// mix spreads the bits of v.
func mix(v uint64) uint64 {
	v ^= v >> 30
	v *= 0xbf58476d1ce4e5b9
	v ^= v >> 27
	v *= 0x94d049bb133111eb
	return v ^ v>>31
}

// alike calls merge for pairs of one hash; merge returns true when the second
// is gone. Equal hashes are nearly always true duplicates, so a few tries are
// enough for each.
func alike(list []hashed, merge func(a, b int32) bool) {
	const tries = 16
	size := bits.Len(uint(len(list))) + 1
	head := make([]int32, 1<<size) // place in list + 1 of the last with these bits
	next := make([]int32, len(list))
	for q, item := range list {
		h := mix(item.hash) >> (64 - size)
		left, gone := tries, false
		for r := head[h]; r != 0 && left > 0 && !gone; r = next[r-1] {
			if list[r-1].hash == item.hash {
				gone = merge(list[r-1].index, item.index)
				left--
			}
		}
		if !gone {
			next[q], head[h] = head[h], int32(q+1)
		}
	}
}

// mergeDuplicateRows: row k = f * row i. The bounds of k, divided by f, join
// those of i, and k goes.
//
// Undone: a price on a side that came from k is k's: y_k = y_i / f.
func mergeDuplicateRows(s *presolve) {
	type entry struct {
		col   int32
		value float64
	}
	list := make([]hashed, 0, len(s.rowLive))
	for i, live := range s.rowLive {
		if !live || s.rowCount[i] < 2 {
			continue
		}
		h := uint64(0)
		s.row(int32(i), func(j int32, _ float64) { h += mix(uint64(j) + 1) })
		list = append(list, hashed{h, int32(i)})
	}
	var one, two []entry
	gather := func(i int32, to []entry) []entry {
		to = to[:0]
		s.row(i, func(j int32, a float64) { to = append(to, entry{j, a}) })
		return to
	}
	alike(list, func(i, k int32) bool {
		if s.verdict != undecided || s.rowCount[i] != s.rowCount[k] {
			return false
		}
		one, two = gather(i, one), gather(k, two)
		f := two[0].value / one[0].value
		for q, e := range one {
			if two[q].col != e.col || math.Abs(two[q].value-f*e.value) > sameTolerance*math.Abs(two[q].value) {
				return false
			}
		}
		lo, hi := s.rl[k]/f, s.ru[k]/f
		if f < 0 {
			lo, hi = hi, lo
		}
		from := 0.0
		if lo > s.rl[i] {
			s.rl[i] = lo
			from++
		}
		if hi < s.ru[i] {
			s.ru[i] = hi
			from += 2
		}
		if s.rl[i] > s.ru[i] {
			if s.rl[i] > s.ru[i]+s.slack(s.ru[i]) {
				s.verdict = infeasible
				return false
			}
			if from == 1 {
				s.rl[i] = s.ru[i]
			} else {
				s.ru[i] = s.rl[i]
			}
		}
		s.note(undoDuplicateRow, k, i, f, from)
		s.dropRow(k)
		return true
	})
}

// undoDuplicateRow finds the other row's number in the record's col.
func undoDuplicateRow(s *presolve, r record, _, y []float64) {
	v := s.numbers[r.at:]
	f, from := v[0], int(v[1])
	i := r.col
	if (y[i] > 0 && from&1 != 0) || (y[i] < 0 && from&2 != 0) {
		y[r.row] = y[i] / f
		y[i] = 0
	}
}

// mergeDuplicateColumns: column k = f * column j in rows and cost. One column
// x_j + f x_k takes the place of both.
//
// Undone: the sum is split so that both keep within their bounds.
func mergeDuplicateColumns(s *presolve) {
	type entry struct {
		row   int32
		value float64
	}
	list := make([]hashed, 0, len(s.colLive))
	for j, live := range s.colLive {
		if !live || s.colCount[j] < 1 || s.quadratic(int32(j)) {
			continue
		}
		h := uint64(0)
		s.column(int32(j), func(i int32, _ float64) { h += mix(uint64(i) + 1) })
		list = append(list, hashed{h, int32(j)})
	}
	var one, two []entry
	gather := func(j int32, to []entry) []entry {
		to = to[:0]
		s.column(j, func(i int32, a float64) { to = append(to, entry{i, a}) })
		return to
	}
	alike(list, func(j, k int32) bool {
		if s.colCount[j] != s.colCount[k] {
			return false
		}
		one, two = gather(j, one), gather(k, two)
		f := two[0].value / one[0].value
		for q, e := range one {
			if two[q].row != e.row || math.Abs(two[q].value-f*e.value) > sameTolerance*math.Abs(two[q].value) {
				return false
			}
		}
		if math.Abs(s.cost[k]-f*s.cost[j]) > sameTolerance*math.Abs(s.cost[k]) {
			return false
		}
		low, high := f*s.cl[k], f*s.cu[k]
		if f < 0 {
			low, high = high, low
		}
		if math.IsInf(s.cl[j], -1) && math.IsInf(high, 1) || math.IsInf(s.cu[j], 1) && math.IsInf(low, -1) {
			// The sum is free; splitting it would lose no bound, but keep it simple.
			if !(math.IsInf(s.cl[j], -1) && math.IsInf(s.cu[j], 1)) {
				return false
			}
		}
		s.note(undoDuplicateColumn, k, j, f, s.cl[j], s.cu[j], s.cl[k], s.cu[k])
		s.cl[j] += low
		s.cu[j] += high
		s.dropColumn(k)
		return true
	})
}

// undoDuplicateColumn finds the merged column's number in the record's row.
func undoDuplicateColumn(s *presolve, r record, x, _ []float64) {
	v := s.numbers[r.at:]
	f, lj, uj, lk, uk := v[0], v[1], v[2], v[3], v[4]
	j, k := r.col, r.row
	total := x[j]
	// Start with x_k where it is nearest to zero; x_j takes the rest as far as it can.
	xk := math.Min(math.Max(0, lk), uk)
	xj := math.Min(math.Max(total-f*xk, lj), uj)
	xk = math.Min(math.Max((total-xj)/f, lk), uk)
	x[j], x[k] = total-f*xk, xk
	if x[j] < lj || x[j] > uj {
		x[j] = math.Min(math.Max(x[j], lj), uj)
	}
}
