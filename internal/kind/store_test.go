package kind_test

import (
	"testing"

	"example.org/busbar/internal/primitive"
)

// A store of 1,000 MWh between 10 and 90 %, filled with 300, worth 25 a MWh at
// the end.
func TestStore(t *testing.T) {
	m := plan{assets: `
tank: {kind: store, at: park, commodity: electricity, capacity: 1 GWh, min: 10 %, max: 90 %, initial: 300 MWh, value: 25 USD/MWh, loss: 1 %/d, inflow: 2 MW, spill: true, spill_cost: 3 USD/MWh, cost: 8.76 USD/MWh/a}
`}.model(t)
	s := m.Stores[0]
	near(t, "least", s.Bound.Coef*s.Bound.Min.Value*m.Capacities[0].Existing, 100)
	near(t, "most", s.Bound.Coef*s.Bound.Max.Value*m.Capacities[0].Existing, 900)
	near(t, "loss", s.Loss, 0.01/24)
	near(t, "inflow", s.Inflow.Value, 2)
	near(t, "holding", s.Costs[0].Per.Value, 0.001)
	if s.End != primitive.Valued || s.Initial != 300 || s.Value != 25 || !s.Spill || s.SpillCost != 3 {
		t.Errorf("the store is %+v", s)
	}
}

func TestStoreEnds(t *testing.T) {
	base := "tank: {kind: store, at: park, commodity: electricity, capacity: 1 GWh, "
	end := func(words string) primitive.Store {
		return plan{assets: base + words + "}"}.model(t).Stores[0]
	}
	if s := end("initial: 300 MWh"); s.End != primitive.Given || s.Final != 300 {
		t.Errorf("initial alone ends with %+v, want a final level of 300", s)
	}
	if s := end("initial: 300 MWh, final: 0 MWh"); s.End != primitive.Given || s.Final != 0 {
		t.Errorf("final 0 ends with %+v", s)
	}
	plan{assets: base + "initial: 300 MWh, final: 0 MWh, value: 1 USD/MWh}"}.refused(t, "conflict", "assets.tank.value")
	plan{assets: base + "value: 1 USD/MWh}"}.refused(t, "missing", "assets.tank.initial")
}
