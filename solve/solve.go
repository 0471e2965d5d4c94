// Package solve chooses a solver, runs it, and certifies the answer.
//
// What enters: an lp.Problem, a solver's name, lp.Options. What leaves: the
// solution, and the certificate that lp computes of it from the problem's own
// data. Where a solver only claims that a problem is infeasible or unbounded,
// this package looks for the proof; where it ends without a certified answer
// and the choice is free, another is tried.
package solve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// Solver solves one problem. It answers with a solution also when stopped by
// ctx or a time limit (status cancelled or limit, within two seconds), and
// with an error only for a malformed problem, one of a kind it doesn't take,
// or a fault of its own. Package solvetest holds what any Solver must pass.
type Solver interface {
	Name() string
	Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error)
}

var _ Solver = highs.Solver{}

// Names lists what Run takes as a solver's name.
func Names() []string {
	return []string{"auto", "native", "highs", "highs:simplex", "highs:ipx", "highs:hipo"}
}

// attempt is one solver with one algorithm.
type attempt struct {
	solver    Solver
	algorithm string
	crossover bool
}

func (a attempt) String() string {
	s := a.solver.Name()
	if a.algorithm != "" {
		s += ":" + a.algorithm
	}
	if a.crossover {
		s += " with crossover"
	}
	return s
}

// Run solves p with the solver of that name and certifies the answer.
// Options.Algorithm is set by the name. Solution.Seconds covers everything up
// to the certificate, Solution.Note tells of attempts that failed.
//
// A mip's solution comes back polished: integers whole, the rest solved again
// with them fixed, Y the duals of that. An answer whose certificate is ok has
// the status that the certificate proves, whatever the solver called it.
//
// Errors: an unknown name, a malformed problem, or no solver that could run.
func Run(ctx context.Context, p *lp.Problem, solver string, o lp.Options) (*lp.Solution, lp.Certificate, error) {
	begin := time.Now()
	if err := p.Validate(); err != nil {
		return nil, lp.Certificate{}, err
	}
	attempts, err := choose(p, solver, o)
	if err != nil {
		return nil, lp.Certificate{}, err
	}
	r := &runner{clock: newClock(ctx, o.TimeLimit), p: p, o: o}
	sol, cert, err := r.run(ctx, attempts)
	if err != nil {
		return nil, cert, err
	}
	sol.Seconds = time.Since(begin).Seconds()
	return sol, cert, nil
}

// choose lists the attempts for a solver's name, best first.
func choose(p *lp.Problem, name string, o lp.Options) ([]attempt, error) {
	switch name {
	case "", "auto":
		return autoAttempts(p, o), nil
	case "highs":
		return highsAttempts(p, o), nil
	case "native":
		if nativeSolve == nil {
			return nil, errors.New("solver native is not built in yet; auto or highs would fit")
		}
		return []attempt{{solver: nativeSolver{}}}, nil
	case "highs:simplex", "highs:ipx", "highs:hipo":
		return []attempt{{highs.Solver{}, strings.TrimPrefix(name, "highs:"), o.Crossover}}, nil
	}
	return nil, fmt.Errorf("solver %q; %s would fit", name, strings.Join(Names(), ", "))
}

// runner is one Run.
type runner struct {
	clock  *clock
	p      *lp.Problem
	o      lp.Options
	serves bool // another run, which alone looks for proofs
}

func (r *runner) run(ctx context.Context, attempts []attempt) (*lp.Solution, lp.Certificate, error) {
	var (
		best     *lp.Solution
		bestCert lp.Certificate
		notes    []string
		failures []error
	)
	for _, a := range attempts {
		if best != nil && r.clock.stopped() {
			break
		}
		sol, cert, err := r.try(ctx, a)
		if err != nil {
			failures = append(failures, err)
			notes = append(notes, fmt.Sprintf("%s: %v", a, err))
			continue
		}
		if best == nil || nearer(cert, bestCert) {
			best, bestCert = sol, cert
		}
		if cert.OK || sol.Status == lp.Limit || sol.Status == lp.Cancelled {
			break
		}
		notes = append(notes, fmt.Sprintf("%s: %s, %s", a, sol.Status, cert))
	}
	if best == nil {
		return nil, lp.Certificate{}, errors.Join(failures...)
	}
	if best.Status == lp.Unknown && !bestCert.OK && !r.serves {
		// No solver knows; perhaps because there is no solution.
		doubt := *best
		doubt.Status, doubt.FarkasRay = lp.Infeasible, nil
		if sol, cert, err := r.prove(ctx, &doubt); err == nil && cert.OK {
			best, bestCert = sol, cert
		}
	}
	if best.Note != "" {
		notes = append(notes, best.Note)
	}
	best.Note = strings.Join(notes, "; ")
	return best, bestCert, nil
}

// nearer reports whether a is the better of two certificates.
func nearer(a, b lp.Certificate) bool {
	if a.OK != b.OK {
		return a.OK
	}
	if (a.Kind == lp.KindClaim) != (b.Kind == lp.KindClaim) {
		return a.Kind != lp.KindClaim
	}
	return max(a.Primal, a.Dual, a.Gap) < max(b.Primal, b.Dual, b.Gap)
}

// try makes one attempt and certifies it.
func (r *runner) try(ctx context.Context, a attempt) (*lp.Solution, lp.Certificate, error) {
	sol, err := a.solver.Solve(ctx, r.p, r.options(a))
	if err != nil {
		return nil, lp.Certificate{}, err
	}
	switch {
	case (sol.Status == lp.Infeasible || sol.Status == lp.Unbounded) && !r.serves:
		return r.prove(ctx, sol)
	case r.p.IsMIP():
		return r.polish(ctx, sol)
	}
	cert := lp.Certify(r.p, sol)
	if cert.OK && sol.Status != lp.Optimal {
		sol.Note = join(sol.Note, fmt.Sprintf("%s called it %s, the certificate proves it optimal", sol.Solver, sol.Status))
		sol.Status = lp.Optimal
	}
	return sol, cert, nil
}

func (r *runner) options(a attempt) lp.Options {
	o := r.o
	o.Algorithm, o.Crossover = a.algorithm, a.crossover
	o.TimeLimit = r.clock.left()
	return o
}

// polish certifies a MIP's point by the LP that fixing its integers leaves.
func (r *runner) polish(ctx context.Context, sol *lp.Solution) (*lp.Solution, lp.Certificate, error) {
	resolve := func(ctx context.Context, q *lp.Problem) (*lp.Solution, error) {
		out, _, err := r.side(ctx, q)
		return out, err
	}
	if sol.Status == lp.Limit || sol.Status == lp.Cancelled {
		// The time is up; what is left of the two seconds may still prove the
		// point feasible and the rest of it best.
		resolve = r.clock.overtime(resolve)
		ctx = context.WithoutCancel(ctx)
	}
	cert, polished, err := lp.CertifyMIP(ctx, r.p, sol, resolve)
	switch {
	case err != nil:
		cert = lp.Certify(r.p, sol)
		cert.Note = err.Error()
	case polished != nil:
		return polished, cert, nil
	}
	return sol, cert, nil
}

// side solves a problem that serves this run: its answer counts only by what
// it proves.
func (r *runner) side(ctx context.Context, q *lp.Problem) (*lp.Solution, lp.Certificate, error) {
	o := r.o
	o.Progress, o.Hint, o.Warm = nil, nil, nil
	o.Crossover = false
	inner := &runner{clock: r.clock, p: q, o: o, serves: true}
	return inner.run(ctx, autoAttempts(q, o))
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
