package report

import (
	"fmt"
	"math"
	"sort"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// mapSection draws the places with what flows between them and across the
// system's edge.
func (d *data) mapSection() *section {
	if d.sys == nil || len(d.sys.Places) == 0 {
		return nil
	}
	spec := &picture.Chart{Ways: []picture.Way{}}
	at := map[string]int{}
	var unplaced []string
	for _, p := range d.sys.Places {
		if p.Lat == nil || p.Lon == nil || math.Abs(*p.Lat) > 90 || math.Abs(*p.Lon) > 180 {
			unplaced = append(unplaced, d.placeName(p.ID))
			continue
		}
		at[p.ID] = len(spec.Spots)
		label := d.placeName(p.ID)
		if p.Country != "" {
			label += " (" + p.Country + ")"
		}
		spec.Spots = append(spec.Spots, picture.Spot{Name: label, Lat: *p.Lat, Lon: *p.Lon})
	}
	if len(spec.Spots) == 0 {
		return nil
	}
	edges := d.edges()
	for id, i := range at {
		lines := edges[id]
		if len(at) > 20 {
			break // too close together for small print
		}
		const most = 4
		for k, l := range lines {
			if k == most && len(lines) > most+1 {
				spec.Spots[i].Lines = append(spec.Spots[i].Lines, fmt.Sprintf("and %d more", len(lines)-k))
				break
			}
			spec.Spots[i].Lines = append(spec.Spots[i].Lines, l)
		}
	}
	t := &table{Caption: "Between places", Head: []string{"Asset", "From", "To", "Distance, km", "A year, net", "Unit"}}
	widest := map[string]float64{}
	hauls := d.hauls()
	for _, h := range hauls {
		widest[h.unit] = math.Max(widest[h.unit], h.amount)
	}
	for _, h := range hauls {
		i, ok1 := at[h.from]
		j, ok2 := at[h.to]
		km := math.NaN()
		if ok1 && ok2 {
			a, b := spec.Spots[i], spec.Spots[j]
			km = picture.Distance(a.Lat, a.Lon, b.Lat, b.Lon)
			share := 0.0
			if widest[h.unit] > 0 {
				share = h.amount / widest[h.unit]
			}
			spec.Ways = append(spec.Ways, picture.Way{From: i, To: j, Name: d.assetName(h.asset), Share: share, Colour: d.palette.of(h.asset),
				Label: fmt.Sprintf("%s · %s km", say(h.amount, h.unit), picture.Number(math.Round(km)))})
		}
		t.Rows = append(t.Rows, []cell{name(d.assetName(h.asset)), text(d.placeName(h.from)), text(d.placeName(h.to)), number(math.Round(km)), number(h.amount), text(h.unit)})
	}
	alt := fmt.Sprintf("Schematic map of %d places", len(spec.Spots))
	var names []string
	for _, s := range spec.Spots {
		names = append(names, s.Name)
	}
	if len(names) <= 12 {
		alt += ": " + list(names)
	}
	if len(spec.Ways) > 0 {
		alt += fmt.Sprintf(", with %d connections", len(spec.Ways))
	}
	spec.Base = d.base(alt + ".")
	spec.Quiet = len(spec.Spots) > 40 || len(spec.Ways) > 60
	spec.Arrange()
	s := &section{ID: "places", Title: "Places", Lead: "A schematic map: places by latitude and longitude, without borders, relief or the course of lines. Distances are along the great circle."}
	f := &figure{ID: "map", Title: "Places and what moves", SVG: draw(spec), Kind: "chart", Spec: spec, Caption: "Arrows show the net direction over the year; ▸ comes in, ◂ goes out across the edge of the system."}
	if len(d.balances) == 0 {
		f.Title, f.Caption = "Where the places lie", ""
	}
	if len(t.Rows) > 0 {
		f.Table = t
	}
	s.Blocks = append(s.Blocks, block{Figure: f})
	if len(unplaced) > 0 {
		s.Blocks = append(s.Blocks, block{Para: "Without coordinates, so not on the map: " + list(unplaced) + "."})
	}
	return s
}

// haul is what an asset carries between two places in a year, net.
type haul struct {
	asset, from, to, unit string
	amount                float64 // that arrives
}

// hauls finds assets that take a commodity at one place and give it at
// another.
func (d *data) hauls() []haul {
	type key struct{ asset, commodity string }
	net := map[key]map[string]float64{}
	units := map[key]string{}
	var order []key
	for _, b := range d.balances {
		p := d.busPlace(b.Bus)
		if p == "" || d.balance(b.Commodity) == "account" {
			continue
		}
		k := key{b.Asset, b.Commodity}
		if net[k] == nil {
			net[k] = map[string]float64{}
			order = append(order, k)
		}
		net[k][p] += b.In - b.Out
		units[k] = b.Unit
	}
	var out []haul
	for _, k := range order {
		if len(net[k]) != 2 {
			continue
		}
		var ends []string
		for p := range net[k] {
			ends = append(ends, p)
		}
		sort.Slice(ends, func(i, j int) bool { return net[k][ends[i]] < net[k][ends[j]] })
		if net[k][ends[0]] > 0 || net[k][ends[1]] < 0 {
			continue // gives or takes at both: no transport
		}
		out = append(out, haul{k.asset, ends[0], ends[1], units[k], net[k][ends[1]]})
	}
	return out
}

// edges lists, for every place, what is bought and sold there.
func (d *data) edges() map[string][]string {
	type trade struct {
		line   string
		amount float64
	}
	home := func(b *run.Balance) string {
		if p := d.busPlace(b.Bus); p != "" {
			return p
		}
		// The far end of a line belongs to the place where the line starts.
		for i, r := range b.Bus {
			if r == '.' {
				if a := d.asset[b.Bus[:i]]; a != nil {
					return a.Place
				}
			}
		}
		return ""
	}
	found := map[string][]trade{}
	for i := range d.balances {
		b := &d.balances[i]
		if b.Role != "buy" && b.Role != "sell" || d.balance(b.Commodity) == "account" {
			continue
		}
		p := home(b)
		amount, sign := b.In, "▸ "
		if b.Role == "sell" {
			amount, sign = b.Out, "◂ "
		}
		if p == "" || amount <= 0 {
			continue
		}
		found[p] = append(found[p], trade{sign + d.assetName(b.Asset) + ": " + say(amount, b.Unit), amount})
	}
	out := map[string][]string{}
	for p, ts := range found {
		sort.SliceStable(ts, func(i, j int) bool { return ts[i].amount > ts[j].amount })
		for _, t := range ts {
			out[p] = append(out[p], t.line)
		}
	}
	return out
}
