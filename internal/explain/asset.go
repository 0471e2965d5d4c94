package explain

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// Asset is what an asset earns at the prices of the optimum, what it pays, and
// for what the rest stands: the rent of what is scarce about it. Money is a
// year's. Given - Taken - Paid - Charged = sum of Rents, because reduced costs
// say so; the rents of a capacity are what its size earns.
type Asset struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Trades  []Trade  `json:"trades"`  // at every bus, at its prices
	Paid    []Line   `json:"paid"`    // to others than buses: its own costs, what it buys and sells outside (income negative)
	Charged []Line   `json:"charged"` // by limits and totals, as if they had a price; nobody is paid
	Rents   []Line   `json:"rents"`
	Surplus float64  `json:"surplus"` // trades - paid - charged = sum of rents
	Sizes   []Size   `json:"sizes"`
	Text    []string `json:"text"`
}

// Trade is a year's flow into a bus, or out of it (negative).
type Trade struct {
	Bus    string  `json:"bus"`
	Unit   string  `json:"unit"`
	Amount float64 `json:"amount"`
	Price  float64 `json:"price"` // money / amount
	Money  float64 `json:"money"` // received; negative where it is paid
}

// Line is a named sum.
type Line struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Money float64 `json:"money"`
}

// Size is a capacity, and what one unit of it more would cost and earn a year.
type Size struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Unit     string  `json:"unit"`
	Existing float64 `json:"existing"`
	Built    float64 `json:"built"`
	Max      Number  `json:"max"`     // that might be built
	Choice   bool    `json:"choice"`  // whether there was one
	Cost     float64 `json:"cost"`    // capital, fixed cost and priced uses of one unit more; 0 without a choice
	Earns    float64 `json:"earns"`   // what it would earn hour by hour
	Charged  []Line  `json:"charged"` // what limits on its size would charge a unit
	Net      float64 `json:"net"`     // earns - cost - charged: above 0 at its maximum, below 0 where nothing is built
	Text     string  `json:"text"`
}

// Asset explains an asset by its id.
func (o *Optimum) Asset(id string) (*Asset, error) {
	asset := primitive.None
	var all []string
	for i := range o.m.Assets {
		all = append(all, o.m.Assets[i].Name)
		if o.m.Assets[i].Name == id {
			asset = int32(i)
		}
	}
	if asset == primitive.None {
		return nil, &unknown{"asset", id, all}
	}
	a := &Asset{ID: id, Name: o.asset(primitive.Tag{Asset: asset}), Kind: o.m.Assets[asset].Kind, Trades: []Trade{}, Sizes: []Size{}}
	mine := func(j int) bool {
		k := o.colBlocks[o.col[j].block]
		return tagOf(o.m, k).Asset == asset
	}
	inside := o.inside(asset, mine)
	type way struct {
		bus   int32
		takes bool
	}
	trades := map[way]*Trade{}
	trade := func(bus int32, amount, money float64) {
		if inside[bus] || amount == 0 && money == 0 {
			return
		}
		key := way{bus, amount < 0}
		t := trades[key]
		if t == nil {
			t = &Trade{Bus: o.m.Buses[bus].Name, Unit: o.unitOf(bus)}
			trades[key] = t
		}
		t.Amount += amount
		t.Money += money
	}
	paid, charged, rents := newLines(), newLines(), newLines()
	for j := range o.col {
		if o.x[j] == 0 || !mine(j) {
			continue
		}
		k := o.colBlocks[o.col[j].block]
		if k.What == formulate.Built {
			continue
		}
		t := o.terms(int32(j))
		x := o.x[j]
		name := "its own costs"
		if k.What == formulate.Rate || k.What == formulate.Further {
			if name = "what it buys outside"; o.m.Trades[k.Index].Sell {
				name = "what it sells outside"
			}
		}
		paid.add("", name, t.own*x)
		for _, e := range t.buses {
			at := o.row[e.row]
			block := o.rowBlocks[at.block]
			trade(block.Index, e.value*x*o.m.Clock.Grids[block.Grid].Amount[at.step], e.dual*x)
		}
		for _, e := range t.limits {
			k := o.rowBlocks[o.row[e.row].block]
			name := o.asset(tagOf(o.m, k)) + "'s total"
			if k.What == formulate.LimitSum {
				name = o.limit(o.m.Limits[k.Index].Name)
			}
			charged.add(o.ix.Owner(k), name, -e.dual*x)
		}
		for _, e := range t.held {
			block := o.rowBlocks[o.row[e.row].block]
			rents.add(o.ix.Owner(block), o.rentName(block), -e.dual*x)
		}
		rents.add(o.ix.Owner(k), o.rentName(k), -t.z*x)
	}
	for i := range o.m.Demands {
		d := &o.m.Demands[i]
		if d.Asset != asset || o.rowOf[d.Bus] == primitive.None {
			continue
		}
		g := o.m.Commodities[o.m.Buses[d.Bus].Commodity].Grid
		amount, money := 0.0, 0.0
		for t, v := range o.ix.Mean(d.Amount, g) {
			amount -= v * o.m.Clock.Grids[g].Amount[t]
			money -= v * o.y[o.rowOf[d.Bus]+int32(t)]
		}
		trade(d.Bus, amount, money)
		rents.add(a.ID, "what must be served", money)
	}
	// What nature brings into its inside has the value of the inside's prices.
	for bus := range inside {
		row := o.rowOf[bus]
		grid := &o.m.Clock.Grids[o.m.Commodities[o.m.Buses[bus].Commodity].Grid]
		money := 0.0
		for t := range int32(grid.Len()) {
			money -= o.y[row+t] * o.p.RowLower[row+t]
		}
		rents.add(o.m.Buses[bus].Name, "the "+o.goods(bus)+" that flows into "+o.m.Buses[bus].Name, money)
	}
	largest := 0.0
	for _, t := range trades {
		largest = math.Max(largest, math.Abs(t.Money))
	}
	for _, t := range trades {
		if math.Abs(t.Money) < 1e-7*largest && math.Abs(t.Amount) < 1e-3 {
			continue // a solver's trace
		}
		if t.Amount != 0 {
			t.Price = t.Money / t.Amount
		}
		a.Trades = append(a.Trades, *t)
		a.Surplus += t.Money
	}
	sort.Slice(a.Trades, func(i, j int) bool {
		if a.Trades[i].Money != a.Trades[j].Money {
			return a.Trades[i].Money > a.Trades[j].Money
		}
		return a.Trades[i].Bus < a.Trades[j].Bus
	})
	a.Paid, a.Charged, a.Rents = paid.list(), charged.list(), rents.list()
	for _, l := range append(append([]Line(nil), a.Paid...), a.Charged...) {
		a.Surplus -= l.Money
	}
	for i := range o.m.Capacities {
		if o.m.Capacities[i].Asset == asset {
			a.Sizes = append(a.Sizes, o.size(int32(i)))
		}
	}
	a.Text = o.assetText(a)
	return a, nil
}

// inside lists the private buses of an asset that nobody else is on.
func (o *Optimum) inside(asset int32, mine func(int) bool) map[int32]bool {
	in := map[int32]bool{}
	for i := range o.m.Buses {
		if o.m.Buses[i].Asset != asset || o.rowOf[i] == primitive.None {
			continue
		}
		own := true
		grid := &o.m.Clock.Grids[o.m.Commodities[o.m.Buses[i].Commodity].Grid]
		for r := o.rowOf[i]; r < o.rowOf[i]+int32(grid.Len()) && own; r++ {
			for k := o.starts[r]; k < o.starts[r+1]; k++ {
				own = own && mine(int(o.cols[k]))
			}
		}
		if own {
			in[int32(i)] = true
		}
	}
	return in
}

// rentName says what a row or column bound pays for.
func (o *Optimum) rentName(k formulate.Block) string {
	if bd := boundOf(o.m, k); bd != nil && bd.Capacity != primitive.None {
		switch k.What {
		case formulate.UnitMin, formulate.StoreMin, formulate.TradeMin:
			return "the least of " + o.asset(tagOf(o.m, k))
		}
		return "the capacity " + o.asset(o.m.Capacities[bd.Capacity].Tag)
	}
	name := o.asset(tagOf(o.m, k))
	switch k.What {
	case formulate.UnitRamp:
		return "the ramp of " + name
	case formulate.UnitWindow, formulate.UnitSlide, formulate.Sliding:
		return "the rolling window of " + name
	case formulate.Rate, formulate.Further:
		return "the most and least of " + name
	case formulate.StoreLink, formulate.StoreAbove, formulate.StoreWithin, formulate.Start, formulate.Low, formulate.Spread, formulate.Level, formulate.StoreMax:
		return "the room in " + name
	case formulate.UnitFixed, formulate.StoreFixed:
		return "the given values of " + name
	case formulate.LimitSum:
		return o.limit(o.m.Limits[k.Index].Name)
	}
	return "the bounds of " + name
}

// lines gathers sums by name, in the order of their first appearance.
type lines struct {
	of  map[string]int
	all []Line
}

func newLines() *lines { return &lines{of: map[string]int{}} }

func (l *lines) add(id, name string, money float64) {
	if money == 0 {
		return
	}
	i, ok := l.of[name]
	if !ok {
		i = len(l.all)
		l.of[name] = i
		l.all = append(l.all, Line{ID: id, Name: name})
	}
	l.all[i].Money += money
}

// list leaves out what is nothing beside the rest, and puts the largest first.
func (l *lines) list() []Line {
	most := 0.0
	for _, v := range l.all {
		most = math.Max(most, math.Abs(v.Money))
	}
	out := []Line{}
	for _, v := range l.all {
		if math.Abs(v.Money) > 1e-7*most && math.Abs(v.Money) > 1e-6 {
			out = append(out, v)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return math.Abs(out[i].Money) > math.Abs(out[j].Money) })
	return out
}

// names joins the first of the largest sums' names.
func (l *lines) names(most int) string {
	var words []string
	for _, v := range l.list() {
		if len(words) == most || v.Money < 0.02*l.all[0].Money && len(words) > 0 {
			break
		}
		words = append(words, v.Name)
	}
	return list(words)
}

// size says of a capacity what one unit more would cost and earn.
func (o *Optimum) size(i int32) Size {
	c := &o.m.Capacities[i]
	s := Size{ID: o.ownerOf(c.Tag), Name: o.asset(c.Tag), Unit: c.Unit, Existing: c.Existing, Built: o.ix.CapacityBuilt(o.x, int(i)), Max: Number(c.Max), Charged: []Line{}}
	j := o.built[i]
	if j == primitive.None {
		s.Earns = o.perUnit(i)
		s.Net = s.Earns
		if s.Existing+s.Built == 0 {
			s.Text = fmt.Sprintf("%s: nothing stands and nothing may be built", s.Name)
			return s
		}
		s.Text = fmt.Sprintf("%s: %s, not to be chosen; one %s more would earn %s a year", s.Name, quantity(s.Existing+s.Built, s.Unit), s.Unit, o.sum(s.Earns))
		return s
	}
	s.Choice = true
	t := o.terms(j)
	s.Cost = t.own
	charged := newLines()
	for _, e := range t.limits {
		k := o.rowBlocks[o.row[e.row].block]
		charged.add(o.ix.Owner(k), o.limit(o.m.Limits[k.Index].Name), -e.dual)
	}
	for _, e := range t.held {
		s.Earns += e.dual
	}
	s.Charged = charged.list()
	// Where nothing stands, nothing could have been earned in more hours than
	// those in which it paid: the duals may say more than that, never less.
	if s.Existing+s.Built <= 1e-6*(1+finite(c.Max)) {
		s.Earns = o.wouldEarn(i)
	}
	s.Net = s.Earns - s.Cost
	take := ""
	for _, l := range s.Charged {
		s.Net -= l.Money
		if l.Money > 1e-6*s.Cost {
			take += fmt.Sprintf(", %s charges it %s", l.Name, o.sum(l.Money))
		} else if l.Money < -1e-6*s.Cost {
			take += fmt.Sprintf(", %s credits it %s", l.Name, o.sum(-l.Money))
		}
	}
	one := fmt.Sprintf("one %s more costs %s a year and earns %s%s", s.Unit, o.sum(s.Cost), o.sum(s.Earns), take)
	what, none := fmt.Sprintf("%s: built %s", s.Name, quantity(s.Built, s.Unit)), s.Name+": not built"
	if max := float64(s.Max); !math.IsInf(max, 1) {
		what, none = what+" of at most "+quantity(max, s.Unit), none+", of at most "+quantity(max, s.Unit)
	}
	switch x, l, u := o.x[j], o.p.ColLower[j], o.p.ColUpper[j]; {
	case x >= u-1e-6*(1+finite(u)) && s.Net > 0:
		s.Text = fmt.Sprintf("%s; %s: it would save %s, and is at its maximum", what, one, o.sum(s.Net))
	case x <= l+1e-6*(1+finite(u)) && l > 0:
		s.Text = fmt.Sprintf("%s; %s: it is built because at least %s must be", what, one, quantity(l, s.Unit))
	case x <= l+1e-6*(1+finite(u)):
		s.Text = fmt.Sprintf("%s; %s: it would lose %s", none, one, o.sum(-s.Net))
		if bus := o.deadEnd(i); bus != "" {
			s.Text += fmt.Sprintf(", at prices of %s, where nothing flows: they only say what could just be borne there", bus)
		}
	default:
		s.Text = fmt.Sprintf("%s; %s: it is built until one more just pays", what, one)
	}
	return s
}

// deadEnd is a bus that a capacity's units and routes meet and where nothing
// flows all year.
func (o *Optimum) deadEnd(i int32) string {
	for _, k := range o.colBlocks {
		if bd := boundOf(o.m, k); bd == nil || bd.Capacity != i || k.Count == 0 {
			continue
		}
		for _, e := range o.terms(k.First).buses {
			block := o.rowBlocks[o.row[e.row].block]
			if o.m.Buses[block.Index].Asset == primitive.None && !o.lives(block) {
				return o.m.Buses[block.Index].Name
			}
		}
	}
	return ""
}

// lives reports whether anything flows at the rows of a bus.
func (o *Optimum) lives(k formulate.Block) bool {
	for r := k.First; r < k.First+k.Count; r++ {
		for e := o.starts[r]; e < o.starts[r+1]; e++ {
			if math.Abs(o.values[e]*o.x[o.cols[e]]) > 1e-6 {
				return true
			}
		}
	}
	return false
}

// perUnit is what a unit more of a capacity of given size would earn a year.
func (o *Optimum) perUnit(i int32) float64 {
	size := o.capacitySize(i)
	if size <= 0 {
		return 0
	}
	sum := 0.0
	for _, k := range o.colBlocks {
		bd := boundOf(o.m, k)
		if bd == nil || bd.Capacity != i {
			continue
		}
		for j := k.First; j < k.First+k.Count; j++ {
			b := o.p.ColUpper[j]
			if o.z[j] > 0 {
				b = o.p.ColLower[j]
			}
			if !math.IsInf(b, 0) {
				sum -= o.z[j] * b / size
			}
		}
	}
	for _, k := range o.rowBlocks {
		bd := boundOf(o.m, k)
		if bd == nil || bd.Capacity != i {
			continue
		}
		for r := k.First; r < k.First+k.Count; r++ {
			b := o.p.RowUpper[r]
			if o.y[r] > 0 {
				b = o.p.RowLower[r]
			}
			if !math.IsInf(b, 0) {
				sum -= o.y[r] * b / size
			}
		}
	}
	return sum
}

// wouldEarn is what one unit of a capacity that was not built would earn: in
// every step what its activity pays beyond its costs, if anything.
func (o *Optimum) wouldEarn(i int32) float64 {
	sum := 0.0
	for _, k := range o.colBlocks {
		bd := boundOf(o.m, k)
		if bd == nil || bd.Capacity != i || k.Grid < 0 {
			continue
		}
		most := o.ix.Mean(bd.Max, k.Grid)
		for n := range k.Count {
			j := k.First + n
			t := o.terms(j)
			margin := -t.z
			for _, e := range t.held {
				switch o.rowBlocks[o.row[e.row].block].What {
				case formulate.UnitMax, formulate.StoreMax, formulate.RouteMax, formulate.TradeMax:
					margin -= e.dual
				}
			}
			sum += math.Max(0, margin) * most[k.Step+n] * bd.Coef
		}
	}
	return sum
}

// sum writes money.
func (o *Optimum) sum(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1e9:
		return number(v/1e9) + " G" + o.money
	case a >= 1e6:
		return number(v/1e6) + " M" + o.money
	case a >= 100:
		return grouped(math.Round(v)) + " " + o.money
	case a < 0.005:
		return "0 " + o.money
	}
	return strconv.FormatFloat(v, 'f', 2, 64) + " " + o.money
}

// grouped writes a whole number with commas between the thousands.
func grouped(v float64) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', 0, 64)
	for n := len(text) - 3; n > 0; n -= 3 {
		text = text[:n] + "," + text[n:]
	}
	if v < 0 {
		return "-" + text
	}
	return text
}

// assetText is the account in lines.
func (o *Optimum) assetText(a *Asset) []string {
	var out []string
	for _, t := range a.Trades {
		verb := "gives"
		amount, paid := t.Amount, "earns"
		if amount < 0 {
			verb, amount = "takes", -amount
		}
		if t.Money < 0 {
			paid = "pays"
		}
		out = append(out, fmt.Sprintf("%s %s at %s and %s %s, %s %s/%s on average", verb, quantity(amount, t.Unit), t.Bus, paid, o.sum(math.Abs(t.Money)), price(t.Price), o.money, t.Unit))
	}
	for _, l := range a.Paid {
		word := "pays"
		if l.Money < 0 {
			word = "receives"
		}
		out = append(out, fmt.Sprintf("%s %s for %s", word, o.sum(math.Abs(l.Money)), l.Name))
	}
	for _, l := range a.Charged {
		word := "is charged"
		if l.Money < 0 {
			word = "is credited"
		}
		out = append(out, fmt.Sprintf("%s %s by %s", word, o.sum(math.Abs(l.Money)), l.Name))
	}
	var rents []string
	for _, l := range a.Rents {
		rents = append(rents, fmt.Sprintf("%s for %s", o.sum(l.Money), l.Name))
	}
	left := fmt.Sprintf("is left %s a year", o.sum(a.Surplus))
	if len(rents) > 0 {
		left += ": " + strings.Join(rents, ", ")
	}
	out = append(out, left)
	for _, s := range a.Sizes {
		out = append(out, s.Text)
	}
	return out
}
