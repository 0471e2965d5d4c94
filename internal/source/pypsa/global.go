package pypsa

import (
	"math"
	"slices"
	"strings"

	"example.org/busbar/internal/primitive"
)

// sides are the bounds that a sense and a constant set.
func (b *builder) sides(t *Table, i int) (least, most float64) {
	v := t.number(i, "constant")
	switch sense := t.text(i, "sense"); sense {
	case "<=", "<":
		return -inf, v
	case ">=", ">":
		return v, inf
	case "==", "=":
		return v, v
	default:
		b.wrong(t, i, "sense", "pypsa-value", "read %q, want <=, >= or ==", sense)
		return -inf, inf
	}
}

// globals: each GlobalConstraint is a limit over the horizon.
func (b *builder) globals() {
	t := b.table("GlobalConstraint")
	for i, name := range t.Names {
		least, most := b.sides(t, i)
		period := -1
		if y := t.number(i, "investment_period"); !math.IsNaN(y) {
			period = slices.IndexFunc(b.Periods, func(p InvestmentPeriod) bool { return float64(p.Year) == y })
			if period < 0 {
				b.wrong(t, i, "investment_period", "pypsa-value", "read %g, which is no investment period", y)
				continue
			}
		}
		what := t.text(i, "carrier_attribute")
		var terms []primitive.Term
		known := 0.0
		switch kind := t.text(i, "type"); kind {
		case "primary_energy":
			factor := b.factors(what)
			terms, known = b.energy(t, i, period, func(carrier string) float64 { return factor[carrier] }, true)
		case "operational_limit":
			terms, known = b.energy(t, i, period, func(carrier string) float64 {
				if carrier == what {
					return 1
				}
				return 0
			}, false)
		case "transmission_volume_expansion_limit":
			terms = b.branchSizes(what, period, func(t *Table, k int) float64 { return t.number(k, "length") })
		case "transmission_expansion_cost_limit":
			terms = b.branchSizes(what, period, func(t *Table, k int) float64 {
				base, _ := b.invest(t, k)
				return base * b.paid(t, k, period)
			})
		case "tech_capacity_expansion_limit":
			terms = b.carrierSizes(what, t.text(i, "bus"), period, nil)
		default:
			b.unsupported(t, i, "type", "read %q; primary_energy, operational_limit, transmission_volume_expansion_limit, transmission_expansion_cost_limit and tech_capacity_expansion_limit fit", kind)
		}
		if len(terms) > 0 {
			b.out.limits[b.named(name)] = int32(len(b.m.Limits))
		}
		b.constrain(name, terms, least-known, most-known)
	}
}

// constrain adds a limit; PyPSA leaves out one that nothing enters.
func (b *builder) constrain(name string, terms []primitive.Term, least, most float64) {
	if len(terms) == 0 {
		b.out.Notes = append(b.out.Notes, "constraint "+name+": nothing enters it, and it is left out, as PyPSA does")
		return
	}
	b.limit(name, terms, least, most)
}

// factors are the carriers' values of an attribute.
func (b *builder) factors(attribute string) map[string]float64 {
	t := b.table("Carrier")
	f := map[string]float64{}
	for i, name := range t.Names {
		if v := t.number(i, attribute); !math.IsNaN(v) && v != 0 {
			f[name] = v
		}
	}
	return f
}

// energy is what generators give over the horizon or a period, by a factor of
// their carrier, and what stores give up: initial less final level. The second
// result is what of it is constant.
func (b *builder) energy(g *Table, row, period int, factor func(string) float64, primary bool) (terms []primitive.Term, known float64) {
	in := func(s int) bool { return period < 0 || b.Snapshots[s].Period == period }
	t := b.table("Generator")
	for i, name := range t.Names {
		f := factor(t.text(i, "carrier"))
		u, ok := b.units[Asset{"Generator", name}]
		if f == 0 || !ok {
			continue
		}
		if p, pw := t.curve(i, "efficiency"); pw && primary {
			if u, ok = b.fuel(t, i, u, p); !ok {
				continue
			}
		}
		eff := t.at(i, "efficiency")
		if _, pw := t.curve(i, "efficiency"); pw { // it is in the curve
			eff = primitive.Const(1)
		}
		coef := primitive.Series{Value: f}
		if primary || period >= 0 {
			coef.Data = make([]float64, len(b.Snapshots))
			for s := range coef.Data {
				e := 1.0
				if primary {
					e = eff.At(s)
				}
				if e == 0 {
					b.wrong(t, i, "efficiency", "pypsa-value", "0 divides the primary energy; a value above 0 fits")
					break
				}
				if in(s) {
					coef.Data[s] = f / e
				}
			}
		}
		terms = append(terms, primitive.Term{Of: primitive.UnitActivity, Index: u, Coef: coef})
	}
	for _, k := range b.stores {
		f := factor(b.carrier(k.t, k.i))
		if f == 0 || k.cyclic {
			continue
		}
		term := k.level
		term.Coef = primitive.Series{Data: make([]float64, len(b.Snapshots))}
		take := func(last int, years float64) {
			if last < 0 {
				return
			}
			if b.amount[last] == 0 {
				b.wrong(g, row, "constant", "pypsa-unsupported", "the last snapshot has the weight 0, and a final level enters")
				return
			}
			term.Coef.Data[last] = -f * years / b.amount[last]
			known += f * years * k.initial
		}
		last := func(of int) int {
			at := -1
			for s, p := range b.Snapshots {
				if (of < 0 || p.Period == of) && in(s) && lives(k.alive, p.Period) {
					at = s
				}
			}
			return at
		}
		switch {
		case !b.o.Multi:
			take(last(-1), 1)
		case k.perPeriod:
			for p := range b.Periods {
				take(last(p), b.Periods[p].Years)
			}
		default:
			for _, p := range b.Periods {
				if p.Years != 1 {
					b.wrong(g, row, "constant", "pypsa-option", "PyPSA refuses a level that carries over investment periods whose years are not 1")
					return
				}
			}
			take(last(-1), 1)
		}
		terms = append(terms, term)
	}
	return terms, known
}

// fuel is the rate at which a generator of piecewise efficiency takes primary
// energy: a curve through activity / efficiency at its breakpoints leads to a
// private bus, from which a unit takes it.
func (b *builder) fuel(t *Table, i int, unit int32, p points) (taken int32, ok bool) {
	u := &b.m.Units[unit]
	if len(u.PortCurves) > 0 { // by another constraint
		return b.fuels[unit], true
	}
	if t.flag(i, "p_nom_extendable") {
		b.unsupported(t, i, "efficiency", "piecewise, of an extendable generator, which PyPSA refuses too")
		return 0, false
	}
	c := primitive.PortCurve{Bus: b.inside(u.Asset, u.Ports[0].Bus)}
	for k, x := range p.x {
		x *= t.number(i, "p_nom")
		y := x / p.y[k]
		if x == 0 {
			y = 0
		}
		if !(y >= 0) || math.IsInf(y, 0) {
			b.wrong(t, i, "efficiency", "pypsa-value", "read %g, which divides the primary energy; values above 0 fit", p.y[k])
			return 0, false
		}
		c.X, c.Y = append(c.X, x), append(c.Y, y)
	}
	u.PortCurves = append(u.PortCurves, c)
	taken = int32(len(b.m.Units))
	if b.fuels == nil {
		b.fuels = map[int32]int32{}
	}
	b.fuels[unit] = taken
	b.m.Units = append(b.m.Units, primitive.Unit{
		Tag: b.tag(u.Asset, "fuel"), Alive: u.Alive,
		Bound: primitive.Bound{Capacity: primitive.None, Coef: 1, Min: primitive.Const(0), Max: primitive.Const(slices.Max(c.Y))},
		Ports: []primitive.Port{{Bus: c.Bus, Ratio: primitive.Const(-1)}},
	})
	return taken, true
}

// paid is the sum of the weights of the periods in which an asset is alive.
func (b *builder) paid(t *Table, i, period int) float64 {
	if !b.o.Multi || period >= 0 {
		return 1
	}
	return b.weight(b.alive(t, i))
}

// branchSizes are the sizes of extendable Lines and Links of some carriers.
func (b *builder) branchSizes(carriers string, period int, coef func(*Table, int) float64) []primitive.Term {
	var terms []primitive.Term
	list := strings.Split(carriers, ",")
	for k := range list {
		list[k] = strings.TrimSpace(list[k])
	}
	for _, c := range []string{"Line", "Link"} {
		t := b.table(c)
		for i, name := range t.Names {
			size, ok := b.out.Sizes[Asset{c, name}]
			if !ok || !slices.Contains(list, b.carrier(t, i)) || period >= 0 && !lives(b.alive(t, i), period) {
				continue
			}
			terms = append(terms, primitive.Term{Of: primitive.CapacitySize, Index: size, Coef: primitive.Const(coef(t, i))})
		}
	}
	return terms
}

// carrierSizes are the sizes of all extendable assets of a carrier, at a bus if
// one is named, that stand in a period if one is given.
func (b *builder) carrierSizes(carrier, bus string, period int, only []string) []primitive.Term {
	var terms []primitive.Term
	for _, c := range Components {
		if only != nil && !slices.Contains(only, c.Name) {
			continue
		}
		t := b.table(c.Name)
		for i, name := range t.Names {
			size, ok := b.out.Sizes[Asset{c.Name, name}]
			if !ok || b.carrier(t, i) != carrier || period >= 0 && !lives(b.alive(t, i), period) {
				continue
			}
			at := t.text(i, "bus")
			if at == "" {
				at = t.text(i, "bus0")
			}
			if bus != "" && at != bus {
				continue
			}
			terms = append(terms, primitive.Term{Of: primitive.CapacitySize, Index: size, Coef: primitive.Const(1)})
		}
	}
	return terms
}

// busLimits: the columns nom_min_CARRIER, nom_max_CARRIER and the same with
// _PERIOD of buses.
func (b *builder) busLimits() {
	t := b.table("Bus")
	var names []string
	for name := range t.columns {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		carrier, high := strings.CutPrefix(name, "nom_max_")
		if !high {
			var low bool
			if carrier, low = strings.CutPrefix(name, "nom_min_"); !low {
				continue
			}
		}
		period := -1
		for k, p := range b.Periods {
			if c, ok := strings.CutSuffix(carrier, "_"+itoa(p.Year)); ok {
				carrier, period = c, k
			}
		}
		for i, bus := range t.Names {
			v := t.number(i, name)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			least, most := v, inf
			if high {
				least, most = -inf, v
			}
			b.constrain(bus+" "+name, b.carrierSizes(carrier, bus, period, []string{"Generator", "StorageUnit", "Store"}), least, most)
		}
	}
}

// growth: what is built of a carrier in a period, less max_relative_growth of
// what was built in the one before, is at most max_growth; of scenarios the
// strictest holds.
func (b *builder) growth() {
	if !b.o.Multi {
		return
	}
	carriers := b.table("Carrier")
	for _, carrier := range carriers.Names {
		most, relative := inf, inf
		for _, n := range b.scenarios() {
			if k, ok := n.table("Carrier").index[carrier]; ok {
				most = min(most, n.table("Carrier").number(k, "max_growth"))
				relative = min(relative, n.table("Carrier").number(k, "max_relative_growth"))
			}
		}
		if math.IsInf(most, 1) {
			continue
		}
		for p, period := range b.Periods {
			var terms []primitive.Term
			for _, c := range Components {
				t := b.table(c.Name)
				for k, name := range t.Names {
					size, ok := b.out.Sizes[Asset{c.Name, name}]
					if !ok || b.carrier(t, k) != carrier {
						continue
					}
					coef := 0.0
					switch mask := b.alive(t, k); {
					case first(mask) == p:
						coef = 1
					case first(mask) == p-1 && relative > 0:
						coef = -relative
					}
					if coef != 0 {
						terms = append(terms, primitive.Term{Of: primitive.CapacitySize, Index: size, Coef: primitive.Const(coef)})
					}
				}
			}
			b.constrain(carrier+" max_growth "+itoa(period.Year), terms, -inf, most)
		}
	}
}

// first is the first period of a mask, -2 for none.
func first(mask []bool) int {
	if mask == nil {
		return 0
	}
	if k := slices.Index(mask, true); k >= 0 {
		return k
	}
	return -2
}
