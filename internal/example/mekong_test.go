package example_test

import (
	"os"
	"path/filepath"
	"testing"

	"example.org/busbar/internal/example"
)

// One system, where each thing goes to whom it is worth most (facts-K11).
func TestMekong(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mekong")
	if err := example.Write(dir, "mekong"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"weeks", "guangxi", "road-rate", "build-or-not"} { // two weeks say it as well as six
		body := "study: brief-" + name + "\nfrom: " + name + "\nrepresentative: {weeks: 2}\n"
		if err := os.WriteFile(filepath.Join(dir, "studies", "brief-"+name+".yaml"), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	weeks := solve(t, dir, "brief-weeks")
	cost := weeks.figures["cost/total"]

	// A tonne of Dak Cheung leaves 330 - 300 x 0.07 - 5 = 304 USD at the port, and in
	// the north 395 - 900 x 0.07 - 310 x 0.05 - 6 = 310.5: north, as far as the road
	// of the wet season goes. The whole million is made.
	north, south := weeks.of("alumina_trucks_north", "alumina"), -weeks.of("alumina_sale", "alumina")
	made := weeks.of("refinery", "alumina")
	near(t, "alumina made", made, 1e6, 1e-4)
	sent := 0.0
	for _, b := range weeks.balances {
		if b.Bus == "alumina@dak_cheung" && b.Asset == "alumina_trucks_north" {
			sent += b.Out
		}
	}
	if sent < 0.85e6 || north < -1 || north > 1 {
		t.Errorf("%g t of alumina go north, %g are lost", sent, north)
	}
	near(t, "alumina of Dak Cheung", sent+south, made, 1e-5)
	near(t, "alumina of the park", sent+weeks.of("alumina_rail", "alumina"), -weeks.of("potlines", "alumina"), 1e-5)

	// Without the way north each tonne of it is sold at sea: 6.5 USD less.
	guangxi := solve(t, dir, "brief-guangxi")
	near(t, "what the way north is worth", guangxi.figures["cost/total"]-cost, 6.5*sent, 0.05)

	// At 0.05 USD/t km it is worth 24.5 USD a tonne, at 0.10 it costs 20.5 more than
	// the port: all goes to sea.
	rates := points(t, dir, "brief-road-rate")
	dear := read(t, "road-rate.3", rates[2])
	near(t, "alumina at the port on a dear road", -dear.of("alumina_sale", "alumina"), 1e6, 1e-4)
	near(t, "cost on a dear road", dear.figures["cost/total"], guangxi.figures["cost/total"], 1e-6)
	near(t, "gain on a cheap road", *rates[1].Objective-*rates[0].Objective, 0.02*900*sent, 0.05)

	// Power, coal and diesel are everybody's: the mine burns what comes over the
	// border, the refinery coal that could be sold, and the border buys less power.
	near(t, "coal", -weeks.of("boiler", "coal")-weeks.of("gas_producer", "coal"), 5.0e6/0.85/22+3.0e6/0.775/22, 1e-4)
	near(t, "diesel of the mine", -weeks.of("mine", "diesel"), 0.6e-3*1e6/(0.42*0.93)/0.458, 1e-4)

	// Given the choice nobody builds it: a tonne costs more than it fetches (K10).
	choice := solve(t, dir, "brief-build-or-not")
	within(t, "alumina made where it need not be, t", choice.of("refinery", "alumina"), -1, 1)
	if choice.figures["cost/total"] >= cost {
		t.Error("not building costs more than building")
	}
}
