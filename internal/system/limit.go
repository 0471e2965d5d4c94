package system

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// LimitSpec is the table of attributes of a limit.
type LimitSpec struct {
	ID     string `yaml:",key"`
	Pos    attribute.Pos
	Of     string      `yaml:"of" optional:"true" doc:"an account commodity (co2, land ...), whose inflow is limited, or cost"`
	At     string      `yaml:"at" ref:"place" optional:"true" doc:"of an account: only at this place; default: everywhere"`
	Class  string      `yaml:"class" optional:"true" enum:"capital,fixed,variable,event,sale" doc:"of cost: only this class; default: all"`
	Terms  []LimitTerm `yaml:"terms" optional:"true" doc:"instead of of: what is summed"`
	Unit   string      `yaml:"unit" optional:"true" doc:"unit of the sum; default: the unit of its first term"`
	Span   string      `yaml:"span" default:"year" enum:"step,day,week,month,year,horizon" doc:"over what it is summed; step: rates are compared as they are"`
	Min    measure     `yaml:"min" optional:"true" doc:"least amount in each span, or a list with one for each span (12 for months); with span step a series, which may leave steps empty"`
	Max    measure     `yaml:"max" optional:"true" doc:"most, likewise"`
	Soft   measure     `yaml:"soft" optional:"true" doc:"price of a unit of violation; default: it may not be violated"`
	Source string      `yaml:"source" ref:"source" optional:"true" doc:"where it comes from"`
	Note   string      `yaml:"note" optional:"true" doc:"remark"`
}

// LimitTerm is one part of a limit's sum: of the assets that asset, kind or
// green names, the flow of a commodity, or the level, spill, size or unserved
// demand of a part.
type LimitTerm struct {
	Pos      attribute.Pos
	Asset    string  `yaml:"asset" ref:"asset" optional:"true" doc:"of this asset"`
	Kind     string  `yaml:"kind" optional:"true" doc:"of all assets of this kind"`
	Green    *bool   `yaml:"green" optional:"true" doc:"of all assets that are green (true) or not (false)"`
	Flow     string  `yaml:"flow" ref:"commodity" optional:"true" doc:"what flows of this commodity, positive into the bus"`
	At       string  `yaml:"at" ref:"place" optional:"true" doc:"of a flow: only at this place; default: everywhere"`
	Level    *string `yaml:"level" optional:"true" doc:"level of a store; \"\" where the asset has one"`
	Spill    *string `yaml:"spill" optional:"true" doc:"what a store spills"`
	Capacity *string `yaml:"capacity" optional:"true" doc:"size of a capacity, what stands and what is built"`
	Shed     *string `yaml:"shed" optional:"true" doc:"demand that is not served"`
	Served   *string `yaml:"served" optional:"true" doc:"demand that is served"`
	Activity *string `yaml:"activity" optional:"true" doc:"activity of a unit"`
	Sent     *string `yaml:"sent" optional:"true" doc:"what a route sends, either way, or what flows through a line, positive from its from to its to"`
	Traded   *string `yaml:"traded" optional:"true" doc:"rate of a trade, blocks included"`
	Coef     measure `yaml:"coef" optional:"true" doc:"factor, 1 by default; a quantity where the term's unit is not the sum's; a series fits"`
}

// measure is a quantity whose unit depends on what is read elsewhere.
type measure struct{ node *attribute.Node }

// ReadNode keeps the node.
func (m *measure) ReadNode(n *attribute.Node, _ attribute.Field) { m.node = n }

// Form is a quantity's, or a list's.
func (m *measure) Form() map[string]any {
	return map[string]any{"type": []any{"string", "number", "array", "object"}, "description": "quantity"}
}

var spans = map[string]primitive.Span{
	"step": primitive.EachStep, "day": primitive.EachDay, "week": primitive.EachWeek,
	"month": primitive.EachMonth, "year": primitive.EachYear, "horizon": primitive.Horizon,
}

var spanUnits = map[primitive.Span]clock.Unit{
	primitive.EachStep: clock.Hour, primitive.EachDay: clock.Day, primitive.EachWeek: clock.Week,
	primitive.EachMonth: clock.Month, primitive.EachYear: clock.Year,
}

// sum is the left-hand side of a limit while it is put together.
type sum struct {
	e     *expander
	l     *Limit
	span  primitive.Span
	terms []primitive.Term
	unit  unit.Unit // of the sum; zero until the first term
	idle  []string  // assets named that are not active
	bad   bool
}

func (x *sum) fail(field, code, format string, a ...any) {
	x.bad = true
	path := "limits." + x.l.ID
	pos := x.l.Pos
	if field != "" {
		path += "." + field
		if p := x.l.node.Find(field); p != (attribute.Pos{}) {
			pos = p
		}
	}
	x.e.problems = append(x.e.problems, attribute.Problem{
		File: pos.File, Line: pos.Line, Col: pos.Col, Code: code, Text: path + ": " + fmt.Sprintf(format, a...),
	})
}

// limits turns every limit into a row. What a limit on a faulty asset would
// sum, and in what unit, is not known.
func (e *expander) limits() {
	for i := range e.Limits {
		if e.Limits[i].faulty || slices.ContainsFunc(e.Limits[i].Spec.Terms, e.unknown) {
			continue
		}
		x := &sum{e: e, l: &e.Limits[i], span: spans[e.Limits[i].Spec.Span]}
		x.add()
	}
}

// unknown tells a term that names an asset which could not be read.
func (e *expander) unknown(t LimitTerm) bool {
	return slices.ContainsFunc(e.Assets, func(a Asset) bool { return a.faulty && a.named(&t) })
}

// named tells whether a term speaks of an asset.
func (a *Asset) named(t *LimitTerm) bool {
	return t.Asset != "" && a.ID == t.Asset || t.Kind != "" && a.Kind == t.Kind || t.Green != nil && a.Green == *t.Green
}

func (x *sum) add() {
	spec := &x.l.Spec
	if spec.Unit != "" {
		u, err := unit.Parse(spec.Unit)
		if err != nil {
			x.fail("unit", "unit-unknown", "%v", err)
			return
		}
		x.unit = u.Base()
	}
	switch {
	case (spec.Of == "") == (len(spec.Terms) == 0):
		x.fail("", "limit-form", "want either of: (an account or cost) or terms:")
		return
	case spec.Of == "cost":
		x.cost()
	case spec.Of != "":
		x.account()
	default:
		for i := range spec.Terms {
			x.term(i, &spec.Terms[i])
		}
	}
	if x.bad {
		return
	}
	if len(x.terms) == 0 && x.unit.Text == "" { // nothing tells in what it would be
		x.nothing([]float64{0})
		return
	}
	low, high := x.side("min", spec.Min, math.Inf(-1)), x.side("max", spec.Max, math.Inf(1))
	soft := math.NaN()
	if spec.Soft.node != nil {
		price, err := unit.Must("currency").Per(x.unit)
		if err != nil {
			x.fail("soft", "limit-form", "a limit of money has no price; leave soft out")
			return
		}
		soft = x.e.read(spec.Soft.node, "limits."+x.l.ID+".soft", price.Text)
		if soft <= 0 {
			x.fail("soft", "range", "read %s, want more than 0: at no cost it would limit nothing", spec.Soft.node.Brief())
		}
	}
	switch {
	case spec.Min.node == nil && spec.Max.node == nil:
		x.fail("", "limit-form", "it has neither min nor max")
	case !x.bad:
		for i := range max(len(low), len(high)) {
			if a, b := low[min(i, len(low)-1)], high[min(i, len(high)-1)]; a > b {
				x.fail("min", "range", "min %g is above max %g (in %s)", a, b, x.unit.Text)
				break
			}
		}
	}
	if x.bad {
		return
	}
	if len(x.terms) == 0 {
		x.nothing(low)
		return
	}
	for k, terms := range x.futures() {
		if terms == nil {
			continue
		}
		name := x.l.ID
		if k > 0 {
			name = x.e.m.Scenarios[k-1].Name + "|" + name
		}
		x.e.m.Limits = append(x.e.m.Limits, primitive.Limit{Name: name, Span: x.span, Terms: terms, Min: low, Max: high, Soft: soft})
	}
	if share := x.e.Clock.Periods[0].Share; x.span == primitive.EachYear && share != 0 && share != math.Trunc(share) {
		x.e.note("Limit %s is per year and holds for the whole horizon, which is %.4g of a year.", x.l.ID, share)
	}
}

// futures are the terms of a limit in each scenario, which it holds in one by
// one, from 1; at 0 those of a limit in which nothing depends on the scenario.
func (x *sum) futures() [][]primitive.Term {
	out := make([][]primitive.Term, len(x.e.m.Scenarios)+1)
	some := false
	for _, t := range x.terms {
		some = some || x.e.scenarioOf(t) > 0
	}
	if !some {
		out[0] = x.terms
		return out
	}
	for k := 1; k < len(out); k++ {
		in := false
		var terms []primitive.Term
		for _, t := range x.terms {
			if s := x.e.scenarioOf(t); s == 0 || s == int32(k) {
				terms = append(terms, t)
				in = in || s > 0
			}
		}
		if in {
			out[k] = terms
		}
	}
	return out
}

// scenarioOf is the scenario of what a term takes, 0: all.
func (e *expander) scenarioOf(t primitive.Term) int32 {
	m := e.m
	switch t.Of {
	case primitive.UnitActivity:
		return m.Units[t.Index].Scenario
	case primitive.StoreLevel, primitive.StoreSpill:
		return m.Stores[t.Index].Scenario
	case primitive.RouteFlow:
		return m.Routes[t.Index].Scenario
	case primitive.LineFlow:
		return m.Lines[t.Index].Scenario
	case primitive.DemandShed, primitive.DemandServed:
		return m.Demands[t.Index].Scenario
	case primitive.TradeRate:
		return m.Trades[t.Index].Scenario
	case primitive.CapacitySize:
		return m.Capacities[t.Index].Scenario
	case primitive.BusAccount:
		return e.ofBus[t.Index]
	}
	return 0
}

// nothing is a limit on nothing: harmless, unless something must be there.
func (x *sum) nothing(low []float64) {
	why := "nothing in the study flows there"
	if len(x.idle) > 0 {
		why = strings.Join(x.idle, ", ") + " not active"
	}
	if slices.Max(low) > 0 {
		x.fail("min", "limit-empty", "nothing could reach it: %s", why)
		return
	}
	x.e.note("Limit %s limits nothing: %s.", x.l.ID, why)
}

func (e *expander) note(format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	if !slices.Contains(e.Notes, text) {
		e.Notes = append(e.Notes, text)
	}
}

// read reads one quantity of a limit.
func (e *expander) read(n *attribute.Node, path, u string) float64 {
	c := *e.context
	c.Problems, c.Path = nil, path
	v := c.Quantity(n, path, u)
	e.problems = append(e.problems, c.Problems...)
	return v
}

// side reads min or max: a quantity, or one for each span.
func (x *sum) side(name string, m measure, none float64) []float64 {
	n := m.node
	if n == nil {
		return []float64{none}
	}
	path := "limits." + x.l.ID + "." + name
	if n.Kind == attribute.Scalar && strings.Contains(n.Text, "#") {
		return x.listed(name, path, n, none)
	}
	if n.Kind != attribute.List {
		return []float64{x.amount(n, path)}
	}
	want := 1
	if u, ok := spanUnits[x.span]; ok {
		s := x.e.Clock.Spans(u)
		want = s.Len()
	}
	if len(n.Items) != want || x.span == primitive.EachStep {
		x.fail(name, "limit-count", "read %d values, want one, or one for each %s of the study (%d)", len(n.Items), x.l.Spec.Span, want)
		return []float64{none}
	}
	var all []float64
	for i, item := range n.Items {
		all = append(all, x.amount(item, path+"."+strconv.Itoa(i)))
	}
	return all
}

// listed reads a bound for each step from a series, none where it is empty.
func (x *sum) listed(name, path string, n *attribute.Node, none float64) []float64 {
	if x.span != primitive.EachStep {
		x.fail(name, "limit-count", "a series has one value for each step; want span: step, or a list")
		return []float64{none}
	}
	c := *x.e.context
	c.Problems, c.Path = nil, path
	v := c.Gaps(n, path, x.unit.Text)
	x.bad = x.bad || len(c.Problems) > 0
	x.e.problems = append(x.e.problems, c.Problems...)
	out := slices.Clone(v.Data)
	for i := range out {
		if math.IsNaN(out[i]) {
			out[i] = none
		}
	}
	return out
}

// activity is the unit of a unit's activity: that of its capacity, or what its
// kind says.
func (x *sum) activity(u *primitive.Unit) unit.Unit {
	if k, ok := x.e.of[u.Asset].Spec.(*kind.Unit); ok {
		for _, c := range x.e.Commodities {
			if c.ID == k.Activity {
				p, _ := known(c.Unit).Per(unit.Must("h"))
				return p
			}
		}
	}
	if u.Bound.Capacity != primitive.None {
		return known(x.e.m.Capacities[u.Bound.Capacity].Unit)
	}
	return unit.One
}

// over is a rate's unit, or over a span longer than a step that of its amount.
func (x *sum) over(rate unit.Unit) unit.Unit {
	if x.span != primitive.EachStep {
		if amount, err := rate.Times(unit.Must("h")); err == nil {
			return amount.Base()
		}
	}
	return rate
}

// amount reads a quantity of the sum's unit. Over a year or a day it may also
// be written as what it is a year or a day: 500 kt/a.
func (x *sum) amount(n *attribute.Node, path string) float64 {
	u := x.unit
	time, fits := map[primitive.Span]string{primitive.EachYear: "a", primitive.EachDay: "d"}[x.span]
	if fits && n.Kind == attribute.Scalar {
		rate, err := u.Per(unit.Must(time))
		if q, bad := unit.ParseQuantity(n.Text); err == nil && bad == nil && !q.Bare() && q.Unit.Dim == rate.Dim {
			u = rate
		}
	}
	before := len(x.e.problems)
	v := x.e.read(n, path, u.Text)
	x.bad = x.bad || len(x.e.problems) > before
	return v
}

func (x *sum) cost() {
	if x.span != primitive.EachYear && x.span != primitive.Horizon {
		x.fail("span", "limit-span", "cost is summed over a year or the horizon, not over each %s", x.l.Spec.Span)
		return
	}
	x.begin(unit.Must("currency"))
	for i, name := range []string{"capital", "fixed", "variable", "event", "sale"} {
		coef := 1.0
		if x.l.Spec.Class == "" && name == "sale" {
			coef = -1 // what is earned lowers the cost
		}
		if x.l.Spec.Class == "" || x.l.Spec.Class == name {
			x.terms = append(x.terms, primitive.Term{Of: primitive.MoneyCost, Index: int32(i), Coef: primitive.Const(coef)})
		}
	}
}

func (x *sum) account() {
	var accounts []string
	for i, c := range x.e.Commodities {
		if c.Balance == primitive.Account {
			accounts = append(accounts, c.ID)
		}
		if c.ID != x.l.Spec.Of || c.Balance != primitive.Account {
			continue
		}
		x.begin(x.rate(c.Unit))
		for b, bus := range x.e.m.Buses {
			if bus.Commodity == int32(i) && (x.l.Spec.At == "" || bus.Place == x.l.Spec.At) {
				x.terms = append(x.terms, primitive.Term{Of: primitive.BusAccount, Index: int32(b), Coef: primitive.Const(1)})
			}
		}
		return
	}
	x.fail("of", "limit-of", "read %q, which is no account; want one of %s, or terms: with flow: for another commodity",
		x.l.Spec.Of, strings.Join(append(accounts, "cost"), ", "))
}

// rate is the unit of a flow summed over the span.
func (x *sum) rate(amount string) unit.Unit {
	u := known(amount)
	if x.span == primitive.EachStep {
		u, _ = u.Per(unit.Must("h"))
	}
	return u
}

// known is a unit that the tables have read before; a ratio where a kind
// names none.
func known(text string) unit.Unit {
	u, err := unit.Parse(text)
	if err != nil {
		return unit.One
	}
	return u
}

// begin sets the unit of the sum by its first term, if the planner has not.
func (x *sum) begin(u unit.Unit) {
	if x.unit.Text == "" {
		x.unit = u.Base()
	}
}

// term adds one term for every asset that it names.
func (x *sum) term(i int, t *LimitTerm) {
	path := "terms." + strconv.Itoa(i)
	what := 0
	for _, given := range []bool{t.Flow != "", t.Level != nil, t.Spill != nil, t.Capacity != nil, t.Shed != nil, t.Served != nil, t.Activity != nil, t.Sent != nil, t.Traded != nil} {
		if given {
			what++
		}
	}
	who := 0
	for _, given := range []bool{t.Asset != "", t.Kind != "", t.Green != nil} {
		if given {
			who++
		}
	}
	if what != 1 || who != 1 {
		x.fail(path, "limit-form", "want one of asset, kind, green and one of flow, level, spill, capacity, shed, served, activity, sent, traded, such as {asset: wind, flow: electricity}")
		return
	}
	any := false
	for k, a := range x.e.of {
		if a.named(t) {
			any = true
			x.part(path, t, int32(k))
		}
	}
	if any {
		return
	}
	for j := range x.e.Assets {
		if a := &x.e.Assets[j]; a.ID == t.Asset {
			x.idle = append(x.idle, a.ID)
		}
	}
	if _, ok := kind.Find(t.Kind); t.Kind != "" && !ok {
		x.fail(path+".kind", "unknown-kind", "no kind is named %q; %s", t.Kind, attribute.Fit(t.Kind, kindNames()))
	} else if t.Asset == "" {
		x.fail(path, "limit-empty", "no active asset fits")
	}
}

// part adds the term of one asset.
func (x *sum) part(path string, t *LimitTerm, asset int32) {
	m := x.e.m
	switch {
	case t.Flow != "":
		x.flow(path, t, asset)
	case t.Level != nil || t.Spill != nil:
		of, name := primitive.StoreLevel, t.Level
		if t.Spill != nil {
			of, name = primitive.StoreSpill, t.Spill
		}
		found := x.parts(path, asset, *name, "store", len(m.Stores), func(i int) primitive.Tag { return m.Stores[i].Tag })
		for _, i := range found {
			c := m.Commodities[m.Buses[m.Stores[i].Bus].Commodity]
			u := known(c.Unit)
			if of == primitive.StoreLevel && x.span != primitive.EachStep {
				if t.Coef.node == nil {
					x.fail(path, "limit-span", "a level is limited in each step; want span: step, or a coef that says which levels count (a series that is 0 but at the end)")
					return
				}
				u, _ = u.Times(unit.Must("h"))
			}
			if of == primitive.StoreSpill {
				u = x.rate(c.Unit)
			}
			x.put(path, t, u, c.Grid, primitive.Term{Of: of, Index: i, Coef: primitive.Const(1)})
		}
	case t.Capacity != nil:
		found := x.parts(path, asset, *t.Capacity, "capacity", len(m.Capacities), func(i int) primitive.Tag { return m.Capacities[i].Tag })
		for _, i := range found {
			x.put(path, t, known(m.Capacities[i].Unit), primitive.None, primitive.Term{Of: primitive.CapacitySize, Index: i, Coef: primitive.Const(1)})
		}
	case t.Activity != nil:
		found := x.parts(path, asset, *t.Activity, "unit", len(m.Units), func(i int) primitive.Tag { return m.Units[i].Tag })
		for _, i := range found {
			u := &m.Units[i]
			x.put(path, t, x.over(x.activity(u)), u.Grid, primitive.Term{Of: primitive.UnitActivity, Index: i, Coef: primitive.Const(1)})
		}
	case t.Sent != nil:
		lines := slices.ContainsFunc(m.Lines, func(l primitive.Line) bool { return l.Asset == asset })
		if lines {
			found := x.parts(path, asset, *t.Sent, "line", len(m.Lines), func(i int) primitive.Tag { return m.Lines[i].Tag })
			for _, i := range found {
				l := &m.Lines[i]
				x.put(path, t, x.rate(m.Commodities[m.Buses[l.From].Commodity].Unit), l.Grid, primitive.Term{Of: primitive.LineFlow, Index: i, Coef: primitive.Const(1)})
			}
			return
		}
		found := x.parts(path, asset, *t.Sent, "route", len(m.Routes), func(i int) primitive.Tag { return m.Routes[i].Tag })
		for _, i := range found {
			r := &m.Routes[i]
			x.put(path, t, x.rate(m.Commodities[m.Buses[r.From].Commodity].Unit), r.Grid, primitive.Term{Of: primitive.RouteFlow, Index: i, Coef: primitive.Const(1)})
		}
	case t.Traded != nil:
		found := x.parts(path, asset, *t.Traded, "trade", len(m.Trades), func(i int) primitive.Tag { return m.Trades[i].Tag })
		for _, i := range found {
			v := &m.Trades[i]
			x.put(path, t, x.rate(m.Commodities[m.Buses[v.Bus].Commodity].Unit), v.Grid, primitive.Term{Of: primitive.TradeRate, Index: i, Coef: primitive.Const(1)})
		}
	case t.Served != nil:
		found := x.parts(path, asset, *t.Served, "demand", len(m.Demands), func(i int) primitive.Tag { return m.Demands[i].Tag })
		for _, i := range found {
			c := m.Commodities[m.Buses[m.Demands[i].Bus].Commodity]
			x.put(path, t, x.rate(c.Unit), c.Grid, primitive.Term{Of: primitive.DemandServed, Index: i, Coef: primitive.Const(1)})
		}
	case t.Shed != nil:
		found := x.parts(path, asset, *t.Shed, "demand", len(m.Demands), func(i int) primitive.Tag { return m.Demands[i].Tag })
		for _, i := range found {
			c := m.Commodities[m.Buses[m.Demands[i].Bus].Commodity]
			x.put(path, t, x.rate(c.Unit), c.Grid, primitive.Term{Of: primitive.DemandShed, Index: i, Coef: primitive.Const(1)})
		}
	}
}

// parts finds the primitive of an asset's part; "" finds the only one.
func (x *sum) parts(path string, asset int32, part, word string, n int, tag func(int) primitive.Tag) []int32 {
	var all, exact []int32 // one in each scenario
	var names []string
	for i := range n {
		if t := tag(i); t.Asset == asset {
			if t.Part == part {
				exact = append(exact, int32(i))
			}
			all = append(all, int32(i))
			if !slices.Contains(names, t.Part) {
				names = append(names, t.Part)
			}
		}
	}
	switch {
	case exact != nil:
		return exact
	case part == "" && len(names) == 1:
		return all
	}
	name := x.e.of[asset].ID
	if len(all) == 0 {
		x.fail(path, "limit-part", "%s has no %s", name, word)
	} else {
		x.fail(path, "limit-part", "%s has no %s named %q; %s", name, word, part, attribute.Fit(part, names))
	}
	return nil
}

// flow adds everything of an asset that flows on a commodity's buses, positive
// into the bus.
func (x *sum) flow(path string, t *LimitTerm, asset int32) {
	m := x.e.m
	commodity, u := int32(-1), unit.Unit{}
	for i, c := range x.e.Commodities {
		if c.ID == t.Flow {
			commodity, u = int32(i), x.rate(c.Unit)
		}
	}
	on := func(b int32) bool {
		bus := &m.Buses[b]
		return bus.Commodity == commodity && (t.At == "" || bus.Place == t.At)
	}
	put := func(of primitive.Of, i int, grid int32, coef primitive.Series) {
		x.put(path, t, u, grid, primitive.Term{Of: of, Index: int32(i), Coef: coef})
	}
	ports := func(of primitive.Of, i int, grid int32, ports []primitive.Port) {
		for _, p := range ports {
			if on(p.Bus) {
				put(of, i, grid, p.Ratio)
			}
		}
	}
	for i, v := range m.Units {
		if v.Asset == asset {
			ports(primitive.UnitActivity, i, v.Grid, v.Ports)
		}
	}
	for i, v := range m.Stores {
		if v.Asset == asset {
			ports(primitive.StoreSpill, i, m.Commodities[m.Buses[v.Bus].Commodity].Grid, v.SpillTo)
		}
	}
	for i, v := range m.Demands {
		if v.Asset == asset && on(v.Bus) {
			put(primitive.DemandServed, i, m.Commodities[m.Buses[v.Bus].Commodity].Grid, primitive.Const(-1))
		}
	}
	for i, v := range m.Trades {
		if v.Asset != asset {
			continue
		}
		if sign := 1.0; on(v.Bus) {
			if v.Sell {
				sign = -1
			}
			put(primitive.TradeRate, i, v.Grid, primitive.Const(sign))
		}
		ports(primitive.TradeRate, i, v.Grid, v.Also)
	}
	for i, v := range m.Routes {
		if v.Asset != asset {
			continue
		}
		ports(primitive.RouteFlow, i, v.Grid, v.Uses)
		from, to := on(v.From), on(v.To)
		switch {
		case from && to:
			put(primitive.RouteFlow, i, v.Grid, primitive.Const(-v.Loss))
		case (from || to) && (v.Back.Data != nil || v.Back.Value != 0):
			x.fail(path, "limit-route", "%s runs both ways, and only what it loses can be limited; leave at: out", x.e.of[asset].ID)
			return
		case from:
			put(primitive.RouteFlow, i, v.Grid, primitive.Const(-1))
		case to:
			put(primitive.RouteFlow, i, v.Grid, primitive.Const(1-v.Loss))
		}
	}
	for i, v := range m.Lines {
		if v.Asset != asset {
			continue
		}
		switch from, to := on(v.From), on(v.To); {
		case from != to && v.Loss != nil:
			x.fail(path, "limit-route", "%s loses on the way; limit what flows through it: sent", x.e.of[asset].ID)
			return
		case from && !to:
			put(primitive.LineFlow, i, v.Grid, primitive.Const(-1))
		case to && !from:
			put(primitive.LineFlow, i, v.Grid, primitive.Const(1))
		}
	}
	for i, v := range m.Capacities {
		for _, p := range v.Uses {
			if v.Asset != asset || !on(p.Bus) {
				continue
			}
			if x.span != primitive.EachYear {
				x.fail(path, "limit-span", "what the capacity of %s uses of %s is a year's; want span: year", x.e.of[asset].ID, t.Flow)
				return
			}
			put(primitive.CapacitySize, i, primitive.None, p.Ratio)
		}
	}
	if t.Asset != "" && !x.bad && !slices.ContainsFunc(x.terms, func(v primitive.Term) bool { return x.e.owner(v) == asset }) {
		x.fail(path, "limit-empty", "%s moves no %s there", t.Asset, t.Flow)
	}
}

// owner is the asset of a term's primitive.
func (e *expander) owner(t primitive.Term) int32 {
	switch t.Of {
	case primitive.UnitActivity:
		return e.m.Units[t.Index].Asset
	case primitive.StoreLevel, primitive.StoreSpill:
		return e.m.Stores[t.Index].Asset
	case primitive.RouteFlow:
		return e.m.Routes[t.Index].Asset
	case primitive.DemandShed, primitive.DemandServed:
		return e.m.Demands[t.Index].Asset
	case primitive.TradeRate:
		return e.m.Trades[t.Index].Asset
	case primitive.CapacitySize:
		return e.m.Capacities[t.Index].Asset
	case primitive.LineFlow:
		return e.m.Lines[t.Index].Asset
	}
	return primitive.None
}

// put adds a term in unit u, times its coefficient.
func (x *sum) put(path string, t *LimitTerm, u unit.Unit, grid int32, v primitive.Term) {
	if x.bad {
		return
	}
	x.begin(u)
	if span, ok := spanUnits[x.span]; ok && grid != primitive.None && x.span != primitive.EachStep {
		s := x.e.Clock.Grids[grid].Step
		if s.Unit > span || s.Unit == clock.Week && span == clock.Month {
			x.fail(path, "step-nesting", "its step is %s, which does not fit in a %s; want a longer span", s, x.l.Spec.Span)
			return
		}
	}
	target, err := x.unit.Per(u)
	if err != nil {
		x.fail(path, "unit-money", "%v", err)
		return
	}
	n := t.Coef.node
	if n == nil {
		n = &attribute.Node{Pos: t.Pos, Kind: attribute.Scalar, Text: "1"}
	}
	c := *x.e.context
	full := "limits." + x.l.ID + "." + path + ".coef"
	c.Problems, c.Path = nil, full
	coef := c.Value(n, full, target.Text)
	switch {
	case len(c.Problems) > 0 && t.Coef.node == nil:
		x.fail(path, "limit-unit", "it is in %s and the sum in %s; want a coef in %s", u.Text, x.unit.Text, target.Text)
		return
	case len(c.Problems) > 0:
		x.bad = true
		x.e.problems = append(x.e.problems, c.Problems...)
		return
	}
	v.Coef = times(v.Coef, coef.Series)
	x.terms = append(x.terms, v)
}

// times multiplies two series tick by tick.
func times(a, b primitive.Series) primitive.Series {
	if a.Data == nil && b.Data == nil {
		return primitive.Const(a.Value * b.Value)
	}
	n := max(len(a.Data), len(b.Data))
	data := make([]float64, n)
	for t := range data {
		data[t] = a.At(t) * b.At(t)
	}
	return primitive.Series{Data: data}
}
