package main

import (
	"errors"
	"fmt"

	"example.org/busbar/solve/highs"

	"github.com/spf13/cobra"
)

func (a *app) doctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is installed and how to mend what is not",
		Long: `Doctor says which solvers and libraries are found, and for each that is
missing the command that brings it. Exit code 1 if something needed is missing.`,
		Example: `  busbar doctor
  BUSBAR_HIGHS=/opt/highs/lib busbar doctor     look for HiGHS in one place only`,
		Args: args(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.out, "busbar    %s\n", version)
			info, err := highs.Probe()
			if err != nil {
				fmt.Fprintf(a.out, "highs     missing: %v\n", err)
			} else {
				fmt.Fprintf(a.out, "highs     %s, %s\n", info.Version, info.Path)
				if info.HiPO {
					fmt.Fprintf(a.out, "hipo      found\n")
				} else {
					fmt.Fprintf(a.out, "hipo      missing: `make deps` in Busbar's folder brings libhighs_extras; other algorithms of HiGHS work without it\n")
				}
			}
			if err != nil {
				return &exitError{code: exitFault, err: errors.New("something needed is missing"), quiet: true}
			}
			return nil
		},
	}
}
