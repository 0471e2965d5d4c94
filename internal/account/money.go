package account

import (
	"math"
	"sort"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
)

var classes = [...]string{"capital", "fixed", "variable", "event", "sale", "penalty"}

// term is one cost term of an asset; income is negative.
type term struct {
	asset     int32
	part      string
	class     primitive.Class
	commodity string
	party     int32
	constant  bool
	amount    float64
}

// pay books a cost, or an income where the class is Sale.
func (b *books) pay(t term) {
	if t.amount == 0 {
		return
	}
	if t.class == primitive.Sale {
		t.amount = -t.amount
	}
	b.terms = append(b.terms, t)
}

// years is what a sum by the year counts: the periods' capital weights.
func (b *books) years() float64 {
	sum := 0.0
	for i := range b.c.Periods {
		sum += b.c.Periods[i].CapitalWeight()
	}
	return sum
}

// paid is the money of a rate at a price: sum over steps of rate x the cost
// weight of its ticks x their price.
func (b *books) paid(grid int32, rate []float64, per primitive.Series) float64 {
	g, ticks := &b.c.Grids[grid], &b.c.Grids[0]
	sum := 0.0
	for t, v := range rate {
		if v == 0 {
			continue
		}
		if per.Data == nil {
			sum += v * per.Value * g.Cost[t]
			continue
		}
		price := 0.0
		for k := g.First[t]; k < g.First[t+1]; k++ {
			price += per.Data[k] * ticks.Cost[k]
		}
		sum += v * price
	}
	return sum
}

// money computes every cost term from the primitives and the solution, apart
// from the problem's own cost vector: their sum is the objective.
func (b *books) money() {
	years := b.years()
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		built := b.ix.CapacityBuilt(b.x, i)
		fixed := c.Max <= c.Min // nothing to decide
		t := term{asset: c.Asset, part: c.Part, party: primitive.None}
		t.class, t.constant, t.amount = primitive.Capital, fixed, years*c.Capital*built
		b.pay(t)
		t.constant, t.amount = true, years*c.Sunk
		b.pay(t)
		t.class, t.constant, t.amount = primitive.Fixed, true, years*c.Fixed*c.Existing
		b.pay(t)
		t.constant, t.amount = fixed, years*c.Fixed*built
		b.pay(t)
		for _, u := range c.Uses {
			price := b.m.Buses[u.Bus].Price
			t.class, t.commodity, t.constant = primitive.Variable, b.commodity(u.Bus).Name, fixed
			t.amount = years * u.Ratio.Value * (c.Existing + built) * b.meanPrice(price)
			b.pay(t)
		}
	}
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.costs(u.Tag, u.Costs, u.Grid, b.ix.UnitActivity(b.x, i))
	}
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		b.costs(r.Tag, r.Costs, r.Grid, b.ix.RouteForward(b.x, i))
		b.costs(r.Tag, r.Costs, r.Grid, b.ix.RouteBack(b.x, i))
	}
	for i := range b.m.Stores {
		b.storeMoney(i)
	}
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		grid := b.commodity(d.Bus).Grid
		t := term{asset: d.Asset, part: d.Part, class: primitive.Variable, commodity: b.commodity(d.Bus).Name, party: primitive.None}
		t.amount = b.paid(grid, b.ix.DemandShed(b.x, i), primitive.Const(d.ShedCost))
		b.pay(t)
		t.class = primitive.Sale
		for k, v := range b.ix.DemandElastic(b.x, i) {
			t.amount = b.paid(grid, v, d.Elastic[k].Price)
			b.pay(t)
		}
	}
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		t := term{asset: tr.Asset, part: tr.Part, class: primitive.Variable, commodity: b.commodity(tr.Bus).Name, party: tr.Party}
		if tr.Sell {
			t.class = primitive.Sale
		}
		rate, blocks := b.ix.TradeRate(b.x, i)
		t.amount = b.paid(tr.Grid, rate, tr.Price)
		b.pay(t)
		for k := range blocks {
			t.amount = b.paid(tr.Grid, blocks[k], tr.Blocks[k].Price)
			b.pay(t)
		}
	}
	for _, e := range b.entries { // what flows into priced accounts
		if price := b.m.Buses[e.bus].Price; e.role != roleUses && b.commodity(e.bus).Balance == primitive.Account {
			b.pay(term{asset: e.asset, part: e.part, class: primitive.Variable, commodity: b.commodity(e.bus).Name,
				party: primitive.None, amount: b.paid(e.grid, e.rate, price)})
		}
	}
	for i := range b.m.Limits {
		b.penalty(i)
	}
	b.forgetTraces()
	for _, t := range b.terms {
		party := ""
		if t.party >= 0 && int(t.party) < len(b.m.Parties) {
			party = b.m.Parties[t.party]
		}
		b.t.Money = append(b.t.Money, run.Money{
			Asset: b.asset(t.asset), Part: t.part, Class: classes[t.class], Commodity: t.commodity,
			Party: party, Period: b.period(), Constant: t.constant, Amount: t.amount,
		})
	}
	sort.SliceStable(b.t.Money, func(i, j int) bool { return b.t.Money[i].Asset < b.t.Money[j].Asset })
}

// forgetTraces drops terms below a billionth of all money: traces that an
// interior point leaves of what is not used.
func (b *books) forgetTraces() {
	volume := 0.0
	for _, t := range b.terms {
		volume += math.Abs(t.amount)
	}
	kept := b.terms[:0]
	for _, t := range b.terms {
		if math.Abs(t.amount) > 1e-9*volume {
			kept = append(kept, t)
		}
	}
	b.terms = kept
}

func (b *books) costs(tag primitive.Tag, costs []primitive.Cost, grid int32, rate []float64) {
	for _, c := range costs {
		b.pay(term{asset: tag.Asset, part: tag.Part, class: c.Class, party: c.Party, amount: b.paid(grid, rate, c.Per)})
	}
}

// storeMoney books spilling, holding, and the worth of what is left, which is a
// change in stock: negative variable cost.
func (b *books) storeMoney(i int) {
	s := &b.m.Stores[i]
	grid := b.commodity(s.Bus).Grid
	t := term{asset: s.Asset, part: s.Part, class: primitive.Variable, party: primitive.None}
	t.amount = b.paid(grid, b.ix.StoreSpill(b.x, i), primitive.Const(s.SpillCost))
	b.pay(t)
	if b.c.Sequence != nil {
		// Levels of all original periods, whose cost the problem holds in the
		// columns that link them.
		t.amount = b.ix.LinkedMoney(b.x, i)
		b.pay(t)
		return
	}
	level := b.ix.StoreLevel(b.x, i)
	b.costs(s.Tag, s.Costs, grid, level)
	if s.End == primitive.Valued {
		g := &b.c.Grids[grid]
		for t0 := range g.Hours {
			if last := g.Last[t0]; last >= 0 {
				t.amount = -s.Value * level[last] * g.Event[last]
				b.pay(t)
			}
		}
	}
}

// penalty books what the violation of a soft limit is charged; nobody is paid.
func (b *books) penalty(i int) {
	l := &b.m.Limits[i]
	over, under := b.ix.LimitViolation(b.x, i)
	for k, w := range b.ix.LimitWeights(i) {
		sum := 0.0
		if over != nil {
			sum += over[k]
		}
		if under != nil {
			sum += under[k]
		}
		b.pay(term{asset: primitive.None, part: l.Name, class: primitive.Penalty, party: primitive.None, amount: l.Soft * sum * w})
	}
}

func (b *books) meanPrice(s primitive.Series) float64 {
	if s.Data == nil {
		return s.Value
	}
	sum, weight := 0.0, 0.0
	for t, w := range b.c.Grids[0].Cost {
		sum += w * s.Data[t]
		weight += w
	}
	return sum / weight
}
