//go:build unix

package main

import (
	"runtime"
	"syscall"
)

// peakMiB is the most memory this process and its largest child have held
// together, in MiB: their peaks added, an upper bound.
func peakMiB() float64 {
	unit := 1024.0 // Linux counts KiB
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	var sum float64
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += float64(u.Maxrss) * unit
		}
	}
	return sum / (1 << 20)
}
