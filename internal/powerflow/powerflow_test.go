package powerflow

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var inf = math.Inf(1)

const degree = math.Pi / 180

// reporter is a test, or one draw of a property.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func near(t reporter, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.9g, want %.9g", what, got, want)
	}
}

// line is a branch as MATPOWER has it: tap and shift at from, charging b.
func line(from, to int, r, x, b, tap, shift float64) Branch {
	if tap == 0 {
		tap = 1
	}
	k := Pi(1/complex(r, x), complex(0, b/2), complex(0, b/2), tap, 1, shift*degree)
	k.From, k.To, k.Name = from-1, to-1, fmt.Sprintf("%d-%d", from, to)
	return k
}

// pair is a slack of 1 p.u. that feeds p + jq MVA through r + jx.
func pair(r, x, p, q float64) *Network {
	return &Network{Base: 100, Buses: []Bus{{Name: "1", Kind: Slack, V: 1}, {Name: "2", P: -p, Q: -q, V: 1}}, Branches: []Branch{line(1, 2, r, x, 0, 0, 0)}}
}

// Two buses have a closed form. With U = V_2^2, R, X, P, Q in p.u.:
//
//	U^2 + (2 (R P + X Q) - 1) U + (R^2 + X^2) (P^2 + Q^2) = 0
//
// of which the larger root is the stable one; what is lost is R (P^2 + Q^2)/U,
// and sin of the angle behind is (X P - R Q)/V_2. Without a real root there is
// no voltage, and the iteration says so.
func TestTwoBuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(name string, from, to float64) float64 { return rapid.Float64Range(from, to).Draw(t, name) }
		r, x, p, q := f("r", 0, 0.1), f("x", 0.01, 0.3), f("p", -150, 150), f("q", -100, 150)
		pp, qq := p/100, q/100
		b := 2*(r*pp+x*qq) - 1
		d := b*b - 4*(r*r+x*x)*(pp*pp+qq*qq)
		res, err := Solve(pair(r, x, p, q), Options{})
		if d < 0 {
			var no *NotConverged
			if !errors.As(err, &no) || no.Bus != "2" || !(no.Mismatch > 0) {
				t.Fatalf("no voltage exists, and it says %v (%+v)", err, res)
			}
			return
		}
		if d < 1e-3 {
			return // at the nose a step may miss
		}
		if err != nil {
			t.Fatal(err)
		}
		u := (-b + math.Sqrt(d)) / 2
		near(t, "voltage", res.V[1], math.Sqrt(u), 1e-7)
		near(t, "angle", math.Sin(res.Angle[1]), -(x*pp-r*qq)/math.Sqrt(u), 1e-7)
		near(t, "loss", real(res.Loss), 100*r*(pp*pp+qq*qq)/u, 1e-4)
		near(t, "reactive loss", imag(res.Loss), 100*x*(pp*pp+qq*qq)/u, 1e-4)
		near(t, "what the slack gives", real(res.S[0]), p+real(res.Loss), 1e-4)
	})
}

// An ideal transformer of tap 1.25 and 30 degrees feeds nothing: the far side
// has 1/1.25 of the voltage, 30 degrees behind.
func TestTapAndShift(t *testing.T) {
	n := pair(0, 0.1, 0, 0)
	n.Branches[0] = line(1, 2, 0, 0.1, 0, 1.25, 30)
	r, err := Solve(n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "voltage", r.V[1], 0.8, 1e-9)
	near(t, "angle", r.Angle[1], -30*degree, 1e-9)
	// A shunt of 10 MVAr at 1 p.u. at the far side: 1/(1 - x b) of the voltage,
	// with x b = 0.1 x 0.1.
	n.Buses[1].Bs = 10
	if r, err = Solve(n, Options{}); err != nil {
		t.Fatal(err)
	}
	near(t, "voltage with a shunt", r.V[1], 0.8/0.99, 1e-9)
	near(t, "what the shunt takes", imag(r.Shunt), -10*r.V[1]*r.V[1], 1e-9)
}

// wscc is the nine-bus system of Anderson and Fouad, "Power System Control and
// Stability", as MATPOWER's case9 has it.
func wscc() *Network {
	n := &Network{Base: 100}
	for i, b := range [][3]float64{{0, 0, 1.04}, {163, 0, 1.025}, {85, 0, 1.025}, {0, 0, 1}, {-90, -30, 1}, {0, 0, 1}, {-100, -35, 1}, {0, 0, 1}, {-125, -50, 1}} {
		k := Bus{Name: fmt.Sprint(i + 1), P: b[0], Q: b[1], V: b[2], QMin: -300, QMax: 300}
		switch i {
		case 0:
			k.Kind = Slack
		case 1, 2:
			k.Kind = PV
		}
		n.Buses = append(n.Buses, k)
	}
	n.Branches = []Branch{
		line(1, 4, 0, 0.0576, 0, 0, 0), line(4, 5, 0.017, 0.092, 0.158, 0, 0), line(5, 6, 0.039, 0.17, 0.358, 0, 0),
		line(3, 6, 0, 0.0586, 0, 0, 0), line(6, 7, 0.0119, 0.1008, 0.209, 0, 0), line(7, 8, 0.0085, 0.072, 0.149, 0, 0),
		line(8, 2, 0, 0.0625, 0, 0, 0), line(8, 9, 0.032, 0.161, 0.306, 0, 0), line(9, 4, 0.01, 0.085, 0.176, 0, 0),
	}
	return n
}

// What MATPOWER prints of case9's power flow (pp_pf_case9.txt among its tests);
// the book has the same voltages, on other bus numbers.
func TestNineBuses(t *testing.T) {
	r, err := Solve(wscc(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := []float64{1.040, 1.025, 1.025, 1.026, 1.013, 1.032, 1.016, 1.026, 0.996}
	a := []float64{0, 9.280, 4.665, -2.217, -3.687, 1.967, 0.728, 3.720, -3.989}
	for i := range v {
		near(t, "voltage", r.V[i], v[i], 6e-4)
		near(t, "angle", r.Angle[i]/degree, a[i], 6e-4)
	}
	from := []complex128{71.64 + 27.05i, 30.70 + 1.03i, -59.46 - 13.46i, 85.00 - 10.86i, 24.18 + 3.12i, -75.90 - 10.70i, -163.00 + 9.18i, 86.62 - 8.38i, -40.68 - 38.69i}
	to := []complex128{-71.64 - 23.92i, -30.54 - 16.54i, 60.82 - 18.07i, -85.00 + 14.96i, -24.10 - 24.30i, 76.38 - 0.80i, 163.00 + 6.65i, -84.32 - 11.31i, 40.94 + 22.89i}
	for i := range from {
		if cmplx.Abs(r.From[i]-from[i]) > 8e-3 || cmplx.Abs(r.To[i]-to[i]) > 8e-3 {
			t.Errorf("branch %d: %.2f and %.2f, want %.2f and %.2f", i+1, r.From[i], r.To[i], from[i], to[i])
		}
	}
	near(t, "losses", real(r.Loss), 4.641, 6e-4)
	if r.Iterations > 5 {
		t.Errorf("%d iterations, MATPOWER takes 4", r.Iterations)
	}
}

// The iteration converges quadratically at the end, which it would not with a
// wrong Jacobian.
func TestQuadratic(t *testing.T) {
	r, err := Solve(wscc(), Options{Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	for k := 1; k+1 < len(r.Mismatch); k++ {
		if m := r.Mismatch[k]; m < 1e-2 && r.Mismatch[k+1] > 10*m*m+1e-13 {
			t.Errorf("mismatches %.1e: the step after %.1e is not quadratic", r.Mismatch, m)
		}
	}
}

// grid draws a connected grid with slack, loads, generators and two-ports of all
// sorts.
func grid(t *rapid.T, most int) *Network {
	f := func(name string, from, to float64) float64 { return rapid.Float64Range(from, to).Draw(t, name) }
	count := rapid.IntRange(2, most).Draw(t, "buses")
	n := &Network{Base: 100}
	for i := range count {
		b := Bus{Name: fmt.Sprint(i + 1), V: 1, P: f("p", -20, 15), Q: f("q", -8, 5), Gs: f("gs", 0, 2), Bs: f("bs", -5, 5), QMin: -inf, QMax: inf}
		if i == 0 {
			b.Kind, b.V = Slack, f("v", 0.98, 1.05)
		} else if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			b.Kind, b.V = PV, f("v", 0.98, 1.05)
		}
		n.Buses = append(n.Buses, b)
	}
	join := func(a, b int) {
		r := f("r", 0, 0.02)
		n.Branches = append(n.Branches, line(a+1, b+1, r, f("x", 0.02, 0.1), f("b", 0, 0.05), f("tap", 0.95, 1.05), f("shift", -3, 3)))
	}
	for i := 1; i < count; i++ {
		join(rapid.IntRange(max(0, i-4), i-1).Draw(t, "to"), i)
	}
	for range rapid.IntRange(0, count).Draw(t, "chords") {
		a, b := rapid.IntRange(0, count-1).Draw(t, "a"), rapid.IntRange(0, count-1).Draw(t, "b")
		if a != b {
			join(a, b)
		}
	}
	return n
}

// What is injected is what is lost: in branches, and in shunts. Buses hold what
// their kind says, and what flows into branches and shunts is what is injected.
func TestEnergyIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := grid(t, 30)
		r, err := Solve(n, Options{})
		if err != nil {
			t.Skip("a grid may collapse")
		}
		var all complex128
		out := make([]complex128, len(n.Buses))
		for i := range n.Branches {
			out[n.Branches[i].From] += r.From[i]
			out[n.Branches[i].To] += r.To[i]
		}
		for i := range n.Buses {
			b := &n.Buses[i]
			all += r.S[i]
			shunt := complex(b.Gs, -b.Bs) * complex(r.V[i]*r.V[i], 0)
			if d := cmplx.Abs(r.S[i] - out[i] - shunt); d > 1e-6 {
				t.Errorf("bus %s: %g of what is injected goes nowhere", b.Name, d)
			}
			if b.Kind != Slack {
				near(t, "power of bus "+b.Name, real(r.S[i]), b.P, 2e-6)
			}
			if b.Kind == PQ {
				near(t, "reactive power of bus "+b.Name, imag(r.S[i]), b.Q, 2e-6)
			} else {
				near(t, "voltage of bus "+b.Name, r.V[i], b.V, 0)
			}
		}
		if d := cmplx.Abs(all - r.Loss - r.Shunt); d > 1e-5 {
			t.Errorf("injected %g, lost %g, in shunts %g", all, r.Loss, r.Shunt)
		}
		if real(r.Loss) < -1e-6 {
			t.Errorf("branches without negative resistance give %g MW", -real(r.Loss))
		}
	})
}

// A generator that must give 1.25 MVAr to hold 1 p.u. and may give 1: it gives
// 1, the voltage sags to that of the closed form, and the result says so.
func TestReactiveLimit(t *testing.T) {
	n := pair(0, 0.1, 50, 0)
	n.Buses[1].Kind, n.Buses[1].QMin, n.Buses[1].QMax = PV, -5, 1
	free, err := Solve(n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// sin d = 0.05, Q = (1 - cos d)/x
	near(t, "reactive power", imag(free.S[1]), 100*(1-math.Sqrt(1-0.05*0.05))/0.1, 1e-6)
	r, err := Solve(n, Options{Limits: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Limited) != 1 || r.Limited[0] != 1 {
		t.Fatalf("at a limit are %v, want bus 2", r.Limited)
	}
	b := 2*0.1*-0.01 - 1
	near(t, "voltage", r.V[1], math.Sqrt((-b+math.Sqrt(b*b-4*0.01*(0.25+0.0001)))/2), 1e-9)
	near(t, "reactive power at the limit", imag(r.S[1]), 1, 1e-6)
	n.Buses[1].QMax = 2
	if r, err = Solve(n, Options{Limits: true}); err != nil || len(r.Limited) != 0 {
		t.Errorf("2 MVAr are enough, and at a limit are %v (%v)", r, err)
	}
}

// Of a drawn grid with limits every PV bus holds its voltage within them, or
// holds a limit with its voltage on the right side.
func TestReactiveLimitsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := grid(t, 20)
		for i := range n.Buses {
			n.Buses[i].QMin, n.Buses[i].QMax = rapid.Float64Range(-20, 0).Draw(t, "qmin"), rapid.Float64Range(0, 20).Draw(t, "qmax")
		}
		r, err := Solve(n, Options{Limits: true})
		if err != nil {
			t.Skip("a grid may collapse")
		}
		at := map[int]bool{}
		for _, i := range r.Limited {
			at[i] = true
		}
		for i := range n.Buses {
			b := &n.Buses[i]
			q := imag(r.S[i])
			if b.Kind != PV {
				continue
			}
			if q < b.QMin-1e-4 || q > b.QMax+1e-4 {
				t.Errorf("bus %s gives %g MVAr of %g to %g", b.Name, q, b.QMin, b.QMax)
			}
			if !at[i] {
				near(t, "voltage of bus "+b.Name, r.V[i], b.V, 0)
			} else if math.Abs(q-b.QMin) > 1e-4 && math.Abs(q-b.QMax) > 1e-4 {
				t.Errorf("bus %s holds no limit: %g MVAr of %g to %g", b.Name, q, b.QMin, b.QMax)
			}
		}
	})
}

// The factorisation solves what it is given, whatever the grid.
func TestFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 25).Draw(t, "rows")
		dense := make([][]block, size)
		near := make([][]int, size)
		for i := range dense {
			dense[i] = make([]block, size)
		}
		v := func() block {
			f := rapid.Float64Range(-1, 1)
			return block{f.Draw(t, "a"), f.Draw(t, "b"), f.Draw(t, "c"), f.Draw(t, "d")}
		}
		for i := range size {
			dense[i][i] = v()
			dense[i][i][0] += float64(4 * size) // dominant
			dense[i][i][3] += float64(4 * size)
			for j := range i {
				if rapid.IntRange(0, 2).Draw(t, "joined") == 0 {
					dense[i][j], dense[j][i] = v(), v()
					near[i], near[j] = append(near[i], j), append(near[j], i)
				}
			}
		}
		f := newFactor(near)
		want := make([][2]float64, size)
		right := make([][2]float64, size)
		for i := range want {
			want[i] = [2]float64{float64(i) + 1, float64(-i) / 2}
		}
		for i := range dense {
			for j := range dense {
				if b := dense[i][j]; b != (block{}) {
					f.set(i, j, b)
					right[i][0] += b[0]*want[j][0] + b[1]*want[j][1]
					right[i][1] += b[2]*want[j][0] + b[3]*want[j][1]
				}
			}
		}
		if bad := f.factorise(); bad >= 0 {
			t.Fatalf("a dominant matrix is singular at row %d", bad)
		}
		f.solve(right)
		for i := range want {
			for k := range 2 {
				if math.Abs(right[i][k]-want[i][k]) > 1e-8*float64(size) {
					t.Fatalf("row %d: %v, want %v", i, right[i], want[i])
				}
			}
		}
	})
}

// Order and fill: a chain has none, whatever its numbering.
func TestChainHasNoFill(t *testing.T) {
	const n = 1000
	near := make([][]int, n)
	at := func(i int) int { return i * 7 % n } // 7 has no factor of 1000
	for i := range n - 1 {
		a, b := at(i), at(i+1)
		near[a], near[b] = append(near[a], b), append(near[b], a)
	}
	if f := newFactor(near); len(f.col) != n+2*(n-1) {
		t.Errorf("%d entries, want %d", len(f.col), n+2*(n-1))
	}
}

func TestRefused(t *testing.T) {
	for want, spoil := range map[string]func(*Network){
		"the island of bus 2 has no slack": func(n *Network) { n.Branches = nil },
		"both slack":                       func(n *Network) { n.Buses[1].Kind = Slack },
		"its impedance must not be 0":      func(n *Network) { n.Branches[0] = line(1, 2, 0, 0, 0, 0, 0) },
		"must have one above 0":            func(n *Network) { n.Buses[1].V = 0 },
		"share of NaN":                     func(n *Network) { n.Buses[1].P = math.NaN() },
		"begins and ends at bus 1":         func(n *Network) { n.Branches[0].To = 0 },
		"the base is 0 MVA":                func(n *Network) { n.Base = 0 },
		"does not converge: after":         func(n *Network) { n.Buses[1].P = -2000 },
		"power are unbalanced at bus 2":    func(n *Network) { n.Buses[1].P = -2000 },
	} {
		n := pair(0.01, 0.1, 50, 20)
		spoil(n)
		if _, err := Solve(n, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("it says %v, want %q", err, want)
		}
	}
}

// A grid of 2,500 buses, numbered by rows: the order that is found, not the
// numbering, decides on the fill. In the order of the rows the factors of 50 x
// 50 would have some 250,000 entries.
func TestLargeGrid(t *testing.T) {
	const side = 50
	n := &Network{Base: 100}
	for i := range side * side {
		n.Buses = append(n.Buses, Bus{Name: fmt.Sprint(i), V: 1, P: -0.01, Q: -0.002})
		if i%side > 0 {
			n.Branches = append(n.Branches, line(i, i+1, 0.001, 0.01, 0, 0, 0))
		}
		if i >= side {
			n.Branches = append(n.Branches, line(i-side+1, i+1, 0.001, 0.01, 0, 0, 0))
		}
	}
	n.Buses[0].Kind = Slack
	r, err := Solve(n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	fill := len(newNewton(n).f.col)
	t.Logf("%d iterations, %d entries", r.Iterations, fill)
	if fill > 80000 {
		t.Errorf("%d entries", fill)
	}
	if real(r.Loss) <= 0 || r.Iterations > 6 {
		t.Errorf("losses of %g MW after %d iterations", real(r.Loss), r.Iterations)
	}
}

// What is lost is shared by shares, not by the slack alone: of two generators
// with shares of 3 and 1 the second gives a quarter of it beyond its power.
func TestSpread(t *testing.T) {
	n := pair(0.02, 0.1, -30, 0)
	n.Buses = append(n.Buses, Bus{Name: "3", P: -80, Q: -20, V: 1})
	n.Branches = append(n.Branches, line(1, 3, 0.02, 0.1, 0, 0, 0))
	n.Buses[0].P, n.Buses[0].Share, n.Buses[1].Share = 50, 3, 1
	r, err := Solve(n, Options{Spread: true})
	if err != nil {
		t.Fatal(err)
	}
	loss := real(r.Loss)
	near(t, "the slack", real(r.S[0]), 50+loss*3/4, 1e-5)
	near(t, "the other", real(r.S[1]), 30+loss/4, 1e-5)
	if loss < 0.5 {
		t.Errorf("losses of %g MW", loss)
	}
}

// Check tells what a linear power flow leaves out; a solution at the lower root
// of the voltage equation is none.
func TestCheck(t *testing.T) {
	n := pair(0.01, 0.1, 50, 20)
	n.Buses[0].P, n.Buses[1].VMin, n.Buses[1].VMax = 50, 0.98, 1.05
	n.Branches[0].Rate, n.Branches[0].DC, n.Branches[0].DCLoss = 50, 50, 0.25
	h, r, err := Check(n, "noon", Options{})
	if err != nil || r == nil || !h.Converged || h.Snapshot != "noon" {
		t.Fatal(h, err)
	}
	near(t, "losses", *h.Losses, 0.306260, 1e-6)
	near(t, "losses of the linear power flow", h.DCLosses, 0.25, 0)
	near(t, "what the slack gives beyond", *h.Slack, 0.306260, 1e-6)
	near(t, "lowest voltage", h.Lowest.Voltage, 0.973091, 1e-6)
	if len(h.Outside) != 1 || h.Outside[0].Bus != "2" || len(h.Overloads) != 1 || h.Overloads[0].Loading < 1.1 {
		t.Errorf("outside %v, overloads %v", h.Outside, h.Overloads)
	}
	// Started near the lower root, U = 0.00309, it is found, and told.
	n.Buses[1].V, n.Buses[1].Angle = 0.056, -1.2
	if h, r, err = Check(n, "", Options{}); err != nil || r != nil || h.Converged || !strings.Contains(h.Why, "ends at 0.06 p.u. at bus 2") {
		t.Errorf("%+v, %v", h, err)
	}
}

// Behind 150 degrees of a transformer's winding a flat start fails; angles that
// follow from the shifts do not.
func TestStart(t *testing.T) {
	n := pair(0, 0.1, 50, 20)
	n.Branches[0] = line(1, 2, 0, 0.1, 0, 0, 150)
	n.Start([]float64{150*degree + 0.05})
	near(t, "angle", n.Buses[1].Angle, -150*degree-0.05, 1e-12)
	r, err := Solve(n, Options{})
	if err != nil || r.V[1] < 0.9 || r.Iterations > 5 {
		t.Errorf("%+v, %v", r, err)
	}
}

// P and Q as 2 to 1 through x = 0.1 alone: U^2 + (0.2 q - 1) U + 0.01 (5 q^2) = 0
// with q = Q in p.u. has a root up to (1 - 0.2 q)^2 = 0.2 q^2, q = 1.5451, U =
// (1 - 0.2 q)/2 there. Of 600 MW and 300 MVAr that is a share of 0.515.
func TestReach(t *testing.T) {
	r := FindReach(pair(0, 0.1, 600, 300), Options{})
	if r == nil {
		t.Fatal("nothing found")
	}
	if r.Share > 0.5151 || r.Share < 0.5151-1.0/32 || r.Lowest.Bus != "2" || r.Lowest.Voltage < 0.58 || r.Lowest.Voltage > 0.75 {
		t.Errorf("%+v", r)
	}
	if r := FindReach(pair(0, 0.1, 60000, 0), Options{}); r != nil {
		t.Errorf("%+v", r)
	}
}
