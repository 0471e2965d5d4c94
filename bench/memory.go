package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// peakMiB is the most memory this process has held, in MiB: VmHWM of
// /proc/self/status. getrusage would count what the parent held when it
// started this process. 0 where there is no /proc.
func peakMiB() float64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			var kib float64
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				return kib / 1024
			}
		}
	}
	return 0
}
