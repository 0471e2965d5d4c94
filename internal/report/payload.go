package report

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"math"
	"time"

	"example.org/busbar/internal/report/picture"
)

// payload carries the hourly series to the page's script. Numbers are float32
// rounded to 16 significant bits (a relative error of 2^-16 at most); their three
// upper bytes are stored as three planes, deflated, and written in base64.
// Planes of equal bytes are what deflate shortens best.
type payload struct {
	d      *data
	head   payloadHead
	values []float32
}

// mostNumbers keeps the page below some 6 MB: a number takes two to three bytes
// in it.
const mostNumbers = 1_200_000

type payloadHead struct {
	Stamp    string          `json:"stamp"`
	Currency string          `json:"currency"`
	Offset   string          `json:"offset"`
	Spans    []picture.Span  `json:"spans"` // disruptions
	Grids    []payloadGrid   `json:"grids"`
	Buses    []payloadBus    `json:"buses"`
	Series   []payloadSeries `json:"series"`
	Count    int             `json:"count"` // numbers in Data
	Data     string          `json:"data"`
}

// payloadGrid gives the starts of steps as runs: first start, length of a step
// (both ms), number of steps; and its windows as [first, count, ...].
type payloadGrid struct {
	Runs    [][3]int64 `json:"runs"`
	Windows [][2]int   `json:"windows"`
	Names   []string   `json:"names"`
	Whole   bool       `json:"whole"`
}

type payloadBus struct {
	Bus    string `json:"bus"`
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Grid   int    `json:"grid"`
	Series []int  `json:"series"` // stacked, in order
	Price  int    `json:"price"`  // -1: none
	Open   int    `json:"open"`   // window shown first
}

type payloadSeries struct {
	Name   string  `json:"name"`
	Colour string  `json:"colour"`
	Unit   string  `json:"unit"`
	Group  string  `json:"group"` // of the heat map's list
	Grid   int     `json:"grid"`
	At     int     `json:"at"` // position of its first number; -1: constant
	Value  float32 `json:"value"`
}

func newPayload(d *data) *payload {
	return &payload{d: d, head: payloadHead{
		Stamp: stampOf(&d.m), Currency: d.currency(), Offset: offsetName(d.offset), Spans: d.spans(),
		Grids: []payloadGrid{}, Buses: []payloadBus{}, Series: []payloadSeries{},
	}}
}

// grid adds a grid and returns its position.
func (p *payload) grid(g *grid) int {
	out := payloadGrid{Whole: g.whole(), Windows: [][2]int{}, Runs: [][3]int64{}}
	for i := range g.start {
		step := g.end(i) - g.start[i]
		if k := len(out.Runs) - 1; k >= 0 && out.Runs[k][1] == step && out.Runs[k][0]+step*out.Runs[k][2] == g.start[i] {
			out.Runs[k][2]++
			continue
		}
		out.Runs = append(out.Runs, [3]int64{g.start[i], step, 1})
	}
	for _, w := range g.windows() {
		out.Windows = append(out.Windows, [2]int{w.first, w.last - w.first})
		out.Names = append(out.Names, g.days(w))
	}
	p.head.Grids = append(p.head.Grids, out)
	return len(p.head.Grids) - 1
}

// series adds the numbers of a series and returns its position.
func (p *payload) series(name, colour, unit, group string, grid int, v []float64) int {
	s := payloadSeries{Name: name, Colour: colour, Unit: unit, Group: group, Grid: grid, At: -1}
	v = quiet(v)
	constant := true
	for _, x := range v {
		constant = constant && x == v[0]
	}
	if constant && len(v) > 0 && !math.IsNaN(v[0]) && !math.IsInf(v[0], 0) {
		s.Value = float32(v[0])
	} else {
		s.At = len(p.values)
		for _, x := range v {
			p.values = append(p.values, float32(x))
		}
	}
	p.head.Series = append(p.head.Series, s)
	return len(p.head.Series) - 1
}

// quiet sets to zero what is no more than a solver's noise beside the largest
// number.
func quiet(v []float64) []float64 {
	most := 0.0
	for _, x := range v {
		if a := math.Abs(x); a > most && !math.IsInf(a, 0) {
			most = a
		}
	}
	out := make([]float64, len(v))
	for i, x := range v {
		if !(math.Abs(x) <= 1e-7*most) {
			out[i] = x
		}
	}
	return out
}

// encode returns the payload as a JSON object.
func (p *payload) encode() (template.JS, error) {
	n := len(p.values)
	planes := make([]byte, 3*n)
	for i, v := range p.values {
		b := math.Float32bits(v)
		if !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) {
			b += 1 << 7 // round to nearest where the lowest byte is cut
		}
		planes[i], planes[n+i], planes[2*n+i] = byte(b>>24), byte(b>>16), byte(b>>8)
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(planes); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	p.head.Count = n
	p.head.Data = base64.StdEncoding.EncodeToString(packed.Bytes())
	raw, err := json.Marshal(&p.head)
	return template.JS(raw), err
}

const msPerDay = int64(24 * time.Hour / time.Millisecond)
