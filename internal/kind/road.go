package kind

import "example.org/busbar/internal/primitive"

// Trucks is what a road and a fleet say of their trucks.
type Trucks struct {
	Payload   float64 `yaml:"payload" unit:"{commodity}/truck" optional:"true" min:"0" doc:"load of a truck, such as 28 t/truck (facts-I4); needed with a gate, a fleet or an account trucks"`
	Gate      string  `yaml:"gate" ref:"asset" optional:"true" doc:"gate it passes, sharing its vehicles a day with all who do"`
	Crossings float64 `yaml:"crossings" unit:"vehicle/truck" default:"2 vehicle/truck" min:"0" doc:"passings of the gate a loaded truck; 2: it comes back empty" source:"facts-K5"`
	Diesel    float64 `yaml:"diesel" unit:"m3/{commodity}/km" default:"0" min:"0" doc:"diesel a unit and km, the empty way back included, from commodity diesel if the system declares it where the way begins"`
	DieselCO2 float64 `yaml:"diesel_co2" unit:"t/m3" default:"2.65 kg/L" min:"0" doc:"CO2 of that diesel: 43.0 GJ/t net x 0.832 t/m3 x 74.1 kg/GJ net" source:"GK (IPCC 2006 V2)"`
}

// Road carries a commodity by truck, its capacity that of the road.
type Road struct {
	Way
	Trucks
}

var _ = register(Spec{
	Name: "road",
	Doc: `Trucks on a road: what is sent stays within the road's capacity, which may differ by month (a wet season), and costs by
distance. Loaded trucks are counted in the account trucks where they start, if the system declares it; at a gate they
share its vehicles a day with all others. Left out: the trucks themselves (a fleet has those), traffic that slows down,
loads on the way back.`,
	Example: `
kind: road
commodity: alumina
from: park
to: border
distance: 300 km
capacity: 1.5 Mt/a
availability: {monthly: [100 %, 100 %, 100 %, 100 %, 100 %, 80 %, 60 %, 60 %, 60 %, 80 %, 100 %, 100 %]}
rate: 0.07 USD/t/km
payload: 28 t/truck
`,
	New: func() Kind { return &Road{} },
})

// Expand adds a capacity and a route.
func (k *Road) Expand(x *Expansion) {
	k.Way.carry(x, byRate, k.Trucks.uses(x, &k.Way)...)
}

// uses returns what a unit sent takes beside its capacity: a truck, passings of
// the gate, diesel and its CO2.
func (k *Trucks) uses(x *Expansion, w *Way) []primitive.Port {
	var ports []primitive.Port
	trucks := w.begins(x, truckAccount)
	if !given(k.Payload) || k.Payload == 0 {
		switch {
		case k.Gate != "":
			x.Problem("payload", "missing", "a gate counts vehicles; want the load of one, such as 28 t/truck")
		case trucks != primitive.None:
			x.Problem("payload", "missing", "the system keeps an account trucks, so the load of one is needed, such as 28 t/truck")
		}
	} else {
		ports = append(ports, w.drawn(x, truckAccount, "truck", 1/k.Payload)...)
		ports = append(ports, x.pass(k.Gate, k.Crossings/k.Payload, w.begins(x, w.Commodity))...)
	}
	burnt := k.Diesel * w.Distance
	ports = append(ports, w.drawn(x, diesel, "m3", burnt)...)
	return append(ports, w.emits(x, burnt*k.DieselCO2)...)
}

// truckAccount counts loaded trucks.
const truckAccount = "trucks"

// LoadedTrucks is how many loaded trucks a day carry a yearly amount on so many
// days a year.
func LoadedTrucks(amount, payload, days float64) float64 { return amount / payload / days }
