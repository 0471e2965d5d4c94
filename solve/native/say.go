package native

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"example.org/busbar/lp"
)

const mib = 1 << 20

// say passes a line on to whoever follows the log.
func (r *solver) say(phase, format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	r.tracef("%s", text)
	if r.o.Progress != nil {
		r.o.Progress(lp.Progress{Solver: "native", Phase: phase, Text: text, Elapsed: time.Since(r.start)})
	}
}

// sayRanges reports how far the coefficients lie apart, and the row where they
// lie too far apart.
func (r *solver) sayRanges() {
	r.stats.Ranges = lp.RangesOf(r.p)
	if r.o.Progress == nil && r.trace == nil {
		return
	}
	r.say("ipm", "ranges: %v", r.stats.Ranges)
	if row, least, most, g, ok := lp.WidestRow(r.p); ok {
		r.say("ipm", "badly scaled: row %s has entries from %.0e (column %s) to %.0e (column %s); a unit may be wrong",
			r.p.RowName(row), g.Min, r.p.ColName(least), g.Max, r.p.ColName(most))
	}
}

// memoryOf is what a run will hold in bytes: the factor with its stacks and
// index lists, the entries of the Newton system, the matrix by columns and by
// rows, and the vectors of kkt and ipm. What refinement takes where it is needed,
// up to 17 vectors, is not known beforehand.
func memoryOf(f *form, e extent) float64 {
	variables, rows, nonzeros := float64(f.n+f.m), float64(f.m), float64(len(f.value))
	slots := 0.0
	for _, k := range f.kind {
		if k&hasLower != 0 {
			slots++
		}
		if k&hasUpper != 0 {
			slots++
		}
	}
	factor := 8*float64(e.entries+e.stacks) + 8*float64(e.rows) + 72*float64(e.fronts) + 24*float64(e.nodes)
	entries := 12 * (nonzeros + float64(len(f.qValue)))
	return factor + entries + 24*nonzeros + 8*(10*variables+3*rows+5*slots)
}

// collect frees what one phase has left before the next takes its own. Else both would
// be held, for the collector waits until there is as much garbage as there is data.
// For a small problem it is not worth the milliseconds.
func collect(nonzeros int) {
	if nonzeros >= coarseNonzeros {
		runtime.GC()
	}
}

// giveBack is collect that hands the room to the system: pieces of one length seldom
// serve for another.
func giveBack(nonzeros int) {
	if nonzeros >= coarseNonzeros {
		debug.FreeOSMemory()
	}
}

// freeMemory is what the system says can be had without swapping, in bytes; 0
// where it does not say.
func freeMemory() float64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kib float64
		if rest, ok := strings.CutPrefix(line, "MemAvailable:"); ok {
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				return 1024 * kib
			}
		}
	}
	return 0
}
