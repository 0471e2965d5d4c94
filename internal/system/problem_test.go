package system_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/system"
)

// sound is a system without a problem; each case below spoils one thing.
const sound = `system: Park
years: [2030]
commodities:
  electricity: MWh
  coal: {unit: t, step: 1w}
  metal: {unit: t, step: 1mo}
  co2: {unit: t, balance: account}
places: {park: , town: }
parties: {edl: , mem: }
assets:
  grid: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh}
  load: {kind: demand, at: park, amount: 100 MW}
`

func TestEveryProblemOfASystem(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing wrong", "", "", ""},
		{"no years", "years: [2030]\n", "", `f:1:1: missing: years: want a list of one year, such as [2030], or first_day and last_day, or periods`},
		{"two years", "[2030]", "[2030, 2031]", `f:2:8: years-one: years: read 2 years, want one; of several years each stands for some, such as periods: {2030: 5 a, 2031: 10 a}`},
		{"year and days", "years: [2030]", "years: [2030]\nfirst_day: 2030-01-01", `f:2:8: horizon: both a year (2030)...`},
		{"days upside down", "years: [2030]", "first_day: 2030-02-01\nlast_day: 2030-01-01", `f:2:12: horizon: the last day, 2030-01-01...`},
		{"offset", "years: [2030]", "years: [2030]\noffset: Asia/Vientiane", `f:3:9: offset: offset "Asia/Vientiane"...`},
		{"currency", "years: [2030]", "years: [2030]\ncurrency: dollars", `f:3:11: unit-unknown: currency: read dollars...`},
		{"money line", "years: [2030]", "years: [2030]\nmoney: {EUR: 1.08}", `f:3:14: unit-money: money.EUR: read EUR: 1.08...`},
		{"discount", "years: [2030]", "years: [2030]\ndiscount: 800 %", `f:3:11: range: discount: read 800 %, want 0 % to 100 %`},
		{"product", "years: [2030]", "years: [2030]\nproduct: aluminium", `f:3:10: unknown-commodity: product: no commodity is named "aluminium"; want one of electricity, coal, metal, co2`},
		{"builds", "years: [2030]", "years: [2030]\nbuilds: dry-yaer", `f:3:9: unknown-study: builds: no study is named "dry-yaer"; did you mean dry-year?`},
		{"builds itself", "years: [2030]", "years: [2030]\nbuilds: base", `f:3:9: unknown-study: builds: study base can't take its capacities from itself`},
		{"representative", "years: [2030]", "years: [2030]\nrepresentative: {}", `f:3:17: representative: representative: want either weeks or days, such as {weeks: 6}`},
		{"representative of nothing", "years: [2030]", "years: [2030]\nrepresentative: {days: 5}", `f:3:17: representative: representative: no asset has a series to choose periods by; leave it out, or give a series`},
		{"month in a day", "amount: 100 MW", "amount: s/weather.csv#load}\n  sun: {kind: solar, at: park, availability: s/weather.csv#wind}\nrepresentative: {days: 3", `f:14:17: representative: representative: step 1w...`},
		{"top key", "years: [2030]", "years: [2030]\nassests: {}", `f:3:1: unknown-key: unknown key "assests"; did you mean assets?`},
		{"perspective", "years: [2030]", "years: [2030]\nperspective: [edl]", `f:3:14: perspective: perspective: read edl; planning for some of the parties is not built yet, leave it out: the plan is for all of the system`},
		{"sectors", "years: [2030]", "years: [2030]\nsectors: [power]", `f:3:11: reference: sectors.0: no asset is of sector "power"; there is none`},
		{"commodity in a rate", "electricity: MWh", "electricity: MW", `f:4:16: commodity-unit: commodities.electricity.unit: read MW (power), want the unit of an amount, such as MWh, t or m3`},
		{"commodity in no unit", "electricity: MWh", "electricity: MWhh", `f:4:16: unit-unknown: commodities.electricity.unit: read MWhh...`},
		{"step", "step: 1w", "step: 5h", `f:5:25: step: commodities.coal.step: step 5h...`},
		{"balance", "balance: account", "balance: acount", `f:7:27: word: commodities.co2.balance: read "acount", did you mean account?`},
		{"price of no account", "{unit: t, step: 1w}", "{unit: t, step: 1w, price: 5 USD/t}", `f:5:36: price: commodities.coal.price: only an account has a price; coal is exact, and a purchase or a sale prices it`},
		{"reserved", "  co2:", "  cost:", `f:7:9: id: commodities.cost: cost is what a limit calls money; want another name`},
		{"coordinates", "{park: ,", "{park: {at: [101.98, 20.69]},", `f:8:21: coordinates: places.park.at: read [101.98, 20.69], want a latitude from -90 to 90 and a longitude from -180 to 180`},
		{"coordinates in words", "{park: ,", "{park: {at: 20 N},", `f:8:21: coordinates: places.park.at: read 20 N, want [latitude, longitude] in degrees, such as [20.69, 101.98]`},
		{"role", "{edl: ,", "{edl: {role: king},", `f:9:23: word: parties.edl.role: read "king", want one of owner, signatory, witness, expected investor, buyer, seller, grid, regulator, lender, community, other`},
		{"sources", "parties:", "sources: {a: {grade: read}}\nparties:", ""},
		{"grade", "parties:", "sources: {a: {grade: seen}}\nparties:", `f:9:22: word: sources.a.grade: read "seen", want one of read, derived, general-knowledge, assumption`},
		{"unlisted source", "load: {kind: demand,", "load: {kind: demand, source: b,", ""},
		{"no assets", "assets:\n  grid: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh}\n  load: {kind: demand, at: park, amount: 100 MW}\n", "", `f:1:1: missing: assets: missing: what owners have or may build; see the kinds`},
		{"empty assets", "\n  grid: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh}\n  load: {kind: demand, at: park, amount: 100 MW}\n", " {}", `f:10:9: empty: assets: there is no asset; want at least one, such as {load: {kind: demand}}`},
		{"assets as a list", "\n  grid: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh}\n  load: {kind: demand, at: park, amount: 100 MW}\n", " [a]", `f:10:9: node-kind: assets: read [a], want a map such as {wind: {kind: wind}}`},
		{"an empty asset", "assets:", "assets:\n  wind:", `f:11:3: missing: assets.wind.kind: missing: what it is, see the kinds`},
		{"kind", "kind: demand", "kind: demnad", `f:12:16: unknown-kind: assets.load.kind: no kind is named "demnad"; did you mean demand?`},
		{"no kind", "kind: demand, ", "", `f:12:3: missing: assets.load.kind: missing: what it is, see the kinds`},
		{"asset twice", "  load:", "  grid: {kind: demand, at: park, amount: 1 MW}\n  load:", `f:12:3: duplicate-id: assets.grid: another asset has this name, in f line 11; want a name of its own`},
		{"name", "  load:", "  lo.ad:", `f:12:3: id: assets.lo.ad: read the name "lo.ad", want letters, digits, _ and - only`},
		{"place", "load: {kind: demand, at: park", "load: {kind: demand, at: prak", `f:12:28: unknown-place: assets.load.at: no place is named "prak"; did you mean park?`},
		{"no place", "load: {kind: demand, at: park,", "load: {kind: demand,", `f:12:3: asset-place: assets.load: a demand needs a place for its electricity; add at:, want one of park, town`},
		{"owner", "load: {kind: demand,", "load: {kind: demand, owner: evn,", `f:12:31: unknown-party: assets.load.owner: no party is named "evn"; want one of edl, mem`},
		{"shares", "load: {kind: demand,", "load: {kind: demand, owner: {edl: 120 %},", `f:12:37: range: assets.load.owner: read 120 %, want 0 % to 100 %`},
		{"sum of shares", "  load: {kind: demand,", "  load: {kind: demand, owner: {edl: 60 %, mem: 50 %},", `f:12:31: owner-shares: assets.load.owner: the shares sum to 110 %, want at most 100 %`},
		{"commodity", "commodity: electricity", "commodity: electrcity", `f:11:47: unknown-commodity: assets.grid.commodity: no commodity is named "electrcity"; did you mean electricity?`},
		{"green", "load: {kind: demand,", "load: {kind: demand, green: maybe,", `f:12:31: flag: assets.load.green: read "maybe", want true or false`},
		{"status", "load: {kind: demand,", "load: {kind: demand, status: gone,", `f:12:32: word: assets.load.status: read "gone", want one of free, sold, offer, to be built`},
		{"file", "amount: 100 MW", "amount: s/none.csv#load", `f:12:42: missing-file: assets.load.amount: can't read s/none.csv: there is no such file`},
		{"column", "amount: 100 MW", "amount: s/weather.csv#laod", `f:12:42: series-column: assets.load.amount: s/weather.csv: no series "laod"; did you mean load?...`},
		{"no unit in the header", "amount: 100 MW", "amount: s/weather.csv#bare", `f:12:42: series-unit: assets.load.amount: column bare of s/weather.csv has no unit, want it in the header, bare [MW], or as unit: MW`},
		{"another unit in the header", "amount: 100 MW", "amount: {series: s/weather.csv#load, unit: MW}", `f:12:51: series-unit: assets.load.amount: the header of s/weather.csv says load [GW] and unit: says MW, want one of them`},
		{"dimension of a column", "amount: 100 MW", "amount: s/weather.csv#wind", `f:12:42: unit-dimension: assets.load.amount: column wind [1] of s/weather.csv: read 1 (no unit)...`},
		{"offset of a file", "amount: 100 MW", "amount: {series: s/weather.csv#load, offset: ICT}", `f:12:51: offset: assets.load.amount: offset "ICT"...`},
		{"weather year", "amount: 100 MW}", "amount: s/weather.csv#load}\nweather: 1992", `s/weather.csv:1:1: series-year: the file has no weather year 1992...`},
		{"no supply", "commodity: electricity", "commodity: electricity, max: 0 MW", `f:12:3: no-supply: assets.load: it must have electricity@park (up to 100 MW), and nothing can give any; add a source, a purchase or a route to it`},
		{"no supply there", "load: {kind: demand, at: park", "load: {kind: demand, at: town", `f:12:3: no-supply: assets.load: it must have electricity@town (up to 100 MW), and nothing can give any; add a source, a purchase or a route to it`},
		{"no use", "load: {kind: demand, at: park, amount: 100 MW}", "gift: {kind: purchase, at: park, commodity: co2, price: 0, min: 1 t/h}\n  slag: {kind: purchase, at: park, commodity: coal, price: 0, min: 1 t/h, max: 2 t/h}", `f:13:3: no-use: assets.slag: it must give coal@park, and nothing can take any; add a use or a sale, let it spill, or declare balance: free`},
		{"week in month", "  load:", "  mix: {kind: unit, at: park, activity: coal, capacity: 5 t/h, ports: [{commodity: coal, ratio: 1}, {commodity: metal, ratio: 1}]}\n  load:", `f:12:3: step-nesting: assets.mix: its step of 1w meets metal@park, whose step is 1mo; one must be a whole number of the other (day in week, day in month, never week in month)`},
		{"limit of nothing", "assets:", "limits: {cap: {max: 5 t}}\nassets:", `f:10:10: limit-form: limits.cap: want either of: (an account or cost) or terms:`},
		{"limit without a side", "assets:", "limits: {cap: {of: co2}}\nassets:", `f:10:10: limit-form: limits.cap: it has neither min nor max`},
		{"limit of no account", "assets:", "limits: {cap: {of: coal, max: 5 t}}\nassets:", `f:10:20: limit-of: limits.cap.of: read "coal", which is no account; want one of co2, cost, or terms: with flow: for another commodity`},
		{"limit in another unit", "assets:", "limits: {cap: {of: co2, max: 5 MWh}}\nassets:", `f:10:30: unit-dimension: limits.cap.max: read 5 MWh (energy), want mass...`},
		{"limit upside down", "assets:", "limits: {cap: {of: co2, min: 6 t, max: 5 t}}\nassets:", `f:10:30: range: limits.cap.min: min 6 is above max 5 (in t)`},
		{"cost by month", "assets:", "limits: {cap: {of: cost, max: 5 MUSD, span: month}}\nassets:", `f:10:45: limit-span: limits.cap.span: cost is summed over a year or the horizon, not over each month`},
		{"months of a limit", "assets:", "limits: {cap: {of: co2, max: [1 t, 2 t], span: month}}\nassets:", `f:10:30: limit-count: limits.cap.max: read 2 values, want one, or one for each month of the study (12)`},
		{"floor on nothing", "assets:", "limits: {cap: {of: co2, min: 1 t}}\nassets:", `f:10:30: limit-empty: limits.cap.min: nothing could reach it: nothing in the study flows there`},
		{"term of nothing", "assets:", "limits: {cap: {terms: [{asset: load}], max: 1 t}}\nassets:", `f:10:24: limit-form: limits.cap.terms.0: want one of asset, kind, green and one of flow, level, spill, capacity, shed, served, activity, sent, traded, such as {asset: wind, flow: electricity}`},
		{"term of another commodity", "assets:", "limits: {cap: {terms: [{asset: load, flow: coal}], max: 1 t}}\nassets:", `f:10:24: limit-empty: limits.cap.terms.0: load moves no coal there`},
		{"term of no asset", "assets:", "limits: {cap: {terms: [{asset: laod, flow: electricity}], max: 1 t}}\nassets:", `f:10:32: unknown-asset: limits.cap.terms.0.asset: no asset is named "laod"; did you mean load?`},
		{"term of no kind", "assets:", "limits: {cap: {terms: [{kind: wind, flow: electricity}], max: 1 MWh}}\nassets:", `f:10:24: limit-empty: limits.cap.terms.0: no active asset fits`},
		{"term of a misspelt kind", "assets:", "limits: {cap: {terms: [{kind: demnd, flow: electricity}], max: 1 MWh}}\nassets:", `f:10:31: unknown-kind: limits.cap.terms.0.kind: no kind is named "demnd"; did you mean demand?`},
		{"no such capacity", "assets:", "limits: {cap: {terms: [{asset: load, capacity: \"\"}], max: 1 MW}}\nassets:", `f:10:24: limit-part: limits.cap.terms.0: load has no capacity`},
		{"level of a year", "assets:", "limits: {cap: {terms: [{asset: pile, level: \"\"}], max: 1 t}}\nassets:\n  pile: {kind: store, at: park, commodity: coal, capacity: 5 t}", `f:10:24: limit-span: limits.cap.terms.0: a level is limited in each step; want span: step, or a coef that says which levels count (a series that is 0 but at the end)`},
		{"terms of two units", "assets:", "limits: {cap: {terms: [{asset: load, flow: electricity}, {asset: pile, level: \"\"}], max: 1 MW, span: step}}\nassets:\n  pile: {kind: store, at: park, commodity: coal, capacity: 5 t}", `f:10:58: limit-unit: limits.cap.terms.1: it is in t and the sum in MW; want a coef in MW/t`},
		{"unit of a limit", "assets:", "limits: {cap: {of: co2, max: 5 t, unit: tt}}\nassets:", `f:10:41: unit-unknown: limits.cap.unit: read tt...`},
		{"price of cost", "assets:", "limits: {cap: {of: cost, max: 5 MUSD, soft: -1}}\nassets:", `f:10:45: range: limits.cap.soft: read -1, want more than 0: at no cost it would limit nothing`},
	} {
		text := sound
		if c.old != "" {
			if !strings.Contains(sound, c.old) {
				t.Fatalf("%s: %q is not in the text", c.name, c.old)
			}
			text = strings.Replace(sound, c.old, c.new, 1)
		}
		got := all(text)
		if start, cut := strings.CutSuffix(c.want, "..."); cut && strings.HasPrefix(got, start) && !strings.Contains(got, "\n") {
			continue // the rest is another room's to word
		}
		if got != c.want {
			t.Errorf("%s:\ngives\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// all are the problems that check would print.
func all(text string) string {
	s, problems := load(text)
	if len(problems) == 0 {
		_, problems = system.Expand(s)
	}
	attribute.Sort(problems)
	return lines(problems)
}

// What makes no sense and does no harm is a note.
func TestNotes(t *testing.T) {
	s, _ := model(t, sound+"  sun: {kind: solar, at: town, capacity: 5 MW, availability: 20 %}\n  eater: {kind: sale, at: park, commodity: coal, price: 5 USD/t}\n")
	for _, want := range []string{"Nothing can take electricity@town, so none is made.", "Nothing can give coal@park, so none is used."} {
		if !slices.Contains(s.Notes, want) {
			t.Errorf("notes %q, want %q", s.Notes, want)
		}
	}
}
