package pypsa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// waiting lists the cases that the importer refuses, with a part of what it
// says. A case that passes must leave the list.
var waiting = map[string]string{}

// expected is what PyPSA answered.
type expected struct {
	Objective  float64                       `json:"objective_plus_constant"`
	Constant   float64                       `json:"objective_constant"`
	Capacities map[string]map[string]float64 `json:"capacities"`
	Extendable map[string][]string           `json:"extendable"`
	Prices     map[string][]float64          `json:"price_series"`
	Windows    []struct {
		Objective float64 `json:"objective"`
	} `json:"windows"`
	Unique struct {
		Capacities bool `json:"capacities_unique"`
		Prices     bool `json:"prices_unique"`
	} `json:"uniqueness"`
}

// Every network of the suite gives PyPSA's objective, capacities and prices.
func TestCases(t *testing.T) {
	root := shared.Path(t, "cases/pypsa")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		name := e.Name()
		seen[name] = true
		t.Run(name, func(t *testing.T) { oneCase(t, filepath.Join(root, name), name) })
	}
	for name := range waiting {
		if !seen[name] {
			t.Errorf("%s waits, and there is no such case", name)
		}
	}
}

func oneCase(t *testing.T, dir, name string) {
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	options := filepath.Join(dir, "expected.json")
	from, hash := filepath.Join(dir, "network"), ""
	if IsFolder(from) {
		hash = built(t, from, options)
	} else {
		from = filepath.Join(dir, "network.nc") // PyPSA can't write scenarios as CSV
	}
	if file := filepath.Join(dir, "network.nc"); !library(t) {
		t.Logf("%-28s not read from netCDF: there is no library", name)
		if from == file {
			return
		}
	} else if other := built(t, file, options); hash != "" && hash != other {
		t.Errorf("the problem from netCDF has the hash %s, from CSV %s", other, hash)
	}
	err = answer(t, from, options, name, &want)
	reason, listed := waiting[name]
	switch {
	case err == nil && listed:
		t.Errorf("it passes now: take it out of the list (%s)", reason)
	case err != nil && (!listed || !strings.Contains(err.Error(), reason)):
		t.Error(err)
	case err != nil:
		t.Logf("%-28s waits: %v", name, err)
	}
}

// library reports whether netCDF can be read here.
func library(t testing.TB) bool {
	_, err := netcdf.Probe()
	if err != nil && !errors.Is(err, netcdf.ErrNoLibrary) {
		t.Fatal(err)
	}
	return err == nil
}

// built is the hash of the problem that a network's first part becomes.
func built(t *testing.T, path, options string) string {
	o, problems := ReadOptions(options, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n, problems, err := Open(path)
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", err, problems)
	}
	b, problems := Build(n, o)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p, _, err := formulate.Build(b.Model)
	if err != nil {
		t.Fatal(err)
	}
	return p.Hash()
}

// several says why the prices of a case are not unique, although its file calls
// them so: PyPSA's two solvers came to the same of many. Between what a little
// less and a little more demand is worth (around) lie all of them.
var several = map[string]string{
	"kvl-dc-subnetwork":    "two lines of 40 leave a_dc full, and so is the converter of 80 that feeds it: one of the three limits says nothing new, and the rent may be on any",
	"link-delay-cyclic":    "in snapshot 5 nothing is bought at the port at 16 and nothing sent: fuel is worth 0.98 x 13.2 = 12.936 there, and any price up to 16 keeps it so",
	"link-delay-noncyclic": "what leaves in the last 4 snapshots arrives after the end: at the port fuel is worth 0 and costs 4 and 12, and nothing flows",
	"multi-period-lines":   "snapshots 7 and 8 are the same, and the line built in 2040 is full in both: only the sum of their prices, 86.652, pays for it",
}

// around returns what a little less and a little more demand at a bus change
// the objective by, a unit and weight: between them lie all prices.
func around(t *testing.T, p *lp.Problem, ix *formulate.Index, bus, step int, weight, objective float64) (low, high float64) {
	row := -1
	ix.Rows(func(k formulate.Block) {
		if k.What == formulate.Balance && int(k.Index) == bus && int32(step) >= k.Step && int32(step) < k.Step+k.Count {
			row = int(k.First + int32(step) - k.Step)
		}
	})
	const little = 1e-2
	slope := func(by float64) float64 {
		q := *p
		q.RowLower, q.RowUpper = slices.Clone(p.RowLower), slices.Clone(p.RowUpper)
		q.RowLower[row] += by
		q.RowUpper[row] += by
		sol, _, err := solve.Run(context.Background(), &q, "auto", lp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if sol.Status != lp.Optimal {
			return math.Inf(1)
		}
		return (sol.Objective - objective) / by / weight
	}
	high = slope(little)
	if low = slope(-little); math.IsInf(low, 1) {
		low = math.Inf(-1)
	}
	return low, high
}

func answer(t *testing.T, folder, options, name string, want *expected) error {
	o, problems := ReadOptions(options, nil)
	if len(problems) > 0 {
		return fmt.Errorf("%v", problems)
	}
	n, problems, err := Open(folder)
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("%v%v", err, problems)
	}
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	b, problems, err := Solve(ctx, n, o, With("auto", lp.Options{Gap: 1e-7}))
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("%v%v", problems, err)
	}
	p, ix, sol, cert := b.Problem, b.Index, b.Solution, b.Certificate
	const gap = 1e-6
	if sol.X == nil {
		return fmt.Errorf("no answer: %v", sol.Status)
	}
	// auto hands over where native ends without a proof; it must not have to.
	if !p.IsMIP() && sol.Solver != "native" {
		return fmt.Errorf("answered by %s, not by the native solver: %s", sol.Solver, sol.Note)
	}
	off := math.Abs(sol.Objective-want.Objective) / (1 + math.Abs(want.Objective))
	t.Logf("%-28s objective %16.8g, PyPSA %16.8g, off %8.1e; %6d rows, %v", name, sol.Objective, want.Objective, off, p.Rows(), cert.OK)
	if !(off <= gap) {
		return fmt.Errorf("objective %.10g, PyPSA's %.10g", sol.Objective, want.Objective)
	}
	if d := math.Abs(b.Constant - want.Constant); d > 1e-6*(1+math.Abs(want.Constant)) {
		return fmt.Errorf("objective_constant %.10g, PyPSA's %.10g", b.Constant, want.Constant)
	}
	if len(b.Windows) != len(want.Windows) {
		return fmt.Errorf("%d windows, PyPSA has %d", len(b.Windows), len(want.Windows))
	}
	for k, v := range want.Windows {
		if d := math.Abs(b.Windows[k] - v.Objective); d > 1e-6*(1+math.Abs(v.Objective)) {
			return fmt.Errorf("window %d: objective %.10g, PyPSA's %.10g", k+1, b.Windows[k], v.Objective)
		}
	}
	if want.Unique.Capacities {
		for c, names := range want.Extendable {
			for _, listed := range names {
				asset := listed
				if _, name, scenario := strings.Cut(asset, "|"); scenario && len(n.Scenarios) > 0 {
					asset = name // shared by all
				}
				i, ok := b.Sizes[Asset{c, asset}]
				if table := n.table(c); !ok && !table.flag(table.index[asset], "active") {
					continue
				}
				if !ok {
					return fmt.Errorf("%s %s is extendable, and has no capacity", c, asset)
				}
				if got, size := ix.CapacitySize(sol.X, int(i)), want.Capacities[c][listed]; math.Abs(got-size) > 1e-3*(1+math.Abs(size)) {
					return fmt.Errorf("%s %s has the size %.8g, PyPSA's %.8g", c, asset, got, size)
				}
			}
		}
	}
	if want.Unique.Prices && !p.IsMIP() && o.Entry != "mga" {
		for bus, series := range want.Prices {
			got := ix.BusPrice(sol.Y, int(b.Buses[bus]))
			for s, v := range series[len(series)-len(got):] { // of a rolling horizon the last window
				if math.Abs(got[s]-v) > 1e-3*(1+math.Abs(v)) {
					if low, high := around(t, p, ix, int(b.Buses[bus]), s, b.Model.Clock.Grids[0].Cost[s], sol.Objective); min(got[s], v) >= low-1e-2 && max(got[s], v) <= high+1e-2 {
						t.Logf("%-28s price at %s, snapshot %d: anything from %.5g to %.5g is one, %.5g as %.5g (%s)", name, bus, s, low, high, got[s], v, several[name])
						continue
					}
					return fmt.Errorf("price at %s, snapshot %d: %.8g, PyPSA's %.8g", bus, s, got[s], v)
				}
			}
		}
	}
	return nil
}
