package main

import (
	"errors"
	"fmt"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/source/pypsa/export"
	"example.org/busbar/internal/study"

	"github.com/spf13/cobra"
)

func (a *app) exportPyPSA() *cobra.Command {
	var name string
	var n networkFlags
	c := &cobra.Command{
		Use:   "pypsa DIR OUT",
		Short: "A study, or a network, as a PyPSA network",
		Long: `Export pypsa writes a study of a workspace, or a PyPSA network that Busbar
reads, as a CSV folder, or as netCDF where OUT ends in .nc, that PyPSA 1.4 opens
and solves to the same objective (PyPSA's objective plus its constant). Scenarios
PyPSA has in netCDF only. Where it is not to be solved as it is (investment
periods, losses, relaxed commitment, outages), options.json in the folder, or
OUT.options.json beside OUT.nc, says how, as --pypsa-options takes it.

What PyPSA has no word for is built from what it has; docs/pypsa.md shows the
mapping. What can't be said is an error that names asset and attribute, and
nothing is written. Capacities taken from another study (builds:) are left
free.`,
		Example: `  busbar export pypsa park park-pypsa --study island
  busbar export pypsa network.nc again/ --multi-investment-periods
  busbar export pypsa park park.nc                   as netCDF
  busbar solve park-pypsa                            the same objective`,
		Args: args(2, 2, "a folder and a new folder or .nc file"),
		RunE: func(c *cobra.Command, at []string) error {
			if err := canWrite("", at[1]); err != nil {
				return err
			}
			network, err := a.converted(at[0], name, &n, n.given(c))
			if err != nil {
				return err
			}
			options, err := pypsa.Write(at[1], network)
			if err != nil {
				return notWritten("", err)
			}
			fmt.Fprintf(a.out, "%s: written\n", at[1])
			if options != "" {
				fmt.Fprintf(a.out, "to be solved with %s\n", options)
			}
			return nil
		},
	}
	c.Flags().StringVar(&name, "study", "", "which study")
	n.options(c)
	return c
}

// converted is the study of a workspace, or a network, in PyPSA's words; flag is
// an option of networks that was given.
func (a *app) converted(path, name string, f *networkFlags, flag string) (*export.Network, error) {
	if pypsa.Is(path) {
		if name != "" {
			return nil, badInput("--study: %s is a PyPSA network and has no studies", path)
		}
		o, problems := pypsa.ReadOptions(f.file, f.values)
		if len(problems) > 0 {
			return nil, a.refuse(problems, false)
		}
		n, problems, err := pypsa.Open(path)
		if err != nil {
			return nil, err
		}
		if len(problems) > 0 {
			return nil, a.refuse(problems, false)
		}
		out, problems := pypsa.Convert(n, o)
		if len(problems) > 0 {
			return nil, a.refuse(problems, false)
		}
		return out, nil
	}
	if flag != "" {
		return nil, badInput("--%s: %s is no PyPSA network, a .nc file or a folder with snapshots.csv or buses.csv", flag, path)
	}
	m, s, err := study.Model(path, name)
	var problems study.Problems
	switch {
	case errors.As(err, &problems):
		return nil, a.refuse(problems, false)
	case errors.Is(err, study.ErrInput):
		return nil, badInput("%v", err)
	case err != nil:
		return nil, err
	}
	if s.Alternative != nil {
		return nil, badInput("study %s asks for an alternative, which is not written for PyPSA; export it without (alternative: null)", s.Study.Name)
	}
	if s.Rolling != nil && !s.Rolling.Afresh {
		return nil, badInput("study %s is solved in windows that go on from each other, and PyPSA's begin afresh; export it without (rolling: null), or say afresh: true", s.Study.Name)
	}
	out, errs := export.Make(m, s.Study.Name)
	for _, text := range errs {
		problems = append(problems, attribute.Problem{File: path, Line: 1, Col: 1, Code: "pypsa-export", Text: text})
	}
	if len(problems) > 0 {
		return nil, a.refuse(problems, false)
	}
	if k := s.Rolling; k != nil {
		first := k.Windows[0]
		overlap := 0
		if len(k.Windows) > 1 {
			overlap = first.To - k.Windows[1].From
		}
		out.Options.Entry, out.Options.Args = "rolling_horizon", map[string]any{"horizon": first.To, "overlap": overlap}
	}
	return out, nil
}

// canWrite refuses a place for a network before the work for it is done; flag is
// the option that names it.
func canWrite(flag, path string) error { return notWritten(flag, pypsa.CanWrite(path)) }

// notWritten says whose fault it is that a network was not written.
func notWritten(flag string, err error) error {
	switch {
	case err == nil || errors.Is(err, netcdf.ErrNoLibrary):
		return err
	case flag != "":
		return badInput("%s: %v", flag, err)
	}
	return badInput("%v", err)
}
