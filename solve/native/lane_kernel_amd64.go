package native

//go:noescape
func laneSubWide(c, a *float64, as int, d *float64, ds, k, n int)

//go:noescape
func laneSubAVX(c, a *float64, as int, d *float64, ds, k, n int)

//go:noescape
func lanePivotAVX(c *float64, dinv *[lanes]float64, sign float64, n int) (good uint32)

//go:noescape
func laneAddAVX(dst *float64, rel *int32, src *float64, shift, n int)

//go:noescape
func laneSubAtAVX(dst *float64, rel *int32, a *float64, d *[lanes]float64, shift, n int)

//go:noescape
func laneForwardAVX(x, panel *float64, rows *int32, cols, n int)

//go:noescape
func laneBackwardAVX(x, panel *float64, rows *int32, dinv *float64, cols, n int)

//go:noescape
func laneDiagonalAVX(panel, d *float64, step, n int)
