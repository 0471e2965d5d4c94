package solve

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/solvetest"
)

// Whatever a solver leaves unproved, Run proves: every hand-made case ends with
// the certificate of its kind, but for the MIP that only its integers make
// infeasible, which stays a claim.
func TestRunCertifiesEveryCase(t *testing.T) {
	needHiGHS(t)
	for _, name := range []string{"auto", "highs", "highs:simplex", "highs:ipx", "highs:hipo"} {
		for _, c := range solvetest.Cases() {
			if c.P.IsQP() && name == "highs:ipx" {
				continue
			}
			sol, cert, err := Run(context.Background(), c.P, name, lp.Options{})
			if err != nil {
				t.Errorf("%s, %s: %v", name, c.Name, err)
				continue
			}
			want := map[lp.Status]string{lp.Optimal: lp.KindKKT, lp.Infeasible: lp.KindFarkas, lp.Unbounded: lp.KindRay}[c.Status]
			if c.P.IsMIP() && c.Status == lp.Optimal {
				want = lp.KindMIP
			}
			if c.Name == "mip infeasible" {
				want = lp.KindClaim
			}
			if sol.Status != c.Status || cert.Kind != want || cert.OK != (want != lp.KindClaim) {
				t.Errorf("%s, %s: %s, %s; want %s, %s (%s)", name, c.Name, sol.Status, cert, c.Status, want, sol.Note)
			}
			if c.Status == lp.Optimal && math.Abs(sol.Objective-c.Objective) > 1e-5*(1+math.Abs(c.Objective)) {
				t.Errorf("%s, %s: objective %v, want %v", name, c.Name, sol.Objective, c.Objective)
			}
		}
	}
}

func TestRunPolishesIntegers(t *testing.T) {
	needHiGHS(t)
	// mip blocks: two blocks and 4 MW bought; one MW more would be bought too.
	for _, c := range solvetest.Cases() {
		if c.Name != "mip blocks" {
			continue
		}
		sol, cert, err := Run(context.Background(), c.P, "auto", lp.Options{})
		if err != nil || !cert.OK {
			t.Fatal(cert, err)
		}
		if sol.X[0] != 2 || math.Abs(sol.Y[0]-0.5) > 1e-9 {
			t.Errorf("x %v, y %v; want 2 whole blocks, price 0.5", sol.X, sol.Y)
		}
		if cert.BoundBy != "highs:mip" || !(cert.Bound <= 8+1e-6) {
			t.Errorf("bound %v by %q", cert.Bound, cert.BoundBy)
		}
	}
}

// scripted answers as told.
type scripted struct {
	name  string
	solve func(*lp.Problem) (*lp.Solution, error)
}

func (s scripted) Name() string { return s.name }
func (s scripted) Solve(_ context.Context, p *lp.Problem, _ lp.Options) (*lp.Solution, error) {
	return s.solve(p)
}

func diet() *lp.Problem {
	return &lp.Problem{
		Cost:     []float64{2, 3},
		ColLower: []float64{0, 0}, ColUpper: []float64{3, 5},
		RowLower: []float64{4}, RowUpper: []float64{lp.Inf},
		Start: []int64{0, 1, 2}, Index: []int32{0, 0}, Value: []float64{1, 1},
	}
}

func TestFallback(t *testing.T) {
	answer := func(status lp.Status, x0, x1, y float64) func(*lp.Problem) (*lp.Solution, error) {
		return func(*lp.Problem) (*lp.Solution, error) {
			return &lp.Solution{Status: status, Solver: "s", X: []float64{x0, x1}, Y: []float64{y}}, nil
		}
	}
	right := attempt{solver: scripted{"right", answer(lp.Optimal, 3, 1, 3)}}
	wrong := attempt{solver: scripted{"wrong", answer(lp.Optimal, 0, 4, 3)}}
	worse := attempt{solver: scripted{"worse", answer(lp.Optimal, 0, 0, 0)}}
	unsure := attempt{solver: scripted{"unsure", answer(lp.Unknown, 3, 1, 3)}}
	broken := attempt{solver: scripted{"broken", func(*lp.Problem) (*lp.Solution, error) { return nil, errors.New("it broke") }}}
	late := attempt{solver: scripted{"late", answer(lp.Limit, 0, 4, 3)}}
	never := attempt{solver: scripted{"never", func(*lp.Problem) (*lp.Solution, error) {
		panic("this attempt was one too many")
	}}}
	for _, c := range []struct {
		name     string
		attempts []attempt
		status   lp.Status
		ok       bool
		notes    []string
	}{
		{"first is right", []attempt{right, never}, lp.Optimal, true, nil},
		{"wrong, then right", []attempt{wrong, right, never}, lp.Optimal, true, []string{"wrong: optimal, kkt not ok"}},
		{"broken, then right", []attempt{broken, right, never}, lp.Optimal, true, []string{"broken: it broke"}},
		{"unsure but right", []attempt{unsure, never}, lp.Optimal, true, []string{"called it unknown"}},
		{"none is right: the nearest", []attempt{worse, wrong}, lp.Optimal, false, []string{"worse: ", "wrong: "}},
		{"a limit ends it", []attempt{late, never}, lp.Limit, false, nil},
	} {
		ctx := context.Background()
		r := &runner{clock: newClock(ctx, 0), p: diet()}
		sol, cert, err := r.run(ctx, c.attempts)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if sol.Status != c.status || cert.OK != c.ok {
			t.Errorf("%s: %s, %s", c.name, sol.Status, cert)
		}
		for _, n := range c.notes {
			if !strings.Contains(sol.Note, n) {
				t.Errorf("%s: note %q lacks %q", c.name, sol.Note, n)
			}
		}
		if c.name == "none is right: the nearest" && sol.X[1] != 4 {
			t.Errorf("kept %v, which is further off", sol.X)
		}
	}
	r := &runner{clock: newClock(context.Background(), 0), p: diet()}
	if _, _, err := r.run(context.Background(), []attempt{broken, broken}); err == nil || !strings.Contains(err.Error(), "it broke") {
		t.Errorf("no attempt ran: %v", err)
	}
}

// A false claim of infeasibility is found out.
func TestFalseClaimOfInfeasibility(t *testing.T) {
	needHiGHS(t)
	liar := attempt{solver: scripted{"liar", func(*lp.Problem) (*lp.Solution, error) {
		return &lp.Solution{Status: lp.Infeasible, Solver: "liar", FarkasRay: []float64{1}}, nil
	}}}
	r := &runner{clock: newClock(context.Background(), 0), p: diet()}
	sol, cert, err := r.run(context.Background(), []attempt{liar})
	if err != nil || sol.Status != lp.Unknown || cert.OK || !strings.Contains(sol.Note, "the rows have a common point") {
		t.Fatalf("%+v %s %v", sol, cert, err)
	}
}

// An infeasible system of realistic size is proved so.
func TestProvesEnergyInfeasible(t *testing.T) {
	needHiGHS(t)
	p := solvetest.Energy(2, 168, 1)
	for j := range p.Cost { // no load may be shed
		if p.Cost[j] == 8760.0/168*2000 {
			p.ColUpper[j] = 0
		}
	}
	for j := range p.Cost { // and wind and sun stay small
		if p.ColUpper[j] == 6000 {
			p.ColUpper[j] = 300
		}
	}
	for _, name := range []string{"highs:simplex", "highs:hipo"} {
		sol, cert, err := Run(context.Background(), p, name, lp.Options{})
		if err != nil || sol.Status != lp.Infeasible || !cert.OK || cert.Kind != lp.KindFarkas {
			t.Errorf("%s: %s, %s, %v; %s", name, sol.Status, cert, err, sol.Note)
		}
	}
}

func TestNames(t *testing.T) {
	for _, n := range Names() {
		if _, err := choose(diet(), n, lp.Options{}); err != nil && n != "native" {
			t.Errorf("%s: %v", n, err)
		}
	}
	if _, _, err := Run(context.Background(), diet(), "cplex", lp.Options{}); err == nil || !strings.Contains(err.Error(), `"cplex"; auto, native`) {
		t.Errorf("an unknown solver: %v", err)
	}
}

func TestRunStopsInTime(t *testing.T) {
	needHiGHS(t)
	p := solvetest.Energy(3, 3000, 1)
	for _, name := range []string{"auto", "highs:simplex"} {
		const limit = 300 * time.Millisecond
		begin := time.Now()
		sol, _, err := Run(context.Background(), p, name, lp.Options{TimeLimit: limit})
		if err != nil || sol.Status != lp.Limit || time.Since(begin) > limit+2*time.Second {
			t.Errorf("%s: %+v %v after %v", name, sol.Status, err, time.Since(begin))
		}
	}
}

// A MIP stopped at its limit still comes back with its incumbent proved
// feasible, the rest of it optimal, and the bound as the solver's claim.
func TestStoppedMIPIsPolished(t *testing.T) {
	needHiGHS(t)
	const limit = 500 * time.Millisecond
	begin := time.Now()
	sol, cert, err := Run(context.Background(), solvetest.MarketSplit(), "auto", lp.Options{TimeLimit: limit})
	took := time.Since(begin)
	if err != nil || sol.Status != lp.Limit || !cert.OK || cert.Kind != lp.KindMIP {
		t.Fatalf("%s, %s, %v (%s)", sol.Status, cert, err, sol.Note)
	}
	if took > limit+2*time.Second {
		t.Errorf("returned after %v", took)
	}
	if !(cert.Bound <= sol.Objective) || cert.BoundBy != "highs:mip" {
		t.Errorf("objective %v, bound %v by %q", sol.Objective, cert.Bound, cert.BoundBy)
	}
	for j := 0; j < 40; j++ {
		if sol.X[j] != 0 && sol.X[j] != 1 {
			t.Errorf("x[%d] = %v is not whole", j, sol.X[j])
		}
	}
}
