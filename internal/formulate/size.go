package formulate

import (
	"errors"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// Count returns how many rows and columns Build would write, by its first pass
// alone: nothing is written. The error is as Build's.
func Count(m *primitive.Model) (rows, cols int, err error) {
	b := &builder{m: m, axes: axes{c: m.Clock}, ix: newIndex(m), busRow: make([]int32, len(m.Buses))}
	if faults := b.check(); len(faults) > 0 {
		return 0, 0, errors.Join(faults...)
	}
	b.p = &lp.Problem{}
	b.emitColumns()
	b.p.Start = make([]int64, b.cols+2)
	b.emitRows()
	return int(b.rows), int(b.cols), nil
}

// OnOneStep is the model with everything on the finest step that a balance
// uses, and the grids that balances use, from fine to coarse; nil where there is
// only one. It serves to be counted: where a limit has a bound for each step,
// the first stands for all.
func OnOneStep(m *primitive.Model) (*primitive.Model, []int32) {
	used := map[int32]bool{}
	for i := range m.Buses {
		if c := &m.Commodities[m.Buses[i].Commodity]; c.Balance != primitive.Account {
			used[c.Grid] = true
		}
	}
	var grids []int32
	for g := range int32(len(m.Clock.Grids)) { // from fine to coarse
		if used[g] {
			grids = append(grids, g)
		}
	}
	if len(grids) < 2 {
		return nil, grids
	}
	to := grids[0]
	out := *m
	out.Commodities = append([]primitive.Commodity(nil), m.Commodities...)
	for i := range out.Commodities {
		out.Commodities[i].Grid = to
	}
	out.Units = append([]primitive.Unit(nil), m.Units...)
	for i := range out.Units {
		out.Units[i].Grid = to
	}
	out.Routes = append([]primitive.Route(nil), m.Routes...)
	for i := range out.Routes {
		out.Routes[i].Grid = to
	}
	out.Lines = append([]primitive.Line(nil), m.Lines...)
	for i := range out.Lines {
		out.Lines[i].Grid = to
	}
	out.Trades = append([]primitive.Trade(nil), m.Trades...)
	for i := range out.Trades {
		t := &out.Trades[i]
		t.Grid = to
		t.Scopes = append([]primitive.Total(nil), t.Scopes...)
		for k := range t.Scopes {
			if s := &t.Scopes[k]; s.Span == primitive.EachStep {
				s.Min, s.Max = firstOf(s.Min), firstOf(s.Max)
			}
		}
	}
	out.Limits = append([]primitive.Limit(nil), m.Limits...)
	for i := range out.Limits {
		if l := &out.Limits[i]; l.Span == primitive.EachStep {
			l.Min, l.Max = firstOf(l.Min), firstOf(l.Max)
		}
	}
	return &out, grids
}

func firstOf(v []float64) []float64 {
	if len(v) > 1 {
		return v[:1]
	}
	return v
}
