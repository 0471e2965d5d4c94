package rolling

import (
	"slices"

	"example.org/busbar/lp"
)

// things are the columns, or the rows, of a whole problem by what they stand for:
// those of one thing in the order of time.
type things struct {
	at     []run
	series []int32 // thing of each
	member []int32 // of thing s those from start[s] up to start[s+1]
	start  []int32
}

func thingsOf(series []int32, at []run) things {
	t := things{at: at, series: series, member: make([]int32, len(series)), start: []int32{0}}
	for i := range t.member {
		t.member[i] = int32(i)
	}
	slices.SortStableFunc(t.member, func(a, b int32) int {
		if d := series[a] - series[b]; d != 0 {
			return int(d)
		}
		return int(at[a].from - at[b].from)
	})
	for k, i := range t.member {
		for int(series[i]) >= len(t.start) {
			t.start = append(t.start, int32(k))
		}
	}
	t.start = append(t.start, int32(len(t.member)))
	return t
}

// like is the last of the same thing that begins at a tick or before it, -1 where
// there is none.
func (t *things) like(i int32, tick int32) int32 {
	list := t.member[t.start[t.series[i]]:t.start[t.series[i]+1]]
	n, found := slices.BinarySearchFunc(list, tick, func(k, tick int32) int { return int(t.at[k].from - tick) })
	if found {
		return list[n]
	}
	if n == 0 {
		return -1
	}
	return list[n-1]
}

// daily is how many hours lie between a time and the one that stands for it where
// nothing is known of it yet.
const daily = 24

// near is where the search for a window's plan may begin: at what the window
// before it decided or meant to do, and behind its end at what that has for the
// same hour of its last day. nil for the first window.
func (w *Whole) near(q *Piece, a *Answer, before Window) *lp.Solution {
	if before.To == 0 || a.Y == nil {
		return nil
	}
	as := make([]int32, w.Model.Clock.Ticks()) // tick that stands for each
	for t := range as {
		as[t] = int32(t)
		if t < before.To {
			continue
		}
		hour := w.begin[t]
		for hour >= w.begin[before.To] {
			hour -= daily
		}
		n, found := slices.BinarySearch(w.begin, hour)
		if !found {
			n = max(n-1, 0)
		}
		as[t] = int32(n)
	}
	taken := func(t *things, names []int32, v []float64) []float64 {
		out := make([]float64, len(names))
		for k, i := range names {
			if !t.at[i].behind(before) {
				out[k] = v[i]
			} else if j := t.like(i, as[t.at[i].from]); j >= 0 {
				out[k] = v[j]
			}
		}
		return out
	}
	return &lp.Solution{X: taken(&w.ofCols, q.Cols, a.X), Y: taken(&w.ofRows, q.Rows, a.Y)}
}
