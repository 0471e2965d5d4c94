package pypsa

import (
	"math"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// faults are what the formulation finds in a network's primitives, where they
// come from: the infinite number of the asset, else the asset, else the network.
func (n *Network) faults(m *primitive.Model, err error) []attribute.Problem {
	of := func(f *formulate.Fault) (*Table, int) {
		if f.Asset < 0 || int(f.Asset) >= len(m.Assets) {
			return nil, 0
		}
		a := m.Assets[f.Asset]
		name := a.Name
		if _, one, ok := strings.Cut(name, "|"); ok && n.parts != nil {
			name = one // of a scenario
		}
		for _, part := range n.scenarios() {
			if t := part.table(a.Kind); t != nil {
				if i, ok := t.index[strings.TrimSuffix(name, " ("+t.Name+")")]; ok {
					return t, i
				}
			}
		}
		return nil, 0
	}
	for _, f := range formulate.Faults(err) {
		t, i := of(f)
		if t == nil {
			t, i = n.infinite()
		}
		if t == nil {
			continue
		}
		name := t.culprit(i)
		if name == "" {
			n.problem(t.where(""), t.lines[i], t.start[i], "pypsa-value", "%s %q: %s", t.Name, t.Names[i], f)
			continue
		}
		n.wrong(t, i, name, "pypsa-value", "read an infinite number; %s", f)
	}
	if len(n.problems) == 0 {
		n.problem(n.table("Bus").where(""), 1, 1, "pypsa-value", "%v", err)
	}
	return n.take()
}

// infinite is the first asset with a number that is infinite where PyPSA's default
// is not; nil for none.
func (n *Network) infinite() (*Table, int) {
	for _, part := range n.scenarios() {
		for _, c := range Components {
			t := part.table(c.Name)
			for i := range t.Names {
				if t.culprit(i) != "" {
					return t, i
				}
			}
		}
	}
	return nil, 0
}

// culprit names an attribute of an asset that is infinite where its default is not.
func (t *Table) culprit(i int) string {
	for k := range t.Attributes {
		a := &t.Attributes[k]
		if a.Use == Output || a.Use == Unused {
			continue
		}
		odd := func(v float64) bool { return math.IsInf(v, 0) && v != a.Default }
		if c := t.columns[a.Name]; c != nil && odd(c.number[i]) || slices.ContainsFunc(t.series[a.Name][i], odd) {
			return a.Name
		}
	}
	return ""
}
