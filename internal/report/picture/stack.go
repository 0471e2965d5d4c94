package picture

import (
	"fmt"
	"math"
	"slices"
)

// Band is one layer of a stack: what is positive piles up from zero, what is
// negative piles down.
type Band struct {
	Name   string  `json:"name"`
	Colour string  `json:"colour"`
	Values Numbers `json:"values"`
}

// Line is drawn over a stack, on its own axis at the right.
type Line struct {
	Name   string  `json:"name"`
	Unit   string  `json:"unit"`
	Colour string  `json:"colour"`
	Values Numbers `json:"values"`
}

// Stack is a stacked course in time, constant within each step.
type Stack struct {
	Base
	Start []int64 `json:"start"` // of every step, and the end of the last: one more than values
	Unit  string  `json:"unit"`
	Bands []Band  `json:"bands"`
	Line  *Line   `json:"line,omitempty"`
	Limit *Line   `json:"limit,omitempty"` // on the left axis: what the stack may reach
	Label string  `json:"label,omitempty"` // what is stacked; default: supply up, use down
	Spans []Span  `json:"spans,omitempty"`
}

// pile returns, for every band, the lower and upper edge of its positive and
// of its negative part, and the extremes.
func pile(bands []Band, n int) (up, down [][2][]float64, lo, hi float64) {
	top, bottom := make([]float64, n), make([]float64, n)
	for _, b := range bands {
		var u, d [2][]float64
		for side := range 2 {
			u[side], d[side] = make([]float64, n), make([]float64, n)
		}
		for t := range n {
			v := b.Values[t]
			if math.IsNaN(v) {
				v = 0
			}
			u[0][t], d[0][t] = top[t], bottom[t]
			if v > 0 {
				top[t] += v
			} else {
				bottom[t] += v
			}
			u[1][t], d[1][t] = top[t], bottom[t]
			lo, hi = math.Min(lo, bottom[t]), math.Max(hi, top[t])
		}
		up, down = append(up, u), append(down, d)
	}
	return up, down, lo, hi
}

func has(values []float64, positive bool, least float64) bool {
	for _, v := range values {
		if positive && v > least || !positive && v < -least {
			return true
		}
	}
	return false
}

// SVG draws it.
func (s *Stack) SVG() string {
	var c canvas
	n := len(s.Start) - 1
	const left, height = 62, 330
	right, top := 20.0, 52.0
	if s.Line != nil {
		right = 58
	}
	up, down, lo, hi := pile(s.Bands, n)
	if s.Limit != nil {
		a, b := span(s.Limit.Values)
		lo, hi = math.Min(lo, a), math.Max(hi, b)
	}
	values, step := ticks(lo, hi, 6)
	x := scale{float64(s.Start[0]), float64(s.Start[n]), left, Width - right}
	top += spanRow * float64(spanRows(s.Spans, x, nil))
	y := scale{values[0], values[len(values)-1], top + height, top}
	c.spans(s.Spans, x, top, top+height)
	c.nameSpans(s.Spans, x, top)
	c.timeAxis(x, top, top+height)
	label := s.Label
	if label == "" {
		label = "supply up, use down"
	}
	c.axisLabel(s.Unit+" · "+label, spanTop(top, s.Spans, x))
	c.yAxis(y, values, step, left, Width-right, "")

	stairs := func(edge [2][]float64, colour string) {
		c.put(`<path fill="`, colour, `" d="M`, num(x.at(float64(s.Start[0]))), " ", num(y.at(edge[1][0])))
		for t := range n {
			if t > 0 && edge[1][t] != edge[1][t-1] {
				c.put("V", num(y.at(edge[1][t])))
			}
			if t == n-1 || edge[1][t] != edge[1][t+1] {
				c.put("H", num(x.at(float64(s.Start[t+1]))))
			}
		}
		for t := n - 1; t >= 0; t-- {
			if t == n-1 || edge[0][t] != edge[0][t+1] {
				c.put("V", num(y.at(edge[0][t])))
			}
			if t == 0 || edge[0][t] != edge[0][t-1] {
				c.put("H", num(x.at(float64(s.Start[t]))))
			}
		}
		c.put(`Z"/>`)
	}
	var entries []entry
	for i, b := range s.Bands {
		if has(b.Values, true, 0) {
			stairs(up[i], b.Colour)
		}
		if has(b.Values, false, 0) {
			stairs(down[i], b.Colour)
		}
		entries = append(entries, entry{name: b.Name, colour: b.Colour})
	}
	c.line(left, y.at(0), Width-right, y.at(0), Ink)
	if l := s.Line; l != nil {
		plo, phi := span(l.Values)
		pv, pstep := ticks(math.Min(plo, 0), phi, 6)
		ys := scale{pv[0], pv[len(pv)-1], top + height, top}
		for _, v := range pv {
			c.text(Width-right+8, ys.at(v)+4, "start", tick(v, pstep), muted)
		}
		c.text(Width, spanTop(top, s.Spans, x)-15, "end", l.Name+", "+l.Unit, muted)
		c.put(`<path fill="none" stroke="#fff" stroke-width="3.4" stroke-opacity=".8" d="`, course(l.Values, s.Start, x, ys), `"/>`)
		c.put(`<path fill="none" stroke="`, l.Colour, `" stroke-width="1.5" d="`, course(l.Values, s.Start, x, ys), `"/>`)
		entries = append(entries, entry{name: l.Name + " (right axis)", colour: l.Colour, line: true})
	}
	if l := s.Limit; l != nil {
		c.put(`<path fill="none" stroke="`, l.Colour, `" stroke-width="2" d="`, course(l.Values, s.Start, x, y), `"/>`)
		entries = append(entries, entry{name: l.Name, colour: l.Colour, line: true})
	}
	h := c.legend(entries, left, top+height+34, Width-left)
	return c.close(&s.Base, top+height+34+h)
}

// course is the path of a line that is constant within each step, broken where
// there is no number.
func course(v []float64, start []int64, x, y scale) string {
	var c canvas
	pen := false
	for t := range v {
		if math.IsNaN(v[t]) || math.IsInf(v[t], 0) {
			pen = false
			continue
		}
		if !pen {
			c.put("M", num(x.at(float64(start[t]))), " ", num(y.at(v[t])))
			pen = true
		} else if v[t] != v[t-1] {
			c.put("V", num(y.at(v[t])))
		}
		if t == len(v)-1 || v[t+1] != v[t] {
			c.put("H", num(x.at(float64(start[t+1]))))
		}
	}
	return c.String()
}

// span returns the least and the largest finite number; 0 and 0 of none.
func span(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range v {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			lo, hi = math.Min(lo, x), math.Max(hi, x)
		}
	}
	if lo > hi {
		return 0, 0
	}
	return lo, hi
}

// Columns are stacked columns, one a category (a month).
type Columns struct {
	Base
	Unit       string   `json:"unit"`
	Categories []string `json:"categories"`
	Bands      []Band   `json:"bands"`
}

// SVG draws it.
func (s *Columns) SVG() string {
	var c canvas
	n := len(s.Categories)
	const left, top, height, right = 62, 44, 300, 20
	up, down, lo, hi := pile(s.Bands, n)
	values, step := ticks(lo, hi, 6)
	y := scale{values[0], values[len(values)-1], top + height, top}
	c.yAxis(y, values, step, left, Width-right, s.Unit)
	pitch := (Width - left - right) / float64(n)
	w := pitch * 0.72
	var entries []entry
	for i, b := range s.Bands {
		for t := range n {
			x := left + pitch*(float64(t)+0.5) - w/2
			for _, e := range [][2][]float64{up[i], down[i]} {
				a, z := y.at(e[0][t]), y.at(e[1][t])
				if math.Abs(a-z) < 0.05 {
					continue
				}
				c.put(`<g><title>`, esc(fmt.Sprintf("%s, %s: %s %s", b.Name, s.Categories[t], Number(b.Values[t]), s.Unit)), `</title>`)
				c.rect(x, math.Min(a, z), w, math.Abs(a-z), b.Colour)
				c.put(`</g>`)
			}
		}
		if e := (entry{name: b.Name, colour: b.Colour}); !slices.Contains(entries, e) {
			entries = append(entries, e)
		}
	}
	for t, name := range s.Categories {
		c.text(left+pitch*(float64(t)+0.5), top+height+17, "middle", name, muted)
	}
	c.line(left, y.at(0), Width-right, y.at(0), Ink)
	h := c.legend(entries, left, top+height+34, Width-left)
	return c.close(&s.Base, top+height+34+h)
}
