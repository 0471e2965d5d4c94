package pypsa

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/rolling"
	"example.org/busbar/lp"
)

// Joined is an answer over all snapshots of the network.
type Joined struct {
	*Built
	Index    *formulate.Index
	Solution *lp.Solution
}

// Joined joins the windows of a rolling horizon: each snapshot as the last window
// that held it decided, sizes as the last window of all. The objective is what
// the whole comes to. Other answers are whole already.
func (a *Answer) Joined() (*Joined, []attribute.Problem, error) {
	if len(a.parts) < 2 {
		return &Joined{a.Built, a.Index, a.Solution}, nil, nil
	}
	b, problems := Build(a.n, a.o)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	p, ix, err := formulate.Build(b.Model)
	if err != nil {
		return nil, nil, err
	}
	sol := *a.Solution
	sol.X, sol.Y = make([]float64, p.Cols()), make([]float64, p.Rows())
	for _, part := range a.parts {
		if part.Solution.X == nil { // the last, without a plan
			break
		}
		if part.Solution.Y == nil {
			sol.Y = nil
		}
		rolling.Join(ix, sol.X, sol.Y, part.Index, part.Solution.X, part.Solution.Y, int32(part.from))
	}
	sol.Objective, sol.Bound = p.Objective(sol.X), math.NaN()
	return &Joined{b, ix, &sol}, nil, nil
}
