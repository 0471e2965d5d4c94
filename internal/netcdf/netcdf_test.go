package netcdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/shared"
)

func need(t testing.TB) {
	t.Helper()
	if _, err := Probe(); errors.Is(err, ErrNoLibrary) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}

// classic is a file in the classic format, byte by byte as its specification
// has it (The NetCDF Classic Format Specification, Unidata): two dimensions, a
// global attribute, and the variables
//
//	int n(x) = 3, -1          with _FillValue -1
//	double v(x) = 1.5, NaN    with scale_factor 2
//	char name(x, letters) = "ab", "c "
func classic() []byte {
	var b bytes.Buffer
	put := func(v ...any) {
		for _, x := range v {
			switch x := x.(type) {
			case string:
				put := uint32(len(x))
				_ = binary.Write(&b, binary.BigEndian, put)
				b.WriteString(x + strings.Repeat("\x00", (4-len(x)%4)%4))
			case int:
				_ = binary.Write(&b, binary.BigEndian, uint32(x))
			case float64:
				_ = binary.Write(&b, binary.BigEndian, x)
			}
		}
	}
	const dimension, variable, attribute = 10, 11, 12
	const char, integer, double = 2, 4, 6
	b.WriteString("CDF\x01")
	put(0)                                     // no records
	put(dimension, 2, "x", 2, "letters", 2)    // 0: x, 1: letters
	put(attribute, 1, "title", char, "a test") // of the file
	put(variable, 3)
	var begins []int // where each variable's offset stands
	offset := func() { begins = append(begins, b.Len()); put(0) }
	put("n", 1, 0, attribute, 1, "_FillValue", integer, 1, -1, integer, 8)
	offset()
	put("v", 1, 0, attribute, 1, "scale_factor", double, 1, 2.0, double, 16)
	offset()
	put("name", 2, 0, 1, 0, 0, char, 4)
	offset()
	all := b.Bytes()
	at := func(i int) { binary.BigEndian.PutUint32(all[begins[i]:], uint32(b.Len())) }
	at(0)
	put(3, -1)
	all = b.Bytes()
	at(1)
	put(1.5, math.NaN())
	all = b.Bytes()
	at(2)
	b.WriteString("abc ")
	return b.Bytes()
}

func write(t testing.TB, data []byte) string {
	path := filepath.Join(t.TempDir(), "x.nc")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestClassicFile(t *testing.T) {
	need(t)
	f, err := Open(write(t, classic()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Attributes.Text("title") != "a test" || len(f.Dimensions) != 2 || f.Dimensions[1] != (Dimension{"letters", 2}) || len(f.Variables) != 3 {
		t.Errorf("%+v", f.Header)
	}
	if v, err := f.Floats(f.Variable("n")); err != nil || len(v) != 2 || v[0] != 3 || !math.IsNaN(v[1]) {
		t.Errorf("n as floats: %v %v", v, err)
	}
	if v, err := f.Integers(f.Variable("n")); err != nil || !slices.Equal(v, []int64{3, -1}) {
		t.Errorf("n: %v %v", v, err)
	}
	if v, err := f.Floats(f.Variable("v")); err != nil || len(v) != 2 || v[0] != 3 || !math.IsNaN(v[1]) {
		t.Errorf("v: %v %v", v, err)
	}
	if v, err := f.Texts(f.Variable("name")); err != nil || !slices.Equal(v, []string{"ab", "c"}) || f.Size(f.Variable("name")) != 2 {
		t.Errorf("name: %q %v", v, err)
	}
	for what, err := range map[string]error{
		"texts of numbers":   second(f.Texts(f.Variable("n"))),
		"integers of floats": second(f.Integers(f.Variable("v"))),
		"floats of texts":    second(f.Floats(f.Variable("name"))),
	} {
		if err == nil || !strings.Contains(err.Error(), "would fit") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if f.Variable("w") != nil {
		t.Error("there is a w")
	}
}

func second[T any](_ T, err error) error { return err }

// The values of a case as its CSV folder and expected.json have them.
func TestHDF5File(t *testing.T) {
	need(t)
	f, err := Open(shared.Path(t, "cases/pypsa/stochastic-cvar/network.nc"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, err := f.Texts(f.Variable("scenario")); err != nil || !slices.Equal(v, []string{"lo", "mid", "hi"}) {
		t.Errorf("scenario: %v %v", v, err)
	}
	if v, err := f.Floats(f.Variable("scenario_weight")); err != nil || !slices.Equal(v, []float64{0.5, 0.3, 0.2}) {
		t.Errorf("weights: %v %v", v, err)
	}
	v := f.Variable("generators_p_nom_extendable")
	if v.Kind != Integer || v.Attributes.Text("dtype") != "bool" || f.Size(v) != 9 {
		t.Errorf("%+v", v)
	}
	if u := f.Variable("snapshots_snapshot").Attributes.Text("units"); u != "hours since 2030-01-01 00:00:00" {
		t.Errorf("units %q", u)
	}
}

func TestMissingLibrary(t *testing.T) {
	t.Setenv("BUSBAR_NETCDF", t.TempDir())
	if _, err := Probe(); !errors.Is(err, ErrNoLibrary) || !strings.Contains(err.Error(), "make deps") {
		t.Error(err)
	}
	if _, err := Open(write(t, classic())); !errors.Is(err, ErrNoLibrary) {
		t.Error(err)
	}
}

// What becomes of a child is an error, after which there are only errors.
func TestDeadAndSilentChildren(t *testing.T) {
	need(t)
	f, err := Open(write(t, classic()))
	if err != nil {
		t.Fatal(err)
	}
	f.child.Kill()
	for range 2 {
		if _, err := f.Floats(f.Variable("v")); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Error(err)
		}
	}
	f.Close()
	defer func(was time.Duration) { patience = was }(patience)
	patience = time.Nanosecond
	if _, err := Open(write(t, classic())); err == nil || !strings.Contains(err.Error(), "no answer for 1ns") {
		t.Error(err)
	}
}

// everything reads all of a file; whatever comes of it is an error or values of
// the size that the header says.
func everything(t testing.TB, path string) (read int) {
	f, err := Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	for i := range f.Variables {
		v := &f.Variables[i]
		n := -1
		if v.Kind == Text {
			if all, err := f.Texts(v); err == nil {
				n = len(all)
			}
		} else if all, err := f.Floats(v); err == nil {
			n = len(all)
		}
		if n >= 0 && n != f.Size(v) {
			t.Errorf("%s has %d entries, the header says %d", v.Name, n, f.Size(v))
		}
		if n >= 0 {
			read++
		}
	}
	return read
}

// A file cut short or with bytes changed gives errors; the program lives on.
func TestDamagedFiles(t *testing.T) {
	need(t)
	whole, err := os.ReadFile(shared.Path(t, "cases/pypsa/stochastic-cvar/network.nc"))
	if err != nil {
		t.Fatal(err)
	}
	if n := everything(t, write(t, whole)); n != 22 {
		t.Fatalf("%d variables read of the whole file", n)
	}
	for _, share := range []float64{0, 0.001, 0.1, 0.5, 0.9, 0.999} {
		if n := everything(t, write(t, whole[:int(share*float64(len(whole)))])); n != 0 {
			t.Errorf("%d variables read of %g of the file", n, share)
		}
	}
	r := rand.New(rand.NewPCG(5, 5))
	for range 12 {
		bad := slices.Clone(whole)
		for range 40 {
			bad[r.IntN(len(bad))] = byte(r.IntN(256))
		}
		everything(t, write(t, bad))
	}
}

// Whatever a file holds, nothing panics and nothing hangs for longer than
// patience.
func FuzzOpen(f *testing.F) {
	need(f)
	f.Add(classic())
	f.Add([]byte("\x89HDF\r\n\x1a\n"))
	if whole, err := os.ReadFile(filepath.Join(os.Getenv("BUSBAR_SHARED"), "cases/pypsa/merit-order/network.nc")); err == nil {
		f.Add(whole)
	}
	patience = time.Second // libnetcdf does loop on some
	f.Fuzz(func(t *testing.T, data []byte) { everything(t, write(t, data)) })
}
