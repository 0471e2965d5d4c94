package formulate

import "math"

// activityColumns: the activity of a unit in each step of its grid:
//
//	Min Coef size <= a <= Max Coef size          (and 0, with commitment or maintenance)
func activityColumns(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		lower, upper := b.column(i, 0, u.Grid, b.times[u.Grid].Len())
		b.boundColumns(&u.Bound, u.Grid, lower, upper)
		if switched(u) {
			for t := range lower {
				lower[t], upper[t] = math.Min(lower[t], 0), math.Max(upper[t], 0)
			}
		}
		b.still(u.Alive, u.Grid, lower, upper)
	}
}

// unitFlows visits the ports of units.
func (b *builder) unitFlows(visit func(*flow)) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		f := flow{what: Activity, index: int32(i), col: b.ix.first[Activity][i], grid: u.Grid, scale: 1}
		for k := range u.Ports {
			b.portFlow(f, k, &u.Ports[k], visit)
		}
		b.curveFlows(i, visit)
	}
}

// unitMax: an activity stays within a capacity that may be built:
//
//	a - Max Coef built <= Max Coef Existing      (= where Min is Max)
func unitMax(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if switched(u) {
			continue // unit.room_max
		}
		b.boundAbove(i, &u.Bound, u.Grid, b.lives(u.Alive, u.Grid), false, b.ix.first[Activity][i])
	}
}

// unitMin: an activity keeps to its minimum of a capacity that may be built:
//
//	a - Min Coef built >= Min Coef Existing
func unitMin(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if switched(u) {
			continue // unit.room_min
		}
		b.boundBelow(i, &u.Bound, u.Grid, b.lives(u.Alive, u.Grid), false, b.ix.first[Activity][i])
	}
}

// unitFixed: an activity that is given:
//
//	a = Fixed                                    where Fixed is a number
func unitFixed(b *builder) {
	for i := range b.m.Units {
		u := &b.m.Units[i]
		if u.Fixed != nil {
			b.fix(i, u.Fixed, u.Grid, b.lives(u.Alive, u.Grid), b.ix.first[Activity][i])
		}
	}
}
