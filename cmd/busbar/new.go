package main

import (
	"fmt"
	"strings"

	"example.org/busbar/internal/example"

	"github.com/spf13/cobra"
)

func (a *app) new() *cobra.Command {
	var from string
	list := ""
	var names []string
	for _, e := range example.Names() {
		list += fmt.Sprintf("\n  %-10s %s", e[0], e[1])
		names = append(names, e[0])
	}
	c := &cobra.Command{
		Use:   "new DIR",
		Short: "Write a workspace to start from",
		Long: `New writes the files of a built-in example: the system in YAML, its studies,
its sources, series made on the spot by the weather generator, and a schema by
which editors complete and underline. The examples:
` + list,
		Example: `  busbar new town
  busbar new park --from oudomxay`,
		Args: args(1, 1, "one folder"),
		RunE: func(c *cobra.Command, dirs []string) error {
			if err := example.Write(dirs[0], from); err != nil {
				return badInput("%v", err)
			}
			fmt.Fprintf(a.out, "%s: written; next: busbar run %s\n", dirs[0], dirs[0])
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "first", "which example: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("from", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	return c
}
