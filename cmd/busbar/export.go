package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"example.org/busbar/internal/study"
	"example.org/busbar/lp"

	"github.com/spf13/cobra"
)

func (a *app) export() *cobra.Command {
	c := &cobra.Command{
		Use:   "export",
		Short: "Write a study in another form",
		Long:  "Export writes what Busbar made of a study in a form that other programs read.",
	}
	c.AddCommand(a.exportMPS(), a.exportXLSX(), a.exportPyPSA())
	return c
}

func (a *app) exportMPS() *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "mps DIR FILE",
		Short: "The problem of a study as an MPS file",
		Long: `Export mps writes the problem that run would solve, with names a planner can
read, as a free-format MPS file (.mps, or .mps.gz). Capacities taken from
another study (builds:) are left free here.`,
		Example: `  busbar export mps park park.mps.gz --study island
  busbar solve park.mps.gz`,
		Args: args(2, 2, "a folder and a file"),
		RunE: func(c *cobra.Command, at []string) error {
			p, err := study.Problem(at[0], name)
			var problems study.Problems
			switch {
			case errors.As(err, &problems):
				return a.refuse(problems, false)
			case errors.Is(err, study.ErrInput):
				return badInput("%v", err)
			case err != nil:
				return err
			}
			if err := writeMPS(at[1], p); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s: %d rows, %d columns, %d nonzeros\n", at[1], p.Rows(), p.Cols(), p.Nonzeros())
			return nil
		},
	}
	c.Flags().StringVar(&name, "study", "", "which study")
	return c
}

// writeMPS writes to a name beside the file and renames it when whole.
func writeMPS(file string, p *lp.Problem) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return badInput("%s exists already; give another name", file)
	}
	f, err := os.Create(file + ".partial")
	if err != nil {
		return badInput("%v", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	var w io.Writer = f
	if strings.HasSuffix(strings.ToLower(file), ".gz") {
		z := gzip.NewWriter(f)
		if err = lp.WriteMPS(z, p); err != nil {
			return err
		}
		err = z.Close()
	} else {
		err = lp.WriteMPS(w, p)
	}
	if err = errors.Join(err, f.Sync()); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
