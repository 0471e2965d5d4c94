package formulate

import (
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// Two plants by merit order: 60 of 80 MW come from the cheap one (10), 20 from
// the dear one (30); in the second hour, at 50 MW, the dear one stands still.
// Cost 60x10 + 20x30 + 50x10 = 1700; prices are 30 and 10.
func TestMeritOrder(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity@park", 0, primitive.Exact)
	d.source("cheap", el, 60, 10)
	d.source("dear", el, 60, 30)
	d.demand(el, 80, 50)
	s := solve(t, d)
	near(t, "cost", s.Objective, 1700)
	nears(t, "cheap", s.UnitActivity(s.X, 0), 60, 50)
	nears(t, "dear", s.UnitActivity(s.X, 1), 20, 0)
	nears(t, "price", s.BusPrice(s.Y, 0), 30, 10)
}

// A MW of sun (full for one of two hours, 8 a MW built) against a source at 10:
// it saves 10 a MW up to the demand of 5, so 5 MW are built beside the 1 that
// stands: 4 more. Cost: hour 1 5x10, built 4x8, fixed 5x1, sunk 3.
func TestBuild(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	c := d.capacity(primitive.Capacity{Existing: 1, Max: 100, Capital: 8, Fixed: 1, Sunk: 3})
	d.unit("sun", primitive.Unit{Bound: share(c, 1, 0), Ports: []primitive.Port{to(el, 1)}})
	d.source("grid", el, 100, 10)
	d.demand(el, 5)
	s := solve(t, d)
	near(t, "built", s.CapacityBuilt(s.X, 0), 4)
	near(t, "cost", s.Objective, 50+32+5+3)
}

// Buy at 10, save at 50: 10 MW charge, 9 are stored, a tenth is lost in the
// second hour, 8.1 x 0.8 = 6.48 come back. Cost 30x10 + (20-6.48)x50 = 976.
func TestBatteryArbitrage(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	inside := d.bus("battery", 0, primitive.Exact)
	d.unit("source", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Costs: per(10, 50)})
	d.unit("charge", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, -1), to(inside, 0.9)}})
	d.unit("discharge", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, 0.8), to(inside, -1)}})
	d.store("battery", primitive.Store{Bus: inside, Bound: upTo(100), Loss: 0.1})
	d.demand(el, 20)
	s := solve(t, d)
	near(t, "cost", s.Objective, 976)
	nears(t, "level", s.StoreLevel(s.X, 0), 9, 0)
	nears(t, "flow", s.StoreFlow(s.X, 0), -9, 8.1)
}

// river is a turbine with 2 units of water at 1 an hour, whose water passes a
// second turbine two hours later; power is sold at 10, 20, 30, 35.
func river(cyclic bool) *draft {
	d := on(hours(4))
	el := d.bus("electricity", 0, primitive.Exact)
	up := d.bus("water@up", 0, primitive.Exact)
	down := d.bus("water@down", 0, primitive.Free)
	d.store("lake", primitive.Store{Bus: up, Bound: upTo(9), End: primitive.Given, Initial: 2, Final: nan})
	arrives := to(down, 1)
	arrives.Delay, arrives.Cyclic = 2, cyclic
	d.unit("upper", primitive.Unit{Bound: upTo(1), Ports: []primitive.Port{to(up, -1), to(el, 1), arrives}})
	d.unit("lower", primitive.Unit{Bound: upTo(1), Ports: []primitive.Port{to(down, -1), to(el, 1)}})
	d.trade("market", primitive.Trade{Bus: el, Sell: true, Max: data(inf), Price: data(10, 20, 30, 35)})
	return d
}

// A unit of water is worth 10+30, 20+35, 30 and 35 by the hour it is let go:
// the first two, 95. Around the clock: 40, 55, 30+10 and 35+20, so 110.
func TestDelay(t *testing.T) {
	s := solve(t, river(false))
	near(t, "cost", s.Objective, -95)
	nears(t, "upper", s.UnitActivity(s.X, 0), 1, 1, 0, 0)
	nears(t, "lower", s.UnitActivity(s.X, 1), 0, 0, 1, 1)
	s = solve(t, river(true))
	near(t, "cost around the clock", s.Objective, -110)
	nears(t, "upper around the clock", s.UnitActivity(s.X, 0), 0, 1, 0, 1)
}

// catchUp is a potline of 10 between 5 and 15 with power at 10 and 40 in turn,
// whose sum over any two hours is at least 19.
func catchUp(n int, w primitive.Window) *draft {
	d := on(hours(n))
	el := d.bus("electricity", 0, primitive.Exact)
	prices := make([]float64, n)
	for t := range prices {
		prices[t] = 10 + 30*float64(t%2)
	}
	d.unit("source", primitive.Unit{Bound: upTo(1000), Ports: []primitive.Port{to(el, 1)}, Costs: per(prices...)})
	d.unit("potline", primitive.Unit{Bound: primitive.Bound{Capacity: none, Coef: 10, Min: data(0.5), Max: data(1.5)},
		Ports: []primitive.Port{to(el, -1)}, Windows: []primitive.Window{w}})
	return d
}

// 14 in cheap hours and 5 in dear ones: 2x14x10 + 2x5x40 = 680.
func TestCatchUp(t *testing.T) {
	s := solve(t, catchUp(4, primitive.Window{Hours: 2, Min: 1.9, Max: inf, Cyclic: true}))
	near(t, "cost", s.Objective, 680)
	nears(t, "potline", s.UnitActivity(s.X, 1), 14, 5, 14, 5)
}

// Windows of one and a half hours: a + b/2 and a/2 + b at least 15 for
// neighbours a (cheap) and b (dear). 10a + 40b is least at a = 15, where
// b >= 0 and b >= 7.5 say 7.5: 2x15x10 + 2x7.5x40 = 900.
func TestHalfHourWindow(t *testing.T) {
	s := solve(t, catchUp(4, primitive.Window{Hours: 1.5, Min: 1.5, Max: inf, Cyclic: true}))
	near(t, "cost", s.Objective, 900)
	nears(t, "potline", s.UnitActivity(s.X, 1), 15, 7.5, 15, 7.5)
}

// A ramp of 20 % an hour of 100 MW from 50: 70, 90, and back at 30 % an hour.
// A dear source fills the rest: 30 and 10 at 100, nothing in the last.
func TestRamp(t *testing.T) {
	d := on(hours(3))
	el := d.bus("electricity", 0, primitive.Exact)
	d.source("plant", el, 100, 1).Ramp = &primitive.Ramp{Up: 0.2, Down: 0.3, Initial: 50}
	d.source("dear", el, 100, 100)
	d.demand(el, 100, 100, 65)
	s := solve(t, d)
	nears(t, "plant", s.UnitActivity(s.X, 0), 70, 90, 65)
	near(t, "cost", s.Objective, 70+90+65+40*100)
}

// Metal by the four hours, power by the hour at 10, 20, 30 and 40: 20 t are
// made where power is cheap, 8 an hour at most: 8, 8, 4. With 2 MWh/t the cost
// is 2x(80+160+120) = 720, and the last tonne's 60.
func TestCoarseCommodity(t *testing.T) {
	d := on(hours(4, 4))
	el := d.bus("electricity", 0, primitive.Exact)
	metal := d.bus("metal", 1, primitive.Exact)
	d.unit("source", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Costs: per(10, 20, 30, 40)})
	d.unit("potline", primitive.Unit{Bound: upTo(8), Ports: []primitive.Port{to(el, -2), to(metal, 1)}})
	d.demand(metal, 5)
	s := solve(t, d)
	near(t, "cost", s.Objective, 720)
	nears(t, "potline", s.UnitActivity(s.X, 1), 8, 8, 4, 0)
	nears(t, "price of metal", s.BusPrice(s.Y, int(metal)), 60)
}

// A refinery on the step of four hours is flat in it: 5 t an hour at 2 MWh/t
// takes 10 MW throughout, at the mean price of 25: 1000.
func TestCoarseUnit(t *testing.T) {
	d := on(hours(4, 4))
	el := d.bus("electricity", 0, primitive.Exact)
	oxide := d.bus("alumina", 1, primitive.Exact)
	d.unit("source", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Costs: per(10, 20, 30, 40)})
	d.unit("refinery", primitive.Unit{Grid: 1, Bound: upTo(8), Ports: []primitive.Port{to(el, -2), to(oxide, 1)}})
	d.demand(oxide, 5)
	s := solve(t, d)
	near(t, "cost", s.Objective, 1000)
	nears(t, "source", s.UnitActivity(s.X, 0), 10, 10, 10, 10)
}

// 10 t of CO2 are free and more costs 30 a tonne: dirty power at 5+30 is
// cheaper than clean at 50, so 20 MWh make 20 t: 100 + 300. One tonne more of
// room saves 30.
func TestSoftLimit(t *testing.T) {
	d := on(hours(1))
	el := d.bus("electricity", 0, primitive.Exact)
	co2 := d.bus("co2", 0, primitive.Account)
	d.unit("dirty", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1), to(co2, 1)}, Costs: per(5)})
	d.source("clean", el, 100, 50)
	d.demand(el, 20)
	d.Limits = []primitive.Limit{{Name: "co2", Span: primitive.EachYear, Max: []float64{10}, Soft: 30,
		Terms: []primitive.Term{{Of: primitive.BusAccount, Index: co2, Coef: one}}}}
	s := solve(t, d)
	near(t, "cost", s.Objective, 400)
	over, under := s.LimitViolation(s.X, 0)
	nears(t, "violation", over, 10)
	if under != nil {
		t.Error("a limit without a floor has a shortfall")
	}
	nears(t, "dual", s.LimitDual(s.Y, 0), -30)
}

// The same plant pays 40 a tonne on the account: clean power at 44 wins.
func TestAccountPrice(t *testing.T) {
	d := on(hours(1))
	el := d.bus("electricity", 0, primitive.Exact)
	co2 := d.bus("co2", 0, primitive.Account)
	d.Buses[co2].Price = data(40)
	d.unit("dirty", primitive.Unit{Bound: upTo(12), Ports: []primitive.Port{to(el, 1), to(co2, 1)}, Costs: per(5)})
	d.source("clean", el, 15, 44)
	d.demand(el, 20)
	s := solve(t, d)
	near(t, "cost", s.Objective, 15*44+5*45)
	near(t, "price", s.BusPrice(s.Y, 0)[0], 45)
}

// 15 MW for the last day of January and the first of February; import of 10 at
// 20, 5 more at 40, at most 200 MWh in January and 300 in February, else 100.
// January 200x20 + 160x100; February 240x20 + 60x40 + 60x100: 33,200.
func TestTradeTotals(t *testing.T) {
	from := time.Date(2030, 1, 31, 0, 0, 0, 0, time.UTC)
	c, err := clock.New(clock.Spec{From: from, To: from.AddDate(0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	d := on(c)
	el := d.bus("electricity", 0, primitive.Exact)
	d.trade("import", primitive.Trade{Bus: el, Max: data(10), Price: data(20), Blocks: []primitive.Block{{Size: data(5), Price: data(40)}},
		Scopes: []primitive.Total{{Span: primitive.EachMonth, Max: []float64{200, 300}}}})
	d.source("local", el, 100, 100)
	d.demand(el, 15)
	s := solve(t, d)
	near(t, "cost", s.Objective, 33200)
}

// 10 must be served and 5 are worth 50, 5 are worth 20, at a cost of 30: 15 are
// made for 450, less 250. With 12 MW only, 2 of the 5 are served and set the
// price: 360 - 100, at 50.
func TestElasticDemand(t *testing.T) {
	model := func(most float64) *draft {
		d := on(hours(1))
		el := d.bus("electricity", 0, primitive.Exact)
		d.source("plant", el, most, 30)
		d.demand(el, 10).Elastic = []primitive.Block{{Size: data(5), Price: data(50)}, {Size: data(5), Price: data(20)}}
		return d
	}
	s := solve(t, model(100))
	near(t, "cost", s.Objective, 200)
	s = solve(t, model(12))
	near(t, "cost", s.Objective, 260)
	nears(t, "price", s.BusPrice(s.Y, 0), 50)
	nears(t, "first block", s.DemandElastic(s.X, 0)[0], 2)
	nears(t, "second block", s.DemandElastic(s.X, 0)[1], 0)
}

// A plant of 6 serves 10 as far as it can; 40 % may be shed at 900, so 4 are.
func TestShed(t *testing.T) {
	d := on(hours(1))
	el := d.bus("electricity", 0, primitive.Exact)
	d.source("plant", el, 6, 30)
	load := d.demand(el, 10)
	load.ShedMax, load.ShedCost = 0.4, 900
	s := solve(t, d)
	nears(t, "shed", s.DemandShed(s.X, 0), 4)
	near(t, "cost", s.Objective, 6*30+4*900)
}

// A full lake of 5 with an inflow of 10 and a turbine of 4 spills; what leaves
// it either way passes a second turbine an hour later, at half the power. At 5
// again in the end, it lets go 15+10 in the first two hours and 5 in the last,
// which no longer arrives: 12 x 10 + 25 x 0.5 x 10 = 245, and 18 spilled.
func TestSpillDownstream(t *testing.T) {
	d := on(hours(3))
	el := d.bus("electricity", 0, primitive.Exact)
	up := d.bus("water@up", 0, primitive.Exact)
	down := d.bus("water@down", 0, primitive.Free)
	later := to(down, 1)
	later.Delay = 1
	d.store("lake", primitive.Store{Bus: up, Bound: upTo(5), Inflow: data(10), Spill: true, SpillMax: data(inf), SpillTo: []primitive.Port{later},
		End: primitive.Given, Initial: 5, Final: 5})
	d.unit("upper", primitive.Unit{Bound: upTo(4), Ports: []primitive.Port{to(up, -1), to(el, 1), later}})
	d.unit("lower", primitive.Unit{Bound: upTo(20), Ports: []primitive.Port{to(down, -1), to(el, 0.5)}})
	d.trade("market", primitive.Trade{Bus: el, Sell: true, Max: data(inf), Price: data(10)})
	s := solve(t, d)
	near(t, "cost", s.Objective, -245)
	spilled := 0.0
	for _, v := range s.StoreSpill(s.X, 0) {
		spilled += v
	}
	near(t, "spilled", spilled, 18)
}

// What is left in a stock is worth 12, making it costs 10: it is filled to 8
// from 3 beside the demand of 1: 6x10 - 8x12.
func TestValuedEnd(t *testing.T) {
	d := on(hours(1))
	coal := d.bus("coal", 0, primitive.Exact)
	d.source("mine", coal, 100, 10)
	d.store("pile", primitive.Store{Bus: coal, Bound: upTo(8), End: primitive.Valued, Initial: 3, Value: 12})
	d.demand(coal, 1)
	s := solve(t, d)
	near(t, "cost", s.Objective, 60-96)
}

// Power is cheap at one end in the first hour and at the other in the second;
// the line takes 10 either way and loses a tenth. Each hour 9 of 20 arrive:
// cheap 20+10 at 1, dear 11 at 100.
func TestRouteBothWays(t *testing.T) {
	d := on(hours(2))
	a := d.bus("electricity@a", 0, primitive.Exact)
	z := d.place("electricity@b", a)
	d.unit("a", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(a, 1)}, Costs: per(1, 100)})
	d.unit("b", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(z, 1)}, Costs: per(100, 1)})
	d.demand(a, 20)
	d.demand(z, 20)
	d.route("line", primitive.Route{From: a, To: z, Bound: upTo(10), Back: data(1), Loss: 0.1})
	s := solve(t, d)
	near(t, "cost", s.Objective, 2*(30+1100))
	nears(t, "forward", s.RouteForward(s.X, 0), 10, 0)
	nears(t, "back", s.RouteBack(s.X, 0), 0, 10)
}

// Import and its line: 10 MW of import at 20 save 80 each in one hour of two;
// a MW of line costs 30, so it is built to the demand of 10.
func TestTradeOnCapacity(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	line := d.capacity(primitive.Capacity{Max: 50, Capital: 30})
	b := share(line, 1)
	d.trade("import", primitive.Trade{Bus: el, Bound: &b, Price: data(20, 200)})
	d.source("local", el, 100, 100)
	d.demand(el, 10)
	s := solve(t, d)
	near(t, "line", s.CapacitySize(s.X, 0), 10)
	near(t, "cost", s.Objective, 10*30+10*20+10*100)
}

// The year's land for 3 ha a MW is limited to 12 ha, 2 MW stand (6 ha): 2 more
// may be built, though 10 would pay.
func TestCapacityUses(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	land := d.bus("land", 0, primitive.Account)
	c := d.capacity(primitive.Capacity{Existing: 2, Max: 100, Capital: 1, Uses: []primitive.Port{to(land, 3)}})
	d.unit("sun", primitive.Unit{Bound: share(c, 1), Ports: []primitive.Port{to(el, 1)}})
	d.source("grid", el, 100, 10)
	d.demand(el, 10)
	d.Limits = []primitive.Limit{{Name: "land", Span: primitive.EachYear, Max: []float64{12}, Soft: nan,
		Terms: []primitive.Term{{Of: primitive.BusAccount, Index: land, Coef: one}}}}
	s := solve(t, d)
	near(t, "built", s.CapacityBuilt(s.X, 0), 2)
	near(t, "land's worth", s.LimitDual(s.Y, 0)[0], -(20.0-1)/3)
}

// Half of what is served must come from wind in every hour; wind is dear.
func TestShareLimit(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	d.source("wind", el, 100, 9)
	d.source("coal", el, 100, 1)
	d.demand(el, 10, 30)
	d.Limits = []primitive.Limit{{Name: "green", Span: primitive.EachStep, Min: []float64{0}, Soft: nan, Terms: []primitive.Term{
		{Of: primitive.UnitActivity, Index: 0, Coef: one}, {Of: primitive.DemandServed, Index: 0, Coef: data(-0.5)}}}}
	s := solve(t, d)
	nears(t, "wind", s.UnitActivity(s.X, 0), 5, 15)
	near(t, "cost", s.Objective, 20*9+20)
}

// A budget of 60 for fuel buys 60 MWh at 1; the other 40 come from what
// costs capital: 40 MWh in two hours need 20 MW at 5.
func TestMoneyLimit(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	c := d.capacity(primitive.Capacity{Max: 100, Capital: 5})
	d.unit("wind", primitive.Unit{Bound: share(c, 1), Ports: []primitive.Port{to(el, 1)}})
	d.source("coal", el, 100, 1)
	d.demand(el, 50)
	d.Limits = []primitive.Limit{{Name: "fuel", Span: primitive.Horizon, Max: []float64{60}, Soft: nan,
		Terms: []primitive.Term{{Of: primitive.MoneyCost, Index: int32(primitive.Variable), Coef: one}}}}
	s := solve(t, d)
	near(t, "wind", s.CapacityBuilt(s.X, 0), 20)
	near(t, "cost", s.Objective, 60+100)
}

// An exact surplus has to go somewhere, a free one is discarded.
func TestFreeSurplus(t *testing.T) {
	d := on(hours(1))
	heat := d.bus("heat", 0, primitive.Free)
	el := d.bus("electricity", 0, primitive.Exact)
	d.unit("chp", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, 1), to(heat, 2)}, Costs: per(1)})
	d.demand(el, 7)
	d.demand(heat, 5)
	s := solve(t, d)
	nears(t, "surplus", s.BusSurplus(s.RowValues(s.X), int(heat)), 9)
	nears(t, "price of heat", s.BusPrice(s.Y, int(heat)), 0)
}

// The fixed activity of 3 leaves 2 to the dear source; wind could have had 5.
func TestFixedValues(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	given := data(3, nan)
	d.source("wind", el, 10, 0).Fixed = &given
	d.source("dear", el, 10, 7)
	d.demand(el, 5)
	s := solve(t, d)
	nears(t, "wind", s.UnitActivity(s.X, 0), 3, 5)
	near(t, "cost", s.Objective, 14)
}

// The year's money counts half (a discount), the hours a quarter each, and the
// horizon is a quarter of a year: the cost is (10x30 + 0.25x8)/2, and prices are
// undiscounted.
func TestPeriodWeights(t *testing.T) {
	d := on(hours(1))
	d.Clock.Periods[0].Cost, d.Clock.Periods[0].Share = 0.5, 0.25
	d.Clock.Grids[0].Cost[0] = 0.5
	el := d.bus("electricity", 0, primitive.Exact)
	d.capacity(primitive.Capacity{Sunk: 8})
	d.source("plant", el, 20, 30)
	d.demand(el, 10)
	d.Limits = []primitive.Limit{{Name: "cap", Span: primitive.EachYear, Soft: nan, Max: []float64{10},
		Terms: []primitive.Term{{Of: primitive.DemandServed, Coef: one}, {Of: primitive.UnitActivity, Coef: data(-1)}}}}
	s := solve(t, d)
	near(t, "cost", s.Objective, (300+2)/2.0)
	nears(t, "price", s.BusPrice(s.Y, 0), 30)
	nears(t, "sum of the limit", s.LimitValue(s.RowValues(s.X), s.X, 0), 0)
}

// Days of 10 and of 20 stand for January and February, but the last of January
// is one of 20: its total is 30x240 + 480, February's 28x480.
func TestMonthOfRepresentatives(t *testing.T) {
	from := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	sequence := make([]int32, 59)
	for day := 30; day < 59; day++ {
		sequence[day] = 1
	}
	c, err := clock.New(clock.Spec{From: from, To: from.AddDate(0, 0, 58), Representative: &clock.Representative{PeriodHours: 24, Chosen: []int32{0, 40}, Sequence: sequence}})
	if err != nil {
		t.Fatal(err)
	}
	rate := make([]float64, 48)
	for h := range rate {
		rate[h] = 10 + 10*float64(h/24)
	}
	d := on(c)
	el := d.bus("electricity", 0, primitive.Free)
	d.trade("import", primitive.Trade{Bus: el, Min: data(rate...), Max: data(rate...), Price: data(1), Scopes: []primitive.Total{{Span: primitive.EachMonth}, {Span: primitive.EachYear}}})
	p, ix := build(t, d)
	x := append([]float64(nil), p.ColLower...)
	nears(t, "totals", ix.RowValues(x)[48:], 30*240+480, 28*480, 30*240+29*480)
	near(t, "cost", p.Offset+dot(p.Cost, x), 30*240+29*480)
}

// A week of two buses with everything in the benchmark's network is optimal,
// and the laws hold.
func TestNetwork(t *testing.T) {
	d := network(t, 2, 7)
	for i := range d.Capacities {
		d.Capacities[i].Capital /= 52
	}
	solve(t, d)
}
