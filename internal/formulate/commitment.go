package formulate

import (
	"math"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// switched reports whether a unit's room is its status' or maintenance's, not
// that of its bound alone.
func switched(u *primitive.Unit) bool { return u.Commitment != nil || u.Maintenance != nil }

// room is what a unit's Min and Max are shares of in a step: known + coef x
// column, the column one for each step (a status) or one for all (what is
// built).
type room struct {
	known float64
	col   int32 // None: known is all
	step  bool
	coef  float64
	big   float64 // what no activity exceeds, where the status can't say it in the room
}

func (r *room) at(t int32) int32 {
	if r.step {
		return r.col + t
	}
	return r.col
}

// roomOf returns the room of unit i: machines online x their size; the size
// itself where it may be built without modules (then big separates on from
// off); the size without commitment.
func (b *builder) roomOf(i int) room {
	u := &b.m.Units[i]
	size, col, coef := b.size(&u.Bound)
	c := u.Commitment
	switch {
	case c == nil:
		return room{known: size, col: col, coef: coef}
	case c.Module > 0:
		return room{col: b.ix.first[Online][i], step: true, coef: c.Module}
	case col == primitive.None:
		return room{col: b.ix.first[Online][i], step: true, coef: size}
	}
	return room{known: size, col: col, coef: coef, big: b.big(u)}
}

// big is a number that no activity exceeds.
func (b *builder) big(u *primitive.Unit) float64 {
	if u.Commitment.Big > 0 {
		return u.Commitment.Big
	}
	c := &b.m.Capacities[u.Bound.Capacity]
	most := 0.0
	least, high := b.on(u.Bound.Min, u.Grid), b.on(u.Bound.Max, u.Grid)
	for t := range int32(b.times[u.Grid].Len()) {
		most = math.Max(most, math.Max(math.Abs(least.at(t)), math.Abs(high.at(t))))
	}
	return times(most, u.Bound.Coef*(c.Existing+c.Max))
}

// machines is how many machines a committed unit has: known + coef x built.
func (b *builder) machines(u *primitive.Unit) (known float64, col int32, coef float64) {
	if u.Commitment.Module == 0 {
		return 1, primitive.None, 0
	}
	size, col, coef := b.size(&u.Bound)
	return size / u.Commitment.Module, col, coef / u.Commitment.Module
}

// onlineColumns: how many machines of a unit are online, integer unless Relaxed:
//
//	0 <= u <= machines                           (unit.machines if they may be built)
func onlineColumns(b *builder) {
	b.statusColumns(func(c *primitive.Commitment) bool { return !c.Relaxed })
}

// startedColumns: how many machines start in a step:
//
//	0 <= start <= machines
func startedColumns(b *builder) {
	b.statusColumns(func(c *primitive.Commitment) bool { return false })
}

// stoppedColumns: how many machines stop in a step:
//
//	0 <= stop <= machines
func stoppedColumns(b *builder) {
	b.statusColumns(func(c *primitive.Commitment) bool { return false })
}

func (b *builder) statusColumns(whole func(*primitive.Commitment) bool) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Commitment == nil {
			continue
		}
		lower, upper := b.column(i, 0, u.Grid, b.times[u.Grid].Len())
		most, col, _ := b.machines(u)
		if whole(u.Commitment) {
			b.integers(len(lower))
			most = math.Floor(most + 1e-6)
		}
		if col != primitive.None {
			most = math.Inf(1)
		}
		for t := range upper {
			upper[t] = most
		}
		b.still(u.Alive, u.Grid, lower, upper)
	}
}

// unitMachines: no more machines are online than are built:
//
//	u - Coef built/Module <= Coef Existing/Module
func unitMachines(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Commitment == nil {
			continue
		}
		known, col, coef := b.machines(u)
		if col == primitive.None {
			continue
		}
		b.begin(i, 0, u.Grid)
		alive := b.lives(u.Alive, u.Grid)
		for t := range int32(b.times[u.Grid].Len()) {
			if !alive.at(t) {
				continue
			}
			r := b.row(t, math.Inf(-1), known)
			b.add(r, b.ix.first[Online][i]+t, 1)
			b.add(r, col, -coef)
		}
	}
}

// unitRoomMax: a unit runs within the room that is online and not maintained
// (room: Module u; Coef size u; or Coef size where it may be built, and then
// big u too. out: unit.out, the room times the maintenance m):
//
//	a <= Max (room - Share out)                  a <= big u
func unitRoomMax(b *builder) {
	b.rooms(func(i int, u *primitive.Unit, r room, alive life) {
		most := b.on(u.Bound.Max, u.Grid)
		b.begin(i, 0, u.Grid)
		for t := range int32(b.times[u.Grid].Len()) {
			hi := most.at(t)
			if !alive.at(t) || math.IsInf(hi, 1) {
				continue
			}
			row := b.row(t, math.Inf(-1), times(hi, r.known))
			b.add(row, b.ix.first[Activity][i]+t, 1)
			b.addRoom(row, i, t, &r, -hi)
		}
		if r.big == 0 {
			return
		}
		b.begin(i, 1, u.Grid)
		for t := range int32(b.times[u.Grid].Len()) {
			if alive.at(t) {
				row := b.row(t, math.Inf(-1), 0)
				b.add(row, b.ix.first[Activity][i]+t, 1)
				b.add(row, b.ix.first[Online][i]+t, -r.big)
			}
		}
	})
}

// unitRoomMin: a unit that is online keeps to its minimum:
//
//	a >= Min (room - Share out)                  (- big (1 - u) where the size may be built)
func unitRoomMin(b *builder) {
	b.rooms(func(i int, u *primitive.Unit, r room, alive life) {
		least := b.on(u.Bound.Min, u.Grid)
		b.begin(i, 0, u.Grid)
		for t := range int32(b.times[u.Grid].Len()) {
			lo := least.at(t)
			if !alive.at(t) || math.IsInf(lo, -1) || lo == 0 {
				continue
			}
			row := b.row(t, times(lo, r.known)-r.big, math.Inf(1))
			b.add(row, b.ix.first[Activity][i]+t, 1)
			b.addRoom(row, i, t, &r, -lo)
			if r.big != 0 {
				b.add(row, b.ix.first[Online][i]+t, -r.big)
			}
		}
	})
}

func (b *builder) rooms(visit func(i int, u *primitive.Unit, r room, alive life)) {
	for i := range b.m.Units {
		if u := &b.m.Units[i]; switched(u) {
			visit(i, u, b.roomOf(i), b.lives(u.Alive, u.Grid))
		}
	}
}

// addRoom enters v x (room - Share out) but for what is known.
func (b *builder) addRoom(row int32, i int, t int32, r *room, v float64) {
	if r.col != primitive.None {
		b.add(row, r.at(t), v*r.coef)
	}
	if s := b.m.Units[i].Maintenance; s != nil {
		if r.col == primitive.None {
			b.add(row, b.ix.first[Serviced][i]+t, -v*s.Share*r.known)
		} else {
			b.add(row, b.ix.first[Out][i]+t, -v*s.Share)
		}
	}
}

// past is the step before another, or what stands before the first.
type past struct {
	step   int32   // None: online and activity are given
	online float64 // before the first step
}

// before returns the step whose status precedes that of step t: investment
// periods follow each other.
func (b *builder) before(u *primitive.Unit, t int32) past {
	tl := &b.times[u.Grid]
	switch c := u.Commitment; {
	case tl.Prev[t] != clock.None:
		return past{step: tl.Prev[t]}
	case c.Cyclic:
		return past{step: tl.Last[t]}
	case t > 0:
		return past{step: t - 1}
	default:
		return past{step: clock.None, online: history(c, 1)}
	}
}

// history is the number of machines online lag steps before the first one.
func history(c *primitive.Commitment, lag int) float64 {
	if c.History != nil {
		return c.History[min(lag, len(c.History))-1]
	}
	on := c.Before > 0 && lag <= c.Before || c.Before < 0 && lag > -c.Before
	if on {
		return 1
	}
	return 0
}

// addBefore enters v x the status before step t, and returns what of it is
// known.
func (b *builder) addBefore(row int32, i int, p past, v float64) float64 {
	if p.step == clock.None {
		return v * p.online
	}
	b.add(row, b.ix.first[Online][i]+p.step, v)
	return 0
}

// committed visits the committed units and their living steps.
func (b *builder) committed(visit func(i int, u *primitive.Unit, t int32)) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Commitment == nil {
			continue
		}
		alive := b.lives(u.Alive, u.Grid)
		b.begin(i, 0, u.Grid)
		for t := range int32(b.times[u.Grid].Len()) {
			if alive.at(t) {
				visit(i, u, t)
			}
		}
	}
}

// unitStart: what comes online has started (u_prev before the first step as
// Before says):
//
//	start - u + u_prev >= 0
func unitStart(b *builder) {
	b.committed(func(i int, u *primitive.Unit, t int32) {
		p := b.before(u, t)
		r := b.row(t, -p.online, math.Inf(1))
		b.add(r, b.ix.first[Started][i]+t, 1)
		b.add(r, b.ix.first[Online][i]+t, -1)
		b.addBefore(r, i, p, 1)
	})
}

// unitStop: what goes offline has stopped:
//
//	stop + u - u_prev >= 0
func unitStop(b *builder) {
	b.committed(func(i int, u *primitive.Unit, t int32) {
		p := b.before(u, t)
		r := b.row(t, p.online, math.Inf(1))
		b.add(r, b.ix.first[Stopped][i]+t, 1)
		b.add(r, b.ix.first[Online][i]+t, 1)
		b.addBefore(r, i, p, -1)
	})
}

// unitUpTime: what started in the last MinUp steps is still online (starts
// before the first step as Before says):
//
//	sum_{k < MinUp} start_{t-k} - u <= 0
func unitUpTime(b *builder) {
	b.committed(func(i int, u *primitive.Unit, t int32) {
		n := u.Commitment.MinUp
		if n == 0 {
			return
		}
		r := b.row(t, math.Inf(-1), -b.recent(u, t, n, 1))
		b.add(r, b.ix.first[Online][i]+t, -1)
		b.addRecent(r, u, b.ix.first[Started][i], t, n)
	})
}

// unitDownTime: what stopped in the last MinDown steps is still offline
// (machines as in unit.machines, or DownOf):
//
//	sum_{k < MinDown} stop_{t-k} + u <= machines
func unitDownTime(b *builder) {
	b.committed(func(i int, u *primitive.Unit, t int32) {
		n := u.Commitment.MinDown
		if n == 0 {
			return
		}
		known, col, coef := b.machines(u)
		if u.Commitment.DownOf > 0 {
			known, col = u.Commitment.DownOf, primitive.None
		}
		r := b.row(t, math.Inf(-1), known-b.recent(u, t, n, -1))
		b.add(r, b.ix.first[Online][i]+t, 1)
		if col != primitive.None {
			b.add(r, col, -coef)
		}
		b.addRecent(r, u, b.ix.first[Stopped][i], t, n)
	})
}

// addRecent enters the columns of the last n steps up to t.
func (b *builder) addRecent(row int32, u *primitive.Unit, first, t int32, n int) {
	at := t
	for k := 0; k < n; k++ {
		b.add(row, first+at, 1)
		p := b.before(u, at)
		if p.step == clock.None || p.step == t {
			return
		}
		at = p.step
	}
}

// recent counts what started (sign 1) or stopped (-1) before the first step and
// lies in the last n steps up to t.
func (b *builder) recent(u *primitive.Unit, t int32, n int, sign float64) float64 {
	if u.Commitment.Cyclic {
		return 0
	}
	sum := 0.0
	for lag := 1; lag+int(t) < n; lag++ {
		sum += math.Max(0, sign*(history(u.Commitment, lag)-history(u.Commitment, lag+1)))
	}
	return sum
}

// swing is what a committed unit's ramps allow at step t, in activity per
// machine: up, down, at a start and before a stop. NaN: no row asks for it.
type swing struct{ up, down, start, stop float64 }

func (b *builder) swing(u *primitive.Unit, t int32) swing {
	s := swing{math.NaN(), math.NaN(), u.Commitment.RampStart, u.Commitment.RampStop}
	if u.Ramp != nil {
		s.up, s.down = b.ramps(u, t)
	}
	if !(math.IsNaN(s.up) && math.IsNaN(s.start)) {
		s.up, s.start = given(s.up), given(s.start)
	}
	if !(math.IsNaN(s.down) && math.IsNaN(s.stop)) {
		s.down, s.stop = given(s.down), given(s.stop)
	}
	return s
}

// given is a share, the whole where it isn't given.
func given(share float64) float64 {
	if math.IsNaN(share) {
		return 1
	}
	return share
}

// activityBefore enters v x the activity before step t; ok is false where it
// isn't known. Time jumps between investment periods.
func (b *builder) activityBefore(u *primitive.Unit, t int32, p past) (known float64, ok bool) {
	switch {
	case p.step != clock.None:
		return 0, b.times[u.Grid].Prev[t] != clock.None || u.Commitment.Cyclic
	case p.online == 0:
		return 0, true
	case u.Ramp == nil:
		return math.NaN(), false
	}
	return u.Ramp.Initial, !math.IsNaN(u.Ramp.Initial)
}

// unitOnRamp: a committed unit changes by no more than its ramps, those of a
// start and those before a stop (P the size of a machine; Up and Down as in
// unit.ramp; 1 where only one of a pair is given). unit.on_ramp and .2:
//
//	a - a_prev <= Up P u_prev + RampStart P (u - u_prev)
//	a - a_prev >= -Down P u - RampStop P (u_prev - u)
//
// Where the size of one machine may be built (size its column; .1 to .4):
//
//	a - a_prev <= Up size + big (1 - u_prev)     a - a_prev <= RampStart size + big (1 - start)
//	a - a_prev >= -Down size - big (1 - u)       a - a_prev >= -RampStop size - big (1 - stop)
func unitOnRamp(b *builder) {
	for sub := range int32(4) {
		b.committed(func(i int, u *primitive.Unit, t int32) {
			p := b.before(u, t)
			known, ok := b.activityBefore(u, t, p)
			if !ok {
				return
			}
			b.begin(i, sub, u.Grid)
			s := b.swing(u, t)
			r := b.roomOf(i)
			switch {
			case r.big > 0:
				b.bigRamp(i, sub, t, p, known, &r, s)
			case sub == 0 && !math.IsNaN(s.up):
				up, start := s.up*r.coef, s.start*r.coef
				row := b.row(t, math.Inf(-1), known+(up-start)*p.online)
				b.addChange(row, i, t, p)
				b.add(row, b.ix.first[Online][i]+t, -start)
				b.addBefore(row, i, p, start-up)
			case sub == 1 && !math.IsNaN(s.down):
				down, stop := s.down*r.coef, s.stop*r.coef
				row := b.row(t, known-stop*p.online, math.Inf(1))
				b.addChange(row, i, t, p)
				b.add(row, b.ix.first[Online][i]+t, down-stop)
				b.addBefore(row, i, p, stop)
			}
		})
	}
}

// addChange enters a - a_prev.
func (b *builder) addChange(row int32, i int, t int32, p past) {
	b.add(row, b.ix.first[Activity][i]+t, 1)
	if p.step != clock.None {
		b.add(row, b.ix.first[Activity][i]+p.step, -1)
	}
}

// bigRamp writes one of the four rows of a unit of one machine whose size may
// be built.
func (b *builder) bigRamp(i int, sub, t int32, p past, known float64, r *room, s swing) {
	share := [...]float64{s.up, s.start, s.down, s.stop}[sub]
	if math.IsNaN(share) {
		return
	}
	sign := 1.0
	lower, upper := math.Inf(-1), known+share*r.known+r.big
	if sub >= 2 {
		sign = -1
		lower, upper = known-share*r.known-r.big, math.Inf(1)
	}
	if sub == 0 {
		upper -= r.big * p.online
	}
	row := b.row(t, lower, upper)
	b.addChange(row, i, t, p)
	b.add(row, r.col, -sign*share*r.coef)
	switch sub {
	case 0:
		b.addBefore(row, i, p, r.big)
	case 1:
		b.add(row, b.ix.first[Started][i]+t, r.big)
	case 2:
		b.add(row, b.ix.first[Online][i]+t, -r.big)
	case 3:
		b.add(row, b.ix.first[Stopped][i]+t, -r.big)
	}
}

// unitTight: further rows of a relaxed commitment that cut fractions (P, m =
// Max, Min x size; U, D, SU, SD = Up, Down, RampStart, RampStop x size, the
// size where not given). unit.tight, .2, .3 and .4:
//
//	a_prev <= SD u_prev + (P - SD) (u - start)
//	a <= P u - (P - SU) start
//	a - a_prev <= (m + U) u - m u_prev - (m + U - SU) start
//	a_prev - a <= SD u_prev - (SD - D) u + (m + D - SD) start
func unitTight(b *builder) {
	for sub := range int32(4) {
		b.committed(func(i int, u *primitive.Unit, t int32) {
			if !u.Commitment.Tight {
				return
			}
			p := b.before(u, t)
			known, ok := b.activityBefore(u, t, p)
			if !ok && sub != 1 {
				return
			}
			size, _, _ := b.size(&u.Bound)
			s := b.swing(u, t)
			up, down, start, stop := given(s.up)*size, given(s.down)*size, given(s.start)*size, given(s.stop)*size
			least, most := b.on(u.Bound.Min, u.Grid), b.on(u.Bound.Max, u.Grid)
			lo, hi := times(least.at(t), size), times(most.at(t), size)
			// a x activity + c x (activity before) <= on u + was u_prev + began start
			rows := [...]struct{ a, c, on, was, began float64 }{
				{0, 1, hi - stop, stop, stop - hi},
				{1, 0, hi, 0, start - hi},
				{1, -1, lo + up, -lo, start - lo - up},
				{-1, 1, down - stop, stop, lo + down - stop},
			}
			k := rows[sub]
			b.begin(i, sub, u.Grid)
			if sub == 1 {
				known = 0 // it may be NaN
			}
			r := b.row(t, math.Inf(-1), k.was*p.online-k.c*known)
			b.add(r, b.ix.first[Activity][i]+t, k.a)
			if p.step != clock.None {
				b.add(r, b.ix.first[Activity][i]+p.step, k.c)
			}
			b.add(r, b.ix.first[Online][i]+t, -k.on)
			b.addBefore(r, i, p, -k.was)
			b.add(r, b.ix.first[Started][i]+t, -k.began)
		})
	}
}

// commitmentMoney: standing by costs by the hour, starts and stops by the event.
func (b *builder) commitmentMoney() {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		b.owner(u.Tag)
		c := u.Commitment
		if c == nil {
			continue
		}
		b.chargeRates(primitive.Variable, b.ix.first[Online][i], u.Grid, c.StandBy)
		start, stop := b.on(c.Start, u.Grid), b.on(c.Stop, u.Grid)
		for t, w := range b.times[u.Grid].Event {
			b.charge(primitive.Event, b.ix.first[Started][i]+int32(t), w*start.at(int32(t)))
			b.charge(primitive.Event, b.ix.first[Stopped][i]+int32(t), w*stop.at(int32(t)))
		}
	}
}
