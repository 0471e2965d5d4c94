//go:build !amd64

package native

func followAVX(b *block, w *band, s *reaches, from, n int) (to int, blocks bool) {
	panic("no vector kernel")
}

func askedAVX(b *block, w *band, t *float64, n int) { panic("no vector kernel") }

func affineAVX(b *block, ap, ad float64, sums *[3][4]float64, from, n int) (to int, blocks bool) {
	panic("no vector kernel")
}

func productsAVX(gap, dual, limit *float64, side float64, t, bar *float64, sums *[2][4]float64, n int) {
	panic("no vector kernel")
}

func advanceAVX(x, d, c *float64, a, w float64, n int) { panic("no vector kernel") }

func axpyAVX(x, c *float64, a float64, n int) { panic("no vector kernel") }

func largestAVX(x *float64, n int, most *[4]float64) { panic("no vector kernel") }

func linesAVX(blocks *lineBlock, count int, at *int32, eights, x, out *float64) {
	panic("no vector kernel")
}
