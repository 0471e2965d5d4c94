package study

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/emit"
	"example.org/busbar/internal/source/matpower"
	"example.org/busbar/lp"
)

// caseFile keeps with a run which DC approximation a MATPOWER case was solved
// with; a run that has it is a case's.
const caseFile = "matpower.json"

// caseOptions is what caseFile holds.
type caseOptions struct {
	File string      `json:"file"` // under inputs/
	DC   matpower.DC `json:"dc"`
}

// Case is a MATPOWER case with its optimum.
type Case struct {
	*matpower.Built
	DC          matpower.DC
	Problem     *lp.Problem
	Index       *formulate.Index
	Solution    *lp.Solution
	Certificate lp.Certificate
}

// WriteCase writes what a case came to as a run folder with the tables of any
// run, and one row a bus, generator and branch.
func WriteCase(w *run.Writer, c *Case, out *run.Outcome, version string, conflict *explain.Conflict) error {
	man := &run.Manifest{
		Busbar: version, Created: time.Now().UTC(), System: c.Case.Name, Study: c.Case.Name, Currency: matpower.Currency,
		Machine: run.Here(), Notes: c.Notes, Attempts: c.Solution.Note,
	}
	name := filepath.Base(c.Case.File)
	if err := w.JSON(caseFile, caseOptions{name, c.DC}); err != nil {
		return err
	}
	if out.Objective != nil {
		if err := w.Network(c.Network(c.Problem, c.Index, c.Solution.X, c.Solution.Y)); err != nil {
			return err
		}
	}
	return commit(w, man, c.System(), c.Model, c.Index, c.Solution, map[string]string{name: c.Case.File}, out, conflict)
}

// ImportCase makes a workspace of a case's DC optimal power flow.
func ImportCase(c *matpower.Case, dc matpower.DC) (*emit.Result, []attribute.Problem, error) {
	b, problems := matpower.Build(c, dc)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	r, err := emit.Workspace(b.System(), b.Model, emit.Options{
		Made: fmt.Sprintf("Made from the MATPOWER case %s by busbar import matpower.", c.Name), Source: "MATPOWER case " + c.Name,
	})
	if err != nil {
		return nil, nil, refuse("%s: %w", c.Name, err)
	}
	r.Notes = append(slices.Clone(b.Notes), r.Notes...)
	return r, nil, nil
}

// CaseConflict looks for what in a case can't hold together.
func CaseConflict(ctx context.Context, c *Case, solver string, o lp.Options) (*explain.Conflict, error) {
	return explain.Infeasible(ctx, c.System(), c.Model, solver, o)
}

// rebuildCase makes the problem of a case's run again; ok is false for other
// runs.
func rebuildCase(f *run.Folder) (out *explain.Solved, ok bool, err error) {
	text, err := os.ReadFile(filepath.Join(f.Dir, caseFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	var o caseOptions
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		return nil, true, fmt.Errorf("%s: %s cannot be read: %w", f.Dir, caseFile, err)
	}
	c, problems := matpower.ReadFile(filepath.Join(f.Dir, "inputs", filepath.Base(o.File)))
	if len(problems) > 0 {
		return nil, true, fmt.Errorf("%s: %w: %v", f.Dir, ErrOther, problems[0])
	}
	b, problems := matpower.Build(c, o.DC)
	if len(problems) > 0 {
		return nil, true, fmt.Errorf("%s: %w: %v", f.Dir, ErrOther, problems[0])
	}
	out = &explain.Solved{System: b.System(), Model: b.Model}
	if out.Problem, out.Index, err = formulate.Build(b.Model); err != nil {
		return nil, true, fmt.Errorf("%s: %w: %w", f.Dir, ErrOther, err)
	}
	return out, true, nil
}
