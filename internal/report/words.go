package report

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
	"example.org/busbar/lp"
)

// plain writes an identifier for reading: spaces for underscores.
func plain(id string) string { return strings.ReplaceAll(id, "_", " ") }

// headline is plain with a capital.
func headline(id string) string {
	s := []rune(plain(id))
	if len(s) == 0 {
		return ""
	}
	return strings.ToUpper(string(s[:1])) + string(s[1:])
}

// sentence begins with a capital.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// human puts a number into the unit it is best read in: 6.9 TWh rather than
// 6,900,000 MWh. A number without a unit is a share, shown in percent. scale
// is what the shown number must be multiplied with to give v.
func human(v float64, unit string) (number, shown string, scale float64) {
	if unit == "" || unit == "1" {
		return picture.Number(v * 100), "%", 0.01
	}
	head, tail := unit, ""
	if i := strings.IndexAny(unit, " /"); i >= 0 {
		head, tail = unit[:i], unit[i:]
	}
	// Only plain amounts and amounts a year change their prefix: a price per
	// tonne stays as it is.
	if per := strings.Index(tail, "/"); per >= 0 && tail[per:] != "/a" {
		return picture.Number(v), unit, 1
	}
	type prefix struct {
		from  float64
		scale float64
		head  string
	}
	var steps []prefix
	switch {
	case head == "MWh":
		steps = []prefix{{9.995e5, 1e6, "TWh"}, {9.995e3, 1e3, "GWh"}}
	case head == "MW":
		steps = []prefix{{9.995e3, 1e3, "GW"}}
	case head == "m3":
		steps = []prefix{{9.995e5, 1e6, "million m3"}}
	case head == "t":
		steps = []prefix{{9.995e5, 1e6, "Mt"}, {9.995e3, 1e3, "kt"}}
	case isMoney(head):
		steps = []prefix{{9.9995e8, 1e9, "billion " + head}, {9.995e5, 1e6, "million " + head}}
	}
	for _, s := range steps {
		if math.Abs(v) >= s.from {
			return picture.Number(v / s.scale), s.head + tail, s.scale
		}
	}
	return picture.Number(v), unit, 1
}

// isMoney tells whether a unit is a currency's code, with a year or without.
func isMoney(u string) bool {
	if len(u) < 3 || u == "MVA" {
		return false
	}
	for i, r := range u {
		if i < 3 && (r < 'A' || r > 'Z') || i >= 3 && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}

// say is a number with its unit, for a sentence.
func say(v float64, unit string) string {
	n, u, _ := human(v, unit)
	u = strings.Replace(u, "/a", " a year", 1)
	return strings.TrimSpace(n + " " + u)
}

// small writes a residual.
func small(v float64) string {
	switch {
	case math.IsNaN(v):
		return "unknown"
	case v == 0:
		return "0"
	}
	return strings.Replace(fmt.Sprintf("%.1e", v), "e-0", "e-", 1)
}

// certificate says in words what is proved, and whose claim the rest is.
func certificate(m *run.Manifest) (verdict string, detail string, good bool) {
	c := m.Certificate
	if c == nil {
		switch m.Status {
		case "infeasible":
			return "Infeasible", "No plan meets every condition; the run has no certificate.", false
		case "":
			return "No answer", "The run has no certificate.", false
		}
		return headline(m.Status), "The run has no certificate.", false
	}
	within := fmt.Sprintf("allowed: %s each", small(lp.CertTolerance))
	numbers := fmt.Sprintf("largest violation of a condition %s, of a price condition %s, gap between cost and its proved bound %s (all relative; %s)",
		small(c.Primal), small(c.Dual), small(c.Gap), within)
	if w := c.Worst; w != nil && w.Name != "" && c.Primal > 0 {
		numbers += fmt.Sprintf("; the largest violation is at %s, %s in its own unit", w.Name, small(w.Violation))
	}
	switch {
	case c.Kind == lp.KindKKT && c.OK:
		return "Proved optimal", "Recomputed from the original problem, not taken from the solver: " + numbers + ".", true
	case c.Kind == lp.KindMIP && c.OK:
		return "Proved feasible, bound claimed", fmt.Sprintf("With the whole numbers fixed, the rest is proved optimal: %s. The lower bound of %s is the claim of %s and was not checked.",
			numbers, picture.Number(c.Bound), orSolver(c.BoundBy)), true
	case c.Kind == lp.KindSequence && c.OK:
		return "Each part proved", "Several problems were solved one after another; these are the worst of their certificates: " + numbers + ".", true
	case c.Kind == lp.KindFarkas && c.OK:
		return "Proved infeasible", "A combination of the conditions contradicts itself, and was checked: no plan can meet them all.", true
	case c.Kind == lp.KindRay && c.OK:
		return "Proved unbounded", "The cost can fall without end; the direction was checked. A price or a limit is missing.", true
	}
	detail = "The certificate does not hold"
	if c.Note != "" {
		detail += ": " + c.Note
	}
	return "Not proved", detail + ". " + headline(numbers) + ". Do not rely on the numbers below.", false
}

func orSolver(s string) string {
	if s == "" {
		return "the solver"
	}
	return s
}

// offsetName is the study's clock: "UTC+07:00".
func offsetName(o time.Duration) string {
	if o == 0 {
		return "UTC"
	}
	sign := "+"
	if o < 0 {
		sign, o = "−", -o
	}
	return fmt.Sprintf("UTC%s%02d:%02d", sign, int(o.Hours()), int(o.Minutes())%60)
}

// list joins with commas and an and.
func list(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// gradeWords are the grades of a source as the report names them; the second
// is whether a reader must be warned.
func gradeWords(grade string) (string, bool) {
	switch grade {
	case "read":
		return "read", false
	case "derived":
		return "derived", false
	case "general-knowledge":
		return "general knowledge, not verified", true
	case "assumption":
		return "assumption, not verified", true
	case "":
		return "no grade given, not verified", true
	}
	return grade, false
}

// placeName is the name of a place, or its identifier.
func (d *data) placeName(id string) string {
	if p := d.place[id]; p != nil && p.Name != "" {
		return p.Name
	}
	return plain(id)
}

// busPlace is the place of a bus, "" of a private one.
func (d *data) busPlace(bus string) string {
	if p, ok := d.placeOf[bus]; ok {
		return p
	}
	if _, p, ok := strings.Cut(bus, "@"); ok {
		return p
	}
	return ""
}

// private tells the inside of an asset from a place's bus and from an account
// without a place.
func (d *data) private(bus, commodity string) bool {
	return d.busPlace(bus) == "" && d.commodity[commodity] == nil
}

// busName is a bus for reading: "Oudomxay park, electricity".
func (d *data) busName(bus, commodity string) string {
	if p := d.busPlace(bus); p != "" {
		return d.placeName(p) + ", " + d.commodityName(commodity)
	}
	if d.commodity[bus] != nil {
		return d.commodityName(bus)
	}
	return d.limitName(bus)
}

// shortNames names buses by what tells them apart: the place where all are of
// one commodity, the commodity where all are at one place, else both.
func (d *data) shortNames(buses []string, commodity func(bus string) string) map[string]string {
	places, commodities := map[string]bool{}, map[string]bool{}
	for _, b := range buses {
		places[d.busPlace(b)], commodities[commodity(b)] = true, true
	}
	out := map[string]string{}
	for _, b := range buses {
		switch {
		case d.busPlace(b) == "":
			out[b] = d.busName(b, commodity(b))
		case len(commodities) == 1:
			out[b] = d.placeName(d.busPlace(b))
		case len(places) == 1:
			out[b] = d.commodityName(commodity(b))
		default:
			out[b] = d.busName(b, commodity(b))
		}
	}
	return out
}

// commodityName is how a commodity is called within a sentence.
func (d *data) commodityName(id string) string {
	c := d.commodity[id]
	if c == nil || c.Name == "" {
		return plain(id)
	}
	first, n := utf8.DecodeRuneInString(c.Name)
	if second, _ := utf8.DecodeRuneInString(c.Name[n:]); unicode.IsUpper(second) || unicode.IsDigit(second) {
		return c.Name // CO2, PFC
	}
	return string(unicode.ToLower(first)) + c.Name[n:]
}

// assetName is the name that the workspace gives an asset, or its identifier.
func (d *data) assetName(id string) string {
	if id == "" {
		return "not of an asset"
	}
	if a := d.asset[id]; a != nil && a.Name != "" {
		return a.Name
	}
	return plain(id)
}

// limitName says whose limit it is, where it is an asset's.
func (d *data) limitName(id string) string {
	if d.asset[id] != nil {
		return d.assetName(id)
	}
	if owner, rest, ok := strings.Cut(id, "."); ok && d.asset[owner] != nil {
		return d.assetName(owner) + ": " + plain(rest)
	}
	return plain(id)
}

// partName is an asset with its part.
func (d *data) partName(asset, part string) string {
	if part == "" {
		return d.assetName(asset)
	}
	return d.assetName(asset) + ", " + plain(part)
}
