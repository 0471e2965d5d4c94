package pypsa

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/source/pypsa/csvfolder"
	"example.org/busbar/internal/source/pypsa/export"
)

// CanWrite reports what stands against a network at a path, before the work for
// it is done: something is there already, or it ends in .nc and there is no
// libnetcdf (netcdf.ErrNoLibrary).
func CanWrite(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s exists already; give another name", csvfolder.ErrDir, path)
	}
	if IsFile(path) {
		if _, err := netcdf.Probe(); err != nil {
			return fmt.Errorf("writing netCDF needs a library: %w", err)
		}
	}
	return nil
}

// Write writes a converted network: as netCDF where the path ends in .nc, else
// as a CSV folder. It returns the file that says how the network is to be
// solved, "" where it is to be solved as it is: options.json in the folder,
// beside a file NAME.nc NAME.options.json.
func Write(path string, n *export.Network) (options string, err error) {
	if !IsFile(path) {
		return n.Write(path)
	}
	var scenarios []Scenario
	for _, s := range n.Scenarios {
		scenarios = append(scenarios, Scenario{s.Name, s.Probability})
	}
	if err := writeFile(path, scenarios, n.Folders); err != nil {
		return "", err
	}
	text, err := n.Options.Text()
	if err != nil || text == nil {
		return "", err
	}
	options = path[:len(path)-len(".nc")] + ".options.json"
	return options, os.WriteFile(options, text, 0o666)
}

// writeFile writes a network as netCDF in the layout of PyPSA 1.4; of several
// scenarios each has its folder.
func writeFile(path string, scenarios []Scenario, folders []*csvfolder.Folder) error {
	d, err := arrange(scenarios, folders)
	if err != nil {
		return err
	}
	return netcdf.Write(path, d)
}

// arranging is a netCDF file on its way.
type arranging struct {
	netcdf.Dataset
	folders   []*csvfolder.Folder
	scenarios []Scenario
	tables    *Network // the components, without assets
}

// arrange lays the sheets of a folder out as PyPSA's netCDF has them. Scenarios
// add a dimension to everything but time.
func arrange(scenarios []Scenario, folders []*csvfolder.Folder) (*netcdf.Dataset, error) {
	d := &arranging{folders: folders, scenarios: scenarios, tables: newNetwork()}
	d.attributes()
	if err := d.time(); err != nil {
		return nil, err
	}
	if len(scenarios) > 0 {
		c := netcdf.Content{Name: "scenario", Dimensions: []string{"scenario"}}
		w := netcdf.Content{Name: "scenario_weight", Dimensions: c.Dimensions}
		for _, s := range scenarios {
			c.Texts, w.Floats = append(c.Texts, s.Name), append(w.Floats, s.Weight)
		}
		d.dimension("scenario", len(scenarios))
		d.Variables = append(d.Variables, c, w)
	}
	for _, c := range Components {
		if err := d.component(d.tables.table(c.Name)); err != nil {
			return nil, err
		}
	}
	return &d.Dataset, nil
}

func (d *arranging) dimension(name string, n int) {
	if !slices.ContainsFunc(d.Dimensions, func(k netcdf.Dimension) bool { return k.Name == name }) {
		d.Dimensions = append(d.Dimensions, netcdf.Dimension{Name: name, Len: n})
	}
}

// attributes are those of network.csv, and the texts of crs.json and meta.json.
func (d *arranging) attributes() {
	if s := d.folders[0].Sheets["network.csv"]; s != nil && len(s.Rows) > 1 {
		for j, name := range s.Rows[0] {
			cell := s.Rows[1][j]
			if j == 0 {
				name = "name"
			}
			a := netcdf.Attribute{Name: "network_" + name, Kind: netcdf.Text, Text: cell}
			if v, err := strconv.ParseInt(cell, 10, 64); err == nil && j > 0 {
				a.Kind, a.Numbers = netcdf.Integer, []float64{float64(v)}
			} else if v, empty, ok := parse(cell); ok && !empty && j > 0 {
				a.Kind, a.Numbers = netcdf.Float, []float64{v}
			}
			d.Attributes = append(d.Attributes, a)
		}
	}
	for _, name := range []string{"crs", "meta"} {
		text := d.folders[0].Plain[name+".json"]
		if text == nil {
			text = []byte("{}")
		}
		d.Attributes = append(d.Attributes, netcdf.Attribute{Name: name, Kind: netcdf.Text, Text: string(text)})
	}
}

// time writes snapshots and investment periods: each a dimension counted from 0
// (of periods their years), and a variable a column.
func (d *arranging) time() error {
	s := d.folders[0].Sheets["snapshots.csv"]
	if s == nil || len(s.Rows) < 2 {
		return errors.New("a network without snapshots can't be written as netCDF")
	}
	rows := s.Rows[1:]
	d.dimension("snapshots", len(rows))
	count := make([]int64, len(rows))
	for t := range count {
		count[t] = int64(t)
	}
	along := []string{"snapshots"}
	d.Variables = append(d.Variables, netcdf.Content{Name: "snapshots", Dimensions: along, Integers: count})
	labelled := false
	for j, name := range s.Rows[0] {
		if j == 0 || name == "" || slices.Contains(s.Rows[0][1:j], name) {
			continue
		}
		labels := name == "snapshot" || name == "timestep"
		labelled = labelled || labels
		d.Variables = append(d.Variables, guessed("snapshots_"+name, along, cells(rows, j), labels))
	}
	if !labelled {
		d.Variables = append(d.Variables, guessed("snapshots_snapshot", along, cells(rows, 0), true))
	}
	if p := d.folders[0].Sheets["investment_periods.csv"]; p != nil && len(p.Rows) > 1 {
		along := []string{"investment_periods"}
		d.dimension(along[0], len(p.Rows)-1)
		for j, name := range p.Rows[0] {
			if j == 0 {
				d.Variables = append(d.Variables, guessed("investment_periods", along, cells(p.Rows[1:], 0), false))
			} else {
				d.Variables = append(d.Variables, guessed("investment_periods_"+name, along, cells(p.Rows[1:], j), false))
			}
		}
	}
	return nil
}

func cells(rows [][]string, j int) []string {
	out := make([]string, len(rows))
	for i := range rows {
		out[i] = rows[i][j]
	}
	return out
}

// guessed is a column of cells as what all of them can be read as: times, if
// they are stamps that may be, integers, flags, numbers; else texts.
func guessed(name string, along, cells []string, stamps bool) netcdf.Content {
	c := netcdf.Content{Name: name, Dimensions: along}
	if stamps {
		if since, units := times(cells); since != nil {
			c.Integers = since
			c.Attributes = netcdf.Attributes{{Name: "units", Kind: netcdf.Text, Text: units}, {Name: "calendar", Kind: netcdf.Text, Text: "proleptic_gregorian"}}
			return c
		}
	}
	whole, number, flags := true, true, true
	for _, text := range cells {
		v, err := strconv.ParseInt(text, 10, 64)
		whole = whole && err == nil && strconv.FormatInt(v, 10) == text
		_, _, ok := parse(text)
		number = number && ok
		flags = flags && (text == "True" || text == "False")
	}
	switch {
	case flags:
		flagged(&c, cells, 0)
	case whole:
		for _, text := range cells {
			v, _ := strconv.ParseInt(text, 10, 64)
			c.Integers = append(c.Integers, v)
		}
	case number:
		for _, text := range cells {
			v, _, _ := parse(text)
			c.Floats = append(c.Floats, v)
		}
	default:
		c.Texts = cells
	}
	return c
}

// times are stamps as whole hours, minutes or seconds since the first; nil where
// one is no stamp.
func times(cells []string) (since []int64, units string) {
	stamps := make([]time.Time, len(cells))
	for i, text := range cells {
		s := Snapshot{Label: text}
		var ok bool
		if stamps[i], ok = s.stamp(); !ok {
			return nil, ""
		}
	}
	unit := time.Hour
	for _, t := range stamps {
		for unit > time.Second && t.Sub(stamps[0])%unit != 0 {
			unit /= 60
		}
	}
	for _, t := range stamps {
		since = append(since, int64(t.Sub(stamps[0])/unit))
	}
	word := map[time.Duration]string{time.Hour: "hours", time.Minute: "minutes", time.Second: "seconds"}[unit]
	return since, word + " since " + stamps[0].Format(stampForms[0])
}

func (d *arranging) many() int { return max(1, len(d.scenarios)) }

// component writes a component's names, its columns, series and breakpoints.
func (d *arranging) component(t *Table) error {
	sheets := make([]*csvfolder.Sheet, d.many())
	for s, f := range d.folders {
		sheets[s] = f.Sheets[t.List+".csv"]
	}
	if sheets[0] == nil || len(sheets[0].Rows) < 2 {
		for s := range sheets {
			if sheets[s] != nil && len(sheets[s].Rows) > 1 {
				return d.strange(s, t, sheets[s].Rows[1][0], 0)
			}
		}
		return nil
	}
	names := cells(sheets[0].Rows[1:], 0)
	index := t.List + "_i"
	d.dimension(index, len(names))
	d.Variables = append(d.Variables, netcdf.Content{Name: index, Dimensions: []string{index}, Texts: names})
	// place finds a name's row in each scenario.
	place := make([]map[string]int, len(sheets))
	for s, sheet := range sheets {
		place[s] = map[string]int{}
		if sheet == nil {
			return d.strange(0, t, names[0], s)
		}
		for i, row := range sheet.Rows[1:] {
			place[s][row[0]] = i + 1
			if _, ok := place[0][row[0]]; !ok {
				return d.strange(s, t, row[0], 0)
			}
		}
		for _, name := range names {
			if _, ok := place[s][name]; !ok {
				return d.strange(0, t, name, s)
			}
		}
	}
	cell := func(s int, name, attr string) string {
		if j := slices.Index(sheets[s].Rows[0], attr); j > 0 {
			return sheets[s].Rows[place[s][name]][j]
		}
		return ""
	}
	along := d.along(index)
	seen := map[string]bool{}
	for s := range sheets {
		for _, attr := range sheets[s].Rows[0][1:] {
			if attr == "" || seen[attr] {
				continue
			}
			seen[attr] = true
			var all []string
			for s := range sheets {
				for _, name := range names {
					all = append(all, cell(s, name, attr))
				}
			}
			d.static(t, attr, along, all)
		}
	}
	if err := d.series(t, names, cell); err != nil {
		return err
	}
	return d.pieces(t)
}

// strange says that one scenario has an asset that another has not.
func (d *arranging) strange(s int, t *Table, name string, other int) error {
	return fmt.Errorf("scenario %s has the %s %q, and %s has not: PyPSA wants the same in all scenarios", d.scenarios[s].Name, t.Name, name, d.scenarios[other].Name)
}

// along are the dimensions of a variable that differs by scenario.
func (d *arranging) along(dims ...string) []string {
	if len(d.scenarios) > 0 {
		return append([]string{"scenario"}, dims...)
	}
	return dims
}

// wordy are attributes of texts that the optimisation does not read, which may
// look like numbers.
var wordy = []string{"type", "unit", "location", "control", "generator", "color", "nice_name", "carrier", "slack_bus", "geometry", "component", "idx", "references", "mounting", "sub_network", "model"}

// static writes a column, as its attribute's type; one that is empty is left out.
func (d *arranging) static(t *Table, attr string, along, all []string) {
	if !slices.ContainsFunc(all, func(s string) bool { return s != "" }) {
		return
	}
	name := t.List + "_" + attr
	a := t.attribute(attr)
	c := netcdf.Content{Name: name, Dimensions: along}
	switch {
	case a == nil || (a.Use == Unused || a.Use == Output) && !slices.Contains(wordy, attr):
		c = guessed(name, along, all, false)
	case a.Type == Text:
		c.Texts = all
	case a.Type == Flag:
		flagged(&c, all, int64(a.Default))
	case a.Type == Whole && !slices.ContainsFunc(all, func(s string) bool { return !wholeCell(s) }):
		for _, text := range all {
			v, empty, _ := parse(text)
			if empty {
				v = a.Default
			}
			c.Integers = append(c.Integers, int64(v))
		}
	default:
		for _, text := range all {
			v, _, _ := parse(text)
			c.Floats = append(c.Floats, v)
		}
	}
	d.Variables = append(d.Variables, c)
}

func wholeCell(text string) bool {
	v, empty, ok := parse(text)
	return empty || ok && v == math.Trunc(v) && math.Abs(v) < 1<<53
}

// flagged fills a variable with True and False as xarray keeps them: a byte
// each, marked. An empty cell is rest.
func flagged(c *netcdf.Content, all []string, rest int64) {
	c.Small, c.Attributes = true, netcdf.Attributes{{Name: "dtype", Kind: netcdf.Text, Text: "bool"}}
	for _, text := range all {
		v, ok := parseFlag(text)
		if !ok {
			v = float64(rest)
		}
		c.Integers = append(c.Integers, int64(v))
	}
}

// series writes those of a component. An asset that has one in some scenarios
// only has its number in the others.
func (d *arranging) series(t *Table, names []string, cell func(s int, name, attr string) string) error {
	files := map[string]bool{}
	for _, f := range d.folders {
		for file := range f.Sheets {
			if list, attr, ok := strings.Cut(strings.TrimSuffix(file, ".csv"), "-"); ok && list == t.List && !strings.HasSuffix(attr, "-pw") {
				files[attr] = true
			}
		}
	}
	steps := d.Dimensions[0].Len
	for _, attr := range sortedKeys(files) {
		file := t.List + "-" + attr + ".csv"
		has := map[string]bool{}
		for _, f := range d.folders {
			if s := f.Sheets[file]; s != nil {
				for _, name := range s.Rows[0][1:] {
					has[name] = true
				}
				if len(s.Rows)-1 != steps {
					return fmt.Errorf("%s has %d rows, and there are %d snapshots", file, len(s.Rows)-1, steps)
				}
			}
		}
		var those []string
		for _, name := range names {
			if has[name] {
				those = append(those, name)
			}
		}
		if len(those) == 0 {
			continue
		}
		rest := nan
		if a := t.attribute(attr); a != nil {
			rest = a.Default
		}
		name := t.List + "_t_" + attr
		many := d.many()
		values := make([]float64, steps*many*len(those))
		for s, f := range d.folders {
			at := map[string]int{}
			sheet := f.Sheets[file]
			if sheet != nil {
				for j, asset := range sheet.Rows[0] {
					at[asset] = j
				}
			}
			for i, asset := range those {
				j, own := at[asset]
				for k := range steps {
					v, empty := rest, false
					if own {
						v, empty, _ = parse(sheet.Rows[k+1][j])
					} else {
						v, empty, _ = parse(cell(s, asset, attr))
					}
					if empty {
						v = rest
					}
					values[(k*many+s)*len(those)+i] = v
				}
			}
		}
		dims := []string{"snapshots", name + "_i"}
		if len(d.scenarios) > 0 {
			dims = []string{"snapshots", "scenario", name + "_i"}
		}
		d.dimension(name+"_i", len(those))
		d.Variables = append(d.Variables,
			netcdf.Content{Name: name + "_i", Dimensions: []string{name + "_i"}, Texts: those},
			netcdf.Content{Name: name, Dimensions: dims, Floats: values})
	}
	return nil
}

// pieces writes the breakpoints of a component, one length for all attributes:
// the longest. PyPSA keeps one curve for all scenarios.
func (d *arranging) pieces(t *Table) error {
	most := 0
	for file, s := range d.folders[0].Sheets {
		if strings.HasSuffix(file, "-pw.csv") {
			most = max(most, len(breakpoints(s)))
		}
	}
	var files []string
	for file := range d.folders[0].Sheets {
		if strings.HasPrefix(file, t.List+"-") && strings.HasSuffix(file, "-pw.csv") {
			files = append(files, file)
		}
	}
	sort.Strings(files)
	for _, file := range files {
		s := d.folders[0].Sheets[file]
		for k, f := range d.folders {
			if o := f.Sheets[file]; o == nil || !slices.EqualFunc(o.Rows, s.Rows, slices.Equal) {
				return fmt.Errorf("%s differs between the scenarios %s and %s; PyPSA has one for all", file, d.scenarios[0].Name, d.scenarios[k].Name)
			}
		}
		attr := strings.TrimSuffix(strings.TrimPrefix(file, t.List+"-"), "-pw.csv")
		name := t.List + "_pw_" + attr
		var names, axes []string
		for j := 1; j < len(s.Rows[0]); j++ {
			if !slices.Contains(names, s.Rows[0][j]) {
				names = append(names, s.Rows[0][j])
			}
			if !slices.Contains(axes, s.Rows[1][j]) {
				axes = append(axes, s.Rows[1][j])
			}
		}
		values := make([]float64, most*len(names)*len(axes))
		for i := range values {
			values[i] = nan
		}
		for j := 1; j < len(s.Rows[0]); j++ {
			at := slices.Index(names, s.Rows[0][j])*len(axes) + slices.Index(axes, s.Rows[1][j])
			for k, row := range breakpoints(s) {
				values[k*len(names)*len(axes)+at], _, _ = parse(row[j])
			}
		}
		if !slices.ContainsFunc(d.Dimensions, func(k netcdf.Dimension) bool { return k.Name == "breakpoint" }) {
			d.dimension("breakpoint", most)
			count := make([]int64, most)
			for k := range count {
				count[k] = int64(k)
			}
			d.Variables = append(d.Variables, netcdf.Content{Name: "breakpoint", Dimensions: []string{"breakpoint"}, Integers: count})
		}
		d.dimension(name+"_i", len(names))
		d.dimension(name+"_attr_i", len(axes))
		d.Variables = append(d.Variables,
			netcdf.Content{Name: name + "_i", Dimensions: []string{name + "_i"}, Texts: names},
			netcdf.Content{Name: name + "_attr_i", Dimensions: []string{name + "_attr_i"}, Texts: axes},
			netcdf.Content{Name: name, Dimensions: []string{"breakpoint", name + "_i", name + "_attr_i"}, Floats: values})
	}
	return nil
}

// breakpoints are the rows of a piecewise file below its header: names,
// attributes, and the name of the index, which may be missing.
func breakpoints(s *csvfolder.Sheet) [][]string {
	rows := s.Rows[min(2, len(s.Rows)):]
	if len(rows) > 0 && !slices.ContainsFunc(rows[0][1:], func(cell string) bool { return cell != "" }) {
		rows = rows[1:]
	}
	return rows
}
