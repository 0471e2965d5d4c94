package native

import "math"

// The kernels of laneFactor. A number stands for eight that lie side by side, one
// a lane; lengths and strides of slices are in doubles.

// number is one number of every lane.
type number [lanes]float64

func eight(x []float64) *number { return (*number)(x) }

func (a *number) times(b *number) number {
	return number{a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3], a[4] * b[4], a[5] * b[5], a[6] * b[6], a[7] * b[7]}
}

// take subtracts a b.
func (t *number) take(a, b *number) {
	t[0] -= a[0] * b[0]
	t[1] -= a[1] * b[1]
	t[2] -= a[2] * b[2]
	t[3] -= a[3] * b[3]
	t[4] -= a[4] * b[4]
	t[5] -= a[5] * b[5]
	t[6] -= a[6] * b[6]
	t[7] -= a[7] * b[7]
}

// laneSub subtracts the first k columns of a panel from column c: with a_q from the
// row of c's first entry on and pivot d_q of each,
//
//	c[i] -= sum over q < k of a_q[i] a_q[0] d_q
//
// The columns of a lie as apart, the pivots ds.
func laneSub(c, a []float64, as int, d []float64, ds, k int) {
	if vector {
		_, _ = a[(k-1)*as+len(c)-1], d[(k-1)*ds+lanes-1]
		if wide {
			laneSubWide(&c[0], &a[0], as, &d[0], ds, k, len(c)/lanes)
			return
		}
		laneSubAVX(&c[0], &a[0], as, &d[0], ds, k, len(c)/lanes)
		return
	}
	for q := range k {
		a := a[q*as : q*as+len(c)]
		x := eight(d[q*ds:]).times(eight(a))
		for i := 0; i < len(c); i += lanes {
			eight(c[i:]).take(eight(a[i:]), &x)
		}
	}
}

// lanePivot puts the inverse of c's first entry into dinv and multiplies the others
// by it. It returns false, and leaves c alone, where a lane of the first entry does
// not have the sign.
func lanePivot(c []float64, dinv *[lanes]float64, sign float64) bool {
	if vector {
		return lanePivotAVX(&c[0], dinv, sign, len(c)/lanes) == 1<<lanes-1
	}
	for _, d := range c[:lanes] {
		if t := d * sign; !(t > tiny && t < math.MaxFloat64) {
			return false
		}
	}
	for l := range lanes {
		dinv[l] = 1 / c[l]
	}
	for i := lanes; i < len(c); i += lanes {
		to := eight(c[i:])
		*to = to.times((*number)(dinv))
	}
	return true
}

// laneAdd adds src to the places rel - shift of dst.
func laneAdd(dst []float64, rel []int32, src []float64, shift int) {
	n := len(rel)
	if vector {
		_, _ = dst[lanes*(int(rel[n-1])-shift)+lanes-1], src[lanes*n-1]
		laneAddAVX(&dst[0], &rel[0], &src[0], shift, n)
		return
	}
	for i, r := range rel {
		to, from := eight(dst[lanes*(int(r)-shift):]), eight(src[lanes*i:])
		for l := range to {
			to[l] += from[l]
		}
	}
}

// laneDiagonal puts d on the diagonal of a panel with so many rows.
func laneDiagonal(panel, d []float64, rows int) {
	cols := len(d) / lanes
	step := lanes * (rows + 1)
	if vector {
		_ = panel[(cols-1)*step+lanes-1]
		laneDiagonalAVX(&panel[0], &d[0], step, cols)
		return
	}
	for k := range cols {
		copy(panel[k*step:], d[lanes*k:lanes*(k+1)])
	}
}

// laneSubAt subtracts a a[0] d at the places rel - shift of dst.
func laneSubAt(dst []float64, rel []int32, a []float64, d *[lanes]float64, shift int) {
	n := len(rel)
	if vector {
		_, _ = dst[lanes*(int(rel[n-1])-shift)+lanes-1], a[lanes*n-1]
		laneSubAtAVX(&dst[0], &rel[0], &a[0], d, shift, n)
		return
	}
	x := (*number)(d).times(eight(a))
	for i, r := range rel {
		eight(dst[lanes*(int(r)-shift):]).take(eight(a[lanes*i:]), &x)
	}
}

// laneForward solves with the columns of a panel; rows are the places of its rows
// in x, the pivots first.
func laneForward(x, panel []float64, rows []int32, cols int) {
	n := len(rows)
	if vector {
		_, _ = x[lanes*int(rows[n-1])+lanes-1], panel[lanes*n*cols-1]
		laneForwardAVX(&x[0], &panel[0], &rows[0], cols, n)
		return
	}
	for k := range cols {
		t := *eight(x[lanes*int(rows[k]):])
		for i := k + 1; i < n; i++ {
			eight(x[lanes*int(rows[i]):]).take(eight(panel[lanes*(k*n+i):]), &t)
		}
	}
}

// laneBackward divides by the pivots and solves with the rows of a panel.
func laneBackward(x, panel []float64, rows []int32, dinv []float64, cols int) {
	n := len(rows)
	if vector {
		_, _, _ = x[lanes*int(rows[n-1])+lanes-1], panel[lanes*n*cols-1], dinv[lanes*cols-1]
		laneBackwardAVX(&x[0], &panel[0], &rows[0], &dinv[0], cols, n)
		return
	}
	for k := cols - 1; k >= 0; k-- {
		t := eight(x[lanes*int(rows[k]):])
		*t = t.times(eight(dinv[lanes*k:]))
		for i := k + 1; i < n; i++ {
			t.take(eight(panel[lanes*(k*n+i):]), eight(x[lanes*int(rows[i]):]))
		}
	}
}
