package formulate

import (
	"math"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// everyClass lets all money through. Penalty is part of the objective only.
const everyClass = math.MaxUint16

// price adds the money of the classes in mask to sink, one number a column,
// and returns what is constant. Rates cost their price x the cost weight of
// each step (hours x frequency x the period's weight); what is paid by the
// year counts once for each period with its weight. Income (Sale) is counted
// negative.
//
//	objective = constant + sum_columns sum_classes money x column
func (b *builder) price(sink []float64, mask uint16) float64 {
	b.money, b.mask, b.offset = sink, mask, 0
	b.capacityMoney()
	b.unitMoney()
	b.commitmentMoney()
	b.curveMoney()
	b.capacityCurveMoney()
	b.storeMoney()
	b.routeMoney()
	b.demandMoney()
	b.tradeMoney()
	b.accountMoney()
	b.owner(primitive.Tag{})
	b.penalties()
	return b.offset + 0
}

// wanted reports whether a class is asked for, and its sign in the objective.
func (b *builder) wanted(c primitive.Class) (sign float64, ok bool) {
	sign = 1
	if c == primitive.Sale {
		sign = -1
	}
	return sign, b.mask&(1<<c) != 0
}

// charge adds a sum of money per unit of a column.
func (b *builder) charge(c primitive.Class, col int32, v float64) {
	if sign, ok := b.wanted(c); ok {
		b.money[col] += b.share * sign * v
	}
}

// pay adds a sum of money that no column changes.
func (b *builder) pay(c primitive.Class, v float64) {
	if sign, ok := b.wanted(c); ok {
		b.offset += b.share * sign * v
	}
}

// chargeRates adds per x cost weight to each column of a block on grid g.
func (b *builder) chargeRates(c primitive.Class, first, g int32, per primitive.Series) {
	sign, ok := b.wanted(c)
	sign *= b.share
	if !ok || first == primitive.None || per.Data == nil && per.Value == 0 {
		return
	}
	tl := &b.times[g]
	sink := b.money[first : int(first)+tl.Len()]
	switch {
	case per.Data == nil:
		for t := range sink {
			sink[t] += sign * per.Value * tl.Cost[t]
		}
	case tl.ticks:
		for t := range sink {
			sink[t] += sign * per.Data[t] * tl.Cost[t]
		}
	default:
		for t := range sink {
			sum := 0.0
			for k := tl.First[t]; k < tl.First[t+1]; k++ {
				sum += per.Data[k] * b.c.Grids[0].Cost[k]
			}
			sink[t] += sign * sum
		}
	}
}

func (b *builder) chargeCosts(costs []primitive.Cost, first, g int32) {
	for k := range costs {
		b.chargeRates(costs[k].Class, first, g, costs[k].Per)
	}
}

// yearly is what a sum of money counts that is paid every year in which its
// owner exists.
func (b *builder) yearly(alive []bool) float64 {
	sum := 0.0
	for i := range b.c.Periods {
		if alive == nil || alive[i] {
			sum += b.c.Periods[i].CapitalWeight()
		}
	}
	return sum
}

// capacityMoney: annuity and fixed costs of what is built, fixed and sunk costs
// of what stands, and the account prices of what either uses in a year.
func (b *builder) capacityMoney() {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		b.owner(c.Tag)
		years := b.yearly(c.Alive)
		col := b.ix.first[Built][i]
		both := func(class primitive.Class, per float64) { // of Existing and built
			b.pay(class, years*per*c.Existing)
			if col == primitive.None {
				b.pay(class, years*per*c.Min)
			} else {
				b.charge(class, col, years*per)
			}
		}
		if col == primitive.None {
			b.pay(primitive.Capital, years*c.Capital*c.Min)
		} else {
			b.charge(primitive.Capital, col, years*c.Capital)
		}
		b.pay(primitive.Capital, years*c.Sunk)
		both(primitive.Fixed, c.Fixed)
		for _, u := range c.Uses {
			if p := b.m.Buses[u.Bus].Price; !nothing(p) {
				both(primitive.Variable, u.Ratio.Value*b.meanPrice(p))
			}
		}
	}
}

func nothing(s primitive.Series) bool { return s.Data == nil && s.Value == 0 }

// meanPrice is a price's mean by cost weight.
func (b *builder) meanPrice(s primitive.Series) float64 {
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

func (b *builder) unitMoney() {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.owner(u.Tag)
		b.chargeCosts(u.Costs, b.ix.first[Activity][i], u.Grid)
	}
}

// storeMoney: the cost of levels and spilling, and the worth of what is left,
// as negative variable cost (a change in stock, not a sale).
func (b *builder) storeMoney() {
	for i := range b.m.Stores {
		s := &b.m.Stores[i]
		b.owner(s.Tag)
		g := b.busGrid(s.Bus)
		tl := &b.times[g]
		level := b.ix.first[Level][i]
		b.chargeRates(primitive.Variable, b.ix.first[Spill][i], g, primitive.Const(s.SpillCost))
		b.chargeCosts(s.Costs, level, g)
		if b.c.Sequence != nil {
			b.linkedMoney(i)
			continue
		}
		if s.End == primitive.Valued {
			for _, last := range b.lasts(s) {
				b.charge(primitive.Variable, level+last, -s.Value*tl.Event[last])
			}
		}
	}
}

// linkedMoney adds what levels cost in the periods that start higher than the
// lowest: decay^H_t (S_p - low) in each hour, each original period once.
func (b *builder) linkedMoney(i int) {
	s := &b.m.Stores[i]
	tl := &b.times[b.busGrid(s.Bus)]
	start, low := b.ix.first[Start][i], b.ix.first[Low][i]
	often, _ := b.occurrences()
	for n := range s.Costs {
		for k, ch := range tl.chains {
			sum := 0.0
			for t := ch.first; t <= ch.last; t++ {
				left := decay(s.Loss, tl.begin[t]+tl.Hours[t])
				for tick := tl.First[t]; tick < tl.First[t+1]; tick++ {
					sum += left * s.Costs[n].Per.At(int(tick)) * b.c.Grids[0].Cost[tick]
				}
			}
			each := sum / float64(often[k])
			for p, of := range b.c.Sequence {
				if int(of) == k {
					b.charge(s.Costs[n].Class, start+int32(p), each)
					b.charge(s.Costs[n].Class, low+int32(k), -each)
				}
			}
		}
	}
	if s.End == primitive.Valued {
		b.charge(primitive.Variable, start+int32(len(b.c.Sequence)), -s.Value*b.linkedEnd())
	}
}

// linkedEnd is the weight of the level after the last original period: that of
// its chain, by how often it occurs.
func (b *builder) linkedEnd() float64 {
	often, _ := b.occurrences()
	k := b.c.Sequence[len(b.c.Sequence)-1]
	return b.c.Grids[0].Event[b.c.Chains[k].FirstTick] / float64(often[k])
}

func (b *builder) routeMoney() {
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		b.owner(r.Tag)
		b.chargeCosts(r.Costs, b.ix.first[Forward][i], r.Grid)
		b.chargeCosts(r.Costs, b.ix.first[Back][i], r.Grid)
	}
}

// demandMoney: what shedding costs, and what elastic demand is worth (Sale).
func (b *builder) demandMoney() {
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		b.owner(d.Tag)
		g := b.busGrid(d.Bus)
		b.chargeRates(primitive.Variable, b.ix.first[Shed][i], g, primitive.Const(d.ShedCost))
		for k := range d.Elastic {
			b.chargeRates(primitive.Sale, b.blockColumn(Elastic, i, k, g), g, d.Elastic[k].Price)
		}
	}
}

// tradeMoney: buying is a variable cost, selling a sale.
func (b *builder) tradeMoney() {
	for i := range b.m.Trades {
		tr := &b.m.Trades[i]
		b.owner(tr.Tag)
		class := primitive.Variable
		if tr.Sell {
			class = primitive.Sale
		}
		b.chargeRates(class, b.ix.first[Rate][i], tr.Grid, tr.Price)
		for k := range tr.Blocks {
			b.chargeRates(class, b.blockColumn(Further, i, k, tr.Grid), tr.Grid, tr.Blocks[k].Price)
		}
	}
}

// whose is the tag of the primitive that a flow belongs to.
func (b *builder) whose(f *flow) primitive.Tag {
	switch f.what {
	case Spill:
		return b.m.Stores[f.index].Tag
	case Forward, Back:
		return b.m.Routes[f.index].Tag
	case Shed, Elastic:
		return b.m.Demands[f.index].Tag
	case Rate, Further:
		return b.m.Trades[f.index].Tag
	case Through, Lost:
		return b.m.Lines[f.index].Tag
	}
	return b.m.Units[f.index].Tag
}

// accountMoney charges the price of an account bus to whatever flows in, when
// it arrives, and credits it to what is taken out.
func (b *builder) accountMoney() {
	if _, ok := b.wanted(primitive.Variable); !ok {
		return
	}
	cost := b.c.Grids[0].Cost
	b.flows(func(f *flow) {
		price := &b.m.Buses[f.bus].Price
		if nothing(*price) || b.busRow[f.bus] != primitive.None {
			return
		}
		b.owner(b.whose(f))
		if price.Data == nil && f.ratio.Data == nil && f.delay == 0 {
			b.chargeRates(primitive.Variable, f.col, f.grid, primitive.Const(price.Value*f.ratio.Value*f.scale))
			return
		}
		to := b.arrive(f)
		tl := &b.times[f.grid]
		mean := b.on(f.ratio, f.grid)
		for t := int32(0); t < int32(tl.Len()); t++ {
			at := t
			if to != nil {
				if at = to[t]; at == clock.None {
					continue
				}
			}
			sum := 0.0
			for k := tl.First[at]; k < tl.First[at+1]; k++ {
				ratio := 0.0
				if to == nil {
					ratio = f.ratio.At(int(k))
				} else {
					ratio = mean.at(t)
				}
				sum += cost[k] * ratio * price.At(int(k))
			}
			b.charge(primitive.Variable, f.col+t, sum*f.scale)
		}
	})
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		price := &b.m.Buses[d.Bus].Price
		if nothing(*price) || b.busRow[d.Bus] != primitive.None {
			continue
		}
		b.owner(d.Tag)
		for k, w := range cost {
			b.pay(primitive.Variable, -w*d.Amount.At(k)*price.At(k))
		}
	}
}

// penalties: what the violation of soft limits is charged. EachStep: by the
// step's cost weight; longer spans: the amount, by what money in the span counts.
func (b *builder) penalties() {
	for i := range b.m.Limits {
		l := &b.m.Limits[i]
		if !soft(l) {
			continue
		}
		sp, _ := b.limitSpans(l)
		for _, w := range [...]What{Over, Under} {
			col := b.ix.first[w][i]
			if col == primitive.None {
				continue
			}
			for k := range sp.n {
				b.charge(primitive.Penalty, col+int32(k), l.Soft*sp.cost[k])
			}
		}
	}
}

// moneyTerm enters coef x the money of a class in one row; income counts
// positive, penalties are no money.
func (b *builder) moneyTerm(row int32, c primitive.Class, coef float64) {
	money := make([]float64, b.cols)
	known := b.price(money, 1<<c)
	if sign, _ := b.wanted(c); sign < 0 {
		coef = -coef
	}
	for col, v := range money {
		b.add(row, int32(col), coef*v)
	}
	if b.filling {
		b.shift(row, coef*known)
	}
}
