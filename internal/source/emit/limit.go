package emit

import (
	"math"
	"slices"
	"strconv"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// limits writes the limits, each with its unit.
func (e *emitter) limits() {
	n := mapOf()
	for i := range e.m.Limits {
		l := &e.m.Limits[i]
		id := e.id("limit", l.Name)
		unit := "MWh"
		switch {
		case l.Span == primitive.EachStep, l.Terms[0].Of == primitive.CapacitySize:
			unit = "MW"
		case l.Span != primitive.Horizon:
			e.refuse("limit %s: only limits of a step or of the horizon can be written", l.Name)
		}
		terms := list()
		for k := range l.Terms {
			terms.Items = append(terms.Items, e.term(id, k, &l.Terms[k], unit))
		}
		keys := []attribute.Key{said("span", "horizon"), said("unit", unit), key("terms", terms)}
		if l.Span == primitive.EachStep {
			keys[0] = said("span", "step")
		}
		some := false
		for _, side := range []struct {
			name string
			v    []float64
		}{{"min", l.Min}, {"max", l.Max}} {
			finite := slices.ContainsFunc(side.v, func(v float64) bool { return !math.IsInf(v, 0) })
			if !finite {
				continue
			}
			some = true
			if len(side.v) == 1 {
				keys = append(keys, said(side.name, quantity(side.v[0], unit)))
				continue
			}
			s := primitive.Series{Data: slices.Clone(side.v)}
			for t, v := range s.Data {
				if math.IsInf(v, 0) {
					s.Data[t] = math.NaN()
				}
			}
			keys = append(keys, key(side.name, e.value("limit-"+side.name, id, s, unit)))
		}
		if !math.IsNaN(l.Soft) {
			keys = append(keys, said("soft", quantity(l.Soft, e.money("/"+unit))))
		}
		if some { // without bounds it says nothing
			n.Keys = append(n.Keys, key(id, mapOf(keys...)))
		}
	}
	if len(n.Keys) > 0 {
		e.root = append(e.root, key("limits", n))
	}
}

// term writes one term of a limit in a unit.
func (e *emitter) term(id string, k int, t *primitive.Term, unit string) *attribute.Node {
	coef := "1"
	var keys []attribute.Key
	switch t.Of {
	case primitive.UnitActivity:
		keys = append(keys, said("asset", e.units[t.Index]), said("activity", ""))
	case primitive.LineFlow:
		keys = append(keys, said("asset", e.lines[t.Index]), said("sent", ""))
	case primitive.StoreLevel:
		keys = append(keys, said("asset", e.stores[t.Index]), said("level", ""))
		coef = "1/h"
	case primitive.CapacitySize:
		asset, size := e.sizes[t.Index], e.m.Capacities[t.Index].Unit
		if asset == "" {
			asset = e.owner(t.Index)
		}
		keys = append(keys, said("asset", asset), said("capacity", ""))
		if size == "MWh" {
			coef = "1/h"
		}
	default:
		e.refuse("limit %s sums what can't be written", id)
		return mapOf()
	}
	if coef != "1" || !constant(t.Coef, 1) {
		keys = append(keys, key("coef", e.value("limit-coef", id+"-"+strconv.Itoa(k+1), t.Coef, coef)))
	}
	return mapOf(keys...)
}

// owner is the asset that has a capacity for itself.
func (e *emitter) owner(c int32) string {
	for i := range e.m.Units {
		if e.m.Units[i].Bound.Capacity == c {
			return e.units[i]
		}
	}
	for i := range e.m.Stores {
		if e.m.Stores[i].Bound.Capacity == c {
			return e.stores[i]
		}
	}
	for i := range e.m.Lines {
		if e.m.Lines[i].Bound.Capacity == c {
			return e.lines[i]
		}
	}
	return ""
}
