package picture

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"sort"
	"time"
)

// Heat is a year as days across and hours up.
type Heat struct {
	Base
	First  int64   `json:"first"` // midnight of the first day
	Days   int     `json:"days"`
	Unit   string  `json:"unit"`
	Values Numbers `json:"-"` // hour h of day d at 24 d + h; NaN where nothing is known
}

// Ramp are the colours of a heat map from least to most, of falling lightness,
// so that print in grey keeps the order.
var Ramp = []string{"#f6f4e6", "#cfe3bd", "#86c5a8", "#3d97a6", "#275f8f", "#1d2a5b"}

// Clip returns the 1st and 99th percentile, between which a heat map spreads
// its colours; the extremes where these agree.
func Clip(v []float64) (lo, hi float64) {
	var s []float64
	for _, x := range v {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			s = append(s, x)
		}
	}
	if len(s) == 0 {
		return 0, 1
	}
	sort.Float64s(s)
	lo, hi = s[len(s)/100], s[len(s)-1-len(s)/100]
	if lo == hi {
		lo, hi = s[0], s[len(s)-1]
	}
	if lo == hi {
		hi = lo + 1
	}
	return lo, hi
}

// heatColour of a share in [0, 1].
func heatColour(f float64) color.NRGBA {
	f = math.Max(0, math.Min(1, f)) * float64(len(Ramp)-1)
	i := min(int(f), len(Ramp)-2)
	a, b := hex(Ramp[i]), hex(Ramp[i+1])
	f -= float64(i)
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + f*(float64(y)-float64(x)))) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

func hex(s string) color.NRGBA {
	digit := func(c byte) uint8 {
		if c >= 'a' {
			return c - 'a' + 10
		}
		return c - '0'
	}
	two := func(i int) uint8 { return digit(s[i])<<4 | digit(s[i+1]) }
	return color.NRGBA{two(1), two(3), two(5), 255}
}

// SVG draws it. The cells are one small PNG inside, a pixel an hour.
func (s *Heat) SVG() string {
	var c canvas
	const left, top, right, height = 62, 30, 20, 216
	lo, hi := Clip(s.Values)
	img := image.NewNRGBA(image.Rect(0, 0, s.Days, 24))
	for d := range s.Days {
		for h := range 24 {
			v := s.Values[24*d+h]
			if math.IsNaN(v) {
				continue
			}
			img.SetNRGBA(d, 23-h, heatColour((v-lo)/(hi-lo)))
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err == nil { // a buffer takes every write
		c.rect(left, top, Width-left-right, height, "#eceeef")
		c.put(`<image x="`, num(left), `" y="`, num(top), `" width="`, num(Width-left-right), `" height="`, num(height),
			`" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,`, base64.StdEncoding.EncodeToString(file.Bytes()), `"/>`)
	}
	x := scale{float64(s.First), float64(s.First) + float64(s.Days)*float64(day/time.Millisecond), left, Width - right}
	c.timeAxis(x, top+height, top+height)
	for h := 0; h <= 24; h += 6 {
		y := top + height - height*float64(h)/24
		c.line(left-4, y, left, y, Muted)
		c.text(left-8, y+4, "end", time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC).Format("15:04"), muted)
	}
	const y, w = top + height + 36, 240
	for i := range 48 {
		k := heatColour((float64(i) + 0.5) / 48)
		c.rect(left+float64(i)*w/48, y, w/48+0.3, 12, "#"+hex2(k.R)+hex2(k.G)+hex2(k.B))
	}
	c.text(left, y+26, "start", "≤ "+Number(lo), muted)
	c.text(left+w, y+26, "end", "≥ "+Number(hi), muted)
	c.text(left+w+12, y+10.5, "start", s.Unit)
	return c.close(&s.Base, y+34)
}

func hex2(v uint8) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[v>>4], digits[v&15]})
}
