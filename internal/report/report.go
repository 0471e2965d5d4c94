// Package report turns a run folder into what people keep: one self-contained
// HTML file, and an Excel workbook.
//
// What enters: a run folder, and nothing else. What leaves: RUN/report/, which
// may be deleted and made anew; the same run and the same build of Busbar give
// the same bytes. Every picture is in the page as SVG (package picture), for
// print, for readers without JavaScript and for builds without the plotting
// library; with the library, it becomes interactive when the page is opened.
//
// A section stands in the report only where the run has its data. Numbers are
// not counted here: they come from the run's tables, above all figures.parquet.
package report

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"example.org/busbar/internal/run"
)

// Options of a report.
type Options struct {
	Plain bool // leave the plotting library out: static pictures only
}

// Write makes RUN/report/index.html of the run folder at dir and returns its
// path. The file is complete or absent: it is renamed into place.
func Write(dir string, opts Options) (string, error) {
	d, err := load(dir)
	if err != nil {
		return "", err
	}
	var page bytes.Buffer
	if err := render(&page, d, opts); err != nil {
		return "", err
	}
	return replace(dir, "index.html", func(w io.Writer) error {
		_, err := w.Write(page.Bytes())
		return err
	})
}

// Excel makes RUN/report/tables.xlsx of the run folder at dir and returns its
// path.
func Excel(dir string) (string, error) {
	d, err := load(dir)
	if err != nil {
		return "", err
	}
	return replace(dir, "tables.xlsx", func(w io.Writer) error { return workbook(w, d) })
}

// replace writes a file under report/ by way of a temporary name.
func replace(dir, name string, fill func(io.Writer) error) (path string, err error) {
	folder := filepath.Join(dir, "report")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(folder, "."+name+".partial-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err := fill(tmp); err != nil {
		return "", err
	}
	if err := errors.Join(tmp.Chmod(0o644), tmp.Sync(), tmp.Close()); err != nil {
		return "", err
	}
	path = filepath.Join(folder, name)
	return path, os.Rename(tmp.Name(), path)
}

// stampOf is what every picture of the run must carry.
func stampOf(m *run.Manifest) string {
	if m.Synthetic {
		return "synthetic weather"
	}
	return ""
}
