package main

import (
	"fmt"

	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

func (a *app) check() *cobra.Command {
	var name string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check [DIR]",
		Short: "List everything wrong with a workspace",
		Long: `Check reads a workspace and every study in it, and prints each problem on a
line of its own on stderr: file:line:col: code: what was read, what would fit.
Nothing is solved. Exit code 2 if there is a problem.`,
		Example: `  busbar check
  busbar check park --study dry-year`,
		Args: args(0, 1, "at most one folder"),
		RunE: func(c *cobra.Command, dirs []string) error {
			dir := folder(dirs)
			problems, err := study.Check(dir, name)
			if err != nil { // problems of the files are told beside it
				for _, p := range problems {
					fmt.Fprintln(a.err, p)
				}
				return badInput("%v", err)
			}
			if len(problems) > 0 {
				return a.refuse(problems, asJSON)
			}
			if asJSON {
				return a.printJSON(map[string]any{"status": "ok", "problems": []any{}})
			}
			fmt.Fprintf(a.out, "%s: no problems\n", dir)
			return nil
		},
	}
	c.Flags().StringVar(&name, "study", "", "only this study")
	_ = c.RegisterFlagCompletionFunc("study", studies)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on stdout, nothing else there")
	return c
}

// studies completes --study.
func studies(_ *cobra.Command, dirs []string, _ string) ([]string, cobra.ShellCompDirective) {
	return study.Names(folder(dirs)), cobra.ShellCompDirectiveNoFileComp
}

// folder is the workspace an argument names, else the working directory.
func folder(dirs []string) string {
	if len(dirs) == 0 {
		return "."
	}
	return dirs[0]
}
