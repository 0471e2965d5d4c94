package report

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/run"
)

func openBook(t *testing.T, dir string) *excelize.File {
	t.Helper()
	path, err := Excel(dir)
	if err != nil {
		t.Fatal(err)
	}
	kept(t, path, "tables.xlsx")
	if want := filepath.Join(dir, "report", "tables.xlsx"); path != want {
		t.Fatalf("the workbook is at %s, want %s", path, want)
	}
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// raw rows, without the cells' formats.
func sheetRows(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// same to the fifteen digits that a workbook holds.
func same(a, b float64) bool { return math.Abs(a-b) <= 1e-14*math.Abs(b) }

// What the workbook holds is what the tables hold.
func TestWorkbook(t *testing.T) {
	p := newPark(24 * 3)
	f := openBook(t, p.write(t, nil))
	want := "Cover Figures Capacities Money Balances Limits Prices by day Prices 1h Flows by day Flows 1h Flows 1d Levels by day Levels 1h Levels 1d Cited values Sources"
	if got := strings.Join(f.GetSheetList(), " "); got != want {
		t.Errorf("sheets %s\nwant   %s", got, want)
	}
	for _, sheet := range f.GetSheetList()[1:] {
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("the head of %s is not frozen: %+v, %v", sheet, panes, err)
		}
	}

	rows := sheetRows(t, f, "Figures")
	if len(rows) != len(p.tables.Figures)+1 {
		t.Fatalf("%d rows of %d figures", len(rows)-1, len(p.tables.Figures))
	}
	for i, fig := range p.tables.Figures {
		if v, err := strconv.ParseFloat(rows[i+1][3], 64); err != nil || !same(v, fig.Value) {
			t.Errorf("%s/%s: %q, want %v", fig.Group, fig.Name, rows[i+1][3], fig.Value)
		}
	}

	money, objective := sheetRows(t, f, "Money"), 0.0
	for _, r := range money[1:] {
		v, err := strconv.ParseFloat(r[7], 64)
		if err != nil {
			t.Fatal(err)
		}
		objective += v
	}
	if total := p.tables.Figures[0].Value; math.Abs(objective-total) > 1e-9*math.Abs(total) {
		t.Errorf("money sums to %v, the objective is %v", objective, total)
	}

	// The sun of hour 12 of the first day, found by its head.
	hourly := sheetRows(t, f, "Flows 1h")
	if hourly[0][0] != "Start (UTC+07:00)" || len(hourly) != 1+72 {
		t.Fatalf("%q, %d rows", hourly[0][0], len(hourly))
	}
	col := -1
	for i, h := range hourly[0] {
		if h == "solar into electricity@park [MW]" {
			col = i
		}
		if strings.Contains(h, "battery.energy") {
			t.Errorf("the inside of an asset stands in %q", h)
		}
	}
	sum := 0.0
	for _, r := range p.tables.Flows {
		if r.Asset == "solar" && r.Step == 12 {
			if v, _ := strconv.ParseFloat(hourly[13][col], 64); !same(v, r.Rate) {
				t.Errorf("sun at noon is %v, want %v", v, r.Rate)
			}
		}
		if r.Asset == "solar" && r.Step < 24 {
			sum += r.Rate
		}
	}
	day := sheetRows(t, f, "Flows by day")
	for i, h := range day[0] {
		if h == "solar into electricity@park [MW]" {
			if v, _ := strconv.ParseFloat(day[1][i], 64); math.Abs(v-sum/24) > 1e-9*sum {
				t.Errorf("the first day's mean is %v, want %v", v, sum/24)
			}
		}
	}
	// The first hour is a date of Excel: 1 January 2030 is day 47484.
	if v, _ := strconv.ParseFloat(hourly[1][0], 64); v != 47484 {
		t.Errorf("the first hour is %v", hourly[1][0])
	}
	if shown, _ := f.GetCellValue("Flows 1h", "A3"); shown != "2030-01-01 01:00" {
		t.Errorf("the second hour shows as %q", shown)
	}
	if v, _ := f.GetCellValue("Limits", "E2"); v != "none" {
		t.Errorf("a floor of -inf shows as %q", v)
	}
	cover := ""
	for _, r := range sheetRows(t, f, "Cover") {
		cover += strings.Join(r, " ") + "\n"
	}
	for _, want := range []string{"Oudomxay park", "Proved optimal", "c0ffee", "Synthetic weather", "kkt", "system.yaml", "29 February"} {
		if !strings.Contains(cover, want) {
			t.Errorf("the cover does not say %q", want)
		}
	}
}

// A name that looks like a formula stays a text, and what XML cannot carry is
// dropped.
func TestWorkbookOfHostileNames(t *testing.T) {
	p := newPark(24)
	p.tables.Figures = append(p.tables.Figures, run.Figure{Group: "cost", Name: `=cmd|' /C calc'!A0`, Asset: "bell\x07<b>&", Value: 1})
	f := openBook(t, p.write(t, nil))
	rows := sheetRows(t, f, "Figures")
	last := len(rows)
	at := "B" + strconv.Itoa(last)
	if formula, err := f.GetCellFormula("Figures", at); err != nil || formula != "" {
		t.Errorf("%s is the formula %q, %v", at, formula, err)
	}
	if v, _ := f.GetCellValue("Figures", at); v != `=cmd|' /C calc'!A0` {
		t.Errorf("%s reads %q", at, v)
	}
	if v, _ := f.GetCellValue("Figures", "C"+strconv.Itoa(last)); v != "bell<b>&" {
		t.Errorf("the asset reads %q", v)
	}
}
