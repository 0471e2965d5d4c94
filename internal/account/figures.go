package account

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
)

// figure adds a number; what is not a number is left out, never shown as 0.
func (b *books) figure(group, name, asset string, v float64, unit, meaning string) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	b.t.Figures = append(b.t.Figures, run.Figure{Group: group, Name: name, Asset: asset, Value: v, Unit: unit, Meaning: meaning})
}

func (b *books) figures() {
	present := b.inMeanYear()
	money := map[int32]float64{}
	class := make([]float64, len(classes))
	total, constant := 0.0, 0.0
	for _, t := range b.terms {
		money[t.asset] += t.amount
		class[t.class] += t.amount
		total += t.amount
		if t.constant {
			constant += t.amount
		}
	}
	unit := b.s.Currency + "/a"
	if b.c.Periods[0].Mean > 0 {
		b.figure("cost", "present_value", "", present, b.s.Currency, "everything the system pays in all years less everything it earns, as it is worth in the base year: the objective")
		b.figure("cost", "total", "", total, unit, "the same in the mean year of all years, without discount; so are all sums of money below")
	} else {
		b.figure("cost", "total", "", total, unit, "everything the system pays less everything it earns: the objective")
	}
	b.figure("cost", "constant", "", constant, unit, "the part of the total that no decision of this study changes")
	for c, v := range class {
		if v != 0 {
			b.figure("cost", classes[c], "", v, unit, "the part of the total of class "+classes[c])
		}
	}
	e := b.electricity()
	product := b.product()
	b.energyFigures(e)
	shares := e.shares()
	b.greenFigures(shares)
	b.carbonFigures(e, shares, product)
	b.productFigures(e, product, money, total)
	b.saleFigures(product, total)
	b.stageFigures(product)
	b.accountFigures(product)
	b.stockFigures()
	b.sourceFigures(e, money)
	b.kindFigures()
	b.priceFigures()
	b.representativeFigures()
}

// inMeanYear turns money of periods that stand for several years into that of their
// mean year, undiscounted, as amounts are, and returns the sum that it was.
func (b *books) inMeanYear() float64 {
	present := 0.0
	for i := range b.terms {
		t := &b.terms[i]
		present += t.amount
		if p := &b.c.Periods[t.period]; p.Mean > 0 && p.Cost > 0 {
			t.amount *= p.Mean / p.Cost
		}
	}
	return present
}

// kindFigures are those that a kind counts itself from its year's flows, such as
// how long an ore body lasts.
func (b *books) kindFigures() {
	for i := range b.s.Assets {
		a := &b.s.Assets[i]
		k, ok := a.Spec.(kind.Figured)
		if !ok || !a.Active {
			continue
		}
		year := kind.Year{Flow: func(commodity string) float64 {
			sum := 0.0
			for _, v := range b.entries {
				if b.asset(v.asset) == a.ID && b.commodity(v.bus).Name == commodity {
					sum += v.year
				}
			}
			return sum
		}}
		for _, f := range k.Figures(year) {
			b.figure("asset", f.Name, a.ID, f.Value, f.Unit, f.Meaning)
		}
	}
}

// part sorts assets by what they do at the electricity buses.
type part uint8

const (
	uninvolved part = iota
	source          // gives electricity and takes none
	transfer        // gives and takes: storage, lines, conversions between buses
	load            // takes electricity and makes something else of it
	home            // takes electricity as a demand
	bought          // trades
	sold
)

// electric is the hourly account of electricity over all its buses: those of
// commodities with electricity in their name, private ones left out.
type electric struct {
	part  []part      // by asset
	net   [][]float64 // by asset: rate into the buses, by tick; nil if none
	green []bool      // by asset
	ends  []bool      // by asset, see gridEnds
	hours []float64   // amount weight of each tick

	made, greens, used, demand, bought, sold []float64 // by tick, all positive
	charge, discharge                        []float64
}

func (e *electric) sum(v []float64) float64 {
	s := 0.0
	for t := range v {
		s += v[t] * e.hours[t]
	}
	return s
}

func (b *books) electricity() *electric {
	n, ticks := len(b.m.Assets), b.c.Ticks()
	e := &electric{part: make([]part, n), net: make([][]float64, n), green: make([]bool, n), hours: b.c.Grids[0].Amount}
	type seen struct{ gives, takes, buys, sells, demands bool }
	saw := make([]seen, n)
	for _, v := range b.entries {
		if v.asset < 0 || v.grid < 0 || b.m.Buses[v.bus].Asset != primitive.None || !isElectricity(b.commodity(v.bus).Name) {
			continue
		}
		if e.net[v.asset] == nil {
			e.net[v.asset] = make([]float64, ticks)
		}
		g := &b.c.Grids[v.grid]
		for t, r := range v.rate {
			for k := g.First[t]; k < g.First[t+1]; k++ {
				e.net[v.asset][k] += r
			}
			s := &saw[v.asset]
			switch {
			case v.role == roleBuy:
				s.buys = true
			case v.role == roleSell:
				s.sells = true
			case v.role == roleDemand || v.role == roleShed || v.role == roleElastic:
				s.demands = true
			case r > 0:
				s.gives = true
			case r < 0:
				s.takes = true
			}
		}
	}
	zero := func() []float64 { return make([]float64, ticks) }
	e.made, e.greens, e.used, e.demand, e.bought, e.sold = zero(), zero(), zero(), zero(), zero(), zero()
	e.charge, e.discharge = zero(), zero()
	byName := map[string]bool{}
	for i := range b.s.Assets {
		byName[b.s.Assets[i].ID] = b.s.Assets[i].Green
	}
	emergency, ends := b.emergency(), b.gridEnds()
	e.ends = ends
	storing := b.storing(func(asset int32) bool { return saw[asset].takes })
	for i := range e.net {
		if e.net[i] == nil {
			continue
		}
		e.green[i] = byName[b.m.Assets[i].Name]
		s := saw[i]
		switch {
		case s.buys || s.sells || ends[i]:
			e.part[i] = bought
			if !s.buys && !ends[i] {
				e.part[i] = sold
			}
		case s.demands:
			e.part[i] = home
		case s.gives && s.takes && !emergency[i], storing[i]:
			e.part[i] = transfer
		case s.takes:
			e.part[i] = load
		case s.gives:
			e.part[i] = source
		}
		for t, v := range e.net[i] {
			switch e.part[i] {
			case source:
				e.made[t] += v
				if e.green[i] {
					e.greens[t] += v
				}
			case bought, sold:
				if v > 0 {
					e.bought[t] += v
					if e.green[i] {
						e.greens[t] += v
					}
				} else {
					e.sold[t] -= v
				}
			case load:
				e.used[t] -= v
			case home:
				e.demand[t] -= v
			case transfer:
				if v > 0 {
					e.discharge[t] += v
				} else {
					e.charge[t] -= v
				}
			}
		}
	}
	return e
}

// emergency tells assets whose net is a load although a part of them gives
// back what another takes (shed power of a process): they have no store and
// no route, and a port into some other commodity with a balance.
func (b *books) emergency() []bool {
	out := make([]bool, len(b.m.Assets))
	for i := range b.m.Units {
		u := &b.m.Units[i]
		for _, p := range u.Ports {
			c := b.commodity(p.Bus)
			if u.Asset >= 0 && c.Balance != primitive.Account && !isElectricity(c.Name) && b.m.Buses[p.Bus].Asset == primitive.None {
				out[u.Asset] = true
			}
		}
	}
	return out
}

// storing tells assets that lead electricity to or from the inside of an asset
// which some of them fill: the charging and discharging of a store, where each
// is an asset of its own.
func (b *books) storing(takes func(asset int32) bool) []bool {
	out := make([]bool, len(b.m.Assets))
	led := map[int32][]int32{} // assets by the bus inside
	for i := range b.m.Units {
		u := &b.m.Units[i]
		inside, outside := primitive.None, false
		for _, p := range u.Ports {
			switch bus := &b.m.Buses[p.Bus]; {
			case bus.Asset != primitive.None && bus.Asset != u.Asset:
				inside = p.Bus
			case bus.Asset == primitive.None && isElectricity(b.commodity(p.Bus).Name):
				outside = true
			}
		}
		if inside != primitive.None && outside && u.Asset >= 0 {
			led[inside] = append(led[inside], u.Asset)
		}
	}
	for _, assets := range led {
		if slices.ContainsFunc(assets, takes) {
			for _, a := range assets {
				out[a] = true
			}
		}
	}
	return out
}

// gridEnds tells assets with a grid inside: a line at whose far end others
// trade. What it brings is bought, what it takes away is sold.
func (b *books) gridEnds() []bool {
	out := make([]bool, len(b.m.Assets))
	for i := range b.m.Trades {
		if bus := b.m.Trades[i].Bus; b.m.Buses[bus].Asset != primitive.None {
			out[b.m.Buses[bus].Asset] = true
		}
	}
	return out
}

func (b *books) energyFigures(e *electric) {
	for _, f := range []struct {
		name, meaning string
		v             []float64
	}{
		{"generation", "electricity fed in by the system's own plants", e.made},
		{"used", "electricity taken by processes: smelter, carbon plant, casthouse ...", e.used},
		{"demand", "electricity taken by demands outside the processes", e.demand},
		{"bought", "electricity bought", e.bought},
		{"sold", "electricity sold", e.sold},
		{"charged", "electricity taken by storage and transfers", e.charge},
		{"discharged", "electricity given back by storage and transfers", e.discharge},
	} {
		if v := e.sum(f.v); v != 0 {
			b.figure("energy", f.name, "", v, "MWh/a", f.meaning)
		}
	}
}

// shares are the green accounts; facts K1 and K15: named, side by side, one
// claim per MWh.
type shares struct {
	annual     float64   // green energy / processes' energy
	matched    float64   // the same after what is sold, at most 1
	direct     float64   // met in the same hour by green production, without storage
	stored     float64   // met in the same hour after storage
	uncovered  []float64 // processes' power not covered in the same hour, after storage
	annualLeft float64   // energy not covered on the year
}

// green counts the green shares of the processes' electricity.
//
// Each MWh made green carries one claim. What is sold takes claims first; what
// demands outside the processes take, takes its share of the rest in
// proportion. Storage carries claims from the hour it charges to the hour it
// discharges: charging is green as far as green production is left in its
// hour, and what comes out is as green as what lies in store, with losses
// spread evenly (annual round trip).
func (e *electric) shares() shares {
	var s shares
	n := len(e.hours)
	s.uncovered = make([]float64, n)
	var used, green, sold, direct, stored, claims float64
	round := 1.0
	if c := e.sum(e.charge); c > 0 {
		round = math.Min(1, e.sum(e.discharge)/c)
	}
	// Two passes: the first finds what lies in store at the year's turn.
	stock, greenStock := 0.0, 0.0
	for pass := 0; pass < 2; pass++ {
		used, green, sold, direct, stored, claims = 0, 0, 0, 0, 0, 0
		for t := 0; t < n; t++ {
			h := e.hours[t]
			own := math.Max(0, e.greens[t]-e.sold[t])
			all := e.used[t] + e.demand[t]
			share := 1.0
			if all > 0 {
				share = e.used[t] / all
			}
			now := math.Min(e.used[t], own*share)
			left := math.Max(0, own-math.Min(all, own))
			in := math.Min(e.charge[t], left)
			stock += e.charge[t] * round
			greenStock += in * round
			out := 0.0
			if d := math.Min(e.discharge[t], stock); d > 0 && stock > 0 {
				out = d * greenStock / stock
				greenStock -= out
				stock -= d
			}
			later := math.Min(e.used[t]-now, out*share)
			s.uncovered[t] = math.Max(0, e.used[t]-now-later)
			used += h * e.used[t]
			green += h * e.greens[t]
			sold += h * math.Min(e.sold[t], e.greens[t])
			direct += h * now
			stored += h * (now + later)
			claims += h * own * share
		}
	}
	if used == 0 {
		nan := math.NaN()
		return shares{annual: nan, matched: nan, direct: nan, stored: nan, uncovered: s.uncovered, annualLeft: nan}
	}
	s.annual = green / used
	s.matched = math.Min(1, claims/used)
	s.direct = direct / used
	s.stored = stored / used
	s.annualLeft = math.Max(0, used-claims)
	return s
}

func (b *books) greenFigures(s shares) {
	b.figure("green", "annual_energy_ratio", "", s.annual, "", "green electricity made or contracted in the year / electricity the processes take; says nothing about when")
	b.figure("green", "share_same_hour", "", s.direct, "", "share of the processes' electricity met in the same hour by green production, without storage, after what is sold")
	b.figure("green", "share_same_hour_after_storage", "", s.stored, "", "the same with what storage carries from green hours, after its losses")
	b.figure("green", "share_annual_after_sales", "", s.matched, "", "green electricity left after what is sold and what other demands take / electricity the processes take, at most 1")
}

// product is the commodity whose cost per unit is reported.
type product struct {
	name, unit string
	amount     float64 // that leaves the system: demanded or sold, a year
	sold       float64 // of it
	income     float64 // from its sale
}

func (b *books) product() *product {
	if b.s.Product == "" {
		return nil
	}
	p := &product{name: b.s.Product}
	for _, v := range b.entries {
		c := b.commodity(v.bus)
		if c.Name != b.s.Product {
			continue
		}
		p.unit = c.Unit
		switch v.role {
		case roleSell:
			p.sold -= v.year
			p.amount -= v.year
		case roleDemand, roleShed, roleElastic:
			p.amount -= v.year
		}
	}
	for _, t := range b.terms {
		if t.commodity == p.name && t.class == primitive.Sale {
			p.income -= t.amount
		}
	}
	if !(p.amount > 0) {
		return nil
	}
	return p
}

// carbonFigures: direct emissions, those of what is bought, and what a tonne
// carries if green electricity is matched by the year or by the hour.
func (b *books) carbonFigures(e *electric, s shares, p *product) {
	direct, pfc, imported, power := 0.0, 0.0, 0.0, 0.0
	any := false
	for _, v := range b.entries {
		name := b.commodity(v.bus).Name
		if !isCarbon(name) {
			continue
		}
		any = true
		switch {
		case name == "pfc":
			pfc += v.year
		case v.role == roleBuy || v.role == roleSell:
			imported += v.year
		case v.asset >= 0 && e.part[v.asset] == source:
			power += v.year
		default:
			direct += v.year
		}
	}
	if !any {
		return
	}
	b.figure("carbon", "direct", "", direct, "t/a", "CO2 that the processes themselves emit")
	if pfc != 0 {
		b.figure("carbon", "pfc", "", pfc, "t/a", "perfluorocarbons as CO2 equivalent")
		direct += pfc // what follows is all greenhouse gases
	}
	b.figure("carbon", "power_plants", "", power, "t/a", "CO2 of the system's own power plants")
	b.figure("carbon", "bought", "", imported, "t/a", "CO2 in what is bought (electricity from the grid), by the factor its purchase gives")
	// What is not covered by green claims carries the mean of all other power.
	grey := e.sum(e.made) + e.sum(e.bought) - e.sum(e.greens)
	factor := 0.0
	if grey > 0 {
		factor = (imported + power) / grey
	}
	hourly := e.sum(s.uncovered) * factor
	annual := s.annualLeft * factor
	b.figure("carbon", "grey_factor", "", factor, "t/MWh", "CO2 per MWh of electricity that is not green")
	if p == nil {
		return
	}
	per := "t/" + p.unit
	b.figure("carbon", "direct_per_t", "", direct/p.amount, per, "direct CO2 and PFC per unit of product; all that CBAM counts for aluminium today (facts K15)")
	b.figure("carbon", "annual_matching_per_t", "", (direct+annual)/p.amount, per, "direct emissions and those of electricity not covered by green claims over the year")
	b.figure("carbon", "hourly_matching_per_t", "", (direct+hourly)/p.amount, per, "direct emissions and those of electricity not covered by green claims in its own hour, after storage")
}

// Prices of metal at which the bearable price of power is told, USD/t.
var lmePrices = []float64{2000, 2300, 2630, 3000}

// productFigures: cost per unit by asset, and the power price the product can
// bear: (income - everything but power) / electricity of the processes (facts
// K13).
func (b *books) productFigures(e *electric, p *product, money map[int32]float64, total float64) {
	if p == nil {
		return
	}
	cur := b.s.Currency
	b.figure("metal", "amount", p.name, p.amount, p.unit+"/a", "product that leaves the system: demanded or sold")
	b.figure("cost", "per_t", "", (total+p.income)/p.amount, cur+"/"+p.unit, "everything paid less everything earned but by the product itself, per unit of product")
	assets := make([]int32, 0, len(money))
	for a := range money {
		assets = append(assets, a)
	}
	sort.Slice(assets, func(i, j int) bool { return b.asset(assets[i]) < b.asset(assets[j]) })
	nonPower := 0.0
	for _, a := range assets {
		v := money[a]
		if a >= 0 {
			for _, t := range b.terms {
				if t.asset == a && t.commodity == p.name && t.class == primitive.Sale {
					v -= t.amount
				}
			}
		}
		if v != 0 {
			name := b.asset(a)
			if name == "" {
				name = "limits"
			}
			b.figure("cost", "per_t_by_asset", name, v/p.amount, cur+"/"+p.unit, "the asset's part of the cost per unit of product")
		}
		power := a >= 0 && b.tradesPower(e, a) || a >= 0 && (e.part[a] == source || e.part[a] == transfer || e.part[a] == bought || e.part[a] == sold)
		if !power {
			nonPower += v
		}
	}
	used := e.sum(e.used)
	if used == 0 {
		return
	}
	b.figure("metal", "electricity_per_t", p.name, used/p.amount, "MWh/"+p.unit, "electricity of the processes per unit of product")
	power := total + p.income - nonPower
	b.figure("cost", "power_per_mwh", "", power/used, cur+"/MWh", "everything paid for power per MWh that the processes take")
	if !strings.Contains(p.name, "aluminium") { // what metal can bear says nothing of alumina or steam
		return
	}
	b.figure("netback", "non_power_per_t", "", nonPower/p.amount, cur+"/"+p.unit, "everything but power, per unit of product")
	if p.income > 0 {
		b.figure("netback", "power_price_bearable", "", (p.income-nonPower)/used, cur+"/MWh", "power price at which the product's income just pays everything, at the price it is sold for in this study")
	}
	for _, lme := range lmePrices {
		b.figure("netback", fmt.Sprintf("at_lme_%.0f", lme), "", (lme*p.amount-nonPower)/used, cur+"/MWh",
			fmt.Sprintf("the same at %.0f %s/%s", lme, cur, p.unit))
	}
	b.figure("netback", "break_even_price", "", (total+p.income)/p.amount, cur+"/"+p.unit, "price of the product at which income pays everything, power included")
}

// tradesPower reports whether an asset buys or sells electricity at the far
// end of a line.
func (b *books) tradesPower(e *electric, a int32) bool {
	for i := range b.m.Trades {
		t := &b.m.Trades[i]
		if bus := &b.m.Buses[t.Bus]; t.Asset == a && bus.Asset != primitive.None && e.ends[bus.Asset] {
			return true
		}
	}
	return false
}

// sourceFigures: what each plant and purchase gives, how much of what it
// could, and what a MWh of it costs.
func (b *books) sourceFigures(e *electric, money map[int32]float64) {
	could := map[string]float64{}
	weight := map[string][]float64{}
	for g := range b.c.Grids {
		weight[b.grids[g]] = b.c.Grids[g].Amount
	}
	for _, a := range b.t.Available {
		could[a.Asset] += a.Rate * weight[a.Grid][a.Step]
	}
	size := map[string]float64{}
	for _, c := range b.t.Capacities {
		if c.Unit == "MW" {
			size[c.Asset] += c.Existing + c.Built
		}
	}
	hours := 0.0
	for _, h := range e.hours {
		hours += h
	}
	total := e.sum(e.made) + e.sum(e.bought)
	for i, p := range e.part {
		if p != source && p != bought || e.ends[i] {
			continue
		}
		name := b.m.Assets[i].Name
		given := 0.0
		for t, v := range e.net[i] {
			given += math.Max(0, v) * e.hours[t]
		}
		if given <= 1e-9*total {
			continue
		}
		b.figure("source", "energy", name, given, "MWh/a", "electricity it gives")
		if s := size[name]; s > 0 && p == source {
			b.figure("source", "full_load_hours", name, given/s, "h/a", "energy / capacity")
			b.figure("source", "capacity_factor", name, given/s/hours, "", "energy / what the capacity would give all year")
		}
		if c := could[name]; c > 0 && p == source {
			b.figure("source", "curtailment", name, math.Max(0, 1-given/c), "", "share of what it could have given that was not used")
		}
		b.figure("source", "lcoe", name, money[int32(i)]/given, b.s.Currency+"/MWh", "everything paid for it / energy it gives")
	}
	// What is bought at the far end of a line, where it is paid.
	for _, v := range b.entries {
		if v.role != roleBuy || v.year <= 1e-9*total || b.m.Buses[v.bus].Asset == primitive.None || !e.ends[b.m.Buses[v.bus].Asset] {
			continue
		}
		name := b.asset(v.asset)
		b.figure("source", "energy", name, v.year, "MWh/a", "electricity it gives, before the line's loss")
		b.figure("source", "lcoe", name, money[v.asset]/v.year, b.s.Currency+"/MWh", "everything paid for it / energy it gives, before the line's loss and charge")
	}
}

// priceFigures: marginal prices of each bus with a balance.
func (b *books) priceFigures() {
	if b.y == nil {
		return
	}
	for bus := range b.m.Buses {
		if b.m.Buses[bus].Asset != primitive.None {
			continue
		}
		prices := b.ix.BusPrice(b.y, bus)
		if prices == nil {
			continue
		}
		c := b.commodity(int32(bus))
		weight := b.c.Grids[c.Grid].Amount
		low, high, sum, hours := math.Inf(1), math.Inf(-1), 0.0, 0.0
		for t, v := range prices {
			low, high = math.Min(low, v), math.Max(high, v)
			sum += v * weight[t]
			hours += weight[t]
		}
		name, unit := b.m.Buses[bus].Name, b.s.Currency+"/"+c.Unit
		b.figure("price", "mean", name, sum/hours, unit, "mean over time of the marginal price")
		b.figure("price", "low", name, low, unit, "lowest marginal price")
		b.figure("price", "high", name, high, unit, "highest marginal price")
		paid, amount := 0.0, 0.0
		for _, v := range b.entries {
			if int(v.bus) != bus {
				continue
			}
			for t, r := range v.rate {
				if r < 0 {
					paid -= r * prices[t] * weight[t]
					amount -= r * weight[t]
				}
			}
		}
		if amount > 0 {
			b.figure("price", "load_weighted", name, paid/amount, unit, "mean of the marginal price by what is taken")
		}
	}
}

func (b *books) representativeFigures() {
	if b.s.Selection == nil {
		return
	}
	for _, f := range b.s.Selection.Errors {
		b.figure("representative", "mean_error", f.Name, f.ChosenMean-f.Mean, "", "mean over the chosen periods with their frequencies less that of the full horizon, in the series' base unit")
		b.figure("representative", "duration_curve_rmse", f.Name, f.DurationCurveRMSE, "", "root mean square distance of the two duration curves, in the series' base unit")
	}
}
