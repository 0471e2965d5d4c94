// Package study takes a workspace and the name of a study to run folders:
// load, expand, formulate, solve, certify, account, write; each point of a
// sweep in turn; the capacities of another study where it asks for them.
//
// What enters: a folder and solving options. What leaves: for each point the
// outcome that --json prints, a run folder, or the problems of the input.
package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/account"
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// Request is what to run.
type Request struct {
	Dir    string // workspace
	Study  string // "" takes the only one, or base
	Out    string // run folder; "" is DIR/runs/STUDY-STAMP
	Solver string
	LP     lp.Options

	Version string
	Now     func() time.Time
	Peak    func() float64                // MiB held so far
	Say     func(format string, a ...any) // one line a stage
}

// Result is one point's end.
type Result struct {
	run.Outcome
	Point    string            `json:"point,omitempty"` // of a sweep: PATH=VALUE ...
	Conflict *explain.Conflict `json:"conflict,omitempty"`
	Manifest *run.Manifest     `json:"-"`
	Note     string            `json:"-"`
}

// Problems are what is wrong with the input.
type Problems []attribute.Problem

// ErrInput marks what only the planner can mend and has no place in a file.
var ErrInput = errors.New("bad input")

func (p Problems) Error() string { return fmt.Sprintf("%d problems in the workspace", len(p)) }

// Check loads every study of a workspace (or one) and returns every problem,
// each once.
func Check(dir, name string) []attribute.Problem {
	w, problems := workspace.Open(dir)
	defer w.Close()
	names := []string{name}
	if name == "" {
		names = names[:0]
		for _, s := range w.Studies() {
			names = append(names, s.Name)
		}
	}
	for _, n := range names {
		points, more := points(w, n)
		problems = append(problems, more...)
		for _, p := range points {
			if p.tree == nil {
				continue
			}
			_, _, bad := load(w, p.tree)
			problems = append(problems, bad...)
		}
	}
	return workspace.Sorted(problems)
}

// point is a study, or one point of its sweep.
type point struct {
	name, label string
	tree        *attribute.Node
}

func points(w *workspace.Workspace, name string) ([]point, []attribute.Problem) {
	sweep, problems := w.Sweep(name)
	if len(sweep) == 0 {
		tree, more := w.Tree(name)
		return []point{{name: name, tree: tree}}, workspace.Sorted(append(problems, more...))
	}
	out := make([]point, len(sweep))
	for i, p := range sweep {
		var label []string
		for _, v := range p.Values {
			label = append(label, v.Path+"="+v.Text)
		}
		out[i] = point{p.Name, strings.Join(label, " "), p.Tree}
	}
	return out, problems
}

func load(w *workspace.Workspace, tree *attribute.Node) (*system.System, *primitive.Model, []attribute.Problem) {
	var studies []string
	for _, s := range w.Studies() {
		studies = append(studies, s.Name)
	}
	s, problems := system.Load(tree, system.Options{
		Studies: studies,
		Open: func(name string) ([]byte, error) {
			data, bad := w.OpenFile(name, tree.Pos)
			if bad != nil {
				return nil, errors.New(bad.Text)
			}
			return data, nil
		},
	})
	if len(problems) > 0 {
		return s, nil, problems
	}
	m, problems := system.Expand(s)
	return s, m, problems
}

// Run solves a study and writes a run folder for each of its points. An error
// of type Problems is the planner's to mend.
func Run(ctx context.Context, r Request) ([]*Result, error) {
	start := time.Now()
	w, problems := workspace.Open(r.Dir)
	defer w.Close()
	if len(problems) > 0 && len(w.Studies()) == 0 {
		return nil, Problems(problems)
	}
	name, err := w.Default(r.Study)
	if err != nil {
		if len(problems) > 0 {
			return nil, Problems(problems)
		}
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	all, more := points(w, name)
	if problems = workspace.Sorted(append(problems, more...)); len(problems) > 0 {
		return nil, Problems(problems)
	}
	out := r.Out
	if out == "" {
		out = r.fresh(name)
	}
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", out, run.ErrExists)
	}
	opened := time.Since(start).Seconds()
	var results []*Result
	for i, p := range all {
		dir := out
		if len(all) > 1 {
			dir = filepath.Join(out, p.name)
			r.Say("%s: point %d of %d, %s", name, i+1, len(all), p.label)
		}
		one, err := r.point(ctx, w, p, dir, opened)
		if err != nil {
			return results, err
		}
		results = append(results, one)
		opened = 0
		if one.Status == "cancelled" {
			break
		}
	}
	return results, nil
}

// fresh is a run folder that is not there: DIR/runs/STUDY-STAMP, with a number
// behind it where two runs begin in one second.
func (r *Request) fresh(name string) string {
	base := filepath.Join(r.Dir, "runs", name+"-"+r.Now().Format("20060102-150405"))
	dir := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			return dir
		}
		dir = fmt.Sprintf("%s-%d", base, n)
	}
}

// point runs one study without a sweep.
func (r *Request) point(ctx context.Context, w *workspace.Workspace, p point, dir string, opened float64) (*Result, error) {
	start := time.Now()
	s, m, problems := load(w, p.tree)
	if len(problems) > 0 {
		return nil, Problems(workspace.Sorted(problems))
	}
	res := &Result{Point: p.label}
	res.Seconds.Load = opened + time.Since(start).Seconds()
	builds := ""
	if s.Study.Builds != "" {
		var err error
		if builds, err = r.builds(ctx, w, s, m); err != nil {
			return nil, err
		}
	}
	start = time.Now()
	problem, ix, err := formulate.Build(m)
	if err != nil {
		return nil, fmt.Errorf("%w: study %s cannot be formulated: %w", ErrInput, p.name, err)
	}
	res.LPHash = problem.Hash()
	res.Rows, res.Cols, res.Nonzeros = problem.Rows(), problem.Cols(), problem.Nonzeros()
	constant := problem.Offset
	res.Constant = &constant
	res.Seconds.Build = time.Since(start).Seconds()
	r.Say("%s: %d rows, %d columns, %d nonzeros; loaded in %.2f s, built in %.2f s", p.name, res.Rows, res.Cols, res.Nonzeros, res.Seconds.Load, res.Seconds.Build)

	start = time.Now()
	opt := r.LP
	opt.Hint = ix.Hint()
	sol, cert, err := solve.Run(ctx, problem, r.Solver, opt)
	if err != nil {
		return nil, err
	}
	if sol.Status == lp.Optimal && cert.OK && !problem.IsMIP() {
		tidy := *sol
		tidy.X = ix.Snap(sol.X)
		tidy.Objective = problem.Objective(tidy.X)
		if again := lp.Certify(problem, &tidy); again.OK {
			sol, cert = &tidy, again
		}
	}
	res.Seconds.Solve = time.Since(start).Seconds()
	res.Solver, res.Certificate, res.Note = sol.Solver, &cert, sol.Note
	res.Status = Status(sol, cert)
	if res.Status == "optimal" || (res.Status == "limit" || res.Status == "unproved") && sol.X != nil {
		v := sol.Objective
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			res.Objective = &v
		}
	}
	r.Say("%s: %s by %s in %.1f s; %v", p.name, res.Status, res.Solver, res.Seconds.Solve, cert)
	if res.Status == "infeasible" {
		r.Say("%s: looking for what conflicts", p.name)
		if res.Conflict, err = explain.Infeasible(ctx, s, m, r.Solver, r.LP); err != nil {
			r.Say("%s: the conflict could not be found: %v", p.name, err)
		}
	}
	if res.Status == "cancelled" { // nothing half-written
		return res, nil
	}
	start = time.Now()
	if err := r.write(w, s, m, ix, sol, res, p, dir, builds, start); err != nil {
		return nil, err
	}
	return res, nil
}

// Status is the word for a solution judged by its certificate.
func Status(sol *lp.Solution, cert lp.Certificate) string {
	switch sol.Status {
	case lp.Limit:
		return "limit"
	case lp.Cancelled:
		return "cancelled"
	case lp.Optimal, lp.Infeasible, lp.Unbounded:
		if cert.OK {
			return sol.Status.String()
		}
	}
	return "unproved"
}

func (r *Request) write(w *workspace.Workspace, s *system.System, m *primitive.Model, ix *formulate.Index, sol *lp.Solution, res *Result, p point, dir, builds string, start time.Time) error {
	out, err := run.Create(dir)
	if err != nil {
		return err
	}
	defer out.Discard()
	man := &run.Manifest{
		Busbar: r.Version, Created: r.Now().UTC(), System: s.Name, Study: p.name, Title: s.Study.Title, Point: p.label, Builds: builds,
		Currency: s.Currency, BaseYear: s.BaseYear, Discount: s.Discount, Year: s.Study.Year, Weather: s.Study.Weather,
		Product: s.Product, Machine: run.Here(), Notes: s.Notes, Attempts: res.Note, Synthetic: synthetic(s),
	}
	for _, f := range w.Files() {
		in, err := out.Input(f.Path, f.Data)
		if err != nil {
			return err
		}
		man.Inputs = append(man.Inputs, in)
	}
	if err := out.JSON("system.json", snapshot(s)); err != nil {
		return err
	}
	if res.Conflict != nil {
		if err := out.JSON("conflict.json", res.Conflict); err != nil {
			return err
		}
	}
	if res.Objective != nil {
		if err := out.Tables(account.Of(s, m, ix, sol)); err != nil {
			return err
		}
	}
	res.Run = &dir
	res.PeakMiB = r.Peak()
	res.Seconds.Write = time.Since(start).Seconds()
	man.Outcome = res.Outcome
	res.Manifest = man
	return out.Commit(man)
}

// builds fixes what may be built to what another study built: from a run of it
// with the same problem, certified, else by solving it now (and keeping the
// run beside this one). It returns what was taken, for the manifest.
func (r *Request) builds(ctx context.Context, w *workspace.Workspace, s *system.System, m *primitive.Model) (string, error) {
	name := s.Study.Builds
	all, problems := points(w, name)
	if len(problems) > 0 {
		return "", Problems(problems)
	}
	if len(all) > 1 {
		return "", fmt.Errorf("%w: builds: study %s is a sweep of %d points; name a study that builds one system", ErrInput, name, len(all))
	}
	other, model, problems := load(w, all[0].tree)
	if len(problems) > 0 {
		return "", Problems(workspace.Sorted(problems))
	}
	if other.Study.Builds != "" {
		if _, err := r.builds(ctx, w, other, model); err != nil {
			return "", err
		}
	}
	problem, _, err := formulate.Build(model)
	if err != nil {
		return "", fmt.Errorf("study %s cannot be formulated: %w", name, err)
	}
	hash := problem.Hash()
	found, err := find(filepath.Join(r.Dir, "runs"), hash)
	if err != nil {
		return "", err
	}
	if found == nil {
		r.Say("%s: first study %s, whose capacities it takes", s.Study.Name, name)
		again := *r
		again.Study, again.Out = name, r.fresh(name)
		one, err := again.point(ctx, w, all[0], again.Out, 0)
		if err != nil {
			return "", err
		}
		if one.Status != "optimal" {
			return "", fmt.Errorf("builds: study %s ended %s, so there are no capacities to take", name, one.Status)
		}
		if found, err = run.Open(again.Out); err != nil {
			return "", err
		}
	}
	caps, err := run.Read[run.Capacity](found, "capacities")
	if err != nil {
		return "", err
	}
	built := make(map[system.Part]float64, len(caps))
	for _, c := range caps {
		built[system.Part{Asset: c.Asset, Part: c.Part}] = c.Built
	}
	if missing, _ := system.FixBuilt(m, built); len(missing) > 0 {
		return "", fmt.Errorf("%w: builds: study %s did not build %v", ErrInput, name, missing)
	}
	return fmt.Sprintf("%s %s", name, hash), nil
}

// find returns the newest certified run of a problem, nil if there is none.
func find(dir, hash string) (*run.Folder, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var best *run.Folder
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f, err := run.Open(filepath.Join(dir, e.Name()))
		if err != nil || f.Manifest.LPHash != hash || f.Manifest.Status != "optimal" {
			continue
		}
		if best == nil || f.Manifest.Created.After(best.Manifest.Created) {
			best = f
		}
	}
	return best, nil
}

// Problem formulates a study without solving it; of a sweep the first point.
func Problem(dir, name string) (*lp.Problem, error) {
	w, problems := workspace.Open(dir)
	defer w.Close()
	name, err := w.Default(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	all, more := points(w, name)
	problems = append(problems, more...)
	if len(problems) > 0 {
		return nil, Problems(workspace.Sorted(problems))
	}
	_, m, problems := load(w, all[0].tree)
	if len(problems) > 0 {
		return nil, Problems(workspace.Sorted(problems))
	}
	p, _, err := formulate.Build(m)
	if err != nil {
		return nil, fmt.Errorf("%w: study %s cannot be formulated: %w", ErrInput, name, err)
	}
	return p, nil
}
