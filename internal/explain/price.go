package explain

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// Price is what sets the price of a bus in one step.
type Price struct {
	Bus   string  `json:"bus"`
	At    string  `json:"at"`
	Unit  string  `json:"unit"`
	Price float64 `json:"price"`
	Sets  string  `json:"sets"`  // a sentence: what sets it
	Links []Link  `json:"links"` // from what sets it to the bus, the last gives Price; empty where no single thing does
	Flows []Taker `json:"flows"` // everything that gives or takes there, by size
}

// Link is one equation on the way to a price:
//
//	price = from x factor + cost + sum of what limits charge
type Link struct {
	Text   string   `json:"text"`
	Bus    string   `json:"bus"` // whose price it gives
	At     string   `json:"at"`
	From   float64  `json:"from"`   // price on the other side; 0 for the first
	Factor float64  `json:"factor"` // 0 for the first
	Cost   float64  `json:"cost"`
	Limits []Charge `json:"limits,omitempty"`
	Price  float64  `json:"price"`
	Unit   string   `json:"unit"`
	Source string   `json:"source"` // id of the asset's part

	name, does string // of the first: who, and what it does
}

// Charge is what a limit adds to a price, or takes off it.
type Charge struct {
	Limit  string  `json:"limit"`
	Amount float64 `json:"amount"`
}

// Taker is one flow at a bus in one step. Value is what a unit costs its giver
// or is worth to its taker, all its other costs, products and limits counted;
// Gain is what a unit more would bring: above 0 something holds it from more,
// below 0 from less.
type Taker struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Rate  float64 `json:"rate"`  // positive into the bus
	Most  Number  `json:"most"`  // that it may be at this step; absent where nothing says it
	Value Number  `json:"value"` // absent for stores and given demands
	Gain  float64 `json:"gain"`
	State string  `json:"state"` // sets the price, free, full, idle, least, held, given, stores
}

// BusOf finds a bus by name; "" is the one whose trade is worth most.
func (o *Optimum) BusOf(name string) (int32, error) {
	best, most := primitive.None, -1.0
	var all []string
	for i := range o.m.Buses {
		row := o.rowOf[i]
		if row == primitive.None {
			continue
		}
		all = append(all, o.m.Buses[i].Name)
		if o.m.Buses[i].Name == name {
			return int32(i), nil
		}
		if worth := o.turnover(int32(i)); name == "" && o.m.Buses[i].Asset == primitive.None && worth > most {
			best, most = int32(i), worth
		}
	}
	if best != primitive.None {
		return best, nil
	}
	return primitive.None, &unknown{"bus", name, all}
}

// turnover is a year's worth of what flows out of a bus at its prices. Of
// several steps' grids the finest counts most, because its prices tell most.
func (o *Optimum) turnover(bus int32) float64 {
	row, sum := o.rowOf[bus], 0.0
	grid := &o.m.Clock.Grids[o.m.Commodities[o.m.Buses[bus].Commodity].Grid]
	for t := range grid.Hours {
		i := row + int32(t)
		out := -o.p.RowLower[i]
		for k := o.starts[i]; k < o.starts[i+1]; k++ {
			if v := o.values[k] * o.x[o.cols[k]]; v < 0 && !o.stock(o.cols[k]) {
				out += v
			}
		}
		sum += math.Abs(o.y[i] * out)
	}
	return sum * float64(grid.Len())
}

func (o *Optimum) stock(j int32) bool {
	switch o.colBlocks[o.col[j].block].What {
	case formulate.Level, formulate.Low, formulate.Start, formulate.Spread:
		return true
	}
	return false
}

// StepOf finds the step of a bus that a time lies in: 2030-04-11T19:00, or with
// a blank for the T, or the day alone.
func (o *Optimum) StepOf(bus int32, when string) (int32, error) {
	grid := o.m.Commodities[o.m.Buses[bus].Commodity].Grid
	g := &o.m.Clock.Grids[grid]
	when = strings.Replace(strings.TrimSpace(when), " ", "T", 1)
	for t := range int32(g.Len()) {
		for tick := g.First[t]; tick < g.First[t+1]; tick++ {
			if strings.HasPrefix(o.m.Clock.Stamps[tick].Format("2006-01-02T15:04"), when) && len(when) >= len("2006-01-02") {
				return t, nil
			}
		}
	}
	if o.m.Clock.Sequence != nil {
		var starts []string
		for _, ch := range o.m.Clock.Chains {
			starts = append(starts, o.m.Clock.Stamps[ch.FirstTick].Format("2006-01-02"))
		}
		return 0, fmt.Errorf("time %s is not in the representative periods, which begin on %s", when, list(starts))
	}
	first, last := o.m.Clock.Stamps[0], o.m.Clock.Stamps[len(o.m.Clock.Stamps)-1]
	return 0, fmt.Errorf("time %s: want one from %s to %s", when, first.Format("2006-01-02T15:04"), last.Format("2006-01-02T15:04"))
}

// Price explains the price of a bus in a step.
func (o *Optimum) Price(bus, step int32) Price {
	row := o.rowOf[bus] + step
	b := &o.m.Buses[bus]
	p := Price{Bus: b.Name, At: o.when(row), Unit: o.money + "/" + o.unitOf(bus), Price: o.price(row)}
	p.Links = o.links(row)
	p.Flows = o.flows(bus, step)
	p.Sets = o.sets(&p, row)
	return p
}

// when labels the step of a row.
func (o *Optimum) when(row int32) string {
	at := o.row[row]
	return o.ix.Label(o.rowBlocks[at.block], at.step)
}

// links follows the trace from what sets a price to the row. Where no single
// thing does, it begins with the price of another hour at the same bus that
// storage links it to.
func (o *Optimum) links(row int32) []Link {
	var path, by []int32 // rows from the row back, and the column that leads to each from the next
	if o.via[row] != primitive.None {
		for i := row; ; i = o.next[i] {
			path, by = append(path, i), append(by, o.via[i])
			if o.next[i] == i {
				break
			}
		}
	} else if path, by = o.elsewhen(row, false); path == nil {
		if path, by = o.elsewhen(row, true); path == nil {
			return []Link{}
		}
	}
	var out []Link
	for n := len(path) - 1; n >= 0; n-- {
		to := path[n]
		if n == len(path)-1 {
			if o.via[row] != primitive.None {
				out = append(out, o.source(to))
			} else {
				l := Link{Bus: o.m.Buses[o.rowBlocks[o.row[to].block].Index].Name, At: o.when(to), Price: o.price(to), Cost: o.price(to)}
				l.Unit, l.Text = o.money+"/"+o.unitOf(o.rowBlocks[o.row[to].block].Index), "the price at "+l.Bus+", "+at(l.At)
				out = append(out, l)
			}
			continue
		}
		from := path[n+1]
		// A run of steps that a store keeps is one link.
		if k := o.block(by[n]); k.What == formulate.Level {
			for n > 0 {
				if m := o.block(by[n-1]); m.What != formulate.Level || m.Index != k.Index {
					break
				}
				n--
			}
			out = append(out, o.kept(from, path[n], k))
			continue
		}
		out = append(out, o.link(from, to, by[n]))
	}
	return out
}

// elsewhen finds the nearest step of the same bus with another price that
// storage leads to, by free columns, of one commodity or of any; nil where
// there is none.
func (o *Optimum) elsewhen(row int32, any bool) (path, by []int32) {
	bus := o.rowBlocks[o.row[row].block].Index
	type step struct{ from, col int32 }
	seen := map[int32]step{row: {row, primitive.None}}
	for queue := []int32{row}; len(queue) > 0 && len(seen) < 5000; queue = queue[1:] {
		i := queue[0]
		for e := o.starts[i]; e < o.starts[i+1]; e++ {
			j := o.cols[e]
			if o.ends[j].a == primitive.None || !any && !o.carries(o.ends[j]) {
				continue
			}
			to := o.ends[j].other(i)
			if _, ok := seen[to]; ok {
				continue
			}
			seen[to] = step{i, j}
			queue = append(queue, to)
			if o.rowBlocks[o.row[to].block].Index != bus || math.Abs(o.price(to)-o.price(row)) < 1e-4*math.Abs(o.price(row)) {
				continue
			}
			for r := to; ; r = seen[r].from {
				path = append([]int32{r}, path...)
				if r == row {
					break
				}
				by = append([]int32{seen[r].col}, by...)
			}
			stored := false
			for _, j := range by {
				stored = stored || o.block(j).What == formulate.Level
			}
			if stored {
				return path, append(by, primitive.None)
			}
			path, by = nil, nil
		}
	}
	return nil, nil
}

func (o *Optimum) block(col int32) formulate.Block { return o.colBlocks[o.col[col].block] }

// source is the first link: a column that meets no other bus.
func (o *Optimum) source(row int32) Link {
	j := o.via[row]
	t := o.terms(j)
	l := o.solved(row, &t)
	k := o.block(j)
	bus := o.rowBlocks[o.row[row].block].Index
	amount, step := o.unitOf(bus), o.stepOf(bus)
	here := rate(math.Abs(t.buses[0].value*o.x[j]), amount, step)
	room := ""
	if most := o.most(j, k, o.col[j].step) * math.Abs(t.buses[0].value); !math.IsNaN(most) && !math.IsInf(most, 0) {
		room = " of " + rate(most, amount, step)
	}
	verb := "gives"
	if t.buses[0].value < 0 {
		verb = "takes"
	}
	switch k.What {
	case formulate.Rate, formulate.Further:
		verb = "buys"
		if o.m.Trades[k.Index].Sell {
			verb = "sells"
		}
	case formulate.Shed:
		verb = "sheds"
	case formulate.Spill:
		verb = "spills"
	}
	l.name, l.does = o.asset(tagOf(o.m, k)), verb+" "+here+room
	l.Text = l.name + " " + l.does
	l.Source = o.ix.Owner(k)
	return l
}

// solved reads a row's price off a column's equation, without the other bus.
func (o *Optimum) solved(row int32, t *terms) Link {
	bus := o.rowBlocks[o.row[row].block].Index
	l := Link{Bus: o.m.Buses[bus].Name, At: o.when(row), Price: o.price(row), Unit: o.money + "/" + o.unitOf(bus)}
	a := 0.0
	for _, e := range t.buses {
		if e.row == row {
			a = e.value * o.weight[row]
		}
	}
	l.Cost = (t.own - t.holding()) / a
	for _, e := range t.limits {
		if v := -e.dual / a; math.Abs(v) > 1e-6*o.unit {
			l.Limits = append(l.Limits, Charge{o.limitOf(e.row), v})
		} else {
			l.Cost += v
		}
	}
	return l
}

// limitOf names the limit or total of a row.
func (o *Optimum) limitOf(row int32) string {
	at := o.row[row]
	k := o.rowBlocks[at.block]
	name := o.asset(tagOf(o.m, k)) + "'s total"
	if k.What == formulate.LimitSum {
		name = o.limit(o.m.Limits[k.Index].Name)
	}
	if label := o.ix.Label(k, at.step); label != "" && k.Grid < 0 && (len(label) == 7 || len(label) == 10) {
		name += " in " + spanName(label)
	}
	return name
}

// link is a column between two buses.
func (o *Optimum) link(from, to, j int32) Link {
	t := o.terms(j)
	l := o.solved(to, &t)
	a, c := 0.0, 0.0
	for _, e := range t.buses {
		if e.row == to {
			a = e.value * o.weight[to]
		} else {
			c = e.value * o.weight[from]
		}
	}
	l.From, l.Factor = o.price(from), -c/a
	k := o.block(j)
	l.Source = o.ix.Owner(k)
	name := o.asset(tagOf(o.m, k))
	fromBus, toBus := o.busAt(from, to), o.busAt(to, from)
	switch k.What {
	case formulate.Forward, formulate.Back:
		l.Text = fmt.Sprintf("sent over %s from %s to %s", name, fromBus, toBus)
		if a < 0 { // the price is that of the end where it leaves
			l.Text = fmt.Sprintf("what %s makes of it at %s", name, fromBus)
		}
	default:
		if l.Factor > 0 {
			l.Text = fmt.Sprintf("by %s from %s to %s", name, fromBus, toBus)
			if a < 0 {
				l.Text = fmt.Sprintf("what %s makes of it at %s", name, fromBus)
			}
		} else {
			l.Text = fmt.Sprintf("by %s, at %s and %s at once", name, fromBus, toBus)
		}
	}
	return l
}

// busAt names a row's bus, with its time where the other row has another.
func (o *Optimum) busAt(row, other int32) string {
	name := o.m.Buses[o.rowBlocks[o.row[row].block].Index].Name
	if o.when(row) != o.when(other) {
		name += " " + at(o.when(row))
	}
	return name
}

// kept is a run of steps that a store links.
func (o *Optimum) kept(from, to int32, k formulate.Block) Link {
	bus := o.rowBlocks[o.row[to].block].Index
	l := Link{Bus: o.m.Buses[bus].Name, At: o.when(to), From: o.price(from), Price: o.price(to), Unit: o.money + "/" + o.unitOf(bus), Source: o.ix.Owner(k)}
	s := &o.m.Stores[k.Index]
	grid := &o.m.Clock.Grids[k.Grid]
	a, b := o.row[from].step, o.row[to].step
	hours := 0.0
	for t := min(a, b) + 1; t <= max(a, b); t++ {
		hours += grid.Hours[t]
	}
	left := math.Pow(1-s.Loss, hours)
	name := o.asset(s.Tag)
	if a < b { // what is there later was put in earlier
		l.Factor = 1 / left
		l.Text = fmt.Sprintf("kept in %s from %s to %s", name, at(o.when(from)), at(o.when(to)))
	} else {
		l.Factor = left
		l.Text = fmt.Sprintf("kept in %s from %s for %s, where it is worth as much", name, at(o.when(to)), at(o.when(from)))
	}
	l.Cost = l.Price - l.Factor*l.From
	if math.Abs(l.Cost) < 1e-9*o.unit {
		l.Cost = 0
	}
	return l
}

// most is what a column may be at its step, with its capacity as it is; NaN
// where nothing says it.
func (o *Optimum) most(j int32, k formulate.Block, step int32) float64 {
	if u := o.p.ColUpper[j]; !math.IsInf(u, 1) {
		return u
	}
	bd := boundOf(o.m, k)
	if bd == nil || bd.Capacity == primitive.None || k.Grid < 0 {
		return math.NaN()
	}
	return o.ix.Mean(bd.Max, k.Grid)[step] * bd.Coef * o.capacitySize(bd.Capacity)
}

// flows lists what gives and takes at a bus in a step, largest first, and what
// stands idle by what it would lose.
func (o *Optimum) flows(bus, step int32) []Taker {
	row := o.rowOf[bus] + step
	w := o.weight[row]
	all := []Taker{}
	for k := o.starts[row]; k < o.starts[row+1]; k++ {
		j, a := o.cols[k], o.values[k]
		if o.stock(j) {
			continue
		}
		block := o.block(j)
		t := o.terms(j)
		f := Taker{ID: o.ix.Owner(block), Name: o.asset(tagOf(o.m, block)), Rate: a*o.x[j] + 0}
		f.Most = Number(o.most(j, block, o.col[j].step) * math.Abs(a))
		f.Gain = -t.holding()/(math.Abs(a)*w) + 0
		f.Value = Number(o.price(row) - math.Copysign(f.Gain, f.Gain*a))
		f.State = o.state(j, &t, f.Gain)
		if f.Most == 0 && f.Rate == 0 {
			f.State = "not available"
		}
		if block.What == formulate.Back {
			f.Name += ", back"
		}
		if o.via[row] == j {
			f.State = "sets the price"
		}
		all = append(all, f)
	}
	g := o.m.Commodities[o.m.Buses[bus].Commodity].Grid
	nan := Number(math.NaN())
	for i := range o.m.Stores {
		s := &o.m.Stores[i]
		if s.Bus != bus {
			continue
		}
		all = append(all, Taker{ID: o.ownerOf(s.Tag), Name: o.asset(s.Tag), Rate: o.ix.StoreFlow(o.x, i)[step], Most: nan, Value: nan, State: "stores"})
		if v := o.ix.Mean(s.Inflow, g)[step]; v != 0 {
			all = append(all, Taker{ID: o.ownerOf(s.Tag), Name: "inflow into " + o.asset(s.Tag), Rate: v, Most: nan, Value: nan, State: "given"})
		}
	}
	for i := range o.m.Demands {
		if d := &o.m.Demands[i]; d.Bus == bus {
			if v := o.ix.Mean(d.Amount, g)[step]; v != 0 {
				all = append(all, Taker{ID: o.ownerOf(d.Tag), Name: o.asset(d.Tag), Rate: -v, Most: nan, Value: nan, State: "given"})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := math.Abs(all[i].Rate), math.Abs(all[j].Rate)
		if a < 1e-6 && b < 1e-6 {
			return all[i].Gain > all[j].Gain
		}
		return a > b
	})
	return all
}

// state says why a column is what it is.
func (o *Optimum) state(j int32, t *terms, gain float64) string {
	if o.free(j, t) {
		return "free"
	}
	x, l, u := o.x[j], o.p.ColLower[j], o.p.ColUpper[j]
	near := 1e-6 * (1 + math.Abs(x))
	full := x >= u-near
	least := x <= l+near && math.Abs(x) > near
	for _, e := range t.held {
		if e.dual == 0 {
			continue
		}
		switch o.rowBlocks[o.row[e.row].block].What {
		case formulate.UnitMax, formulate.RouteMax, formulate.RouteBack, formulate.TradeMax:
			full = full || math.Abs(e.dual) > 1e-9*o.unit && gain > 0
		case formulate.UnitMin, formulate.TradeMin:
			least = least || gain < 0 && x > near
		}
	}
	switch {
	case math.Abs(x) <= near && gain <= 1e-9*o.unit:
		return "idle"
	case math.Abs(x) <= near && u <= near:
		return "not available"
	case full && gain >= 0:
		return "full"
	case least:
		return "at its least"
	case math.Abs(gain) <= 1e-6*o.unit:
		return "free"
	}
	return "held"
}

// sets is the sentence of a price.
func (o *Optimum) sets(p *Price, row int32) string {
	if o.via[row] != primitive.None {
		first := p.Links[0]
		text := fmt.Sprintf("set by %s, which %s and is free to do a little more or less", first.name, first.does)
		if first.Bus == p.Bus && first.At == p.At {
			return text
		}
		where := first.Bus
		if first.At != p.At {
			where += ", " + at(first.At)
		}
		return fmt.Sprintf("%s at %s, where the price is %s %s", text, where, price(first.Price), first.Unit)
	}
	if math.Abs(o.y[row]) < 1e-9*o.unit*o.weight[row] {
		return "there is more than is taken: one unit more is worth nothing"
	}
	return o.together(row)
}

// together tells of a price that no single thing sets: how far the hours and
// places reach that share it, what moves between them, and what is used up
// there, by what it would be worth to have more of it.
func (o *Optimum) together(row int32) string {
	hours, low, high := 0.0, math.Inf(1), math.Inf(-1)
	bus := o.rowBlocks[o.row[row].block].Index
	movers := newLines()
	scarce := newLines()
	root := o.find(row)
	for i := range o.root {
		r := int32(i)
		at := o.row[r]
		k := o.rowBlocks[at.block]
		if k.What != formulate.Balance || o.find(r) != root {
			continue
		}
		if k.Index == bus {
			hours += o.m.Clock.Grids[k.Grid].Amount[at.step]
			low, high = math.Min(low, o.price(r)), math.Max(high, o.price(r))
		}
		for e := o.starts[r]; e < o.starts[r+1]; e++ {
			j := o.cols[e]
			block := o.block(j)
			name := o.asset(primitive.Tag{Asset: tagOf(o.m, block).Asset})
			t := o.terms(j)
			if len(t.buses) == 2 && o.free(j, &t) {
				movers.add("", name, 1) // by how often they do
				continue
			}
			if what, worth := o.usedUp(j, o.values[e], &t); worth > 1e-9*o.unit {
				scarce.add("", what, worth)
			}
		}
	}
	text := "no single thing sets it"
	if names := movers.names(3); names != "" {
		link, count := "link", grouped(math.Round(hours))+" hours"
		if len(movers.all) == 1 {
			link = "links"
		}
		if math.Round(hours) == 1 {
			count = "1 hour"
		}
		text += fmt.Sprintf(": %s %s %s here, at %s", names, link, count, price(low))
		if high-low > 0.005 {
			text += " to " + price(high)
		}
	}
	if names := scarce.names(4); names != "" {
		text += "; what could help is used up there: " + names
	}
	return text
}

// usedUp says of a column that something holds what it is at the end of, and
// what a size as large again would be worth by its duals. a is its entry in a
// balance.
func (o *Optimum) usedUp(j int32, a float64, t *terms) (what string, worth float64) {
	k := o.block(j)
	name := o.asset(tagOf(o.m, k))
	if o.stock(j) {
		if k.What != formulate.Level || a > 0 { // once, in the step it ends
			return "", 0
		}
		held := t.z
		for _, e := range t.held {
			if o.rowBlocks[o.row[e.row].block].What == formulate.StoreMax {
				held += e.dual
			}
		}
		if held < 0 {
			return name + " (full)", -held * o.x[j]
		}
		return name + " (at its least)", held * o.most(j, k, o.col[j].step)
	}
	held := t.holding()
	if k.What == formulate.Through {
		// Kirchhoff's law holds every line in a cycle; used up is one at a limit.
		held = t.z
		for _, e := range t.held {
			switch o.rowBlocks[o.row[e.row].block].What {
			case formulate.LineMax, formulate.LineMin, formulate.LineAngle, formulate.OutageMax, formulate.OutageMin:
				held += e.dual
			}
		}
		if math.Abs(held) < 1e-6 {
			return "", 0
		}
	}
	if held < 0 {
		return name + " (at its most)", -held * math.Abs(o.x[j])
	}
	return name + " (at its least)", held * math.Abs(o.x[j])
}

// Setter is what sets a price in part of the year.
type Setter struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Hours float64 `json:"hours"` // of the year
	Mean  float64 `json:"mean"`  // price in them
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Moved float64 `json:"moved"` // of the hours, those in which it does so from another bus or step
}

// Setters says through the year what sets the price of a bus, by hours.
func (o *Optimum) Setters(bus int32) []Setter {
	grid := &o.m.Clock.Grids[o.m.Commodities[o.m.Buses[bus].Commodity].Grid]
	of := map[string]*Setter{}
	var all []*Setter
	for t := range int32(grid.Len()) {
		row := o.rowOf[bus] + t
		id, name, moved := "", "several together: what is scarce and what must be built", false
		if o.via[row] != primitive.None {
			end := row
			for o.next[end] != end {
				end = o.next[end]
			}
			k := o.block(o.via[end])
			id, name, moved = o.ix.Owner(k), o.asset(tagOf(o.m, k)), end != row
		}
		s := of[id]
		if s == nil {
			s = &Setter{ID: id, Name: name, Low: math.Inf(1), High: math.Inf(-1)}
			of[id] = s
			all = append(all, s)
		}
		v, h := o.price(row), grid.Amount[t]
		s.Hours += h
		s.Mean += v * h
		s.Low, s.High = math.Min(s.Low, v), math.Max(s.High, v)
		if moved {
			s.Moved += h
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Hours > all[j].Hours })
	out := make([]Setter, len(all))
	for i, s := range all {
		s.Mean /= s.Hours
		out[i] = *s
	}
	return out
}

// Dearest lists the steps of a bus with the highest prices, no two of one day
// and of one price (to a hundredth of the largest).
func (o *Optimum) Dearest(bus int32, most int) []int32 {
	grid := &o.m.Clock.Grids[o.m.Commodities[o.m.Buses[bus].Commodity].Grid]
	steps := make([]int32, grid.Len())
	for t := range steps {
		steps[t] = int32(t)
	}
	sort.SliceStable(steps, func(i, j int) bool {
		return o.price(o.rowOf[bus]+steps[i]) > o.price(o.rowOf[bus]+steps[j])
	})
	var out []int32
	days := map[string]bool{}
	last := math.Inf(1)
	for _, t := range steps {
		day := o.m.Clock.Stamps[grid.First[t]].Format("2006-01-02")
		v := o.price(o.rowOf[bus] + t)
		if grid.Step.Unit == clock.Hour && days[day] || last-v < 0.01*o.price(o.rowOf[bus]+steps[0]) {
			continue
		}
		days[day] = true
		last = v
		if out = append(out, t); len(out) == most {
			break
		}
	}
	return out
}

// unknown is a name that fits nothing.
type unknown struct {
	what, name string
	all        []string
}

func (u *unknown) Error() string {
	return fmt.Sprintf("no %s is named %q; %s", u.what, u.name, fit(u.name, u.all))
}
