package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/study"
)

// solveNetwork solves a PyPSA network from its CSV folder or netCDF file. The objective is
// PyPSA's with its constant, the total cost.
func (a *app) solveNetwork(ctx context.Context, dir string, f *networkFlags, out string, check *checking, s *solving) error {
	p := a.progress()
	opt, err := s.options(p)
	if err != nil {
		return err
	}
	if f.solved != "" {
		if err := canWrite("--pypsa", f.solved); err != nil {
			return err
		}
	}
	start := time.Now()
	o, problems := pypsa.ReadOptions(f.file, f.values)
	if len(problems) > 0 {
		return a.refuse(problems, s.json)
	}
	network, problems, err := pypsa.Open(dir)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return a.refuse(problems, s.json)
	}
	if f.solved != "" && len(network.Scenarios) > 0 && !pypsa.IsFile(f.solved) {
		return badInput("--pypsa: %s has scenarios, which no CSV folder holds; a name that ends in .nc fits", dir)
	}
	hours, err := check.snapshots(network)
	if err != nil {
		return err
	}
	var result run.Outcome
	result.Seconds.Load = time.Since(start).Seconds()
	var w *run.Writer
	if out != "" {
		if w, err = run.Create(out); err != nil {
			return badInput("--out: %v", err)
		}
		defer w.Discard()
	}
	o.Say = func(format string, a ...any) { p.say(network.Name+": "+format, a...) }
	answer, problems, err := pypsa.Solve(ctx, network, o, pypsa.With(s.solver, opt))
	p.done()
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return a.refuse(problems, s.json)
	}
	problem, sol, cert := answer.Problem, answer.Solution, answer.Certificate
	result.Seconds.Build, result.Seconds.Solve = answer.BuildTime.Seconds(), answer.SolveTime.Seconds()
	result.Rows, result.Cols, result.Nonzeros, result.LPHash = problem.Rows(), problem.Cols(), problem.Nonzeros(), problem.Hash()
	for _, note := range answer.Notes {
		p.say("note: %s", note)
	}
	p.say("%s: %d snapshots, %d rows, %d columns, %d nonzeros; read in %.2f s, built in %.2f s", network.Name,
		len(network.Snapshots), result.Rows, result.Cols, result.Nonzeros, result.Seconds.Load, result.Seconds.Build)
	result.Status, result.Solver, result.Certificate = study.Status(sol, cert), sol.Solver, &cert
	result.Constant, result.Windows = number(answer.Constant), answer.Windows
	if sol.X != nil && result.Status != "infeasible" && result.Status != "unbounded" {
		result.Objective = number(sol.Objective)
	}
	var conflict *explain.Conflict
	if result.Status == "infeasible" {
		p.say("%s: looking for what conflicts", network.Name)
		if conflict, err = study.NetworkConflict(ctx, network, answer, s.solver, opt); err != nil {
			p.say("%s: the conflict could not be found: %v", network.Name, err)
		}
	}
	var ac *acReport
	if len(hours) > 0 && result.Objective != nil && result.Status != "cancelled" {
		if ac, err = checkNetwork(network, answer, hours, check); err != nil {
			return err
		}
	}
	result.PeakMiB = peakMiB()
	if w != nil && result.Status != "cancelled" {
		start = time.Now()
		files, err := networkFiles(dir, f.file)
		if err != nil {
			return err
		}
		if err := ac.write(w); err != nil {
			return err
		}
		if err := study.WriteNetwork(w, network, o, answer, files, &result, version, conflict); err != nil {
			return err
		}
		result.Seconds.Write = time.Since(start).Seconds()
	}
	if f.solved != "" && result.Objective != nil && result.Status != "cancelled" {
		start = time.Now()
		if err := answer.Export(f.solved); err != nil {
			return notWritten("--pypsa", err)
		}
		result.Seconds.Write += time.Since(start).Seconds()
		p.say("%s: written with its results", f.solved)
	}
	return a.finishMore(&result, more{ac}, s.json, func(out io.Writer) {
		fmt.Fprintf(out, "%s: %s, objective %s (of it PyPSA's constant %s)\n", network.Name, result.Status, text(result.Objective), text(result.Constant))
		fmt.Fprintf(out, "%s in %.2f s\n", result.Solver, result.Seconds.Solve)
		fmt.Fprintln(out, "certificate:", cert)
		if conflict != nil {
			fmt.Fprintln(out, "what conflicts:")
			fmt.Fprintln(out, "  "+strings.Join(conflict.Lines, "\n  "))
		}
		if sol.Note != "" {
			fmt.Fprintln(out, "note:", sol.Note)
		}
		ac.say(out)
		if result.Run != nil {
			fmt.Fprintln(out, "run:", *result.Run)
		}
	})
}

// networkFiles are the files of a network and its options, by the names that a
// run keeps them under.
func networkFiles(dir, options string) (map[string]string, error) {
	files := map[string]string{}
	if options != "" {
		files[filepath.Base(options)] = options
	}
	if pypsa.IsFile(dir) {
		files[filepath.Base(dir)] = dir
		return files, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".csv") {
			files[e.Name()] = filepath.Join(dir, e.Name())
		}
	}
	return files, nil
}
