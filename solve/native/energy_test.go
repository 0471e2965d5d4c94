package native

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"example.org/busbar/lp"
)

// builder collects a problem by triplets in column order.
type builder struct {
	p    lp.Problem
	cols [][]lpEntry
}

type lpEntry struct {
	row   int32
	value float64
}

func (b *builder) row(lower, upper float64) int32 {
	b.p.RowLower = append(b.p.RowLower, lower)
	b.p.RowUpper = append(b.p.RowUpper, upper)
	return int32(len(b.p.RowLower) - 1)
}

func (b *builder) col(cost, lower, upper float64) int {
	b.p.Cost = append(b.p.Cost, cost)
	b.p.ColLower = append(b.p.ColLower, lower)
	b.p.ColUpper = append(b.p.ColUpper, upper)
	b.cols = append(b.cols, nil)
	return len(b.cols) - 1
}

func (b *builder) add(row int32, col int, v float64) {
	if v != 0 {
		b.cols[col] = append(b.cols[col], lpEntry{row, v})
	}
}

func (b *builder) problem() *lp.Problem {
	p := b.p
	p.Start = []int64{0}
	for _, c := range b.cols {
		sortBy(c, func(e lpEntry) int { return int(e.row) })
		for k, e := range c {
			if k > 0 && c[k-1].row == e.row {
				p.Value[len(p.Value)-1] += e.value
				continue
			}
			p.Index = append(p.Index, e.row)
			p.Value = append(p.Value, e.value)
		}
		p.Start = append(p.Start, int64(len(p.Index)))
	}
	return &p
}

// energySystem is a planning problem of hours at buses: wind, sun and
// batteries to be built everywhere, hydro with a reservoir at every third bus, a
// meshed grid to be reinforced under Kirchhoff's voltage law, trade at bus 0
// under a yearly budget, and a flat load with ramps and a heat store that must
// make its yearly output.
func energySystem(buses, hours int, seed uint64) *lp.Problem {
	rng := rand.New(rand.NewPCG(seed, 17))
	b := &builder{}
	year := float64(hours) / 8760
	price := func(perKW float64) float64 { return perKW * 1000 * 0.09 * year * (0.9 + 0.2*rng.Float64()) }

	// Weather: days, fronts of a few days, seasons.
	series := func(sun bool) []float64 {
		s := make([]float64, hours)
		front := rng.Float64()
		for t := range s {
			hour := float64(t % 24)
			season := math.Cos(2 * math.Pi * float64(t) / float64(hours))
			front += 0.03*rng.NormFloat64() + 0.02*(0.45-front)
			front = math.Min(math.Max(front, 0), 1)
			if sun {
				s[t] = math.Max(0, math.Sin((hour-6)*math.Pi/12)) * (0.75 - 0.15*season) * (1 - 0.6*front)
			} else {
				s[t] = math.Min(1, math.Max(0, front*(0.9+0.3*season)+0.05*rng.NormFloat64()))
			}
			s[t] = math.Round(s[t]*1e4) / 1e4
		}
		return s
	}

	balance := make([][]int32, buses)
	for bus := range balance {
		balance[bus] = make([]int32, hours)
		size := 300 + 700*rng.Float64()
		for t := range balance[bus] {
			hour := float64(t % 24)
			load := size * (0.8 + 0.2*math.Sin((hour-9)*math.Pi/12) + 0.05*rng.NormFloat64())
			load = math.Round(load*100) / 100
			balance[bus][t] = b.row(load, load)
		}
	}
	for bus := 0; bus < buses; bus++ {
		// Wind and sun: gen <= availability * capacity.
		for k, sun := range []bool{false, true} {
			c := b.col(price([]float64{1500, 800}[k]), 0, 5000)
			avail := series(sun)
			for t, a := range avail {
				if a == 0 {
					continue
				}
				r := b.row(-inf, 0)
				g := b.col(0.1*rng.Float64(), 0, inf)
				b.add(balance[bus][t], g, 1)
				b.add(r, g, 1)
				b.add(r, c, -a)
			}
		}
		// Battery: power and energy capacity, a chain in time, the last hour joined to the first.
		power := b.col(price(250), 0, inf)
		energy := b.col(price(200), 0, inf)
		chain := make([]int32, hours)
		for t := range chain {
			chain[t] = b.row(0, 0)
		}
		for t := range chain {
			charge := b.col(0.2, 0, inf)
			discharge := b.col(0.2, 0, inf)
			level := b.col(0, 0, inf)
			b.add(balance[bus][t], charge, -1)
			b.add(balance[bus][t], discharge, 1)
			b.add(chain[t], charge, -0.95)
			b.add(chain[t], discharge, 1/0.95)
			b.add(chain[t], level, 1)
			b.add(chain[(t+1)%hours], level, -0.9999)
			for k, v := range []int{charge, discharge, level} {
				r := b.row(-inf, 0)
				b.add(r, v, 1)
				b.add(r, []int{power, power, energy}[k], -1)
			}
		}
		// Hydro: reservoir, turbine, spill.
		if bus%3 == 0 {
			inflow := 150 + 100*rng.Float64()
			chain := make([]int32, hours)
			for t := range chain {
				in := inflow * (1 - 0.7*math.Cos(2*math.Pi*float64(t)/float64(hours)-0.5))
				chain[t] = b.row(in, in)
			}
			for t := range chain {
				turbine := b.col(0.5, 0, 2*inflow)
				spill := b.col(0, 0, inf)
				level := b.col(0, 0, 400*inflow)
				b.add(balance[bus][t], turbine, 1)
				b.add(chain[t], turbine, 1)
				b.add(chain[t], spill, 1)
				b.add(chain[t], level, 1)
				b.add(chain[(t+1)%hours], level, -1)
			}
		}
		// Load not served.
		for t := 0; t < hours; t++ {
			b.add(balance[bus][t], b.col(3000, 0, inf), 1)
		}
	}
	// Trade at bus 0 with a yearly cap on imports.
	budget := b.row(-inf, 100*float64(hours))
	for t := 0; t < hours; t++ {
		p := 60 + 30*math.Sin(float64(t%24-14)*math.Pi/12) + 10*rng.NormFloat64()
		buy := b.col(p, 0, 400)
		sell := b.col(-0.7*p, 0, 200)
		b.add(balance[0][t], buy, 1)
		b.add(balance[0][t], sell, -1)
		b.add(budget, buy, 1)
	}
	// The flat load: 95-103 % of nominal, ramps, heat store, yearly output.
	nominal := 500.0
	output := b.row(0.999*nominal*float64(hours), inf)
	var before, heatBefore int
	for t := 0; t < hours; t++ {
		p := b.col(0, 0.95*nominal, 1.03*nominal)
		heat := b.col(0, -1.5*nominal*0.05, 1.5*nominal*0.05)
		b.add(balance[0][t], p, -1)
		b.add(output, p, 1)
		h := b.row(-nominal, -nominal)
		b.add(h, heat, 1)
		b.add(h, p, -1)
		if t > 0 {
			b.add(h, heatBefore, -1)
			r := b.row(-0.02*nominal, 0.02*nominal)
			b.add(r, p, 1)
			b.add(r, before, -1)
		}
		before, heatBefore = p, heat
	}
	// Lines: a ring and chords; the first half obeys the voltage law.
	type line struct{ a, b int }
	var lines []line
	if buses == 2 {
		lines = append(lines, line{0, 1})
	} else if buses > 2 {
		for k := 0; k < buses; k++ {
			lines = append(lines, line{k, (k + 1) % buses})
		}
		for k := 0; k < buses/3; k++ {
			x := rng.IntN(buses)
			y := (x + 2 + rng.IntN(max(1, buses-3))) % buses
			if x != y {
				lines = append(lines, line{x, y})
			}
		}
	}
	flow := make([][]int, len(lines))
	reactance := make([]float64, len(lines))
	for k, l := range lines {
		reactance[k] = 0.5 + rng.Float64()
		build := b.col(price(300), 100, 3000)
		flow[k] = make([]int, hours)
		for t := range flow[k] {
			f := b.col(0, -inf, inf)
			flow[k][t] = f
			b.add(balance[l.a][t], f, -1)
			b.add(balance[l.b][t], f, 1)
			up, down := b.row(-inf, 0), b.row(0, inf)
			b.add(up, f, 1)
			b.add(up, build, -1)
			b.add(down, f, 1)
			b.add(down, build, 1)
		}
	}
	if buses > 2 {
		for t := 0; t < hours; t++ { // the ring is a cycle; each chord closes one
			r := b.row(0, 0)
			for k := 0; k < buses; k++ {
				b.add(r, flow[k][t], reactance[k])
			}
			for k := buses; k < len(lines); k++ {
				r := b.row(0, 0)
				for q := lines[k].a; q != lines[k].b; q = (q + 1) % buses {
					b.add(r, flow[q][t], reactance[q])
				}
				b.add(r, flow[k][t], -reactance[k])
			}
		}
	}
	return b.problem()
}

func TestEnergySystems(t *testing.T) {
	sizes := [][2]int{{1, 168}, {3, 48}, {6, 72}, {8, 24}}
	if s := os.Getenv("ENERGY"); s != "" {
		var b, h int
		fmt.Sscanf(s, "%dx%d", &b, &h)
		sizes = [][2]int{{b, h}}
	}
	for _, s := range sizes {
		p := energySystem(s[0], s[1], 1)
		t0 := time.Now()
		sol, r := tracedSolve(t, p, os.Getenv("ENERGY") != "")
		d := time.Since(t0)
		c := lp.Certify(p, sol)
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		t.Logf("%d x %d: %d rows, %d columns, %d nonzeros: %d iterations, %.2fs, %.10e, %v, %d MiB from the system", s[0], s[1], p.Rows(), p.Cols(), p.Nonzeros(), r.iterations, d.Seconds(), sol.Objective, c, mem.Sys>>20)
		if !c.OK {
			t.Errorf("%d x %d: %s", s[0], s[1], sol.Note)
		}
	}
}
