package highs_test

import (
	"context"
	"testing"

	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
	"example.org/busbar/solve/solvetest"
)

// Each problem of many ends as it does alone.
func TestMany(t *testing.T) {
	need(t)
	var ps []*lp.Problem
	var names []string
	var want []*lp.Solution
	for _, c := range solvetest.Cases() {
		if row, col := c.P.Crossed(); row >= 0 || col >= 0 { // told without HiGHS there
			continue
		}
		sol, err := highs.Solver{}.Solve(context.Background(), c.P, lp.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		ps, names, want = append(ps, c.P), append(names, c.Name), append(want, sol)
	}
	got, err := highs.Solver{}.Many(context.Background(), ps, lp.Options{Threads: 1})
	if err != nil || len(got) != len(ps) {
		t.Fatalf("%d of %d, %v", len(got), len(ps), err)
	}
	for k, sol := range got {
		same := sol.Status == want[k].Status && (sol.X == nil || sol.Objective == want[k].Objective)
		either := sol.Status == lp.Unknown && sol.Note == highs.EitherNote && want[k].Status == lp.Unbounded
		if !same && !either {
			t.Errorf("%s: %s %v, alone %s %v", names[k], sol.Status, sol.Objective, want[k].Status, want[k].Objective)
		}
	}
}

func TestManyIsKilled(t *testing.T) {
	need(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, err := (highs.Solver{}).Many(ctx, []*lp.Problem{solvetest.Energy(3, 2000, 1)}, lp.Options{}); err == nil {
		t.Errorf("%v without an error", got)
	}
}
