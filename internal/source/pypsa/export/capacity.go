package export

import (
	"math"
	"strconv"

	"example.org/busbar/internal/primitive"
)

// size writes the nominal size that a bound speaks of, and returns what shares
// of it are multiplied by. Sizes that are given stand; what may be built is
// extendable.
func (k *maker) size(r *row, nom string, b primitive.Bound, alive []bool, scale float64) float64 {
	c := b.Capacity
	if c == primitive.None || !k.buildable(c) {
		r.number(nom, k.fixedSize(b))
		if c == primitive.None && (b.Coef == 0 || finite(b.Coef) && !(b.Coef > 0)) {
			return scale * b.Coef
		}
		if c == primitive.None {
			return scale
		}
		return scale * b.Coef
	}
	if _, twice := k.sizes[c]; !twice {
		k.sizes[c] = Asset{r.component, r.name}
		k.extend(r, nom, c, alive)
	} else {
		k.follow(r, nom, c)
	}
	return scale * b.Coef
}

// fixedSize is the nominal size of a bound whose size is given.
func (k *maker) fixedSize(b primitive.Bound) float64 {
	switch {
	case b.Capacity != primitive.None:
		return k.standing(b.Capacity)
	case b.Coef > 0:
		return b.Coef
	}
	return 1
}

// extend makes an asset the one whose size is chosen, and paid.
func (k *maker) extend(r *row, nom string, i int32, alive []bool) {
	c := &k.m.Capacities[i]
	r.flag(nom + "_extendable")
	low, high := c.Existing+c.Min, c.Existing+c.Max
	if b, ok := k.limit.bounds[i]; ok {
		low, high = b[0], b[1]
	}
	r.unless(0, nom+"_min", low)
	r.unless(math.Inf(1), nom+"_max", high)
	if c.Module > 0 {
		if c.Existing != 0 {
			k.problem(c.Asset, c.Part, "modules beside %g that stands", c.Existing)
		}
		r.number(nom+"_mod", c.Module)
	}
	per, fixed := k.yearly(c.Alive)*c.Capital+k.limit.tied[i], k.standingPerUnit(c)
	weight := 0.0
	for p := range k.periodMoney {
		if k.multi && (alive == nil || alive[p]) {
			weight += k.periodMoney[p]
		}
	}
	if !k.multi {
		weight = 1
	}
	if weight == 0 {
		if per != 0 || fixed != 0 {
			k.problem(c.Asset, c.Part, "it is paid in no investment period in which it exists")
		}
		weight = 1
	}
	if c.Curve != nil {
		if per != 0 || fixed != 0 || c.Existing != 0 {
			k.problem(c.Asset, c.Part, "a curve of capital cost beside a price or a size that stands")
			return
		}
		years := k.yearly(c.Alive)
		y := make([]float64, len(c.Curve.X))
		for n := 1; n < len(y); n++ {
			y[n] = (c.Curve.Y[n] - c.Curve.Y[n-1]) / (c.Curve.X[n] - c.Curve.X[n-1]) * years / weight
		}
		k.limit.constant += years * c.Curve.Y[0]
		r.pieces["capital_cost"] = curve{nom, c.Curve.X, y}
		return
	}
	r.unless(0, "capital_cost", per/weight)
	r.unless(0, "fom_cost", fixed/weight)
}

// yearly is what money paid every year counts.
func (k *maker) yearly(alive []bool) float64 {
	total := 0.0
	for p := range k.m.Clock.Periods {
		if alive == nil || alive[p] {
			total += k.m.Clock.Periods[p].CapitalWeight()
		}
	}
	return total
}

// standingPerUnit is what a unit of what stands and what is built costs.
func (k *maker) standingPerUnit(c *primitive.Capacity) float64 {
	per := c.Fixed
	for _, u := range c.Uses {
		price := k.m.Buses[u.Bus].Price
		total, weight := 0.0, 0.0
		for t, w := range k.m.Clock.Grids[0].Cost {
			total, weight = total+w*price.At(t), weight+w
		}
		per += u.Ratio.Value * total / weight
	}
	return k.yearly(c.Alive) * per
}

// constant: what no decision changes, beyond what PyPSA counts for the sizes of
// extendable assets, is the cost of a Generator that gives nothing.
func (k *maker) constant() {
	total := k.limit.constant
	for i := range k.m.Capacities {
		c := &k.m.Capacities[i]
		years := k.yearly(c.Alive)
		total += years * c.Sunk
		switch {
		case k.buildable(int32(i)):
			// PyPSA charges what stands like what is built.
			total -= years * c.Capital * c.Existing
			if _, ok := k.sizes[int32(i)]; !ok && !k.limit.absorbed[int32(i)] {
				k.problem(c.Asset, c.Part, "it may be built, and bounds nothing")
			}
		default:
			total += years*c.Capital*c.Min + k.standingPerUnit(c)*(c.Existing+c.Min)
			if c.Curve != nil {
				total += years * along(c.Curve, c.Min)
			}
		}
	}
	if total == 0 {
		return
	}
	weight := 1.0
	if k.multi {
		weight = 0
		for _, w := range k.periodMoney {
			weight += w
		}
	}
	bus := k.elsewhere()
	r := k.add("Generator", "constant")
	r.put("bus", bus)
	r.flag("p_nom_extendable")
	r.number("p_nom_min", 1)
	r.number("p_nom_max", 1)
	r.number("p_max_pu", 0)
	r.number("capital_cost", total/weight)
}

// along is a curve's value at x.
func along(c *primitive.Curve, x float64) float64 {
	y := c.Y[0]
	for k := range len(c.X) - 1 {
		y += (c.Y[k+1] - c.Y[k]) / (c.X[k+1] - c.X[k]) * math.Max(0, math.Min(x, c.X[k+1])-c.X[k])
	}
	return y
}

// tie: a StorageUnit's power carries the cost and the bounds of its energy,
// hours x power.
func (k *maker) tie(power, energy int32, hours float64) {
	if k.limit.tied == nil {
		k.limit.tied, k.limit.bounds, k.limit.absorbed = map[int32]float64{}, map[int32][2]float64{}, map[int32]bool{}
	}
	p, e := &k.m.Capacities[power], &k.m.Capacities[energy]
	k.limit.tied[power] = hours * (k.yearly(e.Alive)*e.Capital + k.standingPerUnit(e))
	k.limit.absorbed[energy] = true
	// The bounds of either hold for both.
	k.limit.bounds[power] = [2]float64{
		math.Max(p.Existing+p.Min, (e.Existing+e.Min)/hours), math.Min(p.Existing+p.Max, (e.Existing+e.Max)/hours),
	}
}

// shared: a capacity with several users is a size for each, all equal: a Link
// each, and a constraint on the sum of length x size of two of them, whose
// lengths are 1 and -1.
func (k *maker) shared() {
	for i := range int32(len(k.m.Capacities)) {
		all := k.users[i]
		var left []*user
		for _, u := range all {
			if u.machine != nil && u.machine.done || u.store != nil && u.store.out != nil {
				continue
			}
			left = append(left, u)
		}
		if len(left) < len(all) && len(left) > 0 {
			c := &k.m.Capacities[i]
			k.problem(c.Asset, c.Part, "a storage and %d other rates share its size", len(left))
		}
		k.users[i] = left
		if len(left) < 2 {
			continue
		}
		c := &k.m.Capacities[i]
		if c.Module > 0 || c.Curve != nil {
			k.problem(c.Asset, c.Part, "several rates share its size, which is built in modules or along a curve")
		}
		for n, u := range left {
			if u.machine == nil {
				k.problem(c.Asset, c.Part, "a level or a line shares its size with other rates; PyPSA can hold only sizes of Links equal")
				continue
			}
			u.machine.shares = true
			u.machine.carrier = k.newCarrier("size " + k.label(c.Asset, c.Part))
			u.machine.length = 1
			if n > 0 {
				u.machine.length = -1
				k.equal(k.label(c.Asset, c.Part), left[0].machine.carrier, u.machine.carrier)
			}
		}
	}
}

// equal holds the sizes of two Links of lengths 1 and -1 equal.
func (k *maker) equal(name, first, second string) {
	r := k.add("GlobalConstraint", name+" one size")
	r.put("type", "transmission_volume_expansion_limit")
	r.put("carrier_attribute", first+","+second)
	r.put("sense", "==")
	r.number("constant", 0)
}

// follow makes an asset one whose size is held equal to that of another.
func (k *maker) follow(r *row, nom string, i int32) {
	c := &k.m.Capacities[i]
	r.flag(nom + "_extendable")
	r.unless(math.Inf(1), nom+"_max", c.Existing+c.Max)
}

// newCarrier names a carrier that no other asset has.
func (k *maker) newCarrier(name string) string {
	free := name
	for n := 2; k.carriers[free] != nil; n++ {
		free = name + " " + strconv.Itoa(n)
	}
	k.carriers[free] = map[string]float64{}
	return free
}

// carry writes an asset's carrier: what a limit calls it, else its kind.
func (k *maker) carry(r *row, carrier string, asset int32) {
	if carrier == "" && asset >= 0 && int(asset) < len(k.m.Assets) {
		carrier = k.m.Assets[asset].Kind
	}
	if carrier != "" {
		r.put("carrier", carrier)
	}
}

// lives writes in which investment periods an asset exists.
func (k *maker) lives(r *row, alive []bool, asset int32, part string) {
	if alive == nil || k.years == nil {
		return
	}
	from, to := -1, len(alive)
	for p, on := range alive {
		switch {
		case on && from < 0:
			from = p
		case on && to < len(alive):
			k.problem(asset, part, "it exists, ceases and exists again in investment periods")
			return
		case !on && from >= 0 && to == len(alive):
			to = p
		}
	}
	if from < 0 {
		r.number("build_year", float64(k.years[len(k.years)-1]+1))
		return
	}
	r.number("build_year", float64(k.years[from]))
	if to < len(alive) {
		r.number("lifetime", float64(k.years[to]-k.years[from]))
	}
}
