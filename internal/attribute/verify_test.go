package attribute_test

import (
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/attribute/attributetest"
)

func TestVerifyFindsFaultyTags(t *testing.T) {
	if err := attribute.Verify(attribute.Table(&plant{})); err != nil {
		t.Errorf("sound tags: %v", err)
	}
	type inner struct {
		A float64 `yaml:"a" unit:"{per}" doc:"x"`
	}
	err := attribute.Verify(attribute.Table(&struct {
		NoUnit  float64 `yaml:"no_unit" doc:"x"`
		NoDoc   float64 `yaml:"no_doc" unit:"MW"`
		BadUnit float64 `yaml:"bad_unit" unit:"MX" doc:"x"`
		Sibling float64 `yaml:"sibling" unit:"{fuel}/h" doc:"x"`
		Default float64 `yaml:"default" unit:"MW" default:"5 t" doc:"x"`
		Outside float64 `yaml:"outside" unit:"1" default:"120 %" max:"100 %" doc:"x"`
		Range   float64 `yaml:"range" unit:"MW" min:"5 t" doc:"x"`
		Word    string  `yaml:"word" enum:"a,b" default:"c" doc:"x"`
		Both    float64 `yaml:"both" unit:"1" default:"1" optional:"true" doc:"x"`
		Per     inner   `yaml:"per" doc:"x"`
		Twice   string  `yaml:"twice" doc:"x"`
		Again   string  `yaml:"twice" doc:"x"`
	}{}))
	for _, want := range []string{
		"no_unit: no unit tag", "no_doc: no doc tag", "bad_unit: unit:", "sibling: unit {fuel}/h names no sibling", "default: default:",
		"outside: default 120 % lies outside", "range: range:", `word: default "c"`, "both: both optional", "per.a: unit {per}, but no parent",
		"twice: two fields",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 11 {
		t.Errorf("%d faults, want 11:\n%v", n, err)
	}
}

// Any text as any attribute, in any form: a value or a problem, never a panic.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"5 MW", "-1e400 t", "a.csv#b", "95 %", "0", "\xff", "1/0 MW", "nan"} {
		f.Add(s, "capacity", byte(0))
	}
	f.Fuzz(func(t *testing.T, text, key string, form byte) {
		v := &attribute.Node{Kind: attribute.Scalar, Text: text}
		for ; form > 0; form >>= 2 {
			switch form & 3 {
			case 0:
				v = &attribute.Node{Kind: attribute.List, Items: []*attribute.Node{v, v}}
			case 1:
				v = &attribute.Node{Kind: attribute.Map, Keys: []attribute.Key{{Name: key, Value: v}, {Name: "scale", Value: v}}}
			case 2:
				v = &attribute.Node{Kind: attribute.Map, Keys: []attribute.Key{{Name: "value", Value: v}, {Name: text, Value: nil}}}
			case 3:
				v = &attribute.Node{Kind: attribute.Map, Keys: []attribute.Key{{Name: "monthly", Value: v}, {Name: key, Value: v}}}
			}
		}
		tree := attributetest.Parse("f", "fuel: coal\nblocks: {a: {price: 0}}")
		for _, a := range attribute.Table(&plant{}) {
			tree.Keys = append(tree.Keys, attribute.Key{Name: a.Key, Value: v})
		}
		tree.Keys = append(tree.Keys, attribute.Key{Name: key, Value: v})
		var p plant
		c := context()
		attribute.Decode(tree, &p, c)
		for _, p := range c.Problems {
			if p.Code == "" || p.Text == "" {
				t.Fatalf("a problem says nothing: %+v", p)
			}
		}
	})
}
