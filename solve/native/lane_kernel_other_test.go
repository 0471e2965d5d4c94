//go:build !amd64

package native

// withLoops runs f, which knows no wide registers here.
func withLoops(f func()) { f() }

func withHalves(f func()) { f() }
