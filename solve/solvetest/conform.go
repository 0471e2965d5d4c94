// Package solvetest holds what any solver must pass, whoever wrote it: small
// problems with answers worked out by hand, random problems built around a
// known optimum, stops, and malformed input. Each answer is judged by
// lp.Certify, none by comparing with another solver.
//
// What enters: a solver and the kinds it takes. What leaves: test failures.
package solvetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"example.org/busbar/lp"
)

// Solver is solve.Solver, repeated so that a solver's own tests may import
// this package.
type Solver interface {
	Name() string
	Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error)
}

// Kinds says what a solver takes beyond LP. What it doesn't take it must
// refuse with an error.
type Kinds struct{ QP, MIP bool }

// Conform runs the suite with each of the algorithms (none: the solver's
// default).
func Conform(t *testing.T, s Solver, k Kinds, algorithms ...string) {
	if len(algorithms) == 0 {
		algorithms = []string{""}
	}
	for _, a := range algorithms {
		name := a
		if name == "" {
			name = "default"
		}
		t.Run(name, func(t *testing.T) { conform(t, s, k, lp.Options{Algorithm: a}) })
	}
}

func conform(t *testing.T, s Solver, k Kinds, o lp.Options) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			if c.P.IsQP() && !k.QP || c.P.IsMIP() && !k.MIP {
				if _, err := s.Solve(context.Background(), c.P, o); err == nil {
					t.Fatalf("%s takes no problem of this kind and gave no error", s.Name())
				}
				return
			}
			hash := c.P.Hash()
			sol, err := s.Solve(context.Background(), c.P, o)
			if err != nil {
				t.Fatal(err)
			}
			if c.P.Hash() != hash {
				t.Fatal("the solver changed the problem")
			}
			Check(t, c, sol)
		})
	}
	t.Run("random", func(t *testing.T) { random(t, s, o) })
	t.Run("repeats itself", func(t *testing.T) { repeats(t, s, o) })
	t.Run("refuses nonsense", func(t *testing.T) { nonsense(t, s, o) })
	t.Run("stops", func(t *testing.T) { stops(t, s, o) })
	t.Run("side by side", func(t *testing.T) { sideBySide(t, s, o) })
}

// Case is a problem with its answer.
type Case struct {
	Name      string
	P         *lp.Problem
	Status    lp.Status
	Objective float64
	X         []float64 // nil where the optimum is not unique
}

// Check holds a solution against the case's answer.
func Check(t *testing.T, c Case, sol *lp.Solution) {
	t.Helper()
	if sol.Status != c.Status {
		t.Fatalf("status %s, want %s (%s)", sol.Status, c.Status, sol.Note)
	}
	if sol.Solver == "" {
		t.Error("Solution.Solver is empty")
	}
	cert := lp.Certify(c.P, sol)
	if c.Status != lp.Optimal {
		if (sol.FarkasRay != nil || sol.PrimalRay != nil) && !cert.OK {
			t.Errorf("a proof was given and fails: %s", cert)
		}
		return
	}
	if c.P.IsMIP() {
		if !(cert.Primal <= lp.CertTolerance) {
			t.Errorf("%s", cert)
		}
		if !(sol.Bound <= c.Objective+1e-6*(1+math.Abs(c.Objective))) {
			t.Errorf("bound %v above the optimum %v", sol.Bound, c.Objective)
		}
	} else if !cert.OK {
		t.Errorf("%s", cert)
	}
	near(t, "objective", sol.Objective, c.Objective)
	if len(sol.X) == c.P.Cols() {
		near(t, "objective of X", c.P.Objective(sol.X), c.Objective)
	}
	for j, want := range c.X {
		near(t, fmt.Sprintf("x[%d]", j), sol.X[j], want)
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	// A point at 1e-8 of the objective may be 1e-4 away in x where the
	// objective is curved; the hand examples are not that flat.
	if !(math.Abs(got-want) <= 2e-5*(1+math.Abs(want))) {
		t.Errorf("%s is %.10g, want %.10g", what, got, want)
	}
}

// random solves problems built around a known primal and dual solution.
func random(t *testing.T, s Solver, o lp.Options) {
	for seed := uint64(1); seed <= 12; seed++ {
		rng := rand.New(rand.NewPCG(seed, 7))
		p, want := Constructed(rng, 1+rng.IntN(60), 1+rng.IntN(60))
		sol, err := s.Solve(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if c := lp.Certify(p, sol); sol.Status != lp.Optimal || !c.OK || math.Abs(sol.Objective-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("seed %d (%d x %d): %s, objective %.10g, want %.10g, %s", seed, p.Rows(), p.Cols(), sol.Status, sol.Objective, want, c)
		}
	}
}

// Constructed makes an LP around a solution drawn first: x, and multipliers y
// and z each with a side to hold, so that the optimum is known.
func Constructed(rng *rand.Rand, rows, cols int) (p *lp.Problem, objective float64) {
	num := func() float64 { return 20*rng.Float64() - 10 }
	p = &lp.Problem{Start: []int64{0}}
	x, y, act := make([]float64, cols), make([]float64, rows), make([]float64, rows)
	for j := range x {
		x[j] = num()
		for i := range act {
			if rng.IntN(4) == 0 {
				v := num()
				p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, v)
				act[i] += v * x[j]
			}
		}
		p.Start = append(p.Start, int64(len(p.Index)))
	}
	sided := func(at float64) (m, lower, upper float64) {
		switch rng.IntN(5) {
		case 0:
			return 10 * rng.Float64(), at, lp.Inf
		case 1:
			return -10 * rng.Float64(), -lp.Inf, at
		case 2:
			return num(), at, at
		case 3:
			return 10 * rng.Float64(), at, at + 1
		}
		return 0, at - 1, at + 1
	}
	for i := range y {
		var l, u float64
		y[i], l, u = sided(act[i])
		p.RowLower, p.RowUpper = append(p.RowLower, l), append(p.RowUpper, u)
	}
	for j := range x {
		z, l, u := sided(x[j])
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			z += p.Value[k] * y[p.Index[k]]
		}
		p.Cost = append(p.Cost, z)
		p.ColLower, p.ColUpper = append(p.ColLower, l), append(p.ColUpper, u)
	}
	return p, p.Objective(x)
}

func repeats(t *testing.T, s Solver, o lp.Options) {
	p, _ := Constructed(rand.New(rand.NewPCG(5, 5)), 40, 50)
	var first *lp.Solution
	for i := 0; i < 2; i++ {
		sol, err := s.Solve(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = sol
		} else if !reflect.DeepEqual(first.X, sol.X) || !reflect.DeepEqual(first.Y, sol.Y) {
			t.Error("the same problem gave two different answers")
		}
	}
}

func nonsense(t *testing.T, s Solver, o lp.Options) {
	good := func() *lp.Problem { return caseNamed("diet").P }
	for name, spoil := range map[string]func(*lp.Problem){
		"NaN cost":         func(p *lp.Problem) { p.Cost[0] = math.NaN() },
		"row out of range": func(p *lp.Problem) { p.Index[0] = 7 },
		"short bounds":     func(p *lp.Problem) { p.ColUpper = p.ColUpper[:1] },
	} {
		p := good()
		spoil(p)
		if sol, err := s.Solve(context.Background(), p, o); err == nil {
			t.Errorf("%s: no error, status %s", name, sol.Status)
		}
	}
}

func caseNamed(name string) Case {
	for _, c := range Cases() {
		if c.Name == name {
			return c
		}
	}
	panic("no case " + name)
}

// stops cancels and limits the solve of a problem of some seconds. One that is
// done before the stop may say so. Whether a context's deadline counts as a
// limit or a cancel is left to the solver.
func stops(t *testing.T, s Solver, o lp.Options) {
	p := Energy(3, 2000, 1)
	const after = 150 * time.Millisecond
	for _, c := range []struct {
		name string
		want lp.Status
		ctx  func() (context.Context, context.CancelFunc)
	}{
		{"cancel", lp.Cancelled, func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(after, cancel)
			return ctx, cancel
		}},
		{"cancelled before", lp.Cancelled, func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return ctx, cancel
		}},
		{"time limit", lp.Limit, func() (context.Context, context.CancelFunc) {
			return context.WithCancel(context.Background())
		}},
	} {
		o := o
		if c.name == "time limit" {
			o.TimeLimit = after
		}
		ctx, cancel := c.ctx()
		begin := time.Now()
		sol, err := s.Solve(ctx, p, o)
		took := time.Since(begin)
		cancel()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if took > after+2*time.Second {
			t.Errorf("%s: returned after %v", c.name, took)
		}
		if sol.Status != c.want && !(sol.Status == lp.Optimal && took < after+time.Second) {
			t.Errorf("%s: status %s, want %s", c.name, sol.Status, c.want)
		}
	}
}

func sideBySide(t *testing.T, s Solver, o lp.Options) {
	done := make(chan error, 3)
	c := caseNamed("transport")
	for i := 0; i < cap(done); i++ {
		go func() {
			sol, err := s.Solve(context.Background(), c.P, o)
			if err == nil && !(math.Abs(sol.Objective-c.Objective) < 1e-4) {
				err = fmt.Errorf("objective %v, want %v", sol.Objective, c.Objective)
			}
			done <- err
		}()
	}
	for i := 0; i < cap(done); i++ {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
