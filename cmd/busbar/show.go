package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"example.org/busbar/internal/run"
	"example.org/busbar/internal/show"
	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

func (a *app) show() *cobra.Command {
	var where []string
	var limit int
	var asCSV, asJSON, list bool
	c := &cobra.Command{
		Use:   "show RUN [TABLE]",
		Short: "Print a run in the terminal: its key figures, or any table",
		Long: `Show prints one screen of a run: how it ended, its key figures, capacities and
money by class. With a table's name it prints the table, aligned, with units;
--list names the tables. docs/run-folder.md tells every column.

Times are those of the study's offset. Numbers are rounded for people, and in
full with --csv and --json.`,
		Example: `  busbar show park/runs/base-20301231-120000
  busbar show RUN capacities
  busbar show RUN flows --where bus=electricity@park --where start=2030-04-11T19:00
  busbar show RUN prices --where 'price>150' --limit 10
  busbar show RUN money --csv > money.csv`,
		Args: args(1, 2, "a run folder and perhaps a table"),
		RunE: func(c *cobra.Command, given []string) error {
			f, err := a.openRun(given[0])
			if err != nil {
				return err
			}
			if asCSV && asJSON {
				return badInput("--csv and --json: want one of them")
			}
			if list {
				return a.listTables(f, asJSON)
			}
			if len(given) == 1 {
				if len(where) > 0 || asCSV || limit >= 0 {
					return badInput("--where, --limit and --csv are for a table; name one, such as `busbar show %s figures`", given[0])
				}
				return a.summary(f, asJSON)
			}
			if limit < 0 && !asCSV && !asJSON {
				limit = 60
			}
			q := show.Query{Limit: max(limit, 0), Zone: study.Zone(f)}
			for _, text := range where {
				one, err := show.ParseCondition(text)
				if err != nil {
					return badInput("--where: %v", err)
				}
				q.Where = append(q.Where, one)
			}
			return a.showTable(f, given[1], q, asCSV, asJSON)
		},
		ValidArgsFunction: func(_ *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(given) == 1 {
				return run.Names(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	c.Flags().StringArrayVar(&where, "where", nil, "only rows where column=value (or !=, <, <=, >, >=); may be repeated")
	c.Flags().IntVar(&limit, "limit", -1, "at most so many rows, 0 for all (default 60 as text, else all)")
	c.Flags().BoolVar(&asCSV, "csv", false, "print CSV, numbers in full")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object, nothing else")
	c.Flags().BoolVar(&list, "list", false, "list the tables")
	return c
}

// openRun opens a run folder, or says what else the folder is.
func (a *app) openRun(dir string) (*run.Folder, error) {
	f, err := run.Open(dir)
	if err == nil {
		return f, nil
	}
	if points := runsIn(dir); len(points) > 0 {
		return nil, badInput("%s holds %d runs; name one of them, such as %s", dir, len(points), points[0])
	}
	if _, missing := os.Stat(filepath.Join(dir, "system.yaml")); missing == nil {
		if points := runsIn(filepath.Join(dir, "runs")); len(points) > 0 {
			return nil, badInput("%s is a workspace; name one of its runs, such as %s", dir, points[len(points)-1])
		}
		return nil, badInput("%s is a workspace without runs; `busbar run %[1]s` makes one", dir)
	}
	return nil, badInput("%v", err)
}

// runsIn lists the run folders in a folder, the points of a sweep for one.
func runsIn(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var all []string
	for _, e := range entries {
		one := filepath.Join(dir, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if _, err := os.Stat(filepath.Join(one, "manifest.json")); err == nil {
			all = append(all, one)
		}
	}
	return all
}

func (a *app) listTables(f *run.Folder, asJSON bool) error {
	all, err := show.List(f)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(map[string]any{"run": f.Dir, "tables": all})
	}
	t := &show.Table{Columns: []show.Column{{Name: "table"}, {Name: "rows"}, {Name: "columns"}}}
	for _, i := range all {
		t.Rows = append(t.Rows, []any{i.Name, i.Rows, strings.Join(i.Columns, ", ")})
	}
	return t.Text(a.out, a.bold())
}

func (a *app) showTable(f *run.Folder, name string, q show.Query, asCSV, asJSON bool) error {
	t, more, err := show.Read(f, name, q)
	var unknown *show.ErrUnknown
	if errors.As(err, &unknown) {
		if len(unknown.All) == 0 {
			return badInput("%s: a run that ended %s has no tables", f.Dir, f.Manifest.Status)
		}
		return badInput("%v", err)
	}
	if err != nil {
		return err
	}
	switch {
	case asCSV:
		return t.CSV(a.out)
	case asJSON:
		units := map[string]string{}
		for _, c := range t.Columns {
			if c.Unit != "" {
				units[c.Name] = c.Unit
			}
		}
		return a.printJSON(struct {
			Table string            `json:"table"`
			Units map[string]string `json:"units"`
			Rows  []json.RawMessage `json:"rows"`
			More  int               `json:"more"`
		}{name, units, t.Objects(), more})
	}
	if len(t.Rows) == 0 {
		fmt.Fprintf(a.out, "%s: no rows fit\n", name)
		return nil
	}
	if err := t.Text(a.out, a.bold()); err != nil {
		return err
	}
	if more > 0 {
		fmt.Fprintf(a.out, "and %s more rows; --limit 0 shows all, --where fewer\n", show.Grouped(fmt.Sprint(more)))
	}
	return nil
}

// summary is one screen of a run.
func (a *app) summary(f *run.Folder, asJSON bool) error {
	s, err := show.Summarise(f)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(s)
	}
	m := &f.Manifest
	title := m.Study
	if m.System != "" {
		title = m.System + ", study " + m.Study
	}
	if m.Title != "" {
		title += ": " + m.Title
	}
	if m.Point != "" {
		title += " (" + m.Point + ")"
	}
	fmt.Fprintln(a.out, title)
	line := m.Status
	if m.Objective != nil {
		line += ", " + m.CostName() + " " + show.Number(*m.Cost()) + m.CostUnit()
	}
	fmt.Fprintln(a.out, line)
	if m.Certificate != nil {
		fmt.Fprintln(a.out, "certificate:", m.Certificate)
	}
	fmt.Fprintf(a.out, "%s in %.1f s; %s rows, %s columns; busbar %s, %s\n", m.Solver, m.Seconds.Solve,
		show.Grouped(fmt.Sprint(m.Rows)), show.Grouped(fmt.Sprint(m.Cols)), m.Busbar, m.Created.Format("2006-01-02 15:04 UTC"))
	for _, l := range s.Conflict {
		fmt.Fprintln(a.out, "  "+l)
	}
	for _, g := range s.Groups {
		a.head(g.Name)
		t := &show.Table{Columns: []show.Column{{Name: ""}, {Name: "", Own: true}, {Name: ""}}}
		for _, v := range g.Figures {
			t.Rows = append(t.Rows, []any{strings.ReplaceAll(v.Name, "_", " "), v.Value, v.Unit})
		}
		a.bare(t)
	}
	if len(s.Capacities) > 0 {
		a.head("capacities")
		t := &show.Table{Columns: []show.Column{{Name: "asset"}, {Name: "part"}, {Name: "stands", Own: true}, {Name: "built", Own: true}, {Name: "at most", Own: true}, {Name: "unit"}}}
		for _, c := range s.Capacities {
			t.Rows = append(t.Rows, []any{c.Asset, c.Part, c.Existing, c.Built, c.MaxBuild, c.Unit})
		}
		a.table(t)
	}
	if len(s.Money) > 0 {
		head := "money," + m.CostUnit()
		if m.LeastCost != nil {
			head = "money, " + m.Currency + " a year"
		}
		a.head(head)
		t := &show.Table{Columns: []show.Column{{Name: ""}, {Name: "", Own: true}}}
		for _, c := range s.Money {
			t.Rows = append(t.Rows, []any{c.Name, c.Value})
		}
		a.bare(t)
	}
	if len(s.Tables) > 0 {
		names := append([]string(nil), s.Tables...)
		sort.Strings(names)
		fmt.Fprintf(a.out, "\ntables: %s\n", strings.Join(names, ", "))
	}
	return nil
}

// bare prints a table without its header.
func (a *app) bare(t *show.Table) {
	var s strings.Builder
	_ = t.Text(&s, false)
	_, rows, _ := strings.Cut(s.String(), "\n")
	fmt.Fprint(a.out, rows)
}
