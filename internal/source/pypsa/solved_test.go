package pypsa

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/shared"
	"example.org/busbar/internal/source/pypsa/csvfolder"
	"example.org/busbar/lp"
)

// solvedCases differ in what an answer has: storage, losses, delays,
// commitment, processes, periods, scarce weights.
var solvedCases = []string{
	"merit-order", "snapshot-weightings", "storage-unit-cyclic", "losses-tangents", "link-delay-cyclic", "uc-ramps",
	"process-aluminium", "multi-period-invest", "co2-cap", "kvl-parallel-lines", "store-levels", "load-sign-injection",
}

// table is one file of a folder: its columns by name.
type csvTable struct {
	names []string
	text  map[string][]string
}

func readTable(t *testing.T, file string) csvTable {
	t.Helper()
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return csvTable{}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	k := csvTable{text: map[string][]string{}}
	for j, name := range rows[0] {
		for _, row := range rows[1:] {
			if j == 0 {
				k.names = append(k.names, row[0])
			} else {
				k.text[name] = append(k.text[name], row[j])
			}
		}
	}
	return k
}

// number reads a cell; an absent column is rest.
func (k csvTable) number(t *testing.T, name string, i int, rest float64) float64 {
	t.Helper()
	if k.text[name] == nil || k.text[name][i] == "" {
		return rest
	}
	v, err := strconv.ParseFloat(k.text[name][i], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A solved network holds PyPSA's energies, sizes and prices, as the suite has
// them; its buses balance; and read again it is the network it was.
func TestSolvedNetwork(t *testing.T) {
	root := shared.Path(t, "cases/pypsa")
	for _, name := range solvedCases {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, name)
			o, problems := ReadOptions(filepath.Join(dir, "expected.json"), nil)
			n, more := ReadFolder(filepath.Join(dir, "network"))
			if problems = append(problems, more...); len(problems) > 0 {
				t.Fatal(problems)
			}
			a, problems, err := Solve(context.Background(), n, o, With("auto", lp.Options{Gap: 1e-7}))
			if err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
			out := filepath.Join(t.TempDir(), "solved")
			if err := a.Export(out); err != nil {
				t.Fatal(err)
			}
			if err := a.Export(out); !errors.Is(err, csvfolder.ErrDir) {
				t.Errorf("written over a folder that was there: %v", err)
			}
			again, problems := ReadFolder(out)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			b, problems := Build(again, o)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			p, _, err := formulate.Build(b.Model)
			if err != nil {
				t.Fatal(err)
			}
			if p.Hash() != a.Problem.Hash() {
				t.Error("read again it is another problem")
			}
			asPyPSA(t, dir, out, n)
			balanced(t, out, n)
		})
	}
}

// asPyPSA compares sums over the horizon, sizes and prices.
func asPyPSA(t *testing.T, dir, out string, n *Network) {
	var want struct {
		expected
		Energy map[string]map[string]float64 `json:"energy"`
		Unique struct {
			Energy bool `json:"energy_unique"`
			Prices bool `json:"prices_unique"`
		} `json:"uniqueness"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-3*(1+math.Abs(want))) {
			t.Errorf("%s is %.8g, PyPSA's %.8g", what, got, want)
		}
	}
	if want.Unique.Energy {
		for field, assets := range want.Energy {
			component, attr, _ := strings.Cut(field, ".")
			file := readTable(t, filepath.Join(out, n.table(component).List+"-"+attr+".csv"))
			for asset, energy := range assets {
				sum := 0.0
				for s, k := range n.Snapshots {
					sum += k.Generators * file.number(t, asset, s, 0)
				}
				near(field+" of "+asset, sum, energy)
			}
		}
	}
	for component, assets := range want.Capacities {
		c := n.table(component)
		file := readTable(t, filepath.Join(out, c.List+".csv"))
		for i, asset := range file.names {
			if size, ok := assets[asset]; ok {
				near("size of "+asset, file.number(t, nominal(c.Component)+"_opt", i, math.NaN()), size)
			}
		}
	}
	// Of a truck's last arrival any price in a range is one; TestCases bounds it.
	if want.Unique.Prices && filepath.Base(dir) != "link-delay-cyclic" {
		file := readTable(t, filepath.Join(out, "buses-marginal_price.csv"))
		for bus, series := range want.Prices {
			sum, all := 0.0, 0.0
			for s, v := range series {
				sum, all = sum+file.number(t, bus, s, 0), all+v
			}
			if math.Abs(sum-all) > 1e-2*(1+math.Abs(all)) {
				t.Errorf("prices at %s sum to %.6g, PyPSA's to %.6g", bus, sum, all)
			}
		}
	}
}

// balanced: what a bus's assets bring to it is buses-p, and leaves by lines.
func balanced(t *testing.T, out string, n *Network) {
	steps := len(n.Snapshots)
	brought, left := map[string][]float64{}, map[string][]float64{}
	for _, bus := range n.table("Bus").Names {
		brought[bus], left[bus] = make([]float64, steps), make([]float64, steps)
	}
	add := func(into map[string][]float64, component, attr, at string, sign func(i int) float64) {
		c := n.table(component)
		static := readTable(t, filepath.Join(out, c.List+".csv"))
		file := readTable(t, filepath.Join(out, c.List+"-"+attr+".csv"))
		for i, asset := range static.names {
			if static.text[at] == nil || static.text[at][i] == "" {
				continue
			}
			for s := range steps {
				into[static.text[at][i]][s] += sign(i) * file.number(t, asset, s, 0)
			}
		}
	}
	for component, attr := range map[string]string{"Generator": "p", "Store": "p", "StorageUnit": "p", "Load": "p"} {
		c := n.table(component)
		add(brought, component, attr, "bus", func(i int) float64 { return c.number(i, "sign") })
	}
	minus := func(int) float64 { return -1 }
	for _, k := range []string{"0", "1", "2", "3", "4", "5"} {
		add(brought, "Link", "p"+k, "bus"+k, minus)
		add(brought, "Process", "p"+k, "bus"+k, minus)
	}
	for _, c := range []string{"Line", "Transformer"} {
		add(left, c, "p0", "bus0", func(int) float64 { return 1 })
		add(left, c, "p1", "bus1", func(int) float64 { return 1 })
	}
	file := readTable(t, filepath.Join(out, "buses-p.csv"))
	for bus := range brought {
		for s := range steps {
			if p := file.number(t, bus, s, 0); math.Abs(p-brought[bus][s]) > 1e-5*(1+math.Abs(p)) || math.Abs(p-left[bus][s]) > 1e-5*(1+math.Abs(p)) {
				t.Errorf("bus %s, snapshot %d: p is %g, assets bring %g, lines take %g", bus, s, p, brought[bus][s], left[bus][s])
				return
			}
		}
	}
}
