package main

import (
	"math"
	"math/rand/v2"
	"sort"

	"example.org/busbar/lp"
)

// timeslices makes an LP of the shape of TIMES and OSeMOSYS: decades of years,
// few slices in each, many technologies, capacities that live for years, and
// rows that only define sums. Technologies turn a primary commodity into a
// carrier and carriers into services that must be met in every slice; a budget
// of emissions holds over all years.
//
// With years = 33, slices = 8 and techs = 340 it has the measures of the
// national model of Laos that docs/native-solver.md names.
func timeslices(years, slices, techs int, seed uint64) *lp.Problem {
	rng := rand.New(rand.NewPCG(seed, 23))
	b := &slicer{}
	inf := math.Inf(1)
	fuels := max(4, techs/5)
	carriers := fuels / 2 // the rest are services
	discount := func(y int) float64 { return math.Pow(1.1, -float64(y)) }
	share := 1 / float64(slices)

	balance := make([][]int32, fuels) // carriers, then services
	need := make([]float64, fuels)
	for f := range balance {
		need[f] = 20 + 80*rng.Float64()
		for y := range years {
			for range slices {
				demand := 0.0
				if f >= carriers {
					demand = need[f] * math.Pow(1.04, float64(y)) * (0.8 + 0.4*rng.Float64()) * share
				}
				balance[f] = append(balance[f], b.row(demand, inf))
			}
		}
	}
	budget := b.row(-inf, 0)
	total := 0.0
	for t := range techs {
		// Every fuel has a maker; the rest are drawn.
		out, in := t%fuels, -1
		if out >= carriers {
			in = rng.IntN(carriers)
		}
		efficiency := 0.3 + 0.6*rng.Float64()
		dirty := 0.0
		if rng.IntN(3) == 0 {
			dirty = 0.5 + rng.Float64()
		}
		invest, fuel, fixed := 200+1800*rng.Float64(), 5+30*rng.Float64()*(0.2+dirty), 5+20*rng.Float64()
		life := 10 + rng.IntN(25)
		available := make([]float64, slices)
		for s := range available {
			available[s] = 0.2 + 0.7*rng.Float64()
		}
		old := need[out] / 20 * rng.Float64() * 2
		var built []int
		var before int
		for y := range years {
			// What is there: what was built in its life, and what is left of old.
			capacity := b.col(0, 0, inf)
			new := b.col(0, 0, inf)
			built = append(built, new)
			stock := b.row(old*math.Max(0, 1-float64(y)/20), 0)
			b.upper[stock] = b.lower[stock]
			b.add(stock, capacity, 1)
			for yy := max(0, y-life+1); yy <= y; yy++ {
				b.add(stock, built[yy], -1)
			}
			// Money, in columns of its own as these models have it.
			spent := b.col(discount(y), 0, inf)
			money := b.row(0, 0)
			b.add(money, spent, 1)
			b.add(money, new, -invest)
			upkeep := b.col(0, 0, inf)
			keep := b.row(0, 0)
			b.add(keep, upkeep, 1)
			b.add(keep, capacity, -fixed)
			b.add(money, upkeep, -1)
			// A year's output, by slices.
			made := b.col(0, 0, inf)
			sum := b.row(0, 0)
			b.add(sum, made, 1)
			b.add(money, made, -fuel)
			if dirty > 0 {
				b.add(budget, made, dirty)
				total += dirty * need[out] / 10
			}
			for s := range slices {
				act := b.col(0, 0, inf)
				b.add(sum, act, -1)
				at := y*slices + s
				b.add(balance[out][at], act, 1)
				if in >= 0 {
					b.add(balance[in][at], act, -1/efficiency)
				}
				limit := b.row(-inf, 0)
				b.add(limit, act, 1)
				b.add(limit, capacity, -8.76*available[s]*share)
			}
			year := b.row(-inf, 0)
			b.add(year, made, 1)
			b.add(year, capacity, -8.76*0.8)
			if y > 0 { // no more than twice as much as the year before, and a start
				growth := b.row(-inf, need[out]/10)
				b.add(growth, new, 1)
				b.add(growth, before, -2)
			}
			before = new
		}
	}
	for f := range fuels { // imports at a price keep it feasible
		for y := range years {
			for s := range slices {
				buy := b.col(400*discount(y), 0, inf)
				b.add(balance[f][y*slices+s], buy, 1)
			}
		}
	}
	b.upper[budget] = total
	return b.problem()
}

// slicer collects a problem entry by entry.
type slicer struct {
	lower, upper []float64
	cost, low    []float64
	high         []float64
	entries      []entry
}

type entry struct {
	col   int
	row   int32
	value float64
}

func (b *slicer) row(lower, upper float64) int32 {
	b.lower, b.upper = append(b.lower, lower), append(b.upper, upper)
	return int32(len(b.lower) - 1)
}

func (b *slicer) col(cost, low, high float64) int {
	b.cost, b.low, b.high = append(b.cost, cost), append(b.low, low), append(b.high, high)
	return len(b.cost) - 1
}

func (b *slicer) add(row int32, col int, v float64) {
	b.entries = append(b.entries, entry{col, row, v})
}

func (b *slicer) problem() *lp.Problem {
	sort.SliceStable(b.entries, func(i, k int) bool {
		x, y := b.entries[i], b.entries[k]
		return x.col < y.col || x.col == y.col && x.row < y.row
	})
	p := &lp.Problem{
		Cost: b.cost, ColLower: b.low, ColUpper: b.high, RowLower: b.lower, RowUpper: b.upper, Start: make([]int64, len(b.cost)+1),
	}
	for _, e := range b.entries {
		p.Index, p.Value = append(p.Index, e.row), append(p.Value, e.value)
		p.Start[e.col+1]++
	}
	for j := range b.cost {
		p.Start[j+1] += p.Start[j]
	}
	return p
}
