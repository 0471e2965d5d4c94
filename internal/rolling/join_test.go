package rolling

import (
	"testing"

	"example.org/busbar/internal/formulate"
)

// A window of four hours that begins three after one of four: its first hour is the
// fourth of that, the others are the first three again, a day of four hours later.
func TestNearOfModels(t *testing.T) {
	p, ix, err := formulate.Build(town(t, 10, 20, 50, 50))
	if err != nil {
		t.Fatal(err)
	}
	x, y := make([]float64, p.Cols()), make([]float64, p.Rows())
	hours := func(visit func(func(formulate.Block)), do func(at, hour int32)) {
		visit(func(k formulate.Block) {
			for n := range k.Count {
				do(k.First+n, k.Step+n)
			}
		})
	}
	hours(ix.Cols, func(at, hour int32) { x[at] = float64(100 + hour) })
	hours(ix.Rows, func(at, hour int32) { y[at] = float64(200 + hour) })
	near := Near(ix, p.Cols(), p.Rows(), ix, x, y, 3, 4)
	was := []float64{3, 0, 1, 2}
	hours(ix.Cols, func(at, hour int32) {
		if near.X[at] != 100+was[hour] {
			t.Errorf("%s begins at %g", ix.ColName(int(at)), near.X[at])
		}
	})
	hours(ix.Rows, func(at, hour int32) {
		if near.Y[at] != 200+was[hour] {
			t.Errorf("%s begins at %g", ix.RowName(int(at)), near.Y[at])
		}
	})
}
