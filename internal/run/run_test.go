package run

import (
	"errors"
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.org/busbar/lp"
)

var update = flag.Bool("update", false, "write the generated pages anew")

func write1(t *testing.T, dir string) *Tables {
	t.Helper()
	w, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	in, err := w.Input("series/weather.csv", []byte("time,wind [1]\n"))
	if err != nil {
		t.Fatal(err)
	}
	tables := &Tables{
		Figures: []Figure{{Group: "cost", Name: "objective", Value: 12.5, Unit: "USD/a", Meaning: "all of it"}},
		Flows: []Flow{
			{Commodity: "electricity", Bus: "electricity@park", Asset: "wind", Role: "unit", Grid: "1h", Start: 1893430800000, Rate: 3, Amount: 3},
			{Commodity: "electricity", Bus: "electricity@park", Asset: "load", Role: "demand", Grid: "1h", Start: 1893430800000, Rate: -3, Amount: -3},
		},
		Limits: []Limit{{Limit: "cap", Span: "year", Value: 1, Min: math.Inf(-1), Max: 2, Price: -0.5}},
	}
	if err := w.Tables(tables); err != nil {
		t.Fatal(err)
	}
	if err := w.JSON("system.json", &System{Name: "test", Assets: []Asset{{ID: "wind", Kind: "wind"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("the folder has its name before Commit")
	}
	cert := lp.Certificate{Kind: "kkt", OK: true}
	if err := w.Commit(&Manifest{Study: "base", Created: time.Unix(0, 0).UTC(), Inputs: []Input{in}, Outcome: Outcome{Status: "optimal", Certificate: &cert}}); err != nil {
		t.Fatal(err)
	}
	return tables
}

func TestFolderComesBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "base-1")
	want := write1(t, dir)
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(); err != nil {
		t.Fatal(err)
	}
	flows, err := Read[Flow](f, "flows")
	if err != nil || !reflect.DeepEqual(flows, want.Flows) {
		t.Fatalf("flows came back as %v, %v", flows, err)
	}
	limits, err := Read[Limit](f, "limits")
	if err != nil || !reflect.DeepEqual(limits, want.Limits) {
		t.Fatalf("limits came back as %v, %v", limits, err)
	}
	sys, err := f.System()
	if err != nil || sys.Assets[0].ID != "wind" {
		t.Fatalf("system came back as %v, %v", sys, err)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Fatalf("beside the run there is %v", left)
	}
	if _, err := Create(dir); !errors.Is(err, ErrExists) {
		t.Fatalf("a second run into the same folder gave %v", err)
	}
}

func TestVerifyFindsAChange(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	write1(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "inputs/series/weather.csv"), []byte("time,wind [1]\nx"), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(); err == nil || !strings.Contains(err.Error(), "weather.csv") {
		t.Fatalf("a changed input was not found: %v", err)
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	w, err := Create(filepath.Join(parent, "r"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Input("../../outside", []byte("x")); err == nil {
		t.Fatal("an input outside the folder was written")
	}
	if _, err := w.Input("a.csv", []byte("x")); err != nil {
		t.Fatal(err)
	}
	w.Discard()
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Fatalf("left over: %v", left)
	}
}

// Other tools must be able to read the tables.
func TestTablesInPyarrow(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to read the tables with")
	}
	libs, err := filepath.Abs("../../.deps/python")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PYTHONPATH", libs)
	if exec.Command(python, "-c", "import pyarrow.parquet").Run() != nil {
		t.Skip("python3 has no pyarrow to read the tables with; `make deps-test` brings it")
	}
	dir := filepath.Join(t.TempDir(), "r")
	write1(t, dir)
	out, err := exec.Command(python, "-c", `
import sys, pyarrow.parquet as pq
t = pq.read_table(sys.argv[1])
print(t.num_rows, t.column("asset").to_pylist(), t.column("rate").to_pylist(), t.schema.field("start").type, t.column("start").to_pylist()[0].isoformat())
`, filepath.Join(dir, "tables/flows.parquet")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := "2 ['wind', 'load'] [3.0, -3.0] timestamp[ms, tz=UTC] 2029-12-31T17:00:00+00:00"
	if got := strings.TrimSpace(string(out)); got != want {
		t.Fatalf("pyarrow read\n%s\nwant\n%s", got, want)
	}
}

func TestReferenceDoc(t *testing.T) {
	const mark = "<!-- generated: go test ./internal/run -run Doc -update -->\n"
	file := "../../docs/run-folder.md"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(data), mark)
	if !found {
		t.Fatalf("%s has lost its mark", file)
	}
	want := head + mark + Reference()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(data) {
		t.Fatalf("%s is stale: go test ./internal/run -run Doc -update", file)
	}
	if strings.Contains(Reference(), "|  |") {
		t.Fatal("a column has no meaning")
	}
}
