package lp

import (
	"math"
	"testing"
)

func TestRangesOf(t *testing.T) {
	inf := math.Inf(1)
	// min 3x - 2e6 y: 1e-4 x + 5 y >= 10, 2e5 x = 0; x in [0, 7], y free.
	p := &Problem{
		Start: []int64{0, 2, 3}, Index: []int32{0, 1, 0}, Value: []float64{1e-4, 2e5, 5},
		Cost: []float64{3, -2e6}, ColLower: []float64{0, -inf}, ColUpper: []float64{7, inf},
		RowLower: []float64{10, 0}, RowUpper: []float64{inf, 0},
	}
	want := Ranges{Matrix: Range{1e-4, 2e5}, Cost: Range{3, 2e6}, Bounds: Range{7, 7}, Sides: Range{10, 10}}
	if got := RangesOf(p); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if _, _, _, _, ok := WidestRow(p); ok {
		t.Error("a row of 1e-4 and 5 is called wide")
	}
	p.Value[0] = 5e-9
	row, least, most, r, ok := WidestRow(p)
	if !ok || row != 0 || least != 0 || most != 1 || r != (Range{5e-9, 5}) {
		t.Errorf("row %d, columns %d and %d, %v, %v; want row 0 from column 0 (5e-9) to column 1 (5)", row, least, most, r, ok)
	}
	if got := RangesOf(&Problem{}); got.Matrix.Ratio() != 1 || got.Cost.String() != "none" {
		t.Errorf("an empty problem has %v", got)
	}
}
