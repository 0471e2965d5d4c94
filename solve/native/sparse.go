package native

// lines holds the columns of a matrix, or its rows, for products with a vector. In
// elimination order eight neighbours are often one thing in the eight lanes, and their
// entries lie alike: each the same distance from the next (side by side) or all in one
// place (a capacity). Such eight are a block: one look at an index serves all, and
// their values stand together. The other lines are kept one by one.
type lines struct {
	count  int
	block  []lineBlock
	at     []int32 // of each entry of the blocks: where the first of the eight reads
	eights []float64

	single []int32 // the other lines
	start  []int32 // of each of them, in index and value
	index  []int32
	value  []float64

	cut [pieces + 1]struct{ block, entry, single int } // equal pieces, for threads
}

// lineBlock is eight lines from first on, whose entries stand side by side, then those
// in one place.
type lineBlock struct{ first, side, shared int32 }

// linesOf takes lines as they are: entries start[i]..start[i+1]-1 are of line i.
func linesOf(start []int, index []int32, value []float64) *lines {
	l := &lines{count: len(start) - 1}
	blocks, inBlocks := 0, 0
	for pass := range 2 { // count, then fill
		if pass == 1 {
			l.block = make([]lineBlock, 0, blocks)
			l.at, l.eights = make([]int32, 0, inBlocks), make([]float64, 0, lanes*inBlocks)
			others := l.count - lanes*blocks
			l.single, l.start = make([]int32, 0, others), make([]int32, 1, others+1)
			l.index, l.value = make([]int32, 0, len(index)-lanes*inBlocks), make([]float64, 0, len(index)-lanes*inBlocks)
		}
		for i := 0; i < l.count; {
			side, ok := alignment(start, index, i)
			size := start[i+1] - start[i]
			switch {
			case ok && pass == 0:
				blocks, inBlocks = blocks+1, inBlocks+size
			case ok:
				l.block = append(l.block, lineBlock{int32(i), int32(side), int32(size - side)})
				for apart := 1; apart >= 0; apart-- {
					for k := range size {
						if at := index[start[i]+k]; int(index[start[i+1]+k]-at) == apart {
							l.at = append(l.at, at)
							for q := range lanes {
								l.eights = append(l.eights, value[start[i+q]+k])
							}
						}
					}
				}
			case pass == 1:
				l.single = append(l.single, int32(i))
				l.index = append(l.index, index[start[i]:start[i+1]]...)
				l.value = append(l.value, value[start[i]:start[i+1]]...)
				l.start = append(l.start, int32(len(l.index)))
			}
			if ok {
				i += lanes
			} else {
				i++
			}
		}
	}
	entry, b := 0, 0
	for q := range l.cut {
		c := &l.cut[q]
		c.block, c.single = len(l.block)*q/pieces, len(l.single)*q/pieces
		for ; b < c.block; b++ {
			entry += int(l.block[b].side + l.block[b].shared)
		}
		c.entry = entry
	}
	return l
}

// alignment tells whether the eight lines from i on are a block, and how many of the
// entries stand side by side.
func alignment(start []int, index []int32, i int) (side int, ok bool) {
	if i+lanes >= len(start) {
		return 0, false
	}
	from, size := start[i], start[i+1]-start[i]
	for q := 1; q <= lanes; q++ {
		if start[i+q] != from+q*size {
			return 0, false
		}
	}
	for k := from; k < from+size; k++ {
		apart := index[k+size] - index[k]
		if apart != 0 && apart != 1 {
			return 0, false
		}
		for q := 2; q < lanes; q++ {
			if index[k+q*size] != index[k]+int32(q)*apart {
				return 0, false
			}
		}
		side += int(apart)
	}
	return side, true
}

// bytes is what a product reads of the lines.
func (l *lines) bytes() float64 {
	return float64(12*len(l.block) + 4*len(l.at) + 8*len(l.eights) + 8*len(l.single) + 12*len(l.index))
}

// times puts the product of every line with x into out.
func (l *lines) times(x, out []float64, t team) {
	if l.count == 0 {
		return
	}
	if l.count < small {
		l.piece(x, out, 0, pieces)
		return
	}
	t.run(pieces, func(q int) { l.piece(x, out, q, q+1) })
}

// piece is times for the pieces from..to-1.
func (l *lines) piece(x, out []float64, from, to int) {
	a, b := &l.cut[from], &l.cut[to]
	blocks, at, eights := l.block[a.block:b.block], l.at[a.entry:b.entry], l.eights[lanes*a.entry:lanes*b.entry]
	if vector && len(at) > 0 {
		linesAVX(&blocks[0], len(blocks), &at[0], &eights[0], &x[0], &out[0])
	} else {
		timesBlocks(blocks, at, eights, x, out)
	}
	for s := a.single; s < b.single; s++ {
		index, value := l.index[l.start[s]:l.start[s+1]], l.value[l.start[s]:l.start[s+1]]
		value = value[:len(index)]
		sum := 0.0
		for k, i := range index {
			sum += value[k] * x[i]
		}
		out[l.single[s]] = sum
	}
}

func timesBlocks(blocks []lineBlock, at []int32, eights, x, out []float64) {
	k := 0
	for _, b := range blocks {
		var sum number
		for range b.side {
			v, y := eight(eights[lanes*k:]), eight(x[at[k]:])
			for q := range sum {
				sum[q] += v[q] * y[q]
			}
			k++
		}
		for range b.shared {
			v, y := eight(eights[lanes*k:]), x[at[k]]
			for q := range sum {
				sum[q] += v[q] * y
			}
			k++
		}
		*eight(out[b.first:]) = sum
	}
}
