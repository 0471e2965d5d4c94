package unit

import "strings"

// Quantity is a number with its unit, as read.
type Quantity struct {
	Number Decimal
	Unit   Unit
}

// ParseQuantity reads "500 kt/a", "95 %", "1h" or "48" (whose unit is One).
// Its errors are *Error with code Number, Unknown, Basis or Currency.
func ParseQuantity(text string) (Quantity, error) {
	trimmed := trim(text)
	d, n, bad := scan(trimmed)
	if bad != "" {
		return Quantity{}, &Error{Number, read(text), bad}
	}
	rest := trim(trimmed[n:])
	if rest == "" {
		return Quantity{d, One}, nil
	}
	if u, ok := units[rest]; ok && rest != "1" {
		return Quantity{d, u}, nil
	}
	switch {
	case rest[0] == '/': // 5/h
		rest = "1" + rest
	case digitAt(rest, 0) && !strings.HasPrefix(rest, "1/"):
		return Quantity{}, &Error{Number, read(text), grouped(trimmed[:n] + leadingNumber(rest))}
	}
	u, err := parse(rest, text)
	if err != nil {
		return Quantity{}, err
	}
	return Quantity{d, u}, nil
}

func leadingNumber(s string) string {
	n := 0
	for n < len(s) && (digitAt(s, n) || s[n] == ' ') {
		n++
	}
	return s[:n]
}

// Bare tells whether the quantity was written without a unit.
func (q Quantity) Bare() bool { return q.Unit.Text == "1" }

// String is text that reads as q.
func (q Quantity) String() string {
	if q.Bare() {
		return q.Number.String()
	}
	return q.Number.String() + " " + q.Unit.Text
}

// In is q in the target unit, rounded once. m may be nil where no currency
// other than the target's can occur. Errors are *Error with code Dimension,
// Basis, Currency or Number. A bare number fits a target that counts things,
// and a bare 0 fits any.
func (q Quantity) In(target Unit, m *Money) (float64, error) {
	from := q.Unit
	if q.Bare() && from.Dim != target.Dim {
		if q.Number.IsZero() {
			return 0, nil
		}
		if target.Dim.count() {
			from.Dim = target.Dim
		}
	}
	f, err := conversion(q.String, from, target, m)
	if err != nil {
		return 0, err
	}
	v, ok := q.Number.round(f)
	if !ok {
		return 0, &Error{Number, read(q.String()), "want a number that is neither 0 nor infinite in " + target.Text}
	}
	return v, nil
}

// Converter turns numbers of one unit into another, for whole columns.
type Converter struct {
	factor factor
	to     Unit
}

// Between gives the converter of from into to; m may be nil where both have the
// same money. Errors are *Error with code Dimension, Basis or Currency.
func Between(from, to Unit, m *Money) (Converter, error) {
	f, err := conversion(from.String, from, to, m)
	if err != nil {
		return Converter{}, err
	}
	return Converter{f, to}, nil
}

// Number reads a number and converts it, rounded once; text without a unit,
// such as a cell of a CSV file.
func (c Converter) Number(text string) (float64, error) {
	d, err := ParseDecimal(text)
	if err != nil {
		return 0, err
	}
	v, ok := d.round(c.factor)
	if !ok {
		return 0, &Error{Number, read(text), "want a number that is neither 0 nor infinite in " + c.to.Text}
	}
	return v, nil
}

// Factor is the conversion factor, rounded to float64. A value times it is
// rounded twice: where the input is text, Number is exact.
func (c Converter) Factor() float64 {
	v, _ := Decimal{mant: 1}.round(c.factor)
	return v
}

// Convert reads a number in one unit and gives it in another.
func Convert(number string, from, to Unit, m *Money) (float64, error) {
	c, err := Between(from, to, m)
	if err != nil {
		return 0, err
	}
	return c.Number(number)
}

// Factor is how many of to are in one of from, rounded to float64.
func Factor(from, to Unit, m *Money) (float64, error) {
	c, err := Between(from, to, m)
	return c.Factor(), err
}

// conversion is the exact factor; what gives the text read, for errors.
func conversion(what func() string, from, to Unit, m *Money) (factor, error) {
	if from.Dim != to.Dim {
		return factor{}, mismatch(what(), from, to, m)
	}
	if from.ratio == to.ratio && from.money == to.money {
		return factor{ratio: one}, nil
	}
	f := factor{ratio: from.ratio}.times(factor{ratio: to.ratio.inverse()})
	if from.money == to.money {
		return f, nil
	}
	rate, err := m.between(from.money, to.money)
	if err != nil {
		err.Text = read(what()) + ": " + err.Text
		return factor{}, err
	}
	n := from.Dim[dMoney]
	if n < 0 {
		rate, n = rate.inverse(), -n
	}
	for range n {
		f = f.times(rate)
	}
	return f, nil
}

// mismatch says in words what was read and what would fit.
func mismatch(what string, from, to Unit, m *Money) *Error {
	e := &Error{Code: Dimension, Text: read(what)}
	switch {
	case from.Text == "1":
		e.Text += " (no unit)"
	default:
		e.Text += " (" + from.Dim.String() + ")"
	}
	e.Hint = "want " + to.Dim.String()
	if from.Dim.Plain() == to.Dim.Plain() {
		e.Code = Basis
		if fit := respell(from, to.Dim); fit != "" {
			e.Hint += ": write " + strings.TrimSuffix(what, from.Text) + fit
			return e
		}
	}
	e.Hint += ", such as " + strings.Join(examples(to, m), " or ")
	if from.Dim == to.Dim.inverse() && !to.Dim.IsRatio() {
		e.Hint += ": this one is upside down"
	}
	return e
}
