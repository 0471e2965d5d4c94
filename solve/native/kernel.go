package native

// The dense kernels of the factorisation and the solves, in AVX2 or AVX-512 where
// the processor has it and the columns are long enough to pay for the call.
// Results differ in the last bits between processors with and without them, not
// between numbers of threads.

// long is the length from which the vector kernels of one and two columns pay.
const long = 12

// tile subtracts A X from four columns: c[i + t cs] -= a[i + q as] x[4 q + t] over
// q < k, for i < n and t < 4. The columns of c lie cs apart, those of a as.
func tile(c []float64, cs int, a []float64, as int, x []float64, k, n int) {
	if k == 0 || n == 0 {
		return
	}
	if wide {
		_, _, _ = c[3*cs+n-1], a[(k-1)*as+n-1], x[4*k-1]
		tileWide(&c[0], cs, &a[0], as, &x[0], k, n)
		return
	}
	col := func(s []float64, at int) []float64 { return s[at : at+n] }
	q := 0
	for ; q+4 <= k; q += 4 {
		var w [4][4]float64
		for t := range w {
			w[t] = [4]float64{x[4*q+t], x[4*q+4+t], x[4*q+8+t], x[4*q+12+t]}
		}
		a0, a1, a2, a3 := col(a, q*as), col(a, (q+1)*as), col(a, (q+2)*as), col(a, (q+3)*as)
		sub4x2(col(c, 0), col(c, cs), a0, a1, a2, a3, &w[0], &w[1])
		sub4x2(col(c, 2*cs), col(c, 3*cs), a0, a1, a2, a3, &w[2], &w[3])
	}
	for ; q < k; q++ {
		for t := range 4 {
			sub1(col(c, t*cs), col(a, q*as), x[4*q+t])
		}
	}
}

// sub1 does c -= a*x.
func sub1(c, a []float64, x float64) {
	a = a[:len(c)]
	for i := range c {
		c[i] -= a[i] * x
	}
}

// sub2 does c -= a0*x0 + a1*x1.
func sub2(c, a0, a1 []float64, x0, x1 float64) {
	a0, a1 = a0[:len(c)], a1[:len(c)]
	for i := range c {
		c[i] -= a0[i]*x0 + a1[i]*x1
	}
}

// sub3 does c -= a0*x0 + a1*x1 + a2*x2.
func sub3(c, a0, a1, a2 []float64, x0, x1, x2 float64) {
	a0, a1, a2 = a0[:len(c)], a1[:len(c)], a2[:len(c)]
	for i := range c {
		c[i] -= (a0[i]*x0 + a1[i]*x1) + a2[i]*x2
	}
}

// dot4 returns the products of four columns with w.
func dot4(a0, a1, a2, a3, w []float64) (t0, t1, t2, t3 float64) {
	n := len(w)
	a0, a1, a2, a3 = a0[:n], a1[:n], a2[:n], a3[:n]
	if vector && n >= long {
		q := n &^ 3
		var t [4]float64
		dot4AVX(&a0[0], &a1[0], &a2[0], &a3[0], &w[0], q, &t)
		t0, t1, t2, t3 = t[0], t[1], t[2], t[3]
		w, a0, a1, a2, a3 = w[q:], a0[q:], a1[q:], a2[q:], a3[q:]
	}
	for i, x := range w {
		t0 += a0[i] * x
		t1 += a1[i] * x
		t2 += a2[i] * x
		t3 += a3[i] * x
	}
	return t0, t1, t2, t3
}

// sub4 does c -= a0*x0 + a1*x1 + a2*x2 + a3*x3.
func sub4(c, a0, a1, a2, a3 []float64, x0, x1, x2, x3 float64) {
	n := len(c)
	a0, a1, a2, a3 = a0[:n], a1[:n], a2[:n], a3[:n]
	if vector && n >= long {
		q := n &^ 3
		x := [4]float64{x0, x1, x2, x3}
		sub4AVX(&c[0], &a0[0], &a1[0], &a2[0], &a3[0], q, &x)
		c, a0, a1, a2, a3 = c[q:], a0[q:], a1[q:], a2[q:], a3[q:]
	}
	for i := range c {
		c[i] -= (a0[i]*x0 + a1[i]*x1) + (a2[i]*x2 + a3[i]*x3)
	}
}

// sub4x2 does sub4 on two columns with one reading of a.
func sub4x2(c, e, a0, a1, a2, a3 []float64, x, y *[4]float64) {
	n := len(c)
	e, a0, a1, a2, a3 = e[:n], a0[:n], a1[:n], a2[:n], a3[:n]
	if vector && n >= long {
		q := n &^ 3
		sub4x2AVX(&c[0], &e[0], &a0[0], &a1[0], &a2[0], &a3[0], q, x, y)
		c, e, a0, a1, a2, a3 = c[q:], e[q:], a0[q:], a1[q:], a2[q:], a3[q:]
	}
	e, a0, a1, a2, a3 = e[:len(c)], a0[:len(c)], a1[:len(c)], a2[:len(c)], a3[:len(c)]
	x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for i := range c {
		p, q, r, s := a0[i], a1[i], a2[i], a3[i]
		c[i] -= (p*x0 + q*x1) + (r*x2 + s*x3)
		e[i] -= (p*y0 + q*y1) + (r*y2 + s*y3)
	}
}
