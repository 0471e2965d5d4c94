package native

// withLoops runs f without vector registers.
func withLoops(f func()) {
	was, broad := vector, wide
	vector, wide = false, false
	defer func() { vector, wide = was, broad }()
	f()
}

// withHalves runs f with registers of 256 bits.
func withHalves(f func()) {
	broad := wide
	wide = false
	defer func() { wide = broad }()
	f()
}
