package kind

// Pipeline carries a liquid or gas by pipe.
type Pipeline struct {
	Way
	Electricity float64 `yaml:"electricity" unit:"MWh/{commodity}/km" default:"0" min:"0" doc:"power of the pumps a unit and km, from electricity where the pipe begins"`
}

var _ = register(Spec{
	Name: "pipeline",
	Doc: `A pipe between two places: a capacity, one way, a tariff or a running cost by distance, a loss, a delay, and power for
its pumps. Left out: what fills the pipe, several products one after the other, pressure, and that it comes whole or not
at all (its capacity may be built in part here).`,
	Example: `
kind: pipeline
commodity: diesel
from: border
to: town
distance: 306 km
rate: 0.02 USD/m3/km
build: {max: 1 GL/a, cost: 380 USD/(m3/a), life: 30 a}
`,
	New: func() Kind { return &Pipeline{} },
})

// Expand adds a capacity and a route.
func (k *Pipeline) Expand(x *Expansion) { k.carry(x, byRate, k.driven(x, k.Electricity)...) }
