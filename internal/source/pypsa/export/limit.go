package export

import (
	"math"
	"slices"
	"strings"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// limiting is what limits have come to.
type limiting struct {
	constant float64              // money that no decision changes
	tied     map[int32]float64    // cost of what is tied to a capacity, per unit of it
	bounds   map[int32][2]float64 // of capacities that something is tied to
	absorbed map[int32]bool       // capacities that another stands for
	done     map[int]bool         // limits said otherwise
	whole    bool                 // some commitment is of whole machines
	sizes    []*sizeLimit
}

func (l *limiting) said(i int) {
	if l.done == nil {
		l.done = map[int]bool{}
	}
	l.done[i] = true
}

// netOf is the storage whose discharging less charging a limit speaks of.
func netOf(l *primitive.Limit) (out, in int32, ok bool) {
	if l.Span != primitive.EachStep || len(l.Terms) != 2 || !math.IsNaN(l.Soft) {
		return 0, 0, false
	}
	x, y := l.Terms[0], l.Terms[1]
	if x.Of != primitive.UnitActivity || y.Of != primitive.UnitActivity || x.Coef.Data != nil || y.Coef.Data != nil || x.Coef.Value != 1 || y.Coef.Value != -1 {
		return 0, 0, false
	}
	for n := range max(len(l.Min), len(l.Max)) {
		lo, hi := of(l.Min, n, math.Inf(-1)), of(l.Max, n, math.Inf(1))
		if lo != hi && !(math.IsInf(lo, -1) && math.IsInf(hi, 1)) {
			return 0, 0, false
		}
	}
	return x.Index, y.Index, true
}

// of is the n-th of one value, or one a span; none of no values.
func of(values []float64, n int, none float64) float64 {
	switch len(values) {
	case 0:
		return none
	case 1:
		return values[0]
	}
	return values[n]
}

// metered are the machines that limits measure, which therefore must stay
// machines.
func (k *maker) metered() map[*machine]bool {
	all := map[*machine]bool{}
	for i := range k.m.Limits {
		l := &k.m.Limits[i]
		if _, _, net := netOf(l); net {
			continue
		}
		for _, t := range l.Terms {
			for _, c := range k.contributions(t) {
				all[c.machine] = true
			}
		}
	}
	for i := range k.m.Trades {
		if len(k.m.Trades[i].Scopes) > 0 {
			for _, x := range k.of[tradeMachines][int32(i)] {
				all[x] = true
			}
		}
	}
	return all
}

// contribution is a rate in a limit, with the coefficient of each tick.
type contribution struct {
	machine *machine
	coef    primitive.Series
	through *accountPort // of an account: the flow, which may arrive later
}

// contributions are the rates that a term takes.
func (k *maker) contributions(t primitive.Term) []contribution {
	group, ok := map[primitive.Of]int{
		primitive.UnitActivity: unitMachines, primitive.StoreSpill: spillMachines, primitive.RouteFlow: routeMachines,
		primitive.DemandShed: shedMachines, primitive.TradeRate: tradeMachines,
	}[t.Of]
	var all []contribution
	add := func(group int, coef primitive.Series) {
		for _, x := range k.of[group][t.Index] {
			all = append(all, contribution{machine: x, coef: coef})
		}
	}
	switch {
	case ok:
		add(group, t.Coef)
	case t.Of == primitive.DemandServed:
		add(shedMachines, scaled(t.Coef, -1))
		add(elasticMachines, t.Coef)
	case t.Of == primitive.BusAccount:
		for _, x := range k.machines {
			for n := range x.accounts {
				if x.accounts[n].account == t.Index {
					all = append(all, contribution{x, t.Coef, &x.accounts[n]})
				}
			}
		}
	}
	return all
}

// limits writes what holds over rates: as p_set of a StorageUnit, as a limit on
// primary energy, else as a bus that the rates flow into. Limits on sizes alone
// wait for the components.
func (k *maker) limits() {
	for i := range k.m.Limits {
		l := &k.m.Limits[i]
		if k.limit.done[i] {
			continue
		}
		sizes, levels := 0, 0
		for _, t := range l.Terms {
			switch t.Of {
			case primitive.CapacitySize:
				sizes++
			case primitive.StoreLevel:
				levels++
			case primitive.MoneyCost:
				k.problem(-1, l.Name, "a limit on money")
				return
			case primitive.LineFlow:
				k.problem(-1, l.Name, "a limit on the flow of a line beside its own")
				return
			}
		}
		switch {
		case sizes == len(l.Terms):
			k.sizeLimit(l)
		case k.netLimit(l):
		case k.primary(l):
		case levels > 0:
			k.problem(-1, l.Name, "a limit on levels of storage beside rates that are no Generators, or not at the end")
		default:
			k.meter(l)
		}
	}
	for i := range k.m.Trades {
		tr := &k.m.Trades[i]
		for n := range tr.Scopes {
			s := &tr.Scopes[n]
			k.meter(&primitive.Limit{
				Name: k.label(tr.Asset, tr.Part) + " total", Span: s.Span, Min: s.Min, Max: s.Max, Soft: math.NaN(),
				Terms: []primitive.Term{{Of: primitive.TradeRate, Index: int32(i), Coef: primitive.Const(1)}},
			})
		}
	}
}

func (k *maker) netLimit(l *primitive.Limit) bool {
	out, in, ok := netOf(l)
	if !ok {
		return false
	}
	for _, s := range k.stored {
		if s.out == nil || k.of[unitMachines][out][0] != s.out || k.of[unitMachines][in][0] != s.in {
			continue
		}
		s.net = k.build(func(t int) float64 {
			if v := of(l.Max, t, math.Inf(1)); finite(v) {
				return v
			}
			return math.NaN()
		})
		return true
	}
	return false
}

// primary says a limit on sums of Generators and on what storage gives up as
// one on primary energy: every asset has a carrier of its own with a column of
// the limit, and a Generator's coefficient in each tick is that over its
// efficiency.
func (k *maker) primary(l *primitive.Limit) bool {
	if l.Span != primitive.Horizon || !math.IsNaN(l.Soft) || len(l.Min) > 1 || len(l.Max) > 1 {
		return false
	}
	least, high := of(l.Min, 0, math.Inf(-1)), of(l.Max, 0, math.Inf(1))
	period := k.only(l)
	in := func(t int) bool { return period < 0 || k.period[t] == period }
	weights := map[*machine]primitive.Series{}
	factors := map[*machine]float64{}
	stores := map[*stored]float64{}
	known := 0.0
	for _, term := range l.Terms {
		switch term.Of {
		case primitive.UnitActivity:
			x := k.of[unitMachines][term.Index][0]
			if x.done || x.shares || len(x.ports) != 1 || k.coarse(x.grid) || weights[x].Data != nil {
				return false
			}
			if c, _, _ := k.form(x); c != "Generator" {
				return false
			}
			w, f, ok := k.weightOf(x, term.Coef, in)
			if !ok {
				return false
			}
			weights[x], factors[x] = w, f
		case primitive.StoreLevel:
			s := k.stored[term.Index]
			f, initial, ok := k.givenUp(s, term.Coef, period)
			if _, twice := stores[s]; !ok || twice {
				return false
			}
			stores[s] = f
			known += initial
		default:
			return false
		}
	}
	attr := "limit_" + strings.ReplaceAll(l.Name, " ", "_")
	for x, f := range factors {
		x.weight = weights[x]
		if x.carrier == "" {
			x.carrier = k.newCarrier(x.name)
		}
		k.carriers[x.carrier][attr] = f
	}
	for s, f := range stores {
		if s.carrier == "" {
			s.carrier = k.newCarrier(k.label(s.Asset, s.Part))
		}
		k.carriers[s.carrier][attr] = f
	}
	for _, side := range k.sides(least+known, high+known) {
		r := k.add("GlobalConstraint", l.Name)
		r.put("type", "primary_energy")
		r.put("carrier_attribute", attr)
		r.put("sense", side.sense)
		r.number("constant", side.v)
		if period >= 0 {
			r.number("investment_period", float64(k.years[period]))
		}
	}
	return true
}

// side is one side of a constraint.
type side struct {
	sense string
	v     float64
}

func (k *maker) sides(least, high float64) []side {
	var all []side
	switch {
	case least == high:
		return []side{{"==", high}}
	default:
		if finite(least) {
			all = append(all, side{">=", least})
		}
		if finite(high) {
			all = append(all, side{"<=", high})
		}
	}
	return all
}

// only is the investment period in which alone a limit's coefficients are not
// 0; -1: several, or there is one.
func (k *maker) only(l *primitive.Limit) int {
	if k.years == nil {
		return -1
	}
	at := -1
	for _, t := range l.Terms {
		for n := range k.ticks {
			if t.Coef.At(n) == 0 {
				continue
			}
			if at >= 0 && at != k.period[n] {
				return -1
			}
			at = k.period[n]
		}
	}
	return at
}

// weightOf fits a coefficient into a Generator's 1/efficiency, which other
// limits may have set already: coefficient = factor x weight.
func (k *maker) weightOf(x *machine, coef primitive.Series, in func(int) bool) (primitive.Series, float64, bool) {
	w := make([]float64, k.ticks)
	for t := range w {
		w[t] = math.NaN()
		if x.weight.Data != nil {
			w[t] = x.weight.Data[t]
		}
	}
	f := math.NaN()
	for t := range w {
		c := coef.At(t) * k.weighed(t)
		if in(t) && c != 0 && w[t] != 0 && !math.IsNaN(w[t]) {
			f = c / w[t]
			break
		}
	}
	if math.IsNaN(f) {
		// Free: the largest coefficient is the factor.
		for t := range w {
			if c := coef.At(t) * k.weighed(t); in(t) && (math.IsNaN(f) || math.Abs(c) > math.Abs(f)) {
				f = c
			}
		}
	}
	if f == 0 || math.IsNaN(f) {
		return primitive.Series{}, 0, false
	}
	for t := range w {
		if !in(t) {
			continue
		}
		v := coef.At(t) * k.weighed(t) / f
		switch {
		case math.IsNaN(w[t]):
			w[t] = v
		case math.Abs(w[t]-v) > 1e-12*(math.Abs(w[t])+math.Abs(v)):
			return primitive.Series{}, 0, false
		}
	}
	return primitive.Series{Data: w}, f, true
}

// givenUp reads a coefficient on the last level of a store as PyPSA's initial
// less final level: its factor, and what the initial level adds.
func (k *maker) givenUp(s *stored, coef primitive.Series, period int) (factor, initial float64, ok bool) {
	if s.End == primitive.Cyclic || k.coarse(s.grid) || !s.Carry && period >= 0 && !k.multi {
		return 0, 0, false
	}
	last := make([]bool, k.ticks)
	at := -1
	for t := range k.ticks {
		if period >= 0 && k.period[t] != period || s.Alive != nil && !s.Alive[k.period[t]] {
			continue
		}
		if at >= 0 && k.multi && !s.Carry && k.period[at] != k.period[t] {
			last[at] = true
		}
		at = t
	}
	if at < 0 {
		return 0, 0, false
	}
	last[at] = true
	factor = math.NaN()
	for t := range k.ticks {
		v := coef.At(t) * k.m.Clock.Grids[0].Amount[t]
		if !last[t] {
			if v != 0 {
				return 0, 0, false
			}
			continue
		}
		years := 1.0
		if k.multi && !s.Carry {
			years = k.periodYears[k.period[t]]
		}
		f := -v / years
		if !math.IsNaN(factor) && math.Abs(f-factor) > 1e-12*math.Abs(f) {
			return 0, 0, false
		}
		factor = f
		initial += f * years * s.Initial
	}
	if k.multi && s.Carry {
		for _, y := range k.periodYears {
			if y != 1 {
				return 0, 0, false // PyPSA refuses it
			}
		}
	}
	return factor, initial, factor != 0
}

// meterSpan is a span of ticks with the weight of each.
type meterSpan struct {
	first, last int
	cost        float64
}

// spansOf cuts the ticks into a limit's spans; weight is what a rate counts in
// its span in each tick.
func (k *maker) spansOf(l *primitive.Limit) (all []meterSpan, weight []float64, ok bool) {
	c := k.m.Clock
	weight, years := c.Amounts()
	if years > 0 && l.Span == primitive.Horizon { // in all years
		weight = slices.Clone(weight)
		for t := range weight {
			weight[t] *= c.Periods[k.period[t]].Years
		}
	}
	cut := func(of clock.Spans) {
		for i := range of.Len() {
			first, last := int(of.Tick[of.First[i]]), int(of.Tick[of.First[i+1]-1])
			if last-first != int(of.First[i+1]-of.First[i])-1 {
				ok = false
			}
			all = append(all, meterSpan{first, last, c.Periods[k.period[first]].Cost})
		}
	}
	ok = true
	switch l.Span {
	case primitive.EachDay:
		cut(c.Spans(clock.Day))
	case primitive.EachWeek:
		cut(c.Spans(clock.Week))
	case primitive.EachMonth:
		cut(c.Spans(clock.Month))
	case primitive.Horizon:
		all = []meterSpan{{0, k.ticks - 1, c.Periods[0].Cost}}
	case primitive.EachYear:
		for p := range c.Periods {
			if c.Periods[p].Share > 1.5 {
				cut(c.Spans(clock.Year))
				return all, weight, ok
			}
		}
		for p := range c.Periods {
			all = append(all, meterSpan{int(c.Periods[p].FirstTick), int(c.Periods[p].LastTick) - 1, c.Periods[p].Cost})
		}
	case primitive.EachStep:
		finest := int32(-1)
		for _, t := range l.Terms {
			for _, x := range k.contributions(t) {
				grid := x.machine.grid
				if finest < 0 || c.Grids[grid].Len() > c.Grids[finest].Len() {
					finest = grid
				}
			}
		}
		g := &c.Grids[max(finest, 0)]
		weight = make([]float64, k.ticks)
		for i := range g.Len() {
			first, last := int(g.First[i]), int(g.First[i+1])-1
			hours := 0.0
			for t := first; t <= last; t++ {
				hours += c.Hours[t]
			}
			for t := first; t <= last; t++ {
				weight[t] = c.Hours[t] / hours
			}
			all = append(all, meterSpan{first, last, g.Cost[i]})
		}
	}
	return all, weight, ok
}

// meter says a limit as a bus: its terms flow into a buffer on it, and a
// Generator takes out, in the last tick of each span, what the limit allows.
func (k *maker) meter(l *primitive.Limit) {
	spans, weight, ok := k.spansOf(l)
	if !ok {
		k.problem(-1, l.Name, "its spans are not runs of steps")
		return
	}
	bus := k.add("Bus", l.Name).name
	known := make([]float64, len(spans)) // constants in each span
	for _, t := range l.Terms {
		for _, c := range k.contributions(t) {
			k.measure(l, bus, c, weight)
		}
		k.constants(l, t, spans, weight, known, bus)
	}
	last, span := make([]bool, k.ticks), make([]int, k.ticks)
	single := true
	for n, s := range spans {
		last[s.last] = true
		span[s.last] = n
		single = single && s.first == s.last
	}
	if !single {
		k.buffer(bus, l.Name, last)
	}
	ends := func(f func(n int, hours float64) float64) primitive.Series {
		return k.build(func(t int) float64 {
			if !last[t] {
				return 0
			}
			return f(span[t], k.hours[t]) + 0
		})
	}
	// hours x rate is the amount; where every tick is a span, the rate itself.
	per := func(hours float64) float64 {
		if single {
			return 1
		}
		return hours
	}
	generator := func(name string, sign float64, least, high primitive.Series) *row {
		r := k.add("Generator", name)
		r.put("bus", bus)
		r.number("sign", sign)
		r.number("p_nom", 1)
		r.vary(0, "p_min_pu", least)
		r.vary(1, "p_max_pu", high)
		return r
	}
	low := ends(func(n int, h float64) float64 { return (of(l.Min, n, math.Inf(-1)) - known[n]) / per(h) })
	high := ends(func(n int, h float64) float64 { return (of(l.Max, n, math.Inf(1)) - known[n]) / per(h) })
	generator(l.Name, -1, low, high)
	if math.IsNaN(l.Soft) {
		return
	}
	for n, name := range []string{"over", "under"} {
		some := l.Max
		if n == 1 {
			some = l.Min
		}
		if !anyFinite(some) {
			continue
		}
		r := generator(l.Name+" "+name, float64(2*n-1), primitive.Const(0), ends(func(int, float64) float64 { return math.Inf(1) }))
		cost := k.m.Clock.Grids[0].Cost
		r.vary(0, "marginal_cost", k.build(func(t int) float64 {
			if !last[t] {
				return 0
			}
			return l.Soft * spans[span[t]].cost * per(k.hours[t]) / cost[t]
		}))
	}
}

func anyFinite(values []float64) bool {
	for _, v := range values {
		if finite(v) {
			return true
		}
	}
	return false
}

// measure lets a rate flow into a limit's bus too.
func (k *maker) measure(l *primitive.Limit, bus string, c contribution, weight []float64) {
	if c.machine.of == signedFlow {
		k.problem(c.machine.asset, c.machine.part, "limit %s takes what a route carries both ways, which is one signed flow here", l.Name)
		return
	}
	if c.machine.done {
		k.problem(c.machine.asset, c.machine.part, "limit %s takes a rate of a storage", l.Name)
		return
	}
	p := port{bus: bus}
	ratio := primitive.Const(1)
	if c.through != nil {
		p.delay, p.cyclic = c.through.delay, c.through.cyclic
		ratio = c.through.ratio
		if c.through.shifted && ratio.Data != nil {
			ratio = k.arriving(ratio, port{delay: p.delay, cyclic: p.cyclic})
		}
	}
	single := l.Span == primitive.EachStep && !k.longer(l)
	p.ratio = product(ratio, c.coef)
	if !single {
		p.ratio = k.build(func(t int) float64 { return ratio.At(t) * c.coef.At(t) * weight[t] / k.hours[t] })
	}
	// Coefficients 0 but for one tick are many; a constant is one number.
	if v, ok := steady(p.ratio); ok {
		p.ratio = primitive.Const(v)
	}
	p.finer = k.coarse(c.machine.grid)
	c.machine.ports = append(c.machine.ports, p)
}

// longer reports whether the steps of an EachStep limit are longer than ticks.
func (k *maker) longer(l *primitive.Limit) bool {
	for _, t := range l.Terms {
		for _, x := range k.contributions(t) {
			if !k.coarse(x.machine.grid) {
				return false
			}
		}
	}
	return true
}

// constants adds what of a term no rate changes: amounts of demands, and sizes,
// which flow into the bus where they may be built.
func (k *maker) constants(l *primitive.Limit, t primitive.Term, spans []meterSpan, weight, known []float64, bus string) {
	rate := func(s primitive.Series, sign float64) {
		for n, span := range spans {
			for tick := span.first; tick <= span.last; tick++ {
				known[n] += sign * weight[tick] * t.Coef.At(tick) * s.At(tick)
			}
		}
	}
	size := func(capacity int32, coef []float64) {
		c := &k.m.Capacities[capacity]
		if !k.buildable(capacity) {
			for n := range spans {
				known[n] += coef[n] * (c.Existing + c.Min)
			}
			return
		}
		x := k.machine(c.Tag, l.Name+" size", 0, primitive.Bound{Capacity: capacity, Coef: 1, Min: primitive.Const(1), Max: primitive.Const(1)})
		ratio := make([]float64, k.ticks)
		single := true
		for n, span := range spans {
			ratio[span.last] = coef[n] / k.hours[span.last]
			single = single && span.first == span.last
		}
		if single {
			for n, span := range spans {
				ratio[span.last] = coef[n]
			}
		}
		x.ports = append(x.ports, port{bus: bus, ratio: primitive.Series{Data: ratio}})
	}
	switch t.Of {
	case primitive.DemandServed:
		rate(k.m.Demands[t.Index].Amount, 1)
	case primitive.CapacitySize:
		coef := make([]float64, len(spans))
		for n, span := range spans {
			total, w := 0.0, 0.0
			for tick := span.first; tick <= span.last; tick++ {
				total, w = total+weight[tick]*t.Coef.At(tick), w+weight[tick]
			}
			coef[n] = total / w
			if t.Coef.Data == nil {
				coef[n] = t.Coef.Value
			}
		}
		size(t.Index, coef)
	case primitive.BusAccount:
		for i := range k.m.Demands {
			if k.m.Demands[i].Bus == t.Index {
				rate(k.m.Demands[i].Amount, -1)
			}
		}
		for i := range k.m.Capacities {
			for _, u := range k.m.Capacities[i].Uses {
				if u.Bus == t.Index {
					share := k.yearShare(spans, weight, t.Coef)
					for n := range share {
						share[n] *= u.Ratio.Value
					}
					size(int32(i), share)
				}
			}
		}
	}
}

// yearShare is the share of a yearly amount in each span, times a coefficient.
func (k *maker) yearShare(spans []meterSpan, weight []float64, coef primitive.Series) []float64 {
	year, years := 0.0, 0.0
	own, _ := k.m.Clock.Amounts()
	for _, w := range own {
		year += w
	}
	for _, p := range k.m.Clock.Periods {
		share := p.Share
		if share == 0 {
			share = 1
		}
		years += share
	}
	year /= years
	all := make([]float64, len(spans))
	for n, span := range spans {
		for t := span.first; t <= span.last; t++ {
			all[n] += weight[t] * coef.At(t)
		}
		all[n] /= year
	}
	return all
}
