package matpower

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// The models of a cost.
const (
	piecewise  = 1
	polynomial = 2
)

// cost gives a unit the cost in a row of gencost or dclinecost. least and most
// are the bounds of its activity.
func (b *builder) cost(u *primitive.Unit, m *Matrix, row int, least, most float64) {
	count := m.at(row, costN)
	n := int(count)
	if count != math.Trunc(count) || count < 0 || count > 1e6 {
		b.wrong(m, row, costN, "matpower-cost", "read %g, want a whole number", count)
		return
	}
	model := m.at(row, costModel)
	if model == piecewise {
		n *= 2
	}
	var v []float64
	for k := range n {
		if costFirst+k >= len(m.Rows[row]) {
			b.wrong(m, row, costN, "matpower-cost", "it asks for %d numbers, and %d follow", n, len(m.Rows[row])-costFirst)
			return
		}
		c := m.Rows[row][costFirst+k]
		if math.IsNaN(c.Value) || math.IsInf(c.Value, 0) {
			b.problem(int(c.Line), int(c.Col), "matpower-cost", "%s row %d: read %g, want a number", m.Name, row+1, c.Value)
			return
		}
		v = append(v, c.Value)
	}
	switch model {
	case polynomial:
		b.polynomial(u, m, row, v)
	case piecewise:
		b.piecewise(u, m, row, v, least, most)
	default:
		b.wrong(m, row, costModel, "matpower-cost", "read %g, want 1 (piecewise linear) or 2 (polynomial)", model)
	}
}

// polynomial: c[n-1] P^(n-1) + ... + c[1] P + c[0], highest power first.
func (b *builder) polynomial(u *primitive.Unit, m *Matrix, row int, c []float64) {
	at := func(power int) float64 {
		if k := len(c) - 1 - power; k >= 0 {
			return c[k]
		}
		return 0
	}
	for power := len(c) - 1; power > 2; power-- {
		if at(power) != 0 {
			cell := m.Rows[row][costFirst+len(c)-1-power]
			b.problem(int(cell.Line), int(cell.Col), "matpower-cost", "%s row %d: a cost of degree %d is no quadratic problem; points along it (model 1) fit", m.Name, row+1, power)
			return
		}
	}
	if at(2) < 0 {
		cell := m.Rows[row][costFirst+len(c)-3]
		b.problem(int(cell.Line), int(cell.Col), "matpower-cost", "%s row %d: read %g for the square, so each MW costs less than the one before; 0 or more fits, or points along it (model 1)", m.Name, row+1, at(2))
		return
	}
	if at(1) != 0 {
		u.Costs = []primitive.Cost{{Class: primitive.Variable, Per: primitive.Const(at(1)), Party: primitive.None}}
	}
	if at(2) > 0 {
		b.squared = true
		u.Quadratic = []primitive.Cost{{Class: primitive.Variable, Per: primitive.Const(at(2)), Party: primitive.None}}
	}
	if at(0) != 0 {
		// An hour is the model's year: what a megawatt costs that stands in any
		// case is c0.
		b.m.Capacities = append(b.m.Capacities, primitive.Capacity{
			Tag: primitive.Tag{Asset: u.Asset, Part: "no_load"}, Unit: "MW", Min: 1, Max: 1, Fixed: at(0),
		})
	}
}

// piecewise: straight between its points (x, y), and straight on beyond the
// first and the last as far as the unit's bounds reach.
func (b *builder) piecewise(u *primitive.Unit, m *Matrix, row int, v []float64, least, most float64) {
	n := len(v) / 2
	if n < 2 {
		b.wrong(m, row, costN, "matpower-cost", "a piecewise cost of %d points; two or more fit", n)
		return
	}
	var c primitive.Curve
	for k := range n {
		if k > 0 && !(v[2*k] > v[2*k-2]) {
			cell := m.Rows[row][costFirst+2*k]
			b.problem(int(cell.Line), int(cell.Col), "matpower-cost", "%s row %d: read %g after %g, want points that rise", m.Name, row+1, v[2*k], v[2*k-2])
			return
		}
		c.X, c.Y = append(c.X, v[2*k]), append(c.Y, v[2*k+1])
	}
	if math.IsInf(least, 0) || math.IsInf(most, 0) {
		b.wrong(m, row, costModel, "matpower-cost", "a piecewise cost needs finite limits, and they are %g and %g", least, most)
		return
	}
	if least < c.X[0] {
		c.Y[0] -= (c.Y[1] - c.Y[0]) / (c.X[1] - c.X[0]) * (c.X[0] - least)
		c.X[0] = least
	}
	if last := n - 1; most > c.X[last] {
		c.Y[last] += (c.Y[last] - c.Y[last-1]) / (c.X[last] - c.X[last-1]) * (most - c.X[last])
		c.X[last] = most
	}
	before := math.Inf(-1)
	for k := 1; k < n; k++ {
		slope := (c.Y[k] - c.Y[k-1]) / (c.X[k] - c.X[k-1])
		if slope < before-1e-9*(1+math.Abs(before)) && b.bent == 0 {
			b.bent, b.bentIn = row+1, m
			b.note("%s row %d is not convex (MATPOWER refuses it): it is solved with integers", m.Name, row+1)
		}
		before = slope
	}
	u.Curves = []primitive.PriceCurve{{Curve: c, Class: primitive.Variable, Party: primitive.None}}
}
