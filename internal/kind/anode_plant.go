package kind

import "example.org/busbar/internal/primitive"

// AnodePlant makes prebaked anodes.
type AnodePlant struct {
	Product     string   `yaml:"product" ref:"commodity" default:"anode" doc:"what it makes"`
	Capacity    float64  `yaml:"capacity" unit:"t/h" default:"0 t/h" min:"0" doc:"baked anodes, that stands already"`
	Coke        float64  `yaml:"coke" unit:"t/t" default:"65 %" min:"0" max:"120 %" doc:"calcined coke a tonne, from commodity coke if the system declares it" source:"facts-A2 GK"`
	Pitch       float64  `yaml:"pitch" unit:"t/t" default:"14 %" min:"0" max:"50 %" doc:"coal-tar pitch a tonne, from commodity pitch if declared" source:"facts-A2 GK"`
	Butts       float64  `yaml:"butts" unit:"t/t" default:"21 %" min:"0" max:"50 %" doc:"returned butts a tonne, from commodity butts if declared" source:"facts-A2 GK"`
	Prices      Recipe   `yaml:"prices" doc:"prices of what the system does not declare"`
	Electricity float64  `yaml:"electricity" unit:"MWh/t" default:"140 kWh/t" min:"0" doc:"power a tonne" source:"facts-A2 GK"`
	Fuel        string   `yaml:"fuel" ref:"commodity" optional:"true" doc:"what the baking furnace burns; default: fuel is not modelled and its cost is in variable"`
	Heat        float64  `yaml:"heat" unit:"MWh net/t" default:"2.4 GJ net/t" min:"0" doc:"furnace fuel a tonne, by net calorific value" source:"facts-A2 GK"`
	Calorific   float64  `yaml:"calorific" unit:"MWh net/{fuel}" optional:"true" min:"0" doc:"net calorific value, where the fuel is counted by mass or volume"`
	CO2         float64  `yaml:"co2" unit:"t/t" default:"196 kg/t" min:"0" doc:"CO2 a tonne of anode, from fuel, packing coke and pitch" source:"facts-A3 GK (derived: 0.1 t per t of metal at 0.51 t of anode)"`
	Variable    float64  `yaml:"variable" unit:"USD/t" default:"0 USD/t" doc:"variable cost a tonne, beside what is named above"`
	Build       *Build   `yaml:"build" per:"t/h" optional:"true" doc:"what may be built"`
	Capital     *Capital `yaml:"capital" per:"t/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

// Recipe is the prices of an anode's ingredients.
type Recipe struct {
	Coke  float64 `yaml:"coke" unit:"USD/t" optional:"true" min:"0" doc:"of calcined coke"`
	Pitch float64 `yaml:"pitch" unit:"USD/t" optional:"true" min:"0" doc:"of coal-tar pitch"`
	Butts float64 `yaml:"butts" unit:"USD/t" optional:"true" min:"0" doc:"of butts; those of the own potline are free"`
}

var _ = register(Spec{
	Name: "anode_plant",
	Doc: `An anode plant turns calcined coke, pitch and returned butts into baked anodes, with power and furnace fuel in fixed
ratios. Ingredients come from commodities coke, pitch and butts where the system declares them, else at their price, if
one is given. CO2 is that of baking; burning the anode counts at the potline. Left out: green anodes, baking loss
beyond the recipe, sulphur, rodding, the wait in the furnace (about three weeks, general knowledge).`,
	Example: `
kind: anode_plant
at: park
capacity: 255 kt/a
prices: {coke: 430 USD/t, pitch: 600 USD/t}
`,
	New: func() Kind { return &AnodePlant{} },
})

// Expand adds a capacity and a unit whose activity is baked anodes, in t/h.
func (k *AnodePlant) Expand(x *Expansion) {
	product, power := x.Bus("product", k.Product), x.Bus("electricity", electricity)
	x.Measured("product", product, "t")
	x.Measured("electricity", power, "MWh")
	ports := []primitive.Port{at(product, 1), at(power, -k.Electricity)}
	cost := k.Variable
	for _, in := range []input{
		{"coke", k.Coke, k.Prices.Coke}, {"pitch", k.Pitch, k.Prices.Pitch}, {"butts", k.Butts, k.Prices.Butts},
	} {
		p, c := x.input(in)
		ports, cost = append(ports, p...), cost+c
	}
	ports = append(ports, x.furnace(k.Fuel, k.Heat, k.Calorific)...)
	if account := x.emissions(); account != primitive.None && k.CO2 > 0 {
		ports = append(ports, at(account, k.CO2))
	}
	c := x.Capacity("", "t/h", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.Unit(primitive.Unit{
		Tag: x.Tag(""), Bound: up(c, 1, primitive.Const(1)), Ports: ports,
		Costs: []primitive.Cost{variable(primitive.Const(cost))},
	})
}

// input is something a process takes, in t a unit of its product: from the
// commodity of that name where the system declares it, else at a price.
type input struct {
	commodity string
	ratio     float64
	price     float64 // NaN: not given
}

// input returns the port or the cost a unit of product.
func (x *Expansion) input(in input) (ports []primitive.Port, cost float64) {
	bus := x.Declared(in.commodity)
	switch {
	case bus != primitive.None && given(in.price):
		x.Problem("prices."+in.commodity, "conflict", "the system declares commodity %s, so it is paid for where it is bought; take one of them out", in.commodity)
	case bus != primitive.None && in.ratio != 0:
		x.Measured(in.commodity, bus, "t")
		return []primitive.Port{at(bus, -in.ratio)}, 0
	case given(in.price):
		return nil, in.ratio * in.price
	}
	return nil, 0
}
