package xlsx

import "example.org/busbar/internal/attribute"

// Entries reads the entries of a workbook as they would be written, without
// the check of the whole.
func Entries(file string) (map[string]*attribute.Node, []attribute.Problem) {
	r := &reader{book: bookName(file)}
	if r.open(file); r.file == nil {
		return nil, r.problems
	}
	defer r.file.Close()
	b := newBuilder(r)
	b.build()
	out := map[string]*attribute.Node{}
	for _, e := range b.entries {
		out[e.section+"."+e.id] = e.node
	}
	return out, b.problems
}

// SetMaxUnzip lowers the limit on an unpacked workbook for a test.
func SetMaxUnzip(n int64) (restore func()) {
	old := maxUnzip
	maxUnzip = n
	return func() { maxUnzip = old }
}

// Texts of cells and what reads them, for tests of the pair.
var (
	ParseFlow    = parseFlow
	Flow         = flow
	FormatKind   = formatKind
	CellNumber   = cellNumber
	Typed        = typed
	TypedPercent = typedPercent
	FromSerial   = fromSerial
	ToSerial     = toSerial
	Exact        = exact
)

// Kinds of number formats.
const (
	Percent = percentCell
	Date    = dateCell
	Number  = numberCellKind
)

// SheetNames lists the sheets of entries.
func SheetNames() []string {
	var out []string
	for _, l := range layouts() {
		out = append(out, l.sheet)
	}
	return out
}

// Headers lists a sheet's headers as the template writes them.
func Headers() map[string][]string {
	out := map[string][]string{}
	for _, l := range layouts() {
		for _, c := range columns(l.table, "") {
			out[l.sheet] = append(out[l.sheet], c.header())
		}
	}
	return out
}

// HeaderUnits are the units of those headers.
func HeaderUnits() map[string]string {
	out := map[string]string{}
	for _, l := range layouts() {
		for _, c := range columns(l.table, "") {
			if c.unit != "" {
				out[l.sheet+" "+c.path] = c.unit
			}
		}
	}
	return out
}
