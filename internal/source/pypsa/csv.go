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
	"slices"
	"sort"
	"strconv"
	"strings"

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
	n := Read(os.DirFS(dir))
	for i := range n.problems {
		n.problems[i].File = filepath.Join(dir, n.problems[i].File)
	}
	if n.Name == "" {
		n.Name = filepath.Base(dir)
	}
	for _, t := range n.tables {
		t.file = filepath.Join(dir, t.file)
	}
	return n, n.take()
}

// take returns the problems found since the last call, each once.
func (n *Network) take() []attribute.Problem {
	found := n.problems
	n.problems = nil
	return found
}

// Read reads the files of a network.
func Read(files fs.FS) *Network {
	n := &Network{tables: map[string]*Table{}}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		n.problem(".", 1, 1, "missing-file", "%v", err)
	}
	present := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".csv") {
			present[e.Name()] = true
		}
	}
	if present["network.csv"] {
		if rows := n.rows(files, "network.csv"); len(rows) > 1 && len(rows[1].cells) > 0 {
			n.Name = rows[1].cells[0]
		}
	}
	if present["investment_periods.csv"] {
		n.readPeriods(n.rows(files, "investment_periods.csv"))
	}
	if present["snapshots.csv"] {
		n.readSnapshots(n.rows(files, "snapshots.csv"))
		n.broken = len(n.problems) > 0
	} else {
		n.Snapshots = []Snapshot{{Label: "now", Objective: 1, Stores: 1, Generators: 1}}
	}
	known := map[string]bool{"network.csv": true, "snapshots.csv": true, "investment_periods.csv": true}
	for _, c := range Components {
		t := &Table{Component: c, file: c.List + ".csv", index: map[string]int{}, columns: map[string]*column{}, series: map[string]map[int][]float64{}, pieces: map[string]map[int]points{}}
		n.tables[c.Name] = t
		if present[t.file] {
			known[t.file] = true
			before := len(n.problems)
			n.readStatic(t, n.rows(files, t.file))
			t.broken = len(n.problems) > before
		}
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
		t := n.listed(list)
		if !ok || t == nil {
			n.Notes = append(n.Notes, name+" belongs to no component and is not read")
			continue
		}
		n.readVarying(t, files, name, attr)
	}
	return n
}

func (n *Network) listed(list string) *Table {
	for _, t := range n.tables {
		if t.List == list {
			return t
		}
	}
	return nil
}

func (n *Network) readVarying(t *Table, files fs.FS, name, attr string) {
	attr, pw := strings.CutSuffix(attr, "-pw")
	a := t.attribute(attr)
	switch {
	case a == nil:
		n.problem(name, 1, 1, "unknown-attribute", "read a series of %q, which a %s does not have", attr, t.Name)
	case a.Use == Output || a.Use == Unused:
	case pw && !a.Pieces:
		n.problem(name, 1, 1, "unknown-attribute", "read a piecewise %s of %s, which is none in PyPSA", attr, t.List)
	case pw:
		n.readPieces(t, attr, name, n.rows(files, name))
	case !a.Series:
		n.problem(name, 1, 1, "unknown-attribute", "read a series of %s of %s, where one number for each fits", attr, t.List)
	default:
		n.readSeries(t, a, attr, name, n.rows(files, name))
	}
}

// row is a line of a file with the place of each cell.
type row struct {
	cells []string
	line  int
	cols  []int
}

// rows reads a file; rows of the wrong width are problems and left out.
func (n *Network) rows(files fs.FS, name string) []row {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		n.problem(name, 1, 1, "unreadable-file", "%v", err)
		return nil
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	var all []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			line, col := 1, 1
			var p *csv.ParseError
			if errors.As(err, &p) {
				line, col, err = p.Line, p.Column, p.Err
			}
			n.problem(name, line, col, "table-syntax", "%v", err)
			return all
		}
		k := row{cells: cells, cols: make([]int, len(cells))}
		for i := range cells {
			k.line, k.cols[i] = r.FieldPos(i)
		}
		k.line, _ = r.FieldPos(0)
		if len(all) > 0 && len(cells) != len(all[0].cells) {
			n.problem(name, k.line, 1, "table-ragged", "read %d cells, the header has %d", len(cells), len(all[0].cells))
			continue
		}
		all = append(all, k)
	}
}

// parse reads a number as PyPSA's files have them; empty is none.
func parse(text string) (v float64, empty, ok bool) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "":
		return nan, true, true
	case "nan", "na", "null", "none", "n/a", "<na>":
		return nan, false, true
	}
	if strings.ContainsAny(text, "xXpP_") {
		return nan, false, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, false, err == nil
}

func parseFlag(text string) (v float64, ok bool) {
	switch strings.TrimSpace(text) {
	case "True", "true", "TRUE", "1", "1.0":
		return 1, true
	case "False", "false", "FALSE", "0", "0.0":
		return 0, true
	}
	return 0, false
}

func (n *Network) readStatic(t *Table, rows []row) {
	if len(rows) == 0 {
		return
	}
	head := rows[0]
	for _, k := range rows[1:] {
		name := k.cells[0]
		if name == "" {
			n.problem(t.file, k.line, k.cols[0], "missing-id", "a %s without a name", t.Name)
			continue
		}
		if _, twice := t.index[name]; twice {
			n.problem(t.file, k.line, k.cols[0], "duplicate-id", "%s %q stands here a second time", t.Name, name)
			continue
		}
		t.index[name] = len(t.Names)
		t.Names = append(t.Names, name)
		t.lines, t.start = append(t.lines, k.line), append(t.start, k.cols[0])
	}
	var strange []string
	for j, name := range head.cells {
		if j == 0 {
			continue
		}
		if t.columns[name] != nil {
			n.problem(t.file, head.line, head.cols[j], "duplicate-column", "%s stands here a second time", name)
			continue
		}
		a := t.attribute(name)
		if a == nil && t.Name != "Carrier" && !(t.Name == "Bus" && (strings.HasPrefix(name, "nom_max_") || strings.HasPrefix(name, "nom_min_"))) {
			strange = append(strange, name)
		}
		c := &column{attribute: a}
		t.columns[name] = c
		for _, k := range rows[1:] {
			if i, ok := t.index[k.cells[0]]; !ok || i != len(c.text) {
				continue // a row refused above
			}
			c.line, c.col = append(c.line, k.line), append(c.col, k.cols[j])
			c.text = append(c.text, k.cells[j])
			c.number = append(c.number, n.cell(t, a, name, k, j))
		}
	}
	if len(strange) > 0 {
		n.Notes = append(n.Notes, filepath.Base(t.file)+": PyPSA gives no meaning to "+strings.Join(strange, ", "))
	}
}

// cell reads one static cell as its attribute's type.
func (n *Network) cell(t *Table, a *Attribute, name string, k row, j int) float64 {
	read := k.cells[j]
	bad := func(want string) float64 {
		n.problem(t.file, k.line, k.cols[j], "pypsa-value", "%s %q, %s: read %q, want %s", t.Name, k.cells[0], name, read, want)
		return nan
	}
	switch {
	case a == nil:
		v, _, ok := parse(read)
		if !ok {
			return nan
		}
		return v
	case a.Use == Unused || a.Use == Output || a.Type == Text:
		return nan
	case a.Type == Flag:
		if strings.TrimSpace(read) == "" {
			return a.Default
		}
		v, ok := parseFlag(read)
		if !ok {
			return bad("True or False")
		}
		return v
	}
	v, empty, ok := parse(read)
	switch {
	case !ok:
		return bad("a number")
	case empty:
		return a.Default
	case math.IsNaN(v) && !math.IsNaN(a.Default):
		return bad("a number; an empty cell stands for the default")
	case a.Type == Whole && (v != math.Trunc(v) || math.Abs(v) > 1e6):
		return bad("a whole number of at most a million")
	}
	return v
}

// readSeries reads one row a snapshot, one column an asset.
func (n *Network) readSeries(t *Table, a *Attribute, attr, name string, rows []row) {
	if len(rows) == 0 {
		n.problem(name, 1, 1, "empty-file", "a series needs a header and %d rows", len(n.Snapshots))
		return
	}
	if n.broken {
		return
	}
	if len(rows)-1 != len(n.Snapshots) {
		n.problem(name, rows[len(rows)-1].line, 1, "series-length", "read %d rows, there are %d snapshots", len(rows)-1, len(n.Snapshots))
		return
	}
	if t.series[attr] == nil {
		t.series[attr] = map[int][]float64{}
	}
	for j, asset := range rows[0].cells {
		if j == 0 {
			continue
		}
		i, ok := t.index[asset]
		if !ok && t.broken {
			continue
		}
		if !ok {
			n.problem(name, rows[0].line, rows[0].cols[j], "unknown-asset", "a series for %q, and %s has no such %s", asset, filepath.Base(t.file), t.Name)
			continue
		}
		if t.series[attr][i] != nil {
			n.problem(name, rows[0].line, rows[0].cols[j], "duplicate-column", "%q stands here a second time", asset)
			continue
		}
		values := make([]float64, len(rows)-1)
		for s, k := range rows[1:] {
			v, _, ok := parse(k.cells[j])
			if !ok || math.IsNaN(v) && !math.IsNaN(a.Default) {
				n.problem(name, k.line, k.cols[j], "pypsa-value", "%s %q, %s: read %q, want a number", t.Name, asset, attr, k.cells[j])
				break
			}
			values[s] = v
		}
		t.series[attr][i] = values
	}
}

// readPieces reads breakpoints: a header of names, one of x and y, and rows
// that rise with x.
func (n *Network) readPieces(t *Table, attr, name string, rows []row) {
	if len(rows) < 2 {
		n.problem(name, 1, 1, "empty-file", "a piecewise attribute needs two rows of header and its breakpoints")
		return
	}
	if t.pieces[attr] == nil {
		t.pieces[attr] = map[int]points{}
	}
	head, what := rows[0], rows[1]
	for j := 1; j < len(head.cells); j++ {
		if what.cells[j] == attr {
			continue
		}
		x := j
		y := slices.IndexFunc(head.cells, func(s string) bool { return s == head.cells[x] })
		for y >= 0 && y < len(head.cells) && (head.cells[y] != head.cells[x] || what.cells[y] != attr) {
			y++
		}
		i, ok := t.index[head.cells[x]]
		if !ok && t.broken {
			continue
		}
		if !ok {
			n.problem(name, head.line, head.cols[x], "unknown-asset", "breakpoints for %q, and %s has no such %s", head.cells[x], filepath.Base(t.file), t.Name)
			continue
		}
		if y >= len(head.cells) || y < 1 {
			n.problem(name, what.line, what.cols[x], "table-ragged", "%q has a column %s and none of %s", head.cells[x], what.cells[x], attr)
			continue
		}
		var p points
		for _, k := range rows[2:] {
			vx, noX, okX := parse(k.cells[x])
			vy, noY, okY := parse(k.cells[y])
			if noX && noY {
				continue // the header of the index, or an asset with fewer breakpoints
			}
			if !okX || !okY || math.IsNaN(vx+vy) || math.IsInf(vx+vy, 0) {
				n.problem(name, k.line, k.cols[x], "pypsa-value", "%s %q, %s: read %q and %q, want two numbers", t.Name, head.cells[x], attr, k.cells[x], k.cells[y])
				break
			}
			if len(p.x) > 0 && vx <= p.x[len(p.x)-1] {
				n.problem(name, k.line, k.cols[x], "pypsa-value", "%s %q, %s: breakpoint %g follows %g, and must rise", t.Name, head.cells[x], attr, vx, p.x[len(p.x)-1])
				break
			}
			p.x, p.y = append(p.x, vx), append(p.y, vy)
		}
		if len(p.x) < 2 {
			n.problem(name, head.line, head.cols[x], "pypsa-value", "%s %q, %s: %d breakpoints, two or more fit", t.Name, head.cells[x], attr, len(p.x))
			continue
		}
		t.pieces[attr][i] = p
	}
}

func (n *Network) readPeriods(rows []row) {
	if len(rows) == 0 {
		return
	}
	head := rows[0]
	for _, k := range rows[1:] {
		p := InvestmentPeriod{Objective: 1, Years: 1}
		v, _, ok := parse(k.cells[0])
		if !ok || v != math.Trunc(v) || math.Abs(v) > 1e6 {
			n.problem("investment_periods.csv", k.line, k.cols[0], "pypsa-value", "read %q, want a year", k.cells[0])
			continue
		}
		p.Year = int(v)
		if len(n.Periods) > 0 && p.Year <= n.Periods[len(n.Periods)-1].Year {
			n.problem("investment_periods.csv", k.line, k.cols[0], "pypsa-value", "period %d follows %d, and must rise", p.Year, n.Periods[len(n.Periods)-1].Year)
			continue
		}
		for j, name := range head.cells {
			switch name {
			case "objective":
				n.weight("investment_periods.csv", k, j, &p.Objective)
			case "years":
				n.weight("investment_periods.csv", k, j, &p.Years)
			}
		}
		n.Periods = append(n.Periods, p)
	}
}

// weight reads a weight of a snapshot or period into v; empty leaves it.
func (n *Network) weight(file string, k row, j int, v *float64) {
	w, empty, ok := parse(k.cells[j])
	switch {
	case empty:
	case !ok || !(w >= 0) || math.IsInf(w, 0):
		n.problem(file, k.line, k.cols[j], "pypsa-value", "read %q, want a weight of 0 or more", k.cells[j])
	default:
		*v = w
	}
}

func (n *Network) readSnapshots(rows []row) {
	const file = "snapshots.csv"
	if len(rows) < 2 {
		n.problem(file, 1, 1, "horizon", "there is no snapshot; at least one fits")
		return
	}
	head := rows[0]
	label, period := 0, -1
	for j, name := range head.cells {
		switch name {
		case "snapshot", "timestep":
			label = j
		case "period":
			period = j
		}
	}
	seen := map[string]bool{}
	at := 0 // period that the rows have reached
	for _, k := range rows[1:] {
		s := Snapshot{Label: k.cells[label], Objective: 1, Stores: 1, Generators: 1}
		key := s.Label
		if period >= 0 {
			key = k.cells[period] + " " + key
			v, _, ok := parse(k.cells[period])
			for at < len(n.Periods) && float64(n.Periods[at].Year) != v {
				at++
			}
			if !ok || at == len(n.Periods) {
				n.problem(file, k.line, k.cols[period], "pypsa-value", "period %q is none of investment_periods.csv from the row before on", k.cells[period])
				return
			}
			s.Period = at
		}
		if seen[key] {
			n.problem(file, k.line, k.cols[label], "duplicate-id", "snapshot %q stands here a second time", s.Label)
		}
		seen[key] = true
		for j, name := range head.cells {
			switch name {
			case "weightings":
				n.weight(file, k, j, &s.Objective)
				s.Stores, s.Generators = s.Objective, s.Objective
			case "objective":
				n.weight(file, k, j, &s.Objective)
			case "stores":
				n.weight(file, k, j, &s.Stores)
			case "generators":
				n.weight(file, k, j, &s.Generators)
			}
		}
		n.Snapshots = append(n.Snapshots, s)
	}
	if period < 0 && len(n.Periods) > 0 {
		n.problem(file, head.line, 1, "horizon", "there are investment periods, and no column period")
	}
	used := map[int]bool{}
	for _, s := range n.Snapshots {
		used[s.Period] = true
	}
	for i, p := range n.Periods {
		if !used[i] {
			n.problem(file, 1, 1, "horizon", "investment period %d has no snapshot", p.Year)
		}
	}
}
