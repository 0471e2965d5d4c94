// Package netcdf reads and writes netCDF files, by libnetcdf, which a child
// process holds: on damaged files HDF5 may crash or loop, and then an error is
// all that comes of it.
//
// What enters: a path. What leaves: dimensions, variables and attributes of the
// file's root group, and a variable's values as floats, integers or texts, in
// the file's order (the last dimension runs fastest). Or the other way: a
// Dataset enters, and a file leaves, whole or not at all.
package netcdf

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"time"

	"example.org/busbar/internal/foreign"
)

// ErrNoLibrary is wrapped by the error of an Open or Probe for which no
// libnetcdf could be opened.
var ErrNoLibrary = errors.New("no netCDF library found")

// Kind is what a variable or attribute holds.
type Kind uint8

// The kinds.
const (
	Other Kind = iota // compound and other types, which can't be read
	Float
	Integer
	Text
)

// String is the kind in words.
func (k Kind) String() string {
	return [...]string{"a type of its own", "numbers", "integers", "texts"}[k]
}

// Dimension is a named length.
type Dimension struct {
	Name string
	Len  int
}

// Attribute belongs to a variable or to the file.
type Attribute struct {
	Name    string
	Kind    Kind
	Text    string
	Numbers []float64
}

// Attributes are those of a variable or of the file.
type Attributes []Attribute

// Text is a text attribute, "" where there is none.
func (a Attributes) Text(name string) string {
	for _, k := range a {
		if k.Name == name && k.Kind == Text {
			return k.Text
		}
	}
	return ""
}

// Number is the first number of an attribute.
func (a Attributes) Number(name string) (float64, bool) {
	for _, k := range a {
		if k.Name == name && len(k.Numbers) > 0 {
			return k.Numbers[0], true
		}
	}
	return math.NaN(), false
}

// Variable is an array of the file.
type Variable struct {
	Name       string
	Kind       Kind
	Dimensions []int // positions in Header.Dimensions
	Attributes Attributes

	characters bool // a text is a row of single characters, the last dimension
	id         int32
	shape      []int
}

// Header is what a file says of itself.
type Header struct {
	Dimensions []Dimension
	Variables  []Variable
	Attributes Attributes
}

// Variable finds a variable, nil where there is none.
func (h *Header) Variable(name string) *Variable {
	for i := range h.Variables {
		if h.Variables[i].Name == name {
			return &h.Variables[i]
		}
	}
	return nil
}

// Size is the number of a variable's entries.
func (h *Header) Size(v *Variable) int {
	n := 1
	for _, d := range v.Dimensions {
		n *= h.Dimensions[d].Len
	}
	return n
}

// File is an open file.
type File struct {
	Header

	path  string
	bytes int64
	child *foreign.Child
	in    *foreign.Writer
	out   *foreign.Reader
	err   error // after which nothing more can be read
}

// place is where the library may lie: as the Python package netCDF4 has it, with
// a hash in its name, then as system packages have it.
var place = foreign.Library{Variable: "BUSBAR_NETCDF", Folder: "netcdf", Names: libraryNames()}

func libraryNames() []string {
	switch runtime.GOOS {
	case "windows":
		return []string{"netcdf-*.dll", "netcdf.dll"}
	case "darwin":
		return []string{"libnetcdf.*.dylib", "libnetcdf.dylib"}
	}
	return []string{"libnetcdf-*.so*", "libnetcdf.so", "libnetcdf.so.22", "libnetcdf.so.19", "libnetcdf.so.18", "libnetcdf.so.15", "libnetcdf.so.13"}
}

// patience is how long the library may be silent: on some damaged files it
// loops for ever. It is asked for 4 MiB at a time.
var patience = 20 * time.Second

// Open opens a file. The error wraps ErrNoLibrary where there is no library.
func Open(path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", path)
	}
	f := &File{path: path, bytes: info.Size()}
	if err := f.start(&request{Path: path, Libraries: place.Candidates()}); err != nil {
		return nil, err
	}
	m, err := f.answer()
	if err != nil {
		f.Close()
		return nil, err
	}
	f.Header = *m.Header
	for i := range f.Variables {
		v := &f.Variables[i]
		v.id, v.characters, v.shape = m.IDs[i], m.Characters[i], nil
		for _, d := range v.Dimensions {
			v.shape = append(v.shape, f.Dimensions[d].Len)
		}
		if v.characters { // the last dimension is the texts' length
			v.Dimensions = v.Dimensions[:len(v.Dimensions)-1]
		}
	}
	return f, nil
}

func (f *File) start(r *request) error {
	// Locks keep readers off files that lie on some network drives.
	env := []string{"HDF5_USE_FILE_LOCKING=FALSE"}
	var err error
	if f.child, err = foreign.Start(childEnv, "busbar-netcdf", env...); err != nil {
		return fmt.Errorf("netcdf: %w", err)
	}
	f.in, f.out = foreign.NewWriter(f.child.Stdin), foreign.NewReader(f.child.Stdout)
	return f.ask(r)
}

// ask sends a request. Where the child is gone this fails; the answer tells.
func (f *File) ask(r *request) error {
	if f.err != nil {
		return f.err
	}
	_ = f.in.Encode(r)
	_ = f.in.Flush()
	return nil
}

// answer reads a message, and ends a child that is silent for too long.
func (f *File) answer() (*message, error) {
	slow := time.AfterFunc(patience, f.child.Kill)
	m := &message{}
	err := f.out.Decode(m)
	switch {
	case !slow.Stop():
		f.err = fmt.Errorf("the netCDF library gave no answer for %v and was stopped%s", patience, f.guess())
	case err != nil:
		f.err = fmt.Errorf("the netCDF library died on it (%s)%s", f.child.End(), f.guess())
		f.child = nil
	case m.Missing:
		f.err = fmt.Errorf("%w (%s); `make deps` in Busbar's folder brings it, BUSBAR_NETCDF names one elsewhere; a CSV folder needs none", ErrNoLibrary, m.Failure)
	case m.Failure != "":
		return nil, errors.New(m.Failure)
	default:
		return m, nil
	}
	return nil, f.err
}

// guess is what may be the matter with a file that is read.
func (f *File) guess() string {
	if f.bytes == 0 {
		return ""
	}
	return "; the file may be damaged"
}

// fits refuses sizes that no file of so many bytes can hold: deflate shrinks
// 1,032 to 1 at the most.
func (f *File) fits(v *Variable) error {
	n := 8.0
	for _, k := range v.shape {
		n *= float64(k)
	}
	if n > 64<<20 && n > 2000*float64(f.bytes) {
		return fmt.Errorf("it claims %.3g entries in a file of %d bytes; the file is damaged", n/8, f.bytes)
	}
	return nil
}

// read asks for a variable, part by part.
func (f *File) read(v *Variable, as Kind, part func(*message) error) error {
	if err := f.fits(v); err != nil {
		return err
	}
	if err := f.ask(&request{Variable: v.id, As: as, Characters: v.characters, Shape: v.shape}); err != nil {
		return err
	}
	for {
		m, err := f.answer()
		if err != nil {
			return err
		}
		if err := part(m); err != nil {
			return err
		}
		if m.Last {
			return nil
		}
	}
}

// Floats reads a variable of numbers. An entry that is missing (_FillValue,
// missing_value) is NaN; scale_factor and add_offset are applied.
func (f *File) Floats(v *Variable) ([]float64, error) {
	if v.Kind != Float && v.Kind != Integer {
		return nil, fmt.Errorf("it holds %v, numbers would fit", v.Kind)
	}
	var all []float64
	if err := f.fits(v); err == nil {
		all = make([]float64, 0, f.Size(v))
	}
	err := f.read(v, Float, func(m *message) error {
		n := len(all)
		all = append(all, make([]float64, m.Count)...)
		return f.array(foreign.ReadArray(f.out, all[n:]))
	})
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"_FillValue", "missing_value"} {
		if fill, ok := v.Attributes.Number(name); ok && !math.IsNaN(fill) {
			for i, x := range all {
				if x == fill {
					all[i] = math.NaN()
				}
			}
		}
	}
	scale, scaled := v.Attributes.Number("scale_factor")
	offset, shifted := v.Attributes.Number("add_offset")
	if scaled || shifted {
		if !scaled {
			scale = 1
		}
		if !shifted {
			offset = 0
		}
		for i := range all {
			all[i] = all[i]*scale + offset
		}
	}
	return all, nil
}

// Integers reads a variable of integers, as they stand.
func (f *File) Integers(v *Variable) ([]int64, error) {
	if v.Kind != Integer {
		return nil, fmt.Errorf("it holds %v, integers would fit", v.Kind)
	}
	var all []int64
	err := f.read(v, Integer, func(m *message) error {
		n := len(all)
		all = append(all, make([]int64, m.Count)...)
		return f.array(foreign.ReadArray(f.out, all[n:]))
	})
	return all, err
}

// Texts reads a variable of texts; of single characters, with the spaces and
// zeros at the end left out.
func (f *File) Texts(v *Variable) ([]string, error) {
	if v.Kind != Text {
		return nil, fmt.Errorf("it holds %v, texts would fit", v.Kind)
	}
	var all []string
	err := f.read(v, Text, func(m *message) error {
		all = append(all, m.Texts...)
		return nil
	})
	for i, s := range all {
		all[i] = strings.ToValidUTF8(s, "\uFFFD")
	}
	return all, err
}

// array is the error of an array that broke off.
func (f *File) array(err error) error {
	if err != nil {
		f.err = fmt.Errorf("the netCDF library died on it (%s); the file may be damaged", f.child.End())
		f.child = nil
		return f.err
	}
	return nil
}

// Close ends the child.
func (f *File) Close() {
	if f.child != nil {
		f.child.End()
		f.child = nil
	}
	f.err = errors.New("the file is closed")
}

// Info says which library there is.
type Info struct {
	Version string // "4.10.1"
	Path    string // what was opened: a file, or the name the loader found
}

// Probe opens the library in a child process and says what it is. The error
// wraps ErrNoLibrary where there is none.
func Probe() (Info, error) {
	f := &File{}
	if err := f.start(&request{Libraries: place.Candidates()}); err != nil {
		return Info{}, err
	}
	defer f.Close()
	m, err := f.answer()
	if err != nil {
		return Info{}, err
	}
	return m.Info, nil
}
