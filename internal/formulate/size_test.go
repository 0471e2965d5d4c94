package formulate

import (
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/primitive"
)

// Counting alone gives what building gives.
func TestCountIsTheSizeBuilt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawn(r, hours(12, 2, 4))
		rows, cols, err := Count(&d.Model)
		p, _, other := Build(&d.Model)
		if (err == nil) != (other == nil) {
			r.Fatalf("counting says %v, building %v", err, other)
		}
		if err == nil && (rows != p.Rows() || cols != p.Cols()) {
			r.Fatalf("%d x %d counted, %d x %d built", rows, cols, p.Rows(), p.Cols())
		}
	})
}

// Power by the hour and metal by four hours, over 12 hours. As it is: balances
// 12 + 3; columns of the smelter (on the hour) 12, of the sale 3 and of the
// source 12; a stock's level 3 and a limit of one row for each of its steps. On
// one step all of them are 12.
func TestOnOneStep(t *testing.T) {
	d := on(hours(12, 4))
	el, metal := d.bus("electricity", 0, primitive.Exact), d.bus("metal", 1, primitive.Exact)
	d.unit("source", primitive.Unit{Bound: upTo(9), Ports: []primitive.Port{to(el, 1)}})
	d.unit("smelter", primitive.Unit{Bound: upTo(9), Ports: []primitive.Port{to(el, -1), to(metal, 0.1)}})
	d.store("yard", primitive.Store{Bus: metal, Bound: upTo(30)})
	d.Trades = append(d.Trades, primitive.Trade{Bus: metal, Sell: true, Grid: 1, Max: data(inf), Min: data(0), Price: data(2), Party: none})
	d.Limits = append(d.Limits, primitive.Limit{Name: "least", Span: primitive.EachStep, Soft: nan,
		Terms: []primitive.Term{{Of: primitive.StoreLevel, Index: 0, Coef: data(1)}}, Min: []float64{1, 2, 3}, Max: []float64{inf}})
	rows, cols, err := Count(&d.Model)
	if err != nil || rows != 12+3+3 || cols != 12+12+3+3 {
		t.Errorf("%d x %d, %v; want 18 x 30", rows, cols, err)
	}
	one, grids := OnOneStep(&d.Model)
	if one == nil || len(grids) != 2 || grids[0] != 0 || grids[1] != 1 {
		t.Fatalf("grids %v", grids)
	}
	if rows, cols, err = Count(one); err != nil || rows != 12+12+12 || cols != 4*12 {
		t.Errorf("on one step %d x %d, %v; want 36 x 48", rows, cols, err)
	}
	if d.Commodities[1].Grid != 1 || len(d.Limits[0].Min) != 3 {
		t.Error("the model itself was changed")
	}
	same := on(hours(12, 4))
	same.bus("electricity", 0, primitive.Exact)
	if one, _ := OnOneStep(&same.Model); one != nil {
		t.Error("one step is taken for several")
	}
}
