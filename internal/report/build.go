package report

import (
	"fmt"
	"math"
	"sort"

	"example.org/busbar/internal/report/picture"
)

// builtSection shows what stands and what is built.
func (d *data) builtSection() *section {
	if len(d.capacities) == 0 {
		return nil
	}
	s := &section{ID: "built", Title: "What is built",
		Lead: "What stands already, what the plan builds beside it, and what both cost a year. A limit on building that binds has a worth: what one unit more would save a year."}
	cur := d.currency()
	t := &table{Caption: "Capacities", Wide: true, Head: []string{"Asset", "Unit", "Existing", "Built", "Most that may be built", "Capital, " + cur + "/a", "Fixed, " + cur + "/a", "Worth of one unit more, " + cur + "/a"}}
	capital, fixed := 0.0, 0.0
	byUnit := map[string][]picture.Bar{}
	var units []string
	for _, c := range d.capacities {
		most := number(c.MaxBuild)
		if c.MaxBuild == 0 {
			most = cell{Text: "–", Value: "0", Num: true}
		}
		if math.IsInf(c.MaxBuild, 1) || c.MaxBuild > 1e14 {
			most = cell{Text: "no limit", Num: true}
		}
		worth := number(c.Worth)
		if c.Worth == 0 {
			worth = cell{Text: "–", Value: "0", Num: true}
		}
		label := d.partName(c.Asset, c.Part)
		t.Rows = append(t.Rows, []cell{name(label), text(c.Unit), number(c.Existing), number(tidy(c.Built, c.MaxBuild)), most, number(c.Capital), number(c.Fixed), worth})
		capital += c.Capital
		fixed += c.Fixed
		if c.Existing+c.Built <= 1e-9 && !(c.MaxBuild > 0) {
			continue
		}
		colour := d.palette.of(c.Asset)
		bar := picture.Bar{Name: label}
		bar.Parts = append(bar.Parts, picture.Part{Name: "existing", Colour: colour, Value: math.Max(c.Existing, 0), Light: true},
			picture.Part{Name: "built", Colour: colour, Value: math.Max(tidy(c.Built, c.MaxBuild), 0)})
		if c.MaxBuild > 0 && c.MaxBuild < 1e14 {
			mark := c.Existing + c.MaxBuild
			bar.Mark = &mark
		}
		if _, ok := byUnit[c.Unit]; !ok {
			units = append(units, c.Unit)
		}
		byUnit[c.Unit] = append(byUnit[c.Unit], bar)
	}
	t.Foot = []cell{name("Together"), {}, {Num: true}, {Num: true}, {Num: true}, number(capital), number(fixed), {Num: true}}
	sort.SliceStable(units, func(i, j int) bool { return powerFirst(units[i]) < powerFirst(units[j]) })
	for _, u := range units {
		bars := byUnit[u]
		if len(bars) < 2 {
			continue
		}
		sort.SliceStable(bars, func(i, j int) bool { return length(bars[i]) > length(bars[j]) })
		more := ""
		if len(bars) > 24 {
			more = fmt.Sprintf(" The %d largest of %d are shown.", 24, len(bars))
			bars = bars[:24]
		}
		spec := &picture.Bars{Base: d.base(fmt.Sprintf("Bars of the %d capacities counted in %s. The largest is %s with %s.", len(bars), u, bars[0].Name, say(length(bars[0]), u))),
			Unit: u, Bars: bars, Mark: "most that may be built"}
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: "built-" + fmt.Sprint(len(s.Blocks)), Title: "Capacities in " + u,
			Caption: "Pale: stands already. Full: built by this study. Stroke: the most that could have been built." + more, SVG: draw(spec), Kind: "bars", Spec: spec}})
	}
	s.Blocks = append(s.Blocks, capped(t, 5, "tables/capacities.parquet")...)
	return s
}

func powerFirst(unit string) int {
	switch unit {
	case "MW":
		return 0
	case "MWh":
		return 1
	}
	return 2
}

func length(b picture.Bar) float64 {
	sum := 0.0
	for _, p := range b.Parts {
		sum += p.Value
	}
	return sum
}

// tidy sets to zero what is solver's noise beside what was possible.
func tidy(v, most float64) float64 {
	if math.IsInf(most, 0) || most > 1e14 {
		most = 0
	}
	if math.Abs(v) <= 1e-7*(1+math.Abs(most)) {
		return 0
	}
	return v
}

// costSection breaks the cost down: per unit of the product where there is
// one, else of the year.
func (d *data) costSection() *section {
	if len(d.money) == 0 {
		return nil
	}
	cur := d.currency()
	per, havePer := d.figure("cost", "per_t")
	tonnes := d.produced()
	perUnit := tonnes > 0 && d.m.Product != ""

	// The income of selling the product itself is no part of its cost.
	byAsset := map[string]float64{}
	order := []string{}
	sum := 0.0
	for _, m := range d.money {
		if perUnit && m.Class == "sale" && m.Commodity == d.m.Product {
			continue
		}
		if _, ok := byAsset[m.Asset]; !ok {
			order = append(order, m.Asset)
		}
		byAsset[m.Asset] += m.Amount
		sum += m.Amount
	}
	note := ""
	if perUnit && havePer && !near(sum/tonnes, per.Value) {
		note = fmt.Sprintf(" The rows are the terms of the objective; the cost per tonne among the key figures, %s, is counted as it says there.", say(per.Value, per.Unit))
	}
	s := &section{ID: "cost", Title: "What it costs", Lead: "Every cost and income of the year by asset. Income takes off."}
	divisor, unit, lastRow := 1.0, cur+" a year", "all of it"
	title := "Cost of the year by asset"
	if perUnit {
		divisor, unit, lastRow = tonnes, cur+" per "+d.unit(d.m.Product)+" of "+d.commodityName(d.m.Product), "a "+unitWord(d.unit(d.m.Product))+" of "+d.commodityName(d.m.Product)
		s.Title = "What a " + unitWord(d.unit(d.m.Product)) + " costs"
		title = "The cost of " + lastRow
		s.Lead = "Every cost and income of the year, divided by the " + say(tonnes, d.unit(d.m.Product)) + " made. Income takes off; that from selling the " + d.commodityName(d.m.Product) + " itself is left out."
	} else if math.Abs(sum) >= 1e7 {
		divisor, unit = 1e6, "million "+cur+" a year"
	}

	sort.SliceStable(order, func(i, j int) bool { return byAsset[order[i]] > byAsset[order[j]] })
	spec := &picture.Waterfall{Unit: unit, Total: lastRow}
	spec.Base = d.base("")
	// The largest stand alone, the others together.
	const most = 15
	rank := append([]string(nil), order...)
	sort.SliceStable(rank, func(i, j int) bool { return math.Abs(byAsset[rank[i]]) > math.Abs(byAsset[rank[j]]) })
	rest, few := 0.0, map[string]bool{}
	for i, a := range rank {
		if i >= most || math.Abs(byAsset[a]) < 2e-3*math.Abs(byAsset[rank[0]]) {
			rest += byAsset[a] / divisor
			few[a] = true
		}
	}
	for _, a := range order {
		if !few[a] {
			spec.Steps = append(spec.Steps, picture.Step{Name: d.assetName(a), Colour: d.palette.of(a), Value: byAsset[a] / divisor})
		}
	}
	if rest != 0 {
		spec.Steps = append(spec.Steps, picture.Step{Name: fmt.Sprintf("%d smaller ones", len(few)), Colour: categories[other].colour, Value: rest})
	}
	if len(spec.Steps) > 0 {
		t := &table{Caption: headline(unit), Head: []string{"Asset", unit}, Foot: []cell{name(lastRow), number(spec.Sum())}}
		for _, st := range spec.Steps {
			t.Rows = append(t.Rows, []cell{name(st.Name), number(st.Value)})
		}
		spec.Alt = fmt.Sprintf("Waterfall of costs in %s: %s in all, of which the largest part is %s with %s.", unit, picture.Number(spec.Sum()), spec.Steps[0].Name, picture.Number(spec.Steps[0].Value))
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: "waterfall", Title: title, Caption: "Each row adds to the one above it; the last is the sum." + note, SVG: draw(spec), Kind: "waterfall", Spec: spec, Table: t}})
	}
	if text := d.repays(); text != "" {
		s.Blocks = append([]block{{Para: text}}, s.Blocks...)
	}
	money := d.moneyTable("Money by asset and class, " + cur + " a year")
	s.Blocks = append(s.Blocks, capped(money, len(money.Head)-1, "tables/money.parquet")...)
	if t := d.pivot("cost", "Asset", "Cost by asset"); t != nil {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	return s
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-3*(math.Abs(a)+math.Abs(b))/2+1e-9 }

func unitWord(u string) string {
	if u == "t" {
		return "tonne"
	}
	return u
}

// classes of money in the order of their columns.
var classes = []string{"capital", "fixed", "variable", "event", "penalty", "sale"}

// moneyTable is a year's money by asset and class.
func (d *data) moneyTable(caption string) *table {
	used := map[string]bool{}
	columns := append([]string(nil), classes...)
	known := map[string]bool{}
	for _, c := range classes {
		known[c] = true
	}
	type key struct{ asset, class string }
	value := map[key]float64{}
	var order []string
	seen := map[string]bool{}
	for _, m := range d.money {
		if !known[m.Class] {
			known[m.Class] = true
			columns = append(columns, m.Class)
		}
		used[m.Class] = true
		value[key{m.Asset, m.Class}] += m.Amount
		if !seen[m.Asset] {
			seen[m.Asset] = true
			order = append(order, m.Asset)
		}
	}
	t := &table{Caption: caption, Wide: true, Head: []string{"Asset"}}
	for _, c := range columns {
		if used[c] {
			t.Head = append(t.Head, headline(c))
		}
	}
	t.Head = append(t.Head, "Sum")
	sums := make([]float64, len(columns)+1)
	for _, a := range order {
		row, sum := []cell{name(d.assetName(a))}, 0.0
		for i, c := range columns {
			if !used[c] {
				continue
			}
			v, ok := value[key{a, c}]
			sum += v
			sums[i] += v
			if !ok || v == 0 {
				row = append(row, cell{Num: true})
			} else {
				row = append(row, number(v))
			}
		}
		sums[len(columns)] += sum
		t.Rows = append(t.Rows, append(row, number(sum)))
	}
	t.Foot = []cell{name("All of it: the objective")}
	for i, c := range columns {
		if used[c] {
			t.Foot = append(t.Foot, number(sums[i]))
		}
	}
	t.Foot = append(t.Foot, number(sums[len(columns)]))
	return t
}
