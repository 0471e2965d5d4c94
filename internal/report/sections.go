package report

import (
	"fmt"
	"html/template"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// sections lists the chapters in the order of the page; those without data
// return nil.
func (d *data) sections(p *payload) []section {
	var out []section
	for _, s := range []*section{
		d.conflictSection(),
		d.summarySection(),
		d.keySection(),
		d.mapSection(),
		d.eventSection(),
		d.unservedSection(),
		d.builtSection(),
		d.costSection(),
		d.stageSection(),
		d.netbackSection(),
		d.greenSection(),
		d.carbonSection(),
		d.landSection(),
		d.dispatchSection(p),
		d.durationSection(),
		d.heatSection(p),
		d.balanceSection(),
		d.trafficSection(),
		d.storeSection(),
		d.supplySection(),
		d.representativeSection(),
		d.useSection(),
		d.limitSection(),
		d.accountSection(),
		d.originSection(),
		d.uncheckedSection(),
		d.stepSection(),
		d.noteSection(),
		d.inputSection(),
	} {
		if s != nil {
			out = append(out, *s)
		}
	}
	return out
}

// draw makes the static rendering of a picture.
func draw(p interface{ SVG() string }) template.HTML { return template.HTML(p.SVG()) }

func (d *data) base(alt string) picture.Base {
	return picture.Base{Alt: alt, Stamp: stampOf(&d.m)}
}

// titleBlock fills the head of the page and its colophon.
func (d *data) titleBlock(v *view) {
	m := &d.m
	v.Title = m.System
	if d.sys != nil && d.sys.Name != "" {
		v.Title = d.sys.Name
	}
	if v.Title == "" {
		v.Title = "Run"
	}
	v.Subtitle = m.Title
	if v.Subtitle == "" && m.Study != "" {
		v.Subtitle = "Study " + m.Study
	}
	add := func(name, value string) {
		if value != "" {
			v.Meta = append(v.Meta, pair{name, value})
		}
	}
	add("Study", m.Study)
	add("Point of the sweep", m.Point)
	if m.Year != 0 {
		add("Year", fmt.Sprint(m.Year))
	}
	weather := ""
	if m.Weather != 0 {
		weather = fmt.Sprint(m.Weather)
	}
	if m.Synthetic {
		weather = strings.TrimSpace(weather + " (synthetic)")
	}
	add("Weather", weather)
	add("Capacities from", m.Builds)
	if m.Currency != "" {
		money := m.Currency
		if m.BaseYear != 0 {
			money = fmt.Sprintf("%s of %d", m.Currency, m.BaseYear)
		}
		if m.Discount != 0 {
			money += fmt.Sprintf(", %s real discount rate", say(m.Discount, ""))
		}
		add("Money", money)
	}
	if m.Objective != nil && d.sys == nil {
		add("Objective", picture.Number(*m.Cost()))
	}
	if len(d.grids) > 0 {
		add("Clock", offsetName(d.offset))
	}
	if !m.Created.IsZero() {
		add("Made", m.Created.UTC().Format("2 January 2006, 15:04 UTC"))
	}
	v.Verdict, v.Detail, v.Good = certificate(m)
	v.Good = v.Good && m.Status != "infeasible" && m.Status != "unbounded" // proved, but there is no plan

	if d.broken > 0 {
		v.Broken = fmt.Sprintf("%s numbers in this run's tables are not finite. They are left out here; the answer should not be relied on.", picture.Number(float64(d.broken)))
	}

	c := "Busbar " + m.Busbar
	if m.Busbar == "" {
		c = "Busbar"
	}
	v.Colophon = append(v.Colophon, fmt.Sprintf("%s, solver %s, %s rows, %s columns, %s nonzeros, %s s to solve.",
		c, orSolver(m.Solver), picture.Number(float64(m.Rows)), picture.Number(float64(m.Cols)), picture.Number(float64(m.Nonzeros)), picture.Number(m.Seconds.Solve)))
	if m.LPHash != "" {
		v.Colophon = append(v.Colophon, "To reproduce: the same version on the same inputs gives the same problem, with the hash (SHA-256) "+m.LPHash+fmt.Sprintf(", seed %d.", m.Seed))
	}
	if m.InputHash != "" && len(m.Inputs) > 0 {
		v.Colophon = append(v.Colophon, "All inputs together: SHA-256 "+m.InputHash+".")
	}
	if v.Library != "" {
		v.Colophon = append(v.Colophon, "Interactive pictures are drawn by Apache ECharts (Apache Licence 2.0), which is inside this file; nothing is fetched.")
	}
}

func (d *data) conflictSection() *section {
	if len(d.conflict) == 0 && d.m.Status != "infeasible" {
		return nil
	}
	s := &section{ID: "conflict", Title: "Why there is no plan"}
	if len(d.conflict) == 0 {
		s.Blocks = append(s.Blocks, block{Para: "The conditions of this study contradict each other. Which ones was not worked out in this run; `busbar explain` looks for them."})
		return s
	}
	s.Lead = "These conditions, taken together, cannot be met. One of them at least has to give way."
	s.Blocks = append(s.Blocks, block{Alert: d.conflict})
	return s
}

// summarySection says the run in one paragraph, from its figures alone.
func (d *data) summarySection() *section {
	var say1 []string
	add := func(format string, a ...any) { say1 = append(say1, fmt.Sprintf(format, a...)) }

	made := ""
	if t := d.produced(); t > 0 {
		made = fmt.Sprintf("%s of %s a year", say(t, d.unit(d.m.Product)), d.commodityName(d.m.Product))
	}
	var built []string
	caps := append([]run.Capacity(nil), d.capacities...)
	sort.SliceStable(caps, func(i, j int) bool { return caps[i].Capital > caps[j].Capital })
	sizes := map[string][]string{}
	var builders []string
	for _, c := range caps {
		room := c.MaxBuild
		if math.IsInf(room, 1) {
			room = 0
		}
		if c.Built > 1e-6*(1+c.Existing+room) { // less is what an interior point leaves
			if sizes[c.Asset] == nil {
				builders = append(builders, c.Asset)
			}
			sizes[c.Asset] = append(sizes[c.Asset], say(c.Built, c.Unit))
		}
	}
	for i, a := range builders {
		if i == 5 && len(builders) > 6 {
			built = append(built, fmt.Sprintf("%d smaller things", len(builders)-i))
			break
		}
		built = append(built, fmt.Sprintf("%s (%s)", d.assetName(a), strings.Join(sizes[a], ", ")))
	}
	switch {
	case d.m.Status != "" && d.m.Status != "optimal" && d.m.Status != "unproved":
	case made != "" && len(built) > 0:
		add("To make %s, the plan builds %s.", made, list(built))
	case made != "":
		add("The system makes %s and builds nothing new.", made)
	case len(built) > 0:
		add("The plan builds %s.", list(built))
	}
	if text := d.repays(); text != "" {
		say1 = append(say1, text)
	} else if per, ok := d.figure("cost", "per_t"); ok && d.m.Product != "" {
		add("A %s of %s costs %s.", unitWord(d.unit(d.m.Product)), d.commodityName(d.m.Product), amountOnly(per))
	}
	_, told := d.figure("cost", "margin_per_t") // with the margin's sum a year
	if f, ok := d.figure("cost", "total"); ok && !told {
		if f.Value < 0 {
			add("Income exceeds all costs by %s.", say(-f.Value, f.Unit))
		} else if earns(d.money) {
			add("All costs less all income come to %s.", say(f.Value, f.Unit))
		} else {
			add("All costs come to %s.", say(f.Value, f.Unit))
		}
	}
	if d.sys != nil {
		for i := range d.sys.Events {
			if i == 3 && len(d.sys.Events) > 4 {
				add("%d further disruptions are listed below.", len(d.sys.Events)-i)
				break
			}
			say1 = append(say1, d.eventWords(&d.sys.Events[i]))
		}
	}
	if s := d.unservedSection(); s != nil {
		say1 = append(say1, s.Lead)
	}
	ratio, ok1 := d.figure("green", "annual_energy_ratio")
	same, ok2 := d.figure("green", "share_same_hour")
	after, ok3 := d.figure("green", "share_same_hour_after_storage")
	if ok1 && ok2 && d.anyGreen() {
		s := fmt.Sprintf("Over the year, green production amounts to %s of the energy needed, but only %s of the need is met in the same hour", say(ratio.Value, ratio.Unit), say(same.Value, same.Unit))
		if same.Value >= ratio.Value {
			s = fmt.Sprintf("Over the year, green production amounts to %s of the energy needed; %s of the need is met in the same hour", say(ratio.Value, ratio.Unit), say(same.Value, same.Unit))
		}
		if ok3 {
			s += fmt.Sprintf(" (%s with storage)", say(after.Value, after.Unit))
		}
		add("%s.", s)
	}
	annual, ok1 := d.figure("carbon", "annual_matching_per_t")
	hourly, ok2 := d.figure("carbon", "hourly_matching_per_t")
	if ok1 && ok2 {
		add("A tonne carries %s of CO2 if green power is matched over the year, %s if it is matched hour by hour.", amountOnly(annual), amountOnly(hourly))
	}
	if f, ok := d.figure("netback", "power_price_bearable"); ok {
		add("The metal can bear a power price of %s.", say(f.Value, f.Unit))
	}
	if len(say1) == 0 {
		return nil
	}
	text := strings.Join(say1, " ")
	if d.m.Status == "unproved" {
		text = "This answer is not proved. " + text
	}
	return &section{ID: "summary", Title: "In short", Blocks: []block{{Para: text}}}
}

// amountOnly says a figure per tonne as an amount: "2.1 t" of "t/t".
func amountOnly(f run.Figure) string {
	unit, _, _ := strings.Cut(f.Unit, "/")
	unit = strings.TrimSuffix(strings.TrimSuffix(unit, " CO2"), " co2")
	return strings.TrimSpace(picture.Number(f.Value) + " " + unit)
}

func earns(money []run.Money) bool {
	for _, m := range money {
		if m.Amount < 0 {
			return true
		}
	}
	return false
}

// groups are the groups of figures in reading order.
var groups = []struct{ id, title string }{
	{"cost", "Cost"}, {"metal", "Product"}, {"energy", "Energy"}, {"green", "Green power"}, {"carbon", "Carbon"},
	{"price", "Prices"}, {"netback", "What the metal can bear"}, {"source", "Sources of power"}, {"representative", "Representative periods"},
}

// elsewhere are groups of figures that have sections of their own, where they
// belong to a commodity that may be the product itself.
var elsewhere = map[string]bool{"stage": true, "account": true, "traffic": true, "stock": true, "asset": true}

// labels name well-known figures; others are named by their own name.
var labels = map[string]string{
	"cost/total": "Costs less income", "cost/power_per_mwh": "Power, per MWh used",
	"metal/electricity_per_t": "Electricity per tonne",
	"netback/non_power_per_t": "Everything but power, per tonne", "netback/break_even_price": "Break-even price of the metal",
	"green/share_annual_after_sales": "Share matched over the year, after sales", "carbon/direct": "Direct CO2", "carbon/pfc": "PFC, as CO2", "carbon/power_plants": "CO2 of own power plants", "carbon/bought": "CO2 in what is bought",
	"cost/constant": "What no decision changes", "cost/capital": "Capital", "cost/sale": "Sales",
	"price/low": "Lowest", "price/high": "Highest", "price/load_weighted": "Mean by use",
	"carbon/grey_factor":        "CO2 of power that is not green",
	"cost/per_t":                "Cost per tonne",
	"cost/sale_price":           "Price it is sold at",
	"cost/margin_per_t":         "Left of the price",
	"asset/raw_ore":             "Raw ore a year",
	"asset/opened":              "Land opened a year",
	"asset/area_life":           "The granted area lasts, at most",
	"asset/ore_life":            "The ore lasts, at most",
	"green/annual_energy_ratio": "Annual energy ratio", "green/share_same_hour": "Share met in the same hour",
	"green/share_same_hour_after_storage": "Share met in the same hour, after storage",
	"carbon/direct_per_t":                 "Direct, per tonne", "carbon/annual_matching_per_t": "Annual matching, per tonne",
	"carbon/hourly_matching_per_t": "Hourly matching, per tonne",
	"netback/power_price_bearable": "Power price the metal can bear",
	"source/full_load_hours":       "Full-load hours", "source/capacity_factor": "Capacity factor", "source/curtailment": "Curtailment", "source/lcoe": "LCOE",
	"price/mean": "Mean price",
}

func labelOf(f run.Figure) string {
	if l, ok := labels[f.Group+"/"+f.Name]; ok {
		return l
	}
	if f.Group == "metal" && f.Name == "amount" {
		return "Product made"
	}
	return headline(f.Name)
}

var atMetal = regexp.MustCompile(`^at_lme_(\d+)$`)

func cardOf(f run.Figure) card {
	n, u, _ := human(f.Value, f.Unit)
	u = strings.Replace(u, "/a", " a year", 1)
	if per, ok := strings.CutPrefix(u, "t/"); ok && f.Group == "carbon" {
		u = "t CO2 per " + per
	}
	return card{Label: labelOf(f), Number: n, Unit: u, Meaning: sentence(f.Meaning), Value: f.Value}
}

// whole tells whether a figure is of the whole system or of its product, not
// of one asset or place.
func (d *data) whole(f run.Figure) bool {
	return f.Asset == "" || f.Asset == d.m.Product
}

// groupList returns the groups of the run, known ones first.
func (d *data) groupList() []struct{ id, title string } {
	out := append([]struct{ id, title string }(nil), groups...)
	known := map[string]bool{}
	for _, g := range out {
		known[g.id] = true
	}
	for _, f := range d.figures {
		if !known[f.Group] {
			known[f.Group] = true
			out = append(out, struct{ id, title string }{f.Group, headline(f.Group)})
		}
	}
	return out
}

func (d *data) keySection() *section {
	s := &section{ID: "figures", Title: "Key figures"}
	for _, g := range d.groupList() {
		if g.id == "green" && !d.anyGreen() {
			continue
		}
		var cards []card
		for _, f := range d.figures {
			if f.Group == g.id && d.whole(f) && !elsewhere[f.Group] && !atMetal.MatchString(f.Name) {
				cards = append(cards, cardOf(f))
			}
		}
		if len(cards) > 0 {
			s.Blocks = append(s.Blocks, block{Head: g.title}, block{Cards: cards})
		}
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// pivot lays the figures of a group that belong to assets out as a table, a
// row an asset.
func (d *data) pivot(group, first, caption string) *table {
	var assets, names []string
	units, meanings := map[string]string{}, map[string]string{}
	value := map[[2]string]run.Figure{}
	seen := map[string]bool{}
	for _, f := range d.figures {
		if f.Group != group || d.whole(f) || f.Name == "per_t_by_asset" { // the waterfall has these
			continue
		}
		if !seen["a"+f.Asset] {
			seen["a"+f.Asset] = true
			assets = append(assets, f.Asset)
		}
		if !seen["n"+f.Name] {
			seen["n"+f.Name] = true
			names = append(names, f.Name)
			units[f.Name], meanings[f.Name] = f.Unit, f.Meaning
		}
		value[[2]string{f.Asset, f.Name}] = f
	}
	if len(assets) == 0 {
		return nil
	}
	t := &table{Caption: caption, Head: []string{first}}
	// Where rows differ in unit, the unit has a column of its own.
	unitOf, mixed := map[string]string{}, false
	most := map[string]float64{}
	for k, f := range value {
		mixed = mixed || f.Unit != units[k[1]]
		most[f.Unit] = math.Max(most[f.Unit], math.Abs(f.Value))
	}
	for _, a := range assets {
		for _, n := range names {
			if f, ok := value[[2]string{a, n}]; ok {
				if u, seen := unitOf[a]; seen && u != f.Unit {
					mixed = false // not even a row has one unit
				}
				unitOf[a] = f.Unit
			}
		}
	}
	for _, n := range names {
		h := labelOf(run.Figure{Group: group, Name: n})
		if u := units[n]; u != "" && u != "1" && !mixed {
			h += ", " + u
		}
		t.Head = append(t.Head, h)
	}
	if mixed {
		t.Head = append(t.Head, "Unit")
	}
	for _, a := range assets {
		row := []cell{name(d.assetOrBus(a))}
		for _, n := range names {
			f, ok := value[[2]string{a, n}]
			if math.Abs(f.Value) < 1e-9*most[f.Unit] {
				f.Value = 0 // rounding beside the others
			}
			switch {
			case !ok:
				row = append(row, cell{Num: true})
			case group == "representative" && f.Unit == "":
				row = append(row, number(f.Value)) // in the series' own unit, not a share
			case f.Unit == "" || f.Unit == "1":
				row = append(row, percent(f.Value))
			case f.Unit != units[n] && !mixed:
				c := number(f.Value)
				c.Text += " " + f.Unit
				row = append(row, c)
			default:
				row = append(row, number(f.Value))
			}
		}
		if mixed {
			row = append(row, text(unitOf[a]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// mostRows is how many rows a table of the page has; more are for the tables of
// the run.
const mostRows = 120

// capped is a table with its first rows, the largest of a column (0: as they
// come), and a line that says where the others are.
func capped(t *table, by int, where string) []block {
	if len(t.Rows) <= mostRows {
		return []block{{Table: t}}
	}
	rest := len(t.Rows) - mostRows
	if by > 0 {
		value := func(row []cell) float64 { v, _ := strconv.ParseFloat(row[by].Value, 64); return math.Abs(v) }
		sortBy(t.Rows, func(a, b []cell) bool { return value(a) > value(b) })
	}
	t.Rows = t.Rows[:mostRows]
	return []block{{Table: t}, {Para: fmt.Sprintf("%s more rows are in %s.", picture.Number(float64(rest)), where)}}
}

func (d *data) assetOrBus(id string) string {
	if _, ok := d.placeOf[id]; ok {
		commodity, _, _ := strings.Cut(id, "@")
		if p := d.busPlace(id); p != "" {
			return d.placeName(p) + ", " + d.commodityName(commodity)
		}
		return d.busName(id, commodity)
	}
	return d.assetName(id)
}

// produced is the year's amount of the product.
func (d *data) produced() float64 {
	if d.m.Product == "" {
		return 0
	}
	if f, ok := d.figureOf("metal", "amount", d.m.Product); ok {
		return f.Value
	}
	sum := 0.0
	for _, b := range d.balances {
		if b.Commodity == d.m.Product && b.Role == "unit" {
			sum += b.In - b.Out
		}
	}
	return math.Max(sum, 0)
}
