package pypsa

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
)

// Currency is what a network's money is called; PyPSA leaves it open.
const Currency = "EUR"

// commodities makes one of each carrier of buses; AC and DC are electricity.
// Buses that lines join have the same, that of the first. It returns the
// commodity of each bus.
func (b *builder) commodities() []int32 {
	t := b.table("Bus")
	joined := newSets(len(t.Names))
	for _, c := range []string{"Line", "Transformer"} {
		lines := b.table(c)
		for i := range lines.Names {
			from, ok := t.index[lines.text(i, "bus0")]
			to, known := t.index[lines.text(i, "bus1")]
			if ok && known {
				joined.join(&branch{from: int32(from), to: int32(to)})
			}
		}
	}
	of := make([]int32, len(t.Names))
	for i := range t.Names {
		name := t.text(int(joined.of(int32(i))), "carrier")
		switch name {
		case "", "AC", "DC":
			name = "electricity"
		}
		k := slices.IndexFunc(b.m.Commodities, func(c primitive.Commodity) bool { return c.Name == name })
		if k < 0 {
			k = len(b.m.Commodities)
			b.m.Commodities = append(b.m.Commodities, primitive.Commodity{Name: name, Unit: "MWh", Balance: primitive.Exact})
		}
		of[i] = int32(k)
	}
	return of
}

// System is the network as reports, explanations and accounts need it: its
// commodities, places and assets, by the names that the model has.
func (n *Network) System(m *primitive.Model) *system.System {
	s := &system.System{Name: n.Name, Currency: Currency, Clock: m.Clock, Study: system.Study{Name: n.Name, Year: m.Clock.Start.Year()}}
	for _, c := range m.Commodities {
		s.Commodities = append(s.Commodities, system.Commodity{ID: c.Name, Unit: c.Unit, Balance: c.Balance, Step: m.Clock.Grids[c.Grid].Step})
	}
	buses := n.table("Bus")
	for i, name := range buses.Names {
		p := system.Place{ID: name, Country: buses.text(i, "country"), Lat: math.NaN(), Lon: math.NaN()}
		if x, y := coordinate(buses, i, "x"), coordinate(buses, i, "y"); (x != 0 || y != 0) && math.Abs(x) <= 180 && math.Abs(y) <= 90 {
			p.Lat, p.Lon = y, x
		}
		s.Places = append(s.Places, p)
	}
	for _, a := range m.Assets {
		s.Assets = append(s.Assets, system.Asset{ID: a.Name, Kind: a.Kind, Place: a.Place, Active: true, Note: n.carrierNote(a.Name, a.Kind)})
	}
	s.Notes = n.Notes
	return s
}

// carrierNote says a component's carrier, "carrier wind"; "" where it names none.
func (n *Network) carrierNote(name, component string) string {
	t := n.table(component)
	if t == nil {
		return ""
	}
	i, ok := t.index[strings.TrimSuffix(name, " ("+component+")")]
	if !ok || t.text(i, "carrier") == "" {
		return ""
	}
	return "carrier " + t.text(i, "carrier")
}

// coordinate reads a column that has no meaning in the problem, NaN where it is
// no number.
func coordinate(t *Table, i int, name string) float64 {
	v, err := strconv.ParseFloat(t.text(i, name), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}
