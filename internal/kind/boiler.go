package kind

import "example.org/busbar/internal/primitive"

// Boiler burns a fuel to make steam.
type Boiler struct {
	Steam       string  `yaml:"steam" ref:"commodity" default:"steam" doc:"what it makes, counted as heat above the feed water; each level of pressure is a commodity of its own"`
	Capacity    float64 `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"heat in steam at full load, that stands already"`
	Fuel        string  `yaml:"fuel" ref:"commodity" optional:"true" doc:"what it burns, from the bus at its place; default: fuel is not modelled and its cost is in variable"`
	Efficiency  float64 `yaml:"efficiency" unit:"1" min:"1 %" max:"100 %" doc:"heat in steam per net calorific value of the fuel: gas 93 %, biomass 89 % (facts-D2 S106), coal about 85 % (GK)"`
	Calorific   float64 `yaml:"calorific" unit:"MWh net/{fuel}" optional:"true" min:"0" doc:"net calorific value, where the fuel is counted by mass, volume or gross calorific value"`
	CO2         float64 `yaml:"co2" unit:"t/MWh net" optional:"true" min:"0" doc:"CO2 per net calorific value: hard coal 94.6 kg/GJ net = 0.341 t/MWh net, lignite 101 = 0.364 (facts-B2 GK); needed where the system keeps an account co2"`
	Electricity float64 `yaml:"electricity" unit:"MWh/MWh" default:"0" min:"0" doc:"power for fans, mills and pumps a unit of heat"`
	Variable    float64 `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost a unit of heat beside fuel"`
	Running
	Build   *Build   `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital *Capital `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "boiler",
	Doc: `A boiler makes steam of one level from a fuel, at an efficiency and a CO2 factor that both hold on the net calorific
value. Steam is a commodity counted as heat (MWh); a plant with steam of 60 and of 6 bar declares two. Left out: starts,
efficiency by load, blow-down and condensate, and letting steam down from one level to the next (a process does that).`,
	Example: `
kind: boiler
at: park
capacity: 200 MW
fuel: coal
calorific: 22 GJ net/t
efficiency: 85 %
co2: 94.6 kg/GJ net
must_run: 30 %
`,
	New: func() Kind { return &Boiler{} },
})

// Closed: what it makes comes from its fuel.
func (k *Boiler) Closed() bool { return true }

// Expand adds a capacity and a unit whose activity is heat in steam. Fuel: 1 /
// efficiency a unit.
func (k *Boiler) Expand(x *Expansion) {
	to := x.Bus("steam", k.Steam)
	x.Measured("steam", to, "MWh")
	ports := []primitive.Port{at(to, 1)}
	ports = append(ports, x.furnace(k.Fuel, 1/k.Efficiency, k.Calorific)...)
	ports = append(ports, x.flue(k.CO2, 1/k.Efficiency)...)
	ports = append(ports, x.power(k.Electricity)...)
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: ports,
		Costs: []primitive.Cost{variable(primitive.Const(k.Variable))},
	})
}

// power returns the port of power drawn a unit of activity, none for 0.
func (x *Expansion) power(ratio float64) []primitive.Port {
	if ratio == 0 {
		return nil
	}
	b := x.Bus("electricity", electricity)
	x.Measured("electricity", b, "MWh")
	return []primitive.Port{at(b, -ratio)}
}
