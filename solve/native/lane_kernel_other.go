//go:build !amd64

package native

func laneSubWide(c, a *float64, as int, d *float64, ds, k, n int) { panic("no vector kernel") }

func laneSubAVX(c, a *float64, as int, d *float64, ds, k, n int) { panic("no vector kernel") }

func lanePivotAVX(c *float64, dinv *[lanes]float64, sign float64, n int) (good uint32) {
	panic("no vector kernel")
}

func laneAddAVX(dst *float64, rel *int32, src *float64, shift, n int) { panic("no vector kernel") }

func laneSubAtAVX(dst *float64, rel *int32, a *float64, d *[lanes]float64, shift, n int) {
	panic("no vector kernel")
}

func laneForwardAVX(x, panel *float64, rows *int32, cols, n int) { panic("no vector kernel") }

func laneBackwardAVX(x, panel *float64, rows *int32, dinv *float64, cols, n int) {
	panic("no vector kernel")
}

func laneDiagonalAVX(panel, d *float64, step, n int) { panic("no vector kernel") }
