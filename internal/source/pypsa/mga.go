package pypsa

import (
	"fmt"
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// alternative: the least (or most) of a weighted sum of sizes within PyPSA's
// budget.
func (s *solving) alternative() *Answer {
	if len(s.n.Scenarios) > 0 {
		s.problem("mga does not go with scenarios")
		return nil
	}
	least := s.once(s.n, nil, nil)
	if least == nil || !least.optimal() {
		return least
	}
	if least.Problem.IsQP() {
		s.problem("mga limits the cost, which is quadratic here; a linear one fits")
		return nil
	}
	least.n, least.o, least.parts = s.n, s.o, []part{{0, least}}
	sums := least.sums()
	s.budget = func(b *Built) float64 { return sums.budget(s.o.Slack, s.o.Second.Multi) + b.Constant }
	s.near = func(a *Answer) *lp.Solution {
		return formulate.Beside(a.Problem, least.Solution, s.budget(a.Built)-least.Solution.Objective)
	}
	s.o = s.o.second()
	sign := 1.0
	if s.o.Maximise {
		sign = -1
	}
	a := s.once(s.n, nil, func(b *Built, p *lp.Problem, ix *formulate.Index) {
		ix.Weigh(p, s.weights(b, sign))
	})
	if a == nil || len(s.problems) > 0 {
		return nil
	}
	a.Certificate = sequence(least.Certificate, a)
	a.Constant = 0
	return a
}

// weights are those of the sizes, by capacity. As in PyPSA one of an asset that
// is not extendable has no effect.
func (s *solving) weights(b *Built, sign float64) map[int32]float64 {
	out := map[int32]float64{}
	for asset, w := range s.o.Weights {
		t := s.n.table(asset.Component)
		_, known := t.index[asset.Name]
		if size, ok := b.Sizes[asset]; ok {
			out[size] += sign * w
		} else if known {
			b.Notes = append(b.Notes, fmt.Sprintf("entry_args.weights names %s %q, which is not extendable: it has no weight", asset.Component, asset.Name))
		} else if asset.Name != "" {
			s.problem(fmt.Sprintf("entry_args.weights names %s %q, and there is none", asset.Component, asset.Name))
			continue
		} else {
			for of, size := range b.Sizes {
				if of.Component == asset.Component {
					out[size] += sign * w
				}
			}
		}
	}
	if len(out) == 0 && len(s.problems) == 0 {
		s.problem("entry_args.weights names nothing that is extendable")
	}
	return out
}

// Alternative is what a network's options ask of a near-optimal alternative: the
// weights of capacities, and the cost of what stands, which PyPSA counts in the
// least cost; nil where they ask for none. Build comes first.
func (n *Network) Alternative(b *Built, o Options) (weights map[int32]float64, standing float64, problems []attribute.Problem) {
	if o.Entry != "mga" {
		return nil, 0, nil
	}
	s := &solving{n: n, o: o}
	return s.weights(b, 1), n.standing(o), s.problems
}

// standing is what assets that are not extendable cost, by their attributes.
func (n *Network) standing(o Options) float64 {
	b := &builder{Network: n, o: o}
	sum := 0.0
	n.sized(func(t *Table, i int, nom string) {
		if !t.flag(i, nom+"_extendable") {
			base, fixed := b.invest(t, i)
			sum += (base + fixed) * t.number(i, nom) * b.weight(b.alive(t, i))
		}
	})
	return sum
}

// sized visits every active asset that has a size, but for those whose size as
// read is 0 or infinite.
func (n *Network) sized(visit func(t *Table, i int, nom string)) {
	for _, c := range Components {
		nom, t := nominal(c), n.table(c.Name)
		if nom == "" {
			continue
		}
		for i := range t.Names {
			if v := t.number(i, nom); t.flag(i, "active") && v > 0 && !math.IsInf(v, 1) {
				visit(t, i, nom)
			}
		}
	}
}

// standingPeriods is what an exported network must show as standing in each
// period, for PyPSA to come to the same budget: a cost x that stands adds slack
// times Wo x Wo x to it (see sums.budget), one that is in the constant less what
// that is of extendable assets in installed_capex.
func (n *Network) standingPeriods(o Options) ([]float64, []attribute.Problem) {
	b := &builder{Network: n, o: o.second()}
	weight := []float64{1}
	if len(n.Periods) > 0 {
		weight = nil
		for _, p := range n.Periods {
			weight = append(weight, p.Objective)
		}
	}
	out, aside := make([]float64, len(weight)), make([]float64, len(weight))
	constant := 0.0
	n.sized(func(t *Table, i int, nom string) {
		base, fixed := b.invest(t, i)
		had, alive := t.number(i, nom), b.alive(t, i)
		if t.flag(i, nom+"_extendable") && !o.Second.NoConstant {
			constant += (base + fixed) * had * b.weight(alive)
		}
		for k, w := range weight {
			switch {
			case !lives(alive, k):
			case t.flag(i, nom+"_extendable"):
				aside[k] -= w * base * had
			default:
				out[k] += base * had
			}
		}
	})
	if o.Second.Multi {
		left := constant
		for k, w := range weight {
			left += w * aside[k]
			aside[k] = 0
		}
		aside[0] = left / weight[0]
	} else {
		for k := range aside {
			aside[k] += constant
		}
	}
	for k, w := range weight {
		if math.Abs(aside[k]) <= 1e-9*(1+constant) {
			continue
		}
		if o.Slack == 0 || w == 0 {
			return nil, []attribute.Problem{{File: n.where("buses", ""), Line: 1, Col: 1, Code: "pypsa-export",
				Text: "entry_args.slack is 0, and what extendable assets had cannot be said; a slack above 0 fits"}}
		}
		out[k] += aside[k] / o.Slack / w
	}
	return out, nil
}

// sums are PyPSA's statistics of a solved network, by investment period (one
// where there are none), before period weights: what its n.statistics.capex() +
// opex() and installed_capex() come to.
type sums struct {
	weight           []float64 // Wo of each period
	spent, installed []float64
}

// budget is what the alternative may cost, less its objective_constant. PyPSA
// 1.4 asks
//
//	objective + installed <= (1 + slack) spent
//
// where the objective leaves its constant out, and the statistics know neither
// fom_cost nor, of a Process, any activity but what it draws at bus0. Those of a
// network with periods are weighted already; with multi_investment_periods they
// are weighted a second time, without it the constraint stands once for each
// period.
func (s *sums) budget(slack float64, multi bool) float64 {
	sum, least := 0.0, math.Inf(1)
	for k, w := range s.weight {
		most := w * ((1+slack)*s.spent[k] - s.installed[k])
		sum += w * most
		least = min(least, most)
	}
	if multi {
		return sum
	}
	return least
}

// sums are taken from what an answer fills of the network.
func (a *Answer) sums() *sums {
	n := a.n
	s := &sums{weight: []float64{1}}
	if len(n.Periods) > 0 {
		s.weight = nil
		for _, p := range n.Periods {
			s.weight = append(s.weight, p.Objective)
		}
	}
	s.spent, s.installed = make([]float64, len(s.weight)), make([]float64, len(s.weight))
	r := a.results(0)
	b := &builder{Network: n, o: a.o}
	for _, c := range Components {
		nom, t := nominal(c), n.table(c.Name)
		if nom == "" {
			continue
		}
		for i, name := range t.Names {
			if !t.flag(i, "active") {
				continue
			}
			per, _ := b.invest(t, i)
			size, had := r.sizes[Asset{c.Name, name}], t.number(i, nom)
			money := per * size
			if p, pw := t.curve(i, "capital_cost"); pw && t.flag(i, nom+"_extendable") {
				money += along(&primitive.Curve{X: p.x, Y: cumulated(p)}, size)
			}
			alive := b.alive(t, i)
			for k := range s.weight {
				if per != 0 && lives(alive, k) && !math.IsInf(had, 1) {
					s.installed[k] += per * had
				}
				if lives(alive, k) && !math.IsInf(money, 0) && !math.IsNaN(money) {
					s.spent[k] += money
				}
			}
			for at, v := range r.running(t, i) {
				s.spent[n.Snapshots[at].Period] += v
			}
		}
	}
	return s
}

// running is what an asset costs in each snapshot, in PyPSA's statistics.
func (r *results) running(t *Table, i int) []float64 {
	out := make([]float64, len(r.n.Snapshots))
	series := func(attr string) []float64 { return r.series[t.List+"-"+attr][t.Names[i]] }
	add := func(what, attr string, weighted bool) {
		cost := t.at(i, attr)
		for at, v := range series(what) {
			if weighted {
				v *= r.n.Snapshots[at].Objective
			}
			out[at] += v * cost.At(at)
		}
	}
	p := map[string]string{"Generator": "p", "Link": "p0", "Process": "p0", "StorageUnit": "p_dispatch", "Store": "p"}[t.Name]
	if p == "" {
		return nil
	}
	add(p, "marginal_cost", true)
	for at, v := range series("marginal_cost_piecewise_opt") {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out[at] += v * series(p)[at] * r.n.Snapshots[at].Objective
		}
	}
	switch t.Name {
	case "StorageUnit":
		add("state_of_charge", "marginal_cost_storage", true)
		add("spill", "spill_cost", true)
	case "Store":
		add("e", "marginal_cost_storage", true)
	default:
		add("start_up", "start_up_cost", false)
		add("shut_down", "shut_down_cost", false)
		add("status", "stand_by_cost", true)
	}
	return out
}
