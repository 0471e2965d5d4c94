package report

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// balanceSection shows where energy and material go over the year, and the
// months of the busiest place.
func (d *data) balanceSection() *section {
	s := &section{ID: "flows", Title: "Where energy and material go", Lead: "Amounts of the year, from the balances of every place."}
	for _, family := range []struct{ id, title, unit, head string }{
		{"sankey-energy", "Energy over the year", "GWh", "MWh"},
		{"sankey-material", "Material over the year", "kt", "t"},
		{"sankey-volume", "Volumes over the year", "1,000 m3", "m3"},
	} {
		scale := 1e-3
		unit := family.unit
		draft := func(scale float64) *picture.Sankey { return d.sankey(family.head, scale) }
		staged := family.head == "t" && len(d.stagesOfMaterial(1).Links) > 0
		if staged {
			draft = d.stagesOfMaterial
		}
		spec := draft(scale)
		if len(spec.Links) == 0 {
			continue
		}
		merged := len(spec.Nodes) > 50
		if merged {
			spec = d.merged(family.head, scale)
		}
		if !merged && largest(spec.Links) < 1 {
			unit = family.head
			spec = draft(1)
		}
		spec.Unit = unit + " a year"
		biggest := spec.Links[0]
		for _, l := range spec.Links {
			if l.Amount > biggest.Amount {
				biggest = l
			}
		}
		spec.Base = d.base(fmt.Sprintf("Sankey picture of %s in %s a year; the widest ribbon is %s to %s with %s.", strings.ToLower(family.title), unit,
			spec.Nodes[biggest.From].Name, spec.Nodes[biggest.To].Name, picture.Number(biggest.Amount)))
		caption := "A store stands on both sides: what it takes and what it gives back."
		if family.head == "t" {
			caption = "In tonnes, each as its commodity counts them (dry or wet)."
			if staged {
				caption = "From what is dug or bought to what is sold and what is left behind, whatever the place. In tonnes, each as its commodity counts them (dry or wet). What a plant takes and gives need not be equal: water, oxygen and carbon come and go with its gases and slurries."
			}
		}
		if merged {
			caption = "All places together, assets by sort: there are too many to show each."
		}
		t := &table{Caption: family.title, Head: []string{"From", "To", unit + " a year"}}
		for _, l := range spec.Links {
			t.Rows = append(t.Rows, []cell{name(spec.Nodes[l.From].Name), text(spec.Nodes[l.To].Name), number(l.Amount)})
		}
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: family.id, Title: family.title, Caption: caption, SVG: draw(spec), Kind: "sankey", Spec: spec, Table: t}})
	}
	for i, b := range d.buses() {
		if i >= 3 {
			break
		}
		spec, why := b.months()
		if spec == nil {
			s.Blocks = append(s.Blocks, block{Para: why})
			break
		}
		title := "Month by month at " + b.name
		spec.Base = d.base(title + ", in " + spec.Unit + ": supply above zero, use below" + ofBands(spec.Bands) + ".")
		t := &table{Caption: title + ", " + spec.Unit, Wide: true, Head: append([]string{"Part"}, spec.Categories...)}
		for k, band := range spec.Bands {
			label := band.Name
			if k > 0 && spec.Bands[k-1].Name == label {
				label += ", use"
			}
			row := []cell{name(label)}
			for _, v := range band.Values {
				row = append(row, number(v))
			}
			t.Rows = append(t.Rows, row)
		}
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: fmt.Sprintf("months-%d", i), Title: title, Caption: "Supply up, use down.", SVG: draw(spec), Kind: "columns", Spec: spec, Table: t}})
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

func largest(links []picture.Link) float64 {
	most := 0.0
	for _, l := range links {
		most = math.Max(most, l.Amount)
	}
	return most
}

// ofFamily tells whether a unit is of a family: MWh, or t with any basis.
func ofFamily(unit, head string) bool { return unit == head || strings.HasPrefix(unit, head+" ") }

// nodes finds a Sankey's node by its key; a new key adds one.
func nodes(s *picture.Sankey) func(key, label, colour string) int {
	at := map[string]int{}
	return func(key, label, colour string) int {
		i, ok := at[key]
		if !ok {
			i = len(s.Nodes)
			at[key] = i
			s.Nodes = append(s.Nodes, picture.Node{Name: label, Colour: colour})
		}
		return i
	}
}

// sankey builds nodes and links of all buses counted in a unit. A place's bus
// and every asset is a node. An asset that puts into one bus and takes out of
// another stands between them; one that does both at the same bus (a store)
// stands twice, before and after it. What a line carries back between two
// places is taken off what it carries there. Flows into and out of an asset's
// inside by another asset (imports over a line) join the two assets.
func (d *data) sankey(head string, scale float64) *picture.Sankey {
	s := &picture.Sankey{}
	node := nodes(s)
	type end struct{ bus, asset string }
	in, out := map[end]float64{}, map[end]float64{}
	commodityOf := map[string]string{}
	var order []end
	seen := map[end]bool{}
	private := map[string]bool{}
	for _, b := range d.balances {
		if !ofFamily(b.Unit, head) {
			continue
		}
		if c := d.commodity[b.Commodity]; c != nil && c.Balance == "account" {
			continue
		}
		e := end{b.Bus, b.Asset}
		if d.busPlace(b.Bus) == "" {
			owner, _, _ := strings.Cut(b.Bus, ".")
			if owner == b.Asset || d.asset[owner] == nil {
				continue
			}
			private[b.Bus] = true
		}
		if !seen[e] {
			seen[e] = true
			order = append(order, e)
		}
		commodityOf[b.Bus] = b.Commodity
		if b.Role == "shed" {
			out[e] -= b.In * scale // not served is not supplied
			continue
		}
		in[e] += b.In * scale
		out[e] += b.Out * scale
	}
	touched := map[string]int{}
	both := map[string]bool{}
	total := 0.0
	for _, e := range order {
		if private[e.bus] {
			continue
		}
		touched[e.asset]++
		if in[e] > 0 && out[e] > 0 {
			both[e.asset] = true
		}
		total = math.Max(total, math.Max(in[e], out[e]))
	}
	split := func(asset string) bool { return both[asset] && touched[asset] == 1 }
	// A store takes in and gives out; a line to the outside exports and imports.
	sidesOf := func(asset string) [2]string {
		if d.palette.category[asset] == border {
			return [2]string{"import over " + d.assetName(asset), "export over " + d.assetName(asset)}
		}
		return [2]string{d.assetName(asset) + ", out", d.assetName(asset) + ", in"}
	}
	giving := func(asset string) int {
		sides := sidesOf(asset)
		if asset == "" {
			return node("a", "not of an asset", d.palette.of(asset))
		}
		if split(asset) {
			return node("<"+asset, sides[0], d.palette.of(asset))
		}
		return node("a"+asset, d.assetName(asset), d.palette.of(asset))
	}
	taking := func(asset string) int {
		sides := sidesOf(asset)
		if asset == "" {
			return node("a", "surplus, wasted", d.palette.of(asset))
		}
		if split(asset) {
			return node(">"+asset, sides[1], d.palette.of(asset))
		}
		return node("a"+asset, d.assetName(asset), d.palette.of(asset))
	}
	var buses []string
	for bus := range commodityOf {
		if !private[bus] {
			buses = append(buses, bus)
		}
	}
	named := d.shortNames(buses, func(bus string) string { return commodityOf[bus] })
	place := func(bus string) int { return node("b"+bus, named[bus], "#2f3b45") }
	link := func(from, to int, amount float64) {
		if amount > 1e-4*total && from != to {
			for i := range s.Links {
				if s.Links[i].From == from && s.Links[i].To == to {
					s.Links[i].Amount += amount
					return
				}
			}
			s.Links = append(s.Links, picture.Link{From: from, To: to, Amount: amount})
		}
	}
	for _, e := range order {
		i, o := in[e], out[e]
		if private[e.bus] {
			owner, _, _ := strings.Cut(e.bus, ".")
			link(giving(e.asset), giving(owner), i)
			link(taking(owner), taking(e.asset), o)
			continue
		}
		if touched[e.asset] > 1 {
			i, o = math.Max(i-o, 0), math.Max(o-i, 0)
		}
		if i > 0 {
			link(giving(e.asset), place(e.bus), i)
		}
		if o > 0 {
			link(place(e.bus), taking(e.asset), o)
		}
	}
	d.cutCircles(s) // two places that feed each other over several lines
	return s.Used()
}

// merged is the Sankey of a large network: all places as one, assets by sort.
func (d *data) merged(head string, scale float64) *picture.Sankey {
	s := &picture.Sankey{Nodes: []picture.Node{{Name: "all places", Colour: "#2f3b45"}}}
	in, out := map[category]float64{}, map[category]float64{}
	counts := func(b *run.Balance) bool {
		return ofFamily(b.Unit, head) && d.busPlace(b.Bus) != "" && d.balance(b.Commodity) != "account"
	}
	ends := map[string]map[string]bool{} // buses that an asset's routes touch
	for i := range d.balances {
		if b := &d.balances[i]; carried(b) && counts(b) {
			if ends[b.Asset] == nil {
				ends[b.Asset] = map[string]bool{}
			}
			ends[b.Asset][b.Bus] = true
		}
	}
	lost := 0.0
	for i := range d.balances {
		b := &d.balances[i]
		if !counts(b) {
			continue
		}
		if carried(b) && len(ends[b.Asset]) > 1 {
			lost += (b.Out - b.In) * scale
			continue
		}
		c, ok := d.palette.category[b.Asset]
		if !ok {
			c = other
		}
		if b.Role == "shed" {
			out[c] -= b.In * scale
			continue
		}
		in[c] += b.In * scale
		out[c] += b.Out * scale
	}
	add := func(label, colour string, amount float64, gives bool) {
		if amount <= 0 {
			return
		}
		s.Nodes = append(s.Nodes, picture.Node{Name: label, Colour: colour})
		l := picture.Link{From: len(s.Nodes) - 1, To: 0, Amount: amount}
		if !gives {
			l.From, l.To = l.To, l.From
		}
		s.Links = append(s.Links, l)
	}
	for c := range categories {
		k := category(c)
		add(categories[c].name, categories[c].colour, in[k], true)
		label := categories[c].name
		if in[k] > 0 {
			label += ", in"
		}
		add(label, categories[c].colour, out[k], false)
	}
	add("lost on the way", "#d9dcdf", lost, false)
	return s
}

// carried tells flows of ways, which give at one end what they take at the other.
func carried(b *run.Balance) bool { return b.Role == "route" || b.Role == "line" }

// months sums a bus by calendar month, in GWh; of representative periods it
// cannot be done.
func (b *busCourse) months() (*picture.Columns, string) {
	if !b.grid.whole() {
		return nil, "Months are not shown: the run models representative days, which stand for others elsewhere in the year."
	}
	month := func(ms int64) int {
		t := time.UnixMilli(ms).UTC()
		return t.Year()*12 + int(t.Month()) - 1
	}
	first, last := month(b.grid.start[0]), month(b.grid.start[len(b.grid.start)-1])
	if last == first {
		return nil, ""
	}
	if last-first >= 36 {
		return nil, "Months are not shown for more than three years."
	}
	out := &picture.Columns{Unit: "GWh"}
	for m := first; m <= last; m++ {
		label := time.Month(m%12 + 1).String()[:3]
		if last-first >= 12 {
			label += fmt.Sprintf(" %02d", m/12%100)
		}
		out.Categories = append(out.Categories, label)
	}
	n := len(out.Categories)
	most := 0.0
	for _, band := range b.bands {
		v := make(picture.Numbers, n)
		down := make(picture.Numbers, n)
		for t, x := range band.Values {
			if math.IsNaN(x) {
				continue
			}
			k := month(b.grid.start[t]) - first
			if x > 0 {
				v[k] += x * b.grid.hours[t] / 1e3
			} else {
				down[k] += x * b.grid.hours[t] / 1e3
			}
		}
		for _, side := range []picture.Numbers{v, down} {
			any := false
			for _, x := range side {
				most = math.Max(most, math.Abs(x))
				any = any || x != 0
			}
			if any {
				out.Bands = append(out.Bands, picture.Band{Name: band.Name, Colour: band.Colour, Values: side})
			}
		}
	}
	if most < 1 {
		out.Unit = "MWh"
		for _, band := range out.Bands {
			for k := range band.Values {
				band.Values[k] *= 1e3
			}
		}
	}
	return out, ""
}

// accountSection holds the tables of record.
func (d *data) accountSection() *section {
	if len(d.balances) == 0 && len(d.money) == 0 {
		return nil
	}
	s := &section{ID: "accounts", Title: "Accounts", Lead: "A year's in and out of every place. Where a balance holds, in and out agree."}
	type key struct{ bus, commodity string }
	rows := map[key][]run.Balance{}
	var order []key
	for _, b := range d.balances {
		if d.private(b.Bus, b.Commodity) {
			continue
		}
		k := key{b.Bus, b.Commodity}
		if rows[k] == nil {
			order = append(order, k)
		}
		rows[k] = append(rows[k], b)
	}
	most := map[string]float64{} // beside the largest of a commodity anywhere, the rest is noise
	for _, b := range d.balances {
		most[b.Commodity] = math.Max(most[b.Commodity], math.Max(math.Abs(b.In), math.Abs(b.Out)))
	}
	sort.SliceStable(order, func(i, j int) bool {
		ai, aj := d.balance(order[i].commodity) == "account", d.balance(order[j].commodity) == "account"
		return !ai && aj
	})
	for i, k := range order {
		if i == 40 {
			s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("%d further buses are in tables/balances.parquet.", len(order)-i)})
			break
		}
		unit := rows[k][0].Unit
		t := &table{Caption: fmt.Sprintf("%s, %s a year", d.busName(k.bus, k.commodity), unit), Head: []string{"Asset", "Role", "In", "Out"}}
		in, out := 0.0, 0.0
		noise := 1e-9 * most[k.commodity]
		for _, b := range rows[k] {
			if math.Abs(b.In)+math.Abs(b.Out) <= noise {
				continue
			}
			t.Rows = append(t.Rows, []cell{name(d.partName(b.Asset, b.Part)), text(b.Role), amount(b.In, noise), amount(b.Out, noise)})
			in += b.In
			out += b.Out
		}
		if len(t.Rows) == 0 {
			continue
		}
		t.Foot = []cell{name("Sum"), {}, number(in), number(out)}
		if d.balance(k.commodity) == "account" {
			t.Caption += " (an account: counted, not balanced)"
		}
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	if t := d.partyTable(); t != nil {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	return s
}

// amount leaves nothing, and what is rounding beside the largest, blank.
func amount(v, noise float64) cell {
	if math.Abs(v) <= noise {
		return cell{Num: true}
	}
	return number(v)
}

func (d *data) balance(commodity string) string {
	if c := d.commodity[commodity]; c != nil {
		return c.Balance
	}
	return ""
}

// partyTable sums money by party, where parties are known.
func (d *data) partyTable() *table {
	var order []string
	pays, gets := map[string]float64{}, map[string]float64{}
	for _, m := range d.money {
		if m.Party == "" {
			continue
		}
		if _, ok := pays[m.Party]; !ok {
			order = append(order, m.Party)
			pays[m.Party] = 0
		}
		if m.Amount < 0 {
			pays[m.Party] -= m.Amount
		} else {
			gets[m.Party] += m.Amount
		}
	}
	if len(order) == 0 {
		return nil
	}
	t := &table{Caption: "Money with parties, " + d.currency() + " a year", Head: []string{"Party", "Receives", "Pays"}}
	for _, p := range order {
		t.Rows = append(t.Rows, []cell{name(d.partyName(p)), amount(gets[p], 0), amount(pays[p], 0)})
	}
	return t
}

// limitSection groups the limits by name: how far they are used, and what they
// cost where they bind.
func (d *data) limitSection() *section {
	if len(d.limits) == 0 {
		return nil
	}
	type sum struct {
		name, span       string
		n, binding       int
		lo, hi, min, max float64
		price            float64 // the largest
	}
	byName := map[string]*sum{}
	var order []*sum
	for _, l := range d.limits {
		key := l.Limit + "\x00" + l.Span
		s := byName[key]
		if s == nil {
			s = &sum{name: l.Limit, span: l.Span, lo: math.Inf(1), hi: math.Inf(-1), min: math.Inf(1), max: math.Inf(-1)}
			byName[key] = s
			order = append(order, s)
		}
		s.n++
		if math.Abs(l.Value) < 1e-6 {
			l.Value = 0 // rounding, in any unit that a limit is counted in
		}
		s.lo, s.hi = math.Min(s.lo, l.Value), math.Max(s.hi, l.Value)
		if !math.IsInf(l.Min, 0) {
			s.min = math.Min(s.min, l.Min)
		}
		if !math.IsInf(l.Max, 0) {
			s.max = math.Max(s.max, l.Max)
		}
		if math.Abs(l.Price) > 1e-7 {
			s.binding++
			if math.Abs(l.Price) > math.Abs(s.price) {
				s.price = l.Price
			}
		}
	}
	sort.SliceStable(order, func(i, j int) bool {
		bi, bj := order[i].binding > 0, order[j].binding > 0
		if bi != bj {
			return bi
		}
		return bi && math.Abs(order[i].price) > math.Abs(order[j].price)
	})
	s := &section{ID: "limits", Title: "What binds", Lead: "Every limit, those that bind first. The price of a limit is what one unit more of it would add to the cost; a negative price is a saving."}
	t := &table{Caption: "Limits", Wide: true, Head: []string{"Limit", "Over each", "Spans", "Of them binding", "Lowest", "Highest", "Floor", "Cap", "Largest price, " + d.currency() + " a unit"}}
	edge := func(v float64) cell {
		if math.IsInf(v, 0) {
			return cell{Text: "none", Num: true}
		}
		return number(v)
	}
	binding := 0
	for i, l := range order {
		if l.binding > 0 {
			binding++
		}
		if i >= 200 {
			continue
		}
		price := number(l.price)
		if l.binding == 0 {
			price = cell{Text: "–", Value: "0", Num: true}
		}
		t.Rows = append(t.Rows, []cell{name(d.limitName(l.name)), text(l.span), number(float64(l.n)), number(float64(l.binding)), number(l.lo), number(l.hi), edge(l.min), edge(l.max), price})
	}
	s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("%d of %d limits bind at some time.", binding, len(order))}, block{Table: t})
	if len(order) > 200 {
		s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("The other %d limits, which weigh less, are in tables/limits.parquet.", len(order)-200)})
	}
	return s
}
