package study

import (
	"context"

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
//	least  sum weight x size    s.t.  money <= (1 + slack) (least cost + beside) - beside
//
// The most is the least of the negated sum.
func alternative(ctx context.Context, s *system.System, m *primitive.Model, r *Request, sol *lp.Solution, cert lp.Certificate) (*neighbour, error) {
	a := s.Alternative
	n := &neighbour{least: sol.Objective}
	m.Limits = append(m.Limits, formulate.Budget((1+a.Slack)*(sol.Objective+a.Beside)-a.Beside))
	var err error
	if n.problem, n.ix, err = formulate.Build(m); err != nil {
		return nil, refuse("study %s: its alternative cannot be formulated: %w", s.Study.Name, err)
	}
	if n.problem.IsQP() {
		return nil, refuse("study %s: an alternative limits the cost, which is quadratic here; a linear one fits", s.Study.Name)
	}
	weights := map[int32]float64{}
	for c, w := range a.Weights {
		if a.Most {
			w = -w
		}
		weights[c] = w
	}
	n.ix.Weigh(n.problem, weights)
	opt := r.LP
	opt.Hint = n.ix.Hint()
	var second lp.Certificate
	if n.sol, second, err = solve.Run(ctx, n.problem, r.Solver, opt); err != nil {
		return nil, err
	}
	n.cert = lp.Sequence(cert, second)
	n.cert.Objective = second.Objective
	return n, nil
}
