// Package explain says why: what conflicts where a study is infeasible, what
// sets a price, what binds, what an asset earns. It re-solves where it must,
// and speaks in the planner's names.
//
// What enters: a system, its primitives and a solver (Infeasible), or a solved
// problem with its point and duals (Overview, Price, Asset). What leaves:
// sentences, and the numbers behind them, for people and for --json.
//
// Everything about an optimum is read off the problem itself. For a column j
// with cost c_j, entries a_ij and row duals y_i the reduced cost is z_j = c_j -
// sum_i a_ij y_i. A balance row's dual is its bus's price, a limit's dual is
// what the limit charges, the dual of a row that ties an activity to a
// capacity (or z_j where the bound is the column's own) is what the hour pays
// for the capacity. So each price is a sum of named terms, and so is what an
// asset earns; they add up because that line is an identity. No kind of asset
// needs a word here.
//
// The point and the duals are those that the run keeps (package run,
// Solution); they are taken only if the inputs kept with the run still make
// the same problem, by its hash, so that an explanation is of the very answer
// that was certified.
package explain

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// Conflict is a small set of things that cannot hold together.
type Conflict struct {
	Lines []string `json:"lines"` // in words, the largest first
	Parts []Part   `json:"parts"`
	Notes []string `json:"notes"` // the last of Lines: what is not active, how time was counted
}

// Part is something that has to give, by how much, and what holds it there.
type Part struct {
	What  string    `json:"what"`  // shortage, surplus, floor, cap, given value, least, window, ramp
	ID    string    `json:"id"`    // bus, limit, or asset.part
	Name  string    `json:"name"`  // the same for people
	Unit  string    `json:"unit"`  // of Worst; empty where it is a share of the bound
	Steps int       `json:"steps"` // in how many steps
	Count string    `json:"count"` // the same in words: 214 hours
	Worst float64   `json:"worst"` // largest violation of one step
	When  string    `json:"when"`  // step of the largest, empty for what has no time
	Sum   float64   `json:"sum"`   // of a shortage or surplus, the amount over the year, in Per
	Per   string    `json:"per"`   // unit of Sum
	Binds []Binding `json:"binds"` // what holds it there, in the order of the sentence
	Text  string    `json:"text"`
}

// ErrTime says that the time was up before a conflict was found.
var ErrTime = errors.New("the time was up before the conflict was found")

// Infeasible finds a small conflict in a model that has no solution, and says
// it in words.
//
// Balances, limits, totals, least amounts and given values may give way, each
// at a cost by its share of what is usual there, and the cheapest way out is
// sought: min sum of costs over the relaxed rows. Needs (shortages, floors)
// give before caps; where neither mends it, ramps, windows, least loads and the
// insides of stores may give too, never what nature and capacity bound. Then
// each family that gave is tried without, so that only those remain without
// which nothing would do; and what the duals of the last problem hold is what
// binds: a proof of infeasibility in names.
//
// The search takes one solve of about the problem's own size, two where needs
// alone can't mend it, and to make the conflict smaller as many more as fit
// into five seconds and as long again. o.TimeLimit holds for all of it.
func Infeasible(ctx context.Context, s *system.System, m *primitive.Model, solver string, o lp.Options) (*Conflict, error) {
	problem, ix, err := formulate.Build(m)
	if err != nil {
		return nil, err
	}
	q := &search{ctx: ctx, n: newNames(s, m), p: problem, ix: ix, solver: solver, o: o, begin: time.Now()}
	q.o.Hint, q.o.Warm = nil, nil
	q.all = families(q.n, problem, ix)
	return q.run()
}

// search is one run of Infeasible.
type search struct {
	ctx    context.Context
	n      *names
	p      *lp.Problem
	ix     *formulate.Index
	solver string
	o      lp.Options
	begin  time.Time
	until  time.Time // for what makes the conflict smaller
	cut    bool      // there was not enough of it
	all    []*family
}

func (q *search) run() (*Conflict, error) {
	var needs []*family
	for _, f := range q.all {
		if f.tier == 1 {
			needs = append(needs, f)
		}
	}
	even := func(*family) float64 { return 1 }
	r, sol, err := q.solve(needs, even)
	if err != nil {
		return nil, err
	}
	if sol.Status != lp.Optimal {
		if r, sol, err = q.solve(q.all, even); err != nil {
			return nil, err
		}
	}
	if sol.Status != lp.Optimal {
		return nil, fmt.Errorf("the relaxed problem ended %v, which should not be: please report it", sol.Status)
	}
	q.until = time.Now().Add(time.Since(q.begin) + 5*time.Second)
	found := r.violations(q.n.m, sol.X)
	if len(found) == 0 {
		if q.p.IsMIP() {
			return none("nothing conflicts but whole numbers: without them everything could be kept"), nil
		}
		return none("nothing conflicts: everything can be kept, to a millionth of its size"), nil
	}
	r, sol, found = q.shrink(r, sol, found)
	sort.SliceStable(found, func(i, j int) bool { return found[i].share > found[j].share })
	c := &Conflict{Notes: []string{}}
	for _, v := range found {
		c.Parts = append(c.Parts, q.part(v, r, sol, found))
	}
	q.lines(c)
	return c, nil
}

// none is the answer where nothing has to give.
func none(line string) *Conflict {
	return &Conflict{Lines: []string{line}, Parts: []Part{}, Notes: []string{}}
}

// solve relaxes some families and solves.
func (q *search) solve(of []*family, factor func(*family) float64) (*relaxed, *lp.Solution, error) {
	if q.ctx.Err() != nil {
		return nil, nil, ErrTime
	}
	r := relax(q.n.m, q.p, of, factor)
	o := q.o
	if o.TimeLimit > 0 {
		if o.TimeLimit -= time.Since(q.begin); o.TimeLimit <= 0 {
			return nil, nil, ErrTime
		}
	}
	sol, _, err := solve.Run(q.ctx, r.p, q.solver, o)
	switch {
	case err != nil:
		return nil, nil, err
	case sol.Status == lp.Limit || sol.Status == lp.Cancelled:
		return nil, nil, ErrTime
	case sol.Status == lp.Optimal && (len(sol.X) != r.p.Cols() || len(sol.Y) != r.p.Rows()):
		return nil, nil, errors.New("the relaxed problem was solved without duals")
	}
	return r, sol, nil
}

// late reports whether the time for making the conflict smaller is up.
func (q *search) late() bool {
	late := q.ctx.Err() != nil || time.Now().After(q.until)
	q.cut = q.cut || late
	return late
}

// shrink leaves out what need not give: each family in turn, the least liked
// first, is made a thousand times as dear; if it then keeps its bound, it is
// not part of the conflict.
func (q *search) shrink(r *relaxed, sol *lp.Solution, found []*violation) (*relaxed, *lp.Solution, []*violation) {
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i].family, found[j].family
		if a.tier != b.tier {
			return a.tier > b.tier
		}
		if a.liking != b.liking {
			return a.liking > b.liking
		}
		return found[i].share < found[j].share
	})
	tried := map[*family]bool{}
	for len(found) > 1 && !q.late() {
		var next *family
		var of []*family
		for _, v := range found {
			of = append(of, v.family)
			if next == nil && !tried[v.family] {
				next = v.family
			}
		}
		if next == nil {
			break
		}
		tried[next] = true
		less, again, err := q.solve(of, func(f *family) float64 {
			if f == next {
				return 1000
			}
			return 1
		})
		if err != nil || again.Status != lp.Optimal {
			break
		}
		left := less.violations(q.n.m, again.X)
		keeps := true
		for _, v := range left {
			keeps = keeps && v.family != next
		}
		if keeps && len(left) > 0 && len(left) < len(found) {
			r, sol, found = less, again, left
		}
	}
	// What might have given and did not still has its price in the duals. Solved
	// once more without it, they are those of the conflict named; of a large
	// problem that takes as long again for little, and is left out.
	if len(found) > 1 || time.Since(q.begin) > quick {
		return r, sol, found // several are solved one by one
	}
	if last, again, err := q.solve([]*family{found[0].family}, func(*family) float64 { return 1 }); err == nil && again.Status == lp.Optimal {
		if left := last.violations(q.n.m, again.X); len(left) > 0 {
			return last, again, left
		}
	}
	return r, sol, found
}

// quick is how long the search may have taken for a solve to be added that only
// cleans what it says.
const quick = 20 * time.Second

// part puts one family that gives in words. Where several give, it is solved
// once more with the others for nothing, so that what binds is what binds this
// one.
func (q *search) part(v *violation, r *relaxed, sol *lp.Solution, found []*violation) Part {
	f := v.family
	m := q.n.m
	cost := 0.0 // a unit of violation and weight
	alone := len(found) == 1
	if !alone && !q.late() {
		var of []*family
		for _, o := range found {
			of = append(of, o.family)
		}
		one, again, err := q.solve(of, func(o *family) float64 {
			if o == f {
				return 1
			}
			return 0
		})
		if err == nil && again.Status == lp.Optimal && again.Objective > 1e-6*sol.Objective {
			r, sol, alone = one, again, true
		}
	}
	a := newAnswer(q.n, q.p, q.ix, r.p.Cost, sol.X, sol.Y)
	p := Part{Binds: []Binding{}, ID: q.ix.Owner(f.block), Steps: len(v.by), Worst: v.by[v.worst], When: q.ix.Label(f.block, v.steps[v.worst])}
	p.Name = q.n.asset(tagOf(m, f.block))
	if f.block.Grid >= 0 {
		p.Count = times(m.Clock, f.block.Grid, v.steps)
	} else {
		p.Count = plural(len(v.steps), "span")
	}
	for _, s := range r.slacks {
		if s.family == f && alone {
			cost = s.cost / f.amount(m, s.member.step)
			break
		}
	}
	for i, by := range v.by {
		p.Sum += by * f.amount(m, v.steps[i])
	}
	scale := 0.0
	if cost > 0 {
		scale = 1 / cost
	}
	for _, t := range a.bindings() {
		if !q.itself(t, f) {
			p.Binds = append(p.Binds, a.binding(t, scale))
		}
	}
	sort.SliceStable(p.Binds, func(i, j int) bool { return p.Binds[i].order < p.Binds[j].order })
	q.say(&p, v, a)
	return p
}

// amount is what a rate of 1 in a step comes to: in a year for a balance, 1
// elsewhere.
func (f *family) amount(m *primitive.Model, step int32) float64 {
	if f.what == formulate.Balance {
		return m.Clock.Grids[f.block.Grid].Amount[step]
	}
	return 1
}

// itself reports whether a binding is the family that gives.
func (q *search) itself(t *tally, f *family) bool {
	return t.block.What == f.what && t.block.Index == f.index && t.block.Sub == f.sub && t.least != f.over &&
		t.what != AtDemand && t.what != AtInflow && t.what != AtBuild && t.what != AtCapacity
}

// say writes the sentence of a part.
func (q *search) say(p *Part, v *violation, a *answer) {
	f, m := v.family, q.n.m
	in, worst, by := "", "", "by "
	if p.Count != "" && f.block.Grid >= 0 {
		in = " in " + p.Count
	}
	for _, one := range v.by {
		if one < p.Worst*(1-1e-3) {
			by, worst = "by up to ", ", worst "+at(p.When)
		}
	}
	step := func() clock.Step { return m.Clock.Grids[f.block.Grid].Step }
	switch f.what {
	case formulate.Balance:
		bus := f.index
		unit := q.n.unitOf(bus)
		p.What, p.Name, p.Unit, p.Per = "shortage", q.n.place(bus), perStep(unit, primitive.EachStep), unit
		verb := "short"
		if f.over {
			p.What, verb = "surplus", "too much"
		}
		if text := q.tank(f, bus); text != "" {
			p.Text = text
			break
		}
		p.Text = fmt.Sprintf("%s: %s %s %s%s", p.Name, q.n.goods(bus), verb, by, rate(p.Worst, unit, step()))
		if p.Steps == 1 {
			p.Text += ", " + at(p.When)
		} else {
			p.Text += in + worst + ", " + quantity(p.Sum, unit) + " in all"
		}
	case formulate.LimitSum:
		l := &m.Limits[f.index]
		p.Name, p.Unit = q.n.limit(l.Name), q.n.limitUnit(l)
		q.sum(p, v, p.Name, "", l.Span, l.Min, l.Max)
	case formulate.TradeTotal:
		tr := &m.Trades[f.index]
		tot := &tr.Scopes[f.sub]
		p.Unit = perStep(q.n.unitOf(tr.Bus), tot.Span)
		verb := " buys"
		if tr.Sell {
			verb = " sells"
		}
		q.sum(p, v, p.Name, verb, tot.Span, tot.Min, tot.Max)
	case formulate.TradeMin, formulate.Rate:
		tr := &m.Trades[f.index]
		verb := "buys"
		if tr.Sell {
			verb = "sells"
		}
		p.What, p.Unit = "floor", perStep(q.n.unitOf(tr.Bus), primitive.EachStep)
		p.Text = fmt.Sprintf("%s %s less than it must%s%s, %s%s", p.Name, verb, in, worst, by, rate(p.Worst, q.n.unitOf(tr.Bus), step()))
	case formulate.UnitFixed:
		p.What = "given value"
		p.Text = fmt.Sprintf("%s cannot keep its given activity%s%s, %s%s", p.Name, in, worst, by, q.activity(p, f, v))
	case formulate.StoreFixed:
		p.What, p.Unit = "given value", q.n.unitOf(m.Stores[f.index].Bus)
		p.Text = fmt.Sprintf("%s cannot keep its given level%s%s, %s%s", p.Name, in, worst, by, quantity(p.Worst, p.Unit))
	case formulate.UnitMin, formulate.UnitRoomMin, formulate.Activity, formulate.UnitMax:
		p.What = "least"
		p.Text = fmt.Sprintf("%s cannot keep its least load%s%s, %s%s", p.Name, in, worst, by, q.activity(p, f, v))
	case formulate.UnitRamp, formulate.UnitOnRamp:
		p.What = "ramp"
		p.Text = fmt.Sprintf("%s would have to change faster than its ramp%s%s, %s%s", p.Name, in, worst, by, q.activity(p, f, v))
	case formulate.UnitWindow, formulate.Sliding:
		p.What = "window"
		less := "less"
		if f.over {
			less = "more"
		}
		p.Text = fmt.Sprintf("%s sums up to %s than its rolling window allows%s%s, %s%s", p.Name, less, in, worst, by, percent(p.Worst/f.scale))
	case formulate.StoreMin, formulate.Level, formulate.StoreMax:
		p.What, p.Unit = "least", q.n.unitOf(m.Stores[f.index].Bus)
		if s := &m.Stores[f.index]; p.Steps == 1 && int(v.steps[0]) == m.Clock.Grids[f.block.Grid].Len()-1 && s.End == primitive.Given {
			p.Text = fmt.Sprintf("%s ends with %s, where at least %s must be left", p.Name, quantity(s.Final-p.Worst, p.Unit), quantity(s.Final, p.Unit))
			break
		}
		p.Text = fmt.Sprintf("%s cannot keep its least level%s%s, %s%s", p.Name, in, worst, by, quantity(p.Worst, p.Unit))
	case formulate.Start:
		p.What, p.Unit = "given value", q.n.unitOf(m.Stores[f.index].Bus)
		s := &m.Stores[f.index]
		if v.steps[0] == 0 {
			p.Text = fmt.Sprintf("%s cannot begin with %s, %s%s", p.Name, quantity(s.Initial, p.Unit), by, quantity(p.Worst, p.Unit))
		} else {
			p.Text = fmt.Sprintf("%s ends with %s, where at least %s must be left", p.Name, quantity(s.Final-p.Worst, p.Unit), quantity(s.Final, p.Unit))
		}
	default:
		p.What = "bound"
		p.Text = fmt.Sprintf("%s cannot keep %v%s%s, %s%s", p.Name, f.what, in, worst, by, percent(p.Worst/f.scale))
	}
	if why := because(p.Binds); why != "" {
		p.Text += "; " + why
	}
	if f.what == formulate.Balance && !f.over && !q.fed(f.index) {
		p.Text += "; nothing feeds it"
	}
}

// activity writes a violation of a unit's activity in its unit, or as a share.
func (q *search) activity(p *Part, f *family, v *violation) string {
	u := &q.n.m.Units[f.index]
	amount, ok := q.n.activityUnit(u)
	if !ok {
		return percent(p.Worst / f.scale)
	}
	p.Unit = perStep(amount, primitive.EachStep)
	return rate(p.Worst, amount, q.n.m.Clock.Grids[f.block.Grid].Step)
}

// sum writes a limit or total that gives: what it comes to and what it should.
func (q *search) sum(p *Part, v *violation, name, verb string, s primitive.Span, least, most []float64) {
	f := v.family
	p.What = "floor"
	side := least
	if f.over {
		p.What, side = "cap", most
	}
	at := v.steps[v.worst]
	bound := side[min(int(at), len(side)-1)]
	if f.block.Grid < 0 && (s == primitive.EachYear || s == primitive.Horizon) {
		p.When = ""
	}
	value := bound - p.Worst
	if f.over {
		value = bound + p.Worst
	}
	in := ""
	switch {
	case f.block.Grid >= 0:
		in = " in " + p.Count
	case s != primitive.EachYear && s != primitive.Horizon:
		var labels []string
		for _, step := range v.steps {
			labels = append(labels, q.ix.Label(f.block, step))
		}
		in = " in " + spans(labels, len(q.ix.SpanLabels(s)))
		p.Count = strings.TrimPrefix(in, " in ")
	default:
		p.Count = ""
	}
	if p.Steps > 1 {
		in += ", worst " + spanName(q.ix.Label(f.block, at))
	}
	switch {
	case p.Unit == "" && f.over:
		p.Text = fmt.Sprintf("%s is exceeded%s, by %s of its size", name, in, percent(p.Worst/f.scale))
	case p.Unit == "":
		p.Text = fmt.Sprintf("%s is missed%s, by %s of its size", name, in, percent(p.Worst/f.scale))
	case f.over:
		if verb == "" {
			verb = " comes to"
		}
		p.Text = fmt.Sprintf("%s%s at least %s%s, where at most %s is allowed", name, verb, quantity(value, p.Unit), in, quantity(bound, p.Unit))
	default:
		if verb == "" {
			verb = " comes to"
		}
		p.Text = fmt.Sprintf("%s%s at most %s%s, where at least %s is asked for", name, verb, quantity(value, p.Unit), in, quantity(bound, p.Unit))
	}
}

// tank says of a store that begins fuller than it may be, or emptier, just that.
func (q *search) tank(f *family, bus int32) string {
	m := q.n.m
	for i := range m.Stores {
		s := &m.Stores[i]
		if s.Bus != bus || s.End == primitive.Cyclic {
			continue
		}
		size := s.Bound.Coef
		if c := s.Bound.Capacity; c != primitive.None {
			size *= m.Capacities[c].Existing + m.Capacities[c].Max
		}
		unit := q.n.unitOf(bus)
		if most := s.Bound.Max.At(0) * size; f.over && s.Initial > most {
			return fmt.Sprintf("%s begins with %s and holds at most %s", q.n.asset(s.Tag), quantity(s.Initial, unit), quantity(most, unit))
		}
		if least := s.Bound.Min.At(0) * size; !f.over && s.Initial < least {
			return fmt.Sprintf("%s begins with %s and must hold at least %s", q.n.asset(s.Tag), quantity(s.Initial, unit), quantity(least, unit))
		}
	}
	return ""
}

// fed reports whether anything could flow into a bus.
func (q *search) fed(bus int32) bool {
	m := q.n.m
	for i := range m.Units {
		for _, p := range m.Units[i].Ports {
			if p.Bus == bus && peak(p.Ratio) > 0 {
				return true
			}
		}
	}
	for i := range m.Trades {
		if m.Trades[i].Bus == bus && !m.Trades[i].Sell {
			return true
		}
	}
	for i := range m.Routes {
		r := &m.Routes[i]
		if r.To == bus || r.From == bus && peak(r.Back) > 0 {
			return true
		}
	}
	for i := range m.Stores {
		if m.Stores[i].Bus == bus {
			return true
		}
	}
	return false
}

// because joins what binds, in the order of kinds, capacities at their maximum
// build in one go, and the ramps and windows of one asset. What matters little
// beside the rest is left to the numbers.
func because(binds []Binding) string {
	most := 0.0
	for _, b := range binds {
		most = math.Max(most, b.Tenth)
	}
	var builds, rest, held []string
	by := map[string][]string{}
	for _, b := range binds {
		name := b.Name
		if b.asset != "" {
			name = b.asset
		}
		switch {
		case b.Tenth < 0.02*most && b.Bound != 0:
		case b.What == AtBuild:
			builds = append(builds, fmt.Sprintf("%s %s", b.Name, quantity(b.Bound, b.Unit)))
		case b.What == AtWindow || b.What == AtRamp:
			what := map[string]string{AtWindow: "rolling window", AtRamp: "ramp"}[b.What]
			if len(by[name]) == 0 {
				held = append(held, name)
			}
			if !slices.Contains(by[name], what) {
				by[name] = append(by[name], what)
			}
		default:
			rest = append(rest, b.Text)
		}
	}
	if len(builds) > 0 {
		rest = append([]string{"at the maximum build: " + list(builds)}, rest...)
	}
	for _, name := range held {
		rest = append(rest, fmt.Sprintf("%s is held by its %s", name, list(by[name])))
	}
	return strings.Join(rest, "; ")
}

// lines gathers the sentences: each part, then what would help most, what is
// not active, and how time was counted.
func (q *search) lines(c *Conflict) {
	for i := range c.Parts {
		p := &c.Parts[i]
		c.Lines = append(c.Lines, p.Text)
		if help := relief(p); help != "" {
			c.Lines = append(c.Lines, help)
		}
	}
	if idle := q.idle(c); idle != "" {
		c.Notes = append(c.Notes, idle)
	}
	if q.n.m.Clock.Sequence != nil {
		c.Notes = append(c.Notes, "hours and amounts are those of the year that the representative periods stand for")
	}
	if q.cut {
		c.Notes = append(c.Notes, "the time was short: not all of this need be part of the conflict")
	}
	c.Lines = append(c.Lines, c.Notes...)
}

// relief says what a tenth more of what binds would save of a shortage, by the
// duals, at most all of it.
func relief(p *Part) string {
	if p.What != "shortage" && p.What != "floor" {
		return ""
	}
	all, unit := p.Sum, p.Per
	if p.What == "floor" {
		all, unit = p.Sum, p.Unit
	}
	var helps []Binding
	for _, b := range p.Binds {
		switch b.What {
		case AtBuild, AtLimit, AtCapacity, AtCeiling, AtTotal, AtInflow:
			if b.Tenth > 0.01*all {
				helps = append(helps, b)
			}
		}
	}
	if len(helps) == 0 || unit == "" {
		return ""
	}
	sort.SliceStable(helps, func(i, j int) bool { return helps[i].Tenth > helps[j].Tenth })
	var words []string
	for i, b := range helps {
		if i == 3 {
			break
		}
		saves := quantity(b.Tenth, unit)
		if b.Tenth >= all {
			saves = "all of it"
		}
		words = append(words, fmt.Sprintf("%s saves %s", b.more, saves))
	}
	return "a tenth more of " + strings.Join(words, ", of ")
}

// idle names assets that are not active in the study and would feed what is
// short: those that could reach it if they were.
func (q *search) idle(c *Conflict) string {
	s := q.n.s
	if s == nil {
		return ""
	}
	short := false
	for _, p := range c.Parts {
		short = short || p.What == "shortage"
	}
	if !short {
		return ""
	}
	whole := *s
	whole.Assets = append([]system.Asset(nil), s.Assets...)
	off := map[string]bool{}
	for i := range whole.Assets {
		if a := &whole.Assets[i]; !a.Active && a.Spec != nil {
			off[a.ID] = true
			a.Active = true
		}
	}
	if len(off) == 0 {
		return ""
	}
	m, problems := system.Expand(&whole)
	if len(problems) > 0 {
		return ""
	}
	reach := map[string]bool{}
	for _, p := range c.Parts {
		if p.What == "shortage" {
			reach[p.ID] = true
		}
	}
	var names []string
	for _, a := range feeders(m, reach) {
		if off[a] {
			names = append(names, both(q.n.assets[a], a))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "not active in this study: " + some(names, 6)
}

// feeders lists assets that can give to some buses, directly or through
// others, in the order of the workspace.
func feeders(m *primitive.Model, reach map[string]bool) []string {
	found := make([]bool, len(m.Assets))
	for again := true; again; {
		again = false
		mark := func(asset int32, gives bool, from ...int32) {
			if !gives {
				return
			}
			if asset >= 0 && !found[asset] {
				found[asset], again = true, true
			}
			for _, b := range from {
				if name := m.Buses[b].Name; !reach[name] {
					reach[name], again = true, true
				}
			}
		}
		in := func(b int32) bool { return reach[m.Buses[b].Name] }
		for i := range m.Units {
			u := &m.Units[i]
			gives, from := false, []int32(nil)
			for _, p := range u.Ports {
				if peak(p.Ratio) > 0 && in(p.Bus) {
					gives = true
				} else if peak(p.Ratio) <= 0 {
					from = append(from, p.Bus)
				}
			}
			mark(u.Asset, gives, from...)
		}
		for i := range m.Trades {
			t := &m.Trades[i]
			mark(t.Asset, !t.Sell && in(t.Bus))
		}
		for i := range m.Routes {
			r := &m.Routes[i]
			mark(r.Asset, in(r.To), r.From)
			mark(r.Asset, in(r.From) && peak(r.Back) > 0, r.To)
		}
	}
	var names []string
	for i, ok := range found {
		if ok {
			names = append(names, m.Assets[i].Name)
		}
	}
	return names
}
