package main

import (
	"fmt"

	"example.org/busbar/internal/netcdf"
	"example.org/busbar/solve/highs"

	"github.com/spf13/cobra"
)

func (a *app) doctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is installed and how to mend what is not",
		Long: `Doctor says which solvers and libraries are found, and for each that is
missing what it is for and the command that brings it. Nothing of it is needed
for linear and quadratic problems: their solver is built in.`,
		Example: `  busbar doctor
  BUSBAR_HIGHS=/opt/highs/lib busbar doctor     look for HiGHS in one place only`,
		Args: args(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.out, "busbar    %s\n", version)
			fmt.Fprintf(a.out, "native    built in: linear and quadratic problems\n")
			info, err := highs.Probe()
			if err != nil {
				fmt.Fprintf(a.out, "highs     missing, wanted for integers, for a vertex (--crossover) and as a second opinion: %v\n", err)
			} else {
				fmt.Fprintf(a.out, "highs     %s, %s\n", info.Version, info.Path)
				if info.HiPO {
					fmt.Fprintf(a.out, "hipo      found\n")
				} else {
					fmt.Fprintf(a.out, "hipo      missing: `make deps` in Busbar's folder brings libhighs_extras; other algorithms of HiGHS work without it\n")
				}
			}
			if lib, missing := netcdf.Probe(); missing != nil {
				fmt.Fprintf(a.out, "netcdf    missing, wanted for PyPSA's .nc files only: %v\n", missing)
			} else {
				fmt.Fprintf(a.out, "netcdf    %s, %s\n", lib.Version, lib.Path)
			}
			return nil
		},
	}
}
