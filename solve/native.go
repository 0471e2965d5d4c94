package solve

import (
	"context"

	"example.org/busbar/lp"
	"example.org/busbar/solve/native"
)

// nativeSolve is solve/native's entry; nil leaves the solver out.
var nativeSolve = native.Solve

type nativeSolver struct{}

func (nativeSolver) Name() string { return "native" }

func (nativeSolver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	return nativeSolve(ctx, p, o)
}
