package account

import (
	"math"
	"sort"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
)

var classes = [...]string{"capital", "fixed", "variable", "event", "sale", "penalty"}

// term is one cost term of an asset in a period and a scenario, by whose
// probability it counts; income is negative.
type term struct {
	asset     int32
	part      string
	class     primitive.Class
	commodity string
	party     int32
	scenario  int32
	constant  bool
	period    int
	amount    float64
}

// sums are amounts of money, one a period.
type sums []float64

// pay books a cost, or an income where the class is Sale. In a scenario it is
// what is expected: its probability x the amount.
func (b *books) pay(t term, amounts sums) {
	sign := 1.0
	if t.class == primitive.Sale {
		sign = -1
	}
	if t.scenario > 0 {
		sign *= b.m.Scenarios[t.scenario-1].Probability
	}
	for p, v := range amounts {
		if v != 0 {
			t.period, t.amount = p, sign*v
			b.terms = append(b.terms, t)
		}
	}
}

// whole is a term of a primitive, to nobody in the system.
func whole(tag primitive.Tag, class primitive.Class) term {
	return term{asset: tag.Asset, part: tag.Part, scenario: tag.Scenario, class: class, party: primitive.None}
}

// yearly is a sum by the year, paid in each period in which its owner exists by
// the period's capital weight.
func (b *books) yearly(alive []bool, amount float64) sums {
	out := make(sums, len(b.c.Periods))
	for i := range out {
		if alive == nil || alive[i] {
			out[i] = b.c.Periods[i].CapitalWeight() * amount
		}
	}
	return out
}

func (s sums) total() float64 {
	sum := 0.0
	for _, v := range s {
		sum += v
	}
	return sum
}

// paid is the money of a rate at a price: in each period the sum over steps of
// rate x the cost weight of its ticks x their price.
func (b *books) paid(grid int32, rate []float64, per primitive.Series) sums {
	g, ticks := &b.c.Grids[grid], &b.c.Grids[0]
	out := make(sums, len(b.c.Periods))
	for t, v := range rate {
		if v == 0 {
			continue
		}
		price := per.Value * g.Cost[t]
		if per.Data != nil {
			price = 0
			for k := g.First[t]; k < g.First[t+1]; k++ {
				price += per.Data[k] * ticks.Cost[k]
			}
		}
		out[b.periods[grid][t]] += v * price
	}
	return out
}

// events is the money of what happens so often in each step, at a price: number
// x the event weight x the price's mean over the step.
func (b *books) events(grid int32, number []float64, per primitive.Series) sums {
	out := make(sums, len(b.c.Periods))
	if number == nil {
		return out
	}
	price := b.ix.Mean(per, grid)
	for t, v := range number {
		out[b.periods[grid][t]] += v * price[t] * b.c.Grids[grid].Event[t]
	}
	return out
}

func (s sums) plus(other sums) sums {
	for i := range s {
		s[i] += other[i]
	}
	return s
}

// money computes every cost term from the primitives and the solution, apart
// from the problem's own cost vector: their sum is the objective.
func (b *books) money() {
	b.capacityMoney()
	for i := range b.m.Units {
		b.unitMoney(i)
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
		t := whole(d.Tag, primitive.Variable)
		t.commodity = b.commodity(d.Bus).Name
		b.pay(t, b.paid(grid, b.ix.DemandShed(b.x, i), primitive.Const(d.ShedCost)))
		t.class = primitive.Sale
		for k, v := range b.ix.DemandElastic(b.x, i) {
			b.pay(t, b.paid(grid, v, d.Elastic[k].Price))
		}
	}
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		t := whole(tr.Tag, primitive.Variable)
		t.commodity, t.party = b.commodity(tr.Bus).Name, tr.Party
		if tr.Sell {
			t.class = primitive.Sale
		}
		rate, blocks := b.ix.TradeRate(b.x, i)
		b.pay(t, b.paid(tr.Grid, rate, tr.Price))
		for k := range blocks {
			b.pay(t, b.paid(tr.Grid, blocks[k], tr.Blocks[k].Price))
		}
	}
	for _, e := range b.entries { // what flows into priced accounts
		if price := b.m.Buses[e.bus].Price; e.role != roleUses && b.commodity(e.bus).Balance == primitive.Account {
			t := whole(primitive.Tag{Asset: e.asset, Part: e.part, Scenario: e.scenario}, primitive.Variable)
			t.commodity = b.commodity(e.bus).Name
			b.pay(t, b.paid(e.grid, e.rate, price))
		}
	}
	for i := range b.m.Limits {
		b.penalty(i)
	}
	b.risk()
	b.forgetTraces()
	for _, t := range b.terms {
		party, scenario := "", ""
		if t.party >= 0 && int(t.party) < len(b.m.Parties) {
			party = b.m.Parties[t.party]
		}
		if t.scenario > 0 {
			scenario = b.m.Scenarios[t.scenario-1].Name
		}
		b.t.Money = append(b.t.Money, run.Money{
			Asset: b.asset(t.asset), Part: t.part, Class: classes[t.class], Commodity: t.commodity,
			Party: party, Period: b.c.Periods[t.period].Name, Scenario: scenario, Constant: t.constant, Amount: t.amount,
		})
	}
	sort.SliceStable(b.t.Money, func(i, j int) bool { return b.t.Money[i].Asset < b.t.Money[j].Asset })
}

// capacityMoney books what is paid by the year.
func (b *books) capacityMoney() {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		built := b.ix.CapacityBuilt(b.x, i)
		fixed := c.Max <= c.Min // nothing to decide
		t := whole(c.Tag, primitive.Capital)
		t.constant = fixed
		b.pay(t, b.yearly(c.Alive, c.Capital*built))
		if c.Curve != nil {
			b.pay(t, b.yearly(c.Alive, b.ix.CapacityCurveCost(b.x, i)))
		}
		t.constant = true
		b.pay(t, b.yearly(c.Alive, c.Sunk))
		t.class = primitive.Fixed
		b.pay(t, b.yearly(c.Alive, c.Fixed*c.Existing))
		t.constant = fixed
		b.pay(t, b.yearly(c.Alive, c.Fixed*built))
		for _, u := range c.Uses {
			t.class, t.commodity = primitive.Variable, b.commodity(u.Bus).Name
			b.pay(t, b.yearly(c.Alive, u.Ratio.Value*(c.Existing+built)*b.meanPrice(b.m.Buses[u.Bus].Price)))
		}
	}
}

// unitMoney books what an activity costs by its rate, its square and its
// curves, and what its machines cost that are online, start and stop.
func (b *books) unitMoney(i int) {
	u := &b.m.Units[i]
	rate := b.ix.UnitActivity(b.x, i)
	b.costs(u.Tag, u.Costs, u.Grid, rate)
	if len(u.Quadratic) > 0 {
		square := make([]float64, len(rate))
		for t, v := range rate {
			square[t] = v * v
		}
		b.costs(u.Tag, u.Quadratic, u.Grid, square)
	}
	for k, cost := range b.ix.UnitCurveCost(b.x, i) {
		t := whole(u.Tag, u.Curves[k].Class)
		t.party = u.Curves[k].Party
		b.pay(t, b.paid(u.Grid, cost, primitive.Const(1)))
	}
	if c := u.Commitment; c != nil {
		b.pay(whole(u.Tag, primitive.Variable), b.paid(u.Grid, b.ix.UnitOnline(b.x, i), c.StandBy))
		start, stop := b.ix.UnitStarts(b.x, i)
		b.pay(whole(u.Tag, primitive.Event), b.events(u.Grid, start, c.Start).plus(b.events(u.Grid, stop, c.Stop)))
	}
}

// risk books by how much the objective is above what is expected: Omega of the
// distance from there to the mean of the dearest 1 - Alpha of all scenarios,
//
//	CVaR = min over theta of theta + sum_s p_s max(0, money_s - theta)/(1 - Alpha)
//
// which is least at the money of a scenario. Nobody is paid it.
func (b *books) risk() {
	r := b.m.Risk
	if r == nil {
		return
	}
	money, expected := make([]float64, len(b.m.Scenarios)), 0.0
	for _, t := range b.terms {
		if t.scenario > 0 {
			money[t.scenario-1] += t.amount / b.m.Scenarios[t.scenario-1].Probability
			expected += t.amount
		}
	}
	tail := math.Inf(1)
	for _, theta := range money {
		sum := theta
		for s, v := range money {
			sum += b.m.Scenarios[s].Probability * math.Max(0, v-theta) / (1 - r.Alpha)
		}
		tail = math.Min(tail, sum)
	}
	amount := make(sums, len(b.c.Periods))
	amount[0] = r.Omega * (tail - expected)
	b.pay(whole(primitive.Tag{Asset: primitive.None, Part: "risk"}, primitive.Penalty), amount)
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
		t := whole(tag, c.Class)
		t.party = c.Party
		b.pay(t, b.paid(grid, rate, c.Per))
	}
}

// storeMoney books spilling, holding, and the worth of what is left, which is a
// change in stock: negative variable cost.
func (b *books) storeMoney(i int) {
	s := &b.m.Stores[i]
	grid := b.commodity(s.Bus).Grid
	t := whole(s.Tag, primitive.Variable)
	b.pay(t, b.paid(grid, b.ix.StoreSpill(b.x, i), primitive.Const(s.SpillCost)))
	if b.c.Sequence != nil {
		// Levels of all original periods, whose cost the problem holds in the
		// columns that link them.
		b.pay(t, sums{b.ix.LinkedMoney(b.x, i)})
		return
	}
	level := b.ix.StoreLevel(b.x, i)
	b.costs(s.Tag, s.Costs, grid, level)
	if s.End == primitive.Valued {
		left := make([]float64, len(level))
		for _, last := range b.ix.StoreLasts(i) {
			left[last] = level[last]
		}
		b.pay(t, b.events(grid, left, primitive.Const(-s.Value)))
	}
}

// penalty books what the violation of a soft limit is charged; nobody is paid.
func (b *books) penalty(i int) {
	l := &b.m.Limits[i]
	over, under := b.ix.LimitViolation(b.x, i)
	amounts := make(sums, len(b.c.Periods))
	first := b.ix.LimitTicks(i)
	for k, w := range b.ix.LimitWeights(i) {
		sum := 0.0
		if over != nil {
			sum += over[k]
		}
		if under != nil {
			sum += under[k]
		}
		amounts[b.periods[0][first[k]]] += l.Soft * sum * w
	}
	b.pay(whole(primitive.Tag{Asset: primitive.None, Part: l.Name}, primitive.Penalty), amounts)
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
