package kind

// Port passes a commodity between land and ships.
type Port struct {
	Passage
	Ship float64 `yaml:"ship" unit:"{commodity}/trip" optional:"true" min:"0" doc:"load of a ship, to count calls in the account ships where they are loaded"`
}

var _ = register(Spec{
	Name: "port",
	Doc: `A quay that passes a commodity from land to ships or from ships to land: a throughput, a cost of handling, a loss, and a
delay. One end is the port's place, the other the sea or the market beyond it. Calls are counted in the account ships if
the system declares it. Left out: berths, queues, weather, goods that share the quay (one port each), stock (a terminal or
stockpile holds it).`,
	Example: `
kind: port
commodity: alumina
from: border
to: town
capacity: 2 Mt/a
cost: 6 USD/t
ship: 30 kt/trip
`,
	New: func() Kind { return &Port{} },
})

// Expand adds a capacity and a route.
func (k *Port) Expand(x *Expansion) {
	if given(k.Ship) && k.Ship > 0 {
		k.carry(x, "", byRate, k.drawn(x, "ships", "trip", 1/k.Ship)...)
		return
	}
	k.carry(x, "", byRate)
}
