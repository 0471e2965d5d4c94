package matpower

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// hand is a case from rows: bus (number, type, Pd, Gs), gen (bus, Pmax, Pmin),
// branch (from, to, r, x, rateA, ratio, angle, angmin, angmax) and gencost.
func hand(bus, gen, branch, cost string) string {
	rows := func(text, format string) string {
		var s strings.Builder
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			if strings.TrimSpace(line) == "" {
				continue
			}
			var v []any
			for _, f := range strings.Fields(line) {
				v = append(v, f)
			}
			fmt.Fprintf(&s, format+"\n", v...)
		}
		return s.String()
	}
	return "function mpc = hand\nmpc.version = '2';\nmpc.baseMVA = 100;\n" +
		"mpc.bus = [\n" + rows(bus, "%s %s %s 0 %s 0 1 1 0 345 1 1.1 0.9") + "];\n" +
		"mpc.gen = [\n" + rows(gen, "%s 0 0 0 0 1 100 1 %s %s") + "];\n" +
		"mpc.branch = [\n" + rows(branch, "%s %s %s %s 0 %s 0 0 %s %s 1 %s %s") + "];\n" +
		"mpc.gencost = [\n" + cost + "\n];\n"
}

// tri has sources at 1 (10) and 2 (20), 90 MW of demand at 3, and branches of
// x = 0.1 between all three.
func tri(rate13 string) string {
	return hand("1 3 0 0\n2 1 0 0\n3 1 90 0", "1 200 0\n2 200 0",
		"1 2 0 0.1 0 0 0 -360 360\n1 3 0 0.1 "+rate13+" 0 0 -360 360\n2 3 0 0.1 0 0 0 -360 360",
		"2 0 0 2 10 0\n2 0 0 2 20 0")
}

// Of what 1 sends to 3 two thirds take branch 1-3, of what 2 sends a third:
//
//	2/3 P1 + 1/3 P2 = 50, P1 + P2 = 90: P1 = 60, P2 = 30, cost 600 + 600
//
// One MW more at 3: 2/3 dP1 + 1/3 dP2 = 0, dP1 + dP2 = 1: dP1 = -1, dP2 = 2,
// so the price is 2 x 20 - 10 = 30. One MW more of limit: dP1 = 3, dP2 = -3
// saves 30. Branch 1-2 carries 1/3 x 60 - 1/3 x 30 = 10. The angle at 3 is
// -50/1000 rad (100 MVA x 1/0.1).
func TestBindingBranch(t *testing.T) {
	n := solveText(t, "hand", tri("50"), Matpower, "auto").network()
	for i, want := range []float64{60, 30} {
		near(t, "power", n.Generators[i].Power, want, 1e-5)
	}
	for i, want := range []float64{10, 20, 30} {
		near(t, "price", *n.Buses[i].Price, want, 1e-5)
	}
	for i, want := range []float64{10, 50, 40} {
		near(t, "flow", n.Branches[i].Flow, want, 1e-5)
	}
	near(t, "worth", *n.Branches[1].Worth, 30, 1e-5)
	near(t, "loading", *n.Branches[1].Loading, 1, 1e-6)
	near(t, "angle at 3", *n.Buses[2].Angle, -0.05*180/math.Pi, 1e-6)
	free := solveText(t, "hand", tri("0"), Matpower, "auto")
	near(t, "cost without a limit", free.sol.Objective, 900, 1e-5)
}

// pair has a source at 1 and 90 MW of demand at 2, and two branches between
// them as given (r, x, ratio, angle); it returns their flows.
func pair(t *testing.T, dc DC, first, second string) (float64, float64) {
	t.Helper()
	branch := func(v string) string {
		f := strings.Fields(v)
		return fmt.Sprintf("1 2 %s %s 0 %s %s -360 360\n", f[0], f[1], f[2], f[3])
	}
	n := solveText(t, "hand", hand("1 3 0 0\n2 1 90 0", "1 200 0", branch(first)+branch(second), "2 0 0 2 10 0"), dc, "auto").network()
	return n.Branches[0].Flow, n.Branches[1].Flow
}

func TestTapAndShift(t *testing.T) {
	for _, c := range []struct {
		what          string
		dc            DC
		first, second string
		f1, f2        float64
	}{
		// 1/0.1 against 1/(0.1 x 1.25): 90 as 5 to 4.
		{"tap", Matpower, "0 0.1 0 0", "0 0.1 1.25 0", 50, 40},
		{"tap, left out", PowerModels, "0 0.1 0 0", "0 0.1 1.25 0", 45, 45},
		// 0.01 rad delay the second: 1000 d and 1000 (d - 0.01) MW, 90 together.
		{"shift", Matpower, "0 0.1 0 0", "0 0.1 0 0.5729577951308232", 50, 40},
		{"shift, left out", PowerModels, "0 0.1 0 0", "0 0.1 0 0.5729577951308232", 45, 45},
		// Resistance: b = 10 against 0.1/(0.01 + 0.01) = 5, so 90 as 2 to 1.
		{"resistance", PowerModels, "0 0.1 0 0", "0.1 0.1 0 0", 60, 30},
		{"resistance, left out", Matpower, "0 0.1 0 0", "0.1 0.1 0 0", 45, 45},
		// Series compensation: -1/0.2 and 1/0.1, so 180 forth and 90 back.
		{"negative reactance", Matpower, "0 0.1 0 0", "0 -0.2 0 0", 180, -90},
		// Both: 1000 d + 800 (d - 0.01) = 90, so d = 0.05444.
		{"tap and shift", Matpower, "0 0.1 0 0", "0 0.1 1.25 0.5729577951308232", 98000.0 / 1800, 90 - 98000.0/1800},
	} {
		f1, f2 := pair(t, c.dc, c.first, c.second)
		near(t, c.what+", first", f1, c.f1, 1e-5)
		near(t, c.what+", second", f2, c.f2, 1e-5)
	}
}

// A source at 1 (10) and one at 2 (20), 90 MW of demand at 2, one branch of
// 1000 MW/rad. 0.05 rad let 50 through: 500 + 800. Limits of 0 and 0 are none.
func TestAngleLimits(t *testing.T) {
	for limits, want := range map[string]float64{
		"-360 2.864788975654116": 1300, "-2.864788975654116 360": 900, "0 0": 900, "0 2.864788975654116": 1300,
	} {
		s := solveText(t, "hand", hand("1 3 0 0\n2 1 90 0", "1 200 0\n2 200 0", "1 2 0 0.1 0 0 0 "+limits, "2 0 0 2 10 0\n2 0 0 2 20 0"), Matpower, "auto")
		near(t, "cost with angles within "+limits, s.sol.Objective, want, 1e-4)
	}
	// From 2 to 1 the same limits are those of the other direction.
	s := solveText(t, "hand", hand("1 3 0 0\n2 1 90 0", "1 200 0\n2 200 0", "2 1 0 0.1 0 0 0 -2.864788975654116 360", "2 0 0 2 10 0\n2 0 0 2 20 0"), Matpower, "auto")
	near(t, "cost of the branch turned round", s.sol.Objective, 1300, 1e-4)
}

// one is a case of one bus with a demand; gen and cost as in hand.
func one(demand, gen, cost string) string {
	return hand("1 3 "+demand+" 0", gen, "", cost)
}

func TestCosts(t *testing.T) {
	for _, c := range []struct {
		what, demand, gen, cost string
		want                    float64
	}{
		{"linear with a constant", "30", "1 100 0", "2 0 0 2 10 7", 307},
		{"constant alone", "30", "1 100 0", "2 0 0 1 7", 7},
		{"none", "30", "1 100 0", "2 0 0 0 0", 0},
		// 0.1 x 30^2 + 10 x 30 + 7
		{"quadratic", "30", "1 100 0", "2 0 0 3 0.1 10 7", 397},
		{"cube of nothing", "30", "1 100 0", "2 0 0 4 0 0.1 10 7", 397},
		// 50 at 10, 50 at 20, and 20 more at 20 beyond the last point.
		{"piecewise, beyond its end", "120", "1 150 0", "1 0 0 3 0 0 50 500 100 1500", 1900},
		// From 20 to 120 at 10; below 20 too.
		{"piecewise, before its start", "10", "1 150 0", "1 0 0 2 20 300 120 1300", 200},
		// 0.2 P = 10 of slope against 15: 30 at 15.
		{"quadratic and piecewise", "80", "1 100 0\n1 100 0", "2 0 0 3 0.1 5 0 0\n1 0 0 2 0 0 100 1500", 0.1*50*50 + 5*50 + 15*30},
		// Not convex: the first MW cost 20 each. A line from end to end would say 450.
		{"not convex", "30", "1 100 0", "1 0 0 3 0 0 50 1000 100 1500", 600},
		// A load of up to 30 MW worth 25 each, where power costs 20: 20 x 40 - 25 x 30.
		{"load that bids", "10", "1 100 0\n1 0 -30", "2 0 0 2 20 0\n2 0 0 2 25 0", 50},
		{"load that bids too little", "10", "1 100 0\n1 0 -30", "2 0 0 2 20 0\n2 0 0 2 15 0", 200},
		// Must run at 20 of 30, dear.
		{"at least", "30", "1 100 0\n1 100 20", "2 0 0 2 10 0\n2 0 0 2 50 0", 1100},
		{"of reactive power too", "30", "1 100 0", "2 0 0 2 10 0\n2 0 0 2 99 0", 300},
	} {
		s := solveText(t, c.what, one(c.demand, c.gen, c.cost), Matpower, "auto")
		near(t, c.what, s.sol.Objective, c.want, 1e-5*(1+c.want))
		sum := 0.0
		for _, g := range s.Network(s.p, s.ix, s.sol.X, nil).Generators {
			sum += g.Cost
		}
		near(t, c.what+", told by generator", sum, c.want, 1e-5*(1+c.want))
	}
}

// 90 MW and 5 of a shunt at bus 2; what stands at bus 9 (isolated), branch 2 and
// generator 2 (out of service) do not count, nor does the second island's price
// touch the first: 95 x 10 + 40 x 30.
func TestWhatIsLeftOut(t *testing.T) {
	text := `function mpc = islands
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
1 3 0  0 0 0 1 1 30 345 1 1.1 0.9
2 1 90 0 5 0 1 1 0 345 1 1.1 0.9
9 4 70 0 0 0 1 1 0 345 1 1.1 0.9
5 1 40 0 0 0 1 1 0 345 1 1.1 0.9
];
mpc.gen = [
1 0 0 0 0 1 100 1 200 0
2 0 0 0 0 1 100 0 200 0
5 0 0 0 0 1 100 1 200 0
9 0 0 0 0 1 100 1 200 0
];
mpc.branch = [
1 2 0 0.1 0 0 0 0 0 0 1
1 2 0 0.1 0 1 0 0 0 0 0
2 9 0 0.1 0 0 0 0 0 0 1
];
mpc.gencost = [
2 0 0 2 10 0
2 0 0 2 1 0
2 5 0 2 30 0
2 0 0 2 1 0
];
`
	s := solveText(t, "islands", text, Matpower, "auto")
	near(t, "cost", s.sol.Objective, 2150, 1e-4)
	n := s.network()
	if len(n.Buses) != 3 || len(n.Generators) != 2 || len(n.Branches) != 1 {
		t.Errorf("%d buses, %d generators and %d branches, want 3, 2 and 1", len(n.Buses), len(n.Generators), len(n.Branches))
	}
	near(t, "price of the island", *n.Buses[2].Price, 30, 1e-6)
	near(t, "angle of the reference", *n.Buses[0].Angle, 30, 1e-9)
	near(t, "angle at 2", *n.Buses[1].Angle, 30-0.095*180/math.Pi, 1e-6)
	for _, part := range []string{"70 MW of demand: 1 bus of type 4", "left out: 1 branch to isolated", "without a bus of type 3: 1 island", "such as 5", "starting or stopping costs 1 generator"} {
		if !strings.Contains(strings.Join(s.Notes, "\n"), part) {
			t.Errorf("no note says %q: %q", part, s.Notes)
		}
	}
}
