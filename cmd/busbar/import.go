package main

import (
	"errors"
	"fmt"

	"example.org/busbar/internal/source/xlsx"

	"github.com/spf13/cobra"
)

func (a *app) importing() *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Make a workspace of something else",
		Long:  "Import turns what other programs wrote into a workspace folder.",
	}
	c.AddCommand(a.importXLSX(), a.importPyPSA(), a.importMatpower())
	return c
}

func (a *app) importXLSX() *cobra.Command {
	return &cobra.Command{
		Use:   "xlsx FILE DIR",
		Short: "A workbook as a workspace",
		Long: `Import xlsx makes a workspace folder of an .xlsx workbook laid out as export
xlsx writes it (export xlsx --template for an empty one). The folder must be
empty, or not be there. Every problem is printed on stderr, one a line:
book.xlsx:'kind wind'!B7: code: what was read, what would fit. With a problem
nothing is written, and the exit code is 2.`,
		Example: `  busbar import xlsx park.xlsx park
  busbar run park`,
		Args: args(2, 2, "a file and a folder"),
		RunE: func(c *cobra.Command, at []string) error {
			problems, err := xlsx.Import(at[0], at[1])
			switch {
			case errors.Is(err, xlsx.ErrFolder):
				return badInput("%v", err)
			case err != nil:
				return err
			case len(problems) > 0:
				for _, p := range problems {
					fmt.Fprintln(a.err, xlsx.Line(p))
				}
				return &exitError{code: exitBadInput, err: errors.New("bad input"), quiet: true}
			}
			fmt.Fprintf(a.out, "%s: written; next: busbar run %s\n", at[1], at[1])
			return nil
		},
	}
}
