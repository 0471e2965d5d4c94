package emit

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/workspace"
)

// Whatever a name holds, the YAML that is written reads back as it.
func TestTextComesBack(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		want := strings.ToValidUTF8(rapid.StringMatching(`[ -~éກ]{1,20}`).Draw(r, "text"), "")
		file := fmt.Sprintf("system: %s\nassets:\n  a: {kind: unit, name: %s}\n", text(want), text(want))
		if err := os.WriteFile(filepath.Join(dir, "system.yaml"), []byte(file), 0o644); err != nil {
			r.Fatal(err)
		}
		w, problems := workspace.Open(dir)
		defer w.Close()
		if len(problems) > 0 {
			r.Fatalf("%s: %v", file, problems)
		}
		tree, _ := w.Tree("base")
		if got := tree.Get("system").Text; got != want {
			r.Fatalf("system: %q, want %q", got, want)
		}
		if got := tree.Get("assets").Get("a").Get("name").Text; got != want {
			r.Fatalf("name: %q, want %q", got, want)
		}
	})
}

// Ids fit, and are each their own.
func TestIDs(t *testing.T) {
	e := &emitter{taken: map[string]bool{}}
	for _, c := range [][2]string{{"gas", "gas"}, {"old gas", "old_gas"}, {"old.gas", "old_gas_2"}, {"(x)", "x"}, {"...", "asset"}, {"gas", "gas_2"}} {
		if got := e.id("asset", c[0]); got != c[1] || !attribute.ValidID(got) {
			t.Errorf("%q is %s, want %s", c[0], got, c[1])
		}
	}
	if len(e.renamed) != 5 {
		t.Errorf("%d were renamed, want all but the first: %v", len(e.renamed), e.renamed)
	}
}

// A number reads back to the last bit.
func TestNumbersComeBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := rapid.Float64().Draw(r, "number")
		if got, err := strconv.ParseFloat(number(want), 64); err != nil || got != want {
			r.Fatalf("%s is %g, want %g", number(want), got, want)
		}
	})
}

// Assets of one shape stand in a table, a unit in the header where all have it;
// what has lists stays in YAML, and text beyond a file's size is divided.
func TestTables(t *testing.T) {
	e := &emitter{}
	for i := range tableFrom {
		size := "5 MW"
		if i == 3 {
			size = "6 MW"
		}
		e.all = append(e.all, asset{fmt.Sprint("l", i), "line", []attribute.Key{
			said("name", fmt.Sprintf("%d (Line)", i)), said("capacity", size), key("build", mapOf(said("max", "unlimited"))),
		}})
		e.all = append(e.all, asset{fmt.Sprint("u", i), "unit", []attribute.Key{key("ports", list())}})
	}
	tables := e.tables()
	if len(tables) != 1 || len(tables["line"]) != tableFrom {
		t.Fatalf("tables %v", tables)
	}
	lines := strings.Split(string(csvTable(tables["line"])), "\n")
	if lines[0] != "id,name,capacity [MW],build.max" || lines[4] != "l3,3 (Line),6,unlimited" {
		t.Errorf("the table begins with %q and has %q", lines[0], lines[4])
	}
	long := []attribute.Key{said("a", strings.Repeat("x", most/2)), said("b", strings.Repeat("x", most/2-10)), said("c", "x")}
	if p := parts(long); len(p) != 1 {
		t.Errorf("%d parts of what fits in one", len(p))
	}
	if p := parts(append(long, long[0])); len(p) != 2 || len(p[1]) != 1 {
		t.Errorf("%d parts, want two", len(p))
	}
}
