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

// cpuSeconds are what this process and its children that have ended took of the
// processor: fields 14 to 17 of /proc/self/stat, in hundredths (proc(5)); 0
// where there is no /proc.
func cpuSeconds() float64 {
	data, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	text := string(data)
	fields := strings.Fields(text[strings.LastIndex(text, ")")+1:]) // from field 3 on
	sum := 0.0
	for _, f := range fields[11:15] {
		var ticks float64
		if _, err := fmt.Sscan(f, &ticks); err == nil {
			sum += ticks / 100
		}
	}
	return sum
}
