package export

import (
	"math"
	"strconv"

	"example.org/busbar/internal/primitive"
)

// emit writes every store and machine.
func (k *maker) emit() {
	for _, s := range k.stored {
		if s.out != nil {
			k.storageUnit(s)
		} else {
			k.store(s)
		}
	}
	for _, x := range k.machines {
		if !x.done {
			k.machineRow(x)
		}
	}
}

// form is the component a machine becomes, with its ports in order. A rate of
// one port is a Generator; one that draws a constant amount from some bus a Link
// (its rate counted there); any other a Process, whose rates are the ratios.
func (k *maker) form(x *machine) (component string, ports []port, scale float64) {
	curved := x.unit != nil && len(x.unit.PortCurves) > 0
	if !curved && !x.shares && len(x.ports) == 0 {
		return "Generator", nil, 1
	}
	if !curved && !x.shares && len(x.ports) == 1 && x.ports[0].delay == 0 {
		if _, ok := steady(x.ports[0].ratio); ok {
			return "Generator", x.ports, 1
		}
	}
	best := -1
	for n, p := range x.ports {
		v, ok := steady(p.ratio)
		if !ok || v >= 0 || p.delay > 0 {
			continue
		}
		if v == -1 {
			best = n
			break
		}
		if best < 0 && x.shares {
			best = n
		}
	}
	if x.length == x.length && best < 0 || x.shares && best < 0 {
		// It draws from nowhere: from a bus that balances itself.
		x.ports = append([]port{{bus: k.elsewhere(), ratio: primitive.Const(-1)}}, x.ports...)
		best = 0
	}
	if best < 0 || len(x.ports) == 1 && !curved {
		ports = x.ports
		if len(ports) == 1 {
			ports = append(append([]port{}, ports...), port{bus: k.elsewhere(), ratio: primitive.Const(0)})
		}
		return "Process", ports, 1
	}
	ports = append([]port{x.ports[best]}, x.ports[:best]...)
	ports = append(ports, x.ports[best+1:]...)
	v, _ := steady(ports[0].ratio)
	if len(ports) == 1 && !curved {
		ports = append(ports, port{bus: k.elsewhere(), ratio: primitive.Const(0)})
	}
	return "Link", ports, -v
}

// machineRow writes a machine; scale is PyPSA's rate by the machine's.
func (k *maker) machineRow(x *machine) {
	component, ports, scale := k.form(x)
	r := k.add(component, x.name)
	x.row = r
	k.carry(r, x.carrier, x.asset)
	k.lives(r, x.alive, x.asset, x.part)
	switch component {
	case "Generator":
		bus, sign := k.anyBus(), 0.0
		if len(ports) == 1 {
			bus = ports[0].bus
			sign, _ = steady(ports[0].ratio)
		}
		r.put("bus", bus)
		r.unless(1, "sign", sign)
		if x.weight.Data != nil || x.weight.Value != 0 && x.weight.Value != 1 {
			r.vary(1, "efficiency", mapped(x.weight, func(v float64) float64 { return 1 / v }))
		}
	default:
		for n, p := range ports {
			k.portAttributes(r, n, p, scale)
		}
		for n := range x.curves() {
			c := &x.unit.PortCurves[n]
			k.portCurve(x, r, len(ports)+n, c, scale)
		}
		if component == "Link" && len(ports) == 1 && len(x.curves()) == 0 {
			r.put("bus1", k.elsewhere())
			r.number("efficiency", 0)
		}
		if x.length == x.length && component == "Link" {
			r.unless(0, "length", x.length)
		}
	}
	if x.length == x.length && component != "Link" {
		k.problem(x.asset, x.part, "a limit on sizes takes it as a Link, which it is not")
	}
	share := k.size(r, "p_nom", x.bound, x.alive, scale)
	low, high := x.bound.Min, x.bound.Max
	if math.IsInf(x.bound.Coef, 1) && x.bound.Capacity == primitive.None {
		share = 1 // of an unbounded size
	}
	r.vary(0, "p_min_pu", k.unbounded(scaled(low, share)))
	r.vary(1, "p_max_pu", k.unbounded(scaled(high, share)))
	r.vary(0, "marginal_cost", scaled(x.cost, 1/scale))
	k.unitAttributes(x, r, share, scale)
}

// unbounded is a share whose nothing is a plain 0.
func (k *maker) unbounded(s primitive.Series) primitive.Series {
	return mapped(s, func(v float64) float64 { return v + 0 })
}

func (k *maker) anyBus() string {
	for _, r := range k.rows["Bus"] {
		return r.name
	}
	return k.elsewhere()
}

func (x *machine) curves() []primitive.PortCurve {
	if x.unit == nil {
		return nil
	}
	return x.unit.PortCurves
}

// portName is the attribute of a port: Links call the first efficiency without
// a number.
func portName(component string, n int) (bus, ratio, delay string) {
	i := strconv.Itoa(n)
	if component == "Process" {
		return "bus" + i, "rate" + i, "delay" + i
	}
	if n == 1 {
		return "bus1", "efficiency", "delay"
	}
	return "bus" + i, "efficiency" + i, "delay" + i
}

func (k *maker) portAttributes(r *row, n int, p port, scale float64) {
	bus, ratio, delay := portName(r.component, n)
	r.put(bus, p.bus)
	if r.component == "Link" && n == 0 {
		return
	}
	v := scaled(p.ratio, 1/scale)
	if p.shifted && v.Data != nil {
		v = k.arriving(v, p)
	}
	rest := 1.0
	if ratio == "rate0" {
		rest = -1
	}
	r.vary(rest, ratio, v)
	if r.text[ratio] == "" && r.series[ratio] == nil {
		r.number(ratio, v.At(0)) // said, for who reads the file
	}
	if p.delay > 0 {
		r.number(delay, p.delay)
		if !p.cyclic {
			r.put("cyclic_"+delay, "False")
		}
	}
}

// arriving is a ratio of the departure by the tick of the arrival.
func (k *maker) arriving(v primitive.Series, p port) primitive.Series {
	out := make([]float64, k.ticks)
	for c := range k.m.Clock.Chains {
		first, last := int(k.m.Clock.Chains[c].FirstTick), int(k.m.Clock.Chains[c].LastTick)
		begin, total := make([]float64, last-first), 0.0
		for t := first; t < last; t++ {
			begin[t-first] = total
			total += k.m.Clock.Hours[t]
		}
		for t := first; t < last; t++ {
			at := begin[t-first] - p.delay
			if at < -1e-9 {
				if !p.cyclic {
					continue
				}
				at = math.Mod(math.Mod(at, total)+total, total)
			}
			from := first
			for from+1 < last && begin[from+1-first] <= at+1e-9 {
				from++
			}
			out[t] = v.Data[from]
		}
	}
	return primitive.Series{Data: out}
}

// portCurve writes a flow that follows a curve: its mean ratio at each point.
func (k *maker) portCurve(x *machine, r *row, n int, c *primitive.PortCurve, scale float64) {
	if k.account(c.Bus) {
		k.problem(x.asset, x.part, "a flow along a curve into an account")
		return
	}
	bus, ratio, _ := portName(r.component, n)
	r.put(bus, k.bus[c.Bus])
	size := k.curveSize(x)
	var px, py []float64
	for i, v := range c.X {
		y := 0.0
		switch {
		case v != 0:
			y = c.Y[i] / v / scale
		case c.Y[i] != 0:
			k.problem(x.asset, x.part, "a flow of %g at a rate of 0", c.Y[i])
		}
		px, py = append(px, v*scale/size), append(py, y)
	}
	r.pieces[ratio] = curve{"p_pu", px, py}
}

// curveSize is the size that the points of a curve are shares of.
func (k *maker) curveSize(x *machine) float64 {
	if c := x.bound.Capacity; c != primitive.None && k.buildable(c) {
		k.problem(x.asset, x.part, "a curve of a rate whose size may be built")
		return 1
	}
	n := k.fixedSize(x.bound)
	if !(n > 0) || !finite(n) {
		k.problem(x.asset, x.part, "a curve of a rate whose size is %g", n)
		return 1
	}
	return n
}

// unitAttributes writes what only units have. Share is what shares of the
// machine's size are multiplied by, scale what its rates are.
func (k *maker) unitAttributes(x *machine, r *row, share, scale float64) {
	k.flat(x, r, share)
	u := x.unit
	if u == nil {
		return
	}
	coarse := k.coarse(x.grid)
	if u.Fixed != nil {
		r.vary(math.NaN(), "p_set", scaled(k.onGrid(*u.Fixed, x.grid), scale))
	}
	quadratic := scaled(k.costs(u.Quadratic), 1/(scale*scale))
	r.vary(0, "marginal_cost_quadratic", quadratic)
	if coarse && (!zero(quadratic) || len(u.Curves) > 0 || len(u.PortCurves) > 0 || u.Commitment != nil || u.Maintenance != nil) {
		k.problem(x.asset, x.part, "commitment, maintenance, curves and quadratic costs on steps of several ticks")
	}
	for n := range u.Curves {
		c := &u.Curves[n]
		if n > 0 || !zero(x.cost) {
			k.problem(x.asset, x.part, "a curve of costs beside other costs of its rate")
			break
		}
		size := k.curveSize(x)
		px, py := make([]float64, len(c.X)), make([]float64, len(c.X))
		for i, v := range c.X {
			px[i] = v * scale / size
			if i > 0 {
				py[i] = signed(c.Class) * (c.Y[i] - c.Y[i-1]) / (c.X[i] - c.X[i-1]) / scale
			}
		}
		if c.Y[0] != 0 {
			if u.Commitment != nil || u.Alive != nil {
				k.problem(x.asset, x.part, "a curve of costs that begins with %g", c.Y[0])
			}
			for _, w := range k.m.Clock.Grids[0].Cost {
				k.limit.constant += w * c.Y[0] * signed(c.Class)
			}
		}
		r.pieces["marginal_cost"] = curve{"p_pu", px, py}
	}
	if u.Maintenance != nil {
		r.flag("maintainable")
		r.number("maintenance_duration", u.Maintenance.Hours/(1-1e-6)*(1-1e-9))
		r.unless(1, "maintenance_pu", u.Maintenance.Share)
		r.unless(1, "maintenance_events", float64(u.Maintenance.Events))
	}
	machines := 1.0
	if c := u.Commitment; c != nil {
		machines = k.commit(x, r, c, share, scale)
	}
	k.ramps(x, r, share, scale, machines)
}

// flat keeps a rate of longer steps constant within each, where something
// would see the difference.
func (k *maker) flat(x *machine, r *row, share float64) {
	if !k.coarse(x.grid) {
		return
	}
	seen := x.unit != nil && (x.unit.Ramp != nil || x.unit.Fixed != nil || len(x.unit.Windows) > 0)
	for _, p := range x.ports {
		seen = seen || p.finer || p.delay > 0
	}
	if !seen {
		return
	}
	g := &k.m.Clock.Grids[x.grid]
	hold := k.build(func(int) float64 { return 0 })
	up := x.unit
	for i := range g.Len() {
		hold.Data[g.First[i]] = math.NaN()
		if up != nil && up.Ramp != nil {
			hold.Data[g.First[i]] = math.NaN()
		}
	}
	r.vary(math.NaN(), "ramp_limit_up", hold)
	r.vary(math.NaN(), "ramp_limit_down", hold)
}

// ramps writes the largest change of a rate from one tick to the next, as a
// share of its size.
func (k *maker) ramps(x *machine, r *row, share, scale, machines float64) {
	u := x.unit
	if u.Ramp == nil {
		return
	}
	if u.Ramp.Cyclic {
		k.problem(x.asset, x.part, "a ramp from the last step to the first")
	}
	g := &k.m.Clock.Grids[x.grid]
	factor := scale * x.bound.Coef / machines
	if x.bound.Capacity == primitive.None {
		factor = scale / machines
		if !finite(x.bound.Coef) {
			k.problem(x.asset, x.part, "a ramp of a rate without a size")
		}
	}
	side := func(one float64, many []float64) primitive.Series {
		s := primitive.Const(one)
		if many != nil {
			s = k.onGrid(primitive.Series{Data: many}, x.grid)
		}
		if s.Data == nil && math.IsNaN(s.Value) {
			return s
		}
		out := k.build(func(t int) float64 { return math.NaN() })
		for i := range g.Len() {
			t := int(g.First[i])
			v := s.At(t) * factor
			if !u.Ramp.PerStep {
				v *= g.Hours[i]
			}
			out.Data[t] = v
			for n := t + 1; n < int(g.First[i+1]); n++ {
				out.Data[n] = 0 // flat within its step
			}
		}
		return out
	}
	up, down := side(u.Ramp.Up, u.Ramp.Ups), side(u.Ramp.Down, u.Ramp.Downs)
	if k.coarse(x.grid) && (up.Data == nil || down.Data == nil) {
		k.problem(x.asset, x.part, "a ramp of one direction on steps of several ticks")
	}
	delete(r.series, "ramp_limit_up")
	delete(r.series, "ramp_limit_down")
	r.vary(math.NaN(), "ramp_limit_up", up)
	r.vary(math.NaN(), "ramp_limit_down", down)
	if !math.IsNaN(u.Ramp.Initial) {
		r.number("p_init", u.Ramp.Initial*scale)
	}
}

// commit writes a commitment and returns by what its ramps are divided: PyPSA
// takes those of a row of standing machines as shares of all of them.
func (k *maker) commit(x *machine, r *row, c *primitive.Commitment, share, scale float64) float64 {
	r.flag("committable")
	if c.Cyclic || c.History != nil {
		k.problem(x.asset, x.part, "a commitment that goes on from an earlier run or from its end")
	}
	event := k.m.Clock.Grids[0].Event
	priced := func(attr string, s primitive.Series) {
		r.vary(0, attr, k.build(func(t int) float64 { return s.At(t) * event[t] }))
	}
	priced("start_up_cost", c.Start)
	priced("shut_down_cost", c.Stop)
	r.vary(0, "stand_by_cost", c.StandBy)
	r.unless(0, "min_up_time", float64(c.MinUp))
	r.unless(0, "min_down_time", float64(c.MinDown))
	switch {
	case c.Before < 0:
		r.number("down_time_before", float64(-c.Before))
	case c.Before != 1:
		r.number("up_time_before", float64(c.Before))
	}
	buildable := x.bound.Capacity != primitive.None && k.buildable(x.bound.Capacity)
	machines := 1.0
	if c.Module > 0 {
		r.number("p_nom_mod", c.Module/x.bound.Coef)
		if !buildable {
			machines = k.fixedSize(x.bound) * x.bound.Coef / c.Module
		}
		if c.MinDown > 0 && c.DownOf != 1 && (buildable || machines != 1) {
			k.problem(x.asset, x.part, "min_down_time of several machines: PyPSA counts it for one of them")
		}
	}
	for attr, v := range map[string]float64{"ramp_limit_start_up": c.RampStart, "ramp_limit_shut_down": c.RampStop} {
		if !math.IsNaN(v) {
			r.number(attr, v*scale*x.bound.Coef/machines)
		}
	}
	tight := c.Relaxed && c.Module == 0 && !buildable
	for t := range k.ticks {
		tight = tight && c.Start.At(t) == c.Stop.At(t)
	}
	if c.Relaxed && tight != c.Tight {
		k.problem(x.asset, x.part, "a relaxed commitment whose tight rows are not those that PyPSA adds")
	}
	if relaxed, said := k.options.Optimize["linearized_unit_commitment"].(bool); said && relaxed != c.Relaxed || !said && k.limit.whole && c.Relaxed {
		k.problem(x.asset, x.part, "relaxed commitment beside one of whole machines")
	}
	if c.Relaxed {
		k.options.Optimize["linearized_unit_commitment"] = true
	} else {
		k.limit.whole = true
	}
	return machines
}

// windows: the sum of a rate over a rolling window is the level of a store that
// takes the rate up now and gives it back when it leaves the window. A window
// that goes round begins with the sum over the last ones, which a second store
// collects and hands back.
func (k *maker) windows() {
	for _, x := range k.machines {
		if x.unit == nil {
			continue
		}
		for n := range x.unit.Windows {
			k.window(x, &x.unit.Windows[n])
		}
	}
}

func (k *maker) window(x *machine, w *primitive.Window) {
	c := k.m.Clock
	h := c.Hours[0]
	for _, v := range c.Hours {
		if v != h {
			k.problem(x.asset, x.part, "a rolling window over steps of different lengths")
			return
		}
	}
	steps := int(math.Round(w.Hours / h))
	high, low := most(x.bound.Max), -most(scaled(x.bound.Min, -1))
	idleMost, idleLeast := w.Max >= w.Hours*high, w.Min <= w.Hours*low
	switch {
	case idleMost && idleLeast:
		return // it can't bind
	case math.Abs(float64(steps)*h-w.Hours) > 1e-9 || len(c.Chains) > 1:
		k.problem(x.asset, x.part, "a rolling window of %g h, no whole number of steps of one horizon", w.Hours)
		return
	case steps >= k.ticks:
		k.problem(x.asset, x.part, "a rolling window of %g h, longer than the study", w.Hours)
		return
	case x.bound.Capacity != primitive.None && k.buildable(x.bound.Capacity):
		k.problem(x.asset, x.part, "a rolling window over a rate whose size may be built")
		return
	}
	for t := range k.hours {
		if k.hours[t] != h {
			k.problem(x.asset, x.part, "a rolling window where hours of storage are not those of time")
			return
		}
	}
	bus := k.add("Bus", x.name+" window").name
	x.ports = append(x.ports,
		port{bus: bus, ratio: primitive.Const(1)},
		port{bus: bus, ratio: primitive.Const(-1), delay: w.Hours, cyclic: w.Cyclic})
	size := k.fixedSize(x.bound) * x.bound.Coef
	if x.bound.Capacity == primitive.None {
		size = x.bound.Coef
	}
	r := k.add("Store", x.name+" window")
	r.put("bus", bus)
	r.number("e_nom", size)
	whole := func(t int) bool { return w.Cyclic || t >= steps-1 }
	limit := func(v, none float64) primitive.Series {
		return k.build(func(t int) float64 {
			if whole(t) && !math.IsInf(v, 0) {
				return v
			}
			return none
		})
	}
	wide := w.Hours*math.Max(math.Abs(high), math.Abs(low)) + 1
	r.vary(0, "e_min_pu", limit(w.Min, -wide))
	r.vary(1, "e_max_pu", limit(w.Max, wide))
	if !w.Cyclic {
		return
	}
	// The sum of the last steps enters once, in the first step.
	tail := k.add("Bus", x.name+" window before").name
	x.ports = append(x.ports, port{bus: tail, ratio: k.build(func(t int) float64 {
		if t >= k.ticks-steps {
			return 1
		}
		return 0
	})})
	s := k.add("Store", x.name+" window before")
	s.put("bus", tail)
	s.number("e_nom", math.Inf(1))
	s.number("e_min_pu", -1)
	s.vary(math.NaN(), "e_set", k.build(func(t int) float64 {
		if t == k.ticks-1 {
			return 0
		}
		return math.NaN()
	}))
	l := k.add("Link", x.name+" window before")
	l.put("bus0", tail)
	l.put("bus1", bus)
	l.number("p_nom", 1)
	first := func(v float64) primitive.Series {
		return k.build(func(t int) float64 {
			if t == 0 {
				return v
			}
			return 0
		})
	}
	l.vary(0, "p_min_pu", first(math.Inf(-1)))
	l.vary(1, "p_max_pu", first(math.Inf(1)))
}
