package kind

import "example.org/busbar/internal/primitive"

// CHP makes steam and power from a fuel.
type CHP struct {
	Steam       string  `yaml:"steam" ref:"commodity" default:"steam" doc:"the steam it sends out, counted as heat above the feed water"`
	Electricity string  `yaml:"electricity" ref:"commodity" default:"electricity" doc:"the power it sends out"`
	Capacity    float64 `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"heat in steam at full load, that stands already"`
	PowerToHeat float64 `yaml:"power_to_heat" unit:"MWh/MWh" min:"0" max:"5" doc:"net power per heat in steam: about 0.2 from 60 to 6 bar (GK)"`
	Fuel        string  `yaml:"fuel" ref:"commodity" optional:"true" doc:"what it burns, from the bus at its place; default: fuel is not modelled and its cost is in variable"`
	Efficiency  float64 `yaml:"efficiency" unit:"1" min:"1 %" max:"100 %" doc:"heat and net power together per net calorific value of the fuel"`
	Calorific   float64 `yaml:"calorific" unit:"MWh net/{fuel}" optional:"true" min:"0" doc:"net calorific value, where the fuel is counted by mass, volume or gross calorific value"`
	CO2         float64 `yaml:"co2" unit:"t/MWh net" optional:"true" min:"0" doc:"CO2 per net calorific value: hard coal 94.6 kg/GJ net (facts-B2 GK); needed where the system keeps an account co2"`
	Variable    float64 `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost a unit of heat beside fuel"`
	Running
	Build   *Build   `yaml:"build" per:"MW" optional:"true" doc:"what may be built, in heat: boiler and turbine together"`
	Capital *Capital `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "chp",
	Doc: `A boiler with a back-pressure turbine: all its steam goes through the turbine to the works, and power comes with it
in a fixed ratio to heat. Efficiency counts heat and power together, on the net calorific value of the fuel, and so does
CO2. A condensing part is a thermal plant beside it. Left out: extraction that trades heat for power, by-pass, starts.`,
	Example: `
kind: chp
at: park
capacity: 160 MW
power_to_heat: 0.2
fuel: coal
calorific: 22 GJ net/t
efficiency: 84 %
co2: 94.6 kg/GJ net
`,
	New: func() Kind { return &CHP{} },
})

// Closed: what it makes comes from its fuel.
func (k *CHP) Closed() bool { return true }

// Expand adds a capacity and a unit whose activity is heat in steam. Fuel: (1 +
// power_to_heat) / efficiency a unit.
func (k *CHP) Expand(x *Expansion) {
	to, power := x.Bus("steam", k.Steam), x.Bus("electricity", k.Electricity)
	x.Measured("steam", to, "MWh")
	x.Measured("electricity", power, "MWh")
	burnt := (1 + k.PowerToHeat) / k.Efficiency
	ports := []primitive.Port{at(to, 1), at(power, k.PowerToHeat)}
	ports = append(ports, x.furnace(k.Fuel, burnt, k.Calorific)...)
	ports = append(ports, x.flue(k.CO2, burnt)...)
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: ports,
		Costs: []primitive.Cost{variable(primitive.Const(k.Variable))},
	})
}
