package main

import (
	"errors"
	"fmt"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/emit"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

func (a *app) importPyPSA() *cobra.Command {
	var n networkFlags
	c := &cobra.Command{
		Use:   "pypsa PATH DIR",
		Short: "A PyPSA network as a workspace",
		Long: `Import pypsa makes a workspace folder of a PyPSA network, from its CSV folder
or netCDF file: each of its parts an asset of one of the generic kinds (unit,
store, line, demand, capacity), its buses places, its global constraints limits,
its snapshots and weights a table that the study base cites. run of that
workspace solves the same problem as solve of the network, and everything in it
can be edited from there. The folder must be empty, or not be there.

Names that no id may have are changed; each change is told, and the asset keeps
its name under name:. Money is called EUR, which PyPSA leaves open. Security
constraints become outages, near-optimal alternatives the study's alternative, a
rolling horizon its windows.`,
		Example: `  busbar import pypsa network/ park
  busbar import pypsa network.nc park --pypsa-options options.json
  busbar import pypsa network/ park --multi-investment-periods
  busbar run park`,
		Args: args(2, 2, "a network and a folder"),
		RunE: func(c *cobra.Command, at []string) error {
			return a.importNetwork(at[0], at[1], &n)
		},
	}
	n.options(c)
	return c
}

func (a *app) importNetwork(path, dir string, n *networkFlags) error {
	o, problems := pypsa.ReadOptions(n.file, n.values)
	if len(problems) > 0 {
		return a.refuse(problems, false)
	}
	network, problems, err := pypsa.Open(path)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return a.refuse(problems, false)
	}
	made, problems, err := study.ImportNetwork(network, o)
	return a.writeMade(made, problems, err, dir)
}

// writeMade writes a workspace that was made of something else, or says why there
// is none.
func (a *app) writeMade(made *emit.Result, problems []attribute.Problem, err error, dir string) error {
	switch {
	case len(problems) > 0:
		return a.refuse(problems, false)
	case errors.Is(err, study.ErrInput):
		return badInput("%v", err)
	case err != nil:
		return err
	}
	if err := made.Write(dir); errors.Is(err, emit.ErrFolder) {
		return badInput("%v", err)
	} else if err != nil {
		return err
	}
	const most = 12
	for i, note := range made.Notes {
		if i == most && len(made.Notes) > most+1 {
			fmt.Fprintf(a.err, "note: %d more names were changed; every asset and place keeps its own under name:\n", len(made.Notes)-most)
			break
		}
		fmt.Fprintln(a.err, "note:", note)
	}
	fmt.Fprintf(a.out, "%s: written; next: busbar run %s\n", dir, dir)
	return nil
}
