// Package kind holds one file per kind of asset: its table of attributes (a
// tagged struct) and its expansion into primitives. A kind never touches the
// formulation.
//
// What enters: a decoded struct in base units. What leaves: primitives added
// to a Model through an Expansion.
package kind

import (
	"fmt"
	"math"
	"sort"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// Kind is a decoded asset of some kind.
type Kind interface {
	// Expand adds the asset's primitives. What is wrong with the combination
	// of its attributes is told by x.Problem, never by panicking.
	Expand(x *Expansion)
}

// Spec describes a kind.
type Spec struct {
	Name  string // YAML: kind: NAME
	Doc   string // one paragraph: what it is, how it is modelled, what it leaves out
	Green bool   // what it makes counts as green unless the asset says otherwise
	New   func() Kind

	// Example is an asset as a planner writes it, without its name: the manual
	// shows it and a test expands it.
	Example string
}

var specs = map[string]Spec{}

// register adds a kind; each kind's file calls it once from a package variable.
func register(s Spec) struct{} {
	if _, twice := specs[s.Name]; twice {
		panic("kind registered twice: " + s.Name)
	}
	specs[s.Name] = s
	return struct{}{}
}

// Find returns the kind of a name.
func Find(name string) (Spec, bool) { s, ok := specs[name]; return s, ok }

// All returns every kind, by name.
func All() []Spec {
	out := make([]Spec, 0, len(specs))
	for _, s := range specs {
		out = append(out, s)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// Build is what may be built of a capacity; the field that holds it names the
// capacity's unit in its per tag.
type Build struct {
	Min       float64    `yaml:"min" unit:"{per}" default:"0" min:"0" doc:"least that must be built"`
	Max       float64    `yaml:"max" unit:"{per}" word:"unlimited=+Inf" min:"0" doc:"most that may be built"`
	Cost      float64    `yaml:"cost" unit:"USD/({per})" optional:"true" min:"0" doc:"overnight cost a unit built; or say annuity or curve"`
	Life      float64    `yaml:"life" unit:"a" optional:"true" min:"1 a" doc:"years over which the cost is repaid"`
	Wacc      float64    `yaml:"wacc" unit:"1" optional:"true" min:"0" max:"100 %" doc:"real weighted cost of capital; default: the study's discount rate"`
	Fixed     float64    `yaml:"fixed" unit:"1/a" default:"0 %/a" min:"0" doc:"fixed cost a year, as a share of the overnight cost"`
	Annuity   *float64   `yaml:"annuity" unit:"USD/({per})/a" optional:"true" doc:"capital cost a year and unit built, instead of cost, life and wacc"`
	FixedCost *float64   `yaml:"fixed_cost" unit:"USD/({per})/a" optional:"true" doc:"fixed cost a year and unit that stands or is built, instead of fixed"`
	Module    float64    `yaml:"module" unit:"{per}" default:"0" min:"0" doc:"it comes in whole modules of this size; 0: in any size"`
	Curve     *SizeCurve `yaml:"curve" optional:"true" doc:"capital cost a year that changes with the size, instead of or beside cost and annuity"`
	Land      float64    `yaml:"land" unit:"ha/({per})" default:"0" min:"0" doc:"land a unit built; counted where the system has an account named land"`
}

// SizeCurve is money a year as a function of what is built, linear between its
// points.
type SizeCurve struct {
	Size []float64 `yaml:"size" unit:"{per}" min:"0" doc:"sizes, rising; no less than the first and no more than the last is built"`
	Cost []float64 `yaml:"cost" unit:"USD/a" doc:"cost a year of each"`
}

// Capital is what standing capacity cost, where its repayment is to be counted;
// the field that holds it names the capacity's unit in its per tag.
type Capital struct {
	Cost  float64 `yaml:"cost" unit:"USD/({per})" min:"0" doc:"overnight cost a unit that stands, as far as it is still to be repaid"`
	Life  float64 `yaml:"life" unit:"a" min:"1 a" doc:"years over which the cost is repaid"`
	Wacc  float64 `yaml:"wacc" unit:"1" optional:"true" min:"0" max:"100 %" doc:"real weighted cost of capital; default: the study's discount rate"`
	Fixed float64 `yaml:"fixed" unit:"1/a" default:"0 %/a" min:"0" doc:"fixed cost a year, as a share of the overnight cost; where build says one, that one holds for what stands too"`
}

// Annuity is the yearly payment that repays 1 over life years at rate r:
// r / (1 - (1+r)^-life); 1/life at r = 0.
func Annuity(r, life float64) float64 {
	if r == 0 {
		return 1 / life
	}
	return -r / math.Expm1(-life*math.Log1p(r))
}

// Env is what an expansion may know of the study.
type Env struct {
	Clock    *clock.Clock
	Discount float64 // real, a year
	Year     int
}

// Expansion collects the primitives of one asset. System makes one per asset
// over a shared Model.
type Expansion struct {
	Env
	Model *primitive.Model
	Asset int32
	Name  string
	Place string

	// Busses, problems and cross references are answered by the system.
	FindBus func(commodity, place string) (int32, bool)  // declared commodity at a place, made at first use
	Private func(asset, name, unit string) (int32, bool) // private bus of any asset, made at first use
	Party   func(name string) int32
	Shared  func(asset string) (int32, bool) // capacity of an asset of kind capacity
	Fail    func(field, code, text string)

	// Scenario is the one that the asset is expanded for, "" where there are
	// none. What it builds is decided before the scenario is known: from the
	// second on it has the capacities of the first, Built, in their order.
	Scenario string
	Built    []int32
	again    int // of Built, how many were given
}

// Problem reports what does not fit in a field ("modulation.max", "" for the
// whole asset).
func (x *Expansion) Problem(field, code, format string, a ...any) {
	x.Fail(field, code, fmt.Sprintf(format, a...))
}

// Bus returns the bus of a commodity at the asset's place; a commodity the
// system does not declare is a problem of the given field.
func (x *Expansion) Bus(field, commodity string) int32 {
	return x.BusAt(field, commodity, x.Place)
}

// BusAt is Bus at another place.
func (x *Expansion) BusAt(field, commodity, place string) int32 {
	b, ok := x.FindBus(commodity, place)
	if !ok {
		x.Problem(field, "unknown-commodity", "needs commodity %q, which the system does not declare", commodity)
		return primitive.None
	}
	return b
}

// Declared returns the bus of a commodity at the asset's place, or None where
// the system does not declare it.
func (x *Expansion) Declared(commodity string) int32 {
	b, ok := x.FindBus(commodity, x.Place)
	if !ok {
		return primitive.None
	}
	return b
}

// Measured reports a bus whose commodity is not counted in a unit of the given
// base ("MWh", "t"), whatever its basis: a mass read as an energy would give an
// answer, and a wrong one.
func (x *Expansion) Measured(field string, bus int32, base string) {
	if bus == primitive.None {
		return
	}
	c := x.Model.Commodities[x.Model.Buses[bus].Commodity]
	u, err := unit.Parse(c.Unit)
	if err != nil || u.Dim.Plain() != unit.Must(base).Dim {
		x.Problem(field, "unit-dimension", "commodity %q is counted in %s, want one in %s", c.Name, c.Unit, base)
	}
}

// Account returns the bus of an account commodity (co2, land, water ...) at
// the asset's place, or None where the system keeps no such account.
func (x *Expansion) Account(commodity string) int32 { return x.Declared(commodity) }

// Inside returns a private bus of this asset, e.g. the energy in a battery.
func (x *Expansion) Inside(name, unit string) int32 {
	b, _ := x.Private(x.Name, name, unit)
	return b
}

// Tag names a part of the asset.
func (x *Expansion) Tag(part string) primitive.Tag {
	return primitive.Tag{Asset: x.Asset, Part: part}
}

// size adds a capacity, or gives that of the first scenario.
func (x *Expansion) size(c primitive.Capacity) int32 {
	if x.again < len(x.Built) {
		x.again++
		return x.Built[x.again-1]
	}
	x.Model.Capacities = append(x.Model.Capacities, c)
	return int32(len(x.Model.Capacities) - 1)
}

// Capacity adds a capacity of existing size that b (nil: nothing) may extend.
func (x *Expansion) Capacity(part, unit string, existing float64, b *Build) int32 {
	c := primitive.Capacity{Tag: x.Tag(part), Unit: unit, Existing: existing}
	if b != nil {
		r := b.Wacc
		if math.IsNaN(r) {
			r = x.Discount
		}
		if b.Min > b.Max {
			x.Problem("build.min", "range", "least build %g %s is above the most, %g %s", b.Min, unit, b.Max, unit)
			b.Min = b.Max
		}
		c.Min, c.Max, c.Module = b.Min, b.Max, b.Module
		x.invest(&c, b, r)
		if land := x.Account("land"); land != primitive.None && b.Land > 0 {
			c.Uses = []primitive.Port{{Bus: land, Ratio: primitive.Const(b.Land)}}
		}
	}
	return x.size(c)
}

// invest says what a unit built costs a year.
func (x *Expansion) invest(c *primitive.Capacity, b *Build, r float64) {
	switch {
	case b.Annuity != nil && (given(b.Cost) || given(b.Life)):
		x.Problem("build.annuity", "conflict", "annuity is the cost a year already; want either it, or cost and life")
	case b.Annuity != nil:
		c.Capital = *b.Annuity
	case given(b.Cost) != given(b.Life) || !given(b.Cost) && b.Curve == nil:
		missing, what := "cost", "overnight cost a unit built"
		if given(b.Cost) {
			missing, what = "life", "years over which the cost is repaid"
		}
		x.Problem("build."+missing, "missing", "missing: %s; or say annuity, the cost a year", what)
		return
	case given(b.Cost):
		c.Capital = b.Cost * Annuity(r, b.Life)
		c.Fixed = b.Cost * b.Fixed
	}
	if b.FixedCost != nil {
		if c.Fixed != 0 {
			x.Problem("build.fixed_cost", "conflict", "fixed and fixed_cost both say the fixed cost; want one of them")
		}
		c.Fixed = *b.FixedCost
	}
	if k := b.Curve; k != nil {
		c.Curve = x.curve("build.curve", "size", k.Size, "cost", k.Cost)
	}
}

// curve checks the points of a curve.
func (x *Expansion) curve(field, along string, at []float64, value string, of []float64) *primitive.Curve {
	if len(at) != len(of) || len(at) < 2 {
		x.Problem(field, "range", "read %d points of %s and %d of %s, want as many of each, and two or more", len(at), along, len(of), value)
	}
	for i := 1; i < len(at); i++ {
		if at[i] <= at[i-1] {
			x.Problem(field+"."+along, "range", "%g comes after %g; the points must rise", at[i], at[i-1])
			break
		}
	}
	return &primitive.Curve{X: at, Y: of}
}

// Standing counts what a capacity's existing size cost; k may be nil.
func (x *Expansion) Standing(capacity int32, k *Capital) {
	if k == nil || x.Built != nil {
		return
	}
	r := k.Wacc
	if math.IsNaN(r) {
		r = x.Discount
	}
	c := &x.Model.Capacities[capacity]
	c.Sunk += k.Cost * Annuity(r, k.Life) * c.Existing
	fixed := k.Cost * k.Fixed
	if fixed != 0 && c.Fixed != 0 && fixed != c.Fixed {
		x.Problem("capital.fixed", "conflict", "capital says a fixed cost of %g a unit and year, build says %g; want it once, it holds for what stands and what is built", fixed, c.Fixed)
	}
	if c.Fixed == 0 {
		c.Fixed = fixed
	}
}

// Unit adds a unit; its grid is the finest among its ports unless the clock's
// grid was set (Grid > 0). Ports into absent accounts (bus None) are dropped.
func (x *Expansion) Unit(u primitive.Unit) int32 {
	ports := u.Ports[:0:0]
	for _, p := range u.Ports {
		if p.Bus != primitive.None {
			ports = append(ports, p)
		}
	}
	u.Ports = ports
	if u.Grid == 0 {
		u.Grid = x.finest(ports)
	}
	x.Model.Units = append(x.Model.Units, u)
	return int32(len(x.Model.Units) - 1)
}

// finest returns the grid with the shortest steps among the ports' buses.
func (x *Expansion) finest(ports []primitive.Port) int32 {
	best, n := int32(0), -1
	for _, p := range ports {
		bus := x.Model.Buses[p.Bus]
		if x.Model.Commodities[bus.Commodity].Balance == primitive.Account {
			continue
		}
		g := x.Model.Commodities[bus.Commodity].Grid
		if l := x.Clock.Grids[g].Len(); l > n {
			best, n = g, l
		}
	}
	return best
}

// Store adds an inventory.
func (x *Expansion) Store(s primitive.Store) int32 {
	x.Model.Stores = append(x.Model.Stores, s)
	return int32(len(x.Model.Stores) - 1)
}

// Demand adds a demand.
func (x *Expansion) Demand(d primitive.Demand) int32 {
	x.Model.Demands = append(x.Model.Demands, d)
	return int32(len(x.Model.Demands) - 1)
}

// Trade adds a purchase or sale; its grid is its bus's unless set.
func (x *Expansion) Trade(t primitive.Trade) int32 {
	if t.Grid == 0 && t.Bus != primitive.None {
		t.Grid = x.Model.Commodities[x.Model.Buses[t.Bus].Commodity].Grid
	}
	x.Model.Trades = append(x.Model.Trades, t)
	return int32(len(x.Model.Trades) - 1)
}

// Route adds a transport; its grid is the finer of its ends' unless set.
func (x *Expansion) Route(r primitive.Route) int32 {
	if r.Grid == 0 && r.From != primitive.None && r.To != primitive.None {
		r.Grid = x.finest([]primitive.Port{{Bus: r.From}, {Bus: r.To}})
	}
	x.Model.Routes = append(x.Model.Routes, r)
	return int32(len(x.Model.Routes) - 1)
}

// Limit adds a linear row.
func (x *Expansion) Limit(l primitive.Limit) int32 {
	if x.Scenario != "" {
		l.Name = x.Scenario + "|" + l.Name
	}
	x.Model.Limits = append(x.Model.Limits, l)
	return int32(len(x.Model.Limits) - 1)
}

// given reports whether an optional number was written.
func given(v float64) bool { return !math.IsNaN(v) }

// notGiven stands for an optional number that was not written.
var notGiven = math.NaN()

// up is a bound from 0 to max x coef x the capacity's size.
func up(capacity int32, coef float64, max primitive.Series) primitive.Bound {
	return primitive.Bound{Capacity: capacity, Coef: coef, Max: max}
}

// free is a bound from 0 to infinity.
func free() primitive.Bound {
	return primitive.Bound{Capacity: primitive.None, Coef: math.Inf(1), Max: primitive.Const(1)}
}

// at is a port without delay.
func at(bus int32, ratio float64) primitive.Port {
	return primitive.Port{Bus: bus, Ratio: primitive.Const(ratio)}
}

// variable is a variable cost a unit of a rate, owed to nobody in the system.
func variable(per primitive.Series) primitive.Cost {
	return primitive.Cost{Class: primitive.Variable, Per: per, Party: primitive.None}
}

// mapped applies f to every value of a series.
func mapped(s primitive.Series, f func(float64) float64) primitive.Series {
	if s.Data == nil {
		return primitive.Const(f(s.Value))
	}
	out := make([]float64, len(s.Data))
	for t, v := range s.Data {
		out[t] = f(v)
	}
	return primitive.Series{Data: out}
}

// product multiplies two series.
func product(a, b primitive.Series) primitive.Series {
	if b.Data == nil {
		return mapped(a, func(v float64) float64 { return v * b.Value })
	}
	if a.Data == nil {
		return product(b, a)
	}
	out := make([]float64, len(a.Data))
	for t, v := range a.Data {
		out[t] = v * b.Data[t]
	}
	return primitive.Series{Data: out}
}

// zero reports whether a series is 0 throughout.
func zero(s primitive.Series) bool {
	if s.Data == nil {
		return s.Value == 0
	}
	for _, v := range s.Data {
		if v != 0 {
			return false
		}
	}
	return true
}

// ids of the commodities the kinds speak of; a system declares those it uses.
const (
	electricity = "electricity"
	co2         = "co2"          // account
	co2Indirect = "co2_indirect" // account, of bought power; co2 stands in where it is not kept
	pfc         = "pfc"          // account, in CO2e; co2 stands in where it is not kept
)

// emissions returns the account of co2.
func (x *Expansion) emissions() int32 { return x.Account(co2) }

// emissionsOr returns a finer account if the system keeps it, else that of co2.
func (x *Expansion) emissionsOr(finer string) int32 {
	if b := x.Account(finer); b != primitive.None {
		return b
	}
	return x.emissions()
}
