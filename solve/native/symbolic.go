package native

import (
	"cmp"
	"slices"
)

// symbolic is the structure of the factor: everything that depends on the
// pattern alone. Nodes are numbered by their place in the elimination order
// from here on.
//
// A front is a run of consecutive columns with (nearly) one pattern. Its panel
// holds those columns of L, dense, column after column; its update is the
// dense square it leaves to its parent.
type symbolic struct {
	n     int
	place []int32 // place[i] is where node i of the graph is eliminated
	node  []int32 // the inverse of place

	first  []int32 // front f has columns first[f] .. first[f+1]-1
	parent []int32 // front that takes the update of f, -1 for a root
	rowAt  []int   // rows[rowAt[f]:rowAt[f+1]] are the rows of f, pivots first
	rows   []int32
	shapes []shape // of each front, as the solves read it
	panel  []int   // values[panel[f]:panel[f+1]] is the panel of f, by columns

	child     []int32 // children of f: child[childAt[f]:childAt[f+1]]
	childAt   []int32
	rel       []int32 // place of each update row of f among its parent's rows, at rowAt[f]+cols
	update    []int   // where the update of f lies in its stack
	leaf      []bool  // one column and no children: the parent takes its update directly
	stack     []uint8 // which stack takes the update: even or odd depth, or kept
	stackSize [parts + 1][2]int
	keptSize  int // of the updates that part roots leave for the top
	largest   int // rows of the tallest front

	// The fronts are cut into parts, unions of whole subtrees that can be
	// worked on at the same time, and the top above them. Part q has fronts
	// partAt[q]..partAt[q+1]; the top, from partAt[parts] on, comes last.
	partAt [parts + 2]int32

	flops float64
}

// shape is what a solve needs of a front, in one place.
type shape struct {
	col, cols    int32 // its columns
	inside, rest int32 // rows below the pivots in its own part, in the top
	rows, panel  int   // where the rows below the pivots and the panel begin
}

// parts is how many parts the elimination tree is cut into, whatever the
// number of threads: results must not depend on it.
const parts = 4

// The stacks an update may go to.
const (
	evenStack = iota
	oddStack
	keptStack
)

func sortBy[T any](s []T, key func(T) int) {
	slices.SortStableFunc(s, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// entries returns the number of values in the panels.
func (s *symbolic) entries() int { return s.panel[len(s.panel)-1] }

func (s *symbolic) fronts() int { return len(s.parent) }

// analyse computes the structure of the factor of a matrix with the pattern of
// g (and a full diagonal), eliminated in the given order up to reordering that
// leaves the fill as it is.
func analyse(g *graph, order []int32) *symbolic {
	return analyseFirst(g, order, g.nodes(), &plainCost)
}

// analyseFirst is analyse where only the first inner nodes of the order are
// eliminated: the others stay behind them, in order, and what the fronts without
// a parent leave to them is their update.
func analyseFirst(g *graph, order []int32, inner int, cost *costs) *symbolic {
	n := g.nodes()
	place := invert(order)

	// Elimination tree (Liu 1986) and its postorder.
	tree := eliminationTree(g, order, place)
	forest := slices.Clone(tree[:inner])
	for j, p := range forest {
		if int(p) >= inner {
			forest[j] = -1
		}
	}
	post := postorder(forest)
	for j := inner; j < n; j++ {
		post = append(post, int32(j))
	}
	order = picked(order, post)
	place = invert(order)
	tree = relabel(tree, post)

	count := columnCounts(g, order, place, tree)

	// Columns with one pattern make a front; then fronts are merged where the
	// machine is faster on one large front than on two.
	var first []int32
	for j := 0; j < inner; j++ {
		if j == 0 || tree[j-1] != int32(j) || count[j-1] != count[j]+1 {
			first = append(first, int32(j))
		}
	}
	first = append(first, int32(inner))
	nf := len(first) - 1
	of := make([]int32, n)
	for j := inner; j < n; j++ {
		of[j] = -1
	}
	cols := make([]int32, nf)
	rows := make([]int32, nf)
	for f := 0; f < nf; f++ {
		for j := first[f]; j < first[f+1]; j++ {
			of[j] = int32(f)
		}
		cols[f] = first[f+1] - first[f]
		rows[f] = count[first[f]]
	}
	parent := make([]int32, nf)
	for f := range parent {
		parent[f] = -1
		if p := tree[first[f+1]-1]; p >= 0 {
			parent[f] = of[p]
		}
	}
	into := mergeFronts(parent, cols, rows, cost)

	// Number the merged fronts in postorder and the columns with them.
	index := make([]int32, nf)
	var kept []int32
	for f := range into {
		if into[f] == int32(f) {
			index[f] = int32(len(kept))
			kept = append(kept, int32(f))
		}
	}
	mp := make([]int32, len(kept))
	for k, f := range kept {
		mp[k] = -1
		if p := parent[f]; p >= 0 {
			mp[k] = index[into[p]]
		}
	}
	var fpost []int32
	var partAt [parts + 2]int32
	if inner == n {
		weight := make([]float64, len(kept))
		for k, f := range kept {
			weight[k] = cost.of(float64(cols[f]), float64(rows[f]))
		}
		fpost, partAt = cut(mp, weight)
	} else { // one part, which has no top
		fpost = postorder(mp)
		for q := range partAt[1:] {
			partAt[q+1] = int32(len(fpost))
		}
	}
	rank := invert(fpost)
	members := make([][2]int32, nf) // (merged front, original front)
	for f := range into {
		members[f] = [2]int32{rank[index[into[f]]], int32(f)}
	}
	slices.SortFunc(members, func(a, b [2]int32) int {
		if c := cmp.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return cmp.Compare(a[1], b[1])
	})
	s := &symbolic{n: n, node: make([]int32, 0, n), parent: relabel(mp, fpost), partAt: partAt}
	for k, m := range members {
		if k == 0 || m[0] != members[k-1][0] {
			s.first = append(s.first, int32(len(s.node)))
		}
		for j := first[m[1]]; j < first[m[1]+1]; j++ {
			s.node = append(s.node, order[j])
		}
	}
	s.first = append(s.first, int32(inner))
	s.node = append(s.node, order[inner:]...)
	s.place = invert(s.node)
	s.findRows(g)
	s.plan()
	return s
}

// cut orders the fronts of a forest part by part, each in postorder, and the
// top last. Subtrees are split from the root down until the heaviest is small
// beside a part's share, then dealt out, the heaviest first.
func cut(parent []int32, weight []float64) (order []int32, partAt [parts + 2]int32) {
	n := len(parent)
	post := postorder(parent)
	sum := append([]float64(nil), weight...)
	var roots []int32
	total := 0.0
	kids := make([][]int32, n)
	for _, f := range post {
		total += weight[f]
		if p := parent[f]; p >= 0 {
			sum[p] += sum[f]
			kids[p] = append(kids[p], f)
		} else {
			roots = append(roots, f)
		}
	}
	part := make([]int32, n) // parts: the top; -1: as its parent
	for f := range part {
		part[f] = -1
	}
	subtrees := roots
	heaviest := func(a, b int32) int {
		if c := cmp.Compare(sum[b], sum[a]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	}
	// A top heavier than this would cost more than the balance gains.
	room := 0.1 * total
	slices.SortFunc(subtrees, heaviest)
	for len(subtrees) > 0 && sum[subtrees[0]] > total/(2*parts) && weight[subtrees[0]] <= room {
		f := subtrees[0]
		room -= weight[f]
		part[f] = parts
		subtrees = subtrees[1:]
		for _, c := range kids[f] {
			at, _ := slices.BinarySearchFunc(subtrees, c, heaviest)
			subtrees = slices.Insert(subtrees, at, c)
		}
	}
	var load [parts]float64
	for _, f := range subtrees {
		least := 0
		for q := range load {
			if load[q] < load[least] {
				least = q
			}
		}
		load[least] += sum[f]
		part[f] = int32(least)
	}
	for k := n - 1; k >= 0; k-- {
		if f := post[k]; part[f] < 0 {
			part[f] = part[parent[f]]
		}
	}
	order = make([]int32, 0, n)
	for q := int32(0); q <= parts; q++ {
		for _, f := range post {
			if part[f] == q {
				order = append(order, f)
			}
		}
		partAt[q+1] = int32(len(order))
	}
	return order, partAt
}

// eliminationTree returns the parent place of each place, -1 for roots.
func eliminationTree(g *graph, order, place []int32) []int32 {
	n := len(order)
	tree := make([]int32, n)
	anc := make([]int32, n)
	for k := int32(0); k < int32(n); k++ {
		tree[k], anc[k] = -1, -1
		i := order[k]
		for _, v := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			j := place[v]
			for j >= 0 && j < k {
				up := anc[j]
				anc[j] = k
				if up < 0 {
					tree[j] = k
					break
				}
				j = up
			}
		}
	}
	return tree
}

// postorder lists the nodes of a forest with every node after its children,
// subtrees together. Parents must have larger numbers than children.
func postorder(parent []int32) []int32 {
	n := len(parent)
	head := make([]int32, n)
	next := make([]int32, n)
	for i := range head {
		head[i] = -1
	}
	var roots []int32
	for i := n - 1; i >= 0; i-- {
		if p := parent[i]; p >= 0 {
			next[i] = head[p]
			head[p] = int32(i)
		} else {
			roots = append(roots, int32(i))
		}
	}
	post := make([]int32, 0, n)
	var stack []int32
	for k := len(roots) - 1; k >= 0; k-- {
		stack = append(stack[:0], roots[k])
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			if c := head[i]; c >= 0 {
				head[i] = next[c]
				stack = append(stack, c)
				continue
			}
			post = append(post, i)
			stack = stack[:len(stack)-1]
		}
	}
	return post
}

func invert(order []int32) []int32 {
	inv := make([]int32, len(order))
	for k, i := range order {
		inv[i] = int32(k)
	}
	return inv
}

// relabel renumbers a parent array by a new order of the nodes.
func relabel(parent, order []int32) []int32 {
	inv := invert(order)
	r := make([]int32, len(parent))
	for k, i := range order {
		r[k] = -1
		if p := parent[i]; p >= 0 {
			r[k] = inv[p]
		}
	}
	return r
}

// columnCounts returns the entries of each column of L, its diagonal included:
// row k is nonzero in the columns on the tree paths from its neighbours to k.
func columnCounts(g *graph, order, place, tree []int32) []int32 {
	n := len(order)
	count := make([]int32, n)
	mark := make([]int32, n)
	for k := int32(0); k < int32(n); k++ {
		count[k]++
		mark[k] = k
		i := order[k]
		for _, v := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			for j := place[v]; j < k && mark[j] != k; j = tree[j] {
				mark[j] = k
				count[j]++
			}
		}
	}
	return count
}

// costs are nanoseconds that a front takes in an iteration, measured on planning
// problems: a fixed part, one for each row (gathered and scattered in every solve),
// each panel entry (read twice in every solve), each update entry and each
// multiplication. An interior point iteration makes about six solves and one
// factorisation.
type costs struct{ front, row, panel, update, flop float64 }

var plainCost = costs{front: 120, row: 14, panel: 14, update: 1.2, flop: 0.25}

func (c *costs) of(cols, rows float64) float64 {
	u := rows - cols
	flops := cols * (u*u + u*cols + cols*cols/3)
	return c.front + c.row*rows + c.panel*cols*(rows-cols/2) + c.update*u*u/2 + c.flop*flops
}

// mergeFronts decides which fronts go into their parents: into[f] is the front
// that f ends in. cols and rows of the survivors are updated.
func mergeFronts(parent, cols, rows []int32, cost *costs) []int32 {
	nf := len(parent)
	into := make([]int32, nf)
	kids := make([]int32, nf)
	for f := range into {
		into[f] = int32(f)
		if p := parent[f]; p >= 0 {
			kids[p]++
		}
	}
	leaf := make([]bool, nf)
	for f := range leaf {
		leaf[f] = kids[f] == 0
	}
	// Fronts are in postorder: when f is reached its children have been decided.
	for f := 0; f < nf; f++ {
		p := parent[f]
		if p < 0 {
			continue
		}
		cf, rf, cp, rp := float64(cols[f]), float64(rows[f]), float64(cols[p]), float64(rows[p])
		apart := cost.of(cf, rf) + cost.of(cp, rp)
		if leaf[f] && cols[f] == 1 { // no front of its own is built for it
			apart -= cost.front * 0.6
		}
		if cost.of(cf+cp, cf+rp) <= apart {
			into[f] = p
			cols[p] += cols[f]
			rows[p] += cols[f]
		}
	}
	for f := nf - 1; f >= 0; f-- {
		into[f] = into[into[f]]
	}
	return into
}

// findRows fills rowAt and rows: the pivots of each front, then the rows below
// in increasing order.
func (s *symbolic) findRows(g *graph) {
	nf := s.fronts()
	n := s.n
	of := make([]int32, n)
	for j := int(s.first[nf]); j < n; j++ {
		of[j] = -1
	}
	for f := 0; f < nf; f++ {
		for j := s.first[f]; j < s.first[f+1]; j++ {
			of[j] = int32(f)
		}
	}
	mark := make([]int32, nf)
	visit := func(found func(f, row int32)) {
		for f := range mark {
			mark[f] = -1
		}
		for k := int32(0); k < int32(n); k++ {
			i := s.node[k]
			own := of[k]
			if own >= 0 {
				mark[own] = k
			}
			for _, v := range g.adj[g.ptr[i]:g.ptr[i+1]] {
				j := s.place[v]
				if j >= k {
					continue
				}
				for f := of[j]; f >= 0 && f != own && mark[f] != k; f = s.parent[f] {
					mark[f] = k
					found(f, k)
				}
			}
		}
	}
	s.rowAt = make([]int, nf+1)
	visit(func(f, _ int32) { s.rowAt[f+1]++ })
	for f := 0; f < nf; f++ {
		s.rowAt[f+1] += s.rowAt[f] + int(s.first[f+1]-s.first[f])
	}
	s.rows = make([]int32, s.rowAt[nf])
	at := make([]int, nf)
	for f := 0; f < nf; f++ {
		at[f] = s.rowAt[f]
		for j := s.first[f]; j < s.first[f+1]; j++ {
			s.rows[at[f]] = j
			at[f]++
		}
	}
	visit(func(f, row int32) {
		s.rows[at[f]] = row
		at[f]++
	})
}

// plan lays out panels, updates and relative indices.
func (s *symbolic) plan() {
	nf := s.fronts()
	s.panel = make([]int, nf+1)
	s.update = make([]int, nf)
	s.stack = make([]uint8, nf)
	s.leaf = make([]bool, nf)
	s.rel = make([]int32, len(s.rows))
	s.childAt = make([]int32, nf+1)
	s.shapes = make([]shape, 0, nf)
	above := int32(s.topColumn())
	for f := 0; f < nf; f++ {
		if p := s.parent[f]; p >= 0 {
			s.childAt[p+1]++
		}
	}
	for f := 0; f < nf; f++ {
		s.childAt[f+1] += s.childAt[f]
	}
	s.child = make([]int32, s.childAt[nf])
	at := slices.Clone(s.childAt[:nf])
	for f := 0; f < nf; f++ {
		if p := s.parent[f]; p >= 0 {
			s.child[at[p]] = int32(f)
			at[p]++
		}
	}
	depth := make([]int32, nf)
	for f := nf - 1; f >= 0; f-- {
		if p := s.parent[f]; p >= 0 {
			depth[f] = depth[p] + 1
		}
	}
	// A front's update goes on the stack of its depth's parity: there its
	// siblings lie on top when the parent comes to take them. What a part leaves
	// to the top is kept apart.
	var top [2]int
	part := 0
	for f := 0; f < nf; f++ {
		for f >= int(s.partAt[part+1]) {
			part++
			top = [2]int{}
		}
		cols := int(s.first[f+1] - s.first[f])
		rows := s.rowAt[f+1] - s.rowAt[f]
		u := rows - cols
		s.largest = max(s.largest, rows)
		inside := u // rows below the pivots that lie in the front's own part
		for part < parts && inside > 0 && s.rows[s.rowAt[f]+cols+inside-1] >= above {
			inside--
		}
		s.panel[f+1] = s.panel[f] + rows*cols
		s.shapes = append(s.shapes, shape{s.first[f], int32(cols), int32(inside), int32(u - inside), s.rowAt[f] + cols, s.panel[f]})
		s.leaf[f] = cols == 1 && s.childAt[f] == s.childAt[f+1] && s.parent[f] >= 0
		fu, fc := float64(u), float64(cols)
		s.flops += fc * (fu*fu + fu*fc + fc*fc/3)
		side := depth[f] & 1
		for _, c := range s.child[s.childAt[f]:s.childAt[f+1]] {
			if !s.leaf[c] && s.stack[c] != keptStack {
				top[1-side] = s.update[c]
				break
			}
		}
		s.stack[f] = uint8(side)
		switch {
		case s.leaf[f] || s.parent[f] < 0 && u == 0:
		case part < parts && s.parent[f] >= s.partAt[parts]:
			s.stack[f] = keptStack
			s.update[f] = s.keptSize
			s.keptSize += u * u
		default:
			s.update[f] = top[side]
			s.stackSize[part][side] = max(s.stackSize[part][side], top[side]+u*u)
			if s.parent[f] >= 0 {
				top[side] += u * u
			}
		}
		if p := s.parent[f]; p >= 0 {
			mine := s.rows[s.rowAt[f]+cols : s.rowAt[f+1]]
			theirs := s.rows[s.rowAt[p]:s.rowAt[p+1]]
			rel := s.rel[s.rowAt[f]+cols : s.rowAt[f+1]]
			k := int32(0)
			for a, r := range mine {
				for theirs[k] != r {
					k++
				}
				rel[a] = k
			}
		} else {
			for a := s.rowAt[f] + cols; a < s.rowAt[f+1]; a++ {
				s.rel[a] = s.rows[a] - s.first[nf]
			}
		}
	}
}
