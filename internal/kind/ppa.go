package kind

import (
	"example.org/busbar/internal/attribute"
)

// PPA sells a plant's power, or buys it, under a price ceiling.
type PPA struct {
	Direction    string          `yaml:"direction" enum:"sell,buy" default:"sell" doc:"sell: taken from the place; buy: delivered to it"`
	Commodity    string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what is delivered"`
	Line         string          `yaml:"line" ref:"asset" optional:"true" doc:"interconnector it goes over, sharing its capacity, loss and wheeling; default: it is delivered at the place"`
	Seller       string          `yaml:"seller" ref:"party" optional:"true" doc:"who sells"`
	Buyer        string          `yaml:"buyer" ref:"party" optional:"true" doc:"who buys"`
	Capacity     float64         `yaml:"capacity" unit:"MW" min:"0" doc:"contracted power"`
	Availability attribute.Value `yaml:"availability" unit:"1" default:"100 %" min:"0" max:"1.05" doc:"power on offer as a share of capacity: a plant's series, or flat"`
	Energy       float64         `yaml:"energy" unit:"MWh/h" optional:"true" min:"0" doc:"contracted energy of a year, as 1.7 TWh/a: the most that is paid for; default: none"`
	Price        attribute.Value `yaml:"price" unit:"USD/MWh" optional:"true" doc:"price agreed; default: the ceiling"`
	Ceiling      attribute.Value `yaml:"ceiling" unit:"USD/MWh" optional:"true" min:"0" doc:"highest price the buyer's law allows: to Vietnam until 2030 hydro and wind 6.95, coal 7.02 USc/kWh (facts-D4 S116)"`
	PriceBasis   string          `yaml:"price_basis" enum:"real,nominal" doc:"of price and ceiling; real: in money of the base year, indexed; nominal: the figure stays as written for all years"`
	Inflation    float64         `yaml:"inflation" unit:"1" optional:"true" min:"-10 %" max:"100 %" doc:"yearly inflation over the term, of a nominal price"`
	Years        float64         `yaml:"years" unit:"a" optional:"true" min:"1 a" max:"100 a" doc:"term, of a nominal price"`
	TakeOrPay    *TakeOrPay      `yaml:"take_or_pay" optional:"true" doc:"share that is paid for, taken or not; default: only what is taken"`
	Limits       *Limits         `yaml:"limits" per:"{commodity}" optional:"true" doc:"least and most a day, week, month and year"`
	CO2          attribute.Value `yaml:"co2" unit:"t/MWh" optional:"true" min:"0" doc:"CO2 of making what is bought, into the account co2_indirect, or co2 where that is not kept; default: not counted"`
}

var _ = register(Spec{
	Name: "ppa",
	Doc: `A power-purchase agreement: power of a plant up to availability x capacity and up to a yearly energy, at a price that
must be called real or nominal and must not pass the ceiling of the buyer's country. A flat nominal price enters the plan
as the real price of the same present value over its term. It is a contract in all else: what take_or_pay covers is paid
for, taken or not, and must be delivered where the place sells. Left out: indexation by a formula, exchange rates, deemed
generation, penalties, the years beyond the study.`,
	Example: `
kind: ppa
at: park
capacity: 600 MW
availability: series/weather.csv#wind
energy: 1.7 TWh/a
ceiling: 6.95 USc/kWh
price_basis: nominal
inflation: 2.5 %
years: 25 a
`,
	New: func() Kind { return &PPA{} },
})

// Expand adds one trade, as a contract does.
func (k *PPA) Expand(x *Expansion) {
	price := k.Price
	switch {
	case !k.Price.Given && !k.Ceiling.Given:
		x.Problem("price", "missing", "neither price nor ceiling says what is paid")
		return
	case !k.Price.Given:
		price = k.Ceiling
	case k.Ceiling.Given:
		k.below(x)
	}
	c := Contract{
		Direction: k.Direction, Commodity: k.Commodity, Seller: k.Seller, Buyer: k.Buyer,
		Capacity: k.Capacity, Availability: k.Availability, Price: price, PriceBasis: k.PriceBasis,
		Inflation: k.Inflation, Years: k.Years, TakeOrPay: k.TakeOrPay, Limits: k.Limits, CO2: k.CO2,
	}
	if given(k.Energy) {
		limits := Limits{DayMin: notGiven, DayMax: notGiven, WeekMin: notGiven, WeekMax: notGiven, YearMin: notGiven, YearMax: notGiven}
		if k.Limits != nil {
			limits = *k.Limits
		}
		if given(limits.YearMax) {
			x.Problem("limits.year_max", "conflict", "energy and year_max both say the most of a year; want one of them")
		}
		limits.YearMax = k.Energy * x.hours()
		c.Limits = &limits
	}
	end := exports
	if k.Direction == "buy" {
		end = imports
	}
	c.expand(x, x.gate(k.Commodity, k.Line, end))
}

// below refuses a price above the ceiling.
func (k *PPA) below(x *Expansion) {
	for t := range x.Clock.Ticks() {
		if p, most := k.Price.At(t), k.Ceiling.At(t); p > most {
			x.Problem("price", "range", "%g a MWh is above the ceiling, %g", p, most)
			return
		}
		if k.Price.Data == nil && k.Ceiling.Data == nil {
			return
		}
	}
}
