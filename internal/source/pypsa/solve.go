package pypsa

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/rolling"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// Answer is what an entry point of PyPSA comes to.
type Answer struct {
	*Built
	Problem     *lp.Problem
	Index       *formulate.Index
	Solution    *lp.Solution
	Certificate lp.Certificate // of a sequence where several problems were solved
	Windows     []float64      // objective of each window of a rolling horizon
	BuildTime   time.Duration
	SolveTime   time.Duration

	n     *Network
	o     Options
	parts []part
}

// part is the answer of a run of snapshots; where parts overlap the later holds.
type part struct {
	from int // its first snapshot
	*Answer
}

// Solver is what Solve asks to solve a problem; hint tells the times of its rows and
// columns. It may begin near a point that is in part a guess, where that is not nil.
type Solver func(ctx context.Context, p *lp.Problem, hint *lp.Hint, near *lp.Solution) (*lp.Solution, lp.Certificate, error)

// With is the Solver of a name and options of package solve.
func With(name string, o lp.Options) Solver {
	return func(ctx context.Context, p *lp.Problem, hint *lp.Hint, near *lp.Solution) (*lp.Solution, lp.Certificate, error) {
		o := o
		o.Hint = hint
		if near != nil && !p.IsMIP() {
			o.Warm, o.Rough = near, true
		}
		return solve.Run(ctx, p, name, o)
	}
}

// Solve builds and solves a network as its options ask. A part that has no
// optimum ends a sequence: the answer is that part's.
func Solve(ctx context.Context, n *Network, o Options, by Solver) (*Answer, []attribute.Problem, error) {
	s := &solving{ctx: ctx, n: n, o: o, by: by}
	var a *Answer
	switch o.Entry {
	case "mga":
		a = s.alternative()
	case "rolling_horizon":
		a = s.rolling()
	default:
		a = s.once(n, nil, nil)
	}
	if a != nil {
		a.BuildTime, a.SolveTime = s.build, s.solve
		a.n, a.o = n, o
		if a.parts == nil {
			a.parts = []part{{0, a}}
		}
	}
	return a, s.problems, s.err
}

// solving is one Solve.
type solving struct {
	ctx          context.Context
	n            *Network
	o            Options
	by           Solver
	budget       func(*Built) float64       // on all money; nil: none
	near         func(*Answer) *lp.Solution // where the search may begin; nil: nothing is known
	build, solve time.Duration
	problems     []attribute.Problem
	err          error
}

// once builds and solves one network; change may alter model and problem.
// It returns nil with a problem or an error.
func (s *solving) once(n *Network, before *past, change func(*Built, *lp.Problem, *formulate.Index)) *Answer {
	start := time.Now()
	b, problems := build(n, s.o, before)
	if len(problems) > 0 {
		s.problems = problems
		return nil
	}
	if s.budget != nil {
		b.Model.Limits = append(b.Model.Limits, formulate.Budget(s.budget(b)))
	}
	a := &Answer{Built: b}
	if a.Problem, a.Index, s.err = formulate.Build(b.Model); s.err != nil {
		s.problems = n.faults(b.Model, s.err)
		s.err = nil
		return nil
	}
	if a.Problem.IsMIP() && a.Problem.IsQP() {
		s.problem("quadratic costs together with integers (commitment, modules, maintenance, curves) are not solved; linearized_unit_commitment or piecewise costs fit")
		return nil
	}
	if change != nil {
		change(b, a.Problem, a.Index)
	}
	var near *lp.Solution
	if s.near != nil {
		near = s.near(a)
	}
	s.build += time.Since(start)
	start = time.Now()
	a.Solution, a.Certificate, s.err = s.by(s.ctx, a.Problem, a.Index.Hint(), near)
	s.solve += time.Since(start)
	if s.err != nil {
		return nil
	}
	return a
}

func (a *Answer) optimal() bool { return a.Solution.Status == lp.Optimal && a.Solution.X != nil }

func (s *solving) problem(text string) {
	s.problems = append(s.problems, attribute.Problem{File: s.n.table("Bus").where(""), Line: 1, Col: 1, Code: "pypsa-option", Text: text})
}

// sequence joins certificates with that of the last part.
func sequence(c lp.Certificate, last *Answer) lp.Certificate {
	joined := lp.Sequence(c, last.Certificate)
	joined.Objective = last.Certificate.Objective
	return joined
}

// past is what windows before this one have done.
type past struct {
	dispatch map[Asset]float64
	online   map[Asset][]float64 // the nearest snapshot first
}

// rolling solves windows of Horizon snapshots, each Horizon - Overlap after the
// one before: levels begin where the earlier ones ended, ramps and commitment
// go on.
func (s *solving) rolling() *Answer {
	n := s.n
	if len(n.Periods) > 0 {
		s.problem("rolling_horizon does not go with investment periods")
		return nil
	}
	if len(n.Scenarios) > 0 {
		s.problem("rolling_horizon does not go with scenarios")
		return nil
	}
	var parts []part
	levels := map[Asset][]float64{}
	dispatch, online := map[Asset][]float64{}, map[Asset][]float64{}
	windows := rolling.Windows(len(n.Snapshots), s.o.Horizon, s.o.Overlap)
	steps, err := rolling.Solve(windows, func(at rolling.Window) (*lp.Solution, lp.Certificate, error) {
		start := at.From
		w := n.window(start, at.To)
		var before *past
		if start > 0 {
			before = &past{map[Asset]float64{}, map[Asset][]float64{}}
			for a, v := range levels {
				t := w.table(a.Component)
				name := map[string]string{"Store": "e_initial", "StorageUnit": "state_of_charge_initial"}[a.Component]
				t.set(t.index[a.Name], name, v[start-1])
			}
			for a, v := range dispatch {
				before.dispatch[a] = v[start-1]
			}
			for a, v := range online {
				h := slices.Clone(v[:start])
				slices.Reverse(h)
				before.online[a] = h
			}
		}
		if len(parts) > 0 {
			last := parts[len(parts)-1]
			s.near = func(a *Answer) *lp.Solution {
				if last.Solution.Y == nil {
					return nil
				}
				return rolling.Near(a.Index, a.Problem.Cols(), a.Problem.Rows(), last.Index, last.Solution.X, last.Solution.Y, int32(start-last.from), int32(windows[len(parts)-1].To-last.from))
			}
		}
		a := s.once(w, before, nil)
		if a == nil {
			return nil, lp.Certificate{}, errNoAnswer
		}
		parts = append(parts, part{start, a})
		if s.o.Say != nil && (rolling.Told(len(parts), len(windows)) || !a.optimal()) {
			s.o.Say("window %d of %d, snapshots %d to %d of %d: %v, objective %.10g", len(parts), len(windows), start+1, at.To, len(n.Snapshots), a.Solution.Status, a.Solution.Objective)
		}
		if !a.optimal() {
			return a.Solution, a.Certificate, nil
		}
		x := a.Solution.X
		for asset, u := range a.units {
			dispatch[asset] = append(dispatch[asset][:min(start, len(dispatch[asset]))], a.Index.UnitActivity(x, int(u))...)
			if a.Model.Units[u].Commitment != nil {
				online[asset] = append(online[asset][:min(start, len(online[asset]))], a.Index.UnitOnline(x, int(u))...)
			}
		}
		for asset, term := range a.levels {
			v := levels[asset]
			v = v[:min(start, len(v))]
			if term.Of == primitive.StoreLevel {
				v = append(v, a.Index.StoreLevel(x, int(term.Index))...)
			} else {
				v = append(v, a.Index.UnitActivity(x, int(term.Index))...)
			}
			levels[asset] = v
		}
		return a.Solution, a.Certificate, nil
	})
	if err != nil {
		return nil // its problems are told
	}
	last := parts[len(parts)-1].Answer
	last.Windows, last.Certificate, last.parts = steps.Objectives(), steps.Certificate, parts
	return last
}

// errNoAnswer ends a sequence whose problem or error is kept.
var errNoAnswer = errors.New("no answer")

// window is the network from one snapshot up to another.
func (n *Network) window(from, to int) *Network {
	w := &Network{Name: n.Name, Snapshots: n.Snapshots[from:to], ofWhole: n.Snapshots, Notes: n.Notes, tables: map[string]*Table{}, where: n.where, findings: n.findings}
	for name, t := range n.tables {
		c := *t
		c.columns = map[string]*column{}
		for k, v := range t.columns {
			c.columns[k] = v
		}
		c.series = map[string]map[int][]float64{}
		for attr, all := range t.series {
			c.series[attr] = map[int][]float64{}
			for i, v := range all {
				c.series[attr][i] = v[from:to]
			}
		}
		w.tables[name] = &c
	}
	return w
}

// set gives an asset's number another value, in this table only.
func (t *Table) set(i int, name string, v float64) {
	c := t.columns[name]
	next := &column{attribute: t.attribute(name), text: make([]string, len(t.Names)), line: t.lines, col: t.start}
	for k := range t.Names {
		next.number = append(next.number, t.number(k, name))
	}
	if c != nil {
		next.text, next.line, next.col = c.text, c.line, c.col
	}
	next.number[i] = v
	t.columns[name] = next
}
