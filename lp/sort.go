package lp

import "sort"

// SortEntries sorts the entries of one column by row, values with them.
func SortEntries(index []int32, value []float64) {
	if len(index) > 64 {
		if c := (byRow{index, value}); !sort.IsSorted(c) {
			sort.Sort(c)
		}
		return
	}
	for k := 1; k < len(index); k++ {
		i, v := index[k], value[k]
		p := k
		for ; p > 0 && index[p-1] > i; p-- {
			index[p], value[p] = index[p-1], value[p-1]
		}
		index[p], value[p] = i, v
	}
}

type byRow struct {
	index []int32
	value []float64
}

func (c byRow) Len() int           { return len(c.index) }
func (c byRow) Less(a, b int) bool { return c.index[a] < c.index[b] }
func (c byRow) Swap(a, b int) {
	c.index[a], c.index[b] = c.index[b], c.index[a]
	c.value[a], c.value[b] = c.value[b], c.value[a]
}
