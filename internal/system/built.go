package system

import (
	"cmp"
	"slices"

	"example.org/busbar/internal/primitive"
)

// Part names a capacity across runs: an asset and its part.
type Part struct{ Asset, Part string }

// FixBuilt makes every capacity that may be built what another run built of
// it: least and most are both its value. missing are those that the other run
// does not know, left as they are; unused are what it built of capacities that
// this model does not have or that nothing may be built of.
func FixBuilt(m *primitive.Model, built map[Part]float64) (missing, unused []Part) {
	used := map[Part]bool{}
	for i := range m.Capacities {
		c := &m.Capacities[i]
		if c.Max <= 0 {
			continue
		}
		p := Part{m.Assets[c.Asset].Name, c.Part}
		v, ok := built[p]
		if !ok {
			missing = append(missing, p)
			continue
		}
		used[p] = true
		c.Min, c.Max = v, v
	}
	for p, v := range built {
		if !used[p] && v != 0 {
			unused = append(unused, p)
		}
	}
	slices.SortFunc(unused, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Part, b.Part))
	})
	return missing, unused
}
