package system_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/attribute/attributetest"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
)

// The same park in other units, each exactly equal.
func TestUnitsDoNotMatter(t *testing.T) {
	_, want := model(t, park+limited+"  x: {of: co2, max: 500 kt/a, soft: 0.1 USD/kg}\n  y: {of: cost, max: 1.5 MUSD}\n")
	other := strings.NewReplacer(
		"2.01 GW", "2010000 kW", "max: 1 GW", "max: 1000 MW", "1570 USD/kW", "1.57 MUSD/MW", "25 a", "9125 d",
		"30 ha/MW", "0.3 km2/MW", "3000 USD/MWh", "300 USc/kWh", "3 GW", "3e6 kW", "600 USD/kW", "0.6 MUSD/MW",
		"50 USD/MWh", "5 USc/kWh", "0.9 t/MWh", "900 kg/MWh", "0.5 t/MWh", "0.5 kg/kWh", "100 MW", "0.1 GW",
		"500 kt/a", "0.5 Mt/a", "0.1 USD/kg", "100 USD/t", "10 USD/t", "1 USc/kg", "1.5 MUSD", "1500 kUSD",
		"unit: t,", "unit: kg,", "electricity: MWh", "electricity: GWh", "unit: ha", "unit: km2",
	).Replace(park + limited + "  x: {of: co2, max: 500 kt/a, soft: 0.1 USD/kg}\n  y: {of: cost, max: 1.5 MUSD}\n")
	_, got := model(t, other)
	if !reflect.DeepEqual(got, want) && !sameModel(got, want) {
		t.Errorf("got %+v\nwant %+v", got.Capacities, want.Capacities)
	}
}

// sameModel compares what DeepEqual can't where NaN stands.
func sameModel(a, b *primitive.Model) bool {
	return text(a) == text(b)
}

// The order of assets is the order in the model and changes nothing else.
func TestOrderDoesNotMatter(t *testing.T) {
	head, rest, _ := strings.Cut(park+limited, "assets:\n")
	body, _, _ := strings.Cut(rest, "limits:")
	var assets []string
	for _, line := range strings.SplitAfter(body, "\n") {
		if strings.HasPrefix(line, "   ") || strings.TrimSpace(line) == "" {
			assets[max(0, len(assets)-1)] += line
		} else {
			assets = append(assets, line)
		}
	}
	build := func(assets []string) *primitive.Model {
		_, m := model(t, head+"assets:\n"+strings.Join(assets, ""))
		return m
	}
	want := canonical(build(assets))
	rapid.Check(t, func(r *rapid.T) {
		shuffled := rapid.Permutation(assets).Draw(r, "order")
		m := build(shuffled)
		for i, a := range m.Assets {
			if !strings.HasPrefix(shuffled[i], "  "+a.Name+":") {
				r.Fatalf("asset %d is %s, want the tree's order", i, a.Name)
			}
		}
		if got := canonical(m); !slices.Equal(got, want) {
			r.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// Whatever a planner writes, there is an answer or a problem, never a panic.
func FuzzLoad(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	f.Add([]byte(park))
	f.Add([]byte(strings.Repeat("\x05\x01\x09", 40)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bad := loadSpoiled(data); bad != nil {
			t.Fatalf("a problem says nothing: %+v", *bad)
		}
	})
}

func TestSpoiledTreesGiveProblems(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		if bad := loadSpoiled(rapid.SliceOfN(rapid.Byte(), 3, 60).Draw(r, "data")); bad != nil {
			r.Fatalf("a problem says nothing: %+v", *bad)
		}
	})
}

// spoilable is three days of the park with a limit and a file of five days.
var spoilable = sync.OnceValue(func() *attribute.Node {
	return attributetest.Parse("f", strings.Replace(park, "years: [2030]", "first_day: 2030-01-01\nlast_day: 2030-01-03", 1)+
		limited+"  x: {terms: [{green: true, flow: electricity}], min: 0 MWh}\n")
})

func loadSpoiled(data []byte) *attribute.Problem {
	five := bytes.Join(bytes.SplitAfter(weather(), []byte("\n"))[:121], nil)
	s, problems := system.Load(spoil(spoilable(), data), system.Options{Open: func(string) ([]byte, error) { return five, nil }})
	if len(problems) == 0 {
		_, problems = system.Expand(s)
	}
	for i := range problems {
		if problems[i].Code == "" || problems[i].Text == "" {
			return &problems[i]
		}
	}
	return nil
}
