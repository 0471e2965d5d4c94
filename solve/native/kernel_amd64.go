package native

//go:noescape
func cpuid(leaf, sub uint32) (a, b, c, d uint32)

//go:noescape
func xgetbv() (low, high uint32)

//go:noescape
func sub4x2AVX(c, e, a0, a1, a2, a3 *float64, n int, x, y *[4]float64)

//go:noescape
func sub4AVX(c, a0, a1, a2, a3 *float64, n int, x *[4]float64)

//go:noescape
func tileWide(c *float64, cs int, a *float64, as int, x *float64, k, n int)

//go:noescape
func dot4AVX(a0, a1, a2, a3, w *float64, n int, t *[4]float64)

// vector says whether the processor and the system know AVX2 and FMA.
var vector = func() bool {
	if most, _, _, _ := cpuid(0, 0); most < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	const fma, xsave, avx = 1 << 12, 1 << 27, 1 << 28
	if c&fma == 0 || c&xsave == 0 || c&avx == 0 {
		return false
	}
	if low, _ := xgetbv(); low&6 != 6 { // the system saves the wide registers
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&(1<<5) != 0
}()

// wide says whether they know AVX-512 as well.
var wide = func() bool {
	if !vector {
		return false
	}
	low, _ := xgetbv()
	_, b, _, _ := cpuid(7, 0)
	return low&0xe6 == 0xe6 && b&(1<<16) != 0
}()
