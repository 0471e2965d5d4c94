package native

import "math"

// The kernels of laneFactor. A number stands for eight that lie side by side, one
// a lane; lengths and strides of slices are in doubles.

// laneSub subtracts the first k columns of a panel from column c: with a_q from the
// row of c's first entry on and pivot d_q of each,
//
//	c[i] -= sum over q < k of a_q[i] a_q[0] d_q
//
// The columns of a lie as apart, the pivots ds.
func laneSub(c, a []float64, as int, d []float64, ds, k int) {
	if wide {
		_, _ = a[(k-1)*as+len(c)-1], d[(k-1)*ds+lanes-1]
		laneSubWide(&c[0], &a[0], as, &d[0], ds, k, len(c)/lanes)
		return
	}
	for q := range k {
		a, d := a[q*as:q*as+len(c)], d[q*ds:q*ds+lanes]
		for l := range lanes {
			x := a[l] * d[l]
			for i := l; i < len(c); i += lanes {
				c[i] -= a[i] * x
			}
		}
	}
}

// lanePivot puts the inverse of c's first entry into dinv and multiplies the others
// by it. It returns false, and leaves c alone, where a lane of the first entry does
// not have the sign.
func lanePivot(c []float64, dinv *[lanes]float64, sign float64) bool {
	if wide {
		return lanePivotWide(&c[0], dinv, sign, len(c)/lanes) == 1<<lanes-1
	}
	for _, d := range c[:lanes] {
		if t := d * sign; !(t > tiny && t < math.MaxFloat64) {
			return false
		}
	}
	for l := range lanes {
		dinv[l] = 1 / c[l]
	}
	for i := lanes; i < len(c); i++ {
		c[i] *= dinv[i%lanes]
	}
	return true
}

// laneAdd adds src to the places rel - shift of dst.
func laneAdd(dst []float64, rel []int32, src []float64, shift int) {
	n := len(rel)
	if wide {
		_, _ = dst[lanes*(int(rel[n-1])-shift)+lanes-1], src[lanes*n-1]
		laneAddWide(&dst[0], &rel[0], &src[0], shift, n)
		return
	}
	for i, r := range rel {
		to := dst[lanes*(int(r)-shift):][:lanes]
		for l := range to {
			to[l] += src[lanes*i+l]
		}
	}
}

// laneDiagonal puts d on the diagonal of a panel with so many rows.
func laneDiagonal(panel, d []float64, rows int) {
	cols := len(d) / lanes
	step := lanes * (rows + 1)
	if wide {
		_ = panel[(cols-1)*step+lanes-1]
		laneDiagonalWide(&panel[0], &d[0], step, cols)
		return
	}
	for k := range cols {
		copy(panel[k*step:], d[lanes*k:lanes*(k+1)])
	}
}

// laneSubAt subtracts a a[0] d at the places rel - shift of dst.
func laneSubAt(dst []float64, rel []int32, a []float64, d *[lanes]float64, shift int) {
	n := len(rel)
	if wide {
		_, _ = dst[lanes*(int(rel[n-1])-shift)+lanes-1], a[lanes*n-1]
		laneSubAtWide(&dst[0], &rel[0], &a[0], d, shift, n)
		return
	}
	for l := range lanes {
		x := a[l] * d[l]
		for i, r := range rel {
			dst[lanes*(int(r)-shift)+l] -= a[lanes*i+l] * x
		}
	}
}

// laneForward solves with the columns of a panel; rows are the places of its rows
// in x, the pivots first.
func laneForward(x, panel []float64, rows []int32, cols int) {
	n := len(rows)
	if wide {
		_, _ = x[lanes*int(rows[n-1])+lanes-1], panel[lanes*n*cols-1]
		laneForwardWide(&x[0], &panel[0], &rows[0], cols, n)
		return
	}
	for k := range cols {
		t := *(*[lanes]float64)(x[lanes*int(rows[k]):])
		for i := k + 1; i < n; i++ {
			to, a := x[lanes*int(rows[i]):][:lanes], panel[lanes*(k*n+i):][:lanes]
			for l := range to {
				to[l] -= a[l] * t[l]
			}
		}
	}
}

// laneBackward divides by the pivots and solves with the rows of a panel.
func laneBackward(x, panel []float64, rows []int32, dinv []float64, cols int) {
	n := len(rows)
	if wide {
		_, _, _ = x[lanes*int(rows[n-1])+lanes-1], panel[lanes*n*cols-1], dinv[lanes*cols-1]
		laneBackwardWide(&x[0], &panel[0], &rows[0], &dinv[0], cols, n)
		return
	}
	for k := cols - 1; k >= 0; k-- {
		t := (*[lanes]float64)(x[lanes*int(rows[k]):])
		for l := range t {
			t[l] *= dinv[lanes*k+l]
		}
		for i := k + 1; i < n; i++ {
			y, a := x[lanes*int(rows[i]):][:lanes], panel[lanes*(k*n+i):][:lanes]
			for l := range t {
				t[l] -= a[l] * y[l]
			}
		}
	}
}
