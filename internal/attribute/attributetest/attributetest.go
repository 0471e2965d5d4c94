// Package attributetest makes trees for tests from YAML text.
//
// What enters: a text. What leaves: its attribute.Node, with places, or a
// panic where it is no YAML. Duplicate keys stay in, since decoding tells them.
package attributetest

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"example.org/busbar/internal/attribute"
)

// Parse reads a YAML text as the file of a name.
func Parse(file, text string) *attribute.Node {
	f, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		panic(err)
	}
	if len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return &attribute.Node{Pos: attribute.Pos{File: file, Line: 1, Col: 1}}
	}
	return node(file, f.Docs[0].Body)
}

func pos(file string, n ast.Node) attribute.Pos {
	t := n.GetToken()
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		t = m.Values[0].Key.GetToken()
	}
	if t == nil || t.Position == nil {
		return attribute.Pos{File: file}
	}
	return attribute.Pos{File: file, Line: t.Position.Line, Col: t.Position.Column}
}

func node(file string, n ast.Node) *attribute.Node {
	out := &attribute.Node{Pos: pos(file, n)}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.MappingNode:
		out.Kind = attribute.Map
		for _, v := range n.Values {
			out.Keys = append(out.Keys, attribute.Key{Name: v.Key.GetToken().Value, Pos: pos(file, v.Key), Value: node(file, v.Value)})
		}
	case *ast.MappingValueNode:
		out.Kind, out.Pos = attribute.Map, pos(file, n.Key)
		out.Keys = []attribute.Key{{Name: n.Key.GetToken().Value, Pos: pos(file, n.Key), Value: node(file, n.Value)}}
	case *ast.SequenceNode:
		out.Kind = attribute.List
		for _, v := range n.Values {
			out.Items = append(out.Items, node(file, v))
		}
	case *ast.StringNode:
		out.Kind, out.Text = attribute.Scalar, n.Value
	default:
		out.Kind, out.Text = attribute.Scalar, n.GetToken().Value
	}
	return out
}
