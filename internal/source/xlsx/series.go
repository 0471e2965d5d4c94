package xlsx

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeSeries writes each file cell by cell; stamps of one offset become dates
// that Excel can draw.
func (e *exporter) writeSeries(b *book) error {
	for _, s := range e.series {
		if err := b.series(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	return nil
}

func (b *book) series(s seriesSheet) error {
	data := bytes.TrimPrefix(s.data, []byte("\xef\xbb\xbf"))
	if _, err := b.NewSheet(s.name); err != nil {
		return err
	}
	r := records(data)
	header, err := r.Read()
	if err != nil {
		return nil // an empty file; the import says so
	}
	header = slices.Clone(header)
	form := formOfSeries(data, header)
	w, err := b.rows(s.name, form.long)
	if err != nil {
		return err
	}
	first := make([]any, len(header))
	for i, h := range header {
		if i == 0 && form.dates && form.offset != "" {
			h = "time [" + form.offset + "]"
		}
		first[i] = excelize.Cell{StyleID: b.style[formatHead], Value: strings.TrimSpace(h)}
	}
	if err := w.add(1, first); err != nil {
		return err
	}
	for row := 2; ; row++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row > excelize.TotalRows {
			return fmt.Errorf("more than %d rows do not fit in a sheet", excelize.TotalRows-1)
		}
		cells := make([]any, len(record))
		for i, text := range record {
			text = strings.TrimSpace(text)
			if i == 0 && form.dates {
				t, _, _ := parseStamp(text)
				v, _ := toSerial(t)
				cells[i] = excelize.Cell{StyleID: b.style[formatStamp], Value: v}
			} else if v, ok := seriesNumber(text); ok {
				cells[i] = v
			} else if text != "" {
				cells[i] = text
			}
		}
		if err := w.add(row, cells); err != nil {
			return err
		}
	}
	return w.end()
}

// rowWriter writes a long sheet row by row. The library's stream keeps memory
// small, but cuts numbers after 15 digits; a sheet with longer ones is written
// cell by cell.
type rowWriter struct {
	*book
	name   string
	stream *excelize.StreamWriter // nil: cell by cell
}

func (b *book) rows(name string, long bool) (*rowWriter, error) {
	w := &rowWriter{book: b, name: name}
	panes := &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}
	if long {
		return w, errors.Join(b.SetColWidth(name, "A", "A", 18), b.SetPanes(name, panes))
	}
	var err error
	if w.stream, err = b.NewStreamWriter(name); err != nil {
		return nil, err
	}
	return w, errors.Join(w.stream.SetColWidth(1, 1, 18), w.stream.SetPanes(panes))
}

func (w *rowWriter) add(row int, cells []any) error {
	if w.stream != nil {
		return w.stream.SetRow(cellName(1, row), cells)
	}
	for i, c := range cells {
		at := cellName(i+1, row)
		if s, ok := c.(excelize.Cell); ok {
			if err := w.SetCellStyle(w.name, at, at, s.StyleID); err != nil {
				return err
			}
			c = s.Value
		}
		var err error
		switch v := c.(type) {
		case float64:
			_, decimals, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
			err = w.SetCellFloat(w.name, at, v, len(decimals), 64)
		case string:
			err = w.SetCellStr(w.name, at, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *rowWriter) end() error {
	if w.stream != nil {
		return w.stream.Flush()
	}
	return nil
}

// records reads the lines of a series.
func records(data []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	r.Comma = separator(data)
	return r
}

// separator is that of a series: what the header has first.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if i := bytes.IndexAny(line, ",;\t"); i >= 0 {
		return rune(line[i])
	}
	return ','
}

// seriesForm is how a series is laid out in its sheet.
type seriesForm struct {
	dates  bool   // every first cell is a stamp that a workbook's date can hold
	offset string // of all of them, "" for none
	long   bool   // some number has more digits than the stream writes
}

// formOfSeries looks through a file: whether all stamps have one offset, or
// none and the header says no other, and how long its numbers are.
func formOfSeries(data []byte, header []string) seriesForm {
	name, in, bracketed := strings.Cut(strings.TrimSpace(header[0]), "[")
	out := seriesForm{dates: strings.TrimSpace(name) == "time" && (!bracketed || strings.HasSuffix(in, "]"))}
	r := records(data)
	for row := 0; ; row++ {
		record, err := r.Read()
		if err != nil {
			break
		}
		if row == 0 {
			continue
		}
		if out.dates {
			t, offset, ok := parseStamp(strings.TrimSpace(record[0]))
			if ok {
				_, ok = toSerial(t)
			}
			out.dates = ok && (row == 1 || offset == out.offset) && (!bracketed || offset == "")
			out.offset = offset
		}
		for _, text := range record[1:] {
			out.long = out.long || len(text) > streamDigits
		}
	}
	return out
}

// streamDigits is how many digits the library's stream writes.
const streamDigits = 15

// parseStamp reads the stamps that this package writes as dates: to the
// minute or second, in an offset or none. What else package series reads stays
// text.
func parseStamp(text string) (t time.Time, offset string, ok bool) {
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t, "", true
		}
		if t, err := time.Parse(form+"Z07:00", text); err == nil {
			if _, seconds := t.Zone(); seconds%60 != 0 {
				return t, "", false
			}
			return t, t.Format("-07:00"), true
		}
	}
	return time.Time{}, "", false
}
