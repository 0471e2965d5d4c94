package pypsa

import (
	"regexp"

	"example.org/busbar/internal/primitive"
)

// Scenario is one of several futures that share what is built.
type Scenario struct {
	Name   string
	Weight float64 // its probability
}

// first attributes are decided before the scenario is known, or say what the
// network is: PyPSA refuses them where they differ between scenarios.
var firstStage = regexp.MustCompile(`^(bus\d*|type|[pse]_nom_(extendable|mod|set)|committable|sign|carrier|build_year|lifetime|active|(cyclic_)?delay\d*)$`)

// invariant refuses what differs between scenarios and may not.
func (n *Network) invariant() {
	for _, part := range n.parts[min(1, len(n.parts)):] {
		for _, t := range part.all() {
			base := n.table(t.Name)
			for name, c := range t.columns {
				was := base.columns[name]
				if !firstStage.MatchString(name) || was == nil {
					continue
				}
				for i := range t.Names {
					if i < len(was.text) && i < len(c.text) && c.text[i] != was.text[i] {
						part.wrong(t, i, name, "pypsa-value", "read %q, and %q in scenario %s; it must be the same in all", c.text[i], was.text[i], n.Scenarios[0].Name)
						break
					}
				}
			}
		}
	}
}

// scenarios are the networks to build one after the other: the network itself,
// or its parts.
func (n *Network) scenarios() []*Network {
	if n.parts == nil {
		return []*Network{n}
	}
	return n.parts
}

// named is a name as it stands in one scenario: SCENARIO|NAME.
func (b *builder) named(name string) string {
	if b.scenario == 0 {
		return name
	}
	return b.whole.Scenarios[b.scenario-1].Name + "|" + name
}

// tag says whose a primitive is.
func (b *builder) tag(asset int32, part string) primitive.Tag {
	return primitive.Tag{Asset: asset, Part: part, Scenario: b.scenario}
}

// probability is the weight of the scenario that is built.
func (b *builder) probability() float64 {
	if b.scenario == 0 {
		return 1
	}
	return b.whole.Scenarios[b.scenario-1].Weight
}

// shared looks for the capacity that an extendable asset has in all scenarios,
// and joins what this one says of it: its money counts with the probability,
// and every scenario's bounds hold.
func (b *builder) shared(a Asset, c primitive.Capacity) (int32, bool) {
	i, ok := b.out.Sizes[a]
	if !ok {
		return 0, false
	}
	k := &b.m.Capacities[i]
	k.Capital += c.Capital
	k.Fixed += c.Fixed
	k.Min, k.Max = max(k.Min, c.Min), min(k.Max, c.Max)
	return i, true
}
