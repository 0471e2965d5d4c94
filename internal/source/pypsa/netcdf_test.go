package pypsa

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
)

// words is a netCDF file in words, one line a dimension, attribute or variable:
//
//	dim NAME LENGTH
//	att NAME TEXT
//	TYPE NAME DIM,DIM [KEY=TEXT;KEY=TEXT] = VALUE,VALUE
//
// with float, int, flag (int8 of dtype bool) and text as types.
type words struct {
	netcdf.Header
	values map[string][]string
}

func parseWords(s string) *words {
	w := &words{values: map[string][]string{}}
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		head, list, _ := strings.Cut(line, " = ")
		f := strings.Fields(head)
		if len(f) < 3 {
			continue
		}
		switch f[0] {
		case "dim":
			n, _ := strconv.Atoi(f[2])
			w.Dimensions = append(w.Dimensions, netcdf.Dimension{Name: f[1], Len: max(0, min(n, 100))})
		case "att":
			w.Attributes = append(w.Attributes, netcdf.Attribute{Name: f[1], Kind: netcdf.Text, Text: strings.Join(f[2:], " ")})
		default:
			v := netcdf.Variable{Name: f[1], Kind: map[string]netcdf.Kind{"float": netcdf.Float, "int": netcdf.Integer, "flag": netcdf.Integer, "text": netcdf.Text}[f[0]]}
			if f[0] == "flag" {
				v.Attributes = append(v.Attributes, netcdf.Attribute{Name: "dtype", Kind: netcdf.Text, Text: "bool"})
			}
			size := 1
			for name := range strings.SplitSeq(f[2], ",") {
				k := slices.IndexFunc(w.Dimensions, func(d netcdf.Dimension) bool { return d.Name == name })
				if k >= 0 {
					v.Dimensions = append(v.Dimensions, k)
					size *= w.Dimensions[k].Len
				}
			}
			for pair := range strings.SplitSeq(strings.Join(f[3:], " "), ";") {
				if key, text, ok := strings.Cut(pair, "="); ok {
					v.Attributes = append(v.Attributes, netcdf.Attribute{Name: key, Kind: netcdf.Text, Text: text})
				}
			}
			values := strings.Split(list, ",")
			for len(values) < min(size, 1e5) {
				values = append(values, "")
			}
			w.values[v.Name] = values[:min(size, len(values))]
			w.Variables = append(w.Variables, v)
		}
	}
	return w
}

func (w *words) Floats(v *netcdf.Variable) ([]float64, error) {
	if v.Kind == netcdf.Text || v.Kind == netcdf.Other {
		return nil, errors.New("it holds texts")
	}
	var all []float64
	for _, s := range w.values[v.Name] {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			x = math.NaN()
		}
		all = append(all, x)
	}
	return all, nil
}

func (w *words) Integers(v *netcdf.Variable) ([]int64, error) {
	var all []int64
	for _, s := range w.values[v.Name] {
		x, _ := strconv.ParseInt(s, 10, 64)
		all = append(all, x)
	}
	return all, nil
}

func (w *words) Texts(v *netcdf.Variable) ([]string, error) {
	if v.Kind != netcdf.Text {
		return nil, errors.New("it holds no texts")
	}
	return w.values[v.Name], nil
}

const smallFile = `
att network_name small
dim snapshots 2
dim buses_i 2
dim generators_i 1
dim loads_i 1
dim loads_t_p_set_i 1
dim lines_i 1
int snapshots snapshots = 0,1
int snapshots_snapshot snapshots units=hours since 2030-01-01 00:00:00;calendar=proleptic_gregorian = 0,1
float snapshots_objective snapshots = 1,1
text buses_i buses_i = a,b
float buses_v_nom buses_i = 380,380
text generators_i generators_i = g
text generators_bus generators_i = a
float generators_p_nom generators_i = 100
float generators_marginal_cost generators_i = 10
flag generators_committable generators_i = 0
text loads_i loads_i = l
text loads_bus loads_i = b
text loads_t_p_set_i loads_t_p_set_i = l
float loads_t_p_set snapshots,loads_t_p_set_i = 50,60
text lines_i lines_i = ab
text lines_bus0 lines_i = a
text lines_bus1 lines_i = b
float lines_x lines_i = 1
float lines_s_nom lines_i = 100
`

func fromWords(s string) (*Network, []attribute.Problem) {
	w := parseWords(s)
	n := readArrays("x.nc", &w.Header, w)
	if found := n.take(); len(found) > 0 {
		return n, found
	}
	_, found := Build(n, Options{})
	return n, found
}

func TestSmallFileIsRead(t *testing.T) {
	n, found := fromWords(smallFile)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if n.Name != "small" || len(n.Snapshots) != 2 || n.Snapshots[1].Label != "2030-01-01 01:00:00" || n.table("Load").series["p_set"][0][1] != 60 || len(n.Notes) > 0 {
		t.Errorf("%+v", n)
	}
}

// Each fault is told at its variable and entry, in one problem.
func TestBadFiles(t *testing.T) {
	for name, c := range map[string]struct {
		was, is  string // a line of the small file, from its beginning
		at, code string
	}{
		"unknown bus":          {"text generators_bus", "text generators_bus generators_i = c", "x.nc#generators_bus:1:1", "unknown-bus"},
		"unknown bus, line":    {"text lines_bus1", "text lines_bus1 lines_i = c", "x.nc#lines_bus1:1:1", "unknown-bus"},
		"texts for numbers":    {"float generators_p_nom", "text generators_p_nom generators_i = ten", "x.nc#generators_p_nom:1:1", "pypsa-value"},
		"negative size":        {"float generators_p_nom", "float generators_p_nom generators_i = -5", "x.nc#generators_p_nom:1:1", "pypsa-value"},
		"no flag":              {"flag generators_committable", "int generators_committable generators_i = 5", "x.nc#generators_committable:1:1", "pypsa-value"},
		"twice":                {"text buses_i", "text buses_i buses_i = a,a", "x.nc#buses_i:2:1", "duplicate-id"},
		"no name":              {"text loads_i", "text loads_i loads_i = ", "x.nc#loads_i:1:1", "missing-id"},
		"other dimensions":     {"float generators_p_nom", "float generators_p_nom buses_i = 1,2", "x.nc#generators_p_nom:1:1", "unreadable-file"},
		"gap in a series":      {"float loads_t_p_set", "float loads_t_p_set snapshots,loads_t_p_set_i = 50,NaN", "x.nc#loads_t_p_set:2:1", "pypsa-value"},
		"series of none":       {"text loads_t_p_set_i", "text loads_t_p_set_i loads_t_p_set_i = k", "x.nc#loads_t_p_set:1:1", "unknown-asset"},
		"misspelt series":      {"float loads_t_p_set", "float loads_t_p_sett snapshots,loads_t_p_set_i = 50,60", "x.nc#loads_t_p_sett:1:1", "unknown-attribute"},
		"series of texts":      {"float loads_t_p_set", "text loads_t_p_set snapshots,loads_t_p_set_i = 50,60", "x.nc#loads_t_p_set:1:1", "unreadable-file"},
		"series the wrong way": {"float loads_t_p_set", "float loads_t_p_set loads_t_p_set_i,snapshots = 50,60", "x.nc#loads_t_p_set:1:1", "unreadable-file"},
		"no reactance":         {"float lines_x", "float lines_v_ang_max lines_i = -1", "x.nc#lines_v_ang_max:1:1", "pypsa-value"},
		"other calendar":       {"int snapshots_snapshot", "int snapshots_snapshot snapshots units=days since 2030-01-01;calendar=360_day = 0,1", "x.nc#snapshots_snapshot:1:1", "unreadable-file"},
		"other units":          {"int snapshots_snapshot", "int snapshots_snapshot snapshots units=months since 2030-01-01 = 0,1", "x.nc#snapshots_snapshot:1:1", "unreadable-file"},
		"time too far":         {"int snapshots_snapshot", "int snapshots_snapshot snapshots units=days since 2030-01-01 = 0,-9223372036854775808", "x.nc#snapshots_snapshot:1:1", "unreadable-file"},
		"backwards":            {"int snapshots_snapshot", "int snapshots_snapshot snapshots units=hours since 2030-01-01 = 1,0", "x.nc#snapshots_snapshot:2:1", "horizon"},
		"snapshot twice":       {"int snapshots_snapshot", "int snapshots_snapshot snapshots units=hours since 2030-01-01 = 1,1", "x.nc#snapshots_snapshot:2:1", "duplicate-id"},
		"negative weight":      {"float snapshots_objective", "float snapshots_objective snapshots = 1,-1", "x.nc#snapshots_objective:2:1", "pypsa-value"},
		"misspelt component":   {"int snapshots", "text generator_i buses_i = a,b", "x.nc#generator_i:1:1", "unknown-component"},
		"no network":           {"text buses_i", "", "x.nc:1:1", "unknown-format"},
	} {
		var lines []string
		changed := false
		for line := range strings.Lines(smallFile) {
			if strings.HasPrefix(line, c.was+" ") {
				line, changed = c.is+"\n", true
			}
			lines = append(lines, line)
		}
		_, found := fromWords(strings.Join(lines, ""))
		if !changed || len(found) != 1 || !strings.HasPrefix(found[0].String(), c.at+": "+c.code+": ") {
			t.Errorf("%s: %v; want one, %s: %s", name, found, c.at, c.code)
		}
	}
}

// Files of before PyPSA 0.18: the dimension has the stamps, and one weight is
// all three.
func TestOldFile(t *testing.T) {
	var lines []string
	for line := range strings.Lines(smallFile) {
		if !strings.HasPrefix(line, "int snapshots") && !strings.HasPrefix(line, "float snapshots") {
			lines = append(lines, line)
		}
	}
	n, found := fromWords(strings.Join(lines, "") + `
int snapshots snapshots units=days since 2030-01-01 = 0,1
float snapshots_weightings snapshots = 2,3
`)
	want := []Snapshot{{"2030-01-01", 0, 2, 2, 2}, {"2030-01-02", 0, 3, 3, 3}}
	if len(found) > 0 || !slices.Equal(n.Snapshots, want) {
		t.Errorf("%v %+v", found, n.Snapshots)
	}
}

// futures are two scenarios of the small file, each with its own demand and
// fuel's price.
func futures() string {
	s := strings.ReplaceAll(smallFile, "dim loads_t_p_set_i 1\n", "dim loads_t_p_set_i 1\ndim scenario 2\n")
	s = strings.ReplaceAll(s, "float loads_t_p_set snapshots,loads_t_p_set_i = 50,60", "float loads_t_p_set snapshots,scenario,loads_t_p_set_i = 50,10,60,20")
	s = strings.ReplaceAll(s, "float generators_marginal_cost generators_i = 10", "float generators_marginal_cost scenario,generators_i = 10,20")
	return s + "text scenario scenario = dry,wet\nfloat scenario_weight scenario = 0.25,0.75\n"
}

// By hand: 0.25 x (50 + 60) x 10 + 0.75 x (10 + 20) x 20 = 725.
func TestScenariosByHand(t *testing.T) {
	w := parseWords(futures())
	n := readArrays("x.nc", &w.Header, w)
	if found := n.take(); len(found) > 0 {
		t.Fatal(found)
	}
	a, found, err := Solve(t.Context(), n, Options{}, With("native", lp.Options{}))
	if err != nil || len(found) > 0 {
		t.Fatalf("%v %v", found, err)
	}
	if math.Abs(a.Solution.Objective-725) > 1e-5 {
		t.Errorf("objective %g, want 725", a.Solution.Objective)
	}
	for _, want := range []string{"dry|a", "wet|b"} {
		if _, ok := a.Buses[want]; !ok {
			t.Errorf("there is no bus %s in %v", want, a.Buses)
		}
	}
}

func TestBadScenarios(t *testing.T) {
	for name, c := range map[string]struct{ was, is, at, code string }{
		"probabilities":     {"= 0.25,0.75", "= 0.25,0.25", "x.nc#scenario_weight:1:1", "pypsa-value"},
		"no probability":    {"= 0.25,0.75", "= 1.25,-0.25", "x.nc#scenario_weight:2:1", "pypsa-value"},
		"twice":             {"= dry,wet", "= dry,dry", "x.nc#scenario:2:1", "duplicate-id"},
		"another bus":       {"text loads_bus loads_i = b", "text loads_bus scenario,loads_i = a,b", "x.nc#loads_bus:1:2", "pypsa-value"},
		"another bus's gap": {"= 50,10,60,20", "= 50,10,60,NaN", "x.nc#loads_t_p_set:2:2", "pypsa-value"},
	} {
		s := futures()
		if !strings.Contains(s, c.was) {
			t.Fatalf("%s: no %q", name, c.was)
		}
		_, found := fromWords(strings.Replace(s, c.was, c.is, 1))
		if len(found) != 1 || !strings.HasPrefix(found[0].String(), c.at+": "+c.code+": ") {
			t.Errorf("%s: %v; want one, %s: %s", name, found, c.at, c.code)
		}
	}
	n, _ := fromWords(futures())
	for entry, o := range map[string]Options{
		"mga":             {Entry: "mga", Weights: map[Asset]float64{{"Generator", "g"}: 1}},
		"rolling_horizon": {Entry: "rolling_horizon", Horizon: 1},
	} {
		if _, found, _ := Solve(t.Context(), n, o, With("native", lp.Options{})); len(found) != 1 || !strings.Contains(found[0].Text, entry+" does not go with scenarios") {
			t.Errorf("%s: %v", entry, found)
		}
	}
}

// Times count from a stamp, in units that may end in s, in fractions, and
// beyond what 64 bits of nanoseconds hold.
func TestTimes(t *testing.T) {
	for units, c := range map[string]struct{ kind, values, want string }{
		"hours since 2030-01-01":                       {"int", "0,1", "2030-01-01 00:00:00,2030-01-01 01:00:00"},
		"days since 2030-01-01 00:00:00":               {"int", "0,31", "2030-01-01,2030-02-01"},
		"day since 1582-10-15":                         {"int", "0,163448", "1582-10-15,2030-04-17"}, // Julian days 2299160.5 and 2462608.5,
		"seconds since 1970-01-01T00:00:00":            {"float", "0.5,1893456000", "1970-01-01 00:00:01,2030-01-01 00:00:00"},
		"hours since 2030-01-01 00:30:00":              {"float", "0.5,1.25", "2030-01-01 01:00:00,2030-01-01 01:45:00"},
		"minutes since 2030-01-01 00:00:00":            {"int", "-15,0", "2029-12-31 23:45:00,2030-01-01 00:00:00"},
		"nanoseconds since 2030-01-01 00:00:00":        {"int", "0,3600000000000", "2030-01-01 00:00:00,2030-01-01 01:00:00"},
		"milliseconds since 2030-01-01 00:00:00+00:00": {"int", "0,60000", "2030-01-01 00:00:00,2030-01-01 00:01:00"},
	} {
		w := parseWords(fmt.Sprintf("dim x 2\n%s t x units=%s = %s", c.kind, units, c.values))
		d := &dataset{Header: &w.Header, arrays: w}
		got, err := d.texts(w.Variable("t"))
		if err != nil || strings.Join(got, ",") != c.want {
			t.Errorf("%s: %v %v, want %s", units, got, err, c.want)
		}
	}
}

// A file cut short says so; what is no network says so too.
func TestCutFile(t *testing.T) {
	if !library(t) {
		t.Skip(netcdf.ErrNoLibrary)
	}
	whole, err := os.ReadFile(shared.Path(t, "cases/pypsa/merit-order/network.nc"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cut.nc")
	if err := os.WriteFile(path, whole[:len(whole)*2/3], 0o644); err != nil {
		t.Fatal(err)
	}
	_, found, err := Open(path)
	if err != nil || len(found) != 1 || found[0].File != path || found[0].Code != "unreadable-file" || !strings.Contains(found[0].Text, "cut short") {
		t.Errorf("%v %v", found, err)
	}
	_, found, err = Open(filepath.Join(t.TempDir(), "gone.nc"))
	if err != nil || len(found) != 1 || found[0].Code != "missing-file" {
		t.Errorf("%v %v", found, err)
	}
}

// Whatever a file says, there are problems or a model that the formulation
// takes or refuses, and takes as it is when it is written and read again;
// nothing panics.
func FuzzFile(f *testing.F) {
	f.Add(smallFile)
	f.Add(futures())
	f.Add("dim buses_i 0\ntext buses_i buses_i")
	f.Add(strings.ReplaceAll(smallFile, "dim lines_i 1", "dim lines_i 1\ndim breakpoint 2\ndim generators_pw_marginal_cost_i 1\ndim generators_pw_marginal_cost_attr_i 2") + `
text generators_pw_marginal_cost_i generators_pw_marginal_cost_i = g
text generators_pw_marginal_cost_attr_i generators_pw_marginal_cost_attr_i = p_pu,marginal_cost
float generators_pw_marginal_cost breakpoint,generators_pw_marginal_cost_i,generators_pw_marginal_cost_attr_i = 0,0,1,20
`)
	f.Add(strings.ReplaceAll(smallFile, "dim snapshots 2", "dim snapshots 2\ndim investment_periods 2") + `
int investment_periods investment_periods = 2030,2040
float investment_periods_objective investment_periods = 1,1
int snapshots_period snapshots = 2030,2040
`)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 {
			return
		}
		w := parseWords(s)
		n := readArrays("x.nc", &w.Header, w)
		if len(n.take()) > 0 {
			return
		}
		again := (*Network)(nil)
		if len(n.Snapshots) > 0 && hash(n, Options{}) != "" {
			again = rewritten(t, n)
		}
		if again != nil && hash(again, Options{}) != hash(n, Options{}) {
			t.Error("laid out and read again it is another problem")
		}
	})
}
