package highs

import (
	"math"
	"strconv"
	"strings"

	"example.org/busbar/lp"
)

// parseLog reads a line of HiGHS's log that tells an iteration:
//
//	interior points:  27*  5.50184589e+03  5.50184589e+03  7.95e-16  1.28e-15  5.87e-10  0.4
//	simplex:          2583     5.5018458883e+03 Pr: 0(0); Du: 0(1.02363e-13) 4.5s
//	active set (QP):  1       -2.9999998                1      0.00s
//
// or that presolve has begun. The columns of the first are iteration, primal and dual objective, primal
// and dual infeasibility, gap, seconds.
func parseLog(text string) (lp.Progress, bool) {
	nan := math.NaN()
	pr := lp.Progress{Primal: nan, Dual: nan, PInf: nan, DInf: nan, Gap: nan}
	if strings.HasPrefix(text, "Presolving model") {
		pr.Phase = "presolve"
		return pr, true
	}
	words := strings.Fields(text)
	if len(words) < 3 {
		return pr, false
	}
	n, err := strconv.Atoi(strings.TrimRight(words[0], "*"))
	if err != nil || n < 0 {
		return pr, false
	}
	pr.Iteration = n
	var numbers []float64
	for _, w := range words[1:] {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			break
		}
		numbers = append(numbers, v)
	}
	switch {
	case len(numbers) >= 5:
		pr.Phase = "ipm"
		pr.Primal, pr.Dual, pr.PInf, pr.DInf, pr.Gap = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
		return pr, true
	case len(numbers) >= 1 && strings.HasSuffix(words[len(words)-1], "s"):
		pr.Phase = "simplex"
		pr.Primal = numbers[0]
		return pr, true
	}
	return pr, false
}
