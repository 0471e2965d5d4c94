package matpower

import (
	"fmt"
	"math"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// DC is the approximation that a DC optimal power flow makes of a branch.
type DC string

// The approximations of a branch with series impedance r + jx, tap and shift.
const (
	// Matpower: b = 1/(x tap), and the shift acts.
	Matpower DC = "matpower"
	// PowerModels: b = x/(r^2 + x^2); tap and shift are left out.
	PowerModels DC = "powermodels"
)

// Built is a case as primitives. Slices by row have None for what is out of
// service or stands at an isolated bus.
type Built struct {
	Case    *Case
	Model   *primitive.Model
	Notes   []string
	Buses   []int32     // Model's bus of each row of bus
	Units   []int32     // unit of each row of gen
	Lines   []int32     // line of each row of branch
	DCLines []int32     // unit of each row of dcline
	root    []int       // by row of bus: row of the bus from which its island's angles are counted
	row     map[int]int // row of a bus by its number
}

const (
	degree    = math.Pi / 180
	commodity = "electricity"
)

// builder turns a case into primitives.
type builder struct {
	*Case
	dc      DC
	m       *primitive.Model
	out     *Built
	row     map[int]int // row of a bus by its number
	bent    int         // row of gencost or dclinecost, from 1, that is not convex
	bentIn  *Matrix
	squared bool
}

// Build makes primitives of a case.
func Build(c *Case, dc DC) (*Built, []attribute.Problem) {
	b := &builder{Case: c, dc: dc, m: &primitive.Model{}, row: map[int]int{}}
	b.out = &Built{Case: c, Model: b.m, row: b.row}
	b.problems = nil
	notes := len(c.Notes)
	hour := clock.Snapshot{Stamp: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), Length: 1, Hours: 1, Cost: 1, Amount: 1, Event: 1}
	var err error
	if b.m.Clock, err = clock.Snapshots([]clock.Snapshot{hour}, nil); err != nil {
		c.problem(1, 1, "matpower-value", "%v", err)
		return nil, c.problems
	}
	b.buses()
	b.generators()
	b.branches()
	b.dclines()
	if b.bent > 0 && b.squared {
		line, col := b.bentIn.place(b.bent-1, 0)
		b.problem(line, col, "matpower-cost", "%s row %d is not convex, so it needs integers, and another cost is quadratic: both together are not solved; points instead of the quadratic costs fit", b.bentIn.Name, b.bent)
	}
	b.out.Notes = append([]string{}, c.Notes...)
	c.Notes = c.Notes[:notes]
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return b.out, nil
}

// count is a number of things in words.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// asset names what stands at a bus.
func (b *builder) asset(name, kind string, at int32) primitive.Tag {
	b.m.Assets = append(b.m.Assets, primitive.Asset{Name: name, Kind: kind, Place: b.m.Buses[at].Place})
	return primitive.Tag{Asset: int32(len(b.m.Assets) - 1)}
}

// on reports whether a row's status says that it is in service.
func on(m *Matrix, row, status int) bool { return m.at(row, status) > 0 }

// number32 is a bus number; ok is false where it is no whole number above 0.
func number32(v float64) (n int, ok bool) {
	return int(v), v == math.Trunc(v) && v > 0 && v < 1<<31
}

// buses: a bus is a bus, its demand and what its shunt takes at 1 p.u. a demand.
func (b *builder) buses() {
	m := b.matrix("bus")
	b.m.Commodities = []primitive.Commodity{{Name: commodity, Unit: "MWh", Balance: primitive.Exact}}
	isolated, lost := 0, 0.0
	for i := range m.Rows {
		b.out.Buses = append(b.out.Buses, primitive.None)
		n, ok := number32(m.at(i, busNumber))
		if !ok {
			b.wrong(m, i, busNumber, "matpower-value", "read %g, want a whole number above 0", m.at(i, busNumber))
			continue
		}
		if before, again := b.row[n]; again {
			b.wrong(m, i, busNumber, "matpower-value", "bus %d is in row %d already; every bus has its own number", n, before+1)
			continue
		}
		b.row[n] = i
		demand := m.at(i, busPd) + m.at(i, busGs)
		switch t := m.at(i, busType); t {
		case 1, 2, 3:
		case 4:
			isolated++
			lost += demand
			continue
		default:
			b.wrong(m, i, busType, "matpower-value", "read %g, want 1 (PQ), 2 (PV), 3 (reference) or 4 (isolated)", t)
			continue
		}
		name := fmt.Sprint(n)
		at := int32(len(b.m.Buses))
		b.out.Buses[i] = at
		b.m.Buses = append(b.m.Buses, primitive.Bus{Name: commodity + "@" + name, Asset: primitive.None, Place: name})
		if demand != 0 {
			b.m.Demands = append(b.m.Demands, primitive.Demand{Tag: b.asset("load_"+name, "load", at), Bus: at, Amount: primitive.Const(demand)})
		}
	}
	if isolated > 0 {
		b.note("left out, with what stands there and %g MW of demand: %s of type 4", lost, count(isolated, "bus", "buses"))
	}
}

// bus finds the row of the bus that a column names; ok is false, with a problem,
// where there is none.
func (b *builder) bus(m *Matrix, row, column int) (at int, ok bool) {
	v := m.at(row, column)
	if n, whole := number32(v); whole {
		if at, ok = b.row[n]; ok {
			return at, true
		}
	}
	b.wrong(m, row, column, "unknown-bus", "read %g, and the matrix bus has no such bus", v)
	return 0, false
}

// live is the Model's bus of a row of bus, None of an isolated one.
func (b *builder) live(at int) int32 { return b.out.Buses[at] }

// generators: a generator is a unit that gives its power to a bus.
func (b *builder) generators() {
	m, costs := b.matrix("gen"), b.matrix("gencost")
	if b.matrices["gencost"] == nil {
		b.problem(1, 1, "matpower-missing", "there is no matrix gencost, so nothing says what is optimal; a row for each generator fits")
		return
	}
	n := len(m.Rows)
	if len(costs.Rows) != n && len(costs.Rows) != 2*n {
		b.problem(costs.Line, costs.Col, "matpower-value", "gencost has %d rows, and there are %d generators; a row for each fits (or two, the second half for reactive power)", len(costs.Rows), n)
		return
	}
	if len(costs.Rows) == 2*n && n > 0 {
		b.note("rows %d to %d of gencost are costs of reactive power, which a DC power flow does not have", n+1, 2*n)
	}
	started := 0
	for i := range m.Rows {
		b.out.Units = append(b.out.Units, primitive.None)
		at, ok := b.bus(m, i, genBus)
		if !ok || !on(m, i, genStatus) || b.live(at) == primitive.None {
			continue
		}
		least, most := m.at(i, genPmin), m.at(i, genPmax)
		if least > most {
			b.wrong(m, i, genPmin, "matpower-bounds", "Pmin is %g and Pmax %g: nothing fits", least, most)
			continue
		}
		if costs.at(i, costStartup) != 0 || costs.at(i, costShutdown) != 0 {
			started++
		}
		u := primitive.Unit{
			Tag:   b.asset(fmt.Sprintf("generator_%d", i+1), "generator", b.live(at)),
			Bound: primitive.Bound{Capacity: primitive.None, Coef: 1, Min: primitive.Const(least), Max: primitive.Const(most)},
			Ports: []primitive.Port{{Bus: b.live(at), Ratio: primitive.Const(1)}},
		}
		b.cost(&u, costs, i, least, most)
		b.out.Units[i] = int32(len(b.m.Units))
		b.m.Units = append(b.m.Units, u)
	}
	if started > 0 {
		b.note("starting or stopping costs %s something, which an hour's power flow does not have", count(started, "generator", "generators"))
	}
}

// dclines: a direct current line is a unit whose activity is what it takes at
// its from end, Pf; Pf - (loss0 + loss1 Pf) arrives at the other.
func (b *builder) dclines() {
	m, costs := b.matrix("dcline"), b.matrix("dclinecost")
	if len(m.Rows) > 0 {
		b.note("dcline is solved as MATPOWER does with toggle_dcline on")
	}
	if b.matrices["dclinecost"] != nil && len(costs.Rows) != len(m.Rows) {
		b.problem(costs.Line, costs.Col, "matpower-value", "dclinecost has %d rows, and there are %d lines in dcline; a row for each fits", len(costs.Rows), len(m.Rows))
		return
	}
	for i := range m.Rows {
		b.out.DCLines = append(b.out.DCLines, primitive.None)
		from, ok := b.bus(m, i, dcFrom)
		to, also := b.bus(m, i, dcTo)
		if !ok || !also || !on(m, i, dcStatus) || b.live(from) == primitive.None || b.live(to) == primitive.None {
			continue
		}
		if from == to {
			b.wrong(m, i, dcTo, "matpower-value", "it begins and ends at bus %g", m.at(i, dcTo))
			continue
		}
		loss0, loss1 := m.at(i, dcLoss0), m.at(i, dcLoss1)
		if !(loss1 < 1) {
			b.wrong(m, i, dcLoss1, "matpower-value", "read %g: all that it takes would be lost; less than 1 fits", loss1)
			continue
		}
		// Below 0 a limit is one of what arrives.
		limit := func(v float64) float64 {
			if v < 0 && !math.IsInf(v, 0) {
				return (v + loss0) / (1 - loss1)
			}
			return v
		}
		least, most := limit(m.at(i, dcPmin)), limit(m.at(i, dcPmax))
		if least > most {
			b.wrong(m, i, dcPmin, "matpower-bounds", "Pmin is %g and Pmax %g: nothing fits", m.at(i, dcPmin), m.at(i, dcPmax))
			continue
		}
		u := primitive.Unit{
			Tag:   b.asset(fmt.Sprintf("dcline_%d", i+1), "dcline", b.live(from)),
			Bound: primitive.Bound{Capacity: primitive.None, Coef: 1, Min: primitive.Const(least), Max: primitive.Const(most)},
			Ports: []primitive.Port{{Bus: b.live(from), Ratio: primitive.Const(-1)}, {Bus: b.live(to), Ratio: primitive.Const(1 - loss1)}},
		}
		if loss0 != 0 {
			b.m.Demands = append(b.m.Demands, primitive.Demand{Tag: primitive.Tag{Asset: u.Asset, Part: "loss0"}, Bus: b.live(to), Amount: primitive.Const(loss0)})
		}
		if b.matrices["dclinecost"] != nil {
			b.cost(&u, costs, i, least, most)
		}
		b.out.DCLines[i] = int32(len(b.m.Units))
		b.m.Units = append(b.m.Units, u)
	}
}

// impedance is what a DC approximation makes of a branch: x in rad per p.u. and
// the shift in rad.
func (b *builder) impedance(m *Matrix, i int) (x, shift float64) {
	r, x := m.at(i, branchR), m.at(i, branchX)
	if b.dc == PowerModels {
		return (r*r + x*x) / x, 0
	}
	tap := m.at(i, branchRatio)
	if tap == 0 {
		tap = 1
	}
	return x * tap, m.at(i, branchShift) * degree
}

// branches: a branch is a line, whose X is in rad per MW.
func (b *builder) branches() {
	m := b.matrix("branch")
	joined := newIslands(len(b.matrix("bus").Rows))
	left := 0
	for i := range m.Rows {
		b.out.Lines = append(b.out.Lines, primitive.None)
		from, ok := b.bus(m, i, branchFrom)
		to, also := b.bus(m, i, branchTo)
		if !ok || !also || !on(m, i, branchStatus) {
			continue
		}
		if b.live(from) == primitive.None || b.live(to) == primitive.None {
			left++
			continue
		}
		if from == to {
			b.wrong(m, i, branchTo, "matpower-value", "it begins and ends at bus %g", m.at(i, branchTo))
			continue
		}
		if m.at(i, branchX) == 0 {
			b.wrong(m, i, branchX, "zero-reactance", "read 0: no angle drives its flow; a small reactance such as 1e-5 fits, or one bus instead of two")
			continue
		}
		if v := m.at(i, branchRatio); v < 0 {
			b.wrong(m, i, branchRatio, "matpower-value", "read %g, want 0 (a line) or a tap above 0", v)
			continue
		}
		x, shift := b.impedance(m, i)
		l := primitive.Line{
			Tag: b.asset(fmt.Sprintf("branch_%d", i+1), "branch", b.live(from)), From: b.live(from), To: b.live(to),
			X: x / b.Base, Shift: primitive.Const(shift),
			Bound: primitive.Bound{Capacity: primitive.None, Coef: inf, Min: primitive.Const(-1), Max: primitive.Const(1)},
		}
		switch rate := m.at(i, branchRateA); {
		case rate < 0:
			b.wrong(m, i, branchRateA, "matpower-bounds", "read %g, want 0 (no limit) or more", rate)
		case rate > 0 && rate < unlimited:
			l.Bound = primitive.Bound{Capacity: int32(len(b.m.Capacities)), Coef: 1, Min: primitive.Const(-1), Max: primitive.Const(1)}
			b.m.Capacities = append(b.m.Capacities, primitive.Capacity{Tag: l.Tag, Unit: "MW", Existing: rate})
		}
		b.angle(m, i, &l)
		joined.join(from, to)
		b.out.Lines[i] = int32(len(b.m.Lines))
		b.m.Lines = append(b.m.Lines, l)
	}
	if left > 0 {
		b.note("left out: %s to isolated buses", count(left, "branch", "branches"))
	}
	b.islands(joined)
}

// unlimited is a rating from which on MATPOWER takes it for none.
const unlimited = 1e10

// angle: angmin and angmax limit the difference of a branch's angles. Both 0, or
// 360 degrees, mean none (MATPOWER's manual, table B-3).
func (b *builder) angle(m *Matrix, i int, l *primitive.Line) {
	least, most := m.at(i, branchAngmin), m.at(i, branchAngmax)
	if least > most {
		b.wrong(m, i, branchAngmin, "matpower-bounds", "angmin is %g and angmax %g: nothing fits", least, most)
		return
	}
	if least == 0 && most == 0 || least <= -360 && most >= 360 {
		return
	}
	l.AngleMin, l.AngleMax = -inf, inf
	if least > -360 {
		l.AngleMin = least * degree
	}
	if most < 360 {
		l.AngleMax = most * degree
	}
}

// islands: angles are counted from the reference bus of each island, or from
// its first bus where it has none.
func (b *builder) islands(joined islands) {
	m := b.matrix("bus")
	refs := map[int]int{} // row of the reference by island
	for i := range m.Rows {
		if b.live(i) == primitive.None || m.at(i, busType) != 3 {
			continue
		}
		k := joined.of(i)
		if before, ok := refs[k]; ok {
			b.wrong(m, i, busType, "matpower-value", "buses %g and %g of one island are both of type 3; one reference fits", m.at(before, busNumber), m.at(i, busNumber))
			continue
		}
		refs[k] = i
	}
	b.out.root = make([]int, len(m.Rows))
	without, first := 0, 0
	for i := range m.Rows {
		k := joined.of(i)
		ref, ok := refs[k]
		if !ok {
			ref = k
			if k == i && b.live(i) != primitive.None {
				if without == 0 {
					first = i
				}
				without++
			}
		}
		b.out.root[i] = ref
	}
	if without > 0 {
		b.note("without a bus of type 3: %s; angles are counted from the first bus there, such as %g", count(without, "island", "islands"), m.at(first, busNumber))
	}
}

// islands are rows joined in groups, each named by its first row.
type islands []int

func newIslands(n int) islands {
	s := make(islands, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s islands) of(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s islands) join(i, k int) {
	i, k = s.of(i), s.of(k)
	s[max(i, k)] = min(i, k)
}
