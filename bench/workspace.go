package main

import (
	"fmt"
	"strconv"
	"strings"
)

// workspaceFiles gives the text files of a system's workspace, by path. Assets stand
// in tables, one file a kind, as in a workspace of hundreds of assets.
func workspaceFiles(s *System) map[string]string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made by bench/; %s hours.\nsystem: Benchmark %s\ncurrency: USD\nbase_year: %d\ndiscount: 0 %%\n", s.Case, s.Case, firstYear)
	fmt.Fprintf(&b, "first_day: %s\nlast_day: %s\noffset: %q\n", s.FirstDay, s.LastDay, s.Offset)
	b.WriteString("commodities:\n  electricity: {unit: MWh, step: 1h}\n  aluminium: {unit: t, step: 1h}\nplaces:\n")
	for _, bus := range s.Buses {
		fmt.Fprintf(&b, "  %s: {}\n", bus)
	}
	files := map[string]string{"system.yaml": b.String(), "studies/base.yaml": "study: base\n"}

	put := func(kind string, t *table) {
		if len(t.rows) > 0 {
			files["assets/"+kind+".csv"] = t.String()
		}
	}
	cite := func(name string) string { return s.Series + "#" + name }
	wacc := num(100*s.Wacc) + " %"
	build := "build.max [MW],build.cost [USD/MW],build.life [a],build.fixed [1/a],build.wacc"

	demand := newTable("id,at,commodity,amount,shed")
	for _, l := range s.Loads {
		demand.add(l.Name, l.Bus, "electricity", cite(l.Series), num(l.Shed)+" USD/MWh")
	}
	for _, kind := range []string{"wind", "solar", "run_of_river", "thermal"} {
		t := newTable("id,at,availability,capacity [MW],variable [USD/MWh]," + build)
		for _, g := range s.Sources {
			if g.Kind != kind {
				continue
			}
			available := "100 %"
			if g.Availability != "" {
				available = cite(g.Availability)
			}
			row := []string{g.Name, g.Bus, available, num(g.Capacity), num(g.Variable), "", "", "", "", ""}
			if g.BuildMax > 0 {
				copy(row[5:], []string{num(g.BuildMax), num(g.Cost), num(g.Life), num(g.Fixed), wacc})
			}
			t.add(row...)
		}
		put(kind, t)
	}

	battery := newTable("id,at,hours [h],charge [1],discharge [1],loss [1/h]," +
		"build.power.max [MW],build.power.cost [USD/MW],build.power.life [a],build.power.wacc," +
		"build.energy.max [MWh],build.energy.cost [USD/MWh],build.energy.life [a],build.energy.wacc")
	for _, v := range s.Batteries {
		battery.add(v.Name, v.Bus, num(v.Hours), num(v.Charge), num(v.Charge), num(v.Loss),
			num(v.PowerMax), num(v.PowerCost), num(v.Life), wacc, num(v.PowerMax*v.Hours), num(v.EnergyCost), num(v.Life), wacc)
	}
	put("battery", battery)

	lake := newTable("id,at,capacity [MW],inflow,volume.max [Mm3],productivity [MWh/Mm3]")
	for _, v := range s.Reservoirs {
		lake.add(v.Name, v.Bus, num(v.Capacity), cite(v.Inflow), num(v.Volume), num(v.Productivity))
	}
	put("reservoir", lake)

	line := newTable("id,at,to,capacity [MW]," + build)
	for _, v := range s.Lines {
		line.add(v.Name, v.From, v.To, num(v.Capacity), num(v.BuildMax), num(v.Cost), num(v.Life), "0", wacc)
	}
	put("interconnector", line)

	pots := newTable("id,at,capacity [t/a],energy [MWh/t],modulation.min [1],modulation.max [1],modulation.ramp [1/h],modulation.heat_store [h],modulation.catch_up [h]")
	yard := newTable("id,at,commodity,capacity [t]")
	for _, v := range s.Smelters {
		// 24 h of heat store over 48 h bind nowhere between 90 and 105 %: the
		// windows, which PyPSA has no word for, are out of the comparison.
		pots.add(v.Name, v.Bus, num(v.Capacity), num(v.Energy), num(v.Min), num(v.Max), num(v.Ramp), "24", "48")
		yard.add("yard_"+v.Name, v.Bus, "aluminium", num(v.Stockpile))
		demand.add("sale_"+v.Name, v.Bus, "aluminium", num(v.Sale)+" t/a", "")
	}
	put("potline", pots)
	put("stockpile", yard)
	put("demand", demand)
	return files
}

// num prints a number so that it reads back as it is.
func num(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// table is a CSV file of assets.
type table struct {
	head string
	rows []string
}

func newTable(head string) *table { return &table{head: head} }

func (t *table) add(cells ...string) { t.rows = append(t.rows, strings.Join(cells, ",")) }

func (t *table) String() string { return t.head + "\n" + strings.Join(t.rows, "\n") + "\n" }
