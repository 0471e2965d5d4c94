package solvetest

import "example.org/busbar/lp"

// row is one constraint, dense.
type row struct {
	lower float64
	a     []float64
	upper float64
}

// make builds a problem from dense rows; bounds are pairs, nil for x >= 0.
func build(cost []float64, bounds [][2]float64, rows ...row) *lp.Problem {
	n := len(cost)
	p := &lp.Problem{Cost: cost, Start: make([]int64, 1, n+1)}
	for j := 0; j < n; j++ {
		b := [2]float64{0, lp.Inf}
		if bounds != nil {
			b = bounds[j]
		}
		p.ColLower, p.ColUpper = append(p.ColLower, b[0]), append(p.ColUpper, b[1])
		for i, r := range rows {
			if r.a[j] != 0 {
				p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, r.a[j])
			}
		}
		p.Start = append(p.Start, int64(len(p.Index)))
	}
	for _, r := range rows {
		p.RowLower, p.RowUpper = append(p.RowLower, r.lower), append(p.RowUpper, r.upper)
	}
	return p
}

// hessian adds Q, given dense and whole.
func hessian(p *lp.Problem, q [][]float64) *lp.Problem {
	p.QStart = []int64{0}
	for j := range q {
		for i := j; i < len(q); i++ {
			if q[i][j] != 0 {
				p.QIndex, p.QValue = append(p.QIndex, int32(i)), append(p.QValue, q[i][j])
			}
		}
		p.QStart = append(p.QStart, int64(len(p.QIndex)))
	}
	return p
}

func integer(p *lp.Problem, which ...bool) *lp.Problem {
	p.Integer = which
	return p
}

func offset(p *lp.Problem, c0 float64) *lp.Problem {
	p.Offset = c0
	return p
}

type (
	vec = []float64
	bds = [][2]float64
)

// Cases are the problems with answers worked out by hand.
func Cases() []Case {
	inf := lp.Inf
	free := [2]float64{-inf, inf}
	pos := [2]float64{0, inf}
	return []Case{
		// Nothing to decide: the constant.
		{"empty", &lp.Problem{Offset: 7, Start: []int64{0}}, lp.Optimal, 7, vec{}},
		// Each column goes to its cheap bound: 1 - 2*3 + 5.
		{"no rows", offset(build(vec{1, -2, 0}, bds{{1, inf}, {-inf, 3}, {2, 2}}), 5), lp.Optimal, 0, vec{1, 3, 2}},
		// a is cheap but at most 3; b brings the fourth: 2*3 + 3*1.
		{"diet", build(vec{2, 3}, bds{{0, 3}, {0, 5}}, row{4, vec{1, 1}, inf}), lp.Optimal, 9, vec{3, 1}},
		// y = x - 2, z = 8 - 2y: 26 - 3y, and x <= 5.
		{"equalities", build(vec{1, 2, 3}, bds{{0, 5}, pos, pos}, row{10, vec{1, 1, 1}, 10}, row{2, vec{1, -1, 0}, 2}), lp.Optimal, 17, vec{5, 3, 2}},
		// t >= |x - 3|, x <= 1.
		{"free columns", build(vec{1, 0}, bds{free, free}, row{-3, vec{1, -1}, inf}, row{3, vec{1, 1}, inf}, row{-inf, vec{0, 1}, 1}), lp.Optimal, 2, vec{2, 1}},
		// 3 <= x + y <= 7, y in [-2, 1]: x from 2 to 9.
		{"range, lower side", build(vec{1, 0}, bds{free, {-2, 1}}, row{3, vec{1, 1}, 7}), lp.Optimal, 2, vec{2, 1}},
		{"range, upper side", build(vec{-1, 0}, bds{free, {-2, 1}}, row{3, vec{1, 1}, 7}), lp.Optimal, -9, vec{9, -2}},
		// Beale 1955, on which the plain simplex method cycles: x4 = x6 = 1.
		{"degenerate", build(vec{-0.75, 20, -0.5, 6}, nil, row{-inf, vec{0.25, -8, -1, 9}, 0}, row{-inf, vec{0.5, -12, -0.5, 3}, 0}, row{-inf, vec{0, 0, 1, 0}, 1}), lp.Optimal, -1.25, vec{1, 0, 1, 0}},
		// An empty row that holds, a free row, a column in no row.
		{"empty row and column", build(vec{1, 2}, bds{{1, 9}, {-3, 4}}, row{-1, vec{0, 0}, 5}, row{-inf, vec{1, 0}, inf}), lp.Optimal, -5, vec{1, -3}},
		// Sources 20, 30, sinks 10, 25, 15; prices u = (0, 1), v = (2, 0, 5) prove 125.
		{"transport", build(vec{2, 4, 5, 3, 1, 7}, nil,
			row{20, vec{1, 1, 1, 0, 0, 0}, 20}, row{30, vec{0, 0, 0, 1, 1, 1}, 30},
			row{10, vec{1, 0, 0, 1, 0, 0}, 10}, row{25, vec{0, 1, 0, 0, 1, 0}, 25}, row{15, vec{0, 0, 1, 0, 0, 1}, 15}), lp.Optimal, 125, vec{5, 0, 15, 5, 25, 0}},
		// The diet with its row twice, once doubled, and a column twice.
		{"duplicates", build(vec{2, 2, 3}, bds{{0, 2}, {0, 1}, {0, 5}}, row{4, vec{1, 1, 1}, inf}, row{8, vec{2, 2, 2}, inf}), lp.Optimal, 9, vec{2, 1, 1}},
		// The diet in grams and tonnes: rows and columns scaled by 1e6 and 1e-6.
		{"badly scaled", build(vec{2e-6, 3e6}, bds{{0, 3e6}, {0, 5e-6}}, row{4e3, vec{1e-3, 1e9}, inf}), lp.Optimal, 9, vec{3e6, 1e-6}},
		// Fixed columns carry their share of the row.
		{"fixed columns", build(vec{1, 1, 1}, bds{{2, 2}, {-1, -1}, pos}, row{5, vec{1, 1, 1}, 5}), lp.Optimal, 5, vec{2, -1, 4}},
		// Two cheapest points; any mix will do.
		{"many optima", build(vec{1, 1}, nil, row{1, vec{1, 1}, inf}), lp.Optimal, 1, nil},

		{"infeasible", build(vec{2, 3}, bds{{0, 3}, {0, 5}}, row{9, vec{1, 1}, inf}), lp.Infeasible, 0, nil},
		{"infeasible equalities", build(vec{1, 1}, bds{free, free}, row{1, vec{1, 1}, 1}, row{2, vec{1, 1}, 2}), lp.Infeasible, 0, nil},
		{"infeasible empty row", build(vec{1}, nil, row{1, vec{0}, inf}), lp.Infeasible, 0, nil},
		{"infeasible bounds", build(vec{1}, bds{{2, 1}}), lp.Infeasible, 0, nil},
		// x1 >= x2 + 1 >= x3 + 2 >= x1 + 3.
		{"infeasible circle", build(vec{0, 0, 0}, bds{free, free, free}, row{1, vec{1, -1, 0}, inf}, row{1, vec{0, 1, -1}, inf}, row{1, vec{-1, 0, 1}, inf}), lp.Infeasible, 0, nil},
		{"unbounded column", build(vec{-1, 1}, nil, row{0, vec{0, 1}, 4}), lp.Unbounded, 0, nil},
		{"unbounded ray", build(vec{-1, 0}, nil, row{-inf, vec{1, -1}, 1}), lp.Unbounded, 0, nil},

		// min x^2 + xy + y^2 - 3x: gradient zero at (2, -1).
		{"qp free", hessian(build(vec{-3, 0}, bds{free, free}), [][]float64{{2, 1}, {1, 2}}), lp.Optimal, -3, vec{2, -1}},
		// The same with y >= 0: x = 1.5.
		{"qp bound", hessian(build(vec{-3, 0}, bds{free, pos}), [][]float64{{2, 1}, {1, 2}}), lp.Optimal, -2.25, vec{1.5, 0}},
		// min x^2 + y^2, x + y = 2.
		{"qp equality", hessian(build(vec{0, 0}, bds{free, free}, row{2, vec{1, 1}, 2}), [][]float64{{2, 0}, {0, 2}}), lp.Optimal, 2, vec{1, 1}},
		// min (x - y)^2 + x, x >= 1: Q is singular.
		{"qp singular", hessian(build(vec{1, 0}, bds{{1, inf}, free}), [][]float64{{2, -2}, {-2, 2}}), lp.Optimal, 1, vec{1, 1}},
		// Two plants, marginal costs 10 + 0.2 g1 and 12 + 0.1 g2, together 100:
		// equal at g1 = 40, g2 = 60; 400 + 160 + 720 + 180.
		{"qp dispatch", hessian(build(vec{10, 12}, bds{{0, 80}, {0, 90}}, row{100, vec{1, 1}, 100}), [][]float64{{0.2, 0}, {0, 0.1}}), lp.Optimal, 1460, vec{40, 60}},
		{"qp infeasible", hessian(build(vec{0, 0}, bds{{0, 3}, {0, 5}}, row{9, vec{1, 1}, inf}), [][]float64{{2, 0}, {0, 2}}), lp.Infeasible, 0, nil},

		// Weights 5, 7, 4, 3 up to 14, values 8, 11, 6, 4: the last three, 21.
		{"mip knapsack", integer(build(vec{-8, -11, -6, -4}, bds{{0, 1}, {0, 1}, {0, 1}, {0, 1}}, row{-inf, vec{5, 7, 4, 3}, 14}), true, true, true, true), lp.Optimal, -21, vec{0, 1, 1, 1}},
		// 2x >= 3.
		{"mip rounding", integer(build(vec{1}, nil, row{3, vec{2}, inf}), true), lp.Optimal, 2, vec{2}},
		// A plant of 10 MW blocks at 3 each, the rest bought at 0.5 a MW, 24 MW:
		// two blocks and 4 MW, 6 + 2; three blocks cost 9.
		{"mip blocks", integer(build(vec{3, 0.5}, nil, row{24, vec{10, 1}, inf}), true, false), lp.Optimal, 8, vec{2, 4}},
		{"mip infeasible", integer(build(vec{1}, bds{{0, 5}}, row{3, vec{2}, 3}), true), lp.Infeasible, 0, nil},
	}
}
