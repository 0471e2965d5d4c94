package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// report prints to the screen and into bench/out at once, and keeps every
// figure for results.json.
type report struct {
	sides
	machine *Machine
	out     io.Writer
	figures map[string]any
	quick   bool
	repeat  int
	limit   time.Duration // of one solve of the park
	choice  []string      // solvers of the park
	fell    []string      // what fell short

	iterations map[string]int // of native, by case
}

// settings are the flags that measure and solvers share.
func settings(f *flag.FlagSet) func() (*report, func() error, error) {
	busbar := f.String("busbar", "bin/busbar", "the program measured")
	python := f.String("python", "python3", "the Python that reads -env")
	env := f.String("env", "bench/.env", "folder with PyPSA, made by bench/pypsa.sh")
	model := f.String("model", "bench/pypsa/model.py", "PyPSA's side")
	rival := f.String("clarabel", "bench/rivals/clarabel_lp.py", "Clarabel's side")
	out := f.String("out", "bench/out", "folder for tables and figures")
	return func() (*report, func() error, error) {
		self, err := os.Executable()
		if err != nil {
			return nil, nil, err
		}
		r := &report{machine: here(), figures: map[string]any{}}
		r.sides = sides{self: self, python: *python, model: *model, rival: *rival}
		if r.busbar, err = filepath.Abs(*busbar); err != nil {
			return nil, nil, err
		}
		if r.env, err = filepath.Abs(*env); err != nil {
			return nil, nil, err
		}
		if err := os.MkdirAll(*out, 0o755); err != nil {
			return nil, nil, err
		}
		if r.scratch, err = os.MkdirTemp("", "busbar-bench-"); err != nil {
			return nil, nil, err
		}
		name := f.Name()
		text, err := os.Create(filepath.Join(*out, name+".md"))
		if err != nil {
			return nil, nil, err
		}
		r.out = io.MultiWriter(os.Stdout, text)
		return r, func() error {
			defer os.RemoveAll(r.scratch)
			r.figures["machine"] = r.machine
			r.figures["fell_short"] = r.fell
			data, err := json.MarshalIndent(r.figures, "", " ")
			if err != nil {
				return err
			}
			return errors.Join(text.Close(), os.WriteFile(filepath.Join(*out, name+".json"), data, 0o644))
		}, nil
	}
}

func (r *report) say(format string, a ...any) { fmt.Fprintf(r.out, format+"\n", a...) }

// against prints a target beside what was measured, and notes what fell short.
func (r *report) against(what string, got, want float64, unit string, atLeast bool) {
	verdict, word := "met", "at most"
	if atLeast {
		word = "at least"
	}
	// What could not be measured meets nothing: a NaN compares false.
	if good := atLeast && got >= want || !atLeast && got <= want; !good {
		verdict = "FELL SHORT"
		r.fell = append(r.fell, fmt.Sprintf("%s: %.3g%s, target %s %.3g%s", what, got, unit, word, want, unit))
	}
	r.say("- %s: %.3g%s (target %s %.3g%s): %s", what, got, unit, word, want, unit, verdict)
}

func measure(args []string) error {
	f := flag.NewFlagSet("measure", flag.ExitOnError)
	open := settings(f)
	quick := f.Bool("quick", false, "under three minutes: one repetition, few sizes, the park by representative weeks")
	list := f.String("sizes", "", "sizes of the build comparison, such as 1x8760,6x8760")
	parts := f.String("parts", "check,build,load,start,park,networks,small", "which parts")
	repeat := f.Int("repeat", 3, "processes of each measurement; their median counts")
	limit := f.Duration("limit", 160*time.Second, "time limit of one solve of the park")
	shared := f.String("shared", sharedFolder(), "folder of shared data, with the PyPSA cases")
	choice := f.String("solvers", "native,highs:hipo,highs:ipx,highs:simplex", "solvers of the park")
	f.Parse(args)
	r, done, err := open()
	if err != nil {
		return err
	}
	r.quick, r.repeat, r.limit, r.choice = *quick, *repeat, *limit, strings.Split(*choice, ",")
	small, sizes := "1x744,4x168", "1x8760,6x1464,6x8760,20x8760"
	if *quick {
		small, sizes, r.repeat, r.limit = "4x168", "1x8760,6x8760", 1, 45*time.Second
	}
	if *list != "" {
		sizes = *list
	}
	checked, err := cases(small)
	if err != nil {
		return err
	}
	built, err := cases(sizes)
	if err != nil {
		return err
	}
	r.say("Measured by `make bench` on: %s %s.", r.machine.CPU, r.machine.System)
	for _, p := range []struct {
		name string
		run  func() error
	}{
		{"check", func() error { return r.check(checked) }},
		{"build", func() error { return r.build(built) }},
		{"load", r.load},
		{"start", r.start},
		{"park", r.park},
		{"networks", func() error { return r.networks(built) }},
		{"small", func() error { return r.small(*shared) }},
	} {
		if !strings.Contains(","+*parts+",", ","+p.name+",") {
			continue
		}
		r.machine.busy(p.name)
		if e := p.run(); e != nil {
			// The other parts may still say something.
			r.say("\n%s failed: %v", p.name, e)
			err = errors.Join(err, fmt.Errorf("%s: %w", p.name, e))
		}
	}
	r.say("\nMachine: %v.", r.machine)
	if len(r.fell) > 0 {
		r.say("\nFell short:\n- %s", strings.Join(r.fell, "\n- "))
	}
	return errors.Join(err, done())
}

// cases reads sizes, BUSESxHOURS with commas between.
func cases(list string) ([]Case, error) {
	var out []Case
	for _, text := range strings.Split(list, ",") {
		var buses, hours int
		if _, err := fmt.Sscanf(text+"\n", "%dx%d\n", &buses, &hours); err != nil {
			return nil, fmt.Errorf("size: read %q, takes BUSESxHOURS such as 6x8760", text)
		}
		out = append(out, Case{Buses: buses, Days: daysOf(hours), Seed: 1})
	}
	return out, nil
}

// agree is how near the two optima must be: both interior points end at 1e-8.
const agree = 1e-6

// check proves that both sides solve the same system.
func (r *report) check(list []Case) error {
	r.say("\n### The same system on both sides\n")
	r.say("| buses x hours | PyPSA's optimum | Busbar's optimum | difference |")
	r.say("|---|---|---|---|")
	for _, c := range list {
		dir, err := r.make(c)
		if err != nil {
			return err
		}
		theirs, err := r.pypsa("solve", dir, "ipm")
		if err != nil {
			return err
		}
		ours, err := r.run(filepath.Join(dir, "workspace"), "base", "highs:ipx", 0, "")
		if err != nil {
			return err
		}
		if theirs.Status != "ok" || theirs.Condition != "optimal" || !ours.proved() {
			return fmt.Errorf("%s: PyPSA ended %s/%s, Busbar %s", c, theirs.Status, theirs.Condition, ours.Status)
		}
		apart := math.Abs(*ours.Objective-theirs.Objective) / (1 + math.Abs(theirs.Objective))
		r.say("| %s | %.9g | %.9g | %.1e |", c, theirs.Objective, *ours.Objective, apart)
		r.figures["check "+c.String()] = map[string]any{"pypsa": theirs, "busbar": ours}
		if !(apart <= agree) {
			return fmt.Errorf("%s: the optima differ by %.1e, more than %.0e: not the same system", c, apart, agree)
		}
	}
	return nil
}

// build compares how long the system in memory takes to the solver's arrays.
func (r *report) build(list []Case) error {
	r.say("\n### System in memory to the solver's arrays\n")
	r.say("PyPSA: `n.optimize.create_model()` and `model.matrices`. Busbar: `system.Expand` and `formulate.Build`. Median of %d processes each, in turn.\n", r.repeat)
	r.say("| buses x hours | PyPSA rows x columns, nonzeros | Busbar rows x columns, nonzeros | PyPSA s | Busbar s | faster by | PyPSA peak MiB (without its packages) | Busbar peak MiB | share |")
	r.say("|---|---|---|---|---|---|---|---|---|")
	type line struct {
		c             Case
		faster, share float64
	}
	var lines []line
	for _, c := range list {
		dir, err := r.make(c)
		if err != nil {
			return err
		}
		var theirs, ours, theirMiB, ourMiB, above []float64
		var p *PyPSA
		var b *Probe
		for range r.repeat {
			if b, err = r.probe(filepath.Join(dir, "workspace")); err != nil {
				return err
			}
			if p, err = r.pypsa("probe", dir); err != nil {
				return err
			}
			theirs, ours = append(theirs, p.Model+p.Arrays), append(ours, b.Expand+b.Build)
			theirMiB, ourMiB = append(theirMiB, p.PeakMiB), append(ourMiB, b.PeakMiB)
			above = append(above, p.PeakMiB-p.BaseMiB)
			r.figures[fmt.Sprintf("build %s #%d", c, len(ours))] = map[string]any{"pypsa": p, "busbar": b}
		}
		l := line{c, median(theirs) / median(ours), median(ourMiB) / median(theirMiB)}
		lines = append(lines, l)
		r.say("| %s | %s | %s | %.2f | %.3f | **%.0fx** | %.0f (%.0f) | %.0f | **%.2f** |", c,
			size(p.Rows, p.Cols, p.Nonzeros), size(b.Rows, b.Cols, b.Nonzeros), median(theirs), median(ours), l.faster,
			median(theirMiB), median(above), median(ourMiB), l.share)
		os.RemoveAll(dir)
	}
	r.say("\nMore than half of PyPSA's rows are bounds of variables. Busbar's columns are more because a line has one for each direction; its peak includes loading the workspace.\n")
	for _, l := range lines {
		r.against(l.c.String()+", time of the build", l.faster, 10, "x", true)
		r.against(l.c.String()+", peak memory", l.share, 0.25, "", false)
	}
	return nil
}

// size prints a problem's size in thousands.
func size(rows, cols, nonzeros int) string {
	return fmt.Sprintf("%.0f k x %.0f k, %.0f k", float64(rows)/1e3, float64(cols)/1e3, float64(nonzeros)/1e3)
}

// load times the way from files to a checked system.
func (r *report) load() error {
	r.say("\n### Loading and checking a workspace of 8,760 h\n")
	r.say("| workspace | files to checked primitives s | peak MiB | `busbar check`, whole process s |")
	r.say("|---|---|---|---|")
	dirs := map[string]string{}
	park, err := r.oudomxay()
	if err != nil {
		return err
	}
	dirs["oudomxay, base"] = park
	names := []string{"oudomxay, base"}
	for _, buses := range []int{6, 20} {
		c := Case{Buses: buses, Days: 365, Seed: 1}
		dir, err := r.make(c)
		if err != nil {
			return err
		}
		names = append(names, c.String())
		dirs[c.String()] = filepath.Join(dir, "workspace")
	}
	worst := 0.0
	for _, name := range names {
		var load, mib, check []float64
		for range r.repeat {
			p, err := r.probe(dirs[name], "-build=false")
			if err != nil {
				return err
			}
			wall, err := process(patience, nil, nil, r.busbar, "check", dirs[name])
			if err != nil {
				return err
			}
			load, mib, check = append(load, p.Load+p.Expand), append(mib, p.PeakMiB), append(check, wall)
		}
		r.say("| %s | %.3f | %.0f | %.3f |", name, median(load), median(mib), median(check))
		r.figures["load "+name] = map[string]any{"seconds": load, "mib": mib, "check": check}
		worst = math.Max(worst, median(load))
	}
	r.say("\n`busbar check` reads every study: eleven for oudomxay.\n")
	r.against("loading and checking", worst, 1, " s", false)
	return nil
}

// start times the command line's start.
func (r *report) start() error {
	var ms []float64
	for range 20 {
		begin := time.Now()
		if out, err := exec.Command(r.busbar, "--version").CombinedOutput(); err != nil {
			return fmt.Errorf("busbar --version: %w: %s", err, out)
		}
		ms = append(ms, 1e3*time.Since(begin).Seconds())
	}
	r.figures["start"] = ms
	r.say("\n### Start of the command line\n")
	middle := median(ms) // sorts
	r.say("`busbar --version`, 20 times: median %.1f ms, %.1f to %.1f ms.\n", middle, ms[0], ms[len(ms)-1])
	r.against("start", middle, 50, " ms", false)
	return nil
}

// oudomxay writes the example.
func (r *report) oudomxay() (string, error) {
	dir := filepath.Join(r.scratch, "oudomxay")
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	_, err := process(patience, nil, nil, r.busbar, "new", dir, "--from", "oudomxay")
	return dir, err
}

// park times oudomxay from the command to its report.
func (r *report) park() error {
	dir, err := r.oudomxay()
	if err != nil {
		return err
	}
	study := "base"
	if r.quick {
		study = "weeks"
	}
	r.say("\n### The park: `oudomxay`, study `%s`, from the command to its report\n", study)
	r.say("| solver | status | load s | build s | solve s | write s | report s | command to report s | peak MiB |")
	r.say("|---|---|---|---|---|---|---|---|---|")
	best, native := math.Inf(1), math.Inf(1)
	var rows, cols, nonzeros int
	for _, solver := range r.choice {
		keep := filepath.Join(r.scratch, "park-run")
		run, err := r.run(dir, study, solver, r.limit, keep)
		if err != nil {
			r.say("| %s | failed: %v | | | | | | | |", solver, err)
			continue
		}
		rows, cols, nonzeros = run.Rows, run.Cols, run.Nonzeros
		paper := "-"
		total := run.Wall
		if run.proved() {
			wall, err := process(patience, nil, nil, r.busbar, "report", keep)
			if err != nil {
				paper = "failed"
				r.fell = append(r.fell, "report: "+err.Error())
				total = math.NaN()
			} else {
				paper = fmt.Sprintf("%.2f", wall)
				total += wall
			}
			switch {
			case solver == "native":
				native = total
			case !(total >= best):
				best = total
			}
		}
		r.figures["park "+solver] = run
		status := run.Status
		if run.Status == "limit" {
			status = fmt.Sprintf("stopped after %v", r.limit)
		}
		r.say("| %s | %s | %.2f | %.3f | %.2f | %.2f | %s | %.1f | %.0f |", solver, status,
			run.Seconds.Load, run.Seconds.Build, run.Seconds.Solve, run.Seconds.Write, paper, total, run.PeakMiB)
		os.RemoveAll(keep)
	}
	r.say("\nThe problem has %s.\n", size(rows, cols, nonzeros))
	if study == "base" {
		r.against("HiGHS's best option, command to report", best, 150, " s", false)
		r.against("native, command to report", native, 15, " s", false)
	}
	return nil
}
