package netcdf

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is written is read again, to the last bit.
func TestWrite(t *testing.T) {
	need(t)
	dir := t.TempDir()
	count := 0
	rapid.Check(t, func(r *rapid.T) {
		count++
		rows := rapid.IntRange(1, 5).Draw(r, "rows")
		cols := rapid.IntRange(1, 4).Draw(r, "cols")
		d := &Dataset{
			Dimensions: []Dimension{{"row", rows}, {"col", cols}},
			Variables: []Content{
				{Name: "row", Dimensions: []string{"row"}, Integers: rapid.SliceOfN(rapid.Int64(), rows, rows).Draw(r, "row")},
				{Name: "x", Dimensions: []string{"row", "col"}, Floats: rapid.SliceOfN(rapid.Float64(), rows*cols, rows*cols).Draw(r, "x")},
				{Name: "on", Dimensions: []string{"col"}, Small: true, Attributes: Attributes{{Name: "dtype", Kind: Text, Text: "bool"}},
					Integers: rapid.SliceOfN(rapid.Int64Range(0, 1), cols, cols).Draw(r, "on")},
				{Name: "names", Dimensions: []string{"col", "row"}, Texts: rapid.SliceOfN(rapid.StringMatching(`[a-z äß漢|]{0,9}`), rows*cols, rows*cols).Draw(r, "names")},
			},
			Attributes: Attributes{
				{Name: "title", Kind: Text, Text: rapid.StringMatching(`[a-zäß漢]{1,9}`).Draw(r, "title")},
				{Name: "n", Kind: Integer, Numbers: []float64{7}}, {Name: "v", Kind: Float, Numbers: []float64{0.1}},
			},
		}
		d.Variables[1].Floats[0] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1e-300}).Draw(r, "odd")
		path := filepath.Join(dir, "x"+string(rune('a'+count%26))+".nc")
		os.Remove(path)
		if err := Write(path, d); err != nil {
			r.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			r.Fatal(err)
		}
		defer f.Close()
		same := func(x, y float64) bool { return x == y || x != x && y != y }
		for i := range d.Variables {
			c := &d.Variables[i]
			v := f.Variable(c.Name)
			switch {
			case v == nil || v.Kind != c.kind() || v.Attributes.Text("dtype") != c.Attributes.Text("dtype"):
				r.Fatalf("%s: %+v", c.Name, v)
			case c.Floats != nil:
				if got, err := f.Floats(v); err != nil || !slices.EqualFunc(got, c.Floats, same) {
					r.Fatalf("%s: %v %v, want %v", c.Name, got, err, c.Floats)
				}
			case c.Integers != nil:
				if got, err := f.Integers(v); err != nil || !slices.Equal(got, c.Integers) {
					r.Fatalf("%s: %v %v, want %v", c.Name, got, err, c.Integers)
				}
			default:
				if got, err := f.Texts(v); err != nil || !slices.Equal(got, c.Texts) {
					r.Fatalf("%s: %q %v, want %q", c.Name, got, err, c.Texts)
				}
			}
		}
		if n, _ := f.Attributes.Number("n"); f.Attributes.Text("title") != d.Attributes[0].Text || n != 7 {
			r.Fatalf("%+v", f.Attributes)
		}
	})
}

// A variable of more than one part.
func TestWriteLong(t *testing.T) {
	need(t)
	const rows, cols = 3 * portion / 7, 7
	d := &Dataset{Dimensions: []Dimension{{"t", rows}, {"i", cols}}, Variables: []Content{{Name: "x", Dimensions: []string{"t", "i"}, Floats: make([]float64, rows*cols)}}}
	for i := range d.Variables[0].Floats {
		d.Variables[0].Floats[i] = float64(i % 1000)
	}
	path := filepath.Join(t.TempDir(), "x.nc")
	if err := Write(path, d); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, err := f.Floats(f.Variable("x")); err != nil || !slices.Equal(v, d.Variables[0].Floats) {
		t.Errorf("%d entries, %v", len(v), err)
	}
}

// What can't be written leaves nothing behind.
func TestWriteRefuses(t *testing.T) {
	need(t)
	ones := func(n int) []Content {
		return []Content{{Name: "x", Dimensions: []string{"i"}, Floats: make([]float64, n)}}
	}
	here := write(t, nil)
	for _, c := range []struct {
		path string
		d    *Dataset
		want string
	}{
		{here, &Dataset{}, "exists already"},
		{filepath.Join(t.TempDir(), "no", "x.nc"), &Dataset{}, "cannot write"},
		{filepath.Join(t.TempDir(), "x.nc"), &Dataset{Dimensions: []Dimension{{"i", 2}}, Variables: ones(3)}, "3 entries, its dimensions 2"},
		{filepath.Join(t.TempDir(), "x.nc"), &Dataset{Dimensions: []Dimension{{"k", 2}}, Variables: ones(2)}, "there is none"},
		{filepath.Join(t.TempDir(), "x.nc"), &Dataset{Dimensions: []Dimension{{"i", 0}}, Variables: ones(0)}, "i is empty"},
		{filepath.Join(t.TempDir(), "x.nc"), &Dataset{Dimensions: []Dimension{{"i/k", 1}}}, "i/k"},
	} {
		if err := Write(c.path, c.d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %s", err, c.want)
		}
		left, _ := filepath.Glob(filepath.Join(filepath.Dir(c.path), "*"))
		if len(left) > 0 && c.path != here {
			t.Errorf("%s: left %v", c.want, left)
		}
	}
	t.Setenv("BUSBAR_NETCDF", t.TempDir())
	path := filepath.Join(t.TempDir(), "x.nc")
	if err := Write(path, &Dataset{}); !errors.Is(err, ErrNoLibrary) {
		t.Error(err)
	}
	if _, err := os.Stat(path + ".partial"); err == nil {
		t.Error("left a part of a file")
	}
}
