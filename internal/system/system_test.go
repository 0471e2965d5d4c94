package system_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/attribute/attributetest"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
)

// head is a system to which tests add assets.
const head = `system: Park
years: [2030]
offset: +07:00
commodities:
  electricity: MWh
  alumina: {unit: t, step: 1d}
  co2: {unit: t, balance: account, price: 10 USD/t}
  land: {unit: ha, balance: account}
places: {park: {name: Park, at: [20.69, 101.98], country: LA}, town: {}}
parties: {edl: {role: grid}, park_co: {role: owner}}
`

// weather is 8,760 hours from midnight +07:00: wind 0 to 0.99 in turn, sun 0.5
// as 50 %, load 2.01 GW.
var weather = sync.OnceValue(func() []byte {
	var b strings.Builder
	b.WriteString("time [+07:00],wind [1],sun [%],load [GW],bare\n")
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for h := range 8760 {
		fmt.Fprintf(&b, "%s,0.%02d,50,2.01,1\n", start.Add(time.Duration(h)*time.Hour).Format("2006-01-02T15:04"), h%100)
	}
	return []byte(b.String())
})

var options = system.Options{
	Open: func(name string) ([]byte, error) {
		if name == "s/weather.csv" {
			return weather(), nil
		}
		return nil, errors.New("there is no such file")
	},
	Studies: []string{"base", "dry-year"},
}

func load(text string) (*system.System, []attribute.Problem) {
	return system.Load(attributetest.Parse("f", text), options)
}

// model loads and expands what must be right.
func model(t *testing.T, text string) (*system.System, *primitive.Model) {
	t.Helper()
	s, problems := load(text)
	if len(problems) > 0 {
		t.Fatalf("load:\n%s", lines(problems))
	}
	m, problems := system.Expand(s)
	if len(problems) > 0 {
		t.Fatalf("expand:\n%s", lines(problems))
	}
	return s, m
}

func lines(problems []attribute.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return strings.Join(all, "\n")
}

const park = head + `
assets:
  wind:
    kind: wind
    at: park
    owner: {edl: 25 %, park_co: }
    capacity: 2.01 GW
    availability: s/weather.csv#wind
    build: {max: 1 GW, cost: {value: 1570 USD/kW, source: facts-D1, note: a quote}, life: 25 a, land: 30 ha/MW}
  town_load: {kind: demand, at: park, amount: s/weather.csv#load, shed: 3000 USD/MWh}
`

func TestLoadAndExpand(t *testing.T) {
	s, m := model(t, park)
	if s.Name != "Park" || s.Currency != "USD" || s.BaseYear != 2030 || s.Discount != 0.08 || s.Study.Offset != 7*time.Hour || s.Study.Name != "base" {
		t.Errorf("%+v", s)
	}
	if s.Places[0].Lat != 20.69 || s.Places[0].Lon != 101.98 || !math.IsNaN(s.Places[1].Lat) {
		t.Errorf("places %+v", s.Places)
	}
	a := s.Assets[0]
	if a.Owners[0] != (system.Share{Party: "edl", Share: 0.25}) || !math.IsNaN(a.Owners[1].Share) || !a.Green || !a.Active {
		t.Errorf("wind %+v", a)
	}
	if c := a.Cited[0]; c.Path != "build.cost" || c.Text != "1570 USD/kW" || c.Source != "facts-D1" || c.Note != "a quote" {
		t.Errorf("cited %+v", a.Cited)
	}
	if m.Clock.Ticks() != 8760 || len(m.Assets) != 2 || m.Assets[1].Name != "town_load" {
		t.Errorf("model %+v", m.Assets)
	}
	var names []string
	for _, b := range m.Buses {
		names = append(names, b.Name)
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "electricity@park") || !strings.Contains(got, "land@park") {
		t.Errorf("buses %s", got)
	}
	c := m.Capacities[0]
	if c.Existing != 2010 || c.Max != 1000 || c.Unit != "MW" {
		t.Errorf("capacity %+v", c)
	}
	// Overnight cost 1,570,000 USD/MW; annuity at 8 % over 25 a is 0.0936788.
	if want := 1.57e6 * 0.0936788; math.Abs(c.Capital-want) > 1e-5*want {
		t.Errorf("capital %v USD/MW/a, want %v", c.Capital, want)
	}
	if c.Uses[0].Ratio.Value != 30 {
		t.Errorf("land %+v", c.Uses)
	}
	if u := m.Units[0]; u.Bound.Max.At(42) != 0.42 {
		t.Errorf("availability at hour 42 is %v, want 0.42", u.Bound.Max.At(42))
	}
	if d := m.Demands[0]; d.Amount.At(0) != 2010 || d.ShedCost != 3000 || d.ShedMax != 1 {
		t.Errorf("demand %v %+v", d.Amount.At(0), d)
	}
}

func TestAccountsHaveAPricePerBus(t *testing.T) {
	_, m := model(t, strings.Replace(park, "balance: account, price: 10 USD/t", "balance: account, price: {monthly: [1 USD/t, 2 USD/t, 3 USD/t, 4 USD/t, 5 USD/t, 6 USD/t, 7 USD/t, 8 USD/t, 9 USD/t, 10 USD/t, 11 USD/t, 12 USD/t]}", 1)+
		"  coal: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh, co2: 0.9 t/MWh}\n")
	for _, b := range m.Buses {
		if b.Name == "co2@park" {
			if got := b.Price.At(8759); got != 12 {
				t.Errorf("price in December is %v, want 12", got)
			}
			return
		}
	}
	t.Error("no bus for co2")
}

func TestInactiveAssetsAreLeftOut(t *testing.T) {
	_, m := model(t, park+"  sun: {kind: solar, at: park, active: false, availability: 20 %}\n")
	for _, a := range m.Assets {
		if a.Name == "sun" {
			t.Error("sun is in the model")
		}
	}
}

// A study of sectors takes those, and what is of none.
func TestSectors(t *testing.T) {
	const sun = "  sun: {kind: solar, at: park, sector: power, availability: 20 %}\n  mine: {kind: purchase, sector: coal, at: park, commodity: electricity, price: 90 USD/MWh}\n"
	count := func(study string) (n int) {
		_, m := model(t, strings.Replace(park+sun, "years: [2030]", "years: [2030]\n"+study, 1))
		return len(m.Assets)
	}
	all := count("title: all")
	if power, both := count("sectors: [power]"), count("sectors: [power, coal]"); power != all-1 || both != all {
		t.Errorf("of %d assets a study of power takes %d, one of power and coal %d", all, power, both)
	}
}

func TestPartOfAYear(t *testing.T) {
	s, m := model(t, strings.Replace(park, "years: [2030]", "first_day: 2030-02-01\nlast_day: 2030-02-28", 1))
	if m.Clock.Ticks() != 28*24 || s.Study.Year != 2030 {
		t.Errorf("%d ticks of %d", m.Clock.Ticks(), s.Study.Year)
	}
	// 1 February begins with hour 744 of the year: 744 mod 100 = 44.
	if got := m.Units[0].Bound.Max.At(0); got != 0.44 {
		t.Errorf("availability at the first hour is %v, want 0.44", got)
	}
}

func TestRepresentativePeriods(t *testing.T) {
	s, m := model(t, strings.Replace(park, "years: [2030]", "years: [2030]\nrepresentative: {days: 5}", 1))
	if m.Clock.Ticks() != 120 || s.Selection == nil || len(s.Selection.Chosen) != 5 {
		t.Fatalf("%d ticks, selection %+v", m.Clock.Ticks(), s.Selection)
	}
	// Every tick has the wind of the hour that it is a copy of.
	for tick, original := range m.Clock.Original {
		if got, want := m.Units[0].Bound.Max.At(tick), float64(original%100)/100; got != want {
			t.Fatalf("tick %d (hour %d): %v, want %v", tick, original, got, want)
		}
	}
	sum := 0.0
	for _, c := range m.Clock.Chains {
		sum += c.Frequency
	}
	if math.Abs(sum-365) > 1e-9 {
		t.Errorf("the days stand for %v days", sum)
	}
}

func TestPrivateBusesAreHourlyAndExact(t *testing.T) {
	_, m := model(t, park+"  store: {kind: battery, at: park, capacity: 100 MW, hours: 4 h}\n")
	found := false
	for _, b := range m.Buses {
		if b.Asset == primitive.None {
			continue
		}
		found = true
		c := m.Commodities[b.Commodity]
		if !strings.HasPrefix(b.Name, "store.") || c.Balance != primitive.Exact || m.Clock.Grids[c.Grid].Step != clock.Hourly || m.Assets[b.Asset].Name != "store" {
			t.Errorf("%+v of %+v", b, c)
		}
	}
	if !found {
		t.Error("a battery has no inside")
	}
}

func TestFixBuilt(t *testing.T) {
	_, m := model(t, park+"  sun: {kind: solar, at: park, availability: 20 %, build: {max: 1 GW, cost: 600 USD/kW, life: 25 a}}\n")
	missing, unused := system.FixBuilt(m, map[system.Part]float64{
		{Asset: "wind"}: 432.1, {Asset: "gone", Part: "power"}: 5, {Asset: "nil"}: 0,
	})
	if len(missing) != 1 || missing[0].Asset != "sun" {
		t.Errorf("missing %v, want sun", missing)
	}
	if len(unused) != 1 || unused[0] != (system.Part{Asset: "gone", Part: "power"}) {
		t.Errorf("unused %v, want gone's power", unused)
	}
	if c := m.Capacities[0]; c.Min != 432.1 || c.Max != 432.1 || c.Existing != 2010 {
		t.Errorf("wind %+v", c)
	}
}
