package system

import (
	"fmt"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

// Expand turns every active asset into primitives, in the order of the
// workspace, and then the limits. The model holds nothing if there are
// problems, here or in Load. What it assumes on the way joins the System's
// notes.
//
// After problems in Load it still looks for more in the assets that are sound,
// if all outside them is, so that a planner sees them in one go.
func Expand(s *System) (*primitive.Model, []attribute.Problem) {
	if s.unsound {
		return &primitive.Model{Clock: s.Clock}, nil
	}
	e := &expander{
		System: s,
		m:      &primitive.Model{Clock: s.Clock},
		bus:    map[place]int32{},
		inside: map[place]int32{},
		asset:  map[string]int32{},
	}
	for _, c := range s.Commodities {
		e.m.Commodities = append(e.m.Commodities, primitive.Commodity{
			Name: c.ID, Unit: c.Unit, Grid: s.Clock.Grid(c.Step), Balance: c.Balance,
		})
	}
	for _, p := range s.Parties {
		e.m.Parties = append(e.m.Parties, p.ID)
	}
	for i := range s.Assets {
		a := &s.Assets[i]
		if a.Active && a.Spec != nil {
			e.asset[a.ID] = int32(len(e.m.Assets))
			e.of = append(e.of, a)
			e.m.Assets = append(e.m.Assets, primitive.Asset{Name: a.ID, Kind: a.Kind, Place: a.Place})
		}
	}
	e.m.Scenarios, e.m.Risk = s.Scenarios, s.Risk
	e.done, e.sizes = make([]bool, len(e.of)), make([][]int32, len(e.of))
	for k := range max(1, len(s.Scenarios)) {
		if len(s.Scenarios) > 0 {
			e.scenario, e.future = int32(k+1), s.Scenarios[k].Name
			clear(e.bus)
			clear(e.inside)
			clear(e.done)
		}
		for i, a := range e.of {
			if a.future == "" || a.future == e.future {
				e.expand(int32(i))
			}
		}
	}
	e.strangers()
	e.outages()
	e.alternative()
	whole := len(e.problems) == 0 && !s.faulty
	if whole {
		e.finite()
		e.steps()
		e.balances()
		e.loops()
		e.windows()
	}
	e.limits()
	if !whole { // a limit may miss what an asset could not add
		e.problems = slices.DeleteFunc(e.problems, func(p attribute.Problem) bool {
			return p.Code == "limit-empty" || p.Code == "limit-part"
		})
	}
	attribute.Sort(e.problems)
	if len(e.problems) > 0 || s.faulty {
		return &primitive.Model{Clock: s.Clock}, e.problems
	}
	return e.m, nil
}

// place is a commodity (or the name of a private bus) and where it is (or the
// asset that has it).
type place struct{ what, where string }

// in is the name of a bus in the scenario at hand.
func (e *expander) in(name string) string {
	if e.future == "" {
		return name
	}
	return e.future + "|" + name
}

type expander struct {
	*System
	m        *primitive.Model
	of       []*Asset  // by index in the model
	done     []bool    // expanded in the scenario at hand, or about to be
	sizes    [][]int32 // capacities that each asset made
	scenario int32     // at hand; 0: there are none
	future   string    // its name
	ofBus    []int32   // scenario of each bus
	asset    map[string]int32
	bus      map[place]int32
	inside   map[place]int32
	problems []attribute.Problem
}

// fail adds a problem at a field of an asset.
func (e *expander) fail(a *Asset, field, code, format string, args ...any) {
	path := "assets." + a.ID
	if field != "" {
		path += "." + field
	}
	pos := a.Pos
	if field != "" && a.node.Get(firstKey(field)) != nil {
		pos = a.node.Find(field)
	}
	e.problems = append(e.problems, attribute.Problem{
		File: pos.File, Line: pos.Line, Col: pos.Col, Code: code, Text: path + ": " + fmt.Sprintf(format, args...),
	})
}

// expand adds an asset's primitives, once.
func (e *expander) expand(index int32) {
	a := e.of[index]
	if e.done[index] || a.faulty {
		return
	}
	e.done[index] = true
	if a.Kind == "capacity" && e.sizes[index] != nil { // one for all scenarios
		return
	}
	x := &kind.Expansion{
		Env:   kind.Env{Clock: e.Clock, Discount: e.Discount, Year: e.Study.Year},
		Model: e.m, Asset: index, Name: a.ID, Place: a.Place,
		FindBus: func(commodity, where string) (int32, bool) { return e.findBus(a, commodity, where) },
		Private: func(asset, name, unit string) (int32, bool) { return e.private(a, asset, name, unit) },
		Party:   e.party,
		Shared:  e.shared,
		Fail:    func(field, code, text string) { e.fail(a, field, code, "%s", text) },

		Scenario: e.future, Built: e.sizes[index],
	}
	before := e.count()
	a.Spec.Expand(x)
	e.part(a, before)
	if e.sizes[index] == nil {
		e.sizes[index] = []int32{}
		for i := before.capacities; i < len(e.m.Capacities); i++ {
			if e.m.Capacities[i].Asset == index {
				e.sizes[index] = append(e.sizes[index], int32(i))
			}
		}
	}
}

// strangers refuses scenarios that the study does not have.
func (e *expander) strangers() {
	for _, a := range e.of {
		if a.future == "" || slices.ContainsFunc(e.m.Scenarios, func(s primitive.Scenario) bool { return s.Name == a.future }) {
			continue
		}
		var names []string
		for _, s := range e.m.Scenarios {
			names = append(names, s.Name)
		}
		e.fail(a, "scenario", "unknown-scenario", "no scenario is named %q; %s", a.future, attribute.Fit(a.future, names))
	}
}

// shared answers an expansion: the capacity of an asset of that kind, which is
// expanded first.
func (e *expander) shared(name string) (int32, bool) {
	index, ok := e.asset[name]
	if !ok || e.of[index].Kind != "capacity" || e.of[index].faulty {
		return primitive.None, false
	}
	e.expand(index)
	for i := range e.m.Capacities {
		if e.m.Capacities[i].Asset == index {
			return int32(i), true
		}
	}
	return primitive.None, false
}

func (e *expander) party(name string) int32 {
	for i, p := range e.m.Parties {
		if p == name {
			return int32(i)
		}
	}
	return primitive.None
}

// findBus answers an expansion. A commodity that needs a place and has none
// still gets a bus, so that the expansion can go on; the problem is told.
func (e *expander) findBus(a *Asset, commodity, where string) (int32, bool) {
	key := place{commodity, where}
	if b, ok := e.bus[key]; ok {
		return b, true
	}
	var c *Commodity
	var index int32
	for i := range e.Commodities {
		if e.Commodities[i].ID == commodity {
			c, index = &e.Commodities[i], int32(i)
		}
	}
	if c == nil {
		return primitive.None, false
	}
	name := commodity
	switch {
	case where != "":
		name += "@" + where
		if e.place(where) == nil {
			e.fail(a, "", "unknown-place", "no place is named %q; %s", where, attribute.Fit(where, e.placeIDs()))
		}
	case c.Balance != primitive.Account:
		e.fail(a, "", "asset-place", "a %s needs a place for its %s; add at:, %s", a.Kind, commodity, attribute.Fit("", e.placeIDs()))
	}
	bus := primitive.Bus{Name: e.in(name), Commodity: index, Asset: primitive.None, Place: where}
	if c.Balance == primitive.Account && c.Price.Given {
		bus.Price = c.Price.Series
	}
	b := int32(len(e.m.Buses))
	e.m.Buses = append(e.m.Buses, bus)
	e.bus[key] = b
	e.ofBus = append(e.ofBus, e.scenario)
	return b, true
}

// private answers an expansion: a bus inside any asset of the study, hourly
// and exact.
func (e *expander) private(by *Asset, asset, name, unit string) (int32, bool) {
	owner, ok := e.asset[asset]
	if !ok {
		return primitive.None, false
	}
	key := place{name, asset}
	if b, ok := e.inside[key]; ok {
		if was := e.m.Commodities[e.m.Buses[b].Commodity].Unit; was != unit {
			e.fail(by, "", "private-bus", "%s of %s is in %s and in %s at once", name, asset, was, unit)
		}
		return b, true
	}
	full := e.in(asset + "." + name)
	e.m.Commodities = append(e.m.Commodities, primitive.Commodity{
		Name: full, Unit: unit, Grid: e.Clock.Grid(clock.Hourly), Balance: primitive.Exact,
	})
	b := int32(len(e.m.Buses))
	e.m.Buses = append(e.m.Buses, primitive.Bus{Name: full, Commodity: int32(len(e.m.Commodities) - 1), Asset: owner})
	e.inside[key] = b
	e.ofBus = append(e.ofBus, e.scenario)
	return b, true
}

func (s *System) place(id string) *Place {
	for i := range s.Places {
		if s.Places[i].ID == id {
			return &s.Places[i]
		}
	}
	return nil
}

func (s *System) placeIDs() []string {
	var ids []string
	for _, p := range s.Places {
		ids = append(ids, p.ID)
	}
	return ids
}

func firstKey(path string) string {
	head, _, _ := strings.Cut(path, ".")
	return head
}
