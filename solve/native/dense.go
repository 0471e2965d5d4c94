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

// denseMany works on four columns at a time. The kernel fills whole rectangles, so
// it writes above the diagonal too, where nothing is ever read.
func (f *factor) denseMany(panel []float64, rows, cols, j0 int, update []float64, u int, w *workspace) {
	if len(w.times) < 4*cols {
		w.times = make([]float64, 4*cols)
	}
	x := w.times
	// products of four entries of each of the first k columns, from row r on, with
	// the pivots of these
	scaled := func(k, r int) {
		for q := range k {
			d := panel[q*rows+q]
			a := panel[q*rows+r : q*rows+r+4]
			y := x[4*q : 4*q+4]
			y[0], y[1], y[2], y[3] = a[0]*d, a[1]*d, a[2]*d, a[3]*d
		}
	}
	for j := 0; j < cols; j += 4 {
		m, done := min(4, cols-j), 0 // columns of this block; columns before it whose part is subtracted
		if m == 4 && j > 0 {
			scaled(j, j)
			tile(panel[j*rows+j:], rows, panel[j:], rows, x, j, rows-j)
			done = j
		}
		for t := j; t < j+m; t++ {
			c := panel[t*rows+t : (t+1)*rows]
			column := func(k int) ([]float64, float64) {
				a := panel[k*rows+t : (k+1)*rows]
				return a, a[0] * panel[k*rows+k]
			}
			k := done
			for ; k+4 <= t; k += 4 {
				a0, x0 := column(k)
				a1, x1 := column(k + 1)
				a2, x2 := column(k + 2)
				a3, x3 := column(k + 3)
				sub4(c, a0, a1, a2, a3, x0, x1, x2, x3)
			}
			switch t - k {
			case 3:
				a0, x0 := column(k)
				a1, x1 := column(k + 1)
				a2, x2 := column(k + 2)
				sub3(c, a0, a1, a2, x0, x1, x2)
			case 2:
				a0, x0 := column(k)
				a1, x1 := column(k + 1)
				sub2(c, a0, a1, x0, x1)
			case 1:
				a0, x0 := column(k)
				sub1(c, a0, x0)
			}
			d := f.pivot(c[0], j0+t, w)
			c[0] = d
			inv := 1 / d
			f.dinv[j0+t] = inv
			for i := 1; i < len(c); i++ {
				c[i] *= inv
			}
		}
	}
	if len(update) == 0 {
		return
	}
	b := 0
	for ; b+4 <= u; b += 4 {
		scaled(cols, cols+b)
		tile(update[b*u+b:], u, panel[cols+b:], rows, x, cols, u-b)
	}
	for ; b < u; b++ { // three columns of three rows at most
		c := update[b*u+b : (b+1)*u]
		for k := range cols {
			a := panel[k*rows+cols+b : (k+1)*rows]
			sub1(c, a, a[0]*panel[k*rows+k])
		}
	}
}
