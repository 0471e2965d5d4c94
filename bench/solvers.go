package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stopAt is the multiple of native's median at which a rival is stopped; the
// ratio is then printed as "> 30".
const stopAt = 30

// named is one study of one workspace.
type named struct {
	name, space, study string
}

// solvers sets native beside HiGHS and Clarabel on cases of the family, or on a
// study of any workspace, and says where native's time goes.
func solvers(args []string) error {
	f := flag.NewFlagSet("solvers", flag.ExitOnError)
	open := settings(f)
	list := f.String("sizes", "1x8760,6x1464,20x1464,6x8760,20x8760", "sizes, such as 1x8760,6x1464")
	workspace := f.String("workspace", "", "a workspace instead of the family")
	study := f.String("study", "base", "study of it")
	rivals := f.String("rivals", "highs:hipo,highs:ipx,highs:simplex,clarabel", "solvers set beside native")
	limit := f.Duration("limit", time.Hour, "longest time for one solve")
	repeat := f.Int("repeat", 3, "solves by native; their median counts")
	parts := f.String("parts", "race,phases,iterations,growth,netlib", "which parts")
	set := f.String("set", "1x744,2x744,3x744,6x744,1x2184,3x2184,6x2184,20x168,20x744,1x8760,2x8760", "more sizes whose iterations count")
	longer := f.String("growth", "1x744,1x2208,1x8760,1x26280", "one system over longer and longer horizons")
	netlib := f.String("netlib", sharedNetlib(), "folder of the Netlib problems")
	quick := f.Bool("quick", false, "a few minutes: small cases, native once")
	f.Parse(args)
	if *quick {
		*list, *set, *longer, *repeat, *limit = "1x744,6x168", "2x744,3x168,20x24", "1x744,1x2208", 1, time.Minute
	}
	var sizes, more, horizons []Case
	var err error
	if *workspace == "" {
		for _, l := range []struct {
			text string
			into *[]Case
		}{{*list, &sizes}, {*set, &more}, {*longer, &horizons}} {
			if *l.into, err = cases(l.text); err != nil {
				return err
			}
		}
	} else {
		*parts = "race,phases"
	}
	r, done, err := open()
	if err != nil {
		return err
	}
	r.limit, r.repeat = *limit, *repeat
	part := func(name string) bool {
		if !strings.Contains(","+*parts+",", ","+name+",") {
			return false
		}
		r.machine.busy(name)
		return true
	}
	var failed error
	fault := func(what string, err error) {
		if err != nil {
			r.say("\n%s failed: %v", what, err)
			failed = errors.Join(failed, fmt.Errorf("%s: %w", what, err))
		}
	}
	make := func(list []Case) (all []named) {
		for _, c := range list {
			dir, err := r.make(c)
			fault(c.String(), err)
			if err == nil {
				all = append(all, named{c.String(), filepath.Join(dir, "workspace"), "base"})
			}
		}
		return all
	}
	mains := make(sizes)
	if *workspace != "" {
		mains = []named{{filepath.Base(*workspace) + " " + *study, *workspace, *study}}
	}
	r.say("Measured by `bench solvers` on: %s %s.", r.machine.CPU, r.machine.System)
	if part("race") {
		r.say("\n### Native beside the others\n")
		r.say("Whole solve, presolve to certificate, without crossover, on all cores, tolerance 1e-8. Native: median of %d; the others once, stopped at %d times native's median. Peak MiB is Busbar's process and its solver's together; Clarabel's is its Python process.\n", *repeat, stopAt)
		r.say("| case | rows x columns, nonzeros | solver | status | solve s | times native | peak MiB | of native | largest residual |")
		r.say("|---|---|---|---|---|---|---|---|---|")
		var verdicts []func()
		for _, c := range mains {
			v, err := r.race(c, strings.Split(*rivals, ","))
			fault(c.name, err)
			verdicts = append(verdicts, v...)
		}
		r.say("")
		for _, v := range verdicts {
			v()
		}
	}
	if part("phases") {
		r.byPhase(mains)
	}
	if part("iterations") {
		r.energySet(make(more))
	}
	if part("growth") {
		fault("growth", r.growth(horizons))
	}
	if part("netlib") {
		fault("netlib", r.netlib(*netlib))
	}
	if len(r.fell) > 0 {
		r.say("\nFell short:\n- %s", strings.Join(r.fell, "\n- "))
	}
	r.say("\nMachine: %v.", r.machine)
	return errors.Join(failed, done())
}

// rivalry is how one rival did beside native.
type rivalry struct {
	times   float64 // of native's time, at least
	stopped bool
	mib     float64
}

// race solves one study by native and its rivals, prints a line for each and
// returns what to say of the targets.
func (r *report) race(c named, rivals []string) ([]func(), error) {
	var seconds, mib []float64
	var native *Run
	var err error
	for i := range r.repeat {
		if native, err = r.run(c.space, c.study, "native", r.limit, ""); err != nil {
			return nil, err
		}
		r.figures[fmt.Sprintf("%s native #%d", c.name, i+1)] = native
		if !native.proved() {
			break
		}
		seconds, mib = append(seconds, native.Seconds.Solve), append(mib, native.PeakMiB)
	}
	base, limit := math.NaN(), r.limit
	if !native.proved() {
		mib = []float64{native.PeakMiB}
		r.fell = append(r.fell, c.name+": native did not end certified")
	} else {
		base = median(seconds)
		limit = min(limit, time.Duration(stopAt*base*float64(time.Second)))
	}
	own := median(mib)
	what := size(native.Rows, native.Cols, native.Nonzeros)
	r.say("| %s | %s | %s | %s | %.2f | 1 | %.0f | 1 | %s |", c.name, what, native.Solver, native.Status, base, own, native.worst())
	got := map[string]rivalry{}
	for _, solver := range rivals {
		var run *Run
		if solver == "clarabel" {
			run, err = r.clarabel(c, limit)
		} else {
			run, err = r.run(c.space, c.study, solver, limit, "")
		}
		if err != nil {
			r.say("| %s | | %s | failed: %v | | | | | |", c.name, solver, err)
			continue
		}
		r.figures[c.name+" "+solver] = run
		v := rivalry{times: run.Seconds.Solve / base, mib: run.PeakMiB}
		times := fmt.Sprintf("%.1f", v.times)
		switch {
		case run.Status == "limit":
			v.stopped, v.times = true, limit.Seconds()/base
			times = fmt.Sprintf("> %.0f", v.times)
		case !run.proved():
			v.times = math.NaN() // no answer is no time
			times = "-"
		case native.proved() && math.Abs(*run.Objective-*native.Objective) > agree*(1+math.Abs(*native.Objective)):
			r.fell = append(r.fell, fmt.Sprintf("%s: %s gives %.9g, native %.9g", c.name, solver, *run.Objective, *native.Objective))
		}
		got[solver] = v
		r.say("| %s | | %s | %s | %.2f | %s | %.0f | %.1f | %s |", c.name, solver, run.Status, run.Seconds.Solve, times, run.PeakMiB, run.PeakMiB/own, run.worst())
	}
	return r.verdicts(c, got, own), nil
}

// wanted is how many times faster than HiGHS's best option native is to be on
// the cases that were agreed on; there it is also to be 6 times faster than
// Clarabel and to take half of the memory.
var wanted = map[string]float64{"1 x 8760": 25, "6 x 1464": 25, "6 x 8760": 25, "20 x 1464": 12, "20 x 8760": 12}

// verdicts compares with the targets, where the case has any.
func (r *report) verdicts(c named, got map[string]rivalry, own float64) (out []func()) {
	best, name := rivalry{times: math.NaN()}, ""
	for _, solver := range sortedKeys(got) {
		v := got[solver]
		if strings.HasPrefix(solver, "highs") && !math.IsNaN(v.times) && !(v.times >= best.times) {
			best, name = v, solver
		}
	}
	word := func(v rivalry) string {
		if v.stopped {
			return " (stopped there)"
		}
		return ""
	}
	want, agreed := wanted[c.name]
	if !agreed {
		return append(out, func() { r.say("- %s: no target of its own", c.name) })
	}
	if name != "" {
		out = append(out, func() {
			r.against(fmt.Sprintf("%s, faster than HiGHS's best (%s)%s", c.name, name, word(best)), best.times, want, "x", true)
			r.against(fmt.Sprintf("%s, memory beside %s's", c.name, name), own/best.mib, 0.5, "x", false)
		})
	}
	if v, ok := got["clarabel"]; ok {
		out = append(out, func() {
			if math.IsNaN(v.times) {
				r.say("- %s, Clarabel: ended without a certified answer, no time to compare", c.name)
				return
			}
			r.against(fmt.Sprintf("%s, faster than Clarabel%s", c.name, word(v)), v.times, 6, "x", true)
		})
	}
	return out
}

// clarabel solves a study by the Python package, on the same arrays, and judges
// its point by the same certificate.
func (r *report) clarabel(c named, limit time.Duration) (*Run, error) {
	dir := filepath.Join(r.scratch, "arrays")
	defer os.RemoveAll(dir)
	if _, err := process(patience, nil, nil, r.self, "arrays", "-study", c.study, c.space, dir); err != nil {
		return nil, err
	}
	var out struct {
		Status  string
		Seconds float64
		PeakMiB float64 `json:"peak_mib"`
	}
	// Setting up counts, and Clarabel looks at its limit only between iterations.
	if _, err := process(limit+10*time.Minute, []string{"PYTHONPATH=" + r.env}, &out, r.python, "-s", r.rival,
		dir, fmt.Sprint(r.machine.Cores), fmt.Sprint(limit.Seconds())); err != nil {
		return nil, err
	}
	run := &Run{Solver: "clarabel", Status: "unknown", PeakMiB: out.PeakMiB}
	run.Seconds.Solve = out.Seconds
	switch out.Status {
	case "Solved", "AlmostSolved":
		run.Status = "optimal"
	case "MaxTime":
		run.Status = "limit"
		return run, nil
	}
	run.Certificate = &Certificate{}
	if _, err := process(patience, nil, run.Certificate, r.self, "certify", dir); err != nil {
		return nil, err
	}
	run.Objective = run.Certificate.Objective
	if run.Status != "optimal" || !run.Certificate.OK {
		run.Status += " (" + out.Status + ")"
	}
	return run, nil
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

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
