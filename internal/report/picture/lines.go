package picture

import "math"

// Axis of a line picture.
type Axis struct {
	Label string `json:"label"`
	Unit  string `json:"unit"`
	Time  bool   `json:"time,omitempty"` // milliseconds of the study's own clock
	Zero  bool   `json:"zero,omitempty"` // begins at zero at the latest
}

// Curve is one line.
type Curve struct {
	Name   string  `json:"name"`
	Colour string  `json:"colour"`
	X      Numbers `json:"x"`
	Y      Numbers `json:"y"`
	Dash   bool    `json:"dash,omitempty"`
	Points bool    `json:"points,omitempty"` // mark the points
	Fill   bool    `json:"fill,omitempty"`   // shade down to zero
}

// Level is a value that a curve is held against: a capacity, a reserve.
type Level struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Second is a second scale, at the right, of the same curves.
type Second struct {
	Unit  string  `json:"unit"`
	Times float64 `json:"times"` // a value on it is one of the left axis times this
}

// Lines is a picture of curves over one axis.
type Lines struct {
	Base
	X      Axis    `json:"x"`
	Y      Axis    `json:"y"`
	Curves []Curve `json:"curves"`
	Low    bool    `json:"low,omitempty"` // half the height: one of several beneath each other
	Levels []Level `json:"levels,omitempty"`
	Right  *Second `json:"right,omitempty"`
	Spans  []Span  `json:"spans,omitempty"` // where X is time
}

// SVG draws it.
func (s *Lines) SVG() string {
	var c canvas
	const left = 62
	top, right, height := 44.0, 20.0, 300.0
	if s.Low {
		height = 130
	}
	xlo, xhi, ylo, yhi := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, k := range s.Curves {
		a, b := span(k.X)
		xlo, xhi = math.Min(xlo, a), math.Max(xhi, b)
		a, b = span(k.Y)
		ylo, yhi = math.Min(ylo, a), math.Max(yhi, b)
	}
	for _, l := range s.Levels {
		ylo, yhi = math.Min(ylo, l.Value), math.Max(yhi, l.Value)
	}
	if s.Y.Zero {
		ylo, yhi = math.Min(ylo, 0), math.Max(yhi, 0)
	}
	if s.Right != nil {
		top, right = 50, 58
	}
	if s.Y.Zero && ylo < 0 && -ylo < 0.02*yhi {
		ylo = 0 // a hair below zero needs no axis of its own
	}
	n := 6
	if s.Low {
		n = 3
	}
	values, step := ticks(ylo, yhi, n)
	x := scale{xlo, xhi, left, Width - right}
	if rows := spanRows(s.Spans, x, nil); rows > 0 {
		top += spanRow * float64(rows)
	}
	y := scale{values[0], values[len(values)-1], top + height, top}
	c.spans(s.Spans, x, top, top+height)
	c.nameSpans(s.Spans, x, top)
	if s.X.Time {
		c.timeAxis(x, top, top+height)
	} else {
		marks, xstep := ticks(xlo, xhi, 8)
		for _, v := range marks {
			if v < xlo-1e-9*math.Abs(xlo) || v > xhi+1e-9*math.Abs(xhi) {
				continue
			}
			c.line(x.at(v), top, x.at(v), top+height+4, rule)
			c.text(x.at(v), top+height+17, "middle", tick(v, xstep), muted)
		}
		label := s.X.Label
		if s.X.Unit != "" {
			label += ", " + s.X.Unit
		}
		c.text(Width-right, top+height+34, "end", label, muted)
	}
	label := s.Y.Unit
	if s.Y.Label != "" {
		label = s.Y.Label + ", " + s.Y.Unit
	}
	c.axisLabel(label, spanTop(top, s.Spans, x))
	c.yAxis(y, values, step, left, Width-right, "")
	if s.Right != nil && s.Right.Times > 0 {
		marks, rstep := ticks(values[0]*s.Right.Times, values[len(values)-1]*s.Right.Times, n)
		for _, v := range marks {
			if py := y.at(v / s.Right.Times); py >= top-1 && py <= top+height+1 {
				c.text(Width-right+8, py+4, "start", tick(v, rstep), muted)
			}
		}
		c.text(Width, spanTop(top, s.Spans, x)-15, "end", s.Right.Unit, muted)
	}
	for _, l := range s.Levels {
		c.line(left, y.at(l.Value), Width-right, y.at(l.Value), Muted, `stroke-dasharray="5 3"`)
		c.text(left+5, y.at(l.Value)+13, "start", l.Name, halo, muted, `font-size="11"`)
	}
	base := y.at(math.Max(values[0], math.Min(0, values[len(values)-1])))
	var entries []entry
	for _, k := range s.Curves {
		var d canvas
		pen, first, last := false, 0.0, 0.0
		for i := range k.Y {
			if math.IsNaN(k.Y[i]) || math.IsNaN(k.X[i]) {
				pen = false
				continue
			}
			px := x.at(k.X[i])
			if pen {
				d.put("L")
			} else {
				d.put("M")
				if first == 0 {
					first = px
				}
			}
			d.put(num(px), " ", num(y.at(k.Y[i])))
			pen, last = true, px
		}
		if k.Fill {
			c.put(`<path fill="`, k.Colour, `" fill-opacity=".18" d="`, d.String(), "L", num(last), " ", num(base), "L", num(first), " ", num(base), `Z"/>`)
		}
		dash := ""
		if k.Dash {
			dash = ` stroke-dasharray="6 4"`
		}
		c.put(`<path fill="none" stroke="`, k.Colour, `" stroke-width="2" stroke-linejoin="round"`, dash, ` d="`, d.String(), `"/>`)
		if k.Points {
			for i := range k.Y {
				c.put(`<circle cx="`, num(x.at(k.X[i])), `" cy="`, num(y.at(k.Y[i])), `" r="4" fill="`, k.Colour, `"/>`)
				anchor, dx := "middle", 0.0
				if i == 0 {
					anchor, dx = "start", 3
				} else if i == len(k.Y)-1 {
					anchor = "end"
				}
				c.text(x.at(k.X[i])+dx, y.at(k.Y[i])-10, anchor, Number(k.Y[i]), halo)
			}
		}
		entries = append(entries, entry{name: k.Name, colour: k.Colour, line: true, dash: k.Dash})
	}
	bottom := top + height + 24
	if !s.X.Time {
		bottom += 18
	}
	if len(entries) > 1 {
		bottom += c.legend(entries, left, bottom+4, Width-left)
	}
	return c.close(&s.Base, bottom)
}
