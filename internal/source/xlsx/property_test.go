package xlsx_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/study"
	"example.org/busbar/internal/system"
)

type object = map[string]any

// anyText draws text that Excel or YAML might take for something else.
var anyText = rapid.OneOf(
	rapid.SampledFrom([]string{
		"null", "~", "", "true", "TRUE", "1-2", "2030-01-02", "1,5", "1e5", "007", "#N/A", "=1+1", "'quoted'", `"quoted"`, `"a" and "b"`,
		"[a, b]", "{a: b}", "{", "a: b", "- a", "# a", "a # b", " blanks ", "two  blanks", "line\nbreak", "tab\there", `back\slash`, "_x0041_", "ໂຮງງານ", "铝厂", "25 %", "12 MW",
		"a,b;c", "&amp; <b>", "x\u00a0y", "naïve", "\"", "'", "@at", "%", "`", "| pipe", "> fold", "!tag", "&anchor", "*alias", "?", ":", "0x1F", ".5", "+1", "-", "--- a", "...",
	}),
	rapid.StringOfN(rapid.RuneFrom([]rune(`ab1 .,:;#"'[]{}%&*!|>?-=\/é`)), 0, 12, -1),
)

// quantityOf draws a quantity written in one of several ways.
func quantityOf(t *rapid.T, label string, low, high int, units ...string) string {
	n := rapid.IntRange(low*1000, high*1000).Draw(t, label)
	unit := rapid.SampledFrom(units).Draw(t, label+" unit")
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%03d", n/1000, n%1000), "0"), ".")
	switch rapid.IntRange(0, 6).Draw(t, label+" form") {
	case 0:
		text += ".0"
		if strings.Count(text, ".") > 1 {
			text = strings.TrimSuffix(text, ".0") + "0"
		}
	case 1:
		text = fmt.Sprintf("%d.%03de0", n/1000, n%1000)
	}
	if unit == "" {
		return text
	}
	return text + rapid.SampledFrom([]string{" ", ""}).Draw(t, label+" blank") + unit
}

// cited adds, or not, a source and a note to a value.
func cited(t *rapid.T, label string, v any) any {
	switch rapid.IntRange(0, 3).Draw(t, label+" cited") {
	case 0:
		return object{"value": v, "source": "S1", "note": anyText.Draw(t, label+" note")}
	case 1:
		return object{"value": v}
	}
	return v
}

// price draws a number, twelve months or a series.
func price(t *rapid.T, label string) any {
	months := func(unit ...string) []any {
		var out []any
		for m := range 12 {
			out = append(out, quantityOf(t, fmt.Sprint(label, m), 1, 90, unit...))
		}
		return out
	}
	switch rapid.IntRange(0, 6).Draw(t, label) {
	case 0:
		return object{"monthly": months(""), "unit": "USD/MWh", "note": anyText.Draw(t, label+" note")}
	case 1:
		return object{"monthly": months("USD/MWh")}
	case 2:
		return object{"monthly": months("USD/MWh", "USc/kWh", "kUSD/GWh"), "scale": quantityOf(t, label+" scale", 1, 90, "%")}
	case 3:
		return "series/prices.csv#p"
	case 4:
		return object{"series": "series/prices.csv#p", "scale": quantityOf(t, label+" scale", 0, 2, "", "%"), "source": "S1"}
	}
	return cited(t, label, quantityOf(t, label+" value", 1, 200, "USD/MWh", "USc/kWh", "kUSD/GWh"))
}

func asset(t *rapid.T, i int) object {
	label := fmt.Sprint("asset ", i, " ")
	a := object{}
	maybe := func(key string, v func() any) {
		if rapid.Bool().Draw(t, label+key) {
			a[key] = v()
		}
	}
	kind := rapid.SampledFrom([]string{"wind", "battery", "grid_import", "demand", "unit", "purchase"}).Draw(t, label+"kind")
	a["kind"], a["at"] = kind, rapid.SampledFrom([]string{"town", "hill"}).Draw(t, label+"at")
	maybe("name", func() any { return anyText.Draw(t, label+"name") })
	maybe("note", func() any { return anyText.Draw(t, label+"note") })
	maybe("active", func() any { return rapid.Bool().Draw(t, label+"active") })
	maybe("status", func() any { return rapid.SampledFrom([]string{"free", "to be built"}).Draw(t, label+"status") })
	maybe("owner", func() any {
		return rapid.SampledFrom([]any{"ann", object{"ann": "51 %", "bob": nil}, object{"ann": "0.5", "bob": "50 %"}}).Draw(t, label+"owner")
	})
	build := func(per string, units ...string) any {
		b := object{"max": cited(t, label+"max", quantityOf(t, label+"max", 1, 900, units...)), "cost": quantityOf(t, label+"cost", 1, 900, "USD/"+per), "life": "25 a"}
		if rapid.Bool().Draw(t, label+"fixed") {
			b["fixed"] = quantityOf(t, label+"fixed", 0, 9, "%/a", "1/a", "%/d")
		}
		return b
	}
	switch kind {
	case "wind":
		a["availability"] = rapid.SampledFrom([]any{"series/sky.csv#wind", "30 %", "0.3", object{"series": "data/far.csv#wind", "scale": "70 %"}}).Draw(t, label+"availability")
		maybe("capacity", func() any { return cited(t, label, quantityOf(t, label+"capacity", 0, 90, "MW", "GW", "kW")) })
		maybe("build", func() any { return build("kW", "MW", "GW") })
	case "battery":
		a["capacity"], a["hours"] = quantityOf(t, label+"capacity", 1, 90, "MW"), quantityOf(t, label+"hours", 1, 9, "h", "d")
		maybe("round_trip", func() any { return quantityOf(t, label+"round_trip", 50, 99, "%") })
		maybe("loss", func() any { return quantityOf(t, label+"loss", 0, 9, "%/d", "%/h") })
		maybe("build", func() any {
			return object{"energy": build("kWh", "MWh"), "power": build("kW", "MW")}
		})
	case "grid_import":
		a["price"], a["co2"] = price(t, label+"price"), quantityOf(t, label+"co2", 0, 1, "t/MWh", "kg/MWh")
		a["max"] = cited(t, label, quantityOf(t, label+"max", 1, 90, "MW"))
		maybe("limits", func() any {
			return object{"day_max": quantityOf(t, label+"day", 1, 90, "GWh", "MWh"), "month_max": "9 TWh"}
		})
		maybe("party", func() any { return "bob" })
	case "demand":
		a["amount"] = rapid.SampledFrom([]any{"3 MW", "series/sky.csv#load", object{"series": "series/bare.csv#load", "unit": "kW", "offset": "+09:00"}}).Draw(t, label+"amount")
		a["shed"] = rapid.SampledFrom([]any{"3000 USD/MWh", object{"cost": "3 USD/kWh", "max": "50 %"}}).Draw(t, label+"shed")
		maybe("elastic", func() any {
			return []any{object{"size": "1 MW", "price": price(t, label+"e1")}, object{"size": "500 kW", "price": "1 USD/GWh"}}
		})
	case "purchase":
		a["commodity"], a["price"] = "electricity", price(t, label+"price")
		a["max"] = "5 MW"
		maybe("blocks", func() any {
			return []any{object{"size": "1 MW", "price": "9000 USD/MWh"}, object{"size": "0.5 MW", "price": "9 kUSD/kWh"}}
		})
	case "unit":
		a["activity"], a["capacity"] = "electricity", "3 GW"
		a["ports"] = []any{object{"commodity": "electricity", "ratio": "-1"}, object{"commodity": "electricity", "ratio": quantityOf(t, label+"ratio", 0, 1, "", "MWh/MWh", "kWh/MWh"), "at": "hill"}}
		maybe("cost", func() any { return quantityOf(t, label+"variable", 0, 9, "USD/MWh") })
	}
	return a
}

// workspaceOf draws a small workspace and writes it as JSON, which is YAML.
func workspaceOf(t *rapid.T, dir string) {
	assets, ids := object{}, []string{}
	for i := range rapid.IntRange(1, 6).Draw(t, "assets") {
		id := rapid.SampledFrom([]string{"a", "B_", "ໂຮງ", "9-x"}).Draw(t, "id") + fmt.Sprint(i)
		assets[id], ids = asset(t, i), append(ids, id)
	}
	// Somebody takes and gives power at both places in every system.
	for _, p := range []string{"town", "hill"} {
		assets["use_"+p] = object{"kind": "demand", "at": p, "amount": "series/sky.csv#load", "shed": "3 USD/kWh"}
		assets["buy_"+p] = object{"kind": "grid_import", "at": p, "price": "90 USD/MWh", "max": "1 GW", "co2": 0}
	}
	one := func(label string) string { return rapid.SampledFrom(ids).Draw(t, label) }
	sys := object{
		"system": "x" + anyText.Draw(t, "system"), "first_day": "2030-03-30", "last_day": "2030-04-01", "offset": "+07:00",
		"discount":    cited(t, "discount", quantityOf(t, "discount", 1, 9, "%")),
		"commodities": object{"electricity": rapid.SampledFrom([]any{"MWh", object{"unit": "kWh", "step": "2h", "name": anyText.Draw(t, "c")}}).Draw(t, "electricity"), "co2": object{"unit": "t", "balance": "account"}},
		"places":      object{"town": object{"at": []any{"20.69", "101.98"}, "name": anyText.Draw(t, "p")}, "hill": object{}},
		"parties":     object{"ann": nil, "bob": object{"role": "expected investor", "note": anyText.Draw(t, "party")}},
		"money":       object{"EUR": "1.08 USD", "USD2020": object{"rate": "1.22 USD", "date": "2026-01-02", "source": "S1"}},
		"sources":     object{"S1": object{"grade": "read", "title": anyText.Draw(t, "title")}},
		"assets":      assets,
		"limits": object{"cap": object{
			"terms": []any{object{"asset": one("limit"), "flow": "electricity", "coef": rapid.SampledFrom([]any{"1", "90 %", "-2"}).Draw(t, "coef")}, object{"kind": "grid_import", "flow": "electricity"}},
			"max":   rapid.SampledFrom([]any{"900 GWh", []any{"900 GWh"}}).Draw(t, "cap"), "span": "horizon", "soft": "9 USD/MWh",
		}},
	}
	studies := map[string]object{}
	if rapid.Bool().Draw(t, "studies") {
		studies["base"] = object{"study": "base", "title": anyText.Draw(t, "study")}
		x := object{"study": "x-1", "from": "base", "title": "X", "discount": "0.05", "last_day": "2030-03-31"}
		x["assets"] = object{"more": object{"kind": "demand", "at": "hill", "amount": object{"monthly": months12("2 MW")}, "shed": "1 USD/kWh", "elastic": []any{object{"size": "1 MW", "price": "7 USD/MWh"}}}}
		x["set"] = object{
			"assets." + one("set") + ".name": anyText.Draw(t, "set"), "assets.buy_town.price": price(t, "set price"), "places.hill.note": nil2(t),
			"assets.buy_hill": object{"max": "7 MW", "limits": object{"year_max": "9 TWh"}}, "limits.cap.max": quantityOf(t, "set max", 500, 900, "GWh"),
		}
		x["sweep"] = object{"assets.use_hill.amount": []any{"1 MW", "0.75 MW", "series/sky.csv#load"}, "discount": []any{"5 %", "0.07"}}
		studies["x-1"] = x
		studies["y"] = object{"study": "y", "from": "x-1", "sweep": nil, "set": object{"assets.more.amount": "1 MW"}, "representative": object{"days": 1}}
	}
	var sky, bare, prices bytes.Buffer
	sky.WriteString("time,wind [1],load [MW]\n")
	bare.WriteString("year;month;day;hour;load\n")
	prices.WriteString("time [+07:00],p [USD/MWh]\n")
	for h := range 24 * 7 {
		day, hour := 27+h/24, h%24
		month := 3
		if day > 31 {
			day, month = day-31, 4
		}
		fmt.Fprintf(&sky, "2030-%02d-%02dT%02d:00+08:00,%v,%v\n", month, day, hour, float64(h%7)/7, 0.1+float64(h%3)/10)
		fmt.Fprintf(&bare, "2030;%d;%d;%d;%d\n", month, day, hour, 100+h)
		fmt.Fprintf(&prices, "2030-%02d-%02d %02d:00,%v\n", month, day, hour, 40+h%5)
	}
	files := map[string][]byte{
		"series/sky.csv": sky.Bytes(), "data/far.csv": sky.Bytes(), "series/bare.csv": bare.Bytes(), "series/prices.csv": prices.Bytes(),
		"system.yaml": asJSON(t, sys),
	}
	for name, s := range studies {
		files["studies/"+name+".yaml"] = asJSON(t, s)
	}
	for name, data := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func months12(v string) []any {
	var out []any
	for range 12 {
		out = append(out, v)
	}
	return out
}

func nil2(t *rapid.T) any { return rapid.SampledFrom([]any{"x", "null"}).Draw(t, "null") }

func asJSON(t *rapid.T, v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// said is what a study says beside the numbers of its problem: names, notes,
// owners, sources.
func said(t rapid.TB, dir string) string {
	w, problems := workspace.Open(dir)
	defer w.Close()
	for _, p := range problems {
		t.Fatalf("%v", p)
	}
	var b strings.Builder
	names := []string{}
	for _, s := range w.Studies() {
		names = append(names, s.Name)
	}
	for _, s := range w.Studies() {
		tree, problems := w.Tree(s.Name)
		sys, more := system.Load(tree, system.Options{Studies: names, Open: w.ReadFile})
		for _, p := range append(problems, more...) {
			t.Fatalf("%v", p)
		}
		fmt.Fprintf(&b, "study %q title %q system %q %v\n", s.Name, s.Title, sys.Name, sys.Study.Perspective)
		for _, a := range sys.Assets {
			fmt.Fprintf(&b, " asset %q %q %q %q %v %v %q %q %q %q\n", a.ID, a.Name, a.Kind, a.Place, a.Owners, a.Active, a.Status, a.Source, a.Note, sources(a.Cited))
		}
		for _, c := range sys.Commodities {
			fmt.Fprintf(&b, " commodity %q %q %q\n", c.ID, c.Name, c.Unit)
		}
		fmt.Fprintf(&b, " %+v\n %+v\n %+v\n %q %v\n", sys.Places, sys.Parties, sys.Sources, sources(sys.Cited), sys.Money)
		for _, l := range sys.Limits {
			fmt.Fprintf(&b, " limit %q %q %q\n", l.ID, l.Note, l.Spec.Span)
		}
	}
	return b.String()
}

func sources(cited []attribute.Citation) []string {
	var out []string
	for _, c := range cited {
		if !c.Default {
			out = append(out, strings.Join([]string{c.Path, c.Source, c.Note}, "|"))
		}
	}
	return out
}

// Whatever a planner writes, through Excel it comes back the same: the
// problem of every study to the last bit, and every name, note and source.
func TestAnyWorkspaceComesBackTheSame(t *testing.T) {
	// Each takes a tenth of a second, so by default there are fewer than of others.
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set("40"); err != nil {
			t.Fatal(err)
		}
		defer checks.Value.Set(checks.DefValue)
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		dir := filepath.Join(t.TempDir(), fmt.Sprint(n))
		workspaceOf(rt, dir)
		if bad, err := study.Check(dir, ""); err != nil || len(bad) > 0 {
			rt.Fatal("the generator made a workspace with problems: ", err, bad)
		}
		back := round(rt, t.TempDir(), dir)
		want, got := hashes(rt, dir), hashes(rt, back)
		if fmt.Sprint(want) != fmt.Sprint(got) {
			rt.Errorf("the problems of some studies are others:\n%v\n%v", want, got)
		}
		if want, got := said(rt, dir), said(rt, back); want != got {
			rt.Errorf("other words came back:\n%s\n%s", want, got)
		}
	})
}
