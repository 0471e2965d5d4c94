package matpower

import (
	"math"
	"os"
	"testing"

	"example.org/busbar/internal/run"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.8g, want %.8g", what, got, want)
	}
}

func solveFile(t *testing.T, name string, dc DC) *solved {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return solveText(t, name, string(text), dc, "auto")
}

func (s *solved) network() *run.Network { return s.Network(s.p, s.ix, s.sol.X, s.sol.Y) }

// rundcopf('case9') of MATPOWER 7.1 costs 5216.0266 an hour; Gurobi OptiMods'
// tests, with MATPOWER's formulation, have 5216.026607 and 134.377585 MW of
// generator 2. Without a limit that binds, all prices are one: the marginal
// cost of each generator, 2 x 0.085 x 134.377585 + 1.2 = 24.04419.
func TestCase9(t *testing.T) {
	s := solveFile(t, "case9.m", Matpower)
	near(t, "cost", s.sol.Objective, 5216.026607, 1e-4)
	n := s.network()
	near(t, "generator 2", n.Generators[1].Power, 134.377585, 1e-4)
	for _, b := range n.Buses {
		near(t, "price at "+b.Bus, *b.Price, 24.04419, 1e-4)
	}
	near(t, "branch 3", n.Branches[2].Flow, -56.2622, 1e-3) // Pt of Gurobi OptiMods' branch[2]
	sum := 0.0
	for _, g := range n.Generators {
		sum += g.Cost
	}
	near(t, "sum of generators' costs", sum, s.sol.Objective, 1e-6*s.sol.Objective)
}

// MATPOWER's DC optimal power flow of its case14, with three taps, costs
// 7642.591776 (Gurobi OptiMods' tests). With PowerModels' approximation it costs
// the same: no limit binds. The flows differ.
func TestCase14(t *testing.T) {
	s, p := solveFile(t, "case14.m", Matpower), solveFile(t, "case14.m", PowerModels)
	near(t, "cost", s.sol.Objective, 7642.591776, 1e-4)
	near(t, "cost", p.sol.Objective, 7642.591776, 1e-4)
	near(t, "generator 2", s.network().Generators[1].Power, 38.032305, 1e-4)
	if d := s.network().Branches[0].Flow - p.network().Branches[0].Flow; math.Abs(d) < 0.1 {
		t.Errorf("the flow of branch 1 differs by %g between the approximations", d)
	}
}

// Prices, dispatch, angles and flows that MATPOWER prints (pretty_print_dcopf.txt
// among its tests; bus 22 is called 220 there).
func TestAuction(t *testing.T) {
	s := solveFile(t, "auction.m", Matpower)
	near(t, "cost", s.sol.Objective, 2234.87, 5e-3)
	n := s.network()
	for i, want := range []float64{35.08, 35.10, 36.39, 36.12, 38.96, 60, -30, -30, -30} {
		near(t, "generator "+n.Generators[i].Generator, n.Generators[i].Power, want, 6e-3)
	}
	prices := []float64{52.016, 52.020, 52.002, 52.000, 52.032, 52.044, 52.039, 52.047, 52.164, 52.227, 52.164, 51.661, 51.661, 52.447, 53.052,
		51.661, 51.661, 53.052, 53.052, 53.052, 52.267, 52.278, 52.791, 52.440, 52.308, 52.308, 52.224, 52.063, 52.224, 52.224}
	angles := []float64{0, -0.523, -2.163, -2.107, -2.028, -2.158, -2.931, -2.430, -1.284, -0.827, -1.284, -2.517, 2.296, -4.036, -4.379,
		-4.182, -5.320, -6.562, -7.575, -7.677, -0.383, -0.217, -2.164, -1.748, -2.133, -3.019, -1.889, -2.187, -5.315, -8.267}
	for i, b := range n.Buses {
		near(t, "price at "+b.Bus, *b.Price, prices[i], 6e-4)
		near(t, "angle at "+b.Bus, *b.Angle, angles[i], 6e-4)
	}
	for row, want := range map[string]float64{"1": 15.21, "16": -60, "18": 25, "30": -19.33, "41": 0.82} {
		for _, b := range n.Branches {
			if b.Branch == row {
				near(t, "branch "+row, b.Flow, want, 6e-3)
			}
			if b.Branch == "18" {
				near(t, "worth of branch 18", *b.Worth, 1.953, 6e-4)
			}
		}
	}
	if len(n.Branches) != 39 {
		t.Errorf("%d branches in service, want 39 of 41", len(n.Branches))
	}
}

// Flows of the direct current lines that MATPOWER's test t_dcline expects, and
// its multipliers of their limits: 1.8602 and 0.2681 of an upper one, 1.8507 of
// a lower one, here by the prices at their ends:
//
//	dcline 1 (10 of at most 10): 0.99 price(4) - price(30) =  1.8602
//	dcline 2 ( 2 of at least 2):      price(9) - price(7)  = -1.8507
//	dcline 4 (10 of at most 10): 0.95 price(9) - price(5)  =  0.2681
func TestDCLine(t *testing.T) {
	s := solveFile(t, "case9_dcline.m", Matpower)
	n := s.network()
	if len(n.Generators) != 6 {
		t.Fatalf("%d generators and direct current lines, want 6", len(n.Generators))
	}
	for i, want := range []float64{10, 2, 10} {
		near(t, n.Generators[3+i].Generator, n.Generators[3+i].Power, want, 1e-4)
	}
	price := map[string]float64{}
	for _, b := range n.Buses {
		price[b.Bus] = *b.Price
	}
	near(t, "multiplier of dcline 1", 0.99*price["4"]-price["30"], 1.8602, 1e-3)
	near(t, "multiplier of dcline 2", price["9"]-price["7"], -1.8507, 1e-3)
	near(t, "multiplier of dcline 4", 0.95*price["9"]-price["5"], 0.2681, 1e-3)
}
