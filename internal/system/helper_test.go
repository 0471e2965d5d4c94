package system_test

import (
	"fmt"
	"slices"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

// text writes a model with its series in full, NaN as NaN.
func text(m *primitive.Model) string {
	c := *m
	c.Clock = &clock.Clock{}
	return fmt.Sprintf("%+v", deref(&c))
}

// deref lists a model's parts, pointers followed.
func deref(m *primitive.Model) []string {
	var all []string
	add := func(v any) { all = append(all, fmt.Sprintf("%+v", v)) }
	for _, v := range m.Commodities {
		add(v)
	}
	for _, v := range m.Buses {
		add(v)
	}
	for _, v := range m.Capacities {
		add(v)
	}
	for _, v := range m.Units {
		ramp, fixed := v.Ramp, v.Fixed
		v.Ramp, v.Fixed = nil, nil
		add(v)
		if ramp != nil {
			add(*ramp)
		}
		if fixed != nil {
			add(*fixed)
		}
	}
	for _, v := range m.Stores {
		v.Fixed = nil
		add(v)
	}
	for _, v := range m.Routes {
		add(v)
	}
	for _, v := range m.Demands {
		add(v)
	}
	for _, v := range m.Trades {
		if v.Bound != nil {
			add(*v.Bound)
			v.Bound = nil
		}
		add(v)
	}
	for _, v := range m.Limits {
		add(v)
	}
	return all
}

// canonical writes a model with names in place of indexes, sorted.
func canonical(m *primitive.Model) []string {
	var all []string
	bus := func(b int32) string {
		if b < 0 {
			return "none"
		}
		v := m.Buses[b]
		c := m.Commodities[v.Commodity]
		return fmt.Sprintf("%s(%s %s %d %v)", v.Name, c.Name, c.Unit, c.Grid, c.Balance)
	}
	name := func(t primitive.Tag) string { return m.Assets[t.Asset].Name + "." + t.Part }
	capacity := func(c int32) string {
		if c < 0 {
			return "none"
		}
		return name(m.Capacities[c].Tag)
	}
	ports := func(p []primitive.Port) string {
		out := ""
		for _, p := range p {
			out += fmt.Sprintf(" %s x%v +%vh", bus(p.Bus), p.Ratio, p.Delay)
		}
		return out
	}
	add := func(format string, a ...any) {
		for i, v := range a {
			if s, ok := v.(primitive.Series); ok && s.Data != nil { // short, and no two alike
				sum := 0.0
				for t, v := range s.Data {
					sum += float64(t+1) * v
				}
				a[i] = fmt.Sprintf("series %v", sum)
			}
		}
		all = append(all, fmt.Sprintf(format, a...))
	}
	for _, v := range m.Capacities {
		add("capacity %s %s %v %v %v %v %v %s", name(v.Tag), v.Unit, v.Existing, v.Min, v.Max, v.Capital, v.Fixed, ports(v.Uses))
	}
	for _, v := range m.Units {
		add("unit %s %s %v %v %v %d %v %s", name(v.Tag), capacity(v.Bound.Capacity), v.Bound.Coef, v.Bound.Min, v.Bound.Max, v.Grid, v.Costs, ports(v.Ports))
	}
	for _, v := range m.Stores {
		add("store %s %s %s", name(v.Tag), bus(v.Bus), capacity(v.Bound.Capacity))
	}
	for _, v := range m.Routes {
		add("route %s %s %s %s %v %v", name(v.Tag), bus(v.From), bus(v.To), capacity(v.Bound.Capacity), v.Loss, v.Back)
	}
	for _, v := range m.Demands {
		add("demand %s %s %v %v %v", name(v.Tag), bus(v.Bus), v.Amount, v.ShedMax, v.ShedCost)
	}
	for _, v := range m.Trades {
		add("trade %s %s %v %v %v %v %s", name(v.Tag), bus(v.Bus), v.Sell, v.Max, v.Min, v.Price, ports(v.Also))
	}
	slices.Sort(all)
	return all
}

// spoil copies a tree and changes it as data says: each pair of bytes picks a
// node and what becomes of it.
func spoil(n *attribute.Node, data []byte) *attribute.Node {
	out := clone(n)
	var kinds, keys []string
	for _, s := range kind.All() {
		kinds = append(kinds, s.Name)
		for _, l := range attribute.Table(s.New()) {
			keys = append(keys, l.Key)
		}
	}
	texts := append([]string{
		"", "0", "-1", "5 MW", "1e308 GW", "1e-320", "95 %", "-5 %", "nan", "inf", "{", "a.csv#b", "s/weather.csv#wind",
		"s/weather.csv#load", "s/weather.csv#", "electricity", "co2", "park", "town", "wind", "5 t/h", "1 a", "0.5 h", "3 USD/MWh",
		"3 EUR2020/kW", "true", "2030-01-01", "9999-12-31", "1h", "1w", "1mo", "+07:00", "step", "year", "\x00", "ລາວ",
	}, kinds...)
	if len(data) > 400 {
		data = data[:400]
	}
	for len(data) >= 3 {
		var nodes []*attribute.Node
		var walk func(*attribute.Node)
		walk = func(n *attribute.Node) {
			nodes = append(nodes, n)
			for _, i := range n.Items {
				walk(i)
			}
			for _, k := range n.Keys {
				if k.Value != nil {
					walk(k.Value)
				}
			}
		}
		walk(out)
		v := nodes[(int(data[0])<<3+int(data[1])>>5)%len(nodes)]
		what := int(data[2])
		word := texts[(what>>3+int(data[1])&31)%len(texts)]
		switch what & 7 {
		case 0:
			*v = attribute.Node{Pos: v.Pos, Kind: attribute.Scalar, Text: word}
		case 1:
			*v = attribute.Node{Pos: v.Pos, Kind: attribute.List, Items: []*attribute.Node{clone(v), {Kind: attribute.Scalar, Text: word}}}
		case 2:
			*v = attribute.Node{Pos: v.Pos, Kind: attribute.Map, Keys: []attribute.Key{{Name: "value", Value: clone(v)}, {Name: "scale", Value: &attribute.Node{Kind: attribute.Scalar, Text: word}}}}
		case 3:
			*v = attribute.Node{Pos: v.Pos}
		case 4, 5:
			if v.Kind == attribute.Map {
				v.Keys = append(v.Keys, attribute.Key{Name: keys[(what>>3*8+int(data[1]))%len(keys)], Value: &attribute.Node{Kind: attribute.Scalar, Text: word}})
			} else {
				v.Text = word
			}
		case 6:
			if len(v.Keys) > 0 {
				i := int(data[1]) % len(v.Keys)
				v.Keys = append(v.Keys[:i], v.Keys[i+1:]...)
			}
		case 7:
			if len(v.Keys) > 0 {
				v.Keys = append(v.Keys, attribute.Key{Name: v.Keys[0].Name, Value: nil}, attribute.Key{Name: word, Value: clone(v.Keys[0].Value)})
			}
		}
		data = data[3:]
	}
	return out
}

func clone(n *attribute.Node) *attribute.Node {
	if n == nil {
		return nil
	}
	out := *n
	out.Items = nil
	for _, i := range n.Items {
		out.Items = append(out.Items, clone(i))
	}
	out.Keys = slices.Clone(n.Keys)
	for i := range out.Keys {
		out.Keys[i].Value = clone(out.Keys[i].Value)
	}
	return &out
}
