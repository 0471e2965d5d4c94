// Package export writes a Model as a network of PyPSA 1.4.
//
// What enters: primitives, from a workspace or from a network that was read.
// What leaves: a CSV folder that PyPSA opens and solves to the same objective
// (its objective plus its constant), of scenarios the sheets of each, the options
// to solve it with, and every primitive that can't be said in PyPSA's words,
// named.
//
// Nothing here knows where a Model came from. A rate (of a unit, a route, a
// trade, a demand's shedding, a store's spilling) is a machine, which becomes a
// Generator with one port, a Link or a Process with more. What PyPSA has no
// word for is built from what it has: a limit is a bus that its terms flow
// into, a coarse step a buffer that is empty at its ends, a shared capacity
// two Links whose sizes a GlobalConstraint holds equal. See Mapping.
package export

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/pypsa/csvfolder"
)

// Version is the release of PyPSA whose words the folder uses.
const Version = "1.4.0"

// Asset is a row of a component.
type Asset struct{ Component, Name string }

// Network is a Model in PyPSA's words.
type Network struct {
	Options   Options
	Sizes     map[int32]Asset // where the size of each capacity that may be built stands
	Scenarios []primitive.Scenario
	Folders   []*csvfolder.Folder // one; of scenarios one each
}

// Options are what the network is to be solved with, in the form of
// --pypsa-options.
type Options struct {
	Entry    string         `json:"entry_point"`
	Args     map[string]any `json:"entry_args"`
	Optimize map[string]any `json:"optimize_options"`
}

// Plain reports whether n.optimize() needs no options.
func (o *Options) Plain() bool {
	return o.Entry == "optimize" && len(o.Args) == 0 && len(o.Optimize) == 0
}

// Text is the file of options, nil where the network is to be solved as it is.
func (o *Options) Text() ([]byte, error) {
	if o.Plain() {
		return nil, nil
	}
	text, err := json.MarshalIndent(o, "", "  ")
	return append(text, '\n'), err
}

// Write makes the folder, which must not exist, with options.json in it where
// the network is not to be solved as it is, which it names.
func (n *Network) Write(dir string) (options string, err error) {
	if len(n.Scenarios) > 0 {
		return "", fmt.Errorf("%w: PyPSA has scenarios in netCDF only; a name that ends in .nc fits", csvfolder.ErrDir)
	}
	text, err := n.Options.Text()
	if err != nil {
		return "", err
	}
	if text != nil {
		n.Folders[0].Plain["options.json"] = text
		options = filepath.Join(dir, "options.json")
	}
	return options, n.Folders[0].Write(dir)
}

// Make turns a Model into a network. Standing is what assets would cost whose
// size is given, by investment period (one where there are none): PyPSA counts
// it in the budget of an alternative, and nowhere else. Each problem names what
// can't be said, by asset and attribute.
func Make(m *primitive.Model, name string, standing ...float64) (*Network, []string) {
	if len(m.Scenarios) == 0 {
		return makeOne(m, name, standing)
	}
	all := &Network{Scenarios: m.Scenarios}
	for s := range m.Scenarios {
		part, problems := only(m, int32(s+1))
		if len(problems) > 0 {
			return nil, problems
		}
		n, problems := makeOne(part, name, nil)
		if len(problems) > 0 {
			return nil, problems
		}
		if s == 0 {
			all.Options, all.Sizes = n.Options, n.Sizes
		}
		all.Folders = append(all.Folders, n.Folders...)
	}
	if m.Risk != nil {
		all.Options.Args["risk_preference"] = map[string]float64{"alpha": m.Risk.Alpha, "omega": m.Risk.Omega}
	}
	return all, nil
}

func makeOne(m *primitive.Model, name string, standing []float64) (*Network, []string) {
	k := &maker{
		m: m, out: csvfolder.New(), options: Options{Entry: "optimize", Args: map[string]any{}, Optimize: map[string]any{}},
		lineCarriers: make([]string, len(m.Lines)), lineLengths: make([]float64, len(m.Lines)),
		rows: map[string][]*row{}, taken: map[Asset]bool{}, sizes: map[int32]Asset{}, carriers: map[string]map[string]float64{},
	}
	if !k.time() {
		return nil, k.problems
	}
	k.buses()
	k.gather()
	k.storage(k.metered())
	k.limits()
	k.windows()
	if len(k.problems) > 0 {
		return nil, k.problems
	}
	k.shared()
	k.sized()
	k.emit()
	k.lines()
	k.constant()
	for p, cost := range standing {
		if cost == 0 {
			continue
		}
		r := k.source(k.elsewhere(), "standing", 1, primitive.Const(1))
		r.number("p_max_pu", 0)
		r.number("capital_cost", cost)
		if k.years != nil {
			r.number("build_year", float64(k.years[p]))
			r.number("lifetime", 1)
		}
	}
	if len(k.problems) > 0 {
		return nil, k.problems
	}
	k.write(name)
	return &Network{Options: k.options, Sizes: k.sizes, Folders: []*csvfolder.Folder{k.out}}, nil
}

// maker turns a Model into rows of components.
type maker struct {
	m       *primitive.Model
	out     *csvfolder.Folder
	options Options

	ticks                int
	hours, money, amount []float64 // weights: stores, objective, generators
	years                []int     // investment periods; nil without any
	periodMoney          []float64 // Wo
	periodYears          []float64 // Wy
	period               []int     // of each tick
	multi                bool

	bus          []string // name of each bus, "" for accounts
	outside      string   // a bus that balances itself; "" until it is needed
	machines     []*machine
	of           [6]map[int32][]*machine // machines of units, spills, routes, sheds, trades, demands
	stored       []*stored
	users        map[int32][]*user // of capacities that may be built
	taken        map[Asset]bool
	rows         map[string][]*row
	sizes        map[int32]Asset
	carriers     map[string]map[string]float64 // carriers and their columns
	limit        limiting
	lineCarriers []string
	lineLengths  []float64
	problems     []string
}

// row is one asset of a component.
type row struct {
	component, name string
	text            map[string]string
	series          map[string][]float64
	pieces          map[string]curve
}

// curve is a piecewise attribute.
type curve struct {
	of   string
	x, y []float64
}

// problem reports what can't be said.
func (k *maker) problem(asset int32, part, format string, args ...any) {
	name := part
	if asset >= 0 && int(asset) < len(k.m.Assets) {
		name = k.m.Assets[asset].Name
		if part != "" {
			name += "." + part
		}
	}
	text := fmt.Sprintf(format, args...)
	if name != "" {
		text = name + ": " + text
	}
	for _, p := range k.problems {
		if p == text {
			return
		}
	}
	k.problems = append(k.problems, text)
}

// add makes a row; a name that the component has already is numbered.
func (k *maker) add(component, name string) *row {
	if name == "" {
		name = strings.ToLower(component)
	}
	free := name
	for n := 2; k.taken[Asset{component, free}]; n++ {
		free = name + " " + strconv.Itoa(n)
	}
	k.taken[Asset{component, free}] = true
	r := &row{component: component, name: free, text: map[string]string{}, series: map[string][]float64{}, pieces: map[string]curve{}}
	k.rows[component] = append(k.rows[component], r)
	return r
}

func (r *row) put(attr, text string)         { r.text[attr] = text }
func (r *row) flag(attr string)              { r.text[attr] = "True" }
func (r *row) number(attr string, v float64) { r.text[attr] = csvfolder.Cell(v) }
func (r *row) unless(rest float64, attr string, v float64) {
	if v != rest {
		r.number(attr, v)
	}
}

// vary writes a series, as one number where it is one, nothing where it is rest.
func (r *row) vary(rest float64, attr string, s primitive.Series) {
	if s.Data != nil {
		for _, v := range s.Data {
			if v != s.Data[0] && !(math.IsNaN(v) && math.IsNaN(s.Data[0])) {
				r.series[attr] = s.Data
				return
			}
		}
		s = primitive.Const(s.Data[0])
	}
	if s.Value != rest && !(math.IsNaN(s.Value) && math.IsNaN(rest)) {
		r.number(attr, s.Value)
	}
}

// time reads the clock: weights of snapshots and of investment periods.
func (k *maker) time() bool {
	c := k.m.Clock
	switch {
	case c == nil || c.Ticks() == 0:
		k.problem(-1, "clock", "there is no step")
	case c.Sequence != nil:
		k.problem(-1, "study", "representative periods link storage over the year, which PyPSA can't; export a study of all hours")
	case len(c.Grids[0].Hours) != c.Ticks():
		k.problem(-1, "clock", "its first grid is not that of its ticks")
	}
	if len(k.problems) > 0 {
		return false
	}
	k.ticks = c.Ticks()
	g := &c.Grids[0]
	k.hours = g.Hours
	k.period = make([]int, k.ticks)
	share, plain := 0.0, true
	for p := range c.Periods {
		share += c.Periods[p].CapitalWeight()
		plain = plain && c.Periods[p].Cost == 1
		for t := c.Periods[p].FirstTick; t < c.Periods[p].LastTick; t++ {
			k.period[t] = p
		}
	}
	for i := range k.m.Capacities {
		plain = plain && k.m.Capacities[i].Alive == nil
	}
	several := len(c.Periods) > 1
	k.multi = several && !(plain && math.Abs(share-1) < 1e-9)
	for p := range c.Periods {
		k.periodMoney, k.periodYears = append(k.periodMoney, 1), append(k.periodYears, 1)
		if k.multi {
			k.periodMoney[p], k.periodYears[p] = c.Periods[p].CapitalWeight(), c.Periods[p].Years
		}
		if several {
			year, err := strconv.Atoi(c.Periods[p].Name)
			if err != nil || p > 0 && year <= k.years[p-1] {
				year = 2001 + p
				if p > 0 {
					year = k.years[p-1] + 1
				}
			}
			k.years = append(k.years, year)
		}
		if !(k.periodMoney[p] > 0) || !(k.periodYears[p] > 0) {
			k.problem(-1, "period "+c.Periods[p].Name, "its weight is 0")
			return false
		}
	}
	if k.multi {
		k.options.Optimize["multi_investment_periods"] = true
	}
	lengths := k.counted()
	own, repeats := c.Amounts()
	for t := range k.ticks {
		p := k.period[t]
		k.money = append(k.money, g.Cost[t]/k.periodMoney[p])
		w := own[t] / k.periodYears[p]
		if repeats > 0 { // PyPSA multiplies it by the years
			w = own[t]
		}
		if lengths {
			w = c.Hours[t]
		}
		k.amount = append(k.amount, w)
	}
	return true
}

// counted reports whether something counts hours of ticks, which PyPSA does by
// the weight for generators.
func (k *maker) counted() bool {
	for i := range k.m.Units {
		u := &k.m.Units[i]
		if u.Maintenance != nil || len(u.Windows) > 0 {
			return true
		}
		for _, p := range u.Ports {
			if p.Delay > 0 {
				return true
			}
		}
	}
	for i := range k.m.Stores {
		for _, p := range k.m.Stores[i].SpillTo {
			if p.Delay > 0 {
				return true
			}
		}
	}
	for i := range k.m.Routes {
		if k.m.Routes[i].Delay > 0 {
			return true
		}
	}
	return false
}

// weighed is what an amount of a rate in tick t counts in a limit, by what it
// counts in PyPSA's.
func (k *maker) weighed(t int) float64 {
	w := k.m.Clock.Grids[0].Amount[t]
	if by := k.amount[t] * k.periodYears[k.period[t]]; by != w {
		return w / by
	}
	return 1
}

// write lays the rows out as files.
func (k *maker) write(name string) {
	k.out.Table("network.csv", "name", []string{name}).Put("pypsa_version", []string{Version})
	index, stamps := make([]string, k.ticks), make([]string, k.ticks)
	periods := make([]string, k.ticks)
	seen, single := map[string]bool{}, true
	for t := range k.ticks {
		index[t] = strconv.Itoa(t)
		stamps[t] = k.m.Clock.Stamps[t].Format("2006-01-02 15:04:05")
		key := stamps[t]
		if k.years != nil {
			periods[t] = strconv.Itoa(k.years[k.period[t]])
			key = periods[t] + key
		}
		single = single && !seen[key]
		seen[key] = true
	}
	if !single {
		stamps = index
	}
	s := k.out.Table("snapshots.csv", "", index)
	if k.years != nil {
		s.Put("period", periods)
		s.Put("timestep", stamps)
	} else {
		s.Put("snapshot", stamps)
	}
	s.Put("objective", csvfolder.Cells(k.money))
	s.Put("stores", csvfolder.Cells(k.hours))
	s.Put("generators", csvfolder.Cells(k.amount))
	if k.years != nil {
		var years []string
		for _, y := range k.years {
			years = append(years, strconv.Itoa(y))
		}
		s := k.out.Table("investment_periods.csv", "period", years)
		s.Put("objective", csvfolder.Cells(k.periodMoney))
		s.Put("years", csvfolder.Cells(k.periodYears))
	}
	k.carrierRows()
	for _, list := range lists {
		rows := k.rows[list.component]
		if len(rows) == 0 {
			continue
		}
		names := make([]string, len(rows))
		columns := map[string]bool{}
		for i, r := range rows {
			names[i] = r.name
			for attr := range r.text {
				columns[attr] = true
			}
		}
		sheet := k.out.Table(list.name+".csv", "name", names)
		sorted := make([]string, 0, len(columns))
		for attr := range columns {
			sorted = append(sorted, attr)
		}
		sort.Slice(sorted, func(i, j int) bool {
			x, y := rank(sorted[i]), rank(sorted[j])
			return x < y || x == y && sorted[i] < sorted[j]
		})
		for _, attr := range sorted {
			cells := make([]string, len(rows))
			for i, r := range rows {
				v, ok := r.text[attr]
				if !ok {
					v = rest(attr)
				}
				cells[i] = v
			}
			sheet.Put(attr, cells)
		}
		for _, r := range rows {
			for _, attr := range sortedKeys(r.series) {
				k.out.Series(list.name, attr, r.name, r.series[attr])
			}
			for _, attr := range sortedKeys(r.pieces) {
				p := r.pieces[attr]
				k.out.Pieces(list.name, attr, r.name, p.of, p.x, p.y)
			}
		}
	}
}

// carrierRows names every carrier in use, with the columns of limits.
func (k *maker) carrierRows() {
	names := map[string]bool{}
	for _, rows := range k.rows {
		for _, r := range rows {
			if c := r.text["carrier"]; c != "" {
				names[c] = true
			}
		}
	}
	for c := range k.carriers {
		names[c] = true
	}
	for _, c := range sortedKeys(names) {
		r := k.add("Carrier", c)
		for attr, v := range k.carriers[c] {
			r.number(attr, v)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// lists are the files, in the order PyPSA reads them.
var lists = []struct{ component, name string }{
	{"Bus", "buses"}, {"Carrier", "carriers"}, {"Generator", "generators"}, {"Load", "loads"}, {"Link", "links"},
	{"Process", "processes"}, {"Line", "lines"}, {"Transformer", "transformers"}, {"StorageUnit", "storage_units"},
	{"Store", "stores"}, {"GlobalConstraint", "global_constraints"},
}

// rank puts what a reader looks for first to the left.
func rank(attr string) int {
	for i, a := range []string{"bus", "bus0", "bus1", "bus2", "bus3", "carrier", "type", "carrier_attribute", "sense", "constant",
		"sign", "efficiency", "rate0", "rate1", "p_nom", "s_nom", "e_nom"} {
		if a == attr {
			return i
		}
	}
	return 99
}

// rest is what stands in a cell of an asset that doesn't say anything: its
// default, which an empty cell means for numbers.
func rest(attr string) string {
	switch {
	case strings.HasPrefix(attr, "cyclic_delay") || attr == "active":
		return "True"
	case strings.HasSuffix(attr, "_extendable") || attr == "committable" || attr == "maintainable" ||
		strings.HasPrefix(attr, "e_cyclic") || strings.HasPrefix(attr, "cyclic_state") || strings.HasSuffix(attr, "_per_period"):
		return "False"
	}
	return ""
}
