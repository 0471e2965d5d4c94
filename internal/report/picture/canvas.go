// Package picture draws the pictures of a report as SVG: one file a kind of
// picture.
//
// What enters: a picture's data, already in the units it is to be shown in,
// with names, colours and an alternative text. What leaves: one <svg> element
// that stands alone, needs no style sheet and no font but the reader's, and
// escapes every name. The same structs, as JSON, are what the interactive
// pictures are made from, so both show the same numbers.
package picture

import (
	"html"
	"math"
	"strconv"
	"strings"
)

// Colours of what is no data.
const (
	Ink    = "#1f262d"
	Muted  = "#59636e"
	rule   = "#dfe3e6"
	paper  = "#ffffff"
	warned = "#8a3d00"
)

// Width of every picture in its own units; height follows from what it shows.
const Width = 960

const font = `system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif`

// Base is what every picture has.
type Base struct {
	Alt   string `json:"-"`               // says in words what is to be seen
	Stamp string `json:"stamp,omitempty"` // printed on the picture: "synthetic weather"
}

// Numbers go into JSON with five significant digits, whole ones (times) in
// full, and as null where there is none.
type Numbers []float64

// MarshalJSON writes null for what is not finite.
func (n Numbers) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 8*len(n)+2)
	b = append(b, '[')
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			b = append(b, "null"...)
		} else if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			b = strconv.AppendInt(b, int64(v), 10)
		} else {
			b = strconv.AppendFloat(b, v, 'g', 5, 64)
		}
	}
	return append(b, ']'), nil
}

type canvas struct{ strings.Builder }

// num writes a coordinate with one decimal at most; what is none becomes 0.
func num(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return "0" // never -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func (c *canvas) put(parts ...string) {
	for _, p := range parts {
		c.WriteString(p)
	}
}

func (c *canvas) rect(x, y, w, h float64, fill string, extra ...string) {
	c.put(`<rect x="`, num(x), `" y="`, num(y), `" width="`, num(math.Max(w, 0)), `" height="`, num(math.Max(h, 0)), `" fill="`, fill, `"`)
	for _, e := range extra {
		c.put(" ", e)
	}
	c.put("/>")
}

func (c *canvas) line(x1, y1, x2, y2 float64, stroke string, extra ...string) {
	c.put(`<path d="M`, num(x1), " ", num(y1), "L", num(x2), " ", num(y2), `" stroke="`, stroke, `"`)
	for _, e := range extra {
		c.put(" ", e)
	}
	c.put("/>")
}

// text writes s; anchor is start, middle or end.
func (c *canvas) text(x, y float64, anchor, s string, extra ...string) {
	if s == "" {
		return
	}
	c.put(`<text x="`, num(x), `" y="`, num(y), `"`)
	if anchor != "start" {
		c.put(` text-anchor="`, anchor, `"`)
	}
	for _, e := range extra {
		c.put(" ", e)
	}
	c.put(">", esc(s), "</text>")
}

// halo keeps text readable over lines and fills.
const halo = `stroke="#fff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"`

const muted = `fill="` + Muted + `"`

func esc(s string) string { return html.EscapeString(s) }

// close wraps what was drawn.
func (c *canvas) close(b *Base, height float64) string {
	if b.Stamp != "" {
		w := textWidth(b.Stamp, 11) + 14
		c.rect(Width-w-1, 1, w, 18, paper, `stroke="`+warned+`"`, `stroke-width="1"`, `rx="3"`)
		c.text(Width-w/2-1, 14, "middle", b.Stamp, `font-size="11"`, `fill="`+warned+`"`)
	}
	alt := b.Alt
	if b.Stamp != "" {
		alt = strings.TrimRight(alt, ". ") + ". Made from " + b.Stamp + "."
	}
	var out strings.Builder
	out.WriteString(`<svg viewBox="0 0 ` + num(Width) + " " + num(height) + `" width="` + num(Width) + `" height="` + num(height) +
		`" role="img" aria-label="` + esc(alt) + `" font-family="` + esc(font) + `" font-size="12" fill="` + Ink + `"><title>` + esc(alt) + `</title>`)
	out.WriteString(c.String())
	out.WriteString("</svg>")
	return out.String()
}

// textWidth estimates the width of s in the widest of the usual sans-serifs.
func textWidth(s string, size float64) float64 {
	n := 0.0
	for _, r := range s {
		switch {
		case strings.ContainsRune("ijl.,:;|!' ()t", r):
			n += 0.38
		case r >= 'A' && r <= 'Z' || r == 'm' || r == 'w':
			n += 0.8
		case r > 0x2e80: // ideographs
			n++
		default:
			n += 0.61
		}
	}
	return n * size
}

// short cuts s to a width, with an ellipsis.
func short(s string, size, width float64) string {
	if textWidth(s, size) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 1 && textWidth(string(r)+"…", size) > width {
		r = r[:len(r)-1]
	}
	return strings.TrimRight(string(r), " ") + "…"
}

// scale maps data to the canvas.
type scale struct{ d0, d1, p0, p1 float64 }

func (s scale) at(v float64) float64 {
	if s.d1 == s.d0 {
		return s.p0
	}
	return s.p0 + (v-s.d0)/(s.d1-s.d0)*(s.p1-s.p0)
}

// ticks returns about n round numbers that cover lo to hi, and their step.
func ticks(lo, hi float64, n int) ([]float64, float64) {
	if math.IsInf(hi-lo, 0) || math.IsNaN(hi-lo) {
		lo, hi = 0, 1
	}
	// A range that the numbers themselves hardly resolve is a single value.
	if !(hi-lo > 1e-9*math.Max(math.Abs(lo), math.Abs(hi)) && hi-lo > 1e-300) {
		d := math.Max(1, math.Abs(lo)) / 2
		if lo >= 0 && lo < d {
			hi = lo + 2*d
		} else {
			lo, hi = lo-d, hi+d
		}
	}
	raw := (hi - lo) / float64(n)
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * mag
	for _, f := range []float64{1, 2, 2.5, 5} {
		if f*mag >= raw*(1-1e-9) {
			step = f * mag
			break
		}
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	var out []float64
	for k := first; k <= last; k++ {
		out = append(out, k*step)
	}
	return out, step
}

// tick writes an axis number with the decimals its step needs.
func tick(v, step float64) string {
	if math.Abs(v) >= 1e15 {
		return Number(v)
	}
	dec := 0
	for s := step; dec < 9 && math.Abs(s-math.Round(s)) > 1e-6*s; dec++ {
		s *= 10
	}
	return Commas(strconv.FormatFloat(v+0, 'f', dec, 64))
}

// Commas groups the whole part of a number by thousands.
func Commas(s string) string {
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	whole, frac, dot := strings.Cut(s, ".")
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	if dot {
		b.WriteString("." + frac)
	}
	out := b.String()
	if neg && strings.Trim(out, "0.,") != "" {
		return "−" + out
	}
	return out
}

// Number writes v with at least three significant digits, thousands grouped,
// and no decimals from 1,000 on.
func Number(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case a == 0:
		return "0"
	case a >= 1e15:
		s := strings.Replace(strconv.FormatFloat(v, 'e', 2, 64), "e+", "e", 1)
		return strings.ReplaceAll(s, "-", "−")
	case a >= 999.5:
		return Commas(strconv.FormatFloat(v, 'f', 0, 64))
	case a >= 99.95:
		return Commas(trim(strconv.FormatFloat(v, 'f', 1, 64)))
	case a >= 9.995:
		return Commas(trim(strconv.FormatFloat(v, 'f', 1, 64)))
	case a >= 0.9995:
		return Commas(trim(strconv.FormatFloat(v, 'f', 2, 64)))
	case a >= 1e-4:
		dec := 2 - int(math.Floor(math.Log10(a)))
		return Commas(trim(strconv.FormatFloat(v, 'f', dec, 64)))
	}
	s := strings.ReplaceAll(strconv.FormatFloat(v, 'e', 1, 64), "e-0", "e-")
	return strings.ReplaceAll(s, "-", "−")
}

func trim(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// entry is a line of a legend.
type entry struct {
	name, colour string
	line, dash   bool
}

// legend draws entries from (x, y) on, wrapping at width, and returns the
// height it took.
func (c *canvas) legend(entries []entry, x, y, width float64) float64 {
	const row = 19
	cx, cy := x, y
	for _, e := range entries {
		name := short(e.name, 12, 420)
		w := textWidth(name, 12) + 34
		if cx > x && cx+w > x+width {
			cx, cy = x, cy+row
		}
		if e.line {
			dash := ""
			if e.dash {
				dash = `stroke-dasharray="5 3"`
			}
			c.line(cx-3, cy+6, cx+15, cy+6, e.colour, `stroke-width="2"`, dash)
		} else {
			c.rect(cx+1, cy, 12, 12, e.colour, `rx="2"`)
		}
		c.text(cx+19, cy+10.5, "start", name)
		cx += w
	}
	return cy - y + row
}

// yAxis draws a grid with its numbers at the left of the plot.
func (c *canvas) yAxis(s scale, values []float64, step, x0, x1 float64, label string) {
	for _, v := range values {
		y := s.at(v)
		stroke := rule
		if v == 0 {
			stroke = Muted
		}
		c.line(x0, y, x1, y, stroke)
		c.text(x0-8, y+4, "end", tick(v, step), muted)
	}
	c.axisLabel(label, s.p1)
}

// axisLabel says over the plot's upper left corner what is counted.
func (c *canvas) axisLabel(label string, top float64) { c.text(0, top-15, "start", label, muted) }

// spanTop is where the words above a plot begin that has names of shaded
// stretches over it.
func spanTop(top float64, spans []Span, x scale) float64 {
	return top - spanRow*float64(spanRows(spans, x, nil))
}
