package netcdf

import (
	"fmt"
	"os"
	"strings"

	"github.com/ebitengine/purego"

	"example.org/busbar/internal/foreign"
)

// childEnv marks a process that holds one open file.
const childEnv = "BUSBAR_NETCDF_CHILD"

func init() { foreign.Serve(childEnv, serve) }

// request is the first message, with a path or without (then Info is asked
// for), and after it one for each variable.
type request struct {
	Libraries []string
	Path      string

	Variable   int32
	As         Kind
	Characters bool
	Shape      []int

	Plan  *plan    // Path is to be written
	Row   int      // of a part that follows raw, or as
	Texts []string // texts
}

// message answers. Count numbers follow it raw.
type message struct {
	Failure string // for the user
	Missing bool   // Failure: no library could be opened

	Info       Info
	Header     *Header
	IDs        []int32
	Characters []bool

	Count int
	Texts []string
	Last  bool
}

// Types of netcdf.h.
const (
	typeByte   = 1
	typeChar   = 2
	typeFloat  = 5
	typeDouble = 6
	typeString = 12

	global     = -1 // the variable number of the file's attributes
	nameLength = 257
	maxRank    = 1024
)

// library is the part of libnetcdf that reading needs (netcdf.h of 4.x).
type library struct {
	path string
	make maker

	version    func() string
	strerror   func(int32) string
	open       func(path string, mode int32, file *int32) int32
	inquire    func(file int32, dims, vars, attributes, unlimited *int32) int32
	dimension  func(file, dim int32, name *byte, length *uintptr) int32
	variable   func(file, variable int32, name *byte, kind, rank, dims, attributes *int32) int32
	attName    func(file, variable, number int32, name *byte) int32
	att        func(file, variable int32, name *byte, kind *int32, length *uintptr) int32
	attText    func(file, variable int32, name, text *byte) int32
	attString  func(file, variable int32, name *byte, texts **byte) int32
	attDouble  func(file, variable int32, name *byte, v *float64) int32
	doubles    func(file, variable int32, start, count *uintptr, v *float64) int32
	integers   func(file, variable int32, start, count *uintptr, v *int64) int32
	strings    func(file, variable int32, start, count *uintptr, v **byte) int32
	characters func(file, variable int32, start, count *uintptr, v *byte) int32
	free       func(n uintptr, v **byte) int32
}

func (l *library) bind(handle uintptr) error {
	for name, fn := range map[string]any{
		"inq_libvers": &l.version, "strerror": &l.strerror, "open": &l.open, "inq": &l.inquire,
		"inq_dim": &l.dimension, "inq_var": &l.variable, "inq_attname": &l.attName, "inq_att": &l.att,
		"get_att_text": &l.attText, "get_att_string": &l.attString, "get_att_double": &l.attDouble,
		"get_vara_double": &l.doubles, "get_vara_longlong": &l.integers, "get_vara_string": &l.strings,
		"get_vara_text": &l.characters, "free_string": &l.free,
	} {
		purego.RegisterLibFunc(fn, handle, "nc_"+name)
	}
	l.make.bind(handle)
	return nil
}

func serve() error {
	pipe, err := foreign.TakeStdout()
	if err != nil {
		return err
	}
	c := &child{out: foreign.NewWriter(pipe)}
	in := foreign.NewReader(os.Stdin)
	var r request
	if err := in.Decode(&r); err != nil {
		return fmt.Errorf("netcdf: reading the request: %w", err)
	}
	if c.path, err = foreign.Open(r.Libraries, c.bind); err != nil {
		return c.send(&message{Failure: err.Error(), Missing: true})
	}
	if r.Path == "" {
		version, _, _ := strings.Cut(c.version(), " ")
		return c.send(&message{Info: Info{version, c.path}})
	}
	if r.Plan != nil {
		return c.write(r.Path, r.Plan, in)
	}
	m := &message{Header: &Header{}}
	if err := c.begin(r.Path, m); err != nil {
		m = &message{Failure: err.Error()}
	}
	if err := c.send(m); err != nil {
		return err
	}
	for {
		var r request
		if err := in.Decode(&r); err != nil {
			return nil // the parent has what it wants
		}
		if err := c.values(&r); err != nil {
			if err := c.send(&message{Failure: err.Error()}); err != nil {
				return err
			}
		}
	}
}

// child is the one file of this process.
type child struct {
	library
	file int32
	ids  []int32 // of a file that is written, its variables
	out  *foreign.Writer
}

func (c *child) send(m *message) error {
	if err := c.out.Encode(m); err != nil {
		return err
	}
	return c.out.Flush()
}

func (c *child) check(code int32, what string) error {
	if code == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", what, c.strerror(code))
}

// begin opens the file and reads its header.
func (c *child) begin(path string, m *message) error {
	if code := c.library.open(path, 0, &c.file); code != 0 {
		return fmt.Errorf("it can't be opened as netCDF (%s): it is in another format, damaged or cut short", c.strerror(code))
	}
	var dims, vars, attributes, unlimited int32
	if err := c.check(c.inquire(c.file, &dims, &vars, &attributes, &unlimited), "its header"); err != nil {
		return err
	}
	h := m.Header
	name := make([]byte, nameLength)
	for i := range dims {
		var n uintptr
		if err := c.check(c.dimension(c.file, i, &name[0], &n), "a dimension"); err != nil {
			return err
		}
		h.Dimensions = append(h.Dimensions, Dimension{text(name), int(n)})
	}
	for i := range vars {
		var kind, rank, count int32
		where := make([]int32, maxRank)
		if err := c.check(c.variable(c.file, i, &name[0], &kind, &rank, &where[0], &count), "a variable"); err != nil {
			return err
		}
		v := Variable{Name: text(name), Kind: kindOf(kind)}
		for _, d := range where[:rank] {
			if d < 0 || d >= dims {
				return fmt.Errorf("%s: its dimension %d is none of the %d", v.Name, d, dims)
			}
			v.Dimensions = append(v.Dimensions, int(d))
		}
		var err error
		if v.Attributes, err = c.attributes(i, count); err != nil {
			return fmt.Errorf("%s: %w", v.Name, err)
		}
		h.Variables = append(h.Variables, v)
		m.IDs = append(m.IDs, i)
		m.Characters = append(m.Characters, kind == typeChar && rank > 0)
		if kind == typeChar && rank == 0 {
			h.Variables[i].Kind = Other
		}
	}
	var err error
	h.Attributes, err = c.attributes(global, attributes)
	return err
}

func kindOf(kind int32) Kind {
	switch {
	case kind == typeChar || kind == typeString:
		return Text
	case kind == typeFloat || kind == typeDouble:
		return Float
	case kind >= typeByte && kind < typeString:
		return Integer
	}
	return Other
}

func (c *child) attributes(variable, count int32) (Attributes, error) {
	var all Attributes
	name := make([]byte, nameLength)
	for i := range count {
		if err := c.check(c.attName(c.file, variable, i, &name[0]), "an attribute"); err != nil {
			return nil, err
		}
		a := Attribute{Name: text(name)}
		var kind int32
		var n uintptr
		err := c.check(c.att(c.file, variable, &name[0], &kind, &n), a.Name)
		if err == nil && n > 0 {
			a.Kind = kindOf(kind)
			switch {
			case n > 1<<24:
				err = fmt.Errorf("%s claims %d entries", a.Name, n)
			case kind == typeChar:
				t := make([]byte, n)
				err = c.check(c.attText(c.file, variable, &name[0], &t[0]), a.Name)
				a.Text = text(append(t, 0))
			case kind == typeString:
				t := make([]*byte, n)
				err = c.check(c.attString(c.file, variable, &name[0], &t[0]), a.Name)
				if err == nil {
					a.Text = foreign.Text(t[0])
					c.free(n, &t[0])
				}
			case a.Kind != Other:
				a.Numbers = make([]float64, n)
				err = c.check(c.attDouble(c.file, variable, &name[0], &a.Numbers[0]), a.Name)
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// portion is how many entries go in one part.
const portion = 1 << 19

// values sends a variable in parts: whole rows of its first dimension.
func (c *child) values(r *request) error {
	shape := r.Shape
	if len(shape) == 0 {
		shape = []int{1}
	}
	width := 1
	for _, n := range shape[1:] {
		width *= n
	}
	start, count := make([]uintptr, len(shape)), make([]uintptr, len(shape))
	for i, n := range shape {
		count[i] = uintptr(n)
	}
	step := max(1, portion/max(width, 1))
	var doubles []float64
	var integers []int64
	for row := 0; ; row += step {
		rows := max(0, min(step, shape[0]-row))
		n := rows * width
		start[0], count[0] = uintptr(row), uintptr(rows)
		m := &message{Count: n, Last: row+rows >= shape[0]}
		var code int32
		if n > 0 {
			switch {
			case r.As == Float:
				doubles = sized(doubles, n)
				code = c.doubles(c.file, r.Variable, &start[0], &count[0], &doubles[0])
			case r.As == Integer:
				integers = sized(integers, n)
				code = c.integers(c.file, r.Variable, &start[0], &count[0], &integers[0])
			case r.Characters:
				letters := make([]byte, n)
				code = c.characters(c.file, r.Variable, &start[0], &count[0], &letters[0])
				length := shape[len(shape)-1]
				for i := 0; i < n && code == 0; i += length {
					m.Texts = append(m.Texts, strings.TrimRight(string(letters[i:i+length]), " \x00"))
				}
			default:
				texts := make([]*byte, n)
				if code = c.strings(c.file, r.Variable, &start[0], &count[0], &texts[0]); code == 0 {
					for _, t := range texts {
						m.Texts = append(m.Texts, foreign.Text(t))
					}
					c.free(uintptr(n), &texts[0])
				}
			}
		}
		if err := c.check(code, "its values"); err != nil {
			return err
		}
		if r.As == Text {
			m.Count = 0
		}
		if err := c.out.Encode(m); err != nil {
			return err
		}
		if m.Count > 0 && r.As == Float {
			_ = foreign.WriteArray(c.out, doubles)
		}
		if m.Count > 0 && r.As == Integer {
			_ = foreign.WriteArray(c.out, integers)
		}
		if err := c.out.Flush(); err != nil {
			return err
		}
		if m.Last {
			return nil
		}
	}
}

func sized[T any](a []T, n int) []T {
	if cap(a) < n {
		return make([]T, n)
	}
	return a[:n]
}

// text is a C string in a buffer.
func text(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return s
}
