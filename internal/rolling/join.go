package rolling

import (
	"example.org/busbar/internal/formulate"
	"example.org/busbar/lp"
)

// Answer is what a whole model came to, window by window.
type Answer struct {
	*Sequence
	X, Y []float64 // of the whole problem, each step as the last window that held it decided; Y nil where a window has none
}

// Solve solves the windows in turn.
func (w *Whole) Solve(solve func(*Piece) (*lp.Solution, lp.Certificate, error)) (*Answer, error) {
	a := &Answer{X: make([]float64, w.Problem.Cols()), Y: make([]float64, w.Problem.Rows())}
	var err error
	var before Window
	a.Sequence, err = Solve(w.plan.Windows, func(win Window) (*lp.Solution, lp.Certificate, error) {
		q := w.Cut(win, a.X)
		q.Near = w.near(q, a, before)
		before = win
		sol, cert, err := solve(q)
		if err != nil {
			return nil, cert, err
		}
		if sol.X != nil {
			for c, j := range q.Cols {
				a.X[j] = sol.X[c]
			}
		}
		if sol.Y == nil {
			a.Y = nil
		}
		if a.Y != nil {
			for i, r := range q.Rows {
				a.Y[r] = sol.Y[i]
			}
		}
		return sol, cert, nil
	})
	return a, err
}

// Near is where the search for a window may begin that is built as a model of its
// own, of so many columns and rows: at the plan px, py of the window before it, which
// begins shift ticks earlier and has so many, and behind its end at its last day, over
// and over. In part a guess (lp.Options.Rough).
func Near(next *formulate.Index, cols, rows int, part *formulate.Index, px, py []float64, shift, ticks int32) *lp.Solution {
	near := &lp.Solution{X: make([]float64, cols), Y: make([]float64, rows)}
	day := min(daily, ticks)
	for k := (shift + day - 1) / day; k >= 0; k-- { // what is nearest to the end of the window before is laid last, and stays
		Join(next, near.X, near.Y, part, px, py, k*day-shift)
	}
	return near
}

// Join lays the point and duals of a window, built as a model of its own, into
// those of the whole, whose windows before it are in X and Y already. shift is its
// first tick; both clocks have ticks alone.
func Join(whole *formulate.Index, x, y []float64, part *formulate.Index, px, py []float64, shift int32) {
	lay := func(all, some func(func(formulate.Block)), into, from []float64) {
		type key struct {
			what       formulate.What
			index, sub int32
			grid       int32
		}
		first := map[key][]formulate.Block{}
		all(func(k formulate.Block) {
			at := key{k.What, k.Index, k.Sub, k.Grid}
			first[at] = append(first[at], k)
		})
		some(func(k formulate.Block) {
			blocks := first[key{k.What, k.Index, k.Sub, k.Grid}]
			for n := range k.Count {
				step := k.Step + n
				if k.Grid >= 0 {
					step += shift
				}
				for _, b := range blocks {
					if b.Step <= step && step < b.Step+b.Count {
						into[b.First+step-b.Step] = from[k.First+n]
						break
					}
				}
			}
		})
	}
	lay(whole.Cols, part.Cols, x, px)
	if py != nil && y != nil {
		lay(whole.Rows, part.Rows, y, py)
	}
}
