package attribute

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Type sorts what an attribute holds.
type Type uint8

// The types.
const (
	Number  Type = iota // a quantity; float64
	Curve               // a quantity, a series or twelve months; Value
	Text                // string
	Flag                // true or false; bool
	Count               // a whole number; int
	Date                // 2030-12-31; time.Time
	Group               // attributes of its own; a struct or a pointer to one
	ListOf              // [a, b]; a slice
	MapOf               // {name: a}; a map, or a slice of structs with a field tagged yaml:",key"
	Special             // reads itself; a type whose pointer is a Reader
)

var typeNames = [...]string{"quantity", "quantity or series", "text", "true or false", "whole number", "date", "group", "list", "map", "text"}

func (t Type) String() string { return typeNames[t] }

// Attribute is one line of a table: everything a field's tags say.
type Attribute struct {
	Key      string
	Type     Type
	Unit     string // as tagged, with {placeholders}
	Default  string
	Optional bool
	Min, Max string
	Enum     []string
	Word     string  // that may be written instead of a quantity
	Means    float64 // what the word stands for
	Gaps     bool    // a series may leave steps empty
	Ref      string
	Per      string
	Doc      string
	Source   string

	Of   []Attribute // of a Group
	Elem *Attribute  // of a ListOf or MapOf

	index  []int // of the field in its struct
	goType reflect.Type
	key    []int // of the yaml:",key" field in Elem's struct, for an ordered MapOf
	pos    []int // of a Pos field without a tag, in a Group
}

// Required tells whether a planner must write the attribute.
func (a *Attribute) Required() bool {
	switch {
	case a.Optional || a.Default != "":
		return false
	case a.Type == Group && a.goType.Kind() == reflect.Struct:
		for i := range a.Of {
			if a.Of[i].Required() {
				return true
			}
		}
		return false
	}
	return true
}

var (
	valueType = reflect.TypeFor[Value]()
	posType   = reflect.TypeFor[Pos]()
	timeType  = reflect.TypeFor[time.Time]()
	reader    = reflect.TypeFor[Reader]()
	tables    sync.Map // reflect.Type -> Attribute (a Group)
)

// Table returns the attributes of a tagged struct, or of a pointer to one, in
// the order of its fields. A tag that makes no sense is a fault of the
// program: Verify finds it.
func Table(v any) []Attribute {
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return group(t).Of
}

// group returns a struct's table as an Attribute of type Group.
func group(t reflect.Type) Attribute {
	if g, ok := tables.Load(t); ok {
		return g.(Attribute)
	}
	g := Attribute{Type: Group, goType: t}
	g.fields(t, nil)
	tables.Store(t, g)
	return g
}

func (g *Attribute) fields(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(at[:len(at):len(at)], i)
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct && name == "":
			g.fields(f.Type, index)
		case option == "key":
			g.key = index
		case f.Type == posType && name == "":
			g.pos = index
		case !f.IsExported() || name == "" || name == "-":
		default:
			a := attributeOf(f.Type)
			a.Key, a.index = name, index
			tag := f.Tag.Get
			a.Unit, a.Default = tag("unit"), tag("default")
			a.Optional = tag("optional") == "true"
			a.Min, a.Max = tag("min"), tag("max")
			if e := tag("enum"); e != "" {
				a.Enum = strings.Split(e, ",")
			}
			if word, number, ok := strings.Cut(tag("word"), "="); ok {
				a.Word = word
				a.Means, _ = strconv.ParseFloat(number, 64)
			}
			a.Gaps = tag("gaps") == "true"
			a.Ref, a.Per, a.Doc, a.Source = tag("ref"), tag("per"), tag("doc"), tag("source")
			for e := a.Elem; e != nil; e = e.Elem {
				e.Unit, e.Min, e.Max, e.Enum, e.Ref, e.Per, e.Doc = a.Unit, a.Min, a.Max, a.Enum, a.Ref, a.Per, a.Doc
			}
			g.Of = append(g.Of, a)
		}
	}
}

func attributeOf(t reflect.Type) Attribute {
	a := Attribute{goType: t}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case reflect.PointerTo(t).Implements(reader):
		a.Type = Special
	case t == valueType:
		a.Type = Curve
	case t == timeType:
		a.Type = Date
	default:
		switch t.Kind() {
		case reflect.Float64:
			a.Type = Number
		case reflect.String:
			a.Type = Text
		case reflect.Bool:
			a.Type = Flag
		case reflect.Int:
			a.Type = Count
		case reflect.Struct:
			a.Type = Group
			g := group(t)
			a.Of, a.key, a.pos = g.Of, g.key, g.pos
		case reflect.Slice:
			e := attributeOf(t.Elem())
			a.Type, a.Elem, a.key = ListOf, &e, e.key
			if e.key != nil {
				a.Type = MapOf
			}
		case reflect.Map:
			e := attributeOf(t.Elem())
			a.Type, a.Elem = MapOf, &e
		default:
			panic(fmt.Sprintf("attribute: no attribute has type %s", t))
		}
	}
	return a
}
