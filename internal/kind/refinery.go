package kind

import "example.org/busbar/internal/primitive"

// Refinery makes alumina from bauxite by the Bayer process.
type Refinery struct {
	Product  string  `yaml:"product" ref:"commodity" default:"alumina" doc:"what it makes: calcined alumina"`
	Ore      string  `yaml:"ore" ref:"commodity" default:"bauxite" doc:"what it digests; counted in t dry or t wet"`
	Moisture float64 `yaml:"moisture" unit:"1" optional:"true" min:"0" max:"60 %" doc:"water in the ore as a share of its wet mass; needed where it is counted in t wet"`
	Capacity float64 `yaml:"capacity" unit:"t/h" default:"0 t/h" min:"0" doc:"alumina at full load, that stands already"`

	AvailableAlumina float64 `yaml:"available_alumina" unit:"1" min:"20 %" max:"70 %" doc:"alumina that digestion could win, per dry ore: washed ore 40-43 % (facts-B1 GK)"`
	ReactiveSilica   float64 `yaml:"reactive_silica" unit:"1" min:"0" max:"15 %" doc:"silica that takes soda with it, per dry ore: 2-3 % (facts-B1 GK)"`
	Recovery         float64 `yaml:"recovery" unit:"1" default:"93 %" min:"50 %" max:"100 %" doc:"alumina won per available alumina (92-95 %)" source:"facts-B2"`

	SodaPerSilica float64 `yaml:"soda_per_silica" unit:"t/t" default:"0.89 t/t" min:"0" max:"2 t/t" doc:"NaOH lost a tonne of reactive silica: 8 Na per 6 Si in sodalite (0.67-1.1)" source:"facts-B2 (derived)"`
	SodaOther     float64 `yaml:"soda_other" unit:"t/t" default:"25 kg/t" min:"0" max:"200 kg/t" doc:"other NaOH lost a tonne of alumina: liquor in the mud, product (20-35)" source:"facts-B2 GK"`
	Strength      float64 `yaml:"strength" unit:"1" default:"50 %" min:"1 %" max:"100 %" doc:"NaOH per solution, where commodity caustic is counted in t wet" source:"facts-K9"`
	Lime          float64 `yaml:"lime" unit:"t/t" default:"25 kg/t" min:"0" max:"200 kg/t" doc:"CaO a tonne, from commodity lime if the system declares it (5-60)" source:"facts-B2 GK"`
	LimeCO2       float64 `yaml:"lime_co2" unit:"t/t" default:"0 t/t" min:"0" max:"2 t/t" doc:"CO2 a tonne of lime: 0.785 where limestone is burnt on the site, 0 where lime is bought"`

	Steam           string  `yaml:"steam" ref:"commodity" default:"steam" doc:"steam it digests and evaporates with"`
	SteamHeat       float64 `yaml:"steam_heat" unit:"MWh/t" default:"5.0 GJ/t" min:"0" doc:"heat in steam a tonne, low-temperature digestion (4.5-5.5)" source:"facts-B2 GK"`
	Electricity     float64 `yaml:"electricity" unit:"MWh/t" default:"220 kWh/t" min:"0" doc:"power a tonne (150-300)" source:"facts-B2 S22 GK"`
	Calciner        string  `yaml:"calciner" ref:"commodity" optional:"true" doc:"fuel of the calciner: gas, oil or producer gas, not solid coal (facts-K10 GK); default: not modelled and its cost is in variable"`
	CalcinerHeat    float64 `yaml:"calciner_heat" unit:"MWh net/t" default:"3.0 GJ net/t" min:"0" doc:"that fuel a tonne, by net calorific value (2.8-3.2)" source:"facts-B2 GK"`
	CalcinerCO2     float64 `yaml:"calciner_co2" unit:"t/MWh net" optional:"true" min:"0" doc:"CO2 per net calorific value of that fuel; needed where the system keeps an account co2"`
	CalcinerCalorie float64 `yaml:"calorific" unit:"MWh net/{calciner}" optional:"true" min:"0" doc:"net calorific value of that fuel, where it is counted by mass or volume"`
	Water           float64 `yaml:"water" unit:"m3/t" default:"4 m3/t" min:"0" doc:"fresh water a tonne (2-8)" source:"facts-B2 GK"`

	MudDensity float64 `yaml:"mud_density" unit:"t dry/m3" default:"1.5 t dry/m3" min:"0.3 t dry/m3" max:"3 t dry/m3" doc:"dry density of the stored mud: dry stack 1.5, pond 1.0" source:"facts-B2 GK"`
	MudHeight  float64 `yaml:"mud_height" unit:"m" default:"20 m" min:"1 m" doc:"height to which it is stored" source:"facts-B2"`

	Prices     RefineryPrices `yaml:"prices" doc:"prices of what the system does not declare"`
	Variable   float64        `yaml:"variable" unit:"USD/t" default:"0 USD/t" doc:"other cash cost a tonne: labour, upkeep, flocculant"`
	Sustaining float64        `yaml:"sustaining" unit:"USD/t" default:"0 USD/t" min:"0" doc:"sustaining capital a tonne; a fixed cost in the accounts"`
	Running
	Build   *Build   `yaml:"build" per:"t/h" optional:"true" doc:"what may be built, in alumina: cost in USD/(t/a)"`
	Capital *Capital `yaml:"capital" per:"t/h" optional:"true" doc:"what the standing capacity cost, to count its repayment: cost in USD/(t/a)"`
}

// RefineryPrices is the prices of a refinery's inputs.
type RefineryPrices struct {
	Caustic float64 `yaml:"caustic" unit:"USD/t dry" optional:"true" min:"0" doc:"of NaOH, as 100 %"`
	Lime    float64 `yaml:"lime" unit:"USD/t" optional:"true" min:"0" doc:"of lime"`
}

var _ = register(Spec{
	Name: "refinery",
	Doc: `A Bayer refinery. From available alumina and recovery follows the ore, from reactive silica the soda it loses, and from
both, by mass balance, the dry red mud: ore less the hydrate that is won, plus soda and lime. Steam, power, calciner
fuel, lime and water are fixed a tonne of alumina. Caustic and lime come from commodities of these names where the system
declares them, else at their price; red_mud, water and land_residues are accounts if declared. Left out: the chemistry of
digestion (temperature, boehmite, quartz), organics, the liquor's inventory, product quality, sweetening with better ore.`,
	Example: `
kind: refinery
at: park
capacity: 1 Mt/a
available_alumina: 42 %
reactive_silica: 2.5 %
calciner: gas
calciner_co2: 0.202 t/MWh net
prices: {caustic: 400 USD/t dry, lime: 120 USD/t}
variable: 60 USD/t
step: 1d
`,
	New: func() Kind { return &Refinery{} },
})

// caustic is NaOH.
const caustic = "caustic"

// hydrate is the Al(OH)3 that a tonne of alumina is calcined from: 2 x 78.00 /
// 101.96 (facts-B2 S73).
const hydrate = 1.530

// Recipe a tonne of alumina, in t dry.
type bayer struct{ ore, soda, mud float64 }

// BauxitePerAlumina is the dry ore a tonne of alumina takes: 1 / (available
// alumina x recovery).
func BauxitePerAlumina(available, recovery float64) float64 { return 1 / (available * recovery) }

// SodaPerAlumina is the NaOH, as 100 %, that a tonne of alumina loses: what
// reactive silica binds, and what leaves otherwise.
func SodaPerAlumina(ore, reactiveSilica, perSilica, other float64) float64 {
	return perSilica*reactiveSilica*ore + other
}

// MudPerAlumina is the dry red mud a tonne of alumina leaves, by balance: ore
// less hydrate, plus soda and lime. The hydrate's water leaves the calciner;
// soda in the product is left in the mud.
func MudPerAlumina(ore, soda, lime float64) float64 { return ore - hydrate + soda + lime }

func (k *Refinery) recipe() bayer {
	var b bayer
	b.ore = BauxitePerAlumina(k.AvailableAlumina, k.Recovery)
	b.soda = SodaPerAlumina(b.ore, k.ReactiveSilica, k.SodaPerSilica, k.SodaOther)
	b.mud = MudPerAlumina(b.ore, b.soda, k.Lime)
	return b
}

// Expand adds a capacity and a unit whose activity is alumina, in t/h.
func (k *Refinery) Expand(x *Expansion) {
	product, ore, heat := x.Bus("product", k.Product), x.Bus("ore", k.Ore), x.Bus("steam", k.Steam)
	x.Measured("product", product, "t")
	x.Measured("steam", heat, "MWh")
	r := k.recipe()
	ports := []primitive.Port{at(product, 1), at(ore, -r.ore*x.perDry("ore", ore, k.Moisture)), at(heat, -k.SteamHeat)}
	cost := k.Variable
	add := func(p []primitive.Port, c float64) { ports, cost = append(ports, p...), cost+c }
	add(k.soda(x, r.soda))
	add(x.supply(supply{"lime", "t", k.Lime, k.Prices.Lime}))
	add(x.power(k.Electricity), 0)
	add(x.furnace(k.Calciner, k.CalcinerHeat, k.CalcinerCalorie), 0)
	add(x.flue(k.CalcinerCO2, k.CalcinerHeat), 0)
	add(x.emits(k.Lime*k.LimeCO2), 0)
	add(x.uses(water, k.Water), 0)
	add(x.leavesDry("available_alumina", redMud, r.mud), 0)
	add(x.leaves(landResidues, "ha", ResidueArea(r.mud, k.MudDensity, k.MudHeight)), 0)
	if r.mud < 0 {
		x.Problem("available_alumina", "range", "%g %% of the ore is won as alumina, which leaves no mud; alumina can be at most 65 %% of gibbsite", share(k.AvailableAlumina*k.Recovery))
	}
	c := x.Capacity("", "t/h", k.Capacity, k.Build)
	x.Standing(c, k.Capital)
	x.run(&k.Running, primitive.Unit{
		Tag: x.Tag(""), Bound: k.bound(c), Ports: ports,
		Costs: []primitive.Cost{
			variable(primitive.Const(cost)),
			{Class: primitive.Fixed, Per: primitive.Const(k.Sustaining), Party: primitive.None},
		},
	})
}

// soda returns the port of NaOH or its cost a tonne of alumina. The commodity
// is counted in t dry (as 100 %) or t wet (solution).
func (k *Refinery) soda(x *Expansion, soda float64) (ports []primitive.Port, cost float64) {
	bus := x.Declared(caustic)
	switch {
	case bus != primitive.None && given(k.Prices.Caustic):
		x.Problem("prices.caustic", "conflict", "the system declares commodity %s, so it is paid for where it is bought; take one of them out", caustic)
	case bus != primitive.None:
		return x.uses(caustic, soda*x.perDry("caustic", bus, 1-k.Strength)), 0
	case given(k.Prices.Caustic):
		return nil, soda * k.Prices.Caustic
	}
	return nil, 0
}
