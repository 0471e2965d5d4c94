package rolling

import (
	"fmt"
	"math"
	"strings"

	"example.org/busbar/internal/primitive"
)

// Plan says how a model is solved in windows.
type Plan struct {
	Windows []Window

	// Start is the share of its size that a store which comes round (cyclic)
	// holds before the first window.
	Start float64

	// Afresh: each window begins as a study of its own, in PyPSA's way. What is in
	// a store does not decay in the first step, a store that comes round does so in
	// every window, nothing is under way, and what is summed over longer than a
	// step is summed over the window alone.
	Afresh bool
}

// Faults are what of a model can't be solved in windows.
func Faults(m *primitive.Model, p Plan) []string {
	var all []string
	say := func(format string, a ...any) { all = append(all, fmt.Sprintf(format, a...)) }
	name := func(t primitive.Tag) string { return m.Assets[t.Asset].Name }
	if len(m.Clock.Periods) > 1 {
		say("windows don't go with investment periods")
	}
	if m.Clock.Sequence != nil {
		say("windows don't go with representative periods")
	}
	if len(m.Scenarios) > 0 {
		say("windows don't go with scenarios")
	}
	var built []string
	for i := range m.Capacities {
		if c := &m.Capacities[i]; c.Max > c.Min && c.Tag.Asset >= 0 {
			built = append(built, name(c.Tag))
		}
	}
	if len(built) > 0 {
		say("windows plan operation, and %s may be built; take the sizes of a study that plans them (builds:)", some(built))
	}
	for i := range m.Units {
		u := &m.Units[i]
		if u.Maintenance != nil {
			say("%s has maintenance, which is planned over the whole horizon", name(u.Tag))
		}
		for _, port := range u.Ports {
			if p.Afresh && port.Delay > 0 && (port.Cyclic || len(u.Ports) > 1 && port.Bus == u.Ports[0].Bus) {
				say("%s has a delay that comes round, or a loss that changes, which windows that begin afresh don't know", name(u.Tag))
				break
			}
		}
	}
	for _, g := range grids(m) {
		first := m.Clock.Grids[g].First
		at := map[int32]bool{}
		for _, t := range first {
			at[t] = true
		}
		for _, w := range p.Windows {
			if !at[int32(w.From)] || !at[int32(w.To)] {
				say("a window begins or ends in the midst of a step of %s, on which something balances; want a horizon and an overlap of whole steps of it", m.Clock.Grids[g].Step)
				break
			}
		}
	}
	return all
}

// grids are those that balances and activities use.
func grids(m *primitive.Model) []int32 {
	used := make([]bool, len(m.Clock.Grids))
	for i := range m.Buses {
		if c := &m.Commodities[m.Buses[i].Commodity]; c.Balance != primitive.Account {
			used[c.Grid] = true
		}
	}
	for i := range m.Units {
		used[m.Units[i].Grid] = true
	}
	for i := range m.Routes {
		used[m.Routes[i].Grid] = true
	}
	for i := range m.Trades {
		used[m.Trades[i].Grid] = true
	}
	var all []int32
	for g, yes := range used {
		if yes {
			all = append(all, int32(g))
		}
	}
	return all
}

// some names the first few.
func some(names []string) string {
	if n := len(names); n > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), n-3)
	}
	return strings.Join(names, ", ")
}

// open is the model with a beginning for all that comes round: a store begins at
// Start of its size, a machine that is committed was online just before, what is
// under way is nothing, a ramp begins anywhere. comesRound are the stores that did.
func open(m *primitive.Model, p Plan) (out *primitive.Model, comesRound []bool) {
	o := *m
	o.Stores = append([]primitive.Store(nil), m.Stores...)
	o.Units = append([]primitive.Unit(nil), m.Units...)
	o.Routes = append([]primitive.Route(nil), m.Routes...)
	comesRound = make([]bool, len(o.Stores))
	for i := range o.Stores {
		s := &o.Stores[i]
		s.SpillTo = straight(s.SpillTo)
		if s.End != primitive.Cyclic {
			continue
		}
		comesRound[i] = true
		s.End, s.Initial, s.Final = primitive.Given, 0, math.NaN()
		if !p.Afresh {
			s.Initial = p.Start * size(m, &s.Bound)
		}
	}
	for i := range o.Units {
		u := &o.Units[i]
		u.Ports = straight(u.Ports)
		if u.Ramp != nil && u.Ramp.Cyclic {
			r := *u.Ramp
			r.Cyclic = false
			u.Ramp = &r
		}
		if c := u.Commitment; c != nil && c.Cyclic {
			k := *c
			k.Cyclic, k.Before = false, 1
			u.Commitment = &k
		}
		u.Windows = append([]primitive.Window(nil), u.Windows...)
		for k := range u.Windows {
			u.Windows[k].Cyclic = false
		}
	}
	for i := range o.Routes {
		o.Routes[i].Cyclic = false
	}
	return &o, comesRound
}

// straight are ports whose delays don't come round.
func straight(ports []primitive.Port) []primitive.Port {
	out := append([]primitive.Port(nil), ports...)
	for i := range out {
		out[i].Cyclic = false
	}
	return out
}

// size is the largest level of a store, 0 where there is no largest.
func size(m *primitive.Model, b *primitive.Bound) float64 {
	v := b.Coef * b.Max.At(0)
	if b.Capacity != primitive.None {
		c := &m.Capacities[b.Capacity]
		v *= c.Existing + c.Min
	}
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	return v
}
