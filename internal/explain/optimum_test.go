package explain_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"example.org/busbar/internal/explain"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// optimum solves a system's text and prepares to explain it, once for each
// solver.
func optimum(t *testing.T, text string, check func(t *testing.T, o *explain.Optimum)) {
	t.Helper()
	s, m := load(t, text)
	p, ix, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, solver := range solvers(t) {
		sol, cert, err := solve.Run(context.Background(), p, solver, lp.Options{Threads: 1})
		if err != nil || !cert.OK {
			t.Fatalf("%s: %v, %v", solver, cert, err)
		}
		o, err := explain.NewOptimum(&explain.Solved{System: s, Model: m, Problem: p, Index: ix, X: sol.X, Y: sol.Y})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(solver, func(t *testing.T) { check(t, o) })
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-5*(1+math.Abs(want))) {
		t.Errorf("%s is %.8g, by hand %.8g", what, got, want)
	}
}

// priceAt explains a price, and checks that its equations hold: each link's
// price is factor x the price before + cost + charges, and the last is the
// price; every flow's gain is what its worth differs from it.
func priceAt(t *testing.T, o *explain.Optimum, bus, when string) explain.Price {
	t.Helper()
	b, err := o.BusOf(bus)
	if err != nil {
		t.Fatal(err)
	}
	step, err := o.StepOf(b, when)
	if err != nil {
		t.Fatal(err)
	}
	p := o.Price(b, step)
	last := 0.0
	for i, l := range p.Links {
		sum := l.Factor*l.From + l.Cost
		for _, c := range l.Limits {
			sum += c.Amount
		}
		near(t, "the equation of "+l.Text, sum, l.Price)
		if i > 0 {
			near(t, "what "+l.Text+" starts from", l.From, last)
		}
		last = l.Price
	}
	if len(p.Links) > 0 {
		near(t, "the last link", last, p.Price)
	}
	rates := 0.0
	for _, f := range p.Flows {
		rates += f.Rate
		if f.Value.Known() {
			// A giver gains what the price is above its cost, a taker what it is below its worth.
			gain := p.Price - float64(f.Value)
			if f.Rate < 0 {
				gain = -gain
			}
			if f.Rate != 0 {
				near(t, "the gain of "+f.Name, f.Gain, gain)
			}
		}
	}
	near(t, "what flows in less what flows out", rates, 0)
	return p
}

func flow(t *testing.T, p explain.Price, id string) explain.Taker {
	t.Helper()
	for _, f := range p.Flows {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no flow of %s in %v", id, p.Flows)
	return explain.Taker{}
}

// 100 MW of load; 60 MW of a plant at 20 USD/MWh are full, import at 50 gives
// the other 40 of its 80: it sets the price, and the plant gains 30.
func TestPriceOfMeritOrder(t *testing.T) {
	optimum(t, head+`
assets:
  load: {kind: demand, at: town, amount: 100 MW}
  plant: {kind: unit, name: Plant, at: town, capacity: 60 MW, cost: 20 USD/MWh, ports: [{commodity: electricity, ratio: 1}]}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 80 MW, co2: 0}
  engine: {kind: unit, at: town, capacity: 60 MW, cost: 95 USD/MWh, ports: [{commodity: electricity, ratio: 1}]}
`, func(t *testing.T, o *explain.Optimum) {
		p := priceAt(t, o, "", "2030-03-31T05:00")
		near(t, "the price", p.Price, 50)
		if want := "set by import, which buys 40 MW of 80 MW and is free to do a little more or less"; p.Sets != want {
			t.Errorf("says %q, want %q", p.Sets, want)
		}
		plant := flow(t, p, "plant")
		near(t, "the plant's cost", float64(plant.Value), 20)
		near(t, "the plant's gain", plant.Gain, 30)
		engine := flow(t, p, "engine")
		near(t, "the engine's cost", float64(engine.Value), 95)
		if plant.State != "full" || engine.State != "idle" || flow(t, p, "import").State != "sets the price" {
			t.Errorf("states: %v", p.Flows)
		}
		b, _ := o.BusOf("")
		s := o.Setters(b)
		if len(s) != 1 || s[0].ID != "import" || s[0].Hours != 48 || s[0].Moved != 0 {
			t.Errorf("set through the year by %v", s)
		}
	})
}

// All of 1 April's 10 MW come out of a battery that was charged at 30 on 31
// March, through a line that loses 20 %: 0.9 each way make 30 / 0.8 / 0.81 =
// 46.296 USD/MWh.
func TestPriceFromAnotherDayAndPlace(t *testing.T) {
	optimum(t, head+`
assets:
  load: {kind: demand, at: town, amount: 10 MW}
  import:
    kind: grid_import
    name: Import
    at: dam
    price: 30 USD/MWh
    max: {monthly: [0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0], unit: MW}
    co2: 0
  line: {kind: interconnector, name: Line, at: dam, to: town, capacity: 500 MW, loss: 20 %}
  battery: {kind: battery, name: Battery, at: town, capacity: 100 MW, energy: 2 GWh, round_trip: 81 %}
`, func(t *testing.T, o *explain.Optimum) {
		p := priceAt(t, o, "electricity@town", "2030-04-01T12:00")
		near(t, "the price", p.Price, 30/0.8/0.81)
		if !strings.HasPrefix(p.Sets, "set by Import (import), which buys ") || !strings.HasSuffix(p.Sets, ", where the price is 30.00 USD/MWh") {
			t.Errorf("says %q", p.Sets)
		}
		var path []string
		for _, l := range p.Links {
			path = append(path, l.Source)
		}
		want := "import line battery.charge battery.energy battery.discharge"
		if got := strings.Join(path, " "); got != want {
			t.Errorf("comes by %q, want %q", got, want)
		}
		a, err := o.Asset("battery")
		if err != nil {
			t.Fatal(err)
		}
		adds(t, a)
		// It gives 240 MWh and takes 240 / 0.81, worth the same: nothing is left.
		near(t, "what is left to the battery", a.Surplus/a.Trades[0].Money, 0)
		near(t, "what the battery gives", a.Trades[0].Amount, 240)
		near(t, "what it earns", a.Trades[0].Money, 240*30/0.8/0.81)
	})
}

// adds checks the identity of an asset's account.
func adds(t *testing.T, a *explain.Asset) {
	t.Helper()
	trades, rents, turnover := 0.0, 0.0, 0.0
	for _, v := range a.Trades {
		trades += v.Money
		turnover += math.Abs(v.Money)
	}
	for _, v := range append(append([]explain.Line(nil), a.Paid...), a.Charged...) {
		trades -= v.Money
		turnover += math.Abs(v.Money)
	}
	for _, v := range a.Rents {
		rents += v.Money
	}
	near(t, "trades less paid and charged of "+a.ID, trades, a.Surplus)
	// The surplus is a difference: of millions that cancel nothing is left but the
	// last digits of an answer that is proved to 1e-6.
	if math.Abs(rents-a.Surplus) > 1e-11*turnover {
		near(t, "rents of "+a.ID, rents, a.Surplus)
	}
}

// CO2 is capped at 100 t: gas at 20 USD/MWh and 0.5 t/MWh gives 200 of the 480
// MWh, import at 50 the rest. A tonne more would put 2 MWh at 20 for 2 at 50:
// 60 USD, and the cap charges gas 30 USD/MWh. The gas plant earns nothing.
func TestLimitCharges(t *testing.T) {
	optimum(t, head+`
assets:
  load: {kind: demand, at: town, amount: 10 MW}
  gas: {kind: unit, at: town, capacity: 60 MW, cost: 20 USD/MWh, ports: [{commodity: electricity, ratio: 1}, {commodity: co2, ratio: 0.5 t/MWh}]}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 80 MW, co2: 0}
limits:
  climate: {of: co2, max: 100 t, span: horizon}
`, func(t *testing.T, o *explain.Optimum) {
		l, err := o.Limit("climate")
		if err != nil {
			t.Fatal(err)
		}
		near(t, "the limit's value", l.Spans[0].Value, 100)
		near(t, "the limit's price", l.Spans[0].Price, -60)
		want := "100 t of at most 100 t; one t more saves 60.00 USD a year"
		if got := l.Text[0]; !strings.HasSuffix(got, want) {
			t.Errorf("says %q, want %q", got, want)
		}
		if len(l.Terms) != 1 || l.Terms[0].Name != "gas" {
			t.Errorf("made of %v", l.Terms)
		}
		a, err := o.Asset("gas")
		if err != nil {
			t.Fatal(err)
		}
		adds(t, a)
		near(t, "what the limit charges gas", a.Charged[0].Money, 200*30)
		near(t, "what is left to gas", a.Surplus/6000, 0)
		v, err := o.Overview("")
		if err != nil {
			t.Fatal(err)
		}
		if b := v.Binds[0]; b.ID != "climate" || math.Abs(b.Worth-60) > 1e-4 || math.Abs(b.Tenth-600) > 1e-3 {
			t.Errorf("binds most: %+v", b)
		}
	})
}

// Of three plants that might be built beside import at 50 USD/MWh, over 48
// hours: A costs 480 USD/MW and runs at 10: it earns 40 x 48 = 1,920, is built to
// its 5 MW and would save 1,440 more; B costs 480 and runs at 45: it earns 240,
// would lose 240, and is not built; C costs 480 and runs at 40, earns 480: it just
// pays. The load is 10 MW.
func TestWhyBuilt(t *testing.T) {
	plant := func(name, most, run string) string {
		// 87,600 USD/MW repaid over a year without interest: 48 h of it are 480 USD.
		return `
  ` + name + `:
    kind: unit
    at: town
    cost: ` + run + ` USD/MWh
    ports: [{commodity: electricity, ratio: 1}]
    build: {max: ` + most + `, cost: 87.6 USD/kW, life: 1 a, wacc: 0 %}`
	}
	optimum(t, head+`
assets:
  load: {kind: demand, at: town, amount: 10 MW}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 80 MW, co2: 0}`+
		plant("a", "5 MW", "10")+plant("b", "5 MW", "45")+`
`, func(t *testing.T, o *explain.Optimum) {
		a, err := o.Asset("a")
		if err != nil {
			t.Fatal(err)
		}
		adds(t, a)
		if want := "a: built 5 MW of at most 5 MW; one MW more costs 480 USD a year and earns 1,920 USD: it would save 1,440 USD, and is at its maximum"; a.Sizes[0].Text != want {
			t.Errorf("says %q, want %q", a.Sizes[0].Text, want)
		}
		b, err := o.Asset("b")
		if err != nil {
			t.Fatal(err)
		}
		if want := "b: not built, of at most 5 MW; one MW more costs 480 USD a year and earns 240 USD: it would lose 240 USD"; b.Sizes[0].Text != want {
			t.Errorf("says %q, want %q", b.Sizes[0].Text, want)
		}
		near(t, "what is left to a", a.Surplus, 5*1920)
	})
}

// A line of 30 MW into a place where power costs 50, from one where it costs 20:
// one MW more would earn 30 x 48 = 1,440 USD.
func TestWorthOfALine(t *testing.T) {
	optimum(t, head+`
assets:
  load: {kind: demand, at: town, amount: 100 MW}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 80 MW, co2: 0}
  plant: {kind: unit, at: dam, capacity: 60 MW, cost: 20 USD/MWh, ports: [{commodity: electricity, ratio: 1}]}
  line: {kind: interconnector, at: dam, to: town, capacity: 30 MW}
`, func(t *testing.T, o *explain.Optimum) {
		a, err := o.Asset("line")
		if err != nil {
			t.Fatal(err)
		}
		adds(t, a)
		near(t, "what one MW more of the line earns", a.Sizes[0].Earns, 1440)
		near(t, "what is left to the line", a.Surplus, 30*1440)
		p := priceAt(t, o, "electricity@dam", "2030-03-31T00:00")
		near(t, "the price at the dam", p.Price, 20)
	})
}

// Every asset's account adds up, and every price's links, in the whole park.
func TestAccountsAddUp(t *testing.T) {
	dir := park(t, "weeks", "\nrepresentative: {days: 2}\n")
	s, m := open(t, dir, "weeks")
	p, ix, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	sol, cert, err := solve.Run(context.Background(), p, "native", lp.Options{Threads: 1})
	if err != nil || !cert.OK {
		t.Fatalf("%v, %v", cert, err)
	}
	o, err := explain.NewOptimum(&explain.Solved{System: s, Model: m, Problem: p, Index: ix, X: sol.X, Y: sol.Y})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, a := range m.Assets {
		one, err := o.Asset(a.Name)
		if err != nil {
			t.Fatal(err)
		}
		adds(t, one)
		for _, p := range one.Paid {
			sum += p.Money
		}
	}
	// What all pay is the objective without capital and fixed costs by the year.
	want := sol.Objective - p.Offset
	for j, c := range p.Cost {
		if k, _ := ix.Col(j); k.What == formulate.Built {
			want -= c * sol.X[j]
		}
	}
	near(t, "what all assets pay", sum, want)
	for _, when := range []string{"T00:00", "T07:00", "T12:00", "T19:00", "T23:00"} {
		for _, ch := range m.Clock.Chains {
			priceAt(t, o, "electricity@park", m.Clock.Stamps[ch.FirstTick].Format("2006-01-02")+when)
		}
	}
	v, err := o.Overview("")
	if err != nil || v.Bus != "electricity@park" || len(v.Binds) == 0 || len(v.Sizes) == 0 {
		t.Fatalf("overview %v, %v", v, err)
	}
	for _, size := range v.Sizes {
		if size.Built > 1e-3 && size.Built < float64(size.Max)*(1-1e-6) {
			near(t, "the net of "+size.ID+", whose size is free", size.Net/size.Cost, 0)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	optimum(t, head+`
assets:
  load: {kind: demand, at: town, amount: 100 MW}
  import: {kind: grid_import, at: town, price: 50 USD/MWh, max: 180 MW, co2: 0}
`, func(t *testing.T, o *explain.Optimum) {
		if _, err := o.Asset("imprt"); err == nil || err.Error() != `no asset is named "imprt"; did you mean import?` {
			t.Error(err)
		}
		if _, err := o.BusOf("electricity@twon"); err == nil || !strings.Contains(err.Error(), "electricity@town") {
			t.Error(err)
		}
		if _, err := o.StepOf(0, "2031-01-01"); err == nil || !strings.Contains(err.Error(), "from 2030-03-31T00:00 to 2030-04-01T23:00") {
			t.Error(err)
		}
	})
	if _, err := explain.NewOptimum(&explain.Solved{Problem: &lp.Problem{RowLower: make([]float64, 1)}}); err != explain.ErrDuals {
		t.Error(err)
	}
}
