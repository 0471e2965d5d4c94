package native

import "slices"

// widths are the steps of the sweep, in times, that are tried: half a day where
// nothing but stores and ramps ties one hour to the next, a week where there are
// rolling sums over days.
var widths = [...]int{12, 168}

// minTimes is how many times there must be for a sweep to be tried.
const minTimes = 100

// sampled is the share of the times on which the orders are compared.
const sampled = 8

// guessed is the size from which times that are not known are guessed.
const guessed = 20000

// chooseOrder returns the cheapest of the orders at hand: minimum degree, and
// where there are times (one a node, -1 for none) sweeps along them. They are
// compared on the first part of a long horizon. Without times, a large graph is
// looked through for an order like that of time.
func chooseOrder(g *graph, times []int32, hollow []bool, t team) []int32 {
	limit := denseLimit(g)
	if times == nil && g.nodes() >= guessed {
		times = levels(g, limit)
	}
	order := func(q int, g *graph, times []int32) []int32 {
		if q == 0 {
			return orderDenseLast(g, limit)
		}
		return orderByTime(g, times, limit, widths[q-1])
	}
	best := 0
	all := ranksOf(times)
	if len(all) >= minTimes {
		part, kept := g, times
		if len(all) >= 2*sampled*widths[len(widths)-1] {
			until := all[len(all)/sampled]
			drop := make([]bool, len(times))
			for i, at := range times {
				drop[i] = at >= until
			}
			sub, nodes := g.without(drop)
			part, kept = &sub, picked(times, nodes)
		}
		var costs [1 + len(widths)]float64
		t.run(len(costs), func(q int) { costs[q] = orderCost(part, order(q, part, kept)) })
		for q := range costs {
			if costs[q] < costs[best] {
				best = q
			}
		}
	}
	return withPartners(g, order(best, g, times), hollow, limit)
}

// levels returns each node's distance from a far end of its component, in the
// graph without the nodes of degree above limit (-1 for these). In a chain of
// hours it grows with time, by a few steps an hour, and in a ring on both sides of
// where it starts (George and Liu 1979 on pseudo-peripheral nodes).
func levels(g *graph, limit int) []int32 {
	const dense, unseen = -1, -2
	level := make([]int32, g.nodes())
	for i := range level {
		level[i] = unseen
		if g.degree(i) > limit {
			level[i] = dense
		}
	}
	var queue []int32
	search := func(from int32) {
		queue = append(queue[:0], from)
		level[from] = 0
		for k := 0; k < len(queue); k++ {
			i := queue[k]
			for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
				if level[j] == unseen {
					level[j] = level[i] + 1
					queue = append(queue, j)
				}
			}
		}
	}
	for i := range level {
		if level[i] != unseen {
			continue
		}
		search(int32(i))
		far := queue[len(queue)-1]
		for _, j := range queue {
			level[j] = unseen
		}
		search(far)
	}
	return level
}

// orderCost estimates the nanoseconds of an iteration, as costs.of does, with
// every column a front.
func orderCost(g *graph, order []int32) float64 {
	place := invert(order)
	tree := eliminationTree(g, order, place)
	cost := 0.0
	for _, c := range columnCounts(g, order, place, tree) {
		c := float64(c)
		cost += plainCost.panel*c + plainCost.flop*c*c
	}
	return cost
}

// byGroup lists the members of each group: those of group q are
// members[at[q]:at[q+1]], in increasing order.
func byGroup(group []int32) (members []int32, at []int) {
	at = make([]int, slices.Max(group)+2)
	for _, q := range group {
		at[q+1]++
	}
	for q := range at[1:] {
		at[q+1] += at[q]
	}
	members = make([]int32, len(group))
	next := slices.Clone(at)
	for i, q := range group {
		members[next[q]] = int32(i)
		next[q]++
	}
	return members, at
}

// orderByTime returns an elimination order along time. Nodes of degree above
// limit and those without a time go last, as in orderDenseLast. The rest is a
// chain: what lies between two times are the few nodes that both touch (levels
// of stores, neighbours of a ramp), so a sweep along time carries no more than
// these and the capacities from one hour to the next, where minimum degree alone
// nests pieces of time with two ends each.
//
// The chain is cut at its end (where it closes into a ring) and in the middle by
// the fewest nodes that separate, and each half is swept from both ends towards
// its middle: four parts of equal size, and a top of four meeting places.
//
// time[i] is the place in time of node i, -1 for none; width the hours of a step
// of the sweep, within which minimum degree chooses.
func orderByTime(g *graph, time []int32, limit, width int) []int32 {
	n := g.nodes()
	drop := make([]bool, n)
	var last []int32
	for i := 0; i < n; i++ {
		if time[i] < 0 || g.degree(i) > limit {
			drop[i] = true
			last = append(last, int32(i))
		}
	}
	sub, kept := g.without(drop)
	if len(kept) == 0 {
		return orderDenseLast(g, limit)
	}
	group := sweepGroups(&sub, ranks(time, kept), int32(width))
	order := minimumDegree(&sub, group)
	for k, i := range order {
		order[k] = kept[i]
	}
	sortBy(last, func(i int32) int { return g.degree(int(i)) })
	return append(order, last...)
}

// ranksOf lists the different times in order, without -1.
func ranksOf(times []int32) []int32 {
	all := slices.Clone(times)
	slices.Sort(all)
	all = slices.Compact(all)
	for len(all) > 0 && all[0] < 0 {
		all = all[1:]
	}
	return all
}

// ranks numbers the different times of the nodes from 0 in order.
func ranks(time []int32, nodes []int32) []int32 {
	at := make([]int32, len(nodes))
	for k, i := range nodes {
		at[k] = time[i]
	}
	all := ranksOf(at)
	for k, t := range at {
		r, _ := slices.BinarySearch(all, t)
		at[k] = int32(r)
	}
	return at
}

// sweepGroups gives each node its step in the sweep; separators come last.
func sweepGroups(g *graph, at []int32, width int32) []int32 {
	count := slices.Max(at) + 1
	half := count / 2
	cut := make([]bool, len(at))
	// Edges across the middle, and across the end: those that span more than half.
	var mid, end [2][]int32
	for i := range at {
		for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			if at[i] >= at[j] {
				continue
			}
			switch {
			case at[j]-at[i] > half:
				end[0] = append(end[0], int32(i))
				end[1] = append(end[1], j)
			case at[i] < half && at[j] >= half:
				mid[0] = append(mid[0], int32(i))
				mid[1] = append(mid[1], j)
			}
		}
	}
	for _, sides := range [2][2][]int32{mid, end} {
		var best []int32
		for q, s := range sides {
			slices.Sort(s)
			s = slices.Compact(s)
			if q == 0 || len(s) < len(best) {
				best = s
			}
		}
		for _, i := range best {
			cut[i] = true
		}
	}
	group := make([]int32, len(at))
	top := half/width + 1
	for i, t := range at {
		d := min(t, half-1-t)
		if t >= half {
			d = min(t-half, count-1-t)
		}
		group[i] = max(d, 0) / width
		if cut[i] {
			group[i] = top
		}
	}
	return group
}
