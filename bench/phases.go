package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/native"
)

// Phases is what native took for one problem, in one process.
type Phases struct {
	native.Stats
	Status     string
	OK         bool    // the certificate holds
	Kernel     float64 // multiplications and additions a second of the dense kernel, one thread
	Bandwidth  float64 // bytes a second of the threads together
	Threads    int
	PeakMiB    float64
	SolveMiB   float64 // of it beyond what was held before the solve
	BeforeRows int
	BeforeCols int
}

// phases solves one study, or MPS file, by native and prints a Phases.
func phases(args []string) error {
	f := flag.NewFlagSet("phases", flag.ExitOnError)
	study := f.String("study", "base", "which study")
	threads := f.Int("threads", 0, "0: all cores")
	limit := f.Duration("limit", 0, "time limit")
	profile := f.String("profile", "", "write a processor profile of the solve to this file")
	f.Parse(args)
	if f.NArg() != 1 {
		return errors.New("phases takes one workspace or MPS file")
	}
	var p *lp.Problem
	var hint *lp.Hint
	var err error
	if name := f.Arg(0); strings.Contains(filepath.Base(name), ".mps") {
		p, err = lp.OpenMPS(name)
	} else {
		p, hint, err = problemOf(name, *study)
	}
	if err != nil {
		return err
	}
	out := Phases{Threads: *threads, BeforeRows: p.Rows(), BeforeCols: p.Cols()}
	if out.Threads == 0 {
		out.Threads = runtime.GOMAXPROCS(0)
	}
	out.Kernel = native.KernelRate()
	runtime.GC()
	before := peakMiB()
	if *profile != "" {
		file, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
	}
	sol, stats, err := native.Measure(context.Background(), p, lp.Options{Threads: out.Threads, TimeLimit: *limit, Hint: hint})
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	out.PeakMiB = peakMiB()
	out.SolveMiB = out.PeakMiB - before
	out.Stats, out.Status = *stats, sol.Status.String()
	out.OK = lp.Certify(p, sol).OK
	p, sol = nil, nil
	runtime.GC()
	out.Bandwidth = native.Bandwidth(out.Threads)
	return json.NewEncoder(os.Stdout).Encode(out)
}

// phases measures one study in a process of its own.
func (r *report) phases(space, study string, limit time.Duration) (*Phases, error) {
	p := &Phases{}
	args := []string{"phases", "-study", study}
	if limit > 0 {
		args = append(args, "-limit", limit.String())
	}
	_, err := process(patience, nil, p, r.self, append(args, space)...)
	return p, err
}

// factorWithin and restWithin are how many times longer than its flops or its
// bytes a phase may take.
const (
	factorWithin = 3
	restWithin   = 2
)

// byPhase prints where native's time goes on each case.
func (r *report) byPhase(list []named) {
	r.say("\n### Native by phase\n")
	r.say("Seconds of the wall clock. *Factor*: a factorisation's multiplications and additions, all factorisations' time, their rate beside that of the dense kernel on blocks of 64 x 64 (one thread). *Rest of the iterations*: solves with the factor and vector loops, beside the time their least memory traffic takes at the bandwidth measured.\n")
	r.say("| case | presolved rows x columns, nonzeros | presolve | scale | order | symbolic | entries of the factor, GFlop | factorisations, s | GFlop/s (kernel) | solves (refinement) | solve s | rest s | traffic GB (GB/s) | certify s | total s | MiB of the solve |")
	r.say("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
	type verdict struct {
		name         string
		factor, rest float64
	}
	var all []verdict
	for _, c := range list {
		p, err := r.phases(c.space, c.study, r.limit)
		if err != nil || !p.OK {
			r.say("| %s | failed: %v %s |", c.name, err, p.Status)
			r.fell = append(r.fell, c.name+": native did not end certified")
			continue
		}
		r.figures["phases "+c.name] = p
		r.iterated(c.name, p.Iterations)
		flops := p.Flops * float64(p.Factorisations)
		rate := flops / p.Factor.Seconds()
		rest := p.Solve + p.Rest()
		all = append(all, verdict{c.name, p.Kernel / rate, rest.Seconds() / (p.Bytes / p.Bandwidth)})
		s := func(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }
		r.say("| %s | %s | %s | %s | %s | %s | %.2f M, %.3f | %d, %s | %.2f (%.1f) | %d (%d) | %s | %s | %.1f (%.1f) | %s | %s | %.0f |", c.name, size(p.Rows, p.Cols, p.Nonzeros),
			s(p.Presolve), s(p.Scale), s(p.Order), s(p.Symbolic), float64(p.Entries)/1e6, p.Flops/1e9, p.Factorisations, s(p.Factor), rate/1e9, p.Kernel/1e9,
			p.Solves, p.Refinements, s(p.Solve), s(p.Rest()), p.Bytes/1e9, p.Bandwidth/1e9, s(p.Certify), s(p.Total), p.SolveMiB)
	}
	r.say("")
	for _, v := range all {
		r.against(v.name+", factorisation beside its flops at the kernel's rate", v.factor, factorWithin, "x", false)
		r.against(v.name+", rest of the iterations beside its traffic at the bandwidth", v.rest, restWithin, "x", false)
	}
}

// iterated keeps the iterations of a case for the statement on all of them.
func (r *report) iterated(name string, n int) {
	if r.iterations == nil {
		r.iterations = map[string]int{}
	}
	r.iterations[name] = n
}

// energySet solves small members of the family for their iterations and says
// how many of all that were solved stay within 60.
func (r *report) energySet(list []named) {
	r.say("\n### Iterations over the energy set\n")
	for _, c := range list {
		if _, done := r.iterations[c.name]; done {
			continue
		}
		p, err := r.phases(c.space, c.study, r.limit)
		if err != nil || !p.OK {
			r.say("- %s: failed: %v %s", c.name, err, p.Status)
			r.iterated(c.name, math.MaxInt)
			continue
		}
		r.figures["iterations "+c.name] = p
		r.iterated(c.name, p.Iterations)
	}
	within := 0
	var words []string
	for _, name := range sortedKeys(r.iterations) {
		n := r.iterations[name]
		if n <= 60 {
			within++
		}
		if n < math.MaxInt {
			words = append(words, fmt.Sprintf("%s %d", name, n))
		}
	}
	r.say("%s.\n", strings.Join(words, ", "))
	r.against("cases within 60 iterations", 100*float64(within)/float64(len(r.iterations)), 90, " %", true)
}

// growth compares the time of one system over longer and longer horizons.
func (r *report) growth(list []Case) error {
	r.say("\n### Growth with the hours\n")
	r.say("| case | native s, whole solve | iterations |")
	r.say("|---|---|---|")
	var hours, seconds []float64
	for _, c := range list {
		dir, err := r.make(c)
		if err != nil {
			return err
		}
		var times []float64
		for range r.repeat {
			p, err := r.phases(filepath.Join(dir, "workspace"), "base", r.limit)
			if err != nil {
				return err
			}
			if !p.OK {
				return fmt.Errorf("%s: native ended %s", c, p.Status)
			}
			r.iterated(c.String(), p.Iterations)
			times = append(times, p.Total.Seconds())
		}
		os.RemoveAll(dir)
		hours, seconds = append(hours, float64(24*c.Days)), append(seconds, median(times))
		r.say("| %s | %.2f | %d |", c, median(times), r.iterations[c.String()])
	}
	last := len(hours) - 1
	exponent := math.Log(seconds[last]/seconds[0]) / math.Log(hours[last]/hours[0])
	r.figures["growth"] = map[string]any{"hours": hours, "seconds": seconds, "exponent": exponent}
	r.say("")
	r.against(fmt.Sprintf("exponent from %.0f to %.0f hours", hours[0], hours[last]), exponent, 1.15, "", false)
	return nil
}
