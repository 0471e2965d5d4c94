package solve

import (
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// autoAttempts orders the ways to solve p.
func autoAttempts(p *lp.Problem, o lp.Options) []attempt {
	h := highs.Solver{}
	simplex := attempt{h, highs.Simplex, false}
	hipo := attempt{h, highs.HiPO, o.Crossover}
	ipx := attempt{h, highs.IPX, o.Crossover}
	switch {
	case p.IsMIP():
		return []attempt{{h, "", false}}
	case p.IsQP():
		return []attempt{hipo, simplex}
	}
	return []attempt{simplex, hipo, ipx}
}
