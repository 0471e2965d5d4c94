package explain

import (
	"math"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// family is what gives way together: one side of all rows, or of all column
// bounds, of one kind of one primitive.
type family struct {
	what       formulate.What
	index, sub int32
	over       bool // the upper side gives: too much; else the lower side: too little
	column     bool // members are columns, whose bounds become rows

	block   formulate.Block // its first, for names
	members []member
	tier    int     // 1: needs and what a planner caps; 2: what machines and nature need
	liking  float64 // how dear a violation is beside a shortage of the same share
	scale   float64 // what counts as 1
}

type member struct{ at, step int32 } // row or column, step of its block

type familyKey struct {
	what       formulate.What
	index, sub int32
	over       bool
}

// How dear giving way is, for the same share of its size. Needs give first:
// what is missing at a bus, and floors that a planner set. Caps give where
// needs alone can't mend it.
const (
	likeFloor    = 0.9
	likeShortage = 1
	likeSurplus  = 1.5
	likeGiven    = 2
	likeCap      = 10
	likeMachine  = 3
)

// families lists everything that may give way.
func families(n *names, p *lp.Problem, ix *formulate.Index) []*family {
	own, m := n.planners(), n.m
	found := map[familyKey]*family{}
	var all []*family
	add := func(k formulate.Block, at, step int32, over, column bool, tier int, liking float64) {
		key := familyKey{k.What, k.Index, k.Sub, over}
		f := found[key]
		if f == nil {
			f = &family{what: k.What, index: k.Index, sub: k.Sub, over: over, column: column, block: k, tier: tier, liking: liking}
			found[key] = f
			all = append(all, f)
		}
		f.members = append(f.members, member{at, step})
	}
	ix.Rows(func(k formulate.Block) {
		for i := range k.Count {
			row, step := k.First+i, k.Step+i
			floor, ceiling := !math.IsInf(p.RowLower[row], 0), !math.IsInf(p.RowUpper[row], 0)
			switch k.What {
			case formulate.Balance:
				tier := 1
				if m.Buses[k.Index].Asset != primitive.None {
					tier = 2
				}
				// Of two shortages that would do alike, that of the finer step
				// says more.
				coarse := 1 + 0.02*float64(k.Grid)
				if floor {
					add(k, row, step, false, false, tier, likeShortage*coarse)
				}
				if ceiling {
					add(k, row, step, true, false, tier, likeSurplus*coarse)
				}
			case formulate.LimitSum:
				if !own[k.Index] {
					// A kind's own row: what it asks for may fail, what it caps is physics.
					if floor && !ceiling {
						add(k, row, step, false, false, 2, likeFloor)
					}
					continue
				}
				if floor {
					add(k, row, step, false, false, 1, likeFloor)
				}
				if ceiling {
					add(k, row, step, true, false, 1, likeCap)
				}
			case formulate.TradeTotal:
				if floor {
					add(k, row, step, false, false, 1, likeFloor)
				}
				if ceiling {
					add(k, row, step, true, false, 1, likeCap)
				}
			case formulate.TradeMin:
				add(k, row, step, false, false, 1, likeFloor)
			case formulate.UnitFixed, formulate.StoreFixed:
				add(k, row, step, false, false, 1, likeGiven)
				add(k, row, step, true, false, 1, likeGiven)
			case formulate.UnitMin, formulate.StoreMin, formulate.UnitRoomMin:
				add(k, row, step, false, false, 2, likeMachine)
			case formulate.UnitMax, formulate.StoreMax, formulate.TradeMax, formulate.RouteMax:
				if floor { // the least is the most, and the row says both
					add(k, row, step, false, false, 2, likeMachine)
				}
			case formulate.UnitRamp, formulate.UnitOnRamp, formulate.UnitWindow:
				if floor {
					add(k, row, step, false, false, 2, likeMachine)
				}
				if ceiling {
					add(k, row, step, true, false, 2, likeMachine)
				}
			}
		}
	})
	ix.Cols(func(k formulate.Block) {
		for i := range k.Count {
			col, step := k.First+i, k.Step+i
			switch k.What {
			case formulate.Rate:
				if p.ColLower[col] > 0 {
					add(k, col, step, false, true, 1, likeFloor)
				}
			case formulate.Activity, formulate.Level:
				if l := p.ColLower[col]; l > 0 {
					add(k, col, step, false, true, 2, likeMachine)
				}
			case formulate.Sliding, formulate.Start:
				if l := p.ColLower[col]; l > 0 {
					add(k, col, step, false, true, 2, likeMachine)
				}
				if u := p.ColUpper[col]; !math.IsInf(u, 1) {
					add(k, col, step, true, true, 2, likeMachine)
				}
			}
		}
	})
	measure(m, p, ix, all)
	return all
}

// measure gives each family the size by which its violations are shares: the
// largest flow that a bus may see, the largest bound of a limit.
func measure(m *primitive.Model, p *lp.Problem, ix *formulate.Index, all []*family) {
	largest, sum := make([]float64, p.Rows()), make([]float64, p.Rows())
	ix.Cols(func(k formulate.Block) {
		stock := k.What == formulate.Level || k.What == formulate.Spill || k.What == formulate.Start || k.What == formulate.Low || k.What == formulate.Spread
		wide := widest(m, k)
		for j := k.First; j < k.First+k.Count; j++ {
			reach := math.Max(math.Abs(p.ColLower[j]), math.Abs(p.ColUpper[j]))
			if math.IsInf(reach, 0) {
				reach = wide
			}
			for e := p.Start[j]; e < p.Start[j+1]; e++ {
				v := math.Abs(p.Value[e]) * reach
				sum[p.Index[e]] += v
				if !stock {
					largest[p.Index[e]] = math.Max(largest[p.Index[e]], v)
				}
			}
		}
	})
	for _, f := range all {
		bound := 0.0
		for _, v := range f.members {
			if f.column {
				f.scale = math.Max(f.scale, math.Abs(f.bound(p, v)))
				continue
			}
			bound = math.Max(bound, math.Abs(f.bound(p, v)))
			switch f.what {
			case formulate.LimitSum, formulate.TradeTotal:
				f.scale = math.Max(f.scale, sum[v.at]/2)
			default:
				f.scale = math.Max(f.scale, largest[v.at])
			}
		}
		switch {
		case bound > 0 && (f.what == formulate.LimitSum || f.what == formulate.TradeTotal):
			f.scale = bound
		case bound > f.scale:
			f.scale = bound
		}
		if f.scale == 0 || math.IsInf(f.scale, 0) {
			f.scale = 1
		}
	}
}

// bound is the side of a member that gives.
func (f *family) bound(p *lp.Problem, v member) float64 {
	lower, upper := p.RowLower, p.RowUpper
	if f.column {
		lower, upper = p.ColLower, p.ColUpper
	}
	if f.over {
		return upper[v.at]
	}
	return lower[v.at]
}

// widest is the most that columns on a capacity that may be built can be, 0
// where nothing says it.
func widest(m *primitive.Model, k formulate.Block) float64 {
	if k.What == formulate.Built {
		return finite(m.Capacities[k.Index].Existing + m.Capacities[k.Index].Max)
	}
	bd := boundOf(m, k)
	if bd == nil || bd.Capacity == primitive.None {
		return 0
	}
	c := &m.Capacities[bd.Capacity]
	return finite(peak(bd.Max) * bd.Coef * (c.Existing + c.Max))
}

func finite(v float64) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	return v
}

func peak(s primitive.Series) float64 {
	if s.Data == nil {
		return s.Value
	}
	most := math.Inf(-1)
	for _, v := range s.Data {
		most = math.Max(most, v)
	}
	return most
}

// weight is the share of the year (or of the spans) that a member stands for.
func (f *family) weight(m *primitive.Model, v member) float64 {
	if f.block.Grid < 0 {
		return 1 / float64(len(f.members))
	}
	g := &m.Clock.Grids[f.block.Grid]
	all := 0.0
	for _, w := range g.Amount {
		all += w
	}
	return g.Amount[v.step] / all
}

// unitCost is the size of the costs of a relaxed problem: an hour of a year
// short by all that its bus may see costs 100.
const unitCost = 100 * 8760

// relaxed is a problem in which some families give way.
type relaxed struct {
	p      *lp.Problem
	slacks []slack
}

type slack struct {
	family *family
	member member
	col    int32
	cost   float64
}

// relax copies a problem, with its objective replaced by what giving way
// costs: for a family of the given factor
//
//	factor x liking x weight / scale
//
// a unit of violation. A column's bound that gives becomes a row: x + s >= l,
// or x - s <= u.
func relax(m *primitive.Model, p *lp.Problem, of []*family, factor func(*family) float64) *relaxed {
	n, rows := p.Cols(), p.Rows()
	extra := make([]int32, n) // further entries of each column
	total := 0
	for _, f := range of {
		total += len(f.members)
		if f.column {
			for _, v := range f.members {
				extra[v.at]++
			}
		}
	}
	q := &lp.Problem{
		Cost:     make([]float64, n, n+total),
		ColLower: append(make([]float64, 0, n+total), p.ColLower...),
		ColUpper: append(make([]float64, 0, n+total), p.ColUpper...),
		RowLower: append([]float64(nil), p.RowLower...),
		RowUpper: append([]float64(nil), p.RowUpper...),
		Start:    make([]int64, n+1, n+1+total),
	}
	bounds := make([][]int32, 0)
	place := map[int32]int{} // rows of the bounds of each column
	row := int32(rows)
	for _, f := range of {
		if !f.column {
			continue
		}
		for _, v := range f.members {
			lower, upper := math.Inf(-1), math.Inf(1)
			if f.over {
				upper = p.ColUpper[v.at]
				q.ColUpper[v.at] = math.Inf(1)
			} else {
				lower = p.ColLower[v.at]
				q.ColLower[v.at] = math.Min(0, lower)
			}
			q.RowLower, q.RowUpper = append(q.RowLower, lower), append(q.RowUpper, upper)
			at, ok := place[v.at]
			if !ok {
				at = len(bounds)
				place[v.at] = at
				bounds = append(bounds, nil)
			}
			bounds[at] = append(bounds[at], row)
			row++
		}
	}
	for j := range n {
		q.Index = append(q.Index, p.Index[p.Start[j]:p.Start[j+1]]...)
		q.Value = append(q.Value, p.Value[p.Start[j]:p.Start[j+1]]...)
		if extra[j] > 0 {
			for _, r := range bounds[place[int32(j)]] {
				q.Index, q.Value = append(q.Index, r), append(q.Value, 1)
			}
		}
		q.Start[j+1] = int64(len(q.Index))
	}
	out := &relaxed{p: q}
	row = int32(rows)
	for _, f := range of {
		for _, v := range f.members {
			at := v.at
			if f.column {
				at = row
				row++
			}
			cost := factor(f) * unitCost * f.liking * f.weight(m, v) / f.scale
			sign := 1.0
			if f.over {
				sign = -1
			}
			out.slacks = append(out.slacks, slack{f, v, int32(len(q.Cost)), cost})
			q.Cost = append(q.Cost, cost)
			q.ColLower, q.ColUpper = append(q.ColLower, 0), append(q.ColUpper, lp.Inf)
			q.Index, q.Value = append(q.Index, at), append(q.Value, sign)
			q.Start = append(q.Start, int64(len(q.Index)))
		}
	}
	return out
}

// violation is by how much each family that gives way does, members in order;
// what is below a thousandth of the family's largest, or a millionth of its
// size, is the solver's.
type violation struct {
	family *family
	steps  []int32
	by     []float64
	worst  int // position of the largest
	share  float64
}

func (r *relaxed) violations(m *primitive.Model, x []float64) []*violation {
	of := map[*family]*violation{}
	var all []*violation
	most := map[*family]float64{}
	for _, s := range r.slacks {
		most[s.family] = math.Max(most[s.family], x[s.col])
	}
	for _, s := range r.slacks {
		v := x[s.col]
		if v <= 1e-6*s.family.scale || v <= 1e-3*most[s.family] {
			continue
		}
		one := of[s.family]
		if one == nil {
			one = &violation{family: s.family}
			of[s.family] = one
			all = append(all, one)
		}
		if len(one.by) > 0 && v > one.by[one.worst]*(1+1e-9) {
			one.worst = len(one.by)
		}
		one.steps, one.by = append(one.steps, s.member.step), append(one.by, v)
		one.share += v * s.family.liking * s.family.weight(m, s.member) / s.family.scale
	}
	return all
}
