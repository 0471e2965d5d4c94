package kind_test

import "testing"

// 900 GWh/a is 102.7397 MW on average. A shape of 1 and 3 in turn has the mean
// 2, so the load is 51.37 MW and 154.11 MW in turn, whatever its scale.
func TestDemandOfAYearWithAShape(t *testing.T) {
	m := plan{assets: `
town: {kind: demand, at: town, annual: 900 GWh/a, shape: s.csv#load, shed: 3000 USD/MWh}
`, series: map[string][]float64{"load": {10, 30}}}.model(t)
	d := m.Demands[0]
	near(t, "first hour", d.Amount.At(0), 900e3/8760*0.5)
	near(t, "second hour", d.Amount.At(1), 900e3/8760*1.5)
	near(t, "day", sum(d.Amount.Data), 24*900e3/8760)
	near(t, "shed cost", d.ShedCost, 3000)
	near(t, "most shed", d.ShedMax, 1)
}

// 100 MW of demand, 60 MW of supply: 40 MW go unserved in 24 hours at 3,000:
// 2.88 MUSD.
func TestDemandShed(t *testing.T) {
	s := plan{assets: `
wind: {kind: wind, at: park, capacity: 60 MW, availability: 100 %}
load: {kind: demand, at: park, amount: 100 MW, shed: {cost: 3000 USD/MWh, max: 50 %}}
`}.solve(t)
	near(t, "cost", s.Objective, 40*24*3000)
}

// Supply costs 40. A block of 30 MW worth 50 is taken, one of 20 MW worth 30 is
// not: the gain is 24 x 30 x 10 = 7,200.
func TestElasticDemand(t *testing.T) {
	s := plan{assets: `
grid: {kind: purchase, at: park, commodity: electricity, price: 40 USD/MWh}
load: {kind: demand, at: park, elastic: [{size: 30 MW, price: 50 USD/MWh}, {size: 20 MW, price: 30 USD/MWh}]}
`}.solve(t)
	near(t, "cost", s.Objective, -7200)
}

func TestDemandSaysHowMuchOnce(t *testing.T) {
	supply := "\nwind: {kind: wind, at: park, capacity: 60 MW, availability: 100 %}"
	plan{assets: "load: {kind: demand, at: park}" + supply}.refused(t, "missing", "assets.load")
	plan{assets: "load: {kind: demand, at: park, amount: 1 MW, annual: 1 GWh/a}" + supply}.refused(t, "conflict", "assets.load.annual")
	plan{assets: "load: {kind: demand, at: park, amount: 1 MW, shape: 2}" + supply}.refused(t, "conflict", "assets.load.shape")
	plan{assets: "load: {kind: demand, at: park, annual: 1 GWh/a, shape: s.csv#none}" + supply,
		series: map[string][]float64{"none": {0}}}.refused(t, "range", "assets.load.shape")
}
