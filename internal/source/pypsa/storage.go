package pypsa

import (
	"math"
	"strconv"

	"example.org/busbar/internal/primitive"
)

func itoa(v int) string { return strconv.Itoa(v) }

// storageUnits: a storage unit is a private bus with a store, a unit that
// charges it, one that discharges it, and one that spills inflow; the three
// sizes are one capacity.
func (b *builder) storageUnits() {
	t := b.table("StorageUnit")
	for i := range t.Names {
		if !t.flag(i, "active") {
			continue
		}
		asset, alive := b.asset(t, i), b.alive(t, i)
		grid := b.bus(t, i, "bus")
		inside := b.inside(asset, grid)
		size := b.size(t, i, asset, "p_nom", "MW", alive)
		if size.Capacity == primitive.None {
			b.wrong(t, i, "p_nom", "pypsa-value", "a storage unit needs a finite size")
			continue
		}
		sign := t.number(i, "sign")
		unit := func(part string, most primitive.Series) primitive.Unit {
			bound := size
			bound.Max = most
			if !every(most, func(v float64) bool { return v >= 0 }) {
				b.wrong(t, i, "p_max_pu", "pypsa-bounds", "charging and discharging need p_min_pu of 0 or less and p_max_pu of 0 or more")
			}
			return primitive.Unit{Tag: b.tag(asset, part), Bound: bound, Alive: alive}
		}
		out := unit("dispatch", t.at(i, "p_max_pu"))
		efficiency := t.at(i, "efficiency_dispatch")
		if !every(efficiency, func(v float64) bool { return v > 0 }) {
			b.wrong(t, i, "efficiency_dispatch", "pypsa-value", "a value above 0 fits")
		}
		out.Ports = []primitive.Port{
			{Bus: grid, Ratio: primitive.Const(sign)},
			{Bus: inside, Ratio: mapped(efficiency, func(v float64) float64 { return -1 / v })},
		}
		out.Fixed = given(t.at(i, "p_dispatch_set"))
		b.price(t, i, &out)
		in := unit("store", scaled(t.at(i, "p_min_pu"), -1))
		in.Ports = []primitive.Port{{Bus: grid, Ratio: primitive.Const(-sign)}, {Bus: inside, Ratio: t.at(i, "efficiency_store")}}
		in.Fixed = given(t.at(i, "p_store_set"))
		first := int32(len(b.m.Units))
		b.m.Units = append(b.m.Units, out, in)
		b.units[Asset{"StorageUnit", t.Names[i]}] = first
		b.net(t, i, first)
		if inflow := t.at(i, "inflow"); !zero(inflow) {
			spill := primitive.Unit{
				Tag: b.tag(asset, "spill"), Alive: alive,
				Bound: primitive.Bound{
					Capacity: primitive.None, Coef: 1, Min: primitive.Const(0),
					Max: mapped(inflow, func(v float64) float64 { return math.Max(v, 0) }),
				},
				Ports: []primitive.Port{{Bus: inside, Ratio: primitive.Const(-1)}},
				Costs: costs(t.at(i, "spill_cost")),
			}
			b.out.spills[Asset{"StorageUnit", b.named(t.Names[i])}] = int32(len(b.m.Units))
			b.m.Units = append(b.m.Units, spill)
		}
		bound := size
		bound.Coef = t.number(i, "max_hours")
		if !(bound.Coef >= 0) || math.IsInf(bound.Coef, 1) {
			b.wrong(t, i, "max_hours", "pypsa-value", "read %g, want a finite number of 0 or more", bound.Coef)
		}
		b.level(t, i, inside, bound, alive, level{
			initial: "state_of_charge_initial", restart: "state_of_charge_initial_per_period",
			cyclic: "cyclic_state_of_charge", wrap: "cyclic_state_of_charge_per_period",
			set: "state_of_charge_set", inflow: t.at(i, "inflow"),
		})
	}
}

// net: p_set is what a storage unit discharges less what it charges, where it
// is given.
func (b *builder) net(t *Table, i int, first int32) {
	set := given(t.at(i, "p_set"))
	if set == nil {
		return
	}
	l := primitive.Limit{Name: b.named(t.Names[i]) + " p_set", Span: primitive.EachStep, Soft: nan, Terms: []primitive.Term{
		{Of: primitive.UnitActivity, Index: first, Coef: primitive.Const(1)},
		{Of: primitive.UnitActivity, Index: first + 1, Coef: primitive.Const(-1)},
	}}
	for k := range b.Snapshots {
		v := set.At(k)
		least, most := v, v
		if math.IsNaN(v) {
			least, most = -inf, inf
		}
		l.Min, l.Max = append(l.Min, least), append(l.Max, most)
	}
	b.m.Limits = append(b.m.Limits, l)
}

// plainStores: a Store is a private bus with a store, and a unit of either sign
// that leads to its bus.
func (b *builder) plainStores() {
	t := b.table("Store")
	for i := range t.Names {
		if !t.flag(i, "active") {
			continue
		}
		asset, alive := b.asset(t, i), b.alive(t, i)
		outside := b.bus(t, i, "bus")
		inside := b.inside(asset, outside)
		u := primitive.Unit{
			Tag: b.tag(asset, "p"), Alive: alive,
			Bound: primitive.Bound{Capacity: primitive.None, Coef: 1, Min: primitive.Const(-inf), Max: primitive.Const(inf)},
			Ports: []primitive.Port{{Bus: outside, Ratio: primitive.Const(t.number(i, "sign"))}, {Bus: inside, Ratio: primitive.Const(-1)}},
			Fixed: given(t.at(i, "p_set")),
		}
		b.price(t, i, &u)
		b.units[Asset{"Store", t.Names[i]}] = int32(len(b.m.Units))
		b.m.Units = append(b.m.Units, u)
		bound := b.size(t, i, asset, "e_nom", "MWh", alive)
		bound.Min, bound.Max = t.at(i, "e_min_pu"), t.at(i, "e_max_pu")
		b.order(t, i, "e_min_pu", "e_max_pu", bound.Min, bound.Max)
		b.level(t, i, inside, bound, alive, level{
			initial: "e_initial", restart: "e_initial_per_period", cyclic: "e_cyclic", wrap: "e_cyclic_per_period",
			set: "e_set", inflow: primitive.Const(0),
		})
	}
}

// level names the attributes of a level, which differ by component.
type level struct {
	initial, restart, cyclic, wrap, set string
	inflow                              primitive.Series
}

// level makes the store of an asset. A standing loss that changes has no place
// in a store: then the level is the activity of a unit that hands itself on to
// the next snapshot (its ports in MW: what it takes now, and gives a snapshot
// later, less the loss of that one).
func (b *builder) level(t *Table, i int, inside int32, bound primitive.Bound, alive []bool, a level) {
	loss := t.at(i, "standing_loss")
	if !every(loss, func(v float64) bool { return v >= 0 && v <= 1 }) {
		b.wrong(t, i, "standing_loss", "pypsa-value", "a share from 0 to 1 fits")
		return
	}
	steady := every(loss, func(v float64) bool { return v == loss.At(0) })
	restart, wrap := b.o.Multi && t.flag(i, a.restart), b.o.Multi && t.flag(i, a.wrap)
	k := stored{t: t, i: i, alive: alive, initial: t.number(i, a.initial), cyclic: t.flag(i, a.cyclic)}
	switch {
	case wrap:
		k.cyclic, k.perPeriod = true, true
	case restart:
		k.cyclic, k.perPeriod = false, true
	}
	asset := b.tag(b.m.Buses[inside].Asset, "level")
	holding := costs(t.at(i, "marginal_cost_storage"))
	if steady {
		s := primitive.Store{
			Tag: asset, Bus: inside, Bound: bound, Loss: loss.At(0), Inflow: a.inflow, Costs: holding,
			Fixed: given(t.at(i, a.set)), End: primitive.Given, Initial: k.initial, Final: nan, Alive: alive, Carry: !k.perPeriod,
		}
		if k.cyclic {
			s.End = primitive.Cyclic
		}
		k.level = primitive.Term{Of: primitive.StoreLevel, Index: int32(len(b.m.Stores))}
		b.m.Stores = append(b.m.Stores, s)
		b.stores = append(b.stores, k)
		return
	}
	if len(b.Periods) > 0 || !b.uniform() {
		b.unsupported(t, i, "standing_loss", "a series in a network with investment periods, delays or maintenance")
		return
	}
	hours := func(f func(s int) float64) primitive.Series {
		v := primitive.Series{}
		for s := range b.Snapshots {
			v.Data = append(v.Data, f(s))
		}
		return v
	}
	keep := primitive.Unit{
		Tag: asset, Bound: bound, Fixed: given(t.at(i, a.set)), Costs: holding,
		Ports: []primitive.Port{
			{Bus: inside, Ratio: hours(func(s int) float64 { return -1 / b.Snapshots[s].Stores })},
			{Bus: inside, Delay: 1, Sampled: true, Cyclic: k.cyclic, Ratio: hours(func(s int) float64 {
				h := b.Snapshots[s].Stores
				return math.Pow(1-loss.At(s), h) / h
			})},
		},
	}
	k.level = primitive.Term{Of: primitive.UnitActivity, Index: int32(len(b.m.Units))}
	b.m.Units = append(b.m.Units, keep)
	b.stores = append(b.stores, k)
	income := hours(func(s int) float64 {
		v := -a.inflow.At(s)
		if s == 0 && !k.cyclic {
			v -= k.initial / b.Snapshots[0].Stores
		}
		return v
	})
	b.m.Demands = append(b.m.Demands, primitive.Demand{Tag: b.tag(asset.Asset, "initial"), Bus: inside, Amount: income})
}

// uniform reports whether each tick has the length 1, so that a delay of 1 is
// one snapshot.
func (b *builder) uniform() bool {
	for _, h := range b.m.Clock.Hours {
		if h != 1 {
			return false
		}
	}
	return len(b.Snapshots) > 1
}
