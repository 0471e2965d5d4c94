package picture

import "math"

// Step of a waterfall.
type Step struct {
	Name   string  `json:"name"`
	Colour string  `json:"colour"`
	Value  float64 `json:"value"` // what it adds; negative: takes off
}

// Waterfall adds steps up to a total, a row each.
type Waterfall struct {
	Base
	Unit  string `json:"unit"`
	Steps []Step `json:"steps"`
	Total string `json:"total"` // name of the last row
}

// Sum is the length of the last row.
func (s *Waterfall) Sum() float64 {
	sum := 0.0
	for _, st := range s.Steps {
		sum += st.Value
	}
	return sum
}

// SVG draws it.
func (s *Waterfall) SVG() string {
	var c canvas
	const right, top, row = 90.0, 30.0, 27.0
	left := math.Max(150, textWidth(s.Total, 13)+20)
	for _, st := range s.Steps {
		left = math.Min(310, math.Max(left, textWidth(st.Name, 12)+20))
	}
	lo, hi, sum := 0.0, 0.0, 0.0
	for _, st := range s.Steps {
		sum += st.Value
		lo, hi = math.Min(lo, sum), math.Max(hi, sum)
	}
	values, step := ticks(lo, hi, 6)
	x := scale{values[0], values[len(values)-1], left, Width - right}
	bottom := top + row*float64(len(s.Steps)+1) + 4
	for _, v := range values {
		stroke := rule
		if v == 0 {
			stroke = Muted
		}
		c.line(x.at(v), top-6, x.at(v), bottom, stroke)
		c.text(x.at(v), bottom+15, "middle", tick(v, step), muted)
	}
	c.text(0, 14, "start", s.Unit, muted)
	at := 0.0
	for i, st := range s.Steps {
		y := top + row*float64(i)
		a, b := x.at(at), x.at(at+st.Value)
		c.text(left-10, y+row/2+1, "end", short(st.Name, 12, left-20))
		c.rect(math.Min(a, b), y+3, math.Max(math.Abs(a-b), 1), row-9, st.Colour)
		value := Number(st.Value)
		if st.Value > 0 {
			value = "+" + value
		}
		c.text(math.Max(a, b)+7, y+row/2+1, "start", value, halo)
		c.line(b, y+row-6, b, y+row+3, Muted, `stroke-dasharray="2 2"`)
		at += st.Value
	}
	y := top + row*float64(len(s.Steps))
	c.text(left-10, y+row/2+1, "end", short(s.Total, 12, left-20), `font-weight="600"`)
	a, b := x.at(0), x.at(at)
	c.rect(math.Min(a, b), y+3, math.Max(math.Abs(a-b), 1), row-9, Ink)
	c.text(math.Max(a, b)+7, y+row/2+1, "start", Number(at), `font-weight="600"`, halo)
	return c.close(&s.Base, bottom+22)
}
