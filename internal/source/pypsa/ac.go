package pypsa

import (
	"fmt"
	"math"

	"example.org/busbar/internal/powerflow"
	"example.org/busbar/internal/primitive"
)

// PowerFlow is the AC power flow of a snapshot with the dispatch of the optimum,
// as PyPSA's n.pf() sees it, in per unit of 1 MVA: the buses of carrier AC that
// lines or transformers join. What a bus injects is what its lines carry off in
// the optimum. One grid's slack is its first generator whose control is Slack,
// else its first generator. With hold every bus with a generator holds its
// voltage, whatever its control says. An error says what does not fit.
func (a *Answer) PowerFlow(snapshot int, hold bool) (*powerflow.Network, error) {
	p := a.parts[0]
	for _, k := range a.parts {
		if k.from <= snapshot && k.Solution.X != nil {
			p = k
		}
	}
	t := snapshot - p.from
	x := p.Solution.X
	if x == nil || t < 0 || t >= p.Model.Clock.Ticks() {
		return nil, fmt.Errorf("snapshot %d has no answer", snapshot+1)
	}
	if len(p.Model.Scenarios) > 0 {
		return nil, fmt.Errorf("a network of scenarios has several dispatches of a snapshot; one without fits")
	}
	g := newACGrid(a.n, a.o, snapshot, hold)
	var drop []float64
	for k := range g.branches {
		e := &g.branches[k]
		l, ok := p.lines[Asset{e.t.Name, e.t.Names[e.i]}]
		if !ok {
			continue
		}
		line := &p.Model.Lines[l]
		flow := p.Index.LineFlow(x, int(l))[t]
		loss := 0.0
		if v := p.Index.LineLoss(x, int(l)); v != nil {
			loss = v[t]
		}
		shift := line.Shift.At(t)
		if v := p.Index.LineShift(x, int(l)); v != nil {
			shift = v[t]
		}
		rate := line.Bound.Coef * line.Bound.Max.At(t)
		if c := line.Bound.Capacity; c != primitive.None {
			rate *= p.Index.CapacitySize(x, int(c))
		}
		b := g.branch(e, shift)
		b.DC, b.DCLoss = flow, loss
		if b.Rate = rate; math.IsInf(rate, 0) {
			b.Rate = 0
		}
		g.net.Buses[b.From].P += flow + loss/2
		g.net.Buses[b.To].P -= flow - loss/2
		g.net.Branches = append(g.net.Branches, b)
		if math.IsInf(line.X, 0) {
			flow, line = 0, &primitive.Line{}
		}
		drop = append(drop, line.X*flow+shift)
	}
	g.net.Start(drop)
	gens := g.table("Generator")
	for i, name := range gens.Names {
		if u, ok := p.units[Asset{"Generator", name}]; ok && g.of(gens, i) != nil {
			g.of(gens, i).Share += max(0, p.Index.UnitActivity(x, int(u))[t]*gens.number(i, "sign"))
		}
	}
	if len(g.net.Branches) == 0 {
		return nil, fmt.Errorf("no line or transformer joins buses of carrier AC in snapshot %d", snapshot+1)
	}
	return g.net, nil
}

// acGrid is the alternating current part of a network in a snapshot.
type acGrid struct {
	*builder
	t        int
	branches []branch
	at       []int // position in net.Buses of each bus; -1: none
	net      *powerflow.Network
}

func newACGrid(n *Network, o Options, t int, hold bool) *acGrid {
	g := &acGrid{builder: &builder{Network: n, o: o}, t: t, net: &powerflow.Network{Base: 1}}
	buses := n.table("Bus")
	joined := newSets(len(buses.Names))
	used := make([]bool, len(buses.Names))
	for _, c := range []string{"Line", "Transformer"} {
		tab := n.table(c)
		for i := range tab.Names {
			if !tab.flag(i, "active") {
				continue
			}
			if alive := g.alive(tab, i); alive != nil && !alive[n.Snapshots[t].Period] {
				continue
			}
			k := branch{t: tab, i: i, from: int32(buses.index[tab.text(i, "bus0")]), to: int32(buses.index[tab.text(i, "bus1")])}
			if buses.text(int(k.from), "carrier") != "AC" || buses.text(int(k.to), "carrier") != "AC" {
				continue
			}
			g.impedance(&k)
			g.branches = append(g.branches, k)
			joined.join(&k)
			used[k.from], used[k.to] = true, true
		}
	}
	g.at = make([]int, len(buses.Names))
	for i, name := range buses.Names {
		g.at[i] = -1
		if !used[i] {
			continue
		}
		g.at[i] = len(g.net.Buses)
		b := powerflow.Bus{Name: name, V: 1, QMin: -inf, QMax: inf}
		if low, high := buses.number(i, "v_mag_pu_min"), buses.number(i, "v_mag_pu_max"); low > 0 || !math.IsInf(high, 1) {
			b.VMin, b.VMax = low, high
		}
		g.net.Buses = append(g.net.Buses, b)
	}
	g.reactive()
	g.controls(joined, hold)
	return g
}

// of is the bus that an asset stands at; nil where it is none of the grid.
func (g *acGrid) of(t *Table, i int) *powerflow.Bus {
	k, ok := g.table("Bus").index[t.text(i, "bus")]
	if !ok || g.at[k] < 0 {
		return nil
	}
	return &g.net.Buses[g.at[k]]
}

// reactive adds the given reactive powers and the shunts.
func (g *acGrid) reactive() {
	for _, c := range []string{"Load", "Generator", "StorageUnit", "Store"} {
		t := g.table(c)
		for i := range t.Names {
			if b := g.of(t, i); b != nil && t.flag(i, "active") {
				q := t.at(i, "q_set")
				b.Q += t.number(i, "sign") * q.At(g.t)
			}
		}
	}
	t := g.table("ShuntImpedance")
	for i := range t.Names {
		if b := g.of(t, i); b != nil {
			v := g.table("Bus").number(g.table("Bus").index[t.text(i, "bus")], "v_nom")
			b.Gs += t.number(i, "g") * v * v
			b.Bs += t.number(i, "b") * v * v
		}
	}
}

// controls: which buses hold a voltage, and the slack of each grid.
func (g *acGrid) controls(joined sets, all bool) {
	t, buses := g.table("Generator"), g.table("Bus")
	hold := func(bus int, kind powerflow.Kind) {
		b := &g.net.Buses[g.at[bus]]
		v := buses.at(bus, "v_mag_pu_set")
		b.Kind, b.V = kind, v.At(g.t)
	}
	first, named := map[int32]int{}, map[int32]bool{} // bus of each grid's slack; whether one is named so
	for i := range t.Names {
		if g.of(t, i) == nil || !t.flag(i, "active") {
			continue
		}
		bus := buses.index[t.text(i, "bus")]
		grid := joined.of(int32(bus))
		control := t.text(i, "control")
		if _, ok := first[grid]; !ok || control == "Slack" && !named[grid] {
			first[grid] = bus
		}
		if control == "Slack" {
			named[grid] = true
		}
		if all || control == "PV" || control == "Slack" {
			hold(bus, powerflow.PV)
		}
	}
	for bus := range buses.Names {
		if g.at[bus] < 0 {
			continue
		}
		grid := joined.of(int32(bus))
		if _, ok := first[grid]; !ok {
			first[grid] = bus
		}
	}
	for _, bus := range first {
		hold(bus, powerflow.Slack)
	}
}

// branch is a line's or transformer's two-port.
func (g *acGrid) branch(e *branch, shift float64) powerflow.Branch {
	t, i := e.t, e.i
	z := complex(e.r, e.x) / complex(e.tap, 0) // the tap is a factor of the optimisation's x and r
	y := g.shunt(e)
	from, to := e.tap, 1.0
	if t.Name == "Transformer" {
		if y != 0 && t.text(i, "model") == "t" {
			// A T of two halves of z and the shunt between them, as a pi.
			half, sum := z/2, 1/y
			all := half*half + 2*half*sum
			z, y = all/sum, 2*half/all
		}
		side := t.number(i, "tap_side")
		if kind, ok := g.transformerType(t.text(i, "type")); ok && t.text(i, "type") != "" {
			side = kind.side
		}
		if side == 1 {
			from, to = 1, e.tap
		}
	}
	b := powerflow.Pi(1/z, y/2, y/2, from, to, shift)
	b.Name = t.Names[i]
	if t.Name == "Transformer" {
		if _, both := g.table("Line").index[b.Name]; both {
			b.Name += " (Transformer)"
		}
	}
	b.From, b.To = g.at[e.from], g.at[e.to]
	return b
}

// shunt is a branch's g + jb per unit of 1 MVA, types included.
func (g *acGrid) shunt(e *branch) complex128 {
	t, i := e.t, e.i
	y := complex(t.number(i, "g"), t.number(i, "b"))
	kind, parallel := t.text(i, "type"), t.number(i, "num_parallel")
	if t.Name == "Line" {
		if l, ok := g.lineType(kind); ok && kind != "" {
			y = complex(real(y), 2*math.Pi*1e-9*l.f*l.c*t.number(i, "length")*parallel)
		}
		v := g.table("Bus").number(int(e.from), "v_nom")
		return y * complex(v*v, 0)
	}
	if k, ok := g.transformerType(kind); ok && kind != "" {
		// Iron losses in kW, and of the current at no load what is not active.
		conductance := k.pfe / (1000 * k.size)
		idle := k.i0 / 100
		y = complex(conductance, -math.Sqrt(math.Max(0, idle*idle-conductance*conductance))) * complex(parallel, 0)
	}
	return y * complex(e.size, 0)
}
