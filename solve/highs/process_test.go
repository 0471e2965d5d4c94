package highs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
	"example.org/busbar/solve/solvetest"
)

// parentEnv makes this test binary a parent that solves something endless.
const parentEnv = "BUSBAR_HIGHS_TEST_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(parentEnv) != "" {
		onStart = func(pid int) { fmt.Println("child", pid) }
		_, err := Solver{}.Solve(context.Background(), solvetest.MarketSplit(), lp.Options{})
		fmt.Println("done", err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func need(t testing.TB) {
	t.Helper()
	if _, err := Probe(); errors.Is(err, ErrNoLibrary) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}

func TestStopsWithinTwoSeconds(t *testing.T) {
	need(t)
	pilot, err := lp.OpenMPS(shared.Path(t, "data/reference/netlib/pilot87.mps.gz"))
	if err != nil {
		t.Fatal(err)
	}
	split := solvetest.MarketSplit()
	for _, c := range []struct {
		name      string
		p         *lp.Problem
		algorithm string
	}{
		{"mip", split, ""},
		{"simplex", pilot, Simplex},
		{"ipx with crossover", pilot, IPX},
		{"hipo", pilot, HiPO},
	} {
		t.Run(c.name, func(t *testing.T) {
			const after = 400 * time.Millisecond
			o := lp.Options{Algorithm: c.algorithm, Crossover: true}
			check := func(how string, want lp.Status, solve func() (*lp.Solution, error)) {
				begin := time.Now()
				sol, err := solve()
				if err != nil {
					t.Fatal(err)
				}
				if sol.Status == lp.Optimal && c.p == pilot {
					t.Skipf("%s: solved in %v, nothing to stop", how, time.Since(begin))
				}
				if late := time.Since(begin) - after; late > 2*time.Second {
					t.Errorf("%s: returned %v after the stop", how, late)
				}
				if sol.Status != want {
					t.Errorf("%s: status %v, want %v (%s)", how, sol.Status, want, sol.Note)
				}
				if c.p == split && (sol.X == nil || !(sol.Bound <= sol.Objective)) {
					t.Errorf("%s: the incumbent is lost, or its bound: X %v, objective %v, bound %v", how, sol.X != nil, sol.Objective, sol.Bound)
				}
			}
			check("cancel", lp.Cancelled, func() (*lp.Solution, error) {
				ctx, cancel := context.WithCancel(context.Background())
				time.AfterFunc(after, cancel)
				return Solver{}.Solve(ctx, c.p, o)
			})
			check("time limit", lp.Limit, func() (*lp.Solution, error) {
				o := o
				o.TimeLimit = after
				return Solver{}.Solve(context.Background(), c.p, o)
			})
		})
	}
}

func TestCancelledBeforeTheStart(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	sol, err := Solver{}.Solve(ctx, solvetest.MarketSplit(), lp.Options{})
	if err != nil || sol.Status != lp.Cancelled {
		t.Fatalf("%+v, %v", sol, err)
	}
}

func TestNothingOnStandardOutput(t *testing.T) {
	need(t)
	old := os.Stdout
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = w
	_, solveErr := Solver{}.Solve(context.Background(), solvetest.MarketSplit(), lp.Options{TimeLimit: 200 * time.Millisecond})
	os.Stdout = old
	w.Close()
	text, _ := io.ReadAll(r)
	if solveErr != nil || len(text) > 0 {
		t.Fatalf("%v; stdout has %q", solveErr, text)
	}
}

func TestMissingLibrary(t *testing.T) {
	t.Setenv("BUSBAR_HIGHS", t.TempDir())
	if _, err := Probe(); !errors.Is(err, ErrNoLibrary) || !strings.Contains(err.Error(), "make deps") {
		t.Fatal(err)
	}
	_, err := Solver{}.Solve(context.Background(), solvetest.MarketSplit(), lp.Options{})
	if !errors.Is(err, ErrNoLibrary) {
		t.Fatal(err)
	}
}

func TestNotALibrary(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, libraryNames()[0])
	if err := os.WriteFile(path, []byte("not a library"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BUSBAR_HIGHS", path)
	if _, err := Probe(); !errors.Is(err, ErrNoLibrary) || !strings.Contains(err.Error(), path) {
		t.Fatal(err)
	}
}

func TestWithoutExtrasThereIsNoHiPO(t *testing.T) {
	need(t)
	info, err := Probe()
	if err != nil || !filepath.IsAbs(info.Path) {
		t.Skipf("the library has no path to copy: %+v %v", info, err)
	}
	b, err := os.ReadFile(info.Path)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), filepath.Base(info.Path))
	if err := os.WriteFile(alone, b, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BUSBAR_HIGHS", filepath.Dir(alone))
	info, err = Probe()
	if err != nil || info.HiPO || info.Path != alone {
		t.Fatalf("%+v %v", info, err)
	}
	p := &lp.Problem{Start: []int64{0, 0}, Cost: []float64{-2}, ColLower: []float64{0}, ColUpper: []float64{lp.Inf}}
	_, err = Solver{}.Solve(context.Background(), p, lp.Options{Algorithm: HiPO})
	if err == nil || !strings.Contains(err.Error(), "highs_extras must lie beside") {
		t.Fatalf("asked for HiPO: %v", err)
	}
	// min x^2/2 - 2x: a QP without an algorithm named goes to the other method.
	p.QStart, p.QIndex, p.QValue = []int64{0, 1}, []int32{0}, []float64{1}
	sol, err := Solver{}.Solve(context.Background(), p, lp.Options{})
	if err != nil || sol.Solver != "highs:qpasm" || !lp.Certify(p, sol).OK {
		t.Fatalf("%+v %v", sol, err)
	}
}

func TestParseLog(t *testing.T) {
	pr, ok := parseLog("  28*   5.50184589e+03   5.50184586e+03   3.97e-16   5.80e-16   5.08e-09       3.0\n")
	if !ok || pr.Phase != "ipm" || pr.Iteration != 28 || pr.Primal != 5501.84589 || pr.Dual != 5501.84586 || pr.PInf != 3.97e-16 || pr.DInf != 5.8e-16 || pr.Gap != 5.08e-9 {
		t.Errorf("interior: %+v", pr)
	}
	pr, ok = parseLog("       2583     5.5018458883e+03 Pr: 0(0); Du: 0(1.02363e-13) 4.5s")
	if !ok || pr.Phase != "simplex" || pr.Iteration != 2583 || pr.Primal != 5501.8458883 || !math.IsNaN(pr.Gap) {
		t.Errorf("simplex: %+v", pr)
	}
	for _, other := range []string{"", "723 rows, 1490 cols, 10097 nonzeros 0s", " iter  primal obj", "HiGHS run time      :          4.53"} {
		if pr, ok := parseLog(other); ok {
			t.Errorf("%q read as %+v", other, pr)
		}
	}
}

func TestEstimateOfTimeLeft(t *testing.T) {
	var e estimate
	if left := e.after(lp.Progress{Phase: "ipm", Gap: 1, Elapsed: time.Second}, 1e-8); left != 0 {
		t.Errorf("nothing known yet, but %v", left)
	}
	// Half of the eight decades took 4 s, so the other half will.
	left := e.after(lp.Progress{Phase: "ipm", Gap: 1e-4, Elapsed: 5 * time.Second}, 1e-8)
	if left < 3999*time.Millisecond || left > 4001*time.Millisecond {
		t.Errorf("left %v, want 4s", left)
	}
}

func TestProgress(t *testing.T) {
	need(t)
	p, err := lp.OpenMPS(shared.Path(t, "data/reference/netlib/pilot.mps.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for algorithm, phase := range map[string]string{Simplex: "simplex", HiPO: "ipm", IPX: "ipm"} {
		phases := map[string]int{}
		_, err := Solver{}.Solve(context.Background(), p, lp.Options{Algorithm: algorithm, Progress: func(pr lp.Progress) {
			phases[pr.Phase]++
			if pr.Solver != "highs:"+algorithm || pr.Elapsed <= 0 {
				t.Errorf("%+v", pr)
			}
		}})
		if err != nil || phases[phase] == 0 || phases["presolve"] == 0 {
			t.Errorf("%s: phases seen %v, %v", algorithm, phases, err)
		}
	}
	best := math.Inf(1)
	_, err = Solver{}.Solve(context.Background(), solvetest.MarketSplit(), lp.Options{TimeLimit: 500 * time.Millisecond, Progress: func(pr lp.Progress) {
		if pr.Phase == "mip" {
			best = pr.Primal
		}
	}})
	if err != nil || math.IsInf(best, 1) {
		t.Errorf("no incumbent seen in a MIP's progress: %v, %v", best, err)
	}
}
