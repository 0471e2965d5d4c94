// Package csvfolder writes the CSV folder of a PyPSA network.
//
// What enters: tables of text with one row an asset, series with one column an
// asset and one row a snapshot, breakpoints of piecewise attributes. What
// leaves: a folder as PyPSA's import_from_csv_folder reads it, whole or not at
// all.
package csvfolder

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// ErrDir says that a folder can't be written where it is asked for.
var ErrDir = errors.New("cannot write the folder")

// Folder is a CSV folder on its way to the disk.
type Folder struct {
	Sheets map[string]*Sheet // by file name
	Plain  map[string][]byte // files that are no tables
}

// New returns an empty folder.
func New() *Folder {
	return &Folder{Sheets: map[string]*Sheet{}, Plain: map[string][]byte{}}
}

// Sheet is one file: its first row is the header, its first column the index.
type Sheet struct{ Rows [][]string }

// Table returns the sheet of a file, made with its index column if it is not
// there.
func (f *Folder) Table(name, index string, rows []string) *Sheet {
	s := f.Sheets[name]
	if s == nil {
		s = &Sheet{Rows: [][]string{{index}}}
		for _, r := range rows {
			s.Rows = append(s.Rows, []string{r})
		}
		f.Sheets[name] = s
	}
	return s
}

// Put writes a column, in place of one of its name; one cell a row.
func (s *Sheet) Put(name string, cells []string) {
	at := slices.Index(s.Rows[0][1:], name) + 1
	if at == 0 {
		at = len(s.Rows[0])
		s.Rows[0] = append(s.Rows[0], name)
		for i := range cells {
			s.Rows[i+1] = append(s.Rows[i+1], "")
		}
	}
	for i, v := range cells {
		s.Rows[i+1][at] = v
	}
}

// Series writes a series of an asset: one value a snapshot.
func (f *Folder) Series(list, attr, asset string, v []float64) {
	index := make([]string, len(v))
	for t := range index {
		index[t] = strconv.Itoa(t)
	}
	f.Table(list+"-"+attr+".csv", "", index).Put(asset, Cells(v))
}

// Cells are numbers as PyPSA reads them.
func Cells(v []float64) []string {
	out := make([]string, len(v))
	for i := range v {
		out[i] = Cell(v[i])
	}
	return out
}

// Cell is a number as PyPSA reads it: no number is an empty cell.
func Cell(v float64) string {
	switch {
	case math.IsNaN(v):
		return ""
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return strconv.FormatFloat(v+0, 'g', -1, 64)
}

// Write makes the folder, whole or not at all. It must not exist.
func (f *Folder) Write(dir string) (err error) {
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s exists already; give another name", ErrDir, dir)
	}
	partial := filepath.Clean(dir) + ".partial"
	if err := os.MkdirAll(partial, 0o777); err != nil {
		return fmt.Errorf("%w: %v", ErrDir, err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(partial)
		}
	}()
	names := make([]string, 0, len(f.Sheets))
	for name := range f.Sheets {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		var text strings.Builder
		w := csv.NewWriter(&text)
		for _, row := range f.Sheets[name].Rows {
			if err := w.Write(row); err != nil {
				return err
			}
		}
		w.Flush()
		if err := os.WriteFile(filepath.Join(partial, name), []byte(text.String()), 0o666); err != nil {
			return err
		}
	}
	for name, data := range f.Plain {
		if err := os.WriteFile(filepath.Join(partial, name), data, 0o666); err != nil {
			return err
		}
	}
	return os.Rename(partial, dir)
}

// Pieces writes the breakpoints of an asset: x and y side by side, one row a
// point, below the header of PyPSA: names, attributes, the name of the index.
func (f *Folder) Pieces(list, attr, asset, of string, x, y []float64) {
	name := list + "-" + attr + "-pw.csv"
	s := f.Sheets[name]
	if s == nil {
		s = &Sheet{Rows: [][]string{{"name"}, {"attribute"}, {"breakpoint"}}}
		f.Sheets[name] = s
	}
	const header = 3
	width := len(s.Rows[0])
	for len(s.Rows) < len(x)+header {
		s.Rows = append(s.Rows, append([]string{strconv.Itoa(len(s.Rows) - header)}, make([]string, width-1)...))
	}
	for i := range s.Rows {
		first, second := "", ""
		switch {
		case i == 0:
			first, second = asset, asset
		case i == 1:
			first, second = of, attr
		case i >= header && i-header < len(x):
			first, second = Cell(x[i-header]), Cell(y[i-header])
		}
		s.Rows[i] = append(s.Rows[i], first, second)
	}
}
