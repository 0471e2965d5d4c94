package solve

import (
	"context"

	"example.org/busbar/lp"
)

// nativeSolve is solve/native's entry; nil leaves the solver out.
// To switch it on: = native.Solve
var nativeSolve func(context.Context, *lp.Problem, lp.Options) (*lp.Solution, error)

type nativeSolver struct{}

func (nativeSolver) Name() string { return "native" }

func (nativeSolver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	return nativeSolve(ctx, p, o)
}
