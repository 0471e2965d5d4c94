package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// twoWay reports whether a route has a direction back.
func twoWay(r *primitive.Route) bool { return r.Back.Data != nil || r.Back.Value != 0 }

// forwardColumns: what is sent along a route:
//
//	0 <= f <= Max Coef size
func forwardColumns(b *builder) {
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		lower, upper := b.column(i, 0, r.Grid, b.times[r.Grid].Len())
		b.boundColumns(&r.Bound, r.Grid, lower, upper)
	}
}

// backColumns: what is sent the other way, where the route allows it:
//
//	0 <= g <= Back Max Coef size
func backColumns(b *builder) {
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		if !twoWay(r) {
			continue
		}
		_, upper := b.column(i, 0, r.Grid, b.times[r.Grid].Len())
		back, most := b.on(r.Back, r.Grid), b.on(r.Bound.Max, r.Grid)
		size, col, _ := b.size(&r.Bound)
		for t := range upper {
			share := back.at(int32(t)) * most.at(int32(t))
			switch {
			case col == primitive.None:
				upper[t] = times(share, size) + 0
			case share > 0:
				upper[t] = math.Inf(1)
			}
		}
	}
}

// routeFlows visits both directions of routes at both ends, and their uses.
// Ports of a Flow: 0 leaves From (or To, going back), 1 arrives, 2 ... are
// Uses.
func (b *builder) routeFlows(visit func(*flow)) {
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		f := flow{what: Forward, index: int32(i), col: b.ix.first[Forward][i], grid: r.Grid}
		b.direction(f, r, r.From, r.To, visit)
		if twoWay(r) {
			f.what, f.col = Back, b.ix.first[Back][i]
			b.direction(f, r, r.To, r.From, visit)
		}
	}
}

func (b *builder) direction(f flow, r *primitive.Route, from, to int32, visit func(*flow)) {
	f.bus, f.ratio, f.scale = from, one, -1
	visit(&f)
	arrival := f
	arrival.port, arrival.bus, arrival.scale, arrival.delay, arrival.cyclic = 1, to, 1-r.Loss, r.Delay, r.Cyclic
	visit(&arrival)
	f.scale = 1
	for k := range r.Uses {
		b.portFlow(f, k+2, &r.Uses[k], visit)
	}
}

// routeMax: both directions of a route share its capacity:
//
//	f + g - Max Coef built <= Max Coef Existing
func routeMax(b *builder) {
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		if twoWay(r) {
			b.boundAbove(i, &r.Bound, r.Grid, always, true, b.ix.first[Forward][i], b.ix.first[Back][i])
		} else {
			b.boundAbove(i, &r.Bound, r.Grid, always, false, b.ix.first[Forward][i])
		}
	}
}

// routeBack: the direction back has a share of a capacity that may be built,
// where that share is below 1:
//
//	g - Back Max Coef built <= Back Max Coef Existing
func routeBack(b *builder) {
	for i := range b.m.Routes {
		r := &b.m.Routes[i]
		size, col, coef := b.size(&r.Bound)
		if !twoWay(r) || col == primitive.None {
			continue
		}
		b.begin(i, 0, r.Grid)
		back, most := b.on(r.Back, r.Grid), b.on(r.Bound.Max, r.Grid)
		for t := int32(0); t < int32(b.times[r.Grid].Len()); t++ {
			share := back.at(t) * most.at(t)
			if share == 0 || back.at(t) >= 1 {
				continue
			}
			row := b.row(t, math.Inf(-1), times(share, size))
			b.add(row, b.ix.first[Back][i]+t, 1)
			b.add(row, col, -share*coef)
		}
	}
}
