package clock

import (
	"math"
	"time"
)

// Snapshot is a tick of an imported network, whose weights are set one by one.
type Snapshot struct {
	Stamp  time.Time
	Length float64 // hours, of delays and of maintenance
	Hours  float64 // in store balances
	Cost   float64 // of a rate's money, the period's weight included
	Amount float64 // of a rate's amount in limits and accounts
	Event  float64 // of a start's money
}

// Snapshots makes the clock of a network: each snapshot is a tick and a step
// of the only grid, each period (nil: one for all, with weight 1) a chain.
// FirstTick and LastTick of the periods must cover the snapshots in order;
// their Cost x Share weighs money by the year.
func Snapshots(snapshots []Snapshot, periods []Period) (*Clock, error) {
	n := len(snapshots)
	if n == 0 {
		return nil, fault("horizon", "there is no snapshot; at least one fits")
	}
	if periods == nil {
		periods = []Period{{Name: "all", Cost: 1, Years: 1, Share: 1, LastTick: int32(n)}}
	}
	c := &Clock{Start: snapshots[0].Stamp, Periods: periods}
	g := Grid{Step: Hourly}
	for t, s := range snapshots {
		for _, v := range [...]struct {
			name  string
			value float64
			zero  bool
		}{{"length", s.Length, true}, {"hours", s.Hours, false}, {"cost", s.Cost, true}, {"amount", s.Amount, true}, {"event", s.Event, true}} {
			if math.IsNaN(v.value) || math.IsInf(v.value, 0) || v.value < 0 || v.value == 0 && !v.zero {
				return nil, fault("horizon", "snapshot %d: its weight for %s is %g; a finite number above 0 fits", t+1, v.name, v.value)
			}
		}
		c.Stamps = append(c.Stamps, s.Stamp)
		c.Hours = append(c.Hours, s.Length)
		g.First = append(g.First, int32(t))
		g.Hours, g.Cost = append(g.Hours, s.Hours), append(g.Cost, s.Cost)
		g.Amount, g.Event = append(g.Amount, s.Amount), append(g.Event, s.Event)
		g.Prev, g.Last = append(g.Prev, int32(t)-1), append(g.Last, None)
	}
	g.First = append(g.First, int32(n))
	next := int32(0)
	for _, p := range periods {
		if p.FirstTick != next || p.LastTick <= p.FirstTick || int(p.LastTick) > n {
			return nil, fault("horizon", "period %s has the snapshots %d to %d; from %d on and up to %d fit", p.Name, p.FirstTick+1, p.LastTick, next+1, n)
		}
		next = p.LastTick
		g.Prev[p.FirstTick], g.Last[p.FirstTick] = None, p.LastTick-1
		c.Chains = append(c.Chains, Chain{FirstTick: p.FirstTick, LastTick: p.LastTick, Frequency: 1})
	}
	if int(next) != n {
		return nil, fault("horizon", "the periods have %d snapshots of %d", next, n)
	}
	c.Grids = []Grid{g}
	return c, nil
}
