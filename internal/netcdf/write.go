package netcdf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"example.org/busbar/internal/foreign"
)

// ErrFile says that a file can't be written where it is asked for.
var ErrFile = errors.New("cannot write the file")

// Dataset is a file to be written.
type Dataset struct {
	Dimensions []Dimension
	Variables  []Content
	Attributes Attributes
}

// Content is a variable with its values, which are those of the one slice that
// is not nil.
type Content struct {
	Name       string
	Dimensions []string
	Attributes Attributes
	Floats     []float64
	Integers   []int64
	Small      bool // integers of one byte
	Texts      []string
}

func (c *Content) kind() Kind {
	switch {
	case c.Floats != nil:
		return Float
	case c.Integers != nil:
		return Integer
	}
	return Text
}

func (c *Content) entries() int { return len(c.Floats) + len(c.Integers) + len(c.Texts) }

// shape are the lengths of a variable's dimensions.
func (d *Dataset) shape(c *Content) ([]int, error) {
	var shape []int
	size := 1
	for _, name := range c.Dimensions {
		i := slices.IndexFunc(d.Dimensions, func(k Dimension) bool { return k.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("netcdf: %s has the dimension %s, and there is none", c.Name, name)
		}
		shape = append(shape, d.Dimensions[i].Len)
		size *= d.Dimensions[i].Len
	}
	if size != c.entries() {
		return nil, fmt.Errorf("netcdf: %s has %d entries, its dimensions %d", c.Name, c.entries(), size)
	}
	return shape, nil
}

// Write writes a netCDF-4 file, whole or not at all: numbers deflated (level 4,
// shuffled), floats with NaN as what is missing, texts of any length. The file
// must not exist; no dimension may be empty. The error wraps ErrNoLibrary where
// there is no library, ErrFile where the place won't do.
func Write(path string, d *Dataset) (err error) {
	shapes := make([][]int, len(d.Variables))
	for i := range d.Variables {
		if shapes[i], err = d.shape(&d.Variables[i]); err != nil {
			return err
		}
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s exists already; give another name", ErrFile, path)
	}
	partial := path + ".partial"
	made, err := os.Create(partial)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrFile, err)
	}
	made.Close()
	defer func() {
		if err != nil {
			os.Remove(partial)
		}
	}()
	f := &File{path: path}
	plan := &plan{Dimensions: d.Dimensions, Attributes: d.Attributes}
	for i := range d.Variables {
		c := &d.Variables[i]
		plan.Variables = append(plan.Variables, planned{c.Name, c.kind(), c.Small, c.Dimensions, c.Attributes})
	}
	if err := f.start(&request{Path: partial, Libraries: place.Candidates(), Plan: plan}); err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.answer(); err != nil {
		return err
	}
	for i := range d.Variables {
		if err := f.put(int32(i), &d.Variables[i], shapes[i]); err != nil {
			return fmt.Errorf("%s: %w", d.Variables[i].Name, err)
		}
	}
	if err := f.ask(&request{Variable: none}); err != nil {
		return err
	}
	if _, err := f.answer(); err != nil {
		return err
	}
	return os.Rename(partial, path)
}

// put writes a variable in parts: whole rows of its first dimension. Each is
// answered.
func (f *File) put(number int32, c *Content, shape []int) error {
	if len(shape) == 0 {
		shape = []int{1}
	}
	width := c.entries() / shape[0]
	step := max(1, portion/max(width, 1))
	for row := 0; row < shape[0]; row += step {
		rows := min(step, shape[0]-row)
		part := slices.Clone(shape)
		part[0] = rows
		r := &request{Variable: number, As: c.kind(), Row: row, Shape: part}
		from, to := row*width, (row+rows)*width
		if r.As == Text {
			r.Texts = c.Texts[from:to]
		}
		if err := f.ask(r); err != nil {
			return err
		}
		// Where the child is gone this fails; the answer tells.
		switch r.As {
		case Float:
			_ = foreign.WriteArray(f.in, c.Floats[from:to])
		case Integer:
			_ = foreign.WriteArray(f.in, c.Integers[from:to])
		}
		_ = f.in.Flush()
		if _, err := f.answer(); err != nil {
			return err
		}
	}
	return nil
}
