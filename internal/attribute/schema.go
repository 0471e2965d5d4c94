package attribute

import (
	"reflect"
	"strings"

	"example.org/busbar/internal/unit"
)

// The forms of text, as regular expressions of JSON Schema (ECMA 262).
const (
	numberForm = `[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?`
	ratioForm  = `^\s*` + numberForm + `\s*%?\s*$`
	unitForm   = `^\s*(` + numberForm + `\s*[^\s\d.,#][^#]*|[+-]?0)\s*$`
	seriesForm = `^[^#]+#[^#]+$`
	idForm     = `^[^\s.@#/\\:,;\[\]{}"']+$`
	dateForm   = `^\d{4}-\d{2}-\d{2}$`
)

// Schema is the JSON Schema (draft 2020-12) of a map with these attributes.
// It is what editors complete and underline by; Decode checks more (dimensions,
// ranges in any unit, references).
func Schema(table []Attribute) map[string]any {
	properties := map[string]any{}
	var required []any
	for i := range table {
		a := &table[i]
		properties[a.Key] = a.schema()
		if a.Required() {
			required = append(required, a.Key)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		s["required"] = required
	}
	return s
}

func (a *Attribute) schema() map[string]any {
	s := a.form()
	if d := a.describe(); d != "" {
		s["description"] = d
	}
	if a.Default != "" {
		s["default"] = a.Default
		switch a.Default {
		case "true", "false":
			s["default"] = a.Default == "true"
		}
	}
	return s
}

// describe is what an editor shows: meaning, unit, range, source.
func (a *Attribute) describe() string {
	text := a.Doc
	if u := a.UnitText(); u != "" {
		text += " [" + u + "]"
	}
	if r := a.RangeText(); r != "" {
		text += "; " + r
	}
	if a.Source != "" {
		text += " (" + a.Source + ")"
	}
	return strings.TrimPrefix(text, " ")
}

// UnitText is the unit for a reader: "MW", "USD/MWh", "USD/unit of commodity".
func (a *Attribute) UnitText() string {
	if a.Type == ListOf || a.Type == MapOf {
		return a.Elem.UnitText()
	}
	if a.Type != Number && a.Type != Curve && a.Unit == "" || a.Type == Group {
		return ""
	}
	if a.Unit == "" {
		return "1"
	}
	return strings.NewReplacer("{key}", "unit", "({per})", "unit of size", "{per}", "unit of size", "{", "unit of ", "}", "").Replace(a.Unit)
}

// RangeText is the range for a reader: "at least 0", "0 to 100 %".
func (a *Attribute) RangeText() string {
	switch {
	case a.Min != "" && a.Max != "":
		return a.Min + " to " + a.Max
	case a.Min != "":
		return "at least " + a.Min
	case a.Max != "":
		return "at most " + a.Max
	}
	return ""
}

// Forms are the parts that schemas refer to as #/$defs/NAME; whoever puts a
// schema into a file puts them beside it.
func Forms() map[string]any {
	out := map[string]any{}
	for name, q := range map[string]map[string]any{
		"share": anyOf(map[string]any{"type": "number"}, map[string]any{"type": "string", "pattern": ratioForm}),
		// A bare 0 is zero in any unit, and the only number that needs none.
		"quantity": anyOf(map[string]any{"type": "string", "pattern": unitForm}, map[string]any{"const": 0}),
		"count":    map[string]any{"type": []any{"number", "string"}},
	} {
		bare := form(name)
		scale := form("share")
		series := map[string]any{"type": "string", "pattern": seriesForm}
		months := map[string]any{"type": "array", "items": bare, "minItems": 12, "maxItems": 12}
		out["form-"+name] = q
		out["form-cited-"+name] = anyOf(bare, wrapped(map[string]any{"value": bare, "scale": scale}, "value"))
		out["form-series-of-"+name] = anyOf(bare, series,
			wrapped(map[string]any{"value": anyOf(bare, series), "scale": scale, "unit": text(), "offset": text()}, "value"),
			wrapped(map[string]any{"series": series, "scale": scale, "unit": text(), "offset": text()}, "series"),
			wrapped(map[string]any{"monthly": months, "scale": scale}, "monthly"))
	}
	return out
}

func form(name string) map[string]any { return map[string]any{"$ref": "#/$defs/form-" + name} }

func (a *Attribute) form() map[string]any {
	switch a.Type {
	case Number:
		if a.Word != "" {
			return anyOf(form("cited-"+a.quantity()), map[string]any{"const": a.Word})
		}
		return form("cited-" + a.quantity())
	case Curve:
		return form("series-of-" + a.quantity())
	case Text:
		if len(a.Enum) > 0 {
			var words []any
			for _, w := range a.Enum {
				words = append(words, w)
			}
			return map[string]any{"enum": words}
		}
		return map[string]any{"type": []any{"string", "number", "boolean", "null"}}
	case Flag:
		return map[string]any{"type": "boolean"}
	case Count:
		if a.Unit != "" {
			return map[string]any{"type": []any{"integer", "string"}}
		}
		return map[string]any{"type": "integer"}
	case Date:
		return map[string]any{"type": "string", "pattern": dateForm}
	case Group:
		s := Schema(a.Of)
		if short := a.short(); short != "" {
			forms := []map[string]any{s, text()}
			for i := range a.Of {
				if b := &a.Of[i]; b.Key == short && (b.Type == Number || b.Type == Curve) {
					forms = append(forms, b.form())
				}
			}
			return anyOf(forms...)
		}
		return s
	case ListOf:
		return map[string]any{"type": "array", "items": a.Elem.form(), "minItems": 1}
	case MapOf:
		return map[string]any{
			"type": []any{"object", "null"}, "propertyNames": map[string]any{"pattern": idForm},
			"additionalProperties": a.Elem.form(),
		}
	}
	return reflect.New(plain(a.goType)).Interface().(Reader).Form()
}

func plain(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// quantity is the form of an attribute's number.
func (a *Attribute) quantity() string {
	if a.Unit == "" || a.Unit == "1" {
		return "share"
	}
	if u, err := unit.Parse(studyMoney(a.Unit)); err == nil {
		if _, err := (unit.Quantity{Number: one, Unit: unit.One}).In(u, nil); err == nil { // it counts things
			return "count"
		}
	}
	return "quantity"
}

var one, _ = unit.ParseDecimal("1")

func text() map[string]any { return map[string]any{"type": "string"} }

func anyOf(forms ...map[string]any) map[string]any {
	var all []any
	for _, f := range forms {
		all = append(all, f)
	}
	return map[string]any{"anyOf": all}
}

// wrapped is {value, source, note} with further keys.
func wrapped(keys map[string]any, need string) map[string]any {
	keys["source"], keys["note"] = text(), text()
	return map[string]any{"type": "object", "properties": keys, "required": []any{need}, "additionalProperties": false}
}
