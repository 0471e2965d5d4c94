package matpower

import (
	"fmt"
	"math"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/powerflow"
	"example.org/busbar/internal/primitive"
)

// PowerFlow is the case's AC power flow with the dispatch of a DC optimum:
// generators give what x says, and hold their voltage where their bus is of type
// 2 or 3 (of several at a bus the first that is in service). The slack of an
// island is its bus of type 3, or where it has none the bus of its largest
// generator. The ends of direct current lines hold their voltage, as in
// MATPOWER; a load that can be dispatched (Pmin < 0 = Pmax) keeps the power
// factor of Pg and Qg and holds none.
func (b *Built) PowerFlow(ix *formulate.Index, x []float64) *powerflow.Network {
	bus, gen, branch, line := b.Case.matrix("bus"), b.Case.matrix("gen"), b.Case.matrix("branch"), b.Case.matrix("dcline")
	angles := b.Angles(ix, x)
	n := &powerflow.Network{Base: b.Case.Base}
	at := make([]int, len(bus.Rows)) // position of each row
	holds := make([]bool, len(b.Model.Buses))
	for i, live := range b.Buses {
		at[i] = -1
		if live == primitive.None {
			continue
		}
		at[i] = len(n.Buses)
		k := powerflow.Bus{
			Name: b.Model.Buses[live].Place, P: -bus.at(i, busPd), Q: -bus.at(i, busQd), Gs: bus.at(i, busGs), Bs: bus.at(i, busBs),
			V: bus.at(i, busVm), Angle: angles[i], VMin: bus.at(i, busVmin), VMax: bus.at(i, busVmax),
		}
		k.QMin, k.QMax = k.Q, k.Q
		if !(k.V > 0) {
			k.V = 1
		}
		n.Buses = append(n.Buses, k)
	}
	power := func(u int32) float64 { return ix.UnitActivity(x, int(u))[0] }
	// hold lets a bus hold a voltage, the first that is asked for.
	hold := func(row int, v, least, most float64) {
		k := &n.Buses[at[row]]
		k.QMin, k.QMax = k.QMin+least, k.QMax+most
		if holds[at[row]] || !(v > 0) {
			return
		}
		holds[at[row]] = true
		k.V = v
		if k.Kind = powerflow.PV; bus.at(row, busType) == 3 {
			k.Kind = powerflow.Slack
		}
	}
	largest := map[int]int{} // by root: row of the bus with its largest generator
	size := map[int]float64{}
	for i, u := range b.Units {
		if u == primitive.None {
			continue
		}
		row := b.rowOf(gen, i, genBus)
		k, p := &n.Buses[at[row]], power(u)
		k.P += p
		least, most := gen.at(i, genQmin), gen.at(i, genQmax)
		if gen.at(i, genPmin) < 0 && gen.at(i, genPmax) == 0 {
			q, of := gen.at(i, genQg), gen.at(i, genPg)
			if of == 0 { // no state is given: that of its limits
				of = gen.at(i, genPmin)
				if q = least; q == 0 {
					q = most
				}
			}
			q *= p / of
			k.Q, k.QMin, k.QMax = k.Q+q, k.QMin+q, k.QMax+q
			continue
		}
		k.Share += max(0, p)
		if root := b.root[row]; gen.at(i, genPmax) > size[root] {
			size[root], largest[root] = gen.at(i, genPmax), row
		}
		if t := bus.at(row, busType); t == 2 || t == 3 {
			hold(row, gen.at(i, genVg), least, most)
			continue
		}
		k.Q += gen.at(i, genQg)
	}
	for i, u := range b.DCLines {
		if u == primitive.None {
			continue
		}
		from, to := b.rowOf(line, i, dcFrom), b.rowOf(line, i, dcTo)
		n.Buses[at[from]].P -= power(u)
		n.Buses[at[to]].P += power(u)*(1-line.at(i, dcLoss1)) - line.at(i, dcLoss0)
		hold(from, line.at(i, dcVf), line.at(i, dcQminF), line.at(i, dcQmaxF))
		hold(to, line.at(i, dcVt), line.at(i, dcQminT), line.at(i, dcQmaxT))
	}
	for i, k := range at {
		root := b.root[i]
		if k < 0 || root != i {
			continue
		}
		// root is the bus of type 3 where there is one.
		if row, ok := largest[root]; ok && bus.at(root, busType) != 3 {
			k = at[row]
		}
		n.Buses[k].Kind = powerflow.Slack
	}
	for i, l := range b.Lines {
		if l == primitive.None {
			continue
		}
		n.Branches = append(n.Branches, b.pi(branch, i, at))
		k := &n.Branches[len(n.Branches)-1]
		k.DC = ix.LineFlow(x, int(l))[0]
	}
	return n
}

// pi is a branch's two-port: half its charging at either end, tap and shift at
// from.
func (b *Built) pi(m *Matrix, i int, at []int) powerflow.Branch {
	tap := m.at(i, branchRatio)
	if tap == 0 {
		tap = 1
	}
	half := complex(0, m.at(i, branchB)/2)
	k := powerflow.Pi(1/complex(m.at(i, branchR), m.at(i, branchX)), half, half, tap, 1, m.at(i, branchShift)*degree)
	k.Name, k.From, k.To = fmt.Sprint(i+1), at[b.rowOf(m, i, branchFrom)], at[b.rowOf(m, i, branchTo)]
	if k.Rate = m.at(i, branchRateA); k.Rate >= unlimited || math.IsInf(k.Rate, 0) {
		k.Rate = 0
	}
	return k
}

// rowOf is the row of the bus that a column names; Build has found it.
func (b *Built) rowOf(m *Matrix, row, column int) int { return b.row[int(m.at(row, column))] }
