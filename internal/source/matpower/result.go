package matpower

import (
	"fmt"
	"math"
	"strconv"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
	"example.org/busbar/lp"
)

// Angles are the voltage angles in rad by row of bus, counted from each
// island's reference bus, whose angle is its Va; NaN at isolated buses. x is the
// problem's point.
//
//	angle(From) - angle(To) = X flow + Shift
func (b *Built) Angles(ix *formulate.Index, x []float64) []float64 {
	m := b.Case.matrix("bus")
	angles := make([]float64, len(m.Rows))
	at := make([][]int32, len(b.Model.Buses))
	rowOf := make([]int, len(b.Model.Buses))
	for i := range b.Model.Lines {
		l := &b.Model.Lines[i]
		at[l.From] = append(at[l.From], int32(i))
		at[l.To] = append(at[l.To], int32(i))
	}
	for i, bus := range b.Buses {
		angles[i] = math.NaN()
		if bus != primitive.None {
			rowOf[bus] = i
		}
	}
	for i, bus := range b.Buses {
		if bus == primitive.None || b.root[i] != i {
			continue
		}
		angles[i] = 0
		if m.at(i, busType) == 3 {
			angles[i] = m.at(i, busVa) * degree
		}
		queue := []int32{bus}
		for k := 0; k < len(queue); k++ {
			here := queue[k]
			for _, li := range at[here] {
				l := &b.Model.Lines[li]
				drop := l.X*ix.LineFlow(x, int(li))[0] + l.Shift.Value
				other := l.To
				if l.To == here {
					other, drop = l.From, -drop
				}
				if row := rowOf[other]; math.IsNaN(angles[row]) {
					angles[row] = angles[rowOf[here]] - drop
					queue = append(queue, other)
				}
			}
		}
	}
	return angles
}

// Network tells the optimum by the rows of the case. y may be nil.
func (b *Built) Network(p *lp.Problem, ix *formulate.Index, x, y []float64) *run.Network {
	m := b.Model
	bus := b.Case.matrix("bus")
	angles := b.Angles(ix, x)
	gain, demand := make([]float64, len(m.Buses)), make([]float64, len(m.Buses))
	price := make([]*float64, len(m.Buses))
	for i := range m.Buses {
		if y != nil {
			v := ix.BusPrice(y, i)[0]
			price[i] = &v
		}
	}
	for i := range m.Demands {
		demand[m.Demands[i].Bus] += m.Demands[i].Amount.Value
	}
	power := func(u int32) float64 { return ix.UnitActivity(x, int(u))[0] }
	for i := range m.Units {
		for _, port := range m.Units[i].Ports {
			gain[port.Bus] += port.Ratio.Value * power(int32(i))
		}
	}
	n := &run.Network{}
	number := func(row int) string { return strconv.Itoa(int(bus.at(row, busNumber))) }
	for i, at := range b.Buses {
		if at == primitive.None {
			continue
		}
		r := run.NetworkBus{Bus: number(i), Angle: finite(angles[i] / degree), Demand: demand[at], Injection: gain[at], Price: price[at]}
		if b.Case.Names != nil {
			r.Name = b.Case.Names[i]
		}
		n.Buses = append(n.Buses, r)
	}
	unit := func(name string, i int32) {
		u := &m.Units[i]
		at := u.Ports[0].Bus
		n.Generators = append(n.Generators, run.NetworkGenerator{
			Generator: name, Bus: m.Buses[at].Place, Power: power(i), Min: u.Bound.Min.Value, Max: u.Bound.Max.Value,
			Cost: b.costs(i, power(i)), Price: price[at],
		})
	}
	for i, u := range b.Units {
		if u != primitive.None {
			unit(fmt.Sprint(i+1), u)
		}
	}
	for i, u := range b.DCLines {
		if u != primitive.None {
			unit(fmt.Sprintf("dcline %d", i+1), u)
		}
	}
	rows := make([]int, len(m.Buses))
	for i, at := range b.Buses {
		if at != primitive.None {
			rows[at] = i
		}
	}
	worth := b.worth(p, ix, x, y)
	for i, at := range b.Lines {
		if at == primitive.None {
			continue
		}
		l := &m.Lines[at]
		r := run.NetworkBranch{
			Branch: fmt.Sprint(i + 1), From: m.Buses[l.From].Place, To: m.Buses[l.To].Place, Flow: ix.LineFlow(x, int(at))[0],
			Limit: finite(b.limit(at)), Angle: finite((angles[rows[l.From]] - angles[rows[l.To]]) / degree),
		}
		if r.Limit != nil && *r.Limit > 0 {
			r.Loading = finite(math.Abs(r.Flow) / *r.Limit)
		}
		if worth != nil {
			r.Worth = finite(worth[at])
		}
		n.Branches = append(n.Branches, r)
	}
	return n
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v += 0 // no -0
	return &v
}

// costs are what a unit's activity costs an hour, by its own terms.
func (b *Built) costs(i int32, p float64) float64 {
	u := &b.Model.Units[i]
	sum := 0.0
	for _, c := range u.Costs {
		sum += c.Per.Value * p
	}
	for _, c := range u.Quadratic {
		sum += c.Per.Value * p * p
	}
	for _, c := range u.Curves {
		k := 1
		for k < len(c.X)-1 && p > c.X[k] {
			k++
		}
		sum += c.Y[k-1] + (c.Y[k]-c.Y[k-1])/(c.X[k]-c.X[k-1])*(p-c.X[k-1])
	}
	for k := range b.Model.Capacities {
		if c := &b.Model.Capacities[k]; c.Asset == u.Asset {
			sum += c.Fixed * c.Min
		}
	}
	return sum
}

// limit is the largest flow of a line, infinite where it has none.
func (b *Built) limit(line int32) float64 {
	if c := b.Model.Lines[line].Bound.Capacity; c != primitive.None {
		return b.Model.Capacities[c].Existing
	}
	return inf
}

// worth is what one MW more of each line's limit would save: its column's
// reduced cost where the limit binds.
func (b *Built) worth(p *lp.Problem, ix *formulate.Index, x, y []float64) []float64 {
	if y == nil {
		return nil
	}
	v := make([]float64, len(b.Model.Lines))
	ix.Cols(func(k formulate.Block) {
		if k.What != formulate.Through {
			return
		}
		j := k.First
		if most := b.limit(k.Index); math.IsInf(most, 1) || math.Abs(x[j]) < most-1e-6*(1+most) {
			return
		}
		z := p.Cost[j]
		for e := p.Start[j]; e < p.Start[j+1]; e++ {
			z -= p.Value[e] * y[p.Index[e]]
		}
		v[k.Index] = math.Abs(z)
	})
	return v
}
