package study

import (
	"math"
	"strings"
	"testing"

	"example.org/busbar/internal/run"
)

// Two calendar years stand for 5 and 10, money is not discounted. 10 MW are asked
// for in all 8,760 h: 87,600 MWh a year. Of gas at 50 a MWh there are 50,000 MWh a
// year, oil costs 60: a year is 50,000 x 50 + 37,600 x 60 = 4,756,000.
const (
	gasYear = 50000*50 + 37600*60
	years   = `
system: test
base_year: 2030
discount: 0 %
commodities: {electricity: {unit: MWh}}
places: {b: {}}
assets:
  gas: {kind: unit, at: b, capacity: 99 MW, cost: 50 USD/MWh}
  oil: {kind: unit, at: b, capacity: 99 MW, cost: 60 USD/MWh}
  load: {kind: demand, at: b, amount: 10 MW}
limits:
  little: {span: year, unit: MWh, terms: [{asset: gas, activity: ""}], max: 50000 MWh}
`
)

// calendar is a workspace of periods by calendar years.
func calendar(system string) listed {
	return listed{
		"system.yaml":       system,
		"studies/base.yaml": "study: base\nperiods: {2030: 5 a, 2035: 10 a}\n",
		"sources.yaml":      "network: {title: by hand, grade: assumption}\n",
	}
}

// The cost of fifteen years, with the limit by the year or over all of them.
func TestPeriodsByCalendarYears(t *testing.T) {
	f := calendar(years)
	m, _, sol := f.solve(t)
	close1(t, "cost", sol.Objective, 15*gasYear)
	if n := m.Clock.Ticks(); n != 2*8760 || len(m.Clock.Chains) != 2 {
		t.Errorf("%d hours in %d chains", n, len(m.Clock.Chains))
	}
	all := strings.Replace(years, "span: year, unit: MWh", "span: horizon, unit: MWh", 1)
	all = strings.Replace(all, "max: 50000 MWh", "max: 750 GWh", 1)
	_, _, sol = f.with("system.yaml", all).solve(t)
	close1(t, "cost with a limit over all years", sol.Objective, 15*gasYear)
	// At 10 % a year a year's money counts sum_{k=0}^{4} 1.1^-k and
	// sum_{k=5}^{14} 1.1^-k.
	_, _, sol = f.with("system.yaml", strings.Replace(years, "discount: 0 %", "discount: 10 %", 1)).solve(t)
	worth := (1 - math.Pow(1.1, -15)) / (1 - 1/1.1)
	close1(t, "cost at 10 %", sol.Objective, worth*gasYear)
}

// A sun at 200,000 a MW and year saves a MW of oil, 60 x 8,760 = 525,600 a year, as
// long as there is oil to save (37,600 MWh a year, 4.292 MW), then of gas, 438,000:
// all of the 10 MW are built, 15 years long. One that comes in 2035 costs and saves
// 10 of them; one that goes in 2034 the first 5. A plan that has both builds both.
func TestPeriodsBuild(t *testing.T) {
	base := years + "  none: {span: year, unit: MWh, terms: [{asset: oil, activity: \"\"}], max: 1 TWh}\n"
	sun := func(lines string) (built []float64, cost float64) {
		m, ix, sol := calendar(strings.Replace(base, "assets:\n", "assets:\n"+lines, 1)).solve(t)
		for i := range m.Capacities {
			if m.Capacities[i].Max > 0 {
				built = append(built, ix.CapacityBuilt(sol.X, i))
			}
		}
		return built, sol.Objective
	}
	line := func(name, stands string) string {
		return "  " + name + ": {kind: unit, at: b" + stands + ", build: {max: 50 MW, annuity: 200 kUSD/MW/a}}\n"
	}
	built, cost := sun(line("sun", ""))
	close1(t, "built", built[0], 10)
	close1(t, "cost", cost, 15*10*200000)
	built, cost = sun(line("late", ", stands: {from: 2035}"))
	close1(t, "built late", built[0], 10)
	close1(t, "cost", cost, 5*gasYear+10*10*200000)
	built, cost = sun(line("early", ", stands: {until: 2034}") + line("late", ", stands: {from: 2035}"))
	close1(t, "built early", built[0], 10)
	close1(t, "built late", built[1], 10)
	close1(t, "cost", cost, 15*10*200000)
}

// The tables hold the mean year: amounts sum to a year, money to the worth of all.
func TestPeriodsInTables(t *testing.T) {
	dir := calendar(strings.Replace(years, "discount: 0 %", "discount: 10 %", 1)).write(t)
	r := solves(t, dir, math.NaN())
	f, err := run.Open(*r.Run)
	if err != nil {
		t.Fatal(err)
	}
	amount := map[string]float64{}
	balances, err := run.Read[run.Balance](f, "balances")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range balances {
		amount[b.Asset] += b.In - b.Out
		amount[b.Asset+b.Period] += b.In - b.Out
	}
	close1(t, "load of the mean year", amount["load"], -87600)
	close1(t, "of it 2035's part", amount["load2035"], -87600*10/15.)
	close1(t, "gas of the mean year", amount["gas"], 50000)
	figures, err := run.Read[run.Figure](f, "figures")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, v := range figures {
		switch v.Name {
		case "total":
			seen++
			close1(t, "a mean year's money", v.Value, gasYear)
		case "present_value":
			seen++
			close1(t, "present value", v.Value, *r.Objective)
		}
	}
	if seen != 2 {
		t.Errorf("%d of 2 figures", seen)
	}
	limits, err := run.Read[run.Limit](f, "limits")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range limits {
		close1(t, "limit of "+l.Limit, l.Value, 50000)
	}
	if len(limits) != 2 {
		t.Errorf("%d rows of limits, want one a year", len(limits))
	}
	if f.Manifest.CostUnit() != " USD, the worth of all years in 2030" {
		t.Errorf("the objective is in %q", f.Manifest.CostUnit())
	}
}

// What does not go with periods says so.
func TestPeriodsRefused(t *testing.T) {
	f := calendar(years)
	for study, says := range map[string]string{
		"study: base\nperiods: {2030: 5 a, 2035: 10 a}\nyears: [2030]\n":              "want either periods or years",
		"study: base\nperiods: {2030: 5 a, 2035: 10 a}\nrepresentative: {weeks: 6}\n": "want either periods or representative",
		"study: base\nperiods: {2035: 5 a, 2030: 10 a}\n":                             "periods must rise",
		"study: base\nperiods: {soon: 5 a}\n":                                         "want a year, such as 2030",
		"study: base\nperiods: {2030: 0 a}\n":                                         "stands for 0 years",
		"study: base\nperiods: {2030: {years: 5 a, share: 50 %}}\n":                   "a calendar year is whole",
		"study: base\nperiods: {2030: 5 a, 2035: 5 a}\nrolling: {horizon: 7 d}\n":     "does not go with periods",
	} {
		_, problems := f.with("studies/base.yaml", study).load(t)
		if len(problems) == 0 || !strings.Contains(problems[0].String(), says) {
			t.Errorf("%q: %v, want %q", study, problems, says)
		}
	}
}
