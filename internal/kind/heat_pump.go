package kind

import "example.org/busbar/internal/primitive"

// HeatPump lifts heat with power.
type HeatPump struct {
	Heat     string  `yaml:"heat" ref:"commodity" default:"heat" doc:"what it makes, at one level"`
	From     string  `yaml:"from" ref:"commodity" optional:"true" doc:"heat that it lifts, 1 - 1/cop a unit; default: from the air, ground or river"`
	Capacity float64 `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"heat at full load, that stands already"`
	COP      float64 `yaml:"cop" unit:"MWh/MWh" default:"3.05" min:"1" max:"15" doc:"heat per power; 3.05 up to 150 C" source:"facts-D2 S106"`
	Variable float64 `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost a unit of heat beside power"`
	Running
	Build   *Build   `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital *Capital `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "heat_pump",
	Doc: `A heat pump lifts heat to one level with power, at a fixed coefficient of performance. Up to about 150 C it fits the
steam of low-temperature digestion only in part (facts-D2). Its heat must not be a turbine's steam: such a loop would make
power out of nothing, and is refused. Left out: a coefficient that follows the temperatures.`,
	Example: `
kind: heat_pump
at: park
heat: low_steam
capacity: 50 MW
`,
	New: func() Kind { return &HeatPump{} },
})

// Closed: round a loop it must make no power from power.
func (k *HeatPump) Closed() bool { return true }

// Expand adds a capacity and a unit whose activity is heat. Power: 1 / cop a
// unit, lifted heat the rest.
func (k *HeatPump) Expand(x *Expansion) {
	to := x.Bus("heat", k.Heat)
	x.Measured("heat", to, "MWh")
	ports := append(x.power(1/k.COP), at(to, 1))
	if k.From != "" {
		from := x.Bus("from", k.From)
		x.Measured("from", from, "MWh")
		ports = append(ports, at(from, 1/k.COP-1))
	}
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: ports,
		Costs: []primitive.Cost{variable(primitive.Const(k.Variable))},
	})
}
