package show

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/run"
)

// Info is a table of a run folder.
type Info struct {
	Name    string   `json:"name"`
	Rows    int64    `json:"rows"`
	Columns []string `json:"columns"`
}

// List lists the tables of a run, in the order of the reference, then others.
func List(f *run.Folder) ([]Info, error) {
	entries, err := os.ReadDir(filepath.Join(f.Dir, "tables"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // an infeasible run has none
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".parquet"); ok {
			names = append(names, name)
		}
	}
	known := run.Names()
	rank := func(name string) int {
		if i := slices.Index(known, name); i >= 0 {
			return i
		}
		return len(known)
	}
	sort.SliceStable(names, func(i, j int) bool { return rank(names[i]) < rank(names[j]) })
	var all []Info
	for _, name := range names {
		file, p, err := openTable(f, name)
		if err != nil {
			return nil, err
		}
		info := Info{Name: name, Rows: p.NumRows()}
		for _, c := range p.Schema().Columns() {
			info.Columns = append(info.Columns, strings.Join(c, "."))
		}
		all = append(all, info)
		file.Close()
	}
	return all, nil
}

func openTable(f *run.Folder, name string) (*os.File, *parquet.File, error) {
	path := filepath.Join(f.Dir, "tables", name+".parquet")
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	p, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		file.Close()
		return nil, nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	return file, p, nil
}

// Query is what is asked of a table.
type Query struct {
	Where []Condition
	Limit int            // rows at most, 0: all
	Zone  *time.Location // of times; nil: UTC
}

// Condition is column=value, and so with !=, <, <=, >, >=.
type Condition struct {
	Column, Op, Value string
}

// ParseCondition reads a condition.
func ParseCondition(text string) (Condition, error) {
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if i := strings.Index(text, op); i > 0 {
			return Condition{strings.TrimSpace(text[:i]), op, strings.TrimSpace(text[i+len(op):])}, nil
		}
	}
	return Condition{}, fmt.Errorf("read %q, want column=value (or !=, <, <=, >, >=), such as asset=wind", text)
}

// ErrUnknown is a table or column that a run does not have.
type ErrUnknown struct {
	What, Name string
	All        []string
}

func (e *ErrUnknown) Error() string {
	return fmt.Sprintf("no %s is named %q; %s", e.What, e.Name, attribute.Fit(e.Name, e.All))
}

// Read reads the rows of a table that fit. more is how many further ones did.
func Read(f *run.Folder, name string, q Query) (t *Table, more int, err error) {
	all, err := List(f)
	if err != nil {
		return nil, 0, err
	}
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	if !slices.Contains(names, name) {
		return nil, 0, &ErrUnknown{"table", name, names}
	}
	file, p, err := openTable(f, name)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	t = &Table{}
	times := map[int]bool{}
	for i, c := range p.Root().Columns() {
		t.Columns = append(t.Columns, Column{Name: c.Name(), Own: c.Name() == "value" || c.Name() == "min" || c.Name() == "max"})
		if l := c.Type().LogicalType(); l != nil {
			if _, ok := l.Value.(*format.TimestampType); ok {
				times[i] = true
				t.Columns[i].Unit = "UTC" + offset(q.Zone)
			}
		}
	}
	tests, err := conditions(q.Where, t.Columns)
	if err != nil {
		return nil, 0, err
	}
	rows := parquet.NewReader(p)
	defer rows.Close()
	buffer := make([]parquet.Row, 256)
	for {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			cells := make([]any, len(t.Columns))
			for _, v := range row {
				cells[v.Column()] = value(v, times[v.Column()], q.Zone)
			}
			ok := true
			for _, test := range tests {
				ok = ok && test(cells)
			}
			switch {
			case !ok:
			case q.Limit > 0 && len(t.Rows) >= q.Limit:
				more++
			default:
				t.Rows = append(t.Rows, cells)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, fmt.Errorf("%s: table %s cannot be read: %w", f.Dir, name, err)
		}
	}
	units(f, name, t)
	return t, more, nil
}

func offset(z *time.Location) string {
	name := time.Unix(0, 0).In(z).Format("-07:00")
	if name == "+00:00" {
		return ""
	}
	return name
}

// value is a cell of what Parquet holds.
func value(v parquet.Value, isTime bool, zone *time.Location) any {
	switch {
	case v.IsNull():
		return nil
	case isTime:
		return time.UnixMilli(v.Int64()).In(zone).Format("2006-01-02T15:04")
	}
	switch v.Kind() {
	case parquet.Boolean:
		return v.Boolean()
	case parquet.Int32:
		return int64(v.Int32())
	case parquet.Int64:
		return v.Int64()
	case parquet.Float:
		return float64(v.Float())
	case parquet.Double:
		return v.Double()
	}
	return string(v.ByteArray())
}

// conditions turns what is asked into tests of rows.
func conditions(where []Condition, columns []Column) ([]func([]any) bool, error) {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	var tests []func([]any) bool
	for _, c := range where {
		at := slices.Index(names, c.Column)
		if at < 0 {
			return nil, &ErrUnknown{"column", c.Column, names}
		}
		want, err := strconv.ParseFloat(c.Value, 64)
		isNumber := err == nil
		tests = append(tests, func(row []any) bool {
			switch v := row[at].(type) {
			case float64:
				return isNumber && holds(compare(v, want), c.Op)
			case int64:
				return isNumber && holds(compare(float64(v), want), c.Op)
			case string:
				if columns[at].Unit != "" && (c.Op == "=" || c.Op == "!=") { // a time: a day or month fits all in it
					return strings.HasPrefix(v, strings.Replace(c.Value, " ", "T", 1)) == (c.Op == "=")
				}
				return holds(strings.Compare(v, c.Value), c.Op)
			case bool:
				return holds(strings.Compare(strconv.FormatBool(v), c.Value), c.Op)
			}
			return c.Op == "=" && c.Value == ""
		})
	}
	return tests, nil
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return math.MinInt
}

func holds(order int, op string) bool {
	switch op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0 && order > math.MinInt
	case "<=":
		return order <= 0 && order > math.MinInt
	case ">":
		return order > 0
	}
	return order >= 0
}

// units fills in units of columns where all rows shown share one.
func units(f *run.Folder, name string, t *Table) {
	money := f.Manifest.Currency
	known := map[string]string{
		"money.amount": money + "/a", "capacities.capital": money + "/a", "capacities.fixed": money + "/a",
		"limits.price": money, "steps.hours": "h", "steps.amount_weight": "h", "levels.level": "{unit}",
		"flows.rate": "{commodity}/h", "flows.amount": "{commodity}", "prices.price": money + "/{commodity}",
		"buses.angle": "degree", "buses.demand": "MW", "buses.injection": "MW", "buses.price": money + "/MWh",
		"generators.power": "MW", "generators.min": "MW", "generators.max": "MW", "generators.cost": money + "/h", "generators.price": money + "/MWh",
		"branches.flow": "MW", "branches.limit": "MW", "branches.angle": "degree", "branches.worth": money + "/MWh",
		"ac_buses.voltage": "p.u.", "ac_buses.min": "p.u.", "ac_buses.max": "p.u.", "ac_buses.angle": "degree", "ac_buses.p": "MW", "ac_buses.q": "MVAr",
		"ac_branches.p_from": "MW", "ac_branches.q_from": "MVAr", "ac_branches.p_to": "MW", "ac_branches.q_to": "MVAr",
		"ac_branches.loss": "MW", "ac_branches.dc_flow": "MW", "ac_branches.rate": "MVA",
		"balances.in": "{unit}/a", "balances.out": "{unit}/a", "capacities.existing": "{unit}", "capacities.built": "{unit}",
	}
	commodity := map[string]string{}
	if s, err := f.System(); err == nil {
		for _, c := range s.Commodities {
			commodity[c.ID] = c.Unit
		}
	}
	// one is the only value of a column over all rows shown, "" if there are
	// several.
	one := func(column string) string {
		for c := range t.Columns {
			if t.Columns[c].Name != column || len(t.Rows) == 0 {
				continue
			}
			first, _ := t.Rows[0][c].(string)
			for _, row := range t.Rows {
				if row[c] != any(first) {
					return ""
				}
			}
			return first
		}
		return ""
	}
	for c := range t.Columns {
		text, ok := known[name+"."+t.Columns[c].Name]
		if !ok || t.Columns[c].Unit != "" {
			continue
		}
		for _, part := range []struct{ mark, unit string }{
			{"{unit}", one("unit")}, {"{commodity}", commodity[one("commodity")]},
		} {
			if strings.Contains(text, part.mark) {
				if part.unit == "" {
					text = ""
					break
				}
				text = strings.Replace(text, part.mark, part.unit, 1)
			}
		}
		if text == "MWh/h" {
			text = "MW"
		}
		t.Columns[c].Unit = strings.TrimPrefix(text, "/a")
	}
}
