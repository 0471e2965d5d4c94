package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/run"
)

// mostCells is how many cells a sheet of hourly numbers may have; more, and
// the sheet is left to the Parquet tables and only the days are written.
const mostCells = 2_000_000

// book writes sheets by streaming: a year of hours stays small in memory.
type book struct {
	*excelize.File
	style map[string]int
}

// The number formats of cells.
const (
	formatHead   = "head"
	formatTitle  = "title"
	formatText   = "text"
	formatNumber = "number" // thousands grouped, decimals by size: see formatOf
	formatWhole  = "whole"
	formatTwo    = "two"
	formatFour   = "four"
	formatTiny   = "tiny"
	formatTime   = "time"
	formatDay    = "day"
	formatWarn   = "warn"
)

func workbook(w io.Writer, d *data) error {
	b := &book{File: excelize.NewFile(), style: map[string]int{}}
	defer b.Close()
	for name, s := range map[string]*excelize.Style{
		formatHead: {Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "bottom"},
			Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "1F262D"}}},
		formatTitle: {Font: &excelize.Font{Bold: true, Size: 16}},
		formatText:  {Alignment: &excelize.Alignment{Vertical: "top"}},
		formatWhole: {CustomNumFmt: new("#,##0")},
		formatTwo:   {CustomNumFmt: new("#,##0.00")},
		formatFour:  {CustomNumFmt: new("0.0000")},
		formatTiny:  {CustomNumFmt: new("0.00E+00")},
		formatTime:  {CustomNumFmt: new("yyyy-mm-dd hh:mm")},
		formatDay:   {CustomNumFmt: new("yyyy-mm-dd")},
		formatWarn:  {Font: &excelize.Font{Color: "8A3D00"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FBEED9"}}},
	} {
		id, err := b.NewStyle(s)
		if err != nil {
			return err
		}
		b.style[name] = id
	}
	var notes []string
	steps := []func(*book, *data, *[]string) error{
		figuresSheet, capacitiesSheet, moneySheet, balancesSheet, limitsSheet, useSheet, eventsSheet, pricesSheet, flowsSheet, levelsSheet, originsSheet,
	}
	// The cover is made first to stand first, and filled last.
	if err := b.SetSheetName("Sheet1", "Cover"); err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(b, d, &notes); err != nil {
			return err
		}
	}
	if err := coverSheet(b, d, notes); err != nil {
		return err
	}
	b.SetActiveSheet(0)
	return b.Write(w)
}

// column of a sheet.
type column struct {
	head   string
	width  float64
	format string
}

// sheet writes a table with a frozen head and first column. next returns a row of
// values, or nil at the end.
func (b *book) sheet(title string, columns []column, next func() []any) error {
	if _, err := b.NewSheet(title); err != nil {
		return err
	}
	sw, err := b.NewStreamWriter(title)
	if err != nil {
		return err
	}
	for i, c := range columns {
		if err := sw.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: b.style[formatHead], Value: printable(c.head)}
	}
	if err := sw.SetRow("A1", head); err != nil {
		return err
	}
	r := 1
	cells := make([]any, len(columns))
	for row := next(); row != nil; row = next() {
		r++
		for i, v := range row {
			cells[i] = b.cell(v, columns[i].format)
		}
		at, err := excelize.CoordinatesToCellName(1, r)
		if err != nil {
			return err
		}
		if err := sw.SetRow(at, cells[:len(row)]); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// cell gives a value its format. What Excel cannot hold as a number (infinity,
// nothing) becomes a word or an empty cell.
func (b *book) cell(v any, format string) any {
	switch x := v.(type) {
	case float64:
		switch {
		case math.IsNaN(x):
			return nil
		case math.IsInf(x, 0):
			return excelize.Cell{StyleID: b.style[formatText], Value: "none"}
		}
		if format == formatNumber {
			format = formatOf(x)
		}
	case string:
		v = printable(x)
		if format != formatWarn {
			format = formatText
		}
	}
	return excelize.Cell{StyleID: b.style[format], Value: v}
}

// formatOf shows three significant digits and more.
func formatOf(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1000 || v == math.Trunc(v):
		return formatWhole
	case a >= 1:
		return formatTwo
	case a >= 1e-3:
		return formatFour
	}
	return formatTiny
}

// printable drops what XML cannot carry.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

// rows walks over a slice.
func rows[T any](list []T, row func(T) []any) func() []any {
	i := 0
	return func() []any {
		if i == len(list) {
			return nil
		}
		i++
		return row(list[i-1])
	}
}

func coverSheet(b *book, d *data, notes []string) error {
	sw, err := b.NewStreamWriter("Cover")
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, 1, 26); err != nil {
		return err
	}
	if err := sw.SetColWidth(2, 2, 110); err != nil {
		return err
	}
	var v view
	d.titleBlock(&v)
	r := 0
	put := func(style string, values ...any) error {
		r++
		for i := range values {
			if s, ok := values[i].(string); ok {
				values[i] = printable(s)
			}
			st := b.style[formatText]
			if style != "" && i == 0 {
				st = b.style[style]
			}
			values[i] = excelize.Cell{StyleID: st, Value: values[i]}
		}
		at, err := excelize.CoordinatesToCellName(1, r)
		if err != nil {
			return err
		}
		return sw.SetRow(at, values)
	}
	lines := [][]any{{formatTitle, v.Title}, {"", v.Subtitle}, {"", ""}, {formatHead, v.Verdict, v.Detail}}
	if v.Stamp != "" || d.m.Synthetic {
		lines = append(lines, []any{formatWarn, "Synthetic weather", "Sun, wind and rivers are generated, not measured."})
	}
	lines = append(lines, []any{"", ""})
	for _, m := range v.Meta {
		lines = append(lines, []any{"", m.Name, m.Value})
	}
	lines = append(lines, []any{"", "Status", d.m.Status})
	if c := d.m.Certificate; c != nil {
		lines = append(lines, []any{"", "Certificate", fmt.Sprintf("%s, ok: %v", c.Kind, c.OK)})
		for _, x := range []struct {
			name string
			v    float64
		}{{"Largest violation, primal", c.Primal}, {"Largest violation, dual", c.Dual}, {"Gap", c.Gap}} {
			if !math.IsNaN(x.v) {
				lines = append(lines, []any{"", x.name, x.v})
			}
		}
	}
	for _, l := range v.Colophon {
		lines = append(lines, []any{"", "", l})
	}
	for _, l := range d.conflict {
		lines = append(lines, []any{formatWarn, "Conflict", l})
	}
	if v.Broken != "" {
		notes = append(notes, v.Broken)
	}
	for _, l := range append(append([]string{}, d.m.Notes...), notes...) {
		lines = append(lines, []any{"", "Note", l})
	}
	lines = append(lines, []any{"", ""}, []any{formatHead, "Inputs", "SHA-256"})
	for _, in := range d.m.Inputs {
		lines = append(lines, []any{"", in.Path, in.SHA256})
	}
	for _, l := range lines {
		if err := put(l[0].(string), l[1:]...); err != nil {
			return err
		}
	}
	return sw.Flush()
}

func figuresSheet(b *book, d *data, _ *[]string) error {
	if len(d.figures) == 0 {
		return nil
	}
	return b.sheet("Figures", []column{{"Group", 14, ""}, {"Name", 34, ""}, {"Of", 24, ""}, {"Value", 18, formatNumber}, {"Unit", 14, ""}, {"Meaning", 100, ""}},
		rows(d.figures, func(f run.Figure) []any {
			unit := f.Unit
			if unit == "" {
				unit = "share"
			}
			return []any{f.Group, f.Name, f.Asset, f.Value, unit, f.Meaning}
		}))
}

func capacitiesSheet(b *book, d *data, _ *[]string) error {
	if len(d.capacities) == 0 {
		return nil
	}
	cur := d.currency()
	return b.sheet("Capacities", []column{{"Asset", 26, ""}, {"Part", 14, ""}, {"Unit", 10, ""}, {"Existing", 16, formatNumber}, {"Built", 16, formatNumber}, {"Least to build", 16, formatNumber},
		{"Most to build", 16, formatNumber}, {"Capital [" + cur + "/a]", 20, formatNumber}, {"Fixed [" + cur + "/a]", 20, formatNumber}, {"Worth of one unit more [" + cur + "/a]", 24, formatNumber}},
		rows(d.capacities, func(c run.Capacity) []any {
			return []any{c.Asset, c.Part, c.Unit, c.Existing, c.Built, c.MinBuild, c.MaxBuild, c.Capital, c.Fixed, c.Worth}
		}))
}

func moneySheet(b *book, d *data, _ *[]string) error {
	if len(d.money) == 0 {
		return nil
	}
	return b.sheet("Money", []column{{"Asset", 26, ""}, {"Part", 14, ""}, {"Class", 12, ""}, {"Commodity", 16, ""}, {"Party", 20, ""}, {"Period", 10, ""}, {"Constant", 10, ""}, {"Amount [" + d.currency() + "/a]", 22, formatNumber}},
		rows(d.money, func(m run.Money) []any {
			constant := ""
			if m.Constant {
				constant = "yes"
			}
			return []any{m.Asset, m.Part, m.Class, m.Commodity, m.Party, m.Period, constant, m.Amount}
		}))
}

func balancesSheet(b *book, d *data, _ *[]string) error {
	if len(d.balances) == 0 {
		return nil
	}
	return b.sheet("Balances", []column{{"Bus", 30, ""}, {"Commodity", 16, ""}, {"Place", 16, ""}, {"Asset", 26, ""}, {"Part", 14, ""}, {"Role", 12, ""}, {"Period", 10, ""}, {"In [unit/a]", 20, formatNumber}, {"Out [unit/a]", 20, formatNumber}, {"Unit", 10, ""}},
		rows(d.balances, func(r run.Balance) []any {
			return []any{r.Bus, r.Commodity, r.Place, r.Asset, r.Part, r.Role, r.Period, r.In, r.Out, r.Unit}
		}))
}

func limitsSheet(b *book, d *data, notes *[]string) error {
	if len(d.limits) == 0 {
		return nil
	}
	list := d.limits
	if len(list) > 200_000 {
		// A limit of every hour fills a sheet; those that bind are what is asked for.
		list = nil
		for _, l := range d.limits {
			if math.Abs(l.Price) > 1e-7 {
				list = append(list, l)
			}
		}
		*notes = append(*notes, fmt.Sprintf("The sheet Limits has only the %d of %d rows that bind; tables/limits.parquet has all.", len(list), len(d.limits)))
	}
	return b.sheet("Limits", []column{{"Limit", 34, ""}, {"Over each", 12, ""}, {"Number", 10, formatNumber}, {"Value", 18, formatNumber}, {"Floor", 18, formatNumber}, {"Cap", 18, formatNumber}, {"Price [" + d.currency() + " a unit]", 20, formatNumber}},
		rows(list, func(l run.Limit) []any {
			return []any{l.Limit, l.Span, float64(l.Index), l.Value, l.Min, l.Max, l.Price}
		}))
}

func useSheet(b *book, d *data, _ *[]string) error {
	if len(d.uses) == 0 {
		return nil
	}
	return b.sheet("Use", []column{{"Asset", 26, ""}, {"Part", 14, ""}, {"What", 10, ""}, {"From", 30, ""}, {"To", 30, ""}, {"Done [a year]", 18, formatNumber}, {"Possible [a year]", 18, formatNumber},
		{"Largest rate", 16, formatNumber}, {"Largest possible", 16, formatNumber}, {"Share of the time at its limit", 16, formatFour}},
		rows(d.uses, func(u run.Use) []any {
			return []any{u.Asset, u.Part, u.What, u.From, u.To, u.Amount, u.Could, u.Peak, u.Most, u.Full}
		}))
}

func eventsSheet(b *book, d *data, _ *[]string) error {
	if d.sys == nil || len(d.sys.Events) == 0 {
		return nil
	}
	var list [][]any
	for i := range d.sys.Events {
		e := &d.sys.Events[i]
		from, until := d.eventTime(e)
		for _, c := range e.Changes {
			list = append(list, []any{e.ID, when(from), when(until), c.Path, c.Text, c.Was, e.Source, e.Note})
		}
	}
	return b.sheet("Events", []column{{"Event", 20, ""}, {"From", 17, formatTime}, {"Until", 17, formatTime}, {"What changes", 40, ""}, {"It becomes", 20, ""}, {"Else", 20, ""}, {"Source", 16, ""}, {"Note", 60, ""}},
		rows(list, func(r []any) []any { return r }))
}

// when is an instant of the study's clock as Excel counts days.
func when(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// steps writes series of one grid beside each other, a row a step.
func (b *book) steps(title string, d *data, g *grid, list []*series, head func(*series) string) error {
	columns := []column{{"Start (" + offsetName(d.offset) + ")", 17, formatTime}}
	for _, s := range list {
		columns = append(columns, column{head(s), 14, formatTwo})
	}
	i := 0
	return b.sheet(title, columns, func() []any {
		if i == len(g.start) {
			return nil
		}
		row := []any{when(g.start[i])}
		for _, s := range list {
			row = append(row, s.v[i])
		}
		i++
		return row
	})
}

// byDay writes the means of days of series no coarser than a day.
func (b *book) byDay(title string, list []*series, head func(*series) string) error {
	type key struct {
		day int64
		col int
	}
	total, hours := map[key]float64{}, map[key]float64{}
	days := map[int64]bool{}
	var order []int64
	for col, s := range list {
		for i, v := range s.v {
			if math.IsNaN(v) {
				continue
			}
			day := floorDay(s.grid.start[i])
			if !days[day] {
				days[day] = true
				order = append(order, day)
			}
			total[key{day, col}] += v * s.grid.hours[i]
			hours[key{day, col}] += s.grid.hours[i]
		}
	}
	slices.Sort(order)
	columns := []column{{"Day (means)", 12, formatDay}}
	for _, s := range list {
		columns = append(columns, column{head(s), 14, formatTwo})
	}
	return b.sheet(title, columns, rows(order, func(day int64) []any {
		row := []any{when(day)}
		for col := range list {
			k := key{day, col}
			if hours[k] == 0 {
				row = append(row, math.NaN())
			} else {
				row = append(row, total[k]/hours[k])
			}
		}
		return row
	}))
}

// spread writes series by day and, where they fit, by hour. Coarser grids have
// sheets of their own.
func (b *book) spread(title string, d *data, list []*series, head func(*series) string, notes *[]string) error {
	var byDay []*series
	byGrid := map[*grid][]*series{}
	var grids []*grid
	for _, s := range list {
		if len(s.v) == 0 {
			continue
		}
		if byGrid[s.grid] == nil {
			grids = append(grids, s.grid)
		}
		byGrid[s.grid] = append(byGrid[s.grid], s)
		if s.grid.hours[0] <= 24 {
			byDay = append(byDay, s)
		}
	}
	if len(byDay) > 0 {
		if len(byDay) > 16_000 {
			*notes = append(*notes, fmt.Sprintf("%s: only the first 16,000 of %d columns fit a sheet.", title, len(byDay)))
			byDay = byDay[:16_000]
		}
		if err := b.byDay(title+" by day", byDay, head); err != nil {
			return err
		}
	}
	for _, g := range grids {
		cells := len(g.start) * len(byGrid[g])
		if g.hours[0] == 24 && len(grids) == 1 || len(g.start) > 1_000_000 || len(byGrid[g]) > 16_000 {
			continue
		}
		if cells > mostCells {
			*notes = append(*notes, fmt.Sprintf("%s of grid %s have %d numbers, too many for a sheet; tables/*.parquet has them.", title, g.name, cells))
			continue
		}
		if err := b.steps(title+" "+g.name, d, g, byGrid[g], head); err != nil {
			return err
		}
	}
	return nil
}

func pricesSheet(b *book, d *data, notes *[]string) error {
	return b.spread("Prices", d, d.prices, func(s *series) string { return s.bus + " [" + s.unit + "]" }, notes)
}

func flowsSheet(b *book, d *data, notes *[]string) error {
	// Flows between an asset and its own inside say nothing to a reader of
	// sheets; the Parquet table has them.
	var list []*series
	for _, s := range d.flows {
		if d.busPlace(s.bus) != "" {
			list = append(list, s)
		}
	}
	return b.spread("Flows", d, list, func(s *series) string {
		name := s.asset
		if s.part != "" {
			name += " " + s.part
		}
		if s.role == "shed" || s.role == "surplus" || s.role == "elastic" {
			name += " " + s.role
		}
		return name + " into " + s.bus + " [" + s.unit + "]"
	}, notes)
}

func levelsSheet(b *book, d *data, notes *[]string) error {
	return b.spread("Levels", d, d.levels, func(s *series) string {
		name := s.asset
		if s.part != "" {
			name += " " + s.part
		}
		return name + " [" + s.unit + "]"
	}, notes)
}

func originsSheet(b *book, d *data, _ *[]string) error {
	if d.sys == nil {
		return nil
	}
	known := map[string]*run.Source{}
	for i := range d.sys.Sources {
		known[d.sys.Sources[i].ID] = &d.sys.Sources[i]
	}
	var list [][]any
	for _, a := range d.sys.Assets {
		for _, c := range a.Cited {
			grade, _ := d.grade(c.Source, known)
			list = append(list, []any{a.ID, c.Attribute, c.Text, c.Source, grade, c.Note})
		}
	}
	if len(list) > 0 {
		if err := b.sheet("Cited values", []column{{"Asset", 26, ""}, {"Attribute", 26, ""}, {"Value as written", 30, ""}, {"Source", 20, ""}, {"Grade", 30, ""}, {"Note", 60, ""}},
			rows(list, func(r []any) []any { return r })); err != nil {
			return err
		}
	}
	if len(d.sys.Sources) == 0 {
		return nil
	}
	return b.sheet("Sources", []column{{"Source", 20, ""}, {"Title", 80, ""}, {"Address", 60, ""}, {"Grade", 30, ""}},
		rows(d.sys.Sources, func(s run.Source) []any {
			grade, _ := gradeWords(s.Grade)
			return []any{s.ID, s.Title, s.URL, grade}
		}))
}
