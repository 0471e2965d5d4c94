//go:build !amd64

package native

const vector, wide = false, false

func sub4x2AVX(c, e, a0, a1, a2, a3 *float64, n int, x, y *[4]float64) { panic("no vector kernel") }

func sub4AVX(c, a0, a1, a2, a3 *float64, n int, x *[4]float64) { panic("no vector kernel") }

func dot4AVX(a0, a1, a2, a3, w *float64, n int, t *[4]float64) { panic("no vector kernel") }

func tileWide(c *float64, cs int, a *float64, as int, x *float64, k, n int) {
	panic("no vector kernel")
}
