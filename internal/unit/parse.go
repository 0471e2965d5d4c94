package unit

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unit is a unit as written: its dimension, its exact factor to base units and
// its currency. The zero Unit is not valid; a ratio is One.
type Unit struct {
	Dim   Dim
	Text  string // in the form Parse gives back: kt/a, MWh net/t wet
	money tag    // which money, where Dim has some
	ratio ratio  // base units in one of it
}

// One is the unit of a plain number.
var One = Unit{Text: "1", ratio: one}

// tag is a currency and the year of its prices; the zero tag is the study's
// currency.
type tag struct {
	code [3]byte
	year int16 // 0: the base year
}

func (t tag) String() string {
	switch {
	case t == tag{}:
		return "currency"
	case t.year == 0:
		return string(t.code[:])
	}
	return string(t.code[:]) + strconv.Itoa(int(t.year))
}

// Limits that keep every exponent and factor in its type.
const (
	mostUnitText = 200
	mostFactors  = 16
	mostPower    = 4
	mostDepth    = 8
)

// String is the unit's text.
func (u Unit) String() string { return u.Text }

// Currency is the currency with its year ("EUR2020"), "currency" for the
// study's own, "" for a unit without money.
func (u Unit) Currency() string {
	if u.Dim[dMoney] == 0 {
		return ""
	}
	return u.money.String()
}

// Parse reads a unit: "kt/a", "MWh net/t wet", "USD/(t*km)". Its errors are
// *Error with code Unknown, Basis or Currency.
func Parse(text string) (Unit, error) {
	if u, ok := units[text]; ok {
		return u, nil
	}
	return parse(trim(text), text)
}

// Must is Parse for texts in the program; it panics on an error.
func Must(text string) Unit {
	u, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

// part is one factor of a unit while it is read.
type part struct {
	unit  Unit
	exp   int8 // < 0 below the stroke
	bound bool // has its basis word
}

type parser struct {
	text  string // of the unit
	whole string // what the planner wrote, for messages
	at    int
	depth int
	parts []part
	out   []byte // text as String gives it
	err   *Error
}

func parse(text, whole string) (Unit, error) {
	var (
		parts [4]part
		out   [64]byte
	)
	p := parser{text: text, whole: whole, parts: parts[:0], out: out[:0]}
	switch {
	case text == "":
		p.fail(Unknown, "", "want a unit, such as kt/a or MWh/t")
	case len(text) > mostUnitText || !utf8.ValidString(text):
		p.fail(Unknown, "", "want a unit of at most "+strconv.Itoa(mostUnitText)+" letters")
	default:
		p.product(1)
		if p.err == nil && p.at < len(p.text) {
			p.fail(Unknown, `"`+rest(p.text[p.at:])+`" has no meaning in a unit`, looks)
		}
	}
	if p.err != nil {
		return Unit{}, p.err
	}
	return p.unit()
}

const looks = "units look like kt/a, USD/(t*km) or 1/h"

// rest is the first rune of what could not be read.
func rest(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

func (p *parser) fail(code Code, problem, hint string) {
	if p.err != nil {
		return
	}
	text := read(p.whole)
	if problem != "" {
		text += ": " + problem
	}
	p.err = &Error{code, text, hint}
}

// unit multiplies the parts.
func (p *parser) unit() (Unit, error) {
	u := Unit{ratio: one}
	for _, f := range p.parts {
		if f.unit.Dim[dMoney] != 0 {
			if u.Dim[dMoney] != 0 && u.money != f.unit.money {
				p.fail(Currency, "two currencies, "+u.money.String()+" and "+f.unit.money.String(), "want one currency in a unit")
				return Unit{}, p.err
			}
			u.money = f.unit.money
		}
		r, n := f.unit.ratio, f.exp
		if n < 0 {
			r, n = r.inverse(), -n
		}
		for range n {
			var ok bool
			if u.ratio, ok = u.ratio.times(r); !ok {
				p.fail(Unknown, "its factor has too many digits", "want fewer units in one product")
				return Unit{}, p.err
			}
		}
		u.Dim = u.Dim.times(f.unit.Dim, f.exp)
	}
	if u.Dim[dMoney] == 0 {
		u.money = tag{}
	}
	if u.Text = p.text; string(p.out) != p.text {
		u.Text = string(p.out)
	}
	return u, nil
}

// product reads factors joined by * and /; sign is -1 below a stroke.
func (p *parser) product(sign int8) {
	first, stroke := p.at, false
	p.factor(sign, true)
	for p.err == nil {
		p.space()
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		switch {
		case r == '*' || r == '·' || r == '×' || r == '⋅':
			if stroke {
				p.ambiguous(first)
				return
			}
			p.at += n
			p.out = append(p.out, '*')
			p.factor(sign, false)
		case r == '/':
			p.at += n
			stroke = true
			p.out = append(p.out, '/')
			p.factor(-sign, false)
		case unicode.IsLetter(r):
			p.basis()
		default:
			return
		}
	}
}

// ambiguous refuses a/b*c.
func (p *parser) ambiguous(first int) {
	under := strings.LastIndexByte(p.text[:p.at], '/')
	_, n := utf8.DecodeRuneInString(p.text[p.at:])
	last := p.text[p.at+n:]
	if i := strings.IndexAny(last, "/*·×⋅)"); i >= 0 {
		last = last[:i]
	}
	over, low, last := trim(p.text[first:under]), trim(p.text[under+1:p.at]), trim(last)
	p.fail(Unknown, "a product after a quotient reads two ways",
		"write "+over+"/("+low+"*"+last+") or "+over+"/"+low+"/"+last+" if both divide, "+over+"*"+last+"/"+low+" if not")
}

func (p *parser) space() {
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

// word reads a name: letters and the digits after them, %, or a sign that some
// write for a unit (and that the hint then names).
func (p *parser) word() string {
	start := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' && p.at > start {
			p.at++
			continue
		}
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if unicode.IsLetter(r) || strings.ContainsRune("%‰°¢$€¥£", r) {
			p.at += n
			continue
		}
		break
	}
	return p.text[start:p.at]
}

// factor reads a unit, a product in parentheses, or the 1 that begins 1/h.
func (p *parser) factor(sign int8, leads bool) {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == '(' {
		if p.depth++; p.depth > mostDepth {
			p.fail(Unknown, "", "want fewer parentheses")
			return
		}
		p.at++
		opened := len(p.out)
		p.out = append(p.out, '(')
		p.product(sign)
		p.space()
		if p.err == nil && (p.at >= len(p.text) || p.text[p.at] != ')') {
			p.fail(Unknown, "", "want ) at the end")
			return
		}
		p.at++
		p.depth--
		if inner := p.out[opened+1:]; bytes.ContainsAny(inner, "*/") || string(inner) == "1" {
			p.out = append(p.out, ')')
		} else { // (MW) is MW
			p.out = append(p.out[:opened], p.out[opened+1:]...)
		}
		return
	}
	if leads && p.at < len(p.text) && p.text[p.at] == '1' && !digitAt(p.text, p.at+1) {
		p.at++
		p.out = append(p.out, '1')
		return
	}
	name := p.word()
	if name == "" {
		p.fail(Unknown, p.misplaced(), looks)
		return
	}
	exp := p.power()
	if p.err != nil {
		return
	}
	u, ok := Unit{}, false
	if exp > 1 {
		// m^3 is m3, Mm³ is Mm3: names of their own.
		if full := name + strconv.Itoa(exp); units[full].Text != "" {
			name, exp = full, 1
		}
	}
	if u, ok = lookup(name); !ok {
		p.unknown(name)
		return
	}
	if exp > 1 && u.Dim == (Dim{dLength: 1}) {
		p.fail(Unknown, "no unit "+name+strconv.Itoa(exp), "areas are m2, ha, km2, volumes L, m3, Mm3, km3")
		return
	}
	if len(p.parts) == mostFactors {
		p.fail(Unknown, "", "want at most "+strconv.Itoa(mostFactors)+" units in one product")
		return
	}
	p.parts = append(p.parts, part{unit: u, exp: sign * int8(exp)})
	p.out = append(p.out, name...)
	if exp > 1 {
		p.out = append(p.out, '^')
		p.out = strconv.AppendInt(p.out, int64(exp), 10)
	}
}

func (p *parser) misplaced() string {
	if p.at >= len(p.text) {
		return "it ends where a unit should follow"
	}
	return `no unit begins with "` + rest(p.text[p.at:]) + `"`
}

// power reads ^2 or ², 1 if there is none.
func (p *parser) power() int {
	if p.at >= len(p.text) {
		return 1
	}
	exp := 0
	if p.text[p.at] == '^' {
		p.at++
		if digitAt(p.text, p.at) && !digitAt(p.text, p.at+1) {
			exp = int(p.text[p.at] - '0')
			p.at++
		}
	} else {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if exp = superscript(r); exp == 0 {
			return 1
		}
		p.at += n
	}
	if exp < 2 || exp > mostPower {
		p.fail(Unknown, "", "powers are 2 to 4; write 1/h for h^-1")
	}
	return exp
}

func superscript(r rune) int {
	switch r {
	case '²':
		return 2
	case '³':
		return 3
	case '⁴':
		return 4
	}
	return 0
}

// basis reads a basis word and gives it to the nearest part that can carry it.
func (p *parser) basis() {
	word := p.word()
	b, ok := bases[word]
	if !ok {
		p.notBasis(word)
		return
	}
	for i := len(p.parts) - 1; i >= 0; i-- {
		f := &p.parts[i]
		d := &f.unit.Dim
		if d[b.from] == 0 && !f.bound || (word == "gross" || word == "net") && d[dTime] != 0 {
			continue
		}
		if f.bound {
			if p.carries(f.unit.Dim, b.from) {
				p.fail(Basis, "a second basis, "+word, "want one basis for each unit")
				return
			}
			continue
		}
		d[b.to], d[b.from], f.bound = d[b.from], 0, true
		p.out = append(p.out, ' ')
		p.out = append(p.out, word...)
		return
	}
	switch word {
	case "dry", "wet":
		p.fail(Basis, word+" has no mass before it", "write it after the mass: t "+word)
	case "AC", "DC":
		p.fail(Basis, word+" has no power or energy before it", "write it after the power: MW "+word)
	default:
		p.fail(Basis, word+" has no energy before it",
			word+" means the calorific value of a fuel and follows its energy: MWh "+word+", MWh "+word+"/h")
	}
}

// carries tells whether d holds the plain slot or a basis taken from it.
func (p *parser) carries(d Dim, from int) bool { return d.Plain()[from] != 0 }

// lookup finds a name in the table or among the currencies.
func lookup(name string) (Unit, bool) {
	if u, ok := units[name]; ok && name != "1" {
		return u, true
	}
	return money(name)
}

// money reads USD, USc, EUR2020, kUSD, MCNY2024.
func money(name string) (Unit, bool) {
	code := name
	u := Unit{Dim: Dim{dMoney: 1}, Text: name, ratio: one}
	if n := len(code) - 4; n >= 3 && '0' <= code[n] && code[n] <= '9' {
		year, err := strconv.Atoi(code[n:])
		if err != nil || year < 1900 || year > 2199 {
			return Unit{}, false
		}
		u.money.year = int16(year)
		code = code[:n]
	}
	if len(code) == 4 {
		switch code[0] {
		case 'k':
			u.ratio = newRatio(1, 3)
		case 'M':
			u.ratio = newRatio(1, 6)
		case 'G':
			u.ratio = newRatio(1, 9)
		default:
			return Unit{}, false
		}
		code = code[1:]
	} else if code == "USc" {
		u.ratio = newRatio(1, -2)
		code = "USD"
	}
	for i := range currencies {
		if currencies[i].Code == code {
			copy(u.money.code[:], code)
			return u, true
		}
	}
	return Unit{}, false
}

// Per is u/v, PerText its text with parentheses where needed: the price unit
// USD/t dry from USD and t dry. It fails where two currencies meet.
func (u Unit) Per(v Unit) (Unit, error) {
	if v.Text == "1" {
		return u, nil
	}
	return Parse(u.Text + "/" + v.group("/*"))
}

// Times is u*v.
func (u Unit) Times(v Unit) (Unit, error) {
	if v.Text == "1" {
		return u, nil
	}
	if u.Text == "1" {
		return v, nil
	}
	return Parse(u.group("/") + "*" + v.group("/*"))
}

func (u Unit) group(ops string) string {
	if strings.ContainsAny(u.Text, ops) {
		return "(" + u.Text + ")"
	}
	return u.Text
}

// Base is the unit of u's dimension made of base units: t/h for kt/a, MW for
// GW, currency/MWh for USc/kWh, t dry for kt dry. Base units are coherent: the
// product of two values in them is in them.
func (u Unit) Base() Unit {
	b := Unit{Dim: u.Dim, ratio: one}
	var over, under []byte
	u.Dim.each(func(i, exp int, power bool) {
		// gross and net don't follow a power: MWh net/h, not MW net.
		hours := power && (i == dGross || i == dNet)
		for range max(exp, -exp) {
			on, off := &over, &under
			mark, markOff := byte('*'), byte('/')
			if exp < 0 {
				on, off, mark, markOff = off, on, markOff, mark
			}
			name := slot[i].base
			if power && !hours {
				name = "MW"
			}
			*on = append(append(*on, mark), name...)
			if slot[i].basis != "" {
				*on = append(append(*on, ' '), slot[i].basis...)
			}
			if hours {
				*off = append(append(*off, markOff), 'h')
			}
		}
	})
	if len(over) == 0 {
		b.Text = "1" + string(under)
	} else {
		b.Text = string(over[1:]) + string(under)
	}
	return b
}
