package explain

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
	"example.org/busbar/internal/unit"
)

// names speaks of a system in its planner's words. s may be nil: then ids
// stand alone.
type names struct {
	s      *system.System
	m      *primitive.Model
	assets map[string]string
	places map[string]string
}

func newNames(s *system.System, m *primitive.Model) *names {
	n := &names{s: s, m: m, assets: map[string]string{}, places: map[string]string{}}
	if s == nil {
		return n
	}
	for i := range s.Assets {
		n.assets[s.Assets[i].ID] = s.Assets[i].Name
	}
	for i := range s.Places {
		n.places[s.Places[i].ID] = s.Places[i].Name
	}
	return n
}

// both is a name with its id: "Northern wind (wind)"; the id where there is
// no other name.
func both(name, id string) string {
	if name == "" || name == id {
		return id
	}
	return name + " (" + id + ")"
}

// asset is a part of an asset: "Batteries (battery.power)".
func (n *names) asset(t primitive.Tag) string {
	if t.Asset < 0 || int(t.Asset) >= len(n.m.Assets) {
		return t.Part
	}
	id := n.m.Assets[t.Asset].Name
	name := n.assets[id]
	if t.Part != "" {
		id += "." + t.Part
	}
	return both(name, id)
}

// place is a bus's place, or the asset whose inside it is.
func (n *names) place(bus int32) string {
	b := &n.m.Buses[bus]
	if b.Asset != primitive.None {
		return both(n.assets[n.m.Assets[b.Asset].Name], b.Name)
	}
	if b.Place == "" {
		return n.m.Commodities[b.Commodity].Name
	}
	return both(n.places[b.Place], b.Place)
}

// goods is what a bus balances: its commodity, or what the unit of a private
// bus tells.
func (n *names) goods(bus int32) string {
	b := &n.m.Buses[bus]
	c := &n.m.Commodities[b.Commodity]
	if b.Asset == primitive.None {
		return c.Name
	}
	switch c.Unit {
	case "Mm3", "m3":
		return "water"
	case "MWh":
		return "energy"
	}
	return c.Name[strings.LastIndexByte(c.Name, '.')+1:]
}

// limit is a planner's limit, or one that a kind wrote for its asset
// (potlines.capacity).
func (n *names) limit(name string) string {
	asset, what, found := strings.Cut(name, ".")
	if own, ok := n.assets[asset]; found && ok {
		return both(own, asset) + ": " + strings.ReplaceAll(what, "_", " ")
	}
	return "limit " + name
}

// planners tells a planner's limits from those that a kind wrote for its asset.
// With no system all are the planner's.
func (n *names) planners() []bool {
	own := map[string]bool{}
	if n.s != nil {
		for i := range n.s.Limits {
			own[n.s.Limits[i].ID] = true
		}
	}
	all := make([]bool, len(n.m.Limits))
	for i := range all {
		all[i] = n.s == nil || own[n.m.Limits[i].Name]
	}
	return all
}

// unitOf is the unit of an amount at a bus.
func (n *names) unitOf(bus int32) string { return n.m.Commodities[n.m.Buses[bus].Commodity].Unit }

// rate writes a rate of an amount's unit as a planner would: MW, m3/s, t/d.
func rate(v float64, amount string, step clock.Step) string {
	switch {
	case amount == "MWh":
		return quantity(v, "MW")
	case amount == "Mm3":
		return quantity(v*1e6/3600, "m3/s")
	case step.Unit == clock.Day:
		return quantity(v*24, amount+"/d")
	}
	return quantity(v, amount+"/h")
}

// quantity writes a number of a unit with three digits and a fitting prefix.
func quantity(v float64, text string) string {
	if math.Abs(v) < 1e-9 {
		v = 0
	}
	if u, err := unit.Parse(text); err == nil && text != "" {
		return unit.FormatQuantity(v, u)
	}
	if text == "" || text == "1" {
		return number(v)
	}
	return number(v) + " " + text
}

// number writes a number with three digits, more where it is large.
func number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsInf(v, 0) || math.IsNaN(v):
		return "no"
	case a >= 100:
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	case a < 1e-9:
		return "0"
	default:
		r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
		return strconv.FormatFloat(r, 'f', -1, 64)
	}
}

// price writes money per unit with two decimals.
func price(v float64) string { return strconv.FormatFloat(v+0, 'f', 2, 64) }

// percent writes a share.
func percent(v float64) string { return number(100*v) + " %" }

// list joins words: "a, b and c".
func list(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// some joins the first few of many.
func some(words []string, most int) string {
	if len(words) <= most {
		return list(words)
	}
	return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", len(words)-most)
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// times counts steps of a grid in the planner's units of time: hours of an
// hourly grid, days, weeks, months; with representative periods what they
// stand for in the year.
func times(c *clock.Clock, grid int32, steps []int32) string {
	if grid < 0 {
		return plural(len(steps), "span")
	}
	g := &c.Grids[grid]
	if len(steps) == g.Len() && len(steps) > 1 {
		return "every " + word(g.Step)
	}
	if c.Sequence == nil && (g.Step.N == 1 || g.Step.Unit != clock.Hour) {
		return plural(len(steps), word(g.Step))
	}
	hours, length := 0.0, 1.0
	for _, t := range steps {
		hours += g.Amount[t]
	}
	name := "hour"
	if g.Step.Unit == clock.Day || g.Step.Unit == clock.Week {
		length, name = 24, "day"
	}
	return plural(int(math.Round(hours/length)), name)
}

func word(s clock.Step) string {
	w := [...]string{"hour", "day", "week", "month", "year"}[min(int(s.Unit), 4)]
	if s.N > 1 {
		return fmt.Sprintf("step of %d %ss", s.N, w)
	}
	return w
}

// at writes the label of a step: "2030-04-11 19:00".
func at(label string) string { return strings.Replace(label, "T", " ", 1) }

// spans writes labels of spans with neighbours run together: "January to April
// and December", "2030-04-11 to 2030-04-13". all is how many there are.
func spans(labels []string, all int) string {
	if len(labels) == all && all > 1 {
		return "every " + spanWord(labels[0])
	}
	var out []string
	for i := 0; i < len(labels); {
		j := i
		for j+1 < len(labels) && follows(labels[j], labels[j+1]) {
			j++
		}
		switch {
		case j == i:
			out = append(out, spanName(labels[i]))
		case j == i+1:
			out = append(out, spanName(labels[i]), spanName(labels[j]))
		default:
			out = append(out, spanName(labels[i])+" to "+spanName(labels[j]))
		}
		i = j + 1
	}
	return some(out, 4)
}

func spanWord(label string) string {
	switch len(label) {
	case len("2030"):
		return "year"
	case len("2030-04"):
		return "month"
	case len("2030-04-11"):
		return "day"
	}
	return "span"
}

// spanName is a month by its name, anything else as it is labelled.
func spanName(label string) string {
	if t, err := time.Parse("2006-01", label); err == nil {
		return t.Format("January")
	}
	return at(label)
}

// follows reports whether a label is that of the next month or day.
func follows(a, b string) bool {
	for _, layout := range []string{"2006-01", "2006-01-02"} {
		from, err := time.Parse(layout, a)
		to, bad := time.Parse(layout, b)
		if err != nil || bad != nil {
			continue
		}
		if len(a) == len("2006-01") {
			return from.AddDate(0, 1, 0).Equal(to)
		}
		return from.AddDate(0, 0, 1).Equal(to)
	}
	return false
}

// fit says which name was meant, or which there are.
func fit(read string, all []string) string { return attribute.Fit(read, all) }

// Number is a number that may be absent: NaN and infinities are null in JSON.
type Number float64

// MarshalJSON writes null for what is no finite number.
func (n Number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(v)
}

// Known reports whether there is a number.
func (n Number) Known() bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }
