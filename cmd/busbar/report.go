package main

import (
	"errors"
	"fmt"
	"io/fs"

	"example.org/busbar/internal/report"
	"example.org/busbar/internal/run"

	"github.com/spf13/cobra"
)

func (a *app) report() *cobra.Command {
	var xlsx, plain bool
	c := &cobra.Command{
		Use:   "report RUN",
		Short: "Make the HTML report of a run",
		Long: `Report reads a run folder and writes RUN/report/index.html: one file that needs
no network, with pictures that work in a browser, in print and without
JavaScript. It may be deleted and made anew.`,
		Example: `  busbar report park/runs/base-20301231-120000
  busbar report park/runs/base-20301231-120000 --xlsx    also the tables as a workbook`,
		Args: args(1, 1, "one run folder"),
		RunE: func(c *cobra.Command, dirs []string) error {
			if _, err := run.Open(dirs[0]); err != nil {
				if errors.Is(err, fs.ErrPermission) {
					return err
				}
				return badInput("%v", err)
			}
			path, err := report.Write(dirs[0], report.Options{Plain: plain})
			if err != nil {
				return err
			}
			fmt.Fprintln(a.out, "report:", path)
			if xlsx {
				if path, err = report.Excel(dirs[0]); err != nil {
					return err
				}
				fmt.Fprintln(a.out, "workbook:", path)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&xlsx, "xlsx", false, "also write RUN/report/tables.xlsx")
	c.Flags().BoolVar(&plain, "plain", false, "static pictures only: a smaller file")
	return c
}
