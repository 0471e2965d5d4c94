package export

import (
	"slices"
	"strings"

	"example.org/busbar/internal/primitive"
)

// only is what a Model holds of one scenario (from 1), as a Model of its own:
// its primitives, those that all scenarios share, and the buses that these
// touch. Names lose the scenario's, so that the same asset has the same name in
// every scenario. A limit over several scenarios is a problem.
func only(m *primitive.Model, scenario int32) (*primitive.Model, []string) {
	k := &chosen{m: m, out: &primitive.Model{Clock: m.Clock, Commodities: m.Commodities, Parties: m.Parties}, scenario: scenario, bus: map[int32]int32{}}
	alone := owners(m)
	for i, a := range m.Assets {
		a.Name = k.plain(a.Name)
		if s := alone[int32(i)]; s > 0 { // an imported network's: wet_wind of wet
			a.Name = strings.TrimPrefix(a.Name, m.Scenarios[s-1].Name+"_")
		}
		k.out.Assets = append(k.out.Assets, a)
	}
	k.capacities()
	k.rates()
	k.limits()
	return k.out, k.problems
}

// owners are the assets that run in one scenario only, with that scenario; 0 or
// none: in several.
func owners(m *primitive.Model) map[int32]int32 {
	of := map[int32]int32{}
	add := func(t primitive.Tag) {
		if s, seen := of[t.Asset]; seen && s != t.Scenario {
			of[t.Asset] = 0
		} else {
			of[t.Asset] = t.Scenario
		}
	}
	for i := range m.Units {
		add(m.Units[i].Tag)
	}
	for i := range m.Stores {
		add(m.Stores[i].Tag)
	}
	for i := range m.Routes {
		add(m.Routes[i].Tag)
	}
	for i := range m.Lines {
		add(m.Lines[i].Tag)
	}
	for i := range m.Demands {
		add(m.Demands[i].Tag)
	}
	for i := range m.Trades {
		add(m.Trades[i].Tag)
	}
	return of
}

// chosen finds the positions that things have in the scenario's Model.
type chosen struct {
	m, out   *primitive.Model
	scenario int32
	problems []string

	bus                                               map[int32]int32
	capacity, unit, store, route, line, demand, trade []int32
}

func (k *chosen) has(t primitive.Tag) bool { return t.Scenario == 0 || t.Scenario == k.scenario }

// plain is a name without a scenario's, which stands first or, in a bus's, first
// or after the @.
func (k *chosen) plain(name string) string {
	for _, s := range k.m.Scenarios {
		name = strings.Replace(strings.TrimPrefix(name, s.Name+"|"), "@"+s.Name+"|", "@", 1)
	}
	return name
}

// at is a bus's position; one that is touched first is added.
func (k *chosen) at(bus int32) int32 {
	if bus < 0 {
		return bus
	}
	i, ok := k.bus[bus]
	if !ok {
		i = int32(len(k.out.Buses))
		k.bus[bus] = i
		b := k.m.Buses[bus]
		b.Name, b.Place = k.plain(b.Name), k.plain(b.Place)
		k.out.Buses = append(k.out.Buses, b)
	}
	return i
}

func (k *chosen) ports(of []primitive.Port) []primitive.Port {
	of = slices.Clone(of)
	for i := range of {
		of[i].Bus = k.at(of[i].Bus)
	}
	return of
}

func (k *chosen) bound(b primitive.Bound) primitive.Bound {
	if b.Capacity >= 0 {
		b.Capacity = k.capacity[b.Capacity]
	}
	return b
}

// pick takes the primitives that the scenario has, and says where each is now;
// primitive.None: nowhere.
func pick[T any](k *chosen, all []T, tag func(*T) *primitive.Tag, change func(*T)) (some []T, where []int32) {
	for i := range all {
		if !k.has(*tag(&all[i])) {
			where = append(where, primitive.None)
			continue
		}
		where = append(where, int32(len(some)))
		v := all[i]
		tag(&v).Scenario = 0
		change(&v)
		some = append(some, v)
	}
	return some, where
}

func (k *chosen) capacities() {
	k.out.Capacities, k.capacity = pick(k, k.m.Capacities, func(c *primitive.Capacity) *primitive.Tag { return &c.Tag }, func(c *primitive.Capacity) {
		c.Uses = k.ports(c.Uses)
	})
}

func (k *chosen) rates() {
	k.out.Units, k.unit = pick(k, k.m.Units, func(u *primitive.Unit) *primitive.Tag { return &u.Tag }, func(u *primitive.Unit) {
		u.Bound, u.Ports, u.PortCurves = k.bound(u.Bound), k.ports(u.Ports), slices.Clone(u.PortCurves)
		for i := range u.PortCurves {
			u.PortCurves[i].Bus = k.at(u.PortCurves[i].Bus)
		}
	})
	k.out.Stores, k.store = pick(k, k.m.Stores, func(s *primitive.Store) *primitive.Tag { return &s.Tag }, func(s *primitive.Store) {
		s.Bus, s.Bound, s.SpillTo = k.at(s.Bus), k.bound(s.Bound), k.ports(s.SpillTo)
	})
	k.out.Routes, k.route = pick(k, k.m.Routes, func(r *primitive.Route) *primitive.Tag { return &r.Tag }, func(r *primitive.Route) {
		r.From, r.To, r.Bound, r.Uses = k.at(r.From), k.at(r.To), k.bound(r.Bound), k.ports(r.Uses)
	})
	k.out.Lines, k.line = pick(k, k.m.Lines, func(l *primitive.Line) *primitive.Tag { return &l.Tag }, func(l *primitive.Line) {
		l.From, l.To, l.Bound = k.at(l.From), k.at(l.To), k.bound(l.Bound)
	})
	for _, o := range k.m.Outages {
		if o.Line = k.line[o.Line]; o.Line == primitive.None {
			continue
		}
		o.Monitored = slices.Clone(o.Monitored)
		for i, l := range o.Monitored {
			o.Monitored[i] = k.line[l]
		}
		k.out.Outages = append(k.out.Outages, o)
	}
	k.out.Demands, k.demand = pick(k, k.m.Demands, func(d *primitive.Demand) *primitive.Tag { return &d.Tag }, func(d *primitive.Demand) { d.Bus = k.at(d.Bus) })
	k.out.Trades, k.trade = pick(k, k.m.Trades, func(t *primitive.Trade) *primitive.Tag { return &t.Tag }, func(t *primitive.Trade) {
		t.Bus, t.Also = k.at(t.Bus), k.ports(t.Also)
		if t.Bound != nil {
			b := k.bound(*t.Bound)
			t.Bound = &b
		}
	})
}

// limits are those whose terms the scenario has.
func (k *chosen) limits() {
	where := map[primitive.Of][]int32{
		primitive.UnitActivity: k.unit, primitive.StoreLevel: k.store, primitive.StoreSpill: k.store, primitive.RouteFlow: k.route,
		primitive.DemandShed: k.demand, primitive.DemandServed: k.demand, primitive.TradeRate: k.trade,
		primitive.CapacitySize: k.capacity, primitive.LineFlow: k.line,
	}
	for _, l := range k.m.Limits {
		l.Name, l.Terms = k.plain(l.Name), slices.Clone(l.Terms)
		here, elsewhere := 0, 0
		for i, t := range l.Terms {
			at, known := t.Index, true
			if list, tagged := where[t.Of]; tagged {
				at = list[t.Index]
				known = at != primitive.None
			} else if t.Of == primitive.BusAccount {
				at, known = k.bus[t.Index]
			}
			l.Terms[i].Index = at
			switch {
			case !known:
				elsewhere++
			case t.Of != primitive.CapacitySize: // which all scenarios may share
				here++
			}
		}
		switch {
		case elsewhere == 0:
			k.out.Limits = append(k.out.Limits, l)
		case here > 0:
			k.problems = append(k.problems, l.Name+": a limit over several scenarios; PyPSA has one for each")
		}
	}
}
