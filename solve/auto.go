package solve

import (
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// autoAttempts orders the ways to solve p: the native solver, with HiGHS behind
// it, or HiGHS alone where p has integers or a vertex is wanted. A large problem
// of few time slices goes to HiGHS's simplex first.
//
// Measured by `bench line`, one thread each on a machine of two cores that many
// jobs shared (so only the order counts), seconds to the certificate:
//
//	problem                              nonzeros  native  simplex   HiPO    IPX
//	family, 1 x 24                            1 k    0.00     0.02   0.12   0.10
//	family, 2 x 72                            4 k    0.12     0.31   0.58   0.43
//	family, 1 x 168                           5 k    0.04     0.55   0.79   0.43
//	family, 12 x 168                         73 k      13    > 180    136     33
//	family, 20 x 168                        123 k      17    > 180  > 180  > 180
//	5 years, 4 slices, 20 technologies        3 k    0.02     0.16   0.50   0.25
//	10 years, 4 slices, 40 technologies      15 k    0.55     0.60   0.73   1.34
//	20 years, 8 slices, 80 technologies      96 k      13       39     31     18
//	33 years, 8 slices, 170 technologies    360 k      60    > 150     92     87
//	Laos 2023-2055, 8 slices (elsewhere)   3,700 k      -       37    241      -
//
// So nothing is too small for native (a process of HiGHS alone takes 20 ms to
// start), 20 buses are not too wide, and the line runs where capacities of many
// years fill the factor: 0.7 GFlop a factorisation at 96 k nonzeros in slices, 22
// at 360 k, against 0.05 for 320 k nonzeros of hours. At 360 k native is still ahead
// (measured anew on a quiet machine, with its faster kernel); somewhere between that
// and 3,700 k simplex is.
func autoAttempts(p *lp.Problem, o lp.Options) []attempt {
	list := highsAttempts(p, o)
	if p.IsMIP() || nativeSolve == nil {
		return list
	}
	native := attempt{nativeSolver{}, "", false}
	if o.Crossover || !p.IsQP() && p.Nonzeros() > sliceNonzeros && !longChain(p, o.Hint) {
		return append(list, native)
	}
	return append([]attempt{native}, list...)
}

// highsAttempts orders HiGHS's ways to solve p. Interior points come first for
// large problems that are chains in time, simplex for the rest.
//
// Measured with HiGHS 1.15.1, one thread, seconds of processor time on a
// machine of two cores (solvetest.Energy; BenchmarkAlgorithms repeats it):
//
//	buses x hours  nonzeros  simplex    IPX   HiPO
//	1 x 1,460          33 k      1.8    2.3    3.2
//	3 x   365          33 k      4.0    3.5    3.9
//	3 x   730          67 k       18    8.7    8.6
//	1 x 4,380          99 k       19      -     14
//	3 x 1,460         134 k     > 60     50     29
//	1 x 8,760         197 k        -     63     38
//
// The 46 Netlib problems, up to 129 k nonzeros, take 11 s by simplex, 8 s by
// HiPO and 7 s by IPX, start of the process included; simplex proves all to
// 1e-9, IPX all, HiPO fails on one (bnl1, "unknown", objective off by 4e-3). A
// national model of few time slices (OSeMOSYS, Laos 2023-2055, 3.7 M nonzeros,
// 9 a column) took 37 s by simplex and 241 s by HiPO; on 6 x 1,460 hours simplex
// did not finish in 500 s where HiPO took 65 s, and on 2 x 4,380 hours HiPO
// ended "unknown" after 59 s. So none goes without another behind it.
func highsAttempts(p *lp.Problem, o lp.Options) []attempt {
	h := highs.Solver{}
	simplex := attempt{h, highs.Simplex, false}
	hipo := attempt{h, highs.HiPO, o.Crossover}
	ipx := attempt{h, highs.IPX, o.Crossover}
	var list []attempt
	switch {
	case p.IsMIP():
		return []attempt{{h, "", false}}
	case p.IsQP():
		list = []attempt{hipo, simplex}
	case longChain(p, o.Hint):
		list = []attempt{hipo, ipx, simplex}
	default:
		list = []attempt{simplex, hipo, ipx}
	}
	return list
}

// The bounds of autoAttempts and longChain, between the figures above.
const (
	sliceNonzeros   = 400_000
	smallNonzeros   = 50_000
	chainPerColumn  = 6
	chainTimesAtMin = 500
)

// longChain reports whether p is large and has the look of a planning problem
// over many hours: as the builder says, or else by its few entries a column.
func longChain(p *lp.Problem, hint *lp.Hint) bool {
	if p.Nonzeros() <= smallNonzeros {
		return false
	}
	if hint != nil && len(hint.ColTime) == p.Cols() {
		return distinctTimes(hint.ColTime) >= chainTimesAtMin
	}
	return p.Nonzeros() < chainPerColumn*p.Cols()
}

// distinctTimes counts the different times of 0 and later.
func distinctTimes(times []int32) int {
	last := int32(-1)
	for _, t := range times {
		last = max(last, t)
	}
	seen := make([]bool, int(last)+1)
	n := 0
	for _, t := range times {
		if t >= 0 && !seen[t] {
			seen[t] = true
			n++
		}
	}
	return n
}
