package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// GridExport sells power to a grid outside the system.
type GridExport struct {
	Commodity string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what is sold"`
	Line      string          `yaml:"line" ref:"asset" optional:"true" doc:"interconnector it goes over, sharing its capacity, loss and wheeling; default: it leaves from the place at once"`
	Price     attribute.Value `yaml:"price" unit:"USD/MWh" doc:"price at the grid: a number, a series or twelve months"`
	Max       attribute.Value `yaml:"max" unit:"MW" optional:"true" min:"0" doc:"most power, by month or season; default: the line's capacity"`
	Limits    *Limits         `yaml:"limits" per:"MWh" optional:"true" doc:"least and most a day, week, month and year"`
	Wheeling  attribute.Value `yaml:"wheeling" unit:"USD/MWh" default:"0 USD/MWh" doc:"charge taken off the price, beside the line's own"`
	Party     string          `yaml:"party" ref:"party" optional:"true" doc:"to whom"`
}

var _ = register(Spec{
	Name: "grid_export",
	Doc: `Power sold to a grid outside the system, up to a ceiling that may differ by month, at a price that may too. Over a
line it shares capacity with imports. What is sold takes no CO2 off the system's account, and its green claim goes with
it. Left out: firm delivery and penalties (a contract has the first).`,
	Example: `
kind: grid_export
at: park
line: yunnan_line
price: 35 USD/MWh
limits: {year_max: 3 TWh}
`,
	New: func() Kind { return &GridExport{} },
})

// Expand adds one trade.
func (k *GridExport) Expand(x *Expansion) {
	x.Trade(primitive.Trade{
		Tag: x.Tag(""), Bus: x.gate(k.Commodity, k.Line, exports), Sell: true,
		Max: ceilingOf(x, k.Max, k.Line), Price: sum(k.Price.Series, k.Wheeling.Series, -1),
		Party: x.party(k.Party), Scopes: x.totals("limits", k.Limits),
	})
}
