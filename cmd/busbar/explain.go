package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/show"
	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

// explaining is what explain was asked.
type explaining struct {
	what, study, at, bus string
	s                    solving
}

func (a *app) explain() *cobra.Command {
	var x explaining
	c := &cobra.Command{
		Use:   "explain RUN|DIR [WHAT]",
		Short: "Say why: what conflicts, what binds, what sets a price, what an asset earns",
		Long: `Explain reads a run and says why it came out as it did, from the prices (duals)
of the very answer that was certified.

Of a run that is infeasible, or of a workspace: what cannot hold together, by
how much, and what holds it there. Of an optimal run, WHAT is

  (nothing)   what binds and what it is worth, what is built and why, when
              prices are highest and what sets them
  price       what sets the price of a bus (--bus) at a time (--at), as a sum
              that adds up; without --at, what sets it through the year
  ASSET       what it earns and pays at every bus, what is left and for what,
              and what one unit more of its capacity would cost and earn
  LIMIT       how far it is used, by whom, and what it costs`,
		Example: `  busbar explain park --study island             why it cannot be
  busbar explain park/runs/base-20301231-120000  what holds it where it is
  busbar explain RUN price --at 2030-04-11T19:00 --bus electricity@park
  busbar explain RUN battery
  busbar explain RUN clean_base --json`,
		Args: args(1, 2, "a run folder or a workspace, and what to explain"),
		RunE: func(c *cobra.Command, given []string) error {
			if len(given) > 1 {
				x.what = given[1]
			}
			return a.explainAny(c.Context(), given[0], &x)
		},
		ValidArgsFunction: func(_ *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(given) == 1 {
				return whats(given[0]), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	x.s.flags(c)
	c.Flags().StringVar(&x.study, "study", "", "of a workspace: which study")
	c.Flags().StringVar(&x.at, "at", "", "time of a price, such as 2030-04-11T19:00")
	c.Flags().StringVar(&x.bus, "bus", "", "bus of a price, such as electricity@park (default: where most is traded)")
	return c
}

// whats completes WHAT: price, the assets and limits of a run.
func whats(dir string) []string {
	all := []string{"price"}
	f, err := run.Open(dir)
	if err != nil {
		return nil
	}
	if s, err := f.System(); err == nil {
		for _, a := range s.Assets {
			if a.ID != "" {
				all = append(all, a.ID)
			}
		}
	}
	return all
}

// explainAny tells a run from a workspace.
func (a *app) explainAny(ctx context.Context, dir string, x *explaining) error {
	_, err := os.Stat(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, "system.yaml")); err != nil {
			return badInput("%s: neither a run folder (no manifest.json) nor a workspace (no system.yaml)", dir)
		}
		if x.what != "" {
			return badInput("%s is a workspace: of it only a conflict can be explained; run it, and explain %s of the run", dir, x.what)
		}
		return a.explainStudy(ctx, dir, x.study, x)
	}
	f, err := run.Open(dir)
	if err != nil {
		return badInput("%v", err)
	}
	if x.study != "" {
		return badInput("--study is for a workspace; %s is a run of study %s", dir, f.Manifest.Study)
	}
	if f.Manifest.Status == "infeasible" {
		return a.explainConflict(ctx, f, x)
	}
	return a.explainRun(f, x)
}

// explainStudy searches a workspace's study for a conflict.
func (a *app) explainStudy(ctx context.Context, dir, name string, x *explaining) error {
	p := a.progress()
	opt, err := x.s.options(p)
	if err != nil {
		return err
	}
	c, err := study.Conflict(ctx, study.Request{
		Dir: dir, Study: name, Solver: x.s.solver, LP: opt, Version: version, Now: time.Now, Peak: peakMiB, Say: p.say,
	})
	p.done()
	var problems study.Problems
	switch {
	case errors.As(err, &problems):
		return a.refuse(problems, x.s.json)
	case errors.Is(err, study.ErrInput):
		return badInput("%v", err)
	case errors.Is(err, explain.ErrTime):
		return &exitError{code: exitStopped, err: err}
	case err != nil:
		return err
	}
	return a.sayConflict(c, x.s.json)
}

// explainConflict tells the conflict that an infeasible run kept, or looks for
// it where it kept none.
func (a *app) explainConflict(ctx context.Context, f *run.Folder, x *explaining) error {
	if x.what != "" {
		return badInput("%s is infeasible: it has no prices, so nothing but the conflict can be explained", f.Dir)
	}
	data, err := os.ReadFile(filepath.Join(f.Dir, "conflict.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return a.explainStudy(ctx, filepath.Join(f.Dir, "inputs"), f.Manifest.Study, x)
	}
	if err != nil {
		return err
	}
	var c explain.Conflict
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("%s: conflict.json cannot be read: %w", f.Dir, err)
	}
	return a.sayConflict(&c, x.s.json)
}

func (a *app) sayConflict(c *explain.Conflict, asJSON bool) error {
	if asJSON {
		return a.printJSON(c)
	}
	if len(c.Parts) > 0 {
		fmt.Fprintln(a.out, "what conflicts:")
	}
	for _, line := range c.Lines {
		fmt.Fprintln(a.out, "  "+line)
	}
	return nil
}

// explainRun explains an answer.
func (a *app) explainRun(f *run.Folder, x *explaining) error {
	if _, err := f.System(); errors.Is(err, fs.ErrNotExist) {
		return badInput("%s is the answer to a bare problem: `busbar show %[1]s rows --where dual!=0` lists what binds", f.Dir)
	}
	solved, err := study.Rebuild(f)
	if errors.Is(err, study.ErrOther) || errors.Is(err, study.ErrInput) || errors.Is(err, fs.ErrNotExist) {
		if study.IsNetwork(f) {
			return badInput("%v", err)
		}
		return badInput("%v; run the study again with this busbar (`busbar run %s --study %s`)", err, filepath.Join(f.Dir, "inputs"), f.Manifest.Study)
	}
	if err != nil {
		return err
	}
	if f.Manifest.Status != "optimal" {
		fmt.Fprintf(a.err, "busbar: the run ended %s: its prices are those of an answer that is not proved\n", f.Manifest.Status)
	}
	if f.Manifest.Rolling != nil {
		fmt.Fprintln(a.err, "busbar: the horizon was solved in windows: each hour's prices are those of the window that decided it, and between two windows one need not follow from the other")
	}
	if n := len(f.Manifest.Periods); n > 0 {
		fmt.Fprintf(a.err, "busbar: %d years stand for all of their periods: where it says a year, money is that of all years, as it is worth in %d\n", n, f.Manifest.BaseYear)
	}
	if solved.Note != "" {
		fmt.Fprintln(a.err, "busbar:", solved.Note)
	}
	o, err := explain.NewOptimum(solved)
	if err != nil {
		return badInput("%s: %v", f.Dir, err)
	}
	var answer any
	var say func()
	switch x.what {
	case "":
		v, err := o.Overview(x.bus)
		if err != nil {
			return badInput("%v", err)
		}
		answer, say = v, func() { a.sayOverview(f, o, v) }
	case "price":
		bus, err := o.BusOf(x.bus)
		if err != nil {
			return badInput("--bus: %v", err)
		}
		if x.at == "" {
			v, err := o.Overview(solved.Model.Buses[bus].Name)
			if err != nil {
				return badInput("%v", err)
			}
			answer, say = map[string]any{"bus": v.Bus, "unit": v.Unit, "setters": v.Setter, "dear": v.Dear}, func() { a.saySetters(v) }
			break
		}
		step, err := o.StepOf(bus, x.at)
		if err != nil {
			return badInput("--at: %v", err)
		}
		p := o.Price(bus, step)
		answer, say = p, func() { a.sayPrice(&p) }
	default:
		asset, missing := o.Asset(x.what)
		if missing == nil {
			answer, say = asset, func() { a.sayLines(asset.Name+", "+asset.Kind, asset.Text) }
			break
		}
		limit, err := o.Limit(x.what)
		if err != nil {
			return badInput("%v; or a limit, or price", missing)
		}
		answer, say = limit, func() {
			a.sayLines(limit.Name, limit.Text)
			for _, t := range limit.Terms {
				fmt.Fprintf(a.out, "  of it %s: %s %s\n", t.Name, show.Number(t.Value), limit.Unit)
			}
		}
	}
	if x.s.json {
		return a.printJSON(answer)
	}
	say()
	return nil
}

func (a *app) sayLines(head string, lines []string) {
	fmt.Fprintln(a.out, head)
	for _, l := range lines {
		fmt.Fprintln(a.out, "  "+l)
	}
}

// bold reports whether headers may be set off: on a terminal, unless NO_COLOR
// is set.
func (a *app) bold() bool { return os.Getenv("NO_COLOR") == "" && isTerminal(a.out) }

func (a *app) head(text string) {
	if a.bold() {
		text = "\x1b[1m" + text + "\x1b[0m"
	}
	fmt.Fprintln(a.out, "\n"+text)
}

func (a *app) sayOverview(f *run.Folder, o *explain.Optimum, v *explain.Overview) {
	m := &f.Manifest
	fmt.Fprintf(a.out, "%s, study %s: %s, %s %s%s\n", m.System, m.Study, m.Status, m.CostName(), money(m.Cost()), m.CostUnit())
	a.head("what binds, and what a tenth more of it would save a year (at these prices: an upper bound)")
	t := &show.Table{Columns: []show.Column{{Name: "saves", Unit: o.Money()}, {Name: "what"}}}
	scale, digits := 1.0, 1.0
	if len(v.Binds) > 0 && v.Binds[0].Tenth >= 1e6 {
		scale, digits, t.Columns[0].Unit = 1e6, 100, "M"+o.Money()
	}
	for i, b := range v.Binds {
		if i >= 15 || b.Tenth < 1e-4*v.Binds[0].Tenth {
			break
		}
		t.Rows = append(t.Rows, []any{math.Round(b.Tenth/scale*digits) / digits, b.Text})
	}
	if len(t.Rows) == 0 {
		fmt.Fprintln(a.out, "nothing")
	} else {
		a.table(t)
	}
	if len(v.Sizes) > 0 {
		a.head("what is built, and why")
		for _, s := range v.Sizes {
			fmt.Fprintln(a.out, s.Text)
		}
	}
	a.saySetters(v)
}

func (a *app) table(t *show.Table) { _ = t.Text(a.out, a.bold()) }

func (a *app) saySetters(v *explain.Overview) {
	a.head("what sets the price at " + v.Bus)
	t := &show.Table{Columns: []show.Column{{Name: "hours"}, {Name: "mean", Unit: v.Unit}, {Name: "low"}, {Name: "high"}, {Name: "by"}}}
	for i, s := range v.Setter {
		if i >= 10 {
			break
		}
		by := s.Name
		if s.Moved >= s.Hours/2 && s.Moved > 0 {
			by += ", mostly from another hour or place"
		}
		t.Rows = append(t.Rows, []any{math.Round(s.Hours), cents(s.Mean), cents(s.Low), cents(s.High), by})
	}
	a.table(t)
	a.head("when it is highest")
	for i := range v.Dear {
		p := &v.Dear[i]
		fmt.Fprintf(a.out, "%s  %.2f: %s\n", strings.Replace(p.At, "T", " ", 1), p.Price, p.Sets)
	}
}

func cents(v float64) float64 { return math.Round(v*100)/100 + 0 }

func (a *app) sayPrice(p *explain.Price) {
	fmt.Fprintf(a.out, "%s, %s: %.2f %s\n%s\n", p.Bus, strings.Replace(p.At, "T", " ", 1), p.Price, p.Unit, p.Sets)
	if len(p.Links) > 0 {
		a.head("how it comes about")
		for _, l := range p.Links {
			unit := ""
			if l.Unit != p.Unit {
				unit = " " + l.Unit
			}
			fmt.Fprintf(a.out, "%9.2f = %s%s   %s\n", l.Price, equation(&l), unit, l.Text)
		}
	}
	a.head("what gives and takes there")
	t := &show.Table{Columns: []show.Column{{Name: "rate"}, {Name: "of"}, {Name: "worth", Unit: p.Unit}, {Name: "gain"}, {Name: "state"}, {Name: "what"}}}
	idle := 0
	for _, f := range p.Flows {
		if math.Abs(f.Rate) < 1e-6 {
			if f.State == "not available" {
				continue
			}
			if idle++; idle > 4 {
				continue
			}
		}
		worth, gain := cents(float64(f.Value)), cents(f.Gain)
		t.Rows = append(t.Rows, []any{math.Round(f.Rate*1000) / 1000, known(f.Most), some(worth, f.Value.Known()), some(gain, f.Value.Known()), f.State, f.Name})
	}
	a.table(t)
	fmt.Fprintln(a.out, "worth: what a unit costs who gives it, or is worth to who takes it; gain: what one more would bring")
}

func known(v explain.Number) any { return some(math.Round(float64(v)*1000)/1000, v.Known()) }

func some(v float64, ok bool) any {
	if !ok {
		return nil
	}
	return v
}

// equation is the arithmetic of a link, as text that adds up.
func equation(l *explain.Link) string {
	var parts []string
	switch {
	case l.Factor == 0:
	case l.Factor == 1:
		parts = append(parts, fmt.Sprintf("%.2f", l.From))
	default:
		parts = append(parts, fmt.Sprintf("%.2f x %.4f", l.From, l.Factor))
	}
	add := func(v float64, what string) {
		text := fmt.Sprintf("%.2f", v) + what
		if len(parts) > 0 && v < 0 {
			text = "- " + text[1:]
		} else if len(parts) > 0 {
			text = "+ " + text
		}
		parts = append(parts, text)
	}
	if math.Abs(l.Cost) >= 0.005 || len(parts) == 0 {
		add(l.Cost+0, "")
	}
	for _, c := range l.Limits {
		add(c.Amount, " ("+c.Limit+")")
	}
	return strings.Join(parts, " ")
}

// money is a sum for a line of text.
func money(v *float64) string {
	if v == nil {
		return "none"
	}
	return show.Number(*v)
}
