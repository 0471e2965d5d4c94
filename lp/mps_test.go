package lp

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"example.org/busbar/internal/shared"
	"pgregory.net/rapid"
)

// everySection uses each feature once; the arrays expected were worked out by
// hand from the conventions in ReadMPS's doc.
const everySection = `* a comment
NAME          ALL
OBJSENSE
    MAX
ROWS
 N  COST
 L  LIM
 G  DEM
 E  BAL
 N  SPARE
 E  BACK
COLUMNS
    X         DEM                1.0   COST               2.0
    X         LIM                1.0
    M1        'MARKER'                 'INTORG'
    K         BAL                4.0
    K         SPARE              9.0
    B         BAL               -1.0
    M2        'MARKER'                 'INTEND'
    Y         BACK               1D1   LIM               -3.5
    Z         COST                 0
    W         BACK                 1
RHS
    RHS       LIM                8.0   DEM                2.0
    RHS       COST              -7.0   BACK               6.0
RANGES
    RNG       LIM                3.0   DEM                5.0
    RNG       BAL                2.0   BACK              -4.0
BOUNDS
 UP BND       X                  4.0
 LO BND       K                    1
 UP BND       Y                 -2.0
 MI BND       Z
 FR BND       W
QUADOBJ
    X         X                  2.0
    X         Y                 -1.0
ENDATA
`

func wantEverySection() *Problem {
	return &Problem{
		Negated: true, Offset: -7,
		Cost:     []float64{-2, 0, 0, 0, 0, 0},
		ColLower: []float64{0, 1, 0, -Inf, -Inf, -Inf},
		ColUpper: []float64{4, Inf, 1, -2, Inf, Inf},
		RowLower: []float64{5, 2, 0, 2}, // LIM, DEM, BAL, BACK
		RowUpper: []float64{8, 7, 2, 6},
		Start:    []int64{0, 2, 3, 4, 6, 6, 7},
		Index:    []int32{0, 1, 2, 2, 0, 3, 3},
		Value:    []float64{1, 1, 4, -1, -3.5, 10, 1},
		Integer:  []bool{false, true, true, false, false, false},
		QStart:   []int64{0, 2, 2, 2, 2, 2, 2},
		QIndex:   []int32{0, 3},
		QValue:   []float64{-2, 1},
	}
}

func TestReadMPSByHand(t *testing.T) {
	want := wantEverySection()
	check := func(name, text string) {
		t.Helper()
		p, err := ReadMPS(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p.RowName(3) == "" || p.ColName(5) == "" {
			t.Fatalf("%s: no names", name)
		}
		p.Names = nil
		for j := range p.Cost { // -0 from negating
			p.Cost[j] += 0
		}
		if !reflect.DeepEqual(p, want) {
			t.Fatalf("%s:\ngot  %+v\nwant %+v", name, p, want)
		}
	}
	check("as it stands", everySection)
	check("with CRLF", strings.ReplaceAll(everySection, "\n", "\r\n"))
	// Blanks in names leave only the fixed columns to read by.
	spaced := everySection
	for _, n := range []string{"LIM", "DEM", "BAL"} {
		spaced = strings.ReplaceAll(spaced, n+"  ", n[:1]+" "+n[2:]+"  ")
		spaced = strings.ReplaceAll(spaced, n+"\n", n[:1]+" "+n[2:]+"\n")
	}
	check("with blanks in names", spaced)
	// Set names left out, one blank between fields.
	free := strings.NewReplacer("RHS       ", "", "RNG       ", "", "BND       ", "").Replace(everySection)
	for strings.Contains(free, "  ") {
		free = strings.ReplaceAll(free, "  ", " ")
	}
	check("free, no set names", free)
	check("full matrix", strings.Replace(strings.Replace(everySection, "QUADOBJ", "QMATRIX", 1),
		"ENDATA", "    Y  X  -1.0\nENDATA", 1))

	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte(everySection))
	w.Close()
	check("gzip", z.String())
}

func TestReadMPSConventions(t *testing.T) {
	read := func(bounds string, integer bool) (lower, upper float64) {
		t.Helper()
		marker := ""
		if integer {
			marker = " M 'MARKER' 'INTORG'\n"
		}
		p, err := ReadMPS(strings.NewReader("ROWS\n N o\nCOLUMNS\n" + marker + " x o 1\nBOUNDS\n" + bounds + "ENDATA\n"))
		if err != nil {
			t.Fatal(err)
		}
		if integer != p.IsMIP() {
			t.Fatalf("integer = %v", p.IsMIP())
		}
		return p.ColLower[0], p.ColUpper[0]
	}
	for _, c := range []struct {
		bounds       string
		integer      bool
		lower, upper float64
	}{
		{"", false, 0, Inf},
		{"", true, 0, 1},
		{" PL b x\n", true, 0, Inf},
		{" LO b x 2\n", true, 2, Inf},
		{" UP b x -1\n", false, -Inf, -1},
		{" UP b x 0\n", false, 0, 0},
		{" LO b x 0\n UP b x -1\n", false, 0, -1},
		{" UP b x 1e30\n", false, 0, Inf},
		{" LO b x -1e20\n", false, -Inf, Inf},
		{" UP b x inf\n", false, 0, Inf},
		{" MI b x\n UP b x 3\n", false, -Inf, 3},
		{" FX x 3\n", false, 3, 3},
		{" FR x\n", false, -Inf, Inf},
		{" BV x\n", true, 0, 1},
		{" UI x 7\n", true, 0, 7},
		{" LI x -7\n", true, -7, Inf},
	} {
		integer := c.integer
		kind := strings.Fields(c.bounds + " -")[0]
		if kind == "BV" || kind == "UI" || kind == "LI" { // the bound alone makes it integer
			p, err := ReadMPS(strings.NewReader("ROWS\n N o\nCOLUMNS\n x o 1\nBOUNDS\n" + c.bounds + "ENDATA\n"))
			if err != nil || !p.IsMIP() || p.ColLower[0] != c.lower || p.ColUpper[0] != c.upper {
				t.Errorf("%q: %+v, %v", c.bounds, p, err)
			}
			continue
		}
		if l, u := read(c.bounds, integer); l != c.lower || u != c.upper {
			t.Errorf("%q integer %v: [%v, %v], want [%v, %v]", c.bounds, integer, l, u, c.lower, c.upper)
		}
	}
}

func TestReadMPSErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {"", `mps:0: read the end of the file; ENDATA would fit`},
		"no end":           {"ROWS\n N o\n", `mps:2: read the end of the file; ENDATA would fit`},
		"section":          {"ROWZ\n", `mps:1: read the section "ROWZ"`},
		"sense":            {"ROWS\n X r\nENDATA\n", `mps:2: read the sense "X"; N, L, G or E would fit`},
		"row twice":        {"ROWS\n L r\n L r\nENDATA\n", `mps:3: read the row "r" again`},
		"unknown row":      {"ROWS\n L r\nCOLUMNS\n x s 1\nENDATA\n", `mps:4: read the row "s"; a row of the ROWS section would fit`},
		"number":           {"ROWS\n L r\nCOLUMNS\n x r 1.2.3\nENDATA\n", `mps:4: read "1.2.3"; a number would fit`},
		"nan":              {"ROWS\n L r\nCOLUMNS\n x r nan\nENDATA\n", `mps:4: read "nan"; a number would fit`},
		"overflow":         {"ROWS\n L r\nCOLUMNS\n x r 1e999\nENDATA\n", `mps:4: read "1e999"; a number would fit`},
		"infinite":         {"ROWS\n L r\nCOLUMNS\n x r inf\nENDATA\n", `mps:4: read the coefficient inf; a finite number would fit`},
		"entry twice":      {"ROWS\n L r\nCOLUMNS\n x r 1 r 2\nENDATA\n", `mps:4: read a second entry of "x" in "r"; one would fit`},
		"column twice":     {"ROWS\n L r\nCOLUMNS\n x r 1\n y r 1\n x r 1\nENDATA\n", `mps:6: read the column "x" again`},
		"bound on nothing": {"ROWS\n L r\nCOLUMNS\n x r 1\nBOUNDS\n UP b y 1\nENDATA\n", `mps:6: read the column "y"`},
		"bound without":    {"ROWS\n L r\nCOLUMNS\n x r 1\nBOUNDS\n UP x\nENDATA\n", `mps:6: read ""; a number would fit`},
		"semi-continuous":  {"ROWS\n L r\nCOLUMNS\n x r 1\nBOUNDS\n SC b x 1\nENDATA\n", `mps:6: read the bound type SC (semi-continuous) of "x"`},
		"bound type":       {"ROWS\n L r\nCOLUMNS\n x r 1\nBOUNDS\n XX b x 1\nENDATA\n", `mps:6: read the bound type "XX"; UP, LO`},
		"bound set":        {"ROWS\n L r\nCOLUMNS\n x r 1\nBOUNDS\n UP b x 1\n UP c x 1\nENDATA\n", `mps:7: read a second set "c" in BOUNDS`},
		"rhs twice":        {"ROWS\n L r\nRHS\n R r 1\n R r 2\nENDATA\n", `mps:5: read a second right-hand side of "r"`},
		"rhs infinite":     {"ROWS\n E r\nRHS\n R r 1e30\nENDATA\n", `mps:4: read the right-hand side 1e+30 of the E row "r"`},
		"sos":              {"ROWS\n N o\nSOS\nENDATA\n", `mps:3: read the section "SOS"`},
		"sense word":       {"OBJSENSE\n up\n", `mps:2: read the sense "up"; MIN or MAX would fit`},
		"marker":           {"ROWS\n N o\nCOLUMNS\n m 'MARKER' 'X'\nENDATA\n", `mps:4: read the marker "'X'"`},
		"quadratic column": {"ROWS\n N o\nCOLUMNS\n x o 1\nQUADOBJ\n x y 1\nENDATA\n", `mps:6: read the columns "x" and "y"`},
		"lopsided":         {"ROWS\n N o\nCOLUMNS\n x o 1\n y o 1\nQMATRIX\n x y 1\nENDATA\n", `mps:7: read a QMATRIX entry`},
		"objname":          {"OBJNAME\n cost\nROWS\n N o\nENDATA\n", `no row "cost" for OBJNAME`},
	} {
		_, err := ReadMPS(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := ReadMPS(strings.NewReader("\x1f\x8bnonsense")); err == nil {
		t.Error("broken gzip read without an error")
	}
}

// drawProblem draws any problem the format can carry.
func drawProblem(t *rapid.T) *Problem {
	num := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Map(rapid.IntRange(-9, 9), func(i int) float64 { return float64(i) }))
	rows := rapid.IntRange(0, 5).Draw(t, "rows")
	cols := rapid.IntRange(0, 5).Draw(t, "cols")
	p := &Problem{Offset: num.Draw(t, "offset"), Negated: rapid.Bool().Draw(t, "max"), Start: []int64{0}}
	pair := func() (float64, float64) {
		a, b := num.Draw(t, "a"), num.Draw(t, "b")
		switch rapid.IntRange(0, 4).Draw(t, "bounds") {
		case 0:
			return -Inf, Inf
		case 1:
			return a, Inf
		case 2:
			return -Inf, a
		case 3:
			return a, a
		}
		// Sixteenths below 2^20: their differences are exact.
		a, b = math.Round(a*16)/16, math.Round(b*16)/16
		return math.Min(a, b), math.Max(a, b)
	}
	for i := 0; i < rows; i++ {
		l, u := pair()
		p.RowLower, p.RowUpper = append(p.RowLower, l), append(p.RowUpper, u)
	}
	integer := false
	ints := make([]bool, cols)
	for j := range ints {
		p.Cost = append(p.Cost, num.Draw(t, "cost"))
		l, u := pair()
		p.ColLower, p.ColUpper = append(p.ColLower, l), append(p.ColUpper, u)
		for i := 0; i < rows; i++ {
			if rapid.Bool().Draw(t, "entry") {
				p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, num.Draw(t, "v"))
			}
		}
		p.Start = append(p.Start, int64(len(p.Index)))
		ints[j] = rapid.Bool().Draw(t, "int")
		integer = integer || ints[j]
	}
	if integer {
		p.Integer = ints
	}
	if rapid.Bool().Draw(t, "qp") {
		p.QStart = []int64{0}
		for j := 0; j < cols; j++ {
			for i := j; i < cols; i++ {
				if rapid.Bool().Draw(t, "entry") {
					p.QIndex, p.QValue = append(p.QIndex, int32(i)), append(p.QValue, num.Draw(t, "q"))
				}
			}
			p.QStart = append(p.QStart, int64(len(p.QIndex)))
		}
	}
	return p
}

func TestMPSRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		var b bytes.Buffer
		if err := WriteMPS(&b, p); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		back, err := ReadMPS(&b)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if p.Hash() != back.Hash() || p.Negated != back.Negated {
			t.Fatalf("came back different:\n%s\n%+v\n%+v", text, p, back)
		}
	})
}

func TestWriteMPSNames(t *testing.T) {
	p := diet()
	p.Names = &mpsNames{rows: []string{"obj"}, cols: []string{"a", "b c"}}
	var b bytes.Buffer
	if err := WriteMPS(&b, p); err != nil {
		t.Fatal(err)
	}
	back, err := ReadMPS(&b)
	if err != nil {
		t.Fatal(err)
	}
	if back.RowName(0) != "obj" || back.ColName(0) != "c0" {
		t.Fatalf("names %q, %q: the row's name stands, a blank in a column's replaces all", back.RowName(0), back.ColName(0))
	}
	p.ColUpper[0] = 1e25
	if err := WriteMPS(&b, p); err == nil || !strings.Contains(err.Error(), "b c") && !strings.Contains(err.Error(), "column a") {
		t.Fatalf("a bound that reads back as none was written: %v", err)
	}
}

func FuzzReadMPS(f *testing.F) {
	f.Add([]byte(everySection))
	f.Add([]byte("ROWS\n N o\nCOLUMNS\n x o 1\nENDATA\n"))
	f.Add([]byte("ROWS\n E a b\nCOLUMNS\n    x         a b          1\nENDATA\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ReadMPS(bytes.NewReader(b))
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("read an invalid problem: %v", err)
		}
		var w bytes.Buffer
		if WriteMPS(&w, p) != nil {
			return
		}
		back, err := ReadMPS(&w)
		if err != nil {
			t.Fatalf("what was written doesn't read: %v", err)
		}
		if back.Rows() != p.Rows() || back.Cols() != p.Cols() || back.Nonzeros() != p.Nonzeros() {
			t.Fatalf("%d x %d came back %d x %d", p.Rows(), p.Cols(), back.Rows(), back.Cols())
		}
	})
}

// The sizes are those of the index of netlib.org/lp/data, the objective row
// not counted; RANGES, negative bounds and blanks in names are all among them.
func TestReadNetlibSizes(t *testing.T) {
	dir := shared.Path(t, "data/reference/netlib")
	for name, want := range map[string][2]int{
		"25fv47": {821, 1571}, "adlittle": {56, 97}, "boeing1": {351, 384}, "czprob": {929, 3523},
		"fit2d": {25, 10500}, "forplan": {161, 421}, "gfrd-pnc": {616, 1092}, "pilot87": {2030, 4883},
		"sierra": {1227, 2036}, "woodw": {1098, 8405},
	} {
		p, err := OpenMPS(filepath.Join(dir, name+".mps.gz"))
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if p.Rows() != want[0] || p.Cols() != want[1] {
			t.Errorf("%s: %d x %d, want %d x %d", name, p.Rows(), p.Cols(), want[0], want[1])
		}
	}
}

func TestOpenMPSNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.mps")
	if err := os.WriteFile(path, []byte("ROWS\n Q r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := OpenMPS(path)
	if err == nil || !strings.HasPrefix(err.Error(), path+":2: read ") {
		t.Fatalf("got %v", err)
	}
}

func BenchmarkReadMPS(b *testing.B) {
	dir := shared.Path(b, "data/reference/netlib")
	for _, name := range []string{"czprob", "fit2d", "pilot87"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := OpenMPS(filepath.Join(dir, name+".mps.gz")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
