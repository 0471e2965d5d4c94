package native

import "math"

// The inner loops of an iteration, over one block of bounds: in AVX2 where the
// processor has it, four numbers at a time and the rest one by one.

// block is a stretch of bounds of one kind: n gaps, their duals, and what changes
// them. It holds pointers, for the kernels; see bounds.pointers.
type block struct {
	gap, dual, dz, cz *float64
	dx, cx            *float64 // of the variables
	side              float64
}

// bounds is a block as slices.
type bounds struct {
	gap, dual, dz, cz, dx, cx []float64
	side                      float64
}

// boundsOf returns block c of a run.
func (r *ipm) boundsOf(u run, c int) bounds {
	at, side := u.block(c)
	end := at + u.to - u.from
	return bounds{r.p.gap[at:end], r.p.dual[at:end], r.d.dual[at:end], r.c.dual[at:end], r.d.x[u.from:u.to], r.c.x[u.from:u.to], side}
}

// pointers returns the block as the kernels take it, and how much of it is theirs.
func (b *bounds) pointers() (k block, n int) {
	if n = len(b.gap) &^ 3; !vector || n == 0 {
		return k, 0
	}
	return block{&b.gap[0], &b.dual[0], &b.dz[0], &b.cz[0], &b.dx[0], &b.cx[0], b.side}, n
}

// band is a wish as the loops take it; see band.of.
type band struct {
	target, tp, td, low, high, lift, drop float64
	second                                bool
}

func (w wish) band() band {
	return band{w.target, w.tp, w.td, betaMin * w.target, betaMax * w.target, betaLift * w.target, -betaDrop * w.target, w.second}
}

// of returns the change of the product gap*dual that is asked for beyond what the
// direction so far, dg and dz, brings.
func (w *band) of(gap, dg, dual, dz float64) float64 {
	if w.second {
		return w.target - dg*dz
	}
	v := (gap + w.tp*dg) * (dual + w.td*dz)
	if v < w.low {
		return w.lift - v
	}
	if v > w.high {
		return max(w.high-v, w.drop)
	}
	return 0
}

// asked adds to t what the wish asks of the dual equation: side * asked change / gap.
func (b *bounds) asked(w *band, t []float64) {
	k, n := b.pointers()
	if n > 0 {
		askedAVX(&k, w, &t[0], n)
	}
	for i := n; i < len(b.gap); i++ {
		g := b.gap[i]
		t[i] += b.side * (w.of(g, b.side*b.dx[i], b.dual[i], b.dz[i]) / g)
	}
}

// follow finds the changes cz of the duals that go with the corrector's change cx of
// the variables, and shortens the steps.
func (b *bounds) follow(w *band, s *reaches) {
	k, n := b.pointers()
	for i := 0; i < n; {
		to, blocks := followAVX(&k, w, s, i, n)
		if blocks {
			for q := to - 4; q < to; q++ {
				b.shorten(q, s)
			}
		}
		i = to
	}
	for i := n; i < len(b.gap); i++ {
		g, z := b.gap[i], b.dual[i]
		b.cz[i] = (w.of(g, b.side*b.dx[i], z, b.dz[i]) - z*(b.side*b.cx[i])) / g
		b.shorten(i, s)
	}
}

// shorten shortens the steps to what bound i allows. Most bounds block at no
// weight: a look at both ends tells.
func (b *bounds) shorten(i int, s *reaches) {
	g, dg, cg := b.gap[i], b.side*b.dx[i], b.side*b.cx[i]
	if g+(dg+s.low*cg)*s.maxPrimal < 0 || g+(dg+cg)*s.maxPrimal < 0 {
		s.maxPrimal = s.shorten(&s.primal, g, dg, cg)
	}
	z, d, c := b.dual[i], b.dz[i], b.cz[i]
	if z+(d+s.low*c)*s.maxDual < 0 || z+(d+c)*s.maxDual < 0 {
		s.maxDual = s.shorten(&s.dual, z, d, c)
	}
}

// affine finds the changes dz of the duals that would make the products zero beside
// the changes dx of the variables, shortens the steps ap and ad, and adds to sums:
// gap*dz, dg*dual, dg*dz.
func (b *bounds) affine(ap, ad float64, sums *[3][4]float64) (float64, float64) {
	k, n := b.pointers()
	shorten := func(i int) {
		if g, dg := b.gap[i], b.side*b.dx[i]; g+ap*dg < 0 {
			ap = -g / dg
		}
		if z, dz := b.dual[i], b.dz[i]; z+ad*dz < 0 {
			ad = -z / dz
		}
	}
	for i := 0; i < n; {
		to, blocks := affineAVX(&k, ap, ad, sums, i, n)
		if blocks {
			for q := to - 4; q < to; q++ {
				shorten(q)
			}
		}
		i = to
	}
	for i := n; i < len(b.gap); i++ {
		g, z, dg := b.gap[i], b.dual[i], b.side*b.dx[i]
		dz := -(z + z*dg/g)
		b.dz[i] = dz
		sums[0][0] += g * dz
		sums[1][0] += dg * z
		sums[2][0] += dg * dz
		shorten(i)
	}
	return ap, ad
}

// products adds to t side*dual, to bar dual/gap, and to sums gap*dual and limit*dual.
func products(gap, dual, limit []float64, side float64, t, bar []float64, sums *[2][4]float64) {
	n := len(gap) &^ 3
	dual, limit, t, bar = dual[:len(gap)], limit[:len(gap)], t[:len(gap)], bar[:len(gap)]
	if vector && n > 0 {
		productsAVX(&gap[0], &dual[0], &limit[0], side, &t[0], &bar[0], sums, n)
	} else {
		n = 0
	}
	for i := n; i < len(gap); i++ {
		g, z := gap[i], dual[i]
		t[i] += side * z
		bar[i] += z / g
		sums[0][0] += g * z
		sums[1][0] += limit[i] * z
	}
}

// advance does x += a (d + w c).
func advance(x, d, c []float64, a, w float64) {
	n := len(x) &^ 3
	d, c = d[:len(x)], c[:len(x)]
	if vector && n > 0 {
		advanceAVX(&x[0], &d[0], &c[0], a, w, n)
	} else {
		n = 0
	}
	for i := n; i < len(x); i++ {
		x[i] += a * (d[i] + w*c[i])
	}
}

// axpy does x += a c.
func axpy(x, c []float64, a float64) {
	n := len(x) &^ 3
	c = c[:len(x)]
	if vector && n > 0 {
		axpyAVX(&x[0], &c[0], a, n)
	} else {
		n = 0
	}
	for i := n; i < len(x); i++ {
		x[i] += a * c[i]
	}
}

// largestOf is the largest size of an entry: NaN where one is NaN.
func largestOf(x []float64) float64 {
	n := len(x) &^ 3
	t := 0.0
	if vector && n > 0 {
		var most [4]float64
		largestAVX(&x[0], n, &most)
		t = max(most[0], most[1], most[2], most[3])
	} else {
		n = 0
	}
	for _, v := range x[n:] {
		t = max(t, math.Abs(v))
	}
	return t
}

// sum adds the four of a kernel's sums in one order.
func sum(s [4]float64) float64 { return (s[0] + s[1]) + (s[2] + s[3]) }
