package study

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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
	"example.org/busbar/internal/rolling"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/emit"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
)

// ImportNetwork makes a workspace of a network. Security constraints become
// outages, near-optimal alternatives the study's, a rolling horizon its windows.
func ImportNetwork(n *pypsa.Network, o pypsa.Options) (*emit.Result, []attribute.Problem, error) {
	b, problems := pypsa.Build(n, o)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	var alternative *system.Alternative
	weights, standing, problems := n.Alternative(b, o)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	if weights != nil {
		alternative = &system.Alternative{Slack: o.Slack, Most: o.Maximise, Beside: standing, Weights: weights}
	}
	windows, err := windowsOf(n, o, b.Model)
	if err != nil {
		return nil, nil, err
	}
	r, err := emit.Workspace(n.System(b.Model), b.Model, emit.Options{
		Made: fmt.Sprintf("Made from the PyPSA network %s by busbar import pypsa.", n.Name), Source: "PyPSA network " + n.Name,
		Alternative: alternative, Rolling: windows,
	})
	if err != nil {
		return nil, nil, refuse("%s: %w", n.Name, err)
	}
	r.Notes = append(slices.Clone(b.Notes), r.Notes...)
	return r, nil, nil
}

// windowsOf are the windows of a network's rolling horizon, nil where it asks for
// none. PyPSA counts snapshots, a study hours.
func windowsOf(n *pypsa.Network, o pypsa.Options, m *primitive.Model) (*system.Rolling, error) {
	if o.Entry != "rolling_horizon" {
		return nil, nil
	}
	h := m.Clock.Hours[0]
	for _, other := range m.Clock.Hours {
		if other != h {
			return nil, refuse("%s: entry_point rolling_horizon is not imported where snapshots differ in length (delays, maintenance); solve the network as it is (busbar solve)", n.Name)
		}
	}
	k := &system.Rolling{Horizon: float64(o.Horizon) * h, Overlap: float64(o.Overlap) * h}
	k.Afresh, k.Windows = true, rolling.Windows(len(n.Snapshots), o.Horizon, o.Overlap)
	faults := rolling.Faults(m, k.Plan)
	for i := range m.Limits {
		l := &m.Limits[i]
		if l.Span != primitive.EachStep && slices.ContainsFunc(l.Terms, func(t primitive.Term) bool { return t.Of == primitive.StoreLevel }) {
			faults = append(faults, fmt.Sprintf("%s counts what stores give up, from the start of each window", l.Name))
		}
	}
	if len(faults) > 0 {
		return nil, refuse("%s: entry_point rolling_horizon is not imported: %s; solve the network as it is (busbar solve), or import it with optimize", n.Name, strings.Join(faults, "; "))
	}
	return k, nil
}

// networkFile keeps with a run the options with which a network was solved; a
// run that has it is a network's.
const networkFile = "pypsa.json"

// WriteNetwork writes what a network came to as a run folder with the tables of
// any run. inputs are the files that were read, by the names they keep. Manifest
// and outcome are filled in part: version, seconds and status are the caller's.
func WriteNetwork(w *run.Writer, n *pypsa.Network, o pypsa.Options, a *pypsa.Answer, inputs map[string]string, out *run.Outcome, version string, conflict *explain.Conflict) error {
	whole, problems, err := a.Joined()
	if err != nil || len(problems) > 0 {
		return errors.Join(err, Problems(problems))
	}
	s := n.System(whole.Model)
	man := &run.Manifest{
		Busbar: version, Created: time.Now().UTC(), System: n.Name, Study: n.Name, Currency: s.Currency, Year: s.Study.Year,
		Machine: run.Here(), Notes: a.Notes, Attempts: a.Solution.Note,
	}
	switch o.Entry {
	case "rolling_horizon":
		man.Rolling = &run.Rolling{Horizon: float64(o.Horizon), Overlap: float64(o.Overlap), Unit: "snapshots", Windows: len(a.Windows), Afresh: true}
		man.Notes = append(man.Notes[:len(man.Notes):len(man.Notes)], "The tables join the windows of the rolling horizon: each snapshot is as the last window that held it decided, and the whole is not claimed to be the best over the horizon. The objective is that of the last window.")
		if out.Objective != nil {
			out.Total = &whole.Solution.Objective
		}
	case "mga":
		man.Notes = append(man.Notes[:len(man.Notes):len(man.Notes)], "The objective is that of the alternative; the money in the tables is what its plan costs.")
	}
	if len(n.Scenarios) > 0 {
		man.Notes = append(man.Notes[:len(man.Notes):len(man.Notes)], "Scenarios stand side by side, as SCENARIO|NAME: amounts are sums over all of them, money counts with their probabilities. What they share has the name of the first.")
	}
	if c := out.Constant; c != nil && *c != 0 {
		man.Notes = append(man.Notes[:len(man.Notes):len(man.Notes)], fmt.Sprintf("Of the objective %.10g is PyPSA's objective_constant: what extendable assets that stood before cost.", *c))
	}
	if err := w.JSON(networkFile, o); err != nil {
		return err
	}
	return commit(w, man, s, whole.Model, whole.Index, whole.Solution, inputs, out, conflict)
}

// commit writes inputs, system and tables of an imported network and its
// manifest.
func commit(w *run.Writer, man *run.Manifest, s *system.System, m *primitive.Model, ix *formulate.Index, sol *lp.Solution, inputs map[string]string, out *run.Outcome, conflict *explain.Conflict) error {
	for name, file := range inputs {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		in, err := w.Input(name, data)
		if err != nil {
			return err
		}
		man.Inputs = append(man.Inputs, in)
	}
	if err := w.JSON("system.json", snapshot(s)); err != nil {
		return err
	}
	if conflict != nil {
		if err := w.JSON("conflict.json", conflict); err != nil {
			return err
		}
	}
	if out.Objective != nil {
		if err := w.Tables(account.Of(s, m, ix, sol)); err != nil {
			return err
		}
		if err := w.Solution(sol.X, sol.Y); err != nil {
			return err
		}
	}
	folder := w.Dir()
	out.Run = &folder
	man.Outcome = *out
	return w.Commit(man)
}

// NetworkConflict looks for what in a network can't hold together.
func NetworkConflict(ctx context.Context, n *pypsa.Network, a *pypsa.Answer, solver string, o lp.Options) (*explain.Conflict, error) {
	return explain.Infeasible(ctx, n.System(a.Model), a.Model, solver, o)
}

// IsNetwork reports whether a run is that of a network, which has no study.
func IsNetwork(f *run.Folder) bool {
	for _, name := range []string{networkFile, caseFile} {
		if _, err := os.Stat(filepath.Join(f.Dir, name)); err == nil {
			return true
		}
	}
	return false
}

// NetworkOptions are the options that a network's run was solved with, each as
// JSON; nil where they can't be read.
func NetworkOptions(f *run.Folder) map[string]string {
	for _, name := range []string{networkFile, caseFile} {
		text, err := os.ReadFile(filepath.Join(f.Dir, name))
		if err != nil {
			continue
		}
		var read map[string]json.RawMessage
		if json.Unmarshal(text, &read) != nil {
			return nil
		}
		options := map[string]string{}
		for key, v := range read {
			var short bytes.Buffer
			if json.Compact(&short, v) == nil {
				options[key] = short.String()
			}
		}
		return options
	}
	return nil
}

// rebuildNetwork makes the problem of a network's run again; ok is false for
// the run of a study.
func rebuildNetwork(f *run.Folder) (out *explain.Solved, ok bool, err error) {
	text, err := os.ReadFile(filepath.Join(f.Dir, networkFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	var o pypsa.Options
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		return nil, true, fmt.Errorf("%s: %s cannot be read: %w", f.Dir, networkFile, err)
	}
	if o.Entry == "mga" {
		return nil, true, refuse("%s: of a near-optimal alternative the run of a workspace is explained; `busbar import pypsa` makes one, with the same options", f.Dir)
	}
	n, problems, err := pypsa.Open(filepath.Join(f.Dir, "inputs"))
	if err != nil {
		return nil, true, fmt.Errorf("%s: %w", f.Dir, err)
	}
	if len(problems) > 0 {
		return nil, true, fmt.Errorf("%s: %w: %v", f.Dir, ErrOther, problems[0])
	}
	b, problems := pypsa.Build(n, o)
	if len(problems) > 0 {
		return nil, true, fmt.Errorf("%s: %w: %v", f.Dir, ErrOther, problems[0])
	}
	out = &explain.Solved{System: n.System(b.Model), Model: b.Model}
	if out.Problem, out.Index, err = formulate.Build(b.Model); err != nil {
		return nil, true, fmt.Errorf("%s: %w: %w", f.Dir, ErrOther, err)
	}
	return out, true, nil
}
