package workspace

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
)

// drawNode makes up a tree.
func drawNode(t *rapid.T, depth int) *attribute.Node {
	kinds := []attribute.NodeKind{attribute.Scalar, attribute.Scalar, attribute.Null, attribute.Map, attribute.List}
	if depth == 0 {
		kinds = kinds[:2]
	}
	n := &attribute.Node{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch n.Kind {
	case attribute.Scalar:
		n.Text = rapid.OneOf(
			rapid.SampledFrom([]string{"2.01 GW", "500 kt/a", "1e3", "series/a.csv#x", "0x10", "true", "null", "~", "a: b", "- x", "95 %", "%5", "+07:00", "", " ", "#", "'", `"`, "[a]", "\u0e25\u0e32\u0e27"}),
			rapid.StringN(0, 12, -1),
		).Filter(printable).Draw(t, "text")
	case attribute.Map:
		n.Keys = drawEntries(t, depth-1)
	case attribute.List:
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			n.Items = append(n.Items, drawNode(t, depth-1))
		}
	}
	return n
}

func drawEntries(t *rapid.T, depth int) []attribute.Key {
	var keys []attribute.Key
	for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9_-]{0,5}`), 0, 4, rapid.ID[string]).Draw(t, "keys") {
		keys = append(keys, attribute.Key{Name: name, Value: drawNode(t, depth)})
	}
	return keys
}

// printable: the characters that a double-quoted text may hold as they are.
func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == '\ufffd' {
			return false
		}
	}
	return true
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// yamlOf writes a node in block style, its maps in an order drawn from r.
func yamlOf(b *strings.Builder, n *attribute.Node, indent string, r *rand.Rand) {
	switch {
	case n.Kind == attribute.Scalar:
		fmt.Fprintf(b, " \"%s\"\n", quoter.Replace(n.Text))
	case n.Kind == attribute.Null:
		b.WriteString(" null\n")
	case n.Kind == attribute.Map && len(n.Keys) == 0:
		b.WriteString(" {}\n")
	case n.Kind == attribute.List && len(n.Items) == 0:
		b.WriteString(" []\n")
	case n.Kind == attribute.Map:
		b.WriteString("\n")
		for _, i := range r.Perm(len(n.Keys)) {
			b.WriteString(indent + n.Keys[i].Name + ":")
			yamlOf(b, n.Keys[i].Value, indent+"  ", r)
		}
	default:
		b.WriteString("\n")
		for _, v := range n.Items {
			b.WriteString(indent + "-")
			yamlOf(b, v, indent+"  ", r)
		}
	}
}

// TestOrderOfKeys: any tree comes back from its YAML as it was, whatever the
// order of its keys.
func TestOrderOfKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := &attribute.Node{Kind: attribute.Map, Keys: append(drawEntries(t, 3), attribute.Key{Name: "Last", Value: drawNode(t, 3)})}
		for _, seed := range []uint64{1, rapid.Uint64().Draw(t, "order")} {
			var b strings.Builder
			yamlOf(&b, want, "", rand.New(rand.NewPCG(seed, 0)))
			got, problems := parseYAML(systemFile, []byte(b.String()))
			if len(problems) > 0 || !equal(got, want) {
				t.Fatalf("got %v (%v)\nwant %s\nfrom\n%s", inline(got), problems, inline(want), b.String())
			}
		}
	})
}

// TestParts: a system is the same, however its entries are spread over
// system.yaml and two included files, and in whatever order these stand.
func TestParts(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		want := &attribute.Node{Kind: attribute.Map}
		parts := make([]*attribute.Node, 3)
		for i := range parts {
			parts[i] = &attribute.Node{Kind: attribute.Map, Keys: []attribute.Key{{Name: "currency", Value: &attribute.Node{Kind: attribute.Scalar, Text: "USD"}}}}
		}
		for _, section := range []string{"assets", "places", "limits"} {
			whole := &attribute.Node{Kind: attribute.Map, Keys: drawEntries(t, 1)}
			for _, e := range whole.Keys {
				part := parts[rapid.IntRange(0, 2).Draw(t, "part")]
				if part.Get(section) == nil {
					part.Keys = append(part.Keys, attribute.Key{Name: section, Value: &attribute.Node{Kind: attribute.Map}})
				}
				into := part.Get(section)
				into.Keys = append(into.Keys, e)
			}
			if len(whole.Keys) > 0 {
				want.Keys = append(want.Keys, attribute.Key{Name: section, Value: whole})
			}
		}
		for _, text := range []string{"currency: USD", "study: base"} {
			k, v, _ := strings.Cut(text, ": ")
			want.Keys = append(want.Keys, attribute.Key{Name: k, Value: &attribute.Node{Kind: attribute.Scalar, Text: v}})
		}
		includes := "include: [b.yaml, a.yaml]\n"
		if r.IntN(2) == 0 {
			includes = "include: [a.yaml, b.yaml]\n"
		}
		for i, name := range []string{systemFile, "a.yaml", "b.yaml"} {
			var b strings.Builder
			yamlOf(&b, parts[i], "", r)
			if i == 0 {
				b.WriteString(includes)
			}
			write(t, dir, name, b.String())
		}
		w, problems := openAll(dir)
		tree, _ := w.Tree(baseStudy)
		if len(problems) > 0 || !equal(tree, want) {
			t.Fatalf("got %s (%v)\nwant %s", inline(tree), problems, inline(want))
		}
	})
}
