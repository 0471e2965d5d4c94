package run

import (
	"fmt"
	"os"
	"path/filepath"

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
// UTC instants of the start of the step.

// Step is a row of steps.parquet: every step of every grid.
type Step struct {
	Grid   string  `parquet:"grid,dict"`
	Step   int32   `parquet:"step"`
	Start  int64   `parquet:"start,timestamp(millisecond)"`
	Hours  float64 `parquet:"hours"`
	Amount float64 `parquet:"amount_weight"` // hours x how often the step stands for itself in the year
}

// Flow is a row of flows.parquet: what one part of an asset puts into a bus
// (negative: takes) in one step. Private buses (inside of a battery, a
// reservoir) have the asset's name before the dot.
type Flow struct {
	Commodity string  `parquet:"commodity,dict"`
	Bus       string  `parquet:"bus,dict"`
	Asset     string  `parquet:"asset,dict"`
	Part      string  `parquet:"part,dict"`
	Role      string  `parquet:"role,dict"` // unit, store, route, demand, shed, elastic, buy, sell, surplus, capacity
	Grid      string  `parquet:"grid,dict"`
	Step      int32   `parquet:"step"`
	Start     int64   `parquet:"start,timestamp(millisecond)"`
	Rate      float64 `parquet:"rate"`
	Amount    float64 `parquet:"amount"`
}

// Level is a row of levels.parquet: what is in a store at the end of a step.
type Level struct {
	Asset string  `parquet:"asset,dict"`
	Part  string  `parquet:"part,dict"`
	Bus   string  `parquet:"bus,dict"`
	Unit  string  `parquet:"unit,dict"`
	Grid  string  `parquet:"grid,dict"`
	Step  int32   `parquet:"step"`
	Start int64   `parquet:"start,timestamp(millisecond)"`
	Level float64 `parquet:"level"`
}

// Price is a row of prices.parquet: the marginal value of one more unit at a
// bus in a step (the dual of its balance, undiscounted).
type Price struct {
	Commodity string  `parquet:"commodity,dict"`
	Bus       string  `parquet:"bus,dict"`
	Grid      string  `parquet:"grid,dict"`
	Step      int32   `parquet:"step"`
	Start     int64   `parquet:"start,timestamp(millisecond)"`
	Price     float64 `parquet:"price"`
}

// Available is a row of available.parquet: what a part could have done in a
// step, for curtailment.
type Available struct {
	Asset string  `parquet:"asset,dict"`
	Part  string  `parquet:"part,dict"`
	Grid  string  `parquet:"grid,dict"`
	Step  int32   `parquet:"step"`
	Start int64   `parquet:"start,timestamp(millisecond)"`
	Rate  float64 `parquet:"rate"`
}

// Capacity is a row of capacities.parquet.
type Capacity struct {
	Asset    string  `parquet:"asset"`
	Part     string  `parquet:"part"`
	Unit     string  `parquet:"unit"`
	Existing float64 `parquet:"existing"`
	Built    float64 `parquet:"built"`
	MaxBuild float64 `parquet:"max_build"`
	Capital  float64 `parquet:"capital"` // money a year
	Fixed    float64 `parquet:"fixed"`   // money a year
}

// Money is a row of money.parquet: one cost term of an asset; income is
// negative.
type Money struct {
	Asset     string  `parquet:"asset,dict"`
	Part      string  `parquet:"part,dict"`
	Class     string  `parquet:"class,dict"` // capital, fixed, variable, event, sale
	Commodity string  `parquet:"commodity,dict"`
	Party     string  `parquet:"party,dict"`
	Period    string  `parquet:"period,dict"`
	Constant  bool    `parquet:"constant"` // no decision changes it
	Amount    float64 `parquet:"amount"`
}

// Balance is a row of balances.parquet: a year's in and out of a bus by one
// asset; over each bus with a balance the sum of Net is its closing error.
type Balance struct {
	Commodity string  `parquet:"commodity,dict"`
	Bus       string  `parquet:"bus,dict"`
	Place     string  `parquet:"place,dict"`
	Asset     string  `parquet:"asset,dict"`
	Role      string  `parquet:"role,dict"`
	Period    string  `parquet:"period,dict"`
	Unit      string  `parquet:"unit,dict"`
	In        float64 `parquet:"in"`  // into the bus
	Out       float64 `parquet:"out"` // out of the bus, positive
}

// Limit is a row of limits.parquet.
type Limit struct {
	Limit string  `parquet:"limit,dict"`
	Span  string  `parquet:"span,dict"`
	Index int32   `parquet:"index"`
	Value float64 `parquet:"value"`
	Min   float64 `parquet:"min"`
	Max   float64 `parquet:"max"`
	Price float64 `parquet:"price"` // d objective / d bound
}

// Figure is a row of figures.parquet: one named number of the run.
type Figure struct {
	Group   string  `parquet:"group,dict"`
	Name    string  `parquet:"name"`
	Asset   string  `parquet:"asset,dict"`
	Value   float64 `parquet:"value"`
	Unit    string  `parquet:"unit,dict"`
	Meaning string  `parquet:"meaning"`
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
	Figures    []Figure
}

// Names of the tables, in the order a reader meets them.
var Names = []string{"figures", "capacities", "money", "balances", "limits", "steps", "flows", "levels", "prices", "available"}

// Tables writes every table under tables/.
func (w *Writer) Tables(t *Tables) error {
	for _, err := range []error{
		write(w, "figures", t.Figures), write(w, "capacities", t.Capacities), write(w, "money", t.Money),
		write(w, "balances", t.Balances), write(w, "limits", t.Limits), write(w, "steps", t.Steps),
		write(w, "flows", t.Flows), write(w, "levels", t.Levels), write(w, "prices", t.Prices),
		write(w, "available", t.Available),
	} {
		if err != nil {
			return err
		}
	}
	return nil
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
