package explain_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// 100 MW day and night; 60 MW of a plant may be built, and 25 MW bought: 15 MW
// are missing in each of 48 hours, 720 MWh. A tenth more of the plant is 6 MW,
// 288 MWh; of the purchase 2.5 MW, 120 MWh.
func TestShortWithEverythingBuilt(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 100 MW}
  plant:
    kind: unit
    name: Gas plant
    at: town
    ports: [{commodity: electricity, ratio: 1}]
    build: {max: 60 MW, cost: 1000 USD/kW, life: 20 a}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 25 MW, co2: 0}
  spare: {kind: grid_import, at: town, price: 50 USD/MWh, max: 25 MW, co2: 0, active: false}
`,
		"Old town (town): electricity short by 15 MW in every hour, 720 MWh in all; "+
			"at the maximum build: Gas plant (plant) 60 MW; import gives all it may in every hour (25 MW); load needs 100 MW",
		"a tenth more of Gas plant (plant) saves 288 MWh, of import saves 120 MWh",
		"not active in this study: spare",
	)
}

// The ceiling of a purchase is 80 MW in March and 50 MW in April: 20 and 50 MW
// are missing, 24 x 70 = 1,680 MWh.
func TestMonthlyCeiling(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 100 MW}
  import:
    kind: grid_import
    at: town
    price: 50 USD/MWh
    max: {monthly: [80, 80, 80, 50, 80, 80, 80, 80, 80, 80, 80, 80], unit: MW}
    co2: 0
`,
		"Old town (town): electricity short by up to 50 MW in every hour, worst 2030-04-01 00:00, 1.68 GWh in all; "+
			"import gives all it may in every hour (80 MW in March, 50 MW in April); load needs 100 MW",
		"a tenth more of import saves 312 MWh",
	)
}

// Nothing may be bought in April: all of its 24 hours are short.
func TestMonthlyTotal(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 4 MW}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 8 MW, co2: 0, limits: {month_max: [1 GWh, 1 GWh, 1 GWh, 0 MWh, 1 GWh, 1 GWh, 1 GWh, 1 GWh, 1 GWh, 1 GWh, 1 GWh, 1 GWh]}}
`,
		"Old town (town): electricity short by 4 MW in 24 hours, 96 MWh in all; "+
			"import may buy no more than 0 MWh a month in April; load needs 4 MW",
	)
}

// 240 t of metal a day at 0.5 t CO2 a tonne, and 60 t of CO2 a day allowed:
// half of the metal is missing. A tenth more is 6 t CO2, 12 t of metal a day.
func TestLimitAgainstDemand(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, commodity: metal, amount: 10 t/h}
  works: {kind: unit, at: town, activity: metal, capacity: 20 t/h, ports: [{commodity: metal, ratio: 1}, {commodity: co2, ratio: 0.5 t/t}]}
limits:
  climate: {of: co2, max: 60 t, span: day}
`,
		"Old town (town): metal short by 120 t/d in every day, 240 t in all; limit climate holds at 60 t a day in every day; load needs 240 t/d",
		"a tenth more of limit climate saves 24 t",
	)
}

// At least 80 MWh are asked for where at most 50 are allowed.
func TestTwoLimitsThatContradict(t *testing.T) {
	conflict(t, head+`
assets:
  import: {kind: grid_import, name: Import, at: town, price: 50 USD/MWh, max: 25 MW, co2: 0}
  export: {kind: grid_export, at: town, price: 20 USD/MWh, max: 25 MW}
limits:
  least: {terms: [{asset: import, flow: electricity}], min: 80 MWh, span: horizon}
  most: {terms: [{asset: import, flow: electricity}], max: 50 MWh, span: horizon}
`,
		"limit least comes to at most 50 MWh, where at least 80 MWh is asked for; limit most holds at 50 MWh",
		"a tenth more of limit most saves 5 MWh",
	)
}

// Take-or-pay of 30 MW into a load of 20 MW with nowhere else to go: 10 MW are
// bought less than they must in each hour.
func TestLeastPurchase(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 20 MW}
  offer: {kind: purchase, at: town, commodity: electricity, price: 50 USD/MWh, min: 30 MW, max: 40 MW}
`,
		"offer buys less than it must in every hour, by 10 MW",
	)
}

// A window of any 4 hours takes 2 full-load hours, and the load needs 3 of 4:
// a quarter of the load is missing whatever the hours.
func TestWindowAgainstLoad(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 10 MW}
  press: {kind: unit, at: town, capacity: 10 MW, ports: [{commodity: electricity, ratio: 1}], windows: [{hours: 1 h, max: 0.75 h}]}
`,
		"Old town (town): electricity short by 2.5 MW in every hour, 120 MWh in all; load needs 10 MW; press is held by its rolling window",
	)
}

// A tank that holds 100 t and begins with 130 t, nothing taken out of it but 1
// t/h: 29 t have no place in the first hour.
func TestStockAboveTank(t *testing.T) {
	m := &primitive.Model{
		Clock:       hours(4),
		Commodities: []primitive.Commodity{{Name: "oil", Unit: "t"}},
		Buses:       []primitive.Bus{{Name: "oil@depot", Asset: primitive.None, Place: "depot"}},
		Assets:      []primitive.Asset{{Name: "tank"}},
		Stores: []primitive.Store{{
			Bound: primitive.Bound{Capacity: primitive.None, Coef: 100, Max: primitive.Const(1)}, End: primitive.Valued, Initial: 130,
		}},
		Demands: []primitive.Demand{{Tag: primitive.Tag{Asset: primitive.None, Part: "use"}, Amount: primitive.Const(1)}},
	}
	same(t, nil, m, "tank begins with 130 t and holds at most 100 t; tank is full in 1 hour (100 t)")
}

// hours is a clock of n hours.
func hours(n int32) *clock.Clock {
	c, err := clock.New(clock.Spec{Year: 2030})
	if err != nil {
		panic(err)
	}
	c.Hours, c.Stamps = c.Hours[:n], c.Stamps[:n]
	g := &c.Grids[0]
	g.First, g.Hours, g.Cost, g.Amount, g.Event, g.Prev, g.Last =
		g.First[:n+1], g.Hours[:n], g.Cost[:n], g.Amount[:n], g.Event[:n], g.Prev[:n], g.Last[:n]
	g.Last[0] = n - 1
	c.Chains[0].LastTick, c.Periods[0].LastTick = n, n
	return c
}

// Upstream there is plenty, and the line carries 30 of the 50 MW: at 4 % loss
// 28.8 MW arrive, 21.2 MW are missing. A tenth more of the line brings 2.88 MW.
func TestFullLine(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 50 MW}
  plant: {kind: unit, at: dam, capacity: 500 MW, ports: [{commodity: electricity, ratio: 1}]}
  line: {kind: interconnector, name: Valley line, at: dam, to: town, capacity: 30 MW, loss: 4 %}
`,
		"Old town (town): electricity short by 21.2 MW in every hour, 1.02 GWh in all; "+
			"Valley line (line) is full (30 MW) in every hour; load needs 50 MW",
		"a tenth more of Valley line (line) saves 138 MWh",
	)
}

// A lake of 3.6 Mm3 with 10 m3/s running in turns 36,000 m3 an hour, 0.5
// MWh/1000 m3, into 18 MW; 20 MW are needed. Over 48 h 96 MWh are missing, the
// lake cannot change that, and when they are missing is open but for the last
// level: one of 0.036 Mm3 an hour can keep nothing.
func TestNoMoreWater(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: dam, amount: 20 MW}
  lake: {kind: reservoir, name: Lake, at: dam, capacity: 50 MW, inflow: 10 m3/s, volume: {min: 1 m3, max: 1 m3}, productivity: 500 MWh/Mm3}
`,
		"dam: electricity short by 2 MW in every hour, 96 MWh in all; Lake (lake.water) has no more water than flows in; load needs 20 MW",
		"a tenth more of the inflow into Lake (lake.water) saves 86.4 MWh",
	)
}

// A plant must run at 10 MW or more and nobody takes it.
func TestMustRunWithoutOutlet(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 4 MW}
  plant: {kind: unit, at: town, capacity: 20 MW, min: 50 %, ports: [{commodity: electricity, ratio: 1}]}
`,
		"Old town (town): electricity too much by 6 MW in every hour, 288 MWh in all; plant must run at 10 MW or more in every hour",
	)
}

// The same plant beside a limit that allows 5 MW: 240 MWh are the least.
func TestCapBelowLeastLoad(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 20 MW}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 50 MW, co2: 0}
  plant: {kind: unit, at: town, capacity: 20 MW, min: 50 %, ports: [{commodity: electricity, ratio: 1}, {commodity: co2, ratio: 1 t/MWh}]}
limits:
  climate: {of: co2, max: 240 t, span: horizon}
`,
		"limit climate comes to at least 480 t, where at most 240 t is allowed; plant must run at 10 MW or more in every hour",
	)
}

// Two places without a line, each short by itself: two parts, each with what
// binds it and nothing of the other.
func TestTwoConflictsApart(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, amount: 50 MW}
  plant: {kind: unit, at: town, capacity: 40 MW, ports: [{commodity: electricity, ratio: 1}]}
  pumps: {kind: demand, at: dam, amount: 8 MW}
  turbine: {kind: unit, at: dam, capacity: 6 MW, ports: [{commodity: electricity, ratio: 1}]}
`,
		"dam: electricity short by 2 MW in every hour, 96 MWh in all; turbine runs at its most (6 MW) in every hour; pumps needs 8 MW",
		"a tenth more of turbine saves 28.8 MWh",
		"Old town (town): electricity short by 10 MW in every hour, 480 MWh in all; plant runs at its most (40 MW) in every hour; load needs 50 MW",
		"a tenth more of plant saves 192 MWh",
	)
}

// Metal takes power: what is missing is power, 10 of 30 MW, or a third of the
// metal. Both would do, one is named.
func TestOneFamilyIsEnough(t *testing.T) {
	conflict(t, head+`
assets:
  load: {kind: demand, at: town, commodity: metal, amount: 2 t/h}
  works: {kind: unit, at: town, activity: metal, capacity: 2 t/h, ports: [{commodity: metal, ratio: 1}, {commodity: electricity, ratio: -15 MWh/t}]}
  plant: {kind: unit, at: town, capacity: 20 MW, ports: [{commodity: electricity, ratio: 1}]}
`,
		"Old town (town): electricity short by 10 MW in every hour, 480 MWh in all; plant runs at its most (20 MW) in every hour; load needs 48 t/d",
		"a tenth more of plant saves 96 MWh",
	)
}

// A stockpile of 5 t that must end with 25, and nothing that makes any.
func TestFinalLevel(t *testing.T) {
	conflict(t, strings.Replace(head, "last_day: 2030-04-01", "last_day: 2030-03-31", 1)+`
assets:
  yard: {kind: stockpile, name: Yard, at: town, commodity: metal, capacity: 50 t, initial: 5 t, final: 25 t}
  load: {kind: demand, at: town, commodity: metal, amount: 0 t/h}
`,
		"Old town (town): metal short by 20 t/d, 2030-03-31; Yard (yard) must end with 25 t",
	)
}

// The Oudomxay park without any line out, by three representative days: 2 GW of
// wind and sun and 600 MW of hydro cannot carry it. Short is power at the park;
// what is built, the 2 GW and the water are named, and what is not active.
func TestIsland(t *testing.T) {
	dir := park(t, "island", "\nrepresentative: {days: 3}\n")
	s, m := open(t, dir, "island")
	sum := 0.0
	for _, solver := range solvers(t) {
		c, err := explain.Infeasible(context.Background(), s, m, solver, lp.Options{Threads: 1, TimeLimit: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(c.Lines, "\n")
		if len(c.Parts) != 1 || c.Parts[0].ID != "electricity@park" || c.Parts[0].What != "shortage" {
			t.Fatalf("%s says\n%s\nwant one part, power short at the park", solver, text)
		}
		// The amount missing is the optimum, the same for all; its hours need not be.
		if sum == 0 {
			sum = c.Parts[0].Sum
		} else if math.Abs(c.Parts[0].Sum-sum) > 1e-5*sum {
			t.Errorf("%s misses %g MWh, the first solver %g", solver, c.Parts[0].Sum, sum)
		}
		for _, want := range []string{
			"Oudomxay park (park): electricity short by up to ", "limit clean_base holds at 2 GW",
			"Nam Ou, offered share (nam_ou.water) has no more water than flows in", "Potlines (potlines) must run at ",
			"a tenth more of limit clean_base saves ", "not active in this study: ", "Import from Yunnan (import_yunnan)",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s says\n%s\nwithout %q", solver, text, want)
			}
		}
	}
}

// A stopped search says that it was stopped, and names nothing.
func TestStopped(t *testing.T) {
	s, m := load(t, head+`
assets:
  load: {kind: demand, at: town, amount: 50 MW}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 25 MW, co2: 0}
`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if c, err := explain.Infeasible(ctx, s, m, "native", lp.Options{}); !errors.Is(err, explain.ErrTime) {
		t.Errorf("a cancelled search gave %v, %v", c, err)
	}
	if c, err := explain.Infeasible(context.Background(), s, m, "native", lp.Options{TimeLimit: time.Nanosecond}); !errors.Is(err, explain.ErrTime) {
		t.Errorf("a search of a nanosecond gave %v, %v", c, err)
	}
}

// Nothing at all feeds a bus. (A workspace is refused before; an imported model
// is not.)
func TestNothingFeedsIt(t *testing.T) {
	m := &primitive.Model{
		Clock:       hours(4),
		Commodities: []primitive.Commodity{{Name: "oil", Unit: "t"}},
		Buses:       []primitive.Bus{{Name: "oil@depot", Asset: primitive.None, Place: "depot"}},
		Assets:      []primitive.Asset{{Name: "use"}},
		Demands:     []primitive.Demand{{Amount: primitive.Const(2)}},
	}
	same(t, nil, m, "depot: oil short by 2 t/h in every hour, 8 t in all; use needs 2 t/h; nothing feeds it")
}
