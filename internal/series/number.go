package series

import (
	"math"
	"strconv"
	"unsafe"
)

// Powers of ten that a float64 holds exactly.
var exactTens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// number reads a decimal number: sign, digits with a point, exponent. A number
// whose digits and power of ten are both exact in a float64 is one correctly
// rounded operation away (Clinger 1990); all others go to strconv. ok is false
// for anything else: hexadecimal, underscores, Inf, NaN, out of range.
func number(b []byte) (value float64, ok bool) {
	i, negative := 0, false
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	mantissa, digits, fraction := uint64(0), 0, 0
	for ; i < len(b) && b[i]-'0' < 10; i++ {
		mantissa = 10*mantissa + uint64(b[i]-'0')
		digits++
	}
	if i < len(b) && b[i] == '.' {
		i++
		for ; i < len(b) && b[i]-'0' < 10; i++ {
			mantissa = 10*mantissa + uint64(b[i]-'0')
			digits++
			fraction++
		}
	}
	if digits == 0 {
		return 0, false
	}
	if i < len(b) {
		if b[i] != 'e' && b[i] != 'E' {
			return 0, false
		}
		for j := i + 1; j < len(b); j++ {
			sign := (b[j] == '-' || b[j] == '+') && j == i+1
			if b[j]-'0' >= 10 && !sign {
				return 0, false
			}
		}
	} else if digits <= 19 && mantissa <= 1<<53 && fraction < len(exactTens) {
		value = float64(mantissa) / exactTens[fraction]
		if negative && mantissa != 0 { // no negative zero
			value = -value
		}
		return value, true
	}
	// The string lives only during the call, and b does not change in it.
	value, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(b), len(b)), 64)
	if err != nil || math.IsInf(value, 0) {
		return 0, false
	}
	return value + 0, true // -0 + 0 = 0
}

// whole reads digits as a whole number.
func whole(b []byte) (value int, ok bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	for _, c := range b {
		if c-'0' >= 10 {
			return 0, false
		}
		value = 10*value + int(c-'0')
	}
	return value, true
}
