package study

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/example"
	"example.org/busbar/internal/run"
	"example.org/busbar/solve/highs"
)

// solvers that a law is tried with: always the native one, and a vertex from
// HiGHS where it is there.
func solvers() []string {
	if _, err := highs.Probe(); err != nil {
		return []string{"native"}
	}
	return []string{"native", "highs:simplex"}
}

// parkWeek is the Oudomxay park over one week of March, without studies.
func parkWeek(t *testing.T) string {
	t.Helper()
	dir := park(t, nil)
	edit(t, dir, "system.yaml", func(s string) string {
		return strings.Replace(s, "years: [2030]", "first_day: 2030-03-04\nlast_day: 2030-03-10", 1)
	})
	if err := os.RemoveAll(filepath.Join(dir, "studies")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// townWeek is a town whose best plan is the only one: no store shifts power
// between hours of one price.
func townWeek(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, "first"); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, "system.yaml", func(s string) string {
		s = strings.Replace(s, "years: [2030]", "first_day: 2030-03-04\nlast_day: 2030-03-10", 1)
		s = regexp.MustCompile(`(?m)^  battery: .*\n`).ReplaceAllString(s, "")
		s = strings.Replace(s, "kind: wind,", "kind: wind, variable: 1 USD/MWh,", 1) // whose power is spilt first
		return strings.Replace(s, "cost: 1570 USD/kW", "cost: 500 USD/kW", 1)
	})
	return dir
}

// edit rewrites a file of a workspace; nothing changed is a fault of the test.
func edit(t *testing.T, dir, name string, change func(string) string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := change(string(data))
	if text == string(data) {
		t.Fatalf("%s is as it was", name)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// solveWith runs base with a solver.
func solveWith(t *testing.T, dir, solver string) *solved {
	t.Helper()
	r := request(t, dir, "base")
	r.Solver, r.Say = solver, func(string, ...any) {}
	results, err := Run(t.Context(), r)
	if err != nil {
		if p, ok := err.(Problems); ok {
			for _, one := range p {
				t.Error(one)
			}
		}
		t.Fatal(err)
	}
	return open(t, results[0])
}

// section is a top-level map of a system file, its entries as text.
type section struct {
	before, after string
	entries       []string
}

var entryStart = regexp.MustCompile(`^  [a-z][a-z0-9_]*:`)

// cut takes out the section of a name.
func cut(t *testing.T, text, name string) section {
	t.Helper()
	before, rest, ok := strings.Cut(text, "\n"+name+":\n")
	if !ok {
		t.Fatalf("no section %s", name)
	}
	s := section{before: before + "\n" + name + ":\n"}
	lines := strings.SplitAfter(rest, "\n")
	i := 0
	for ; i < len(lines); i++ {
		line := lines[i]
		if line != "\n" && !strings.HasPrefix(line, " ") {
			break
		}
		if entryStart.MatchString(line) {
			s.entries = append(s.entries, line)
		} else if n := len(s.entries); n > 0 && !strings.HasPrefix(line, "  #") && line != "\n" {
			s.entries[n-1] += line
		}
	}
	s.after = strings.Join(lines[i:], "")
	return s
}

func (s section) text() string { return s.before + strings.Join(s.entries, "") + "\n" + s.after }

// shuffle permutes the entries of a section.
func shuffle(t *testing.T, rng *rand.Rand, text, name string) string {
	s := cut(t, text, name)
	rng.Shuffle(len(s.entries), func(i, j int) { s.entries[i], s.entries[j] = s.entries[j], s.entries[i] })
	return s.text()
}

// rename gives every asset another name, and returns the old ones by the new.
func rename(t *testing.T, rng *rand.Rand, text string) (string, map[string]string) {
	s := cut(t, text, "assets")
	old := map[string]string{}
	for _, e := range s.entries {
		id := strings.TrimSuffix(strings.TrimSpace(entryStart.FindString(e)), ":")
		name := fmt.Sprintf("%c%d_%s", 'a'+rune(rng.Intn(26)), rng.Intn(100), id)
		old[name] = id
		for i := range s.entries {
			s.entries[i] = regexp.MustCompile(fmt.Sprintf(`(\bline: |^  )%s(:|\b)`, id)).ReplaceAllString(s.entries[i], "${1}"+name+"${2}")
		}
		s.after = regexp.MustCompile(fmt.Sprintf(`(\basset: )%s(\b)`, id)).ReplaceAllString(s.after, "${1}"+name+"${2}")
		s.before = regexp.MustCompile(fmt.Sprintf(`(\basset: )%s(\b)`, id)).ReplaceAllString(s.before, "${1}"+name+"${2}")
	}
	return s.text(), old
}

func relative(got, want float64) float64 {
	return math.Abs(got-want) / math.Max(math.Abs(want), 1e-300)
}

// Order and names of what a planner writes change the objective by nothing.
func TestOrderAndNames(t *testing.T) {
	for _, solver := range solvers() {
		t.Run(solver, func(t *testing.T) {
			plain := solveWith(t, parkWeek(t), solver)
			for seed := range int64(2) {
				rng := rand.New(rand.NewSource(seed))
				dir := parkWeek(t)
				edit(t, dir, "system.yaml", func(s string) string {
					for _, name := range []string{"commodities", "places", "parties", "assets", "limits"} {
						s = shuffle(t, rng, s, name)
					}
					s, _ = rename(t, rng, s)
					return s
				})
				other := solveWith(t, dir, solver)
				if d := relative(*other.Objective, *plain.Objective); !(d < 1e-9) {
					t.Errorf("seed %d: objective %.15g, in another order and with other names %.15g (%.1e)", seed, *plain.Objective, *other.Objective, d)
				}
				if other.Rows != plain.Rows || other.Cols != plain.Cols || other.Nonzeros != plain.Nonzeros {
					t.Errorf("seed %d: sizes %d x %d differ from %d x %d", seed, other.Rows, other.Cols, plain.Rows, plain.Cols)
				}
			}
		})
	}
}

// Nor capacities, flows and prices, where the plan is unique.
func TestOrderAndNamesOfAUniquePlan(t *testing.T) {
	for _, solver := range solvers() {
		t.Run(solver, func(t *testing.T) {
			plain := solveWith(t, townWeek(t), solver)
			rng := rand.New(rand.NewSource(3))
			dir := townWeek(t)
			var old map[string]string
			edit(t, dir, "system.yaml", func(s string) string {
				s, old = rename(t, rng, shuffle(t, rng, s, "assets"))
				return s
			})
			other := solveWith(t, dir, solver)
			if d := relative(*other.Objective, *plain.Objective); !(d < 1e-9) {
				t.Errorf("objective %.15g and %.15g", *plain.Objective, *other.Objective)
			}
			samePlan(t, plain, other, old, 1)
		})
	}
}

// samePlan compares capacities, prices and flows; old names assets of other as
// plain does, scale is what prices of other are multiplied by.
func samePlan(t *testing.T, plain, other *solved, old map[string]string, scale float64) {
	t.Helper()
	name := func(id string) string {
		if was, ok := old[id]; ok {
			return was
		}
		return id
	}
	built := 0.0
	for key, v := range other.built {
		id, part, _ := strings.Cut(key, ".")
		want, ok := plain.built[name(id)+"."+part]
		if !ok || math.Abs(v-want) > 1e-5*(1+want) {
			t.Errorf("capacity %s is %.9g, want %.9g", key, v, want)
		}
		built += v
	}
	if built == 0 {
		t.Error("nothing is built: the test says nothing")
	}
	prices := map[string]float64{}
	key := func(bus string, step int32) string { return fmt.Sprint(bus, " ", step) }
	levels := map[float64]bool{}
	for _, p := range table[run.Price](t, plain.folder, "prices") {
		prices[key(p.Bus, p.Step)] = p.Price
		levels[math.Round(p.Price)] = true
	}
	if len(levels) < 3 {
		t.Errorf("%d different prices: the test says nothing", len(levels))
	}
	for _, p := range table[run.Price](t, other.folder, "prices") {
		if want, ok := prices[key(p.Bus, p.Step)]; !ok || math.Abs(p.Price/scale-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("price of %s in step %d is %.9g, want %.9g", p.Bus, p.Step, p.Price/scale, want)
		}
	}
	flows := map[string]float64{} // plain's less other's
	for _, f := range plain.flows {
		flows[f.Asset+" at "+key(f.Bus, f.Step)] += f.Amount
	}
	for _, f := range other.flows {
		flows[name(f.Asset)+" at "+key(f.Bus, f.Step)] -= f.Amount
	}
	for at, d := range flows {
		if math.Abs(d) > 1e-4 {
			t.Errorf("flow of %s differs by %g", at, d)
		}
	}
}

// Another currency, or its thousands, scales the money and nothing else.
func TestCurrencyScales(t *testing.T) {
	for _, c := range []struct {
		name, currency, money string
		scale                 float64
	}{
		{"thousands", "kUSD", "", 1e-3},
		{"kip", "LAK", "  USD: 21500 LAK\n", 21500},
		{"quoted the other way", "LAK", "  USD: 21500 LAK/USD\n", 21500},
	} {
		t.Run(c.name, func(t *testing.T) {
			solver := solvers()[len(solvers())-1]
			change := func(s string) string {
				if strings.Contains(s, "currency: USD") {
					s = strings.Replace(s, "currency: USD", "currency: "+c.currency, 1)
				} else {
					s = strings.Replace(s, "commodities:", "currency: "+c.currency+"\ncommodities:", 1)
				}
				if c.money != "" && strings.Contains(s, "\nmoney:\n") {
					s = strings.Replace(s, "\nmoney:\n", "\nmoney:\n"+c.money, 1)
				} else if c.money != "" {
					s += "money:\n" + c.money
				}
				return s
			}
			plain, dir := solveWith(t, parkWeek(t), solver), parkWeek(t)
			edit(t, dir, "system.yaml", change)
			other := solveWith(t, dir, solver)
			if d := relative(*other.Objective, c.scale**plain.Objective); !(d < 1e-9) {
				t.Errorf("objective %.15g in %s, want %g x %.15g (%.1e)", *other.Objective, c.currency, c.scale, *plain.Objective, d)
			}
			if d := relative(*other.Constant, c.scale**plain.Constant); !(d < 1e-12) {
				t.Errorf("constant %.15g in %s, want %g x %.15g", *other.Constant, c.currency, c.scale, *plain.Constant)
			}
			plain, dir = solveWith(t, townWeek(t), solver), townWeek(t)
			edit(t, dir, "system.yaml", change)
			samePlan(t, plain, solveWith(t, dir, solver), nil, c.scale)
		})
	}
}

// respelt are units and what the same quantity is in others: number x factor.
var respelt = map[string]struct{ unit, factor string }{
	"MW": {"GW", "1/1000"}, "GW": {"MW", "1000"}, "GWh": {"MWh", "1000"}, "TWh": {"GWh", "1000"},
	"kt/a": {"t/a", "1000"}, "kt": {"t", "1000"}, "Mt": {"kt", "1000"}, "Mm3": {"m3", "1000000"}, "m3/s": {"m3/h", "3600"},
	"USD/MWh": {"USc/kWh", "1/10"}, "USD/kW": {"MUSD/GW", "1"}, "USD/kWh": {"MUSD/GWh", "1"}, "USD/t": {"MUSD/Mt", "1"}, "MUSD": {"USD", "1000000"},
	"MWh/t": {"kWh/kg", "1"}, "MWh/Mm3": {"kWh/Mm3", "1000"}, "t/MWh": {"kg/kWh", "1"}, "t/t": {"kg/kg", "1"}, "ha/MW": {"ha/GW", "1000"},
	"h": {"min", "60"}, "d": {"h", "24"}, "a": {"h", "8760"}, "%": {"", "1/100"}, "%/a": {"1/a", "1/100"}, "%/h": {"%/min", "1/60"},
}

var quantity = regexp.MustCompile(`([ \[{:])(-?\d[\d.]*) ([A-Za-z%][A-Za-z0-9/%]*)([,}\n])`)

// respell writes every quantity in another unit, exactly.
func respell(t *testing.T, text string) string {
	seen := map[string]int{}
	out := quantity.ReplaceAllStringFunc(text, func(all string) string {
		m := quantity.FindStringSubmatch(all)
		to, ok := respelt[m[3]]
		if !ok {
			return all
		}
		n, exact := times(m[2], to.factor)
		if !exact {
			return all
		}
		seen[m[3]]++
		return strings.TrimRight(m[1]+n+" "+to.unit, " ") + m[4]
	})
	for _, u := range []string{"MW", "GW", "kt/a", "MWh/t", "USD/t", "USD/kW", "%", "d", "h", "a"} {
		if seen[u] == 0 {
			t.Errorf("no quantity in %s was found: the test says less than it means", u)
		}
	}
	return out
}

// times is a decimal number times a fraction; false if that is no short decimal.
func times(number, factor string) (string, bool) {
	a, _ := new(big.Rat).SetString(number)
	b, _ := new(big.Rat).SetString(factor)
	a.Mul(a, b)
	digits, exact := a.FloatPrec()
	return a.FloatString(digits), exact
}

// The same quantities in other units are the same problem, bit for bit.
func TestUnitsLeaveTheProblem(t *testing.T) {
	hash := func(dir string) string {
		p, err := Problem(dir, "base")
		if problems, ok := err.(Problems); ok {
			for _, one := range problems {
				t.Error(one)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		return p.Hash()
	}
	want := hash(parkWeek(t))
	for _, c := range []struct {
		name, file string
		change     func(string) string
	}{
		{"every quantity", "system.yaml", func(s string) string { return respell(t, s) }},
		{"months of prices", "system.yaml", func(s string) string {
			return monthly(t, s, "USD/MWh", "USc/kWh", "1/10")
		}},
		{"months of power", "system.yaml", func(s string) string { return monthly(t, s, "MW", "GW", "1/1000") }},
		{"series of shares", "series/weather.csv", func(s string) string { return column(t, s, "sun", "1", "%", "100") }},
		{"series of water", "series/weather.csv", func(s string) string { return column(t, s, "nam_ou", "m3/s", "m3/h", "3600") }},
		{"GW for MW", "system.yaml", func(s string) string { return strings.ReplaceAll(s, "422 MW", "0.422 GW") }},
		{"kt for t", "system.yaml", func(s string) string { return strings.ReplaceAll(s, "4.5 kt", "4500 t") }},
		{"unlike another capacity", "system.yaml", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := parkWeek(t)
			if c.change == nil { // the hash does see a difference
				edit(t, dir, "system.yaml", func(s string) string { return strings.ReplaceAll(s, "422 MW", "423 MW") })
				if hash(dir) == want {
					t.Error("423 MW gives the hash of 422 MW")
				}
				return
			}
			edit(t, dir, c.file, c.change)
			if got := hash(dir); got != want {
				t.Errorf("hash %s, want %s", got, want)
			}
		})
	}
}

// monthly rewrites the lists of months that are in a unit.
func monthly(t *testing.T, text, from, to, factor string) string {
	list := regexp.MustCompile(`monthly: \[([^\]]*)\], unit: ` + regexp.QuoteMeta(from) + `([,}])`)
	return list.ReplaceAllStringFunc(text, func(all string) string {
		m := list.FindStringSubmatch(all)
		var values []string
		for _, v := range strings.Split(m[1], ",") {
			n, exact := times(strings.TrimSpace(v), factor)
			if !exact {
				t.Fatalf("%s x %s is no decimal", v, factor)
			}
			values = append(values, n)
		}
		return "monthly: [" + strings.Join(values, ", ") + "], unit: " + to + m[2]
	})
}

// column rewrites a column of a series in another unit.
func column(t *testing.T, text, name, from, to, factor string) string {
	lines := strings.Split(text, "\n")
	header := strings.Split(lines[0], ",")
	at := -1
	for i, h := range header {
		if h == name+" ["+from+"]" {
			at = i
		}
	}
	if at < 0 {
		t.Fatalf("no column %s [%s] in %s", name, from, lines[0])
	}
	header[at] = name + " [" + to + "]"
	lines[0] = strings.Join(header, ",")
	for i, line := range lines[1:] {
		if line == "" {
			continue
		}
		cells := strings.Split(line, ",")
		n, exact := times(cells[at], factor)
		if !exact {
			t.Fatalf("row %d: %s is no decimal", i+2, cells[at])
		}
		cells[at] = n
		lines[i+1] = strings.Join(cells, ",")
	}
	return strings.Join(lines, "\n")
}

// Two runs, on any number of threads, are the same but for the time they took.
func TestRunsRepeat(t *testing.T) {
	dir := parkWeek(t)
	for _, solver := range solvers() {
		t.Run(solver, func(t *testing.T) {
			var first *Result
			for i, threads := range []int{1, 2, 1} {
				was := runtime.GOMAXPROCS(threads)
				r := request(t, dir, "base")
				r.Solver, r.LP.Threads, r.Say = solver, threads, func(string, ...any) {}
				clock := time.Date(2030, 1, 1, 0, 0, i, 0, time.UTC)
				r.Now = func() time.Time { return clock }
				results, err := Run(t.Context(), r)
				runtime.GOMAXPROCS(was)
				if err != nil {
					t.Fatal(err)
				}
				one := results[0]
				if i == 0 {
					first = one
					continue
				}
				if one.LPHash != first.LPHash {
					t.Fatalf("on %d threads hash %s, on one %s", threads, one.LPHash, first.LPHash)
				}
				same(t, *first.Run, *one.Run)
			}
		})
	}
}

// same compares two run folders file by file.
func same(t *testing.T, a, b string) {
	t.Helper()
	files := map[string]bool{}
	for _, dir := range []string{a, b} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				rel, _ := filepath.Rel(dir, path)
				files[rel] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) < 10 {
		t.Fatalf("only %d files", len(files))
	}
	for name := range files {
		x, errx := os.ReadFile(filepath.Join(a, name))
		y, erry := os.ReadFile(filepath.Join(b, name))
		if errx != nil || erry != nil {
			t.Errorf("%s: %v, %v", name, errx, erry)
			continue
		}
		if name == "manifest.json" {
			x, y = timeless(t, x), timeless(t, y)
		}
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

// timeless is a manifest without what a clock or a folder's name says.
func timeless(t *testing.T, data []byte) []byte {
	t.Helper()
	var m run.Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	m.Created, m.Seconds, m.PeakMiB, m.Run = time.Time{}, run.Seconds{}, 0, nil
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
