package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/rolling"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
)

// ErrOther says that a run's inputs no longer make the problem that it solved:
// they were changed, or this version of Busbar builds another one.
var ErrOther = errors.New("the inputs kept with the run make another problem than it solved")

// Rebuild makes the problem of a run again from the inputs kept with it, and
// puts the run's point and duals to it. An error is ErrOther where it is not
// the same problem, by its hash; a run without an answer has no X.
func Rebuild(f *run.Folder) (*explain.Solved, error) {
	if f.Manifest.Status == "infeasible" || f.Manifest.Status == "unbounded" {
		return nil, refuse("%s: the run ended %s, there is no answer to explain", f.Dir, f.Manifest.Status)
	}
	out, network, err := rebuildNetwork(f)
	if !network {
		out, network, err = rebuildCase(f)
	}
	if !network {
		out, err = rebuildStudy(f)
	}
	if err != nil {
		return nil, err
	}
	other := fmt.Errorf("%s: %w (made by busbar %s)", f.Dir, ErrOther, f.Manifest.Busbar)
	lastWindow := network && f.Manifest.Rolling != nil // whose hash it is
	if hash := out.Problem.Hash(); hash != f.Manifest.LPHash && !lastWindow {
		return nil, other
	}
	if out.X, out.Y, err = f.Solution(); err != nil {
		return nil, err
	}
	if len(out.X) != out.Problem.Cols() || len(out.Y) != 0 && len(out.Y) != out.Problem.Rows() {
		return nil, fmt.Errorf("%s: point and duals of %d and %d numbers for %d columns and %d rows", f.Dir, len(out.X), len(out.Y), out.Problem.Cols(), out.Problem.Rows())
	}
	if total := f.Manifest.Total; lastWindow && (total == nil || math.Abs(out.Problem.Objective(out.X)-*total) > 1e-9*(1+math.Abs(*total))) {
		return nil, other
	}
	if c := f.Manifest.Certificate; c != nil && c.OK && c.Kind != lp.KindSequence && !out.Problem.IsMIP() {
		if again := lp.Certify(out.Problem, &lp.Solution{Status: lp.Optimal, X: out.X, Y: out.Y}); !again.OK {
			return nil, refuse("%s: the point and the duals kept with the run are not those that were certified: %v", f.Dir, again)
		}
	}
	if s := out.System; s != nil && s.Alternative != nil {
		if out, err = inMoney(s, out.Model, out.X, out.Y); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Dir, err)
		}
	}
	return out, nil
}

// rebuildStudy makes the problem of a study's run again.
func rebuildStudy(f *run.Folder) (*explain.Solved, error) {
	dir := filepath.Join(f.Dir, "inputs")
	w, problems := workspace.Open(dir)
	defer w.Close()
	tree, more := treeOf(w, f.Manifest.Study)
	if tree == nil {
		return nil, refuse("%s: study %s is not among the inputs kept with the run", f.Dir, f.Manifest.Study)
	}
	s, m, bad := load(w, tree)
	if problems = append(append(problems, more...), bad...); len(problems) > 0 {
		return nil, fmt.Errorf("%s: %w: %v", f.Dir, ErrOther, problems[0])
	}
	if s.Study.Builds != "" {
		if missing, err := take(f, m); err != nil || len(missing) > 0 {
			return nil, errors.Join(err, fmt.Errorf("%s: %w", f.Dir, ErrOther))
		}
	}
	out := &explain.Solved{System: s, Model: m}
	var err error
	if s.Alternative != nil {
		least := f.Manifest.LeastCost
		if least == nil {
			return nil, refuse("%s: the run does not say what the least cost was beside which its plan is near; run it again", f.Dir)
		}
		if out.Problem, out.Index, err = nearby(s.Alternative, m, *least); err != nil {
			return nil, fmt.Errorf("%s: %w: %w", f.Dir, ErrOther, err)
		}
		return out, nil
	}
	if s.Rolling != nil {
		whole, err := rolling.New(m, s.Rolling.Plan)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %w", f.Dir, ErrOther, err)
		}
		out.Model, out.Problem, out.Index = whole.Model, whole.Problem, whole.Index
		return out, nil
	}
	if out.Problem, out.Index, err = formulate.Build(m); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", f.Dir, ErrOther, err)
	}
	return out, nil
}

// Tree is the tree of the study of a run (of a sweep, its point) as the inputs
// kept with it say; nil where they don't.
func Tree(f *run.Folder) *attribute.Node {
	w, _ := workspace.Open(filepath.Join(f.Dir, "inputs"))
	defer w.Close()
	tree, _ := treeOf(w, f.Manifest.Study)
	return tree
}

// treeOf finds a study, or the point of a sweep (STUDY.3), by its name.
func treeOf(w *workspace.Workspace, name string) (*attribute.Node, []attribute.Problem) {
	if study, _, swept := strings.Cut(name, "."); swept {
		all, problems := w.Sweep(study)
		for _, p := range all {
			if p.Name == name {
				return p.Tree, problems
			}
		}
		return nil, problems
	}
	return w.Tree(name)
}

// Conflict searches a study for things that cannot hold together, without
// solving it first. A Conflict without parts says that there is none.
func Conflict(ctx context.Context, r Request) (*explain.Conflict, error) {
	w, problems := workspace.Open(r.Dir)
	defer w.Close()
	name, all := r.Study, []point(nil)
	if strings.Contains(name, ".") { // the point of a sweep
		tree, more := treeOf(w, name)
		if problems = workspace.Sorted(append(problems, more...)); len(problems) > 0 {
			return nil, Problems(problems)
		}
		if tree == nil {
			return nil, refuse("no sweep of this workspace has a point %s", name)
		}
		all = []point{{name: name, tree: tree}}
	} else {
		var err error
		if name, err = pick(w, name); err != nil {
			if len(problems) > 0 {
				return nil, Problems(problems)
			}
			return nil, err
		}
		if all, problems = ready(w, problems, name); len(problems) > 0 {
			return nil, Problems(problems)
		}
	}
	if len(all) > 1 {
		return nil, refuse("study %s is a sweep of %d points, %s to %s; name one of them", name, len(all), all[0].name, all[len(all)-1].name)
	}
	var s *system.System
	var m *primitive.Model
	if s, m, problems = load(w, all[0].tree); len(problems) > 0 {
		return nil, Problems(workspace.Sorted(problems))
	}
	if s.Study.Builds != "" {
		_, failed, err := r.builds(ctx, w, s, m)
		if err != nil {
			return nil, err
		}
		if failed != nil {
			return nil, refuse("study %s, whose capacities %s takes, ended %s", s.Study.Builds, name, failed.Status)
		}
	}
	r.Say("%s: looking for what conflicts", name)
	return explain.Infeasible(ctx, s, m, r.Solver, r.LP)
}

// Zone is the offset that a run's study keeps its days in; UTC where its
// inputs don't say.
func Zone(f *run.Folder) *time.Location {
	tree := Tree(f)
	if tree == nil {
		return time.UTC
	}
	if n := tree.Get("offset"); n != nil {
		if t, err := time.Parse("-07:00", strings.TrimSpace(n.Text)); err == nil {
			_, seconds := t.Zone()
			return time.FixedZone("", seconds)
		}
	}
	return time.UTC
}
