package report

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// tightness sorts how far something is used over the year, for its colour on the
// map.
var tightness = []struct {
	least  float64
	name   string
	colour string
}{
	{0.95, "95 % and more of what was possible", "#b3261e"},
	{0.80, "80 to 95 %", "#e08a1e"},
	{0.50, "50 to 80 %", "#2f7f9e"},
	{0, "less than half", "#8dbccd"},
}

// crowd is how many ways leave room for small print on a map.
const crowd = 12

const unbounded = "#8b929b" // no limit known

// use is how far a way is used: over the year, and of the time at its bound; of
// a gate where that is the tighter.
type use struct {
	share, full float64
	gate        string
}

// usage joins the rows of an asset's ways (the parts of a line count together),
// and looks at the gates that they pass: the tightest counts.
func (d *data) usage(asset string) (use, bool) {
	u, known := d.usedBy(asset, "route", "line")
	for _, b := range d.balances {
		if b.Asset != asset || b.Role != "route" || b.Unit != "vehicle" || d.balance(b.Commodity) == "account" {
			continue
		}
		for _, g := range d.balances {
			if g.Bus != b.Bus || g.Role != "unit" || g.In <= 0 {
				continue
			}
			if v, ok := d.usedBy(g.Asset, "unit"); ok && (!known || v.share > u.share) {
				u, known = v, true
				u.gate = d.assetName(g.Asset)
			}
		}
	}
	return u, known
}

func (d *data) usedBy(asset string, what ...string) (u use, known bool) {
	amount, could := 0.0, 0.0
	for _, r := range d.uses {
		if r.Asset != asset || !slices.Contains(what, r.What) || math.IsInf(r.Could, 0) || !(r.Could > 0) {
			continue
		}
		amount, could = amount+r.Amount, could+r.Could
		u.full = math.Max(u.full, r.Full)
	}
	if could == 0 {
		return u, false
	}
	u.share = amount / could
	return u, true
}

// words says it for a label.
func (u use) words() string {
	text := say(u.share, "") + " used"
	if u.gate != "" {
		text = "gate " + text
	}
	if u.full >= 0.005 {
		text += ", full " + say(u.full, "") + " of the time"
	}
	return text
}

func tightColour(share float64) string {
	for _, c := range tightness {
		if share >= c.least {
			return c.colour
		}
	}
	return unbounded
}

// mapSection draws the places with what flows between them and across the
// system's edge, in the colours of how far each way is used.
func (d *data) mapSection() *section {
	if d.sys == nil || len(d.sys.Places) == 0 {
		return nil
	}
	spec := &picture.Chart{Ways: []picture.Way{}}
	at := map[string]int{}
	hauls := d.hauls()
	edges := d.edges()
	linked := map[string]bool{}
	for _, h := range hauls {
		linked[h.from], linked[h.to] = true, true
	}
	var unplaced, idle []string
	located := 0
	for _, p := range d.sys.Places {
		if len(d.balances) > 0 && !d.lively(p.ID) {
			idle = append(idle, d.placeName(p.ID))
			continue
		}
		off := p.Lat == nil || p.Lon == nil || math.Abs(*p.Lat) > 90 || math.Abs(*p.Lon) > 180
		if off && !linked[p.ID] && len(edges[p.ID]) == 0 {
			unplaced = append(unplaced, d.placeName(p.ID))
			continue
		}
		at[p.ID] = len(spec.Spots)
		spot := picture.Spot{Name: d.placeName(p.ID), Country: p.Country, Off: off}
		if len(hauls) > crowd {
			spot.Name, _, _ = strings.Cut(spot.Name, ",")
		}
		if p.Country != "" {
			spot.Name += " (" + p.Country + ")"
		}
		if !off {
			spot.Lat, spot.Lon = *p.Lat, *p.Lon
			located++
		}
		spec.Spots = append(spec.Spots, spot)
	}
	if located == 0 {
		return nil
	}
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
	t := &table{Caption: "Between places", Wide: true, Head: []string{"Asset", "From", "To", "Distance, km", "A year, net", "Unit", "Used, of what was possible", "At its limit, of the time"}}
	widest := map[string]float64{}
	for _, h := range hauls {
		widest[h.unit] = math.Max(widest[h.unit], h.amount)
	}
	known := false
	tightest, most := "", 0.0
	for _, h := range hauls {
		i, ok1 := at[h.from]
		j, ok2 := at[h.to]
		km := math.NaN()
		u, bounded := d.usage(h.asset)
		row := []cell{name(d.assetName(h.asset)), text(d.placeName(h.from)), text(d.placeName(h.to))}
		if ok1 && ok2 {
			a, b := spec.Spots[i], spec.Spots[j]
			if !a.Off && !b.Off {
				km = math.Round(picture.Distance(a.Lat, a.Lon, b.Lat, b.Lon))
			}
			w := picture.Way{From: i, To: j, Name: d.assetName(h.asset), Colour: unbounded, Label: say(h.amount, h.unit)}
			if widest[h.unit] > 0 {
				w.Share = h.amount / widest[h.unit]
			}
			if bounded {
				known = true
				w.Colour = tightColour(u.share)
				w.Label += " · " + u.words()
				if u.full > most {
					tightest, most = d.assetName(h.asset), u.full
				}
			}
			if v, ok := at[d.passes(h)]; ok && !spec.Spots[v].Off {
				w.Via = &v
			}
			spec.Ways = append(spec.Ways, w)
		}
		row = append(row, number(km), number(h.amount), text(h.unit))
		if bounded {
			tight := percent(u.share)
			if u.gate != "" {
				tight.Text += " (" + u.gate + ")"
			}
			row = append(row, tight, percent(u.full))
		} else {
			row = append(row, cell{Text: "no limit", Num: true}, cell{Num: true})
		}
		t.Rows = append(t.Rows, row)
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
	if most > 0 {
		alt += fmt.Sprintf("; the one most often at its limit is %s, %s of the time", tightest, say(most, ""))
	}
	spec.Base = d.base(alt + ".")
	// What is tightest, and then what carries most, has its words first.
	tight := func(w *picture.Way) int {
		return slices.IndexFunc(tightness, func(c struct {
			least  float64
			name   string
			colour string
		}) bool {
			return c.colour == w.Colour
		})
	}
	sort.SliceStable(spec.Ways, func(i, j int) bool {
		a, b := &spec.Ways[i], &spec.Ways[j]
		if x, y := tight(a), tight(b); x != y {
			return x >= 0 && (y < 0 || x < y)
		}
		return a.Share > b.Share
	})
	spec.Dense = len(spec.Ways) > crowd
	spec.Quiet = len(spec.Spots) > 40 || len(spec.Ways) > 60
	if known {
		for i := len(tightness) - 1; i >= 0; i-- {
			spec.Keys = append(spec.Keys, picture.Key{Name: tightness[i].name, Colour: tightness[i].colour})
		}
		spec.Keys[0].Name = "used to " + spec.Keys[0].Name + " of what was possible"
		spec.Keys[len(spec.Keys)-1].Name = "95 % and more"
	}
	spec.Arrange()
	mute := 0
	for _, w := range spec.Ways {
		if w.Mute {
			mute++
		}
	}
	s := &section{ID: "places", Title: "Flows and bottlenecks", Lead: "A schematic map: places by latitude and longitude, without borders, relief or the course of lines; distances are along the great circle."}
	f := &figure{ID: "map", Title: "Places and what moves", SVG: draw(spec), Kind: "chart", Spec: spec,
		Caption: "Arrows show the net direction over the year, their width the amount beside others of its unit; ▸ comes in, ◂ goes out across the edge of the system."}
	if known {
		f.Caption += " Colours show how far a way is used."
	}
	if mute > 0 || spec.Dense || spec.Quiet {
		f.Caption += " Where words find no room, the pointer and the data tell."
	}
	if len(d.balances) == 0 {
		f.Title, f.Caption, s.Title = "Where the places lie", "", "Places"
	}
	if len(t.Rows) > 0 {
		f.Table = t
	}
	s.Blocks = append(s.Blocks, block{Figure: f})
	if len(unplaced) > 0 {
		s.Blocks = append(s.Blocks, block{Para: "Without coordinates, so not on the map: " + list(unplaced) + "."})
	}
	if len(idle) > 0 && len(idle) <= 40 {
		s.Blocks = append(s.Blocks, block{Para: "Nothing flows in this study at " + list(idle) + "."})
	}
	return s
}

// lively tells places where something flows.
func (d *data) lively(place string) bool {
	for _, b := range d.balances {
		if b.In+b.Out > 0 && d.busPlace(b.Bus) == place {
			return true
		}
	}
	return false
}

// passes is the place between the ends of a haul at which its asset takes or
// gives something: a gate that counts its vehicles; "" for none.
func (d *data) passes(h haul) string {
	for _, b := range d.balances {
		p := d.busPlace(b.Bus)
		if b.Asset == h.asset && p != "" && p != h.from && p != h.to && b.Role == "route" {
			return p
		}
	}
	return ""
}

// haul is what an asset carries between two places in a year, net.
type haul struct {
	asset, commodity, from, to, unit string
	amount                           float64 // that arrives
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
		out = append(out, haul{k.asset, k.commodity, ends[0], ends[1], units[k], net[k][ends[1]]})
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
