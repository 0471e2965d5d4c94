package report

import (
	"fmt"
	"math"
	"strings"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// tonne is the product's unit in words: "tonne of alumina".
func (d *data) tonne() string {
	return unitWord(d.unit(d.m.Product)) + " of " + d.commodityName(d.m.Product)
}

// repays says in words whether the product's price carries its cost; "" where it
// is not sold.
func (d *data) repays() string {
	price, ok1 := d.figure("cost", "sale_price")
	cost, ok2 := d.figure("cost", "per_t")
	if !ok1 || !ok2 || d.m.Product == "" {
		return ""
	}
	margin, whole := d.figure("cost", "margin_per_t")
	text := fmt.Sprintf("A %s costs %s and is sold at %s.", d.tonne(), amountOnly(cost), amountOnly(price))
	year := ""
	if t := d.produced(); t > 0 && whole {
		year = ", " + say(math.Abs(margin.Value)*t, d.currency()+"/a")
	}
	unit := unitWord(d.unit(d.m.Product))
	switch {
	case !whole:
		return text + " Not all of it is sold, so price and cost do not say whether the whole repays."
	case math.Abs(margin.Value) < 5e-4*math.Abs(price.Value):
		return text + " That just repays it."
	case margin.Value < 0 && price.Value > 0:
		return text + fmt.Sprintf(" At this price it does not repay: %s a %s are missing%s. The price would have to be %s higher.",
			say(-margin.Value, d.currency()), unit, year, say(-margin.Value/price.Value, ""))
	case margin.Value < 0:
		return text + " At this price it does not repay."
	}
	return text + fmt.Sprintf(" It repays: %s a %s are left%s. It would still repay at a price %s lower.", say(margin.Value, d.currency()), unit, year, say(margin.Value/price.Value, ""))
}

// stageSection breaks cost and carbon of a tonne down by what each stage makes,
// buys, carries and keeps, in the order of the chain.
func (d *data) stageSection() *section {
	type stage struct {
		id           string
		cost, carbon float64
	}
	var order []*stage
	at := map[string]*stage{}
	var costUnit, carbonUnit string
	for _, f := range d.figures {
		if f.Group != "stage" {
			continue
		}
		s := at[f.Asset]
		if s == nil {
			s = &stage{id: f.Asset}
			at[f.Asset] = s
			order = append(order, s)
		}
		switch f.Name {
		case "cost_per_t":
			s.cost, costUnit = f.Value, f.Unit
		case "co2_per_t":
			s.carbon, carbonUnit = f.Value, f.Unit
		}
	}
	if len(order) < 2 {
		return nil
	}
	s := &section{ID: "stages", Title: "Stage by stage",
		Lead: "Each stage is a commodity with all that makes, buys, carries and keeps it, from the first of the chain to the product. What a stage takes from another is counted there."}
	cost := &picture.Waterfall{Unit: strings.Replace(costUnit, "/", " per ", 1) + " of " + d.commodityName(d.m.Product), Total: "a " + d.tonne()}
	carbon := &picture.Waterfall{Unit: "t CO2 per " + d.unit(d.m.Product) + " of " + d.commodityName(d.m.Product), Total: cost.Total}
	t := &table{Caption: "A " + d.tonne() + " by stage", Head: []string{"Stage", "Cost, " + costUnit, "Share"}}
	if carbonUnit != "" {
		t.Head = append(t.Head, "CO2, "+carbonUnit, "Share")
	}
	sums := [2]float64{}
	for _, g := range order {
		sums[0] += g.cost
		sums[1] += g.carbon
	}
	share := func(v, of float64) cell {
		if of == 0 {
			return cell{Num: true}
		}
		return percent(v / of)
	}
	for k, g := range order {
		label := headline(d.commodityName(g.id))
		colour := lineColours[k%len(lineColours)]
		if math.Abs(g.cost) > 1e-6*math.Abs(sums[0]) {
			cost.Steps = append(cost.Steps, picture.Step{Name: label, Colour: colour, Value: g.cost})
		}
		if math.Abs(g.carbon) > 1e-6*math.Abs(sums[1]) {
			carbon.Steps = append(carbon.Steps, picture.Step{Name: label, Colour: colour, Value: g.carbon})
		}
		row := []cell{name(label), number(g.cost), share(g.cost, sums[0])}
		if carbonUnit != "" {
			row = append(row, number(tidy(g.carbon, 0)), share(g.carbon, sums[1]))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Foot = []cell{name("A " + d.tonne()), number(sums[0]), {Num: true}}
	if carbonUnit != "" {
		t.Foot = append(t.Foot, number(sums[1]), cell{Num: true})
	}
	add := func(id, title, caption string, w *picture.Waterfall) {
		if len(w.Steps) < 2 {
			return
		}
		largest := w.Steps[0]
		for _, st := range w.Steps {
			if st.Value > largest.Value {
				largest = st
			}
		}
		w.Base = d.base(fmt.Sprintf("Waterfall of %s by stage: %s in all, of which %s has most with %s.", w.Unit, picture.Number(w.Sum()), largest.Name, picture.Number(largest.Value)))
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: id, Title: title, Caption: caption, SVG: draw(w), Kind: "waterfall", Spec: w}})
	}
	add("stage-cost", "What each stage costs", "", cost)
	add("stage-carbon", "What each stage emits", "Greenhouse gases as CO2, those of bought power included.", carbon)
	s.Blocks = append(s.Blocks, block{Table: t})
	return s
}

// landSection shows what the system takes from and leaves to the land, and how
// long what was granted lasts.
func (d *data) landSection() *section {
	s := &section{ID: "land", Title: "Land, water and residues", Lead: "What the system takes up and leaves behind in the year, from the accounts that it keeps."}
	var cards []card
	for _, f := range d.figures {
		if f.Group != "asset" {
			continue
		}
		c := cardOf(f)
		c.Label = d.assetName(f.Asset) + ": " + strings.ToLower(c.Label[:1]) + c.Label[1:]
		c.Wide = strings.HasSuffix(f.Name, "life")
		if c.Unit == "a" {
			c.Unit = "years"
		}
		cards = append(cards, c)
	}
	t := &table{Caption: "Accounts of the year", Head: []string{"Account", "A year", "Unit"}}
	per := map[string]run.Figure{}
	for _, f := range d.figures {
		if f.Group == "account" && f.Name == "per_product" {
			per[f.Asset] = f
		}
	}
	if len(per) > 0 {
		t.Head = append(t.Head, "A "+d.tonne(), "Unit")
	}
	t.Head = append(t.Head, "From")
	for _, f := range d.figures {
		if f.Group != "account" || f.Name == "per_product" {
			continue
		}
		unit := strings.Replace(f.Unit, "/a", " a year", 1)
		if f.Name == "held" {
			unit += ", held"
		}
		row := []cell{name(headline(d.commodityName(f.Asset))), number(f.Value), text(unit)}
		if len(per) > 0 {
			if p, ok := per[f.Asset]; ok {
				unit, _, _ := strings.Cut(p.Unit, "/")
				row = append(row, number(p.Value), text(unit))
			} else {
				row = append(row, cell{Num: true}, cell{})
			}
		}
		t.Rows = append(t.Rows, append(row, text(list(d.feeders(f.Asset)))))
	}
	if len(cards) > 0 {
		s.Blocks = append(s.Blocks, block{Cards: cards})
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// feeders lists the assets that fill an account, the largest first.
func (d *data) feeders(commodity string) []string {
	amounts := map[string]float64{}
	for _, b := range d.balances {
		if b.Commodity == commodity {
			amounts[b.Asset] += b.In - b.Out
		}
	}
	var out []string
	for _, a := range sortedByAmount(amounts) {
		if len(out) == 4 {
			return append(out, fmt.Sprintf("%d others", len(amounts)-4))
		}
		out = append(out, d.assetName(a))
	}
	return out
}

// stagesOfMaterial is the Sankey of what is weighed, whatever the place: plants
// between the commodities that they take and make, residues too. It is empty
// where nothing is made of anything.
func (d *data) stagesOfMaterial(scale float64) *picture.Sankey {
	s := &picture.Sankey{}
	node := nodes(s)
	residue := map[string]bool{} // accounts that are told: land, water, residues; carbon is not among them
	for _, f := range d.figures {
		if f.Group == "account" && f.Name == "a_year" {
			residue[f.Asset] = true
		}
	}
	type pair struct{ asset, commodity string }
	made, other := map[pair]float64{}, map[pair]float64{}
	var order []pair
	stock, lost := map[string]float64{}, map[string]float64{}
	var commodities []string
	known := map[string]bool{}
	for _, b := range d.balances {
		account := d.balance(b.Commodity) == "account"
		if !ofFamily(b.Unit, "t") || account && !residue[b.Commodity] || d.private(b.Bus, b.Commodity) {
			continue
		}
		if !known[b.Commodity] {
			known[b.Commodity] = true
			commodities = append(commodities, b.Commodity)
		}
		v := (b.In - b.Out) * scale
		p := pair{b.Asset, b.Commodity}
		switch b.Role {
		case "store", "inflow", "spill":
			stock[b.Commodity] += v
			continue
		case "route", "line":
			lost[b.Commodity] -= v
			continue
		case "unit":
			if _, seen := made[p]; !seen {
				order = append(order, p)
			}
			made[p] += v
		default:
			if _, seen := other[p]; !seen {
				order = append(order, p)
			}
			other[p] += v
		}
	}
	largest := 0.0
	gives, takes := map[string]bool{}, map[string]bool{}
	for p, v := range made {
		largest = math.Max(largest, math.Abs(v))
		if d.balance(p.commodity) != "account" {
			gives[p.asset], takes[p.asset] = gives[p.asset] || v > 0, takes[p.asset] || v < 0
		}
	}
	converts := false
	for a := range gives {
		converts = converts || gives[a] && takes[a]
	}
	if !converts {
		return s
	}
	good := func(c string) int {
		colour := "#2f3b45"
		if d.balance(c) == "account" {
			colour = "#7a5c43"
		}
		return node("c"+c, headline(d.commodityName(c)), colour)
	}
	link := func(from, to int, amount float64) {
		if amount > 1e-4*largest {
			s.Links = append(s.Links, picture.Link{From: from, To: to, Amount: amount})
		}
	}
	tell := func(p pair, v float64) {
		a := p.asset
		label := d.assetName(a)
		if a == "" {
			label = "surplus, wasted"
		}
		if v > 0 {
			link(node("a"+a, label, d.palette.of(a)), good(p.commodity), v)
		} else {
			link(good(p.commodity), node("a"+a, label, d.palette.of(a)), -v)
		}
	}
	for _, p := range order {
		if v, ok := made[p]; ok && v != 0 {
			tell(p, v)
		}
		if v, ok := other[p]; ok && v != 0 {
			tell(p, v)
		}
	}
	for _, c := range commodities {
		if v := stock[c]; v > 1e-4*largest {
			link(node("from stock "+c, "from stock", "#8b929b"), good(c), v)
		} else if -v > 1e-4*largest {
			link(good(c), node("into stock "+c, "into stock", "#8b929b"), -v)
		}
		if v := lost[c]; v > 1e-4*largest {
			link(good(c), node("lost", "lost on the way", "#d9dcdf"), v)
		}
	}
	d.cutCircles(s)
	return s.Used()
}

// cutCircles gives the thinnest ribbon of each circle an end of its own.
func (d *data) cutCircles(s *picture.Sankey) {
	for _, i := range picture.Acyclic(len(s.Nodes), s.Links) {
		n := s.Nodes[s.Links[i].To]
		s.Nodes = append(s.Nodes, picture.Node{Name: n.Name + " (again)", Colour: n.Colour})
		s.Links[i].To = len(s.Nodes) - 1
	}
}

// stepSection says on which steps things are planned, and what that spares.
func (d *data) stepSection() *section {
	c := d.m.Common
	if c == nil || d.sys == nil || c.Rows <= 0 || c.Cols <= 0 || len(c.Steps) < 2 {
		return nil
	}
	by := map[string][]string{}
	for _, k := range d.sys.Commodities {
		if k.Balance != "account" {
			by[k.Step] = append(by[k.Step], d.commodityName(k.ID))
		}
	}
	t := &table{Caption: "Steps of time", Head: []string{"Step", "Commodities"}}
	for _, st := range c.Steps {
		if len(by[st]) > 0 {
			t.Rows = append(t.Rows, []cell{name(stepWords(st)), text(list(by[st]))})
		}
	}
	s := &section{ID: "steps", Title: "Steps of time", Lead: "Each commodity is planned on a step of its own; where a plant takes one and makes another, the steps nest."}
	if d.m.Rows > 0 && d.m.Cols > 0 {
		s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("The problem has %s rows and %s columns. With everything on one common step of %s it would have had %s rows and %s columns (counted): %s and %s times as many.",
			picture.Number(float64(d.m.Rows)), picture.Number(float64(d.m.Cols)), stepWords(c.Steps[0]), picture.Number(float64(c.Rows)), picture.Number(float64(c.Cols)),
			picture.Number(float64(c.Rows)/float64(d.m.Rows)), picture.Number(float64(c.Cols)/float64(d.m.Cols)))})
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	return s
}

// stepWords writes a step for reading: "1 hour", "2 weeks".
func stepWords(step string) string {
	n := strings.TrimRight(step, "abcdefghijklmnopqrstuvwxyz")
	unit, ok := map[string]string{"h": "hour", "d": "day", "w": "week", "mo": "month", "a": "year"}[step[len(n):]]
	switch {
	case !ok:
		return step
	case n == "1" || n == "":
		return "1 " + unit
	}
	return n + " " + unit + "s"
}

// counts tells assets whose capacity is counted in vehicles.
func (d *data) counts(asset string) bool {
	for _, c := range d.capacities {
		if c.Asset == asset && strings.HasPrefix(c.Unit, "vehicle") {
			return true
		}
	}
	return false
}

// useSection lists how far plants, ways and trades are used.
func (d *data) useSection() *section {
	var rows []run.Use
	for _, u := range d.uses {
		switch c, known := d.palette.category[u.Asset]; {
		case known && u.What == "unit" && (c == wind || c == sun || c == river):
			continue // the weather's limit is none to widen; sources of power have a table
		case u.Could > 0 && !math.IsInf(u.Could, 0) && u.Amount > 1e-6*u.Could:
			rows = append(rows, u)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	const most = 30
	way := func(u run.Use) bool { return u.What == "route" || u.What == "line" }
	sortBy(rows, func(a, b run.Use) bool {
		if len(rows) > most && way(a) != way(b) { // of many, the ways
			return way(a)
		}
		if math.Abs(a.Full-b.Full) > 1e-9 {
			return a.Full > b.Full
		}
		return a.Amount/a.Could > b.Amount/b.Could
	})
	s := &section{ID: "use", Title: "Where it is tight", Lead: "How far plants, ways and trades use what their size and openings allow; sun, wind and rivers are left out. What runs at its limit most of the time is a bottleneck, or cheap."}
	var full []string
	for _, u := range rows {
		if way(u) && u.Full >= 0.005 && len(full) < 4 {
			full = append(full, fmt.Sprintf("%s %s of the time", d.partName(u.Asset, u.Part), say(u.Full, "")))
		}
	}
	if len(full) > 0 {
		s.Blocks = append(s.Blocks, block{Para: "Ways at their limit: " + list(full) + "."})
	}
	t := &table{Caption: "Use of what was possible", Head: []string{"Asset", "What", "Used over the year", "At its limit, of the time", "Fullest step"}}
	words := map[string]string{"unit": "plant", "route": "way", "line": "line", "trade": "trade"}
	for i, u := range rows {
		if i == most {
			break
		}
		what, ok := words[u.What]
		switch c := d.palette.category[u.Asset]; {
		case u.What == "unit" && d.counts(u.Asset):
			what = "gate"
		case u.What == "unit" && (c == wires || c == border):
			what = "way"
		}
		if !ok {
			what = u.What
		}
		peak := cell{Num: true}
		if u.Most > 0 && !math.IsInf(u.Most, 0) {
			peak = percent(u.Peak / u.Most)
		}
		t.Rows = append(t.Rows, []cell{name(d.partName(u.Asset, u.Part)), text(what), percent(u.Amount / u.Could), percent(u.Full), peak})
	}
	s.Blocks = append(s.Blocks, block{Table: t})
	if len(rows) > most {
		s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("%s more are in tables/use.parquet.", picture.Number(float64(len(rows)-most)))})
	}
	return s
}
