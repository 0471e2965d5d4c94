package picture

import (
	"fmt"
	"math"
)

// Spot is a place on the map.
type Spot struct {
	Name  string   `json:"name"`
	Lat   float64  `json:"lat"`
	Lon   float64  `json:"lon"`
	Lines []string `json:"lines,omitempty"` // small print under the name: what comes in, what goes out
	Left  bool     `json:"left,omitempty"`  // its words stand at the left; set by Arrange
}

// Way joins two spots.
type Way struct {
	From   int     `json:"from"`
	To     int     `json:"to"`
	Name   string  `json:"name"`
	Label  string  `json:"label"`
	Share  float64 `json:"share"` // of the widest of its kind, for its width
	Colour string  `json:"colour"`

	// Set by Arrange: how far the curve bows to the right of its direction, as
	// a share of its length, and whether its words stand at the left of it.
	Bow  float64 `json:"bow"`
	Left bool    `json:"left,omitempty"`
}

// Chart is a schematic map: places by latitude and longitude, a graticule, no
// borders and no relief.
type Chart struct {
	Base
	Spots []Spot `json:"spots"`
	Ways  []Way  `json:"ways"`
	Quiet bool   `json:"quiet,omitempty"` // too many places for words: names only under the pointer
}

// Distance between two points on a sphere of 6,371 km, in km (haversine).
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	sq := func(v float64) float64 { return v * v }
	h := sq(math.Sin((lat2-lat1)*rad/2)) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*sq(math.Sin((lon2-lon1)*rad/2))
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Box is the piece of the earth a chart shows: the spots with a margin, in
// proportion to the canvas at the middle latitude.
func (s *Chart) Box(aspect float64) (lat0, lat1, lon0, lon1 float64) {
	lat0, lat1, lon0, lon1 = 90, -90, 180, -180
	for _, p := range s.Spots {
		lat0, lat1 = math.Min(lat0, p.Lat), math.Max(lat1, p.Lat)
		lon0, lon1 = math.Min(lon0, p.Lon), math.Max(lon1, p.Lon)
	}
	squeeze := math.Max(0.1, math.Cos((lat0+lat1)/2*math.Pi/180))
	h := math.Max((lat1-lat0)*1.5, 0.6)
	w := math.Max((lon1-lon0)*1.7, 0.6/squeeze)
	if w*squeeze < h*aspect {
		w = h * aspect / squeeze
	} else {
		h = w * squeeze / aspect
	}
	midLat, midLon := (lat0+lat1)/2, (lon0+lon1)/2
	return midLat - h/2, midLat + h/2, midLon - w/2, midLon + w/2
}

const chartHeight, chartPad = 520.0, 1.0

func (s *Chart) scales() (x, y scale) {
	lat0, lat1, lon0, lon1 := s.Box(Width / chartHeight)
	return scale{lon0, lon1, chartPad, Width - chartPad}, scale{lat0, lat1, chartHeight - chartPad, chartPad}
}

// box is a rectangle that words take.
type box struct{ x0, y0, x1, y1 float64 }

func (a box) overlap(b box) float64 {
	w := math.Min(a.x1, b.x1) - math.Max(a.x0, b.x0)
	h := math.Min(a.y1, b.y1) - math.Max(a.y0, b.y0)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h
}

// spotBox is where the words of a spot stand, and how they are anchored.
func spotBox(p *Spot, px, py float64) (b box, anchor string) {
	wide := textWidth(p.Name, 14)
	for _, l := range p.Lines {
		wide = math.Max(wide, textWidth(l, 11))
	}
	anchor, x0 := "start", px+12
	if p.Left || px+12+wide > Width-10 {
		anchor, x0 = "end", px-12-wide
	}
	y0, tall := py-9, 18+14*float64(len(p.Lines))
	if py+tall > chartHeight-24 {
		y0 = py + 9 - tall
	}
	return box{x0, y0, x0 + wide, y0 + tall}, anchor
}

// curve of a way on the canvas: its ends, the control point of its bow and its
// middle.
func (s *Chart) curve(w *Way, x, y scale) (x0, y0, x1, y1, cx, cy, mx, my float64) {
	a, b := s.Spots[w.From], s.Spots[w.To]
	x0, y0, x1, y1 = x.at(a.Lon), y.at(a.Lat), x.at(b.Lon), y.at(b.Lat)
	cx, cy = (x0+x1)/2-(y1-y0)*w.Bow, (y0+y1)/2+(x1-x0)*w.Bow
	return x0, y0, x1, y1, cx, cy, (x0 + 2*cx + x1) / 4, (y0 + 2*cy + y1) / 4
}

func wayBox(w *Way, mx, my float64) box {
	wide := math.Max(textWidth(w.Name, 12.5), textWidth(w.Label, 11))
	if w.Left {
		return box{mx - 14 - wide, my - 14, mx - 14, my + 16}
	}
	return box{mx + 14, my - 14, mx + 14 + wide, my + 16}
}

// crossed weighs the words that a curve runs through.
func (s *Chart) crossed(w *Way, x, y scale, taken []box) float64 {
	x0, y0, x1, y1, cx, cy, _, _ := s.curve(w, x, y)
	sum := 0.0
	for k := 1; k < 20; k++ {
		t := float64(k) / 20
		px, py := (1-t)*(1-t)*x0+2*t*(1-t)*cx+t*t*x1, (1-t)*(1-t)*y0+2*t*(1-t)*cy+t*t*y1
		for _, b := range taken {
			if px > b.x0 && px < b.x1 && py > b.y0 && py < b.y1 {
				sum += 40
			}
		}
	}
	return sum
}

// Arrange chooses, way by way, the bow and the side of the words that cover
// least of what stands already, and then for every spot the side of its own.
// SVG draws what it chose.
func (s *Chart) Arrange() {
	if s.Quiet {
		for i := range s.Ways {
			s.Ways[i].Bow = 0.08
		}
		return
	}
	x, y := s.scales()
	var taken []box
	for i := range s.Spots {
		px, py := x.at(s.Spots[i].Lon), y.at(s.Spots[i].Lat)
		b, _ := spotBox(&s.Spots[i], px, py)
		taken = append(taken, b, box{px - 12, py - 12, px + 12, py + 12})
	}
	for i := range s.Ways {
		w := &s.Ways[i]
		best, least := *w, math.Inf(1)
		for k, bow := range []float64{0.12, -0.12, 0.28, -0.28, 0.44, -0.44} {
			for _, left := range []bool{false, true} {
				w.Bow, w.Left = bow, left
				_, _, _, _, _, _, mx, my := s.curve(w, x, y)
				b := wayBox(w, mx, my)
				covers := 0.02 * float64(k) // of equals, the straighter
				covers += s.crossed(w, x, y, taken)
				for _, t := range append(taken[:len(taken):len(taken)], box{-1e3, -1e3, 0, 1e4}, box{Width, -1e3, Width + 1e3, 1e4}) {
					covers += b.overlap(t) + (box{mx - 9, my - 9, mx + 9, my + 9}).overlap(t)
				}
				if covers < least {
					best, least = *w, covers
				}
			}
		}
		*w = best
		_, _, _, _, _, _, mx, my := s.curve(w, x, y)
		taken = append(taken, wayBox(w, mx, my), box{mx - 9, my - 9, mx + 9, my + 9})
	}
	for i := range s.Spots {
		p := &s.Spots[i]
		px, py := x.at(p.Lon), y.at(p.Lat)
		cover := [2]float64{}
		for side := range 2 {
			p.Left = side == 1
			b, _ := spotBox(p, px, py)
			for k, t := range taken {
				if k != 2*i && k != 2*i+1 {
					cover[side] += b.overlap(t)
				}
			}
			cover[side] += b.overlap(box{-1e3, -1e3, 0, 1e4})
			for k := range s.Ways {
				cover[side] += s.crossed(&s.Ways[k], x, y, []box{b})
			}
		}
		p.Left = cover[1] < cover[0]
		taken[2*i], _ = spotBox(p, px, py)
	}
}

// SVG draws it.
func (s *Chart) SVG() string {
	var c canvas
	const height, pad = chartHeight, chartPad
	x, y := s.scales()
	lon0, lon1, lat0, lat1 := x.d0, x.d1, y.d0, y.d1
	c.rect(pad, pad, Width-2*pad, height-2*pad, "#f5f7f6", `stroke="`+rule+`"`)
	grid := []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 20}
	step := grid[len(grid)-1]
	for _, g := range grid {
		if (lon1-lon0)/g <= 9 {
			step = g
			break
		}
	}
	degrees := func(v float64, plus, minus string) string {
		side := plus
		if v < 0 {
			side = minus
		}
		return tick(math.Abs(v), step) + "° " + side
	}
	for v := math.Ceil(lon0/step) * step; v < lon1; v += step {
		c.line(x.at(v), pad, x.at(v), height-pad, "#dde4e2")
		c.text(x.at(v)+3, height-7, "start", degrees(v, "E", "W"), muted, `font-size="10.5"`)
	}
	for v := math.Ceil(lat0/step) * step; v < lat1; v += step {
		c.line(pad, y.at(v), Width-pad, y.at(v), "#dde4e2")
		c.text(6, y.at(v)-4, "start", degrees(v, "N", "S"), muted, `font-size="10.5"`)
	}
	for i := range s.Ways {
		w := &s.Ways[i]
		x0, y0, x1, y1, cx, cy, mx, my := s.curve(w, x, y)
		length := math.Hypot(x1-x0, y1-y0)
		if length < 1 {
			continue
		}
		width := 1.5 + 6*math.Sqrt(math.Max(0, math.Min(1, w.Share)))
		c.put(`<path fill="none" stroke="`, w.Colour, `" stroke-opacity=".75" stroke-width="`, num(width), `" stroke-linecap="round" d="M`,
			num(x0), " ", num(y0), "Q", num(cx), " ", num(cy), " ", num(x1), " ", num(y1), `"><title>`, esc(w.Name+": "+w.Label), `</title></path>`)
		dx, dy, r := (x1-x0)/length, (y1-y0)/length, 10.0
		c.put(`<path fill="`, w.Colour, `" stroke="#fff" stroke-width="1.5" d="M`, num(mx+dx*r), " ", num(my+dy*r), "L", num(mx-dx*r*0.7-dy*r*0.8), " ", num(my-dy*r*0.7+dx*r*0.8),
			"L", num(mx-dx*r*0.7+dy*r*0.8), " ", num(my-dy*r*0.7-dx*r*0.8), `Z"/>`)
		if s.Quiet {
			continue
		}
		anchor, tx := "start", mx+14
		if w.Left {
			anchor, tx = "end", mx-14
		}
		c.text(tx, my-2, anchor, w.Name, halo, `font-weight="600"`)
		c.text(tx, my+12, anchor, w.Label, halo, `font-size="11"`)
	}
	for i := range s.Spots {
		p := &s.Spots[i]
		px, py := x.at(p.Lon), y.at(p.Lat)
		c.put(`<circle cx="`, num(px), `" cy="`, num(py), `" r="6" fill="`, Ink, `" stroke="#fff" stroke-width="2"><title>`, esc(p.Name), `</title></circle>`)
		if s.Quiet {
			continue
		}
		b, anchor := spotBox(p, px, py)
		tx := px + 12
		if anchor == "end" {
			tx = px - 12
		}
		c.text(tx, b.y0+14, anchor, p.Name, halo, `font-size="14"`, `font-weight="600"`)
		for k, l := range p.Lines {
			c.text(tx, b.y0+29+14*float64(k), anchor, l, halo, `font-size="11"`)
		}
	}
	// A scale bar of about an eighth of the width, at the middle latitude.
	mid := (lat0 + lat1) / 2
	perPixel := Distance(mid, lon0, mid, lon1) / (Width - 2*pad)
	_, km := ticks(0, perPixel*Width/8*4, 4)
	w := km / perPixel
	bx, by := Width-w-24, height-30.0
	c.line(bx, by, bx+w, by, Ink, `stroke-width="2"`)
	c.line(bx, by-4, bx, by+4, Ink, `stroke-width="2"`)
	c.line(bx+w, by-4, bx+w, by+4, Ink, `stroke-width="2"`)
	c.text(bx+w/2, by-8, "middle", fmt.Sprintf("%s km", tick(km, km)), halo)
	return c.close(&s.Base, height)
}
