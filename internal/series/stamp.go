package series

import (
	"bytes"
	"time"
)

// stamp is a moment as written: seconds of its wall clock since 1970 and its
// offset from UTC, if it has one.
type stamp struct {
	wall      int64
	offset    int64
	hasOffset bool
}

// readStamp reads ISO 8601: 2030-01-31, 2030-01, 2030-01-31T07, ...T07:00,
// ...T07:00:00 or a space for the T, a fraction of zeros, then nothing, Z,
// +07, +0700 or +07:00.
func readStamp(b []byte) (s stamp, ok bool) {
	year, b, ok := digits(b, 4)
	if !ok || len(b) == 0 || b[0] != '-' {
		return s, false
	}
	month, b, ok := digits(b[1:], 2)
	if !ok {
		return s, false
	}
	day := 1
	if len(b) > 0 {
		if b[0] != '-' {
			return s, false
		}
		if day, b, ok = digits(b[1:], 2); !ok {
			return s, false
		}
	}
	if !isDate(year, month, day) {
		return s, false
	}
	s.wall = unixDay(year, month, day) * 86400
	if len(b) == 0 {
		return s, true
	}
	if b[0] != 'T' && b[0] != ' ' {
		return s, false
	}
	hour, b, ok := digits(b[1:], 2)
	minute, second := 0, 0
	if ok && len(b) > 0 && b[0] == ':' {
		minute, b, ok = digits(b[1:], 2)
		if ok && len(b) > 0 && b[0] == ':' {
			second, b, ok = digits(b[1:], 2)
			if ok && len(b) > 1 && b[0] == '.' && b[1] == '0' {
				b = bytes.TrimLeft(b[1:], "0")
			}
		}
	}
	if !ok || hour > 23 || minute > 59 || second > 59 {
		return s, false
	}
	s.wall += int64(hour*3600 + minute*60 + second)
	if len(b) == 0 {
		return s, true
	}
	s.hasOffset = true
	s.offset, ok = readOffset(b)
	return s, ok
}

// readOffset reads Z, UTC, +07, +0700, +07:00, in seconds.
func readOffset(b []byte) (seconds int64, ok bool) {
	if string(b) == "Z" || string(b) == "UTC" {
		return 0, true
	}
	if len(b) == 0 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	sign := int64(1)
	if b[0] == '-' {
		sign = -1
	}
	hours, b, ok := digits(b[1:], 2)
	minutes := 0
	if ok && len(b) > 0 {
		minutes, b, ok = digits(bytes.TrimPrefix(b, []byte(":")), 2)
	}
	if !ok || len(b) > 0 || minutes > 59 || 60*hours+minutes > 14*60 {
		return 0, false
	}
	return sign * int64(3600*hours+60*minutes), true
}

// digits reads exactly n digits.
func digits(b []byte, n int) (value int, rest []byte, ok bool) {
	if len(b) < n {
		return 0, b, false
	}
	value, ok = whole(b[:n])
	return value, b[n:], ok
}

func isDate(year, month, day int) bool {
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month)
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func monthDays(year, month int) int {
	switch month {
	case 2:
		if isLeap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// unixDay counts days since 1970 in the Gregorian calendar: years begin in
// March, so that the leap day is the last.
func unixDay(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	y := int64(year)
	return 365*y + y/4 - y/100 + y/400 + int64((153*(month-3)+2)/5+day-1) - 719468
}

// wallDate is the inverse of unixDay, by the standard library.
func wallDate(seconds int64) (year, month, day int) {
	y, m, d := time.Unix(seconds, 0).UTC().Date()
	return y, int(m), d
}
