package system_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/system"
)

func schema(t *testing.T, name string) map[string]any {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal(system.Schemas()[name], &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// at walks down a schema.
func at(s map[string]any, keys ...string) map[string]any {
	for _, k := range keys {
		s, _ = s[k].(map[string]any)
	}
	return s
}

func TestSchemaHasEveryKindAndKey(t *testing.T) {
	s := schema(t, "system.json")
	for _, k := range kind.All() {
		properties := at(s, "$defs", k.Name, "properties")
		for _, a := range append(attribute.Table(k.New()), system.CommonTable()...) {
			p := at(properties, a.Key)
			if d, _ := p["description"].(string); !strings.HasPrefix(d, a.Doc) || d == "" {
				t.Errorf("%s.%s: description %q, want %q", k.Name, a.Key, d, a.Doc)
			}
		}
	}
	if s["required"] != nil || at(s, "properties", "include") == nil || at(s, "properties", "assets", "additionalProperties") == nil {
		t.Error("the schema of system.yaml has required keys, no include or no assets")
	}
	study := schema(t, "study.json")
	for _, key := range []string{"study", "from", "set", "sweep", "years", "weather", "offset", "assets", "limits", "builds"} {
		if at(study, "properties", key) == nil {
			t.Errorf("a study has no %s", key)
		}
	}
	if at(schema(t, "sources.json"), "additionalProperties", "properties", "grade") == nil {
		t.Error("a source has no grade")
	}
}

// Editors must not underline what Busbar reads, nor read what it refuses for
// its form. (Dimensions are beyond a schema.)
func TestSchemaOfAQuantityAgreesWithDecoding(t *testing.T) {
	table := attribute.Table(&struct {
		Power float64 `yaml:"power" unit:"MW" doc:"power"`
		Share float64 `yaml:"share" unit:"1" doc:"share"`
	}{})
	properties := attribute.Schema(table)["properties"].(map[string]any)
	fits := func(key, text string) bool {
		name := properties[key].(map[string]any)["$ref"].(string)
		form := attribute.Forms()[strings.Replace(strings.TrimPrefix(name, "#/$defs/"), "cited-", "", 1)].(map[string]any)
		for _, f := range form["anyOf"].([]any) {
			if p, ok := f.(map[string]any)["pattern"].(string); ok && regexp.MustCompile(p).MatchString(text) {
				return true
			}
		}
		return false
	}
	for _, c := range []struct{ key, text string }{
		{"power", "5 MW"}, {"power", "5MW"}, {"power", "0.5 GW"}, {"power", ".5 GW"}, {"power", "1_000 MW"}, {"power", "1.2e3 MW"},
		{"power", "-5 MW"}, {"power", "0"}, {"power", "5"}, {"power", "5,5 MW"}, {"power", "MW"}, {"power", ""}, {"power", "5 kWh/s"},
		{"share", "95 %"}, {"share", "95%"}, {"share", "0.95"}, {"share", "1e-2"}, {"share", "%"}, {"share", "0,95"}, {"share", "95 % dry"},
	} {
		var v struct {
			Power float64 `yaml:"power" unit:"MW" optional:"true" doc:"power"`
			Share float64 `yaml:"share" unit:"1" optional:"true" doc:"share"`
		}
		ctx := &attribute.Context{}
		attribute.Decode(&attribute.Node{Kind: attribute.Map, Keys: []attribute.Key{
			{Name: c.key, Value: &attribute.Node{Kind: attribute.Scalar, Text: c.text}},
		}}, &v, ctx)
		if read := len(ctx.Problems) == 0; read != fits(c.key, c.text) {
			t.Errorf("%s: %q: decoding reads it: %v, the schema does: %v", c.key, c.text, read, fits(c.key, c.text))
		}
	}
}

func TestReferenceTellsEveryAttribute(t *testing.T) {
	text := system.Reference()
	for _, k := range kind.All() {
		_, section, found := strings.Cut(text, "\n### "+k.Name+"\n")
		if !found {
			t.Errorf("no section on %s", k.Name)
			continue
		}
		section, _, _ = strings.Cut(section, "\n### ")
		for _, l := range attribute.Lines(attribute.Table(k.New())) {
			if !strings.Contains(section, "| `"+l.Path+"` |") || !strings.Contains(section, l.Doc) {
				t.Errorf("%s: nothing on %s", k.Name, l.Path)
			}
		}
	}
	for _, want := range []string{
		"| `discount` | quantity | 1 | 8 % | 0 to 100 % |", "| `commodities.<name>.balance` | exact, free, account |",
		"| `limits.<name>.terms[].flow` | commodity id |", "| `build.max` | quantity, or unlimited | unit of size | **required** |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the reference lacks %q", want)
		}
	}
}

func TestHeaderOfATable(t *testing.T) {
	h := system.Header("wind")
	for _, want := range []string{"at", "owner", "source", "capacity [MW]", "availability", "build.life [a]"} {
		if !slices.Contains(h, want) {
			t.Errorf("no column %q in %q", want, h)
		}
	}
	if h[0] != "id" || slices.Contains(h, "kind") || system.Header("nothing") != nil {
		t.Errorf("%q", h)
	}
}

var update = flag.Bool("update", false, "write docs/reference.md anew")

func TestReferencePageIsTheTables(t *testing.T) {
	const page = "../../docs/reference.md"
	want := system.Reference()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("docs/reference.md is not what the tables say (%v): run make docs", err)
	}
}
