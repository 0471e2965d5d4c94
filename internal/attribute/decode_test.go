package attribute_test

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/attribute/attributetest"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/unit"
)

type plant struct {
	Fuel     string             `yaml:"fuel" ref:"commodity" optional:"true" doc:"what it burns"`
	Capacity float64            `yaml:"capacity" unit:"MW" min:"0" max:"10 GW" doc:"size"`
	Rate     float64            `yaml:"rate" unit:"{fuel}/MWh" optional:"true" doc:"fuel per energy"`
	Output   attribute.Value    `yaml:"output" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share" source:"facts-X1"`
	Mode     string             `yaml:"mode" default:"base" enum:"base,peak,reserve" doc:"use"`
	Pots     int                `yaml:"pots" unit:"pot" optional:"true" doc:"number"`
	Crew     int                `yaml:"crew" default:"3" min:"1" doc:"people"`
	On       bool               `yaml:"on" default:"true" doc:"whether"`
	Since    time.Time          `yaml:"since" optional:"true" doc:"day"`
	Steps    []float64          `yaml:"steps" unit:"MW" optional:"true" doc:"blocks"`
	Mix      map[string]float64 `yaml:"mix" unit:"1" optional:"true" doc:"shares"`
	Build    *build             `yaml:"build" per:"MW" optional:"true" doc:"what may be built"`
	Blocks   []block            `yaml:"blocks" optional:"true" doc:"price curve"`
}

type build struct {
	Max  float64 `yaml:"max" unit:"{per}" min:"0" doc:"most"`
	Cost float64 `yaml:"cost" unit:"USD/({per})" min:"0" doc:"cost"`
	Life float64 `yaml:"life" unit:"a" default:"25 a" min:"1 a" doc:"life"`
}

type block struct {
	ID    string  `yaml:",key"`
	Price float64 `yaml:"price" unit:"USD/{fuel}" doc:"price"`
}

var year2030 = sync.OnceValue(func() *clock.Clock {
	c, err := clock.New(clock.Spec{Year: 2030})
	if err != nil {
		panic(err)
	}
	return c
})

func context() *attribute.Context {
	money, errs := unit.NewMoney("USD", 2026, []unit.Line{{Money: "EUR2020", Value: "1.31 USD"}})
	if errs != nil {
		panic(errs)
	}
	return &attribute.Context{
		Path: "p", Money: money, Clock: year2030(),
		Units: map[string]string{"coal": "t wet", "gas": "MWh gross"},
		IDs:   map[string][]string{"commodity": {"coal", "gas"}, "source": {"facts-X1", "facts-X2"}},
	}
}

func decode(t *testing.T, text string) (plant, *attribute.Context) {
	t.Helper()
	var p plant
	c := context()
	attribute.Decode(attributetest.Parse("f", text), &p, c)
	attribute.Sort(c.Problems)
	return p, c
}

func TestEveryForm(t *testing.T) {
	p, c := decode(t, `
fuel: coal
capacity: 2.01 GW
rate: {value: 400 kg wet/MWh, source: facts-X2, note: from the maker}
output: {value: 80 %, scale: 50 %}
mode: peak
pots: 362
on: false
since: 2030-12-31
steps: [1 MW, 2000 kW]
mix: {a: 25 %, b: 0.75}
build: {max: 1 GW, cost: 1000 EUR2020/kW}
blocks: {low: {price: 10 USD/t wet}, high: {price: 2 USc/kg wet}}
`)
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	near("capacity", p.Capacity, 2010)
	near("rate", p.Rate, 0.4)
	near("output", p.Output.Value, 0.4) // 80 % of 50 %
	near("steps", p.Steps[1], 2)
	near("mix", p.Mix["a"]+p.Mix["b"], 1)
	near("build.max", p.Build.Max, 1000)
	near("build.cost", p.Build.Cost, 1000*1.31*1000) // EUR2020/kW -> USD/MW
	near("build.life", p.Build.Life, 25)
	near("blocks.low", p.Blocks[0].Price, 10)
	near("blocks.high", p.Blocks[1].Price, 20) // 0.02 USD/kg = 20 USD/t
	if p.Mode != "peak" || p.Pots != 362 || p.Crew != 3 || p.On || p.Since.Day() != 31 {
		t.Errorf("words: %+v", p)
	}
	if p.Blocks[0].ID != "low" || p.Blocks[1].ID != "high" {
		t.Errorf("a map of structs lost its order: %+v", p.Blocks)
	}
	want := []attribute.Citation{{Path: "p.rate", Text: "400 kg wet/MWh", Source: "facts-X2", Note: "from the maker"}}
	if !slices.Equal(c.Cited, want) {
		t.Errorf("cited %+v, want %+v", c.Cited, want)
	}
}

func TestWhatIsNotWritten(t *testing.T) {
	p, c := decode(t, "capacity: 0")
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	if !math.IsNaN(p.Rate) || p.Build != nil || p.Steps != nil || p.Fuel != "" || !p.Since.IsZero() {
		t.Errorf("optional attributes: %+v", p)
	}
	if p.Output.Value != 1 || !p.Output.Given || p.Mode != "base" || !p.On {
		t.Errorf("defaults: %+v", p)
	}
	want := []attribute.Citation{{Path: "p.output", Text: "100 %", Source: "facts-X1", Default: true}}
	if !slices.Equal(c.Cited, want) {
		t.Errorf("cited %+v, want the default's source", c.Cited)
	}
}

func TestEqualQuantitiesGiveEqualNumbers(t *testing.T) {
	for _, pair := range [][2]string{
		{"2.01 GW", "2010 MW"}, {"0.1 MW", "100 kW"}, {"1.1 GW", "1_100 MW"}, {"0.3 GWh/h", "300000 kW"},
	} {
		a, _ := decode(t, "capacity: "+pair[0])
		b, _ := decode(t, "capacity: "+pair[1])
		if math.Float64bits(a.Capacity) != math.Float64bits(b.Capacity) {
			t.Errorf("%s is %v MW and %s is %v MW", pair[0], a.Capacity, pair[1], b.Capacity)
		}
	}
}

func TestMonthlyHoldsThroughItsMonth(t *testing.T) {
	p, c := decode(t, `
capacity: 0
output: {monthly: [10 %, 20 %, 30 %, 40 %, 50 %, 60 %, 70 %, 80 %, 90 %, 100 %, 0.5, 0], scale: 50 %, source: facts-X2}
`)
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	// Hours before 1 February: 744; before 1 March: 744 + 28 x 24 = 1416.
	for tick, want := range map[int]float64{0: 0.05, 743: 0.05, 744: 0.1, 1415: 0.1, 1416: 0.15, 8759: 0} {
		if got := p.Output.At(tick); math.Abs(got-want) > 1e-15 {
			t.Errorf("hour %d: %v, want %v", tick, got, want)
		}
	}
	if p.Output.Source != "facts-X2" {
		t.Errorf("source %q", p.Output.Source)
	}
}

func TestSeriesForms(t *testing.T) {
	asked := []attribute.SeriesRef{}
	read := func(text string, value float64) (plant, *attribute.Context) {
		var p plant
		c := context()
		c.Series = func(r attribute.SeriesRef) ([]float64, []attribute.Problem) {
			asked = append(asked, r)
			if r.File == "none.csv" {
				return nil, []attribute.Problem{{Code: "missing-file", Text: "no file"}}
			}
			v := make([]float64, c.Clock.Ticks())
			for i := range v {
				v[i] = value
			}
			v[5] = 2 * value
			return v, nil
		}
		attribute.Decode(attributetest.Parse("f", "capacity: 0\n"+text), &p, c)
		return p, c
	}
	p, c := read("output: a.csv#wind", 0.25)
	if len(c.Problems) > 0 || p.Output.At(5) != 0.5 {
		t.Fatalf("%v %v", c.Problems, p.Output.At(5))
	}
	p, c = read("output: {series: s/a.csv#wind, scale: 70 %, unit: \"%\", offset: +08:00, source: facts-X2}", 0.5)
	if len(c.Problems) > 0 || p.Output.At(5) != 0.7 || p.Output.Source != "facts-X2" {
		t.Fatalf("%v %v", c.Problems, p.Output.At(5))
	}
	r := asked[1]
	if r.File != "s/a.csv" || r.Column != "wind" || r.Want != "1" || r.Unit != "%" || r.Offset != "+08:00" || r.Path != "p.output" {
		t.Errorf("asked for %+v", r)
	}
	if p, c = read("output: {value: a.csv#wind, scale: 50 %}", 1); len(c.Problems) > 0 || p.Output.At(5) != 1 {
		t.Fatalf("a series under value: %v %v", c.Problems, p.Output.At(5))
	}
	for text, want := range map[string]string{
		"output: a.csv#wind":    "f:2:9: range: p.output: a.csv#wind is 1.5 at 2030-01-01 05:00 (and 1 of 8760 steps lie outside), want 0 to 1",
		"output: none.csv#wind": "f:2:9: missing-file: p.output: no file",
		"output: a.csv":         `f:2:9: series-form: p.output: read "a.csv", want file.csv#name, such as series/weather.csv#wind`,
		"output: a.csv#a#b":     `f:2:9: series-form: p.output: read "a.csv#a#b", want file.csv#name, such as series/weather.csv#wind`,
	} {
		_, c := read(text, 0.75)
		if len(c.Problems) != 1 || c.Problems[0].String() != want {
			t.Errorf("%s:\n%v\nwant\n%s", text, c.Problems, want)
		}
	}
	if _, c = read("output: a.csv#wind", math.NaN()); len(c.Problems) != 1 || c.Problems[0].Code != "not-finite" {
		t.Errorf("NaN: %v", c.Problems)
	}
}

// Each text gives exactly these problems; what follows ... is package unit's
// to word.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"missing", "mode: base", `f:1:1: missing: p.capacity: missing: size; want a quantity in MW`},
		{"unknown key", "capacity: 1 MW\ncapacty: 5 MW", `f:2:1: unknown-key: p: unknown key "capacty"; did you mean capacity?`},
		{"far key", "capacity: 1 MW\nzzzzzz: 5 MW", `f:2:1: unknown-key: p: unknown key "zzzzzz"; want one of fuel, capacity, rate, output, mode, pots, crew, on, since, steps, mix, build, blocks`},
		{"twice", "capacity: 1 MW\ncapacity: 2 MW", `f:2:1: duplicate-key: p: capacity is written twice, first in line 1; want it once`},
		{"dimension", "capacity: 5 kt", `f:1:11: unit-dimension: p.capacity: read 5 kt (mass), want power, such as MW or GW`},
		{"no unit", "capacity: 5", `f:1:11: unit-dimension: p.capacity: read 5 (no unit), want power, such as MW or GW`},
		{"unit", "capacity: 5 MX", `f:1:11: unit-unknown: p.capacity: read 5 MX...`},
		{"basis", "capacity: 1 MW\nfuel: coal\nrate: 0.4 t/MWh", `f:3:7: unit-basis: p.rate: read 0.4 t/MWh (mass per energy), want wet mass per energy: write 0.4 t wet/MWh`},
		{"money", "capacity: 1 MW\nbuild: {max: 1 MW, cost: 5 CNY/kW}", `f:2:26: unit-money: p.build.cost: read 5 CNY/kW...`},
		{"comma", "capacity: 1,5 MW", `f:1:11: number: p.capacity: read 1,5 MW...`},
		{"NaN", "capacity: NaN MW", `f:1:11: number: p.capacity: read NaN MW...`},
		{"infinite", "capacity: inf", `f:1:11: number: p.capacity: read inf...`},
		{"negative", "capacity: -5 MW", `f:1:11: range: p.capacity: read -5 MW, want 0 MW to 10000 MW`},
		{"above, in its own unit", "capacity: 20000000 kW", `f:1:11: range: p.capacity: read 20000000 kW, want 0 kW to 10000000 kW`},
		{"below, open range", "capacity: 1 MW\nbuild: {max: 1 MW, cost: 0, life: 300 d}", `f:2:35: range: p.build.life: read 300 d, want at least 365 d`},
		{"share above", "capacity: 1 MW\noutput: 120 %", `f:2:9: range: p.output: read 120 %, want 0 % to 100 %`},
		{"bare share above", "capacity: 1 MW\noutput: 1.2", `f:2:9: range: p.output: read 1.2, want 0 to 1`},
		{"word", "capacity: 1 MW\nmode: peek", `f:2:7: word: p.mode: read "peek", did you mean peak?`},
		{"far word", "capacity: 1 MW\nmode: x", `f:2:7: word: p.mode: read "x", want one of base, peak, reserve`},
		{"flag", "capacity: 1 MW\non: yes", `f:2:5: flag: p.on: read "yes", want true or false`},
		{"whole", "capacity: 1 MW\ncrew: 2.5", `f:2:7: whole: p.crew: read 2.5, want a whole number`},
		{"no number", "capacity: 1 MW\ncrew: many", `f:2:7: number: p.crew: read many...`},
		{"date", "capacity: 1 MW\nsince: 31.12.2030", `f:2:8: date: p.since: read "31.12.2030", want a date such as 2030-12-31`},
		{"reference", "capacity: 1 MW\nfuel: cole", `f:2:7: unknown-commodity: p.fuel: no commodity is named "cole"; did you mean coal?`},
		{"no sibling", "capacity: 1 MW\nrate: 0.4 t/MWh", `f:2:7: missing: p.rate: its unit depends on fuel, which is missing`},
		{"source", "capacity: {value: 1 MW, source: facts-X3}", `f:1:33: unknown-source: p.capacity.source: read "facts-X3", which sources: does not list; did you mean facts-X1?`},
		{"list", "capacity: [1 MW]", `f:1:11: node-kind: p.capacity: read a list, want a quantity such as 12 MW`},
		{"map", "capacity: {max: 1 MW}", `f:1:11: node-kind: p.capacity: read keys, want a quantity such as 12 MW`},
		{"nothing", "capacity:", `f:1:11: node-kind: p.capacity: read nothing, want a quantity such as 12 MW`},
		{"series for a number", "capacity: a.csv#b", `f:1:11: node-kind: p.capacity: read "a.csv#b", want one quantity: a series does not fit here`},
		{"text for keys", "capacity: 1 MW\nbuild: 5 MW", `f:2:8: node-kind: p.build: read "5 MW", want the keys max, cost, life`},
		{"text for a list", "capacity: 1 MW\nsteps: 5 MW", `f:2:8: node-kind: p.steps: read "5 MW", want a list such as [95 %, 100 %]`},
		{"empty list", "capacity: 1 MW\nsteps: []", `f:2:8: empty: p.steps: the list is empty; want at least one quantity`},
		{"in a list", "capacity: 1 MW\nsteps: [5 MW, 5 t]", `f:2:15: unit-dimension: p.steps.1: read 5 t (mass), want power, such as MW or GW`},
		{"name", "capacity: 1 MW\nmix: {\"a.b\": 5 %}", `f:2:7: id: p.mix.a.b: read the name "a.b", want letters, digits, _ and - only`},
		{"key of a form", "capacity: {value: 1 MW, scle: 5 %}", `f:1:25: unknown-key: p.capacity: unknown key "scle"; did you mean scale?`},
		{"two forms", "capacity: 1 MW\noutput: {value: 1, series: a.csv#b}", `f:2:9: value-form: p.output: read both value and series, want one of them`},
		{"no form", "capacity: 1 MW\noutput: {scale: 1}", `f:2:9: value-form: p.output: read {scale: 1}, want one of value, series, monthly`},
		{"offset of a number", "capacity: 1 MW\noutput: {value: 1, offset: +08:00}", `f:2:20: value-form: p.output: offset goes with a series, not with value`},
		{"months", "capacity: 1 MW\noutput: {monthly: [1, 1]}", `f:2:19: monthly: p.output.monthly: read 2 values, want a list of 12 quantities, January to December`},
		{"scale", "capacity: {value: 1 MW, scale: 2 t}", `f:1:32: unit-dimension: p.capacity.scale: read 2 t (mass), want ratio...`},
		{"all at once", "capacity: 5 kt\nmode: peek\nbuild: {}", strings.Join([]string{
			`f:1:11: unit-dimension: p.capacity: read 5 kt (mass), want power, such as MW or GW`,
			`f:2:7: word: p.mode: read "peek", did you mean peak?`,
			`f:3:1: missing: p.build.max: missing: most; want a quantity in MW`,
			`f:3:1: missing: p.build.cost: missing: cost; want a quantity in USD/MW`,
		}, "\n")},
	} {
		_, got := decode(t, c.text)
		var lines []string
		for _, p := range got.Problems {
			lines = append(lines, p.String())
		}
		text := strings.Join(lines, "\n")
		start, cut := strings.CutSuffix(c.want, "...")
		if cut && strings.HasPrefix(text, start) && len(lines) == 1 {
			continue
		}
		if text != c.want {
			t.Errorf("%s:\n%s\ngives\n%s\nwant\n%s", c.name, c.text, text, c.want)
		}
	}
}

func TestDefaultsInOtherCurrencies(t *testing.T) {
	type costs struct {
		Free  float64 `yaml:"free" unit:"USD/MWh" default:"0 USD/MWh" doc:"nothing"`
		Dear  float64 `yaml:"dear" unit:"USD/MWh" default:"50 USD/MWh" doc:"something"`
		Given float64 `yaml:"given" unit:"USD/MWh" doc:"written"`
	}
	tree := attributetest.Parse("f", "given: 3 LAK/kWh")
	money := func(lines ...unit.Line) *attribute.Context {
		m, errs := unit.NewMoney("LAK", 2026, lines)
		if errs != nil {
			t.Fatal(errs)
		}
		return &attribute.Context{Money: m}
	}
	var k costs
	c := money(unit.Line{Money: "USD", Value: "20000 LAK"})
	attribute.Decode(tree, &k, c)
	if len(c.Problems) > 0 || k.Free != 0 || k.Dear != 1e6 || k.Given != 3000 {
		t.Errorf("%+v %v, want dollars turned into kip", k, c.Problems)
	}
	c = money()
	attribute.Decode(tree, &k, c)
	if len(c.Problems) != 1 || c.Problems[0].Code != "unit-money" || !strings.HasPrefix(c.Problems[0].Text, "dear: read 50 USD/MWh") {
		t.Errorf("no rate for the default's dollars: %v", c.Problems)
	}
}

func TestFindIsTheClosestPlaceWritten(t *testing.T) {
	n := attributetest.Parse("f", "a:\n  b: 1\n  c: [5, {d: 6}]\n")
	for path, want := range map[string]string{
		"a.b": "2:6", "a.c.1.d": "3:14", "a.c.7": "3:6", "a.x.y": "2:3", "": "1:1",
	} {
		p := n.Find(path)
		if got := trim(p.Line) + ":" + trim(p.Col); got != want {
			t.Errorf("%q is at %s, want %s", path, got, want)
		}
	}
}

func trim(i int) string { return string(rune('0' + i/10))[:min(1, i/10)] + string(rune('0'+i%10)) }

func TestNear(t *testing.T) {
	names := []string{"wind", "solar", "battery", "demand"}
	for read, want := range map[string]string{
		"wnd": "wind", "Wind": "wind", "baterry": "battery", "deamnd": "demand", "x": "", "potline": "", "so": "",
	} {
		if got := attribute.Near(read, names); got != want {
			t.Errorf("%s is near %q, want %q", read, got, want)
		}
	}
}
