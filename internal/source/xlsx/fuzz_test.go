package xlsx_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/busbar/internal/source/xlsx"
)

// FuzzSheet puts any XML in the place of a sheet: an import gives problems, at
// places of the workbook, or a folder; nothing else.
func FuzzSheet(f *testing.F) {
	book := town(f)
	data, err := os.ReadFile(book)
	if err != nil {
		f.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		f.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			f.Fatal(err)
		}
		if parts[p.Name], err = io.ReadAll(r); err != nil {
			f.Fatal(err)
		}
		if strings.HasPrefix(p.Name, "xl/worksheets/sheet") && len(parts[p.Name]) < 20_000 {
			f.Add(parts[p.Name])
		}
	}
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row><row r="3"><c t="s"><v>99999</v></c><c r="ZZ0"><v>1</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="0"><c r="B7"/></row></sheetData><mergeCells><mergeCell ref="A1:"/></mergeCells></worksheet>`))
	const sheet = "xl/worksheets/sheet7.xml" // of a kind
	f.Fuzz(func(t *testing.T, xml []byte) {
		at := t.TempDir()
		file, dir := filepath.Join(at, "x.xlsx"), filepath.Join(at, "x")
		out, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		w := zip.NewWriter(out)
		for name, data := range parts {
			if name == sheet {
				data = xml
			}
			p, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Write(data); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out.Close()
		problems, err := xlsx.Import(file, dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(dir); (err == nil) != (len(problems) == 0) {
			t.Errorf("%d problems, and the folder: %v", len(problems), err)
		}
		for _, p := range problems {
			if !strings.HasPrefix(p.File, "x.xlsx") || p.Line < 1 || p.Col < 1 || p.Code == "" || p.Text == "" {
				t.Errorf("a problem without its place: %+v", p)
			}
		}
	})
}
