package kind

import (
	"example.org/busbar/internal/attribute"
)

// PumpedStorage stores electricity as water in an upper lake.
type PumpedStorage struct {
	Commodity string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it stores"`
	Capacity  float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"turbine power that stands already"`
	Pump      float64         `yaml:"pump" unit:"1" default:"100 %" min:"1 %" max:"300 %" doc:"pump power per turbine power"`
	Energy    float64         `yaml:"energy" unit:"MWh" optional:"true" min:"0" doc:"energy of the full upper lake, before the turbine's loss; default: hours x capacity"`
	Hours     float64         `yaml:"hours" unit:"h" optional:"true" min:"0.1 h" doc:"ties energy to turbine power, in what stands and what is built"`
	RoundTrip float64         `yaml:"round_trip" unit:"1" default:"69 %" min:"1 %" max:"100 %" doc:"energy out per energy in; half of the loss, by its root, falls on each way" source:"facts-D1 S102 (derived: pumping takes 1.44 times what it gives back)"`
	Loss      float64         `yaml:"loss" unit:"1/h" default:"0 %/d" min:"0" max:"100 %/h" doc:"seepage and evaporation, as a share of what is stored"`
	Inflow    attribute.Value `yaml:"inflow" unit:"MW" default:"0 MW" min:"0" doc:"natural inflow to the upper lake, as power before the turbine's loss"`
	Variable  attribute.Value `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost a unit generated"`
	Build     *StorageBuild   `yaml:"build" optional:"true" doc:"what may be built: power in MW of turbine, energy in MWh of the lake"`
	Capital   *StorageCapital `yaml:"capital" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "pumped_storage",
	Doc: `A pumped-storage plant between two lakes. It is a battery of water: pump and turbine of given power, an upper lake
counted by the energy of its water, a round trip, and an inflow that may be spilled. It ends the horizon as full as it
began. Left out: head that changes with the level, the lower lake's limits, and that a reversible machine can't pump and
generate in the same hour (doing so only loses energy).`,
	Example: `
kind: pumped_storage
at: park
capacity: 600 MW
hours: 8 h
`,
	New: func() Kind { return &PumpedStorage{} },
})

// Expand adds two capacities, two units and a store.
func (k *PumpedStorage) Expand(x *Expansion) {
	s := storage{
		commodity: k.Commodity, power: k.Capacity, energy: k.Energy, hours: k.Hours,
		in: notGiven, out: notGiven, inPart: "pump", outPart: "turbine", inPower: k.Pump,
		loss: k.Loss, usable: 1, inflow: k.Inflow.Series, spill: !zero(k.Inflow.Series),
		cost: k.Variable.Series, build: k.Build, capital: k.Capital,
	}
	s.efficiencies(k.RoundTrip)
	s.expand(x)
}
