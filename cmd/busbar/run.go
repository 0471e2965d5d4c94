package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"example.org/busbar/internal/run"
	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

func (a *app) run() *cobra.Command {
	var s solving
	var r study.Request
	c := &cobra.Command{
		Use:   "run [DIR]",
		Short: "Solve a study and write its run folder",
		Long: `Run loads a workspace, builds the problem of one study, solves it, proves the
answer, and writes a run folder that never changes. A study with a sweep gives
one run for each of its points. Without --study it takes the only study, or
base.

Exit codes: 0 done, 1 a fault of Busbar's, 2 bad input, 3 infeasible or
unbounded, 4 stopped at a limit or by you, 5 unproved.`,
		Example: `  busbar run park
  busbar run park --study dry-year --solver highs:hipo
  busbar run park --study base --out results/base --json`,
		Args: args(0, 1, "at most one folder"),
		RunE: func(c *cobra.Command, dirs []string) error {
			r.Dir = folder(dirs)
			return a.runStudy(c.Context(), &r, &s)
		},
	}
	s.flags(c)
	c.Flags().StringVar(&r.Study, "study", "", "which study")
	_ = c.RegisterFlagCompletionFunc("study", studies)
	c.Flags().StringVar(&r.Out, "out", "", "the run folder; it must not exist (default DIR/runs/STUDY-STAMP)")
	return c
}

// swept is what --json prints for a sweep.
type swept struct {
	Status string          `json:"status"`
	Runs   []*study.Result `json:"runs"`
}

func (a *app) runStudy(ctx context.Context, r *study.Request, s *solving) error {
	p := a.progress()
	var err error
	if r.LP, err = s.options(p); err != nil {
		return err
	}
	r.Solver, r.Version, r.Now, r.Peak, r.Say = s.solver, version, time.Now, peakMiB, p.say
	results, err := study.Run(ctx, *r)
	p.done()
	var problems study.Problems
	switch {
	case errors.As(err, &problems):
		return a.refuse(problems, s.json)
	case errors.Is(err, run.ErrExists), errors.Is(err, study.ErrInput):
		return badInput("%v", err)
	case err != nil:
		return err
	}
	if len(results) == 1 && results[0].Point == "" {
		return a.finishRun(results[0], s.json)
	}
	worst := "optimal"
	for _, one := range results {
		if exitOf(one.Status) > exitOf(worst) {
			worst = one.Status
		}
	}
	if s.json {
		if err := a.printJSON(swept{worst, results}); err != nil {
			return err
		}
	} else {
		for _, one := range results {
			fmt.Fprintf(a.out, "%s: %s, %s %s%s; %s\n", one.Point, one.Status, one.CostName(), text(one.Cost()), currency(one), text1(one.Run))
		}
	}
	if code := exitOf(worst); code != exitDone {
		return &exitError{code: code, err: errors.New(worst), quiet: true}
	}
	return nil
}

func (a *app) finishRun(one *study.Result, asJSON bool) error {
	if asJSON {
		if err := a.printJSON(one); err != nil {
			return err
		}
		if code := exitOf(one.Status); code != exitDone {
			return &exitError{code: code, err: errors.New(one.Status), quiet: true}
		}
		return nil
	}
	return a.finish(&one.Outcome, false, func(out io.Writer) {
		fmt.Fprintf(out, "%s, %s %s%s; %s in %.1f s\n", one.Status, one.CostName(), text(one.Cost()), currency(one), one.Solver, one.Seconds.Solve)
		if one.Certificate != nil {
			fmt.Fprintln(out, "certificate:", one.Certificate)
		}
		if one.Conflict != nil {
			fmt.Fprintln(out, "what conflicts:")
			fmt.Fprintln(out, "  "+strings.Join(one.Conflict.Lines, "\n  "))
		}
		if one.Run != nil {
			fmt.Fprintln(out, "run:", *one.Run)
		}
	})
}

// currency stands behind an objective.
func currency(one *study.Result) string {
	if one.Objective == nil || one.Manifest == nil || one.Manifest.LeastCost != nil {
		return ""
	}
	return " " + one.Manifest.Currency
}

func text1(s *string) string {
	if s == nil {
		return "no run"
	}
	return *s
}
