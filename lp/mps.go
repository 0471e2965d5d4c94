package lp

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
)

// MPSError says where an MPS file went wrong: what was read, what would fit.
type MPSError struct {
	File string // "mps" where the reader has no name
	Line int    // from 1
	Read string
	Fit  string
}

func (e *MPSError) Error() string {
	return fmt.Sprintf("%s:%d: read %s; %s would fit", e.File, e.Line, e.Read, e.Fit)
}

// mpsInfinite is where a number in an MPS file stands for no bound: the
// common solvers' convention, since the format has no word for infinity.
const mpsInfinite = 1e20

// OpenMPS reads the MPS file at path, compressed with gzip or not.
func OpenMPS(path string) (*Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := ReadMPS(f)
	var mpsErr *MPSError
	if errors.As(err, &mpsErr) {
		mpsErr.File = path
	} else if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return p, err
}

// ReadMPS reads a problem in MPS format, compressed with gzip or not.
//
// Both layouts are read. The free one (fields between blanks) is tried first;
// a file that doesn't parse so, as when its names hold blanks, is read by the
// fixed columns 2-3, 5-12, 15-22, 25-36, 40-47, 50-61.
//
// Where the format's dialects differ, this reader holds that
//   - the first N row (or OBJNAME's) is the objective, further N rows bind
//     nothing and are left out;
//   - the right-hand side of the objective is minus its constant;
//   - a range R makes [b, b+|R|] of a G row, [b-|R|, b] of an L row, and of an
//     E row [b, b+R] or, if R < 0, [b+R, b];
//   - numbers of 1e20 and more are infinite as bounds and sides;
//   - UP below zero without a lower bound of its own makes the column free
//     below; MI leaves the upper bound as it is;
//   - a column between INTORG and INTEND without any bound lies in [0, 1];
//   - QUADOBJ and QSECTION give each off-diagonal entry once, QMATRIX twice;
//     the objective holds x'Qx/2;
//   - OBJSENSE MAX negates the objective and sets Negated.
//
// Semi-continuous columns, special ordered sets, indicators, quadratic
// constraints, and a second right-hand side, range or bound set are refused.
// Errors are *MPSError, or from r.
func ReadMPS(r io.Reader) (*Problem, error) {
	text, err := readText(r)
	if err != nil {
		return nil, err
	}
	p, free := parseMPS(text, false)
	if free == nil {
		return p, nil
	}
	p, fixed := parseMPS(text, true)
	if fixed == nil {
		return p, nil
	}
	if fixed.Line > free.Line {
		return nil, fixed
	}
	return nil, free
}

func readText(r io.Reader) (string, error) {
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(r); err != nil {
		return "", err
	}
	if b := buf.Bytes(); len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b {
		z, err := gzip.NewReader(&buf)
		if err != nil {
			return "", fmt.Errorf("gzip: %w", err)
		}
		var plain bytes.Buffer
		if _, err := plain.ReadFrom(z); err != nil {
			return "", fmt.Errorf("gzip: %w", err)
		}
		return plain.String(), nil
	}
	return buf.String(), nil
}

// mpsNames are substrings of the file read.
type mpsNames struct{ rows, cols []string }

func (n *mpsNames) RowName(i int) string { return n.rows[i] }
func (n *mpsNames) ColName(j int) string { return n.cols[j] }

// Rows that are no rows of the problem.
const (
	objectiveRow = int32(-1)
	leftOutRow   = int32(-2)
)

type mpsReader struct {
	fixed bool
	line  int

	p        Problem
	names    mpsNames
	rowIndex map[string]int32
	colIndex map[string]int32
	objName  string // "" until known
	maximise bool

	sense  []byte // L, G, E of each row
	rhs    []float64
	ranges []float64 // NaN: none
	hasRHS []bool
	objRHS bool

	rhsSet, rangeSet, boundSet *string

	inInteger bool
	colIsInt  []bool
	current   string  // the column being read
	lastCol   []int32 // the last column that had an entry in this row
	objInCol  bool

	lowerGiven []bool // a lower bound was given
	bounded    []bool // any bound was given

	q       []qEntry
	qDouble bool // QMATRIX
}

type qEntry struct {
	row, col int32
	value    float64
	line     int
}

// fields are the six fields of a data line; empty where absent.
type fields struct {
	kind        string
	set         string // also the column's name
	name1, num1 string
	name2, num2 string
}

func (r *mpsReader) fail(read, fit string) *MPSError {
	return &MPSError{File: "mps", Line: r.line, Read: read, Fit: fit}
}

func parseMPS(text string, fixed bool) (*Problem, *MPSError) {
	r := &mpsReader{
		fixed:    fixed,
		rowIndex: make(map[string]int32, 1024),
		colIndex: make(map[string]int32, 1024),
	}
	r.p.Start = append(make([]int64, 0, 1024), 0)
	section, ended := "", false
	for len(text) > 0 && !ended {
		var line string
		if k := strings.IndexByte(text, '\n'); k >= 0 {
			line, text = text[:k], text[k+1:]
		} else {
			line, text = text, ""
		}
		r.line++
		line = strings.TrimRight(line, " \t\r\v\f")
		if line == "" || line[0] == '*' {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			next, err := r.header(line, section)
			if err != nil {
				return nil, err
			}
			section, ended = next, next == "ENDATA"
			continue
		}
		if err := r.data(section, line); err != nil {
			return nil, err
		}
	}
	if !ended {
		return nil, r.fail("the end of the file", "ENDATA")
	}
	return r.finish()
}

// header takes a section's first line and returns the section's name.
func (r *mpsReader) header(line, before string) (string, *MPSError) {
	words := strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' })
	section := strings.ToUpper(words[0])
	if before == "COLUMNS" && section != "COLUMNS" {
		r.endColumn()
		r.current = ""
	}
	switch section {
	case "NAME", "ROWS", "RHS", "RANGES", "BOUNDS", "ENDATA", "OBJNAME":
	case "COLUMNS":
		if before == "" || before == "NAME" {
			return "", r.fail("COLUMNS", "ROWS before it")
		}
		if len(r.names.cols) > 0 {
			return "", r.fail("a second COLUMNS section", "one")
		}
	case "OBJSENSE":
		if len(words) > 1 {
			return section, r.objSense(words[1])
		}
	case "QUADOBJ", "QSECTION", "QMATRIX":
		if len(r.q) > 0 {
			return "", r.fail("a second section of the quadratic objective, "+section, "one")
		}
		if len(words) > 1 && section == "QSECTION" && words[1] != r.objName {
			return "", r.fail("QSECTION "+quoted(words[1]), "the objective row "+quoted(r.objName)+" (quadratic constraints are not supported)")
		}
		r.qDouble = section == "QMATRIX"
	default:
		return "", r.fail("the section "+quoted(words[0]),
			"NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS, QUADOBJ, QMATRIX, QSECTION or ENDATA")
	}
	return section, nil
}

func (r *mpsReader) objSense(word string) *MPSError {
	switch strings.ToUpper(word) {
	case "MAX", "MAXIMIZE", "MAXIMISE":
		r.maximise = true
	case "MIN", "MINIMIZE", "MINIMISE":
		r.maximise = false
	default:
		return r.fail("the sense "+quoted(word), "MIN or MAX")
	}
	return nil
}

func (r *mpsReader) data(section, line string) *MPSError {
	switch section {
	case "OBJSENSE":
		return r.objSense(strings.TrimSpace(line))
	case "OBJNAME":
		r.objName = strings.TrimSpace(line)
		return nil
	}
	f, err := r.split(section, line)
	if err != nil {
		return err
	}
	switch section {
	case "ROWS":
		return r.row(f)
	case "COLUMNS":
		return r.column(f)
	case "RHS":
		return r.side(f, "RHS", &r.rhsSet, r.setRHS)
	case "RANGES":
		return r.side(f, "RANGES", &r.rangeSet, r.setRange)
	case "BOUNDS":
		return r.bound(f)
	case "QUADOBJ", "QSECTION", "QMATRIX":
		return r.quadratic(f)
	}
	return r.fail("a line of data before any section", "ROWS")
}

// split cuts a data line into its fields, by columns or by blanks.
func (r *mpsReader) split(section, line string) (fields, *MPSError) {
	if r.fixed {
		cut := func(from, to int) string {
			if from >= len(line) {
				return ""
			}
			return strings.Trim(line[from:min(to, len(line))], " ")
		}
		f := fields{kind: cut(1, 4), set: cut(4, 14), name1: cut(14, 24), num1: cut(24, 39), name2: cut(39, 49), num2: cut(49, len(line))}
		if strings.IndexByte(line, '\t') >= 0 {
			return f, r.fail("a tab in fixed columns", "blanks")
		}
		return f, nil
	}
	var words [7]string
	n := 0
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		from := i
		for i < len(line) && line[i] != ' ' && line[i] != '\t' {
			i++
		}
		if n == len(words) {
			return fields{}, r.fail("more than 7 words", "at most 6")
		}
		words[n] = line[from:i]
		n++
	}
	var f fields
	switch section {
	case "ROWS":
		if n != 2 {
			return f, r.fail(fmt.Sprintf("%d words in ROWS", n), "a sense and a name without blanks")
		}
		f.kind, f.set = words[0], words[1]
	case "COLUMNS":
		if n != 3 && n != 5 {
			return f, r.fail(fmt.Sprintf("%d words in COLUMNS", n), "a column and one or two pairs of row and number")
		}
		if n == 3 && words[1] == "'MARKER'" {
			f.set, f.name1, f.name2 = words[0], words[1], words[2]
			break
		}
		f.set, f.name1, f.num1, f.name2, f.num2 = words[0], words[1], words[2], words[3], words[4]
	case "RHS", "RANGES":
		w := words[:n]
		if n%2 == 1 {
			f.set, w = w[0], w[1:]
		}
		if len(w) != 2 && len(w) != 4 {
			return f, r.fail(fmt.Sprintf("%d words in %s", n, section), "one or two pairs of row and number, a set's name before them or not")
		}
		f.name1, f.num1 = w[0], w[1]
		if len(w) == 4 {
			f.name2, f.num2 = w[2], w[3]
		}
	case "BOUNDS":
		return r.splitBound(words[:n])
	default: // quadratic
		if n != 3 {
			return f, r.fail(fmt.Sprintf("%d words in %s", n, section), "two columns and a number")
		}
		f.set, f.name1, f.num1 = words[0], words[1], words[2]
	}
	return f, nil
}

// splitBound tells TYPE [SET] COLUMN [VALUE] apart: the value may be absent
// where the type needs none, the set's name may be absent anywhere.
func (r *mpsReader) splitBound(w []string) (f fields, err *MPSError) {
	fit := "a type, a set's name, a column, and a number where the type needs one"
	if len(w) < 2 || len(w) > 4 {
		return f, r.fail(fmt.Sprintf("%d words in BOUNDS", len(w)), fit)
	}
	f.kind = w[0]
	switch {
	case len(w) == 4:
		f.set, f.name1, f.num1 = w[1], w[2], w[3]
	case len(w) == 2:
		f.name1 = w[1]
	case valueless(f.kind):
		f.set, f.name1 = w[1], w[2]
		if _, ok := r.colIndex[w[2]]; !ok {
			f.set, f.name1, f.num1 = "", w[1], w[2]
		}
	default:
		f.name1, f.num1 = w[1], w[2]
	}
	return f, nil
}

func valueless(kind string) bool {
	switch strings.ToUpper(kind) {
	case "FR", "MI", "PL", "BV":
		return true
	}
	return false
}

func (r *mpsReader) row(f fields) *MPSError {
	if f.set == "" {
		return r.fail("a row without a name", "a sense and a name")
	}
	if _, ok := r.rowIndex[f.set]; ok {
		return r.fail("the row "+quoted(f.set)+" again", "each row once")
	}
	switch kind := strings.ToUpper(f.kind); kind {
	case "N":
		if r.objName == "" {
			r.objName = f.set
		}
		r.rowIndex[f.set] = leftOutRow
		if f.set == r.objName {
			r.rowIndex[f.set] = objectiveRow
		}
	case "L", "G", "E":
		r.rowIndex[f.set] = int32(len(r.sense))
		r.names.rows = append(r.names.rows, f.set)
		r.sense = append(r.sense, kind[0])
		r.rhs = append(r.rhs, 0)
		r.ranges = append(r.ranges, math.NaN())
		r.hasRHS = append(r.hasRHS, false)
		r.lastCol = append(r.lastCol, -1)
	default:
		return r.fail("the sense "+quoted(f.kind), "N, L, G or E")
	}
	return nil
}

func (r *mpsReader) column(f fields) *MPSError {
	if f.name1 == "'MARKER'" {
		switch f.name2 {
		case "'INTORG'":
			r.inInteger = true
		case "'INTEND'":
			r.inInteger = false
		default:
			return r.fail("the marker "+quoted(f.name2), "'INTORG' or 'INTEND'")
		}
		return nil
	}
	if f.set == "" {
		return r.fail("an entry without a column", "a column's name")
	}
	if f.set != r.current || len(r.names.cols) == 0 {
		r.endColumn()
		if _, ok := r.colIndex[f.set]; ok {
			return r.fail("the column "+quoted(f.set)+" again", "all entries of a column together")
		}
		r.colIndex[f.set] = int32(len(r.names.cols))
		r.names.cols = append(r.names.cols, f.set)
		r.current = f.set
		r.objInCol = false
		r.colIsInt = append(r.colIsInt, r.inInteger)
		r.p.Cost = append(r.p.Cost, 0)
	}
	if err := r.entry(f.name1, f.num1); err != nil {
		return err
	}
	if f.name2 == "" && f.num2 == "" {
		return nil
	}
	return r.entry(f.name2, f.num2)
}

func (r *mpsReader) entry(row, num string) *MPSError {
	i, ok := r.rowIndex[row]
	if !ok {
		return r.fail("the row "+quoted(row), "a row of the ROWS section")
	}
	v, err := r.number(num)
	if err != nil {
		return err
	}
	if math.IsInf(v, 0) {
		return r.fail("the coefficient "+num, "a finite number")
	}
	col := int32(len(r.names.cols) - 1)
	switch {
	case i == leftOutRow:
		return nil
	case i == objectiveRow:
		if r.objInCol {
			return r.fail("a second entry of "+quoted(r.current)+" in "+quoted(row), "one")
		}
		r.objInCol = true
		r.p.Cost[col] = v
	case r.lastCol[i] == col:
		return r.fail("a second entry of "+quoted(r.current)+" in "+quoted(row), "one")
	default:
		r.lastCol[i] = col
		r.p.Index = append(r.p.Index, i)
		r.p.Value = append(r.p.Value, v)
	}
	return nil
}

// endColumn sorts the entries of the column just read by row.
func (r *mpsReader) endColumn() {
	if len(r.names.cols) == 0 || len(r.p.Start) > len(r.names.cols) {
		return
	}
	from := r.p.Start[len(r.p.Start)-1]
	SortEntries(r.p.Index[from:], r.p.Value[from:])
	r.p.Start = append(r.p.Start, int64(len(r.p.Index)))
}

// side reads a line of RHS or RANGES.
func (r *mpsReader) side(f fields, section string, set **string, put func(int32, string, float64) *MPSError) *MPSError {
	if err := r.oneSet(section, f.set, set); err != nil {
		return err
	}
	for _, e := range [2][2]string{{f.name1, f.num1}, {f.name2, f.num2}} {
		if e == [2]string{} {
			continue
		}
		i, ok := r.rowIndex[e[0]]
		if !ok {
			return r.fail("the row "+quoted(e[0]), "a row of the ROWS section")
		}
		v, err := r.number(e[1])
		if err != nil {
			return err
		}
		if err := put(i, e[0], v); err != nil {
			return err
		}
	}
	return nil
}

func (r *mpsReader) oneSet(section, name string, set **string) *MPSError {
	if *set == nil {
		*set = &name
	} else if **set != name {
		return r.fail("a second set "+quoted(name)+" in "+section, "the set "+quoted(**set)+" alone")
	}
	return nil
}

func (r *mpsReader) setRHS(i int32, name string, v float64) *MPSError {
	switch {
	case i == leftOutRow:
	case i == objectiveRow:
		if r.objRHS {
			return r.fail("a second right-hand side of "+quoted(name), "one")
		}
		if math.IsInf(v, 0) {
			return r.fail("an infinite constant of the objective", "a finite number")
		}
		r.objRHS = true
		r.p.Offset = -v
	case r.hasRHS[i]:
		return r.fail("a second right-hand side of "+quoted(name), "one")
	case v >= mpsInfinite && r.sense[i] != 'L', v <= -mpsInfinite && r.sense[i] != 'G':
		return r.fail(fmt.Sprintf("the right-hand side %v of the %c row %s", v, r.sense[i], quoted(name)), "a finite number")
	default:
		r.hasRHS[i] = true
		r.rhs[i] = infinite(v)
	}
	return nil
}

func (r *mpsReader) setRange(i int32, name string, v float64) *MPSError {
	switch {
	case i == leftOutRow:
	case i == objectiveRow:
		return r.fail("a range of the objective "+quoted(name), "a range of a row")
	case r.ranges[i] == r.ranges[i]:
		return r.fail("a second range of "+quoted(name), "one")
	default:
		r.ranges[i] = infinite(v)
	}
	return nil
}

func infinite(v float64) float64 {
	switch {
	case v >= mpsInfinite:
		return Inf
	case v <= -mpsInfinite:
		return -Inf
	}
	return v
}

func (r *mpsReader) bound(f fields) *MPSError {
	if err := r.oneSet("BOUNDS", f.set, &r.boundSet); err != nil {
		return err
	}
	j, ok := r.colIndex[f.name1]
	if !ok {
		return r.fail("the column "+quoted(f.name1), "a column of the COLUMNS section")
	}
	r.endBoundsSetup()
	kind := strings.ToUpper(f.kind)
	var v float64
	if !valueless(kind) {
		var err *MPSError
		if v, err = r.number(f.num1); err != nil {
			return err
		}
		v = infinite(v)
	}
	lower, upper := &r.p.ColLower[j], &r.p.ColUpper[j]
	misplaced := func(at float64) *MPSError {
		if v != at {
			return nil
		}
		return r.fail(fmt.Sprintf("the bound %s %s of %s", f.kind, f.num1, quoted(f.name1)), "a finite number")
	}
	switch kind {
	case "UP", "UI":
		if err := misplaced(-Inf); err != nil {
			return err
		}
		*upper = v
		if v < 0 && !r.lowerGiven[j] {
			*lower = -Inf
		}
	case "LO", "LI":
		if err := misplaced(Inf); err != nil {
			return err
		}
		*lower, r.lowerGiven[j] = v, true
	case "FX":
		if math.IsInf(v, 0) {
			return misplaced(v)
		}
		*lower, *upper, r.lowerGiven[j] = v, v, true
	case "FR":
		*lower, *upper, r.lowerGiven[j] = -Inf, Inf, true
	case "MI":
		*lower, r.lowerGiven[j] = -Inf, true
	case "PL":
		*upper = Inf
	case "BV":
		*lower, *upper, r.lowerGiven[j] = 0, 1, true
	case "SC", "SI":
		return r.fail("the bound type "+kind+" (semi-continuous) of "+quoted(f.name1),
			"a column that is continuous or integer")
	default:
		return r.fail("the bound type "+quoted(f.kind), "UP, LO, FX, FR, MI, PL, BV, UI or LI")
	}
	if kind == "BV" || kind == "UI" || kind == "LI" {
		r.colIsInt[j] = true
	}
	r.bounded[j] = true
	return nil
}

// endBoundsSetup gives every column its default bounds before the first bound
// is read; integers are narrowed at the end.
func (r *mpsReader) endBoundsSetup() {
	n := len(r.names.cols)
	if len(r.p.ColLower) == n {
		return
	}
	r.p.ColLower, r.p.ColUpper = make([]float64, n), make([]float64, n)
	for j := range r.p.ColUpper {
		r.p.ColUpper[j] = Inf
	}
	r.lowerGiven, r.bounded = make([]bool, n), make([]bool, n)
}

func (r *mpsReader) quadratic(f fields) *MPSError {
	i, ok1 := r.colIndex[f.set]
	j, ok2 := r.colIndex[f.name1]
	if !ok1 || !ok2 {
		return r.fail("the columns "+quoted(f.set)+" and "+quoted(f.name1), "columns of the COLUMNS section")
	}
	v, err := r.number(f.num1)
	if err != nil {
		return err
	}
	if math.IsInf(v, 0) {
		return r.fail("the coefficient "+f.num1, "a finite number")
	}
	r.q = append(r.q, qEntry{i, j, v, r.line})
	return nil
}

// hessian builds the lower triangle from the entries read.
func (r *mpsReader) hessian() *MPSError {
	if len(r.q) == 0 {
		return nil
	}
	seen := make(map[[2]int32]qEntry, len(r.q))
	for _, e := range r.q {
		key := [2]int32{e.row, e.col}
		if !r.qDouble && e.row < e.col {
			key = [2]int32{e.col, e.row}
		}
		if _, ok := seen[key]; ok {
			r.line = e.line
			return r.fail("a second quadratic entry of "+quoted(r.names.cols[e.row])+" and "+quoted(r.names.cols[e.col]), "one")
		}
		seen[key] = e
	}
	lower := make([]qEntry, 0, len(seen))
	for key, e := range seen {
		if r.qDouble && key[0] != key[1] {
			if twin, ok := seen[[2]int32{key[1], key[0]}]; !ok || twin.value != e.value {
				r.line = e.line
				return r.fail("a QMATRIX entry of "+quoted(r.names.cols[e.row])+" and "+quoted(r.names.cols[e.col])+" without its equal",
					"the same number both ways round")
			}
			if key[0] < key[1] {
				continue
			}
		}
		lower = append(lower, qEntry{row: key[0], col: key[1], value: e.value})
	}
	sort.Slice(lower, func(a, b int) bool {
		if lower[a].col != lower[b].col {
			return lower[a].col < lower[b].col
		}
		return lower[a].row < lower[b].row
	})
	n := len(r.names.cols)
	r.p.QStart = make([]int64, n+1)
	for _, e := range lower {
		r.p.QIndex = append(r.p.QIndex, e.row)
		r.p.QValue = append(r.p.QValue, e.value)
		r.p.QStart[e.col+1]++
	}
	for j := 0; j < n; j++ {
		r.p.QStart[j+1] += r.p.QStart[j]
	}
	return nil
}

func (r *mpsReader) finish() (*Problem, *MPSError) {
	r.endColumn()
	if r.objName != "" {
		if _, ok := r.rowIndex[r.objName]; !ok && len(r.rowIndex) > 0 {
			return nil, r.fail("no row "+quoted(r.objName)+" for OBJNAME", "an N row of that name")
		}
	}
	r.endBoundsSetup()
	for j, isInt := range r.colIsInt {
		if isInt && !r.bounded[j] {
			r.p.ColUpper[j] = 1
		}
		if isInt && r.p.Integer == nil {
			r.p.Integer = r.colIsInt
		}
	}
	m := len(r.sense)
	r.p.RowLower, r.p.RowUpper = make([]float64, m), make([]float64, m)
	for i, sense := range r.sense {
		l, u := rowSides(sense, r.rhs[i], r.ranges[i])
		if l != l || u != u || l == Inf || u == -Inf {
			return nil, r.fail(fmt.Sprintf("the row %s with right-hand side %v and range %v", quoted(r.names.rows[i]), r.rhs[i], r.ranges[i]),
				"finite numbers")
		}
		r.p.RowLower[i], r.p.RowUpper[i] = l, u
	}
	if err := r.hessian(); err != nil {
		return nil, err
	}
	if r.maximise {
		r.p.Negated = true
		r.p.negateObjective()
	}
	r.p.Names = &r.names
	return &r.p, nil
}

func (p *Problem) negateObjective() {
	p.Offset = -p.Offset
	for j := range p.Cost {
		p.Cost[j] = -p.Cost[j]
	}
	for k := range p.QValue {
		p.QValue[k] = -p.QValue[k]
	}
}

// rowSides turns a sense, a right-hand side and a range (NaN: none) into the
// two sides of a row.
func rowSides(sense byte, rhs, rng float64) (lower, upper float64) {
	ranged := rng == rng
	switch sense {
	case 'L':
		lower, upper = -Inf, rhs
		if ranged {
			lower = rhs - math.Abs(rng)
		}
	case 'G':
		lower, upper = rhs, Inf
		if ranged {
			upper = rhs + math.Abs(rng)
		}
	default:
		lower, upper = rhs, rhs
		if ranged && rng > 0 {
			upper = rhs + rng
		} else if ranged {
			lower = rhs + rng
		}
	}
	return lower, upper
}

// number reads a number; the letter of its exponent may be Fortran's D.
func (r *mpsReader) number(s string) (float64, *MPSError) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && strings.ContainsAny(s, "dD") {
		v, err = strconv.ParseFloat(strings.NewReplacer("d", "e", "D", "e").Replace(s), 64)
	}
	if err != nil || v != v {
		return 0, r.fail(quoted(s), "a number")
	}
	return v, nil
}

func quoted(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return strconv.Quote(s)
}
