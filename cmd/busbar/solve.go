package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/study"
	"example.org/busbar/lp"
	"example.org/busbar/solve"

	"github.com/spf13/cobra"
)

func (a *app) solve() *cobra.Command {
	var s solving
	var out, dc string
	var n networkFlags
	var check checking
	c := &cobra.Command{
		Use:   "solve FILE",
		Short: "Solve a bare problem (.mps), a PyPSA network or a MATPOWER case (.m) as it is",
		Long: `Solve reads a linear, quadratic or mixed-integer problem, or a PyPSA network
from its CSV folder or netCDF file, solves it, and proves the answer on the
original data. Of a network the objective is PyPSA's with its constant: the
total cost; --pypsa writes it solved, as a CSV folder (or a .nc file) that PyPSA
opens, with dispatch, prices and sizes. A network's options have PyPSA's names; a flag
overrides the file of --pypsa-options. Of a MATPOWER case (.m) it solves the DC
optimal power flow of its hour. --ac checks a grid's dispatch by an AC power
flow: voltages, losses, overloads; it changes neither answer nor exit code. Exit
codes: 0 solved, 2 bad input, 3 infeasible or unbounded, 4 stopped at a limit or
by you, 5 unproved.`,
		Example: `  busbar solve model.mps
  busbar solve model.mps.gz --solver highs:simplex --json
  busbar solve model.mps --out runs/model     keep the solution as tables
  busbar solve network.nc --transmission-losses 3
  busbar solve network/ --pypsa-options options.json --slack 0.1
  busbar solve network/ --pypsa solved/       the network with its results, for PyPSA
  busbar solve case118.m --out runs/118       and then: busbar show runs/118 buses
  busbar solve case118.m --dc powermodels     b = x/(r^2+x^2), no taps or shifts
  busbar solve case118.m --ac                 check the dispatch by an AC power flow
  busbar solve network/ --ac 12               check the twelfth snapshot`,
		Args: args(1, 2, "one file or folder"),
		RunE: func(c *cobra.Command, files []string) error {
			if err := check.take(&files); err != nil {
				return err
			}
			if dc != "" && !isCase(files[0]) {
				return badInput("--dc: %s is no MATPOWER case, a file that ends in .m", files[0])
			}
			if pypsa.Is(files[0]) {
				return a.solveNetwork(c.Context(), files[0], &n, out, &check, &s)
			}
			if flag := n.given(c); flag != "" {
				return badInput("--%s: %s is no PyPSA network, a .nc file or a folder with snapshots.csv or buses.csv", flag, files[0])
			}
			if isCase(files[0]) {
				return a.solveCase(c.Context(), files[0], dc, out, &check, &s)
			}
			if check.which != "" {
				return badInput("--ac: %s is no grid, a MATPOWER case or a PyPSA network", files[0])
			}
			return a.solveFile(c.Context(), files[0], out, &s)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"mps", "gz", "m", "nc"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	s.flags(c)
	c.Flags().StringVar(&out, "out", "", "write a run folder there; it must not exist")
	check.flags(c)
	dcFlag(c, &dc)
	n.flags(c)
	return c
}

func (a *app) solveFile(ctx context.Context, file, out string, s *solving) error {
	p := a.progress()
	opt, err := s.options(p)
	if err != nil {
		return err
	}
	lower := strings.ToLower(file)
	if !strings.HasSuffix(lower, ".mps") && !strings.HasSuffix(lower, ".mps.gz") {
		text := fmt.Sprintf("read a file named %q, want one that ends in .mps, .mps.gz or .m (MATPOWER), or a PyPSA network: its CSV folder, or .nc", filepath.Base(file))
		no := attribute.Problem{File: file, Line: 1, Col: 1, Code: "unknown-format", Text: text}
		ext := filepath.Ext(lower)
		switch at, err := os.Stat(file); {
		case ext == ".h5" || ext == ".hdf5":
			no.Text = "PyPSA's HDF5 is a format of pandas and is not read; its export_to_netcdf writes what is"
		case errors.Is(err, fs.ErrNotExist) && ext == "":
			no.Code, no.Text = "missing-file", "there is no such file or folder"
		case err == nil && at.IsDir():
			no.Text = "the folder holds no PyPSA network; want one with snapshots.csv or buses.csv (a workspace is run: busbar run)"
		}
		return a.refuse([]attribute.Problem{no}, s.json)
	}
	var w *run.Writer
	if out != "" {
		if w, err = run.Create(out); err != nil {
			return badInput("--out: %v", err)
		}
		defer w.Discard()
	}
	start := time.Now()
	problem, err := lp.OpenMPS(file)
	if err != nil {
		return a.refuse([]attribute.Problem{mpsProblem(file, err)}, s.json)
	}
	o := run.Outcome{Rows: problem.Rows(), Cols: problem.Cols(), Nonzeros: problem.Nonzeros(), LPHash: problem.Hash()}
	o.Seconds.Load = time.Since(start).Seconds()
	p.say("%s: %d rows, %d columns, %d nonzeros; read in %.2f s", filepath.Base(file), o.Rows, o.Cols, o.Nonzeros, o.Seconds.Load)

	start = time.Now()
	sol, cert, err := solve.Run(ctx, problem, s.solver, opt)
	p.done()
	if err != nil {
		return err
	}
	o.Seconds.Solve = time.Since(start).Seconds()
	o.Status, o.Solver, o.Certificate = study.Status(sol, cert), sol.Solver, &cert
	// Numbers as the file's author sees them: a maximum was negated on reading.
	asked := func(v float64) *float64 {
		if problem.Negated {
			v = 0 - v
		}
		return number(v)
	}
	if problem.Negated {
		cert.Objective, cert.Bound = 0-cert.Objective, 0-cert.Bound
	}
	o.Constant = asked(problem.Offset)
	if study.Answers(o.Status, sol, cert) {
		o.Objective = asked(sol.Objective)
	}
	o.PeakMiB = peakMiB()
	if w != nil && o.Status != "cancelled" { // nothing half-written
		start = time.Now()
		if err := writeSolved(w, file, problem, sol, &o); err != nil {
			return err
		}
		o.Seconds.Write = time.Since(start).Seconds()
	}
	return a.finish(&o, s.json, func(out io.Writer) {
		fmt.Fprintf(out, "%s: %s, objective %s\n", filepath.Base(file), o.Status, text(o.Objective))
		fmt.Fprintf(out, "%s in %.2f s\n", o.Solver, o.Seconds.Solve)
		fmt.Fprintln(out, "certificate:", cert)
		if sol.Note != "" {
			fmt.Fprintln(out, "note:", sol.Note)
		}
	})
}

// text prints a number that may be absent.
func text(v *float64) string {
	if v == nil {
		return "none"
	}
	return fmt.Sprintf("%.10g", *v)
}

func mpsProblem(file string, err error) attribute.Problem {
	var m *lp.MPSError
	if errors.As(err, &m) {
		return attribute.Problem{File: file, Line: m.Line, Col: 1, Code: "mps", Text: fmt.Sprintf("read %s, want %s", m.Read, m.Fit)}
	}
	if errors.Is(err, os.ErrNotExist) {
		return attribute.Problem{File: file, Line: 1, Col: 1, Code: "missing-file", Text: "there is no such file"}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return attribute.Problem{File: file, Line: 1, Col: 1, Code: "unreadable-file", Text: err.Error()}
}

// writeSolved keeps the answer of a bare problem as a run folder.
func writeSolved(w *run.Writer, file string, p *lp.Problem, sol *lp.Solution, o *run.Outcome) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	in, err := w.Input(filepath.Base(file), data)
	if err != nil {
		return err
	}
	kept := *sol
	if o.Objective == nil { // a point that counts for nothing
		kept.X, kept.Y = nil, nil
	}
	if err := w.Problem(p, &kept); err != nil {
		return err
	}
	dir := w.Dir()
	o.Run = &dir
	return w.Commit(&run.Manifest{
		Busbar: version, Created: time.Now().UTC(), Study: filepath.Base(file),
		Machine: run.Here(), Inputs: []run.Input{in}, Attempts: sol.Note, Outcome: *o,
	})
}
