package kind

import (
	"math"
	"strconv"

	"example.org/busbar/internal/primitive"
)

// Mine digs ore by open cast, and may wash it.
type Mine struct {
	Product  string     `yaml:"product" ref:"commodity" default:"bauxite" doc:"what it delivers, raw or washed; counted in t dry or t wet"`
	Capacity float64    `yaml:"capacity" unit:"{product}/h" default:"0" min:"0" doc:"product at full load, that stands already"`
	Moisture float64    `yaml:"moisture" unit:"1" optional:"true" min:"0" max:"60 %" doc:"water in the product as a share of its wet mass; needed where it is counted in t wet"`
	Plan     []MineYear `yaml:"plan" optional:"true" doc:"most raw ore by year, {2028: 2 Mt dry/a}, and its yield: the mine's schedule; default: capacity only"`

	OrePerArea float64 `yaml:"ore_per_area" unit:"t dry/ha" default:"15.3 kt dry/ha" min:"0.1 kt dry/ha" doc:"raw ore under a hectare that is opened" source:"facts-C S63 (derived: Nhan Co)"`
	Density    float64 `yaml:"density" unit:"t dry/m3" default:"1.7 t dry/m3" min:"0.5 t dry/m3" max:"5 t dry/m3" doc:"raw ore in the ground, dry" source:"facts-C GK"`
	Strip      float64 `yaml:"strip" unit:"m3/m3" default:"0.2" min:"0" doc:"waste and soil moved per raw ore, by volume in the ground" source:"facts-C GK"`
	Open       float64 `yaml:"open" unit:"a" default:"2 a" min:"0" doc:"years that land lies open before it is given back (1-3)" source:"facts-C S86"`
	Returned   float64 `yaml:"returned" unit:"1" default:"100 %" min:"0" max:"100 %" doc:"share of the land opened that is given back in the end; in a steady state the same each year"`

	Diesel      float64 `yaml:"diesel" unit:"m3/t dry" default:"0.6 L/t dry" min:"0" doc:"diesel a tonne of raw ore, short haul included" source:"facts-C GK"`
	DieselCO2   float64 `yaml:"diesel_co2" unit:"t/m3" default:"2.65 kg/L" min:"0" doc:"CO2 of diesel: 43.0 GJ/t net x 0.832 t/m3 x 74.1 kg/GJ net" source:"GK (IPCC 2006 V2)"`
	Electricity float64 `yaml:"electricity" unit:"MWh/t dry" default:"0" min:"0" doc:"power a tonne of raw ore"`

	Cost           float64    `yaml:"cost" unit:"USD/t dry" default:"2.0 USD/t dry" min:"0" doc:"digging and loading a tonne of raw ore, beside diesel and power that the system declares" source:"facts-C GK"`
	Haul           float64    `yaml:"haul" unit:"km" default:"0 km" min:"0" doc:"way of the raw ore on the site"`
	HaulRate       float64    `yaml:"haul_rate" unit:"USD/t dry/km" default:"0.12 USD/t dry/km" min:"0" doc:"cost of that way" source:"facts-C GK"`
	Rehabilitation float64    `yaml:"rehabilitation" unit:"USD/ha" default:"12000 USD/ha" min:"0" doc:"cost of giving back a hectare" source:"facts-C GK"`
	Prices         MinePrices `yaml:"prices" doc:"prices of what the system does not declare"`

	Washing *Washing `yaml:"washing" optional:"true" doc:"washing of the raw ore; default: the product is raw ore"`

	Area    float64 `yaml:"area" unit:"ha" optional:"true" min:"0" doc:"area granted, for the life that a run's figures tell"`
	Reserve float64 `yaml:"reserve" unit:"t dry" optional:"true" min:"0" doc:"raw ore in the ground, likewise"`
	Running
	Build   *Build   `yaml:"build" per:"{product}/h" optional:"true" doc:"what may be built"`
	Capital *Capital `yaml:"capital" per:"{product}/h" optional:"true" doc:"what the standing capacity cost, to count its repayment"`

	raw float64 // t dry a unit of product, once expanded
}

// MineYear is one year of a mine's schedule.
type MineYear struct {
	Year  string  `yaml:",key"`
	Raw   float64 `yaml:"raw,short" unit:"t dry/h" min:"0" doc:"most raw ore in the year, as 3 Mt dry/a"`
	Yield float64 `yaml:"yield" unit:"1" optional:"true" min:"1 %" max:"100 %" doc:"yield of washing in the year, by the grade then mined; default: washing.yield"`
}

// MinePrices is the prices of what a mine takes.
type MinePrices struct {
	Diesel float64 `yaml:"diesel" unit:"USD/m3" optional:"true" min:"0" doc:"of diesel"`
}

// Washing separates the fines from raw ore.
type Washing struct {
	Yield       float64 `yaml:"yield" unit:"1" min:"1 %" max:"100 %" doc:"washed ore per raw ore, both dry: 41-46 % (facts-B1 S63 S66, derived)"`
	Water       float64 `yaml:"water" unit:"m3/t dry" default:"1.75 m3/t dry" min:"0" doc:"water made up a tonne of washed ore, the rest goes round (1.0-2.5)" source:"facts-B2 GK"`
	Electricity float64 `yaml:"electricity" unit:"MWh/t dry" default:"3 kWh/t dry" min:"0" doc:"power a tonne of washed ore" source:"GK"`
	Cost        float64 `yaml:"cost" unit:"USD/t dry" default:"2.5 USD/t dry" min:"0" doc:"cost a tonne of washed ore" source:"facts-C GK"`
	Density     float64 `yaml:"density" unit:"t dry/m3" default:"0.9 t dry/m3" min:"0.1 t dry/m3" max:"3 t dry/m3" doc:"dry density of the stored tailings" source:"facts-K9"`
	Height      float64 `yaml:"height" unit:"m" default:"10 m" min:"1 m" doc:"height to which they are stored" source:"facts-K9"`
}

var _ = register(Spec{
	Name: "mine",
	Doc: `An open-cast mine of one ore, washed or not. Its activity is the product; raw ore, waste, land, diesel, water and
tailings follow in fixed ratios, all on dry mass. Where the system declares them it feeds the accounts land (held open),
land_opened and land_returned (a year), land_residues (a year, under tailings), overburden, tailings and water, and takes
diesel and electricity. What is left of raw ore by washing is tailings, tonne for tonne. A plan by year holds the study's
year to its schedule. Left out: blocks and their sequence, blending, moisture of raw ore, ore that plant and ponds cover,
the years before land is given back.`,
	Example: `
kind: mine
at: park
product: bauxite
capacity: 2.7 Mt dry/a
washing: {yield: 45.8 %}
haul: 6 km
area: 8671 ha
prices: {diesel: 900 USD/m3}
`,
	New: func() Kind { return &Mine{} },
})

// MineLife is how many years an area lasts if so many ha are opened a year, at
// most: what plant, ponds and villages cover is not taken off.
func MineLife(area, opened float64) float64 { return area / opened }

// Expand adds a capacity and a unit whose activity is the product.
//
//	raw = dry product / yield,  tailings = raw - dry product,  land opened = raw / ore_per_area
func (k *Mine) Expand(x *Expansion) {
	product := x.Bus("product", k.Product)
	if product == primitive.None {
		return
	}
	dry := 1 / x.perDry("product", product, k.Moisture)
	yield, plan := k.yield(x)
	raw := dry / yield
	k.raw = raw

	ports := []primitive.Port{at(product, 1)}
	cost := raw * (k.Cost + k.Haul*k.HaulRate)
	add := func(p []primitive.Port, c float64) { ports, cost = append(ports, p...), cost+c }
	add(x.supply(supply{diesel, "m3", raw * k.Diesel, k.Prices.Diesel}))
	add(x.emits(raw*k.Diesel*k.DieselCO2), 0)
	power := raw * k.Electricity
	opened := raw / k.OrePerArea
	add(x.leaves(land, "ha", opened*k.Open), 0)
	add(x.leaves(landOpened, "ha", opened), 0)
	add(x.leaves(landReturned, "ha", opened*k.Returned), opened*k.Returned*k.Rehabilitation)
	add(x.leaves(overburden, "m3", raw/k.Density*k.Strip), 0)
	if w := k.Washing; w != nil {
		fines := raw - dry
		add(x.leavesDry("washing", tailings, fines), dry*w.Cost)
		add(x.leaves(landResidues, "ha", ResidueArea(fines, w.Density, w.Height)), 0)
		add(x.uses(water, dry*w.Water), 0)
		power += dry * w.Electricity
	}
	add(x.supply(supply{electricity, "MWh", power, notGiven}))

	c := x.Capacity("", x.unitOf(product)+"/h", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	u := x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: ports, Costs: []primitive.Cost{variable(primitive.Const(cost))},
	})
	if plan != nil {
		x.Limit(primitive.Limit{
			Name: x.Name + ".plan", Span: primitive.EachYear, Soft: math.NaN(),
			Terms: []primitive.Term{{Of: primitive.UnitActivity, Index: u, Coef: primitive.Const(raw)}},
			Min:   []float64{math.Inf(-1)}, Max: []float64{plan.Raw * x.hours()},
		})
	}
}

// hours are those of the model's year, or of the part of it that is studied.
func (x *Expansion) hours() float64 {
	hours := 0.0
	for _, w := range x.Clock.Grids[0].Amount {
		hours += w
	}
	return hours / float64(len(x.Clock.Periods))
}

// yield returns dry product per dry raw ore in the study's year, and that
// year's line of the plan, nil without a plan.
func (k *Mine) yield(x *Expansion) (float64, *MineYear) {
	yield := 1.0
	if k.Washing != nil {
		yield = k.Washing.Yield
	}
	for i := range k.Plan {
		p := &k.Plan[i]
		if p.Year != strconv.Itoa(x.Year) {
			continue
		}
		switch {
		case given(p.Yield) && k.Washing == nil:
			x.Problem("plan."+p.Year+".yield", "conflict", "the product is raw ore, and a yield is that of washing")
		case given(p.Yield):
			yield = p.Yield
		}
		return yield, p
	}
	if k.Plan != nil {
		x.Problem("plan", "missing", "it says nothing of %d, the study's year", x.Year)
	}
	return yield, nil
}

// Figures tell how long ore and area last at the year's rate, at most.
func (k *Mine) Figures(y Year) []Figure {
	raw := y.Flow(k.Product) * k.raw
	if !(raw > 0) {
		return nil
	}
	opened := raw / k.OrePerArea
	out := []Figure{
		{"raw_ore", raw, "t dry", "raw ore dug in the year"},
		{"opened", opened, "ha", "land opened in the year: raw ore over ore_per_area"},
	}
	if given(k.Area) {
		out = append(out, Figure{"area_life", MineLife(k.Area, opened), "a", "at most: the area granted over the land opened in the year; what plant, ponds and villages cover is not taken off"})
	}
	if given(k.Reserve) {
		out = append(out, Figure{"ore_life", k.Reserve / raw, "a", "at most: the reserve over the raw ore of the year"})
	}
	return out
}
