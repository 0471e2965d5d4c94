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
	"slices"
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

	warm *lp.Solution // of the point before, for the next to start from
}

// Result is one point's end.
type Result struct {
	run.Outcome
	Point    string            `json:"point,omitempty"` // of a sweep: PATH=VALUE ...
	Conflict *explain.Conflict `json:"conflict,omitempty"`
	Manifest *run.Manifest     `json:"-"`
	Note     string            `json:"-"`

	least *float64 // of an alternative
}

// Problems are what is wrong with the input.
type Problems []attribute.Problem

// ErrInput marks what only the planner can mend and has no place in a file.
var ErrInput = errors.New("bad input")

func (p Problems) Error() string {
	if len(p) == 1 {
		return p[0].String()
	}
	return fmt.Sprintf("%d problems in the workspace", len(p))
}

// refusal is an error that Is ErrInput.
type refusal struct {
	text  string
	cause error
}

func refuse(format string, a ...any) error {
	err := fmt.Errorf(format, a...)
	return &refusal{err.Error(), errors.Unwrap(err)}
}

func (r *refusal) Error() string        { return r.text }
func (r *refusal) Unwrap() error        { return r.cause }
func (r *refusal) Is(target error) bool { return target == ErrInput }

// Check loads every study of a workspace (or one) and returns every problem,
// each once. An error is of a study that is not there; it Is ErrInput.
func Check(dir, name string) ([]attribute.Problem, error) {
	w, problems := workspace.Open(dir)
	defer w.Close()
	var names []string
	for _, s := range w.Studies() {
		if name == "" || s.Name == name {
			names = append(names, s.Name)
		}
	}
	var missing error
	if name != "" && len(names) == 0 {
		_, missing = pick(w, name)
		names = []string{"base"} // what is wrong with the files shows there
	}
	for _, n := range names {
		_, more := examine(w, problems, n)
		problems = more
	}
	return problems, missing
}

// pick is the study asked for, else the only one, else base. The error names
// the studies there are.
func pick(w *workspace.Workspace, name string) (string, error) {
	chosen, err := w.Default(name)
	if err == nil {
		return chosen, nil
	}
	names := studyNames(w)
	if name == "" {
		return "", refuse("%s has several studies and none is named base; say which with --study: %s", w.Dir(), strings.Join(names, ", "))
	}
	there := "there is "
	if len(names) > 1 {
		there = "there are "
	}
	if near := attribute.Near(name, names); near != "" {
		there = "did you mean " + near + "? " + there
	}
	return "", refuse("no study %q in %s; %s%s", name, w.Dir(), there, strings.Join(names, ", "))
}

func studyNames(w *workspace.Workspace) []string {
	var names []string
	for _, s := range w.Studies() {
		names = append(names, s.Name)
	}
	return names
}

// Names lists the studies of a workspace, as far as it can be read.
func Names(dir string) []string {
	w, _ := workspace.Open(dir)
	defer w.Close()
	return studyNames(w)
}

// examine gives the points of a study, and adds what is wrong with each of
// them to what is wrong with the files.
func examine(w *workspace.Workspace, opened []attribute.Problem, name string) ([]point, []attribute.Problem) {
	all, more := points(w, name)
	for _, p := range all {
		if p.tree != nil {
			s, m, bad := load(w, p.tree)
			if len(bad) == 0 {
				bad = system.Faults(s, m, formulate.Check(m))
			}
			more = append(more, bad...)
		}
	}
	more = append(more, builders(w, name)...)
	if slices.ContainsFunc(opened, unread) {
		more = slices.DeleteFunc(more, absent)
	}
	return all, workspace.Sorted(append(slices.Clone(opened), more...))
}

// builders follows builds: from study to study: it must not come round, nor
// lead to a sweep, which builds several systems.
func builders(w *workspace.Workspace, name string) []attribute.Problem {
	trail := []string{name}
	for {
		tree, _ := w.Tree(trail[len(trail)-1])
		next := tree.Get("builds")
		if next == nil || next.Kind != attribute.Scalar {
			return nil
		}
		again := slices.Contains(trail, next.Text)
		trail = append(trail, next.Text)
		if again {
			if len(trail) == 2 { // itself, which loading tells
				return nil
			}
			return []attribute.Problem{problemAt(next.Pos, "study-builds", "builds: studies take their capacities from each other: %s; one of them must plan its own", strings.Join(trail, " > "))}
		}
		if sweep, _ := w.Sweep(next.Text); len(sweep) > 1 {
			return []attribute.Problem{problemAt(next.Pos, "study-builds", "builds: study %s is a sweep of %d points, each with capacities of its own; name a study without a sweep", next.Text, len(sweep))}
		}
	}
}

func problemAt(at attribute.Pos, code, format string, a ...any) attribute.Problem {
	return attribute.Problem{File: at.File, Line: at.Line, Col: at.Col, Code: code, Text: fmt.Sprintf(format, a...)}
}

// unread tells a problem that leaves a file, or part of one, unread.
func unread(p attribute.Problem) bool {
	switch p.Code {
	case "missing-file", "unreadable-file", "path-outside", "too-large", "too-deep", "empty-file", "not-a-map", "control-character", "not-utf8", "include-shape":
		return true
	}
	return strings.HasPrefix(p.Code, "yaml-") || strings.HasPrefix(p.Code, "alias-") || strings.HasPrefix(p.Code, "table-")
}

// absent tells a problem that says only that something is not there. What
// could not be read may have held it, so these would bury the one cause.
func absent(p attribute.Problem) bool {
	switch p.Code {
	case "missing", "reference", "no-supply", "no-use", "limit-empty", "limit-of", "unit-money",
		"unknown-asset", "unknown-commodity", "unknown-party", "unknown-path", "unknown-place", "unknown-source", "unknown-study":
		return true
	}
	return false
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
	s, problems := system.Load(tree, system.Options{
		Studies: studyNames(w),
		Open:    w.ReadFile,
	})
	m, more := system.Expand(s)
	return s, m, append(problems, more...)
}

// Run solves a study and writes a run folder for each of its points. An error
// of type Problems is the planner's to mend.
func Run(ctx context.Context, r Request) ([]*Result, error) {
	start := time.Now()
	w, problems := workspace.Open(r.Dir)
	defer w.Close()
	name, err := pick(w, r.Study)
	if err != nil {
		if len(problems) > 0 {
			return nil, Problems(problems)
		}
		return nil, err
	}
	all, problems := ready(w, problems, name)
	if len(problems) > 0 {
		return nil, Problems(problems)
	}
	out := r.Out
	if out == "" {
		out = r.fresh(name)
	}
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w; runs are never overwritten, choose another --out", out, run.ErrExists)
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

// ready gives the points of a study, or all that is wrong with them. The only
// point of a study without a sweep is left to be loaded by who solves it.
func ready(w *workspace.Workspace, opened []attribute.Problem, name string) ([]point, []attribute.Problem) {
	if len(opened) == 0 {
		if all, more := points(w, name); len(more) == 0 && len(all) == 1 && len(builders(w, name)) == 0 {
			return all, nil
		}
	}
	return examine(w, opened, name)
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
		var failed *Result
		var err error
		if builds, failed, err = r.builds(ctx, w, s, m); err != nil {
			return nil, err
		}
		if failed != nil { // how that study ended is how this one ends
			failed.Point = p.label
			return failed, nil
		}
	}
	if s.Rolling != nil {
		return r.roll(ctx, w, s, m, res, p, dir, builds)
	}
	start = time.Now()
	problem, ix, err := formulate.Build(m)
	if err != nil {
		return nil, unformulated(s, m, p.name, err)
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
	if !problem.IsMIP() {
		opt.Warm = r.warm
	}
	sol, cert, err := solve.Run(ctx, problem, r.Solver, opt)
	if err != nil {
		return nil, err
	}
	if sol.Status == lp.Optimal && cert.OK && !problem.IsMIP() {
		r.warm = sol
		sol, cert = tidied(problem, ix, sol, cert)
	}
	if s.Alternative != nil && Status(sol, cert) == "optimal" {
		r.Say("%s: least cost %.10g, found by %s; now what is asked of its neighbourhood", p.name, sol.Objective, sol.Solver)
		next, err := alternative(ctx, s, m, r, sol, cert)
		if err != nil {
			return nil, err
		}
		res.least = &next.least
		problem, ix, sol, cert = next.problem, next.ix, next.sol, next.cert
		res.LPHash, res.Rows, res.Cols, res.Nonzeros = problem.Hash(), problem.Rows(), problem.Cols(), problem.Nonzeros()
		constant = 0
		s.Notes = append(s.Notes, fmt.Sprintf("A near-optimal alternative: the objective is the weighted sum of sizes; the least cost is %.10g, and the money in the tables is what this plan costs.", next.least))
	}
	res.Seconds.Solve = time.Since(start).Seconds()
	r.ended(p, res, sol, cert)
	if Answers(res.Status, sol, cert) {
		v := sol.Objective
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			res.Objective = &v
		}
	}
	if res.Status == "infeasible" {
		r.Say("%s: looking for what conflicts", p.name)
		if res.Conflict, err = explain.Infeasible(ctx, s, m, r.Solver, r.LP); err != nil {
			r.Say("%s: the conflict could not be found: %v", p.name, err)
		}
	}
	return r.keep(w, s, m, ix, sol, res, p, dir, builds)
}

// tidied snaps what is built to its bounds as far as the certificate goes along.
// A size that is zero within the tolerance would, taken over by another study
// (builds:), leave what it bounds next to no room.
func tidied(problem *lp.Problem, ix *formulate.Index, sol *lp.Solution, cert lp.Certificate) (*lp.Solution, lp.Certificate) {
	for _, share := range []float64{1e-7, 1e-9} {
		tidy := *sol
		tidy.X = ix.Snap(sol.X, share)
		tidy.Objective = problem.Objective(tidy.X)
		if again := lp.Certify(problem, &tidy); again.OK {
			return &tidy, again
		}
	}
	return sol, cert
}

// ended tells how a point ended.
func (r *Request) ended(p point, res *Result, sol *lp.Solution, cert lp.Certificate) {
	res.Solver, res.Certificate, res.Note = sol.Solver, &cert, sol.Note
	res.Status = Status(sol, cert)
	r.Say("%s: %s by %s in %.1f s; %v", p.name, res.Status, res.Solver, res.Seconds.Solve, cert)
}

// keep writes a point's run folder.
func (r *Request) keep(w *workspace.Workspace, s *system.System, m *primitive.Model, ix *formulate.Index, sol *lp.Solution, res *Result, p point, dir, builds string) (*Result, error) {
	if res.Status == "cancelled" { // nothing half-written
		res.PeakMiB = r.Peak()
		return res, nil
	}
	if err := r.write(w, s, m, ix, sol, res, p, dir, builds, time.Now()); err != nil {
		return nil, err
	}
	return res, nil
}

// Answers tells whether a solution is one to report, with its certificate: what
// a solver held when it was stopped counts only if it meets every row and bound.
func Answers(status string, sol *lp.Solution, cert lp.Certificate) bool {
	switch status {
	case "optimal", "unproved":
		return sol.X != nil
	case "limit":
		return sol.X != nil && cert.Primal <= lp.CertTolerance
	}
	return false
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
	man.LeastCost = res.least
	for _, k := range s.Clock.Periods {
		if k.Mean > 0 {
			man.Periods = append(man.Periods, run.Period{Name: k.Name, Years: k.Years, Weight: k.Cost})
		}
	}
	if k := s.Rolling; k != nil {
		man.Rolling = &run.Rolling{Horizon: k.Horizon, Overlap: k.Overlap, Unit: "h", Windows: len(k.Windows), Start: k.Start, Afresh: k.Afresh}
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
		if err := out.Solution(sol.X, sol.Y); err != nil {
			return err
		}
	}
	res.Run = &dir
	res.PeakMiB = r.Peak()
	res.Seconds.Write = time.Since(start).Seconds()
	man.Outcome = res.Outcome
	man.Common = oneStep(m)
	res.Manifest = man
	return out.Commit(man)
}

// unformulated says where the planner wrote what makes no problem.
func unformulated(s *system.System, m *primitive.Model, name string, err error) error {
	if problems := system.Faults(s, m, err); len(problems) > 0 {
		return Problems(problems)
	}
	return refuse("study %s cannot be formulated: %w", name, err)
}

// oneStep counts what the problem would have been on one common step; nil where
// everything is on one already, or where that could not be formulated.
func oneStep(m *primitive.Model) *run.Common {
	common, grids := formulate.OnOneStep(m)
	if common == nil {
		return nil
	}
	rows, cols, err := formulate.Count(common)
	if err != nil {
		return nil
	}
	out := &run.Common{Rows: rows, Cols: cols}
	for _, g := range grids {
		out.Steps = append(out.Steps, m.Clock.Grids[g].Step.String())
	}
	return out
}

// builds fixes what may be built to what another study built: from a run of it
// with the same problem, certified, else by solving it now (and keeping the
// run beside this one). It returns what was taken, for the manifest; or the
// other study's end, where that was no optimum.
func (r *Request) builds(ctx context.Context, w *workspace.Workspace, s *system.System, m *primitive.Model) (string, *Result, error) {
	name := s.Study.Builds
	all, problems := points(w, name)
	if len(problems) > 0 {
		return "", nil, Problems(problems)
	}
	other, model, problems := load(w, all[0].tree)
	if len(problems) > 0 {
		return "", nil, Problems(workspace.Sorted(problems))
	}
	if other.Study.Builds != "" {
		if _, failed, err := r.builds(ctx, w, other, model); failed != nil || err != nil {
			return "", failed, err
		}
	}
	problem, _, err := formulate.Build(model)
	if err != nil {
		return "", nil, unformulated(other, model, name, err)
	}
	hash := problem.Hash()
	found, err := find(filepath.Join(r.Dir, "runs"), hash)
	if err != nil {
		return "", nil, err
	}
	taken := fmt.Sprintf("%s %s", name, hash)
	if found != nil {
		// The hash knows no names: assets may have been renamed since.
		if missing, err := take(found, m); err != nil || len(missing) == 0 {
			return taken, nil, err
		}
	}
	r.Say("%s: first study %s, whose capacities it takes", s.Study.Name, name)
	again := *r
	again.Study, again.Out, again.warm = name, r.fresh(name), nil
	one, err := again.point(ctx, w, all[0], again.Out, 0)
	if err != nil {
		return "", nil, err
	}
	if one.Status != "optimal" {
		r.Say("%s: study %s ended %s, so there are no capacities to take", s.Study.Name, name, one.Status)
		return "", one, nil
	}
	if found, err = run.Open(again.Out); err != nil {
		return "", nil, err
	}
	missing, err := take(found, m)
	if err == nil && len(missing) > 0 {
		err = refuse("builds: study %s does not have %s; give both studies the same assets to build", name, names(missing))
	}
	return taken, nil, err
}

// take fixes what may be built to a run's capacities; or it returns the parts
// that the run does not have, and fixes none.
func take(f *run.Folder, m *primitive.Model) (missing []system.Part, err error) {
	caps, err := run.Read[run.Capacity](f, "capacities")
	if err != nil {
		return nil, err
	}
	built := make(map[system.Part]float64, len(caps))
	for _, c := range caps {
		built[system.Part{Asset: c.Asset, Part: c.Part}] = c.Built
	}
	for _, c := range m.Capacities {
		part := system.Part{Asset: m.Assets[c.Asset].Name, Part: c.Part}
		if _, ok := built[part]; !ok && c.Max > 0 {
			missing = append(missing, part)
		}
	}
	if len(missing) == 0 {
		system.FixBuilt(m, built)
	}
	return missing, nil
}

func names(parts []system.Part) string {
	var all []string
	for _, p := range parts {
		all = append(all, strings.TrimSuffix(p.Asset+"."+p.Part, "."))
	}
	return strings.Join(all, ", ")
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
	m, s, err := Model(dir, name)
	if err != nil {
		return nil, err
	}
	p, _, err := formulate.Build(m)
	if err != nil {
		return nil, unformulated(s, m, s.Study.Name, err)
	}
	return p, nil
}

// Model expands a study into primitives, with the system that they are of; of a
// sweep the first point. Capacities taken from another study (builds:) are left
// free.
func Model(dir, name string) (*primitive.Model, *system.System, error) {
	w, problems := workspace.Open(dir)
	defer w.Close()
	name, err := pick(w, name)
	if err != nil {
		return nil, nil, err
	}
	all, problems := ready(w, problems, name)
	if len(problems) > 0 {
		return nil, nil, Problems(problems)
	}
	sys, m, problems := load(w, all[0].tree)
	if len(problems) > 0 {
		return nil, nil, Problems(workspace.Sorted(problems))
	}
	return m, sys, nil
}
