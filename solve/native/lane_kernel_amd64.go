package native

//go:noescape
func laneSubWide(c, a *float64, as int, d *float64, ds, k, n int)

//go:noescape
func lanePivotWide(c *float64, dinv *[lanes]float64, sign float64, n int) (good uint32)

//go:noescape
func laneAddWide(dst *float64, rel *int32, src *float64, shift, n int)

//go:noescape
func laneSubAtWide(dst *float64, rel *int32, a *float64, d *[lanes]float64, shift, n int)

//go:noescape
func laneForwardWide(x, panel *float64, rows *int32, cols, n int)

//go:noescape
func laneBackwardWide(x, panel *float64, rows *int32, dinv *float64, cols, n int)

//go:noescape
func laneDiagonalWide(panel, d *float64, step, n int)
