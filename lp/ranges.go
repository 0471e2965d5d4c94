package lp

import (
	"fmt"
	"math"
)

// Range is the smallest and the largest magnitude of what is not zero and not
// infinite; both are zero where there is nothing.
type Range struct{ Min, Max float64 }

// add takes in a value.
func (r *Range) add(v float64) {
	v = math.Abs(v)
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return
	}
	if r.Max == 0 {
		r.Min, r.Max = v, v
		return
	}
	r.Min, r.Max = math.Min(r.Min, v), math.Max(r.Max, v)
}

// Ratio is Max/Min, 1 where there is nothing.
func (r Range) Ratio() float64 {
	if r.Max == 0 {
		return 1
	}
	return r.Max / r.Min
}

func (r Range) String() string {
	if r.Max == 0 {
		return "none"
	}
	return fmt.Sprintf("[%.0e, %.0e]", r.Min, r.Max)
}

// Ranges are those of a problem's coefficients. What is far apart is hard to
// solve to a tolerance that is the same for all, and is most often a wrong unit.
type Ranges struct {
	Matrix, Cost, Quadratic, Bounds, Sides Range
}

// RangesOf looks through p once.
func RangesOf(p *Problem) Ranges {
	var r Ranges
	each := func(to *Range, lists ...[]float64) {
		for _, l := range lists {
			for _, v := range l {
				to.add(v)
			}
		}
	}
	each(&r.Matrix, p.Value)
	each(&r.Cost, p.Cost)
	each(&r.Quadratic, p.QValue)
	each(&r.Bounds, p.ColLower, p.ColUpper)
	each(&r.Sides, p.RowLower, p.RowUpper)
	return r
}

func (r Ranges) String() string {
	s := fmt.Sprintf("matrix %v, cost %v, bounds %v, sides %v", r.Matrix, r.Cost, r.Bounds, r.Sides)
	if r.Quadratic.Max > 0 {
		s += fmt.Sprintf(", quadratic %v", r.Quadratic)
	}
	return s
}

// wide is the ratio from which a row is worth a word: eight digits of sixteen
// are gone when its entries are added.
const wide = 1e8

// WidestRow finds the row whose entries lie furthest apart, with the columns of
// its smallest and its largest one; ok is false where none is wide.
func WidestRow(p *Problem) (row, least, most int, r Range, ok bool) {
	type ends struct {
		Range
		least, most int32
	}
	rows := make([]ends, p.Rows())
	for j := 0; j < p.Cols(); j++ {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			v, e := math.Abs(p.Value[k]), &rows[p.Index[k]]
			if v == 0 {
				continue
			}
			if e.Max == 0 || v < e.Min {
				e.Min, e.least = v, int32(j)
			}
			if v > e.Max {
				e.Max, e.most = v, int32(j)
			}
		}
	}
	best := wide
	for i, e := range rows {
		if q := e.Ratio(); q > best {
			best, ok = q, true
			row, least, most, r = i, int(e.least), int(e.most), e.Range
		}
	}
	return row, least, most, r, ok
}
