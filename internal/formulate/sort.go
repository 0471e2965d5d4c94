package formulate

import "slices"

// sorter orders one column's entries by row, keeping the order of equal rows.
type sorter struct {
	pairs []pair
}

type pair struct {
	row   int32
	value float64
}

// sort orders rows and values together. Most columns are short or in order
// already; the long ones (capacities) are not always.
func (s *sorter) sort(rows []int32, values []float64) {
	if slices.IsSorted(rows) {
		return
	}
	if len(rows) <= 24 {
		for i := 1; i < len(rows); i++ {
			r, v := rows[i], values[i]
			j := i
			for ; j > 0 && rows[j-1] > r; j-- {
				rows[j], values[j] = rows[j-1], values[j-1]
			}
			rows[j], values[j] = r, v
		}
		return
	}
	s.pairs = s.pairs[:0]
	for i, r := range rows {
		s.pairs = append(s.pairs, pair{r, values[i]})
	}
	slices.SortStableFunc(s.pairs, func(a, b pair) int { return int(a.row) - int(b.row) })
	for i, p := range s.pairs {
		rows[i], values[i] = p.row, p.value
	}
}
