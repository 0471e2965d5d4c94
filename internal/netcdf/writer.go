package netcdf

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/ebitengine/purego"

	"example.org/busbar/internal/foreign"
)

// plan is what a file to be written will hold.
type plan struct {
	Dimensions []Dimension
	Variables  []planned
	Attributes Attributes
}

type planned struct {
	Name       string
	Kind       Kind
	Small      bool
	Dimensions []string
	Attributes Attributes
}

// none is the number of no variable: the request that ends a file.
const none = -1

// Constants of netcdf.h.
const (
	modeNetCDF4 = 0x1000
	typeInt64   = 10

	deflateLevel = 4
)

// maker is the part of libnetcdf that writing needs.
type maker struct {
	create      func(path string, mode int32, file *int32) int32
	defineDim   func(file int32, name string, length uintptr, dim *int32) int32
	defineVar   func(file int32, name string, kind, rank int32, dims, variable *int32) int32
	deflate     func(file, variable, shuffle, deflate, level int32) int32
	putText     func(file, variable int32, name string, length uintptr, text *byte) int32
	putDouble   func(file, variable int32, name string, kind int32, length uintptr, v *float64) int32
	putLong     func(file, variable int32, name string, kind int32, length uintptr, v *int64) int32
	endDefine   func(file int32) int32
	putDoubles  func(file, variable int32, start, count *uintptr, v *float64) int32
	putIntegers func(file, variable int32, start, count *uintptr, v *int64) int32
	putStrings  func(file, variable int32, start, count *uintptr, v **byte) int32
	close       func(file int32) int32
}

func (l *maker) bind(handle uintptr) {
	for name, fn := range map[string]any{
		"create": &l.create, "def_dim": &l.defineDim, "def_var": &l.defineVar, "def_var_deflate": &l.deflate,
		"put_att_text": &l.putText, "put_att_double": &l.putDouble, "put_att_longlong": &l.putLong, "enddef": &l.endDefine,
		"put_vara_double": &l.putDoubles, "put_vara_longlong": &l.putIntegers, "put_vara_string": &l.putStrings, "close": &l.close,
	} {
		purego.RegisterLibFunc(fn, handle, "nc_"+name)
	}
}

// write makes a file as it is told. The parent learns of every step.
func (c *child) write(path string, p *plan, in *foreign.Reader) error {
	err := c.define(path, p)
	for {
		m := &message{}
		if err != nil {
			m.Failure = err.Error()
		}
		if err := c.send(m); err != nil {
			return err
		}
		var r request
		if err := in.Decode(&r); err != nil {
			return nil // the parent has given up
		}
		if r.Variable == none {
			return c.send(c.ended())
		}
		err = c.fill(&r, in)
	}
}

func (c *child) ended() *message {
	if err := c.check(c.make.close(c.file), "the end of the file"); err != nil {
		return &message{Failure: err.Error()}
	}
	return &message{}
}

// define makes the file with its dimensions, variables and attributes.
func (c *child) define(path string, p *plan) error {
	if err := c.check(c.make.create(path, modeNetCDF4, &c.file), "it can't be made"); err != nil {
		return err
	}
	dims := map[string]int32{}
	for _, d := range p.Dimensions {
		var id int32
		if d.Len < 1 {
			return fmt.Errorf("its dimension %s is empty", d.Name)
		}
		if err := c.check(c.make.defineDim(c.file, d.Name, uintptr(d.Len), &id), "its dimension "+d.Name); err != nil {
			return err
		}
		dims[d.Name] = id
	}
	for _, v := range p.Variables {
		kind := map[Kind]int32{Float: typeDouble, Integer: typeInt64, Text: typeString}[v.Kind]
		if v.Small {
			kind = typeByte
		}
		where := make([]int32, 0, len(v.Dimensions)+1)
		for _, d := range v.Dimensions {
			where = append(where, dims[d])
		}
		var id int32
		err := c.check(c.make.defineVar(c.file, v.Name, kind, int32(len(where)), &where[:cap(where)][0], &id), v.Name)
		if err == nil && v.Kind != Text && len(where) > 0 {
			err = c.check(c.make.deflate(c.file, id, 1, 1, deflateLevel), v.Name)
		}
		if err == nil && v.Kind == Float {
			missing := math.NaN()
			err = c.check(c.make.putDouble(c.file, id, "_FillValue", typeDouble, 1, &missing), v.Name)
		}
		if err == nil {
			err = c.describe(id, v.Attributes)
		}
		if err != nil {
			return err
		}
		c.ids = append(c.ids, id)
	}
	if err := c.describe(global, p.Attributes); err != nil {
		return err
	}
	return c.check(c.make.endDefine(c.file), "its header")
}

// describe writes the attributes of a variable or of the file.
func (c *child) describe(variable int32, all Attributes) error {
	for _, a := range all {
		var code int32
		switch a.Kind {
		case Text:
			text := append([]byte(a.Text), 0)
			code = c.make.putText(c.file, variable, a.Name, uintptr(len(a.Text)), &text[0])
		case Integer:
			v := make([]int64, len(a.Numbers))
			for i, x := range a.Numbers {
				v[i] = int64(x)
			}
			code = c.make.putLong(c.file, variable, a.Name, typeInt64, uintptr(len(v)), &v[0])
		default:
			code = c.make.putDouble(c.file, variable, a.Name, typeDouble, uintptr(len(a.Numbers)), &a.Numbers[0])
		}
		if err := c.check(code, a.Name); err != nil {
			return err
		}
	}
	return nil
}

// fill writes a part of a variable.
func (c *child) fill(r *request, in *foreign.Reader) error {
	if r.Variable < 0 || int(r.Variable) >= len(c.ids) || len(r.Shape) == 0 {
		return errors.New("there is no such variable")
	}
	n := 1
	start, count := make([]uintptr, len(r.Shape)), make([]uintptr, len(r.Shape))
	start[0] = uintptr(r.Row)
	for i, k := range r.Shape {
		count[i] = uintptr(k)
		n *= k
	}
	id := c.ids[r.Variable]
	var code int32
	switch r.As {
	case Float:
		v := make([]float64, n)
		if err := foreign.ReadArray(in, v); err != nil {
			return err
		}
		code = c.make.putDoubles(c.file, id, &start[0], &count[0], &v[0])
	case Integer:
		v := make([]int64, n)
		if err := foreign.ReadArray(in, v); err != nil {
			return err
		}
		code = c.make.putIntegers(c.file, id, &start[0], &count[0], &v[0])
	default:
		// Go's memory does not move while it is pinned, and C reads only.
		var pinned runtime.Pinner
		defer pinned.Unpin()
		v := make([]*byte, n)
		for i, text := range r.Texts {
			b := append([]byte(text), 0)
			pinned.Pin(&b[0])
			v[i] = &b[0]
		}
		code = c.make.putStrings(c.file, id, &start[0], &count[0], &v[0])
	}
	return c.check(code, "its values")
}
