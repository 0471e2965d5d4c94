//go:build unix

package native

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/busbar/lp"
)

// TestCases solves the MPS files named by CASES (a glob, or several) and prints
// what each took; TRACE=1 prints every iteration. User seconds are of all
// threads and, unlike wall time, mean something on a busy machine.
func TestCases(t *testing.T) {
	globs := strings.Fields(os.Getenv("CASES"))
	if len(globs) == 0 {
		t.Skip("set CASES to MPS files, such as those busbar export mps writes")
	}
	for _, glob := range globs {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", glob, err)
		}
		for _, file := range files {
			p, err := lp.OpenMPS(file)
			if err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			r := &solver{p: p, start: time.Now(), tol: aim(p)}
			if os.Getenv("TRACE") != "" {
				r.trace = func(f string, a ...any) { fmt.Printf(f+"\n", a...) }
			}
			cpu := userSeconds()
			sol := r.solve(context.Background())
			cpu = userSeconds() - cpu
			c := lp.Certify(p, sol)
			s := &r.stats
			fmt.Printf("%-10s %v %2d its, %d + %d solves, %.2g entries, %.1e flops, user %.1f s (wall %.1f: presolve %.2f scale %.2f order %.2f symbolic %.2f factor %.2f solve %.2f certify %.2f) %.10e worst %.0e\n",
				strings.TrimSuffix(strings.TrimSuffix(filepath.Base(file), ".gz"), ".mps"), sol.Status, r.iterations, s.Solves-s.Refinements, s.Refinements, float64(s.Entries), s.Flops, cpu, time.Since(r.start).Seconds(),
				s.Presolve.Seconds(), s.Scale.Seconds(), s.Order.Seconds(), s.Symbolic.Seconds(), s.Factor.Seconds(), s.Solve.Seconds(), s.Certify.Seconds(), sol.Objective, max(c.Primal, c.Dual, c.Gap))
			if !c.OK {
				t.Errorf("%s: %s", file, sol.Note)
			}
		}
	}
}

func userSeconds() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6
}
