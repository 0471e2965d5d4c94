package native

// solve overwrites x, in elimination order, by the solution of L D L' x = x.
func (f *factor) solve(x []float64) {
	sym := f.sym
	top := sym.partAt[parts]
	f.team.run(parts, func(q int) {
		w := &f.work[q]
		clear(w.above)
		for s := sym.partAt[q]; s < sym.partAt[q+1]; s++ {
			f.forward(int(s), x, w)
		}
	})
	unknown := x[sym.topColumn():]
	for q := range parts {
		axpy(unknown, f.work[q].above, 1)
	}
	w := &f.work[parts]
	for s := top; s < sym.partAt[parts+1]; s++ {
		f.forward(int(s), x, w)
	}
	for s := sym.partAt[parts+1] - 1; s >= top; s-- {
		f.backward(int(s), x, w)
	}
	f.team.run(parts, func(q int) {
		w := &f.work[q]
		for s := sym.partAt[q+1] - 1; s >= sym.partAt[q]; s-- {
			f.backward(int(s), x, w)
		}
	})
}

// forward solves with the columns of front s and subtracts what they contribute
// to the rows below: from x, and in a part, for rows of the top, from w.above:
// these belong to every part, so each collects its share.
func (f *factor) forward(s int, x []float64, w *workspace) {
	sym := f.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	below := sym.rows[sym.rowAt[s]+cols : sym.rowAt[s+1]]
	panel := f.panel[sym.panel[s]:sym.panel[s+1]]
	rows := cols + len(below)
	mine, rest := below[:sym.inside[s]], below[sym.inside[s]:]
	shift := int32(sym.n - len(w.above))
	switch cols {
	case 1:
		t := x[j0]
		a := panel[1:]
		b := a[len(mine):]
		a, b = a[:len(mine)], b[:len(rest)]
		for i, r := range mine {
			x[r] -= a[i] * t
		}
		for i, r := range rest {
			w.above[r-shift] -= b[i] * t
		}
		return
	case 2:
		t := x[j0]
		u := x[j0+1] - panel[1]*t
		x[j0+1] = u
		a, b := panel[2:rows], panel[rows+2:2*rows]
		c, d := a[len(mine):], b[len(mine):]
		a, b = a[:len(mine)], b[:len(mine)]
		for i, r := range mine {
			x[r] -= a[i]*t + b[i]*u
		}
		c, d = c[:len(rest)], d[:len(rest)]
		for i, r := range rest {
			w.above[r-shift] -= c[i]*t + d[i]*u
		}
		return
	case 3:
		t := x[j0]
		u := x[j0+1] - panel[1]*t
		v := x[j0+2] - panel[2]*t - panel[rows+2]*u
		x[j0+1], x[j0+2] = u, v
		a, b, c := panel[3:rows], panel[rows+3:2*rows], panel[2*rows+3:3*rows]
		b, c = b[:len(a)], c[:len(a)]
		for i, r := range mine {
			x[r] -= (a[i]*t + b[i]*u) + c[i]*v
		}
		for k, r := range rest {
			i := k + len(mine)
			w.above[r-shift] -= (a[i]*t + b[i]*u) + c[i]*v
		}
		return
	}
	v := x[j0 : j0+cols]
	for k := 0; k < cols-1; k++ {
		t := v[k]
		a := panel[k*rows : k*rows+cols]
		for i := k + 1; i < cols; i++ {
			v[i] -= a[i] * t
		}
	}
	if len(below) == 0 {
		return
	}
	column := func(k int) []float64 { return panel[k*rows+cols : (k+1)*rows] }
	t := w.tmp[:len(below)]
	clear(t)
	k := 0
	for ; k+4 <= cols; k += 4 {
		sub4(t, column(k), column(k+1), column(k+2), column(k+3), v[k], v[k+1], v[k+2], v[k+3])
	}
	switch cols - k {
	case 3:
		sub3(t, column(k), column(k+1), column(k+2), v[k], v[k+1], v[k+2])
	case 2:
		sub2(t, column(k), column(k+1), v[k], v[k+1])
	case 1:
		sub1(t, column(k), v[k])
	}
	for i, r := range mine {
		x[r] += t[i]
	}
	t = t[len(mine):]
	for i, r := range rest {
		w.above[r-shift] += t[i]
	}
}

// backward divides the unknowns of front s by D and subtracts what the unknowns
// below contribute to them.
func (f *factor) backward(s int, x []float64, w *workspace) {
	sym := f.sym
	j0 := int(sym.first[s])
	cols := int(sym.first[s+1]) - j0
	below := sym.rows[sym.rowAt[s]+cols : sym.rowAt[s+1]]
	panel := f.panel[sym.panel[s]:sym.panel[s+1]]
	rows := cols + len(below)
	switch cols {
	case 1:
		t, u := x[j0]*f.dinv[j0], 0.0 // two sums: one would wait for its own last addition
		a := panel[1:]
		a = a[:len(below)]
		i := 0
		for ; i+1 < len(below); i += 2 {
			t -= a[i] * x[below[i]]
			u -= a[i+1] * x[below[i+1]]
		}
		if i < len(below) {
			t -= a[i] * x[below[i]]
		}
		x[j0] = t + u
		return
	case 2:
		t, u := x[j0]*f.dinv[j0], x[j0+1]*f.dinv[j0+1]
		a, b := panel[2:rows], panel[rows+2:2*rows]
		a, b = a[:len(below)], b[:len(below)]
		for i, r := range below {
			y := x[r]
			t -= a[i] * y
			u -= b[i] * y
		}
		x[j0], x[j0+1] = t-panel[1]*u, u
		return
	case 3:
		t, u, v := x[j0]*f.dinv[j0], x[j0+1]*f.dinv[j0+1], x[j0+2]*f.dinv[j0+2]
		a, b, c := panel[3:rows], panel[rows+3:2*rows], panel[2*rows+3:3*rows]
		a, b, c = a[:len(below)], b[:len(below)], c[:len(below)]
		for i, r := range below {
			y := x[r]
			t -= a[i] * y
			u -= b[i] * y
			v -= c[i] * y
		}
		u -= panel[rows+2] * v
		x[j0], x[j0+1], x[j0+2] = t-panel[1]*u-panel[2]*v, u, v
		return
	}
	v := x[j0 : j0+cols]
	for k := range v {
		v[k] *= f.dinv[j0+k]
	}
	column := func(k int) []float64 { return panel[k*rows+cols : (k+1)*rows] }
	y := w.tmp[:len(below)]
	for i, r := range below {
		y[i] = x[r]
	}
	k := 0
	for ; k+4 <= cols; k += 4 {
		t0, t1, t2, t3 := dot4(column(k), column(k+1), column(k+2), column(k+3), y)
		v[k] -= t0
		v[k+1] -= t1
		v[k+2] -= t2
		v[k+3] -= t3
	}
	for ; k < cols; k++ {
		a := column(k)
		a = a[:len(y)]
		t := 0.0
		for i, y := range y {
			t += a[i] * y
		}
		v[k] -= t
	}
	for k := cols - 1; k >= 0; k-- {
		a := panel[k*rows : k*rows+cols]
		t := v[k]
		for i := k + 1; i < cols; i++ {
			t -= a[i] * v[i]
		}
		v[k] = t
	}
}
