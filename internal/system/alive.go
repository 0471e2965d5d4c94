package system

import (
	"strconv"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// counts are how many primitives of each sort there are.
type counts struct{ capacities, units, stores, routes, lines, demands, trades int }

func (e *expander) count() counts {
	m := e.m
	return counts{len(m.Capacities), len(m.Units), len(m.Stores), len(m.Routes), len(m.Lines), len(m.Demands), len(m.Trades)}
}

// part tells the primitives of an asset, those after before, in which periods
// and in which scenario they are.
func (e *expander) part(a *Asset, before counts) {
	m := e.m
	var alive []bool
	if a.stands != nil {
		alive = e.alive(a)
	}
	scenario, own := e.scenario, int32(0) // what is built is there in all
	if a.future != "" {
		own = scenario
	}
	for i := before.capacities; i < len(m.Capacities); i++ {
		m.Capacities[i].Alive, m.Capacities[i].Scenario = alive, own
	}
	for i := before.units; i < len(m.Units); i++ {
		m.Units[i].Alive, m.Units[i].Scenario = alive, scenario
	}
	for i := before.stores; i < len(m.Stores); i++ {
		m.Stores[i].Alive, m.Stores[i].Scenario = alive, scenario
	}
	for i := before.lines; i < len(m.Lines); i++ {
		m.Lines[i].Alive, m.Lines[i].Scenario = alive, scenario
	}
	for i := before.routes; i < len(m.Routes); i++ {
		m.Routes[i].Scenario = scenario
	}
	for i := before.demands; i < len(m.Demands); i++ {
		m.Demands[i].Scenario = scenario
	}
	for i := before.trades; i < len(m.Trades); i++ {
		m.Trades[i].Scenario = scenario
	}
	if now := e.count(); alive != nil && (now.routes > before.routes || now.demands > before.demands || now.trades > before.trades) {
		e.fail(a, "stands", "conflict", "a %s can't come or go between periods; a series says when it is 0", a.Kind)
	}
}

// alive is the mask of the periods in which an asset stands, nil for all.
func (e *expander) alive(a *Asset) []bool {
	periods := e.Clock.Periods
	mask, all := make([]bool, len(periods)), true
	for i, p := range periods {
		year, err := strconv.Atoi(p.Name)
		if err != nil {
			e.fail(a, "stands", "missing", "the study has no investment periods, so that it stands or not; want periods:, or leave it out")
			return nil
		}
		mask[i] = a.stands.From <= year && year <= a.stands.Until
		all = all && mask[i]
	}
	if all {
		return nil
	}
	return mask
}

// outages are those that the study asks the grid to survive.
func (e *expander) outages() {
	line := func(path, name string) (int32, bool) {
		if asset, active := e.asset[name]; active {
			for i := range e.m.Lines {
				if e.m.Lines[i].Asset == asset {
					return int32(i), true
				}
			}
		}
		pos := e.tree.Find(path)
		e.problems = append(e.problems, attribute.Problem{
			File: pos.File, Line: pos.Line, Col: pos.Col, Code: "reference", Text: path + ": " + strconv.Quote(name) + " is no active line",
		})
		return 0, false
	}
	for i, o := range e.Outages {
		path := "outages." + strconv.Itoa(i)
		failed, ok := line(path, o.Line)
		out := primitive.Outage{Line: failed}
		for _, name := range o.Monitored {
			m, known := line(path, name)
			out.Monitored = append(out.Monitored, m)
			ok = ok && known
		}
		if ok {
			e.m.Outages = append(e.m.Outages, out)
		}
	}
}
