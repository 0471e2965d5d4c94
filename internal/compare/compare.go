// Package compare says what differs between runs: in what went in first, then
// in what came out.
//
// What enters: run folders. What leaves: lists of differences, each with one
// value a run. Inputs are compared as the studies saw them, from the copies
// kept with the runs: a study that inherits and sets is compared by what it
// comes to, not by its own few lines.
package compare

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"example.org/busbar/internal/run"
	"example.org/busbar/internal/study"
)

// Report is what differs between runs. Every list of values has one a run, in
// order; nil where a run does not have it.
type Report struct {
	Runs    []Run    `json:"runs"`
	SameLP  bool     `json:"same_lp"` // all solved the same problem, by its hash
	Files   []File   `json:"files"`   // inputs that are not the same in all
	Inputs  []Input  `json:"inputs"`  // what the studies say otherwise
	Results []Result `json:"results"`
	Notes   []string `json:"notes"`
}

// Run is one of the runs compared.
type Run struct {
	Label     string   `json:"label"` // short, different from the others'
	Dir       string   `json:"dir"`
	System    string   `json:"system"`
	Study     string   `json:"study"`
	Point     string   `json:"point,omitempty"`
	Status    string   `json:"status"`
	Objective *float64 `json:"objective"`
	Currency  string   `json:"currency"`
	Certified bool     `json:"certified"`
	Solver    string   `json:"solver"`
	LPHash    string   `json:"lp_hash"`
	Busbar    string   `json:"busbar"`
}

// File is an input file that differs; a hash is nil where a run lacks it.
type File struct {
	Path   string    `json:"path"`
	Hashes []*string `json:"hashes"`
}

// Input is a path of the studies' trees (assets.wind.build.max), or a number
// of a series (series/weather.csv#wind, mean), as written.
type Input struct {
	Path   string    `json:"path"`
	Values []*string `json:"values"`
}

// Result is a number that came out.
type Result struct {
	Section string     `json:"section"` // outcome, capacities, money, figures
	Name    string     `json:"name"`
	Asset   string     `json:"asset,omitempty"`
	Unit    string     `json:"unit"`
	Values  []*float64 `json:"values"`
	Changed bool       `json:"changed"`
}

// Difference is the second value less the first, and as a share of the first;
// ok is false where one of them is missing.
func (r *Result) Difference(i int) (by, share float64, ok bool) {
	if i >= len(r.Values) || r.Values[0] == nil || r.Values[i] == nil {
		return 0, 0, false
	}
	by = *r.Values[i] - *r.Values[0]
	share = by / math.Abs(*r.Values[0])
	return by, share, true
}

// noise is the share below which two numbers are the same: solvers agree no
// closer.
const noise = 1e-6

// Runs compares two runs or more, all with the first.
func Runs(folders []*run.Folder) (*Report, error) {
	r := &Report{SameLP: true, Files: []File{}, Inputs: []Input{}, Results: []Result{}, Notes: []string{}}
	for i, label := range labels(folders) {
		m := &folders[i].Manifest
		r.Runs = append(r.Runs, Run{
			Label: label, Dir: folders[i].Dir, System: m.System, Study: m.Study, Point: m.Point, Status: m.Status, Objective: m.Cost(),
			Currency: m.Currency, Certified: m.Certificate != nil && m.Certificate.OK, Solver: m.Solver, LPHash: m.LPHash, Busbar: m.Busbar,
		})
		r.SameLP = r.SameLP && m.LPHash == folders[0].Manifest.LPHash
		if m.Currency != folders[0].Manifest.Currency || m.BaseYear != folders[0].Manifest.BaseYear {
			r.Notes = append(r.Notes, fmt.Sprintf("%s is in %s of %d, %s in %s of %d: money is not comparable", label, m.Currency, m.BaseYear, r.Runs[0].Label, r.Runs[0].Currency, folders[0].Manifest.BaseYear))
		}
	}
	if r.SameLP {
		r.Notes = append(r.Notes, "all solved the same problem (one lp_hash): what differs below is the choice among equal optima, or the solver's")
	}
	r.files(folders)
	r.inputs(folders)
	if err := r.results(folders); err != nil {
		return nil, err
	}
	return r, nil
}

// labels are the shortest ends of the folders' paths that tell them apart.
func labels(folders []*run.Folder) []string {
	out := make([]string, len(folders))
	for i, f := range folders {
		out[i] = filepath.Base(filepath.Clean(f.Dir))
	}
	for i := range out {
		for j := range out {
			if i != j && out[i] == out[j] {
				out[i] = fmt.Sprintf("%s (%d)", filepath.Base(filepath.Clean(folders[i].Dir)), i+1)
				break
			}
		}
	}
	return out
}

// files compares the inputs by their hashes.
func (r *Report) files(folders []*run.Folder) {
	paths := map[string][]*string{}
	for i, f := range folders {
		for _, in := range f.Manifest.Inputs {
			if paths[in.Path] == nil {
				paths[in.Path] = make([]*string, len(folders))
			}
			hash := in.SHA256
			paths[in.Path][i] = &hash
		}
	}
	for path, hashes := range paths {
		if !alike(hashes) {
			r.Files = append(r.Files, File{path, hashes})
		}
	}
	sort.Slice(r.Files, func(i, j int) bool { return r.Files[i].Path < r.Files[j].Path })
}

func alike(values []*string) bool {
	for _, v := range values {
		if (v == nil) != (values[0] == nil) || v != nil && *v != *values[0] {
			return false
		}
	}
	return true
}

// inputs compares the studies' trees, and the series that differ.
func (r *Report) inputs(folders []*run.Folder) {
	found := map[string][]*string{}
	var order []string
	put := func(i int, path, value string) {
		if found[path] == nil {
			found[path] = make([]*string, len(folders))
			order = append(order, path)
		}
		found[path][i] = &value
	}
	for i, f := range folders {
		if r.Runs[i].System == "" {
			continue // a bare problem has no study
		}
		if study.IsNetwork(f) {
			// Nor has a network, but options; its files are compared below.
			options := study.NetworkOptions(f)
			for _, name := range slices.Sorted(maps.Keys(options)) {
				put(i, name, options[name])
			}
			continue
		}
		tree := study.Tree(f)
		if tree == nil {
			r.Notes = append(r.Notes, fmt.Sprintf("%s: the inputs kept with the run do not hold its study", r.Runs[i].Label))
			continue
		}
		flatten("", tree, func(path, value string) { put(i, path, value) })
	}
	for _, file := range r.Files {
		if filepath.Ext(file.Path) != ".csv" {
			continue
		}
		for i, f := range folders {
			for _, c := range columns(filepath.Join(f.Dir, "inputs", filepath.FromSlash(file.Path))) {
				put(i, fmt.Sprintf("%s#%s, mean", file.Path, c.name), c.mean)
				put(i, fmt.Sprintf("%s#%s, sum of squares", file.Path, c.name), c.squares)
			}
		}
	}
	for _, path := range order {
		if !alike(found[path]) && !named(path) {
			r.Inputs = append(r.Inputs, Input{path, found[path]})
		}
	}
	// The squares only tell that a series of equal mean differs.
	r.Inputs = slices.DeleteFunc(r.Inputs, func(in Input) bool {
		const squares = ", sum of squares"
		base, ok := strings.CutSuffix(in.Path, squares)
		return ok && slices.ContainsFunc(r.Inputs, func(o Input) bool { return o.Path == base+", mean" })
	})
}

// named are the names of a study, which the runs' own lines show.
func named(path string) bool { return path == "study" || path == "title" }

// results compares what came out.
func (r *Report) results(folders []*run.Folder) error {
	type key struct{ section, name, asset, unit string }
	of := map[key]*Result{}
	var order []*Result
	put := func(i int, what Result, v float64) {
		at := key{what.Section, what.Name, what.Asset, what.Unit}
		one := of[at]
		if one == nil {
			one = &what
			one.Values = make([]*float64, len(folders))
			of[at] = one
			order = append(order, one)
		}
		if one.Values[i] != nil {
			v += *one.Values[i]
		}
		one.Values[i] = &v
	}
	for i, f := range folders {
		m := &f.Manifest
		if m.Cost() != nil {
			unit := m.Currency
			if m.LeastCost != nil { // a sum of sizes
				unit = ""
			}
			put(i, Result{Section: "outcome", Name: "objective", Unit: unit}, *m.Cost())
		}
		put(i, Result{Section: "outcome", Name: "rows"}, float64(m.Rows))
		put(i, Result{Section: "outcome", Name: "columns"}, float64(m.Cols))
		if m.Objective == nil || m.System == "" {
			continue
		}
		capacities, err := run.Read[run.Capacity](f, "capacities")
		if err != nil {
			return err
		}
		for _, c := range capacities {
			name := c.Asset
			if c.Part != "" {
				name += "." + c.Part
			}
			put(i, Result{Section: "capacities", Name: "size", Asset: name, Unit: c.Unit}, c.Existing+c.Built)
		}
		money, err := run.Read[run.Money](f, "money")
		if err != nil {
			return err
		}
		for _, v := range money {
			put(i, Result{Section: "money", Name: v.Class, Asset: v.Asset, Unit: m.Currency + "/a"}, v.Amount)
		}
		figures, err := run.Read[run.Figure](f, "figures")
		if err != nil {
			return err
		}
		for _, v := range figures {
			put(i, Result{Section: "figures", Name: v.Group + " " + v.Name, Asset: v.Asset, Unit: v.Unit}, v.Value)
		}
	}
	large := 0.0 // money far below the objective is noise of it
	for _, one := range r.Runs {
		if one.Objective != nil {
			large = math.Max(large, math.Abs(*one.Objective))
		}
	}
	rank := map[string]int{"outcome": 0, "capacities": 1, "money": 2, "figures": 3}
	for _, one := range order {
		floor := 1e-9
		switch one.Section {
		case "money":
			floor = 1e-9 * large
		case "figures", "capacities":
			floor = 1e-6 // a solver's trace of an amount
		}
		one.Changed = changed(one.Values, floor)
		r.Results = append(r.Results, *one)
	}
	slices.SortStableFunc(r.Results, func(a, b Result) int { return cmp.Compare(rank[a.Section], rank[b.Section]) })
	return nil
}

func changed(values []*float64, floor float64) bool {
	for _, v := range values {
		if (v == nil) != (values[0] == nil) {
			return true
		}
		if v != nil && math.Abs(*v-*values[0]) > floor+noise*math.Max(math.Abs(*v), math.Abs(*values[0])) {
			return true
		}
	}
	return false
}
