package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/source/xlsx"
	"example.org/busbar/internal/study"
)

// What Excel makes of what a planner types is read as it was meant.
func TestWhatExcelDoesToNumbers(t *testing.T) {
	lines, dir := edit(t, town(t), func(b *book) {
		// 60 MW typed in a cell that is text; a number grouped by thousands;
		// one with a blank that no line breaks at.
		b.put("kind grid_import", "max", 2, "60")
		b.put("kind grid_import", "limits.year_max", 2, 1234567.0)
		b.format("kind grid_import", "limits.year_max", 2, excelize.Style{NumFmt: 3})
		b.put("kind grid_import", "limits.day_max", 2, " 5\u00a0GWh\u00a0")
		// 0.281 = 28.1 %, which a computer holds as 0.28100000000000003 after
		// it divided by 100.
		b.put("kind battery", "round_trip", 2, 0.28100000000000003)
		b.format("kind battery", "round_trip", 2, excelize.Style{NumFmt: 10})
		// 3 % a day and 2 % a year in columns that say so, and 95.5 % as text.
		b.put("kind battery", "loss", 2, 0.03)
		b.format("kind battery", "loss", 2, excelize.Style{NumFmt: 10})
		b.put("kind wind", "build.fixed", 2, 2)
		b.put("kind wind", "build.wacc", 2, " 9.5 %")
		// Formulas count by the value that was saved; 0.1 + 0.2 is 0.3.
		b.xml("kind wind", "variable", 2, `<c r="AT"><f>0.1+0.2</f><v>0.30000000000000004</v></c>`)
		b.xml("kind solar", "note", 2, `<c r="AT" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>`)
		b.xml("kind solar", "name", 2, `<c r="AT" t="str"><f>""</f><v></v></c>`)
		// A date, true and false as Excel has them.
		b.put("sources", "id", 4, "S1")
		b.put("sources", "grade", 4, "read")
		b.put("sources", "date", 4, 46023) // 1 January 2026
		b.format("sources", "date", 4, date)
		b.put("kind wind", "active", 2, true)
		b.put("kind solar", "active", 2, "True")
		// Rows left empty, a sheet of one's own, hidden, and a shifted order.
		b.put("parties", "id", 9, "ann")
		b.put("parties", "name", 9, `"null"`)
		_, err := b.NewSheet("_scratch")
		b.must(err)
		b.must(b.SetSheetVisible("_scratch", false))
		b.put("kind grid_import", "order", 2, 0.5)
		// A value by month, of the system.
		b.put("monthly", "of", 2, "assets.grid.wheeling")
		b.put("monthly", "unit", 2, "USc/kWh")
		for m := range 12 {
			b.must(b.SetCellValue("monthly", fmt.Sprint(string(rune('C'+m)), 2), m+1))
		}
		b.put("kind wind", "owner", 2, "{ann: 51 %, 'bob': null}")
		b.put("parties", "id", 10, "bob")
	})
	for _, l := range lines {
		t.Error(l)
	}
	if len(lines) > 0 {
		return
	}
	data, err := os.ReadFile(filepath.Join(dir, "system.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(data)), " ")
	for _, want := range []string{
		"max: 60 MW", "limits: {day_max: 5 GWh, year_max: 1234567 MWh}", "round_trip: 28.1 %", "loss: 3 %/d",
		"fixed: 2 %/a", "wacc: 9.5 %", "variable: 0.3 USD/MWh", "note: ab", "active: true", `ann: {name: "null"}`,
		"assets: grid:", // its order goes before all others
		"wheeling: {monthly: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], unit: USc/kWh}",
		"owner: {ann: 51 %, bob: null}",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("system.yaml lacks %q", want)
		}
	}
	if sun := got[strings.Index(got, "sun:"):]; strings.Contains(sun, "name:") {
		t.Error("an empty text became a name")
	}
	if data, err := os.ReadFile(filepath.Join(dir, "sources.yaml")); err != nil || strings.TrimSpace(string(data)) != "S1: {grade: read, date: 2026-01-01}" {
		t.Errorf("sources.yaml: %v\n%s", err, data)
	}
	if t.Failed() {
		t.Log(string(data))
	}
}

// A workbook of an old Macintosh counts days from 1904: 44561 is then the day
// that is 46023 elsewhere.
func TestDatesFrom1904(t *testing.T) {
	lines, dir := edit(t, town(t), func(b *book) {
		// The other dates of the town count from 1900; as text they stay.
		rows, err := b.GetRows("series weather")
		b.must(err)
		for r := range rows[1:] {
			b.must(b.SetCellStr("series weather", fmt.Sprint("A", r+2), fmt.Sprintf("2030-01-%02dT%02d:00", 1+r/24, r%24)))
		}
		for _, row := range []int{9, 10} {
			if key, _ := b.GetCellValue("system", fmt.Sprint("A", row)); !strings.HasSuffix(key, "_day") {
				b.t.Fatalf("row %d is %s", row, key)
			}
		}
		b.must(b.SetCellStr("system", "B9", "2030-01-02"))
		b.must(b.SetCellStr("system", "B10", "2030-01-03"))
		b.put("sources", "id", 2, "S1")
		b.put("sources", "grade", 2, "read")
		b.put("sources", "date", 2, 44561)
		b.format("sources", "date", 2, date)
		b.must(b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: new(true)}))
	})
	for _, l := range lines {
		t.Error(l)
	}
	data, err := os.ReadFile(filepath.Join(dir, "sources.yaml"))
	if err != nil || !strings.Contains(string(data), "2026-01-01") {
		t.Errorf("%v %s", err, data)
	}
}

// A share shown as 31 % is stored as 0.31; in a series whose header says % it
// is 31.
func TestPercentInSeries(t *testing.T) {
	lines, dir := edit(t, town(t), func(b *book) {
		b.must(b.SetCellStr("series weather", "B1", "wind [%]"))
		id, err := b.NewStyle(&excelize.Style{NumFmt: 10})
		b.must(err)
		b.must(b.SetCellStyle("series weather", "B2", "B61", id)) // the others are 0.1 to 0.7 % as they stand
	})
	for _, l := range lines {
		t.Error(l)
	}
	data, err := os.ReadFile(filepath.Join(dir, "series", "weather.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(string(data), "\n")
	for row, want := range map[int]string{0: "wind [%]", 1: "10", 2: "20", 61: "0.5"} {
		if got := strings.Split(rows[row], ",")[1]; got != want {
			t.Errorf("row %d: read %s, want %s", row+1, got, want)
		}
	}
}

func TestFilesThatAreNoWorkbook(t *testing.T) {
	at := t.TempDir()
	good, err := os.ReadFile(town(t))
	if err != nil {
		t.Fatal(err)
	}
	var empty, bomb bytes.Buffer
	z := zip.NewWriter(&empty)
	if w, err := z.Create("readme.txt"); err != nil {
		t.Fatal(err)
	} else if _, err := w.Write([]byte("no workbook")); err != nil {
		t.Fatal(err)
	}
	z.Close()
	z = zip.NewWriter(&bomb)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	t.Cleanup(xlsx.SetMaxUnzip(32 << 20))
	cfb := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"locked.xlsx":  {cfb, "locked.xlsx: workbook: |encrypted"},
		"old.xls":      {cfb, "old.xls: workbook: |Excel 97"},
		"table.csv":    {[]byte("id,name\n"), "table.csv: workbook: |is no .xlsx workbook"},
		"nothing.xlsx": {nil, "nothing.xlsx: workbook: |is no .xlsx workbook"},
		"cut.xlsx":     {good[:len(good)/2], "cut.xlsx: workbook: |can't be read"},
		"zip.xlsx":     {empty.Bytes(), "zip.xlsx: workbook: |"},
		"bomb.xlsx":    {bomb.Bytes(), "bomb.xlsx: too-large: |32 MiB"},
	} {
		file := filepath.Join(at, name)
		if err := os.WriteFile(file, c.data, 0o644); err != nil {
			t.Fatal(err)
		}
		expectOne(t, file, filepath.Join(at, "back"), c.want)
	}
	expectOne(t, filepath.Join(at, "none.xlsx"), filepath.Join(at, "back"), "none.xlsx: missing-file: |")
	expectOne(t, at, filepath.Join(at, "back"), filepath.Base(at)+": unreadable-file: |folder")
}

func expectOne(t *testing.T, file, dir, want string) {
	t.Helper()
	problems, err := xlsx.Import(file, dir)
	if err != nil || len(problems) != 1 {
		t.Errorf("%s: %v %v, want one problem", file, err, problems)
		return
	}
	begin, part, _ := strings.Cut(want, "|")
	if l := xlsx.Line(problems[0]); !strings.HasPrefix(l, begin) || !strings.Contains(l, part) {
		t.Errorf("read %q, want %q", l, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("%s was made", dir)
	}
}

func TestFolderOfItsOwn(t *testing.T) {
	file, at := town(t), t.TempDir()
	full, empty, deep := filepath.Join(at, "full"), filepath.Join(at, "empty"), filepath.Join(at, "a", "b")
	if err := errors.Join(os.Mkdir(full, 0o755), os.Mkdir(empty, 0o755), os.WriteFile(filepath.Join(full, "x"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{full, filepath.Join(full, "x")} {
		if _, err := xlsx.Import(file, dir); !errors.Is(err, xlsx.ErrFolder) {
			t.Errorf("%s: read %v, want ErrFolder", dir, err)
		}
	}
	for _, dir := range []string{empty, deep} {
		if problems, err := xlsx.Import(file, dir); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", dir, err, problems)
		}
		if problems, err := study.Check(dir, ""); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", dir, err, problems)
		}
	}
	left, err := os.ReadDir(at)
	if err != nil || len(left) != 3 {
		t.Errorf("left behind: %v %v", err, left)
	}
	if _, err := xlsx.Export(deep, file, ""); err == nil {
		t.Error("a workbook was written over")
	}
}

// Hundreds of assets come in tables; their order and meaning stay.
func TestManyAssetsGoInTables(t *testing.T) {
	lines, dir := edit(t, town(t), func(b *book) {
		for i := range 40 {
			row := i + 3
			b.put("kind wind", "id", row, fmt.Sprintf("wind_%02d", i))
			b.put("kind wind", "at", row, "town")
			b.put("kind wind", "name", row, fmt.Sprintf(`Wind "%d", west`, i))
			b.put("kind wind", "availability", row, "series/weather.csv#wind")
			b.put("kind wind", "capacity", row, 1.5*float64(i))
			if i == 7 {
				b.put("kind wind", "capacity", row, "2.5 GW")
			}
		}
		b.must(b.InsertCols("kind wind", "Q", 1))
		b.must(b.SetCellStr("kind wind", "Q1", "availability.source"))
		for i := range 40 {
			b.must(b.SetCellStr("kind wind", fmt.Sprint("Q", i+3), "S1"))
		}
		b.put("sources", "id", 2, "S1")
		b.put("sources", "grade", 2, "assumption")
	})
	for _, l := range lines {
		t.Fatal(l)
	}
	data, err := os.ReadFile(filepath.Join(dir, "assets", "wind.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(rows) != 41 { // the first wind farm has its place before the sun
		t.Errorf("%d rows, want a header and 40", len(rows))
	}
	for i, want := range map[int]string{
		0: "id,name,at,capacity [MW],availability,availability.source",
		3: `wind_02,"Wind ""2"", west",town,3,series/weather.csv#wind,S1`,
		8: `wind_07,"Wind ""7"", west",town,2.5 GW,series/weather.csv#wind,S1`,
	} {
		if rows[i] != want {
			t.Errorf("row %d: read %s, want %s", i+1, rows[i], want)
		}
	}
	want := hashes(t, dir)
	if got := hashes(t, round(t, t.TempDir(), dir)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error("another problem came back")
	}
}
