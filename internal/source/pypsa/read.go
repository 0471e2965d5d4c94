package pypsa

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	spelling "example.org/busbar/internal/series"
)

// What both formats share: a table of texts becomes typed columns, and every
// fault a problem at its place.

// sheet is a table of texts; its first row is the header.
type sheet struct {
	rows  []row
	place func(col int) string // file of a column, in netCDF with the variable's name

	broken bool // rows are missing
}

// row is a line of a sheet with the place of each cell.
type row struct {
	cells []string
	line  int
	cols  []int
}

func newNetwork() *Network {
	n := &Network{tables: map[string]*Table{}, findings: &findings{}}
	for _, c := range Components {
		n.tables[c.Name] = &Table{Component: c, index: map[string]int{}, columns: map[string]*column{}, series: map[string]map[int][]float64{}, pieces: map[string]map[int]points{}}
	}
	return n
}

// all are the tables in the order of Components.
func (n *Network) all() []*Table {
	var all []*Table
	for _, c := range Components {
		all = append(all, n.tables[c.Name])
	}
	return all
}

func (n *Network) listed(list string) *Table {
	for _, t := range n.tables {
		if t.List == list {
			return t
		}
	}
	return nil
}

// near is the list that a misspelt one may stand for, "" for none.
func (n *Network) near(list string) string {
	names := []string{"network", "snapshots", "investment_periods"}
	for _, c := range Components {
		names = append(names, c.List)
	}
	return spelling.Nearest(list, names)
}

// take returns the problems found since the last call, each once.
func (n *Network) take() []attribute.Problem {
	found := n.problems
	n.problems = nil
	return found
}

// readTime reads snapshots and investment periods; nil: there are none.
func (n *Network) readTime(snapshots, periods *sheet) {
	if periods != nil {
		n.readPeriods(periods)
	}
	if snapshots != nil {
		n.readSnapshots(snapshots)
		n.broken = len(n.problems) > 0
	} else {
		n.Snapshots = []Snapshot{{Label: "now", Objective: 1, Stores: 1, Generators: 1}}
	}
}

// readComponent reads the static attributes of a component; nil: there are none.
func (n *Network) readComponent(t *Table, s *sheet) {
	t.where = func(attr string) string { return n.where(t.List, attr) }
	if s != nil {
		before := len(n.problems)
		n.readStatic(t, s)
		t.broken = s.broken || len(n.problems) > before
	}
}

// varying is the attribute of a series or of breakpoints; nil where it is not
// to be read.
func (n *Network) varying(t *Table, attr string, pw bool, file string) *Attribute {
	a := t.attribute(attr)
	switch {
	case a == nil:
		n.problem(file, 1, 1, "unknown-attribute", "read a series of %q, which a %s does not have", attr, t.Name)
	case a.Use == Output || a.Use == Unused:
	case pw && !a.Pieces:
		n.problem(file, 1, 1, "unknown-attribute", "read a piecewise %s of %s, which is none in PyPSA", attr, t.List)
	case !pw && !a.Series:
		n.problem(file, 1, 1, "unknown-attribute", "read a series of %s of %s, where one number for each fits", attr, t.List)
	default:
		return a
	}
	return nil
}

// add takes an asset's series.
func (n *Network) add(t *Table, attr, file string, line, col int, asset string, values []float64) {
	i, ok := t.index[asset]
	switch {
	case !ok && t.broken:
	case !ok:
		n.problem(file, line, col, "unknown-asset", "a series for %q, and there is no such %s", asset, t.Name)
	case t.series[attr][i] != nil:
		n.problem(file, line, col, "duplicate-column", "%q stands here a second time", asset)
	default:
		if t.series[attr] == nil {
			t.series[attr] = map[int][]float64{}
		}
		t.series[attr][i] = values
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

func (n *Network) readStatic(t *Table, s *sheet) {
	rows := s.rows
	if len(rows) == 0 {
		return
	}
	head := rows[0]
	for _, k := range rows[1:] {
		name := k.cells[0]
		if name == "" {
			n.problem(s.place(0), k.line, k.cols[0], "missing-id", "a %s without a name", t.Name)
			continue
		}
		if _, twice := t.index[name]; twice {
			n.problem(s.place(0), k.line, k.cols[0], "duplicate-id", "%s %q stands here a second time", t.Name, name)
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
			n.problem(s.place(j), head.line, head.cols[j], "duplicate-column", "%s stands here a second time", name)
			continue
		}
		a := t.attribute(name)
		if a == nil && t.Name != "Carrier" && !(t.Name == "Bus" && (strings.HasPrefix(name, "nom_max_") || strings.HasPrefix(name, "nom_min_"))) {
			strange = append(strange, t.doubted(name))
		}
		c := &column{attribute: a}
		t.columns[name] = c
		for _, k := range rows[1:] {
			if i, ok := t.index[k.cells[0]]; !ok || i != len(c.text) {
				continue // a row refused above
			}
			c.line, c.col = append(c.line, k.line), append(c.col, k.cols[j])
			c.text = append(c.text, k.cells[j])
			c.number = append(c.number, n.cell(t, s, a, name, k, j))
		}
	}
	if len(strange) > 0 {
		n.note(t.List + ": PyPSA gives no meaning to " + strings.Join(strange, ", "))
	}
}

// doubted is a column without a meaning, with what it may be a misspelling of.
func (t *Table) doubted(name string) string {
	var names []string
	for _, a := range t.Attributes {
		if a.Use == Mapped && len(a.Name) > 6 { // i_nom is no p_nom
			names = append(names, a.Name)
		}
	}
	if near := spelling.Nearest(name, names); near != "" {
		return name + " (did you mean " + near + "?)"
	}
	return name
}

// cell reads one static cell as its attribute's type.
func (n *Network) cell(t *Table, s *sheet, a *Attribute, name string, k row, j int) float64 {
	read := k.cells[j]
	bad := func(want string) float64 {
		n.problem(s.place(j), k.line, k.cols[j], "pypsa-value", "%s %q, %s: read %q, want %s", t.Name, k.cells[0], name, read, want)
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

// readPieces reads breakpoints: a header of names, one of x and y, and rows
// that rise with x.
func (n *Network) readPieces(t *Table, attr string, s *sheet) {
	name, rows := s.place(0), s.rows
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
			n.problem(name, head.line, head.cols[x], "unknown-asset", "breakpoints for %q, and there is no such %s", head.cells[x], t.Name)
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

func (n *Network) readPeriods(s *sheet) {
	rows := s.rows
	if len(rows) == 0 {
		return
	}
	head := rows[0]
	for _, k := range rows[1:] {
		p := InvestmentPeriod{Objective: 1, Years: 1}
		v, _, ok := parse(k.cells[0])
		if !ok || v != math.Trunc(v) || math.Abs(v) > 1e6 {
			n.problem(s.place(0), k.line, k.cols[0], "pypsa-value", "read %q, want a year", k.cells[0])
			continue
		}
		p.Year = int(v)
		if len(n.Periods) > 0 && p.Year <= n.Periods[len(n.Periods)-1].Year {
			n.problem(s.place(0), k.line, k.cols[0], "pypsa-value", "period %d follows %d, and must rise", p.Year, n.Periods[len(n.Periods)-1].Year)
			continue
		}
		for j, name := range head.cells {
			switch name {
			case "objective":
				n.weight(s, k, j, &p.Objective)
			case "years":
				n.weight(s, k, j, &p.Years)
			}
		}
		n.Periods = append(n.Periods, p)
	}
}

// weight reads a weight of a snapshot or period into v; empty leaves it.
func (n *Network) weight(s *sheet, k row, j int, v *float64) {
	w, empty, ok := parse(k.cells[j])
	switch {
	case empty:
	case !ok || !(w >= 0) || math.IsInf(w, 0):
		n.problem(s.place(j), k.line, k.cols[j], "pypsa-value", "read %q, want a weight of 0 or more", k.cells[j])
	default:
		*v = w
	}
}

func (n *Network) readSnapshots(from *sheet) {
	rows := from.rows
	if len(rows) < 2 {
		n.problem(from.place(0), 1, 1, "horizon", "there is no snapshot; at least one fits")
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
	var last time.Time // stamp of the snapshot before, in the same period
	at := 0            // period that the rows have reached
	for _, k := range rows[1:] {
		s := Snapshot{Label: k.cells[label], Objective: 1, Stores: 1, Generators: 1}
		stamp, dated := s.stamp()
		key := s.Label
		if dated { // it may be written in another way
			key = stamp.Format(stampForms[0])
		}
		if period >= 0 {
			key = k.cells[period] + " " + key
			v, _, ok := parse(k.cells[period])
			for at < len(n.Periods) && float64(n.Periods[at].Year) != v {
				at++
			}
			if !ok || at == len(n.Periods) {
				n.problem(from.place(period), k.line, k.cols[period], "pypsa-value", "period %q is no investment period from the row before on", k.cells[period])
				return
			}
			if s.Period = at; len(n.Snapshots) > 0 && n.Snapshots[len(n.Snapshots)-1].Period != at {
				last = time.Time{}
			}
		}
		if dated {
			if stamp.Before(last) {
				n.problem(from.place(label), k.line, k.cols[label], "horizon", "snapshot %q follows %s; stamps must rise", s.Label, last.Format(stampForms[0]))
			}
			last = stamp
		}
		if seen[key] {
			n.problem(from.place(label), k.line, k.cols[label], "duplicate-id", "snapshot %q stands here a second time", s.Label)
		}
		seen[key] = true
		for j, name := range head.cells {
			switch name {
			case "weightings":
				n.weight(from, k, j, &s.Objective)
				s.Stores, s.Generators = s.Objective, s.Objective
			case "objective":
				n.weight(from, k, j, &s.Objective)
			case "stores":
				n.weight(from, k, j, &s.Stores)
			case "generators":
				n.weight(from, k, j, &s.Generators)
			}
		}
		n.Snapshots = append(n.Snapshots, s)
	}
	if period < 0 && len(n.Periods) > 0 {
		n.problem(from.place(0), head.line, 1, "horizon", "there are investment periods, and no column period")
	}
	used := map[int]bool{}
	for _, s := range n.Snapshots {
		used[s.Period] = true
	}
	for i, p := range n.Periods {
		if !used[i] {
			n.problem(from.place(0), 1, 1, "horizon", "investment period %d has no snapshot", p.Year)
		}
	}
}

// stampForms are the forms in which PyPSA's files have stamps.
var stampForms = []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006-01-02T15:04:05"}

// stamp is a snapshot's label as a time; labels may be any text.
func (s *Snapshot) stamp() (time.Time, bool) {
	for _, form := range stampForms {
		if t, err := time.Parse(form, s.Label); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
