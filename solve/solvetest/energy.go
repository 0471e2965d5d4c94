package solvetest

import (
	"math"
	"math/rand/v2"

	"example.org/busbar/lp"
)

// Energy makes the planning LP of a small power system, the same for the same
// arguments: at each bus wind, sun, a battery and a reservoir with inflow, all
// but the reservoir to be built; a load with shedding; lines in a ring with
// losses. One step an hour, stores cyclic. Costs are annual, per MW and MWh.
// Its size per bus and hour is about 6 rows and 8 columns.
func Energy(buses, hours int, seed uint64) *lp.Problem {
	rng := rand.New(rand.NewPCG(seed, 11))
	w := &builder{}
	year := 8760 / float64(hours)
	inf := lp.Inf
	type bus struct{ balance []int32 }
	all := make([]bus, buses)
	for b := range all {
		all[b].balance = make([]int32, hours)
		scale := 0.5 + rng.Float64()
		for h := range all[b].balance {
			day := float64(h % 24)
			load := 1000 * scale * (1 + 0.25*math.Sin((day-9)*math.Pi/12) + 0.05*rng.NormFloat64())
			all[b].balance[h] = w.row(load, load)
		}
	}
	for b := range all {
		bal := all[b].balance
		windCap := w.column(150_000, 0, 6000)
		sunCap := w.column(70_000, 0, 6000)
		power := w.column(30_000, 0, 3000)
		energy := w.column(20_000, 0, 20000)
		wind, season := 0.35, rng.Float64()
		hydroCap, hydroFull := 300*(0.5+rng.Float64()), 300_000.0
		var soc, level []int32
		for h := 0; h < hours; h++ {
			soc = append(soc, w.row(0, 0))
			level = append(level, w.row(-hydroCap*0.4*(1+0.8*math.Sin(2*math.Pi*(float64(h)/float64(hours)+season))), 0))
			w.upper[level[h]] = w.lower[level[h]]
		}
		for h := 0; h < hours; h++ {
			next := (h + 1) % hours
			wind = math.Min(1, math.Max(0, wind+0.06*(0.35-wind)+0.06*rng.NormFloat64()))
			day := float64(h % 24)
			sun := math.Max(0, math.Sin((day-6)*math.Pi/12)) * (0.5 + 0.5*rng.Float64())

			// Output up to what the weather gives of the capacity.
			c := w.column(year*0.5, 0, inf)
			w.entry(c, bal[h], 1)
			r := w.row(-inf, 0)
			w.entry(c, r, 1)
			w.entry(windCap, r, -wind)
			if sun > 0 {
				c = w.column(0, 0, inf)
				w.entry(c, bal[h], 1)
				r = w.row(-inf, 0)
				w.entry(c, r, 1)
				w.entry(sunCap, r, -sun)
			}
			// Battery: charge, discharge, energy held.
			for _, side := range []struct{ grid, store float64 }{{-1, 0.95}, {1, -1 / 0.95}} {
				c = w.column(year*0.1, 0, inf)
				w.entry(c, bal[h], side.grid)
				w.entry(c, soc[h], side.store)
				r = w.row(-inf, 0)
				w.entry(c, r, 1)
				w.entry(power, r, -1)
			}
			c = w.column(0, 0, inf)
			w.entry(c, soc[h], -1)
			w.entry(c, soc[next], 0.9999)
			r = w.row(-inf, 0)
			w.entry(c, r, 1)
			w.entry(energy, r, -1)
			// Reservoir: release, spill, level in MWh.
			c = w.column(year*1, 0, hydroCap)
			w.entry(c, bal[h], 1)
			w.entry(c, level[h], -1)
			c = w.column(year*0.01, 0, inf)
			w.entry(c, level[h], -1)
			c = w.column(0, 0, hydroFull)
			w.entry(c, level[h], -1)
			w.entry(c, level[next], 1)
			// Load that is not met.
			c = w.column(year*2000, 0, inf)
			w.entry(c, bal[h], 1)
		}
		if to := (b + 1) % buses; to != b {
			line := w.column(40_000, 0, 2000)
			for h := 0; h < hours; h++ {
				for _, way := range [][2][]int32{{bal, all[to].balance}, {all[to].balance, bal}} {
					c := w.column(year*0.2, 0, inf)
					w.entry(c, way[0][h], -1)
					w.entry(c, way[1][h], 0.97)
					r := w.row(-inf, 0)
					w.entry(c, r, 1)
					w.entry(line, r, -1)
				}
			}
		}
	}
	return w.problem()
}

// builder collects entries in any order.
type builder struct {
	cost, colLower, colUpper []float64
	lower, upper             []float64
	col, rows                []int32
	value                    []float64
}

func (w *builder) row(lower, upper float64) int32 {
	w.lower, w.upper = append(w.lower, lower), append(w.upper, upper)
	return int32(len(w.lower) - 1)
}

func (w *builder) column(cost, lower, upper float64) int32 {
	w.cost = append(w.cost, cost)
	w.colLower, w.colUpper = append(w.colLower, lower), append(w.colUpper, upper)
	return int32(len(w.cost) - 1)
}

func (w *builder) entry(col, row int32, v float64) {
	w.col, w.rows, w.value = append(w.col, col), append(w.rows, row), append(w.value, v)
}

// problem sorts the entries by row, then stably by column.
func (w *builder) problem() *lp.Problem {
	byRow := counting(w.rows, len(w.lower), nil)
	order := counting(w.col, len(w.cost), byRow)
	p := &lp.Problem{
		Cost: w.cost, ColLower: w.colLower, ColUpper: w.colUpper, RowLower: w.lower, RowUpper: w.upper,
		Start: make([]int64, len(w.cost)+1),
	}
	for _, k := range order {
		p.Start[w.col[k]+1]++
		p.Index, p.Value = append(p.Index, w.rows[k]), append(p.Value, w.value[k])
	}
	for j := range w.cost {
		p.Start[j+1] += p.Start[j]
	}
	return p
}

// counting returns the positions of keys, taken in the order before (nil: as
// they stand), sorted by key.
func counting(keys []int32, n int, before []int) []int {
	start := make([]int, n+1)
	for _, k := range keys {
		start[k+1]++
	}
	for i := 0; i < n; i++ {
		start[i+1] += start[i]
	}
	out := make([]int, len(keys))
	place := func(k int) {
		out[start[keys[k]]] = k
		start[keys[k]]++
	}
	if before == nil {
		for k := range keys {
			place(k)
		}
	} else {
		for _, k := range before {
			place(k)
		}
	}
	return out
}
