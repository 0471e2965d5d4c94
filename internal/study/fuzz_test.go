package study

import (
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/attribute"
)

// everything is a workspace without a problem that has something of all that
// a workspace may hold.
var everything = map[string]string{
	"system.yaml": `system: Everything
currency: USD
base_year: 2026
discount: 8 %
product: aluminium
first_day: 2030-01-01
last_day: 2030-01-02
offset: "+07:00"
include: [north.yaml]
commodities:
  electricity: {unit: MWh, step: 1h, name: Electricity}
  coal: {unit: t, step: 1d, balance: free}
  alumina: {unit: t, step: 1d}
  aluminium: {unit: t, step: 6h}
  co2: {unit: t, balance: account, price: 10 USD/t}
  land: {unit: ha, balance: account}
places:
  park: {name: Park, country: LA, at: [20.69, 101.98]}
  town: {name: Town}
  lake:
parties: {edl: {role: grid}, mem: {role: owner, note: shares not published}, buyer: }
money:
  EUR: {rate: 1.15 USD, date: 2026-01-02, source: S1}
  EUR2020: 1.31 USD
  LAK: 21500 LAK/USD
assets:
  load: {kind: demand, at: town, annual: 900 GWh/a, shape: "series/hours.csv#load", shed: 2000 USD/MWh}
  load2: {kind: demand, at: park, amount: "series/hours.csv#power"}
  sun:
    kind: solar
    at: park
    owner: {mem: 60 %, edl: }
    status: to be built
    availability: {series: "series/hours.csv#sun", source: S1 S2, scale: 90 %}
    build: {max: 1 GW, cost: {value: 700 USD/kW, source: S1}, life: 25 a, wacc: 8 %, fixed: 2.5 %/a, land: 2 ha/MW}
  battery:
    kind: battery
    at: park
    round_trip: 90 %
    hours: 4 h
    build: {energy: {max: 4 GWh, cost: 140 USD/kWh, life: 20 a}}
  lake:
    kind: reservoir
    at: lake
    capacity: 100 MW
    inflow: {series: "series/hours.csv#inflow"}
    volume: {min: 1 Mm3, max: 50 Mm3}
    head: 50 m
    release_min: 5 m3/s
    variable: 2 USD/MWh
  stream: {kind: run_of_river, at: lake, capacity: 10 MW, inflow: 20 m3/s, head: 60 m}
  line: {kind: interconnector, at: park, to: town, capacity: 400 MW, loss: 2 %, wheeling: 1 USD/MWh, build: {max: 1 GW, cost: 60 EUR/kW, life: 40 a}}
  wire: {kind: interconnector, at: lake, to: park, capacity: 300 MW, loss: 3 %}
  coal_plant: {kind: thermal, at: town, fuel: coal, capacity: 50 MW, efficiency: 35 %, calorific: 6 MWh net/t, co2: 0.35 t/MWh net, ramp: 30 %/h}
  coal_buy: {kind: purchase, at: town, commodity: coal, price: 90 USD/t, limits: {day_max: 1 kt}}
  pots:
    kind: potline
    at: park
    capacity: 50 kt/a
    energy: 13.5 MWh/t
    modulation: {of: power, min: 95 %, max: 103 %, ramp: 5 %/h, heat_store: 1.5 h, catch_up: 1 d}
    emergency: {restart_cost: 35 MUSD, longest_outage: 3 h}
    prices: {anode: 690 USD/t, alf3: 1350 USD/t}
    sustaining: 90 USD/t
  ore: {kind: purchase, at: park, commodity: alumina, price: 395 USD/t}
  silo: {kind: stockpile, at: park, commodity: alumina, capacity: 2 kt, holding: 30 USD/t/a}
  metal: {kind: sale, at: park, commodity: aluminium, party: buyer, price: 2630 USD/t}
  import:
    kind: grid_import
    at: town
    party: edl
    price: {monthly: [72, 72, 75, 75, 68, 48, 42, 40, 40, 44, 60, 70], unit: USD/MWh}
    max: {monthly: [180, 180, 150, 150, 220, 500, 700, 700, 700, 600, 250, 180], unit: MW}
    co2: 0.25 t/MWh
  export: {kind: grid_export, at: park, price: 20 USD/MWh, max: 50 MW}
  mill: {kind: unit, at: town, activity: electricity, capacity: 5 MW, min: 50 %, ports: [{commodity: electricity, ratio: -1}, {commodity: co2, ratio: 0.1 t/MWh}]}
limits:
  clean: {terms: [{asset: sun, capacity: ""}, {asset: wind, capacity: ""}], max: 2 GW, source: S1}
  carbon: {of: co2, max: 5 Mt, soft: 100 USD/t}
  floor: {terms: [{green: true, flow: electricity}, {asset: pots, flow: electricity, coef: 10 %}], min: 0 MWh, span: day}
  money: {of: cost, class: capital, max: 5 GUSD}
  level: {terms: [{asset: silo, level: ""}], max: 2 kt, span: step}
`,
	"north.yaml": `parties: {north_co: {role: owner}}
assets:
  hill: {kind: wind, at: town, capacity: 10 MW, availability: 30 %}
`,
	"sources.yaml": `S1: {title: A page, url: "https://example.org", grade: read, date: 2026-01-01}
S2: {grade: assumption}
`,
	"assets/wind.csv": `id,kind,at,capacity [MW],availability,build.max [MW],build.cost [USD/kW],build.life [a]
wind,wind,town,0,series/hours.csv#wind,500,1570,25
wind_old,wind,town,20,35 %,,,
`,
	"series/hours.csv": `time,load [1],power [MW],sun [1],wind [%],inflow [m3/s]
2030-01-01T00:00+07:00,0.8,40,0,20,30
2030-01-01T06:00+07:00,0.9,42,0.5,30,31
2030-01-01T12:00+07:00,1,45,0.8,10,32
2030-01-01T18:00+07:00,0.7,41,0,40,30
2030-01-02T00:00+07:00,0.8,40,0,20,29
2030-01-02T06:00+07:00,0.9,42,0.4,25,30
2030-01-02T12:00+07:00,1,45,0.7,15,33
2030-01-02T18:00+07:00,0.7,41,0,45,31
`,
	"studies/base.yaml": "study: base\ntitle: As it is\n",
	"studies/dry.yaml": `study: dry
from: base
builds: base
set: {assets.lake.inflow.scale: 70 %, assets.import.active: false, limits.carbon: null}
`,
	"studies/swept.yaml": `study: swept
from: base
assets:
  more: {kind: solar, at: town, capacity: 5 MW, availability: 15 %}
sweep: {assets.pots.modulation.min: [100 %, 95 %], assets.silo.capacity: [1 kt, 2 kt]}
`,
}

var parts = []string{"system.yaml", "north.yaml", "sources.yaml", "assets/wind.csv", "series/hours.csv", "studies/dry.yaml", "studies/swept.yaml", "studies/base.yaml"}

// words are what a mutation may put in a word's place.
var words = []string{
	"", "0", "-1", "1", "1e308", "1e-320", "-0", "NaN", "inf", ".5", "1,5", "99999999999999999999999", "5 MW", "-5 MW", "0 MW", "1e300 GW", "1e-300 MW", "95 %", "105 %", "-5 %",
	"0 h", "1 h", "48 h", "1e9 h", "5 kt", "0 t", "3 USD/t", "-3 USD/MWh", "2 EUR2020/kW", "MWh", "t", "t dry", "1h", "6h", "1d", "1w", "1mo", "1a", "2030", "1900", "2200",
	"null", "true", "false", "~", "[]", "{}", "[1, 2]", "{a: b}", "{value: 5 MW}", "{value: }", "{series: series/hours.csv#sun}", "series/hours.csv#power", "series/hours.csv", "#", "../x.csv#a",
	"{monthly: [1]}", "&a", "*a", "<<", "!!str", "|", ">", "'", "\"", "{", "}", "[", "]", ":", "-", ",", "#", "\n", "\t", "  ", "\x00", "é",
	"electricity", "coal", "alumina", "aluminium", "co2", "land", "cost", "park", "town", "lake", "edl", "sun", "wind", "battery", "line", "pots", "silo", "import",
	"demand", "solar", "reservoir", "thermal", "potline", "unit", "store", "route", "trade", "purchase", "sale", "contract", "pumped_storage", "anode_plant", "casthouse", "interconnector", "grid_import",
	"kind", "at", "capacity", "build", "max", "min", "active", "offset", "years", "weather", "representative", "step", "year", "month", "horizon", "exact", "free", "account",
}

var word = regexp.MustCompile(`[^\s,:{}\[\]"]+`)

// mutate spoils a workspace; data says how, four bytes a change.
func mutate(data []byte) map[string]string {
	w := map[string]string{}
	for k, v := range everything {
		w[k] = v
	}
	for ; len(data) >= 4; data = data[4:] {
		name := parts[0]
		if data[0] >= 128 { // the system itself every other time
			name = parts[int(data[0])%len(parts)]
		}
		text, at := w[name], int(data[1])<<8|int(data[2])
		switch what := data[0] % 8; what {
		case 0: // drop a line, or say it twice
			lines := strings.SplitAfter(text, "\n")
			i := at % len(lines)
			if data[3]%2 == 0 {
				lines[i] = ""
			} else {
				lines[i] += lines[i]
			}
			text = strings.Join(lines, "")
		case 1: // swap two lines
			lines := strings.SplitAfter(text, "\n")
			i, j := at%len(lines), int(data[3])%len(lines)
			lines[i], lines[j] = lines[j], lines[i]
			text = strings.Join(lines, "")
		case 2: // cut off
			text = text[:at%(len(text)+1)]
		case 3: // drop a character
			if len(text) > 0 {
				i := at % len(text)
				text = text[:i] + text[i+1:]
			}
		default: // another word, or one more
			found := word.FindAllStringIndex(text, -1)
			if len(found) == 0 {
				break
			}
			f := found[at%len(found)]
			if what == 4 {
				f[1] = f[0]
			}
			text = text[:f[0]] + words[int(data[3])%len(words)] + text[f[1]:]
		}
		if len(text) > 64<<10 {
			text = text[:64<<10]
		}
		w[name] = text
	}
	return w
}

func put(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// slow is far above what a workspace of this size may take.
const slow = 20 * time.Second

// survives is the law: whatever a workspace says, Check returns in time with
// problems that have a place, a known code and a text; and one without a
// problem can be formulated.
func survives(t *testing.T, files map[string]string) (problems []attribute.Problem) {
	t.Helper()
	dir := put(t, files)
	codes := map[string]bool{}
	for _, c := range attribute.Codes {
		codes[c.Code] = true
	}
	began := time.Now()
	problems, err := Check(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d > slow {
		t.Fatalf("took %v", d)
	}
	for _, p := range problems {
		if p.File == "" || p.Line < 1 || p.Col < 1 || p.Text == "" || !codes[p.Code] || strings.Contains(p.Text, "%!") {
			t.Errorf("a problem without a place, a known code or a text: %v", p)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	for _, name := range Names(dir) {
		p, err := Problem(dir, name)
		var told Problems
		switch {
		case errors.As(err, &told):
			t.Errorf("study %s: Check finds no problem, formulating does: %v", name, told[0])
		case err != nil:
			t.Errorf("study %s: no problem, and %v", name, err)
		default:
			if err := p.Validate(); err != nil {
				t.Errorf("study %s: no problem, and an LP with a fault: %v", name, err)
			}
		}
	}
	return nil
}

func TestEverythingIsSound(t *testing.T) {
	for _, p := range survives(t, everything) {
		t.Error(p)
	}
}

// Some hundred spoilt workspaces; the fuzzer goes on from there.
func TestSpoiltWorkspaces(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	sound := 0
	const n = 300
	for range n {
		data := make([]byte, 4*(1+rng.Intn(3)))
		rng.Read(data)
		if files := mutate(data); len(survives(t, files)) == 0 {
			sound++
		}
		if t.Failed() {
			t.Fatalf("spoilt by %q", data)
		}
	}
	if sound == 0 || sound == n {
		t.Errorf("%d of %d are sound: the test says nothing", sound, n)
	}
}

// FuzzCheck spoils everything by small changes.
func FuzzCheck(f *testing.F) {
	rng := rand.New(rand.NewSource(2))
	for range 20 {
		data := make([]byte, 8)
		rng.Read(data)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64 {
			t.Skip("the small ones tell more")
		}
		survives(t, mutate(data))
	})
}

// FuzzSystem reads any text as system.yaml, beside sound files.
func FuzzSystem(f *testing.F) {
	f.Add(everything["system.yaml"])
	f.Add("system: x\nassets: [&a [*a]]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			t.Skip("long texts are slow and tell no more")
		}
		files := map[string]string{"system.yaml": text, "series/hours.csv": everything["series/hours.csv"], "assets/wind.csv": everything["assets/wind.csv"]}
		survives(t, files)
	})
}
