package picture

import (
	"math"
	"time"
)

// Times in pictures are milliseconds of the study's own clock, as if it were
// UTC: no picture knows an offset.

func stamp(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

const day = 24 * time.Hour

// Span is a stretch of time that a picture shades and names: a disruption.
type Span struct {
	Name string `json:"name"`
	From int64  `json:"from"`
	To   int64  `json:"to"` // the first instant after it
}

const shaded = "#f3d9d2"

// spans shades stretches of time behind a plot; their names go into labels.
func (c *canvas) spans(list []Span, x scale, y0, y1 float64) {
	for _, s := range list {
		a, b := math.Max(x.at(float64(s.From)), x.p0), math.Min(x.at(float64(s.To)), x.p1)
		if b > a {
			c.put(`<g><title>`, esc(s.Name), `</title>`)
			c.rect(a, y0, math.Max(b-a, 1.5), y1-y0, shaded, `fill-opacity=".75"`)
			c.put(`</g>`)
		}
	}
}

// spanRows lays the names of shaded stretches out in rows, so that none meet,
// and returns how many rows that takes.
func spanRows(list []Span, x scale, draw func(at float64, row int, s Span)) int {
	var ends []float64
	for _, s := range list {
		a, b := math.Max(x.at(float64(s.From)), x.p0), math.Min(x.at(float64(s.To)), x.p1)
		if b <= a {
			continue
		}
		wide := textWidth(s.Name, 11) + 12
		at := math.Min(a, math.Max(x.p0, x.p1-wide))
		row := 0
		for row < len(ends) && ends[row] > at {
			row++
		}
		if row == len(ends) {
			ends = append(ends, 0)
		}
		ends[row] = at + wide
		if draw != nil {
			draw(at, row, s)
		}
	}
	return len(ends)
}

const spanRow = 15.0

// nameSpans writes the names of the shaded stretches in the rows above y.
func (c *canvas) nameSpans(list []Span, x scale, y float64) {
	spanRows(list, x, func(at float64, row int, s Span) {
		c.text(at+2, y-5-spanRow*float64(row), "start", short(s.Name, 11, x.p1-at), `font-size="11"`, `fill="#8a2f1d"`)
	})
}

// timeAxis draws days, weeks or months under the plot.
func (c *canvas) timeAxis(s scale, y0, y float64) {
	first, last := stamp(int64(s.d0)), stamp(int64(s.d1))
	at := func(t time.Time) float64 { return s.at(float64(t.UnixMilli())) }
	midnight := first.Truncate(day)
	switch span := last.Sub(first); {
	case span <= 60*time.Hour:
		for t := first.Truncate(6 * time.Hour); !t.After(last); t = t.Add(6 * time.Hour) {
			if t.Before(first) {
				continue
			}
			c.line(at(t), y0, at(t), y+4, rule)
			c.text(at(t), y+17, "middle", t.Format("2 Jan 15:04"), muted)
		}
	case span <= 16*day:
		for t := midnight; t.Before(last); t = t.Add(day) {
			if !t.Before(first) {
				c.line(at(t), y0, at(t), y+4, rule)
			}
			mid := t.Add(12 * time.Hour)
			if mid.After(first) && mid.Before(last) {
				c.text(at(mid), y+17, "middle", mid.Format("Mon 2 Jan"), muted)
			}
		}
	case span <= 100*day:
		for t := midnight; t.Before(last); t = t.Add(7 * day) {
			if t.Before(first) {
				continue
			}
			c.line(at(t), y0, at(t), y+4, rule)
			c.text(at(t)+3, y+17, "start", t.Format("2 Jan"), muted)
		}
	default:
		every := 1 + int(span/(400*day))*3
		t := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
		for ; t.Before(last); t = t.AddDate(0, every, 0) {
			next := t.AddDate(0, every, 0)
			if !t.Before(first) {
				c.line(at(t), y0, at(t), y+4, rule)
			}
			a, b := t, next
			if a.Before(first) {
				a = first
			}
			if b.After(last) {
				b = last
			}
			if b.Sub(a) > 14*day {
				name := t.Format("Jan")
				if every > 1 {
					name = t.Format("Jan 06")
				}
				c.text((at(a)+at(b))/2, y+17, "middle", name, muted)
			}
		}
	}
}
