// Package attribute is the one table of attributes: struct tags on the kinds'
// (and the system's) Go types say name, unit, default, range, meaning and
// source of everything a planner may write. Decoding, checks, JSON Schema,
// reference pages and table headers all come from it.
//
// What enters: a positioned tree (from YAML, CSV or a spreadsheet) and a
// pointer to a tagged struct. What leaves: the struct, filled in base units,
// and every problem found, each with its place.
//
// Tags of a field:
//
//	yaml:"capacity"        its key; a field without one is not an attribute. An embedded struct
//	                       without a tag lends its fields. yaml:"cost,short": the group may be
//	                       written as this one value. yaml:",key": a slice of such structs is
//	                       written as a map, and this string is the entry's name
//	unit:"MW"              base unit it is converted to; {per} takes the unit given by the
//	                       parent field's per:"..." tag, {commodity} the unit of the commodity
//	                       named by the sibling field with that key (or a parent's sibling), {key}
//	                       that of the commodity the entry is named after; USD stands for the
//	                       study's currency
//	default:"95 %"         as a planner would write it; no default and not optional: required
//	optional:"true"        may be left out: float64 stays NaN, Value.Given false, pointers nil, strings ""
//	min:"0" max:"100 %"    range, inclusive, in any fitting unit
//	enum:"free,sold"       the words allowed
//	word:"unlimited=+Inf"  a word that stands for a number of float64 that no quantity could be
//	gaps:"true"            a series may leave steps empty: NaN there
//	ref:"place"            must name one: place, party, commodity, asset, source
//	ref:"unit"             is a unit, which {that key} in a sibling's unit tag stands for
//	per:"MW"               for nested structs, see unit
//	doc:"..."              meaning, one sentence
//	source:"facts-A2 S22"  where the default comes from, with its grade (GK: general knowledge)
//
// Types of a field: float64 (one quantity), Value (a quantity, a series or
// twelve months), string, bool, int, time.Time (a date), a struct, slices and
// maps of these, pointers to these (nil where not written), and any type whose
// pointer is a Reader. A field of type Pos without a tag gets the place of its
// struct's key. Any value may be written {value: ..., source: ..., note: ...}.
package attribute

import "example.org/busbar/internal/primitive"

// Pos is a place in a source file; Line and Col start at 1, 0 is unknown.
type Pos struct {
	File      string
	Line, Col int
}

// Problem is one thing wrong in a planner's input.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
	Code string `json:"code"` // stable, e.g. "unknown-key", "unit-dimension"
	Text string `json:"text"` // what was read, what would fit
}

// Value is a number or a series in base units. The data of a series is shared
// by all who cite it: don't change it.
type Value struct {
	primitive.Series
	Given  bool // false where optional and left out
	Source string
	Pos    Pos
}

// NodeKind sorts nodes.
type NodeKind uint8

// The nodes of a tree.
const (
	Null NodeKind = iota
	Scalar
	List
	Map
)

// Node is a positioned tree of plain text: what a YAML file, a row of a
// table or a spreadsheet says, before anything is converted.
type Node struct {
	Pos   Pos
	Kind  NodeKind
	Text  string // of a scalar, as written, unquoted
	Items []*Node
	Keys  []Key // of a map, in order
}

// Key is one entry of a map.
type Key struct {
	Name  string
	Pos   Pos
	Value *Node
}

// Get returns the value under a key, nil if absent.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Keys {
		if n.Keys[i].Name == name {
			return n.Keys[i].Value
		}
	}
	return nil
}
