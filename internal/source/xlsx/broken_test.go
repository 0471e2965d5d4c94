package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/source/xlsx"
)

// town is a workbook of the assets of example first over two days.
func town(t testing.TB) string {
	t.Helper()
	at := t.TempDir()
	var weather strings.Builder
	weather.WriteString("time,wind [1],sun [1],load [1]\n")
	for h := range 24 * 5 {
		fmt.Fprintf(&weather, "2030-01-%02dT%02d:00+07:00,0.%d,0.%d,%d\n", 1+h/24, h%24, 1+h%7, h%5, 90+h%24)
	}
	dir, book := filepath.Join(at, "town"), filepath.Join(at, "town.xlsx")
	for name, text := range map[string]string{
		"series/weather.csv": weather.String(),
		"system.yaml": `
system: Town
first_day: 2030-01-02
last_day: 2030-01-03
offset: "+07:00"
commodities: {electricity: {unit: MWh, step: 1h}}
places: {town: {name: Town, country: LA, at: [20.69, 101.98]}}
assets:
  load: {kind: demand, at: town, annual: 900 GWh/a, shape: series/weather.csv#load, shed: 2000 USD/MWh}
  wind: {kind: wind, at: town, availability: series/weather.csv#wind, build: {max: 1 GW, cost: 1570 USD/kW, life: 25 a}}
  sun: {kind: solar, at: town, availability: series/weather.csv#sun, build: {max: 1 GW, cost: 700 USD/kW, life: 25 a}}
  battery: {kind: battery, at: town, hours: 4 h, build: {energy: {max: 4 GWh, cost: 140 USD/kWh, life: 20 a}}}
  grid: {kind: grid_import, at: town, price: 90 USD/MWh, max: 60 MW}
`} {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if problems, err := xlsx.Export(dir, book, ""); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return book
}

// book is a workbook under the hands of a planner.
type book struct {
	*excelize.File
	t     *testing.T
	patch map[string]string // of a sheet's XML: a cell, and what stands there instead
}

// column finds a column by the name in its header.
func (b *book) column(sheet, name string) string {
	b.t.Helper()
	rows, err := b.GetRows(sheet)
	if err != nil {
		b.t.Fatal(err)
	}
	for i, h := range rows[0] {
		if h, _, _ = strings.Cut(h, " ["); h == name {
			letter, _ := excelize.ColumnNumberToName(i + 1)
			return letter
		}
	}
	b.t.Fatalf("sheet %s has no column %s", sheet, name)
	return ""
}

// put writes a value into the column of a name.
func (b *book) put(sheet, column string, row int, v any) {
	b.t.Helper()
	b.must(b.SetCellValue(sheet, fmt.Sprint(b.column(sheet, column), row), v))
}

func (b *book) format(sheet, column string, row int, s excelize.Style) {
	b.t.Helper()
	id, err := b.NewStyle(&s)
	b.must(err)
	at := fmt.Sprint(b.column(sheet, column), row)
	b.must(b.SetCellStyle(sheet, at, at, id))
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// xml replaces a cell as it lies in the file: what Excel writes and the
// library can't.
func (b *book) xml(sheet, column string, row int, inner string) {
	b.put(sheet, column, row, "PATCH")
	b.patch[sheet+"!"+fmt.Sprint(b.column(sheet, column), row)] = inner
}

// save writes the workbook with its patches.
func (b *book) save(file string) {
	b.t.Helper()
	var buf bytes.Buffer
	b.must(b.Write(&buf))
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	b.must(err)
	out, err := os.Create(file)
	b.must(err)
	w := zip.NewWriter(out)
	for _, f := range z.File {
		r, err := f.Open()
		b.must(err)
		data, err := io.ReadAll(r)
		b.must(err)
		for cell, inner := range b.patch {
			sheet, at, _ := strings.Cut(cell, "!")
			index, _ := b.GetSheetIndex(sheet)
			if f.Name != fmt.Sprintf("xl/worksheets/sheet%d.xml", index+1) {
				continue
			}
			was := regexp.MustCompile(`<c r="` + at + `"[^>]*>.*?</c>`)
			if at == "" { // a row behind all others
				was = regexp.MustCompile(`</sheetData>`)
			}
			if !was.Match(data) {
				b.t.Fatalf("%s has no cell %s", f.Name, at)
			}
			data = was.ReplaceAllLiteral(data, []byte(strings.ReplaceAll(inner, "AT", at)))
		}
		x, err := w.Create(f.Name)
		b.must(err)
		_, err = x.Write(data)
		b.must(err)
	}
	b.must(w.Close())
	b.must(out.Close())
}

// edit imports a workbook that somebody changed.
func edit(t *testing.T, file string, change func(b *book)) (lines []string, dir string) {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := &book{File: f, t: t, patch: map[string]string{}}
	change(b)
	at := t.TempDir()
	name := filepath.Join(at, "town.xlsx")
	b.save(name)
	dir = filepath.Join(at, "back")
	problems, err := xlsx.Import(name, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		lines = append(lines, xlsx.Line(p))
	}
	if _, err := os.Stat(dir); (err == nil) != (len(lines) == 0) {
		t.Errorf("%d problems, and the folder: %v", len(lines), err)
	}
	return lines, dir
}

var date = excelize.Style{CustomNumFmt: new("dd/mm/yyyy")}

// Every slip is told once, at its cell. Each want is the beginning of a line
// and a part of its text.
func TestBrokenWorkbooks(t *testing.T) {
	file := town(t)
	for name, c := range map[string]struct {
		change func(b *book)
		want   []string // place, code and a part of the text, parted by |
	}{
		"sheet misspelt": {func(b *book) { b.must(b.SetSheetName("kind wind", "kind winds")) },
			[]string{"town.xlsx:'kind winds'!A1: unknown-kind: |did you mean wind?"}},
		"sheet without kind": {func(b *book) { b.must(b.SetSheetName("kind wind", "Wind")) },
			[]string{"town.xlsx:Wind!A1: unknown-sheet: |did you mean kind wind?"}},
		"sheet of something else": {func(b *book) { _, err := b.NewSheet("Pivot 1"); b.must(err) },
			[]string{"town.xlsx:'Pivot 1'!A1: unknown-sheet: |a sheet of your own begins with _"}},
		"hidden sheet": {func(b *book) { b.must(b.SetSheetVisible("parties", false)) },
			[]string{"town.xlsx:parties!A1: hidden-sheet: |unhide it"}},
		"no system": {func(b *book) { b.must(b.DeleteSheet("system")) },
			[]string{
				"town.xlsx:system!A1: unknown-sheet: |no sheet system",
			}},
		"merged": {func(b *book) { b.must(b.MergeCell("kind wind", "B2", "C2")) },
			[]string{"town.xlsx:'kind wind'!B2: merged-cells: |B2:C2", "town.xlsx:'kind wind'!A2: asset-place: |"}}, // merging took the place away
		"error value": {func(b *book) { b.xml("kind grid_import", "max", 2, `<c r="AT" t="e"><f>1/0</f><v>#DIV/0!</v></c>`) },
			[]string{"town.xlsx:'kind grid_import'!Q2: cell-error: |#DIV/0!", "town.xlsx:'kind grid_import'!A2: missing: |max"}},
		"error in an attribute of choice": {func(b *book) { b.xml("kind wind", "variable", 2, `<c r="AT" t="e"><v>#REF!</v></c>`) },
			[]string{"town.xlsx:'kind wind'!Q2: cell-error: |#REF!"}},
		"formula never computed": {func(b *book) { b.xml("kind wind", "variable", 2, `<c r="AT"><f>1+1</f></c>`) },
			[]string{"town.xlsx:'kind wind'!Q2: cell-formula: |=1+1"}},
		"date in a name": {func(b *book) {
			b.put("kind wind", "name", 2, 46023)
			b.format("kind wind", "name", 2, date)
		}, []string{"town.xlsx:'kind wind'!B2: cell-date: |2026-01-01"}},
		"number for a date": {func(b *book) {
			b.put("sources", "id", 2, "S1")
			b.put("sources", "grade", 2, "read")
			b.put("sources", "date", 2, 2030)
		},
			[]string{"town.xlsx:sources!E2: cell-date: |the number 2030"}},
		"percent of a power": {func(b *book) {
			b.put("kind grid_import", "max", 2, 0.6)
			b.format("kind grid_import", "max", 2, excelize.Style{NumFmt: 9})
		}, []string{"town.xlsx:'kind grid_import'!Q2: unit-dimension: |60 % in a column of MW"}},
		"comma": {func(b *book) { b.put("kind grid_import", "max", 2, "1,234") },
			[]string{"town.xlsx:'kind grid_import'!Q2: number: |1,234"}},
		"dimension": {func(b *book) { b.put("kind grid_import", "max", 2, "60 MWh") },
			[]string{"town.xlsx:'kind grid_import'!Q2: unit-dimension: |60 MWh"}},
		"same id twice": {func(b *book) { b.put("kind wind", "id", 3, "wind") },
			[]string{"town.xlsx:'kind wind'!A3: duplicate-id: |town.xlsx:'kind wind'!A2"}},
		"same id in two sheets": {func(b *book) { b.put("kind solar", "id", 2, "battery") },
			[]string{"town.xlsx:'kind solar'!A2: duplicate-id: |town.xlsx:'kind battery'!A2"}},
		"no id": {func(b *book) { b.put("kind wind", "name", 5, "Northern wind") },
			[]string{"town.xlsx:'kind wind'!B5: missing-id: |no id"}},
		"bad id": {func(b *book) { b.put("parties", "id", 2, "Ann & Bob") },
			[]string{"town.xlsx:parties!A2: id: |Ann & Bob"}},
		"column misspelt": {func(b *book) { b.must(b.SetCellStr("kind wind", "L1", "capasity [MW]")) },
			[]string{"town.xlsx:'kind wind'!L1: unknown-key: |did you mean capacity?"}},
		"column twice": {func(b *book) { b.must(b.SetCellStr("kind wind", "L1", "name")) },
			[]string{"town.xlsx:'kind wind'!L1: duplicate-column: |first at B1"}},
		"column without unit": {func(b *book) { b.must(b.SetCellStr("kind wind", "L1", "capacity []")) },
			[]string{"town.xlsx:'kind wind'!L1: table-header: |capacity [MW]"}},
		"column without name": {func(b *book) { b.must(b.SetCellStr("kind wind", "AZ2", "a remark")) },
			[]string{"town.xlsx:'kind wind'!AZ2: table-header: |without a name"}},
		"unknown key": {func(b *book) { b.must(b.SetCellStr("system", "A3", "curency")) },
			[]string{"town.xlsx:system!A3: unknown-key: |"}},
		"far off": {func(b *book) { b.must(b.SetCellStr("parties", "XFD3", "x")) },
			[]string{"town.xlsx:parties!A1: too-large: |1000 columns"}},
		"far down": {func(b *book) { b.patch["parties!"] = `<row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData>` },
			[]string{"town.xlsx:parties!A1: too-large: |cells"}},
		"latitude alone": {func(b *book) { b.put("places", "longitude", 2, nil) },
			[]string{"town.xlsx:places!D2: coordinates: |without a longitude"}},
		"place misspelt": {func(b *book) { b.put("kind wind", "at", 2, "twon") },
			[]string{"town.xlsx:'kind wind'!C2: unknown-place: |did you mean town?"}},
		"required left out": {func(b *book) { b.put("kind grid_import", "price", 2, nil) },
			[]string{"town.xlsx:'kind grid_import'!A2: missing: |price"}},
		"list not closed": {func(b *book) { b.put("kind wind", "owner", 2, "{ann: 50 %") },
			[]string{"town.xlsx:'kind wind'!D2: cell-syntax: |not closed with }"}},
		"study unknown": {func(b *book) { b.put("kind wind", "study", 2, "dry") },
			[]string{"town.xlsx:'kind wind'!AI2: unknown-study: |dry"}},
		"study's name": {func(b *book) { b.put("studies", "study", 2, "../dry") },
			[]string{"town.xlsx:studies!A2: study-name: |../dry"}},
		"studies of one name": {func(b *book) { b.put("studies", "study", 2, "dry"); b.put("studies", "study", 3, "Dry") },
			[]string{"town.xlsx:studies!A3: duplicate-study: |A2"}},
		"change without study": {func(b *book) { b.put("changes", "path", 2, "assets.wind.active"); b.put("changes", "value", 2, false) },
			[]string{"town.xlsx:changes!C2: missing-id: |which study"}},
		"change of nothing": {func(b *book) {
			b.put("studies", "study", 2, "dry")
			b.put("changes", "study", 2, "dry")
			b.put("changes", "path", 2, "assets.wimd.active")
			b.put("changes", "value", 2, false)
		}, []string{"town.xlsx:changes!C2: unknown-path: |did you mean wind?"}},
		"change without value": {func(b *book) {
			b.put("studies", "study", 2, "dry")
			b.put("changes", "study", 2, "dry")
			b.put("changes", "path", 2, "assets.wind.active")
		}, []string{"town.xlsx:changes!C2: missing: |null"}},
		"neither set nor sweep": {func(b *book) {
			b.put("studies", "study", 2, "dry")
			b.put("changes", "study", 2, "dry")
			b.put("changes", "do", 2, "let")
			b.put("changes", "path", 2, "assets.wind.active")
			b.put("changes", "value", 2, true)
		}, []string{"town.xlsx:changes!B2: word: |set or sweep"}},
		"eleven months": {func(b *book) {
			b.put("kind grid_import", "price", 2, nil)
			b.put("monthly", "of", 2, "assets.grid.price")
			b.put("monthly", "unit", 2, "USD/MWh")
			for _, m := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov"} {
				b.put("monthly", m, 2, 90)
			}
		}, []string{"town.xlsx:monthly!A2: monthly: |dec", "town.xlsx:'kind grid_import'!A2: missing: |price"}},
		"said twice": {func(b *book) {
			b.put("monthly", "of", 2, "assets.grid.price")
			for i := range 12 {
				b.must(b.SetCellValue("monthly", fmt.Sprint(string(rune('C'+i)), 2), "90 USD/MWh"))
			}
		}, []string{"town.xlsx:monthly!A2: table-header: |price stands beside another cell"}},
		"terms of no limit": {func(b *book) { b.put("limits.terms", "id", 2, "cap"); b.put("limits.terms", "asset", 2, "wind") },
			[]string{"town.xlsx:limits.terms!A2: reference: |sheet limits has no row \"cap\""}},
		"gap in a series": {func(b *book) { b.must(b.RemoveRow("series weather", 100)) },
			[]string{"town.xlsx:'series weather'!A100: series-gap: |"}},
		"empty cell of a series": {func(b *book) { b.must(b.SetCellValue("series weather", "B100", nil)) },
			[]string{"town.xlsx:'series weather'!B100: series-empty: |"}},
		"text in a series": {func(b *book) { b.must(b.SetCellValue("series weather", "C100", "n.a.")) },
			[]string{"town.xlsx:'series weather'!C100: series-number: |n.a."}},
		"error in a series": {func(b *book) { b.must(b.SetCellValue("series weather", "C100", "#N/A")) },
			[]string{"town.xlsx:'series weather'!C100: cell-error: |#N/A"}},
		"count for a time": {func(b *book) { b.must(b.SetCellValue("series weather", "A100", 98)) },
			[]string{"town.xlsx:'series weather'!A100: cell-date: |want a date"}},
		"series missing": {func(b *book) { b.must(b.DeleteSheet("series weather")) },
			[]string{
				"town.xlsx:'kind demand'!Q2: missing-file: |series/weather.csv", "town.xlsx:'kind solar'!P2: missing-file: |series/weather.csv",
				"town.xlsx:'kind wind'!P2: missing-file: |series/weather.csv",
			}},
		"series of a bad name": {func(b *book) { b.must(b.SetSheetName("series weather", "series .x")) },
			[]string{
				"town.xlsx:'series .x'!A1: unknown-sheet: |series weather",
				"town.xlsx:'kind demand'!Q2: missing-file: |series/weather.csv", "town.xlsx:'kind solar'!P2: missing-file: |series/weather.csv",
				"town.xlsx:'kind wind'!P2: missing-file: |series/weather.csv",
			}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := edit(t, file, c.change)
			for _, w := range c.want {
				begin, part, _ := strings.Cut(w, "|")
				i := slices.IndexFunc(got, func(l string) bool { return strings.HasPrefix(l, begin) && strings.Contains(l, part) })
				if i < 0 {
					t.Errorf("nobody said %s", w)
					continue
				}
				got = slices.Delete(got, i, i+1)
			}
			for _, l := range got {
				t.Errorf("said beside: %s", l)
			}
		})
	}
}
