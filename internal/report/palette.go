package report

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"example.org/busbar/internal/run"
)

// sort of an asset, for colours and order; one colour each, chosen to stay
// apart for readers who see red and green alike and in grey print.
type category int

const (
	river category = iota // run of river
	lake
	wind
	sun
	thermal
	contract // contracts and purchases of power
	border   // trade with the outside, and lines to it
	wires    // lines inside
	storage
	unserved
	demand
	metal
	ground  // mines
	boiling // steam and fuel gas
	hauling // roads, railways, belts, pipelines, ports
	goods   // purchases, sales, stockpiles
	other
)

var categories = [...]struct{ name, colour string }{
	river:    {"run-of-river", "#1b5e9b"},
	lake:     {"reservoirs", "#0b3c68"},
	wind:     {"wind", "#56a8dc"},
	sun:      {"sun", "#f0b90b"},
	thermal:  {"thermal", "#4a4038"},
	contract: {"contracts", "#1f8a70"},
	border:   {"import and export", "#c97fa9"},
	wires:    {"lines", "#8b929b"},
	storage:  {"storage", "#7d55a0"},
	unserved: {"unserved", "#d4145a"},
	demand:   {"demand", "#b08968"},
	metal:    {"metal", "#c8502a"},
	ground:   {"mining", "#8a6d4b"},
	boiling:  {"heat", "#9b4f4a"},
	hauling:  {"transport", "#5f7f8c"},
	goods:    {"goods", "#a58f3c"},
	other:    {"other", "#a9b0b7"},
}

// kinds sorts the kinds of asset.
var kinds = map[string]category{
	"run_of_river": river, "reservoir": lake, "wind": wind, "solar": sun, "thermal": thermal,
	"contract": contract, "grid_import": border, "grid_export": border, "interconnector": wires, "line": wires,
	"battery": storage, "pumped_storage": storage, "demand": demand,
	"potline": metal, "anode_plant": metal, "casthouse": metal, "refinery": metal, "smelter": metal,
	"mine": ground, "boiler": boiling, "chp": boiling, "electric_boiler": boiling, "heat_pump": boiling, "process": boiling,
	"road": hauling, "rail": hauling, "belt": hauling, "pipeline": hauling, "fleet": hauling, "port": hauling, "gate": hauling,
	"import": goods, "export": goods, "tank": goods, "terminal": goods, "ppa": contract, "data_centre": demand,
	"Line": wires, "Transformer": wires, "StorageUnit": storage, "Store": storage, "Load": demand, // of a PyPSA network
	"purchase": goods, "sale": goods, "trade": goods, "stockpile": goods, "route": hauling,
}

// hints sort assets whose kind is a bare primitive, as in an imported network,
// by what their names say.
var hints = []struct {
	word string
	c    category
}{
	{"solar", sun}, {"pv", sun}, {"wind", wind}, {"run of river", river}, {"ror", river}, {"hydro", lake}, {"dam", lake},
	{"battery", storage}, {"storage", storage}, {"phs", storage}, {"h2", storage}, {"coal", thermal}, {"lignite", thermal}, {"gas", thermal},
	{"ccgt", thermal}, {"ocgt", thermal}, {"oil", thermal}, {"diesel", thermal}, {"nuclear", thermal}, {"biomass", thermal},
	{"import", border}, {"export", border}, {"grid", border}, {"load", demand}, {"demand", demand}, {"smelter", metal}, {"potline", metal},
}

func categoryOf(a *run.Asset) category {
	if a == nil {
		return other
	}
	if c, ok := kinds[a.Kind]; ok && a.Kind != "line" && a.Kind != "route" && a.Kind != "trade" {
		return c
	}
	name := strings.ToLower(strings.ReplaceAll(a.ID, "_", " "))
	if carrier, ok := strings.CutPrefix(a.Note, "carrier "); ok { // of a network's component
		name += " " + strings.ToLower(strings.ReplaceAll(carrier, "_", " "))
	}
	for _, h := range hints {
		for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
			if w == h.word || len(h.word) > 3 && strings.HasPrefix(w, h.word) {
				return h.c
			}
		}
		if strings.Contains(h.word, " ") && strings.Contains(name, h.word) {
			return h.c
		}
	}
	if c, ok := kinds[a.Kind]; ok {
		return c
	}
	return other
}

// palette gives every asset its colour: that of its sort, in shades where
// several of a sort share a place. It depends on names, places and kinds alone,
// so an asset has the same colour in every run of a system.
type palette struct {
	colour   map[string]string
	category map[string]category
}

func (d *data) colours() palette {
	p := palette{map[string]string{}, map[string]category{}}
	if d.sys == nil {
		return p
	}
	type neighbours struct {
		c     category
		place string
	}
	members := map[neighbours][]string{}
	outward := map[string]bool{} // lines with a grid at their far end
	for _, f := range d.flows {
		if owner, _, ok := strings.Cut(f.bus, "."); ok && d.busPlace(f.bus) == "" && f.asset != owner {
			outward[owner] = true
		}
	}
	for i := range d.sys.Assets {
		a := &d.sys.Assets[i]
		c := categoryOf(a)
		if c == wires && outward[a.ID] {
			c = border
		}
		p.category[a.ID] = c
		members[neighbours{c, a.Place}] = append(members[neighbours{c, a.Place}], a.ID)
	}
	for n, ids := range members {
		// What a stack of the place shows at its widest comes first.
		sort.Slice(ids, func(i, j int) bool {
			if a, b := d.leads(ids[i]), d.leads(ids[j]); a != b {
				return a
			}
			return ids[i] < ids[j]
		})
		for k, id := range ids {
			p.colour[id] = shade(categories[n.c].colour, k)
		}
	}
	return p
}

func (p palette) of(asset string) string {
	if c, ok := p.colour[asset]; ok {
		return c
	}
	return categories[other].colour
}

// leads tells the kinds that take their sort's own colour first.
func (d *data) leads(id string) bool {
	switch d.asset[id].Kind {
	case "potline", "interconnector":
		return true
	}
	return false
}

// shade is the k-th variant of a colour: itself, then lighter and darker ones.
func shade(colour string, k int) string {
	if k == 0 {
		return colour
	}
	mixes := []float64{0.38, -0.22, 0.62, -0.36, 0.2, -0.1, 0.5}
	m := mixes[(k-1)%len(mixes)]
	var r, g, b float64
	var ri, gi, bi int
	fmt.Sscanf(colour, "#%02x%02x%02x", &ri, &gi, &bi)
	r, g, b = float64(ri), float64(gi), float64(bi)
	mix := func(v float64) int {
		if m > 0 {
			return int(math.Round(v + (255-v)*m))
		}
		return int(math.Round(v * (1 + m)))
	}
	return fmt.Sprintf("#%02x%02x%02x", mix(r), mix(g), mix(b))
}
