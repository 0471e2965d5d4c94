// Command bench measures Busbar against PyPSA and against time; run.sh calls
// it. It makes one family of systems (family.go), writes each for both sides,
// checks that both give the same optimum, and prints what each took.
//
// What enters: sizes, a built busbar, a Python with PyPSA. What leaves: the
// files of a case, or tables in Markdown with the figures under them as JSON.
package main

import (
	"flag"
	"fmt"
	"os"
)

var verbs = []struct {
	name, doc string
	run       func(args []string) error
}{
	{"generate", "write one case for both sides", generate},
	{"measure", "the tables of docs/benchmarks.md", measure},
	{"solvers", "solvers side by side on one case", solvers},
	{"phases", "native on one study, phase by phase, in a process of its own", phases},
	{"arrays", "the LP of a study as files of numbers", arrays},
	{"certify", "judge the point left in such a folder", proved},
	{"line", "where HiGHS is faster than native, for the rule of solver auto", line},
	{"agree", "random problems by native and by HiGHS: where they differ, and who is right", agreeing},
	{"probe", "one measurement in a process of its own: load or build a workspace or network", probe},
	{"real-park", "write oudomxay on measured and modelled series of real years", realPark},
}

func main() {
	if len(os.Args) > 1 {
		for _, v := range verbs {
			if v.name == os.Args[1] {
				if err := v.run(os.Args[2:]); err != nil {
					fmt.Fprintln(os.Stderr, "bench:", err)
					os.Exit(1)
				}
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: go run ./bench VERB [flags]")
	for _, v := range verbs {
		fmt.Fprintf(os.Stderr, "  %-10s %s\n", v.name, v.doc)
	}
	os.Exit(2)
}

func generate(args []string) error {
	f := flag.NewFlagSet("generate", flag.ExitOnError)
	buses := f.Int("buses", 6, "number of buses, 1 to 20")
	hours := f.Int("hours", 8760, "length of the horizon, rounded up to whole days; up to 26,280")
	seed := f.Uint64("seed", 1, "of weather and costs")
	out := f.String("out", "bench/out/case", "folder to write")
	f.Parse(args)
	s, err := Generate(Case{Buses: *buses, Days: daysOf(*hours), Seed: *seed}, *out)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s hours, %d sources, %d lines\n", *out, s.Case, len(s.Sources), len(s.Lines))
	return nil
}
