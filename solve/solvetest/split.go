package solvetest

import (
	"math"
	"math/rand/v2"

	"example.org/busbar/lp"
)

// MarketSplit is a small MIP of a kind that no branch and bound finishes
// (Cornuejols and Dawande 1998): split 40 numbers in half, 5 times at once,
// with slacks that make a first answer easy. It is there to be stopped.
func MarketSplit() *lp.Problem {
	const m, n = 5, 40
	rng := rand.New(rand.NewPCG(1, 2))
	p := &lp.Problem{Start: []int64{0}}
	total := make([]float64, m)
	for j := 0; j < n; j++ {
		for i := 0; i < m; i++ {
			v := float64(rng.IntN(100))
			total[i] += v
			p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, v)
		}
		p.Start = append(p.Start, int64(len(p.Index)))
		p.Cost = append(p.Cost, 0)
		p.ColLower, p.ColUpper = append(p.ColLower, 0), append(p.ColUpper, 1)
		p.Integer = append(p.Integer, true)
	}
	for i := 0; i < m; i++ {
		for _, sign := range []float64{1, -1} {
			p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, sign)
			p.Start = append(p.Start, int64(len(p.Index)))
			p.Cost = append(p.Cost, 1)
			p.ColLower, p.ColUpper = append(p.ColLower, 0), append(p.ColUpper, lp.Inf)
			p.Integer = append(p.Integer, false)
		}
		half := math.Floor(total[i] / 2)
		p.RowLower, p.RowUpper = append(p.RowLower, half), append(p.RowUpper, half)
	}
	return p
}
