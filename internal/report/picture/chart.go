package picture

import (
	"fmt"
	"math"
)

// Spot is a place on the map.
type Spot struct {
	Name    string   `json:"name"`
	Country string   `json:"-"` // whose name stands, large and pale, among its places
	Lat     float64  `json:"lat"`
	Lon     float64  `json:"lon"`
	Off     bool     `json:"off,omitempty"`   // without coordinates: Arrange puts it into a strip at the right
	Lines   []string `json:"lines,omitempty"` // small print under the name: what comes in, what goes out
	Left    bool     `json:"left,omitempty"`  // its words stand at the left; set by Arrange
	Down    float64  `json:"down,omitempty"`  // how far below it they stand, at the end of a thread; set by Arrange
}

// Way joins two spots.
type Way struct {
	From   int     `json:"from"`
	To     int     `json:"to"`
	Via    *int    `json:"via,omitempty"` // a spot that it passes: a gate
	Name   string  `json:"name"`
	Label  string  `json:"label"`
	Share  float64 `json:"share"` // of the widest of its kind, for its width
	Colour string  `json:"colour"`

	// Set by Arrange: the control point of the curve, how far along it the words
	// stand, whether at the left of it, and, on a short one, how far up or down.
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
	At   float64 `json:"at"`
	Left bool    `json:"left,omitempty"`
	Down float64 `json:"down,omitempty"` // how far below the curve's point the words stand
	Mute bool    `json:"mute,omitempty"` // no room for its words
}

// Key is a line of a legend.
type Key struct {
	Name   string `json:"name"`
	Colour string `json:"colour"`
}

// Word is a name in the background of a map.
type Word struct {
	Name string  `json:"name"`
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
}

// Chart is a schematic map: places by latitude and longitude, a graticule, no
// borders and no relief. Countries stand where their places are.
type Chart struct {
	Base
	Spots     []Spot  `json:"spots"`
	Ways      []Way   `json:"ways"`
	Keys      []Key   `json:"keys,omitempty"`      // what the colours of ways mean
	Countries []Word  `json:"countries,omitempty"` // set by Arrange
	Strip     float64 `json:"strip,omitempty"`     // longitude where the strip without coordinates begins, 0: none; set by Arrange
	Dense     bool    `json:"dense,omitempty"`     // no small print at the spots
	Tall      bool    `json:"tall,omitempty"`      // many places: a taller canvas, and smaller names; set by Arrange
	Quiet     bool    `json:"quiet,omitempty"`     // too many places for words: names only under the pointer
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
	tall, wide := 1.5, 1.7 // with room for words
	if s.Quiet {
		tall, wide = 1.12, 1.12
	}
	h := math.Max((lat1-lat0)*tall, 0.6)
	w := math.Max((lon1-lon0)*wide, 0.6/squeeze)
	if w*squeeze < h*aspect {
		w = h * aspect / squeeze
	} else {
		h = w * squeeze / aspect
	}
	midLat, midLon := (lat0+lat1)/2, (lon0+lon1)/2
	return midLat - h/2, midLat + h/2, midLon - w/2, midLon + w/2
}

const chartPad = 1.0

// many is how many places make a map tall.
const many = 12

// height of the canvas.
func (s *Chart) height() float64 {
	if s.Tall {
		return 800
	}
	return 520
}

// letters is the size of the names of places.
func (s *Chart) letters() float64 {
	if s.Tall {
		return 12
	}
	return 14
}

func (s *Chart) scales() (x, y scale) {
	lat0, lat1, lon0, lon1 := s.Box(Width / s.height())
	return scale{lon0, lon1, chartPad, Width - chartPad}, scale{lat0, lat1, s.height() - chartPad, chartPad}
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
func (s *Chart) spotBox(p *Spot, px, py float64) (b box, anchor string) {
	wide, lines := textWidth(p.Name, s.letters()), p.Lines
	if s.Dense {
		lines = nil
	}
	for _, l := range lines {
		wide = math.Max(wide, textWidth(l, 11))
	}
	anchor, x0 := "start", px+12
	if p.Left || px+12+wide > Width-10 {
		anchor, x0 = "end", px-12-wide
	}
	py += p.Down
	y0, tall := py-9, 18+14*float64(len(lines))
	if py+tall > s.height()-24 {
		y0 = py + 9 - tall
	}
	return box{x0, y0, x0 + wide, y0 + tall}, anchor
}

// point of a quadratic curve at t in [0, 1].
func point(x0, cx, x1, t float64) float64 { return (1-t)*(1-t)*x0 + 2*t*(1-t)*cx + t*t*x1 }

// at is where a way is at t, on the canvas.
func (s *Chart) at(w *Way, x, y scale, t float64) (px, py float64) {
	a, b := s.Spots[w.From], s.Spots[w.To]
	return point(x.at(a.Lon), x.at(w.Lon), x.at(b.Lon), t), point(y.at(a.Lat), y.at(w.Lat), y.at(b.Lat), t)
}

// bend sets the control point of a way that bows to the right of its direction
// by a share of its length; one with a spot to pass goes through it.
func (s *Chart) bend(w *Way, bow float64, x, y scale) {
	a, b := s.Spots[w.From], s.Spots[w.To]
	x0, y0, x1, y1 := x.at(a.Lon), y.at(a.Lat), x.at(b.Lon), y.at(b.Lat)
	cx, cy := (x0+x1)/2-(y1-y0)*bow, (y0+y1)/2+(x1-x0)*bow
	if w.Via != nil {
		v := s.Spots[*w.Via]
		vx, vy := x.at(v.Lon)-(y1-y0)*bow/2, y.at(v.Lat)+(x1-x0)*bow/2
		cx, cy = 2*vx-(x0+x1)/2, 2*vy-(y0+y1)/2
	}
	w.Lon, w.Lat = x.back(cx), y.back(cy)
}

// back is the inverse of at.
func (s scale) back(p float64) float64 {
	if s.p1 == s.p0 {
		return s.d0
	}
	return s.d0 + (p-s.p0)/(s.p1-s.p0)*(s.d1-s.d0)
}

func wayBox(w *Way, mx, my float64) box {
	wide := math.Max(textWidth(w.Name, 12.5), textWidth(w.Label, 11))
	my += w.Down
	if w.Left {
		return box{mx - 14 - wide, my - 14, mx - 14, my + 16}
	}
	return box{mx + 14, my - 14, mx + 14 + wide, my + 16}
}

// crossed weighs the words that a curve runs through, and the curves that it
// runs along.
func (s *Chart) crossed(w *Way, x, y scale, taken []box, drawn []*Way) float64 {
	sum := 0.0
	for k := 1; k < 20; k++ {
		px, py := s.at(w, x, y, float64(k)/20)
		for _, b := range taken {
			if px > b.x0 && px < b.x1 && py > b.y0 && py < b.y1 {
				sum += 40
			}
		}
		if k < 5 || k > 15 || k%3 != 0 {
			continue
		}
		for _, o := range drawn {
			for j := 4; j < 17; j++ {
				ox, oy := s.at(o, x, y, float64(j)/20)
				if math.Hypot(px-ox, py-oy) < 12 {
					sum += 60
				}
			}
		}
	}
	return sum
}

// Arrange finds a place for what has none: spots without coordinates, countries'
// names, and, way by way, the bow and the side of the words that cover least of
// what stands already, then for every spot the side of its own. SVG draws what
// it chose.
func (s *Chart) Arrange() {
	s.Tall = !s.Quiet && len(s.Spots) > many
	s.shelve()
	s.countries(nil)
	x, y := s.scales()
	if s.Quiet {
		for i := range s.Ways {
			s.Ways[i].At = 0.5
			s.bend(&s.Ways[i], 0.08, x, y)
		}
		return
	}
	var taken []box
	for i := range s.Spots {
		px, py := x.at(s.Spots[i].Lon), y.at(s.Spots[i].Lat)
		b, _ := s.spotBox(&s.Spots[i], px, py)
		taken = append(taken, b, box{px - 12, py - 12, px + 12, py + 12})
	}
	edges := []box{{-1e3, -1e3, 4, 1e4}, {Width - 4, -1e3, Width + 1e3, 1e4}, {-1e3, -1e3, 1e4, 4}, {-1e3, s.height() - 24, 1e4, 1e4}, s.scaleBox(x, (y.d0+y.d1)/2)}
	for range 3 { // names first stand clear of each other
		s.name(x, y, taken, edges, false)
	}
	// Each way is laid after the others, and once more when all lie; many only once.
	rounds := 3
	if len(s.Ways) > 24 {
		rounds = 1
	}
	for round := range rounds {
		for i := range s.Ways {
			var others []*Way
			words := taken[:len(taken):len(taken)]
			for k := range s.Ways {
				if k == i || round == 0 && k > i {
					continue
				}
				o := &s.Ways[k]
				others = append(others, o)
				mx, my := s.at(o, x, y, o.At)
				words = append(words, wayBox(o, mx, my), box{mx - 9, my - 9, mx + 9, my + 9})
			}
			s.lay(&s.Ways[i], x, y, words, edges, others)
		}
	}
	for i := range s.Ways {
		w := &s.Ways[i]
		mx, my := s.at(w, x, y, w.At)
		taken = append(taken, wayBox(w, mx, my), box{mx - 9, my - 9, mx + 9, my + 9})
	}
	for range 3 {
		s.name(x, y, taken, edges, true)
	}
	s.mute(x, y, taken[:2*len(s.Spots)])
	s.countries(taken)
}

// name gives the words of each spot the side, and on a tall map the height, where
// they cover least of what is taken (first the words and the dot of each spot), and,
// if asked, of the ways.
func (s *Chart) name(x, y scale, taken, edges []box, ways bool) {
	downs := []float64{0}
	if s.Tall {
		downs = []float64{0, -16, 16, -32, 32, -48, 48, -64, 64, -96, 96}
	}
	for i := range s.Spots {
		p := &s.Spots[i]
		px, py := x.at(p.Lon), y.at(p.Lat)
		left, best, least := p.Left, 0.0, math.Inf(1)
		for _, down := range downs {
			for side := range 2 {
				p.Left, p.Down = side == 1, down
				b, _ := s.spotBox(p, px, py)
				cover := 4 * math.Abs(down)
				for k, t := range taken {
					switch {
					case k == 2*i || k == 2*i+1:
					case k < 2*len(s.Spots): // a name on a name is worse than one on a way's words, which may go
						cover += 5 * b.overlap(t)
					default:
						cover += b.overlap(t)
					}
				}
				for _, t := range edges {
					cover += 4 * b.overlap(t)
				}
				for k := range s.Ways {
					if ways {
						cover += s.crossed(&s.Ways[k], x, y, []box{b}, nil)
					}
				}
				if cover < least {
					left, best, least = p.Left, down, cover
				}
			}
		}
		p.Left, p.Down = left, best
		taken[2*i], _ = s.spotBox(p, px, py)
	}
}

// mute takes the words off ways that would stand on those of a spot, or of a way
// before them in the list: the most important ways come first.
func (s *Chart) mute(x, y scale, stand []box) {
	for i := range s.Ways {
		w := &s.Ways[i]
		mx, my := s.at(w, x, y, w.At)
		b := wayBox(w, mx, my)
		w.Mute = b.x0 < 0 || b.x1 > Width
		for _, t := range stand {
			w.Mute = w.Mute || b.overlap(t) > 0.06*(b.x1-b.x0)*(b.y1-b.y0)
		}
		if !w.Mute {
			stand = append(stand, b)
		}
	}
}

// lay gives a way the bow, and its words the place and side, that cover least.
func (s *Chart) lay(w *Way, x, y scale, words, edges []box, others []*Way) {
	best, least := *w, math.Inf(1)
	rows := []float64{0}
	x0, y0 := s.at(w, x, y, 0)
	if x1, y1 := s.at(w, x, y, 1); math.Hypot(x1-x0, y1-y0) < 80 {
		rows = []float64{0, -34, 34, -68, 68}
	}
	for k, bow := range []float64{0.1, -0.1, 0.22, -0.22, 0.36, -0.36, 0.5, -0.5, 0.66, -0.66} {
		s.bend(w, bow, x, y)
		along := 3*float64(k) + s.crossed(w, x, y, words, others)
		for j, at := range []float64{0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74} {
			w.At = at
			mx, my := s.at(w, x, y, at)
			for side := range 2 * len(rows) {
				w.Left, w.Down = side%2 == 1, rows[side/2]
				b := wayBox(w, mx, my)
				covers := along + float64(j) + math.Abs(w.Down) // of equals, the straighter, in its middle
				for _, t := range words {
					covers += b.overlap(t) + (box{mx - 9, my - 9, mx + 9, my + 9}).overlap(t)
				}
				for _, t := range edges {
					covers += 4 * b.overlap(t)
				}
				for _, o := range others {
					covers += s.crossed(o, x, y, []box{b}, nil)
				}
				if covers < least {
					best, least = *w, covers
				}
			}
		}
	}
	*w = best
}

// shelve puts the spots without coordinates below each other, at the right of
// all others.
func (s *Chart) shelve() {
	lat0, lat1, lon0, lon1 := 90.0, -90.0, 180.0, -180.0
	off := 0
	for _, p := range s.Spots {
		if p.Off {
			off++
			continue
		}
		lat0, lat1 = math.Min(lat0, p.Lat), math.Max(lat1, p.Lat)
		lon0, lon1 = math.Min(lon0, p.Lon), math.Max(lon1, p.Lon)
	}
	s.Strip = 0
	if off == 0 {
		return
	}
	if off == len(s.Spots) {
		lat0, lat1, lon0, lon1 = 0, 1, 0, 1
	}
	squeeze := math.Max(0.1, math.Cos((lat0+lat1)/2*math.Pi/180))
	tall := math.Max(lat1-lat0, 0.3)
	wide := math.Max((lon1-lon0)*0.6, 0.75*tall/squeeze)
	s.Strip = lon1 + wide*0.55
	mid, k := (lat0+lat1)/2, 0
	for i := range s.Spots {
		if p := &s.Spots[i]; p.Off {
			p.Lon, p.Lat = lon1+wide, mid
			if off > 1 {
				p.Lat = mid + tall*0.6 - 1.2*tall*float64(k)/float64(off-1)
			}
			k++
		}
	}
}

// countries writes each country among its places, a little aside where words
// stand.
func (s *Chart) countries(taken []box) {
	sum, n := map[string]Word{}, map[string]float64{}
	var order []string
	for _, p := range s.Spots {
		if p.Country == "" || p.Off {
			continue
		}
		if n[p.Country] == 0 {
			order = append(order, p.Country)
		}
		w := sum[p.Country]
		sum[p.Country] = Word{p.Country, w.Lat + p.Lat, w.Lon + p.Lon}
		n[p.Country]++
	}
	s.Countries = nil
	x, y := s.scales()
	for _, c := range order {
		px, py := x.at(sum[c].Lon/n[c]), y.at(sum[c].Lat/n[c])
		best, least := [2]float64{px, py}, math.Inf(1)
		half := textWidth(short(c, 34, 400), 34)/2 + 6
		for _, d := range [][2]float64{{0, 0}, {0, -60}, {0, 60}, {-90, 0}, {90, 0}, {-90, -60}, {90, -60}, {-90, 60}, {90, 60}, {-180, 0}, {180, 0}, {0, -120}, {0, 120}} {
			b := box{px + d[0] - half, py + d[1] - 20, px + d[0] + half, py + d[1] + 20}
			if b.x0 < 60 || b.x1 > Width || b.y0 < 10 || b.y1 > s.height()-30 || s.Strip != 0 && b.x1 > x.at(s.Strip) {
				continue
			}
			cover := (math.Abs(d[0]) + math.Abs(d[1])) / 4
			for _, t := range taken {
				cover += b.overlap(t)
			}
			for k := range s.Ways {
				if len(taken) > 0 {
					cover += s.crossed(&s.Ways[k], x, y, []box{b}, nil)
				}
			}
			if cover < least {
				best, least = [2]float64{px + d[0], py + d[1]}, cover
			}
		}
		s.Countries = append(s.Countries, Word{c, y.back(best[1]), x.back(best[0])})
		taken = append(taken[:len(taken):len(taken)], box{best[0] - half, best[1] - 20, best[0] + half, best[1] + 20})
	}
}

// SVG draws it.
func (s *Chart) SVG() string {
	var c canvas
	const pad = chartPad
	height := s.height()
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
	east := lon1
	if s.Strip != 0 {
		east = s.Strip
	}
	for v := math.Ceil(lon0/step) * step; v < east; v += step {
		c.line(x.at(v), pad, x.at(v), height-pad, "#dde4e2")
		c.text(x.at(v)+3, height-7, "start", degrees(v, "E", "W"), muted, `font-size="10.5"`)
	}
	for v := math.Ceil(lat0/step) * step; v < lat1; v += step {
		c.line(pad, y.at(v), x.at(east)-pad, y.at(v), "#dde4e2")
		if y.at(v) < height-24 {
			c.text(6, y.at(v)-4, "start", degrees(v, "N", "S"), muted, `font-size="10.5"`)
		}
	}
	if s.Strip != 0 {
		c.rect(x.at(s.Strip), pad, Width-pad-x.at(s.Strip), height-2*pad, "#ecefee")
		c.text(x.at(s.Strip)+8, height-10, "start", "places without coordinates", muted, `font-size="10.5"`)
	}
	for _, w := range s.Countries {
		c.text(x.at(w.Lon), y.at(w.Lat)+12, "middle", short(w.Name, 34, 400), `font-size="34"`, `font-weight="600"`, `fill="#d3dbd8"`, `letter-spacing="4"`)
	}
	for i := range s.Ways {
		w := &s.Ways[i]
		x0, y0 := s.at(w, x, y, 0)
		x1, y1 := s.at(w, x, y, 1)
		if math.Hypot(x1-x0, y1-y0) < 1 {
			continue
		}
		width, r := 1.5+6*math.Sqrt(math.Max(0, math.Min(1, w.Share))), 10.0
		if s.Quiet {
			width, r = width/2, 4.5
		}
		c.put(`<path fill="none" stroke="`, w.Colour, `" stroke-opacity=".8" stroke-width="`, num(width), `" stroke-linecap="round" d="M`,
			num(x0), " ", num(y0), "Q", num(x.at(w.Lon)), " ", num(y.at(w.Lat)), " ", num(x1), " ", num(y1), `"><title>`, esc(w.Name+": "+w.Label), `</title></path>`)
		mx, my := s.at(w, x, y, w.At)
		ax, ay := s.at(w, x, y, w.At-0.02)
		bx, by := s.at(w, x, y, w.At+0.02)
		length := math.Max(math.Hypot(bx-ax, by-ay), 1e-6)
		dx, dy := (bx-ax)/length, (by-ay)/length
		if s.Quiet && math.Hypot(x1-x0, y1-y0) < 4*r {
			continue // no room for an arrow
		}
		c.put(`<path fill="`, w.Colour, `" stroke="#fff" stroke-width="`, num(r*0.15), `" d="M`, num(mx+dx*r), " ", num(my+dy*r), "L", num(mx-dx*r*0.7-dy*r*0.8), " ", num(my-dy*r*0.7+dx*r*0.8),
			"L", num(mx-dx*r*0.7+dy*r*0.8), " ", num(my-dy*r*0.7-dx*r*0.8), `Z"/>`)
	}
	for i := range s.Ways {
		w := &s.Ways[i]
		if s.Quiet {
			break
		}
		if w.Mute {
			continue
		}
		mx, my := s.at(w, x, y, w.At)
		if w.Down != 0 { // a thread from the way to its words
			side := 12.0
			if w.Left {
				side = -12
			}
			c.line(mx, my, mx+side, my+w.Down, Muted, `stroke-width=".8"`)
		}
		my += w.Down
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
		fill, edge := Ink, "#fff"
		if p.Off {
			fill, edge = "#fff", Ink
		}
		r := 6.0
		if s.Quiet {
			r = 2.5
		}
		c.put(`<circle cx="`, num(px), `" cy="`, num(py), `" r="`, num(r), `" fill="`, fill, `" stroke="`, edge, `" stroke-width="`, num(r/3), `"><title>`, esc(p.Name), `</title></circle>`)
		if s.Quiet {
			continue
		}
		b, anchor := s.spotBox(p, px, py)
		tx := px + 12
		if anchor == "end" {
			tx = px - 12
		}
		if p.Down != 0 { // a thread to its words
			c.line(px, py, tx, py+p.Down, Muted, `stroke-width=".8"`)
		}
		c.text(tx, b.y0+14, anchor, p.Name, halo, fmt.Sprintf(`font-size="%g"`, s.letters()), `font-weight="600"`)
		for k, l := range p.Lines {
			if s.Dense {
				break
			}
			c.text(tx, b.y0+29+14*float64(k), anchor, l, halo, `font-size="11"`)
		}
	}
	s.scaleBar(&c, x, (lat0+lat1)/2)
	if len(s.Keys) == 0 {
		return c.close(&s.Base, height)
	}
	var entries []entry
	for _, k := range s.Keys {
		entries = append(entries, entry{name: k.Name, colour: k.Colour})
	}
	h := c.legend(entries, 0, height+10, Width)
	return c.close(&s.Base, height+10+h)
}

// scale of the bar: about an eighth of the width, in round km, at the middle
// latitude, and where it ends: left of the strip, where distances mean nothing.
func (s *Chart) bar(x scale, mid float64) (km, w, end float64) {
	perPixel := Distance(mid, x.d0, mid, x.d1) / (Width - 2*chartPad)
	_, km = ticks(0, perPixel*Width/8*4, 4)
	end = Width - 24.0
	if s.Strip != 0 {
		end = x.at(s.Strip) - 14
	}
	return km, km / perPixel, end
}

// scaleBox is the room of the bar and its words.
func (s *Chart) scaleBox(x scale, mid float64) box {
	_, w, end := s.bar(x, mid)
	return box{end - w - 4, s.height() - 52, end + 4, s.height() - 24}
}

func (s *Chart) scaleBar(c *canvas, x scale, mid float64) {
	km, w, end := s.bar(x, mid)
	bx, by := end-w, s.height()-30
	c.line(bx, by, bx+w, by, Ink, `stroke-width="2"`)
	c.line(bx, by-4, bx, by+4, Ink, `stroke-width="2"`)
	c.line(bx+w, by-4, bx+w, by+4, Ink, `stroke-width="2"`)
	c.text(bx+w/2, by-8, "middle", fmt.Sprintf("%s km", tick(km, km)), halo)
}
