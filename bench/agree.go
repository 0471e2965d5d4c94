package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve"
	"example.org/busbar/solve/highs"
	"example.org/busbar/solve/native"
	"example.org/busbar/solve/solvetest"
)

// agreeing solves random problems (solvetest.Random) by native and by HiGHS and
// lists each on which they differ in status or, by more than 1e-6, in objective.
// The certificate decides.
func agreeing(args []string) error {
	f := flag.NewFlagSet("agree", flag.ExitOnError)
	trials := f.Uint64("trials", 100_000, "number of problems")
	from := f.Uint64("from", 0, "first seed")
	f.Parse(args)
	start := time.Now()
	t := tally{patience: 2 * time.Second}
	const batch = 500 // problems a process of HiGHS
	shown := start
	for seed := *from; seed < *from+*trials; seed += batch {
		n := min(batch, *from+*trials-seed)
		if err := t.compare(context.Background(), os.Stdout, seed, n); err != nil {
			return err
		}
		if now := time.Now(); now.Sub(shown) > 5*time.Second {
			done := seed + n - *from
			left := now.Sub(start) * time.Duration(*trials-done) / time.Duration(done)
			fmt.Fprintf(os.Stderr, "%d of %d, %d differ, about %v left\n", done, *trials, t.differ, left.Round(time.Second))
			shown = now
		}
	}
	fmt.Printf("%v, in %v\n", &t, time.Since(start).Round(time.Second))
	if t.against > 0 {
		return fmt.Errorf("%d decided against native", t.against)
	}
	return nil
}

// tally counts how problems ended.
type tally struct {
	patience                         time.Duration // for one problem by HiGHS, twice that for its proof
	trials, quadratic                int
	optimal, infeasible, unbounded   int // by native, proved
	either                           int // of these, HiGHS did not say which of the two
	differ                           int
	native, against, neither, silent int // of those that differ: for native, for HiGHS, for neither; HiGHS died
}

func (t *tally) String() string {
	return fmt.Sprintf("%d problems (%d quadratic): native proved %d optimal, %d infeasible, %d unbounded; %d differ from HiGHS: %d decided for native, %d against, %d for neither or both, in %d HiGHS died. Of %d infeasible or unbounded ones HiGHS did not say which",
		t.trials, t.quadratic, t.optimal, t.infeasible, t.unbounded, t.differ, t.native, t.against, t.neither, t.silent, t.either)
}

// compare takes the problems of n seeds.
func (t *tally) compare(ctx context.Context, out io.Writer, seed, n uint64) error {
	problems := make([]*lp.Problem, n)
	for k := range problems {
		problems[k] = solvetest.Random(seed + uint64(k))
	}
	theirs := make(chan []*lp.Solution, 1)
	var failure error
	go func() {
		all, err := byHiGHS(ctx, problems, t.patience)
		failure = err
		theirs <- all
	}()
	ours := make([]*lp.Solution, n)
	for k, p := range problems {
		sol, err := native.Solve(ctx, p, lp.Options{Threads: 1})
		if err != nil {
			return err
		}
		ours[k] = sol
	}
	others := <-theirs
	if failure != nil {
		return failure
	}
	for k, p := range problems {
		if err := t.judge(ctx, out, seed+uint64(k), p, ours[k], others[k]); err != nil {
			return err
		}
	}
	return nil
}

// byHiGHS solves all; nil where its process died.
func byHiGHS(ctx context.Context, ps []*lp.Problem, limit time.Duration) ([]*lp.Solution, error) {
	var all []*lp.Solution
	for len(all) < len(ps) {
		some, err := highs.Solver{}.Many(ctx, ps[len(all):], lp.Options{Algorithm: highs.Simplex, Threads: 1, TimeLimit: limit})
		all = append(all, some...)
		if err != nil {
			if len(some) == 0 && len(all) == 0 {
				return nil, err
			}
			all = append(all, nil)
		}
	}
	return all, nil
}

// judge counts one problem.
func (t *tally) judge(ctx context.Context, out io.Writer, seed uint64, p *lp.Problem, ours, theirs *lp.Solution) error {
	t.trials++
	if p.IsQP() {
		t.quadratic++
	}
	cert := lp.Certify(p, ours)
	if cert.OK {
		switch ours.Status {
		case lp.Optimal:
			t.optimal++
		case lp.Infeasible:
			t.infeasible++
		case lp.Unbounded:
			t.unbounded++
		}
	}
	if theirs != nil {
		same := alike(ours, theirs)
		if theirs.Status == lp.Unknown && theirs.Note == highs.EitherNote && (ours.Status == lp.Infeasible || ours.Status == lp.Unbounded) {
			t.either++
			same = true
		}
		if same && cert.OK {
			return nil
		}
	}
	// A claim of HiGHS's counts with its proof, for which solve looks.
	t.differ++
	said, word := "died", "for neither"
	proof := lp.Certificate{Note: "no proof"}
	helped := false
	if theirs != nil {
		said = fmt.Sprintf("%s %.9g", theirs.Status, theirs.Objective)
		if sol, c, err := solve.Run(ctx, p, "highs:simplex", lp.Options{Threads: 1, TimeLimit: 2 * t.patience}); err == nil {
			proof, helped = c, alike(ours, sol)
			said += fmt.Sprintf("; with proof %s %.9g", sol.Status, sol.Objective)
		}
	}
	switch {
	case cert.OK && proof.OK && helped:
		word = "for native: HiGHS ends so too with the help of package solve"
		t.native++
	case cert.OK && proof.OK:
		word = "for neither: both proofs hold"
		t.neither++
	case cert.OK && theirs == nil:
		word = "for native"
		t.silent++
	case cert.OK:
		word = "for native"
		t.native++
	case proof.OK:
		word = "for HiGHS"
		t.against++
	default:
		t.neither++
	}
	fmt.Fprintf(out, "seed %d, %d x %d%s: native %s %.9g (%v), HiGHS %s (%v): decided %s\n", seed, p.Rows(), p.Cols(), map[bool]string{true: ", quadratic"}[p.IsQP()],
		ours.Status, ours.Objective, cert, said, proof, word)
	return nil
}

// alike reports whether two answers agree in status and objective.
func alike(a, b *lp.Solution) bool {
	return a.Status == b.Status && (a.Status != lp.Optimal || math.Abs(a.Objective-b.Objective) <= agree*math.Max(1, math.Abs(b.Objective)))
}
