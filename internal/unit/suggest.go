package unit

import (
	"slices"
	"strings"
	"sync"
)

// said maps what planners write to what is meant, where letters alone don't
// lead there. In lower case, but for those where case decides.
var said = map[string]string{
	"MT": "Mt (million t) or t", "mt": "Mt (million t) or t", "Mg": "t", "mtpa": "Mt/a", "ktpa": "kt/a", "tpa": "t/a", "tpd": "t/d", "tph": "t/h",
	"ton": "t", "tons": "t", "tonne": "t", "tonnes": "t", "dmt": "t dry", "wmt": "t wet", "kilo": "kg", "lb": "kg",
	"y": "a", "yr": "a", "yrs": "a", "year": "a", "years": "a", "annum": "a",
	"hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "w": "week", "wk": "week", "weeks": "week",
	"minute": "min", "minutes": "min", "sec": "s", "second": "s", "seconds": "s",
	"mo": "d, week or a (a month has no fixed length)", "month": "d, week or a (a month has no fixed length)", "months": "d, week or a (a month has no fixed length)",
	"mwe": "MW", "mwel": "MW", "mwth": "MW", "mwac": "MW AC", "mwdc": "MW DC", "kwac": "kW AC", "kwdc": "kW DC",
	"mwhe": "MWh", "mwhth": "MWh", "cal": "kcal", "btu": "MMBtu",
	"$": "USD", "us$": "USD", "dollar": "USD", "¢": "USc", "us¢": "USc", "c": "USc", "ct": "USc", "cent": "USc", "cents": "USc",
	"mUSD": "MUSD (million), kUSD (thousand) or USc (cent)", "mmusd": "MUSD", "bnusd": "GUSD",
	"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "rmb": "CNY", "yuan": "CNY", "¥": "CNY or JPY",
	"kip": "LAK", "baht": "THB", "dong": "VND", "bn": "G, as in GUSD", "million": "M, as in MUSD or Mt", "k": "k, as in kUSD or kt",
	"tkm": "t*km", "mcm": "Mm3", "bcm": "km3", "cum": "m3", "cbm": "m3", "cumec": "m3/s", "cumecs": "m3/s", "m3s": "m3/s", "mmc": "Mm3",
	"liter": "L", "litre": "L", "liters": "L", "litres": "L", "barrel": "bbl", "barrels": "bbl", "bpd": "bbl/d", "hm3": "Mm3",
	"meter": "m", "metre": "m", "hectare": "ha", "hectares": "ha", "sqkm": "km2", "sqm": "m2",
	"amp": "A", "amps": "A", "volt": "V", "volts": "V", "ω": "ohm", "Ω": "ohm", "µs": "uS", "°": "deg", "degree": "deg", "degrees": "deg", "rad": "deg",
	"percent": "%", "pct": "%", "pc": "%", "‰": "%", "pu": "1, a bare number", "x": "1, a bare number",
	"cell": "pot", "pots": "pot", "trucks": "truck", "vehicles": "vehicle", "people": "person", "persons": "person", "turbine": "module", "turbines": "module", "units": "module", "lorry": "truck",
	"wtg": "module", "starts": "start", "trips": "trip", "trains": "train", "wagons": "wagon",
}

// hint is ", did you mean ...?" for a name, "" if nothing is near.
func hint(name string) string {
	if s := nearest(trim(name)); s != "" {
		return ", did you mean " + s + "?"
	}
	return ""
}

// unknown refuses a name.
func (p *parser) unknown(name string) {
	suggestion := looks
	if s := nearest(name); s != "" {
		suggestion = "did you mean " + s + "?"
	}
	p.fail(Unknown, `no unit "`+name+`"`, suggestion)
}

// notBasis refuses a word after a unit that is none of the basis words.
func (p *parser) notBasis(word string) {
	problem := `"` + word + `" after a unit`
	for b := range bases {
		if strings.EqualFold(b, word) {
			p.fail(Unknown, problem, "did you mean "+b+"?")
			return
		}
	}
	if _, ok := lookup(word); ok {
		p.fail(Unknown, problem, "products are written with *: "+trim(p.text[:p.at-len(word)])+"*"+word)
		return
	}
	p.fail(Unknown, problem, "only dry, wet, gross, net, AC and DC may follow one; a unit does not name its substance")
}

// nearest is the unit a misspelt name stands for, or "".
func nearest(name string) string {
	if len(name) > 20 {
		return ""
	}
	if s := said[name]; s != "" {
		return s
	}
	// A wrong case is the likeliest slip: Mwh, KW, usd.
	var near []string
	lower := strings.ToLower(name)
	for _, n := range names() {
		if strings.ToLower(n) == lower {
			near = append(near, n)
		}
	}
	if len(near) > 0 {
		return strings.Join(near, " or ")
	}
	if s := said[lower]; s != "" {
		return s
	}
	for _, tail := range []string{"co2e", "co2", "al"} {
		if u := name[:max(0, len(name)-len(tail))]; strings.HasSuffix(lower, tail) && units[u].Text != "" {
			return u + " (a unit does not name its substance)"
		}
	}
	if n := len(name) - 4; n > 0 { // usd2020
		if _, ok := money("USD" + name[n:]); ok {
			if s := nearest(name[:n]); len(s) >= 3 && len(s) <= 4 {
				return s + name[n:]
			}
		}
	}
	if len(name) < 3 {
		return ""
	}
	for _, n := range names() {
		if len(n) >= 2 && slip(lower, strings.ToLower(n)) {
			near = append(near, n)
		}
	}
	if len(near) > 3 {
		near = near[:3]
	}
	return strings.Join(near, " or ")
}

// names are all that may be written, in the order of the table.
var names = sync.OnceValue(func() []string {
	var n []string
	for _, d := range table {
		n = append(n, d.Name)
	}
	n = append(n, "USc")
	for _, c := range currencies {
		n = append(n, c.Code, "k"+c.Code, "M"+c.Code)
	}
	return n
})

// slip tells whether one letter added, left out or wrong, or two swapped, turns
// a into b.
func slip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// usual are the units planners write, by dimension.
var usual = sync.OnceValue(func() map[Dim][]string {
	m := map[Dim][]string{}
	for _, text := range []string{
		"MW", "GW", "MWh", "GWh", "t", "kt", "kt/a", "t/h", "m3", "Mm3", "m3/s", "Mm3/a", "km", "m", "ha", "km2", "h", "d", "a",
		"%/h", "1/a", "kA", "A", "V", "kV", "deg", "MVA", "ohm", "ohm/km", "MWh/t", "GJ/t", "t/MWh", "kg/GJ", "m3/MWh", "MWh/Mm3",
		"MW/h", "MW/min", "t/m3", "m3/t", "m2/t", "ha/a", "ha/MW", "m2/kW", "truck/d", "vehicle/d", "t/truck",
		"GJ/t gross", "kcal/kg gross", "GJ/t net", "kcal/kg net", "kg/GJ net", "t/MWh net",
	} {
		u := Must(text)
		m[u.Dim] = append(m[u.Dim], text)
	}
	return m
})

// examples are up to three texts that fit the target.
func examples(to Unit, m *Money) []string {
	if to.Dim.IsRatio() {
		return []string{"95 %", "0.95"}
	}
	texts := slices.Clone(usual()[to.Dim])
	if own := strings.ReplaceAll(to.Text, "currency", m.name()); !slices.Contains(texts, own) {
		texts = append([]string{own}, texts...)
	}
	return texts[:min(3, len(texts))]
}

// respell writes u with the basis words that give it the dimension want, ""
// where none do.
func respell(u Unit, want Dim) string {
	// The pieces of u.Text: names, each with the words it may take, and what
	// stands between them.
	var pieces []string
	var words [][]string
	for rest := u.Text; rest != ""; {
		n := strings.IndexAny(rest, "*/() ")
		if n == 0 {
			end := 1
			if rest[0] == ' ' { // a basis word: leave it off
				if end = strings.IndexAny(rest[1:], "*/() ") + 1; end == 0 {
					end = len(rest)
				}
				rest = rest[end:]
				continue
			}
			pieces, words, rest = append(pieces, rest[:1]), append(words, []string{""}), rest[1:]
			continue
		}
		if n < 0 {
			n = len(rest)
		}
		own := []string{""}
		if v, err := Parse(rest[:n]); err == nil {
			for _, w := range []string{"dry", "wet", "gross", "net", "AC", "DC"} {
				if v.Dim[bases[w].from] != 0 {
					own = append(own, " "+w)
				}
			}
		}
		pieces, words, rest = append(pieces, rest[:n]), append(words, own), rest[n:]
	}
	if len(pieces) > 9 {
		return ""
	}
	var try func(i int, text string) string
	try = func(i int, text string) string {
		if i == len(pieces) {
			if v, err := Parse(text); err == nil && v.Dim == want {
				return text
			}
			return ""
		}
		for _, w := range words[i] {
			if fit := try(i+1, text+pieces[i]+w); fit != "" {
				return fit
			}
		}
		return ""
	}
	return try(0, "")
}
