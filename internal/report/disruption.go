package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// spans are the study's disruptions on its own clock, for shading.
func (d *data) spans() []picture.Span {
	if d.sys == nil {
		return nil
	}
	var out []picture.Span
	for i := range d.sys.Events {
		from, until := d.eventTime(&d.sys.Events[i])
		out = append(out, picture.Span{Name: d.eventName(&d.sys.Events[i]), From: from, To: until})
	}
	return out
}

// eventName is an event with what it is about, for a label: "Closed: Thai
// crossings".
func (d *data) eventName(e *run.Event) string {
	label := headline(e.ID)
	if len(e.Changes) == 0 {
		return label
	}
	about, _, _ := strings.Cut(d.attributeName(e.Changes[0].Path), ": ")
	if strings.Contains(strings.ToLower(label), strings.ToLower(about)) {
		return label
	}
	label += ": " + about
	if n := len(e.Changes) - 1; n > 0 {
		label += fmt.Sprintf(" and %d more", n)
	}
	return label
}

// eventWords tells an event in a sentence.
func (d *data) eventWords(e *run.Event) string {
	from, until := d.eventTime(e)
	var all []string
	for i, c := range e.Changes {
		if i == 3 && len(e.Changes) > 4 {
			all = append(all, fmt.Sprintf("%d other things change", len(e.Changes)-i))
			break
		}
		scaled := ""
		if strings.HasSuffix(c.Path, ".scale") {
			scaled = " of what it is"
		}
		all = append(all, fmt.Sprintf("%s becomes %s%s", d.attributeName(c.Path), c.Text, scaled))
	}
	return fmt.Sprintf("From %s to %s (%s), %s.", dayOf(from), dayOf(until-1), span(float64(until-from)/3.6e6), list(all))
}

// eventTime is when an event begins and ends, ms of the study's clock.
func (d *data) eventTime(e *run.Event) (from, until int64) {
	return e.From.UnixMilli() + d.offset.Milliseconds(), e.Until.UnixMilli() + d.offset.Milliseconds()
}

// attributeName says a path of the workspace in words: "Thai road: capacity".
func (d *data) attributeName(path string) string {
	section, rest, _ := strings.Cut(path, ".")
	id, attr, _ := strings.Cut(rest, ".")
	attr = plain(strings.ReplaceAll(strings.TrimSuffix(attr, ".scale"), ".", ", "))
	switch section {
	case "assets":
		return d.assetName(id) + ": " + attr
	case "commodities":
		return headline(d.commodityName(id)) + ": " + attr
	}
	return path
}

// eventSection tells the disruptions of the study, what stocks do through them,
// and what goes unserved.
func (d *data) eventSection() *section {
	if d.sys == nil || len(d.sys.Events) == 0 {
		return nil
	}
	s := &section{ID: "events", Title: "Disruptions", Lead: "What is different for a part of the time. The plan knows it in advance and prepares as far as it may; in life it comes unannounced."}
	t := &table{Caption: "Events", Wide: true, Head: []string{"Event", "From", "To", "Days", "What changes", "It becomes", "Else", "Note"}}
	for i := range d.sys.Events {
		e := &d.sys.Events[i]
		from, until := d.eventTime(e)
		days := float64(until-from) / float64(msPerDay)
		for k, c := range e.Changes {
			row := []cell{name(""), text(""), text(""), {Num: true}}
			note := ""
			if k == 0 {
				row = []cell{name(headline(e.ID)), text(dayOf(from)), text(dayOf(until - 1)), number(days)}
				note = strings.TrimSpace(e.Note + " " + cite(e.Source))
			}
			becomes := c.Text
			if strings.HasSuffix(c.Path, ".scale") {
				becomes += " of what it is"
			}
			was := c.Was
			if was == "" {
				was = "nothing written"
			}
			t.Rows = append(t.Rows, append(row, text(d.attributeName(c.Path)), text(becomes), text(was), text(note)))
		}
	}
	s.Blocks = append(s.Blocks, block{Table: t})
	if f := d.coverPicture(); f != nil {
		s.Blocks = append(s.Blocks, block{Figure: f})
	}
	if t := d.stockTable(); t != nil {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	for _, f := range d.disturbed() {
		s.Blocks = append(s.Blocks, block{Figure: f})
	}
	return s
}

func cite(source string) string {
	if source == "" {
		return ""
	}
	return "(" + source + ")"
}

func dayOf(ms int64) string { return time.UnixMilli(ms).UTC().Format("2 January 2006") }

// stock is a store at a place, with what is used of it a day.
type stock struct {
	level *series
	use   float64
}

// stocks lists the stores whose cover is told among the figures.
func (d *data) stocks() []stock {
	var out []stock
	for _, l := range d.levels {
		if f, ok := d.figureOf("stock", "use", l.asset); ok && f.Value > 0 && len(l.v) > 1 {
			out = append(out, stock{l, f.Value})
		}
	}
	return out
}

// coverPicture draws the days that each stock would last, through the year.
func (d *data) coverPicture() *figure {
	spec := &picture.Lines{X: picture.Axis{Time: true}, Y: picture.Axis{Label: "stock", Unit: "days of mean use", Zero: true}, Spans: d.spans()}
	var said []string
	for _, s := range d.stocks() {
		if len(spec.Curves) == len(bandColours) {
			break
		}
		v := quiet(s.level.v)
		if !varies(v) {
			continue
		}
		x, y := daily(s.level.grid, v)
		low := math.Inf(1)
		for i := range y {
			y[i] /= s.use
			if y[i] < low {
				low = y[i]
			}
		}
		label := d.partName(s.level.asset, s.level.part)
		spec.Curves = append(spec.Curves, picture.Curve{Name: label, Colour: bandColours[len(spec.Curves)], X: x, Y: y})
		said = append(said, fmt.Sprintf("%s falls to %s", label, picture.Number(math.Max(low, 0))))
	}
	if len(spec.Curves) == 0 {
		return nil
	}
	spec.Base = d.base("Days of mean use that each stock would last, over the time of the study, disruptions shaded: " + list(said) + ".")
	return &figure{ID: "cover", Title: "How long stocks would last", SVG: draw(spec), Kind: "lines", Spec: spec,
		Caption: "Levels over the mean use of the year, means of a day; disruptions are shaded."}
}

// stockTable sets each stock at the start of each event against its lowest until
// the next begins or the study ends.
func (d *data) stockTable() *table {
	t := &table{Caption: "Stocks through the disruptions", Head: []string{"Event", "Stock", "Unit", "When it begins", "Lowest from then on", "On", "Days of use left"}}
	for i := range d.sys.Events {
		e := &d.sys.Events[i]
		from, until := d.eventTime(e)
		for j := range d.sys.Events { // until the next that begins after this one
			if at, _ := d.eventTime(&d.sys.Events[j]); at >= until {
				until = at
				break
			}
			if j == len(d.sys.Events)-1 {
				until = math.MaxInt64
			}
		}
		for _, s := range d.stocks() {
			g := s.level.grid
			start, low, on := math.NaN(), math.Inf(1), int64(0)
			for k, v := range quiet(s.level.v) {
				switch {
				case math.IsNaN(v):
				case g.end(k) <= from:
					start = v
				case g.start[k] < until && v < low:
					low, on = v, g.start[k]
				}
			}
			if math.IsInf(low, 0) || !varies(quiet(s.level.v)) {
				continue
			}
			low = math.Max(low, 0)
			t.Rows = append(t.Rows, []cell{name(headline(e.ID)), text(d.partName(s.level.asset, s.level.part)), text(s.level.unit), number(start), number(low), text(dayOf(on)), number(low / s.use)})
		}
	}
	if len(t.Rows) == 0 || len(t.Rows) > 60 {
		return nil
	}
	return t
}

// wayColours part what comes and goes at a place beside its demand and its stock.
var wayColours = []string{"#0b5563", "#c8502a", "#d9a441", "#56a8dc", "#7d55a0", "#8b929b"}

// disturbed draws the supply and use of places whose commodity is no hourly
// energy and is stocked or goes short, day by day through the disruptions.
func (d *data) disturbed() []*figure {
	const most = 6
	byBus := map[string][]*series{}
	short := map[string]float64{}
	var order []string
	for _, f := range d.flows {
		if d.busPlace(f.bus) == "" || len(f.v) == 0 || d.balance(f.commodity) == "account" || d.unit(f.commodity) == "vehicle" || strings.HasPrefix(d.unit(f.commodity), "MWh") {
			continue
		}
		if byBus[f.bus] == nil {
			order = append(order, f.bus)
		}
		byBus[f.bus] = append(byBus[f.bus], f)
		if f.role == "shed" {
			for t, v := range quiet(f.v) {
				short[f.bus] += v * f.grid.weight[t]
			}
		}
	}
	stocked, kept := map[string]bool{}, map[string]bool{} // buses, and the assets that keep
	for _, s := range d.stocks() {
		kept[s.level.asset] = true
		stocked[s.level.bus] = stocked[s.level.bus] || varies(quiet(s.level.v))
	}
	sortBy(order, func(a, b string) bool {
		if short[a] != short[b] {
			return short[a] > short[b]
		}
		return stocked[a] && !stocked[b]
	})
	var out []*figure
	for _, bus := range order {
		if len(out) == most || short[bus] <= 0 && !stocked[bus] {
			break
		}
		b := d.course(bus, byBus[bus])
		if b == nil || len(b.grid.start) < 3 || !b.grid.whole() {
			continue
		}
		spec := &picture.Stack{Unit: byBus[bus][0].unit, Spans: d.spans()}
		perDay := strings.HasSuffix(spec.Unit, "/h")
		if perDay {
			spec.Unit = strings.TrimSuffix(spec.Unit, "/h") + "/d"
		}
		ways := 0
		for k, band := range b.bands {
			start, v := dayCourse(b.grid, band.Values)
			if !perDay {
				for t := range v {
					v[t] /= 24
				}
			}
			spec.Start = start
			colour := band.Colour
			switch {
			case colour == categories[unserved].colour:
			case d.palette.category[b.assets[k]] == demand:
				colour = categories[demand].colour
			case kept[b.assets[k]]:
				colour = "#5b8c5a"
			default:
				colour = wayColours[ways%len(wayColours)]
				ways++
			}
			spec.Bands = append(spec.Bands, picture.Band{Name: band.Name, Colour: colour, Values: v})
		}
		title := headline(d.busName(bus, byBus[bus][0].commodity)) + ", day by day"
		caption := "Supply up, use down; what a stock gives back is supply."
		if short[bus] > 0 {
			caption += fmt.Sprintf(" %s goes unserved in all.", say(short[bus], d.unit(byBus[bus][0].commodity)))
		}
		spec.Base = d.base(title + ". " + caption + " Stacked" + ofBands(spec.Bands) + ".")
		out = append(out, &figure{ID: fmt.Sprintf("disturbed-%d", len(out)), Title: title, Caption: caption, SVG: draw(spec), Kind: "stack", Spec: spec})
	}
	return out
}

// unservedSection tells what of each demand was not met, and when.
func (d *data) unservedSection() *section {
	t := &table{Caption: "Not served", Wide: true, Head: []string{"Demand", "Where", "Not served", "Unit", "Of its need", "First", "Last", "Time"}}
	need := map[string]float64{}
	for _, b := range d.balances {
		if b.Role == "demand" {
			need[b.Bus+"\x00"+b.Asset] += b.Out
		}
	}
	var said []string
	for _, f := range d.flows {
		if f.role != "shed" {
			continue
		}
		sum, hours, first, last := 0.0, 0.0, -1, -1
		wanted := need[f.bus+"\x00"+f.asset]
		total := 0.0
		for _, w := range f.grid.weight {
			total += w
		}
		for t, v := range quiet(f.v) {
			if math.IsNaN(v) || v*total <= 1e-6*wanted {
				continue
			}
			if first < 0 {
				first = t
			}
			last = t
			sum += v * f.grid.weight[t]
			hours += f.grid.weight[t]
		}
		if first < 0 {
			continue
		}
		share := cell{Num: true}
		if wanted > 0 {
			share = percent(sum / wanted)
		}
		unit := d.unit(f.commodity)
		from, to := f.grid.start[first], f.grid.end(last)-1
		t.Rows = append(t.Rows, []cell{name(d.assetName(f.asset)), text(d.busName(f.bus, f.commodity)), number(sum), text(unit), share,
			text(dayOf(from) + d.dayOfEvent(from)), text(dayOf(to)), text(span(hours))})
		if len(said) < 4 {
			said = append(said, fmt.Sprintf("%s of %s (%s)", say(sum, unit), d.commodityName(f.commodity), d.assetName(f.asset)))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	lead := headline(list(said)) + " go unserved, because serving it would cost more than its price, or cannot be."
	return &section{ID: "unserved", Title: "What goes unserved", Lead: lead, Blocks: []block{{Table: t}}}
}

func span(hours float64) string {
	if hours >= 48 {
		return picture.Number(hours/24) + " days"
	}
	return picture.Number(hours) + " h"
}

// dayOfEvent says which day of a disruption a time falls on, " (day 26 of ...)".
func (d *data) dayOfEvent(ms int64) string {
	if d.sys == nil {
		return ""
	}
	for i := range d.sys.Events {
		if from, until := d.eventTime(&d.sys.Events[i]); ms >= from && ms < until {
			return fmt.Sprintf(" (day %d of %s)", (ms-from)/msPerDay+1, plain(d.sys.Events[i].ID))
		}
	}
	return ""
}
