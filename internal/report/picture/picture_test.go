package picture

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Every kind of picture, with a name that tries to leave it.
func pictures(name string) map[string]interface{ SVG() string } {
	start := time.Date(2030, 3, 4, 0, 0, 0, 0, time.UTC).UnixMilli()
	hour := time.Hour.Milliseconds()
	base := Base{Alt: "What " + name + " shows", Stamp: "synthetic " + name}
	nan := math.NaN()
	chart := &Chart{Base: base, Spots: []Spot{{Name: name, Lat: 20, Lon: 102, Lines: []string{name}}, {Name: "b", Lat: 21, Lon: 102}},
		Ways: []Way{{From: 0, To: 1, Name: name, Label: name, Share: 1, Colour: "#123456"}}}
	chart.Arrange()
	return map[string]interface{ SVG() string }{
		"stack": &Stack{Base: base, Start: []int64{start, start + hour, start + 2*hour}, Unit: name, Bands: []Band{{name, "#123456", Numbers{1, -2}}, {"x", "#654321", Numbers{nan, 0}}},
			Line: &Line{Name: name, Unit: name, Colour: "#000000", Values: Numbers{nan, 3}}},
		"columns":   &Columns{Base: base, Unit: name, Categories: []string{name, "Feb"}, Bands: []Band{{name, "#123456", Numbers{1, -2}}}},
		"lines":     &Lines{Base: base, X: Axis{Label: name, Unit: name}, Y: Axis{Label: name, Unit: name}, Curves: []Curve{{Name: name, Colour: "#123456", X: Numbers{0, 1, 2}, Y: Numbers{1, nan, 2}, Fill: true, Dash: true}, {Name: "p", Colour: "#1", X: Numbers{0}, Y: Numbers{1}, Points: true}}},
		"heat":      &Heat{Base: base, First: start, Days: 1, Unit: name, Values: append(Numbers{nan}, make(Numbers, 23)...)},
		"sankey":    &Sankey{Base: base, Unit: name, Nodes: []Node{{name, "#123456"}, {"b", "#123456"}}, Links: []Link{{0, 1, 5}}},
		"waterfall": &Waterfall{Base: base, Unit: name, Steps: []Step{{name, "#123456", 5}, {"b", "#123456", -7}}, Total: name},
		"bars":      &Bars{Base: base, Unit: name, Bars: []Bar{{Name: name, Parts: []Part{{Name: name, Colour: "#123456", Value: 3, Light: true}}, Mark: new(4.0)}}, Mark: name},
		"chart":     chart,
	}
}

// A picture must stand alone as a file: well-formed XML, one root, described,
// nothing fetched, whatever the names hold.
func TestPicturesAreWellFormedAndEscaped(t *testing.T) {
	for _, name := range []string{"sun", `<script>alert("x")</script>`, `"/><image href="http://evil"/>`, "a & b ' ]]> <!--"} {
		for kind, p := range pictures(name) {
			svg := p.SVG()
			d := xml.NewDecoder(strings.NewReader(svg))
			depth, roots := 0, 0
			var label string
			for {
				tok, err := d.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("%s with name %q is not well-formed: %v", kind, name, err)
				}
				switch e := tok.(type) {
				case xml.StartElement:
					if depth == 0 {
						roots++
						for _, a := range e.Attr {
							if a.Name.Local == "aria-label" {
								label = a.Value
							}
						}
					}
					depth++
					switch e.Name.Local {
					case "svg", "title", "g", "rect", "path", "text", "circle":
					case "image":
						for _, a := range e.Attr {
							if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "data:image/png;base64,") {
								t.Errorf("%s: an image of %q", kind, a.Value)
							}
						}
					default:
						t.Errorf("%s with name %q holds a <%s>", kind, name, e.Name.Local)
					}
				case xml.EndElement:
					depth--
				}
			}
			if roots != 1 || !strings.Contains(label, name) || !strings.Contains(label, "synthetic") {
				t.Errorf("%s with name %q: %d roots, described as %q", kind, name, roots, label)
			}
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Errorf("%s has a coordinate that is no number", kind)
			}
		}
	}
}

// Number must not lie: what it prints is within half a unit of its last digit,
// and at least three digits are kept.
func TestNumberIsWithinItsRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e12, 1e12).Draw(t, "v")
		if rapid.Bool().Draw(t, "small") {
			v /= 1e12
		}
		s := strings.NewReplacer(",", "", "−", "-").Replace(Number(v))
		got, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("%v is printed as %q", v, s)
		}
		slack := 5e-3 * math.Abs(v)
		if math.Abs(v) < 1e-4 {
			slack = 5e-2 * math.Abs(v) // exponents: one decimal
		}
		if math.Abs(got-v) > slack {
			t.Fatalf("%v is printed as %q", v, s)
		}
	})
	for v, want := range map[float64]string{0: "0", 1234567.4: "1,234,567", -999.6: "−1,000", 0.477: "0.477", 47.68: "47.7", 1e-9: "1.0e−9", 6.9: "6.9", 100: "100", math.Inf(1): "∞"} {
		if got := Number(v); got != want {
			t.Errorf("%v is printed as %q, want %q", v, got, want)
		}
	}
}

// Noise about a constant, and widths near the smallest number, end, too.
func TestTicksOfNoise(t *testing.T) {
	for _, c := range [][2]float64{{1e6, 1e6 + 1e-9}, {442.74, 442.74 + 1e-13}, {0, 5e-324}, {0, 1e-310}, {-1e300, 1e300}} {
		if v, _ := ticks(c[0], c[1], 6); len(v) < 2 || len(v) > 12 || v[0] > c[0] || v[len(v)-1] < c[1] {
			t.Errorf("ticks of %v are %v", c, v)
		}
	}
}

func TestTicksCoverAndAreRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-1e6, 1e6).Draw(t, "lo")
		hi := lo + rapid.Float64Range(0, 1e6).Draw(t, "width")
		v, step := ticks(lo, hi, 6)
		if len(v) < 2 || len(v) > 9 {
			t.Fatalf("%d ticks", len(v))
		}
		if v[0] > lo+1e-6*step || v[len(v)-1] < hi-1e-6*step {
			t.Fatalf("ticks %v do not cover %v to %v", v, lo, hi)
		}
		lead := step / math.Pow(10, math.Floor(math.Log10(step)+1e-12))
		if r := math.Abs(lead*4 - math.Round(lead*4)); r > 1e-6 {
			t.Fatalf("step %v is not round", step)
		}
	})
}

// One degree along a meridian of a sphere of 6,371 km is 6371 pi / 180 =
// 111.19 km; a quarter of the equator is 10,007.5 km.
func TestDistance(t *testing.T) {
	for _, c := range []struct{ a, b, x, y, want float64 }{{20, 102, 21, 102, 111.195}, {0, 0, 0, 90, 10007.543}, {5, 5, 5, 5, 0}} {
		if got := Distance(c.a, c.b, c.x, c.y); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%v km, want %v", got, c.want)
		}
	}
}

func TestAcyclicCutsTheThinnest(t *testing.T) {
	// 0 -> 1 -> 2 -> 0: the ribbon of 1 closes the circle of 5 and 3.
	links := []Link{{0, 1, 5}, {1, 2, 3}, {2, 0, 1}, {0, 2, 2}}
	got := Acyclic(3, links)
	if len(got) != 1 || got[0] != 2 {
		t.Fatalf("links %v are cut, want the third", got)
	}
}

// A node's column lies after those that feed it.
func TestSankeyColumnsFollowTheFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(t, "nodes")
		s := &Sankey{Nodes: make([]Node, n)}
		for range rapid.IntRange(1, 20).Draw(t, "links") {
			a := rapid.IntRange(0, n-2).Draw(t, "from")
			s.Links = append(s.Links, Link{a, rapid.IntRange(a+1, n-1).Draw(t, "to"), rapid.Float64Range(0.1, 9).Draw(t, "amount")})
		}
		s.Used()
		layer, count := s.layers()
		for _, l := range s.Links {
			if layer[l.From] >= layer[l.To] || layer[l.To] >= count {
				t.Fatalf("link %v goes from column %d to %d of %d", l, layer[l.From], layer[l.To], count)
			}
		}
		if svg := s.SVG(); strings.Contains(svg, "NaN") {
			t.Fatal("a coordinate is no number")
		}
	})
}

func TestNumbersAsJSON(t *testing.T) {
	raw, err := json.Marshal(Numbers{1, math.NaN(), 0.1234567, 1893430800000, math.Inf(1), -2.5})
	if err != nil || string(raw) != `[1,null,0.12346,1893430800000,null,-2.5]` {
		t.Fatalf("%s, %v", raw, err)
	}
}

// The middle of a way and its words must not cover a spot's when a free side
// exists: the line from a to b passes west of a spot whose words stand east.
func TestArrangeAvoidsWords(t *testing.T) {
	c := &Chart{Spots: []Spot{{Name: "south", Lat: 20, Lon: 102}, {Name: "north", Lat: 22, Lon: 102}, {Name: "a long name here", Lat: 21, Lon: 101.4}},
		Ways: []Way{{From: 0, To: 1, Name: "line of 500 kV", Label: "3 TWh"}}}
	c.Arrange()
	x, y := c.scales()
	mx, my := c.at(&c.Ways[0], x, y, c.Ways[0].At)
	way := wayBox(&c.Ways[0], mx, my)
	for i := range c.Spots {
		b, _ := c.spotBox(&c.Spots[i], x.at(c.Spots[i].Lon), y.at(c.Spots[i].Lat))
		if way.overlap(b) > 0 {
			t.Errorf("the words of the line cover those of %s", c.Spots[i].Name)
		}
	}
}

// Two ways between the same spots, and a third whose words find no room beside
// theirs on a small map, do not write over each other: who finds none is mute.
func TestNoWordsOverWords(t *testing.T) {
	c := &Chart{}
	for i := range 6 {
		c.Spots = append(c.Spots, Spot{Name: "a place with a name that is long", Lat: 20 + 0.01*float64(i), Lon: 102})
	}
	for i := range 5 {
		c.Ways = append(c.Ways, Way{From: i, To: i + 1, Name: "a way with a name that is long too", Label: "and a label that is longer than the name"})
	}
	c.Arrange()
	x, y := c.scales()
	var words []box
	for i := range c.Ways {
		w := &c.Ways[i]
		if mx, my := c.at(w, x, y, w.At); !w.Mute {
			words = append(words, wayBox(w, mx, my))
		}
	}
	for i := range words {
		for k := range i {
			if o := words[i].overlap(words[k]); o > 0.06*(words[i].x1-words[i].x0)*(words[i].y1-words[i].y0) {
				t.Errorf("words %v stand on %v", words[i], words[k])
			}
		}
	}
	if n := strings.Count(c.SVG(), ">and a label that is longer than the name</text>"); n != len(words) {
		t.Errorf("%d labels drawn, %d fit", n, len(words))
	}
}

// The colours of the heat map must fall in lightness, or grey print lies.
func TestRampFallsInLightness(t *testing.T) {
	last := math.Inf(1)
	for i := range 101 {
		k := heatColour(float64(i) / 100)
		light := 0.2126*float64(k.R) + 0.7152*float64(k.G) + 0.0722*float64(k.B)
		if light > last {
			t.Fatalf("at %d %% the ramp gets lighter", i)
		}
		last = light
	}
}

func TestClip(t *testing.T) {
	v := make([]float64, 200)
	for i := range v {
		v[i] = float64(i)
	}
	v[0], v[199] = -1e9, 1e9
	if lo, hi := Clip(v); lo != 2 || hi != 197 {
		t.Errorf("clipped to %v and %v, want the 1st and 99th percentile 2 and 197", lo, hi)
	}
	if lo, hi := Clip([]float64{3, 3, math.NaN()}); lo != 3 || hi != 4 {
		t.Errorf("of a constant: %v, %v", lo, hi)
	}
}

// Many places, some close together, make the map tall, and their names stand
// clear of each other, at the end of a thread where need be.
func TestNamesOfManyPlaces(t *testing.T) {
	c := &Chart{}
	for i := range 10 {
		c.Spots = append(c.Spots, Spot{Name: "a place further off", Lat: 14 + 0.7*float64(i), Lon: 101 + 0.3*float64(i%3)})
	}
	for i := range 6 {
		c.Spots = append(c.Spots, Spot{Name: "a place close by (LA)", Lat: 15.3 + 0.1*float64(i%3), Lon: 106.8 + 0.1*float64(i/3)})
	}
	c.Arrange()
	if !c.Tall || c.height() <= 520 {
		t.Fatal("the map is not tall")
	}
	x, y := c.scales()
	threads := 0
	var names []box
	for i := range c.Spots {
		p := &c.Spots[i]
		b, _ := c.spotBox(p, x.at(p.Lon), y.at(p.Lat))
		for _, other := range names {
			if o := b.overlap(other); o > 0.2*(b.x1-b.x0)*(b.y1-b.y0) {
				t.Errorf("name %d stands on another", i)
			}
		}
		names = append(names, b)
		if p.Down != 0 {
			threads++
		}
	}
	if threads == 0 {
		t.Error("six names within 30 km have found room without a thread")
	}
}
