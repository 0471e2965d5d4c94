package main

import (
	"path/filepath"
	"testing"

	"example.org/busbar/bench/realpark"
	"example.org/busbar/internal/shared"
)

// Every study of the park on real series loads and can be formulated; the
// north's demand adds one column an hour, what is shed of it, and no row.
func TestRealParkBuilds(t *testing.T) {
	data := shared.Path(t, "data")
	shared.Path(t, "data/demand/pownet-laos")
	dir := filepath.Join(t.TempDir(), "park")
	if err := realpark.Write(data, dir); err != nil {
		t.Fatal(err)
	}
	cols := map[string]int{}
	for _, study := range []string{"base", "real", "real-weather", "real-river", "real-weeks"} {
		p, err := build(dir, study, true)
		if err != nil {
			t.Fatalf("%s: %v", study, err)
		}
		cols[study] = p.Cols
	}
	if got := cols["real"] - cols["base"]; got != 8760 {
		t.Errorf("real has %d columns more than base, want 8,760", got)
	}
}
