package lp

import (
	"fmt"
	"math"
)

// RowName returns the name of row i, "r<i>" where there are no names.
func (p *Problem) RowName(i int) string {
	if p.Names == nil {
		return fmt.Sprintf("r%d", i)
	}
	return p.Names.RowName(i)
}

// ColName returns the name of column j, "c<j>" where there are no names.
func (p *Problem) ColName(j int) string {
	if p.Names == nil {
		return fmt.Sprintf("c%d", j)
	}
	return p.Names.ColName(j)
}

// Validate reports the first thing that makes p no problem at all: arrays of
// the wrong length, row numbers out of range or order, a NaN or infinite
// number where a finite one is needed. A lower bound above its upper bound is
// not such a thing: it makes the problem infeasible (see Crossed).
func (p *Problem) Validate() error {
	rows, cols := len(p.RowLower), len(p.ColLower)
	if rows > math.MaxInt32 || cols > math.MaxInt32 {
		return fmt.Errorf("lp: %d rows and %d columns; at most %d of each fit", rows, cols, math.MaxInt32)
	}
	for _, a := range []struct {
		name      string
		got, want int
	}{
		{"RowUpper", len(p.RowUpper), rows},
		{"ColUpper", len(p.ColUpper), cols},
		{"Cost", len(p.Cost), cols},
		{"Value", len(p.Value), len(p.Index)},
		{"QValue", len(p.QValue), len(p.QIndex)},
	} {
		if a.got != a.want {
			return fmt.Errorf("lp: %s has %d entries, %d would fit", a.name, a.got, a.want)
		}
	}
	if p.Integer != nil && len(p.Integer) != cols {
		return fmt.Errorf("lp: Integer has %d entries, %d (or none) would fit", len(p.Integer), cols)
	}
	if !finite(p.Offset) {
		return fmt.Errorf("lp: Offset is %v, a finite number would fit", p.Offset)
	}
	for j, c := range p.Cost {
		if !finite(c) {
			return fmt.Errorf("lp: cost of column %s is %v, a finite number would fit", p.ColName(j), c)
		}
	}
	if i := badBounds(p.RowLower, p.RowUpper); i >= 0 {
		return fmt.Errorf("lp: row %s has bounds [%v, %v]; numbers, -Inf below or +Inf above would fit",
			p.RowName(i), p.RowLower[i], p.RowUpper[i])
	}
	if j := badBounds(p.ColLower, p.ColUpper); j >= 0 {
		return fmt.Errorf("lp: column %s has bounds [%v, %v]; numbers, -Inf below or +Inf above would fit",
			p.ColName(j), p.ColLower[j], p.ColUpper[j])
	}
	if err := p.validateMatrix("A", p.Start, p.Index, p.Value, rows, false); err != nil {
		return err
	}
	if p.QStart == nil && len(p.QIndex) == 0 {
		return nil
	}
	return p.validateMatrix("Q", p.QStart, p.QIndex, p.QValue, cols, true)
}

// Crossed returns the first row and the first column whose lower bound lies
// above its upper bound, -1 where there is none. Either makes the problem
// infeasible without any solver.
func (p *Problem) Crossed() (row, col int) {
	return crossed(p.RowLower, p.RowUpper), crossed(p.ColLower, p.ColUpper)
}

func crossed(lower, upper []float64) int {
	for i, l := range lower {
		if l > upper[i] {
			return i
		}
	}
	return -1
}

func badBounds(lower, upper []float64) int {
	for i, l := range lower {
		if u := upper[i]; l != l || u != u || l == Inf || u == -Inf {
			return i
		}
	}
	return -1
}

func (p *Problem) validateMatrix(name string, start []int64, index []int32, value []float64, rows int, triangle bool) error {
	cols := p.Cols()
	if len(start) != cols+1 {
		return fmt.Errorf("lp: start of %s has %d entries, %d would fit", name, len(start), cols+1)
	}
	if start[0] != 0 || start[cols] != int64(len(index)) {
		return fmt.Errorf("lp: start of %s runs from %d to %d, 0 to %d would fit", name, start[0], start[cols], len(index))
	}
	for j := 0; j < cols; j++ {
		if start[j+1] < start[j] || start[j+1] > int64(len(index)) {
			return fmt.Errorf("lp: column %s of %s starts at %d and ends at %d; starts never fall",
				p.ColName(j), name, start[j], start[j+1])
		}
		last := int32(-1)
		if triangle {
			last = int32(j) - 1
		}
		for k := start[j]; k < start[j+1]; k++ {
			i := index[k]
			if i <= last || int(i) >= rows {
				return fmt.Errorf("lp: column %s of %s has row number %d after %d; rising numbers below %d would fit",
					p.ColName(j), name, i, last, rows)
			}
			last = i
			if !finite(value[k]) {
				return fmt.Errorf("lp: column %s of %s has the value %v in row number %d, a finite number would fit",
					p.ColName(j), name, value[k], i)
			}
		}
	}
	return nil
}

func finite(v float64) bool { return v-v == 0 }
