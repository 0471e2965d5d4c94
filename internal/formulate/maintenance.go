package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// maintained visits the units with maintenance.
func (b *builder) maintained(visit func(i int, u *primitive.Unit, alive life)) {
	for i := range b.m.Units {
		if u := &b.m.Units[i]; u.Maintenance != nil {
			visit(i, u, b.lives(u.Alive, u.Grid))
		}
	}
}

// serviceEnd is the last step of a maintenance that begins in step t, None if
// it would reach over the end or a step in which the unit doesn't exist.
func (b *builder) serviceEnd(u *primitive.Unit, t int32) int32 {
	tl, alive := &b.times[u.Grid], b.lives(u.Alive, u.Grid)
	hours := 0.0
	for s := t; s < int32(tl.Len()) && alive.at(s); s++ {
		for k := tl.First[s]; k < tl.First[s+1]; k++ {
			hours += b.c.Hours[k]
		}
		if hours >= u.Maintenance.Hours*(1-1e-6) {
			return s
		}
	}
	return primitive.None
}

// servicedColumns: whether a unit is maintained in a step:
//
//	0 <= m <= 1
func servicedColumns(b *builder) {
	b.maintained(func(i int, u *primitive.Unit, _ life) {
		_, upper := b.column(i, 0, u.Grid, b.times[u.Grid].Len())
		for t := range upper {
			upper[t] = 1
		}
	})
}

// serviceColumns: whether a maintenance begins in a step, integer, 0 where it
// wouldn't end in time:
//
//	0 <= begin <= 1
func serviceColumns(b *builder) {
	b.maintained(func(i int, u *primitive.Unit, _ life) {
		_, upper := b.column(i, 0, u.Grid, b.times[u.Grid].Len())
		b.integers(len(upper))
		for t := range upper {
			if b.serviceEnd(u, int32(t)) != primitive.None {
				upper[t] = 1
			}
		}
	})
}

// outColumns: the room of a unit that is maintained, where the room is no
// constant:
//
//	0 <= out
func outColumns(b *builder) {
	b.maintained(func(i int, u *primitive.Unit, _ life) {
		if b.fixedRoom(u) {
			return
		}
		_, upper := b.column(i, 0, u.Grid, b.times[u.Grid].Len())
		for t := range upper {
			upper[t] = math.Inf(1)
		}
	})
}

// fixedRoom reports whether a unit's room is a constant.
func (b *builder) fixedRoom(u *primitive.Unit) bool {
	_, col, _ := b.size(&u.Bound)
	return u.Commitment == nil && col == primitive.None
}

// unitServices: a unit is maintained as often as it must:
//
//	sum_t begin_t = Events
func unitServices(b *builder) {
	b.maintained(func(i int, u *primitive.Unit, _ life) {
		b.begin(i, 0, linked)
		r := b.row(0, float64(u.Maintenance.Events), float64(u.Maintenance.Events))
		for t := range int32(b.times[u.Grid].Len()) {
			b.add(r, b.ix.first[Service][i]+t, 1)
		}
	})
}

// unitServiced: a maintenance takes the shortest run of steps of at least its
// hours, and none overlap:
//
//	m_t - sum_{s: s <= t <= end(s)} begin_s = 0
func unitServiced(b *builder) {
	b.maintained(func(i int, u *primitive.Unit, _ life) {
		n := int32(b.times[u.Grid].Len())
		b.begin(i, 0, u.Grid)
		first := b.rows
		for t := range n {
			b.add(b.row(t, 0, 0), b.ix.first[Serviced][i]+t, 1)
		}
		for s := range n {
			for t := s; t <= b.serviceEnd(u, s); t++ {
				b.add(first+t, b.ix.first[Service][i]+s, -1)
			}
		}
	})
}

// unitOut: out is the room times m, by McCormick's envelope, which is exact
// where m is 0 or 1 (low, high: the least and the largest room). unit.out_of,
// .2, .3 and .4:
//
//	out <= high m                                out >= low m
//	out <= room - low (1 - m)                    out >= room - high (1 - m)
func unitOut(b *builder) {
	b.maintained(func(i int, u *primitive.Unit, alive life) {
		if b.fixedRoom(u) {
			return
		}
		r := b.roomOf(i)
		low, high := b.rangeOf(u, &r)
		for sub, k := range [...]struct{ room, m, lower, upper float64 }{
			{0, -high, math.Inf(-1), 0},
			{0, -low, 0, math.Inf(1)},
			{-1, -low, math.Inf(-1), r.known - low},
			{-1, -high, r.known - high, math.Inf(1)},
		} {
			b.begin(i, int32(sub), u.Grid)
			for t := range int32(b.times[u.Grid].Len()) {
				if !alive.at(t) {
					continue
				}
				row := b.row(t, k.lower, k.upper)
				b.add(row, b.ix.first[Out][i]+t, 1)
				b.add(row, r.at(t), k.room*r.coef)
				b.add(row, b.ix.first[Serviced][i]+t, k.m)
			}
		}
	})
}

// rangeOf is the least and the largest room of a unit whose room isn't fixed.
func (b *builder) rangeOf(u *primitive.Unit, r *room) (low, high float64) {
	c := &primitive.Capacity{}
	if u.Bound.Capacity != primitive.None {
		c = &b.m.Capacities[u.Bound.Capacity]
	}
	if r.step {
		machines, col, coef := b.machines(u)
		if col != primitive.None {
			machines += coef * c.Max
		}
		return 0, r.coef * machines
	}
	return u.Bound.Coef * (c.Existing + c.Min), u.Bound.Coef * (c.Existing + c.Max)
}
