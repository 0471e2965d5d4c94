package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/system"
)

// Probe is what one process of Busbar's side took.
type Probe struct {
	Load     float64 `json:"load"`   // seconds: files to checked system
	Expand   float64 `json:"expand"` // system to primitives
	Build    float64 `json:"build"`  // primitives to lp.Problem
	Rows     int     `json:"rows"`
	Cols     int     `json:"cols"`
	Nonzeros int     `json:"nonzeros"`
	PeakMiB  float64 `json:"peak_mib"` // most memory the process held, loading included
	CPU      float64 `json:"cpu"`      // processor seconds from files to problem, those of a child included; of a network only
}

// probe loads a workspace, and builds its problem, once, in this process, and
// prints a Probe.
func probe(args []string) error {
	f := flag.NewFlagSet("probe", flag.ExitOnError)
	study := f.String("study", "base", "which study")
	problem := f.Bool("build", true, "build the problem too")
	isNetwork := f.Bool("network", false, "it is a PyPSA network")
	f.Parse(args)
	if f.NArg() != 1 {
		return errors.New("probe takes one workspace or network")
	}
	var p *Probe
	var err error
	if *isNetwork {
		p, err = buildNetwork(f.Arg(0))
	} else {
		p, err = build(f.Arg(0), *study, *problem)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(p)
}

// buildNetwork takes a PyPSA network from its files to a problem.
func buildNetwork(path string) (*Probe, error) {
	p := &Probe{}
	start, before := time.Now(), cpuSeconds()
	n, problems, err := pypsa.Open(path)
	if err != nil || len(problems) > 0 {
		return nil, fmt.Errorf("%s: %v %v", path, err, problems)
	}
	p.Load = time.Since(start).Seconds()
	start = time.Now()
	b, problems := pypsa.Build(n, pypsa.Options{})
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s: %v", path, problems[0])
	}
	p.Expand = time.Since(start).Seconds()
	start = time.Now()
	problem, _, err := formulate.Build(b.Model)
	if err != nil {
		return nil, err
	}
	p.Build = time.Since(start).Seconds()
	p.CPU = cpuSeconds() - before
	p.Rows, p.Cols, p.Nonzeros = problem.Rows(), problem.Cols(), problem.Nonzeros()
	p.PeakMiB = peakMiB()
	runtime.KeepAlive(b)
	runtime.KeepAlive(problem)
	return p, nil
}

// load reads a workspace's study into a checked system.
func load(dir, study string) (*system.System, error) {
	w, problems := workspace.Open(dir)
	defer w.Close()
	tree, more := w.Tree(study)
	problems = append(problems, more...)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%d problems, the first: %+v", len(problems), problems[0])
	}
	var studies []string
	for _, s := range w.Studies() {
		studies = append(studies, s.Name)
	}
	s, problems := system.Load(tree, system.Options{Studies: studies, Open: func(name string) ([]byte, error) {
		data, bad := w.OpenFile(name, tree.Pos)
		if bad != nil {
			return nil, errors.New(bad.Text)
		}
		return data, nil
	}})
	if len(problems) > 0 {
		return nil, fmt.Errorf("%d problems, the first: %+v", len(problems), problems[0])
	}
	return s, nil
}

// build takes a workspace to a system, to primitives and, if asked, to a
// problem.
func build(dir, study string, toProblem bool) (*Probe, error) {
	p := &Probe{}
	start := time.Now()
	s, err := load(dir, study)
	if err != nil {
		return nil, err
	}
	p.Load = time.Since(start).Seconds()
	start = time.Now()
	m, problems := system.Expand(s)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%d problems, the first: %+v", len(problems), problems[0])
	}
	p.Expand = time.Since(start).Seconds()
	if toProblem {
		start = time.Now()
		problem, _, err := formulate.Build(m)
		if err != nil {
			return nil, err
		}
		p.Build = time.Since(start).Seconds()
		p.Rows, p.Cols, p.Nonzeros = problem.Rows(), problem.Cols(), problem.Nonzeros()
		runtime.KeepAlive(m)
		runtime.KeepAlive(problem)
	}
	p.PeakMiB = peakMiB()
	return p, nil
}
