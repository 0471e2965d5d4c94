package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/busbar/internal/run"
)

// A run of four representative days, each standing for many.
func representative(t *testing.T) string {
	p := newPark(24 * 4)
	for i := range p.tables.Steps {
		s := &p.tables.Steps[i]
		day := int32(0)
		if s.Grid == "1h" {
			day = s.Step / 24
		} else {
			day = s.Step
		}
		s.Amount = s.Hours * 91.25
		s.Start += int64(day) * 80 * 24 * 3600 * 1000
	}
	return p.write(t, nil)
}

func TestRepresentativePeriods(t *testing.T) {
	dir := representative(t)
	path, err := Write(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept(t, path, "representative.html")
	_, doc := page(t, dir, Options{Plain: true})
	text := words(doc)
	for _, want := range []string{"Months are not shown: the run models representative days", "days that are not modelled; others stand for them", "the dearest stretch"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if strings.Contains(text, "Month by month") {
		t.Error("months of representative days are shown")
	}
	d, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if ws := d.grids["1h"].windows(); len(ws) != 4 {
		t.Errorf("%d periods, want 4", len(ws))
	}
}

// Whatever tables are missing, and whatever numbers are no numbers, the report
// is written, and draws nothing at a place that is none.
func TestOddTables(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPark(24 * rapid.IntRange(0, 4).Draw(rt, "days"))
		tb := &p.tables
		drop := func(name string) bool { return rapid.IntRange(0, 3).Draw(rt, name) == 0 }
		if drop("steps") {
			tb.Steps = nil
		}
		if drop("flows") {
			tb.Flows = nil
		}
		if drop("levels") {
			tb.Levels = nil
		}
		if drop("prices") {
			tb.Prices = nil
		}
		if drop("capacities") {
			tb.Capacities = nil
		}
		if drop("money") {
			tb.Money = nil
		}
		if drop("balances") {
			tb.Balances = nil
		}
		if drop("limits") {
			tb.Limits = nil
		}
		if drop("figures") {
			tb.Figures = nil
		}
		if drop("places") {
			p.system.Places = nil
		}
		if drop("assets") {
			p.system.Assets, p.system.Commodities = nil, nil
		}
		odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1e300, -1e300, 1e-300}
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		spoil := func(v *float64) {
			if chance.IntN(10) == 0 {
				*v = odd[chance.IntN(len(odd))]
			}
		}
		for i := range tb.Figures {
			spoil(&tb.Figures[i].Value)
		}
		for i := range tb.Capacities {
			spoil(&tb.Capacities[i].Built)
			spoil(&tb.Capacities[i].MaxBuild)
		}
		for i := range tb.Money {
			spoil(&tb.Money[i].Amount)
		}
		for i := range tb.Balances {
			spoil(&tb.Balances[i].In)
		}
		for i := range min(len(tb.Prices), 50) {
			spoil(&tb.Prices[i].Price)
		}
		for i := range min(len(tb.Flows), 50) {
			spoil(&tb.Flows[i].Rate)
		}
		for i := range min(len(tb.Levels), 20) {
			spoil(&tb.Levels[i].Level)
		}
		for i := range min(len(tb.Limits), 20) {
			spoil(&tb.Limits[i].Value)
		}
		dir := p.write(t, nil)
		_, doc := page(t, dir, Options{Plain: true})
		for _, n := range append(append(all(doc, "path"), all(doc, "rect")...), all(doc, "text")...) {
			for _, a := range n.Attr {
				if a.Key == "aria-label" || a.Key == "title" {
					continue
				}
				if strings.Contains(a.Val, "NaN") || strings.Contains(a.Val, "Inf") {
					rt.Fatalf("<%s %s=%.60q>", n.Data, a.Key, a.Val)
				}
			}
		}
		if chance.IntN(4) == 0 {
			if _, err := Excel(dir); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// A network of many places, as imported: it is written in seconds, and says
// what it leaves out.
func TestManyPlaces(t *testing.T) {
	if testing.Short() {
		t.Skip("a large network")
	}
	const places, hours = 120, 24 * 14
	p := newPark(0)
	p.system = run.System{Name: "Network", Commodities: []run.Commodity{{ID: "AC", Unit: "MWh", Step: "1h", Balance: "exact"}}}
	p.unit["AC"] = "MWh"
	p.start = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	p.tables = run.Tables{}
	for h := range hours {
		p.tables.Steps = append(p.tables.Steps, run.Step{Grid: "1h", Step: int32(h), Start: p.start.Add(time.Duration(h) * time.Hour).UnixMilli(), Hours: 1, Amount: 1})
	}
	for k := range places {
		id := fmt.Sprintf("n%03d", k)
		p.system.Places = append(p.system.Places, run.Place{ID: id, Lat: p64(10 + float64(k%12)), Lon: p64(100 + float64(k/12))})
		for _, a := range []string{"solar", "wind", "load", "line"} {
			p.system.Assets = append(p.system.Assets, run.Asset{ID: a + " " + id, Kind: "unit", Place: id})
		}
		if k%2 == 0 { // a network's carrier says what a name does not
			sun := &p.system.Assets[len(p.system.Assets)-4]
			sun.Note = "carrier solar"
		}
	}
	for k := range places {
		id := fmt.Sprintf("n%03d", k)
		next := fmt.Sprintf("n%03d", (k+1)%places)
		for h := range hours {
			sun := 100 * math.Max(0, math.Sin(math.Pi*float64(h%24-6)/12))
			wind := 60 + 20*math.Sin(float64(h+k))
			p.flow("AC", "AC@"+id, id, "solar "+id, "", "unit", "1h", h, 1, sun)
			p.flow("AC", "AC@"+id, id, "wind "+id, "", "unit", "1h", h, 1, wind)
			p.flow("AC", "AC@"+id, id, "line "+id, "", "line", "1h", h, 1, -10)
			p.flow("AC", "AC@"+next, next, "line "+id, "", "line", "1h", h, 1, 10)
			p.flow("AC", "AC@"+id, id, "load "+id, "", "demand", "1h", h, 1, -sun-wind)
		}
	}
	for _, k := range p.order {
		p.tables.Balances = append(p.tables.Balances, *p.yearly[k])
	}
	p.tables.Figures = []run.Figure{{Group: "cost", Name: "total", Value: 5, Unit: "USD/a"}}
	dir := p.write(t, func(m *run.Manifest) { m.Product = "" })
	from := time.Now()
	path, err := Write(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("written in %v", time.Since(from))
	kept(t, path, "network.html")
	d, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := d.merged("MWh", 1)
	names := map[string]float64{}
	for _, l := range s.Links {
		names[s.Nodes[l.From].Name] += l.Amount
	}
	want := 0.0
	for _, f := range p.tables.Flows {
		if strings.HasPrefix(f.Asset, "solar") {
			want += f.Rate
		}
	}
	if math.Abs(names["sun"]-want) > 1e-6*want {
		t.Errorf("the sun of all places gives %v, want %v", names["sun"], want)
	}
	if names["lines"] != 0 || names["other"] != 0 { // what a line takes it gives
		t.Errorf("lines make %v", names)
	}
	// 480 assets stand in a table of 120, and a line says where the others are.
	notes := d.noteSection()
	if last := notes.Blocks[len(notes.Blocks)-1]; len(notes.Blocks) < 3 || len(notes.Blocks[1].Table.Rows) != mostRows || last.Para != "360 more rows are in system.json." {
		t.Errorf("the assets' table is followed by %q", last.Para)
	}
}
