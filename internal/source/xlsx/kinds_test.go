package xlsx_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/source/xlsx"
	"example.org/busbar/internal/unit"
)

// canonical writes what a node means: quantities in one form, keys in order,
// {value: x} as x.
func canonical(n *attribute.Node) string {
	switch n.Kind {
	case attribute.Scalar:
		if q, err := unit.ParseQuantity(n.Text); err == nil {
			return q.String()
		}
		return n.Text
	case attribute.List:
		var all []string
		for _, i := range n.Items {
			all = append(all, canonical(i))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case attribute.Map:
		if len(n.Keys) == 1 && (n.Keys[0].Name == "value" || n.Keys[0].Name == "series") {
			return canonical(n.Keys[0].Value)
		}
		unit, months := n.Get("unit"), n.Get("monthly")
		if unit != nil && months != nil { // one unit for twelve numbers
			each := &attribute.Node{Kind: attribute.List}
			for _, m := range months.Items {
				each.Items = append(each.Items, &attribute.Node{Kind: attribute.Scalar, Text: m.Text + " " + unit.Text})
			}
			return canonical(&attribute.Node{Kind: attribute.Map, Keys: append(slices.DeleteFunc(slices.Clone(n.Keys), func(k attribute.Key) bool {
				return k.Name == "unit" || k.Name == "monthly"
			}), attribute.Key{Name: "monthly", Value: each})})
		}
		var all []string
		for _, k := range n.Keys {
			all = append(all, k.Name+": "+canonical(k.Value))
		}
		slices.Sort(all)
		return "{" + strings.Join(all, ", ") + "}"
	}
	return "null"
}

// The example of every kind, and lists, maps and events in all their forms,
// come back from the workbook as they were said.
func TestEveryKindComesBack(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("system: All\nassets:\n")
	for _, k := range kind.All() {
		if k.Example == "" {
			t.Errorf("%s has no example", k.Name)
		}
		b.WriteString("  x_" + k.Name + ":\n")
		for _, line := range strings.Split(strings.Trim(k.Example, "\n"), "\n") {
			b.WriteString("    " + line + "\n")
		}
	}
	b.WriteString(`
  made:
    kind: process
    inputs: {coal: 0.42 t/MWh, water: {ratio: 2 m3/MWh, delay: 1 h}, ore: {ratio: {monthly: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], unit: kg/t}}}
    outputs: {co2: 0.9 t/MWh}
  dug: {kind: mine, plan: {2028: 2 Mt dry/a, 2029: {raw: 3 Mt dry/a, yield: 55 %}}}
  sold: {kind: sale, limits: {month_max: [1 kt, 2 kt, 3 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt, 1 kt]}}
  bare: {kind: process, inputs: {coal: null}}
events:
  flood: {set: {assets.x_gate.capacity: 0, assets.made.inputs.coal.ratio.scale: 150 %}, from: 2030-07-01, for: 42 d, source: S1}
  shut: {set: {assets.x_gate.capacity: 0 t/h}, from: 2030-09-01, to: 2030-09-05, note: "x: y"}
`)
	if err := os.WriteFile(filepath.Join(dir, "system.yaml"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	w, problems := workspace.Open(dir)
	for _, p := range problems {
		t.Fatal(p)
	}
	defer w.Close()
	tree, _ := w.Tree("base")
	file := filepath.Join(t.TempDir(), "all.xlsx")
	if problems, err := xlsx.Export(dir, file, ""); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	got, problems := xlsx.Entries(file)
	for _, p := range problems {
		t.Error(xlsx.Line(p))
	}
	for _, section := range []string{"assets", "events"} {
		for _, k := range tree.Get(section).Keys {
			back := got[section+"."+k.Name]
			if back == nil {
				t.Errorf("%s.%s did not come back", section, k.Name)
			} else if want, got := canonical(k.Value), canonical(back); got != want {
				t.Errorf("%s.%s came back as\n%s, was\n%s", section, k.Name, got, want)
			}
		}
	}
}
