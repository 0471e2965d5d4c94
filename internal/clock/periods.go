package clock

import (
	"fmt"
	"strconv"
	"time"
)

// several makes the clock of investment periods that a calendar year each stands
// for: one chain a year, whose hours cost what the period weighs. A store, a ramp
// and a delay begin anew in each.
func several(spec Spec, zone *time.Location) (*Clock, error) {
	if spec.Year != 0 || !spec.From.IsZero() || !spec.To.IsZero() {
		return nil, fault("horizon", "periods say which years are modelled; want either them or years and days")
	}
	if spec.Representative != nil {
		return nil, fault("horizon", "periods are modelled hour by hour for now; want either them or representative periods")
	}
	steps, err := gridSteps(spec.Steps)
	if err != nil {
		return nil, err
	}
	c := &Clock{}
	years := 0.0
	for _, p := range spec.Periods {
		years += p.Years
	}
	last := 0
	for _, p := range spec.Periods {
		year, err := strconv.Atoi(p.Name)
		if err != nil || year < 1 || year > 9998 || year <= last {
			return nil, fault("horizon", "period %q: rising years fit, such as 2030 and 2040", p.Name)
		}
		if last = year; !(p.Years > 0) {
			return nil, fault("horizon", "period %d stands for %g years; want more than 0", year, p.Years)
		}
		start := time.Date(year, 1, 1, 0, 0, 0, 0, zone)
		end := time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)
		first := int32(len(c.Stamps))
		for at := start; at.Before(end); at = at.Add(time.Hour) {
			c.Stamps, c.Hours = append(c.Stamps, at), append(c.Hours, 1)
		}
		ticks := int32(len(c.Stamps))
		c.Chains = append(c.Chains, Chain{FirstTick: first, LastTick: ticks, Frequency: 1})
		c.Periods = append(c.Periods, Period{
			Name: p.Name, Cost: p.Cost, Years: p.Years, Share: 1, Mean: p.Years / years, FirstTick: first, LastTick: ticks,
		})
		c.note(start, end, steps)
	}
	c.Start = c.Stamps[0]
	for _, s := range steps {
		c.Grids = append(c.Grids, c.grid(s))
	}
	c.Notes = append(c.Notes, fmt.Sprintf("%d years are modelled and stand for %g: amounts in the tables are those of their mean year, money is the worth of all years in the base year; limits by the year hold in each.", len(c.Periods), years))
	return c, nil
}
