package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"strings"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
	"example.org/busbar/solve/native"
)

// line measures where HiGHS is faster than native, for the rule of solver auto:
// small problems, few time slices over many years, many buses.
func line(args []string) error {
	f := flag.NewFlagSet("line", flag.ExitOnError)
	open := settings(f)
	list := f.String("sizes", "1x24,2x72,1x744,6x168,12x168,20x168,20x744", "sizes of the family, as BUSESxHOURS")
	slices := f.String("slices", "10x4x40,20x8x80,33x8x170,33x8x340", "of models in few slices, as YEARSxSLICESxTECHNOLOGIES")
	limit := f.Duration("limit", 5*time.Minute, "longest time for one solve")
	f.Parse(args)
	sizes, err := cases(*list)
	if err != nil {
		return err
	}
	r, done, err := open()
	if err != nil {
		return err
	}
	r.machine.busy("line")
	r.say("One thread each, whole solve to the certificate; HiGHS with the start of its process; stopped after %v.\n", *limit)
	r.say("| problem | rows x columns, nonzeros | native s | simplex s | HiPO s | IPX s | largest residuals |")
	r.say("|---|---|---|---|---|---|---|")
	measure := func(name string, p *lp.Problem) {
		cells := fmt.Sprintf("| %s | %s |", name, size(p.Rows(), p.Cols(), p.Nonzeros()))
		var residuals []string
		took := map[string]any{}
		for _, solver := range []string{"native", highs.Simplex, highs.HiPO, highs.IPX} {
			o := lp.Options{Threads: 1, TimeLimit: *limit, Algorithm: solver}
			begin := time.Now()
			var sol *lp.Solution
			if solver == "native" {
				sol, err = native.Solve(context.Background(), p, o)
			} else {
				sol, err = highs.Solver{}.Solve(context.Background(), p, o)
			}
			if err != nil {
				cells += " failed |"
				residuals = append(residuals, "-")
				continue
			}
			c := lp.Certify(p, sol)
			seconds := time.Since(begin).Seconds()
			took[solver] = seconds
			switch {
			case c.OK:
				cells += fmt.Sprintf(" %.2f |", seconds)
			case sol.Status == lp.Limit:
				cells += fmt.Sprintf(" > %.0f |", seconds)
			default:
				cells += fmt.Sprintf(" %v, %.2f |", sol.Status, seconds)
			}
			residuals = append(residuals, fmt.Sprintf("%.0e", max(c.Primal, c.Dual, c.Gap)))
			runtime.GC()
		}
		r.figures[name] = took
		r.say("%s %s |", cells, strings.Join(residuals, ", "))
	}
	for _, c := range sizes {
		dir, err := r.make(c)
		if err != nil {
			return err
		}
		p, _, err := problemOf(dir+"/workspace", "base")
		if err != nil {
			return err
		}
		measure(c.String(), p)
	}
	for _, text := range strings.Split(*slices, ",") {
		var y, s, t int
		if _, err := fmt.Sscanf(text+"\n", "%dx%dx%d\n", &y, &s, &t); err != nil {
			return fmt.Errorf("slices: read %q, takes YEARSxSLICESxTECHNOLOGIES such as 33x8x340", text)
		}
		measure(fmt.Sprintf("%d years, %d slices, %d technologies", y, s, t), timeslices(y, s, t, 1))
	}
	r.say("\nMachine: %v.", r.machine)
	return done()
}
