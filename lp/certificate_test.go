package lp

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// diet is min 2a + 3b, a + b >= 4, a <= 3, b <= 5: a = 3, b = 1, cost 9.
// The row costs 3 more per unit, so y = 3 and z = (2-3, 3-3) = (-1, 0).
func diet() *Problem {
	return &Problem{
		Cost:     []float64{2, 3},
		ColLower: []float64{0, 0}, ColUpper: []float64{3, 5},
		RowLower: []float64{4}, RowUpper: []float64{Inf},
		Start: []int64{0, 1, 2}, Index: []int32{0, 0}, Value: []float64{1, 1},
	}
}

func TestCertifyOptimalByHand(t *testing.T) {
	c := Certify(diet(), &Solution{Status: Optimal, X: []float64{3, 1}, Y: []float64{3}})
	if !c.OK || c.Kind != KindKKT || c.Primal != 0 || c.Dual != 0 || c.Gap != 0 || c.Objective != 9 || c.Worst != nil {
		t.Fatalf("got %+v", c)
	}
}

func TestCertifyMeasuresByHand(t *testing.T) {
	p := diet()
	// a = 3, b = 0.5: the row is short by 0.5, scale 1 + 4 + 3.5.
	c := Certify(p, &Solution{Status: Optimal, X: []float64{3, 0.5}, Y: []float64{3}})
	if c.OK || math.Abs(c.Primal-0.5/8.5) > 1e-15 {
		t.Fatalf("primal %v, want %v", c.Primal, 0.5/8.5)
	}
	if c.Worst == nil || c.Worst.What != "row" || c.Worst.Name != "r0" || c.Worst.Violation != 0.5 {
		t.Fatalf("worst %+v", c.Worst)
	}
	// a = 4: its bound is passed by 1, scale 1 + 3.
	c = Certify(p, &Solution{Status: Optimal, X: []float64{4, 0}, Y: []float64{3}})
	if c.Primal != 0.25 || c.Worst.Name != "c0" || c.Worst.Violation != 1 {
		t.Fatalf("primal %v, worst %+v", c.Primal, c.Worst)
	}
	// y = -1 pushes against the row's absent upper side: 1 / (1 + 1).
	c = Certify(p, &Solution{Status: Optimal, X: []float64{3, 1}, Y: []float64{-1}})
	if c.OK || c.Dual != 0.5 {
		t.Fatalf("dual %v, want 0.5", c.Dual)
	}
	// With b unbounded above, y = 4 leaves z_b = -1 on an infinite bound,
	// scale 1 + 3 + 4.
	p.ColUpper[1] = Inf
	c = Certify(p, &Solution{Status: Optimal, X: []float64{3, 1}, Y: []float64{4}})
	if c.OK || c.Dual != 1.0/8 {
		t.Fatalf("dual %v, want 0.125", c.Dual)
	}
	// Feasible, not optimal: a = 0, b = 4 costs 12; with y = 3 the dual stays 9.
	c = Certify(p, &Solution{Status: Optimal, X: []float64{0, 4}, Y: []float64{3}})
	if c.OK || math.Abs(c.Gap-3.0/13) > 1e-15 {
		t.Fatalf("gap %v, want 3/13", c.Gap)
	}
}

func TestCertifyQuadraticByHand(t *testing.T) {
	// min x^2 + xy + y^2 - 3x, Q = [2 1; 1 2]. Free: x = 2, y = -1, value -3.
	// With y >= 0: x = 1.5, y = 0, value -2.25, z_y = x = 1.5.
	p := &Problem{
		Cost:     []float64{-3, 0},
		ColLower: []float64{-Inf, -Inf}, ColUpper: []float64{Inf, Inf},
		Start:  []int64{0, 0, 0},
		QStart: []int64{0, 2, 3}, QIndex: []int32{0, 1, 1}, QValue: []float64{2, 1, 2},
	}
	if c := Certify(p, &Solution{Status: Optimal, X: []float64{2, -1}}); !c.OK || c.Objective != -3 {
		t.Fatalf("free: %+v", c)
	}
	p.ColLower[1] = 0
	if c := Certify(p, &Solution{Status: Optimal, X: []float64{1.5, 0}}); !c.OK || c.Objective != -2.25 {
		t.Fatalf("bounded: %+v", c)
	}
	if c := Certify(p, &Solution{Status: Optimal, X: []float64{1, 0}}); c.OK {
		t.Fatalf("x = 1 is not optimal: %+v", c)
	}
}

func TestCertifyFarkasByHand(t *testing.T) {
	// a + b >= 9 with a <= 3, b <= 5: y = 1 gives 9 <= 8.
	p := diet()
	p.RowLower[0] = 9
	c := Certify(p, &Solution{Status: Infeasible, FarkasRay: []float64{1}})
	if !c.OK || c.Kind != KindFarkas {
		t.Fatalf("a true ray: %+v", c)
	}
	if c := Certify(p, &Solution{Status: Infeasible, FarkasRay: []float64{-1}}); c.OK {
		t.Fatalf("the wrong sign proves nothing: %+v", c)
	}
	if c := Certify(p, &Solution{Status: Infeasible}); c.OK || c.Kind != KindClaim {
		t.Fatalf("no ray: %+v", c)
	}
	p.RowLower[0] = 8 // just feasible
	if c := Certify(p, &Solution{Status: Infeasible, FarkasRay: []float64{1}}); c.OK {
		t.Fatalf("a feasible problem was proved infeasible: %+v", c)
	}
	p.ColUpper[1] = Inf // feasible for sure
	p.RowLower[0] = 9
	if c := Certify(p, &Solution{Status: Infeasible, FarkasRay: []float64{1}}); c.OK {
		t.Fatalf("a feasible problem was proved infeasible: %+v", c)
	}
}

// x >= 2 without end: 2.5 x >= 5, 0.125 x >= 0.25, and rows of nothing. Noise in the
// multipliers of the first two, beside a one where there is nothing, proves nothing;
// nor does a direction that moves what is bounded, beside a one that costs nothing.
func TestNoiseBesideAnIdleOneIsNoProof(t *testing.T) {
	p := &Problem{
		Cost: []float64{-4, 0}, ColLower: []float64{2, -Inf}, ColUpper: []float64{Inf, Inf},
		RowLower: []float64{-Inf, 0.25, 0, 0}, RowUpper: []float64{-5, Inf, 0, 1},
		Start: []int64{0, 2, 2}, Index: []int32{0, 1}, Value: []float64{-2.5, 0.125},
	}
	if c := Certify(p, &Solution{Status: Infeasible, FarkasRay: []float64{3.5e-14, -7e-13, 1, 0}}); c.OK {
		t.Errorf("a feasible problem was proved infeasible: %+v", c)
	}
	p.ColUpper[0] = 3
	if c := Certify(p, &Solution{Status: Unbounded, X: []float64{2, 0}, PrimalRay: []float64{1e-13, 1}}); c.OK {
		t.Errorf("a bounded problem was proved unbounded: %+v", c)
	}
}

func TestCertifyCrossedBounds(t *testing.T) {
	p := diet()
	p.ColLower[1] = 6
	c := Certify(p, &Solution{Status: Infeasible})
	if !c.OK || c.Worst == nil || c.Worst.Name != "c1" || c.Worst.Violation != 1 {
		t.Fatalf("got %+v", c)
	}
}

func TestCertifyRayByHand(t *testing.T) {
	// min -a, a - b <= 1, both >= 0: (1, 1) forever.
	p := &Problem{
		Cost:     []float64{-1, 0},
		ColLower: []float64{0, 0}, ColUpper: []float64{Inf, Inf},
		RowLower: []float64{-Inf}, RowUpper: []float64{1},
		Start: []int64{0, 1, 2}, Index: []int32{0, 0}, Value: []float64{1, -1},
	}
	sol := &Solution{Status: Unbounded, X: []float64{0, 0}, PrimalRay: []float64{1, 1}}
	if c := Certify(p, sol); !c.OK || c.Kind != KindRay {
		t.Fatalf("a true ray: %+v", c)
	}
	for name, bad := range map[string]*Solution{
		"leaves the row":     {Status: Unbounded, X: []float64{0, 0}, PrimalRay: []float64{2, 1}},
		"leaves the bound":   {Status: Unbounded, X: []float64{0, 0}, PrimalRay: []float64{-1, -1}},
		"does not descend":   {Status: Unbounded, X: []float64{0, 0}, PrimalRay: []float64{0, 1}},
		"infeasible point":   {Status: Unbounded, X: []float64{5, 0}, PrimalRay: []float64{1, 1}},
		"no point":           {Status: Unbounded, PrimalRay: []float64{1, 1}},
		"zero direction":     {Status: Unbounded, X: []float64{0, 0}, PrimalRay: []float64{0, 0}},
		"direction too long": {Status: Unbounded, X: []float64{0, 0}, PrimalRay: []float64{1, 1, 1}},
	} {
		if c := Certify(p, bad); c.OK {
			t.Errorf("%s: %+v", name, c)
		}
	}
	// A quadratic cost along the ray bounds it.
	p.QStart, p.QIndex, p.QValue = []int64{0, 1, 1}, []int32{0}, []float64{1}
	if c := Certify(p, sol); c.OK {
		t.Fatalf("curvature ignored: %+v", c)
	}
}

func TestCertifyMIPRoundsFixesAndResolves(t *testing.T) {
	// min 2a + 3b, a + b >= 3.5, a <= 3, b <= 5, b whole: b = 1, a = 2.5, cost 8.
	p := diet()
	p.RowLower[0] = 3.5
	p.Integer = []bool{false, true}
	claimed := &Solution{Status: Optimal, Solver: "s", X: []float64{2.5, 1 - 1e-7}, Bound: 8}
	resolve := func(_ context.Context, q *Problem) (*Solution, error) {
		if q.IsMIP() || q.ColLower[1] != 1 || q.ColUpper[1] != 1 {
			t.Fatalf("b fixed at [%v, %v]", q.ColLower[1], q.ColUpper[1])
		}
		return &Solution{Status: Optimal, X: []float64{2.5, 1 + 1e-9}, Y: []float64{2}}, nil
	}
	c, sol, err := CertifyMIP(context.Background(), p, claimed, resolve)
	if err != nil || !c.OK || c.Kind != KindMIP || c.Bound != 8 || c.BoundBy != "s" || c.Objective != 8 {
		t.Fatalf("%+v, %v", c, err)
	}
	if sol.X[1] != 1 || sol.Y[0] != 2 || sol.Objective != 8 {
		t.Fatalf("polished %+v", sol)
	}
	// A column rounded out of its own bounds is seen on the original.
	p.ColUpper[1] = 0.6
	c, _, _ = CertifyMIP(context.Background(), p, &Solution{Status: Optimal, X: []float64{2.9, 0.6}},
		func(context.Context, *Problem) (*Solution, error) {
			return &Solution{Status: Optimal, X: []float64{2.5, 1}, Y: []float64{2}}, nil
		})
	if c.OK || math.Abs(c.Primal-0.4/1.6) > 1e-15 || c.Worst.Name != "c1" {
		t.Fatalf("%+v", c)
	}
	if c := Certify(p, claimed); c.OK || c.Kind != KindClaim {
		t.Fatalf("a MIP without the fixed LP: %+v", c)
	}
}

func TestCertifyNeverPanicsOnMalformedSolutions(t *testing.T) {
	nan := math.NaN()
	p := diet()
	for name, sol := range map[string]*Solution{
		"nil":         nil,
		"empty":       {Status: Optimal},
		"short x":     {Status: Optimal, X: []float64{1}, Y: []float64{3}},
		"no y":        {Status: Optimal, X: []float64{3, 1}},
		"long y":      {Status: Optimal, X: []float64{3, 1}, Y: []float64{3, 3}},
		"nan x":       {Status: Optimal, X: []float64{nan, 1}, Y: []float64{3}},
		"inf x":       {Status: Optimal, X: []float64{Inf, 1}, Y: []float64{3}},
		"nan y":       {Status: Optimal, X: []float64{3, 1}, Y: []float64{nan}},
		"short ray":   {Status: Infeasible, FarkasRay: []float64{}},
		"nan ray":     {Status: Infeasible, FarkasRay: []float64{nan}},
		"huge x":      {Status: Optimal, X: []float64{math.MaxFloat64, math.MaxFloat64}, Y: []float64{3}},
		"huge y":      {Status: Optimal, X: []float64{3, 1}, Y: []float64{math.MaxFloat64}},
		"unknown":     {Status: Unknown},
		"nan ray dir": {Status: Unbounded, X: []float64{3, 1}, PrimalRay: []float64{nan, 0}},
	} {
		c := Certify(p, sol)
		if c.OK {
			t.Errorf("%s: ok: %+v", name, c)
		}
		if _, err := json.Marshal(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := diet()
	bad.Index[0] = 7
	if c := Certify(bad, &Solution{Status: Optimal, X: []float64{3, 1}, Y: []float64{3}}); c.OK || c.Note == "" {
		t.Errorf("a malformed problem: %+v", c)
	}
}

func TestCertificateJSON(t *testing.T) {
	b, err := json.Marshal(Certify(diet(), &Solution{Status: Optimal, X: []float64{3, 1}, Y: []float64{3}}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"kkt","primal":0,"dual":0,"gap":0,"objective":9,"ok":true,"worst":null,"bound":null,"bound_by":null}`
	if string(b) != want {
		t.Fatalf("got  %s\nwant %s", b, want)
	}
	b, err = json.Marshal(claim("why"))
	if err != nil || !strings.Contains(string(b), `"primal":null`) {
		t.Fatalf("%s, %v", b, err)
	}
	var back Certificate
	if err := json.Unmarshal(b, &back); err != nil || !math.IsNaN(back.Primal) || back.Note != "why" {
		t.Fatalf("%+v, %v", back, err)
	}
}

func TestSequenceIsTheWorst(t *testing.T) {
	good := Certificate{Kind: KindKKT, Primal: 1e-9, Dual: 3e-9, Gap: 0, OK: true}
	bad := Certificate{Kind: KindKKT, Primal: 1e-3, Dual: 1e-9, Gap: 0}
	c := Sequence(good, bad)
	if c.OK || c.Primal != 1e-3 || c.Dual != 3e-9 || !strings.Contains(c.Note, "part 2") {
		t.Fatalf("%+v", c)
	}
	if c := Sequence(good, good); !c.OK || c.Kind != KindSequence {
		t.Fatalf("%+v", c)
	}
	if Sequence().OK {
		t.Fatal("nothing is not a proof")
	}
}

// A primal and dual solution built first, the problem around it, is optimal by
// construction, and scaling one row and its multiplier changes nothing of that.
func TestCertifyAcceptsConstructedOptima(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, x, y := constructed(t)
		c := Certify(p, &Solution{Status: Optimal, X: x, Y: y})
		if !c.OK {
			t.Fatalf("%s", c)
		}
		// Anything dearer by more than the tolerance is refused.
		j := rapid.IntRange(0, p.Cols()-1).Draw(t, "j")
		if p.Cost[j] != 0 {
			worseX := append([]float64(nil), x...)
			worseX[j] += 1
			if c := Certify(p, &Solution{Status: Optimal, X: worseX, Y: y}); c.OK && math.Abs(c.Objective) < 1e3 {
				z := Certify(p, &Solution{Status: Optimal, X: x, Y: y}).Objective
				if c.Objective > z+1e-2 {
					t.Fatalf("objective %v accepted beside %v", c.Objective, z)
				}
			}
		}
	})
}

// constructed draws x, y and z, each multiplier with a side to hold, and sets
// bounds and costs so that they fit.
func constructed(t *rapid.T) (p *Problem, x, y []float64) {
	num := rapid.Float64Range(-10, 10)
	rows := rapid.IntRange(0, 6).Draw(t, "rows")
	cols := rapid.IntRange(1, 6).Draw(t, "cols")
	p = &Problem{Start: []int64{0}}
	x = rapid.SliceOfN(num, cols, cols).Draw(t, "x")
	y = make([]float64, rows)
	act := make([]float64, rows)
	for j := 0; j < cols; j++ {
		for i := 0; i < rows; i++ {
			if rapid.Bool().Draw(t, "entry") {
				v := num.Draw(t, "a")
				p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, v)
				act[i] += v * x[j]
			}
		}
		p.Start = append(p.Start, int64(len(p.Index)))
	}
	sided := func(at float64) (m, lower, upper float64) {
		switch rapid.IntRange(0, 3).Draw(t, "side") {
		case 0:
			return rapid.Float64Range(0, 10).Draw(t, "m"), at, Inf
		case 1:
			return rapid.Float64Range(-10, 0).Draw(t, "m"), -Inf, at
		case 2:
			return num.Draw(t, "m"), at, at
		}
		return 0, at - 1, at + 1
	}
	for i := range y {
		var l, u float64
		y[i], l, u = sided(act[i])
		p.RowLower, p.RowUpper = append(p.RowLower, l), append(p.RowUpper, u)
	}
	for j := range x {
		z, l, u := sided(x[j])
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			z += p.Value[k] * y[p.Index[k]]
		}
		p.Cost = append(p.Cost, z)
		p.ColLower, p.ColUpper = append(p.ColLower, l), append(p.ColUpper, u)
	}
	return p, x, y
}

func BenchmarkCertify2M(b *testing.B) {
	p, x, y := benchProblem(500_000, 4)
	b.ReportAllocs()
	for b.Loop() {
		Certify(p, &Solution{Status: Optimal, X: x, Y: y})
	}
}

func BenchmarkHash2M(b *testing.B) {
	p, _, _ := benchProblem(500_000, 4)
	for b.Loop() {
		p.Hash()
	}
}

func benchProblem(n, per int) (*Problem, []float64, []float64) {
	p := &Problem{Start: []int64{0}}
	x, y := make([]float64, n), make([]float64, n)
	for j := 0; j < n; j++ {
		for k := 0; k < per; k++ {
			if i := j + k*7; i < n {
				p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, float64(k+1))
			}
		}
		p.Start = append(p.Start, int64(len(p.Index)))
		p.Cost = append(p.Cost, float64(j%10))
		p.ColLower, p.ColUpper = append(p.ColLower, 0), append(p.ColUpper, Inf)
		p.RowLower, p.RowUpper = append(p.RowLower, 0), append(p.RowUpper, 100)
		x[j], y[j] = float64(j%17), float64(j%3)
	}
	return p, x, y
}
