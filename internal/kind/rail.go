package kind

// Rail carries a commodity by train.
type Rail struct {
	Way
	Train       float64 `yaml:"train" unit:"{commodity}/train" optional:"true" min:"0" doc:"load of a train, to count trains in the account trains where the way begins"`
	Diesel      float64 `yaml:"diesel" unit:"m3/{commodity}/km" default:"0" min:"0" doc:"diesel a unit and km, from commodity diesel if the system declares it where the way begins"`
	DieselCO2   float64 `yaml:"diesel_co2" unit:"t/m3" default:"2.65 kg/L" min:"0" doc:"CO2 of that diesel: 43.0 GJ/t net x 0.832 t/m3 x 74.1 kg/GJ net" source:"GK (IPCC 2006 V2)"`
	Electricity float64 `yaml:"electricity" unit:"MWh/{commodity}/km" default:"0" min:"0" doc:"power a unit and km, from electricity where the way begins"`
}

var _ = register(Spec{
	Name: "rail",
	Doc: `A railway between two places: a capacity (slots x load of a train), a cost by distance, a delay, and diesel or power by
distance. Trains are counted in the account trains if the system declares it. Left out: slots shared with other goods,
wagons and their way back, loading at the ends (give it in cost).`,
	Example: `
kind: rail
commodity: alumina
from: border
to: park
distance: 420 km
capacity: 1.7 Mt/a
rate: 0.05 USD/t/km
`,
	New: func() Kind { return &Rail{} },
})

// Expand adds a capacity and a route.
func (k *Rail) Expand(x *Expansion) {
	burnt := k.Diesel * k.Distance
	uses := k.drawn(x, diesel, "m3", burnt)
	uses = append(uses, k.emits(x, burnt*k.DieselCO2)...)
	uses = append(uses, k.driven(x, k.Electricity)...)
	if given(k.Train) && k.Train > 0 {
		uses = append(uses, k.drawn(x, "trains", "train", 1/k.Train)...)
	}
	k.carry(x, byRate, uses...)
}
