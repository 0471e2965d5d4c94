package main

import (
	"example.org/busbar/internal/source/matpower"
	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

func (a *app) importMatpower() *cobra.Command {
	var dc string
	c := &cobra.Command{
		Use:   "matpower FILE DIR",
		Short: "A MATPOWER case as a workspace",
		Long: `Import matpower makes a workspace folder of a MATPOWER case (.m): its buses
places, its generators, branches and demands assets of the generic kinds, its
hour the study base. run of that workspace solves the same DC optimal power flow
as solve of the case, and everything in it can be edited from there. The folder
must be empty, or not be there.`,
		Example: `  busbar import matpower case118.m grid
  busbar run grid`,
		Args: args(2, 2, "a case and a folder"),
		RunE: func(c *cobra.Command, at []string) error {
			how, err := approximation(dc)
			if err != nil {
				return err
			}
			read, problems := matpower.ReadFile(at[0])
			if len(problems) > 0 {
				return a.refuse(problems, false)
			}
			made, problems, err := study.ImportCase(read, how)
			return a.writeMade(made, problems, err, at[1])
		},
	}
	dcFlag(c, &dc)
	return c
}
