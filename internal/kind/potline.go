package kind

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// Potline makes liquid aluminium by electrolysis.
type Potline struct {
	Product           string  `yaml:"product" ref:"commodity" default:"aluminium" doc:"what it makes: tapped metal"`
	Capacity          float64 `yaml:"capacity" unit:"t/h" default:"0 t/h" min:"0" doc:"metal at full load, that stands already"`
	Energy            float64 `yaml:"energy" unit:"MWh/t" optional:"true" min:"10 MWh/t" max:"25 MWh/t" doc:"AC power a tonne, from rectifier to tapped metal, pots' auxiliaries included, casting not; or say cell_voltage"`
	CellVoltage       float64 `yaml:"cell_voltage" unit:"V" optional:"true" min:"3 V" max:"6 V" doc:"voltage of a pot, from which energy follows: DC kWh/t = 2,980 x V / current_efficiency"`
	CurrentEfficiency float64 `yaml:"current_efficiency" unit:"1" default:"94 %" min:"50 %" max:"100 %" doc:"metal made per metal that the current could make" source:"facts-A2 GK"`
	Current           float64 `yaml:"current" unit:"kA" default:"500 kA" min:"10 kA" max:"1000 kA" doc:"current of the line, which with current_efficiency gives the number of pots" source:"facts-A2 S24 S25"`
	Rectifier         float64 `yaml:"rectifier" unit:"1" default:"98.3 %" min:"80 %" max:"100 %" doc:"efficiency of rectifier and transformer, with cell_voltage" source:"facts-A2 GK"`
	Auxiliaries       float64 `yaml:"auxiliaries" unit:"MWh/t" default:"450 kWh/t" min:"0" max:"3 MWh/t" doc:"fume treatment, compressed air and cranes, with cell_voltage" source:"facts-A2 GK"`

	Alumina  float64    `yaml:"alumina" unit:"t/t" default:"1.92 t/t" min:"1.88 t/t" max:"2.2 t/t" doc:"alumina a tonne; chemistry asks for 1.889" source:"facts-A2 S22 GK"`
	Anode    float64    `yaml:"anode" unit:"t/t" default:"510 kg/t" min:"300 kg/t" max:"800 kg/t" doc:"baked anode a tonne, gross; what is not burnt returns as commodity butts if the system declares it" source:"facts-A2 GK"`
	AnodeNet float64    `yaml:"anode_net" unit:"t/t" default:"415 kg/t" min:"300 kg/t" max:"700 kg/t" doc:"anode carbon burnt a tonne; chemistry asks for 333 kg" source:"facts-A2 GK"`
	AlF3     float64    `yaml:"alf3" unit:"t/t" default:"17 kg/t" min:"0" max:"100 kg/t" doc:"aluminium fluoride a tonne" source:"facts-A2 GK"`
	Cryolite float64    `yaml:"cryolite" unit:"t/t" default:"1 kg/t" min:"0" max:"50 kg/t" doc:"cryolite a tonne" source:"facts-A2 GK"`
	Cathode  float64    `yaml:"cathode" unit:"t/t" default:"7 kg/t" min:"0" max:"50 kg/t" doc:"cathode and lining a tonne" source:"facts-A2 GK"`
	Prices   PotlineBuy `yaml:"prices" doc:"prices of what the system does not declare; one with neither price nor commodity costs nothing"`

	Carbon float64 `yaml:"carbon" unit:"1" default:"100 %" min:"80 %" max:"100 %" doc:"share of anode_net that is carbon; CO2 = 3.664 x anode_net x carbon, 1.52 t/t" source:"facts-A1 (derived)"`
	PFC    float64 `yaml:"pfc" unit:"t/t" default:"0.15 t/t" min:"0" max:"5 t/t" doc:"CO2 equivalent of CF4 and C2F6 a tonne, into the account pfc, or co2 where that is not kept" source:"facts-A3 GK"`

	Labour     float64 `yaml:"labour" unit:"USD/t" default:"0 USD/t" min:"0" doc:"cost of people a tonne at full load; a fixed cost in the accounts"`
	Other      float64 `yaml:"other" unit:"USD/t" default:"0 USD/t" min:"0" doc:"other cash cost a tonne"`
	Sustaining float64 `yaml:"sustaining" unit:"USD/t" default:"0 USD/t" min:"0" doc:"sustaining capital a tonne, relining included: 60-120 USD/t (facts-A6 GK); a fixed cost in the accounts"`

	Modulation *Modulation `yaml:"modulation" optional:"true" doc:"how far the load may leave 100 %; default: not at all"`
	Emergency  *Emergency  `yaml:"emergency" optional:"true" doc:"load that may be shed at the cost of freezing pots; default: none"`

	Build   *Build   `yaml:"build" per:"t/h" optional:"true" doc:"what may be built, in metal: cost in USD/(t/a)"`
	Capital *Capital `yaml:"capital" per:"t/h" optional:"true" doc:"what the standing capacity cost, to count its repayment: cost in USD/(t/a)"`
}

// PotlineBuy is the prices of a potline's inputs.
type PotlineBuy struct {
	Alumina  float64 `yaml:"alumina" unit:"USD/t" optional:"true" min:"0" doc:"of alumina"`
	Anode    float64 `yaml:"anode" unit:"USD/t" optional:"true" min:"0" doc:"of baked anode, less the worth of its butts"`
	AlF3     float64 `yaml:"alf3" unit:"USD/t" optional:"true" min:"0" doc:"of aluminium fluoride"`
	Cryolite float64 `yaml:"cryolite" unit:"USD/t" optional:"true" min:"0" doc:"of cryolite"`
	Cathode  float64 `yaml:"cathode" unit:"USD/t" optional:"true" min:"0" doc:"of cathode and lining"`
}

var _ = register(Spec{
	Name: "potline",
	Doc: `A potline makes aluminium from alumina, anodes and power. Its activity is AC power; metal, inputs and emissions are
proportional to it. Without modulation it runs flat at 100 %. With it, power moves between min and max, by at most ramp
an hour, and the sum over any catch_up hours stays within heat_store full-load hours of 100 %: what is not heated now
must be made up soon; over a year it makes no more than its capacity. Below that, load is shed only as an emergency, at the cost of pots that freeze. CO2 is that of
burnt anodes (baking counts at the anode plant) and PFC. Left out: metal is taken as proportional to power, while a
cell (V = 1.70 + 2.25 i) at 95 % of power makes 96.8 % of the metal and at 75 % makes 83.0 %, less what current
efficiency loses off its best point: the plan is on the safe side, by 1.8 and 8 points. Also left out: the heat balance
itself, pots out of line, start-up, fluoride, sulphur, spent lining, water.`,
	Example: `
kind: potline
at: park
capacity: 500 kt/a
energy: 13.5 MWh/t
modulation: {of: power, min: 95 %, max: 103 %, ramp: 5 %/h, heat_store: 1.5 h, catch_up: 2 d}
emergency: {longest_outage: 3 h}
prices: {anode: 690 USD/t, alf3: 1350 USD/t}
sustaining: 90 USD/t
`,
	New: func() Kind { return &Potline{} },
})

// Electrochemistry (facts-A1).
const (
	// dcPerVolt is the DC energy a tonne and volt at current efficiency 1:
	// 1 / (0.33556 kg/kAh) = 2,980 kWh/t.
	dcPerVolt = 2.980 // MWh/t/V
	// metalPerCurrent is Faraday's law: 26.98 / (3 x 96,485) g/C = 0.33556
	// kg/kAh.
	metalPerCurrent = 0.33556e-3 // t/kAh
	// co2PerCarbon is 44.01 / 12.011.
	co2PerCarbon = 3.664
)

// PotEnergy is the AC energy a tonne, in MWh/t, of pots at a voltage:
// 2.980 x V / current efficiency / rectifier + auxiliaries.
func PotEnergy(volts, currentEfficiency, rectifier, auxiliaries float64) float64 {
	return dcPerVolt*volts/currentEfficiency/rectifier + auxiliaries
}

// PotOutput is the metal of one pot in t/h: 0.33556 kg/kAh x current x
// current efficiency.
func PotOutput(current, currentEfficiency float64) float64 {
	return metalPerCurrent * current * currentEfficiency
}

// Expand adds a capacity of metal, a unit whose activity is AC power, and
// where they are asked for the retrofit's cost and the emergency.
func (k *Potline) Expand(x *Expansion) {
	energy, ok := k.energy(x)
	if !ok {
		return
	}
	m := k.Modulation
	if m == nil {
		m = &Modulation{Of: "power", Min: 1, Max: 1, Ramp: notGiven}
	}
	band := m.band(x)
	energy *= 1 + band.penalty

	ports, inputs := k.perTonne(x)
	for i := range ports {
		ports[i].Ratio.Value /= energy
	}
	power := x.Bus("energy", electricity)
	x.Measured("energy", power, "MWh")
	ports = append(ports, at(power, -1))

	c := x.Capacity("", "t/h", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	if m.Retrofit != nil {
		m.Retrofit.pay(x, c, 1/PotOutput(k.Current, k.CurrentEfficiency))
	}
	u := primitive.Unit{
		Tag: x.Tag(""),
		Bound: primitive.Bound{
			Capacity: c, Coef: energy, Min: primitive.Const(band.min), Max: primitive.Const(band.max),
		},
		Ports: ports,
		Costs: []primitive.Cost{
			variable(primitive.Const((inputs + k.Other) / energy)),
			{Class: primitive.Fixed, Per: primitive.Const((k.Labour + k.Sustaining) / energy), Party: primitive.None},
		},
	}
	if band.min < band.max {
		if given(band.ramp) {
			u.Ramp = &primitive.Ramp{Up: band.ramp, Down: band.ramp, Initial: notGiven}
		}
		u.Windows = []primitive.Window{{
			Hours: band.catchUp, Min: band.catchUp - band.store, Max: band.catchUp + band.store, Cyclic: true,
		}}
	}
	line := x.Unit(u)
	if band.max > 1 {
		x.nameplate(line, c, energy)
	}
	if k.Emergency != nil {
		k.Emergency.expand(x, u, band.min, energy, inputs)
	}
}

// nameplate keeps a potline that may go above 100 % within its capacity over a
// year: the margin is there to catch up, and the windows alone would let it
// stay above by heat_store in every catch_up.
//
//	sum_t w_t a_t - (sum_t w_t) x energy x size <= 0
func (x *Expansion) nameplate(line, capacity int32, energy float64) {
	x.Limit(primitive.Limit{
		Name: x.Name + ".capacity", Span: primitive.EachYear, Soft: math.NaN(),
		Terms: []primitive.Term{
			{Of: primitive.UnitActivity, Index: line, Coef: primitive.Const(1)},
			{Of: primitive.CapacitySize, Index: capacity, Coef: primitive.Const(-x.hours() * energy)},
		},
		Min: []float64{math.Inf(-1)}, Max: []float64{0},
	})
}

// energy is the AC energy a tonne at full load.
func (k *Potline) energy(x *Expansion) (float64, bool) {
	switch {
	case given(k.Energy) && given(k.CellVoltage):
		x.Problem("cell_voltage", "conflict", "energy and cell_voltage both say what a tonne takes; want one of them")
	case given(k.Energy):
		return k.Energy, true
	case given(k.CellVoltage):
		return PotEnergy(k.CellVoltage, k.CurrentEfficiency, k.Rectifier, k.Auxiliaries), true
	default:
		x.Problem("energy", "missing", "neither energy nor cell_voltage says what power a tonne takes; want one, such as 13.5 MWh/t")
	}
	return 0, false
}

// perTonne returns what flows and what inputs cost for a tonne of metal.
func (k *Potline) perTonne(x *Expansion) (ports []primitive.Port, cost float64) {
	metal := x.Bus("product", k.Product)
	x.Measured("product", metal, "t")
	ports = []primitive.Port{at(metal, 1)}
	for _, in := range []input{
		{"alumina", k.Alumina, k.Prices.Alumina},
		{"anode", k.Anode, k.Prices.Anode},
		{"alf3", k.AlF3, k.Prices.AlF3},
		{"cryolite", k.Cryolite, k.Prices.Cryolite},
		{"cathode", k.Cathode, k.Prices.Cathode},
	} {
		p, c := x.input(in)
		ports, cost = append(ports, p...), cost+c
	}
	if k.AnodeNet > k.Anode {
		x.Problem("anode_net", "range", "net %g t/t is above gross, %g t/t", k.AnodeNet, k.Anode)
	}
	if butts := x.Declared("butts"); butts != primitive.None && k.Anode > k.AnodeNet {
		x.Measured("anode", butts, "t")
		ports = append(ports, at(butts, k.Anode-k.AnodeNet))
	}
	if account := x.emissions(); account != primitive.None {
		ports = append(ports, at(account, co2PerCarbon*k.AnodeNet*k.Carbon))
	}
	if account := x.emissionsOr(pfc); account != primitive.None && k.PFC > 0 {
		ports = append(ports, at(account, k.PFC))
	}
	return ports, cost
}

// Emergency is load shed at the cost of pots that freeze.
type Emergency struct {
	LongestOutage float64 `yaml:"longest_outage" unit:"h" default:"3 h" min:"0.1 h" max:"12 h" doc:"full-load hours that may be shed before pots freeze (3-5 h)" source:"facts-K4 S38"`
	Recovery      float64 `yaml:"recovery" unit:"h" default:"2 d" min:"1 h" doc:"time in which no more than longest_outage may be shed" source:"GK"`
	FreezeCost    float64 `yaml:"freeze_cost" unit:"USD/MWh" optional:"true" min:"0" doc:"cost a unit shed; default: restart_cost over the energy of longest_outage"`
	RestartCost   float64 `yaml:"restart_cost" unit:"USD" default:"35 MUSD" min:"0" doc:"cost of restarting a frozen potline (20-50 MUSD)" source:"facts-A4 S33"`
	Potline       float64 `yaml:"potline" unit:"t/h" default:"250 kt/a" min:"1 kt/a" doc:"metal of the potline that restart_cost is for" source:"facts-A4 S33"`
}

// FreezeCost is the cost in money/MWh of shedding a potline for as long as it
// stands it, if that costs a restart: restart cost / (metal x energy x
// longest outage).
func FreezeCost(restart, metal, energy, longest float64) float64 {
	return restart / (metal * energy * longest)
}

// expand adds a unit that undoes the potline's activity: power comes back, metal
// and inputs are not made and not used. It sheds at most the least load, which
// the potline always draws, so that no more is shed than runs (a row shed <=
// load in every step would say no more). Over any recovery hours it sheds at
// most longest_outage full-load hours. Labour and other costs go on.
func (e *Emergency) expand(x *Expansion, potline primitive.Unit, least, energy, inputs float64) {
	if e.Recovery < e.LongestOutage {
		x.Problem("emergency.recovery", "range", "recovery of %g h is shorter than the longest outage, %g h", e.Recovery, e.LongestOutage)
	}
	cost := e.FreezeCost
	if !given(cost) {
		cost = FreezeCost(e.RestartCost, e.Potline, energy, e.LongestOutage)
	}
	u := primitive.Unit{
		Tag:   x.Tag("emergency"),
		Bound: up(potline.Bound.Capacity, energy, primitive.Const(least)),
		Costs: []primitive.Cost{
			{Class: primitive.Event, Per: primitive.Const(cost), Party: primitive.None},
			variable(primitive.Const(-inputs / energy)),
		},
		Windows: []primitive.Window{{Hours: e.Recovery, Min: math.Inf(-1), Max: e.LongestOutage, Cyclic: true}},
	}
	for _, p := range potline.Ports {
		u.Ports = append(u.Ports, at(p.Bus, -p.Ratio.Value))
	}
	x.Unit(u)
}
