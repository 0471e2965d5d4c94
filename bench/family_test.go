package main

import (
	"crypto/sha256"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.org/busbar/internal/weather"
)

// files hashes what a case wrote.
func files(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[rel] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameCaseSameBytes(t *testing.T) {
	c := Case{Buses: 3, Days: 2, Seed: 5}
	one, two, other := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{one, two} {
		if _, err := Generate(c, dir); err != nil {
			t.Fatal(err)
		}
	}
	a, b := files(t, one), files(t, two)
	if len(a) < 10 || len(a) != len(b) {
		t.Fatalf("%d and %d files", len(a), len(b))
	}
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s differs between two runs of one case", name)
		}
	}
	c.Seed = 6
	if _, err := Generate(c, other); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"system.json", filepath.Join("workspace", "series", "weather.csv")} {
		if files(t, other)[name] == a[name] {
			t.Errorf("%s is the same under another seed", name)
		}
	}
}

// The problem that Busbar builds has the columns and rows that the family's
// description asks for, counted here from the description: nothing is lost on
// the way through tables, kinds and formulation.
func TestSizeFollowsFromDescription(t *testing.T) {
	for _, c := range []Case{{1, 1, 1}, {2, 2, 1}, {3, 1, 2}, {5, 2, 3}} {
		s, spec, err := Make(c)
		if err != nil {
			t.Fatal(err)
		}
		w, err := weather.Generate(spec)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if _, err := Generate(c, dir); err != nil {
			t.Fatal(err)
		}
		got, err := build(filepath.Join(dir, "workspace"), "base", true)
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		h := s.Hours
		cols := h * (len(s.Loads) + len(s.Sources) + 3*len(s.Batteries) + 3*len(s.Reservoirs) + 2*len(s.Lines) + 2*len(s.Smelters))
		rows := h * (len(s.Buses) + len(s.Batteries) + len(s.Reservoirs) + len(s.Smelters)) // balances
		cols += 2*len(s.Batteries) + len(s.Lines)                                           // what may be built
		rows += h*(3*len(s.Batteries)+len(s.Lines)) + len(s.Batteries)                      // within what is built; power tied to energy
		rows += (h - 1 + 1) * len(s.Smelters)                                               // ramps and nameplate
		dark := map[string]int{}
		for _, v := range w.Series {
			for _, x := range v.Values[:h] {
				if x == 0 {
					dark[v.Name]++
				}
			}
		}
		for _, g := range s.Sources {
			if g.BuildMax > 0 {
				cols++
				rows += h - dark[g.Availability] // no row where nothing is to be had
			}
		}
		if got.Cols != cols || got.Rows != rows {
			t.Errorf("%s: %d rows, %d columns; the description asks for %d and %d", c, got.Rows, got.Cols, rows, cols)
		}
	}
}

func TestLinesJoinEveryBusOnce(t *testing.T) {
	for n := 1; n <= 20; n++ {
		s, _, err := Make(Case{n, 1, 1})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		reach := map[string]bool{s.Buses[0]: true}
		for range s.Buses {
			for _, l := range s.Lines {
				if reach[l.From] || reach[l.To] {
					reach[l.From], reach[l.To] = true, true
				}
			}
		}
		for _, l := range s.Lines {
			if l.From >= l.To || seen[l.Name] {
				t.Errorf("%d buses: line %s from %s to %s", n, l.Name, l.From, l.To)
			}
			seen[l.Name] = true
		}
		if len(reach) != n {
			t.Errorf("%d buses: %d can be reached", n, len(reach))
		}
	}
}

func TestMakeRefuses(t *testing.T) {
	for _, c := range []Case{{0, 1, 1}, {21, 1, 1}, {1, 0, 1}, {1, 1096, 1}} {
		if _, _, err := Make(c); err == nil {
			t.Errorf("%+v was made", c)
		}
	}
	for _, text := range []string{"", "6", "6x", "x5", "6x8760x1", "a,b"} {
		if _, err := cases(text); err == nil {
			t.Errorf("size %q was read", text)
		}
	}
	got, err := cases("1x730,20x8760")
	if err != nil || len(got) != 2 || got[0].Days != 31 || got[1] != (Case{20, 365, 1}) {
		t.Errorf("read %+v, %v", got, err)
	}
}

// What PyPSA's side reads is what was made.
func TestDescriptionReadsBack(t *testing.T) {
	dir := t.TempDir()
	s, err := Generate(Case{4, 1, 9}, dir)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "system.json"))
	if err != nil {
		t.Fatal(err)
	}
	var back System
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	again, _ := json.MarshalIndent(&back, "", " ")
	if string(again) != string(data) || len(back.Smelters) != 2 || back.Smelters[1] != s.Smelters[1] {
		t.Error("system.json does not read back as it was written")
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{5, 1, 3}, 3}, {[]float64{4, 1, 2, 100}, 3}} {
		if got := median(c.in); got != c.want {
			t.Errorf("median %v = %g, want %g", c.in, got, c.want)
		}
	}
}
