package kind_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/attribute/attributetest"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
	"example.org/busbar/solve/highs"
)

// plan is a small workspace: what its assets are, and on how many days.
type plan struct {
	days        int                  // from 1 January 2030; 0: one
	commodities string               // "coal: {unit: t}" lines, beside electricity
	assets      string               // as under assets:, without indent
	events      string               // as under events:, likewise
	series      map[string][]float64 // s.csv#name, repeated to the end
}

// headerUnit is the unit of a test series, by the start of its name.
func headerUnit(name string) string {
	switch {
	case strings.HasPrefix(name, "flow"):
		return "m3/s"
	case strings.HasPrefix(name, "price"):
		return "USD/MWh"
	case strings.HasPrefix(name, "power"):
		return "MW"
	}
	return "1"
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by)
}

// load expands a plan and returns its problems.
func (p plan) load() (*primitive.Model, []attribute.Problem) {
	s, problems := p.system()
	if len(problems) > 0 {
		return nil, problems
	}
	return system.Expand(s)
}

// system reads a plan.
func (p plan) system() (*system.System, []attribute.Problem) {
	days := max(p.days, 1)
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	last := start.AddDate(0, 0, days-1)
	text := "system: test\nbase_year: 2030\nfirst_day: 2030-01-01\nlast_day: " + last.Format(time.DateOnly) +
		"\ncommodities:\n  electricity: {unit: MWh}\n" + indent(p.commodities, "  ") +
		"\nplaces: {park: {country: LA}, town: {country: LA}, border: {country: LA}}\n" +
		"parties: {cgn: {role: seller}, park_co: {role: owner}}\nassets:\n" + indent(p.assets, "  ") + "\n"
	if p.events != "" {
		text += "events:\n" + indent(p.events, "  ") + "\n"
	}
	open := func(string) ([]byte, error) {
		var b strings.Builder
		b.WriteString("time")
		var names []string
		for name := range p.series {
			names = append(names, name)
			fmt.Fprintf(&b, ",%s [%s]", name, headerUnit(name))
		}
		for h := range 24 * days {
			fmt.Fprintf(&b, "\n%s", start.Add(time.Duration(h)*time.Hour).Format("2006-01-02T15:04"))
			for _, name := range names {
				fmt.Fprintf(&b, ",%g", p.series[name][h%len(p.series[name])])
			}
		}
		return []byte(b.String() + "\n"), nil
	}
	return system.Load(attributetest.Parse("system.yaml", text), system.Options{Open: open})
}

// model expands a plan that has no problem.
func (p plan) model(t testing.TB) *primitive.Model {
	t.Helper()
	m, problems := p.load()
	for _, q := range problems {
		t.Error(q)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return m
}

// refused checks that a plan's only problem has a code and names a field.
func (p plan) refused(t testing.TB, code, field string) {
	t.Helper()
	_, problems := p.load()
	if len(problems) != 1 || problems[0].Code != code || !strings.Contains(problems[0].Text, field+":") {
		t.Errorf("want one problem %s at %s, got %v", code, field, problems)
	}
}

// solved is a certified optimum.
type solved struct {
	*formulate.Index
	*lp.Solution
	m *primitive.Model
}

func (p plan) solve(t testing.TB) *solved {
	t.Helper()
	m := p.model(t)
	problem, index, err := formulate.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	s, err := highs.Solver{}.Solve(context.Background(), problem, lp.Options{Algorithm: "simplex"})
	if errors.Is(err, highs.ErrNoLibrary) {
		t.Skip("no HiGHS library: run make deps")
	}
	if err != nil {
		t.Fatal(err)
	}
	if problem.IsMIP() { // certified with the integers fixed
		_, c, err := solve.Run(context.Background(), problem, "highs", lp.Options{})
		if err != nil || !c.OK || math.Abs(c.Objective-s.Objective) > 1e-6*(1+math.Abs(s.Objective)) {
			t.Fatalf("%v: %v, objective %g", err, c, s.Objective)
		}
		return &solved{index, s, m}
	}
	if c := lp.Certify(problem, s); !c.OK {
		t.Fatalf("%v: %v", s.Status, c)
	}
	return &solved{index, s, m}
}

// The finders return the position of a part of an asset.

func at[T any](t testing.TB, m *primitive.Model, all []T, tag func(*T) primitive.Tag, asset, part string) int {
	t.Helper()
	for i := range all {
		if g := tag(&all[i]); m.Assets[g.Asset].Name == asset && g.Part == part {
			return i
		}
	}
	t.Fatalf("no %T of asset %q and part %q", all, asset, part)
	return -1
}

func unitOf(t testing.TB, m *primitive.Model, asset, part string) int {
	t.Helper()
	return at(t, m, m.Units, func(u *primitive.Unit) primitive.Tag { return u.Tag }, asset, part)
}

func capacityOf(t testing.TB, m *primitive.Model, asset, part string) int {
	t.Helper()
	return at(t, m, m.Capacities, func(c *primitive.Capacity) primitive.Tag { return c.Tag }, asset, part)
}

func storeOf(t testing.TB, m *primitive.Model, asset, part string) int {
	t.Helper()
	return at(t, m, m.Stores, func(s *primitive.Store) primitive.Tag { return s.Tag }, asset, part)
}

// port returns the ratio of a unit's flow into a bus, by the bus's name; 0
// where there is none.
func port(m *primitive.Model, u int, bus string) float64 {
	for _, p := range m.Units[u].Ports {
		if m.Buses[p.Bus].Name == bus {
			return p.Ratio.At(0)
		}
	}
	return 0
}

// near fails unless got is want to a millionth.
func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	within(t, what, got, want, 1e-6*(1+math.Abs(want)))
}

func within(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.9g, by hand %.9g", what, got, want)
	}
}

// sum adds.
func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}

// replace puts a word in.
func replace(text, word, by string) string { return strings.ReplaceAll(text, word, by) }

// amount is what flows into a bus over the study, by asset; of an account, what
// it sums up.
func (s *solved) amount(t testing.TB, bus, asset string) float64 {
	t.Helper()
	total, found := 0.0, false
	for b := range s.m.Buses {
		if s.m.Buses[b].Name != bus {
			continue
		}
		found = true
		weight := s.m.Clock.Grids[s.m.Commodities[s.m.Buses[b].Commodity].Grid].Amount
		s.Flows(s.X, b, func(f formulate.Flow) {
			for _, p := range []struct {
				what formulate.What
				tag  func() primitive.Tag
			}{
				{formulate.Activity, func() primitive.Tag { return s.m.Units[f.Index].Tag }},
				{formulate.Forward, func() primitive.Tag { return s.m.Routes[f.Index].Tag }},
				{formulate.Rate, func() primitive.Tag { return s.m.Trades[f.Index].Tag }},
			} {
				if f.What == p.what && (asset == "" || s.m.Assets[p.tag().Asset].Name == asset) {
					for k, r := range f.Rate {
						total += r * weight[k]
					}
				}
			}
		})
	}
	if !found {
		t.Fatalf("no bus %s", bus)
	}
	return total
}

// routeOf returns the position of an asset's route.
func routeOf(t testing.TB, m *primitive.Model, asset, part string) int {
	t.Helper()
	return at(t, m, m.Routes, func(r *primitive.Route) primitive.Tag { return r.Tag }, asset, part)
}

// figured is the kind of an asset, expanded, by what figures it has.
func figured(t testing.TB, commodities, assets, name string) kind.Figured {
	t.Helper()
	p := plan{commodities: commodities, assets: assets}
	s, problems := p.system()
	if len(problems) == 0 {
		_, problems = system.Expand(s)
	}
	for _, q := range problems {
		t.Error(q)
	}
	for _, a := range s.Assets {
		if k, ok := a.Spec.(kind.Figured); ok && a.ID == name {
			return k
		}
	}
	t.Fatalf("%s has no figures", name)
	return nil
}

func byName(list []kind.Figure) map[string]float64 {
	out := map[string]float64{}
	for _, f := range list {
		out[f.Name] = f.Value
	}
	return out
}

// between fails unless got lies in a published range.
func between(t testing.TB, what string, got, low, high float64) {
	t.Helper()
	if !(low <= got && got <= high) {
		t.Errorf("%s is %.9g, published as %g to %g", what, got, low, high)
	}
}

// format writes a number for a plan's text.
func format(v float64) string { return fmt.Sprintf("%g", v) }
