package unit

import (
	"strconv"
	"strings"
	"unicode"
)

// Code sorts the errors of this package; its values are stable.
type Code string

// The codes.
const (
	// Unknown: the unit's name or its grammar can't be read.
	Unknown Code = "unit-unknown"
	// Dimension: a mass where a power is wanted.
	Dimension Code = "unit-dimension"
	// Basis: the dimension fits, but dry or wet, gross or net, AC or DC does not.
	Basis Code = "unit-basis"
	// Currency: a currency or year without its line in money:, or two
	// currencies in one unit.
	Currency Code = "unit-money"
	// Number: the number can't be read, or does not fit a float64.
	Number Code = "number"
)

// Error is every error of this package.
type Error struct {
	Code Code
	Text string // what was read: `read 500 kt (mass)`
	Hint string // what would fit: `want mass per time, such as kt/a or t/h`
}

// Error gives the text and the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Text
	}
	return e.Text + ", " + e.Hint
}

// read quotes what the planner wrote, cut to a length that fits a line.
func read(text string) string {
	if text == "" {
		return "read nothing"
	}
	const most = 60
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		text = strconv.Quote(text)
	}
	return "read " + text
}
