package study

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/rolling"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// roll runs a study in windows, one after the other. The run holds what they come
// to together; nothing is said of the best over the whole horizon.
func (r *Request) roll(ctx context.Context, w *workspace.Workspace, s *system.System, m *primitive.Model, res *Result, p point, dir, builds string) (*Result, error) {
	start := time.Now()
	whole, err := rolling.New(m, s.Rolling.Plan)
	if err != nil {
		return nil, unformulated(s, m, p.name, err)
	}
	windows := s.Rolling.Windows
	res.LPHash = whole.Problem.Hash()
	res.Rows, res.Cols, res.Nonzeros = whole.Problem.Rows(), whole.Problem.Cols(), whole.Problem.Nonzeros()
	res.Constant = new(float64)
	res.Seconds.Build = time.Since(start).Seconds()
	r.Say("%s: %d windows of %s, together %d rows, %d columns, %d nonzeros; loaded in %.2f s, built in %.2f s",
		p.name, len(windows), span(s.Rolling.Horizon), res.Rows, res.Cols, res.Nonzeros, res.Seconds.Load, res.Seconds.Build)

	start = time.Now()
	k := 0
	answer, err := whole.Solve(func(q *rolling.Piece) (*lp.Solution, lp.Certificate, error) {
		opt := r.LP
		opt.Hint = q.Hint
		if !q.Problem.IsMIP() {
			opt.Warm, opt.Rough = q.Near, true
		}
		if opt.TimeLimit > 0 {
			if opt.TimeLimit -= time.Since(start); opt.TimeLimit <= 0 {
				return &lp.Solution{Status: lp.Limit}, lp.Certificate{Kind: lp.KindClaim, Note: "the time was up"}, nil
			}
		}
		sol, cert, err := solve.Run(ctx, q.Problem, r.Solver, opt)
		if err != nil {
			return nil, cert, err
		}
		if k++; rolling.Told(k, len(windows)) || sol.Status != lp.Optimal || !cert.OK {
			r.Say("%s: window %d of %d, %s: %s, objective %.10g", p.name, k, len(windows), dates(s, q.Window), Status(sol, cert), sol.Objective)
		}
		return sol, cert, nil
	})
	if err != nil {
		return nil, err
	}
	last, done := answer.Last(), len(answer.Parts) == len(windows)
	sol := *last.Solution
	res.Windows = answer.Objectives()
	res.Seconds.Solve = time.Since(start).Seconds()
	r.ended(p, res, &sol, answer.Certificate)
	s.Notes = append(s.Notes, rolled(s, whole)...)
	if done && last.Optimal() {
		objective := sol.Objective
		res.Objective = &objective
		sol.X, sol.Y = whole.Index.Snap(answer.X, 1e-9), answer.Y
		check := lp.Certify(whole.Problem, &lp.Solution{Status: lp.Optimal, X: sol.X})
		if !(check.Primal <= lp.CertTolerance) { // or tidying broke a row
			sol.X = answer.X
			check = lp.Certify(whole.Problem, &lp.Solution{Status: lp.Optimal, X: sol.X})
		}
		sol.Objective = whole.Problem.Objective(sol.X)
		res.Total = &sol.Objective
		if check.Primal <= lp.CertTolerance {
			s.Notes = append(s.Notes, fmt.Sprintf("The windows' plans together meet every row and bound of the whole horizon (to %.0e).", max(check.Primal, 1e-16)))
		} else {
			s.Notes = append(s.Notes, fmt.Sprintf("The windows' plans together do not meet every row of the whole horizon: %s by %.3g, relative.", check.Worst.Name, check.Primal))
		}
	}
	if res.Status == "infeasible" {
		if res.Conflict, err = r.stuck(ctx, s, whole, answer); err != nil {
			r.Say("%s: the conflict could not be found: %v", p.name, err)
		}
	}
	return r.keep(w, s, whole.Model, whole.Index, &sol, res, p, dir, builds)
}

// stuck says why a window has no plan: because the horizon has none, or because
// of what the windows before it did.
func (r *Request) stuck(ctx context.Context, s *system.System, whole *rolling.Whole, answer *rolling.Answer) (*explain.Conflict, error) {
	last := answer.Last()
	r.Say("%s: looking for what conflicts", s.Study.Name)
	c, err := explain.Infeasible(ctx, s, whole.Model, r.Solver, r.LP)
	if err != nil {
		return nil, err
	}
	where := fmt.Sprintf("window %d, %s, has no plan", len(answer.Parts), dates(s, last.Window))
	if len(c.Parts) > 0 {
		c.Lines = append([]string{where + "; nor has the whole horizon:"}, c.Lines...)
		return c, nil
	}
	lines := []string{where + " that goes on from where the windows before it ended; the whole horizon at once has one"}
	for _, name := range whole.UsedUp(last, answer.X) {
		lines = append(lines, "used up, or missed, by the windows before it: "+name)
	}
	return &explain.Conflict{Parts: []explain.Part{}, Lines: append(lines,
		"a longer horizon or overlap lets the windows before it see what is coming; a worth for what is left (value:, water_value:) lets them keep some of it; a limit by the day or month instead of the year lasts")}, nil
}

// rolled are the notes on a rolling horizon.
func rolled(s *system.System, whole *rolling.Whole) []string {
	k := s.Rolling
	notes := []string{fmt.Sprintf("A rolling horizon: %d windows of %s, each of which plans the last %s of the one before it anew. Each step is as the last window that held it decided, and each window is proved; the whole is not claimed to be the best over the horizon. The objective is that of the last window; the money in the tables is what the whole comes to.",
		len(k.Windows), span(k.Horizon), span(k.Overlap))}
	if n := whole.Begins; len(n) > 0 {
		first := n[:min(len(n), 12)]
		more := ""
		if len(n) > len(first) {
			more = fmt.Sprintf(" and %d more", len(n)-len(first))
		}
		notes = append(notes, fmt.Sprintf("Before the first window these hold %g %% of their size (rolling: start), and nothing holds what they end with: %s%s.", 100*k.Start, strings.Join(first, ", "), more))
	}
	if k.Afresh {
		notes = append(notes, "Each window counts its limits anew, and its stores lose nothing in its first step (rolling: afresh).")
	}
	return notes
}

// span is a number of hours as a planner says it.
func span(hours float64) string {
	if hours >= 48 && hours == float64(int(hours/24))*24 {
		return fmt.Sprintf("%g d", hours/24)
	}
	return fmt.Sprintf("%g h", hours)
}

// dates are a window's first and last step.
func dates(s *system.System, w rolling.Window) string {
	const form = "2006-01-02T15:04"
	return s.Clock.Stamps[w.From].Format(form) + " to " + s.Clock.Stamps[w.To-1].Format(form)
}
