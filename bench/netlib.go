package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
	"example.org/busbar/solve/native"
)

// netlib solves the Netlib problems by native, one after the other, and by
// HiGHS's IPX, all in one process, and compares the whole times.
func (r *report) netlib(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.mps.gz"))
	if err != nil {
		return err
	}
	r.say("\n### Netlib\n")
	if len(files) == 0 {
		r.say("No problems in %s: -netlib or BUSBAR_SHARED names their folder.", filepath.Base(dir))
		r.fell = append(r.fell, "Netlib: not measured")
		return nil
	}
	sort.Strings(files)
	var ps []*lp.Problem
	for _, name := range files {
		p, err := lp.OpenMPS(name)
		if err != nil {
			return err
		}
		ps = append(ps, p)
	}
	begin := time.Now()
	certified, iterations := 0, 0
	ours := make([]*lp.Solution, len(ps))
	for k, p := range ps {
		if ours[k], err = native.Solve(context.Background(), p, lp.Options{}); err != nil {
			return err
		}
		iterations += ours[k].Iterations
	}
	native := time.Since(begin).Seconds()
	begin = time.Now()
	theirs, err := highs.Solver{}.Many(context.Background(), ps, lp.Options{Algorithm: highs.IPX})
	if err != nil {
		return err
	}
	ipx := time.Since(begin).Seconds()
	for k, p := range ps {
		if lp.Certify(p, ours[k]).OK {
			certified++
		}
		if a, b := ours[k].Objective, theirs[k].Objective; !(math.Abs(a-b) <= agree*(1+math.Abs(b))) {
			c := lp.Certify(p, theirs[k])
			r.say("- %s: native %.10g, IPX %.10g (its certificate: %v)", filepath.Base(files[k]), a, b, c)
		}
	}
	r.figures["netlib"] = map[string]any{"native": native, "ipx": ipx, "iterations": iterations, "certified": certified}
	r.say("%d problems, both without a start of a process: native %.2f s (%d iterations), HiGHS IPX %.2f s.\n", len(ps), native, iterations, ipx)
	r.against("Netlib problems certified by native alone", float64(certified), float64(len(ps)), fmt.Sprintf(" of %d", len(ps)), true)
	r.against("Netlib, time beside IPX's", native/ipx, 1, "x", false)
	return nil
}

// sharedNetlib is where the Netlib problems lie unless a flag says otherwise.
func sharedNetlib() string {
	return filepath.Join(sharedFolder(), "data", "reference", "netlib")
}

// sharedFolder is where shared data lies unless a flag says otherwise.
func sharedFolder() string {
	if shared := os.Getenv("BUSBAR_SHARED"); shared != "" {
		return shared
	}
	return filepath.Join("..", "shared")
}
