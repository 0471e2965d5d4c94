package xlsx_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/xlsx"
	"example.org/busbar/internal/unit"
)

// anyNode draws a list or map as a cell may hold it.
func anyNode(depth int) *rapid.Generator[*attribute.Node] {
	return rapid.Custom(func(t *rapid.T) *attribute.Node {
		n := &attribute.Node{}
		most := 3
		if depth == 0 {
			most = 1
		}
		switch rapid.IntRange(0, most).Draw(t, "kind") {
		case 0:
			n.Kind, n.Text = attribute.Scalar, anyText.Draw(t, "text")
		case 1:
		case 2:
			n.Kind = attribute.List
			for range rapid.IntRange(0, 3).Draw(t, "n") {
				n.Items = append(n.Items, anyNode(depth-1).Draw(t, "item"))
			}
		case 3:
			n.Kind = attribute.Map
			for i := range rapid.IntRange(0, 3).Draw(t, "n") {
				n.Keys = append(n.Keys, attribute.Key{Name: anyText.Draw(t, "key") + fmt.Sprint(i), Value: anyNode(depth-1).Draw(t, "value")})
			}
		}
		return n
	})
}

func TestListsAndMapsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &attribute.Node{Kind: attribute.List, Items: []*attribute.Node{anyNode(3).Draw(t, "node")}}
		text := xlsx.Flow(n)
		back, err := xlsx.ParseFlow(text, attribute.Pos{})
		if err != nil || !reflect.DeepEqual(back, n) {
			t.Fatalf("%s came back as %s (%v)", text, xlsx.Flow(back), err)
		}
	})
}

func TestWhatPlannersWriteInACell(t *testing.T) {
	for text, want := range map[string]string{
		`[72 MW, 80 MW]`:                  `[72 MW, 80 MW]`,
		`{edl: 51 %, park_co: }`:          `{edl: 51 %, park_co: null}`,
		`[ {a: 'it''s', b: "c, d"}, ~ ]`:  `[{a: "it's", b: "c, d"}, null]`,
		"{\n a: 1,\n b: [x, y],\n}":       `{a: 1, b: [x, y]}`,
		`[series/w.csv#wind, 07:00, a:b]`: `[series/w.csv#wind, "07:00", "a:b"]`,
		`{a: 1 MW`:                        "not closed",
		`[a, b] c`:                        "behind the end",
		`{a}`:                             "without a value",
		`{a: 1, a: 2}`:                    "twice",
		`[a: b]`:                          "double quotes",
		`["a" b]`:                         "comma",
		`["a\q"]`:                         "backslash",
		strings.Repeat("[", 100) + "]":    "too deep",
	} {
		n, err := xlsx.ParseFlow(text, attribute.Pos{})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = xlsx.Flow(n)
		}
		if err == nil && got != want || err != nil && !strings.Contains(got, want) {
			t.Errorf("%s: read %s, want %s", text, got, want)
		}
	}
}

func FuzzParseFlow(f *testing.F) {
	for _, s := range []string{`[a, {b: "c\n"}]`, `{a: 'x''y', "b": ~}`, `[]`, `{a: [`, `[a: b]`, "[\"\\u00e9\"]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // a cell is text
		}
		n, err := xlsx.ParseFlow(s, attribute.Pos{})
		if err != nil {
			return
		}
		text := xlsx.Flow(n)
		back, err := xlsx.ParseFlow(text, attribute.Pos{})
		if err != nil || xlsx.Flow(back) != text {
			t.Errorf("%q is written %q, which is read as another (%v)", s, text, err)
		}
	})
}

// A number goes into a cell only if the same decimal comes out.
func TestNumbersInCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`-?[1-9][0-9]{0,16}(\.[0-9]{1,6})?(e-?[0-9])?`).Draw(t, "number")
		percent := rapid.Bool().Draw(t, "percent")
		v, ok := xlsx.CellNumber(digits, percent)
		want, err := unit.ParseDecimal(digits)
		if err != nil {
			t.Fatal(err)
		}
		short := len(strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(strings.Split(digits, "e")[0]), "0")) <= 15
		if short && !ok {
			t.Errorf("%s has 15 digits and does not fit", digits)
		}
		if !ok {
			return
		}
		text := xlsx.Typed(v)
		if percent {
			text = xlsx.TypedPercent(v)
			// Excel divides what is typed by 100; that may be off by the last bit.
			if off := xlsx.TypedPercent(math.Nextafter(v, 0)); short && off != text {
				t.Errorf("%s %% typed in Excel may come back as %s", digits, off)
			}
		}
		if got, err := unit.ParseDecimal(text); err != nil || got != want {
			t.Errorf("%s came back as %s", digits, text)
		}
	})
}

func TestDaysOfExcel(t *testing.T) {
	for _, c := range []struct {
		serial float64
		y1904  bool
		want   string
		ok     bool
	}{
		// Excel's help: 1 January 2008 is day 39448; 44561 + 1462 = 46023.
		{39448, false, "2008-01-01T00:00:00Z", true},
		{46023.25, false, "2026-01-01T06:00:00Z", true},
		{44561, true, "2026-01-01T00:00:00Z", true},
		{46023 + 1.0/24 - 1e-9, false, "2026-01-01T01:00:00Z", true}, // an hour as a computer adds it up
		{0.5, false, "", false},
		{8760, false, "1923-12-25T00:00:00Z", true},
		{1e9, false, "", false},
		{-3, false, "", false},
	} {
		got, ok := xlsx.FromSerial(c.serial, c.y1904)
		if ok != c.ok || ok && got.Format(time.RFC3339) != c.want {
			t.Errorf("%v: read %v %v, want %s", c.serial, got, ok, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2_000_000_000, 9_000_000_000).Draw(t, "second"), 0).UTC()
		v, ok := xlsx.ToSerial(at)
		back, fits := xlsx.FromSerial(v, false)
		if !ok || !fits || !back.Equal(at) {
			t.Errorf("%v came back as %v", at, back)
		}
	})
}

func TestNumberFormats(t *testing.T) {
	for format, want := range map[string]any{
		"General": xlsx.Number, "#,##0.00": xlsx.Number, `0.0" days"`: xlsx.Number, `0 "%"`: xlsx.Number, `[Red]0.00;[Blue]-0.00`: xlsx.Number,
		`#,##0 \d`: xlsx.Number, "[$-409]#,##0": xlsx.Number, "0.00E+00": xlsx.Number, "@": xlsx.Number, "0.0 [$MW]": xlsx.Number,
		"0%": xlsx.Percent, "0.0 %": xlsx.Percent, `0.0"x"%`: xlsx.Percent,
		"yyyy-mm-dd": xlsx.Date, "[h]:mm": xlsx.Date, "[$-409]mmmm d": xlsx.Date, "hh:mm AM/PM": xlsx.Date, "[$-F800]dddd\\, mmmm dd\\, yyyy": xlsx.Date,
	} {
		if got := any(xlsx.FormatKind(format)); got != want {
			t.Errorf("%s: read %v, want %v", format, got, want)
		}
	}
}

// Excel knows 31 characters of a sheet's name, and a header's unit is one.
func TestSheetsAndHeaders(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range xlsx.SheetNames() {
		if len(s) > 31 || seen[strings.ToLower(s)] || strings.ContainsAny(s, `[]:*?/\`) {
			t.Errorf("a sheet can't be named %s", s)
		}
		seen[strings.ToLower(s)] = true
	}
	for where, u := range xlsx.HeaderUnits() {
		if _, err := unit.Parse(u); err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
	for sheet, want := range map[string][]string{
		"kind wind":    {"build.max [MW]", "build.cost [USD/MW]", "build.fixed [%/a]", "capacity [MW]", "availability", "build.wacc"},
		"kind potline": {"capacity [t/h]", "build.cost [USD/(t/h)]", "modulation.ramp [%/h]", "anode [kg/t]"},
		"places":       {"latitude", "longitude"},
		"limits.terms": {"asset", "coef"},
	} {
		have := strings.Join(xlsx.Headers()[sheet], "|") + "|"
		for _, h := range want {
			if !strings.Contains(have, h+"|") {
				t.Errorf("sheet %s has no header %s: %s", sheet, h, have)
			}
		}
	}
}

func TestPlacesReadLikeExcel(t *testing.T) {
	for want, p := range map[string]attribute.Problem{
		"a.xlsx:'kind wind'!B7":   {File: "a.xlsx#kind wind", Line: 7, Col: 2},
		"a.xlsx:limits.terms!AA1": {File: "a.xlsx#limits.terms", Line: 1, Col: 27},
		"a.xlsx:'Ann''s'!A1":      {File: "a.xlsx#Ann's"},
		"a.xlsx":                  {File: "a.xlsx", Line: 1, Col: 1},
	} {
		if got := xlsx.Place(p); got != want {
			t.Errorf("read %s, want %s", got, want)
		}
	}
}
