package pypsa

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/shared"
	"example.org/busbar/internal/source/pypsa/csvfolder"
	"example.org/busbar/internal/source/pypsa/export"
	"example.org/busbar/lp"
)

// memory is a Dataset as a reader finds it in a file.
type memory struct {
	netcdf.Header
	of map[string]*netcdf.Content
}

func remember(d *netcdf.Dataset) *memory {
	m := &memory{Header: netcdf.Header{Dimensions: d.Dimensions, Attributes: d.Attributes}, of: map[string]*netcdf.Content{}}
	for i := range d.Variables {
		c := &d.Variables[i]
		v := netcdf.Variable{Name: c.Name, Kind: netcdf.Text, Attributes: c.Attributes}
		switch {
		case c.Floats != nil:
			v.Kind = netcdf.Float
		case c.Integers != nil:
			v.Kind = netcdf.Integer
		}
		for _, name := range c.Dimensions {
			v.Dimensions = append(v.Dimensions, slices.IndexFunc(d.Dimensions, func(k netcdf.Dimension) bool { return k.Name == name }))
		}
		m.of[c.Name], m.Variables = c, append(m.Variables, v)
	}
	return m
}

func (m *memory) Floats(v *netcdf.Variable) ([]float64, error) {
	c := m.of[v.Name]
	all := slices.Clone(c.Floats)
	for _, k := range c.Integers {
		all = append(all, float64(k))
	}
	return all, nil
}
func (m *memory) Integers(v *netcdf.Variable) ([]int64, error) { return m.of[v.Name].Integers, nil }
func (m *memory) Texts(v *netcdf.Variable) ([]string, error)   { return m.of[v.Name].Texts, nil }

// rewritten is a network laid out as netCDF and read again, without a file.
func rewritten(t testing.TB, n *Network) *Network {
	t.Helper()
	var folders []*csvfolder.Folder
	for _, part := range n.scenarios() {
		folders = append(folders, part.folder())
	}
	d, err := arrange(n.Scenarios, folders)
	if err != nil {
		t.Fatal(err)
	}
	m := remember(d)
	again := readArrays("x.nc", &m.Header, m)
	if p := again.take(); len(p) > 0 {
		t.Fatal(p)
	}
	return again
}

// hash is that of the problem that a network becomes, "" where it becomes none.
func hash(n *Network, o Options) string {
	b, problems := Build(n, o)
	if len(problems) > 0 {
		return ""
	}
	p, _, err := formulate.Build(b.Model)
	if err != nil {
		return ""
	}
	return p.Hash()
}

// Every network of the suite, from its CSV folder and from its netCDF file, is
// the same problem to the last bit when it is laid out as netCDF and read again.
func TestLaidOut(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared.Path(t, "cases/pypsa"), "*", "network*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	with := library(t)
	for _, path := range files {
		if IsFile(path) && !with {
			continue
		}
		o, problems := ReadOptions(filepath.Join(filepath.Dir(path), "expected.json"), nil)
		n, more, err := Open(path)
		if problems = append(problems, more...); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		// Laid out first: building it writes into its tables.
		again := rewritten(t, n)
		if was := hash(n, o); was == "" || hash(again, o) != was {
			t.Errorf("%s: read again it is another problem", path)
		}
		if again.Name != n.Name || len(again.Notes) > len(n.Notes) {
			t.Errorf("%s: named %q, was %q; notes %q, were %q", path, again.Name, n.Name, again.Notes, n.Notes)
		}
	}
}

// netCDF to netCDF by way of files: solved networks, scenarios and periods among
// them, are the problem they were, and hold their answer for PyPSA.
func TestSolvedFile(t *testing.T) {
	if !library(t) {
		t.Skip(netcdf.ErrNoLibrary)
	}
	for _, name := range []string{"stochastic-cvar", "stochastic-two-stage", "multi-period-invest", "piecewise-marginal-cost"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(shared.Path(t, "cases/pypsa"), name)
			o, problems := ReadOptions(filepath.Join(dir, "expected.json"), nil)
			n, more, err := Open(filepath.Join(dir, "network.nc"))
			if problems = append(problems, more...); err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			a, problems, err := Solve(context.Background(), n, o, With("auto", lp.Options{Gap: 1e-7}))
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			out := filepath.Join(t.TempDir(), "solved.nc")
			if err := a.Export(out); err != nil {
				t.Fatal(err)
			}
			if err := a.Export(out); !errors.Is(err, netcdf.ErrFile) {
				t.Errorf("written over a file that was there: %v", err)
			}
			if err := a.Export(filepath.Join(t.TempDir(), "csv")); (err != nil) != (len(n.Scenarios) > 0) || err != nil && !strings.Contains(err.Error(), ".nc") {
				t.Errorf("as CSV: %v", err)
			}
			again, problems, err := Open(out)
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			if hash(again, o) != a.Problem.Hash() {
				t.Error("read again it is another problem")
			}
			f, err := netcdf.Open(out)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if v, ok := f.Attributes.Number("network__objective"); !ok || math.Abs(v+a.Constant-a.Solution.Objective) > 1e-9*(1+math.Abs(v)) {
				t.Errorf("objective %g", v)
			}
			if f.Attributes.Text("crs") == "" || f.Attributes.Text("meta") != "{}" {
				t.Error("crs or meta is lost")
			}
			energies(t, f, dir)
		})
	}
}

// energies compares the sums of Generator.p over snapshots with PyPSA's: a
// series for each generator and, where there are any, each scenario.
func energies(t *testing.T, f *netcdf.File, dir string) {
	var want struct {
		Energy map[string]map[string]float64 `json:"energy"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	v := f.Variable("generators_t_p")
	p, err := f.Floats(v)
	if err != nil {
		t.Fatal(err)
	}
	names, err := f.Texts(f.Variable("generators_t_p_i"))
	if err != nil {
		t.Fatal(err)
	}
	scenarios := []string{""}
	if s := f.Variable("scenario"); s != nil {
		if scenarios, err = f.Texts(s); err != nil {
			t.Fatal(err)
		}
	}
	weights, err := f.Floats(f.Variable("snapshots_generators"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for s, scenario := range scenarios {
		for i, name := range names {
			sum := 0.0
			for at, w := range weights {
				sum += w * p[(at*len(scenarios)+s)*len(names)+i]
			}
			listed := strings.TrimPrefix(scenario+"|"+name, "|")
			if e, ok := want.Energy["Generator.p"][listed]; ok {
				compared++
				if math.Abs(sum-e) > 1e-3*(1+math.Abs(e)) {
					t.Errorf("%s gives %g, in PyPSA %g", listed, sum, e)
				}
			}
		}
	}
	if compared == 0 {
		t.Errorf("nothing compared: %v, %v", names, want.Energy["Generator.p"])
	}
}

// Networks with scenarios, converted by way of primitives, keep their objective:
// the options that go with them say how they weigh risk.
func TestScenariosConverted(t *testing.T) {
	if !library(t) {
		t.Skip(netcdf.ErrNoLibrary)
	}
	for _, name := range []string{"stochastic-cvar", "stochastic-two-stage"} {
		dir := filepath.Join(shared.Path(t, "cases/pypsa"), name)
		o, problems := ReadOptions(filepath.Join(dir, "expected.json"), nil)
		n, more, err := Open(filepath.Join(dir, "network.nc"))
		if problems = append(problems, more...); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		out, problems := Convert(n, o)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		file := filepath.Join(t.TempDir(), "out.nc")
		if _, err := out.Write(filepath.Join(t.TempDir(), "csv")); !errors.Is(err, csvfolder.ErrDir) {
			t.Errorf("as CSV: %v", err)
		}
		options, err := Write(file, out)
		if err != nil || (options != "") != (o.Risk != nil) {
			t.Fatal(options, err)
		}
		o, problems = ReadOptions(options, nil)
		n, more, err = Open(file)
		if problems = append(problems, more...); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		a, problems, err := Solve(context.Background(), n, o, With("auto", lp.Options{}))
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		var want expected
		text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
		if err == nil {
			err = json.Unmarshal(text, &want)
		}
		if err != nil || math.Abs(a.Solution.Objective-want.Objective) > 1e-6*want.Objective {
			t.Errorf("%s: objective %.10g, was %.10g (%v)", name, a.Solution.Objective, want.Objective, err)
		}
	}
}

// What netCDF has no place for is told.
func TestNotLaidOut(t *testing.T) {
	folder := func(rows ...string) *csvfolder.Folder {
		f := csvfolder.New()
		f.Table("snapshots.csv", "", []string{"0"}).Put("snapshot", []string{"now"})
		f.Table("buses.csv", "name", rows)
		return f
	}
	two := []Scenario{{"wet", 0.5}, {"dry", 0.5}}
	none := folder("a")
	delete(none.Sheets, "snapshots.csv")
	other := folder("a")
	other.Pieces("buses", "x", "a", "p_pu", []float64{0, 1}, []float64{0, 1})
	for _, c := range []struct {
		scenarios []Scenario
		folders   []*csvfolder.Folder
		want      string
	}{
		{two, []*csvfolder.Folder{folder("a", "b"), folder("a")}, `scenario wet has the Bus "b", and dry has not`},
		{two, []*csvfolder.Folder{folder("a"), folder("b", "a")}, `scenario dry has the Bus "b", and wet has not`},
		{two, []*csvfolder.Folder{folder(), folder("a")}, `scenario dry has the Bus "a", and wet has not`},
		{two, []*csvfolder.Folder{other, folder("a")}, "buses-x-pw.csv differs between the scenarios wet and dry"},
		{nil, []*csvfolder.Folder{none}, "without snapshots"},
	} {
		if _, err := arrange(c.scenarios, c.folders); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %s", err, c.want)
		}
	}
	t.Setenv("BUSBAR_NETCDF", t.TempDir())
	file := filepath.Join(t.TempDir(), "x.nc")
	if err := CanWrite(file); !errors.Is(err, netcdf.ErrNoLibrary) || !strings.Contains(err.Error(), "make deps") {
		t.Error(err)
	}
	if _, err := Write(file, &export.Network{Folders: []*csvfolder.Folder{folder("a")}, Options: export.Options{Entry: "optimize"}}); !errors.Is(err, netcdf.ErrNoLibrary) {
		t.Error(err)
	}
	if err := CanWrite(filepath.Dir(file)); !errors.Is(err, csvfolder.ErrDir) {
		t.Error(err)
	}
	if err := CanWrite(filepath.Join(filepath.Dir(file), "csv")); err != nil {
		t.Error(err)
	}
}

// A limit over two scenarios has no place in PyPSA; what each of them has goes
// without the other's name.
func TestScenariosApart(t *testing.T) {
	n, problems := fromWords(futures())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b, problems := Build(n, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	out, told := export.Make(b.Model, "test")
	if len(told) > 0 || len(out.Folders) != len(n.Scenarios) {
		t.Fatal(told)
	}
	for _, f := range out.Folders {
		for _, row := range append(f.Sheets["buses.csv"].Rows, f.Sheets["generators.csv"].Rows...) {
			if strings.Contains(row[0], "|") {
				t.Errorf("a name of a scenario: %s", row[0])
			}
		}
	}
	b.Model.Limits = append(b.Model.Limits, primitive.Limit{Name: "both", Span: primitive.Horizon, Min: []float64{0}, Max: []float64{1}, Soft: math.NaN(), Terms: []primitive.Term{
		{Of: primitive.UnitActivity, Index: 0, Coef: primitive.Const(1)}, {Of: primitive.UnitActivity, Index: int32(len(b.Model.Units) - 1), Coef: primitive.Const(1)},
	}})
	if _, told := export.Make(b.Model, "test"); len(told) == 0 || !strings.Contains(told[0], "both: a limit over several scenarios") {
		t.Error(told)
	}
}
