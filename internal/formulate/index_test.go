package formulate

import (
	"testing"

	"example.org/busbar/internal/primitive"
)

// Every column and row is in one block, whose step leads back to it.
func TestIndexCoversAll(t *testing.T) {
	for what, model := range golden {
		p, ix := build(t, model(t))
		next := int32(0)
		ix.Cols(func(k Block) {
			if k.First != next {
				t.Errorf("%v: a block of columns begins at %d, the last ended at %d", what, k.First, next)
			}
			next += k.Count
		})
		if int(next) != p.Cols() {
			t.Errorf("%v: blocks end at column %d of %d", what, next, p.Cols())
		}
		next = 0
		ix.Rows(func(k Block) {
			if k.First != next {
				t.Errorf("%v: a block of rows begins at %d, the last ended at %d", what, k.First, next)
			}
			next += k.Count
			for i := k.First; i < k.First+k.Count; i++ {
				if got, step := ix.Row(int(i)); got != k || step != k.Step+i-k.First {
					t.Errorf("%v: row %d leads to %v step %d", what, i, got, step)
				}
			}
		})
		if int(next) != p.Rows() {
			t.Errorf("%v: blocks end at row %d of %d", what, next, p.Rows())
		}
		names := map[string]bool{}
		for j := range p.Cols() {
			names[p.Names.ColName(j)] = true
		}
		for i := range p.Rows() {
			names[p.Names.RowName(i)] = true
		}
		if len(names) != p.Cols()+p.Rows() {
			t.Errorf("%v: %d names for %d columns and rows", what, len(names), p.Cols()+p.Rows())
		}
	}
}

func TestNames(t *testing.T) {
	d := on(hours(6))
	el := d.bus("electricity@park", 0, primitive.Exact)
	d.source("wind", el, 5, 0)
	d.Units[0].Part = "turbine"
	d.demand(el, 1)
	p, _ := build(t, d)
	if got := p.Names.ColName(5); got != "unit[wind.turbine].activity[2030-01-01T05:00]" {
		t.Errorf("column 5 is %s", got)
	}
	if got := p.Names.RowName(5); got != "balance[electricity@park][2030-01-01T05:00]" {
		t.Errorf("row 5 is %s", got)
	}
}

// The second of two steps of two hours begins at hour 2; what is built and a
// year's limit link all hours.
func TestHint(t *testing.T) {
	d := on(hours(4, 2))
	el := d.bus("metal", 1, primitive.Exact)
	c := d.capacity(primitive.Capacity{Max: 5})
	d.unit("mill", primitive.Unit{Grid: 1, Bound: share(c, 1), Ports: []primitive.Port{to(el, 1)}})
	d.Limits = []primitive.Limit{{Name: "cap", Span: primitive.EachYear, Max: []float64{9}, Soft: nan, Terms: []primitive.Term{{Of: primitive.UnitActivity, Coef: one}}}}
	_, ix := build(t, d)
	h := ix.Hint()
	ints(t, "columns", h.ColTime, -1, 0, 2)
	ints(t, "rows", h.RowTime, 0, 2, 0, 2, -1)
	ints(t, "series of columns", h.ColSeries, 0, 1, 1)
	ints(t, "series of rows", h.RowSeries, 0, 0, 1, 1, 2)
}

func ints(t *testing.T, what string, got []int32, want ...int32) {
	t.Helper()
	for i := range want {
		if len(got) != len(want) || got[i] != want[i] {
			t.Errorf("%s are at %v, want %v", what, got, want)
			return
		}
	}
}
