package formulate

import "math"

// moduleColumns: how many modules of a capacity are built, integer:
//
//	0 <= n
func moduleColumns(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if c.Module == 0 || c.Max <= c.Min {
			continue
		}
		if _, upper := b.column(i, 0, linked, 1); upper != nil {
			upper[0] = math.Floor(c.Max/c.Module + 1e-6)
			b.integers(1)
		}
	}
}

// capacityModules: what is built comes in whole modules:
//
//	built - Module n = 0
func capacityModules(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if c.Module == 0 || c.Max <= c.Min {
			continue
		}
		b.begin(i, 0, linked)
		r := b.row(0, 0, 0)
		b.add(r, b.ix.first[Built][i], 1)
		b.add(r, b.ix.first[Modules][i], -c.Module)
	}
}
