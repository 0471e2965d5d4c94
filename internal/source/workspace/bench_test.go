package workspace

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkOpen opens a workspace of 300 assets, half of them in YAML, half in
// a table, with ten studies, and makes one study's tree.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	var system, table strings.Builder
	system.WriteString("system: s\ncurrency: USD\nplaces: {park: {at: [20.69, 101.98]}}\nassets:\n")
	table.WriteString("id,at,capacity [MW],availability,build.max [GW],build.cost.value [USD/kW],build.cost.source,build.life [a]\n")
	for i := range 150 {
		fmt.Fprintf(&system, "  wind_%d:\n    kind: wind\n    at: park\n    availability: series/weather.csv#wind\n    build: {max: 1 GW, cost: {value: 1570 USD/kW, source: facts-D1}, life: 25 a, wacc: 8 %%, fixed: 1.2 %%/a}\n", i)
		fmt.Fprintf(&table, "sun_%d,park,%d,series/weather.csv#sun,1,900,facts-D1,25\n", i, i)
	}
	write(b, dir, systemFile, system.String())
	write(b, dir, "assets/solar.csv", table.String())
	for i := range 10 {
		write(b, dir, fmt.Sprintf("studies/s%d.yaml", i), fmt.Sprintf("study: s%d\nset: {assets.wind_1.build.max: %d GW}\n", i, i))
	}
	for b.Loop() {
		w, problems := Open(dir)
		tree, more := w.Tree("s3")
		if len(problems)+len(more) > 0 || len(tree.Get("assets").Keys) != 300 {
			b.Fatal(problems, more)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
