package xlsx_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/example"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/source/xlsx"
	"example.org/busbar/internal/study"
)

// An empty workbook has a sheet for every kind; filled with three lines it is
// a system.
func TestTemplate(t *testing.T) {
	at := t.TempDir()
	file := filepath.Join(at, "new.xlsx")
	if err := xlsx.Template(file); err != nil {
		t.Fatal(err)
	}
	problems, err := xlsx.Import(file, filepath.Join(at, "empty"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !strings.HasPrefix(xlsx.Line(p), "new.xlsx:system!A1: ") {
			t.Error(xlsx.Line(p))
		}
	}
	lines, dir := edit(t, file, func(b *book) {
		for _, k := range kind.All() {
			if i, err := b.GetSheetIndex("kind " + k.Name); err != nil || i < 0 {
				t.Errorf("no sheet for %s", k.Name)
			}
		}
		rows, err := b.GetRows("system")
		b.must(err)
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(2, i+1)
			switch row[0] {
			case "system":
				b.must(b.SetCellStr("system", cell, "Filled"))
			case "years":
				b.must(b.SetCellInt("system", cell, 2030))
			}
		}
		b.put("commodities", "id", 2, "electricity")
		b.put("commodities", "unit", 2, "MWh")
		b.put("places", "id", 2, "town")
		b.put("kind demand", "id", 2, "load")
		b.put("kind demand", "at", 2, "town")
		b.put("kind demand", "amount", 2, "60 MW")
		b.put("kind grid_import", "id", 2, "grid")
		b.put("kind grid_import", "at", 2, "town")
		b.put("kind grid_import", "price", 2, 90)
		b.put("kind grid_import", "max", 2, 100)
	})
	for _, l := range lines {
		t.Error(l)
	}
	p, err := study.Problem(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if p.Rows() != 8760 { // a balance an hour
		t.Errorf("%d rows, want 8760", p.Rows())
	}
	if err := xlsx.Template(file); err == nil {
		t.Error("a workbook was written over")
	}
}

// A header says what it means; words and references are offered.
func TestHeadersExplain(t *testing.T) {
	f, err := excelize.OpenFile(town(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	comments, err := f.GetComments("kind wind")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, c := range comments {
		for _, p := range c.Paragraph {
			all[c.Cell] += p.Text
		}
	}
	b := &book{File: f, t: t}
	for column, parts := range map[string][]string{
		"build.cost":   {"overnight cost", "unit: USD/unit of size", "range: at least 0"},
		"availability": {"must be written", "range:"},
		"status":       {"one of: free, sold"},
		"at":           {"names: a place"},
	} {
		for _, part := range parts {
			if got := all[b.column("kind wind", column)+"1"]; !strings.Contains(got, part) {
				t.Errorf("%s: %q says nothing of %q", column, got, part)
			}
		}
	}
	choices, err := f.GetDataValidations("kind wind")
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{"status": `"free,sold,offer,to be built"`, "at": "places!$A$2:$A$1000", "active": `"TRUE,FALSE"`, "study": "studies!$A$2:$A$1000"} {
		letter := b.column("kind wind", column)
		if !slices.ContainsFunc(choices, func(d *excelize.DataValidation) bool {
			return d.Sqref == letter+"2:"+letter+"1000" && d.Formula1 == want
		}) {
			t.Errorf("%s does not offer %s", column, want)
		}
	}
	choices, err = f.GetDataValidations("commodities")
	if err != nil || !slices.ContainsFunc(choices, func(d *excelize.DataValidation) bool { return strings.Contains(d.Formula1, "1h,2h,3h") }) {
		t.Errorf("the steps of a commodity are not offered (%v)", err)
	}
}

// With a study, a workbook holds it and what it stands on, and no more.
func TestExportOfOneStudy(t *testing.T) {
	at := t.TempDir()
	dir, file, back := filepath.Join(at, "park"), filepath.Join(at, "park.xlsx"), filepath.Join(at, "back")
	if err := example.Write(dir, "oudomxay"); err != nil {
		t.Fatal(err)
	}
	if problems, err := xlsx.Export(dir, file, "yunnan-dry"); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if problems, err := xlsx.Import(file, back); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	left, err := filepath.Glob(filepath.Join(back, "studies", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range left {
		names = append(names, filepath.Base(f))
	}
	// yunnan-dry comes from dry-year-aware, that from dry-year, that from base.
	if want := "base.yaml dry-year-aware.yaml dry-year.yaml yunnan-dry.yaml"; strings.Join(names, " ") != want {
		t.Errorf("read %v, want %s", names, want)
	}
	if _, err := xlsx.Export(dir, filepath.Join(at, "x.xlsx"), "yunan-dry"); err == nil || !strings.Contains(err.Error(), "yunnan-dry") {
		t.Errorf("read %v, want a hint", err)
	}
}

// A workspace that can't be read gives its problems and no workbook.
func TestExportOfABrokenWorkspace(t *testing.T) {
	at := t.TempDir()
	file := filepath.Join(at, "x.xlsx")
	if err := os.WriteFile(filepath.Join(at, "system.yaml"), []byte("system: a\nsystem: b\nassets: {x: {at: y}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	problems, err := xlsx.Export(at, file, "")
	if err != nil || len(problems) != 1 || problems[0].Code != "duplicate-key" {
		t.Errorf("%v %v", err, problems)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a workbook was written")
	}
}

// Every code that this package tells has its line in one of the two tables.
func TestCodes(t *testing.T) {
	known := map[string]bool{}
	for _, c := range attribute.Codes {
		known[c.Code] = true
	}
	for i, c := range xlsx.Codes {
		if c.Meaning == "" || c.Help == "" || i > 0 && c.Code <= xlsx.Codes[i-1].Code {
			t.Errorf("%s lacks words or is out of order", c.Code)
		}
		known[c.Code] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	used := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at := -1
			switch fn := call.Fun.(type) {
			case *ast.SelectorExpr:
				if fn.Sel.Name == "problem" {
					at = 1
				}
			case *ast.Ident:
				if fn.Name == "bad" {
					at = 0
				}
			}
			if at < 0 {
				return true
			}
			if lit, ok := call.Args[at].(*ast.BasicLit); ok {
				code, _ := strconv.Unquote(lit.Value)
				if used[code] = true; !known[code] || !form.MatchString(code) {
					t.Errorf("%s: code %q is in no table", name, code)
				}
			}
			return true
		})
	}
	if len(used) < 20 {
		t.Errorf("only %d codes found; does the test still look at the right calls?", len(used))
	}
}
