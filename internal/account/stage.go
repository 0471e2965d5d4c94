package account

import (
	"math"
	"sort"

	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

// A stage is a commodity with all that makes, buys, carries and keeps it: ore,
// steam, power, alumina. Every asset belongs to one, by what it does, whatever
// its kind.

// noStage is where limits and what touches no commodity stand.
const noStage int32 = -1

// stages gives each asset the commodity it provides: what its first unit with
// an output makes, else what it carries, buys, keeps, uses or sells. The inside
// of an asset is no commodity; who trades at it belongs to its owner's stage.
func (b *books) stages() []int32 {
	out := make([]int32, len(b.m.Assets))
	for i := range out {
		out[i] = noStage
	}
	owner := make([]int32, len(b.m.Assets))
	for i := range owner {
		owner[i] = primitive.None
	}
	join := func(asset, bus int32) {
		if asset < 0 || bus < 0 || out[asset] != noStage {
			return
		}
		k := &b.m.Buses[bus]
		switch {
		case k.Asset != primitive.None:
			if k.Asset != asset && owner[asset] == primitive.None {
				owner[asset] = k.Asset
			}
		case b.m.Commodities[k.Commodity].Balance != primitive.Account:
			out[asset] = k.Commodity
		}
	}
	for _, gives := range []bool{true, false} {
		for i := range b.m.Units {
			for _, p := range b.m.Units[i].Ports {
				if some(p.Ratio, gives) {
					join(b.m.Units[i].Asset, p.Bus)
				}
			}
		}
		if !gives {
			break
		}
		for i := range b.m.Routes {
			join(b.m.Routes[i].Asset, b.m.Routes[i].From)
			join(b.m.Routes[i].Asset, b.m.Routes[i].To)
		}
		for i := range b.m.Lines {
			join(b.m.Lines[i].Asset, b.m.Lines[i].From)
		}
		for i := range b.m.Trades {
			join(b.m.Trades[i].Asset, b.m.Trades[i].Bus)
		}
		for i := range b.m.Stores {
			join(b.m.Stores[i].Asset, b.m.Stores[i].Bus)
		}
		for i := range b.m.Demands {
			join(b.m.Demands[i].Asset, b.m.Demands[i].Bus)
		}
	}
	for i, o := range owner {
		if out[i] == noStage && o != primitive.None {
			out[i] = out[o]
		}
	}
	return out
}

// some tells whether a ratio is ever of a sign.
func some(s primitive.Series, positive bool) bool {
	if s.Data == nil {
		return s.Value > 0 == positive && s.Value != 0
	}
	for _, v := range s.Data {
		if v > 0 == positive && v != 0 {
			return true
		}
	}
	return false
}

// upstream counts, for each commodity, the plants between it and the product:
// 0 the product, 1 what it is made from; -1: nothing that leads to it.
func (b *books) upstream(product string) []int {
	steps := make([]int, len(b.m.Commodities))
	for i := range steps {
		steps[i] = -1
		if b.m.Commodities[i].Name == product {
			steps[i] = 0
		}
	}
	public := func(bus int32) (int32, bool) {
		k := &b.m.Buses[bus]
		return k.Commodity, k.Asset == primitive.None && b.m.Commodities[k.Commodity].Balance != primitive.Account
	}
	for range b.m.Commodities {
		for i := range b.m.Units {
			least := -1
			for _, p := range b.m.Units[i].Ports {
				if c, ok := public(p.Bus); ok && some(p.Ratio, true) && steps[c] >= 0 && (least < 0 || steps[c] < least) {
					least = steps[c]
				}
			}
			if least < 0 {
				continue
			}
			for _, p := range b.m.Units[i].Ports {
				if c, ok := public(p.Bus); ok && some(p.Ratio, false) && (steps[c] < 0 || steps[c] > least+1) {
					steps[c] = least + 1
				}
			}
		}
	}
	return steps
}

// stageFigures are the parts of a tonne's cost and carbon by stage, the first
// of the chain first.
func (b *books) stageFigures(p *product) {
	if p == nil {
		return
	}
	of := b.stages()
	at := func(asset int32) int32 {
		if asset < 0 {
			return noStage
		}
		return of[asset]
	}
	cost, carbon := map[int32]float64{}, map[int32]float64{}
	for _, t := range b.terms {
		if t.class != primitive.Sale || t.commodity != p.name {
			cost[at(t.asset)] += t.amount
		}
	}
	for _, e := range b.entries {
		if isCarbon(b.commodity(e.bus).Name) {
			carbon[at(e.asset)] += e.year
		}
	}
	var order []int32
	for s := noStage; int(s) < len(b.m.Commodities); s++ {
		if cost[s] != 0 || carbon[s] != 0 {
			order = append(order, s)
		}
	}
	if len(order) < 2 {
		return
	}
	steps := b.upstream(p.name)
	far := func(s int32) int {
		if s < 0 || steps[s] < 0 {
			return -1
		}
		return steps[s]
	}
	sort.SliceStable(order, func(i, j int) bool {
		if a, z := far(order[i]), far(order[j]); a != z {
			return a > z && z >= 0 || z < 0
		}
		return cost[order[i]] > cost[order[j]]
	})
	for _, s := range order {
		name := "limits"
		if s >= 0 {
			name = b.m.Commodities[s].Name
		}
		b.figure("stage", "cost_per_t", name, cost[s]/p.amount, b.s.Currency+"/"+p.unit, "all that makes, buys, carries and keeps the commodity: its part of the cost per unit of product")
		if len(carbon) > 0 {
			b.figure("stage", "co2_per_t", name, carbon[s]/p.amount, "t/"+p.unit, "the same of greenhouse gases, those of bought power included")
		}
	}
}

// isCarbon tells the accounts of greenhouse gases.
func isCarbon(commodity string) bool {
	return commodity == "co2" || commodity == "co2_indirect" || commodity == "pfc"
}

// isCounted tells units of vehicles, which are told a day.
func isCounted(unit string) bool { return unit == "truck" || unit == "vehicle" }

// saleFigures set the product's price against its cost: whether it repays.
func (b *books) saleFigures(p *product, total float64) {
	if p == nil || !(p.sold > 0) || !(p.income > 0) {
		return
	}
	unit := b.s.Currency + "/" + p.unit
	price := p.income / p.sold
	b.figure("cost", "sale_price", "", price, unit, "what a unit of the product brings where it is sold, mean of the year")
	if math.Abs(p.sold-p.amount) <= 1e-6*p.amount {
		b.figure("cost", "margin_per_t", "", price-(total+p.income)/p.amount, unit, "price less cost: what a unit of the product leaves, negative where it does not repay")
	}
}

// accountFigures sum the accounts of land, water and residues, and tell vehicles
// by the day.
func (b *books) accountFigures(p *product) {
	days := 0.0
	for _, w := range b.c.Grids[0].Amount {
		days += w / 24
	}
	sum := make([]float64, len(b.m.Commodities))
	traffic := map[[2]int32]float64{}
	for _, e := range b.entries {
		c := b.m.Buses[e.bus].Commodity
		sum[c] += e.year
		if isCounted(b.m.Commodities[c].Unit) && e.asset >= 0 && (e.year > 0) == (b.m.Commodities[c].Balance == primitive.Account) {
			traffic[[2]int32{c, e.asset}] += math.Abs(e.year)
		}
	}
	for i := range b.m.Commodities {
		c := &b.m.Commodities[i]
		if c.Balance != primitive.Account || isCarbon(c.Name) || isCounted(c.Unit) || sum[i] == 0 {
			continue
		}
		if kind.Held(c.Name) {
			b.figure("account", "held", c.Name, sum[i], c.Unit, "what the system holds of it, as a stock")
			continue
		}
		b.figure("account", "a_year", c.Name, sum[i], c.Unit+"/a", "sum of the account over the year")
		if p != nil {
			per, unit := sum[i]/p.amount, c.Unit
			if unit == "ha" {
				per, unit = 1e4*per, "m2"
			}
			b.figure("account", "per_product", c.Name, per, unit+"/"+p.unit, "the same per unit of product")
		}
	}
	for i := range b.m.Commodities {
		c := &b.m.Commodities[i]
		for a := range b.m.Assets {
			if v := traffic[[2]int32{int32(i), int32(a)}]; v > 0 {
				b.figure("traffic", c.Name, b.m.Assets[a].Name, v/days, c.Unit+"/d", "mean over all days")
			}
		}
	}
}

// stockFigures tell how long each stock at a place would last: its level over
// what is taken from its bus a day, on the mean of the year, served or not.
func (b *books) stockFigures() {
	days := 0.0
	for _, w := range b.c.Grids[0].Amount {
		days += w / 24
	}
	taken := make([]float64, len(b.m.Buses))
	for _, e := range b.entries {
		if e.year < 0 && e.role != roleStore {
			taken[e.bus] -= e.year
		}
	}
	for i := range b.m.Stores {
		st := &b.m.Stores[i]
		c := b.commodity(st.Bus)
		level := b.ix.StoreLevel(b.x, i)
		if b.m.Buses[st.Bus].Asset != primitive.None || !(taken[st.Bus] > 0) || len(level) == 0 {
			continue
		}
		use := taken[st.Bus] / days
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range level {
			low, high = math.Min(low, v), math.Max(high, v)
		}
		if !(high > 0) {
			continue
		}
		if low < 1e-6*high { // a trace that the solver leaves
			low = 0
		}
		name := b.asset(st.Asset)
		b.figure("stock", "use", name, use, c.Unit+"/d", "what is taken from where it stands, mean over all days, what was not served included")
		b.figure("stock", "low", name, low, c.Unit, "lowest level")
		b.figure("stock", "cover_low", name, low/use, "d", "days of use that the lowest level would last, the heel included")
		b.figure("stock", "cover_high", name, high/use, "d", "days of use that the highest level would last")
	}
}
