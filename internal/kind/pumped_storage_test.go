package kind_test

import (
	"math"
	"testing"
)

// At 69 % 1 MWh out takes 1/0.69 = 1.449 MWh in (facts-D1: 1.44). An inflow of
// 5 MW may be spilled.
func TestPumpedStorage(t *testing.T) {
	m := plan{assets: "hill: {kind: pumped_storage, at: park, capacity: 600 MW, pump: 110 %, hours: 8 h, inflow: 5 MW}"}.model(t)
	pump, turbine := unitOf(t, m, "hill", "pump"), unitOf(t, m, "hill", "turbine")
	near(t, "round trip", -port(m, pump, "hill.energy")/port(m, turbine, "hill.energy"), 0.69)
	near(t, "pumping", port(m, pump, "hill.energy"), math.Sqrt(0.69))
	near(t, "pump", m.Units[pump].Bound.Coef*600, 660)
	near(t, "upper lake", m.Capacities[capacityOf(t, m, "hill", "energy")].Existing, 4800)
	s := m.Stores[0]
	if !s.Spill || s.Inflow.Value != 5 {
		t.Errorf("inflow %v, spill %v; want 5 and true", s.Inflow.Value, s.Spill)
	}
}
