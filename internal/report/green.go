package report

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// ofGroup lists the figures of a group of the whole system.
func (d *data) ofGroup(group string) []run.Figure {
	var out []run.Figure
	for _, f := range d.figures {
		if f.Group == group && d.whole(f) {
			out = append(out, f)
		}
	}
	return out
}

// anyGreen tells whether the system has or counts anything green: a network that
// says nothing of it has no section that says 0 %.
func (d *data) anyGreen() bool {
	if d.sys == nil {
		return true
	}
	for _, a := range d.sys.Assets {
		if a.Green {
			return true
		}
	}
	for _, f := range d.figures {
		if f.Group == "green" && f.Value != 0 {
			return true
		}
	}
	return false
}

// greenSection puts the two counts of green power side by side.
func (d *data) greenSection() *section {
	ratio, ok1 := d.figure("green", "annual_energy_ratio")
	same, ok2 := d.figure("green", "share_same_hour")
	if !d.anyGreen() || !ok1 && !ok2 && d.pivot("green", "", "") == nil {
		return nil
	}
	s := &section{ID: "green", Title: "Green power, counted in two ways",
		Lead: "The annual energy ratio sets a year's green production against a year's need, whenever either happens: a sunny noon makes up for a night. The share met in the same hour counts only what is produced when it is used. Both are true; they answer different questions."}
	bars := &picture.Bars{Unit: "% of the year's need"}
	var said []string
	for _, f := range d.ofGroup("green") {
		if f.Unit != "" && f.Unit != "1" || f.Value < 0 {
			continue
		}
		colour := "#0b5563"
		if f.Name == "annual_energy_ratio" {
			colour = "#7fb069"
		}
		bars.Bars = append(bars.Bars, picture.Bar{Name: labelOf(f), Parts: []picture.Part{{Name: "share", Colour: colour, Value: 100 * f.Value}}})
		said = append(said, labelOf(f)+" "+say(f.Value, ""))
	}
	if ok1 && ok2 {
		a, b := cardOf(ratio), cardOf(same)
		a.Wide, b.Wide = true, true
		cards := []card{a, b}
		if f, ok := d.figure("green", "share_same_hour_after_storage"); ok {
			c := cardOf(f)
			c.Wide = true
			cards = append(cards, c)
		}
		s.Blocks = append(s.Blocks, block{Cards: cards})
	}
	if len(bars.Bars) > 1 {
		bars.Base = d.base(strings.Join(said, "; ") + ".")
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: "green-shares", Title: "Green power as a share of the need", SVG: draw(bars), Kind: "bars", Spec: bars}})
	}
	if t := d.pivot("green", "Of", "Green power by asset"); t != nil {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	return s
}

// carbonSection shows carbon per tonne on both ways of matching.
func (d *data) carbonSection() *section {
	figures := d.ofGroup("carbon")
	if len(figures) == 0 {
		return nil
	}
	s := &section{ID: "carbon", Title: "Carbon",
		Lead: "Direct emissions are the plants' own. Those of bought power depend on how green power is matched: over the year, or in each hour. Every megawatt-hour carries at most one green claim."}
	annual, ok1 := d.figure("carbon", "annual_matching_per_t")
	hourly, ok2 := d.figure("carbon", "hourly_matching_per_t")
	if ok1 && ok2 {
		a, b := cardOf(annual), cardOf(hourly)
		a.Wide, b.Wide = true, true
		s.Blocks = append(s.Blocks, block{Cards: []card{a, b}})
	}
	bars := &picture.Bars{}
	var said []string
	for _, f := range figures {
		if !strings.Contains(f.Unit, "/t") || f.Value < 0 || bars.Unit != "" && bars.Unit != f.Unit {
			continue
		}
		bars.Unit = f.Unit
		colour := "#6b5b4b"
		switch {
		case strings.Contains(f.Name, "annual"):
			colour = "#7fb069"
		case strings.Contains(f.Name, "hourly"):
			colour = "#0b5563"
		}
		bars.Bars = append(bars.Bars, picture.Bar{Name: strings.TrimSuffix(labelOf(f), ", per tonne"), Parts: []picture.Part{{Name: "carbon", Colour: colour, Value: f.Value}}})
		said = append(said, labelOf(f)+" "+say(f.Value, f.Unit))
	}
	if len(bars.Bars) > 1 {
		bars.Unit = strings.Replace(bars.Unit, "t/", "t CO2 per ", 1)
		bars.Base = d.base(strings.Join(said, "; ") + ".")
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: "carbon-per-t", Title: "Carbon per tonne", SVG: draw(bars), Kind: "bars", Spec: bars,
			Caption: "The rows are different counts of the same tonne, not parts of a sum."}})
	}
	if t := d.pivot("carbon", "Of", "Carbon by asset"); t != nil {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	s.Blocks = append(s.Blocks, block{Para: "The European carbon border charge on aluminium counts direct emissions only: the mix of power does not change it today."})
	return s
}

// supplySection is the table of sources of power.
func (d *data) supplySection() *section {
	t := d.pivot("source", "Source", "By source")
	if t == nil {
		return nil
	}
	return &section{ID: "supply", Title: "Sources of power", Lead: "How much each source runs, what is not used of it, and what a megawatt-hour of it costs.", Blocks: capped(t, 1, "tables/figures.parquet")}
}

// netbackSection sets the power price the metal can bear against the metal's.
func (d *data) netbackSection() *section {
	figures := d.ofGroup("netback")
	if len(figures) == 0 {
		return nil
	}
	s := &section{ID: "netback", Title: "What power price the metal can bear",
		Lead: "The metal's price and premium, less what it costs beside power, divided by the power it takes."}
	type point struct{ lme, price float64 }
	var points []point
	unit := ""
	for _, f := range figures {
		if m := atMetal.FindStringSubmatch(f.Name); m != nil {
			lme, _ := strconv.ParseFloat(m[1], 64)
			points = append(points, point{lme, f.Value})
			unit = f.Unit
		}
	}
	sort.Slice(points, func(i, j int) bool { return points[i].lme < points[j].lme })
	if f, ok := d.figure("netback", "power_price_bearable"); ok {
		c := cardOf(f)
		c.Wide = true
		cards := []card{c}
		for _, f := range figures {
			if f.Name != "power_price_bearable" && atMetal.FindString(f.Name) == "" {
				c := cardOf(f)
				c.Wide = true
				cards = append(cards, c)
			}
		}
		s.Blocks = append(s.Blocks, block{Cards: cards})
	}
	if len(points) > 1 {
		curve := picture.Curve{Name: "price the metal can bear", Colour: "#0b5563", Points: true}
		t := &table{Caption: "Bearable power price", Head: []string{"LME, " + d.currency() + "/t", "Power, " + unit}}
		var said []string
		for _, p := range points {
			curve.X, curve.Y = append(curve.X, p.lme), append(curve.Y, p.price)
			row := []cell{number(p.lme), number(p.price)}
			row[0].Head = true
			t.Rows = append(t.Rows, row)
			said = append(said, fmt.Sprintf("%s at %s", picture.Number(p.price), picture.Number(p.lme)))
		}
		l := &picture.Lines{Base: d.base("Power price the metal can bear in " + unit + " against the LME price: " + strings.Join(said, ", ") + "."),
			X: picture.Axis{Label: "LME", Unit: d.currency() + "/t"}, Y: picture.Axis{Label: "power", Unit: unit, Zero: true}, Curves: []picture.Curve{curve}}
		if f, ok := d.figure("cost", "power_per_mwh"); ok && f.Unit == unit {
			l.Curves = append(l.Curves, picture.Curve{Name: "what power costs in this plan", Colour: "#c8502a", Dash: true,
				X: picture.Numbers{points[0].lme, points[len(points)-1].lme}, Y: picture.Numbers{f.Value, f.Value}})
			l.Alt += fmt.Sprintf(" Power costs %s in this plan.", picture.Number(f.Value))
		}
		s.Blocks = append(s.Blocks, block{Figure: &figure{ID: "bearable", Title: "Bearable power price against the price of the metal", SVG: draw(l), Kind: "lines", Spec: l, Table: t}})
	}
	return s
}

// representativeSection says how far the chosen periods stray from the year.
func (d *data) representativeSection() *section {
	t := d.pivot("representative", "Series", "Chosen periods against the whole year, in each series' own unit")
	if t == nil {
		return nil
	}
	return &section{ID: "representative", Title: "Representative periods",
		Lead: "The run models chosen periods that stand for the year. This is how far they stray from it.", Blocks: []block{{Table: t}}}
}
