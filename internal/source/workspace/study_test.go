package workspace

import (
	"fmt"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
)

// TestDefault: the study asked for, the only one, base, or the list.
func TestDefault(t *testing.T) {
	for _, c := range []struct{ studies, flag, want, err string }{
		{"", "", "base", ""},
		{"", "base", "base", ""},
		{"", "dry", "", "no study dry in DIR; want base"},
		{"dry", "", "dry", ""},
		{"dry", "base", "base", ""}, // the system as it is, for builds: base
		{"base dry", "", "base", ""},
		{"base dry", "dry", "dry", ""},
		{"base dry-year", "dry-yaer", "", "no study dry-yaer in DIR; did you mean dry-year?"},
		{"dry wet", "", "", "several studies and none of them base; say which with --study: dry, wet"},
	} {
		dir := t.TempDir()
		write(t, dir, systemFile, "system: s\n")
		for _, s := range strings.Fields(c.studies) {
			write(t, dir, "studies/"+s+".yaml", "study: "+s+"\n")
		}
		w, problems := Open(dir)
		expect(t, problems, nil)
		name, err := w.Default(c.flag)
		message := ""
		if err != nil {
			message = strings.ReplaceAll(err.Error(), dir, "DIR")
		}
		if name != c.want || message != c.err {
			t.Errorf("studies %q, --study %q: %q, %q; want %q, %q", c.studies, c.flag, name, message, c.want, c.err)
		}
	}
}

func TestStudies(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, systemFile, "system: s\nassets: {a: {kind: x}}\n")
	write(t, dir, "studies/1.yaml", "study: one\ntitle: The first\nsweep: {assets.a.m: [1, 2, 3]}\n")
	write(t, dir, "studies/2.yaml", "from: one\nsweep: {assets.a.n: [1, 2]}\n")
	write(t, dir, "studies/3.yaml", "from: one\nsweep: null\n")
	write(t, dir, "studies/4.yaml", "from: '2'\nsweep: {assets.a.m: null}\n")
	w, problems := openAll(dir)
	expect(t, problems, nil)
	want := "[{one The first  studies/1.yaml 3} {2  one studies/2.yaml 6} {3  one studies/3.yaml 1} {4  2 studies/4.yaml 2}]"
	if got := fmt.Sprint(w.Studies()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if _, problems := w.Tree("five"); len(problems) != 1 || problems[0].Code != "unknown-study" {
		t.Errorf("Tree of no study: %v", problems)
	}
	if points, problems := w.Sweep("3"); points != nil || problems != nil {
		t.Errorf("Sweep without one: %v %v", points, problems)
	}
}

// TestTreesAreApart: what one study or point sets, no other sees.
func TestTreesAreApart(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, systemFile, "system: s\nassets: {a: {kind: x, c: 1 MW, build: {max: 1}}, b: {kind: y}}\n")
	write(t, dir, "studies/base.yaml", "study: base\n")
	write(t, dir, "studies/big.yaml", "study: big\nset: {assets.a.c: 2 MW, assets.a.build.max: 2, assets.a.build.new: 3, assets.b: null}\nassets: {n: {kind: z}}\nsweep: {assets.a.c: [3 MW, 4 MW], assets.n.k: [5, 6]}\n")
	w, problems := openAll(dir)
	expect(t, problems, nil)
	show := func(n *attribute.Node, _ []attribute.Problem) string { return inline(n.Get("assets")) }
	for range 2 { // a second time nothing has changed
		if got, want := show(w.Tree("base")), "{a: {kind: x, c: 1 MW, build: {max: 1}}, b: {kind: y}}"; got != want {
			t.Errorf("base: got %s, want %s", got, want)
		}
		if got, want := show(w.Tree("big")), "{a: {kind: x, c: 2 MW, build: {max: 2, new: 3}}, n: {kind: z}}"; got != want {
			t.Errorf("big: got %s, want %s", got, want)
		}
		points, _ := w.Sweep("big")
		var got []string
		for _, p := range points {
			got = append(got, fmt.Sprint(p.Name, p.Values, show(p.Tree, nil)))
		}
		var want []string
		for i, v := range [][2]string{{"3 MW", "5"}, {"3 MW", "6"}, {"4 MW", "5"}, {"4 MW", "6"}} {
			want = append(want, fmt.Sprintf("big.%d[{assets.a.c %s} {assets.n.k %s}]{a: {kind: x, c: %s, build: {max: 2, new: 3}}, n: {kind: z, k: %s}}", i+1, v[0], v[1], v[0], v[1]))
		}
		if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
			t.Errorf("got\n%s\nwant\n%s", g, w)
		}
	}
}
