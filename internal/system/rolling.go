package system

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/rolling"
)

// Rolling is a rolling horizon: windows of Horizon hours, of which the next plans
// the last Overlap hours anew.
type Rolling struct {
	Horizon, Overlap float64
	rolling.Plan
}

// rolling lays a study's windows on its clock.
func (l *loader) rolling(w *workspace) {
	r := w.Rolling
	if r == nil || l.s.Clock == nil || math.IsNaN(r.Horizon) || math.IsNaN(r.Overlap) {
		return // the last two are told
	}
	for _, key := range []string{"periods", "scenarios", "representative", "alternative", "risk"} {
		if n := l.tree.Get(key); n != nil && n.Kind != attribute.Null {
			l.fail("rolling", "conflict", "windows are solved one after the other, which does not go with %s; want either", key)
			return
		}
	}
	windows, err := rolling.ByHours(l.s.Clock, r.Horizon, r.Overlap)
	if err != nil {
		l.fail("rolling", "rolling", "%v", err)
		return
	}
	l.s.Rolling = &Rolling{r.Horizon, r.Overlap, rolling.Plan{Windows: windows, Start: r.Start, Afresh: r.Afresh}}
}

// windows refuses what can't be solved in windows. What may be built is looked at
// later where another study says how much is.
func (e *expander) windows() {
	if e.Rolling == nil {
		return
	}
	m := *e.m
	if e.Study.Builds != "" {
		m.Capacities = append([]primitive.Capacity(nil), m.Capacities...)
		for i := range m.Capacities {
			m.Capacities[i].Max = m.Capacities[i].Min
		}
	}
	pos := e.tree.Find("rolling")
	for _, text := range rolling.Faults(&m, e.Rolling.Plan) {
		e.problems = append(e.problems, attribute.Problem{File: pos.File, Line: pos.Line, Col: pos.Col, Code: "rolling", Text: "rolling: " + text})
	}
}
