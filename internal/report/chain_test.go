package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
	"example.org/busbar/lp"
)

// newChain is a made-up year of ten days: 100 t of ore a day are dug and washed
// at the mine (60 t washed, 40 t tailings), go 24 km by road to the works, through
// a gate that lets 12 vehicles pass a day and is shut on day 5, and become 20 t
// of product, of which 19 are sold at 300 and one goes into stock. Diesel comes
// from a place without coordinates, 10 m3 a day, but on days 4 to 6, when the
// pass is closed; a tank of 15 m3 and then nobody serves.
func newChain() *park {
	const days = 10
	zone := time.FixedZone("", 7*3600)
	p := &park{start: time.Date(2030, 1, 1, 0, 0, 0, 0, zone), yearly: map[[5]string]*run.Balance{},
		unit: map[string]string{"ore": "t dry", "product": "t", "diesel": "m3", "crossings": "vehicle", "trucks": "truck", "tailings": "t dry", "co2": "t"}}
	p.system = run.System{
		Name: "Chain",
		Commodities: []run.Commodity{
			{ID: "ore", Name: "Washed ore", Unit: "t dry", Step: "1d", Balance: "exact"}, {ID: "product", Name: "Oxide", Unit: "t", Step: "1d", Balance: "exact"},
			{ID: "diesel", Name: "Diesel", Unit: "m3", Step: "1w", Balance: "exact"}, {ID: "crossings", Name: "Vehicles at the gate", Unit: "vehicle", Step: "1d", Balance: "exact"},
			{ID: "trucks", Name: "Loaded trucks", Unit: "truck", Balance: "account"}, {ID: "tailings", Name: "Tailings", Unit: "t dry", Balance: "account"}, {ID: "co2", Name: "CO2", Unit: "t", Balance: "account"},
		},
		Places: []run.Place{
			{ID: "mine", Name: "The mine", Country: "LA", Lat: p64(15), Lon: p64(107)}, {ID: "works", Name: "The works", Country: "VN", Lat: p64(15.4), Lon: p64(107.5)},
			{ID: "gate", Name: "The gate", Lat: p64(15.2), Lon: p64(107.3)}, {ID: "harbour", Name: "The harbour"}, {ID: "far", Name: "Far away", Lat: p64(40), Lon: p64(20)},
		},
		Events: []run.Event{{ID: "closed", From: p.start.AddDate(0, 0, 3), Until: p.start.AddDate(0, 0, 6), Source: "assumption",
			Changes: []run.Changed{{Path: "assets.diesel_road.capacity", Was: "1000 m3/d", Text: "0"}}}},
	}
	for _, a := range [][3]string{{"mine", "mine", "mine"}, {"ore_road", "road", "mine"}, {"gate", "gate", "gate"}, {"works", "refinery", "works"}, {"yard", "stockpile", "works"},
		{"sale", "sale", "works"}, {"diesel_buy", "import", "harbour"}, {"diesel_road", "road", "harbour"}, {"tank", "tank", "works"}, {"use", "demand", "works"}} {
		p.system.Assets = append(p.system.Assets, run.Asset{ID: a[0], Kind: a[1], Place: a[2]})
	}
	names := map[string]string{"ore_road": "Ore by road", "diesel_road": "Diesel by road", "gate": "Pass gate", "works": "Works", "mine": "Mine", "tank": "Tank"}
	for i := range p.system.Assets {
		p.system.Assets[i].Name = names[p.system.Assets[i].ID]
	}
	for d := range days {
		p.tables.Steps = append(p.tables.Steps, run.Step{Grid: "1d", Step: int32(d), Start: p.start.AddDate(0, 0, d).UnixMilli(), Hours: 24, Amount: 24})
		f := func(commodity, place, asset, role string, amount float64) {
			p.flow(commodity, commodity+"@"+place, place, asset, "", role, "1d", d, 24, amount/24)
		}
		level := func(asset, bus, unit string, v float64) {
			p.tables.Levels = append(p.tables.Levels, run.Level{Asset: asset, Bus: bus, Unit: unit, Grid: "1d", Step: int32(d), Start: p.start.AddDate(0, 0, d).UnixMilli(), Level: v})
		}
		open := 12.0
		if d == 4 {
			open = 0
		}
		p.tables.Available = append(p.tables.Available, run.Available{Asset: "gate", Grid: "1d", Step: int32(d), Start: p.start.AddDate(0, 0, d).UnixMilli(), Rate: open / 24})
		if d != 4 {
			f("ore", "mine", "mine", "unit", 60)
			f("ore", "mine", "ore_road", "route", -60)
			f("ore", "works", "ore_road", "route", 60)
			f("tailings", "mine", "mine", "unit", 40)
			f("crossings", "gate", "gate", "unit", 6)
			f("crossings", "gate", "ore_road", "route", -6)
			f("trucks", "mine", "ore_road", "route", 3)
			f("co2", "mine", "ore_road", "route", 0.5)
			f("ore", "works", "works", "unit", -60)
			f("product", "works", "works", "unit", 20)
			f("product", "works", "sale", "sell", -19)
			f("product", "works", "yard", "store", -1)
		}
		level("yard", "product@works", "t", float64(d))
		f("diesel", "works", "use", "demand", -10)
		switch {
		case d < 3 || d > 5:
			f("diesel", "harbour", "diesel_buy", "buy", 10)
			f("diesel", "harbour", "diesel_road", "route", -10)
			f("diesel", "works", "diesel_road", "route", 10)
		case d == 3:
			f("diesel", "works", "tank", "store", 10)
		case d == 4:
			f("diesel", "works", "tank", "store", 5)
			f("diesel", "works", "use", "shed", 5)
		case d == 5:
			f("diesel", "works", "use", "shed", 10)
		}
		level("tank", "diesel@works", "m3", []float64{15, 15, 15, 5, 0, 0, 0, 0, 0, 0}[d])
	}
	for _, k := range p.order {
		p.tables.Balances = append(p.tables.Balances, *p.yearly[k])
	}
	p.tables.Capacities = []run.Capacity{{Asset: "tank", Unit: "m3", Existing: 20}, {Asset: "gate", Unit: "vehicle/h", Existing: 0.5}}
	inf := math.Inf(1)
	p.tables.Uses = []run.Use{
		{Asset: "ore_road", What: "route", From: "ore@mine", To: "ore@works", Amount: 540, Could: 10000, Peak: 2.5, Most: 50},
		{Asset: "gate", What: "unit", Amount: 54, Could: 108, Peak: 0.25, Most: 0.5},
		{Asset: "works", What: "unit", Amount: 180, Could: 180, Peak: 20. / 24, Most: 20. / 24, Full: 1},
		{Asset: "diesel_road", What: "route", From: "diesel@harbour", To: "diesel@works", Amount: 70, Could: 72, Peak: 0.42, Most: 0.42, Full: 0.7},
		{Asset: "diesel_buy", What: "trade", Amount: 70, Could: inf, Peak: 0.42, Most: inf},
	}
	figure := func(group, name, asset string, v float64, unit string) {
		p.tables.Figures = append(p.tables.Figures, run.Figure{Group: group, Name: name, Asset: asset, Value: v, Unit: unit, Meaning: "as counted by hand"})
	}
	figure("metal", "amount", "product", 171, "t/a")
	figure("cost", "per_t", "", 360, "USD/t")
	figure("cost", "sale_price", "", 300, "USD/t")
	figure("cost", "margin_per_t", "", -60, "USD/t")
	figure("stage", "cost_per_t", "ore", 100, "USD/t")
	figure("stage", "co2_per_t", "ore", 0.03, "t/t")
	figure("stage", "cost_per_t", "product", 260, "USD/t")
	figure("stage", "co2_per_t", "product", 0, "t/t")
	figure("account", "a_year", "tailings", 360, "t dry/a")
	figure("account", "per_product", "tailings", 360./171, "t dry/t")
	figure("asset", "area_life", "mine", 23.7, "a")
	figure("traffic", "trucks", "ore_road", 2.7, "truck/d")
	figure("traffic", "crossings", "ore_road", 5.4, "vehicle/d")
	figure("stock", "use", "tank", 10, "m3/d")
	return p
}

func writeChain(t testing.TB, change func(*run.Manifest)) string {
	t.Helper()
	return newChain().write(t, func(m *run.Manifest) {
		cert := lp.Certificate{Kind: lp.KindKKT, OK: true}
		m.System, m.Product, m.Synthetic, m.Notes = "Chain", "product", false, nil
		m.Outcome = run.Outcome{Status: "optimal", Solver: "native", Rows: 1000, Cols: 2000, Certificate: &cert}
		m.Common = &run.Common{Steps: []string{"1d", "1w"}, Rows: 3500, Cols: 9000}
		if change != nil {
			change(m)
		}
	})
}

func chain(t testing.TB, change func(*run.Manifest)) *data {
	t.Helper()
	d, err := load(writeChain(t, change))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// figureOf finds a picture of a section by its name.
func pictureOf[T any](t *testing.T, s *section, id string) (T, *figure) {
	t.Helper()
	var none T
	if s == nil {
		t.Fatalf("no section with %s", id)
	}
	for _, b := range s.Blocks {
		if b.Figure != nil && b.Figure.ID == id {
			spec, ok := b.Figure.Spec.(T)
			if !ok {
				t.Fatalf("%s is a %T", id, b.Figure.Spec)
			}
			return spec, b.Figure
		}
	}
	t.Fatalf("no picture %s in %s", id, s.Title)
	return none, nil
}

// The map: the ore's way is wide open, but its gate is used to 54 of 108; the
// diesel's is full most of the time and comes from where no coordinates are;
// what nothing flows at is named, not drawn.
func TestMapShowsBottlenecks(t *testing.T) {
	s := chain(t, nil).mapSection()
	c, f := pictureOf[*picture.Chart](t, s, "map")
	ways := map[string]picture.Way{}
	for _, w := range c.Ways {
		ways[w.Name] = w
	}
	ore, diesel := ways["Ore by road"], ways["Diesel by road"]
	if len(ways) != 2 || ore.Colour != tightColour(0.5) || ore.Label != "540 t dry · gate 50 % used" || ore.Share != 1 {
		t.Errorf("the ore goes %+v", ore)
	}
	if ore.Via == nil || c.Spots[*ore.Via].Name != "The gate" {
		t.Error("the ore's way does not pass the gate")
	}
	if diesel.Colour != tightColour(1) || diesel.Label != "70 m3 · 97.2 % used, full 70 % of the time" || !c.Spots[diesel.From].Off || c.Spots[diesel.To].Off {
		t.Errorf("the diesel goes %+v", diesel)
	}
	if c.Strip <= 107.5 || c.Spots[diesel.From].Lon <= c.Strip {
		t.Errorf("the place without coordinates stands at %v, the strip begins at %v", c.Spots[diesel.From].Lon, c.Strip)
	}
	if len(c.Countries) != 2 || len(c.Keys) != 4 || !strings.Contains(f.Caption, "Colours") {
		t.Errorf("countries %v, colours %v", c.Countries, c.Keys)
	}
	for _, p := range c.Spots {
		if p.Name == "Far away" {
			t.Error("a place without flows is on the map")
		}
	}
	if last := s.Blocks[len(s.Blocks)-1].Para; last != "Nothing flows in this study at Far away." {
		t.Errorf("the map says %q", last)
	}
}

// The gate: 6 of 12 vehicles on nine days, none on the day it is shut: 5.4 a day
// of 10.8. Three trucks set out on nine of ten days.
func TestGateAgainstItsLimit(t *testing.T) {
	s := chain(t, nil).trafficSection()
	g, f := pictureOf[*picture.Stack](t, s, "gate-0")
	if len(g.Start) != 11 || len(g.Bands) != 1 || g.Bands[0].Name != "Ore by road" || math.Abs(g.Bands[0].Values[3]-6) > 1e-9 || g.Bands[0].Values[4] != 0 {
		t.Errorf("the gate's days are %v %+v", g.Start, g.Bands)
	}
	if g.Limit == nil || g.Limit.Values[3] != 12 || g.Limit.Values[4] != 0 {
		t.Errorf("the limit is %+v", g.Limit)
	}
	if f.Title != "Vehicles at Pass gate, day by day" || f.Caption != "On the mean of all days 5 vehicles pass, at most 6; 11 might (50 % used). Closed on 5 January." {
		t.Errorf("%s: %s", f.Title, f.Caption)
	}
	trucks, _ := pictureOf[*picture.Stack](t, s, "trucks")
	if trucks.Limit != nil || math.Abs(trucks.Bands[0].Values[0]-3) > 1e-9 || trucks.Bands[0].Values[4] != 0 {
		t.Errorf("trucks %+v", trucks.Bands)
	}
	// Without a course of what may pass, the bound's largest rate is the limit.
	d := chain(t, nil)
	d.available = nil
	g, _ = pictureOf[*picture.Stack](t, d.trafficSection(), "gate-0")
	if g.Limit == nil || g.Limit.Values[4] != 12 {
		t.Errorf("the limit is %+v", g.Limit)
	}
}

// The disruption: from day 4 to 6, told with what it changes; the tank of 15 m3
// is 1.5 days of use and empty on the second; 5 + 10 m3 go unserved, first on
// its second day.
func TestDisruptionIsTold(t *testing.T) {
	d := chain(t, nil)
	s := d.eventSection()
	row := s.Blocks[0].Table.Rows[0]
	var said []string
	for _, c := range row {
		said = append(said, c.Text)
	}
	if got := strings.Join(said, "|"); got != "Closed|4 January 2030|6 January 2030|3|Diesel by road: capacity|0|1000 m3/d|(assumption)" {
		t.Errorf("the event is told as %s", got)
	}
	cover, _ := pictureOf[*picture.Lines](t, s, "cover")
	if len(cover.Curves) != 1 || cover.Curves[0].Name != "Tank" || cover.Curves[0].Y[0] != 1.5 || cover.Curves[0].Y[3] != 0.5 || cover.Curves[0].Y[4] != 0 {
		t.Errorf("days of use %+v", cover.Curves)
	}
	if len(cover.Spans) != 1 || cover.Spans[0].Name != "Closed: Diesel by road" || cover.Spans[0].To-cover.Spans[0].From != 3*msPerDay || cover.Spans[0].From != int64(cover.Curves[0].X[3])-msPerDay/2 {
		t.Errorf("shaded is %+v", cover.Spans)
	}
	course, f := pictureOf[*picture.Stack](t, s, "disturbed-0")
	unserved := 0.0
	for _, b := range course.Bands {
		if strings.HasSuffix(b.Name, "unserved") {
			for _, v := range b.Values {
				unserved += v
			}
		}
	}
	if course.Unit != "m3/d" || math.Abs(unserved-15) > 1e-9 || !strings.Contains(f.Caption, "15 m3 goes unserved") {
		t.Errorf("%v %s go unserved; %s", unserved, course.Unit, f.Caption)
	}
	u := d.unservedSection()
	r := u.Blocks[0].Table.Rows[0]
	if r[2].Text != "15" || r[4].Text != "15 %" || r[5].Text != "5 January 2030 (day 2 of closed)" || r[7].Text != "2 days" {
		t.Errorf("unserved is told as %+v", r)
	}
	stores := d.storeSection()
	tank, f := pictureOf[*picture.Lines](t, stores, "store-2")
	if tank.Right == nil || tank.Right.Times != 0.1 || len(tank.Levels) != 1 || tank.Levels[0].Value != 20 || len(tank.Spans) != 1 || !strings.Contains(f.Caption, "0 to 1.5 days of mean use") {
		t.Errorf("the tank is drawn %+v, %s", tank, f.Caption)
	}
	text := d.summarySection().Blocks[0].Para
	for _, want := range []string{"From 4 January 2030 to 6 January 2030 (3 days), Diesel by road: capacity becomes 0.", "15 m3 of diesel (use) go unserved"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary does not say %q: %s", want, text)
		}
	}
}

// The material's stages: 900 t dug less the closed day's are 540 washed and 360
// tailings; 180 t of product, of which 171 are sold and 9 lie in stock. Places
// and roads have no part.
func TestMaterialByStage(t *testing.T) {
	s := chain(t, nil).stagesOfMaterial(1)
	amount := map[string]float64{}
	for _, l := range s.Links {
		amount[s.Nodes[l.From].Name+" > "+s.Nodes[l.To].Name] = l.Amount
	}
	want := map[string]float64{"Mine > Washed ore": 540, "Mine > Tailings": 360, "Washed ore > Works": 540, "Works > Oxide": 180, "Oxide > sale": 171, "Oxide > into stock": 9}
	for k, v := range want {
		if math.Abs(amount[k]-v) > 1e-9 {
			t.Errorf("%s carries %v, want %v", k, amount[k], v)
		}
	}
	if len(amount) != len(want) {
		t.Errorf("ribbons %v", amount)
	}
	d := chain(t, nil)
	d.figures = nil // no account is told, so tailings are not drawn
	if n := len(d.stagesOfMaterial(1).Links); n != 5 {
		t.Errorf("%d ribbons without residues, want 5", n)
	}
}

// Price and cost in words that follow from the numbers.
func TestRepays(t *testing.T) {
	for _, c := range []struct {
		price, margin float64
		whole         bool
		want          string
	}{
		{300, -60, true, "A tonne of oxide costs 360 USD and is sold at 300 USD. At this price it does not repay: 60 USD a tonne are missing, 10,260 USD a year. The price would have to be 20 % higher."},
		{400, 40, true, "A tonne of oxide costs 360 USD and is sold at 400 USD. It repays: 40 USD a tonne are left, 6,840 USD a year. It would still repay at a price 10 % lower."},
		{360, 0, true, "A tonne of oxide costs 360 USD and is sold at 360 USD. That just repays it."},
		{300, 0, false, "A tonne of oxide costs 360 USD and is sold at 300 USD. Not all of it is sold, so price and cost do not say whether the whole repays."},
	} {
		d := chain(t, nil)
		var kept []run.Figure
		for _, f := range d.figures {
			switch f.Name {
			case "sale_price":
				f.Value = c.price
			case "margin_per_t":
				if !c.whole {
					continue
				}
				f.Value = c.margin
			}
			kept = append(kept, f)
		}
		d.figures = kept
		if got := d.repays(); got != c.want {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}

// Stages, land, steps and use: what stands in the tables is what the figures say.
func TestChainSections(t *testing.T) {
	d := chain(t, nil)
	cost, _ := pictureOf[*picture.Waterfall](t, d.stageSection(), "stage-cost")
	if len(cost.Steps) != 2 || cost.Steps[0].Name != "Washed ore" || cost.Steps[0].Value != 100 || cost.Sum() != 360 {
		t.Errorf("stages %+v", cost.Steps)
	}
	land := d.landSection()
	if c := land.Blocks[0].Cards[0]; c.Label != "Mine: the granted area lasts, at most" || c.Number != "23.7" || c.Unit != "years" {
		t.Errorf("the life is told as %+v", c)
	}
	if r := land.Blocks[1].Table.Rows[0]; r[0].Text != "Tailings" || r[1].Text != "360" || r[3].Text != "2.11" || r[5].Text != "Mine" {
		t.Errorf("tailings are told as %+v", r)
	}
	if p := d.stepSection().Blocks[0].Para; p != "The problem has 1,000 rows and 2,000 columns. With everything on one common step of 1 day it would have had 3,500 rows and 9,000 columns (counted): 3.5 and 4.5 times as many." {
		t.Errorf("%s", p)
	}
	use := d.useSection()
	rows := use.Blocks[1].Table.Rows
	if use.Blocks[0].Para != "Ways at their limit: Diesel by road 70 % of the time." || rows[0][0].Text != "Works" || rows[2][1].Text != "gate" || len(rows) != 4 {
		t.Errorf("%s %+v", use.Blocks[0].Para, rows)
	}
	dir := writeChain(t, nil)
	path, err := Write(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept(t, path, "chain.html")
	book, err := Excel(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if r := sheetRows(t, f, "Use"); len(r) != 6 || r[1][0] != "ore_road" || r[5][6] != "none" {
		t.Errorf("the sheet of use holds %v", r)
	}
	if r := sheetRows(t, f, "Events"); len(r) != 2 || r[1][3] != "assets.diesel_road.capacity" || r[1][5] != "1000 m3/d" {
		t.Errorf("the sheet of events holds %v", r)
	}
}

// Whatever of the chain's tables is missing or no number, the report is written.
func TestOddChains(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newChain()
		odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1e300, 1e-300}
		spoil := func(v *float64) {
			if rapid.IntRange(0, 7).Draw(rt, "spoil") == 0 {
				*v = rapid.SampledFrom(odd).Draw(rt, "odd")
			}
		}
		for i := range p.tables.Uses {
			u := &p.tables.Uses[i]
			spoil(&u.Amount)
			spoil(&u.Could)
			spoil(&u.Most)
			spoil(&u.Full)
		}
		for i := range p.tables.Figures {
			spoil(&p.tables.Figures[i].Value)
		}
		for i := range p.tables.Available {
			spoil(&p.tables.Available[i].Rate)
		}
		for i := range p.tables.Flows {
			if i%7 == 0 {
				spoil(&p.tables.Flows[i].Rate)
			}
		}
		for i := range p.tables.Levels {
			spoil(&p.tables.Levels[i].Level)
		}
		switch rapid.IntRange(0, 6).Draw(rt, "without") {
		case 0:
			p.tables.Uses = nil
		case 1:
			p.tables.Steps = nil
		case 2:
			p.tables.Flows = nil
		case 3:
			p.system.Assets = nil
		case 4:
			p.system.Events[0].Changes = nil
		case 5:
			for i := range p.system.Places { // no place knows where it is
				p.system.Places[i].Lat = nil
			}
		}
		_, doc := page(t, p.write(t, nil), Options{Plain: true})
		for _, n := range append(append(all(doc, "path"), all(doc, "rect")...), all(doc, "text")...) {
			for _, a := range n.Attr {
				if strings.Contains(a.Val, "NaN") || strings.Contains(a.Val, "Inf") {
					rt.Fatalf("<%s %s=%.60q>", n.Data, a.Key, a.Val)
				}
			}
		}
	})
}

// A run without vehicles, stages, events and the like has no section for them.
func TestNoSectionWithoutMatter(t *testing.T) {
	d, err := load(newPark(48).write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*section{d.trafficSection(), d.stageSection(), d.eventSection(), d.unservedSection(), d.landSection(), d.stepSection(), d.useSection()} {
		if s != nil {
			t.Errorf("section %q without matter", s.Title)
		}
	}
}

// Where nothing is green and nothing is counted as green, no section says 0 %.
func TestNothingGreen(t *testing.T) {
	d := chain(t, nil)
	for _, v := range []float64{0, 0.4} {
		d.figures = append(d.figures, run.Figure{Group: "green", Name: "annual_energy_ratio", Value: v}, run.Figure{Group: "green", Name: "share_same_hour", Value: v})
		if s := d.greenSection(); (s != nil) != (v > 0) {
			t.Errorf("at a share of %v the section is %v", v, s)
		}
	}
}

// The pictures of the chain are drawn without a word on the console, and their
// numbers are saved.
func TestChainInABrowser(t *testing.T) {
	dir := writeChain(t, nil)
	lib, err := library()
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []bool{true, false} {
		if !plain && lib == "" {
			continue
		}
		got, console := probePage(t, dir, Options{Plain: plain})
		if console != "" || len(got.Errors) > 0 {
			t.Errorf("plain %v: console %s %v", plain, console, got.Errors)
		}
		for name, want := range map[string]string{"gate-0.csv": "start,Ore by road [vehicles a day],may pass [vehicles a day]", "cover.csv": "time,Tank [days of mean use]", "stage-cost.csv": "name,USD per t"} {
			if s := strings.TrimPrefix(got.Saved[name], "\ufeff"); !strings.HasPrefix(s, want) {
				t.Errorf("plain %v: %s begins %.60q, want %q", plain, name, s, want)
			}
		}
	}
}
