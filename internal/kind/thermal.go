package kind

import (
	"math"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// Thermal is a power plant that burns a fuel.
type Thermal struct {
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what it feeds"`
	Capacity     float64         `yaml:"capacity" unit:"MW" default:"0 MW" min:"0" doc:"net capacity that stands already"`
	Fuel         string          `yaml:"fuel" ref:"commodity" optional:"true" doc:"what it burns, from the bus at its place; default: fuel is not modelled and its cost is in variable"`
	Efficiency   float64         `yaml:"efficiency" unit:"1" optional:"true" min:"1 %" max:"100 %" doc:"net power out per net calorific value of the fuel; or say heat_rate"`
	HeatRate     float64         `yaml:"heat_rate" unit:"{fuel}/MWh" optional:"true" min:"0" doc:"fuel a unit of power, in the fuel's own unit, instead of efficiency"`
	Calorific    float64         `yaml:"calorific" unit:"MWh net/{fuel}" optional:"true" min:"0" doc:"net calorific value, where the fuel is counted by mass, volume or gross calorific value"`
	CO2          float64         `yaml:"co2" unit:"t/MWh net" optional:"true" min:"0" doc:"CO2 per net calorific value: hard coal 0.336, lignite 0.407 t/MWh net (facts-D2 S106); needed where the system keeps an account co2"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the capacity that is not out for repair"`
	MustRun      attribute.Value `yaml:"must_run" unit:"1" default:"0 %" min:"0" max:"100 %" doc:"least output at all times, as a share of what is available: the plant never stops"`
	Ramp         float64         `yaml:"ramp" unit:"1/h" optional:"true" min:"0" doc:"most change an hour, up or down, as a share of capacity; default: none"`
	Variable     attribute.Value `yaml:"variable" unit:"USD/MWh" default:"0 USD/MWh" doc:"variable cost beside fuel"`
	Build        *Build          `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Capital      *Capital        `yaml:"capital" per:"MW" optional:"true" doc:"what the standing capacity cost, to count its repayment"`
}

var _ = register(Spec{
	Name: "thermal",
	Doc: `A power plant that burns a fuel bought or mined in the system. Efficiency (or heat rate) and CO2 factor hold on the
net calorific value; a fuel counted in tonnes needs its calorific value. Power lies between must_run and availability,
both shares of capacity, and changes by at most ramp. Left out until unit commitment comes: stops, starts, and a minimum
load that holds only while the plant runs; efficiency by load; heat sold.`,
	Example: `
kind: thermal
at: park
capacity: 300 MW
fuel: coal
calorific: 6.4 MWh net/t
efficiency: 38 %
co2: 0.336 t/MWh net
must_run: 40 %
ramp: 30 %/h
variable: 3 USD/MWh
`,
	New: func() Kind { return &Thermal{} },
})

// Closed: what it makes comes from its fuel.
func (k *Thermal) Closed() bool { return true }

// Expand adds a capacity and a unit whose activity is net power.
func (k *Thermal) Expand(x *Expansion) {
	bus := x.Bus("commodity", k.Commodity)
	x.Measured("commodity", bus, "MWh")
	fuel, heat := x.burn(k.Fuel, k.Efficiency, k.HeatRate, k.Calorific)
	ports := append([]primitive.Port{at(bus, 1)}, fuel...)
	ports = append(ports, x.flue(k.CO2, heat)...)
	c := x.Capacity("", "MW", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	u := primitive.Unit{
		Tag: x.Tag(""),
		Bound: primitive.Bound{
			Capacity: c, Coef: 1, Max: k.Availability.Series,
			Min: product(k.MustRun.Series, k.Availability.Series),
		},
		Ports: ports,
		Costs: []primitive.Cost{variable(k.Variable.Series)},
	}
	if given(k.Ramp) {
		u.Ramp = &primitive.Ramp{Up: k.Ramp, Down: k.Ramp, Initial: notGiven}
	}
	x.Unit(u)
}

// burn returns the port of a plant's fuel, none if it is not modelled, and the
// heat (MWh net) a unit of power, NaN if nothing says it.
func (x *Expansion) burn(commodity string, efficiency, heatRate, calorific float64) (ports []primitive.Port, heat float64) {
	switch {
	case given(efficiency) && given(heatRate):
		x.Problem("heat_rate", "conflict", "efficiency and heat_rate both say what a unit of power takes; want one of them")
		return nil, efficiency
	case commodity == "":
		if given(heatRate) || given(calorific) {
			x.Problem("fuel", "missing", "heat_rate and calorific are those of a fuel; want its commodity")
		}
		return nil, 1 / efficiency
	case !given(efficiency) && !given(heatRate):
		x.Problem("efficiency", "missing", "neither efficiency nor heat_rate says how much fuel a unit of power takes")
		return nil, notGiven
	}
	fuel := x.Bus("fuel", commodity)
	if fuel == primitive.None {
		return nil, notGiven
	}
	per := x.fuelPerHeat(fuel, calorific)
	if given(heatRate) {
		return []primitive.Port{at(fuel, -heatRate)}, heatRate / per
	}
	if !given(per) {
		x.Problem("calorific", "missing", "%s is counted in %s; efficiency needs its net calorific value, in MWh net/%[2]s", commodity, x.unitOf(fuel))
		return nil, 1 / efficiency
	}
	return []primitive.Port{at(fuel, -per/efficiency)}, 1 / efficiency
}

// fuelPerHeat is how much of a fuel, in its unit, holds 1 MWh of net calorific
// value: 1 where it is counted so (or without a basis), else 1 / calorific;
// NaN where that is not given.
func (x *Expansion) fuelPerHeat(fuel int32, calorific float64) float64 {
	u, err := unit.Parse(x.unitOf(fuel))
	net := err == nil && (u.Dim == unit.Must("MWh").Dim || u.Dim == unit.Must("MWh net").Dim)
	switch {
	case net && given(calorific) && calorific != 1:
		x.Problem("calorific", "conflict", "the fuel is counted in %s already; want no calorific value", x.unitOf(fuel))
		return 1
	case net:
		return 1
	}
	return 1 / calorific
}

// unitOf is the unit of a bus's commodity.
func (x *Expansion) unitOf(bus int32) string {
	return x.Model.Commodities[x.Model.Buses[bus].Commodity].Unit
}

// flue returns the port into the account co2, none where the system keeps none.
// heat is MWh net a unit of activity.
func (x *Expansion) flue(factor, heat float64) []primitive.Port {
	account := x.emissions()
	switch {
	case account == primitive.None || factor == 0:
		return nil
	case !given(factor):
		x.Problem("co2", "missing", "the system keeps an account co2, so the fuel's factor is needed, such as 0.336 t/MWh net (0 if it has none)")
		return nil
	case math.IsNaN(heat):
		x.Problem("co2", "missing", "CO2 goes by the fuel's net calorific value; want efficiency, or heat_rate with calorific, to say how much is burnt")
		return nil
	}
	return []primitive.Port{at(account, factor*heat)}
}
