package series_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/series"
	"pgregory.net/rapid"
)

func read(t *testing.T, text string, opts series.Options) *series.Table {
	t.Helper()
	table, err := series.Read("series/x.csv", []byte(text), opts)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func values(t *testing.T, table *series.Table, name string) []float64 {
	t.Helper()
	c, err := table.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return c.Values
}

func TestReadWays(t *testing.T) {
	lao := time.FixedZone("+07:00", 7*3600)
	for name, test := range map[string]struct {
		text  string
		opts  series.Options
		first string // stamp of row 0
	}{
		"plain":           {"time,a [MW],b\n2030-01-01T00:00,1,3\n2030-01-01T01:00,2,4\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+07:00"},
		"bom and crlf":    {"\xef\xbb\xbftime,a [MW],b\r\n2030-01-01T00:00,1,3\r\n2030-01-01T01:00,2,4\r\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+07:00"},
		"no last newline": {"time,a [MW],b\n2030-01-01 00:00:00,1,3\n2030-01-01 01:00:00.000,2,4", series.Options{Zone: lao}, "2030-01-01T00:00:00+07:00"},
		"semicolons":      {"time;a [MW];b\n2030-01-01T00;1.0;3\n2030-01-01T01; 2e0 ;+4.\n\n\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+07:00"},
		"tabs":            {"time\ta [MW]\tb\n2030-01-01T00Z\t1\t3\n2030-01-01T01Z\t2\t4\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+00:00"},
		"offset":          {"time,a [MW],b\n2030-01-01T00:00+08:00,1,3\n2030-01-01T01:00+0800,2,4\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+08:00"},
		"offsets mixed":   {"time,a [MW],b\n2030-01-01T00:00+08:00,1,3\n2030-01-01T00:00+07:00,2,4\n", series.Options{}, "2030-01-01T00:00:00+08:00"},
		"header offset":   {"time [+08:00],a [MW],b\n2030-01-01T00:00,1,3\n2030-01-01T01:00,2,4\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+08:00"},
		"days":            {"Datum,a [MW],b\n2030-01-01,1,3\n2030-01-02,2,4\n", series.Options{}, "2030-01-01T00:00:00+00:00"},
		"months":          {"month,a [MW],b\n2030-01,1,3\n2030-02,2,4\n", series.Options{}, "2030-01-01T00:00:00+00:00"},
		"quotes":          {"\"time\",\"a [MW]\",b\n\"2030-01-01\",\"1\",3\n2030-01-02,2,\"4\"\n", series.Options{}, "2030-01-01T00:00:00+00:00"},
		"time elsewhere":  {",a [MW],Time,b\n0,1,2030-01-01,3\n1,2,2030-01-02,4\n", series.Options{}, "2030-01-01T00:00:00+00:00"},
		"parts":           {",Year,Month,Day,Hour,a [MW],b\n0,2030,1,1,0,1,3\n1,2030,1,1,1,2,4\n", series.Options{Zone: lao}, "2030-01-01T00:00:00+07:00"},
		"year and month":  {"year,month,a [MW],b\n2029,12,1,3\n2030,1,2,4\n", series.Options{}, "2029-12-01T00:00:00+00:00"},
		"counted":         {"hour,a [MW],b\n0,1,3\n1,2,4\n", series.Options{Start: time.Date(2020, 1, 1, 0, 0, 0, 0, lao), Step: time.Hour}, "2020-01-01T00:00:00+07:00"},
		"one of them":     {"time,a [MW],b,note\n2030-01-01,1,3,dry\n2030-01-02,2,4,NaN\n", series.Options{Columns: []string{"a", "b"}}, "2030-01-01T00:00:00+00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			table := read(t, test.text, test.opts)
			if a, b := values(t, table, "a"), values(t, table, "b"); !slices.Equal(a, []float64{1, 2}) || !slices.Equal(b, []float64{3, 4}) {
				t.Errorf("a %v, b %v", a, b)
			}
			if c, _ := table.Find("a"); c.Unit != "MW" {
				t.Errorf("unit %q", c.Unit)
			}
			if got := table.Stamp(0).Format("2006-01-02T15:04:05-07:00"); got != test.first {
				t.Errorf("first row at %s; want %s", got, test.first)
			}
		})
	}
}

// Each fault is found at its place, and says what would fit.
func TestReadRefuses(t *testing.T) {
	const head = "time,wind [1]\n2030-01-01T00:00,0.1\n"
	for name, test := range map[string]struct {
		text, want string // the first error, up to its text, and a part of that
		say        string
	}{
		"nothing":          {"", "1:1: series-header", "empty"},
		"only a bom":       {"\xef\xbb\xbf\r\n", "1:1: series-header", "empty"},
		"utf-16":           {"\xff\xfet\x00", "1:1: series-encoding", "UTF-16"},
		"a workbook":       {"PK\x03\x04....", "1:1: series-encoding", "Excel"},
		"zero byte":        {head + "2030-01-01T01:00,\x00", "3:1: series-encoding", "zero byte"},
		"old mac":          {"time,a\r2030-01-01,1\r2030-01-02,2", "1:1: series-encoding", "CR alone"},
		"latin-1":          {"time,Nam Th\xe9\n", "1:1: series-encoding", "not UTF-8"},
		"comment":          {"# synthetic\ntime,wind\n", "1:1: series-header", "comment"},
		"no series":        {"time\n2030-01-01\n2030-01-02\n", "1:1: series-header", "no series"},
		"name twice":       {"time,a,a [MW]\n", "1:8: series-header", "twice"},
		"no name":          {"time,a,[MW]\n", "1:8: series-header", "no name"},
		"hash in name":     {"time,a#b\n", "1:6: series-header", "#"},
		"header quote":     {"time,\"a\n2030-01-01,1\n", "1:1: series-quote", "not closed"},
		"bad zone":         {"time [Vientiane],a\n", "1:1: series-time", "offset"},
		"no rows":          {"time,a\n", "1:1: series-short", "0 rows"},
		"one row":          {head, "1:1: series-short", "1 rows"},
		"too few fields":   {head + "2030-01-01T01:00\n", "3:1: series-fields", "1 fields, the header has 2"},
		"too many fields":  {head + "2030-01-01T01:00,1,5\n", "3:1: series-fields", "3 fields"},
		"empty line":       {head + "\n2030-01-01T01:00,1\n", "3:1: series-fields", "empty line"},
		"empty cell":       {head + "2030-01-01T01:00,\n", "3:18: series-empty", "wind is empty"},
		"nan":              {head + "2030-01-01T01:00,NaN\n", "3:18: series-nan", "finite"},
		"excel's na":       {head + "2030-01-01T01:00,#N/A\n", "3:18: series-nan", "finite"},
		"infinite":         {head + "2030-01-01T01:00,-inf\n", "3:18: series-nan", "finite"},
		"text":             {head + "2030-01-01T01:00,calm\n", "3:18: series-number", "\"calm\""},
		"unit in cell":     {head + "2030-01-01T01:00,5 MW\n", "3:18: series-number", "header"},
		"hexadecimal":      {head + "2030-01-01T01:00,0x1p4\n", "3:18: series-number", "0x1p4"},
		"underscore":       {head + "2030-01-01T01:00,1_000\n", "3:18: series-number", "1_000"},
		"out of range":     {head + "2030-01-01T01:00,1e999\n", "3:18: series-number", "1e999"},
		"lone sign":        {head + "2030-01-01T01:00,-\n", "3:18: series-number", "\"-\""},
		"decimal comma":    {"time;wind\n2030-01-01;0,5\n2030-01-02;0,6\n", "2:12: series-number", "decimal point"},
		"open quote":       {head + "2030-01-01T01:00,\"1\n", "3:1: series-quote", "not closed"},
		"after quote":      {head + "2030-01-01T01:00,\"1\"2\n", "3:1: series-quote", "text follows"},
		"american date":    {head + "01/31/2030 01:00,1\n", "3:1: series-time", "guess"},
		"30 February":      {head + "2030-02-30,1\n", "3:1: series-time", "ISO 8601"},
		"29 February":      {head + "2030-02-29,1\n", "3:1: series-time", "ISO 8601"},
		"hour 24":          {head + "2030-01-01T24:00,1\n", "3:1: series-time", "hour 24"},
		"zone name":        {head + "2030-01-01T01:00 ICT,1\n", "3:1: series-time", "ISO 8601"},
		"fraction":         {head + "2030-01-01T01:00:00.5,1\n", "3:1: series-time", "ISO 8601"},
		"a count":          {"hour,wind\n0,1\n1,2\n", "2:1: series-time", "start and step"},
		"offset on some":   {head + "2030-01-01T01:00Z,1\n", "3:1: series-time", "all or on none"},
		"offset on first":  {"time,a\n2030-01-01T00:00Z,1\n2030-01-01T01:00,1\n", "3:1: series-time", "all or on none"},
		"month 13":         {"year,month,day,a\n2030,13,1,5\n", "2:1: series-time", "no time"},
		"hour 24 in part":  {"year,month,day,hour,a\n2030,1,1,24,5\n", "2:1: series-time", "0 to 23"},
		"year in words":    {"year,month,a\n2030,May,5\n", "2:6: series-time", "whole number"},
		"twice":            {head + "2030-01-01T01:00,1\n2030-01-01T01:00,1\n2030-01-01T02:00,1\n", "4:1: series-duplicate", "comes twice"},
		"all the same":     {head + "2030-01-01T00:00,1\n", "3:1: series-duplicate", "the stamp 2030-01-01T00:00 comes twice"},
		"unsorted":         {head + "2030-01-01T02:00,1\n2030-01-01T01:00,1\n2030-01-01T03:00,1\n2030-01-01T04:00,1\n2030-01-01T05:00,1\n", "3:1: series-gap", "1 row of 1 h is missing"},
		"backwards":        {head + "2030-01-01T01:00,1\n2029-12-31T23:00,1\n2030-01-01T00:00,1\n", "4:1: series-order", "in order"},
		"gap":              {head + "2030-01-01T01:00,1\n2030-01-01T05:00,1\n2030-01-01T06:00,1\n", "4:1: series-gap", "3 rows of 1 h are missing from 2030-01-01T02:00 to 2030-01-01T05:00"},
		"irregular":        {head + "2030-01-01T01:00,1\n2030-01-01T01:30,1\n2030-01-01T02:30,1\n", "4:1: series-step", "the file's step is 1 h"},
		"month missing":    {"time,a\n2030-01,1\n2030-02,2\n2030-04,3\n", "4:1: series-gap", "1 row of 1 month is"},
		"day missing":      {"time,a\n2030-02-26,1\n2030-02-27,2\n2030-03-01,3\n", "4:1: series-gap", "1 row of 1 d is"},
		"leap day and one": {"time,a\n2028-02-25,1\n2028-02-26,1\n2028-02-27,2\n2028-03-01,3\n", "5:1: series-gap", "2 rows of 1 d"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := series.Read("x.csv", []byte(test.text), series.Options{})
			var list series.Errors
			if !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("error %v", err)
			}
			got := list[0].Error()
			if !strings.HasPrefix(got, "x.csv:"+test.want+": ") || !strings.Contains(list[0].Text, test.say) {
				t.Errorf("got  %s\nwant %s saying %q", got, test.want, test.say)
			}
		})
	}
}

// The faults of a file are listed together, up to 20, and the rest is counted
// as far as it was looked at.
func TestReadListsFaults(t *testing.T) {
	_, err := series.Read("x.csv", []byte("time,a,b\n2030-01-01,x,\n2030-01-02,1\n2030-01-03,2,NaN\n"), series.Options{})
	var list series.Errors
	if !errors.As(err, &list) || len(list) != 4 {
		t.Fatalf("faults:\n%v", err)
	}
	for i, want := range []string{"x.csv:2:12: series-number", "x.csv:2:14: series-empty", "x.csv:3:1: series-fields", "x.csv:4:14: series-nan"} {
		if !strings.HasPrefix(list[i].Error(), want) {
			t.Errorf("fault %d is %v; want %s", i, list[i], want)
		}
	}
	_, err = series.Read("x.csv", []byte("time,a\n"+strings.Repeat("2030-01-01,x\n", 1000)), series.Options{})
	if !errors.As(err, &list) || len(list) != 20 || !strings.Contains(list[19].Text, "more faults") {
		t.Errorf("%d faults, the last %v", len(list), list[len(list)-1])
	}
	// Columns count characters, not bytes.
	_, err = series.Read("x.csv", []byte("time,a,b\n2030-01-01,ພູ,ລາວ\n2030-01-02,1,1\n"), series.Options{})
	if !errors.As(err, &list) || list[1].Col != 15 {
		t.Errorf("the second fault is at column %d; want 15", list[1].Col)
	}
}

func TestFind(t *testing.T) {
	table := read(t, "time,wind,sun\n2030-01-01,1,2\n2030-01-02,1,2\n", series.Options{})
	_, err := table.Find("Wnd")
	if err == nil || !strings.Contains(err.Error(), "did you mean wind? It has wind, sun") {
		t.Errorf("error %v", err)
	}
	if _, err = table.Find(""); err == nil || !strings.Contains(err.Error(), "wind, sun") {
		t.Errorf("error %v", err)
	}
	table = read(t, "time,wind\n2030-01-01,1\n2030-01-02,1\n", series.Options{})
	if c, err := table.Find(""); err != nil || c.Name != "wind" {
		t.Errorf("the only series: %v, %v", c, err)
	}
	for _, asked := range [][]string{{""}, {"", "wind"}} {
		table = read(t, "time,wind\n2030-01-01,1\n2030-01-02,1\n", series.Options{Columns: asked})
		if c, err := table.Find(""); err != nil || len(c.Values) != 2 {
			t.Errorf("the only series, asked for as %q: %v, %v", asked, c, err)
		}
	}
	if file, name := series.Cite("series/weather.csv#wind"); file != "series/weather.csv" || name != "wind" {
		t.Errorf("%q, %q", file, name)
	}
}

// Years of 365 days and whole years that do not follow each other are allowed,
// and said.
func TestReadYears(t *testing.T) {
	var b strings.Builder
	b.WriteString("time,a\n")
	for _, year := range []int{2003, 2004, 2016} {
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if d.Month() != 2 || d.Day() != 29 {
				fmt.Fprintf(&b, "%s,%d\n", d.Format(time.DateOnly), d.Day())
			}
		}
	}
	table := read(t, b.String(), series.Options{})
	if table.Rows() != 3*365 || !slices.Equal(table.Years(), []int{2003, 2004, 2016}) {
		t.Errorf("%d rows of %v", table.Rows(), table.Years())
	}
	if len(table.Notes) != 1 || !strings.Contains(table.Notes[0], "no 29 February in 2 leap years") {
		t.Errorf("notes %q", table.Notes)
	}
}

// Whatever is written as a number is read as strconv reads it.
func TestNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		if math.IsInf(v, 0) || math.IsNaN(v) {
			t.Skip("not finite")
		}
		format := rapid.SampledFrom([]byte{'e', 'f', 'g'}).Draw(t, "format")
		text := strconv.FormatFloat(v, format, rapid.IntRange(-1, 20).Draw(t, "digits"), 64)
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Skip("rounded out of range")
		}
		table, err := series.Read("x.csv", []byte("time,a\n2030-01-01,"+text+"\n2030-01-02,0\n"), series.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := table.Find("a")
		if c.Values[0] != want {
			t.Fatalf("%s is read as %v; want %v", text, c.Values[0], want)
		}
	})
}

// Nothing makes the reader panic, and what it accepts holds its promises.
func FuzzRead(f *testing.F) {
	f.Add([]byte("time,a [MW],b\n2030-01-01T00:00,1,3\n2030-01-01T01:00,2,4\n"))
	f.Add([]byte("time;\"a\"\"b\"\r\n2030-01;1\r\n2030-02;-2e-3\r\n"))
	f.Add([]byte(",Year,Month,Day,Hour,a\n0,2016,2,28,23,1\n1,2016,3,1,0,2\n2,2016,3,1,1,2\n"))
	f.Add([]byte("time [UTC],a\n9999-12-31T23Z,1\n0001-01-01,NaN\n\r"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := series.Read("x.csv", data, series.Options{})
		if err != nil {
			var list series.Errors
			if !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("error %T", err)
			}
			for _, e := range list {
				if e.Line < 1 || e.Col < 1 || e.Code == "" || e.Text == "" {
					t.Fatalf("incomplete fault %+v", e)
				}
			}
			return
		}
		if table.Rows() < 2 || len(table.Years()) == 0 {
			t.Fatalf("%d rows of %v", table.Rows(), table.Years())
		}
		for _, c := range table.Columns {
			if c.Name != "" && len(c.Values) != table.Rows() {
				t.Fatalf("%s has %d values in %d rows", c.Name, len(c.Values), table.Rows())
			}
			for _, v := range c.Values {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s has %g", c.Name, v)
				}
			}
		}
		for i := 1; i < table.Rows(); i++ {
			if !table.Stamp(i - 1).Before(table.Stamp(i)) {
				t.Fatalf("row %d does not come after the one before", i)
			}
		}
	})
}

func yearFile(columns int) []byte {
	var b strings.Builder
	b.WriteString("time")
	for c := range columns {
		fmt.Fprintf(&b, ",series%d [MW]", c)
	}
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for h := range 8760 {
		b.WriteString("\n" + start.Add(time.Duration(h)*time.Hour).Format("2006-01-02T15:04"))
		for c := range columns {
			fmt.Fprintf(&b, ",%.4f", 100*math.Abs(math.Sin(float64(h*(c+1)))))
		}
	}
	return []byte(b.String())
}

func BenchmarkRead20Columns(b *testing.B) {
	data := yearFile(20)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := series.Read("x.csv", data, series.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
