package emit

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
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

// What no network makes is refused by name, never left out.
func TestRefusals(t *testing.T) {
	lake := primitive.Bound{Coef: 1, Max: primitive.Const(1)} // of the capacity 0
	bound := primitive.Bound{Capacity: primitive.None, Coef: 1, Max: primitive.Const(1)}
	for _, c := range []struct {
		says   string
		change func(*primitive.Model)
	}{
		{"", func(*primitive.Model) {}},
		{"trades or routes", func(m *primitive.Model) { m.Routes = []primitive.Route{{Bound: bound}} }},
		{"trades or routes", func(m *primitive.Model) { m.Trades = []primitive.Trade{{Max: primitive.Const(1)}} }},
		{"commodity electricity: only exact balances", func(m *primitive.Model) { m.Commodities[0].Balance = primitive.Account }},
		{"load may be shed or is elastic", func(m *primitive.Model) { m.Demands[0].ShedMax = 1 }},
		{"load may be shed or is elastic", func(m *primitive.Model) { m.Demands[0].Elastic = []primitive.Block{{}} }},
		{"lake spills from its store", func(m *primitive.Model) { m.Stores[0].Spill = true }},
		{"gas has limits on its sum over hours in a row", func(m *primitive.Model) { m.Units[0].Windows = []primitive.Window{{Hours: 2}} }},
	} {
		ticks, err := clock.Snapshots([]clock.Snapshot{{Stamp: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Length: 1, Hours: 1, Cost: 1, Amount: 1, Event: 1}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		m := &primitive.Model{
			Clock:       ticks,
			Commodities: []primitive.Commodity{{Name: "electricity", Unit: "MWh"}},
			Buses:       []primitive.Bus{{Name: "electricity@a", Asset: primitive.None, Place: "a"}},
			Assets:      []primitive.Asset{{Name: "gas", Place: "a"}, {Name: "lake", Place: "a"}, {Name: "load", Place: "a"}},
			Units:       []primitive.Unit{{Bound: bound, Ports: []primitive.Port{{Ratio: primitive.Const(1)}}}},
			Capacities:  []primitive.Capacity{{Tag: primitive.Tag{Asset: 1}, Unit: "MWh", Existing: 5}},
			Stores:      []primitive.Store{{Tag: primitive.Tag{Asset: 1}, Bound: lake, End: primitive.Given, Final: math.NaN()}},
			Demands:     []primitive.Demand{{Tag: primitive.Tag{Asset: 2}, Amount: primitive.Const(1)}},
		}
		c.change(m)
		s := &system.System{Name: "a", Currency: "EUR", Places: []system.Place{{ID: "a", Lat: math.NaN(), Lon: math.NaN()}}}
		_, err = Workspace(s, m, Options{Made: "by hand", Source: "by hand"})
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%v, want %q", err, c.says)
		}
	}
}
