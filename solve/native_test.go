package solve

import (
	"context"
	"strings"
	"testing"
	"time"

	"example.org/busbar/lp"
)

// one is min x, x >= 2.
func one() *lp.Problem {
	return &lp.Problem{
		Cost: []float64{1}, ColLower: []float64{0}, ColUpper: []float64{lp.Inf},
		RowLower: []float64{2}, RowUpper: []float64{lp.Inf},
		Start: []int64{0, 1}, Index: []int32{0}, Value: []float64{1},
	}
}

// instead puts another solver in the native one's place.
func instead(t *testing.T, solve func(context.Context, *lp.Problem, lp.Options) (*lp.Solution, error)) {
	was := nativeSolve
	nativeSolve = solve
	t.Cleanup(func() { nativeSolve = was })
}

// A solver that does not stop is left behind within two seconds.
func TestNativeIsLeftBehind(t *testing.T) {
	for name, c := range map[string]struct {
		limit time.Duration
		want  lp.Status
	}{"cancelled": {0, lp.Cancelled}, "time limit": {200 * time.Millisecond, lp.Limit}} {
		t.Run(name, func(t *testing.T) {
			over := make(chan struct{})
			gone := make(chan struct{})
			instead(t, func(_ context.Context, _ *lp.Problem, o lp.Options) (*lp.Solution, error) {
				defer close(gone)
				<-over
				o.Progress(lp.Progress{}) // must go nowhere
				return nil, nil
			})
			defer func() { close(over); <-gone }()
			ctx, cancel := context.WithCancel(context.Background())
			if c.limit == 0 {
				time.AfterFunc(200*time.Millisecond, cancel)
			}
			defer cancel()
			begin := time.Now()
			sol, err := nativeSolver{}.Solve(ctx, one(), lp.Options{TimeLimit: c.limit, Progress: func(lp.Progress) { t.Error("progress of a solver that was left behind") }})
			if err != nil || sol.Status != c.want || !strings.Contains(sol.Note, "left behind") {
				t.Errorf("%v, %v; want %v", sol, err, c.want)
			}
			if took := time.Since(begin); took > 2200*time.Millisecond {
				t.Errorf("it took %v after a stop at 200 ms", took)
			}
		})
	}
}

// A fault of the native solver is an error, and another solver answers.
func TestNativeFault(t *testing.T) {
	instead(t, func(context.Context, *lp.Problem, lp.Options) (*lp.Solution, error) { panic("no more rows") })
	if _, err := (nativeSolver{}).Solve(context.Background(), one(), lp.Options{}); err == nil || !strings.Contains(err.Error(), "no more rows") {
		t.Errorf("error %v", err)
	}
}
