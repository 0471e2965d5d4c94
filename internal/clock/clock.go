// Package clock holds the time of a study: its ticks, the grids of steps on
// which commodities balance, the weights of each step, and representative
// periods.
//
// What enters: the study's first day, offset from UTC, years or
// representative periods, and the steps its commodities ask for. What leaves:
// a Clock, which the formulation and the accounts read and nobody changes.
//
// A tick is the finest step (an hour in a workspace, a snapshot in an imported
// network). Series have one value a tick. Grid 0 is the grid of ticks.
//
// # The year
//
// In every conversion 1 a = 8,760 h. The model's year is the calendar year of
// the study: 8,760 h, or 8,784 h in a leap year, whose 29 February is modelled
// like any day. A weather year that lacks the day has it repeated from the
// 28th, one that has it where the study's year does not has it dropped
// (package series does both and says so). A limit per year means the model's
// year, whatever its length.
//
// # Less than a year
//
// A study of a month stands for itself: its objective is the money of that
// month, its amounts are the month's. Capital and fixed costs are money per
// year, so only the month's share of them counts: Period.Share is hours/8,760,
// and exactly 1 (2, 3 ...) where the study covers whole calendar years.
//
// # Steps
//
// Days begin at midnight of the study's fixed offset. Weeks are 7 days from the
// study's first day; the last one is shorter where the days do not divide by 7
// (1 day in a year of 365). Months and years are the calendar's, cut at the
// ends of the study. Grids are made for the steps in use, from fine to coarse.
package clock

import "time"

// Unit of a step.
type Unit uint8

// The steps a commodity may have.
const (
	Hour Unit = iota
	Day
	Week // 7 days from the study's first day
	Month
	Year
)

// Step is a whole number of hours, or one day, week, calendar month or year.
type Step struct {
	N    int
	Unit Unit
}

// Grid is one partition of the ticks into steps.
type Grid struct {
	Step  Step
	First []int32 // len n+1: first tick of each step; the last entry is Ticks()

	Hours  []float64 // length of each step, in store balances and rates
	Cost   []float64 // weight of a rate's money: hours x frequency x period's cost weight
	Amount []float64 // weight of a rate's amount in limits and accounts: hours x frequency, a year's worth
	Event  []float64 // weight of an event (a start): frequency x period's cost weight

	// Prev is the step before each step within its chain, or None: the first
	// of the horizon and of each representative period has None.
	Prev []int32
	// Last is, for each step with Prev None, the last step of the same chain,
	// which precedes it if the chain is cyclic; None elsewhere.
	Last []int32
}

// None is the index of no step.
const None int32 = -1

// Len returns the number of steps.
func (g *Grid) Len() int { return len(g.Hours) }

// Period is an investment period. A study of one year has one, with weights 1.
type Period struct {
	Name                string
	Cost                float64 // D_p
	Years               float64 // that it stands for; Share where there is one period
	FirstTick, LastTick int32   // [first, last)

	// Share is the part of a year that its ticks cover, frequencies included:
	// 1 for a whole year, 744/8760 for a month of 31 days, 2 for two years in
	// one horizon. Money per year (annuities, fixed cost, Sunk) is multiplied
	// by CapitalWeight, which has it. 0 is read as 1.
	Share float64

	// Mean is, of a horizon of several calendar years that each stand for some,
	// the part of this one in the mean year of all of them: its Years over their
	// sum. Amount weights are those of the mean year, so that they sum to a year;
	// limits by the year or shorter hold in each year by itself. 0: amount weights
	// are as they are.
	Mean float64
}

// Amounts are the hours that each tick stands for in the years of its own period
// (of the mean year they are Mean of it), and how many years all periods stand
// for; years is 0 where amount weights are as they are.
func (c *Clock) Amounts() (own []float64, years float64) {
	all := c.Grids[0].Amount
	if c.Periods[0].Mean == 0 {
		return all, 0
	}
	own = make([]float64, len(all))
	for _, p := range c.Periods {
		years += p.Years
		for t := p.FirstTick; t < p.LastTick; t++ {
			own[t] = all[t] / p.Mean
		}
	}
	return own, years
}

// CapitalWeight is the weight of money per year: Cost x Share.
func (p *Period) CapitalWeight() float64 {
	if p.Share == 0 {
		return p.Cost
	}
	return p.Cost * p.Share
}

// Chain is a run of ticks in which time flows without a jump: the whole
// horizon, or one representative period.
type Chain struct {
	FirstTick, LastTick int32   // [first, last)
	Frequency           float64 // how many original periods it stands for; 1 for the whole horizon
}

// Clock is the time of a study.
type Clock struct {
	Start   time.Time   // of the first tick, with the study's offset
	Stamps  []time.Time // of every tick; in representative periods those of the original
	Hours   []float64   // of every tick
	Grids   []Grid      // Grids[0] is the ticks
	Periods []Period
	Chains  []Chain

	// Sequence is nil for a full horizon. With representative periods it gives
	// for each original period, in order, the chain that stands for it; stores
	// are linked across it.
	Sequence []int32
	// OriginalHours is the length of one original period in Sequence.
	OriginalHours float64
	// Original is nil for a full horizon. With representative periods it gives
	// for each tick the tick of the full horizon that it is a copy of.
	Original []int32

	// Notes are what the run has to say about its time (a leap day, a short
	// last week), a sentence each.
	Notes []string
}

// Ticks returns the number of ticks.
func (c *Clock) Ticks() int { return len(c.Hours) }
