package report

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
	"example.org/busbar/lp"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	keep   = flag.String("keep", "", "copy the reports of the tests into this folder, to look at them")
)

// kept copies a report where -keep says.
func kept(t testing.TB, path, name string) {
	t.Helper()
	if *keep == "" {
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(*keep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*keep, name), raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// page writes a report and reads it back.
func page(t testing.TB, dir string, opts Options) (raw string, doc *html.Node) {
	t.Helper()
	path, err := Write(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "report", "index.html"); path != want {
		t.Fatalf("the report is at %s, want %s", path, want)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err = html.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return string(b), doc
}

func walk(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func all(n *html.Node, tag string) []*html.Node {
	var out []*html.Node
	walk(n, func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == tag {
			out = append(out, n)
		}
	})
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			b.WriteString(n.Data)
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// The skeleton of the page: every heading and every caption, in order.
func TestSkeleton(t *testing.T) {
	dir := newPark(24*40).write(t, nil)
	_, doc := page(t, dir, Options{Plain: true})
	var got strings.Builder
	walk(doc, func(n *html.Node) {
		if n.Type != html.ElementNode {
			return
		}
		switch n.Data {
		case "h1", "h2":
			fmt.Fprintf(&got, "%s\n", words(n))
		case "h3":
			fmt.Fprintf(&got, "  %s\n", words(n))
		case "caption":
			fmt.Fprintf(&got, "    table: %s\n", words(n))
		}
	})
	golden := filepath.Join("testdata", "skeleton.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("the skeleton changed (run with -update if it should):\n%s", got.String())
	}
}

// Every tag is closed where it should be: what a lenient browser mends, a test
// must not.
func TestTagsBalance(t *testing.T) {
	dir := newPark(24*40).write(t, nil)
	raw, _ := page(t, dir, Options{Plain: true})
	void := map[string]bool{"meta": true, "link": true}
	z := html.NewTokenizer(strings.NewReader(raw))
	var open []string
	ids := map[string]bool{}
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			break
		}
		tok := z.Token()
		for _, a := range tok.Attr {
			if a.Key == "id" {
				if ids[a.Val] {
					t.Errorf("id %q stands twice", a.Val)
				}
				ids[a.Val] = true
			}
		}
		switch {
		case tt == html.StartTagToken && !void[tok.Data]:
			open = append(open, tok.Data)
		case tt == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("</%s> closes %v", tok.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Fatalf("left open: %v", open)
	}
}

// Nothing is fetched when the page is opened, and no name of the run becomes
// markup.
func TestSelfContainedAndEscaped(t *testing.T) {
	for _, plain := range []bool{true, false} {
		dir := newPark(24*15).write(t, func(m *run.Manifest) {
			m.System, m.Study, m.Title, m.LPHash = hostile, hostile, hostile, hostile
			m.Certificate.Worst.Name = hostile
		})
		_, doc := page(t, dir, Options{Plain: plain})
		scripts, specs := 0, 0
		walk(doc, func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			switch n.Data {
			case "script":
				scripts++
				if attr(n, "type") == "application/json" {
					specs++
					if !json.Valid([]byte(n.FirstChild.Data)) {
						t.Errorf("data of the page is no JSON: %.80s", n.FirstChild.Data)
					}
				}
				if n.FirstChild != nil && strings.HasPrefix(strings.TrimSpace(n.FirstChild.Data), "alert") {
					t.Error("a name became a script")
				}
			case "iframe", "object", "embed", "img", "base", "form", "audio", "video":
				t.Errorf("the page holds a <%s>", n.Data)
			}
			for _, a := range n.Attr {
				switch a.Key {
				case "src", "srcset", "action", "data", "poster", "background":
					t.Errorf("<%s %s=%q> would be fetched", n.Data, a.Key, a.Val)
				case "href":
					switch {
					case n.Data == "a" && (strings.HasPrefix(a.Val, "#") || a.Val == "https://example.org/wind"):
					case strings.HasPrefix(a.Val, "data:"):
					default:
						t.Errorf("<%s href=%q>", n.Data, a.Val)
					}
				}
				if strings.HasPrefix(a.Key, "on") || strings.Contains(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("<%s %s=%q> would run", n.Data, a.Key, a.Val)
				}
			}
		})
		want := specs + 1
		if lib, _ := library(); !plain && lib != "" {
			want++
		}
		if scripts != want {
			t.Errorf("%d script elements, want %d", scripts, want)
		}
		if h := words(all(doc, "h1")[0]); h != "Oudomxay park" {
			t.Errorf("title %q", h)
		}
		if !strings.Contains(words(doc), hostile) {
			t.Error("a hostile name is not shown as it is written")
		}
	}
}

// Every number on a card is its figure: the full value beside it, and what is
// printed within half of its last digit.
func TestCardsAreTheFigures(t *testing.T) {
	p := newPark(24)
	dir := p.write(t, nil)
	_, doc := page(t, dir, Options{Plain: true})
	want := map[string]bool{}
	for _, f := range p.tables.Figures {
		if (f.Asset == "" || f.Asset == "aluminium") && !strings.HasPrefix(f.Name, "at_lme") {
			want[strconv.FormatFloat(f.Value, 'g', -1, 64)] = false
		}
	}
	for _, n := range all(doc, "data") {
		v, err := strconv.ParseFloat(attr(n, "value"), 64)
		if err != nil {
			t.Fatal(err)
		}
		key := strconv.FormatFloat(v, 'g', -1, 64)
		if _, ok := want[key]; !ok {
			t.Errorf("a card shows %v, which is no figure", v)
		}
		want[key] = true
	}
	for v, seen := range want {
		if !seen {
			t.Errorf("figure %s is on no card", v)
		}
	}
}

func TestHumanKeepsTheValue(t *testing.T) {
	units := []string{"", "1", "USD/a", "EUR2020/a", "USD/t", "MWh/a", "MWh", "t/a", "t", "t/t", "MW", "h/a", "USD/MWh", "MWh/t", "t dry/a"}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1, 1).Draw(t, "v") * math.Pow(10, float64(rapid.IntRange(-3, 11).Draw(t, "size")))
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		n, _, scale := human(v, unit)
		got, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(n), 64)
		if err != nil {
			t.Fatal(err)
		}
		slack := 5e-3
		if math.Abs(v/scale) < 1e-4 {
			slack = 6e-2
		}
		if math.Abs(got*scale-v) > slack*math.Abs(v) {
			t.Fatalf("%v %s is shown as %s x %v", v, unit, n, scale)
		}
	})
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{0.4768, "", "47.7 %"}, {6.9e6, "MWh/a", "6.9 TWh a year"}, {500_000, "t/a", "500 kt a year"}, {1.2034e9, "USD/a", "1.2 billion USD a year"},
		{155.3e6, "USD/a", "155.3 million USD a year"}, {2319, "USD/t", "2,319 USD/t"}, {13.5, "MWh/t", "13.5 MWh/t"}, {2400, "MWh", "2,400 MWh"}, {1e6, "USD/MWh", "1,000,000 USD/MWh"},
	} {
		if got := say(c.v, c.unit); got != c.want {
			t.Errorf("%v %s is said as %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

// The page's hourly numbers are the tables' within 2^-16 of themselves.
func TestPayloadCarriesTheSeries(t *testing.T) {
	p := newPark(24 * 30)
	dir := p.write(t, nil)
	d, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	pl := newPayload(d)
	d.sections(pl)
	js, err := pl.encode()
	if err != nil {
		t.Fatal(err)
	}
	var head payloadHead
	if err := json.Unmarshal([]byte(js), &head); err != nil {
		t.Fatal(err)
	}
	packed, err := base64.StdEncoding.DecodeString(head.Data)
	if err != nil {
		t.Fatal(err)
	}
	planes, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil || len(planes) != 3*head.Count {
		t.Fatalf("%d bytes for %d numbers: %v", len(planes), head.Count, err)
	}
	n := head.Count
	at := func(s payloadSeries, i int) float64 {
		if s.At < 0 {
			return float64(s.Value)
		}
		k := s.At + i
		return float64(math.Float32frombits(uint32(planes[k])<<24 | uint32(planes[n+k])<<16 | uint32(planes[2*n+k])<<8))
	}
	// Every hour of every flow at the park, summed by bus, from the tables and
	// from the page.
	for _, b := range head.Buses {
		g := head.Grids[b.Grid]
		if len(g.Runs) != 1 || g.Runs[0] != [3]int64{p.start.UnixMilli() + 7*3600*1000, 3600 * 1000, 24 * 30} {
			t.Fatalf("grid %v", g.Runs)
		}
		for h := range 24 * 30 {
			got, sum, size := 0.0, 0.0, 0.0
			for _, k := range b.Series {
				got += at(head.Series[k], h)
			}
			for _, f := range p.tables.Flows {
				if f.Bus == b.Bus && int(f.Step) == h {
					sum += f.Rate
					size += math.Abs(f.Rate)
				}
			}
			if math.Abs(got-sum) > 2e-5*size {
				t.Fatalf("%s hour %d: the page's flows sum to %v, the table's to %v", b.Bus, h, got, sum)
			}
			price := at(head.Series[b.Price], h)
			found := false
			for _, r := range p.tables.Prices[2*h : 2*h+2] {
				found = found || r.Bus == b.Bus && math.Abs(price-r.Price) <= 0x1.01p-16*math.Abs(r.Price)
			}
			if !found {
				t.Fatalf("%s hour %d: price %v", b.Bus, h, price)
			}
		}
	}
	if len(head.Buses) != 2 {
		t.Fatalf("%d places, want 2", len(head.Buses))
	}
}

// At every place and every plant that only passes on, what comes into the
// Sankey's node goes out of it: the balances say so.
func TestSankeyBalances(t *testing.T) {
	d, err := load(newPark(24*30).write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	s := d.sankey("MWh", 1)
	in, out := make([]float64, len(s.Nodes)), make([]float64, len(s.Nodes))
	at := map[string]int{}
	for i, n := range s.Nodes {
		at[n.Name] = i
	}
	for _, l := range s.Links {
		in[l.To] += l.Amount
		out[l.From] += l.Amount
	}
	for _, place := range []string{"Oudomxay park", "Phongsaly north"} {
		i, ok := at[place]
		if !ok {
			t.Fatalf("no node %q in %v", place, s.Nodes)
		}
		// Ribbons below a ten-thousandth of the largest are left out.
		if math.Abs(in[i]-out[i]) > 1e-3*in[i] || in[i] == 0 {
			t.Errorf("%s takes %v and gives %v", place, in[i], out[i])
		}
	}
	sum := func(asset string) (in, out float64) {
		for _, b := range d.balances {
			if b.Asset == asset && b.Unit == "MWh" && b.Place != "" {
				in += b.In
				out += b.Out
			}
		}
		return
	}
	_, charged := sum("battery")
	given, _ := sum("battery")
	if math.Abs(in[at["battery, in"]]-charged) > 1 || math.Abs(out[at["battery, out"]]-given) > 1 {
		t.Errorf("battery takes %v, gives %v; want %v, %v", in[at["battery, in"]], out[at["battery, out"]], charged, given)
	}
	if got := in[at["500 kV park - Yunnan"]]; math.Abs(got-out[at["yunnan import"]]) > 1e-9 || got == 0 {
		t.Errorf("the import does not pass the line: %v", got)
	}
	m := d.merged("MWh", 1)
	balance, size := 0.0, 0.0
	for _, l := range m.Links {
		size += l.Amount
		if l.To == 0 {
			balance += l.Amount
		} else {
			balance -= l.Amount
		}
	}
	if math.Abs(balance) > 1e-9*size {
		t.Errorf("all places together take %v more than they give", balance)
	}
}

// The waterfall's rows are the money of the assets over the tonnes, without
// the income from the metal; their sum is the figure cost/per_t.
func TestWaterfallIsTheCostPerTonne(t *testing.T) {
	p := newPark(24 * 10)
	d, err := load(p.write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	var w *picture.Waterfall
	for _, b := range d.costSection().Blocks {
		if b.Figure != nil && b.Figure.Kind == "waterfall" {
			w = b.Figure.Spec.(*picture.Waterfall)
			if strings.Contains(b.Figure.Caption, "counted as it says there") {
				t.Error("the sum is said to differ from the figure")
			}
		}
	}
	per, _ := d.figure("cost", "per_t")
	if math.Abs(w.Sum()-per.Value) > 1e-9*per.Value {
		t.Errorf("the rows sum to %v, the figure is %v", w.Sum(), per.Value)
	}
	tonnes := d.produced()
	for _, s := range w.Steps {
		if s.Name == "solar" && math.Abs(s.Value-(68.2e6+9.4e6)/tonnes) > 1e-9*s.Value {
			t.Errorf("solar adds %v, want %v", s.Value, 77.6e6/tonnes)
		}
		if s.Name == "metal sale" {
			t.Error("the income of the metal itself takes off its cost")
		}
	}
}

// By hand: 3 for 1 h, 2 for 1 h, 1 for 2 h; the middles of their shares are
// 12.5, 37.5 and 75 % of the year, between the ends.
func TestDuration(t *testing.T) {
	x, y := duration([]float64{3, 1, math.NaN(), 2}, []float64{1, 2, 5, 1})
	if fmt.Sprint(x) != "[0 12.5 37.5 75 100]" || fmt.Sprint(y) != "[3 3 2 1 1]" {
		t.Errorf("%v %v", x, y)
	}
}

func hourGrid(start time.Time, hours int) *grid {
	g := &grid{name: "1h"}
	for h := range hours {
		g.start = append(g.start, start.Add(time.Duration(h)*time.Hour).UnixMilli())
		g.hours, g.weight = append(g.hours, 1), append(g.weight, 1)
	}
	return g
}

// 365 days are 52 weeks and a day; the last window is moved back to a whole
// week. Representative days stand apart.
func TestWindows(t *testing.T) {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	ws := hourGrid(start, 8760).windows()
	if len(ws) != 53 || ws[0] != (window{0, 168}) || ws[51] != (window{51 * 168, 52 * 168}) || ws[52] != (window{8760 - 168, 8760}) {
		t.Errorf("%d windows, last %v", len(ws), ws[len(ws)-1])
	}
	if ws := hourGrid(start, 30).windows(); len(ws) != 1 || ws[0] != (window{0, 30}) {
		t.Errorf("of 30 hours: %v", ws)
	}
	g := hourGrid(start, 24)
	far := hourGrid(start.AddDate(0, 3, 0), 24)
	g.start, g.hours, g.weight = append(g.start, far.start...), append(g.hours, far.hours...), append(g.weight, far.weight...)
	if ws := g.windows(); len(ws) != 2 || ws[0] != (window{0, 24}) || ws[1] != (window{24, 48}) {
		t.Errorf("of two days apart: %v", ws)
	}
	if g.whole() || !far.whole() {
		t.Error("two days with a gap are not whole, one day is")
	}
	if got := g.days(window{0, 24}); got != "1 January 2030" {
		t.Error(got)
	}
}

// The study's clock is found from the first step: 17:00 UTC is midnight at
// +07:00, 03:30 UTC at -03:30, 14:00 UTC at +10:00.
func TestOffset(t *testing.T) {
	for first, want := range map[string]string{"2029-12-31T17:00:00Z": "UTC+07:00", "2030-01-01T03:30:00Z": "UTC−03:30", "2029-12-31T14:00:00Z": "UTC+10:00", "2030-01-01T00:00:00Z": "UTC"} {
		at, err := time.Parse(time.RFC3339, first)
		if err != nil {
			t.Fatal(err)
		}
		d := &data{grids: map[string]*grid{}}
		d.clock([]run.Step{{Grid: "1h", Start: at.UnixMilli(), Hours: 1, Amount: 1}})
		if got := offsetName(d.offset); got != want {
			t.Errorf("%s: %s, want %s", first, got, want)
		}
		if got := d.grids["1h"].start[0] % msPerDay; got != 0 {
			t.Errorf("%s: the first step begins %d ms after midnight", first, got)
		}
	}
}

// A daily series on hourly steps keeps its value through the day; hours
// outside have none.
func TestOntoAFinerGrid(t *testing.T) {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	days := &grid{name: "1d", start: []int64{start.UnixMilli(), start.AddDate(0, 0, 1).UnixMilli()}, hours: []float64{24, 24}, weight: []float64{24, 24}}
	s := &series{grid: days, v: []float64{5, 7}}
	v := s.onto(hourGrid(start, 50))
	if v[0] != 5 || v[23] != 5 || v[24] != 7 || v[47] != 7 || !math.IsNaN(v[48]) {
		t.Errorf("%v", v)
	}
}

// heat puts hour h of day d at 24 d + h, and spreads longer steps over their
// hours.
func TestHeat(t *testing.T) {
	start := time.Date(2030, 1, 1, 6, 0, 0, 0, time.UTC)
	g := &grid{start: []int64{start.UnixMilli(), start.Add(3 * time.Hour).UnixMilli()}, hours: []float64{3, 3}, weight: []float64{3, 3}}
	_, days, v := heat(g, []float64{1, 2})
	if days != 1 || !math.IsNaN(v[5]) || v[6] != 1 || v[8] != 1 || v[9] != 2 || v[11] != 2 || !math.IsNaN(v[12]) {
		t.Errorf("%d days: %v", days, v)
	}
}

// Monthly sums by hand: 1 MW all January is 744 MWh.
func TestMonths(t *testing.T) {
	g := hourGrid(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), 8760)
	v := make(picture.Numbers, 8760)
	for i := range v {
		v[i] = 100
	}
	b := &busCourse{grid: g, bands: []picture.Band{{Name: "flat", Values: v}}}
	c, _ := b.months()
	if len(c.Categories) != 12 || c.Categories[0] != "Jan" || math.Abs(c.Bands[0].Values[0]-74.4) > 1e-9 || math.Abs(c.Bands[0].Values[1]-67.2) > 1e-9 {
		t.Errorf("%v %v", c.Categories, c.Bands[0].Values)
	}
	g.weight[3] = 5
	if c, why := b.months(); c != nil || !strings.Contains(why, "representative") {
		t.Error("representative periods have no months")
	}
}

func TestCertificateInWords(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		cert *lp.Certificate
		word string
		says string
		good bool
	}{
		{&lp.Certificate{Kind: lp.KindKKT, Primal: 1e-9, Dual: 1e-9, Gap: 1e-9, OK: true}, "Proved optimal", "not taken from the solver", true},
		{&lp.Certificate{Kind: lp.KindMIP, Primal: 1e-9, Dual: 1e-9, Gap: 1e-9, OK: true, Bound: 5, BoundBy: "highs"}, "Proved feasible, bound claimed", "claim of highs", true},
		{&lp.Certificate{Kind: lp.KindFarkas, OK: true}, "Proved infeasible", "contradicts itself", true},
		{&lp.Certificate{Kind: lp.KindRay, OK: true}, "Proved unbounded", "without end", true},
		{&lp.Certificate{Kind: lp.KindSequence, OK: true}, "Each part proved", "worst", true},
		{&lp.Certificate{Kind: lp.KindClaim, Primal: nan, Dual: nan, Gap: nan, Note: "no duals"}, "Not proved", "no duals", false},
		{&lp.Certificate{Kind: lp.KindKKT, Primal: 1e-3, Dual: 1e-9, Gap: 1e-9}, "Not proved", "1.0e-3", false},
		{nil, "Infeasible", "no certificate", false},
	} {
		m := &run.Manifest{Outcome: run.Outcome{Certificate: c.cert, Status: "infeasible"}}
		word, says, good := certificate(m)
		if word != c.word || !strings.Contains(says, c.says) || good != c.good {
			t.Errorf("%+v: %q, %q, %v", c.cert, word, says, good)
		}
	}
}

// What is not verified is called so; the weakest of several sources counts.
func TestGrades(t *testing.T) {
	known := map[string]*run.Source{"a": {ID: "a", Grade: "read"}, "g": {ID: "g", Grade: "general-knowledge"}, "d": {ID: "d", Grade: "derived"}}
	d := &data{}
	for cite, want := range map[string]string{"a": "read", "g": "general knowledge, not verified", "a g": "general knowledge, not verified", "a d": "derived", "x": "source not listed, not verified", "": "no grade given, not verified"} {
		got, warn := d.grade(cite, known)
		if got != want || warn != strings.Contains(want, "not verified") {
			t.Errorf("%q is graded %q (%v), want %q", cite, got, warn, want)
		}
	}
}

func TestWebLink(t *testing.T) {
	for in, want := range map[string]string{"https://example.org/a": "https://example.org/a", "javascript:alert(1)": "", "data:text/html,x": "", "//evil": "", "report.pdf": ""} {
		if got := webLink(in); got != want {
			t.Errorf("%q passes as %q", in, got)
		}
	}
}

// Names are the workspace's own; within a sentence a commodity begins small,
// unless it is a sign such as CO2.
func TestNames(t *testing.T) {
	p := newPark(24)
	p.system.Commodities[2].Name = "Aluminium ingot"
	d, err := load(p.write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		d.assetName("nam_ou"): "Nam Ou, offered share", d.assetName("alumina_rail"): "alumina rail", d.partName("nam_ou", "turbine"): "Nam Ou, offered share, turbine",
		d.commodityName("aluminium"): "aluminium ingot", d.commodityName("co2"): "CO2",
		d.limitName("line.capacity"): "500 kV park - Yunnan: capacity", d.limitName("clean_base"): "clean base", d.busName("electricity@park", "electricity"): "Oudomxay park, electricity",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Colours are a sort's own for what a place has once, and never shared within
// a place; a line with a grid at its far end counts as import.
func TestPalette(t *testing.T) {
	d, err := load(newPark(48).write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.palette.of("solar"); got != categories[sun].colour {
		t.Errorf("sun is %s", got)
	}
	if d.palette.category["line"] != border || d.palette.category["valley_line"] != wires {
		t.Error("a line to the outside is no line inside, and the other way round")
	}
	seen := map[string]string{}
	for _, a := range d.sys.Assets {
		key := a.Place + d.palette.of(a.ID)
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s share a colour at %s", a.ID, other, a.Place)
		}
		seen[key] = a.ID
	}
}

// Synthetic weather is stamped on every picture made from it, and on none
// where it was measured.
func TestSyntheticStamp(t *testing.T) {
	for _, synthetic := range []bool{true, false} {
		dir := newPark(24*40).write(t, func(m *run.Manifest) { m.Synthetic = synthetic })
		raw, doc := page(t, dir, Options{Plain: true})
		svgs := all(doc, "svg")
		if len(svgs) < 12 {
			t.Fatalf("only %d pictures", len(svgs))
		}
		for _, s := range svgs {
			label := attr(s, "aria-label")
			if strings.Contains(label, "synthetic weather") != synthetic || strings.Contains(words(s), "synthetic weather") != synthetic {
				t.Errorf("synthetic %v: picture %q", synthetic, label)
			}
			if len(label) < 20 {
				t.Errorf("a picture is described as %q", label)
			}
		}
		if strings.Contains(raw, "Synthetic weather") != synthetic {
			t.Error("the head says otherwise")
		}
	}
}

// Every table has a caption, and heads with a scope.
func TestTablesAreAccessible(t *testing.T) {
	_, doc := page(t, newPark(24*40).write(t, nil), Options{Plain: true})
	for _, table := range all(doc, "table") {
		if len(all(table, "caption")) != 1 {
			t.Error("a table without a caption")
		}
		for _, th := range all(table, "th") {
			if attr(th, "scope") == "" {
				t.Errorf("head %q of %q without a scope", words(th), words(all(table, "caption")[0]))
			}
		}
		for _, tr := range all(all(table, "tbody")[0], "tr") {
			if n, m := len(all(tr, "th"))+len(all(tr, "td")), len(all(all(table, "thead")[0], "th")); n != m {
				t.Errorf("a row of %d cells under %d heads in %q", n, m, words(all(table, "caption")[0]))
			}
		}
	}
}

func TestSaysWhatItDoesNotCheck(t *testing.T) {
	_, doc := page(t, newPark(24*8).write(t, nil), Options{Plain: true})
	text := words(doc)
	for _, want := range []string{"Perfect foresight", "Frequency", "Voltage", "Short circuits", "Outages (N-1)", "AC losses", "c0ffee", "v0.1-test", "not verified", "Unsurveyed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
}

// The same run gives the same bytes, and nothing else is left in the folder.
func TestDeterministicAndClean(t *testing.T) {
	dir := newPark(24*20).write(t, nil)
	a, _ := page(t, dir, Options{})
	b, _ := page(t, dir, Options{})
	if a != b {
		t.Error("two reports of one run differ")
	}
	entries, err := os.ReadDir(filepath.Join(dir, "report"))
	if err != nil || len(entries) != 1 {
		t.Errorf("report/ holds %v, %v", entries, err)
	}
	f, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(); err != nil {
		t.Errorf("writing the report changed the run: %v", err)
	}
}

// An infeasible run has no tables: its report is the conflict, the notes and
// the inputs.
func TestInfeasible(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	w, err := run.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	in, err := w.Input("system.yaml", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{"park: electricity short by 312 MW in 214 hours, worst 2030-04-11 19:00", "wind is at its maximum build " + hostile}
	if err := w.JSON("conflict.json", map[string]any{"lines": lines, "rows": []int{3}}); err != nil {
		t.Fatal(err)
	}
	if err := w.JSON("system.json", &newPark(0).system); err != nil {
		t.Fatal(err)
	}
	cert := lp.Certificate{Kind: lp.KindFarkas, Primal: math.NaN(), Dual: 0, Gap: 1e-9, Objective: math.NaN(), Bound: math.NaN(), OK: true}
	if err := w.Commit(&run.Manifest{System: "Park", Study: "island", Inputs: []run.Input{in}, Outcome: run.Outcome{Status: "infeasible", Certificate: &cert}}); err != nil {
		t.Fatal(err)
	}
	path, err := Write(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept(t, path, "infeasible.html")
	_, doc := page(t, dir, Options{Plain: true})
	text := words(doc)
	for _, want := range append(lines, "Proved infeasible", "Why there is no plan", "system.yaml") {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if strings.Contains(text, "Hour by hour") || strings.Contains(text, "In short") {
		t.Error("sections without data stand in the report")
	}
	if _, err := Excel(dir); err != nil {
		t.Error(err)
	}
}

// A bare problem has neither system nor tables of a study.
func TestBareProblem(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	w, err := run.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	cert := lp.Certificate{Kind: lp.KindKKT, OK: true}
	if err := w.Commit(&run.Manifest{Outcome: run.Outcome{Status: "optimal", Objective: new(-464.75), Certificate: &cert, Rows: 27, Cols: 32, Solver: "highs"}}); err != nil {
		t.Fatal(err)
	}
	_, doc := page(t, dir, Options{Plain: true})
	if text := words(doc); !strings.Contains(text, "Proved optimal") || !strings.Contains(text, "27 rows") || !strings.Contains(text, "464.8") {
		t.Errorf("%s", text)
	}
}

func TestNotARun(t *testing.T) {
	if _, err := Write(t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "not a run folder") {
		t.Errorf("%v", err)
	}
}

// A full year with 30 flows stays below 6 MB, library included.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("a full year")
	}
	p := newPark(8760)
	ms := p.start.UnixMilli()
	for k := range 12 { // beside the park's own: incompressible ones
		seed := uint64(k + 1)
		id := fmt.Sprintf("noise_%d", k)
		for h := range 8760 {
			seed = seed*6364136223846793005 + 1442695040888963407
			p.tables.Flows = append(p.tables.Flows, run.Flow{Commodity: "electricity", Bus: "electricity@park", Asset: id, Role: "unit", Grid: "1h", Step: int32(h),
				Start: ms + int64(h)*3600_000, Rate: float64(seed>>40) / 1e5})
		}
	}
	dir := p.write(t, nil)
	path, err := Write(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept(t, path, "live.html")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f MB", float64(info.Size())/1e6)
	if info.Size() > 6e6 {
		t.Errorf("the report has %.1f MB", float64(info.Size())/1e6)
	}
	path, err = Write(dir, Options{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	kept(t, path, "plain.html")
}
