package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// Further commodities that kinds speak of. Those of a residue, of water and of
// land are accounts as a rule; where the system balances one instead, it needs
// a sink or a source.
const (
	water    = "water"
	steam    = "steam"
	diesel   = "diesel"
	redMud   = "red_mud"
	tailings = "tailings"

	land         = "land"          // ha held, as a stock
	landOpened   = "land_opened"   // ha a year opened by mining
	landReturned = "land_returned" // ha a year given back
	landResidues = "land_residues" // ha a year under tailings and mud
	overburden   = "overburden"    // m3 of waste rock and soil
)

// Held tells commodities whose account is a stock, not an amount a year: land.
func Held(commodity string) bool { return commodity == land }

// isAccount tells whether a bus is summed only.
func (x *Expansion) isAccount(bus int32) bool {
	return x.Model.Commodities[x.Model.Buses[bus].Commodity].Balance == primitive.Account
}

// uses returns the port of what a plant uses up: out of the bus where the
// system balances the commodity, into it where it only counts it, none where it
// does not declare it.
func (x *Expansion) uses(commodity string, ratio float64) []primitive.Port {
	bus := x.Declared(commodity)
	switch {
	case bus == primitive.None || ratio == 0:
		return nil
	case x.isAccount(bus):
		return []primitive.Port{at(bus, ratio)}
	}
	return []primitive.Port{at(bus, -ratio)}
}

// leaves returns the port of what a plant leaves behind, none where the system
// does not declare it. base is the unit that ratio counts in.
func (x *Expansion) leaves(commodity, base string, ratio float64) []primitive.Port {
	bus := x.Declared(commodity)
	if bus == primitive.None || ratio == 0 {
		return nil
	}
	x.Measured("", bus, base)
	return []primitive.Port{at(bus, ratio)}
}

// perDry is how much of a commodity, in its unit, holds a dry tonne: 1 where it
// is counted in t dry, 1 / (1 - moisture) where in t wet. A tonne of unknown
// basis is refused: the two differ by a tenth or a half.
func (x *Expansion) perDry(field string, bus int32, moisture float64) float64 {
	if bus == primitive.None {
		return 1
	}
	c := x.Model.Commodities[x.Model.Buses[bus].Commodity]
	u, err := unit.Parse(c.Unit)
	switch {
	case err != nil:
	case u.Dim == unit.Must("t dry").Dim:
		return 1
	case u.Dim == unit.Must("t wet").Dim && given(moisture):
		return 1 / (1 - moisture)
	case u.Dim == unit.Must("t wet").Dim:
		x.Problem("moisture", "missing", "%s is counted in t wet; want its moisture, as a share of the wet mass", c.Name)
		return 1
	case u.Dim.Plain() == unit.Must("t").Dim:
		x.Problem(field, "unit-basis", "commodity %q is counted in %s, want t dry or t wet", c.Name, c.Unit)
		return 1
	}
	x.Measured(field, bus, "t")
	return 1
}

// supply is something a plant takes from the commodity of that name where the
// system declares it, else at a price.
type supply struct {
	commodity string
	base      string  // unit that ratio counts in: "m3", "MWh", "t"
	ratio     float64 // a unit of activity
	price     float64 // NaN: not given
}

// supply returns the port or the cost a unit of activity.
func (x *Expansion) supply(s supply) (ports []primitive.Port, cost float64) {
	bus := x.Declared(s.commodity)
	switch {
	case bus != primitive.None && given(s.price):
		x.Problem("prices."+s.commodity, "conflict", "the system declares commodity %s, so it is paid for where it is bought; take one of them out", s.commodity)
	case bus != primitive.None:
		x.Measured("", bus, s.base)
		return x.uses(s.commodity, s.ratio), 0
	case given(s.price):
		return nil, s.ratio * s.price
	}
	return nil, 0
}

// emits returns the port into the account co2 of so many tonnes a unit of
// activity.
func (x *Expansion) emits(ratio float64) []primitive.Port {
	if account := x.emissions(); account != primitive.None && ratio != 0 {
		return []primitive.Port{at(account, ratio)}
	}
	return nil
}

// Running is what every plant says of when it runs.
type Running struct {
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that is not out for repair"`
	MustRun      attribute.Value `yaml:"must_run" unit:"1" default:"0 %" min:"0" max:"100 %" doc:"least load at all times, as a share of what is available: the plant never stops"`
	Ramp         float64         `yaml:"ramp" unit:"1/h" optional:"true" min:"0" doc:"most change an hour, up or down, as a share of capacity; default: none"`
	Step         string          `yaml:"step" optional:"true" doc:"step of its activity (1d: flat in the day); default: the finest of what it takes and makes"`
}

// bound is from must_run to availability, shares of a capacity.
func (r *Running) bound(capacity int32) primitive.Bound {
	return primitive.Bound{
		Capacity: capacity, Coef: 1, Max: r.Availability.Series, Min: product(r.MustRun.Series, r.Availability.Series),
	}
}

// run adds a plant's unit with its ramp and its own step.
func (x *Expansion) run(r *Running, u primitive.Unit) int32 {
	if given(r.Ramp) {
		u.Ramp = &primitive.Ramp{Up: r.Ramp, Down: r.Ramp, Initial: notGiven}
	}
	i := x.Unit(u)
	if r.Step != "" {
		x.Model.Units[i].Grid = x.grid("step", r.Step)
	}
	return i
}

// squareMetres is how many lie in a hectare.
const squareMetres = 10_000

// ResidueArea is the land in ha that so many tonnes of residue take, stored at
// a density in t/m3 to a height in m.
func ResidueArea(tonnes, density, height float64) float64 {
	return tonnes / density / height / squareMetres
}

// Figure is a number that a kind has to say of a year's run, beside what the
// accounts sum up.
type Figure struct {
	Name    string // stable: "ore_life"
	Value   float64
	Unit    string
	Meaning string // one sentence: how it is counted, what it leaves out
}

// Figured is a kind that has such figures.
type Figured interface{ Figures(Year) []Figure }

// Year is what an asset did in the model's year.
type Year struct {
	// Flow is the amount that the asset brought into the buses of a commodity
	// (negative: took out of them), or into its account.
	Flow func(commodity string) float64
}

// share is a part of a whole in per cent, for texts.
func share(v float64) float64 { return math.Round(1e4*v) / 100 }

// leavesDry returns the port of a residue of so many dry tonnes a unit of
// activity, none where the system does not declare it.
func (x *Expansion) leavesDry(field, commodity string, dry float64) []primitive.Port {
	bus := x.Declared(commodity)
	if bus == primitive.None || dry == 0 {
		return nil
	}
	return []primitive.Port{at(bus, dry*x.perDry(field, bus, notGiven))}
}
