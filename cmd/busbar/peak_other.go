//go:build !unix

package main

import "runtime"

// peakMiB is what the Go runtime has taken from the system, in MiB; a child
// is not counted here.
func peakMiB() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys) / (1 << 20)
}
