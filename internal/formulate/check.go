package formulate

import (
	"errors"
	"fmt"
	"math"

	"example.org/busbar/internal/primitive"
)

// allow says which numbers an attribute may hold beside finite ones.
type allow uint8

const (
	nonNegative allow = 1 << iota // must not be negative
	plusInf                       // may be +Inf
	minusInf                      // may be -Inf
	notANumber                    // may be NaN: absent
)

// checker collects the faults of a model. Checks of what refers to something
// absent come first; the rest runs on a model whose references hold.
type checker struct {
	*builder
	place  func() string // of the primitive at hand
	asset  int32         // that it belongs to; None: to no one
	faults []error
}

// check returns every fault of the model.
func (b *builder) check() []error {
	k := &checker{builder: b}
	k.on(func() string { return "model" })
	if err := b.layOut(); err != nil {
		return []error{err}
	}
	k.network()
	if len(k.faults) > 0 {
		return k.faults
	}
	k.scenarios()
	if len(k.faults) > 0 {
		return k.faults
	}
	k.capacities()
	k.units()
	k.stores()
	k.routes()
	k.demands()
	k.trades()
	k.lines()
	k.outed()
	if len(k.faults) > 0 {
		return k.faults
	}
	k.faults = append(k.faults, k.distribute()...)
	k.limits()
	return k.faults
}

func (k *checker) fail(format string, args ...any) {
	k.faults = append(k.faults, &Fault{k.asset, k.place() + ": " + fmt.Sprintf(format, args...)})
}

// Fault is one of the faults that Build finds in a model.
type Fault struct {
	Asset int32 // of the model, in whose primitives it lies; None: in no one's
	text  string
}

// fault is one of no asset's.
func fault(format string, args ...any) *Fault {
	return &Fault{primitive.None, fmt.Sprintf(format, args...)}
}

func (f *Fault) Error() string { return f.text }

// Faults are those of an error of Build; nil for another.
func Faults(err error) []*Fault {
	var all []*Fault
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range list.Unwrap() {
			var f *Fault
			if errors.As(one, &f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// on sets the place of what is checked next where it belongs to no asset.
func (k *checker) on(place func() string) { k.place, k.asset = place, primitive.None }

// at sets the place of what is checked next.
func (k *checker) at(kind string, t primitive.Tag, i int) {
	k.place, k.asset = func() string { return kind + " " + tagName(k.m, t, int32(i)) }, t.Asset
}

func (k *checker) number(what string, v float64, ok allow) bool {
	switch {
	case math.IsNaN(v):
		if ok&notANumber == 0 {
			k.fail("%s is NaN, where a number is needed", what)
			return false
		}
	case math.IsInf(v, 1) && ok&plusInf == 0 || math.IsInf(v, -1) && ok&minusInf == 0:
		k.fail("%s is %g, where a finite number is needed", what, v)
		return false
	case v < 0 && ok&nonNegative != 0:
		k.fail("%s is %g, and may not be negative", what, v)
		return false
	}
	return true
}

// series checks the length and every value, and names the first bad one.
func (k *checker) series(what string, s *primitive.Series, ok allow) bool {
	if s.Data == nil {
		return k.number(what, s.Value, ok)
	}
	if len(s.Data) != k.c.Ticks() {
		k.fail("%s has %d values, the clock has %d ticks", what, len(s.Data), k.c.Ticks())
		return false
	}
	for t, v := range s.Data {
		if v-v == 0 && (v >= 0 || ok&nonNegative == 0) {
			continue
		}
		if !k.number(what+" at "+k.stamp(t), v, ok) {
			return false
		}
	}
	return true
}

func (k *checker) stamp(t int) string { return k.c.Stamps[t].Format("2006-01-02T15:04") }

func (k *checker) index(what string, i int32, n int) bool {
	if i < 0 || int(i) >= n {
		k.fail("%s is number %d of %d", what, i, n)
		return false
	}
	return true
}

// grids checks that the steps of an activity and of a bus nest.
func (k *checker) grids(what string, g, bus int32) bool {
	h := k.busGrid(bus)
	if k.nest(g, h) {
		return true
	}
	k.fail("%s: a step of %s and the step of %s on %s don't nest: the longer must be a whole number of the shorter",
		what, k.stepName(g), k.stepName(h), k.m.Buses[bus].Name)
	return false
}

func (k *checker) stepName(g int32) string {
	s := k.times[g].Step
	unit := [...]string{"hour", "day", "week", "month", "year"}[min(int(s.Unit), 4)]
	if s.N == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", s.N, unit)
}

func (k *checker) delay(what string, g int32, delay float64, cyclic bool) {
	if !k.number(what+" delay", delay, nonNegative) {
		return
	}
	if _, err := k.arrivals(g, delay, cyclic); err != nil {
		k.fail("%s: %v", what, err)
	}
	if shortest := k.shortest(g); delay >= shortest && !cyclic {
		k.fail("%s: after a delay of %g h nothing arrives within the %g h of the horizon or of a representative period; make it cyclic, or use longer periods", what, delay, shortest)
	}
}

// shortest is the length of the shortest chain of a grid, in hours.
func (k *checker) shortest(g int32) float64 {
	least := math.Inf(1)
	for _, ch := range k.times[g].chains {
		least = math.Min(least, ch.hours)
	}
	return least
}

// network checks buses, commodities and every reference to them.
func (k *checker) network() {
	m := k.m
	for i := range m.Commodities {
		c := &m.Commodities[i]
		k.on(func() string { return "commodity " + c.Name })
		k.index("grid", c.Grid, len(k.times))
		if c.Balance > primitive.Account {
			k.fail("balance %d is none of exact, free and account", c.Balance)
		}
	}
	for i := range m.Buses {
		s := &m.Buses[i]
		k.on(func() string { return "bus " + s.Name })
		ok := k.index("commodity", s.Commodity, len(m.Commodities))
		k.series("price", &s.Price, 0)
		if ok && !nothing(s.Price) && m.Commodities[s.Commodity].Balance != primitive.Account {
			k.fail("a price needs a commodity whose balance is account, %s isn't", m.Commodities[s.Commodity].Name)
		}
	}
	buses, grids, capacities := len(m.Buses), len(k.times), len(m.Capacities)
	curves := func(u *primitive.Unit) {
		for n := range u.PortCurves {
			k.index(fmt.Sprintf("port curve %d: bus", n+1), u.PortCurves[n].Bus, buses)
		}
	}
	ports := func(what string, ports []primitive.Port) {
		for n := range ports {
			k.index(fmt.Sprintf("%s %d: bus", what, n+1), ports[n].Bus, buses)
		}
	}
	bound := func(bd *primitive.Bound) {
		if bd.Capacity != primitive.None {
			k.index("capacity", bd.Capacity, capacities)
		}
	}
	for i := range m.Capacities {
		k.at("capacity", m.Capacities[i].Tag, i)
		ports("use", m.Capacities[i].Uses)
	}
	for i := range m.Units {
		u := &m.Units[i]
		k.at("unit", u.Tag, i)
		k.index("grid", u.Grid, grids)
		bound(&u.Bound)
		ports("port", u.Ports)
		curves(u)
	}
	for i := range m.Stores {
		s := &m.Stores[i]
		k.at("store", s.Tag, i)
		k.index("bus", s.Bus, buses)
		bound(&s.Bound)
		ports("spill", s.SpillTo)
	}
	for i := range m.Routes {
		r := &m.Routes[i]
		k.at("route", r.Tag, i)
		k.index("grid", r.Grid, grids)
		k.index("from", r.From, buses)
		k.index("to", r.To, buses)
		bound(&r.Bound)
		ports("use", r.Uses)
	}
	for i := range m.Demands {
		k.at("demand", m.Demands[i].Tag, i)
		k.index("bus", m.Demands[i].Bus, buses)
	}
	for i := range m.Trades {
		t := &m.Trades[i]
		k.at("trade", t.Tag, i)
		k.index("bus", t.Bus, buses)
		k.index("grid", t.Grid, grids)
		if t.Bound != nil {
			bound(t.Bound)
		}
		ports("also", t.Also)
	}
	for i := range m.Lines {
		l := &m.Lines[i]
		k.at("line", l.Tag, i)
		k.index("grid", l.Grid, grids)
		k.index("from", l.From, buses)
		k.index("to", l.To, buses)
		bound(&l.Bound)
	}
	for i := range m.Outages {
		o := &m.Outages[i]
		k.on(func() string { return fmt.Sprintf("outage %d", i+1) })
		k.index("line", o.Line, len(m.Lines))
		for n, l := range o.Monitored {
			k.index(fmt.Sprintf("monitored line %d", n+1), l, len(m.Lines))
		}
	}
	for i := range m.Limits {
		l := &m.Limits[i]
		k.on(func() string { return "limit " + l.Name })
		for n := range l.Terms {
			of, size := l.Terms[n].Of, 0
			switch of {
			case primitive.UnitActivity:
				size = len(m.Units)
			case primitive.StoreLevel, primitive.StoreSpill:
				size = len(m.Stores)
			case primitive.RouteFlow:
				size = len(m.Routes)
			case primitive.DemandShed, primitive.DemandServed:
				size = len(m.Demands)
			case primitive.TradeRate:
				size = len(m.Trades)
			case primitive.LineFlow:
				size = len(m.Lines)
			case primitive.CapacitySize:
				size = capacities
			case primitive.BusAccount:
				size = buses
			case primitive.MoneyCost:
				size = int(primitive.Penalty)
			default:
				k.fail("term %d takes a quantity of unknown kind %d", n+1, of)
				continue
			}
			k.index(fmt.Sprintf("term %d: what it takes", n+1), l.Terms[n].Index, size)
		}
	}
}

// scenarios checks the scenarios and every reference to them.
func (k *checker) scenarios() {
	n := len(k.m.Scenarios)
	sum := 0.0
	for i := range k.m.Scenarios {
		s := &k.m.Scenarios[i]
		k.on(func() string { return "scenario " + s.Name })
		k.number("probability", s.Probability, nonNegative)
		sum += s.Probability
	}
	k.on(func() string { return "scenarios" })
	if n > 0 && !(math.Abs(sum-1) <= 1e-6) {
		k.fail("their probabilities sum to %g, and must to 1", sum)
	}
	for i := range k.m.Buses {
		if n > 0 && !nothing(k.m.Buses[i].Price) {
			k.fail("%s has a price of what flows in, which belongs to no scenario: put it on what causes the flow", k.m.Buses[i].Name)
		}
	}
	tag := func(kind string, t primitive.Tag, i int) {
		k.at(kind, t, i)
		if t.Scenario < 0 || int(t.Scenario) > n {
			k.fail("its scenario is number %d of %d", t.Scenario, n)
		}
	}
	m := k.m
	for i := range m.Capacities {
		tag("capacity", m.Capacities[i].Tag, i)
	}
	for i := range m.Units {
		tag("unit", m.Units[i].Tag, i)
		if m.Risk != nil && len(m.Units[i].Quadratic) > 0 {
			k.fail("with Risk a scenario's money must be linear, and this unit has quadratic costs")
		}
	}
	for i := range m.Stores {
		tag("store", m.Stores[i].Tag, i)
	}
	for i := range m.Routes {
		tag("route", m.Routes[i].Tag, i)
	}
	for i := range m.Lines {
		tag("line", m.Lines[i].Tag, i)
	}
	for i := range m.Demands {
		tag("demand", m.Demands[i].Tag, i)
	}
	for i := range m.Trades {
		tag("trade", m.Trades[i].Tag, i)
	}
	k.on(func() string { return "risk" })
	if r := m.Risk; r != nil {
		switch {
		case n == 0:
			k.fail("there are no scenarios whose risk could be weighed")
		case !(r.Alpha >= 0 && r.Alpha < 1):
			k.fail("Alpha is %g; from 0 to below 1 fits", r.Alpha)
		case !(r.Omega >= 0 && r.Omega <= 1):
			k.fail("Omega is %g; from 0 to 1 fits", r.Omega)
		}
	}
}

func (k *checker) capacities() {
	for i := range k.m.Capacities {
		c := &k.m.Capacities[i]
		k.at("capacity", c.Tag, i)
		k.number("existing", c.Existing, nonNegative)
		if k.number("min", c.Min, nonNegative) && k.number("max", c.Max, nonNegative|plusInf) && c.Min > c.Max {
			k.fail("at least %g is to be built and at most %g", c.Min, c.Max)
		}
		if k.number("module", c.Module, nonNegative) && c.Module > 1e15 {
			k.fail("module is %g, larger than any solver counts with (1e15)", c.Module)
		}
		if c.Curve != nil {
			k.curve("its curve", c.Curve)
		}
		k.alive(c.Alive)
		if c.Alive != nil && len(c.Uses) > 0 {
			k.fail("what it uses by the year is counted in all investment periods, and it exists in some of them only")
		}
		k.number("capital", c.Capital, 0)
		k.number("fixed", c.Fixed, 0)
		k.number("sunk", c.Sunk, 0)
		for n := range c.Uses {
			u := &c.Uses[n]
			if !k.account(u.Bus) {
				k.fail("use %d: %s is no account", n+1, k.m.Buses[u.Bus].Name)
			}
			if u.Ratio.Data != nil || u.Delay != 0 {
				k.fail("use %d: a capacity's use is one amount a year, without a delay", n+1)
			}
			k.number(fmt.Sprintf("use %d: ratio", n+1), u.Ratio.Value, 0)
		}
	}
}

func (k *checker) account(bus int32) bool {
	return k.m.Commodities[k.m.Buses[bus].Commodity].Balance == primitive.Account
}

// bound checks a bound's numbers, and that it leaves room between its sides.
func (k *checker) bound(bd *primitive.Bound) {
	wide := plusInf
	if bd.Capacity != primitive.None {
		wide = 0
	}
	ok := k.number("coefficient of the bound", bd.Coef, nonNegative|wide)
	ok = k.series("min", &bd.Min, minusInf) && ok
	ok = k.series("max", &bd.Max, plusInf) && ok
	if ok {
		k.order("min", "max", &bd.Min, &bd.Max)
	}
}

func (k *checker) order(low, high string, least, most *primitive.Series) {
	for t := range k.c.Ticks() {
		if lo, hi := least.At(t), most.At(t); lo > hi {
			k.fail("%s %g is above %s %g at %s", low, lo, high, hi, k.stamp(t))
			return
		}
		if least.Data == nil && most.Data == nil {
			return
		}
	}
}

func (k *checker) ports(what string, g int32, ports []primitive.Port) {
	for n := range ports {
		p := &ports[n]
		name := fmt.Sprintf("%s %d (%s)", what, n+1, k.m.Buses[p.Bus].Name)
		k.series(name+" ratio", &p.Ratio, 0)
		k.grids(name, g, p.Bus)
		if !p.Sampled || p.Delay <= 0 {
			k.delay(name, g, p.Delay, p.Cyclic)
			continue
		}
		if k.number(name+" delay", p.Delay, 0) && (k.account(p.Bus) || k.busGrid(p.Bus) != g) {
			k.fail("%s: a sampled delay needs a bus that balances on the unit's own step", name)
		}
	}
}

func (k *checker) costs(costs []primitive.Cost) {
	for n := range costs {
		if costs[n].Class >= primitive.Penalty {
			k.fail("cost %d has the class %d, which is no money", n+1, costs[n].Class)
		}
		k.series(fmt.Sprintf("cost %d", n+1), &costs[n].Per, 0)
	}
}

// fixed checks given values: a step has one, or is free.
func (k *checker) fixed(s *primitive.Series, g int32) {
	if s == nil || !k.series("fixed", s, notANumber) || s.Data == nil {
		return
	}
	tl := &k.times[g]
	for t := range tl.Len() {
		n := 0
		for tick := tl.First[t]; tick < tl.First[t+1]; tick++ {
			if math.IsNaN(s.Data[tick]) {
				n++
			}
		}
		if n > 0 && n < int(tl.First[t+1]-tl.First[t]) {
			k.fail("fixed: the step at %s has numbers and gaps", k.stamp(int(tl.First[t])))
			return
		}
	}
}

func (k *checker) units() {
	for i := range k.m.Units {
		u := &k.m.Units[i]
		k.at("unit", u.Tag, i)
		k.bound(&u.Bound)
		k.ports("port", u.Grid, u.Ports)
		k.costs(u.Costs)
		k.fixed(u.Fixed, u.Grid)
		sized := finite(u.Bound.Coef)
		if r := u.Ramp; r != nil {
			k.number("ramp up", r.Up, nonNegative|notANumber|plusInf)
			k.number("ramp down", r.Down, nonNegative|notANumber|plusInf)
			k.number("ramp's initial activity", r.Initial, notANumber)
			for _, s := range []struct {
				what string
				data []float64
			}{{"ramps up", r.Ups}, {"ramps down", r.Downs}} {
				if s.data != nil {
					k.series(s.what, &primitive.Series{Data: s.data}, nonNegative|notANumber|plusInf)
				}
			}
			if !sized && (finite(r.Up) || finite(r.Down) || r.Ups != nil || r.Downs != nil) {
				k.fail("a ramp is a share of a size, and this unit's size has no bound")
			}
		}
		k.alive(u.Alive)
		if u.Alive != nil && len(u.Windows) > 0 {
			k.fail("its windows hold in all investment periods, and it exists in some of them only")
		}
		k.curved(u)
		if u.Commitment != nil {
			k.commitment(u)
		}
		if u.Maintenance != nil {
			k.maintenance(u)
		}
		for n := range u.Windows {
			w := &u.Windows[n]
			what := fmt.Sprintf("window %d", n+1)
			if k.number(what+" hours", w.Hours, 0) && !(w.Hours > 0) {
				k.fail("%s has %g hours", what, w.Hours)
			} else if shortest := k.shortest(u.Grid); w.Hours > shortest && !w.Cyclic {
				k.fail("%s of %g h is longer than the %g h of the horizon or of a representative period, and would hold nowhere; make it cyclic, or use longer periods", what, w.Hours, shortest)
			}
			if k.number(what+" min", w.Min, minusInf) && k.number(what+" max", w.Max, plusInf) && w.Min > w.Max {
				k.fail("%s: min %g is above max %g", what, w.Min, w.Max)
			}
			if !sized && (finite(w.Min) || finite(w.Max)) {
				k.fail("%s is in full-load hours, and this unit's size has no bound", what)
			}
		}
	}
}

// curve checks the points of a curve.
func (k *checker) curve(what string, c *primitive.Curve) bool {
	if len(c.X) < 2 || len(c.X) != len(c.Y) {
		k.fail("%s has %d points with %d values; two or more fit, a value each", what, len(c.X), len(c.Y))
		return false
	}
	for n := range c.X {
		if !k.number(what+": point", c.X[n], 0) || !k.number(what+": value", c.Y[n], 0) {
			return false
		}
		if n > 0 && c.X[n] <= c.X[n-1] {
			k.fail("%s: point %g comes after %g, and must be above it", what, c.X[n], c.X[n-1])
			return false
		}
	}
	return true
}

func (k *checker) curved(u *primitive.Unit) {
	for n := range u.Quadratic {
		if u.Quadratic[n].Class >= primitive.Sale {
			k.fail("quadratic cost %d is a sale or a penalty: only what costs may be quadratic", n+1)
		}
		k.series(fmt.Sprintf("quadratic cost %d", n+1), &u.Quadratic[n].Per, nonNegative)
	}
	if len(u.Curves)+len(u.PortCurves) > 0 && u.Commitment != nil && u.Commitment.Module > 0 {
		k.fail("curves are of a whole unit, and this one's machines switch one by one")
	}
	for n := range u.Curves {
		k.curve(fmt.Sprintf("price curve %d", n+1), &u.Curves[n].Curve)
		if u.Curves[n].Class >= primitive.Penalty {
			k.fail("price curve %d has the class %d, which is no money", n+1, u.Curves[n].Class)
		}
	}
	for n := range u.PortCurves {
		p := &u.PortCurves[n]
		what := fmt.Sprintf("port curve %d", n+1)
		if k.curve(what, &p.Curve) && p.Y[0] != 0 && u.Commitment == nil {
			k.fail("%s begins with %g at %g: without commitment it must begin with 0", what, p.Y[0], p.X[0])
		}
		k.grids(what, u.Grid, p.Bus)
	}
}

func (k *checker) commitment(u *primitive.Unit) {
	c := u.Commitment
	k.number("size of a machine", c.Module, nonNegative)
	k.series("cost of standing by", &c.StandBy, 0)
	k.series("cost of a start", &c.Start, 0)
	k.series("cost of a stop", &c.Stop, 0)
	k.number("share of start ramp", c.RampStart, nonNegative|notANumber)
	k.number("share of stop ramp", c.RampStop, nonNegative|notANumber)
	k.number("number of machines that rest", c.DownOf, nonNegative)
	k.number("big", c.Big, nonNegative)
	if c.MinUp < 0 || c.MinDown < 0 {
		k.fail("MinUp is %d and MinDown %d steps, and may not be negative", c.MinUp, c.MinDown)
	}
	for _, v := range c.History {
		k.number("history", v, nonNegative)
	}
	if c.History != nil && len(c.History) == 0 {
		k.fail("history is empty; nil for what Before says")
	}
	size, built := k.sizeAhead(&u.Bound)
	if c.Tight && (!c.Relaxed || c.Module > 0 || built) {
		k.fail("Tight is for a commitment that is Relaxed, of one machine of a given size")
	}
	if !finite(size) && c.Module == 0 && c.Big == 0 {
		k.fail("a commitment needs a largest size, and this unit's bound has none")
	}
	if k.c.Sequence != nil && !c.Cyclic {
		k.fail("in representative periods a commitment must be cyclic: what was before each is not known")
	}
}

// sizeAhead is the largest size of a bound, and whether it may be built: known
// before the columns are.
func (k *checker) sizeAhead(bd *primitive.Bound) (size float64, built bool) {
	if bd.Capacity == primitive.None {
		return bd.Coef, false
	}
	c := &k.m.Capacities[bd.Capacity]
	return bd.Coef * (c.Existing + c.Max), c.Max > c.Min
}

func (k *checker) maintenance(u *primitive.Unit) {
	m := u.Maintenance
	if m.Events < 0 {
		k.fail("%d maintenances are asked for", m.Events)
	}
	if k.number("hours of maintenance", m.Hours, 0) && m.Hours <= 0 {
		k.fail("maintenance has %g hours", m.Hours)
	}
	if k.number("share of maintenance", m.Share, nonNegative) && m.Share > 1 {
		k.fail("maintenance takes %g of the size, more than all", m.Share)
	}
	if size, _ := k.sizeAhead(&u.Bound); !finite(size) {
		k.fail("maintenance needs a largest size, and this unit's bound has none")
	}
	if k.c.Sequence != nil {
		k.fail("maintenance needs the full horizon: one representative step stands for many")
	}
}

func (k *checker) stores() {
	linkable := true
	if k.c.Sequence != nil {
		k.on(func() string { return "clock" })
		linkable = k.sequence()
	}
	for i := range k.m.Stores {
		s := &k.m.Stores[i]
		k.at("store", s.Tag, i)
		if k.account(s.Bus) {
			k.fail("%s is an account: it has no balance that a store could keep", k.m.Buses[s.Bus].Name)
		}
		k.bound(&s.Bound)
		if k.number("loss", s.Loss, nonNegative) && s.Loss > 1 {
			k.fail("loss is %g, more than all an hour", s.Loss)
		}
		k.series("inflow", &s.Inflow, 0)
		if s.Spill {
			k.series("largest spill", &s.SpillMax, nonNegative|plusInf)
			k.number("cost of spilling", s.SpillCost, 0)
			k.ports("spill", k.busGrid(s.Bus), s.SpillTo)
		} else if len(s.SpillTo) > 0 {
			k.fail("it says where it spills to, and may not spill")
		}
		switch s.End {
		case primitive.Cyclic:
		case primitive.Given:
			k.number("initial", s.Initial, 0)
			k.number("final", s.Final, notANumber)
			if most := k.largest(&s.Bound); s.Final > most {
				k.fail("final %g is above the largest level, %g", s.Final, most)
			}
		case primitive.Valued:
			k.number("initial", s.Initial, 0)
			k.number("value", s.Value, 0)
		default:
			k.fail("end %d is none of cyclic, given and valued", s.End)
		}
		k.alive(s.Alive)
		if (s.Alive != nil || s.Carry) && k.c.Sequence != nil {
			k.fail("investment periods and representative ones don't go together: Alive and Carry need the full horizon")
		}
		k.costs(s.Costs)
		k.fixed(s.Fixed, k.busGrid(s.Bus))
		if s.Fixed != nil && k.c.Sequence != nil {
			k.fail("a level can't be given with representative periods: one step stands for many")
		}
		if !linkable {
			return
		}
	}
}

// largest is the upper bound of the last level.
func (k *checker) largest(bd *primitive.Bound) float64 {
	size := bd.Coef
	if bd.Capacity != primitive.None {
		c := &k.m.Capacities[bd.Capacity]
		size *= c.Existing + c.Max
	}
	return times(bd.Max.At(k.c.Ticks()-1), size)
}

// sequence checks that the original periods are covered by chains of their
// length.
func (k *checker) sequence() bool {
	if _, err := k.occurrences(); err != nil {
		k.fail("%v", err)
		return false
	}
	for n, ch := range k.times[0].chains {
		if math.Abs(ch.hours-k.c.OriginalHours) > 1e-6*k.c.OriginalHours {
			k.fail("representative period %d has %g hours, the original ones have %g", n+1, ch.hours, k.c.OriginalHours)
			return false
		}
	}
	return true
}

func (k *checker) routes() {
	for i := range k.m.Routes {
		r := &k.m.Routes[i]
		k.at("route", r.Tag, i)
		k.bound(&r.Bound)
		if r.Bound.Min.Data != nil || r.Bound.Min.Value != 0 {
			k.fail("its bound has a min, which must be 0")
		}
		if k.series("back", &r.Back, nonNegative) {
			k.order("back", "the most of", &r.Back, &one)
		}
		if k.number("loss", r.Loss, nonNegative) && r.Loss > 1 {
			k.fail("loss is %g, more than what is sent", r.Loss)
		}
		from, to := k.m.Buses[r.From].Commodity, k.m.Buses[r.To].Commodity
		if from != to {
			k.fail("it begins with %s and ends with %s", k.m.Commodities[from].Name, k.m.Commodities[to].Name)
		}
		k.grids("from", r.Grid, r.From)
		k.grids("to", r.Grid, r.To)
		k.delay("its", r.Grid, r.Delay, r.Cyclic)
		k.costs(r.Costs)
		k.ports("use", r.Grid, r.Uses)
	}
}

func (k *checker) blocks(what string, blocks []primitive.Block) {
	for n := range blocks {
		k.series(fmt.Sprintf("%s %d: size", what, n+1), &blocks[n].Size, nonNegative|plusInf)
		k.series(fmt.Sprintf("%s %d: price", what, n+1), &blocks[n].Price, 0)
	}
}

func (k *checker) demands() {
	for i := range k.m.Demands {
		d := &k.m.Demands[i]
		k.at("demand", d.Tag, i)
		k.series("amount", &d.Amount, 0)
		if k.number("share that may be shed", d.ShedMax, nonNegative) && d.ShedMax > 1 {
			k.fail("%g of it may be shed, more than all", d.ShedMax)
		}
		k.number("cost of shedding", d.ShedCost, 0)
		k.blocks("elastic block", d.Elastic)
	}
}

func (k *checker) trades() {
	for i := range k.m.Trades {
		t := &k.m.Trades[i]
		k.at("trade", t.Tag, i)
		k.grids("its step", t.Grid, t.Bus)
		if t.Bound != nil {
			k.bound(t.Bound)
		} else if k.series("min", &t.Min, 0) && k.series("max", &t.Max, plusInf) {
			k.order("min", "max", &t.Min, &t.Max)
		}
		k.series("price", &t.Price, 0)
		k.blocks("block", t.Blocks)
		k.ports("also", t.Grid, t.Also)
		for n := range t.Scopes {
			s := &t.Scopes[n]
			k.perSpan(fmt.Sprintf("total %d", n+1), s.Span, func() int32 { return t.Grid }, s.Min, s.Max)
		}
	}
}

// alive checks that a mask has a value for each investment period.
func (k *checker) alive(mask []bool) {
	if mask != nil && len(mask) != len(k.c.Periods) {
		k.fail("alive has %d values, the clock has %d investment periods", len(mask), len(k.c.Periods))
	}
}

func (k *checker) lines() {
	for i := range k.m.Lines {
		l := &k.m.Lines[i]
		k.at("line", l.Tag, i)
		k.bound(&l.Bound)
		k.alive(l.Alive)
		from, to := &k.m.Buses[l.From], &k.m.Buses[l.To]
		switch {
		case l.From == l.To:
			k.fail("it begins and ends at %s", from.Name)
		case from.Commodity != to.Commodity:
			k.fail("it begins with %s and ends with %s", k.m.Commodities[from.Commodity].Name, k.m.Commodities[to.Commodity].Name)
		case l.Grid != k.busGrid(l.From):
			k.fail("its step is %s, that of %s is %s", k.stepName(l.Grid), from.Name, k.stepName(k.busGrid(l.From)))
		}
		if k.number("X", l.X, plusInf) && l.X == 0 {
			k.fail("X is 0: no angle would drive its flow; a small reactance, or +Inf for a line in no cycle, fits")
		}
		k.series("shift", &l.Shift, 0)
		k.number("smallest shift", l.ShiftMin, 0)
		k.number("largest shift", l.ShiftMax, 0)
		if k.number("smallest angle", l.AngleMin, minusInf) && k.number("largest angle", l.AngleMax, plusInf) && l.AngleMin > l.AngleMax {
			k.fail("the angle between its ends may not be below %g nor above %g: nothing fits", l.AngleMin, l.AngleMax)
		}
		if l.Loss != nil && k.number("resistance", l.Loss.R, nonNegative) {
			k.losses(l)
		}
	}
}

// outed checks that angles drive the lines that fail: without one there is
// nothing to say what takes over.
func (k *checker) outed() {
	for i := range k.m.Outages {
		l := &k.m.Lines[k.m.Outages[i].Line]
		k.on(func() string { return fmt.Sprintf("outage %d", i+1) })
		if math.IsInf(l.X, 0) {
			k.fail("line %s has an infinite X and is in no cycle: what would take over its flow isn't known", tagName(k.m, l.Tag, k.m.Outages[i].Line))
		}
	}
}

func (k *checker) losses(l *primitive.Line) {
	for t := range k.times[l.Grid].Len() {
		if !finite(k.reach(l, int32(t))) {
			k.fail("losses need a largest flow, and its bound has none")
			return
		}
	}
	switch n := len(l.Loss.Secants); {
	case l.Loss.Tangents < 0 || l.Loss.Tangents > 0 && n > 0 || l.Loss.Tangents == 0 && n < 2:
		k.fail("losses need a number of tangents, or two flows or more for secants")
	case n > 0 && l.Loss.Secants[0] != 0:
		k.fail("the first secant begins at a flow of %g, and must at 0", l.Loss.Secants[0])
	}
	for n := 1; n < len(l.Loss.Secants); n++ {
		if v := l.Loss.Secants[n]; !finite(v) || v < l.Loss.Secants[n-1] {
			k.fail("secant %d ends at a flow of %g, after one that ends at %g", n, v, l.Loss.Secants[n-1])
		}
	}
}

// perSpan checks that limits hold one value, or one a span, and don't cross.
func (k *checker) perSpan(what string, s primitive.Span, grid func() int32, least, most []float64) {
	n := 0
	if s == primitive.EachStep {
		n = k.eachStep(grid()).n
	} else {
		sp, err := k.set(s)
		if err != nil {
			k.fail("%s: %v", what, err)
			return
		}
		n = sp.n
	}
	for _, side := range []struct {
		name   string
		values []float64
		ok     allow
	}{{"min", least, minusInf}, {"max", most, plusInf}} {
		if len(side.values) > 1 && len(side.values) != n {
			k.fail("%s has %d values of %s, and %d spans: one value holds for all", what, len(side.values), side.name, n)
			return
		}
		for _, v := range side.values {
			if !k.number(side.name+" of "+what, v, side.ok) {
				return
			}
		}
	}
	for t := range n {
		if lo, hi := of(least, t, math.Inf(-1)), of(most, t, math.Inf(1)); lo > hi {
			k.fail("min %g is above max %g in span %d of %s", lo, hi, t+1, what)
			return
		}
	}
}

func (k *checker) limits() {
	for i := range k.m.Limits {
		l := &k.m.Limits[i]
		k.on(func() string { return "limit " + l.Name })
		if k.number("its price of violation", l.Soft, notANumber) && l.Soft <= 0 {
			k.fail("its price of violation is %g: violating it would cost nothing; NaN makes it hard", l.Soft)
		}
		for n := range l.Terms {
			t := &l.Terms[n]
			what := fmt.Sprintf("term %d", n+1)
			k.series(what+" coefficient", &t.Coef, 0)
			switch t.Of {
			case primitive.StoreLevel:
				if k.c.Sequence != nil {
					k.fail("%s: a level can't be limited with representative periods, where one step stands for many; use the full horizon", what)
				}
			case primitive.BusAccount:
				if !k.account(t.Index) {
					k.fail("%s: %s is no account", what, k.m.Buses[t.Index].Name)
				}
			case primitive.MoneyCost:
				if l.Span != primitive.Horizon && (l.Span != primitive.EachYear || len(k.c.Periods) > 1) {
					k.fail("%s: money is limited over the whole horizon", what)
				}
				if t.Coef.Data != nil {
					k.fail("%s: the coefficient of money must be one number", what)
				}
				for n := range k.m.Units {
					for _, q := range k.m.Units[n].Quadratic {
						if int32(q.Class) == t.Index {
							k.fail("%s: money with quadratic costs can't be limited", what)
						}
					}
				}
			}
		}
		k.perSpan("it", l.Span, func() int32 {
			g := k.limitGrid(l)
			return g
		}, l.Min, l.Max)
		if l.Span == primitive.EachStep {
			k.limitNests(l)
		}
	}
}

// limitNests: compared step by step, the grids of a limit's terms must nest.
func (k *checker) limitNests(l *primitive.Limit) {
	one := *l
	finest := k.limitGrid(l)
	for n := range l.Terms {
		one.Terms = l.Terms[n : n+1]
		if g := k.limitGrid(&one); g != finest && k.within(finest, g) == nil {
			// A capacity or an account without flows has no step of its own.
			if of := l.Terms[n].Of; of == primitive.CapacitySize || of == primitive.BusAccount {
				continue
			}
			k.fail("term %d: a step of %s isn't a whole number of steps of %s, the finest among the terms", n+1, k.stepName(g), k.stepName(finest))
		}
	}
}
