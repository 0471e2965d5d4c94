package system_test

import (
	"strings"
	"testing"
	"time"
)

// disrupted is a month with a line, a purchase and a price, to which tests add
// events.
const disrupted = `system: Park
first_day: 2030-01-01
last_day: 2030-01-31
offset: +07:00
commodities:
  electricity: MWh
  co2: {unit: t, balance: account, price: 10 USD/t}
places: {park: , town: }
assets:
  buy: {kind: purchase, at: park, commodity: electricity, price: 50 USD/MWh}
  line: {kind: route, commodity: electricity, from: park, to: town, capacity: 100 MW}
  load: {kind: demand, at: town, amount: 40 MW, shed: 1000 USD/MWh}
`

// A line at half from the 10th, 02:00 of the study's days, for 2.5 days; a price
// that doubles for two days, the last included; and the price of an account.
func TestEventsChangeASpan(t *testing.T) {
	s, m := model(t, disrupted+`
events:
  works: {set: {assets.line.availability: 50 %}, from: 2030-01-10, for: 60 h, note: Repair of two pylons.}
  shock: {set: {assets.buy.price.scale: 200 %, commodities.co2.price: 30 USD/t}, from: 2030-01-20, to: 2030-01-21}
`)
	inside := func(hour int, from, days float64) bool {
		return float64(hour) >= 24*(from-1) && float64(hour) < 24*(from-1+days)
	}
	line, price := m.Routes[0].Bound.Max, m.Trades[0].Price
	for h := range 744 {
		want := 1.0
		if inside(h, 10, 2.5) {
			want = 0.5
		}
		if got := line.At(h); got != want {
			t.Fatalf("hour %d: the line has %g, want %g", h, got, want)
		}
		want = 50
		if inside(h, 20, 2) {
			want = 100
		}
		if got := price.At(h); got != want {
			t.Fatalf("hour %d: the price is %g, want %g", h, got, want)
		}
	}
	if c := s.Commodities[1].Price; c.At(24*19) != 30 || c.At(24*21) != 10 {
		t.Errorf("CO2 costs %g and then %g, want 30 and 10", c.At(24*19), c.At(24*21))
	}
	if len(s.Events) != 2 || s.Events[0].Until.Sub(s.Events[0].From) != 60*time.Hour || len(s.Events[1].Changes) != 2 {
		t.Errorf("events %+v", s.Events)
	}
	was := []string{s.Events[0].Changes[0].Was, s.Events[1].Changes[0].Was, s.Events[1].Changes[1].Was}
	if strings.Join(was, "; ") != "100 %; 50 USD/MWh; 10 USD/t" { // the line's availability is its default
		t.Errorf("before the events %q", was)
	}
	notes := strings.Join(s.Notes, "\n")
	for _, want := range []string{
		"Event works, 2030-01-10 to 2030-01-12: assets.line.availability becomes 50 %. Repair of two pylons.",
		"Event shock, 2030-01-20 to 2030-01-21: assets.buy.price.scale becomes 200 %, commodities.co2.price becomes 30 USD/t.",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note %q in:\n%s", want, notes)
		}
	}
}

// Where two events meet, the later one in the list holds; a series may be what
// an attribute becomes, and an attribute that is a series already may change.
func TestEventsOverSeries(t *testing.T) {
	_, m := model(t, strings.Replace(park, "load.csv", "load.csv", 1)+`
events:
  calm: {set: {assets.wind.availability.scale: 50 %}, from: 2030-03-01, for: 10 d}
  still: {set: {assets.wind.availability: 0 %}, from: 2030-03-02, for: 1 d}
  other: {set: {assets.town_load.amount: {series: s/weather.csv#load, scale: 10 %}}, from: 2030-05-01, for: 1 d}
`)
	wind, load := m.Units[0].Bound.Max, m.Demands[0].Amount
	first := (31 + 28) * 24
	written := func(h int) float64 { return float64(h%100) / 100 }
	for _, c := range []struct {
		h    int
		want float64
	}{{first - 1, written(first - 1)}, {first + 1, written(first+1) / 2}, {first + 24, 0}, {first + 47, 0}, {first + 48, written(first+48) / 2}, {first + 240, written(first + 240)}} {
		if got := wind.At(c.h); got != c.want {
			t.Errorf("hour %d: wind is %g, want %g", c.h, got, c.want)
		}
	}
	day := (31 + 28 + 31 + 30) * 24
	if load.At(day-1) != 2010 || load.At(day) != 201 || load.At(day+24) != 2010 {
		t.Errorf("the load is %g, %g, %g, want 2010, 201, 2010", load.At(day-1), load.At(day), load.At(day+24))
	}
}

func TestEventsThatCannotBe(t *testing.T) {
	for _, c := range []struct{ event, want string }{
		{"e: {set: {assets.line.capacity: 0}, from: 2030-01-10, for: 2 d}", "event-attribute: events.e.set: assets.line.capacity is one quantity for all of the study and can't change for a time; here availability, back, cost can"},
		{"e: {set: {assets.buy.max: 5 MW}, from: 2030-01-10, for: 2 d}", "event-attribute: events.e.set: assets.buy.max is not written, so there is nothing to come back to; give it a value for the rest of the time"},
		{"e: {set: {assets.line.kind: rail}, from: 2030-01-10, for: 2 d}", "event-attribute: events.e.set: assets.line.kind is one text..."},
		{"e: {set: {assets.lines.availability: 0}, from: 2030-01-10, for: 2 d}", `unknown-path: events.e.set: assets.lines.availability: no asset is named "lines"; did you mean line?`},
		{"e: {set: {assets.line.availabilty: 0}, from: 2030-01-10, for: 2 d}", `unknown-path: events.e.set: assets.line.availabilty: a route has no "availabilty" that could change; did you mean availability?`},
		{"e: {set: {limits.x.max: 0}, from: 2030-01-10, for: 2 d}", "unknown-path: events.e.set: limits.x.max: an event changes assets.ID.attribute or..."},
		{"e: {set: {assets.line.availability: 130 %}, from: 2030-01-10, for: 2 d}", "range: events.e.set.assets.line.availability: read 130 %, want 0 % to 100 %"},
		{"e: {set: {assets.line.availability.scale: 130 %}, from: 2030-01-10, for: 2 d}", "range: events.e.set.assets.line.availability.scale: it becomes 1.3, want 0 to 1"},
		{"e: {set: {assets.buy.price: 70 USD/t}, from: 2030-01-10, for: 2 d}", "unit-dimension: events.e.set.assets.buy.price: read 70 USD/t..."},
		{"e: {set: {assets.line.availability: 0}, from: 2030-01-10}", "event-time: events.e: want either for or to, such as for: 42 d"},
		{"e: {set: {assets.line.availability: 0}, from: 2030-01-10, for: 2 d, to: 2030-01-12}", "event-time: events.e: want either for or to..."},
		{"e: {set: {assets.line.availability: 0}, from: 2030-02-10, for: 2 d}", "event-time: events.e: it lasts from 2030-02-10 to 2030-02-11, and the study from 2030-01-01 to 2030-01-31..."},
		{"e: {set: {assets.line.availability: 0}, from: 2030-01-10, to: 2030-01-08}", "event-time: events.e: it lasts from 2030-01-10 to 2030-01-08..."},
		{"e: {set: 5, from: 2030-01-10, for: 2 d}", "node-kind: events.e.set: read 5, want a map of paths..."},
		{"e: {set: {assets.line.availability: 0}, for: 2 d}", "missing: events.e.from: missing: first day"},
		{"e: {from: 2030-01-10, for: 2 d}", "missing: events.e.set: missing..."},
	} {
		_, problems := load(disrupted + "events:\n  " + c.event + "\n")
		var told []string
		for _, p := range problems {
			told = append(told, p.Code+": "+p.Text)
		}
		want, open := strings.CutSuffix(c.want, "...")
		if len(told) != 1 || told[0] != want && !(open && strings.HasPrefix(told[0], want)) {
			t.Errorf("%s\n gives %q\n want %q", c.event, told, c.want)
		}
	}
}

// A disruption of one week is not to be seen through weeks that stand for many.
func TestEventsNeedEveryHour(t *testing.T) {
	_, problems := load(park + "representative: {weeks: 3}\nevents: {e: {set: {assets.wind.availability: 0}, from: 2030-01-10, for: 2 d}}\n")
	if len(problems) != 1 || problems[0].Code != "representative" || !strings.Contains(problems[0].Text, "happens once") {
		t.Errorf("%v", problems)
	}
}
