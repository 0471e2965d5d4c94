package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/matpower"
	"example.org/busbar/internal/study"
	"example.org/busbar/solve"

	"github.com/spf13/cobra"
)

// isCase reports whether a file is a MATPOWER case, by its name.
func isCase(file string) bool { return strings.HasSuffix(strings.ToLower(file), ".m") }

func dcFlag(c *cobra.Command, dc *string) {
	c.Flags().StringVar(dc, "dc", "", "DC approximation of a MATPOWER case: matpower (default) or powermodels")
}

// approximation is the one that --dc names.
func approximation(name string) (matpower.DC, error) {
	switch dc := matpower.DC(name); dc {
	case "":
		return matpower.Matpower, nil
	case matpower.Matpower, matpower.PowerModels:
		return dc, nil
	}
	return "", badInput("--dc: read %q, takes %s (1/(x tap), shifts act) or %s (x/(r^2+x^2), no taps or shifts)", name, matpower.Matpower, matpower.PowerModels)
}

// solveCase solves the DC optimal power flow of a MATPOWER case, and checks it
// by an AC power flow if asked.
func (a *app) solveCase(ctx context.Context, file, dc, out string, check *checking, s *solving) error {
	p := a.progress()
	opt, err := s.options(p)
	if err != nil {
		return err
	}
	var c study.Case
	if c.DC, err = approximation(dc); err != nil {
		return err
	}
	if check.which != "" && check.which != whole {
		return badInput("--ac: read %q; a MATPOWER case is one hour, and --ac alone checks it", check.which)
	}
	if check.hold {
		return badInput("--ac-hold: the bus types of a MATPOWER case say which buses hold their voltage")
	}
	var o run.Outcome
	start := time.Now()
	read, problems := matpower.ReadFile(file)
	if len(problems) > 0 {
		return a.refuse(problems, s.json)
	}
	o.Seconds.Load = time.Since(start).Seconds()
	start = time.Now()
	if c.Built, problems = matpower.Build(read, c.DC); len(problems) > 0 {
		return a.refuse(problems, s.json)
	}
	if c.Problem, c.Index, err = formulate.Build(c.Model); err != nil {
		return err
	}
	o.Seconds.Build = time.Since(start).Seconds()
	var w *run.Writer
	if out != "" {
		if w, err = run.Create(out); err != nil {
			return badInput("--out: %v", err)
		}
		defer w.Discard()
	}
	o.Rows, o.Cols, o.Nonzeros, o.LPHash = c.Problem.Rows(), c.Problem.Cols(), c.Problem.Nonzeros(), c.Problem.Hash()
	name := filepath.Base(file)
	for _, note := range c.Notes {
		p.say("note: %s", note)
	}
	p.say("%s: %d buses, %d generators, %d branches in service; %d rows, %d columns, %d nonzeros", name,
		len(c.Model.Buses), len(c.Model.Units), len(c.Model.Lines), o.Rows, o.Cols, o.Nonzeros)
	start = time.Now()
	c.Solution, c.Certificate, err = solve.Run(ctx, c.Problem, s.solver, opt)
	p.done()
	if err != nil {
		return err
	}
	o.Seconds.Solve = time.Since(start).Seconds()
	o.Status, o.Solver, o.Certificate = study.Status(c.Solution, c.Certificate), c.Solution.Solver, &c.Certificate
	o.Constant = number(c.Problem.Offset)
	if study.Answers(o.Status, c.Solution, c.Certificate) {
		o.Objective = number(c.Solution.Objective)
	}
	var conflict *explain.Conflict
	if o.Status == "infeasible" {
		p.say("%s: looking for what conflicts", name)
		if conflict, err = study.CaseConflict(ctx, &c, s.solver, opt); err != nil {
			p.say("%s: the conflict could not be found: %v", name, err)
		}
	}
	var ac *acReport
	if check.which != "" && o.Objective != nil {
		ac = &acReport{}
		if err := ac.check(c.PowerFlow(c.Index, c.Solution.X), "", check); err != nil {
			return badInput("--ac: %v", err)
		}
	}
	o.PeakMiB = peakMiB()
	if w != nil && o.Status != "cancelled" {
		start = time.Now()
		if err := ac.write(w); err != nil {
			return err
		}
		if err := study.WriteCase(w, &c, &o, version, conflict); err != nil {
			return err
		}
		o.Seconds.Write = time.Since(start).Seconds()
	}
	return a.finishMore(&o, more{AC: ac}, s.json, func(out io.Writer) {
		fmt.Fprintf(out, "%s: %s, objective %s USD an hour (DC optimal power flow, %s)\n", name, o.Status, text(o.Objective), c.DC)
		fmt.Fprintf(out, "%s in %.2f s\n", o.Solver, o.Seconds.Solve)
		fmt.Fprintln(out, "certificate:", c.Certificate)
		if conflict != nil {
			fmt.Fprintln(out, "what conflicts:")
			fmt.Fprintln(out, "  "+strings.Join(conflict.Lines, "\n  "))
		}
		if c.Solution.Note != "" {
			fmt.Fprintln(out, "note:", c.Solution.Note)
		}
		ac.say(out)
		if o.Run != nil {
			fmt.Fprintln(out, "run:", *o.Run)
		}
	})
}
