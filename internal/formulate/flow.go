package formulate

import (
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// flow is a block of rate columns that reaches a bus: scale x ratio x column
// of each step arrives in the bus delay hours later.
type flow struct {
	what   What  // the columns
	index  int32 // of the primitive
	port   int32 // which of its ports; see Flow
	bus    int32
	col    int32 // first column
	grid   int32
	ratio  primitive.Series
	scale  float64
	delay  float64
	cyclic bool
	// sampled: what arrives in a step is another step's column; see Port.
	sampled bool
}

// one is the ratio of a flow that is its column.
var one = primitive.Const(1)

// flows visits every flow of the model but the constants (fixed demand,
// inflow, uses of capacities). Balances, prices and limits of accounts all go
// through it, so that none can miss a flow.
func (b *builder) flows(visit func(*flow)) {
	b.unitFlows(visit)
	b.storeFlows(visit)
	b.routeFlows(visit)
	b.demandFlows(visit)
	b.tradeFlows(visit)
	b.lineFlows(visit)
}

// portFlow is the flow of columns through a port.
func (b *builder) portFlow(f flow, port int, p *primitive.Port, visit func(*flow)) {
	f.port, f.bus, f.ratio, f.delay, f.cyclic = int32(port), p.Bus, p.Ratio, p.Delay, p.Cyclic
	f.sampled = p.Sampled && p.Delay > 0
	visit(&f)
}

// arrive is arrivals for a delay that has been checked.
func (a *axes) arrive(f *flow) []int32 {
	to, _ := a.arrivals(f.grid, f.delay, f.cyclic)
	return to
}

// join enters a flow in the balance rows of its bus. Rows hold mean rates: a
// step finer than the bus's counts with its share of the hours, a coarser one
// enters every row it covers.
func (b *builder) join(f *flow) {
	row := b.busRow[f.bus]
	if row == primitive.None {
		return
	}
	g := b.m.Commodities[b.m.Buses[f.bus].Commodity].Grid
	n := int32(b.times[f.grid].Len())
	if f.sampled {
		ratio := b.on(f.ratio, g)
		for t, from := range b.sources(g, f.delay, f.cyclic) {
			if from != clock.None {
				b.add(row+int32(t), f.col+from, f.scale*ratio.at(int32(t)))
			}
		}
		return
	}
	to := b.arrive(f)
	if g == f.grid {
		ratio := b.on(f.ratio, g)
		for t := int32(0); t < n; t++ {
			at := t
			if to != nil {
				if at = to[t]; at == clock.None {
					continue
				}
			}
			b.add(row+at, f.col+t, f.scale*ratio.at(t))
		}
		return
	}
	if up := b.within(f.grid, g); up != nil {
		ratio := b.on(f.ratio, f.grid)
		fine, coarse := b.times[f.grid].Hours, b.times[g].Hours
		for t := int32(0); t < n; t++ {
			at := t
			if to != nil {
				if at = to[t]; at == clock.None {
					continue
				}
			}
			b.add(row+up[at], f.col+t, f.scale*ratio.at(t)*(fine[at]/coarse[up[at]]))
		}
		return
	}
	// The bus is finer. A delayed flow keeps the mean ratio of its departure.
	up := b.within(g, f.grid)
	if to == nil {
		ratio := b.on(f.ratio, g)
		for s, t := range up {
			b.add(row+int32(s), f.col+t, f.scale*ratio.at(int32(s)))
		}
		return
	}
	ratio := b.on(f.ratio, f.grid)
	first, ticks := b.times[f.grid].First, b.times[g].First
	s := int32(0)
	for t := int32(0); t < n; t++ {
		at := to[t]
		if at == clock.None {
			continue
		}
		for s > 0 && ticks[s] > first[at] {
			s--
		}
		for ticks[s] < first[at] {
			s++
		}
		v := f.scale * ratio.at(t)
		for ; ticks[s] < first[at+1]; s++ {
			b.add(row+s, f.col+t, v)
		}
	}
}
