package system

import (
	"fmt"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/kind"
)

// changes reads the events of a study: what attributes become, and when. Each
// must touch the study's time.
func (l *loader) changes(w *workspace, c *clock.Clock) []*attribute.Change {
	var all []*attribute.Change
	if c == nil {
		return nil
	}
	if len(w.Events) > 0 && w.Representative != nil {
		l.fail("events", "representative", "a disruption happens once, and representative periods stand for many; take representative out, or the events")
		return nil
	}
	zone := c.Start.Location()
	end := c.Stamps[len(c.Stamps)-1].Add(time.Hour)
	for i := range w.Events {
		v := &w.Events[i]
		path := "events." + v.ID
		e := Event{ID: v.ID, Source: v.Source, Note: v.Note, From: midnight(v.From, zone)}
		switch {
		case v.From.IsZero(): // told
			continue
		case v.For > 0 == !v.To.IsZero():
			l.fail(path, "event-time", "want either for or to, such as for: 42 d")
			continue
		case v.For > 0:
			e.Until = e.From.Add(time.Duration(v.For * float64(time.Hour)))
		default:
			e.Until = midnight(v.To, zone).AddDate(0, 0, 1)
		}
		if !e.From.Before(e.Until) || !e.From.Before(end) || !c.Start.Before(e.Until) {
			l.fail(path, "event-time", "it lasts from %s to %s, and the study from %s to %s; want days of the study, the first one first",
				day(e.From), day(e.Until.Add(-time.Hour)), day(c.Start), day(end.Add(-time.Hour)))
			continue
		}
		set := v.Set.node
		if set == nil { // told
			continue
		}
		if set.Kind != attribute.Map || len(set.Keys) == 0 {
			l.fail(path+".set", "node-kind", "read %s, want a map of paths, such as {assets.gate.capacity: 0}", set.Brief())
			continue
		}
		for j := range set.Keys {
			k := &set.Keys[j]
			n := k.Value
			if n == nil {
				n = &attribute.Node{Pos: k.Pos}
			}
			all = append(all, &attribute.Change{By: path, Path: k.Name, Node: n, Pos: k.Pos, From: e.From, Until: e.Until})
			e.Changes = append(e.Changes, Changed{k.Name, l.written(k.Name), n.Brief()})
		}
		l.s.Events = append(l.s.Events, e)
	}
	return all
}

// written is what the tree holds at a path of an event, else the default of
// the asset's kind; "" where there is neither.
func (l *loader) written(path string) string {
	names := strings.Split(strings.TrimSuffix(path, ".scale"), ".")
	n := l.tree
	for _, name := range names {
		n = n.Get(name)
	}
	if v := n.Get("value"); v != nil {
		n = v
	}
	if n != nil {
		return n.Brief()
	}
	if len(names) < 3 || names[0] != "assets" {
		return ""
	}
	k := l.tree.Get("assets").Get(names[1]).Get("kind")
	if k == nil {
		return ""
	}
	spec, ok := kind.Find(k.Text)
	if !ok { // told
		return ""
	}
	for _, line := range attribute.Lines(attribute.Table(spec.New())) {
		if line.Path == strings.Join(names[2:], ".") {
			return line.Default
		}
	}
	return ""
}

func midnight(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// unmet tells changes whose path led to no attribute.
func (l *loader) unmet(c *attribute.Context) {
	for _, v := range c.Changes {
		if v.Used {
			continue
		}
		tell := func(format string, a ...any) {
			l.problems = append(l.problems, attribute.Problem{
				File: v.Pos.File, Line: v.Pos.Line, Col: v.Pos.Col, Code: "unknown-path",
				Text: v.By + ".set: " + v.Path + ": " + fmt.Sprintf(format, a...),
			})
		}
		section, rest, _ := strings.Cut(v.Path, ".")
		id, attr, _ := strings.Cut(rest, ".")
		if section != "assets" {
			tell("an event changes assets.ID.attribute or the price of an account, commodities.ID.price")
			continue
		}
		asset := l.named(id)
		if asset == nil {
			tell("no asset is named %q; %s", id, attribute.Fit(id, c.IDs["asset"]))
			continue
		}
		spec, ok := kind.Find(asset.Kind)
		if !ok { // told
			continue
		}
		var fit []string
		for _, line := range attribute.Lines(attribute.Table(spec.New())) {
			if line.Type == attribute.Curve {
				fit = append(fit, line.Path)
			}
		}
		tell("a %s has no %q that could change; %s", asset.Kind, attr, attribute.Fit(attr, fit))
	}
}

func (l *loader) named(id string) *Asset {
	for i := range l.s.Assets {
		if l.s.Assets[i].ID == id {
			return &l.s.Assets[i]
		}
	}
	return nil
}

// String tells an event in a sentence.
func (e *Event) String() string {
	var all []string
	for _, c := range e.Changes {
		all = append(all, c.Path+" becomes "+c.Text)
	}
	text := fmt.Sprintf("Event %s, %s to %s: %s.", e.ID, day(e.From), day(e.Until.Add(-time.Nanosecond)), strings.Join(all, ", "))
	if e.Note != "" {
		text += " " + e.Note
	}
	return text
}
