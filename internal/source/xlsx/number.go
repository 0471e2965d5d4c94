package xlsx

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/unit"
)

var (
	// quantity is a number and what follows it.
	quantity = regexp.MustCompile(`^([+-]?(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(.*)$`)
	// bare is text in a cell that takes the unit of its header.
	bare = regexp.MustCompile(`^[+-]?[0-9.][0-9_.,]*([eE][+-]?[0-9]+)?$`)
)

// splitQuantity parts "12 MW" into its number and unit; ok is false where the
// text does not begin with a number.
func splitQuantity(text string) (number, unit string, ok bool) {
	m := quantity.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return m[1], strings.TrimSpace(m[2]), true
}

// A cell holds a binary number of which Excel shows at most 15 digits. typed
// writes the decimal that somebody typed or sees: 0.1 + 0.2 is 0.3. What does
// not survive this is exported as text.
func typed(v float64) string {
	if v == 0 {
		return "0"
	}
	s, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		s = v
	}
	return exact(s)
}

// exact writes the shortest decimal that reads as v.
func exact(v float64) string {
	if m := math.Abs(v); m != 0 && (m < 1e-5 || m >= 1e15) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// typedPercent writes 100 v as typed would, without the error of a product.
func typedPercent(v float64) string {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return typed(v)
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 14, 64), "e")
	e, _ := strconv.Atoi(exponent)
	s, err := strconv.ParseFloat(digits+"e"+strconv.Itoa(e+2), 64)
	if err != nil {
		return typed(v * 100)
	}
	return exact(s)
}

// cellNumber is the number to put into a cell, if it comes back as it is
// written. percent: the cell shows 100 times as much and a %.
func cellNumber(number string, percent bool) (float64, bool) {
	want, err := unit.ParseDecimal(number)
	if err != nil {
		return 0, false
	}
	text := want.String()
	if percent {
		digits, exponent, _ := strings.Cut(text, "e")
		e, _ := strconv.Atoi(exponent) // none is 0
		text = digits + "e" + strconv.Itoa(e-2)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	back := typed(v)
	if percent {
		back = typedPercent(v)
	}
	got, err := unit.ParseDecimal(back)
	return v, err == nil && got == want
}

// seriesNumber likewise, for a series, whose numbers keep every digit that a
// binary number has.
func seriesNumber(text string) (float64, bool) {
	want, err := unit.ParseDecimal(text)
	if err != nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(want.String(), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	got, err := unit.ParseDecimal(exact(v))
	return v, err == nil && got == want
}

// Days of Excel's calendar count from 30 December 1899, as it takes 1900 for a
// leap year; only from March 1900 on does that hold. Workbooks of old
// Macintoshes count from 1904.
var (
	epoch1900 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	epoch1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Years that a date in a workbook may lie in: an hour's count or a plain
// number would give one outside.
const firstYear, lastYear = 1902, 2300

// fromSerial turns a day count into a date and time of day, to the second.
func fromSerial(v float64, use1904 bool) (time.Time, bool) {
	epoch := epoch1900
	if use1904 {
		epoch = epoch1904
	}
	if !(v >= 0 && v < 1e6) {
		return time.Time{}, false
	}
	t := time.Unix(epoch.Unix()+int64(math.Round(v*86400)), 0).UTC()
	return t, t.Year() >= firstYear && t.Year() <= lastYear
}

func toSerial(t time.Time) (float64, bool) {
	if t.Year() < firstYear || t.Year() > lastYear || t.Nanosecond() != 0 {
		return 0, false
	}
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	return float64(wall.Unix()-epoch1900.Unix()) / 86400, true
}

// stamp writes a date, with its time of day where it has one.
func stamp(t time.Time) string {
	switch {
	case t.Second() != 0:
		return t.Format("2006-01-02T15:04:05")
	case t.Hour() != 0 || t.Minute() != 0:
		return t.Format("2006-01-02T15:04")
	}
	return t.Format(time.DateOnly)
}

// percentOf gives a percentage the unit of its column: 5 % in a column [1/h]
// is 5 %/h, in one of shares 5 %. ok is false where no percentage fits.
func percentOf(number, header string) (text string, ok bool) {
	if header == "" {
		return number + " %", true
	}
	if rest, cut := strings.CutPrefix(header, "%"); cut {
		return number + " %" + rest, true
	}
	if rest, cut := strings.CutPrefix(header, "1/"); cut {
		return number + " %/" + rest, true
	}
	if u, err := unit.Parse(header); err == nil && u.Dim.IsRatio() {
		return number + " %", true
	}
	return "", false
}
