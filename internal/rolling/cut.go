package rolling

import (
	"errors"
	"math"
	"strings"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// Whole is a model over its whole horizon, to be solved in windows.
type Whole struct {
	Model   *primitive.Model // with a beginning for all that comes round
	Problem *lp.Problem
	Index   *formulate.Index
	Begins  []string // stores whose level before the first window is Plan.Start of their size

	plan   Plan
	round  []bool          // stores that come round
	store  map[int32]int32 // by bus
	levels []int32         // first column of each store's
	hint   *lp.Hint
	cols   []run // ticks that each column is about
	rows   []run
	begin  []float64 // hour at which each tick begins, and the end

	ofCols, ofRows things

	// The matrix by rows.
	start []int64
	col   []int32
	value []float64
}

// New builds the whole problem of a model. The error lists what of it can't be
// solved in windows.
func New(m *primitive.Model, p Plan) (*Whole, error) {
	if faults := Faults(m, p); len(faults) > 0 {
		return nil, errors.New(strings.Join(faults, "; "))
	}
	w := &Whole{plan: p, store: map[int32]int32{}}
	w.Model, w.round = open(m, p)
	var err error
	if w.Problem, w.Index, err = formulate.Build(w.Model); err != nil {
		return nil, err
	}
	for i := range w.Model.Stores {
		s := &w.Model.Stores[i]
		w.store[s.Bus] = int32(i)
		if w.round[i] && !p.Afresh {
			w.Begins = append(w.Begins, m.Assets[s.Asset].Name)
		}
	}
	w.levels = make([]int32, len(w.Model.Stores))
	w.Index.Cols(func(k formulate.Block) {
		if k.What == formulate.Level {
			w.levels[k.Index] = k.First
		}
	})
	w.hint = w.Index.Hint()
	w.start, w.col, w.value = w.Problem.ByRows()
	w.place()
	w.ofCols, w.ofRows = thingsOf(w.hint.ColSeries, w.cols), thingsOf(w.hint.RowSeries, w.rows)
	w.begin = make([]float64, 1)
	for t, h := range w.Model.Clock.Hours {
		w.begin = append(w.begin, w.begin[t]+h)
	}
	return w, nil
}

// run is a run of ticks.
type run struct{ from, to int32 }

func (r run) before(w Window) bool { return int(r.to) <= w.From }
func (r run) behind(w Window) bool { return int(r.from) >= w.To }
func (r run) in(w Window) bool     { return !r.before(w) && !r.behind(w) }

// place finds the ticks that each column and row is about: those of its step or
// span, and of a sum over some hours all that it sums.
func (w *Whole) place() {
	w.cols, w.rows = make([]run, w.Problem.Cols()), make([]run, w.Problem.Rows())
	ticks := func(into []run) func(formulate.Block) {
		return func(k formulate.Block) {
			for n := range k.Count {
				r := &into[k.First+n]
				r.from, r.to = w.Index.Ticks(k, k.Step+n)
			}
		}
	}
	w.Index.Cols(ticks(w.cols))
	w.Index.Rows(ticks(w.rows))
	sums := map[int32]bool{}
	w.Index.Cols(func(k formulate.Block) {
		if k.What == formulate.Sliding {
			for n := range k.Count {
				sums[k.First+n] = true
			}
		}
	})
	w.Index.Rows(func(k formulate.Block) {
		if k.What != formulate.UnitSlide {
			return
		}
		for r := k.First; r < k.First+k.Count; r++ {
			end, sum := int32(0), int32(-1) // the row's own sum is the later of its two
			for i := w.start[r]; i < w.start[r+1]; i++ {
				if j := w.col[i]; sums[j] {
					sum = max(sum, j)
				} else {
					end = max(end, w.cols[j].to)
				}
			}
			w.cols[sum].to = end
		}
	})
}

// Piece is the problem of a window, and which rows and columns of the whole it
// has.
type Piece struct {
	Window
	Problem    *lp.Problem
	Hint       *lp.Hint
	Rows, Cols []int32
	Near       *lp.Solution // where to begin, in part a guess (lp.Options.Rough); nil: nothing is known

	ix *formulate.Index
}

// RowName names a row as the whole problem does.
func (p *Piece) RowName(i int) string { return p.ix.RowName(int(p.Rows[i])) }

// ColName names a column as the whole problem does.
func (p *Piece) ColName(j int) string { return p.ix.ColName(int(p.Cols[j])) }

// Cut makes the problem of a window, given what was decided before it (x, of the
// whole; nothing at or behind the window is read).
func (w *Whole) Cut(win Window, x []float64) *Piece {
	p := w.Problem
	q := &Piece{Window: win, ix: w.Index}
	local := make([]int32, p.Cols())
	for j := range local {
		if local[j] = -1; w.cols[j].in(win) {
			local[j] = int32(len(q.Cols))
			q.Cols = append(q.Cols, int32(j))
		}
	}
	row := make([]int32, p.Rows())
	out := &lp.Problem{Names: q}
	var extra []entry
	w.Index.Rows(func(k formulate.Block) {
		for n := range k.Count {
			r := k.First + n
			row[r] = -1
			least, most, more, ok := w.bounds(k, k.Step+n, r, win, x, local)
			if !ok {
				continue
			}
			row[r] = int32(len(q.Rows))
			q.Rows = append(q.Rows, r)
			out.RowLower, out.RowUpper = append(out.RowLower, least), append(out.RowUpper, most)
			extra = append(extra, more...)
		}
	})
	w.fill(out, q, row, extra)
	w.left(out, win, local)
	q.Problem = out
	q.Hint = &lp.Hint{
		RowTime: pick(w.hint.RowTime, q.Rows), RowSeries: pick(w.hint.RowSeries, q.Rows),
		ColTime: pick(w.hint.ColTime, q.Cols), ColSeries: pick(w.hint.ColSeries, q.Cols),
	}
	return q
}

// entry is one that the whole matrix has elsewhere: row of the whole, column of
// the window.
type entry struct {
	row, col int32
	value    float64
}

// bounds are those of a row in a window, less what its columns before the window
// come to; ok is false for a row that says nothing there. What lies behind the
// window may be anything between its bounds. A row that sums over a span keeps its
// cap; of its floor counts, where the span goes on behind the window, the share
// that has passed:
//
//	share x Min - used <= sum in the window <= Max - used        (Min > 0)
func (w *Whole) bounds(k formulate.Block, step, r int32, win Window, x []float64, local []int32) (least, most float64, extra []entry, ok bool) {
	p := w.Problem
	if w.start[r] == w.start[r+1] { // nothing can be done about it
		return p.RowLower[r], p.RowUpper[r], nil, w.rows[r].in(win)
	}
	least, most = p.RowLower[r], p.RowUpper[r]
	used, size, low, high, later := 0.0, 0.0, 0.0, 0.0, false
	for i := w.start[r]; i < w.start[r+1]; i++ {
		j, v := w.col[i], w.value[i]
		if local[j] >= 0 {
			ok = true
			continue
		}
		if w.cols[j].behind(win) {
			a, b := v*p.ColLower[j], v*p.ColUpper[j]
			low, high, later = low+math.Min(a, b), high+math.Max(a, b), true
			continue
		}
		if w.plan.Afresh {
			switch block, at := w.Index.Col(int(j)); {
			case k.Spanned(), k.What == formulate.Balance && block.What == formulate.Activity:
				continue // counted, and under way, in the windows before
			case k.What == formulate.Balance && block.What == formulate.Level && w.round[block.Index]:
				extra = append(extra, entry{r, local[j+w.lastStep(block, win)-at], v})
				continue
			case k.What == formulate.Balance && block.What == formulate.Level:
				v = 1 / w.Model.Clock.Grids[k.Grid].Hours[step]
			}
		}
		v *= w.tidy(j, x[j])
		used += v
		size += math.Abs(v)
	}
	if !ok || later && w.plan.Afresh && !k.Spanned() {
		return 0, 0, nil, false
	}
	if w.plan.Afresh && win.From == 0 && k.What == formulate.Balance && step == 0 {
		extra = append(extra, w.comeRound(k, r, win, local)...)
	}
	switch {
	case !k.Spanned():
		least, most = least-high, most-low
	case !w.plan.Afresh && int(w.rows[r].to) > win.To && least > 0:
		least *= w.passed(r, win.To)
	}
	least, most = least-used, most-used
	if used != 0 {
		least, most = w.reach(r, least, most, 1e-7*(1+size), local)
	}
	return least, most, extra, !later || !math.IsInf(least, -1) || !math.IsInf(most, 1)
}

// reach brings the sides of a row within what its columns in the window can come
// to, where they are beyond it by rounding: a cap that is used up to the last
// digit, and one more.
func (w *Whole) reach(r int32, least, most, near float64, local []int32) (float64, float64) {
	lowest, highest := 0.0, 0.0
	for i := w.start[r]; i < w.start[r+1]; i++ {
		j, v := w.col[i], w.value[i]
		if local[j] < 0 {
			continue
		}
		a, b := v*w.Problem.ColLower[j], v*w.Problem.ColUpper[j]
		lowest, highest = lowest+math.Min(a, b), highest+math.Max(a, b)
	}
	if most < lowest && most > lowest-near {
		least, most = math.Min(least, lowest), lowest
	}
	if least > highest && least < highest+near {
		least, most = highest, math.Max(most, highest)
	}
	return math.Min(least, most), most
}

// tidy puts what was decided on its bound where a solver left it a billionth of
// the range beside it: a store that is all but empty would leave the next window
// no room to speak of.
func (w *Whole) tidy(j int32, v float64) float64 {
	p := w.Problem
	lower, upper := p.ColLower[j], p.ColUpper[j]
	near := 1e-9 * (upper - lower)
	if math.IsInf(near, 0) {
		near = 1e-9
	}
	switch {
	case p.Integer != nil && p.Integer[j]:
		return math.Round(v)
	case v-lower <= near:
		return lower
	case upper-v <= near:
		return upper
	}
	return v
}

// passed is the share of the span of a row that has passed at a tick, by amount
// weight.
func (w *Whole) passed(r int32, tick int) float64 {
	amount := w.Model.Clock.Grids[0].Amount
	past, all := 0.0, 0.0
	for t := w.rows[r].from; t < w.rows[r].to; t++ {
		if all += amount[t]; int(t) < tick {
			past += amount[t]
		}
	}
	return past / all
}

// comeRound is the entry of a store that comes round in the first window, which
// in the whole problem has a beginning: its last level, less what it loses in a
// step.
func (w *Whole) comeRound(k formulate.Block, r int32, win Window, local []int32) []entry {
	i, ok := w.store[k.Index]
	if !ok || !w.round[i] {
		return nil
	}
	h := w.Model.Clock.Grids[k.Grid].Hours[0]
	left := math.Pow(1-w.Model.Stores[i].Loss, h) / h
	return []entry{{r, local[w.levels[i]+w.lastStep(k, win)], left}}
}

// lastStep is the last step of a window on the grid of a block.
func (w *Whole) lastStep(k formulate.Block, win Window) int32 {
	first := w.Model.Clock.Grids[k.Grid].First
	t := int32(len(first) - 2)
	for first[t] >= int32(win.To) {
		t--
	}
	return t
}

// fill writes the columns of a window.
func (w *Whole) fill(out *lp.Problem, q *Piece, row []int32, extra []entry) {
	p := w.Problem
	more := map[int32][]entry{}
	for _, e := range extra {
		more[e.col] = append(more[e.col], e)
	}
	position := make([]int32, 0)
	if p.IsQP() {
		position = make([]int32, p.Cols())
		for c, j := range q.Cols {
			position[j] = int32(c) + 1
		}
		out.QStart = []int64{0}
	}
	out.Start = []int64{0}
	for c, j := range q.Cols {
		out.Cost = append(out.Cost, p.Cost[j])
		out.ColLower, out.ColUpper = append(out.ColLower, p.ColLower[j]), append(out.ColUpper, p.ColUpper[j])
		if p.Integer != nil {
			out.Integer = append(out.Integer, p.Integer[j])
		}
		column := map[int32]float64{}
		for _, e := range more[int32(c)] {
			column[row[e.row]] += e.value
		}
		put := func(r int32, v float64) {
			out.Index, out.Value = append(out.Index, r), append(out.Value, v)
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			r := row[p.Index[k]]
			if r < 0 {
				continue
			}
			v := p.Value[k]
			if e, twice := column[r]; twice {
				v += e
				delete(column, r)
			}
			put(r, v)
		}
		for r, v := range column { // at most one: a store has one balance at its first step
			at := len(out.Index)
			for at > int(out.Start[c]) && out.Index[at-1] > r {
				at--
			}
			put(0, 0)
			copy(out.Index[at+1:], out.Index[at:])
			copy(out.Value[at+1:], out.Value[at:])
			out.Index[at], out.Value[at] = r, v
		}
		out.Start = append(out.Start, int64(len(out.Index)))
		if p.IsQP() {
			for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
				if r := position[p.QIndex[k]]; r > 0 {
					out.QIndex, out.QValue = append(out.QIndex, r-1), append(out.QValue, p.QValue[k])
				}
			}
			out.QStart = append(out.QStart, int64(len(out.QIndex)))
		}
	}
}

// left adds what the stores' content at the end of a window is worth, where the
// horizon goes on.
func (w *Whole) left(out *lp.Problem, win Window, local []int32) {
	if win.To >= w.Model.Clock.Ticks() {
		return
	}
	for i := range w.Model.Stores {
		s := &w.Model.Stores[i]
		if s.End != primitive.Valued {
			continue
		}
		g := w.Model.Commodities[w.Model.Buses[s.Bus].Commodity].Grid
		t := w.lastStep(formulate.Block{Grid: g}, win)
		if c := local[w.levels[i]+t]; c >= 0 {
			out.Cost[c] -= s.Value * w.Model.Clock.Grids[g].Event[t]
		}
	}
}

func pick(v, at []int32) []int32 {
	out := make([]int32, len(at))
	for i, k := range at {
		out[i] = v[k]
	}
	return out
}
