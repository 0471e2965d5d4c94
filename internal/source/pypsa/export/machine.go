package export

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// machine is a rate on its way to a Generator, a Link or a Process.
type machine struct {
	name     string
	asset    int32
	part     string
	grid     int32
	bound    primitive.Bound
	ports    []port
	cost     primitive.Series // money per unit of the rate, in the objective's sign
	alive    []bool
	unit     *primitive.Unit // what only units have
	of, at   int32           // Of of a limit's term, and its index
	accounts []accountPort
	done     bool // part of a StorageUnit or Store
	shares   bool // its capacity has other users: only a Link's size can be held equal
	carrier  string
	weight   primitive.Series // 1/efficiency of a Generator in primary_energy limits; Data nil: 1
	length   float64
	row      *row
}

// port is a flow tied to the rate.
type port struct {
	bus     string
	ratio   primitive.Series
	delay   float64
	cyclic  bool
	shifted bool // the ratio is that of the departure
	finer   bool // its bus balances in shorter steps than the rate's own
}

// accountPort is a flow into an account, which limits may ask for.
type accountPort struct {
	account int32
	port
}

// user is what a capacity bounds.
type user struct {
	machine *machine
	store   *stored
	line    int // -1: none
}

func (k *maker) user(capacity int32, u user) {
	if capacity != primitive.None && k.buildable(capacity) {
		k.users[capacity] = append(k.users[capacity], &u)
	}
}

func (k *maker) buildable(capacity int32) bool {
	c := &k.m.Capacities[capacity]
	return c.Max > c.Min
}

// label names a part of an asset.
func (k *maker) label(asset int32, part string) string {
	if asset < 0 || int(asset) >= len(k.m.Assets) {
		return part
	}
	if part == "" {
		return k.m.Assets[asset].Name
	}
	return k.m.Assets[asset].Name + "." + part
}

// buses: every bus that balances. One whose steps are longer than a tick gets a
// buffer that is empty at the end of each step, so that only the step's sum
// must balance; one whose surplus may be discarded a sink.
func (k *maker) buses() {
	k.bus = make([]string, len(k.m.Buses))
	driven := map[int32]bool{}
	for i := range k.m.Lines {
		driven[k.m.Lines[i].From], driven[k.m.Lines[i].To] = true, true
	}
	for i := range k.m.Buses {
		b := &k.m.Buses[i]
		c := &k.m.Commodities[b.Commodity]
		if c.Balance == primitive.Account {
			continue
		}
		name := b.Name
		if b.Place != "" && len(k.m.Commodities) == 1 {
			name = b.Place
		}
		r := k.add("Bus", name)
		k.bus[i] = r.name
		carrier := c.Name
		if driven[int32(i)] {
			carrier = "AC" // so that Kirchhoff's law weighs lines by x
		} else if carrier == "AC" {
			carrier = "electricity"
		}
		r.put("carrier", carrier)
		r.unless(0, "v_nom", 1)
		if k.coarse(c.Grid) {
			k.buffer(r.name, r.name+" buffer", k.ends(c.Grid))
		}
		if c.Balance == primitive.Free {
			k.source(r.name, r.name+" surplus", -1, primitive.Const(math.Inf(1)))
		}
	}
}

// buffer evens out the flows of a bus within spans that end where last says.
func (k *maker) buffer(bus, name string, last []bool) {
	r := k.add("Store", name)
	r.put("bus", bus)
	r.number("e_nom", math.Inf(1))
	r.number("e_min_pu", -1)
	r.vary(math.NaN(), "e_set", k.build(func(t int) float64 {
		if last[t] {
			return 0
		}
		return math.NaN()
	}))
}

// source is a Generator of a bus that gives (sign 1) or takes (-1) up to most.
func (k *maker) source(bus, name string, sign float64, upTo primitive.Series) *row {
	r := k.add("Generator", name)
	r.put("bus", bus)
	r.unless(1, "sign", sign)
	if v, ok := steady(upTo); ok {
		r.number("p_nom", v)
		return r
	}
	size := most(upTo)
	if math.IsInf(size, 0) || size <= 0 {
		size = 1
	}
	r.number("p_nom", size)
	r.vary(1, "p_max_pu", mapped(upTo, func(v float64) float64 { return v / size }))
	return r
}

// elsewhere is a bus that balances itself.
func (k *maker) elsewhere() string {
	if k.outside == "" {
		r := k.add("Bus", "outside")
		k.outside = r.name
		g := k.source(r.name, "outside", 1, primitive.Const(math.Inf(1)))
		g.number("p_min_pu", -1)
	}
	return k.outside
}

// signed is money in the objective's sign.
func signed(c primitive.Class) float64 {
	if c == primitive.Sale {
		return -1
	}
	return 1
}

func (k *maker) costs(costs []primitive.Cost) primitive.Series {
	total := primitive.Const(0)
	for _, c := range costs {
		total = sum(total, scaled(c.Per, signed(c.Class)))
	}
	return total
}

// connect adds a port. What goes into an account costs the account's price, and
// has no other effect unless a limit asks for it.
func (k *maker) connect(x *machine, p primitive.Port, scale float64) {
	q := port{ratio: scaled(p.Ratio, scale), delay: p.Delay, cyclic: p.Cyclic, shifted: !p.Sampled && p.Delay > 0}
	if k.account(p.Bus) {
		x.accounts = append(x.accounts, accountPort{p.Bus, q})
		price := k.m.Buses[p.Bus].Price
		if price.Data == nil && price.Value == 0 {
			return
		}
		if q.delay > 0 && (!q.cyclic || price.Data != nil) {
			k.problem(x.asset, x.part, "what reaches %s is priced on arrival, later than it leaves", k.m.Buses[p.Bus].Name)
		}
		x.cost = sum(x.cost, product(price, q.ratio))
		return
	}
	q.bus = k.bus[p.Bus]
	q.finer = k.m.Clock.Grids[k.busGrid(p.Bus)].Len() > k.m.Clock.Grids[x.grid].Len()
	x.ports = append(x.ports, q)
}

// machine begins a machine; what it is in limits is said by of and at.
func (k *maker) machine(tag primitive.Tag, suffix string, grid int32, bound primitive.Bound) *machine {
	part := tag.Part
	if suffix != "" {
		if part != "" {
			part += "."
		}
		part += suffix
	}
	bound.Min, bound.Max = k.onGrid(bound.Min, grid), k.onGrid(bound.Max, grid)
	x := &machine{name: k.label(tag.Asset, part), asset: tag.Asset, part: part, grid: grid, bound: bound, at: primitive.None, length: math.NaN()}
	k.machines = append(k.machines, x)
	k.user(bound.Capacity, user{machine: x, line: -1})
	return x
}

// Groups of machines that limits speak of.
const (
	unitMachines = iota
	spillMachines
	routeMachines
	shedMachines
	tradeMachines
	elasticMachines
)

func (k *maker) belongs(group int, index int, x *machine) {
	if k.of[group] == nil {
		k.of[group] = map[int32][]*machine{}
	}
	k.of[group][int32(index)] = append(k.of[group][int32(index)], x)
}

// upTo is the bound 0 <= v <= most, of no capacity.
func upTo(most primitive.Series) primitive.Bound {
	return primitive.Bound{Capacity: primitive.None, Coef: 1, Min: primitive.Const(0), Max: most}
}

// gather makes a machine of every rate.
func (k *maker) gather() {
	k.users = map[int32][]*user{}
	for i := range k.m.Units {
		u := &k.m.Units[i]
		x := k.machine(u.Tag, "", u.Grid, u.Bound)
		x.unit, x.alive, x.cost = u, u.Alive, k.costs(u.Costs)
		for _, p := range u.Ports {
			k.connect(x, p, 1)
		}
		k.belongs(unitMachines, i, x)
	}
	for i := range k.m.Stores {
		s := &k.m.Stores[i]
		k.stored = append(k.stored, &stored{Store: s, index: int32(i), grid: k.busGrid(s.Bus), bus: k.bus[s.Bus]})
		k.user(s.Bound.Capacity, user{store: k.stored[i], line: -1})
		if !s.Spill {
			continue
		}
		x := k.machine(s.Tag, "spill", k.busGrid(s.Bus), upTo(s.SpillMax))
		x.cost, x.alive = primitive.Const(s.SpillCost), s.Alive
		k.connect(x, primitive.Port{Bus: s.Bus, Ratio: primitive.Const(1)}, -1)
		for _, p := range s.SpillTo {
			k.connect(x, p, 1)
		}
		k.belongs(spillMachines, i, x)
	}
	for i := range k.m.Routes {
		k.route(i, &k.m.Routes[i])
	}
	for i := range k.m.Demands {
		k.demand(i, &k.m.Demands[i])
	}
	for i := range k.m.Trades {
		k.trade(i, &k.m.Trades[i])
	}
	for i := range k.m.Lines {
		k.user(k.m.Lines[i].Bound.Capacity, user{line: i})
	}
}

// route: one Link where both directions are one signed flow; else a Link each
// way, and where both share a capacity a bus of room that the capacity feeds
// and either way draws from.
func (k *maker) route(i int, r *primitive.Route) {
	both := !zero(r.Back)
	free := r.Loss == 0 && r.Delay == 0 && len(r.Uses) == 0 && zero(k.costs(r.Costs))
	wire := func(x *machine, from, to int32) {
		x.cost = k.costs(r.Costs)
		k.connect(x, primitive.Port{Bus: from, Ratio: primitive.Const(-1)}, 1)
		k.connect(x, primitive.Port{Bus: to, Ratio: primitive.Const(1 - r.Loss), Delay: r.Delay, Cyclic: r.Cyclic}, 1)
		for _, p := range r.Uses {
			k.connect(x, p, 1)
		}
		k.belongs(routeMachines, i, x)
	}
	if !both || free {
		bound := r.Bound
		bound.Min = scaled(product(r.Back, r.Bound.Max), -1)
		x := k.machine(r.Tag, "", r.Grid, bound)
		wire(x, r.From, r.To)
		if both {
			x.of = signedFlow
		}
		return
	}
	if v, ok := steady(r.Back); !ok || v != 1 {
		if r.Bound.Capacity != primitive.None && k.buildable(r.Bound.Capacity) {
			k.problem(r.Asset, r.Part, "back is a share of a capacity that may be built, which both directions share; 100 %% fits")
		}
	}
	room := k.add("Bus", k.label(r.Asset, r.Part)+" room").name
	g := k.machine(r.Tag, "room", r.Grid, r.Bound)
	g.ports = append(g.ports, port{bus: room, ratio: primitive.Const(1)})
	unlimited := upTo(primitive.Const(math.Inf(1)))
	for n, ends := range [][2]int32{{r.From, r.To}, {r.To, r.From}} {
		bound, suffix := unlimited, "forward"
		if n == 1 {
			suffix = "back"
			if c := r.Bound.Capacity; c == primitive.None || !k.buildable(c) {
				bound = r.Bound
				bound.Max = product(r.Back, r.Bound.Max)
			}
		}
		x := k.machine(r.Tag, suffix, r.Grid, bound)
		wire(x, ends[0], ends[1])
		x.ports = append(x.ports, port{bus: room, ratio: primitive.Const(-1)})
	}
}

// signedFlow marks a machine whose rate is one direction less the other.
const signedFlow int32 = 1

// demand: a Load, what of it may be shed, and what is taken beyond it.
func (k *maker) demand(i int, d *primitive.Demand) {
	grid := k.busGrid(d.Bus)
	if k.account(d.Bus) {
		price := k.m.Buses[d.Bus].Price
		for t := range k.ticks {
			k.limit.constant -= k.m.Clock.Grids[0].Cost[t] * d.Amount.At(t) * price.At(t)
		}
	} else if !zero(d.Amount) {
		r := k.add("Load", k.label(d.Asset, d.Part))
		r.put("bus", k.bus[d.Bus])
		r.vary(0, "p_set", d.Amount)
	}
	if d.ShedMax != 0 {
		x := k.machine(d.Tag, "shed", grid, upTo(mapped(k.onGrid(d.Amount, grid), func(v float64) float64 { return d.ShedMax * math.Max(0, v) })))
		x.cost = primitive.Const(d.ShedCost)
		k.connect(x, primitive.Port{Bus: d.Bus, Ratio: primitive.Const(1)}, 1)
		k.belongs(shedMachines, i, x)
	}
	for _, b := range d.Elastic {
		x := k.machine(d.Tag, "elastic", grid, upTo(b.Size))
		x.cost = scaled(b.Price, -1)
		k.connect(x, primitive.Port{Bus: d.Bus, Ratio: primitive.Const(1)}, -1)
		k.belongs(elasticMachines, i, x)
	}
}

// trade: a machine that buys or sells, one for each further block.
func (k *maker) trade(i int, tr *primitive.Trade) {
	sign := 1.0
	if tr.Sell {
		sign = -1
	}
	wire := func(x *machine, price primitive.Series) {
		x.cost = scaled(price, sign)
		k.connect(x, primitive.Port{Bus: tr.Bus, Ratio: primitive.Const(1)}, sign)
		for _, p := range tr.Also {
			k.connect(x, p, 1)
		}
		k.belongs(tradeMachines, i, x)
	}
	bound := primitive.Bound{Capacity: primitive.None, Coef: 1, Min: tr.Min, Max: tr.Max}
	if tr.Bound != nil {
		bound = *tr.Bound
	}
	if tr.Bound == nil || len(tr.Blocks) == 0 {
		wire(k.machine(tr.Tag, "", tr.Grid, bound), tr.Price)
		for _, b := range tr.Blocks {
			wire(k.machine(tr.Tag, "block", tr.Grid, upTo(b.Size)), b.Price)
		}
		return
	}
	// Rate and blocks together keep within the capacity: they draw on its room.
	room := k.add("Bus", k.label(tr.Asset, tr.Part)+" room").name
	g := k.machine(tr.Tag, "room", tr.Grid, bound)
	g.ports = append(g.ports, port{bus: room, ratio: primitive.Const(1)})
	for n, price := range append([]primitive.Block{{Size: primitive.Const(math.Inf(1)), Price: tr.Price}}, tr.Blocks...) {
		suffix := "block"
		if n == 0 {
			suffix = "rate"
		}
		x := k.machine(tr.Tag, suffix, tr.Grid, upTo(price.Size))
		wire(x, price.Price)
		x.ports = append(x.ports, port{bus: room, ratio: primitive.Const(-1)})
	}
}
