package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// balance: what flows into a bus and what a store gives up meet the demand, in
// mean rate over each step of the commodity (H its hours, decay = 1 - loss):
//
//	sum_flows sum_{t in step} (h_t/H) ratio_t v_t + sum_stores (decay^H e_prev - e)/H
//	    = sum_demands amount - sum_stores inflow        (>= where the balance is free)
func balance(b *builder) {
	for i := range b.m.Buses {
		c := &b.m.Commodities[b.m.Buses[i].Commodity]
		if c.Balance == primitive.Account {
			b.busRow[i] = primitive.None
			continue
		}
		b.begin(i, 0, c.Grid)
		b.busRow[i] = b.rows
		for t := int32(0); t < int32(b.times[c.Grid].Len()); t++ {
			b.row(t, 0, 0)
		}
	}
	b.flows(b.join)
	b.storeBalance()
	if !b.filling {
		return
	}
	b.demandAmounts()
	for i := range b.m.Buses {
		row := b.busRow[i]
		if row == primitive.None {
			continue
		}
		c := &b.m.Commodities[b.m.Buses[i].Commodity]
		n := int32(b.times[c.Grid].Len())
		lower, upper := b.p.RowLower[row:row+n], b.p.RowUpper[row:row+n]
		for t := range lower {
			lower[t] += 0
			upper[t] = lower[t]
			if c.Balance == primitive.Free {
				upper[t] = math.Inf(1)
			}
		}
	}
}
