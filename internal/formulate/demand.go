package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// shedColumns: what of a demand is not served:
//
//	0 <= shed <= ShedMax Amount
func shedColumns(b *builder) {
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		if d.ShedMax == 0 {
			continue
		}
		g := b.busGrid(d.Bus)
		_, upper := b.column(i, 0, g, b.times[g].Len())
		amount := b.on(d.Amount, g)
		for t := range upper {
			upper[t] = d.ShedMax * math.Max(0, amount.at(int32(t)))
		}
	}
}

// elasticColumns: what a demand takes beyond its amount, in blocks of falling
// worth:
//
//	0 <= elastic_k <= Size_k
func elasticColumns(b *builder) {
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		b.blockColumns(i, d.Elastic, b.busGrid(d.Bus))
	}
}

// blockColumns writes one block of columns for each block of a price curve.
func (b *builder) blockColumns(i int, blocks []primitive.Block, g int32) {
	for k := range blocks {
		_, upper := b.column(i, int32(k), g, b.times[g].Len())
		size := b.on(blocks[k].Size, g)
		for t := range upper {
			upper[t] = size.at(int32(t))
		}
	}
}

// demandFlows visits what demands give back (shed) and take (elastic).
func (b *builder) demandFlows(visit func(*flow)) {
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		f := flow{index: int32(i), bus: d.Bus, grid: b.busGrid(d.Bus), ratio: one}
		if d.ShedMax != 0 {
			f.what, f.col, f.scale = Shed, b.ix.first[Shed][i], 1
			visit(&f)
		}
		for k := range d.Elastic {
			f.what, f.port, f.scale = Elastic, int32(k), -1
			f.col = b.blockColumn(Elastic, i, k, f.grid)
			visit(&f)
		}
	}
}

// blockColumn is the first column of the k-th block of a price curve.
func (b *builder) blockColumn(w What, i, k int, g int32) int32 {
	return b.ix.first[w][i] + int32(k*b.times[g].Len())
}

// busGrid is the grid on which a bus's commodity balances.
func (b *builder) busGrid(bus int32) int32 {
	return b.m.Commodities[b.m.Buses[bus].Commodity].Grid
}

// demandAmounts adds the fixed demands to the right-hand sides of the balances.
func (b *builder) demandAmounts() {
	for i := range b.m.Demands {
		d := &b.m.Demands[i]
		row := b.busRow[d.Bus]
		if row == primitive.None {
			continue
		}
		g := b.busGrid(d.Bus)
		amount := b.on(d.Amount, g)
		rhs := b.p.RowLower[row : int(row)+b.times[g].Len()]
		for t := range rhs {
			rhs[t] += amount.at(int32(t))
		}
	}
}
