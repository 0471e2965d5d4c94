package native

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// gridGraph is the 5-point grid of k x k nodes.
func gridGraph(k int) *graph {
	g := &graph{ptr: []int{0}}
	for a := 0; a < k; a++ {
		for b := 0; b < k; b++ {
			for _, d := range [][2]int{{-1, 0}, {0, -1}, {0, 1}, {1, 0}} {
				if x, y := a+d[0], b+d[1]; x >= 0 && y >= 0 && x < k && y < k {
					g.adj = append(g.adj, int32(x*k+y))
				}
			}
			g.ptr = append(g.ptr, len(g.adj))
		}
	}
	return g
}

func randomGraph(rng *rand.Rand, n int, p float64) *graph {
	nb := make([][]int32, n)
	for i := 0; i < n; i++ {
		for j := 0; j < i; j++ {
			if rng.Float64() < p {
				nb[i] = append(nb[i], int32(j))
				nb[j] = append(nb[j], int32(i))
			}
		}
	}
	g := &graph{ptr: []int{0}}
	for _, l := range nb {
		g.adj = append(g.adj, l...)
		g.ptr = append(g.ptr, len(g.adj))
	}
	return g
}

// fill counts the entries of L by eliminating on the graph itself.
func fill(g *graph, order []int32) int {
	n := g.nodes()
	place := invert(order)
	nb := make([]map[int32]bool, n)
	for i := range nb {
		nb[i] = map[int32]bool{}
		for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
			nb[i][j] = true
		}
	}
	total := n
	for _, i := range order {
		var later []int32
		for j := range nb[i] {
			if place[j] > place[i] {
				later = append(later, j)
			}
		}
		total += len(later)
		for _, a := range later {
			for _, b := range later {
				if a != b {
					nb[a][b] = true
				}
			}
		}
	}
	return total
}

func checkPermutation(t *testing.T, order []int32, n int) {
	t.Helper()
	seen := make([]bool, n)
	if len(order) != n {
		t.Fatalf("order has %d places, want %d", len(order), n)
	}
	for _, i := range order {
		if seen[i] {
			t.Fatalf("node %d twice", i)
		}
		seen[i] = true
	}
}

func TestMinimumDegreeOrdersEveryNodeOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := 0; trial < 300; trial++ {
		n := 1 + rng.IntN(60)
		g := randomGraph(rng, n, rng.Float64()*rng.Float64())
		checkPermutation(t, minimumDegree(g, nil), n)
	}
}

func TestMinimumDegreeOnATreeMakesNoFill(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	n := 500
	nb := make([][]int32, n)
	for i := 1; i < n; i++ {
		p := rng.IntN(i)
		nb[i] = append(nb[i], int32(p))
		nb[p] = append(nb[p], int32(i))
	}
	g := &graph{ptr: []int{0}}
	for _, l := range nb {
		g.adj = append(g.adj, l...)
		g.ptr = append(g.ptr, len(g.adj))
	}
	if got, want := fill(g, minimumDegree(g, nil)), 2*n-1; got != want {
		t.Errorf("fill %d, want %d: a tree has a perfect elimination order", got, want)
	}
}

func TestMinimumDegreeBeatsTheBandOnAGrid(t *testing.T) {
	g := gridGraph(30)
	natural := make([]int32, g.nodes())
	for i := range natural {
		natural[i] = int32(i)
	}
	if a, b := fill(g, minimumDegree(g, nil)), fill(g, natural); a*2 > b {
		t.Errorf("minimum degree leaves %d entries, the band %d", a, b)
	}
}

func TestDenseNodesComeLast(t *testing.T) {
	// A star of chains: node 0 touches all.
	n := 200
	nb := make([][]int32, n)
	for i := 1; i < n; i++ {
		nb[0] = append(nb[0], int32(i))
		nb[i] = append(nb[i], 0)
		if i > 1 {
			nb[i] = append(nb[i], int32(i-1))
			nb[i-1] = append(nb[i-1], int32(i))
		}
	}
	g := &graph{ptr: []int{0}}
	for _, l := range nb {
		g.adj = append(g.adj, l...)
		g.ptr = append(g.ptr, len(g.adj))
	}
	order := orderDenseLast(g, 100)
	checkPermutation(t, order, n)
	if order[n-1] != 0 {
		t.Errorf("last is node %d, want the hub 0", order[n-1])
	}
}

func TestAnalyseHoldsEveryEntryOfTheFactor(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for trial := 0; trial < 200; trial++ {
		n := 1 + rng.IntN(50)
		g := randomGraph(rng, n, rng.Float64()*0.2)
		s := analyse(g, minimumDegree(g, nil))
		checkPermutation(t, s.node, n)
		has := map[[2]int32]bool{}
		for f := 0; f < s.fronts(); f++ {
			rows := s.rows[s.rowAt[f]:s.rowAt[f+1]]
			for k := 1; k < len(rows); k++ {
				if rows[k] <= rows[k-1] {
					t.Fatalf("rows of front %d are not increasing: %v", f, rows)
				}
			}
			for j := s.first[f]; j < s.first[f+1]; j++ {
				for _, r := range rows {
					has[[2]int32{r, j}] = true
				}
			}
			if p := s.parent[f]; p >= 0 {
				cols := int(s.first[f+1] - s.first[f])
				for k, r := range rows[cols:] {
					if got := s.rows[s.rowAt[p]+int(s.rel[s.rowAt[f]+cols+k])]; got != r {
						t.Fatalf("relative index points at row %d, want %d", got, r)
					}
				}
			}
		}
		// Eliminate symbolically and look every entry up.
		nb := make([]map[int32]bool, n)
		for i := range nb {
			nb[i] = map[int32]bool{}
			for _, v := range g.adj[g.ptr[s.node[i]]:g.ptr[s.node[i]+1]] {
				nb[i][s.place[v]] = true
			}
		}
		for j := int32(0); j < int32(n); j++ {
			for a := range nb[j] {
				if a <= j {
					continue
				}
				if !has[[2]int32{a, j}] {
					t.Fatalf("entry (%d,%d) of L has no place", a, j)
				}
				for b := range nb[j] {
					if b > j && a != b {
						nb[a][b] = true
					}
				}
			}
		}
	}
}

func TestManyLongRowsAreNotDense(t *testing.T) {
	// 400 rows over windows of 350 of 5000 columns: none may be put aside.
	rows, cols := 400, 5000
	nb := make([][]int32, rows+cols)
	for r := 0; r < rows; r++ {
		for k := 0; k < 350; k++ {
			c := rows + (11*r+k)%cols
			nb[r] = append(nb[r], int32(c))
			nb[c] = append(nb[c], int32(r))
		}
	}
	g := &graph{ptr: []int{0}}
	for _, l := range nb {
		g.adj = append(g.adj, l...)
		g.ptr = append(g.ptr, len(g.adj))
	}
	if limit := denseLimit(g); limit <= 350 {
		t.Errorf("limit %d puts %d rows aside", limit, rows)
	}
	// A hub over all columns is put aside.
	hub := graph{ptr: []int{0, cols}}
	for c := 1; c <= cols; c++ {
		hub.adj = append(hub.adj, int32(c))
	}
	for c := 1; c <= cols; c++ {
		hub.adj = append(hub.adj, 0)
		hub.ptr = append(hub.ptr, len(hub.adj))
	}
	if limit := denseLimit(&hub); limit != 300 {
		t.Errorf("limit %d, want 300", limit)
	}
}

// A hollow node has an earlier neighbour to itself where it has one that is not hollow
// and that no other wants; it has an earlier neighbour at all where any of them is not
// hollow.
func TestHollowNodesComeAfterAPartner(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	placed, shared := 0, 0
	for range 50 {
		n := 3 + rng.IntN(40)
		g := randomGraph(rng, n, 0.15)
		hollow := make([]bool, n)
		for i := range hollow {
			hollow[i] = rng.IntN(3) == 0
		}
		order := withPartners(g, minimumDegree(g, nil), hollow, n)
		checkPermutation(t, order, n)
		place := invert(order)
		// Partners by augmenting paths (Kuhn 1955).
		of := make([]int, n) // whose partner a node is, -1 for nobody's
		for j := range of {
			of[j] = -1
		}
		var seen []bool
		var match func(i int) bool
		match = func(i int) bool {
			for _, j := range g.adj[g.ptr[i]:g.ptr[i+1]] {
				if place[j] > place[i] || seen[j] {
					continue
				}
				seen[j] = true
				if of[j] < 0 || match(of[j]) {
					of[j] = i
					return true
				}
			}
			return false
		}
		for _, v := range order {
			if !hollow[v] {
				continue
			}
			full, earlier, own := false, false, false
			for _, j := range g.adj[g.ptr[v]:g.ptr[v+1]] {
				full = full || !hollow[j]
				earlier = earlier || place[j] < place[v]
				// Nobody else wants it: its other neighbours are not hollow.
				alone := !hollow[j]
				for _, w := range g.adj[g.ptr[j]:g.ptr[j+1]] {
					alone = alone && (w == v || !hollow[w])
				}
				own = own || alone
			}
			seen = make([]bool, n)
			matched := match(int(v))
			switch {
			case full && !earlier:
				t.Fatalf("hollow node %d is eliminated before all its neighbours", v)
			case own && !matched:
				t.Fatalf("hollow node %d does not come after the neighbour that it has to itself", v)
			case matched:
				placed++
			case earlier:
				shared++
			}
		}
	}
	if placed < 5*shared {
		t.Errorf("%d hollow nodes found a partner to themselves, %d did not", placed, shared)
	}
}

// Where nearly everything is hollow (free stores, flows without bounds, balances) a
// node that waited for a partner to itself would wait for the end of the chain.
func TestPartnersKeepTheFill(t *testing.T) {
	const hours = 2000
	// Of each hour: level and flow, free; plant, bounded; chain and balance, equations.
	node := func(hour, k int) int32 { return int32(hour%hours*5 + k) }
	var from, to []int32
	edge := func(a, b int32) { from, to = append(from, a), append(to, b) }
	hollow := make([]bool, 5*hours)
	for h := range hours {
		level, flow, plant, chain, balance := node(h, 0), node(h, 1), node(h, 2), node(h, 3), node(h, 4)
		edge(level, chain)
		edge(node(h+1, 3), level)
		edge(flow, chain)
		edge(flow, balance)
		edge(plant, balance)
		for _, i := range []int32{level, flow, chain, balance} {
			hollow[i] = true
		}
	}
	g := graphOf(5*hours, from, to)
	order := minimumDegree(&g, nil)
	before := analyse(&g, order).entries()
	after := analyse(&g, withPartners(&g, slices.Clone(order), hollow, 300)).entries()
	if after > 2*before {
		t.Errorf("%d entries with partners, %d without", after, before)
	}
}
