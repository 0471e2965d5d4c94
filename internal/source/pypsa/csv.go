package pypsa

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"unsafe"

	"example.org/busbar/internal/attribute"
)

// IsFolder reports whether a path is a folder that looks like a network.
func IsFolder(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	for _, name := range []string{"network.csv", "snapshots.csv", "buses.csv"} {
		if _, err := os.Stat(filepath.Join(path, name)); err == nil {
			return true
		}
	}
	return false
}

// ReadFolder reads a CSV folder. Files in problems are paths that begin with
// dir.
func ReadFolder(dir string) (*Network, []attribute.Problem) {
	n := read(os.DirFS(dir), dir)
	if n.Name == "" {
		n.Name = filepath.Base(dir)
	}
	return n, n.take()
}

// Read reads the files of a network.
func Read(files fs.FS) *Network { return read(files, "") }

// read reads files, which in problems lie in dir.
func read(files fs.FS, dir string) *Network {
	f := &folder{Network: newNetwork(), dir: dir}
	f.files = files
	f.where = func(list, _ string) string { return filepath.Join(dir, list+".csv") }
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		f.problem(filepath.Join(dir, "."), 1, 1, "missing-file", "%v", err)
	}
	present := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".csv") {
			present[e.Name()] = true
		}
	}
	known := map[string]bool{}
	rows := func(list string) *sheet {
		name := list + ".csv"
		known[name] = true
		if !present[name] {
			return nil
		}
		return f.sheet(name)
	}
	if k := rows("network"); k != nil && len(k.rows) > 1 && len(k.rows[1].cells) > 0 {
		f.Name = k.rows[1].cells[0]
	}
	f.readTime(rows("snapshots"), rows("investment_periods"))
	for _, t := range f.all() {
		f.readComponent(t, rows(t.List))
	}
	names := make([]string, 0, len(present))
	for name := range present {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if known[name] {
			continue
		}
		list, attr, ok := strings.Cut(strings.TrimSuffix(name, ".csv"), "-")
		t := f.listed(list)
		if near := f.near(list); t == nil && near != "" {
			f.problem(filepath.Join(dir, name), 1, 1, "unknown-component", "%s belongs to no component; did you mean %s", name, near+strings.TrimPrefix(name, list))
			continue
		}
		if !ok || t == nil {
			f.note(name + " belongs to no component and is not read")
			continue
		}
		attr, pw := strings.CutSuffix(attr, "-pw")
		if a := f.varying(t, attr, pw, filepath.Join(dir, name)); a == nil {
			continue
		} else if pw {
			f.readPieces(t, attr, f.sheet(name))
		} else {
			f.readSeries(t, a, attr, name)
		}
	}
	return f.Network
}

// folder is a CSV folder while it is read.
type folder struct {
	*Network
	dir string
}

// sheet reads a file; rows of the wrong width are problems and left out.
func (f *folder) sheet(name string) *sheet {
	file := filepath.Join(f.dir, name)
	s := &sheet{place: func(int) string { return file }}
	data, err := fs.ReadFile(f.files, name)
	if err != nil {
		f.problem(file, 1, 1, "unreadable-file", "%v", err)
		s.broken = true
		return s
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, mark)))
	r.FieldsPerRecord = -1
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			if len(s.rows) == 0 && !s.broken {
				f.problem(file, 1, 1, "empty-file", "it says nothing; want a header and the rows below it")
				s.broken = true
			}
			return s
		}
		if err != nil {
			line, col := 1, 1
			var p *csv.ParseError
			if errors.As(err, &p) {
				line, col, err = p.Line, p.Column, p.Err
			}
			f.problem(file, line, col, "table-syntax", "%v", err)
			s.broken = true
			return s
		}
		k := row{cells: cells, cols: make([]int, len(cells))}
		for i := range cells {
			k.line, k.cols[i] = r.FieldPos(i)
		}
		k.line, _ = r.FieldPos(0)
		if len(s.rows) > 0 && len(cells) != len(s.rows[0].cells) {
			f.problem(file, k.line, 1, "table-ragged", "read %d cells, the header has %d", len(cells), len(s.rows[0].cells))
			s.broken = true
			continue
		}
		s.rows = append(s.rows, k)
	}
}

// mark is the byte order mark that Excel writes.
var mark = []byte("\xef\xbb\xbf")

// readSeries reads one row a snapshot, one column an asset. Files of series are
// most of a network: a plain one is read in one pass over its bytes.
func (f *folder) readSeries(t *Table, a *Attribute, attr, name string) {
	if f.broken {
		return
	}
	file := filepath.Join(f.dir, name)
	data, err := fs.ReadFile(f.files, name)
	if err != nil {
		f.problem(file, 1, 1, "unreadable-file", "%v", err)
		return
	}
	data = bytes.TrimPrefix(data, mark)
	if bytes.IndexByte(data, '"') < 0 && f.plain(t, a, attr, file, data) {
		return
	}
	f.quoted(t, a, attr, f.sheet(name))
}

// plain reads a series without quotes; false: there is something wrong, which
// the slow way will tell.
func (f *folder) plain(t *Table, a *Attribute, attr, file string, data []byte) bool {
	head, data, _ := bytes.Cut(data, []byte{'\n'})
	names := strings.Split(strings.TrimSuffix(string(head), "\r"), ",")
	columns := make([][]float64, len(names)) // nil: of no asset
	values := make([]float64, len(names)*len(f.Snapshots))
	for j := range names[1:] {
		columns[j+1] = values[(j+1)*len(f.Snapshots) : (j+2)*len(f.Snapshots)]
	}
	optional := math.IsNaN(a.Default)
	s := 0
	for len(data) > 0 {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) == 0 {
			continue // encoding/csv passes over them too
		}
		if s == len(f.Snapshots) {
			return false
		}
		j := 0
		for {
			cell, rest, more := bytes.Cut(line, []byte{','})
			if j == len(names) {
				return false
			}
			if j > 0 {
				v, ok := number(cell)
				if !ok || v != v && !optional {
					return false
				}
				columns[j][s] = v
			}
			j++
			if !more {
				break
			}
			line = rest
		}
		if j != len(names) {
			return false
		}
		s++
	}
	if s != len(f.Snapshots) {
		return false
	}
	col := 1
	for j, asset := range names {
		if j > 0 {
			f.add(t, attr, file, 1, col, asset, columns[j])
		}
		col += len(asset) + 1
	}
	return true
}

// number is parse for the many, without copies. Up to 15 digits and a power of
// ten up to 22 are exact as floats, so that their quotient is rounded once.
func number(cell []byte) (float64, bool) {
	digits, mantissa, point := 0, int64(0), -1
	for i, c := range cell {
		switch {
		case c >= '0' && c <= '9':
			digits++
			mantissa = mantissa*10 + int64(c-'0')
		case c == '.' && point < 0:
			point = i
		default:
			digits = 99
		}
		if digits > 15 {
			return slow(cell)
		}
	}
	if digits == 0 {
		return slow(cell)
	}
	if point < 0 {
		return float64(mantissa), true
	}
	return float64(mantissa) / tens[len(cell)-1-point], true
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

func slow(cell []byte) (float64, bool) {
	if len(cell) > 0 && (cell[0] >= '0' && cell[0] <= '9' || cell[0] == '-') && !bytes.ContainsAny(cell, "xXpP_") {
		if v, err := strconv.ParseFloat(unsafe.String(&cell[0], len(cell)), 64); err == nil {
			return v, true
		}
	}
	v, _, ok := parse(string(cell))
	return v, ok
}

// quoted reads a series and tells what is wrong with it.
func (f *folder) quoted(t *Table, a *Attribute, attr string, s *sheet) {
	file, rows := s.place(0), s.rows
	if len(rows) == 0 {
		return // told
	}
	if len(rows)-1 != len(f.Snapshots) {
		f.problem(file, rows[len(rows)-1].line, 1, "series-length", "read %d rows, there are %d snapshots", len(rows)-1, len(f.Snapshots))
		return
	}
	for j, asset := range rows[0].cells {
		if j == 0 {
			continue
		}
		values := make([]float64, len(rows)-1)
		for s, k := range rows[1:] {
			v, _, ok := parse(k.cells[j])
			if !ok || math.IsNaN(v) && !math.IsNaN(a.Default) {
				f.problem(file, k.line, k.cols[j], "pypsa-value", "%s %q, %s: read %q, want a number", t.Name, asset, attr, k.cells[j])
				break
			}
			values[s] = v
		}
		f.add(t, attr, file, rows[0].line, rows[0].cols[j], asset, values)
	}
}
