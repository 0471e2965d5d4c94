package system_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
)

const limited = `
  sun: {kind: solar, at: park, availability: s/weather.csv#sun, build: {max: 3 GW, cost: 600 USD/kW, life: 25 a}}
  buy: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh, co2: 0.9 t/MWh}
  far: {kind: purchase, at: town, commodity: electricity, price: 50 USD/MWh, co2: 0.5 t/MWh}
  cable: {kind: interconnector, at: park, to: town, capacity: 100 MW}
limits:
`

func limit(t *testing.T, text string) (*system.System, *primitive.Model, *primitive.Limit) {
	t.Helper()
	s, m := model(t, park+limited+"  x: "+text+"\n")
	if len(m.Limits) == 0 {
		return s, m, nil
	}
	return s, m, &m.Limits[len(m.Limits)-1]
}

// What each term refers to, with its coefficient: "activity wind x1".
func terms(m *primitive.Model, l *primitive.Limit) string {
	var all []string
	add := func(of string, asset int32, c primitive.Series) {
		name := ""
		if asset >= 0 {
			name = " " + m.Assets[asset].Name
		}
		all = append(all, of+name+" x"+trim(c.At(0)))
	}
	for _, v := range l.Terms {
		switch v.Of {
		case primitive.UnitActivity:
			add("activity", m.Units[v.Index].Asset, v.Coef)
		case primitive.DemandServed:
			add("served", m.Demands[v.Index].Asset, v.Coef)
		case primitive.DemandShed:
			add("shed", m.Demands[v.Index].Asset, v.Coef)
		case primitive.TradeRate:
			add("trade", m.Trades[v.Index].Asset, v.Coef)
		case primitive.CapacitySize:
			add("size", m.Capacities[v.Index].Asset, v.Coef)
		case primitive.BusAccount:
			all = append(all, "account "+m.Buses[v.Index].Name+" x"+trim(v.Coef.At(0)))
		case primitive.MoneyCost:
			all = append(all, "money "+trim(float64(v.Index))+" x"+trim(v.Coef.At(0)))
		default:
			all = append(all, "other")
		}
	}
	return strings.Join(all, ", ")
}

func trim(v float64) string { return strings.TrimSuffix(strings.TrimRight(format(v), "0"), ".") }

func format(v float64) string {
	b := []byte{}
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	n := int64(math.Round(v * 1e4))
	digits := []byte{}
	for i := 0; i < 5 || n > 0; i++ {
		if i == 4 {
			digits = append(digits, '.')
		}
		digits = append(digits, byte('0'+n%10))
		n /= 10
	}
	slices.Reverse(digits)
	return string(append(b, digits...))
}

func TestLimits(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		text, terms string
		span        primitive.Span
		min, max    float64
	}{
		// An account over all its buses, or at one place; a year's amount, however said.
		{"{of: co2, max: 500 kt/a}", "account co2@park x1, account co2@town x1", primitive.EachYear, -inf, 500e3},
		{"{of: co2, max: 500 kt}", "account co2@park x1, account co2@town x1", primitive.EachYear, -inf, 500e3},
		{"{of: co2, at: town, max: 1 kt, span: month}", "account co2@town x1", primitive.EachMonth, -inf, 1e3},
		{"{of: co2, max: 2.4 kt/d, span: day}", "account co2@park x1, account co2@town x1", primitive.EachDay, -inf, 2400},
		{"{of: co2, max: 100 t/h, span: step}", "account co2@park x1, account co2@town x1", primitive.EachStep, -inf, 100},
		{"{of: land, max: 20 km2}", "account land@park x1", primitive.EachYear, -inf, 2000},
		{"{of: cost, class: capital, max: 900 MUSD/a}", "money 0 x1", primitive.EachYear, -inf, 900e6},
		{"{of: cost, max: 1 MUSD}", "money 0 x1, money 1 x1, money 2 x1, money 3 x1, money 4 x-1", primitive.EachYear, -inf, 1e6},
		// Capacities count once.
		{"{terms: [{asset: wind, capacity: \"\"}, {asset: sun, capacity: \"\", coef: 50 %}], max: 2 GW}", "size wind x1, size sun x0.5", primitive.EachYear, -inf, 2000},
		{"{terms: [{asset: sun, capacity: \"\", coef: 2 ha/MW}], unit: ha, max: 5 km2}", "size sun x2", primitive.EachYear, -inf, 500},
		// 90 % of what the town takes must be green: flows are positive into the bus.
		{"{terms: [{green: true, flow: electricity}, {asset: town_load, flow: electricity, coef: 90 %}], min: 0 MWh}", "activity wind x1, activity sun x1, served town_load x-0.9", primitive.EachYear, 0, inf},
		{"{terms: [{kind: purchase, flow: electricity}], max: 100 GWh}", "trade buy x1, trade far x1", primitive.EachYear, -inf, 100e3},
		{"{terms: [{kind: purchase, at: town, flow: electricity}], max: 100 MW, span: step}", "trade far x1", primitive.EachStep, -inf, 100},
		{"{terms: [{asset: buy, flow: co2}], max: 100 kt}", "trade buy x0.9", primitive.EachYear, -inf, 100e3},
		{"{terms: [{asset: town_load, shed: \"\"}], max: 5 GWh, min: 1 MWh}", "shed town_load x1", primitive.EachYear, 1, 5000},
		// Full-load hours: an energy against a power, so the factor is in hours.
		{"{terms: [{asset: wind, flow: electricity}, {asset: wind, capacity: \"\", coef: -2000 h}], max: 0 MWh}", "activity wind x1, size wind x-2000", primitive.EachYear, -inf, 0},
	} {
		_, m, l := limit(t, c.text)
		if got := terms(m, l); got != c.terms {
			t.Errorf("%s: %s, want %s", c.text, got, c.terms)
		}
		if l.Span != c.span || l.Min[0] != c.min || l.Max[0] != c.max || !math.IsNaN(l.Soft) {
			t.Errorf("%s: %+v", c.text, l)
		}
	}
}

func TestLimitByMonthAndItsPrice(t *testing.T) {
	_, _, l := limit(t, "{of: co2, span: month, soft: 100 USD/kg, max: [1 kt, 2 kt, 3 kt, 4 kt, 5 kt, 6 kt, 7 kt, 8 kt, 9 kt, 10 kt, 11 kt, 12 kt]}")
	if len(l.Max) != 12 || l.Max[11] != 12e3 || l.Soft != 100e3 || len(l.Min) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestLimitOfASeries(t *testing.T) {
	_, _, l := limit(t, "{terms: [{asset: wind, flow: electricity, coef: s/weather.csv#sun}], max: 1 GWh}")
	if c := l.Terms[0].Coef; len(c.Data) != 8760 || c.At(7) != 0.5 {
		t.Errorf("coefficient at hour 7 is %v, want 50 %%", c.At(7))
	}
}

func TestLimitOnWhatIsLeftOut(t *testing.T) {
	text := strings.Replace(limited, "sun: {kind: solar,", "sun: {kind: solar, active: false,", 1)
	s, m := model(t, park+text+"  x: {terms: [{asset: sun, flow: electricity}], max: 5 MWh}\n")
	if len(m.Limits) != 0 || !slices.Contains(s.Notes, "Limit x limits nothing: sun not active.") {
		t.Errorf("%d limits, notes %q", len(m.Limits), s.Notes)
	}
}

func TestLimitPerYearInAPartOfOne(t *testing.T) {
	s, problems := load(strings.Replace(park+limited+"  x: {of: co2, max: 5 kt/a}\n", "years: [2030]", "first_day: 2030-01-01\nlast_day: 2030-01-31", 1))
	if len(problems) > 0 {
		t.Fatal(lines(problems))
	}
	m, problems := system.Expand(s)
	if len(problems) > 0 || m.Limits[0].Max[0] != 5000 {
		t.Fatal(lines(problems))
	}
	want := "Limit x is per year and holds for the whole horizon, which is 0.08493 of a year." // 744/8760
	if !slices.Contains(s.Notes, want) {
		t.Errorf("notes %q, want %q", s.Notes, want)
	}
}
