package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// sides are the programs compared, each measurement a process of its own.
type sides struct {
	self    string // this program
	busbar  string
	python  string
	env     string // folder with PyPSA
	model   string // pypsa/model.py
	rival   string // rivals/clarabel_lp.py
	scratch string
}

// PyPSA is what one process of PyPSA's side took.
type PyPSA struct {
	Load      float64 `json:"load"`   // seconds: files to pypsa.Network
	Model     float64 `json:"model"`  // network to linopy.Model
	Arrays    float64 `json:"arrays"` // model to matrix and vectors
	CPU       float64 `json:"cpu"`    // processor seconds of both
	Rows      int     `json:"rows"`
	Cols      int     `json:"cols"`
	Nonzeros  int     `json:"nonzeros"`
	BoundRows int     `json:"bound_rows"` // rows with one entry
	BaseMiB   float64 `json:"base_mib"`   // held with the network in memory
	PeakMiB   float64 `json:"peak_mib"`

	Status    string  `json:"status"`
	Condition string  `json:"condition"`
	Objective float64 `json:"objective"`
	Seconds   float64 `json:"seconds"`
}

// Run is what `busbar run --json` prints.
type Run struct {
	Status    string   `json:"status"`
	Objective *float64 `json:"objective"`
	Solver    string   `json:"solver"`
	Rows      int      `json:"rows"`
	Cols      int      `json:"cols"`
	Nonzeros  int      `json:"nonzeros"`
	Seconds   struct {
		Load, Build, Solve, Write float64
	} `json:"seconds"`
	PeakMiB     float64      `json:"peak_mib"`
	Certificate *Certificate `json:"certificate"`
	Wall        float64      `json:"wall"` // seconds of the whole process
}

// Certificate is what lp.Certify says, as printed.
type Certificate struct {
	Primal, Dual, Gap, Objective *float64
	OK                           bool
}

// process runs one program and reads the JSON object it prints. A program that
// prints one has done its part, whatever it exits with.
func process(limit time.Duration, env []string, into any, name string, args ...string) (wall float64, err error) {
	wall, _, err = timed(limit, env, into, name, args...)
	return wall, err
}

// timed is process with the processor's seconds that it and its children took,
// which a machine with other work on it changes less.
func timed(limit time.Duration, env []string, into any, name string, args ...string) (wall, cpu float64, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), env...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	start := time.Now()
	err = c.Run()
	wall = time.Since(start).Seconds()
	if c.ProcessState != nil {
		cpu = (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	}
	if ctx.Err() != nil {
		return wall, cpu, fmt.Errorf("%s %s: stopped after %v", filepath.Base(name), strings.Join(args, " "), limit)
	}
	if into != nil && json.Unmarshal(out.Bytes(), into) == nil {
		return wall, cpu, nil
	}
	if err != nil {
		tail := strings.TrimSpace(said.String())
		if len(tail) > 600 {
			tail = "..." + tail[len(tail)-600:]
		}
		return wall, cpu, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err, tail)
	}
	if into != nil {
		return wall, cpu, fmt.Errorf("%s printed no JSON", filepath.Base(name))
	}
	return wall, cpu, nil
}

const patience = 30 * time.Minute

// make writes a case in a process of its own, so that this one stays small.
func (s *sides) make(c Case) (dir string, err error) {
	dir = filepath.Join(s.scratch, fmt.Sprintf("%dx%d", c.Buses, 24*c.Days))
	_, err = process(patience, nil, nil, s.self, "generate", "-buses", fmt.Sprint(c.Buses), "-hours", fmt.Sprint(24*c.Days), "-seed", fmt.Sprint(c.Seed), "-out", dir)
	return dir, err
}

func (s *sides) probe(workspace string, args ...string) (*Probe, error) {
	p := &Probe{}
	_, err := process(patience, nil, p, s.self, append(append([]string{"probe"}, args...), workspace)...)
	return p, err
}

func (s *sides) pypsa(args ...string) (*PyPSA, error) {
	p := &PyPSA{}
	_, err := process(patience, []string{"PYTHONPATH=" + s.env}, p, s.python, append([]string{"-s", s.model}, args...)...)
	return p, err
}

// run solves a study with one solver and takes its run folder away, unless
// keep names a place for it.
func (s *sides) run(workspace, study, solver string, limit time.Duration, keep string) (*Run, error) {
	out := keep
	if out == "" {
		out = filepath.Join(s.scratch, "run")
		defer os.RemoveAll(out)
	}
	if err := os.RemoveAll(out); err != nil {
		return nil, err
	}
	r := &Run{}
	args := []string{"run", workspace, "--study", study, "--solver", solver, "--json", "--out", out}
	if limit > 0 {
		args = append(args, "--time-limit", limit.String())
	}
	wall, err := process(patience, nil, r, s.busbar, args...)
	r.Wall = wall
	if err == nil && r.Status == "" {
		err = errors.New("busbar run printed no status")
	}
	return r, err
}

// proved reports whether a run is optimal with a certificate that holds.
func (r *Run) proved() bool {
	return r.Status == "optimal" && r.Certificate != nil && r.Certificate.OK && r.Objective != nil
}

// median of a list; of two in the middle, their mean.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	sort.Float64s(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}
