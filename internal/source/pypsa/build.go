package pypsa

import (
	"math"
	"slices"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// Asset names one row of a component.
type Asset struct{ Component, Name string }

// Built is a network as primitives.
type Built struct {
	Model    *primitive.Model
	Constant float64 // PyPSA's objective_constant: the cost of what extendable assets had
	Buses    map[string]int32
	Sizes    map[Asset]int32 // capacity of each asset that is extendable
	Notes    []string

	units  map[Asset]int32          // activity p of an asset; of a StorageUnit discharging, and charging is the next
	levels map[Asset]primitive.Term // of stores
	spills map[Asset]int32          // unit that spills, of a storage unit with inflow
	lines  map[Asset]int32
	limits map[string]int32 // of each GlobalConstraint that something enters
}

// builder turns a network into primitives.
type builder struct {
	*Network
	whole    *Network // of which Network is the part of one scenario
	scenario int32    // from 1; 0: there are none
	o        Options
	past     *past // of a rolling horizon; nil in its first window
	m        *primitive.Model
	out      *Built

	years  []float64       // Wy of each snapshot, 1 without multi_investment_periods
	amount []float64       // weight of each snapshot in sums: generators x Wy
	units  map[Asset]int32 // activity p of an asset
	fuels  map[int32]int32 // of a generator's activity that of its primary energy, where it is a curve
	stores []stored
	grid   []int32        // bus of each row of buses
	often  map[string]int // how many assets have a name
}

// stored is a store or storage unit, for constraints on what it gives up.
type stored struct {
	t     *Table
	i     int
	level primitive.Term // coefficient 1
	alive []bool
	// how it begins and ends
	cyclic, perPeriod bool
	initial           float64
}

// Build makes primitives of a network.
func Build(n *Network, o Options) (*Built, []attribute.Problem) { return build(n, o, nil) }

func build(n *Network, o Options, before *past) (*Built, []attribute.Problem) {
	b := &builder{Network: n, whole: n, o: o, past: before, m: &primitive.Model{Risk: o.Risk}}
	b.out = &Built{
		Model: b.m, Buses: map[string]int32{}, Sizes: map[Asset]int32{}, units: map[Asset]int32{}, levels: map[Asset]primitive.Term{},
		spills: map[Asset]int32{}, lines: map[Asset]int32{}, limits: map[string]int32{},
	}
	b.clock()
	if o.Risk != nil && len(n.Scenarios) == 0 {
		b.problem(b.where("scenario", ""), 1, 1, "pypsa-option", "entry_args.risk_preference is asked for, and the network has no scenarios")
	}
	for s, part := range n.scenarios() {
		b.Network = part
		if n.parts != nil {
			b.scenario = int32(s + 1)
			b.m.Scenarios = append(b.m.Scenarios, primitive.Scenario{Name: n.Scenarios[s].Name, Probability: n.Scenarios[s].Weight})
		}
		b.refuse()
		b.buses()
		if len(n.problems) > 0 {
			return nil, n.take()
		}
		b.units, b.stores = map[Asset]int32{}, nil
		b.loads()
		b.generators()
		b.links("Link")
		b.links("Process")
		b.storageUnits()
		b.plainStores()
		b.branches()
		b.globals()
		b.busLimits()
		for a, u := range b.units {
			b.out.units[Asset{a.Component, b.named(a.Name)}] = u
		}
		for _, k := range b.stores {
			b.out.levels[Asset{k.t.Name, b.named(k.t.Names[k.i])}] = k.level
		}
	}
	b.Network, b.scenario = n, 0
	b.growth()
	if problems := n.take(); len(problems) > 0 {
		return nil, problems
	}
	b.out.Notes = append(n.Notes, b.out.Notes...)
	return b.out, nil
}

// clock: a snapshot is a tick, whose weights PyPSA sets one by one. Delays and
// maintenance are counted in the weight for generators; without either a tick
// has the length 1.
func (b *builder) clock() {
	length := false
	for _, c := range []string{"Link", "Process", "Generator"} {
		t := b.table(c)
		for name := range t.columns {
			if name == "maintainable" || len(name) >= 5 && name[:5] == "delay" {
				length = true
			}
		}
	}
	var ticks []clock.Snapshot
	start := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	for s, p := range b.Snapshots {
		at, ok := p.stamp()
		if !ok {
			at = start.Add(time.Duration(s) * time.Hour)
		}
		k := clock.Snapshot{Stamp: at, Length: 1, Hours: p.Stores, Cost: p.Objective, Amount: p.Generators, Event: 1}
		if length {
			k.Length = p.Generators
		}
		years := 1.0
		if b.o.Multi && p.Period < len(b.Periods) {
			years = b.Periods[p.Period].Years
			k.Cost *= b.Periods[p.Period].Objective
			k.Amount *= years
		}
		b.years, b.amount = append(b.years, years), append(b.amount, k.Amount)
		ticks = append(ticks, k)
	}
	if b.o.Multi && len(b.Periods) == 0 {
		b.problem(b.where("investment_periods", ""), 1, 1, "pypsa-option", "multi_investment_periods is asked for, and the network has no investment periods")
		return
	}
	var periods []clock.Period
	for i, p := range b.Periods {
		k := clock.Period{Name: itoa(p.Year), Cost: 1, Years: 1, Share: 1 / float64(len(b.Periods))}
		if b.o.Multi {
			k.Cost, k.Years, k.Share = p.Objective, p.Years, 1
		}
		for t, s := range b.Snapshots {
			if s.Period == i {
				if k.LastTick == 0 {
					k.FirstTick = int32(t)
				}
				k.LastTick = int32(t) + 1
			}
		}
		periods = append(periods, k)
	}
	c, err := clock.Snapshots(ticks, periods)
	if err != nil {
		b.problem(b.where("snapshots", ""), 1, 1, "horizon", "%v", err)
		return
	}
	b.m.Clock = c
}

// refuse reports attributes that have no place in the primitives.
func (b *builder) refuse() {
	for _, c := range Components {
		t := b.table(c.Name)
		for name, col := range t.columns {
			if col.attribute == nil || col.attribute.Use != Refused {
				continue
			}
			for i := range t.Names {
				if col.number[i] != col.attribute.Default {
					b.unsupported(t, i, name, "read %q, which Busbar cannot represent", col.text[i])
				}
			}
		}
	}
}

func (b *builder) buses() {
	t := b.table("Bus")
	if len(t.Names) == 0 {
		b.problem(t.where(""), 1, 1, "pypsa-value", "there is no bus, and nothing to solve without one")
	}
	what := b.commodities()
	b.grid = make([]int32, len(t.Names))
	for i, name := range t.Names {
		b.grid[i] = int32(len(b.m.Buses))
		b.out.Buses[b.named(name)] = b.grid[i]
		b.m.Buses = append(b.m.Buses, primitive.Bus{
			Name: b.m.Commodities[what[i]].Name + "@" + b.named(name), Commodity: what[i], Asset: primitive.None, Place: name,
		})
		if v := t.number(i, "v_nom"); !(v > 0) {
			b.wrong(t, i, "v_nom", "pypsa-value", "read %g, want a voltage above 0", v)
		}
	}
}

// bus finds the bus an attribute names.
func (b *builder) bus(t *Table, i int, name string) int32 {
	at, ok := b.table("Bus").index[t.text(i, name)]
	if !ok {
		b.wrong(t, i, name, "unknown-bus", "read %q, and there is no such bus", t.text(i, name))
		return primitive.None
	}
	return b.grid[at]
}

// inside makes a private bus, whose commodity is that of the bus outside.
func (b *builder) inside(asset, outside int32) int32 {
	b.m.Buses = append(b.m.Buses, primitive.Bus{
		Name: b.m.Assets[asset].Name + ".energy", Commodity: b.commodityOf(outside), Asset: asset,
	})
	return int32(len(b.m.Buses) - 1)
}

func (b *builder) commodityOf(bus int32) int32 {
	if bus == primitive.None {
		return 0
	}
	return b.m.Buses[bus].Commodity
}

// asset names what primitives belong to. A name that several components have
// is followed by the component.
func (b *builder) asset(t *Table, i int) int32 {
	if b.often == nil {
		b.often = map[string]int{}
		for _, c := range Components {
			if c.attribute("active") != nil {
				for _, name := range b.table(c.Name).Names {
					b.often[name]++
				}
			}
		}
	}
	a := primitive.Asset{Name: b.named(t.Names[i]), Kind: t.Name, Place: t.text(i, "bus")}
	if b.often[t.Names[i]] > 1 {
		a.Name += " (" + t.Name + ")"
	}
	if a.Place == "" {
		a.Place = t.text(i, "bus0")
	}
	b.m.Assets = append(b.m.Assets, a)
	return int32(len(b.m.Assets) - 1)
}

// alive says in which investment periods an asset exists; nil: in all.
func (b *builder) alive(t *Table, i int) []bool {
	if len(b.Periods) == 0 {
		return nil
	}
	from := t.number(i, "build_year")
	mask, all := make([]bool, len(b.Periods)), true
	for k, p := range b.Periods {
		y := float64(p.Year)
		mask[k] = from <= y && y < from+t.number(i, "lifetime")
		all = all && mask[k]
	}
	if all {
		return nil
	}
	return mask
}

func lives(mask []bool, period int) bool { return mask == nil || mask[period] }

// weight is how often the yearly cost of something alive in these periods
// counts: without multi_investment_periods once, if it is alive at all.
func (b *builder) weight(alive []bool) float64 {
	if !b.o.Multi {
		if alive == nil || slices.Contains(alive, true) {
			return 1
		}
		return 0
	}
	sum := 0.0
	for k, p := range b.Periods {
		if lives(alive, k) {
			sum += p.Objective
		}
	}
	return sum
}

// annuity of a price 1 over n years at rate r.
func annuity(r, n float64) float64 {
	switch {
	case math.IsInf(n, 1):
		return math.Max(r, 0)
	case r == 0:
		return 1 / n
	}
	return r / (1 - math.Pow(1+r, -n))
}

// years of the objective's weights, 8760 h each: of a period where there are
// some.
func (b *builder) nyears() float64 {
	sum, all := 0.0, b.Snapshots
	if b.ofWhole != nil {
		all = b.ofWhole
	}
	for _, s := range all {
		if s.Period == 0 {
			sum += s.Objective
		}
	}
	return sum / 8760
}

// invest is what a unit of an extendable asset costs: base, and fixed costs.
func (b *builder) invest(t *Table, i int) (base, fixed float64) {
	base = t.number(i, "capital_cost")
	if o := t.number(i, "overnight_cost"); !math.IsNaN(o) {
		rate, life := t.number(i, "discount_rate"), t.number(i, "lifetime")
		if math.IsNaN(rate) {
			b.wrong(t, i, "discount_rate", "pypsa-value", "overnight_cost needs a discount_rate")
			rate = 0
		}
		base = o * annuity(rate, life) * b.nyears()
	}
	return base, t.number(i, "fom_cost")
}

// size makes the capacity of an asset and says how much of it stands. what is
// the family: p_nom, s_nom, e_nom.
func (b *builder) size(t *Table, i int, asset int32, nom, unit string, alive []bool) primitive.Bound {
	all := primitive.Bound{Capacity: primitive.None, Coef: t.number(i, nom), Min: primitive.Const(0), Max: primitive.Const(1)}
	if !t.flag(i, nom+"_extendable") {
		if v := all.Coef; !(v >= 0) {
			b.wrong(t, i, nom, "pypsa-value", "read %g, want 0 or more", v)
		}
		if _, pw := t.curve(i, "capital_cost"); pw {
			b.unsupported(t, i, "capital_cost", "piecewise, of an asset that is not extendable")
		}
		if math.IsInf(all.Coef, 1) {
			return all
		}
		b.m.Capacities = append(b.m.Capacities, primitive.Capacity{Tag: primitive.Tag{Asset: asset}, Unit: unit, Existing: all.Coef})
		all.Capacity, all.Coef = int32(len(b.m.Capacities)-1), 1
		return all
	}
	base, fixed := b.invest(t, i)
	c := primitive.Capacity{
		Tag: primitive.Tag{Asset: asset}, Unit: unit,
		Min: t.number(i, nom+"_min"), Max: t.number(i, nom+"_max"),
		Capital: b.probability() * base, Fixed: b.probability() * fixed, Module: t.number(i, nom+"_mod"),
	}
	if v := c.Min; v < 0 || math.IsInf(v, 0) {
		b.wrong(t, i, nom+"_min", "pypsa-value", "read %g, want a finite number of 0 or more", v)
	}
	if c.Min > c.Max {
		b.wrong(t, i, nom+"_max", "pypsa-bounds", "%s_min is %g and %s_max %g: nothing fits", nom, c.Min, nom, c.Max)
	}
	if v := t.number(i, nom+"_set"); !math.IsNaN(v) {
		if v < c.Min || v > c.Max {
			b.wrong(t, i, nom+"_set", "pypsa-bounds", "read %g, outside %s_min %g and %s_max %g", v, nom, c.Min, nom, c.Max)
		}
		c.Min, c.Max = v, v
		if m := c.Module; m > 0 && math.Abs(v/m-math.Round(v/m)) > 1e-6 {
			b.wrong(t, i, nom+"_set", "pypsa-bounds", "read %g, no whole number of modules of %g", v, m)
		}
	}
	if b.o.Multi {
		c.Alive = alive
	}
	if p, pw := t.curve(i, "capital_cost"); pw {
		c.Curve = &primitive.Curve{X: p.x, Y: cumulated(p)}
		c.Capital, c.Fixed = 0, 0 // PyPSA charges the curve alone
	}
	weight := b.weight(alive)
	if weight == 0 { // never alive: it costs nothing, as in PyPSA
		c.Capital, c.Fixed, c.Curve = 0, 0, nil
	}
	if !b.o.NoConstant {
		b.out.Constant += b.probability() * weight * (base + fixed) * t.number(i, nom)
	}
	all.Coef = 1
	var built bool
	if all.Capacity, built = b.shared(Asset{t.Name, t.Names[i]}, c); built {
		return all
	}
	b.m.Capacities = append(b.m.Capacities, c)
	all.Capacity = int32(len(b.m.Capacities) - 1)
	b.out.Sizes[Asset{t.Name, t.Names[i]}] = all.Capacity
	return all
}

// cumulated turns marginal values into a cost that begins with 0.
func cumulated(p points) []float64 {
	y := make([]float64, len(p.x))
	for k := 1; k < len(y); k++ {
		y[k] = y[k-1] + p.y[k]*(p.x[k]-p.x[k-1])
	}
	return y
}

// scaled multiplies a series by a number.
func scaled(s primitive.Series, f float64) primitive.Series {
	if f == 1 {
		return s
	}
	return mapped(s, func(v float64) float64 { return v * f })
}

func mapped(s primitive.Series, f func(float64) float64) primitive.Series {
	out := primitive.Series{Value: f(s.Value)}
	if s.Data != nil {
		out.Data = make([]float64, len(s.Data))
		for t, v := range s.Data {
			out.Data[t] = f(v)
		}
	}
	return out
}

func zero(s primitive.Series) bool { return every(s, func(v float64) bool { return v == 0 }) }

func every(s primitive.Series, f func(float64) bool) bool {
	if s.Data == nil {
		return f(s.Value)
	}
	for _, v := range s.Data {
		if !f(v) {
			return false
		}
	}
	return true
}

func largest(s primitive.Series) float64 {
	if s.Data == nil {
		return s.Value
	}
	most := math.Inf(-1)
	for _, v := range s.Data {
		most = math.Max(most, v)
	}
	return most
}

// given is a series of set values; nil where all are free.
func given(s primitive.Series) *primitive.Series {
	if every(s, math.IsNaN) {
		return nil
	}
	return &s
}

func costs(per primitive.Series) []primitive.Cost {
	if zero(per) {
		return nil
	}
	return []primitive.Cost{{Class: primitive.Variable, Per: per, Party: primitive.None}}
}

// order checks that bounds per unit don't cross.
func (b *builder) order(t *Table, i int, low, high string, least, most primitive.Series) {
	for k := range b.Snapshots {
		if lo, hi := least.At(k), most.At(k); lo > hi {
			b.wrong(t, i, low, "pypsa-bounds", "%g is above %s %g at snapshot %s", lo, high, hi, b.Snapshots[k].Label)
			return
		}
	}
}

func (b *builder) loads() {
	t := b.table("Load")
	for i := range t.Names {
		if !t.flag(i, "active") {
			continue
		}
		b.m.Demands = append(b.m.Demands, primitive.Demand{
			Tag: b.tag(b.asset(t, i), ""), Bus: b.bus(t, i, "bus"),
			Amount: scaled(t.at(i, "p_set"), -t.number(i, "sign")),
		})
	}
}

func (b *builder) generators() {
	t := b.table("Generator")
	for i, name := range t.Names {
		if !t.flag(i, "active") {
			continue
		}
		u := b.machine(t, i)
		u.Ports = []primitive.Port{{Bus: b.bus(t, i, "bus"), Ratio: primitive.Const(t.number(i, "sign"))}}
		at := int32(len(b.m.Units))
		b.units[Asset{"Generator", name}] = at
		b.m.Units = append(b.m.Units, u)
		least, most := t.number(i, "e_sum_min"), t.number(i, "e_sum_max")
		if !math.IsInf(least, -1) || !math.IsInf(most, 1) {
			if least > most {
				b.wrong(t, i, "e_sum_min", "pypsa-bounds", "%g is above e_sum_max %g", least, most)
			}
			b.limit(name+" e_sum", []primitive.Term{{Of: primitive.UnitActivity, Index: at, Coef: b.unyeared()}}, least, most)
		}
	}
}

// unyeared undoes the years of periods in a sum.
func (b *builder) unyeared() primitive.Series {
	if !b.o.Multi {
		return primitive.Const(1)
	}
	s := primitive.Series{}
	for _, y := range b.years {
		s.Data = append(s.Data, 1/y)
	}
	return s
}

func (b *builder) limit(name string, terms []primitive.Term, least, most float64) {
	b.m.Limits = append(b.m.Limits, primitive.Limit{
		Name: b.named(name), Span: primitive.Horizon, Terms: terms, Min: []float64{least}, Max: []float64{most}, Soft: nan,
	})
}

// machine is what Generators, Links and Processes share: size, costs, ramps,
// commitment, maintenance.
func (b *builder) machine(t *Table, i int) primitive.Unit {
	asset, alive := b.asset(t, i), b.alive(t, i)
	u := primitive.Unit{Tag: b.tag(asset, ""), Alive: alive}
	u.Bound = b.size(t, i, asset, "p_nom", "MW", alive)
	u.Bound.Min, u.Bound.Max = t.at(i, "p_min_pu"), t.at(i, "p_max_pu")
	b.order(t, i, "p_min_pu", "p_max_pu", u.Bound.Min, u.Bound.Max)
	u.Fixed = given(t.at(i, "p_set"))
	b.price(t, i, &u)
	b.ramps(t, i, &u)
	if t.flag(i, "committable") {
		b.commit(t, i, &u)
	}
	if t.flag(i, "maintainable") {
		u.Maintenance = &primitive.Maintenance{
			Events: int(t.number(i, "maintenance_events")), Hours: t.number(i, "maintenance_duration") * (1 - 1e-6), Share: t.number(i, "maintenance_pu"),
		}
		if u.Maintenance.Events < 0 || !(u.Maintenance.Hours > 0) {
			b.wrong(t, i, "maintenance_duration", "pypsa-value", "a maintainable asset needs hours above 0, and events of 0 or more")
		}
	}
	return u
}

// price is the cost of an activity: by a line, a square or a curve.
func (b *builder) price(t *Table, i int, u *primitive.Unit) {
	if p, pw := t.curve(i, "marginal_cost"); pw {
		nom := "p_nom"
		if t.Name == "Store" {
			nom = "e_nom"
		}
		if t.flag(i, nom+"_extendable") {
			b.unsupported(t, i, "marginal_cost", "piecewise, of an extendable asset, which PyPSA refuses too")
		}
		q := points{y: p.y}
		for _, x := range p.x {
			q.x = append(q.x, x*t.number(i, nom))
		}
		u.Curves = []primitive.PriceCurve{{Curve: primitive.Curve{X: q.x, Y: cumulated(q)}, Class: primitive.Variable, Party: primitive.None}}
	} else {
		u.Costs = costs(t.at(i, "marginal_cost"))
	}
	if q := t.at(i, "marginal_cost_quadratic"); !zero(q) {
		u.Quadratic = costs(q)
		if !every(q, func(v float64) bool { return v >= 0 }) {
			b.wrong(t, i, "marginal_cost_quadratic", "pypsa-value", "a negative value makes the problem non-convex; 0 or more fits")
		}
	}
}

// ramps: where a side has a limit of running or of starting, the one that
// lacks is 1.
func (b *builder) ramps(t *Table, i int, u *primitive.Unit) {
	committed := t.flag(i, "committable")
	side := func(name, edge string) (primitive.Series, bool) {
		s := t.at(i, name)
		if !math.IsNaN(t.number(i, edge)) {
			s = mapped(s, func(v float64) float64 {
				if math.IsNaN(v) {
					return 1
				}
				return v
			})
		}
		return s, !every(s, math.IsNaN)
	}
	up, rises := side("ramp_limit_up", "ramp_limit_start_up")
	down, falls := side("ramp_limit_down", "ramp_limit_shut_down")
	if !rises && !falls {
		return
	}
	r := &primitive.Ramp{PerStep: true, Up: nan, Down: nan, Initial: t.number(i, "p_init"), Ups: up.Data, Downs: down.Data}
	if up.Data == nil {
		r.Up = up.Value
	}
	if down.Data == nil {
		r.Down = down.Value
	}
	for _, s := range []primitive.Series{up, down} {
		if !every(s, func(v float64) bool { return math.IsNaN(v) || v >= 0 }) {
			b.wrong(t, i, "ramp_limit_up", "pypsa-value", "a ramp limit is negative")
		}
	}
	if committed && t.number(i, "down_time_before") == 0 && t.number(i, "up_time_before") == 0 || committed && t.number(i, "down_time_before") > 0 {
		r.Initial = 0 // a unit that is offline
	}
	if b.past != nil {
		r.Initial = b.past.dispatch[Asset{t.Name, t.Names[i]}]
	}
	u.Ramp = r
}

// commit: units are online before the first snapshot unless told otherwise.
func (b *builder) commit(t *Table, i int, u *primitive.Unit) {
	c := &primitive.Commitment{
		Module: t.number(i, "p_nom_mod"), Relaxed: b.o.Linearized,
		StandBy: t.at(i, "stand_by_cost"), Start: t.at(i, "start_up_cost"), Stop: t.at(i, "shut_down_cost"),
		MinUp: int(t.number(i, "min_up_time")), MinDown: int(t.number(i, "min_down_time")),
		Before:    int(t.number(i, "up_time_before")),
		RampStart: t.number(i, "ramp_limit_start_up"), RampStop: t.number(i, "ramp_limit_shut_down"),
	}
	if down := int(t.number(i, "down_time_before")); down > 0 {
		c.Before = -down
	}
	if b.past != nil {
		c.History = append([]float64(nil), b.past.online[Asset{t.Name, t.Names[i]}]...)
		on, off := 1.0, 0.0
		if c.Before < 0 {
			on, off = 0, 1
		}
		for range max(c.Before, -c.Before) {
			c.History = append(c.History, on)
		}
		c.History = append(c.History, off)
	}
	extendable := t.flag(i, "p_nom_extendable")
	switch {
	case c.Module > 0:
		if c.Relaxed {
			b.wrong(t, i, "p_nom_mod", "pypsa-option", "PyPSA refuses committable modules with linearized_unit_commitment")
		}
		c.DownOf = 1
		if n := t.number(i, "p_nom") / c.Module; !extendable && math.Abs(n-math.Round(n)) > 1e-6 {
			b.wrong(t, i, "p_nom", "pypsa-value", "read %g, no whole number of modules of %g", t.number(i, "p_nom"), c.Module)
		} else if !extendable && u.Ramp != nil {
			widen(u.Ramp, c, n)
		}
	case extendable:
		c.Big = b.big(t, i, u)
	default:
		c.Tight = c.Relaxed && b.same(c.Start, c.Stop)
	}
	if math.IsInf(t.number(i, "p_nom"), 1) && !extendable {
		b.wrong(t, i, "p_nom", "pypsa-value", "a committable asset needs a finite size")
	}
	u.Commitment = c
}

// widen makes ramps of each module shares of n modules: PyPSA multiplies the
// number of modules online by the size of all of them.
func widen(r *primitive.Ramp, c *primitive.Commitment, n float64) {
	r.Up, r.Down = r.Up*n, r.Down*n
	r.Ups, r.Downs = scaled(primitive.Series{Data: r.Ups}, n).Data, scaled(primitive.Series{Data: r.Downs}, n).Data
	for _, v := range []*float64{&c.RampStart, &c.RampStop} {
		if math.IsNaN(*v) {
			*v = 1
		}
		*v *= n
	}
}

func (b *builder) same(x, y primitive.Series) bool {
	for k := range b.Snapshots {
		if x.At(k) != y.At(k) {
			return false
		}
	}
	return true
}

// big is PyPSA's M of a committable and extendable asset.
func (b *builder) big(t *Table, i int, u *primitive.Unit) float64 {
	most := largest(u.Bound.Max)
	if v := t.number(i, "p_nom_max"); v > 0 && !math.IsInf(v, 1) {
		return v * most
	}
	peak, loads := 0.0, b.table("Load")
	for k := range b.Snapshots {
		sum := 0.0
		for j := range loads.Names {
			sum += loads.at(j, "p_set").At(k)
		}
		peak = math.Max(peak, sum)
	}
	for j := range t.Names {
		for _, name := range []string{"p_nom", "p_nom_max"} {
			if v := t.number(j, name); !math.IsInf(v, 0) {
				peak = math.Max(peak, v)
			}
		}
	}
	return 10 * peak * most
}

// links makes Links and Processes.
func (b *builder) links(component string) {
	t := b.table(component)
	for i, name := range t.Names {
		if !t.flag(i, "active") {
			continue
		}
		u := b.machine(t, i)
		at := func(bus, ratio, delay string) {
			where := b.bus(t, i, bus)
			if p, pw := t.curve(i, ratio); pw {
				b.portCurve(t, i, &u, where, ratio, delay, p)
				return
			}
			p := primitive.Port{Bus: where, Ratio: t.at(i, ratio)}
			if delay != "" {
				if d := t.number(i, delay); d > 0 {
					p.Delay, p.Cyclic, p.Sampled = d, t.flag(i, "cyclic_"+delay), true
				}
			}
			u.Ports = append(u.Ports, p)
		}
		if component == "Link" {
			u.Ports = append(u.Ports, primitive.Port{Bus: b.bus(t, i, "bus0"), Ratio: primitive.Const(-1)})
			at("bus1", "efficiency", "delay")
			for _, k := range t.ports(i) {
				at("bus"+itoa(k), "efficiency"+itoa(k), "delay"+itoa(k))
			}
		} else {
			for _, k := range append([]int{0, 1}, t.ports(i)...) {
				if t.text(i, "bus"+itoa(k)) != "" {
					at("bus"+itoa(k), "rate"+itoa(k), "delay"+itoa(k))
				}
			}
		}
		b.units[Asset{component, name}] = int32(len(b.m.Units))
		b.m.Units = append(b.m.Units, u)
	}
}

func (b *builder) portCurve(t *Table, i int, u *primitive.Unit, bus int32, name, delay string, p points) {
	if t.flag(i, "p_nom_extendable") || t.number(i, delay) > 0 {
		b.unsupported(t, i, name, "piecewise, of an extendable asset or a port with a delay")
	}
	c := primitive.PortCurve{Bus: bus}
	for k, x := range p.x {
		x *= t.number(i, "p_nom")
		c.X, c.Y = append(c.X, x), append(c.Y, p.y[k]*x)
	}
	u.PortCurves = append(u.PortCurves, c)
}
