package pypsa

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"sort"
	"strings"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/netcdf"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/pypsa/csvfolder"
)

// Export writes the network with its answer, as netCDF where the path ends in
// .nc, else as a CSV folder; nothing may be there yet. What was read is as it was
// written; beside it are the results that PyPSA fills after an optimisation with
// assign_all_duals.
func (a *Answer) Export(path string) error {
	if len(a.n.Scenarios) > 0 && !IsFile(path) {
		return fmt.Errorf("%w: a network with scenarios has no CSV folder: PyPSA keeps it as netCDF only; a name that ends in .nc fits", csvfolder.ErrDir)
	}
	var folders []*csvfolder.Folder
	for s := range a.n.scenarios() {
		r := a.results(s)
		r.out = r.n.folder()
		r.write(a)
		folders = append(folders, r.out)
	}
	if IsFile(path) {
		return writeFile(path, a.n.Scenarios, folders)
	}
	return folders[0].Write(path)
}

// results are what PyPSA fills of the network; of one scenario.
func (a *Answer) results(scenario int) *results {
	r := &results{n: a.n.scenarios()[scenario], series: map[string]map[string][]float64{}, sizes: map[Asset]float64{}, mu: map[string]float64{}}
	if len(a.n.Scenarios) > 0 {
		r.prefix = a.n.Scenarios[scenario].Name + "|"
	}
	for _, p := range a.parts {
		if p.Solution.X != nil {
			r.take(p)
		}
	}
	return r
}

// folder is the network's files without results of an earlier solve.
func (n *Network) folder() *csvfolder.Folder {
	f := csvfolder.New()
	if n.files != nil {
		n.original(f)
		return f
	}
	n.anew(f)
	return f
}

// original copies the files that were read.
func (n *Network) original(f *csvfolder.Folder) {
	entries, err := fs.ReadDir(n.files, ".")
	if err != nil {
		return
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			continue
		}
		if strings.HasSuffix(name, ".json") {
			if data, err := fs.ReadFile(n.files, name); err == nil && json.Valid(data) {
				f.Plain[name] = data
			}
		}
		list, attr, series := strings.Cut(strings.TrimSuffix(name, ".csv"), "-")
		if !strings.HasSuffix(name, ".csv") || series && n.result(list, attr) {
			continue
		}
		s := &csvfolder.Sheet{}
		data, err := fs.ReadFile(n.files, name)
		if err != nil {
			continue
		}
		cells := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
		if s.Rows, err = cells.ReadAll(); err != nil {
			continue
		}
		if len(s.Rows) > 0 {
			f.Sheets[name] = s
		}
	}
}

// result reports whether a series is one that an optimisation writes.
func (n *Network) result(list, attr string) bool {
	t := n.listed(list)
	if t == nil {
		return false
	}
	a := t.attribute(attr)
	return a != nil && a.Use == Output
}

// anew writes a network that was not read from a CSV folder.
func (n *Network) anew(f *csvfolder.Folder) {
	about := f.Table("network.csv", "name", []string{n.Name})
	about.Put("pypsa_version", []string{"1.4.0"})
	for _, a := range n.header {
		name, known := strings.CutPrefix(a.Name, "network_")
		switch {
		case a.Name == "crs" || a.Name == "meta":
			if json.Valid([]byte(a.Text)) {
				f.Plain[a.Name+".json"] = []byte(a.Text)
			}
		case !known || name == "name" || name == "pypsa_version" || strings.HasPrefix(name, "_objective"):
		case len(a.Numbers) == 1:
			about.Put(name, []string{csvfolder.Cell(a.Numbers[0])})
		case a.Kind == netcdf.Text:
			about.Put(name, []string{a.Text})
		}
	}
	index := make([]string, len(n.Snapshots))
	columns := map[string][]string{}
	for s, k := range n.Snapshots {
		index[s] = itoa(s)
		label := "snapshot"
		if len(n.Periods) > 0 {
			label = "timestep"
			columns["period"] = append(columns["period"], itoa(n.Periods[k.Period].Year))
		}
		columns[label] = append(columns[label], k.Label)
		columns["objective"] = append(columns["objective"], csvfolder.Cell(k.Objective))
		columns["stores"] = append(columns["stores"], csvfolder.Cell(k.Stores))
		columns["generators"] = append(columns["generators"], csvfolder.Cell(k.Generators))
	}
	for _, name := range []string{"period", "timestep", "snapshot", "objective", "stores", "generators"} {
		if columns[name] != nil {
			f.Table("snapshots.csv", "", index).Put(name, columns[name])
		}
	}
	if len(n.Periods) > 0 {
		var years, money, length []string
		for _, p := range n.Periods {
			years, money, length = append(years, itoa(p.Year)), append(money, csvfolder.Cell(p.Objective)), append(length, csvfolder.Cell(p.Years))
		}
		s := f.Table("investment_periods.csv", "period", years)
		s.Put("objective", money)
		s.Put("years", length)
	}
	for _, c := range Components {
		t := n.table(c.Name)
		if len(t.Names) == 0 {
			continue
		}
		s := f.Table(c.List+".csv", "name", t.Names)
		for _, name := range sortedKeys(t.columns) {
			if k := t.columns[name]; k.attribute == nil || k.attribute.Use != Output {
				s.Put(name, k.text)
			}
		}
		for _, attr := range sortedKeys(t.series) {
			for _, i := range sortedKeys(t.series[attr]) {
				f.Series(c.List, attr, t.Names[i], t.series[attr][i])
			}
		}
		for _, attr := range sortedKeys(t.pieces) {
			x := pieceOf(c, attr)
			for _, i := range sortedKeys(t.pieces[attr]) {
				p := t.pieces[attr][i]
				f.Pieces(c.List, attr, t.Names[i], x, p.x, p.y)
			}
		}
	}
}

func sortedKeys[K int | string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// pieceOf is the attribute that the breakpoints of a piecewise one are of.
func pieceOf(c *Component, attr string) string {
	switch {
	case attr == "capital_cost":
		return nominal(c)
	case c.Name == "StorageUnit":
		return "p_dispatch_pu"
	}
	return "p_pu"
}

// results gathers what the parts of an answer say.
type results struct {
	n      *Network // that of a scenario where there are some
	prefix string   // of its names in the model
	out    *csvfolder.Folder
	series map[string]map[string][]float64 // by file, by asset
	sizes  map[Asset]float64
	mu     map[string]float64
}

// put lays a series of an asset over what earlier parts said.
func (r *results) put(c *Component, attr, asset string, from int, v []float64) {
	if v == nil {
		return
	}
	name := c.List + "-" + attr
	if r.series[name] == nil {
		r.series[name] = map[string][]float64{}
	}
	all := r.series[name][asset]
	if all == nil {
		all = make([]float64, len(r.n.Snapshots))
		r.series[name][asset] = all
	}
	copy(all[from:], v)
}

// take reads the answer of a run of snapshots.
func (r *results) take(p part) {
	x := p.Solution.X
	flows, injected := r.flows(p)
	for _, c := range Components {
		t := p.table(r.n, c.Name)
		for i, name := range t.Names {
			put := func(attr string, v []float64) { r.put(c, attr, name, p.from, v) }
			if nom, asset := nominal(c), (Asset{c.Name, name}); nom != "" {
				size, built := p.Sizes[asset]
				switch {
				case built:
					r.sizes[asset] = p.Index.CapacitySize(x, int(size))
				case t.flag(i, nom+"_extendable"):
					r.sizes[asset] = 0 // not active
				default:
					r.sizes[asset] = t.number(i, nom)
				}
			}
			asset := Asset{c.Name, r.prefix + name}
			u, unit := p.units[asset]
			switch c.Name {
			case "Load":
				put("p", p.Index.Mean(t.at(i, "p_set"), 0))
			case "Generator", "Store":
				if unit {
					put("p", p.Index.UnitActivity(x, int(u)))
				}
			case "Link", "Process":
				if !unit {
					continue
				}
				put("p", p.Index.UnitActivity(x, int(u)))
				for k, v := range flows[u] {
					put("p"+itoa(k), v)
				}
			case "StorageUnit":
				if !unit {
					continue
				}
				out, in := p.Index.UnitActivity(x, int(u)), p.Index.UnitActivity(x, int(u)+1)
				put("p_dispatch", out)
				put("p_store", in)
				put("p", less(out, in))
				if s, ok := p.spills[asset]; ok {
					put("spill", p.Index.UnitActivity(x, int(s)))
				}
			case "Line", "Transformer":
				if l, ok := p.lines[asset]; ok {
					r.branch(p, int(l), put)
				}
			case "Bus":
				b := p.Buses[asset.Name]
				put("p", injected[b])
			case "GlobalConstraint":
				if l, ok := p.limits[asset.Name]; ok && p.priced() {
					p.Index.Rows(func(k formulate.Block) {
						if k.What == formulate.LimitSum && k.Index == l {
							r.mu[name] = p.Solution.Y[k.First]
						}
					})
				}
			}
			if term, ok := p.levels[asset]; ok {
				attr := map[string]string{"Store": "e", "StorageUnit": "state_of_charge"}[c.Name]
				if term.Of == primitive.StoreLevel {
					put(attr, p.Index.StoreLevel(x, int(term.Index)))
				} else {
					put(attr, p.Index.UnitActivity(x, int(term.Index)))
				}
			}
			if unit && (c.Name == "Generator" || c.Name == "Link" || c.Name == "Process") {
				r.switched(p, int(u), put)
			}
			if unit {
				curved(p, int(u), put)
			}
		}
	}
	if r.prefix == "" { // PyPSA has none in scenarios
		r.angles(p)
	}
	if p.priced() {
		r.duals(p)
	}
}

// table is a component's table as a part of the answer knows it.
func (p *part) table(n *Network, component string) *Table {
	t := n.table(component)
	if p.from == 0 && len(p.Model.Clock.Hours) == len(n.Snapshots) {
		return t
	}
	return n.window(p.from, p.from+len(p.Model.Clock.Hours)).table(component)
}

// priced reports whether an answer has duals: integers have none.
func (p *part) priced() bool { return p.Solution.Y != nil && !p.Problem.IsMIP() }

func less(x, y []float64) []float64 {
	out := make([]float64, len(x))
	for t := range x {
		out[t] = x[t] - y[t]
	}
	return out
}

// nominal is the attribute of a component's size, "" without one.
func nominal(c *Component) string {
	for _, nom := range []string{"p_nom", "s_nom", "e_nom"} {
		if c.attribute(nom+"_extendable") != nil {
			return nom
		}
	}
	return ""
}

// flows are what each unit takes from the buses of its ports, by the number of
// the port in PyPSA; and what all but lines bring into each bus.
func (r *results) flows(p part) (of map[int32]map[int][]float64, injected [][]float64) {
	names := map[int32][]int{}
	for _, c := range []string{"Link", "Process"} {
		t := p.table(r.n, c)
		for i, name := range t.Names {
			if u, ok := p.units[Asset{c, r.prefix + name}]; ok {
				names[u] = t.portOrder(i)
			}
		}
	}
	of = map[int32]map[int][]float64{}
	steps := len(p.Model.Clock.Hours)
	injected = make([][]float64, len(p.Model.Buses))
	for bus := range p.Model.Buses {
		sum := make([]float64, steps)
		p.Index.Flows(p.Solution.X, bus, func(f formulate.Flow) {
			if f.What == formulate.Through || f.What == formulate.Lost || f.What == formulate.Level {
				return
			}
			var port []float64
			if order := names[f.Index]; order != nil && unitFlow(f.What) {
				if of[f.Index] == nil {
					of[f.Index] = map[int][]float64{}
				}
				k := order[f.Port]
				if of[f.Index][k] == nil {
					of[f.Index][k] = make([]float64, steps)
				}
				port = of[f.Index][k]
			}
			for t, v := range f.Rate {
				sum[t] += v
				if port != nil {
					port[t] -= v
				}
			}
		})
		injected[bus] = sum
	}
	for i := range p.Model.Demands {
		d := &p.Model.Demands[i]
		for t := range steps {
			injected[d.Bus][t] -= d.Amount.At(t)
		}
	}
	return of, injected
}

func unitFlow(w formulate.What) bool {
	return w == formulate.Activity || w == formulate.Piece || w == formulate.Online
}

// portOrder lists an asset's ports as the importer makes them: those with a
// ratio, then those with a curve.
func (t *Table) portOrder(i int) []int {
	all := append([]int{0, 1}, t.ports(i)...)
	var plain, curved []int
	for _, k := range all {
		ratio := "rate" + itoa(k)
		if t.Name == "Link" {
			ratio = strings.TrimSuffix("efficiency"+itoa(k), "1")
			if k == 0 {
				ratio = ""
			}
		}
		if t.text(i, "bus"+itoa(k)) == "" {
			continue
		}
		if _, pw := t.curve(i, ratio); pw {
			curved = append(curved, k)
		} else {
			plain = append(plain, k)
		}
	}
	return append(plain, curved...)
}

// branch: a line draws at either end its flow and half of its loss. (PyPSA
// leaves the loss out of a Transformer's p0 and p1.)
func (r *results) branch(p part, l int, put func(string, []float64)) {
	x := p.Solution.X
	s, loss := p.Index.LineFlow(x, l), p.Index.LineLoss(x, l)
	p0, p1 := make([]float64, len(s)), make([]float64, len(s))
	for t, v := range s {
		p0[t], p1[t] = v, -v
		if loss != nil {
			p0[t] += loss[t] / 2
			p1[t] += loss[t] / 2
		}
	}
	put("p0", p0)
	put("p1", p1)
	put("loss", loss)
	if p.Model.Assets[p.Model.Lines[l].Asset].Kind == "Transformer" {
		shift := make([]float64, len(s))
		for t := range shift {
			shift[t] = r.shift(p, l, t) / degree
		}
		put("phase_shift_opt", shift)
	}
}

// shift is the phase shift of a line in rad.
func (r *results) shift(p part, l, t int) float64 {
	if v := p.Index.LineShift(p.Solution.X, l); v != nil {
		return v[t]
	}
	return p.Model.Lines[l].Shift.At(t)
}

// switched: the commitment and maintenance of a unit.
func (r *results) switched(p part, u int, put func(string, []float64)) {
	x := p.Solution.X
	unit := &p.Model.Units[u]
	if unit.Commitment != nil {
		start, stop := p.Index.UnitStarts(x, u)
		put("status", p.Index.UnitOnline(x, u))
		put("start_up", start)
		put("shut_down", stop)
	}
	if unit.Maintenance != nil {
		put("maintenance", p.Index.UnitServiced(x, u))
		put("maintenance_start", p.Index.UnitServiceStarts(x, u))
	}
}

// curved: what a unit of activity costs on average, of a piecewise cost.
func curved(p part, u int, put func(string, []float64)) {
	for k := range p.Model.Units[u].Curves {
		activity := p.Index.UnitActivity(p.Solution.X, u)
		money := make([]float64, len(activity))
		for t, v := range activity {
			money[t] = along(&p.Model.Units[u].Curves[k].Curve, v) / v
		}
		put("marginal_cost_piecewise_opt", money)
	}
}

// angles follow from the flows along a tree of lines in every period. As in
// PyPSA their mean over each grid is 0.
func (r *results) angles(p part) {
	buses := p.table(r.n, "Bus")
	steps := len(p.Model.Clock.Hours)
	angle := make([][]float64, len(buses.Names))
	for b := range angle {
		angle[b] = make([]float64, steps)
	}
	for period, k := range p.Model.Clock.Periods {
		for _, tree := range trees(p.Model, len(buses.Names), period) {
			for t := int(k.FirstTick); t < int(k.LastTick); t++ {
				mean := 0.0
				for _, step := range tree[1:] {
					l := &p.Model.Lines[step.line]
					drop := r.shift(p, step.line, t)
					if !math.IsInf(l.X, 0) {
						drop += l.X * p.Index.LineFlow(p.Solution.X, step.line)[t]
					}
					if step.to == l.From {
						drop = -drop
					}
					angle[step.to][t] = angle[step.from][t] - drop
					mean += angle[step.to][t] / float64(len(tree))
				}
				for _, step := range tree {
					angle[step.to][t] -= mean
				}
			}
		}
	}
	for b, name := range buses.Names {
		r.put(buses.Component, "v_ang", name, p.from, angle[b])
	}
}

// branchStep is one step along a tree of lines.
type branchStep struct {
	line     int
	from, to int32
}

// trees are the grids of a period as walks from their first buses.
func trees(m *primitive.Model, buses, period int) [][]branchStep {
	beside := make([][]int, buses)
	for l := range m.Lines {
		if k := &m.Lines[l]; lives(k.Alive, period) {
			beside[k.From], beside[k.To] = append(beside[k.From], l), append(beside[k.To], l)
		}
	}
	seen := make([]bool, buses)
	var all [][]branchStep
	for root := range int32(buses) {
		if seen[root] {
			continue
		}
		seen[root] = true
		walk := []branchStep{{to: root}}
		for at := 0; at < len(walk); at++ {
			here := walk[at].to
			for _, l := range beside[here] {
				far := m.Lines[l].To
				if far == here {
					far = m.Lines[l].From
				}
				if !seen[far] {
					seen[far] = true
					walk = append(walk, branchStep{l, here, far})
				}
			}
		}
		all = append(all, walk)
	}
	return all
}

// write puts everything into the folder. As PyPSA does, a series is written
// for the assets that have something else than its default.
func (r *results) write(a *Answer) {
	for _, file := range sortedKeys(r.series) {
		list, attr, _ := strings.Cut(file, "-")
		rest := 0.0
		if attr == "status" || attr == "start_up" || attr == "shut_down" {
			rest = 1
		}
		t := r.n.listed(list)
		for _, name := range t.Names {
			v := r.series[file][name]
			if v != nil && !every(primitive.Series{Data: v}, func(x float64) bool { return x == rest }) {
				r.out.Series(list, attr, name, v)
			}
		}
	}
	for _, c := range Components {
		t := r.n.table(c.Name)
		nom := nominal(c)
		if nom == "" || len(t.Names) == 0 {
			continue
		}
		var sizes, money []string
		curved := false
		for i, name := range t.Names {
			size := r.sizes[Asset{c.Name, name}]
			sizes = append(sizes, csvfolder.Cell(size))
			p, pw := t.curve(i, "capital_cost")
			curved = curved || pw
			if pw {
				f := primitive.Curve{X: p.x, Y: cumulated(p)}
				money = append(money, csvfolder.Cell(along(&f, size)/size))
			} else {
				money = append(money, "0")
			}
		}
		s := r.out.Table(c.List+".csv", "name", t.Names)
		s.Put(nom+"_opt", sizes)
		if curved {
			s.Put("capital_cost_piecewise_opt", money)
		}
	}
	if t := r.n.table("GlobalConstraint"); len(t.Names) > 0 && len(r.mu) > 0 {
		var mu []string
		for _, name := range t.Names {
			mu = append(mu, csvfolder.Cell(r.mu[name]))
		}
		r.out.Table("global_constraints.csv", "name", t.Names).Put("mu", mu)
	}
	s := r.out.Table("network.csv", "name", []string{r.n.Name})
	if len(s.Rows) < 2 {
		s.Rows = [][]string{{"name"}, {r.n.Name}}
	}
	put := func(name, v string) { s.Put(name, []string{v}) }
	if !slices.Contains(s.Rows[0], "pypsa_version") {
		put("pypsa_version", "1.4.0")
	}
	put("_objective", csvfolder.Cell(a.Solution.Objective-a.Constant))
	put("_objective_constant", csvfolder.Cell(a.Constant))
	put("_multi_invest", bit(a.o.Multi))
	put("_linearized_uc", bit(a.o.Linearized))
}

func bit(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

// along is a curve's value at x.
func along(c *primitive.Curve, x float64) float64 {
	y := c.Y[0]
	for k := range len(c.X) - 1 {
		y += (c.Y[k+1] - c.Y[k]) / (c.X[k+1] - c.X[k]) * math.Max(0, math.Min(x, c.X[k+1])-c.X[k])
	}
	return y
}
