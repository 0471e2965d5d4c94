package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// Curves are filled piece by piece: a = X_0 + sum_k d_k, value = Y_0 + sum_k
// slope_k d_k, 0 <= d_k <= X_k+1 - X_k. Where a minimum fills the cheap pieces
// first of its own accord that is all; else a binary for each inner point says
// that the piece before it is full and lets the next one begin (incremental
// formulation, Markowitz and Manne 1957).

// slopes are those of a curve's pieces.
func slopes(c *primitive.Curve) []float64 {
	s := make([]float64, len(c.X)-1)
	for k := range s {
		s[k] = (c.Y[k+1] - c.Y[k]) / (c.X[k+1] - c.X[k])
	}
	return s
}

// along is a curve's value at x.
func along(c *primitive.Curve, x float64) float64 {
	y := c.Y[0]
	for k, s := range slopes(c) {
		y += s * math.Max(0, math.Min(x, c.X[k+1])-c.X[k])
	}
	return y
}

// fillsItself reports whether a minimum fills a curve's pieces in order: its
// money rises ever more steeply, or an equation's pieces are alike.
func fillsItself(c *primitive.Curve, sign float64, equation bool) bool {
	s := slopes(c)
	for k := 1; k < len(s); k++ {
		step := sign * (s[k] - s[k-1])
		near := 1e-12 * (math.Abs(s[k]) + math.Abs(s[k-1]))
		if step < -near || equation && step > near {
			return false
		}
	}
	return true
}

// curve is one curve of a unit with its columns.
type curve struct {
	*primitive.Curve
	price  *primitive.PriceCurve // or
	port   *primitive.PortCurve
	sub    int32
	col    int32 // first piece
	filled int32 // first binary
	piece  int32 // number of the first piece, and of the first inner point with
	inner  int32 // a binary, among those of the unit
	itself bool  // it fills itself, without binaries
}

// curves visits the curves of unit i.
func (b *builder) curves(i int, visit func(*curve)) {
	u := &b.m.Units[i]
	n := int32(b.times[u.Grid].Len())
	col, filled := b.ix.first[Piece][i], b.ix.first[Filled][i]
	piece, inner := int32(0), int32(0)
	next := func(c *curve, itself bool) {
		c.itself, c.piece, c.inner = itself, piece, inner
		c.col, c.filled = col+n*piece, filled+n*inner
		piece += int32(len(c.X) - 1)
		if !itself {
			inner += int32(len(c.X) - 2)
		}
		visit(c)
	}
	for k := range u.Curves {
		p := &u.Curves[k]
		sign := 1.0
		if p.Class == primitive.Sale {
			sign = -1
		}
		next(&curve{Curve: &p.Curve, price: p, sub: int32(k)}, fillsItself(&p.Curve, sign, false))
	}
	for k := range u.PortCurves {
		p := &u.PortCurves[k]
		next(&curve{Curve: &p.Curve, port: p, sub: int32(len(u.Curves) + k)}, fillsItself(&p.Curve, 1, true))
	}
}

// pieceColumns: how far a piece of a unit's curve is filled:
//
//	0 <= d_k <= X_k+1 - X_k
func pieceColumns(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.curves(i, func(c *curve) {
			for k := range len(c.X) - 1 {
				lower, upper := b.column(i, c.piece+int32(k), u.Grid, b.times[u.Grid].Len())
				for t := range upper {
					upper[t] = c.X[k+1] - c.X[k]
				}
				b.still(u.Alive, u.Grid, lower, upper)
			}
		})
	}
}

// filledColumns: whether the piece before an inner point is full, integer:
//
//	0 <= z_k <= 1
func filledColumns(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.curves(i, func(c *curve) {
			for k := 0; k < len(c.X)-2 && !c.itself; k++ {
				lower, upper := b.column(i, c.inner+int32(k), u.Grid, b.times[u.Grid].Len())
				b.integers(len(upper))
				for t := range upper {
					upper[t] = 1
				}
				b.still(u.Alive, u.Grid, lower, upper)
			}
		})
	}
}

// unitCurve: an activity is what its curve's pieces hold (X_0 u with
// commitment):
//
//	a - sum_k d_k = X_0
func unitCurve(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		alive := b.lives(u.Alive, u.Grid)
		b.curves(i, func(c *curve) {
			n := int32(b.times[u.Grid].Len())
			b.begin(i, c.sub, u.Grid)
			for t := range n {
				if !alive.at(t) {
					continue
				}
				known := c.X[0]
				if u.Commitment != nil {
					known = 0
				}
				r := b.row(t, known, known)
				b.add(r, b.ix.first[Activity][i]+t, 1)
				if u.Commitment != nil {
					b.add(r, b.ix.first[Online][i]+t, -c.X[0])
				}
				for k := range int32(len(c.X) - 1) {
					b.add(r, c.col+k*n+t, -1)
				}
			}
		})
	}
}

// unitOrder: a piece begins when the one before it is full (w the lengths of
// pieces, z the binary between them):
//
//	d_k >= w_k z_k                               d_k+1 <= w_k+1 z_k
func unitOrder(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		alive := b.lives(u.Alive, u.Grid)
		b.curves(i, func(c *curve) {
			if c.itself {
				return
			}
			n := int32(b.times[u.Grid].Len())
			for t := range n {
				if alive.at(t) {
					b.order(i, u.Grid, c.inner, t, n, c.Curve, c.col+t, c.filled+t)
				}
			}
		})
	}
}

// order writes the rows of one curve in one step, numbered from its first inner
// point; columns of neighbouring pieces lie n apart.
func (b *builder) order(i int, g, inner, t, n int32, c *primitive.Curve, piece, filled int32) {
	for k := range int32(len(c.X) - 2) {
		b.begin(i, 2*(inner+k), g)
		r := b.row(t, 0, math.Inf(1))
		b.add(r, piece+k*n, 1)
		b.add(r, filled+k*n, -(c.X[k+1] - c.X[k]))
		b.begin(i, 2*(inner+k)+1, g)
		r = b.row(t, math.Inf(-1), 0)
		b.add(r, piece+(k+1)*n, 1)
		b.add(r, filled+k*n, -(c.X[k+2] - c.X[k+1]))
	}
}

// curveFlows visits what comes through the curves of unit i.
func (b *builder) curveFlows(i int, visit func(*flow)) {
	u := &b.m.Units[i]
	n := int32(b.times[u.Grid].Len())
	b.curves(i, func(c *curve) {
		if c.port == nil {
			return
		}
		f := flow{what: Piece, index: int32(i), port: int32(len(u.Ports)) + c.sub - int32(len(u.Curves)), bus: c.port.Bus, grid: u.Grid, scale: 1}
		for k, s := range slopes(c.Curve) {
			f.col, f.ratio = c.col+int32(k)*n, primitive.Const(s)
			visit(&f)
		}
		if u.Commitment != nil && c.Y[0] != 0 {
			f.what, f.col, f.ratio = Online, b.ix.first[Online][i], primitive.Const(c.Y[0])
			visit(&f)
		}
	})
}

// curveMoney: each piece of a price curve costs its slope, and the first point
// what it costs.
func (b *builder) curveMoney() {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.owner(u.Tag)
		n := int32(b.times[u.Grid].Len())
		alive := b.lives(u.Alive, u.Grid)
		b.curves(i, func(c *curve) {
			if c.price == nil {
				return
			}
			for k, s := range slopes(c.Curve) {
				b.chargeRates(c.price.Class, c.col+int32(k)*n, u.Grid, primitive.Const(s))
			}
			if u.Commitment != nil {
				b.chargeRates(c.price.Class, b.ix.first[Online][i], u.Grid, primitive.Const(c.Y[0]))
				return
			}
			for t, w := range b.times[u.Grid].Cost {
				if alive.at(int32(t)) {
					b.pay(c.price.Class, w*c.Y[0])
				}
			}
		})
	}
}

// curved reports whether a capacity's curve needs columns, and whether its
// pieces need an order.
func curved(c *primitive.Capacity) (pieces, order bool) {
	if c.Curve == nil || c.Max <= c.Min {
		return false, false
	}
	return true, !fillsItself(c.Curve, 1, false)
}

// builtPieceColumns: how far a piece of a capacity's curve is filled:
//
//	0 <= d_k <= X_k+1 - X_k
func builtPieceColumns(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if pieces, _ := curved(c); pieces {
			for k := range len(c.Curve.X) - 1 {
				if _, upper := b.column(i, int32(k), linked, 1); upper != nil {
					upper[0] = c.Curve.X[k+1] - c.Curve.X[k]
				}
			}
		}
	}
}

// builtFilledColumns: whether the piece before an inner point is full, integer:
//
//	0 <= z_k <= 1
func builtFilledColumns(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if _, order := curved(c); order {
			for k := range len(c.Curve.X) - 2 {
				if _, upper := b.column(i, int32(k), linked, 1); upper != nil {
					upper[0] = 1
					b.integers(1)
				}
			}
		}
	}
}

// capacityCurve: what is built is what the curve's pieces hold:
//
//	built - sum_k d_k = X_0
func capacityCurve(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if pieces, _ := curved(c); !pieces {
			continue
		}
		b.begin(i, 0, linked)
		r := b.row(0, c.Curve.X[0], c.Curve.X[0])
		b.add(r, b.ix.first[Built][i], 1)
		for k := range int32(len(c.Curve.X) - 1) {
			b.add(r, b.ix.first[BuiltPiece][i]+k, -1)
		}
	}
}

// capacityOrder: a piece begins when the one before it is full (w the lengths
// of pieces, z the binary between them):
//
//	d_k >= w_k z_k                               d_k+1 <= w_k+1 z_k
func capacityOrder(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if _, order := curved(c); order {
			b.order(i, linked, 0, 0, 1, c.Curve, b.ix.first[BuiltPiece][i], b.ix.first[BuiltFilled][i])
		}
	}
}

// capacityCurveMoney: what a capacity's curve costs in each year it exists.
func (b *builder) capacityCurveMoney() {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		b.owner(c.Tag)
		if c.Curve == nil {
			continue
		}
		years := b.yearly(c.Alive)
		if pieces, _ := curved(c); !pieces {
			b.pay(primitive.Capital, years*along(c.Curve, c.Min))
			continue
		}
		b.pay(primitive.Capital, years*c.Curve.Y[0])
		for k, s := range slopes(c.Curve) {
			b.charge(primitive.Capital, b.ix.first[BuiltPiece][i]+int32(k), years*s)
		}
	}
}

// square enters quadratic costs: per x cost weight of an activity's square,
// twice in Q because the objective has half of x'Qx.
func (b *builder) square() {
	any := false
	for i := range b.m.Units {
		any = any || len(b.m.Units[i].Quadratic) > 0
	}
	if !any {
		return
	}
	diagonal := make([]float64, b.cols)
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.owner(u.Tag)
		for _, c := range u.Quadratic {
			per := b.on(c.Per, u.Grid)
			for t, w := range b.times[u.Grid].Cost {
				diagonal[b.ix.first[Activity][i]+int32(t)] += 2 * b.share * w * per.at(int32(t))
			}
		}
	}
	p := b.p
	p.QStart = make([]int64, len(diagonal)+1)
	for j, v := range diagonal {
		if v != 0 {
			p.QIndex, p.QValue = append(p.QIndex, int32(j)), append(p.QValue, v)
		}
		p.QStart[j+1] = int64(len(p.QIndex))
	}
}
