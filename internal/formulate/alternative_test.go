package formulate

import (
	"slices"
	"testing"

	"example.org/busbar/lp"
)

// Sizes of 30 and 10, weighed 2 and 0, may fall for 20 of money: at most 60 in all,
// 3 a unit of money on average, of which a third is 1. The duals of the plan of
// least cost count with that, and the budget's own is minus it.
func TestBeside(t *testing.T) {
	q := &lp.Problem{
		Cost: []float64{2, 0}, ColLower: []float64{0, 0}, ColUpper: []float64{50, 50}, RowLower: []float64{0, 0}, RowUpper: []float64{9, 220},
		Start: []int64{0, 1, 2}, Index: []int32{0, 1}, Value: []float64{1, 1},
	}
	least := &lp.Solution{X: []float64{30, 10}, Y: []float64{7}}
	if got := Beside(q, least, 20); got == nil || !slices.Equal(got.X, least.X) || !slices.Equal(got.Y, []float64{7, -1}) {
		t.Errorf("begins at %+v", got)
	}
	for room, from := range map[float64]*lp.Solution{
		0: least, 20: {X: least.X}, 21: {X: []float64{0, 10}, Y: least.Y}, 22: {X: []float64{30}, Y: least.Y},
	} {
		if got := Beside(q, from, room); got != nil {
			t.Errorf("room %g: begins at %+v", room, got)
		}
	}
}
