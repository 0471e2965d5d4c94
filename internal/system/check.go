package system

import (
	"math"
	"slices"
	"strconv"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// finite refuses numbers that a kind made of its attributes and that no
// solver could use. Where the primitives allow NaN or an infinity, so does it.
func (e *expander) finite() {
	m := e.m
	bad := func(tag primitive.Tag, what string) {
		part := tag.Part
		if part != "" {
			part = " of its " + part
		}
		e.fail(e.of[tag.Asset], "", "not-finite", "the %s%s is no finite number; look for a zero efficiency, energy or price", what, part)
	}
	number := func(tag primitive.Tag, what string, v ...float64) {
		for _, v := range v {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				bad(tag, what)
				return
			}
		}
	}
	series := func(tag primitive.Tag, what string, s primitive.Series) {
		if s.Data == nil {
			number(tag, what, s.Value)
			return
		}
		number(tag, what, s.Data...)
	}
	rate := func(tag primitive.Tag, what string, s primitive.Series) { // may be unlimited
		if s.Data != nil || !math.IsInf(s.Value, 0) {
			series(tag, what, s)
		}
	}
	ports := func(tag primitive.Tag, p []primitive.Port) {
		for _, p := range p {
			series(tag, "flow per activity on "+m.Buses[p.Bus].Name, p.Ratio)
			number(tag, "delay", p.Delay)
		}
	}
	costs := func(tag primitive.Tag, c []primitive.Cost) {
		for _, c := range c {
			series(tag, "cost", c.Per)
		}
	}
	bound := func(tag primitive.Tag, b primitive.Bound) {
		if math.IsNaN(b.Coef) {
			bad(tag, "bound")
		}
		rate(tag, "least", b.Min)
		rate(tag, "most", b.Max)
	}
	for i := range m.Capacities {
		v := &m.Capacities[i]
		number(v.Tag, "capacity", v.Existing, v.Min)
		if math.IsNaN(v.Max) || math.IsInf(v.Max, -1) {
			bad(v.Tag, "most that may be built")
		}
		number(v.Tag, "cost of capacity", v.Capital, v.Fixed, v.Sunk)
		ports(v.Tag, v.Uses)
	}
	for i := range m.Units {
		v := &m.Units[i]
		bound(v.Tag, v.Bound)
		ports(v.Tag, v.Ports)
		costs(v.Tag, v.Costs)
	}
	for i := range m.Stores {
		v := &m.Stores[i]
		bound(v.Tag, v.Bound)
		number(v.Tag, "loss", v.Loss, v.SpillCost)
		series(v.Tag, "inflow", v.Inflow)
		ports(v.Tag, v.SpillTo)
		costs(v.Tag, v.Costs)
		if v.End != primitive.Cyclic {
			number(v.Tag, "first level", v.Initial)
		}
	}
	for i := range m.Routes {
		v := &m.Routes[i]
		bound(v.Tag, v.Bound)
		number(v.Tag, "loss", v.Loss, v.Delay)
		costs(v.Tag, v.Costs)
		ports(v.Tag, v.Uses)
	}
	for i := range m.Demands {
		v := &m.Demands[i]
		series(v.Tag, "demand", v.Amount)
		number(v.Tag, "cost of unserved demand", v.ShedCost)
		for _, b := range v.Elastic {
			series(v.Tag, "price", b.Price)
		}
	}
	for i := range m.Trades {
		v := &m.Trades[i]
		series(v.Tag, "price", v.Price)
		rate(v.Tag, "most", v.Max)
		rate(v.Tag, "least", v.Min)
		for _, b := range v.Blocks {
			series(v.Tag, "price", b.Price)
		}
		ports(v.Tag, v.Also)
	}
}

// steps refuses units, routes and trades in which two steps meet that do not
// nest: week and month.
func (e *expander) steps() {
	m := e.m
	grid := func(bus int32) (int32, bool) {
		c := &m.Commodities[m.Buses[bus].Commodity]
		return c.Grid, c.Balance != primitive.Account
	}
	check := func(tag primitive.Tag, own int32, buses ...int32) {
		for _, b := range buses {
			g, balanced := grid(b)
			if !balanced || g == primitive.None || own == primitive.None {
				continue
			}
			if !e.Clock.Nests(own, g) && !e.Clock.Nests(g, own) {
				e.fail(e.of[tag.Asset], "", "step-nesting", "its step of %s meets %s, whose step is %s; one must be a whole number of the other (day in week, day in month, never week in month)",
					e.Clock.Grids[own].Step, m.Buses[b].Name, e.Clock.Grids[g].Step)
				return
			}
		}
	}
	for i := range m.Units {
		v := &m.Units[i]
		var buses []int32
		for _, p := range v.Ports {
			buses = append(buses, p.Bus)
		}
		check(v.Tag, v.Grid, buses...)
	}
	for i := range m.Routes {
		check(m.Routes[i].Tag, m.Routes[i].Grid, m.Routes[i].From, m.Routes[i].To)
	}
	for i := range m.Trades {
		check(m.Trades[i].Tag, m.Trades[i].Grid, m.Trades[i].Bus)
	}
}

// use says what may happen on a bus. Forced flows must happen, whatever they
// cost; the tag is of the first that is.
type use struct {
	gives, takes       bool
	mustGive, mustTake *primitive.Tag
	much               float64 // of what must be taken, at its peak; 0 if not known
}

// balances refuses buses on which something must be taken that nothing could
// give, or given that nothing could take, at whatever size and hour. What only
// makes no sense (an offer nobody takes) becomes a note.
func (e *expander) balances() {
	m := e.m
	on := make([]use, len(m.Buses))
	flow := func(tag *primitive.Tag, bus int32, in, out bool, forcedIn, forcedOut bool) {
		u := &on[bus]
		u.gives = u.gives || in
		u.takes = u.takes || out
		if forcedIn && u.mustGive == nil {
			u.mustGive = tag
		}
		if forcedOut && u.mustTake == nil {
			u.mustTake = tag
		}
	}
	ports := func(tag *primitive.Tag, p []primitive.Port, r reach) {
		for i := range p {
			low, high := span(p[i].Ratio)
			in := high > 0 && r.up || low < 0 && r.down
			out := low < 0 && r.up || high > 0 && r.down
			flow(tag, p[i].Bus, in, out, low > 0 && r.forced, high < 0 && r.forced)
		}
	}
	for i := range m.Units {
		v := &m.Units[i]
		r := e.reach(v.Bound)
		r.forced = r.forced && v.Commitment == nil // it may stand still
		if v.Fixed != nil {
			low, high := span(*v.Fixed)
			r = reach{up: r.up || high > 0, down: r.down || low < 0, forced: r.forced || low > 0}
		}
		ports(&v.Tag, v.Ports, r)
		for _, c := range v.PortCurves {
			flow(&v.Tag, c.Bus, slices.Max(c.Y) > 0, slices.Min(c.Y) < 0, false, false)
		}
	}
	for i := range m.Lines {
		v := &m.Lines[i]
		r := e.reach(v.Bound)
		for _, bus := range []int32{v.From, v.To} {
			flow(&v.Tag, bus, r.up || r.down, r.up || r.down, false, false)
		}
	}
	for i := range m.Stores {
		v := &m.Stores[i]
		_, inflow := span(v.Inflow)
		_, spill := span(v.SpillMax)
		open := v.End != primitive.Cyclic
		flow(&v.Tag, v.Bus, inflow > 0 || open && v.Initial > 0, open || v.Spill && spill > 0 || v.Loss > 0, inflow > 0, false)
		ports(&v.Tag, v.SpillTo, reach{up: v.Spill && spill > 0})
	}
	for i := range m.Routes {
		v := &m.Routes[i]
		r := e.reach(v.Bound)
		_, back := span(v.Back)
		flow(&v.Tag, v.From, r.up && back > 0, r.up, false, false)
		flow(&v.Tag, v.To, r.up, r.up && back > 0, false, false)
		ports(&v.Tag, v.Uses, reach{up: r.up})
	}
	for i := range m.Demands {
		v := &m.Demands[i]
		low, high := span(v.Amount)
		must := high > 0 && v.ShedMax < 1
		if must && on[v.Bus].mustTake == nil {
			on[v.Bus].much = high
		}
		flow(&v.Tag, v.Bus, low < 0, high > 0 || len(v.Elastic) > 0, low < 0, must)
	}
	for i := range m.Trades {
		v := &m.Trades[i]
		_, most := span(v.Max)
		least, _ := span(v.Min)
		may, must := most > 0, least > 0
		if v.Bound != nil {
			r := e.reach(*v.Bound)
			may, must = r.up, r.forced
		}
		for _, b := range v.Blocks {
			_, size := span(b.Size)
			may = may || size > 0
		}
		flow(&v.Tag, v.Bus, may && !v.Sell, may && v.Sell, must && !v.Sell, must && v.Sell)
		ports(&v.Tag, v.Also, reach{up: may})
	}
	for b := range on {
		u, bus := &on[b], &m.Buses[b]
		c := &m.Commodities[bus.Commodity]
		takes := u.takes || c.Balance == primitive.Free
		name := bus.Name
		switch {
		case c.Balance == primitive.Account:
		case u.mustTake != nil && !u.gives:
			much := ""
			if u.much > 0 {
				much = " (up to " + strconv.FormatFloat(u.much, 'g', 6, 64) + " " + hourly(c.Unit) + ")"
			}
			e.fail(e.of[u.mustTake.Asset], "", "no-supply", "it must have %s%s, and nothing can give any; add a source, a purchase or a route to it", name, much)
		case u.mustGive != nil && !takes:
			e.fail(e.of[u.mustGive.Asset], "", "no-use", "it must give %s, and nothing can take any; add a use or a sale, let it spill, or declare balance: free", name)
		case u.gives && !takes:
			e.note("Nothing can take %s, so none is made.", name)
		case takes && !u.gives && u.takes:
			e.note("Nothing can give %s, so none is used.", name)
		}
	}
}

// hourly is the unit of an amount's flow: MW for MWh.
func hourly(amount string) string {
	u, err := known(amount).Per(unit.Must("h"))
	if err != nil {
		return amount + "/h"
	}
	return u.Base().Text
}

// reach is what an activity's bounds leave: above 0, below 0, 0 excluded.
type reach struct{ up, down, forced bool }

func (e *expander) reach(b primitive.Bound) reach {
	may, must := 1.0, 1.0
	if b.Capacity != primitive.None {
		c := &e.m.Capacities[b.Capacity]
		may, must = c.Existing+c.Max, c.Existing+c.Min
	}
	_, most := span(b.Max)
	least, top := span(b.Min)
	return reach{
		up:     most > 0 && b.Coef > 0 && may > 0,
		down:   least < 0 && b.Coef > 0 && may > 0,
		forced: top > 0 && b.Coef > 0 && must > 0,
	}
}

// span is the least and the greatest value of a series; NaN is passed over.
func span(s primitive.Series) (low, high float64) {
	if s.Data == nil {
		return s.Value, s.Value
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range s.Data {
		if v < low {
			low = v
		}
		if v > high {
			high = v
		}
	}
	return low, high
}
