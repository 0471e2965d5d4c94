package native

// dense eliminates the columns of a panel and subtracts L D L' from the update.
// Most fronts of planning problems have two columns and a handful of rows: there
// the way through the general kernels would cost more than the work.
func (f *factor) dense(panel []float64, rows, cols, j0 int, update []float64, u int, w *workspace) {
	switch cols {
	case 1:
		f.dense1(panel, j0, update, u, w)
	case 2:
		f.dense2(panel, rows, j0, update, u, w)
	default:
		f.denseMany(panel, rows, cols, j0, update, u, w)
	}
}

func (f *factor) dense1(panel []float64, j0 int, update []float64, u int, w *workspace) {
	d := f.pivot(panel[0], j0, w)
	inv := 1 / d
	panel[0], f.dinv[j0] = d, inv
	a := panel[1:]
	for i := range a {
		a[i] *= inv
	}
	if len(update) == 0 {
		return
	}
	for k, l := range a {
		x := l * d
		c := update[k*u+k : k*u+u]
		p := a[k:]
		p = p[:len(c)]
		for i := range c {
			c[i] -= p[i] * x
		}
	}
}

func (f *factor) dense2(panel []float64, rows, j0 int, update []float64, u int, w *workspace) {
	a, b := panel[:rows], panel[rows:2*rows]
	b = b[:len(a)]
	d0 := f.pivot(a[0], j0, w)
	inv0 := 1 / d0
	x := a[1]
	l := x * inv0
	d1 := f.pivot(b[1]-l*x, j0+1, w)
	inv1 := 1 / d1
	a[0], a[1], b[1] = d0, l, d1
	f.dinv[j0], f.dinv[j0+1] = inv0, inv1
	a, b = a[2:], b[2:]
	b = b[:len(a)]
	for i, v := range a {
		v *= inv0
		a[i] = v
		b[i] = (b[i] - v*x) * inv1
	}
	if len(update) == 0 {
		return
	}
	for k := range a {
		x, y := a[k]*d0, b[k]*d1
		c := update[k*u+k : k*u+u]
		p, q := a[k:], b[k:]
		p, q = p[:len(c)], q[:len(c)]
		for i := range c {
			c[i] -= p[i]*x + q[i]*y
		}
	}
}

func (f *factor) denseMany(panel []float64, rows, cols, j0 int, update []float64, u int, w *workspace) {
	var x, y [4]float64
	for j := 0; j < cols; j++ {
		c := panel[j*rows+j : (j+1)*rows]
		k := 0
		for ; k+4 <= j; k += 4 {
			a0, a1, a2, a3 := panel[k*rows+j:(k+1)*rows], panel[(k+1)*rows+j:(k+2)*rows], panel[(k+2)*rows+j:(k+3)*rows], panel[(k+3)*rows+j:(k+4)*rows]
			sub4(c, a0, a1, a2, a3,
				a0[0]*panel[k*rows+k], a1[0]*panel[(k+1)*rows+k+1], a2[0]*panel[(k+2)*rows+k+2], a3[0]*panel[(k+3)*rows+k+3])
		}
		for ; k < j; k++ {
			a := panel[k*rows+j : (k+1)*rows]
			sub1(c, a, a[0]*panel[k*rows+k])
		}
		d := f.pivot(c[0], j0+j, w)
		c[0] = d
		inv := 1 / d
		f.dinv[j0+j] = inv
		for i := 1; i < len(c); i++ {
			c[i] *= inv
		}
	}
	if len(update) == 0 {
		return
	}
	k := 0
	for ; k+4 <= cols; k += 4 {
		d0, d1, d2, d3 := panel[k*rows+k], panel[(k+1)*rows+k+1], panel[(k+2)*rows+k+2], panel[(k+3)*rows+k+3]
		a0 := panel[k*rows+cols : (k+1)*rows]
		a1 := panel[(k+1)*rows+cols : (k+2)*rows]
		a2 := panel[(k+2)*rows+cols : (k+3)*rows]
		a3 := panel[(k+3)*rows+cols : (k+4)*rows]
		b := 0
		for ; b+2 <= u; b += 2 {
			x[0], x[1], x[2], x[3] = a0[b]*d0, a1[b]*d1, a2[b]*d2, a3[b]*d3
			y[0], y[1], y[2], y[3] = a0[b+1]*d0, a1[b+1]*d1, a2[b+1]*d2, a3[b+1]*d3
			update[b*u+b] -= (a0[b]*x[0] + a1[b]*x[1]) + (a2[b]*x[2] + a3[b]*x[3])
			sub4x2(update[b*u+b+1:(b+1)*u], update[(b+1)*u+b+1:(b+2)*u], a0[b+1:], a1[b+1:], a2[b+1:], a3[b+1:], &x, &y)
		}
		if b < u {
			update[b*u+b] -= (a0[b]*a0[b]*d0 + a1[b]*a1[b]*d1) + (a2[b]*a2[b]*d2 + a3[b]*a3[b]*d3)
		}
	}
	if k+3 <= cols {
		d0, d1, d2 := panel[k*rows+k], panel[(k+1)*rows+k+1], panel[(k+2)*rows+k+2]
		a0 := panel[k*rows+cols : (k+1)*rows]
		a1 := panel[(k+1)*rows+cols : (k+2)*rows]
		a2 := panel[(k+2)*rows+cols : (k+3)*rows]
		for b := 0; b < u; b++ {
			sub3(update[b*u+b:(b+1)*u], a0[b:], a1[b:], a2[b:], a0[b]*d0, a1[b]*d1, a2[b]*d2)
		}
		k += 3
	}
	if k+2 <= cols {
		d0, d1 := panel[k*rows+k], panel[(k+1)*rows+k+1]
		a0 := panel[k*rows+cols : (k+1)*rows]
		a1 := panel[(k+1)*rows+cols : (k+2)*rows]
		for b := 0; b < u; b++ {
			sub2(update[b*u+b:(b+1)*u], a0[b:], a1[b:], a0[b]*d0, a1[b]*d1)
		}
		k += 2
	}
	if k < cols {
		d0 := panel[k*rows+k]
		a0 := panel[k*rows+cols : (k+1)*rows]
		for b := 0; b < u; b++ {
			sub1(update[b*u+b:(b+1)*u], a0[b:], a0[b]*d0)
		}
	}
}
