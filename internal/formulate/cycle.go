package formulate

import (
	"math"
	"slices"

	"example.org/busbar/internal/primitive"
)

// cycle is a closed walk along lines, in the investment periods from ... to - 1.
type cycle struct {
	from, to int32
	lines    []int32   // the first closes the cycle and names it
	signs    []float64 // +1 where the walk goes from From to To
}

// lineCycle: Kirchhoff's voltage law: angles add up to nothing around each
// cycle of a basis (sgn is +1 where the cycle passes the line from From to To;
// the row is divided by the largest |X| in it):
//
//	sum_lines sgn (X s + shift) = 0
//
// The basis is that of a spanning tree, breadth first from the bus with most
// lines; parallel lines close a cycle with the first of them.
func lineCycle(b *builder) {
	for _, c := range b.loops() {
		g := b.m.Lines[c.lines[0]].Grid
		b.begin(int(c.lines[0]), 0, g)
		scale := 0.0
		for _, l := range c.lines {
			scale = math.Max(scale, math.Abs(b.m.Lines[l].X))
		}
		for t, p := range b.times[g].period {
			if p < c.from || p >= c.to {
				continue
			}
			known := 0.0
			for k, i := range c.lines {
				if l := &b.m.Lines[i]; !chosen(l) {
					shift := b.on(l.Shift, g)
					known -= c.signs[k] * shift.at(int32(t)) / scale
				}
			}
			r := b.row(int32(t), known, known)
			for k, i := range c.lines {
				l := &b.m.Lines[i]
				b.add(r, b.ix.first[Through][i]+int32(t), c.signs[k]*l.X/scale)
				if chosen(l) {
					b.add(r, b.ix.first[Shifted][i]+int32(t), c.signs[k]/scale)
				}
			}
		}
	}
}

// loops returns the cycles of every investment period, and keeps them.
func (b *builder) loops() []cycle {
	if b.cycles != nil || len(b.m.Lines) == 0 {
		return b.cycles
	}
	b.cycles = []cycle{}
	b.topologies(func(from, to int32, lines []int32) {
		for _, c := range b.basis(lines) {
			c.from, c.to = from, to
			b.cycles = append(b.cycles, c)
		}
	})
	return b.cycles
}

// topologies visits the runs of investment periods with the same lines in
// cycles: those that exist and whose X is finite.
func (b *builder) topologies(visit func(from, to int32, lines []int32)) {
	n := int32(len(b.c.Periods))
	var before []int32
	from := int32(0)
	for p := int32(0); p <= n; p++ {
		var lines []int32
		for i := range b.m.Lines {
			l := &b.m.Lines[i]
			if p < n && !math.IsInf(l.X, 0) && (l.Alive == nil || l.Alive[p]) {
				lines = append(lines, int32(i))
			}
		}
		if p > 0 && (p == n || !slices.Equal(lines, before)) {
			visit(from, p, before)
			from = p
		}
		before = lines
	}
}

// basis returns a cycle for each of some lines that a spanning tree leaves out.
func (b *builder) basis(lines []int32) []cycle {
	var cycles []cycle
	pairs := map[[2]int32]int32{} // the first line between two buses
	var single []int32
	degree := make([]int, len(b.m.Buses))
	for _, i := range lines {
		l := &b.m.Lines[i]
		pair := [2]int32{min(l.From, l.To), max(l.From, l.To)}
		if first, ok := pairs[pair]; ok {
			sign := 1.0
			if b.m.Lines[first].From == l.From {
				sign = -1
			}
			cycles = append(cycles, cycle{lines: []int32{i, first}, signs: []float64{1, sign}})
			continue
		}
		pairs[pair] = i
		single = append(single, i)
		degree[l.From]++
		degree[l.To]++
	}
	tree := b.spanning(single, degree)
	for _, i := range single {
		l := &b.m.Lines[i]
		if tree.up[l.From] == i || tree.up[l.To] == i {
			continue
		}
		c := cycle{lines: []int32{i}, signs: []float64{1}}
		// On from To, and back to From, until the two walks meet.
		to, from := l.To, l.From
		for to != from {
			at, sign := &to, 1.0
			if tree.depth[to] < tree.depth[from] {
				at, sign = &from, -1
			}
			up := tree.up[*at]
			step := &b.m.Lines[up]
			next := step.To
			if step.To == *at {
				next, sign = step.From, -sign
			}
			c.lines, c.signs = append(c.lines, up), append(c.signs, sign)
			*at = next
		}
		cycles = append(cycles, c)
	}
	return cycles
}

// tree has the line from each bus towards its root, None at the root and where
// there are no lines, the depth below it, and which root it is.
type tree struct {
	up    []int32
	depth []int32
	root  []int32
}

func (b *builder) spanning(lines []int32, degree []int) tree {
	n := len(b.m.Buses)
	t := tree{make([]int32, n), make([]int32, n), make([]int32, n)}
	at := make([][]int32, n)
	for _, i := range lines {
		l := &b.m.Lines[i]
		at[l.From] = append(at[l.From], i)
		at[l.To] = append(at[l.To], i)
	}
	order := make([]int32, n)
	for i := range order {
		order[i], t.up[i], t.root[i] = int32(i), primitive.None, primitive.None
	}
	slices.SortStableFunc(order, func(x, y int32) int { return degree[y] - degree[x] })
	var queue []int32
	for _, root := range order {
		if t.root[root] != primitive.None || degree[root] == 0 {
			continue
		}
		t.root[root] = root
		queue = append(queue[:0], root)
		for k := 0; k < len(queue); k++ {
			bus := queue[k]
			for _, i := range at[bus] {
				l := &b.m.Lines[i]
				other := l.From + l.To - bus
				if t.root[other] == primitive.None {
					t.root[other], t.up[other], t.depth[other] = root, i, t.depth[bus]+1
					queue = append(queue, other)
				}
			}
		}
	}
	return t
}
