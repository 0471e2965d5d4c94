package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Terminal is a tank with a berth, a pipe's end or a row of pumps before it.
type Terminal struct {
	Tank
	From     string          `yaml:"from" ref:"place" doc:"place it is filled from: the quay, the pipe's end, the border"`
	Intake   attribute.Value `yaml:"intake" unit:"{commodity}/h" min:"0" doc:"most it takes in at a time"`
	Handling attribute.Value `yaml:"handling" unit:"USD/{commodity}" default:"0" doc:"cost a unit taken in"`
}

var _ = register(Spec{
	Name: "terminal",
	Doc: `A tank that is filled from another place, at most at its intake, with a cost of handling. Its working volume, heel and
days of cover are a tank's. What leaves it is what its place uses or sends on, and the roads and pipes that take it have
capacities of their own. Left out: berths and ships one by one, queues, grades.`,
	Example: `
kind: terminal
at: town
from: border
commodity: diesel
capacity: 30 ML
cover: 20 d
use: 1 ML/d
intake: 3 ML/d
handling: 4 USD/m3
`,
	New: func() Kind { return &Terminal{} },
})

// Expand adds what a tank adds, and the route into it.
func (k *Terminal) Expand(x *Expansion) {
	k.Tank.Expand(x)
	p := Passage{
		Commodity: k.Commodity, From: k.From, To: x.Place, Capacity: k.Intake,
		Availability: attribute.Value{Series: primitive.Const(1)}, Cost: k.Handling,
	}
	p.carry(x, "intake", byRate)
}
