package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"example.org/busbar/internal/weather"
)

// Case names one system of the family. The same case gives the same files.
type Case struct {
	Buses int    // 1 to 20
	Days  int    // of the horizon, from 1 January 2029; 365, and 1,095 for three years
	Seed  uint64 // of weather and of the spread of costs
}

func (c Case) String() string { return fmt.Sprintf("%d x %d", c.Buses, 24*c.Days) }

// firstYear begins three years of 365 days in a row.
const firstYear = 2029

// daysOf gives the days of a horizon in hours, rounded up: a study has whole
// days, so 730 h become 744 and 1,460 h become 1,464.
func daysOf(hours int) int { return (hours + 23) / 24 }

// System is the one description that the workspace and PyPSA's network are
// made from: plain numbers in MW, MWh, t, Mm3, m3/s and USD, and names of columns of
// the series file.
type System struct {
	Case        string      `json:"case"`
	Hours       int         `json:"hours"`
	FirstDay    string      `json:"first_day"`
	LastDay     string      `json:"last_day"`
	Offset      string      `json:"offset"`
	Wacc        float64     `json:"wacc"`
	Series      string      `json:"series"` // file beside this one
	Buses       []string    `json:"buses"`
	Loads       []Load      `json:"loads"`
	Sources     []Source    `json:"sources"`
	Batteries   []Battery   `json:"batteries"`
	Reservoirs  []Reservoir `json:"reservoirs"`
	Lines       []Line      `json:"lines"`
	Smelters    []Smelter   `json:"smelters"`
	HoursInYear float64     `json:"hours_in_year"` // 8,760, that annuities and kt/a are counted by
}

// Load is a demand in MW that may be shed at a price.
type Load struct {
	Name   string  `json:"name"`
	Bus    string  `json:"bus"`
	Series string  `json:"series"`
	Shed   float64 `json:"shed"` // USD/MWh
}

// Source makes power: what stands, what may be built, at most an availability.
type Source struct {
	Name         string  `json:"name"`
	Kind         string  `json:"kind"` // wind, solar, run_of_river, thermal
	Bus          string  `json:"bus"`
	Availability string  `json:"availability"` // "" is 1 at all times
	Capacity     float64 `json:"capacity"`     // MW
	BuildMax     float64 `json:"build_max"`    // MW; 0: nothing may be built
	Cost         float64 `json:"cost"`         // USD/MW
	Life         float64 `json:"life"`         // a
	Fixed        float64 `json:"fixed"`        // share of cost a year
	Variable     float64 `json:"variable"`     // USD/MWh
}

// Battery has power and energy tied by hours.
type Battery struct {
	Name       string  `json:"name"`
	Bus        string  `json:"bus"`
	Hours      float64 `json:"hours"`
	PowerMax   float64 `json:"power_max"`   // MW that may be built
	PowerCost  float64 `json:"power_cost"`  // USD/MW
	EnergyCost float64 `json:"energy_cost"` // USD/MWh
	Life       float64 `json:"life"`
	Charge     float64 `json:"charge"` // efficiency, and of discharging
	Loss       float64 `json:"loss"`   // standing, an hour
}

// Reservoir is a hydro plant with a lake and a spillway.
type Reservoir struct {
	Name         string  `json:"name"`
	Bus          string  `json:"bus"`
	Capacity     float64 `json:"capacity"`     // MW
	Inflow       string  `json:"inflow"`       // m3/s
	Volume       float64 `json:"volume"`       // Mm3
	Productivity float64 `json:"productivity"` // MWh/Mm3
}

// Line carries power without loss, either way, once it is built.
type Line struct {
	Name     string  `json:"name"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Capacity float64 `json:"capacity"`
	BuildMax float64 `json:"build_max"`
	Cost     float64 `json:"cost"`
	Life     float64 `json:"life"`
}

// Smelter is a potline with a stockpile and a constant sale of its metal. Over
// the horizon it draws no more than its nameplate, as Busbar's potline does.
type Smelter struct {
	Name      string  `json:"name"`
	Bus       string  `json:"bus"`
	Capacity  float64 `json:"capacity"` // t/a
	Energy    float64 `json:"energy"`   // MWh/t
	Min       float64 `json:"min"`      // share of power
	Max       float64 `json:"max"`
	Ramp      float64 `json:"ramp"`      // share of power an hour
	Stockpile float64 `json:"stockpile"` // t
	Sale      float64 `json:"sale"`      // t/a
}

// Make describes a system of the family and the weather of its series.
//
// Each bus has a load, wind, sun, a thermal plant, a battery of 6 h and a river:
// with a lake at even buses, without at odd ones. Every third bus has a smelter. Lines
// go round in a ring, with chords from five buses on. Costs vary by 10 % from bus
// to bus, so that the optimum is one point.
func Make(c Case) (s *System, spec weather.Spec, err error) {
	if c.Buses < 1 || c.Buses > 20 || c.Days < 1 || c.Days > 1095 {
		return nil, spec, fmt.Errorf("read %d buses and %d days, take 1 to 20 buses and 1 to 1095 days", c.Buses, c.Days)
	}
	first := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	s = &System{
		Case: c.String(), Hours: 24 * c.Days, Offset: "+07:00", Wacc: 0.08, HoursInYear: 8760,
		FirstDay: first.Format(time.DateOnly), LastDay: first.AddDate(0, 0, c.Days-1).Format(time.DateOnly),
		Series: "series/weather.csv", Lines: []Line{},
	}
	rng := rand.New(rand.NewPCG(c.Seed, 1))
	about := func(mean float64, digits int) float64 {
		p := math.Pow10(digits)
		return math.Round(mean*(0.9+0.2*rng.Float64())*p) / p
	}
	spec = weather.Spec{Seed: c.Seed, Offset: weather.Laos}
	for y := firstYear; y < firstYear+(c.Days+364)/365; y++ {
		spec.Years = append(spec.Years, weather.DrawYear(c.Seed, y))
	}
	north, south := weather.Oudomxay(), weather.Sekong()
	for i := range c.Buses {
		id := fmt.Sprintf("%02d", i)
		bus := "bus_" + id
		s.Buses = append(s.Buses, bus)

		sun := weather.Pick(north, "sun")[0].(weather.Sun)
		wind := weather.Pick(south, "wind")[0].(weather.Wind)
		river := weather.Pick(north, "inflow")[0].(weather.River)
		load := weather.Pick(north, "load")[0].(weather.Load)
		sun.Name, wind.Name, load.Name = "sun_"+id, "wind_"+id, "load_"+id
		sun.Lat -= 0.3 * float64(i)
		sun.CF, wind.CF = about(0.18, 3), about(0.26, 3)
		load.Unit, load.Mean = "MW", about(600, 0)
		s.Loads = append(s.Loads, Load{"load_" + id, bus, load.Name, 3000})

		s.Sources = append(s.Sources,
			Source{"wind_" + id, "wind", bus, wind.Name, 0, 6000, about(1.2e6, -3), 25, 0.012, 0},
			Source{"sun_" + id, "solar", bus, sun.Name, 0, 8000, about(0.65e6, -3), 25, 0.02, 0},
			Source{"plant_" + id, "thermal", bus, "", 0, 2000, about(0.9e6, -3), 30, 0.02, about(75, 1)},
		)
		s.Batteries = append(s.Batteries, Battery{"battery_" + id, bus, 6, 4000, about(60e3, -2), about(120e3, -2), 20, 0.95, 1e-5})
		if i%2 == 0 {
			river.Name, river.Unit, river.Mean = "river_"+id, "m3/s", about(70, 0)
			s.Reservoirs = append(s.Reservoirs, Reservoir{"lake_" + id, bus, 300, river.Name, 250, 600})
		} else {
			river.Name, river.Mean, river.Cap = "river_"+id, about(0.45, 3), 1
			s.Sources = append(s.Sources, Source{"river_" + id, "run_of_river", bus, river.Name, 200, 0, 0, 0, 0, 0})
		}
		if i%3 == 0 {
			s.Smelters = append(s.Smelters, Smelter{"smelter_" + id, bus, 250e3, about(13.6, 2), 0.90, 1.05, 0.05, 8e3, 242e3})
		}
		spec.Series = append(spec.Series, sun, wind, river, load)
	}
	join := func(a, b int) {
		name := fmt.Sprintf("line_%02d_%02d", a, b)
		s.Lines = append(s.Lines, Line{name, s.Buses[a], s.Buses[b], 0, 2000, about(250e3, -3), 40})
	}
	for i := range c.Buses {
		switch j := (i + 1) % c.Buses; {
		case j > i:
			join(i, j)
		case c.Buses > 2:
			join(j, i)
		}
		if c.Buses >= 5 && i%2 == 0 {
			j := (i + 2) % c.Buses
			join(min(i, j), max(i, j))
		}
	}
	return s, spec, nil
}

// Generate writes a case: DIR/system.json and DIR/series/weather.csv, which
// PyPSA's side reads, and DIR/workspace, which Busbar reads, with the same
// series file.
func Generate(c Case, dir string) (*System, error) {
	s, spec, err := Make(c)
	if err != nil {
		return nil, err
	}
	w, err := weather.Generate(spec)
	if err != nil {
		return nil, err
	}
	space := filepath.Join(dir, "workspace")
	for _, d := range []string{filepath.Join(space, "series"), filepath.Join(space, "assets"), filepath.Join(space, "studies")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, err
		}
	}
	csv, err := os.Create(filepath.Join(space, s.Series))
	if err != nil {
		return nil, err
	}
	defer csv.Close()
	if err := w.WriteCSV(csv); err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "system.json"), data, 0o644); err != nil {
		return nil, err
	}
	for name, text := range workspaceFiles(s) {
		if err := os.WriteFile(filepath.Join(space, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	return s, csv.Close()
}
