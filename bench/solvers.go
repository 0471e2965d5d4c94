package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// stopAt is the multiple of native's median at which a HiGHS algorithm is
// stopped; the ratio is then printed as "> 30".
const stopAt = 30

// solvers runs native three times and each HiGHS algorithm once on cases of
// the family, or on a study of any workspace: whole solve, presolve to
// certificate, crossover off.
func solvers(args []string) error {
	f := flag.NewFlagSet("solvers", flag.ExitOnError)
	open := settings(f)
	list := f.String("sizes", "1x744", "sizes, such as 1x8760,6x1464")
	workspace := f.String("workspace", "", "a workspace instead of the family")
	study := f.String("study", "base", "study of it")
	rivals := f.String("rivals", "highs:hipo,highs:ipx,highs:simplex", "solvers set beside native")
	limit := f.Duration("limit", 20*time.Minute, "longest time for one solve, and for all where native fails")
	repeat := f.Int("repeat", 3, "solves by native; their median counts")
	f.Parse(args)
	var sizes []Case
	var err error
	if *workspace == "" {
		if sizes, err = cases(*list); err != nil {
			return err
		}
	}
	r, done, err := open()
	if err != nil {
		return err
	}
	r.machine.busy("solvers")
	race := func(name, space, study string) {
		if e := r.race(name, space, study, *rivals, *limit, *repeat); e != nil {
			r.say("\n%s failed: %v", name, e)
			err = errors.Join(err, e)
		}
	}
	r.say("| case | rows x columns, nonzeros | solver | status | solve s | times native | peak MiB | of native | largest residual |")
	r.say("|---|---|---|---|---|---|---|---|---|")
	if *workspace != "" {
		race(filepath.Base(*workspace)+" "+*study, *workspace, *study)
	}
	for _, c := range sizes {
		dir, e := r.make(c)
		if e != nil {
			return errors.Join(err, e, done())
		}
		race(c.String(), filepath.Join(dir, "workspace"), "base")
		os.RemoveAll(dir)
	}
	if len(r.fell) > 0 {
		r.say("\nDisagree:\n- %s", strings.Join(r.fell, "\n- "))
	}
	r.say("\nPeak MiB is Busbar's process and its solver's together. Machine: %v.", r.machine)
	return errors.Join(err, done())
}

// race solves one study by native and its rivals, and prints a line for each.
func (r *report) race(name, space, study, rivals string, limit time.Duration, repeat int) error {
	var err error
	var seconds, mib []float64
	var native *Run
	for i := range repeat {
		if native, err = r.run(space, study, "native", limit, ""); err != nil {
			return err
		}
		r.figures[fmt.Sprintf("%s native #%d", name, i+1)] = native
		if !native.proved() {
			break
		}
		seconds, mib = append(seconds, native.Seconds.Solve), append(mib, native.PeakMiB)
	}
	base := math.NaN()
	if !native.proved() {
		mib = []float64{native.PeakMiB}
	} else {
		base = median(seconds)
		if l := time.Duration(stopAt * base * float64(time.Second)); l < limit {
			limit = l
		}
	}
	what := size(native.Rows, native.Cols, native.Nonzeros)
	r.say("| %s | %s | %s | %s | %.2f | 1 | %.0f | 1 | %s |", name, what, native.Solver, native.Status, base, median(mib), native.worst())
	for _, solver := range strings.Split(rivals, ",") {
		run, err := r.run(space, study, solver, limit, "")
		if err != nil {
			r.say("| %s | | %s | failed: %v | | | | | |", name, solver, err)
			continue
		}
		r.figures[name+" "+solver] = run
		times := fmt.Sprintf("%.1f", run.Seconds.Solve/base)
		if !run.proved() {
			times = "-"
			if run.Status == "limit" {
				times = fmt.Sprintf("> %.0f", math.Min(stopAt, limit.Seconds()/base))
			}
		} else if native.proved() && math.Abs(*run.Objective-*native.Objective) > agree*(1+math.Abs(*native.Objective)) {
			r.fell = append(r.fell, fmt.Sprintf("%s: %s gives %.9g, native %.9g", name, solver, *run.Objective, *native.Objective))
		}
		r.say("| %s | | %s | %s | %.2f | %s | %.0f | %.1f | %s |", name, solver, run.Status, run.Seconds.Solve, times, run.PeakMiB, run.PeakMiB/median(mib), run.worst())
	}
	return nil
}

// worst is the largest of a certificate's three residuals.
func (r *Run) worst() string {
	if r.Certificate == nil {
		return "-"
	}
	worst := 0.0
	for _, v := range []*float64{r.Certificate.Primal, r.Certificate.Dual, r.Certificate.Gap} {
		if v != nil {
			worst = math.Max(worst, *v)
		}
	}
	return fmt.Sprintf("%.1e", worst)
}
