package native

import (
	"math"
	"slices"
)

// lanes is how many stretches of time are worked on at once: two registers of 256
// bits, or one of 512, hold a number of each, and one look at where a number stands
// serves eight.
const lanes = 8

// stretches is how many there are in all: lanes of every part.
const stretches = parts * lanes

// laneCost is what a front of eight stretches costs: more than one of a single
// stretch, far less than eight of these.
var laneCost = costs{front: 100, row: 10, panel: 100, update: 8, flop: 0.5}

// A horizon is cut into lanes where it pays.
const (
	minStretch  = 12   // times in a stretch, at least
	maxPadding  = 1.25 // places taken, beside the nodes that are there
	maxTopShare = 0.04 // of the nodes, that are left to the top
	maxTop      = 4000 // nodes that are left to the top
	maxTopWork  = 1e7  // multiplications of the top, beside those of the parts
	maxGaps     = 10   // the last time, beside the nodes: of times there is a table
)

// units are the lengths, in times, that a stretch may be a multiple of: of a day
// where there are hours, so that night meets night.
var units = [...]int{24, 12, 8, 6, 4, 3, 1}

// laneCut is a graph cut into stretches of time that are nearly the same. The
// nodes at the seams and those that belong to all times are left to the top; all
// others are eliminated stretch by stretch, eight at a time: what stands for one
// thing at the same distance from the start of eight stretches is one node of a
// quotient graph, and what is done with that node is done with the eight at once.
type laneCut struct {
	parts [parts]lanePart
	top   []int32   // nodes of the graph
	sym   *symbolic // of the top, with what the parts add to it
}

// lanePart is the pattern of eight stretches.
type lanePart struct {
	sym    *symbolic      // of the quotient graph; the border is not eliminated
	inner  int            // quotient nodes that are eliminated
	node   [][lanes]int32 // of the graph, -1 for none; by place, the inner ones
	border [][lanes]int32 // place among cut.top, -1 for none; by place, those that stay
	pairs  [][2]int32     // places (row, column) of the border that the part adds to
}

// clock tells the stretch of a time and its distance from the start.
type clock struct {
	rank  []int32 // of each time
	start [stretches + 1]int32
	of    []int32 // stretch of each rank
}

// newClock cuts count times into stretches of whole units, the longer ones first.
func newClock(rank []int32, count, unit int) *clock {
	c := &clock{rank: rank, of: make([]int32, count)}
	whole, at := count/unit, 0
	for s := range stretches {
		c.start[s] = int32(at)
		at += unit * (whole / stretches)
		if s < whole%stretches {
			at += unit
		}
	}
	c.start[stretches] = int32(count)
	for s := range stretches {
		for k := c.start[s]; k < c.start[s+1]; k++ {
			c.of[k] = int32(s)
		}
	}
	return c
}

// longest is the length of the longest stretch.
func (c *clock) longest() (t int32) {
	for s := range stretches {
		t = max(t, c.start[s+1]-c.start[s])
	}
	return t
}

// cutIntoLanes cuts a graph whose first cols nodes are columns; times and series
// are what the hint says of each node. It returns nil where the stretches are not
// alike enough, too short, or hang together by too much.
func cutIntoLanes(g *graph, cols int, times, series []int32, hollow []bool, t team) *laneCut {
	if len(times) != g.nodes() || len(series) != g.nodes() {
		return nil
	}
	all := ranksOf(times)
	if len(all) < stretches*minStretch || int(all[len(all)-1]) > maxGaps*g.nodes() {
		return nil
	}
	limit := denseLimit(g)
	rank := make([]int32, all[len(all)-1]+1)
	for k, t := range all {
		rank[t] = int32(k)
	}
	kinds := int32(0)
	timed := make([]bool, g.nodes())
	for i, t := range times {
		timed[i] = t >= 0 && series[i] >= 0 && g.degree(i) <= limit
		kinds = max(kinds, series[i]+1)
	}
	kind := func(i int32) int32 { // columns and rows are numbered apart
		if int(i) < cols {
			return series[i]
		}
		return kinds + series[i]
	}
	// The unit with which the fewest quotient nodes stand for all.
	var best *clock
	least := math.MaxInt
	for _, unit := range units {
		if len(all) < stretches*max(unit, minStretch) {
			continue
		}
		c := newClock(rank, len(all), unit)
		length := int(c.longest())
		if 2*int(kinds)*length > 4*g.nodes()+1<<20 {
			continue
		}
		seen := make([]uint8, 2*int(kinds)*length) // by parts, a bit each
		count := 0
		for i := range timed {
			if timed[i] {
				r := rank[times[i]]
				s := c.of[r]
				at, bit := int(kind(int32(i)))*length+int(r-c.start[s]), uint8(1)<<(s/lanes)
				if seen[at]&bit == 0 {
					seen[at] |= bit
					count++
				}
			}
		}
		if count < least {
			best, least = c, count
		}
	}
	if best == nil {
		return nil
	}
	b := &laneBuilder{g: g, times: times, clock: best, timed: timed, kind: kind, kinds: 2 * int(kinds), hollow: hollow, stretch: make([]int32, g.nodes())}
	return b.build(t)
}

// laneBuilder builds a laneCut.
type laneBuilder struct {
	g       *graph
	times   []int32
	clock   *clock
	timed   []bool
	kind    func(i int32) int32
	kinds   int
	hollow  []bool
	stretch []int32 // of each node, -1 for the top
	own     []int32 // number of a node in its part, or among the top
	cut     laneCut
}

func (b *laneBuilder) build(t team) *laneCut {
	b.seams()
	g, cut := b.g, &b.cut
	b.own = make([]int32, g.nodes())
	for i, s := range b.stretch {
		if s < 0 {
			b.own[i] = int32(len(cut.top))
			cut.top = append(cut.top, int32(i))
		}
	}
	if n := len(cut.top); n > maxTop || float64(n) > maxTopShare*float64(g.nodes()) {
		return nil
	}
	var patterns [parts]graph
	var offsets [parts][]int32
	t.run(parts, func(q int) { patterns[q], offsets[q] = b.quotient(q, &cut.parts[q]) })
	places := 0
	for q := range cut.parts {
		places += lanes * cut.parts[q].inner
		if cut.parts[q].inner == 0 {
			return nil
		}
	}
	if float64(places) > maxPadding*float64(g.nodes()-len(cut.top)) {
		return nil
	}
	width := b.width(&cut.parts[0], &patterns[0], offsets[0], t)
	flops := [parts]float64{}
	t.run(parts, func(q int) {
		p := &cut.parts[q]
		b.analyse(p, &patterns[q], inSteps(&patterns[q], p.inner, offsets[q], width))
		flops[q] = lanes * p.sym.flops
	})
	b.joinTop()
	if cut.sym.flops > maxTopWork+flops[0]+flops[1]+flops[2]+flops[3] {
		return nil
	}
	return cut
}

// seams finds for every node its stretch, and leaves to the top what has none and
// the fewest nodes that part the stretches: of all edges between two, the earlier
// ends or the later ones.
func (b *laneBuilder) seams() {
	g, c := b.g, b.clock
	for i := range b.stretch {
		b.stretch[i] = -1
		if b.timed[i] {
			b.stretch[i] = c.of[c.rank[b.times[i]]]
		}
	}
	var ends [2][]int32
	for i, s := range b.stretch {
		for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			t := b.stretch[j]
			if s < 0 || t <= s {
				continue
			}
			early, late := int32(i), j
			if t-s > stretches/2 { // across the end of the ring
				early, late = late, early
			}
			ends[0] = append(ends[0], early)
			ends[1] = append(ends[1], late)
		}
	}
	for q := range ends {
		slices.Sort(ends[q])
		ends[q] = slices.Compact(ends[q])
	}
	side := ends[0]
	if len(ends[1]) < len(side) {
		side = ends[1]
	}
	for _, i := range side {
		b.stretch[i] = -1
	}
	// A hollow node that has no partner in its stretch.
	for i := range b.stretch {
		if b.stretch[i] >= 0 && b.hollow[i] && !slices.ContainsFunc(g.adj[g.ptr[i]:g.ptr[i+1]], func(j int32) bool { return b.stretch[j] >= 0 }) {
			b.stretch[i] = -1
		}
	}
}

// quotient finds the quotient nodes of part q and the graph on them, the border
// after the inner nodes; offset is that of the inner nodes.
func (b *laneBuilder) quotient(q int, p *lanePart) (pattern graph, offset []int32) {
	g, c := b.g, b.clock
	length := int(c.longest())
	known := make([]int32, b.kinds*length) // the first quotient node of each kind at each distance, + 1
	var next []int32                       // another of the same kind and distance, -1 for none
	for i, s := range b.stretch {
		if s < 0 || int(s)/lanes != q {
			continue
		}
		at, lane := c.rank[b.times[i]]-c.start[s], s%lanes
		first := &known[int(b.kind(int32(i)))*length+int(at)]
		k, before := *first-1, int32(-1)
		for k >= 0 && p.node[k][lane] >= 0 {
			k, before = next[k], k
		}
		if k < 0 {
			k = int32(len(p.node))
			p.node, next = append(p.node, none), append(next, -1)
			offset = append(offset, at)
			if before >= 0 {
				next[before] = k
			} else {
				*first = k + 1
			}
		}
		p.node[k][lane] = int32(i)
		b.own[i] = k
	}
	p.inner = len(p.node)

	// Of the top a part sees its border: what belongs to all times is the same in
	// every lane, what lies at a seam is told by its distance from the stretch.
	type seam struct{ kind, side, at int32 }
	type seen struct{ lane, node int32 }
	shared := make([]int32, len(b.cut.top)) // place + 1 in the border
	seams, met := map[seam]int32{}, map[seen]int32{}
	border := func(stretch, i int32) int32 {
		if !b.timed[i] {
			at := &shared[b.own[i]]
			if *at == 0 {
				var all [lanes]int32
				for l := range all {
					all[l] = b.own[i]
				}
				p.border = append(p.border, all)
				*at = int32(len(p.border))
			}
			return *at - 1
		}
		lane := stretch % lanes
		if k, ok := met[seen{lane, i}]; ok {
			return k
		}
		from, to, t := c.start[stretch], c.start[stretch+1], c.rank[b.times[i]]
		count := c.start[stretches]
		key := seam{b.kind(i), 0, (t - from + count) % count}
		if end := (t - to + count) % count; min(end, count-end) < min(key.at, count-key.at) {
			key.side, key.at = 1, end
		}
		for { // the same kind twice at one time: the next number
			k, ok := seams[key]
			if !ok {
				k = int32(len(p.border))
				p.border = append(p.border, none)
				seams[key] = k
			}
			if p.border[k][lane] < 0 {
				p.border[k][lane] = b.own[i]
				met[seen{lane, i}] = k
				return k
			}
			key.side += 2
		}
	}
	var from, to []int32
	mark := make([]int32, p.inner, p.inner+256)
	for a := range p.node {
		for lane, i := range p.node[a] {
			if i < 0 {
				continue
			}
			for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
				k := b.own[j]
				if b.stretch[j] < 0 {
					k = int32(p.inner) + border(int32(q*lanes+lane), j)
					if int(k) >= len(mark) {
						mark = append(mark, 0)
					}
				} else if int(k) <= a {
					continue
				}
				if mark[k] != int32(a+1) {
					mark[k] = int32(a + 1)
					from, to = append(from, int32(a)), append(to, k)
				}
			}
		}
	}
	return graphOf(p.inner+len(p.border), from, to), offset
}

var none = [lanes]int32{-1, -1, -1, -1, -1, -1, -1, -1}

// graphOf is the graph with the given edges, each given once.
func graphOf(n int, from, to []int32) graph {
	g := graph{ptr: make([]int, n+1), adj: make([]int32, 2*len(from))}
	for k := range from {
		g.ptr[from[k]+1]++
		g.ptr[to[k]+1]++
	}
	for i := range n {
		g.ptr[i+1] += g.ptr[i]
	}
	at := slices.Clone(g.ptr[:n])
	for k, i := range from {
		j := to[k]
		g.adj[at[i]], g.adj[at[j]] = j, i
		at[i]++
		at[j]++
	}
	return g
}

// width chooses by the cost of a part the steps in which time is swept, as an index
// of widths; -1 for minimum degree alone. See chooseOrder.
func (b *laneBuilder) width(p *lanePart, pattern *graph, offset []int32, t team) int {
	var cost [1 + len(widths)]float64
	t.run(len(cost), func(q int) { cost[q] = orderCost(pattern, inSteps(pattern, p.inner, offset, q-1)) })
	best := 0
	for q := range cost {
		if cost[q] < cost[best] {
			best = q
		}
	}
	return best - 1
}

// inSteps returns an order of a pattern's inner nodes, then the border.
func inSteps(pattern *graph, inner int, offset []int32, width int) []int32 {
	drop := make([]bool, pattern.nodes())
	for i := inner; i < len(drop); i++ {
		drop[i] = true
	}
	sub, _ := pattern.without(drop)
	var group []int32
	if width >= 0 {
		group = make([]int32, inner)
		for i, t := range offset {
			group[i] = t / int32(widths[width])
		}
	}
	order := minimumDegree(&sub, group)
	for i := inner; i < len(drop); i++ {
		order = append(order, int32(i))
	}
	return order
}

// analyse analyses a part and puts its nodes in the order of elimination.
func (b *laneBuilder) analyse(p *lanePart, pattern *graph, order []int32) {
	behind := afterPartner(pattern, order[:p.inner], func(v int32) []int32 { return p.node[v][:] }, b.g, b.hollow, func(i int32) bool { return b.stretch[i] >= 0 })
	p.sym = analyseFirst(pattern, append(behind, order[p.inner:]...), p.inner, &laneCost)
	p.node = picked(p.node, p.sym.node[:p.inner])
	border := make([][lanes]int32, len(p.border))
	for k, i := range p.sym.node[p.inner:] {
		border[k] = p.border[int(i)-p.inner]
	}
	p.border = border
}

// joinTop finds which pairs of the border each part adds to, and analyses the top.
func (b *laneBuilder) joinTop() {
	g, cut := b.g, &b.cut
	n := len(cut.top)
	joined := make([]bool, n*n)
	hollow := make([]bool, n) // but what the parts add to is not
	for k, i := range cut.top {
		hollow[k] = b.hollow[i]
	}
	var from, to []int32
	join := func(i, j int32) {
		if i < j {
			i, j = j, i
		}
		if i != j && !joined[int(i)*n+int(j)] {
			joined[int(i)*n+int(j)] = true
			from, to = append(from, i), append(to, j)
		}
	}
	for k, i := range cut.top {
		for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			if b.stretch[j] < 0 {
				join(int32(k), b.own[j])
			}
		}
	}
	for q := range cut.parts {
		p := &cut.parts[q]
		s, size := p.sym, len(p.border)
		met := make([]bool, size*size)
		for f, parent := range s.parent {
			if parent >= 0 {
				continue
			}
			left := s.rel[s.rowAt[f]+int(s.first[f+1]-s.first[f]) : s.rowAt[f+1]]
			for x, c := range left {
				for _, r := range left[x:] {
					if !met[int(c)*size+int(r)] {
						met[int(c)*size+int(r)] = true
						p.pairs = append(p.pairs, [2]int32{r, c})
					}
				}
			}
		}
		for _, pair := range p.pairs {
			if pair[0] == pair[1] {
				for _, i := range p.border[pair[0]] {
					if i >= 0 {
						hollow[i] = false
					}
				}
				continue
			}
			for l := range lanes {
				if i, j := p.border[pair[0]][l], p.border[pair[1]][l]; i >= 0 && j >= 0 {
					join(i, j)
				}
			}
		}
	}
	top := graphOf(n, from, to)
	cut.sym = analyse(&top, withPartners(&top, minimumDegree(&top, nil), hollow, n))
}
