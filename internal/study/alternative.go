package study

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// neighbour is a plan that costs little more than the least.
type neighbour struct {
	problem *lp.Problem
	ix      *formulate.Index
	sol     *lp.Solution
	cert    lp.Certificate // of both problems
	least   float64
}

// alternative solves a study again for the least (or most) of some sizes within
// a budget, once its least cost is known (DeCarolis 2011, Energy Economics 33,
// "Using modeling to generate alternatives"):
//
//	least  sum weight x size    s.t.  money <= least cost + slack |least cost + beside|
//
// (of a plan that earns more than it costs the share is of what it earns.)
// The most is the least of the negated sum.
func alternative(ctx context.Context, s *system.System, m *primitive.Model, r *Request, sol *lp.Solution, cert lp.Certificate) (*neighbour, error) {
	n := &neighbour{least: sol.Objective}
	var err error
	if n.problem, n.ix, err = nearby(s.Alternative, m, n.least); err != nil {
		return nil, refuse("study %s: its alternative cannot be formulated: %w", s.Study.Name, err)
	}
	if n.problem.IsQP() {
		return nil, refuse("study %s: an alternative limits the cost, which is quadratic here; a linear one fits", s.Study.Name)
	}
	opt := r.LP
	opt.Hint = n.ix.Hint()
	if !n.problem.IsMIP() {
		opt.Warm, opt.Rough = formulate.Beside(n.problem, sol, roomOf(s.Alternative, n.least)), true
	}
	var second lp.Certificate
	if n.sol, second, err = solve.Run(ctx, n.problem, r.Solver, opt); err != nil {
		return nil, err
	}
	n.cert = lp.Sequence(cert, second)
	n.cert.Objective = second.Objective
	return n, nil
}

// roomOf is what an alternative may cost beside the least.
func roomOf(a *system.Alternative, least float64) float64 {
	return a.Slack * math.Abs(least+a.Beside)
}

// nearby is the problem of an alternative, whose model gets its budget.
func nearby(a *system.Alternative, m *primitive.Model, least float64) (*lp.Problem, *formulate.Index, error) {
	m.Limits = append(m.Limits, formulate.Budget(least+roomOf(a, least)))
	p, ix, err := formulate.Build(m)
	if err == nil {
		ix.Weigh(p, weightsOf(a))
	}
	return p, ix, err
}

// weightsOf are the weights of an alternative's sizes in what is made least.
func weightsOf(a *system.Alternative) map[int32]float64 {
	weights := map[int32]float64{}
	for c, w := range a.Weights {
		if a.Most {
			w = -w
		}
		weights[c] = w
	}
	return weights
}

// inMoney turns an alternative into the plan of least cost that it is too, so that
// it can be explained. With y < 0 what a unit more of budget adds to the sum of
// weights w x size, the sum divided by -y and money have the same multipliers,
//
//	least  sum w size  s.t. money <= budget       (duals Y, y)
//	least  money + sum (w / -y) size              (duals Y / -y)
//
// and the same optimum: each unit of a size costs w / -y more a year.
func inMoney(s *system.System, m *primitive.Model, x, y []float64) (*explain.Solved, error) {
	n := len(y) - 1 // the budget is the last limit, whose rows come last
	if n < 0 {
		return nil, refuse("an alternative with integers has no prices to explain")
	}
	worth := -y[n]
	if !(worth > 1e-12) {
		return nil, refuse("the budget of the alternative does not bind: no money stands against its sizes, and nothing has a price")
	}
	years := 0.0
	for i := range m.Clock.Periods {
		years += m.Clock.Periods[i].CapitalWeight()
	}
	o := *m
	o.Limits = m.Limits[:len(m.Limits)-1]
	o.Capacities = append([]primitive.Capacity(nil), m.Capacities...)
	out := &explain.Solved{System: s, Model: &o, X: x}
	var more []string
	for c, w := range weightsOf(s.Alternative) {
		k := &o.Capacities[c]
		if k.Alive != nil {
			return nil, refuse("an alternative of sizes that stand in some periods only is not explained")
		}
		k.Capital += w / worth / years
		more = append(more, fmt.Sprintf("%s by %s %s/%s/a", m.Assets[k.Asset].Name, number(w/worth/years), s.Currency, k.Unit))
	}
	slices.Sort(more)
	out.Note = "a near-optimal alternative; it is the cheapest plan too where sizes cost more (below 0: less), and is explained as that: " + strings.Join(more, ", ")
	var err error
	if out.Problem, out.Index, err = formulate.Build(&o); err != nil {
		return nil, err
	}
	for _, v := range y[:n] {
		out.Y = append(out.Y, v/worth)
	}
	if c := lp.Certify(out.Problem, &lp.Solution{Status: lp.Optimal, X: x, Y: out.Y}); !c.OK {
		return nil, refuse("an alternative is explained as the cheapest plan at other costs of its sizes, and that cannot be proved here: %v", c)
	}
	return out, nil
}

// number is one of four digits.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
