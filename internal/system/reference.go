package system

import (
	"encoding/json"
	"fmt"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/unit"
)

// WorkspaceTable is the table of what Load reads: system.yaml with one study
// laid over it.
func WorkspaceTable() []attribute.Attribute { return attribute.Table(&workspace{}) }

// CommonTable is the table of what every asset may say beside its kind's own.
func CommonTable() []attribute.Attribute { return attribute.Table(&common{}) }

// systemFile is what a file system.yaml may hold: package source/workspace
// applies the first key. A workspace of one study needs no file for it, so the
// study's keys may stand there.
type systemFile struct {
	Include []string `yaml:"include" optional:"true" doc:"files or folders whose entries are added"`
	systemTable
	studyTable
}

// studyFile is what a file studies/NAME.yaml may hold beside what it overrides
// of the system: package source/workspace applies the first three keys.
type studyFile struct {
	From  string `yaml:"from" optional:"true" doc:"study that this one inherits from"`
	Set   later  `yaml:"set" optional:"true" doc:"paths of the system and what they become, such as assets.nam_ou.inflow.scale: 70 %"`
	Sweep later  `yaml:"sweep" optional:"true" doc:"paths and lists: one run for each combination"`
	studyTable
}

const draft = "https://json-schema.org/draft/2020-12/schema"

// Schemas are the JSON Schemas of a workspace's files, by name: system.json,
// study.json, sources.json. Editors complete and underline by them.
func Schemas() map[string][]byte {
	assets := assetsSchema()
	whole := attribute.Schema(attribute.Table(&systemFile{}))
	delete(whole, "required") // an included file or a study may bring the rest
	whole["properties"].(map[string]any)["assets"] = assets

	study := attribute.Schema(attribute.Table(&studyFile{}))
	properties := study["properties"].(map[string]any)
	for key, s := range whole["properties"].(map[string]any) {
		if key != "include" && key != "system" && properties[key] == nil {
			properties[key] = s
		}
	}
	properties["sweep"] = map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "array", "minItems": 1}}
	properties["set"] = map[string]any{"type": "object"}

	var sources map[string]any
	for _, a := range WorkspaceTable() {
		if a.Key == "sources" {
			sources = attribute.Schema([]attribute.Attribute{a})["properties"].(map[string]any)["sources"].(map[string]any)
		}
	}
	out := map[string][]byte{}
	for name, s := range map[string]map[string]any{"system": whole, "study": study, "sources": sources} {
		s["$schema"] = draft
		s["title"] = "Busbar " + name
		if name != "sources" {
			s["$defs"] = definitions()
		}
		text, err := json.MarshalIndent(s, "", " ")
		if err != nil {
			panic(err) // maps of strings only
		}
		out[name+".json"] = append(text, '\n')
	}
	return out
}

// assetsSchema picks the schema of an asset by its kind.
func assetsSchema() map[string]any {
	var names, rules []any
	for _, s := range kind.All() {
		names = append(names, s.Name)
		rules = append(rules, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"kind": map[string]any{"const": s.Name}}, "required": []any{"kind"}},
			"then": map[string]any{"$ref": "#/$defs/" + s.Name},
		})
	}
	return map[string]any{"type": []any{"object", "null"}, "additionalProperties": map[string]any{
		"type": "object", "required": []any{"kind"},
		"properties": map[string]any{"kind": map[string]any{"enum": names}},
		"allOf":      rules,
	}}
}

// definitions are the schema of every kind, with what all assets share, and
// the forms of their values.
func definitions() map[string]any {
	out := attribute.Forms()
	for _, s := range kind.All() {
		schema := attribute.Schema(append(CommonTable()[:len(CommonTable()):len(CommonTable())], attribute.Table(s.New())...))
		schema["description"] = s.Doc
		out[s.Name] = schema
	}
	return out
}

// Reference is docs/reference.md: every attribute of a workspace, its unit,
// default, range, meaning and source.
func Reference() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	line("# Reference\n")
	line("Made from the tables in the program: don't edit. A quantity is a number with a unit (`500 kt/a`, `95 %%`); the")
	line("column unit gives the unit that the engine counts in, and any unit of the same dimension and basis fits. USD stands")
	line("for the study's currency. Any value may be written `{value: ..., source: ..., note: ...}`. Where a series fits, so do")
	line("`series/weather.csv#wind`, `{series: series/weather.csv#wind, scale: 70 %%, unit: MW, offset: +08:00}` (unit and offset")
	line("for files that don't name theirs) and `{monthly: [twelve quantities]}`. Sources are tags of the facts; GK is general")
	line("knowledge, not looked up.\n")
	line("## system.yaml\n")
	b.WriteString(attribute.Markdown(attribute.Table(&systemFile{})))
	line("\n## studies/NAME.yaml\n")
	line("A study says its own keys (study to representative, above) and may add to or override any other key of system.yaml.")
	line("Beside them:\n")
	b.WriteString(attribute.Markdown(attribute.Table(&studyFile{})[:3]))
	line("\n## Every asset\n")
	b.WriteString(attribute.Markdown(CommonTable()))
	line("\n## Kinds\n")
	for _, s := range kind.All() {
		line("- [%s](#%s)", s.Name, strings.ToLower(s.Name))
	}
	for _, s := range kind.All() {
		line("\n### %s\n\n%s\n", s.Name, s.Doc)
		if s.Green {
			line("What it makes counts as green unless `green: false` says otherwise.\n")
		}
		b.WriteString(attribute.Markdown(attribute.Table(s.New())))
		if s.Example != "" {
			line("\n```yaml%s```", s.Example)
		}
	}
	line("\n## Units\n")
	line("| unit | is | meaning | dimension | source |\n|---|---|---|---|---|")
	for _, u := range unit.All() {
		line("| `%s` | %s | %s | %s | %s |", u.Name, u.Is, u.Meaning, u.Dimension, u.Source)
	}
	return b.String()
}

// Header is the header of assets/KIND.csv: id, what every asset may say, and
// the kind's own attributes that fit in a cell; nil if there is no such kind.
func Header(name string) []string {
	s, ok := kind.Find(name)
	if !ok {
		return nil
	}
	out := attribute.Header(CommonTable())
	out = append(out, attribute.Header(attribute.Table(s.New()))[1:]...)
	for i, h := range out {
		if h == "kind" { // the file's name says it
			return append(out[:i:i], out[i+1:]...)
		}
	}
	return out
}
