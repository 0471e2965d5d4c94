package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
)

// problemOf builds the LP of a workspace's study and what is known of its
// structure.
func problemOf(dir, study string) (*lp.Problem, *lp.Hint, error) {
	s, err := load(dir, study)
	if err != nil {
		return nil, nil, err
	}
	m, problems := system.Expand(s)
	if len(problems) > 0 {
		return nil, nil, fmt.Errorf("%d problems, the first: %+v", len(problems), problems[0])
	}
	p, index, err := formulate.Build(m)
	if err != nil {
		return nil, nil, err
	}
	return p, index.Hint(), nil
}

// lists are the files of a problem in a folder, in the machine's byte order:
// one a vector, and A by columns.
func lists(p *lp.Problem) map[string]any {
	return map[string]any{
		"cost": &p.Cost, "col_lower": &p.ColLower, "col_upper": &p.ColUpper, "row_lower": &p.RowLower, "row_upper": &p.RowUpper,
		"start": &p.Start, "index": &p.Index, "value": &p.Value,
	}
}

// arrays writes the LP of a study for a solver that is no part of Busbar.
func arrays(args []string) error {
	f := flag.NewFlagSet("arrays", flag.ExitOnError)
	study := f.String("study", "base", "which study")
	f.Parse(args)
	if f.NArg() != 2 {
		return errors.New("arrays takes a workspace and the folder to write")
	}
	p, _, err := problemOf(f.Arg(0), *study)
	if err != nil {
		return err
	}
	if p.IsQP() || p.IsMIP() {
		return errors.New("the study is no LP")
	}
	out := f.Arg(1)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for name, list := range lists(p) {
		file, err := os.Create(filepath.Join(out, name))
		if err != nil {
			return err
		}
		switch v := list.(type) {
		case *[]float64:
			err = binary.Write(file, binary.NativeEndian, *v)
		case *[]int64:
			err = binary.Write(file, binary.NativeEndian, *v)
		case *[]int32:
			err = binary.Write(file, binary.NativeEndian, *v)
		}
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, "offset"), fmt.Appendf(nil, "%v", p.Offset), 0o644)
}

// proved certifies the point that a solver left in a folder of arrays (x, y)
// and prints the certificate.
func proved(args []string) error {
	if len(args) != 1 {
		return errors.New("certify takes a folder of arrays with x and y")
	}
	var p lp.Problem
	sol := &lp.Solution{Status: lp.Optimal}
	files := lists(&p)
	files["x"], files["y"] = &sol.X, &sol.Y
	for name, list := range files {
		data, err := os.ReadFile(filepath.Join(args[0], name))
		if err != nil {
			return err
		}
		switch v := list.(type) {
		case *[]float64:
			*v = make([]float64, len(data)/8)
			_, err = binary.Decode(data, binary.NativeEndian, *v)
		case *[]int64:
			*v = make([]int64, len(data)/8)
			_, err = binary.Decode(data, binary.NativeEndian, *v)
		case *[]int32:
			*v = make([]int32, len(data)/4)
			_, err = binary.Decode(data, binary.NativeEndian, *v)
		}
		if err != nil {
			return err
		}
	}
	offset, err := os.ReadFile(filepath.Join(args[0], "offset"))
	if err != nil {
		return err
	}
	if _, err := fmt.Sscan(string(offset), &p.Offset); err != nil {
		return err
	}
	for j, v := range sol.X { // a bound missed by a tolerance is no fault of the objective
		sol.X[j] = math.Min(math.Max(v, p.ColLower[j]), p.ColUpper[j])
	}
	c := lp.Certify(&p, sol)
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"primal": c.Primal, "dual": c.Dual, "gap": c.Gap, "ok": c.OK, "objective": c.Objective})
}
