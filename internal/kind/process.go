package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// Process turns commodities into others by a recipe.
type Process struct {
	Product  string          `yaml:"product" ref:"commodity" doc:"what it is there to make: the recipe is per unit of it"`
	Capacity float64         `yaml:"capacity" unit:"{product}/h" default:"0" min:"0" doc:"product at full load, that stands already"`
	Inputs   []Stream        `yaml:"inputs" per:"{product}" optional:"true" doc:"what it takes a unit of product, by commodity: {coal: 0.42 t/MWh}; an account counts what is used up"`
	Outputs  []Stream        `yaml:"outputs" per:"{product}" optional:"true" doc:"what it makes beside the product, likewise; an account counts what leaves"`
	Mass     float64         `yaml:"mass" unit:"t/{product}" optional:"true" min:"0" doc:"mass of a unit of product, where it is counted by volume and shall weigh in the balance"`
	Closing  *Closing        `yaml:"closing" optional:"true" doc:"the one commodity whose amount closes the mass balance, in or out: a vapour, a waste, water"`
	Balance  string          `yaml:"balance" enum:"mass,none" default:"mass" doc:"mass: what is counted by mass must weigh the same in and out, to 1e-6; none: the recipe is not all of it"`
	Variable attribute.Value `yaml:"variable" unit:"USD/{product}" default:"0" doc:"variable cost a unit of product"`
	Running
	Build   *Build   `yaml:"build" per:"{product}/h" optional:"true" doc:"what may be built"`
	Capital *Capital `yaml:"capital" per:"{product}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// Stream is one line of a recipe.
type Stream struct {
	Commodity string          `yaml:",key"`
	Ratio     attribute.Value `yaml:"ratio,short" unit:"{key}/({per})" min:"0" doc:"amount a unit of product"`
	At        string          `yaml:"at" ref:"place" optional:"true" doc:"where; default: the asset's place"`
	Delay     float64         `yaml:"delay" unit:"h" default:"0 h" min:"0" doc:"how much later it flows; what is under way at the end arrives at the start"`
	Mass      float64         `yaml:"mass" unit:"t/{key}" optional:"true" min:"0" doc:"mass of a unit in the balance; default: 1 where it is counted by mass, 0 else and for emissions"`
}

// Closing is the stream whose amount follows from the others.
type Closing struct {
	Commodity string  `yaml:"commodity,short" ref:"commodity" doc:"what closes the balance"`
	Mass      float64 `yaml:"mass" unit:"t/{commodity}" optional:"true" min:"0" doc:"mass of a unit, where it is not counted by mass"`
}

var _ = register(Spec{
	Name: "process",
	Doc: `Any plant that follows a recipe: so much of each input and each other output a unit of product. What is counted by
mass must weigh the same in and out; one named stream may close the balance, and its amount then follows from the
others. Energy is not weighed, nor is CO2, whose oxygen is the air's. Round a loop of processes nothing may grow out of nothing. Left
out: recipes that change with the load, and the mass of moisture where one stream is counted dry and another wet.`,
	Example: `
kind: process
at: park
product: lime
capacity: 30 kt/a
inputs: {limestone: 1.8 t/t, coal: 130 kg/t, electricity: 40 kWh/t}
outputs: {co2: 1.1 t/t}
closing: kiln_gas
`,
	New: func() Kind { return &Process{} },
})

// Closed is a kind that takes nothing but the system's commodities: round a
// loop of such assets nothing may grow.
type Closed interface{ Closed() bool }

// Closed: a recipe that says it is not all of it may take from elsewhere.
func (k *Process) Closed() bool { return k.Balance == "mass" }

// Expand adds a capacity and a unit whose activity is the product.
//
//	closing = product + sum of outputs - sum of inputs, by mass; taken if above 0, made if below
func (k *Process) Expand(x *Expansion) {
	made := x.Bus("product", k.Product)
	if made == primitive.None {
		return
	}
	ports := []primitive.Port{at(made, 1)}
	own := primitive.Const(x.weight(made, k.Mass))
	in, out := primitive.Const(0), own
	weighed := own.Value != 0
	stream := func(field string, s *Stream, sign float64, side *primitive.Series) {
		place := s.At
		if place == "" {
			place = x.Place
		}
		bus := x.BusAt(field+"."+s.Commodity, s.Commodity, place)
		if bus == primitive.None {
			return
		}
		if w := x.weight(bus, s.Mass); w != 0 {
			weighed = true
			*side = sum(*side, s.Ratio.Series, w)
		}
		if x.isAccount(bus) {
			sign = 1
		}
		ratio := mapped(s.Ratio.Series, func(v float64) float64 { return sign * v })
		ports = append(ports, primitive.Port{Bus: bus, Ratio: ratio, Delay: s.Delay, Cyclic: true})
	}
	for i := range k.Inputs {
		stream("inputs", &k.Inputs[i], -1, &in)
	}
	for i := range k.Outputs {
		stream("outputs", &k.Outputs[i], 1, &out)
	}
	left := sum(in, out, -1)
	switch {
	case k.Closing != nil && k.Balance == "none":
		x.Problem("closing", "conflict", "closing closes the mass balance, and balance says there is none")
	case k.Closing != nil:
		ports = append(ports, k.Closing.close(x, left)...)
	case k.Balance == "mass" && weighed:
		x.weighs(in, out)
	}
	c := x.Capacity("", x.unitOf(made)+"/h", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: ports, Costs: []primitive.Cost{variable(k.Variable.Series)},
	})
}

// weight is the mass of a unit of a bus's commodity: as given, else 1 where it
// is counted by mass, else 0. What is emitted has its oxygen from the air, so
// the accounts of CO2 weigh nothing.
func (x *Expansion) weight(bus int32, mass float64) float64 {
	c := x.Model.Commodities[x.Model.Buses[bus].Commodity]
	u, err := unit.Parse(c.Unit)
	switch {
	case given(mass):
		return mass
	case c.Name == co2 || c.Name == co2Indirect || c.Name == pfc:
		return 0
	case err == nil && u.Dim.Plain() == unit.Must("t").Dim:
		return 1
	}
	return 0
}

// weighs refuses a recipe that makes mass or loses it.
func (x *Expansion) weighs(in, out primitive.Series) {
	for t := range x.Clock.Ticks() {
		i, o := in.At(t), out.At(t)
		if math.Abs(i-o) > 1e-6*math.Max(i, o) {
			x.Problem("", "mass-balance", "takes %.6g t and makes %.6g t a unit of product; correct a ratio, name the stream that closes it (closing: ...), or say balance: none", i, o)
			return
		}
		if in.Data == nil && out.Data == nil {
			return
		}
	}
}

// close returns the port of the closing stream; left is the mass that the
// others leave over.
func (c *Closing) close(x *Expansion, left primitive.Series) []primitive.Port {
	bus := x.Bus("closing", c.Commodity)
	if bus == primitive.None {
		return nil
	}
	w := x.weight(bus, c.Mass)
	if w == 0 {
		x.Problem("closing.mass", "missing", "%s is counted in %s; to close a mass balance it needs a mass, such as 1 t/m3", c.Commodity, x.unitOf(bus))
		return nil
	}
	sign := 1 / w
	if x.isAccount(bus) { // what is used up counts as what leaves does
		made, taken := false, false
		for t := range x.Clock.Ticks() {
			made, taken = made || left.At(t) > 0, taken || left.At(t) < 0
		}
		if made && taken {
			x.Problem("closing", "conflict", "the account %s would count what is taken in some hours and what is made in others; close with a commodity that is balanced", c.Commodity)
		}
		if taken {
			sign = -sign
		}
	}
	return []primitive.Port{{Bus: bus, Ratio: mapped(left, func(v float64) float64 { return sign * v })}}
}
