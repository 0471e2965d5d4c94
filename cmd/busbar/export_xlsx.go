package main

import (
	"fmt"

	"example.org/busbar/internal/source/xlsx"

	"github.com/spf13/cobra"
)

func (a *app) exportXLSX() *cobra.Command {
	var name string
	var template bool
	c := &cobra.Command{
		Use:   "xlsx DIR FILE",
		Short: "A workspace as a workbook",
		Long: `Export xlsx writes a workspace as an .xlsx workbook: a sheet for each kind of
asset with one row an asset, sheets for the rest of the system, for the studies
and for each series. Numbers stay as they were written; every header says in a
comment what its column means. Import xlsx makes a workspace of it again.

With --template the workbook has every sheet and header and no entry: something
to begin a new system with.`,
		Example: `  busbar export xlsx park park.xlsx
  busbar export xlsx park dry.xlsx --study dry-year     only this study and those it builds on
  busbar export xlsx --template new.xlsx`,
		Args: func(c *cobra.Command, at []string) error {
			if template {
				return args(1, 1, "one file with --template")(c, at)
			}
			return args(2, 2, "a folder and a file")(c, at)
		},
		RunE: func(c *cobra.Command, at []string) error {
			if template {
				if err := xlsx.Template(at[0]); err != nil {
					return badInput("%v", err)
				}
				fmt.Fprintf(a.out, "%s: written; fill it, then: busbar import xlsx %s DIR\n", at[0], at[0])
				return nil
			}
			problems, err := xlsx.Export(at[0], at[1], name)
			switch {
			case err != nil:
				return badInput("%v", err)
			case len(problems) > 0:
				return a.refuse(problems, false)
			}
			fmt.Fprintf(a.out, "%s: written; back again by: busbar import xlsx %s DIR\n", at[1], at[1])
			return nil
		},
	}
	c.Flags().StringVar(&name, "study", "", "only this study, and those it inherits from or takes capacities from")
	c.Flags().BoolVar(&template, "template", false, "all sheets and headers, no entry")
	return c
}
