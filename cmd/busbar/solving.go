package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/run"
	"example.org/busbar/lp"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// solvers that --solver takes.
var solvers = []string{"auto", "native", "highs", "highs:simplex", "highs:ipx", "highs:hipo"}

// solving holds the solving flags.
type solving struct {
	solver    string
	timeLimit time.Duration
	gap       float64
	threads   int
	crossover bool
	json      bool
}

func (s *solving) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.solver, "solver", "auto", "which solver: "+strings.Join(solvers, ", "))
	f.Var((*seconds)(&s.timeLimit), "time-limit", "stop after so long: seconds, or 90s, 10m, 1h")
	f.Float64Var(&s.gap, "gap", 1e-4, "relative gap at which integers are good enough")
	f.IntVar(&s.threads, "threads", 0, "threads; 0 takes all cores")
	f.BoolVar(&s.crossover, "crossover", false, "turn an interior point's answer into a vertex")
	f.BoolVar(&s.json, "json", false, "print one JSON object on stdout, nothing else there")
	_ = c.RegisterFlagCompletionFunc("solver", cobra.FixedCompletions(solvers, cobra.ShellCompDirectiveNoFileComp))
}

func (s *solving) options(p *progress) (lp.Options, error) {
	ok := false
	for _, name := range solvers {
		ok = ok || name == s.solver
	}
	if !ok {
		return lp.Options{}, badInput("--solver: read %q, takes one of %s", s.solver, strings.Join(solvers, ", "))
	}
	if !(s.gap >= 0) || math.IsInf(s.gap, 0) {
		return lp.Options{}, badInput("--gap: read %g, takes a number of at least 0, such as 0.0001", s.gap)
	}
	if s.threads < 0 {
		return lp.Options{}, badInput("--threads: read %d, takes 0 (all cores) or more", s.threads)
	}
	if s.timeLimit < 0 {
		return lp.Options{}, badInput("--time-limit: read %v, takes a time above 0", s.timeLimit)
	}
	return lp.Options{
		TimeLimit: s.timeLimit, Gap: s.gap, Threads: s.threads, Crossover: s.crossover,
		Progress: p.show,
	}, nil
}

// seconds is a duration flag that also takes a bare number of seconds.
type seconds time.Duration

func (d *seconds) String() string { return time.Duration(*d).String() }
func (d *seconds) Type() string   { return "time" }
func (d *seconds) Set(text string) error {
	v, err := time.ParseDuration(text)
	if err != nil {
		var n float64
		if _, e := fmt.Sscanf(text+"\n", "%f\n", &n); e != nil || math.IsNaN(n) || math.Abs(n) > 1e9 {
			return fmt.Errorf("read %q, takes seconds, or a time such as 90s, 10m, 1h", text)
		}
		v = time.Duration(n * float64(time.Second))
	}
	*d = seconds(v)
	return nil
}

// exitOf is the exit code of a status.
func exitOf(status string) int {
	switch status {
	case "optimal":
		return exitDone
	case "infeasible", "unbounded":
		return exitNoSolution
	case "limit", "cancelled":
		return exitStopped
	case "bad-input":
		return exitBadInput
	}
	return exitUnproved
}

// number is v, or null in JSON where there is none.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// refused is what --json prints for input that cannot be used: an outcome
// without numbers.
type refused struct {
	Status      string              `json:"status"`
	Objective   *float64            `json:"objective"`
	Constant    *float64            `json:"objective_constant"`
	Solver      *string             `json:"solver"`
	Rows        *int                `json:"rows"`
	Cols        *int                `json:"cols"`
	Nonzeros    *int                `json:"nonzeros"`
	Seconds     noSeconds           `json:"seconds"`
	PeakMiB     float64             `json:"peak_mib"`
	Certificate *lp.Certificate     `json:"certificate"`
	LPHash      *string             `json:"lp_hash"`
	Run         *string             `json:"run"`
	Problems    []attribute.Problem `json:"problems"`
}

type noSeconds struct {
	Load  *float64 `json:"load"`
	Build *float64 `json:"build"`
	Solve *float64 `json:"solve"`
	Write *float64 `json:"write"`
}

func (a *app) printRefused(problems []attribute.Problem) error {
	return a.printJSON(refused{Status: "bad-input", PeakMiB: peakMiB(), Problems: problems})
}

// refuse prints every problem and gives the error that carries exit code 2.
func (a *app) refuse(problems []attribute.Problem, asJSON bool) error {
	for _, p := range problems {
		fmt.Fprintln(a.err, p)
	}
	if asJSON {
		if err := a.printRefused(problems); err != nil {
			return err
		}
	}
	return &exitError{code: exitBadInput, err: errors.New("bad input"), quiet: true}
}

// finish prints what a solve came to and gives the error that carries its exit
// code.
func (a *app) finish(o *run.Outcome, asJSON bool, say func(io.Writer)) error {
	if asJSON {
		if err := a.printJSON(o); err != nil {
			return err
		}
	} else {
		say(a.out)
	}
	if code := exitOf(o.Status); code != exitDone {
		return &exitError{code: code, err: fmt.Errorf("%s", o.Status), quiet: true}
	}
	return nil
}

// isTerminal reports whether a writer is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress shows a solver's log: one line rewritten on a terminal, a plain
// line every few seconds elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	every    time.Duration
	last     time.Time
	dirty    bool
	held     []string // said once, kept until it is clear that the work is long
}

func (a *app) progress() *progress {
	return &progress{w: a.err, terminal: isTerminal(a.err), every: 5 * time.Second, last: time.Now()}
}

func (p *progress) show(l lp.Progress) {
	if l.Text != "" {
		p.held = append(p.held, l.Solver+": "+l.Text)
		return
	}
	now := time.Now()
	wait := p.every
	if p.terminal {
		wait = 100 * time.Millisecond
	}
	if now.Sub(p.last) < wait {
		return
	}
	p.last = now
	for _, text := range p.held {
		p.say("%s", text)
	}
	p.held = nil
	text := line(l)
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K%s", text)
		p.dirty = true
	} else {
		fmt.Fprintln(p.w, text)
	}
}

// done ends a rewritten line.
func (p *progress) done() {
	if p.dirty {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.dirty = false
	}
}

// say prints a line of its own, above a rewritten one.
func (p *progress) say(format string, a ...any) {
	p.done()
	fmt.Fprintf(p.w, format+"\n", a...)
}

// line is one aligned line of a solver's log.
func line(l lp.Progress) string {
	s := fmt.Sprintf("%-13s %-9s iter %6d", l.Solver, l.Phase, l.Iteration)
	if !math.IsNaN(l.Primal) && l.Primal != 0 {
		s += fmt.Sprintf("  objective %14.6e", l.Primal)
	}
	if l.PInf > 0 || l.DInf > 0 {
		s += fmt.Sprintf("  infeasible %8.1e %8.1e", l.PInf, l.DInf)
	}
	if l.Gap > 0 && !math.IsInf(l.Gap, 0) {
		s += fmt.Sprintf("  gap %8.1e", l.Gap)
	}
	s += fmt.Sprintf("  %6.1f s", l.Elapsed.Seconds())
	if l.Left > 0 {
		s += fmt.Sprintf(", about %.0f s left", l.Left.Seconds())
	}
	return s
}
