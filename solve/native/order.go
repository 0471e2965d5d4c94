package native

// graph is an undirected graph without self loops: the neighbours of node i
// are adj[ptr[i]:ptr[i+1]], each edge stored from both ends.
type graph struct {
	ptr []int
	adj []int32
}

func (g *graph) nodes() int { return len(g.ptr) - 1 }

func (g *graph) degree(i int) int { return g.ptr[i+1] - g.ptr[i] }

// without returns the graph on the nodes where drop is false, and the old
// number of each node that stays.
func (g *graph) without(drop []bool) (graph, []int32) {
	n := g.nodes()
	number := make([]int32, n)
	var kept []int32
	edges := 0
	for i := 0; i < n; i++ {
		if drop[i] {
			number[i] = -1
			continue
		}
		number[i] = int32(len(kept))
		kept = append(kept, int32(i))
		edges += g.degree(i)
	}
	s := graph{ptr: make([]int, len(kept)+1), adj: make([]int32, 0, edges)}
	for k, i := range kept {
		for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			if c := number[j]; c >= 0 {
				s.adj = append(s.adj, c)
			}
		}
		s.ptr[k+1] = len(s.adj)
	}
	return s, kept
}

// orderDenseLast returns an elimination order (order[k] is the node eliminated
// at place k): minimum degree on the nodes of degree up to limit, then the
// others by degree. In planning problems the others are capacities and yearly
// limits; they touch every hour, and eliminating them early would couple all
// hours.
func orderDenseLast(g *graph, limit int) []int32 {
	n := g.nodes()
	drop := make([]bool, n)
	var dense []int32
	for i := 0; i < n; i++ {
		if g.degree(i) > limit {
			drop[i] = true
			dense = append(dense, int32(i))
		}
	}
	if len(dense) == 0 {
		return minimumDegree(g, nil)
	}
	sub, kept := g.without(drop)
	order := minimumDegree(&sub, nil)
	for k, i := range order {
		order[k] = kept[i]
	}
	sortBy(dense, func(i int32) int { return g.degree(int(i)) })
	return append(order, dense...)
}

// withPartners returns the order with every hollow node (one whose diagonal is
// nothing but regularisation: equations, free columns) moved behind a neighbour of
// its own; see afterPartner. None waits for nodes of degree above limit: they come
// last.
func withPartners(g *graph, order []int32, hollow []bool, limit int) []int32 {
	self := make([]int32, len(order))
	for v := range self {
		self[v] = int32(v)
	}
	near := func(i int32) bool { return g.degree(int(i)) <= limit }
	return afterPartner(g, order, func(v int32) []int32 { return self[v : v+1] }, g, hollow, near)
}

// afterPartner returns an order of the first nodes of graph q, which stand for nodes
// of g (-1: none), with every node behind partners of its hollow members. Eliminated
// before all its neighbours, a hollow node has a pivot of 1e-10, and ten digits of
// what it passes on are lost. So have two that follow one neighbour: what it gives to
// both is of rank one, and the second pivot is what cancellation leaves. So each
// claims a neighbour for itself. The move hardly changes the fill: the neighbour goes
// first and the pair has the same neighbourhood. It would if nodes waited for each
// other or for what comes at the end. So a node waits for near nodes that are not
// hollow, which come at their own place; when these are gone a neighbour that another
// has claimed will do.
func afterPartner(q *graph, order []int32, members func(v int32) []int32, g *graph, hollow []bool, near func(i int32) bool) []int32 {
	done, waits := make([]bool, len(order)), make([]bool, len(order))
	const (
		open = iota
		free // eliminated and claimed by nobody
		claimed
	)
	state := make([]uint8, g.nodes())
	left := make([]int32, g.nodes()) // of a hollow node: what it may wait for
	for _, v := range order {
		for _, i := range members(v) {
			if i < 0 || !hollow[i] {
				continue
			}
			for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
				if !hollow[j] && near(j) {
					left[i]++
				}
			}
		}
	}
	out := make([]int32, 0, len(order))
	var partners []int32
	// claim finds partners for the hollow members of v; all or none.
	claim := func(v int32) bool {
		partners = partners[:0]
		for _, i := range members(v) {
			if i < 0 || !hollow[i] {
				continue
			}
			found, shared := false, false
			for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
				if state[j] == free {
					state[j] = claimed
					partners = append(partners, j)
					found = true
					break
				}
				shared = shared || state[j] == claimed
			}
			if !found && (left[i] > 0 || !shared) {
				for _, j := range partners {
					state[j] = free
				}
				return false
			}
		}
		return true
	}
	var emit func(v int32)
	emit = func(v int32) {
		done[v], waits[v] = true, false
		out = append(out, v)
		for _, i := range members(v) {
			if i < 0 {
				continue
			}
			state[i] = free
			if !hollow[i] && near(i) {
				for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
					left[j]--
				}
			}
		}
		for _, w := range q.adj[q.ptr[v]:q.ptr[v+1]] {
			if int(w) < len(order) && waits[w] && claim(w) {
				emit(w)
			}
		}
	}
	for _, v := range order {
		if done[v] {
			continue
		}
		if claim(v) {
			emit(v)
		} else {
			waits[v] = true
		}
	}
	for _, v := range order { // hollow nodes that wait for each other
		if !done[v] {
			emit(v)
		}
	}
	return out
}

// denseLimit returns the degree above which a node counts as dense: 300, or more
// where that would put aside more than a few nodes. They are eliminated in a
// block, which must stay small.
func denseLimit(g *graph) int {
	n := g.nodes()
	for limit := 300; ; limit *= 2 {
		count := 0
		for i := 0; i < n; i++ {
			if g.degree(i) > limit {
				count++
			}
		}
		if count <= max(50, n/200) {
			return limit
		}
	}
}

// minimumDegree orders by approximate minimum degree on the quotient graph,
// with supervariables, mass elimination and aggressive absorption, after
// Amestoy, Davis and Duff, SIAM J. Matrix Anal. Appl. 17 (1996) 886-905.
//
// Every node is a variable (not yet eliminated) or an element (eliminated; its
// list is the clique it made). A variable's list holds first the elements,
// then the variables it touches.
//
// group, where given, says in which round a node may be chosen: nodes of a
// higher group wait until those of lower ones are gone (they may still go
// earlier where that costs no fill).
func minimumDegree(g *graph, group []int32) []int32 {
	n := g.nodes()
	nz := g.ptr[n]
	iw := make([]int32, nz+nz/5+n+1)
	copy(iw, g.adj)
	free := nz

	start := make([]int, n)    // of the list in iw; -1 for a dead node
	length := make([]int32, n) // of the list
	elems := make([]int32, n)  // elements at the head of a variable's list; -1 for an element
	weight := make([]int32, n) // variables a supervariable stands for; 0 when absorbed; negative while in the pivot's clique
	degree := make([]int32, n) // bound on the external degree
	mark := make([]int, n)     // of an element: stamp + |Le \ Lpivot|; 0 when dead
	into := make([]int32, n)   // who absorbed a node of weight 0
	head := make([]int32, n+1) // of the list of each degree
	next := make([]int32, n)   // in the degree list; in a hash bucket
	prev := make([]int32, n)   // in the degree list; the hash of a clique member
	bucket := make([]int32, n) // first node of each hash
	scratch := make([]int, n)  // stamps for comparing two lists
	pivots := make([]int32, 0, n)

	for i := range head {
		head[i] = -1
	}
	for i := 0; i < n; i++ {
		start[i] = g.ptr[i]
		length[i] = int32(g.degree(i))
		weight[i] = 1
		degree[i] = length[i]
		mark[i] = 1
		bucket[i] = -1
	}
	listed := 0 // nodes in the degree lists
	push := func(i, d int32) {
		listed++
		h := head[d]
		if h >= 0 {
			prev[h] = i
		}
		next[i], prev[i] = h, -1
		head[d] = i
	}
	// The nodes of each group, and how far the groups have been let in.
	var members []int32
	var memberAt []int
	round := int32(0)
	waits := func(i int32) bool { return group != nil && group[i] > round }
	if group != nil {
		members, memberAt = byGroup(group)
	}
	unlink := func(i int32) {
		if waits(i) {
			return
		}
		listed--
		a, b := prev[i], next[i]
		if b >= 0 {
			prev[b] = a
		}
		if a >= 0 {
			next[a] = b
		} else {
			head[degree[i]] = b
		}
	}
	for i := n - 1; i >= 0; i-- {
		if !waits(int32(i)) {
			push(int32(i), degree[i])
		}
	}

	// compact moves the living lists to the front of iw. While it runs, the
	// first entry of each list is kept in start and replaced by ^node.
	compact := func() {
		for i := 0; i < n; i++ {
			if start[i] >= 0 && length[i] > 0 {
				s := start[i]
				start[i] = int(iw[s])
				iw[s] = ^int32(i)
			}
		}
		to := 0
		for from := 0; from < free; {
			x := iw[from]
			from++
			if x >= 0 {
				continue
			}
			i := ^x
			iw[to] = int32(start[i])
			start[i] = to
			to++
			for k := int32(1); k < length[i]; k++ {
				iw[to] = iw[from]
				to++
				from++
			}
		}
		free = to
	}

	stamp, stamp2 := 2, 0
	largest := 0 // clique so far
	lowest := int32(0)
	for done := int32(0); done < int32(n); {
		if listed == 0 { // this group is done: let in the next
			round++
			lowest = int32(n)
			for _, i := range members[memberAt[round]:memberAt[round+1]] {
				if start[i] >= 0 && weight[i] > 0 && elems[i] >= 0 {
					push(i, degree[i])
					lowest = min(lowest, degree[i])
				}
			}
			continue
		}
		for head[lowest] < 0 {
			lowest++
		}
		me := head[lowest]
		unlink(me)
		size := weight[me] // variables eliminated with this pivot
		done += size
		weight[me] = -size

		// The pivot's clique: its variables and those of its elements.
		var first, last int
		clique := int32(0)
		ne := elems[me]
		if ne == 0 {
			first = start[me]
			last = first
			for k := first; k < first+int(length[me]); k++ {
				i := iw[k]
				if w := weight[i]; w > 0 {
					clique += w
					weight[i] = -w
					iw[last] = i
					last++
					unlink(i)
				}
			}
		} else {
			need := int(length[me] - ne)
			for k := start[me]; k < start[me]+int(ne); k++ {
				need += int(length[iw[k]])
			}
			if free+need > len(iw) {
				compact()
				if free+need > len(iw) {
					iw = append(iw, make([]int32, need+len(iw)/4)...)
				}
			}
			first = free
			p := start[me]
			take := func(from, count int) {
				for k := from; k < from+count; k++ {
					i := iw[k]
					if w := weight[i]; w > 0 {
						clique += w
						weight[i] = -w
						iw[free] = i
						free++
						unlink(i)
					}
				}
			}
			for k := 0; k < int(ne); k++ {
				e := iw[p+k]
				take(start[e], int(length[e]))
				start[e], mark[e] = -1, 0
			}
			take(p+int(ne), int(length[me]-ne))
			last = free
		}
		start[me], length[me], degree[me] = first, int32(last-first), clique
		elems[me] = -1
		mark[me] = 0 // not to be counted as an old element below

		// mark[e] - stamp = |Le \ Lme| for every element next to the clique.
		stamp += largest + 1
		for k := first; k < last; k++ {
			i := iw[k]
			w := int(-weight[i])
			for q := start[i]; q < start[i]+int(elems[i]); q++ {
				e := iw[q]
				if m := mark[e]; m >= stamp {
					mark[e] = m - w
				} else if m != 0 {
					mark[e] = int(degree[e]) + stamp - w
				}
			}
		}

		// Prune each member's list, bound its degree, hash it.
		for k := first; k < last; k++ {
			i := iw[k]
			a := start[i]
			to := a
			b := a + int(elems[i])
			end := a + int(length[i])
			var d int32
			var hash uint32
			for q := a; q < b; q++ {
				e := iw[q]
				m := mark[e]
				if m == 0 {
					continue
				}
				if outside := m - stamp; outside > 0 {
					d += int32(outside)
					iw[to] = e
					to++
					hash += uint32(e)
				} else { // inside the new clique: nothing is lost with it
					start[e], mark[e] = -1, 0
				}
			}
			elems[i] = int32(to-a) + 1
			vars := to
			for q := b; q < end; q++ {
				j := iw[q]
				if w := weight[j]; w > 0 {
					d += w
					iw[to] = j
					to++
					hash += uint32(j)
				}
			}
			if elems[i] == 1 && vars == to { // touches nothing but the clique: eliminate it too
				w := -weight[i]
				clique -= w
				size += w
				done += w
				weight[i] = 0
				into[i] = me
				start[i] = -1
				continue
			}
			degree[i] = min(degree[i], d)
			// me becomes the first element; the first variable moves to the end.
			iw[to] = iw[vars]
			iw[vars] = iw[a]
			iw[a] = me
			length[i] = int32(to-a) + 1
			h := int32(hash % uint32(n))
			next[i] = bucket[h]
			bucket[h] = i
			prev[i] = h
		}
		degree[me] = clique
		largest = max(largest, int(clique))
		stamp += largest + 1
		mark[me] = 1

		// Members with equal lists are one supervariable from now on.
		for k := first; k < last; k++ {
			i := iw[k]
			if weight[i] >= 0 {
				continue
			}
			h := prev[i]
			i = bucket[h]
			bucket[h] = -1
			for i >= 0 && next[i] >= 0 {
				stamp2++
				a, l, ne := start[i], int(length[i]), elems[i]
				for q := a + 1; q < a+l; q++ {
					scratch[iw[q]] = stamp2
				}
				before := i
				for j := next[i]; j >= 0; {
					same := int(length[j]) == l && elems[j] == ne
					if same {
						b := start[j]
						for q := b + 1; q < b+l; q++ {
							if scratch[iw[q]] != stamp2 {
								same = false
								break
							}
						}
					}
					if same {
						weight[i] += weight[j] // both negative
						weight[j] = 0
						into[j] = i
						start[j] = -1
						j = next[j]
						next[before] = j
					} else {
						before = j
						j = next[j]
					}
				}
				i = next[i]
			}
		}

		// Put the members back in the degree lists.
		to := first
		left := int32(n) - done
		for k := first; k < last; k++ {
			i := iw[k]
			w := -weight[i]
			if w <= 0 {
				continue
			}
			weight[i] = w
			d := min(degree[i]+clique-w, left-w)
			degree[i] = d
			if !waits(i) {
				push(i, d)
				lowest = min(lowest, d)
			}
			iw[to] = i
			to++
		}
		weight[me] = size
		length[me] = int32(to - first)
		if to == first {
			start[me], mark[me] = -1, 0
		}
		if ne != 0 {
			free = to
		}
		pivots = append(pivots, me)
	}

	// Absorbed nodes follow their pivot.
	count := make([]int32, n)
	for i := range into {
		if weight[i] == 0 {
			r := into[i]
			for weight[r] == 0 {
				r = into[r]
			}
			into[i] = r
			count[r]++
		}
	}
	at := make([]int32, n)
	place := int32(0)
	order := make([]int32, n)
	for _, p := range pivots {
		order[place] = p
		at[p] = place + 1
		place += 1 + count[p]
	}
	for i := range into {
		if weight[i] == 0 {
			r := into[i]
			order[at[r]] = int32(i)
			at[r]++
		}
	}
	return order
}
