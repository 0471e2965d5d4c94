package rolling

import (
	"fmt"
	"math"
	"slices"

	"example.org/busbar/internal/formulate"
)

// UsedUp names the sums over a span that have a part in the proof that a window
// has no plan, and what of each was used before it.
func (w *Whole) UsedUp(p *Part, x []float64) []string {
	ray := p.Solution.FarkasRay
	if ray == nil {
		return nil
	}
	q := w.Cut(p.Window, x)
	most := 0.0
	for _, v := range ray {
		most = math.Max(most, math.Abs(v))
	}
	var all []string
	for i, r := range q.Rows {
		k, step := w.Index.Row(int(r))
		if !k.Spanned() || math.Abs(ray[i]) < 1e-6*most {
			continue
		}
		used := 0.0
		for n := w.start[r]; n < w.start[r+1]; n++ {
			if j := w.col[n]; w.cols[j].before(p.Window) {
				used += w.value[n] * x[j]
			}
		}
		name := w.Index.Owner(k)
		if k.What == formulate.TradeTotal {
			name = "the total of " + name
		}
		side, bound := "at most", w.Problem.RowUpper[r]
		if ray[i] > 0 {
			side, bound = "at least", w.Problem.RowLower[r]
		}
		when := w.Index.Label(k, step)
		if when == "" {
			when = "the horizon"
		}
		text := fmt.Sprintf("%s over %s: %.6g of %s %.6g", name, when, used, side, bound)
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
