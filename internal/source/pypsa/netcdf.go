package pypsa

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/netcdf"
)

// IsFile reports whether a path is named like a network as netCDF.
func IsFile(path string) bool { return strings.EqualFold(filepath.Ext(path), ".nc") }

// Is reports whether a path is a network: a CSV folder or a netCDF file.
func Is(path string) bool { return IsFile(path) || IsFolder(path) }

// Open reads a network from its netCDF file, its CSV folder, or a folder that
// holds one netCDF file, as the inputs of a run do. The error wraps
// netcdf.ErrNoLibrary where libnetcdf is missing.
func Open(path string) (*Network, []attribute.Problem, error) {
	if IsFile(path) {
		return ReadFile(path)
	}
	if files, err := filepath.Glob(filepath.Join(path, "*.nc")); err == nil && len(files) == 1 && !IsFolder(path) {
		return ReadFile(files[0])
	}
	switch at, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return nil, []attribute.Problem{{File: path, Line: 1, Col: 1, Code: "missing-file", Text: "there is no such file or folder"}}, nil
	case err == nil && !at.IsDir():
		return nil, []attribute.Problem{{File: path, Line: 1, Col: 1, Code: "unknown-format", Text: "it is no PyPSA network; want a CSV folder of one, or a file that ends in .nc"}}, nil
	case err == nil && !IsFolder(path):
		return nil, []attribute.Problem{{File: path, Line: 1, Col: 1, Code: "unknown-format", Text: "the folder holds no PyPSA network; want one with snapshots.csv or buses.csv, or with one .nc file"}}, nil
	}
	n, problems := ReadFolder(path)
	return n, problems, nil
}

// ReadFile reads a netCDF file. In problems a file is the path and the variable
// (network.nc#generators_p_nom), a line the position of an entry in it (of a
// series that of the snapshot), and a column that of the asset or scenario.
func ReadFile(path string) (*Network, []attribute.Problem, error) {
	f, err := netcdf.Open(path)
	if errors.Is(err, netcdf.ErrNoLibrary) {
		return nil, nil, fmt.Errorf("reading netCDF needs a library: %w", err)
	}
	if err != nil {
		p := attribute.Problem{File: path, Line: 1, Col: 1, Code: "unreadable-file", Text: err.Error()}
		var at *fs.PathError
		if errors.As(err, &at) {
			p.Text = at.Err.Error()
		}
		if errors.Is(err, os.ErrNotExist) {
			p.Code, p.Text = "missing-file", "there is no such file"
		}
		return nil, []attribute.Problem{p}, nil
	}
	defer f.Close()
	n := readArrays(path, &f.Header, f)
	if n.Name == "" {
		n.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	return n, n.take(), nil
}

// arrays are the values of a netCDF file's variables.
type arrays interface {
	Floats(*netcdf.Variable) ([]float64, error)
	Integers(*netcdf.Variable) ([]int64, error)
	Texts(*netcdf.Variable) ([]string, error)
}

// dataset is a netCDF file while it is read.
type dataset struct {
	*Network
	path string
	*netcdf.Header
	arrays

	scenarios int // 1: there are none
	known     map[string]bool
	read      map[string][]string // texts, of which every scenario takes its part
}

func readArrays(path string, header *netcdf.Header, values arrays) *Network {
	d := &dataset{Network: newNetwork(), path: path, Header: header, arrays: values, scenarios: 1, known: map[string]bool{"breakpoint": true}, read: map[string][]string{}}
	d.where = func(list, attr string) string {
		if attr == "" {
			attr = "i"
			if d.Variable(list+"_i") == nil {
				return path + "#" + list
			}
		}
		return path + "#" + list + "_" + attr
	}
	d.Name, d.header = header.Attributes.Text("network_name"), header.Attributes
	if d.Variable("buses_i") == nil {
		d.problem(path, 1, 1, "unknown-format", "it holds no buses_i, as PyPSA writes it")
		return d.Network
	}
	d.readScenarios()
	d.readTime(d.sheet("snapshots", "snapshots", 0), d.sheet("investment_periods", "investment_periods", 0))
	parts := []*Network{d.Network}
	for s := 1; s < d.scenarios; s++ {
		p := newNetwork()
		p.Name, p.Snapshots, p.Periods, p.where, p.findings, p.broken = d.Name, d.Snapshots, d.Periods, d.where, d.findings, d.broken
		parts = append(parts, p)
	}
	for s, p := range parts {
		for _, t := range p.all() {
			p.readComponent(t, d.sheet(t.List, t.List+"_i", s))
		}
	}
	if len(d.Scenarios) > 0 {
		d.parts = parts
	}
	for i := range d.Variables {
		v := &d.Variables[i]
		if list, attr, ok := strings.Cut(v.Name, "_t_"); ok && d.listed(list) != nil && d.Variable(list+"_i") != nil {
			d.readSeries(v, list, attr)
		} else if list, attr, ok := strings.Cut(v.Name, "_pw_"); ok && d.listed(list) != nil && d.Variable(list+"_i") != nil {
			d.readBreakpoints(v, list, attr)
		} else if list, index := strings.CutSuffix(v.Name, "_i"); index && !d.known[v.Name] && d.near(list) != "" {
			d.problem(path+"#"+v.Name, 1, 1, "unknown-component", "%s belongs to no component; did you mean %s_i", v.Name, d.near(list))
		} else if !d.known[v.Name] {
			d.note(v.Name + " belongs to no component and is not read")
		}
	}
	d.invariant()
	return d.Network
}

func (d *dataset) fault(v *netcdf.Variable, err error) {
	d.problem(d.path+"#"+v.Name, 1, 1, "unreadable-file", "%v", err)
}

// dimensions are the names of a variable's dimensions.
func (d *dataset) dimensions(v *netcdf.Variable) []string {
	var all []string
	for _, k := range v.Dimensions {
		all = append(all, d.Dimensions[k].Name)
	}
	return all
}

// readScenarios reads their names and weights.
func (d *dataset) readScenarios() {
	weight := d.Variable("scenario_weight")
	if weight == nil {
		return
	}
	d.known[weight.Name] = true
	names := d.labels("scenario")
	values, err := d.Floats(weight)
	if err == nil && (names == nil || len(values) != len(names) || len(names) == 0) {
		err = fmt.Errorf("there are %d weights and %d scenarios", len(values), len(names))
	}
	if err != nil {
		d.fault(weight, err)
		return
	}
	sum := 0.0
	for i, w := range values {
		if !(w >= 0) || math.IsInf(w, 0) {
			d.problem(d.path+"#"+weight.Name, i+1, 1, "pypsa-value", "scenario %q: read %g, want a probability of 0 or more", names[i], w)
		}
		sum += w
		if slices.Index(names, names[i]) < i {
			d.problem(d.path+"#scenario", i+1, 1, "duplicate-id", "scenario %q stands here a second time", names[i])
		}
		d.Scenarios = append(d.Scenarios, Scenario{names[i], w})
	}
	if math.Abs(sum-1) > 1e-6 {
		d.problem(d.path+"#"+weight.Name, 1, 1, "pypsa-value", "the probabilities sum to %g, and must to 1", sum)
	}
	d.scenarios = len(names)
}

// labels are the names along a dimension; nil where it has none.
func (d *dataset) labels(name string) []string {
	v := d.Variable(name)
	if v == nil {
		return nil
	}
	d.known[name] = true
	if len(v.Dimensions) != 1 {
		d.fault(v, fmt.Errorf("it has %d dimensions, one would fit", len(v.Dimensions)))
		return nil
	}
	texts, err := d.texts(v)
	if err != nil {
		d.fault(v, err)
		return nil
	}
	return texts
}

// texts reads a variable of any kind as a CSV file would have it.
func (d *dataset) texts(v *netcdf.Variable) ([]string, error) {
	units := v.Attributes.Text("units")
	switch {
	case v.Kind == netcdf.Text:
		return d.Texts(v)
	case strings.Contains(units, " since "):
		return d.times(v, units)
	}
	values, err := d.Floats(v)
	if err != nil {
		return nil, err
	}
	flags := v.Attributes.Text("dtype") == "bool"
	all := make([]string, len(values))
	for i, x := range values {
		switch {
		case math.IsNaN(x):
		case flags && x == 1:
			all[i] = "True"
		case flags && x == 0:
			all[i] = "False"
		default:
			all[i] = strconv.FormatFloat(x, 'g', -1, 64)
			if x == math.Trunc(x) && math.Abs(x) < 1e15 {
				all[i] = strconv.FormatInt(int64(x), 10)
			}
		}
	}
	return all, nil
}

// spans are the units of times in CF's names.
var spans = map[string]time.Duration{
	"days": 24 * time.Hour, "hours": time.Hour, "minutes": time.Minute, "seconds": time.Second,
	"milliseconds": time.Millisecond, "microseconds": time.Microsecond, "nanoseconds": time.Nanosecond,
}

// origins are the forms of the stamp that CF times count from.
var origins = []string{"2006-01-02 15:04:05", "2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -07:00"}

// times reads times as CF has them: a number of units since a stamp.
func (d *dataset) times(v *netcdf.Variable, units string) ([]string, error) {
	switch calendar := v.Attributes.Text("calendar"); calendar {
	case "", "standard", "gregorian", "proleptic_gregorian":
	default:
		return nil, fmt.Errorf("its calendar is %q; proleptic_gregorian and standard are read", calendar)
	}
	word, since, _ := strings.Cut(units, " since ")
	unit, ok := spans[strings.TrimSuffix(strings.TrimSpace(word), "s")+"s"]
	var origin time.Time
	if ok {
		ok = slices.ContainsFunc(origins, func(form string) bool {
			var err error
			origin, err = time.Parse(form, strings.TrimSpace(since))
			return err == nil
		})
	}
	if !ok {
		return nil, fmt.Errorf("its units are %q; days, hours, minutes or seconds since a stamp such as 2030-01-01 00:00:00 would fit", units)
	}
	var stamps []time.Time
	add := func(whole int64, rest float64) error {
		// Days apart, as a Duration ends after 292 years.
		const day = int64(24 * time.Hour)
		perDay := day / int64(unit)
		days := whole / perDay
		if days > 4e6 || days < -4e6 {
			return fmt.Errorf("entry %d is %d %s: no time", len(stamps)+1, whole, units)
		}
		left := time.Duration(whole%perDay)*unit + time.Duration(math.Round(rest*float64(unit)))
		stamps = append(stamps, origin.AddDate(0, 0, int(days)).Add(left).Round(time.Second))
		return nil
	}
	if v.Kind == netcdf.Integer {
		values, err := d.Integers(v)
		if err != nil {
			return nil, err
		}
		for _, k := range values {
			if err := add(k, 0); err != nil {
				return nil, err
			}
		}
	} else {
		values, err := d.Floats(v)
		if err != nil {
			return nil, err
		}
		for i, x := range values {
			whole, rest := math.Modf(x)
			if !(math.Abs(x) < 1e18) {
				return nil, fmt.Errorf("entry %d is %g %s: no time", i+1, x, units)
			}
			if err := add(int64(whole), rest); err != nil {
				return nil, err
			}
		}
	}
	form := "2006-01-02"
	for _, t := range stamps {
		if h, m, s := t.Clock(); h+m+s > 0 {
			form = stampForms[0]
		}
	}
	all := make([]string, len(stamps))
	for i, t := range stamps {
		all[i] = t.Format(form)
	}
	return all, nil
}

// sheet is the table of a list in a scenario, one row an entry of its index;
// nil where there is no index.
func (d *dataset) sheet(list, index string, scenario int) *sheet {
	var names []string
	if v := d.Variable(index); v != nil {
		if names = d.labels(index); names == nil && d.Size(v) > 0 {
			return &sheet{place: func(int) string { return d.path + "#" + index }, broken: true}
		}
	} else if k := slices.IndexFunc(d.Dimensions, func(k netcdf.Dimension) bool { return k.Name == index }); k >= 0 {
		for i := range min(d.Dimensions[k].Len, 1<<24) {
			names = append(names, strconv.Itoa(i))
		}
	} else {
		return nil
	}
	s := &sheet{rows: make([]row, len(names)+1)}
	variables := []string{index}
	s.place = func(col int) string { return d.path + "#" + variables[col] }
	header := "name"
	if list == index { // a dimension of time
		header = ""
	}
	s.rows[0] = row{cells: []string{header}, line: 1, cols: []int{1}}
	for i, name := range names {
		s.rows[i+1] = row{cells: []string{name}, line: i + 1, cols: []int{1}}
	}
	for i := range d.Variables {
		v := &d.Variables[i]
		attr, ok := strings.CutPrefix(v.Name, list+"_")
		if !ok || v.Name == index || strings.HasPrefix(attr, "t_") || strings.HasPrefix(attr, "pw_") {
			continue
		}
		d.known[v.Name] = true
		if t := d.listed(list); t != nil {
			if a := t.attribute(attr); a != nil && (a.Use == Output || a.Use == Unused) {
				continue
			}
		}
		at, col := func(i int) int { return i }, 1
		switch dims := d.dimensions(v); {
		case slices.Equal(dims, []string{index}):
		case d.scenarios > 1 || len(d.Scenarios) == 1:
			col = scenario + 1
			if slices.Equal(dims, []string{"scenario", index}) {
				at = func(i int) int { return scenario*len(names) + i }
				break
			}
			if slices.Equal(dims, []string{index, "scenario"}) {
				at = func(i int) int { return i*d.scenarios + scenario }
				break
			}
			fallthrough
		default:
			d.fault(v, fmt.Errorf("its dimensions are %s; %s would fit", strings.Join(dims, ", "), index))
			s.broken = true
			continue
		}
		texts, err := d.once(v)
		if err == nil && len(names) > 0 && at(len(names)-1) >= len(texts) {
			err = fmt.Errorf("it has %d entries, %s has %d", len(texts), index, len(names))
		}
		if err != nil {
			d.fault(v, err)
			s.broken = true
			continue
		}
		variables = append(variables, v.Name)
		s.rows[0].cells, s.rows[0].cols = append(s.rows[0].cells, attr), append(s.rows[0].cols, col)
		for i := range names {
			r := &s.rows[i+1]
			r.cells, r.cols = append(r.cells, texts[at(i)]), append(r.cols, col)
		}
	}
	return s
}

// once reads a variable's texts, and keeps them where scenarios share it.
func (d *dataset) once(v *netcdf.Variable) ([]string, error) {
	if all, ok := d.read[v.Name]; ok {
		return all, nil
	}
	all, err := d.texts(v)
	if err == nil && d.scenarios > 1 {
		d.read[v.Name] = all
	}
	return all, err
}

// readSeries reads a variable of snapshots, scenarios if there are any, and
// assets.
func (d *dataset) readSeries(v *netcdf.Variable, list, attr string) {
	file := d.path + "#" + v.Name
	d.known[v.Name] = true
	d.known[v.Name+"_i"] = true
	if len(v.Dimensions) == 1 && d.Dimensions[v.Dimensions[0]].Name == v.Name && strings.HasSuffix(attr, "_i") {
		return // the names of a series
	}
	a := d.varying(d.listed(list), attr, false, file)
	if a == nil || d.broken {
		return
	}
	dims := d.dimensions(v)
	want := []string{"snapshots"}
	if len(dims) == 3 {
		want = append(want, "scenario")
	}
	if len(dims) < 2 || !slices.Equal(dims[:len(dims)-1], want) || len(dims) == 3 && len(d.Scenarios) == 0 {
		d.fault(v, fmt.Errorf("its dimensions are %s; snapshots and names of assets would fit", strings.Join(dims, ", ")))
		return
	}
	names := d.labels(dims[len(dims)-1])
	if len(names) == 0 {
		return
	}
	values, err := d.Floats(v)
	many := 1
	if len(dims) == 3 {
		many = d.scenarios
	}
	steps, width := len(d.Snapshots), many*len(names)
	if err == nil && len(values) != steps*width {
		d.problem(file, 1, 1, "series-length", "read %d entries, there are %d snapshots and %d columns", len(values), steps, width)
		return
	}
	if err != nil {
		d.fault(v, err)
		return
	}
	columns := transposed(values, steps, width)
	optional := math.IsNaN(a.Default)
	for k := range max(1, d.scenarios) {
		n := d.Network
		if d.parts != nil {
			n = d.parts[k]
		}
		t := n.listed(list)
		for j, name := range names {
			c := j
			if many > 1 {
				c = k*len(names) + j
			}
			column := columns[c*steps : (c+1)*steps]
			gap := slices.IndexFunc(column, math.IsNaN)
			if gap >= 0 && !optional {
				if many > 1 && !slices.ContainsFunc(column, func(x float64) bool { return x == x }) {
					continue // of another scenario only
				}
				d.problem(file, gap+1, c+1, "pypsa-value", "%s %q, %s: read NaN, want a number", t.Name, name, attr)
				continue
			}
			n.add(t, attr, file, 1, c+1, name, column)
		}
	}
}

// transposed makes columns of rows, by blocks that fit a cache.
func transposed(v []float64, rows, cols int) []float64 {
	const block = 64
	out := make([]float64, len(v))
	for r := 0; r < rows; r += block {
		for c := 0; c < cols; c++ {
			for i := r; i < min(r+block, rows); i++ {
				out[c*rows+i] = v[i*cols+c]
			}
		}
	}
	return out
}

// readBreakpoints reads a variable of breakpoints, names, and the two
// attributes x and y.
func (d *dataset) readBreakpoints(v *netcdf.Variable, list, attr string) {
	d.known[v.Name], d.known[v.Name+"_i"], d.known[v.Name+"_attr_i"] = true, true, true
	for _, end := range []string{"_attr_i", "_i"} {
		if base, ok := strings.CutSuffix(v.Name, end); ok && d.Variable(base) != nil {
			return // names of a piecewise variable
		}
	}
	t := d.listed(list)
	if d.varying(t, attr, true, d.path+"#"+v.Name) == nil {
		return
	}
	dims := d.dimensions(v)
	if len(dims) != 3 || dims[1] != v.Name+"_i" || dims[2] != v.Name+"_attr_i" {
		d.fault(v, fmt.Errorf("its dimensions are %s; breakpoints, names and attributes would fit", strings.Join(dims, ", ")))
		return
	}
	names, axes := d.labels(dims[1]), d.labels(dims[2])
	texts, err := d.texts(v)
	count := d.Dimensions[v.Dimensions[0]].Len
	if err == nil && len(texts) != count*len(names)*len(axes) {
		err = fmt.Errorf("it has %d entries, %d x %d x %d would fit", len(texts), count, len(names), len(axes))
	}
	if err != nil {
		d.fault(v, err)
		return
	}
	s := &sheet{place: func(int) string { return d.path + "#" + v.Name }}
	for r := -2; r < count; r++ {
		k := row{cells: []string{""}, line: max(r+1, 1), cols: []int{1}}
		for i, name := range names {
			for j, axis := range axes {
				at := i*len(axes) + j
				cell := name
				if r == -1 {
					cell = axis
				}
				if r >= 0 {
					cell = texts[r*len(names)*len(axes)+at]
				}
				k.cells, k.cols = append(k.cells, cell), append(k.cols, at+1)
			}
		}
		s.rows = append(s.rows, k)
	}
	for k := range max(1, d.scenarios) {
		n := d.Network
		if d.parts != nil {
			n = d.parts[k]
		}
		n.readPieces(n.listed(list), attr, s)
	}
}
