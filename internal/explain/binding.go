package explain

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// Kinds of what binds.
const (
	AtBuild    = "build"    // a capacity at its maximum build
	AtLimit    = "limit"    // a limit holds
	AtCapacity = "capacity" // what stands is full, and may not be extended
	AtCeiling  = "ceiling"  // most at a time of a trade, a level, a share that may be shed
	AtTotal    = "total"    // a trade's amount over days, months, the year
	AtInflow   = "inflow"   // nature gives no more
	AtLeast    = "least"    // a least load, level or purchase
	AtDemand   = "demand"   // what must be served
	AtGiven    = "given"    // a given value, the level at the start or end
	AtWindow   = "window"   // a rolling window
	AtRamp     = "ramp"     // a ramp
)

// order in which a sentence names kinds.
var order = map[string]int{
	AtBuild: 0, AtLimit: 1, AtCapacity: 2, AtCeiling: 3, AtTotal: 4, AtInflow: 5, AtLeast: 6, AtGiven: 7, AtWindow: 8, AtRamp: 9, AtDemand: 10,
}

// Binding is a bound that holds the objective where it is: its dual is not 0.
type Binding struct {
	What  string  `json:"what"`
	ID    string  `json:"id"`    // asset.part, or a limit's name
	Name  string  `json:"name"`  // the same for people
	Bound float64 `json:"bound"` // the largest value that binds
	Unit  string  `json:"unit"`  // of Bound, a rate's where it is one; empty where a kind's own row has none
	When  string  `json:"when"`  // "in 214 hours", "in January to April"; empty for what has no time
	Worth float64 `json:"worth"` // what one unit of Bound more would save of the objective (of the shortage, in a conflict)
	Tenth float64 `json:"tenth"` // what a tenth more would save, by the same duals: an upper bound
	Text  string  `json:"text"`  // in words

	order int
	more  string // what there would have to be more of
	asset string // whose it is, without the part
}

// tally sums one family of duals.
type tally struct {
	what       string
	block      formulate.Block
	capacity   int32 // of AtBuild and AtCapacity
	index      int32 // of the demand or store of AtDemand, AtInflow
	steps      []int32
	values     []float64 // the bound in each
	per, total float64
	least      bool // the lower side holds
}

type tallyKey struct {
	what       string
	family     formulate.What
	index, sub int32
	least      bool
}

// bindings gathers every bound whose dual is not 0, by family, the dearest
// first.
func (a *answer) bindings() []*tally {
	found := map[tallyKey]*tally{}
	var all []*tally
	add := func(what string, k formulate.Block, step int32, least bool, bound, per float64) *tally {
		key := tallyKey{what, k.What, k.Index, k.Sub, least}
		switch what {
		case AtWindow, AtRamp:
			key.sub, key.least, key.family = 0, false, 0
		case AtLeast, AtGiven:
			key.family = 0
		}
		t := found[key]
		if t == nil {
			t = &tally{what: what, block: k, capacity: primitive.None, index: k.Index, least: least}
			found[key] = t
			all = append(all, t)
		}
		t.steps, t.values = append(t.steps, step), append(t.values, bound)
		t.per += per
		t.total += per * math.Abs(bound)
		return t
	}
	// Of capacities: per is what a unit of size more saves.
	size := func(what string, capacity int32, k formulate.Block, step int32, per, total float64) {
		key := tallyKey{what: what, family: formulate.Built, index: capacity}
		t := found[key]
		if t == nil {
			t = &tally{what: what, block: k, capacity: capacity, index: capacity}
			found[key] = t
			all = append(all, t)
		}
		if n := len(t.steps); n == 0 || t.steps[n-1] != step {
			t.steps = append(t.steps, step)
		}
		t.per += per
		t.total += total
	}
	noise := a.noise()
	a.ix.Rows(func(k formulate.Block) {
		if k.What == formulate.Balance || k.What == formulate.UnitSlide || k.What == formulate.StoreLink {
			return
		}
		for n := range k.Count {
			i := k.First + n
			y := a.y[i]
			if math.Abs(y) <= noise {
				continue
			}
			bound, least := a.p.RowUpper[i], false
			if y > 0 {
				bound, least = a.p.RowLower[i], true
			}
			if math.IsInf(bound, 0) {
				continue
			}
			a.rowBinding(k, k.Step+n, least, bound, math.Abs(y), add, size)
		}
	})
	a.ix.Cols(func(k formulate.Block) {
		if k.What == formulate.Elastic {
			return // a demand that is served has what it wants
		}
		for n := range k.Count {
			j := k.First + n
			z := a.z[j]
			if math.Abs(z) <= noise {
				continue
			}
			bound, least := a.p.ColUpper[j], false
			if z > 0 {
				bound, least = a.p.ColLower[j], true
			}
			if math.IsInf(bound, 0) || least && bound == 0 {
				continue
			}
			a.colBinding(k, k.Step+n, least, bound, math.Abs(z), add, size)
		}
	})
	a.nature(noise, add)
	most := 0.0
	for _, t := range all {
		most = math.Max(most, t.total)
	}
	keep := all[:0]
	for _, t := range all {
		if t.total > 1e-6*most || t.zero(a) {
			keep = append(keep, t)
		}
	}
	sort.SliceStable(keep, func(i, j int) bool { return keep[i].total > keep[j].total })
	return keep
}

type adder func(what string, k formulate.Block, step int32, least bool, bound, per float64) *tally
type sizer func(what string, capacity int32, k formulate.Block, step int32, per, total float64)

// rowBinding files a row's dual.
func (a *answer) rowBinding(k formulate.Block, step int32, least bool, bound, dual float64, add adder, size sizer) {
	switch k.What {
	case formulate.UnitMax, formulate.StoreMax, formulate.RouteMax, formulate.RouteBack, formulate.TradeMax:
		bd := boundOf(a.m, k)
		switch {
		case least:
			add(AtLeast, k, step, true, a.least(bd, bound), dual)
		case bd.Capacity == primitive.None:
			add(AtCeiling, k, step, false, bound, dual)
		case a.built[bd.Capacity] == primitive.None:
			if s := a.capacitySize(bd.Capacity); s > 0 {
				size(AtCapacity, bd.Capacity, k, step, dual*bound/s, dual*bound)
			}
		}
	case formulate.LineMax, formulate.LineMin, formulate.OutageMax, formulate.OutageMin: // either way is the line's capacity
		if c := boundOf(a.m, k).Capacity; c != primitive.None && a.built[c] == primitive.None {
			if s := a.capacitySize(c); s > 0 {
				size(AtCapacity, c, k, step, dual*math.Abs(bound)/s, dual*math.Abs(bound))
			}
		}
	case formulate.UnitMin, formulate.StoreMin, formulate.TradeMin, formulate.UnitRoomMin:
		add(AtLeast, k, step, true, a.least(boundOf(a.m, k), bound), dual)
	case formulate.UnitFixed, formulate.StoreFixed:
		add(AtGiven, k, step, least, bound, dual)
	case formulate.UnitRamp, formulate.UnitOnRamp:
		add(AtRamp, k, step, least, bound, dual)
	case formulate.UnitWindow:
		add(AtWindow, k, step, least, bound, dual)
	case formulate.TradeTotal:
		add(AtTotal, k, step, least, bound, dual)
	case formulate.LimitSum:
		add(AtLimit, k, step, least, bound, dual)
	}
}

// least is the lower bound that a row with a size to be built comes to.
func (a *answer) least(bd *primitive.Bound, bound float64) float64 {
	if bd == nil || bd.Capacity == primitive.None || bd.Min.Data != nil {
		return bound
	}
	return bd.Min.Value * bd.Coef * a.capacitySize(bd.Capacity)
}

// colBinding files a column's reduced cost.
func (a *answer) colBinding(k formulate.Block, step int32, least bool, bound, dual float64, add adder, size sizer) {
	switch k.What {
	case formulate.Built:
		if least {
			add(AtLeast, k, step, true, bound, dual)
		} else {
			size(AtBuild, k.Index, k, step, dual, dual*bound)
		}
	case formulate.Through:
		if c := boundOf(a.m, k).Capacity; c != primitive.None {
			if s := a.capacitySize(c); s > 0 {
				size(AtCapacity, c, k, step, dual*math.Abs(bound)/s, dual*math.Abs(bound))
			}
		} else {
			add(AtCeiling, k, step, false, math.Abs(bound), dual)
		}
	case formulate.Activity, formulate.Level, formulate.Forward, formulate.Back, formulate.Rate:
		bd := boundOf(a.m, k)
		switch {
		case k.What == formulate.Level && least && a.last(k, step):
			add(AtGiven, k, step, true, bound, dual)
		case least:
			add(AtLeast, k, step, true, bound, dual)
		case bd == nil || bd.Capacity == primitive.None:
			add(AtCeiling, k, step, false, bound, dual)
		default:
			if s := a.capacitySize(bd.Capacity); s > 0 {
				size(AtCapacity, bd.Capacity, k, step, dual*bound/s, dual*bound)
			}
		}
	case formulate.Sliding:
		add(AtWindow, k, step, least, bound, dual)
	case formulate.Start:
		add(AtGiven, k, step, least, bound, dual)
	case formulate.Spill, formulate.Shed, formulate.Further:
		if !least {
			add(AtCeiling, k, step, false, bound, dual)
		}
	}
}

// last reports whether a level at its lower bound is one that must be left at
// the end.
func (a *answer) last(k formulate.Block, step int32) bool {
	s := &a.m.Stores[k.Index]
	g := &a.m.Clock.Grids[k.Grid]
	return s.End == primitive.Given && !math.IsNaN(s.Final) && s.Final > 0 && int(step) == g.Len()-1
}

// nature files what balances hold on their right-hand sides: demands, and the
// inflow into stores.
func (a *answer) nature(noise float64, add adder) {
	row := a.balances()
	for i := range a.m.Demands {
		d := &a.m.Demands[i]
		if row[d.Bus] == primitive.None {
			continue
		}
		g := a.m.Commodities[a.m.Buses[d.Bus].Commodity].Grid
		for t, v := range a.ix.Mean(d.Amount, g) {
			if y := a.y[row[d.Bus]+int32(t)]; y > noise && v > 0 {
				add(AtDemand, formulate.Block{What: formulate.Shed, Index: int32(i), Grid: g}, int32(t), true, v, y)
			}
		}
	}
	for i := range a.m.Stores {
		s := &a.m.Stores[i]
		g := a.m.Commodities[a.m.Buses[s.Bus].Commodity].Grid
		for t, v := range a.ix.Mean(s.Inflow, g) {
			if y := a.y[row[s.Bus]+int32(t)]; y > noise && v > 0 {
				add(AtInflow, formulate.Block{What: formulate.Level, Index: int32(i), Grid: g}, int32(t), false, v, y)
			}
		}
	}
}

// balances is the first balance row of each bus, None for an account.
func (a *answer) balances() []int32 {
	row := make([]int32, len(a.m.Buses))
	for i := range row {
		row[i] = primitive.None
	}
	a.ix.Rows(func(k formulate.Block) {
		if k.What == formulate.Balance && k.Step == 0 {
			row[k.Index] = k.First
		}
	})
	return row
}

// noise is the size below which a dual is the solver's, not the problem's:
// 1e-7 of the largest price.
func (a *answer) noise() float64 {
	most := 0.0
	a.ix.Rows(func(k formulate.Block) {
		if k.What == formulate.Balance {
			for i := k.First; i < k.First+k.Count; i++ {
				most = math.Max(most, math.Abs(a.y[i]))
			}
		}
	})
	if most == 0 {
		for _, y := range a.y {
			most = math.Max(most, math.Abs(y))
		}
	}
	return 1e-7 * most
}

// zero reports whether all that binds is a planner's bound of 0: a trade not
// allowed, a share that must not be below another. A kind's own limit has 0 on
// its right because all of it stands on the left.
func (t *tally) zero(a *answer) bool {
	switch t.what {
	case AtCeiling, AtTotal:
	case AtLimit:
		if !a.planners()[t.block.Index] {
			return false
		}
	default:
		return false
	}
	for _, v := range t.values {
		if v != 0 {
			return false
		}
	}
	return true
}

func (t *tally) largest() float64 {
	most := 0.0
	for _, v := range t.values {
		if math.Abs(v) > math.Abs(most) {
			most = v
		}
	}
	return most
}

// binding puts a tally in words. scale turns the objective into what Worth is
// counted in.
func (a *answer) binding(t *tally, scale float64) (b Binding) {
	b = Binding{
		What: t.what, ID: a.ix.Owner(t.block), Name: a.asset(tagOf(a.m, t.block)), Bound: t.largest(),
		Worth: t.per * scale, Tenth: t.total * scale / 10, order: order[t.what],
	}
	defer func() {
		if b.more == "" {
			b.more = b.Name
		}
	}()
	if t.block.Grid >= 0 {
		b.When = "in " + times(a.m.Clock, t.block.Grid, t.steps)
	}
	switch t.what {
	case AtBuild, AtCapacity:
		c := &a.m.Capacities[t.capacity]
		b.ID, b.Name, b.Unit, b.Bound = a.ownerOf(c.Tag), a.asset(c.Tag), c.Unit, a.capacitySize(t.capacity)
		if t.what == AtBuild {
			b.When = ""
			b.Text = fmt.Sprintf("%s at its maximum build (%s)", b.Name, quantity(b.Bound, b.Unit))
		} else {
			word := "is full"
			if t.block.What == formulate.Activity || t.block.What == formulate.UnitMax {
				word = "runs at its most"
			}
			b.Text = fmt.Sprintf("%s %s (%s) %s", b.Name, word, quantity(b.Bound, b.Unit), b.When)
		}
	case AtLimit:
		a.limitWords(&b, t)
	case AtTotal:
		a.totalWords(&b, t)
	case AtCeiling:
		a.ceilingWords(&b, t)
	case AtInflow:
		s := &a.m.Stores[t.index]
		b.Unit = perStep(a.unitOf(s.Bus), primitive.EachStep)
		b.Name, b.ID = a.asset(s.Tag), a.ownerOf(s.Tag)
		b.Text = fmt.Sprintf("%s has no more %s than flows in", b.Name, a.goods(s.Bus))
		b.more = "the inflow into " + b.Name
	case AtDemand:
		d := &a.m.Demands[t.index]
		b.Unit = perStep(a.unitOf(d.Bus), primitive.EachStep)
		b.Text = fmt.Sprintf("%s needs %s%s", b.Name, upTo(t.values), rate(b.Bound, a.unitOf(d.Bus), a.stepOf(d.Bus)))
	case AtLeast:
		a.leastWords(&b, t)
	case AtGiven:
		a.givenWords(&b, t)
	case AtWindow:
		b.asset = a.asset(primitive.Tag{Asset: tagOf(a.m, t.block).Asset})
		b.Text = b.Name + " keeps the sum of its rolling window " + b.When
		b.Bound = 0
	case AtRamp:
		b.asset = a.asset(primitive.Tag{Asset: tagOf(a.m, t.block).Asset})
		b.Text = b.Name + " changes as fast as it may " + b.When
		b.Bound = 0
	}
	return b
}

// upTo is a word before a bound that is not the same in all steps.
func upTo(values []float64) string {
	for _, v := range values {
		if math.Abs(v-values[0]) > 1e-9*math.Abs(v) {
			return "up to "
		}
	}
	return ""
}

func (a *answer) ownerOf(t primitive.Tag) string {
	if t.Asset < 0 {
		return t.Part
	}
	id := a.m.Assets[t.Asset].Name
	if t.Part != "" {
		id += "." + t.Part
	}
	return id
}

func (n *names) stepOf(bus int32) clock.Step {
	return n.m.Clock.Grids[n.m.Commodities[n.m.Buses[bus].Commodity].Grid].Step
}

// spanWords says over which spans a limit or total binds, and of how many.
func (a *answer) spanWords(t *tally, s primitive.Span) string {
	if t.block.Grid >= 0 {
		return "in " + times(a.m.Clock, t.block.Grid, t.steps)
	}
	if s == primitive.EachYear || s == primitive.Horizon {
		return ""
	}
	var labels []string
	for _, step := range t.steps {
		labels = append(labels, a.ix.Label(t.block, step))
	}
	return "in " + spans(labels, len(a.ix.SpanLabels(s)))
}

func (a *answer) limitWords(b *Binding, t *tally) {
	l := &a.m.Limits[t.block.Index]
	b.ID, b.Name, b.Unit = l.Name, a.limit(l.Name), a.limitUnit(l)
	b.When = a.spanWords(t, l.Span)
	b.Bound = extreme(t, l.Min, l.Max)
	verb := "holds at"
	if t.least {
		verb = "asks for at least"
	}
	b.Text = b.Name
	if b.Unit != "" {
		b.Text += " " + verb + " " + quantity(b.Bound, b.Unit) + a.each(l.Span)
	} else {
		b.Text += " holds"
	}
	if b.When != "" {
		b.Text += " " + b.When
	}
}

// each is the span of an amount: " a month".
func (n *names) each(s primitive.Span) string {
	switch s {
	case primitive.EachDay:
		return " a day"
	case primitive.EachWeek:
		return " a week"
	case primitive.EachMonth:
		return " a month"
	}
	return ""
}

// extreme is the planner's bound (constants not moved) that binds, the largest
// of several.
func extreme(t *tally, least, most []float64) float64 {
	side := most
	if t.least {
		side = least
	}
	if len(side) == 0 {
		return 0
	}
	if len(side) == 1 {
		return side[0]
	}
	v := 0.0
	for _, s := range t.steps {
		if w := side[s]; math.Abs(w) > math.Abs(v) && !math.IsInf(w, 0) {
			v = w
		}
	}
	return v
}

// limitUnit is the base unit of a planner's limit, empty for a kind's own.
func (n *names) limitUnit(l *primitive.Limit) string {
	if n.s == nil {
		return ""
	}
	for i := range n.s.Limits {
		spec := &n.s.Limits[i].Spec
		if spec.ID != l.Name {
			continue
		}
		if spec.Unit != "" {
			if u, err := unit.Parse(spec.Unit); err == nil {
				return u.Base().Text
			}
		}
		switch {
		case spec.Of == "cost":
			return n.s.Currency
		case spec.Of != "":
			return n.flowUnit(spec.Of, l.Span)
		case len(spec.Terms) > 0 && len(l.Terms) > 0:
			if c := spec.Terms[0].Flow; c != "" {
				return n.flowUnit(c, l.Span)
			}
			return n.termUnit(&l.Terms[0], l.Span)
		}
	}
	return ""
}

func (n *names) flowUnit(commodity string, s primitive.Span) string {
	for i := range n.m.Commodities {
		if c := &n.m.Commodities[i]; c.Name == commodity {
			return perStep(c.Unit, s)
		}
	}
	return ""
}

func perStep(amount string, s primitive.Span) string {
	switch {
	case s != primitive.EachStep:
		return amount
	case amount == "MWh":
		return "MW"
	}
	return amount + "/h"
}

func (n *names) termUnit(t *primitive.Term, s primitive.Span) string {
	switch t.Of {
	case primitive.CapacitySize:
		return n.m.Capacities[t.Index].Unit
	case primitive.StoreLevel:
		return n.unitOf(n.m.Stores[t.Index].Bus)
	case primitive.StoreSpill:
		return perStep(n.unitOf(n.m.Stores[t.Index].Bus), s)
	case primitive.DemandShed, primitive.DemandServed:
		return perStep(n.unitOf(n.m.Demands[t.Index].Bus), s)
	}
	return ""
}

func (a *answer) totalWords(b *Binding, t *tally) {
	tr := &a.m.Trades[t.block.Index]
	tot := &tr.Scopes[t.block.Sub]
	b.Unit = perStep(a.unitOf(tr.Bus), tot.Span)
	b.When = a.spanWords(t, tot.Span)
	b.Bound = extreme(t, tot.Min, tot.Max)
	verb := "may buy no more than"
	switch {
	case tr.Sell && t.least:
		verb = "must sell at least"
	case t.least:
		verb = "must buy at least"
	case tr.Sell:
		verb = "may sell no more than"
	}
	each := a.each(tot.Span)
	if tot.Span == primitive.EachYear {
		each = " a year"
	}
	b.Text = fmt.Sprintf("%s %s %s%s", b.Name, verb, quantity(b.Bound, b.Unit), each)
	if b.When != "" {
		b.Text += " " + b.When
	}
}

func (a *answer) ceilingWords(b *Binding, t *tally) {
	k := t.block
	step := a.m.Clock.Grids[k.Grid].Step
	verb := "runs at its most"
	amount := ""
	switch k.What {
	case formulate.Rate, formulate.Further, formulate.TradeMax:
		tr := &a.m.Trades[k.Index]
		amount = a.unitOf(tr.Bus)
		b.Unit = perStep(amount, primitive.EachStep)
		verb = "gives all it may"
		if tr.Sell {
			verb = "takes all it may"
		}
		if t.zero(a) {
			b.Text = fmt.Sprintf("%s is limited to %s", b.Name, rate(0, amount, step))
			return
		}
	case formulate.Level, formulate.StoreMax:
		s := &a.m.Stores[k.Index]
		b.Unit = a.unitOf(s.Bus)
		b.Text = fmt.Sprintf("%s is full %s (%s)", b.Name, b.When, quantity(b.Bound, b.Unit))
		b.more = "the room in " + b.Name
		return
	case formulate.Spill:
		b.Unit = perStep(a.unitOf(a.m.Stores[k.Index].Bus), primitive.EachStep)
		b.Text = fmt.Sprintf("%s spills all it may %s", b.Name, b.When)
		return
	case formulate.Shed:
		b.Unit = perStep(a.unitOf(a.m.Demands[k.Index].Bus), primitive.EachStep)
		b.Text = fmt.Sprintf("%s sheds all it may %s", b.Name, b.When)
		return
	case formulate.Activity, formulate.UnitMax:
		amount, _ = a.activityUnit(&a.m.Units[k.Index])
	case formulate.Forward, formulate.Back, formulate.RouteMax, formulate.RouteBack:
		verb = "carries all it may"
		amount = a.unitOf(a.m.Routes[k.Index].From)
	case formulate.Through:
		verb = "carries all it may"
		amount = a.unitOf(a.m.Lines[k.Index].From)
	}
	b.Text = fmt.Sprintf("%s %s %s", b.Name, verb, b.When)
	if amount != "" {
		b.Unit = perStep(amount, primitive.EachStep)
		b.Text += " (" + a.byMonth(t, amount, step) + ")"
	}
}

// byMonth writes a ceiling that differs by season: "150 MW in March and
// April, 180 MW in January".
func (a *answer) byMonth(t *tally, amount string, step clock.Step) string {
	type group struct {
		value  float64
		months []string
	}
	var groups []group
	g := &a.m.Clock.Grids[t.block.Grid]
	for i, s := range t.steps {
		month := a.m.Clock.Stamps[g.First[s]].Format("2006-01")
		n := 0
		for n < len(groups) && math.Abs(groups[n].value-t.values[i]) > 1e-9*math.Abs(t.values[i]) {
			n++
		}
		if n == len(groups) {
			groups = append(groups, group{value: t.values[i]})
		}
		if m := groups[n].months; len(m) == 0 || m[len(m)-1] != month {
			groups[n].months = append(m, month)
		}
	}
	if len(groups) == 1 {
		return rate(groups[0].value, amount, step)
	}
	if len(groups) > 4 {
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range t.values {
			low, high = math.Min(low, v), math.Max(high, v)
		}
		return rate(low, amount, step) + " to " + rate(high, amount, step)
	}
	var words []string
	for _, g := range groups {
		words = append(words, rate(g.value, amount, step)+" in "+spans(g.months, 0))
	}
	return strings.Join(words, ", ")
}

func (a *answer) leastWords(b *Binding, t *tally) {
	k := t.block
	switch k.What {
	case formulate.Built:
		c := &a.m.Capacities[k.Index]
		b.Unit, b.When = c.Unit, ""
		b.Text = fmt.Sprintf("%s must be built to at least %s", b.Name, quantity(b.Bound, c.Unit))
	case formulate.Rate, formulate.TradeMin, formulate.TradeMax:
		tr := &a.m.Trades[k.Index]
		b.Unit = perStep(a.unitOf(tr.Bus), primitive.EachStep)
		verb := "must buy at least"
		if tr.Sell {
			verb = "must sell at least"
		}
		b.Text = fmt.Sprintf("%s %s %s %s", b.Name, verb, rate(b.Bound, a.unitOf(tr.Bus), a.m.Clock.Grids[k.Grid].Step), b.When)
	case formulate.Level, formulate.StoreMin, formulate.StoreMax:
		b.Unit = a.unitOf(a.m.Stores[k.Index].Bus)
		b.Text = fmt.Sprintf("%s is at its least (%s) %s", b.Name, quantity(b.Bound, b.Unit), b.When)
	default:
		u := &a.m.Units[k.Index]
		amount, ok := a.activityUnit(u)
		if !ok {
			b.Text = fmt.Sprintf("%s is at its least load %s", b.Name, b.When)
			return
		}
		b.Unit = perStep(amount, primitive.EachStep)
		b.Text = fmt.Sprintf("%s must run at %s or more %s", b.Name, rate(b.Bound, amount, a.m.Clock.Grids[k.Grid].Step), b.When)
	}
}

func (a *answer) givenWords(b *Binding, t *tally) {
	k := t.block
	switch k.What {
	case formulate.Level:
		b.Unit, b.When = a.unitOf(a.m.Stores[k.Index].Bus), ""
		b.Text = fmt.Sprintf("%s must end with %s", b.Name, quantity(b.Bound, b.Unit))
	case formulate.Start:
		b.Unit, b.When = a.unitOf(a.m.Stores[k.Index].Bus), ""
		verb := "begins with"
		if k.Step > 0 || t.steps[0] > 0 {
			verb = "must end with"
		}
		b.Text = fmt.Sprintf("%s %s %s", b.Name, verb, quantity(b.Bound, b.Unit))
	case formulate.StoreFixed:
		b.Unit = a.unitOf(a.m.Stores[k.Index].Bus)
		b.Text = fmt.Sprintf("the level of %s is given %s", b.Name, b.When)
	default:
		b.Text = fmt.Sprintf("the activity of %s is given %s", b.Name, b.When)
	}
}
