package show

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"example.org/busbar/internal/run"
)

// Summary is what fits on one screen of a run.
type Summary struct {
	run.Outcome
	System     string         `json:"system"`
	Study      string         `json:"study"`
	Conflict   []string       `json:"conflict,omitempty"`
	Groups     []Group        `json:"groups"`
	Capacities []run.Capacity `json:"capacities"`
	Money      []Named        `json:"money"`
	Tables     []string       `json:"tables"`
}

// Group is figures of one kind.
type Group struct {
	Name    string  `json:"name"`
	Figures []Named `json:"figures"`
}

// Named is a number with its name.
type Named struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
}

// perThing are groups of figures that have a line for each asset or bus, too
// many for a screen.
var perThing = []string{"source", "price", "representative"}

// Summarise reads a run.
func Summarise(f *run.Folder) (*Summary, error) {
	m := &f.Manifest
	s := &Summary{Outcome: m.Outcome, System: m.System, Study: m.Study, Groups: []Group{}, Capacities: []run.Capacity{}, Money: []Named{}, Tables: []string{}}
	if data, err := os.ReadFile(filepath.Join(f.Dir, "conflict.json")); err == nil {
		var c struct {
			Lines []string `json:"lines"`
		}
		if json.Unmarshal(data, &c) == nil {
			s.Conflict = c.Lines
		}
	}
	all, err := List(f)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		s.Tables = append(s.Tables, t.Name)
	}
	if !slices.Contains(s.Tables, "figures") {
		return s, nil
	}
	figures, err := run.Read[run.Figure](f, "figures")
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for _, v := range figures {
		if v.Asset != "" && v.Group != "metal" || slices.Contains(perThing, v.Group) {
			continue
		}
		i, ok := at[v.Group]
		if !ok {
			i = len(s.Groups)
			at[v.Group] = i
			s.Groups = append(s.Groups, Group{Name: v.Group})
		}
		s.Groups[i].Figures = append(s.Groups[i].Figures, Named{v.Name, v.Value, v.Unit})
	}
	capacities, err := run.Read[run.Capacity](f, "capacities")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, c := range capacities {
		if c.Existing != 0 || c.Built != 0 || c.MaxBuild != 0 {
			s.Capacities = append(s.Capacities, c)
		}
	}
	money, err := run.Read[run.Money](f, "money")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, c := range []string{"capital", "fixed", "variable", "event", "sale", "penalty"} {
		sum, some := 0.0, false
		for _, v := range money {
			if v.Class == c {
				sum += v.Amount
				some = true
			}
		}
		if some {
			s.Money = append(s.Money, Named{Name: c, Value: sum})
		}
	}
	return s, nil
}
