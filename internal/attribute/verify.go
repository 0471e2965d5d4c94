package attribute

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.org/busbar/internal/unit"
)

// Verify finds what is wrong with the tags behind a table, for tests of those
// who write one: a unit that can't be read, a default that does not fit its unit,
// range or enum, an attribute without a meaning, a placeholder without its
// sibling. Every commodity is taken to be in t.
// Defaults in money are in dollars.
func Verify(table []Attribute) error {
	var errs []error
	verify(table, nil, "", func(path, format string, a ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, a...)))
	}, "")
	return errors.Join(errs...)
}

var dollars, _ = unit.NewMoney("USD", 2026, nil)

func verify(table []Attribute, siblings []string, path string, fail func(path, format string, a ...any), per string) {
	keys := slices.Clone(siblings)
	for i := range table {
		if table[i].Type == Text {
			keys = append(keys, table[i].Key)
		}
	}
	resolve := func(path, tag string) (string, bool) {
		for {
			before, rest, found := strings.Cut(tag, "{")
			if !found {
				return tag, true
			}
			name, after, _ := strings.Cut(rest, "}")
			put := "t"
			switch {
			case name == "per" && per == "":
				fail(path, "unit %s, but no parent has a per tag", tag)
				return "", false
			case name == "per":
				put = per
			case name != "key" && !slices.Contains(keys, name):
				fail(path, "unit %s names no sibling", tag)
				return "", false
			}
			if strings.HasSuffix(before, "/") && strings.ContainsAny(put, "/*·") {
				put = "(" + put + ")"
			}
			tag = before + put + after
		}
	}
	seen := map[string]bool{}
	for i := range table {
		a := &table[i]
		at := join(path, a.Key)
		if seen[a.Key] {
			fail(at, "two fields have this key")
		}
		seen[a.Key] = true
		if a.Doc == "" {
			fail(at, "no doc tag")
		}
		if a.Optional && a.Default != "" {
			fail(at, "both optional and a default")
		}
		inner := a
		for inner.Elem != nil {
			inner = inner.Elem
		}
		if inner.Type == Group {
			below, ok := resolve(at, a.Per)
			if below == "" || !ok {
				below = per
			}
			verify(inner.Of, keys, at, fail, below)
			continue
		}
		text, ok := resolve(at, a.Unit)
		if !ok {
			continue
		}
		u := unit.One
		if text != "" {
			var err error
			if u, err = unit.Parse(studyMoney(text)); err != nil {
				fail(at, "unit: %v", err)
				continue
			}
		}
		if (inner.Type == Number || inner.Type == Curve) && a.Unit == "" {
			fail(at, "no unit tag; 1 is a ratio")
		}
		low, high := math.Inf(-1), math.Inf(1)
		for _, b := range []struct {
			tag string
			to  *float64
		}{{a.Min, &low}, {a.Max, &high}} {
			if b.tag == "" {
				continue
			}
			q, err := unit.ParseQuantity(b.tag)
			if err == nil {
				*b.to, err = q.In(u, nil)
			}
			if err != nil {
				fail(at, "range: %v", err)
			}
		}
		if a.Default == "" {
			continue
		}
		if len(a.Enum) > 0 && !slices.Contains(a.Enum, a.Default) {
			fail(at, "default %q is not in its enum", a.Default)
		}
		if inner.Type != Number && inner.Type != Curve {
			continue
		}
		for _, text := range defaults(a) {
			q, err := unit.ParseQuantity(text)
			var v float64
			if err == nil {
				v, err = q.In(u, dollars)
			}
			if err != nil {
				fail(at, "default: %v", err)
			} else if v < low || v > high {
				fail(at, "default %s lies outside its range", text)
			}
		}
	}
}
