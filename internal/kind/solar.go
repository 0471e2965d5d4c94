package kind

import "example.org/busbar/internal/attribute"

// Solar is a photovoltaic plant, in AC power at the inverter.
type Solar struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it feeds"`
	Capacity     float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"capacity that stands already, AC"`
	Availability attribute.Value `yaml:"availability" unit:"1" min:"0" max:"1.05" doc:"AC power available per unit of AC capacity"`
	Variable     attribute.Value `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost"`
	Build        *Build          `yaml:"build" per:"MW" optional:"true" doc:"what may be built, in MW AC"`
	Capital      *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "solar", Green: true,
	Doc: `A photovoltaic plant. Power is at most availability x capacity in every hour, both on the AC side of the inverter:
a series or cost per kWp (DC) must be divided by the DC/AC ratio first. What is not used is curtailed at no cost. Left
out: ageing (0.4-0.5 %/a, general knowledge), soiling in single weeks, forecast error.`,
	Example: `
kind: solar
at: park
capacity: 1 GW
availability: series/weather.csv#solar
`,
	New: func() Kind { return &Solar{} },
})

// Expand adds one capacity and one unit.
func (k *Solar) Expand(x *Expansion) {
	x.source(k.Commodity, k.Capacity, k.Availability.Series, k.Variable.Series, k.Build, k.Capital)
}
