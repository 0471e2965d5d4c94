package report

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"example.org/busbar/internal/report/picture"
)

// foresight is what every picture of hourly operation must say.
const foresight = "Perfect foresight: the plan knows the weather and the prices of the whole year in advance."

// busCourse is a bus with all that flows into and out of it on one grid.
type busCourse struct {
	bus, name, unit string
	grid            *grid
	bands           []picture.Band
	assets          []string // of the bands, "" of a group
	price           *series
	throughput      float64
}

// buses returns the places' buses of an hourly energy balance, the busiest
// first.
func (d *data) buses() []*busCourse {
	byBus := map[string][]*series{}
	var order []string
	for _, s := range d.flows {
		if d.busPlace(s.bus) == "" || !strings.HasPrefix(d.unit(s.commodity), "MWh") || len(s.v) == 0 {
			continue
		}
		if c := d.commodity[s.commodity]; c != nil && c.Balance == "account" {
			continue
		}
		if byBus[s.bus] == nil {
			order = append(order, s.bus)
		}
		byBus[s.bus] = append(byBus[s.bus], s)
	}
	var out []*busCourse
	for _, bus := range order {
		if b := d.course(bus, byBus[bus]); b != nil {
			out = append(out, b)
		}
	}
	most := 0.0
	for _, b := range out {
		most = math.Max(most, b.throughput)
	}
	// What is left out are places where nothing but noise flows.
	out = slices.DeleteFunc(out, func(b *busCourse) bool { return b.throughput < 1e-9*most })
	sort.SliceStable(out, func(i, j int) bool { // the finest steps first: power before steam
		if a, b := len(out[i].grid.start), len(out[j].grid.start); a != b {
			return a > b
		}
		return out[i].throughput > out[j].throughput
	})
	var ids []string
	for _, b := range out {
		ids = append(ids, b.bus)
	}
	named := d.shortNames(ids, func(bus string) string { return byBus[bus][0].commodity })
	for _, b := range out {
		b.name = named[b.bus]
	}
	return out
}

// course stacks the flows of a bus: supply by category, uses after; the
// smallest of many together.
func (d *data) course(bus string, flows []*series) *busCourse {
	g := flows[0].grid
	for _, s := range flows {
		if len(s.grid.start) > len(g.start) {
			g = s.grid
		}
	}
	b := &busCourse{bus: bus, unit: flows[0].unit, grid: g}
	for _, p := range d.prices {
		if p.bus == bus {
			b.price = p
		}
	}
	type item struct {
		s    *series
		v    []float64
		size float64
		up   bool
		c    category
	}
	var items []item
	parts := map[string]int{}
	for _, s := range flows {
		v := quiet(s.onto(g))
		size, net := 0.0, 0.0
		for t, x := range v {
			if math.IsNaN(x) {
				continue
			}
			size += math.Abs(x) * g.weight[t]
			net += x * g.weight[t]
		}
		if size <= 0 {
			continue
		}
		c := d.palette.category[s.asset]
		if s.role == "shed" {
			c = unserved
		}
		if d.asset[s.asset] == nil && c == 0 {
			c = other
		}
		items = append(items, item{s, v, size, net > 0, c})
		parts[s.asset]++
		b.throughput += size / 2
	}
	if len(items) == 0 {
		return nil
	}
	sort.SliceStable(items, func(i, j int) bool {
		if items[i].up != items[j].up {
			return items[i].up
		}
		if items[i].up {
			return items[i].c < items[j].c
		}
		return rankOfUse(items[i].c) < rankOfUse(items[j].c)
	})
	const alone = 22
	least := 0.0
	if len(items) > alone {
		sizes := make([]float64, len(items))
		for i := range items {
			sizes[i] = items[i].size
		}
		sort.Sort(sort.Reverse(sort.Float64Slice(sizes)))
		least = sizes[alone-1]
	}
	grouped := map[string]int{}
	for _, it := range items {
		if it.size < least {
			key := fmt.Sprint(categories[it.c].name, it.up)
			k, ok := grouped[key]
			if !ok {
				k = len(b.bands)
				grouped[key] = k
				label := "other " + categories[it.c].name
				if it.c == other {
					label = "other"
				}
				if !it.up {
					label += " (use)"
				}
				b.bands = append(b.bands, picture.Band{Name: label, Colour: shade(categories[it.c].colour, 3), Values: make([]float64, len(g.start))})
				b.assets = append(b.assets, "")
			}
			for t, x := range it.v {
				if !math.IsNaN(x) {
					b.bands[k].Values[t] += x
				}
			}
			continue
		}
		label, colour := d.assetName(it.s.asset), d.palette.of(it.s.asset)
		switch {
		case it.s.role == "shed":
			label, colour = label+", unserved", categories[unserved].colour
		case it.s.role == "surplus":
			label, colour = "surplus, wasted", "#d9dcdf"
		case it.s.role == "elastic":
			label, colour = label+", elastic", shade(colour, 1)
		case parts[it.s.asset] > 1:
			label = d.partName(it.s.asset, it.s.part)
		}
		b.bands = append(b.bands, picture.Band{Name: label, Colour: colour, Values: it.v})
		b.assets = append(b.assets, it.s.asset)
	}
	return b
}

// rankOfUse stacks uses: what must be served nearest to zero, then storage,
// then what leaves.
func rankOfUse(c category) int {
	switch c {
	case metal:
		return 0
	case demand:
		return 1
	case goods, other:
		return 2
	case storage:
		return 3
	}
	return 4
}

// served is what the bus's uses take, storage, lines and sales apart.
func (b *busCourse) served(p palette) []float64 {
	out := make([]float64, len(b.grid.start))
	for k, band := range b.bands {
		switch p.category[b.assets[k]] {
		case storage, border, wires, contract:
			continue
		}
		for t, v := range band.Values {
			if v < 0 {
				out[t] -= v
			}
		}
	}
	return out
}

// weather is what sun and wind give.
func (b *busCourse) weather(p palette) []float64 {
	out := make([]float64, len(b.grid.start))
	for k, band := range b.bands {
		if b.assets[k] == "" {
			continue
		}
		if c := p.category[b.assets[k]]; c == sun || c == wind {
			for t, v := range band.Values {
				if v > 0 {
					out[t] += v
				}
			}
		}
	}
	return out
}

// tellingWeeks picks the windows of the highest and lowest mean price (load,
// where there are no prices) of those about as long as the longest.
func (b *busCourse) tellingWeeks(p palette) (dear, cheap int) {
	values := b.served(p)
	if b.price != nil {
		values = b.price.onto(b.grid)
	}
	ws := b.grid.windows()
	longest := int64(0)
	span := func(w window) int64 { return b.grid.end(w.last-1) - b.grid.start[w.first] }
	for _, w := range ws {
		longest = max(longest, span(w))
	}
	hi, lo := math.Inf(-1), math.Inf(1)
	for i, w := range ws {
		if span(w) < longest*9/10 {
			continue
		}
		sum, hours := 0.0, 0.0
		for t := w.first; t < w.last; t++ {
			if !math.IsNaN(values[t]) {
				sum += values[t] * b.grid.hours[t]
				hours += b.grid.hours[t]
			}
		}
		if hours == 0 {
			continue
		}
		if m := sum / hours; m > hi {
			hi, dear = m, i
		}
		if m := sum / hours; m < lo {
			lo, cheap = m, i
		}
	}
	return dear, cheap
}

// stack cuts a window out of a bus.
func (b *busCourse) stack(d *data, w window) *picture.Stack {
	s := &picture.Stack{Unit: b.unit}
	for _, e := range d.spans() {
		if e.From < b.grid.end(w.last-1) && e.To > b.grid.start[w.first] {
			s.Spans = append(s.Spans, e)
		}
	}
	for t := w.first; t < w.last; t++ {
		s.Start = append(s.Start, b.grid.start[t])
	}
	s.Start = append(s.Start, b.grid.end(w.last-1))
	for _, band := range b.bands {
		cut := band.Values[w.first:w.last]
		used := false
		for _, v := range cut {
			used = used || v != 0 && !math.IsNaN(v)
		}
		if used {
			s.Bands = append(s.Bands, picture.Band{Name: band.Name, Colour: band.Colour, Values: cut})
		}
	}
	if b.price != nil {
		s.Line = &picture.Line{Name: "price", Unit: b.price.unit, Colour: picture.Ink, Values: b.price.onto(b.grid)[w.first:w.last]}
	}
	return s
}

func (d *data) dispatchSection(p *payload) *section {
	buses := d.buses()
	if len(buses) == 0 {
		return nil
	}
	s := &section{ID: "dispatch", Title: "Hour by hour",
		Lead: "What supplies each place (stacked upwards) and what uses it (stacked downwards), with the marginal price over it. " + foresight}
	grids := map[*grid]int{}
	for i, b := range buses {
		if i > 0 && len(p.values)+len(b.grid.start)*(len(b.bands)+1) > mostNumbers {
			s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("This page carries the hours of the %d busiest of %d places; tables/flows.parquet has all.", i, len(buses))})
			break
		}
		if _, ok := grids[b.grid]; !ok {
			grids[b.grid] = p.grid(b.grid)
		}
		pb := payloadBus{Bus: b.bus, Name: b.name, Unit: b.unit, Grid: grids[b.grid], Price: -1, Series: []int{}}
		for _, band := range b.bands {
			pb.Series = append(pb.Series, p.series(band.Name, band.Colour, b.unit, b.name, pb.Grid, band.Values))
		}
		if b.price != nil {
			pb.Price = p.series("price", picture.Ink, b.price.unit, b.name, pb.Grid, b.price.onto(b.grid))
		}
		pb.Open, _ = b.tellingWeeks(d.palette)
		p.head.Buses = append(p.head.Buses, pb)
	}
	s.Blocks = append(s.Blocks, block{Figure: &figure{ID: "any-week", Title: "Any week, any place", Kind: "dispatch", LiveOnly: true,
		Caption: "Choose a place and a stretch; drag over the picture's lower edge to zoom."}})
	const shown = 3
	for i, b := range buses {
		if i == shown {
			break
		}
		dear, cheap := b.tellingWeeks(d.palette)
		ws := b.grid.windows()
		which := [...]string{"dearest", "cheapest"}
		if b.price == nil {
			which = [...]string{"heaviest", "lightest"}
		}
		weeks := []int{dear, cheap}
		if dear == cheap {
			weeks, which[0] = weeks[:1], "only"
		}
		for k, wi := range weeks {
			w := ws[wi]
			spec := b.stack(d, w)
			if len(spec.Bands) == 0 {
				continue
			}
			stretch := "week"
			if b.grid.end(w.last-1)-b.grid.start[w.first] != 7*msPerDay {
				stretch = "stretch"
			}
			title := fmt.Sprintf("%s: the %s %s, %s", b.name, which[k], stretch, b.grid.days(w))
			spec.Base = d.base(title + ". Stacked supply above zero and use below it, hour by hour" + ofBands(spec.Bands) + ".")
			s.Blocks = append(s.Blocks, block{Figure: &figure{ID: fmt.Sprintf("dispatch-%d-%d", i, k), Title: title, SVG: draw(spec),
				Kind: "week", Bus: b.bus, First: w.first, N: w.last - w.first, StaticOnly: true, Caption: foresight}})
		}
	}
	return s
}

func ofBands(bands []picture.Band) string {
	names := make([]string, 0, len(bands))
	for _, b := range bands {
		names = append(names, b.Name)
	}
	if len(names) > 8 {
		names = append(names[:8:8], "others")
	}
	return ": " + list(names)
}

// duration sorts values from high to low against the share of the year they
// stand for, thinned to about 300 points.
func duration(v, weight []float64) (share, sorted []float64) {
	var order []int
	total := 0.0
	for i, x := range v {
		if !math.IsNaN(x) && !math.IsInf(x, 0) && weight[i] > 0 {
			order = append(order, i)
			total += weight[i]
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return v[order[a]] > v[order[b]] })
	every := max(1, len(order)/300)
	at := 0.0
	for k, i := range order {
		if k%every == 0 || k == len(order)-1 || k < 8 || k >= len(order)-8 {
			share, sorted = append(share, 100*(at+weight[i]/2)/total), append(sorted, v[i])
		}
		at += weight[i]
	}
	if n := len(sorted); n > 0 {
		share, sorted = append(append([]float64{0}, share...), 100), append(append([]float64{sorted[0]}, sorted...), sorted[n-1])
	}
	return share, sorted
}

var lineColours = []string{"#0b5563", "#c8502a", "#8e63a9", "#b58900", "#56a8dc", "#4a4038"}

func (d *data) durationSection() *section {
	buses := d.buses()
	if len(buses) == 0 {
		return nil
	}
	s := &section{ID: "duration", Title: "Prices and loads, sorted",
		Lead: "Every hour of the year from the highest to the lowest. A price is marginal: what one more unit in that hour would cost the system."}
	price := &picture.Lines{X: picture.Axis{Label: "share of the year", Unit: "%"}, Y: picture.Axis{Label: "price", Zero: true}}
	load := &picture.Lines{X: picture.Axis{Label: "share of the year", Unit: "%"}, Y: picture.Axis{Label: "power", Zero: true}}
	for i, b := range buses {
		if i == len(lineColours) {
			break
		}
		if b.price != nil && (price.Y.Unit == "" || price.Y.Unit == b.price.unit) {
			x, y := duration(b.price.onto(b.grid), b.grid.weight)
			price.Y.Unit = b.price.unit
			price.Curves = append(price.Curves, picture.Curve{Name: b.name, Colour: lineColours[i], X: x, Y: y})
		}
		if i >= 3 || load.Y.Unit != "" && load.Y.Unit != b.unit {
			continue
		}
		load.Y.Unit = b.unit
		served := b.served(d.palette)
		if !someAbove(served) {
			continue
		}
		x, y := duration(served, b.grid.weight)
		load.Curves = append(load.Curves, picture.Curve{Name: b.name + ": use", Colour: lineColours[i], X: x, Y: y})
		fair, any := b.weather(d.palette), false
		for t := range fair {
			any = any || fair[t] > 0
			fair[t] = served[t] - fair[t]
		}
		if any {
			x, y := duration(fair, b.grid.weight)
			load.Curves = append(load.Curves, picture.Curve{Name: b.name + ": use less sun and wind there", Colour: lineColours[i], X: x, Y: y, Dash: true})
		}
	}
	add := func(id, title, caption string, l *picture.Lines) {
		if len(l.Curves) == 0 {
			return
		}
		var points []string
		for _, c := range l.Curves {
			points = append(points, fmt.Sprintf("%s: highest %s, middle %s, lowest %s", c.Name, picture.Number(c.Y[0]), picture.Number(c.Y[len(c.Y)/2]), picture.Number(c.Y[len(c.Y)-1])))
		}
		l.Base = d.base(title + ", " + l.Y.Unit + ". " + strings.Join(points, "; ") + ".")
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: id, Title: title, Caption: caption, SVG: draw(l), Kind: "lines", Spec: l, Table: durationTable(title, l)}})
	}
	add("price-duration", "Price duration", "", price)
	add("load-duration", "Load duration", "Use is what demands and plants take; charging, export and sales are left out. Below zero, sun and wind give more than is used at the place.", load)
	if t := d.pivot("price", "Of", "Prices over the year"); t != nil {
		s.Blocks = append(s.Blocks, capped(t, 0, "tables/figures.parquet")...)
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// durationTable reads the curves at round shares.
func durationTable(title string, l *picture.Lines) *table {
	t := &table{Caption: title, Head: []string{"Share of the year, %"}}
	for _, c := range l.Curves {
		t.Head = append(t.Head, c.Name+", "+l.Y.Unit)
	}
	for _, share := range []float64{0, 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100} {
		row := []cell{number(share)}
		row[0].Head = true
		for _, c := range l.Curves {
			k := sort.SearchFloat64s(c.X, share)
			row = append(row, number(c.Y[min(k, len(c.Y)-1)]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// heat lays a series out by day and hour.
func heat(g *grid, v []float64) (first int64, days int, out picture.Numbers) {
	const hour = msPerDay / 24
	first = g.start[0] - ((g.start[0]%msPerDay)+msPerDay)%msPerDay
	last := first
	for i := range g.start {
		last = max(last, g.end(i))
	}
	days = int((last - first + msPerDay - 1) / msPerDay)
	sum, weight := make([]float64, 24*days), make([]float64, 24*days)
	for i, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		for h := (g.start[i] - first) / hour; h < (g.end(i)-first+hour-1)/hour; h++ {
			sum[h] += x
			weight[h]++
		}
	}
	out = make(picture.Numbers, 24*days)
	for h := range out {
		out[h] = math.NaN()
		if weight[h] > 0 {
			out[h] = sum[h] / weight[h]
		}
	}
	return first, days, out
}

func (d *data) heatSection(p *payload) *section {
	buses := d.buses()
	if len(buses) == 0 || len(p.head.Grids) == 0 {
		return nil
	}
	s := &section{ID: "year", Title: "The year at a glance", Lead: "Days from left to right, hours of the day from bottom to top."}
	b := buses[0]
	if len(b.grid.start) < 24 {
		return nil
	}
	whole := ""
	if !b.grid.whole() {
		whole = " Grey: days that are not modelled; others stand for them."
	}
	type choice struct {
		title, unit string
		v           []float64
		at          int // in the payload
	}
	var choices []choice
	if b.price != nil {
		choices = append(choices, choice{"Price at " + b.name, b.price.unit, b.price.onto(b.grid), p.head.Buses[0].Price})
	}
	if fair := b.weather(d.palette); someAbove(fair) {
		at := p.series("sun and wind", categories[sun].colour, b.unit, b.name, p.head.Buses[0].Grid, fair)
		choices = append(choices, choice{"Sun and wind at " + b.name, b.unit, fair, at})
	}
	if served := b.served(d.palette); someAbove(served) {
		at := p.series("use", categories[demand].colour, b.unit, b.name, p.head.Buses[0].Grid, served)
		if len(choices) == 0 {
			choices = append(choices, choice{"Use at " + b.name, b.unit, served, at})
		}
	}
	largest := d.largestLevel(b.grid)
	for _, l := range d.levels {
		if len(l.v) < 24 || len(l.grid.start) != len(b.grid.start) || !varies(l.v) {
			continue
		}
		at := p.series(d.partName(l.asset, l.part), d.palette.of(l.asset), l.unit, "levels", p.head.Buses[0].Grid, l.v)
		if l == largest {
			choices = append(choices, choice{"Level of " + d.partName(l.asset, l.part), l.unit, l.v, at})
		}
	}
	for i, c := range choices {
		first, days, v := heat(b.grid, quiet(c.v))
		lo, hi := picture.Clip(v)
		spec := &picture.Heat{Base: d.base(fmt.Sprintf("Heat map of the year, days across, hours up. %s: mostly between %s and %s.", c.title, say2(lo, c.unit), say2(hi, c.unit))),
			First: first, Days: days, Unit: c.unit, Values: v}
		f := &figure{ID: fmt.Sprintf("heat-%d", i), Title: c.title, SVG: draw(spec), Kind: "heat", Spec: heatPick{c.at}, StaticOnly: i > 0,
			Caption: "Colours spread between the lowest and the highest hundredth of all hours." + whole}
		s.Blocks = append(s.Blocks, block{Figure: f})
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// heatPick tells the script which series of its list a heat map opens with.
type heatPick struct {
	Open int `json:"open"`
}

func say2(v float64, unit string) string { return picture.Number(v) + " " + unit }

func someAbove(v []float64) bool {
	for _, x := range v {
		if x > 0 {
			return true
		}
	}
	return false
}

func varies(v []float64) bool {
	for _, x := range v {
		if math.Abs(x-v[0]) > 1e-9*(1+math.Abs(v[0])) {
			return true
		}
	}
	return false
}

// largestLevel is the store of energy that varies most on the grid.
func (d *data) largestLevel(g *grid) *series {
	var best *series
	most := 0.0
	for _, l := range d.levels {
		if l.grid != g && len(l.grid.start) != len(g.start) || len(l.v) == 0 || !strings.HasPrefix(l.unit, "MWh") {
			continue
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, x := range l.v {
			lo, hi = math.Min(lo, x), math.Max(hi, x)
		}
		if hi-lo > most {
			best, most = l, hi-lo
		}
	}
	return best
}

// storeSection shows the courses of all stores, a picture each.
func (d *data) storeSection() *section {
	s := &section{ID: "stores", Title: "Storage and stocks", Lead: "What is in each store over the year, as means of a day."}
	kept := 0
	for _, l := range d.levels {
		if len(l.v) == 0 || !varies(quiet(l.v)) {
			continue
		}
		kept++
		if kept > 12 {
			continue
		}
		x, y := daily(l.grid, quiet(l.v))
		label := d.partName(l.asset, l.part)
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range quiet(l.v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
		spec := &picture.Lines{Base: d.base(fmt.Sprintf("%s over the year, between %s and %s.", label, say2(lo, l.unit), say2(hi, l.unit))),
			X: picture.Axis{Time: true}, Y: picture.Axis{Unit: l.unit, Zero: true}, Low: true, Spans: d.spans(),
			Curves: []picture.Curve{{Name: label, Colour: d.palette.of(l.asset), X: x, Y: y, Fill: true}}}
		caption := fmt.Sprintf("Between %s and %s.", say2(lo, l.unit), say2(hi, l.unit))
		for _, c := range d.capacities {
			if size := c.Existing + c.Built; c.Asset == l.asset && c.Part == l.part && c.Unit == l.unit && size > 0 && size < 3*hi {
				spec.Levels = append(spec.Levels, picture.Level{Name: "capacity", Value: size})
			}
		}
		if f, ok := d.figureOf("stock", "use", l.asset); ok && f.Value > 0 {
			spec.Right = &picture.Second{Unit: "days of use", Times: 1 / f.Value}
			caption = fmt.Sprintf("Between %s and %s: %s to %s days of mean use.", say2(lo, l.unit), say2(hi, l.unit), picture.Number(lo/f.Value), picture.Number(hi/f.Value))
			spec.Alt = strings.TrimSuffix(spec.Alt, ".") + fmt.Sprintf(": %s to %s days of mean use.", picture.Number(lo/f.Value), picture.Number(hi/f.Value))
		}
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: fmt.Sprintf("store-%d", kept), Title: headline(label),
			Caption: caption, SVG: draw(spec), Kind: "lines", Spec: spec}})
	}
	if kept == 0 {
		return nil
	}
	if kept > 12 {
		s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("%d further stores are in tables/levels.parquet.", kept-12)})
	}
	return s
}

// daily takes means of days, with a gap where days are missing. What is
// already daily or coarser stays as it is.
func daily(g *grid, v []float64) (x, y []float64) {
	add := func(t int64, value float64) {
		if n := len(x); n > 0 && float64(t)-x[n-1] > 45*float64(msPerDay) || n > 0 && g.hours[0] <= 24 && float64(t)-x[n-1] > 1.5*float64(msPerDay) {
			x, y = append(x, x[n-1]+1), append(y, math.NaN())
		}
		x, y = append(x, float64(t)), append(y, value)
	}
	for i := 0; i < len(v); {
		day := floorDay(g.start[i])
		sum, n, j := 0.0, 0, i
		for j < len(v) && floorDay(g.start[j]) == day && g.start[j] >= g.start[i] {
			if !math.IsNaN(v[j]) {
				sum += v[j]
				n++
			}
			j++
		}
		if n > 0 {
			add(day+msPerDay/2, sum/float64(n))
		}
		i = j
	}
	return x, y
}

func floorDay(ms int64) int64 { return ms - ((ms%msPerDay)+msPerDay)%msPerDay }
