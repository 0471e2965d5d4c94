package export

import (
	"math"
	"sort"
	"strings"

	"example.org/busbar/internal/primitive"
)

// sizeLimit is a limit on sizes that may be built.
type sizeLimit struct {
	name        string
	coef        map[int32]float64
	least, most float64
	growth      int // the investment period whose building it limits; -1: none
}

// sizeLimit keeps a limit on sizes: what is given moves to the other side.
func (k *maker) sizeLimit(l *primitive.Limit) {
	if !math.IsNaN(l.Soft) || len(l.Min) > 1 || len(l.Max) > 1 || l.Span != primitive.Horizon && l.Span != primitive.EachYear {
		k.meter(l)
		return
	}
	s := &sizeLimit{name: l.Name, coef: map[int32]float64{}, least: of(l.Min, 0, math.Inf(-1)), most: of(l.Max, 0, math.Inf(1)), growth: -1}
	for _, t := range l.Terms {
		v, ok := steady(t.Coef)
		if !ok {
			k.problem(-1, l.Name, "a limit on sizes whose coefficients change over time")
			return
		}
		if !k.buildable(t.Index) {
			size := v * k.standing(t.Index)
			s.least, s.most = s.least-size, s.most-size
			continue
		}
		s.coef[t.Index] += v
	}
	for c, v := range s.coef {
		if v == 0 {
			delete(s.coef, c)
		}
	}
	if len(s.coef) == 0 {
		if s.least > 1e-9 || s.most < -1e-9 {
			k.problem(-1, l.Name, "no size that may be built enters it, and what stands does not meet it")
		}
		return
	}
	k.limit.sizes = append(k.limit.sizes, s)
}

// sized says limits on sizes: growth of a carrier, then one carrier's sizes,
// then lengths of Links and Lines.
func (k *maker) sized() {
	for _, group := range k.sizeGroups() {
		if k.growth(group) || k.technology(group) || k.volume(group) {
			continue
		}
		k.problem(-1, group[0].name, "a limit on sizes that neither a growth, a technology nor a transmission limit of PyPSA says")
	}
}

// sizeGroups are limits that share capacities.
func (k *maker) sizeGroups() [][]*sizeLimit {
	at := make([]int, len(k.limit.sizes))
	first := map[int32]int{}
	var root func(i int) int
	root = func(i int) int {
		if at[i] != i {
			at[i] = root(at[i])
		}
		return at[i]
	}
	for i, s := range k.limit.sizes {
		at[i] = i
		for c := range s.coef {
			if j, ok := first[c]; ok {
				x, y := root(i), root(j)
				at[max(x, y)] = min(x, y)
			} else {
				first[c] = i
			}
		}
	}
	var groups [][]*sizeLimit
	where := map[int]int{}
	for i, s := range k.limit.sizes {
		r := root(i)
		n, ok := where[r]
		if !ok {
			n = len(groups)
			where[r] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], s)
	}
	return groups
}

// members are the capacities of a group, in order.
func members(group []*sizeLimit) []int32 {
	seen := map[int32]bool{}
	var all []int32
	for _, s := range group {
		for c := range s.coef {
			if !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all
}

// begins is the first investment period in which a capacity is paid.
func (k *maker) begins(c int32) int {
	for p, on := range k.m.Capacities[c].Alive {
		if on {
			return p
		}
	}
	if k.m.Capacities[c].Alive == nil {
		return 0
	}
	return -2
}

// growth: what is built in each investment period, less a share of what was in
// the one before.
func (k *maker) growth(group []*sizeLimit) bool {
	if !k.multi {
		return false
	}
	all := members(group)
	relative, most, some := 0.0, math.NaN(), false
	said := map[int]bool{}
	for _, s := range group {
		at := -1
		for c, v := range s.coef {
			p := k.begins(c)
			if v < 0 {
				some = true
				relative, p = -v, p+1
			} else if v != 1 {
				return false
			}
			if at >= 0 && p != at {
				return false
			}
			at = p
		}
		if !math.IsInf(s.least, -1) || !math.IsNaN(most) && s.most != most || said[at] {
			return false
		}
		most = s.most
		said[at] = true
	}
	if !some {
		return false
	}
	for p := range k.years {
		want := map[int32]float64{}
		for _, c := range all {
			if k.begins(c) == p {
				want[c] = 1
			} else if k.begins(c) == p-1 {
				want[c] = -relative
			}
		}
		found := len(want) == 0
		for _, s := range group {
			found = found || sameCoefficients(s.coef, want)
		}
		if !found {
			return false
		}
	}
	carrier, ok := k.oneCarrier(group[0].name, all)
	if !ok {
		return false
	}
	k.carriers[carrier]["max_growth"] = most
	k.carriers[carrier]["max_relative_growth"] = relative
	return true
}

func sameCoefficients(a, b map[int32]float64) bool {
	if len(a) != len(b) {
		return false
	}
	for c, v := range a {
		if w, ok := b[c]; !ok || v != w {
			return false
		}
	}
	return true
}

// oneCarrier gives capacities a carrier that nothing else has.
func (k *maker) oneCarrier(name string, all []int32) (string, bool) {
	if len(all) == 1 {
		if had := k.carrierOf(all[0]); had != nil && *had != "" {
			return *had, true
		}
	}
	for _, c := range all {
		if had := k.carrierOf(c); had == nil || *had != "" {
			return "", false
		}
	}
	carrier := k.newCarrier(strings.ReplaceAll(name, ",", " "))
	for _, c := range all {
		*k.carrierOf(c) = carrier
	}
	return carrier, true
}

// carrierOf is where the carrier of a capacity's asset is kept; nil without
// one asset that says its size.
func (k *maker) carrierOf(c int32) *string {
	users := k.users[c]
	if len(users) == 0 {
		for _, s := range k.stored {
			if s.out != nil && s.out.bound.Capacity == c {
				return &s.carrier
			}
		}
		return nil
	}
	u := users[0]
	switch {
	case u.machine != nil:
		return &u.machine.carrier
	case u.store != nil:
		return &u.store.carrier
	}
	return &k.lineCarriers[u.line]
}

// place is the bus that PyPSA counts a capacity's asset at, and in which
// investment periods it exists.
func (k *maker) place(c int32) (bus string, alive []bool) {
	users := k.users[c]
	if len(users) == 0 {
		for _, s := range k.stored {
			if s.out != nil && s.out.bound.Capacity == c {
				return s.bus, s.Alive
			}
		}
		return "", nil
	}
	switch u := users[0]; {
	case u.machine != nil:
		if _, ports, _ := k.form(u.machine); len(ports) > 0 {
			bus = ports[0].bus
		}
		return bus, u.machine.alive
	case u.store != nil:
		return u.store.bus, u.store.Alive
	default:
		l := &k.m.Lines[u.line]
		return k.bus[l.From], l.Alive
	}
}

// technology: every limit of a group holds for all sizes of one carrier, or for
// those at a bus, or of an investment period.
func (k *maker) technology(group []*sizeLimit) bool {
	all := members(group)
	type filter struct {
		bus    string
		period int
	}
	filters := make([]filter, len(group))
	for n, s := range group {
		v := math.NaN()
		for _, w := range s.coef {
			if !math.IsNaN(v) && w != v {
				return false
			}
			v = w
		}
		tries := []filter{{"", -1}}
		for p := range k.years {
			tries = append(tries, filter{"", p})
		}
		for _, c := range all {
			bus, _ := k.place(c)
			for p := -1; p < len(k.years); p++ {
				tries = append(tries, filter{bus, p})
			}
		}
		found := false
		for _, f := range tries {
			match := true
			for _, c := range all {
				bus, alive := k.place(c)
				in := (f.bus == "" || bus == f.bus) && (f.period < 0 || alive == nil || alive[f.period])
				_, has := s.coef[c]
				match = match && in == has
			}
			if match {
				filters[n], found = f, true
				break
			}
		}
		if !found {
			return false
		}
	}
	carrier, ok := k.oneCarrier(group[0].name, all)
	if !ok {
		return false
	}
	for n, s := range group {
		least, most := s.divided()
		for _, side := range k.sides(least, most) {
			r := k.add("GlobalConstraint", s.name)
			r.put("type", "tech_capacity_expansion_limit")
			r.put("carrier_attribute", carrier)
			r.put("sense", side.sense)
			r.number("constant", side.v)
			if filters[n].bus != "" {
				r.put("bus", filters[n].bus)
			}
			if filters[n].period >= 0 {
				r.number("investment_period", float64(k.years[filters[n].period]))
			}
		}
	}
	return true
}

// divided are the bounds of a limit whose coefficients are alike, by them.
func (s *sizeLimit) divided() (least, most float64) {
	for _, v := range s.coef {
		if v < 0 {
			return s.most / v, s.least / v
		}
		return s.least / v, s.most / v
	}
	return s.least, s.most
}

// volume: limits on sums of length x size of Links and Lines, each with a
// carrier of its own.
func (k *maker) volume(group []*sizeLimit) bool {
	all := members(group)
	length := map[int32]float64{}
	for _, c := range all {
		users := k.users[c]
		if len(users) == 0 || users[0].store != nil {
			return false
		}
		if x := users[0].machine; x != nil && x.length == x.length {
			length[c] = x.length
		}
	}
	factor := make([]float64, len(group))
	for n, s := range group {
		for _, c := range all {
			if v, ok := s.coef[c]; ok && length[c] != 0 {
				factor[n] = v / length[c]
				break
			}
		}
		if factor[n] == 0 {
			factor[n] = 1
		}
		for c, v := range s.coef {
			switch l := v / factor[n]; {
			case length[c] == 0:
				length[c] = l
			case math.Abs(length[c]-l) > 1e-12*math.Abs(l):
				return false
			}
		}
	}
	for _, c := range all {
		u := k.users[c][0]
		own := k.carrierOf(c)
		if *own == "" {
			*own = k.newCarrier("size of " + strings.ReplaceAll(k.label(k.m.Capacities[c].Asset, k.m.Capacities[c].Part), ",", " "))
		}
		if u.machine != nil {
			u.machine.length, u.machine.shares = length[c], true
		} else {
			k.lineLengths[u.line] = length[c]
		}
	}
	for n, s := range group {
		var carriers []string
		for _, c := range all {
			if _, ok := s.coef[c]; ok {
				carriers = append(carriers, *k.carrierOf(c))
			}
		}
		least, most := s.least/factor[n], s.most/factor[n]
		if factor[n] < 0 {
			least, most = most, least
		}
		for _, side := range k.sides(least, most) {
			r := k.add("GlobalConstraint", s.name)
			r.put("type", "transmission_volume_expansion_limit")
			r.put("carrier_attribute", strings.Join(carriers, ","))
			r.put("sense", side.sense)
			r.number("constant", side.v)
		}
	}
	return true
}
