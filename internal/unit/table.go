package unit

import "strings"

// Def is one line of the table of units.
type Def struct {
	Name      string
	Is        string // its exact definition by units above it; "" for a base unit
	Meaning   string
	Source    string // "" where a prefix or plain sense says it all
	Dimension string // in words; All fills it
}

// table defines every unit once. A definition may use the lines above it only.
var table = [...]Def{
	{Name: "1", Meaning: "a ratio, or a count"},
	{Name: "%", Is: "0.01", Meaning: "per cent"},

	{Name: "h", Meaning: "hour; base unit of time"},
	{Name: "s", Is: "1/3600 h", Meaning: "second"},
	{Name: "min", Is: "60 s", Meaning: "minute"},
	{Name: "d", Is: "24 h", Meaning: "day"},
	{Name: "week", Is: "7 d", Meaning: "week"},
	{Name: "a", Is: "8760 h", Meaning: "year of 365 days, in every conversion", Source: "design, Time"},

	{Name: "MWh", Meaning: "megawatt-hour; base unit of energy"},
	{Name: "Wh", Is: "1e-6 MWh", Meaning: "watt-hour"},
	{Name: "kWh", Is: "1e-3 MWh", Meaning: "kilowatt-hour"},
	{Name: "GWh", Is: "1e3 MWh", Meaning: "gigawatt-hour"},
	{Name: "TWh", Is: "1e6 MWh", Meaning: "terawatt-hour"},
	{Name: "J", Is: "1/3600 Wh", Meaning: "joule, W s", Source: "SI"},
	{Name: "kJ", Is: "1e3 J", Meaning: "kilojoule"},
	{Name: "MJ", Is: "1e6 J", Meaning: "megajoule"},
	{Name: "GJ", Is: "1e9 J", Meaning: "gigajoule"},
	{Name: "TJ", Is: "1e12 J", Meaning: "terajoule"},
	{Name: "PJ", Is: "1e15 J", Meaning: "petajoule"},
	{Name: "EJ", Is: "1e18 J", Meaning: "exajoule"},
	{Name: "kcal", Is: "4.184 kJ", Meaning: "thermochemical kilocalorie", Source: "NIST SP 811 B.8; 5,500 kcal/kg = 23.0 GJ/t as in facts-K17"},
	{Name: "Mcal", Is: "1e3 kcal", Meaning: "thermochemical megacalorie"},
	{Name: "Gcal", Is: "1e6 kcal", Meaning: "thermochemical gigacalorie"},
	{Name: "toe", Is: "41.868 GJ", Meaning: "tonne of oil equivalent", Source: "IEA: 10 Gcal of the International Table"},
	{Name: "ktoe", Is: "1e3 toe", Meaning: "thousand toe"},
	{Name: "Mtoe", Is: "1e6 toe", Meaning: "million toe"},
	{Name: "tce", Is: "29.3076 GJ", Meaning: "tonne of coal equivalent", Source: "7 Gcal of the International Table, as China's statistics count"},
	{Name: "ktce", Is: "1e3 tce", Meaning: "thousand tce"},
	{Name: "Mtce", Is: "1e6 tce", Meaning: "million tce"},
	{Name: "MMBtu", Is: "1055055852.62 J", Meaning: "million Btu of the International Table", Source: "ISO 31-4"},

	{Name: "MW", Is: "1 MWh/h", Meaning: "megawatt; base unit of power"},
	{Name: "W", Is: "1e-6 MW", Meaning: "watt"},
	{Name: "kW", Is: "1e-3 MW", Meaning: "kilowatt"},
	{Name: "GW", Is: "1e3 MW", Meaning: "gigawatt"},
	{Name: "TW", Is: "1e6 MW", Meaning: "terawatt"},
	{Name: "kWp", Is: "1 kW DC", Meaning: "kilowatt peak: modules at standard test conditions"},
	{Name: "MWp", Is: "1 MW DC", Meaning: "megawatt peak"},
	{Name: "GWp", Is: "1 GW DC", Meaning: "gigawatt peak"},

	{Name: "t", Meaning: "tonne; base unit of mass"},
	{Name: "g", Is: "1e-6 t", Meaning: "gram"},
	{Name: "kg", Is: "1e-3 t", Meaning: "kilogram"},
	{Name: "kt", Is: "1e3 t", Meaning: "thousand tonnes"},
	{Name: "Mt", Is: "1e6 t", Meaning: "million tonnes"},
	{Name: "Gt", Is: "1e9 t", Meaning: "billion tonnes"},

	{Name: "m3", Meaning: "cubic metre; base unit of volume"},
	{Name: "L", Is: "1e-3 m3", Meaning: "litre"},
	{Name: "kL", Is: "1 m3", Meaning: "thousand litres"},
	{Name: "ML", Is: "1e3 m3", Meaning: "million litres"},
	{Name: "GL", Is: "1e6 m3", Meaning: "billion litres"},
	{Name: "Mm3", Is: "1e6 m3", Meaning: "million cubic metres"},
	{Name: "km3", Is: "1e9 m3", Meaning: "cubic kilometre, billion cubic metres"},
	{Name: "bbl", Is: "0.158987294928 m3", Meaning: "barrel of oil", Source: "42 US gallons of 231 cubic inches of (25.4 mm)^3"},
	{Name: "kbbl", Is: "1e3 bbl", Meaning: "thousand barrels"},

	{Name: "km", Meaning: "kilometre; base unit of length"},
	{Name: "m", Is: "1e-3 km", Meaning: "metre"},
	{Name: "mm", Is: "1e-6 km", Meaning: "millimetre: rain, evaporation"},

	{Name: "ha", Meaning: "hectare; base unit of area"},
	{Name: "m2", Is: "1e-4 ha", Meaning: "square metre"},
	{Name: "km2", Is: "100 ha", Meaning: "square kilometre"},

	{Name: "kA", Meaning: "kiloampere; base unit of current"},
	{Name: "A", Is: "1e-3 kA", Meaning: "ampere"},
	{Name: "V", Meaning: "volt; base unit of voltage"},
	{Name: "mV", Is: "1e-3 V", Meaning: "millivolt"},
	{Name: "kV", Is: "1e3 V", Meaning: "kilovolt"},
	{Name: "MVA", Is: "1 kV*kA", Meaning: "megavolt-ampere: apparent power"},
	{Name: "kVA", Is: "1e-3 MVA", Meaning: "kilovolt-ampere"},
	{Name: "ohm", Is: "1 V/A", Meaning: "ohm"},
	{Name: "S", Is: "1 A/V", Meaning: "siemens"},
	{Name: "uS", Is: "1e-6 S", Meaning: "microsiemens"},
	{Name: "deg", Meaning: "degree of angle"},

	{Name: "pot", Meaning: "electrolysis cells"},
	{Name: "module", Meaning: "turbines, blocks or units of equal size"},
	{Name: "truck", Meaning: "loaded trucks"},
	{Name: "wagon", Meaning: "railway wagons"},
	{Name: "train", Meaning: "trains"},
	{Name: "vehicle", Meaning: "vehicles of any sort"},
	{Name: "trip", Meaning: "trips"},
	{Name: "person", Meaning: "people"},
	{Name: "start", Meaning: "starts of a plant"},

	{Name: "currency", Meaning: "the study's currency, money of the base year"},
}

// currencies are the codes of ISO 4217 that may be written, each alone, with
// the year of its prices (EUR2020), or with k, M or G before it for a thousand,
// a million, a billion.
var currencies = [...]struct{ Code, Meaning string }{
	{"USD", "US dollar; USc is its cent"},
	{"LAK", "Lao kip"},
	{"VND", "Vietnamese dong"},
	{"CNY", "Chinese yuan"},
	{"THB", "Thai baht"},
	{"KHR", "Cambodian riel"},
	{"MMK", "Myanmar kyat"},
	{"MYR", "Malaysian ringgit"},
	{"SGD", "Singapore dollar"},
	{"IDR", "Indonesian rupiah"},
	{"INR", "Indian rupee"},
	{"JPY", "Japanese yen"},
	{"KRW", "South Korean won"},
	{"EUR", "euro"},
	{"GBP", "pound sterling"},
	{"CHF", "Swiss franc"},
	{"NOK", "Norwegian krone"},
	{"SEK", "Swedish krona"},
	{"DKK", "Danish krone"},
	{"RUB", "Russian rouble"},
	{"AUD", "Australian dollar"},
	{"CAD", "Canadian dollar"},
	{"BRL", "Brazilian real"},
	{"ZAR", "South African rand"},
	{"AED", "UAE dirham"},
}

// units is the table, parsed.
var units = map[string]Unit{}

func init() {
	base := map[string]int{}
	for i, s := range slot {
		if s.basis == "" {
			base[s.base] = i
		}
	}
	for _, d := range table {
		u := Unit{Text: d.Name, ratio: one}
		switch i, isBase := base[d.Name]; {
		case isBase:
			u.Dim[i] = 1
		case d.Is != "":
			u = define(d)
		}
		units[d.Name] = u
	}
}

// define reads a line's definition. The table is tested, so it can't fail on a
// planner.
func define(d Def) Unit {
	number, rest, _ := strings.Cut(d.Is, " ")
	over, under, _ := strings.Cut(number, "/")
	r := mustRatio(over)
	if under != "" {
		r, _ = r.times(mustRatio(under).inverse())
	}
	u := Unit{ratio: one}
	if rest != "" {
		u = Must(rest)
	}
	u.Text = d.Name
	u.ratio, _ = u.ratio.times(r)
	return u
}

func mustRatio(text string) ratio {
	d, err := ParseDecimal(text)
	if err != nil || d.mant == 0 {
		panic("unit: table: " + text)
	}
	return newRatio(d.mant, d.exp)
}

// All lists every unit, for generated documentation: the table, then the
// currencies.
func All() []Def {
	all := make([]Def, 0, len(table)+len(currencies)+1)
	for _, d := range table {
		d.Dimension = units[d.Name].Dim.String()
		all = append(all, d)
	}
	all = append(all, Def{Name: "USc", Is: "0.01 USD", Meaning: "US cent", Dimension: "money"})
	for _, c := range currencies {
		all = append(all, Def{Name: c.Code, Meaning: c.Meaning, Source: "ISO 4217", Dimension: "money"})
	}
	return all
}
