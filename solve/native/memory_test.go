package native

import (
	"context"
	"runtime"
	"testing"

	"example.org/busbar/lp"
)

// Beside what a run says it takes little is held while it works: what the phases
// before it needed is neither held nor left lying about as garbage.
func TestRunHoldsWhatItSays(t *testing.T) {
	p, h := daily(8760, 5)
	heap := func() float64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	runtime.GC()
	before, most := heap(), 0.0
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, stats, err := Measure(ctx, p, lp.Options{Hint: h, Threads: 1, Progress: func(l lp.Progress) {
		if l.Phase != "ipm" || l.Text != "" {
			return
		}
		most = max(most, heap()-before)
		if l.Iteration == 3 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MiB held, %.1f MiB announced", most/mib, stats.Memory/mib)
	if most == 0 || most > 1.3*stats.Memory {
		t.Errorf("%.1f MiB are held, %.1f MiB were announced", most/mib, stats.Memory/mib)
	}
}
