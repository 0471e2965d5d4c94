package export_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/internal/source/pypsa/csvfolder"
	"example.org/busbar/internal/source/pypsa/export"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

const none = primitive.None

var inf, nan = math.Inf(1), math.NaN()

func k(v float64) primitive.Series       { return primitive.Const(v) }
func data(v ...float64) primitive.Series { return primitive.Series{Data: v} }

// days is a clock of whole days from 1 March, with a daily grid as grid 1.
func days(t *testing.T, n int) *clock.Clock {
	t.Helper()
	c, err := clock.New(clock.Spec{
		From: time.Date(2030, 3, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2030, 3, n, 0, 0, 0, 0, time.UTC),
		Steps: []clock.Step{{N: 1, Unit: clock.Hour}, {N: 1, Unit: clock.Day}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// town is a bus of power with a demand of 10 MW by day (8 h to 20 h) and 4 MW
// by night, and a plant of 20 MW whose price is that of the hour: 1 at midnight,
// 24 in the last hour.
func town(t *testing.T, n int) *primitive.Model {
	t.Helper()
	c := days(t, n)
	m := &primitive.Model{
		Clock:       c,
		Commodities: []primitive.Commodity{{Name: "power", Unit: "MWh"}, {Name: "metal", Unit: "t", Grid: 1}, {Name: "co2", Unit: "t", Balance: primitive.Account}},
		Buses: []primitive.Bus{
			{Name: "power@town", Asset: none}, {Name: "metal@town", Commodity: 1, Asset: none}, {Name: "co2@town", Commodity: 2, Asset: none}, {Name: "power@hill", Asset: none},
		},
		Assets: []primitive.Asset{{Name: "plant", Kind: "thermal"}, {Name: "people", Kind: "demand"}, {Name: "thing", Kind: "thing"}},
	}
	demand, price := make([]float64, c.Ticks()), make([]float64, c.Ticks())
	for i := range demand {
		demand[i], price[i] = 4, float64(i%24+1)
		if h := i % 24; h >= 8 && h < 20 {
			demand[i] = 10
		}
	}
	m.Capacities = []primitive.Capacity{{Tag: primitive.Tag{Asset: 0}, Unit: "MW", Existing: 20}}
	m.Units = []primitive.Unit{{
		Tag: primitive.Tag{Asset: 0}, Bound: primitive.Bound{Capacity: 0, Coef: 1, Max: k(1)},
		Ports: []primitive.Port{{Bus: 0, Ratio: k(1)}, {Bus: 2, Ratio: k(0.5)}},
		Costs: []primitive.Cost{{Class: primitive.Variable, Per: data(price...), Party: none}},
	}}
	m.Demands = []primitive.Demand{{Tag: primitive.Tag{Asset: 1}, Bus: 0, Amount: data(demand...)}}
	return m
}

// objective solves a model to a vertex's value.
func objective(t *testing.T, m *primitive.Model) float64 {
	t.Helper()
	p, _, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	sol, cert, err := solve.Run(context.Background(), p, "auto", lp.Options{Gap: 1e-8})
	if err != nil || sol.Status != lp.Optimal {
		t.Fatal(sol.Status, err, cert)
	}
	return sol.Objective
}

// through exports a model and reads it as any network of PyPSA.
func through(t *testing.T, m *primitive.Model) (*primitive.Model, string) {
	t.Helper()
	n, problems := export.Make(m, "test")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := n.Write(dir); err != nil {
		t.Fatal(err)
	}
	read, bad := pypsa.ReadFolder(dir)
	o := pypsa.Options{}
	if file := filepath.Join(dir, "options.json"); len(bad) == 0 {
		if _, err := os.Stat(file); err == nil {
			o, bad = pypsa.ReadOptions(file, nil)
		}
	}
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	b, bad := pypsa.Build(read, o)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	return b.Model, dir
}

// alike checks that a model and its export have the objective want (NaN: that
// of each other), and returns the exported folder.
func alike(t *testing.T, m *primitive.Model, want float64) string {
	t.Helper()
	was := objective(t, m)
	out, dir := through(t, m)
	got := objective(t, out)
	if math.IsNaN(want) {
		want = was
	}
	if math.Abs(was-want) > 1e-6*(1+math.Abs(want)) || math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
		t.Errorf("objective %.9g, exported %.9g, by hand %.9g", was, got, want)
	}
	return dir
}

func holds(t *testing.T, dir, file, want string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil || !strings.Contains(string(text), want) {
		t.Errorf("%s has no %q (%v):\n%s", file, want, err, text)
	}
}

// By hand: the price of hour h is h + 1. By night 4 x (1+...+8 + 21+...+24) =
// 4 x (36 + 90) = 504, by day 10 x (9+...+20) = 10 x 174 = 1740; 2,244 a day.
func TestTown(t *testing.T) {
	dir := alike(t, town(t, 2), 2*2244)
	holds(t, dir, "generators.csv", "plant,power@town,thermal,20")
}

// A smelter that runs flat in the day for a daily balance of metal: 24 t a day at
// 2 MWh/t and at most 4 t/h; flat is 1 t/h, 2 MW: 2 x (1+...+24) = 600 a day.
// Free in the day it would take 4 t/h in the 6 cheapest hours: 8 x 21 = 168.
func TestCoarseSteps(t *testing.T) {
	for _, flat := range []bool{true, false} {
		m := town(t, 3)
		u := primitive.Unit{
			Tag: primitive.Tag{Asset: 2}, Bound: primitive.Bound{Capacity: none, Coef: 4, Max: k(1)},
			Ports: []primitive.Port{{Bus: 0, Ratio: k(-2)}, {Bus: 1, Ratio: k(1)}},
		}
		want := 168.0
		if flat {
			u.Grid, want = 1, 600
		}
		m.Units = append(m.Units, u)
		m.Demands = append(m.Demands, primitive.Demand{Tag: primitive.Tag{Asset: 2, Part: "metal"}, Bus: 1, Amount: k(1)})
		dir := alike(t, m, 3*(2244+want))
		holds(t, dir, "stores.csv", "metal@town buffer")
	}
}

// A stock of metal on the daily balance, cyclic, of 24 t: the smelter (free in
// the day, 2 t/h: 12 hours make a day's 24 t) has no reason to use it, so a
// day costs 4 x (1+...+12) = 312 over hours 1 to 12.
func TestStockOnCoarseSteps(t *testing.T) {
	m := town(t, 4)
	m.Units = append(m.Units, primitive.Unit{
		Tag: primitive.Tag{Asset: 2}, Bound: primitive.Bound{Capacity: none, Coef: 2, Max: k(1)},
		Ports: []primitive.Port{{Bus: 0, Ratio: k(-2)}, {Bus: 1, Ratio: k(1)}},
	})
	m.Demands = append(m.Demands, primitive.Demand{Tag: primitive.Tag{Asset: 2, Part: "metal"}, Bus: 1, Amount: k(1)})
	m.Stores = []primitive.Store{{
		Tag: primitive.Tag{Asset: 2, Part: "yard"}, Bus: 1, Bound: primitive.Bound{Capacity: none, Coef: 24, Max: k(1)}, Loss: 0.001, End: primitive.Cyclic,
	}}
	alike(t, m, 4*(2244+312))
}

// What one primitive of each sort needs, against the formulation's own answer.
func TestAlike(t *testing.T) {
	tag := func(part string) primitive.Tag { return primitive.Tag{Asset: 2, Part: part} }
	build := func(c primitive.Capacity) primitive.Capacity {
		c.Tag = tag(c.Part)
		return c
	}
	cases := map[string]func(m *primitive.Model){
		"two-way route with loss on a size that may be built": func(m *primitive.Model) {
			m.Capacities = append(m.Capacities, build(primitive.Capacity{Existing: 1, Max: 30, Capital: 90, Fixed: 3}))
			m.Units = append(m.Units, primitive.Unit{
				Tag: tag("hill"), Bound: primitive.Bound{Capacity: none, Coef: 30, Max: k(1)}, Ports: []primitive.Port{{Bus: 3, Ratio: k(1)}},
				Costs: []primitive.Cost{{Per: k(6), Party: none}},
			})
			m.Demands = append(m.Demands, primitive.Demand{Tag: tag("village"), Bus: 3, Amount: k(3)})
			m.Routes = []primitive.Route{{
				Tag: tag("line"), From: 3, To: 0, Bound: primitive.Bound{Capacity: 1, Coef: 1, Max: k(1)}, Back: k(1), Loss: 0.1,
				Costs: []primitive.Cost{{Per: k(0.5), Party: none}},
			}}
		},
		"route with a delay": func(m *primitive.Model) {
			m.Units = append(m.Units, primitive.Unit{
				Tag: tag("hill"), Bound: primitive.Bound{Capacity: none, Coef: 3, Max: k(1)}, Ports: []primitive.Port{{Bus: 3, Ratio: k(1)}},
			})
			m.Routes = []primitive.Route{{
				Tag: tag("cable"), From: 3, To: 0, Bound: primitive.Bound{Capacity: none, Coef: 5, Max: k(1)}, Delay: 5, Cyclic: true, Loss: 0.2,
			}}
		},
		"battery of one size": func(m *primitive.Model) { battery(m, true) },
		"battery of two sizes": func(m *primitive.Model) {
			battery(m, false)
		},
		"account with a price and a limit by the day": func(m *primitive.Model) {
			m.Buses[2].Price = k(3)
			m.Demands[0].ShedMax, m.Demands[0].ShedCost = 1, 100
			m.Limits = []primitive.Limit{{
				Name: "carbon", Span: primitive.EachDay, Soft: nan, Min: []float64{-inf}, Max: []float64{70},
				Terms: []primitive.Term{{Of: primitive.BusAccount, Index: 2, Coef: k(1)}},
			}}
		},
		"soft limit over the horizon": func(m *primitive.Model) {
			m.Demands[0].ShedMax, m.Demands[0].ShedCost = 0.5, 9
			m.Limits = []primitive.Limit{{
				Name: "shed", Span: primitive.Horizon, Soft: 2, Min: []float64{50}, Max: []float64{60},
				Terms: []primitive.Term{{Of: primitive.DemandShed, Index: 0, Coef: k(1)}},
			}}
		},
		"limit in each step with a size that may be built": func(m *primitive.Model) {
			m.Capacities[0].Existing, m.Capacities[0].Max, m.Capacities[0].Capital = 0, 40, 10
			m.Limits = []primitive.Limit{{
				Name: "reserve", Span: primitive.EachStep, Soft: nan, Min: []float64{3}, Max: []float64{inf},
				Terms: []primitive.Term{{Of: primitive.CapacitySize, Index: 0, Coef: k(1)}, {Of: primitive.UnitActivity, Index: 0, Coef: k(-1)}},
			}}
		},
		"rolling window that goes round, with a ramp": func(m *primitive.Model) {
			m.Units = append(m.Units, primitive.Unit{
				Tag: tag("pump"), Bound: primitive.Bound{Capacity: none, Coef: 5, Max: k(1)}, Ports: []primitive.Port{{Bus: 0, Ratio: k(-1)}},
				Ramp:    &primitive.Ramp{Up: 0.3, Down: 0.3, Initial: nan},
				Windows: []primitive.Window{{Hours: 12, Min: 5, Max: 7, Cyclic: true}},
			})
		},
		"rolling window of one horizon": func(m *primitive.Model) {
			m.Units = append(m.Units, primitive.Unit{
				Tag: tag("pump"), Bound: primitive.Bound{Capacity: none, Coef: 5, Max: k(1)}, Ports: []primitive.Port{{Bus: 0, Ratio: k(-1)}},
				Windows: []primitive.Window{{Hours: 6, Min: 2, Max: inf}},
			})
		},
		"trade with blocks on a line, and totals": func(m *primitive.Model) {
			m.Capacities = append(m.Capacities, build(primitive.Capacity{Existing: 6, Max: 0, Fixed: 10, Sunk: 7}))
			m.Trades = []primitive.Trade{{
				Tag: tag("buy"), Bus: 0, Bound: &primitive.Bound{Capacity: 1, Coef: 1, Max: k(1)}, Price: k(4), Party: none,
				Blocks: []primitive.Block{{Size: k(2), Price: k(2)}}, Also: []primitive.Port{{Bus: 2, Ratio: k(0.1)}},
				Scopes: []primitive.Total{{Span: primitive.EachDay, Min: []float64{0}, Max: []float64{90}}},
			}}
			m.Buses[2].Price = k(1)
		},
		"reservoir with spill, valued at its end": func(m *primitive.Model) {
			m.Buses = append(m.Buses, primitive.Bus{Name: "lake.water", Asset: 2})
			water := int32(len(m.Buses) - 1)
			m.Units = append(m.Units, primitive.Unit{
				Tag: tag("turbine"), Bound: primitive.Bound{Capacity: none, Coef: 3, Max: k(1)},
				Ports: []primitive.Port{{Bus: 0, Ratio: k(1)}, {Bus: water, Ratio: k(-1.25)}},
			})
			m.Stores = []primitive.Store{{
				Tag: tag("lake"), Bus: water, Bound: primitive.Bound{Capacity: none, Coef: 40, Min: k(0.1), Max: k(1)}, Inflow: k(5), Spill: true, SpillMax: k(inf),
				SpillCost: 0.1, End: primitive.Valued, Initial: 20, Final: nan, Value: 8,
			}}
		},
		"store with a final level and elastic demand": func(m *primitive.Model) {
			m.Demands[0].Elastic = []primitive.Block{{Size: k(3), Price: k(5)}, {Size: k(3), Price: k(2)}}
			m.Stores = []primitive.Store{{
				Tag: tag("heap"), Bus: 0, Bound: primitive.Bound{Capacity: none, Coef: 30, Max: k(1)}, Loss: 0.01, End: primitive.Given, Initial: 5, Final: 12,
				Costs: []primitive.Cost{{Per: k(0.02), Party: none}},
			}}
		},
		"free balance": func(m *primitive.Model) {
			m.Commodities[0].Balance = primitive.Free
			m.Units[0].Bound.Min = k(0.3)
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			m := town(t, 2)
			change(m)
			alike(t, m, nan)
		})
	}
}

// battery adds one whose energy is four hours of its power, or its own choice.
func battery(m *primitive.Model, tied bool) {
	tag := func(part string) primitive.Tag { return primitive.Tag{Asset: 2, Part: part} }
	m.Buses = append(m.Buses, primitive.Bus{Name: "thing.energy", Asset: 2})
	inside := int32(len(m.Buses) - 1)
	m.Capacities = append(m.Capacities,
		primitive.Capacity{Tag: tag("power"), Max: 8, Capital: 4, Existing: 1}, primitive.Capacity{Tag: tag("energy"), Max: 32, Capital: 1, Fixed: 0.1, Existing: 2})
	share := primitive.Bound{Capacity: 1, Coef: 1, Max: k(1)}
	m.Units = append(m.Units,
		primitive.Unit{Tag: tag("out"), Bound: share, Ports: []primitive.Port{{Bus: 0, Ratio: k(1)}, {Bus: inside, Ratio: k(-1 / 0.9)}}, Costs: []primitive.Cost{{Per: k(0.5), Party: none}}},
		primitive.Unit{Tag: tag("in"), Bound: share, Ports: []primitive.Port{{Bus: 0, Ratio: k(-1)}, {Bus: inside, Ratio: k(0.9)}}})
	m.Stores = []primitive.Store{{Tag: tag("energy"), Bus: inside, Bound: primitive.Bound{Capacity: 2, Coef: 0.9, Max: k(1)}, Loss: 0.001, End: primitive.Cyclic}}
	if tied {
		m.Limits = []primitive.Limit{{Name: "hours", Span: primitive.Horizon, Soft: nan, Min: []float64{0}, Max: []float64{0}, Terms: []primitive.Term{
			{Of: primitive.CapacitySize, Index: 1, Coef: k(4)}, {Of: primitive.CapacitySize, Index: 2, Coef: k(-1)}}}}
	}
}

// A battery of one size is a StorageUnit, of two a Store and two Links.
func TestStorageUnit(t *testing.T) {
	m := town(t, 1)
	battery(m, true)
	_, dir := through(t, m)
	holds(t, dir, "storage_units.csv", "thing,power@town")
	m = town(t, 1)
	battery(m, false)
	_, dir = through(t, m)
	holds(t, dir, "links.csv", "thing.out")
	holds(t, dir, "global_constraints.csv", "transmission_volume_expansion_limit")
}

// What PyPSA can't say is named, and nothing is written.
func TestRefused(t *testing.T) {
	for want, change := range map[string]func(m *primitive.Model){
		"thing.pump: a rolling window over a rate whose size may be built": func(m *primitive.Model) {
			m.Capacities = append(m.Capacities, primitive.Capacity{Max: 5})
			m.Units = append(m.Units, primitive.Unit{
				Tag: primitive.Tag{Asset: 2, Part: "pump"}, Bound: primitive.Bound{Capacity: 1, Coef: 1, Max: k(1)}, Ports: []primitive.Port{{Bus: 0, Ratio: k(-1)}},
				Windows: []primitive.Window{{Hours: 6, Min: 2, Max: inf}},
			})
		},
		"budget: a limit on money": func(m *primitive.Model) {
			m.Limits = []primitive.Limit{{Name: "budget", Span: primitive.Horizon, Soft: nan, Max: []float64{1}, Terms: []primitive.Term{{Of: primitive.MoneyCost, Index: 2, Coef: k(1)}}}}
		},
		"plant: a ramp from the last step to the first": func(m *primitive.Model) {
			m.Units[0].Ramp = &primitive.Ramp{Up: 0.1, Down: 0.1, Initial: nan, Cyclic: true}
		},
	} {
		m := town(t, 1)
		change(m)
		if _, problems := export.Make(m, "test"); len(problems) == 0 || problems[0] != want {
			t.Errorf("got %q, want %q", problems, want)
		}
	}
}

// A folder that is there is left as it is.
func TestNotWrittenOver(t *testing.T) {
	n, problems := export.Make(town(t, 1), "test")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if _, err := n.Write(t.TempDir()); !errors.Is(err, csvfolder.ErrDir) {
		t.Error(err)
	}
}
