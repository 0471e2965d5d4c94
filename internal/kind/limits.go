package kind

import (
	"math"
	"strconv"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// Limits bounds the amount of a trade over days, weeks, months and the year.
// The field that holds it names the commodity's unit in its per tag.
type Limits struct {
	DayMin   float64 `yaml:"day_min" unit:"{per}" optional:"true" min:"0" doc:"least amount in every day"`
	DayMax   float64 `yaml:"day_max" unit:"{per}" optional:"true" min:"0" doc:"most in every day"`
	WeekMin  float64 `yaml:"week_min" unit:"{per}" optional:"true" min:"0" doc:"least in every week, counted from the study's first day"`
	WeekMax  float64 `yaml:"week_max" unit:"{per}" optional:"true" min:"0" doc:"most in every week"`
	MonthMin Months  `yaml:"month_min" unit:"{per}" optional:"true" doc:"least in every calendar month"`
	MonthMax Months  `yaml:"month_max" unit:"{per}" optional:"true" doc:"most in every calendar month"`
	YearMin  float64 `yaml:"year_min" unit:"{per}" optional:"true" min:"0" doc:"least in the model's year"`
	YearMax  float64 `yaml:"year_max" unit:"{per}" optional:"true" min:"0" doc:"most in the model's year"`
}

// totals turns the limits into those of a trade; l may be nil.
func (x *Expansion) totals(field string, l *Limits) []primitive.Total {
	if l == nil {
		return nil
	}
	var out []primitive.Total
	add := func(span primitive.Span, name string, low, high []float64) {
		for i := range low {
			if low[i] > high[i] {
				x.Problem(field+"."+name+"_min", "range", "least %g a %s is above the most, %g", low[i], name, high[i])
				return
			}
		}
		out = append(out, primitive.Total{Span: span, Min: low, Max: high})
	}
	one := func(span primitive.Span, name string, low, high float64) {
		if given(low) || given(high) {
			add(span, name, []float64{floor(low)}, []float64{ceiling(high)})
		}
	}
	one(primitive.EachDay, "day", l.DayMin, l.DayMax)
	one(primitive.EachWeek, "week", l.WeekMin, l.WeekMax)
	if l.MonthMin != nil || l.MonthMax != nil {
		spans := x.Clock.Spans(clock.Month)
		low, high := make([]float64, spans.Len()), make([]float64, spans.Len())
		for i, label := range spans.Labels {
			low[i], high[i] = floor(l.MonthMin.of(label)), ceiling(l.MonthMax.of(label))
		}
		add(primitive.EachMonth, "month", low, high)
	}
	one(primitive.EachYear, "year", l.YearMin, l.YearMax)
	return out
}

// floor is a lower bound, ceiling an upper one; none where not given.
func floor(v float64) float64 {
	if given(v) {
		return v
	}
	return math.Inf(-1)
}

func ceiling(v float64) float64 {
	if given(v) {
		return v
	}
	return math.Inf(1)
}

// Months is one amount for every calendar month, or twelve, January first.
type Months []float64

// of returns the amount of the month in a label such as 2030-03, NaN if none.
func (m Months) of(label string) float64 {
	switch len(m) {
	case 0:
		return math.NaN()
	case 1:
		return m[0]
	}
	month, err := strconv.Atoi(label[len(label)-2:])
	if err != nil || month < 1 || month > 12 {
		return math.NaN()
	}
	return m[month-1]
}

// ReadNode reads one amount, or a list of twelve.
func (m *Months) ReadNode(n *attribute.Node, f attribute.Field) {
	items := []*attribute.Node{n}
	if n.Kind == attribute.List {
		items = n.Items
		if len(items) != 12 {
			f.Fail(n.Pos, "monthly", "read %d amounts, want one, or twelve: January to December", len(items))
			return
		}
	}
	*m = make(Months, len(items))
	for i, item := range items {
		v := f.Quantity(item, f.Unit)
		if v < 0 {
			f.Fail(item.Pos, "range", "read %s, want 0 or more", item.Brief())
		}
		(*m)[i] = v
	}
}

// Form describes Months in a schema.
func (*Months) Form() map[string]any {
	return map[string]any{
		"description": "one amount for every month, or a list of twelve, January first",
		"anyOf": []any{
			map[string]any{"type": []any{"string", "number"}},
			map[string]any{"type": "array", "minItems": 12, "maxItems": 12, "items": map[string]any{"type": []any{"string", "number"}}},
		},
	}
}
