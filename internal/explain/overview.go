package explain

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// Overview is what holds an optimum where it is.
type Overview struct {
	Binds  []Binding `json:"binds"` // what binds, by what a tenth more would save
	Sizes  []Size    `json:"sizes"` // what might be built, and why it is so much
	Bus    string    `json:"bus"`   // where most is traded
	Unit   string    `json:"unit"`
	Dear   []Price   `json:"dear"`    // its highest prices, of different days
	Setter []Setter  `json:"setters"` // what sets its price through the year
}

// Overview explains an optimum as a whole; bus "" is the one whose trade is
// worth most.
func (o *Optimum) Overview(bus string) (*Overview, error) {
	b, err := o.BusOf(bus)
	if err != nil {
		return nil, err
	}
	v := &Overview{Bus: o.m.Buses[b].Name, Unit: o.money + "/" + o.unitOf(b), Binds: []Binding{}, Sizes: []Size{}}
	for _, t := range o.bindings() {
		switch t.what {
		case AtDemand, AtWindow, AtRamp:
			continue // what must be served costs what it costs; a tenth more of a window says nothing
		}
		v.Binds = append(v.Binds, o.binding(t, 1))
	}
	sort.SliceStable(v.Binds, func(i, j int) bool { return v.Binds[i].Tenth > v.Binds[j].Tenth })
	for i := range o.m.Capacities {
		if o.built[i] != primitive.None {
			v.Sizes = append(v.Sizes, o.size(int32(i)))
		}
	}
	for _, t := range o.Dearest(b, 5) {
		v.Dear = append(v.Dear, o.Price(b, t))
	}
	v.Setter = o.Setters(b)
	return v, nil
}

// Money is the currency that prices are in.
func (o *Optimum) Money() string { return o.money }

// Limit is what a limit or a trade's total does.
type Limit struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Unit  string   `json:"unit"`
	Spans []Bound  `json:"spans"`
	Terms []Share  `json:"terms"` // what its sum is made of, over all spans
	Text  []string `json:"text"`
}

// Bound is one span of a limit.
type Bound struct {
	Span  string  `json:"span"`
	Value float64 `json:"value"`
	Min   Number  `json:"min"`
	Max   Number  `json:"max"`
	Price float64 `json:"price"` // what one unit more of the bound that holds changes the year's cost by
}

// Share is an asset's part in a limit's sum.
type Share struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Limit explains a limit by its name.
func (o *Optimum) Limit(name string) (*Limit, error) {
	var all []string
	for i := range o.m.Limits {
		l := &o.m.Limits[i]
		all = append(all, l.Name)
		if l.Name == name {
			return o.limitOfIndex(int32(i)), nil
		}
	}
	return nil, &unknown{"limit", name, all}
}

func (o *Optimum) limitOfIndex(i int32) *Limit {
	l := &o.m.Limits[i]
	out := &Limit{ID: l.Name, Name: o.limit(l.Name), Unit: o.limitUnit(l), Terms: []Share{}}
	values := o.ix.LimitValue(o.ix.RowValues(o.x), o.x, int(i))
	parts := newLines()
	worth, held := 0.0, []string{}
	for _, k := range o.rowBlocks {
		if k.What != formulate.LimitSum || k.Index != i {
			continue
		}
		for n := range k.Count {
			row := k.First + n
			b := Bound{Span: o.ix.Label(k, k.Step+n), Value: values[n], Min: Number(spanOf(l.Min, n, math.Inf(-1))), Max: Number(spanOf(l.Max, n, math.Inf(1))), Price: o.y[row]}
			out.Spans = append(out.Spans, b)
			if math.Abs(b.Price) > 1e-7*o.unit {
				worth += math.Abs(b.Price)
				held = append(held, b.Span)
			}
			for e := o.starts[row]; e < o.starts[row+1]; e++ {
				j := o.cols[e]
				parts.add("", o.asset(tagOf(o.m, o.block(j))), o.values[e]*o.x[j])
			}
			if k.Grid < 0 || k.Count == 1 {
				out.Text = append(out.Text, o.boundText(out, &b))
			}
		}
	}
	for _, p := range parts.list() {
		out.Terms = append(out.Terms, Share{p.Name, p.Money})
	}
	switch {
	case len(held) == 0:
		out.Text = append(out.Text, "it binds nowhere: it costs nothing")
	default:
		out.Text = append(out.Text, fmt.Sprintf("one %s more in each span where it binds (%d of %d) would save %s a year", orUnit(out.Unit), len(held), len(out.Spans), o.sum(worth)))
	}
	return out
}

func orUnit(u string) string {
	if u == "" {
		return "unit"
	}
	return u
}

func (o *Optimum) boundText(l *Limit, b *Bound) string {
	var s strings.Builder
	if b.Span != "" {
		s.WriteString(spanName(b.Span) + ": ")
	}
	s.WriteString(quantity(b.Value, l.Unit))
	if b.Max.Known() {
		s.WriteString(" of at most " + quantity(float64(b.Max), l.Unit))
	}
	if b.Min.Known() {
		s.WriteString(", at least " + quantity(float64(b.Min), l.Unit))
	}
	if math.Abs(b.Price) > 1e-7*o.unit {
		s.WriteString(fmt.Sprintf("; one %s more saves %s a year", orUnit(l.Unit), o.sum(math.Abs(b.Price))))
	}
	return s.String()
}

func spanOf(v []float64, i int32, none float64) float64 {
	switch {
	case len(v) == 0:
		return none
	case len(v) == 1:
		return v[0]
	}
	return v[i]
}
