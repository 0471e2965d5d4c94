package powerflow

import (
	"math"
	"slices"
)

// block is a 2 x 2 matrix by rows.
type block [4]float64

func (a block) times(b block) block {
	return block{a[0]*b[0] + a[1]*b[2], a[0]*b[1] + a[1]*b[3], a[2]*b[0] + a[3]*b[2], a[2]*b[1] + a[3]*b[3]}
}

// inverse is that of a block; ok is false where it has none, for the size of its
// entries.
func (a block) inverse() (block, bool) {
	det := a[0]*a[3] - a[1]*a[2]
	size := math.Max(math.Abs(a[0]*a[3]), math.Abs(a[1]*a[2]))
	if !(math.Abs(det) > 1e-14*size) {
		return block{}, false
	}
	return block{a[3] / det, -a[1] / det, -a[2] / det, a[0] / det}, true
}

// factor is the LU factorisation, in blocks of two, of a matrix whose entries
// are symmetric in place (not in value), such as a power flow's Jacobian. The
// diagonal blocks are pivots in an order of minimum degree (Tinney's second
// scheme); there are no exchanges of rows beside it, as is usual for power
// flows: Newton's method corrects what a small pivot spoils, and a singular one
// is told.
type factor struct {
	order, place []int // row of the k-th pivot, and the reverse
	start        []int // of each row's entries, by place
	col          []int // place of each entry's column, rising in a row
	diag         []int // entry on the diagonal of each row
	value        []block
	inv          []block // of the pivots
	work         []block
}

// newFactor orders rows and finds the entries of the factors. neighbours lists
// the columns off the diagonal of each row, symmetric.
func newFactor(neighbours [][]int) *factor {
	n := len(neighbours)
	f := &factor{order: make([]int, 0, n), place: make([]int, n), start: make([]int, n+1), diag: make([]int, n), inv: make([]block, n), work: make([]block, n)}
	above := eliminate(neighbours, f)
	// Entries of row k: the columns that it was joined to when those before it
	// were taken out, itself, and those left then.
	below := make([][]int, n)
	for k, row := range f.order {
		for _, j := range above[row] {
			below[f.place[j]] = append(below[f.place[j]], k)
		}
	}
	for k, row := range f.order {
		f.start[k] = len(f.col)
		f.col = append(f.col, below[k]...) // rising: rows were visited in order
		f.diag[k] = len(f.col)
		f.col = append(f.col, k)
		var right []int
		for _, j := range above[row] {
			right = append(right, f.place[j])
		}
		slices.Sort(right)
		f.col = append(f.col, right...)
	}
	f.start[n] = len(f.col)
	f.value = make([]block, len(f.col))
	return f
}

// eliminate takes rows out in an order of least degree, each joining those that
// it leaves; it returns those by row.
func eliminate(neighbours [][]int, f *factor) [][]int {
	n := len(neighbours)
	left := make([]map[int]struct{}, n)
	buckets := make([][]int, 1)
	put := func(i int) {
		d := len(left[i])
		for len(buckets) <= d {
			buckets = append(buckets, nil)
		}
		buckets[d] = append(buckets[d], i)
	}
	for i, list := range neighbours {
		left[i] = make(map[int]struct{}, len(list))
		for _, k := range list {
			left[i][k] = struct{}{}
		}
	}
	for i := range left {
		put(i)
	}
	done := make([]bool, n)
	above := make([][]int, n)
	least := 0
	for len(f.order) < n {
		for len(buckets[least]) == 0 {
			least++
		}
		last := len(buckets[least]) - 1
		i := buckets[least][last]
		buckets[least] = buckets[least][:last]
		if done[i] || len(left[i]) != least {
			continue // it has a newer entry
		}
		done[i] = true
		f.place[i] = len(f.order)
		f.order = append(f.order, i)
		for k := range left[i] {
			above[i] = append(above[i], k)
		}
		slices.Sort(above[i]) // maps have no order, and the answer must
		for _, a := range above[i] {
			delete(left[a], i)
			for _, b := range above[i] {
				if a != b {
					left[a][b] = struct{}{}
				}
			}
			put(a)
			least = min(least, len(left[a]))
		}
		left[i] = nil
	}
	return above
}

func (f *factor) clear() { clear(f.value) }

// set enters a block.
func (f *factor) set(row, column int, b block) {
	k, c := f.place[row], f.place[column]
	e, _ := slices.BinarySearch(f.col[f.start[k]:f.start[k+1]], c)
	f.value[f.start[k]+e] = b
}

// factorise replaces the matrix by its factors, L with ones on its diagonal. It
// returns the row of a singular pivot, or -1.
func (f *factor) factorise() int {
	for k := range f.order {
		for e := f.start[k]; e < f.start[k+1]; e++ {
			f.work[f.col[e]] = f.value[e]
		}
		for e := f.start[k]; e < f.diag[k]; e++ {
			j := f.col[e]
			l := f.work[j].times(f.inv[j])
			f.value[e] = l
			for u := f.diag[j] + 1; u < f.start[j+1]; u++ {
				d := l.times(f.value[u])
				w := &f.work[f.col[u]]
				w[0] -= d[0]
				w[1] -= d[1]
				w[2] -= d[2]
				w[3] -= d[3]
			}
		}
		for e := f.diag[k]; e < f.start[k+1]; e++ {
			f.value[e] = f.work[f.col[e]]
		}
		inv, ok := f.value[f.diag[k]].inverse()
		if !ok {
			return f.order[k]
		}
		f.inv[k] = inv
	}
	return -1
}

// solve overwrites a right-hand side, by row, with the solution.
func (f *factor) solve(x [][2]float64) {
	y := make([][2]float64, len(x))
	for k, row := range f.order {
		v := x[row]
		for e := f.start[k]; e < f.diag[k]; e++ {
			l, w := &f.value[e], &y[f.col[e]]
			v[0] -= l[0]*w[0] + l[1]*w[1]
			v[1] -= l[2]*w[0] + l[3]*w[1]
		}
		y[k] = v
	}
	for k := len(f.order) - 1; k >= 0; k-- {
		v := y[k]
		for e := f.diag[k] + 1; e < f.start[k+1]; e++ {
			u, w := &f.value[e], &y[f.col[e]]
			v[0] -= u[0]*w[0] + u[1]*w[1]
			v[1] -= u[2]*w[0] + u[3]*w[1]
		}
		i := &f.inv[k]
		y[k] = [2]float64{i[0]*v[0] + i[1]*v[1], i[2]*v[0] + i[3]*v[1]}
		x[f.order[k]] = y[k]
	}
}
