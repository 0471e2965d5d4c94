package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"example.org/busbar/internal/compare"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/show"

	"github.com/spf13/cobra"
)

func (a *app) compare() *cobra.Command {
	var asCSV, asJSON, all bool
	c := &cobra.Command{
		Use:   "compare RUN RUN...",
		Short: "Say what differs between runs, in inputs first, then in results",
		Long: `Compare reads two run folders or more, and says what differs from the first: in
the inputs (files by their hash, then every value of the studies as they came to
it, and the means of series), then in the results (status, objective,
capacities, money by asset and class, figures). Equal problems (lp_hash) are
said to be equal. The folder of a sweep stands for all its points.`,
		Example: `  busbar compare park/runs/base-20301231-120000 park/runs/dry-year-20301231-120500
  busbar compare park/runs/modulation-20301231-130000
  busbar compare RUN RUN --all --csv > differences.csv`,
		Args: args(1, math.MaxInt, "two run folders or more, or that of a sweep"),
		RunE: func(c *cobra.Command, dirs []string) error {
			var folders []*run.Folder
			for _, dir := range dirs {
				points := []string{dir}
				if _, err := run.Open(dir); err != nil {
					if more := runsIn(dir); len(more) > 0 {
						points = more
					}
				}
				for _, p := range points {
					f, err := a.openRun(p)
					if err != nil {
						return err
					}
					folders = append(folders, f)
				}
			}
			if len(folders) < 2 {
				return badInput("%s is one run; name another to compare it with", dirs[0])
			}
			if asCSV && asJSON {
				return badInput("--csv and --json: want one of them")
			}
			r, err := compare.Runs(folders)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return a.printJSON(r)
			case asCSV:
				return differences(r, all).CSV(a.out)
			}
			a.sayDifferences(r, all)
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	c.Flags().BoolVar(&asCSV, "csv", false, "print CSV, numbers in full")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object, nothing else")
	c.Flags().BoolVar(&all, "all", false, "also results that are the same")
	return c
}

// differences are all of a report as one table.
func differences(r *compare.Report, all bool) *show.Table {
	t := &show.Table{Columns: []show.Column{{Name: "section"}, {Name: "name"}, {Name: "asset"}, {Name: "unit"}}}
	for _, one := range r.Runs {
		t.Columns = append(t.Columns, show.Column{Name: one.Label, Own: true})
	}
	words := func(section, name string, values []*string) {
		row := []any{section, name, "", ""}
		for _, v := range values {
			row = append(row, word(v))
		}
		t.Rows = append(t.Rows, row)
	}
	for _, f := range r.Files {
		words("file", f.Path, f.Hashes)
	}
	for _, in := range r.Inputs {
		words("input", in.Path, in.Values)
	}
	status := []any{"outcome", "status", "", ""}
	for _, one := range r.Runs {
		status = append(status, one.Status)
	}
	t.Rows = append(t.Rows, status)
	for _, v := range r.Results {
		if v.Changed || all {
			row := []any{v.Section, v.Name, v.Asset, v.Unit}
			for _, n := range v.Values {
				row = append(row, numeric(n))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func word(v *string) any {
	if v == nil {
		return nil
	}
	return *v
}

func numeric(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func (a *app) sayDifferences(r *compare.Report, all bool) {
	t := &show.Table{Columns: []show.Column{{Name: "run"}, {Name: "study"}, {Name: "status"}, {Name: "objective"}, {Name: "certified"}, {Name: "solver"}, {Name: "lp_hash"}}}
	for _, one := range r.Runs {
		study := one.Study
		if one.Point != "" {
			study += " (" + one.Point + ")"
		}
		certified := "no"
		if one.Certified {
			certified = "yes"
		}
		t.Rows = append(t.Rows, []any{one.Label, study, one.Status, numeric(one.Objective), certified, one.Solver, short(one.LPHash)})
	}
	a.table(t)
	for _, n := range r.Notes {
		fmt.Fprintln(a.out, n)
	}
	heads := func(first ...show.Column) *show.Table {
		t := &show.Table{Columns: first}
		for _, one := range r.Runs {
			t.Columns = append(t.Columns, show.Column{Name: one.Label, Own: true})
		}
		return t
	}
	a.head("files that differ")
	if len(r.Files) == 0 {
		fmt.Fprintln(a.out, "none")
	} else {
		t := heads(show.Column{Name: "file"})
		for _, f := range r.Files {
			row := []any{f.Path}
			for _, h := range f.Hashes {
				if h == nil {
					row = append(row, "-")
				} else {
					row = append(row, short(*h))
				}
			}
			t.Rows = append(t.Rows, row)
		}
		a.table(t)
	}
	a.head("what the studies say otherwise")
	inputs := r.Inputs
	if !all { // where a number comes from is for --all
		inputs = slices.DeleteFunc(slices.Clone(inputs), func(in compare.Input) bool {
			return strings.HasSuffix(in.Path, ".source") || strings.HasSuffix(in.Path, ".note")
		})
	}
	if len(inputs) == 0 {
		fmt.Fprintln(a.out, "nothing")
	} else {
		t := heads(show.Column{Name: "path"})
		for _, in := range inputs {
			row := []any{in.Path}
			for _, v := range in.Values {
				if v == nil {
					row = append(row, "-")
				} else {
					row = append(row, clip(*v))
				}
			}
			t.Rows = append(t.Rows, row)
		}
		a.table(t)
	}
	pair := len(r.Runs) == 2
	for _, section := range []string{"outcome", "capacities", "money", "figures"} {
		t := heads(show.Column{Name: "what"}, show.Column{Name: "unit"})
		if pair {
			t.Columns = append(t.Columns, show.Column{Name: "difference", Own: true}, show.Column{Name: "%"})
		}
		same, further := 0, 0
		for i := range r.Results {
			v := &r.Results[i]
			if v.Section != section {
				continue
			}
			if !v.Changed && !all {
				same++
				continue
			}
			if !all && section == "figures" && v.Asset != "" {
				further++
				continue
			}
			name := v.Name
			if section == "capacities" {
				name = v.Asset
			} else if v.Asset != "" {
				name = v.Asset + ": " + v.Name
			}
			row := []any{name, v.Unit}
			for _, n := range v.Values {
				row = append(row, numeric(n))
			}
			if pair {
				by, share, ok := v.Difference(1)
				row = append(row, some(by, ok), some(math.Round(1000*share)/10, ok && !math.IsInf(share, 0) && !math.IsNaN(share)))
			}
			t.Rows = append(t.Rows, row)
		}
		if len(t.Rows)+same+further == 0 {
			continue
		}
		a.head(section)
		if len(t.Rows) > 0 {
			a.table(t)
		}
		switch {
		case further > 0:
			fmt.Fprintf(a.out, "%d further by asset and bus, %d the same (--all shows them)\n", further, same)
		case same > 0:
			fmt.Fprintf(a.out, "%d the same (--all shows them)\n", same)
		}
	}
}

// short is the beginning of a hash.
func short(hash string) string { return hash[:min(12, len(hash))] }

// clip keeps a value within a column.
func clip(s string) string {
	if r := []rune(s); len(r) > 48 {
		return string(r[:45]) + "..."
	}
	return s
}
