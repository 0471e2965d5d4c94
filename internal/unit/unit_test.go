package unit

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
)

// in converts a quantity without money.
func in(t *testing.T, quantity, target string) float64 {
	t.Helper()
	q, err := ParseQuantity(quantity)
	if err != nil {
		t.Fatal(err)
	}
	u, err := Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	v, err := q.In(u, nil)
	if err != nil {
		t.Fatalf("%s in %s: %v", quantity, target, err)
	}
	return v
}

func TestTable(t *testing.T) {
	if len(units) != len(table) {
		t.Errorf("%d lines give %d units: a name stands twice", len(table), len(units))
	}
	for _, d := range table {
		u, err := Parse(d.Name)
		if err != nil || u.Text != d.Name || u.ratio.num == 0 || u.ratio.den == 0 {
			t.Errorf("%s: %+v, %v", d.Name, u, err)
		}
		if d.Is != "" {
			// 1 unit is what its line says, by the reader a planner uses.
			is := strings.Replace(d.Is, "1/3600", "1", 1)
			if is != d.Is {
				continue // no fractions in what planners write; TestHand has s and J
			}
			if v := in(t, is, d.Name); v != 1 {
				t.Errorf("%s is %s, but that is %v %s", d.Name, d.Is, v, d.Name)
			}
		}
	}
	for _, d := range All() {
		if d.Meaning == "" || d.Dimension == "" {
			t.Errorf("%s lacks its meaning or dimension", d.Name)
		}
	}
}

func TestHand(t *testing.T) {
	for _, c := range []struct {
		quantity, target string
		want             float64
	}{
		{"2.01 GW", "MW", 2010},
		{"876 t/a", "t/h", 0.1},      // 876/8760
		{"500 kt/a", "t/a", 500_000}, //
		{"6903600 MWh/a", "MW", 788.082191780821917808219178082},
		{"13500 kWh/t", "MWh/t", 13.5},
		{"1 a", "h", 8760},
		{"1 s", "h", 1.0 / 3600},
		{"3600 s", "h", 1},
		{"90 min", "h", 1.5},
		{"2 d", "h", 48},
		{"1 week", "d", 7},
		{"3.6 GJ", "MWh", 1}, // 1 Wh = 3600 J
		{"1 MWh", "GJ", 3.6},
		{"1 J", "Wh", 1.0 / 3600},
		{"7.5 PJ/a", "GWh/a", 7500.0 / 3.6},
		{"5500 kcal/kg", "GJ/t", 23.012}, // 5500 x 4.184 = 23,012 kJ/kg; facts-K17 rounds to 23.0
		{"5500 kcal/kg gross", "GJ/t gross", 23.012},
		{"1 toe", "MWh", 11.63}, // 41.868/3.6
		{"1 tce", "MWh", 8.141}, // 29.3076/3.6
		{"1 MMBtu", "GJ", 1.05505585262},
		{"1 bbl", "L", 158.987294928},
		{"1 Mm3", "m3", 1e6},
		{"1 m3/s", "m3/h", 3600},
		{"0.0036 Mm3", "m3", 3600}, // facts-K16: 1 m3/s for 1 h
		{"1 m3/s", "Mm3/h", 0.0036},
		{"60 ML", "m3", 60_000},
		{"1 km2", "ha", 100},
		{"135 km2", "m2", 135e6},
		{"500 kV", "V", 500_000},
		{"1 ohm/km", "V/kA/km", 1000}, // 1 V/A = 1000 V/kA
		{"1 MVA", "kV*A", 1000},
		{"1 uS", "S", 1e-6},
		{"95 %", "1", 0.95},
		{"0.95", "%", 95},
		{"5 %/h", "1/h", 0.05},
		{"1.2 %/a", "1/a", 0.012},
		{"5/h", "1/min", 5.0 / 60},
		{"94.6 kg/GJ net", "t/MWh net", 0.34056}, // 94.6 x 3.6 / 1000
		{"7 USc/kWh", "USD/MWh", 70},
		{"0.07 USD/t/km", "USD/(t*km)", 0.07},
		{"0.07 USD/(t·km)", "USD/t/km", 0.07},
		{"1570 USD/kW", "MUSD/GW", 1570},
		{"1 GWp", "MW DC", 1000},
		{"3 MW/min", "MW/h", 180},
		{"2.5 t dry/t", "kg dry/kg", 2.5},
		{"1 MWh net/t wet", "kWh net/kg wet", 1},
		{"30 kg dry/kg dry", "1", 30},
		{"362", "pot", 362},
		{"362 pot", "pot", 362},
		{"400 truck/d", "truck/week", 2800},
		{"0", "USD/MWh", 0},
		{"-0.0", "MW", 0},
		{"-5 MW", "kW", -5000},
		{"1_000 t", "kt", 1},
		{".5h", "min", 30},
		{"1h", "h", 1},
		{"1E3 t", "kt", 1},
		{"+1.5e-3 GW", "kW", 1500},
		{"3 m³/s", "m3/s", 3},
		{"3 m^3", "m3", 3},
		{"2 kA²", "kA^2", 2},
		{"12 t", "kg", 12000}, // no-break space, thin space
		{"1 MW*h", "MWh", 1},
		{"1e22 t", "t", 1e22},
		{"9007199254740993 t", "t", 9007199254740992}, // 2^53+1: the tie goes to even
		{"0.1000000000000000055511151231257827021181583404541015625 t", "t", 0.1},
		{"123456789012345678901234567890 g", "t", 1.2345678901234567890123456789e23},
	} {
		if got := in(t, c.quantity, c.target); got != c.want || math.Signbit(got) && got == 0 {
			t.Errorf("%s = %v %s, want %v", c.quantity, got, c.target, c.want)
		}
	}
}

// Every spelling of one amount gives one float64, or the LP would change with
// the unit a planner likes.
func TestSpellings(t *testing.T) {
	for target, spellings := range map[string][]string{
		"MW":     {"2.01 GW", "2010 MW", "2010000 kW", "2_010e3 kW", "0.00201 TW", "2010 MWh/h", "17.6076 TWh/a"},
		"t/h":    {"0.1 t/h", "876 t/a", "0.876 kt/a", "100 kg/h", "2.4 t/d", "16.8 t/week"},
		"MWh/t":  {"13.5 MWh/t", "13500 kWh/t", "13.5 kWh/kg", "48.6 GJ/t", "13.5 GWh/kt", "13.50 MWh/t"},
		"m3/h":   {"0.7 m3/s", "2520 m3/h", "22.0752 Mm3/a", "2.52 ML/h"},
		"1/h":    {"5 %/h", "0.05/h", "0.05 1/h", "120 %/d", "438/a"},
		"USD/MW": {"1570.3 USD/kW", "1.5703 MUSD/MW", "157030 USc/kW", "1570300 USD/MW", "1.5703 GUSD/GW"},
	} {
		want := in(t, spellings[0], target)
		for _, s := range spellings {
			if got := in(t, s, target); got != want {
				t.Errorf("%s = %v %s, but %s = %v", s, got, target, spellings[0], want)
			}
		}
	}
}

func TestUnitText(t *testing.T) {
	for text, want := range map[string]string{
		"kt/a":                "kt/a",
		" kt / a ":            "kt/a",
		"t · km":              "t*km",
		"t×km":                "t*km",
		"m^3":                 "m3",
		"Mm³/a":               "Mm3/a",
		"kA²":                 "kA^2",
		"USD/( t * km )":      "USD/(t*km)",
		"USD/(MW)":            "USD/MW",
		"((t))":               "t",
		"USD/(t dry)":         "USD/t dry",
		"MWh  net / t  wet":   "MWh net/t wet",
		"kcal/kg gross":       "kcal/kg gross",
		"1/h":                 "1/h",
		"(USD/t)*km":          "(USD/t)*km",
		"EUR2020/kW":          "EUR2020/kW",
		"1/(t*km)":            "1/(t*km)",
		"GJ/t dry net":        "GJ/t dry net",
		"MW AC/MW DC":         "MW AC/MW DC",
		"ha/(MW*(t/(a*km)))":  "ha/(MW*(t/(a*km)))",
		"currency/(kcal/kg)":  "currency/(kcal/kg)",
		"1*h":                 "1*h",
		"USD/(kcal/kg gross)": "USD/(kcal/kg gross)",
	} {
		u, err := Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if u.Text != want {
			t.Errorf("%q reads as %q, want %q", text, u.Text, want)
		}
	}
	// The basis word takes its own kind of unit, wherever it stands.
	a, b := Must("GJ/t dry net"), Must("GJ net/t dry")
	if a.Dim != b.Dim || a.Dim[dNet] != 1 || a.Dim[dDry] != -1 {
		t.Errorf("GJ/t dry net is %v", a.Dim)
	}
}

func TestDimensionWords(t *testing.T) {
	for text, want := range map[string]string{
		"t":              "mass",
		"kt/a":           "mass per time",
		"MW":             "power",
		"TWh/a":          "power",
		"MWh/t":          "energy per mass",
		"MWh net/t wet":  "net energy per wet mass",
		"MW AC":          "AC power",
		"MW/h":           "power per time",
		"USD/kW":         "money per power",
		"USD/MWh":        "money per energy",
		"USD/t/km":       "money per mass per length",
		"%":              "ratio",
		"%/h":            "per time",
		"m3/MWh":         "volume per energy",
		"MVA":            "apparent power",
		"ohm/km":         "resistance per length",
		"uS/km":          "conductance per length",
		"t*km":           "mass times length",
		"h^2":            "time^2",
		"truck/d":        "trucks per time",
		"t/MVA":          "mass per apparent power",
		"m3/s":           "volume per time",
		"MWh*h":          "energy times time",
		"kcal/kg gross":  "gross energy per mass",
		"MWh net/h":      "net power",
		"MWh^2/(h^3*MW)": "power per time",
	} {
		if got := Must(text).Dim.String(); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestBase(t *testing.T) {
	for text, want := range map[string]string{
		"kt/a": "t/h", "GW": "MW", "TWh": "MWh", "TWh/a": "MW", "m3/s": "m3/h", "km2": "ha", "mm": "km", "kV": "V", "d": "h", "%": "1",
		"%/h": "1/h", "USc/kWh": "currency/MWh", "USD/kW": "currency/MW", "EUR2020/t/km": "currency/t/km", "kg dry/GJ net": "t dry/MWh net",
		"GW AC": "MW AC", "GWp": "MW DC", "GJ net/s": "MWh net/h", "kt*km": "t*km", "1/a": "1/h", "MVA": "V*kA", "kg/MWh": "t/MWh",
	} {
		u := Must(text)
		b := u.Base()
		if b.Text != want || b.Dim != u.Dim || b.ratio != one {
			t.Errorf("base of %s is %+v, want %s", text, b, want)
		}
		if again := Must(b.Text); again != b {
			t.Errorf("base %s reads as %+v", b.Text, again)
		}
	}
}

func TestAlgebra(t *testing.T) {
	for _, c := range []struct {
		u, op, v, want string
	}{
		{"USD", "/", "t dry", "USD/t dry"},
		{"USD", "/", "kt/a", "USD/(kt/a)"},
		{"currency", "/", "1", "currency"},
		{"1", "/", "h", "1/h"},
		{"1", "*", "h", "h"},
		{"t", "*", "km", "t*km"},
		{"USD/t", "*", "km", "(USD/t)*km"},
		{"t", "*", "USD/t", "t*(USD/t)"},
		{"MWh", "/", "t*km", "MWh/(t*km)"},
	} {
		f := Unit.Per
		if c.op == "*" {
			f = Unit.Times
		}
		if got, err := f(Must(c.u), Must(c.v)); err != nil || got.Text != c.want {
			t.Errorf("%s %s %s = %q, %v, want %q", c.u, c.op, c.v, got.Text, err, c.want)
		}
	}
	if _, err := Must("USD").Per(Must("EUR")); code(err) != Currency {
		t.Errorf("USD/EUR: %v", err)
	}
}

func code(err error) Code {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		quantity, target string
		want             string // the whole message
		code             Code
	}{
		{"500 kt", "t/h", "read 500 kt (mass), want mass per time, such as kt/a or t/h", Dimension},
		{"500", "MW", "read 500 (no unit), want power, such as MW or GW", Dimension},
		{"95 %", "MW", "read 95 % (ratio), want power, such as MW or GW", Dimension},
		{"5 MW", "1", "read 5 MW (power), want ratio, such as 95 % or 0.95", Dimension},
		{"5 MW", "MWh", "read 5 MW (power), want energy, such as MWh or GWh", Dimension},
		{"0.074 t/MWh", "MWh/t", "read 0.074 t/MWh (mass per energy), want energy per mass, such as MWh/t or GJ/t: this one is upside down", Dimension},
		{"3 USD/t", "currency/MWh", "read 3 USD/t (money per mass), want money per energy, such as USD/MWh", Dimension},
		{"5 km2", "km", "read 5 km2 (area), want length, such as km or m", Dimension},
		{"5 MVA", "MW", "read 5 MVA (apparent power), want power, such as MW or GW", Dimension},
		{"4 truck", "pot", "read 4 truck (trucks), want pots, such as pot", Dimension},

		{"500 kt/a", "t dry/h", "read 500 kt/a (mass per time), want dry mass per time: write 500 kt dry/a", Basis},
		{"500 kt wet", "t dry", "read 500 kt wet (wet mass), want dry mass: write 500 kt dry", Basis},
		{"2.5 t/t", "t dry/t", "read 2.5 t/t (ratio), want dry mass per mass: write 2.5 t dry/t", Basis},
		{"23 GJ/t gross", "MWh net/t wet", "read 23 GJ/t gross (gross energy per mass), want net energy per wet mass: write 23 GJ net/t wet", Basis},
		{"1 GW AC", "MW", "read 1 GW AC (AC power), want power: write 1 GW", Basis},
		{"1 GWp", "MW AC", "read 1 GWp (DC power), want AC power, such as MW AC", Basis},

		{"5 Mwh", "MWh", `read 5 Mwh: no unit "Mwh", did you mean MWh?`, Unknown},
		{"5 KW", "MW", `read 5 KW: no unit "KW", did you mean kW?`, Unknown},
		{"5 mw", "MW", `read 5 mw: no unit "mw", did you mean MW?`, Unknown},
		{"5 MT/a", "t/h", `read 5 MT/a: no unit "MT", did you mean Mt (million t) or t?`, Unknown},
		{"5 $/MWh", "currency/MWh", `read 5 $/MWh: no unit "$", did you mean USD?`, Unknown},
		{"5 usd/MWh", "currency/MWh", `read 5 usd/MWh: no unit "usd", did you mean USD?`, Unknown},
		{"5 eur2020", "currency", `read 5 eur2020: no unit "eur2020", did you mean EUR2020?`, Unknown},
		{"5 mUSD", "currency", `read 5 mUSD: no unit "mUSD", did you mean MUSD (million), kUSD (thousand) or USc (cent)?`, Unknown},
		{"5 wekk", "h", `read 5 wekk: no unit "wekk", did you mean week?`, Unknown},
		{"5 gCO2/kWh", "t/MWh", `read 5 gCO2/kWh: no unit "gCO2", did you mean g (a unit does not name its substance)?`, Unknown},
		{"5 zorkmid", "t", `read 5 zorkmid: no unit "zorkmid", units look like kt/a, USD/(t*km) or 1/h`, Unknown},
		{"5 t alumina", "t", `read 5 t alumina: "alumina" after a unit, only dry, wet, gross, net, AC and DC may follow one; a unit does not name its substance`, Unknown},
		{"5 t Dry", "t", `read 5 t Dry: "Dry" after a unit, did you mean dry?`, Unknown},
		{"5 t km", "t*km", `read 5 t km: "km" after a unit, products are written with *: t*km`, Unknown},
		{"0.07 USD/t·km", "currency/(t*km)", "read 0.07 USD/t·km: a product after a quotient reads two ways, write USD/(t*km) or USD/t/km if both divide, USD*km/t if not", Unknown},
		{"5 mm2", "ha", `read 5 mm2: no unit "mm2", did you mean Mm3 or mm or m2?`, Unknown},
		{"5 mm^2", "ha", "read 5 mm^2: no unit mm2, areas are m2, ha, km2, volumes L, m3, Mm3, km3", Unknown},
		{"5 t/", "t", "read 5 t/: it ends where a unit should follow, units look like kt/a, USD/(t*km) or 1/h", Unknown},
		{"5 t/(h", "t/h", "read 5 t/(h, want ) at the end", Unknown},
		{"5 t)", "t", `read 5 t): ")" has no meaning in a unit, units look like kt/a, USD/(t*km) or 1/h`, Unknown},
		{"5 h^-1", "1/h", "read 5 h^-1, powers are 2 to 4; write 1/h for h^-1", Unknown},
		{"5 month", "h", `read 5 month: no unit "month", did you mean d, week or a (a month has no fixed length)?`, Unknown},

		{"5 m3 dry", "t", "read 5 m3 dry: dry has no mass before it, write it after the mass: t dry", Basis},
		{"600 MW net", "MW", "read 600 MW net: net has no energy before it, net means the calorific value of a fuel and follows its energy: MWh net, MWh net/h", Basis},
		{"5 t dry wet", "t dry", "read 5 t dry wet: a second basis, wet, want one basis for each unit", Basis},

		{"5,000 t", "t", "read 5,000 t, write 5000 or 5_000", Number},
		{"1,234,567.5 t", "t", "read 1,234,567.5 t, write 1234567.5 or 1_234_567.5", Number},
		{"0,5 t", "t", "read 0,5 t, write 0.5", Number},
		{"1 000 t", "t", "read 1 000 t, write a number without spaces, such as 1000", Number},
		{"", "t", "read nothing, want a number and its unit, such as 500 kt/a or 95 %", Number},
		{"t", "t", "read t, want a number and its unit, such as 500 kt/a or 95 %", Number},
		{"NaN MW", "MW", "read NaN MW, want a number and its unit, such as 500 kt/a or 95 %", Number},
		{".inf", "MW", "read .inf, want a finite number; where no limit is meant, leave the line out", Number},
		{"USD 5", "currency", "read USD 5, write the number first: 5 USD", Number},
		{"−5 MW", "MW", "read −5 MW, write the minus sign as -: -5 MW", Number},
		{"2030-04-11", "h", "read 2030-04-11, want a number and its unit, such as 500 kt/a or 95 %", Number},
		{"5. t", "t", "read 5. t, want a number and its unit, such as 500 kt/a or 95 %", Number},
		{"1__0 t", "t", "read 1__0 t, want a number and its unit, such as 500 kt/a or 95 %", Number},
		{"1e999999999 t", "t", "read 1e999999999 t, want a number between 1e-300 and 1e300", Number},
		{"1e-350 t", "t", "read 1e-350 t, want a number that is neither 0 nor infinite in t", Number},
		{"1e305 Gt", "t", "read 1e305 Gt, want a number that is neither 0 nor infinite in t", Number},
	} {
		q, err := ParseQuantity(c.quantity)
		if err == nil {
			_, err = q.In(Must(c.target), nil)
		}
		if err == nil {
			t.Errorf("%s in %s: no error, want %s", c.quantity, c.target, c.want)
		} else if err.Error() != c.want || code(err) != c.code {
			t.Errorf("%s in %s:\n got %s: %v\nwant %s: %s", c.quantity, c.target, code(err), err, c.code, c.want)
		}
	}
}

// A zero with a unit is checked like any number; a bare ratio is not a rate.
func TestBareNumbers(t *testing.T) {
	for _, c := range [][2]string{{"0 t", "MW"}, {"0 %", "MW"}, {"1", "1/h"}, {"3", "truck/d"}, {"100 %", "pot"}} {
		q, err := ParseQuantity(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if v, err := q.In(Must(c[1]), nil); err == nil {
			t.Errorf("%s in %s = %v, want an error", c[0], c[1], v)
		}
	}
}

func TestDecimalText(t *testing.T) {
	for text, want := range map[string]string{
		"2.010": "2.01", "007": "7", "-0": "0", "1e3": "1000", "1e15": "1e15", "1.5e20": "1.5e20", "0.00001": "0.00001", "1e-7": "1e-7",
		"1_000.5": "1000.5", ".5": "0.5", "+3": "3", "-12.50e1": "-125", "1234567890123456789012000": "1.234567890123456789012e24",
		"0.12345678901234567890123": "0.12345678901234567890123", "100000000000000000000000": "1e23",
	} {
		d, err := ParseDecimal(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if d.String() != want {
			t.Errorf("%s prints %s, want %s", text, d, want)
		}
	}
	for _, text := range []string{"", "5 t", "1 000", "--5", "1e", "0x10", "1/2", "1,5", "1 000 000", "nan"} {
		if d, err := ParseDecimal(text); code(err) != Number {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
}

func TestMoney(t *testing.T) {
	m, errs := NewMoney("USD", 2026, []Line{
		{"EUR2020", "1.14 USD2020"}, // rests on the next line
		{"USD2020", "1.25 USD"},     // so 1 EUR2020 = 1.425 USD
		{"LAK", "21500 LAK/USD"},    // 1 USD = 21500 LAK
		{"VND", "0.00004 USD"},      //
		{"CNY2024", "0.14 USD/CNY2024"},
		{"THB2026", "3 USc"},
	})
	if errs != nil {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		quantity, target string
		want             float64
	}{
		{"1000 EUR2020/kW", "currency/MW", 1_425_000},
		{"1000 EUR2020/kW", "USD/kW", 1425},
		{"1 USD2026", "currency", 1},
		{"1 USD", "USD2026", 1},
		{"43000 LAK", "USD", 2},
		{"1075 LAK/kWh", "USD/MWh", 50},
		{"2 MVND", "currency", 80},
		{"100 CNY2024", "currency", 14},
		{"2 THB/kWh", "USc/kWh", 6},
		{"50 THB2026", "USD", 1.5},
		{"2 USD", "LAK", 43000},
		{"8600 LAK", "THB", 8600.0 / 21500 / 0.03},
		{"1 t/EUR2020", "t/currency", 1 / 1.425},
	} {
		q, err := ParseQuantity(c.quantity)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := q.In(Must(c.target), m); err != nil || got != c.want {
			t.Errorf("%s = %v %s (%v), want %v", c.quantity, got, c.target, err, c.want)
		}
	}
	q, _ := ParseQuantity("1570 EUR2023/kW")
	_, err := q.In(Must("currency/kW"), m)
	if want := "read 1570 EUR2023/kW: money: has no line for EUR2023, add EUR2023: under money: with what one is worth in USD of 2026"; err == nil || err.Error() != want || code(err) != Currency {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if _, err = q.In(Must("USD/kW"), nil); code(err) != Currency {
		t.Errorf("no table: %v", err)
	}

	// The study may count in thousands: every number shrinks by that, exactly.
	k, errs := NewMoney("kUSD", 2026, []Line{{"EUR", "1.1 USD"}})
	if errs != nil {
		t.Fatal(errs)
	}
	q, _ = ParseQuantity("2500 EUR")
	if got, err := q.In(Must("currency"), k); err != nil || got != 2.75 {
		t.Errorf("2500 EUR = %v kUSD, %v, want 2.75", got, err)
	}
}

func TestMoneyErrors(t *testing.T) {
	for _, c := range []struct {
		base string
		line Line
		code Code
		want string
	}{
		{"USD", Line{"EUR2020", "1.14"}, Currency, "read EUR2020: 1.14, want what one EUR2020 is worth, such as 1.31 USD"},
		{"USD", Line{"EUR2020", "1,14 USD"}, Number, "read EUR2020: 1,14 USD, write 1.14; a line of money: looks like EUR2020: 1.31 USD"},
		{"USD", Line{"EUR2020", "1.14 GBP"}, Currency, "read EUR2020: 1.14 GBP, it rests on GBP, which no line brings back to USD"},
		{"USD", Line{"EUR2020", "2 EUR2020"}, Currency, "read EUR2020: 2 EUR2020, want what one EUR2020 is worth, such as 1.31 USD"},
		{"USD", Line{"EUR", "0 USD"}, Currency, "read EUR: 0 USD, want what one EUR is worth, such as 1.31 USD"},
		{"USD", Line{"EUR", "-1 USD"}, Currency, "read EUR: -1 USD, want what one EUR is worth, such as 1.31 USD"},
		{"USD", Line{"EUR", "1 MW"}, Currency, "read EUR: 1 MW, want what one EUR is worth, such as 1.31 USD"},
		{"USD", Line{"LAK", "21500 THB/USD"}, Currency, "read LAK: 21500 THB/USD, want what one LAK is worth, such as 1.31 USD"},
		{"USD", Line{"USD2026", "1 USD"}, Currency, "read USD2026: 1 USD, USD of the base year is the study's own money: leave the line out"},
		{"USD", Line{"eur", "1 USD"}, Unknown, "read eur: 1 USD, want a currency before the colon, such as EUR2020, did you mean EUR?"},
		{"USD", Line{"kEUR", "1 USD"}, Unknown, "read kEUR: 1 USD, want a currency before the colon, such as EUR2020, did you mean kEUR?"},
		{"dollars", Line{"EUR", "1 USD"}, Unknown, "read dollars, want a currency, such as USD"},
		{"USD2026", Line{"EUR", "1 USD"}, Currency, "read USD2026, want a currency without a year: base_year says it"},
	} {
		_, errs := NewMoney(c.base, 2026, []Line{c.line})
		var got error
		for _, err := range errs {
			if err != nil && got == nil {
				got = err
			}
		}
		if got == nil || got.Error() != c.want || code(got) != c.code {
			t.Errorf("got %s: %v\nwant %s: %s", code(got), got, c.code, c.want)
		}
	}
	// Two lines in a circle, and one twice by its year; the good line holds.
	m, errs := NewMoney("USD", 2026, []Line{{"EUR", "2 GBP"}, {"GBP", "0.5 EUR"}, {"THB", "0.03 USD"}, {"THB2026", "0.04 USD"}})
	if len(errs) != 5 || errs[0] == nil || errs[1] == nil || errs[2] != nil || errs[3] == nil || errs[4] != nil {
		t.Errorf("circle: %v", errs)
	}
	q, _ := ParseQuantity("100 THB")
	if v, err := q.In(Must("currency"), m); err != nil || v != 3 {
		t.Errorf("100 THB = %v, %v", v, err)
	}
}

func TestFormatQuantity(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{788.08, "MW", "788 MW"},
		{6_903_600, "MWh/a", "6.9 TWh/a"},
		{500_000, "t/a", "500 kt/a"},
		{500, "kt/a", "500 kt/a"},
		{57.0776, "t/h", "57.1 t/h"},
		{999.7, "MW", "1 GW"},
		{0.25, "MW", "250 kW"},
		{2010, "MW", "2.01 GW"},
		{13.5, "MWh/t", "13.5 MWh/t"},
		{0.095, "1", "0.095"},
		{95, "%", "95 %"},
		{1570, "USD/kW", "1570 USD/kW"},
		{1_570_000, "USD/MW", "1570000 USD/MW"},
		{12_500, "USD", "12500 USD"},
		{2.345e9, "USD/a", "2.35 GUSD/a"},
		{9.3e7, "EUR2020", "93 MEUR2020"},
		{0, "MW", "0 MW"},
		{-3200, "MW", "-3.2 GW"},
		{1.5e6, "m3/d", "1.5 Mm3/d"},
		{12_345.6, "ha", "12346 ha"},
		{3200, "t dry/a", "3.2 kt dry/a"},
		{2, "MWh net/t wet", "2 MWh net/t wet"},
		{1e-9, "1/h", "1e-9 1/h"},
		{5, "GWp", "5 GWp"},
		{0.4, "USc/kWh", "0.4 USc/kWh"},
		{4e6, "currency", "4000000 currency"},
		{2.5e6, "t*km", "2500000 t*km"},
		{math.Inf(1), "MW", "+Inf MW"},
	} {
		if got := FormatQuantity(c.v, Must(c.unit)); strings.Replace(got, "e-09", "e-9", 1) != c.want {
			t.Errorf("%v %s prints %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

// The exact factor of every unit, from its definition by an independent reading
// with big.Rat: 1 toe = 41.868 GJ = 41.868/3.6 MWh, and so on.
func TestExactFactors(t *testing.T) {
	for name, want := range map[string]string{
		"s": "1/3600", "a": "8760", "J": "1/3600000000", "kcal": "523/450000000", "toe": "1163/100", "tce": "8141/1000",
		"MMBtu": "52752792631/180000000000", "bbl": "9936705933/62500000000", "uS": "1/1000000000", "%": "1/100", "km2": "100", "MVA": "1000",
	} {
		w, _ := new(big.Rat).SetString(want)
		if got := units[name].ratio.rat(); got.Cmp(w) != 0 {
			t.Errorf("%s has factor %s, want %s", name, got, w)
		}
	}
}
