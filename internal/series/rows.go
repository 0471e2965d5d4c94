package series

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Rows are a file whose steps are those of a list of snapshots: time and, where
// there are investment periods, period say which; nothing is aligned. A cell
// may be empty: NaN.
type Rows struct {
	File    string
	Keys    [][2]string // of each row: period ("" without) and time, as written
	Columns []Column
}

// ReadRows reads such a file. The error is of type Errors.
func ReadRows(name string, data []byte) (*Rows, error) {
	t := &Rows{File: name}
	var faults Errors
	fault := func(line, col int, code, format string, a ...any) {
		faults = append(faults, &Error{name, line, col, "series-" + code, fmt.Sprintf(format, a...)})
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		fault(1, 1, "header", "the file has no header; one such as time,wind [1] fits")
		return nil, faults
	}
	at := [2]int{-1, -1} // period, time
	into := make([]int, len(head))
	for i, h := range head {
		h = strings.TrimSpace(h)
		into[i] = -1
		switch h {
		case "period":
			at[0] = i
			continue
		case "time":
			at[1] = i
			continue
		}
		c := Column{Name: h, Line: 1, Col: i + 1}
		if open := strings.LastIndexByte(h, '['); open >= 0 && strings.HasSuffix(h, "]") {
			c.Name, c.Unit = strings.TrimSpace(h[:open]), h[open+1:len(h)-1]
		}
		into[i] = len(t.Columns)
		t.Columns = append(t.Columns, c)
	}
	if at[1] < 0 {
		fault(1, 1, "header", "no column is named time; want time, or period and time, and then the series")
		return nil, faults
	}
	for len(faults) < maxErrors {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			fault(bad.Line, bad.Column, "fields", "%v", bad.Err)
			break
		}
		key := [2]string{"", cells[at[1]]}
		if at[0] >= 0 {
			key[0] = cells[at[0]]
		}
		t.Keys = append(t.Keys, key)
		for i, text := range cells {
			k := into[i]
			if k < 0 {
				continue
			}
			v := math.NaN()
			if text = strings.TrimSpace(text); text != "" {
				if v, err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
					line, col := r.FieldPos(i)
					fault(line, col, "number", "read %q, want a number, or nothing where there is none", text)
				}
			}
			t.Columns[k].Values = append(t.Columns[k].Values, v)
		}
	}
	if len(t.Keys) == 0 && faults == nil {
		fault(1, 1, "empty", "the file has no row")
	}
	if faults != nil {
		return nil, faults
	}
	return t, nil
}

// Find returns a column by name, nil if there is none.
func (t *Rows) Find(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}
