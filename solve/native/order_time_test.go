package native

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// chainGraph is a ring of hours (or a line): in each hour k stores, each tied
// to itself an hour later, a balance tied to all stores of its hour, and
// capacities tied to one store of every hour. times has each node's hour.
func chainGraph(hours, k, capacities int, ring bool) (g *graph, times []int32) {
	n := hours*(k+1) + capacities
	nb := make([][]int32, n)
	edge := func(a, b int) {
		nb[a] = append(nb[a], int32(b))
		nb[b] = append(nb[b], int32(a))
	}
	for h := range hours {
		at := h * (k + 1)
		for s := range k {
			edge(at+s, at+k)
			if h+1 < hours || ring {
				edge(at+s, (h+1)%hours*(k+1)+s)
			}
		}
		for c := range capacities {
			edge(hours*(k+1)+c, at+c%k)
		}
		for range k + 1 {
			times = append(times, int32(h))
		}
	}
	for range capacities {
		times = append(times, -1)
	}
	g = &graph{ptr: []int{0}}
	for _, l := range nb {
		slices.Sort(l)
		g.adj = append(g.adj, l...)
		g.ptr = append(g.ptr, len(g.adj))
	}
	return g, times
}

func TestOrderByTimeOrdersEveryNodeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(1, 80).Draw(t, "n")
		g := randomGraph(rng, n, rng.Float64()*rng.Float64())
		times := make([]int32, n)
		span := rapid.IntRange(1, 50).Draw(t, "span")
		for i := range times {
			times[i] = int32(rng.IntN(span) - 1)
		}
		order := orderByTime(g, times, rapid.IntRange(1, n).Draw(t, "limit"), rapid.IntRange(1, 20).Draw(t, "width"))
		slices.Sort(order)
		for k, i := range order {
			if int(i) != k {
				t.Fatalf("place %d holds %d of the sorted order", k, i)
			}
		}
	})
}

// A sweep meets no more than the stores of an hour, those of the nearest cut and
// the capacities: each column of the factor has at most 2k+1 stores and balances
// beside itself and c capacities below it.
func TestOrderByTimeCarriesTheStatesAlone(t *testing.T) {
	const hours, k, c = 400, 6, 5
	for _, ring := range []bool{false, true} {
		g, times := chainGraph(hours, k, c, ring)
		order := orderByTime(g, times, 100, 1)
		place := invert(order)
		count := columnCounts(g, order, place, eliminationTree(g, order, place))
		if got := int(slices.Max(count)); got > 1+(2*k+1)+k+c {
			t.Errorf("ring %v: a column of %d entries; a sweep carries at most %d", ring, got, 1+(2*k+1)+k+c)
		}
		for _, i := range order[len(order)-c:] {
			if times[i] >= 0 {
				t.Errorf("ring %v: node %d of hour %d among the last, where the capacities belong", ring, i, times[i])
			}
		}
	}
}

func TestChooseOrderTakesTheCheapest(t *testing.T) {
	g, times := chainGraph(600, 8, 12, true)
	hollow := make([]bool, g.nodes())
	got := orderCost(g, chooseOrder(g, times, hollow, team{2}))
	if free := orderCost(g, chooseOrder(g, nil, hollow, team{1})); got > free {
		t.Errorf("the order with times costs %.3g, without %.3g", got, free)
	}
}

// A chain's levels are its hours, whatever end they start from: a store of one
// hour is a step from itself an hour later.
func TestLevelsFollowTheChain(t *testing.T) {
	const hours = 300
	g, times := chainGraph(hours, 2, 3, false)
	level := levels(g, 100)
	first, last := level[0], level[(hours-1)*3]
	for i, h := range times {
		if h < 0 {
			if level[i] >= 0 {
				t.Errorf("capacity %d has level %d", i, level[i])
			}
			continue
		}
		if d := min(abs(level[i]-first-h), abs(level[i]-last-(hours-1-h))); d > 2 {
			t.Errorf("node %d of hour %d has level %d", i, h, level[i])
		}
	}
}

func abs(v int32) int32 { return max(v, -v) }
