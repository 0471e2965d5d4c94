package unit

import (
	"math"
	"strconv"
	"strings"
)

// scales are the units among which FormatQuantity chooses, small to large.
var scales = [...][]string{
	{"W", "kW", "MW", "GW", "TW"},
	{"kWp", "MWp", "GWp"},
	{"kVA", "MVA"},
	{"Wh", "kWh", "MWh", "GWh", "TWh"},
	{"J", "kJ", "MJ", "GJ", "TJ", "PJ", "EJ"},
	{"toe", "ktoe", "Mtoe"},
	{"tce", "ktce", "Mtce"},
	{"g", "kg", "t", "kt", "Mt", "Gt"},
	{"m3", "Mm3"},
	{"L", "ML", "GL"},
	{"mm", "m", "km"},
	{"A", "kA"},
	{"mV", "V", "kV"},
}

// FormatQuantity writes a value of a unit for people, with three digits and
// the prefix that suits it: 788 MW, 6.9 TWh/a, 500 kt/a. A price keeps its unit
// (1570 USD/kW); sums of money go in millions and billions from 1e6 on. The
// text reads back as a quantity, rounded.
func FormatQuantity(v float64, u Unit) string {
	text := u.Text
	if v != 0 && !math.IsInf(v, 0) && !math.IsNaN(v) {
		v, text = scale(v, text)
	}
	number := digits(v)
	switch {
	case text == "1":
		return number
	default:
		return number + " " + text
	}
}

// scale exchanges the leading unit of text for a larger or smaller one.
func scale(v float64, text string) (float64, string) {
	n := strings.IndexAny(text, "*/() ^")
	if n < 0 {
		n = len(text)
	}
	head, rest := text[:n], text[n:]
	if strings.HasPrefix(rest, "^") || strings.HasPrefix(rest, "*") {
		return v, text
	}
	own, ok := lookup(head)
	if !ok {
		return v, text
	}
	series := []string(nil)
	for _, s := range scales {
		for _, name := range s {
			if name == head {
				series = s
			}
		}
	}
	if own.Dim[dMoney] == 1 && own.money != (tag{}) {
		if unit, err := Parse("1" + rest); rest != "" && (err != nil || unit.Dim != Dim{dTime: -1}) {
			return v, text
		}
		code := own.money.String()
		series = []string{code, "M" + code, "G" + code}
	}
	size := func(name string) float64 {
		c, _ := Factor(own, unitOf(name), nil)
		return math.Abs(rounded(v * c))
	}
	best := head
	if s := size(head); s < 1 || s >= 1000 {
		for i, name := range series {
			if s := size(name); i == 0 || s >= 1 {
				best = name
			}
		}
	}
	if best == head {
		return v, text
	}
	c, _ := Factor(own, unitOf(best), nil)
	return v * c, best + rest
}

func unitOf(name string) Unit {
	u, _ := lookup(name)
	return u
}

// rounded is v to three digits, or to a whole number where that says more.
func rounded(v float64) float64 {
	if math.Abs(v) >= 1000 {
		return math.Round(v)
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
	return r
}

func digits(v float64) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case a >= 1e15 || a < 1e-4:
		return strconv.FormatFloat(rounded(v), 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded(v), 'f', -1, 64)
}
