package report

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"example.org/busbar/internal/run"
	"example.org/busbar/lp"
)

// hostile is a name as nobody should give it.
const hostile = `<script>alert("x")</script>`

// park is a year of a made-up park at two places: sun, wind, a reservoir, a
// battery, a line with trade over it, a potline, alumina by rail, a town. It
// is no optimum; its balances hold, which is all a report relies on.
type park struct {
	tables run.Tables
	system run.System
	start  time.Time
	hours  int
	yearly map[[5]string]*run.Balance
	order  [][5]string
	unit   map[string]string
}

func p64(v float64) *float64 { return &v }

func newPark(hours int) *park {
	zone := time.FixedZone("", 7*3600)
	p := &park{start: time.Date(2030, 1, 1, 0, 0, 0, 0, zone), hours: hours, yearly: map[[5]string]*run.Balance{},
		unit: map[string]string{"electricity": "MWh", "alumina": "t", "aluminium": "t", "co2": "t", "battery.energy": "MWh", "nam_ou.lake": "Mm3", "line.imports": "MWh"}}
	p.system = run.System{
		Name: "Oudomxay park",
		Commodities: []run.Commodity{
			{ID: "electricity", Unit: "MWh", Step: "1h", Balance: "exact"}, {ID: "alumina", Unit: "t", Step: "1d", Balance: "exact"},
			{ID: "aluminium", Unit: "t", Step: "1d", Balance: "exact"}, {ID: "co2", Name: "CO2", Unit: "t", Step: "1h", Balance: "account"},
		},
		Places: []run.Place{
			{ID: "park", Name: "Oudomxay park", Country: "LA", Lat: p64(20.69), Lon: p64(101.98)},
			{ID: "north", Name: "Phongsaly north", Country: "LA", Lat: p64(21.68), Lon: p64(102.1)},
			{ID: "border", Name: "Boten border", Country: "LA", Lat: p64(21.19), Lon: p64(101.68)},
			{ID: "somewhere", Name: "Unsurveyed"},
		},
		Parties: []run.Party{{ID: "park_co", Name: "Park company", Role: "owner", Note: "shares not published"}, {ID: "edl", Name: "EDL & " + hostile, Role: "buyer"}},
		Sources: []run.Source{
			{ID: "facts-D1", Title: "Cost of wind in the region", URL: "https://example.org/wind", Grade: "read"},
			{ID: "GK", Title: "General knowledge of the industry", Grade: "general-knowledge"},
			{ID: "bad", Title: "A hostile address", URL: "javascript:alert(1)", Grade: "assumption"},
		},
	}
	asset := func(id, kind, place string, green bool, cited ...run.Cited) {
		p.system.Assets = append(p.system.Assets, run.Asset{ID: id, Kind: kind, Place: place, Green: green, Owners: []run.Owner{{Party: "park_co"}}, Cited: cited})
	}
	asset("solar", "solar", "park", true, run.Cited{Attribute: "build.cost", Text: "650 USD/kW", Source: "GK"})
	asset("wind_north", "wind", "north", true, run.Cited{Attribute: "build.cost", Text: "1570 USD/kW", Source: "facts-D1", Note: "contract stage"})
	asset("nam_ou", "reservoir", "north", true, run.Cited{Attribute: "head", Text: "60 m", Source: "bad"})
	asset("battery", "battery", "park", false, run.Cited{Attribute: "build.energy.cost", Text: "125 USD/kWh", Source: "facts-D1 GK"})
	asset("line", "interconnector", "park", false)
	asset("yunnan_import", "grid_import", "park", false)
	asset("yunnan_export", "grid_export", "park", false)
	asset("valley_line", "interconnector", "north", false)
	asset("potlines", "potline", "park", false, run.Cited{Attribute: "energy", Text: "13.5 MWh/t", Source: "nowhere"})
	asset("town", "demand", "north", false)
	asset("alumina_rail", "purchase", "park", false)
	asset("alumina_stock", "stockpile", "park", false)
	asset("metal_sale", "sale", "park", false)
	asset(hostile, "wind", "park", true)
	names := map[string]string{"nam_ou": "Nam Ou, offered share", "line": "500 kV park - Yunnan", "potlines": "Potlines", hostile: hostile}
	for i := range p.system.Assets {
		p.system.Assets[i].Name = names[p.system.Assets[i].ID]
	}
	for h := range hours {
		p.tables.Steps = append(p.tables.Steps, run.Step{Grid: "1h", Step: int32(h), Start: p.start.Add(time.Duration(h) * time.Hour).UnixMilli(), Hours: 1, Amount: 1})
	}
	for d := range hours / 24 {
		p.tables.Steps = append(p.tables.Steps, run.Step{Grid: "1d", Step: int32(d), Start: p.start.Add(time.Duration(24*d) * time.Hour).UnixMilli(), Hours: 24, Amount: 24})
	}
	p.operate()
	return p
}

// flow books a rate into a bus over one step.
func (p *park) flow(commodity, bus, place, asset, part, role, grid string, step int, hours, rate float64) {
	if rate == 0 {
		return
	}
	start := p.start.Add(time.Duration(float64(step)*hours) * time.Hour).UnixMilli()
	p.tables.Flows = append(p.tables.Flows, run.Flow{Commodity: commodity, Bus: bus, Asset: asset, Part: part, Role: role, Grid: grid, Step: int32(step), Start: start, Rate: rate, Amount: rate * hours})
	k := [5]string{commodity, bus, asset, part, role}
	b := p.yearly[k]
	if b == nil {
		b = &run.Balance{Commodity: commodity, Bus: bus, Place: place, Asset: asset, Part: part, Role: role, Unit: p.unit[commodity]}
		p.yearly[k] = b
		p.order = append(p.order, k)
	}
	if rate > 0 {
		b.In += rate * hours
	} else {
		b.Out -= rate * hours
	}
}

func (p *park) operate() {
	const solarMW, windMW, hydroMW, smelterMW = 1340.0, 640.0, 420.0, 770.0
	battery, lake := 1200.0, 180.0
	seed := uint64(7)
	noise := func() float64 {
		seed = seed*6364136223846793005 + 1442695040888963407
		return float64(seed>>40) / float64(1<<24)
	}
	gust, cloud := 0.5, 0.8
	for h := range p.hours {
		hour, day := float64(h%24), float64(h/24)
		season := 2 * math.Pi * day / 365
		e := func(bus, place, asset, part, role string, rate float64) {
			p.flow("electricity", bus, place, asset, part, role, "1h", h, 1, rate)
		}
		park, north := "electricity@park", "electricity@north"
		gust += 0.1*(noise()-0.5) + 0.02*(0.4-gust)
		if h%24 == 0 {
			cloud = 0.55 + 0.45*noise()
		}
		sun := solarMW * cloud * (0.85 + 0.15*math.Cos(season-1.2)) * math.Max(0, math.Sin(math.Pi*(hour-6)/12))
		wind := windMW * math.Max(0, math.Min(1, gust*(0.8+0.35*math.Cos(season))))
		stray := 20 * math.Max(0, math.Min(1, gust))
		inflow := 0.9 - 0.55*math.Cos(season-0.6)
		hydro := math.Min(hydroMW, hydroMW*(0.35+0.3*inflow))
		if lake < 60 {
			hydro *= 0.4
		}
		lake = math.Min(350, math.Max(40, lake+inflow*0.45-hydro*0.0016))
		town := 95 + 40*math.Sin(math.Pi*(hour-9)/12) + 15*math.Cos(season)
		down := wind + hydro - town
		smelter := smelterMW
		if h%400 < 9 {
			smelter *= 0.95
		}
		rest := sun + stray + down*0.97 - smelter
		charge, discharge := 0.0, 0.0
		if rest > 0 {
			charge = math.Min(rest, math.Min(400, (2400-battery)/0.95))
		} else {
			discharge = math.Min(-rest, math.Min(400, battery*0.95))
		}
		battery += charge*0.95 - discharge/0.95
		rest += discharge - charge
		curtail := 0.0
		if rest > 500 {
			curtail = rest - 500
		}
		e(park, "park", "solar", "", "unit", sun-curtail)
		e(park, "park", hostile, "", "unit", stray)
		e(park, "park", "battery", "charge", "unit", -charge)
		e(park, "park", "battery", "discharge", "unit", discharge)
		e(park, "park", "potlines", "", "unit", -smelter)
		e(north, "north", "wind_north", "", "unit", wind)
		e(north, "north", "nam_ou", "turbine", "unit", hydro)
		e(north, "north", "town", "", "demand", -town)
		e(north, "north", "valley_line", "", "route", -down)
		if down > 0 {
			e(park, "park", "valley_line", "", "route", down*0.97)
		} else {
			e(park, "park", "valley_line", "", "route", down/0.97)
			rest -= down*0.97 - down/0.97
			rest += down/0.97 - down/0.97
		}
		net := sun - curtail + stray + discharge - charge - smelter
		if down > 0 {
			net += down * 0.97
		} else {
			net += down / 0.97
		}
		if net < 0 {
			e(park, "park", "line", "in", "route", -net)
			p.flow("line.imports", "line.imports", "", "line", "in", "route", "1h", h, 1, net/0.98)
			p.flow("line.imports", "line.imports", "", "yunnan_import", "", "buy", "1h", h, 1, -net/0.98)
			p.flow("co2", "co2@park", "park", "yunnan_import", "", "buy", "1h", h, 1, -net/0.98*0.107)
		} else if net > 0 {
			e(park, "park", "yunnan_export", "", "sell", -net)
		}
		p.flow("battery.energy", "battery.energy", "", "battery", "charge", "unit", "1h", h, 1, charge*0.95)
		p.flow("battery.energy", "battery.energy", "", "battery", "discharge", "unit", "1h", h, 1, -discharge/0.95)
		metal := smelter / 13.5
		p.flow("co2", "co2@park", "park", "potlines", "", "unit", "1h", h, 1, metal*1.56)
		ms := p.start.Add(time.Duration(h) * time.Hour).UnixMilli()
		price := 38 + 30*math.Max(0, -net/400) - 26*math.Max(0, math.Min(1, net/500))
		p.tables.Prices = append(p.tables.Prices, run.Price{Commodity: "electricity", Bus: park, Grid: "1h", Step: int32(h), Start: ms, Price: price},
			run.Price{Commodity: "electricity", Bus: north, Grid: "1h", Step: int32(h), Start: ms, Price: price * 0.95})
		p.tables.Levels = append(p.tables.Levels, run.Level{Asset: "battery", Part: "energy", Bus: "battery.energy", Unit: "MWh", Grid: "1h", Step: int32(h), Start: ms, Level: battery},
			run.Level{Asset: "nam_ou", Part: "lake", Bus: "nam_ou.lake", Unit: "Mm3", Grid: "1h", Step: int32(h), Start: ms, Level: lake})
		p.tables.Available = append(p.tables.Available, run.Available{Asset: "solar", Grid: "1h", Step: int32(h), Start: ms, Rate: sun})
	}
	stock := 20000.0
	for d := range p.hours / 24 {
		metal := 0.0
		for h := 24 * d; h < 24*d+24; h++ {
			s := smelterMW
			if h%400 < 9 {
				s *= 0.95
			}
			metal += s / 13.5
		}
		day := func(commodity, asset, role string, amount float64) {
			p.flow(commodity, commodity+"@park", "park", asset, "", role, "1d", d, 24, amount/24)
		}
		need := metal * 1.92
		bought := need * (1 + 0.5*math.Sin(2*math.Pi*float64(d)/73))
		day("alumina", "potlines", "unit", -need)
		day("alumina", "alumina_rail", "buy", bought)
		day("alumina", "alumina_stock", "store", need-bought)
		day("aluminium", "potlines", "unit", metal)
		day("aluminium", "metal_sale", "sell", -metal)
		stock += bought - need
		p.tables.Levels = append(p.tables.Levels, run.Level{Asset: "alumina_stock", Bus: "alumina@park", Unit: "t", Grid: "1d", Step: int32(d), Start: p.start.AddDate(0, 0, d).UnixMilli(), Level: stock})
	}
	for _, k := range p.order {
		p.tables.Balances = append(p.tables.Balances, *p.yearly[k])
	}
	inf := math.Inf(1)
	p.tables.Capacities = []run.Capacity{
		{Asset: "solar", Unit: "MW", Existing: 340, Built: 1000, MaxBuild: 1000, Capital: 68.2e6, Fixed: 9.4e6, Worth: 5210},
		{Asset: "wind_north", Unit: "MW", Built: 640, MaxBuild: 1000, Capital: 94.1e6, Fixed: 12.1e6},
		{Asset: "nam_ou", Unit: "MW", Existing: 420, Fixed: 8.3e6},
		{Asset: "battery", Part: "power", Unit: "MW", Built: 400, MaxBuild: inf, Capital: 3.2e6},
		{Asset: "battery", Part: "energy", Unit: "MWh", Built: 2400, MaxBuild: 8000, Capital: 31.4e6, Fixed: 1.1e6},
		{Asset: "alumina_stock", Unit: "MWh", Existing: 12},
		{Asset: "line", Unit: "MW", Existing: 1000, Fixed: 2e6},
	}
	sum := func(commodity, asset string) float64 {
		s := 0.0
		for _, b := range p.tables.Balances {
			if b.Commodity == commodity && b.Asset == asset {
				s += b.In + b.Out
			}
		}
		return s
	}
	metal := sum("aluminium", "metal_sale")
	p.tables.Money = []run.Money{
		{Asset: "solar", Class: "capital", Amount: 68.2e6}, {Asset: "solar", Class: "fixed", Amount: 9.4e6},
		{Asset: "wind_north", Class: "capital", Amount: 94.1e6}, {Asset: "wind_north", Class: "fixed", Amount: 12.1e6},
		{Asset: "nam_ou", Class: "fixed", Amount: 8.3e6}, {Asset: "nam_ou", Class: "variable", Amount: 55.2e6, Party: "edl"},
		{Asset: "battery", Part: "energy", Class: "capital", Amount: 31.4e6}, {Asset: "battery", Part: "power", Class: "capital", Amount: 3.2e6},
		{Asset: "line", Class: "fixed", Amount: 2e6},
		{Asset: "yunnan_import", Class: "variable", Commodity: "electricity", Party: "edl", Amount: 62 * sum("line.imports", "yunnan_import")},
		{Asset: "yunnan_export", Class: "sale", Commodity: "electricity", Party: "edl", Amount: -28 * sum("electricity", "yunnan_export")},
		{Asset: "potlines", Class: "capital", Amount: 198 * metal, Constant: true}, {Asset: "potlines", Class: "variable", Amount: 640 * metal},
		{Asset: "alumina_rail", Class: "variable", Commodity: "alumina", Amount: 390 * sum("alumina", "alumina_rail")},
		{Asset: "metal_sale", Class: "sale", Commodity: "aluminium", Amount: -2630 * metal},
	}
	total, income := 0.0, 2630*metal
	for _, m := range p.tables.Money {
		total += m.Amount
	}
	for h := range p.hours {
		p.tables.Limits = append(p.tables.Limits, run.Limit{Limit: "line.capacity", Span: "step", Index: int32(h), Value: -float64(h % 500), Min: -inf, Max: 0, Price: 0})
	}
	p.tables.Limits = append(p.tables.Limits, run.Limit{Limit: "land", Span: "year", Value: 2140, Min: -inf, Max: 2140, Price: -812}, run.Limit{Limit: hostile, Span: "month", Index: 3, Value: 5, Min: 1, Max: inf})
	f := func(group, name, asset string, v float64, unit, meaning string) {
		p.tables.Figures = append(p.tables.Figures, run.Figure{Group: group, Name: name, Asset: asset, Value: v, Unit: unit, Meaning: meaning})
	}
	f("cost", "total", "", total, "USD/a", "everything the system pays less everything it earns: the objective")
	f("cost", "per_t", "", (total+income)/metal, "USD/t", "everything paid less everything earned but by the product itself, per unit of product")
	f("cost", "power_per_mwh", "", 55.4, "USD/MWh", "everything paid for power per MWh that the processes take")
	f("cost", "per_t_by_asset", "solar", 155.2, "USD/t", "the asset's part")
	f("metal", "amount", "aluminium", metal, "t/a", "product that leaves the system")
	f("metal", "electricity_per_t", "aluminium", 13.5, "MWh/t", "electricity of the processes per unit of product")
	f("energy", "generation", "", 7.3021e6, "MWh/a", "electricity fed in by the system's own plants")
	f("energy", "bought", "", sum("line.imports", "yunnan_import"), "MWh/a", "electricity bought")
	f("green", "annual_energy_ratio", "", 0.9312, "", "green electricity made or contracted in the year / electricity the processes take; says nothing about when")
	f("green", "share_same_hour", "", 0.6874, "", "share of the processes' electricity met in the same hour by green production, without storage")
	f("green", "share_same_hour_after_storage", "", 0.7741, "", "the same with what storage carries from green hours, after its losses")
	f("carbon", "direct", "", 779_112, "t/a", "CO2 that the processes themselves emit")
	f("carbon", "direct_per_t", "", 1.56, "t/t", "direct CO2 and PFC per unit of product; all that CBAM counts for aluminium today")
	f("carbon", "annual_matching_per_t", "", 1.65, "t/t", "direct emissions and those of electricity not covered by green claims over the year")
	f("carbon", "hourly_matching_per_t", "", 1.94, "t/t", "direct emissions and those of electricity not covered by green claims in its own hour")
	for _, x := range []struct {
		lme int
		v   float64
	}{{2000, 35.1}, {2300, 57.3}, {2630, 81.8}, {3000, 109.2}} {
		f("netback", fmt.Sprintf("at_lme_%d", x.lme), "", x.v, "USD/MWh", fmt.Sprintf("the same at %d USD/t", x.lme))
	}
	f("netback", "power_price_bearable", "", 81.8, "USD/MWh", "power price at which the product's income just pays everything")
	f("source", "energy", "solar", sum("electricity", "solar"), "MWh/a", "electricity it gives")
	f("source", "full_load_hours", "solar", 1646.4, "h/a", "energy / capacity")
	f("source", "capacity_factor", "solar", 0.188, "", "energy / what the capacity would give all year")
	f("source", "curtailment", "solar", 0.0231, "", "share of what it could have given that was not used")
	f("source", "lcoe", "solar", 42.13, "USD/MWh", "everything paid for it / energy it gives")
	f("source", "energy", "wind_north", sum("electricity", "wind_north"), "MWh/a", "electricity it gives")
	f("source", "lcoe", "wind_north", 61.9, "USD/MWh", "everything paid for it / energy it gives")
	f("price", "mean", "electricity@park", 41.2, "USD/MWh", "mean over time of the marginal price")
	f("price", "high", "electricity@park", 120, "USD/MWh", "highest marginal price")
	f("representative", "mean_error", "solar", 0.0123, "", "mean over the chosen periods less that of the full horizon")
}

// write commits the park as a run folder.
func (p *park) write(t testing.TB, change func(*run.Manifest)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	w, err := run.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	in, err := w.Input("system.yaml", []byte("system: Oudomxay park\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Tables(&p.tables); err != nil {
		t.Fatal(err)
	}
	if err := w.JSON("system.json", &p.system); err != nil {
		t.Fatal(err)
	}
	cert := lp.Certificate{Kind: lp.KindKKT, Primal: 2.1e-9, Dual: 4.4e-10, Gap: 1.3e-9, OK: true, Worst: &lp.Worst{What: "row", Name: "balance electricity@park 4711", Violation: 3e-6}}
	objective := -155e6
	m := &run.Manifest{
		Busbar: "v0.1-test", Created: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), System: "Oudomxay park", Study: "base", Title: "Can 2 GW of clean power carry 500 kt of metal?",
		Currency: "USD", BaseYear: 2026, Discount: 0.06, Year: 2030, Weather: 1992, Synthetic: true, Product: "aluminium", Inputs: []run.Input{in}, Seed: 1,
		Notes:   []string{"29 February of the weather year 1992 was dropped", "wind: 8,760 values from " + hostile},
		Outcome: run.Outcome{Status: "optimal", Objective: &objective, Solver: "highs:hipo", Rows: 512_345, Cols: 401_234, Nonzeros: 1_834_111, Certificate: &cert, LPHash: "c0ffee", Seconds: run.Seconds{Solve: 63.2}},
	}
	if change != nil {
		change(m)
	}
	if err := w.Commit(m); err != nil {
		t.Fatal(err)
	}
	return dir
}
