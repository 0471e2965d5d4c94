package formulate

import (
	"testing"

	"example.org/busbar/internal/primitive"
)

// Two plants by merit order: 60 of 80 MW come from the cheap one (10), 20 from
// the dear one (30); in the second hour, at 50 MW, the dear one stands still.
// Cost 60x10 + 20x30 + 50x10 = 1700; prices are 30 and 10.
func TestMeritOrder(t *testing.T) {
	d := on(hours(2))
	el := d.bus("electricity@park", 0, primitive.Exact)
	d.source("cheap", el, 60, 10)
	d.source("dear", el, 60, 30)
	d.demand(el, 80, 50)
	s := solve(t, d)
	near(t, "cost", s.Objective, 1700)
	nears(t, "cheap", s.UnitActivity(s.X, 0), 60, 50)
	nears(t, "dear", s.UnitActivity(s.X, 1), 20, 0)
	nears(t, "price", s.BusPrice(s.Y, 0), 30, 10)
}
