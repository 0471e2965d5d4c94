package explain

import (
	"math"
	"strings"
	"sync"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
)

// Solved is a study with its problem and an answer to it: a point and the
// duals of the rows. System may be nil: then ids stand for names.
type Solved struct {
	System  *system.System
	Model   *primitive.Model
	Problem *lp.Problem
	Index   *formulate.Index
	X, Y    []float64
	Note    string // what to tell of how it is explained, "" for nothing
}

// answer is a solved problem as explanations read it.
type answer struct {
	*names
	p    *lp.Problem
	ix   *formulate.Index
	x, y []float64
	cost []float64 // what one more of each column costs
	z    []float64 // reduced costs, cost - A'y

	built []int32 // column of what is built of each capacity, None without
}

// gradient is c + Qx, what one more of each column costs.
func gradient(p *lp.Problem, x []float64) []float64 {
	if !p.IsQP() {
		return p.Cost
	}
	g := append([]float64(nil), p.Cost...)
	for j := range p.Cols() {
		for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
			i, v := int(p.QIndex[k]), p.QValue[k]
			g[i] += v * x[j]
			if i != j {
				g[j] += v * x[i]
			}
		}
	}
	return g
}

// newAnswer reads a point and duals of p. cost is what one more of each column
// costs in the objective that the duals belong to; x, y and cost may be longer
// than p's rows and columns.
func newAnswer(n *names, p *lp.Problem, ix *formulate.Index, cost, x, y []float64) *answer {
	a := &answer{names: n, p: p, ix: ix, x: x, y: y, cost: cost, z: make([]float64, p.Cols())}
	for j := range a.z {
		z := cost[j]
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			z -= p.Value[k] * y[p.Index[k]]
		}
		a.z[j] = z
	}
	a.built = make([]int32, len(n.m.Capacities))
	for i := range a.built {
		a.built[i] = primitive.None
	}
	ix.Cols(func(k formulate.Block) {
		if k.What == formulate.Built {
			a.built[k.Index] = k.First
		}
	})
	return a
}

// boundOf is the bound of a block's columns or rows, nil where they have none.
func boundOf(m *primitive.Model, k formulate.Block) *primitive.Bound {
	switch k.What {
	case formulate.Activity, formulate.UnitMax, formulate.UnitMin:
		return &m.Units[k.Index].Bound
	case formulate.Level, formulate.StoreMax, formulate.StoreMin:
		return &m.Stores[k.Index].Bound
	case formulate.Forward, formulate.Back, formulate.RouteMax, formulate.RouteBack:
		return &m.Routes[k.Index].Bound
	case formulate.Rate, formulate.TradeMax, formulate.TradeMin:
		return m.Trades[k.Index].Bound
	case formulate.Through, formulate.LineMax, formulate.LineMin:
		return &m.Lines[k.Index].Bound
	case formulate.OutageMax, formulate.OutageMin:
		return &m.Lines[k.Sub].Bound
	}
	return nil
}

// tagOf is whose a block is; a bus's and a limit's is nobody's.
func tagOf(m *primitive.Model, k formulate.Block) primitive.Tag {
	i := k.Index
	switch kinds()[k.What] {
	case "capacity":
		return m.Capacities[i].Tag
	case "store":
		return m.Stores[i].Tag
	case "route":
		return m.Routes[i].Tag
	case "demand":
		return m.Demands[i].Tag
	case "trade":
		return m.Trades[i].Tag
	case "line":
		return m.Lines[i].Tag
	case "outage":
		return m.Lines[k.Sub].Tag
	case "unit":
		return m.Units[i].Tag
	}
	return primitive.Tag{Asset: primitive.None}
}

// kinds is the primitive that each family of columns and rows belongs to, as
// their names say: the table of package formulate is the one list of them.
var kinds = sync.OnceValue(func() (of [256]string) {
	for w := range of {
		of[w], _, _ = strings.Cut(formulate.What(w).String(), ".")
	}
	return of
})

// capacitySize is Existing and what x builds of a capacity.
func (a *answer) capacitySize(i int32) float64 { return a.ix.CapacitySize(a.x, int(i)) }

// activityUnit is the unit of a unit's activity where it can be told: that of
// a bus it moves one for one, or its capacity's.
func (n *names) activityUnit(u *primitive.Unit) (amount string, ok bool) {
	for _, p := range u.Ports {
		if p.Ratio.Data == nil && math.Abs(p.Ratio.Value) == 1 {
			return n.unitOf(p.Bus), true
		}
	}
	return "", false
}
