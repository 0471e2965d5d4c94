package export

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// stored is a store on its way to a Store or StorageUnit.
type stored struct {
	*primitive.Store
	index   int32
	grid    int32
	bus     string
	sign    float64
	flow    *machine         // the signed rate to its bus, of a Store on a private bus
	out, in *machine         // of a StorageUnit
	spill   *machine         // of a StorageUnit
	net     primitive.Series // p_set of a StorageUnit
	hours   float64          // max_hours
	tied    int32            // the capacity of its level where a limit ties it to that of its power; else None
	carrier string
	row     *row
}

// storage finds what PyPSA has a component for: a private bus with a store and
// one signed rate to another bus (a Store), or with a store, a rate out and a
// rate in of one size, and perhaps one that spills (a StorageUnit).
func (k *maker) storage(metered map[*machine]bool) {
	touching := map[string][]*machine{}
	for _, x := range k.machines {
		for _, p := range x.ports {
			touching[p.bus] = append(touching[p.bus], x)
		}
	}
	loaded := map[string]bool{}
	for _, r := range k.rows["Load"] {
		loaded[r.text["bus"]] = true
	}
	alone := map[string]int{}
	for _, s := range k.stored {
		alone[s.bus]++
	}
	for _, s := range k.stored {
		s.sign, s.tied = 1, primitive.None
		b := &k.m.Buses[s.Bus]
		if b.Asset == primitive.None || alone[s.bus] != 1 || loaded[s.bus] || k.coarse(s.grid) || k.m.Commodities[b.Commodity].Balance != primitive.Exact {
			continue
		}
		all := touching[s.bus]
		measured := false
		for _, x := range all {
			measured = measured || metered[x]
		}
		switch {
		case measured:
		case len(all) == 1 && k.isStore(s, all[0]):
		case (len(all) == 2 || len(all) == 3) && k.isStorageUnit(s, all):
		}
	}
	for _, s := range k.stored {
		if s.flow != nil || s.out != nil {
			k.forget(k.bus[s.Bus])
		}
	}
}

// forget takes away the row of a private bus that a component holds inside.
func (k *maker) forget(bus string) {
	for i, r := range k.rows["Bus"] {
		if r.name == bus {
			k.rows["Bus"] = append(k.rows["Bus"][:i], k.rows["Bus"][i+1:]...)
			return
		}
	}
}

// twoPorts are the ports of a machine to a store's bus and to another, both
// without delay, and the other's ratio where it is one number.
func twoPorts(x *machine, bus string) (inside, outside *port, ratio float64, ok bool) {
	if len(x.ports) != 2 {
		return nil, nil, 0, false
	}
	inside, outside = &x.ports[0], &x.ports[1]
	if outside.bus == bus {
		inside, outside = outside, inside
	}
	ratio, ok = steady(outside.ratio)
	ok = ok && inside.bus == bus && outside.bus != bus && inside.delay == 0 && outside.delay == 0 && ratio != 0
	return inside, outside, ratio, ok
}

// simple reports whether a machine has nothing but bounds, costs and given
// values.
func simple(x *machine) bool {
	u := x.unit
	return u == nil || u.Ramp == nil && u.Commitment == nil && u.Maintenance == nil && len(u.Windows) == 0 && len(u.Curves) == 0 && len(u.PortCurves) == 0
}

func (k *maker) isStore(s *stored, x *machine) bool {
	inside, outside, ratio, ok := twoPorts(x, s.bus)
	if !ok || !simple(x) || s.Spill || !zero(s.Inflow) || x.bound.Capacity != primitive.None || !same(x.alive, s.Alive) {
		return false
	}
	least, a := steady(x.bound.Min)
	most, b := steady(x.bound.Max)
	r, c := steady(inside.ratio)
	if !a || !b || !c || !math.IsInf(least, -1) || !math.IsInf(most, 1) || r != -1 {
		return false
	}
	s.flow, s.bus, s.sign, x.done = x, outside.bus, ratio, true
	return true
}

// isStorageUnit also asks that where water flows in, just that may be spilled,
// as PyPSA has it.
func (k *maker) isStorageUnit(s *stored, all []*machine) bool {
	var out, in, spill *machine
	var sign float64
	for _, x := range all {
		if !simple(x) || !same(x.alive, s.Alive) {
			return false
		}
		inside, _, ratio, two := twoPorts(x, s.bus)
		switch {
		case two && every(inside.ratio, func(v float64) bool { return v < 0 }) && out == nil:
			out, sign = x, ratio
		case two && every(inside.ratio, func(v float64) bool { return v >= 0 }) && in == nil:
			in = x
		case len(x.ports) == 1 && spill == nil && x.ports[0].delay == 0:
			if v, ok := steady(x.ports[0].ratio); !ok || v != -1 {
				return false
			}
			spill = x
		default:
			return false
		}
	}
	if out == nil || in == nil {
		return false
	}
	_, from, _, _ := twoPorts(out, s.bus)
	_, to, back, _ := twoPorts(in, s.bus)
	if from.bus != to.bus || back != -sign || !zero(in.cost) || in.unit == nil || out.unit == nil || len(in.unit.Quadratic) > 0 {
		return false
	}
	if !zero(out.bound.Min) || !zero(in.bound.Min) || !every(out.bound.Max, finite) || !every(in.bound.Max, finite) {
		return false
	}
	inflow := s.Inflow
	if !every(inflow, func(v float64) bool { return v >= 0 }) && spill == nil {
		return false
	}
	flows := mapped(inflow, func(v float64) float64 { return math.Max(v, 0) })
	switch {
	case spill == nil && !zero(flows), spill != nil && zero(flows):
		return false
	case spill != nil:
		if spill.bound.Capacity != primitive.None || !zero(spill.bound.Min) || spill.unit != nil && (spill.unit.Fixed != nil || len(spill.unit.Quadratic) > 0) {
			return false
		}
		coef := spill.bound.Coef
		if !equal(scaled(spill.bound.Max, coef), flows, k.ticks) {
			return false
		}
	}
	least, a := steady(s.Bound.Min)
	full, b := steady(s.Bound.Max)
	if !a || !b || least != 0 || s.End == primitive.Given && !math.IsNaN(s.Final) {
		return false
	}
	if !k.oneSize(s, out, in, full) {
		return false
	}
	s.out, s.in, s.spill, s.bus, s.sign = out, in, spill, from.bus, sign
	out.done, in.done = true, true
	if spill != nil {
		spill.done = true
	}
	return true
}

func finite(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }

func equal(a, b primitive.Series, ticks int) bool {
	for t := range ticks {
		if a.At(t) != b.At(t) {
			return false
		}
	}
	return true
}

func same(a, b []bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// oneSize reports whether rates and level hang on one size, and sets max_hours:
// one capacity bounds all, or each stands at a given size, or a limit ties the
// level's capacity to hours of the power's.
func (k *maker) oneSize(s *stored, out, in *machine, full float64) bool {
	p, q, e := out.bound.Capacity, in.bound.Capacity, s.Bound.Capacity
	if p == primitive.None || q == primitive.None {
		return false
	}
	if !k.buildable(p) {
		size := k.standing(p)
		if k.buildable(q) || e != primitive.None && k.buildable(e) || k.standing(q) != size {
			return false
		}
		energy := s.Bound.Coef * full
		if e != primitive.None && e != p {
			energy *= k.standing(e)
		} else if e == p {
			s.hours = energy
			return finite(s.hours)
		}
		if size == 0 {
			return false
		}
		s.hours = energy / size
		return finite(s.hours)
	}
	if q != p || e == primitive.None {
		return false
	}
	if e == p {
		if len(k.users[p]) != 3 {
			return false
		}
		s.hours = s.Bound.Coef * full
		return finite(s.hours)
	}
	if len(k.users[p]) != 2 || len(k.users[e]) != 1 {
		return false
	}
	for i := range k.m.Limits {
		l := &k.m.Limits[i]
		if l.Span != primitive.Horizon || len(l.Terms) != 2 || !math.IsNaN(l.Soft) || len(l.Min) != 1 || len(l.Max) != 1 || l.Min[0] != 0 || l.Max[0] != 0 {
			continue
		}
		x, y := l.Terms[0], l.Terms[1]
		if x.Of != primitive.CapacitySize || y.Of != primitive.CapacitySize || x.Coef.Data != nil || y.Coef.Data != nil {
			continue
		}
		if x.Index == e {
			x, y = y, x
		}
		if x.Index != p || y.Index != e || y.Coef.Value == 0 {
			continue
		}
		hours := -x.Coef.Value / y.Coef.Value
		if !(hours > 0) || k.m.Capacities[p].Module > 0 || k.m.Capacities[e].Module > 0 || k.m.Capacities[p].Curve != nil || k.m.Capacities[e].Curve != nil {
			return false
		}
		s.hours, s.tied = hours*s.Bound.Coef*full, e
		k.limit.said(i)
		k.tie(p, e, hours)
		return finite(s.hours)
	}
	return false
}

// standing is the size of a capacity that may not be built.
func (k *maker) standing(c int32) float64 { return k.m.Capacities[c].Existing + k.m.Capacities[c].Min }

// level writes what Store and StorageUnit say alike of a level.
func (k *maker) level(s *stored, r *row, names levelNames) {
	alive := s.Alive
	k.lives(r, alive, s.Asset, s.Part)
	r.unless(0, "standing_loss", s.Loss)
	cost := k.costs(s.Costs)
	if s.End == primitive.Valued {
		last := k.lastTicks(s)
		base := cost
		cost = k.build(func(t int) float64 {
			v := base.At(t)
			if last[t] {
				v -= s.Value * k.m.Clock.Grids[0].Event[t] / k.m.Clock.Grids[0].Cost[t]
			}
			return v
		})
	}
	r.vary(0, "marginal_cost_storage", cost)
	if s.Fixed != nil {
		if k.coarse(s.grid) {
			k.problem(s.Asset, s.Part, "a given level on steps of several ticks")
		}
		r.vary(math.NaN(), names.set, *s.Fixed)
	}
	several := k.multi
	switch {
	case s.End == primitive.Cyclic && several && !s.Carry:
		r.flag(names.wrap)
	case s.End == primitive.Cyclic:
		r.flag(names.cyclic)
	case several && !s.Carry:
		r.flag(names.restart)
	}
	if s.End != primitive.Cyclic {
		r.unless(0, names.initial, s.Initial)
	}
	if !several && len(k.years) > 0 && !s.Carry {
		k.problem(s.Asset, s.Part, "a level that begins anew in each investment period")
	}
}

// levelNames are the attributes of a level, which differ by component.
type levelNames struct{ set, cyclic, wrap, restart, initial string }

// lastTicks marks the ticks after which a store ends.
func (k *maker) lastTicks(s *stored) []bool {
	last := make([]bool, k.ticks)
	at := -1
	for t := range k.ticks {
		if s.Alive != nil && !s.Alive[k.period[t]] {
			continue
		}
		if at >= 0 && !s.Carry && k.period[at] != k.period[t] {
			last[at] = true
		}
		at = t
	}
	if at >= 0 {
		last[at] = true
	}
	return last
}

// storageUnit writes a StorageUnit.
func (k *maker) storageUnit(s *stored) {
	name := k.label(s.Asset, "")
	r := k.add("StorageUnit", name)
	s.row, s.out.row = r, r
	r.put("bus", s.bus)
	k.carry(r, s.carrier, s.Asset)
	k.size(r, "p_nom", s.out.bound, s.Alive, 1)
	r.vary(1, "p_max_pu", scaled(s.out.bound.Max, s.out.bound.Coef))
	r.vary(-1, "p_min_pu", scaled(s.in.bound.Max, -s.in.bound.Coef))
	r.unless(1, "max_hours", s.hours)
	r.unless(1, "sign", s.sign)
	give, _, _, _ := twoPorts(s.out, k.bus[s.Bus])
	take, _, _, _ := twoPorts(s.in, k.bus[s.Bus])
	scale := math.Abs(s.sign)
	if scale != 1 {
		k.problem(s.Asset, s.Part, "it brings %g a unit of its rate to its bus; 1 fits", scale)
	}
	r.vary(1, "efficiency_dispatch", mapped(give.ratio, func(v float64) float64 { return -1 / v }))
	r.vary(1, "efficiency_store", take.ratio)
	r.vary(0, "marginal_cost", s.out.cost)
	r.vary(0, "marginal_cost_quadratic", k.costs(s.out.unit.Quadratic))
	if s.out.unit.Fixed != nil {
		r.vary(math.NaN(), "p_dispatch_set", *s.out.unit.Fixed)
	}
	if s.in.unit.Fixed != nil {
		r.vary(math.NaN(), "p_store_set", *s.in.unit.Fixed)
	}
	if s.net.Data != nil {
		r.vary(math.NaN(), "p_set", s.net)
	}
	r.vary(0, "inflow", s.Inflow)
	if s.spill != nil {
		r.vary(0, "spill_cost", s.spill.cost)
	}
	k.level(s, r, levelNames{"state_of_charge_set", "cyclic_state_of_charge", "cyclic_state_of_charge_per_period", "state_of_charge_initial_per_period", "state_of_charge_initial"})
}

// store writes a Store. On a bus of longer steps it moves at their ends only,
// and its level is bounded there.
func (k *maker) store(s *stored) {
	part := s.Part
	if s.flow != nil {
		part = ""
	}
	r := k.add("Store", k.label(s.Asset, part))
	s.row = r
	r.put("bus", s.bus)
	k.carry(r, s.carrier, s.Asset)
	r.unless(1, "sign", s.sign)
	scale := k.size(r, "e_nom", s.Bound, s.Alive, 1)
	least := scaled(k.onGrid(s.Bound.Min, s.grid), scale)
	full := scaled(k.onGrid(s.Bound.Max, s.grid), scale)
	set := primitive.Const(math.NaN())
	if s.flow != nil {
		r.vary(0, "marginal_cost", s.flow.cost)
		if u := s.flow.unit; u != nil {
			r.vary(0, "marginal_cost_quadratic", k.costs(u.Quadratic))
			if u.Fixed != nil {
				set = *u.Fixed
			}
		}
	}
	if k.coarse(s.grid) {
		// Until the end of a step a level only decays: the bounds of the ends hold.
		last := k.ends(s.grid)
		set = k.build(func(t int) float64 {
			if last[t] {
				return math.NaN()
			}
			return 0
		})
		low, high := least, full
		least = k.build(func(t int) float64 {
			if last[t] {
				return low.At(t)
			}
			return math.Min(0, low.At(t))
		})
		wide := math.Max(most(high), 0)
		if c := s.Bound.Capacity; s.End != primitive.Cyclic && (c == primitive.None || !k.buildable(c)) {
			if n := k.fixedSize(s.Bound); n > 0 {
				wide = math.Max(wide, s.Initial/n)
			}
		}
		full = k.build(func(t int) float64 {
			if last[t] {
				return high.At(t)
			}
			return wide
		})
	}
	if s.End == primitive.Given && !math.IsNaN(s.Final) {
		c := s.Bound.Capacity
		n := k.fixedSize(s.Bound)
		switch {
		case c != primitive.None && k.buildable(c) && s.Final > 0:
			k.problem(s.Asset, s.Part, "final is an amount, and the size of the store may be built")
		case s.Final > 0 && n <= 0:
			k.problem(s.Asset, s.Part, "final is above its size, 0")
		default:
			last, low := k.lastTicks(s), least
			least = k.build(func(t int) float64 {
				if last[t] && s.Final > 0 {
					return math.Max(low.At(t), s.Final/n)
				}
				return low.At(t)
			})
		}
	}
	r.vary(0, "e_min_pu", least)
	r.vary(1, "e_max_pu", full)
	r.vary(math.NaN(), "p_set", set)
	k.level(s, r, levelNames{"e_set", "e_cyclic", "e_cyclic_per_period", "e_initial_per_period", "e_initial"})
	if zero(s.Inflow) {
		return
	}
	in := k.add("Load", k.label(s.Asset, s.Part)+" inflow")
	in.put("bus", s.bus)
	in.vary(0, "p_set", k.alive(s.Alive, scaled(s.Inflow, -1)))
}

// alive is a series that is 0 where its owner doesn't exist.
func (k *maker) alive(mask []bool, s primitive.Series) primitive.Series {
	if mask == nil {
		return s
	}
	return k.build(func(t int) float64 {
		if !mask[k.period[t]] {
			return 0
		}
		return s.At(t)
	})
}
