package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// transfer is what a line takes over of the flow of one that fails.
type transfer struct {
	line   int32
	factor float64
}

// failure is an outage in the investment periods from ... to - 1, with what it
// does to each monitored line.
type failure struct {
	outage   int32
	from, to int32
	takes    []transfer
}

// outageMax: after an outage of line o each monitored line stays within its
// capacity (BODF the share of o's flow that it takes over, from the lines' X;
// with a given size and no losses the row has both sides):
//
//	s + BODF s_o + loss - Max Coef built <= Max Coef Existing
func outageMax(b *builder) {
	b.outages(func(o int, l *primitive.Line, parts []part, i int32, alive life) {
		if !b.bounded(l) {
			b.sumAbove(&l.Bound, l.Grid, alive, append(parts, b.lineParts(int(i), 1)...))
			return
		}
		size, _, _ := b.size(&l.Bound)
		least, most := b.on(l.Bound.Min, l.Grid), b.on(l.Bound.Max, l.Grid)
		for t := int32(0); t < int32(b.times[l.Grid].Len()); t++ {
			if !alive.at(t) {
				continue
			}
			r := b.row(t, times(least.at(t), size), times(most.at(t), size))
			b.add(r, b.ix.first[Through][i]+t, 1)
			b.add(r, parts[0].first+t, parts[0].coef)
		}
	})
}

// outageMin: so it does the other way:
//
//	s + BODF s_o - loss - Min Coef built >= Min Coef Existing
func outageMin(b *builder) {
	b.outages(func(o int, l *primitive.Line, parts []part, i int32, alive life) {
		if !b.bounded(l) {
			b.sumBelow(&l.Bound, l.Grid, alive, append(parts, b.lineParts(int(i), -1)...))
		}
	})
}

// outages visits each line that each outage bears on, with the part of the
// failed line's flow, and the steps in which it is so.
func (b *builder) outages(visit func(o int, l *primitive.Line, parts []part, i int32, alive life)) {
	for k := range b.failures {
		f := &b.failures[k]
		alive := life{mask: make([]bool, len(b.c.Periods)), period: nil}
		for p := f.from; p < f.to; p++ {
			alive.mask[p] = true
		}
		failed := b.m.Outages[f.outage].Line
		for _, x := range f.takes {
			l := &b.m.Lines[x.line]
			alive.period = b.times[l.Grid].period
			b.begin(int(f.outage), x.line, l.Grid)
			visit(int(f.outage), l, []part{{b.ix.first[Through][failed], x.factor}}, x.line, alive)
		}
	}
}

// distribute derives what each outage does. The flows that replace a line's are those
// of its own flow sent from From to To through the others (line outage
// distribution factors): with h_l the flow in l when one unit is sent through
// the whole grid, BODF_l = h_l / (1 - h_o).
func (b *builder) distribute() []error {
	var faults []error
	b.topologies(func(from, to int32, lines []int32) {
		tree := b.spanning(lines, b.degrees(lines))
		islands := map[int32]*island{}
		for o := range b.m.Outages {
			out := &b.m.Outages[o]
			line := &b.m.Lines[out.Line]
			there := line.Alive == nil || line.Alive[from]
			if !there {
				continue
			}
			root := tree.root[line.From]
			is := islands[root]
			if is == nil {
				is = b.newIsland(lines, tree.root, root)
				islands[root] = is
			}
			angles := is.send(line.From, line.To)
			own := (angles[is.at[line.From]] - angles[is.at[line.To]]) / line.X
			if math.Abs(1-own) < 1e-9 && out.Radial {
				continue
			}
			if math.Abs(1-own) < 1e-9 {
				faults = append(faults, fault("outage %d: without line %s the grid falls apart: there is no other way from %s to %s",
					o+1, tagName(b.m, line.Tag, out.Line), b.m.Buses[line.From].Name, b.m.Buses[line.To].Name))
				continue
			}
			f := failure{outage: int32(o), from: from, to: to}
			monitored := out.Monitored
			if monitored == nil {
				monitored = is.lines
			}
			for _, i := range monitored {
				l := &b.m.Lines[i]
				if i == out.Line || math.IsInf(l.X, 0) || tree.root[l.From] != root || l.Alive != nil && !l.Alive[from] {
					continue
				}
				factor := (angles[is.at[l.From]] - angles[is.at[l.To]]) / l.X / (1 - own)
				if math.Abs(factor) < 1e-12 {
					continue // the flow's own bounds say it
				}
				f.takes = append(f.takes, transfer{i, factor})
			}
			b.failures = append(b.failures, f)
		}
	})
	return faults
}

func (b *builder) degrees(lines []int32) []int {
	degree := make([]int, len(b.m.Buses))
	for _, i := range lines {
		degree[b.m.Lines[i].From]++
		degree[b.m.Lines[i].To]++
	}
	return degree
}

// island is a connected part of a grid with its susceptances factored, without
// the last of its buses, whose angle is 0.
type island struct {
	lines []int32
	at    map[int32]int // position of each bus
	lu    [][]float64
	pivot []int
}

func (b *builder) newIsland(lines, root []int32, of int32) *island {
	is := &island{at: map[int32]int{}}
	for _, i := range lines {
		l := &b.m.Lines[i]
		if root[l.From] != of {
			continue
		}
		is.lines = append(is.lines, i)
		for _, bus := range [...]int32{l.From, l.To} {
			if _, ok := is.at[bus]; !ok {
				is.at[bus] = len(is.at)
			}
		}
	}
	n := len(is.at) - 1
	is.lu = make([][]float64, n)
	for k := range is.lu {
		is.lu[k] = make([]float64, n)
	}
	for _, i := range is.lines {
		l := &b.m.Lines[i]
		from, to, y := is.at[l.From], is.at[l.To], 1/l.X
		for _, k := range [...]struct {
			r, c int
			v    float64
		}{{from, from, y}, {to, to, y}, {from, to, -y}, {to, from, -y}} {
			if k.r < n && k.c < n {
				is.lu[k.r][k.c] += k.v
			}
		}
	}
	is.factor()
	return is
}

// factor is Gauss' elimination with row pivots, in place.
func (is *island) factor() {
	n := len(is.lu)
	is.pivot = make([]int, n)
	for k := range n {
		best := k
		for i := k + 1; i < n; i++ {
			if math.Abs(is.lu[i][k]) > math.Abs(is.lu[best][k]) {
				best = i
			}
		}
		is.pivot[k] = best
		is.lu[k], is.lu[best] = is.lu[best], is.lu[k]
		for i := k + 1; i < n; i++ {
			m := is.lu[i][k] / is.lu[k][k]
			if m == 0 {
				continue
			}
			is.lu[i][k] = m
			for j := k + 1; j < n; j++ {
				is.lu[i][j] -= m * is.lu[k][j]
			}
		}
	}
}

// send returns the angles of all buses when one unit flows from bus to bus.
func (is *island) send(from, to int32) []float64 {
	n := len(is.lu)
	x := make([]float64, n+1)
	x[is.at[from]]++
	x[is.at[to]]--
	x[n] = 0
	for k, p := range is.pivot {
		x[k], x[p] = x[p], x[k]
	}
	for k := range n {
		for j := range k {
			x[k] -= is.lu[k][j] * x[j]
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			x[k] -= is.lu[k][j] * x[j]
		}
		x[k] /= is.lu[k][k]
	}
	return x
}
