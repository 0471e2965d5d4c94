package run

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/parquet-go/parquet-go"
)

// System is the system as the run understood it, for reports and comparisons
// that must not need the workspace any more (system.json).
type System struct {
	Name        string      `json:"name"`
	Commodities []Commodity `json:"commodities"`
	Places      []Place     `json:"places"`
	Parties     []Party     `json:"parties"`
	Assets      []Asset     `json:"assets"`
	Sources     []Source    `json:"sources"`
	Events      []Event     `json:"events,omitempty"`
}

// Event is a disruption of the study: what became of attributes in a span of it.
type Event struct {
	ID      string    `json:"id"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"` // the first instant after it
	Changes []Changed `json:"changes"`
	Source  string    `json:"source"`
	Note    string    `json:"note"`
}

// Changed is one attribute of an event: what is written for the rest of the
// time, and what it becomes.
type Changed struct {
	Path string `json:"path"`
	Was  string `json:"was"`
	Text string `json:"text"`
}

// Commodity as declared.
type Commodity struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Step    string `json:"step"`
	Balance string `json:"balance"` // exact, free, account
}

// Place on the map; latitude and longitude are null where not given.
type Place struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Country string   `json:"country"`
	Lat     *float64 `json:"lat"`
	Lon     *float64 `json:"lon"`
}

// Party to the system.
type Party struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	Note string `json:"note"`
}

// Asset as declared, with every cited value.
type Asset struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Kind   string  `json:"kind"`
	Place  string  `json:"place"`
	Owners []Owner `json:"owners"`
	Green  bool    `json:"green"`
	Status string  `json:"status"`
	Note   string  `json:"note"`
	Cited  []Cited `json:"cited"`
}

// Owner of a share; a share that is not published is null.
type Owner struct {
	Party string   `json:"party"`
	Share *float64 `json:"share"`
}

// Cited is an attribute as written, with its source.
type Cited struct {
	Attribute string `json:"attribute"`
	Text      string `json:"text"`
	Source    string `json:"source"`
	Note      string `json:"note"`
}

// Source of figures; Grade is read, derived, general-knowledge or assumption.
type Source struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url"`
	Grade string `json:"grade"`
}

// The tables of a run. Rates are amounts an hour in the commodity's base unit,
// positive into the bus; amounts are a year's (frequency included). Times are
// UTC instants of the start of the step. The doc tags are the reference in
// docs/run-folder.md.

// Step is a row of steps.parquet.
type Step struct {
	Grid   string  `parquet:"grid,dict" doc:"step of the grid: 1h, 1d, 1w, 1mo"`
	Step   int32   `parquet:"step" doc:"number of the step, from 0"`
	Start  int64   `parquet:"start,timestamp(millisecond)" doc:"first instant of the step, UTC"`
	Hours  float64 `parquet:"hours" doc:"length of the step, h"`
	Amount float64 `parquet:"amount_weight" doc:"hours the step stands for in the year, h"`
}

// Flow is a row of flows.parquet.
type Flow struct {
	Commodity string  `parquet:"commodity,dict" doc:"what flows"`
	Bus       string  `parquet:"bus,dict" doc:"commodity@place, or asset.inside for a private bus"`
	Asset     string  `parquet:"asset,dict" doc:"whose flow it is"`
	Part      string  `parquet:"part,dict" doc:"part of the asset, empty for the only one"`
	Role      string  `parquet:"role,dict" doc:"unit, store, inflow, spill, route, line, demand, shed, elastic, buy, sell, surplus, uses"`
	Grid      string  `parquet:"grid,dict" doc:"grid of the step"`
	Step      int32   `parquet:"step" doc:"number of the step"`
	Start     int64   `parquet:"start,timestamp(millisecond)" doc:"first instant of the step, UTC"`
	Rate      float64 `parquet:"rate" doc:"commodity's unit an hour, positive into the bus"`
	Amount    float64 `parquet:"amount" doc:"commodity's unit a year that this step stands for"`
}

// Level is a row of levels.parquet.
type Level struct {
	Asset string  `parquet:"asset,dict" doc:"whose store"`
	Part  string  `parquet:"part,dict" doc:"part of the asset"`
	Bus   string  `parquet:"bus,dict" doc:"bus the store stands on"`
	Unit  string  `parquet:"unit,dict" doc:"unit of the level"`
	Grid  string  `parquet:"grid,dict" doc:"grid of the step"`
	Step  int32   `parquet:"step" doc:"number of the step"`
	Start int64   `parquet:"start,timestamp(millisecond)" doc:"first instant of the step, UTC"`
	Level float64 `parquet:"level" doc:"what is in the store at the end of the step"`
}

// Price is a row of prices.parquet.
type Price struct {
	Commodity string  `parquet:"commodity,dict" doc:"what is priced"`
	Bus       string  `parquet:"bus,dict" doc:"where"`
	Grid      string  `parquet:"grid,dict" doc:"grid of the step"`
	Step      int32   `parquet:"step" doc:"number of the step"`
	Start     int64   `parquet:"start,timestamp(millisecond)" doc:"first instant of the step, UTC"`
	Price     float64 `parquet:"price" doc:"marginal value of one unit more at the bus: the dual of its balance, undiscounted"`
}

// Available is a row of available.parquet.
type Available struct {
	Asset string  `parquet:"asset,dict" doc:"whose"`
	Part  string  `parquet:"part,dict" doc:"part of the asset"`
	Grid  string  `parquet:"grid,dict" doc:"grid of the step"`
	Step  int32   `parquet:"step" doc:"number of the step"`
	Start int64   `parquet:"start,timestamp(millisecond)" doc:"first instant of the step, UTC"`
	Rate  float64 `parquet:"rate" doc:"the most the activity could have been, given capacity and weather"`
}

// Capacity is a row of capacities.parquet.
type Capacity struct {
	Asset    string  `parquet:"asset" doc:"whose"`
	Part     string  `parquet:"part" doc:"part of the asset"`
	Unit     string  `parquet:"unit" doc:"unit of the sizes"`
	Existing float64 `parquet:"existing" doc:"stands already"`
	Built    float64 `parquet:"built" doc:"built by the study"`
	MinBuild float64 `parquet:"min_build" doc:"least that had to be built"`
	MaxBuild float64 `parquet:"max_build" doc:"most that might be built"`
	Capital  float64 `parquet:"capital" doc:"money a year for what is built"`
	Fixed    float64 `parquet:"fixed" doc:"money a year for what stands and is built"`
	Worth    float64 `parquet:"worth" doc:"what one unit more of the upper build limit would save a year; 0 where it does not bind"`
}

// Money is a row of money.parquet: one cost term of an asset.
type Money struct {
	Asset     string  `parquet:"asset,dict" doc:"whose"`
	Part      string  `parquet:"part,dict" doc:"part of the asset"`
	Class     string  `parquet:"class,dict" doc:"capital, fixed, variable, event, sale, penalty"`
	Commodity string  `parquet:"commodity,dict" doc:"what was traded or priced, empty for an asset's own cost"`
	Party     string  `parquet:"party,dict" doc:"to or from whom, where known"`
	Period    string  `parquet:"period,dict" doc:"investment period"`
	Scenario  string  `parquet:"scenario,dict" doc:"scenario in which it is paid, empty for all; the amount is what is expected of it"`
	Constant  bool    `parquet:"constant" doc:"no decision changes it"`
	Amount    float64 `parquet:"amount" doc:"money a year, or of the period, discounted; income is negative. The sum is the objective"`
}

// Balance is a row of balances.parquet.
type Balance struct {
	Commodity string  `parquet:"commodity,dict" doc:"what is balanced"`
	Bus       string  `parquet:"bus,dict" doc:"where"`
	Place     string  `parquet:"place,dict" doc:"place of the bus, empty for a private one"`
	Asset     string  `parquet:"asset,dict" doc:"whose flow"`
	Part      string  `parquet:"part,dict" doc:"part of the asset"`
	Role      string  `parquet:"role,dict" doc:"as in flows"`
	Period    string  `parquet:"period,dict" doc:"investment period"`
	Unit      string  `parquet:"unit,dict" doc:"commodity's unit"`
	In        float64 `parquet:"in" doc:"amount a year into the bus"`
	Out       float64 `parquet:"out" doc:"amount a year out of the bus, positive"`
}

// Limit is a row of limits.parquet.
type Limit struct {
	Limit string  `parquet:"limit,dict" doc:"name of the limit, or asset of a trade's total"`
	Span  string  `parquet:"span,dict" doc:"step, day, week, month, year, horizon"`
	Index int32   `parquet:"index" doc:"number of the span, from 0"`
	Value float64 `parquet:"value" doc:"sum of the terms"`
	Min   float64 `parquet:"min" doc:"floor, -inf for none"`
	Max   float64 `parquet:"max" doc:"cap, +inf for none"`
	Price float64 `parquet:"price" doc:"what one unit more of the binding bound adds to the objective"`
}

// Figure is a row of figures.parquet: one named number of the run.
type Figure struct {
	Group   string  `parquet:"group,dict" doc:"cost, energy, green, carbon, metal, netback, stage, account, traffic, stock, source, asset, price, representative"`
	Name    string  `parquet:"name" doc:"stable name"`
	Asset   string  `parquet:"asset,dict" doc:"asset, bus or party it is of; empty for the system"`
	Value   float64 `parquet:"value" doc:"number in the unit"`
	Unit    string  `parquet:"unit,dict" doc:"unit, empty for a share"`
	Meaning string  `parquet:"meaning" doc:"one sentence: how it is counted"`
}

// Use is a row of use.parquet: how far a bound of one part of an asset is used.
type Use struct {
	Asset  string  `parquet:"asset,dict" doc:"whose"`
	Part   string  `parquet:"part,dict" doc:"part of the asset, empty for the only one"`
	What   string  `parquet:"what,dict" doc:"unit, route, line, trade"`
	From   string  `parquet:"from,dict" doc:"bus where a route or line begins; empty for others"`
	To     string  `parquet:"to,dict" doc:"bus where it ends"`
	Amount float64 `parquet:"amount" doc:"what was done in the year: rate x hours, in the unit of the activity"`
	Could  float64 `parquet:"could" doc:"what its bound allowed in the year; +inf for none"`
	Peak   float64 `parquet:"peak" doc:"largest rate"`
	Most   float64 `parquet:"most" doc:"largest rate that its bound allowed; +inf for none"`
	Full   float64 `parquet:"full" doc:"share of the time that it ran at its bound, of the time that this was above 0"`
}

// Tables are all tables of a run.
type Tables struct {
	Steps      []Step
	Flows      []Flow
	Levels     []Level
	Prices     []Price
	Available  []Available
	Capacities []Capacity
	Money      []Money
	Balances   []Balance
	Limits     []Limit
	Uses       []Use
	Figures    []Figure
}

// table is one of them as the writer, the reader and the reference see it.
type table struct {
	name string
	doc  string
	row  any
	save func(*Writer, *Tables) error
}

// tables in the order a reader meets them.
var tables = []table{
	{"figures", "The numbers people ask for first, each with its meaning.", Figure{}, func(w *Writer, t *Tables) error { return write(w, "figures", taken(&t.Figures)) }},
	{"capacities", "What stands and what is built.", Capacity{}, func(w *Writer, t *Tables) error { return write(w, "capacities", taken(&t.Capacities)) }},
	{"money", "Every cost and income term of the objective.", Money{}, func(w *Writer, t *Tables) error { return write(w, "money", taken(&t.Money)) }},
	{"balances", "A year's in and out of every bus by every asset. Over a bus with a balance, in - out sums to 0.", Balance{}, func(w *Writer, t *Tables) error { return write(w, "balances", taken(&t.Balances)) }},
	{"limits", "Every limit and total, how far it is used, what it costs.", Limit{}, func(w *Writer, t *Tables) error { return write(w, "limits", taken(&t.Limits)) }},
	{"use", "How far the bound of each unit, route, line and trade is used: where the bottlenecks are.", Use{}, func(w *Writer, t *Tables) error { return write(w, "use", taken(&t.Uses)) }},
	{"steps", "The steps of each grid and what they weigh.", Step{}, func(w *Writer, t *Tables) error { return write(w, "steps", taken(&t.Steps)) }},
	{"flows", "What each part of each asset puts into each bus in each step.", Flow{}, func(w *Writer, t *Tables) error { return write(w, "flows", taken(&t.Flows)) }},
	{"levels", "What is in each store.", Level{}, func(w *Writer, t *Tables) error { return write(w, "levels", taken(&t.Levels)) }},
	{"prices", "Marginal prices at every bus with a balance.", Price{}, func(w *Writer, t *Tables) error { return write(w, "prices", taken(&t.Prices)) }},
	{"available", "What sources that depend on weather could have given.", Available{}, func(w *Writer, t *Tables) error { return write(w, "available", taken(&t.Available)) }},
}

// Names lists the tables of a study's run.
func Names() []string {
	out := make([]string, len(tables))
	for i := range tables {
		out[i] = tables[i].name
	}
	return out
}

// Tables writes every table under tables/. What is written is let go, so that the
// room of one table may serve for the next.
func (w *Writer) Tables(t *Tables) error {
	left := *t
	for i := range tables {
		if err := tables[i].save(w, &left); err != nil {
			return err
		}
	}
	return nil
}

// taken empties a list and returns what it held.
func taken[T any](list *[]T) []T {
	all := *list
	*list = nil
	return all
}

func write[T any](w *Writer, name string, rows []T) error {
	dir := filepath.Join(w.tmp, "tables")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, name+".parquet"))
	if err != nil {
		return err
	}
	defer f.Close()
	pw := parquet.NewGenericWriter[T](f, parquet.Compression(&parquet.Snappy))
	if _, err := pw.Write(rows); err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	if err := pw.Close(); err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	return f.Sync()
}

// Read reads a table back: Read[run.Flow](f, "flows").
func Read[T any](f *Folder, name string) ([]T, error) {
	rows, err := parquet.ReadFile[T](filepath.Join(f.Dir, "tables", name+".parquet"))
	if err != nil {
		return nil, fmt.Errorf("%s: table %s cannot be read: %w", f.Dir, name, err)
	}
	return rows, nil
}
