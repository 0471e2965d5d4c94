// Package highs solves LP, MIP and convex QP with the HiGHS library, opened at
// run time without cgo.
//
// What enters: an lp.Problem and lp.Options. What leaves: an lp.Solution whose
// duals have the signs that package lp defines, or an error where the library
// is missing, crashed or refused the problem.
//
// The library lives in a child process: the program starts itself again, and
// this package's init serves the one solve and exits before main. So a solve
// ends within two seconds of a cancel or time limit whatever the library does,
// a crash inside it is an error here, and what it prints never reaches the
// program's standard output. The child ends when its parent does.
//
// Algorithms: "simplex", "ipx" and "hipo" (interior points, the second with
// the help of the library highs_extras); "" picks HiPO for a QP and leaves the
// rest to HiGHS. For a QP "simplex" is its active-set method. Interior points
// end without crossover unless Options.Crossover asks for it.
package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"example.org/busbar/lp"
)

// The algorithms that Options.Algorithm may name.
const (
	Simplex = "simplex"
	IPX     = "ipx"
	HiPO    = "hipo"
)

// activeSet is HiGHS's other method for a QP.
const activeSet = "qpasm"

// Solver solves with HiGHS. The zero value is ready.
type Solver struct{}

// Name returns "highs".
func (Solver) Name() string { return "highs" }

// grace is how long a solve may take to stop by itself before its process is
// killed; a MIP's incumbent survives either way.
const grace = 1500 * time.Millisecond

// Solve solves p. A stop by ctx gives the status cancelled, one by a deadline
// or o.TimeLimit the status limit, both with the best point there is and
// without an error. Errors: p is malformed or asks for what HiGHS can't do,
// the library is missing (ErrNoLibrary), its process died.
func (s Solver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	begin := time.Now()
	if err := p.Validate(); err != nil {
		return nil, err
	}
	req, err := newRequest(p, o)
	if err != nil {
		return nil, err
	}
	sol := &lp.Solution{Solver: solverName(req.Algorithm, p), Bound: math.NaN()}
	if row, col := p.Crossed(); row >= 0 || col >= 0 {
		sol.Status = lp.Infeasible
		sol.Note = "lower bound above upper bound"
		return sol, nil
	}
	var left estimate
	out, err := runChild(ctx, req, p, o.TimeLimit, func(pr lp.Progress) {
		if o.Progress != nil {
			pr.Solver, pr.Elapsed = sol.Solver, time.Since(begin)
			pr.Left = left.after(pr, req.Tolerance)
			o.Progress(pr)
		}
	})
	if err != nil {
		return nil, err
	}
	fill(sol, p, out)
	sol.Seconds = time.Since(begin).Seconds()
	return sol, nil
}

func newRequest(p *lp.Problem, o lp.Options) (*request, error) {
	if p.IsMIP() && p.IsQP() {
		return nil, errors.New("highs: the problem has integers and a quadratic objective; HiGHS takes one or the other")
	}
	if p.Nonzeros() > math.MaxInt32 || len(p.QValue) > math.MaxInt32 {
		return nil, fmt.Errorf("highs: %d entries; HiGHS's library takes %d", p.Nonzeros(), math.MaxInt32)
	}
	switch o.Algorithm {
	case "", Simplex, IPX, HiPO:
	default:
		return nil, fmt.Errorf("highs: algorithm %q; simplex, ipx or hipo would fit", o.Algorithm)
	}
	req := &request{
		Libraries: place.Candidates(),
		Algorithm: o.Algorithm,
		TimeLimit: o.TimeLimit.Seconds(),
		Gap:       o.Gap,
		Threads:   o.Threads,
		Tolerance: o.Tolerance,
		Crossover: o.Crossover,
		Progress:  o.Progress != nil,
	}
	if req.Gap == 0 {
		req.Gap = 1e-4
	}
	if req.Tolerance == 0 {
		req.Tolerance = 1e-8
	}
	if p.IsQP() && req.Algorithm == "" {
		req.Algorithm, req.OrOther = HiPO, true
	}
	if p.IsQP() && req.Algorithm == IPX {
		return nil, errors.New("highs: ipx takes no quadratic objective; hipo or simplex (active set) would fit")
	}
	if p.IsMIP() {
		req.Algorithm = "" // branch and bound; HiGHS would take another as "relax"
	}
	if p.IsMIP() && o.Warm != nil && len(o.Warm.X) == p.Cols() {
		req.start = o.Warm.X
	}
	return req, nil
}

func solverName(algorithm string, p *lp.Problem) string {
	switch {
	case p.IsMIP():
		return "highs:mip"
	case algorithm == "":
		return "highs"
	}
	return "highs:" + algorithm
}

// fill turns the child's answer into a solution.
func fill(sol *lp.Solution, p *lp.Problem, out *answer) {
	sol.Status = out.status
	if sol.Status != lp.Optimal { // else they are warnings that the certificate overrides
		sol.Note = out.Note
	}
	if out.Algorithm != "" {
		sol.Solver = solverName(out.Algorithm, p)
	}
	sol.Iterations = out.Iterations
	sol.X = out.x
	sol.Bound = out.Bound
	if !p.IsMIP() {
		sol.Y = holdFiniteSides(p, out.y)
		sol.Bound = math.NaN()
	}
	sol.Objective = math.NaN()
	if sol.X != nil {
		sol.Objective = p.Objective(sol.X)
	}
}

// holdFiniteSides sets to zero each row dual that pushes against an infinite
// side. Such a dual is noise of the size of the tolerance; without it the same
// noise shows in the columns' reduced costs, on the columns' own scale.
func holdFiniteSides(p *lp.Problem, y []float64) []float64 {
	for i, v := range y {
		if (v > 0 && math.IsInf(p.RowLower[i], -1)) || (v < 0 && math.IsInf(p.RowUpper[i], 1)) {
			y[i] = 0
		}
	}
	return y
}

// estimate guesses the time left of an interior point method: its gap falls
// about as fast in each iteration, on a logarithmic scale.
type estimate struct {
	gap   float64 // where it began
	since time.Duration
}

func (e *estimate) after(pr lp.Progress, target float64) time.Duration {
	if pr.Phase != "ipm" || !(pr.Gap > target) {
		return 0
	}
	if e.gap == 0 {
		e.gap, e.since = math.Min(pr.Gap, 1), pr.Elapsed
	}
	done := math.Log(e.gap/pr.Gap) / math.Log(e.gap/target)
	if !(done > 0.05) {
		return 0
	}
	return time.Duration(float64(pr.Elapsed-e.since) * (1 - done) / done)
}
