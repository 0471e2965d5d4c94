package formulate

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// drawn is a random model of every primitive on two buses, a store, metal by a
// coarser step and an account, always with a way to serve or shed.
func drawn(r *rapid.T, c *clock.Clock) *draft {
	d := on(c)
	n := c.Ticks()
	coarse := int32(len(c.Grids) - 1)
	number := func(name string, low, high float64) float64 {
		return math.Round(8*rapid.Float64Range(low, high).Draw(r, name)) / 8
	}
	vary := func(name string, low, high float64) primitive.Series {
		v := make([]float64, n)
		for t := range v {
			v[t] = number(name, low, high)
		}
		return primitive.Series{Data: v}
	}
	some := func(name string) bool { return rapid.Bool().Draw(r, name) }
	co2 := d.bus("co2", 0, primitive.Account)
	d.Buses[co2].Price = vary("co2 price", 0, 20)
	a := d.bus("electricity@a", 0, primitive.Exact)
	z := d.place("electricity@b", a)
	metal := d.bus("metal", coarse, primitive.Free)
	inside := d.bus("inside", 0, primitive.Exact)
	for _, bus := range []int32{a, z} {
		load := d.demand(bus, vary("load", 5, 20).Data...)
		load.ShedMax, load.ShedCost = 1, 500
	}
	d.Demands[0].Elastic = []primitive.Block{{Size: data(number("elastic", 0, 5)), Price: vary("worth", 0, 80)}}
	d.demand(metal, number("metal", 0, 1)).ShedMax = 1
	d.Demands[2].ShedCost = 800
	build := func(name string) int32 {
		return d.capacity(primitive.Capacity{Existing: number(name+" stands", 0, 5), Max: number(name+" max", 0, 20), Capital: number(name+" capital", 1, 40),
			Fixed: number(name+" fixed", 0, 2), Uses: []primitive.Port{to(co2, 0.5)}})
	}
	d.unit("wind", primitive.Unit{Bound: primitive.Bound{Capacity: build("wind"), Coef: 1, Max: vary("wind", 0, 1)}, Ports: []primitive.Port{to(a, 1)}})
	plant := d.unit("plant", primitive.Unit{Bound: share(build("plant"), 1), Ports: []primitive.Port{to(z, 1), to(co2, 0.5)}, Costs: per(number("fuel", 0, 60))})
	if some("ramp") {
		plant.Ramp = &primitive.Ramp{Up: number("up", 0.125, 1), Down: number("down", 0.125, 1), Initial: nan, Cyclic: some("ramp cyclic")}
	}
	if some("delay") {
		plant.Ports[1].Delay, plant.Ports[1].Cyclic = 1, some("delay cyclic")
	}
	pot := d.unit("potline", primitive.Unit{Bound: primitive.Bound{Capacity: none, Coef: 4, Max: data(1.25)}, Ports: []primitive.Port{to(a, -1), to(metal, 0.5)}})
	if some("window") {
		pot.Windows = []primitive.Window{{Hours: number("window", 1, 3), Min: math.Inf(-1), Max: number("sum", 1, 3), Cyclic: some("window cyclic")}}
	}
	d.unit("flat", primitive.Unit{Grid: coarse, Bound: upTo(3), Ports: []primitive.Port{to(z, -1), to(metal, 0.25)}, Costs: per(1)})
	power := build("power")
	d.unit("charge", primitive.Unit{Bound: share(power, 1), Ports: []primitive.Port{to(a, -1), to(inside, 0.875)}})
	d.unit("discharge", primitive.Unit{Bound: share(power, 1), Ports: []primitive.Port{to(a, 0.875), to(inside, -1)}})
	s := d.store("store", primitive.Store{Bus: inside, Bound: share(build("energy"), vary("room", 0.5, 1).Data...), Loss: number("loss", 0, 0.25),
		Inflow: data(number("inflow", 0, 2)), Spill: true, SpillMax: data(inf), SpillCost: number("spill", 0, 2)})
	if some("level cost") {
		s.Costs = per(number("level", 0, 1))
	}
	s.End = primitive.End(rapid.IntRange(0, 2).Draw(r, "end"))
	s.Final, s.Value = nan, number("value", 0, 30)
	d.route("line", primitive.Route{From: a, To: z, Bound: share(build("line"), 1), Back: data(0.5), Loss: 0.125, Costs: per(0.5), Uses: []primitive.Port{to(co2, 0.125)}})
	imports := d.trade("import", primitive.Trade{Bus: z, Max: data(number("import", 0, 6)), Price: vary("price", 10, 90), Also: []primitive.Port{to(co2, 0.25)},
		Blocks: []primitive.Block{{Size: data(2), Price: data(70)}}})
	if some("total") {
		imports.Scopes = []primitive.Total{{Span: primitive.EachYear, Max: []float64{number("total", 0, 50)}}}
	}
	d.trade("export", primitive.Trade{Bus: a, Sell: true, Max: data(2), Price: vary("sale", 0, 30)})
	d.Limits = []primitive.Limit{{Name: "co2", Span: primitive.EachYear, Max: []float64{number("cap", 0, 60)}, Soft: 50,
		Terms: []primitive.Term{{Of: primitive.BusAccount, Index: co2, Coef: one}}}}
	return d
}

// shuffle permutes some primitives and points limits and bounds to the new
// places.
func shuffle(d *draft, seed uint64) *draft {
	rnd := rand.New(rand.NewPCG(seed, 7))
	e := on(d.Clock)
	e.Commodities, e.Buses, e.Assets, e.Limits = d.Commodities, d.Buses, d.Assets, d.Limits
	to := make([]int32, len(d.Capacities))
	for at, from := range rnd.Perm(len(d.Capacities)) {
		e.Capacities = append(e.Capacities, d.Capacities[from])
		to[from] = int32(at)
	}
	bound := func(b primitive.Bound) primitive.Bound {
		if b.Capacity != none {
			b.Capacity = to[b.Capacity]
		}
		return b
	}
	for _, i := range rnd.Perm(len(d.Units)) {
		u := d.Units[i]
		u.Bound = bound(u.Bound)
		u.Ports = append([]primitive.Port(nil), u.Ports...)
		rnd.Shuffle(len(u.Ports), func(i, j int) { u.Ports[i], u.Ports[j] = u.Ports[j], u.Ports[i] })
		e.Units = append(e.Units, u)
	}
	for _, s := range d.Stores {
		s.Bound = bound(s.Bound)
		e.Stores = append(e.Stores, s)
	}
	for _, r := range d.Routes {
		r.Bound = bound(r.Bound)
		e.Routes = append(e.Routes, r)
	}
	for _, i := range rnd.Perm(len(d.Demands)) {
		e.Demands = append(e.Demands, d.Demands[i])
	}
	for _, i := range rnd.Perm(len(d.Trades)) {
		e.Trades = append(e.Trades, d.Trades[i])
	}
	return e
}

// scaled multiplies every price and cost.
func scaled(d *draft, by float64) *draft {
	e := &draft{d.Model}
	s := func(x primitive.Series) primitive.Series {
		x.Value *= by
		x.Data = append([]float64(nil), x.Data...)
		for t := range x.Data {
			x.Data[t] *= by
		}
		if len(x.Data) == 0 {
			x.Data = nil
		}
		return x
	}
	costs := func(c []primitive.Cost) []primitive.Cost {
		c = append([]primitive.Cost(nil), c...)
		for i := range c {
			c[i].Per = s(c[i].Per)
		}
		return c
	}
	blocks := func(k []primitive.Block) []primitive.Block {
		k = append([]primitive.Block(nil), k...)
		for i := range k {
			k[i].Price = s(k[i].Price)
		}
		return k
	}
	each(&e.Buses, func(x *primitive.Bus) { x.Price = s(x.Price) })
	each(&e.Capacities, func(x *primitive.Capacity) { x.Capital *= by; x.Fixed *= by; x.Sunk *= by })
	each(&e.Units, func(x *primitive.Unit) { x.Costs = costs(x.Costs) })
	each(&e.Stores, func(x *primitive.Store) { x.Costs = costs(x.Costs); x.SpillCost *= by; x.Value *= by })
	each(&e.Routes, func(x *primitive.Route) { x.Costs = costs(x.Costs) })
	each(&e.Demands, func(x *primitive.Demand) { x.ShedCost *= by; x.Elastic = blocks(x.Elastic) })
	each(&e.Trades, func(x *primitive.Trade) { x.Price = s(x.Price); x.Blocks = blocks(x.Blocks) })
	each(&e.Limits, func(x *primitive.Limit) { x.Soft *= by })
	return e
}

// wider gives every capacity, demand response and purchase more room.
func wider(d *draft) *draft {
	e := &draft{d.Model}
	each(&e.Capacities, func(x *primitive.Capacity) { x.Max += 2 })
	each(&e.Units, func(x *primitive.Unit) {
		if x.Bound.Capacity == none {
			x.Bound.Coef *= 1.5
		}
		if x.Ramp != nil {
			r := *x.Ramp
			r.Up *= 1.5
			x.Ramp = &r
		}
		windows := append([]primitive.Window(nil), x.Windows...)
		for i := range windows {
			windows[i].Max++
		}
		x.Windows = windows
	})
	each(&e.Trades, func(x *primitive.Trade) { x.Max.Value++ })
	each(&e.Limits, func(x *primitive.Limit) { x.Max = []float64{x.Max[0] + 1} })
	return e
}

func each[T any](all *[]T, change func(*T)) {
	*all = append([]T(nil), *all...)
	for i := range *all {
		change(&(*all)[i])
	}
}

func close(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*(1+math.Abs(a)+math.Abs(b))
}

// The order of primitives and ports changes nothing, a scale of all money
// scales the cost, more room never costs more; and laws hold of each solution.
func TestModelLaws(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(r, hours(6, 3))
		cost := solve(r, d).Objective
		if other := solve(r, shuffle(d, rapid.Uint64().Draw(r, "order"))).Objective; !close(other, cost, 1e-7) {
			r.Errorf("in another order it costs %.12g, not %.12g", other, cost)
		}
		if other := solve(r, scaled(d, 4)).Objective; !close(other, 4*cost, 1e-7) {
			r.Errorf("with money by four it costs %.12g, not 4 x %.12g", other, cost)
		}
		if other := solve(r, wider(d)).Objective; other > cost+1e-6*(1+math.Abs(cost)) {
			r.Errorf("with more room it costs %.12g, more than %.12g", other, cost)
		}
	})
}

// expand repeats the representative periods of a model in their sequence.
func expand(d *draft) *draft {
	c := d.Clock
	h := int(c.OriginalHours)
	e := &draft{d.Model}
	e.Clock = hours(h*len(c.Sequence), c.Grids[len(c.Grids)-1].Step.N)
	s := func(x primitive.Series) primitive.Series {
		if x.Data == nil {
			return x
		}
		var all []float64
		for _, k := range c.Sequence {
			all = append(all, x.Data[int(k)*h:(int(k)+1)*h]...)
		}
		return primitive.Series{Data: all}
	}
	costs := func(c []primitive.Cost) []primitive.Cost {
		c = append([]primitive.Cost(nil), c...)
		for i := range c {
			c[i].Per = s(c[i].Per)
		}
		return c
	}
	blocks := func(k []primitive.Block) []primitive.Block {
		k = append([]primitive.Block(nil), k...)
		for i := range k {
			k[i].Price = s(k[i].Price)
		}
		return k
	}
	each(&e.Buses, func(x *primitive.Bus) { x.Price = s(x.Price) })
	each(&e.Units, func(x *primitive.Unit) { x.Costs = costs(x.Costs); x.Bound.Max = s(x.Bound.Max) })
	each(&e.Stores, func(x *primitive.Store) { x.Costs = costs(x.Costs); x.Bound.Max = s(x.Bound.Max) })
	each(&e.Demands, func(x *primitive.Demand) { x.Amount = s(x.Amount); x.Elastic = blocks(x.Elastic) })
	each(&e.Trades, func(x *primitive.Trade) { x.Price = s(x.Price); x.Blocks = blocks(x.Blocks) })
	return e
}

// plain takes from a model what doesn't hold across the border of two periods
// (ramps, windows, delays), which representative periods leave out.
func plain(d *draft) *draft {
	each(&d.Units, func(x *primitive.Unit) {
		x.Ramp, x.Windows = nil, nil
		x.Ports = append([]primitive.Port(nil), x.Ports...)
		for i := range x.Ports {
			x.Ports[i].Delay = 0
		}
	})
	return d
}

// The plan made with representative periods, written out hour by hour with its
// linked storage, keeps every row and bound of the full horizon and costs the
// same there: nothing is approximate but that equal periods are run alike.
func TestRepresentativePlanHoldsInFull(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		sequence := rapid.SliceOfN(rapid.Int32Range(0, 2), 5, 7).Draw(r, "sequence")
		sequence = append(sequence, 0, 1, 2)
		often := make([]float64, 3)
		for _, k := range sequence {
			often[k]++
		}
		d := plain(drawn(r, represent(periods(4, often, 2), sequence...)))
		rep := solve(r, d)
		full := expand(d)
		if full.Stores[0].End != primitive.Cyclic {
			full.Stores[0].Initial, d.Stores[0].Initial = 0, 0 // nothing that could decay in the first hour
		}
		p, ix := build(r, full)
		x := make([]float64, p.Cols())
		ix.Cols(func(k Block) {
			if k.What == Built {
				x[k.First] = rep.CapacityBuilt(rep.X, int(k.Index))
				return
			}
			if k.What == Level {
				copy(x[k.First:], rep.StoreTrajectory(rep.X, int(k.Index)))
				return
			}
			j := rep.first[k.What][k.Index]
			if k.Grid < 0 {
				copy(x[k.First:k.First+k.Count], rep.X[j:])
				return
			}
			// Blocks of prices share a first column and follow each other.
			n := int32(rep.times[k.Grid].Len())
			j += k.Sub * n
			for t := range k.Count {
				length := k.Count / int32(len(sequence))
				x[k.First+t] = rep.X[j+sequence[t/length]*length+t%length]
			}
		})
		for i, v := range ix.RowValues(x) {
			if v < p.RowLower[i]-1e-5 || v > p.RowUpper[i]+1e-5 {
				r.Errorf("%s is %g, not within %g to %g", p.Names.RowName(i), v, p.RowLower[i], p.RowUpper[i])
			}
		}
		for j, v := range x {
			if v < p.ColLower[j]-1e-5 || v > p.ColUpper[j]+1e-5 {
				r.Errorf("%s is %g, not within %g to %g", p.Names.ColName(j), v, p.ColLower[j], p.ColUpper[j])
			}
		}
		if cost := p.Offset + dot(p.Cost, x); !close(cost, rep.Objective, 1e-6) {
			r.Errorf("written out it costs %.12g, planned %.12g", cost, rep.Objective)
		}
		if best := solve(r, full).Objective; best > rep.Objective+1e-6*(1+math.Abs(best)) {
			r.Errorf("the full horizon costs %.12g, more than %.12g with the same periods run alike", best, rep.Objective)
		}
	})
}

// A horizon that repeats a pattern of periods exactly, around the clock, has
// the same cost with representatives: the mean of a plan and its shifts by a
// pattern is a plan of the same cost in which equal periods are run alike.
func TestRepetitiveYear(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		d := plain(drawn(r, represent(periods(4, []float64{3, 3}, 2), 0, 1, 0, 1, 0, 1)))
		d.Stores[0].End = primitive.Cyclic
		rep, full := solve(r, d).Objective, solve(r, expand(d)).Objective
		if !close(rep, full, 1e-6) {
			r.Errorf("representatives cost %.12g, the full horizon %.12g", rep, full)
		}
	})
}

// Each period its own representative is the full horizon itself.
func TestEveryPeriodItsOwn(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		d := plain(drawn(r, represent(periods(3, []float64{1, 1, 1}, 3), 0, 1, 2)))
		d.Stores[0].Initial = 0
		rep, full := solve(r, d).Objective, solve(r, expand(d)).Objective
		if !close(rep, full, 1e-6) {
			r.Errorf("representatives cost %.12g, the full horizon %.12g", rep, full)
		}
	})
}

// A window of many steps holds at every quarter of an hour, and costs the same
// as the rows of every step written out.
func TestLongWindow(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(20, 30).Draw(r, "hours")
		d := on(hours(n))
		el := d.bus("electricity", 0, primitive.Account)
		prices := make([]float64, n)
		for t := range prices {
			prices[t] = rapid.Float64Range(0, 50).Draw(r, "price")
		}
		d.Buses[el].Price = data(prices...)
		w := primitive.Window{Hours: float64(rapid.IntRange(64, min(84, 4*n)).Draw(r, "quarters")) / 4, Cyclic: rapid.Bool().Draw(r, "cyclic"), Max: inf}
		w.Min = 0.75 * w.Hours
		c := d.capacity(primitive.Capacity{Existing: 4, Max: 9, Capital: 30})
		d.unit("potline", primitive.Unit{Bound: primitive.Bound{Capacity: c, Coef: 1, Min: data(0.5), Max: data(1)}, Ports: []primitive.Port{to(el, 1)}, Windows: []primitive.Window{w}})
		if rapid.Bool().Draw(r, "given size") {
			d.Capacities[c].Max = 0
		}
		s := solve(r, d)
		slides := false
		s.Cols(func(k Block) { slides = slides || k.What == Sliding })
		a := s.UnitActivity(s.X, 0)
		for at := 0.0; at+w.Hours <= float64(n) || w.Cyclic && at < float64(n); at += 0.25 {
			sum := 0.0
			for q := at; q < at+w.Hours; q += 0.25 {
				sum += a[int(q)%n] / 4
			}
			if least := w.Min * s.CapacitySize(s.X, 0); sum < least-1e-5 {
				r.Errorf("the window at %g sums to %g, less than %g", at, sum, least)
			}
		}
		defer func(from float64) { slideFrom = from }(slideFrom)
		slideFrom = 1e9
		direct := solve(r, d)
		direct.Cols(func(k Block) {
			if k.What == Sliding {
				r.Error("a window slides that should not")
			}
		})
		if !slides || !close(direct.Objective, s.Objective, 1e-7) {
			r.Errorf("with sums that slide (%v) it costs %.12g, written out %.12g", slides, s.Objective, direct.Objective)
		}
	})
}

// The same model gives the same bytes.
func TestHash(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(r, hours(6, 3))
		p, _ := build(r, d)
		q, _ := build(r, d)
		if p.Hash() != q.Hash() {
			r.Error("two builds of a model differ")
		}
	})
}
