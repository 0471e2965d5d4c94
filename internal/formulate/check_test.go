package formulate

import (
	"strings"
	"testing"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// sound is a model with one of everything, to be broken.
func sound() *draft {
	d := on(hours(4, 2))
	el := d.bus("electricity", 0, primitive.Exact)
	co2 := d.bus("co2", 0, primitive.Account)
	c := d.capacity(primitive.Capacity{Existing: 1, Max: 5})
	u := d.unit("plant", primitive.Unit{Bound: share(c, 1), Ports: []primitive.Port{to(el, 1), to(co2, 0.4)}, Costs: per(3)})
	u.Ramp = &primitive.Ramp{Up: 0.5, Down: 0.5, Initial: nan}
	u.Windows = []primitive.Window{{Hours: 2, Min: 0, Max: 2}}
	d.store("battery", primitive.Store{Bus: el, Bound: upTo(5)})
	d.route("loop", primitive.Route{From: el, To: el, Bound: upTo(5)})
	d.demand(el, 1).Elastic = []primitive.Block{{Size: data(1), Price: data(1)}}
	d.trade("import", primitive.Trade{Bus: el, Max: data(1), Price: data(1), Scopes: []primitive.Total{{Span: primitive.EachYear, Max: []float64{9}}}})
	d.Limits = []primitive.Limit{{Name: "cap", Span: primitive.EachYear, Max: []float64{9}, Soft: nan, Terms: []primitive.Term{{Of: primitive.BusAccount, Index: co2, Coef: one}}}}
	return d
}

func TestSoundModelHasNoFault(t *testing.T) { build(t, sound()) }

// Each fault is told with the primitive it lies in, what was read, and nothing
// else is told.
func TestFaults(t *testing.T) {
	// threeAndTwo has grids of hours, three hours and two: the last don't nest.
	threeAndTwo := func(d *draft) { d.Clock = hours(6, 2, 3) }
	cases := []struct {
		name  string
		spoil func(d *draft)
		want  string
	}{
		{"no clock", func(d *draft) { d.Clock = nil }, "no clock"},
		{"clock without weights", func(d *draft) { d.Clock.Grids[1].Cost = nil }, "grid 1 of the clock"},
		{"commodity's grid", func(d *draft) { d.Commodities[0].Grid = 7 }, "commodity electricity: grid is number 7 of 2"},
		{"bus's commodity", func(d *draft) { d.Buses[0].Commodity = -1 }, "bus electricity: commodity is number -1 of 2"},
		{"price of a balanced bus", func(d *draft) { d.Buses[0].Price = data(3) }, "bus electricity: a price needs a commodity whose balance is account"},
		{"port's bus", func(d *draft) { d.Units[0].Ports[1].Bus = 9 }, "unit plant: port 2: bus is number 9 of 2"},
		{"unit's capacity", func(d *draft) { d.Units[0].Bound.Capacity = 4 }, "unit plant: capacity is number 4 of 1"},
		{"unit's grid", func(d *draft) { d.Units[0].Grid = -1 }, "unit plant: grid is number -1 of 2"},
		{"short series", func(d *draft) { d.Units[0].Bound.Max = data(1, 1, 1) }, "unit plant: max has 3 values, the clock has 4 ticks"},
		{"NaN in a series", func(d *draft) { d.Units[0].Costs[0].Per = data(1, 1, nan, 1) }, "unit plant: cost 1 at 2030-01-01T02:00 is NaN"},
		{"infinite ratio", func(d *draft) { d.Units[0].Ports[0].Ratio = data(inf) }, "unit plant: port 1 (electricity) ratio is +Inf, where a finite number"},
		{"crossing bounds", func(d *draft) { d.Units[0].Bound.Min = data(0, 2, 0, 0) }, "unit plant: min 2 is above max 1 at 2030-01-01T01:00"},
		{"negative capacity", func(d *draft) { d.Capacities[0].Existing = -1 }, "capacity shared: existing is -1, and may not be negative"},
		{"more at least than at most", func(d *draft) { d.Capacities[0].Min = 6 }, "capacity shared: at least 6 is to be built and at most 5"},
		{"use of no account", func(d *draft) { d.Capacities[0].Uses = []primitive.Port{to(0, 1)} }, "capacity shared: use 1: electricity is no account"},
		{"use with a series", func(d *draft) { d.Capacities[0].Uses = []primitive.Port{to(1, 1, 2, 3, 4)} }, "capacity shared: use 1: a capacity's use is one amount a year"},
		{"ramp without a size", func(d *draft) { d.Units[0].Bound = upTo(inf); d.Units[0].Windows = nil }, "unit plant: a ramp is a share of a size"},
		{"negative ramp", func(d *draft) { d.Units[0].Ramp.Up = -0.1 }, "unit plant: ramp up is -0.1, and may not be negative"},
		{"window without hours", func(d *draft) { d.Units[0].Windows[0].Hours = 0 }, "unit plant: window 1 has 0 hours"},
		{"window that holds nowhere", func(d *draft) { d.Units[0].Windows[0].Hours = 5 }, "unit plant: window 1 of 5 h is longer than the 4 h"},
		{"crossing window", func(d *draft) { d.Units[0].Windows[0].Min = 3 }, "unit plant: window 1: min 3 is above max 2"},
		{"part of a step of delay", func(d *draft) { d.Units[0].Ports[0].Delay = 1.5 }, "unit plant: port 1 (electricity): a delay of 1.5 h isn't a whole number of steps"},
		{"delay beyond the end", func(d *draft) { d.Units[0].Ports[0].Delay = 4 }, "unit plant: port 1 (electricity): after a delay of 4 h nothing arrives"},
		{"steps that don't nest", func(d *draft) {
			threeAndTwo(d)
			d.Commodities[0].Grid = 1
			d.Units[0].Grid = 2
			d.Units[0].Windows = nil
		}, "unit plant: port 1 (electricity): a step of 3 hours and the step of 2 hours on electricity don't nest"},
		{"gaps within a step", func(d *draft) { d.Units[0].Grid = 1; f := data(1, nan, 1, 1); d.Units[0].Fixed = &f }, "unit plant: fixed: the step at 2030-01-01T00:00 has numbers and gaps"},
		{"cost that is no money", func(d *draft) { d.Units[0].Costs[0].Class = primitive.Penalty }, "unit plant: cost 1 has the class 5"},
		{"store on an account", func(d *draft) { d.Stores[0].Bus = 1 }, "store battery: co2 is an account"},
		{"all lost and more", func(d *draft) { d.Stores[0].Loss = 1.2 }, "store battery: loss is 1.2"},
		{"final above the store", func(d *draft) { d.Stores[0].End, d.Stores[0].Final = primitive.Given, 6 }, "store battery: final 6 is above the largest level, 5"},
		{"spill that may not be", func(d *draft) { d.Stores[0].SpillTo = []primitive.Port{to(0, 1)} }, "store battery: it says where it spills to, and may not spill"},
		{"unknown end", func(d *draft) { d.Stores[0].End = 9 }, "store battery: end 9"},
		{"route with a minimum", func(d *draft) { d.Routes[0].Bound.Min = data(0.1) }, "route loop: its bound has a min"},
		{"route back beyond all", func(d *draft) { d.Routes[0].Back = data(1.5) }, "route loop: back 1.5 is above"},
		{"route between commodities", func(d *draft) { d.Routes[0].To = 1 }, "route loop: it begins with electricity and ends with co2"},
		{"more shed than all", func(d *draft) { d.Demands[0].ShedMax = 1.5 }, "demand load: 1.5 of it may be shed"},
		{"negative block", func(d *draft) { d.Demands[0].Elastic[0].Size = data(-1) }, "demand load: elastic block 1: size is -1"},
		{"trade's step", func(d *draft) { threeAndTwo(d); d.Commodities[0].Grid = 1; d.Trades[0].Grid = 2 }, "trade import: its step: a step of 3 hours"},
		{"values of a total", func(d *draft) { d.Trades[0].Scopes[0].Max = []float64{1, 2} }, "trade import: total 1 has 2 values of max, and 1 spans"},
		{"limit's term", func(d *draft) { d.Limits[0].Terms[0].Index = 5 }, "limit cap: term 1: what it takes is number 5 of 2"},
		{"limit of no account", func(d *draft) { d.Limits[0].Terms[0].Index = 0 }, "limit cap: term 1: electricity is no account"},
		{"free violation", func(d *draft) { d.Limits[0].Soft = 0 }, "limit cap: its price of violation is 0"},
		{"crossing limit", func(d *draft) { d.Limits[0].Min = []float64{10} }, "limit cap: min 10 is above max 9 in span 1 of it"},
		{"NaN limit", func(d *draft) { d.Limits[0].Max = []float64{nan} }, "limit cap: max of it is NaN"},
		{"money by the month", func(d *draft) {
			d.Limits[0].Terms[0] = primitive.Term{Of: primitive.MoneyCost, Coef: one}
			d.Limits[0].Span = primitive.EachMonth
		}, "limit cap: term 1: money is limited over the whole horizon"},
		{"level by representatives", func(d *draft) {
			d.Clock = represent(periods(4, []float64{2}, 2), 0, 0)
			d.Limits[0].Terms[0] = primitive.Term{Of: primitive.StoreLevel, Coef: one}
		}, "limit cap: term 1: a level can't be limited with representative periods"},
		{"level given by representatives", func(d *draft) {
			d.Clock = represent(periods(4, []float64{2}, 2), 0, 0)
			d.Stores[0].Fixed = &primitive.Series{Value: 1}
		}, "store battery: a level can't be given with representative periods"},
		{"representative of nothing", func(d *draft) { d.Clock = represent(periods(2, []float64{2, 1}, 2), 0, 0); d.Limits = nil }, "clock: representative period 1 stands for no original period"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := sound()
			c.spoil(d)
			_, _, err := Build(&d.Model)
			if err == nil {
				t.Fatalf("no error, want %q", c.want)
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q, want %q and no more", err, c.want)
			}
		})
	}
}

// All faults of a model are listed at once.
func TestFaultsTogether(t *testing.T) {
	d := sound()
	d.Capacities[0].Existing = nan
	d.Units[0].Bound.Max = data(1, 2)
	d.Trades[0].Price = data(inf)
	_, _, err := Build(&d.Model)
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three faults", err)
	}
}

// A week of 7 days isn't a part of a month, a day of 24 hours is.
func TestWeekInMonth(t *testing.T) {
	d := on(days(t, 59, clock.Step{N: 1, Unit: clock.Week}, clock.Step{N: 1, Unit: clock.Month}))
	week, month := d.Clock.Grid(clock.Step{N: 1, Unit: clock.Week}), d.Clock.Grid(clock.Step{N: 1, Unit: clock.Month})
	metal := d.bus("metal", month, primitive.Free)
	d.unit("mill", primitive.Unit{Grid: week, Bound: upTo(1), Ports: []primitive.Port{to(metal, 1)}})
	_, _, err := Build(&d.Model)
	if err == nil || !strings.Contains(err.Error(), "1 week and the step of 1 month on metal don't nest") {
		t.Errorf("got %v", err)
	}
	d.Units[0].Grid = 0
	build(t, d)
}
