package formulate

// builtColumns: what is built of a capacity, a column where there is a choice:
//
//	Min <= built <= Max
func builtColumns(b *builder) {
	for i := range b.m.Capacities {
		c := &b.m.Capacities[i]
		if c.Max <= c.Min {
			continue
		}
		if lower, upper := b.column(i, 0, linked, 1); lower != nil {
			lower[0], upper[0] = c.Min, c.Max
		}
	}
}
