package compare

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"example.org/busbar/internal/attribute"
)

func scalar(text string) *attribute.Node {
	return &attribute.Node{Kind: attribute.Scalar, Text: text}
}

func tree(pairs ...any) *attribute.Node {
	n := &attribute.Node{Kind: attribute.Map}
	for i := 0; i < len(pairs); i += 2 {
		n.Keys = append(n.Keys, attribute.Key{Name: pairs[i].(string), Value: pairs[i+1].(*attribute.Node)})
	}
	return n
}

func items(all ...*attribute.Node) *attribute.Node {
	return &attribute.Node{Kind: attribute.List, Items: all}
}

func TestFlatten(t *testing.T) {
	got := map[string]string{}
	flatten("", tree(
		"years", items(scalar("2030")),
		"assets", tree("wind", tree(
			"capacity", tree("value", scalar("1 GW"), "source", scalar("S1")),
			"ports", items(tree("commodity", scalar("co2")), tree("commodity", scalar("heat"))),
		)),
	), func(path, value string) { got[path] = value })
	want := map[string]string{
		"years": "[2030]", "assets.wind.capacity": "1 GW", "assets.wind.capacity.source": "S1",
		"assets.wind.ports.0.commodity": "co2", "assets.wind.ports.1.commodity": "heat",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A series in two numbers: mean 2, sum of squares 14.
func TestColumns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.csv")
	if err := os.WriteFile(file, []byte("time,sun [1],load [MW]\nt1,1,10\nt2,2,10\nt3,3,10\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	want := []column{{"sun", "2", "14"}, {"load", "10 MW", "300 MW"}}
	if got := columns(file); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := columns(filepath.Join(t.TempDir(), "none.csv")); got != nil {
		t.Errorf("a file that is not there has columns %v", got)
	}
}

func TestChanged(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		values []*float64
		want   bool
	}{
		{[]*float64{v(1), v(1)}, false},
		{[]*float64{v(1e6), v(1e6 + 0.5)}, false}, // within a millionth
		{[]*float64{v(1e6), v(1e6 + 5)}, true},
		{[]*float64{v(0), v(1e-8)}, false}, // a trace
		{[]*float64{v(1), nil}, true},
		{[]*float64{nil, nil}, false},
		{[]*float64{v(1), v(1), v(2)}, true},
	} {
		if got := changed(c.values, 1e-6); got != c.want {
			t.Errorf("%v changed: %v", c.values, got)
		}
	}
	r := Result{Values: []*float64{v(-50), v(-60), nil}}
	if by, share, ok := r.Difference(1); by != -10 || share != -0.2 || !ok {
		t.Errorf("difference %g, %g, %v", by, share, ok)
	}
	if _, _, ok := r.Difference(2); ok {
		t.Error("a missing number has a difference")
	}
}
