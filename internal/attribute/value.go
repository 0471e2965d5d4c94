package attribute

import (
	"errors"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/unit"
)

// text puts a tag's placeholders in: {per} from the parent's per tag, {key}
// from the commodity that the entry of a map is named after, any other from the unit of the commodity that a sibling names, or a sibling of
// the parent's. It fails where the sibling names no commodity; that is told
// elsewhere.
func (d *decoder) text(tag string) (string, bool) {
	for {
		before, rest, found := strings.Cut(tag, "{")
		if !found {
			return tag, true
		}
		name, after, _ := strings.Cut(rest, "}")
		put, ok := d.lookup(name)
		if !ok {
			return "", false
		}
		if strings.HasSuffix(before, "/") && strings.ContainsAny(put, "/*·") {
			put = "(" + put + ")"
		}
		tag = before + put + after
	}
}

// sibling tells where a unit depends on a commodity that is not named at all.
func (d *decoder) sibling(n *Node, tag string) {
	for {
		_, rest, found := strings.Cut(tag, "{")
		if !found {
			return
		}
		var name string
		name, tag, _ = strings.Cut(rest, "}")
		if id, _, ok := d.named(name); ok && id == "" {
			d.problem(n.Pos, "missing", "its unit depends on %s, which is missing", name)
		}
	}
}

// lookup is the unit that a placeholder stands for.
func (d *decoder) lookup(name string) (string, bool) {
	if name == "per" {
		for i := len(d.scopes) - 1; i >= 0; i-- {
			if per := d.scopes[i].per; per != "" {
				return per, true
			}
		}
		return "", false
	}
	id, ref, ok := d.named(name)
	if !ok {
		return "", false
	}
	if ref == "unit" {
		u, err := unit.Parse(id)
		return u.Base().Text, err == nil
	}
	u, ok := d.Units[id]
	return u, ok
}

// named is the commodity (or unit, by its ref tag) that a placeholder's sibling
// names, "" if it is not written.
func (d *decoder) named(name string) (id, ref string, ok bool) {
	for i := len(d.scopes) - 1; i >= 0; i-- {
		for _, t := range d.scopes[i].targets {
			if name == "key" && t.table.key != nil {
				return t.value.FieldByIndex(t.table.key).String(), "", true
			}
			for j := range t.table.Of {
				a := &t.table.Of[j]
				if a.Key != name || a.Type != Text {
					continue
				}
				v := reflect.Indirect(t.value.FieldByIndex(a.index))
				if !v.IsValid() {
					return "", a.Ref, true
				}
				return v.String(), a.Ref, true
			}
		}
	}
	return "", "", false
}

// unit is the base unit of a tag.
func (d *decoder) unit(tag string) (unit.Unit, bool) {
	text, ok := d.text(tag)
	if !ok {
		return unit.Unit{}, false
	}
	if text == "" {
		return unit.One, true
	}
	u, err := unit.Parse(studyMoney(text))
	if err != nil {
		return unit.Unit{}, false
	}
	if b := u.Base(); b.Dim == u.Dim { // MW reads better than MWh/h
		if f, err := unit.Factor(u, b, nil); err == nil && f == 1 {
			u = b
		}
	}
	return u, true
}

// studyMoney reads USD in a tag as the study's currency, whichever it is.
func studyMoney(tag string) string { return dollar.ReplaceAllString(tag, "currency") }

var dollar = regexp.MustCompile(`\bUSD\b`)

// currency is the study's, for texts.
func (d *decoder) currency() string {
	if d.Money == nil {
		return "currency"
	}
	return d.Money.Currency().Text
}

// parse reads a quantity. In a default, USD is the dollar, except in 0 USD,
// which is nothing in any currency.
func (d *decoder) parse(text string) (unit.Quantity, error) {
	if d.preset != "" && strings.HasPrefix(text, "0 ") {
		text = studyMoney(text)
	}
	return unit.ParseQuantity(text)
}

// told adds a problem for an error of package unit.
func (d *decoder) told(p Pos, err error) {
	var e *unit.Error
	if !errors.As(err, &e) {
		d.problem(p, "number", "%v", err)
		return
	}
	d.problem(p, string(e.Code), "%s", e.Error())
}

// convert reads a scalar in a unit.
func (d *decoder) convert(n *Node, u unit.Unit) (float64, bool) {
	q, err := d.parse(n.Text)
	if err == nil {
		var v float64
		if v, err = q.In(u, d.Money); err == nil {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				d.problem(n.Pos, "not-finite", "read %s, want a finite number", n.Text)
				return math.NaN(), false
			}
			return v, true
		}
	}
	d.told(n.Pos, err)
	return math.NaN(), false
}

// inRange reads with f in the attribute's unit and checks the range.
func (d *decoder) inRange(n *Node, a *Attribute, f func(unit.Unit) (float64, bool)) float64 {
	u, ok := d.unit(a.Unit)
	if !ok { // the sibling's problem; the number itself may still be unreadable
		d.sibling(n, a.Unit)
		if _, err := d.parse(n.Text); err != nil {
			d.told(n.Pos, err)
		}
		return math.NaN()
	}
	v, ok := f(u)
	if ok {
		d.check(n, n.Text, a, u, v)
	}
	return v
}

// bounds are the range of an attribute in unit u.
func (d *decoder) bounds(a *Attribute, u unit.Unit) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	for _, b := range []struct {
		tag string
		to  *float64
	}{{a.Min, &low}, {a.Max, &high}} {
		if b.tag == "" {
			continue
		}
		if q, err := unit.ParseQuantity(b.tag); err == nil {
			if v, err := q.In(u, d.Money); err == nil {
				*b.to = v
			}
		}
	}
	return low, high
}

// check refuses a value outside the attribute's range, and says the range in
// the unit of the text.
func (d *decoder) check(n *Node, text string, a *Attribute, u unit.Unit, v float64) bool {
	low, high := d.bounds(a, u)
	if v >= low && v <= high || math.IsNaN(v) {
		return true
	}
	d.problem(n.Pos, "range", "read %s, want %s", text, d.span(text, a))
	return false
}

// span is an attribute's range in the unit of a text.
func (d *decoder) span(text string, a *Attribute) string {
	in := func(tag string) string {
		b, err := unit.ParseQuantity(tag)
		if err != nil {
			return tag
		}
		q, err := d.parse(text)
		if err != nil || q.Bare() {
			if v, err := b.In(unit.One, nil); err == nil {
				return trim(v)
			}
			return tag
		}
		v, err := b.In(q.Unit, d.Money)
		if err != nil {
			return tag
		}
		return trim(v) + " " + q.Unit.Text
	}
	switch {
	case a.Max == "":
		return "at least " + in(a.Min)
	case a.Min == "":
		return "at most " + in(a.Max)
	}
	return in(a.Min) + " to " + in(a.Max)
}

// quantity reads a number: text, or {value, scale, source, note}.
func (d *decoder) quantity(n *Node, a *Attribute) float64 {
	value, scale := n, 1.0
	if n.Kind == Map && n.Get("value") != nil {
		d.wrapKeys(n, "value", "scale", "source", "note")
		value = n.Get("value")
		d.cite(n, value)
		scale = d.scale(n)
	}
	switch {
	case value.Kind == Scalar && strings.Contains(value.Text, "#"):
		d.problem(value.Pos, "node-kind", "read %s, want one quantity: a series does not fit here", quoted(value.Text))
		return math.NaN()
	case value.Kind != Scalar:
		d.wrongKind(value, "a quantity such as "+d.sample(a))
		return math.NaN()
	}
	d.defaulted(value)
	if a.Word != "" && value.Text == a.Word {
		return a.Means
	}
	return d.inRange(value, a, func(u unit.Unit) (float64, bool) {
		v, ok := d.convert(value, u)
		return v * scale, ok
	})
}

// sample is a quantity that would fit, as far as its unit is known.
func (d *decoder) sample(a *Attribute) string {
	if a.Default != "" {
		return a.Default
	}
	u, ok := d.unit(a.Unit)
	switch {
	case !ok:
		return "12 MW"
	case u.Text == "1":
		return "95 %"
	}
	return "12 " + u.Text
}

func (d *decoder) scale(n *Node) float64 {
	s := n.Get("scale")
	if s == nil {
		return 1
	}
	v := math.NaN()
	d.in("scale", func() {
		if s.Kind != Scalar {
			d.wrongKind(s, "a share such as 70 %")
		} else {
			v, _ = d.convert(s, unit.One)
		}
	})
	return v
}

// defaulted notes the source of a default that is used.
func (d *decoder) defaulted(n *Node) {
	if d.preset == "" || d.preset == " " {
		return
	}
	d.Cited = append(d.Cited, Citation{Path: d.path, Text: n.Text, Source: strings.TrimSpace(d.preset), Default: true})
}

// curve reads a number or a series in any of its forms, and what events make of
// it for a time.
func (d *decoder) curve(n *Node, a *Attribute, into *Value) {
	d.written(n, a, into)
	d.changed(a, into)
}

// written reads it as its attribute says.
func (d *decoder) written(n *Node, a *Attribute, into *Value) {
	into.Given, into.Pos = true, n.Pos
	if n.Kind == Scalar {
		d.constant(n, n, a, 1, into)
		return
	}
	if n.Kind != Map {
		d.wrongKind(n, "a quantity such as "+d.sample(a)+", or a series such as series/weather.csv#wind")
		return
	}
	d.wrapKeys(n, "value", "series", "monthly", "scale", "unit", "offset", "source", "note")
	form := ""
	for _, f := range []string{"value", "series", "monthly"} {
		if n.Get(f) == nil {
			continue
		}
		if form != "" {
			d.problem(n.Pos, "value-form", "read both %s and %s, want one of them", form, f)
			return
		}
		form = f
	}
	if form == "" {
		d.problem(n.Pos, "value-form", "read %s, want one of value, series, monthly", n.Brief())
		return
	}
	body := n.Get(form)
	into.Source = d.cite(n, body)
	scale := d.scale(n)
	if form == "monthly" {
		d.refuse(n, form, "offset")
		d.monthly(n, body, a, scale, into)
		return
	}
	if body.Kind != Scalar {
		d.in(form, func() {
			d.wrongKind(body, map[string]string{"value": "a quantity", "series": "a series such as series/weather.csv#wind"}[form])
		})
		return
	}
	if form == "series" || isSeries(body.Text) {
		d.series(n, body, a, scale, into)
		return
	}
	d.refuse(n, form, "unit", "offset")
	d.constant(n, body, a, scale, into)
}

// refuse tells that a form has no use for a key.
func (d *decoder) refuse(n *Node, form string, keys ...string) {
	for i := range n.Keys {
		for _, k := range keys {
			if n.Keys[i].Name == k {
				d.problem(n.Keys[i].Pos, "value-form", "%s goes with a series, not with %s", k, form)
			}
		}
	}
}

func isSeries(text string) bool {
	return strings.Contains(text, "#") || strings.HasSuffix(strings.ToLower(text), ".csv")
}

// constant reads a scalar: a quantity, or the short form of a series.
func (d *decoder) constant(n, body *Node, a *Attribute, scale float64, into *Value) {
	if isSeries(body.Text) {
		d.series(n, body, a, scale, into)
		return
	}
	d.defaulted(body)
	into.Value = d.inRange(body, a, func(u unit.Unit) (float64, bool) {
		v, ok := d.convert(body, u)
		return v * scale, ok
	})
}

// monthly reads twelve quantities and holds each through its calendar month.
// A unit beside them is that of each that has none.
func (d *decoder) monthly(n, body *Node, a *Attribute, scale float64, into *Value) {
	d.in("monthly", func() {
		if body.Kind != List || len(body.Items) != 12 {
			read := quoted(body.Brief())
			if body.Kind == List {
				read = strconv.Itoa(len(body.Items)) + " values"
			}
			d.problem(body.Pos, "monthly", "read %s, want a list of 12 quantities, January to December", read)
			return
		}
		var month [12]float64
		for i, item := range body.Items {
			if item.Kind != Scalar {
				d.wrongKind(item, "a quantity")
				return
			}
			if u := n.Get("unit"); u != nil && isBare(item.Text) {
				with := *item
				with.Text += " " + u.Text
				item = &with
			}
			month[i] = d.inRange(item, a, func(u unit.Unit) (float64, bool) {
				v, ok := d.convert(item, u)
				return v * scale, ok
			})
		}
		if d.Clock == nil {
			return
		}
		data := make([]float64, d.Clock.Ticks())
		for t := range data {
			data[t] = month[d.Clock.Stamps[t].Month()-1]
		}
		into.Series = primitive.Series{Data: data}
	})
}

// series reads the values of a citation, file.csv#name.
func (d *decoder) series(n, body *Node, a *Attribute, scale float64, into *Value) {
	file, column, ok := strings.Cut(body.Text, "#")
	if !ok || file == "" || column == "" || strings.Contains(column, "#") {
		d.problem(body.Pos, "series-form", "read %s, want file.csv#name, such as series/weather.csv#wind", quoted(body.Text))
		return
	}
	u, known := d.unit(a.Unit)
	ref := SeriesRef{File: file, Column: column, Want: u.Text, Pos: body.Pos, Path: d.path}
	if n.Kind == Map {
		ref.Unit, ref.Offset = d.plain(n.Get("unit"), "unit"), d.plain(n.Get("offset"), "offset")
	}
	if !known || d.Series == nil || d.Clock == nil {
		return
	}
	data, problems := d.Series(ref)
	for _, p := range problems {
		if p.File == "" {
			d.problem(body.Pos, p.Code, "%s", p.Text)
		} else if !slices.Contains(d.Problems, p) {
			d.Problems = append(d.Problems, p)
		}
	}
	if len(problems) > 0 {
		return
	}
	if len(data) != d.Clock.Ticks() {
		d.problem(body.Pos, "series-length", "%s has %d values, want %d", body.Text, len(data), d.Clock.Ticks())
		return
	}
	if scale != 1 {
		scaled := make([]float64, len(data))
		for t, v := range data {
			scaled[t] = v * scale
		}
		data = scaled
	}
	low, high := d.bounds(a, u)
	outside, first := 0, 0
	for t, v := range data {
		switch {
		case math.IsNaN(v) && a.Gaps:
		case math.IsNaN(v) || math.IsInf(v, 0):
			d.problem(body.Pos, "not-finite", "%s has no finite number at %s", body.Text, d.Clock.Stamps[t].Format("2006-01-02 15:04"))
			return
		case v < low || v > high:
			if outside == 0 {
				first = t
			}
			outside++
		}
	}
	if outside > 0 {
		value := trim(data[first])
		if u.Text != "1" {
			value += " " + u.Text
		}
		d.problem(body.Pos, "range", "%s is %s at %s (and %d of %d steps lie outside), want %s", body.Text, value,
			d.Clock.Stamps[first].Format("2006-01-02 15:04"), outside, len(data), d.span(value, a))
		return
	}
	into.Series = primitive.Series{Data: data}
}

// Quantity reads a number of a given unit from a node that was kept for later;
// NaN, and a problem, where it can't be read.
func (c *Context) Quantity(n *Node, path, unit string) float64 {
	d := &decoder{Context: c, path: path}
	return d.quantity(n, &Attribute{Unit: unit})
}

// Value reads a number or a series of a given unit likewise.
func (c *Context) Value(n *Node, path, unit string) Value {
	d := &decoder{Context: c, path: path}
	var v Value
	reset(reflect.ValueOf(&v).Elem())
	d.curve(n, &Attribute{Unit: unit}, &v)
	return v
}

// Gaps reads a series likewise, which may leave steps empty: NaN.
func (c *Context) Gaps(n *Node, path, unit string) Value {
	d := &decoder{Context: c, path: path}
	var v Value
	reset(reflect.ValueOf(&v).Elem())
	d.curve(n, &Attribute{Unit: unit, Gaps: true}, &v)
	return v
}

// isBare reports whether a quantity is a number without a unit.
func isBare(text string) bool {
	q, err := unit.ParseQuantity(text)
	return err == nil && q.Bare()
}
