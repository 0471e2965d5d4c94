package lp

import (
	"math"
	"strings"
	"testing"
)

func TestValidateNamesTheFault(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		spoil func(*Problem)
		want  string
	}{
		"good":                {func(p *Problem) {}, ""},
		"crossed is no error": {func(p *Problem) { p.ColLower[0] = 9 }, ""},
		"row upper short":     {func(p *Problem) { p.RowUpper = nil }, "RowUpper has 0 entries, 1 would fit"},
		"cost short":          {func(p *Problem) { p.Cost = p.Cost[:1] }, "Cost has 1 entries, 2 would fit"},
		"nan cost":            {func(p *Problem) { p.Cost[1] = nan }, "cost of column c1 is NaN"},
		"nan bound":           {func(p *Problem) { p.ColUpper[0] = nan }, "column c0 has bounds [0, NaN]"},
		"lower +Inf":          {func(p *Problem) { p.RowLower[0] = Inf }, "row r0 has bounds [+Inf, +Inf]"},
		"inf value":           {func(p *Problem) { p.Value[0] = Inf }, "column c0 of A has the value +Inf"},
		"row out of range":    {func(p *Problem) { p.Index[1] = 1 }, "rising numbers below 1"},
		"negative row":        {func(p *Problem) { p.Index[1] = -1 }, "rising numbers below 1"},
		"start short":         {func(p *Problem) { p.Start = p.Start[:2] }, "start of A has 2 entries, 3 would fit"},
		"start falls":         {func(p *Problem) { p.Start = []int64{0, 3, 2} }, "starts never fall"},
		"start ends early":    {func(p *Problem) { p.Start = []int64{0, 1, 1} }, "0 to 2 would fit"},
		"offset":              {func(p *Problem) { p.Offset = Inf }, "Offset is +Inf"},
		"integer short":       {func(p *Problem) { p.Integer = []bool{true} }, "Integer has 1 entries"},
		"upper triangle": {func(p *Problem) {
			p.QStart, p.QIndex, p.QValue = []int64{0, 1, 2}, []int32{0, 0}, []float64{1, 1}
		}, "column c1 of Q"},
		"q without start": {func(p *Problem) { p.QIndex, p.QValue = []int32{0}, []float64{1} }, "start of Q has 0 entries"},
	} {
		p := diet()
		c.spoil(p)
		err := p.Validate()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestHashSeesNumbersAndNotNames(t *testing.T) {
	base := diet().Hash()
	if len(base) != 64 {
		t.Fatalf("hash %q is not 32 bytes in hex", base)
	}
	same := map[string]func(*Problem){
		"minus zero":    func(p *Problem) { p.ColLower[0] = math.Copysign(0, -1) },
		"names":         func(p *Problem) { p.Names = &mpsNames{rows: []string{"a"}, cols: []string{"b", "c"}} },
		"no integers":   func(p *Problem) { p.Integer = make([]bool, 2) },
		"empty hessian": func(p *Problem) { p.QStart = make([]int64, 3) },
	}
	for name, change := range same {
		p := diet()
		change(p)
		if p.Hash() != base {
			t.Errorf("%s changed the hash", name)
		}
	}
	seen := map[string]string{base: "base"}
	for name, change := range map[string]func(*Problem){
		"offset":     func(p *Problem) { p.Offset = 1 },
		"cost":       func(p *Problem) { p.Cost[0] = 2.0000000000000004 },
		"col lower":  func(p *Problem) { p.ColLower[1] = 1 },
		"col upper":  func(p *Problem) { p.ColUpper[1] = 1 },
		"row lower":  func(p *Problem) { p.RowLower[0] = 1 },
		"row upper":  func(p *Problem) { p.RowUpper[0] = 1 },
		"value":      func(p *Problem) { p.Value[0] = 3 },
		"integer":    func(p *Problem) { p.Integer = []bool{true, false} },
		"other int":  func(p *Problem) { p.Integer = []bool{false, true} },
		"hessian":    func(p *Problem) { p.QStart, p.QIndex, p.QValue = []int64{0, 1, 1}, []int32{0}, []float64{1} },
		"empty rows": func(p *Problem) { p.RowLower, p.RowUpper = []float64{4, 0}, []float64{Inf, 0} },
	} {
		p := diet()
		change(p)
		h := p.Hash()
		if other, ok := seen[h]; ok {
			t.Errorf("%s hashes as %s", name, other)
		}
		seen[h] = name
	}
}
