package system_test

import (
	"fmt"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute/attributetest"
	"example.org/busbar/internal/system"
)

// Three hundred assets, each with a series of 8,760 hours.
func BenchmarkLoadAndExpand(b *testing.B) {
	var text strings.Builder
	text.WriteString(park)
	for i := range 300 {
		fmt.Fprintf(&text, "  w%d: {kind: wind, at: park, capacity: %d MW, availability: {series: s/weather.csv#wind, scale: %d %%}, build: {max: 1 GW, cost: 1570 USD/kW, life: 25 a}}\n", i, i+1, 50+i%50)
	}
	tree := attributetest.Parse("f", text.String())
	b.ReportAllocs()
	for b.Loop() {
		s, problems := system.Load(tree, options)
		if len(problems) == 0 {
			_, problems = system.Expand(s)
		}
		if len(problems) > 0 {
			b.Fatal(lines(problems))
		}
	}
}
