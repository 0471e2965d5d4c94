package study

import (
	"math"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/system"
)

var balances = map[primitive.Balance]string{primitive.Exact: "exact", primitive.Free: "free", primitive.Account: "account"}

// snapshot is the system as reports and comparisons need it.
func snapshot(s *system.System) *run.System {
	out := &run.System{
		Name: s.Name, Commodities: []run.Commodity{}, Places: []run.Place{}, Parties: []run.Party{},
		Assets: []run.Asset{}, Sources: []run.Source{},
	}
	for _, c := range s.Commodities {
		out.Commodities = append(out.Commodities, run.Commodity{ID: c.ID, Name: c.Name, Unit: c.Unit, Step: c.Step.String(), Balance: balances[c.Balance]})
	}
	for _, p := range s.Places {
		out.Places = append(out.Places, run.Place{ID: p.ID, Name: p.Name, Country: p.Country, Lat: known(p.Lat), Lon: known(p.Lon)})
	}
	for _, p := range s.Parties {
		out.Parties = append(out.Parties, run.Party{ID: p.ID, Name: p.Name, Role: p.Role, Note: p.Note})
	}
	for _, a := range s.Assets {
		if !a.Active {
			continue
		}
		r := run.Asset{ID: a.ID, Name: a.Name, Kind: a.Kind, Place: a.Place, Green: a.Green, Status: a.Status, Note: a.Note, Owners: []run.Owner{}, Cited: cited(a.Cited)}
		for _, o := range a.Owners {
			r.Owners = append(r.Owners, run.Owner{Party: o.Party, Share: known(o.Share)})
		}
		out.Assets = append(out.Assets, r)
	}
	if len(s.Cited) > 0 { // values outside the assets
		out.Assets = append(out.Assets, run.Asset{ID: "", Kind: "system", Owners: []run.Owner{}, Cited: cited(s.Cited)})
	}
	for _, c := range s.Sources {
		out.Sources = append(out.Sources, run.Source{ID: c.ID, Title: c.Title, URL: c.URL, Grade: c.Grade})
	}
	for _, e := range s.Events {
		r := run.Event{ID: e.ID, From: e.From, Until: e.Until, Source: e.Source, Note: e.Note, Changes: []run.Changed{}}
		for _, c := range e.Changes {
			r.Changes = append(r.Changes, run.Changed{Path: c.Path, Was: c.Was, Text: c.Text})
		}
		out.Events = append(out.Events, r)
	}
	return out
}

func cited(in []attribute.Citation) []run.Cited {
	out := []run.Cited{}
	for _, c := range in {
		out = append(out, run.Cited{Attribute: c.Path, Text: c.Text, Source: c.Source, Note: c.Note})
	}
	return out
}

func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// synthetic reports whether some value comes from a generator: its source is
// named synthetic, or synthetic-something.
func synthetic(s *system.System) bool {
	for _, a := range s.Assets {
		if !a.Active {
			continue
		}
		for _, c := range a.Cited {
			for _, id := range attribute.Sources(c.Source) {
				if id == "synthetic" || strings.HasPrefix(id, "synthetic-") {
					return true
				}
			}
		}
	}
	return false
}
