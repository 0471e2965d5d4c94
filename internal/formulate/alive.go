package formulate

// life says in which steps of a grid a primitive exists.
type life struct {
	mask   []bool  // by investment period; nil: always
	period []int32 // by step
}

// always is the life of what exists in every step.
var always life

// lives returns the life of a primitive on grid g.
func (b *builder) lives(mask []bool, g int32) life { return life{mask, b.times[g].period} }

func (l life) at(t int32) bool { return l.mask == nil || l.mask[l.period[t]] }

// still holds columns at 0 in the steps in which their primitive doesn't exist.
func (b *builder) still(mask []bool, g int32, lower, upper []float64) {
	alive := b.lives(mask, g)
	for t := range lower {
		if !alive.at(int32(t)) {
			lower[t], upper[t] = 0, 0
		}
	}
}
