package kind

import "example.org/busbar/internal/primitive"

// Casthouse casts liquid aluminium.
type Casthouse struct {
	From        string   `yaml:"from" ref:"commodity" default:"liquid_aluminium" doc:"what it casts"`
	To          string   `yaml:"to" ref:"commodity" default:"aluminium" doc:"what it makes"`
	Capacity    float64  `yaml:"capacity" unit:"t/h" default:"0 t/h" min:"0" doc:"metal cast, that stands already"`
	MeltLoss    float64  `yaml:"melt_loss" unit:"1" default:"0.6 %" min:"0" max:"20 %" doc:"share of the liquid metal lost to dross" source:"facts-A7 GK"`
	Electricity float64  `yaml:"electricity" unit:"MWh/t" default:"70 kWh/t" min:"0" doc:"power a tonne cast" source:"facts-A7 GK"`
	Fuel        string   `yaml:"fuel" ref:"commodity" optional:"true" doc:"what the furnaces burn; default: fuel is not modelled and its cost is in variable"`
	Heat        float64  `yaml:"heat" unit:"MWh net/t" default:"1.0 GJ net/t" min:"0" doc:"fuel a tonne cast, by net calorific value" source:"facts-A7 GK"`
	Calorific   float64  `yaml:"calorific" unit:"MWh net/{fuel}" optional:"true" min:"0" doc:"net calorific value, where the fuel is counted by mass or volume"`
	CO2         float64  `yaml:"co2" unit:"t/MWh net" optional:"true" min:"0" doc:"CO2 per net calorific value; needed where the system keeps an account co2"`
	Variable    float64  `yaml:"variable" unit:"USD/t" default:"0 USD/t" doc:"variable cost a tonne cast, beside fuel and power"`
	Build       *Build   `yaml:"build" per:"t/h" optional:"true" doc:"what may be built"`
	Capital     *Capital `yaml:"capital" per:"t/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "casthouse",
	Doc: `A casthouse turns liquid aluminium into ingot, billet or slab, with a melt loss, power and furnace fuel in fixed
ratios to the metal cast. Left out: alloys and scrap, batches, and that liquid metal can't wait (give it a store of
hours, or none).`,
	Example: `
kind: casthouse
at: park
capacity: 500 kt/a
co2: 0.202 t/MWh net
`,
	New: func() Kind { return &Casthouse{} },
})

// Expand adds a capacity and a unit whose activity is the metal cast, in t/h.
// Liquid metal: 1 / (1 - melt loss) a tonne.
func (k *Casthouse) Expand(x *Expansion) {
	from, to, power := x.Bus("from", k.From), x.Bus("to", k.To), x.Bus("electricity", electricity)
	x.Measured("from", from, "t")
	x.Measured("to", to, "t")
	x.Measured("electricity", power, "MWh")
	ports := []primitive.Port{at(to, 1), at(from, -1/(1-k.MeltLoss)), at(power, -k.Electricity)}
	ports = append(ports, x.furnace(k.Fuel, k.Heat, k.Calorific)...)
	ports = append(ports, x.flue(k.CO2, k.Heat)...)
	c := x.Capacity("", "t/h", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.Unit(primitive.Unit{
		Tag: x.Tag(""), Bound: up(c, 1, primitive.Const(1)), Ports: ports,
		Costs: []primitive.Cost{variable(primitive.Const(k.Variable))},
	})
}

// furnace returns the port of a fuel that gives so much heat (MWh net) a unit
// of activity, none if the fuel is not modelled.
func (x *Expansion) furnace(commodity string, heat, calorific float64) []primitive.Port {
	if commodity == "" {
		if given(calorific) {
			x.Problem("fuel", "missing", "calorific is that of a fuel; want its commodity")
		}
		return nil
	}
	fuel := x.Bus("fuel", commodity)
	if fuel == primitive.None {
		return nil
	}
	per := x.fuelPerHeat(fuel, calorific)
	if !given(per) {
		x.Problem("calorific", "missing", "%s is counted in %s; heat needs its net calorific value, in MWh net/%[2]s", commodity, x.unitOf(fuel))
		return nil
	}
	return []primitive.Port{at(fuel, -heat*per)}
}
