package matpower

import (
	"math"

	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
)

// Currency is what a case's money is called; the format says dollars.
const Currency = "USD"

// System is the case as reports, explanations and accounts need it, by the
// names that the model has.
func (b *Built) System() *system.System {
	m := b.Model
	s := &system.System{Name: b.Case.Name, Currency: Currency, Clock: m.Clock, Notes: b.Notes, Study: system.Study{Name: b.Case.Name}}
	for _, c := range m.Commodities {
		s.Commodities = append(s.Commodities, system.Commodity{ID: c.Name, Unit: c.Unit, Balance: c.Balance, Step: m.Clock.Grids[c.Grid].Step})
	}
	for i, at := range b.Buses {
		if at == primitive.None {
			continue
		}
		p := system.Place{ID: m.Buses[at].Place, Lat: math.NaN(), Lon: math.NaN()}
		if b.Case.Names != nil {
			p.Name = b.Case.Names[i]
		}
		s.Places = append(s.Places, p)
	}
	for _, a := range m.Assets {
		s.Assets = append(s.Assets, system.Asset{ID: a.Name, Kind: a.Kind, Place: a.Place, Active: true})
	}
	return s
}
