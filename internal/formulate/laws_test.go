package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// money is the sum of each class, by plain loops over the ticks: what package
// formulate puts in the objective must be this.
func money(d *draft, s *solution) (sum [primitive.Penalty + 1]float64) {
	c := d.Clock
	weight := c.Grids[0].Cost
	value := func(v []float64, grid int32, tick int) float64 { // of a rate on a grid
		if v == nil {
			return 0
		}
		g := &c.Grids[grid]
		for t := range v {
			if tick < int(g.First[t+1]) {
				return v[t]
			}
		}
		return nan
	}
	paid := func(class primitive.Class, v []float64, grid int32, per primitive.Series) {
		for tick := range weight {
			sum[class] += weight[tick] * per.At(tick) * value(v, grid, tick)
		}
	}
	// into charges what flows into a bus, when it arrives.
	into := func(p primitive.Port, v []float64, grid int32) {
		price := d.Buses[p.Bus].Price
		for tick := range weight {
			chain := &c.Chains[0]
			for k := range c.Chains {
				if tick >= int(c.Chains[k].FirstTick) {
					chain = &c.Chains[k]
				}
			}
			at, length := tick+int(p.Delay), int(chain.LastTick-chain.FirstTick)
			if p.Cyclic {
				at = int(chain.FirstTick) + (at-int(chain.FirstTick))%length
			}
			if at < int(chain.LastTick) {
				sum[primitive.Variable] += weight[at] * price.At(at) * p.Ratio.At(tick) * value(v, grid, tick)
			}
		}
	}
	bus := func(b int32, ratio float64) primitive.Port { return primitive.Port{Bus: b, Ratio: data(ratio)} }
	years := 0.0
	for _, p := range c.Periods {
		years += p.Cost * p.Share
	}
	hours := 0.0
	for _, w := range weight {
		hours += w
	}
	for i, k := range d.Capacities {
		built := s.CapacityBuilt(s.X, i)
		sum[primitive.Capital] += years * (k.Capital*built + k.Sunk)
		if k.Curve != nil {
			sum[primitive.Capital] += years * along(k.Curve, built)
		}
		sum[primitive.Fixed] += years * k.Fixed * (built + k.Existing)
		for _, u := range k.Uses {
			mean := 0.0
			for t, w := range weight {
				mean += w * d.Buses[u.Bus].Price.At(t) / hours
			}
			sum[primitive.Variable] += years * mean * u.Ratio.Value * (built + k.Existing)
		}
	}
	for i, u := range d.Units {
		a := s.UnitActivity(s.X, i)
		for _, k := range u.Costs {
			paid(k.Class, a, u.Grid, k.Per)
		}
		for _, p := range u.Ports {
			into(p, a, u.Grid)
		}
		for _, k := range u.Quadratic {
			for t, w := range weight { // hourly
				sum[k.Class] += w * k.Per.At(t) * a[t] * a[t]
			}
		}
		for _, k := range u.Curves {
			for t, w := range weight { // hourly
				if u.Commitment == nil || s.UnitOnline(s.X, i)[t] > 0.5 {
					sum[k.Class] += w * along(&k.Curve, a[t])
				}
			}
		}
		if k := u.Commitment; k != nil {
			paid(primitive.Variable, s.UnitOnline(s.X, i), u.Grid, k.StandBy)
			start, stop := s.UnitStarts(s.X, i)
			for t, w := range c.Grids[u.Grid].Event {
				sum[primitive.Event] += w * (start[t]*k.Start.At(t) + stop[t]*k.Stop.At(t)) // hourly
			}
		}
	}
	for i, st := range d.Stores {
		g := d.Commodities[d.Buses[st.Bus].Commodity].Grid
		spill := s.StoreSpill(s.X, i)
		paid(primitive.Variable, spill, g, data(st.SpillCost))
		for _, p := range st.SpillTo {
			into(p, spill, g)
		}
		level := s.StoreTrajectory(s.X, i)
		if c.Sequence == nil {
			for _, k := range st.Costs {
				paid(k.Class, level, g, k.Per)
			}
		} else {
			n := 0
			for _, k := range c.Sequence {
				often := 0.0
				for _, other := range c.Sequence {
					if other == k {
						often++
					}
				}
				for tick := c.Chains[k].FirstTick; tick < c.Chains[k].LastTick; tick++ {
					for _, cost := range st.Costs {
						sum[cost.Class] += weight[tick] / often * cost.Per.At(int(tick)) * level[n]
					}
					n++ // hourly levels only
				}
			}
		}
		if st.End == primitive.Valued {
			sum[primitive.Variable] -= st.Value * level[len(level)-1]
		}
	}
	for i, r := range d.Routes {
		for k, v := range [][]float64{s.RouteForward(s.X, i), s.RouteBack(s.X, i)} {
			for _, cost := range r.Costs {
				paid(cost.Class, v, r.Grid, cost.Per)
			}
			for _, p := range r.Uses {
				into(p, v, r.Grid)
			}
			from, to := bus(r.From, -1), bus(r.To, 1-r.Loss)
			if k == 1 {
				from, to = bus(r.To, -1), bus(r.From, 1-r.Loss)
			}
			to.Delay, to.Cyclic = r.Delay, r.Cyclic
			into(from, v, r.Grid)
			into(to, v, r.Grid)
		}
	}
	for i, dm := range d.Demands {
		g := d.Commodities[d.Buses[dm.Bus].Commodity].Grid
		shed := s.DemandShed(s.X, i)
		paid(primitive.Variable, shed, g, data(dm.ShedCost))
		into(bus(dm.Bus, 1), shed, g)
		for k, v := range s.DemandElastic(s.X, i) {
			paid(primitive.Sale, v, g, dm.Elastic[k].Price)
			into(bus(dm.Bus, -1), v, g)
		}
		for t, w := range weight {
			sum[primitive.Variable] -= w * dm.Amount.At(t) * d.Buses[dm.Bus].Price.At(t)
		}
	}
	for i, tr := range d.Trades {
		class, sign := primitive.Variable, 1.0
		if tr.Sell {
			class, sign = primitive.Sale, -1
		}
		rate, blocks := s.TradeRate(s.X, i)
		for k, v := range append([][]float64{rate}, blocks...) {
			price := tr.Price
			if k > 0 {
				price = tr.Blocks[k-1].Price
			}
			paid(class, v, tr.Grid, price)
			into(bus(tr.Bus, sign), v, tr.Grid)
			for _, p := range tr.Also {
				into(p, v, tr.Grid)
			}
		}
	}
	for i, l := range d.Limits {
		over, under := s.LimitViolation(s.X, i)
		for _, v := range append(append([]float64{}, over...), under...) {
			sum[primitive.Penalty] += l.Soft * v // spans of weight 1 in these tests
		}
	}
	return sum
}

// laws hold of every solution: money by class sums to the objective, what flows
// into a bus meets what is taken, and a store's trajectory stays in its bounds.
func laws(t tester, d *draft, s *solution) {
	t.Helper()
	total, size := 0.0, 1.0
	for class, v := range money(d, s) {
		size += math.Abs(v)
		if primitive.Class(class) == primitive.Sale {
			v = -v
		}
		total += v
	}
	if value := s.p.Objective(s.X); math.Abs(total-value) > 1e-9*size {
		t.Errorf("the classes of money sum to %.12g, c0 + c'x is %.12g", total, value)
	}
	rows := s.RowValues(s.X)
	for i := range d.Buses {
		c := &d.Commodities[d.Buses[i].Commodity]
		if c.Balance == primitive.Account {
			continue
		}
		rest := make([]float64, d.Clock.Grids[c.Grid].Len())
		flow := 1.0
		s.Flows(s.X, i, func(f Flow) {
			for t, v := range f.Rate {
				rest[t] += v
				flow = math.Max(flow, math.Abs(v))
			}
		})
		for _, dm := range d.Demands {
			if int(dm.Bus) == i {
				for t, v := range s.Mean(dm.Amount, c.Grid) {
					rest[t] -= v
				}
			}
		}
		for _, st := range d.Stores {
			if int(st.Bus) == i {
				for t, v := range s.Mean(st.Inflow, c.Grid) {
					rest[t] += v
				}
			}
		}
		surplus := s.BusSurplus(rows, i)
		for k, v := range rest {
			if surplus != nil {
				v -= surplus[k]
			}
			if math.Abs(v) > 1e-6*flow {
				t.Errorf("%s has %g too much in step %d", d.Buses[i].Name, v, k)
			}
		}
	}
	for i, st := range d.Stores {
		c := d.Clock
		level := s.StoreTrajectory(s.X, i)
		size := st.Bound.Coef
		if st.Bound.Capacity != none {
			size *= s.CapacitySize(s.X, int(st.Bound.Capacity))
		}
		most := s.Mean(st.Bound.Max, d.Commodities[d.Buses[st.Bus].Commodity].Grid)
		for n, e := range level {
			k := n
			if c.Sequence != nil { // hourly levels
				h := int(c.OriginalHours)
				k = int(c.Chains[c.Sequence[n/h]].FirstTick) + n%h
			}
			if hi := times(most[k], size); e < -1e-6 || e > hi+1e-6*(1+hi) {
				t.Errorf("the level of store %d is %g at step %d, beyond 0 to %g", i, e, n, hi)
				break
			}
		}
	}
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
