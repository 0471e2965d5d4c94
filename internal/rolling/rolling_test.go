package rolling

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
	"example.org/busbar/solve"

	"pgregory.net/rapid"
)

const none = primitive.None

var (
	nan = math.NaN()
	inf = math.Inf(1)
	one = primitive.Const(1)
)

// fataler is a test, or a draw of one.
type fataler interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

func TestWindows(t *testing.T) {
	got := Windows(34, 10, 4)
	want := []Window{{0, 10}, {6, 16}, {12, 22}, {18, 28}, {24, 34}, {30, 34}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	c := days(t, 3)
	got, err := ByHours(c, 48, 24)
	if want = []Window{{0, 48}, {24, 72}, {48, 72}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v (%v)", got, want, err)
	}
	for _, k := range []struct {
		horizon, overlap float64
		says             string
	}{{24, 24, "overlap below it"}, {0, 0, "above 0"}, {1.5, 0, "whole steps"}, {24, -1, "overlap"}} {
		if _, err := ByHours(c, k.horizon, k.overlap); err == nil || !strings.Contains(err.Error(), k.says) {
			t.Errorf("%v: %v", k, err)
		}
	}
}

func days(t testing.TB, n int, steps ...clock.Step) *clock.Clock {
	from := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	c, err := clock.New(clock.Spec{From: from, To: from.AddDate(0, 0, n-1), Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func snapshots(t fataler, n int) *clock.Clock {
	var all []clock.Snapshot
	for k := range n {
		all = append(all, clock.Snapshot{Stamp: time.Date(2030, 1, 1, k, 0, 0, 0, time.UTC), Length: 1, Hours: 1, Cost: 1, Amount: 1, Event: 1})
	}
	c, err := clock.Snapshots(all, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// town is a bus with a load of 10 MW, a source at a price for each hour, and a
// battery of 20 MW and 20 MWh without losses that begins empty.
func town(t fataler, prices ...float64) *primitive.Model {
	bound := func(most float64) primitive.Bound {
		return primitive.Bound{Capacity: none, Coef: 1, Max: primitive.Const(most)}
	}
	return &primitive.Model{
		Clock:       snapshots(t, len(prices)),
		Commodities: []primitive.Commodity{{Name: "electricity", Unit: "MWh"}},
		Buses:       []primitive.Bus{{Name: "electricity@town", Asset: none, Place: "town"}, {Name: "battery.energy", Asset: 1}},
		Assets:      []primitive.Asset{{Name: "source"}, {Name: "battery"}, {Name: "town"}, {Name: "spare"}},
		Units: []primitive.Unit{
			{Bound: bound(100), Ports: []primitive.Port{{Bus: 0, Ratio: one}}, Costs: []primitive.Cost{{Class: primitive.Variable, Per: primitive.Series{Data: prices}, Party: none}}},
			{Tag: primitive.Tag{Asset: 1, Part: "charge"}, Bound: bound(20), Ports: []primitive.Port{{Bus: 0, Ratio: primitive.Const(-1)}, {Bus: 1, Ratio: one}}},
			{Tag: primitive.Tag{Asset: 1, Part: "discharge"}, Bound: bound(20), Ports: []primitive.Port{{Bus: 1, Ratio: primitive.Const(-1)}, {Bus: 0, Ratio: one}}},
			{Tag: primitive.Tag{Asset: 3}, Bound: bound(100), Ports: []primitive.Port{{Bus: 0, Ratio: one}}, Costs: []primitive.Cost{{Class: primitive.Variable, Per: primitive.Const(100), Party: none}}},
		},
		Stores:  []primitive.Store{{Tag: primitive.Tag{Asset: 1}, Bus: 1, Bound: bound(20), End: primitive.Given, Final: nan}},
		Demands: []primitive.Demand{{Tag: primitive.Tag{Asset: 2}, Bus: 0, Amount: primitive.Const(10)}},
	}
}

// answer solves a model in windows.
func answer(t fataler, m *primitive.Model, p Plan) (*Whole, *Answer) {
	w, err := New(m, p)
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Solve(func(q *Piece) (*lp.Solution, lp.Certificate, error) {
		return solve.Run(context.Background(), q.Problem, "native", lp.Options{Hint: q.Hint})
	})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Certificate.OK || a.Certificate.Kind != lp.KindSequence {
		t.Fatalf("certificate %v", a.Certificate)
	}
	return w, a
}

func equal(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-5*(1+math.Abs(b)) })
}

// Prices 10, 20, 50, 50. Who sees all four hours buys 30 in the first and 10 in
// the second, and is fed from the battery's 20 then: 300 + 200 = 500. In windows
// of two hours the first buys 20 for itself (200) and is left with nothing, so the
// second pays 1000. In windows of three of which one is planned anew, the first
// buys 30 and means to live on them (300); two hours are kept, 10 are left, and the
// second buys the other 10 (500).
func TestForesight(t *testing.T) {
	for _, k := range []struct {
		horizon, overlap int
		want             []float64
		total            float64
	}{{4, 0, []float64{500}, 500}, {2, 0, []float64{200, 1000}, 1200}, {3, 1, []float64{300, 500}, 800}} {
		w, a := answer(t, town(t, 10, 20, 50, 50), Plan{Windows: Windows(4, k.horizon, k.overlap)})
		if got := a.Objectives(); !equal(got, k.want) {
			t.Errorf("%v: windows %.6g, want %v", k, got, k.want)
		}
		if got := w.Problem.Objective(a.X); !equal([]float64{got}, []float64{k.total}) {
			t.Errorf("%v: together %g, want %g", k, got, k.total)
		}
	}
}

// Of the source 30 MWh may be used over all four hours, at 1; spare costs 100. The
// first window of two hours uses 20 (20), the second has 10 left (10 + 10 x 100).
// Afresh it counts its own alone: 20 and 20.
func TestCapOverAll(t *testing.T) {
	limit := func(least, most float64) *primitive.Model {
		m := town(t, 1, 1, 1, 1)
		m.Stores[0].Bound.Max = primitive.Const(0)
		m.Limits = []primitive.Limit{{
			Name: "cap", Span: primitive.Horizon, Soft: nan, Min: []float64{least}, Max: []float64{most},
			Terms: []primitive.Term{{Of: primitive.UnitActivity, Coef: one}},
		}}
		return m
	}
	windows := Windows(4, 2, 0)
	if _, a := answer(t, limit(-inf, 30), Plan{Windows: windows}); !equal(a.Objectives(), []float64{20, 1010}) {
		t.Errorf("windows %.6g", a.Objectives())
	}
	if _, a := answer(t, limit(-inf, 30), Plan{Windows: windows, Afresh: true}); !equal(a.Objectives(), []float64{20, 20}) {
		t.Errorf("afresh: windows %.6g", a.Objectives())
	}
	// Of a floor counts what of its span has passed: of the spare's least 20 MWh
	// over four hours 10 by the end of the first two: 10 x 100 + 10, twice.
	m := limit(20, inf)
	m.Limits[0].Terms[0].Index = 3
	if _, a := answer(t, m, Plan{Windows: windows}); !equal(a.Objectives(), []float64{1010, 1010}) {
		t.Errorf("a floor: windows %.6g", a.Objectives())
	}
}

// What is left in the battery is worth 30 a MWh. Windows of one hour at 10, 20, 50
// and 40: the first buys 30 (300 - 20 x 30), the second 10 (200 - 600), the third
// lives on 10 of the battery (-10 x 30), the last on the rest: 0.
func TestWorthOfWhatIsLeft(t *testing.T) {
	m := town(t, 10, 20, 50, 40)
	m.Stores[0].End, m.Stores[0].Value = primitive.Valued, 30
	if _, a := answer(t, m, Plan{Windows: Windows(4, 1, 0)}); !equal(a.Objectives(), []float64{-300, -400, -300, 0}) {
		t.Errorf("windows %.6g", a.Objectives())
	}
}

// A battery that comes round begins at the share asked for: of 20 MWh at 50 % the
// first hour, at 10, takes 10, and the other costs 20.
func TestStart(t *testing.T) {
	m := town(t, 10, 20)
	m.Stores[0].End = primitive.Cyclic
	w, a := answer(t, m, Plan{Windows: Windows(2, 1, 0), Start: 0.5})
	if !equal(a.Objectives(), []float64{0, 200}) || !slices.Equal(w.Begins, []string{"battery"}) {
		t.Errorf("windows %.6g, %v begin", a.Objectives(), w.Begins)
	}
	// Afresh it comes round in each: an hour can move nothing.
	if _, a := answer(t, m, Plan{Windows: Windows(2, 1, 0), Start: 0.5, Afresh: true}); !equal(a.Objectives(), []float64{100, 200}) {
		t.Errorf("afresh: windows %.6g", a.Objectives())
	}
}

// fortnight is a town with a load that is alike from day to day, wind that is not,
// a battery, the spare up to 8 MW and a source at 60 to 84 for the rest.
func fortnight(t fataler) *primitive.Model {
	const n = 14 * 24
	prices, loads, wind := make([]float64, n), make([]float64, n), make([]float64, n)
	for k := range n {
		prices[k] = float64(60 + 2*(k*7919%13))
		loads[k] = float64(5+(k+6)%24/2) + float64(k*104729%7)/10
		wind[k] = float64((k*k/50+k*k*k/7000)%40) / 2
	}
	m := town(t, prices...)
	m.Units[3].Bound.Max, m.Units[3].Costs[0].Per = primitive.Const(8), primitive.Const(40)
	m.Units[3].Ramp = &primitive.Ramp{Up: 2, Down: 2, Initial: nan}
	m.Units = append(m.Units, primitive.Unit{
		Tag: primitive.Tag{Asset: 4}, Ports: []primitive.Port{{Bus: 0, Ratio: one}},
		Bound: primitive.Bound{Capacity: none, Coef: 1, Max: primitive.Series{Data: wind}},
	})
	m.Assets = append(m.Assets, primitive.Asset{Name: "wind"})
	m.Demands[0].Amount = primitive.Series{Data: loads}
	m.Stores[0].Loss, m.Stores[0].Bound.Max = 0.01, primitive.Const(60)
	return m
}

// A window begins at what the one before it meant to do, and behind its end with
// the same hour of its last day: of a column (or row) of hour h, 48 to 71, with
// that of h - 24, which in a problem of hours stands 24 places before it.
func TestNear(t *testing.T) {
	w, err := New(fortnight(t), Plan{Windows: Windows(72, 48, 24)})
	if err != nil {
		t.Fatal(err)
	}
	var first *lp.Solution
	var at map[int32]int
	tried := 0
	_, err = w.Solve(func(q *Piece) (*lp.Solution, lp.Certificate, error) {
		sol, cert, err := solve.Run(context.Background(), q.Problem, "native", lp.Options{Hint: q.Hint})
		if q.From == 0 {
			first, at = sol, map[int32]int{}
			for c, j := range q.Cols {
				at[j] = c
			}
			if q.Near != nil {
				t.Error("the first window has no neighbour")
			}
		}
		if q.From == 24 {
			for c, j := range q.Cols {
				from := j
				if q.Hint.ColTime[c] >= 48 {
					from -= 24
				}
				tried++
				if want := first.X[at[from]]; q.Near.X[c] != want {
					t.Errorf("%s begins at %g, want %g", q.ColName(c), q.Near.X[c], want)
				}
			}
		}
		return sol, cert, err
	})
	if err != nil || tried < 200 {
		t.Error(err, tried)
	}
}

// Begun there, each window has the same optimum, and all together take no more
// iterations (69 beside 77 when this was written).
func TestWindowsBeginNear(t *testing.T) {
	w, err := New(fortnight(t), Plan{Windows: Windows(336, 120, 72)})
	if err != nil {
		t.Fatal(err)
	}
	cold, near := 0, 0
	_, err = w.Solve(func(q *Piece) (*lp.Solution, lp.Certificate, error) {
		a, cert, err := solve.Run(context.Background(), q.Problem, "native", lp.Options{Hint: q.Hint, Threads: 1})
		if err != nil {
			return nil, cert, err
		}
		b, proof, err := solve.Run(context.Background(), q.Problem, "native", lp.Options{Hint: q.Hint, Threads: 1, Warm: q.Near, Rough: true})
		if err != nil || !proof.OK || math.Abs(a.Objective-b.Objective) > 1e-6*math.Abs(a.Objective) {
			t.Errorf("hour %d: %.10g, %v (%v), want %.10g", q.From, b.Objective, proof, err, a.Objective)
		}
		cold, near = cold+a.Iterations, near+b.Iterations
		return a, cert, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if t.Logf("%d iterations from nothing, %d from the window before", cold, near); near > cold {
		t.Errorf("%d iterations from the window before, %d from nothing", near, cold)
	}
}

// What can't be solved in windows says so.
func TestFaults(t *testing.T) {
	m := town(t, 1, 1, 1, 1)
	m.Capacities = []primitive.Capacity{{Tag: primitive.Tag{Asset: 1}, Max: 5}}
	m.Units[0].Maintenance = &primitive.Maintenance{Events: 1, Hours: 2}
	got := strings.Join(Faults(m, Plan{Windows: Windows(4, 2, 0)}), "; ")
	for _, want := range []string{"battery may be built", "source has maintenance"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	m = town(t, 1)
	m.Clock = days(t, 2, clock.Step{N: 1, Unit: clock.Day})
	m.Units[0].Costs, m.Units[0].Grid = nil, 1
	if _, err := New(m, Plan{Windows: Windows(48, 36, 0)}); err == nil || !strings.Contains(err.Error(), "midst of a step of 1d") {
		t.Errorf("windows of a day and a half: %v", err)
	}
}

// mixed draws a town with what remembers: ramps, sums over some hours, delays,
// losses of stores, limits by the day and over all.
func mixed(t *rapid.T) *primitive.Model {
	number := func(name string, least, most float64) float64 { // of two digits, as data are
		return float64(rapid.IntRange(int(least*100), int(most*100)).Draw(t, name)) / 100
	}
	n := 24 * rapid.IntRange(1, 2).Draw(t, "days")
	prices, loads := make([]float64, n), make([]float64, n)
	for k := range n {
		prices[k], loads[k] = number("price", 1, 60), number("load", 0, 20)
	}
	m := town(t, prices...)
	m.Demands[0].Amount = primitive.Series{Data: loads}
	m.Units[0].Ramp = &primitive.Ramp{Up: number("up", 1, 30), Down: 100, Initial: nan, Cyclic: rapid.Bool().Draw(t, "cyclic")}
	hours := float64(rapid.SampledFrom([]int{3, 7, 18}).Draw(t, "sum"))
	m.Units[0].Windows = []primitive.Window{{Hours: hours, Min: -inf, Max: number("most", 1, 30) * hours, Cyclic: rapid.Bool().Draw(t, "round")}}
	m.Stores[0].Loss = number("loss", 0, 0.1)
	if rapid.Bool().Draw(t, "comes round") {
		m.Stores[0].End = primitive.Cyclic
	}
	delay := float64(rapid.IntRange(0, 5).Draw(t, "delay"))
	m.Units[1].Ports[1].Delay, m.Units[1].Ports[1].Cyclic = delay, true
	for _, span := range []primitive.Span{primitive.EachDay, primitive.Horizon} {
		m.Limits = append(m.Limits, primitive.Limit{
			Name: "sum", Span: span, Soft: rapid.SampledFrom([]float64{nan, 7}).Draw(t, "soft"),
			Min: []float64{-inf}, Max: []float64{number("cap", 50, 500)},
			Terms: []primitive.Term{{Of: primitive.UnitActivity, Coef: one}},
		})
	}
	return m
}

// One window is the whole. Several never cost less than the whole, and together
// break none of its rows.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := mixed(t)
		n := m.Clock.Ticks()
		horizon := rapid.IntRange(1, n).Draw(t, "horizon")
		overlap := rapid.IntRange(0, horizon-1).Draw(t, "overlap")
		whole, all := answer(t, m, Plan{Windows: Windows(n, n, 0), Start: 0.5})
		least, _, err := solve.Run(context.Background(), whole.Problem, "native", lp.Options{})
		if err != nil || !equal([]float64{least.Objective}, all.Objectives()) {
			t.Fatalf("one window: %.9g, want %.9g (%v)", all.Objectives(), least.Objective, err)
		}
		w, a := answer(t, m, Plan{Windows: Windows(n, horizon, overlap), Start: 0.5})
		if last := a.Last(); !last.Optimal() {
			t.Fatalf("%d hours, %d anew: window %d ends %v, %v", horizon, overlap, len(a.Parts), last.Solution.Status, last.Certificate)
		}
		if p := lp.Certify(w.Problem, &lp.Solution{Status: lp.Optimal, X: a.X}); !(p.Primal <= lp.CertTolerance) {
			t.Fatalf("%d hours, %d anew: %s is broken by %g", horizon, overlap, p.Worst.Name, p.Primal)
		}
		if got := w.Problem.Objective(a.X); got < least.Objective-1e-5*(1+math.Abs(least.Objective)) {
			t.Fatalf("%d hours, %d anew: %.9g, less than the whole's %.9g", horizon, overlap, got, least.Objective)
		}
	})
}

// A window of a model built as one of its own, laid into the whole.
func TestJoin(t *testing.T) {
	whole, a := answer(t, town(t, 10, 20, 50, 50), Plan{Windows: Windows(4, 4, 0)})
	x, y := make([]float64, whole.Problem.Cols()), make([]float64, whole.Problem.Rows())
	for from := int32(0); from < 4; from += 2 {
		_, part, err := formulate.Build(town(t, 10, 20))
		if err != nil {
			t.Fatal(err)
		}
		px, py := []float64{}, []float64{}
		part.Cols(func(k formulate.Block) { // the same steps of the whole, by its names
			for n := range k.Count {
				px = append(px, a.X[k.First*2+from+n])
			}
		})
		part.Rows(func(k formulate.Block) {
			for n := range k.Count {
				py = append(py, a.Y[k.First*2+from+n])
			}
		})
		Join(whole.Index, x, y, part, px, py, from)
	}
	if !slices.Equal(x, a.X) || !slices.Equal(y, a.Y) {
		t.Errorf("%v and %v, want %v and %v", x, y, a.X, a.Y)
	}
}
