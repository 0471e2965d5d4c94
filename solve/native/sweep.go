package native

// solve overwrites x, in elimination order, by the solution of L D L' x = x.
func (f *factor) solve(x []float64) {
	sym := f.sym
	top := sym.partAt[parts]
	f.team.run(parts, func(q int) {
		w := &f.work[q]
		clear(w.above)
		f.forward(sym.shapes[sym.partAt[q]:sym.partAt[q+1]], x, w)
	})
	unknown := x[sym.topColumn():]
	for q := range parts {
		axpy(unknown, f.work[q].above, 1)
	}
	w := &f.work[parts]
	f.forward(sym.shapes[top:], x, w)
	f.backward(sym.shapes[top:], x, w)
	f.team.run(parts, func(q int) {
		f.backward(sym.shapes[sym.partAt[q]:sym.partAt[q+1]], x, &f.work[q])
	})
}

// forward solves with the columns of each front and subtracts what they
// contribute to the rows below: from x, and in a part, for rows of the top, from
// w.above: these belong to every part, so each collects its share. Most fronts
// have two columns or three and a handful of rows, so the way to them is short.
func (f *factor) forward(fronts []shape, x []float64, w *workspace) {
	allRows, values := f.sym.rows, f.panel
	above := w.above
	shift := int32(len(x) - len(above))
	for s := range fronts {
		h := &fronts[s]
		count := int(h.inside + h.rest)
		below := allRows[h.rows : h.rows+count]
		mine, rest := below[:h.inside], below[h.inside:]
		j := int(h.col)
		switch h.cols {
		case 1:
			panel := values[h.panel+1 : h.panel+1+count]
			t := x[j]
			a, b := panel[:len(mine)], panel[len(mine):]
			for i, r := range mine {
				x[r] -= a[i] * t
			}
			b = b[:len(rest)]
			for i, r := range rest {
				above[r-shift] -= b[i] * t
			}
		case 2:
			n := count + 2
			panel := values[h.panel : h.panel+2*n]
			t := x[j]
			u := x[j+1] - panel[1]*t
			x[j+1] = u
			a, b := panel[2:n], panel[n+2:]
			b = b[:len(a)]
			c, d := a[len(mine):], b[len(mine):]
			a, b = a[:len(mine)], b[:len(mine)]
			for i, r := range mine {
				x[r] -= a[i]*t + b[i]*u
			}
			c, d = c[:len(rest)], d[:len(rest)]
			for i, r := range rest {
				above[r-shift] -= c[i]*t + d[i]*u
			}
		case 3:
			n := count + 3
			panel := values[h.panel : h.panel+3*n]
			t := x[j]
			u := x[j+1] - panel[1]*t
			v := x[j+2] - panel[2]*t - panel[n+2]*u
			x[j+1], x[j+2] = u, v
			a, b, c := panel[3:n], panel[n+3:2*n], panel[2*n+3:]
			b, c = b[:len(a)], c[:len(a)]
			for i, r := range mine {
				x[r] -= (a[i]*t + b[i]*u) + c[i]*v
			}
			for k, r := range rest {
				i := k + len(mine)
				above[r-shift] -= (a[i]*t + b[i]*u) + c[i]*v
			}
		default:
			f.forwardMany(h, mine, rest, x, w)
		}
	}
}

func (f *factor) forwardMany(h *shape, mine, rest []int32, x []float64, w *workspace) {
	cols := int(h.cols)
	rows := cols + len(mine) + len(rest)
	panel := f.panel[h.panel : h.panel+cols*rows]
	v := x[h.col : int(h.col)+cols]
	for k := 0; k < cols-1; k++ {
		t := v[k]
		a := panel[k*rows : k*rows+cols]
		for i := k + 1; i < cols; i++ {
			v[i] -= a[i] * t
		}
	}
	if rows == cols {
		return
	}
	column := func(k int) []float64 { return panel[k*rows+cols : (k+1)*rows] }
	t := w.tmp[:rows-cols]
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
	shift := int32(len(x) - len(w.above))
	t = t[len(mine):]
	for i, r := range rest {
		w.above[r-shift] += t[i]
	}
}

// backward divides the unknowns of each front, from the last to the first, by D
// and subtracts what the unknowns below contribute to them.
func (f *factor) backward(fronts []shape, x []float64, w *workspace) {
	allRows, values, dinv := f.sym.rows, f.panel, f.dinv
	for s := len(fronts) - 1; s >= 0; s-- {
		h := &fronts[s]
		count := int(h.inside + h.rest)
		below := allRows[h.rows : h.rows+count]
		j := int(h.col)
		switch h.cols {
		case 1:
			t, u := x[j]*dinv[j], 0.0 // two sums: one would wait for its own last addition
			a := values[h.panel+1 : h.panel+1+count]
			a = a[:len(below)]
			i := 0
			for ; i+1 < len(below); i += 2 {
				t -= a[i] * x[below[i]]
				u -= a[i+1] * x[below[i+1]]
			}
			if i < len(below) {
				t -= a[i] * x[below[i]]
			}
			x[j] = t + u
		case 2:
			n := count + 2
			panel := values[h.panel : h.panel+2*n]
			t, u := x[j]*dinv[j], x[j+1]*dinv[j+1]
			a, b := panel[2:n], panel[n+2:]
			a, b = a[:len(below)], b[:len(below)]
			for i, r := range below {
				y := x[r]
				t -= a[i] * y
				u -= b[i] * y
			}
			x[j], x[j+1] = t-panel[1]*u, u
		case 3:
			n := count + 3
			panel := values[h.panel : h.panel+3*n]
			t, u, v := x[j]*dinv[j], x[j+1]*dinv[j+1], x[j+2]*dinv[j+2]
			a, b, c := panel[3:n], panel[n+3:2*n], panel[2*n+3:]
			a, b, c = a[:len(below)], b[:len(below)], c[:len(below)]
			for i, r := range below {
				y := x[r]
				t -= a[i] * y
				u -= b[i] * y
				v -= c[i] * y
			}
			u -= panel[n+2] * v
			x[j], x[j+1], x[j+2] = t-panel[1]*u-panel[2]*v, u, v
		default:
			f.backwardMany(h, below, x, w)
		}
	}
}

func (f *factor) backwardMany(h *shape, below []int32, x []float64, w *workspace) {
	cols := int(h.cols)
	rows := cols + len(below)
	panel := f.panel[h.panel : h.panel+cols*rows]
	v := x[h.col : int(h.col)+cols]
	for k := range v {
		v[k] *= f.dinv[int(h.col)+k]
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
