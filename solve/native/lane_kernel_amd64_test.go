package native

// withLoops runs f without the wide registers.
func withLoops(f func()) {
	was := wide
	wide = false
	defer func() { wide = was }()
	f()
}
