package emit

import (
	"math"
	"strconv"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// assets writes every primitive as an asset of its kind, those of one asset of
// the model side by side. The first has its name, further ones their part's too.
func (e *emitter) assets() {
	m := e.m
	e.units, e.stores, e.lines = make([]string, len(m.Units)), make([]string, len(m.Stores)), make([]string, len(m.Lines))
	e.sizes, e.inside = make([]string, len(m.Capacities)), make([]string, len(m.Buses))
	demands := make([]string, len(m.Demands))
	used := e.users()
	e.separate(used)
	for i := range m.Units {
		e.units[i] = e.name(m.Units[i].Tag)
	}
	for i := range m.Stores {
		e.stores[i] = e.name(m.Stores[i].Tag)
		if bus := m.Stores[i].Bus; m.Buses[bus].Asset != primitive.None {
			e.inside[bus] = e.stores[i]
		}
	}
	for i := range m.Lines {
		e.lines[i] = e.name(m.Lines[i].Tag)
	}
	for i := range m.Demands {
		demands[i] = e.name(m.Demands[i].Tag)
	}
	for b, bus := range m.Buses { // a bus without a store lies inside its asset's first part
		if bus.Asset != primitive.None && e.inside[b] == "" {
			e.inside[b] = e.parts[bus.Asset]
		}
	}
	u, s, l, d, c := 0, 0, 0, 0, 0
	for a := range m.Assets {
		of := int32(a)
		for ; c < len(m.Capacities) && m.Capacities[c].Asset == of; c++ {
			if used[c] != 1 {
				e.capacity(c)
			}
		}
		for ; u < len(m.Units) && m.Units[u].Asset == of; u++ {
			e.unit(u)
		}
		for ; s < len(m.Stores) && m.Stores[s].Asset == of; s++ {
			e.store(s)
		}
		for ; l < len(m.Lines) && m.Lines[l].Asset == of; l++ {
			e.line(l)
		}
		for ; d < len(m.Demands) && m.Demands[d].Asset == of; d++ {
			e.demand(d, demands[d])
		}
	}
	if u < len(m.Units) || s < len(m.Stores) || l < len(m.Lines) || d < len(m.Demands) || c < len(m.Capacities) {
		e.refuse("the primitives are not in the order of their assets")
	}
}

// users counts for each capacity the bounds that it stands alone in: 1 where it
// can be written inside its only user, 0 or more than 1 where it needs an asset
// of its own.
func (e *emitter) users() []int {
	m := e.m
	used := make([]int, len(m.Capacities))
	use := func(b *primitive.Bound, tag primitive.Tag, alive []bool) {
		if b.Capacity == primitive.None {
			return
		}
		c := &m.Capacities[b.Capacity]
		used[b.Capacity]++
		if b.Coef != 1 || c.Asset != tag.Asset || c.Scenario != tag.Scenario || !equal(c.Alive, alive) {
			used[b.Capacity] += 2
		}
	}
	for i := range m.Units {
		use(&m.Units[i].Bound, m.Units[i].Tag, m.Units[i].Alive)
	}
	for i := range m.Stores {
		use(&m.Stores[i].Bound, m.Stores[i].Tag, m.Stores[i].Alive)
	}
	for i := range m.Lines {
		use(&m.Lines[i].Bound, m.Lines[i].Tag, m.Lines[i].Alive)
	}
	return used
}

func equal(a, b []bool) bool {
	if (a == nil) != (b == nil) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// separate names the capacities that are assets of their own, before anything
// else takes the names.
func (e *emitter) separate(used []int) {
	for i := range e.m.Capacities {
		if used[i] != 1 {
			e.sizes[i] = e.name(e.m.Capacities[i].Tag)
		}
	}
}

// name is the id of a part of an asset.
func (e *emitter) name(t primitive.Tag) string {
	if t.Asset == primitive.None {
		return e.id("asset", t.Part)
	}
	name := e.m.Assets[t.Asset].Name
	if e.parts[t.Asset] == "" {
		id := e.id("asset", name)
		e.parts[t.Asset] = id
		return id
	}
	part := t.Part
	if part == "" {
		part = "part"
	}
	id := e.parts[t.Asset] + "_" + part
	for n := 2; e.taken["asset "+id]; n++ {
		id = e.parts[t.Asset] + "_" + part + "_" + strconv.Itoa(n)
	}
	e.taken["asset "+id] = true
	return id
}

// add puts an asset at the end, with what all assets may say.
func (e *emitter) add(id, kind string, tag primitive.Tag, bus int32, alive []bool, keys []attribute.Key) {
	var head []attribute.Key
	if tag.Asset != primitive.None {
		if name := e.m.Assets[tag.Asset].Name; e.parts[tag.Asset] == id && id != name {
			head = append(head, said("name", name))
		}
	}
	if bus != primitive.None && e.m.Buses[bus].Asset == primitive.None {
		head = append(head, said("at", e.place[e.m.Buses[bus].Place]))
	}
	if tag.Scenario > 0 {
		head = append(head, said("scenario", e.futures[tag.Scenario-1]))
	}
	if alive != nil {
		head = append(head, e.stands(alive))
	}
	e.all = append(e.all, asset{id, kind, append(head, keys...)})
}

// stands is the span of the periods of a mask.
func (e *emitter) stands(alive []bool) attribute.Key {
	first, last := -1, -1
	for i, in := range alive {
		if !in {
			continue
		}
		if last >= 0 && last != i-1 {
			e.refuse("an asset that stands with a gap between investment periods can't be written")
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	p := e.m.Clock.Periods
	if first < 0 {
		return key("stands", mapOf(said("from", "9999")))
	}
	keys := []attribute.Key{said("from", p[first].Name)}
	if last < len(p)-1 {
		keys = append(keys, said("until", p[last].Name))
	}
	return key("stands", mapOf(keys...))
}

// money is the study's currency an amount.
func (e *emitter) money(per string) string { return e.s.Currency + per }

// size are the keys of a capacity in a unit.
func (e *emitter) size(c *primitive.Capacity, unit string) []attribute.Key {
	var keys []attribute.Key
	if c.Existing != 0 {
		keys = append(keys, said("capacity", quantity(c.Existing, unit)))
	}
	if c.Sunk != 0 || len(c.Uses) > 0 || c.Existing != 0 && c.Fixed != 0 {
		e.refuse("capacity of %s: what standing sizes cost or use can't be written", e.m.Assets[c.Asset].Name)
	}
	if c.Max <= 0 {
		return keys
	}
	var b []attribute.Key
	if c.Min != 0 {
		b = append(b, said("min", quantity(c.Min, unit)))
	}
	if math.IsInf(c.Max, 1) {
		b = append(b, said("max", "unlimited"))
	} else {
		b = append(b, said("max", quantity(c.Max, unit)))
	}
	if c.Capital != 0 || c.Curve == nil {
		b = append(b, said("annuity", quantity(c.Capital, e.money("/"+unit+"/a"))))
	}
	if c.Fixed != 0 {
		b = append(b, said("fixed_cost", quantity(c.Fixed, e.money("/"+unit+"/a"))))
	}
	if c.Module != 0 {
		b = append(b, said("module", quantity(c.Module, unit)))
	}
	if c.Curve != nil {
		b = append(b, key("curve", mapOf(key("size", quantities(c.Curve.X, unit)), key("cost", quantities(c.Curve.Y, e.money("/a"))))))
	}
	return append(keys, key("build", mapOf(b...)))
}

func (e *emitter) capacity(i int) {
	c := &e.m.Capacities[i]
	unit := c.Unit
	if unit == "MVA" {
		unit = "MW"
	}
	e.add(e.sizes[i], "capacity", c.Tag, primitive.None, c.Alive, append([]attribute.Key{said("unit", unit)}, e.size(c, unit)...))
}

// bound are the keys that bound an asset; low and high are those of min and max
// that go without saying.
func (e *emitter) bound(kind, id string, b *primitive.Bound, low, high float64) []attribute.Key {
	unit := "MW"
	if kind == "store" {
		unit = "MWh"
	}
	var keys []attribute.Key
	least, most := b.Min, b.Max
	switch {
	case b.Capacity != primitive.None && e.sizes[b.Capacity] != "":
		switch share := e.sizes[b.Capacity]; {
		case kind == "store" && e.m.Capacities[b.Capacity].Unit != "MWh":
			keys = append(keys, key("shares", mapOf(said("capacity", share), said("hours", quantity(b.Coef, "h")))))
		case b.Coef == 1:
			keys = append(keys, said("shares", share))
		default:
			keys = append(keys, key("shares", mapOf(said("capacity", share), said("times", number(b.Coef)))))
		}
	case b.Capacity != primitive.None:
		keys = append(keys, e.size(&e.m.Capacities[b.Capacity], unit)...)
	case math.IsInf(b.Coef, 1):
		keys = append(keys, said("capacity", "unlimited"))
	case constant(b.Min, math.Inf(-1)) && constant(b.Max, math.Inf(1)):
		keys = append(keys, said("capacity", "unlimited"))
		least, most = primitive.Const(-1), primitive.Const(1)
	case kind == "unit" && b.Coef == 1:
		keys = append(keys, key("most", e.value(kind+"-most", id, b.Max, "MW")))
		most = primitive.Const(high)
	default:
		e.refuse("the bound of %s can't be written", id)
	}
	if !constant(least, low) {
		keys = append(keys, key("min", e.value(kind+"-min", id, least, "1")))
	}
	if !constant(most, high) {
		keys = append(keys, key("max", e.value(kind+"-max", id, most, "1")))
	}
	return keys
}

// port is where a flow goes: a commodity at a place or inside an asset.
func (e *emitter) port(bus int32, home int32) []attribute.Key {
	b := &e.m.Buses[bus]
	keys := []attribute.Key{said("commodity", e.commons[b.Commodity])}
	switch {
	case b.Asset != primitive.None:
		keys = append(keys, said("inside", e.inside[bus]))
	case home == primitive.None || e.m.Buses[home].Place != b.Place:
		keys = append(keys, said("at", e.place[b.Place]))
	}
	return keys
}

// cost is the one variable cost that a unit or store has.
func (e *emitter) cost(id string, costs []primitive.Cost) (primitive.Series, bool) {
	switch {
	case len(costs) == 0:
		return primitive.Series{}, false
	case len(costs) > 1 || costs[0].Class != primitive.Variable || costs[0].Party != primitive.None:
		e.refuse("%s has several costs, which can't be written", id)
	}
	return costs[0].Per, !constant(costs[0].Per, 0)
}

func (e *emitter) unit(i int) {
	u := &e.m.Units[i]
	id := e.units[i]
	home := primitive.None // the first place that it touches
	for _, p := range u.Ports {
		if e.m.Buses[p.Bus].Asset == primitive.None && home == primitive.None {
			home = p.Bus
		}
	}
	var keys []attribute.Key
	what := "electricity"
	switch {
	case home != primitive.None:
		what = e.commons[e.m.Buses[home].Commodity]
	case len(u.Ports) > 0:
		what = e.commons[e.m.Buses[u.Ports[0].Bus].Commodity]
	case len(u.PortCurves) > 0:
		what = e.commons[e.m.Buses[u.PortCurves[0].Bus].Commodity]
	}
	if what != "electricity" {
		keys = append(keys, said("activity", what))
	}
	keys = append(keys, e.bound("unit", id, &u.Bound, 0, 1)...)
	if c, ok := e.cost(id, u.Costs); ok {
		keys = append(keys, key("cost", e.value("unit-cost", id, c, e.money("/MWh"))))
	}
	if q, ok := e.cost(id, u.Quadratic); ok {
		keys = append(keys, key("quadratic", e.value("unit-quadratic", id, q, e.money("*h/MWh/MWh"))))
	}
	for _, c := range u.Curves {
		if len(u.Curves) > 1 || c.Class != primitive.Variable || c.Party != primitive.None {
			e.refuse("%s has several price curves, which can't be written", id)
		}
		keys = append(keys, key("cost_curve", mapOf(key("activity", quantities(c.X, "MW")), key("cost", quantities(c.Y, e.money("/h"))))))
	}
	if u.Fixed != nil {
		keys = append(keys, key("fixed", e.value("unit-fixed", id, *u.Fixed, "MW")))
	}
	keys = append(keys, e.ramp(id, u.Ramp)...)
	if u.Commitment != nil {
		keys = append(keys, key("commitment", e.commitment(id, u.Commitment)))
	}
	if m := u.Maintenance; m != nil {
		keys = append(keys, key("maintenance", mapOf(said("events", strconv.Itoa(m.Events)), said("hours", quantity(m.Hours, "h")), said("share", number(m.Share)))))
	}
	if len(u.Windows) > 0 {
		e.refuse("%s has limits on its sum over hours in a row, which no import makes", id)
	}
	if p := u.Ports; !(len(p) == 1 && len(u.PortCurves) == 0 && p[0].Bus == home && p[0].Delay == 0 && constant(p[0].Ratio, 1)) {
		keys = append(keys, key("ports", e.ports(id, u, home)))
	}
	e.add(id, "unit", u.Tag, home, u.Alive, keys)
}

func (e *emitter) ports(id string, u *primitive.Unit, home int32) *attribute.Node {
	n := list()
	for k, p := range u.Ports {
		keys := e.port(p.Bus, home)
		keys = append(keys, key("ratio", e.value("unit-ratio", id+"-"+strconv.Itoa(k+1), p.Ratio, "1")))
		if p.Delay != 0 {
			keys = append(keys, said("delay", quantity(p.Delay, "h")))
			if !p.Cyclic {
				keys = append(keys, said("cyclic", "false"))
			}
			if p.Sampled {
				keys = append(keys, said("sampled", "true"))
			}
		}
		n.Items = append(n.Items, mapOf(keys...))
	}
	for _, p := range u.PortCurves {
		keys := e.port(p.Bus, home)
		keys = append(keys, key("curve", mapOf(key("activity", quantities(p.X, "MW")), key("flow", quantities(p.Y, "MW")))))
		n.Items = append(n.Items, mapOf(keys...))
	}
	return n
}

func (e *emitter) ramp(id string, r *primitive.Ramp) []attribute.Key {
	if r == nil {
		return nil
	}
	names, unit := [2]string{"ramp_up", "ramp_down"}, "1/h"
	if r.PerStep {
		names, unit = [2]string{"step_up", "step_down"}, "1"
	}
	var keys []attribute.Key
	for k, side := range []primitive.Series{{Value: r.Up, Data: r.Ups}, {Value: r.Down, Data: r.Downs}} {
		if side.Data == nil && math.IsNaN(side.Value) {
			continue
		}
		keys = append(keys, key(names[k], e.value("unit-"+names[k], id, side, unit)))
	}
	if !math.IsNaN(r.Initial) {
		keys = append(keys, said("initial", quantity(r.Initial, "MW")))
	}
	if r.Cyclic {
		keys = append(keys, said("ramp_wraps", "true"))
	}
	return keys
}

func (e *emitter) commitment(id string, c *primitive.Commitment) *attribute.Node {
	n := mapOf()
	put := func(name, text string, wanted bool) {
		if wanted {
			n.Keys = append(n.Keys, said(name, text))
		}
	}
	series := func(name string, s primitive.Series, unit string) {
		if !constant(s, 0) {
			n.Keys = append(n.Keys, key(name, e.value("commitment-"+name, id, s, unit)))
		}
	}
	put("module", quantity(c.Module, "MW"), c.Module != 0)
	put("relaxed", "true", c.Relaxed)
	put("tight", "true", c.Tight)
	series("stand_by", c.StandBy, e.money("/h"))
	series("start", c.Start, e.s.Currency)
	series("stop", c.Stop, e.s.Currency)
	put("min_up", strconv.Itoa(c.MinUp), c.MinUp != 0)
	put("min_down", strconv.Itoa(c.MinDown), c.MinDown != 0)
	put("down_of", number(c.DownOf), c.DownOf != 0)
	put("before", strconv.Itoa(c.Before), c.Before != 0)
	if c.History != nil {
		n.Keys = append(n.Keys, key("history", quantities(c.History, "1")))
	}
	put("wraps", "true", c.Cyclic)
	put("ramp_start", number(c.RampStart), !math.IsNaN(c.RampStart))
	put("ramp_stop", number(c.RampStop), !math.IsNaN(c.RampStop))
	put("big", quantity(c.Big, "MW"), c.Big != 0)
	return n
}

func (e *emitter) store(i int) {
	s := &e.m.Stores[i]
	id := e.stores[i]
	bus := &e.m.Buses[s.Bus]
	keys := []attribute.Key{said("commodity", e.commons[bus.Commodity])}
	if bus.Asset != primitive.None {
		keys = append(keys, said("inside", "true"))
	}
	keys = append(keys, e.bound("store", id, &s.Bound, 0, 1)...)
	if s.Loss != 0 {
		keys = append(keys, said("loss", quantity(s.Loss, "1/h")))
	}
	if !constant(s.Inflow, 0) {
		keys = append(keys, key("inflow", e.value("store-inflow", id, s.Inflow, "MW")))
	}
	if s.Spill || len(s.SpillTo) > 0 {
		e.refuse("%s spills from its store, which no import makes", id)
	}
	if s.End != primitive.Cyclic {
		keys = append(keys, said("initial", quantity(s.Initial, "MWh")))
	}
	switch {
	case s.End == primitive.Valued:
		keys = append(keys, said("value", quantity(s.Value, e.money("/MWh"))))
	case s.End == primitive.Given && math.IsNaN(s.Final):
		keys = append(keys, said("final", "free"))
	case s.End == primitive.Given && s.Final != s.Initial:
		keys = append(keys, said("final", quantity(s.Final, "MWh")))
	}
	if s.Carry && e.periods() {
		keys = append(keys, said("carry", "true"))
	}
	if s.Fixed != nil {
		keys = append(keys, key("fixed", e.value("store-fixed", id, *s.Fixed, "MWh")))
	}
	if c, ok := e.cost(id, s.Costs); ok {
		keys = append(keys, key("cost", e.value("store-cost", id, c, e.money("/MWh/h"))))
	}
	e.add(id, "store", s.Tag, s.Bus, s.Alive, keys)
}

func (e *emitter) line(i int) {
	l := &e.m.Lines[i]
	id := e.lines[i]
	from, to := &e.m.Buses[l.From], &e.m.Buses[l.To]
	var keys []attribute.Key
	if what := e.commons[from.Commodity]; what != "electricity" {
		keys = append(keys, said("commodity", what))
	}
	if from.Commodity != to.Commodity {
		e.refuse("%s joins two commodities", id)
	}
	keys = append(keys, said("from", e.place[from.Place]), said("to", e.place[to.Place]))
	keys = append(keys, e.bound("line", id, &l.Bound, -1, 1)...)
	if math.IsInf(l.X, 1) {
		keys = append(keys, said("reactance", "none"))
	} else {
		keys = append(keys, said("reactance", quantity(l.X, "1/MW")))
	}
	if !constant(l.Shift, 0) {
		keys = append(keys, key("shift", e.value("line-shift", id, l.Shift, "1")))
	}
	if l.ShiftMin < l.ShiftMax {
		keys = append(keys, said("shift_min", number(l.ShiftMin)), said("shift_max", number(l.ShiftMax)))
	}
	if l.AngleMin != 0 || l.AngleMax != 0 {
		if !math.IsInf(l.AngleMin, -1) {
			keys = append(keys, said("angle_min", number(l.AngleMin)))
		}
		if !math.IsInf(l.AngleMax, 1) {
			keys = append(keys, said("angle_max", number(l.AngleMax)))
		}
	}
	if l.Loss != nil {
		n := mapOf(said("resistance", quantity(l.Loss.R, "1/MW")))
		if l.Loss.Secants != nil {
			n.Keys = append(n.Keys, key("secants", quantities(l.Loss.Secants, "MW")))
		} else {
			n.Keys = append(n.Keys, said("tangents", strconv.Itoa(l.Loss.Tangents)))
		}
		keys = append(keys, key("loss", n))
	}
	e.add(id, "line", l.Tag, primitive.None, l.Alive, keys)
}

func (e *emitter) demand(i int, id string) {
	d := &e.m.Demands[i]
	bus := &e.m.Buses[d.Bus]
	var keys []attribute.Key
	if what := e.commons[bus.Commodity]; what != "electricity" {
		keys = append(keys, said("commodity", what))
	}
	if bus.Asset != primitive.None {
		keys = append(keys, said("inside", e.inside[d.Bus]))
	}
	name := "amount"
	for t := range e.m.Clock.Ticks() {
		if d.Amount.At(t) < 0 {
			name = "net"
		}
	}
	keys = append(keys, key(name, e.value("demand-"+name, id, d.Amount, "MW")))
	if d.ShedMax != 0 || len(d.Elastic) > 0 {
		e.refuse("%s may be shed or is elastic, which no import makes", id)
	}
	e.add(id, "demand", d.Tag, d.Bus, nil, keys)
}
