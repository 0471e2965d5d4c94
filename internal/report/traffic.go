package report

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

func sortBy[T any](list []T, less func(a, b T) bool) {
	sort.SliceStable(list, func(i, j int) bool { return less(list[i], list[j]) })
}

// sortedByAmount lists names by amount, the largest first.
func sortedByAmount(amounts map[string]float64) []string {
	var out []string
	for a := range amounts {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool {
		if a, b := math.Abs(amounts[out[i]]), math.Abs(amounts[out[j]]); a != b {
			return a > b
		}
		return out[i] < out[j]
	})
	return out
}

// dayCourse is a rate by the day: means of a day times 24, with the starts of the
// days and the end of the last. Steps longer than a day stay as they are.
func dayCourse(g *grid, v []float64) (start []int64, out picture.Numbers) {
	for i := 0; i < len(g.start); {
		day, j := floorDay(g.start[i]), i
		sum, hours := 0.0, 0.0
		for j < len(g.start) && floorDay(g.start[j]) == day && g.start[j] >= g.start[i] {
			if !math.IsNaN(v[j]) {
				sum += v[j] * g.hours[j]
				hours += g.hours[j]
			}
			j++
		}
		start = append(start, g.start[i])
		if hours > 0 {
			out = append(out, 24*sum/hours)
		} else {
			out = append(out, math.NaN())
		}
		i = j
	}
	if n := len(g.start); n > 0 {
		start = append(start, g.end(n-1))
	}
	return start, out
}

// trafficSection shows the vehicles of gates against what may pass, and the
// loaded trucks on each road. Vehicles are known by their unit.
func (d *data) trafficSection() *section {
	s := &section{ID: "traffic", Title: "Gates and roads", Lead: "Vehicles by the day. A gate counts both directions; a truck that comes back empty passes it twice."}
	for _, bus := range d.countedBuses("vehicle", false) {
		if len(s.Blocks) == 6 {
			break
		}
		if f := d.gate(bus, len(s.Blocks)); f != nil {
			s.Blocks = append(s.Blocks, block{Figure: f})
		}
	}
	if f := d.truckCourse(); f != nil {
		s.Blocks = append(s.Blocks, block{Figure: f})
	}
	if t := d.truckTable(); t != nil {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// countedBuses lists the buses of commodities that are counted in a unit.
func (d *data) countedBuses(unit string, account bool) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range d.flows {
		if !seen[f.bus] && d.unit(f.commodity) == unit && (d.balance(f.commodity) == "account") == account && len(f.v) > 0 {
			seen[f.bus] = true
			out = append(out, f.bus)
		}
	}
	return out
}

// gate is the picture of one gate: who passes, day by day, under what may pass.
func (d *data) gate(bus string, k int) *figure {
	spec := &picture.Stack{Unit: "vehicles a day", Label: "both directions", Spans: d.spans()}
	var giver *series
	total := map[string]float64{}
	bands := map[string]picture.Numbers{}
	apart := false
	for _, f := range d.flows {
		if f.bus != bus {
			continue
		}
		apart = apart || !f.grid.whole()
		v := quiet(f.v)
		net := 0.0
		for t, x := range v {
			net += x * f.grid.weight[t]
		}
		if net > 0 {
			if f.role == "unit" && giver == nil {
				giver = f
			}
			continue
		}
		for t := range v {
			v[t] = -v[t]
		}
		start, day := dayCourse(f.grid, v)
		spec.Start = start
		if bands[f.asset] == nil {
			bands[f.asset] = day
		} else {
			for t := range day {
				bands[f.asset][t] += day[t]
			}
		}
		total[f.asset] -= net
	}
	if len(bands) == 0 || len(spec.Start) < 3 {
		return nil
	}
	for i, a := range sortedByAmount(total) {
		spec.Bands = append(spec.Bands, picture.Band{Name: d.assetName(a), Colour: bandColours[i%len(bandColours)], Values: bands[a]})
	}
	where := d.placeName(d.busPlace(bus))
	if giver != nil {
		where = d.assetName(giver.asset)
		spec.Limit = d.mayPass(giver, len(spec.Start)-1)
	}
	title := "Vehicles at " + where + ", day by day"
	sum, n, open, closed, most := 0.0, 0.0, 0.0, []int64(nil), 0.0
	for t := range len(spec.Start) - 1 {
		day := 0.0
		for _, b := range spec.Bands {
			if !math.IsNaN(b.Values[t]) {
				day += b.Values[t]
			}
		}
		hours := float64(spec.Start[t+1] - spec.Start[t])
		sum, n, most = sum+day*hours, n+hours, math.Max(most, day)
		if spec.Limit != nil {
			if spec.Limit.Values[t] <= 0 {
				closed = append(closed, spec.Start[t])
			}
			open += spec.Limit.Values[t] * hours
		}
	}
	caption := fmt.Sprintf("On the mean of all days %s vehicles pass, at most %s.", whole(sum/n), whole(most))
	if spec.Limit != nil && open > 0 {
		caption = fmt.Sprintf("On the mean of all days %s vehicles pass, at most %s; %s might (%s used).", whole(sum/n), whole(most), whole(open/n), say(sum/open, ""))
		if r := d.useOf(giver.asset, giver.part); r != nil && r.Full >= 0.005 {
			caption += fmt.Sprintf(" At its limit %s of the time.", say(r.Full, ""))
		}
		if c := daysList(closed, spec.Start); c != "" {
			caption += " Closed on " + c + "."
		}
	}
	if apart {
		caption += " The days shown stand for others of the year."
	}
	spec.Base = d.base(title + ". " + caption)
	return &figure{ID: fmt.Sprintf("gate-%d", k), Title: title, Caption: caption, SVG: draw(spec), Kind: "stack", Spec: spec}
}

// whole writes a number of vehicles.
func whole(v float64) string { return picture.Number(math.Round(v)) }

// bandColours part the users of a gate or a road, which are all of one sort.
var bandColours = []string{"#0b5563", "#c8502a", "#d9a441", "#7d55a0", "#5b8c5a", "#56a8dc", "#8a6d5b", "#a9b0b7"}

// mayPass is what a gate lets pass each day: its availability by the step where
// that changes, else the largest rate of its bound.
func (d *data) mayPass(giver *series, days int) *picture.Line {
	line := &picture.Line{Name: "may pass", Unit: "vehicles a day", Colour: "#b3261e"}
	if s := d.availableOf(giver.asset, giver.part); s != nil {
		if _, v := dayCourse(s.grid, s.v); len(v) == days {
			line.Values = v
			return line
		}
	}
	r := d.useOf(giver.asset, giver.part)
	if r == nil || math.IsInf(r.Most, 0) {
		return nil
	}
	line.Values = make(picture.Numbers, days)
	for t := range line.Values {
		line.Values[t] = 24 * r.Most
	}
	return line
}

func (d *data) useOf(asset, part string) *run.Use {
	for i := range d.uses {
		if u := &d.uses[i]; u.Asset == asset && u.Part == part && u.What == "unit" {
			return u
		}
	}
	return nil
}

func (d *data) availableOf(asset, part string) *series {
	for _, s := range d.available {
		if s.asset == asset && s.part == part && len(s.v) > 0 {
			return s
		}
	}
	return nil
}

// daysList names days, neighbours as stretches; "" of none, a number of many.
func daysList(days []int64, starts []int64) string {
	next := map[int64]int64{}
	for i := 0; i+1 < len(starts); i++ {
		next[starts[i]] = starts[i+1]
	}
	var out []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && next[days[j]] == days[j+1] {
			j++
		}
		from, to := time.UnixMilli(days[i]).UTC(), time.UnixMilli(next[days[j]]-1).UTC()
		switch {
		case from.Format("2 January") == to.Format("2 January"):
			out = append(out, from.Format("2 January"))
		case from.Month() == to.Month():
			out = append(out, from.Format("2")+" to "+to.Format("2 January"))
		default:
			out = append(out, from.Format("2 January")+" to "+to.Format("2 January"))
		}
		i = j + 1
	}
	if len(out) > 8 {
		return fmt.Sprintf("%d days", len(days))
	}
	return list(out)
}

// truckCourse stacks the loaded trucks of every road by the day.
func (d *data) truckCourse() *figure {
	total, bands, hours := map[string]float64{}, map[string]picture.Numbers{}, 0.0
	spec := &picture.Stack{Unit: "loaded trucks a day", Label: "each where it sets out", Spans: d.spans()}
	for _, bus := range d.countedBuses("truck", true) {
		for _, f := range d.flows {
			if f.bus != bus || f.asset == "" {
				continue
			}
			v := quiet(f.v)
			start, day := dayCourse(f.grid, v)
			if spec.Start == nil {
				spec.Start = start
				for _, w := range f.grid.weight {
					hours += w
				}
			}
			if len(day) != len(spec.Start)-1 {
				continue
			}
			if bands[f.asset] == nil {
				bands[f.asset] = make(picture.Numbers, len(day))
			}
			for t, x := range day {
				bands[f.asset][t] += x
			}
			for t, x := range v {
				if !math.IsNaN(x) {
					total[f.asset] += x * f.grid.weight[t]
				}
			}
		}
	}
	if len(bands) == 0 || len(spec.Start) < 3 {
		return nil
	}
	sum := 0.0
	for i, a := range sortedByAmount(total) {
		if total[a] <= 0 {
			continue
		}
		sum += total[a]
		spec.Bands = append(spec.Bands, picture.Band{Name: d.assetName(a), Colour: bandColours[i%len(bandColours)], Values: bands[a]})
	}
	if sum == 0 || hours == 0 {
		return nil
	}
	caption := fmt.Sprintf("On the mean of all days %s loaded trucks set out.", whole(24*sum/hours))
	if d.reloads(total) {
		caption = "A load that goes on from one road to the next sets out on each of them."
	}
	spec.Base = d.base("Loaded trucks by road, day by day. " + caption + " Stacked" + ofBands(spec.Bands) + ".")
	return &figure{ID: "trucks", Title: "Loaded trucks, day by day", Caption: caption, SVG: draw(spec), Kind: "stack", Spec: spec}
}

// reloads tells whether what some of the roads carry goes on over another.
func (d *data) reloads(roads map[string]float64) bool {
	hauls := d.hauls()
	for _, a := range hauls {
		for _, b := range hauls {
			if roads[a.asset] > 0 && roads[b.asset] > 0 && a.commodity == b.commodity && a.to == b.from {
				return true
			}
		}
	}
	return false
}

// truckTable tells the vehicles a day of every road.
func (d *data) truckTable() *table {
	var order, names []string
	value := map[[2]string]float64{}
	unit := map[string]string{}
	seen := map[string]bool{}
	for _, f := range d.figures {
		if f.Group != "traffic" {
			continue
		}
		if !seen["a"+f.Asset] {
			seen["a"+f.Asset] = true
			order = append(order, f.Asset)
		}
		if !seen["n"+f.Name] {
			seen["n"+f.Name] = true
			names = append(names, f.Name)
		}
		value[[2]string{f.Asset, f.Name}], unit[f.Name] = f.Value, f.Unit
	}
	if len(order) == 0 {
		return nil
	}
	t := &table{Caption: "Vehicles a day, mean over all days", Head: []string{"Road"}, Foot: []cell{name("Together")}}
	for _, n := range names {
		head := headline(d.commodityName(n))
		if !strings.Contains(strings.ToLower(head), strings.TrimSuffix(unit[n], "/d")) {
			head += ", " + strings.TrimSuffix(unit[n], "/d") + "s"
		}
		t.Head = append(t.Head, head)
	}
	sums := make([]float64, len(names))
	sortBy(order, func(a, b string) bool { return value[[2]string{a, names[0]}] > value[[2]string{b, names[0]}] })
	for _, a := range order {
		row := []cell{name(d.assetName(a))}
		for k, n := range names {
			v, ok := value[[2]string{a, n}]
			sums[k] += v
			if !ok {
				row = append(row, cell{Num: true})
				continue
			}
			row = append(row, number(v))
		}
		t.Rows = append(t.Rows, row)
	}
	for k, v := range sums {
		roads := map[string]float64{}
		for _, a := range order {
			roads[a] = value[[2]string{a, names[k]}]
		}
		if unit[names[k]] == "truck/d" && d.reloads(roads) {
			t.Foot = append(t.Foot, cell{Text: "–", Num: true}) // the same loads, more than once
			continue
		}
		t.Foot = append(t.Foot, number(v))
	}
	return t
}
