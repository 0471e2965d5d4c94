package unit

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number, as read. Equal numbers are equal structs:
// 2.010 == 2.01. The zero Decimal is 0.
type Decimal struct {
	mant uint64 // digits without trailing zeros
	long string // the digits instead, where they don't fit mant
	exp  int32  // value = digits * 10^exp
	neg  bool
}

// Limits on what is read: far beyond any float64, so nothing is lost, and far
// below what would make exact arithmetic slow.
const (
	mostText   = 2000
	mostDigits = 1000
	mostScale  = 400
)

// IsZero tells whether the number is 0.
func (d Decimal) IsZero() bool { return d.mant == 0 && d.long == "" }

func (d Decimal) digits() string {
	if d.long != "" {
		return d.long
	}
	return strconv.FormatUint(d.mant, 10)
}

// String is the shortest text that reads as d.
func (d Decimal) String() string {
	digits, exp := d.digits(), int(d.exp)
	point := len(digits) + exp // where the decimal point stands
	switch {
	case exp >= 0 && point <= 15:
		digits += strings.Repeat("0", exp)
	case exp > 0 || point < -5:
		if len(digits) > 1 {
			digits = digits[:1] + "." + digits[1:]
		}
		digits += "e" + strconv.Itoa(point-1)
	case exp == 0:
	case point > 0:
		digits = digits[:point] + "." + digits[point:]
	default:
		digits = "0." + strings.Repeat("0", -point) + digits
	}
	if d.neg {
		return "-" + digits
	}
	return digits
}

// ParseDecimal reads a number without a unit.
func ParseDecimal(text string) (Decimal, error) {
	trimmed := trim(text)
	d, n, bad := scan(trimmed)
	if bad == "" && n < len(trimmed) {
		bad = "write a number only, such as 500 or 1.2e6"
		if _, _, after := scan(trim(trimmed[n:])); after == "" {
			bad = grouped(trimmed)
		}
	}
	if bad != "" {
		return Decimal{}, &Error{Number, read(text), bad}
	}
	return d, nil
}

// grouped is the hint for digits grouped by spaces.
func grouped(text string) string {
	plain := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, text)
	return "write a number without spaces, such as " + plain
}

// scan reads the decimal at the start of s and tells where it ends; bad says
// what would be readable, "" if all is well.
func scan(s string) (d Decimal, end int, bad string) {
	if len(s) > mostText {
		return d, 0, "want at most 1000 digits"
	}
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		d.neg = s[i] == '-'
		i++
	}
	var (
		start   = i
		count   int   // significant digits
		exp     int32 // of the last digit
		seen    bool  // a digit
		point   bool
		dropped bool // mant overflowed: read again from the text
	)
scanning:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			seen = true
			if count > 0 || c != '0' {
				count++
			}
			if count <= 19 {
				d.mant = d.mant*10 + uint64(c-'0')
			} else {
				dropped = true
			}
			if point {
				exp--
			}
		case c == '_' && i > start && digitAt(s, i-1) && digitAt(s, i+1):
		case c == '.' && !point && digitAt(s, i+1):
			point = true
		case c == ',' && seen && digitAt(s, i+1):
			return d, 0, comma(s[start:], i-start)
		default:
			break scanning
		}
	}
	if !seen {
		return d, 0, notNumber(s)
	}
	mantissa := s[start:i]
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		if digitAt(s, j) {
			from := j
			e := 0
			for ; digitAt(s, j); j++ {
				e = min(e*10+int(s[j]-'0'), 1e6)
			}
			if s[from-1] == '-' {
				e = -e
			}
			exp += int32(e)
			i = j
		}
	}
	if i < len(s) && strings.IndexByte(".,_+-:;!?~", s[i]) >= 0 {
		return d, 0, notNumber(s)
	}
	if dropped {
		digits := strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return r
			}
			return -1
		}, mantissa)
		digits = strings.TrimLeft(digits, "0")
		short := strings.TrimRight(digits, "0")
		exp += int32(len(digits) - len(short))
		count = len(short)
		d.mant = 0
		if count <= 19 {
			d.mant, _ = strconv.ParseUint(short, 10, 64)
		} else {
			d.long = short
		}
	} else {
		for d.mant != 0 && d.mant%10 == 0 {
			d.mant /= 10
			exp++
			count--
		}
	}
	if d.IsZero() {
		return Decimal{}, i, ""
	}
	if count > mostDigits {
		return d, 0, "want at most 1000 digits"
	}
	if scale := int(exp) + count; scale > mostScale || scale < -mostScale {
		return d, 0, "want a number between 1e-300 and 1e300"
	}
	d.exp = exp
	return d, i, ""
}

func digitAt(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }

// comma says how to write a number with one comma at s[at].
func comma(s string, at int) string {
	end := at + 1
	for digitAt(s, end) || end < len(s) && s[end] == ',' && digitAt(s, end+1) {
		end++
	}
	whole, rest := s[:at], s[at+1:end]
	fraction := ""
	if end < len(s) && s[end] == '.' && digitAt(s, end+1) {
		stop := end + 1
		for digitAt(s, stop) {
			stop++
		}
		fraction = s[end:stop]
	}
	if strings.Contains(whole, ".") {
		return "write a number without a comma, such as 5000 or 0.5"
	}
	groups := true
	for _, g := range strings.Split(rest, ",") {
		groups = groups && len(g) == 3
	}
	plain := strings.ReplaceAll(whole+rest, ",", "") + fraction
	if groups && whole != "0" {
		return "write " + plain + " or " + whole + "_" + strings.ReplaceAll(rest, ",", "_") + fraction
	}
	if !strings.Contains(rest, ",") && fraction == "" {
		return "write " + whole + "." + rest
	}
	return "write " + plain
}

func notNumber(s string) string {
	if rest, ok := strings.CutPrefix(s, "−"); ok { // U+2212
		return "write the minus sign as -: -" + trim(rest)
	}
	switch strings.ToLower(strings.TrimLeft(s, ".+-")) {
	case "nan", "inf", "infinity":
		return "want a finite number; where no limit is meant, leave the line out"
	}
	if i := strings.IndexAny(s, "0123456789"); i > 0 && !strings.ContainsAny(s[:i], ".,_:;!?~<>=") {
		if _, n, bad := scan(s[i:]); bad == "" && i+n == len(s) {
			return "write the number first: " + s[i:] + " " + trim(s[:i])
		}
	}
	return "want a number and its unit, such as 500 kt/a or 95 %"
}

// trim takes spaces off both ends, those of typesetters too.
func trim(s string) string {
	if len(s) == 0 || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimSpace(s)
}

var pow5 = func() (p [28]uint64) { // 5^27 < 2^64 < 5^28
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 5 * p[i-1]
	}
	return p
}()

// round is d * f, rounded once, to nearest even. It is false where a number
// other than zero becomes 0 or infinite.
func (d Decimal) round(f factor) (float64, bool) {
	if d.IsZero() {
		return 0, true
	}
	v, ok := d.roundFast(f)
	if !ok {
		v, ok = d.roundSlow(f)
	}
	if d.neg {
		v = -v
	}
	return v, ok
}

// roundFast is |d| * f where 128 bits hold it. With f = num/den * 2^e2 * 5^e5
// and |d| = mant * 10^exp, the value is N/D * 2^k for N = mant*num*5^max(e,0),
// D = den*5^max(-e,0), e = e5+exp, k = e2+exp. N and D are shifted until their
// quotient has 62 bits or more; its lowest bit is set if anything remains. So
// the one rounding, from that integer to the 53 bits of a float64, is that of
// the exact value: the bit set lies far below the half. Multiplying by a power
// of two is exact, as long as no subnormal or overflow is near.
func (d Decimal) roundFast(f factor) (float64, bool) {
	e, k := f.e5+d.exp, int(f.e2+d.exp)
	if f.big != nil || d.long != "" || e <= -28 || e >= 28 || k < -800 || k > 800 {
		return 0, false
	}
	hi, lo := bits.Mul64(d.mant, f.num)
	div := f.den
	if e > 0 {
		if hi != 0 {
			return 0, false
		}
		hi, lo = bits.Mul64(lo, pow5[e])
	} else if e < 0 {
		var over uint64
		if over, div = bits.Mul64(div, pow5[-e]); over != 0 {
			return 0, false
		}
	}
	if hi == 0 {
		hi, lo, k = lo, 0, k-64
	}
	n := bits.LeadingZeros64(hi)
	hi, lo, k = hi<<n|lo>>(64-n), lo<<n, k-n
	n = bits.LeadingZeros64(div)
	div, k = div<<n, k+n
	var left uint64
	if hi >= div { // the quotient needs a bit more than 64
		left = lo & 1
		hi, lo, k = hi>>1, hi<<63|lo>>1, k+1
	}
	q, r := bits.Div64(hi, lo, div)
	if r|left != 0 {
		q |= 1
	}
	return float64(q) * math.Float64frombits(uint64(k+1023)<<52), true
}

// roundSlow is |d| * f for any d and f.
func (d Decimal) roundSlow(f factor) (float64, bool) {
	x := d.rat()
	v, _ := x.Mul(x, f.rat()).Float64()
	return v, v != 0 && !math.IsInf(v, 0)
}

// rat is |d|.
func (d Decimal) rat() *big.Rat {
	n := new(big.Int).SetUint64(d.mant)
	if d.long != "" {
		n.SetString(d.long, 10)
	}
	if d.exp < 0 {
		return new(big.Rat).SetFrac(n, power(10, -d.exp))
	}
	return new(big.Rat).SetInt(n.Mul(n, power(10, d.exp)))
}
