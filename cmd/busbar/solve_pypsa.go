package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/study"
	"example.org/busbar/lp"
)

// solveNetwork solves a PyPSA network from its CSV folder. The objective is
// PyPSA's with its constant, the total cost.
func (a *app) solveNetwork(ctx context.Context, dir, options, out string, s *solving) error {
	p := a.progress()
	opt, err := s.options(p)
	if err != nil {
		return err
	}
	start := time.Now()
	o := pypsa.Options{}
	if options != "" {
		read, problems := pypsa.ReadOptions(options)
		if len(problems) > 0 {
			return a.refuse(problems, s.json)
		}
		o = read
	}
	network, problems := pypsa.ReadFolder(dir)
	if len(problems) > 0 {
		return a.refuse(problems, s.json)
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
	result.Constant = number(answer.Constant)
	if sol.X != nil && result.Status != "infeasible" && result.Status != "unbounded" {
		result.Objective = number(sol.Objective)
	}
	result.PeakMiB = peakMiB()
	if w != nil && result.Status != "cancelled" {
		start = time.Now()
		if err := writeNetwork(w, dir, options, network.Name, problem, sol, &result); err != nil {
			return err
		}
		result.Seconds.Write = time.Since(start).Seconds()
	}
	if s.json && answer.Windows != nil {
		if err := a.printJSON(struct {
			*run.Outcome
			Windows []float64 `json:"windows"`
		}{&result, answer.Windows}); err != nil {
			return err
		}
		s.json = false
		return a.finish(&result, false, func(io.Writer) {})
	}
	return a.finish(&result, s.json, func(out io.Writer) {
		fmt.Fprintf(out, "%s: %s, objective %s (of it PyPSA's constant %s)\n", network.Name, result.Status, text(result.Objective), text(result.Constant))
		fmt.Fprintf(out, "%s in %.2f s\n", result.Solver, result.Seconds.Solve)
		fmt.Fprintln(out, "certificate:", cert)
		if sol.Note != "" {
			fmt.Fprintln(out, "note:", sol.Note)
		}
	})
}

// writeNetwork keeps the answer as a run folder, with the network's files.
func writeNetwork(w *run.Writer, dir, options, name string, p *lp.Problem, sol *lp.Solution, o *run.Outcome) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".csv") {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	if options != "" {
		files = append(files, options)
	}
	var inputs []run.Input
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		in, err := w.Input(filepath.Base(file), data)
		if err != nil {
			return err
		}
		inputs = append(inputs, in)
	}
	if err := w.Problem(p, sol); err != nil {
		return err
	}
	folder := w.Dir()
	o.Run = &folder
	return w.Commit(&run.Manifest{
		Busbar: version, Created: time.Now().UTC(), Study: name,
		Machine: run.Here(), Inputs: inputs, Attempts: sol.Note, Outcome: *o,
	})
}
