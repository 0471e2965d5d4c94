package kind

import "example.org/busbar/internal/primitive"

// ElectricBoiler makes steam from power.
type ElectricBoiler struct {
	Steam      string  `yaml:"steam" ref:"commodity" default:"steam" doc:"what it makes, counted as heat above the feed water"`
	Capacity   float64 `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"heat in steam at full load, that stands already"`
	Efficiency float64 `yaml:"efficiency" unit:"1" default:"99 %" min:"50 %" max:"100 %" doc:"heat in steam per power" source:"facts-D2 S106"`
	Variable   float64 `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost a unit of heat beside power"`
	Running
	Build   *Build   `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital *Capital `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "electric_boiler",
	Doc: `An electrode boiler makes steam from power at an efficiency, at once and over its whole range. Its carbon is that of
its power. Beside a fired boiler on the same steam it takes cheap hours. Left out: the grid connection and its charge by
the highest load.`,
	Example: `
kind: electric_boiler
at: park
capacity: 100 MW
build: {max: 200 MW, cost: 100 USD/kW, life: 20 a}
`,
	New: func() Kind { return &ElectricBoiler{} },
})

// Closed: what it makes comes from power.
func (k *ElectricBoiler) Closed() bool { return true }

// Expand adds a capacity and a unit whose activity is heat in steam. Power: 1 /
// efficiency a unit.
func (k *ElectricBoiler) Expand(x *Expansion) {
	to := x.Bus("steam", k.Steam)
	x.Measured("steam", to, "MWh")
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: append(x.power(1/k.Efficiency), at(to, 1)),
		Costs: []primitive.Cost{variable(primitive.Const(k.Variable))},
	})
}
