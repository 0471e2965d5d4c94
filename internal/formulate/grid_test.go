package formulate

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

func (d *draft) line(name string, l primitive.Line) *primitive.Line {
	l.Tag = d.asset(name)
	d.Lines = append(d.Lines, l)
	return &d.Lines[len(d.Lines)-1]
}

// both is the bound -x <= v <= x.
func both(x float64) primitive.Bound {
	return primitive.Bound{Capacity: none, Coef: x, Min: data(-1), Max: data(1)}
}

// bothOf is both of a capacity.
func bothOf(capacity int32) primitive.Bound {
	return primitive.Bound{Capacity: capacity, Coef: 1, Min: data(-1), Max: data(1)}
}

// nodes are n buses of electricity, a, b, c ...
func (d *draft) nodes(n int) []int32 {
	at := []int32{d.bus("a", 0, primitive.Exact)}
	for k := 1; k < n; k++ {
		at = append(at, d.place(string(rune('a'+k)), at[0]))
	}
	return at
}

func init() {
	// A triangle with a second line from a to b; b to c is a transformer whose
	// shift is given, the third line chooses one; the last is in no cycle.
	golden[LineCycle] = func(t *testing.T) *draft {
		d := on(hours(2))
		n := d.nodes(3)
		d.line("ab", primitive.Line{From: n[0], To: n[1], Bound: both(50), X: 0.1})
		d.line("ba", primitive.Line{From: n[1], To: n[0], Bound: both(50), X: 0.2})
		d.line("bc", primitive.Line{From: n[1], To: n[2], Bound: both(50), X: 0.4, Shift: data(0.02, 0.04)})
		d.line("ac", primitive.Line{From: n[0], To: n[2], Bound: both(50), X: 0.2, ShiftMin: -0.5, ShiftMax: 0.5})
		d.line("direct", primitive.Line{From: n[0], To: n[2], Bound: both(10), X: inf})
		return d
	}
	golden[LineMax] = func(t *testing.T) *draft {
		d := on(hours(2))
		n := d.nodes(2)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90, Capital: 3})
		d.line("ab", primitive.Line{From: n[0], To: n[1], X: 1, Bound: primitive.Bound{Capacity: c, Coef: 1, Min: data(-1), Max: data(1, 0.8)}})
		return d
	}
	golden[LineMin] = func(t *testing.T) *draft {
		d := on(hours(2))
		n := d.nodes(2)
		d.line("ab", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(40), Loss: &primitive.LineLoss{R: 0.001, Tangents: 1}})
		return d
	}
	golden[LineAngle] = func(t *testing.T) *draft {
		d := on(hours(2))
		n := d.nodes(2)
		d.line("ab", primitive.Line{From: n[0], To: n[1], X: 0.5, Bound: both(40), AngleMin: -0.25, AngleMax: 0.25, Shift: data(0, 0.05)})
		d.line("compensated", primitive.Line{From: n[0], To: n[1], X: -0.5, Bound: both(40), AngleMin: -0.25, AngleMax: 0.25, ShiftMin: -0.1, ShiftMax: 0.1})
		return d
	}
	golden[LineLoss] = func(t *testing.T) *draft {
		d := on(hours(1))
		n := d.nodes(2)
		d.line("tangents", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(40), Loss: &primitive.LineLoss{R: 0.001, Tangents: 2}})
		d.line("secants", primitive.Line{From: n[0], To: n[1], X: inf, Bound: both(40), Loss: &primitive.LineLoss{R: 0.001, Secants: []float64{0, 10, 40}}})
		return d
	}
	// Of a triangle ab fails: all of its flow goes by c.
	golden[OutageMax] = func(t *testing.T) *draft {
		d := on(hours(1))
		n := d.nodes(3)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90, Capital: 3})
		d.line("ab", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(40)})
		d.line("bc", primitive.Line{From: n[1], To: n[2], X: 1, Bound: both(40)})
		d.line("ac", primitive.Line{From: n[0], To: n[2], X: 1, Bound: bothOf(c)})
		d.Outages = []primitive.Outage{{Line: 0}}
		return d
	}
	golden[OutageMin] = func(t *testing.T) *draft {
		d := golden[OutageMax](t)
		d.Lines[1].Loss = &primitive.LineLoss{R: 0.001, Tangents: 1}
		d.Outages[0].Monitored = []int32{1}
		return d
	}
}

// triangle has a cheap source at a (10), a dear one at b (40), 90 of demand at
// b, and lines of X = 1 between all three.
func triangle() *draft {
	d := on(hours(1))
	n := d.nodes(3)
	d.source("cheap", n[0], 200, 10)
	d.source("dear", n[1], 200, 40)
	d.demand(n[1], 90)
	d.line("ab", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(100)})
	d.line("bc", primitive.Line{From: n[1], To: n[2], X: 1, Bound: both(100)})
	d.line("ac", primitive.Line{From: n[0], To: n[2], X: 1, Bound: both(100)})
	return d
}

// Two thirds take the short way: 60, and 30 by c. With 50 on ab, 75 come from
// a and 15 from b: 1350. One more MW at b costs 40, at a 10, at c 25: half of
// either (a at a for each at b leaves ab as it is).
func TestKirchhoff(t *testing.T) {
	s := solve(t, triangle())
	nears(t, "ab", s.LineFlow(s.X, 0), 60)
	nears(t, "bc", s.LineFlow(s.X, 1), -30)
	nears(t, "ac", s.LineFlow(s.X, 2), 30)
	d := triangle()
	d.Lines[0].Bound = both(50)
	s = solve(t, d)
	near(t, "cost", s.Objective, 1350)
	nears(t, "ab", s.LineFlow(s.X, 0), 50)
	for bus, price := range []float64{10, 40, 25} {
		nears(t, "price", s.BusPrice(s.Y, bus), price)
	}
}

// As above, ab limited by its angle: 1 x s <= 50. A limit of the other
// direction alone leaves 90 at 10.
func TestAngle(t *testing.T) {
	for _, c := range []struct{ least, most, cost float64 }{{-50, 50, 1350}, {-inf, 50, 1350}, {-50, inf, 900}} {
		d := triangle()
		d.Lines[0].AngleMin, d.Lines[0].AngleMax = c.least, c.most
		near(t, "cost", solve(t, d).Objective, c.cost)
	}
	d := triangle()
	d.Lines[0].AngleMin, d.Lines[0].AngleMax = 1, -1
	if _, _, err := Build(&d.Model); err == nil || !strings.Contains(err.Error(), "may not be below 1 nor above -1") {
		t.Errorf("crossing limits of an angle: %v", err)
	}
}

// Parallel lines of X 1 (limit 60) and 1 (limit 20) carry 20 each. A shift
// fixed at -10 makes the first carry 10 more: 30 and 20, so 50; one up to 30
// carries 50 and 20, one up to 100 both limits.
func TestShift(t *testing.T) {
	for _, c := range []struct{ shift, most, want float64 }{{0, 0, 40}, {-10, 0, 30}, {10, 0, 50}, {0, 30, 70}, {0, 100, 80}} {
		d := on(hours(1))
		n := d.nodes(2)
		d.source("cheap", n[0], 200, 10)
		d.source("dear", n[1], 200, 40)
		d.demand(n[1], 100)
		d.line("one", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(60)})
		d.line("two", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(20), Shift: data(c.shift), ShiftMax: c.most})
		s := solve(t, d)
		near(t, "sent", s.UnitActivity(s.X, 0)[0], c.want)
	}
}

// 80 at the end of a line that loses 0.001 s^2 of at most 100. Tangent at 100:
// loss = 0.2 s - 10 and s - loss/2 = 80, so s = 75/0.9. Secants over 50 and
// 100: loss = 0.15 s - 5, so s = 77.5/0.925. Half of it is lost before.
func TestLosses(t *testing.T) {
	for _, c := range []struct {
		loss     primitive.LineLoss
		s, loss2 float64
	}{
		{primitive.LineLoss{R: 0.001, Tangents: 1}, 75 / 0.9, 0.2*75/0.9 - 10},
		{primitive.LineLoss{R: 0.001, Secants: []float64{0, 50, 100}}, 77.5 / 0.925, 0.15*77.5/0.925 - 5},
	} {
		d := on(hours(1))
		n := d.nodes(2)
		d.source("plant", n[0], 200, 10)
		d.demand(n[1], 80)
		d.line("ab", primitive.Line{From: n[0], To: n[1], X: 1, Bound: both(100), Loss: &c.loss})
		s := solve(t, d)
		nears(t, "flow", s.LineFlow(s.X, 0), c.s)
		nears(t, "loss", s.LineLoss(s.X, 0), c.loss2)
		near(t, "made", s.UnitActivity(s.X, 0)[0], c.s+c.loss2/2)
	}
}

// Resistances 1 and 4 with an absolute error of 1: units of 2 and 1 MW. A reach
// of 5 needs 2.5 and 5 units: 0, 1, 2, 3, 4, 5 (k/(k-1) with no relative
// error) for both.
func TestSecants(t *testing.T) {
	cuts, err := Secants([]float64{1, 4, 0}, []float64{5, 5, 9}, 1, 0, 20)
	if err != nil {
		t.Fatal(err)
	}
	nears(t, "first", cuts[0], 0, 2, 4, 6, 8, 10)
	nears(t, "second", cuts[1], 0, 1, 2, 3, 4, 5)
	nears(t, "without resistance", cuts[2], 0, 0)
	if _, err := Secants([]float64{4}, []float64{5}, 1, 0, 5); err == nil {
		t.Error("five segments were enough, where fewer than five were asked for")
	}
	// With a relative error of 1/8: 1 + 2 (1/8 + 3/8) = 2.
	cuts, _ = Secants([]float64{1}, []float64{7}, 1, 0.125, 20)
	nears(t, "relative", cuts[0], 0, 2, 4, 8)
}

// Two lines of 50 carry 80 as 40 and 40; either alone could carry 50 only, so
// 50 come from the cheap end: 500 + 30 x 40. Built at 1 a MW beside these 50
// (worth 30), each gets 30 more: 80 can be lost.
func TestOutage(t *testing.T) {
	two := func(bd func(d *draft) primitive.Bound) *draft {
		d := on(hours(1))
		n := d.nodes(2)
		d.source("cheap", n[0], 200, 10)
		d.source("dear", n[1], 200, 40)
		d.demand(n[1], 80)
		d.line("one", primitive.Line{From: n[0], To: n[1], X: 1, Bound: bd(d)})
		d.line("two", primitive.Line{From: n[0], To: n[1], X: 1, Bound: bd(d)})
		d.Outages = []primitive.Outage{{Line: 0}, {Line: 1}}
		return d
	}
	near(t, "cost", solve(t, two(func(*draft) primitive.Bound { return both(50) })).Objective, 500+30*40)
	near(t, "cost with building", solve(t, two(func(d *draft) primitive.Bound {
		return bothOf(d.capacity(primitive.Capacity{Existing: 50, Max: 500, Capital: 1}))
	})).Objective, 800+60)
}

// A triangle of X 1, 1 and 2, of which each unit from a to b sends 3/4 over ab;
// when ac fails all of its flow takes ab, and when ab fails all of its takes
// ac and cb.
func TestTransfer(t *testing.T) {
	d := triangle()
	d.Lines[1].X = 2
	d.Outages = []primitive.Outage{{Line: 0}, {Line: 2, Monitored: []int32{0}}}
	b := &builder{m: &d.Model, axes: axes{c: d.Clock}, ix: newIndex(&d.Model)}
	if faults := b.check(); len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(b.failures) != 2 || len(b.failures[0].takes) != 2 || len(b.failures[1].takes) != 1 {
		t.Fatalf("failures are %+v", b.failures)
	}
	// bc is passed backwards on the way from a over c to b.
	nears(t, "after ab", []float64{b.failures[0].takes[0].factor, b.failures[0].takes[1].factor}, -1, 1)
	nears(t, "after ac", []float64{b.failures[1].takes[0].factor}, 1)
}

// Four buses in a ring with one chord: after any outage the flow that the
// factors give is the flow of the grid without the line, solved on its own.
func TestOutageIsTheGridWithout(t *testing.T) {
	ring := func(without int) *draft {
		d := on(hours(1))
		n := d.nodes(4)
		d.source("plant", n[0], 500, 10)
		d.demand(n[1], 20)
		d.demand(n[2], 50)
		d.demand(n[3], 30)
		for k, e := range [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 2}, {2, 0}} {
			if k != without {
				d.line("l", primitive.Line{From: n[e[0]], To: n[e[1]], X: 0.1 * float64(k*k+1), Bound: both(1000)})
			}
		}
		return d
	}
	d := ring(-1)
	for o := range d.Lines {
		d.Outages = append(d.Outages, primitive.Outage{Line: int32(o)})
	}
	b := &builder{m: &d.Model, axes: axes{c: d.Clock}, ix: newIndex(&d.Model)}
	if faults := b.check(); len(faults) > 0 {
		t.Fatal(faults)
	}
	s := solve(t, ring(-1))
	for _, f := range b.failures {
		r := solve(t, ring(int(f.outage)))
		lost := s.LineFlow(s.X, int(f.outage))[0]
		for _, x := range f.takes {
			left := int(x.line)
			if x.line > f.outage {
				left--
			}
			near(t, "flow after the outage", s.LineFlow(s.X, int(x.line))[0]+x.factor*lost, r.LineFlow(r.X, left)[0])
		}
	}
}

func TestGridFaults(t *testing.T) {
	for _, c := range []struct {
		want  string
		wrong func(d *draft)
	}{
		{"line ab: X is 0", func(d *draft) { d.Lines[0].X = 0 }},
		{"line ab: it begins and ends at a", func(d *draft) { d.Lines[0].To = 0 }},
		{"line bc: losses need a largest flow", func(d *draft) {
			d.Lines[1].Bound.Coef, d.Lines[1].Loss = inf, &primitive.LineLoss{R: 1, Tangents: 1}
		}},
		{"without line spur the grid falls apart: there is no other way from c to d", func(d *draft) {
			n := d.place("d", 0)
			d.line("spur", primitive.Line{From: 2, To: n, X: 1, Bound: both(9)})
			d.Outages = []primitive.Outage{{Line: 3}}
		}},
		{"line ab has an infinite X", func(d *draft) {
			d.Lines[0].X, d.Outages = inf, []primitive.Outage{{Line: 0}}
		}},
		{"alive has 2 values", func(d *draft) { d.Lines[0].Alive = []bool{true, false} }},
		{"X is NaN", func(d *draft) { d.Lines[0].X = math.NaN() }},
	} {
		d := triangle()
		c.wrong(d)
		if _, _, err := Build(&d.Model); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %q", err, c.want)
		}
	}
}

// Whatever the grid, its flows are those of angles: walked out along a tree,
// the angles give X s + shift on every other line.
func TestFlowsHaveAngles(t *testing.T) {
	needSolver(t)
	rapid.Check(t, func(r *rapid.T) {
		d := on(hours(2))
		buses := rapid.IntRange(2, 6).Draw(r, "buses")
		n := d.nodes(buses)
		for k, bus := range n {
			d.source("plant"+string(rune('a'+k)), bus, 1000, float64(rapid.IntRange(1, 50).Draw(r, "price")))
			d.demand(bus, float64(rapid.IntRange(0, 90).Draw(r, "demand")))
		}
		for k := range rapid.IntRange(1, 12).Draw(r, "lines") {
			from := rapid.IntRange(0, buses-1).Draw(r, "from")
			to := (from + rapid.IntRange(1, buses-1).Draw(r, "to")) % buses
			l := primitive.Line{From: n[from], To: n[to], Bound: both(60), X: 1e-6 * float64(rapid.IntRange(1, 40).Draw(r, "x"))}
			if k%3 == 1 {
				l.Shift = data(0, 1e-6*float64(rapid.IntRange(-30, 30).Draw(r, "shift")))
			}
			if k%4 == 2 {
				l.ShiftMax = 2e-5
			}
			if k%5 == 4 {
				l.X = inf
			}
			d.line("l"+string(rune('a'+k)), l)
		}
		p, ix, err := Build(&d.Model)
		if err != nil {
			r.Fatal(err)
		}
		sol, err := highs.Solver{}.Solve(context.Background(), p, lp.Options{Algorithm: "simplex"})
		if err != nil || sol.Status != lp.Optimal {
			r.Fatal(sol.Status, err)
		}
		for h := range 2 {
			drop := func(i int) float64 {
				l := &d.Lines[i]
				shift := l.Shift.At(h)
				if chosen(l) {
					shift = ix.LineShift(sol.X, i)[h]
				}
				return l.X*ix.LineFlow(sol.X, i)[h] + shift
			}
			angle := map[int32]float64{}
			for _, root := range n {
				if _, ok := angle[root]; ok {
					continue
				}
				angle[root] = 0
				for more := true; more; {
					more = false
					for i := range d.Lines {
						l := &d.Lines[i]
						a, known := angle[l.From]
						z, there := angle[l.To]
						switch {
						case math.IsInf(l.X, 1) || !known && !there:
						case !there:
							angle[l.To], more = a-drop(i), true
						case !known:
							angle[l.From], more = z+drop(i), true
						case math.Abs(a-z-drop(i)) > 1e-9:
							r.Fatalf("line %d: angles differ by %g, X s + shift is %g", i, a-z, drop(i))
						}
					}
				}
			}
		}
	})
}
