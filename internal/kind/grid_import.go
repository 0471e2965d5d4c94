package kind

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// GridImport buys power from a grid outside the system.
type GridImport struct {
	Commodity string          `yaml:"commodity" ref:"commodity" default:"electricity" doc:"what is bought"`
	Line      string          `yaml:"line" ref:"asset" optional:"true" doc:"interconnector it comes over, sharing its capacity, loss and wheeling; default: it comes to the place at once"`
	Price     attribute.Value `yaml:"price" unit:"USD/MWh" doc:"price at the grid: a number, a series or twelve months"`
	Max       attribute.Value `yaml:"max" unit:"MW" optional:"true" min:"0" doc:"most power, by month or season; default: the line's capacity"`
	Limits    *Limits         `yaml:"limits" per:"MWh" optional:"true" doc:"least and most a day, week, month and year"`
	Wheeling  attribute.Value `yaml:"wheeling" unit:"USD/MWh" default:"0 USD/MWh" doc:"charge on top of the price, beside the line's own"`
	CO2       attribute.Value `yaml:"co2" unit:"t/MWh" optional:"true" min:"0" doc:"grid factor, indirect CO2: into the account co2_indirect, or co2 where that is not kept. Yunnan 0.107 (facts-G3 S185), Laos 0.25 (facts-G3 GK), Vietnam 0.659 (S183), Thailand 0.475 (S184)"`
	Party     string          `yaml:"party" ref:"party" optional:"true" doc:"from whom"`
}

var _ = register(Spec{
	Name: "grid_import",
	Doc: `Power bought from a grid outside the system, up to a ceiling that may differ by month (a neighbour short of water in
the same dry season has little to sell), at a price that may too. Over a line it shares capacity with exports. Its
carbon is indirect. Left out: the right to import itself (an announced line is no contract), the other grid's state.`,
	Example: `
kind: grid_import
at: park
line: yunnan_line
price: {monthly: [62 USD/MWh, 62 USD/MWh, 62 USD/MWh, 62 USD/MWh, 55 USD/MWh, 40 USD/MWh, 35 USD/MWh, 35 USD/MWh, 35 USD/MWh, 40 USD/MWh, 50 USD/MWh, 62 USD/MWh]}
max: {monthly: [300 MW, 300 MW, 300 MW, 300 MW, 500 MW, 1 GW, 1.5 GW, 1.5 GW, 1.5 GW, 1 GW, 500 MW, 300 MW]}
co2: 0.107 t/MWh
`,
	New: func() Kind { return &GridImport{} },
})

// Expand adds one trade.
func (k *GridImport) Expand(x *Expansion) {
	t := primitive.Trade{
		Tag: x.Tag(""), Bus: x.gate(k.Commodity, k.Line, imports),
		Max: ceilingOf(x, k.Max, k.Line), Price: sum(k.Price.Series, k.Wheeling.Series, 1),
		Party: x.party(k.Party), Scopes: x.totals("limits", k.Limits),
	}
	if account := x.emissionsOr(co2Indirect); account != primitive.None {
		if !k.CO2.Given {
			x.Problem("co2", "missing", "the system keeps an account of CO2, so the grid's factor is needed, such as 0.107 t/MWh (0 if it is not to count)")
		} else if !zero(k.CO2.Series) {
			t.Also = []primitive.Port{{Bus: account, Ratio: k.CO2.Series}}
		}
	}
	x.Trade(t)
}

// ceilingOf is the most a grid trade may carry.
func ceilingOf(x *Expansion, max attribute.Value, line string) primitive.Series {
	switch {
	case max.Given:
		return max.Series
	case line == "":
		x.Problem("max", "missing", "neither max nor line says how much can be traded")
	}
	return unlimited()
}

// sum is a + sign x b.
func sum(a, b primitive.Series, sign float64) primitive.Series {
	if b.Data == nil {
		return mapped(a, func(v float64) float64 { return v + sign*b.Value })
	}
	out := make([]float64, len(b.Data))
	for t := range out {
		out[t] = a.At(t) + sign*b.Data[t]
	}
	return primitive.Series{Data: out}
}
