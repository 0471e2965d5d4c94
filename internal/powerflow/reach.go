package powerflow

import "slices"

// Reach is how far a network that does not converge can be loaded.
type Reach struct {
	Share   float64 `json:"share"`   // of all powers at which it still converges
	Lowest  Voltage `json:"lowest"`  // there
	Loading float64 `json:"loading"` // there, largest of all branches with a rate; 0 where none has
}

// FindReach looks for the largest share of all injections at which a network
// converges to voltages that a grid is run at, to 1/64, each tried from the
// solution of the largest one found so far; nil where not even an eighth does.
func FindReach(n *Network, o Options) *Reach {
	scaled := *n
	scaled.Buses = slices.Clone(n.Buses)
	var found *Reach
	low, high := 0.0, 1.0
	for high-low > 1.0/64 {
		share := (low + high) / 2
		if low == 0 {
			share = high / 2
		}
		if share < 1.0/8 {
			return nil
		}
		for i := range scaled.Buses {
			b := &scaled.Buses[i]
			b.P, b.Q = n.Buses[i].P*share, n.Buses[i].Q*share
			if found == nil && b.Kind != Slack {
				b.Angle = n.Buses[i].Angle * share
			}
		}
		r, err := Solve(&scaled, o)
		if err != nil || slices.Min(r.V) < collapsed {
			high = share
			continue
		}
		low = share
		found = &Reach{Share: share}
		for i := range scaled.Buses {
			b := &scaled.Buses[i]
			if b.Kind == PQ {
				b.V = r.V[i]
			}
			if b.Angle = r.Angle[i]; i == 0 || r.V[i] < found.Lowest.Voltage {
				found.Lowest = Voltage{Bus: b.Name, Voltage: r.V[i]}
			}
		}
		for i := range scaled.Branches {
			if share, ok := r.Loading(&scaled, i); ok {
				found.Loading = max(found.Loading, share)
			}
		}
	}
	return found
}
