package formulate

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

var update = flag.Bool("update", false, "write the golden files and docs/formulation.md anew")

// golden has, for each constraint, a tiny model and what to look for in it.
// The expected problems in testdata were checked by hand against the formulas.
var golden = map[What]func(t *testing.T) *draft{
	// Two sources into an exact hourly bus, an unpaid surplus at a free one of
	// two hours, and a store that loses 10 % an hour.
	Balance: func(t *testing.T) *draft {
		d := on(hours(4, 2))
		el := d.bus("electricity", 0, primitive.Exact)
		heat := d.bus("heat", 1, primitive.Free)
		d.unit("chp", primitive.Unit{Bound: upTo(9), Ports: []primitive.Port{to(el, 1), to(heat, 1.5)}})
		d.store("tank", primitive.Store{Bus: heat, Bound: upTo(30), Loss: 0.1, Inflow: data(1, 3, 5, 8), End: primitive.Given, Initial: 9, Final: nan})
		d.demand(el, 1, 2, 3, 4)
		d.demand(heat, 6)
		return d
	},
	UnitMax: func(t *testing.T) *draft {
		d := on(hours(3))
		el := d.bus("electricity", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 2, Max: 10, Capital: 7, Fixed: 1})
		// No row at night; at hour 2 Min is Max and the row is an equation.
		d.unit("sun", primitive.Unit{Bound: primitive.Bound{Capacity: c, Coef: 3, Min: data(0, 0, 0.5), Max: data(0, 0.25, 0.5)}, Ports: []primitive.Port{to(el, 1)}})
		return d
	},
	UnitMin: func(t *testing.T) *draft {
		d := on(hours(3))
		el := d.bus("electricity", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 2, Min: 1, Max: inf, Capital: 7})
		d.unit("must run", primitive.Unit{Bound: primitive.Bound{Capacity: c, Coef: 1, Min: data(0.4, 0, -1), Max: data(1)}, Ports: []primitive.Port{to(el, 1)}})
		return d
	},
	UnitFixed: func(t *testing.T) *draft {
		d := on(hours(3))
		el := d.bus("electricity", 0, primitive.Exact)
		fixed := data(4, nan, 0)
		d.unit("given", primitive.Unit{Bound: upTo(5), Ports: []primitive.Port{to(el, 1)}, Fixed: &fixed})
		return d
	},
	// The first is of a given size with a known start; the second, cyclic, may
	// be built; the third, by two hours, has an up ramp that never binds.
	UnitRamp: func(t *testing.T) *draft {
		d := on(hours(4, 2))
		el := d.bus("electricity", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90})
		d.unit("plant", primitive.Unit{Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Ramp: &primitive.Ramp{Up: 0.2, Down: 0.5, Initial: 60}})
		d.unit("built", primitive.Unit{Bound: share(c, 1), Ports: []primitive.Port{to(el, 1)}, Ramp: &primitive.Ramp{Up: 0.2, Down: 0.5, Initial: nan, Cyclic: true}})
		d.unit("slow", primitive.Unit{Grid: 1, Bound: upTo(100), Ports: []primitive.Port{to(el, 1)}, Ramp: &primitive.Ramp{Up: 0.5, Down: 0.2, Initial: nan}})
		return d
	},
	// Windows of 16 steps: the sum slides. Not cyclic: three windows in 18.
	UnitSlide: func(t *testing.T) *draft {
		d := on(hours(18))
		el := d.bus("electricity", 0, primitive.Account)
		d.unit("potline", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, -1)}, Windows: []primitive.Window{{Hours: 16, Min: 15, Max: inf}}})
		return d
	},
	// Two hours within a cyclic chain of four; one and a half, whose windows
	// begin or end with a step; two of a size that may be built.
	UnitWindow: func(t *testing.T) *draft {
		d := on(hours(4))
		el := d.bus("electricity", 0, primitive.Account)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90})
		d.unit("cyclic", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, 1)}, Windows: []primitive.Window{{Hours: 2, Min: 1.5, Max: 1.9, Cyclic: true}}})
		d.unit("short", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, 1)}, Windows: []primitive.Window{{Hours: 1.5, Min: 1, Max: inf}}})
		d.unit("built", primitive.Unit{Bound: share(c, 1), Ports: []primitive.Port{to(el, 1)}, Windows: []primitive.Window{{Hours: 3, Min: 1, Max: 2}}})
		return d
	},
	StoreMax: func(t *testing.T) *draft {
		d := on(hours(3))
		el := d.bus("inside", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 4, Max: 6})
		d.store("battery", primitive.Store{Bus: el, Bound: share(c, 1, 0.9, 0)})
		return d
	},
	StoreMin: func(t *testing.T) *draft {
		d := on(hours(3))
		el := d.bus("inside", 0, primitive.Exact)
		c := d.capacity(primitive.Capacity{Existing: 4, Max: 6})
		d.store("battery", primitive.Store{Bus: el, Bound: primitive.Bound{Capacity: c, Coef: 2, Min: data(0.1, 0, 0.5), Max: data(inf)}, End: primitive.Valued, Initial: 3, Value: 11})
		return d
	},
	StoreFixed: func(t *testing.T) *draft {
		d := on(hours(3))
		el := d.bus("inside", 0, primitive.Exact)
		fixed := data(nan, nan, 2.5)
		d.store("stock", primitive.Store{Bus: el, Bound: upTo(9), Fixed: &fixed, Spill: true, SpillMax: data(3), SpillCost: 2})
		return d
	},
	// Given ends: the first period starts at 5, the third ends at 4 or more.
	StoreLink: func(t *testing.T) *draft {
		d := linkedStore(t)
		s := &d.Stores[0]
		s.End, s.Initial, s.Final, s.Loss = primitive.Given, 5, 4, 0
		return d
	},
	// Levels cost: 0.75 for what each start leaves in its two hours.
	StoreAbove: func(t *testing.T) *draft {
		d := linkedStore(t)
		d.Stores[0].Costs = per(1)
		return d
	},
	StoreWithin: func(t *testing.T) *draft {
		d := linkedStore(t)
		d.Stores[0].Bound = share(d.capacity(primitive.Capacity{Existing: 20, Max: 30}), 1)
		return d
	},
	RouteMax: func(t *testing.T) *draft {
		d := on(hours(2))
		a := d.bus("electricity@a", 0, primitive.Exact)
		z := d.place("electricity@b", a)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90, Capital: 3})
		d.route("two-way", primitive.Route{From: a, To: z, Bound: upTo(50), Back: data(0.5), Loss: 0.04, Costs: per(0.1)})
		d.route("one-way", primitive.Route{From: a, To: z, Bound: share(c, 1)})
		d.route("late", primitive.Route{From: a, To: z, Bound: upTo(5), Delay: 1})
		return d
	},
	RouteBack: func(t *testing.T) *draft {
		d := on(hours(3))
		a := d.bus("electricity@a", 0, primitive.Exact)
		z := d.place("electricity@b", a)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90, Capital: 3})
		d.route("line", primitive.Route{From: a, To: z, Bound: share(c, 0.8), Back: data(0.5, 0, 1)})
		return d
	},
	TradeMax: func(t *testing.T) *draft {
		d := on(hours(2))
		el := d.bus("electricity", 0, primitive.Exact)
		line := d.capacity(primitive.Capacity{Existing: 100, Max: 200, Capital: 5})
		b := share(line, 1, 0.5)
		d.trade("import", primitive.Trade{Bus: el, Bound: &b, Price: data(40, 50)})
		b2 := upTo(30)
		d.trade("export", primitive.Trade{Bus: el, Sell: true, Bound: &b2, Price: data(20), Blocks: []primitive.Block{{Size: data(4), Price: data(15)}}})
		return d
	},
	TradeMin: func(t *testing.T) *draft {
		d := on(hours(2))
		el := d.bus("electricity", 0, primitive.Exact)
		line := d.capacity(primitive.Capacity{Existing: 100, Max: 200})
		d.trade("import", primitive.Trade{Bus: el, Bound: &primitive.Bound{Capacity: line, Coef: 1, Min: data(0.1, 0), Max: data(1)}, Price: data(40)})
		return d
	},
	// A rate of two hours counts twice in the total.
	TradeTotal: func(t *testing.T) *draft {
		d := on(hours(4, 2))
		el := d.bus("electricity", 0, primitive.Exact)
		d.trade("import", primitive.Trade{Bus: el, Grid: 1, Max: data(5), Price: data(40),
			Blocks: []primitive.Block{{Size: data(4), Price: data(60)}},
			Scopes: []primitive.Total{{Span: primitive.EachMonth, Min: []float64{3}, Max: []float64{15}}, {Span: primitive.EachStep, Max: []float64{6, 7}}}})
		return d
	},
	// CO2 of a plant, what a capacity uses of it in a year, and a purchase of
	// rights; served demand; a soft floor step by step.
	LimitSum: func(t *testing.T) *draft {
		d := on(hours(2))
		el := d.bus("electricity", 0, primitive.Exact)
		co2 := d.bus("co2", 0, primitive.Account)
		c := d.capacity(primitive.Capacity{Existing: 10, Max: 90, Uses: []primitive.Port{to(co2, 0.2)}})
		d.unit("plant", primitive.Unit{Bound: share(c, 1), Ports: []primitive.Port{to(el, 1), to(co2, 0.9)}})
		load := d.demand(el, 20, 30)
		load.ShedMax, load.ShedCost = 0.5, 900
		d.trade("rights", primitive.Trade{Bus: co2, Sell: true, Max: data(inf), Price: data(-80)})
		d.Limits = []primitive.Limit{
			{Name: "co2", Span: primitive.EachYear, Terms: []primitive.Term{{Of: primitive.BusAccount, Index: co2, Coef: one}}, Max: []float64{40}, Soft: nan},
			{Name: "served", Span: primitive.EachStep, Min: []float64{18}, Soft: 500,
				Terms: []primitive.Term{{Of: primitive.DemandServed, Index: 0, Coef: one}, {Of: primitive.CapacitySize, Index: c, Coef: data(0.1)}}},
			{Name: "budget", Span: primitive.Horizon, Terms: []primitive.Term{{Of: primitive.MoneyCost, Index: int32(primitive.Variable), Coef: one}}, Max: []float64{5000}, Soft: nan},
		}
		return d
	},
}

// linkedStore has two representative periods of two hours; the first stands for
// the original periods 1 and 3, the second for 2.
func linkedStore(t *testing.T) *draft {
	d := on(represent(periods(2, []float64{2, 1}), 0, 1, 0))
	el := d.bus("inside", 0, primitive.Exact)
	d.store("tank", primitive.Store{Bus: el, Bound: upTo(50), Loss: 0.5})
	d.unit("pump", primitive.Unit{Bound: upTo(10), Ports: []primitive.Port{to(el, 1)}})
	return d
}

func TestGolden(t *testing.T) {
	for _, c := range constraints {
		model := golden[c.what]
		if model == nil {
			t.Errorf("constraint %s has no golden problem: add it to golden in golden_test.go", c.name)
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			p, ix := build(t, model(t))
			found := false
			ix.Rows(func(k Block) { found = found || k.What == c.what })
			if !found {
				t.Fatalf("the golden problem of %s has no such row", c.name)
			}
			compare(t, filepath.Join("testdata", c.name+".golden"), []byte(write(p)))
		})
	}
	seen := map[What]bool{}
	for _, c := range constraints {
		if seen[c.what] {
			t.Errorf("constraint %s is there twice", c.name)
		}
		seen[c.what] = true
	}
	for w := Balance; w < whats; w++ {
		if !seen[w] {
			t.Errorf("%v is no entry of the table of constraints", w)
		}
	}
	files, _ := filepath.Glob("testdata/*.golden")
	if len(files) != len(constraints) {
		t.Errorf("testdata has %d golden files, the table has %d constraints", len(files), len(constraints))
	}
}

// Every family of columns stands in some golden problem.
func TestGoldenHasEveryVariable(t *testing.T) {
	seen := map[What]bool{}
	for _, model := range golden {
		_, ix := build(t, model(t))
		ix.Cols(func(k Block) { seen[k.What] = true })
	}
	d := on(hours(2))
	el := d.bus("electricity", 0, primitive.Exact)
	d.demand(el, 1).Elastic = []primitive.Block{{Size: data(1), Price: data(3)}}
	d.Limits = []primitive.Limit{{Name: "cap", Span: primitive.Horizon, Max: []float64{1}, Soft: 3}}
	_, ix := build(t, d)
	ix.Cols(func(k Block) { seen[k.What] = true })
	for _, v := range variables {
		if !seen[v.what] {
			t.Errorf("no golden problem has a column %s", v.name)
		}
	}
}

func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got\n%s\nwant\n%s", path, got, want)
	}
}

// write prints a small problem as a person would.
func write(p *lp.Problem) string {
	var s strings.Builder
	rows := make([][]string, p.Rows())
	objective := []string{number(p.Offset)}
	for j := range p.Cols() {
		name := short(p.Names.ColName(j))
		if p.Cost[j] != 0 {
			objective = append(objective, term(p.Cost[j], name))
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			rows[p.Index[k]] = append(rows[p.Index[k]], term(p.Value[k], name))
		}
	}
	fmt.Fprintf(&s, "minimise\n  %s\nsubject to\n", strings.Join(objective, " "))
	for i := range rows {
		fmt.Fprintf(&s, "  %s: %s\n", short(p.Names.RowName(i)), between(p.RowLower[i], strings.Join(rows[i], " "), p.RowUpper[i]))
	}
	s.WriteString("bounds\n")
	for j := range p.Cols() {
		fmt.Fprintf(&s, "  %s\n", between(p.ColLower[j], short(p.Names.ColName(j)), p.ColUpper[j]))
	}
	return s.String()
}

// short leaves the hour of the one day in the goldens.
func short(name string) string { return strings.ReplaceAll(name, "[2030-01-01T", "[") }

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

func term(v float64, name string) string {
	sign := "+"
	if v < 0 {
		sign, v = "-", -v
	}
	if v == 1 {
		return sign + " " + name
	}
	return sign + " " + number(v) + " " + name
}

func between(lower float64, middle string, upper float64) string {
	switch {
	case lower == upper:
		return middle + " = " + number(upper)
	case math.IsInf(lower, -1) && math.IsInf(upper, 1):
		return middle + " free"
	case math.IsInf(lower, -1):
		return middle + " <= " + number(upper)
	case math.IsInf(upper, 1):
		return middle + " >= " + number(lower)
	}
	return number(lower) + " <= " + middle + " <= " + number(upper)
}
