package attribute

import (
	"math"
	"reflect"
	"strings"
	"time"

	"example.org/busbar/internal/primitive"
)

// Change is what an attribute becomes for a part of the time. Only an attribute
// that may be a series can change.
type Change struct {
	By          string // who says so, for texts: "events.border_closed"
	Path        string // "assets.gate.availability"; with ".scale" behind it, Node multiplies
	Node        *Node  // the value: a quantity, a series or twelve months
	Pos         Pos    // where Path is written
	From, Until time.Time
	Used        bool // an attribute was met that it is about
}

// of tells whether a change is about the attribute at a path, and whether it
// multiplies.
func (c *Change) of(path string) (is, scale bool) {
	scale = c.Path == path+".scale"
	return scale || c.Path == path || c.Path == path+".value", scale
}

// changed lays the changes of the present attribute over its value, in their
// order: from each From to its Until the value is the change's, or its multiple.
func (d *decoder) changed(a *Attribute, into *Value) {
	for _, c := range d.Changes {
		is, scale := c.of(d.path)
		if !is {
			continue
		}
		c.Used = true
		if d.Clock == nil || into.Data == nil && math.IsNaN(into.Value) {
			continue
		}
		as := *a
		if scale {
			as = Attribute{Unit: "1", Min: "0"}
		}
		var v Value
		reset(reflect.ValueOf(&v).Elem())
		path, preset, found := d.path, d.preset, len(d.Problems)
		d.path, d.preset = c.By+".set."+c.Path, ""
		d.written(c.Node, &as, &v)
		data := make([]float64, d.Clock.Ticks())
		low, high := math.Inf(-1), math.Inf(1)
		if u, ok := d.unit(a.Unit); ok {
			low, high = d.bounds(a, u)
		}
		for t := range data {
			data[t] = into.At(t)
			if at := d.Clock.Stamps[t]; at.Before(c.From) || !at.Before(c.Until) {
				continue
			}
			data[t] = v.At(t)
			if scale {
				data[t] *= into.At(t)
			}
			if out := data[t] < low || data[t] > high; out && len(d.Problems) == found {
				d.problem(c.Node.Pos, "range", "it becomes %s, want %s", trim(data[t]), d.span(trim(data[t]), a))
			}
		}
		d.path, d.preset = path, preset
		if len(d.Problems) == found {
			into.Series = primitive.Series{Data: data}
		}
	}
}

// unchangeable tells where a change is about an attribute that can't change, or
// that nobody has written.
func (d *decoder) unchangeable(a *Attribute, written bool) {
	if a.Type == Curve && written || a.Type == Group {
		return
	}
	for _, c := range d.Changes {
		if is, _ := c.of(d.path); !is || c.Used {
			continue
		}
		c.Used = true
		if a.Type == Curve {
			d.Context.Problem(c.Pos, "event-attribute", "%s.set: %s is not written, so there is nothing to come back to; give it a value for the rest of the time", c.By, d.path)
			continue
		}
		var fit []string
		for _, t := range d.scopes[len(d.scopes)-1].targets {
			for i := range t.table.Of {
				if t.table.Of[i].Type == Curve {
					fit = append(fit, t.table.Of[i].Key)
				}
			}
		}
		text := "here nothing can"
		if fit != nil {
			text = "here " + strings.Join(fit, ", ") + " can"
		}
		d.Context.Problem(c.Pos, "event-attribute", "%s.set: %s is one %s for all of the study and can't change for a time; %s", c.By, d.path, a.Type, text)
	}
}
