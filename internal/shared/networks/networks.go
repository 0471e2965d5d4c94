// Package networks walks the published PyPSA networks that tests of several rooms
// try, each as it is read from its CSV folder (or, with scenarios, its netCDF file).
//
// What enters: a test. What leaves: a subtest for each network, with the options
// it is solved with and what PyPSA answered.
package networks

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/shared"
	"example.org/busbar/internal/source/pypsa"
)

// Case is a network of the suite, read.
type Case struct {
	Name    string
	Network *pypsa.Network
	Options pypsa.Options

	Objective float64   // PyPSA's, with its constant
	Windows   []float64 // of a rolling horizon: the objective of each
}

// Walk tries each network of the suite. One that can't be read here is skipped,
// and says why.
func Walk(t *testing.T, try func(*testing.T, *Case)) {
	t.Helper()
	root := shared.Path(t, "cases/pypsa")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			t.Run(e.Name(), func(t *testing.T) { try(t, read(t, filepath.Join(root, e.Name()))) })
		}
	}
}

func read(t *testing.T, dir string) *Case {
	t.Helper()
	folder, options := filepath.Join(dir, "network"), filepath.Join(dir, "expected.json")
	if !pypsa.IsFolder(folder) { // PyPSA can't write scenarios as CSV
		folder += ".nc"
	}
	o, problems := pypsa.ReadOptions(options, nil)
	n, more, err := pypsa.Open(folder)
	if errors.Is(err, netcdf.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil || len(problems)+len(more) > 0 {
		t.Fatal(err, problems, more)
	}
	text, err := os.ReadFile(options)
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Objective float64 `json:"objective_plus_constant"`
		Windows   []struct {
			Objective float64 `json:"objective"`
		} `json:"windows"`
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	c := &Case{Name: filepath.Base(dir), Network: n, Options: o, Objective: want.Objective}
	for _, w := range want.Windows {
		c.Windows = append(c.Windows, w.Objective)
	}
	return c
}
