// Package primitive holds the data of the few things the engine knows: units,
// stores, routes, lines, demands, trades, limits, and the capacities and buses
// they share. It has no behaviour.
//
// What enters: what the kinds expand into, all numbers in base units (MWh, MW,
// t, m3, ha, km, h and the study's currency), every series on the clock's
// ticks. What leaves: a Model, which package formulate turns into an
// lp.Problem.
//
// Conventions. Activities, flows and trades are rates: an amount per hour,
// constant over a step. A flow is positive into its bus, everywhere. Indexes
// are positions in the Model's slices; None marks an absent one.
package primitive

import "example.org/busbar/internal/clock"

// None is the index of nothing.
const None int32 = -1

// Series is a number, or one number for every tick of the clock.
type Series struct {
	Value float64   // used where Data is nil
	Data  []float64 // nil, or len = clock.Ticks()
}

// Const makes a Series of one number.
func Const(v float64) Series { return Series{Value: v} }

// At returns the value at tick t.
func (s Series) At(t int) float64 {
	if s.Data == nil {
		return s.Value
	}
	return s.Data[t]
}

// Balance says what a commodity's bus demands of its flows.
type Balance uint8

// The balances of design: exact (default), free (a surplus may be discarded,
// the amount is reported), account (no balance: summed, limited, priced).
const (
	Exact Balance = iota
	Free
	Account
)

// Class sorts money, in accounts and reports.
type Class uint8

// The classes of every cost term.
const (
	Capital Class = iota
	Fixed
	Variable
	Event
	Sale    // income, counted negative in the objective
	Penalty // what violating a soft limit is charged; nobody is paid
)

// Model is everything the formulation sees.
type Model struct {
	Clock *clock.Clock

	Commodities []Commodity
	Buses       []Bus
	Assets      []Asset
	Parties     []string

	Capacities []Capacity
	Units      []Unit
	Stores     []Store
	Routes     []Route
	Lines      []Line
	Outages    []Outage
	Demands    []Demand
	Scenarios  []Scenario
	Risk       *Risk
	Trades     []Trade
	Limits     []Limit
}

// Commodity is what flows.
type Commodity struct {
	Name    string
	Unit    string // base unit with basis, e.g. "MWh", "t dry"
	Grid    int32  // index into Clock.Grids: the step on which its balance holds
	Balance Balance
}

// Bus is a (commodity, place): where a balance holds or an account is summed.
// A private bus belongs to one asset (the inside of a battery, a reservoir).
type Bus struct {
	Name      string // "electricity@park", "battery.energy"
	Commodity int32
	Asset     int32  // owner of a private bus, else None
	Place     string // "" for a private bus
	Price     Series // Account only: money per unit of what flows in, class Variable
}

// Asset names the owner of primitives; it has no effect on the problem.
type Asset struct {
	Name, Kind, Place string
}

// Tag says whose a primitive is and what part of it.
type Tag struct {
	Asset int32
	Part  string // "turbine", "charge", "" for the only one

	// Scenario is the position in Model.Scenarios, from 1, of the scenario in
	// which a primitive's money is spent; 0: in all of them.
	Scenario int32
}

// Scenario is one of several futures. What is decided before it is known
// (capacities) is shared; each has its own buses, units and so on, whose money
// counts with its probability.
type Scenario struct {
	Name        string
	Probability float64
}

// Risk weighs the scenarios' money: 1 - Omega of what is expected and Omega of
// the mean of the dearest 1 - Alpha (conditional value at risk).
type Risk struct{ Alpha, Omega float64 }

// Cost is money per hour and unit of a rate (or per unit of level and hour).
type Cost struct {
	Class Class
	Per   Series
	Party int32 // to whom, or None
}

// Port is a flow tied to an activity: Ratio x activity into Bus, Delay hours
// later. A cyclic delay wraps at the end of the horizon (or of a
// representative period); otherwise what is under way at the end is lost and
// nothing arrives before the first delay has passed.
//
// Sampled: where steps differ in length a delay need not be a whole number of
// them. What arrives in a step is then the rate of the last step that began
// Delay hours earlier or before, with the Ratio of the arrival.
type Port struct {
	Bus     int32
	Ratio   Series
	Delay   float64
	Cyclic  bool
	Sampled bool
}

// Capacity bounds one or more activities, flows or levels. Its size is
// Existing + what is built; what is built is a column if Max > Min, else a
// constant.
type Capacity struct {
	Tag
	Unit     string  // base unit, for people: "MW", "MWh", "t/h", "Mm3"
	Existing float64 // stands already
	Min, Max float64 // of what may be built beside it; both 0: nothing may
	Capital  float64 // money per unit built and year (annuity)
	Fixed    float64 // money per unit of Existing + built and year
	Sunk     float64 // money per year for Existing's capital, a constant shown apart
	Uses     []Port  // into Account buses: amount per unit of Existing + built and YEAR (land in ha: constant)
	Module   float64 // what is built comes in whole modules of this size; 0: any size
	Curve    *Curve  // further money per year (class Capital) as a function of what is built
	Alive    []bool  // one a Period of the clock: in which its money by the year is paid; nil: all
}

// Curve is a function of a rate or a size, linear between its points. It is
// defined from the first point to the last, and the rate or size stays there.
type Curve struct {
	X []float64 // rising, at least two
	Y []float64
}

// PriceCurve is money per hour as a function of an activity.
type PriceCurve struct {
	Curve
	Class Class
	Party int32
}

// PortCurve is a flow into Bus as a function of an activity, for efficiencies
// that change with the load.
type PortCurve struct {
	Curve
	Bus int32
}

// Bound ties a rate or level to a capacity: Min x Coef x size <= v <= Max x
// Coef x size. With Capacity None the bound is Min x Coef <= v <= Max x Coef
// (Coef may be +Inf with Min 0 and Max 1: unbounded above).
type Bound struct {
	Capacity int32
	Coef     float64
	Min, Max Series
}

// Ramp limits the change of an activity between neighbouring steps, per hour,
// as a share of Coef x size of its bound. NaN: none. The change is measured
// between step centres' values and multiplied by the hours of the later step.
type Ramp struct {
	Up, Down float64
	Initial  float64 // activity before the first step; NaN: unknown, no row at the first step unless Cyclic
	Cyclic   bool    // the last step precedes the first (of each representative period)

	PerStep    bool      // the shares are per step, whatever its hours
	Ups, Downs []float64 // one a tick, instead of Up and Down; NaN: none
}

// Commitment switches a unit: it runs within its bounds, or stands still. With
// Module the unit is a row of equal machines, and the status counts those
// online; the bound's Min and Max are shares of each.
type Commitment struct {
	Module  float64 // size of a machine, in units of Coef x size; 0: one machine of the whole size
	Relaxed bool    // the status may be a fraction
	Tight   bool    // Relaxed: further rows that cut fractions (one machine of a given size, starts as dear as stops)

	StandBy     Series // money per hour and machine online, class Variable
	Start, Stop Series // money per machine that starts, that stops, class Event

	MinUp, MinDown      int       // steps that it stays online, offline; 0: none
	Before              int       // n > 0: a machine online in the last n steps before the first, offline before; n < 0: offline for -n steps, online before; 0: offline for ever
	Cyclic              bool      // the last step precedes the first (of each representative period); Before is not read
	History             []float64 // machines online in the steps before the first, the nearest first, instead of Before; the last holds for all earlier ones
	RampStart, RampStop float64   // largest activity in the step of a start, before a stop, as a share of its size; NaN: the whole
	DownOf              float64   // machines of which MinDown speaks; 0: all
	Big                 float64   // no less than any activity, where the size of one machine may be built; 0: derived from the largest size
}

// Maintenance takes a share of a unit's size out of use, for some runs of
// neighbouring steps that the optimum chooses.
type Maintenance struct {
	Events int     // how many; they don't overlap
	Hours  float64 // length of each: the shortest run of steps of at least so many hours
	Share  float64 // of the size that is out of use; 1: all
}

// Window bounds the sum of an activity over any Hours consecutive hours:
// Min x Coef x size <= sum_t h_t a_t <= Max x Coef x size, Min and Max in
// full-load hours. -Inf, +Inf: no such side.
type Window struct {
	Hours    float64
	Min, Max float64
	Cyclic   bool
}

// Unit is an activity with any number of ports.
type Unit struct {
	Tag
	Grid    int32 // index into Clock.Grids: the step of its activity
	Bound   Bound
	Ports   []Port
	Costs   []Cost
	Ramp    *Ramp
	Windows []Window
	Fixed   *Series // given activity; NaN where free

	Quadratic   []Cost // money per hour and activity squared
	Curves      []PriceCurve
	PortCurves  []PortCurve
	Commitment  *Commitment
	Maintenance *Maintenance
	Alive       []bool // one a Period of the clock: in which it exists; nil: all
}

// End says how a store's level begins and ends.
type End uint8

// The ends of a store.
const (
	Cyclic End = iota // the level before the first step is the level after the last
	Given             // Initial before the first step; after the last at least Final (NaN: free)
	Valued            // Initial before the first step; what is left is worth Value a unit
)

// Store is an inventory on a bus: what flows into the bus and not out of it
// stays in the store. Its level at the end of a step of the bus's commodity
// is a column; the bus's balance row is its storage equation.
//
// Time jumps between representative periods and between investment periods. A
// store of a horizon of several investment periods begins and ends in each of
// them as its End says, or, with Carry, in all of them together: each period
// starts with the level that the one before it (in which the store exists)
// ended with.
type Store struct {
	Tag
	Bus                   int32
	Bound                 Bound   // of the level
	Loss                  float64 // share of the level lost an hour (standing loss)
	Inflow                Series  // rate into the store, from nature
	Spill                 bool    // the store may spill
	SpillMax              Series  // rate; Value +Inf for none
	SpillTo               []Port  // where the spilled rate goes, ratio per unit spilled (downstream)
	SpillCost             float64
	End                   End
	Initial, Final, Value float64
	Costs                 []Cost  // per unit of level and hour
	Fixed                 *Series // given level at the end of the step; NaN where free
	Carry                 bool
	Alive                 []bool // one a Period of the clock: in which it exists, and its inflow too; nil: all
}

// Route carries a commodity between two buses. Loss is the share lost on the
// way. Back > 0 allows the other direction; both directions together stay
// within the capacity.
type Route struct {
	Tag
	Grid     int32
	From, To int32
	Bound    Bound  // of the amount sent; Min must be 0
	Back     Series // share of the bound usable backwards; 0: one way
	Loss     float64
	Delay    float64
	Cyclic   bool
	Costs    []Cost // per unit sent, either way
	Uses     []Port // account ports per unit sent, either way
}

// Line is a passive branch of a grid: what flows through it follows from the
// angles at its ends,
//
//	X s = angle(From) - angle(To) - Shift        (rad)
//
// which is said by Kirchhoff's voltage law around every cycle of lines. Its
// flow s is positive from From to To; a series compensated line may have X < 0.
type Line struct {
	Tag
	Grid     int32
	From, To int32
	Bound    Bound   // of the flow, loss included; Min is negative where it carries both ways
	X        float64 // rad per unit of flow (reactance; resistance in a direct current grid); +Inf: in no cycle
	Shift    Series  // rad: of a phase shifting transformer
	ShiftMin float64 // rad: if below ShiftMax the shift is chosen in every step, and Shift is not read
	ShiftMax float64
	AngleMin float64 // rad: X s + shift, the angle between the ends, stays
	AngleMax float64 // within these; both 0: no limit, infinite: not on that side
	Loss     *LineLoss
	Alive    []bool // one a Period of the clock: in which it exists; nil: all
}

// LineLoss is the loss R s^2 of a line, half of it drawn at either end. A loss
// column stays above the tangents of the parabola at k/Tangents of the largest
// flow, k = 1 ... Tangents, or above the secants between the flows in Secants
// (from 0, rising), and below R times the largest flow squared.
type LineLoss struct {
	R        float64 // loss per flow squared
	Tangents int
	Secants  []float64
}

// Outage is the loss of a line that the grid must survive: the flows of the
// Monitored lines (nil: all lines joined to it) as they are after it stay
// within those lines' bounds.
type Outage struct {
	Line      int32
	Radial    bool // in a period in which nothing else joins its ends, its loss asks for nothing; else that is an error
	Monitored []int32
}

// Block is a step of a price curve.
type Block struct {
	Size  Series // rate
	Price Series // money per unit
}

// Demand takes a commodity from its bus.
type Demand struct {
	Tag
	Bus      int32
	Amount   Series  // rate that must be met, or shed
	ShedMax  float64 // largest share of Amount that may be shed; 0: none
	ShedCost float64 // money per unit shed
	Elastic  []Block // taken on top where its price is below what it is worth
}

// Trade buys into or sells out of a bus at its market.
type Trade struct {
	Tag
	Bus    int32
	Sell   bool
	Grid   int32
	Max    Series  // rate; +Inf for none
	Min    Series  // rate
	Bound  *Bound  // instead of Max and Min: the rate shares a capacity (a line)
	Price  Series  // money per unit, received if Sell
	Blocks []Block // further amounts at other prices, on top of Max
	Party  int32
	Also   []Port // account or other ports per unit traded (carbon of imports)
	Scopes []Total
}

// Span says over what a total is taken.
type Span uint8

// The spans of totals and limits.
const (
	EachStep Span = iota
	EachDay
	EachWeek
	EachMonth
	EachYear // the model's year (all periods of the year)
	Horizon
)

// Total bounds an amount over every span of a kind. Min and Max hold one
// value, or one a span (12 for months). -Inf, +Inf: no such side.
type Total struct {
	Span     Span
	Min, Max []float64
}

// Of says which quantity a limit's term takes.
type Of uint8

// What a Term may refer to; Index is the position in the Model's slice.
const (
	UnitActivity Of = iota // rate
	StoreLevel             // level at the end of each step
	StoreSpill             // rate
	RouteFlow              // rate sent, both ways
	DemandShed             // rate
	DemandServed           // Amount - shed + elastic, rate
	TradeRate              // rate, blocks included
	CapacitySize           // Existing + built; one number, no sum over time
	BusAccount             // everything that flows into an Account bus, rate, Uses of capacities included
	MoneyCost              // the money of class Index (Class), all of the model
	LineFlow               // rate, positive from From to To
)

// Term is one part of a limit's left-hand side.
type Term struct {
	Of    Of
	Index int32
	Coef  Series
}

// Limit is a linear row over any of the above: Min <= sum of terms <= Max in
// every span. In a Span longer than a step, rates are summed with the clock's
// amount weights into amounts; EachStep uses the finest grid among its terms
// and compares rates (levels as they are).
type Limit struct {
	Name     string
	Span     Span
	Terms    []Term
	Min, Max []float64 // one value, or one a span; -Inf, +Inf: none
	Soft     float64   // money per unit of violation; NaN: hard
}
