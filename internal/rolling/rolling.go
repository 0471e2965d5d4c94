// Package rolling solves a problem window by window: each window looks some
// steps ahead, the first of them are kept, and the next window goes on from
// there.
//
// What enters: windows, and who solves one; or a whole model with the length of
// its windows. What leaves: the answers of the windows, the worst of their
// certificates, and one point over the whole horizon in which each step is as
// the last window that held it decided.
//
// # How a window is cut
//
// A window is the whole problem with what lies before it fixed and what lies
// behind it left open. What the columns of a row come to before the window is moved
// to its right-hand side; those behind it may be anything between their bounds. So
// levels, ramps, starts and stops, times up and down, what is under way and sums
// over the last hours go on from window to window without a word about any of
// them here, and no part of the joined point breaks a row of the whole problem.
//
// Three things are the window's own. A cap over a span that goes on behind the
// window holds for what is used so far; a floor for the share of the span that has
// passed (cut.go). What comes round in the whole horizon (cyclic) has a beginning
// that is given (open.go). What is left in a store at the end of a window is worth
// what the store says it is worth at the end of the horizon.
package rolling

import (
	"fmt"
	"math"

	"example.org/busbar/internal/clock"
	"example.org/busbar/lp"
)

// Window is the ticks From up to To of a clock.
type Window struct{ From, To int }

// Windows are those of a horizon of some ticks, each horizon - overlap after the
// one before, cut at the end. An overlap is below its horizon.
func Windows(ticks, horizon, overlap int) []Window {
	var all []Window
	for from := 0; from < ticks; from += horizon - overlap {
		all = append(all, Window{from, min(ticks, from+horizon)})
	}
	return all
}

// ByHours are the windows of a clock for a horizon and an overlap in hours. The
// error says which window does not begin or end with a tick.
func ByHours(c *clock.Clock, horizon, overlap float64) ([]Window, error) {
	if !(horizon > 0) || !(overlap >= 0) || overlap >= horizon {
		return nil, fmt.Errorf("a horizon of %g h and an overlap of %g h; want a horizon above 0 and an overlap below it", horizon, overlap)
	}
	begin := make([]float64, c.Ticks()+1)
	for t, h := range c.Hours {
		begin[t+1] = begin[t] + h
	}
	end := begin[c.Ticks()]
	slack := 1e-6 * c.Hours[0]
	next := 0
	tick := func(hour float64) (int, error) {
		t := next
		for t < c.Ticks() && begin[t] < hour-slack {
			t++
		}
		if math.Abs(begin[t]-hour) > slack && hour < end {
			return 0, fmt.Errorf("a window begins or ends %g h after the start, in the midst of a step; want a horizon and an overlap of whole steps", hour)
		}
		return t, nil
	}
	var all []Window
	for k := 0; ; k++ {
		at := float64(k) * (horizon - overlap)
		if at >= end-slack {
			return all, nil
		}
		from, err := tick(at)
		if err != nil {
			return nil, err
		}
		next = from
		to, err := tick(math.Min(at+horizon, end))
		if err != nil {
			return nil, err
		}
		all = append(all, Window{from, to})
	}
}

// Part is the answer of a window.
type Part struct {
	Window
	Solution    *lp.Solution
	Certificate lp.Certificate
}

// Optimal tells whether a part has an optimum to go on from.
func (p *Part) Optimal() bool { return p.Solution.Status == lp.Optimal && p.Solution.X != nil }

// Sequence is what the windows came to.
type Sequence struct {
	Parts       []Part
	Certificate lp.Certificate // the worst of the parts, with the last one's objective
}

// Solve solves windows one after the other; one without an optimum ends it.
func Solve(windows []Window, solve func(Window) (*lp.Solution, lp.Certificate, error)) (*Sequence, error) {
	s := &Sequence{}
	var all []lp.Certificate
	for _, w := range windows {
		sol, cert, err := solve(w)
		if err != nil {
			return nil, err
		}
		p := Part{w, sol, cert}
		s.Parts, all = append(s.Parts, p), append(all, cert)
		if !p.Optimal() {
			break
		}
	}
	s.Certificate = lp.Sequence(all...)
	s.Certificate.Objective = s.Last().Certificate.Objective
	return s, nil
}

// mostTold is of how many windows each has a line of progress.
const mostTold = 60

// Told tells whether the end of window k of n, from 1, gets a line of progress: of
// many windows not all do.
func Told(k, n int) bool { return k == n || k%((n+mostTold-1)/mostTold) == 0 }

// Last is the last window that was solved.
func (s *Sequence) Last() *Part { return &s.Parts[len(s.Parts)-1] }

// Objectives are those of the windows that have an optimum.
func (s *Sequence) Objectives() []float64 {
	var all []float64
	for i := range s.Parts {
		if s.Parts[i].Optimal() {
			all = append(all, s.Parts[i].Solution.Objective)
		}
	}
	return all
}
