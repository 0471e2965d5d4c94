package unit

import (
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// numbers draws numbers as planners and spreadsheets write them.
var numbers = rapid.Custom(func(t *rapid.T) string {
	text := rapid.SampledFrom([]string{"", "-", "+"}).Draw(t, "sign")
	text += rapid.StringMatching(`[0-9]{1,6}|[0-9]{1,25}`).Draw(t, "whole")
	text += rapid.StringMatching(`|\.[0-9]{1,4}|\.[0-9]{1,25}`).Draw(t, "fraction")
	text += rapid.StringMatching(`|[eE][+-]?[0-9]{1,2}`).Draw(t, "exponent")
	return text
})

// families are units of one dimension each.
var families = sync.OnceValue(func() map[Dim][]string {
	m := map[Dim][]string{}
	for _, d := range table {
		m[units[d.Name].Dim] = append(m[units[d.Name].Dim], d.Name)
	}
	return m
})

func drawUnit(t *rapid.T, label string) string {
	names := make([]string, 0, len(table))
	for _, d := range table[1:] {
		names = append(names, d.Name)
	}
	text := rapid.SampledFrom(names).Draw(t, label)
	for range rapid.IntRange(0, 3).Draw(t, label+" more") {
		text = rapid.SampledFrom([]string{text + "/", "1/" + group(text) + "/", group(text) + "*"}).Draw(t, label+" op") +
			rapid.SampledFrom(names).Draw(t, label)
	}
	return text
}

func group(text string) string {
	if strings.ContainsAny(text, "*/") {
		return "(" + text + ")"
	}
	return text
}

// like draws a unit of u's dimension: each name exchanged for one of its family.
func like(t *rapid.T, text, label string) string {
	var b strings.Builder
	for text != "" {
		n := strings.IndexAny(text, "*/()")
		if n == 0 {
			b.WriteByte(text[0])
			text = text[1:]
			continue
		}
		if n < 0 {
			n = len(text)
		}
		if name := text[:n]; name == "1" {
			b.WriteString(name)
		} else {
			b.WriteString(rapid.SampledFrom(families()[units[name].Dim]).Filter(func(s string) bool { return s != "1" }).Draw(t, label))
		}
		text = text[n:]
	}
	return b.String()
}

func mustIn(t *rapid.T, number, from, to string) float64 {
	u, err := Parse(from)
	if err != nil {
		t.Skip(err)
	}
	v, err := Parse(to)
	if err != nil {
		t.Skip(err)
	}
	x, err := Convert(number, u, v, nil)
	if err != nil {
		t.Skip(err)
	}
	return x
}

// A conversion is the correctly rounded exact product: by big.Rat from the text
// and the two exact factors, on a path of its own.
func TestExactRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := numbers.Draw(t, "number")
		from := drawUnit(t, "from")
		to := like(t, from, "to")
		got := mustIn(t, number, from, to)
		x, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatal("not a number")
		}
		u, v := Must(from), Must(to)
		x.Mul(x, u.ratio.rat())
		x.Quo(x, v.ratio.rat())
		if want, _ := x.Float64(); got != want {
			t.Fatalf("%s %s = %v %s, want %v", number, from, got, to, want)
		}
	})
}

// The fast path, wherever it answers, is the slow path.
func TestFastIsSlow(t *testing.T) {
	fast := 0
	rapid.Check(t, func(t *rapid.T) {
		d := Decimal{
			mant: rapid.OneOf(rapid.Uint64Range(1, 1e6), rapid.Uint64Range(1, 1<<54), rapid.Uint64()).Draw(t, "mant"),
			exp:  rapid.Int32Range(-30, 30).Draw(t, "exp"),
		}
		if d.mant == 0 {
			t.Skip()
		}
		r := newRatio(rapid.Uint64Range(1, 1e7).Draw(t, "num"), 0)
		r, _ = r.times(newRatio(rapid.Uint64Range(1, 1e7).Draw(t, "den"), rapid.Int32Range(-20, 20).Draw(t, "ten")).inverse())
		f := factor{ratio: r}
		got, ok := d.roundFast(f)
		if !ok {
			return
		}
		fast++
		if want, _ := d.roundSlow(f); got != want {
			t.Fatalf("%v * %+v: fast %v, slow %v", d, r, got, want)
		}
	})
	if fast == 0 {
		t.Error("the fast path never answered")
	}
}

// What planners write mostly takes the fast path.
func TestFastPathTaken(t *testing.T) {
	for _, c := range [][3]string{
		{"500", "kt/a", "t/h"}, {"13.5", "MWh/t", "MWh/t"}, {"13500.25", "kWh/t", "MWh/t"}, {"2.01", "GW", "MW"}, {"5500", "kcal/kg", "MWh/t"},
		{"0.3217", "1", "1"}, {"123.456", "m3/s", "Mm3/a"}, {"95", "%", "1"}, {"1570", "currency/kW", "currency/MW"}, {"42.5", "bbl/d", "m3/h"},
	} {
		d, _ := ParseDecimal(c[0])
		f, err := conversion(func() string { return "" }, Must(c[1]), Must(c[2]), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := d.roundFast(f); !ok {
			t.Errorf("%s %s in %s takes the slow path", c[0], c[1], c[2])
		}
	}
}

// There and back, and by way of a third unit, up to the rounding of each step.
func TestRoundTripAndTransitivity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[1-9][0-9]{0,8}(\.[0-9]{1,4})?`).Draw(t, "number")
		a := drawUnit(t, "a")
		b := like(t, a, "b")
		c := like(t, a, "c")
		ab := mustIn(t, number, a, b)
		same := mustIn(t, number, a, a)
		back := mustIn(t, repr(ab), b, a)
		if math.Abs(back-same) > 4e-16*math.Abs(same) {
			t.Fatalf("%s %s = %v %s = %v %s", number, a, ab, b, back, a)
		}
		ac, via := mustIn(t, number, a, c), mustIn(t, repr(ab), b, c)
		if math.Abs(ac-via) > 4e-16*math.Abs(ac) {
			t.Fatalf("%s %s = %v %s, but by way of %s %v", number, a, ac, c, b, via)
		}
		// Exactly so for the factors themselves.
		u, v, w := Must(a), Must(b), Must(c)
		if f, ok := u.ratio.times(v.ratio.inverse()); ok {
			if g, ok := v.ratio.times(w.ratio.inverse()); ok {
				if h, ok := f.times(g); ok {
					if direct, _ := u.ratio.times(w.ratio.inverse()); h != direct {
						t.Fatalf("%s to %s: %+v, by way of %s %+v", a, c, direct, b, h)
					}
				}
			}
		}
	})
}

// repr is the shortest text of a float64.
func repr(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// The order of factors changes neither dimension nor factor.
func TestOrderOfFactors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var over, under []string
		for range rapid.IntRange(1, 4).Draw(t, "over") {
			over = append(over, table[rapid.IntRange(2, len(table)-1).Draw(t, "unit")].Name)
		}
		for range rapid.IntRange(0, 3).Draw(t, "under") {
			under = append(under, table[rapid.IntRange(2, len(table)-1).Draw(t, "unit")].Name)
		}
		write := func(over, under []string) string {
			text := strings.Join(over, "*")
			for _, u := range under {
				text += "/" + u
			}
			return text
		}
		a, errA := Parse(write(over, under))
		b, errB := Parse(write(rapid.Permutation(over).Draw(t, "over'"), rapid.Permutation(under).Draw(t, "under'")))
		if errA != nil || errB != nil {
			t.Skip("too large a factor")
		}
		if b.Text = a.Text; a != b {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

func TestTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, err := ParseQuantity(numbers.Draw(t, "number") + " " + drawUnit(t, "unit"))
		if err != nil {
			t.Skip(err)
		}
		again, err := ParseQuantity(q.String())
		if err != nil || again != q {
			t.Fatalf("%+v prints %s, which reads as %+v, %v", q, q, again, err)
		}
	})
}

// Base units are coherent: in base units the number of a product is the product
// of the numbers.
func TestBaseIsCoherent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u, errU := Parse(drawUnit(t, "u"))
		v, errV := Parse(drawUnit(t, "v"))
		if errU != nil || errV != nil {
			t.Skip("a factor with too many digits")
		}
		w, err := u.Times(v)
		if err != nil {
			t.Skip(err)
		}
		if b := w.Base(); b.ratio != one || b.Dim != u.Dim.times(v.Dim, 1) {
			t.Fatalf("base of %s is %+v", w, b)
		}
		f, ok := u.ratio.times(v.ratio)
		if ok && f != w.ratio {
			t.Fatalf("%s: %+v, want %+v", w, w.ratio, f)
		}
	})
}

var (
	seedsUnit = []string{"kt/a", "MWh net/t wet", "USD/(t*km)", "m³/s", "kA^2", "EUR2020/kW", "((t))", "1/h", "%/h", "t dry wet", "a/b*c", "5500", "µ", "t^9",
		"USD/t·km", "Mm3/(s*(h/(d)))", "mUSD", "kcal/kg gross dry", "/", "*", "(", ")", "1", "1/1", "t\x00", "\xff", "USD9999", "1*1*1", "t*(1)"}
	seedsNumber = []string{"500 kt/a", "95 %", "1.5h", "-0.0", "1_000 t", "5,000 t", "1e400", "1e-400 t", ".5", "5.", "0x1p3", "5/h", "1 000", "NaN", "USD 5",
		"1.2345678901234567890123456789e-7 GWh/kt", "999999999999999999999 t", "−5 MW"}
)

func FuzzParse(f *testing.F) {
	for _, s := range seedsUnit {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := Parse(text)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Code == "" || e.Text == "" || len(e.Text) > 400 {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		if again, err := Parse(u.Text); err != nil || again != u {
			t.Fatalf("%q gives %+v, its text %+v, %v", text, u, again, err)
		}
		if b := u.Base(); b.Dim != u.Dim || b.ratio != one {
			t.Fatalf("%q has base %+v", text, b)
		}
		_ = u.Dim.String()
		_ = FormatQuantity(12345.678, u)
	})
}

func FuzzParseQuantity(f *testing.F) {
	for _, s := range append(seedsNumber, seedsUnit...) {
		f.Add(s)
		f.Add("12.5 " + s)
	}
	targets := []Unit{Must("MW"), Must("t dry/h"), Must("currency/kW"), One, Must("pot")}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuantity(text)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Code == "" || e.Text == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		again, err := ParseQuantity(q.String())
		if err != nil || !reflect.DeepEqual(again, q) {
			t.Fatalf("%q gives %+v, its text %q %+v, %v", text, q, q, again, err)
		}
		for _, u := range targets {
			v, err := q.In(u, nil)
			if err == nil && (math.IsNaN(v) || math.IsInf(v, 0) || (v == 0) != q.Number.IsZero()) {
				t.Fatalf("%q in %s = %v", text, u, v)
			}
		}
	})
}

func BenchmarkParseQuantity(b *testing.B) {
	for _, text := range []string{"500 kt/a", "95 %", "13.5 MWh/t", "0.07 USD/(t*km)", "5500 kcal/kg gross", "1570 USD/kW"} {
		b.Run(strings.ReplaceAll(text, "/", "|"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseQuantity(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkIn(b *testing.B) {
	q, _ := ParseQuantity("500 kt/a")
	target := Must("t/h")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := q.In(target, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkColumn(b *testing.B) {
	for _, number := range []string{"123.456", "0.12345678901234567"} {
		b.Run(number, func(b *testing.B) {
			c, err := Between(Must("kt/a"), Must("t/h"), nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Number(number); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
