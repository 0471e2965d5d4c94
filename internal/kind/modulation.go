package kind

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// Modulation is how far a potline's load may leave 100 %, and for how long.
type Modulation struct {
	Of        string    `yaml:"of" enum:"power,current" default:"power" doc:"what min, max and ramp are shares of; 90 % of current is 85 % of power"`
	Min       float64   `yaml:"min" unit:"1" default:"95 %" min:"10 %" max:"100 %" doc:"least load" source:"facts-K4 S33"`
	Max       float64   `yaml:"max" unit:"1" default:"103 %" min:"100 %" max:"140 %" doc:"most load; catching up needs more than 100 %" source:"facts-K4 (assumption within +-5 %)"`
	Ramp      float64   `yaml:"ramp" unit:"1/h" optional:"true" min:"0" doc:"most change an hour; default: none"`
	HeatStore float64   `yaml:"heat_store" unit:"h" default:"1.5 h" min:"0" max:"24 h" doc:"full-load hours by which any catch_up hours may differ from 100 % (1-2 h)" source:"facts-K4"`
	CatchUp   float64   `yaml:"catch_up" unit:"h" default:"2 d" min:"1 h" doc:"time over which the load must come back to 100 %" source:"GK"`
	Retrofit  *Retrofit `yaml:"retrofit" optional:"true" doc:"heat exchangers on the pots' shells, taken as fitted: their band holds instead; default: not fitted"`
}

// Retrofit is shell heat exchangers, which control the pots' loss of heat.
type Retrofit struct {
	Cost      float64 `yaml:"cost" unit:"USD/pot" min:"0" doc:"cost a pot: 0.30 MEUR (facts-A4 S34, 36 MEUR for 120 pots)"`
	Pots      float64 `yaml:"pots" unit:"pot" optional:"true" min:"1" doc:"pots fitted; default: all, counted from capacity, current and current_efficiency"`
	Life      float64 `yaml:"life" unit:"a" default:"20 a" min:"1 a" doc:"years over which the cost is repaid" source:"GK"`
	Wacc      float64 `yaml:"wacc" unit:"1" optional:"true" min:"0" max:"100 %" doc:"real weighted cost of capital a year; default: the study's discount rate"`
	Min       float64 `yaml:"min" unit:"1" default:"75 %" min:"10 %" max:"100 %" doc:"least load with the retrofit" source:"facts-A4 S34"`
	Max       float64 `yaml:"max" unit:"1" default:"125 %" min:"100 %" max:"140 %" doc:"most load with the retrofit, if the rectifiers carry it" source:"facts-A4 S34"`
	HeatStore float64 `yaml:"heat_store" unit:"h" default:"12 h" min:"0" max:"48 h" doc:"full-load hours by which any catch_up hours may differ from 100 %: 25 % for 48 h" source:"facts-A4 S34 (derived)"`
	CatchUp   float64 `yaml:"catch_up" unit:"h" default:"7 d" min:"1 h" doc:"time over which the load must come back to 100 %" source:"GK"`
	Penalty   float64 `yaml:"penalty" unit:"1" default:"1.5 %" min:"0" max:"10 %" doc:"more power a tonne, all year (1-2 %)" source:"facts-K4 S33"`
}

// band is a modulation in shares of power.
type band struct {
	min, max, ramp float64
	store, catchUp float64
	penalty        float64
}

// band reads the limits that hold, with the retrofit or without.
func (m *Modulation) band(x *Expansion) band {
	b := band{min: m.Min, max: m.Max, ramp: m.Ramp, store: m.HeatStore, catchUp: m.CatchUp}
	field := "modulation"
	if r := m.Retrofit; r != nil {
		b = band{min: r.Min, max: r.Max, ramp: m.Ramp, store: r.HeatStore, catchUp: r.CatchUp, penalty: r.Penalty}
		field = "modulation.retrofit"
	}
	if b.min < 1 && b.max <= 1 {
		x.Problem(field+".max", "range", "load may fall to %g %% and never rise above 100 %%: what is lost can't be caught up; want a max above 100 %%", 100*b.min)
	}
	if b.store >= b.catchUp && b.min < b.max {
		x.Problem(field+".catch_up", "range", "a heat store of %g h in %g h allows any load; want a longer catch_up", b.store, b.catchUp)
	}
	if m.Of == "current" {
		_, b.min, _ = PotState(b.min)
		_, b.max, _ = PotState(b.max)
		b.ramp *= (cellFixed + 2*cellSlope) / (cellFixed + cellSlope) // dP/di at i = 1
	}
	return b
}

// A cell's voltage is V = 1.70 + 2.25 i, i its current per unit of full load
// (facts-K4). Of it, 2.28 V leaves with the reaction and in the conductors and
// does not heat the pot: fitted to the heats that facts-K4 gives (78 % at 90 %
// of current, 58 % at 80 %); physically about 2.0 V for the reaction and 0.28 V
// outside the pot (GK).
const (
	cellFixed  = 1.70
	cellSlope  = 2.25
	cellUnheat = 2.28
)

// PotState is a pot at a current per unit of full load: its volts, and power
// and heat loss per unit of full load.
//
//	power = i V(i) / V(1),   heat = i (V(i) - 2.28) / (V(1) - 2.28)
func PotState(current float64) (volts, power, heat float64) {
	volts = cellFixed + cellSlope*current
	full := cellFixed + cellSlope
	return volts, current * volts / full, current * (volts - cellUnheat) / (full - cellUnheat)
}

// PotCurrent is the current, and so the metal at equal current efficiency, at a
// power, all per unit of full load: the root of i (1.70 + 2.25 i) = 3.95 p.
func PotCurrent(power float64) float64 {
	full := cellFixed + cellSlope
	return (math.Sqrt(cellFixed*cellFixed+4*cellSlope*full*power) - cellFixed) / (2 * cellSlope)
}

// pay adds the retrofit's annuity: a constant for the pots that stand, and a
// part of the capital of those that may be built. pots is their number a unit
// (t/h) of the potline's capacity.
func (r *Retrofit) pay(x *Expansion, potline int32, pots float64) {
	rate := r.Wacc
	if !given(rate) {
		rate = x.Discount
	}
	c := &x.Model.Capacities[potline]
	number := c.Existing * pots
	if given(r.Pots) {
		number = r.Pots
		if c.Max > 0 {
			x.Problem("modulation.retrofit.pots", "conflict", "the potline may be built, so the pots follow from its capacity; take pots out")
		}
	}
	yearly := r.Cost * Annuity(rate, r.Life)
	if c.Max > 0 && x.Built == nil {
		c.Capital += yearly * pots
	}
	x.size(primitive.Capacity{
		Tag: x.Tag("retrofit"), Unit: "pot", Existing: number, Sunk: yearly * number,
	})
}
