package show

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	table := &Table{
		Columns: []Column{{Name: "asset"}, {Name: "power", Unit: "MW"}, {Name: "price"}, {Name: "note"}},
		Rows: [][]any{
			{"wind", 1234567.0, 0.5, nil},
			{"sun", 20.0, math.NaN(), "midday"},
			{"a longer name", math.Copysign(0, -1), math.Inf(-1), ""},
		},
	}
	want := `asset              power  price  note
                      MW
wind           1,234,567    0.5
sun                   20         midday
a longer name          0   -inf
`
	var s strings.Builder
	if err := table.Text(&s, false); err != nil || s.String() != want {
		t.Errorf("got\n%swant\n%s(%v)", &s, want, err)
	}
	s.Reset()
	if err := table.Text(&s, true); err != nil || !strings.HasPrefix(s.String(), "\x1b[1masset") || strings.Count(s.String(), "\x1b") != 2 {
		t.Errorf("a header set off is %q", s.String())
	}
}

// Six digits of the largest number, as many decimals as tell the others apart.
func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		values []any
		want   string
	}{
		{[]any{1.0, 2.0}, "1 2"},
		{[]any{1.5, 2.0}, "1.5 2.0"},
		{[]any{123456.789, 0.25}, "123,457 0.25"}, // 0.25 would be 0 with no decimals
		{[]any{0.123456789, 0.0}, "0.123457 0.000000"},
		{[]any{1e-9, 5.0}, "1e-09 5"},
	} {
		table := &Table{Columns: []Column{{Name: "v"}}}
		for _, v := range c.values {
			table.Rows = append(table.Rows, []any{v})
		}
		var s strings.Builder
		if err := table.Text(&s, false); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(s.String())[1:], " ")
		if got != c.want {
			t.Errorf("%v is shown as %s, want %s", c.values, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -1.5: "-1.5", 1234.56: "1,234.6", 12345.6: "12,346", -1e6: "-1,000,000", 1e-5: "1e-05", 2e15: "2e+15", 0.000123456: "0.00012346",
	} {
		if got := Number(v); got != want {
			t.Errorf("%g is written %s, want %s", v, got, want)
		}
	}
}

// Commas between thousands change nothing else.
func TestGrouped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[1-9][0-9]{0,12}(\.[0-9]{1,4})?`).Draw(t, "number")
		got := Grouped(text)
		if strings.ReplaceAll(got, ",", "") != text {
			t.Fatalf("%s became %s", text, got)
		}
		whole, _, _ := strings.Cut(strings.TrimPrefix(got, "-"), ".")
		for i, part := range strings.Split(whole, ",") {
			if i > 0 && len(part) != 3 || len(part) > 3 {
				t.Fatalf("%s became %s", text, got)
			}
		}
	})
}

// What is exported reads back as it was: CSV in full, JSON with null for none.
func TestExports(t *testing.T) {
	table := &Table{
		Columns: []Column{{Name: "a"}, {Name: "b", Unit: "MW"}},
		Rows:    [][]any{{"x,\"y\"", 1.0 / 3}, {nil, math.NaN()}, {int64(7), true}},
	}
	var s strings.Builder
	if err := table.CSV(&s); err != nil {
		t.Fatal(err)
	}
	if want := "a,b [MW]\n\"x,\"\"y\"\"\",0.3333333333333333\n,\n7,true\n"; s.String() != want {
		t.Errorf("CSV is %q, want %q", s.String(), want)
	}
	all, err := json.Marshal(table.Objects())
	if want := `[{"a":"x,\"y\"","b":0.3333333333333333},{"a":null,"b":null},{"a":7,"b":true}]`; err != nil || string(all) != want {
		t.Errorf("JSON is %s, %v", all, err)
	}
}

func TestConditions(t *testing.T) {
	for text, want := range map[string]Condition{
		"asset=wind":   {"asset", "=", "wind"},
		"price >= 90":  {"price", ">=", "90"},
		"part!=":       {"part", "!=", ""},
		"name=a=b":     {"name", "=", "a=b"},
		"value<1e-3":   {"value", "<", "1e-3"},
		"start=2030-1": {"start", "=", "2030-1"},
	} {
		if got, err := ParseCondition(text); err != nil || got != want {
			t.Errorf("%s was read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "asset", "=wind"} {
		if got, err := ParseCondition(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	columns := []Column{{Name: "asset"}, {Name: "price"}, {Name: "start", Unit: "UTC+07:00"}}
	row := []any{"wind", 90.0, "2030-01-01T07:00"}
	for text, want := range map[string]bool{
		"asset=wind": true, "asset!=wind": false, "asset<x": true, "price=90": true, "price>90": false, "price>=90": true,
		"price<91": true, "price!=90": false, "price=wind": false, "start=2030-01-01": true, "start=2030-01-01 07": true,
		"start=2030-01-02": false, "start!=2030-01-02": true, "start>=2030-01-01T08": false, "start<2030-02": true,
	} {
		c, err := ParseCondition(text)
		if err != nil {
			t.Fatal(err)
		}
		tests, err := conditions([]Condition{c}, columns)
		if err != nil {
			t.Fatal(err)
		}
		if got := tests[0](row); got != want {
			t.Errorf("%s of %v is %v", text, row, got)
		}
	}
	for _, row := range [][]any{{"", math.NaN(), ""}} { // what is no number fits no order
		for _, text := range []string{"price=1", "price<1", "price>=1"} {
			c, _ := ParseCondition(text)
			tests, _ := conditions([]Condition{c}, columns)
			if tests[0](row) {
				t.Errorf("NaN fits %s", text)
			}
		}
	}
}
