package pypsa

import (
	"math"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// duals writes the prices of buses, and what each bound, ramp, given value and
// level is worth. Like PyPSA's these are duals of rows a <= upper and a >=
// lower of a minimum, not divided by weights: mu_upper <= 0 <= mu_lower.
func (r *results) duals(p part) {
	d := &shadow{part: p, reduced: reduced(p)}
	d.read()
	for _, c := range Components {
		t := p.table(r.n, c.Name)
		for _, name := range t.Names {
			asset := Asset{c.Name, r.prefix + name}
			put := func(attr string, v []float64) { r.put(c, attr, name, p.from, v) }
			if c.Name == "Bus" {
				put("marginal_price", p.Index.BusPrice(p.Solution.Y, int(p.Buses[asset.Name])))
			}
			if u, ok := p.units[asset]; ok && c.Name != "Store" && c.Name != "StorageUnit" {
				put("mu_upper", d.sum(true, at{formulate.Activity, u}, at{formulate.UnitMax, u}, at{formulate.UnitRoomMax, u}))
				put("mu_lower", d.sum(false, at{formulate.Activity, u}, at{formulate.UnitMax, u}, at{formulate.UnitMin, u}, at{formulate.UnitRoomMin, u}))
				put("mu_p_set", d.rows[at{formulate.UnitFixed, u}])
				if p.Model.Units[u].Ramp != nil {
					put("mu_ramp_limit_up", d.sum(true, at{formulate.UnitRamp, u}, at{formulate.UnitOnRamp, u}))
					put("mu_ramp_limit_down", d.sum(false, at{formulate.UnitRamp, u}, at{formulate.UnitOnRamp, u}))
				}
			}
			if l, ok := p.lines[asset]; ok {
				put("mu_upper", d.sum(true, at{formulate.Through, l}, at{formulate.LineMax, l}))
				put("mu_lower", d.sum(false, at{formulate.Through, l}, at{formulate.LineMin, l}))
			}
			if term, ok := p.levels[asset]; ok {
				s := term.Index
				level, most, least, set := formulate.Level, formulate.StoreMax, formulate.StoreMin, formulate.StoreFixed
				inside := int32(0)
				if term.Of == primitive.StoreLevel {
					inside = p.Model.Stores[s].Bus
				} else {
					level, most, least, set = formulate.Activity, formulate.UnitMax, formulate.UnitMin, formulate.UnitFixed
					inside = p.Model.Units[s].Ports[0].Bus
				}
				put("mu_upper", d.sum(true, at{level, s}, at{most, s}))
				put("mu_lower", d.sum(false, at{level, s}, at{most, s}, at{least, s}))
				put("mu_energy_balance", d.stored(inside))
				if c.Name == "StorageUnit" {
					put("mu_state_of_charge_set", d.rows[at{set, s}])
				} else {
					put("mu_e_set", d.rows[at{set, s}])
					put("mu_p_set", d.rows[at{formulate.UnitFixed, p.units[asset]}])
				}
			}
		}
	}
}

// at is a block of columns or rows of one primitive.
type at struct {
	what  formulate.What
	index int32
}

// shadow holds the duals of one answer by what they belong to.
type shadow struct {
	part
	reduced []float64
	rows    map[at][]float64 // rows' duals; reduced costs of columns
}

// reduced are the duals of the columns' bounds: c + Qx - A'y.
func reduced(p part) []float64 {
	q, x, y := p.Problem, p.Solution.X, p.Solution.Y
	z := make([]float64, q.Cols())
	for j := range z {
		z[j] = q.Cost[j]
		for k := q.Start[j]; k < q.Start[j+1]; k++ {
			z[j] -= q.Value[k] * y[q.Index[k]]
		}
	}
	if q.IsQP() {
		for j := range z {
			for k := q.QStart[j]; k < q.QStart[j+1]; k++ {
				i := q.QIndex[k]
				z[j] += q.QValue[k] * x[i]
				if int(i) != j {
					z[i] += q.QValue[k] * x[j]
				}
			}
		}
	}
	return z
}

// read sorts duals by primitive and step.
func (d *shadow) read() {
	d.rows = map[at][]float64{}
	steps := len(d.Model.Clock.Hours)
	take := func(k formulate.Block, v []float64) {
		if k.Grid < 0 {
			return
		}
		key := at{k.What, k.Index}
		all := d.rows[key]
		if all == nil {
			all = make([]float64, steps)
			d.rows[key] = all
		}
		for i := range k.Count {
			all[k.Step+i] += v[k.First+i]
		}
	}
	d.Index.Rows(func(k formulate.Block) { take(k, d.Solution.Y) })
	d.Index.Cols(func(k formulate.Block) { take(k, d.reduced) })
}

// sum is what the upper or lower sides of some blocks are worth: a dual below 0
// pushes down, one above 0 up.
func (d *shadow) sum(upper bool, blocks ...at) []float64 {
	all := make([]float64, len(d.Model.Clock.Hours))
	for _, b := range blocks {
		for t, v := range d.rows[b] {
			if upper {
				all[t] += math.Min(v, 0)
			} else {
				all[t] += math.Max(v, 0)
			}
		}
	}
	return all
}

// stored is what one more unit in a store is worth in each step: the dual of
// its balance, which is a rate, by the step's hours.
func (d *shadow) stored(bus int32) []float64 {
	balance := d.rows[at{formulate.Balance, bus}]
	out := make([]float64, len(balance))
	for t, v := range balance {
		out[t] = v / d.Model.Clock.Grids[0].Hours[t]
	}
	return out
}
