package unit

import (
	"strconv"
	"strings"
)

// Line is one line of a workspace's money: table, text as written. It says what
// one unit of a currency, at the prices of a year, is worth:
//
//	EUR2020: 1.31 USD          in money of the study
//	EUR2020: 1.14 USD2020      in other money that has a line (here USD2020)
//	USD2020: 1.22 USD          a deflator
//	LAK:     21500 LAK/USD     as the market quotes it, either way up
type Line struct {
	Money string // EUR2020
	Value string // 1.14 USD2020
}

// Money converts currencies and years into the study's currency. It is
// immutable, and may be used by many at once.
type Money struct {
	base  Unit // the study's currency
	year  int16
	rates map[tag]factor // study's currency in one of it
}

// NewMoney reads the study's currency ("USD", also "kUSD"), its base year and
// the money: lines. USD and USD2026 are the same in a study of base year 2026.
// Errors are *Error with code Number, Unknown or Currency; errs[i] belongs to
// lines[i], the last one, errs[len(lines)], to the currency itself. errs is nil
// if all is well; else the good lines hold.
func NewMoney(currency string, baseYear int, lines []Line) (m *Money, errs []error) {
	m = &Money{year: int16(baseYear), rates: map[tag]factor{}}
	all := make([]error, len(lines)+1)
	base, ok := money(trim(currency))
	switch {
	case !ok:
		all[len(lines)] = &Error{Unknown, read(currency), "want a currency, such as USD" + hint(currency)}
	case base.money.year != 0:
		all[len(lines)] = &Error{Currency, read(currency), "want a currency without a year: base_year says it"}
	default:
		m.base = base
		m.rates[base.money] = factor{ratio: base.ratio.inverse()}
	}
	m.rates[tag{}] = factor{ratio: one}

	// A line may rest on another below it, so go on until none is resolved.
	open := map[tag]*rate{}
	for i, l := range lines {
		r, err := m.line(l)
		switch {
		case err != nil:
			all[i] = err
		case open[r.of] != nil:
			all[i] = &Error{Currency, l.read(), "want one line for " + r.of.String()}
		default:
			r.at = i
			open[r.of] = r
		}
	}
	for resolved := true; resolved; {
		resolved = false
		for of, r := range open {
			if in, known := m.rates[r.in]; known {
				m.rates[of] = r.worth.times(in)
				delete(open, of)
				resolved = true
			}
		}
	}
	for _, r := range open {
		if m.base.Text == "" { // the currency is what is wrong, not the lines
			break
		}
		all[r.at] = &Error{Currency, lines[r.at].read(), "it rests on " + r.in.String() + ", which no line brings back to " + m.name()}
	}
	for _, err := range all {
		if err != nil {
			return m, all
		}
	}
	return m, nil
}

// rate is a line: 1 of = worth in.
type rate struct {
	of, in tag
	worth  factor
	at     int
}

func (l Line) read() string { return read(l.Money + ": " + l.Value) }

func (m *Money) line(l Line) (*rate, error) {
	key, ok := money(trim(l.Money))
	if !ok || key.ratio != one {
		return nil, &Error{Unknown, l.read(), "want a currency before the colon, such as EUR2020" + hint(l.Money)}
	}
	r := &rate{of: m.tag(key.money)}
	if m.base.Text != "" && r.of == m.base.money {
		return nil, &Error{Currency, l.read(), r.of.String() + " of the base year is the study's own money: leave the line out"}
	}
	left, right, quoted := strings.Cut(l.Value, "/")
	q, err := ParseQuantity(left)
	if err != nil {
		e := *err.(*Error)
		e.Text = l.read()
		if e.Code == Number && !quoted {
			e.Hint += "; a line of money: looks like " + key.Text + ": 1.31 " + m.name()
		}
		return nil, &e
	}
	number := q.Number
	bad := &Error{Currency, l.read(), "want what one " + key.Text + " is worth, such as 1.31 " + m.name()}
	if number.neg || number.IsZero() || q.Unit.Dim != (Dim{dMoney: 1}) {
		return nil, bad
	}
	n := factor{ratio: one}
	if number.long == "" {
		n.ratio = newRatio(number.mant, number.exp)
	} else {
		n.big = number.rat()
	}
	r.in = m.tag(q.Unit.money)
	r.worth = n.times(factor{ratio: q.Unit.ratio})
	if quoted {
		per, ok := money(trim(right))
		if !ok {
			return nil, bad
		}
		r.worth = r.worth.times(factor{ratio: per.ratio.inverse()})
		switch other := m.tag(per.money); r.of {
		case other:
		case r.in: // 21500 LAK/USD on the line of LAK
			r.in, r.worth = other, r.worth.inverse()
		default:
			return nil, bad
		}
	}
	if r.in == r.of {
		return nil, bad
	}
	return r, nil
}

// tag drops a year that is the base year.
func (m *Money) tag(t tag) tag {
	if t.year == m.year {
		t.year = 0
	}
	return t
}

func (m *Money) name() string {
	if m == nil || m.base.Text == "" {
		return "USD"
	}
	return m.base.Text
}

// between is how many of to are in one of from.
func (m *Money) between(from, to tag) (factor, *Error) {
	if m == nil {
		return factor{}, &Error{Currency, from.String() + " is not " + to.String(), "want " + to.String()}
	}
	from, to = m.tag(from), m.tag(to)
	if from == to {
		return factor{ratio: one}, nil
	}
	a, ok := m.rates[from]
	if !ok {
		return a, m.missing(from)
	}
	b, ok := m.rates[to]
	if !ok {
		return b, m.missing(to)
	}
	return a.times(b.inverse()), nil
}

func (m *Money) missing(t tag) *Error {
	of := m.name()
	if m.year != 0 {
		of += " of " + strconv.Itoa(int(m.year))
	}
	return &Error{Currency, "money: has no line for " + t.String(),
		"add " + t.String() + ": under money: with what one is worth in " + of}
}

// Currency is the study's currency as a unit, for labels: USD, kUSD.
func (m *Money) Currency() Unit { return m.base }
