package picture

import "math"

// Part of a bar.
type Part struct {
	Name   string  `json:"name"`
	Colour string  `json:"colour"`
	Value  float64 `json:"value"` // not negative
	Light  bool    `json:"light,omitempty"`
}

// Bar is one row.
type Bar struct {
	Name  string   `json:"name"`
	Parts []Part   `json:"parts"`
	Mark  *float64 `json:"mark,omitempty"` // the most it could be
}

// Bars are rows of parts laid end to end.
type Bars struct {
	Base
	Unit string `json:"unit"`
	Bars []Bar  `json:"bars"`
	Mark string `json:"mark,omitempty"` // what a mark means
}

// SVG draws it.
func (s *Bars) SVG() string {
	var c canvas
	const right, top, row = 90.0, 30.0, 27.0
	left := 150.0
	for _, b := range s.Bars {
		left = math.Min(310, math.Max(left, textWidth(b.Name, 12)+20))
	}
	hi := 0.0
	light, full, marked := "", "", false
	for _, b := range s.Bars {
		sum := 0.0
		for _, p := range b.Parts {
			sum += p.Value
			if p.Light {
				light = p.Name
			} else {
				full = p.Name
			}
		}
		hi = math.Max(hi, sum)
		if b.Mark != nil {
			hi, marked = math.Max(hi, *b.Mark), true
		}
	}
	values, step := ticks(0, hi, 6)
	x := scale{0, values[len(values)-1], left, Width - right}
	bottom := top + row*float64(len(s.Bars)) + 4
	for _, v := range values {
		c.line(x.at(v), top-6, x.at(v), bottom, rule)
		c.text(x.at(v), bottom+15, "middle", tick(v, step), muted)
	}
	c.text(0, 14, "start", s.Unit, muted)
	for i, b := range s.Bars {
		y := top + row*float64(i)
		c.text(left-10, y+row/2+1, "end", short(b.Name, 12, left-20))
		sum := 0.0
		for _, p := range b.Parts {
			opacity := ""
			if p.Light {
				opacity = `fill-opacity=".45"`
			}
			c.rect(x.at(sum), y+3, x.at(sum+p.Value)-x.at(sum), row-9, p.Colour, opacity)
			sum += p.Value
		}
		end := x.at(sum)
		if b.Mark != nil {
			c.line(x.at(*b.Mark), y, x.at(*b.Mark), y+row-3, Ink, `stroke-width="2"`)
			if math.Abs(x.at(*b.Mark)-end) < 60 {
				end = math.Max(end, x.at(*b.Mark))
			}
		}
		c.text(end+7, y+row/2+1, "start", Number(sum), halo)
	}
	c.line(left, top-6, left, bottom, Muted)
	cx := left
	note := func(name string, draw func()) {
		if name == "" {
			return
		}
		draw()
		c.text(cx+19, bottom+37, "start", name)
		cx += textWidth(name, 12) + 40
	}
	if light != "" {
		note(light, func() { c.rect(cx, bottom+27, 12, 12, Muted, `fill-opacity=".45"`) })
		note(full, func() { c.rect(cx, bottom+27, 12, 12, Muted) })
	}
	if marked {
		note(s.Mark, func() { c.line(cx+6, bottom+25, cx+6, bottom+41, Ink, `stroke-width="2"`) })
	}
	height := bottom + 22
	if cx > left {
		height += 24
	}
	return c.close(&s.Base, height)
}
