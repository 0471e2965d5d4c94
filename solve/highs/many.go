package highs

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"

	"example.org/busbar/internal/foreign"
	"example.org/busbar/lp"
)

// Many solves small problems one after the other in one process, which saves
// the start of a process for each; it is there to compare solvers over many
// problems. o.TimeLimit holds for each problem, by HiGHS's own clock; there is no
// progress, and ctx kills the process. A problem that HiGHS calls "infeasible or
// unbounded" has the status unknown and EitherNote as its note.
//
// The solutions of the problems done come back with an error too, such as when
// the process died in the next.
func (s Solver) Many(ctx context.Context, ps []*lp.Problem, o lp.Options) ([]*lp.Solution, error) {
	o.Progress = nil
	requests := make([]*request, len(ps))
	for k, p := range ps {
		err := p.Validate()
		if err == nil {
			requests[k], err = newRequest(p, o)
		}
		if err != nil {
			return nil, fmt.Errorf("problem %d: %w", k, err)
		}
	}
	proc, err := startChild()
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, proc.Kill)()
	go func() {
		w := foreign.NewWriter(proc.Stdin)
		w.Encode(&request{Many: len(ps), Libraries: place.Candidates()})
		for k, p := range ps {
			writeProblem(w, requests[k], p)
		}
	}()
	r := foreign.NewReader(proc.Stdout)
	var out []*lp.Solution
	for _, p := range ps {
		var m message
		if r.Decode(&m) != nil {
			return out, crash(proc.End())
		}
		x, y := make([]float64, m.X), make([]float64, m.Y)
		if foreign.ReadArray(r, x) != nil || foreign.ReadArray(r, y) != nil {
			return out, crash(proc.End())
		}
		if m.Failure != "" || m.Answer == nil {
			proc.End()
			return out, refusal(m)
		}
		a := m.Answer
		a.status = statusOf(a, lp.Unknown)
		if a.Model == modelEither {
			a.status, a.Note = lp.Unknown, EitherNote
		}
		if m.X > 0 || m.Y > 0 || hasPoint(a, p) {
			a.x, a.y = x, y
		}
		sol := &lp.Solution{Bound: math.NaN()}
		fill(sol, p, a)
		out = append(out, sol)
	}
	proc.End()
	return out, nil
}

// EitherNote is what Many notes of a problem that HiGHS found to have no optimum
// without finding out why.
const EitherNote = "infeasible or unbounded"

// many serves Many.
func (c *child) many(in *foreign.Reader, n int) error {
	c.deaf = true
	requests, problems := make([]request, n), make([]*lp.Problem, n)
	for k := range problems {
		err := in.Decode(&requests[k])
		if err == nil {
			problems[k], err = readProblem(in, &requests[k])
		}
		if err != nil {
			return fmt.Errorf("highs: reading problem %d of %d: %w", k+1, n, err)
		}
	}
	go func() { // the parent's end is this process's end
		io.Copy(io.Discard, in)
		os.Exit(3)
	}()
	for k, p := range problems {
		c.grumps = nil
		if err := c.solve(&requests[k], p); err != nil {
			return err
		}
		c.lib.destroy(c.h)
	}
	return nil
}
