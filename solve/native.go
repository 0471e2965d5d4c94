package solve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/native"
)

// nativeSolve is solve/native's entry; nil leaves the solver out.
var nativeSolve = native.Solve

type nativeSolver struct{}

func (nativeSolver) Name() string { return "native" }

// nativeGrace is how long the solver may take to stop by itself: it looks up
// once an iteration, and one iteration of a very large problem takes longer
// than the two seconds that are promised.
const nativeGrace = 1500 * time.Millisecond

// Solve leaves the solver behind where it does not stop in time; what it holds
// is only read from then on.
func (nativeSolver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	stop := ctx.Done()
	if o.TimeLimit > 0 {
		late, cancel := context.WithTimeout(ctx, o.TimeLimit)
		defer cancel()
		stop = late.Done()
	}
	var left atomic.Bool
	if show := o.Progress; show != nil {
		o.Progress = func(l lp.Progress) {
			if !left.Load() {
				show(l)
			}
		}
	}
	type outcome struct {
		sol *lp.Solution
		err error
	}
	done := make(chan outcome, 1)
	begin := time.Now()
	go func() {
		defer func() { // else it would end the program
			if r := recover(); r != nil {
				done <- outcome{err: fmt.Errorf("native: a fault of the solver: %v", r)}
			}
		}()
		sol, err := nativeSolve(ctx, p, o)
		done <- outcome{sol, err}
	}()
	select {
	case got := <-done:
		return got.sol, got.err
	case <-stop:
	}
	select {
	case got := <-done:
		return got.sol, got.err
	case <-time.After(nativeGrace):
	}
	left.Store(true)
	status := lp.Limit
	if errors.Is(ctx.Err(), context.Canceled) {
		status = lp.Cancelled
	}
	return &lp.Solution{
		Status: status, Bound: math.NaN(), Objective: math.NaN(), Solver: "native", Seconds: time.Since(begin).Seconds(),
		Note: "the native solver did not stop when asked and was left behind",
	}, nil
}
