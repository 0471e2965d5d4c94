package xlsx

import (
	"example.org/busbar/internal/attribute"
)

// anyAttribute is what a changed value is read as: it may be any.
var anyAttribute = &attribute.Attribute{Type: attribute.Special}

var changeColumns = []column{
	{path: columnStudy, attr: &attribute.Attribute{Type: attribute.Text, Ref: "study", Doc: "which study says this"}},
	{path: "do", attr: &attribute.Attribute{Type: attribute.Text, Enum: []string{"set", "sweep"}, Default: "set", Doc: "set: the path becomes the value; sweep: one run for each value, a row each"}},
	{path: "path", attr: &attribute.Attribute{Type: attribute.Text, Doc: "what is changed, such as assets.nam_ou.inflow.scale"}},
	{path: "value", attr: nil},
	{path: "unit", attr: &attribute.Attribute{Type: attribute.Text, Optional: true, Doc: "unit of a plain number"}},
	{path: "source", attr: &attribute.Attribute{Type: attribute.Text, Ref: "source", Optional: true, Doc: "where the value comes from"}},
	{path: "note", attr: &attribute.Attribute{Type: attribute.Text, Optional: true, Doc: "remark"}},
}

func (e *exporter) writeChanges(b *book) error {
	w := b.add(sheetChanges)
	w.head(changeColumns, map[string]string{"value": "what it becomes: a number with its unit beside it, text, a series, [a, list], {a: map}; null takes it away"})
	for i, c := range e.changes {
		at := i + 2
		w.put(1, at, content{c.study, formatText})
		w.put(2, at, content{c.do, formatText})
		w.put(3, at, content{c.path, formatText})
		value, u := e.changeCell(c.value)
		w.put(4, at, value)
		if u != "" {
			w.put(5, at, content{u, formatText})
		}
		w.put(6, at, e.cell(changeColumns[5], c.source))
		w.put(7, at, e.cell(changeColumns[6], c.note))
	}
	w.try(b.SetColWidth(sheetChanges, "C", "C", 44))
	w.try(b.SetColWidth(sheetChanges, "D", "D", 24))
	return w.err
}

// changeCell parts a quantity into number and unit, where that leaves its text
// as it is: what the path means is not known here.
func (e *exporter) changeCell(n *attribute.Node) (content, string) {
	if n.Kind == attribute.Scalar {
		number, u, ok := splitQuantity(n.Text)
		v, fits := cellNumber(number, u == "%")
		switch {
		case n.Text == "true" || n.Text == "false":
			return content{n.Text == "true", ""}, ""
		case !ok || !fits:
		case u == "" && typed(v) == n.Text:
			return content{v, ""}, ""
		case u == "%" && typedPercent(v)+" %" == n.Text:
			c, _ := numberCell(number, u, "")
			return c, ""
		case u != "" && u != "%" && typed(v)+" "+u == n.Text:
			return content{v, ""}, u
		}
	}
	return e.cell(column{attr: &attribute.Attribute{Type: attribute.Text, Ref: "any"}}, n), ""
}

var monthNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

func monthlyColumns() []column {
	number := &attribute.Attribute{Type: attribute.Curve, Optional: true}
	cols := []column{
		{path: "of", attr: &attribute.Attribute{Type: attribute.Text, Doc: "what has a value for each month, such as assets.import.price"}},
		{path: "unit", attr: &attribute.Attribute{Type: attribute.Text, Optional: true, Doc: "unit of the twelve numbers"}},
	}
	for _, m := range monthNames {
		cols = append(cols, column{path: m, attr: number})
	}
	return append(cols,
		column{path: "scale", attr: &attribute.Attribute{Type: attribute.Number, Optional: true, Doc: "factor, such as 70 %"}},
		column{path: "source", attr: &attribute.Attribute{Type: attribute.Text, Ref: "source", Optional: true, Doc: "where it comes from"}},
		column{path: "note", attr: &attribute.Attribute{Type: attribute.Text, Optional: true, Doc: "remark"}},
		column{path: columnStudy, attr: &attribute.Attribute{Type: attribute.Text, Ref: "study", Optional: true, Doc: "only in this study; default: in all"}})
}

func (e *exporter) writeMonthly(b *book) error {
	cols := monthlyColumns()
	w := b.add(sheetMonthly)
	w.head(cols, nil)
	for i, y := range e.months {
		at := i + 2
		w.put(1, at, content{y.of, formatText})
		months := y.value.Get("monthly").Items
		u := ""
		if n := y.value.Get("unit"); n != nil {
			u = n.Text
		} else {
			u = commonUnit(months)
		}
		if u != "" {
			w.put(2, at, content{u, formatText})
		}
		for m, n := range months {
			w.put(3+m, at, e.monthCell(n.Text, u, y.value.Get("unit") != nil))
		}
		for j, c := range cols[14:17] {
			w.put(15+j, at, e.cell(c, y.value.Get(c.path)))
		}
		if y.study != "" {
			w.put(18, at, content{y.study, formatText})
		}
	}
	w.try(b.SetColWidth(sheetMonthly, "A", "A", 36))
	return w.err
}

// monthCell writes a month's number; written: the unit stands beside them and
// is that of the numbers that have none.
func (e *exporter) monthCell(text, u string, written bool) content {
	if number, own, ok := splitQuantity(text); ok {
		if written && own == "" {
			own = u
		} else if written {
			return content{text, formatText}
		}
		if c, ok := numberCell(number, own, u); ok {
			return c
		}
	}
	return content{guarded(nil, text), formatText}
}

// commonUnit is the unit that all of twelve quantities are written in.
func commonUnit(months []*attribute.Node) string {
	first := ""
	for i, n := range months {
		_, u, ok := splitQuantity(n.Text)
		if !ok || u == "%" || i > 0 && u != first {
			return ""
		}
		first = u
	}
	return first
}
