// Package account turns a solution into accounts: energy, material, carbon,
// water, land and money per asset, place and period, and the figures people
// ask for first.
//
// What enters: the system, its primitives, the index of the problem and the
// solution. What leaves: the tables of the run folder. Nothing here decides
// anything, and nothing but the primitives' own data says what a flow is: a
// new kind of asset needs no line here.
package account

import (
	"math"
	"slices"
	"sort"
	"strings"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
)

// Of computes every table of a run from its solution.
func Of(s *system.System, m *primitive.Model, ix *formulate.Index, sol *lp.Solution) *run.Tables {
	b := &books{s: s, m: m, c: m.Clock, ix: ix, x: sol.X, y: sol.Y, t: &run.Tables{}, balances: map[balanceKey]*run.Balance{}}
	b.names()
	b.steps()
	b.capacities()
	b.flows()
	b.levels()
	b.prices()
	b.available()
	b.money()
	b.limits()
	b.use()
	b.figures()
	b.hourly()
	return b.t
}

// books holds what the accounts share.
type books struct {
	s    *system.System
	m    *primitive.Model
	c    *clock.Clock
	ix   *formulate.Index
	x, y []float64
	ax   []float64 // see rows
	t    *run.Tables

	grids    []string  // label of each grid
	starts   [][]int64 // first instant of each step of each grid, ms
	periods  [][]int   // investment period of each step of each grid
	balances map[balanceKey]*run.Balance

	entries []entry // every flow that is not zero, in order of buses
	terms   []term  // every cost term
}

// entry is one flow of one part of an asset into a bus, a rate a step of the
// bus's grid.
type entry struct {
	bus   int32
	asset int32
	part  string
	role  string

	scenario int32

	grid int32
	rate []float64
	year float64 // amount a year
}

// Roles of flows.
const (
	roleUnit    = "unit"
	roleStore   = "store"
	roleInflow  = "inflow"
	roleSpill   = "spill"
	roleRoute   = "route"
	roleLine    = "line"
	roleDemand  = "demand"
	roleShed    = "shed"
	roleElastic = "elastic"
	roleBuy     = "buy"
	roleSell    = "sell"
	roleSurplus = "surplus"
	roleUses    = "uses"
)

type balanceKey struct {
	bus, asset int32
	part, role string
	period     int
}

func (b *books) names() {
	b.grids = make([]string, len(b.c.Grids))
	b.starts = make([][]int64, len(b.c.Grids))
	b.periods = make([][]int, len(b.c.Grids))
	for g := range b.c.Grids {
		grid := &b.c.Grids[g]
		b.grids[g] = grid.Step.String()
		b.starts[g] = make([]int64, grid.Len())
		b.periods[g] = make([]int, grid.Len())
		period := 0
		for t := range b.starts[g] {
			for grid.First[t] >= b.c.Periods[period].LastTick {
				period++
			}
			b.periods[g][t] = period
			b.starts[g][t] = b.c.Stamps[grid.First[t]].UnixMilli()
		}
	}
}

func (b *books) asset(i int32) string {
	if i < 0 || int(i) >= len(b.m.Assets) {
		return ""
	}
	return b.m.Assets[i].Name
}

func (b *books) commodity(bus int32) *primitive.Commodity {
	return &b.m.Commodities[b.m.Buses[bus].Commodity]
}

func (b *books) steps() {
	for g := range b.c.Grids {
		grid := &b.c.Grids[g]
		for t := range grid.Hours {
			b.t.Steps = append(b.t.Steps, run.Step{
				Grid: b.grids[g], Step: int32(t), Start: b.starts[g][t], Hours: grid.Hours[t], Amount: grid.Amount[t],
			})
		}
	}
}

func (b *books) capacities() {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		built := b.ix.CapacityBuilt(b.x, i)
		years := b.yearly(c.Alive, 1).total()
		capital := c.Capital * built
		if c.Curve != nil {
			capital += b.ix.CapacityCurveCost(b.x, i)
		}
		b.t.Capacities = append(b.t.Capacities, run.Capacity{
			Asset: b.asset(c.Asset), Part: c.Part, Unit: c.Unit,
			Existing: c.Existing, Built: built, MinBuild: c.Min, MaxBuild: c.Max,
			Capital: capital * years, Fixed: c.Fixed * (c.Existing + built) * years,
			Worth: b.worth(i),
		})
	}
}

// worth is what one more unit of the upper build limit would save: minus the
// reduced cost of the column where it stands at its upper bound.
func (b *books) worth(i int) float64 {
	z, upper := b.ix.CapacityReduced(b.x, b.y, i)
	if upper && z < 0 {
		return -z
	}
	return 0
}

// flows visits every bus, books every flow that is not zero, and what is
// constant beside the columns.
func (b *books) flows() {
	for bus := range b.m.Buses {
		grid := b.commodity(int32(bus)).Grid
		b.columnFlows(int32(bus), grid)
		for i := range b.m.Demands {
			d := &b.m.Demands[i]
			if int(d.Bus) == bus {
				b.book(d.Bus, d.Tag, roleDemand, grid, scaled(-1, b.ix.Mean(d.Amount, grid)))
			}
		}
		for i := range b.m.Stores {
			st := &b.m.Stores[i]
			if int(st.Bus) == bus {
				b.book(st.Bus, st.Tag, roleInflow, grid, b.ix.Mean(st.Inflow, grid))
			}
		}
		if b.commodity(int32(bus)).Balance == primitive.Free {
			b.book(int32(bus), primitive.Tag{Asset: primitive.None}, roleSurplus, grid, scaled(-1, b.ix.BusSurplus(b.rows(), bus)))
		}
	}
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		size := b.ix.CapacitySize(b.x, i)
		for _, u := range c.Uses {
			b.year(u.Bus, c, roleUses, u.Ratio.Value*size)
		}
	}
	for _, e := range b.balances {
		b.t.Balances = append(b.t.Balances, *e)
	}
	sort.Slice(b.t.Balances, func(i, j int) bool {
		p, q := &b.t.Balances[i], &b.t.Balances[j]
		switch {
		case p.Bus != q.Bus:
			return p.Bus < q.Bus
		case p.Asset != q.Asset:
			return p.Asset < q.Asset
		case p.Part != q.Part:
			return p.Part < q.Part
		case p.Role != q.Role:
			return p.Role < q.Role
		}
		return p.Period < q.Period
	})
}

// rows are the rows' values A x, computed at the first call.
func (b *books) rows() []float64 {
	if b.ax == nil {
		b.ax = b.ix.RowValues(b.x)
	}
	return b.ax
}

// columnFlows books the flows that columns bring into a bus. One below a
// ten-millionth of the largest is the solver's, not the plan's: interior points
// leave such traces of everything that is not used.
func (b *books) columnFlows(bus, grid int32) {
	var all []formulate.Flow
	most := 0.0
	b.ix.Flows(b.x, int(bus), func(f formulate.Flow) {
		if p := peak(f.Rate); p > 0 {
			most = math.Max(most, p)
			f.Rate = slices.Clone(f.Rate) // it is overwritten by the next
			all = append(all, f)
		}
	})
	for _, f := range all {
		if peak(f.Rate) > 1e-7*most {
			tag, role := b.whose(f)
			b.book(bus, tag, role, grid, f.Rate)
		}
	}
}

func peak(rate []float64) float64 {
	most := 0.0
	for _, v := range rate {
		most = math.Max(most, math.Abs(v))
	}
	return most
}

// whose says which part of which asset a flow belongs to, and in what role.
func (b *books) whose(f formulate.Flow) (primitive.Tag, string) {
	switch f.What {
	case formulate.Activity, formulate.Piece, formulate.Online:
		return b.m.Units[f.Index].Tag, roleUnit
	case formulate.Through, formulate.Lost:
		return b.m.Lines[f.Index].Tag, roleLine
	case formulate.Level:
		return b.m.Stores[f.Index].Tag, roleStore
	case formulate.Spill:
		return b.m.Stores[f.Index].Tag, roleSpill
	case formulate.Forward, formulate.Back:
		return b.m.Routes[f.Index].Tag, roleRoute
	case formulate.Shed:
		return b.m.Demands[f.Index].Tag, roleShed
	case formulate.Elastic:
		return b.m.Demands[f.Index].Tag, roleElastic
	}
	t := &b.m.Trades[f.Index]
	if t.Sell {
		return t.Tag, roleSell
	}
	return t.Tag, roleBuy
}

// book enters a flow, whose rate it keeps, and its part in the year's balance.
func (b *books) book(bus int32, tag primitive.Tag, role string, grid int32, rate []float64) {
	weight := b.c.Grids[grid].Amount
	in, out := make([]float64, len(b.c.Periods)), make([]float64, len(b.c.Periods))
	some, net := false, 0.0
	for t, v := range rate {
		some = some || v != 0
		amount := v * weight[t]
		net += amount
		if v > 0 {
			in[b.periods[grid][t]] += amount
		} else {
			out[b.periods[grid][t]] -= amount
		}
	}
	if !some {
		return
	}
	b.entries = append(b.entries, entry{bus, tag.Asset, tag.Part, role, tag.Scenario, grid, rate, net})
	for p := range in {
		if in[p] != 0 || out[p] != 0 {
			e := b.balance(bus, tag.Asset, tag.Part, role, p)
			e.In += in[p]
			e.Out += out[p]
		}
	}
}

// hourly makes the table of all flows, by far the largest: at once, so that it takes
// the room it needs and no more.
func (b *books) hourly() {
	count := 0
	for i := range b.entries {
		count += len(b.entries[i].rate)
	}
	b.t.Flows = make([]run.Flow, 0, count)
	for i := range b.entries {
		e := &b.entries[i]
		if e.grid == clock.None {
			continue
		}
		row := run.Flow{Commodity: b.commodity(e.bus).Name, Bus: b.m.Buses[e.bus].Name, Asset: b.asset(e.asset), Part: e.part, Role: e.role, Grid: b.grids[e.grid]}
		weight, starts := b.c.Grids[e.grid].Amount, b.starts[e.grid]
		for t, v := range e.rate {
			row.Step, row.Start, row.Rate, row.Amount = int32(t), starts[t], v, v*weight[t]
			b.t.Flows = append(b.t.Flows, row)
		}
	}
}

// year enters an amount a year that has no hours, in each period in which the
// capacity exists.
func (b *books) year(bus int32, c *primitive.Capacity, role string, amount float64) {
	if amount == 0 {
		return
	}
	for p := range b.c.Periods {
		if c.Alive != nil && !c.Alive[p] {
			continue
		}
		e, amount := b.balance(bus, c.Asset, c.Part, role, p), amount
		if mean := b.c.Periods[p].Mean; mean > 0 { // of the mean year
			amount *= mean
		}
		if amount > 0 {
			e.In += amount
		} else {
			e.Out -= amount
		}
		b.entries = append(b.entries, entry{bus: bus, asset: c.Asset, part: c.Part, role: role, grid: clock.None, year: amount})
	}
}

func (b *books) balance(bus, asset int32, part, role string, period int) *run.Balance {
	key := balanceKey{bus, asset, part, role, period}
	e := b.balances[key]
	if e == nil {
		c := b.commodity(bus)
		e = &run.Balance{
			Commodity: c.Name, Bus: b.m.Buses[bus].Name, Place: b.m.Buses[bus].Place, Asset: b.asset(asset), Part: part,
			Role: role, Period: b.c.Periods[period].Name, Unit: c.Unit,
		}
		b.balances[key] = e
	}
	return e
}

func (b *books) levels() {
	for i := range b.m.Stores {
		st := &b.m.Stores[i]
		c := b.commodity(st.Bus)
		for t, v := range b.ix.StoreLevel(b.x, i) {
			b.t.Levels = append(b.t.Levels, run.Level{
				Asset: b.asset(st.Asset), Part: st.Part, Bus: b.m.Buses[st.Bus].Name, Unit: c.Unit,
				Grid: b.grids[c.Grid], Step: int32(t), Start: b.starts[c.Grid][t], Level: v,
			})
		}
	}
}

func (b *books) prices() {
	if b.y == nil { // a problem with integers has no prices
		return
	}
	for bus := range b.m.Buses {
		c := b.commodity(int32(bus))
		for t, v := range b.ix.BusPrice(b.y, bus) {
			b.t.Prices = append(b.t.Prices, run.Price{
				Commodity: c.Name, Bus: b.m.Buses[bus].Name, Grid: b.grids[c.Grid], Step: int32(t), Start: b.starts[c.Grid][t], Price: v,
			})
		}
	}
}

// available tells what parts whose bound is a series could have done.
func (b *books) available() {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Bound.Max.Data == nil {
			continue
		}
		size := u.Bound.Coef
		if u.Bound.Capacity != primitive.None {
			size *= b.ix.CapacitySize(b.x, int(u.Bound.Capacity))
		}
		b.offer(u.Tag, u.Grid, scaled(size, b.ix.Mean(u.Bound.Max, u.Grid)))
	}
	for i := range b.m.Trades {
		if tr := &b.m.Trades[i]; tr.Bound == nil && tr.Max.Data != nil && !tr.Sell {
			b.offer(tr.Tag, tr.Grid, b.ix.Mean(tr.Max, tr.Grid))
		}
	}
}

func (b *books) offer(tag primitive.Tag, grid int32, rate []float64) {
	for t, v := range rate {
		if math.IsInf(v, 0) {
			return
		}
		b.t.Available = append(b.t.Available, run.Available{
			Asset: b.asset(tag.Asset), Part: tag.Part, Grid: b.grids[grid], Step: int32(t), Start: b.starts[grid][t], Rate: v,
		})
	}
}

// limits tells each limit and each total of a trade.
func (b *books) limits() {
	if len(b.m.Limits) == 0 && !b.anyTotals() {
		return
	}
	rows := b.rows()
	b.ix.Rows(func(k formulate.Block) {
		var name, span string
		var min, max []float64
		switch k.What {
		case formulate.LimitSum:
			l := &b.m.Limits[k.Index]
			name, span, min, max = l.Name, spanName(l.Span), l.Min, l.Max
		case formulate.TradeTotal:
			tr := &b.m.Trades[k.Index]
			tot := &tr.Scopes[k.Sub]
			name, span, min, max = b.ix.Owner(k), spanName(tot.Span), tot.Min, tot.Max
		default:
			return
		}
		var value, price []float64
		if k.What == formulate.LimitSum {
			value = b.ix.LimitValue(rows, b.x, int(k.Index))
			if b.y != nil {
				price = b.ix.LimitDual(b.y, int(k.Index))
			}
		}
		for n := range k.Count {
			at := int(k.Step + n)
			row := int(k.First + n)
			r := run.Limit{
				Limit: name, Span: span, Index: int32(at), Value: rows[row],
				Min: pick(min, at, math.Inf(-1)), Max: pick(max, at, math.Inf(1)),
			}
			switch {
			case value != nil:
				r.Value = value[at]
				if price != nil {
					r.Price = price[at]
				}
			case b.y != nil:
				r.Price = b.y[row]
			}
			b.t.Limits = append(b.t.Limits, r)
		}
	})
}

func (b *books) anyTotals() bool {
	for i := range b.m.Trades {
		if len(b.m.Trades[i].Scopes) > 0 {
			return true
		}
	}
	return false
}

var spanNames = [...]string{"step", "day", "week", "month", "year", "horizon"}

func spanName(s primitive.Span) string { return spanNames[s] }

func pick(v []float64, i int, none float64) float64 {
	switch {
	case len(v) == 0:
		return none
	case len(v) == 1:
		return v[0]
	case i < len(v):
		return v[i]
	}
	return none
}

func scaled(by float64, v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = by*v[i] + 0
	}
	return out
}

func isElectricity(name string) bool { return strings.Contains(name, "electricity") }
