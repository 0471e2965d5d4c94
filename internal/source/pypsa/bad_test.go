package pypsa

import (
	command "flag"
	"io/fs"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
)

var update = command.Bool("update", false, "write docs/pypsa.md")

// docs/pypsa.md is what the tables say.
func TestDoc(t *testing.T) {
	const page = "../../../docs/pypsa.md"
	want := Markdown()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != want {
		t.Errorf("docs/pypsa.md is not what the tables say (%v): run go test ./internal/source/pypsa -run TestDoc -update", err)
	}
}

// Every code that the importer writes is explained, here or with all others.
func TestCodesAreExplained(t *testing.T) {
	known := map[string]bool{}
	for _, c := range append(append([]attribute.Code{}, attribute.Codes...), Codes...) {
		known[c.Code] = true
	}
	used := 0
	for _, file := range []string{"csv.go", "build.go", "storage.go", "branch.go", "global.go", "network.go", "options.go", "solve.go", "mga.go", "convert.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:problem|wrong)\([^"\n]*(?:"[a-z_.]+(?:\.csv)?", )?(?:[a-z0-9+.\[\]]+, )*"([a-z]+-[a-z-]+)", "|Code: "([a-z-]+)"`).FindAllStringSubmatch(string(text), -1) {
			used++
			if code := m[1] + m[2]; !known[code] {
				t.Errorf("%s: code %s is in no list", file, code)
			}
		}
	}
	if used < 30 {
		t.Errorf("only %d codes found", used)
	}
}

// small is a network that solves.
func small() fstest.MapFS {
	f := fstest.MapFS{}
	for name, text := range map[string]string{
		"network.csv":          "name,pypsa_version\nsmall,1.4.0\n",
		"snapshots.csv":        ",snapshot,objective,stores,generators\n0,2030-01-01 00:00:00,1,1,1\n1,2030-01-01 01:00:00,1,1,1\n",
		"buses.csv":            "name,v_nom\na,380\nb,380\n",
		"generators.csv":       "name,bus,p_nom,marginal_cost,p_min_pu\ng,a,100,10,0\n",
		"loads.csv":            "name,bus\nl,b\n",
		"loads-p_set.csv":      ",l\n0,50\n1,60\n",
		"lines.csv":            "name,bus0,bus1,x,s_nom\nab,a,b,1,100\n",
		"storage_units.csv":    "name,bus,p_nom\ns,b,0\n",
		"carriers.csv":         "name,co2_emissions\ngas,0.2\n",
		"transformers.csv":     "name,bus0,bus1,x,s_nom\nt,a,b,1,100\n",
		"generators-p_set.csv": ",g\n0,\n1,\n",
	} {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func problems(files fs.FS) []attribute.Problem {
	n := Read(files)
	if found := n.take(); len(found) > 0 {
		return found
	}
	b, found := Build(n, Options{})
	if len(found) > 0 {
		return found
	}
	if _, _, err := formulate.Build(b.Model); err != nil {
		return n.faults(b.Model, err)
	}
	return nil
}

func TestSmallNetworkIsRead(t *testing.T) {
	n := Read(small())
	b, found := Build(n, Options{})
	if found = append(n.take(), found...); len(found) > 0 {
		t.Fatal(found)
	}
	if len(n.Snapshots) != 2 || b.Model.Demands[0].Amount.Data[1] != 60 {
		t.Errorf("%+v", b.Model.Demands)
	}
	if _, _, err := formulate.Build(b.Model); err != nil {
		t.Fatal(err)
	}
}

// A column without a meaning is told, with what it may stand for.
func TestStrangeColumns(t *testing.T) {
	files := small()
	files["generators.csv"] = &fstest.MapFile{Data: []byte("name,bus,p_nom,marginal_costs,i_nom\ng,a,100,10,5\n")}
	files["owners.csv"] = &fstest.MapFile{Data: []byte("name\nx\n")}
	want := []string{"generators: PyPSA gives no meaning to marginal_costs (did you mean marginal_cost?), i_nom", "owners.csv belongs to no component and is not read"}
	if n := Read(files); len(n.take()) > 0 || !slices.Equal(n.Notes, want) {
		t.Errorf("%q, want %q", n.Notes, want)
	}
}

// Each fault is told at its file, line and column, in one problem.
func TestBadNetworks(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		at, code   string
	}{
		"unknown bus":        {"generators.csv", "name,bus,p_nom\ng,c,100\n", "generators.csv:2:3", "unknown-bus"},
		"unknown bus, line":  {"lines.csv", "name,bus0,bus1,x\nab,a,c,1\n", "lines.csv:2:6", "unknown-bus"},
		"no number":          {"generators.csv", "name,bus,p_nom\ng,a,ten\n", "generators.csv:2:5", "pypsa-value"},
		"decimal comma":      {"generators.csv", "name,bus,p_nom\ng,a,\"1,5\"\n", "generators.csv:2:5", "pypsa-value"},
		"NaN size":           {"generators.csv", "name,bus,p_nom\ng,a,nan\n", "generators.csv:2:5", "pypsa-value"},
		"negative size":      {"generators.csv", "name,bus,p_nom\ng,a,-5\n", "generators.csv:2:5", "pypsa-value"},
		"no flag":            {"generators.csv", "name,bus,committable\ng,a,maybe\n", "generators.csv:2:5", "pypsa-value"},
		"half a start":       {"generators.csv", "name,bus,min_up_time\ng,a,1.5\n", "generators.csv:2:5", "pypsa-value"},
		"twice":              {"generators.csv", "name,bus\ng,a\ng,a\n", "generators.csv:3:1", "duplicate-id"},
		"column twice":       {"generators.csv", "name,bus,bus\ng,a,a\n", "generators.csv:1:10", "duplicate-column"},
		"no name":            {"generators.csv", "name,bus\n,a\n", "generators.csv:2:1", "missing-id"},
		"ragged":             {"generators.csv", "name,bus,p_nom\ng,a\n", "generators.csv:2:1", "table-ragged"},
		"quote":              {"generators.csv", "name,bus\n\"g,a\n", "generators.csv:2:6", "table-syntax"},
		"short series":       {"loads-p_set.csv", ",l\n0,50\n", "loads-p_set.csv:2:1", "series-length"},
		"empty series":       {"loads-p_set.csv", "", "loads-p_set.csv:1:1", "empty-file"},
		"gap in a series":    {"loads-p_set.csv", ",l\n0,50\n1,\n", "loads-p_set.csv:3:3", "pypsa-value"},
		"word in a series":   {"loads-p_set.csv", ",l\n0,50\n1,x\n", "loads-p_set.csv:3:3", "pypsa-value"},
		"series of none":     {"loads-p_set.csv", ",k\n0,50\n1,60\n", "loads-p_set.csv:1:2", "unknown-asset"},
		"misspelt series":    {"loads-p_sett.csv", ",l\n0,50\n1,60\n", "loads-p_sett.csv:1:1", "unknown-attribute"},
		"misspelt component": {"generator.csv", "name,bus\ng,a\n", "generator.csv:1:1", "unknown-component"},
		"misspelt list":      {"load-p_set.csv", ",l\n0,50\n1,60\n", "load-p_set.csv:1:1", "unknown-component"},
		"backwards":          {"snapshots.csv", ",snapshot\n0,2030-01-02\n1,2030-01-01\n", "snapshots.csv:3:3", "horizon"},
		"series of a number": {"generators-p_nom.csv", ",g\n0,50\n1,60\n", "generators-p_nom.csv:1:1", "unknown-attribute"},
		"crossing bounds":    {"generators.csv", "name,bus,p_min_pu,p_max_pu\ng,a,0.9,0.5\n", "generators.csv:2:5", "pypsa-bounds"},
		"crossing sizes":     {"generators.csv", "name,bus,p_nom_extendable,p_nom_min,p_nom_max\ng,a,True,9,5\n", "generators.csv:2:12", "pypsa-bounds"},
		"size outside":       {"generators.csv", "name,bus,p_nom_extendable,p_nom_set,p_nom_max\ng,a,True,9,5\n", "generators.csv:2:10", "pypsa-bounds"},
		"no reactance":       {"lines.csv", "name,bus0,bus1,x,s_nom\nab,a,b,0,100\n", "lines.csv:2:8", "zero-reactance"},
		"unknown type":       {"lines.csv", "name,bus0,bus1,type\nab,a,b,rope\n", "lines.csv:2:8", "unknown-type"},
		"a line to itself":   {"lines.csv", "name,bus0,bus1,x\nab,a,a,1\n", "lines.csv:2:6", "pypsa-value"},
		"no size":            {"transformers.csv", "name,bus0,bus1,x\nt,a,b,1\n", "transformers.csv:2:1", "pypsa-value"},
		"no snapshot":        {"snapshots.csv", ",snapshot\n", "snapshots.csv:1:1", "horizon"},
		"negative weight":    {"snapshots.csv", ",snapshot,objective\n0,x,1\n1,y,-1\n", "snapshots.csv:3:5", "pypsa-value"},
		"snapshot twice":     {"snapshots.csv", ",snapshot\n0,x\n1,x\n", "snapshots.csv:3:3", "duplicate-id"},
		"day twice":          {"snapshots.csv", ",snapshot\n0,2030-01-01\n1,2030-01-01 00:00\n", "snapshots.csv:3:3", "duplicate-id"},
		"unknown period":     {"snapshots.csv", ",period,timestep\n0,2030,x\n1,2040,y\n", "snapshots.csv:2:3", "pypsa-value"},
		"sense":              {"global_constraints.csv", "name,sense,constant\nc,about,5\n", "global_constraints.csv:2:3", "pypsa-value"},
		"unknown limit":      {"global_constraints.csv", "name,type,sense\nc,beauty,<=\n", "global_constraints.csv:2:3", "pypsa-unsupported"},
		"concave":            {"generators.csv", "name,bus,marginal_cost_quadratic\ng,a,-1\n", "generators.csv:2:5", "pypsa-value"},
		"loss":               {"storage_units.csv", "name,bus,standing_loss\ns,a,2\n", "storage_units.csv:2:5", "pypsa-value"},
		"no rate":            {"generators.csv", "name,bus,p_nom_extendable,overnight_cost\ng,a,True,5\n", "generators.csv:2:1", "pypsa-value"},
		"says nothing":       {"generators.csv", "", "generators.csv:1:1", "empty-file"},
		"infinite cost":      {"generators.csv", "name,bus,p_nom,marginal_cost\ng,a,5,inf\n", "generators.csv:2:7", "pypsa-value"},
		"infinite load":      {"loads-p_set.csv", ",l\n0,50\n1,inf\n", "loads.csv:2:1", "pypsa-value"},
		"infinite energy":    {"generators.csv", "name,bus,p_nom,e_sum_max\ng,a,5,-inf\n", "generators.csv:2:7", "pypsa-value"},
		"negative module":    {"generators.csv", "name,bus,p_nom_extendable,p_nom_mod\ng,a,True,-5\n", "generators.csv:2:1", "pypsa-value"},
	} {
		files := small()
		files[c.file] = &fstest.MapFile{Data: []byte(c.text)}
		found := problems(files)
		if len(found) != 1 {
			t.Errorf("%s: %d problems %v, want one", name, len(found), found)
			continue
		}
		if !strings.HasPrefix(found[0].String(), c.at+": "+c.code+": ") {
			t.Errorf("%s: %v; want %s: %s", name, found[0], c.at, c.code)
		}
	}
}

func TestBadOptions(t *testing.T) {
	for text, want := range map[string]string{
		`{"optimize_options": {"multi_invest": true}}`:                                   "unknown key multi_invest",
		`{"entry_point": "dream"}`:                                                       `"dream"`,
		`{"entry_args": {"horizon": 3}}`:                                                 "unknown key horizon",
		`{"entry_point": "rolling_horizon", "entry_args": {"horizon": 3, "overlap": 3}}`: "overlap 3",
		`{"entry_point": "mga", "entry_args": {"weights": {}}}`:                          "weights",
		`{"entry_point": "mga", "entry_args": {"weights": {"Generator": {"s_nom": 1}}}}`: "s_nom of Generator",
		`{"entry_point": "mga", "entry_args": {"model_kwargs": {"chunk": 1}}}`:           "unknown key chunk",
		`{"entry_point": "mga", "entry_args": {"slack": -1}}`:                            "slack: read -1",
		`{"optimize_options": {"transmission_losses": {"mode": "guess"}}}`:               `"guess"`,
		`{"optimize_options": {"transmission_losses": {"mode": "secants", "x": 1}}}`:     "unknown field",
		`{"optimize_options": {"multi_investment_periods": "yes"}}`:                      `"yes"`,
		`{`: "no JSON",
	} {
		if _, errs := ParseOptions([]byte(text), nil); len(errs) == 0 || !strings.Contains(errs[0], want) {
			t.Errorf("%s: %v; want %s", text, errs, want)
		}
	}
	if o, errs := ParseOptions([]byte(`{"entry_point": "security_constrained", "entry_args": {"multi_investment_periods": true, "model_kwargs": {"transmission_losses": 3}}}`), nil); len(errs) > 0 || !o.Multi || o.Losses.Tangents != 3 || !o.AllBranches {
		t.Errorf("%+v %v", o, errs)
	}
	if o, errs := ParseOptions([]byte(`{"name": 5, "optimize_options": {"transmission_losses": 4}}`), nil); len(errs) > 0 || o.Losses.Tangents != 4 || o.Entry != "optimize" {
		t.Errorf("%+v %v", o, errs)
	}
}

// The fast way through numbers gives what the slow one gives, bit by bit.
// A triangle with a spur: the loss of the spur asks for nothing and is told, that
// of a line in a period in which it is the only way neither.
func TestRadialOutages(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"snapshots.csv":          ",period,timestep\n0,2030,0\n1,2040,0\n",
		"investment_periods.csv": "period,objective,years\n2030,1,10\n2040,1,10\n",
		"buses.csv":              "name\na\nb\nc\nd\n",
		"generators.csv":         "name,bus,p_nom,marginal_cost\ng,a,99,1\n",
		"loads.csv":              "name,bus,p_set\nl,c,30\nm,d,5\n",
		"lines.csv":              "name,bus0,bus1,x,s_nom,build_year\nab,a,b,1,99,0\nbc,b,c,1,99,0\nac,a,c,1,99,2040\ncd,c,d,1,9,0\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	n := Read(files)
	if p := n.take(); len(p) > 0 {
		t.Fatal(p)
	}
	b, problems := Build(n, Options{Entry: "security_constrained", AllBranches: true, Multi: true})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	// In 2030 ab and bc are the only way, in 2040 ac is another.
	radial := []bool{}
	for _, o := range b.Model.Outages {
		radial = append(radial, o.Radial)
	}
	if !slices.Equal(radial, []bool{true, true, false}) || len(b.Notes) != 1 || !strings.Contains(b.Notes[0], "Line cd is left out: nothing else joins c and d") {
		t.Errorf("%v %q", radial, b.Notes)
	}
	if _, _, err := formulate.Build(b.Model); err != nil {
		t.Error(err)
	}
}

func TestNumbers(t *testing.T) {
	check := func(text string) {
		got, ok := number([]byte(text))
		want, _, valid := parse(text)
		if ok != valid || math.Float64bits(got) != math.Float64bits(want) && !(got != got && want != want) {
			t.Fatalf("%q is %v %v, want %v %v", text, got, ok, want, valid)
		}
	}
	for _, text := range []string{"", "0", "0.0", "1.", ".5", ".", "-3", "1e5", "-1.5e-7", "nan", "NaN", "inf", "-inf", "0x10", "1_0", "1.2.3", "999999999999999", "0.372891", "123456789012345678901234567890", "0.30000000000000004", "+1", " 1", "1 "} {
		check(text)
	}
	rapid.Check(t, func(r *rapid.T) {
		v := rapid.Float64().Draw(r, "value")
		check(strconv.FormatFloat(v, 'g', -1, 64))
		check(strconv.FormatFloat(v, 'f', rapid.IntRange(0, 12).Draw(r, "decimals"), 64))
	})
}

// The annuity of 1 over 2 years at 10 % is 0.11/0.21.
func TestAnnuity(t *testing.T) {
	for _, c := range []struct{ r, n, want float64 }{{0.1, 2, 0.121 / 0.21}, {0, 4, 0.25}, {0.05, inf, 0.05}, {-0.05, inf, 0}} {
		if got := annuity(c.r, c.n); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("annuity(%g, %g) is %g, want %g", c.r, c.n, got, c.want)
		}
	}
}

// Whatever a file says, there are problems or a model that the formulation
// takes or refuses, and takes as it is when it is laid out as netCDF and read
// again; nothing panics.
func FuzzRead(f *testing.F) {
	for name, file := range small() {
		f.Add(name, string(file.Data))
	}
	f.Add("generators-marginal_cost-pw.csv", "name,g,g\nattribute,p_pu,marginal_cost\nbreakpoint,,\n0,0,0\n1,1,5\n")
	f.Add("investment_periods.csv", "period,objective,years\n2030,1,10\n")
	f.Add("-pw.csv", "0")
	f.Add("links.csv", "name,bus0,bus1,bus2,efficiency2,delay\nk,a,b,a,0.5,1\n")
	f.Add("global_constraints.csv", "name,carrier_attribute,sense,constant\nc,co2_emissions,<=,5\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if !fs.ValidPath(name) || strings.Contains(name, "/") || len(text) > 4096 {
			return
		}
		files := small()
		files[name] = &fstest.MapFile{Data: []byte(text)}
		n := Read(files)
		if len(n.take()) > 0 {
			return
		}
		if was := hash(n, Options{}); was != "" && hash(rewritten(t, n), Options{}) != was {
			t.Error("laid out as netCDF and read again it is another problem")
		}
	})
}
